"""A network as a diagram that can be stepped and asked."""

from .diagram import NetworkDiagram

__all__ = ["NetworkDiagram"]
