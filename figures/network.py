"""The network of chapter 01: values go forward, deltas come back."""

from matplotlib.figure import Figure

from bpbook import plots

ALT = (
    "A network of three columns: 64 inputs a^0, 64 hidden units a^1, 10 outputs a^2 with their probabilities p, "
    "and the loss C. "
    "Blue arrows above lead forward from the inputs to the loss through the weights W^1 and W^2. "
    "Orange arrows below lead back from the loss: delta^2 at the outputs, delta^1 at the hidden units, "
    "and at each set of weights its gradient."
)
COLUMNS = {0: (1.5, "64 pixels", "a^0 = x"), 1: (4.0, "64 hidden units", "a^1"), 2: (6.8, "10 outputs", "a^2,\\; p")}
ROWS = (3.55, 2.95, 1.75)


def draw() -> Figure:
    """Draw the columns of units, the forward arrows above them and the backward arrows below."""
    figure, ax = plots.canvas(9.2, 5.0)
    for l in (1, 2):
        for start in ROWS:
            for end in ROWS:
                plots.arrow(ax, (COLUMNS[l - 1][0], start), (COLUMNS[l][0], end), arrowstyle="-", lw=0.8, alpha=0.6)
    for left, units, symbol in COLUMNS.values():
        for height in ROWS:
            plots.node(ax, (left, height), radius=0.22)
        plots.label(ax, (left, 2.35), "⋮", size=15)
        plots.label(ax, (left, 4.75), units)
        plots.label(ax, (left, 4.28), f"${symbol}$", color=plots.POSITIVE, size=13)
    plots.node(ax, (8.5, 2.65), "$C$", radius=0.3, color=plots.NEUTRAL)
    plots.label(ax, (8.5, 4.75), "loss")

    for start, end, text in ((2.1, 3.6, "$z^1 = a^0 W^1 + b^1$"), (4.4, 6.4, "$z^2 = a^1 W^2 + b^2$")):
        plots.arrow(ax, (start, 4.28), (end, 4.28), color=plots.POSITIVE, gap=0, lw=2)
        plots.label(ax, ((start + end) / 2, 4.5), text, color=plots.POSITIVE)
    plots.arrow(ax, (7.2, 4.28), (8.4, 3.05), color=plots.POSITIVE, gap=0, lw=2)

    plots.arrow(ax, (8.4, 2.25), (7.2, 1.0), color=plots.NEGATIVE, gap=0, lw=2)
    for l in (1, 2):
        plots.label(ax, (COLUMNS[l][0], 1.0), rf"$\delta^{l}$", color=plots.NEGATIVE, size=14)
    plots.arrow(ax, (6.4, 1.0), (4.4, 1.0), color=plots.NEGATIVE, gap=0, lw=2)
    plots.label(ax, (5.4, 1.24), r"$\delta^2 (W^2)^T * f_1'(z^1)$", color=plots.NEGATIVE)
    for l, at in ((1, 2.6), (2, 5.4)):
        plots.label(ax, (at, 0.32), rf"$\partial C/\partial W^{l} = (a^{l - 1})^T\, \delta^{l}$", color=plots.NEGATIVE)
        plots.arrow(ax, (COLUMNS[l][0] - 0.2, 0.8), (at + 0.75, 0.52), color=plots.NEGATIVE, gap=0, lw=1.3)
    plots.label(ax, (0.2, 4.75), "forward", color=plots.POSITIVE, size=11, ha="left")
    plots.label(ax, (0.2, 1.0), "backward", color=plots.NEGATIVE, size=11, ha="left")
    return figure


if __name__ == "__main__":
    plots.save_svg(draw(), __file__, ALT)
