"""The experiment of chapter 11: who is called back, and who is sent home."""

from .room import waiting_room

__all__ = ["waiting_room"]
