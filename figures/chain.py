"""Chapter 02: a chain with a branch; values forward, derivatives back."""

import numpy as np
from matplotlib.figure import Figure

from bpbook import graph, plots

AT = {"x": (0.9, 2.2), "u": (3.1, 2.2), "v": (5.5, 3.2), "w": (5.5, 1.2), "y": (7.9, 2.2)}
FORMULA = {"x": "$x$", "u": "$u = x^2$", "v": "$v = 3u$", "w": "$w = u + 1$", "y": "$y = v\\,w$"}

X = graph.variable(2.0, "x")
U = X**2
V, W = 3.0 * U, U + 1.0
Y = V * W
NODE = {"x": X, "u": U, "v": V, "w": W, "y": Y}
NAME = {node: name for name, node in NODE.items()}
ADJOINT = graph.backward(Y)
SLOPE = {
    (NAME[edge.parent], name): float(edge.jvp(np.ones(())))
    for name, node in NODE.items()
    for edge in node.edges
    if edge.parent in NAME
}
VALUE = {name: f"{node.value:g}" for name, node in NODE.items()}
BACK = {name: f"{ADJOINT[node]:g}" for name, node in NODE.items()}
ALT = (
    f"x = {VALUE['x']} leads to u = x squared = {VALUE['u']}; u to v = 3 u = {VALUE['v']} and "
    f"w = u + 1 = {VALUE['w']}; these to y = v w = {VALUE['y']}. Blue: local derivatives. Orange: dy/d of "
    f"each node, {BACK['y']} at y, {BACK['v']} at v, {BACK['w']} at w, {BACK['u']} at u, {BACK['x']} at x."
)


def draw() -> Figure:
    """Draw the five nodes, their values, the local derivative of each link and what comes back to each node."""
    figure, ax = plots.canvas(8.8, 4.1)
    for (start, end), slope in SLOPE.items():
        (x0, y0), (x1, y1) = AT[start], AT[end]
        plots.arrow(ax, AT[start], AT[end], gap=0.36, lw=1.8)
        up = -0.26 if "w" in (start, end) else 0.26
        at = ((x0 + x1) / 2, (y0 + y1) / 2 + up)
        plots.label(ax, at, f"× {plots.number(slope)}", color=plots.POSITIVE, size=12)
    for name, (left, height) in AT.items():
        plots.node(ax, (left, height), VALUE[name], radius=0.34, size=13)
        plots.label(ax, (left, height + 0.56), FORMULA[name], size=12)
        back = rf"$\partial y/\partial {name} = {BACK[name]}$"
        plots.label(ax, (left, height - 0.56), back, color=plots.NEGATIVE, size=12)
    legend = [
        ("in the circles: values", plots.NEUTRAL),
        ("on the links: local derivatives", plots.POSITIVE),
        ("below: what comes back from $y$", plots.NEGATIVE),
    ]
    for row, (text, color) in enumerate(legend):
        plots.label(ax, (0.2, 3.92 - 0.29 * row), text, color=color, size=11, ha="left")
    return figure


if __name__ == "__main__":
    plots.save_svg(draw(), __file__, ALT)
