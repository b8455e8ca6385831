"""The temperature that mends a network's confidence: by hand, by differences, by another library, by wrong twins."""

import numpy as np
import pytest

import bpbook as bp
from bpbook.evaluation import temperature

SIGMOID = bp.activations.sigmoid


def loss(z, y, T):
    """Return the mean cross-entropy of sigmoid(z / T), without the library's own loss."""
    return np.mean(np.logaddexp(0, z / T) - y * z / T)


def people(rng, m=200, T=2.5):
    """Draw logits that are T times as large as they should be, and answers that fit z / T."""
    z = rng.normal(scale=4, size=m)
    return z, (rng.uniform(size=m) < SIGMOID(z / T)).astype(int)


# Four people with the logit 2, of whom three have it: sigmoid(2 / T) must be 3/4, the odds e^(2/T) must be 3.
@pytest.mark.equation("TEMP")
@pytest.mark.parametrize(("z", "have", "of"), [(2.0, 3, 4), (0.3, 3, 4), (5.0, 9, 10), (-2.0, 1, 5), (1e-4, 2, 3)])
def test_by_hand_where_all_have_the_same_logit(z, have, of):
    y = np.arange(of) < have
    assert temperature(np.full(of, z), y) == pytest.approx(z / np.log(have / (of - have)), rel=1e-9)


@pytest.mark.equation("TEMP")
def test_no_other_temperature_has_a_smaller_loss_and_the_slope_there_is_0():
    for seed in range(20):
        z, y = people(np.random.default_rng(seed))
        T = temperature(z, y)
        assert all(loss(z, y, T) < loss(z, y, T * factor) for factor in (0.5, 0.99, 1.01, 2))
        nudged = bp.numerical_gradient(lambda at, z=z, y=y: loss(z, y, at[0]), [T])[0]
        assert abs(nudged) < 1e-8 < abs(bp.numerical_gradient(lambda at, z=z, y=y: loss(z, y, at[0]), [1.2 * T])[0])


def test_scikit_learns_logistic_regression_on_the_logits_finds_the_same():
    from sklearn.linear_model import LogisticRegression

    for seed in range(5):
        z, y = people(np.random.default_rng(seed))
        line = LogisticRegression(C=1e9, fit_intercept=False, tol=1e-10).fit(z[:, None], y)
        assert temperature(z, y) == pytest.approx(1 / line.coef_[0, 0], rel=1e-4)


def test_many_people_give_the_temperature_that_made_their_answers():
    for T in (0.5, 1.0, 4.0):
        z, y = people(np.random.default_rng(1), m=100_000, T=T)
        assert temperature(z, y) == pytest.approx(T, rel=0.05)


def test_invariants():
    z, y = people(np.random.default_rng(0))
    before, T = z.copy(), temperature(z, y)
    assert temperature(10 * z, y) == pytest.approx(10 * T)  # logits in other units
    assert temperature(-z, 1 - y) == pytest.approx(T)  # the classes exchanged
    assert temperature(z[:, None], y[:, None]) == T and temperature(list(z), list(y)) == T
    assert temperature(np.tile(z, 3), np.tile(y, 3)) == pytest.approx(T)  # a mean, not a sum
    assert temperature(1000 * z, y) == pytest.approx(1000 * T)  # no overflow, no warning
    np.testing.assert_array_equal(z, before)


@pytest.mark.parametrize(
    "slope",
    [
        lambda z, y, T: np.mean((SIGMOID(z) - y) * z),  # not at z / T
        lambda z, y, T: np.mean(SIGMOID(z / T) - y),  # the slope of a bias, not of a temperature
        lambda z, y, T: np.mean((SIGMOID(z / T) - y) * np.abs(z)),
    ],
)
def test_the_temperature_of_a_wrong_slope_is_refused(slope):
    z, y = people(np.random.default_rng(0))
    T = temperature(z, y)
    assert abs(np.mean((SIGMOID(z / T) - y) * z)) < 1e-9 < 1e-3 < abs(slope(z, y, T))


def test_logits_that_are_all_right_have_no_temperature_and_the_words_say_what_to_do():
    with pytest.raises(ValueError, match=r"z must have the wrong sign for some .* got 3 that are all right.* Pool the"):
        temperature([1.0, -2.0, 3.0], [1, 0, 1])
    assert temperature([1.0, -2.0, 3.0, 0.1], [1, 0, 1, 0]) > 0  # the mend: somebody on whom it is wrong


def test_logits_that_speak_for_the_other_class_are_refused():
    z, y = people(np.random.default_rng(0))
    with pytest.raises(
        ValueError, match=r"z must be larger, on average, where y is 1.* Check that y is 1 for the class"
    ):
        temperature(z, 1 - y)
    assert temperature(-z, 1 - y) > 0  # the mend


@pytest.mark.parametrize(
    ("z", "y", "error", "match"),
    [
        ([], [], ValueError, r"z must have shape \(m,\), one logit per example; got \(0,\)"),
        (np.ones((4, 2)), [0, 1, 0, 1], ValueError, r"z must have shape \(m,\), one logit per example; got \(4, 2\)"),
        ([1.0, np.nan], [0, 1], ValueError, "z must be finite; got nan"),
        ([1.0, 2.0], [0, 2], ValueError, "y must lie between 0 and 1; got 2"),
        ([1.0, 2.0], [0], ValueError, "y must have shape"),
        (["a"], [1], TypeError, "z must hold real numbers"),
    ],
)
def test_what_is_no_list_of_logits_is_refused_with_words(z, y, error, match):
    with pytest.raises(error, match=match):
        temperature(z, y)


def test_logits_of_an_untrained_network_that_are_all_0_are_not_called_right():
    with pytest.raises(ValueError, match=r"^z must hold logits that differ from 0; got 4 zeros\. Train the network"):
        temperature(np.zeros(4), [0, 1, 1, 0])
