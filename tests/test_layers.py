"""The layers beyond the perceptron by hand, by differences, by the complex step, by the graph; wrong twins refused.

Every layer is checked at several shapes, odd ones among them: one example, one unit, one pixel, even kernels, windows
that overlap. `check` is what accepts a backward pass, and it must refuse every twin of `TWINS`, which is the source of
layers.py with one piece of it changed.
"""

import re
import types
from functools import partial
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

import bpbook as bp
from bpbook import graph, layers
from bpbook.gradcheck import complex_step_gradient, relative_error

SOURCE = Path(layers.__file__).read_text(encoding="utf-8")


def drawn(*shapes, seed=0):
    rng = np.random.default_rng([seed, *map(len, shapes)])
    return [rng.normal(size=shape) for shape in shapes]


def conv(shape, kernel, filters, **options):
    arrays = drawn(shape, (*kernel, shape[3], filters), (filters,))
    return lambda module: partial(module.conv_forward, **options), "conv_backward", arrays


def pool(shape, size, stride=None):
    return lambda module: partial(module.max_pool_forward, size=size, stride=stride), "max_pool_backward", drawn(shape)


def norm(kind, *shape):
    arrays = drawn(shape, shape[-1:], shape[-1:])
    return lambda module: getattr(module, f"{kind}_norm_forward"), f"{kind}_norm_backward", arrays


def recurrent(m, T, n_in, n, start=True):
    shapes = [(m, T, n_in), (n_in, n), (n, n), (n,), (m, n)]
    return lambda module: module.recurrent_forward, "recurrent_backward", drawn(*shapes[: 5 if start else 4])


def embedding(tokens, rows, n):
    return lambda module: partial(module.embedding_forward, tokens), "embedding_backward", drawn((rows, n))


def attention(m, T, S, d, n, causal):
    arrays = drawn((m, T, d), (m, S, d), (m, S, n))
    return lambda module: partial(module.attention_forward, causal=causal), "attention_backward", arrays


CASES = {
    "conv": conv((2, 5, 4, 3), (2, 3), 4),
    "conv with a stride and padding": conv((2, 5, 7, 2), (3, 3), 2, stride=2, padding=1),
    "conv with an even kernel and a stride": conv((1, 4, 6, 1), (2, 4), 3, stride=2),
    "conv with gaps between windows": conv((2, 7, 4, 2), (1, 1), 2, stride=3),
    "conv of one pixel": conv((3, 1, 1, 2), (1, 1), 1),
    "conv of one pixel, padded": conv((1, 1, 1, 1), (3, 3), 1, padding=1),
    "pool": pool((2, 4, 6, 3), 2),
    "pool, overlapping": pool((2, 4, 5, 2), 3, 1),
    "pool with gaps": pool((1, 5, 5, 2), 2, 3),
    "pool of one pixel": pool((2, 1, 1, 1), 1),
    "batch norm": norm("batch", 4, 3),
    "batch norm of one unit": norm("batch", 3, 1),
    "batch norm of images": norm("batch", 1, 3, 2, 2),
    "layer norm": norm("layer", 4, 3),
    "layer norm of one row": norm("layer", 1, 5),
    "layer norm of sequences": norm("layer", 2, 3, 4),
    "recurrent": recurrent(2, 4, 3, 5),
    "recurrent from zeros": recurrent(1, 3, 2, 1, start=False),
    "recurrent of one step": recurrent(3, 1, 2, 4),
    "embedding": embedding(np.array([[0, 2, 2], [2, 0, 4]]), 5, 3),
    "embedding of one token": embedding(np.array([1]), 2, 1),
    "attention": attention(2, 4, 4, 3, 5, causal=True),
    "attention over other places": attention(2, 3, 5, 2, 4, causal=False),
    "attention of one place": attention(1, 1, 1, 1, 1, causal=True),
    "attention in one dimension": attention(1, 3, 3, 1, 1, causal=True),
}
each = pytest.mark.parametrize("name", CASES)


def of(name, module=layers):
    forward, backward, arrays = CASES[name]
    return forward(module), getattr(module, backward), arrays


def tupled(found):
    return found if isinstance(found, tuple) else (found,)


def gradients(name, module=layers, seed=1):
    """Return u and the gradients that backward gives, one for each array of the case."""
    forward, backward, arrays = of(name, module)
    z, cache = forward(*arrays)
    u = np.random.default_rng(seed).normal(size=z.shape)
    return u, tupled(backward(cache, u))[: len(arrays)]


def named(prefix):
    return [name for name in CASES if name.startswith(prefix)]


def check(names, module=layers):
    """Say whether central differences confirm every gradient of these cases: what accepts a backward pass."""
    for name in names:
        forward, backward, arrays = of(name, module)
        report = bp.check_layer(forward, backward, *arrays, seed=3)
        if any(row.verdict not in ("right", "zero beside zero") for row in report.arrays):
            return False
    return True


# By hand: forward ----------------------------------------------------------------------------------------------------


@pytest.mark.equation("CONV1")
def test_convolution_by_hand():
    """Each z is the window's entries times the kernel's, not turned round: 1 + 2*10 + 4*100 + 5*1000, plus b."""
    x = np.arange(1.0, 10).reshape(1, 3, 3, 1)
    W, b = np.array([[1.0, 10], [100, 1000]])[:, :, None, None], np.array([0.5])
    z, _ = layers.conv_forward(x, W, b)
    assert_allclose(z[0, :, :, 0], [[5421.5, 6532.5], [8754.5, 9865.5]])
    corners, _ = layers.conv_forward(x, W, b, stride=3, padding=1)
    assert_allclose(corners[0, :, :, 0], [[1000.5, 300.5], [70.5, 9.5]][:2])


@pytest.mark.equation("POOL1")
def test_pooling_by_hand():
    x = np.array([[1.0, 5, 2, -3], [4, 3, -1, -2]]).reshape(1, 2, 4, 1)
    assert_array_equal(layers.max_pool_forward(x, 2)[0].ravel(), [5, 2])
    assert_array_equal(layers.max_pool_forward(x, 2, stride=1)[0].ravel(), [5, 5, 2])


@pytest.mark.equation("BN1")
@pytest.mark.equation("BN2")
def test_batch_norm_by_hand():
    """The columns are 1, 3 (mean 2, variance 1) and 10, 20 (mean 15, variance 25), here with eps = 3 and 11."""
    x, gamma, beta = np.array([[1.0], [3.0]]), np.array([4.0]), np.array([7.0])
    z, cache = layers.batch_norm_forward(x, gamma, beta, eps=3.0)
    assert_allclose(z, [[5.0], [9.0]])
    assert_allclose((cache.mu, cache.sigma), ([[2.0]], [[2.0]]))
    z, _ = layers.batch_norm_forward([[10.0], [20.0]], [1.0], [0.0], eps=11.0)
    assert_allclose(z, [[-5 / 6], [5 / 6]])


@pytest.mark.equation("LN1")
def test_layer_norm_by_hand():
    """The rows are 1, 3 and 10, 20; with eps = 0 each becomes -1, 1."""
    z, _ = layers.layer_norm_forward([[1.0, 3.0], [10.0, 20.0]], [2.0, 5.0], [0.0, 1.0], eps=0.0)
    assert_allclose(z, [[-2, 6], [-2, 6]])
    z, _ = layers.layer_norm_forward([[1.0, 3.0]], [1.0, 1.0], [0.0, 0.0], eps=3.0)
    assert_allclose(z, [[-0.5, 0.5]])


@pytest.mark.equation("RNN1")
def test_a_recurrent_cell_by_hand():
    """One unit, two steps: z_0 = 2*0.5 - 3*0.1 + 0.2 = 0.9, then z_1 = 2*(-1) - 3 tanh 0.9 + 0.2."""
    x, W_x, W_h, b, h0 = np.array([[[0.5], [-1.0]]]), [[2.0]], [[-3.0]], [0.2], [[0.1]]
    h, _ = layers.recurrent_forward(x, W_x, W_h, b, h0)
    assert_allclose(h.ravel(), [np.tanh(0.9), np.tanh(-1.8 - 3 * np.tanh(0.9))])
    h, _ = layers.recurrent_forward(x, W_x, W_h, b)
    assert_allclose(h[0, 0], np.tanh([1.2]))


@pytest.mark.equation("EMB1")
def test_an_embedding_looks_rows_up():
    z, _ = layers.embedding_forward([[2, 0], [2, 1]], [[1.0, 2], [3, 4], [5, 6]])
    assert_array_equal(z, [[[5, 6], [1, 2]], [[5, 6], [3, 4]]])


@pytest.mark.equation("ATT1")
@pytest.mark.equation("ATT2")
@pytest.mark.equation("ATT3")
def test_attention_by_hand():
    """In 4 dimensions the scores are halved: the last query has 2 ln 3 / 2 = ln 3 and 0, so it takes 3/4 and 1/4."""
    q = np.zeros((1, 2, 4))
    q[0, :, 0] = 2 * np.log(3)
    k = np.zeros((1, 2, 4))
    k[0, 0, 0] = 1
    v = np.array([[[8.0, 0.0], [4.0, 1.0]]])
    z, cache = layers.attention_forward(q, k, v)
    assert_allclose(cache.A[0], [[1, 0], [3 / 4, 1 / 4]])
    assert_allclose(z[0], [[8, 0], [7, 1 / 4]])
    z, cache = layers.attention_forward(q, k, v, causal=False)
    assert_allclose(cache.A[0], [[3 / 4, 1 / 4]] * 2)
    huge, _ = layers.attention_forward(1000 * q, 1000 * k, v)
    assert_allclose(huge[0], [[8, 0], [8, 0]])


# Backward: central differences ---------------------------------------------------------------------------------------


@pytest.mark.equation("CONV2")
@pytest.mark.equation("CONV3")
@pytest.mark.equation("CONV4")
def test_convolution_sends_back_what_differences_say():
    assert check(named("conv"))


@pytest.mark.equation("POOL2")
def test_pooling_sends_back_what_differences_say():
    assert check(named("pool"))


@pytest.mark.equation("BN3")
@pytest.mark.equation("BN4")
def test_batch_norm_sends_back_what_differences_say():
    assert check(named("batch norm"))


@pytest.mark.equation("LN2")
def test_layer_norm_sends_back_what_differences_say():
    assert check(named("layer norm"))


@pytest.mark.equation("RNN2")
@pytest.mark.equation("RNN3")
@pytest.mark.equation("RNN4")
def test_a_recurrent_cell_sends_back_what_differences_say():
    assert check(named("recurrent"))


@pytest.mark.equation("EMB2")
def test_an_embedding_sends_back_what_differences_say():
    assert check(named("embedding"))


@pytest.mark.equation("ATT4")
@pytest.mark.equation("ATT5")
@pytest.mark.equation("ATT6")
@pytest.mark.equation("ATT7")
def test_attention_sends_back_what_differences_say():
    assert check(named("attention"))


# Backward: by hand ---------------------------------------------------------------------------------------------------


def test_the_gradient_of_a_convolution_by_hand():
    """With u = 1 0 / 0 10 the kernel 1 2 / 3 4 stands once at the corner, and ten times one pixel further."""
    W, b = np.array([[1.0, 2], [3, 4]])[:, :, None, None], np.zeros(1)
    x = np.arange(9.0).reshape(1, 3, 3, 1)
    _, cache = layers.conv_forward(x, W, b)
    dx, dW, db = layers.conv_backward(cache, np.array([[1.0, 0], [0, 10]])[None, :, :, None])
    assert_array_equal(dx[0, :, :, 0], [[1, 2, 0], [3, 14, 20], [0, 30, 40]])
    assert_array_equal(dW[:, :, 0, 0], [[40, 51], [73, 84]])  # x_00 + 10 x_11, x_01 + 10 x_12, ...
    assert_array_equal(db, [11])


def test_the_gradient_of_a_pool_goes_to_the_first_of_equals_and_adds_up():
    x = np.array([[7.0, 7], [7, 7]])[None, :, :, None]
    _, cache = layers.max_pool_forward(x, 2)
    assert_array_equal(layers.max_pool_backward(cache, [[[[5.0]]]])[0, :, :, 0], [[5, 0], [0, 0]])
    x = np.array([[1.0, 9, 2]])[None, :, :, None]
    _, cache = layers.max_pool_forward(np.concatenate([x, x - 20], axis=1), 2, stride=1)
    assert_array_equal(layers.max_pool_backward(cache, [[[[3.0], [4.0]]]])[0, :, :, 0], [[0, 7, 0], [0, 0, 0]])


def test_the_gradient_of_a_norm_by_hand():
    """x = 0, 0, 4, 4 has x_hat = -1, -1, 1, 1 and sigma 2. u = 1, 0, 0, 0: mean 1/4, mean of u x_hat -1/4."""
    x, u = np.array([[0.0], [0], [4], [4]]), np.array([[1.0], [0], [0], [0]])
    _, cache = layers.batch_norm_forward(x, [1.0], [0.0], eps=0.0)
    dx, dgamma, dbeta = layers.batch_norm_backward(cache, u)
    assert_allclose(dx.ravel(), [(1 - 1 / 4 - 1 / 4) / 2, (-1 / 4 - 1 / 4) / 2, 0, 0], atol=1e-15)
    assert_allclose((dgamma, dbeta), ([-1], [1]))
    assert_allclose(dx.sum(), 0, atol=1e-15)  # a shift of all rows changes nothing


def test_what_repeats_adds_up_in_an_embedding():
    _, cache = layers.embedding_forward([[1, 1], [0, 1]], np.zeros((3, 2)))
    dE = layers.embedding_backward(cache, [[[1.0, 2], [10, 20]], [[5, 6], [100, 200]]])
    assert_array_equal(dE, [[5, 6], [111, 222], [0, 0]])


def test_nothing_goes_back_to_what_a_mask_hides():
    forward, backward, arrays = of("attention")
    z, cache = forward(*arrays)
    u = np.zeros_like(z)
    u[:, 1] = 1.0  # only the second query asks
    dq, dk, dv = backward(cache, u)
    assert not dk[:, 2:].any() and not dv[:, 2:].any() and not dq[:, [0, 2, 3]].any()
    assert dk[:, :2].all() and dv[:, :2].all()


# Backward: the complex step, the graph -------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [name for name in CASES if not name.startswith("pool")])
def test_the_complex_step_agrees_to_the_last_digits(name):
    forward, _, arrays = of(name)
    u, found = gradients(name)
    for k, g in enumerate(found):
        f = lambda value, k=k: (u * forward(*arrays[:k], value, *arrays[k + 1 :])[0]).sum()  # noqa: E731
        n = complex_step_gradient(f, arrays[k])
        assert relative_error(g, n) < 1e-12


def conv_graph(x, W, b, stride=1, padding=0):
    m, (k_h, k_w, _, f) = x.shape[0], W.shape
    for axis in (1, 2) if padding else ():
        ring = np.zeros([padding if side == axis else n for side, n in enumerate(x.shape)])
        x = graph.concatenate([ring, x, ring], axis=axis)
    rows, columns = ((n - k) // stride + 1 for n, k in zip(x.shape[1:3], (k_h, k_w), strict=True))
    places = [(i * stride, j * stride) for i in range(rows) for j in range(columns)]
    windows = [graph.reshape(x[:, i : i + k_h, j : j + k_w], (m, -1)) for i, j in places]
    z = [graph.reshape(window @ graph.reshape(W, (-1, f)) + b, (m, 1, f)) for window in windows]
    return graph.reshape(graph.concatenate(z, axis=1), (m, rows, columns, f))


def pool_graph(x, size, stride=None):
    stride = stride or size
    m, height, width, c = x.shape
    rows, columns = ((n - size) // stride + 1 for n in (height, width))
    places = [(i * stride, j * stride) for i in range(rows) for j in range(columns)]
    z = [graph.max(x[:, i : i + size, j : j + size], axis=(1, 2)) for i, j in places]
    return graph.reshape(graph.concatenate([graph.reshape(a, (m, 1, c)) for a in z], axis=1), (m, rows, columns, c))


def norm_graph(x, gamma, beta, axes):
    centred = x - graph.mean(x, axis=axes, keepdims=True)
    return gamma * centred / (graph.mean(centred**2, axis=axes, keepdims=True) + 1e-5) ** 0.5 + beta


def recurrent_graph(x, W_x, W_h, b, h0=None):
    m, T, _ = x.shape
    h, states = np.zeros((m, len(b.value))) if h0 is None else h0, []
    for t in range(T):
        h = graph.tanh(x[:, t] @ W_x + graph._node(h) @ W_h + b)
        states.append(graph.reshape(h, (m, 1, -1)))
    return graph.concatenate(states, axis=1)


def attention_graph(q, k, v, causal):
    (m, T, d), S, found = q.shape, k.shape[1], []
    for example in range(m):
        s = q[example] @ k[example].T / np.sqrt(d)
        s = s + np.where(np.tril(np.ones((T, S))), 0.0, -np.inf) if causal else s
        A = graph.exp(s - graph.log_sum_exp(s, axis=1, keepdims=True))
        found.append(graph.reshape(A @ v[example], (1, T, -1)))
    return graph.concatenate(found)


GRAPHS = {
    "conv": conv_graph,
    "pool": pool_graph,
    "batch norm": lambda x, gamma, beta: norm_graph(x, gamma, beta, tuple(range(len(x.shape) - 1))),
    "layer norm": lambda x, gamma, beta: norm_graph(x, gamma, beta, -1),
    "recurrent": recurrent_graph,
    "embedding": lambda tokens, E: E[tokens],
    "attention": attention_graph,
}


@each
def test_the_graph_agrees_to_the_last_digits(name):
    forward, _, arrays = of(name)
    fixed = forward if isinstance(forward, partial) else partial(forward)
    kind = next(kind for kind in GRAPHS if name.startswith(kind))
    nodes = [graph.variable(array) for array in arrays]
    output = GRAPHS[kind](*fixed.args, *nodes, **fixed.keywords)
    u, found = gradients(name)
    assert relative_error(forward(*arrays)[0], output.value) < 1e-12
    adjoint = graph.backward(output, u)
    for node, g in zip(nodes, found, strict=True):
        assert relative_error(g, adjoint[node]) < 1e-12


# Invariants ----------------------------------------------------------------------------------------------------------


@each
def test_inputs_stay_as_they_are_and_shapes_and_precision_are_kept(name):
    forward, backward, arrays = of(name)
    arrays = [array.astype(np.float32) for array in arrays]
    before = [array.copy() for array in arrays]
    z, cache = forward(*arrays)
    u = np.ones_like(z)
    found = tupled(backward(cache, u))
    assert z.dtype == np.float32 and {g.dtype for g in found} == {np.dtype(np.float32)}
    for array, kept, g in zip(arrays, before, found, strict=False):
        assert_array_equal(array, kept)
        assert g.shape == array.shape
    assert (u == 1).all()
    for again, g in zip(tupled(backward(cache, u)), found, strict=True):
        assert_array_equal(again, g)  # nothing is left behind in the cache


@pytest.mark.parametrize("name", ["conv", "pool", "layer norm", "recurrent", "attention"])
def test_a_batch_is_its_examples_added_up(name):
    forward, backward, arrays = of(name)
    of_batch = {"conv": 1, "pool": 1, "layer norm": 1, "recurrent": 5, "attention": 3}[name]
    batched = [k for k in range(len(arrays)) if k == 0 or name == "attention" or (name == "recurrent" and k == 4)]
    u, found = gradients(name)
    alone = []
    for example in range(len(u)):
        own = [array[[example]] if k in batched else array for k, array in enumerate(arrays)]
        alone.append(tupled(backward(forward(*own)[1], u[[example]])))
    for k, g in enumerate(found[:of_batch]):
        parts = [gradient[k] for gradient in alone]
        assert_allclose(g, np.concatenate(parts) if k in batched else sum(parts), rtol=1e-10, atol=1e-12)


def test_batch_norm_is_layer_norm_with_rows_and_columns_exchanged():
    x, u = drawn((4, 3), (4, 3))
    down, across = (f(a, np.ones(a.shape[1]), np.zeros(a.shape[1])) for f, a in
                    ((layers.batch_norm_forward, x), (layers.layer_norm_forward, x.T)))  # fmt: skip
    assert_allclose(down[0], across[0].T)
    assert_allclose(layers.batch_norm_backward(down[1], u)[0], layers.layer_norm_backward(across[1], u.T)[0].T)


def test_one_window_over_everything_is_a_dense_layer():
    """A kernel as large as the image is the matrix product of chapter 04, with (BP3) and (BP4) for its gradients."""
    x, W, b, u = drawn((3, 2, 4, 2), (2, 4, 2, 5), (5,), (3, 5))
    z, cache = layers.conv_forward(x, W, b)
    flat = x.reshape(3, -1)
    assert_allclose(z[:, 0, 0], flat @ W.reshape(-1, 5) + b)
    dx, dW, db = layers.conv_backward(cache, u[:, None, None])
    assert_allclose(dx.reshape(3, -1), u @ W.reshape(-1, 5).T)
    assert_allclose(dW.reshape(-1, 5), flat.T @ u)
    assert_allclose(db, u.sum(axis=0))


def test_the_error_fades_through_time_as_through_depth():
    """A recurrent cell of one unit is the chain of chapter 13 whose layers share one weight."""
    w, T = 0.5, 6
    h, cache = layers.recurrent_forward(np.ones((1, T, 1)), [[0.3]], [[w]], [0.0])
    u = np.zeros((1, T, 1))
    u[0, -1] = 1.0
    dx = layers.recurrent_backward(cache, u)[0]
    slopes = 1 - h[0, :, 0] ** 2
    assert_allclose(dx[0, 0, 0], 0.3 * w ** (T - 1) * slopes.prod())


# A network of layers, and check_gradients ----------------------------------------------------------------------------


class ConvNet:
    """A convolution and a dense layer, with the members of an MLP that `check_gradients` looks at."""

    def __init__(self, backward=layers.conv_backward):
        self.W, self.b = ([None, *drawn(*shapes)] for shapes in (((2, 2, 1, 3), (27, 2)), ((3,), (2,))))
        self.params = SimpleNamespace(f=[None, SimpleNamespace(kinks=()), SimpleNamespace(kinks=())])
        self.conv_backward = backward

    def forward(self, x):
        z1, cache = layers.conv_forward(x, self.W[1], self.b[1])
        a1 = np.tanh(z1)
        z2 = a1.reshape(len(x), -1) @ self.W[2] + self.b[2]
        return bp.Cache([cache, z1, z2], [x, a1, z2])

    def loss(self, cache, y):
        return bp.losses.softmax_cross_entropy(cache.a[-1], y)

    def backward(self, cache, y):
        (conv, _, z2), (_, a1, _) = cache.z, cache.a
        delta2 = bp.losses.softmax_cross_entropy.gradient(z2, y)
        delta1 = (delta2 @ self.W[2].T).reshape(a1.shape) * (1 - a1**2)
        _, dW1, db1 = self.conv_backward(conv, delta1)
        dW2 = a1.reshape(len(y), -1).T @ delta2
        return bp.Grads([None, delta1, delta2], [None, dW1, dW2], [None, db1, delta2.sum(axis=0)])


def test_check_gradients_works_on_a_network_with_a_convolution_and_refuses_a_wrong_one():
    (x,), y = drawn((4, 4, 4, 1)), np.array([0, 1, 1, 0])
    report = bp.check_gradients(ConvNet(), x, y)
    assert report.ok and len(report.arrays) == 4, report

    def turned(cache, u):
        dx, dW, db = layers.conv_backward(cache, u)
        return dx, dW[::-1, ::-1], db

    report = bp.check_gradients(ConvNet(turned), x, y)
    assert not report.ok and [row.name for row in report.arrays if row.verdict == "wrong"] == ["dW[1]"]


def test_check_layer_says_which_array_is_wrong_and_what_it_cannot_judge():
    forward, backward, arrays = of("batch norm")

    def without_variance(cache, u):
        g = u * cache.gamma
        return (g - g.mean(axis=0)) / cache.sigma, *backward(cache, u)[1:]

    report = bp.check_layer(forward, without_variance, *arrays)
    assert [(row.name, row.verdict) for row in report.arrays] == [
        ("dx", "wrong"),
        ("dgamma", "right"),
        ("dbeta", "right"),
    ]
    assert not report.ok and bp.check_layer(forward, backward, *arrays).ok
    assert bp.check_layer(lambda *a: forward(*a), backward, *arrays).arrays[0].name == "d[0]"
    alone = bp.check_layer(layers.layer_norm_forward, layers.layer_norm_backward, [[5.0]], [1.0], [2.0])
    assert [row.verdict for row in alone.arrays] == ["zero beside zero", "zero beside zero", "right"]


def test_check_layer_copes_with_large_and_small_numbers():
    forward, backward, (x, gamma, beta) = of("batch norm")
    for size in (1e-4, 1e4):
        assert bp.check_layer(partial(forward, eps=1e-12 * size), backward, size * x, gamma, beta).ok, size


@pytest.mark.parametrize(
    ("backward", "message"),
    [
        (lambda cache, u: u, r"^backward must return 3 gradients, one for each array; got 1\. Fix"),
        (lambda cache, u: (u.T, u, u), r"^dx must have the shape of x, \(4, 3\); got \(3, 4\)\.$"),
    ],
)
def test_check_layer_refuses_what_it_cannot_compare(backward, message):
    with pytest.raises(ValueError, match=message):
        bp.check_layer(layers.batch_norm_forward, backward, *CASES["batch norm"][2])


# Refusals, each with its mend ----------------------------------------------------------------------------------------

IMAGES, KERNEL = np.ones((2, 5, 6, 3)), np.ones((2, 2, 3, 4))
REFUSED = {
    "a stride that leaves a row over": (
        lambda x: layers.conv_forward(x, KERNEL, np.ones(4), stride=2),
        IMAGES,
        r"^stride must divide the height left, 5 - 2; got 2\. Crop the image: (x\[:, :-1\])\.$",
    ),
    "a stride that leaves columns over": (
        lambda x: layers.conv_forward(x, np.ones((2, 3, 3, 4)), np.ones(4), stride=3),
        IMAGES[:, :, :5],
        r"^stride must divide the width left, 5 - 3; got 3\. Crop the image: (x\[:, :, :-2\])\.$",
    ),
    "pooling that leaves a row over": (
        lambda x: layers.max_pool_forward(x, 2),
        IMAGES,
        r"^stride must divide the height left, 5 - 2; got 2\. Crop the image: (x\[:, :-1\])\.$",
    ),
    "images without channels": (
        lambda x: layers.conv_forward(x, np.ones((2, 2, 1, 4)), np.ones(4)),
        np.ones((2, 5, 6)),
        r"^x must have shape \(m, height, width, c\); got \(2, 5, 6\)\. For images of one channel pass (x\[.*\])\.$",
    ),
    "one row of a batch": (
        lambda x: layers.layer_norm_forward(x, np.ones(3), np.ones(3)),
        np.ones(3),
        r"^x must have shape \(m, \.\.\., n\); got \(3,\)\. For one example pass (x\[None, :\])\.$",
    ),
    "a sequence of numbers": (
        lambda x: layers.recurrent_forward(x, np.ones((1, 2)), np.ones((2, 2)), np.ones(2)),
        np.ones((2, 5)),
        r"^x must have shape \(m, T, n_in\); got \(2, 5\)\. For a sequence of single numbers pass (x\[.*\])\.$",
    ),
    "one sequence": (
        lambda x: layers.attention_forward(x, np.ones((1, 4, 2)), np.ones((1, 4, 2))),
        np.ones((4, 2)),
        r"^q must have shape \(m, T, d\); got \(4, 2\)\. For one sequence pass (q\[None\])\.$",
    ),
}


@pytest.mark.parametrize(("call", "x", "message"), REFUSED.values(), ids=REFUSED)
def test_what_does_not_fit_is_refused_and_the_mend_mends(call, x, message):
    with pytest.raises(ValueError, match=message) as refusal:
        call(x)
    call(eval(re.search(message, str(refusal.value))[1], {"x": x, "q": x}))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: layers.conv_forward(IMAGES, np.ones((7, 2, 3, 4)), np.ones(4)),
            r"^the window's height must fit into x; got 7 over 5\. Pass a larger padding\.$",
        ),
        (lambda: layers.conv_forward(IMAGES, KERNEL[:, :, :1], np.ones(4)), r"^W must have shape \(height, width, 3,"),
        (lambda: layers.conv_forward(IMAGES, KERNEL, np.ones(3)), r"^b must have shape \(4\); got \(3,\)\."),
        (lambda: layers.conv_forward(IMAGES, KERNEL, np.ones(4), stride=0), "^stride must be at least 1; got 0"),
        (lambda: layers.conv_forward(IMAGES, KERNEL, np.ones(4), padding=-1), "^padding must be at least 0; got -1"),
        (lambda: layers.batch_norm_forward(np.ones((1, 3)), np.ones(3), np.ones(3)), "as one row is its own mean"),
        (lambda: layers.batch_norm_forward(np.ones((2, 3)), np.ones(2), np.ones(3)), r"^gamma must have shape \(3\)"),
        (lambda: layers.embedding_forward([[0, -1]], np.ones((3, 2))), "^tokens must be whole numbers from 0 to 2; g"),
        (lambda: layers.embedding_forward([[0, 3]], np.ones((3, 2))), "^tokens must be whole numbers from 0 to 2; g"),
        (lambda: layers.embedding_forward([0.0], np.ones((3, 2))), "^tokens must be whole numbers from 0 to 2; g"),
        (lambda: layers.attention_forward(*drawn((1, 2, 3), (1, 4, 3), (1, 4, 3))), r"^k must have shape \(1, 2, 3\)"),
        (lambda: layers.attention_forward(*drawn((1, 2, 3), (1, 2, 3), (1, 3, 3))), r"^v must have shape \(1, 2, n\)"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_refused(call, message):
    with pytest.raises(ValueError, match=message) as refusal:
        call()
    assert "\n" not in str(refusal.value)


@each
def test_an_upstream_gradient_of_another_shape_is_refused(name):
    forward, backward, arrays = of(name)
    z, cache = forward(*arrays)
    for u in (z[0], np.ones((*z.shape, 1)), np.concatenate([z, z])):
        with pytest.raises(ValueError, match=r"^u must have shape \(.*\); got \(.*\)\. Pass dC/dz, with one entry"):
            backward(cache, u)


# Wrong twins ---------------------------------------------------------------------------------------------------------

# (cases, part of the source, what stands there instead): one wrong twin or more of every line of a backward pass.
TWINS = {
    "conv: db is a mean": ("conv", "db = u.sum(axis=(0, 1, 2))", "db = u.mean(axis=(0, 1, 2))"),
    "conv: db of the examples only": ("conv", "db = u.sum(axis=(0, 1, 2))", "db = u.sum(axis=0)[0, 0]"),
    "conv: dW with the kernel turned": ("conv", 'windows, u, optimize=True)  # (CONV3)', 'windows, u)[::-1, ::-1]'),
    "conv: dW of windows reversed": ("conv", 'mijf->pqcf", windows, u', 'mijf->pqcf", windows, u[:, ::-1]'),
    "conv: stride forgotten on the way back": (
        "conv with a stride", "down : stride, k_w - 1 : k_w - 1 + across : stride] = u",
        "rows, k_w - 1 : k_w - 1 + columns] = u"),
    "conv: kernel not turned": ("conv", "W[::-1, ::-1], optimize", "W, optimize"),
    "conv: kernel turned in one direction": ("conv", "W[::-1, ::-1], optimize", "W[::-1], optimize"),
    "conv: padding forgotten on the way back": (
        "conv with a stride", "inside = slice(padding, -padding or None)", "inside = slice(0, -2 * padding or None)"),
    "pool: another of the window": ("pool", "i * stride + winner // size", "i * stride + winner % size"),
    "pool: the last window wins": ("pool, overlapping", "np.add.at(dx, place, u)", "dx[place] = u"),
    "pool: steps of the size": ("pool with gaps", "(example, i * stride", "(example, i * size"),
    "norm: dbeta is a mean": ("batch norm", "dbeta = u.sum(rows)", "dbeta = u.mean(rows)"),
    "norm: dgamma from x": ("batch norm", "(u * x_hat).sum(rows)", "(u * x_hat * sigma).sum(rows)"),
    "norm: mean's path missing": ("batch norm", "(g - through_mean - through_variance)", "(g - through_variance)"),
    "norm: variance's path missing": ("batch norm", "(g - through_mean - through_variance)", "(g - through_mean)"),
    "norm: variance's path added": ("batch norm", "- through_variance)", "+ through_variance)"),
    "norm: both paths missing": ("layer norm", "(g - through_mean - through_variance)", "g"),
    "norm: gamma missing": ("batch norm", "g = u * gamma", "g = u"),
    "norm: sigma missing": ("batch norm", "through_variance) / sigma", "through_variance)"),
    "norm: sums for means": ("batch norm", "g.mean(axes, keepdims=True)", "g.sum(axes, keepdims=True)"),
    "norm: columns for rows": (
        "layer norm of seq", "x_hat, sigma, _, gamma, axes = cache",
        "(x_hat, sigma, _, gamma), axes = cache[:4], (0, 1)"),
    "recurrent: time truncated": ("recurrent", "(u[:, t] + from_later)", "u[:, t]"),
    "recurrent: only the last upstream": ("recurrent", "(u[:, t] + from_later)", "(u[:, t] * (t > T-2) + from_later)"),
    "recurrent: slope of the state before": ("recurrent", "(1 - h[:, t] ** 2)", "(1 - h[:, t - 1] ** 2)"),
    "recurrent: slope missing": ("recurrent", " * (1 - h[:, t] ** 2)", ""),
    "recurrent: W_h not transposed": ("recurrent", "delta[:, t] @ W_h.T", "delta[:, t] @ W_h"),
    "recurrent: states of the same step": ("recurrent", "h[:, np.arange(T) - 1], delta", "h[:, :T], delta"),
    "recurrent: first step's weights only": ("recurrent", 'mtj->ij", x, delta', 'mtj->ij", x[:, :1], delta[:, :1]'),
    "recurrent: db of one step": ("recurrent", "delta.sum(axis=(0, 1))", "delta[:, 0].sum(axis=0)"),
    "recurrent: dx through W_h": ("recurrent from", "dx = delta @ W_x.T", "dx = delta @ (W_x * W_h).T"),
    "embedding: repeats overwrite": ("embedding", "np.add.at(dE, tokens, u)", "dE[tokens] = u"),
    "embedding: repeats counted once": ("embedding", "np.add.at(dE, tokens, u)", "dE[tokens] += u"),
    "attention: dv not transposed": ("attention", '"mts,mtn->msn", A, u', '"mst,mtn->msn", A, u'),
    "attention: softmax as a product": ("attention", "dA - (A * dA).sum(axis=2, keepdims=True)", "dA * (1 - A)"),
    "attention: sum of dA without A": ("attention", "(A * dA).sum(axis=2", "dA.sum(axis=2"),
    "attention: sum over queries": ("attention", "(A * dA).sum(axis=2", "(A * dA).sum(axis=1"),
    "attention: scale forgotten in dq": ("attention", "ds @ k / q.shape[2] ** 0.5", "ds @ k"),
    "attention: scale forgotten in dk": ("attention", "ds, q, optimize=True) / q.shape[2] ** 0.5", "ds, q)"),
    "attention: scale without the root": ("attention", "ds @ k / q.shape[2] ** 0.5", "ds @ k / q.shape[2]"),
    "attention: queries and keys exchanged": ("attention", "return dq, dk, dv", "return dk, dq, dv"),
    "attention: ds not transposed": ("attention", '"mts,mtd->msd", ds, q', '"mst,mtd->msd", ds, q'),
    "attention: mask forgotten": (
        "attention", "dv = np.einsum", "A = np.exp(np.einsum('mtd,msd->mts', q, k) / q.shape[2] ** 0.5);"
        " A = A / A.sum(axis=2, keepdims=True); dv = np.einsum"),
}  # fmt: skip


def changed(part, becomes):
    assert SOURCE.count(part) == 1, (part, SOURCE.count(part))
    module = types.ModuleType("bpbook.layers_twin")
    module.__package__ = "bpbook"
    exec(compile(SOURCE.replace(part, becomes), "layers_twin.py", "exec"), vars(module))
    return module


@pytest.mark.parametrize(("cases", "part", "becomes"), TWINS.values(), ids=TWINS)
def test_a_wrong_twin_is_refused(cases, part, becomes):
    names = [name for name in named(cases) if name not in ("attention of one place", "attention over other places")]
    assert check(names)
    assert not check(names, changed(part, becomes))


def test_a_layer_is_checked_without_a_word_at_an_entry_shorter_than_the_steps():
    def forward(x):
        return np.maximum(x, 0), x

    report = bp.check_layer(forward, lambda x, u: u * (x > 0), [1e-6, -2e-6, 0.5])
    assert report.ok and report.arrays[0].compared == 3  # a warning would be an error


@pytest.mark.parametrize("dtype", [np.float32, np.float16])
def test_a_right_layer_that_computes_in_few_digits_is_not_called_wrong_and_a_wrong_one_is(dtype):
    def forward(x, W):
        return x.astype(dtype) @ W.astype(dtype), (x, W)

    for seed in range(20):
        rng = np.random.default_rng(seed)
        x, W = rng.normal(size=(3, 4)), rng.normal(size=(4, 2))
        for factor in (1, 2, -1):
            report = bp.check_layer(forward, lambda c, u, factor=factor: (u @ c[1].T, factor * c[0].T @ u), x, W)
            verdicts = [row.verdict for row in report.arrays]
            assert verdicts[0] != "wrong" and verdicts[1] in (
                ("right", "too small to tell") if factor == 1 else ("wrong",)
            )


def test_no_entries_and_words_are_named_as_the_reader_passed_them():
    square = (lambda x: (x**2, x)), (lambda x, u: 2 * x * u)
    assert not bp.check_layer(*square, np.zeros(0)).ok
    with pytest.raises(
        TypeError, match=r"^arrays\[0\] must hold real numbers; .* Pass np\.unique\(arrays\[0\], return_inv"
    ):
        bp.check_layer(*square, ["a"])
