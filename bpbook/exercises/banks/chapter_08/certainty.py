"""How sure the network is, what may be left to a person, and where a threshold may be chosen."""

from typing import Any

import numpy as np

from ...bugs.fields.images import IMAGES
from ...kinds import Choice, Function


def _judged(rng: np.random.Generator) -> tuple[Any, Any, float, Any]:
    """Return probabilities of 30 images whose surest answers are mostly right, but one sure mistake, and 240 more."""
    m = 30
    p = rng.dirichlet(np.full(4, 0.35), size=m)
    sure = np.argsort(-p.max(axis=1))
    y = p.argmax(axis=1)
    wrong = np.append(sure[3], rng.choice(sure[12:], size=8, replace=False))
    y[wrong] = (y[wrong] + rng.integers(1, 4, len(wrong))) % 4
    return p, y, float(rng.choice([0.08, 0.1, 0.12])), rng.dirichlet(np.full(4, 0.45), size=240)


def _hopeless(rng: np.random.Generator) -> tuple[Any, Any, float, Any]:
    p, _, most, p_new = _judged(rng)
    return p, (p.argmax(axis=1) + 1) % 4, most, p_new


def _exact(rng: np.random.Generator) -> tuple[Any, Any, float, Any]:
    """Return images of which exactly the share that is allowed is wrong, one of the surest eight, and some between."""
    p, _, _, _ = _judged(rng)
    sure = np.argsort(-p.max(axis=1))
    falling = np.sort(p, axis=1)[sure]
    y = p.argmax(axis=1)
    wrong = np.append(sure[5], sure[8:])
    y[wrong] = (y[wrong] + 1) % 4
    return p, y, 1 / 8, (falling[:-1] + falling[1:]) / 2


def _shares(p: Any, y: Any, sureness: Any) -> Any:
    """Return the share of errors among the first one, two, ... of the images, the surest first."""
    wrong = (p.argmax(axis=1) != y)[np.argsort(-sureness)]
    return np.cumsum(wrong) / np.arange(1, len(wrong) + 1)


def _count(fine: Any) -> int:
    """Return how many images are accepted: up to the last at which it is fine to stop."""
    return int(np.flatnonzero(fine)[-1]) + 1 if fine.any() else 0


def _used(n: int, sureness: Any, p_new: Any) -> float:
    """Return the share of the new images that are at least as sure as the n-th of the old ones."""
    return float((p_new.max(axis=1) >= np.sort(sureness)[-n]).mean()) if n else 0.0


def _accepted(p: Any, y: Any, most: float, p_new: Any) -> float:
    sureness = p.max(axis=1)
    return _used(_count(_shares(p, y, sureness) <= most), sureness, p_new)


def _by_label(p: Any, y: Any, most: float, p_new: Any) -> float:
    sureness = p[np.arange(len(y)), y]
    return _used(_count(_shares(p, y, sureness) <= most), sureness, p_new)


def _least_certain(p: Any, y: Any, most: float, p_new: Any) -> float:
    sureness = p.max(axis=1)
    n = _count(_shares(p, y, -sureness) <= most)
    return float((p_new.max(axis=1) <= np.sort(sureness)[n - 1]).mean()) if n else 0.0


def _least_certain_first(p: Any, y: Any, most: float, p_new: Any) -> float:
    sureness = p.max(axis=1)
    n = _count(_shares(p, y, -sureness) <= most)
    return float((p_new.max(axis=1) >= np.sort(sureness)[n - 1]).mean()) if n else 0.0


def _one_more(p: Any, y: Any, most: float, p_new: Any) -> float:
    sureness = p.max(axis=1)
    n = _count(_shares(p, y, sureness) <= most)
    return _used(n and min(n + 1, len(y)), sureness, p_new)


def _fewest(p: Any, y: Any, most: float, p_new: Any) -> float:
    sureness = p.max(axis=1)
    fine = _shares(p, y, sureness) <= most
    return _used(int(fine.argmax()) + 1 if fine.any() else 0, sureness, p_new)


def _all_for_none(p: Any, y: Any, most: float, p_new: Any) -> float:
    return _accepted(p, y, most, p_new) or 1.0


def _among_all(p: Any, y: Any, most: float, p_new: Any) -> float:
    sureness = p.max(axis=1)
    wrong = _shares(p, y, sureness) * np.arange(1, len(y) + 1)
    return _used(_count(wrong / len(y) <= most), sureness, p_new)


def _first_stop(p: Any, y: Any, most: float, p_new: Any) -> float:
    sureness = p.max(axis=1)
    fine = np.logical_and.accumulate(_shares(p, y, sureness) <= most)
    return _used(_count(fine), sureness, p_new)


def _below(p: Any, y: Any, most: float, p_new: Any) -> float:
    sureness = p.max(axis=1)
    return _used(_count(_shares(p, y, sureness) < most), sureness, p_new)


EXERCISES = [
    Function(
        name="accepted",
        points=3,
        arguments=_judged,
        special=(_hopeless, _exact),
        reference=lambda p, y, most, p_new: _accepted(p, y, most, p_new),
        mistakes={
            _by_label: IMAGES["certainty of the label"],
            _least_certain: IMAGES["least certain accepted"],
            _among_all: IMAGES["errors among all"],
            _first_stop: IMAGES["stopped too early"],
            lambda p, y, most, p_new: 1 - _accepted(p, y, most, p_new): IMAGES["share rejected"],
            _least_certain_first: IMAGES["least certain accepted"],
            _one_more: "The threshold is one image too low: it is the certainty of the last image accepted, and not of "
            "the next.",
            lambda p, y, most, p_new: (
                np.sort(p.max(axis=1))[-n] if (n := _count(_shares(p, y, p.max(axis=1)) <= most)) else 0.0
            ): "That is the threshold. Which share of the second batch reaches it?",
            _fewest: "You accept as few as possible. Accept as many as possible: look for the last place at which it "
            "is fine to stop.",
            _all_for_none: "Where nothing can be accepted, no threshold is high enough, and the share is 0.",
            _below: "Exactly the share `most` may be wrong too: at most means up to and with it.",
            lambda p, y, most, p_new: _count(_shares(p, y, p.max(axis=1)) <= most) / len(y): "That is the share of the "
            "first batch. Use its threshold on the second one.",
            lambda p, y, most, p_new: len(p_new) * _accepted(p, y, most, p_new): "That is the number of images. The "
            "share of them is asked for.",
            lambda p, y, most, p_new: float((p_new.max(axis=1) >= 1 - most).mean()): "A probability of 0.9 is no "
            "promise that nine in ten are right. The first batch says how sure is sure enough.",
            lambda p, y, most, p_new: float((p.argmax(axis=1) == y).mean()): "That is the accuracy on the first batch "
            "without rejecting any.",
        },
        hints=(
            "Sort the images of the first batch by the probability of the network's own answer, the surest first.",
            "Find the largest k for which at most the share `most` of the first k is wrong. `np.cumsum` counts along.",
            "The k-th largest probability is the threshold. Which share of the second batch reaches it? Mind the case "
            "of no such k.",
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
