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
        name="random_slice",
        right="a",
        options={
            "a": "Right. A random direction mixes all curvatures, and a few large ones that rise hide many small ones "
            "that lead down.",
            "b": "Most ways lead down, but how strongly? A random direction mixes the sizes, not the counts.",
            "c": "At a critical point the slope is zero, so to second order both sides do the same.",
            "d": "They would cancel if the eigenvalues added up to zero. Do they?",
        },
        hints=(
            "What does a random direction share with each of the 200 eigenvectors?",
            "On the plateau of the staircase a fair share of the eigenvalues was negative. Which number decided?",
            "The curvature along a random direction is close to the mean of all eigenvalues. Which sign does it have?",
        ),
    ),
]
