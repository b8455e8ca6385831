"""Experiments: a control, a picture, and bpbook underneath.

Each experiment is a module or a folder here. What it draws comes from `views/`, what is moved from `controls/`.
"""

from .attention import attention
from .ball import LANDSCAPES, roll_a_ball
from .budget import budget
from .chain import chain
from .chart import patients_chart
from .depth import depth
from .drive import drive
from .expression import expression_graph
from .hand import your_hand
from .journey import image_journey
from .kernel import kernel
from .leak import find_the_leak
from .neuron import neuron
from .playground import playground
from .race import SURFACES, race
from .stepper import backward_stepper
from .tangent import tangent
from .views.figure_view import FigureView
from .views.network import NetworkDiagram
from .views.plane import PlaneView
from .waiting_room import waiting_room
from .who_is_speaking import who_is_speaking

__all__ = [
    "LANDSCAPES",
    "SURFACES",
    "FigureView",
    "NetworkDiagram",
    "PlaneView",
    "attention",
    "backward_stepper",
    "budget",
    "chain",
    "depth",
    "drive",
    "expression_graph",
    "find_the_leak",
    "image_journey",
    "kernel",
    "neuron",
    "patients_chart",
    "playground",
    "race",
    "roll_a_ball",
    "tangent",
    "waiting_room",
    "who_is_speaking",
    "your_hand",
]
