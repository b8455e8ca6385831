"""Chapter 04: where each of the four equations lives in the network."""

from itertools import pairwise

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from bpbook import plots

ALT = (
    "A network from layer l-1 through l and l+1 to the outputs L and the loss C. In orange below, from right to left: "
    "BP1 turns dC/da^L into delta^L; BP2 takes delta^(l+1) back to delta^l through W^(l+1); from delta^l, BP3 gives "
    "dC/db^l, and BP4, with a^(l-1), gives dC/dW^l."
)
LAYERS = {"l-1": 0.75, "l": 3.1, "l+1": 5.45, "L": 7.0}
LOSS = 8.3
HEIGHTS = (4.35, 3.75, 3.15)
BACK, GRADIENTS = 1.85, 0.5


def named(ax: Axes, at: tuple[float, float], name: str, text: str) -> None:
    """Write an equation with its name in a box above it."""
    plots.label(ax, (at[0], at[1]), text, color=plots.NEGATIVE, size=12)
    plots.box(ax, (at[0], at[1] + 0.33), 0.5, 0.26, name, color=plots.NEGATIVE, size=11)


def network(ax: Axes) -> None:
    """Draw the strip of layers, its weights and the loss."""
    columns = list(LAYERS.items())
    for (_, before), (name, after) in pairwise(columns):
        if name == "L":
            plots.label(ax, ((before + after) / 2, HEIGHTS[1]), "⋯", size=16, color=plots.NEUTRAL)
            continue
        for start in HEIGHTS:
            for end in HEIGHTS:
                plots.arrow(ax, (before, start), (after, end), gap=0.22, arrowstyle="-", lw=0.8, alpha=0.6)
        plots.label(ax, ((before + after) / 2, 4.8), f"$W^{{{name}}}, b^{{{name}}}$", size=13)
    for name, left in columns:
        for height in HEIGHTS:
            plots.node(ax, (left, height), radius=0.2)
        plots.label(ax, (left, 4.8), f"$a^{{{name}}}$", size=14, color=plots.POSITIVE)
    for height in HEIGHTS:
        plots.arrow(ax, (LAYERS["L"], height), (LOSS, HEIGHTS[1]), gap=0.22, arrowstyle="-", lw=0.8, alpha=0.6)
    plots.node(ax, (LOSS, HEIGHTS[1]), "$C$", radius=0.28, size=13, color=plots.NEUTRAL)
    plots.label(ax, (LOSS, 4.8), "loss", size=12)


def backward(ax: Axes) -> None:
    """Draw the deltas under their layers, the arrows between them and the gradients they give."""
    for name, left in list(LAYERS.items())[1:]:
        plots.label(ax, (left, BACK), rf"$\delta^{{{name}}}$", color=plots.NEGATIVE, size=15)
    options = {"color": plots.NEGATIVE, "gap": 0, "lw": 2}
    plots.arrow(ax, (LOSS, HEIGHTS[1] - 0.38), (7.3, BACK), **options)
    plots.label(ax, (6.22, BACK), "⋯", size=16, color=plots.NEGATIVE)
    plots.arrow(ax, (5.1, BACK), (3.4, BACK), **options)
    plots.arrow(ax, (2.8, BACK - 0.15), (2.15, GRADIENTS + 0.6), **options)
    plots.arrow(ax, (3.25, BACK - 0.2), (3.75, GRADIENTS + 0.6), **options)
    plots.arrow(ax, (LAYERS["l-1"], HEIGHTS[2] - 0.3), (1.55, GRADIENTS + 0.6), **(options | {"color": plots.POSITIVE}))
    named(ax, (4.25, BACK + 0.25), "BP2", r"$\delta^{l+1}\,(W^{l+1})^T * f_l'(z^l)$")
    named(ax, (7.4, BACK - 0.8), "BP1", r"$\delta^L = \partial C/\partial a^L * f_L'(z^L)$")
    named(ax, (1.85, GRADIENTS), "BP4", r"$\partial C/\partial W^l = (a^{l-1})^T\, \delta^l$")
    named(ax, (4.25, GRADIENTS), "BP3", r"$\partial C/\partial b^l = $ sum of the rows of $\delta^l$")


def draw() -> Figure:
    """Draw the network, and below it what each equation does."""
    figure, ax = plots.canvas(8.8, 5.05)
    network(ax)
    backward(ax)
    return figure


if __name__ == "__main__":
    plots.save_svg(draw(), __file__, ALT)
