"""Chapter 04: where the weight w_ij^l runs, and where it stands in the matrix W^l."""

from matplotlib.figure import Figure

from bpbook import plots

ALT = (
    "Left: three units of layer l-1, counted from 0, feed two of layer l. The weight from unit i = 2 to unit j = 0, "
    "w_20^l, is highlighted. Right: the matrix W^l of shape (3, 2). Row i = 2 holds what leaves unit 2, column j = 0 "
    "what enters unit 0; w_20^l is where they cross."
)
I, J, ROWS, COLUMNS = 2, 0, 3, 2
LEFT = [(0.9, 3.6 - 1.25 * i) for i in range(ROWS)]
RIGHT = [(3.2, 2.98 - 1.25 * j) for j in range(COLUMNS)]
CELL, TOP, EDGE = 0.95, 3.7, 5.75


def draw() -> Figure:
    """Draw the two layers on the left and the matrix on the right."""
    figure, ax = plots.canvas(8.8, 4.8)
    for i, start in enumerate(LEFT):
        for j, end in enumerate(RIGHT):
            chosen = (i, j) == (I, J)
            color = plots.POSITIVE if chosen else plots.NEUTRAL
            plots.arrow(ax, start, end, gap=0.34, color=color, lw=2.6 if chosen else 1.1)
    plots.tag(ax, LEFT[I], RIGHT[J], f"$w_{{{I}{J}}}^l$", share=0.27, color=plots.POSITIVE, size=15)
    for letter, at, chosen in (("i", LEFT, I), ("j", RIGHT, J)):
        for unit, (left, height) in enumerate(at):
            color = plots.POSITIVE if unit == chosen else plots.NEUTRAL
            plots.node(ax, (left, height), str(unit), radius=0.32, color=color, size=13)
        side = -0.55 if letter == "i" else 0.55
        left, height = at[chosen]
        plots.label(ax, (left + side, height), f"${letter}$", color=plots.POSITIVE, size=14)
    plots.label(ax, (0.9, 4.35), "layer $l - 1$", size=12)
    plots.label(ax, (3.2, 4.35), "layer $l$", size=12)

    for i in range(ROWS):
        for j in range(COLUMNS):
            at = (EDGE + CELL * (j + 0.5), TOP - CELL * (i + 0.5))
            strength = 0.5 if (i, j) == (I, J) else 0.17 if i == I or j == J else 0.0
            color = plots.POSITIVE if strength else plots.NEUTRAL
            plots.box(ax, at, CELL - 0.06, CELL - 0.06, f"$w_{{{i}{j}}}^l$", color=color, strength=strength, size=14)
    centre = EDGE + CELL * COLUMNS / 2
    plots.label(ax, (centre, 4.35), "$W^l$, of shape $(n_{l-1}, n_l) = (3, 2)$", size=12)
    row, column = TOP - CELL * (I + 0.5), EDGE + CELL * (J + 0.5)
    plots.label(ax, (EDGE - 0.12, row), f"row $i = {I}$", color=plots.POSITIVE, size=12, ha="right")
    plots.label(ax, (column, TOP + 0.17), f"column $j = {J}$", color=plots.POSITIVE, size=12)
    away = EDGE + CELL * COLUMNS + 0.1
    plots.label(ax, (away, row), f"what leaves\nunit {I}", color=plots.POSITIVE, size=11, ha="left")
    below = TOP - CELL * ROWS - 0.12
    plots.label(ax, (column, below), f"what enters\nunit {J}", color=plots.POSITIVE, size=11, va="top")
    plots.label(ax, (2.05, 0.35), f"in code: W[l][{I}, {J}]", size=12, family="monospace")
    return figure


if __name__ == "__main__":
    plots.save_svg(draw(), __file__, ALT)
