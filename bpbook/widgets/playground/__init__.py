"""The playground: points in the plane, a network that is trained on them, and what it has learned so far."""

from .playground import playground

__all__ = ["playground"]
