"""Chapter 04: why the transpose: the same weights are read down a column forward and along a row back."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from bpbook import plots

ALT = (
    "The same three by two weights, twice. Forward, blue: unit k of layer l+1 collects from every unit j, down "
    "column k of W^(l+1), which is a W. Backward, orange: unit j of layer l collects from every unit k, along row j of "
    "W^(l+1), which is delta times W transposed."
)
ROWS, COLUMNS, J, K = 3, 2, 0, 1
CELL, WIDE = 0.58, 1.45


def network(ax: Axes, left: float, back: bool) -> None:
    """Draw the layers with the weights that one unit collects over: into unit K, or with `back` out of unit J."""
    color = plots.NEGATIVE if back else plots.POSITIVE
    before = [(left, 3.85 - 0.9 * j) for j in range(ROWS)]
    after = [(left + WIDE, 3.4 - 0.9 * k) for k in range(COLUMNS)]
    for j, start in enumerate(before):
        for k, end in enumerate(after):
            if j == J if back else k == K:
                ends = (end, start) if back else (start, end)
                plots.arrow(ax, *ends, gap=0.29, color=color, lw=2.2)
            else:
                plots.arrow(ax, start, end, gap=0.29, color=plots.NEUTRAL, lw=0.9, arrowstyle="-", alpha=0.6)
    for letter, layer, chosen in (("j", before, J if back else None), ("k", after, None if back else K)):
        for unit, at in enumerate(layer):
            plots.node(ax, at, str(unit), radius=0.27, size=12, color=color if unit == chosen else plots.NEUTRAL)
        if chosen is not None:
            side = -0.48 if letter == "j" else 0.48
            plots.label(ax, (layer[chosen][0] + side, layer[chosen][1]), f"${letter}$", color=color, size=14)
    plots.label(ax, (left, 4.4), "layer $l$", size=11)
    plots.label(ax, (left + WIDE, 4.4), "layer $l+1$", size=11)


def matrix(ax: Axes, left: float, back: bool) -> None:
    """Draw W^(l+1) with column K, or with `back` row J, in colour."""
    color = plots.NEGATIVE if back else plots.POSITIVE
    for j in range(ROWS):
        for k in range(COLUMNS):
            read = j == J if back else k == K
            at = (left + CELL * (k + 0.5), 3.82 - CELL * (j + 0.5))
            options = {"color": color, "strength": 0.3} if read else {"color": plots.NEUTRAL, "strength": 0.0}
            plots.box(ax, at, CELL - 0.06, CELL - 0.06, f"$w_{{{j}{k}}}$", size=12, **options)
    plots.label(ax, (left + CELL, 4.4), "$W^{l+1}$", size=13)
    if back:
        middle = 3.82 - CELL * (J + 0.5)
        end = left + CELL * COLUMNS
        plots.arrow(ax, (end + 0.5, middle), (end + 0.05, middle), color=color, gap=0, lw=2)
    else:
        middle = left + CELL * (K + 0.5)
        end = 3.82 - CELL * ROWS
        plots.arrow(ax, (middle, end - 0.05), (middle, end - 0.45), color=color, gap=0, lw=2)


def check() -> None:
    """Assert on random numbers that the two sums of the figure are the two matrix products."""
    rng = np.random.default_rng(0)
    a, W, delta = rng.normal(size=ROWS), rng.normal(size=(ROWS, COLUMNS)), rng.normal(size=COLUMNS)
    assert np.isclose(sum(a[j] * W[j, K] for j in range(ROWS)), (a @ W)[K])
    assert np.isclose(sum(delta[k] * W[J, k] for k in range(COLUMNS)), (delta @ W.T)[J])


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
            ("forward: down column $k$", r"$\sum_j\; a_j^l\, w_{jk}^{l+1} \;=\; (a^l\, W^{l+1})_k$"),
        ),
        (
            6.4,
            plots.NEGATIVE,
            (
                "backward: along row $j$",
                r"$\sum_k\; \delta_k^{l+1}\, w_{jk}^{l+1} \;=\; (\delta^{l+1}\, (W^{l+1})^T)_j$",
            ),
        ),
    ):
        plots.label(ax, (middle, 1.3), lines[0], color=color, size=12)
        plots.label(ax, (middle, 0.6), lines[1], size=14)
    return figure


if __name__ == "__main__":
    plots.save_svg(draw(), __file__, ALT)
