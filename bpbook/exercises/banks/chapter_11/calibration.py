"""Whether a network means what it says, and the temperature that repairs it."""

import math
from typing import Any

import numpy as np

from ...bugs.catalogue import BUGS
from ...bugs.diagnosis import DIAGNOSIS
from ...kinds import Choice, Gradient, Mistake, Number

SHARE = Mistake(
    "logarithm of a share",
    "That is the logarithm of a share. A logit is that of the odds: those who have it against those who do not.",
)
GROUPS = [(3, 4), (4, 5), (9, 10), (8, 9), (5, 6), (7, 8)]


def _group(rng: np.random.Generator) -> tuple[int, int, int]:
    have, of = GROUPS[int(rng.integers(len(GROUPS)))]
    return int(rng.integers(3, 8)), have, of


def _sigmoid(z: Any) -> Any:
    return 1 / (1 + np.exp(-z))


def _people(rng: np.random.Generator, T: float | None = None) -> tuple[Any, Any, Any]:
    z = 3 * rng.normal(size=7)
    y = (rng.uniform(size=7) < _sigmoid(z / 2)).astype(float)
    y[0] = float(z[0] < 0)  # at least one mistake
    return z, y, np.array(rng.choice([0.5, 0.7, 1.6, 2.5]) if T is None else T)


def _steep(rng: np.random.Generator) -> tuple[Any, Any, Any]:
    """Draw a tiny temperature for tiny logits, where nudges of the temperature fail."""
    z, y, T = _people(rng)
    return z * 1e-6, y, T * 1e-6


def _loss(z: Any, y: Any, T: Any) -> Any:
    return np.mean(np.logaddexp(0, z / T) - y * z / T)


def _slope(z: Any, y: Any, T: Any, wrong: str = "") -> Any:
    """Return dC/dT, with one thing wrong if asked."""
    p = _sigmoid(z if wrong == "at z" else z / T)
    factor = {"not squared": T, "no T": 1.0, "multiplied": 1 / T**2}.get(wrong, T**2)
    if wrong == "no z":
        return -np.mean(p - y) / factor
    if wrong == "no y":
        return -np.mean(p * z) / factor
    if wrong == "slope of sigmoid":
        return -np.mean((p - y) * p * (1 - p) * z) / factor
    value = -np.mean((p - y) * z) / factor
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
            _twin("no z"): "The logit is missing: z / T changes the more, the larger z is.",
            _twin("no y"): "The answers are missing: delta is p - y.",
            _twin("slope of sigmoid"): "The slope of the sigmoid cancels in cross-entropy. It is here once too often.",
        },
        hints=(
            "Three links: from the loss to z / T, from z / T to T, and the mean over the people.",
            "The first link is p - y, with p the sigmoid of z / T. For the second, differentiate z / T by T.",
            "For each person multiply p - y by z, take the mean, and divide by the square of T. Which sign?",
        ),
    ),
    Choice(
        name="which_people",
        right="d",
        options={
            "a": "On the people it learned from, a network is nearly always right, so no temperature is small enough.",
            "b": "A group of thirty contains one mistake or none, and the temperature hangs on it.",
            "c": "Then the test people have a say in the probabilities they are tested on.",
            "d": "Right. Everybody to learn from is judged by a network that has not seen them, and nobody else helps.",
        },
        hints=(
            "The temperature is learned, so the test people may not help.",
            "It needs mistakes to learn from. Where does a network make honest ones?",
            "Deal the people to learn from into folds once more.",
        ),
    ),
]
