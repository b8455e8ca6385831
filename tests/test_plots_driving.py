"""The pictures of chapter 12: what is drawn is what was given."""

import numpy as np
import pytest
from matplotlib import pyplot

import bpbook as bp
from bpbook import driving


@pytest.fixture(autouse=True)
def closed():
    yield
    pyplot.close("all")


def test_a_camera_picture_has_its_first_row_on_top_and_grey_or_signed_colours():
    x = np.zeros((3, 960))
    x[0, :32] = 1
    figure = bp.plots.camera_pictures(x, ["one", "two", "three"], columns=2)
    images = [ax.get_images()[0] for ax in figure.axes[:3]]
    assert images[0].get_array()[0].tolist() == [1] * 32 and images[0].get_cmap().name == "gray"
    assert [ax.get_title() for ax in figure.axes[:3]] == ["one", "two", "three"]
    (signed,) = bp.plots.camera_pictures(-2 * x[:1], ["weights"], signed=True).axes[0].get_images()
    assert signed.get_clim() == (-2, 2)


def test_a_path_starts_where_the_road_does_and_ends_where_the_car_did():
    road = driving.Road(np.zeros(50))
    path = np.array([[1.0, 0, 0], [2.0, 1.5, 0], [np.nan] * 3])
    ax = bp.plots.road_from_above(road, {"car": path}, upto=20)
    trail = ax.lines[1].get_xydata()
    np.testing.assert_allclose(trail, [[0, 0], [1, 0], [2, 1.5]])
    np.testing.assert_allclose(ax.lines[2].get_xydata(), [[2, 1.5]])
    edges = ax.patches[0].get_xy()
    assert edges[:, 1].max() == pytest.approx(2) and edges[:, 0].max() == pytest.approx(20)
