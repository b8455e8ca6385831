"""A batch of images: accuracy, loss and error; what backpropagation is, and what an honest test is."""

from typing import Any

import numpy as np

from ...kinds import Choice, Function


def _probabilities_and_classes(rng: np.random.Generator, m: int | None = None, classes: int = 4) -> tuple[Any, Any]:
    m = m or int(rng.integers(3, 9))
    return rng.dirichlet(np.ones(classes), size=m), rng.integers(0, classes, m)


def _as_many_images_as_classes(rng: np.random.Generator) -> tuple[Any, Any]:
    """Draw a square table: there a wrong axis raises nothing, and can be told by its numbers."""
    return _probabilities_and_classes(rng, 4)


def _as_many_classes_as_in_the_chapter(rng: np.random.Generator) -> tuple[Any, Any]:
    """Draw ten classes: there an answer with the chapter's own ten in it is right, and shows what it is."""
    return _probabilities_and_classes(rng, 6, classes=10)


def _first_of_two_right(rng: np.random.Generator) -> tuple[Any, Any]:
    """Draw a table with two rows read right, the first among them: a loop that ends there counts one of them."""
    p, y = rng.dirichlet(np.ones(4), size=6), np.empty(6, int)
    p[:2] = rng.permuted([[0.1, 0.2, 0.3, 0.4]] * 2, axis=1)
    y[:2], y[2:] = p[:2].argmax(axis=1), p[2:].argmin(axis=1)
    return p, y


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
        special=(_as_many_images_as_classes, _first_of_two_right),
        reference=_accuracy,
        mistakes={
            lambda p, y: 100 * _accuracy(p, y): "This is in percent; the share lies between 0 and 1.",
            lambda p, y: (p.argmax(axis=0) == y).mean(): "Each row needs an answer of its own. Which axis runs along "
            "a row?",
            lambda p, y: (p.argmax() == y).mean(): "Without an axis, `argmax` finds one place in the whole table, but "
            "each row has an answer of its own.",
            lambda p, y: (p.argmin(axis=1) == y).mean(): "This takes the class with the smallest probability.",
            lambda p, y: (p.max(axis=1) == y).mean(): "This compares probabilities with class numbers. In which "
            "column is the largest probability?",
            lambda p, y: _accuracy(p, y) * len(y) / p.size: "Divide by the number of images, not by the number of "
            "probabilities.",
            lambda p, y: p[np.arange(len(y)), y].mean(): "This is the mean probability of the right class, but an "
            "answer is either right or wrong.",
            lambda p, y: (p[np.arange(len(y)), y] > 0.5).mean(): "An answer can be right with less "
            "than one half, because the largest of several probabilities may be smaller than that.",
            lambda p, y: (p[0].argmax() == y[0]) / len(y): "This has looked at the first row only. Is the `return` "
            "inside the loop?",
            lambda p, y: (p.argmax(axis=1) == y).sum(): "This counts the right answers. Turn the count into a share.",
            lambda p, y: (p.argmax(axis=1) != y).mean(): "This is the share of wrong answers.",
            lambda p, y: p.argmax(axis=1) == y: "This says for each image whether it is right. Make one number of it.",
            lambda p, y: p.argmax(axis=1): "These are the network's answers. In which share of the rows do they agree "
            "with y?",
        },
        hints=(
            "The network's answer for a row is the class with the largest probability.",
            "`p.argmax(axis=1)` gives one class number for each row.",
            "Compare these with y, which gives True and False, and take the mean.",
        ),
    ),
    Function(
        name="mean_loss",
        points=2,
        arguments=_probabilities_and_classes,
        special=(_as_many_images_as_classes,),
        reference=_mean_loss,
        mistakes={
            lambda p, y: -np.log(p[:, y]).mean(): "`p[:, y]` takes every row's entries at all of y. You need one entry "
            "per row.",
            lambda p, y: -np.log(p[:, y]).sum(axis=1).mean(): "`p[:, y]` takes every row's entries at all of y. You "
            "need one entry per row, and no sum over the row.",
            lambda p, y: -np.log(p[y]).mean(): "`p[y]` takes whole rows, but the class numbers count columns.",
            lambda p, y: -np.log(p[np.arange(len(y)), y].mean()): "This is the logarithm of a mean. Take the logarithm "
            "for each image first.",
            lambda p, y: -np.log(p.max(axis=1)).mean(): "This takes the largest probability of each row, which may "
            "not be that of the right class.",
            lambda p, y: -np.log(p[0, y[0]]) / len(y): "This has taken the first image only. Is the `return` inside "
            "the loop?",
            lambda p, y: _mean_loss(p, y) / np.log(10): "The logarithm is the natural one.",
            lambda p, y: _mean_loss(p, y) / np.log(2): "The logarithm is the natural one.",
            lambda p, y: p[np.arange(len(y)), y].mean(): "The logarithm is missing.",
            lambda p, y: 1 - p[np.arange(len(y)), y].mean(): "This is how much the mean probability falls short of 1. "
            "The loss is minus a logarithm.",
            lambda p, y: -np.log(p[np.arange(len(y)), y]): "This holds one loss for each image. Take their mean.",
            lambda p, y: _mean_loss(p, y) * len(y): "This is the sum over the images, but the loss is their mean.",
            lambda p, y: -_mean_loss(p, y): "The sign is reversed: the loss is minus the logarithm.",
            lambda p, y: -np.log(p).sum(axis=1).mean(): "This adds up all classes, although only the right one counts.",
            lambda p, y: _mean_loss(p, y) / p.shape[1]: "This is divided by the number of classes as well. Perhaps a "
            "mean is taken over a whole one-hot table, in which only one entry of each row counts.",
            lambda p, y: -np.log(p).mean(): "This averages over all classes, although only the right one counts.",
        },
        hints=(
            "For each image, find the probability that its right class was given.",
            "`p[np.arange(m), y]` picks one entry from each of the m rows.",
            "Take minus the logarithm of those, then the mean.",
        ),
    ),
    Function(
        name="output_error",
        points=2,
        equations=("SCE",),
        arguments=_probabilities_and_classes,
        special=(_as_many_images_as_classes, _as_many_classes_as_in_the_chapter),
        reference=_output_error,
        mistakes={
            lambda p, y: p - y[:, None]: "y holds class numbers, not rows of 0 and 1.",
            lambda p, y: (p - y[:, None]) / len(y): "y holds class numbers, not rows of 0 and 1.",
            lambda p, y: p - y: "y holds class numbers, not rows of 0 and 1.",
            lambda p, y: (p - y) / len(y): "y holds class numbers, not rows of 0 and 1.",
            lambda p, y: _lowered(p, y): "Here 1 is taken from whole rows, but `y` counts columns. Only one entry of "
            "each row changes.",
            lambda p, y: _lowered(p, (slice(None), y)): "Here 1 is taken from whole columns. Only one entry of "
            "each row changes.",
            lambda p, y: _output_error(p, y) / p.shape[1]: "The loss is a mean over the images, not over the classes.",
            lambda p, y: (p + np.eye(p.shape[1])[y]) / len(y): "Subtract what should have been said; here it is added.",
            lambda p, y: _output_error(p, y) * len(y): "The loss is a mean over the m images. Where is its 1/m?",
            lambda p, y: -_output_error(p, y): "The sign is reversed: it is what was said, minus what should have "
            "been said.",
            lambda p, y: -np.eye(p.shape[1])[y] / p / len(y): "That is the derivative with respect to p. Delta is "
            "the one "
            "with respect to z, before softmax.",
            lambda p, y: p * (1 - p) * _output_error(p, y): "Here you multiply by p (1 - p), but the derivative of "
            "softmax "
            "is already inside p - y.",
            lambda p, y: (p - np.eye(10)[y]) / len(y): "The chapter had ten classes. Here there are as many as p has "
            "columns.",
            lambda p, y: p - np.eye(10)[y]: "The chapter had ten classes. Here there are as many as p has columns.",
            lambda p, y: (p - np.eye(len(y))[y]) / len(y): "A one-hot row has one entry for each class, not one for "
            "each image.",
            lambda p, y: p / len(y): "Nothing has been subtracted for the right class.",
        },
        hints=(
            "Equation (SCE) says: what was said, minus what should have been said, over m.",
            "What should have been said is 1 at the right class and 0 elsewhere.",
            "`np.eye(p.shape[1])[y]` has these rows. Subtract them from p and divide by the number of rows.",
        ),
    ),
    Choice(
        name="gradient_or_descent",
        right="b",
        options={
            "a": "Nothing has moved yet when the loss of the first batch is taken. They start from the same weights.",
            "b": "Right. They ask the backward pass the same question and get the same answer. What they do with it "
            "is another matter.",
            "c": "The derivatives belong to the weights and the images, and neither knows who is going to use them.",
            "d": "Adam and gradient descent take different steps, even from the same derivatives.",
        },
        hints=(
            "Go through the four steps, and ask at each which of the two people could tell that it is not the other's.",
            "What does a backward pass need to know? Is the way of stepping among it?",
            "The two methods meet the same derivatives once, at the very beginning. What happens then?",
        ),
    ),
    Choice(
        name="file_order",
        right="a",
        options={
            "a": "Right. Hardly any writer is on both sides then. Three people are few, so take each fifth in turn.",
            "b": "Shuffled, each of the thirteen has images on both sides, so the network would be tested on hands it "
            "knows.",
            "c": "With every fifth image, each of the thirteen has images on both sides, as with a shuffle.",
            "d": "Then the network is asked about the very images that it learned from, and may have memorised.",
        },
        hints=(
            "Who wrote the images to learn from, and who wrote the images of the test?",
            "The file was filled writer by writer, or nearly so.",
            "Which choice leaves whole people out of the images to learn from?",
        ),
    ),
]
