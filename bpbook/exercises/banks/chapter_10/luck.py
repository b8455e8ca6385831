"""What a comparison is worth: the wrong yardstick, many tries, and the long-run variance."""

from typing import Any

import numpy as np

from ....evaluation import diebold_mariano
from ...bugs.fields.markets import MARKETS
from ...kinds import Choice, Function, Mistake, Number

DIFFERENCE = Mistake(
    "not a share",
    "That is how much error the forecast removes. What share of persistence's error is it?",
)


EXCHANGED = Mistake("errors exchanged", "The two errors are exchanged in the fraction.")


def _wandering(rng: np.random.Generator) -> tuple[Any, Any]:
    y = 50 + rng.normal(size=12).cumsum()
    return y, y[1:] + 0.4 * rng.normal(size=11)


def _worse(rng: np.random.Generator) -> tuple[Any, Any]:
    y = 50 + rng.normal(size=9).cumsum()
    return y, y[1:] + 3 * rng.normal(size=8)


def _skill(y: Any, forecast: Any, rival: Any) -> Any:
    return 1 - np.sum((y[1:] - forecast) ** 2) / np.sum((y[1:] - rival) ** 2)


def _flippers(rng: np.random.Generator) -> tuple[int, int]:
    days = int(rng.integers(8, 13))
    return int(2**days * rng.choice([0.5, 1, 1.5])), days


def _losses(rng: np.random.Generator) -> tuple[Any, Any, int]:
    m = int(rng.integers(40, 60))
    shocks = rng.normal(size=m + 3)
    loss = rng.gamma(2.0, size=m)
    return loss, loss + 0.5 + np.convolve(shocks, np.ones(4) / 2, mode="valid"), int(rng.integers(2, 5))


def _no_lags(rng: np.random.Generator) -> tuple[Any, Any, int]:
    loss, rival, _ = _losses(rng)
    return loss, rival, 0


def _outdone(rng: np.random.Generator) -> tuple[Any, Any, int]:
    """Draw losses that are larger than the rival's."""
    rival, loss, lags = _losses(rng)
    return loss + max(0.2 - (loss - rival).mean(), 0.0), rival, lags


def _statistic(loss: Any, rival: Any, lags: int, wrong: str = "") -> Any:
    """Return the Diebold-Mariano statistic, with one thing wrong if asked."""
    d = rival - loss
    m = len(d)
    e = d if wrong == "not centred" else d - d.mean()
    S = e @ e / (m - 1 if wrong == "variance over m - 1" else m)
    last = {"no long-run variance": 0, "one lag short": lags - 1}.get(wrong, lags)
    for k in range(1, last + 1):
        gamma = e[k:] @ e[:-k] / (m - k if wrong == "m - k" else m)
        weight = {"covariances unweighted": 1.0, "weights over K": 1 - k / lags}.get(wrong, 1 - k / (lags + 1))
        S = S + (1 if wrong == "covariances counted once" else 2) * weight * gamma
    return d.mean() / np.sqrt(S / (1 if wrong == "not the error of the mean" else m))


def _twin(wrong: str) -> Any:
    return lambda loss, rival, lags: _statistic(loss, rival, lags, wrong)


EXERCISES = [
    Number(
        name="price_hugging",
        given=lambda rng: (float(rng.integers(6, 15)), float(rng.integers(20, 45))),
        expected=lambda step, spread: 1 - (step / spread) ** 2,
        mistakes={
            lambda step, spread: 1 - step / spread: "R^2 compares squared errors.",
            lambda step, spread: (step / spread) ** 2: "That is the share of the wandering that the forecast leaves "
            "over.",
            lambda step, spread: 0.0: "Zero is what the mean of the test prices scores. This forecast is far closer.",
            lambda step, spread: np.sqrt(1 - (step / spread) ** 2): "That is the root of it, a correlation.",
            lambda step, spread: 1.0: "One is what a forecast without any error scores.",
            lambda step, spread: 100 * (1 - (step / spread) ** 2): "That is in per cent. R^2 is a share.",
            lambda step, spread: 1 - (spread / step) ** 2: "The fraction is upside down: the errors belong above.",
        },
        hints=(
            "How far off is this forecast on a usual day?",
            "R^2 is one minus a fraction: the mean squared error of the forecast over that of the mean of the prices.",
            "The first of the two is the square of `step`. What is the other the square of?",
        ),
    ),
    Function(
        name="skill",
        points=2,
        arguments=_wandering,
        special=(_worse,),
        reference=lambda y, forecast: _skill(y, forecast, y[:-1]),
        mistakes={
            lambda y, forecast: _skill(y, forecast, y[1:].mean()): MARKETS["compared with the mean"],
            lambda y, forecast: _skill(y, forecast, y.mean()): MARKETS["compared with the mean"],
            lambda y, forecast: _skill(y, forecast, 0.0): "This compares with forecasting zero. For prices nobody "
            "would do that.",
            lambda y, forecast: 1 - _skill(y, forecast, y[:-1]): "That is the share of the error that is left. You are "
            "asked for the share that is gone.",
            lambda y, forecast: (
                1 - np.sum((y[:-1] - forecast) ** 2) / np.sum((y[1:] - y[:-1]) ** 2)
            ): "`forecast[k]` is about `y[k + 1]`. Here it is held against the day before.",
            lambda y, forecast: (
                1 - np.sum(abs(y[1:] - forecast)) / np.sum(abs(y[1:] - y[:-1]))
            ): "These are absolute errors; squared ones are asked for.",
            lambda y, forecast: (
                1 - np.sqrt(np.sum((y[1:] - forecast) ** 2) / np.sum((y[1:] - y[:-1]) ** 2))
            ): "This compares the roots of the errors. Compare the squares themselves.",
            lambda y, forecast: 100 * _skill(y, forecast, y[:-1]): "That is in per cent. As a share it is a hundredth "
            "of this.",
            lambda y, forecast: np.sum(np.diff(y) ** 2) - np.sum((y[1:] - forecast) ** 2): DIFFERENCE,
            lambda y, forecast: np.mean(np.diff(y) ** 2) - np.mean((y[1:] - forecast) ** 2): DIFFERENCE,
            lambda y, forecast: 1 - np.var(y[1:] - forecast) / np.var(np.diff(y)): "The mean of the errors is taken "
            "away before they are squared, which forgives a forecast that is always too high.",
            lambda y, forecast: np.corrcoef(y[1:], forecast)[0, 1] ** 2: "That is a squared correlation, which "
            "forgives a forecast that is too large or shifted.",
            lambda y, forecast: np.sum((y[1:] - y[:-1]) ** 2) / np.sum((y[1:] - forecast) ** 2) - 1: EXCHANGED,
            lambda y, forecast: 1 - np.sum((y[1:] - y[:-1]) ** 2) / np.sum((y[1:] - forecast) ** 2): EXCHANGED,
            lambda y, forecast: max(_skill(y, forecast, y[:-1]), 0.0): "A forecast may be worse than persistence. Then "
            "its skill is negative.",
        },
        hints=(
            "What does persistence forecast for day k + 1?",
            "Compute two sums of squared errors over the same days: yours, and that of persistence.",
            "One minus yours over that of persistence.",
        ),
    ),
    Number(
        name="some_flipper",
        given=_flippers,
        expected=lambda flippers, days: 1 - (1 - 0.5**days) ** flippers,
        mistakes={
            lambda flippers, days: 0.5**days: MARKETS["one flipper"],
            lambda flippers, days: flippers * 0.5**days: MARKETS["added up"],
            lambda flippers, days: (1 - 0.5**days) ** flippers: MARKETS["nobody"],
            lambda flippers, days: (
                flippers * 0.5**days * (1 - 0.5**days) ** (flippers - 1)
            ): "That is the probability that exactly one succeeds. Two would do as well.",
            lambda flippers, days: 100 * (1 - (1 - 0.5**days) ** flippers): "That is in per cent. A probability lies "
            "between 0 and 1.",
            lambda flippers, days: 1 - 0.5**days: "That is the probability that one flipper fails.",
        },
        hints=(
            "First one flipper: how likely is it to be right on all of the days?",
            "Then the opposite: how likely is it that all of them fail?",
            "One minus the probability that one fails, to the power of how many there are.",
        ),
    ),
    Function(
        name="dm_statistic",
        points=3,
        arguments=_losses,
        special=(_no_lags, _outdone),
        reference=lambda loss, rival, lags: _statistic(loss, rival, lags),
        without=diebold_mariano,
        mistakes={
            **{
                _twin(wrong): MARKETS[wrong]
                for wrong in (
                    "no long-run variance",
                    "covariances counted once",
                    "covariances unweighted",
                    "weights over K",
                    "not centred",
                    "not the error of the mean",
                )
            },
            lambda loss, rival, lags: (
                (rival - loss).mean() / ((rival - loss).std(ddof=1) / np.sqrt(len(loss)))
            ): MARKETS["no long-run variance"],
            _twin("one lag short"): "The last covariance is left out: k goes up to `lags`, and `range(1, lags)` ends "
            "before it.",
            lambda loss, rival, lags: (
                (rival - loss).mean() / ((rival - loss).mean() / _statistic(loss, rival, lags)) ** 2
            ): "That divides by the variance of the mean. The standard error is its root.",
            _twin("variance over m - 1"): "The variance is divided by m - 1 here. Divide by m, like the covariances.",
            _twin("m - k"): "Each covariance is divided by the number of its products here. Divide all of them by m.",
            lambda loss, rival, lags: -_statistic(loss, rival, lags): MARKETS["gain of the rival"],
            lambda loss, rival, lags: abs(_statistic(loss, rival, lags)): "That is never negative, so it does not tell "
            "who loses more. Where the rival loses less the statistic is below zero.",
            lambda loss, rival, lags: len(loss) * _statistic(loss, rival, lags): "That divides the sum of d by the "
            "standard error of its mean.",
            lambda loss, rival, lags: (rival - loss).mean(): "That is the mean gain. How many standard errors is it "
            "above zero?",
            lambda loss, rival, lags: (rival - loss).mean() / _statistic(loss, rival, lags): "That is the standard "
            "error alone. Divide the mean gain by it.",
        },
        hints=(
            "Begin with d, its mean, and e, which is d without its mean.",
            "`e[k:] @ e[:m - k] / m` is the covariance over k days. With k = 0 it is the variance.",
            "Add the variance and twice the weighted covariances for k from 1 to lags. Divide by m, and take the root "
            "for the standard error.",
        ),
    ),
    Choice(
        name="picked_winner",
        right="b",
        options={
            "a": "The twenty were tried on the past of each January. Which of the days that you report had a part in "
            "a choice before it was over?",
            "b": "Right. You report one procedure, fixed in 2006, on days that came after its choices.",
            "c": "That would be right if you had looked at twenty results and reported the best. How many results are "
            "there here?",
            "d": "The rule may choose another network each year. What matters is when it chose.",
        },
        hints=(
            "How many series of forecasts are tested here?",
            "When was the network of 2010 chosen, and by which days?",
            "A pick is unfair when the days that judge it had a part in it.",
        ),
    ),
]
