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


SAME = Mistake("half of the slope", "Of the slope that leads from z to a, one factor is missing.")

TERM = Mistake("one term", "The product rule gives two terms, and one of them is missing.")

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
        given=lambda rng: (int(rng.choice([3, 5, 6, 7, 8, 9])),),
        expected=lambda w: w / 4,
        mistakes={
            lambda w: 0.25: "That is the slope of the sigmoid. But z moves w times as fast as x.",
            lambda w: w: "That is how fast z moves with x. And how fast does a follow z?",
            lambda w: w / 2: "One half is the output a at the steepest point, and not yet the slope there.",
            lambda w: 0.5: "That is the output a at the steepest point. How steep is the curve there?",
            lambda w: 1 / (4 * w): "The weight makes the curve steeper, and here it makes it flatter.",
            lambda w: 4 * w: "The sigmoid rises from 0 to 1, and less steeply than z itself.",
            lambda w: w * _slope(1.0): "That is the slope where z = 1. It is steeper elsewhere.",
            lambda w: w * _slope(float(w)): "That is the slope at x = 1 if b is 0. It is steeper elsewhere.",
            lambda w: 0.0: "That is what the slope tends to, far out on both sides. You want the largest.",
        },
        hints=(
            "x moves z, and z moves a, so two slopes multiply. Which are they?",
            "The first one is the weight. The second one is that of (SIG). Where is it largest?",
            "(SIG) is a product of two numbers that add up to one. Such a product is largest when the two are equal.",
        ),
    ),
    Expression(
        name="sigmoid_bend",
        equations=("SIG",),
        expected="a * (1 - a) * (1 - 2 * a)",
        variables={"a": (0.05, 0.95)},
        ratios={-1.0: "The sign is reversed. Left of the middle, the slope is still growing."},
        mistakes={
            "a * (1 - a)": "That is the slope itself. If you did differentiate it, look at the second sign.",
            "1 - 2 * a": "That is how the slope changes with a. One more link leads from z to a.",
            "a * (1 - 2 * a)": SAME,
            "(1 - a) * (1 - 2 * a)": SAME,
            "a * (1 - a)**2": TERM,
            "-a**2 * (1 - a)": TERM,
            "a**2 * (1 - a)**2": "That is the square of the slope.",
            "-2 * a": "That is the derivative of one minus a squared, and the slope is a minus a squared.",
        },
        hints=(
            "The slope changes with a, and a changes with z, so two derivatives multiply.",
            "The first is that of a minus a squared with respect to a. The second is (SIG) itself.",
            "Check your formula in the middle of the curve, where the slope is largest: it must give 0 there.",
        ),
    ),
]
