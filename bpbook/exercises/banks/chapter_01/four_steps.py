"""One step of learning by hand: parameters, probabilities, loss, and the way down."""

from itertools import pairwise
from typing import Any

import numpy as np

from ....losses import softmax
from ...kinds import Array, Choice, Number


def _sizes(rng: np.random.Generator) -> tuple[list[int]]:
    return ([int(rng.integers(3, 9)), int(rng.integers(10, 20)), int(rng.integers(2, 7))],)


def _parameters(sizes: list[int]) -> int:
    return sum(n_in * n_out + n_out for n_in, n_out in pairwise(sizes))


def _logits(rng: np.random.Generator) -> tuple[Any]:
    return (rng.integers(-2, 3, 3) + np.array([0.5, 0.0, 1.0]),)


def _step(rng: np.random.Generator) -> tuple[float, float, float]:
    return round(rng.uniform(0.5, 2), 2), round(rng.uniform(-3, -1), 2), float(rng.choice([0.05, 0.1, 0.2]))


EXERCISES = [
    Number(
        name="parameter_count",
        given=_sizes,
        expected=_parameters,
        tolerance=1e-9,
        mistakes={
            lambda sizes: sum(n_in * n_out for n_in, n_out in pairwise(sizes)): "Those are the weights alone. Every "
            "unit that weights lead to has a bias.",
            lambda sizes: _parameters(sizes) + sizes[0]: "The inputs have no biases: no weights lead to them.",
            lambda sizes: sum(sizes[1:]): "Those are the biases alone.",
            lambda sizes: sum(sizes): "Those are the units. Count the numbers between them and on them.",
            lambda sizes: sizes[0] * sizes[1] + sizes[1]: "That is the first layer. The second has weights too.",
            lambda sizes: int(np.prod(sizes)): "The layers stand one behind the other: their counts add.",
            lambda sizes: _parameters(sizes) - sizes[-1]: "The output units have biases too.",
            lambda sizes: _parameters(sizes) - sizes[1]: "The hidden units have biases too.",
        },
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
        mistakes={
            lambda classes: 1 / classes: "That is each class's probability. The loss is minus its logarithm.",
            np.log10: "The logarithm is the natural one.",
            np.log2: "The logarithm is the natural one.",
            lambda classes: 1 - 1 / classes: "So much is missing to 1. The loss is minus a logarithm.",
            lambda classes: classes * np.log(classes): "Only the right class counts, not every class.",
            lambda classes: (
                np.log(classes) / classes
            ): "Nothing is averaged over the classes: only the right one counts.",
            lambda classes: np.log(
                10
            ): "That would be the loss with the ten digits. You have another number of classes.",
            lambda classes: 0.0: "A loss of zero is that of a network which is certain, and right.",
            lambda classes: np.log(2): "That would be the loss with two classes.",
        },
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
        mistakes={
            lambda z: z / z.sum(): "These may be negative. Softmax takes exponentials first.",
            lambda z: abs(z) / abs(z).sum(): "These may be negative. Softmax takes exponentials first.",
            np.exp: "These are the exponentials. Divide by their sum.",
            lambda z: np.exp(z) / z.sum(): "Divide by the sum of the exponentials, not by that of z.",
            lambda z: np.exp(z) / len(z): "Divide by the sum of the exponentials, not by their number.",
            lambda z: np.exp(z) / np.exp(z).max(): "Divide by the sum of the exponentials, not by the largest.",
            lambda z: np.exp(-z) / np.exp(-z).sum(): "The largest number gets the smallest share here: a sign is "
            "turned round.",
            lambda z: 1 / (1 + np.exp(-z)): "Each number went through a sigmoid by itself. Softmax lets them compete.",
            lambda z: (z == z.max()) * 1.0: "The largest number gets all here. Softmax gives each a share.",
            lambda z: np.log(softmax(z[None, :])[0]): "These are the logarithms of the probabilities.",
        },
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
        mistakes={
            lambda w, dw, eta: w + eta * dw: "That goes uphill.",
            lambda w, dw, eta: w - dw: "The learning rate is missing.",
            lambda w, dw, eta: -eta * dw: "That is the step. Where is the weight after it?",
            lambda w, dw, eta: eta * dw: "That is the size of the step. Where is the weight after it?",
            lambda w, dw, eta: w + dw: "That goes uphill, and the learning rate is missing.",
            lambda w, dw, eta: w * eta * dw: "The step is taken from w; here it multiplies w.",
            lambda w, dw, eta: w - eta: "How steep is it there? The derivative is missing.",
            lambda w, dw, eta: w * (1 - eta * dw): "The step is taken from w; w itself multiplies nothing.",
            lambda w, dw, eta: w - dw / eta: "The learning rate multiplies the derivative.",
        },
        hints=(
            "The gradient points uphill. Which way do we go?",
            "A step of gradient descent is (GD) in the text, for one weight.",
            "Subtract eta times dw from w; mind that dw is negative here.",
        ),
    ),
]
