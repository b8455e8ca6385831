"""Wrong answers that are right where a prompt is read narrowly: each freedom of a prompt has a probe that uses it."""

import numpy as np
import pytest

from bpbook import exercises


def _batch(order, k, size):
    return order[k * size : (k + 1) * size]


def _best(losses, patience, ends=None, start=0, first=0, short=0):
    """Stop early as the exercise asks; the rest is what goes wrong: `ends` says what an unstopped training gives."""
    best, waited = 0, start
    for epoch in range(first, len(losses) - short):
        if losses[epoch] < losses[best]:
            best, waited = epoch, 0
        elif epoch:
            waited += 1
        if waited >= patience:
            return best
    return ends(best, losses) if ends else best


def _best_or_error(losses, patience):
    best, epoch = 0, 0
    while epoch - best < patience:
        epoch += 1
        if losses[epoch] < losses[best]:
            best = epoch
    return best


def _shortened(g, c, norm):
    return np.where(norm > c, g * (c / norm), g)


def _round_of_all(inputs, output):
    """Keep computing until all is done."""
    there, rounds = {v for v in inputs if not inputs[v]}, 0
    while len(there) < len(inputs):
        there |= {v for v in inputs if there.issuperset(inputs[v])}
        rounds += 1
    return rounds


def _round_but_never_0(inputs, output):
    right = exercises.chapter(7).questions["round_of_output"].exercise.reference
    return max(right(inputs, output), 1)


def _reverse_by_a_dictionary(n, edges, slopes):
    adjoint = np.zeros(n)
    adjoint[-1] = 1
    for (node, earlier), slope in reversed(dict(zip(map(tuple, edges), slopes, strict=True)).items()):
        adjoint[earlier] += adjoint[node] * slope
    return adjoint


def _reverse_by_indices(n, edges, slopes):
    adjoint = np.zeros(n)
    adjoint[-1] = 1
    for node in reversed(range(n)):
        mine = edges[:, 0] == node
        adjoint[edges[mine, 1]] += adjoint[node] * slopes[mine]
    return adjoint


def _forward_by_a_matrix(n, edges, slopes, speeds):
    local, tangent = np.zeros((n, n)), np.zeros(n)
    local[edges[:, 0], edges[:, 1]] = slopes
    tangent[:2] = speeds
    for node in range(2, n):
        tangent[node] = local[node] @ tangent
    return tangent


def _sum_over_other_lengths(u, shape):
    return u.sum(axis=tuple(k for k, n in enumerate(u.shape) if n not in shape)).reshape(shape)


def _products_by_division(slopes):
    return np.prod(slopes) / np.concatenate([[1], np.cumprod(slopes)])


def _relative(g, n):
    size = np.linalg.norm(g) + np.linalg.norm(n)
    return np.linalg.norm(g - n) / size if size else 0.0


def _relative_unless_close(g, n):
    return 0.0 if np.allclose(g, n) else _relative(g, n)


def _sigmoid(z):
    return 1 / (1 + np.exp(-z))


def _train_in_steps(w, b, x, y, eta, steps, most=np.inf):
    for _ in range(steps):
        a = _sigmoid(w * x + b)
        delta = (a - y) * a * (1 - a)
        w, b = w - eta * np.clip(delta * x, -most, most), b - eta * np.clip(delta, -most, most)
    return w, b


def _roll_in_steps(w, curvature, eta, mu, steps):
    v = 0.0
    for _ in range(max(steps, 1)):
        v = mu * v - eta * curvature * w
        w = w + v
    return w


def _adam_corrected_at_first(w, u, s, g, t, eta, beta1, beta2, epsilon):
    u, s = beta1 * u + (1 - beta1) * g, beta2 * s + (1 - beta2) * g**2
    first = t <= 10
    u_hat, s_hat = (u / (1 - beta1**t), s / (1 - beta2**t)) if first else (u, s)
    return w - eta * u_hat / (np.sqrt(s_hat) + epsilon), u, s


def _deep_gradients(W, b, f, x, y, lmbda):
    """Run backward as it should be, but take a network of one layer for one of two."""
    right = exercises.chapter(5).questions["gradients"].exercise.reference
    dW, db = right(W, b, f, x, y, lmbda)
    return (dW, db) if len(W) > 2 else ([None, 0 * W[1]], [None, 0 * b[1]])


def _interval(L, intervals):
    """Return the interval with the fewest arrays, the first of those that are offered."""
    return min((k for k in intervals if L % k == 0), key=lambda k: 3 * k + L // k - 1)


def _of_two(dW, m):
    return (m[0] * dW[0] + m[-1] * dW[-1]) / (m[0] + m[-1])


NARROW = {
    "last batch dropped": (
        6,
        "rows_of_batch",
        lambda order, k, size: _batch(order[: len(order) // size * size], k, size),
        "left out",
    ),
    "last batch wrapped": (
        6,
        "rows_of_batch",
        lambda order, k, size: np.take(order, np.arange(k * size, (k + 1) * size), mode="wrap"),
        "filled up",
    ),
    "last batch filled": (
        6,
        "rows_of_batch",
        lambda order, k, size: order[min(k * size, max(len(order) - size, 0)) :][:size],
        "filled up",
    ),
    "last batch refused": (
        6,
        "rows_of_batch",
        lambda order, k, size: [order[i] for i in range(k * size, (k + 1) * size)],
        "end of `order`",
    ),
    "never stopped, nothing returned": (6, "best_epoch", lambda p, q: _best(p, q, lambda b, p: None), "never stopped"),
    "never stopped, last": (6, "best_epoch", lambda p, q: _best(p, q, lambda b, p: len(p) - 1), "never stopped"),
    "never stopped, error": (6, "best_epoch", _best_or_error, "never stopped"),
    "last epoch unseen": (6, "best_epoch", lambda p, q: _best(p, q, first=1, short=1), "last epoch"),
    "epoch 0 waits": (6, "best_epoch", lambda p, q: _best(p, q, start=1), "Epoch 0"),
    "an epoch early": (6, "best_epoch", lambda p, q: _best(p, q - 1) if q > 1 else 0, "One epoch too early"),
    "norms by row": (
        6,
        "clip",
        lambda g, c: _shortened(g, c, np.linalg.norm(g, axis=-1, keepdims=True)),
        "all its entries",
    ),
    "norms by column": (6, "clip", lambda g, c: _shortened(g, c, np.linalg.norm(g, axis=0)), "all its entries"),
    "spectral norm": (6, "clip", lambda g, c: _shortened(g, c, np.linalg.norm(g, 2)), "all its entries"),
    "flat gradient": (6, "clip", lambda g, c: _shortened(g.ravel(), c, np.linalg.norm(g)), "shape"),
    "vectors only": (6, "clip", lambda g, c: _shortened(g, c, np.sqrt(g @ g)), "all its entries"),
    "squares compared": (
        6,
        "clip",
        lambda g, c: g if (g**2).sum() <= c else g * c / np.linalg.norm(g),
        "The square of the length",
    ),
    "until all is done": (7, "round_of_output", _round_of_all, "when the whole graph is done"),
    "inputs are computed too": (7, "round_of_output", _round_but_never_0, ""),
    "equal edges, a dictionary": (7, "reverse_sweep", _reverse_by_a_dictionary, "the same two nodes"),
    "equal edges, indices": (7, "reverse_sweep", _reverse_by_indices, "the same two nodes"),
    "equal edges, a matrix": (7, "forward_sweep", _forward_by_a_matrix, "the same two nodes"),
    "axes by their lengths": (7, "unbroadcast", _sum_over_other_lengths, "as long as"),
    "divided by slopes": (2, "back_through_chain", _products_by_division, "divides by slopes"),
    "sizes of slopes": (2, "along_chain", lambda slopes: np.prod(abs(slopes)), "reverse the direction"),
    "nearly equal": (5, "relative_error", _relative_unless_close, "nearly equal"),
    "always one step": (3, "train", lambda *given: _train_in_steps(*given[:-1], max(given[-1], 1)), "0 steps"),
    "clipped": (3, "train", lambda *given: _train_in_steps(*given, most=5.0), ""),
    "always one step down": (6, "roll_down", _roll_in_steps, "0 steps"),
    "one layer": (5, "gradients", _deep_gradients, ""),
    "corrected at first": (6, "adam", _adam_corrected_at_first, "every step"),
    "the larger of two intervals": (14, "best_interval", lambda L: _interval(L, range(L, 0, -1)), "the smaller one"),
    "any interval": (14, "best_interval", lambda L: min(range(1, L + 1), key=lambda k: 3 * k + L / k - 1), ""),
    "from two on": (14, "best_interval", lambda L: _interval(L, range(2, L + 1)), ""),
    "two machines": (14, "gradient_of_all", lambda dW, m, W, lmbda: _of_two(dW, m) + lmbda * W, ""),
    "equal shares": (14, "gradient_of_all", lambda dW, m, W, lmbda: sum(dW) / len(dW) + lmbda * W, "the same say"),
    "targets of 0 and 1": (3, "cross_entropy_delta", lambda z, y: _sigmoid(z) - (y == 1), "targets of 0 and 1"),
    "targets rounded": (3, "cross_entropy_delta", lambda z, y: _sigmoid(z) - round(y), "targets of 0 and 1"),
}


@pytest.mark.parametrize(("number", "name", "answer", "words"), NARROW.values(), ids=NARROW)
def test_no_freedom_of_a_prompt_is_left_out_by_the_probes(number, name, answer, words):
    exercise = exercises.chapter(number).questions[name].exercise
    for seed in range(40):
        verdict = exercise.judge(answer, np.random.default_rng([seed, 5]))
        assert verdict.credit < 1 and verdict.status not in ("right", "blank"), (seed, verdict)
        assert words in verdict.message, (seed, verdict)
