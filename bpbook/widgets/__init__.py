"""Experiments: a control, a picture, and bpbook underneath."""

from .chain import chain
from .figure_view import FigureView
from .network_diagram import NetworkDiagram, backward_stepper
from .neuron import neuron
from .tangent import tangent

__all__ = [
    "FigureView",
    "NetworkDiagram",
    "backward_stepper",
    "chain",
    "neuron",
    "tangent",
]
