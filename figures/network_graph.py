"""Chapter 07: the 2-2-1 network as a graph of arrays, and the four equations where the reverse sweep finds them."""

from itertools import pairwise

import numpy as np
from matplotlib.figure import Figure

import bpbook as bp
from bpbook import graph, plots

# name: (left, what the node computes, what it holds)
ROW = {
    "x": (0.5, "$x$", "$a^0$"),
    "product 1": (1.6, "@", ""),
    "z^1": (2.6, "+", "$z^1$"),
    "a^1": (3.6, "ReLU", "$a^1$"),
    "product 2": (4.7, "@", ""),
    "z^2": (5.7, "+", "$z^2$"),
    "a^2": (6.7, r"$\sigma$", "$a^2$"),
    "C": (8.2, "loss", "$C$"),
}
ABOVE = {"W^1": "product 1", "b^1": "z^1", "W^2": "product 2", "b^2": "z^2"}
MIDDLE, TOP, RADIUS = 1.75, 3.0, 0.33
ALT = (
    "The 2-2-1 network as a graph of arrays, from x over a product, a sum, z^1, ReLU, a^1, a product, a sum, z^2, the "
    "sigmoid and a^2 to the loss C; W^l and b^l come in from above. In orange, what the reverse sweep leaves: delta^2 "
    "by (BP1), delta^1 by (BP2), the gradients of the biases by (BP3), those of the weights by (BP4)."
)


def check() -> None:
    """See that a graph of such nodes has these adjoints."""
    net = bp.MLP([2, 2, 1], hidden="relu", output="sigmoid", loss="squared_error", seed=1)
    x, y = np.array([[1.0, 2.0], [-1.0, 3.0]]), np.array([[1.0], [0.0]])
    W, b = [None, *map(graph.variable, net.W[1:])], [None, *map(graph.variable, net.b[1:])]
    z_1 = x @ W[1] + b[1]
    z_2 = graph.relu(z_1) @ W[2] + b[2]
    adjoint = graph.backward(graph.sum((graph.sigmoid(z_2) - y) ** 2) * (0.5 / len(x)))
    grads = net.backward(net.forward(x), y)
    for node, expected in ((z_1, grads.delta[1]), (z_2, grads.delta[2]), (W[1], grads.dW[1]), (b[2], grads.db[2])):
        assert bp.relative_error(adjoint[node], expected) < 1e-12


def draw() -> Figure:
    """Draw the row of nodes, the parameters above it, and in orange what comes back."""
    check()
    figure, ax = plots.canvas(8.8, 4.1)
    for (start, _, _), (end, _, _) in pairwise(ROW.values()):
        plots.arrow(ax, (start, MIDDLE), (end, MIDDLE), color=plots.POSITIVE, gap=RADIUS + 0.02, lw=1.8)
    for left, operation, value in ROW.values():
        plots.node(ax, (left, MIDDLE), operation, radius=RADIUS, size=11, color=plots.POSITIVE)
        plots.label(ax, (left, MIDDLE - 0.55), value, color=plots.POSITIVE, size=13)
    for name, below in ABOVE.items():
        left = ROW[below][0]
        plots.node(ax, (left, TOP), f"${name}$", radius=RADIUS, size=12, color=plots.NEUTRAL)
        plots.arrow(ax, (left, TOP), (left, MIDDLE), color=plots.POSITIVE, gap=RADIUS + 0.02, lw=1.8)
        equation = "BP4" if name[0] == "W" else "BP3"
        back = rf"$\partial C/\partial {name}$"
        plots.label(ax, (left, TOP + 0.82), f"({equation})", color=plots.NEGATIVE, size=11)
        plots.label(ax, (left, TOP + 0.53), back, color=plots.NEGATIVE, size=12)
    backward = {"C": "", "z^2": r"$\delta^2$  (BP1)", "z^1": r"$\delta^1$  (BP2)"}
    for start, end in pairwise(backward):
        options = {"color": plots.NEGATIVE, "gap": 0.72, "lw": 2.0}
        plots.arrow(ax, (ROW[start][0], 0.55), (ROW[end][0], 0.55), **options)
        plots.label(ax, (ROW[end][0], 0.55), backward[end], color=plots.NEGATIVE, size=13)
    plots.label(ax, (ROW["C"][0], 0.55), r"$\partial C/\partial C = 1$", color=plots.NEGATIVE, size=12)
    return figure


if __name__ == "__main__":
    plots.save_svg(draw(), __file__, ALT)
