"""Chapter 01: the network for pencil and paper, forward, with every sum written out."""

import numpy as np
from matplotlib.figure import Figure

import bpbook as bp
from bpbook import plots

X = np.array([1, 2])
W = [np.array([[1, -1], [1, 0]]), np.array([[2, 1], [3, 5]])]
B = [np.array([0, 0]), np.array([0, 3])]
Z_1 = X @ W[0] + B[0]
HIDDEN = np.maximum(Z_1, 0)
Z_2 = HIDDEN @ W[1] + B[1]
P = bp.softmax(Z_2[None])[0]

LEFTS, HEIGHTS = (0.75, 3.35, 6.05), (3.1, 1.15)
# How far along its edge a weight stands: the crossing pair keeps clear of the crossing.
SHARES = ((0.5, 0.27), (0.27, 0.5))
ALT = (
    f"Two inputs, {X[0]} and {X[1]}, feed two hidden units, which feed two outputs; every line carries its weight. "
    f"The hidden units add up {Z_1[0]} and {Z_1[1]}, and ReLU makes them {HIDDEN[0]} and {HIDDEN[1]}. "
    f"The outputs add up {Z_2[0]} and {Z_2[1]}, and softmax makes each of them one half."
)


def total(inputs: np.ndarray, weights: np.ndarray, bias: int) -> str:
    """Return a weighted sum as it is written on paper, for example 1 · 1 + 2 · (−1) + 0 = −1."""
    written = [plots.number(weight) if weight >= 0 else f"({plots.number(weight)})" for weight in weights]
    products = [f"{value} · {weight}" for value, weight in zip(inputs, written, strict=True)]
    return f"{' + '.join(products)} + {bias} = {plots.number(inputs @ weights + bias)}"


def draw() -> Figure:
    """Draw the units with what they hand on, the weights on the lines, and each sum above its unit."""
    assert (P == 1 / 2).all()
    figure, ax = plots.canvas(8.6, 4.2)
    for layer, weights in enumerate(W):
        for i in (0, 1):
            for j in (0, 1):
                start, end = (LEFTS[layer], HEIGHTS[i]), (LEFTS[layer + 1], HEIGHTS[j])
                plots.arrow(ax, start, end, color=plots.POSITIVE, gap=0.34, lw=1.8)
                plots.tag(ax, start, end, plots.number(weights[i, j]), share=SHARES[i][j], size=12)
    for left, values in zip(LEFTS, (X, HIDDEN, Z_2), strict=True):
        for height, value in zip(HEIGHTS, values, strict=True):
            plots.node(ax, (left, height), plots.number(value), radius=0.32, size=13)
    for left, inputs, weights, biases in ((LEFTS[1], X, W[0], B[0]), (LEFTS[2], HIDDEN, W[1], B[1])):
        for j, height in enumerate(HEIGHTS):
            text = total(inputs, weights[:, j], biases[j])
            side = 0.52 if j == 0 else -0.52
            plots.label(ax, (left, height + side), text, color=plots.POSITIVE, size=11)
    for height, share in zip(HEIGHTS, P, strict=True):
        plots.arrow(ax, (LEFTS[2], height), (7.45, height), color=plots.POSITIVE, gap=0.34, lw=1.8)
        plots.label(ax, (7.75, height), f"$p$ = {plots.number(share, fraction=True)}", size=13)
    for left, text in zip((*LEFTS, 7.75), ("inputs", "hidden units, ReLU", "outputs", "softmax"), strict=True):
        plots.label(ax, (left, 3.95), text, size=11)
    plots.label(ax, (LEFTS[1], 0.25), "below zero, so it is switched off", size=11)
    plots.label(ax, (LEFTS[2], 0.25), "the bias comes last in each sum", size=11)
    return figure


if __name__ == "__main__":
    plots.save_svg(draw(), __file__, ALT)
