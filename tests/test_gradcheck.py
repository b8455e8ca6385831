"""The gradient check: right where it should be, and seen to refuse, to leave kinks out, and to admit ignorance."""

import copy
import re

import numpy as np
import pytest
from sklearn.datasets import load_breast_cancer

import bpbook as bp
from bpbook import differences, gradcheck, graph

RNG = np.random.default_rng(0)


@pytest.mark.equation("ND")
def test_central_differences_by_hand():
    # f = w0^2 w1 at (3, 2): (12, 9); central differences are exact for a square.
    gradient = bp.numerical_gradient(lambda w: w[0] ** 2 * w[1], [3.0, 2.0])
    np.testing.assert_allclose(gradient, [12, 9], rtol=1e-9)


@pytest.mark.equation("ND")
def test_central_differences_err_by_the_third_derivative():
    # (f(x + h) - f(x - h)) / 2h - f' = h^2/6 f''' for a cube, with f''' = 6: exactly h^2.
    error = bp.numerical_gradient(lambda w: w[0] ** 3, [1.0], h=0.1)[0] - 3
    np.testing.assert_allclose(error, 0.01, rtol=1e-10)


@pytest.mark.equation("CS")
def test_the_complex_step_is_exact_to_rounding():
    # d/dx e^x sin x = e^x (sin x + cos x)
    exact = np.exp(1.3) * (np.sin(1.3) + np.cos(1.3))
    step = bp.complex_step_gradient(lambda w: np.exp(w[0]) * np.sin(w[0]), [1.3])[0]
    np.testing.assert_allclose(step, exact, rtol=1e-15)
    difference = bp.numerical_gradient(lambda w: np.exp(w[0]) * np.sin(w[0]), [1.3])[0]
    assert abs(difference - exact) > abs(step - exact)


@pytest.mark.equation("CS")
def test_the_complex_step_keeps_the_shape():
    w = RNG.normal(size=(2, 3))
    np.testing.assert_allclose(bp.complex_step_gradient(lambda w: (w**3).sum(), w), 3 * w**2, rtol=1e-14)


@pytest.mark.equation("RE")
def test_relative_error_by_hand():
    # ||(3, 4) - (3, 0)|| / (5 + 3) = 1/2
    assert bp.relative_error([3, 4], [3, 0]) == 0.5
    assert bp.relative_error(np.zeros(3), np.zeros(3)) == 0
    assert bp.relative_error([0.0], [1e-30]) == 1
    with pytest.raises(ValueError, match=r"^g and n must have one shape; got \(1,\) and \(1, 1\)\.$"):
        bp.relative_error([1], [[1]])


@pytest.mark.parametrize("gradient", [bp.numerical_gradient, bp.complex_step_gradient])
def test_the_point_is_left_alone_and_integers_are_converted(gradient):
    x = np.array([1, 2, 3])
    x.flags.writeable = False
    np.testing.assert_allclose(gradient(lambda w: (w * w).sum(), x), [2, 4, 6], rtol=1e-8)


def test_a_function_that_is_not_scalar_is_refused():
    with pytest.raises(ValueError, match=r"^f must return a scalar; got shape \(2,\)\. Sum or average it first\.$"):
        bp.numerical_gradient(lambda w: w, [1.0, 2.0])


def network(**options):
    net = bp.MLP([4, 3, 2], hidden="tanh", lmbda=0.1, seed=0, **options)
    for b in net.b[1:]:
        b += 0.3
    return net, RNG.normal(size=(5, 4)), RNG.integers(0, 2, 5)


@pytest.mark.equation("ND")
def test_a_right_network_checks():
    net, x, y = network()
    report = bp.check_gradients(net, x, y)
    assert report.ok
    assert [c.name for c in report.arrays] == ["dW[1]", "db[1]", "dW[2]", "db[2]"]
    assert [c.compared for c in report.arrays] == [12, 3, 6, 2]
    assert max(c.error for c in report.arrays) < 1e-8


@pytest.mark.parametrize("name", ["dW", "db"])
@pytest.mark.parametrize("l", [1, 2])
def test_one_wrong_array_is_found_and_named(name, l):
    class Wrong(bp.MLP):
        def backward(self, cache, y):
            grads = super().backward(cache, y)
            getattr(grads, name)[l][...] *= 1.1
            return grads

    net = Wrong([4, 3, 2], hidden="tanh", seed=0)
    _, x, y = network()
    report = bp.check_gradients(net, x, y)
    assert not report.ok
    assert [c.name for c in report.arrays if c.verdict == "wrong"] == [f"{name}[{l}]"]
    assert "wrong" in repr(report)


def test_one_wrong_entry_among_many_is_found():
    class Wrong(bp.MLP):
        def backward(self, cache, y):
            grads = super().backward(cache, y)
            grads.dW[1][2, 1] *= 1.001
            return grads

    _, x, y = network()
    assert not bp.check_gradients(Wrong([4, 3, 2], hidden="tanh", seed=0), x, y).ok


def test_the_net_is_left_alone_and_float32_is_checked_in_float64():
    net, x, y = network(dtype=np.float32)
    before = [net.W[1].copy(), net.b[2].copy()]
    report = bp.check_gradients(net, x, y)
    assert report.ok and max(c.error for c in report.arrays) < 1e-8
    np.testing.assert_array_equal(net.W[1], before[0])
    assert net.W[1].dtype == np.float32 and net.dtype == np.float32


def test_a_kink_that_is_crossed_is_left_out_and_counted():
    net = bp.MLP([1, 2, 2], hidden="relu", seed=0)
    net.W[1][...], net.b[1][...] = [[1.0, 1.0]], [-1.0, 0.5]
    report = bp.check_gradients(net, [[1.0]], [0])  # z of unit 0 is exactly 0
    assert report.ok
    assert [c.kinks for c in report.arrays] == [1, 1, 0, 0]
    assert [c.compared for c in report.arrays] == [1, 1, 4, 2]


def test_a_bend_at_the_corner_of_elu_is_left_out_and_counted():
    # f'' of ELU jumps at 0, so a difference across it is off by a quarter of the step: more than the bound.
    net = bp.MLP([2, 3, 1], hidden="elu", loss="squared_error", seed=0)
    report = bp.check_gradients(net, [[0.0, 0.0]], [1.0])
    assert report.ok and {row.name: row.kinks for row in report.arrays}["db[1]"] == 3


def test_without_leaving_kinks_out_the_check_would_accuse_a_right_network(monkeypatch):
    net = bp.MLP([1, 2, 2], hidden="relu", seed=0)
    net.W[1][...], net.b[1][...] = [[1.0, 1.0]], [-1.0, 0.5]
    monkeypatch.setattr(differences, "central", blind_to_kinks(differences.central))
    assert not bp.check_gradients(net, [[1.0]], [0]).ok


def blind_to_kinks(differences):
    def blind(*arguments):
        n, doubt = differences(*arguments)
        return n, np.minimum(doubt, 1e-9)

    return blind


def test_a_gradient_below_rounding_is_said_to_be_too_small_to_tell():
    net, x, y = network()
    net.W[2][...] *= 1e-14
    net.params = net.params._replace(lmbda=0.0)
    verdicts = {c.name: c.verdict for c in bp.check_gradients(net, x, y).arrays}
    assert verdicts["dW[1]"] == "too small to tell"
    assert verdicts["dW[2]"] == "right"


@pytest.mark.parametrize("scale", [1, 200, 2000])
@pytest.mark.parametrize("factor", [1, 1.001])
def test_large_inputs_make_no_right_network_wrong_and_no_wrong_one_right(scale, factor):
    class Network(bp.MLP):
        def backward(self, cache, y):
            grads = super().backward(cache, y)
            grads.dW[1][...] *= factor
            return grads

    net = Network([3, 4, 2], hidden="tanh", seed=1)
    net.W[1] /= scale  # no unit is saturated, and h = 1e-5 moves z by h x
    report = bp.check_gradients(net, scale * np.random.default_rng(1).normal(size=(5, 3)), [0, 1, 0, 1, 0])
    assert [c.verdict for c in report.arrays] == ["right" if factor == 1 else "wrong", "right", "right", "right"]


@pytest.mark.parametrize("l", [1, 2])
def test_a_gradient_a_millionth_off_is_found(l):
    class Wrong(bp.MLP):
        def backward(self, cache, y):
            grads = super().backward(cache, y)
            grads.dW[l][...] *= 1 + 1e-6
            return grads

    _, x, y = network()
    report = bp.check_gradients(Wrong([4, 3, 2], hidden="tanh", seed=0), x, y)
    assert [c.name for c in report.arrays if c.verdict == "wrong"] == [f"dW[{l}]"]


# Bad input, and the edges of the numbers ------------------------------------------------------------------------------


def test_relative_error_neither_overflows_nor_vanishes():
    for size in (1e-320, 1e-200, 1e-170, 1.0, 1e200, 1e307):
        np.testing.assert_allclose(bp.relative_error([3 * size], [size]), 0.5, rtol=1e-3)
    assert np.isnan(bp.relative_error([np.inf], [1.0])) and np.isnan(bp.relative_error([np.nan], [1.0]))
    assert bp.relative_error([], []) == 0
    assert bp.relative_error(np.array([1], np.uint8), np.array([2], np.uint8)) == 1 / 3
    assert bp.relative_error([True], [False]) == 1
    assert bp.relative_error([1j], [-1j]) == 1


def test_a_tiny_gradient_where_every_difference_is_zero_is_not_called_right():
    class Wrong(bp.MLP):
        def backward(self, cache, y):
            grads = super().backward(cache, y)
            grads.db[1][...] = 1e-170
            return grads

    net = Wrong([2, 2], seed=0)
    net.b[1][...] = [800.0, -800.0]  # softmax saturates: the loss is 0, and so are all differences
    verdicts = {c.name: c.verdict for c in bp.check_gradients(net, [[0.0, 0.0]], [0]).arrays}
    assert verdicts == {"dW[1]": "zero beside zero", "db[1]": "too small to tell"}


def test_an_array_whose_every_difference_crosses_a_kink_is_not_called_right():
    net = bp.MLP([2, 3, 2], hidden="relu", init="zeros")
    verdicts = {c.name: c.verdict for c in bp.check_gradients(net, [[1.0, 2.0]], [0]).arrays}
    assert verdicts["dW[1]"] == verdicts["db[1]"] == "not compared" and verdicts["db[2]"] == "right"


@pytest.mark.parametrize("gradient", [bp.numerical_gradient, bp.complex_step_gradient])
@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((None, [1.0]), r"^f must be a function of an array; got None\.$"),
        ((np.sum, None), r"^x must hold real numbers; got None, a NoneType\."),
        ((np.sum, "0.5"), r"^x must hold real numbers; got dtype <U3\."),
        (
            (np.sum, [1 + 1j]),
            r"^x must hold real numbers; got dtype complex128\. Pass np\.array\(x\)\.real if that is meant\.$",
        ),
        ((np.sum, [[1], [1, 2]]), r"^x must be a rectangular array; got rows of different lengths\.$"),
        ((np.sum, [1.0], 0), r"^h must be positive and finite; got 0\.$"),
        ((np.sum, [1.0], float("nan")), r"^h must be positive and finite; got nan\.$"),
        ((np.sum, [1.0], "1e-5"), r"^h must be a number; got '1e-5'\.$"),
        ((lambda w: None, [1.0]), r"^f's result must hold (real )?numbers; got dtype object\."),
        ((lambda w: w * [1, 2], [1.0]), r"^f must return a scalar; got shape \(2,\)\. Sum or average it first\.$"),
    ],
)
def test_bad_input_gets_one_line(gradient, arguments, message):
    with pytest.raises((ValueError, TypeError), match=message) as caught:
        gradient(*arguments)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("gradient", [bp.numerical_gradient, bp.complex_step_gradient])
def test_a_function_that_changes_its_argument_spoils_nothing(gradient):
    def f(w):
        w *= 2
        return (w**2).sum()

    np.testing.assert_allclose(gradient(f, [1.0, 2.0, 3.0]), [8, 16, 24], rtol=1e-8)


@pytest.mark.parametrize("f", [lambda w: abs(w).sum(), lambda w: 1.0, lambda w: w.real.sum()])
def test_the_complex_step_refuses_a_function_that_loses_the_imaginary_part(f):
    with pytest.raises(TypeError, match=r"^f must return a complex number for complex input; got dtype float64\."):
        bp.complex_step_gradient(f, [1.0])


def test_check_gradients_refuses_what_is_no_network_and_gradients_of_another_shape():
    with pytest.raises(TypeError, match=r"^net must be an MLP; got 5\. For a function use bp\.numerical_gradient"):
        bp.check_gradients(5, [[1.0]], [1.0])

    class Transposed(bp.MLP):
        def backward(self, cache, y):
            grads = super().backward(cache, y)
            grads.dW[1] = grads.dW[1].T
            return grads

    with pytest.raises(ValueError, match=r"^dW\[1\] must have the shape of W\[1\], \(2, 3\); got \(3, 2\)\.$"):
        bp.check_gradients(Transposed([2, 3]), [[1.0, 2.0]], [0])


# Trained, saturated, perfect: no right network is wrong, and no wrong one right ---------------------------------------

HIDDEN = ["identity", "sigmoid", "tanh", "relu", "leaky_relu", "softplus", "elu", "gelu"]
LOSSES = {
    "softmax_cross_entropy": None,
    "binary_cross_entropy": None,
    "cross_entropy": None,
    "squared_error": "identity",
    "squared_error of sigmoid": "sigmoid",
}
XOR = np.array([[0.0, 0], [0, 1], [1, 0], [1, 1]])
OWN_VERDICTS = {"zero beside zero", "too small to tell", "not compared"}


def made(sizes, hidden, loss, seed=0):
    return bp.MLP(sizes, hidden=hidden, loss=loss.split()[0], output=LOSSES[loss], seed=seed)


def one_hot(loss, classes, count):
    return classes if loss == "softmax_cross_entropy" else np.eye(count)[classes]


def with_backward(net, change):
    """Return a twin of the net whose backward pass has been changed in place."""
    twin = copy.copy(net)

    def backward(cache, y):
        grads = type(net).backward(net, cache, y)
        change(grads, cache, net)
        return grads

    twin.backward = backward
    return twin


def times(factor):
    def change(grads, cache, net):
        for g in grads.dW[1:] + grads.db[1:]:
            g *= factor

    return change


def without_slope(grads, cache, net):
    for l in range(1, len(net.W) - 1):
        delta = grads.delta[l + 1] @ net.W[l + 1].T
        grads.dW[l][...], grads.db[l][...] = cache.a[l - 1].T @ delta, delta.sum(axis=0)


def transposed(grads, cache, net):
    for g in grads.dW[1:]:
        if g.shape[0] == g.shape[1]:
            g[...] = g.T.copy()


TWINS = {
    "doubled": times(2),
    "negated": times(-1),
    "zeroed": times(0),
    "5 % off": times(1.05),
    "0.1 % off": times(1.001),
    "without slope": without_slope,
    "transposed": transposed,
}


def arrays_of(net, x, y):
    grads = net.backward(net.forward(x), y)
    return [g for pair in zip(grads.dW[1:], grads.db[1:], strict=True) for g in pair]


@pytest.fixture
def refused(monkeypatch):
    """Return `_refused`, with differences that are taken once for a network and its twins: all have the same loss."""
    central, taken = differences.central, {}

    def remembered(net, x, y, weights, layer, rounding, h):
        key = layer, weights.ndim, h
        if key not in taken:
            taken[key] = central(net, x, y, weights, layer, rounding, h)
        return taken[key]

    def refused(net, x, y):
        taken.clear()
        with monkeypatch.context() as patch:
            patch.setattr(differences, "central", remembered)
            return _refused(net, x, y)

    return refused


def _refused(net, x, y):
    """Assert that the net is not called wrong, and none of its twins right; return how many arrays were refused."""
    report = bp.check_gradients(net, x, y)
    assert all(row.verdict != "wrong" for row in report.arrays), report
    right, counts = arrays_of(net, x, y), {"wrong": 0, "own verdict": 0}
    for name, change in TWINS.items():
        twin = with_backward(net, change)
        for row, g, true in zip(bp.check_gradients(twin, x, y).arrays, arrays_of(twin, x, y), right, strict=True):
            if bp.relative_error(g, true) > 1e-4:
                assert row.verdict == "wrong" or row.verdict in OWN_VERDICTS, (name, row)
                counts["wrong" if row.verdict == "wrong" else "own verdict"] += 1
    return counts


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("hidden", HIDDEN)
def test_xor_learnt_to_the_end_is_not_wrong_and_its_twins_are_not_right(hidden, loss, refused):
    classes = np.array([0, 1, 1, 0])
    net, y = made([2, 4, 2], hidden, loss), one_hot(loss, classes, 2)
    net.fit(XOR, y, epochs=400, batch_size=4, optimizer=bp.Adam(eta=0.1), progress=False)
    counts = refused(net, XOR, y)
    if hidden not in ("identity", "relu"):  # those may end at a point whose gradient is 0
        assert counts["wrong"] > counts["own verdict"] or "squared" in loss, counts


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("hidden", HIDDEN)
def test_every_twin_is_refused_before_training(hidden, loss, refused):
    rng = np.random.default_rng(3)
    net = made([3, 4, 4, 2], hidden, loss, seed=5)
    for b in net.b[1:]:
        b += 0.5
    counts = refused(net, rng.normal(size=(5, 3)), one_hot(loss, rng.integers(0, 2, 5), 2))
    assert counts["own verdict"] == 0 and counts["wrong"] > 30


@pytest.mark.parametrize("scale", [1e-12, 1e-8, 1e8, 1e12])
@pytest.mark.parametrize("loss", LOSSES)
def test_tiny_and_huge_weights_are_not_wrong_and_their_twins_not_right(loss, scale, refused):
    rng = np.random.default_rng(4)
    x, y = rng.normal(size=(5, 3)), one_hot(loss, rng.integers(0, 2, 5), 2)
    for hidden in ("tanh", "relu"):
        net = made([3, 3, 2], hidden, loss, seed=2)
        for W in net.W[1:]:
            W *= scale
        refused(net, x, y)


@pytest.mark.parametrize("shift", [20, 40, 100])
@pytest.mark.parametrize("loss", LOSSES)
def test_saturated_units_are_not_wrong_and_their_twins_not_right(loss, shift, refused):
    rng = np.random.default_rng(6)
    x, y = rng.normal(size=(5, 3)), one_hot(loss, rng.integers(0, 2, 5), 2)
    for layer in (1, 2):
        for hidden in ("tanh", "relu"):
            net = made([3, 4, 2], hidden, loss, seed=3)
            net.b[layer][...] = shift * rng.choice([-1, 1], net.b[layer].shape)
            refused(net, x, y)


@pytest.mark.parametrize("residual", [0, 1e-12, 1e-8, 1e-4])
def test_a_perfect_fit_is_not_wrong(residual):
    for seed in range(10):
        net = bp.MLP([3, 4, 2], hidden="tanh", loss="squared_error", seed=seed)
        x = np.random.default_rng(seed).normal(size=(5, 3))
        report = bp.check_gradients(net, x, net.predict(x) + residual)
        assert "wrong" not in [row.verdict for row in report.arrays], report
        assert report.ok or residual < 1e-4  # nothing was compared, and nothing is claimed


@pytest.mark.parametrize("hidden", ["identity", "relu", "tanh"])
@pytest.mark.parametrize(("of_x", "of_W"), [(1e4, 1), (1e2, 1e2), (1, 1e4), (1e6, 1), (1e-6, 1e-8)])
def test_a_perfect_fit_of_raw_data_is_not_wrong(hidden, of_x, of_W):
    # Where outputs are 1e4, (a - y)^2 is 0 at the weight itself and rounds like 1e4 (a - y) a step away from it.
    for seed in range(6):
        net = bp.MLP([[3, 1], [2, 3, 2]][seed % 2], hidden=hidden, loss="squared_error", biases="uniform", seed=seed)
        for W in net.W[1:]:
            W *= of_W
        x = of_x * np.random.default_rng(seed).normal(size=(4, net.sizes[0]))
        report = bp.check_gradients(net, x, net.predict(x))
        assert "wrong" not in [row.verdict for row in report.arrays], report


def test_weights_that_an_l1_penalty_has_brought_near_0_are_left_out_and_counted(refused):
    # |w| has a kink at 0, which a step of 1e-5 from a weight of 1e-9 crosses; from 0 itself both sides cancel.
    net = bp.MLP([2, 3, 1], hidden="tanh", loss="squared_error", lmbda_1=0.01, biases="uniform", seed=0)
    net.W[1][0], net.W[2][1] = [1e-9, -1e-9, 1e-11], 0.0
    x, y = np.array([[1.0, 2.0], [-1.0, 0.5]]), [1.0, 0.0]
    report = bp.check_gradients(net, x, y)
    assert report.ok and [row.kinks for row in report.arrays] == [3, 0, 0, 0]
    assert refused(net, x, np.array(y))["own verdict"] == 0
    tiny = bp.MLP([2, 3, 1], hidden="tanh", loss="squared_error", lmbda_1=0.01, seed=0)
    for W in tiny.W[1:]:
        W *= 1e-8
    assert bp.check_gradients(tiny, x, y).ok  # as its longest weight is so short, so are the steps


@pytest.mark.parametrize("residual", [1e-4, 1e-6, 1e-7])
def test_close_to_a_perfect_fit_every_slip_is_still_seen(residual, refused):
    # The loss bends far more than it slopes here: a single step is either too long for the bend or too short to count.
    rng = np.random.default_rng(0)
    net, x = bp.MLP([3, 4, 2], hidden="tanh", loss="squared_error", seed=0), rng.normal(size=(5, 3))
    y = net.predict(x) + residual * rng.normal(size=(5, 2))
    assert bp.check_gradients(net, x, y).ok
    assert refused(net, x, y)["own verdict"] == 0


def test_a_row_of_large_terms_that_cancel_does_not_make_a_right_network_wrong(monkeypatch, refused):
    def cancelling(hidden):
        net = bp.MLP([3, 4, 2], hidden=hidden, seed=1)
        rng = np.random.default_rng(1)
        net.W[1][:, 2:] = net.W[1][:, :2]
        net.W[2][:2] = 1e6 * rng.normal(size=(2, 2))
        net.W[2][2:] = rng.normal(size=(2, 2)) - net.W[2][:2]
        return net, rng.normal(size=(5, 3)), rng.integers(0, 2, 5)

    for hidden in HIDDEN:
        refused(*cancelling(hidden))
    # Seen to fail: a doubt that knows nothing of the terms inside accuses some of them.
    monkeypatch.setattr(differences, "rounding_of", of_the_loss)
    reports = [bp.check_gradients(*cancelling(hidden)) for hidden in HIDDEN]
    assert any(row.verdict == "wrong" for report in reports for row in report.arrays)


def of_the_loss(net, cache, x, y):
    return differences.Rounding(differences.DIGIT * net.loss(cache, y), np.zeros_like(cache.a[-1]))


def test_a_doubt_of_the_size_of_the_loss_would_accuse_a_network_that_has_learnt(monkeypatch):
    net = bp.MLP([2, 8, 2], hidden="tanh", seed=0)
    net.fit(XOR, [0, 1, 1, 0], epochs=1000, batch_size=4, optimizer=bp.Adam(eta=0.05), progress=False)
    assert bp.check_gradients(net, XOR, [0, 1, 1, 0]).ok
    monkeypatch.setattr(differences, "rounding_of", of_the_loss)
    assert not bp.check_gradients(net, XOR, [0, 1, 1, 0]).ok


def test_a_long_step_does_not_step_over_the_one_row_whose_logits_are_small():
    # Rows of 1e16 drown the last one in rounding, and long steps see it as a straight line: 0.70 where 0.72 is right.
    x = np.array([[1.0], [-1.0], [0.0]])
    net = bp.MLP([1, 2, 2], hidden="identity", seed=0)
    for W in net.W[1:]:
        W *= 1e8
    net.b[2][...] = [-0.2, 0.1]
    verdicts = {row.name: row.verdict for row in bp.check_gradients(net, x, [0, 0, 0]).arrays}
    assert verdicts["db[2]"] == "too small to tell" and "wrong" not in verdicts.values()


@pytest.mark.parametrize("hidden", ["relu", "tanh", "sigmoid"])
def test_iris_and_digits_learnt_are_not_wrong_and_their_twins_not_right(hidden, refused):
    digits, digit = bp.datasets.digits()
    x, y = digits[:100], digit[:100]
    net = bp.MLP([64, 4, 10], hidden=hidden, seed=1)
    net.fit(x, y, epochs=100, batch_size=20, optimizer=bp.Adam(eta=0.02), progress=False)
    counts = refused(net, x[:4], y[:4])
    assert counts["own verdict"] < counts["wrong"] / 5


# Verdicts of its own, and what they advise ----------------------------------------------------------------------------


def test_zero_beside_zero_has_its_own_verdict_and_is_not_ok():
    net = bp.MLP([2, 3, 2], hidden="relu", seed=0)
    net.b[1][...] = -100.0
    net.b[2][...] = [800.0, -800.0]
    report = bp.check_gradients(net, [[1.0, 2.0]], [0])
    assert {row.verdict for row in report.arrays} == {"zero beside zero"}
    assert not report.ok
    assert [row.error for row in report.arrays] == [0.0] * 4 and report.arrays[0].bound == np.inf


def test_raw_data_that_saturates_every_unit_lets_no_slip_be_called_right_and_scaling_it_lets_it_be_seen():
    cancer = load_breast_cancer()
    x, y = cancer.data[:6], cancer.target[:6]
    net = with_backward(bp.MLP([30, 6, 2], hidden="tanh", seed=0), times(2))
    raw = bp.check_gradients(net, x, y)
    assert raw.arrays[0].verdict == "zero beside zero"
    advice = str(raw).splitlines()[-1]
    assert re.match(r"zero beside zero: .* Scale x, as x / np\.abs\(x\)\.max\(\), or draw new weights\.$", advice)
    scaled = eval("x / np.abs(x).max()", {"x": x, "np": np})
    assert [row.verdict for row in bp.check_gradients(net, scaled, y).arrays] == ["wrong"] * 4
    right = bp.MLP([30, 6, 2], hidden="tanh", seed=0)
    assert [row.verdict for row in bp.check_gradients(right, scaled, y).arrays] == ["right"] * 4


def test_where_every_step_crosses_a_kink_the_advice_moves_z_away():
    net, x, y = bp.MLP([2, 3, 2], hidden="relu", init="zeros"), [[1.0, 2.0]], [0]
    report = bp.check_gradients(net, x, y)
    assert report.arrays[0].verdict == "not compared"
    advice = re.search(r"^not compared: .* or move z: (for b in net\.b\[1:\]: b \+= 0\.01)$", str(report), re.M)
    exec(advice[1], {"net": net})
    assert "not compared" not in [row.verdict for row in bp.check_gradients(net, x, y).arrays]


def test_a_gradient_that_drowned_after_training_can_be_told_before_it():
    net = bp.MLP([2, 4, 1], hidden="tanh", loss="squared_error", seed=0)
    fresh, y = copy.deepcopy(net), np.array([0.0, 1, 1, 0])
    net.fit(XOR, y, epochs=3000, batch_size=4, optimizer=bp.Adam(eta=0.05), progress=False)
    report = bp.check_gradients(net, XOR, y)
    assert {row.verdict for row in report.arrays} == {"too small to tell"} and not report.ok
    assert re.search(r"^too small to tell: .* check the network before it is trained\.$", str(report), re.M)
    assert [row.verdict for row in bp.check_gradients(fresh, XOR, y).arrays] == ["right"] * 4


def test_a_report_without_doubt_gives_no_advice():
    report = bp.check_gradients(*network())
    assert len(str(report).splitlines()) == 1 + 4


@pytest.mark.parametrize(
    ("error", "bound", "compared", "verdict"),
    [
        (1e-8, 1e-7, 5, "right"),
        (2e-7, 1e-7, 5, "wrong"),
        (5e-5, 1e-4, 5, "right"),
        (1e-5, 1.1e-4, 5, "too small to tell"),
        (5e-4, 1e-4, 5, "wrong"),
        (0.5, 0.3, 5, "wrong"),
        (0.0, np.inf, 5, "zero beside zero"),
        (np.nan, 1e-7, 5, "wrong"),
        (0.0, np.inf, 0, "not compared"),
    ],
)
def test_the_verdict_and_the_ceiling_of_the_bound(error, bound, compared, verdict):
    row = gradcheck.ArrayCheck("dW[1]", error, bound, compared, 0)
    assert row.verdict == verdict
    assert gradcheck.GradientReport([row]).ok == (verdict == "right")


def test_ok_needs_one_right_array_and_no_wrong_one():
    rows = {
        "right": gradcheck.ArrayCheck("dW[1]", 0.0, 1e-7, 4, 0),
        "zero": gradcheck.ArrayCheck("db[1]", 0.0, np.inf, 4, 0),
        "wrong": gradcheck.ArrayCheck("dW[2]", 1.0, 1e-7, 4, 0),
    }
    ok = {
        names: gradcheck.GradientReport([rows[name] for name in names.split()]).ok
        for names in ["right", "right zero", "zero", "right wrong", "wrong"]
    }
    assert ok == {"right": True, "right zero": True, "zero": False, "right wrong": False, "wrong": False}


def test_a_loss_that_is_not_finite_cannot_be_compared():
    net = bp.MLP([2, 2], loss="squared_error", seed=0)
    net.W[1][...] = 1e200
    with (
        np.errstate(over="ignore"),
        pytest.raises(ValueError, match=r"^the loss must be finite to be compared; got inf\. Scale x"),
    ):
        bp.check_gradients(net, [[1.0, 2.0]], [[1.0, 2.0]])


def test_a_backward_that_returns_nan_is_wrong():
    net, x, y = network()

    def spoilt(grads, cache, net):
        grads.dW[1][0, 0] = np.nan

    assert bp.check_gradients(with_backward(net, spoilt), x, y).arrays[0].verdict == "wrong"


# Functions that differences or the complex step cannot follow ---------------------------------------------------------


@pytest.mark.parametrize(
    ("f", "x"),
    [
        (lambda w: np.vdot(w, w), [3.0, 4.0]),
        (lambda w: np.linalg.norm(w) * (1 + 0j), [3.0, 4.0]),
        (lambda w: np.var(w) + 0j, [1.0, 2.0, 4.0]),
        (lambda w: np.std(w) + 0j, [1.0, 2.0, 4.0]),
        (lambda w: w.conj() @ w, [1e-6, 2e-6]),
        (lambda w: (np.abs(w) * w).sum(), [1.0, -2.0]),
        (lambda w: np.maximum(w.real, 0.0).sum() + 0j, [1.0, 2.0]),
        (lambda w: (w**3).sum() + np.vdot(w, w), [0.5, 0.0, -0.25]),  # half of it swallowed, and an entry at 0
    ],
)
def test_the_complex_step_refuses_what_swallows_the_imaginary_part(f, x):
    with pytest.raises(ValueError, match=r"^f must be analytic, .* or use bp\.numerical_gradient\.$"):
        bp.complex_step_gradient(f, x)


def test_what_the_complex_step_advises_is_analytic():
    squared_norm = bp.complex_step_gradient(lambda w: (w * w).sum(), [3.0, 4.0])
    np.testing.assert_allclose(squared_norm, bp.numerical_gradient(lambda w: np.vdot(w, w), [3.0, 4.0]), rtol=1e-9)


@pytest.mark.parametrize(
    "f",
    [
        lambda w: 1 + 0j,
        lambda w: 0 * w.sum(),
        lambda w: w[0] ** 2,
        lambda w: 1e6 + (w**4).sum(),
        lambda w: np.sin(100 * w).sum(),
        lambda w: np.sqrt((w * w).sum() + 1),
        lambda w: bp.activations.relu(w).sum(),
        lambda w: bp.activations.relu(w[0]) - bp.activations.relu(w[1]),
        lambda w: bp.activations.elu(w).sum(),
    ],
)
@pytest.mark.parametrize("x", [[0.0, 0.0], [0.3, -2.0], [1e-9, 1e2]])
def test_the_complex_step_accuses_no_analytic_function_and_no_kink(f, x):
    assert np.isfinite(bp.complex_step_gradient(f, x)).all()


def test_the_complex_step_takes_the_slope_of_relu_at_0():
    assert bp.complex_step_gradient(lambda w: bp.activations.relu(w).sum(), [0.0, -1.0, 2.0]).tolist() == [0, 0, 1]


def test_a_step_that_is_lost_beside_x_is_refused_and_the_mend_runs():
    def f(w):
        return (w**2).sum()

    with pytest.raises(ValueError, match=r"^h must move x; got 1e-05, .* beside 1e\+12\. Pass h=1e\+07\.$"):
        bp.numerical_gradient(f, [1e12, 1e6, 1.0])
    np.testing.assert_allclose(bp.numerical_gradient(f, [1e12, 1e6, 1.0], h=1e7)[:2], [2e12, 2e6], rtol=1e-4)
    np.testing.assert_allclose(bp.numerical_gradient(f, [1e6]), [2e6], rtol=1e-4)


def test_a_step_of_few_digits_beside_x_gets_a_warning_and_the_mend_runs():
    with pytest.warns(UserWarning, match=r"^h must move x; got 1e-05, .* beside 1e\+09\. Pass h=1e\+04\.$"):
        rough = bp.numerical_gradient(lambda w: 3 * w.sum(), [1e9])
    better = bp.numerical_gradient(lambda w: 3 * w.sum(), [1e9], h=1e4)
    assert abs(better[0] - 3) < 1e-9 < 1e-4 < abs(rough[0] - 3)


def test_a_step_longer_than_x_gets_a_warning_where_a_shorter_one_says_something_else_and_the_mend_runs():
    def f(x):
        return (1 / x).sum()

    with pytest.warns(UserWarning, match=r"^h must be short beside x; got 1e-05 beside 1e-06, .* Pass h=1e-07\.$"):
        bp.numerical_gradient(f, [1e-6])
    np.testing.assert_allclose(bp.numerical_gradient(f, [1e-6], h=1e-9), [-1e12], rtol=1e-5)
    for smooth in (lambda x: (x**2).sum(), lambda x: np.tanh(x).sum() + 7, lambda x: (1e-6 - x[1]) ** 2):
        bp.numerical_gradient(smooth, [1e-6, -3e-9, 0.0])  # a warning would be an error


def test_no_mend_of_a_step_brings_the_next_warning():
    with pytest.warns(UserWarning, match=r"^h must be short beside x; got 1e-05 beside 1e-06, .* Scale x\.$"):
        bp.numerical_gradient(lambda x: np.log(x * x).sum(), [1e6, 1e-6])
    for seed in range(20):
        a = np.random.default_rng(seed).normal(size=3)
        with pytest.warns(UserWarning, match="^f computes in float32") as told:
            bp.numerical_gradient(lambda x, a=a: float(np.float32(a[0] + a[1:] @ x)), [1.0, 1e-6])
        assert len(told) == 1


def test_the_complex_step_refuses_a_function_that_is_complex_for_real_x():
    for f in (lambda w: np.sqrt(w).sum(), lambda w: (w**0.5).sum(), lambda w: np.log(w).sum()):
        with pytest.raises(ValueError, match=r"^f must be real where x is real; got .*j\. A root or a log"):
            bp.complex_step_gradient(f, [-4.0])
        assert np.isfinite(bp.complex_step_gradient(f, [4.0])).all()


@pytest.mark.parametrize("gradient", [bp.numerical_gradient, bp.complex_step_gradient])
def test_no_entries_have_no_gradient(gradient):
    assert gradient(lambda w: w.mean(), np.zeros((0, 2))).shape == (0, 2)


def test_a_function_that_is_not_repeatable_is_refused_and_the_mend_runs():
    rng = np.random.default_rng(1)
    with pytest.raises(
        ValueError, match=r"^f must return the same value for the same x; .* begin with rng = np\.random"
    ) as caught:
        bp.numerical_gradient(lambda w: (w * (rng.random(w.shape) < 0.5)).sum(), [1.0, 2.0, 3.0])
    mend = re.search(r"rng = np\.random\.default_rng\(0\)", str(caught.value))[0]
    scope = {"np": np}
    exec(f"def f(w):\n    {mend}\n    return (w * (rng.random(w.shape) < 0.5)).sum()", scope)
    assert set(bp.numerical_gradient(scope["f"], [1.0, 2.0, 3.0]).round(6)) <= {0, 1}


def test_a_function_of_nan_is_not_called_unrepeatable():
    assert np.isnan(bp.numerical_gradient(lambda w: np.nan * w.sum(), [1.0])).all()


@pytest.mark.parametrize("dtype", [np.float32, np.float16])
def test_a_function_in_few_digits_gets_a_warning_and_the_mends_run(dtype):
    def f(w, dtype=dtype):
        return float((w.astype(dtype) ** 2).sum())

    with pytest.warns(
        UserWarning, match=r"^f computes in float32, .* in float64, or pass h=1e-2 to lose fewer digits\.$"
    ):
        rough = bp.numerical_gradient(f, [1.0, 2.0])
    with pytest.warns(UserWarning, match="f computes in float32"):
        better = bp.numerical_gradient(f, [1.0, 2.0], h=1e-2)
    best = bp.numerical_gradient(lambda w: f(w, np.float64), [1.0, 2.0])
    errors = [bp.relative_error(gradient, [2.0, 4.0]) for gradient in (rough, better, best)]
    assert errors[0] > errors[1] > errors[2] and errors[2] < 1e-9


def test_few_digits_are_seen_where_they_hide_every_change():
    with pytest.warns(UserWarning, match="f computes in float32"):
        assert bp.numerical_gradient(lambda w: (w.astype(np.float32) ** 2).sum(), [1000.0]).tolist() == [0]


def test_few_digits_are_not_seen_where_there_are_all():
    bp.numerical_gradient(lambda w: (w**2).sum(), np.array([1, 2], np.float32))
    bp.numerical_gradient(lambda w: 5.0, [1.0, 2.0])
    bp.numerical_gradient(lambda w: np.maximum(0, w - 5).sum(), [1.0, 2.0])
    bp.numerical_gradient(lambda w: 3 * w.sum(), [1.0], h=0.5)


@pytest.mark.parametrize("gradient", [bp.numerical_gradient, bp.complex_step_gradient])
def test_a_node_of_a_graph_gets_a_mend_that_runs(gradient):
    def f(w):
        w = graph.variable(w)
        return graph.sum(w * w)

    with pytest.raises(
        TypeError, match=r"^f must return a number; got <.*>\. Return its value: lambda x: f\(x\)\.value$"
    ) as caught:
        gradient(f, [1.0, 2.0])
    mended = eval(str(caught.value).split(": ", 1)[1], {"f": f})
    np.testing.assert_allclose(gradient(mended, [1.0, 2.0]), [2, 4], rtol=1e-9)


def test_a_complex_result_gets_a_mend_that_runs():
    def f(w):
        return (w * (1 + 1j)).sum()

    with pytest.raises(
        TypeError, match=r"got dtype complex128\. Take the real part: lambda x: f\(x\)\.real$"
    ) as caught:
        bp.numerical_gradient(f, [1.0])
    mended = eval(str(caught.value).split("part: ")[1], {"f": f})
    np.testing.assert_allclose(bp.numerical_gradient(mended, [1.0]), [1.0], rtol=1e-9)
