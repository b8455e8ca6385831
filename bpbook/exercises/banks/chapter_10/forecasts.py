"""Forecasts made as they would have had to be: an interval from past errors, and a whole walk forward."""

from statistics import NormalDist
from typing import Any

import numpy as np

from ...bugs.fields.markets import MARKETS
from ...kinds import Function, Mistake

AROUND = Mistake("not around the forecast", "That is the interval of the errors. Put it around the forecast.")


def _errors(rng: np.random.Generator, share: float | None = None) -> tuple[Any, Any, float]:
    """Draw errors of which three are equal at each end, so that all ways to count a quantile agree."""
    errors = np.sort(rng.gamma(1.5, size=40 * int(rng.integers(1, 3)) + 1) - 1.8)
    share = float(rng.choice([0.6, 0.7, 0.8, 0.9])) if share is None else share
    out = round((len(errors) - 1) * (1 - share) / 2)
    for end in (out, len(errors) - 1 - out):
        errors[end - 1 : end + 2] = errors[end]
    return rng.permutation(errors), rng.normal(size=4), share


def _half(rng: np.random.Generator) -> tuple[Any, Any, float]:
    return _errors(rng, 0.5)


def _interval(errors: Any, forecast: Any, low: float, high: float) -> tuple[Any, Any]:
    return forecast + np.quantile(errors, low), forecast + np.quantile(errors, high)


def _symmetric(errors: Any, forecast: Any, share: float) -> tuple[Any, Any]:
    reach = np.quantile(abs(errors), share)
    return forecast - reach, forecast + reach


def _normal(middle: Any, ddof: int) -> Any:
    """Return a twin that takes the errors for normal, about their mean or about zero."""

    def interval(errors: Any, forecast: Any, share: float) -> tuple[Any, Any]:
        reach = NormalDist().inv_cdf((1 + share) / 2) * errors.std(ddof=ddof)
        return forecast + middle(errors) - reach, forecast + middle(errors) + reach

    return interval


def _from_a_table(reach: float) -> Any:
    """Return a twin that takes so many standard deviations, as a table for some share says."""
    return lambda errors, forecast, share: (forecast - reach * errors.std(), forecast + reach * errors.std())


def _mirrored(low: bool) -> Any:
    """Return a twin that takes one quantile for both ends."""

    def interval(errors: Any, forecast: Any, share: float) -> tuple[Any, Any]:
        reach = -np.quantile(errors, (1 - share) / 2) if low else np.quantile(errors, (1 + share) / 2)
        return forecast - reach, forecast + reach

    return interval


def _years(rng: np.random.Generator) -> tuple[Any, Any, int, int]:
    m, n = int(rng.integers(17, 23)), int(rng.integers(1, 3))
    x = rng.normal(size=(m, n))
    return x, 2 + x @ rng.normal(size=n) + 0.1 * np.arange(m) + rng.normal(size=m), int(rng.integers(6, 8)), 4


def _one_day_a_time(rng: np.random.Generator) -> tuple[Any, Any, int, int]:
    x, y, first, _ = _years(rng)
    return x, y, first, 1


def _short_last_block(rng: np.random.Generator) -> tuple[Any, Any, int, int]:
    x, y, first, step = _years(rng)
    return x[: first + step + 2], y[: first + step + 2], first, step


def _line(x: Any, y: Any, new: Any, constant: bool = True) -> Any:
    """Fit a line, with a constant or without, and return its forecasts for new rows."""
    ones = [np.ones((len(rows), int(constant))) for rows in (x, new)]
    b = np.linalg.lstsq(np.hstack([ones[0], x]), y, rcond=None)[0]
    return np.hstack([ones[1], new]) @ b


def _walk(x: Any, y: Any, first: int, step: int, past: Any, constant: bool = True) -> Any:
    """Forecast block by block; `past(start, stop)` says which rows may be learned from."""
    blocks = []
    for start in range(first, len(x), step):
        rows = past(start, min(start + step, len(x)))
        blocks.append(_line(x[rows], y[rows], x[start : start + step], constant))
    return np.concatenate(blocks)


EXERCISES = [
    Function(
        name="interval",
        points=2,
        arguments=_errors,
        special=(_half,),
        reference=lambda errors, forecast, share: _interval(errors, forecast, (1 - share) / 2, (1 + share) / 2),
        returns=("low", "high"),
        partial=True,
        mistakes={
            lambda errors, forecast, share: _interval(errors, forecast, 1 - share, share): MARKETS[
                "tails counted twice"
            ],
            _symmetric: MARKETS["taken for symmetric"],
            _mirrored(True): MARKETS["taken for symmetric"],
            _mirrored(False): MARKETS["taken for symmetric"],
            **{
                _normal(about, ddof): MARKETS["taken for normal"]
                for about in (np.mean, lambda errors: 0.0)
                for ddof in (0, 1)
            },
            **{_from_a_table(reach): MARKETS["taken for normal"] for reach in (1.64, 1.645, 1.96, 2.0)},
            lambda errors, forecast, share: (
                forecast - np.quantile(errors, (1 + share) / 2),
                forecast - np.quantile(errors, (1 - share) / 2),
            ): MARKETS["errors reversed"],
            lambda errors, forecast, share: _interval(errors, forecast, 0.025, 0.975): "These are the quantiles of a "
            "95 % interval, whatever `share` is.",
            lambda errors, forecast, share: _interval(errors, forecast, 0, 1): "This reaches over all errors, whatever "
            "`share` is.",
            lambda errors, forecast, share: _interval(errors, forecast, share / 2, 1 - share / 2): "This covers what "
            "should be left out: each tail holds half of 1 - share.",
            lambda errors, forecast, share: _interval(errors, forecast, 0.05, 0.95): "These are the quantiles of a "
            "90 % interval, whatever `share` is.",
            lambda errors, forecast, share: _interval(errors, forecast, (1 + share) / 2, (1 - share) / 2): "The two "
            "ends are exchanged: the lower one comes first.",
            lambda errors, forecast, share: _interval(errors, 0 * forecast, (1 - share) / 2, (1 + share) / 2): AROUND,
            lambda errors, forecast, share: _interval(errors, 0.0, (1 - share) / 2, (1 + share) / 2): AROUND,
            lambda errors, forecast, share: _interval(errors, forecast, (1 - share) / 200, (1 + share) / 200): (
                "`np.percentile` takes per cent, and these are shares. `np.quantile` takes shares."
            ),
            lambda errors, forecast, share: _interval(errors, forecast, 0, share): "Everything that is left out lies "
            "above. Leave out half of it on each side.",
        },
        hints=(
            "How much of the errors may lie below the interval, and how much above?",
            "`np.quantile(errors, p)` is the error that a share p of them stays below.",
            "Half of 1 - share belongs in each tail. Add both quantiles to the forecast.",
        ),
    ),
    Function(
        name="walk",
        points=3,
        arguments=_years,
        special=(_one_day_a_time, _short_last_block),
        reference=lambda x, y, first, step: _walk(x, y, first, step, lambda start, stop: slice(0, start)),
        mistakes={
            lambda x, y, first, step: _line(x, y, x[first:]): MARKETS["fitted on everything"],
            lambda x, y, first, step: _walk(x, y, first, step, lambda start, stop: slice(0, stop)): MARKETS[
                "fitted on the block too"
            ],
            lambda x, y, first, step: _line(x[:first], y[:first], x[first:]): MARKETS["never fitted again"],
            lambda x, y, first, step: _walk(x, y, first, step, lambda start, stop: slice(start - first, start)): (
                MARKETS["days forgotten"]
            ),
            lambda x, y, first, step: _walk(x, y, first, step, lambda start, stop: slice(start - step, start)): (
                "Only the last block is learned from. Here every day of the past counts."
            ),
            lambda x, y, first, step: _walk(x, y, first, 1, lambda start, stop: slice(0, start)): "The line is fitted "
            "anew for every row. Fit it at the start of each block, and keep it until the next.",
            lambda x, y, first, step: _walk(
                x[: first + (len(x) - first) // step * step], y, first, step, lambda start, stop: slice(0, start)
            ): "The last block is missing where it is shorter than `step`.",
            lambda x, y, first, step: np.concatenate(
                [np.zeros(first), _walk(x, y, first, step, lambda start, stop: slice(0, start))]
            ): "The rows before `first` get no forecast. Return those from `first` on.",
            lambda x, y, first, step: _walk(x, y, first, step, lambda start, stop: slice(0, start))[::step]: "Only the "
            "first row of each block is forecast. Forecast all of them.",
            lambda x, y, first, step: _walk(x, y, first, step, lambda start, stop: slice(0, start), False): "The "
            "constant is missing: this line goes through zero.",
            lambda x, y, first, step: _walk(x, y, first, step, lambda start, stop: slice(0, start - 1)): "The day "
            "right before each block is left out. Its answer is known when the block begins.",
            lambda x, y, first, step: _walk(x, y, first, step, lambda start, stop: slice(0, start + 1)): "The first "
            "day of each block is among those that its line was fitted to. A slice leaves out the row it ends at.",
            lambda x, y, first, step: _walk(x, y, first, step, lambda start, stop: slice(start, stop)): "Each block is "
            "fitted to itself, and the past is not looked at.",
        },
        hints=(
            "Where does each block begin? `range(first, len(x), step)` goes through them, the short last one included.",
            "For a block that begins at `start`, fit to the rows before `start` and forecast the rows from there on.",
            "`np.column_stack([np.ones(len(x)), x])` gives the line its constant, `np.linalg.lstsq` fits it, and "
            "`np.concatenate` joins the blocks.",
        ),
    ),
]
