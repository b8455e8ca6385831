"""The experiment of chapter 10: find the line that lets the future in."""

from .leak import find_the_leak

__all__ = ["find_the_leak"]
