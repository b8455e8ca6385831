"""Volatility and a day's range, HAR's three inputs, and the roads from a return to a forecast."""

from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from ...bugs.fields.markets import MARKETS
from ...kinds import Function, Mistake, Number


def _volatility(rng: np.random.Generator) -> tuple[float]:
    return (round(float(rng.uniform(2.5, 5.5)), 1),)


def _range(volatility: float) -> float:
    """Return the difference of the logarithms of high and low that belongs to a volatility in per cent."""
    return volatility / 100 * float(np.sqrt(4 * np.log(2)))


def _above(difference: float) -> float:
    """Return by how many per cent a price exceeds another, from the difference of their logarithms."""
    return 100 * float(np.expm1(difference))


def _series(rng: np.random.Generator) -> tuple[Any]:
    return (rng.normal(size=int(rng.integers(50, 60))).cumsum(),)


def _shortest(rng: np.random.Generator) -> tuple[Any]:
    return (rng.normal(size=22),)


def _averages(v: Any, week: int = 5) -> Any:
    return np.column_stack([v[21:], _mean(v, week)[22 - week :], _mean(v, 22)])


def _mean(v: Any, n: int) -> Any:
    return sliding_window_view(v, n).mean(axis=1)


def _from_slices(v: Any, begin: Any, end: Any, average: Any = np.mean, first: int = 0) -> Any:
    """Return the three inputs of each day, with windows that begin and end where they are told to.

    A window that is to begin before day `first` begins there: with -1, where Python counts from the end.
    """
    rows = range(21, len(v))
    means = [[average(v[max(begin(t, n), first) : end(t, n)]) for n in (5, 22)] for t in rows]
    return np.column_stack([v[21:], means])


def _mean_or_nan(v: Any) -> Any:
    return v.sum() / np.float64(len(v))


def _from_day_22(v: Any) -> Any:
    return np.array(_averages(v)[1:].tolist())  # of shape (0,) where there is no day 22


def _convolved(v: Any) -> Any:
    """Return the three inputs with means as np.convolve centres them, padded with zeros at the ends."""
    means = [np.convolve(v, np.ones(n) / n, mode="same")[21:] for n in (5, 22)]
    return np.column_stack([v[21:], *means])


def _rolled(v: Any, centred: bool) -> Any:
    """Return the three inputs of all days, as pandas rolls windows: nan where a window is not whole."""
    columns = [v]
    for n in (5, 22):
        column = np.full(len(v), np.nan)
        first = n - 1 - (n - 1) // 2 * centred
        column[first : first + len(v) - n + 1] = _mean(v, n)
        columns.append(column)
    return np.column_stack(columns)


def _slopes_and_returns(rng: np.random.Generator) -> tuple[float, ...]:
    slopes = (float(value) for value in rng.uniform(-0.9, -0.1, 4).round(2))
    return *slopes, -round(float(rng.uniform(0.3, 0.6)), 1), round(float(rng.uniform(0.8, 1.5)), 1)


def _higher(own: float, size: float, week: float, month: float, before: float, after: float) -> float:
    """Return how much higher a forecast is after the second return, if its size has the slope `size` all the way."""
    return (after - before) * (own + size + week / 5 + month / 22)


NO_ROW = Mistake(
    "days without a month", "The first 21 days do not have 22 days up to and including themselves, so they get no row."
)
ONE_MEAN = Mistake("one mean alone", "Today's return is in both means, and one of them is missing.")
TOO_LONG = Mistake("a day too many", "The windows hold a day too many, which makes 6 and 23.")
NOT_THE_FIRST = Mistake(
    "first row missing",
    "The first row is missing: day 21 has 22 days up to and including itself, since days count from 0.",
)
EXERCISES = [
    Number(
        name="high_above_low",
        given=_volatility,
        expected=lambda volatility: _above(_range(volatility)),
        mistakes={
            lambda volatility: 100 * _range(volatility): "That is 100 times the range, a difference of logarithms. "
            "Which ratio of prices has this logarithm?",
            lambda volatility: 100 * np.exp(_range(volatility)): "That is the highest price in per cent of the lowest. "
            "How much of it lies above 100?",
            lambda volatility: _above(_range(volatility) / (4 * np.log(2))): "The root of 4 ln 2 was divided by where "
            "it multiplies: the range is wider than the volatility, since the extremes lie far apart.",
            lambda volatility: _above(volatility / 100): "That takes the volatility for the range. The range is wider, "
            "since the extremes lie far apart even on a usual day.",
            lambda volatility: volatility: "That is the volatility itself. The extremes of a day lie farther apart.",
            lambda volatility: _above(4 * np.log(2) * volatility / 100): "The variance is the squared range over "
            "4 ln 2. The volatility is its root, so the root of 4 ln 2 is needed as well.",
            lambda volatility: _above(np.sqrt(4 * np.log(2) * volatility / 100)): "That takes the volatility for the "
            "variance. Square it first.",
            lambda volatility: _above(_range(volatility) / np.sqrt(252)): "The volatility is that of one day already, "
            "so no 252 comes in.",
            lambda volatility: _above(_range(volatility)) / 100: "The number is right as a share. In per cent it is "
            "100 times as large.",
            lambda volatility: 100 * (1 - np.exp(-_range(volatility))): "That is in per cent of the highest price. "
            "You are asked for the part of the lowest.",
        },
        hints=(
            "Turn Parkinson's formula round: which range belongs to this volatility?",
            "The range is the root of the variance times 4 ln 2, and the volatility, as a share, is the root of the "
            "variance.",
            "The range is the logarithm of high over low. Take the exponential, and leave 1 for the lowest price.",
        ),
    ),
    Function(
        name="har_inputs",
        points=2,
        arguments=_series,
        special=(_shortest,),
        reference=lambda v: _averages(v),
        mistakes={
            lambda v: _from_slices(v, lambda t, n: t - n // 2, lambda t, n: t - n // 2 + n): MARKETS["centred window"],
            _convolved: MARKETS["centred window"],
            lambda v: _rolled(v, centred=True)[21:]: MARKETS["centred window"],
            lambda v: _from_slices(v, lambda t, n: t, lambda t, n: t + n): MARKETS["window into the future"],
            lambda v: _from_slices(v, lambda t, n: t - n, lambda t, n: t): MARKETS["today left out"],
            lambda v: _from_slices(v, lambda t, n: t - n, lambda t, n: t, _mean_or_nan, -1): MARKETS["today left out"],
            lambda v: _from_slices(v, lambda t, n: t - n + 1, lambda t, n: t): MARKETS["today left out"],
            lambda v: _averages(v, week=7): "A week has five trading days, not seven.",
            lambda v: _averages(v) * [1, 5, 22]: "These are sums over the windows. HAR takes means.",
            lambda v: _averages(v)[:, ::-1]: "The columns are in reverse: first the day, then the week, then the "
            "month.",
            lambda v: _from_slices(v, lambda t, n: t - n + 1, lambda t, n: t + 1, np.median): "These are medians of "
            "the windows. HAR takes means.",
            lambda v: _from_slices(v, lambda t, n: t - n, lambda t, n: t + 1): TOO_LONG,
            lambda v: _from_slices(v, lambda t, n: t - n, lambda t, n: t + 1, _mean_or_nan, -1): TOO_LONG,
            lambda v: _averages(v)[1:]: NOT_THE_FIRST,
            _from_day_22: NOT_THE_FIRST,
            lambda v: np.column_stack([np.ones(len(v) - 21), _averages(v)]): "The column of ones belongs to the fit. "
            "There are three inputs.",
            lambda v: np.column_stack([c[: len(v) - 21] for c in (v, _mean(v, 5), _mean(v, 22))]): "Each column begins "
            "with its own first window, so a row mixes three days. Cut the beginnings off, not the ends.",
            lambda v: np.array(
                [[v[t], v[max(t - 4, 0) : t + 1].mean(), v[max(t - 21, 0) : t + 1].mean()] for t in range(len(v))]
            ): NO_ROW,
            lambda v: _rolled(v, centred=False): NO_ROW,
            lambda v: _averages(v)[:-1]: "The last row is missing. That day is over, so its inputs are known, even if "
            "its answer is not.",
            lambda v: _averages(v).T: "Rows and columns are exchanged: one row for each day.",
        },
        hints=(
            "The first row belongs to day 21, the first one with 22 days up to and including itself.",
            "`sliding_window_view(v, 5).mean(axis=1)` begins with the window of days 0 to 4. Where is that of day 21?",
            "Cut the beginning off v, off the weekly means and off nothing of the monthly means, so that all three "
            "start with day 21.",
        ),
    ),
    Number(
        name="effect_of_return",
        points=2,
        given=_slopes_and_returns,
        expected=lambda own, size, week, month, before, after: (
            _higher(own, 0, week, month, before, after) + size * (abs(after) - abs(before))
        ),
        mistakes={
            lambda own, size, week, month, before, after: _higher(own, -size, week, month, before, after): (
                "That is the slope on a falling day, kept up beyond zero. The size falls until the return is zero, and "
                "then it rises."
            ),
            _higher: MARKETS["size without sign"],
            lambda own, size, week, month, before, after: _higher(own, 0, week, month, before, after): (
                "The size of the return has changed too: compare abs(after) with abs(before)."
            ),
            lambda own, size, week, month, before, after: own * (after - before): MARKETS["one road"],
            lambda own, size, week, month, before, after: (
                own * (after - before) + size * (after + before)
            ): "The two means contain today's return too.",
            lambda own, size, week, month, before, after: (
                _higher(own, 0, week, 0, before, after) + size * (after + before)
            ): ONE_MEAN,
            lambda own, size, week, month, before, after: (
                _higher(own, 0, 0, month, before, after) + size * (after + before)
            ): ONE_MEAN,
            lambda own, size, week, month, before, after: (
                _higher(own, 0, 5 * week, 22 * month, before, after) + size * (after + before)
            ): MARKETS["means counted in full"],
            lambda own, size, week, month, before, after: (
                -_higher(own, 0, week, month, before, after) - size * (after + before)
            ): "The sign is reversed.",
            lambda own, size, week, month, before, after: (
                after * (own + week / 5 + month / 22) + size * after
            ): "That is the effect of the return `after` against a day on which nothing moved. Today it was `before`.",
        },
        hints=(
            "The return is in four of the inputs. How much does each of them change, from `before` to `after`?",
            "The return itself changes by after - before, and a mean of n days by one nth of that. And the size?",
            "The size was the absolute value of `before` and would have been `after`. Multiply each slope by the "
            "change of its input, and add the four products.",
        ),
    ),
]
