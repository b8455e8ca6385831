"""The experiment of chapter 15: a ball rolls over the loss of a small network, and its sharpness is watched."""

from .ball import roll_a_ball
from .landscapes import LANDSCAPES

__all__ = ["LANDSCAPES", "roll_a_ball"]
