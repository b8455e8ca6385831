"""Adjoints of arrays: through a product, and through broadcasting."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from ...kinds import Function, Mistake


def _product(m: int, n_in: int, n_out: int) -> Callable[[np.random.Generator], tuple[Any, Any, Any]]:
    """Return the probe a, W, z_bar of z = a W^T with these sizes."""
    return lambda rng: (rng.normal(size=(m, n_in)), rng.normal(size=(n_out, n_in)), rng.normal(size=(m, n_out)))


def _stretched(
    shape: tuple[int, ...], full: tuple[int, ...] = (3, 4)
) -> Callable[[np.random.Generator], tuple[Any, tuple[int, ...]]]:
    """Return the probe in which an array of that shape was stretched to the full one."""
    return lambda rng: (rng.normal(size=full), shape)


def _unbroadcast(u: Any, shape: tuple[int, ...], reduce: Any = np.sum, last: Any = None) -> Any:
    u = reduce(u, axis=tuple(range(u.ndim - len(shape))))
    return (last or reduce)(u, axis=tuple(k for k, n in enumerate(shape) if n == 1), keepdims=True)


def _unbroadcast_losing_axes(u: Any, shape: tuple[int, ...]) -> Any:
    u = u.sum(axis=tuple(range(u.ndim - len(shape))))
    return u.sum(axis=tuple(k for k, n in enumerate(shape) if n == 1))


def _unbroadcast_keeping_front(u: Any, shape: tuple[int, ...]) -> Any:
    return u.sum(axis=tuple(k for k, n in enumerate(shape) if n == 1), keepdims=True)


def _first(u: Any, axis: tuple[int, ...], keepdims: bool = False) -> Any:
    for k in sorted(axis, reverse=True):
        u = np.take(u, [0] if keepdims else 0, axis=k)
    return u


MEAN = Mistake("mean of copies", "A number that was copied gets the sum over its copies, not their mean.")

EXERCISES = [
    Function(
        name="adjoint_of_W",
        equations=("RM", "BP4"),
        arguments=_product(5, 3, 2),
        special=(_product(3, 3, 3),),
        reference=lambda a, W, z_bar: z_bar.T @ a,
        mistakes={
            lambda a, W, z_bar: a.T @ z_bar: "That would be right for z = a W. Here W has a row for each output.",
            lambda a, W, z_bar: z_bar @ a: "A transpose is missing. On a square layer the shapes cannot tell.",
            lambda a, W, z_bar: (
                a @ z_bar.T
            ): "The factors are in the wrong order. The sum has to run over the rows, which are the examples.",
            lambda a, W, z_bar: (
                z_bar.T @ a / len(a)
            ): "Here it is averaged over the rows. The shares of the rows add; a "
            "mean, where there is one, is in z_bar already.",
            lambda a, W, z_bar: np.outer(z_bar.sum(axis=0), a.sum(axis=0)): "The rows are added up before the product. "
            "The product is formed row by row, and then added.",
            lambda a, W, z_bar: z_bar.T @ a * W: "W itself does not appear in the derivative with respect to W.",
            lambda a, W, z_bar: (
                (np.linalg.pinv(a) @ z_bar).T
            ): "The inverse would undo the product. But derivatives are multiplied, and nothing is undone.",
            lambda a, W, z_bar: np.outer(z_bar[0], a[0]): "This is the first row's share. The others have one too.",
            lambda a, W, z_bar: (a @ W.T).T @ a: "This goes back with z. What comes back is z_bar.",
            lambda a, W, z_bar: np.tile(a.sum(axis=0), (z_bar.shape[1], 1)): "You left z_bar out.",
            lambda a, W, z_bar: z_bar.T * a: "That multiplies entry by entry. A matrix product is `@`.",
            lambda a, W, z_bar: z_bar @ W: "That is the adjoint of a.",
        },
        hints=(
            "Write z[n, j] as a sum over i. In which entries of z does W[j, i] occur?",
            "It occurs once for every row n, with the factor a[n, i]. Add over n.",
            "It is a sum over the rows of both arrays. The result has a row for each j, so the array with the j is "
            "transposed and comes first.",
        ),
    ),
    Function(
        name="adjoint_of_a",
        equations=("RM",),
        arguments=_product(5, 3, 2),
        special=(_product(3, 3, 3),),
        reference=lambda a, W, z_bar: z_bar @ W,
        mistakes={
            lambda a, W, z_bar: z_bar @ W.T: "That would be right for z = a W. Here the transpose was there on the way "
            "forward.",
            lambda a, W, z_bar: (z_bar @ W).T: "The two factors have changed places: a has a row for each example.",
            lambda a, W, z_bar: (
                W @ z_bar
            ): "The factors are in the wrong order. The sum has to run over the units that a feeds.",
            lambda a, W, z_bar: z_bar @ np.linalg.pinv(W).T: "The inverse would undo the product. But derivatives are "
            "multiplied, and nothing is undone.",
            lambda a, W, z_bar: z_bar @ W / len(a): "Each row has its own a: nothing is averaged over the rows.",
            lambda a, W, z_bar: z_bar @ W * a: "a itself does not appear in the derivative with respect to a.",
            lambda a, W, z_bar: a @ W.T @ W: "This goes back with z. What comes back is z_bar.",
            lambda a, W, z_bar: np.tile(W.sum(axis=0), (len(a), 1)): "You left z_bar out.",
            lambda a, W, z_bar: z_bar * W: "That multiplies entry by entry. A matrix product is `@`.",
            lambda a, W, z_bar: z_bar.T @ a: "That is the adjoint of W.",
        },
        hints=(
            "In which entries of z does a[n, i] occur?",
            "It occurs once for every column j, with the factor W[j, i]. Add over j.",
            "The sum over j runs along the rows of the first array and down the columns of the second. Which product "
            "does that without any help?",
        ),
    ),
    Function(
        name="unbroadcast",
        points=2,
        equations=("RM", "BP3"),
        arguments=lambda rng: (rng.normal(size=(3, 4)), (4,)),
        special=(
            *map(_stretched, [(1, 4), (3, 1), (3, 4), (), (1, 1), (1,)]),
            _stretched((3,), (3, 3)),
            _stretched((3, 1), (3, 3, 3)),
        ),
        reference=lambda u, shape: _unbroadcast(u, shape),
        mistakes={
            lambda u, shape: u.sum(axis=tuple(k for k, n in enumerate(u.shape) if n not in shape)).reshape(
                shape
            ): "An axis that was added in front may be as long as one that was there, so its length does not tell you "
            "which it is. Count the axes.",
            lambda u, shape: _unbroadcast(u, shape, np.mean): MEAN,
            lambda u, shape: _unbroadcast(u, shape, np.mean, np.sum): MEAN,
            lambda u, shape: _unbroadcast(u, shape, np.sum, np.mean): MEAN,
            lambda u, shape: u.sum(axis=tuple(range(u.ndim - len(shape)))): "The axes in front are added up; the ones "
            "that were stretched from length 1 are not.",
            lambda u, shape: u.sum(axis=0): "This adds over the first axis, whichever was stretched. What does `shape` "
            "say?",
            lambda u, shape: u.sum(
                axis=0, keepdims=True
            ): "This adds over the first axis, whichever was stretched, and keeps it. What does `shape` say?",
            lambda u, shape: u: "This is the adjoint of the copies, one for each. Those of one number are added up.",
            np.reshape: "Nothing is added up here: as many numbers come out as go in.",
            _unbroadcast_losing_axes: "The axes that were stretched from length 1 are lost. They stay, with length 1.",
            _unbroadcast_keeping_front: "The axes in front are still there. Add over them, too.",
            lambda u, shape: np.resize(u, shape): "This cuts u to the shape. Nothing is added.",
            lambda u, shape: _unbroadcast(u, shape) * math.prod(shape) / u.size: MEAN,
            lambda u, shape: _unbroadcast(
                u, shape, _first
            ): "This takes one of the copies. Each of them is a use, and the uses add.",
            lambda u, shape: _unbroadcast(
                u, shape, np.max
            ): "This takes the largest. The contributions of the copies add.",
            lambda u, shape: np.full(
                shape, u.sum()
            ): "Everything was added up. Add only over the axes that were stretched.",
        },
        hints=(
            "Which axes did NumPy add in front, and which did it stretch from length one?",
            "Sum over the axes in front that `shape` does not have. Then, with `keepdims=True`, where `shape` has a 1.",
            "The axes in front are the first `u.ndim - len(shape)`. `u.sum(axis=...)` takes a tuple of axes, and an "
            "empty tuple sums over none.",
        ),
    ),
]
