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


def _three_outputs(rng: np.random.Generator) -> tuple[Any, Any, int]:
    w = rng.choice(np.array([-3, -2, -1, 1, 2, 3, 4]), 3, replace=False).astype(float)
    tenths = rng.choice(np.array([[1, 2, 7], [1, 3, 6], [2, 3, 5]]))
    return w, rng.permutation(tenths) / 10, int(rng.integers(0, 3))


def _blame(w: Any, p: Any, right: int) -> Any:
    return w @ (p - np.eye(3)[right])


def _one_weight(rng: np.random.Generator) -> tuple[float, float, float]:
    return float(rng.choice([1.5, 2.5, 4.0])), float(rng.choice([0.2, 0.3, 0.7, 0.8])), float(rng.choice([0.1, 0.2]))


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
            lambda sizes: (
                sizes[0] * sizes[1] + sizes[1] * sizes[2] + 2
            ): "Every unit has a bias of its own. Here each layer has only one.",
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
            "a": "The backward pass begins with p minus y, and the loss before it needs y as well.",
            "b": "Softmax works on the outputs alone. The right digit is needed only to judge its probabilities.",
            "c": "Right. Feedforward is all that a trained network does for its living. Everything after it needs y.",
            "d": "What would you subtract from p, to begin the way back, if nobody told you the right digit?",
        },
        hints=(
            "Go through the four steps in order, and look for the first that mentions y.",
            "The loss takes the probability of the right digit. Can you find it without knowing which digit that is?",
            "A postman who gives the network an envelope does not know the digits either, and wants to.",
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
        equations=("SM",),
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
            lambda z: 100 * softmax(z[None, :])[0]: "These are percentages. Probabilities add up to 1.",
        },
        hints=(
            "Softmax makes every number positive first.",
            "Take the exponential of each of the three numbers.",
            "Divide the three exponentials by their sum, and the result adds up to 1.",
        ),
    ),
    Number(
        name="hidden_blame",
        equations=("SCE", "BP2"),
        given=_three_outputs,
        expected=_blame,
        mistakes={
            lambda w, p, right: w @ p: "The right digit has not been subtracted from p yet: delta of the outputs is p "
            "minus the one-hot y.",
            lambda w, p, right: -_blame(w, p, right): "The sign is reversed: delta is p minus y, said minus should "
            "have been said.",
            lambda w, p, right: w[right] * (p[right] - 1): "This is what comes back from the right output alone. The "
            "other two said too much, and they complain as well.",
            lambda w, p, right: w @ p - w[right] * p[right]: "The right output complains too: it said too little.",
            lambda w, p, right: w.sum() * (p[right] - 1): "Each output has a complaint of its own, and each travels "
            "back through its own weight.",
            lambda w, p, right: _blame(w, p, right) / 3: "The complaints of the outputs are added, not averaged.",
            lambda w, p, right: w @ abs(p - np.eye(3)[right]): "A complaint has a sign: minus asks for more, plus for "
            "less.",
            lambda w, p, right: np.maximum(_blame(w, p, right), 0): "ReLU looks at the unit's z, and not at what comes "
            "back, which may well be negative.",
            lambda w, p, right: p[right] - 1: "That is delta of the right output. How much of it reaches the unit, "
            "and what do the others add?",
        },
        hints=(
            "Begin at the outputs: what is delta of each of the three, by (SCE)?",
            "Each output hands its delta back through the weight that joins it to the unit.",
            "Multiply the three weights by the three deltas and add. The unit was switched on, so the slope is 1.",
        ),
    ),
    Number(
        name="one_step",
        equations=("GD",),
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
    Number(
        name="weight_change",
        equations=("SCE", "BP4", "GD"),
        given=_one_weight,
        expected=lambda a, p, eta: -eta * a * (p - 1),
        ratios={-1: "The size is right, but this step goes uphill."},
        mistakes={
            lambda a, p, eta: a * (p - 1): "That is the derivative. What does gradient descent do with it?",
            lambda a, p, eta: -a * (p - 1): "The learning rate is missing.",
            lambda a, p, eta: -eta * (p - 1): "That is how the bias of the output would move. What came in through "
            "this weight?",
            lambda a, p, eta: -eta * a * p: "The 1 of the right output has not been subtracted from p yet.",
            lambda a, p, eta: -eta * a: "How much does it matter at the other end? Delta of the output is missing.",
            lambda a, p, eta: p - 1: "That is delta of the output. Two factors and a sign are missing.",
            lambda a, p, eta: eta * a * np.log(p): "You used the loss itself. It is delta, "
            "p minus y, that multiplies a.",
            lambda a, p, eta: -eta * a * (p - 1) * p * (1 - p): "Here you multiply by p (1 - p) as well, but the "
            "slope of softmax is already inside p minus y.",
        },
        hints=(
            "Three of the chapter's equations follow each other here: (SCE), (BP4) and (GD).",
            "Delta of the output is p minus y. The derivative is what came in, times that delta.",
            "The weight moves by minus eta times the derivative. Check the sign: this output should have said more.",
        ),
    ),
]
