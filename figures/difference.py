"""Chapter 05: the central difference against the one-sided one, and both against the tangent."""

import numpy as np
from matplotlib import pyplot
from matplotlib.figure import Figure

import bpbook as bp
from bpbook import plots

W, H = 0.0, 0.9
TANGENT = float(bp.complex_step_gradient(np.exp, W))
CENTRAL = float(bp.numerical_gradient(np.exp, W, h=H))
ONE_SIDED = float((np.exp(W + H) - np.exp(W)) / H)
assert abs(CENTRAL - TANGENT) < abs(ONE_SIDED - TANGENT) / 4
ALT = (
    f"A rising curve C(w) and three straight lines. The tangent at w has slope {TANGENT:.2f}. The line through w - h "
    f"and w + h, the central difference, has slope {CENTRAL:.2f}: nearly parallel. The line through w and w + h, the "
    f"one-sided difference, has slope {ONE_SIDED:.2f}: far too steep."
)


def draw() -> Figure:
    """Draw the curve, the tangent and the two secants."""
    plots.style()
    figure, ax = pyplot.subplots(figsize=(8.8, 4.8))
    w = np.linspace(-1.6, 1.36, 200)
    ax.plot(w, np.exp(w), color=plots.NEUTRAL, lw=2.4)
    middle = (np.exp(W - H) + np.exp(W + H)) / 2
    for slope, height, span, color, ls in (
        (TANGENT, np.exp(W), (-1.55, 1.42), plots.POSITIVE, "-"),
        (CENTRAL, middle, (-1.55, 1.42), plots.NEGATIVE, "-"),
        (ONE_SIDED, np.exp(W), (-1.0, 1.15), plots.NEUTRAL, "--"),
    ):
        ends = np.array(span)
        ax.plot(ends, height + slope * (ends - W), color=color, ls=ls, lw=2)
    for at in (W - H, W, W + H):
        ax.plot([at, at], [-0.95, np.exp(at)], color=plots.NEUTRAL, ls=":", lw=1)
        ax.plot(at, np.exp(at), "o", color=plots.POSITIVE if at == W else plots.NEGATIVE, ms=8, zorder=4)
    text = f"central difference:\nslope {CENTRAL:.2f}"
    plots.label(ax, (1.46, middle + CENTRAL * 1.42), text, color=plots.NEGATIVE, size=12, ha="left")
    text = f"tangent: slope {TANGENT:.2f}"
    plots.label(ax, (1.46, np.exp(W) + TANGENT * 1.42), text, color=plots.POSITIVE, size=12, ha="left")
    text = f"one-sided difference: slope {ONE_SIDED:.2f}"
    below = np.exp(W) - ONE_SIDED
    plots.label(ax, (-0.85, below - 0.04), text, color=plots.NEUTRAL, size=12, ha="left", clear=True)
    plots.label(ax, (1.2, 3.75), "$C(w)$", color=plots.NEUTRAL, size=13, ha="right")
    ax.set(xlim=(-1.7, 2.45), ylim=(-0.95, 4), yticks=[], xticks=[W - H, W, W + H])
    ax.set_xticklabels(["$w - h$", "$w$", "$w + h$"], size=13)
    ax.spines["left"].set_visible(False)
    figure.get_layout_engine().set(w_pad=0.1, h_pad=0.1)
    return figure


if __name__ == "__main__":
    plots.save_svg(draw(), __file__, ALT)
