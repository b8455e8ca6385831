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
            lambda sizes: sum(
                n_in * n_out for n_in, n_out in pairwise(sizes)
            ): "Those are the weights alone. Every unit that weights lead to has a bias.",
            lambda sizes: _parameters(sizes) + sizes[0]: "The inputs have no biases: no weights lead to them.",
            lambda sizes: sum(sizes[1:]): "Those are the biases alone.",
            lambda sizes: sum(sizes): "Those are the units. Count the weights between them, and the bias on each.",
            lambda sizes: (
                sizes[0] * sizes[1] + sizes[1]
            ): "That is the first layer only, and the second has weights too.",
            lambda sizes: int(np.prod(sizes)): "The layers follow one another, so their counts add.",
            lambda sizes: _parameters(sizes) - sizes[-1]: "The output units have biases too.",
            lambda sizes: _parameters(sizes) - sizes[1]: "The hidden units have biases too.",
        },
        hints=(
            "A layer has one weight for each pair of units that it joins, and one bias for each unit that it leads to.",
            "For example, a layer from 5 units to 3 has 5 times 3 weights and 3 biases.",
            "Add n_0 n_1 + n_1 for the first layer and n_1 n_2 + n_2 for the second.",
        ),
    ),
    Choice(
        name="which_step",
        right="c",
        options={
            "a": "Feedforward computes z and a. It needs no target, and it gives no derivative.",
            "b": "The loss says how bad the answer is, in one number, but not which weight is to blame.",
            "c": "Right. The backward pass finds every derivative, and only then can the weights be updated.",
            "d": "The update uses the derivatives, so they must be known before it begins.",
        },
        hints=(
            "Go through the four steps and ask yourself what each of them returns.",
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
            lambda classes: 1 - 1 / classes: "That is how much p falls short of 1, and the loss is minus its "
            "logarithm.",
            lambda classes: classes * np.log(classes): "Only the right class counts, so there is no "
            "sum over the classes.",
            lambda classes: (
                np.log(classes) / classes
            ): "Only the right class counts, so there is no mean over the classes.",
            lambda classes: np.log(
                10
            ): "That would be the loss for ten digits. You have a different number of classes.",
            lambda classes: 0.0: "Only a network that is certain and right has a loss of zero.",
            lambda classes: np.log(2): "That would be the loss with two classes.",
        },
        hints=(
            "Suppose there were two classes. Which probability would each of them get?",
            "The loss is minus the natural logarithm of the probability of the right class.",
            "With k classes each gets 1/k, and minus ln(1/k) can be written without the minus sign.",
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
            lambda z: np.exp(-z) / np.exp(-z).sum(): "The largest number gets the smallest share here, so a sign "
            "is reversed.",
            lambda z: 2.0**z / (2.0**z).sum(): "These come from powers of 2. Softmax takes powers of e.",
            lambda z: 1 / (1 + np.exp(-z)): "Each number went through a sigmoid by itself. In softmax they compete.",
            lambda z: (z == z.max()) * 1.0: "Here the largest number takes everything. Softmax gives each of "
            "them a share.",
            lambda z: np.log(softmax(z[None, :])[0]): "These are the logarithms of the probabilities.",
        },
        hints=(
            "Softmax makes every number positive first.",
            "Take the exponential of each of the three numbers.",
            "Divide the three exponentials by their sum, and the result adds up to 1.",
        ),
    ),
    Number(
        name="one_step",
        given=_step,
        expected=lambda w, dw, eta: w - eta * dw,
        mistakes={
            lambda w, dw, eta: w + eta * dw: "That goes uphill.",
            lambda w, dw, eta: w - dw: "The learning rate is missing.",
            lambda w, dw, eta: -eta * dw: "That is the step. Where does it take the weight?",
            lambda w, dw, eta: eta * dw: "That is the size of the step. Where does it take the weight?",
            lambda w, dw, eta: w + dw: "That goes uphill, and the learning rate is missing.",
            lambda w, dw, eta: w * eta * dw: "The step is subtracted from w. Here it multiplies w.",
            lambda w, dw, eta: w - eta: "The derivative is missing. How steep is it there?",
            lambda w, dw, eta: w * (1 - eta * dw): "The step is subtracted from w, and w itself multiplies nothing.",
            lambda w, dw, eta: w - dw / eta: "The learning rate multiplies the derivative.",
        },
        hints=(
            "The gradient points uphill. Which way do you want to go?",
            "Look for (GD) in the text, and read it for one weight.",
            "Subtract eta times dw from w, and mind the sign, because your dw is negative.",
        ),
    ),
]
