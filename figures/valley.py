"""Chapter 06: gradient descent in a narrow valley."""

import numpy as np
from matplotlib import pyplot
from matplotlib.figure import Figure
from numpy.typing import NDArray

import bpbook as bp
from bpbook import plots

CURVATURE = np.array([1.0, 30.0])
START, STEPS = np.array([-9.0, 1.6]), 40


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


PATH = trajectory(bp.GradientDescent(eta=0.06))
assert np.all(PATH[1, 1:] * PATH[1, :-1] < 0)  # every step to the other side
assert abs(PATH[1, -1]) < 0.001 < abs(PATH[0, -1])  # across it has arrived, along it has not
ALT = (
    f"Contours of a valley {CURVATURE[1]:.0f} times as curved across as along, and {STEPS} steps of gradient descent "
    f"from the upper left. They zigzag from wall to wall, ever less, then creep along the floor. The last loss is "
    f"{loss(PATH[:, -1]):.2f}, and nearly all of it is left in the flat direction."
)


def draw() -> Figure:
    """Draw the contours and the way down."""
    plots.style()
    figure, ax = pyplot.subplots(figsize=(8.8, 4.2))
    across, along = np.meshgrid(np.linspace(-10, 1.4, 200), np.linspace(-2.05, 2.05, 200))
    levels = np.array([0.5, 2, 6, 13, 24, 40, 60, 84])
    ax.contour(across, along, loss(np.array([across, along])), levels, colors=plots.NEUTRAL, linewidths=0.8, alpha=0.5)
    ax.plot(*PATH, "o-", color=plots.POSITIVE, lw=1.5, ms=4)
    ax.plot(*START, "o", color=plots.NEUTRAL, ms=9, zorder=5)
    ax.plot(0, 0, "+", color=plots.NEUTRAL, ms=14, mew=2, zorder=5)
    plots.label(ax, (-7.1, 1.45), "from wall to wall,", color=plots.POSITIVE, size=12, ha="left", clear=True)
    plots.label(ax, (-3.9, 0.55), "then along the floor", color=plots.POSITIVE, size=12, ha="left", clear=True)
    plots.label(ax, (START[0] - 0.15, START[1] + 0.2), "start", color=plots.NEUTRAL, size=12, clear=True)
    ax.set(xlim=(-10, 1.4), ylim=(-2.05, 2.05), xlabel="$w_0$, along the valley", ylabel="$w_1$, across it")
    figure.get_layout_engine().set(w_pad=0.1, h_pad=0.1)
    return figure


if __name__ == "__main__":
    plots.save_svg(draw(), __file__, ALT)
