"""One image there and back, without a browser: every control moved, every number compared with bpbook's."""

import copy

import numpy as np
import pytest

import bpbook as bp
import bpbook.widgets  # now, so that collecting doctests does not put modules in the place of functions

PIXELS = np.random.default_rng(0).uniform(size=(3, 16))
DIGITS = np.array([2, 0, 1])


@pytest.fixture
def net():
    return bp.MLP([16, 9, 3], seed=1)


@pytest.fixture
def journey(net):
    return bp.widgets.image_journey(net, PIXELS, DIGITS)


def assert_shows(journey, net, k):
    x, y = PIXELS[k : k + 1], DIGITS[k : k + 1]
    cache = net.forward(x)
    grads = net.backward(cache, y)
    wanted = {
        "x": x,
        "a": cache.a[1],
        "p": net.predict_proba(x),
        "error": net.predict_proba(x) - np.eye(3)[y],
        "arriving": grads.delta[2] @ net.W[2].T,
        "slope": cache.z[1] > 0,
        "delta": grads.delta[1],
        "dx": grads.delta[1] @ net.W[1].T,
    }
    for name, array in wanted.items():
        np.testing.assert_allclose(journey.state["images"][k][name], array[0], rtol=1e-6, atol=1e-16)
    assert journey.state["images"][k]["C"] == net.loss(cache, y)


def test_every_image_shows_its_own_numbers(journey, net):
    for k in range(3):
        journey.image = k
        for step in range(6):
            journey.step = step
            assert (journey.image, journey.step, journey.message) == (k, step, "")
        assert_shows(journey, net, k)
    journey.state["images"].reverse()
    with pytest.raises(AssertionError):
        assert_shows(journey, net, 0)


@pytest.mark.equation("SCE")
def test_the_words_carry_the_numbers_of_this_image(journey):
    shown = journey.state["images"][0]
    right, p = shown["y"], shown["p"]
    words = [step["words"] for step in shown["steps"]]
    assert words[2].endswith(f"<i>C</i> = −ln {p[right]:.6g} = {-np.log(p[right]):.6g}")
    assert f"At the right digit {p[right]:.6g} − 1 = −{1 - p[right]:.6g};" in words[3]
    assert words[3].endswith("all together 0.")
    assert f"The {shown['a'].count(0)} that are asleep get 0." in words[4]


@pytest.mark.parametrize("eta", [0.001, 0.01, 1.0])
def test_an_update_is_one_step_on_the_chosen_image_and_rewinding_undoes_it(journey, net, eta):
    before = copy.deepcopy(journey.state)
    journey.image = 1
    journey.update(eta)
    net.update(net.backward(net.forward(PIXELS[1:2]), DIGITS[1:2]), eta)
    for k in range(3):
        assert_shows(journey, net, k)
    assert journey.message.startswith(f"Updated with eta = {eta:g}: the probability of 0 went from ")
    journey.rewind()
    assert (journey.state, journey.image, journey.step) == (before, 0, 0)


def test_the_journeys_lines_give_its_numbers(journey, net):
    journey.update(0.1)
    journey.image = 2
    journey.update(0.2)
    reader = {"net": net, "x": PIXELS, "y": DIGITS}
    exec(journey.lines(), reader)
    shown = journey.state["images"][2]
    assert reader["C"] == shown["C"]
    np.testing.assert_allclose(reader["p"][0], shown["p"], rtol=1e-6)
    np.testing.assert_allclose(reader["grads"].delta[1][0], shown["delta"], rtol=1e-6)
    np.testing.assert_allclose(reader["at_the_image"][0], shown["dx"], rtol=1e-6)


def test_the_readers_network_is_left_alone(journey, net):
    before = [W.copy() for W in net.W[1:]]
    journey.update(1.0)
    for W, kept in zip(net.W[1:], before, strict=True):
        np.testing.assert_array_equal(W, kept)


@pytest.mark.parametrize("eta", ["abc", "-1", "0", "nan", "1e308"])
def test_an_eta_that_cannot_be_leaves_the_journey_alive(journey, eta):
    before = journey.state
    journey.update(eta)
    assert "eta" in journey.message and journey.message.endswith("Nothing was updated.")
    assert journey.state == before
    journey.update("0.5")  # as it comes from the browser
    assert journey.message.startswith("Updated")


def test_what_is_out_of_range_from_python_is_refused_with_words(journey):
    journey.step = 6
    assert (journey.step, journey.message) == (0, "step must be from 0 to 5; got 6.")
    journey.image = 3
    assert (journey.image, journey.message) == (0, "image must be from 0 to 2; got 3.")


def test_the_browsers_questions_are_answered(journey):
    sent = []
    journey.send = sent.append
    journey._answer(None, {"do": "update", "eta": "0.1"}, None)
    assert journey.updates == [(0, 0.1)]
    journey._answer(None, {"do": "rewind"}, None)
    assert (sent, journey.updates) == ([{"did": "update"}, {"did": "rewind"}], [])


@pytest.mark.parametrize(
    ("net", "m", "message"),
    [
        (bp.MLP([16, 9, 9, 3], seed=0), 3, "net must have one hidden layer and softmax_cross_entropy; got MLP"),
        (bp.MLP([16, 9, 3], loss="squared_error", seed=0), 3, "net must have one hidden layer"),
        (bp.MLP([16, 9, 3], seed=0), 25, "x must hold at most 24 images; got 25"),
    ],
)
def test_what_cannot_be_shown_is_refused(net, m, message):
    with pytest.raises(ValueError, match=message):
        bp.widgets.image_journey(net, np.ones((m, 16)), np.zeros(m, int))
    with pytest.raises(ValueError, match=r"y must hold class numbers"):
        bp.widgets.image_journey(bp.MLP([16, 9, 3], seed=0), np.ones((2, 16)), np.eye(3)[:2])


def test_the_text_for_a_stored_chapter_is_short(journey):
    shown = journey.state["images"][0]
    text = f"[experiment] one image, there and back; {shown['name']}, C = {shown['C']:.4g}"
    assert repr(journey) == text and len(text) <= 110


def test_after_a_perfect_fit_nothing_comes_back():
    net = bp.MLP([4, 4, 2], init="zeros")
    net.b[2][...] = [-1000.0, 1000.0]
    journey = bp.widgets.image_journey(net, [[0.0, 1.0, 1.0, 0.0]], [1])
    assert not np.any(journey.state["images"][0]["dx"])
    hidden, pixels = (step["words"] for step in journey.state["images"][0]["steps"][4:])
    assert hidden.endswith("Nothing comes back: every δ¹ is 0.")
    assert pixels.endswith("Nothing comes back: all of it is 0.")


def test_the_pixels_words_say_by_how_much_the_loss_moves_for_the_ink_added(journey):
    image = journey.state["images"][0]
    k = int(np.argmax(np.abs(image["dx"])))
    way = "rises" if image["dx"][k] > 0 else "falls"
    words = image["steps"][5]["words"]
    assert f"at pixel {k}: with a little more there the loss {way} by about {abs(image['dx'][k]):.3g} times" in words
    assert words.endswith("times the ink added.")
