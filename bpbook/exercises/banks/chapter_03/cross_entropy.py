"""Cross-entropy: its slope, its delta, and how much larger that is."""

from typing import Any

import numpy as np

from ...kinds import Expression, Function, Mistake, Number
from .sigmoid import _activation, _slope

NO_TARGET = Mistake("no target", "The target y is a factor of the loss, and here it does not appear.")


def _parts(made: Any, z: float, y: float) -> list[tuple[Any, ...]]:
    """Return delta as the slope of the loss by z, its factor that is the loss by a, and its factor that is a by z."""
    delta, a = made["The result"], _activation(z)
    loss = -y * np.log(a) - (1 - y) * np.log(1 - a)
    return [(delta, loss), (delta / _slope(z), loss), (delta * _slope(z) / (a - y), a)]


SURE = Mistake(
    "targets of 0 and 1 alone",
    "This is right for targets of 0 and 1. A target between them is allowed as well, for example when you are 80 % "
    "sure.",
)

EXERCISES = [
    Expression(
        name="one_term_delta",
        equations=("CE",),
        expected="-y * (1 - a)",
        variables={"a": (0.1, 0.9), "y": (0, 1)},
        ratios={-1.0: "The size is right. The loss begins with a minus sign."},
        mistakes={
            "a - y": "That is the delta of the whole (CE). What is left of it without the second term?",
            "(1 - y) * a": "That is the share of the second term, which is the one that was forgotten.",
            "-y / a": "That is dC/da. Delta is dC/dz, which has one more link.",
            "-y * a * (1 - a)": "The derivative of ln a is missing.",
            "-y / (1 - a)": "The derivative of ln a is one over a, and the slope of the sigmoid has a factor 1 - a.",
            "-y * a": "One of the two factors of the slope cancels, but it is the other one.",
            "-y": "The slope of the sigmoid has two factors, and only one of them cancels.",
            "-(1 - a)": NO_TARGET,
            "a * (1 - a)": "That is the slope of the sigmoid alone.",
            "(a - y) * a * (1 - a)": "That is the delta of the squared error.",
            "-y * log(a)": "That is the loss itself.",
        },
        hints=(
            "Two links lead from z to the loss. Differentiate each of them, and multiply.",
            "The first is the derivative of minus y ln a with respect to a. The second is (SIG).",
            "A factor a cancels. Then put in y = 0, and see what such an example teaches.",
        ),
    ),
    Number(
        name="times_as_large",
        equations=("BP1", "SE", "CE"),
        given=lambda rng: (float(rng.choice([0.8, 0.9, 0.95, 0.96, 0.98])),),
        expected=lambda a: 1 / (a * (1 - a)),
        mistakes={
            lambda a: a * (1 - a): "That is the inverse. How many times as large is the delta of cross-entropy?",
            lambda a: 4.0: "That would be right at the steepest point, but your a is not there.",
            lambda a: 1 / (a * (1 - a)) ** 2: "In the ratio the slope appears once, not twice.",
            lambda a: 1 / (a * (1 - a) ** 2): "In the ratio each factor of the slope appears once.",
            lambda a: a: "That is the delta of cross-entropy. Divide it by the delta of squared error.",
            lambda a: (
                a**2 * (1 - a)
            ): "That is the delta of squared error. How many times does it fit into the other one?",
            lambda a: 1 / a: "The slope of the sigmoid has two factors, and the delta of squared error contains both.",
            lambda a: 1 / (a**2 * (1 - a)): "That is one over the delta of squared error. The delta of cross-entropy "
            "is not 1 here.",
            lambda a: 1 / (1 - a): "The slope of the sigmoid has two factors, a and 1 - a.",
        },
        hints=(
            "Write both deltas for y = 0.",
            "One is a - y, and the other is a - y times the slope of the sigmoid.",
            "In the ratio a - y cancels. What is left is one over the slope.",
        ),
    ),
    Function(
        name="cross_entropy_delta",
        equations=("BP1", "CE"),
        arguments=lambda rng: (float(rng.uniform(-3, 3)), float(rng.integers(0, 2))),
        special=(
            lambda rng: (float(rng.uniform(-3, 3)), float(rng.uniform(0.6, 0.8))),
            lambda rng: (float(rng.uniform(-3, 3)), float(rng.uniform(0.2, 0.4))),
            lambda rng: (float(rng.uniform(6, 12)), 0.0),
            lambda rng: (float(rng.uniform(-12, -6)), 1.0),
        ),
        reference=lambda z, y: _activation(z) - y,
        parts=_parts,
        mistakes={
            lambda z, y: _activation(z) - (y == 1): SURE,
            lambda z, y: _activation(z) - (y > 0): SURE,
            lambda z, y: _activation(z) - round(y): SURE,
            lambda z, y: y - _activation(z): "The sign is reversed: where a is too large, a larger z makes C larger "
            "still.",
            lambda z, y: (
                (_activation(z) - y) * _slope(z)
            ): "That is the delta of squared error. With cross-entropy the slope of the sigmoid cancels.",
            lambda z, y: (
                (_activation(z) - y) / _slope(z)
            ): "That is dC/da. On the way from a to z it is multiplied by the slope of the sigmoid.",
            lambda z, y: _activation(z): "This is a. You have not subtracted the target.",
            lambda z, y: _slope(z): "That is the slope of the sigmoid. It cancels here.",
            lambda z, y: (_activation(z) - y) ** 2 / 2: "That is the squared error. Delta is a derivative.",
            lambda z, y: np.tanh(z) - y: "That is tanh. The neuron is a sigmoid.",
            lambda z, y: _activation(-z) - y: "In the sigmoid the exponent is minus z, so a sign is reversed.",
            lambda z, y: 1 / 1 + np.exp(-z) - y: "Brackets are missing below the fraction line.",
            lambda z, y: (
                -y * np.log(_activation(z)) - (1 - y) * np.log(1 - _activation(z))
            ): "That is the loss. Delta is its derivative with respect to z.",
            lambda z, y: abs(_activation(z) - y): "The sign of output minus target is lost.",
            lambda z, y: z - y: "This compares z with the target, but the target is meant for a.",
            lambda z, y: _activation(_activation(z)) - y: "The sigmoid was applied twice.",
        },
        hints=(
            "Find dC/da of (CE) first, over one common denominator.",
            "The denominator is a (1 - a), and that is exactly what (BP1) multiplies by.",
            "What is left is the output minus the target. Your function is given z, so it needs the sigmoid once.",
        ),
    ),
]
