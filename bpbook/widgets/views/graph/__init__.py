"""A computational graph as a diagram, and where its nodes are placed."""

from .diagram import GraphDiagram

__all__ = ["GraphDiagram"]
