"""Images: MNIST, drawings made into its like, warps, and the sheets that the digits were written on."""

import difflib
import http.client
import json

import numpy as np
import pytest

from bpbook import datasets
from bpbook.datasets import mnist


# --- MNIST --------------------------------------------------------------------------------------------------------
def test_the_images_that_ship_are_what_their_docstring_says():
    x, y = mnist.images()
    assert x.shape == (5000, 784) and x.dtype == np.float32 and x.min() == 0 and x.max() == 1
    np.testing.assert_allclose(x * 15, np.round(x * 15), atol=1e-5)
    np.testing.assert_array_equal(y, np.repeat(np.arange(10), 500))


def test_digits_of_mnist_fill_20_pixels_and_balance_in_the_middle():
    x, _ = mnist.images()
    images = x.reshape(-1, 28, 28)
    extent = [[np.ptp(np.flatnonzero(image.any(axis=axis))) + 1 for axis in (0, 1)] for image in images]
    assert np.median(np.max(extent, axis=1)) == 20
    down = images.sum(axis=2) @ np.arange(28) / images.sum(axis=(1, 2))  # the row of the centre of mass
    assert np.abs(down - 14).max() < 0.6


def stand_in(m=70000, pixels=784, label=str):
    def fetch_openml(name, version, return_X_y, as_frame):
        assert (name, version, return_X_y, as_frame) == ("mnist_784", 1, True, False)
        return np.full((m, pixels), 255, np.uint8), np.array([label(k % 10) for k in range(m)], dtype=object)

    return fetch_openml


def test_the_whole_is_scaled_and_split_as_its_makers_did(monkeypatch):
    monkeypatch.setattr("sklearn.datasets.fetch_openml", stand_in())
    x_train, y_train, x_test, y_test = mnist.whole()
    assert x_train.shape == (60000, 784) and x_test.shape == (10000, 784)
    assert x_train.dtype == np.float32 and x_train.max() == 1
    assert y_train[:11].tolist() == [*range(10), 0] and y_test.shape == (10000,)


@pytest.mark.parametrize(
    ("problem", "words"),
    [
        (OSError("no route to host"), "no route to host"),
        (http.client.IncompleteRead(b"abc"), r"IncompleteRead\(3 bytes read\)"),
        (EOFError("Compressed file ended early"), "Compressed file ended early"),
    ],
)
def test_without_a_network_the_whole_says_what_is_left(monkeypatch, problem, words):
    def offline(*_, **__):
        raise problem

    monkeypatch.setattr("sklearn.datasets.fetch_openml", offline)
    message = rf"^MNIST could not be fetched from OpenML \({words}\)\. .*bp\.datasets\.mnist\.images\(\)\.$"
    with pytest.raises(ConnectionError, match=message):
        mnist.whole()


def test_a_page_to_log_in_at_is_not_taken_for_mnist(monkeypatch):
    monkeypatch.setattr("sklearn.datasets.fetch_openml", lambda *_, **__: json.loads("<html>"))
    with pytest.raises(
        ValueError, match=r"^what came from OpenML is not MNIST \(Expecting value.*\)\. Log in to the net"
    ):
        mnist.whole()


@pytest.mark.parametrize("wrong", [{"m": 60000}, {"pixels": 64}, {"label": lambda k: "x"}])
def test_what_is_not_mnist_is_refused(monkeypatch, wrong):
    monkeypatch.setattr("sklearn.datasets.fetch_openml", stand_in(**wrong))
    with pytest.raises(ValueError, match=r"^OpenML must send 70,000 images of 784 pixels, each with a digit; got"):
        mnist.whole()


# --- a drawing becomes an image -------------------------------------------------------------------------------------
def ring(side=280, middle=(140, 140), radius=80, pen=18):
    row, column = np.mgrid[:side, :side] + 0.5
    return (np.abs(np.hypot(row - middle[0], column - middle[1]) - radius) < pen / 2).astype(float)


@pytest.mark.parametrize("moved", [{"middle": (90, 180)}, {"radius": 40, "pen": 9}, {"side": 400}])
def test_place_and_size_on_the_canvas_make_no_difference(moved):
    np.testing.assert_allclose(mnist.prepare(ring(**moved)), mnist.prepare(ring()), atol=0.15)


def test_a_drawing_that_is_merely_shrunk_is_another_image():
    shrunk = [ring(**where).reshape(28, 10, 28, 10).mean(axis=(1, 3)) for where in ({}, {"middle": (90, 180)})]
    assert np.abs(shrunk[0] - shrunk[1]).max() == 1


def test_an_image_of_mnist_comes_back_as_it_was():
    x, _ = mnist.images()
    again = np.array([mnist.prepare(image.reshape(28, 28)) for image in x[::25]])
    same = np.abs(again - x[::25]).max(axis=1) < 0.1  # faint ink is taken for paper
    assert same.mean() > 0.9  # the others end in a row of faint ink, and become a little larger


@pytest.mark.parametrize(
    "made", [lambda c: c * 255, lambda c: c > 0, lambda c: c.astype(np.float32), lambda c: c.tolist()]
)
def test_ink_may_come_in_any_range_and_kind(made):
    np.testing.assert_array_equal(mnist.prepare(made(ring())), mnist.prepare(ring()))


def test_strokes_at_the_edge_lose_nothing():
    canvas = np.zeros((280, 280))
    canvas[:, :18] = canvas[-18:] = 1  # an L along two edges
    image = mnist.prepare(canvas).reshape(28, 28)
    assert image.any(axis=1).sum() == image.any(axis=0).sum() == 20


@pytest.mark.parametrize("where", [(0, 0), (0, 279), (279, 0)])
def test_a_digit_whose_weight_is_at_one_end_stays_on_the_image(where):
    canvas = np.zeros((280, 280))
    canvas[:, 139:141] = 1
    canvas[: 30 if where[0] == 0 else 0] = 1
    assert mnist.prepare(canvas).sum() > 0


def test_preparing_leaves_the_canvas_alone():
    canvas = ring()
    before = canvas.copy()
    mnist.prepare(canvas)
    np.testing.assert_array_equal(canvas, before)


def dot(pen):
    row, column = np.mgrid[:280, :280] + 0.5
    return (np.hypot(row - 50, column - 200) < pen / 2).astype(float)


@pytest.mark.parametrize(
    ("canvas", "message"),
    [
        (np.zeros((280, 280)), r"^canvas must hold a drawing; got no ink at all\. Draw a digit first\.$"),
        (dot(14), r"^canvas must hold a digit; got a dot of 14 by 14 pixels\. Draw it larger"),
        (dot(44), r"^canvas must hold a digit; got a dot of 44 by 44 pixels\. Draw it larger"),
        (1 - ring(), r"^canvas must have ink on paper, .* got ink all round\. Pass canvas\.max\(\) - canvas\.$"),
        (-ring(), r"^canvas must hold ink from 0 up; got -1\. Pass canvas - canvas\.min\(\)\.$"),
        (np.zeros(784), r"^canvas must have two axes .* got \(784,\)\. .*canvas\.reshape\(28, 28\)\.$"),
        (
            np.full((280, 280), np.nan),
            r"^canvas must be finite; got nan or inf\. Pass np\.nan_to_num\(canvas, posinf=0",
        ),
    ],
)
def test_a_canvas_without_a_digit_gets_words(canvas, message):
    with pytest.raises(ValueError, match=message):
        mnist.prepare(canvas)


def test_a_canvas_that_is_no_array_gets_words():
    with pytest.raises(TypeError, match=r"^canvas must"):
        mnist.prepare("a drawing")


# --- warps ----------------------------------------------------------------------------------------------------------
def test_no_warp_is_the_image_itself():
    x, _ = datasets.digits()
    same = datasets.warp(x[:9], np.random.default_rng(0), turn=0, stretch=0, shift=0)
    np.testing.assert_allclose(same, x[:9], atol=1e-12)


def test_a_quarter_turn_turns_a_row_into_a_column():
    class Quarter(np.random.Generator):
        def normal(self, loc=0.0, scale=1.0, size=None):
            return np.full(size, np.pi / 2) * np.array([[1.0], [0.0]]) if scale == 1 else np.zeros(size)

    row = np.zeros((1, 9))
    row[0, 3:6] = 1
    turned = datasets.warp(row, Quarter(np.random.PCG64(0)), turn=1, stretch=0, shift=0)
    np.testing.assert_allclose(turned.reshape(3, 3), [[0, 1, 0]] * 3, atol=1e-12)


def test_a_shift_moves_ink_by_that_much_and_fills_with_paper():
    x = np.zeros((400, 784), np.float32)
    x[:, 14 * 28 + 14] = 1
    moved = datasets.warp(x, np.random.default_rng(1), turn=0, stretch=0, shift=0.05).reshape(-1, 28, 28)
    assert moved.dtype == np.float32
    np.testing.assert_allclose(moved.sum(axis=(1, 2)), 1, atol=1e-5)  # nothing came from outside, nothing was lost
    assert (moved.sum(axis=0) @ np.arange(28.0)).std() > 0
    rows = moved.sum(axis=2) @ np.arange(28.0)
    assert abs(rows.mean() - 14) < 0.3 and 1.2 < rows.std() < 1.6  # 0.05 * 28 = 1.4 pixels


def test_warps_are_the_seed_s_and_leave_the_batch_alone():
    x = datasets.writers()[0][:5]
    before = x.copy()
    one, two, other = (datasets.warp(x, np.random.default_rng(seed)) for seed in (0, 0, 1))
    np.testing.assert_array_equal(one, two)
    assert (one != other).any()
    np.testing.assert_array_equal(x, before)


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"x": np.ones((2, 63))}, ValueError, r"^x must have shape \(m, side \* side\), .* got \(2, 63\)\."),
        ({"x": np.ones((2, 8, 8))}, ValueError, r"^x must have shape .* got \(2, 8, 8\)\. Pass x\.reshape\(m, -1\)\.$"),
        (
            {"x": np.ones((2, 64), int)},
            TypeError,
            r"^x must be an array of floats; got .* Pass np\.array\(x, float\)\.$",
        ),
        ({"rng": 0}, TypeError, r"^rng must be a Generator; got 0\. Pass np\.random\.default_rng\(0\)\.$"),
        ({"turn": -1}, ValueError, r"^turn must be zero or positive and finite; got -1\.$"),
        ({"stretch": "no"}, TypeError, r"^stretch must be a number; got 'no'\.$"),
        ({"shift": float("nan")}, ValueError, r"^shift must be zero or positive and finite; got nan\.$"),
    ],
)
def test_bad_warps_get_one_line(arguments, error, message):
    with pytest.raises(error, match=message):
        datasets.warp(**({"x": np.ones((2, 64)), "rng": np.random.default_rng(0)} | arguments))


# --- the sheets -----------------------------------------------------------------------------------------------------
def test_every_sheet_holds_the_form_in_order_but_for_a_few_digits():
    _, y = datasets.digits()
    sheets = datasets.digit_sheets()
    form = "".join(map(str, y[sheets == 0]))
    misread = 0
    for sheet in range(14):
        written = "".join(map(str, y[sheets == sheet]))
        steps = difflib.SequenceMatcher(a=form, b=written, autojunk=False).get_opcodes()
        assert all(what != "insert" for what, *_ in steps)
        assert sum(a_1 - a_0 for what, a_0, a_1, *_ in steps if what == "delete") <= 8
        misread += sum(what == "replace" for what, *_ in steps)
    assert misread == 1  # somebody wrote a 3 where the form asked for an 8


@pytest.mark.parametrize("off", [-3, 3, 60])
def test_other_cuts_do_not_show_the_form(off):
    _, y = datasets.digits()
    sheets = datasets.digit_sheets()
    form = "".join(map(str, y[sheets == 0]))
    moved = "".join(map(str, np.roll(y, off)[sheets == 4]))
    steps = difflib.SequenceMatcher(a=form, b=moved, autojunk=False).get_opcodes()
    assert any(what == "insert" for what, *_ in steps)


# --- ink from strokes -----------------------------------------------------------------------------------------------
def test_a_dot_is_a_disc_as_wide_as_the_pen():
    canvas = datasets.draw([[(140, 140)]], pen=20)
    np.testing.assert_allclose(canvas.sum(), np.pi * 100, rtol=0.01)
    assert np.flatnonzero(canvas[140] > 0.5).tolist() == list(range(130, 150))


def test_a_stroke_goes_right_by_x_and_down_by_y():
    canvas = datasets.draw([[(40, 200), (240, 200)]], pen=10)
    rows, columns = (np.flatnonzero((canvas == 1).any(axis=axis)) for axis in (1, 0))
    assert (rows[0], rows[-1]) == (195, 204)
    assert abs(columns[0] - 36) <= 1 and abs(columns[-1] - 243) <= 1


def test_strokes_lie_over_each_other_and_do_not_add():
    one, two = [(60, 60), (200, 200)], [(200, 60), (60, 200)]
    both = datasets.draw([one, two])
    np.testing.assert_array_equal(both, np.maximum(datasets.draw([one]), datasets.draw([two])))
    assert both.max() == 1


def test_what_lies_outside_is_not_drawn_and_nothing_is_paper():
    assert datasets.draw([[(-500, -500), (-400, 900)]]).sum() == datasets.draw([]).sum() == 0
    assert datasets.draw([[(-50, 140), (400, 140)]])[140].min() == 1


@pytest.mark.parametrize(
    ("strokes", "message"),
    [
        (
            [(1, 2)],
            r"^strokes\[0\] must have shape \(points, 2\), .* got \(2,\)\. Pass \[stroke\], a list of strokes\.$",
        ),
        ([[(1, 2)], np.zeros((0, 2))], r"^strokes\[1\] must have shape \(points, 2\), .* got \(0, 2\)\.$"),
        ([[(1, np.inf)]], r"^strokes\[0\] must be finite; got nan or inf\. Leave such points out\.$"),
    ],
)
def test_strokes_without_points_get_words(strokes, message):
    with pytest.raises(ValueError, match=message):
        datasets.draw(strokes)


def test_ink_without_end_is_taken_for_paper_as_the_words_say():
    canvas = ring()
    canvas[0, 0], canvas[0, 1] = np.inf, np.nan
    np.testing.assert_array_equal(mnist.prepare(np.nan_to_num(canvas, posinf=0, neginf=0)), mnist.prepare(ring()))
