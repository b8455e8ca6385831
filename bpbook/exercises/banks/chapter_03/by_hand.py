"""The way back through one neuron, with pencil and paper."""

from functools import partial

import numpy as np

from ...kinds import Array, Mistake, Number
from .sigmoid import _activation, _slope


def _output_and_target(rng: np.random.Generator) -> tuple[float, int]:
    return float(rng.choice([0.1, 0.2, 0.25, 0.75, 0.8, 0.9])), int(rng.integers(0, 2))


def _balanced_neuron(rng: np.random.Generator) -> tuple[int, int, int, float]:
    """Draw w, b, x, y of a neuron with z = 0."""
    w, x = int(rng.choice([-3, -2, 2, 3, 4])), int(rng.integers(5, 10))
    return w, -w * x, x, float(rng.choice([0, 0.25, 0.75, 1]))


def _by_hand(w: float, b: float, x: float, y: float) -> list[float]:
    """Return z, a, C, delta, dC/dw, dC/db."""
    z = w * x + b
    a = float(_activation(z))
    delta = (a - y) * a * (1 - a)
    return [z, a, (a - y) ** 2 / 2, delta, delta * x, delta]


def _by_hand_and_wrong(w: float, b: float, x: float, y: float, wrong: str) -> list[float]:
    z, a, C, delta, dw, db = _by_hand(w, b, x, y)
    if wrong == "half":
        return [z, a, 2 * C, delta, dw, db]
    if wrong == "sign":
        return [z, a, C, -delta, -dw, -db]
    if wrong == "slope":
        return [z, a, C, a - y, (a - y) * x, a - y]
    if wrong == "slope at a":
        delta = (a - y) * float(_slope(a))
        return [z, a, C, delta, delta * x, delta]
    if wrong == "exchanged":
        return [z, a, C, delta, db, dw]
    if wrong == "weight":
        return [z, a, C, delta, delta * w, db]
    if wrong == "x":
        return [z, a, C, delta, delta, db]
    if wrong == "two":
        return [z, a, 2 * C, 2 * delta, 2 * dw, 2 * db]
    if wrong == "two in delta":
        return [z, a, C, 2 * delta, 2 * dw, 2 * db]
    if wrong == "error":
        return [z, a, a - y, delta, dw, db]
    return [z, a, C, delta, dw, dw]


FACTOR = Mistake(
    "a factor missing",
    "A factor is missing. Count what (BP1) multiplies, and what the slope of the sigmoid is made of.",
)

EXERCISES = [
    Number(
        name="neuron_delta",
        equations=("BP1", "SE", "SIG"),
        given=_output_and_target,
        expected=lambda a, y: (a - y) * a * (1 - a),
        mistakes={
            lambda a, y: a - y: "That is dC/da. To get from a back to z you still need the slope of the sigmoid.",
            lambda a, y: (
                (y - a) * a * (1 - a)
            ): "The size is right. The derivative of the loss with respect to a is a - y, not y - a.",
            lambda a, y: a * (1 - a): FACTOR,
            lambda a, y: (a - y) * a: FACTOR,
            lambda a, y: (a - y) * (1 - a): FACTOR,
            lambda a, y: (a - y) / (a * (1 - a)): "On the way from a back to z, you multiply by the slope of the "
            "sigmoid.",
            lambda a, y: y - a: "A factor is missing, and the sign is reversed.",
            lambda a, y: (
                (a - y) ** 2 / 2 * a * (1 - a)
            ): "The first factor is the derivative of the loss, not the loss itself.",
            lambda a, y: (a - y) * _slope(a): "The slope was taken at a. It belongs at z, and there it is a (1 - a).",
            lambda a, y: (a - y) ** 2 / 2: "That is the loss. How does it change with z?",
            lambda a, y: (a - y) * a * (1 - a) / 2: "The one half has already been cancelled by the 2 of the "
            "square. Here it is used once more.",
            lambda a, y: (
                (a - y) ** 2 * a * (1 - a)
            ): "The first factor is the derivative of the square, not the square itself.",
            lambda a, y: 2 * (a - y) * a * (1 - a): "The 2 that the square brings and the one half of the loss cancel.",
        },
        hints=(
            "Equation (BP1) has two factors, one from the loss and one from the activation function.",
            "With squared error the first factor is a - y. For the second, (SIG) needs a alone.",
            "Multiply a - y by a and by 1 - a. The sign tells you whether a is too large or too small.",
        ),
    ),
    Array(
        name="by_hand",
        points=2,
        equations=("FF", "SE", "BP1", "BP3", "BP4"),
        given=_balanced_neuron,
        expected=_by_hand,
        mistakes={
            lambda w, b, x, y: _by_hand_and_wrong(w, b, x, y, "half"): "C lacks its one half. Everything else is "
            "right.",
            lambda w, b, x, y: _by_hand_and_wrong(
                w, b, x, y, "sign"
            ): "The sizes are right. delta starts from a - y, and all three derivatives take their sign from there.",
            lambda w, b, x, y: _by_hand_and_wrong(
                w, b, x, y, "slope"
            ): "This delta is the error a - y alone. The slope of "
            "the sigmoid is missing, here and in all that follows.",
            lambda w, b, x, y: _by_hand_and_wrong(
                w, b, x, y, "slope at a"
            ): "The slope of the sigmoid was taken at a. It belongs at z.",
            lambda w, b, x, y: _by_hand_and_wrong(
                w, b, x, y, "weight"
            ): "dC/dw needs what the weight multiplies, and that is x, not w.",
            partial(_by_hand_and_wrong, wrong="exchanged"): "dC/dw and dC/db are exchanged.",
            partial(_by_hand_and_wrong, wrong="x"): "dC/dw lacks the factor that the weight multiplies.",
            partial(_by_hand_and_wrong, wrong="two"): "C lacks its one half, and all that follows is twice as large.",
            partial(_by_hand_and_wrong, wrong="two in delta"): "C is right. The one half in it cancels the 2 that its "
            "derivative brings.",
            partial(_by_hand_and_wrong, wrong="error"): "The third number is the error. The loss is one half of its "
            "square.",
            lambda w, b, x, y: _by_hand_and_wrong(
                w, b, x, y, "bias"
            ): "The bias is added and multiplies nothing, so dC/db has no factor x.",
        },
        hints=(
            "Go in the order of the list, because each number needs only those before it.",
            "Your numbers are chosen so that the sigmoid of z is easy. Its slope follows from a by (SIG).",
            "delta is (a - y) a (1 - a). Then (BP4): delta times x. Then (BP3): delta as it is.",
        ),
    ),
]
