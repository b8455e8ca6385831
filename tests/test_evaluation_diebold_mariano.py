"""The comparison of two forecasts: by hand, as one quadratic form, by luck repeated, by wrong twins."""

import math

import numpy as np
import pytest

from bpbook.evaluation import diebold_mariano

# d = 1, 3, 2, 2: mean 2, deviations -1, 1, 0, 0. gamma_0 = 2/4, gamma_1 = -1/4, so with one lag
# S = 1/2 + 2 (1/2)(-1/4) = 1/4. The statistic is 2 / sqrt(S/4): 2 / sqrt(1/8) without
# lags, 2 / sqrt(1/16) = 8 with one.
RIVAL, LOSS = [2.0, 4.0, 3.0, 3.0], [1.0, 1.0, 1.0, 1.0]


@pytest.mark.parametrize(("lags", "statistic"), [(0, 2 * math.sqrt(8)), (1, 8.0)])
def test_by_hand(lags, statistic):
    found = diebold_mariano(LOSS, RIVAL, lags=lags)
    assert found.statistic == pytest.approx(statistic, rel=1e-12)
    assert found.gain == 2 and found.lags == lags


def losses(rng, m, memory):
    """Draw the losses of two equally good forecasts, whose differences remember `memory` days."""
    shocks = rng.normal(size=m + memory)
    d = np.convolve(shocks, np.ones(memory + 1), mode="valid")
    loss = rng.gamma(2.0, size=m)
    return loss, loss + d


def quadratic_form(d, lags):
    """Return the statistic with S as e' K e / m, K holding the weight of each pair of days."""
    e = d - d.mean()
    apart = abs(np.subtract.outer(np.arange(len(d)), np.arange(len(d))))
    S = e @ np.maximum(1 - apart / (lags + 1), 0) @ e / len(d)
    return d.mean() / np.sqrt(S / len(d))


@pytest.mark.parametrize("lags", [0, 1, 4, 9])
def test_it_is_the_quadratic_form_of_all_pairs_of_days(lags):
    loss, rival = losses(np.random.default_rng(lags), 200, 3)
    assert diebold_mariano(loss, rival, lags=lags).statistic == pytest.approx(quadratic_form(rival - loss, lags))


def test_wrong_twins_differ_from_it():
    loss, rival = losses(np.random.default_rng(1), 200, 3)
    right, d = diebold_mariano(loss, rival, lags=4).statistic, rival - loss
    e = d - d.mean()
    gamma = [e[k:] @ e[: len(e) - k] / len(e) for k in range(5)]
    twins = {
        "no lags": d.mean() / np.sqrt(gamma[0] / len(d)),
        "lags counted once": d.mean() / np.sqrt((gamma[0] + sum((1 - k / 5) * gamma[k] for k in range(1, 5))) / len(d)),
        "lags not weighted": d.mean() / np.sqrt((gamma[0] + 2 * sum(gamma[1:])) / len(d)),
        "other sign": -right,
        "of the mean, not its error": d.mean() / d.std(),
    }
    assert all(abs(twin - right) > 1e-2 * abs(right) for twin in twins.values()), twins


def test_equal_forecasts_are_found_different_about_once_in_twenty_only_with_the_long_run_variance():
    rng = np.random.default_rng(0)
    drawn = [losses(rng, 600, 3) for _ in range(600)]
    share = {
        lags: np.mean([diebold_mariano(loss, rival, lags=lags).p < 0.05 for loss, rival in drawn]) for lags in (0, 15)
    }
    assert 0.03 < share[15] < 0.10 < 0.25 < share[0]


def test_exchanging_the_forecasts_changes_the_sign_and_nothing_else():
    loss, rival = losses(np.random.default_rng(2), 300, 1)
    one, other = diebold_mariano(loss, rival), diebold_mariano(rival, loss)
    assert one.statistic == -other.statistic and one.p == other.p and one.lags == 5


def test_p_is_that_of_a_normal_distribution():
    from scipy.stats import norm

    found = diebold_mariano(*losses(np.random.default_rng(3), 300, 1))
    assert found.p == pytest.approx(2 * norm.sf(abs(found.statistic)))
    assert "statistic" in repr(found)


@pytest.mark.parametrize(
    ("loss", "rival", "lags", "message"),
    [
        ([[1.0], [2.0]], [1.0, 2.0], 0, r"loss must have shape \(m,\).*Pass loss.ravel\(\)"),
        ([1.0, 2.0], [1.0], 0, "rival must have the days of loss, 2; got 1"),
        ([1.0, np.nan, 2.0], [1.0, 1.0, 1.0], 0, "loss must be finite; got nan"),
        ([1.0, 2.0, 3.0], [1.0, 1.0, 1.0], 1, "lags must leave more than twice as many days; got 1 lags of 3 days"),
        ([1.0, 2.0, 3.0], [1.0, 2.0, 3.0], 0, "must differ by more on some days"),
        ([1.0, 2.0, 3.0], [2.0, 3.0, 4.0], 0, "must differ by more on some days"),
        ([1.0, 2.0, 3.0], [1.0, 1.0, 1.0], -1, "lags must be at least 0"),
    ],
)
def test_what_cannot_be_compared_is_refused_in_words(loss, rival, lags, message):
    with pytest.raises(ValueError, match=message):
        diebold_mariano(loss, rival, lags=lags)


def test_words_are_no_losses():
    with pytest.raises(TypeError, match="rival must hold real numbers"):
        diebold_mariano([1.0, 2.0], ["a", "b"])
