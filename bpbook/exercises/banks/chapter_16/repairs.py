"""Repairs: a loss, a decay and a whole backward pass, given as their owners wrote them."""

from itertools import pairwise
from typing import Any

import numpy as np

from ....activations import identity, relu
from ....losses import Loss
from ...bugs import network, pairs
from ...bugs.fields.clinic import CLINIC
from ...bugs.passes import RIGHT, Layers, Net, run
from ...kinds import Function, Gradient


def _mean(a: Any, y: Any) -> Any:
    return 0.5 * ((a - np.reshape(y, np.shape(a))) ** 2).sum() / len(a)


def _column(rng: np.random.Generator, m: int = 0) -> tuple[Any, Any]:
    m = m or int(rng.integers(3, 7))
    return rng.normal(size=(m, 1)), rng.normal(size=m)


def _both_columns(rng: np.random.Generator) -> tuple[Any, Any]:
    a, y = _column(rng)
    return a, y[:, None]


def _several_outputs(rng: np.random.Generator) -> tuple[Any, Any]:
    return rng.normal(size=(4, 3)), rng.normal(size=(4, 3))


def _decay(W: Any, lmbda: Any) -> Any:
    return lmbda / 2 * sum((array**2).sum() for array in W[1:])


def _weights(rng: np.random.Generator) -> tuple[Any, Any]:
    sizes = rng.integers(2, 5, size=int(rng.integers(3, 6)))
    W = [None, *(rng.normal(size=shape) for shape in pairwise(sizes))]
    return W, float(rng.uniform(0.1, 0.9))


def _one_layer(rng: np.random.Generator) -> tuple[Any, Any]:
    return [None, rng.normal(size=(3, 2))], 0.4


Data = tuple[Any, ...]


def _surprise(a: Any, y: Any) -> Any:
    shifted = a - a.max(axis=1, keepdims=True)
    return (np.log(np.exp(shifted).sum(axis=1)) - shifted[np.arange(len(y)), y]).sum() / len(y)


def _p_minus_y(a: Any, y: Any) -> Any:
    e = np.exp(a - a.max(axis=1, keepdims=True))
    p = e / e.sum(axis=1, keepdims=True)
    p[np.arange(len(y)), y] -= 1
    return p / len(y)


IDENTITY_LOSS = Loss("softmax_cross_entropy", _surprise, _p_minus_y, "classes", ("identity",))


def _network(rng: np.random.Generator, sizes: tuple[int, int, int, int] = (5, 3, 4, 2)) -> Data:
    m, n0, n1, n2 = sizes
    W1, W2 = rng.normal(size=(n0, n1)), rng.normal(size=(n1, n2))
    return rng.normal(size=(m, n0)), rng.integers(n2, size=m), W1, rng.normal(size=n1), W2, rng.normal(size=n2)


def _net(x: Any, y: Any, W1: Any, b1: Any, W2: Any, b2: Any) -> Net:
    return Net(x, y, [None, W1, W2], [None, b1, b2], [None, relu, identity], IDENTITY_LOSS, 0.0)


def _taken(delta: Layers, dW: Layers, db: Layers) -> tuple[Any, ...]:
    return dW[1], db[1], dW[2], db[2]


def _reference(x: Any, y: Any, W1: Any, b1: Any, W2: Any, b2: Any) -> tuple[Any, ...]:
    return _taken(*run(_net(x, y, W1, b1, W2, b2), RIGHT))


def _large(rng: np.random.Generator) -> Data:
    x, y, W1, b1, W2, b2 = _network(rng)
    return x, y, W1, b1, 800 * W2, b2 - 20000


def _differs(twin: Any) -> bool:
    """Say whether a mistake is one here: with neither decay nor an activation at the output, some are not."""
    for probe in (_network(np.random.default_rng(0)), _large(np.random.default_rng(1))):
        with np.errstate(all="ignore"):
            try:
                made = twin(*probe)
            except ValueError:
                return True
        pairs_of = zip(made, _reference(*probe), strict=True)
        if not all(np.shape(one) == np.shape(other) and np.allclose(one, other) for one, other in pairs_of):
            return True
    return False


def _loss(x: Any, y: Any, W1: Any, b1: Any, W2: Any, b2: Any) -> Any:
    return _surprise(np.maximum(x @ W1 + b1, 0) @ W2 + b2, np.asarray(y))


EXERCISES = [
    Function(
        name="mended_loss",
        points=2,
        reference=lambda a, y: _mean(a, y),
        arguments=_column,
        special=(_both_columns, _several_outputs, lambda rng: _column(rng, 1)),
        mistakes={
            lambda a, y: 0.5 * ((a - y) ** 2).sum() / len(a): CLINIC["every pair"],
            lambda a, y: 0.5 * ((a - y) ** 2).mean(): CLINIC["every pair"],
            lambda a, y: ((a - np.reshape(y, np.shape(a))) ** 2).sum() / len(a): CLINIC["not halved"],
            lambda a, y: 0.5 * ((a - np.reshape(y, np.shape(a))) ** 2).sum(): CLINIC["sum of losses"],
            lambda a, y: 0.5 * ((a - np.reshape(y, np.shape(a))) ** 2).mean(): CLINIC["mean over entries"],
        },
        hints=(
            "Print the shape of the difference, for targets of shape (m,).",
            "Give the targets the shape of the outputs before you subtract.",
            "Then add up over the outputs, and take the mean over the rows.",
        ),
    ),
    Function(
        name="decay_loss",
        points=2,
        reference=lambda W, lmbda: _decay(W, lmbda),
        arguments=_weights,
        special=(_one_layer,),
        mistakes={
            lambda W, lmbda: _decay([None, W[-1]], lmbda): CLINIC["only the last layer"],
            lambda W, lmbda: _decay(W[:2], lmbda): CLINIC["only the first layer"],
            lambda W, lmbda: _decay(W[:-1], lmbda): CLINIC["last layer left out"],
            lambda W, lmbda: 2 * _decay(W, lmbda): CLINIC["decay not halved"],
            lambda W, lmbda: lmbda / 2 * sum(np.sqrt((array**2).sum()) for array in W[1:]): CLINIC["roots of sums"],
            lambda W, lmbda: lmbda / 2 * sum(array.sum() ** 2 for array in W[1:]): CLINIC["decay of a sum"],
            lambda W, lmbda: -_decay(W, lmbda): CLINIC["decay negative"],
        },
        hints=(
            "Follow the variable through the loop for two layers, by hand.",
            "Where is it set to 0, and how often?",
            "Begin with 0 before the loop, and add each layer's share inside.",
        ),
    ),
    Gradient(
        name="mended_gradients",
        points=4,
        equations=("FF", "SCE", "BP2", "BP3", "BP4"),
        arguments=_network,
        special=(lambda rng: _network(rng, (4, 4, 4, 4)), lambda rng: _network(rng, (1, 3, 4, 2)), _large),
        reference=_reference,
        returns=("dW1", "db1", "dW2", "db2"),
        loss=_loss,
        wrt=(2, 3, 4, 5),
        probes=3,
        mistakes={twin: mistake for twin, mistake in network.twins(_net, _taken).items() if _differs(twin)},
        pairs=pairs.finder(_net, _taken),
        hints=(
            "There are three mistakes, in three lines. Let differences of the loss tell you which arrays are off.",
            "Mend the last layer first: what comes before it on the way back cannot be judged until it is right.",
            "Check every sum for its axis, every slope for what it is taken of, and every product for what is turned.",
        ),
    ),
]
