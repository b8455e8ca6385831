"""Initializers: the variance that each promises, orthonormality, and wrong twins refused."""

import numpy as np
import pytest

from bpbook import initializers

N_IN, N_OUT = 300, 200
VARIANCE = {
    "zeros": 0.0,
    "normal": 0.01**2,
    "uniform": 1 / (3 * N_IN),
    "glorot": 2 / (N_IN + N_OUT),
    "he": 2 / N_IN,
    "lecun": 1 / N_IN,
    "orthogonal": 1 / N_IN,  # 200 orthonormal columns of 300: a column's squares sum to 1
}


def draw(name, seed=0, n_in=N_IN, n_out=N_OUT):
    return initializers.get(name)(n_in, n_out, np.random.default_rng(seed))


@pytest.mark.parametrize("name", VARIANCE)
def test_mean_and_variance_are_as_promised(name):
    # The variance of a sample of 60,000 strays by about sqrt(2/60000) = 0.6 %; four times that is allowed.
    W = draw(name)
    assert W.shape == (N_IN, N_OUT)
    np.testing.assert_allclose(W.var(), VARIANCE[name], rtol=0.024)
    assert abs(W.mean()) <= 4 * np.sqrt(VARIANCE[name] / W.size)


@pytest.mark.parametrize(
    ("name", "twin"), [("he", "lecun"), ("glorot", "he"), ("lecun", "glorot"), ("uniform", "lecun")]
)
def test_the_wrong_variance_would_be_seen(name, twin):
    with pytest.raises(AssertionError):
        np.testing.assert_allclose(draw(twin).var(), VARIANCE[name], rtol=0.024)


def test_glorot_is_uniform_within_its_limit():
    W, limit = draw("glorot"), np.sqrt(6 / (N_IN + N_OUT))
    assert np.abs(W).max() <= limit
    counts, _ = np.histogram(W, bins=10, range=(-limit, limit))
    np.testing.assert_allclose(counts, W.size / 10, rtol=0.06)


@pytest.mark.parametrize(("n_in", "n_out"), [(5, 3), (3, 5), (4, 4), (1, 6), (6, 1), (1, 1)])
def test_orthogonal_has_orthonormal_rows_or_columns(n_in, n_out):
    W = draw("orthogonal", n_in=n_in, n_out=n_out)
    product = W.T @ W if n_in >= n_out else W @ W.T
    np.testing.assert_allclose(product, np.eye(min(n_in, n_out)), atol=1e-12)


def test_orthogonal_is_uniform_so_its_first_entry_has_mean_zero():
    # Without the correction of QR's signs, the diagonal of R is always negative and entries lean one way.
    first = [draw("orthogonal", seed, 3, 3)[0, 0] for seed in range(400)]
    assert abs(np.mean(first)) < 4 * np.sqrt(1 / 3 / 400)
    raw = [np.linalg.qr(np.random.default_rng(seed).normal(size=(3, 3)))[0][0, 0] for seed in range(400)]
    assert abs(np.mean(raw)) > 4 * np.sqrt(1 / 3 / 400)


@pytest.mark.parametrize("name", VARIANCE)
def test_one_seed_gives_one_draw(name):
    np.testing.assert_array_equal(draw(name, 3), draw(name, 3))
    assert name == "zeros" or (draw(name, 3) != draw(name, 4)).any()


def test_normal_takes_a_positive_standard_deviation():
    W = initializers.normal(0.5)(N_IN, N_OUT, np.random.default_rng(0))
    np.testing.assert_allclose(W.std(), 0.5, rtol=0.012)
    with pytest.raises(ValueError, match=r"^sd must be positive and finite; got -1\.$"):
        initializers.normal(-1)


def test_uniform_stays_within_its_limit_and_fills_it():
    W = initializers.uniform(0.3)(N_IN, N_OUT, np.random.default_rng(0))
    assert 0.2999 < np.abs(W).max() <= 0.3
    counts, _ = np.histogram(W, bins=10, range=(-0.3, 0.3))
    np.testing.assert_allclose(counts, W.size / 10, rtol=0.06)
    with pytest.raises(ValueError, match=r"^limit must be positive and finite; got 0\.$"):
        initializers.uniform(0)


def test_an_unknown_name_lists_the_legal_ones():
    with pytest.raises(
        ValueError, match=r"^init must be one of zeros, normal, uniform, glorot, he, lecun, orthogonal; got 'xavier'\.$"
    ):
        initializers.get("xavier")
