"""The classics about depth: Glorot and Bengio, and He and others, a few seeds each."""

import numpy as np
import pytest

import bpbook as bp
from bpbook.classics import glorot, he


def test_delta_shrinks_by_the_root_of_three_from_the_standard_start_and_less_from_the_normalised():
    shrinks = {}
    for init in ("uniform", "glorot"):
        delta = glorot.at_birth(init, 3)["delta"]
        shrinks[init] = (delta[4] / delta[0]) ** 0.25
    assert abs(shrinks["uniform"] / 3**0.5 - 1) < 0.15 and shrinks["glorot"] < 1.4


def test_what_is_called_dW_is_the_books_own():
    found = glorot.at_birth("glorot", 0, width=20)
    net = bp.MLP([64, *[20] * 5, 10], hidden="tanh", loss="softmax_cross_entropy", init="glorot", seed=0)
    x, y = bp.datasets.digits()
    order = np.random.default_rng(0).permutation(len(x))
    x, y = ((x - x.mean()) / x.std())[order][:300], y[order][:300]
    numerical = bp.numerical_gradient(lambda w: _loss(net, w, x, y), net.W[3].copy())
    np.testing.assert_allclose(found["dW"][2], numerical.std(), rtol=1e-6)


def _loss(net, w, x, y):
    net.W[3][...] = w
    return net.loss(net.forward(x), y)


def test_singular_values_of_linear_layers_have_the_closed_form():
    W = bp.initializers.glorot(300, 300, np.random.default_rng(0))
    assert np.isclose(np.linalg.svd(W, compute_uv=False).mean(), 8 / (3 * np.pi), rtol=0.01)
    assert glorot.singular_values("glorot", 0, width=300).mean() < 8 / (3 * np.pi)
    assert glorot.singular_values("uniform", 0, width=300).shape == (300,)


def test_the_top_layer_falls_asleep():
    top, score = glorot.film(1, epochs=4)
    assert top[-1] < 0.05 and len(score) == 4 and score.max() < 0.2


def test_the_factors_of_vgg_by_hand():
    # 0.01 times the root of 9 times 128 over 2 is 0.24
    assert he.shrunk_by(0.01, [128]) == pytest.approx(1 / 0.24)
    assert he.shrunk_by(0.01, [128, 128]) == pytest.approx(1 / 0.24**2)
    n = 9 * 128
    assert he.shrunk_by(np.sqrt(2 / n), [128] * 5) == pytest.approx(1), "He's start keeps the size"


def test_thirty_layers_learn_with_he_and_not_without():
    assert he.epochs_to_learn(30, "he", 1, 8) <= 8
    assert np.isnan(he.epochs_to_learn(30, "lecun", 1, 2))


@pytest.mark.parametrize("claim", [*glorot.CLAIMS, *he.CLAIMS], ids=lambda claim: claim.name)
def test_every_judge_can_say_no(claim):
    bad = {"weight_gradients_do_not": 9.0, "earlier": -1.0}.get(claim.name, 0.01)
    assert claim.verdict(np.full(claim.seeds, bad)) == "no"


def test_sleep_counts_those_that_never_wake():
    (asleep,) = (claim for claim in glorot.CLAIMS if claim.name == "asleep")
    assert asleep.verdict(np.array([25.0, 30, 28, 31, np.nan])) == "partly"
    assert asleep.verdict(np.array([25.0, 30, np.nan, np.nan, np.nan])) == "no"
