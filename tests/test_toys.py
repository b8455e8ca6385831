"""The two-dimensional data sets."""

import numpy as np
import pytest

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
        ({"m": 1}, r"^m must be at least 2, one point of each class; got 1\.$"),
        ({"noise": -0.1}, r"^noise must be zero or positive and finite; got -0\.1\.$"),
        ({"noise": np.nan}, r"^noise must be zero or positive and finite; got nan\.$"),
    ],
)
def test_what_makes_no_points_is_refused(options, message):
    with pytest.raises(ValueError, match=message):
        datasets.xor(**options)


def test_a_line_separates_the_gaussians_and_not_xor():
    def right(make):
        x, y = make(noise=0, seed=1)
        A = np.column_stack([x, np.ones(len(x))])
        w, *_ = np.linalg.lstsq(A, 2 * y - 1, rcond=None)
        return ((A @ w > 0) == y).mean()

    assert right(datasets.gaussians) == 1
    assert right(datasets.xor) < 0.8
