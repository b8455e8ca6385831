"""Chapter 10: walk-forward, with a gap between what is learned and what is tested."""

from matplotlib.figure import Figure

from bpbook import plots

ALT = (
    "Three bars over an axis of time, one for each refit. In each, a long blue stretch, the days that are learned "
    "from, is followed by a narrow empty gap and an orange stretch, the days that are tested. From bar to bar the "
    "tested stretch moves on, and what was tested before is learned from."
)
LEFT, UNIT, GAP = 1.5, 0.95, 0.22


def draw() -> Figure:
    """Draw three refits below one another, and the axis of time."""
    figure, ax = plots.canvas(7.4, 2.5)
    for row in range(3):
        height, cut = 2.15 - 0.55 * row, LEFT + UNIT * (3 + row)
        learned = cut - GAP - LEFT
        plots.label(ax, (LEFT - 0.15, height), f"refit {row + 1}", size=11, ha="right")
        plots.box(ax, (LEFT + learned / 2, height), learned, 0.36, "learn", color=plots.POSITIVE, size=11)
        plots.box(ax, (cut + UNIT / 2, height), UNIT, 0.36, "test", color=plots.NEGATIVE, size=11, strength=0.35)
    gap = LEFT + UNIT * 5 - GAP / 2
    plots.arrow(ax, (gap, 0.62), (gap, 0.98), color=plots.NEUTRAL, gap=0)
    plots.label(ax, (gap, 0.5), "gap", color=plots.NEUTRAL, size=11)
    plots.arrow(ax, (LEFT, 0.25), (LEFT + 6 * UNIT, 0.25), color=plots.NEUTRAL, gap=0)
    plots.label(ax, (LEFT - 0.15, 0.25), "time", color=plots.NEUTRAL, size=11, ha="right")
    return figure


if __name__ == "__main__":
    plots.save_svg(draw(), __file__, ALT)
