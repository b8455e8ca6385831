"""The gradient check: right where it should be, and seen to refuse, to leave kinks out, and to admit ignorance."""

import numpy as np
import pytest

import bpbook as bp
from bpbook import gradcheck

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
    monkeypatch.setattr(gradcheck, "_differences", blind_to_kinks(gradcheck._differences))
    assert not bp.check_gradients(net, [[1.0]], [0]).ok


def blind_to_kinks(differences):
    def blind(*arguments):
        n, crossed = differences(*arguments)
        return n, np.zeros_like(crossed)

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
        ((np.sum, None), r"^x must hold real numbers; got dtype object\."),
        ((np.sum, "0.5"), r"^x must hold real numbers; got dtype <U3\."),
        ((np.sum, [1 + 1j]), r"^x must hold real numbers; got dtype complex128\. Pass x\.real if that is meant\.$"),
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
