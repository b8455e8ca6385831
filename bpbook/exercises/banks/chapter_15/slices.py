"""Pictures of a landscape, and directions whose length means something."""

from typing import Any

import numpy as np

from ...bugs.fields.descent import DESCENT
from ...kinds import Choice, Function


def _layer(rng: np.random.Generator) -> tuple[Any, Any]:
    return rng.normal(size=(3, 4)), 2 * rng.normal(size=(3, 4)) * rng.uniform(0.2, 3, 4)


def _square(rng: np.random.Generator) -> tuple[Any, Any]:
    return rng.normal(size=(3, 3)), rng.normal(size=(3, 3)) * rng.uniform(0.2, 3, 3)


def _one_unit(rng: np.random.Generator) -> tuple[Any, Any]:
    return rng.normal(size=(5, 1)), 3 * rng.normal(size=(5, 1))


def _normalised(d: Any, W: Any, wrong: str = "") -> Any:
    axis = {"rows": 1, "layer": None}.get(wrong, 0)
    own, its = (np.linalg.norm(array, axis=axis, keepdims=axis is not None) for array in (d, W))
    factor = {
        "unit": 1 / own,
        "undivided": its,
        "upside down": own / its,
        "squared": its**2 / own**2,
        "sizes": its / np.abs(d).sum(axis=axis, keepdims=True),
    }.get(wrong, its / own)
    return d * factor


def _twin(wrong: str) -> Any:
    return lambda d, W: _normalised(d, W, wrong)


EXERCISES = [
    Function(
        name="normalise",
        points=2,
        arguments=_layer,
        special=(_square, _one_unit),
        reference=lambda d, W: _normalised(d, W),
        mistakes={
            _twin("rows"): DESCENT["rows for columns"],
            _twin("layer"): DESCENT["whole layer for a unit"],
            _twin("unit"): DESCENT["length of W forgotten"],
            _twin("undivided"): DESCENT["division forgotten"],
            _twin("upside down"): "The factor is upside down: it should make the columns of d as long as those of W.",
            _twin("squared"): "A root is missing: the length is the root of the sum of squares.",
            _twin("sizes"): "The lengths of d are sums of sizes here. Take the root of the sum of squares.",
        },
        hints=(
            "Where in W are the weights into one unit?",
            "They are a column. How long is each column of d, and how long is that of W?",
            "`np.linalg.norm(W, axis=0)` gives all lengths at once. Divide by one and multiply by the other.",
        ),
    ),
    Choice(
        name="smooth_bowl",
        right="a",
        options={
            "a": "Right. Two random directions nearly always miss the few along which the loss falls.",
            "b": "A slice shows two directions of many. That none of these leads down says little about the others.",
            "c": "The slice is exact: each of its points is a network whose loss was computed.",
            "d": "A picture cannot show that. The loss at the centre may be high or low.",
        },
        hints=(
            "How many directions are there, and how many does the picture show?",
            "On the plateau of the staircase a fair share of the directions led down. What did the random slice show?",
            "What would you compute, instead of looking, to know whether any direction leads down?",
        ),
    ),
]
