"""ALVINN done again: its pictures, its hills and its judges, which can say no."""

import numpy as np
import pytest

from bpbook import driving
from bpbook.classics import pomerleau


def test_the_pictures_are_of_roads_and_their_arcs_those_of_the_expert():
    x, arcs = pomerleau.pictures(120, seed=3)
    assert x.shape == (120, 960) and arcs.shape == (120,)
    np.testing.assert_allclose(x.mean(axis=1), 0, atol=1e-6)
    bright = x.reshape(120, 30, 32)[:, 10:20]
    left = bright[:, :, :16].mean(axis=(1, 2)) - bright[:, :, 16:].mean(axis=(1, 2))
    assert np.corrcoef(left, arcs)[0, 1] > 0.5  # where the road is on the left, steer left
    np.testing.assert_array_equal(pomerleau.pictures(120, seed=3)[0], x)
    assert not np.array_equal(pomerleau.pictures(120, seed=4)[1], arcs)


def test_a_hill_has_the_printed_heights_around_the_nearest_unit():
    hill = pomerleau._hills(pomerleau.ARCS[[10]] + 1e-4)[0]
    np.testing.assert_allclose(hill[5:16], [0, 0.10, 0.32, 0.61, 0.89, 1, 0.89, 0.61, 0.32, 0.10, 0])


@pytest.mark.parametrize(("shares", "verdict"), [([0.9] * 5, "yes"), ([1.0] * 5, "partly"), ([0.5] * 5, "no")])
def test_the_judge_of_new_pictures_can_say_all_three(shares, verdict):
    assert pomerleau.CLAIMS[0].verdict(np.array(shares)) == verdict


def test_views_let_a_network_finish_roads_and_the_judge_knows_when_not(monkeypatch):
    claim = pomerleau.CLAIMS[1]
    assert claim.verdict(claim.numbers([7])) == "yes"
    monkeypatch.setattr(driving, "corrected", lambda arcs, shift, turn: arcs)  # labels that are not corrected
    assert claim.verdict(claim.numbers([7])) == "no"
