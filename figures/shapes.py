"""Chapter 04: the shapes of the batch, forward and back; the two sides that are summed over must be equal."""

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

import bpbook as bp
from bpbook import plots

ALT = (
    "Matrices as rectangles with labelled sides. Forward: a^(l-1), m by n_(l-1), times W^l, n_(l-1) by n_l, plus the "
    "row b^l, gives z^l, m by n_l. Back: a transposed times delta^l gives dC/dW^l, summed over the m examples; "
    "delta^(l+1) times W transposed gives dC/da^l, summed over the n_(l+1) units."
)
M, SIZES, SCALE = 9, [13, 8, 10], 0.1
"""Examples and units, as many tenths of an inch."""

NET = bp.MLP(SIZES, loss="squared_error")
X, Y = np.ones((M, SIZES[0])), np.zeros((M, SIZES[2]))
CACHE = NET.forward(X)
GRADS = NET.backward(CACHE, Y)
BEFORE, HERE, AFTER = "$n_{l-1}$", "$n_l$", "$n_{l+1}$"


def summed(ax: Axes, right: float, middle: float, first: Any, color: str, left: float, second: Any) -> None:
    """Thicken the two sides that a product sums over: the top of the first array and the left side of the second."""
    top, half = middle + SCALE * first.shape[0] / 2, SCALE * second.shape[0] / 2
    options: dict[str, Any] = {"color": color, "lw": 4.5, "zorder": 3, "solid_capstyle": "butt"}
    ax.plot([right - SCALE * first.shape[1], right], [top, top], **options)
    ax.plot([left, left], [middle - half, middle + half], **options)


def product(
    ax: Axes, after: float, middle: float, arrays: tuple[Any, Any], names: tuple[str, str], sides: list[str], color: str
) -> float:
    """Draw first times second, the two sides that must be equal thick; `sides` are their three numbers."""
    first, second = arrays
    right = plots.matrix(ax, after, middle, first.shape, names[0], (sides[0], sides[1]), color, SCALE)
    end = plots.matrix(ax, right + 0.14, middle, second.shape, names[1], (sides[1], sides[2]), color, SCALE)
    summed(ax, right, middle, first, color, end - SCALE * second.shape[1], second)
    return end


def forward(ax: Axes, middle: float) -> None:
    """Draw z^l = a^{l-1} W^l + b^l."""
    a, W, b, z = CACHE.a[0], NET.W[1], NET.b[1], CACHE.z[1]
    assert (a @ W + b).shape == z.shape
    color = plots.POSITIVE
    at = product(ax, 0.8, middle, (a, W), ("$a^{l-1}$", "$W^l$"), ["$m$", BEFORE, HERE], color)
    plots.label(ax, (at + 0.25, middle), "+", size=15)
    at = plots.matrix(ax, at + 0.4, middle, b[None].shape, "", ("", HERE), color, SCALE)
    plots.label(ax, (at - 0.4, middle - 0.22), "$b^l$", size=11)
    plots.label(ax, (at + 0.25, middle), "=", size=15)
    at = plots.matrix(ax, at + 0.4, middle, z.shape, "$z^l$", ("$m$", HERE), color, SCALE)
    text = "summed over the $n_{l-1}$\nunits of the layer before"
    plots.label(ax, (at + 0.25, middle), text, size=11, color=color, ha="left")


def backward(ax: Axes, middle: float) -> None:
    """Draw dC/dW^l = a^{l-1}T delta^l and, beside it, dC/da^l = delta^{l+1} W^{l+1}T."""
    a, delta, W, dW = CACHE.a[0], GRADS.delta, NET.W[2], GRADS.dW[1]
    assert (a.T @ delta[1]).shape == dW.shape
    assert (delta[2] @ W.T).shape == delta[1].shape
    color = plots.NEGATIVE
    at = plots.matrix(ax, 0.13, middle, dW.shape, r"$\partial C/\partial W^l$", (BEFORE, HERE), color, SCALE)
    plots.label(ax, (at + 0.2, middle), "=", size=15)
    names = ("$(a^{l-1})^T$", r"$\delta^l$")
    at = product(ax, at + 0.36, middle, (a.T, delta[1]), names, [BEFORE, "$m$", HERE], color)
    plots.label(ax, (2.35, middle - 1.0), "summed over the $m$ examples", size=11, color=color)

    ax.plot([at + 0.17] * 2, [middle - 1.1, middle + 0.85], color=plots.NEUTRAL, lw=0.8, alpha=0.6)
    text = r"$\partial C/\partial a^l$"
    at = plots.matrix(ax, at + 0.3, middle, delta[1].shape, text, ("$m$", HERE), color, SCALE)
    plots.label(ax, (at + 0.2, middle), "=", size=15)
    names = (r"$\delta^{l+1}$", "$(W^{l+1})^T$")
    product(ax, at + 0.36, middle, (delta[2], W.T), names, ["$m$", AFTER, HERE], color)
    text = "summed over the $n_{l+1}$ units; times $f_l'(z^l)$ it is $\\delta^l$"
    plots.label(ax, (6.65, middle - 1.0), text, size=11, color=color)


def draw() -> Figure:
    """Draw the forward product above, and below it the two products of the way back."""
    figure, ax = plots.canvas(8.9, 4.9)
    forward(ax, 3.65)
    backward(ax, 1.3)
    plots.label(ax, (0.2, 4.65), "forward", color=plots.POSITIVE, size=12, ha="left")
    plots.label(ax, (0.2, 2.45), "backward", color=plots.NEGATIVE, size=12, ha="left")
    return figure


if __name__ == "__main__":
    plots.save_svg(draw(), __file__, ALT)
