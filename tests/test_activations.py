"""Activations: by hand, against differences and the complex step, by their invariants, and wrong twins refused."""

import numpy as np
import pytest

import bpbook as bp
from bpbook import activations

ALL = ["identity", "sigmoid", "tanh", "relu", "leaky_relu", "softplus", "elu", "gelu", "softsign"]
ANALYTIC = ["identity", "sigmoid", "tanh", "softplus", "gelu", "softsign"]
RNG = np.random.default_rng(0)
Z = RNG.normal(size=(5, 3)) * 2

# By hand, with pencil and a table of e^x: f(ln 3) and f'(ln 3), where e^{ln 3} = 3.
BY_HAND = {
    "identity": (np.log(3), 1),
    "sigmoid": (3 / 4, 3 / 16),  # 1/(1 + 1/3); 3/4 * 1/4
    "tanh": (4 / 5, 9 / 25),  # (3 - 1/3)/(3 + 1/3) = 8/10; 1 - 16/25
    "relu": (np.log(3), 1),
    "leaky_relu": (np.log(3), 1),
    "softplus": (np.log(4), 3 / 4),  # ln(1 + 3)
    "elu": (np.log(3), 1),
    "softsign": (np.log(3) / (1 + np.log(3)), 1 / (1 + np.log(3)) ** 2),
}
BY_HAND_NEGATIVE = {  # at -ln 3
    "identity": (-np.log(3), 1),
    "sigmoid": (1 / 4, 3 / 16),
    "tanh": (-4 / 5, 9 / 25),
    "relu": (0, 0),
    "leaky_relu": (-0.01 * np.log(3), 0.01),
    "softplus": (np.log(4 / 3), 1 / 4),
    "elu": (-2 / 3, 1 / 3),  # e^-ln3 - 1; e^-ln3
    "softsign": (-np.log(3) / (1 + np.log(3)), 1 / (1 + np.log(3)) ** 2),
}


@pytest.mark.parametrize("name", BY_HAND)
def test_values_and_derivatives_by_hand(name):
    f = activations.get(name)
    for z, (value, slope) in ((np.log(3), BY_HAND[name]), (-np.log(3), BY_HAND_NEGATIVE[name])):
        np.testing.assert_allclose(f(np.array([z])), [value], rtol=1e-14, atol=1e-15)
        np.testing.assert_allclose(f.prime(np.array([z])), [slope], rtol=1e-14, atol=1e-15)


def test_gelu_by_hand_at_zero_and_far_away():
    # tanh(0) = 0 gives f(0) = 0, f'(0) = 1/2; far out tanh is +-1, so f is z or 0 and f' is 1 or 0.
    z = np.array([0.0, 30.0, -30.0])
    np.testing.assert_allclose(activations.gelu(z), [0, 30, 0], atol=1e-15)
    np.testing.assert_allclose(activations.gelu.prime(z), [0.5, 1, 0], atol=1e-15)


def test_gelu_is_near_z_times_the_normal_distribution():
    # Hendrycks and Gimpel: x Phi(x), of which the tanh form is an approximation. Phi(1) = 0.841344746.
    np.testing.assert_allclose(activations.gelu(np.array([1.0])), [0.841344746], atol=3e-4)


@pytest.mark.parametrize("name", ALL)
def test_derivative_agrees_with_central_differences(name):
    f, upstream = activations.get(name), RNG.normal(size=Z.shape)
    numerical = bp.numerical_gradient(lambda z: (upstream * f(z)).sum(), Z)
    assert bp.relative_error(upstream * f.prime(Z), numerical) < 1e-7


@pytest.mark.parametrize("name", ANALYTIC)
def test_derivative_agrees_with_the_complex_step(name):
    f, upstream = activations.get(name), RNG.normal(size=Z.shape)
    exact = bp.complex_step_gradient(lambda z: (upstream * f(z)).sum(), Z)
    assert bp.relative_error(upstream * f.prime(Z), exact) < 1e-14


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("h", [1e-30, -1e-30])
def test_a_complex_step_from_zero_has_the_slope_at_zero_on_either_side(name, h):
    f = activations.get(name)
    np.testing.assert_allclose(f(np.array([1j * h])).imag / h, f.prime(np.zeros(1)), rtol=1e-14)


@pytest.mark.parametrize("name", ["relu", "leaky_relu", "elu"])
def test_pieces_carry_a_complex_step_away_from_the_kink(name):
    f = activations.get(name)
    assert bp.relative_error(f.prime(Z), bp.complex_step_gradient(lambda z: f(z).sum(), Z)) < 1e-14


WRONG_TWINS = {
    "identity": lambda z: z,
    "sigmoid": lambda z: activations.sigmoid(z),  # f for f'
    "sigmoid of a": lambda z: activations.sigmoid.prime(activations.sigmoid(z)),  # f' at a instead of z
    "sigmoid fed z": lambda z: z * (1 - z),
    "tanh": lambda z: 1 - np.tanh(z),
    "tanh of a": lambda z: 1 - np.tanh(np.tanh(z)) ** 2,
    "relu": lambda z: np.ones_like(z),  # the gate always open
    "relu of a": lambda z: (np.maximum(z, 0) >= 0).astype(float),
    "leaky_relu": lambda z: np.where(z < 0, 1.0, 0.01),  # the sides swapped
    "softplus": lambda z: np.tanh(z),
    "elu": lambda z: np.where(z > 0, 1, np.exp(z) - 1),
    "softsign": lambda z: 1 / (1 + np.abs(z)),  # the square forgotten
    "softsign without |z|": lambda z: 1 / (1 + z) ** 2,
    "gelu": lambda z: 0.5 * (1 + np.tanh(np.sqrt(2 / np.pi) * (z + 0.044715 * z**3))),  # the product rule's half
}


@pytest.mark.parametrize("twin", WRONG_TWINS)
def test_a_wrong_derivative_is_refused(twin):
    f = activations.get(twin.split()[0])
    numerical = bp.numerical_gradient(lambda z: f(z).sum(), Z)
    assert bp.relative_error(WRONG_TWINS[twin](Z), numerical) > 1e-2


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.complex128])
@pytest.mark.parametrize("shape", [(1, 1), (4, 3), (0, 2), (3,)])
def test_shape_and_dtype_are_kept_and_the_input_is_left_alone(name, dtype, shape):
    f = activations.get(name)
    z = RNG.normal(size=shape).astype(dtype)
    z.flags.writeable = False
    for result in (f(z), f.prime(z)):
        assert result.shape == shape
        assert result.dtype == dtype


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_far_values_stay_finite_and_quiet(name, dtype):
    f = activations.get(name)
    largest = np.finfo(dtype).max
    z = np.array([-largest, -1e4, -800, -90, 90, 800, 1e4, largest], dtype)
    assert np.isfinite(f(z)).all()
    assert np.isfinite(f.prime(z)).all()


def test_sigmoid_keeps_its_digits_far_from_zero():
    z = np.array([-40.0, 40.0])
    np.testing.assert_allclose(activations.sigmoid(z)[0], np.exp(-40.0), rtol=1e-12)
    np.testing.assert_allclose(activations.sigmoid.prime(z), np.exp(-40.0), rtol=1e-12)


def test_at_the_kink_the_left_slope_counts():
    zero = np.zeros(1)
    assert activations.relu.prime(zero) == 0
    assert activations.leaky_relu.prime(zero) == 0.01
    assert activations.relu.kinks == activations.leaky_relu.kinks == activations.elu.kinks == (0.0,)


@pytest.mark.equation("SIG")
def test_the_slope_of_the_sigmoid_is_a_times_one_minus_a():
    # sigma(ln 3) = 3/4 and sigma(-ln 3) = 1/4, so that both slopes are 3/16
    np.testing.assert_allclose(activations.sigmoid.prime(np.log([3.0, 1 / 3])), [3 / 16, 3 / 16], rtol=1e-14)
    a = activations.sigmoid(Z)
    np.testing.assert_allclose(activations.sigmoid.prime(Z), a * (1 - a), rtol=1e-12)


@pytest.mark.equation("SIG")
def test_the_slope_of_the_sigmoid_is_at_most_a_quarter():
    slopes = activations.sigmoid.prime(np.linspace(-10, 10, 2001))
    assert slopes.max() == activations.sigmoid.prime(np.zeros(1)) == 0.25


@pytest.mark.parametrize("choice", ["Relu", "", 3, None])
def test_an_unknown_name_lists_the_legal_ones(choice):
    message = rf"^activation must be one of {', '.join(ALL)}; got .*\.$"
    with pytest.raises(ValueError, match=message):
        activations.get(choice)


def test_an_activation_of_ones_own_is_taken_as_it_is():
    square = activations.Activation("square", lambda z: z * z, lambda z: 2 * z)
    assert activations.get(square) is square
    assert repr(square) == "<activation square>"


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("dtype", [int, np.int8])
def test_whole_numbers_give_what_floats_give(name, dtype):
    f, z = activations.get(name), np.array([-3, -1, 0, 1, 2])
    exact = z.astype(float)
    tolerance = 1e-2 if dtype is np.int8 else 1e-15  # NumPy takes the exponential of int8 in float16
    np.testing.assert_allclose(f(z.astype(dtype)), f(exact), rtol=tolerance)
    np.testing.assert_allclose(f.prime(z.astype(dtype)), f.prime(exact), rtol=tolerance, atol=tolerance)
