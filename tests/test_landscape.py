"""The landscape: a vector and back, and the Hessian's products against differences, by hand, by symmetry."""

import numpy as np
import pytest

import bpbook as bp
from bpbook import landscape

RNG = np.random.default_rng(0)
LOSSES = ["squared_error", "cross_entropy", "binary_cross_entropy", "softmax_cross_entropy"]
SMOOTH = ["identity", "sigmoid", "tanh", "softplus", "gelu"]
BENT = ["relu", "leaky_relu", "elu", "softsign"]


def problem(loss="squared_error", hidden="tanh", lmbda=0.1, dtype=np.float64, seed=0):
    rng = np.random.default_rng(seed)
    net = bp.MLP([2, 5, 3], hidden=hidden, loss=loss, lmbda=lmbda, biases="uniform", seed=seed, dtype=dtype)
    x = rng.normal(size=(7, 2))
    y = {"squared_error": rng.normal(size=(7, 3)), "softmax_cross_entropy": rng.integers(0, 3, 7)}
    return net, x, y.get(loss, rng.integers(0, 2, (7, 3)).astype(float))


def gradient(w, net, x, y):
    moved = landscape.unflatten(w, net.params)
    grads = bp.backward(moved, bp.forward(moved, x), y, net.loss_function)
    return landscape.flatten(grads)


def hessian(net, x, y):
    eye = np.eye(landscape.flatten(net.params).size)
    return np.array([landscape.hessian_vector(net.params, x, y, net.loss_function, column) for column in eye])


def test_a_vector_lines_the_layers_up_in_order():
    params = bp.Params(
        [None, np.array([[1.0, 2], [3, 4]]), np.array([[7.0], [8]])], [None, np.array([5.0, 6]), np.array([9.0])], None
    )
    np.testing.assert_array_equal(landscape.flatten(params), np.arange(1, 10))


@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.complex128])
def test_there_and_back_is_the_same_network_and_shares_nothing(dtype):
    net, x, _ = problem()
    w = landscape.flatten(net.params).astype(dtype)
    moved = landscape.unflatten(w, net.params)
    assert moved.f is net.params.f and moved.lmbda == 0.1 and moved.W[1].dtype == dtype
    np.testing.assert_array_equal(landscape.flatten(moved), w)
    before = net.forward(x).a[-1]
    moved.W[1][...], w[...] = 0, 1
    assert landscape.flatten(moved)[-1] != 1
    np.testing.assert_array_equal(net.forward(x).a[-1], before)


def test_the_product_by_hand():
    # C = ((3w + b - 1)^2 + (2w + b)^2) / 4 + 0.5 w^2 / 2, twice differentiated: (13/2 + 0.5, 5/2; 5/2, 1)
    net = bp.MLP([1, 1], loss="squared_error", lmbda=0.5, seed=0)
    np.testing.assert_allclose(hessian(net, [[3.0], [2.0]], [1.0, 0.0]), [[7, 2.5], [2.5, 1]], rtol=1e-14)


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("hidden", SMOOTH + BENT)
def test_the_product_agrees_with_differences_of_the_gradient(loss, hidden):
    net, x, y = problem(loss, hidden)
    w, h = landscape.flatten(net.params), 1e-5
    v = RNG.normal(size=w.shape)
    numerical = (gradient(w + h * v, net, x, y) - gradient(w - h * v, net, x, y)) / (2 * h)
    found = landscape.hessian_vector(net.params, x, y, net.loss_function, v)
    assert bp.relative_error(found, numerical) < 1e-8
    assert bp.relative_error(found - 0.1 * v, numerical) > 1e-3  # the decay forgotten


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("hidden", ["sigmoid", "tanh", "gelu", "softsign"])
def test_the_hessian_is_symmetric_to_rounding(loss, hidden):
    H = hessian(*problem(loss, hidden))
    np.testing.assert_allclose(H, H.T, atol=2e-15 * np.abs(H).max())
    # Differences of the gradient are seven digits worse: it is the complex step that makes it exact.
    net, x, y = problem(loss, hidden)
    w = landscape.flatten(net.params)
    rough = np.array([(gradient(w + e, net, x, y) - gradient(w - e, net, x, y)) / 2e-5 for e in 1e-5 * np.eye(w.size)])
    assert np.abs(rough - rough.T).max() > 1e3 * np.abs(H - H.T).max()


def test_the_product_is_linear_and_leaves_everything_alone():
    net, x, y = problem("softmax_cross_entropy")
    w = landscape.flatten(net.params)
    u, v = RNG.normal(size=(2, w.size))
    product = lambda v: landscape.hessian_vector(net.params, x, y, "softmax_cross_entropy", v)  # noqa: E731
    np.testing.assert_allclose(product(2 * u - v), 2 * product(u) - product(v), rtol=1e-12)
    np.testing.assert_array_equal(landscape.flatten(net.params), w)


def test_a_float32_network_gets_the_products_of_its_float64_twin():
    net, x, y = problem(dtype=np.float32)
    twin = problem()[0]
    for l in (1, 2):
        twin.W[l][...], twin.b[l][...] = net.W[l], net.b[l]
    v = RNG.normal(size=landscape.flatten(net.params).size)
    found, exact = (landscape.hessian_vector(n.params, x, y, n.loss_function, v) for n in (net, twin))
    assert found.dtype == np.float64
    np.testing.assert_array_equal(found, exact)


X, Y, V = np.ones((4, 2)), np.ones((4, 3)), np.ones(33)


def product(params, x=X, y=Y, loss="squared_error", v=V):
    return landscape.hessian_vector(params, x, y, loss, v)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda p: landscape.unflatten(V[:3], p),
            r"^vector must have shape \(33,\), one number per.*got \(3,\)\. Pass",
        ),
        (lambda p: landscape.unflatten(V[:, None], p), r"^vector must have shape \(33,\).*got \(33, 1\)\."),
        (lambda p: product(p, v=[1.0]), r"^v must have shape \(33,\), one number per parameter; got \(1,\)\. Pass fl"),
        (lambda p: product(p, v=1j * V), r"^v must hold real numbers; got dtype complex128\. Pass v\.real"),
        (lambda p: product(p, x=Y), r"^x must have shape \(m, 2\)"),
        (lambda p: product(p, y=Y[:, 0]), r"^y must have shape \(m, 3\)"),
        (lambda p: product(p, loss="mse"), r"^loss must be one of"),
    ],
)
def test_bad_input_gets_one_line(call, message):
    with pytest.raises((ValueError, TypeError), match=message) as caught:
        call(problem()[0].params)
    assert "\n" not in str(caught.value)


def test_it_comes_on_first_use():
    assert bp.landscape is landscape and "landscape" in dir(bp)


def test_an_l1_penalty_bends_nothing_but_has_its_slope():
    net, x, y = problem()
    penalised, loss = net.params._replace(lmbda_1=0.3), net.loss_function
    w = landscape.flatten(net.params)
    np.testing.assert_array_equal(
        landscape.hessian_vector(penalised, x, y, loss, w), landscape.hessian_vector(net.params, x, y, loss, w)
    )
    ours, plain = (landscape.unflatten(landscape.gradient(p, x, y, loss), p) for p in (penalised, net.params))
    for l in (1, 2):
        np.testing.assert_allclose(ours.W[l] - plain.W[l], 0.3 * np.sign(net.W[l]), atol=1e-15)
        np.testing.assert_array_equal(ours.b[l], plain.b[l])
