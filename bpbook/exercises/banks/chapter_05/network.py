"""A network of any depth, forward and back; a mask, and a whole step down."""

from itertools import pairwise
from typing import Any

import numpy as np

from ....activations import identity, relu, sigmoid, softplus, tanh
from ....backprop import Params, backward, forward, total_loss
from ....losses import squared_error
from ...bugs import equations, network, pairs, passes
from ...bugs.catalogue import BUGS
from ...bugs.passes import Net
from ...kinds import Function, Gradient, Mistake
from .by_hand import Arrays


def _layers(rng: np.random.Generator, sizes: list[int], hidden: Any = None, last: Any = None) -> tuple[Any, Any, Any]:
    """Return W, b, f of a network whose layers all differ where they can."""
    smooth = [tanh, sigmoid, relu, softplus]
    first = int(rng.integers(0, 4))
    W: list[Any] = [None]
    b: list[Any] = [None]
    f: list[Any] = [None]
    for l, (n_in, n_out) in enumerate(pairwise(sizes), start=1):
        W.append(rng.normal(0, 1.2 / np.sqrt(n_in), (n_in, n_out)))
        b.append(rng.normal(0, 0.5, n_out))
        f.append((last or sigmoid) if l == len(sizes) - 1 else (hidden or smooth[(first + l) % 4]))
    return W, b, f


def _to_feed(rng: np.random.Generator) -> Arrays:
    m, *sizes = (int(n) for n in rng.permutation([2, 3, 4, 5, 6])[: rng.integers(3, 6)])
    return *_layers(rng, sizes), rng.normal(size=(m, sizes[0]))


def _feed_one_layer(rng: np.random.Generator) -> Arrays:
    return *_layers(rng, [3, 2]), rng.normal(size=(1, 3))


def _fed(W: Any, b: Any, f: Any, x: Any) -> Any:
    cache = forward(Params(W, b, f), x)
    return cache.z, cache.a


def _fed_wrongly(feed: Any) -> Any:
    return lambda W, b, f, x: feed(Net(x, x, W, b, f, squared_error))


def _fed_overwriting(W: Any, b: Any, f: Any, x: Any) -> Any:
    a = _fed(W, b, f, x)[1]
    return [None, *a[1:]], a


def _fed_one_off(W: Any, b: Any, f: Any, x: Any) -> Any:
    z, a = [None], [x]
    for l in range(1, len(W)):
        z.append(a[l - 1] @ W[l] + b[l])
        a.append(f[max(l - 1, 1)](z[l]))
    return z, a


def _fed_by_x(W: Any, b: Any, f: Any, x: Any) -> Any:
    z, a = [None], [x]
    for l in range(1, len(W)):
        z.append(x @ W[l] + b[l])
        a.append(f[l](z[l]))
    return z, a


def _to_learn(rng: np.random.Generator, sizes: list[int] | None = None, hidden: Any = None, last: Any = None) -> Arrays:
    m, *sizes = sizes or [int(n) for n in rng.permutation([2, 3, 4, 5, 6])]
    W, b, f = _layers(rng, sizes, hidden, last)
    lmbda = round(float(rng.uniform(0.05, 0.3)), 2)
    return W, b, f, rng.normal(size=(m, sizes[0])), rng.normal(size=(m, sizes[-1])), lmbda


def _two_of_weights(rng: np.random.Generator) -> Arrays:
    return _to_learn(rng, [5, 3, 4, 2], tanh, sigmoid)


def _square(rng: np.random.Generator) -> Arrays:
    return _to_learn(rng, [4, 4, 4, 4, 4], tanh, sigmoid)


def _one_example(rng: np.random.Generator) -> Arrays:
    return _to_learn(rng, [1, 3, 4, 2], sigmoid, identity)


def _one_layer(rng: np.random.Generator) -> Arrays:
    """Draw a network without a hidden layer."""
    return _to_learn(rng, [5, 3, 2])


def _large(rng: np.random.Generator) -> Arrays:
    W, b, f, x, y, lmbda = _to_learn(rng, [6, 2, 5, 3], sigmoid, tanh)
    return [w if w is None else 3 * w for w in W], b, f, x, y, 4 * lmbda


def _relus(rng: np.random.Generator) -> Arrays:
    return _to_learn(rng, [7, 4, 6, 5, 3], relu, identity)


def _steep(rng: np.random.Generator) -> Arrays:
    W, b, f, x, y, lmbda = _to_learn(rng, [4, 3, 5, 2], tanh, sigmoid)
    return [None, 1e-6 * W[1], W[2]], b, f, 1e6 * x, y, lmbda


def _cancelling(rng: np.random.Generator) -> Arrays:
    """Draw large weights on an input of 1, which the biases take back: nudges by a share of a weight fail there."""
    W, b, f, x, y, _ = _to_learn(rng, [4, 3, 5, 2], tanh, sigmoid)
    x[:, 0], W[1][0] = 1.0, 1e4 * W[1][0]
    return W, [None, b[1] - W[1][0], b[2]], f, x, y, 0.0


def _net(W: Any, b: Any, f: Any, x: Any, y: Any, lmbda: float) -> Net:
    return Net(x, y, W, b, f, squared_error, lmbda)


def _taken(delta: Any, dW: Any, db: Any) -> Arrays:
    return dW, db


def _gradients(W: Any, b: Any, f: Any, x: Any, y: Any, lmbda: float) -> Arrays:
    return _taken(*passes.run(_net(W, b, f, x, y, lmbda)))


def _loss(W: Any, b: Any, f: Any, x: Any, y: Any, lmbda: float) -> Any:
    params = Params(W, b, f, lmbda)
    return total_loss(params, forward(params, x), y, squared_error)


def _masked(rng: np.random.Generator, sizes: tuple[int, ...] | None = None) -> Arrays:
    m, n, above, _ = sizes or tuple(int(k) for k in rng.permutation([3, 4, 5, 6]))
    mask = rng.integers(0, 2, (m, n)).astype(float)
    mask[0, :2] = 0.0, 1.0
    scale = float(rng.choice([1.25, 2.0, 4.0]))
    return rng.normal(size=(m, above)), rng.normal(size=(n, above)), rng.normal(0, 1.5, (m, n)), mask, scale


def _to_descend(rng: np.random.Generator, sizes: tuple[int, ...] | None = None) -> Arrays:
    m, n_0, n_1, n_2 = sizes or tuple(int(n) for n in rng.permutation([2, 3, 4, 5, 6])[:4])
    W1, W2 = rng.normal(size=(n_0, n_1)), rng.normal(size=(n_1, n_2))
    x, y = rng.normal(size=(m, n_0)), rng.normal(size=(m, n_2))
    return x, y, W1, rng.normal(size=n_1), W2, rng.normal(size=n_2), float(rng.choice([0.25, 0.5, 0.75]))


def _descending_net(x: Any, y: Any, W1: Any, b1: Any, W2: Any, b2: Any, eta: float) -> Net:
    return Net(x, y, [None, W1, W2], [None, b1, b2], [None, tanh, identity], squared_error, eta=eta)


def _stepped(rules: passes.Rules, times: float = 1.0) -> Any:
    """Return the whole step, with these rules in its backward pass."""

    def step(x: Any, y: Any, W1: Any, b1: Any, W2: Any, b2: Any, eta: float) -> Arrays:
        _, dW, db = passes.run(_descending_net(x, y, W1, b1, W2, b2, eta), rules)
        eta = eta * times
        return W1 - eta * dW[1], b1 - eta * db[1], W2 - eta * dW[2], b2 - eta * db[2]

    return step


def _without_eta(x: Any, y: Any, W1: Any, b1: Any, W2: Any, b2: Any, eta: float) -> Any:
    return _descend(x, y, W1, b1, W2, b2, 1.0)


def _gradients_alone(x: Any, y: Any, W1: Any, b1: Any, W2: Any, b2: Any, eta: float) -> Arrays:
    _, dW, db = passes.run(_descending_net(x, y, W1, b1, W2, b2, eta))
    return dW[1], db[1], dW[2], db[2]


def _without_biases(x: Any, y: Any, W1: Any, b1: Any, W2: Any, b2: Any, eta: float) -> Arrays:
    W1_new, _, W2_new, _ = _descend(x, y, W1, b1, W2, b2, eta)
    return W1_new, b1, W2_new, b2


_descend = _stepped(passes.RIGHT)


def _parts(made: Any, *arguments: Any) -> list[Arrays]:
    """Return the slopes that one example shows: db is delta, and each delta holds the slope of its activation."""
    net = _net(*arguments)
    a, db, L = net.fed[1], [None, *(made[f"db[{l}]"] for l in range(1, net.L + 1))], net.L
    inside = [(db[l] / (net.W[l + 1] @ db[l + 1]), a[l]) for l in range(1, L)]
    return [(db[L] / (a[L] - net.y), a[L]), *inside, *((db[l], np.full(len(db[l]), _loss(*arguments))) for l in (1, L))]


NOT_IN_A_STEP = ("sign", "integers", "order of results", "db zero", "no derivative at all", "derivative of next layer")

EXERCISES = [
    Function(
        name="forward",
        points=2,
        equations=("FF",),
        arguments=_to_feed,
        special=(_feed_one_layer, lambda rng: (*_layers(rng, [3, 3, 3, 3]), rng.normal(size=(3, 3)))),
        reference=_fed,
        returns=("z", "a"),
        partial=True,
        mistakes={
            **{
                _fed_wrongly(slip.broken["feed"]): slip.mistake
                for slip in network.SLIPS
                if "feed" in slip.broken and slip.mistake.name != "z overwritten"
            },
            _fed_overwriting: BUGS["z overwritten"],
            _fed_one_off: BUGS["one layer off"],
            _fed_by_x: Mistake(
                "x into every layer", "You feed x into every layer, where a of the layer before belongs."
            ),
        },
        hints=(
            "Start two lists, z and a, with None and x. Then a loop takes one turn for each layer.",
            "Layers are numbered from 1 to `len(W) - 1`. In layer l, a[l - 1] is what comes in.",
            "(FF) is two lines. The first makes z from a[l - 1], W[l] and b[l], the second a from f[l] and z[l]. "
            "Append both.",
        ),
    ),
    Gradient(
        name="gradients",
        points=6,
        equations=("FF", "BP1", "BP2", "BP3", "BP4"),
        arguments=_two_of_weights,
        special=(_to_learn, _to_learn, _square, _one_example, _one_layer, _large, _relus),
        reference=_gradients,
        returns=("dW", "db"),
        loss=_loss,
        wrt=(0, 1),
        steep=_steep,
        large=_cancelling,
        parts=_parts,
        single=lambda rng: _to_learn(rng, [1, 3, 4, 3], tanh, sigmoid),
        probes=1,
        mistakes=network.twins(_net, _taken),
        pairs=pairs.finder(_net, _taken),
        without=backward,
        quantities=lambda W, b, f, x, y, lmbda: {"the batch size": len(x), "the number of output units": y.shape[1]},
        hints=(
            "Begin with your lines of `forward`. Then write a loop that counts the layers down from the last one.",
            "In the last layer, delta is (BP1) with dC/da = (a - y)/m. In every other layer it is (BP2).",
            "Each turn of the loop finds delta, then db[l] by (BP3), then dW[l] by (BP4) with lmbda times W[l] added.",
        ),
    ),
    Function(
        name="masked_delta",
        points=2,
        equations=("BP2",),
        arguments=_masked,
        special=(lambda rng: _masked(rng, (4, 4, 4, 4)),),
        reference=lambda delta, W, z, mask, scale: (delta @ W.T) * mask * scale * tanh.prime(z),
        mistakes=equations.masked_delta(tanh),
        sloped=(tanh, lambda slope, delta, W, z, mask, scale: (delta @ W.T) * mask * scale * slope(z)),
        quantities=lambda delta, W, z, mask, scale: {"the scale": scale, "the batch size": len(z)},
        hints=(
            "A mask is one more link of the chain, because a is multiplied by mask and scale on the way forward.",
            "The derivative of a product with a constant is that constant, so it comes back as it went.",
            "Take (BP2), and multiply what came back through W by mask and by scale as well.",
        ),
    ),
    Function(
        name="descend",
        points=3,
        equations=("GD", "BP1", "BP2"),
        arguments=_to_descend,
        special=(lambda rng: _to_descend(rng, (4, 4, 4, 4)),),
        reference=lambda x, y, W1, b1, W2, b2, eta: _descend(x, y, W1, b1, W2, b2, eta),
        returns=("W1", "b1", "W2", "b2"),
        partial=True,
        probes=4,
        mistakes={
            _stepped(slip.rules()): slip.mistake for slip in network.SLIPS if slip.mistake.name not in NOT_IN_A_STEP
        }
        | {
            _stepped(passes.RIGHT, -1.0): Mistake(
                "uphill", "This goes uphill, because the gradient points to where the loss grows.", "chapter 03, (GD)"
            ),
            _gradients_alone: Mistake("gradients returned", "These are the gradients. The new weights are asked for."),
            _without_eta: Mistake("no eta", "You subtract the whole gradient. The learning rate is missing."),
            _without_biases: Mistake(
                "biases kept", "Your biases stay as they are, but they learn by the same rule as the weights."
            ),
        },
        hints=(
            "There are four steps: forward, delta, gradients, and only then the new weights.",
            "Compute all four gradients before you change anything, because delta goes back through the old W2.",
            "The output is the identity, so delta2 is (a2 - y)/m. Return the old arrays minus eta times the gradients.",
        ),
    ),
]
