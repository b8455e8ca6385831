"""The experiment of chapter 14: a budget of memory and machines for one gradient."""

from .budget import budget

__all__ = ["budget"]
