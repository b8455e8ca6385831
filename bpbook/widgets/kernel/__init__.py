"""An experiment of chapter 17: a kernel on a small image, and which gradients add up where."""

from .kernel import kernel

__all__ = ["kernel"]
