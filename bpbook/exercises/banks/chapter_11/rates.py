"""Sensitivity, specificity, and what accuracy hides."""

from typing import Any

import numpy as np

from ...bugs.fields.diagnosis import DIAGNOSIS
from ...kinds import Choice, Function, Number


def _table(rng: np.random.Generator) -> tuple[int, int, int, int]:
    low, high = [40, 5, 30, 200], [90, 20, 60, 400]
    found, missed, alarms, rest = (int(count) for count in rng.integers(low, high))
    return found, missed, alarms, rest


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
    if wrong == "of all":
        return found / len(y), rest / len(y)
    if wrong == "false positive rate":
        return found / (found + missed), alarms / (alarms + rest)
    if wrong == "accuracy":
        return found / (found + missed), (found + rest) / len(y)
    rates = found / (found + missed), rest / (rest + alarms)
    return rates[::-1] if wrong == "exchanged" else rates


def _twin(wrong: str) -> Any:
    return lambda y, p, threshold: _rates(y, p, threshold, wrong)


EXERCISES = [
    Number(
        name="share_found",
        given=_table,
        expected=lambda found, missed, alarms, rest: found / (found + missed),
        ratios={100.0: "That is in percent. A share lies between 0 and 1."},
        mistakes={
            lambda found, missed, alarms, rest: rest / (rest + alarms): DIAGNOSIS["rates exchanged"],
            lambda found, missed, alarms, rest: found / (found + alarms): DIAGNOSIS["predictive value"],
            lambda found, missed, alarms, rest: (found + rest) / (found + missed + alarms + rest): DIAGNOSIS[
                "accuracy"
            ],
            lambda found, missed, alarms, rest: missed / (found + missed): DIAGNOSIS["miss rate"],
            lambda found, missed, alarms, rest: (
                found / (found + missed + alarms + rest)
            ): "You divided by all people. Sensitivity asks about the people who have the disease only.",
            lambda found, missed, alarms, rest: (
                alarms / (alarms + rest)
            ): "That is the share of people without the disease who get a false alarm.",
            lambda found, missed, alarms, rest: found / missed: "That is how many are found for each who is missed. "
            "A share divides by both together.",
        },
        hints=(
            "Which of the four groups have the disease?",
            "Those who are found and those who are missed. What share of them is found?",
            "Divide those who are found by all who have the disease, because the others have no part in it.",
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
            _twin("below"): DIAGNOSIS["below the line"],
            _twin("fixed"): DIAGNOSIS["fixed threshold"],
            _twin("predictive"): DIAGNOSIS["predictive value"],
            _twin("accuracy"): DIAGNOSIS["accuracy"],
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
    Choice(
        name="rare_disease",
        right="c",
        options={
            "a": "A test that calls nobody back is 99.5 % accurate here. Is this one even as good as that?",
            "b": "It may be, or not. With so few people who have the disease, accuracy hardly notices any of them.",
            "c": "Right. Calling nobody back would be more accurate still, so ask for sensitivity and specificity.",
            "d": "Another threshold would give another accuracy. But is accuracy the thing to ask for?",
        },
        hints=(
            "Compare it with the laziest test there is.",
            "How accurate is a test that calls nobody back, if five in a thousand have the disease?",
            "It would be wrong about five people in a thousand. Now compare that with this test.",
        ),
    ),
]
