"""Spoken digits in many machine voices, and the changes that make of one voice many."""

from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ... import checks
from .sound import BANDS, COLUMNS, standardise

__all__ = ["Clip", "real_clips", "spoken_clips", "spoken_digits", "vary"]

Array = NDArray[np.float64]

_DATA = Path(__file__).parents[1] / "data"
_STEP = 2.0  # decibels in a step of the shipped pictures
_DECIBEL = np.log(10) / 10  # as a natural logarithm of power
_SPREAD = 16.0 * _DECIBEL  # of one standard deviation of a picture, about


class Clip(NamedTuple):
    """A sound to listen to: samples from -1 to 1 at 8,000 a second, the digit said, and who says it."""

    samples: Array
    digit: int
    speaker: str


def spoken_digits() -> tuple[Array, NDArray[np.intp], NDArray[np.str_]]:
    """Return 2,950 spoken digits in 90 machine voices.

    Returns
    -------
    x : array of shape (2950, 480)
        The features of `speech_features`: `x[k].reshape(24, 20)` is the picture of a word, time running down.
    y : array of shape (2950,)
        The digit, 0 to 9.
    speaker : array of shape (2950,)
        The voice, such as "espeak-ng f3" or "flite awb".

    Notes
    -----
    The 85 voices of espeak-ng are settings of one program, which computes its vowels by formula and plays the same few
    recorded hisses for each of them. Each says every digit twice, with another accent, pitch and speed. The other five
    ("flite awb", "flite kal16", "flite rms", "flite slt" and "festival ked") were each built from the recordings of one
    person. They say every digit at 5 speeds, played for 5 sizes of head.

    References
    ----------
    espeak-ng 1.51 (J. Duddington, R. H. Dunn and others), flite 2.2 (A. W. Black and K. A. Lenzo, Carnegie Mellon
    University) and festival 2.5 (Centre for Speech Technology Research, University of Edinburgh). `data/LICENCES.md`
    says how the words were made.

    >>> x, y, speaker = spoken_digits()
    >>> x.shape, len(set(speaker.tolist()))
    ((2950, 480), 90)
    """
    with np.load(_DATA / "spoken_digits.npz") as file:
        return standardise(-_STEP * file["steps"]), file["digit"].astype(np.intp), file["speakers"][file["speaker"]]


def _clips(name: str) -> list[Clip]:
    """Return the clips of a file: 12 bits a sample."""
    with np.load(_DATA / name) as file:
        parts = np.split(file["samples"] / 2047, file["ends"][:-1])
        return [Clip(*clip) for clip in zip(parts, file["digit"].tolist(), file["speaker"].tolist(), strict=True)]


def spoken_clips() -> list[Clip]:
    """Return the sound of 50 of the words of `spoken_digits`: five voices that say each digit once.

    >>> clips = spoken_clips()
    >>> len(clips), clips[0].digit, clips[0].speaker
    (50, 0, 'flite awb')
    """
    return _clips("spoken_clips.npz")


def real_clips() -> list[Clip]:
    """Return the ten digits as a real person says them: Allison Smith, whom telephone exchanges speak with.

    References
    ----------
    Core sounds of Asterisk, recorded by Allison Smith, licence CC BY-SA 3.0. `data/LICENCES.md` says what was changed.

    >>> [clip.digit for clip in real_clips()]
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]
    """
    return _clips("real_clips.npz")


def _shares(places: NDArray[Any], n: int) -> NDArray[Any]:
    """Return how much each of n rows counts at places between them: interpolation as matrices of shape (m, k, n)."""
    distance = np.clip(places, 0, n - 1)[:, :, np.newaxis] - np.arange(n, dtype=places.dtype)
    return np.maximum(0, 1 - np.abs(distance))


def vary(x: ArrayLike, rng: np.random.Generator, noise: bool = True) -> Array:
    """Return spoken words as other people would say them in other rooms: what `fit(augment=...)` wants.

    Each word is changed by chance, and because its picture is a logarithm each change is a simple one:

    - a longer or shorter throat moves all pitches by a factor, so it shifts the bands;
    - another pace stretches time unevenly, and the cut before and after the word falls a little elsewhere;
    - another microphone makes some pitches louder, so it adds a smooth curve;
    - noise in the room adds its power to that of the word, so it fills the quiet parts.

    Parameters
    ----------
    x : array of shape (m, 480)
        Features of `speech_features`.
    rng : Generator
    noise : bool, optional
        With False the last of the four changes is left out, which shows what it is worth. The others stay the same.

    Returns
    -------
    array of shape (m, 480)
        Each row with mean 0 and standard deviation 1 again.

    Raises
    ------
    ValueError, TypeError
        x has another shape or holds no numbers, or rng is no Generator.

    >>> x = np.random.default_rng(0).normal(size=(3, 480))
    >>> once, again = (vary(x, np.random.default_rng(1)) for _ in range(2))
    >>> np.array_equal(once, again), np.array_equal(once, x)
    (True, False)
    """
    x = checks.numeric("x", x)
    if x.ndim != 2 or x.shape[1] != COLUMNS * BANDS:
        mend = "For a single word pass x[None]." if x.ndim == 1 else "Pass rows of speech_features, one for each word."
        raise ValueError(f"x must have shape (m, {COLUMNS * BANDS}); got {x.shape}. {mend}")
    if not isinstance(rng, np.random.Generator):
        raise TypeError(f"rng must be a Generator; got {checks.shown(rng)}. Pass np.random.default_rng(0).")
    kind = np.result_type(x, np.float32)  # single precision is enough for it, and takes half the time
    m, band, time = x.size // (COLUMNS * BANDS), np.arange(BANDS, dtype=kind), np.linspace(0, 1, COLUMNS, dtype=kind)

    def normal(spread: float, n: int = 1) -> NDArray[Any]:
        return rng.normal(0, spread, (m, n)).astype(kind)

    def uniform(low: float, high: float) -> NDArray[Any]:
        return rng.uniform(low, high, (m, 1)).astype(kind)

    throat, pace = np.exp(normal(0.06)), np.exp(normal(0.15))
    first, last = uniform(-0.1, 0.1), 1 + uniform(-0.1, 0.1)
    columns = _shares((first + (last - first) * time**pace) * (COLUMNS - 1), COLUMNS)
    bands = _shares((band + 3) * throat - 3, BANDS)
    words = columns @ (_SPREAD * x.reshape(m, COLUMNS, BANDS)).astype(kind) @ bands.mT

    waves = np.cos(np.pi * np.outer([1, 2, 3], band) / (BANDS - 1)).astype(kind)
    words += (normal(3 * _DECIBEL, 3) @ waves)[:, np.newaxis]
    room = words.max(axis=(1, 2))[:, np.newaxis] + uniform(-60 * _DECIBEL, -20 * _DECIBEL)
    room = room + normal(3 * _DECIBEL) * waves[0]
    return standardise(np.log(np.exp(words) + np.exp(room[:, np.newaxis])) if noise else words)
