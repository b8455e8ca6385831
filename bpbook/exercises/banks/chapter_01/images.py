"""A batch of images: accuracy, loss and error; what backpropagation is, and what an honest test is."""

from typing import Any

import numpy as np

from ...kinds import Choice, Function


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
            "c": "Every digit occurs in every fifth. Count them.",
            "d": "Two seeds agree to about a point, and luck would go either way. Ask who wrote each fifth.",
        },
        hints=(
            "What do images that stand close together in the file have in common?",
            "Think of the thirteen people.",
            "After shuffling, a test image has neighbours from the same hand among the training images.",
        ),
    ),
]
