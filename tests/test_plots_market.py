"""The pictures of chapter 10: what is drawn is what was given."""

import numpy as np
import pytest
from matplotlib import pyplot

import bpbook as bp


@pytest.fixture(autouse=True)
def closed():
    yield
    pyplot.close("all")


def test_a_forecaster_is_a_row_with_two_marks():
    ax = bp.plots.with_and_without({"smooth": (0.84, 0.5), "dealt": (0.75, 0.49)})
    with_leak, without = (collection.get_offsets() for collection in ax.collections)
    np.testing.assert_allclose(with_leak, [[84, 0], [75, 1]])
    np.testing.assert_allclose(without, [[50, 0], [49, 1]])
    assert [text.get_text() for text in ax.get_yticklabels()] == ["smooth", "dealt"]
    assert ax.get_ylim()[0] > ax.get_ylim()[1], "the first row is on top"


def test_a_forecaster_is_a_curve_over_the_years_on_the_axes_that_were_given():
    given = pyplot.subplots()[1]
    ax = bp.plots.by_year([2007, 2008, 2009], {"net": [1.0, 1.2, 0.9], "line": np.ones(3)}, "error", ax=given)
    assert ax is given and ax.get_ylabel() == "error"
    np.testing.assert_allclose(ax.lines[0].get_xydata(), [[2007, 1], [2008, 1.2], [2009, 0.9]])
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["net", "line"]
