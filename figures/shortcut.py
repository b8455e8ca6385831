"""Chapter 13: one block with a shortcut, on the way forward and on the way back."""

from itertools import pairwise

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from bpbook import graph, plots

ALT = (
    "One block on the way forward and back. Forward, h goes into W, b and f, and is also carried past them to a plus "
    "sign. Backward, what arrives at the plus sign goes both ways: through f' and W transposed, and unchanged past "
    "them. The two are added."
)


def check() -> None:
    """Assert that the graph sends back what the lower half shows."""
    rng = np.random.default_rng(0)
    h, W, b, u = (rng.normal(size=shape) for shape in ((4, 3), (3, 3), (3,), (4, 3)))
    node = graph.variable(h)
    adjoint = graph.backward(graph.sum((node + graph.tanh(node @ W + b)) * u))
    assert np.allclose(adjoint[node], u + (u * (1 - np.tanh(h @ W + b) ** 2)) @ W.T)


def bent(ax: Axes, left: float, right: float, y: float, color: str) -> None:
    """Draw the shortcut: a line from `left` over the boxes to `right`."""
    ax.plot([left, left, right], [y + 0.02, y + 0.85, y + 0.85], color=color, lw=2)
    plots.arrow(ax, (right, y + 0.85), (right, y + 0.28), gap=0.0, color=color, lw=2)


def way(ax: Axes, y: float, color: str, boxes: tuple[str, str], forward: bool) -> None:
    """Draw one way through the block at height y, forward to the right or back to the left."""
    split, plus = (1.7, 6.9) if forward else (6.9, 1.7)
    stops = [(split, y), (3.3, y), (5.2, y), (plus, y)] if forward else [(split, y), (5.2, y), (3.3, y), (plus, y)]
    for place, text in zip(stops[1:3], boxes, strict=True):
        plots.box(ax, place, 1.25, 0.56, text, color=color, size=13)
    for start, end in pairwise(stops):
        near = (start[0] + (0.0 if start == stops[0] else 0.64 if forward else -0.64), y)
        far = (end[0] - (0.64 if end != stops[3] else 0.28) * (1 if forward else -1), y)
        plots.arrow(ax, near, far, gap=0.0, color=color, lw=2)
    plots.node(ax, stops[3], "+", radius=0.26, size=15, color=color)
    bent(ax, split, plus, y, color)
    away = (8.3, y) if forward else (0.4, y)
    plots.arrow(ax, (plus + (0.27 if forward else -0.27), y), away, gap=0.0, color=color, lw=2)
    ax.plot([0.6 if forward else 8.1, split], [y, y], color=color, lw=2)


def draw() -> Figure:
    """Draw the block twice: forward above, back below."""
    check()
    figure, ax = plots.canvas(9.4, 4.3)
    blue, orange = plots.POSITIVE, plots.NEGATIVE
    way(ax, 2.85, blue, ("$W,\\ b$", "$f$"), forward=True)
    way(ax, 0.75, orange, ("$f\\,'(z)$", "$W^T$"), forward=False)
    plots.label(ax, (0.3, 2.85), "$h$", color=blue, size=15)
    plots.label(ax, (8.85, 2.85), "$h + f(z)$", color=blue, size=14)
    plots.label(ax, (4.3, 3.95), "unchanged", color=blue, size=12)
    plots.label(ax, (8.7, 0.75), "$\\partial C/\\partial h_{out}$", color=orange, size=14)
    plots.label(ax, (0.55, 1.25), "$\\partial C/\\partial h$", color=orange, size=14)
    plots.label(ax, (4.3, 1.85), "unchanged: the 1 of the sum", color=orange, size=12)
    return figure


if __name__ == "__main__":
    plots.save_svg(draw(), __file__, ALT)
