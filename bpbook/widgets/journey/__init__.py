"""One image on its way through a network, and its error on the way back."""

from .journey import image_journey

__all__ = ["image_journey"]
