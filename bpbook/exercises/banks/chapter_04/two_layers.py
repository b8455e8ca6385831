"""The whole backward pass of a network with two layers."""

from typing import Any

import numpy as np

from ....activations import sigmoid, tanh
from ....backprop import Params, forward, total_loss
from ....losses import squared_error
from ...bugs import network, pairs, passes
from ...bugs.passes import Net
from ...kinds import Gradient
from .by_hand import Arrays
from .equations import _shape


def _two_layer_data(rng: np.random.Generator, sizes: tuple[int, ...] | None = None) -> Arrays:
    m, *widths = sizes or _shape(rng)
    n_0, n_1, n_2 = widths
    W1, b1 = rng.normal(size=(n_0, n_1)), rng.normal(size=n_1)
    W2, b2 = rng.normal(size=(n_1, n_2)), rng.normal(size=n_2)
    lmbda = round(float(rng.uniform(0.05, 0.3)), 2)
    return rng.normal(size=(m, n_0)), rng.uniform(0, 1, (m, n_2)), W1, b1, W2, b2, lmbda


def _large(rng: np.random.Generator) -> Arrays:
    x, y, W1, b1, W2, b2, lmbda = _two_layer_data(rng)
    return x, y, 3 * W1, 3 * b1, 3 * W2, b2, 4 * lmbda


def _steep(rng: np.random.Generator) -> Arrays:
    x, y, W1, b1, W2, b2, lmbda = _two_layer_data(rng)
    return 1e6 * x, y, 1e-6 * W1, b1, W2, b2, lmbda


def _cancelling(rng: np.random.Generator) -> Arrays:
    """Draw large weights on an input of 1, which the biases take back: nudges by a share of a weight fail there."""
    x, y, W1, b1, W2, b2, _ = _two_layer_data(rng)
    x[:, 0], W1[0] = 1.0, 1e4 * W1[0]
    return x, y, W1, b1 - W1[0], W2, b2, 0.0


def _net(x: Any, y: Any, W1: Any, b1: Any, W2: Any, b2: Any, lmbda: float) -> Net:
    return Net(x, y, [None, W1, W2], [None, b1, b2], [None, tanh, sigmoid], squared_error, lmbda)


def _taken(delta: Any, dW: Any, db: Any) -> Arrays:
    return dW[1], db[1], dW[2], db[2]


def _two_layers(x: Any, y: Any, W1: Any, b1: Any, W2: Any, b2: Any, lmbda: float) -> Arrays:
    return _taken(*passes.run(_net(x, y, W1, b1, W2, b2, lmbda)))


def _two_layer_loss(x: Any, y: Any, W1: Any, b1: Any, W2: Any, b2: Any, lmbda: float) -> Any:
    net = _net(x, y, W1, b1, W2, b2, lmbda)
    params = Params(net.W, net.b, net.f, lmbda)
    return total_loss(params, forward(params, x), y, net.loss)


def _counts(x: Any, y: Any, W1: Any, *rest: Any) -> dict[str, float]:
    n_0, n_1 = W1.shape
    counts = {"the batch size": len(x), "the number of output units": y.shape[1]}
    return counts | {"the number of inputs": n_0, "the number of hidden units": n_1}


def _parts(made: Any, *arguments: Any) -> list[Arrays]:
    """Return the slopes that one example shows: db is delta, and each delta holds the slope of its activation."""
    net = _net(*arguments)
    a, db1, db2 = net.fed[1], made["db1"], made["db2"]
    C = _two_layer_loss(*arguments)
    inside = (db1 / (net.W[2] @ db2), a[1])
    return [inside, (db2 / (a[2] - net.y), a[2]), *((db, np.full(db.shape, C)) for db in (db1, db2))]


EXERCISES = [
    Gradient(
        name="two_layers",
        points=4,
        equations=("FF", "BP1", "BP2", "BP3", "BP4"),
        arguments=_two_layer_data,
        special=(
            lambda rng: _two_layer_data(rng, (4, 4, 4, 4)),
            lambda rng: _two_layer_data(rng, (1, 3, 4, 2)),
            _large,
        ),
        reference=_two_layers,
        returns=("dW1", "db1", "dW2", "db2"),
        loss=_two_layer_loss,
        wrt=(2, 3, 4, 5),
        steep=_steep,
        large=_cancelling,
        probes=3,
        mistakes=network.twins(_net, _taken),
        pairs=pairs.finder(_net, _taken),
        parts=_parts,
        single=lambda rng: _two_layer_data(rng, (1, 3, 4, 2)),
        quantities=_counts,
        hints=(
            "Going forward takes two lines for each layer, (FF). Keep z1, a1, z2 and a2.",
            "Get delta2 from (BP1), and delta1 from it by (BP2). You have written both in the exercises before this "
            "one.",
            "Each delta gives its db by (BP3) and its dW by (BP4), with lmbda times W added to dW only.",
        ),
    ),
]
