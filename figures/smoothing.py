"""Chapter 10: a mean of three days that ends today, and one that is centred on today and so holds tomorrow."""

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from bpbook import plots

ALT = (
    "Five days in a row, r(t-3) to r(t+1), with a dashed line, this evening, between today, r(t), and tomorrow, "
    "r(t+1). Above, a blue bracket: the mean of the last three days ends left of the line. Below, an orange bracket: "
    "the centred mean around today crosses the line and takes tomorrow in."
)
LEFT, MIDDLE, STEP = 0.9, 1.35, 1.1


def place(day: int) -> float:
    """Return where a day stands, counted from today."""
    return LEFT + STEP * (day + 3)


def bracket(ax: Axes, first: int, last: int, height: float, text: str, color: str) -> None:
    """Draw a line over the days from `first` to `last`, with its text on the side away from them."""
    ends = [place(first) - 0.45, place(last) + 0.45]
    up = 1 if height > MIDDLE else -1
    tips = [height - 0.1 * up, height, height, height - 0.1 * up]
    ax.plot([ends[0], *ends, ends[1]], tips, color=color, lw=2)
    plots.label(ax, (sum(ends) / 2, height + 0.2 * up), text, color=color, size=12, clear=True)


def draw() -> Figure:
    """Draw the days, the evening between two of them, and the two windows."""
    figure, ax = plots.canvas(7.4, 2.7)
    names = ["$r_{t-3}$", "$r_{t-2}$", "$r_{t-1}$", "$r_t$", "$r_{t+1}$"]
    for day, name in zip(range(-3, 2), names, strict=True):
        known = day <= 0
        color = plots.POSITIVE if known else plots.NEGATIVE
        plots.box(ax, (place(day), MIDDLE), 0.9, 0.5, name, color=color, strength=0.16 if known else 0.35)
    evening = place(0) + STEP / 2
    ax.plot([evening, evening], [0.25, 2.55], color=plots.NEUTRAL, lw=1.3, ls="--")
    plots.label(ax, (evening + 0.1, 2.4), "this evening", color=plots.NEUTRAL, size=11, ha="left")
    plots.label(ax, (place(1) + 0.65, MIDDLE), "tomorrow", color=plots.NEGATIVE, size=11, ha="left")
    bracket(ax, -2, 0, MIDDLE + 0.42, "mean of the last three days", plots.POSITIVE)
    bracket(ax, -1, 1, MIDDLE - 0.42, "centred mean of three days", plots.NEGATIVE)
    return figure


if __name__ == "__main__":
    plots.save_svg(draw(), __file__, ALT)
