"""Hundreds of networks at once: the four equations on arrays with one more axis.

A result that rests on one seed is an anecdote. Small networks are so small that NumPy spends its time on starting the
products and not on computing them, so we put S networks of one shape on top of each other and start each product once
for all of them. The first axis counts the networks, which are called seeds here, and every network sees the same x.

    z^l = a^{l-1} W^l + b^l          a^l = f_l(z^l)                    (FF)
    delta^L = dC/da^L * f_L'(z^L)                                      (BP1)
    delta^l = (delta^{l+1} W^{l+1}T) * f_l'(z^l)                       (BP2)
    dC/db^l = sum over rows of delta^l                                 (BP3)
    dC/dW^l = a^{l-1}T delta^l   (+ lambda W^l)                        (BP4)
    v <- mu v - eta dC/dw            w <- w + v                        (MOM)

W[l] has shape (S, n_{l-1}, n_l) and b[l] has (S, n_l); z[l], a[l] and delta[l] have (S, m, n_l). Each network keeps
its own mean over the m examples, so eta means what it means in `bpbook.backprop`. The book's own `backward` stays as it
is, and the tests see both give the same numbers.

>>> x, y = np.array([[0, 0], [0, 1], [1, 0], [1, 1]]), np.array([0, 1, 1, 0])
>>> run = train(born([2, 8, 1], seeds=range(20), limit=1), x, y, eta=2.0, mu=0.9, sweeps=3000)
>>> int(run.solved.sum()), int(run.diverged.sum())
(20, 0)
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .. import activations, checks, losses
from ..activations import Activation
from ..backprop import Arrays, Cache, Grads, Params
from ..losses import Loss

__all__ = ["Run", "backward", "born", "forward", "one", "pile", "total_loss", "train"]

Array = NDArray[Any]


def forward(params: Params, x: Array) -> Cache:
    """Feed x of shape (m, n_0) through every network; z[l] and a[l] have shape (S, m, n_l), and a[0] is x."""
    W, b, f, *_ = params
    L = len(W) - 1
    z: Arrays = [None] * (L + 1)
    a: Arrays = [x] + [None] * L
    for l in range(1, L + 1):
        z[l] = a[l - 1] @ W[l] + b[l][:, None, :]  # (FF)
        a[l] = f[l](z[l])  # (FF)
    return Cache(z, a)


def backward(params: Params, cache: Cache, y: Array, loss: Loss) -> Grads:
    """Return the derivatives of each network's own loss with respect to its own z[l], W[l] and b[l].

    Parameters
    ----------
    params, cache : Params, Cache
        The networks, and what `forward` saw. Nothing in them is changed.
    y : array of shape (m, n_L)
        The targets, the same for every network.
    loss : Loss
        One whose gradient is elementwise: any but softmax_cross_entropy.

    Returns
    -------
    Grads
        delta[l] of shape (S, m, n_l), of the mean over the m examples; dW[l] and db[l] of the shapes of W[l] and b[l].
    """
    W, _, f, lmbda, lmbda_1 = params
    z, a = cache
    L = len(W) - 1
    delta: Arrays = [None] * (L + 1)
    dW: Arrays = [None] * (L + 1)
    db: Arrays = [None] * (L + 1)

    for l in range(L, 0, -1):
        if l == L:
            a_L = a[l].swapaxes(0, 1)  # a loss takes the length of the first axis for m, so the networks step aside
            dC_da = loss.gradient(a_L, np.broadcast_to(y[:, None, :], a_L.shape)).swapaxes(0, 1)
            delta[l] = dC_da * f[l].prime(z[l])  # (BP1)
        else:
            delta[l] = (delta[l + 1] @ W[l + 1].mT) * f[l].prime(z[l])  # (BP2)
        db[l] = delta[l].sum(axis=1)  # (BP3)
        dW[l] = a[l - 1].mT @ delta[l]  # (BP4)
        if lmbda:
            dW[l] += lmbda * W[l]  # (BP4) weight decay
        if lmbda_1:
            dW[l] += lmbda_1 * np.sign(W[l])  # (BP4) L1 penalty
    return Grads(delta, dW, db)


def total_loss(params: Params, cache: Cache, y: Array, loss: Loss) -> Array:
    """Return the losses that `backward` differentiates, of shape (S,): each a mean, plus what the penalties add."""
    C = np.array([loss(a, y) for a in cache.a[-1]])
    if params.lmbda:
        C = C + 0.5 * params.lmbda * sum((W * W).sum(axis=(1, 2)) for W in params.W[1:])
    if params.lmbda_1:
        C = C + params.lmbda_1 * sum(np.abs(W).sum(axis=(1, 2)) for W in params.W[1:])
    return C


# Networks into a stack, and out of it ---------------------------------------------------------------------------------


def born(
    sizes: Sequence[int],
    seeds: Iterable[int],
    limit: float,
    hidden: str | Activation = "sigmoid",
    output: str | Activation = "sigmoid",
) -> Params:
    """Return a stack of new networks, weights and biases uniform in +-limit, as in the papers of 1986.

    Parameters
    ----------
    sizes : list of int
        [n_0, ..., n_L], the same for all.
    seeds : iterable of int
        One network each. A network depends on its own seed only, in whatever company it is born.
    limit : float
    hidden, output : str or Activation

    >>> W = born([6, 2, 1], seeds=range(100), limit=0.3).W[1]
    >>> W.shape, bool(np.abs(W).max() <= 0.3)
    ((100, 6, 2), True)
    """
    n, limit = checks.sizes(sizes), checks.positive("limit", limit)
    f = [None, *[activations.get(hidden, "hidden")] * (len(n) - 2), activations.get(output, "output")]
    networks = []
    for seed in seeds:
        rng = np.random.default_rng(checks.whole("seeds", seed, least=0))
        W: Arrays = [None]
        b: Arrays = [None]
        for n_in, n_out in pairwise(n):
            W.append(rng.uniform(-limit, limit, (n_in, n_out)))
            b.append(rng.uniform(-limit, limit, n_out))
        networks.append(Params(W, b, f))
    return pile(networks)


def pile(networks: Iterable[Params]) -> Params:
    """Return networks of one shape as a stack: the arrays of each layer with a first axis that counts the networks.

    Parameters
    ----------
    networks : iterable of Params
        For instance [bp.MLP([64, 10], seed=s).params for s in range(100)]. They are copied.

    Raises
    ------
    ValueError
        There are none, or they differ in their sizes, activations or lambda.
    TypeError
        One of them is no Params.

    >>> import bpbook as bp
    >>> pile([bp.MLP([64, 10], seed=s).params for s in range(7)]).W[1].shape
    (7, 64, 10)
    """
    networks = list(networks)
    if not networks:
        raise ValueError("networks must hold at least one network; got none. Pass a seed for each, as range(50).")
    for other in networks:
        if not isinstance(other, Params):
            raise TypeError(
                f"networks must be Params; got {checks.shown(other)}. Pass [net.params for net in networks]."
            )
    first = networks[0]
    for k, other in enumerate(networks):
        for argument, own, its in [
            ("sizes", *([W.shape for W in params.W[1:]] for params in (first, other))),
            ("activations", first.f[1:], other.f[1:]),
            ("lambda", first.lmbda, other.lmbda),
            ("lambda_1", first.lmbda_1, other.lmbda_1),
        ]:
            if own != its:
                raise ValueError(f"networks must have the same {argument}; got {own} in 0 and {its} in {k}.")
    W, b = (
        [None, *map(np.stack, zip(*(arrays[1:] for arrays in all_of_them), strict=True))]
        for all_of_them in ([params.W for params in networks], [params.b for params in networks])
    )
    return first._replace(W=W, b=b)


def one(params: Params, s: int) -> Params:
    """Return network s of a stack as Params that the rest of the book understands; its arrays are views."""
    W, b = ([None, *(array[s] for array in arrays[1:])] for arrays in (params.W, params.b))
    return params._replace(W=W, b=b)


# Training -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Run:
    """What became of each network of a stack.

    Attributes
    ----------
    params : Params
        The stack at the end, each network as it was when it stopped.
    solved, diverged : arrays of bool, shape (S,)
        Whether it got every output of every example close enough; whether a number of it became nan or inf. One that
        is neither was still training at the last sweep.
    sweeps : array of float, shape (S,)
        Updates that a network took until it was solved; nan where it was not.
    loss : array of float, shape (S,)
        The loss where it stopped; nan or inf where it diverged.
    """

    params: Params
    solved: NDArray[np.bool_]
    diverged: NDArray[np.bool_]
    sweeps: NDArray[np.float64]
    loss: NDArray[np.float64]

    def __repr__(self) -> str:
        unsolved = ~self.solved & ~self.diverged
        return f"Run({self.solved.sum()} solved, {unsolved.sum()} unsolved, {self.diverged.sum()} diverged)"


def train(
    params: Params,
    x: ArrayLike,
    y: ArrayLike,
    loss: str | Loss = "squared_error",
    *,
    eta: float,
    mu: float = 0.0,
    sweeps: int,
    within: float = 0.5,
) -> Run:
    """Train every network of a stack on all examples at once, each until it is solved.

    The outputs are looked at before every update. A network that is solved, or that has diverged, leaves the stack at
    once with its weights as they are, and the others take the same update that they would have taken without it.

    Parameters
    ----------
    params : Params
        A stack, from `born` or `pile`. It is copied.
    x, y : arrays of shape (m, n_0) and (m, n_L), or (m,) for one output unit
    loss : str or Loss
        Any but softmax_cross_entropy.
    eta, mu : float
        Learning rate, for the mean over the examples: papers that sum over them used eta/m. Momentum from 0, which is
        plain gradient descent, to below 1.
    sweeps : int
        Greatest number of updates.
    within : float
        A network is solved when every output is less than this away from its target; with 0 none ever is.

    Returns
    -------
    Run

    Raises
    ------
    ValueError, TypeError
        An argument does not fit; mu is not from 0 to below 1; the loss is softmax_cross_entropy.
    """
    loss = _elementwise(losses.get(loss))
    if params.W[1].ndim != 3:
        raise ValueError(f"params must be a stack; got W[1] of shape {params.W[1].shape}. Pass stack.pile([params]).")
    x = checks.inputs(x, params.W[1].shape[1])
    y = checks.targets(y, len(x), params.b[-1].shape[1], loss.targets)
    eta, within = checks.positive("eta", eta), checks.positive("within", within, zero=True)
    mu, sweeps = _momentum(mu), checks.whole("sweeps", sweeps)
    run, going = _unfinished(params), np.arange(len(params.b[1]))  # the numbers of those that are still training
    here = _chosen(params, going)
    v = [np.zeros_like(w) for w in _arrays(here)]
    with np.errstate(over="ignore", invalid="ignore"):  # a network that overflows is counted, not warned of
        for t in range(sweeps + 1):
            cache = forward(here, x)
            lost = ~_finite([*_arrays(here), cache.a[-1]])
            found = (np.abs(cache.a[-1] - y) < within).all(axis=(1, 2)) & ~lost
            stays = ~(lost | found) & (t < sweeps)
            if not stays.all():
                run.sweeps[going[found]], run.solved[going[found]], run.diverged[going[lost]] = t, True, True
                _keep(run, going[~stays], _chosen(here, ~stays), x, y, loss)
                going, here, v = going[stays], _chosen(here, stays), [velocity[stays] for velocity in v]
                cache = forward(here, x)
            if not len(going):
                break
            grads = backward(here, cache, y, loss)
            for w, velocity, g in zip(_arrays(here), v, [*grads.dW[1:], *grads.db[1:]], strict=True):
                velocity *= mu
                velocity -= eta * g  # (MOM)
                w += velocity  # (MOM)
    return run


def _momentum(mu: float) -> float:
    mu = checks.positive("mu", mu, zero=True)
    if mu >= 1:
        raise ValueError(f"mu must be at least 0 and below 1; got {mu:g}. Rumelhart, Hinton and Williams took 0.9.")
    return mu


def _unfinished(params: Params) -> Run:
    """Return a Run in which nobody has finished."""
    S = len(params.b[1])
    solved, diverged, sweeps, loss = np.zeros(S, bool), np.zeros(S, bool), np.full(S, np.nan), np.full(S, np.nan)
    return Run(_chosen(params, np.arange(S)), solved, diverged, sweeps, loss)


def _keep(run: Run, gone: Array, leaving: Params, x: Array, y: Array, loss: Loss) -> None:
    """Write into a Run the weights and the loss of networks that leave the stack, whose numbers are `gone`."""
    run.loss[gone] = total_loss(leaving, forward(leaving, x), y, loss)
    for final, w in zip(_arrays(run.params), _arrays(leaving), strict=True):
        final[gone] = w


def _chosen(params: Params, which: Array) -> Params:
    """Return a copy of some networks of a stack, chosen by their numbers or by a mask."""
    W, b = ([None, *(array[which] for array in arrays[1:])] for arrays in (params.W, params.b))
    return params._replace(W=W, b=b)


def _arrays(params: Params) -> list[Array]:
    return [*params.W[1:], *params.b[1:]]


def _finite(arrays: Sequence[Array]) -> NDArray[np.bool_]:
    """Say of each network whether all its numbers are finite."""
    return np.logical_and.reduce([np.isfinite(a).all(axis=tuple(range(1, a.ndim))) for a in arrays])


def _elementwise(loss: Loss) -> Loss:
    if loss.targets == "classes":
        raise ValueError(
            f"loss must have an elementwise gradient; got {loss.name}, which mixes the outputs. "
            "Train such networks one by one: bp.MLP(sizes, seed=s).fit(x, y) for each seed s."
        )
    return loss
