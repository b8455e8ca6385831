"""Losses: by hand, against differences and the complex step, by their invariants, and wrong twins refused."""

import numpy as np
import pytest

import bpbook as bp
from bpbook import losses

RNG = np.random.default_rng(1)


def example(name, m=5, n_L=4, classes=False):
    """Return an output and a target that this loss may meet."""
    a = RNG.normal(size=(m, n_L)) * 2
    if name == "squared_error":
        return a, RNG.normal(size=(m, n_L))
    if name == "softmax_cross_entropy":
        return a, RNG.integers(0, n_L, m) if classes else RNG.dirichlet(np.ones(n_L), m)
    y = RNG.integers(0, 2, (m, n_L)).astype(float)
    return (bp.activations.sigmoid(a) if name == "cross_entropy" else a), y


CASES = [("squared_error", False), ("cross_entropy", False), ("binary_cross_entropy", False)]
CASES += [("softmax_cross_entropy", False), ("softmax_cross_entropy", True)]
cases = pytest.mark.parametrize(("name", "classes"), CASES)


@pytest.mark.equation("SE")
def test_squared_error_by_hand():
    # rows (1, 2) and (3, 5) against (0, 2) and (1, 1): 1/2 (1 + 0) and 1/2 (4 + 16); the mean is 21/4.
    a, y = np.array([[1.0, 2.0], [3.0, 5.0]]), np.array([[0.0, 2.0], [1.0, 1.0]])
    assert losses.squared_error(a, y) == 21 / 4
    np.testing.assert_array_equal(losses.squared_error.gradient(a, y), [[0.5, 0], [1, 2]])


@pytest.mark.equation("CE")
def test_cross_entropy_by_hand():
    # a = 1/4 for y = 1 costs ln 4; a = 1/4 for y = 0 costs ln 4/3; slopes -1/a = -4 and 1/(1 - a) = 4/3, over m = 2.
    a, y = np.array([[0.25], [0.25]]), np.array([[1.0], [0.0]])
    np.testing.assert_allclose(losses.cross_entropy(a, y), (np.log(4) + np.log(4 / 3)) / 2)
    np.testing.assert_allclose(losses.cross_entropy.gradient(a, y), [[-2], [2 / 3]])


def test_binary_cross_entropy_by_hand():
    # z = ln 3 is a = 3/4: the same as cross-entropy of 3/4; slope (3/4 - y)/m.
    z, y = np.full((2, 1), np.log(3)), np.array([[1.0], [0.0]])
    np.testing.assert_allclose(losses.binary_cross_entropy(z, y), (np.log(4 / 3) + np.log(4)) / 2)
    np.testing.assert_allclose(losses.binary_cross_entropy.gradient(z, y), [[-1 / 8], [3 / 8]])


@pytest.mark.equation("SM")
def test_softmax_by_hand():
    # e^{ln 1}, e^{ln 2}, e^{ln 5} add up to 8; a second row of its own, shifted by 3, gives the same
    z = np.log([[1.0, 2.0, 5.0]])
    np.testing.assert_allclose(losses.softmax(np.vstack([z, z + 3])), [[1 / 8, 2 / 8, 5 / 8]] * 2)


@pytest.mark.equation("SCE")
def test_softmax_cross_entropy_by_hand():
    # logits (ln 1, ln 2, ln 5): p = (1/8, 2/8, 5/8); class 1 costs ln 4; p - y = (1/8, -6/8, 5/8), over m = 1.
    z = np.log([[1.0, 2.0, 5.0]])
    np.testing.assert_allclose(losses.softmax_cross_entropy(z, np.array([1])), np.log(4))
    np.testing.assert_allclose(losses.softmax_cross_entropy.gradient(z, np.array([1])), [[1 / 8, -6 / 8, 5 / 8]])
    two = np.vstack([z, z])
    gradient = losses.softmax_cross_entropy.gradient(two, np.array([1, 1]))
    np.testing.assert_allclose(gradient, [[1 / 16, -6 / 16, 5 / 16]] * 2)


@pytest.mark.equation("SCE")
@cases
@pytest.mark.parametrize(("m", "n_L"), [(1, 2), (5, 4), (7, 3)])
def test_gradient_agrees_with_central_differences(name, classes, m, n_L):
    loss, upstream = losses.get(name), RNG.normal()
    a, y = example(name, m, n_L, classes)
    numerical = bp.numerical_gradient(lambda a: upstream * loss(a, y), a)
    assert bp.relative_error(upstream * loss.gradient(a, y), numerical) < 1e-7


@pytest.mark.equation("SCE")
@cases
def test_gradient_agrees_with_the_complex_step(name, classes):
    loss = losses.get(name)
    a, y = example(name, classes=classes)
    assert bp.relative_error(loss.gradient(a, y), bp.complex_step_gradient(lambda a: loss(a, y), a)) < 1e-13


def test_a_complex_step_from_even_bets_is_right_on_either_side():
    loss, z, y = losses.binary_cross_entropy, np.zeros((1, 1)), np.zeros((1, 1))
    for h in (1e-30, -1e-30):
        np.testing.assert_allclose(loss(z + 1j * h, y).imag / h, loss.gradient(z, y).item(), rtol=1e-14)


def softmax_over_columns(z, y):
    e = np.exp(z - z.max())
    return (e / e.sum(axis=0) - y) / len(z)


WRONG_TWINS = {
    "squared_error: factor 2": lambda a, y: 2 * (a - y) / len(a),
    "squared_error: sum for mean": lambda a, y: a - y,
    "squared_error: mean over units as well": lambda a, y: (a - y) / a.size,
    "squared_error: sign": lambda a, y: (y - a) / len(a),
    "cross_entropy: denominator missing": lambda a, y: (a - y) / len(a),
    "cross_entropy: only y = 1 counts": lambda a, y: -y / a / len(a),
    "binary_cross_entropy: logits taken for probabilities": lambda z, y: (z - y) / len(z),
    "binary_cross_entropy: sum for mean": lambda z, y: bp.activations.sigmoid(z) - y,
    "softmax_cross_entropy: logits taken for probabilities": lambda z, y: (z - y) / len(z),
    "softmax_cross_entropy: softmax over columns": softmax_over_columns,
    "softmax_cross_entropy: sum for mean": lambda z, y: losses.softmax(z) - y,
    "softmax_cross_entropy: target missing": lambda z, y: losses.softmax(z) / len(z),
}


@pytest.mark.parametrize("twin", WRONG_TWINS)
def test_a_wrong_gradient_is_refused(twin):
    name = twin.split(":")[0]
    loss, (a, y) = losses.get(name), example(name)
    numerical = bp.numerical_gradient(lambda a: loss(a, y), a)
    assert bp.relative_error(WRONG_TWINS[twin](a, y), numerical) > 1e-2


@cases
@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.complex128])
def test_dtype_is_kept_and_inputs_are_left_alone(name, classes, dtype):
    loss, (a, y) = losses.get(name), example(name, classes=classes)
    a = a.astype(dtype)
    y = y if classes else y.astype(a.real.dtype)
    a.flags.writeable = y.flags.writeable = False
    assert np.asarray(loss(a, y)).dtype == dtype
    assert loss.gradient(a, y).dtype == dtype
    assert loss.gradient(a, y).shape == a.shape


@cases
def test_a_batch_is_the_mean_of_its_examples(name, classes):
    loss, (a, y) = losses.get(name), example(name, m=6, classes=classes)
    one_by_one = [loss(a[[k]], y[[k]]) for k in range(6)]
    np.testing.assert_allclose(loss(a, y), np.mean(one_by_one))
    gradients = np.vstack([loss.gradient(a[[k]], y[[k]]) for k in range(6)])
    np.testing.assert_allclose(loss.gradient(a, y), gradients / 6)


def test_class_numbers_and_one_hot_rows_are_the_same():
    z, y = example("softmax_cross_entropy", classes=True)
    one_hot = np.eye(4)[y]
    loss = losses.softmax_cross_entropy
    np.testing.assert_allclose(loss(z, y), loss(z, one_hot), rtol=1e-14)
    np.testing.assert_allclose(loss.gradient(z, y), loss.gradient(z, one_hot), rtol=1e-14, atol=1e-16)


@pytest.mark.equation("SCE")
def test_rows_of_the_error_sum_to_zero():
    z, y = example("softmax_cross_entropy", classes=True)
    np.testing.assert_allclose(losses.softmax_cross_entropy.gradient(z, y).sum(axis=1), 0, atol=1e-16)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_huge_logits_stay_finite(dtype):
    z = np.array([[1e4, -1e4, 0], [-1e4, -1e4, -1e4]], dtype)
    y = np.array([1, 2])
    np.testing.assert_allclose(losses.softmax_cross_entropy(z, y), (2e4 + np.log(3)) / 2, rtol=1e-6)
    np.testing.assert_allclose(losses.softmax(z), [[1, 0, 0], [1 / 3] * 3], rtol=1e-6)
    binary = np.array([[1.0], [0.0]], dtype)
    np.testing.assert_allclose(losses.binary_cross_entropy(z[:, :1], binary), 0, atol=1e-6)
    assert np.isfinite(losses.binary_cross_entropy.gradient(z[:, :1], 1 - binary)).all()


def test_softmax_without_the_shift_would_overflow():
    with np.errstate(over="ignore", invalid="ignore"):
        e = np.exp(np.array([[1000.0, 1000.0]]))
        assert np.isnan(e / e.sum()).all()
    np.testing.assert_array_equal(losses.softmax(np.array([[1000.0, 1000.0]])), [[0.5, 0.5]])


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_cross_entropy_clips_a_saturated_output_to_eps(dtype):
    eps = np.finfo(dtype).eps
    a, y = np.array([[0.0]], dtype), np.array([[1.0]], dtype)
    np.testing.assert_allclose(losses.cross_entropy(a, y), -np.log(eps), rtol=1e-5)
    np.testing.assert_allclose(losses.cross_entropy.gradient(a, y), [[-1 / eps]], rtol=1e-5)


def test_an_unknown_name_lists_the_legal_ones():
    legal = "squared_error, cross_entropy, binary_cross_entropy, softmax_cross_entropy"
    with pytest.raises(ValueError, match=rf"^loss must be one of {legal}; got 'mse'\.$"):
        losses.get("mse")


@pytest.mark.parametrize("z", [np.ones(3), [[1.0, 2.0]], np.ones((2, 2, 2)), None])
def test_softmax_of_anything_but_rows_is_refused_in_one_line(z):
    with pytest.raises(
        ValueError, match=r"^z must be an array of shape \(m, n_L\), one row per example; got "
    ) as caught:
        losses.softmax(z)
    assert "\n" not in str(caught.value) and str(caught.value).endswith("For a single row pass np.array(z)[None, :].")
