"""Chapter 04: the same layer with examples as rows and with examples as columns."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from bpbook import plots

ALT = (
    "The same layer twice. Above, rows are examples, as in this book: a, m by n_(l-1), times W, n_(l-1) by n_l, plus "
    "b, is z, m by n_l; one example is a row. Below, columns are examples: W transposed times a transposed plus b as "
    "a column is z transposed; one example is a column."
)
M, BEFORE, HERE, SCALE = 7, 12, 9, 0.11
M_TEXT, BEFORE_TEXT, HERE_TEXT = "$m$", "$n_{l-1}$", "$n_l$"
EXAMPLE = 2
"""The example that is marked."""


def mark(ax: Axes, right: float, middle: float, shape: tuple[int, int], by_rows: bool) -> None:
    """Mark one example in the matrix that ends at `right`: its row, or its column."""
    height, width = SCALE * shape[0], SCALE * shape[1]
    if by_rows:
        at = (right - width / 2, middle + height / 2 - SCALE * (EXAMPLE + 0.5))
        plots.box(ax, at, width, SCALE, color=plots.NEGATIVE, strength=0.7)
    else:
        at = (right - width + SCALE * (EXAMPLE + 0.5), middle)
        plots.box(ax, at, SCALE, height, color=plots.NEGATIVE, strength=0.7)


def layer(ax: Axes, middle: float, by_rows: bool) -> None:
    """Draw z = a W + b, or with columns as examples z = W a + b with a tilde over each."""
    a, W = ((M, BEFORE), (M_TEXT, BEFORE_TEXT)), ((BEFORE, HERE), (BEFORE_TEXT, HERE_TEXT))
    b, z = ((1, HERE), ("", HERE_TEXT)), ((M, HERE), (M_TEXT, HERE_TEXT))
    factors, results = [("a", a), ("W", W)], ("b", "z")
    if not by_rows:
        (a, W, b, z) = (tuple(part[::-1] for part in array) for array in (a, W, b, z))
        factors = [(r"\tilde{W}", W), (r"\tilde{a}", a)]
        results = (r"\tilde{b}", r"\tilde{z}")
    assert (np.ones(factors[0][1][0]) @ np.ones(factors[1][1][0]) + np.ones(b[0])).shape == z[0]
    at = 2.05
    for name, (shape, sides) in factors:
        at = plots.matrix(ax, at + 0.1, middle, shape, "", sides, plots.POSITIVE, SCALE)
        plots.label(ax, (at - SCALE * shape[1] / 2, middle - SCALE * shape[0] / 2 - 0.17), f"${name}$", size=13)
        if "a" in name.removeprefix(r"\tilde"):
            mark(ax, at, middle, shape, by_rows)
    for sign, name, (shape, sides) in zip("+=", results, (b, z), strict=True):
        plots.label(ax, (at + 0.25, middle), sign, size=15)
        at = plots.matrix(ax, at + 0.4, middle, shape, "", sides, plots.POSITIVE, SCALE)
        below = middle - SCALE * shape[0] / 2 - 0.17
        plots.label(ax, (at - SCALE * shape[1] / 2, below), f"${name}$", size=13)
    mark(ax, at, middle, z[0], by_rows)


def draw() -> Figure:
    """Draw the two conventions, one above the other, with one example marked in both."""
    figure, ax = plots.canvas(8.8, 4.9)
    layer(ax, 3.7, by_rows=True)
    layer(ax, 1.2, by_rows=False)
    for middle, first, second in (
        (3.7, "rows are examples:\nthis book,\nscikit-learn", "$z = a\\,W + b$"),
        (1.2, "columns are examples:\nNielsen, Prince", r"$\tilde{z} = \tilde{W}\,\tilde{a} + \tilde{b}$"),
    ):
        plots.label(ax, (0.2, middle + 0.2), first, size=11, ha="left")
        plots.label(ax, (0.2, middle - 0.4), second, size=13, ha="left")
    plots.label(ax, (0.2, 0.42), "as $(a\\,W)^T = W^T a^T$", size=11, color=plots.NEUTRAL, ha="left")
    same = "$\\tilde{W} = W^T$\n$\\tilde{a} = a^T$\n$\\tilde{z} = z^T$"
    plots.label(ax, (7.95, 1.2), same, size=12, color=plots.NEUTRAL, linespacing=1.6)
    return figure


if __name__ == "__main__":
    plots.save_svg(draw(), __file__, ALT)
