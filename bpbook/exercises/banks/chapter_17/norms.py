"""Batch and layer normalisation: a column by hand, and the three paths back."""

from typing import Any

import numpy as np

from .... import layers
from ...bugs.fields.layers import LAYERS
from ...kinds import Array, Function, Gradient


def _column(rng: np.random.Generator) -> tuple[list[int], list[int]]:
    centre, spread = int(rng.integers(-5, 6)), int(rng.choice([2, 3, 4, 5]))
    x = centre + spread * rng.permutation([-1, -1, 1, 1])
    return x.tolist(), rng.choice([-6, -4, -1, 2, 3, 5, 8], 4, replace=False).tolist()


def _paths(
    x: Any, u: Any, mean: float = 1, variance: float = 1, power: float = 1, count: float = 1, less: int = 0
) -> Any:
    """Return dx of a column, each of the two further paths taken so many times."""
    x, u = np.asarray(x, float), np.asarray(u, float)
    sigma = x.std(ddof=less)
    x_hat = (x - x.mean()) / sigma
    return (u - count * mean * u.mean() - count * variance * x_hat * (u * x_hat).mean()) / sigma**power


Batch = tuple[Any, ...]


def _batch(rng: np.random.Generator, m: int = 4, n: int = 3, size: float = 1.0) -> Batch:
    u, x = rng.normal(size=(2, m, n))
    x = size * (x * rng.uniform(0.5, 2, n) + rng.normal(size=n))
    return u, x, rng.normal(size=n), rng.normal(size=n), float(rng.uniform(0.1, 0.4))


def _norm(u: Any, x: Any, gamma: Any, beta: Any, eps: float, axis: Any, wrong: str = "") -> Any:
    """Return z, dx, dgamma, dbeta of a normalisation along an axis, with one thing wrong if asked."""
    if wrong == "axis":
        axis = 1 - axis
    if wrong == "everything":
        axis = (0, 1)
    mu, spread = x.mean(axis, keepdims=True), x.var(axis, ddof=int(wrong == "one less"), keepdims=True)
    sigma = np.sqrt(spread + (0 if wrong == "no eps" else eps))
    if wrong == "eps outside":
        sigma = np.sqrt(spread) + eps
    if wrong == "variance":
        sigma = spread + eps
    x_hat = (x - mu) / sigma
    z = {"no gamma in z": x_hat + beta, "inside": gamma * (x_hat + beta), "no beta": gamma * x_hat, "bare": x_hat}.get(
        wrong, gamma * x_hat + beta
    )
    g = u if wrong in ("no gamma", "gamma last") else u * gamma
    times = x.shape[axis] if wrong == "sums" else 1
    through_mean = 0 if wrong in ("no mean", "neither") else times * g.mean(axis, keepdims=True)
    seen = x if wrong == "x in the path" else x_hat
    through_variance = 0 if wrong in ("no variance", "neither") else times * seen * (g * seen).mean(axis, keepdims=True)
    dx = (g - through_mean + (1 if wrong == "plus" else -1) * through_variance) / sigma
    if wrong == "variance back":
        dx = dx / sigma
    if wrong == "no sigma":
        dx = dx * sigma
    if wrong == "gamma last":
        dx = gamma * dx
    rows = len(x) if wrong == "averaged" else 1
    u = g if wrong == "gamma twice" else u
    return z, dx, (u * (x if wrong == "dgamma from x" else x_hat)).sum(axis=0) / rows, u.sum(axis=0) / rows


def _batch_norm(u: Any, x: Any, gamma: Any, beta: Any, eps: float, wrong: str = "") -> Any:
    return _norm(u, x, gamma, beta, eps, 0, wrong)[1:]


def _layer_norm(u: Any, x: Any, gamma: Any, beta: Any, eps: float, wrong: str = "") -> Any:
    return _norm(u, x, gamma, beta, eps, 1, wrong)[:2]


def _twin(wrong: str) -> Any:
    return lambda u, x, gamma, beta, eps: _batch_norm(u, x, gamma, beta, eps, wrong)


def _row_twin(wrong: str) -> Any:
    return lambda u, x, gamma, beta, eps: _layer_norm(u, x, gamma, beta, eps, wrong)


def _loss(u: Any, x: Any, gamma: Any, beta: Any, eps: float) -> Any:
    return (u * _norm(u, x, gamma, beta, eps, 0)[0]).sum()


def _steep(rng: np.random.Generator) -> Batch:
    """Draw tiny inputs, which a nudge throws far away."""
    u, x, gamma, beta, _ = _batch(rng)
    return u, 1e-6 * x, gamma, beta, 1e-14


EXERCISES = [
    Array(
        name="norm_by_hand",
        points=2,
        equations=("BN1", "BN4"),
        given=_column,
        expected=_paths,
        mistakes={
            lambda x, u: _paths(x, u, mean=0): LAYERS["mean's path missing"],
            lambda x, u: _paths(x, u, variance=0): LAYERS["variance's path missing"],
            lambda x, u: _paths(x, u, 0, 0): LAYERS["both paths missing"],
            lambda x, u: _paths(x, u, power=0): LAYERS["sigma forgotten"],
            lambda x, u: _paths(x, u, power=2): LAYERS["variance for sigma"],
            lambda x, u: _paths(x, u, count=4): LAYERS["sums for means"],
            lambda x, u: _paths(x, u, less=1): LAYERS["divided by one less"],
            lambda x, u: _paths(x, u, variance=-1): "The path through the variance is added. A larger entry widens "
            "the spread, which makes all of them smaller.",
        },
        names=("`dx_0`", "`dx_1`", "`dx_2`", "`dx_3`"),
        hints=(
            "What are the mean, sigma and x_hat of this column? They are simple numbers.",
            "From each u take away the mean of u, and x_hat times the mean of u times x_hat.",
            "What is left is divided by sigma. As a check, the four numbers must add up to zero.",
        ),
    ),
    Gradient(
        name="batch_norm_gradient",
        points=3,
        equations=("BN1", "BN2", "BN3", "BN4"),
        arguments=_batch,
        special=(
            lambda rng: _batch(rng, 4, 4),
            lambda rng: _batch(rng, 2, 5),
            lambda rng: _batch(rng, 6, 1),
            lambda rng: _batch(rng, 5, 3, 0.3),
        ),
        reference=lambda u, x, gamma, beta, eps: _batch_norm(u, x, gamma, beta, eps),
        without=layers.batch_norm_backward,
        loss=_loss,
        wrt=(1, 2, 3),
        returns=("dx", "dgamma", "dbeta"),
        steep=_steep,
        mistakes={
            _twin("no mean"): LAYERS["mean's path missing"],
            _twin("no variance"): LAYERS["variance's path missing"],
            _twin("neither"): LAYERS["both paths missing"],
            _twin("axis"): LAYERS["statistics of one row"],
            _twin("no gamma"): LAYERS["gamma forgotten"],
            _twin("no sigma"): LAYERS["sigma forgotten"],
            _twin("variance back"): LAYERS["variance for sigma"],
            _twin("variance"): "x_hat is divided by the variance. It is the root of the variance that it needs.",
            _twin("sums"): LAYERS["sums for means"],
            _twin("one less"): LAYERS["divided by one less"],
            _twin("no eps"): LAYERS["eps forgotten"],
            _twin("eps outside"): LAYERS["eps outside the root"],
            _twin("dgamma from x"): LAYERS["dgamma from x"],
            _twin("averaged"): LAYERS["averaged over the uses"],
            _twin("gamma twice"): "dgamma and dbeta are made of u times gamma. Behind gamma there is only u.",
            _twin("everything"): "One mean and one variance are taken of all entries. Each column has its own.",
            _twin("plus"): "The path through the variance is added. It comes with a minus sign.",
            _twin("x in the path"): "In the path through the variance x stands for x_hat.",
        },
        quantities=lambda u, x, gamma, beta, eps: {"the batch size": len(x)},
        hints=(
            "Three paths lead from an entry to the loss. One is straight. What else does an entry move?",
            "With g = u times gamma, the mean takes away the column's mean of g, and the variance x_hat times the "
            "column's mean of g x_hat.",
            "Divide the three terms by sigma. dgamma adds up u times x_hat over the rows, and dbeta adds up u.",
        ),
    ),
    Function(
        name="layer_norm",
        points=2,
        equations=("LN1", "LN2", "BN2"),
        arguments=_batch,
        special=(
            lambda rng: _batch(rng, 4, 4),
            lambda rng: _batch(rng, 1, 5),
            lambda rng: _batch(rng, 3, 6, 0.3),
        ),
        reference=lambda u, x, gamma, beta, eps: _layer_norm(u, x, gamma, beta, eps),
        without=layers.layer_norm_forward,
        returns=("z", "dx"),
        partial=True,
        mistakes={
            _row_twin("axis"): LAYERS["statistics of the batch"],
            _row_twin("no mean"): LAYERS["mean's path missing"],
            _row_twin("no variance"): LAYERS["variance's path missing"],
            _row_twin("neither"): LAYERS["both paths missing"],
            _row_twin("no gamma"): LAYERS["gamma forgotten"],
            _row_twin("gamma last"): LAYERS["gamma outside the means"],
            _row_twin("no sigma"): LAYERS["sigma forgotten"],
            _row_twin("sums"): LAYERS["sums for means"],
            _row_twin("one less"): LAYERS["divided by one less"],
            _row_twin("no eps"): LAYERS["eps forgotten"],
            _row_twin("eps outside"): LAYERS["eps outside the root"],
            _row_twin("inside"): "beta is multiplied by gamma as well. It is added after that.",
            _row_twin("no beta"): "beta is missing in z.",
            _row_twin("bare"): "Your z is x_hat. The layer multiplies it by gamma and adds beta.",
            _row_twin("no gamma in z"): "gamma is missing in z. It multiplies x_hat before beta is added.",
        },
        hints=(
            "Which numbers are normalised together, and along which axis do they lie?",
            "Each row has its own mean and variance, over its columns. `keepdims=True` keeps them as a column.",
            "The way back is that of batch normalisation, with means along the row of g = u times gamma.",
        ),
    ),
]
