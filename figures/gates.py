"""Chapter 02: what a sum, a product and a maximum hand back to their inputs."""

from matplotlib.figure import Figure

from bpbook import graph, plots

ARRIVES = 2.0
INPUTS = (3.0, 5.0)
PAIR = graph.variable(INPUTS)
GATES = {"+": graph.sum(PAIR), "×": PAIR[0] * PAIR[1], "max": graph.max(PAIR)}
TITLE = {"+": "a sum hands on", "×": "a product swaps", "max": "a maximum routes"}
BACK = {sign: graph.backward(ARRIVES * node)[PAIR].tolist() for sign, node in GATES.items()}
assert BACK == {"+": [2, 2], "×": [10, 6], "max": [0, 2]}
ALT = (
    f"Three nodes, each with the inputs {INPUTS[0]:g} and {INPUTS[1]:g}, in blue, and {ARRIVES:g} arriving from the "
    f"right, in orange. The sum hands back {BACK['+'][0]:g} and {BACK['+'][1]:g}, the product {BACK['×'][0]:g} and "
    f"{BACK['×'][1]:g}, the maximum {BACK['max'][0]:g} and {BACK['max'][1]:g}."
)


def draw() -> Figure:
    """Draw the three nodes side by side: values forward above each line, what is handed back below it."""
    figure, ax = plots.canvas(8.8, 2.5)
    for place, (sign, node) in enumerate(GATES.items()):
        left = 0.35 + 2.95 * place
        gate, out = (left + 1.25, 1.05), (left + 2.25, 1.05)
        plots.label(ax, (left + 1.1, 2.2), TITLE[sign], size=12)
        for row, height in enumerate((1.65, 0.45)):
            plots.arrow(ax, (left, height), gate, gap=0, shrinkB=21, lw=1.5)
            outside = 0.2 if row == 0 else -0.2
            middle = (left + 0.52, 1.05 + (0.36 if row == 0 else -0.36))
            plots.label(ax, (middle[0], middle[1] + outside), f"{INPUTS[row]:g}", color=plots.POSITIVE, size=12)
            back = plots.number(BACK[sign][row])
            plots.label(ax, (middle[0] - 0.12, middle[1] - 0.9 * outside), back, color=plots.NEGATIVE, size=12)
        plots.arrow(ax, gate, out, gap=0, shrinkA=21, lw=1.5)
        plots.node(ax, gate, sign, radius=0.29, size=12)
        plots.label(ax, (left + 1.9, 1.24), plots.number(node.value), color=plots.POSITIVE, size=12)
        plots.label(ax, (left + 1.9, 0.84), plots.number(ARRIVES), color=plots.NEGATIVE, size=12)
    return figure


if __name__ == "__main__":
    plots.save_svg(draw(), __file__, ALT)
