"""Chapters 04, 05 and 07: the running 2-2-1 network with its first example, forward and back."""

from typing import Any

from matplotlib.figure import Figure

import bpbook as bp
from bpbook import plots

AT = {(0, 0): (0.95, 3.3), (0, 1): (0.95, 1.3), (1, 0): (3.6, 3.3), (1, 1): (3.6, 1.3), (2, 0): (6.3, 2.3)}
END = (8.2, 2.3)
X, Y = [[1.0, 2.0]], [1.0]
# How far along its edge a weight stands: the crossing pair keeps clear of the crossing.
SHARE = {(1, 0, 0): 0.5, (1, 0, 1): 0.27, (1, 1, 0): 0.27, (1, 1, 1): 0.5, (2, 0, 0): 0.5, (2, 1, 0): 0.5}

NET = bp.MLP([2, 2, 1], hidden="relu", output="sigmoid", loss="squared_error")
NET.W[1][...], NET.b[1][...] = [[0.5, -3.0], [1.5, 0.25]], [-1.5, 1.25]
NET.W[2][...], NET.b[2][...] = [[1.0], [-0.3]], [-2.0]
CACHE = NET.forward(X)
GRADS = NET.backward(CACHE, Y)


def row(array: Any) -> str:
    """Return a row of numbers as text: (2, -1.25), or a single one as it is."""
    numbers = ", ".join(plots.number(value + 0.0) for value in array[0])
    return f"({numbers})" if array.size > 1 else numbers


ALT = (
    f"The 2-2-1 network with x = {row(CACHE.a[0])}, y = {Y[0]:g}. Every edge carries its weight, every unit its bias. "
    f"Forward, in blue: z^1 = {row(CACHE.z[1])}, a^1 = {row(CACHE.a[1])}, z^2 = {row(CACHE.z[2])}, "
    f"a^2 = {row(CACHE.a[2])}, C = {NET.loss(CACHE, Y):g}. Back, in orange: delta^2 = {row(GRADS.delta[2])}, "
    f"delta^1 = {row(GRADS.delta[1])}: unit 1 is switched off, so nothing comes back through it."
)


def draw() -> Figure:
    """Draw activations in the units, weights on the edges, z and b above, delta below."""
    figure, ax = plots.canvas(8.8, 4.8)
    for (l, i, j), share in SHARE.items():
        start, end = AT[l - 1, i], AT[l, j]
        plots.arrow(ax, start, end, color=plots.POSITIVE, gap=0.36, lw=1.8)
        plots.tag(ax, start, end, plots.number(NET.W[l][i, j]), share=share, size=12)
    plots.arrow(ax, AT[2, 0], END, color=plots.POSITIVE, gap=0.36, lw=1.8)
    for (l, j), (left, height) in AT.items():
        plots.node(ax, (left, height), plots.number(CACHE.a[l][0, j]), radius=0.34, size=13)
        if l == 0:
            plots.label(ax, (left, height + 0.54), f"$x_{j}$", size=12)
            continue
        z, b, delta = CACHE.z[l][0, j], NET.b[l][j], GRADS.delta[l][0, j]
        plots.label(ax, (left, height + 0.82), f"$b_{j}^{l} = {plots.number(b)}$", size=12)
        plots.label(ax, (left, height + 0.54), f"$z_{j}^{l} = {plots.number(z)}$", size=12, color=plots.POSITIVE)
        text = rf"$\delta_{j}^{l} = {plots.number(delta + 0.0)}$"
        plots.label(ax, (left, height - 0.56), text, size=12, color=plots.NEGATIVE)
    plots.node(ax, END, plots.number(NET.loss(CACHE, Y)), radius=0.36, color=plots.NEUTRAL, size=11)
    plots.label(ax, (END[0], END[1] + 0.56), f"$C$ with $y = {plots.number(Y[0])}$", size=12)
    for left, text in ((0.95, "$a^0 = x$"), (3.6, "$a^1$, ReLU"), (6.3, "$a^2$, sigmoid"), (8.2, "loss")):
        plots.label(ax, (left, 4.58), text, size=12)
    legend = [
        ("in the units: activations", plots.draw.INK),
        ("on the edges: weights", plots.draw.INK),
        (r"below, from $C$ back: $\delta = \partial C/\partial z$", plots.NEGATIVE),
    ]
    for row, (text, color) in enumerate(legend):
        plots.label(ax, (5.3, 0.95 - 0.29 * row), text, color=color, size=11, ha="left")
    return figure


if __name__ == "__main__":
    plots.save_svg(draw(), __file__, ALT)
