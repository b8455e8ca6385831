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
    return (rng.integers(-2, 3, 3) + np.array([0.5, 0.0, 1.0]),)


def _step(rng: np.random.Generator) -> tuple[float, float, float]:
    return round(rng.uniform(0.5, 2), 2), round(rng.uniform(-3, -1), 2), float(rng.choice([0.05, 0.1, 0.2]))


def _probabilities_and_classes(rng: np.random.Generator, m: int | None = None) -> tuple[Any, Any]:
    m = m or int(rng.integers(3, 9))
    return rng.dirichlet(np.ones(4), size=m), rng.integers(0, 4, m)


def _as_many_images_as_classes(rng: np.random.Generator) -> tuple[Any, Any]:
    """Draw a square table: there a wrong axis raises nothing, and can be told by its numbers."""
    return _probabilities_and_classes(rng, 4)


def _mean_loss(p: Any, y: Any) -> Any:
    return -np.log(p[np.arange(len(y)), y]).mean()


def _output_error(p: Any, y: Any) -> Any:
    return (p - np.eye(p.shape[1])[y]) / len(y)


def _lowered(p: Any, places: Any) -> Any:
    """Return p with 1 taken from whole rows or columns, over m."""
    p = p.copy()
    p[places] -= 1
    return p / len(p)


def _accuracy(p: Any, y: Any) -> Any:
    return (p.argmax(axis=1) == y).mean()


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
    Function(
        name="accuracy",
        points=2,
        arguments=_probabilities_and_classes,
        special=(_as_many_images_as_classes,),
        reference=_accuracy,
        mistakes={
            lambda p, y: 100 * _accuracy(p, y): "This is in percent; the share lies between 0 and 1.",
            lambda p, y: (p.argmax(axis=0) == y).mean(): "One answer per row: which axis?",
            lambda p, y: (p.argmax() == y).mean(): "Without an axis, `argmax` finds one place in the whole table. Each "
            "row has an answer of its own.",
            lambda p, y: (p.argmin(axis=1) == y).mean(): "This takes the class with the smallest probability.",
            lambda p, y: (p.max(axis=1) == y).mean(): "This compares probabilities with class numbers. Where in its "
            "row does the largest one stand?",
            lambda p, y: _accuracy(p, y) * len(y) / p.size: "Divide by the number of images, not of probabilities.",
            lambda p, y: p[np.arange(len(y)), y].mean(): "This is the mean probability of the right class. An answer "
            "is right or wrong.",
            lambda p, y: (p[np.arange(len(y)), y] > 0.5).mean(): "The largest of a row may be below one half.",
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
        special=(_as_many_images_as_classes,),
        reference=_mean_loss,
        mistakes={
            lambda p, y: -np.log(p[:, y]).mean(): "`p[:, y]` takes every row's entries at all of y. One entry per row "
            "is wanted.",
            lambda p, y: -np.log(p[:, y]).sum(axis=1).mean(): "`p[:, y]` takes every row's entries at all of y. One "
            "entry per row is wanted, and no sum over the row.",
            lambda p, y: -np.log(p[y]).mean(): "`p[y]` takes whole rows. The class numbers count the columns.",
            lambda p, y: -np.log(p[np.arange(len(y)), y].mean()): "This is the logarithm of a mean. Take the logarithm "
            "of each image first.",
            lambda p, y: -np.log(p.max(axis=1)).mean(): "This takes the largest probability of each row; the right "
            "class may have another.",
            lambda p, y: _mean_loss(p, y) / np.log(10): "The logarithm is the natural one.",
            lambda p, y: _mean_loss(p, y) / np.log(2): "The logarithm is the natural one.",
            lambda p, y: p[np.arange(len(y)), y].mean(): "Where is the logarithm?",
            lambda p, y: 1 - p[np.arange(len(y)), y].mean(): "This is what is missing to 1. The loss is minus a "
            "logarithm.",
            lambda p, y: -np.log(p[np.arange(len(y)), y]): "This holds one loss for each image; the mean is asked for.",
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
        special=(_as_many_images_as_classes,),
        reference=_output_error,
        mistakes={
            lambda p, y: p - y[:, None]: "y holds class numbers, not rows of 0 and 1.",
            lambda p, y: (p - y[:, None]) / len(y): "y holds class numbers, not rows of 0 and 1.",
            lambda p, y: p - y: "y holds class numbers, not rows of 0 and 1.",
            lambda p, y: (p - y) / len(y): "y holds class numbers, not rows of 0 and 1.",
            lambda p, y: _lowered(p, y): "Here 1 is taken from whole rows: `y` counts columns. One entry of each row "
            "changes.",
            lambda p, y: _lowered(p, (slice(None), y)): "Here 1 is taken from whole columns. One entry of each row "
            "changes.",
            lambda p, y: _output_error(p, y) / p.shape[1]: "The loss is a mean over the images only, not over the "
            "classes.",
            lambda p, y: (p + np.eye(p.shape[1])[y]) / len(y): "What should be said is taken away, not added.",
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
