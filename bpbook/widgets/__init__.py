"""Experiments: a control, a picture, and bpbook underneath."""

from .chain import chain
from .expression import expression_graph
from .figure_view import FigureView
from .image_journey import image_journey
from .network_diagram import NetworkDiagram, backward_stepper
from .neuron import neuron
from .plane_view import PlaneView
from .playground import playground
from .race import race
from .surfaces import SURFACES
from .tangent import tangent

__all__ = [
    "SURFACES",
    "FigureView",
    "NetworkDiagram",
    "PlaneView",
    "backward_stepper",
    "chain",
    "expression_graph",
    "image_journey",
    "neuron",
    "playground",
    "race",
    "tangent",
]
