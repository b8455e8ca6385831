"""RMSProp: one step."""

import math

import numpy as np

from ...kinds import Number


def _squares(rng: np.random.Generator) -> tuple[int, int, int, float, float]:
    """Draw w, g, s, rho, eta for which the new running mean of squares is a square."""
    drawn = [(0.9, 15, 5), (0.9, 6, 6), (0.9, 31, 9), (0.9, 60, 10), (0.9, 41, 11), (0.9, 24, 12)]
    drawn += [(0.75, 13, 5), (0.75, 12, 8), (0.75, 28, 4), (0.75, 21, 9), (0.75, 17, 7), (0.75, 32, 10)]
    rho, s, g = drawn[int(rng.integers(len(drawn)))]
    w, eta = int(rng.integers(1, 4)), float(rng.choice([0.1, 0.2, 0.5]))
    at_zero = abs(_rmsprop(w, g, s, rho, eta)) < 1e-6  # there even the usual epsilon would be too much
    return _squares(rng) if at_zero else (w, g, s, rho, eta)


def _rmsprop(w: float, g: float, s: float, rho: float, eta: float) -> float:
    return w - eta * g / math.sqrt(rho * s + (1 - rho) * g**2)


EXERCISES = [
    Number(
        name="rmsprop_step",
        equations=("RMS",),
        given=_squares,
        expected=_rmsprop,
        tolerance=1e-4,
        mistakes={
            lambda w, g, s, rho, eta: w - eta * g: "That is plain gradient descent. RMSProp divides by the root of s.",
            lambda w, g, s, rho, eta: w - eta * g / (rho * s + (1 - rho) * g**2): "The root is missing: s is a mean of "
            "squares.",
            lambda w, g, s, rho, eta: (
                w - eta * g / math.sqrt((1 - rho) * s + rho * g**2)
            ): "The shares are exchanged: rho is the share of the old s that survives.",
            lambda w, g, s, rho, eta: (
                w - eta * g / math.sqrt(rho * s + (1 - rho) * g)
            ): "s takes in the square of the gradient, not the gradient.",
            lambda w, g, s, rho, eta: (
                w - eta * g / math.sqrt(rho * s + g**2)
            ): "The new square enters s with a share of 1 - rho, not in full.",
            lambda w, g, s, rho, eta: (
                w - eta / math.sqrt(rho * s + (1 - rho) * g**2)
            ): "The gradient itself is missing above the line.",
            lambda w, g, s, rho, eta: w - g / math.sqrt(rho * s + (1 - rho) * g**2): "The learning rate is missing.",
            lambda w, g, s, rho, eta: (
                eta * g / math.sqrt(rho * s + (1 - rho) * g**2)
            ): "That is the length of the step. Where is the weight after it?",
            lambda w, g, s, rho, eta: (
                rho * s + (1 - rho) * g**2
            ): "That is the new s. Where is the weight after the step?",
            lambda w, g, s, rho, eta: (
                w - eta * g / math.sqrt(s)
            ): "The old s was used. First let s take the new gradient in.",
            lambda w, g, s, rho, eta: (
                w - eta * g * math.sqrt(rho * s + (1 - rho) * g**2)
            ): "You multiplied by the root. Divide by it.",
            lambda w, g, s, rho, eta: (
                w - eta * g**2 / math.sqrt(rho * s + (1 - rho) * g**2)
            ): "Above the line is the gradient itself, not its square.",
            lambda w, g, s, rho, eta: (
                2 * w - _rmsprop(w, g, s, rho, eta)
            ): "The size of the step is right, but it goes uphill.",
            lambda w, g, s, rho, eta: (
                w - eta * g / math.sqrt(s + g**2)
            ): "s is a running mean: a share rho of the old s and a share 1 - rho of the new square.",
        },
        hints=(
            "Equation (RMS) has two lines. First find the new s, then w.",
            "The new s is a share rho of the old one, and a share 1 - rho of the square of the gradient.",
            "Take the root of the new s, which is a whole number. Divide eta g by it, and subtract that from w.",
        ),
    ),
]
