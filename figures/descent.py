"""Chapter 03: gradient descent on one weight with a learning rate that is too small, right, and too large."""

import numpy as np
from matplotlib import pyplot
from matplotlib.figure import Figure

import bpbook as bp
from bpbook import plots

X, Y, BIAS, START, STEPS = [[2.0]], [1.0], -2.0, -0.5, 7
SMALL, RIGHT, LARGE = 0.02, 0.15, 0.51
RATES = {SMALL: "too small", RIGHT: "right", LARGE: "too large"}


def neuron(w: float) -> bp.MLP:
    """Return one neuron without an activation function, so that its loss is a parabola in w."""
    net = bp.MLP([1, 1], loss="squared_error")
    net.W[1][...], net.b[1][...] = w, BIAS
    return net


def loss(w: float) -> float:
    """Return the loss at this weight."""
    net = neuron(w)
    return net.loss(net.forward(X), Y)


def descend(eta: float) -> list[float]:
    """Return the weight at the start and after each step; the bias stays."""
    net, seen = neuron(START), [START]
    for _ in range(STEPS):
        gradient = net.backward(net.forward(X), Y).dW[1]
        bp.GradientDescent(eta).update([net.W[1]], [gradient])
        seen.append(float(net.W[1][0, 0]))
    return seen


WEIGHTS = {eta: descend(eta) for eta in RATES}
LOSSES = {eta: [loss(w) for w in weights] for eta, weights in WEIGHTS.items()}
FIRST, LAST = loss(START), [losses[-1] for losses in LOSSES.values()]
assert LAST[1] < 1e-3 < LAST[0] < FIRST < LAST[2]
ALT = (
    f"One parabola of loss against weight, three times, {STEPS} steps each from a loss of {FIRST:.0f}. Learning rate "
    f"{SMALL}, too small: short steps, the loss is still {LAST[0]:.1f}. {RIGHT}, right: it is at the bottom. {LARGE}, "
    f"too large: every step jumps across the valley and lands higher, at last at {LAST[2]:.0f}."
)


def draw() -> Figure:
    """Draw the three runs side by side."""
    plots.style()
    figure, axes = pyplot.subplots(1, 3, figsize=(8.8, 3.6), sharey=True)
    w = np.linspace(-1.3, 4.3, 100)
    curve = [loss(at) for at in w]
    for ax, (eta, verdict) in zip(axes, RATES.items(), strict=True):
        ax.plot(w, curve, color=plots.NEUTRAL, lw=1.6)
        ax.plot(WEIGHTS[eta], LOSSES[eta], "o-", color=plots.POSITIVE if verdict == "right" else plots.NEGATIVE, ms=5)
        ax.plot(START, FIRST, "o", color=plots.NEUTRAL, ms=8, zorder=5)
        ax.set_title(rf"$\eta = {eta}$: {verdict}", fontsize=12)
        ax.set(xlabel="$w$", xlim=(-1.3, 4.3), ylim=(-0.6, 15.7), yticks=[0, 5, 10, 15], xticks=[0, 2, 4])
    figure.get_layout_engine().set(w_pad=0.1, h_pad=0.1)
    axes[0].set(ylabel="loss $C$")
    return figure


if __name__ == "__main__":
    plots.save_svg(draw(), __file__, ALT)
