"""Exercises of chapter 01: the four steps, and what backpropagation is."""

from itertools import pairwise
from typing import Any

import numpy as np

from ...losses import softmax
from ..kinds import Array, Choice, Function, Number


def _sizes(rng: np.random.Generator) -> tuple[list[int]]:
    return ([int(rng.integers(3, 9)), int(rng.integers(10, 20)), int(rng.integers(2, 7))],)


def _parameters(sizes: list[int]) -> int:
    return sum(n_in * n_out + n_out for n_in, n_out in pairwise(sizes))


def _logits(rng: np.random.Generator) -> tuple[Any]:
    return (rng.integers(-2, 3, 3) + np.array([0.5, 0.0, 1.5]),)


def _step(rng: np.random.Generator) -> tuple[float, float, float]:
    return round(rng.uniform(0.5, 2), 2), round(rng.uniform(-3, -1), 2), float(rng.choice([0.05, 0.1, 0.2]))


def _probabilities_and_classes(rng: np.random.Generator) -> tuple[Any, Any]:
    m = int(rng.integers(3, 9))
    return rng.dirichlet(np.ones(4), size=m), rng.integers(0, 4, m)


def _mean_loss(p: Any, y: Any) -> Any:
    return -np.log(p[np.arange(len(y)), y]).mean()


def _output_error(p: Any, y: Any) -> Any:
    return (p - np.eye(p.shape[1])[y]) / len(y)


def _accuracy(p: Any, y: Any) -> Any:
    return (p.argmax(axis=1) == y).mean()


EXERCISES = [
    Number(
        name="parameter_count",
        given=_sizes,
        expected=_parameters,
        tolerance=1e-9,
        hints=(
            "Every layer of weights has one number for each pair of units, and one bias for each unit it leads to.",
            "A layer from n units to k units has n k weights and k biases.",
            "Add n_0 n_1 + n_1 for the first layer and n_1 n_2 + n_2 for the second.",
        ),
    ),
    Choice(
        name="which_step",
        right="c",
        options={
            "a": "Feedforward computes z and a; it needs no target and gives no derivative.",
            "b": "The loss says how bad the answer is, as one number; it does not say which weight is to blame.",
            "c": "Right. The backward pass finds every derivative; only then can the weights be updated.",
            "d": "The update uses the derivatives; they must be known before.",
        },
        hints=(
            "Go through the four steps and ask of each what it returns.",
            "Which step returns an array of the same shape as W[1], besides the one that changes W[1]?",
            "Look at what `net.backward` returns.",
        ),
    ),
    Number(
        name="even_bets",
        given=lambda rng: (int(rng.choice([4, 5, 20, 26, 50])),),
        expected=lambda classes: np.log(classes),
        ratios={-1: "The loss of a probability below 1 is positive: minus its logarithm."},
        hints=(
            "Each class gets the same probability. Which?",
            "The loss is minus the natural logarithm of the probability of the right class.",
            "With k classes, each gets 1/k, and minus ln(1/k) can be written without the minus.",
        ),
    ),
    Array(
        name="probabilities",
        given=_logits,
        expected=lambda z: softmax(z[None, :])[0],
        hints=(
            "Softmax makes every number positive first.",
            "Take the exponential of each of the three numbers.",
            "Divide the three exponentials by their sum; the result adds up to 1.",
        ),
    ),
    Number(
        name="one_step",
        given=_step,
        expected=lambda w, dw, eta: w - eta * dw,
        hints=(
            "The gradient points uphill. Which way do we go?",
            "A step of gradient descent is (GD) in the text, for one weight.",
            "Subtract eta times dw from w; mind that dw is negative here.",
        ),
    ),
    Function(
        name="accuracy",
        points=2,
        arguments=_probabilities_and_classes,
        reference=_accuracy,
        mistakes={
            lambda p, y: (p.argmax(axis=1) == y).sum(): "This is the number of right answers; the share is asked for.",
            lambda p, y: (p.argmax(axis=1) != y).mean(): "This is the share of wrong answers.",
        },
        hints=(
            "The network's answer for a row is the class with the largest probability.",
            "`p.argmax(axis=1)` gives one class number for each row.",
            "Compare with y, which gives True and False, and take the mean.",
        ),
    ),
    Function(
        name="mean_loss",
        points=2,
        arguments=_probabilities_and_classes,
        reference=_mean_loss,
        mistakes={
            lambda p, y: _mean_loss(p, y) * len(y): "This is the sum over the images; the loss is their mean.",
            lambda p, y: -_mean_loss(p, y): "The sign is turned round: the loss is minus the logarithm.",
            lambda p, y: -np.log(p).sum(axis=1).mean(): "This adds up all classes; only the right class counts.",
            lambda p, y: -np.log(p).mean(): "This averages over all classes; only the right class counts.",
        },
        hints=(
            "For each image, find the probability of its right class.",
            "`p[np.arange(m), y]` picks one entry from each of the m rows.",
            "Take minus the logarithm of those, then the mean.",
        ),
    ),
    Function(
        name="output_error",
        points=2,
        arguments=_probabilities_and_classes,
        reference=_output_error,
        mistakes={
            lambda p, y: _output_error(p, y) * len(y): "The loss is a mean over the m images; where is its 1/m?",
            lambda p, y: -_output_error(p, y): "The sign is turned round: what was said, minus what should be said.",
            lambda p, y: p / len(y): "Nothing is taken away for the right class.",
        },
        hints=(
            "Equation (SCE): what was said, minus what should have been said, over m.",
            "What should have been said is 1 at the right class and 0 elsewhere.",
            "`np.eye(p.shape[1])[y]` has these rows; subtract them from p and divide by the number of rows.",
        ),
    ),
    Choice(
        name="gradient_or_descent",
        right="b",
        options={
            "a": "That is gradient descent, which uses what backpropagation finds.",
            "b": "Right: the derivatives, all of them, at the price of about one more run through the network.",
            "c": "The chain rule is exact; nothing is estimated.",
            "d": "That would be true of many methods; backpropagation itself changes no weight.",
        },
        hints=(
            "Which of the four steps is backpropagation?",
            "Adam and gradient descent used the same one.",
            "It returns `dW` and `db`.",
        ),
    ),
    Choice(
        name="file_order",
        right="a",
        options={
            "a": "Right: the test then asks whether the network can read people it has never met.",
            "b": "The number of training images is the same in both splits.",
            "c": "Every digit occurs in the last fifth as well; count them.",
            "d": "Luck would go either way, but all ten seeds fall below all ten shuffled splits.",
        },
        hints=(
            "What do images that stand close together in the file have in common?",
            "Think of the thirteen people.",
            "After shuffling, a test image has neighbours from the same hand among the training images.",
        ),
    ),
]
