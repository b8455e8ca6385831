"""Explosions: the layer where numbers end, and a clip for all parameters together."""

import math
from typing import Any

import numpy as np

from ...bugs.fields.depth import DEPTH
from ...kinds import Function, Mistake, Number

LARGEST = float(np.finfo(np.float32).max)
SIGN = Mistake(
    "largest with its sign",
    "The largest entry is taken with its sign. Where the entries are negative, it is not the largest in size.",
)
ROOT = Mistake("root of the squares missing", "The norm is the root of the sum of all squares. Is a root missing?")


def _growth(rng: np.random.Generator) -> tuple[int]:
    """Draw a factor for which rounding the quotient of the logarithms leads to the layer below."""
    return (int(rng.choice([23, 29, 33, 38, 44, 45, 52, 54, 63, 76])),)


def _both(length: float) -> Any:
    """Return what draws dW and db and a bound, together `length` times as long as the bound."""

    def draw(rng: np.random.Generator) -> tuple[Any, Any, float]:
        dW, db = rng.normal(size=(3, 2)), rng.normal(size=2)
        return dW, db, float(np.hypot(np.linalg.norm(dW), np.linalg.norm(db)) / length)

    return draw


def _each_short_enough(dW_length: float, db_length: float) -> Any:
    """Return what draws two gradients of these lengths: each is short enough, and together they are too long."""

    def draw(rng: np.random.Generator) -> tuple[Any, Any, float]:
        dW, db = rng.normal(size=(2, 2)), rng.normal(size=2)
        return dW_length * dW / np.linalg.norm(dW), db_length * db / np.linalg.norm(db), 1.0

    return draw


def _clip(dW: Any, db: Any, c: float, norm: Any = None) -> tuple[Any, Any]:
    length = _long(dW, db) if norm is None else norm(dW, db)
    factor = min(1.0, c / length)
    return dW * factor, db * factor


def _apart(dW: Any, db: Any, c: float) -> tuple[Any, Any]:
    return dW * min(1.0, c / np.linalg.norm(dW)), db * min(1.0, c / np.linalg.norm(db))


def _by(norm: Any) -> Any:
    return lambda dW, db, c: _clip(dW, db, c, norm)


def _long(dW: Any, db: Any) -> float:
    """Return the length of both together, without a square that overflows."""
    largest = float(max(np.abs(dW).max(), np.abs(db).max())) or 1.0
    return largest * float(np.hypot(np.linalg.norm(dW / largest), np.linalg.norm(db / largest)))


def _huge(rng: np.random.Generator) -> tuple[Any, Any, float]:
    """Draw gradients of a network that explodes: their squares are inf."""
    return 1e200 * rng.normal(size=(3, 2)), 1e200 * rng.normal(size=2), float(rng.uniform(1, 5))


def _below_zero(rng: np.random.Generator) -> tuple[Any, Any, float]:
    dW, db, c = _both(2.5)(rng)
    return -abs(dW), -abs(db), c


def _only_db_huge(rng: np.random.Generator) -> tuple[Any, Any, float]:
    """Draw an entry that is the largest in size, but below zero, and in db."""
    return rng.normal(size=(3, 2)), np.array([-1e200, 1.0]), float(rng.uniform(1, 5))


def _over(largest: Any) -> Any:
    """Return a length that is found with a number taken for the largest entry."""

    def long(dW: Any, db: Any) -> Any:
        by = largest(dW, db)
        return by * np.sqrt(((dW / by) ** 2).sum() + ((db / by) ** 2).sum())

    return long


def _highest(dW: Any, db: Any) -> Any:
    return max(dW.max(), db.max())


def _asked_first(dW: Any, db: Any, c: float) -> tuple[Any, Any]:
    """Clip by a length that is found with the largest entry and its sign, if that length is above c."""
    length = _over(_highest)(dW, db)
    return (dW * (c / length), db * (c / length)) if length > c else (dW, db)


EXERCISES = [
    Number(
        name="layer_of_overflow",
        given=_growth,
        expected=lambda g: math.floor(math.log(LARGEST) / math.log(g)) + 1,
        mistakes={
            lambda g: math.floor(math.log(LARGEST) / math.log(g)): "In that layer the number still fits. Which is the "
            "first where it does not?",
            lambda g: math.floor(math.log(LARGEST) / math.log(g)) + 2: "One layer earlier it is too large already.",
            lambda g: math.log(LARGEST) / math.log(g): "A layer is a whole number. Which is the first that is too "
            "much?",
            lambda g: math.floor(math.log(np.finfo(float).max) / math.log(g)) + 1: "That is for float64, whose largest "
            "number is far larger.",
            lambda g: math.floor(math.log10(LARGEST) / math.log(g)) + 1: "Two kinds of logarithm are mixed. Take the "
            "same one above and below.",
            lambda g: math.floor(math.log2(LARGEST) / g) + 1: "The factors multiply, so g enters by its logarithm.",
            lambda g: math.floor(math.log(LARGEST) / math.log(g) / 2) + 1: "That is where the square of the number "
            "overflows.",
        },
        hints=(
            "How large is the signal in layer l?",
            "It is g to the power l. For which l does that pass the largest number of float32?",
            "Divide the logarithm of the largest number by that of g. The first whole number above it is the layer.",
        ),
    ),
    Function(
        name="clip_together",
        points=3,
        equations=("CLIP",),
        arguments=_both(2.5),
        special=(
            *(_each_short_enough(0.9, 0.8), _both(0.6), _both(1.2), _each_short_enough(0.3, 1.2)),
            *(_huge, _below_zero, _only_db_huge),
        ),
        reference=lambda dW, db, c: _clip(dW, db, c),
        returns=("dW", "db"),
        mistakes={
            lambda dW, db, c: (np.clip(dW, -c, c), np.clip(db, -c, c)): DEPTH["clipped by value"],
            lambda dW, db, c: (np.minimum(dW, c), np.minimum(db, c)): DEPTH["clipped by value"],
            _apart: DEPTH["clipped apart"],
            _by(lambda dW, db: np.sqrt((dW**2).sum() + (db**2).sum())): "The squares of huge entries are inf. So their "
            "length is inf, and the gradient becomes zero. Divide by the largest entry before you square.",
            _by(lambda dW, db: np.linalg.norm(dW) + np.linalg.norm(db)): "The two lengths are added up. Add their "
            "squares and take the root.",
            _by(lambda dW, db: max(np.linalg.norm(dW), np.linalg.norm(db))): "The longer of the two lengths is taken. "
            "All entries together have one length.",
            _by(lambda dW, db: np.linalg.norm(dW)): "The length is that of dW alone. The biases belong to the gradient "
            "too.",
            _by(lambda dW, db: (dW**2).sum() + (db**2).sum()): ROOT,
            _by(lambda dW, db: np.hypot(np.linalg.norm(dW, 2), np.linalg.norm(db))): "For a matrix, this norm is its "
            "largest singular value. The length adds up the squares of all entries.",
            _by(_over(_highest)): SIGN,
            _asked_first: SIGN,
            _by(_over(lambda dW, db: abs(dW).max())): "The largest entry is looked for in dW alone. It may be in db.",
            _by(lambda dW, db: max(abs(dW).max(), abs(db).max())): "The largest entry is not the length.",
            _by(lambda dW, db: abs(dW).sum() + abs(db).sum()): "These are absolute values. The length is made of "
            "squares.",
            lambda dW, db, c: (
                dW * c / _long(dW, db),
                db * c / _long(dW, db),
            ): "A gradient that is short enough must stay as it is.",
            lambda dW, db, c: (
                dW * min(1.0, 1 / _long(dW, db)),
                db * min(1.0, 1 / _long(dW, db)),
            ): "Long gradients get the length 1, whatever c is.",
            lambda dW, db, c: (_clip(dW, db, c)[0], db): "Only dW is shortened. Both take part in one step.",
            lambda dW, db, c: (
                (dW, db) if _long(dW, db) <= c else (0 * dW, 0 * db)
            ): "Long gradients are thrown away. Shorten them.",
            lambda dW, db, c: (
                (dW, db) if _long(dW, db) <= c else (dW / c, db / c)
            ): "Long gradients are divided by c. Divide by their length.",
        },
        hints=(
            "dW and db together are one long vector. How long is it?",
            "Divide both by the largest entry, add up all squares and take the root. What is the length of the "
            "original?",
            "The largest entry times that root. If it is above c, multiply both by the same number, c over the length. "
            "If not, return both as they are.",
        ),
    ),
]
