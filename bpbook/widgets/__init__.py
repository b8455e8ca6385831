"""Experiments: a control, a picture, and bpbook underneath."""

from .figure_view import FigureView
from .tangent import tangent

__all__ = ["FigureView", "tangent"]
