"""A network that learns in stairs: linear units, hierarchical data, and plateaus that are saddles.

Saxe, McClelland and Ganguli took the dullest network there is, two layers without any nonlinearity, and found that it
learns as children do: first that a canary is a thing at all, then plant or animal, and the details last. Each mode of
the data waits on a plateau for a time that goes as one over its singular value. Baldi and Hornik had shown in 1989 that
such a loss has no minima but the best ones. So all plateaus are saddles, and here their ways down are counted.

The network has no biases: they are there, as everywhere in this book, and are held at zero.

>>> run = train(seed=0)
>>> run.strength.shape, [int(t) for t in run.half_times()[:2]]
((301, 8), [39, 54])
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .. import activations, backprop, landscape, losses
from ..backprop import Params
from .claims import Claim, share

__all__ = ["CLAIMS", "ITEMS", "Run", "aligned", "curvature", "items", "plateau", "theory", "train"]

Array = NDArray[np.float64]
PAPER = (
    "Saxe, McClelland and Ganguli 2014, Exact solutions to the nonlinear dynamics of learning in deep linear neural "
)
PAPER += "networks, ICLR"
BALDI = "Baldi and Hornik 1989, Neural networks and principal component analysis: learning from examples without local "
BALDI += "minima, Neural Networks 2"
ITEMS = ("canary", "robin", "salmon", "sunfish", "daisy", "rose", "oak", "pine")
HIDDEN = 16


def items() -> tuple[Array, Array]:
    """Return eight living things, x of shape (8, 8), and their features, y of shape (8, 15).

    x is one-hot. The features are those of a binary tree: one that all have, two that halves have (animal, plant),
    four of pairs (bird, fish, flower, tree) and eight of single items. The squares of the singular values of y are
    15, 7, 3, 3 and four times 1.
    """
    levels = [np.repeat(np.eye(2**depth), 2 ** (3 - depth), axis=0) for depth in range(4)]
    return np.eye(8), np.concatenate(levels, axis=1)


def modes() -> tuple[Array, Array, Array]:
    """Return the singular value decomposition of y: U of shape (8, 8), s of shape (8,), V of shape (15, 8)."""
    U, s, VT = np.linalg.svd(items()[1], full_matrices=False)
    return U, s, VT.T


def _network(W1: Array, W2: Array) -> Params:
    biases = [None, np.zeros(W1.shape[1]), np.zeros(W2.shape[1])]
    return Params([None, W1, W2], biases, [None, activations.identity, activations.identity])


def aligned(strengths: Array, hidden: int = HIDDEN) -> Params:
    """Return a network with the modes for its layers, one hidden unit each, of these strengths, shape (8,)."""
    U, _, V = modes()
    root = np.zeros((8, hidden))
    root[:, :8] = np.diag(np.sqrt(strengths))
    return _network(U @ root, root.T @ V.T)


def plateau(learned: int, hidden: int = HIDDEN) -> Params:
    """Return the network that knows the first modes exactly and of the others nothing."""
    s = modes()[1]
    return aligned(np.where(np.arange(8) < learned, s, 0.0), hidden)


def curvature(params: Params) -> Array:
    """Return the Hessian with respect to the weights alone: (W[1].size + W[2].size) rows, as biases are held at 0."""
    n1, hidden = params.W[1].size, params.W[2].shape[0]
    weights = np.r_[0:n1, n1 + hidden : n1 + hidden + params.W[2].size]
    return landscape.hessian(params, *items(), "squared_error")[np.ix_(weights, weights)]


@dataclass(frozen=True)
class Run:
    """How each mode grew.

    Attributes
    ----------
    strength : array of shape (steps + 1, 8)
        The share of each mode in what the network does, before the first step and after each; it ends at s.
    loss : array of shape (steps + 1,)
        The mean over the items.
    params : Params
        The network at the end.
    """

    strength: Array
    loss: Array
    params: Params

    def half_times(self) -> Array:
        """Return the first step after which each mode has half its strength, shape (8,); nan where none has."""
        half = self.strength > modes()[1] / 2
        return np.where(half.any(axis=0), half.argmax(axis=0), np.nan)


def train(
    seed: int = 0, *, eta: float = 0.4, steps: int = 300, scale: float = 1e-3, start: Params | None = None
) -> Run:
    """Train by plain gradient descent on all items at once, from weights of this standard deviation.

    Parameters
    ----------
    seed : int
        Of the weights at birth.
    eta, steps, scale
        Learning rate on the mean cost, number of steps, standard deviation of the weights at birth.
    start : Params, optional
        Where to begin instead. It is copied.
    """
    x, y = items()
    U, _, V = modes()
    rng, loss = np.random.default_rng(seed), losses.get("squared_error")
    born = _network(scale * rng.normal(size=(8, HIDDEN)), scale * rng.normal(size=(HIDDEN, 15)))
    W1, W2 = (W.copy() for W in (start or born).W[1:])
    strength, C = [], []
    for _ in range(steps + 1):
        cache = backprop.forward(_network(W1, W2), x)
        grads = backprop.backward(_network(W1, W2), cache, y, loss)
        strength.append(np.diag(U.T @ W1 @ W2 @ V))
        C.append(loss(cache.a[-1], y))
        W1, W2 = W1 - eta * grads.dW[1], W2 - eta * grads.dW[2]
    return Run(np.array(strength), np.array(C), _network(W1, W2))


def theory(t: ArrayLike, s: float, u0: float, tau: float) -> Array:
    """Return u(t) of the paper's equation 12: how strong a mode of singular value s is after t steps.

    Parameters
    ----------
    t : array of shape (k,)
        Steps.
    s, u0 : float
        Where it ends and where it begins.
    tau : float
        Steps per unit of time: m / eta for the mean cost over m one-hot items.

    >>> theory(np.array([0.0, 1e3]), s=2.0, u0=0.5, tau=10.0)
    array([0.5, 2. ])
    """
    grown = np.exp(2 * s * np.asarray(t) / tau)
    return s * grown / (grown - 1 + s / u0)


def _off_theory(seeds: list[int]) -> Array:
    """Return the greatest distance from equation 12 from an aligned start, over modes and steps, as a share of s."""
    s, u0, eta = modes()[1], 1e-3, 0.04
    run = train(start=aligned(np.full(8, u0)), eta=eta, steps=2000)
    curves = np.array([theory(np.arange(2001), each, u0, 8 / eta) for each in s]).T
    return np.array([(abs(run.strength - curves) / s).max()])


def _in_order(seeds: list[int]) -> Array:
    """Return 1 for each seed in which every mode of a larger singular value reaches half its strength earlier."""
    levels = [[0], [1], [2, 3], [4, 5, 6, 7]]
    found = []
    for seed in seeds:
        halves = train(seed).half_times()
        found.append(float(all(max(halves[a]) < min(halves[b]) for a, b in pairwise(levels))))
    return np.array(found)


def _descending(seeds: list[int]) -> Array:
    """Return, for each plateau that is not the end, how many eigenvalues of its Hessian are negative."""
    found = []
    for learned in range(8):
        values = np.linalg.eigvalsh(curvature(plateau(learned, 8)))
        found.append(int((values < -1e-9).sum()))
    return np.array([min(found)], dtype=float)


CLAIMS = (
    Claim(
        name="equation_12",
        paper=PAPER,
        where="eq. 12",
        says="From an aligned start each mode follows u(t) = s e^(2st/tau) / (e^(2st/tau) - 1 + s/u0).",
        expects="yes if gradient descent stays within 2 % of s at every step for every mode, partly if within 10 %",
        measure=_off_theory,
        judge=lambda off: "yes" if off.max() < 0.02 else "partly" if off.max() < 0.1 else "no",
        seeds=1,
        deviations="Eight items of a binary tree; gradient descent with eta 0.04 in place of the limit of small steps. "
        "Nothing random.",
    ),
    Claim(
        name="order",
        paper=PAPER,
        where="section 1.3",
        says="Modes of larger singular values are learned earlier, in stage-like transitions.",
        expects="yes if all modes are half learned in the order of the tree's levels in 95 % of seeds, partly in half",
        measure=_in_order,
        judge=share(lambda found: found == 1, yes=0.95, partly=0.5),
        deviations="Weights normal with standard deviation 0.001, 16 hidden units, eta 0.4, 300 steps.",
    ),
    Claim(
        name="saddles",
        paper=BALDI,
        where="abstract",
        says="All critical points of a linear network but the global minima are saddle points.",
        expects="yes if the Hessian has a negative eigenvalue on every plateau from none to seven modes learned",
        measure=_descending,
        judge=lambda least: "yes" if least.min() >= 1 else "no",
        seeds=1,
        deviations="A theorem; eight of its critical points are looked at, those on which the staircase rests.",
    ),
)
