"""A plane that is drawn in the browser and edited there."""

from .view import PlaneView, contour_lines

__all__ = ["PlaneView", "contour_lines"]
