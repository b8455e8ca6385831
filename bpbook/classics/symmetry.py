"""Is this row of six bits the same from both ends? Two hidden units find a way to tell.

Rumelhart, Hinton and Williams showed it in their letter to Nature in 1986. One run is drawn there, with its weights:
whatever a bit adds on the left its mirror image takes away on the right, and the three pairs weigh 1 : 2 : 4, so that
no asymmetric row can cancel. Nobody had told the network about binary numbers.

The letter sums the error over the 64 rows, and this book takes the mean, so its epsilon of 0.1 is an eta of 6.4 here.
"""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from . import stack
from .claims import Claim, near, share
from .stack import Run

__all__ = ["CLAIMS", "ETA", "deviations_from_1_2_4", "not_mirrored", "not_opposite", "rows", "train"]

Array = NDArray[np.float64]
PAPER = "Rumelhart, Hinton and Williams 1986, Learning representations by back-propagating errors, Nature 323"
FIGURE = "p. 534, Fig. 1"
ETA = 64 * 0.1
"""Their epsilon of 0.1 times the 64 rows that they sum over."""


def rows() -> tuple[Array, Array]:
    """Return all 64 rows of six bits, shape (64, 6), and whether each is symmetric, shape (64, 1).

    >>> x, y = rows()
    >>> x[12], y[12], int(y.sum())
    (array([0., 0., 1., 1., 0., 0.]), array([1.]), 8)
    """
    x = np.array([[int(bit) for bit in f"{row:06b}"] for row in range(64)], dtype=np.float64)
    return x, (x == x[:, ::-1]).all(axis=1, keepdims=True).astype(np.float64)


def train(seeds: list[int], within: float = 0.5, sweeps: int = 20_000) -> Run:
    """Train a 6-2-1 network for each seed as the letter did, until all outputs are this close to their targets."""
    born = stack.born([6, 2, 1], seeds, limit=0.3)
    return stack.train(born, *rows(), eta=ETA, mu=0.9, sweeps=sweeps, within=within)


@lru_cache(maxsize=2)
def _sweeps(seeds: tuple[int, ...]) -> Array:
    return train(list(seeds)).sweeps


@lru_cache(maxsize=2)
def _settled(seeds: tuple[int, ...]) -> Run:
    return train(list(seeds), within=0.1)


def _of_solved(seeds: list[int], measured: Array) -> Array:
    return np.where(_settled(tuple(seeds)).solved, measured, np.nan)


def deviations_from_1_2_4(W: Array) -> Array:
    """Return how far the weights of each network are from 1 : 2 : 4, in any order: the worst of the relative errors.

    Parameters
    ----------
    W : array of shape (S, 6, 2)
        First weights of S networks. Each pair of mirror images counts with half of its difference.

    Returns
    -------
    deviation : array of shape (S,)

    >>> unit = np.array([1.0, -4.0, 2.0, -2.0, 4.0, -1.0])
    >>> deviations_from_1_2_4(np.stack([unit, -3 * unit], axis=1)[None])
    array([0.])
    """
    pairs = np.sort(np.abs(W[:, :3] - W[:, :2:-1]) / 2, axis=1)
    return np.abs(pairs / pairs[:, :1] / np.array([[1.0], [2.0], [4.0]]) - 1).max(axis=(1, 2))


def not_mirrored(W: Array) -> Array:
    """Return how far mirror images are from being opposite, of shape (S,): 0 if they are, relative to the greatest."""
    return np.abs(W + W[:, ::-1]).max(axis=(1, 2)) / np.abs(W).max(axis=(1, 2))


def not_opposite(W: Array) -> Array:
    """Return how far the two hidden units are from being opposite, of shape (S,), relative to the greatest weight."""
    return np.abs(W.sum(axis=2)).max(axis=1) / np.abs(W).max(axis=(1, 2))


SAME = "The biases start at random too, as the letter says nothing else of them. At most 20,000 sweeps."
SETTLED = SAME + " The weights are read when every output is within 0.1 of its target; the letter does not say when."
STRUCTURE = "yes if within 5 % in at least nine of ten networks that learn the task, partly if in half of them"
CLOSE = share(lambda numbers: numbers <= 0.05, yes=0.9, partly=0.5, of_all=False)

CLAIMS = (
    Claim(
        name="learns",
        paper=PAPER,
        where=FIGURE,
        says="A 6-2-1 network learns to tell symmetric rows of six bits from all others.",
        expects="yes if at least 95 % of the seeds get all 64 rows right within 20,000 sweeps, partly if half of them",
        measure=lambda seeds: _sweeps(tuple(seeds)),
        judge=share(np.isfinite, yes=0.95, partly=0.5),
        seeds=500,
        deviations=SAME,
    ),
    Claim(
        name="sweeps",
        paper=PAPER,
        where=FIGURE,
        says="Learning required 1,425 sweeps through the 64 rows.",
        expects="yes if 1,425 lies between our quartiles, partly if between our 5th and 95th percentile",
        measure=lambda seeds: _sweeps(tuple(seeds)),
        judge=near(1425),
        seeds=500,
        deviations=SAME + " Learned means that every output is on the right side of 1/2; the letter does not say.",
    ),
    Claim(
        name="ratio",
        paper=PAPER,
        where=FIGURE,
        says="The weights on each side of the midpoint are in the ratio 1 : 2 : 4.",
        expects=STRUCTURE,
        measure=lambda seeds: _of_solved(seeds, deviations_from_1_2_4(_settled(tuple(seeds)).params.W[1])),
        judge=CLOSE,
        deviations=SETTLED + " The three pairs may come in any order.",
    ),
    Claim(
        name="mirrored",
        paper=PAPER,
        where=FIGURE,
        says="Weights that are symmetric about the middle are equal in magnitude and opposite in sign.",
        expects=STRUCTURE + "; the error is relative to the greatest weight",
        measure=lambda seeds: _of_solved(seeds, not_mirrored(_settled(tuple(seeds)).params.W[1])),
        judge=CLOSE,
        deviations=SETTLED,
    ),
    Claim(
        name="opposite",
        paper=PAPER,
        where=FIGURE,
        says="The two hidden units have identical patterns of weights but with opposite signs.",
        expects=STRUCTURE + "; the error is relative to the greatest weight",
        measure=lambda seeds: _of_solved(seeds, not_opposite(_settled(tuple(seeds)).params.W[1])),
        judge=CLOSE,
        deviations=SETTLED,
    ),
)
