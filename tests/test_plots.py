"""Plots show the data they were given: what stands in the axes is compared with what went in."""

import numpy as np
import pytest
from matplotlib import pyplot

from bpbook import optimizers, plots


@pytest.fixture(autouse=True)
def _close():
    yield
    pyplot.close("all")


def bowl(w_0, w_1):
    return 0.5 * (w_0**2 + 4 * w_1**2)


def test_a_descent_path_starts_at_the_ring_and_ends_at_the_cross():
    path = np.array([[3.0, 1.0], [2.0, -0.5], [1.0, 0.25]])
    ax = plots.descent_path(bowl, path)
    way, ring, cross = ax.lines
    np.testing.assert_array_equal(way.get_xydata(), path)
    np.testing.assert_array_equal(ring.get_xydata(), path[:1])
    np.testing.assert_array_equal(cross.get_xydata(), path[-1:])


def test_the_contours_of_a_map_are_contours_of_the_loss():
    ax = plots.descent_path(bowl, [[3.0, 1.0], [1.0, 0.2]], bounds=(-4, 4, -2, 2))
    (contours,) = ax.collections
    assert (ax.get_xlim(), ax.get_ylim()) == ((-4, 4), (-2, 2))
    for level, outline in zip(contours.levels, contours.get_paths(), strict=True):
        np.testing.assert_allclose(bowl(*outline.vertices.T), level, rtol=0.05, atol=0.05)
    # Even steps of the root of the loss: along an axis of a round bowl the contours are evenly spaced.
    np.testing.assert_allclose(np.diff(np.sqrt(contours.levels), 2), 0, atol=0.02)


def test_a_map_without_bounds_holds_the_whole_path():
    path = np.array([[3.0, 1.0], [-2.0, -0.5]])
    ax = plots.descent_path(bowl, path)
    (left, right), (bottom, top) = ax.get_xlim(), ax.get_ylim()
    assert left < path[:, 0].min() and path[:, 0].max() < right
    assert bottom < path[:, 1].min() and path[:, 1].max() < top


def test_schedules_are_drawn_step_by_step_under_their_names():
    rates = {"halving": optimizers.step_decay(1.0, 0.5, every=2), "cosine": optimizers.cosine_decay(1.0, steps=4)}
    ax = plots.schedules(rates, steps=5)
    for line, (name, eta) in zip(ax.lines, rates.items(), strict=True):
        assert line.get_label() == name
        np.testing.assert_array_equal(line.get_xdata(), range(5))
        np.testing.assert_array_equal(line.get_ydata(), [eta(t) for t in range(5)])
    assert len({(line.get_color(), line.get_linestyle()) for line in ax.lines}) == 2


def test_plots_draw_into_the_axes_they_are_given():
    _, (left, right) = pyplot.subplots(1, 2)
    assert plots.descent_path(bowl, [[1.0, 1.0], [0.5, 0.5]], left) is left
    assert plots.schedules({"constant": lambda t: 0.1}, 3, right) is right


@pytest.mark.parametrize("side", [8, 28])
def test_a_square_image_of_any_size_is_drawn_as_it_is(side):
    image = np.random.default_rng(0).uniform(size=side**2)
    (shown,) = plots.digit(image).images
    np.testing.assert_array_equal(shown.get_array(), image.reshape(side, side))
    assert shown.get_clim() == (0, 1)
    (shown,) = plots.digit(image - 0.7, signed=True).images
    assert shown.get_clim() == (-np.abs(image - 0.7).max(), np.abs(image - 0.7).max())


def test_a_grid_draws_some_of_its_images_signed():
    figure = plots.digit_grid(np.full((3, 9), 0.5), ["a", "b", "c"], columns=2, signed=[False, True, False])
    limits = [ax.images[0].get_clim() for ax in figure.axes[:3]]
    assert limits == [(0, 1), (-0.5, 0.5), (0, 1)]
    assert [ax.get_title() for ax in figure.axes] == ["a", "b", "c", ""] and not figure.axes[3].images


def test_a_confusion_matrix_writes_every_count_and_colours_mistakes_alone():
    counts = np.array([[9, 0, 1], [2, 8, 0], [0, 0, 5]])
    ax = plots.confusion_matrix(counts)
    written = {(int(text.get_position()[1]), int(text.get_position()[0])): int(text.get_text()) for text in ax.texts}
    assert written == {place: count for place, count in np.ndenumerate(counts) if count}
    np.testing.assert_array_equal(ax.images[0].get_array(), counts - np.diag([9, 8, 5]))


def test_a_spectrogram_has_time_to_the_right_and_pitch_upwards():
    values = np.arange(6.0).reshape(3, 2)
    ax = plots.spectrogram(values, seconds=0.3, top=4000)
    (image,) = ax.images
    np.testing.assert_array_equal(image.get_array(), values.T)
    assert image.origin == "lower" and tuple(image.get_extent()) == (0, 0.3, 0, 4000)
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("seconds", "hertz")
    signed = plots.spectrogram(-values, signed=True).images[0]
    assert signed.get_clim() == (-5, 5)


def test_spoken_words_are_drawn_under_their_titles_and_a_sound_over_its_seconds():
    x = np.random.default_rng(0).normal(size=(3, 480))
    figure = plots.spoken_words(x, ["one", "two", "three"], columns=2)
    assert [ax.get_title() for ax in figure.axes] == ["one", "two", "three", ""]
    np.testing.assert_array_equal(figure.axes[2].images[0].get_array(), x[2].reshape(24, 20).T)
    (line,) = plots.sound_wave(np.arange(5.0), rate=10).lines
    np.testing.assert_allclose(line.get_xydata()[3], [0.3, 3])


def test_weight_maps_draw_each_column_of_W_as_a_picture_of_its_own():
    W = np.arange(60.0).reshape(6, 10) - 30
    ax = plots.weight_maps(W, (2, 3), columns=4)
    sheet = np.ma.filled(ax.images[0].get_array(), np.nan)
    assert sheet.shape == (3 * 3 - 1, 4 * 4 - 1) and ax.images[0].get_clim() == (-30, 30)
    for unit in range(10):
        top, left = 3 * (unit // 4), 4 * (unit % 4)
        np.testing.assert_array_equal(sheet[top : top + 2, left : left + 3], W[:, unit].reshape(2, 3))
    assert np.isnan(sheet).sum() == sheet.size - W.size
    assert not ax.axison


@pytest.mark.parametrize(("W", "shape"), [(np.ones((6, 2)), (2, 2)), (np.ones(6), (2, 3)), (np.ones((2, 6)), (2, 3))])
def test_weights_that_do_not_fill_the_pictures_are_refused(W, shape):
    with pytest.raises(ValueError, match=r"^W must have shape \(n_0, n_1\) with n_0 = \d for pictures"):
        plots.weight_maps(W, shape)


def test_equal_results_are_stacked_so_that_each_can_be_counted():
    results = {"ties": [0.5, 0.7, 0.5, 0.5], "none": [0.1, 0.2, 0.3], "all": [0.9] * 14}
    ax = plots.spread(results)
    dots = [line for line in ax.lines if line.get_marker() == "o"]
    for row, (line, values) in enumerate(zip(dots, results.values(), strict=True)):
        np.testing.assert_array_equal(line.get_xdata(), values)
        away = line.get_ydata() - row
        assert len({*zip(values, away, strict=True)}) == len(values)  # no dot hides another
        assert np.abs(away).max() <= 0.28 + 1e-12  # and none leaves its row
        for value in set(values):
            np.testing.assert_allclose(away[np.array(values) == value].mean(), 0, atol=1e-12)
    np.testing.assert_allclose(dots[0].get_ydata(), [-0.16, 0, 0, 0.16])
    np.testing.assert_array_equal(dots[1].get_ydata(), 1)
