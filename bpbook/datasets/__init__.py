"""Data sets that ship with the book or with its dependencies; nothing is downloaded.

>>> from bpbook import datasets
>>> x, y = datasets.digits()
>>> x.shape, y.shape
((1797, 64), (1797,))
"""

from .digits import digits
from .features import FEATURES, features
from .split import shuffled_split
from .toys import TOYS, VALUED, bumps, circles, gaussians, moons, plane, spirals, xor

__all__ = [
    "FEATURES",
    "TOYS",
    "VALUED",
    "bumps",
    "circles",
    "digits",
    "features",
    "gaussians",
    "moons",
    "plane",
    "shuffled_split",
    "spirals",
    "xor",
]
