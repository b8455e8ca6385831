"""Chapter 04: all paths from one weight of the first layer to the loss."""

from itertools import pairwise
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

import bpbook as bp
from bpbook import plots

SIZES, WEIGHT, CHOSEN = [2, 2, 3, 2], (1, 1, 0), (1, 0, 2, 1)
"""The network, the weight w_ij^l, and the units of the path in full colour."""

LAYER, I, J = WEIGHT
FOUND = bp.explain(bp.MLP(SIZES, loss="squared_error"), [[1.0, 2.0]], [[1.0, 0.0]], WEIGHT)
ROUTES = {tuple(factor.units[0] for factor in path if factor.kind in ("a", "f'")): path for path in FOUND.paths}
assert len(ROUTES) == FOUND.count and CHOSEN in ROUTES
ALT = (
    f"A {'-'.join(map(str, SIZES))} network and the loss C. From the weight w_{I}{J}^{LAYER} every path goes through "
    f"unit {J} of layer 1, one of {SIZES[2]} units of layer 2 and one of {SIZES[3]} outputs: {SIZES[2]} times "
    f"{SIZES[3]} = {FOUND.count} paths. One is thick, with its factors: a, f', w, f', w, f', dC/da."
)
LEFT = (0.8, 2.7, 4.8, 6.8)
LOSS = (8.25, 3.0)


def at(layer: int, unit: int) -> tuple[float, float]:
    """Return where a unit stands."""
    return LEFT[layer], LOSS[1] + 1.15 * ((SIZES[layer] - 1) / 2 - unit)


def symbol(factor: Any) -> str:
    """Return a factor of a path in LaTeX."""
    l, units = factor.layer, "".join(map(str, factor.units))
    if factor.kind == "f'":
        return f"f_{l}'(z_{units}^{l})"
    letter = rf"\partial C/\partial a_{units}^{l}" if factor.kind == "dC/da" else f"{factor.kind}_{{{units}}}^{l}"
    return letter


def factors(ax: Axes) -> None:
    """Write the factors of the thick path where they stand in the network, and their product below."""
    path = ROUTES[CHOSEN]
    below = {"va": "top", "size": 12, "color": plots.POSITIVE}
    for factor in path:
        text = f"${symbol(factor)}$"
        if factor.kind == "w":
            i, j = factor.units
            plots.tag(
                ax,
                at(factor.layer - 1, i),
                at(factor.layer, j),
                text,
                share=0.7 if factor.layer == 2 else 0.47,
                size=12,
                color=plots.POSITIVE,
            )
        elif factor.kind == "dC/da":
            plots.label(ax, (LOSS[0], LOSS[1] - 0.4), text, **below)
        else:
            left, height = at(factor.layer, factor.units[0])
            above = factor.layer == LAYER
            up = {"va": "bottom"} if above else {}
            plots.label(ax, (left, height + (0.36 if above else -0.36)), text, **(below | up))
    plots.tag(ax, at(0, I), at(1, J), f"$w_{{{I}{J}}}^{LAYER}$", share=0.36, size=13)
    product = r" \cdot ".join(map(symbol, path))
    plots.label(ax, (4.4, 0.3), f"the thick path adds $\\;{product}$", size=12, color=plots.POSITIVE)
    count = rf"{SIZES[2]} \times {SIZES[3]} = {FOUND.count}"
    text = rf"$\partial C/\partial w_{{{I}{J}}}^{LAYER}$ is the sum over ${count}$ paths"
    plots.label(ax, (4.4, 0.72), text, size=13)


def draw() -> Figure:
    """Draw the network in grey, the edges of all paths in blue, and one path thick with its factors."""
    figure, ax = plots.canvas(8.8, 5.1)
    on_a_path = {(l, *pair) for route in ROUTES for l, pair in enumerate(pairwise(route), start=1)}
    chosen = {(l, *pair) for l, pair in enumerate(pairwise(CHOSEN), start=1)}
    for l in (1, 2, 3):
        for i in range(SIZES[l - 1]):
            for j in range(SIZES[l]):
                style = {"color": plots.NEUTRAL, "lw": 0.9, "alpha": 0.45, "arrowstyle": "-"}
                if (l, i, j) in on_a_path:
                    style = {"color": plots.POSITIVE, "lw": 1.2}
                if (l, i, j) in chosen:
                    style = {"color": plots.POSITIVE, "lw": 3.2}
                plots.arrow(ax, at(l - 1, i), at(l, j), gap=0.3, **style)
    for j in range(SIZES[3]):
        plots.arrow(ax, at(3, j), LOSS, gap=0.3, color=plots.POSITIVE, lw=3.2 if j == CHOSEN[3] else 1.2)
    for layer, size in enumerate(SIZES):
        for unit in range(size):
            met = any(route[layer] == unit for route in ROUTES)
            plots.node(
                ax, at(layer, unit), str(unit), radius=0.27, size=12, color=plots.POSITIVE if met else plots.NEUTRAL
            )
        plots.label(ax, (LEFT[layer], 4.85), f"layer {layer}", size=11)
    plots.node(ax, LOSS, "$C$", radius=0.27, size=12, color=plots.NEUTRAL)
    factors(ax)
    return figure


if __name__ == "__main__":
    plots.save_svg(draw(), __file__, ALT)
