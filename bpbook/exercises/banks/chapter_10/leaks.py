"""What is known on which day: four lines, an average that gives tomorrow away, a scale, and a gap."""

from typing import Any

import numpy as np

from ...bugs.fields.markets import MARKETS
from ...kinds import Choice, Expression, Function, Number


def _past_and_future(rng: np.random.Generator) -> tuple[Any, int]:
    n, cut = int(rng.integers(2, 4)), int(rng.integers(6, 9))
    x = rng.normal(size=(cut + 5, n)) * rng.uniform(0.5, 4, n) + rng.uniform(-5, 5, n)
    x[cut:] = 1.7 * x[cut:] + 1
    return x, cut


def _scaled(x: Any, by: Any, spread: Any = None) -> Any:
    return (x - by.mean(axis=0)) / (by.std(axis=0) if spread is None else spread)


EXERCISES = [
    Choice(
        name="which_line",
        right="c",
        options={
            "a": "Mean and spread come from the days before `cut`, so this line is honest.",
            "b": 'With mode="valid" each mean of five ends with its fifth day, and its answer is the day after.',
            "c": "Right. The largest return of all days may lie in the future, and every input is divided by it.",
            "d": "A sum up to today contains no tomorrow.",
        },
        hints=(
            "In your mind, replace the returns from day `cut` on by others. Which inputs of earlier days change?",
            "A line that needs the whole series to compute one early entry is suspicious.",
            "Two of these look at windows that end today, one at a stretch that ends before the test.",
        ),
    ),
    Expression(
        name="tomorrow",
        points=2,
        expected="3*(s0 - s1) + r2",
        variables={"s0": (-2, 2), "s1": (-2, 2), "r2": (-2, 2)},
        mistakes={
            "s0 - s1 + r2": "Each smoothed day is a third of a sum, so the difference must be tripled.",
            "3*(s0 - s1)": "The difference of two neighbouring means holds tomorrow and one old return, which is still "
            "in there.",
            "3*(s0 - s1) - r2": "The old return leaves the mean, so it was subtracted. Put it back.",
            "3*(s1 - s0) + r2": "The two smoothed days are exchanged.",
            "3*s0 - s1 + r2": "Only one of the two smoothed days is tripled.",
            "3*s0": "That is the sum of three returns, of which only one is tomorrow's.",
        },
        hints=(
            "Write down both means, and subtract.",
            "Two of the three returns are in both means. What is left?",
            "Three times the difference is tomorrow's return minus that of two days ago.",
        ),
    ),
    Function(
        name="standardise_past",
        points=2,
        arguments=_past_and_future,
        reference=lambda x, cut: _scaled(x, x[:cut]),
        mistakes={
            lambda x, cut: _scaled(x, x): MARKETS["scaled with the future"],
            lambda x, cut: np.vstack([_scaled(x[:cut], x[:cut]), _scaled(x[cut:], x[cut:])]): MARKETS[
                "test days scaled apart"
            ],
            lambda x, cut: _scaled(x, x[cut:]): MARKETS["scaled by the test days"],
            lambda x, cut: np.vstack([_scaled(x[:cut], x[:cut]), x[cut:]]): "The later days are left in their own "
            "units, which the network has never seen.",
            lambda x, cut: _scaled(x, x[:cut], 1.0): "The mean is taken away, but nothing is divided by the standard "
            "deviation.",
            lambda x, cut: _scaled(x, x[:cut], x[:cut].var(axis=0)): "Divide by the standard deviation, not by its "
            "square, the variance.",
            lambda x, cut: (x - x[:cut].mean()) / x[:cut].std(): "Every column has a mean and spread of its own. Along "
            "which axis?",
            lambda x, cut: _scaled(x, x[:cut], x[:cut].std(axis=0, ddof=1)): "This divides by m - 1 inside the "
            "standard deviation. This exercise, like StandardScaler, divides by m.",
            lambda x, cut: _scaled(x, x[: cut + 1]): "Row `cut` is the first that is not known, and it helped.",
            lambda x, cut: _scaled(x[:cut], x[:cut]): "The later rows are missing. They are scaled too, by the scale "
            "of the others.",
        },
        hints=(
            "On day `cut`, which rows are known?",
            "Take mean and standard deviation of those rows, one of each for every column.",
            "Use them for all rows, the later ones too.",
        ),
    ),
    Number(
        name="gap_rows",
        given=lambda rng: (int(rng.choice([5, 10, 15, 20])), int(rng.choice([30, 60, 120, 250]))),
        expected=lambda horizon, window: horizon - 1,
        mistakes={
            lambda horizon, window: 0: MARKETS["no gap"],
            lambda horizon, window: horizon: MARKETS["one day too many"],
            lambda horizon, window: window: MARKETS["gap of the window"],
            lambda horizon, window: window - 1: MARKETS["gap of the window"],
            lambda horizon, window: window + horizon: "The inputs may look back as far as they like, so the window "
            "does not count.",
            lambda horizon, window: 2 * horizon: "Only one of the two answers reaches across the cut: that of the "
            "training row.",
        },
        hints=(
            "Take an answer that is one day ahead. Does it need a gap?",
            "On the evening of the first test row, which answers are complete?",
            "A row's answer is complete when its last day is over. Count the rows whose last day lies after the "
            "evening on which the first test forecast is made.",
        ),
    ),
]
