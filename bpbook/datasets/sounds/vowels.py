"""Eleven vowels, each said once by each of 15 people and cut into six slices."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

__all__ = ["VOWELS", "VOWEL_SPEAKERS", "vowels"]

VOWELS = ("heed", "hid", "head", "had", "hud", "hard", "hod", "hoard", "hood", "who'd", "heard")
"""The word that each class of `vowels` was said in."""

# fmt: off
VOWEL_SPEAKERS = (
    "Andrew", "Bill", "David", "Mark", "Jo", "Kate", "Penny", "Rose",
    "Mike", "Nick", "Rich", "Tim", "Sarah", "Sue", "Wendy",
)
# fmt: on
"""The speakers of `vowels`, as the file calls them. Jo, Kate, Penny, Rose, Sarah, Sue and Wendy are women."""


def vowels() -> tuple[NDArray[np.float64], NDArray[np.intp], NDArray[np.intp]]:
    """Return 165 spoken English vowels in 990 slices, with the person who said each.

    Returns
    -------
    x : array of shape (990, 10)
        Ten log area ratios of a slice of 51 ms, from the steady part of the vowel. They describe the throat and mouth
        as a row of ten short tubes: each is the logarithm of the ratio of two neighbouring cross-sections, so it has no
        unit.
    y : array of shape (990,)
        The vowel, 0 to 10: `VOWELS[y]` is the word it was said in.
    speaker : array of shape (990,)
        The person, 0 to 14: `VOWEL_SPEAKERS[speaker]` is the name.

    Notes
    -----
    Each person said each word once, and six slices were cut from its vowel, in whose order they are in the file. So
    `11 * speaker + y` numbers the 165 words, and the six rows of a word are no independent examples, because slices of
    one vowel are nearly alike. A test should hold whole words at least, and whole people if it is to tell about
    strangers.

    The collectors ask that people 0 to 7 be learned from and people 8 to 14 be tested on. Numbers are kept to three
    decimals, as the file gives them.

    References
    ----------
    D. Deterding (recordings, for a study of speaker normalisation), M. Niranjan (first networks) and A. J. Robinson
    (description and ratios) 1989, "Connectionist Bench (Vowel Recognition, Deterding Data)", UCI Machine Learning
    Repository, with the speakers as P. Turney 1993 added them; licence CC BY 4.0. `data/LICENCES.md` says how the file
    was made.

    >>> x, y, speaker = vowels()
    >>> VOWEL_SPEAKERS[speaker[-1]], VOWELS[y[-1]], np.bincount(speaker).tolist() == [66] * 15
    ('Wendy', 'heard', True)
    >>> np.bincount(11 * speaker + y).tolist() == [6] * 165  # the slices of each word
    True
    """
    with np.load(Path(__file__).parents[1] / "data" / "vowels.npz") as file:
        return file["x"] / 1000, file["y"].astype(np.intp), file["speaker"].astype(np.intp)
