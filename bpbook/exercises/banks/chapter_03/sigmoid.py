"""The way forward through one neuron, and the slope of the sigmoid."""

from typing import Any

import numpy as np

from ....activations import sigmoid
from ...kinds import Expression, Mistake, Number


def _activation(z: Any) -> Any:
    return sigmoid(np.asarray(z))


def _slope(z: Any) -> Any:
    a = _activation(z)
    return a * (1 - a)


def _whole_numbers(rng: np.random.Generator) -> tuple[int, int, int]:
    return int(rng.integers(3, 7)), int(rng.integers(-7, -2)), int(rng.integers(3, 7))


def _odds(rng: np.random.Generator) -> tuple[int]:
    return (int(rng.choice([2, 3, 4, 5, 7, 9])),)


FLATTER = Mistake("flatter", "The sigmoid rises from 0 to 1, and less steeply than that.")

SAME = Mistake("the same factor twice", "In (SIG) the two factors are not the same.")

EXERCISES = [
    Number(
        name="weighted_input",
        equations=("FF",),
        given=_whole_numbers,
        expected=lambda w, b, x: w * x + b,
        mistakes={
            lambda w, b, x: w * x: "The bias is missing.",
            lambda w, b, x: w * (x + b): "The weight multiplies only the input, and the bias is added afterwards.",
            lambda w, b, x: w * b + x: "The weight multiplies the input, and the bias is added.",
            lambda w, b, x: 1 / (1 + np.exp(-(w * x + b))): "That is the activation a. The weighted input z comes "
            "before it.",
            lambda w, b, x: w + x + b: "Nothing is multiplied here. The weight multiplies the input.",
            lambda w, b, x: b * x + w: "Weight and bias are exchanged. It is the weight that multiplies.",
            lambda w, b, x: w * x - b: "The bias is added, with the sign that it has.",
        },
        hints=(
            "You need the first half of equation (FF).",
            "The weight multiplies the input. What does the bias do?",
            "Multiply w by x, then add b, and mind the sign, because your b is negative.",
        ),
    ),
    Number(
        name="activation",
        equations=("FF",),
        given=_odds,
        expected=lambda odds: odds / (1 + odds),
        mistakes={
            np.log: "That is z. What does the sigmoid make of it?",
            lambda odds: 1 / (1 + np.exp(odds)): "The exponent is minus z, and z is the logarithm of k.",
            lambda odds: odds: "That is e to the power z. It still has to go into the sigmoid.",
            lambda odds: 1 / (1 + odds): "The exponent in the sigmoid is minus z. What is e to the power minus z?",
            lambda odds: 1 / odds: "That is e to the power minus z, which is only a part of the answer.",
            lambda odds: 1 + odds: "The exponent in the sigmoid is minus z, and the sum is the denominator.",
            lambda odds: 1 / (1 + np.exp(-odds)): "That is the sigmoid of k, but z is the logarithm of k.",
            lambda odds: odds / (1 + odds) ** 2: "That is the slope of the sigmoid there.",
            lambda odds: 1 / (1 + np.log(odds)): "The denominator contains the exponential of minus z, not z itself.",
            lambda odds: 1 + 1 / odds: "That is the denominator of the fraction.",
        },
        hints=(
            "The exponential undoes the logarithm. So what is e to the power z?",
            "The sigmoid holds e to the power minus z, which is one over what you have just found.",
            "Write one over (one plus one over `odds`), and simplify the fraction if you like.",
        ),
    ),
    Number(
        name="largest_slope",
        equations=("SIG",),
        expected=lambda: 0.25,
        mistakes={
            lambda: 0.5: "That is the output a at the steepest point. How steep is the curve there?",
            lambda: 0.1: "Somewhere it is steeper than that. For which a is the product in (SIG) largest?",
            lambda: 2.0: FLATTER,
            lambda: 4.0: FLATTER,
            lambda: _slope(1.0): "That is the slope at z = 1. It is steeper elsewhere.",
            lambda: 1.0: "The sigmoid is much flatter than that everywhere. Put the best a into (SIG).",
            lambda: 0.0: "That is what the slope tends to, far out on both sides. You want the largest.",
        },
        hints=(
            "Equation (SIG) writes the slope as a product of two numbers that add up to one.",
            "Such a product is largest when the two are equal.",
            "The two are equal in the middle of the curve, at z = 0. Put the a of that place into (SIG).",
        ),
    ),
    Expression(
        name="sigmoid_slope",
        equations=("SIG",),
        expected="a * (1 - a)",
        variables={"a": (0.05, 0.95)},
        ratios={-1.0: "The sigmoid only rises, so its slope is positive."},
        mistakes={
            "sigmoid(a) * (1 - sigmoid(a))": "This takes the sigmoid of a, but a has already been through it.",
            "a**2": SAME,
            "(1 - a)**2": SAME,
            "1 - 2 * a": "That is how the slope changes with a, not the slope itself.",
            "1 / (a * (1 - a))": "This is one over the slope.",
            "1 - a": "One of the two factors is missing.",
            "a": "That is the activation itself. Where the sigmoid is flat at the top, a is nearly 1.",
            "a * (1 + a)": "Look at the sign in (SIG) once more.",
            "1 - a**2": "That is the slope of tanh, written with its own output.",
        },
        hints=(
            "Once you know a, equation (SIG) needs no exponential.",
            "There are two factors, and they add up to one.",
            "Multiply a by what a falls short of one.",
        ),
    ),
]
