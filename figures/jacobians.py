"""Chapter 02: three Jacobians multiplied from the left and from the right."""

import numpy as np
from matplotlib.figure import Figure

from bpbook import graph, plots

ALT = (
    "A row of 1 by n times two squares of n by n, in two orders. From the left: row times square is a row, twice; "
    "n squared and n squared multiply-adds. From the right: square times square is a square, n cubed; row times "
    "square, n squared more."
)
SIDE, THIN = 1.15, 0.32
PRICE = {"left": "$n^2 + n^2$", "right": "$n^3 + n^2$"}


def check_prices(n: int = 7) -> None:
    """Count the multiply-adds of both orders on real arrays, and assert that they are those of the figure."""
    row, square = np.ones((1, n)), np.ones((n, n))
    left = graph.matmul(graph.matmul(row, square), square)
    right = graph.matmul(row, graph.matmul(square, square))
    assert graph.count(left).values == n**2 + n**2
    assert graph.count(right).values == n**3 + n**2


def draw() -> Figure:
    """Draw the two orders, each with its intermediate product and its price."""
    check_prices()
    figure, ax = plots.canvas(8.8, 4.6)
    for middle, order in ((3.2, "left"), (0.95, "right")):
        color = plots.POSITIVE if order == "left" else plots.NEGATIVE
        plots.label(ax, (0.2, middle + 1.12), f"from the {order}", color=color, size=13, ha="left")
        plots.box(ax, (0.85, middle), SIDE, THIN, "$J_3$")
        plots.box(ax, (2.2, middle), SIDE, SIDE, "$J_2$")
        plots.box(ax, (3.55, middle), SIDE, SIDE, "$J_1$")
        first = (0.2, 2.85) if order == "left" else (1.55, 4.2)
        ax.plot(first, [middle + 0.75] * 2, color=color, lw=2)
        plots.label(ax, (first[1] + 0.1, middle + 0.75), "first", color=color, size=11, ha="left")
        plots.arrow(ax, (4.35, middle), (4.85, middle), gap=0, lw=1.8)
        if order == "left":
            plots.box(ax, (5.6, middle), SIDE, THIN, "$J_3\\,J_2$", color=color)
            plots.box(ax, (6.95, middle), SIDE, SIDE, "$J_1$")
        else:
            plots.box(ax, (5.6, middle), SIDE, THIN, "$J_3$")
            plots.box(ax, (6.95, middle), SIDE, SIDE, "$J_2\\,J_1$", color=color)
        plots.label(ax, (8.15, middle + 0.17), PRICE[order], size=13)
        plots.label(ax, (8.15, middle - 0.17), "multiply-adds", size=10)
    return figure


if __name__ == "__main__":
    plots.save_svg(draw(), __file__, ALT)
