"""Chapter 17's checks attacked: unplanned wrong answers are refused, right ones that are written oddly are right."""

import importlib.util
import inspect
import re

import numpy as np
import pytest

import bpbook as bp
from bpbook import exercises

# A second copy of the layers, for answers that are to be judged by what they return and not by whom they call.
SPEC = importlib.util.spec_from_file_location("bpbook._layers_again", bp.layers.__file__)
OWN = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(OWN)

# The answer of a reader who lays the book's own convolution with a kernel that has zeros in its holes.
WIDENED = """
def conv_gradient(u, x, W, b, stride, dilation):
    wide = np.zeros([dilation * (n - 1) + 1 for n in W.shape[:2]] + [*W.shape[2:]])
    wide[::dilation, ::dilation] = W
    z, cache = own.conv_forward(x, wide, b, stride)
    dx, dW, db = own.conv_backward(cache, u)
    dW = dW[::dilation, ::dilation]
"""

# Answer cells that are wrong, each in a way of its own, by the exercise they answer.
WRONG = {
    "centre_gradient": [
        "W, u = q.centre_gradient.given()\ncentre_gradient = max(u[0][0] * W[1][1], u[1][1] * W[0][0])",
        "W, u = q.centre_gradient.given()\ncentre_gradient = sum(map(sum, u)) * W[0][0]",
    ],
    "convolve": [
        """
def convolve(x, W, b, stride):
    # windows at the far end first
    z = own.conv_forward(x, W, b, stride)[0]
    return z[:, ::-1]
""",
        """
def convolve(x, W, b, stride):
    # the border window is skipped
    z = own.conv_forward(x, W, b, stride)[0]
    z[:, -1, -1] = 0
    return z
""",
        """
def convolve(x, W, b, stride):
    return own.conv_forward(x - x.mean(), W, b, stride)[0]
""",
        """
def convolve(x, W, b, stride):
    return np.stack([own.conv_forward(x[:1], W, b, stride)[0][0]] * len(x))
""",
    ],
    "conv_gradient": [
        f"{WIDENED}    # the gradient of the first example's image for all\n"
        "    return np.repeat(dx[:1], len(x), axis=0), dW, db",
        f"{WIDENED}    # b multiplied in, as if it were another weight\n    return dx, dW, db * b",
        f"{WIDENED}    # the upstream gradient is passed through a ReLU that nobody asked for\n"
        "    return own.conv_backward(cache, u * (z > 0))[0], dW, db",
        f"{WIDENED}    return dx, dW.mean(axis=2, keepdims=True) + 0 * dW, db",
    ],
    "pool_gradient": [
        """
def pool_gradient(u, x, size, stride):
    # where the whole image has its largest entry
    dx = np.zeros_like(x)
    dx[np.unravel_index(x.argmax(), x.shape)] = u.sum()
    return dx
""",
        """
def pool_gradient(u, x, size, stride):
    # only windows that lie side by side
    dx = np.zeros_like(x)
    for i in range(0, x.shape[0] - size + 1, size):
        for j in range(0, x.shape[1] - size + 1, size):
            p, q = np.unravel_index(x[i:i + size, j:j + size].argmax(), (size, size))
            dx[i + p, j + q] += u[min(i // stride, len(u) - 1), min(j // stride, u.shape[1] - 1)]
    return dx
""",
        """
def pool_gradient(u, x, size, stride):
    # a softmax of the window, a soft maximum
    dx = np.zeros_like(x)
    for i, j in np.ndindex(*u.shape):
        w = x[i * stride:i * stride + size, j * stride:j * stride + size]
        dx[i * stride:i * stride + size, j * stride:j * stride + size] += u[i, j] * np.exp(w) / np.exp(w).sum()
    return dx
""",
    ],
    "batch_norm_gradient": [
        """
def batch_norm_gradient(u, x, gamma, beta, eps):
    # the mean and the variance of all columns together
    sigma = np.sqrt(x.var() + eps)
    h = (x - x.mean()) / sigma
    g = u * gamma
    return (g - g.mean() - h * (g * h).mean()) / sigma, (u * h).sum(0), u.sum(0)
""",
        """
def batch_norm_gradient(u, x, gamma, beta, eps):
    # beta in the place of gamma
    return own.batch_norm_backward(own.batch_norm_forward(x, beta, gamma, eps)[1], u)
""",
        """
def batch_norm_gradient(u, x, gamma, beta, eps):
    # the median in place of the mean
    s = np.sqrt(x.var(0) + eps)
    h = (x - np.median(x, axis=0)) / s
    g = u * gamma
    return (g - g.mean(0) - h * (g * h).mean(0)) / s, (u * h).sum(0), u.sum(0)
""",
        """
def batch_norm_gradient(u, x, gamma, beta, eps):
    dx, dgamma, dbeta = own.batch_norm_backward(own.batch_norm_forward(x, gamma, beta, eps)[1], u)
    return dx, dgamma * gamma, dbeta
""",
    ],
    "layer_norm": [
        """
def layer_norm(u, x, gamma, beta, eps):
    # divided by the mean size, not by the root mean square
    h = (x - x.mean(1, keepdims=True)) / (abs(x - x.mean(1, keepdims=True)).mean(1, keepdims=True) + eps)
    return gamma * h + beta, u * gamma
""",
        """
def layer_norm(u, x, gamma, beta, eps):
    # RMSNorm
    r = np.sqrt((x * x).mean(1, keepdims=True) + eps)
    g = u * gamma
    return gamma * x / r + beta, (g - x / r * (g * x / r).mean(1, keepdims=True)) / r
""",
    ],
    "through_time": [
        """
def through_time(u, x, W_x, W_h, b, h0):
    # time runs the wrong way
    cache = own.recurrent_forward(x[:, ::-1], W_x, W_h, b, h0)[1]
    dx, dW_x, dW_h, db, _ = own.recurrent_backward(cache, u[:, ::-1])
    return dx[:, ::-1], dW_x, dW_h, db
""",
        """
def through_time(u, x, W_x, W_h, b, h0):
    # detached after two steps
    h = own.recurrent_forward(x, W_x, W_h, b, h0)[1].h
    T = x.shape[1]
    delta = np.zeros_like(u)
    for t in range(T):
        back = u[:, t]
        if t + 1 < T:
            later = u[:, t + 1] + (0 if t + 2 >= T else (u[:, t + 2] * (1 - h[:, t + 2] ** 2)) @ W_h.T)
            back = back + (later * (1 - h[:, t + 1] ** 2)) @ W_h.T
        delta[:, t] = back * (1 - h[:, t] ** 2)
    before = h[:, np.arange(T) - 1]
    return (delta @ W_x.T, np.einsum('mti,mtj->ij', x, delta), np.einsum('mti,mtj->ij', before, delta),
            delta.sum((0, 1)))
""",
        """
def through_time(u, x, W_x, W_h, b, h0):
    # the gradient is clipped on the way
    u = np.clip(u, -1, 1)
    return own.recurrent_backward(own.recurrent_forward(x, W_x, W_h, b, h0)[1], u)[:4]
""",
        """
def through_time(u, x, W_x, W_h, b, h0):
    # h0 forgotten going forward
    return own.recurrent_backward(own.recurrent_forward(x, W_x, W_h, b)[1], u)[:4]
""",
    ],
    "embed_gradient": [
        """
def embed_gradient(u, tokens, rows):
    # a token that follows itself counts once
    dE = np.zeros((rows, u.shape[2]))
    for k in range(len(tokens)):
        for t in range(tokens.shape[1]):
            if t == 0 or tokens[k, t] != tokens[k, t - 1]:
                dE[tokens[k, t]] += u[k, t]
    return dE
""",
        """
def embed_gradient(u, tokens, rows):
    # repeats within a sequence overwrite, sequences add up
    dE = np.zeros((rows, u.shape[2]))
    for k in range(len(tokens)):
        dE[tokens[k]] += u[k]
    return dE
""",
    ],
    "softmax_backward": [
        """
def softmax_backward(dA, A):
    # the two largest weights only
    ds = A * (dA - (A * dA).sum(axis=1, keepdims=True))
    return np.where(A >= np.sort(A, axis=1)[:, [-2]], ds, 0)
""",
        "def softmax_backward(dA, A):\n    return A * (dA - (A**2 * dA).sum(axis=1, keepdims=True))",
    ],
    "attention_gradient": [
        """
def attention_gradient(u, q, k, v):
    # each query may look at itself and one place back
    d = q.shape[1]
    near = np.tril(np.ones((len(q), len(q)))) * np.triu(np.ones((len(q), len(q))), -1)
    e = np.exp(q @ k.T / np.sqrt(d)) * near
    A = e / e.sum(1, keepdims=True)
    dA = u @ v.T
    ds = A * (dA - (A * dA).sum(1, keepdims=True))
    return ds @ k / np.sqrt(d), ds.T @ q / np.sqrt(d), A.T @ u
""",
        """
def attention_gradient(u, q, k, v):
    # masked by zero scores in place of minus infinity
    d = q.shape[1]
    e = np.exp(np.tril(q @ k.T / np.sqrt(d)))
    A = e / e.sum(1, keepdims=True)
    dA = u @ v.T
    ds = A * (dA - (A * dA).sum(1, keepdims=True))
    return ds @ k / np.sqrt(d), ds.T @ q / np.sqrt(d), A.T @ u
""",
        """
def attention_gradient(u, q, k, v):
    # masked after softmax, and not normalised again
    d = q.shape[1]
    e = np.exp(q @ k.T / np.sqrt(d))
    A = np.tril(e / e.sum(1, keepdims=True))
    dA = u @ v.T
    ds = A * (dA - (A * dA).sum(1, keepdims=True))
    return ds @ k / np.sqrt(d), ds.T @ q / np.sqrt(d), A.T @ u
""",
        """
def attention_gradient(u, q, k, v):
    # all keys are given the same share
    dq, dk, dv = own.attention_backward(own.attention_forward(q[None], k[None], v[None])[1], u[None])
    return dq[0], dk[0], 0 * dv[0] + dv[0].mean(axis=0)
""",
        """
def attention_gradient(u, q, k, v):
    # queries and keys both get half of each other's share
    dq, dk, dv = own.attention_backward(own.attention_forward(q[None], k[None], v[None])[1], u[None])
    return (dq[0] + dk[0]) / 2, (dq[0] + dk[0]) / 2, dv[0]
""",
    ],
}
RIGHT = {
    "convolve": [
        """
def convolve(x, W, b, stride):
    windows = np.lib.stride_tricks.sliding_window_view(x, W.shape[:2], axis=(1, 2))[:, ::stride, ::stride]
    return np.tensordot(windows, W, axes=([4, 5, 3], [0, 1, 2])) + b
""",
        """
def convolve(x, W, b, stride):
    # one weight at a time: shift the image, multiply, add
    k_h, k_w, c, f = W.shape
    z = 0
    for p in range(k_h):
        for q in range(k_w):
            shifted = x[:, p : x.shape[1] - k_h + p + 1 : stride, q : x.shape[2] - k_w + q + 1 : stride]
            z = z + shifted @ W[p, q]
    return (z + b).tolist()
""",
        """
def convolve(x, W, b, stride):
    m, height, width, c = x.shape
    k_h, k_w, _, f = W.shape
    rows, columns = range(0, height - k_h + 1, stride), range(0, width - k_w + 1, stride)
    return np.float32([[[[b[n] + sum(x[k, i + p, j + q, a] * W[p, q, a, n] for p in range(k_h) for q in range(k_w)
                          for a in range(c)) for n in range(f)] for j in columns] for i in rows] for k in range(m)])
""",
    ],
    "conv_gradient": [
        f"{WIDENED}    return dx.tolist(), dW, db",
        """
def conv_gradient(u, x, W, b, stride, dilation):
    # spread u and the kernel, pad, and slide the kernel turned by 180 degrees
    def spread(a, axis, by):
        shape = list(a.shape)
        shape[axis] = (shape[axis] - 1) * by + 1
        wide = np.zeros(shape)
        wide[(slice(None),) * axis + (slice(None, None, by),)] = a
        return wide

    wide = spread(spread(u, 1, stride), 2, stride)
    W = spread(spread(W, 0, dilation), 1, dilation)
    k_h, k_w = W.shape[:2]
    padded = np.pad(wide, ((0, 0), (k_h - 1, k_h - 1), (k_w - 1, k_w - 1), (0, 0)))
    view = np.lib.stride_tricks.sliding_window_view
    dx = np.einsum("mabfpq,pqcf->mabc", view(padded, (k_h, k_w), (1, 2)), np.rot90(W, 2))
    dW = np.einsum("mijcpq,mijf->pqcf", view(x, (k_h, k_w), (1, 2))[:, ::stride, ::stride], u)
    return [dx, dW[::dilation, ::dilation], np.einsum("mijf->f", u)]
""",
        """
def conv_gradient(u, x, W, b, stride, dilation):
    # weight by weight
    dx, dW = np.zeros(x.shape), np.zeros(W.shape)
    rows, columns = u.shape[1] * stride, u.shape[2] * stride
    for p, q in np.ndindex(W.shape[:2]):
        top, left = p * dilation, q * dilation
        seen = x[:, top : top + rows : stride, left : left + columns : stride][:, : u.shape[1], : u.shape[2]]
        dW[p, q] = np.tensordot(seen, u, axes=([0, 1, 2], [0, 1, 2]))
        for i, j in np.ndindex(u.shape[1:3]):
            dx[:, top + i * stride, left + j * stride] += u[:, i, j] @ W[p, q].T
    return {"dx": dx, "dW": dW, "db": u.reshape(-1, u.shape[3]).sum(0)}
""",
    ],
    "pool_gradient": [
        """
def pool_gradient(u, x, size, stride):
    dx = 0 * x
    for i, j in np.ndindex(u.shape):
        place = np.s_[i * stride : i * stride + size, j * stride : j * stride + size]
        dx[place] += u[i, j] * (x[place] == x[place].max())
    return dx.tolist()
""",
        """
def pool_gradient(u, x, size, stride):
    a = bp.graph.variable(x)
    C = sum(bp.graph.max(a[i * stride : i * stride + size, j * stride : j * stride + size]) * u[i, j]
            for i in range(len(u)) for j in range(u.shape[1]))
    return bp.graph.backward(C)[a]
""",
    ],
    "batch_norm_gradient": [
        """
def batch_norm_gradient(u, x, gamma, beta, eps):
    # the long way, node by node, as in the lecture
    m = len(x)
    centred = x - x.sum(0) / m
    inverse = ((centred**2).sum(0) / m + eps) ** -0.5
    d_hat = u * gamma
    d_inverse = (d_hat * centred).sum(0)
    d_variance = -0.5 * inverse**3 * d_inverse
    d_centred = d_hat * inverse + 2 * centred / m * d_variance
    return d_centred - d_centred.mean(0), (u * centred * inverse).sum(0), u.sum(0)
""",
        """
def batch_norm_gradient(u, x, gamma, beta, eps):
    # the formula with everything multiplied out
    m, s = len(x), 1 / np.sqrt(x.var(0) + eps)
    h = (x - x.mean(0)) * s
    dgamma, dbeta = np.einsum('ki,ki->i', u, h), np.ones(m) @ u
    return gamma * s / m * (m * u - dbeta - h * dgamma), dgamma.tolist(), dbeta.tolist()
""",
        """
def batch_norm_gradient(u, x, gamma, beta, eps):
    # the whole Jacobian of each column
    m, dx = len(x), np.zeros_like(x)
    s = np.sqrt(x.var(axis=0) + eps)
    h = (x - x.mean(axis=0)) / s
    for i in range(x.shape[1]):
        J = (np.eye(m) - 1 / m - np.outer(h[:, i], h[:, i]) / m) / s[i]
        dx[:, i] = J.T @ (gamma[i] * u[:, i])
    return dx, (u * h).sum(axis=0), u.sum(axis=0)
""",
    ],
    "layer_norm": [
        """
def layer_norm(u, x, gamma, beta, eps):
    z, dx, n = [], [], x.shape[1]
    for row, back in zip(x, u):
        s = np.sqrt(np.mean((row - row.mean()) ** 2) + eps)
        h = (row - row.mean()) / s
        z.append(h * gamma + beta)
        dx.append((np.eye(n) - np.ones((n, n)) / n - np.outer(h, h) / n) @ (gamma * back) / s)
    return {"z": np.array(z), "dx": np.array(dx)}
""",
    ],
    "through_time": [
        """
def through_time(u, x, W_x, W_h, b, h0):
    # recursion over the steps
    def back(t, h):
        if t == x.shape[1]:
            return np.zeros_like(h), [], 0 * W_x, 0 * W_h, 0 * b
        a = np.tanh(x[:, t] @ W_x + h @ W_h + b)
        later, dx, dW_x, dW_h, db = back(t + 1, a)
        delta = (u[:, t] + later) / np.cosh(np.arctanh(a)) ** 2
        return (delta @ W_h.T, [delta @ W_x.T, *dx], dW_x + x[:, t].T @ delta, dW_h + h.T @ delta,
                db + delta.sum(0))
    _, dx, dW_x, dW_h, db = back(0, h0)
    return np.stack(dx, axis=1), dW_x, dW_h, db
""",
        """
def through_time(u, x, W_x, W_h, b, h0):
    nodes = [bp.graph.variable(a) for a in (x, W_x, W_h, b)]
    X, V, H, B = nodes
    h, C = h0, 0
    for t in range(x.shape[1]):
        h = bp.graph.tanh(X[:, t] @ V + (h @ H if t else h0 @ H) + B)
        C = C + bp.graph.sum(h * u[:, t])
    adjoint = bp.graph.backward(C)
    return tuple(adjoint[node] for node in nodes)
""",
    ],
    "embed_gradient": [
        "def embed_gradient(u, tokens, rows):\n    return np.einsum('mtv,mtn->vn', np.eye(rows)[tokens], u)",
        """
def embed_gradient(u, tokens, rows):
    return [[float(u[..., n][tokens == v].sum()) for n in range(u.shape[2])] for v in range(rows)]
""",
        """
def embed_gradient(u, tokens, rows):
    return np.stack([np.bincount(tokens.ravel(), u[..., n].ravel(), rows) for n in range(u.shape[2])], axis=1)
""",
    ],
    "softmax_backward": [
        """
def softmax_backward(dA, A):
    return np.stack([(np.diag(a) - np.outer(a, a)) @ g for a, g in zip(A, dA)])
""",
        "def softmax_backward(dA, A):\n    return A * dA - A * np.einsum('ts,ts->t', A, dA)[:, None]",
    ],
    "attention_gradient": [
        """
def attention_gradient(u, q, k, v):
    # query by query
    d = q.shape[1]
    dq, dk, dv = np.zeros_like(q), np.zeros_like(k), np.zeros_like(v)
    for t in range(len(q)):
        s = k[: t + 1] @ q[t] / d**0.5
        a = np.exp(s - s.max())
        a /= a.sum()
        da = v[: t + 1] @ u[t]
        ds = (np.diag(a) - np.outer(a, a)) @ da / d**0.5
        dq[t] = ds @ k[: t + 1]
        dk[: t + 1] += np.outer(ds, q[t])
        dv[: t + 1] += np.outer(a, u[t])
    return dq, dk, dv
""",
        """
import autograd, autograd.numpy as anp
def attention_gradient(u, q, k, v):
    mask = np.where(np.tril(np.ones((len(q), len(q)))) == 1, 0.0, -1e30)
    def loss(q, k, v):
        e = anp.exp(anp.dot(q, k.T) / np.sqrt(q.shape[1]) + mask)
        return anp.sum(u * anp.dot(e / anp.sum(e, axis=1, keepdims=True), v))
    return autograd.grad(loss, (0, 1, 2))(q, k, v)
""",
    ],
}
BORROWED = [
    "def convolve(x, W, b, stride):\n    return bp.layers.conv_forward(x, W, b, stride)[0]",
    f"{WIDENED}    return dx, dW, db".replace("own.", "bp.layers."),
    """
def pool_gradient(u, x, size, stride):
    cache = bp.layers.max_pool_forward(x[None, :, :, None], size, stride)[1]
    return bp.layers.max_pool_backward(cache, u[None, :, :, None])[0, :, :, 0]
""",
    """
def batch_norm_gradient(u, x, gamma, beta, eps):
    return bp.layers.batch_norm_backward(bp.layers.batch_norm_forward(x, gamma, beta, eps)[1], u)
""",
    """
def layer_norm(u, x, gamma, beta, eps):
    z, cache = bp.layers.layer_norm_forward(x, gamma, beta, eps)
    return z, bp.layers.layer_norm_backward(cache, u)[0]
""",
    """
def through_time(u, x, W_x, W_h, b, h0):
    cache = bp.layers.recurrent_forward(x, W_x, W_h, b, h0)[1]
    return bp.layers.recurrent_backward(cache, u)[:4]
""",
    """
def attention_gradient(u, q, k, v):
    cache = bp.layers.attention_forward(q[None], k[None], v[None])[1]
    return tuple(g[0] for g in bp.layers.attention_backward(cache, u[None]))
""",
    """
def embed_gradient(u, tokens, rows):
    return bp.layers.embedding_backward(bp.layers.embedding_forward(tokens, np.zeros((rows, u.shape[2])))[1], u)
""",
]


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    """Give every test an empty folder of marks."""
    monkeypatch.setenv("BPBOOK_HOME", str(tmp_path))


def judged(name, source, seed):
    chapter = exercises.chapter(17, seed)
    namespace = {"np": np, "bp": bp, "own": OWN, "q": chapter}
    exec(source, namespace)
    return chapter.questions[name](namespace[name]).verdict


def by_nudges(ex, h, central):
    """Return what an answer of differences of the exercise's own loss gives."""

    def nudged(*arguments):
        found = []
        for position in ex.wrt:
            n = np.zeros(arguments[position].shape)
            for place in np.ndindex(n.shape):
                above, below = (arguments[position].copy() for _ in range(2))
                above[place] += h
                below[place] -= h if central else 0
                C = [ex.loss(*arguments[:position], at, *arguments[position + 1 :]) for at in (above, below)]
                n[place] = (C[0] - C[1]) / (2 * h if central else h)
            found.append(n)
        return tuple(found)

    return nudged


@pytest.mark.parametrize(("h", "central"), [(1e-5, True), (1e-7, False)])
@pytest.mark.parametrize("name", ["conv_gradient", "batch_norm_gradient", "through_time", "attention_gradient"])
def test_differences_offered_as_a_derivation_are_refused(name, h, central):
    """A convolution is linear, so that nothing but rounding gives its differences away, and they are not named."""
    ex = exercises.chapter(17).questions[name].exercise
    parameters = ", ".join(inspect.signature(ex.reference).parameters)
    answer = eval(f"lambda {parameters}: nudged({parameters})", {"nudged": by_nudges(ex, h, central)})
    verdict = ex.judge(answer, np.random.default_rng(3))
    assert verdict.status != "right" and verdict.credit == 0.0, verdict  # or they take too long
    assert name == "conv_gradient" or verdict.mistake == "finite differences", verdict


def every(answers):
    return [(name, source) for name, sources in answers.items() for source in sources]


def test_there_are_twenty_of_each():
    assert len(every(WRONG)) >= 20 and len(every(RIGHT)) >= 20


@pytest.mark.parametrize(("name", "source"), every(WRONG))
def test_a_wrong_answer_that_nobody_planned_for_is_refused(name, source):
    for seed in range(3):
        verdict = judged(name, source, seed)
        assert verdict.status not in ("right", "blank") and verdict.credit < 1, (seed, verdict)
        assert verdict.mistake != "calls the library"


@pytest.mark.parametrize(("name", "source"), every(RIGHT))
def test_a_right_answer_written_oddly_is_right(name, source):
    for seed in range(3):
        verdict = judged(name, source, seed)
        assert (verdict.status, verdict.credit) == ("right", 1.0), (seed, verdict)


@pytest.mark.parametrize("source", BORROWED)
def test_what_is_to_be_written_is_not_called(source):
    name = re.search(r"def (\w+)", source)[1]
    verdict = judged(name, source, 0)
    assert (verdict.status, verdict.credit, verdict.mistake) == ("wrong", 0.0, "calls the library")
    called = re.search(r"calls `(bp\.layers\.\w+)`", verdict.message)[1]
    assert called in source and callable(eval(called))
    assert judged(name, source.replace("bp.layers.", "own."), 0).status == "right"
