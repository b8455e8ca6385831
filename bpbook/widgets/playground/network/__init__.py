"""The picture of the playground's network."""

from .network import NetworkPicture, words

__all__ = ["NetworkPicture", "words"]
