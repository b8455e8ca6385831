"""The two-dimensional data sets, and what is computed from their points."""

import numpy as np
import pytest

import bpbook as bp
from bpbook import datasets


@pytest.mark.parametrize("make", datasets.TOYS.values(), ids=datasets.TOYS)
def test_a_set_has_half_its_points_in_each_class_and_stays_in_view(make):
    x, y = make(m=2001)
    assert x.shape == (2001, 2) and y.shape == (2001,)
    assert (y == 0).sum() == 1001 and (y == 1).sum() == 1000
    assert (np.abs(x) < 1.3).all(axis=1).mean() > 0.99


@pytest.mark.parametrize("make", datasets.TOYS.values(), ids=datasets.TOYS)
def test_noise_moves_the_same_points_by_its_own_deviation(make):
    still, moved, twice = (make(m=20000, noise=noise, seed=3)[0] for noise in (0, 0.1, 0.2))
    np.testing.assert_allclose(twice - still, 2 * (moved - still), atol=1e-12)
    spread = 0.1 / 3 if make is datasets.spirals else 0.1
    np.testing.assert_allclose((moved - still).std(), spread, rtol=0.02)


@pytest.mark.parametrize("make", datasets.TOYS.values(), ids=datasets.TOYS)
def test_sets_differ_by_seed_and_by_seed_alone(make):
    first, again, other = (make(seed=seed)[0] for seed in (0, 0, 1))
    np.testing.assert_array_equal(first, again)
    assert (first != other).any()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"m": 1}, r"^m must be at least 2; got 1\.$"),
        ({"m": -3}, r"^m must be at least 2; got -3\.$"),
        ({"m": 2.5}, r"^m must be a whole number; got 2\.5\.$"),
        ({"m": "2"}, r"^m must be a whole number; got '2'\.$"),
        ({"noise": -0.1}, r"^noise must be zero or positive and finite; got -0\.1\.$"),
        ({"noise": np.nan}, r"^noise must be zero or positive and finite; got nan\.$"),
        ({"noise": "0.1"}, r"^noise must be a number; got '0\.1'\.$"),
        ({"seed": None}, r"^seed must be a whole number or a Generator; got None\."),
        ({"seed": -1}, r"^seed must be at least 0; got -1\.$"),
        ({"seed": [1, 2]}, r"^seed must be a whole number or a Generator; got \[1, 2\]\."),
    ],
)
@pytest.mark.parametrize("make", datasets.TOYS.values(), ids=datasets.TOYS)
def test_what_makes_no_points_is_refused(make, options, message):
    with pytest.raises((ValueError, TypeError), match=message):
        make(**options)


def test_a_line_separates_the_gaussians_and_not_xor():
    def right(make):
        x, y = make(noise=0, seed=1)
        A = np.column_stack([x, np.ones(len(x))])
        w, *_ = np.linalg.lstsq(A, 2 * y - 1, rcond=None)
        return ((A @ w > 0) == y).mean()

    assert right(datasets.gaussians) == 1
    assert right(datasets.xor) < 0.8


# Values ------------------------------------------------------------------------------------------------------------


def height(name, u, v):
    """Return the height of a land at one place, written out."""
    if name == "plane":
        return (u + v) / 2
    bump = lambda p, q: np.exp(-((u - p) ** 2 + (v - q) ** 2) / 0.18)  # noqa: E731
    return bump(-0.5, 0.4) - bump(0.5, 0.4) + bump(0, -0.6)


@pytest.mark.parametrize("name", datasets.VALUED)
def test_values_are_the_heights_of_points_even_over_the_square(name):
    x, y = datasets.VALUED[name](m=2000, noise=0, seed=4)
    assert x.shape == (2000, 2) and y.shape == (2000,) and np.abs(x).max() <= 1
    np.testing.assert_allclose(y, [height(name, *place) for place in x], atol=1e-12)
    corners = [(np.sign(x) == corner).all(axis=1).mean() for corner in ((1, 1), (1, -1), (-1, 1), (-1, -1))]
    np.testing.assert_allclose(corners, 0.25, atol=0.04)
    assert -1.01 < y.min() < -0.9 and 0.9 < y.max() < 1.01  # the colours' scale from -1 to 1 holds them


@pytest.mark.parametrize("name", datasets.VALUED)
def test_noise_lifts_the_same_points_by_its_own_deviation(name):
    (x, still), (x_1, moved), (_, twice) = (
        datasets.VALUED[name](m=20000, noise=noise, seed=3) for noise in (0, 0.1, 0.2)
    )
    np.testing.assert_array_equal(x, x_1)
    np.testing.assert_allclose(twice - still, 2 * (moved - still), atol=1e-12)
    np.testing.assert_allclose((moved - still).std(), 0.1, rtol=0.02)


@pytest.mark.parametrize("name", datasets.VALUED)
def test_values_differ_by_seed_and_by_seed_alone(name):
    first, again, other = (datasets.VALUED[name](seed=seed) for seed in (0, 0, 1))
    np.testing.assert_array_equal(first[1], again[1])
    assert (first[0] != other[0]).any() and (first[1] != other[1]).any()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"m": 0}, r"^m must be at least 1; got 0\.$"),
        ({"noise": -0.1}, r"^noise must be zero or positive and finite; got -0\.1\.$"),
    ],
)
def test_what_makes_no_values_is_refused(options, message):
    with pytest.raises(ValueError, match=message):
        datasets.bumps(**options)


def linear_score(A, y):
    """Return R^2 of the best sum of these columns and a constant."""
    A = np.column_stack([A, np.ones(len(A))])
    w, *_ = np.linalg.lstsq(A, y, rcond=None)
    return 1 - ((A @ w - y) ** 2).sum() / ((y - y.mean()) ** 2).sum()


def test_a_sum_follows_the_plane_and_not_the_bumps():
    assert linear_score(*datasets.plane(noise=0)) > 1 - 1e-12
    x, y = datasets.bumps(noise=0)
    assert linear_score(x, y) < 0.5
    assert linear_score(datasets.features(x, list(datasets.FEATURES)), y) < 0.75  # hidden units are needed all the same


# Features ----------------------------------------------------------------------------------------------------------


def test_features_are_the_columns_that_their_names_say():
    x = np.random.default_rng(0).normal(size=(7, 2))
    by_name = {"x0": x[:, 0], "x1": x[:, 1], "sin": np.sin, "pi": np.pi}
    names = list(datasets.FEATURES)[::-1]
    expected = [eval(name, {}, by_name) for name in names]
    np.testing.assert_array_equal(datasets.features(x, names), np.transpose(expected))
    np.testing.assert_array_equal(datasets.features(x), x)


@pytest.mark.parametrize(
    ("make", "names"),
    [(datasets.circles, ["x0**2", "x1**2"]), (datasets.xor, ["x0*x1"]), (datasets.moons, ["x0", "x1", "sin(pi*x0)"])],
)
def test_with_the_right_features_a_straight_cut_is_enough(make, names):
    x, y = make(noise=0, seed=1)

    def right(A):
        net = bp.MLP([A.shape[1], 1], loss="binary_cross_entropy", seed=0)
        net.fit(A, y, epochs=300, optimizer=bp.Adam(eta=0.1), progress=False)
        return net.score(A, y)

    assert right(x) < 0.95
    assert right(datasets.features(x, names)) == 1


@pytest.mark.parametrize(
    ("x", "names", "message"),
    [
        (np.ones((2, 3)), ["x0"], r"^x must have shape \(m, 2\), one row per point; got \(2, 3\)\.$"),
        (np.ones(2), ["x0"], r"^x must have shape \(m, 2\), one row per point; got \(2,\)\.$"),
        ([[1, 2]], ["x0"], r"^x must be an array of shape \(m, 2\); got \[\[1, 2\]\]\. Pass np\.array\(x\)\.$"),
        (np.ones((1, 2)), [], r"^names must be a list of at least one of x0, x1, x0\*\*2, .*; got \[\]\.$"),
        (np.ones((1, 2)), "x0", r"^names must be a list of at least one of x0, .*; got 'x0'\.$"),
        (np.ones((1, 2)), ["x0", "x3"], r"^names must be a list of at least one of .*; got \['x0', 'x3'\]\.$"),
    ],
)
def test_features_that_are_not_there_are_refused(x, names, message):
    with pytest.raises((ValueError, TypeError), match=message):
        datasets.features(x, names)
