"""The experiment of chapter 09: listen to a word, and see what networks make of it and of its speaker."""

from .speaking import who_is_speaking

__all__ = ["who_is_speaking"]
