"""What is known on which day: four lines, smoothed prices that give tomorrow away, a scale, and a gap."""

from typing import Any

import numpy as np

from ...bugs.fields.markets import MARKETS
from ...kinds import Choice, Expression, Function, Mistake, Number


def _past_and_future(rng: np.random.Generator) -> tuple[Any, int]:
    n, cut = int(rng.integers(2, 4)), int(rng.integers(6, 9))
    x = rng.normal(size=(cut + 5, n)) * rng.uniform(0.5, 4, n) + rng.uniform(-5, 5, n)
    x[cut:] = 1.7 * x[cut:] + 1
    return x, cut


def _scaled(x: Any, by: Any, spread: Any = None) -> Any:
    return (x - by.mean(axis=0)) / (by.std(axis=0) if spread is None else spread)


MIXED = Mistake(
    "one of them with the future",
    "The days from `cut` on had a say in one of the two, the mean or the standard deviation.",
)
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
        expected="3*g0 - r0 - r1",
        variables={"g0": (-2, 2), "r0": (-2, 2), "r1": (-2, 2)},
        mistakes={
            "3*g0 - r0": MARKETS["a known return left in"],
            "3*g0 - r1": MARKETS["a known return left in"],
            "g0 - r0 - r1": "`g0` is a third of a sum, so it must be tripled.",
            "3*(g0 - r0) - r1": MARKETS["returns tripled too"],
            "3*(g0 - r0 - r1)": MARKETS["returns tripled too"],
            "3*g0": "That is the sum of three returns, of which only one is tomorrow's.",
            "3*g0 + r0 + r1": "The known returns are in the sum. Take them away from it.",
            "3*g0 - r0 + r1": "Both known returns are in the sum, so both are taken away. Watch the sign of r1.",
            "2*g0 - r0": "A mean of three days gives away the sum of three, not of two.",
        },
        hints=(
            "Write down today's smoothed price and yesterday's, each with three log prices, and subtract.",
            "Two prices are in both means. What is left is a price of tomorrow and one of three days earlier.",
            "From that price to tomorrow's it is three returns, of which you know two. `g0` is a third of their sum.",
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
            lambda x, cut: x - x[:cut].mean(axis=0) / x[:cut].std(axis=0): "Brackets are missing: take the mean away "
            "first, and then divide.",
            lambda x, cut: (x - x[:cut].min(axis=0)) / np.ptp(x[:cut], axis=0): "This puts the known rows between 0 "
            "and 1. They should have mean 0 and standard deviation 1.",
            lambda x, cut: (x - x.mean(axis=0)) / x[:cut].std(axis=0): MIXED,
            lambda x, cut: (x - x[:cut].mean(axis=0)) / x.std(axis=0): MIXED,
            lambda x, cut: x / x[:cut].std(axis=0): "The standard deviation is right, but the mean is still there.",
            lambda x, cut: _scaled(x, x[: cut - 1]): "Row `cut` - 1 is known too, and it is left out.",
            lambda x, cut: _scaled(x, x[: cut + 1]): "Row `cut` is the first that is not known, and it helped.",
            lambda x, cut: _scaled(x[:cut], x[:cut]): "The later rows are missing. They are scaled too, by the scale "
            "of the others.",
            lambda x, cut: _scaled(x[cut:], x[:cut]): "The earlier rows are missing. They are scaled too.",
        },
        hints=(
            "On day `cut`, which rows are known?",
            "Take mean and standard deviation of those rows, one of each for every column.",
            "Use them for all rows, the later ones too.",
        ),
    ),
    Number(
        name="gap_rows",
        given=lambda rng: (int(rng.choice([12, 13, 17, 18, 22, 23])), int(rng.choice([30, 60, 120, 250]))),
        expected=lambda horizon, window: -(-horizon // 5) - 1,
        mistakes={
            lambda horizon, window: 0: MARKETS["no gap"],
            lambda horizon, window: -(-horizon // 5): MARKETS["one day too many"],
            lambda horizon, window: horizon // 5 - 1: "One row more: an answer of `horizon` days reaches into a week "
            "that is not over.",
            lambda horizon, window: horizon - 1: MARKETS["days for rows"],
            lambda horizon, window: horizon: MARKETS["days for rows"],
            lambda horizon, window: horizon + 1: MARKETS["days for rows"],
            lambda horizon, window: horizon / 5: MARKETS["part of a row"],
            lambda horizon, window: horizon / 5 - 1: MARKETS["part of a row"],
            lambda horizon, window: window: MARKETS["gap of the window"],
            lambda horizon, window: window // 5: MARKETS["gap of the window"],
            lambda horizon, window: window // 5 - 1: MARKETS["gap of the window"],
            lambda horizon, window: window + horizon: MARKETS["gap of the window"],
            lambda horizon, window: (window + horizon) // 5: MARKETS["gap of the window"],
            lambda horizon, window: (window + horizon) // 5 - 1: MARKETS["gap of the window"],
            lambda horizon, window: -(-(window + horizon) // 5): MARKETS["gap of the window"],
            lambda horizon, window: window + horizon - 1: MARKETS["gap of the window"],
        },
        hints=(
            "On the evening of the first test row, which answers are complete?",
            "The row of one week before has had five days since, that of two weeks before ten. How many days does an "
            "answer need?",
            "Count the weeks back, one by one, until an answer is complete. The rows passed on the way are left out.",
        ),
    ),
]
