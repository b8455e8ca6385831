"""Pictures of sounds: time runs to the right, pitch upwards."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib import pyplot
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from .page import BLUE

__all__ = ["sound_wave", "spectrogram", "spoken_words"]

_BANDS = 20


def sound_wave(samples: ArrayLike, rate: float = 8000, ax: Axes | None = None) -> Axes:
    """Draw a sound of shape (n,) over time in seconds."""
    ax = ax or pyplot.subplots(figsize=(8.4, 1.8))[1]
    values = np.asarray(samples)
    ax.plot(np.arange(len(values)) / rate, values, color=BLUE, lw=0.6)
    ax.set(xlim=(0, len(values) / rate), xlabel="seconds", yticks=[])
    return ax


def spectrogram(
    values: ArrayLike,
    ax: Axes | None = None,
    seconds: float | None = None,
    top: float | None = None,
    signed: bool = False,
) -> Axes:
    """Draw a spectrogram, one row of it a column of the picture.

    Parameters
    ----------
    values : array of shape (T, bands)
        The louder, the darker; with `signed` purple below 0 and orange above.
    seconds : float, optional
        How long it lasts. The time axis has no numbers without it.
    top : float, optional
        The frequency in hertz at which the highest row ends, where rows are equally wide in hertz. Without it rows are
        mel bands and are counted.
    """
    ax = ax or pyplot.subplots(figsize=(4.2, 2.6))[1]
    picture = np.asarray(values).T
    options: dict[str, Any] = {"cmap": "Greys"}
    if signed:
        limit = max(float(np.abs(picture).max()), 1e-12)
        options = {"cmap": "PuOr_r", "vmin": -limit, "vmax": limit}
    extent = (0.0, seconds or picture.shape[1], 0.0, top or picture.shape[0])
    ax.imshow(picture, origin="lower", aspect="auto", extent=extent, interpolation="nearest", **options)
    ax.set(xlabel="seconds" if seconds else "time", ylabel="hertz" if top else "mel band")
    if not seconds:
        ax.set_xticks([])
    return ax


def spoken_words(x: ArrayLike, titles: Sequence[str], columns: int = 5, signed: bool = False) -> Figure:
    """Draw the features x of shape (m, n) of spoken words in rows of `columns`, each under its title."""
    pictures = np.asarray(x)
    pictures = pictures.reshape(len(pictures), -1, _BANDS)
    rows = -(-len(pictures) // columns)
    figure, axes = pyplot.subplots(rows, columns, figsize=(8.4, 1.6 * rows + 0.2), squeeze=False)
    for ax in axes.flat:
        ax.axis("off")
    for picture, title, ax in zip(pictures, titles, axes.flat, strict=False):
        ax.axis("on")
        spectrogram(picture, ax, signed=signed)
        ax.set(xlabel="", ylabel="", yticks=[])
        ax.set_title(title, loc="center", fontsize=9)
    return figure
