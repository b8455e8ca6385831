"""Handwritten digits by 30 people, none of whom wrote those of `digits`."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

__all__ = ["writers"]


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
    with np.load(Path(__file__).parents[1] / "data" / "writers.npz") as file:
        return file["x"] / 16, file["y"].astype(np.intp)
