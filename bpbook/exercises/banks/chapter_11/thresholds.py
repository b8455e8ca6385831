"""Where the line belongs: by the cost of mistakes, and by people who are not tested on it."""

from typing import Any

import numpy as np

from ...bugs.fields.diagnosis import DIAGNOSIS
from ...kinds import Expression, Function, Mistake


def _two_groups(rng: np.random.Generator) -> tuple[Any, Any, Any, Any, float]:
    """Draw logits of people, two groups of them, and the sensitivity that is wanted."""
    m = 60
    y = np.arange(m) % 2
    z = np.round(1.5 * (2 * y - 1) + 1.2 * rng.normal(size=m), 4)
    order = rng.permutation(m)
    choose, test = order[:30], order[30:]
    wanted = int((y[choose] == 1).sum())
    # The test people with the disease are harder, so that their own threshold would be another.
    z[test[y[test] == 1]] -= 0.7
    least = (wanted - 1.5) / wanted
    z[test[y[test] == 1][:2]] = _line(z, y, choose, least) - [0.0, 0.00005]  # at the threshold, and right below it
    return z, y, choose, test, least


def _just_enough(rng: np.random.Generator) -> tuple[Any, Any, Any, Any, float]:
    """Draw people of whom just the share that is wanted lies at the threshold or above it, a number that is exact."""
    y = np.arange(48) % 2
    z = np.round(1.5 * (2 * y - 1) + 1.2 * rng.normal(size=48), 4)
    ill, others = rng.permutation(np.flatnonzero(y == 1)), rng.permutation(np.flatnonzero(y == 0))
    choose, test = (rng.permutation(np.append(ill[part], others[part])) for part in (slice(16), slice(16, 24)))
    line = _line(z, y, choose, 0.75)
    z[ill[16]] = line  # one of those who are tested is exactly at the threshold
    z[ill[17:20]] = line - [0.0004, 0.0003, 0.0002]  # and some are a little below it
    return z, y, choose, test, 0.75


def _line(z: Any, y: Any, rows: Any, least: float) -> Any:
    """Return the highest threshold at which at least this share of the people with the disease are called back."""
    ill = np.sort(z[rows][y[rows] == 1])[::-1]
    return ill[int(np.ceil(least * len(ill))) - 1]


def _sensitivity(
    z: Any, y: Any, choose: Any, test: Any, least: float, chosen_on: str = "choose", counted: str = "test"
) -> Any:
    """Return the sensitivity of some people at the threshold that some people chose."""
    groups = {"choose": choose, "test": test, "all": np.concatenate([choose, test])}
    rows = groups[counted]
    line = _line(z, y, groups[chosen_on], least)
    return (z[rows][y[rows] == 1] >= line).mean()


def _specificity(z: Any, y: Any, choose: Any, test: Any, least: float) -> Any:
    return (z[test][y[test] == 0] < _line(z, y, choose, least)).mean()


def _strict(z: Any, y: Any, choose: Any, test: Any, least: float) -> Any:
    """Take the first healthy or ill logit below the line: a threshold that is one step too low."""
    line = _line(z, y, choose, least)
    lower = z[choose][z[choose] < line]
    return (z[test][y[test] == 1] >= lower.max()).mean()


def _interpolated(z: Any, y: Any, choose: Any, test: Any, least: float) -> Any:
    line = np.quantile(z[choose][y[choose] == 1], 1 - least)
    return (z[test][y[test] == 1] >= line).mean()


def _by_index(extra: int, round_up: bool = False) -> Any:
    """Return a twin that counts down so many of the sorted logits, one too far where the share comes out even."""

    def sensitivity(z: Any, y: Any, choose: Any, test: Any, least: float) -> Any:
        ill = np.sort(z[choose][y[choose] == 1])[::-1]
        place = int(np.ceil(least * len(ill))) if round_up else int(least * len(ill))
        return (z[test][y[test] == 1] >= ill[place + extra]).mean()

    return sensitivity


def _lower_quantile(z: Any, y: Any, choose: Any, test: Any, least: float) -> Any:
    line = np.quantile(z[choose][y[choose] == 1], 1 - least, method="lower")
    return (z[test][y[test] == 1] >= line).mean()


def _lowest(z: Any, y: Any, choose: Any, test: Any, least: float) -> Any:
    return (z[test][y[test] == 1] >= z[choose].min()).mean()


ONE_TOO_LOW = Mistake(
    "one person too low", "The threshold is one person too low. Somebody exactly on it is called back."
)
NOT_THE_HIGHEST = Mistake(
    "not the highest",
    "A higher threshold is enough, at which exactly the share `least` is called back.",
)
EXERCISES = [
    Expression(
        name="cost_threshold",
        expected="(1 + b) / (1 + k)",
        variables={"k": (5, 60), "b": (0.2, 2)},
        mistakes={
            "1 / (1 + k)": "The night is left out, and everybody who is called back has to stay for it.",
            "(1 + b) / k": "Nearly. Only people without cancer are a false alarm, so that costs 1 - p, not 1.",
            "b / (1 + k)": "That counts the night alone. Calling back costs a false alarm as well.",
            "1 / (1 + k + b)": "The night makes calling back dearer, so the line must rise.",
            "b / k": "Besides the night, calling back costs a false alarm for those without cancer.",
            "(1 + b) / (1 + b + k)": "People with cancer stay for the night as well, if they are called back.",
            "1 / (1 + k - b)": "People without cancer stay for the night as well, if they are called back.",
            "(1 - b) / (1 + k)": "The dearer it is to call somebody back, the later it pays. Watch the sign of b.",
            "(k - b) / (1 + k)": "That is one minus the line. You are asked for the probability of cancer, not of its "
            "absence.",
            "(k + b) / (1 + k)": "That is the line for a false alarm that costs k times as much as a miss.",
            "(1 + k) / (1 + b)": "Upside down: a threshold is a probability, so it cannot be larger than one.",
            "(1 + b) / (1 - k)": "Bring the terms with p to one side: both have the same sign there.",
        },
        hints=(
            "What does it cost on average to send somebody home whose probability is p? And to call them back?",
            "Sending home costs k times p. Calling back costs one minus p, and b on top.",
            "Solve k p = 1 - p + b for p.",
        ),
    ),
    Function(
        name="sensitivity_in_the_test",
        points=3,
        arguments=_two_groups,
        special=(_just_enough,),
        reference=lambda z, y, choose, test, least: _sensitivity(z, y, choose, test, least),
        mistakes={
            lambda z, y, choose, test, least: _sensitivity(z, y, choose, test, least, "test"): DIAGNOSIS[
                "threshold on test people"
            ],
            lambda z, y, choose, test, least: _sensitivity(z, y, choose, test, least, "all"): DIAGNOSIS[
                "threshold on everybody"
            ],
            lambda z, y, choose, test, least: _sensitivity(z, y, choose, test, least, counted="choose"): DIAGNOSIS[
                "tested on the choosers"
            ],
            lambda z, y, choose, test, least: _sensitivity(
                z, y, choose, test, least, counted="all"
            ): "The people who chose the threshold are counted as well. Count the test people only.",
            _specificity: "That is the specificity of the test people. Sensitivity looks at those with the disease.",
            lambda z, y, choose, test, least: (z[test][y[test] == 1] > _line(z, y, choose, least)).mean(): DIAGNOSIS[
                "strict threshold"
            ],
            _interpolated: "An interpolated quantile lies between two people, so that fewer than `least` are above it. "
            "Take the logit of one of them.",
            lambda z, y, choose, test, least: (z[test] >= _line(z, y, choose, least)).mean(): "That is the share of "
            "all test people who are called back. Look at those with the disease alone.",
            lambda z, y, choose, test, least: _line(z, y, choose, least): "That is the threshold. Now use it on the "
            "test people, and count.",
            lambda z, y, choose, test, least: (z[test][y[test] == 1] >= 0).mean(): "That is the sensitivity at a logit "
            "of zero, whatever `least` says.",
            _strict: ONE_TOO_LOW,
            _by_index(0, round_up=True): ONE_TOO_LOW,
            _by_index(0): NOT_THE_HIGHEST,
            _lower_quantile: NOT_THE_HIGHEST,
            _by_index(-1): "The threshold is one person too high, so that fewer than `least` are called back.",
            lambda z, y, choose, test, least: 1 - _sensitivity(z, y, choose, test, least): "That is the share of them "
            "that is missed.",
            lambda z, y, choose, test, least: y[test][z[test] >= _line(z, y, choose, least)].mean(): "That is the "
            "share of those called back who have the disease. Divide by all test people with the disease.",
            _lowest: "All test people with the disease are called back. The threshold is lower than `least` asks for.",
        },
        hints=(
            "Two steps: choose a threshold on the rows `choose`, then count on the rows `test`.",
            "Sort the logits of the choosing people with the disease. How far down must the line go?",
            "Try these logits as thresholds, from the highest down, and stop at the first one where the mean of "
            "`z >= line` among the choosing people with y = 1 is at least `least`. Then count the test people.",
        ),
    ),
]
