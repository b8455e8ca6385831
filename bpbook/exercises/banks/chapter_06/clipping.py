"""Clipping: long gradients are shortened, short ones left alone."""

from collections.abc import Callable
from typing import Any

import numpy as np

from ...kinds import Function, Mistake


def _too_long(rng: np.random.Generator) -> tuple[Any, float]:
    g = rng.normal(size=4)
    return g, float(np.linalg.norm(g) * rng.uniform(0.2, 0.8))


def _short_enough(rng: np.random.Generator) -> tuple[Any, float]:
    g = rng.normal(size=4)
    return g, float(np.linalg.norm(g) * rng.uniform(1.2, 2))


def _of_size(size: float, c: float) -> Callable[[np.random.Generator], tuple[Any, float]]:
    """Return the probe of a gradient of that length: on either side of 1, its square is on the other side of c."""

    def draw(rng: np.random.Generator) -> tuple[Any, float]:
        g = rng.normal(size=3)
        return size * g / np.linalg.norm(g), c

    return draw


def _matrix(share: float) -> Callable[[np.random.Generator], tuple[Any, float]]:
    """Return the probe of a gradient of two dimensions, and of c as a share of its length."""

    def draw(rng: np.random.Generator) -> tuple[Any, float]:
        g = rng.normal(size=(2, 3))
        return g, float(np.linalg.norm(g) * share)

    return draw


def _clip(g: Any, c: float, norm: Any = np.linalg.norm) -> Any:
    return g * np.minimum(1.0, c / norm(g))


BY_ENTRY = Mistake(
    "cut by entry",
    "Each entry is cut by itself, and that changes the direction. Shrink all of them by one factor.",
)

ROOT = Mistake("root missing", "The length is the root of the sum of squares. Is a root missing?")

ONE_LENGTH = Mistake(
    "one length for all",
    "It is right for a vector only. A matrix of gradients has one length too: the root of the squares of all its "
    "entries, added up.",
)

EXERCISES = [
    Function(
        name="clip",
        points=2,
        equations=("CLIP",),
        arguments=_too_long,
        special=(
            _short_enough,
            _short_enough,
            _of_size(0.5, 0.4),
            _of_size(2.0, 3.0),
            _matrix(0.4),
            _matrix(0.97),
            _matrix(1.5),
            lambda rng: (np.array([3.0, 4.0]), 5.0),
            lambda rng: (np.zeros(3), 1.0),
        ),
        reference=lambda g, c: _clip(g, c),
        mistakes={
            lambda g, c: _clip(g, c, lambda g: np.linalg.norm(g, axis=-1, keepdims=True)): ONE_LENGTH,
            lambda g, c: _clip(g, c, lambda g: np.linalg.norm(g, axis=0)): ONE_LENGTH,
            lambda g, c: _clip(g, c, lambda g: np.linalg.norm(g, 2)): ONE_LENGTH,
            lambda g, c: _clip(g, c, lambda g: np.sqrt(g @ g)): ONE_LENGTH,
            lambda g, c: g if (g**2).sum() <= c else g * c / np.linalg.norm(g): "The square of the length is compared "
            "with c. Long or short is a question of the length itself.",
            lambda g, c: np.clip(g, -c, c): BY_ENTRY,
            np.minimum: BY_ENTRY,
            lambda g, c: np.where(abs(g) > c, c, g): BY_ENTRY,
            lambda g, c: g if np.linalg.norm(g) <= c else c * g: "Long gradients are multiplied by c. What makes their "
            "length c?",
            lambda g, c: (
                g if np.linalg.norm(g) <= c else g / c
            ): "Long gradients are divided by c. Divide by their length.",
            lambda g, c: g if abs(g).sum() <= c else c * g / abs(g).sum(): "The length of g is the root of the sum of "
            "squares, not the sum of its entries' sizes.",
            lambda g, c: g if abs(g).max() <= c else c * g / abs(g).max(): "The length of g is the root of the sum of "
            "squares, not its largest entry.",
            lambda g, c: (
                c / np.linalg.norm(g) if np.linalg.norm(g) > c else g
            ): "This is the factor. Multiply the gradient by it.",
            lambda g, c: (
                c * g / np.linalg.norm(g) if np.linalg.norm(g) > c else c * g
            ): "Your long gradients are right. But short ones stay as they are, and nothing multiplies them by c.",
            lambda g, c: g * c / (g**2).sum() if (g**2).sum() > c else g: ROOT,
            lambda g, c: g * c / (g @ g) if g @ g > c else g: ROOT,
            lambda g, c: (
                g - (np.linalg.norm(g) - c) if np.linalg.norm(g) > c else g
            ): "You subtract something from the entries, but the gradient is shortened by a factor.",
            lambda g, c: (
                g * np.linalg.norm(g) / c if np.linalg.norm(g) > c else g
            ): "Your factor is upside down, so long gradients become longer.",
            lambda g, c: min(np.linalg.norm(g), c) * np.ones(g.shape): "This has lost the direction of g.",
            lambda g, c: c * g / np.linalg.norm(g): "A gradient that is short enough must stay as it is.",
            lambda g, c: (
                g if np.linalg.norm(g) <= c else g / np.linalg.norm(g)
            ): "Long gradients get the length 1. They should get the length c.",
            lambda g, c: (
                g if np.linalg.norm(g) <= c else c * g / np.linalg.norm(g) ** 2
            ): "You divided by the norm twice, or by its square. Is a root missing?",
            lambda g, c: (
                g if np.linalg.norm(g) > c else c * g / np.linalg.norm(g)
            ): "Your comparison is reversed. Short gradients are stretched, and long ones are let through.",
            lambda g, c: (
                np.zeros(g.shape) if np.linalg.norm(g) > c else g
            ): "Long gradients are thrown away. Shorten them.",
        },
        hints=(
            "`np.linalg.norm(g)` is the length of g. There are two cases.",
            "If the length is at most c, return g as it is. Otherwise keep the direction and change the length.",
            "Divide g by its length, so that the length becomes one, and multiply by c.",
        ),
    ),
]
