"""The picture of people over their logits: nobody is lost, nobody covers another, the mistakes have rings."""

import numpy as np
import pytest
from matplotlib import pyplot

from bpbook import plots

RNG = np.random.default_rng(0)
has = (RNG.uniform(size=300) < 0.4).astype(int)
logits = 8 * has - 4 + 4 * RNG.normal(size=300)


def drawn(ax):
    """Return (places, ring or not, above or below) of every group of dots."""
    return [(group.get_offsets().data, group.get_edgecolors(), group.get_facecolors()[0]) for group in ax.collections]


@pytest.mark.parametrize("threshold", [0.5, 0.1])
def test_everybody_is_drawn_once_and_on_the_right_side(threshold):
    ax = plots.people(logits, has, threshold)
    groups = drawn(ax)
    wrong = (np.log(threshold / (1 - threshold)) <= logits) != (has == 1)
    sizes = [np.sum((answer == has) & (wrong == mistaken)) for answer in (1, 0) for mistaken in (False, True)]
    assert [len(places) for places, _, _ in groups] == sizes
    assert all((places[:, 1] > 0).all() for places, _, _ in groups[:2])
    assert all((places[:, 1] < 0).all() for places, _, _ in groups[2:])
    everybody = np.concatenate([places for places, _, _ in groups])
    assert len(np.unique(everybody.round(6), axis=0)) == len(logits)
    assert [len(edges) > 0 for _, edges, _ in groups] == [False, True, False, True]
    pyplot.close(ax.figure)


def test_a_dot_stands_over_its_logit_and_far_ones_at_the_end():
    ax = plots.people([-2.03, 30.0, 0.61, -40.0], [0, 1, 1, 0])
    across = sorted(place for places, _, _ in drawn(ax) for place in places[:, 0].round(6))
    assert across == [-9.2, -2.0, 0.6, 9.2]
    pyplot.close(ax.figure)
