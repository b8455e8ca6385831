"""Answers to chapters 13 to 17 as strangers give them: right ones in other ways, and wrong ones with their words."""

import pytest

# Answers by chapter and exercise; each is a whole answer cell.
RIGHT = [
    (
        13,
        "chain_factor",
        """
w, a = q.chain_factor.given()
z = [np.log(each / (1 - each)) for each in a]
chain_factor = [np.prod([w_l * bp.activations.sigmoid.prime(z_l) for w_l, z_l in zip(w, z)])]
""",
    ),
    (13, "highest_factor", 'highest_factor = "exp(k*log((4 + w)/4))"'),
    (13, "tanh_window", 'tanh_window = "2*arccosh(sqrt(w))"'),
    (13, "tanh_window", 'tanh_window = "2 * ln(sqrt(w) + sqrt(w - 1))"'),
    (
        13,
        "delta_sizes",
        """
def delta_sizes(W, z, delta):
    def below(l, error):
        length = [np.sqrt((error * error).sum())]
        if l == 1:
            return length
        slope = bp.activations.sigmoid.prime(z[l - 1])
        return below(l - 1, np.einsum("mj,ij->mi", error, W[l]) * slope) + length

    return np.array(below(len(W) - 1, delta))
""",
    ),
    (
        13,
        "delta_sizes",
        """
def delta_sizes(W, z, delta):
    sizes = []
    for l in range(len(z) - 1, 0, -1):
        if l < len(z) - 1:
            delta = (W[l + 1] @ delta.T).T / (2 + 2 * np.cosh(z[l]))
        sizes.append(float(np.linalg.norm(delta.ravel())))
    return tuple(reversed(sizes))
""",
    ),
    (
        13,
        "stretches",
        """
large, small, k = q.stretches.given()
stretches = np.linalg.cond(np.linalg.matrix_power(np.diag([large] * 3 + [small] * 3), k))
""",
    ),
    (
        13,
        "luck_of_the_batch",
        """
eta, units, a, n = q.luck_of_the_batch.given()
y = np.array(n * [7] + (10 - n) * [3])
delta = (0.1 - np.eye(10)[y]) / 10
A = np.full((10, units), a)
luck_of_the_batch = (-eta * (A[0] @ A.T @ delta + delta.sum(axis=0)))[7]
""",
    ),
    (
        13,
        "he_start",
        """
def he_start(draws):
    n_in, n_out = np.shape(draws)
    return [[w / (n_in / 2) ** 0.5 for w in row] for row in draws]
""",
    ),
    (13, "leaky_variance", 'leaky_variance = "1/(n*(0.5 + 0.5*s*s))"'),
    (
        13,
        "layer_of_overflow",
        """
g = q.layer_of_overflow.given()
size, layer_of_overflow = np.float32(1), 0
with np.errstate(over="ignore"):
    while np.isfinite(size):
        size, layer_of_overflow = size * np.float32(g), layer_of_overflow + 1
""",
    ),
    (
        13,
        "layer_of_overflow",
        """
g = q.layer_of_overflow.given()
layer_of_overflow = np.ceil(np.log10(3.4e38) / np.log10(g))
""",
    ),
    (
        13,
        "clip_together",
        """
import math

def clip_together(dW, db, c):
    length = math.hypot(*dW.ravel(), *db)
    factor = c / length if length > c else 1
    return [factor * dW, factor * db]
""",
    ),
    (
        13,
        "clip_together",
        """
def clip_together(dW, db, c):
    entries = np.concatenate([np.ravel(dW), db])
    length = np.hypot.reduce(entries)
    if length > c:
        entries = entries / length * c
    return {"dW": entries[: dW.size].reshape(dW.shape), "db": entries[dW.size :]}
""",
    ),
    (13, "doubling", 'doubling = "(2**(2/L) - 1)**0.5"'),
    (
        13,
        "skip_back",
        """
def skip_back(u, h, W, b):
    rows = []
    for u_k, h_k in zip(u, h):
        jacobian = np.eye(len(h_k)) + W / np.cosh(h_k @ W + b) ** 2
        rows.append(jacobian @ u_k)
    return rows
""",
    ),
    (
        13,
        "skip_back",
        """
from bpbook import graph

def skip_back(u, h, W, b):
    start = graph.variable(h)
    return graph.backward(graph.sum((start + graph.tanh(start @ W + b)) * u))[start]
""",
    ),
    (
        13,
        "normalise_later",
        """
from statistics import mean, pvariance

def normalise_later(z, seen, eps):
    columns = list(zip(*seen.tolist()))
    return [[(v - mean(c)) / (pvariance(c) + eps) ** 0.5 for v, c in zip(row, columns)] for row in z.tolist()]
""",
    ),
    (
        14,
        "forward_work",
        """
m, n_0, n_1, n_2 = q.forward_work.given()
forward_work = bp.count_cost(bp.MLP([n_0, n_1, n_2], hidden="tanh", output="identity", loss="squared_error"), m).forward
""",
    ),
    (
        14,
        "portions",
        """
m, n_0, n_1, n_2, room = q.portions.given()
held = lambda share: share * (3 * n_1 + 2 * n_2) + 2 * ((n_0 + 1) * n_1 + (n_1 + 1) * n_2)
portions = next(k for k in range(1, m + 1) if held(-(-m // k)) <= room)
""",
    ),
    (
        14,
        "best_interval",
        """
def best_interval(L):
    k = np.arange(1, L + 1)
    k = k[L % k == 0]
    return k[[np.argmin(L // k + 3 * k)]]
""",
    ),
    (
        14,
        "best_interval",
        """
def best_interval(L):
    return float(min((k for k in range(1, int(L**0.5) + 1) if not L % k), key=lambda k: (L / k + 3 * k, k)))
""",
    ),
    (14, "price_of_forgetting", 'price_of_forgetting = "(4*L - k - 1)/(3*L - 1) - 1"'),
    (
        14,
        "gradient_of_all",
        """
def gradient_of_all(dW, m, W, lmbda):
    return (sum((gradient + lmbda * W) * k for gradient, k in zip(dW, m)) / m.sum()).tolist()
""",
    ),
    (
        14,
        "gradient_of_all",
        """
def gradient_of_all(dW, m, W, lmbda):
    return np.einsum("k,kij->ij", m / np.sum(m), np.stack(dW)) + np.multiply(lmbda, W)
""",
    ),
    (14, "with_w_machines", 'with_w_machines = "w/(1 + w*t/(m*d))"'),
    (
        15,
        "second_derivatives",
        """
def second_derivatives(w, b, x, y):
    ww = wb = 0
    for x_k, y_k in zip(x, y):
        a = 1 / (1 + np.exp(-(w * x_k + b)))
        each = a * a * (1 - a) ** 2 + (a - y_k) * a * (1 - a) * (1 - 2 * a)
        ww, wb = ww + each * x_k * x_k / len(x), wb + each * x_k / len(x)
    return ww, wb
""",
    ),
    (
        15,
        "second_derivatives",
        """
def second_derivatives(w, b, x, y):
    a = 1 / (1 + np.exp(-w * x - b))
    each = 3 * a**4 - (5 + 2 * y) * a**3 + (2 + 3 * y) * a**2 - y * a
    return np.average(each * x**2), np.average(each * x)
""",
    ),
    (
        15,
        "count_ways",
        """
from collections import Counter

def count_ways(H):
    values = np.linalg.eigvalsh(H)
    least = 1e-9 * max(abs(values))
    count = Counter(0 if abs(value) <= least else np.sign(value) for value in values)
    return {"down": count[-1], "flat": count[0], "up": count[1]}
""",
    ),
    (
        15,
        "count_ways",
        """
def count_ways(H):
    shares = np.linalg.eigh(H)[0] / np.linalg.norm(H, 2)
    return np.bincount(np.digitize(shares, [-1e-9, 1e-9]), minlength=3)
""",
    ),
    (
        15,
        "is_strict_minimum",
        """
def is_strict_minimum(H, g, small):
    if np.sqrt((g**2).sum()) >= small:
        return False
    values = np.linalg.eigvals(H)
    for value in values:
        if value <= 1e-9 * max(map(abs, values)):
            return False
    return True
""",
    ),
    (
        15,
        "newton_step",
        """
def newton_step(H, g):
    values, vectors = np.linalg.eigh(H)
    s = -(vectors / values) @ (vectors.T @ g)
    return s.tolist(), sum(a * b for a, b in zip(g, s))
""",
    ),
    (
        15,
        "normalise",
        """
def normalise(d, W):
    scaled = np.empty_like(d)
    for j in range(d.shape[1]):
        scaled[:, j] = d[:, j] * (sum(W[:, j] ** 2) / sum(d[:, j] ** 2)) ** 0.5
    return scaled
""",
    ),
    (
        15,
        "steps_in_the_trench",
        """
steps, units = q.steps_in_the_trench.given()
steps_in_the_trench = round(steps * np.e * (np.e**units - 1) / (np.e - 1))
""",
    ),
    (
        15,
        "restarts",
        """
import math

stuck, risk = q.restarts.given()
restarts = math.ceil(math.log(risk, stuck))
""",
    ),
    (
        16,
        "examples_in_batch",
        """
first, k = q.examples_in_batch.given()
m = 50.0
for _ in range(100):
    m = first / np.log(m * k)
examples_in_batch = m
""",
    ),
    (16, "floor_of_tanh", 'floor_of_tanh = "log(exp(1) + (k - 1)/exp(1)) - 1"'),
    (
        16,
        "after_several_calls",
        """
import math

outer, middle, inner, calls = q.after_several_calls.given()
after_several_calls = outer * middle * inner * math.comb(calls + 2, 3)
""",
    ),
    (
        16,
        "gradient_of_step",
        """
before, after, eta, lmbda = q.gradient_of_step.given()
gradient_of_step = [[float((x - y) / eta + lmbda * x) for x, y in zip(*rows)] for rows in zip(before, after)]
""",
    ),
    (
        16,
        "same_steps",
        """
eta, lmbda, m = q.same_steps.given()
same_steps = tuple(float(f"{value:.3g}") for value in (m * eta, lmbda / m))
""",
    ),
    (
        16,
        "ward_a",
        """
ward_a = "'DB mean', in `db`."
""",
    ),
    (16, "ward_b", 'ward_b = "No output derivative in Delta[2]"'),
    (
        16,
        "mended_loss",
        """
def mended_loss(a, y):
    total = 0
    for a_k, y_k in zip(a, y):
        total += 0.5 * sum((a_i - y_i) ** 2 for a_i, y_i in zip(a_k, np.atleast_1d(y_k)))
    return total / len(a)
""",
    ),
    (
        16,
        "decay_loss",
        """
def decay_loss(W, lmbda):
    return lmbda * 0.5 * sum(np.linalg.norm(w) ** 2 for w in W if w is not None)
""",
    ),
    (
        16,
        "mended_gradients",
        """
def mended_gradients(x, y, W1, b1, W2, b2):
    found = [np.zeros_like(parameter) for parameter in (W1, b1, W2, b2)]
    for x_k, y_k in zip(x, y):
        a1 = np.clip(x_k @ W1 + b1, 0, None)
        z2 = a1 @ W2 + b2
        delta2 = np.exp(z2 - np.logaddexp.reduce(z2)) - np.eye(len(z2))[y_k]
        delta1 = np.where(a1 > 0, W2 @ delta2, 0)
        for total, share in zip(found, (np.outer(x_k, delta1), delta1, np.outer(a1, delta2), delta2)):
            total += share / len(x)
    return found
""",
    ),
    (
        17,
        "convolve",
        """
from numpy.lib.stride_tricks import sliding_window_view

def convolve(x, W, b, stride):
    windows = sliding_window_view(x, W.shape[:2], axis=(1, 2))[:, ::stride, ::stride]
    return np.einsum("mijcpq,pqcf->mijf", windows, W) + b
""",
    ),
    (
        17,
        "convolve",
        """
def convolve(x, W, b, stride):
    k_h, k_w, c, f = W.shape
    m, rows, columns = len(x), (x.shape[1] - k_h) // stride + 1, (x.shape[2] - k_w) // stride + 1
    z = np.zeros((m, rows, columns, f))
    for k, i, j, filter in np.ndindex(*z.shape):
        for p, r, channel in np.ndindex(k_h, k_w, c):
            z[k, i, j, filter] += x[k, i * stride + p, j * stride + r, channel] * W[p, r, channel, filter]
    return (z + b).tolist()
""",
    ),
    (
        17,
        "conv_gradient",
        """
def conv_gradient(u, x, W, b, stride, dilation):
    dx, dW = np.zeros(x.shape), np.zeros(W.shape)
    for i, j, p, r in np.ndindex(*u.shape[1:3], *W.shape[:2]):
        row, column = stride * i + dilation * p, stride * j + dilation * r
        dx[:, row, column] += u[:, i, j] @ W[p, r].T
        dW[p, r] += x[:, row, column].T @ u[:, i, j]
    return {"dx": dx, "dW": dW, "db": u.reshape(-1, u.shape[3]).sum(axis=0)}
""",
    ),
    (
        17,
        "pool_gradient",
        """
def pool_gradient(u, x, size, stride):
    dx = np.zeros(x.shape)
    for (i, j), share in np.ndenumerate(u):
        place = np.s_[i * stride : i * stride + size, j * stride : j * stride + size]
        dx[place] += share * (x[place] == x[place].max())
    return dx
""",
    ),
    (
        17,
        "norm_by_hand",
        """
x, u = (np.array(numbers, float) for numbers in q.norm_by_hand.given())
x_hat = (x - x.mean()) / x.std()
jacobian = (np.eye(4) - 1 / 4 - np.outer(x_hat, x_hat) / 4) / x.std()
norm_by_hand = [round(value, 3) for value in jacobian @ u]
""",
    ),
    (
        17,
        "batch_norm_gradient",
        """
def batch_norm_gradient(u, x, gamma, beta, eps):
    m, sigma = len(x), np.sqrt(x.var(axis=0) + eps)
    x_hat = (x - x.mean(axis=0)) / sigma
    dgamma, dbeta = np.sum(u * x_hat, axis=0), np.sum(u, axis=0)
    return gamma / (m * sigma) * (m * u - dbeta - x_hat * dgamma), dgamma, dbeta
""",
    ),
    (
        17,
        "layer_norm",
        """
def layer_norm(u, x, gamma, beta, eps):
    z, dx = [], []
    for x_k, u_k in zip(x, u):
        centred, n = x_k - x_k.mean(), len(x_k)
        sigma = (centred @ centred / n + eps) ** 0.5
        jacobian = (np.eye(n) - 1 / n - np.outer(centred, centred) / n / sigma**2) / sigma
        z.append(gamma * centred / sigma + beta)
        dx.append(jacobian @ (gamma * u_k))
    return z, dx
""",
    ),
    (
        17,
        "through_time",
        """
def through_time(u, x, W_x, W_h, b, h0):
    def rest(t, h):
        if t == x.shape[1]:
            return [], 0, 0, 0, np.zeros_like(h)
        new = np.tanh(x[:, t] @ W_x + h @ W_h + b)
        dx, dW_x, dW_h, db, later = rest(t + 1, new)
        delta = (u[:, t] + later) * (1 - new) * (1 + new)
        return [delta @ W_x.T, *dx], dW_x + x[:, t].T @ delta, dW_h + h.T @ delta, db + sum(delta), delta @ W_h.T

    dx, *others = rest(0, h0)
    return np.stack(dx, axis=1), *others[:3]
""",
    ),
    (
        17,
        "embed_gradient",
        """
def embed_gradient(u, tokens, rows):
    return np.eye(rows)[tokens.ravel()].T @ u.reshape(-1, u.shape[2])
""",
    ),
    (
        17,
        "embed_gradient",
        """
def embed_gradient(u, tokens, rows):
    return [u[tokens == row].sum(axis=0) for row in range(rows)]
""",
    ),
    (
        17,
        "attend_by_hand",
        """
products, values, d = q.attend_by_hand.given()
first = 1 / (1 + np.exp((products[1] - products[0]) / d**0.5))
attend_by_hand = (first, 1 - first, first * values[0] + (1 - first) * values[1])
""",
    ),
    (
        17,
        "softmax_backward",
        """
def softmax_backward(dA, A):
    return np.stack([(np.diag(a) - np.outer(a, a)) @ row for a, row in zip(A, dA)])
""",
    ),
    (
        17,
        "attention_gradient",
        """
def attention_gradient(u, q, k, v):
    dq, dk, dv = np.zeros_like(q), np.zeros_like(k), np.zeros_like(v)
    for t in range(len(q)):
        seen = slice(t + 1)
        e = np.exp(k[seen] @ q[t] / np.sqrt(q.shape[1]))
        a = e / e.sum()
        da = v[seen] @ u[t]
        ds = a * (da - a @ da) / np.sqrt(q.shape[1])
        dq[t] = ds @ k[seen]
        dk[seen] += np.outer(ds, q[t])
        dv[seen] += np.outer(a, u[t])
    return dq, dk, dv
""",
    ),
    (
        17,
        "attention_gradient",
        """
def attention_gradient(u, q, k, v):
    E = np.exp(q @ k.T / q.shape[1] ** 0.5) * np.tri(len(q))
    A = E / E.sum(axis=1, keepdims=True)
    G = A * (u @ v.T)
    ds = (G - A * G.sum(axis=1, keepdims=True)) / q.shape[1] ** 0.5
    return [ds @ k, ds.T @ q, A.T @ u]
""",
    ),
]
ATTENTION = """
def attention_gradient(u, q, k, v):
    s = q @ k.T / np.sqrt(q.shape[1])
    A = {A}
    dA = u @ v.T
    ds = A * (dA - (A * dA).sum(axis=1, keepdims=True))
    return ds @ k / np.sqrt(q.shape[1]), ds.T @ q / np.sqrt(q.shape[1]), A.T @ u
"""
WRONG = [
    (
        13,
        "delta_sizes",
        """
def delta_sizes(W, z, delta):
    slope = [None, *(1 / (2 + np.exp(z_l) + np.exp(-z_l)) for z_l in z[1:])]
    second = (delta @ W[3].T) * slope[2]
    first = (second @ W[2].T) * slope[1]
    return [np.linalg.norm(each) for each in (first, second, delta)]
""",
        "it must have shape (5,)",
    ),
    (
        13,
        "delta_sizes",
        """
def delta_sizes(W, z, delta):
    deltas = np.zeros((len(W) - 1, *delta.shape))
    deltas[-1] = delta
    for l in range(len(W) - 2, 0, -1):
        a = 1 / (1 + np.exp(-z[l]))
        deltas[l - 1] = (deltas[l] @ W[l + 1].T) * a * (1 - a)
    return np.sqrt((deltas**2).sum(axis=(1, 2)))
""",
        "could not broadcast",
    ),
    (
        13,
        "clip_together",
        """
def clip_together(dW, db, c):
    largest = max(dW.max(), db.max())
    length = largest * np.sqrt(((dW / largest) ** 2).sum() + ((db / largest) ** 2).sum())
    factor = min(1, c / length)
    return dW * factor, db * factor
""",
        "The largest entry is taken with its sign.",
    ),
    (
        13,
        "clip_together",
        """
def clip_together(dW, db, c):
    largest = np.max(np.concatenate([dW.ravel(), db]))
    length = largest * np.sqrt(((dW / largest) ** 2).sum() + ((db / largest) ** 2).sum())
    if length > c:
        return dW * (c / length), db * (c / length)
    return dW, db
""",
        "The largest entry is taken with its sign.",
    ),
    (
        13,
        "clip_together",
        """
def clip_together(dW, db, c):
    largest = abs(dW).max()
    length = largest * np.hypot(np.linalg.norm(dW / largest), np.linalg.norm(db / largest))
    factor = min(1, c / length)
    return dW * factor, db * factor
""",
        "in dW alone",
    ),
    (
        13,
        "layer_of_overflow",
        """
g = q.layer_of_overflow.given()
layer_of_overflow = round(np.log(3.4028e38) / np.log(g))
""",
        "In that layer the number still fits.",
    ),
    (
        14,
        "portions",
        """
m, n_0, n_1, n_2, room = q.portions.given()
parameters = (n_0 + 1) * n_1 + (n_1 + 1) * n_2
fit = (room - 2 * parameters) // (n_0 + 3 * n_1 + 2 * n_2)
portions = int(np.ceil(m / fit))
""",
        "The inputs are counted with each example.",
    ),
    (
        14,
        "portions",
        """
m, n_0, n_1, n_2, room = q.portions.given()
fit = (room - 2 * (n_0 * n_1 + n_1 * n_2)) // (3 * n_1 + 2 * n_2)
portions = int(np.ceil(m / fit))
""",
        "The biases have gradients too",
    ),
    (
        14,
        "portions",
        """
m, n_0, n_1, n_2, room = q.portions.given()
parameters = (n_0 + 1) * n_1 + (n_1 + 1) * n_2
portions = round(m / ((room - 2 * parameters) // (3 * n_1 + 2 * n_2)))
""",
        "Some examples are left over.",
    ),
    (
        14,
        "floats_held",
        """
m, n_0, n_1, n_2 = q.floats_held.given()
floats_held = m * (3 * n_1 + 2 * n_2) + n_0 * n_1 + n_1 * n_2
""",
        "The gradients of the biases",
    ),
    (
        14,
        "floats_held",
        """
m, n_0, n_1, n_2 = q.floats_held.given()
floats_held = 2 * m * (n_1 + n_2) + (n_0 + 1) * n_1 + (n_1 + 1) * n_2
""",
        "one array more",
    ),
    (
        14,
        "gradient_of_all",
        """
def gradient_of_all(dW, m, W, lmbda):
    return (sum(k * gradient for k, gradient in zip(m, dW)) + lmbda * W) / sum(m)
""",
        "The decay is divided by the number of examples.",
    ),
    (
        14,
        "gradient_of_all",
        """
def gradient_of_all(dW, m, W, lmbda):
    return np.average(dW, axis=0, weights=m) - lmbda * W
""",
        "The decay is subtracted.",
    ),
    (
        14,
        "gradient_of_all",
        """
def gradient_of_all(dW, m, W, lmbda):
    return np.average(dW, axis=0, weights=m) + lmbda / 2 * W
""",
        "The half of lmbda/2 cancels",
    ),
    (14, "with_w_machines", 'with_w_machines = "m * d / (m * d / w + m * t)"', "It belongs to a step"),
    (14, "left_when_frozen", 'left_when_frozen = "(L + 2 * k - 1) / (3 * L - 1)"', "the share of both passes together"),
    (
        14,
        "waist_sweeps",
        """
inputs, waist, outputs = q.waist_sweeps.given()
waist_sweeps = inputs * waist + waist * outputs
""",
        "the entries of the two Jacobians",
    ),
    (
        15,
        "count_ways",
        """
def count_ways(H):
    values = np.linalg.eigvalsh(H)
    return (values < -1e-9).sum(), (abs(values) <= 1e-9).sum(), (values > 1e-9).sum()
""",
        "depends on the scale of H",
    ),
    (
        15,
        "count_ways",
        """
def count_ways(H):
    values = np.linalg.eigvalsh(H)
    flat = np.isclose(values, 0)
    return (values[~flat] < 0).sum(), flat.sum(), (values[~flat] > 0).sum()
""",
        "",
    ),
    (
        15,
        "count_ways",
        """
def count_ways(H):
    values = np.linalg.eigvalsh(H)
    least = 1e-9 * values.max()
    return (values < -least).sum(), (abs(values) <= least).sum(), (values > least).sum()
""",
        "On a hilltop that one is itself zero to rounding",
    ),
    (
        15,
        "count_ways",
        """
def count_ways(H):
    values = np.linalg.eigvalsh(H)
    least = 1e-9 * abs(values[-1])
    return (values < -least).sum(), (abs(values) <= least).sum(), (values > least).sum()
""",
        "On a hilltop that one is itself zero to rounding",
    ),
    (
        15,
        "is_strict_minimum",
        """
def is_strict_minimum(H, g, small):
    return np.linalg.norm(g) < small and (np.linalg.eigvalsh(H) > 1e-9).all()
""",
        "depends on the scale of H",
    ),
    (
        15,
        "is_strict_minimum",
        """
def is_strict_minimum(H, g, small):
    return np.linalg.norm(g) < small < np.linalg.eigvalsh(H).min()
""",
        "which belongs to the gradient",
    ),
    (
        15,
        "is_strict_minimum",
        """
def is_strict_minimum(H, g, small):
    sizes = abs(np.linalg.eigvalsh(H))
    return np.linalg.norm(g) < small and sizes.min() > 1e-9 * sizes.max()
""",
        "The eigenvalues have lost their signs",
    ),
    (
        15,
        "is_strict_minimum",
        """
def is_strict_minimum(H, g, small):
    values = np.linalg.eigvalsh(H)
    return abs(g).sum() < small and values.min() > 1e-9 * abs(values).max()
""",
        "The sizes of the entries of the gradient are added up.",
    ),
    (
        15,
        "is_strict_minimum",
        """
def is_strict_minimum(H, g, small):
    values = np.linalg.eigvalsh(H)
    return g @ g < small and values.min() > 1e-9 * abs(values).max()
""",
        "A root is missing.",
    ),
    (
        15,
        "is_strict_minimum",
        """
def is_strict_minimum(H, g, small):
    values = np.linalg.eigvalsh(H)
    return np.linalg.norm(g) < 1e-6 and values.min() > 1e-9 * abs(values).max()
""",
        "with a number of your own",
    ),
    (
        15,
        "newton_step",
        """
def newton_step(H, g):
    s = -np.linalg.solve(H, g)
    return s, -g @ s
""",
        "which is minus the slope there",
    ),
    (
        15,
        "newton_step",
        """
def newton_step(H, g):
    s = -np.linalg.solve(H, g)
    return s, abs(g @ s)
""",
        "has lost its sign",
    ),
    (
        15,
        "newton_step",
        """
def newton_step(H, g):
    s = -np.linalg.solve(H, g)
    return s, g * s
""",
        "`slope` differs: it is not added up over the first axis yet.",
    ),
    (
        15,
        "restarts",
        """
stuck, risk = q.restarts.given()
restarts = round(np.log(risk) / np.log(stuck))
""",
        "one run too few",
    ),
    (16, "ward_b", 'ward_b = "db mean in db"', "Then every db would be too small"),
    (16, "ward_a", 'ward_a = "no output derivative in delta[2]"', "Then every gradient would be off"),
    (
        16,
        "ward_d",
        'ward_d = "bias never updated in b"',
        "Then the biases would be after a step what they were before it.",
    ),
    (16, "ward_c", 'ward_c = "test not scaled in x_test"', "Then x_test would have"),
    (16, "ward_a", 'ward_a = "no hidden activation in a[1]"', "Then its layers together could do no more than one."),
    (16, "ward_e", 'ward_e = "no hidden derivative in a[1]"', "Then dW[1] and db[1] would be off"),
    (
        16,
        "same_steps",
        """
eta, lmbda, m = q.same_steps.given()
same_steps = [eta * m, lmbda]
""",
        "eta multiplies the decay, too",
    ),
    (
        16,
        "same_steps",
        """
eta, lmbda, m = q.same_steps.given()
same_steps = [eta * m, eta * lmbda]
""",
        "the weight decay. Ask",
    ),
    (
        16,
        "same_steps",
        """
eta, lmbda, m = q.same_steps.given()
same_steps = [eta * m, 0]
""",
        "the weight decay. Ask",
    ),
    (
        16,
        "decay_loss",
        """
def decay_loss(W, lmbda):
    return lmbda * sum((w**2).sum() for w in W[1:])
""",
        "The decay is lambda/2 times",
    ),
    (
        16,
        "decay_loss",
        """
def decay_loss(W, lmbda):
    total = 0
    for l in range(1, len(W) - 1):
        total += lmbda / 2 * (W[l] ** 2).sum()
    return total
""",
        "The weights of the last layer are left out.",
    ),
    (
        16,
        "gradient_of_step",
        """
before, after, eta, lmbda = q.gradient_of_step.given()
gradient_of_step = (after - before) / eta - lmbda * before
""",
        "The sign of the whole is reversed.",
    ),
    (
        17,
        "attend_by_hand",
        """
products, values, d = q.attend_by_hand.given()
A = np.exp(products) / np.exp(products).sum()
attend_by_hand = [*A, A @ values]
""",
        "The scale is missing.",
    ),
    (
        17,
        "centre_gradient",
        """
W, u = q.centre_gradient.given()
centre_gradient = np.sum(u)
""",
        "These are the upstream gradients alone.",
    ),
    (
        17,
        "centre_gradient",
        """
W, u = q.centre_gradient.given()
centre_gradient = (np.rot90(W) * u).sum()
""",
        "by 90 degrees to the left",
    ),
    (
        17,
        "convolve",
        """
def convolve(x, W, b, stride):
    z = np.zeros((len(x), 2, 3, W.shape[3]))
    for i, j in np.ndindex(2, 3):
        window = x[:, i * stride : i * stride + W.shape[0], j * stride : j * stride + W.shape[1]]
        if window.shape[1:3] == W.shape[:2]:
            z[:, i, j] = np.einsum("mpqc,pqcf->mf", window, W) + b
    return z
""",
        "it must have shape",
    ),
    (
        17,
        "conv_gradient",
        """
def conv_gradient(u, x, W, b, stride, dilation):
    dx, dW, (height, width) = np.zeros(x.shape), np.zeros(W.shape), W.shape[:2]
    for i, j in np.ndindex(u.shape[1:3]):
        window = np.s_[:, i * stride : i * stride + height, j * stride : j * stride + width]
        dx[window] += np.einsum("mf,pqcf->mpqc", u[:, i, j], W)
        dW += np.einsum("mpqc,mf->pqcf", x[window], u[:, i, j])
    return dx, dW, u.sum(axis=(0, 1, 2))
""",
        "The windows are taken without holes",
    ),
    (
        17,
        "conv_gradient",
        """
def conv_gradient(u, x, W, b, stride, dilation):
    dx, dW, (height, width) = np.zeros(x.shape), np.zeros(W.shape), W.shape[:2]
    for i, j in np.ndindex(u.shape[1:3]):
        window = np.s_[:, i : i + dilation * height : dilation, j : j + dilation * width : dilation]
        dx[window] += np.einsum("mf,pqcf->mpqc", u[:, i, j], W)
        dW += np.einsum("mpqc,mf->pqcf", x[window], u[:, i, j])
    return dx, dW, u.sum(axis=(0, 1, 2))
""",
        "The windows lie one pixel apart, for dx and for dW.",
    ),
    (
        17,
        "pool_gradient",
        """
def pool_gradient(u, x, size, stride):
    dx = np.zeros_like(x)
    for (i, j), share in np.ndenumerate(u):
        largest, place = 0, (i * stride, j * stride)
        for row in range(i * stride, i * stride + size):
            for column in range(j * stride, j * stride + size):
                if x[row, column] > largest:
                    largest, place = x[row, column], (row, column)
        dx[place] += share
    return dx
""",
        "The search for the largest begins at 0",
    ),
    (
        17,
        "batch_norm_gradient",
        """
def batch_norm_gradient(u, x, gamma, beta, eps):
    sigma = np.sqrt(x.var(axis=0) + eps)
    x_hat, g = (x - x.mean(axis=0)) / sigma, u * gamma
    dx = (g - g.mean(axis=0) - x_hat * (g * x_hat).mean(axis=0)) / sigma
    return dx, (g * x_hat).sum(axis=0), g.sum(axis=0)
""",
        "Behind gamma there is only u.",
    ),
    (
        17,
        "batch_norm_gradient",
        """
def batch_norm_gradient(u, x, gamma, beta, eps):
    sigma = np.sqrt(x.var() + eps)
    x_hat, g = (x - x.mean()) / sigma, u * gamma
    dx = (g - g.mean() - x_hat * (g * x_hat).mean()) / sigma
    return dx, (u * x_hat).sum(axis=0), u.sum(axis=0)
""",
        "One mean and one variance are taken of all entries.",
    ),
    (
        17,
        "layer_norm",
        """
def layer_norm(u, x, gamma, beta, eps):
    sigma = np.sqrt(x.var(axis=1, keepdims=True) + eps)
    x_hat, g = (x - x.mean(axis=1, keepdims=True)) / sigma, u * gamma
    mean = g.mean(axis=1, keepdims=True) + x_hat * (g * x_hat).mean(axis=1, keepdims=True)
    return gamma * x_hat, (g - mean) / sigma
""",
        "beta is missing in z.",
    ),
    (
        17,
        "layer_norm",
        """
def layer_norm(u, x, gamma, beta, eps):
    sigma = np.sqrt(x.var(axis=1, keepdims=True) + 0.25)
    x_hat, g = (x - x.mean(axis=1, keepdims=True)) / sigma, u * gamma
    mean = g.mean(axis=1, keepdims=True) + x_hat * (g * x_hat).mean(axis=1, keepdims=True)
    return gamma * x_hat + beta, (g - mean) / sigma
""",
        "",
    ),
    (
        17,
        "through_time",
        """
def through_time(u, x, W_x, W_h, b, h0):
    states, later = [h0], np.zeros_like(h0)
    for t in range(x.shape[1]):
        states.append(np.tanh(x[:, t] @ W_x + states[t] @ W_h + b))
    delta, before = np.zeros_like(u), np.stack(states[:-1], axis=1)
    for t in reversed(range(x.shape[1])):
        delta[:, t] = (u[:, t] + later) * (1 - states[t + 1] ** 2)
        later = delta[:, t] @ W_h.T
    weights = [np.einsum("mti,mtj->ij", a, delta) for a in (x, before)]
    return delta @ W_x.T, *weights, delta.sum(axis=0)
""",
        "`db` differs: it is not added up over the first axis yet.",
    ),
    (
        17,
        "through_time",
        """
def through_time(u, x, W_x, W_h, b, h0):
    states, later = [h0], np.zeros_like(h0)
    for t in range(x.shape[1]):
        states.append(np.tanh(x[:, t] @ W_x + states[t] @ W_h + b))
    delta, before = np.zeros_like(u), np.stack(states[:-1], axis=1)
    for t in reversed(range(x.shape[1])):
        delta[:, t] = (u[:, t] + later) * (1 - states[t] ** 2)
        later = delta[:, t] @ W_h.T
    weights = [np.einsum("mti,mtj->ij", a, delta) for a in (x, before)]
    return delta @ W_x.T, *weights, delta.sum(axis=(0, 1))
""",
        "The slope is that of the state before.",
    ),
    (
        17,
        "embed_gradient",
        """
def embed_gradient(u, tokens, rows):
    dE = np.zeros((rows, u.shape[2]))
    np.add.at(dE, tokens, u)
    dE[0] = 0
    return dE
""",
        "",
    ),
    (
        17,
        "embed_gradient",
        """
def embed_gradient(u, tokens, rows):
    dE = np.zeros((rows, u.shape[2]))
    for sequence, share in zip(tokens, u):
        dE[sequence] += share
    return dE
""",
        "within one of your additions",
    ),
    (
        17,
        "embed_gradient",
        """
def embed_gradient(u, tokens, rows):
    dE = np.zeros((rows, u.shape[2]))
    for t in range(tokens.shape[1]):
        dE[tokens[:, t]] += u[:, t]
    return dE
""",
        "within one of your additions",
    ),
    (
        17,
        "softmax_backward",
        """
def softmax_backward(dA, A):
    return A * (dA - dA.mean(axis=1, keepdims=True))
""",
        "The plain mean of the row",
    ),
    *(
        (17, "attention_gradient", ATTENTION.format(A=A), words)
        for A, words in [
            ("bp.losses.softmax(s) * np.tri(len(q))", "The mask comes after softmax"),
            ("bp.losses.softmax(s * np.tri(len(q)))", "The hidden scores become 0"),
            ("bp.losses.softmax(np.where(np.tri(len(q)) > 0, s, -1e9).T).T", "Softmax runs down the columns"),
            ("bp.losses.softmax(np.where(np.tri(len(q), k=1) > 0, s, -1e9))", "one place too wide"),
            ("bp.losses.softmax(np.where(np.tri(len(q), k=-1) > 0, s, -1e9))", "one place too narrow"),
        ]
    ),
]


@pytest.mark.parametrize(("number", "name", "source"), RIGHT)
def test_a_right_answer_written_another_way_is_right(is_right, number, name, source):
    is_right(number, name, source)


@pytest.mark.parametrize(("number", "name", "source", "words"), WRONG)
def test_a_wrong_answer_gets_no_mark_and_its_own_words(is_wrong, number, name, source, words):
    is_wrong(number, name, source, words)
