"""An expression typed by the reader, as a computational graph."""

from .expression import expression_graph

__all__ = ["expression_graph"]
