"""The query in a real browser without Python: dragged or moved by keys, it shows what the layer computes."""

import re

import pytest

import bpbook as bp

pytestmark = pytest.mark.browser


def numbers(text):
    return [float(number) for number in re.findall(r"-?\d+(?:\.\d+)?", text.replace("−", "-"))]


def assert_shows(page, **settings):
    experiment = bp.widgets.attention()
    for name, value in settings.items():
        setattr(experiment, name, value)
    now = experiment.numbers
    assert numbers(page.text_content("text.total")) == pytest.approx([now["z"], *now["dq"]], abs=0.0051)
    rows = page.locator(".share").all()
    assert len(rows) == len(experiment.state["keys"])
    for t, row in enumerate(rows):
        room, bar = (row.locator(f"rect.{name}").bounding_box()["width"] for name in ("room", "bar"))
        share, slopes = row.locator("text").nth(1).text_content(), row.locator("text").nth(2).text_content()
        if t >= experiment.seen:
            assert (share, slopes) == ("masked", "no gradient")
        else:
            assert float(share) == pytest.approx(now["A"][t], abs=0.0051)
            assert bar / room == pytest.approx(now["A"][t], abs=0.02)
            assert numbers(slopes) == pytest.approx([now["dv"][t], *now["dk"][t]], abs=0.0051)
    assert page.text_content("pre") == experiment.lines()


def test_dragged_or_moved_by_keys_it_shows_what_the_layer_computes(without_kernel):
    with without_kernel(bp.widgets.attention()) as page:
        page.add_style_tag(content=".row > * { width: 100%; }")  # as the style sheet of the site has it
        assert_shows(page)
        page.focus("svg")
        for _ in range(4):
            page.keyboard.press("ArrowLeft")
        page.keyboard.press("ArrowUp")
        assert_shows(page, q0=0.6, q1=1.1)
        grip = page.locator("circle.grip").bounding_box()
        page.mouse.move(grip["x"] + grip["width"] / 2, grip["y"] + grip["height"] / 2)
        page.mouse.down()
        box = page.locator("rect.plane").bounding_box()
        page.mouse.move(box["x"] + box["width"] / 4, box["y"] + box["height"] / 4, steps=3)
        page.mouse.up()
        assert_shows(page, q0=-2, q1=2)
        page.focus("[data-is=seen]")
        page.keyboard.press("ArrowLeft")
        assert_shows(page, q0=-2, q1=2, seen=3)
        page.click("[data-do=rewind]")
        assert_shows(page)
