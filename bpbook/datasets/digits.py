"""Handwritten digits, 8 by 8 pixels."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["digits"]


def digits() -> tuple[NDArray[np.float64], NDArray[Any]]:
    """Return 1,797 handwritten digits that come with scikit-learn.

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
    """
    from sklearn.datasets import load_digits

    x, y = load_digits(return_X_y=True)
    return x / 16, y
