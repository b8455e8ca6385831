"""Whether a network means what it says, and the temperature that repairs it."""

import math
from typing import Any

import numpy as np

from ...bugs.catalogue import BUGS
from ...bugs.fields.diagnosis import DIAGNOSIS
from ...kinds import Choice, Gradient, Mistake, Number

SHARE = Mistake(
    "logarithm of a share",
    "That is the logarithm of a share. A logit is that of the odds: those who have it against those who do not.",
)
GROUPS = [(3, 4), (4, 5), (9, 10), (8, 9), (5, 6), (7, 8)]


def _group(rng: np.random.Generator) -> tuple[int, int, int]:
    have, of = GROUPS[int(rng.integers(len(GROUPS)))]
    return int(rng.integers(3, 8)), have, of


def _softmax(z: Any) -> Any:
    above = np.exp(z - z.max(axis=1, keepdims=True))
    return above / above.sum(axis=1, keepdims=True)


def _people(rng: np.random.Generator) -> tuple[Any, Any, Any]:
    z = 3 * rng.normal(size=(7, 3))
    y = np.array([rng.choice(3, p=p) for p in _softmax(z / 2)])
    y[0] = z[0].argmin()  # at least one mistake
    return z, y, np.array(rng.choice([0.5, 0.7, 1.6, 2.5]))


def _steep(rng: np.random.Generator) -> tuple[Any, Any, Any]:
    """Draw a tiny temperature for tiny logits, where nudges of the temperature fail."""
    z, y, T = _people(rng)
    return z * 1e-6, y, T * 1e-6


def _loss(z: Any, y: Any, T: Any) -> Any:
    logits = z / T - (z / T).max(axis=1, keepdims=True)
    return np.mean(np.log(np.exp(logits).sum(axis=1)) - logits[np.arange(len(y)), y])


def _slope(z: Any, y: Any, T: Any, wrong: str = "") -> Any:
    """Return dC/dT, with one thing wrong if asked."""
    p, one_hot = _softmax(z if wrong == "at z" else z / T), np.eye(z.shape[1])[y]
    factor = {"not squared": T, "no T": 1.0, "multiplied": 1 / T**2}.get(wrong, T**2)
    right = np.arange(len(y)), y
    terms = {
        "no z": (p - one_hot)[right],
        "no y": (p * z).sum(axis=1),
        "right class alone": ((p - one_hot) * z)[right],
        "over classes": ((p - one_hot) * z).mean(axis=1),
    }.get(wrong, ((p - one_hot) * z).sum(axis=1))
    value = -np.mean(terms) / factor
    return {"sum": len(z) * value, "sign": -value}.get(wrong, value)


def _twin(wrong: str) -> Any:
    return lambda z, y, T: _slope(z, y, T, wrong)


EXERCISES = [
    Number(
        name="temperature_by_hand",
        equations=("TEMP",),
        given=_group,
        expected=lambda z, have, of: z / math.log(have / (of - have)),
        tolerance=1e-3,
        mistakes={
            lambda z, have, of: math.log(have / (of - have)) / z: "Your fraction is upside down. The temperature "
            "divides the logit, so a network that is too sure needs one above 1.",
            lambda z, have, of: z / (have / (of - have)): "These are odds. The logit is their logarithm.",
            lambda z, have, of: z / math.log10(have / (of - have)): "The logarithm is the natural one.",
            lambda z, have, of: z / abs(math.log(have / of)): SHARE,
            lambda z, have, of: z / math.log(have / of): SHARE,
            lambda z, have, of: z * math.log(have / (of - have)): "The temperature divides the logit; here it "
            "multiplies.",
            lambda z, have, of: math.log(have / (of - have)): "That is the logit they should have. By what must theirs "
            "be divided?",
            lambda z, have, of: z - math.log(have / (of - have)): "A temperature divides; a shift would change the "
            "bias.",
            lambda z, have, of: z / (have / of): "That is the share of people who have it. Make a logit of it first.",
        },
        hints=(
            "All people get the same probability. What should it be?",
            "It should be the share of them who have the disease. Which logit belongs to that share?",
            "The logit is the natural logarithm of the odds, those who have it against those who do not. Dividing z by "
            "T must give it.",
        ),
    ),
    Gradient(
        name="temperature_slope",
        points=2,
        equations=("TEMP",),
        arguments=_people,
        reference=lambda z, y, T: _slope(z, y, T),
        loss=_loss,
        wrt=(2,),
        steep=_steep,
        times=3,
        nudged=BUGS["finite differences"],
        mistakes={
            _twin("at z"): DIAGNOSIS["temperature missing"],
            _twin("not squared"): DIAGNOSIS["temperature not squared"],
            _twin("no T"): "The last link is missing: how does z / T change when T does?",
            _twin("multiplied"): "The square of T belongs below the line.",
            _twin("sign"): "The sign is reversed. When T grows, z / T shrinks.",
            _twin("sum"): "The loss is a mean over the people; this adds them up.",
            _twin("no z"): "The logits are missing: z / T changes the more, the larger z is.",
            _twin("no y"): "The answers are missing: delta is p minus the one-hot y.",
            _twin("right class alone"): "All logits are divided by T, and not only that of the right class.",
            _twin("over classes"): "The loss is a mean over the people. Over the classes it is a sum.",
        },
        hints=(
            "Three links: from the loss to z / T, from z / T to T, and the mean over the people.",
            "The first link is (SCE): p minus the one-hot y, with p the softmax of z / T. For the second, "
            "differentiate z / T by T.",
            "For each person multiply p minus the one-hot y by z and add up the classes. Take the mean over the "
            "people, and divide by the square of T. Which sign?",
        ),
    ),
    Choice(
        name="which_people",
        right="b",
        options={
            "a": "No network saw the people it judged, which is good. But what has T seen?",
            "b": "Right. T is learned too, so it belongs inside a fold: each person's from everybody else.",
            "c": "They may be pooled. Each is the answer of a network to somebody it has not seen, and that is what T "
            "is about.",
            "d": "On the people it learned from, a network is nearly always right, so no temperature is small enough.",
        },
        hints=(
            "Go through everything that was learned, and ask of each from whom.",
            "The networks learned from other people. From whom was T learned?",
            "Whose loss may be counted, if T was chosen to make it small?",
        ),
    ),
]
