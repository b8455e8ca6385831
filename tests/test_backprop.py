"""Forward and backward: by hand, against differences, the complex step and autograd, and wrong twins refused."""

from itertools import pairwise
from pathlib import Path

import autograd
import autograd.numpy as anp
import numpy as np
import pytest

import bpbook as bp
from bpbook import activations, losses
from bpbook.backprop import Cache, Grads, Params, backward, forward, total_loss

# The running example of chapters 04, 05 and 07: a 2-2-1 network that can be redone on paper, m = 2.
EXAMPLE = Params(
    W=[None, np.array([[0.5, -3.0], [1.5, 0.25]]), np.array([[1.0], [-0.3]])],
    b=[None, np.array([-1.5, 1.25]), np.array([-2.0])],
    f=[None, activations.relu, activations.sigmoid],
)
X, Y = np.array([[1.0, 2.0], [-1.0, 3.0]]), np.array([[1.0], [0.0]])
A = 1 / (1 + np.e)  # sigma(-1)
D = A * A * (1 - A) / 2  # delta^2 of example 1: (a - 0) a (1 - a) / m


@pytest.mark.equation("FF")
def test_feedforward_by_hand():
    # example 0: z^1 = (0.5 + 3 - 1.5, -3 + 0.5 + 1.25) = (2, -1.25), a^1 = (2, 0), z^2 = 2 - 2 = 0, a^2 = 1/2
    # example 1: z^1 = (-0.5 + 4.5 - 1.5, 3 + 0.75 + 1.25) = (2.5, 5), z^2 = 2.5 - 1.5 - 2 = -1
    cache = forward(EXAMPLE, X)
    np.testing.assert_allclose(cache.z[1], [[2, -1.25], [2.5, 5]])
    np.testing.assert_allclose(cache.a[1], [[2, 0], [2.5, 5]])
    np.testing.assert_allclose(cache.z[2], [[0], [-1]], atol=1e-15)
    np.testing.assert_allclose(cache.a[2], [[0.5], [A]])
    assert cache.a[0] is X and cache.z[0] is None


@pytest.mark.equation("BP1")
def test_error_at_the_output_by_hand():
    # example 0: (1/2 - 1)/2 * 1/2 * 1/2 = -1/16
    grads = backward(EXAMPLE, forward(EXAMPLE, X), Y, losses.squared_error)
    np.testing.assert_allclose(grads.delta[2], [[-1 / 16], [D]])


@pytest.mark.equation("BP2")
def test_error_sent_back_by_hand():
    # delta^2 times W^2 = (1, -0.3), through ReLU gates (1, 0) and (1, 1)
    grads = backward(EXAMPLE, forward(EXAMPLE, X), Y, losses.squared_error)
    np.testing.assert_allclose(grads.delta[1], [[-1 / 16, 0], [D, -0.3 * D]])


@pytest.mark.equation("BP3")
def test_bias_gradients_by_hand():
    grads = backward(EXAMPLE, forward(EXAMPLE, X), Y, losses.squared_error)
    np.testing.assert_allclose(grads.db[1], [-1 / 16 + D, -0.3 * D])
    np.testing.assert_allclose(grads.db[2], [-1 / 16 + D])


@pytest.mark.equation("BP4")
def test_weight_gradients_by_hand():
    # dW^1 = x^T delta^1: rows x_0 = (1, -1) and x_1 = (2, 3); dW^2 = a^1^T delta^2: rows (2, 2.5) and (0, 5)
    grads = backward(EXAMPLE, forward(EXAMPLE, X), Y, losses.squared_error)
    np.testing.assert_allclose(grads.dW[1], [[-1 / 16 - D, 0.3 * D], [-1 / 8 + 3 * D, -0.9 * D]])
    np.testing.assert_allclose(grads.dW[2], [[-1 / 8 + 2.5 * D], [5 * D]])


@pytest.mark.equation("BP4")
def test_weight_decay_adds_lambda_W_by_hand():
    decayed = EXAMPLE._replace(lmbda=0.1)
    cache = forward(EXAMPLE, X)
    plain, with_decay = (backward(p, cache, Y, losses.squared_error) for p in (EXAMPLE, decayed))
    np.testing.assert_allclose(with_decay.dW[2] - plain.dW[2], [[0.1], [-0.03]])
    np.testing.assert_array_equal(with_decay.db[2], plain.db[2])
    extra = total_loss(decayed, cache, Y, losses.squared_error) - total_loss(EXAMPLE, cache, Y, losses.squared_error)
    # 0.1/2 (0.25 + 9 + 2.25 + 0.0625 + 1 + 0.09)
    np.testing.assert_allclose(extra, 0.05 * 12.6525)


@pytest.mark.equation("BP4")
def test_an_l1_penalty_adds_lambda_1_sign_W_by_hand():
    penalised = EXAMPLE._replace(lmbda_1=0.1)
    cache = forward(EXAMPLE, X)
    plain, with_l1 = (backward(p, cache, Y, losses.squared_error) for p in (EXAMPLE, penalised))
    for l in (1, 2):
        np.testing.assert_allclose(with_l1.dW[l] - plain.dW[l], np.where(EXAMPLE.W[l] > 0, 0.1, -0.1))
        np.testing.assert_array_equal(with_l1.db[l], plain.db[l])
    extra = total_loss(penalised, cache, Y, losses.squared_error) - total_loss(EXAMPLE, cache, Y, losses.squared_error)
    # 0.1 (0.5 + 3 + 1.5 + 0.25 + 1 + 0.3)
    np.testing.assert_allclose(extra, 0.1 * 6.55)


@pytest.mark.equation("BP4")
@pytest.mark.parametrize("lmbda", [0.0, 0.3])
def test_both_penalties_agree_with_differences_away_from_0(lmbda):
    x, y = np.random.default_rng(1).normal(size=(5, 3)), np.random.default_rng(2).normal(size=(5, 2))
    net = bp.MLP([3, 4, 2], hidden="tanh", loss="squared_error", lmbda=lmbda, lmbda_1=0.2, seed=3)
    assert min(np.abs(W).min() for W in net.W[1:]) > 1e-3  # no step of a difference crosses 0, where |w| has a kink
    report = bp.check_gradients(net, x, y)
    assert all(c.error < 1e-7 for c in report.arrays), report
    wrong = bp.backward(net.params._replace(lmbda_1=0.0), net.forward(x), y, net.loss_function)
    right = net.backward(net.forward(x), y)
    assert all(bp.relative_error(wrong.dW[l], right.dW[l]) > 1e-2 for l in (1, 2))


def test_the_l1_penalty_leaves_a_weight_of_0_alone():
    params = Params([None, np.zeros((1, 1))], [None, np.zeros(1)], [None, activations.identity], lmbda_1=0.5)
    y = np.zeros((1, 1))
    assert backward(params, forward(params, np.ones((1, 1))), y, losses.squared_error).dW[1] == 0


def test_chapter_03s_neuron_by_hand():
    # w = 1, b = -2, x = 2, y = 1: z = 0, a = 1/2, delta = -1/8, dC/dw = -1/4, dC/db = -1/8
    neuron = Params([None, np.array([[1.0]])], [None, np.array([-2.0])], [None, activations.sigmoid])
    cache = forward(neuron, np.array([[2.0]]))
    grads = backward(neuron, cache, np.array([[1.0]]), losses.squared_error)
    assert (cache.a[1].item(), grads.delta[1].item(), grads.dW[1].item(), grads.db[1].item()) == (
        0.5,
        -0.125,
        -0.25,
        -0.125,
    )


# Random networks ---------------------------------------------------------------------------------------------------

HIDDEN = ["identity", "sigmoid", "tanh", "relu", "leaky_relu", "softplus", "elu", "gelu", "softsign"]
PAIRS = [("squared_error", name) for name in HIDDEN]
PAIRS += [("cross_entropy", "sigmoid"), ("binary_cross_entropy", "identity"), ("softmax_cross_entropy", "identity")]


def random_network(rng, hidden, output, loss, depth=None, m=None, scale=1.0):
    """Return params, x, y and the loss: random sizes, biases that are not zero, a lambda that is."""
    depth, m = depth or int(rng.integers(1, 7)), m or int(rng.integers(1, 18))
    sizes = [int(n) for n in rng.integers(1, 41, depth + 1)]
    if loss == "softmax_cross_entropy":
        sizes[-1] = max(sizes[-1], 2)
    # Fan-in scaling, a little more for saturating units, so that gradients neither vanish nor explode.
    W = [None] + [scale * rng.normal(size=shape) * np.sqrt(2 / shape[0]) for shape in pairwise(sizes)]
    b = [None] + [0.3 * rng.normal(size=n) for n in sizes[1:]]
    f = [None] + [activations.get(hidden)] * (depth - 1) + [activations.get(output)]
    x = rng.normal(size=(m, sizes[0]))
    if loss == "squared_error":
        y = rng.normal(size=(m, sizes[-1]))
    elif loss == "softmax_cross_entropy":
        y = rng.dirichlet(np.ones(sizes[-1]), m) if rng.random() < 0.5 else rng.integers(0, sizes[-1], m)
    else:
        y = rng.integers(0, 2, (m, sizes[-1])).astype(float)
    return Params(W, b, f, float(rng.choice([0.0, 0.1]))), x, y, losses.get(loss)


def softplus(z):
    return anp.logaddexp(0.0, z)


def elu(z):
    return anp.where(z > 0, z, anp.exp(anp.minimum(z, 0.0)) - 1)


def gelu(z):
    return 0.5 * z * (1 + anp.tanh(anp.sqrt(2 / anp.pi) * (z + 0.044715 * z**3)))


# An independent forward pass in autograd's NumPy, written without looking at ours.
ORACLE_F = {
    "identity": lambda z: z,
    "sigmoid": lambda z: 0.5 * (anp.tanh(z / 2) + 1),
    "tanh": anp.tanh,
    "relu": lambda z: anp.where(z > 0, z, 0.0),
    "leaky_relu": lambda z: anp.where(z > 0, z, 0.01 * z),
    "softplus": softplus,
    "elu": elu,
    "gelu": gelu,
    "softsign": lambda z: z / (1 + anp.abs(z)),
}


def log_sum_exp(z):
    top = anp.max(z, axis=1, keepdims=True)
    return (top + anp.log(anp.sum(anp.exp(z - top), axis=1, keepdims=True)))[:, 0]


def one_hot(y, n):
    return np.eye(n)[y] if y.ndim == 1 else y


ORACLE_C = {
    "squared_error": lambda a, y: anp.sum((a - y) ** 2) / 2 / len(a),
    "cross_entropy": lambda a, y: -anp.sum(y * anp.log(a) + (1 - y) * anp.log(1 - a)) / len(a),
    "binary_cross_entropy": lambda a, y: anp.sum(softplus(a) - y * a) / len(a),
    "softmax_cross_entropy": lambda a, y: anp.mean(log_sum_exp(a) - anp.sum(one_hot(y, a.shape[1]) * a, axis=1)),
}


def oracle(params, x, y, loss):
    """Return the loss and its gradients (W, b) by the autograd package."""

    def C(weights):
        a = x
        for (W, b), f in zip(weights, params.f[1:], strict=True):
            a = ORACLE_F[f.name](anp.dot(a, W) + b)
        return ORACLE_C[loss.name](a, y) + params.lmbda / 2 * sum(anp.sum(W**2) for W, _ in weights)

    weights = list(zip(params.W[1:], params.b[1:], strict=True))
    return C(weights), autograd.grad(C)(weights)


pairs = pytest.mark.parametrize(("loss", "output"), PAIRS)
hiddens = pytest.mark.parametrize("hidden", HIDDEN)


@pytest.mark.equation("FF")
@pytest.mark.equation("BP1")
@pytest.mark.equation("BP2")
@pytest.mark.equation("BP3")
@pytest.mark.equation("BP4")
@pairs
@hiddens
def test_random_networks_agree_with_autograd(loss, output, hidden):
    rng = np.random.default_rng([HIDDEN.index(hidden), PAIRS.index((loss, output))])
    for _ in range(6):
        # Cross-entropy on outputs loses digits in 1 - a, in our arithmetic and in autograd's: keep it unsaturated.
        scale = 0.6 if loss == "cross_entropy" else 1.0
        params, x, y, C = random_network(rng, hidden, output, loss, scale=scale)
        cache = forward(params, x)
        value, expected = oracle(params, x, y, C)
        grads = backward(params, cache, y, C)
        np.testing.assert_allclose(total_loss(params, cache, y, C), value, rtol=1e-10)
        for l, (dW, db) in enumerate(expected, start=1):
            assert bp.relative_error(grads.dW[l], dW) < 1e-10
            assert bp.relative_error(grads.db[l], db) < 1e-10


@pairs
@pytest.mark.parametrize("hidden", ["sigmoid", "tanh", "softplus", "gelu"])
def test_analytic_networks_agree_with_the_complex_step(loss, output, hidden):
    rng = np.random.default_rng(5)
    if output in ("relu", "leaky_relu", "elu"):
        output = "tanh"
    params, x, y, C = random_network(rng, hidden, output, loss, depth=3, m=4)
    params = params._replace(W=[None] + [W[:7, :5] for W in params.W[1:]])
    sizes = [params.W[1].shape[0]] + [W.shape[1] for W in params.W[1:]]
    rng = np.random.default_rng(6)
    params = params._replace(
        W=[None] + [rng.normal(size=s) for s in pairwise(sizes)],
        b=[None] + [rng.normal(size=n) for n in sizes[1:]],
    )
    x = x[:, : sizes[0]]
    if y.ndim == 2:
        y = rng.dirichlet(np.ones(sizes[-1]), 4) if loss == "softmax_cross_entropy" else y[:, : sizes[-1]]
    else:
        y = y % sizes[-1]
    grads = backward(params, forward(params, x), y, C)
    for name, analytic in (("W", grads.dW), ("b", grads.db)):
        for l in range(1, len(sizes)):

            def f(array, name=name, l=l):
                changed = params._replace(
                    **{name: [*getattr(params, name)[:l], array, *getattr(params, name)[l + 1 :]]}
                )
                return total_loss(changed, forward(changed, x), y, C)

            exact = bp.complex_step_gradient(f, getattr(params, name)[l])
            assert bp.relative_error(analytic[l], exact) < 1e-12


@pairs
@hiddens
@pytest.mark.parametrize("m", [1, 4])
def test_every_weight_and_bias_agrees_with_central_differences(loss, output, hidden, m):
    outputs = {"squared_error": output, "cross_entropy": None}.get(loss)
    # This seed, and biases near 1, leave no layer switched off: there, 0 beside 0 would test nothing.
    net = bp.MLP([3, 4, 1, 2], hidden=hidden, loss=loss, output=outputs, lmbda=0.1, seed=1)
    rng = np.random.default_rng(0)
    for b in net.b[1:]:
        b += 1 + 0.5 * rng.normal(size=b.shape)
    y = rng.integers(0, 2, (m, 2)) if loss != "softmax_cross_entropy" else rng.integers(0, 2, m)
    report = bp.check_gradients(net, rng.normal(size=(m, 3)), y)
    assert [c.verdict for c in report.arrays] == ["right"] * 6, report
    assert all(c.error < 1e-7 for c in report.arrays), report


# Wrong twins: whole backward passes with one line changed ------------------------------------------------------------


def twin(params, cache, y, loss, change):
    """Return `backward` with one change, written out as a reader would get it wrong."""
    W, _, f, lmbda, _ = params
    z, a = cache
    L, m = len(W) - 1, len(a[0])
    delta, dW, db = ([None] * (L + 1) for _ in range(3))
    delta[L] = loss.gradient(a[L], y) * (1 if change == "f' dropped at the output" else f[L].prime(z[L]))
    for l in range(L - 1, 0, -1):
        back = W[l + 1] if change == "transpose dropped" else W[l + 1].T
        slope = {"f' dropped": 1, "f' at a": f[l].prime(a[l]), "f for f'": f[l](z[l])}.get(change, f[l].prime(z[l]))
        sent = loss.gradient(a[L], y) if change == "error for delta" and l == L - 1 else delta[l + 1]
        delta[l] = (sent @ back) * slope
    for l in range(1, L + 1):
        db[l] = {"db mean": delta[l].mean(axis=0), "db over everything": np.full(len(W[l].T), delta[l].sum())}.get(
            change, delta[l].sum(axis=0)
        )
        before = z[l - 1] if change == "z for a" and l > 1 else a[l - 1]
        dW[l] = before.T @ delta[l] + (0 if change == "lambda dropped" else lmbda * W[l])
        dW[l] = {"dW transposed": dW[l].T, "sign": -dW[l], "sum for mean": m * dW[l]}.get(change, dW[l])
    return Grads(delta, dW, db)


CHANGES = ["f' dropped at the output", "f' dropped", "f' at a", "f for f'", "transpose dropped", "error for delta"]
CHANGES += ["db mean", "db over everything", "z for a", "lambda dropped", "dW transposed", "sign", "sum for mean"]


def square_network():
    """Return a network whose layers are square, so that no shape gives a wrong transpose away."""
    rng = np.random.default_rng(8)
    W = [None] + [rng.normal(size=(3, 3)) for _ in range(3)]
    b = [None] + [rng.normal(size=3) for _ in range(3)]
    params = Params(W, b, [None, activations.sigmoid, activations.sigmoid, activations.sigmoid], 0.2)
    return params, rng.normal(size=(5, 3)), rng.normal(size=(5, 3)), losses.squared_error


def worst(grads, expected):
    errors = [bp.relative_error(grads.dW[l], dW) for l, (dW, _) in enumerate(expected, start=1)]
    return max(errors + [bp.relative_error(grads.db[l], db) for l, (_, db) in enumerate(expected, start=1)])


def test_the_twin_without_a_change_is_right():
    params, x, y, loss = square_network()
    _, expected = oracle(params, x, y, loss)
    assert worst(twin(params, forward(params, x), y, loss, change=None), expected) < 1e-10


@pytest.mark.parametrize("change", CHANGES)
def test_a_wrong_backward_pass_is_refused(change):
    params, x, y, loss = square_network()
    _, expected = oracle(params, x, y, loss)
    assert worst(twin(params, forward(params, x), y, loss, change), expected) > 1e-2


# Invariants ----------------------------------------------------------------------------------------------------------


def frozen(params, *arrays):
    for array in [*params.W[1:], *params.b[1:], *arrays]:
        array.flags.writeable = False


@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.complex128])
def test_nothing_is_changed_and_dtype_and_shapes_are_kept(dtype):
    params, x, y, loss = random_network(np.random.default_rng(2), "tanh", "sigmoid", "squared_error", depth=3, m=5)
    params = params._replace(W=[None] + [W.astype(dtype) for W in params.W[1:]], lmbda=0.5)
    params = params._replace(b=[None] + [b.astype(dtype) for b in params.b[1:]])
    x, y = x.astype(dtype), y.astype(dtype)
    frozen(params, x, y)
    cache = forward(params, x)
    frozen(params, *cache.z[1:], *cache.a)
    grads = backward(params, cache, y, loss)
    for l in range(1, 4):
        assert grads.dW[l].shape == params.W[l].shape and grads.db[l].shape == params.b[l].shape
        assert grads.delta[l].shape == cache.z[l].shape == (5, params.W[l].shape[1])
        assert {grads.dW[l].dtype, grads.db[l].dtype, grads.delta[l].dtype, cache.z[l].dtype} == {np.dtype(dtype)}
    assert np.asarray(total_loss(params, cache, y, loss)).dtype == dtype
    assert grads.delta[0] is grads.dW[0] is grads.db[0] is None


@pairs
def test_a_batch_is_the_mean_of_its_examples(loss, output):
    params, x, y, C = random_network(np.random.default_rng(3), "tanh", output, loss, depth=3, m=6)
    whole = backward(params, forward(params, x), y, C)
    parts = [backward(params, forward(params, x[[k]]), y[[k]], C) for k in range(6)]
    for l in range(1, 4):
        np.testing.assert_allclose(whole.dW[l], np.mean([part.dW[l] for part in parts], axis=0), atol=1e-14)
        np.testing.assert_allclose(whole.delta[l], np.vstack([part.delta[l] for part in parts]) / 6, atol=1e-14)


def test_a_second_backward_pass_is_the_first_one_again():
    cache = forward(EXAMPLE, X)
    first, second = (backward(EXAMPLE, cache, Y, losses.squared_error) for _ in range(2))
    for l in (1, 2):
        np.testing.assert_array_equal(first.dW[l], second.dW[l])


def test_a_cache_made_by_hand_will_do():
    cache = forward(EXAMPLE, X)
    copy = Cache([None] + [z.copy() for z in cache.z[1:]], [a.copy() for a in cache.a])
    expected = backward(EXAMPLE, cache, Y, losses.squared_error)
    np.testing.assert_array_equal(backward(EXAMPLE, copy, Y, losses.squared_error).dW[1], expected.dW[1])


def test_the_heart_is_under_120_lines():
    import inspect

    source = inspect.getsource(bp.backprop)
    assert len(source.splitlines()) < 120
    for name in ("FF", "BP1", "BP2", "BP3", "BP4"):
        assert f"# ({name})" in source


def test_the_library_that_a_reader_reads_stays_small():
    read = ["activations", "losses", "initializers", "backprop", "checks", "optimizers", "training", "mlp", "saving"]
    read += ["gradcheck", "graph", "paths"]
    folder = Path(bp.__file__).parent
    assert sum(len((folder / f"{name}.py").read_text(encoding="utf-8").splitlines()) for name in read) < 3000
