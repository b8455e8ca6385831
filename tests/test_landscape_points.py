"""Curvature: extreme eigenvalues, slices, critical points; against whole Hessians, by hand, with wrong twins."""

import subprocess
import sys

import numpy as np
import pytest

import bpbook as bp
from bpbook import landscape
from bpbook.classics import stack, xor

X = np.array([[0.0, 0], [0, 1], [1, 0], [1, 1]])
XOR = np.array([0.0, 1, 1, 0])


def problem(hidden="tanh", sizes=(2, 5, 3), loss="squared_error", lmbda=0.1, seed=0):
    rng = np.random.default_rng(seed)
    net = bp.MLP(list(sizes), hidden=hidden, loss=loss, lmbda=lmbda, biases="uniform", seed=seed)
    x = rng.normal(size=(7, sizes[0]))
    y = rng.integers(0, sizes[-1], 7) if loss == "softmax_cross_entropy" else rng.normal(size=(7, sizes[-1]))
    return net.params, x, y, loss


def differences(params, x, y, loss, h=1e-5):
    """Return the Hessian by central differences of the gradient, which `backward` gives."""
    w = landscape.flatten(params)
    at = lambda w: landscape.gradient(landscape.unflatten(w, params), x, y, loss)  # noqa: E731
    return np.array([(at(w + h * e) - at(w - h * e)) / (2 * h) for e in np.eye(len(w))])


# The gradient and the whole Hessian -----------------------------------------------------------------------------


def test_the_gradient_is_what_the_network_says():
    params, x, y, loss = problem()
    net = bp.MLP([2, 5, 3], hidden="tanh", loss=loss, lmbda=0.1, biases="uniform", seed=0)
    expected = landscape.flatten(net.backward(net.forward(x), y))
    np.testing.assert_array_equal(landscape.gradient(params, x, y, loss), expected)


@pytest.mark.parametrize("loss", ["squared_error", "softmax_cross_entropy"])
@pytest.mark.parametrize("hidden", ["tanh", "sigmoid", "gelu", "softplus", "relu"])
def test_the_hessian_agrees_with_differences_and_is_symmetric(hidden, loss):
    given = problem(hidden, loss=loss)
    H = landscape.hessian(*given)
    assert bp.relative_error(H, differences(*given)) < 1e-8
    np.testing.assert_allclose(H, H.T, rtol=0, atol=1e-12 * abs(H).max())


def _stale(params, x, y, loss, v):
    """Send the complex number back through the weights, but keep the activations of w."""
    w = landscape.flatten(params)
    beside = landscape.unflatten(w + 1e-20j * v, params)
    cache = bp.forward(params, x)
    cache = bp.Cache([None, *[z + 0j for z in cache.z[1:]]], [a + 0j for a in cache.a])
    return np.imag(landscape.flatten(bp.backward(beside, cache, y, bp.losses.get(loss)))) / 1e-20


def _gauss_newton(params, x, y, loss, v):
    """Leave out the curvature of the network: J.T J v for the squared error."""
    w, h = landscape.flatten(params), 1e-6
    out = lambda w: bp.forward(landscape.unflatten(w, params), x).a[-1].ravel()  # noqa: E731
    J = np.array([(out(w + h * e) - out(w - h * e)) / (2 * h) for e in np.eye(len(w))]).T
    return J.T @ (J @ v) / len(x)


def _undecayed(params, x, y, loss, v):
    return landscape.hessian_vector(params._replace(lmbda=0.0), x, y, loss, v)


def _summed(params, x, y, loss, v):
    return len(x) * landscape.hessian_vector(params, x, y, loss, v)


@pytest.mark.parametrize("twin", [_stale, _gauss_newton, _undecayed, _summed])
def test_a_wrong_product_is_refused_by_differences_and_the_stale_one_by_symmetry(twin):
    given = problem()
    n = len(landscape.flatten(given[0]))
    H = np.column_stack([twin(*given, e) for e in np.eye(n)])
    assert bp.relative_error(H, differences(*given)) > 1e-2
    if twin is _stale:
        assert abs(H - H.T).max() > 1e-3 * abs(H).max()


# Extreme eigenvalues --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("sizes", [(2, 2, 1), (3, 8, 4), (4, 10, 6)])
@pytest.mark.parametrize("loss", ["squared_error", "softmax_cross_entropy"])
def test_the_extremes_are_those_of_the_whole_hessian(sizes, loss):
    if sizes[-1] == 1 and loss != "squared_error":
        pytest.skip("softmax wants two classes")
    given = problem(sizes=sizes, loss=loss, lmbda=0.01)
    H = landscape.hessian(*given)
    values = np.linalg.eigvalsh(H)
    found = landscape.extreme_eigenvalues(*given)
    scale = abs(values).max()
    np.testing.assert_allclose([found.lowest, found.highest], values[[0, -1]], atol=1e-5 * scale)
    np.testing.assert_allclose(landscape.sharpness(*given), values[-1], atol=1e-5 * scale)
    for value, vector in ((found.lowest, found.down), (found.highest, found.up)):
        np.testing.assert_allclose(np.linalg.norm(vector), 1)
        np.testing.assert_allclose(vector @ H @ vector, value, atol=1e-5 * scale)
    assert abs(values[-2] - values[-1]) > 1e-3 * scale  # the second largest, taken for the largest, would be refused


def test_the_curvature_along_the_extreme_directions_is_that_of_a_slice():
    given = problem(sizes=(3, 8, 4))
    found, h = landscape.extreme_eigenvalues(*given), 1e-3
    for value, direction in ((found.lowest, found.down), (found.highest, found.up)):
        below, here, above = landscape.loss_along(*given, direction, [-h, 0, h])
        np.testing.assert_allclose((below - 2 * here + above) / h**2, value, rtol=1e-3, atol=1e-4)


def test_the_same_numbers_come_out_every_time():
    given = problem(sizes=(4, 10, 6))
    first, second = landscape.extreme_eigenvalues(*given), landscape.extreme_eigenvalues(*given)
    np.testing.assert_array_equal(first.up, second.up)


def test_on_a_quadratic_gradient_descent_is_stable_just_below_two_over_the_sharpness_and_not_above():
    """C = mean (x w + b - y)^2 / 2, whose Hessian is the same everywhere."""
    rng = np.random.default_rng(3)
    x, y = rng.normal(size=(9, 3)), rng.normal(size=9)
    sharp = landscape.sharpness(bp.MLP([3, 1], loss="squared_error", seed=0).params, x, y, "squared_error")
    ends = []
    for share in (0.98, 1.02):
        net = bp.MLP([3, 1], loss="squared_error", seed=0)
        for _ in range(2000):
            net.update(net.backward(net.forward(x), y), eta=share * 2 / sharp)
        ends.append(float(net.loss(net.forward(x), y)))
    assert ends[0] < 1 < 1e6 < ends[1]


# Slices ---------------------------------------------------------------------------------------------------------


def test_a_slice_is_the_loss_of_the_networks_on_it():
    params, x, y, loss = problem()
    w, rng = landscape.flatten(params), np.random.default_rng(1)
    u, v = rng.normal(size=(2, len(w)))
    alpha, beta = [-0.5, 0.0, 2.0], [0.0, 1.0]
    C = landscape.loss_along(params, x, y, loss, u, alpha, v, beta)
    assert C.shape == (2, 3)
    for j, k in np.ndindex(2, 3):
        there = landscape.unflatten(w + alpha[k] * u + beta[j] * v, params)
        expected = bp.total_loss(there, bp.forward(there, x), np.reshape(y, (7, -1)), bp.losses.get(loss))
        np.testing.assert_allclose(C[j, k], expected)
    np.testing.assert_array_equal(landscape.loss_along(params, x, y, loss, u, alpha), C[0])
    np.testing.assert_array_equal(landscape.flatten(params), w)


def test_a_filter_normalised_slice_does_not_see_a_rescaling_that_changes_nothing_and_a_plain_one_does():
    params, x, y, loss = problem("relu", lmbda=0.0)
    w = landscape.flatten(params)
    scaled = landscape.unflatten(w, params)
    scaled.W[1][...] *= 10
    scaled.b[1][...] *= 10
    scaled.W[2][...] /= 10
    np.testing.assert_allclose(bp.forward(scaled, x).a[-1], bp.forward(params, x).a[-1])
    direction = np.random.default_rng(0).normal(size=len(w))
    slices = [
        landscape.loss_along(p, x, y, loss, landscape.filter_normalised(direction, p), [-0.5, 0.5])
        for p in (params, scaled)
    ]
    np.testing.assert_allclose(slices[0], slices[1])
    plain = [landscape.loss_along(p, x, y, loss, direction, [-0.5, 0.5]) for p in (params, scaled)]
    assert bp.relative_error(*plain) > 1e-2


def test_a_filter_is_a_unit_and_not_a_layer_or_a_row():
    params, *_ = problem()
    d = landscape.unflatten(landscape.filter_normalised(np.ones(len(landscape.flatten(params))), params), params)
    for l in (1, 2):
        np.testing.assert_allclose(np.linalg.norm(d.W[l], axis=0), np.linalg.norm(params.W[l], axis=0))
        assert bp.relative_error(np.linalg.norm(d.W[l], axis=1), np.linalg.norm(params.W[l], axis=1)) > 1e-2
        assert not d.b[l].any()


# Critical points ------------------------------------------------------------------------------------------------


def test_a_strict_minimum_is_found_and_verified():
    rng = np.random.default_rng(3)
    x, y = rng.normal(size=(9, 3)), rng.normal(size=9)
    params = bp.MLP([3, 1], loss="squared_error", seed=0).params
    point = landscape.critical_point(params, x, y, "squared_error")
    assert (point.kind, point.index, point.flat) == ("strict minimum", 0, 0) and point.gradient_norm < 1e-12
    ones = np.column_stack([x, np.ones(9)])
    expected = np.linalg.lstsq(ones, y, rcond=None)[0]
    np.testing.assert_allclose(landscape.flatten(point.params), expected, atol=1e-12)
    np.testing.assert_allclose(point.loss, np.mean((ones @ expected - y) ** 2) / 2)
    np.testing.assert_allclose(point.eigenvalues, np.linalg.eigvalsh(ones.T @ ones / 9))


def test_the_saddle_of_the_linear_chain_by_hand():
    """C = (v u x - y)^2 / 2 with x = y = 1 has H = (0, -1; -1, 0) at u = v = 0: eigenvalues -1 and 1."""
    params = bp.MLP([1, 1, 1], hidden="identity", loss="squared_error", init="zeros").params
    x, y = [[1.0], [-1.0]], [1.0, -1.0]  # two examples, so that the biases stay where they are
    point = landscape.critical_point(params, x, y, "squared_error")
    assert point.kind == "saddle" and point.index == 1 and point.gradient_norm < 1e-12
    np.testing.assert_allclose(point.eigenvalues[[0, -1]], [-1, 1])


def test_a_small_gradient_is_not_zero_and_newton_goes_on_from_there():
    """Training slows down beside the saddle of the chain, with a gradient of 1e-4: not yet critical, and no minimum."""
    params = bp.MLP([1, 1, 1], hidden="identity", loss="squared_error", init="zeros").params
    params.W[1][...], params.W[2][...] = 1e-4, 0.5e-4
    x, y = [[1.0], [-1.0]], [1.0, -1.0]
    assert 1e-12 < np.linalg.norm(landscape.gradient(params, x, y, "squared_error")) < 2e-4
    point = landscape.critical_point(params, x, y, "squared_error")
    assert point.kind == "saddle" and point.gradient_norm < 1e-12 and abs(point.params.W[1][0, 0]) < 1e-10


def test_a_flat_valley_is_left_undecided_because_curvature_cannot_tell():
    """A minimum of a network with a spare unit: index 0, but flat directions."""
    params = bp.MLP([1, 2, 1], hidden="identity", loss="squared_error", seed=1).params
    point = landscape.critical_point(params, [[1.0], [-1.0]], [1.0, -1.0], "squared_error")
    assert (point.kind, point.index) == ("undecided", 0) and point.flat > 0 and point.loss < 1e-20


def test_a_flat_point_with_negative_and_no_positive_curvature_is_not_a_maximum():
    eigenvalues = np.array([-1.0, 0.0, 0.0])
    point = landscape.CriticalPoint(problem()[0], 1.0, 0.0, eigenvalues, 1, 2)
    assert point.kind == "undecided"
    assert landscape.CriticalPoint(problem()[0], 1.0, 0.0, -np.ones(3), 3, 0).kind == "maximum"
    assert landscape.CriticalPoint(problem()[0], 1.0, 0.0, np.array([-1.0, 0, 1]), 1, 1).kind == "saddle"


@pytest.mark.parametrize(("hidden", "seed"), [(2, 2), (2, 3), (3, 0), (3, 2)])
def test_a_run_that_slides_to_loss_zero_at_infinity_is_no_critical_point(hidden, seed):
    """A sigmoid never reaches 0 or 1: the gradient fades below any bound, and Newton steps on for ever."""
    x, y = xor.examples()
    run = stack.train(stack.born([2, hidden, 1], [seed], 1), x, y, eta=2.0, mu=0.9, sweeps=5000, within=0)
    assert run.loss[0] < 1e-4
    with pytest.raises(ValueError, match=r"fades below 1e-12, but Newton would still step .* infinite weights"):
        landscape.critical_point(stack.one(run.params, 0), x, y, "squared_error")


def test_newton_leaves_the_network_alone():
    params, x, y, loss = problem(sizes=(3, 1))
    w = landscape.flatten(params)
    landscape.critical_point(params, x, y, loss)
    np.testing.assert_array_equal(landscape.flatten(params), w)


# Bad input ------------------------------------------------------------------------------------------------------


def kinked():
    net = bp.MLP([2, 5, 3], hidden="relu", loss="squared_error", seed=0)
    return net, np.array([[0.0, 0.0], [1.0, 2.0]]), np.ones((2, 3))  # zero biases and an empty example: z = 0


@pytest.mark.parametrize("function", [landscape.extreme_eigenvalues, landscape.sharpness, landscape.critical_point])
@pytest.mark.parametrize("width", [5, 20])
def test_a_network_on_a_kink_is_refused_in_words_and_the_mend_runs(function, width):
    net = bp.MLP([2, width, 3], hidden="relu", loss="squared_error", lmbda=0.01, seed=0)
    _, x, y = kinked()
    with pytest.raises(ValueError, match=r"kink.*unit 0 of layer 1 \(relu\) has z = 0 for example 0\. Try: for b"):
        function(net.params, x, y, "squared_error")
    for b in net.b[1:]:
        b += 0.01
    if function is not landscape.critical_point:
        function(net.params, x, y, "squared_error")


@pytest.mark.parametrize("function", [landscape.extreme_eigenvalues, landscape.sharpness, landscape.critical_point])
def test_a_weight_at_the_kink_of_an_l1_penalty_is_refused_and_the_mend_runs(function):
    # The Hessian knows nothing of |w|: it calls this strict minimum, at the bottom of every |w|, a saddle.
    net = bp.MLP([2, 3, 2], hidden="tanh", init="zeros", lmbda_1=0.5)
    x, y = np.random.default_rng(0).normal(size=(6, 2)), [0, 1, 0, 1, 0, 1]
    with pytest.raises(
        ValueError, match=r"a weight of layer 1 is 0, where .* pass params\._replace\(lmbda_1=0\.0\)\.$"
    ):
        function(net.params, x, y, net.loss_function)
    params = net.params
    found = function(params._replace(lmbda_1=0.0), x, y, net.loss_function)
    if function is landscape.critical_point:
        assert found.kind == "saddle"


@pytest.mark.parametrize("function", [landscape.extreme_eigenvalues, landscape.sharpness])
def test_a_large_network_without_any_curvature_is_refused_in_words(function):
    net = bp.MLP([2, 20, 2], hidden="tanh", seed=0)
    for W in net.W[1:]:
        W *= 1e6
    with pytest.raises(ValueError, match=r"^params must have a curvature that stands out; .* all units are saturated"):
        function(net.params, np.random.default_rng(0).normal(size=(6, 2)), [0, 1, 0, 1, 0, 1], net.loss_function)


def test_a_network_that_has_diverged_is_refused_in_words():
    net, x, y = kinked()
    net.W[1][0, 0] = np.inf
    with (
        np.errstate(invalid="ignore"),
        pytest.raises(ValueError, match="params must be finite; a weighted input of layer 1"),
    ):
        landscape.sharpness(net.params, x, y, "squared_error")


def test_newton_says_that_it_did_not_arrive():
    """One neuron and one example out of reach: the loss falls for ever, and there is no critical point."""
    net = bp.MLP([1, 1], loss="binary_cross_entropy", init="zeros")
    with pytest.raises(ValueError, match=r"gradient is still .* long\. Start nearer, .* or add lmbda"):
        landscape.critical_point(net.params, [[1.0], [2.0]], [1.0, 1.0], "binary_cross_entropy", steps=10)
    decayed = bp.MLP([1, 1], loss="binary_cross_entropy", init="zeros", lmbda=0.1)
    with pytest.raises(ValueError, match="Start nearer"):  # the bias is not decayed, so it still runs away
        landscape.critical_point(decayed.params, [[1.0], [2.0]], [1.0, 1.0], "binary_cross_entropy", steps=10)
    point = landscape.critical_point(decayed.params, [[1.0], [2.0]], [1.0, 0.0], "binary_cross_entropy")
    assert point.kind == "strict minimum"


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda p, *a: landscape.loss_along(p, *a, [1.0], [0.0]), r"^u must have shape \(33,\)"),
        (lambda p, *a: landscape.loss_along(p, *a, np.ones(33), [0.0], [1.0], [0.0]), r"^v must have shape \(33,\)"),
        (
            lambda p, *a: landscape.loss_along(p, *a, np.ones(33), ["far"]),
            r"^alpha must hold real numbers; got the word",
        ),
        (
            lambda p, *a: landscape.loss_along(p, *a, np.ones(33), np.ones((2, 3))),
            r"^alpha and beta must have shapes \(k,\) and \(j,\); got \(2, 3\) and \(1,\)\. Pass one row of a grid",
        ),
        (lambda p, *a: landscape.critical_point(p, *a, steps=1.5), r"^steps must be a whole number; got 1\.5\.$"),
        (
            lambda p, *a: landscape.gradient(bp.MLP([2, 3]), *a),
            r"^params must be .*; got MLP 2-3, .* Pass net\.params\.$",
        ),
        (lambda p, *a: landscape.sharpness(bp.MLP([2, 3]), *a), r"^params must be .* Pass net\.params\.$"),
        (lambda p, *a: landscape.unflatten(np.ones(9), bp.MLP([2, 3])), r"^params must be .* Pass net\.params\.$"),
        (lambda p, *a: landscape.filter_normalised([1.0], p), r"^direction must have shape \(33,\)"),
        (lambda p, x, y, loss: landscape.sharpness(p, y, y, loss), r"^x must have shape \(m, 2\)"),
        (lambda p, x, y, loss: landscape.gradient(p, x, y[:, 0], loss), r"^y must have shape \(m, 3\)"),
        (lambda p, x, y, loss: landscape.critical_point(p, x, y, "mse"), r"^loss must be one of"),
    ],
)
def test_bad_input_gets_one_line(call, message):
    with pytest.raises((ValueError, TypeError), match=message) as caught:
        call(*problem())
    assert "\n" not in str(caught.value)


def test_scipy_is_loaded_only_when_eigenvalues_are_asked_for():
    program = "import sys, bpbook.landscape; print('scipy' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "False"
