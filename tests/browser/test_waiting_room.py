"""The waiting room in a real browser without a kernel: it counts what Python counts, by mouse and by keys."""

import numpy as np
import pytest

import bpbook as bp

pytestmark = pytest.mark.browser
RNG = np.random.default_rng(0)
Y = (RNG.uniform(size=200) < 0.3).astype(int)
Z = {scale: 6 * Y - 3 + 2 * RNG.normal(size=200) - 8 * (1 - scale) for scale in (0.8, 0.9, 1.0, 1.1)}


@pytest.fixture
def page(without_kernel):
    with without_kernel(bp.widgets.waiting_room(Z, Y)) as page:
        yield page


def shown(page):
    """Return the four counts that the page shows."""
    return {name: int(page.text_content(f"[data-says={name}]")) for name in ("found", "missed", "alarms", "rest")}


def expected(**settings):
    room = bp.widgets.waiting_room(Z, Y)
    for name, value in settings.items():
        setattr(room, name, value)
    return room


def press(page, slider, key, times):
    page.focus(f"[data-is={slider}]")
    for _ in range(times):
        page.keyboard.press(key)


def test_the_browser_counts_what_python_counts(page):
    assert shown(page) == expected().counts
    press(page, "microscope", "ArrowLeft", 1)
    assert shown(page) == expected(microscope=0.9).counts
    press(page, "threshold", "ArrowLeft", 23)
    threshold = 1 / (1 + np.exp(2.3))
    room = expected(microscope=0.9, threshold=threshold)
    assert shown(page) == room.counts != expected(threshold=threshold).counts
    press(page, "prevalence", "Home", 1)
    room.prevalence = 0.001
    text = page.text_content("[data-says=ppv]")
    assert float(text.split()[1]) == pytest.approx(100 * room.rates["ppv"], rel=0.02)
    lines = {}
    exec(page.text_content("pre"), {"z": Z, "y": Y}, lines)
    assert {name: lines[name] for name in room.counts} == room.counts
    page.click("[data-do=rewind]")
    assert shown(page) == expected().counts


def test_the_line_follows_the_mouse_and_keeps_to_the_axis(page):
    box = page.locator("svg").bounding_box()
    middle = box["y"] + 0.3 * box["height"]
    page.mouse.move(box["x"] + 0.5 * box["width"], middle)
    page.mouse.down()
    page.mouse.move(box["x"] + 0.25 * box["width"], middle)
    low = shown(page)
    page.mouse.move(box["x"] - 50, middle)
    page.mouse.up()
    furthest = shown(page)
    assert low["missed"] < expected().counts["missed"] and furthest["missed"] <= low["missed"]
    assert furthest["alarms"] > low["alarms"] > expected().counts["alarms"]
    page.mouse.move(box["x"] + 0.9 * box["width"], middle)
    assert shown(page) == furthest  # the button is up


def test_pointing_and_walking_name_a_person(page):
    page.focus("svg")
    page.keyboard.press("ArrowRight")
    lowest = int(np.argmin(np.round(Z[1.0], 3)))
    assert page.text_content(".where").startswith(f"Person {lowest}, without cancer: p = ")
    page.keyboard.press("ArrowLeft")
    highest = int(np.argmax(np.round(Z[1.0], 3)))
    assert page.text_content(".where").startswith(f"Person {highest}, with cancer: p = ")
    page.wait_for_timeout(500)
    dot = page.locator("circle").nth(lowest).bounding_box()
    page.mouse.move(dot["x"] + dot["width"] / 2, dot["y"] + dot["height"] / 2)
    assert page.text_content(".where").startswith(f"Person {lowest}, without cancer: p = ")


def test_no_two_dots_of_one_side_lie_on_each_other(page):
    page.wait_for_timeout(500)
    places = page.locator("circle").evaluate_all("all => all.map(dot => dot.style.transform)")
    assert len(set(places)) == 200
