"""Chapter 07: a Jacobian by columns in forward mode, by rows in reverse mode; and the Jacobian of a loss."""

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from bpbook import plots

ALT = (
    "Left, the Jacobian of many outputs and n inputs as a grid: a forward sweep gives one column, blue; a reverse "
    "sweep gives one row, orange. Right, the Jacobian of a loss, one row of n entries: forward mode fills it entry by "
    "entry in n sweeps, reverse mode fills it in one sweep."
)
CELL, N, OUTPUTS = 0.42, 7, 4


def grid(ax: Axes, left: float, top: float, rows: int, filled: dict[tuple[int, int], tuple[str, str]]) -> None:
    """Draw a grid of `rows` by N cells; `filled` gives a colour and a text to some."""
    for row in range(rows):
        for column in range(N):
            at = (left + CELL * (column + 0.5), top - CELL * (row + 0.5))
            color, text = filled.get((row, column), (plots.NEUTRAL, ""))
            strength = 0.35 if (row, column) in filled else 0.0
            plots.box(ax, at, CELL - 0.05, CELL - 0.05, text, color=color, size=11, strength=strength)


def draw() -> Figure:
    """Draw the Jacobian of many outputs on the left, that of a loss on the right, once for each mode."""
    figure, ax = plots.canvas(8.8, 4.2)
    ax.plot([4.75, 4.75], [0.3, 3.95], color=plots.NEUTRAL, lw=0.8, alpha=0.6)
    left, top, column, row = 1.3, 2.75, 2, 2
    filled = {(k, column): (plots.POSITIVE, "") for k in range(OUTPUTS)}
    filled |= {(row, k): (plots.NEGATIVE, "") for k in range(N)}
    grid(ax, left, top, OUTPUTS, filled)
    middle = left + CELL * N / 2
    plots.label(ax, (middle, 3.95), "many outputs", size=12)
    plots.label(ax, (left - 0.1, top - CELL * 0.5), "outputs", size=11, color=plots.NEUTRAL, ha="right")
    plots.label(ax, (left + CELL * (N - 1), top + 0.2), "$n$ inputs", size=11, color=plots.NEUTRAL)
    at = left + CELL * (column + 0.5)
    plots.arrow(ax, (at, top + 0.5), (at, top + 0.04), color=plots.POSITIVE, gap=0, lw=2)
    plots.label(ax, (at, top + 0.65), "forward sweep: a column", color=plots.POSITIVE, size=12)
    height, end = top - CELL * (row + 0.5), left - 0.04
    plots.arrow(ax, (end - 0.55, height), (end, height), color=plots.NEGATIVE, gap=0, lw=2)
    plots.label(ax, (middle, top - CELL * OUTPUTS - 0.3), "reverse sweep: a row", color=plots.NEGATIVE, size=12)

    left = 5.4
    middle = left + CELL * N / 2
    plots.label(ax, (middle, 3.95), "one output: the loss", size=12)
    sweeps = [str(k + 1) for k in range(N - 2)] + ["…", "$n$"]
    plots.label(ax, (middle, 3.2), "forward mode: $n$ sweeps", color=plots.POSITIVE, size=12)
    grid(ax, left, 2.95, 1, {(0, k): (plots.POSITIVE, text) for k, text in enumerate(sweeps)})
    plots.label(ax, (middle, 1.85), "reverse mode: 1 sweep", color=plots.NEGATIVE, size=12)
    grid(ax, left, 1.6, 1, {(0, k): (plots.NEGATIVE, "1") for k in range(N)})
    plots.label(ax, (middle, 0.75), "in the cells: the sweep that fills them", size=11, color=plots.NEUTRAL)
    return figure


if __name__ == "__main__":
    plots.save_svg(draw(), __file__, ALT)
