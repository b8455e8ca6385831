"""Whether a network means what it says, and the temperature that repairs it."""

import math
from typing import Any

import numpy as np

from ...bugs.catalogue import BUGS
from ...bugs.fields.diagnosis import DIAGNOSIS
from ...kinds import Expression, Gradient, Number


def _logit(have: int, of: int) -> float:
    return math.log(have / (of - have))


def _two_groups(rng: np.random.Generator) -> tuple[int, int, int, int, int, int]:
    high, low = [(3, 4), (4, 5), (9, 10), (5, 6)], [(1, 3), (1, 4), (2, 5), (1, 6)]
    one, other = high[int(rng.integers(len(high)))], low[int(rng.integers(len(low)))]
    return int(rng.integers(2, 6)), *one, -int(rng.integers(1, 5)), *other


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


def _at_one(rng: np.random.Generator) -> tuple[Any, Any, Any]:
    """Draw a temperature of 1, where steps that are a share of it are steps as they are."""
    z, y, _ = _people(rng)
    return z, y, np.array(1.0)


def _loss(z: Any, y: Any, T: Any) -> Any:
    logits = z / T - (z / T).max(axis=1, keepdims=True)
    return np.mean(np.log(np.exp(logits).sum(axis=1)) - logits[np.arange(len(y)), y])


def _slope(z: Any, y: Any, T: Any, wrong: str = "") -> Any:
    """Return dC/dT, with one thing wrong if asked."""
    p, one_hot = _softmax(z if wrong == "at z" else z / T), np.eye(z.shape[1])[y]
    if wrong == "sigmoid":
        p = 1 / (1 + np.exp(-z / T))
    if wrong == "class numbers":
        one_hot = y[:, None]
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
    Expression(
        name="temperature_by_hand",
        equations=("TEMP",),
        expected="1 / (1 + k**T)",
        variables={"k": (2, 20), "T": (0.5, 3)},
        mistakes={
            "1 / (1 + k)": "That is the line for the calibrated probability. This machine shows the raw one.",
            "1 / (1 + k**(1 / T))": "The raw logit is T times the calibrated one. You divided by T.",
            "1 / (1 + T * k)": "The odds are not multiplied by T. Their logarithm is.",
            "1 / (T * (1 + k))": "Logits are divided by T, and not probabilities.",
            "T / (1 + k)": "Logits are multiplied by T, and not probabilities.",
            "-T * log(k)": "That is the raw logit at the line. Make a probability of it.",
            "1 / (1 + k)**T": "It is the odds that are raised to the power T, and not the probability.",
            "k**T / (1 + k**T)": "The sign of the logit is reversed: for a costly miss the line is below one half.",
        },
        hints=(
            "Where is the line for the calibrated probability, and which logit z / T belongs to it?",
            "There the odds are 1 to k, so z / T is minus the logarithm of k. What is the raw z?",
            "The raw probability is the sigmoid of z. The exponential of T times a logarithm is a power.",
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
        parts=lambda made, z, y, T: [(made["The result"], _loss(z, y, T))],
        single=_at_one,
        nudged=BUGS["finite differences"],
        mistakes={
            _twin("at z"): DIAGNOSIS["temperature missing"],
            _twin("not squared"): DIAGNOSIS["temperature not squared"],
            _twin("no T"): "The last link is missing: how does z / T change when T does?",
            _twin("multiplied"): "The square of T belongs below the line.",
            _twin("sign"): "The sign is reversed. When T grows, z / T shrinks.",
            lambda z, y, T: (
                ((np.eye(z.shape[1])[y] - _softmax(z / T)) * z).sum(axis=1) / T**2
            ): "Those are the slopes of each person's loss. The loss is their mean.",
            _twin("sum"): "The loss is a mean over the people; this adds them up.",
            _twin("no z"): "The logits are missing: z / T changes the more, the larger z is.",
            _twin("no y"): "The answers are missing: delta is p minus the one-hot y.",
            _twin("right class alone"): "All logits are divided by T, and not only that of the right class.",
            _twin(
                "sigmoid"
            ): "That takes a sigmoid of each logit by itself. The probabilities of a row belong together: "
            "take their softmax.",
            _twin("class numbers"): BUGS["class numbers for rows"],
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
    Number(
        name="which_stretch",
        given=_two_groups,
        expected=lambda z1, have1, of1, z2, have2, of2: (_logit(have1, of1) - _logit(have2, of2)) / (z1 - z2),
        mistakes={
            lambda z1, have1, of1, z2, have2, of2: _logit(have1, of1) / z1: "That repairs the first group alone.",
            lambda z1, have1, of1, z2, have2, of2: _logit(have2, of2) / z2: "That repairs the second group alone.",
            lambda z1, have1, of1, z2, have2, of2: (have1 / of1 - have2 / of2) / (z1 - z2): "These are shares. The "
            "logits have to be right, so make logits of them.",
            lambda z1, have1, of1, z2, have2, of2: (
                (math.log(have1 / of1) - math.log(have2 / of2)) / (z1 - z2)
            ): "Those are logarithms of shares. A logit is that of the odds: those who have it against those who do "
            "not.",
            lambda z1, have1, of1, z2, have2, of2: (
                (z1 - z2) / (_logit(have1, of1) - _logit(have2, of2))
            ): "That is the temperature, by which z would be divided. Here z is multiplied by a.",
            lambda z1, have1, of1, z2, have2, of2: (
                _logit(have1, of1) - z1 * (_logit(have1, of1) - _logit(have2, of2)) / (z1 - z2)
            ): "That is b, the shift. You are asked for a, the factor.",
        },
        hints=(
            "Which logit should each of the two groups have?",
            "That of its share: the logarithm of those who have it against those who do not. So two equations hold, "
            "with a and b unknown.",
            "Subtract one equation from the other, and b is gone.",
        ),
    ),
]
