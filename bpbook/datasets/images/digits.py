"""Handwritten digits, 8 by 8 pixels: 1,797 by 13 people, and 3,823 by 30 others."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

__all__ = ["digit_sheets", "digits", "writers"]

FIRST_OF_SHEET = (0, 130, 256, 386, 516, 646, 776, 906, 1029, 1157, 1287, 1415, 1545, 1667)
"""The first row of each sheet in the file of `digits`."""


def digits() -> tuple[NDArray[np.float64], NDArray[np.intp]]:
    """Return 1,797 handwritten digits, those of scikit-learn's `load_digits`.

    Returns
    -------
    x : array of shape (1797, 64)
        Ink in each of 8 x 8 pixels, from 0 (none) to 1 (full), row by row: `x[k].reshape(8, 8)` is an image.
    y : array of shape (1797,)
        The digit, 0 to 9.

    References
    ----------
    The test part of "Optical Recognition of Handwritten Digits", E. Alpaydin and C. Kaynak 1998, UCI Machine
    Learning Repository, licence CC BY 4.0. Its 1,797 images were written by 13 people who did not contribute to the
    training part. Each 32 x 32 bitmap was cut into 4 x 4 blocks, and the ink in each block counted, 0 to 16.
    `data/LICENCES.md` says how the file was made.
    """
    return _part("digits")


def digit_sheets() -> NDArray[np.intp]:
    """Return which of 14 sheets of paper each image of `digits` was written on.

    The file does not say who wrote what, but its labels give it away: the first 130 of them come back thirteen times,
    in the same order, short of a few. Everybody filled in the same form, so one run of labels is one sheet, and
    scikit-learn's splitters can keep whole sheets apart when they are given these numbers as `groups`.

    Returns
    -------
    array of shape (1797,)
        The sheet, 0 to 13.

    Notes
    -----
    The collectors speak of 13 people. Either one of them filled in two sheets or the count is off by one; which two
    sheets might be by one hand, nobody wrote down.

    >>> _, y = digits()
    >>> first, second = (y[digit_sheets() == sheet] for sheet in (0, 3))
    >>> len(first), bool((first == second).all())
    (130, True)
    """
    return np.searchsorted(FIRST_OF_SHEET, np.arange(1797), side="right") - 1


def writers() -> tuple[NDArray[np.float64], NDArray[np.intp]]:
    """Return 3,823 handwritten digits by 30 people, to learn from before the 13 others of `digits` are met.

    Returns
    -------
    x : array of shape (3823, 64)
        Ink in each of 8 x 8 pixels, from 0 (none) to 1 (full), row by row: `x[k].reshape(8, 8)` is an image.
    y : array of shape (3823,)
        The digit, 0 to 9.

    Notes
    -----
    Which image is by whom is not recorded. The two files together still keep people apart: those who wrote these
    images wrote none of the images of `digits`.

    References
    ----------
    The training part of "Optical Recognition of Handwritten Digits", E. Alpaydin and C. Kaynak 1998, UCI Machine
    Learning Repository, licence CC BY 4.0. `data/LICENCES.md` says how the file was made.

    >>> from bpbook import datasets
    >>> x, y = writers()
    >>> others, _ = datasets.digits()
    >>> x.shape, others.shape, (x.min(), x.max()) == (others.min(), others.max())
    ((3823, 64), (1797, 64), True)
    """
    return _part("writers")


def _part(name: str) -> tuple[NDArray[np.float64], NDArray[np.intp]]:
    with np.load(Path(__file__).parents[1] / "data" / f"{name}.npz") as file:
        return file["x"] / 16, file["y"].astype(np.intp)
