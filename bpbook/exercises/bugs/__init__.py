"""The library of mistakes: what people get wrong in a backward pass, and what their result then looks like.

A mistake that a new exercise needs goes into `catalogue.py` when it concerns the backward pass of a network. The
mistakes of one field, such as speech or markets, go into a module of their own in `fields/`.
"""

from .catalogue import BUGS

__all__ = ["BUGS"]
