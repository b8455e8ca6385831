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


def _shrink(canvas, k, beyond=0):
    rows, columns = (range(0, side + beyond * k, k)[: side // k + 1] for side in canvas.shape)
    mean = lambda block: block.sum() / np.float64(block.size)  # noqa: E731
    with np.errstate(invalid="ignore"):
        return [[mean(canvas[i : i + k, j : j + k]) for j in columns] for i in rows]


def _wipe(x, s, enough):
    order = np.argsort(-s)
    return np.where(np.isin(np.arange(len(x)), order[: np.argmax(enough(np.cumsum(s[order]))) + 1]), 0, x)


def _two_at_most(groups, held):
    out = (groups == held[0]) | (groups == held[-1])
    return np.flatnonzero(~out), np.flatnonzero(out)


def _dm_size(loss, rival, lags):
    d = rival - loss
    m, e = len(d), d - d.mean()
    S = e @ e + 2 * sum((1 - k / (lags + 1)) * (e[k:] @ e[: m - k]) for k in range(1, lags + 1))
    return m * abs(d.mean()) / np.sqrt(S)


def _found(z, y, choose, test, line):
    return (z[test][y[test] == 1] >= line(np.sort(z[choose][y[choose] == 1]))).mean()


def _hill_of(units):
    """Return the targets of so many units whose arcs reach equally far to both sides."""

    def targets(curvature, arcs, width):
        d = np.arange(units(arcs)) - (units(arcs) - 1) / 2 - curvature[:, None] / (arcs[1] - arcs[0])
        return np.exp(-(d**2) / width)

    return targets


def _thirty_outputs(outputs, arcs):
    near = outputs * (abs(np.arange(30) - outputs.argmax(axis=1)[:, None]) <= 4)
    return near @ np.linspace(arcs[0], arcs[-1], 30) / near.sum(axis=1)


def _read_from_below(outputs, arcs):
    parts = [(row[k - 4 : k + 5], arcs[k - 4 : k + 5]) for row, k in zip(outputs, outputs.argmax(axis=1), strict=True)]
    with np.errstate(invalid="ignore"):
        return [row @ near / row.sum() for row, near in parts]


def _temperature_by_shares(z, y, T, h=1e-5):
    def loss(T):
        u = z / T - (z / T).max(axis=1, keepdims=True)
        return np.mean(np.log(np.exp(u).sum(axis=1)) - u[np.arange(len(y)), y])

    return (loss(T * (1 + h)) - loss(T * (1 - h))) / (2 * h * T)


def _pixels_by_shares(x, W, b, v, h=1e-5):
    reading = lambda x: v @ _sigmoid(x @ W + b)  # noqa: E731
    steps = h * np.diag(x)
    return [(reading(x + step) - reading(x - step)) / (2 * h * pixel) for step, pixel in zip(steps, x, strict=True)]


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
    "a block of nothing": (8, "shrink", lambda canvas, k: _shrink(canvas, k, beyond=1), "Where k divides a side"),
    "more than the share": (
        8,
        "wipe",
        lambda x, s, share: _wipe(x, s, lambda held: held > share * s[s > 0].sum()),
        "exactly the share",
    ),
    "the share of nothing": (
        8,
        "wipe",
        lambda x, s, share: _wipe(x, s, lambda held: held >= share),
        "You compared the sum with `share` itself.",
    ),
    "between the lightest and the darkest": (
        8,
        "nudge",
        lambda x, dx, most: np.clip(x + most * dx / abs(dx).max(), x.min(), x.max()),
        "It may reach from 0 to 1",
    ),
    "two people at most": (8, "hold_out", _two_at_most, ""),
    "two speakers at most": (9, "people_apart", _two_at_most, ""),
    "two drives at most": (12, "split_views", lambda of, drive, test: _two_at_most(drive[of], test), ""),
    "who loses more": (10, "dm_statistic", _dm_size, "does not tell who loses more"),
    "rounded down": (
        11,
        "sensitivity_in_the_test",
        lambda z, y, choose, test, least: _found(z, y, choose, test, lambda ill: ill[::-1][int(least * len(ill))]),
        "A higher threshold is enough",
    ),
    "a lower quantile": (
        11,
        "sensitivity_in_the_test",
        lambda z, y, choose, test, least: _found(
            z, y, choose, test, lambda ill: np.quantile(ill, 1 - least, method="lower")
        ),
        "A higher threshold is enough",
    ),
    "an interpolated quantile": (
        11,
        "sensitivity_in_the_test",
        lambda z, y, choose, test, least: _found(z, y, choose, test, lambda ill: np.quantile(ill, 1 - least)),
        "interpolated quantile",
    ),
    "shares of the temperature": (11, "temperature_slope", _temperature_by_shares, "come from nudges"),
    "shares of the pixels": (12, "pixel_gradient", _pixels_by_shares, "come from nudges"),
    "thirty units": (12, "hill_targets", _hill_of(lambda arcs: 30), "shape"),
    "arcs to both sides alike": (12, "hill_targets", _hill_of(len), "equally far to both sides"),
    "thirty outputs": (12, "read_hill", _thirty_outputs, ""),
    "from below the first unit": (12, "read_hill", _read_from_below, "begins below 0"),
    "nearer than": (
        12,
        "share_back",
        lambda offset, step, within: (abs(offset[:, step]) < within).mean(),
        "at most means up to and with it",
    ),
    "half a metre": (
        12,
        "share_back",
        lambda offset, step, within: (abs(offset[:, step]) <= 0.5).mean(),
        "whatever `within` is",
    ),
    "targets rounded": (3, "cross_entropy_delta", lambda z, y: _sigmoid(z) - round(y), "targets of 0 and 1"),
}


@pytest.mark.parametrize(("number", "name", "answer", "words"), NARROW.values(), ids=NARROW)
def test_no_freedom_of_a_prompt_is_left_out_by_the_probes(number, name, answer, words):
    exercise = exercises.chapter(number).questions[name].exercise
    for seed in range(40):
        verdict = exercise.judge(answer, np.random.default_rng([seed, 5]))
        assert verdict.credit < 1 and verdict.status not in ("right", "blank"), (seed, verdict)
        assert words in verdict.message, (seed, verdict)
