"""Data sets that ship with the book or with its dependencies; nothing is downloaded unless you ask.

>>> from bpbook import datasets
>>> x, y = datasets.digits()
>>> x.shape, y.shape
((1797, 64), (1797,))
"""

from . import market
from .diabetes import DIABETES_FEATURES, diabetes
from .features import FEATURES, features
from .images import mnist
from .images.digits import digit_sheets, digits, writers
from .images.drawing import draw
from .images.warp import warp
from .sounds import sound
from .sounds.recordings import Recordings, read_wav, speech_folder
from .sounds.sound import speech_features, standardise
from .sounds.speech import Clip, real_clips, spoken_clips, spoken_digits, vary
from .sounds.vowels import VOWEL_SPEAKERS, VOWELS, vowels
from .split import shuffled_split
from .story import alice
from .toys import TOYS, VALUED, bumps, circles, gaussians, moons, plane, spirals, xor
from .tumours import TUMOUR_FEATURES, other_microscope, tumours

__all__ = [
    "DIABETES_FEATURES",
    "FEATURES",
    "TOYS",
    "TUMOUR_FEATURES",
    "VALUED",
    "VOWELS",
    "VOWEL_SPEAKERS",
    "Clip",
    "Recordings",
    "alice",
    "bumps",
    "circles",
    "diabetes",
    "digit_sheets",
    "digits",
    "draw",
    "features",
    "gaussians",
    "market",
    "mnist",
    "moons",
    "other_microscope",
    "plane",
    "read_wav",
    "real_clips",
    "shuffled_split",
    "sound",
    "speech_features",
    "speech_folder",
    "spirals",
    "spoken_clips",
    "spoken_digits",
    "standardise",
    "tumours",
    "vary",
    "vowels",
    "warp",
    "writers",
    "xor",
]
