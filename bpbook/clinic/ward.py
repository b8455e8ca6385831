"""Five programs without a diagnosis, for the exercises: which mistake each has is known to the exercises only."""

from dataclasses import replace

from .. import losses
from ..activations import identity, sigmoid
from ..backprop import Cache, Grads, Params, backward
from .program import Array, Data, Program, digits_data, one_hot_digits, program

__all__ = ["COMPLAINTS", "WARD"]


def _a(params: Params, cache: Cache, y: Array) -> Grads:
    grads = backward(params, cache, y, losses.softmax_cross_entropy)
    return grads._replace(db=[None, *(delta.mean(axis=0) for delta in grads.delta[1:])])


def _b(params: Params, cache: Cache, y: Array) -> Grads:
    delta2 = losses.squared_error.gradient(cache.a[2], y)
    delta1 = (delta2 @ params.W[2].T) * sigmoid.prime(cache.z[1])
    dW = [None, cache.a[0].T @ delta1, cache.a[1].T @ delta2]
    return Grads([None, delta1, delta2], dW, [None, delta1.sum(axis=0), delta2.sum(axis=0)])


def _c(params: Params, grads: Grads, eta: float, lmbda: float) -> None:
    for W, dW in zip(params.W[1:], grads.dW[1:], strict=True):
        W -= eta * (dW + lmbda * W)


def _d() -> Data:
    data = digits_data()
    mean, sd = data.x.mean(axis=0), data.x.std(axis=0) + 1e-3
    return data._replace(x=(data.x - mean) / sd)


def _e(seed: int) -> Params:
    params = program((64, 16, 16, 10)).start(seed)
    return params._replace(f=[None, identity, identity, identity])


def _ward() -> dict[str, Program]:
    squares = program((64, 16, 10), "sigmoid", "squared_error", output="sigmoid", eta=1.0)
    return {
        "A": replace(program(), backward=_a),
        "B": replace(squares, backward=_b, load=one_hot_digits),
        "C": replace(program(), update=_c),
        "D": replace(program(eta=0.05), load=_d),
        "E": replace(program((64, 16, 16, 10)), start=_e),
    }


WARD = _ward()
"""The programs, by letter."""

COMPLAINTS = {
    "A": "Notes on deep learning derive the gradients of a network by hand. A reader compares them with a library.",
    "B": "Somebody builds on a repository with a small network, and gets other results than its author.",
    "C": "A user of a tiny library in C likes it, but has questions about two lines of its forward pass.",
    "D": "The author of a competition entry files an issue against himself and marks it as urgent.",
    "E": "An example reaches about 90 % with two hidden layers. A reader finds that amazing.",
}
"""What was seen, by letter."""
