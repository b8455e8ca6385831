"""Chapters 04 and 07: the factors of one path from a weight to the loss, in a deep network."""

from matplotlib.axes import Axes
from matplotlib.figure import Figure

import bpbook as bp
from bpbook import plots

ALT = (
    "One path as a strip of units: i, then j by the weight w_ij^l, then k, and on to unit q of layer L and the loss C. "
    "Its factors from left to right: a_i^(l-1), f_l'(z_j^l), w_jk^(l+1), f_(l+1)'(z_k^(l+1)), and so on, f_L'(z_q^L), "
    "dC/da_q^L. All but the first are this path's share of delta_j^l."
)
HEIGHT = 2.7
UNITS = {"i": (0.7, "l-1"), "j": (2.3, "l"), "k": (4.3, "l+1"), "q": (6.6, "L"), "C": (8.3, "")}
DOTS = r"\cdots"
# Kind, unit or edge, and the factor itself.
FACTORS = [
    ("a", "i", "a_i^{l-1}"),
    ("f'", "j", "f_l'(z_j^l)"),
    ("w", "jk", "w_{jk}^{l+1}"),
    ("f'", "k", "f_{l+1}'(z_k^{l+1})"),
    ("", "kq", DOTS),
    ("f'", "q", "f_L'(z_q^L)"),
    ("dC/da", "qC", r"\partial C/\partial a_q^L"),
]


def check() -> None:
    """Assert that a path of a real network has the factors of the figure, in its order."""
    path = bp.explain(bp.MLP([2, 2, 2, 2], loss="squared_error"), [[1.0, 2.0]], [[0.0, 1.0]], (1, 0, 0)).paths[0]
    deeper = [("w", "kq", "")]
    figure = [kind for kind, *_ in FACTORS[:4] + deeper + FACTORS[5:]]
    assert [factor.kind for factor in path] == figure


def span(ax: Axes, left: float, right: float, height: float, text: str) -> None:
    """Draw a line under a part of the strip, with what that part is."""
    ax.plot([left, left, right, right], [height + 0.1, height, height, height + 0.1], color=plots.NEGATIVE, lw=1.8)
    plots.label(ax, ((left + right) / 2, height - 0.24), text, color=plots.NEGATIVE, size=13)


def draw() -> Figure:
    """Draw the strip, each factor where it belongs, and below it the two parts of the product."""
    check()
    figure, ax = plots.canvas(8.8, 4.2)
    at = {name: (left, HEIGHT) for name, (left, _) in UNITS.items()}
    for start, end in ("ij", "jk", "kq", "qC"):
        plots.arrow(ax, at[start], at[end], gap=0.32, color=plots.POSITIVE, lw=2.2)
    plots.label(ax, ((at["i"][0] + at["j"][0]) / 2, HEIGHT + 0.22), "$w_{ij}^l$", size=13, color=plots.NEUTRAL)
    for name, (left, layer) in UNITS.items():
        color = plots.NEUTRAL if name == "C" else plots.POSITIVE
        plots.node(ax, (left, HEIGHT), f"${name}$", radius=0.29, size=13, color=color)
        plots.label(ax, (left, 3.85), f"layer ${layer}$" if layer else "loss", size=11, color=plots.NEUTRAL)
    for _, where, factor in FACTORS:
        if len(where) == 1:
            plots.label(ax, (at[where][0], HEIGHT - 0.58), f"${factor}$", color=plots.POSITIVE, size=14)
        elif factor == DOTS:
            plots.tag(ax, at[where[0]], at[where[1]], f"${factor}$", color=plots.POSITIVE, size=16)
        else:
            middle = (at[where[0]][0] + at[where[1]][0]) / 2
            plots.label(ax, (middle, HEIGHT + 0.24), f"${factor}$", color=plots.POSITIVE, size=14)
    span(ax, 0.2, 1.2, 1.5, "the input")
    span(ax, 1.65, 8.6, 1.5, r"this path’s share of $\delta_j^l$")
    text = r"over all paths, the products add up:  $\partial C/\partial w_{ij}^l = a_i^{l-1}\,\delta_j^l$"
    plots.label(ax, (4.4, 0.5), text, color=plots.NEGATIVE, size=13)
    return figure


if __name__ == "__main__":
    plots.save_svg(draw(), __file__, ALT)
