"""The chain rule: forward and backward through a multi-layer perceptron.

This file is the book in small. Rows are examples. Layers count from 1, so that `W[l]` is W^l and every list holds
None at index 0 (`a[0]` is x). One equation forward and four back are all there is:

    z^l = a^{l-1} W^l + b^l          a^l = f_l(z^l)                    (FF)
    delta^L = dC/da^L * f_L'(z^L)                                      (BP1)
    delta^l = (delta^{l+1} W^{l+1}T) * f_l'(z^l)                       (BP2)
    dC/db^l = sum over rows of delta^l                                 (BP3)
    dC/dW^l = a^{l-1}T delta^l   (+ lambda W^l + lambda_1 sign W^l)    (BP4)

delta^l is dC/dz^l. C is the mean over the m examples, so each row of delta carries its 1/m from the loss on.
The names BP1 to BP4 are those of Nielsen 2015, chapter 2; rows and columns are exchanged.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .activations import Activation
from .losses import Loss

Arrays = list[Any]  # one array per layer, None at index 0


class Params(NamedTuple):
    """What a network is made of: for each layer l, W[l] (n_{l-1}, n_l), b[l] (n_l,), f[l]; lambda, lambda_1."""

    W: Arrays
    b: Arrays
    f: list[Activation | Any]
    lmbda: float = 0.0
    lmbda_1: float = 0.0


class Cache(NamedTuple):
    """What feedforward leaves behind: z[l] and a[l], each (m, n_l); a[0] is x."""

    z: Arrays
    a: Arrays


class Grads(NamedTuple):
    """What the backward pass finds: delta[l] (m, n_l), dW[l] as W[l], db[l] as b[l]."""

    delta: Arrays
    dW: Arrays
    db: Arrays


def forward(params: Params, x: NDArray) -> Cache:
    """Feed x of shape (m, n_0) through every layer; return z[l] and a[l], each of shape (m, n_l), for the way back."""
    W, b, f, *_ = params
    L = len(W) - 1
    z: Arrays = [None] * (L + 1)
    a: Arrays = [x] + [None] * L
    for l in range(1, L + 1):
        z[l] = a[l - 1] @ W[l] + b[l]  # (FF)
        a[l] = f[l](z[l])  # (FF)
    return Cache(z, a)


def backward(params: Params, cache: Cache, y: NDArray, loss: Loss) -> Grads:
    """Return the derivatives of C + lambda/2 sum W^2 + lambda_1 sum |W| with respect to every z[l], W[l] and b[l].

    Parameters
    ----------
    params, cache : Params, Cache
        The network, and what `forward` saw. Nothing in them is changed.
    y : array of shape (m, n_L), or (m,) of class numbers for softmax_cross_entropy
        The targets.
    loss : Loss
        Its `gradient(a, y)` is dC/da^L of the mean over the examples, of shape (m, n_L).

    Returns
    -------
    Grads
        delta[l] of shape (m, n_l), which leaves both penalties out; dW[l] and db[l] of the shapes of W[l] and b[l].

    References
    ----------
    Rumelhart, Hinton and Williams 1986, equations 4 to 7, for one example and the sigmoid.
    """
    W, _, f, lmbda, lmbda_1 = params
    z, a = cache
    L = len(W) - 1
    delta: Arrays = [None] * (L + 1)
    dW: Arrays = [None] * (L + 1)
    db: Arrays = [None] * (L + 1)

    for l in range(L, 0, -1):
        if l == L:
            delta[l] = loss.gradient(a[l], y) * f[l].prime(z[l])  # (BP1)
        else:
            delta[l] = (delta[l + 1] @ W[l + 1].T) * f[l].prime(z[l])  # (BP2)
        db[l] = delta[l].sum(axis=0)  # (BP3)
        dW[l] = a[l - 1].T @ delta[l]  # (BP4)
        if lmbda:
            dW[l] += lmbda * W[l]  # (BP4) weight decay
        if lmbda_1:
            dW[l] += lmbda_1 * np.sign(W[l])  # (BP4) L1 penalty
    return Grads(delta, dW, db)


def total_loss(params: Params, cache: Cache, y: NDArray, loss: Loss) -> Any:
    """Return what `backward` differentiates: the mean loss C(a^L, y) + lambda/2 sum W^2 + lambda_1 sum |W|."""
    C = loss(cache.a[-1], y)
    if params.lmbda:
        C = C + 0.5 * params.lmbda * sum((W * W).sum() for W in params.W[1:])
    if params.lmbda_1:
        C = C + params.lmbda_1 * sum((np.sign(W.real) * W).sum() for W in params.W[1:])
    return C
