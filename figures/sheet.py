"""Chapter 01: one sheet of weights, read down a column to cook a dish and along a row to pass complaints back."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from bpbook import plots

LADLES = np.array([[2, 1], [3, 5]])
STOCK = np.array([3, 0])
COMPLAINTS = np.array([-0.5, 0.5])
ALT = (
    "The same sheet twice: a row for each of two cooks, a column for each of two dishes, with the ladles 2 and 1 of "
    "the first cook and 3 and 5 of the second. Forward, in blue, down the first column: 3 times 2 plus 0 times 3 is "
    "6. Back, in orange, along the first row: -1/2 times 2 plus 1/2 times 1 is -1/2."
)
CELL = 0.85


def sheet(ax: Axes, left: float, back: bool) -> None:
    """Draw the sheet with its first column in blue, or with `back` its first row in orange, and an arrow along it."""
    color = plots.NEGATIVE if back else plots.POSITIVE
    top = 3.0
    for i in (0, 1):
        for j in (0, 1):
            read = i == 0 if back else j == 0
            options = {"color": color, "strength": 0.3} if read else {"color": plots.NEUTRAL, "strength": 0.0}
            at = (left + CELL * (j + 0.5), top - CELL * (i + 0.5))
            plots.box(ax, at, CELL - 0.07, CELL - 0.07, str(LADLES[i, j]), size=15, **options)
    for k, which in enumerate(("first", "second")):
        salt = "" if back else f": {STOCK[k]}"
        word = f": {plots.number(COMPLAINTS[k], fraction=True)}" if back else ""
        plots.label(ax, (left - 0.12, top - CELL * (k + 0.5)), f"{which} cook{salt}", size=11, ha="right")
        at = (left + CELL * (k + 0.5), top + 0.12)
        plots.label(ax, at, f"{which}\ndish{word}", size=11, va="bottom", linespacing=1.1)
    if back:
        end, middle = left + 2 * CELL, top - CELL / 2
        plots.arrow(ax, (end + 0.65, middle), (end + 0.05, middle), color=color, gap=0, lw=2.2)
    else:
        end, middle = top - 2 * CELL, left + CELL / 2
        plots.arrow(ax, (middle, end - 0.05), (middle, end - 0.5), color=color, gap=0, lw=2.2)


def draw() -> Figure:
    """Draw both ways to read the sheet, each with its sum."""
    assert STOCK @ LADLES[:, 0] == 6 and COMPLAINTS @ LADLES[0] == -1 / 2
    assert (LADLES @ COMPLAINTS != COMPLAINTS @ LADLES).all()  # who reads down a column gets something else
    figure, ax = plots.canvas(8.6, 4.3)
    ax.plot([4.2, 4.2], [0.25, 4.05], color=plots.NEUTRAL, lw=0.8, alpha=0.6)
    sheet(ax, 1.75, back=False)
    sheet(ax, 5.75, back=True)
    down = r"$3 \cdot 2 \;+\; 0 \cdot 3 \;=\; 6$"
    along = r"$-\frac{1}{2} \cdot 2 \;+\; \frac{1}{2} \cdot 1 \;=\; -\frac{1}{2}$"
    for middle, color, words, formula in (
        (2.1, plots.POSITIVE, "cooking: down the column of a dish", down),
        (6.4, plots.NEGATIVE, "complaints: along the row of a cook", along),
    ):
        plots.label(ax, (middle, 0.3), formula, size=14)
        plots.label(ax, (middle, 4.05), words, color=color, size=12)
    return figure


if __name__ == "__main__":
    plots.save_svg(draw(), __file__, ALT)
