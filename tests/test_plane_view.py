"""PlaneView without a browser: what is sent to be drawn, and what is done when something is clicked."""

import numpy as np
import pytest
from matplotlib.figure import Figure

import bpbook as bp
from bpbook.widgets.views.plane import contour_lines


@pytest.fixture
def plane():
    return bp.widgets.PlaneView((-2, 2, -1, 1), edit="points")


def asked(plane, request):
    """Return what the plane sends back to the browser."""
    sent = []
    plane.send = sent.append
    plane._answer(None, request, None)
    return sent


def test_a_grid_is_made_of_the_centres_of_its_cells(plane):
    # 4 cells from -2 to 2 are 1 wide, so their centres are at -1.5, -0.5, 0.5, 1.5; half that from -1 to 1
    u, v = plane.grid(4)
    np.testing.assert_array_equal(u, [-1.5, -0.5, 0.5, 1.5])
    np.testing.assert_array_equal(v, [-0.75, -0.25, 0.25, 0.75])


@pytest.mark.parametrize(
    ("scale", "heights", "expected"),
    [
        ("diverging", [[-1, 0], [1, 7]], [0, 128, 255, 255]),
        ("diverging", [[-9, np.nan], [0.5, -0.5]], [0, 128, 191, 64]),
        ("sequential", [[0, 0.2], [1, -1]], [0, 51, 255, 0]),
    ],
)
def test_heights_become_bytes_the_lowest_row_first(scale, heights, expected):
    plane = bp.widgets.PlaneView((0, 1, 0, 1), scale=scale)
    plane.show(heat=np.array(heights, dtype=float))
    assert list(plane.heat) == expected
    assert plane.shape == (2, 2)


def test_every_change_is_a_new_frame_and_keeps_what_it_does_not_name(plane):
    plane.show(points=[[0, 0, 1, False]], alt="one point")
    plane.show(alt="still one")
    assert plane.frame == 2
    assert (plane.points, plane.alt) == ([[0, 0, 1, False]], "still one")


def test_the_scale_of_colours_and_points_with_values_are_sent_as_they_are(plane):
    assert (plane.legend, plane.graded) == ([], False)
    plane.show(legend=["−1", "0", "1"], graded=True, points=[[0, 0, -0.25, True]])
    sent = plane.get_state()
    assert (sent["legend"], sent["graded"], sent["points"]) == (["−1", "0", "1"], True, [[0, 0, -0.25, True]])


def test_clicks_come_as_places_and_classes(plane):
    added, removed, drawn = [], [], []
    plane.on_add, plane.on_remove, plane.on_drawn = (
        (lambda *at: added.append(at)),
        (lambda *at: removed.append(at)),
        drawn.append,
    )
    assert asked(plane, {"do": "add", "at": [0.5, -0.25], "brush": 0}) == [{"did": "add"}]
    assert asked(plane, {"do": "add", "at": [1, 1]}) == [{"did": "add"}]
    assert asked(plane, {"do": "remove", "at": [0.5, -0.25]}) == [{"did": "remove"}]
    assert asked(plane, {"do": "drawn", "frame": 3}) == []
    assert (added, removed, drawn) == ([(0.5, -0.25, 0), (1.0, 1.0, 0)], [(0.5, -0.25)], [3])


@pytest.mark.parametrize("at", [[2.1, 0], [0, -1.01], [float("nan"), 0], ["a", 0], [1], None, 7])
def test_a_place_that_is_not_on_the_plane_is_refused_with_words(plane, at):
    plane.on_add = plane.on_remove = pytest.fail
    asked(plane, {"do": "add", "at": at})
    assert "outside the plane" in plane.message or plane.message.startswith("at must be two numbers; got ")
    asked(plane, {"do": "remove", "at": at})
    plane.on_remove = lambda *at: None
    asked(plane, {"do": "remove", "at": [0, 0]})
    assert plane.message == ""


@pytest.mark.parametrize(("edit", "do"), [("", "add"), ("", "remove"), ("start", "remove")])
def test_what_may_not_be_edited_is_not(edit, do):
    plane = bp.widgets.PlaneView((0, 1, 0, 1), edit=edit)
    plane.on_add = plane.on_remove = pytest.fail
    asked(plane, {"do": do, "at": [0.5, 0.5]})


def test_a_brush_of_no_class_is_refused_with_words(plane):
    plane.brush = 2
    assert (plane.brush, plane.message) == (1, "brush must be class 0 or 1; got 2.")


def test_contour_lines_lie_where_the_surface_has_the_height():
    u = v = np.linspace(-2, 2, 81)
    lines = contour_lines(u, v, u[None, :] ** 2 + v[:, None] ** 2, [0.25, 1.0, 2.25])
    for line, radius in zip(lines, [0.5, 1.0, 1.5], strict=True):
        np.testing.assert_allclose(np.hypot(*np.transpose(line)), radius, atol=2e-3)


def test_contour_lines_are_those_that_matplotlib_draws():
    numbers = np.random.default_rng(0)
    u, v, heights = np.sort(numbers.normal(size=20)), np.sort(numbers.normal(size=15)), numbers.normal(size=(15, 20))
    drawn = Figure().add_subplot().contour(u, v, heights, levels=[-1, 0, 1])
    expected = [np.round(line, 4).tolist() for level in drawn.allsegs for line in level]
    assert len(expected) > 10
    assert contour_lines(u, v, heights, [-1, 0, 1]) == expected
    assert contour_lines(u, v, heights, [99]) == []


def test_the_text_for_a_stored_chapter_holds_no_address(plane):
    plane.show(alt="two points.")
    assert repr(plane) == "[experiment] plane; two points."
