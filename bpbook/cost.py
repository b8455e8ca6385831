"""What a gradient costs: multiply-adds and floats, counted from the sizes, and a backward pass that keeps less.

The cost model is that of `graph.count`. A product of (m, k) and (k, n) takes m k n multiply-adds, and an elementwise
operation takes one for each entry. Backwards, every edge of the graph is used once, so the sum a W + b has two: one to
the product and one to b. The loss and weight decay are left out, as they take only a few for each output and each
weight. So forward and backward are each a number of products, plus a little:

    forward    m n_{l-1} n_l for every layer
    backward   m n_{l-1} n_l for every layer (BP4), and once more for every layer but the first (BP2)

>>> import bpbook as bp
>>> cost = count_cost(bp.MLP([784, 30, 10]), batch_size=10)
>>> cost.backward / cost.forward < 1.03  # because nobody asks for the gradient of the images
True
"""

from typing import NamedTuple

from numpy.typing import NDArray

from . import checks
from .backprop import Arrays, Grads, Params, backward, forward
from .losses import Loss
from .mlp import MLP

__all__ = ["Cost", "checkpointed_backward", "count_cost"]


class Cost(NamedTuple):
    """What one step of training costs.

    Attributes
    ----------
    forward, backward, update : int
        Multiply-adds of feedforward, of the backward pass, and of one step of plain gradient descent.
    stored : int
        Floats that exist at once when most of them do: z, a and delta of the layers that are held, and dW and db. The
        weights and x are there anyway and are not counted. Nor is what lives for a moment: arrays of one layer, such
        as f'(z), and with weight decay one of the shape of its weights.
    bytes : int
        The same in bytes, in the precision of the network.
    """

    forward: int
    backward: int
    update: int
    stored: int
    bytes: int


def count_cost(net: MLP, batch_size: int, every: int | None = None) -> Cost:
    """Count what one step with a batch costs, from the sizes of the network alone.

    Parameters
    ----------
    net : MLP
        Nothing is computed with it.
    batch_size : int
        m, the number of examples in the batch.
    every : int, optional
        Counts `checkpointed_backward` with this interval, which goes through all layers but the last few twice, and
        stores less. Left out, it is `net.forward` followed by `net.backward`.

    Raises
    ------
    TypeError
        `net` is no network, or a number is not whole.
    ValueError
        `batch_size` is below 1, or `every` does not lie between 1 and the number of layers.

    References
    ----------
    Chen, Xu, Zhang and Guestrin 2016, for the memory of checkpoints.

    >>> import bpbook as bp
    >>> deep = bp.MLP([64] * 65, hidden="tanh")
    >>> whole, less = count_cost(deep, 512), count_cost(deep, 512, every=4)
    >>> less.forward < 2 * whole.forward and less.stored < whole.stored / 5
    True
    """
    if not isinstance(net, MLP):
        raise TypeError(f"net must be a network; got {checks.shown(net)}. Pass bp.MLP([784, 30, 10]), for example.")
    m, n, f = checks.whole("batch_size", batch_size), net.sizes, net.params.f
    layers = range(1, len(n))
    every = len(layers) if every is None else _interval(every, len(layers))
    elementwise = {l: m * n[l] * (f[l].name != "identity") for l in layers}  # the identity gives back z itself
    products = {l: m * n[l - 1] * n[l] for l in layers}
    values = {l: products[l] + m * n[l] + elementwise[l] for l in layers}  # of FF
    edges = {l: products[l] * (2 if l > 1 else 1) + 2 * m * n[l] + elementwise[l] for l in layers}  # of BP1 to BP4
    parameters = {l: n[l - 1] * n[l] + n[l] for l in layers}

    stored = again = 0
    for start in range(0, len(layers), every):
        stop = min(start + every, len(layers))
        if start:
            again += sum(values[l] for l in range(start - every + 1, start + 1))
        checkpoints = sum(m * n[l] for l in range(every, start + 1, every))
        held = sum(2 * m * n[l] + elementwise[l] for l in range(start + 1, stop + 1))  # delta, z, and a
        sent_back = m * n[stop] if stop < len(layers) else 0
        found = sum(parameters[l] for l in range(start + 1, len(n)))  # dW and db
        stored = max(stored, checkpoints + held + sent_back + found)
    forward, backward = sum(values.values()) + again, sum(edges.values())
    return Cost(forward, backward, sum(parameters.values()), stored, stored * net.W[1].itemsize)


def checkpointed_backward(params: Params, x: NDArray, y: NDArray, loss: Loss, every: int) -> Grads:
    """Return the gradient that `forward` and `backward` give, to the last bit, but hold fewer arrays on the way.

    Only every so many layers an activation is kept, a *checkpoint*. On the way back, each segment between two
    checkpoints is fed forward a second time, with all its z and a, and these are dropped as soon as its gradient is
    known. The price is at most one more forward pass.

    Parameters
    ----------
    params : Params
        The network, `net.params`. Nothing in it is changed.
    x : array of shape (m, n_0)
    y : array of shape (m, n_L), or (m,) of class numbers for softmax_cross_entropy
    loss : Loss
        The mean over the examples, `net.loss_function`.
    every : int
        Layers in a segment. With one segment, every=L, nothing is computed twice and nothing is saved.

    Returns
    -------
    Grads
        dW[l] and db[l] of the mean loss, with the shapes of W[l] and b[l]. Every delta[l] is None, because it is
        dropped too.

    Raises
    ------
    ValueError
        `every` does not lie between 1 and the number of layers of weights.

    References
    ----------
    Griewank and Walther 2000, for the best places of checkpoints; Chen, Xu, Zhang and Guestrin 2016, for
    networks.

    >>> import numpy as np
    >>> import bpbook as bp
    >>> net, x, y = bp.MLP([3] * 10 + [2], hidden="tanh", seed=0), np.ones((4, 3)), np.array([0, 1, 1, 0])
    >>> grads = net.backward(net.forward(x), y)
    >>> again = checkpointed_backward(net.params, x, y, net.loss_function, every=3)
    >>> all(np.array_equal(again.dW[l], grads.dW[l]) for l in range(1, 11))
    True
    """
    W = params.W
    L = len(W) - 1
    every = _interval(every, L)
    starts = range(0, L, every)
    kept = [x]
    for start in starts[:-1]:
        kept.append(forward(_segment(params, start, start + every), kept[-1]).a[-1])

    dW: Arrays = [None] * (L + 1)
    db: Arrays = [None] * (L + 1)
    for start in reversed(starts):
        stop = min(start + every, L)
        segment = _segment(params, start, stop)
        cache = forward(segment, kept.pop())
        delta, dW[start + 1 : stop + 1], db[start + 1 : stop + 1] = _without_none(backward(segment, cache, y, loss))
        if start:
            loss = _sent_back(loss, delta[0] @ W[start + 1].T)  # BP2, up to f'
        del cache, delta  # before the next segment needs the room
    return Grads([None] * (L + 1), dW, db)


def _interval(every: int, L: int) -> int:
    if checks.whole("every", every) > L:
        raise ValueError(
            f"every must be at most {L}, the number of layers of weights; got {checks.shown(every)}. "
            f"Pass every={max(1, round((L / 3) ** 0.5))}, which stores about the least."
        )
    return int(every)


def _segment(params: Params, start: int, stop: int) -> Params:
    """Return layers start + 1 to stop as a network of their own, on the same arrays."""
    W, b, f, *penalties = params
    layers = slice(start + 1, stop + 1)
    return Params([None, *W[layers]], [None, *b[layers]], [None, *f[layers]], *penalties)


def _without_none(grads: Grads) -> tuple[Arrays, Arrays, Arrays]:
    return grads.delta[1:], grads.dW[1:], grads.db[1:]


def _sent_back(loss: Loss, from_above: NDArray) -> Loss:
    """Return a loss whose gradient is what the segment above has sent back: dC/da of this segment's last layer."""
    return Loss("sent back", loss.function, lambda a, y: from_above)
