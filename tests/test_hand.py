"""Your hand, without a browser: everything that can be drawn or pressed, and every number compared with bpbook's."""

import sys

import numpy as np
import pytest

import bpbook as bp
import bpbook.widgets  # now, so that collecting doctests does not put modules in the place of functions
from bpbook.widgets.hand.nudge import directions, flip_length, moved

SEVEN = [[(80, 60), (200, 60), (120, 230)]]


@pytest.fixture(scope="module")
def net():
    x, y = bp.datasets.mnist.images()
    made = bp.MLP([784, 16, 10], dtype=np.float32, seed=0)
    made.fit(x, y, epochs=3, batch_size=50, optimizer=bp.Adam(3e-3), progress=False)
    return made


@pytest.fixture
def hand(net):
    return bp.widgets.your_hand(net)


def assert_shows(hand, net, strokes, pen):
    x = bp.datasets.mnist.prepare(bp.datasets.draw(strokes, pen))
    p = net.predict_proba(x[None])[0]
    np.testing.assert_allclose(hand.state["x"], x, atol=6e-4)
    np.testing.assert_allclose(hand.state["p"], p, rtol=1e-3, atol=1e-9)
    assert hand.state["answer"] == p.argmax()
    h = 1e-3  # what a little more ink does to ln p of the answer, times the ink there is
    double = bp.MLP(net.sizes, seed=0)
    for l in (1, 2):
        double.W[l][:], double.b[l][:] = net.W[l], net.b[l]
    for k in np.flatnonzero(x)[::17]:
        more, less = x.astype(float).copy(), x.astype(float).copy()
        more[k], less[k] = more[k] + h, less[k] - h
        up, down = np.log(double.predict_proba(np.stack([more, less]))[:, p.argmax()])
        assert hand.state["saliency"][k] == pytest.approx(x[k] * (up - down) / (2 * h), rel=1e-2, abs=1e-3)


def test_it_shows_what_the_network_makes_of_the_drawing(hand, net):
    assert_shows(hand, net, hand.strokes, 18)
    hand.draw(SEVEN, pen=24)
    assert_shows(hand, net, SEVEN, 24)
    with pytest.raises(AssertionError):
        assert_shows(hand, net, [[(80, 60), (80, 230)]], 24)


def test_every_pen_is_the_one_that_draws(hand, net):
    for pen in (8, 14, 24, 36):
        hand.draw(SEVEN, pen)
        assert hand.pen == pen and hand.message == ""
        assert_shows(hand, net, SEVEN, pen)


def test_a_nudge_changes_the_answer_and_a_shorter_one_does_not(hand, net):
    hand.nudge()
    nudge, answer = hand.state["nudge"], hand.state["answer"]
    x = bp.datasets.mnist.prepare(bp.datasets.draw(hand.strokes, hand.pen))
    uphill, random = directions(net, x, answer, 100, seed=0)
    assert net.predict(moved(x, uphill, nudge["length"] * 1.001)[None])[0] == nudge["answer"] != answer
    assert net.predict(moved(x, uphill, nudge["length"] * 0.99)[None])[0] == answer
    others = net.predict(moved(x, random, nudge["length"]))
    assert nudge["changed"] == (others != answer).sum() < 20
    assert nudge["random_answer"] == others[0]
    np.testing.assert_allclose(np.linalg.norm(random, axis=1), 1)
    for picture in ("x", "random"):
        assert min(nudge[picture]) >= 0 and max(nudge[picture]) <= 1


def test_a_random_nudge_that_changes_the_answer_is_not_said_to_leave_it(hand, monkeypatch):
    def both_uphill(net, x, answer, n, seed):
        uphill, random = directions(net, x, answer, n, seed)
        return uphill, np.concatenate([uphill[None], random[1:]])

    hand.nudge()
    assert f"the one shown leaves it {hand.state['answer']} " in hand.state["words"]
    monkeypatch.setattr(sys.modules[type(hand).__module__], "directions", both_uphill)
    hand.nudge()
    assert f"the one shown makes it {hand.state['nudge']['answer']} " in hand.state["words"]


def test_no_ink_is_taken_from_paper_or_added_to_full_ink(net):
    x = np.repeat([0.0, 1.0, 0.5], [300, 300, 184])
    for direction in np.vstack([directions(net, x, 3, 5, seed=1)[0], directions(net, x, 3, 5, seed=1)[1]]):
        assert direction[:300].min() >= 0 and direction[300:600].max() <= 0 and direction[600:].min() < 0


def test_where_no_nudge_helps_it_says_so():
    deaf = bp.MLP([784, 10], init="zeros")
    deaf.b[1][4] = 1
    hand = bp.widgets.your_hand(deaf)
    hand.nudge()
    assert hand.state["nudge"] is None
    assert "No nudge along the gradient, up to a length of 10, turns this 4 into" in hand.state["words"]
    x = np.full(784, 0.5)
    assert flip_length(deaf, x, np.zeros(784)) is None


def test_the_lines_make_the_numbers(hand, net):
    hand.draw(SEVEN, pen=20)
    hand.nudge()
    made = {"net": net}
    exec(hand.lines(), made)
    np.testing.assert_allclose(made["p"][0], hand.state["p"], rtol=1e-3, atol=1e-9)
    np.testing.assert_allclose(made["saliency"][0], hand.state["saliency"], rtol=0.01, atol=1e-5)
    np.testing.assert_allclose(made["nudged"][0], hand.state["nudge"]["x"], atol=1e-3)


def test_rewind_brings_back_the_first_drawing(hand):
    first = hand.state
    hand.draw(SEVEN, pen=30)
    hand.nudge()
    hand.rewind()
    assert hand.state == first and hand.pen == 18


def test_a_new_drawing_forgets_the_nudge(hand):
    hand.nudge()
    assert hand.state["nudge"]
    hand.draw(SEVEN)
    assert hand.state["nudge"] is None and "nudge" not in hand.lines()


EVERYWHERE = [[(0, y), (280, y)] for y in range(0, 290, 10)]


@pytest.mark.parametrize(
    ("strokes", "words"),
    [
        ([], "Draw a digit: with the mouse, with a finger, or from the keyboard."),
        ([[(140, 140)]], "That is a dot. Draw a digit larger than that, as lines."),
        ([[(-60, -60), (-80, -50)]], "There is no ink on the canvas. Draw inside of the frame."),
        (EVERYWHERE, "There is ink all round. Clear the canvas, and leave paper around the digit."),
    ],
)
def test_what_cannot_be_read_gets_words(hand, strokes, words):
    hand.draw(strokes)
    assert hand.state["words"] == words and hand.state["answer"] is None
    hand.nudge()
    assert hand.state["nudge"] is None and hand.message == ""
    assert repr(hand).endswith("nothing to read")


def test_a_stroke_along_the_edge_is_read(hand, net):
    hand.draw([[(0, 0), (0, 280)]])
    assert_shows(hand, net, [[(0, 0), (0, 280)]], 18)


@pytest.mark.parametrize(
    ("strokes", "pen", "message"),
    [
        (SEVEN, 80, "pen must be from 4 to 60 pixels; got 80. Nothing was changed."),
        (SEVEN, "thick", "pen must be a number; got 'thick'. Nothing was changed."),
        ([[1, 2]], 18, "strokes[0] must have shape (points, 2), one (x, y) a row; got (2,)."),
        ([[(0, float("nan"))]], 18, "strokes[0] must be finite; got nan or inf. Leave such points out. Nothing"),
        ([[(1, 1)] * 4001], 18, "strokes must have at most 4000 points together; got 4001. Leave some out. Nothing"),
    ],
)
def test_what_cannot_be_drawn_is_refused_and_nothing_is_lost(hand, strokes, pen, message):
    hand.draw(SEVEN, pen=20)
    before = hand.state
    hand.draw(strokes, pen)
    assert hand.message.startswith(message)
    assert hand.state == before and hand.strokes == [[[80, 60], [200, 60], [120, 230]]] and hand.pen == 20


@pytest.mark.parametrize(
    ("other", "error", "message"),
    [
        (
            lambda: bp.MLP([64, 32, 10]),
            ValueError,
            r"^net must read 784 pixels .*64.* Train bp\.MLP\(\[784, 200, 10\]\)",
        ),
        (lambda: bp.MLP([784, 3]), ValueError, r"^net must read 784 pixels and choose one of 10 digits"),
        (lambda: bp.MLP([784, 10], loss="squared_error"), ValueError, r"^net must read 784 pixels"),
        (lambda: None, TypeError, r"^net must be a network; got None\."),
    ],
)
def test_another_network_gets_words(other, error, message):
    with pytest.raises(error, match=message):
        bp.widgets.your_hand(other())
