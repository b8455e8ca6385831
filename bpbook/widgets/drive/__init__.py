"""The experiment of chapter 12: networks that steer, and a reader who may take the wheel."""

from .drive import drive

__all__ = ["drive"]
