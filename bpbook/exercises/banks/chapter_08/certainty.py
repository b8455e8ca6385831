"""How sure the network is, what may be left to a person, and where a threshold may be chosen."""

from typing import Any

import numpy as np

from ...bugs.fields.images import IMAGES
from ...kinds import Choice, Function


def _judged(rng: np.random.Generator) -> tuple[Any, Any, float]:
    """Return probabilities of 30 images whose surest answers are mostly right, but for one sure mistake."""
    m = 30
    p = rng.dirichlet(np.full(4, 0.35), size=m)
    sure = np.argsort(-p.max(axis=1))
    y = p.argmax(axis=1)
    wrong = np.append(sure[3], rng.choice(sure[12:], size=8, replace=False))
    y[wrong] = (y[wrong] + rng.integers(1, 4, len(wrong))) % 4
    return p, y, float(rng.choice([0.08, 0.1, 0.12]))


def _hopeless(rng: np.random.Generator) -> tuple[Any, Any, float]:
    p, _, most = _judged(rng)
    return p, (p.argmax(axis=1) + 1) % 4, most


def _errors(p: Any, y: Any, sureness: Any) -> Any:
    return (p.argmax(axis=1) != y)[np.argsort(-sureness)]


def _most_accepted(wrong: Any, most: float) -> float:
    fine = np.flatnonzero(np.cumsum(wrong) / np.arange(1, len(wrong) + 1) <= most)
    return float((fine[-1] + 1) / len(wrong)) if len(fine) else 0.0


def _first_stop(p: Any, y: Any, most: float) -> float:
    wrong = _errors(p, y, p.max(axis=1))
    too_much = np.flatnonzero(np.cumsum(wrong) / np.arange(1, len(wrong) + 1) > most)
    return float(too_much[0] / len(wrong)) if len(too_much) else 1.0


def _among_all(p: Any, y: Any, most: float) -> float:
    wrong = _errors(p, y, p.max(axis=1))
    return float((np.cumsum(wrong) / len(wrong) <= most).sum() / len(wrong))


EXERCISES = [
    Function(
        name="accepted",
        points=3,
        arguments=_judged,
        special=(_hopeless,),
        reference=lambda p, y, most: _most_accepted(_errors(p, y, p.max(axis=1)), most),
        mistakes={
            lambda p, y, most: _most_accepted(_errors(p, y, p[np.arange(len(y)), y]), most): IMAGES[
                "certainty of the label"
            ],
            lambda p, y, most: _most_accepted(_errors(p, y, -p.max(axis=1)), most): IMAGES["least certain accepted"],
            _among_all: IMAGES["errors among all"],
            _first_stop: IMAGES["stopped too early"],
            lambda p, y, most: 1 - _most_accepted(_errors(p, y, p.max(axis=1)), most): IMAGES["share rejected"],
            lambda p, y, most: len(y) * _most_accepted(_errors(p, y, p.max(axis=1)), most): "That is the number of "
            "images. The share of them is asked for.",
            lambda p, y, most: float((p.argmax(axis=1) == y).mean()): "That is the accuracy without rejecting any.",
        },
        hints=(
            "Sort the images by the probability of the network's own answer, the surest first.",
            "If you accept the first k, how many of these are wrong? `np.cumsum` counts along.",
            "Find the largest k whose share of errors is at most `most`, and divide it by m. Mind the case of none.",
        ),
    ),
    Choice(
        name="chosen_on_the_test",
        right="b",
        options={
            "a": "The error rate of these images is right. It is the promise for other images that it is too good for.",
            "b": "Right. The threshold was fitted to these images, so their 1 % is too good. Choose it on one set of "
            "people and count on another.",
            "c": "Rejecting by certainty is fair, since certainty is known without the label. What was the label "
            "needed for?",
            "d": "A network that is surer of its mistakes rejects worse, but even a perfect order would not make this "
            "number honest.",
        },
        hints=(
            "What did the labels of these images decide?",
            "Whatever was chosen by looking at the labels has learned from these images.",
            "Think of the rule for weights: learn on one side, count on the other. A threshold is one more weight.",
        ),
    ),
    Choice(
        name="no_digit",
        right="d",
        options={
            "a": "More digits make it better at digits. Where would it learn what a letter is?",
            "b": "On letters its certainty is often high, as the page shows. A threshold above all of them refuses a "
            "large share of the digits too.",
            "c": "Ten sigmoids could all say no, but only if they had been shown what is to be refused.",
            "d": "Right. Ten probabilities that sum to 1 cannot say no. Refusing has to be learned, from examples of "
            "what is to be refused.",
        },
        hints=(
            "The ten probabilities sum to 1, whatever the image is.",
            "What did the training set say about images that are no digits?",
            "Something must stand for none of these, and something must teach it.",
        ),
    ),
]
