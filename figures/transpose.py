"""Chapter 04: why the transpose: the same weights are read down a column forward and along a row back."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from bpbook import plots

ALT = (
    "The same three by two weights, twice. Forward, blue: unit j of layer l collects from every unit i, down column j "
    "of W^l, which is a W. Backward, orange: unit i of layer l-1 collects from every unit j, along row i of W^l, "
    "which is delta times W transposed."
)
ROWS, COLUMNS, I, J = 3, 2, 0, 1
CELL, WIDE = 0.58, 1.45


def network(ax: Axes, left: float, back: bool) -> None:
    """Draw the layers with the weights that one unit collects over: into unit J, or with `back` out of unit I."""
    color = plots.NEGATIVE if back else plots.POSITIVE
    before = [(left, 3.85 - 0.9 * i) for i in range(ROWS)]
    after = [(left + WIDE, 3.4 - 0.9 * j) for j in range(COLUMNS)]
    for i, start in enumerate(before):
        for j, end in enumerate(after):
            if i == I if back else j == J:
                ends = (end, start) if back else (start, end)
                plots.arrow(ax, *ends, gap=0.29, color=color, lw=2.2)
            else:
                plots.arrow(ax, start, end, gap=0.29, color=plots.NEUTRAL, lw=0.9, arrowstyle="-", alpha=0.6)
    for letter, layer, chosen in (("i", before, I if back else None), ("j", after, None if back else J)):
        for unit, at in enumerate(layer):
            plots.node(ax, at, str(unit), radius=0.27, size=12, color=color if unit == chosen else plots.NEUTRAL)
        if chosen is not None:
            side = -0.48 if letter == "i" else 0.48
            plots.label(ax, (layer[chosen][0] + side, layer[chosen][1]), f"${letter}$", color=color, size=14)
    plots.label(ax, (left, 4.4), "layer $l-1$", size=11)
    plots.label(ax, (left + WIDE, 4.4), "layer $l$", size=11)


def matrix(ax: Axes, left: float, back: bool) -> None:
    """Draw W^l with column J, or with `back` row I, in colour."""
    color = plots.NEGATIVE if back else plots.POSITIVE
    for i in range(ROWS):
        for j in range(COLUMNS):
            read = i == I if back else j == J
            at = (left + CELL * (j + 0.5), 3.82 - CELL * (i + 0.5))
            options = {"color": color, "strength": 0.3} if read else {"color": plots.NEUTRAL, "strength": 0.0}
            plots.box(ax, at, CELL - 0.06, CELL - 0.06, f"$w_{{{i}{j}}}$", size=12, **options)
    plots.label(ax, (left + CELL, 4.4), "$W^l$", size=13)
    if back:
        middle = 3.82 - CELL * (I + 0.5)
        end = left + CELL * COLUMNS
        plots.arrow(ax, (end + 0.5, middle), (end + 0.05, middle), color=color, gap=0, lw=2)
    else:
        middle = left + CELL * (J + 0.5)
        end = 3.82 - CELL * ROWS
        plots.arrow(ax, (middle, end - 0.05), (middle, end - 0.45), color=color, gap=0, lw=2)


def check() -> None:
    """Assert on random numbers that the two sums of the figure are the two matrix products."""
    rng = np.random.default_rng(0)
    a, W, delta = rng.normal(size=ROWS), rng.normal(size=(ROWS, COLUMNS)), rng.normal(size=COLUMNS)
    assert np.isclose(sum(a[i] * W[i, J] for i in range(ROWS)), (a @ W)[J])
    assert np.isclose(sum(delta[j] * W[I, j] for j in range(COLUMNS)), (delta @ W.T)[I])


def draw() -> Figure:
    """Draw both directions side by side, each with its sum over indices and as a matrix product."""
    check()
    figure, ax = plots.canvas(8.8, 4.7)
    ax.plot([4.25, 4.25], [0.3, 4.4], color=plots.NEUTRAL, lw=0.8, alpha=0.6)
    for left, back in ((0.6, False), (4.95, True)):
        color = plots.NEGATIVE if back else plots.POSITIVE
        network(ax, left, back)
        matrix(ax, left + WIDE + (0.5 if back else 0.8), back)
    for middle, color, lines in (
        (
            2.1,
            plots.POSITIVE,
            ("forward: down column $j$", r"$\sum_i\; a_i^{l-1}\, w_{ij}^l \;=\; (a^{l-1}\, W^l)_j$"),
        ),
        (
            6.4,
            plots.NEGATIVE,
            ("backward: along row $i$", r"$\sum_j\; \delta_j^l\, w_{ij}^l \;=\; (\delta^l\, (W^l)^T)_i$"),
        ),
    ):
        plots.label(ax, (middle, 1.3), lines[0], color=color, size=12)
        plots.label(ax, (middle, 0.6), lines[1], size=14)
    return figure


if __name__ == "__main__":
    plots.save_svg(draw(), __file__, ALT)
