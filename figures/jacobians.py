"""Chapter 02: three Jacobians multiplied from the left and from the right."""

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from bpbook import plots

ALT = (
    "A row of 1 by n times a square of n by n times a square of n by n, twice. Above, multiplied from the left: the "
    "row times a square is a row again, n squared multiply-adds each time, 2 n squared in all. Below, multiplied from "
    "the right: a square times a square, n cubed multiply-adds, then n squared more."
)


def box(ax: Axes, left: float, bottom: float, width: float, height: float, color: str, text: str) -> None:
    """Draw a matrix as a box with its name."""
    ax.add_patch(Rectangle((left, bottom), width, height, facecolor=color, alpha=0.22, edgecolor=color, lw=1.5))
    plots.label(ax, (left + width / 2, bottom + height / 2), text, size=11)


def draw() -> Figure:
    """Draw the two orders, each with its intermediate product and its price."""
    figure, ax = plots.canvas(8.8, 4.5)
    for bottom, order in ((2.5, "left"), (0.35, "right")):
        color = plots.POSITIVE if order == "left" else plots.NEGATIVE
        plots.label(ax, (0.2, bottom + 1.72), f"from the {order}", color=color, size=12, ha="left")
        box(ax, 0.3, bottom + 0.5, 1.2, 0.3, plots.NEUTRAL, "$J_3$")
        box(ax, 1.8, bottom, 1.2, 1.2, plots.NEUTRAL, "$J_2$")
        box(ax, 3.3, bottom, 1.2, 1.2, plots.NEUTRAL, "$J_1$")
        first = 0.18 if order == "left" else 1.68
        ax.plot([first, first + 2.95], [bottom + 1.4] * 2, color=color, lw=2)
        plots.label(ax, (first + 1.5, bottom + 1.56), "first", color=color, size=9)
        plots.arrow(ax, (4.7, bottom + 0.65), (5.4, bottom + 0.65), gap=0)
        if order == "left":
            box(ax, 5.6, bottom + 0.5, 1.2, 0.3, color, "$J_3 J_2$")
            plots.label(ax, (7.8, bottom + 0.85), "$n^2 + n^2$", size=13)
        else:
            box(ax, 5.6, bottom, 1.2, 1.2, color, "$J_2 J_1$")
            plots.label(ax, (7.8, bottom + 0.85), "$n^3 + n^2$", size=13)
        plots.label(ax, (7.8, bottom + 0.42), "multiply-adds", size=10)
    return figure


if __name__ == "__main__":
    plots.save_svg(draw(), __file__, ALT)
