"""Chapter 07: a forward sweep and a reverse sweep on one graph with three inputs and one output."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from bpbook import graph, plots

AT = {"x_0": (0.55, 3.85), "x_1": (0.55, 2.6), "x_2": (0.55, 1.35), "p": (2.15, 3.25), "q": (2.15, 1.95)}
AT |= {"y": (3.65, 2.6)}
FORMULA = {"x_0": "x_0", "x_1": "x_1", "x_2": "x_2", "p": "p = x_0\\,x_1", "q": "q = x_1 + x_2", "y": "y = p\\,q"}
INPUTS = ("x_0", "x_1", "x_2")

X = [graph.variable(value, name) for value, name in zip((2.0, 3.0, 1.0), INPUTS, strict=True)]
P, Q = X[0] * X[1], X[1] + X[2]
NODE = dict(zip(INPUTS, X, strict=True)) | {"p": P, "q": Q, "y": P * Q}
TANGENTS = [graph.forward_mode(NODE["y"], {k: float(k is x) for k in X}) for x in X]
ADJOINT = graph.backward(NODE["y"])
SLOPES = [float(ADJOINT[x]) for x in X]
assert np.allclose(SLOPES, [float(tangent[NODE["y"]]) for tangent in TANGENTS])
TEXT = [f"{slope:g}" for slope in SLOPES]
ALT = (
    "One graph twice: p = x_0 x_1, q = x_1 + x_2, y = p q. Left, a forward sweep: with 1 at x_0 and 0 at the other "
    f"inputs it ends with dy/dx_0 = {TEXT[0]}; three inputs need three sweeps. Right, one reverse sweep from y gives "
    f"all: {TEXT[0]}, {TEXT[1]} and {TEXT[2]}."
)


def panel(ax: Axes, left: float, forward: bool) -> None:
    """Draw the graph with what one sweep brings to every node, in the sweep's direction."""
    color = plots.POSITIVE if forward else plots.NEGATIVE
    derivative = TANGENTS[0] if forward else ADJOINT
    names = {node: name for name, node in NODE.items()}
    at = {name: (left + across, height) for name, (across, height) in AT.items()}
    for name, node in NODE.items():
        for edge in node.edges:
            ends = at[names[edge.parent]], at[name]
            plots.arrow(ax, *(ends if forward else ends[::-1]), gap=0.33, color=color, lw=1.8)
    for name, (across, height) in at.items():
        plots.node(ax, (across, height), plots.number(float(derivative[NODE[name]])), radius=0.3, size=12, color=color)
        text = f"${FORMULA[name]} = {plots.number(float(NODE[name].value))}$"
        plots.label(ax, (across, height + 0.45), text, size=11)


def draw() -> Figure:
    """Draw the forward sweep of the first input on the left, the reverse sweep on the right."""
    figure, ax = plots.canvas(8.8, 5.0)
    ax.plot([4.4, 4.4], [0.2, 4.85], color=plots.NEUTRAL, lw=0.8, alpha=0.6)
    panel(ax, 0.1, forward=True)
    panel(ax, 4.6, forward=False)
    plots.label(ax, (2.2, 4.75), "forward: how every node moves with $x_0$", color=plots.POSITIVE, size=12)
    plots.label(ax, (6.6, 4.75), "reverse: how $y$ moves with every node", color=plots.NEGATIVE, size=12)
    first = rf"gives $\partial y/\partial x_0 = {TEXT[0]}$;" + "\nthree inputs, three sweeps"
    every = rf"gives $\partial y/\partial x = ({TEXT[0]}, {TEXT[1]}, {TEXT[2]})$;" + "\none output, one sweep"
    plots.label(ax, (2.2, 0.5), first, color=plots.POSITIVE, size=12, linespacing=1.5)
    plots.label(ax, (6.6, 0.5), every, color=plots.NEGATIVE, size=12, linespacing=1.5)
    return figure


if __name__ == "__main__":
    plots.save_svg(draw(), __file__, ALT)
