"""Your hand in a real browser without a kernel: strokes by mouse and by keys, and what is asked of Python."""

import numpy as np
import pytest

import bpbook as bp

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def net():
    return bp.MLP([784, 16, 10], seed=0)


@pytest.fixture
def page(without_kernel, net):
    with without_kernel(bp.widgets.your_hand(net, strokes=[])) as page:
        yield page


def asked(page):
    return page.evaluate("window.asked")


def test_the_mouse_draws_a_stroke_and_python_is_asked_once_at_a_time(page, net):
    box = page.locator(".drawing").bounding_box()
    page.mouse.move(box["x"] + 60, box["y"] + 50)
    page.mouse.down()
    for k in range(1, 11):
        page.mouse.move(box["x"] + 60 + 10 * k, box["y"] + 50 + 15 * k)
    page.mouse.up()
    first = asked(page)
    assert len(first) == 1 and first[0]["do"] == "set"  # the rest waits for an answer
    data = "document.querySelector('.drawing').getContext('2d').getImageData(0, 0, 280, 280).data"
    ink = page.evaluate(f"[...{data}].filter((_, k) => k % 4 === 3)")
    seen = np.array(ink).reshape(280, 280) / 255
    wanted = bp.datasets.draw([[(60 + 10 * k, 50 + 15 * k) for k in range(11)]], pen=18)
    ring = bp.datasets.draw([[(160, 200)]], pen=28)  # the pen itself is shown where it is
    assert np.abs(seen - wanted)[ring == 0].max() < 0.6 and np.abs(seen - wanted)[ring == 0].mean() < 0.005


def test_keys_move_the_pen_lower_it_and_take_back(page):
    page.focus(".drawing")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Space")
    for key in ("ArrowRight", "ArrowRight", "Shift+ArrowDown"):
        page.keyboard.press(key)
    assert page.text_content(".where") == "The pen is down at 160 across and 132 down."
    page.keyboard.press("Space")
    assert page.text_content(".where") == "The pen is up at 160 across and 132 down."
    assert asked(page)[0]["strokes"] == [[[140, 130]]]
    page.keyboard.press("Backspace")
    blank = "document.querySelector('.drawing').getContext('2d').getImageData(140, 125, 1, 1).data[3] === 0"
    assert page.evaluate(blank)


def test_a_drawing_shows_its_pictures_its_nudge_and_its_words(without_kernel, net):
    hand = bp.widgets.your_hand(net)
    hand.nudge()
    with without_kernel(hand) as page:
        captions = page.locator("figcaption").all_text_contents()
        answer, nudge = hand.state["answer"], hand.state["nudge"]
        assert f"what it sees: read as {answer}" in captions and f"nudged: read as {nudge['answer']}" in captions
        assert page.locator(".bars .now b").text_content() == str(answer)
        page.locator(".seen canvas").first.focus()
        page.keyboard.press("ArrowRight")
        assert page.text_content(".where").startswith("what it sees: row 14, column 14, ink ")
        assert page.text_content("pre") == hand.lines()
        page.click("[data-do=nudge]")
        assert asked(page) == [{"do": "nudge"}]


@pytest.fixture(scope="module")
def lab(in_lab, artefacts):
    cell = "import bpbook as bp\nbp.widgets.your_hand(bp.MLP([784, 16, 10], seed=0))"
    with in_lab("hand", cell, ".bpbook-hand .drawing") as page:
        yield page
        page.locator(".bpbook-hand").screenshot(path=artefacts / "hand.png")


def settled(page, points):
    """Wait until Python has answered on a drawing of so many points."""
    count = "document.querySelector('.bpbook-hand pre').textContent.match(/strokes = (.*)/)[1].split('], [').length"
    page.wait_for_function(f"points => {count} === points", arg=points)


def assert_shows_the_lines(page, net):
    made = {"net": net}
    exec(page.text_content(".bpbook-hand pre"), made)
    assert page.text_content(".bpbook-hand .bars .now b") == str(made["answer"][0])
    shares = [float(text) for text in page.locator(".bpbook-hand .bars .share").all_text_contents()]
    np.testing.assert_allclose(shares, made["p"][0], atol=6e-4)
    return made


def test_what_is_drawn_is_read_live_and_nudged(lab, net):
    lab.click(".bpbook-hand [data-do=clear]")
    lab.wait_for_function("document.querySelector('.bpbook-hand .words').textContent.startsWith('Draw a digit')")
    box = lab.locator(".drawing").bounding_box()
    lab.mouse.move(box["x"] + 90, box["y"] + 60)
    lab.mouse.down()
    for k in range(1, 13):
        lab.mouse.move(box["x"] + 90 + 8 * k, box["y"] + 60 + 12 * k)
    lab.mouse.up()
    settled(lab, 13)
    one = assert_shows_the_lines(lab, net)
    lab.focus(".drawing")
    for key in ("Space", *["ArrowLeft"] * 9, "Space"):
        lab.keyboard.press(key)
    settled(lab, 23)
    two = assert_shows_the_lines(lab, net)
    assert len(two["strokes"]) == 2 and (one["x"] != two["x"]).any()
    assert np.ptp([x for x, _ in two["strokes"][1]]) == 90
    lab.click(".bpbook-hand [data-do=nudge]")
    lab.wait_for_function("document.querySelector('.bpbook-hand .words').textContent.startsWith('A nudge of length')")
    made = assert_shows_the_lines(lab, net)
    assert made["p_nudged"].shape == (1, 10)
    lab.click(".bpbook-hand [data-do=rewind]")
    settled(lab, 12)
    assert_shows_the_lines(lab, net)
