"""What a number on the screen betrays: a loss at birth, a floor, a second call, a step."""

from typing import Any

import numpy as np

from ...bugs.fields.clinic import CLINIC
from ...kinds import Array, Choice, Expression, Number


def _first_loss(rng: np.random.Generator) -> tuple[float, int]:
    k, m = int(rng.integers(3, 40)), int(rng.choice([16, 20, 24, 32, 48, 50, 64, 96, 100, 128]))
    return float(np.round(m * np.log(k), 2)), k


def _calls(rng: np.random.Generator) -> tuple[float, float, int]:
    slopes = rng.choice([0.5, 1.5, 2.0, 2.5, 3.0, 5.0, 7.0], 2, replace=False)
    return float(slopes[0]), float(slopes[1]), int(rng.integers(3, 7))


def _step(rng: np.random.Generator) -> tuple[Any, Any, float, float]:
    before, g = rng.normal(size=(2, 3)).round(2), rng.normal(size=(2, 3)).round(2)
    eta, lmbda = float(rng.choice([0.05, 0.1, 0.2, 0.5])), float(rng.choice([0.3, 0.4, 0.6]))
    return before, before - eta * (g + lmbda * before), eta, lmbda


EXERCISES = [
    Number(
        name="examples_in_batch",
        given=_first_loss,
        expected=lambda first, k: np.rint(first / np.log(k)),
        mistakes={
            lambda first, k: first / k: "Hedging among k classes does not cost k. What is minus the logarithm of 1/k?",
            lambda first, k: first / np.log10(k): "The logarithm is the natural one.",
            lambda first, k: first / np.log2(k): "The logarithm is the natural one, not that with base 2.",
            lambda first, k: first: "That is the loss itself. How many times does it hold the loss of one example?",
            lambda first, k: np.log(k): "That is what one example costs. How often does the loss hold it?",
            lambda first, k: np.log(k) / first: "The fraction is upside down.",
        },
        hints=(
            "At birth a good program hedges. What does that cost for one example?",
            "One example costs the logarithm of the number of classes.",
            "Divide the loss that was printed by the loss of one example.",
        ),
    ),
    Expression(
        name="floor_of_tanh",
        points=2,
        expected="log(1 + (k - 1) * exp(-2))",
        variables={"k": (3.0, 20.0)},
        mistakes={
            "log(1 + (k - 1) * exp(-1))": "That is for logits from 0 to 1. A tanh reaches down to -1 as well.",
            "log(1 + (k - 1) * exp(2))": "Here the right class has the lowest logit, and all the others the highest.",
            "log(k)": "That is hedging. The network can do better than that, even with logits from -1 to 1.",
            "log(1 + k * exp(-2))": "There are k - 1 other classes.",
            "1 / (1 + (k - 1) * exp(-2))": "This is the probability of the right class; the loss is minus its log.",
            "log(1 + exp(-2))": "That is for two classes. How many others are there?",
        },
        hints=(
            "Which logits would the network choose if it could choose freely between -1 and 1?",
            "The right class gets 1, and every other class gets -1. What is the probability of the right one?",
            "It is e over e plus k - 1 times 1/e. Take minus the logarithm, and divide numerator and denominator by e.",
        ),
    ),
    Number(
        name="after_several_calls",
        given=_calls,
        expected=lambda outer, inner, calls: outer * inner * calls * (calls + 1) / 2,
        mistakes={
            lambda outer, inner, calls: outer * inner: "That is what the first call gives.",
            lambda outer, inner, calls: (
                outer * inner * calls
            ): "That would be so if only the leaf kept what it was given. "
            "The node between keeps its own too, and hands on more with every call.",
            lambda outer, inner, calls: outer * inner * calls**2: "The node between grows by the same amount with each "
            "call. Add up what it hands on, call by call.",
            lambda outer, inner, calls: outer * inner * 2.0 ** (calls - 1): "It does not double: the node between "
            "grows by the same amount with each call.",
            lambda outer, inner, calls: outer * inner * (calls - 1) * calls / 2: "One call is missing.",
            lambda outer, inner, calls: (outer + inner) * calls * (calls + 1) / 2: "Along a chain, slopes multiply.",
        },
        hints=(
            "Make a table: after each call, what does the node between hold, and what has the leaf been given?",
            "After call number n, the node between holds n times the outer slope. All of it is handed on.",
            "Each call adds to the leaf what the node between holds at that moment, times the inner slope. Sum over "
            "the calls.",
        ),
    ),
    Array(
        name="gradient_of_step",
        points=2,
        equations=("GD",),
        given=_step,
        expected=lambda before, after, eta, lmbda: (before - after) / eta - lmbda * before,
        mistakes={
            lambda before, after, eta, lmbda: (after - before) / eta - lmbda * before: CLINIC["step backwards"],
            lambda before, after, eta, lmbda: (before - after) / eta: CLINIC["decay left in"],
            lambda before, after, eta, lmbda: (before - after) / eta - lmbda * after: CLINIC[
                "decay of the weights after"
            ],
            lambda before, after, eta, lmbda: (before - after) * eta - lmbda * before: CLINIC["eta multiplied"],
            lambda before, after, eta, lmbda: (before - after - lmbda * before) / eta: CLINIC["decay divided"],
        },
        hints=(
            "Write down the step: after = before - eta times something. What is the something?",
            "It is the gradient of the loss plus lambda times the weights before the step.",
            "Divide the difference by eta, then take the decay away.",
        ),
    ),
    Choice(
        name="what_a_checker_shares",
        right="b",
        options={
            "a": "Its gradient is exact: it is that of the loss which the program computes. Differences of that loss "
            "agree with it.",
            "b": "Right. It compares the backward pass with the loss, and both belong to the same wrong problem.",
            "c": "The biases are checked like the weights, and they are right too.",
            "d": "Kinks are left out one entry at a time. They do not hide a whole array.",
        },
        hints=(
            "What are the two things that a gradient check compares?",
            "Suppose both of them belong to another problem than the one you meant.",
            "It is the loss itself that is not what its owner meant, and the gradient follows it faithfully.",
        ),
    ),
    Choice(
        name="better_without_mending",
        right="c",
        options={
            "a": "A gradient check says that the old gradient was wrong, and it does not depend on the seed.",
            "b": "More epochs do not turn a wrong gradient into a right one, and nothing says that time is what lacks.",
            "c": "Right. The learning rate was chosen for the old gradient, of another length. Choose anew, then "
            "compare, over several seeds.",
            "d": "The loss of one run is the weakest witness there is: it goes down with most of the faults here.",
        },
        hints=(
            "What else in the program was chosen while it was ill?",
            "The mended gradient is longer or shorter than the old one. Which setting depends on that?",
            "Before you compare, give each program the learning rate that suits it.",
        ),
    ),
]
