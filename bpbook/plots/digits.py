"""Pictures of handwritten digits."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib import pyplot
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import ArrayLike, NDArray

from ..mlp import MLP, input_gradient
from .draw import NEGATIVE, NEUTRAL, POSITIVE
from .page import INK

__all__ = ["confusion_matrix", "digit", "digit_grid", "there_and_back", "weight_maps"]


def digit(image: ArrayLike, ax: Axes | None = None, signed: bool = False, title: str = "") -> Axes:
    """Draw one square image, such as (64,) or (28, 28): ink as black, or with `signed` purple below 0, orange above."""
    ax = ax or pyplot.subplots(figsize=(1.6, 1.6))[1]
    side = round(np.sqrt(np.size(image)))
    pixels = np.reshape(image, (side, side))
    limit = max(float(np.abs(pixels).max()), 1e-12)
    options: dict[str, Any] = {"cmap": "PuOr_r", "vmin": -limit, "vmax": limit} if signed else {"cmap": "Greys"}
    if not signed:
        options |= {"vmin": 0, "vmax": 1}
    ax.imshow(pixels, **options)
    ax.set(xticks=[], yticks=[])
    ax.spines[:].set_visible(False)
    ax.set_title(title, loc="center")
    return ax


def weight_maps(W: ArrayLike, shape: tuple[int, int], ax: Axes | None = None, columns: int = 8) -> Axes:
    """Draw what each unit of a layer looks for, as small multiples: each column of W as a picture of its inputs.

    Parameters
    ----------
    W : array of shape (n_0, n_1)
        As `net.W[1]`. Purple is below 0 and orange above, on one scale for all units.
    shape : (rows, columns) of a picture
        Their product is n_0.
    ax : Axes, optional
    columns : int
        Pictures in a row; the units are in the order of the layer.

    Raises
    ------
    ValueError
        The inputs do not fill pictures of this shape.
    """
    weights = np.asarray(W, float)
    height, width = shape
    if weights.ndim != 2 or len(weights) != height * width:
        raise ValueError(
            f"W must have shape (n_0, n_1) with n_0 = {height * width} for pictures of {height} x {width}; got "
            f"{weights.shape}. Pass net.W[1], and the shape of one input."
        )
    rows = -(-weights.shape[1] // columns)
    sheet = np.full((rows * (height + 1) - 1, columns * (width + 1) - 1), np.nan)  # nan: the gaps between pictures
    for unit, w in enumerate(weights.T):
        top, left = (unit // columns) * (height + 1), (unit % columns) * (width + 1)
        sheet[top : top + height, left : left + width] = w.reshape(shape)
    ax = ax or pyplot.subplots(figsize=(0.8 * columns, 0.8 * rows * height / width))[1]
    limit = max(float(np.nanmax(np.abs(sheet))), 1e-12)
    ax.imshow(sheet, cmap="PuOr_r", vmin=-limit, vmax=limit)
    ax.axis("off")
    return ax


def digit_grid(
    x: ArrayLike, titles: list[str], columns: int = 10, signed: bool | Sequence[bool] = False, size: float = 0.8
) -> Figure:
    """Draw the square images x of shape (m, n_0) in rows of `columns`, each under its title.

    Parameters
    ----------
    x : array of shape (m, n_0)
    titles : list of m texts
    columns : int
    signed : bool, or m of them
        Whether an image holds values below and above 0, as weights and derivatives do.
    size : float
        Width of an image, in inches.
    """
    images = np.asarray(x)
    rows = -(-len(images) // columns)
    figure, axes = pyplot.subplots(rows, columns, figsize=(size * columns, (size + 0.25) * rows), squeeze=False)
    kinds = np.broadcast_to(signed, len(images))
    for ax in axes.flat:
        ax.axis("off")
    for image, title, kind, ax in zip(images, titles, kinds, axes.flat, strict=False):
        ax.axis("on")
        digit(image, ax, signed=bool(kind), title=title)
    return figure


def confusion_matrix(counts: ArrayLike, ax: Axes | None = None) -> Axes:
    """Draw how often each class, in its row, was read as each other one, in its column.

    Parameters
    ----------
    counts : array of shape (classes, classes)
        As `sklearn.metrics.confusion_matrix` returns it. What is right, on the diagonal, is left pale, so that the
        colour speaks of mistakes alone.
    """
    ax = ax or pyplot.subplots(figsize=(4.6, 4.4))[1]
    table = np.asarray(counts)
    mistakes = np.where(np.eye(len(table)), 0, table)
    ax.imshow(mistakes, cmap="Oranges", vmin=0, vmax=max(1, mistakes.max()) * 1.4)
    for (row, column), count in np.ndenumerate(table):
        if count:
            ax.text(column, row, str(count), ha="center", va="center", color=NEUTRAL if row == column else INK)
    ax.set(xticks=range(len(table)), yticks=range(len(table)), xlabel="read as", ylabel="it is")
    ax.tick_params(length=0)
    return ax


def there_and_back(net: MLP, x: ArrayLike, y: int) -> Figure:
    """Draw one image on its way through a network with one hidden layer, and its error coming back.

    Parameters
    ----------
    net : MLP
        64 inputs, a hidden layer, 10 outputs with softmax_cross_entropy.
    x : array of shape (64,)
    y : int
        The digit it is.
    """
    image = np.reshape(x, (1, 64))
    cache = net.forward(image)
    grads = net.backward(cache, [y])
    p, output = net.predict_proba(image)[0], grads.delta[2][0]
    figure, axes = pyplot.subplots(2, 3, figsize=(8.8, 4.6), width_ratios=[1, 1.7, 1.3])
    _square(axes[0, 0], image, "Greys", "the image, $a^0 = x$")
    _bars(axes[0, 1], cache.a[1][0], r"hidden activations $a^1$  $\rightarrow$", POSITIVE, "hidden unit")
    _bars(axes[0, 2], p, r"probabilities $p$  $\rightarrow$", POSITIVE, "digit")
    _square(
        axes[1, 0], input_gradient(net, image, [y]), "PuOr_r", r"$\leftarrow$  at the pixels, $\partial C/\partial x$"
    )
    _bars(axes[1, 1], grads.delta[1][0], r"$\leftarrow$  at the hidden units, $\delta^1$", NEGATIVE, "hidden unit")
    _bars(axes[1, 2], output, r"$\leftarrow$  at the output, $\delta^2 = p - y$", NEGATIVE, "digit")
    return figure


def _square(ax: Axes, values: NDArray[Any], cmap: str, title: str) -> None:
    square = np.reshape(values, (round(values.size**0.5), -1))
    limit = max(float(np.abs(square).max()), 1e-12)
    ax.imshow(square, cmap=cmap, vmin=-limit if cmap != "Greys" else 0, vmax=limit)
    ax.axis("off")
    ax.set_title(title, loc="center")


def _bars(ax: Axes, values: NDArray[Any], title: str, color: str, xlabel: str) -> None:
    ax.bar(range(len(values)), values, color=color)
    ax.axhline(0, color=NEUTRAL, lw=0.8)
    ax.set(xlabel=xlabel, xticks=range(10) if len(values) == 10 else range(0, len(values), 16))
    ax.set_title(title, loc="center")
