"""Chapter 07: the graph of f = ln x + x y - sin y; values forward, adjoints back."""

import numpy as np
from matplotlib.figure import Figure

from bpbook import graph, plots

AT = {"x": (0.9, 3.6), "y": (0.9, 1.5), "v1": (3.3, 4.2), "v2": (3.3, 2.6), "v3": (3.3, 1.0), "v4": (5.6, 3.3)}
AT |= {"f": (7.8, 2.4)}
FORMULA = {"x": "$x$", "y": "$y$", "v1": r"$p_1 = \ln x$", "v2": r"$p_2 = x\,y$", "v3": r"$p_3 = \sin y$"}
FORMULA |= {"v4": "$p_4 = p_1 + p_2$", "f": "$f = p_4 - p_3$"}

X, Y = graph.variable(2.0, "x"), graph.variable(5.0, "y")
V1, V2, V3 = graph.log(X), X * Y, graph.sin(Y)
V4 = V1 + V2
NODE = {"x": X, "y": Y, "v1": V1, "v2": V2, "v3": V3, "v4": V4, "f": V4 - V3}
ADJOINT = graph.backward(NODE["f"])
assert np.isclose(ADJOINT[X], 1 / 2 + 5) and np.isclose(ADJOINT[Y], 2 - np.cos(5))
TEXT = {name: plots.number(float(node.value)) for name, node in NODE.items()}
BACK = {name: plots.number(float(ADJOINT[node])) for name, node in NODE.items()}
ALT = (
    f"The graph of f = ln x + x y - sin y at x = {TEXT['x']}, y = {TEXT['y']}. Forward: ln x = {TEXT['v1']}, "
    f"x y = {TEXT['v2']}, sum {TEXT['v4']}, sin y = {TEXT['v3']}, f = {TEXT['f']}. Adjoints back: {BACK['f']} at "
    f"f, sum, ln x and x y; {BACK['v3']} at sin y; {BACK['x']} at x; {BACK['y']} at y."
)


def symbol(name: str) -> str:
    """Return a node's name in LaTeX."""
    return name if len(name) == 1 else f"p_{name[1]}"


def draw() -> Figure:
    """Draw the nodes with their values, the local derivatives on the links and the adjoints below."""
    figure, ax = plots.canvas(8.8, 5.1)
    names = {node: name for name, node in NODE.items()}
    for name, node in NODE.items():
        for edge in node.edges:
            start, end = AT[names[edge.parent]], AT[name]
            plots.arrow(ax, start, end, gap=0.43, lw=1.8)
            slope = plots.number(float(edge.jvp(np.ones(()))))
            plots.tag(ax, start, end, f"× {slope}", share=0.47, color=plots.POSITIVE)
    for name, (left, height) in AT.items():
        plots.node(ax, (left, height), TEXT[name], radius=0.41, size=11)
        plots.label(ax, (left, height + 0.6), FORMULA[name], size=12)
        back = rf"$\partial f/\partial {symbol(name)} = {BACK[name]}$"
        plots.label(ax, (left, height - 0.6), back, color=plots.NEGATIVE, size=12)
    legend = [
        ("in the circles: values", plots.NEUTRAL),
        ("on the links: local derivatives", plots.POSITIVE),
        ("below: adjoints, back from $f$", plots.NEGATIVE),
    ]
    for row, (text, color) in enumerate(legend):
        plots.label(ax, (5.6, 1.0 - 0.29 * row), text, color=color, size=11, ha="left")
    return figure


if __name__ == "__main__":
    plots.save_svg(draw(), __file__, ALT)
