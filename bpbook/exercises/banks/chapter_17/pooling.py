"""Pooling: the way back through the largest of each window."""

from typing import Any

import numpy as np

from .... import layers
from ...bugs.fields.layers import LAYERS
from ...kinds import Function

Picture = tuple[Any, ...]


def _picture(rng: np.random.Generator, rows: int = 2, columns: int = 3, size: int = 2, stride: int = 2) -> Picture:
    x = rng.normal(size=(stride * (rows - 1) + size, stride * (columns - 1) + size))
    return rng.normal(size=(rows, columns)), x, size, stride


def _all_negative(rng: np.random.Generator) -> Picture:
    """Draw entries far below zero, where nudges of the output drown in rounding."""
    u, x, size, stride = _picture(rng, 3, 2, 3, 2)
    return u, x - 1e9, size, stride


def _pooled(u: Any, x: Any, size: int, stride: int, wrong: str = "") -> Any:
    """Return dx of max pooling, with one thing wrong if asked."""
    dx = np.zeros_like(x)
    for i, j in np.ndindex(*u.shape):
        step = 1 if wrong == "unit steps" else stride
        seen = x[i * stride : i * stride + size, j * stride : j * stride + size]
        window = dx[i * step : i * step + size, j * step : j * step + size]
        flat = {"smallest": -seen, "largest size": abs(seen), "corner": 0 * seen, "from zero": seen.clip(0)}.get(
            wrong, seen
        )
        p, q = np.unravel_index(flat.argmax(), seen.shape)
        if wrong == "exchanged":
            p, q = q, p
        if wrong in ("whole", "shared"):
            window += u[i, j] / (seen.size if wrong == "shared" else 1)
        elif wrong == "overwrite":
            window[p, q] = u[i, j]
        else:
            window[p, q] += u[i, j] * (x[i * stride + p, j * stride + q] if wrong == "times x" else 1)
    return dx


def _pool_twin(wrong: str) -> Any:
    return lambda u, x, size, stride: _pooled(u, x, size, stride, wrong)


EXERCISES = [
    Function(
        name="pool_gradient",
        points=2,
        equations=("POOL1", "POOL2"),
        arguments=_picture,
        special=(
            lambda rng: _picture(rng, 3, 4, 3, 1),
            lambda rng: _picture(rng, 2, 2, 2, 3),
            _all_negative,
            lambda rng: _picture(rng, 1, 1, 3, 1),
            lambda rng: _picture(rng, 4, 4, 2, 1),
        ),
        reference=lambda u, x, size, stride: _pooled(u, x, size, stride),
        without=layers.max_pool_backward,
        mistakes={
            _pool_twin("smallest"): LAYERS["gradient to the wrong maximum"],
            _pool_twin("corner"): "The first entry of every window gets the gradient. Which one was the largest?",
            _pool_twin("largest size"): "The entry farthest from zero gets the gradient. The largest one counts, "
            "with its sign.",
            _pool_twin("from zero"): "The search for the largest begins at 0, so that negative entries never win.",
            _pool_twin("exchanged"): "Row and column are exchanged within the window.",
            _pool_twin("whole"): LAYERS["gradient to the whole window"],
            _pool_twin("shared"): LAYERS["gradient shared by the window"],
            _pool_twin("overwrite"): LAYERS["windows overwrite each other"],
            _pool_twin("unit steps"): LAYERS["stride forgotten on the way back"],
            _pool_twin("times x"): "The gradient is multiplied by the entry that won. A maximum passes it on with "
            "the factor 1.",
        },
        hints=(
            "Which entries of x would change the output if you nudged them?",
            "Only the largest entry of each window. `argmax` finds it, and `np.unravel_index` turns that into a place.",
            "Begin with zeros. For each window add u to the place that won, because windows may overlap.",
        ),
    ),
]
