"""A digit drawn by hand, what a network sees of it, and the smallest nudge that blinds it."""

from .hand import your_hand

__all__ = ["your_hand"]
