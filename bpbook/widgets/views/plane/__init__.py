"""A plane that is drawn in the browser and edited there."""

from .loss import path, place, relief
from .view import PlaneView, contour_lines

__all__ = ["PlaneView", "contour_lines", "path", "place", "relief"]
