"""Data sets that ship with the book or with its dependencies; nothing is downloaded.

>>> from bpbook import datasets
>>> x, y = datasets.digits()
>>> x.shape, y.shape
((1797, 64), (1797,))
"""

from .digits import digits
from .split import shuffled_split
from .toys import TOYS, circles, gaussians, moons, spirals, xor

__all__ = ["TOYS", "circles", "digits", "gaussians", "moons", "shuffled_split", "spirals", "xor"]
