"""The four equations as functions, one at a time; weight decay, and softmax."""

from typing import Any

import numpy as np

from ....activations import sigmoid, tanh
from ....losses import softmax_cross_entropy, squared_error
from ...bugs import equations
from ...kinds import Function
from .by_hand import Arrays


def _shape(rng: np.random.Generator) -> tuple[int, ...]:
    """Return m and three widths, all different, so that no axis can be taken for another."""
    return tuple(int(n) for n in rng.permutation([2, 3, 4, 5, 6])[:4])


def _z_and_y(rng: np.random.Generator, shape: tuple[int, int] | None = None) -> Arrays:
    m, n = shape or _shape(rng)[:2]
    return rng.normal(0, 1.5, (m, n)), rng.uniform(0, 1, (m, n))


def _far_out(z: Any) -> Any:
    """Make some z large, on both sides, and leave the others."""
    z[::2] += np.where(np.arange(z.shape[1]) % 2, 30.0, -30.0)
    return z


def _far_z_and_y(rng: np.random.Generator) -> Arrays:
    z, y = _z_and_y(rng, (3, 4))
    return _far_out(z), y


def _output_delta(z: Any, y: Any) -> Any:
    return squared_error.gradient(sigmoid(z), y) * sigmoid.prime(z)


def _delta_above(rng: np.random.Generator, sizes: tuple[int, ...] | None = None) -> Arrays:
    m, _, n, above = sizes or _shape(rng)
    return rng.normal(size=(m, above)), rng.normal(size=(n, above)), rng.normal(0, 1.5, (m, n))


def _far_z_below(rng: np.random.Generator) -> Arrays:
    delta, W, z = _delta_above(rng, (5, 2, 3, 4))
    return 20 * delta, W, _far_out(z)


def _a_and_delta(rng: np.random.Generator, sizes: tuple[int, ...] | None = None) -> Arrays:
    m, n_in, n_out, _ = sizes or _shape(rng)
    return rng.normal(0, 2, (m, n_in)), rng.normal(0, 2, (m, n_out))


def _in_and_out(rng: np.random.Generator, sizes: tuple[int, ...] | None = None) -> Arrays:
    """Return x and a of an autoencoder, and the deltas of its hidden layer and of its outputs."""
    m, n, hidden, _ = sizes or _shape(rng)
    return tuple(rng.normal(0, 2, (m, width)) for width in (n, hidden, hidden, n))


def _decaying(rng: np.random.Generator, sizes: tuple[int, ...] | None = None) -> Arrays:
    a, delta = _a_and_delta(rng, sizes)
    W = rng.normal(0, 2, (a.shape[1], delta.shape[1]))
    mask = rng.permutation(np.arange(W.size) % 2.0).reshape(W.shape)  # as many ones as zeros, or one zero more
    return a, delta, W, mask, round(float(rng.uniform(0.3, 0.9)), 2)


def _logits(rng: np.random.Generator) -> Arrays:
    m, _, _, n = _shape(rng)
    return rng.normal(0, 1.5, (m, n)), rng.integers(0, n, m)


def _square_logits(rng: np.random.Generator) -> Arrays:
    return rng.normal(0, 1.5, (4, 4)), rng.permutation(4)


def _huge_logits(rng: np.random.Generator) -> Arrays:
    z, y = _logits(rng)
    return z + np.where(np.arange(len(z)) % 2, 1000.0, -1000.0)[:, None], y


def _uneven_logits(rng: np.random.Generator) -> Arrays:
    """Draw rows with logits of 1000 and of -1000, which only the largest of the row brings into range."""
    return rng.permuted(np.tile([1000.0, -1000.0, 0.0], (4, 1)), axis=1), rng.integers(0, 3, 4)


def _output_parts(made: Any, z: Any, y: Any) -> list[Arrays]:
    delta, a, m = made["The result"], sigmoid(z), len(z)
    each = (a - y) ** 2 / 2
    return [(delta * m / (a - y), a), *_of_loss(delta, each.sum(axis=1)), (delta * m, each)]


def _softmax_parts(made: Any, z: Any, y: Any) -> list[Arrays]:
    rows = [softmax_cross_entropy(z[k : k + 1], y[k : k + 1]) for k in range(len(z))]
    return _of_loss(made["The result"], np.array(rows))


def _of_loss(delta: Any, rows: Any) -> list[Arrays]:
    """Return delta as slopes of the mean loss, of the sum, and of each row's loss, with their values."""
    m = len(rows)
    levels = (np.full(m, rows.mean()), np.full(m, rows.sum()), rows)
    return [
        (delta * times, np.zeros_like(delta) + level[:, None]) for times, level in zip((1, m, m), levels, strict=True)
    ]


def _low_logits(rng: np.random.Generator) -> Arrays:
    """Draw rows that lie far below zero together: one maximum of the batch would do for them, a size would not."""
    z, y = _logits(rng)
    return z - 1000.0, y


EXERCISES = [
    Function(
        name="output_delta",
        points=2,
        equations=("BP1",),
        arguments=_z_and_y,
        special=(_far_z_and_y, lambda rng: _z_and_y(rng, (1, 3)), lambda rng: _z_and_y(rng, (3, 1))),
        reference=_output_delta,
        mistakes=equations.output_delta(sigmoid, squared_error),
        sloped=(sigmoid, lambda slope, z, y: squared_error.gradient(sigmoid(z), y) * slope(z)),
        parts=_output_parts,
        quantities=lambda z, y: {"the batch size": len(z), "the number of output units": z.shape[1]},
        hints=(
            "(BP1) is dC/da times f'(z), entry by entry.",
            "Find a = sigma(z) first, for which there is `bp.activations.sigmoid`. Then dC/da of the mean loss is (a "
            "- y)/m.",
            "Multiply (a - y) by a(1 - a), with `*`, and divide by the number of rows.",
        ),
    ),
    Function(
        name="hidden_delta",
        points=2,
        equations=("BP2",),
        arguments=_delta_above,
        special=(
            lambda rng: _delta_above(rng, (4, 4, 4, 4)),
            lambda rng: _delta_above(rng, (1, 3, 4, 2)),
            lambda rng: _delta_above(rng, (2, 2, 3, 1)),
            _far_z_below,
        ),
        reference=lambda delta, W, z: (delta @ W.T) * tanh.prime(z),
        mistakes=equations.hidden_delta(tanh),
        sloped=(tanh, lambda slope, delta, W, z: (delta @ W.T) * slope(z)),
        parts=lambda made, delta, W, z: [(made["The result"] / (delta @ W.T), tanh(z))],
        quantities=lambda delta, W, z: {"the batch size": len(z), "the width of the next layer": W.shape[1]},
        hints=(
            "(BP2) goes back through the weights first, and then through the activation function.",
            "delta has shape (m, n_next) and W has (n, n_next). Which product gives (m, n)?",
            "Through the weights it is `delta @ W.T`. Multiply by tanh'(z) entry by entry, where tanh' is 1 minus "
            "tanh squared.",
        ),
    ),
    Function(
        name="tied_gradient",
        equations=("BP4", "MV"),
        arguments=_in_and_out,
        special=(lambda rng: _in_and_out(rng, (4, 4, 4, 4)), lambda rng: _in_and_out(rng, (1, 3, 4, 2))),
        reference=lambda x, a, delta_1, delta_2: x.T @ delta_1 + delta_2.T @ a,
        mistakes=equations.carried(  # to both uses of the matrix
            equations.weight_gradient(),
            lambda twin: lambda x, a, delta_1, delta_2: twin(x, delta_1) + np.transpose(twin(a, delta_2)),
        )
        | {
            lambda x, a, delta_1, delta_2: x.T @ delta_1: "This is the share of the way in. But W is used a second "
            "time, on the way out.",
            lambda x, a, delta_1, delta_2: delta_2.T @ a: "This is the share of the way out. But W is used on the way "
            "in as well.",
            lambda x, a, delta_1, delta_2: x.T @ delta_1 + a.T @ delta_2: "On the way out it is W transposed that "
            "multiplies a, so this second term belongs to W transposed. It does not even have the shape of W, unless W "
            "is square.",
            lambda x, a, delta_1, delta_2: (x.T @ delta_1 + delta_2.T @ a) / 2: "This is the mean of the two shares. "
            "Where paths meet, they add.",
            lambda x, a, delta_1, delta_2: 2 * x.T @ delta_1: "Both uses get the share of the way in. Each has inputs "
            "and deltas of its own.",
            lambda x, a, delta_1, delta_2: x.T @ delta_1 - delta_2.T @ a: "One share is subtracted from the other. Why "
            "should it be?",
        },
        quantities=lambda x, a, delta_1, delta_2: {"the batch size": len(x), "the number of hidden units": a.shape[1]},
        hints=(
            "Nudge one weight: it moves z^1 on the way in, and it moves z^2 on the way out. What do two paths do?",
            "Find the derivative for each use as if the other did not exist. For the way out, find it first for the "
            "matrix that is used there, which is W transposed.",
            "The derivative for W transposed has to be transposed itself before you can add it to the other.",
        ),
    ),
    Function(
        name="bias_gradient",
        equations=("BP3",),
        arguments=lambda rng: (_a_and_delta(rng)[1],),
        special=(
            lambda rng: (_a_and_delta(rng, (4, 4, 4, 4))[1],),
            lambda rng: (_a_and_delta(rng, (1, 3, 4, 2))[1],),
        ),
        reference=lambda delta: delta.sum(axis=0),
        mistakes=equations.bias_gradient(),
        quantities=lambda delta: {"the batch size": len(delta)},
        hints=(
            "All examples share the bias, so each example adds its share.",
            "The result has one entry for each unit, so the rows of delta are added.",
            "Use `sum` with the axis of the examples, which is axis 0.",
        ),
    ),
    Function(
        name="decayed_gradient",
        equations=("BP4",),
        arguments=_decaying,
        special=(lambda rng: _decaying(rng, (4, 4, 4, 4)),),
        reference=lambda a, delta, W, mask, lmbda: (a.T @ delta) * mask + lmbda * W,
        mistakes=equations.carried(  # to weights behind a mask, which hides the first term alone
            equations.decayed(),
            lambda twin: lambda a, delta, W, mask, lmbda: twin(a, delta, W, 0.0) * mask + twin(a, 0 * delta, W, lmbda),
        )
        | {
            lambda a, delta, W, mask, lmbda: (a.T @ delta) * mask + lmbda / 2 * W**2: "Here the penalty itself is "
            "added, but it is its derivative that belongs in a gradient.",
            lambda a, delta, W, mask, lmbda: (a.T @ delta) * mask + lmbda * W.sum(): "Here one sum over all weights is "
            "added to every entry, but each weight is pulled by itself alone.",
            lambda a, delta, W, mask, lmbda: a.T @ delta + lmbda * W: "The mask is missing. A weight that it silences "
            "does not move z.",
            lambda a, delta, W, mask, lmbda: (a.T @ delta + lmbda * W) * mask: "The mask silences the decay too. But "
            "the penalty is made of W itself, and a silenced weight is in it like any other.",
            lambda a, delta, W, mask, lmbda: a.T @ delta + lmbda * W * mask: "The mask is on the wrong term. Which of "
            "the two does the silenced weight still take part in, z or the penalty?",
            lambda a, delta, W, mask, lmbda: (a.T @ delta) * W * mask + lmbda * W: "The product W * mask is taken for "
            "its derivative. What does one entry of W multiply?",
            lambda a, delta, W, mask, lmbda: (a.T @ delta) * (1 - mask) + lmbda * W: "The mask is the other way round: "
            "a one lets the weight through.",
        },
        quantities=lambda a, delta, W, mask, lmbda: {"the batch size": len(a)},
        hints=(
            "Nudge one weight. How far does z move when its mask is 1, and how far when it is 0?",
            "The loss has one more term, lambda/2 times the sum of the squared weights. Does the mask appear in it?",
            "(BP4) gives the derivative with respect to W * mask. From there to W it is one more factor, entry by "
            "entry. The decay is added after that.",
        ),
    ),
    Function(
        name="softmax_delta",
        points=2,
        equations=("SM", "SCE"),
        arguments=_logits,
        special=(_huge_logits, _uneven_logits, _square_logits, _low_logits),
        reference=lambda z, y: softmax_cross_entropy.gradient(z, y),
        mistakes=equations.softmax_delta(),
        parts=_softmax_parts,
        quantities=lambda z, y: {"the batch size": len(z), "the number of classes": z.shape[1]},
        hints=(
            "(SCE) is what the network said, minus what it should have said, over m.",
            "Take the softmax first, row by row. Subtract each row's largest logit before the exponential, for safety.",
            "`z.max(axis=1, keepdims=True)` keeps the shape. Then subtract 1 from p at each row's class, and divide "
            "by m.",
        ),
    ),
]
