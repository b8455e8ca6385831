"""Sensitivity, specificity, and what accuracy hides."""

from typing import Any

import numpy as np

from ...bugs.fields.diagnosis import DIAGNOSIS
from ...kinds import Function, Number


def _called_back(rng: np.random.Generator) -> tuple[float, float, int, int]:
    sensitivity, specificity = float(rng.choice([0.8, 0.85, 0.9])), float(rng.choice([0.9, 0.93, 0.95]))
    people, ill = 2000, 2000 * float(rng.uniform(0.1, 0.25))
    return sensitivity, specificity, round(ill * sensitivity + (people - ill) * (1 - specificity)), people


def _have_it(sensitivity: float, specificity: float, called: int, people: int) -> float:
    return (called - (1 - specificity) * people) / (sensitivity + specificity - 1)


def _reported(rng: np.random.Generator) -> tuple[int, int, float]:
    people = int(rng.choice([1000, 2000]))
    ill = people * int(rng.integers(3, 9)) // 100
    missed = int(ill * rng.uniform(0.2, 0.7))
    return people, ill, round(1 - missed / people, 4)


def _lowest(people: int, ill: int, accuracy: float) -> float:
    """Return the sensitivity of a test with this accuracy if all its mistakes are misses."""
    return 1 - (1 - accuracy) * people / ill


def _people(rng: np.random.Generator) -> tuple[Any, Any, float]:
    """Draw answers, probabilities on a coarse grid, and a threshold that some people have exactly."""
    m = int(rng.integers(24, 40))
    y = np.arange(m) % 3 == 0
    p = rng.integers(1, 20, m) / 20
    p[:2] = 0.4, 0.4  # one of either kind on the line
    p[3:5], p[6:8] = (0.3, 0.3), (0.6, 0.6)  # and some of either kind on both sides of it
    return y.astype(int), p, 0.4


def _rates(y: Any, p: Any, threshold: float, wrong: str = "") -> tuple[Any, Any]:
    """Return sensitivity and specificity, with one thing wrong if asked."""
    called = p > threshold if wrong == "strict" else p >= (0.5 if wrong == "fixed" else threshold)
    called = ~called if wrong == "below" else called
    found, missed = (called & (y == 1)).sum(), (~called & (y == 1)).sum()
    alarms, rest = (called & (y == 0)).sum(), (~called & (y == 0)).sum()
    if wrong == "predictive":
        return found / (found + alarms), rest / (rest + missed)
    if wrong == "precision":
        return found / (found + missed), found / (found + alarms)
    if wrong == "counts":
        return found, rest
    if wrong == "of all":
        return found / len(y), rest / len(y)
    if wrong == "false positive rate":
        return found / (found + missed), alarms / (alarms + rest)
    if wrong in ("missed", "home at the line"):
        home = ((p <= threshold) & (y == 0)).sum()
        return (missed if wrong == "missed" else found) / (found + missed), (rest if wrong == "missed" else home) / (
            rest + alarms
        )
    if wrong == "accuracy":
        return found / (found + missed), (found + rest) / len(y)
    rates = found / (found + missed), rest / (rest + alarms)
    return rates[::-1] if wrong == "exchanged" else rates


def _twin(wrong: str) -> Any:
    return lambda y, p, threshold: _rates(y, p, threshold, wrong)


EXERCISES = [
    Number(
        name="share_found",
        given=_called_back,
        expected=_have_it,
        mistakes={
            lambda sensitivity, specificity, called, people: called: "Some of these are called back in vain.",
            lambda sensitivity, specificity, called, people: called * sensitivity: "Sensitivity is a share of those "
            "who have the disease, and not of those who are called back.",
            lambda sensitivity, specificity, called, people: called * specificity: "Specificity is a share of those "
            "who do not have the disease, and not of those who are called back.",
            lambda sensitivity, specificity, called, people: (
                _have_it(sensitivity, specificity, called, people) / people
            ): "That is a share. How many people is it?",
            lambda sensitivity, specificity, called, people: called / sensitivity: "That holds if nobody is called "
            "back in vain.",
            lambda sensitivity, specificity, called, people: (
                (called - (1 - specificity) * people) / sensitivity
            ): "You took false alarms off for everybody. Only people without the disease can raise one, so there are "
            "fewer.",
            lambda sensitivity, specificity, called, people: (
                called - (1 - specificity) * people
            ): "You took false alarms off for everybody, and left out those who are missed.",
            lambda sensitivity, specificity, called, people: (
                people - _have_it(sensitivity, specificity, called, people)
            ): "That is how many do not have it.",
        },
        hints=(
            "Say that n people have the disease. How many of them are called back, and how many of the others?",
            "Of the n, `sensitivity` is called back. Of the others, `people` - n, one minus `specificity`.",
            "Both together make `called`. That is an equation with one unknown.",
        ),
    ),
    Function(
        name="rates",
        points=2,
        arguments=_people,
        reference=lambda y, p, threshold: _rates(y, p, threshold),
        returns=("sensitivity", "specificity"),
        partial=True,
        mistakes={
            _twin("exchanged"): DIAGNOSIS["rates exchanged"],
            _twin("strict"): DIAGNOSIS["strict threshold"],
            _twin("home at the line"): DIAGNOSIS["strict threshold"],
            _twin("missed"): "The first number is the share that is missed, and sensitivity is 1 minus that.",
            _twin("below"): DIAGNOSIS["below the line"],
            _twin("fixed"): DIAGNOSIS["fixed threshold"],
            _twin("predictive"): DIAGNOSIS["predictive value"],
            _twin("accuracy"): DIAGNOSIS["accuracy"],
            _twin(
                "precision"
            ): "The sensitivity is right. The second number is the share of those called back who have "
            "the disease, which is the positive predictive value.",
            _twin("counts"): "These are counts of people. Divide each by its own column of the table.",
            _twin("of all"): "Both counts are divided by all people. Each belongs to its own column of the table.",
            _twin("false positive rate"): "The sensitivity is right. The second number is the share of false alarms, "
            "and specificity is what is left of one.",
        },
        hints=(
            "First find out who is called back: everybody whose probability is at least the threshold.",
            "Split the people by y. In each part, count those who are on the side they should be on.",
            "The mean of `called[y == 1]` is a share of the people with the disease. Do the same with the others, and "
            "think of which side is right for them.",
        ),
    ),
    Number(
        name="at_least_found",
        given=_reported,
        expected=_lowest,
        mistakes={
            lambda people, ill, accuracy: accuracy: "That is the accuracy, which mixes both kinds of people. Suppose "
            "that every mistake is made about somebody with the disease.",
            lambda people, ill, accuracy: 1 - _lowest(people, ill, accuracy): "That is the largest share of the people "
            "with the disease that it may miss. You are asked for the share that it finds.",
            lambda people, ill, accuracy: ill - (1 - accuracy) * people: "That many people it finds at least. What "
            "share of those with the disease are they?",
            lambda people, ill, accuracy: (1 - accuracy) * people: "That is how many mistakes it makes. What if they "
            "are all misses?",
            lambda people, ill, accuracy: (ill - (1 - accuracy) * people) / people: "That is a share of all people. "
            "Sensitivity is a share of those with the disease.",
            lambda people, ill, accuracy: 1 - (1 - accuracy) / 2: "Nothing says that the mistakes are shared out "
            "equally. What is the worst case?",
            lambda people, ill, accuracy: accuracy * ill / people: "Among the people with the disease it may be right "
            "far less often than among all. Count its mistakes first.",
            lambda people, ill, accuracy: 0.0: "It makes too few mistakes for that: even if all of them are misses, "
            "some people are found.",
            lambda people, ill, accuracy: 1.0: "That is the best case, in which every mistake is a false alarm. You "
            "are asked for the worst.",
        },
        hints=(
            "How many mistakes does the test make altogether?",
            "In the worst case, about whom are they made?",
            "Take the mistakes off the people with the disease. What share of them is left?",
        ),
    ),
]
