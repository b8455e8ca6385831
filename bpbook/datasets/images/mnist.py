"""MNIST: handwritten digits of 28 by 28 pixels, and how a drawing becomes one of them.

>>> from bpbook.datasets import mnist
>>> x, y = mnist.images()
>>> x.shape, y.shape
((5000, 784), (5000,))
"""

from http.client import HTTPException
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ... import checks

__all__ = ["images", "prepare", "whole"]

Array = NDArray[Any]
SIDE, BOX = 28, 20
"""Pixels along a side of an image, and along the longer side of the digit in it."""
FAINT = 0.1
"""Ink below this share of the fullest is taken for paper."""


def images() -> tuple[NDArray[np.float32], NDArray[np.intp]]:
    """Return 5,000 images of MNIST that ship with the book, 500 of each digit.

    Returns
    -------
    x : array of shape (5000, 784), float32
        Ink in each of 28 x 28 pixels, from 0 (none) to 1 (full) in 15 steps: `x[k].reshape(28, 28)` is an image.
    y : array of shape (5000,)
        The digit, in order: 500 zeros, 500 ones, and so on. Shuffle before you split.

    Notes
    -----
    Yann LeCun and Corinna Cortes hold the copyright of MNIST, a derivative work of NIST's sets. Licence CC BY-SA 3.0.
    `data/LICENCES.md` says how the file was made. It does not hold who wrote which image, so that a split of these
    images does not keep people apart. For all of MNIST the writers are known again: C. Yadav and L. Bottou 2019, Cold
    Case: The Lost MNIST Digits.

    References
    ----------
    Y. LeCun, L. Bottou, Y. Bengio and P. Haffner 1998, Gradient-based learning applied to document recognition.
    """
    with np.load(Path(__file__).parents[1] / "data" / "mnist.npz") as file:
        packed, y = file["x"], file["y"]
    sixteenths = np.stack([packed >> 4, packed & 15], axis=-1).reshape(len(y), -1)
    return sixteenths.astype(np.float32) / np.float32(15), y.astype(np.intp)


def whole() -> tuple[NDArray[np.float32], NDArray[np.intp], NDArray[np.float32], NDArray[np.intp]]:
    """Fetch all 70,000 images of MNIST from OpenML, once; scikit-learn keeps them on your disk.

    Returns
    -------
    x_train : array of shape (60000, 784), float32
        Ink from 0 to 1, as in `images`.
    y_train : array of shape (60000,)
    x_test : array of shape (10000, 784), float32
        By other people than those who wrote the training images.
    y_test : array of shape (10000,)

    Raises
    ------
    ConnectionError
        OpenML could not be reached.
    ValueError
        What came is not MNIST.
    """
    from sklearn.datasets import fetch_openml

    try:
        x, y = fetch_openml("mnist_784", version=1, return_X_y=True, as_frame=False)
    except ValueError as error:  # a page to log in at, or a copy on the disk that is not whole
        raise ValueError(
            f"what came from OpenML is not MNIST ({checks.shortened(str(error))}). Log in to the network if it wants "
            "that, delete the folder openml in sklearn.datasets.get_data_home(), and fetch again."
        ) from error
    except (OSError, EOFError, HTTPException) as error:
        raise ConnectionError(
            f"MNIST could not be fetched from OpenML ({checks.shortened(str(error))}). Try again when you are online, "
            "or work with the 5,000 images that ship: bp.datasets.mnist.images()."
        ) from error
    x, y = np.asarray(x), np.asarray(y).astype(str)
    if x.shape != (70000, 784) or y.shape != (70000,) or not {*y} <= {*"0123456789"}:
        raise ValueError(
            f"OpenML must send 70,000 images of 784 pixels, each with a digit; got {x.shape} and {y.shape}. "
            "Delete the folder openml in sklearn.datasets.get_data_home() and fetch again."
        )
    ink, digit = x.astype(np.float32) / np.float32(255), y.astype(np.intp)
    return ink[:60000], digit[:60000], ink[60000:], digit[60000:]


def prepare(canvas: ArrayLike) -> NDArray[np.float32]:
    """Return a drawing as MNIST would have stored it: cropped, scaled, and balanced in the middle.

    The makers of MNIST scaled each digit until it fitted a box of 20 by 20 without changing its proportions, and put
    it into 28 by 28 so that its centre of mass fell on the middle, which is the pixel at row 14, column 14. A network
    that has learned from such images has never seen a small digit in a corner, so a drawing has to go through the same
    steps before it is shown.

    Parameters
    ----------
    canvas : array of shape (height, width)
        Ink from 0 (paper) to 1, or any other range from 0 up, such as 0 to 255: the fullest ink becomes 1.

    Returns
    -------
    array of shape (784,), float32
        A row of x: `net.predict(prepare(canvas)[None])`.

    Raises
    ------
    ValueError
        The canvas is empty, holds a dot instead of a digit, shows paper as ink, or is no picture.
    TypeError
        The canvas is no array of numbers.

    References
    ----------
    LeCun, Bottou, Bengio and Haffner 1998, section III A.

    >>> canvas = np.zeros((280, 280))
    >>> canvas[20:120, 10:30] = 1  # an upright stroke near the corner
    >>> image = prepare(canvas).reshape(28, 28)
    >>> np.flatnonzero(image.any(axis=1)).tolist() == list(range(4, 24)), np.flatnonzero(image.any(axis=0)).tolist()
    (True, [12, 13, 14, 15])
    """
    ink = _ink(canvas)
    rows, columns = (np.flatnonzero((ink > 0).any(axis=axis)) for axis in (1, 0))
    digit = ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    _not_a_dot(digit, ink)
    height, width = (max(1, round(BOX * n / max(digit.shape))) for n in digit.shape)
    small = _shares(digit.shape[0], height) @ digit @ _shares(digit.shape[1], width).T
    top, left = (_start(small.sum(axis=axis)) for axis in (1, 0))
    image = np.zeros((SIDE, SIDE), np.float32)
    image[top : top + height, left : left + width] = small
    return image.ravel()


def _ink(canvas: ArrayLike) -> Array:
    """Return the ink of a canvas from 0 to 1, faint ink as paper."""
    ink = checks.numeric("canvas", canvas).astype(np.float64)
    if ink.ndim != 2 or min(ink.shape) < SIDE:
        raise ValueError(
            f"canvas must have two axes of at least {SIDE} pixels, as (280, 280) has; got {ink.shape}. "
            "For a row of 784 pixels, pass canvas.reshape(28, 28)."
        )
    if not np.isfinite(ink).all():
        mend = "Pass np.nan_to_num(canvas, posinf=0, neginf=0) to take them for paper."
        raise ValueError(f"canvas must be finite; got nan or inf. {mend}")
    if ink.min() < 0:
        raise ValueError(f"canvas must hold ink from 0 up; got {ink.min():.3g}. Pass canvas - canvas.min().")
    if not ink.any():
        raise ValueError("canvas must hold a drawing; got no ink at all. Draw a digit first.")
    ink /= ink.max()
    if np.concatenate([ink[0], ink[-1], ink[:, 0], ink[:, -1]]).mean() > 0.75:
        raise ValueError(
            "canvas must have ink on paper, with 0 for paper; got ink all round. Pass canvas.max() - canvas."
        )
    return np.where(ink < FAINT, 0, ink)


def _not_a_dot(digit: Array, ink: Array) -> None:
    height, width = digit.shape
    share = max(height, width) / max(ink.shape)
    disc = min(height, width) > 0.75 * max(height, width) and digit.mean() > 0.7
    if share < 0.1 or (share < 0.2 and disc):
        raise ValueError(
            f"canvas must hold a digit; got a dot of {height} by {width} pixels. Draw it larger, as lines, or with a "
            "thinner pen."
        )


def _shares(n: int, parts: int) -> Array:
    """Return the matrix of shape (parts, n) that averages n pixels into so many, each row over an equal stretch."""
    edges = np.arange(parts + 1)[:, None] * n / parts
    covered = np.clip(edges - np.arange(n), 0, 1)  # of pixel k, how much lies before an edge
    return np.diff(covered, axis=0) * parts / n


def _start(ink: Array) -> int:
    """Return where a digit with this ink along an axis begins, so that its centre of mass falls on pixel 14."""
    centre = (ink @ np.arange(len(ink))) / ink.sum()
    return int(np.clip(np.ceil(np.round(SIDE / 2 - centre, 6) - 0.5), 0, SIDE - len(ink)))  # a tie goes up or left
