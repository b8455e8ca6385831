"""The corners of mel filters, decibels of a whole picture, and what a recording may be compared with."""

from typing import Any

import numpy as np

from ...bugs.fields.speech import SPEECH
from ...kinds import Function, Mistake


def _mel(f: Any) -> Any:
    return 2595 * np.log10(1 + np.asarray(f) / 700)


def _hertz(m: Any) -> Any:
    return 700 * (10 ** (np.asarray(m) / 2595) - 1)


def _filters(rng: np.random.Generator) -> tuple[float, float, int]:
    return float(rng.integers(50, 200)), float(rng.integers(3000, 7000)), int(rng.integers(4, 12))


def _from_zero(rng: np.random.Generator) -> tuple[float, float, int]:
    return 0.0, 4000.0, 1


def _corners(low: float, high: float, bands: int, count: int = 2) -> Any:
    return _hertz(np.linspace(_mel(low), _mel(high), bands + count))


def _steps(count: Any) -> Any:
    """Return a twin that divides the way by another number of steps."""

    def corners(low: float, high: float, bands: int) -> Any:
        return _hertz(_mel(low) + np.arange(bands + 2) * (_mel(high) - _mel(low)) / count(bands))

    return corners


def _power(rng: np.random.Generator) -> tuple[Any, float]:
    power = 10 ** rng.uniform(-7, 3, (6, 4))
    power[2, 1] = 0.0
    return power, float(rng.choice([20.0, 40.0, 60.0]))


def _soft(rng: np.random.Generator) -> tuple[Any, float]:
    power, floor = _power(rng)
    return power * 1e-6, floor


@np.errstate(all="ignore")
def _decibels(power: Any, floor: float, by: Any = None, factor: float = 10) -> Any:
    by = power.max() if by is None else by
    return np.maximum(factor * np.log10(power / by), -floor)


@np.errstate(all="ignore")
def _natural(power: Any, floor: float) -> Any:
    return np.maximum(10 * np.log(power / power.max()), -floor)


@np.errstate(all="ignore")
def _no_floor(power: Any, floor: float, nothing: float = 1e-12) -> Any:
    return 10 * np.log10(power / power.max() + nothing)


def _below(instead: Any) -> Any:
    """Return a twin that puts something else than minus `floor` where it is softer."""
    return lambda power, floor: np.where(
        _no_floor(power, floor, 0) < -floor, instead(power, floor), _no_floor(power, floor, 0)
    )


def _clips(rng: np.random.Generator) -> tuple[Any]:
    return (rng.normal(size=(5, 7)) * rng.uniform(1, 9, (5, 1)) - rng.uniform(10, 60, (5, 1)),)


def _one(rng: np.random.Generator) -> tuple[Any]:
    return (_clips(rng)[0][:1],)


def _columns_by_scikit_learn(x: Any) -> Any:
    """Standardise the columns as StandardScaler does, which divides by 1 where a column does not vary."""
    spread = x.std(axis=0)
    return (x - x.mean(axis=0)) / np.where(spread < 1e-12, 1, spread)


def _standardised(x: Any, axis: int | None = 1) -> Any:
    return (x - x.mean(axis=axis, keepdims=True)) / x.std(axis=axis, keepdims=True)


NOT_SO_MANY_STEPS = Mistake("number of steps", "Between `bands` + 2 corners lie `bands` + 1 steps.")
EXERCISES = [
    Function(
        name="mel_corners",
        points=2,
        arguments=_filters,
        special=(_from_zero,),
        reference=lambda low, high, bands: _corners(low, high, bands),
        mistakes={
            lambda low, high, bands: np.linspace(low, high, bands + 2): SPEECH["mel in hertz"],
            lambda low, high, bands: np.linspace(_mel(low), _mel(high), bands + 2): SPEECH["mel not undone"],
            lambda low, high, bands: _corners(low, high, bands, 0): "These are as many corners as bands. Neighbours "
            "overlap by half, so it takes two more.",
            lambda low, high, bands: _corners(low, high, bands, 1): "One corner is missing. Each band takes three in a "
            "row, and the next band starts one later.",
            lambda low, high, bands: np.geomspace(max(low, 1e-9), high, bands + 2): "Equal factors of hertz are not "
            "equal steps of mel: below 700 hertz mel is nearly proportional to hertz.",
            lambda low, high, bands: _corners(low, high, bands)[1:-1]: "These are the tops of the triangles. The two "
            "ends are missing.",
            _steps(lambda bands: bands): NOT_SO_MANY_STEPS,
            _steps(lambda bands: bands + 2): NOT_SO_MANY_STEPS,
            lambda low, high, bands: _corners(low, high, bands) + 700: "Nearly: the 700 is still in it.",
            lambda low, high, bands: _hertz(np.linspace(0, _mel(high) - _mel(low), bands + 2)): "The steps begin at 0. "
            "Begin at the pitch of `low`.",
            lambda low, high, bands: _hertz(np.linspace(low, high, bands + 2)): "`low` and `high` are in hertz. They "
            "were taken for mel here.",
        },
        hints=(
            "Equally far apart in mel: go to mel first, divide there, and come back.",
            "With one band there are three corners: where it starts, its top, and where it ends. Each further band "
            "takes one more.",
            "Use `np.linspace` between mel(low) and mel(high), and undo the formula for mel on the result.",
        ),
    ),
    Function(
        name="to_decibels",
        points=2,
        arguments=_power,
        special=(_soft,),
        reference=lambda power, floor: _decibels(power, floor),
        mistakes={
            lambda power, floor: power / power.max(): SPEECH["no logarithm"],
            lambda power, floor: _decibels(power, floor, factor=20): SPEECH["amplitude for power"],
            lambda power, floor: _decibels(power, floor, by=1.0): SPEECH["level left in"],
            lambda power, floor: _decibels(power, floor, by=power.max(axis=1, keepdims=True)): SPEECH[
                "each frame to itself"
            ],
            lambda power, floor: _decibels(power, floor, by=power.mean()): "This compares with the mean power, so the "
            "loudest is not 0.",
            lambda power, floor: _decibels(power, floor, by=power.max(axis=0)): "Each band is compared with its own "
            "loudest frame. Take the largest entry of the whole picture.",
            lambda power, floor: np.maximum(_decibels(power, 1e9), floor): "The floor lies below 0, at minus `floor`.",
            _natural: SPEECH["natural logarithm"],
            _no_floor: SPEECH["no floor"],
            lambda power, floor: _no_floor(power, floor, 0): SPEECH["no floor"],
            lambda power, floor: np.where(
                power > 0, _no_floor(power, floor, 0), -floor
            ): "You set only silence to the floor. Set all that is below it.",
            _below(lambda power, floor: -np.inf): "What lies below the floor becomes minus infinity here. Set it to "
            "minus `floor`.",
            _below(lambda power, floor: 0.0): "What lies below the floor is set to 0 here, which is as loud as the "
            "loudest. Set it to minus `floor`.",
            lambda power, floor: _decibels(power, floor) + floor: "These are decibels above the floor. Relative to "
            "the largest entry, that entry is 0.",
            lambda power, floor: _decibels(power, floor, by=power.sum()): "This compares with the sum of all power, "
            "so the loudest is not 0.",
            lambda power, floor: _decibels(power, floor, factor=1): "These are bels, and the floor is in decibels.",
            lambda power, floor: np.minimum(_decibels(power, 1e9), -floor): "The floor works as a ceiling: everything "
            "that is louder is cut off.",
        },
        hints=(
            "Compare all of the power with its largest entry, once for the whole picture.",
            "Ten times the logarithm to base ten. The largest entry becomes 0, and silence minus infinity.",
            "`np.maximum` keeps every entry at or above minus `floor`.",
        ),
    ),
    Function(
        name="by_itself",
        points=1,
        arguments=_clips,
        special=(_one,),
        reference=lambda x: _standardised(x),
        mistakes={
            lambda x: _standardised(x, 0): SPEECH["standardised over the recordings"],
            _columns_by_scikit_learn: SPEECH["standardised over the recordings"],
            lambda x: x - x.mean(axis=1, keepdims=True) / x.std(axis=1, keepdims=True): "Brackets are missing: take "
            "the mean away first, and then divide.",
            lambda x: (x - x.min(axis=1, keepdims=True)) / np.ptp(x, axis=1, keepdims=True): "This puts every "
            "recording between 0 and 1. It should have the mean 0 and the standard deviation 1.",
            lambda x: (x - x.mean(axis=1, keepdims=True)) / x.std(): "One spread serves all recordings. Each has its "
            "own.",
            lambda x: _standardised(x, None): "One mean and one spread serve all recordings, so a loud one stays loud.",
            lambda x: (x - x.mean(axis=1, keepdims=True)) / x.std(axis=1, keepdims=True, ddof=1): "Divide the sum of "
            "squares by how many numbers there are, not by one less.",
            lambda x: x - x.mean(axis=1, keepdims=True): "The mean is taken away, and the spread is still that of the "
            "recording.",
            lambda x: x / x.std(axis=1, keepdims=True): "The spread is right, and the mean is still there.",
            lambda x: (x - x.mean(axis=1, keepdims=True)) / x.var(axis=1, keepdims=True): "Divide by the standard "
            "deviation, which is the root of this.",
            lambda x: x / np.abs(x).max(axis=1, keepdims=True): "This brings the largest entry to one. You are asked "
            "for the mean 0 and the standard deviation 1.",
        },
        hints=(
            "One row is one recording, and nothing of another row may touch it.",
            "Take the mean of each row away, then divide each row by its standard deviation.",
            "`axis=1` with `keepdims=True` gives a column, which NumPy spreads over the row.",
        ),
    ),
]
