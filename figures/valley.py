"""Chapter 06: gradient descent, momentum and Adam in one narrow valley."""

import numpy as np
from matplotlib import pyplot
from matplotlib.figure import Figure
from numpy.typing import NDArray

import bpbook as bp
from bpbook import plots

CURVATURE = np.array([1.0, 30.0])
START, STEPS = np.array([-9.0, 1.6]), 40
GREEN = "#3b8f6a"


def loss(w: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return C(w) for w of shape (2, ...)."""
    return 0.5 * np.tensordot(CURVATURE, w**2, axes=1)


def gradient(w: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return dC/dw for w of shape (2,)."""
    return CURVATURE * w


assert bp.relative_error(gradient(START), bp.numerical_gradient(loss, START)) < 1e-7


def trajectory(optimizer: bp.Optimizer) -> NDArray[np.float64]:
    """Return the weights at the start and after every step, of shape (2, STEPS + 1)."""
    w, seen = START.copy(), [START.copy()]
    for _ in range(STEPS):
        optimizer.update([w], [gradient(w)])
        seen.append(w.copy())
    return np.array(seen).T


PATHS = {
    "gradient descent": trajectory(bp.GradientDescent(eta=0.06)),
    "momentum": trajectory(bp.Momentum(eta=0.02, mu=0.8)),
    "Adam": trajectory(bp.Adam(eta=0.5)),
}
ACROSS = PATHS["gradient descent"][1]
assert np.all(ACROSS[1:] * ACROSS[:-1] < 0)  # every step to the other side
assert PATHS["Adam"][0].max() > 1  # past the minimum, which is at 0
LAST = {name: float(loss(path[:, -1])) for name, path in PATHS.items()}
assert LAST["momentum"] < min(LAST["gradient descent"], LAST["Adam"])
ALT = (
    f"Contours of a valley {CURVATURE[1]:.0f} times as curved across as along, and {STEPS} steps of three optimizers "
    f"from one start at the upper left. Gradient descent zigzags, then creeps along the floor. Momentum swings across "
    f"and gets there fastest. Adam curves gently and overshoots. Last losses: {LAST['gradient descent']:.2f}, "
    f"{LAST['momentum']:.2f}, {LAST['Adam']:.2f}."
)


def draw() -> Figure:
    """Draw the contours and the three ways down."""
    plots.style()
    figure, ax = pyplot.subplots(figsize=(8.8, 4.6))
    across, along = np.meshgrid(np.linspace(-10, 3.4, 200), np.linspace(-2.05, 2.05, 200))
    levels = np.array([0.5, 2, 6, 13, 24, 40, 60, 84])
    ax.contour(across, along, loss(np.array([across, along])), levels, colors=plots.NEUTRAL, linewidths=0.8, alpha=0.5)
    styles = {"gradient descent": (plots.POSITIVE, "o-"), "momentum": (plots.NEGATIVE, "s--"), "Adam": (GREEN, "^-")}
    for name, (color, form) in styles.items():
        ax.plot(*PATHS[name], form, color=color, lw=1.5, ms=4)
    ax.plot(*START, "o", color=plots.NEUTRAL, ms=9, zorder=5)
    ax.plot(0, 0, "+", color=plots.NEUTRAL, ms=14, mew=2, zorder=5)
    plots.label(ax, (-7.8, 1.1), "gradient descent", color=plots.POSITIVE, size=12, ha="left", clear=True)
    plots.label(ax, (-5.05, 0.62), "momentum", color=plots.NEGATIVE, size=12, ha="left", clear=True)
    plots.label(ax, (-5.2, -1.02), "Adam", color=GREEN, size=12, clear=True)
    plots.label(ax, (START[0] - 0.15, START[1] + 0.2), "start", color=plots.NEUTRAL, size=12, clear=True)
    ax.set(xlim=(-10, 3.4), ylim=(-2.05, 2.05), xlabel="$w_0$, along the valley", ylabel="$w_1$, across it")
    figure.get_layout_engine().set(w_pad=0.1, h_pad=0.1)
    return figure


if __name__ == "__main__":
    plots.save_svg(draw(), __file__, ALT)
