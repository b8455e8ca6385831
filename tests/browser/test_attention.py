"""The query in a real browser without Python: dragged or moved by keys, it shows what the layer computes."""

import re

import pytest

import bpbook as bp

from .conftest import resize

pytestmark = pytest.mark.browser


def numbers(text):
    return [float(number) for number in re.findall(r"-?\d+(?:\.\d+)?", text.replace("−", "-"))]


def assert_shows(page, **settings):
    experiment = bp.widgets.attention()
    for name, value in settings.items():
        setattr(experiment, name, value)
    now = experiment.numbers
    assert numbers(page.text_content(".total")) == pytest.approx([now["z"], *now["dq"]], abs=0.0051)
    rows = page.locator(".share").all()
    assert len(rows) == len(experiment.state["keys"])
    for t, row in enumerate(rows):
        room, bar = (row.locator(f".{name}").bounding_box()["width"] for name in ("room", "bar"))
        share, slopes = (row.locator(f".{name}").text_content() for name in ("weight", "slope"))
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


# Each line of text that is seen: its size in CSS pixels, and its box.
WRITTEN = """() => {
  const found = [], range = document.createRange();
  for (const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT); walker.nextNode(); ) {
    const node = walker.currentNode, of = node.parentElement, svg = of.closest("svg");
    range.selectNodeContents(node);
    if (!node.data.trim() || of.closest("script, style, pre")) continue;
    const scale = svg ? svg.getBoundingClientRect().width / svg.viewBox.baseVal.width : 1;
    const size = scale * parseFloat(getComputedStyle(of).fontSize);
    for (const { width, left, right, top, bottom } of range.getClientRects())
      if (width) found.push([node.data, size, left, right, top, bottom]);
  }
  return found;
}"""


def unread(page):
    """Return what cannot be read: too small, outside the window, or one text of the picture on another."""
    written = page.evaluate(WRITTEN)
    width = page.viewport_size["width"]
    found = [f"{text!r} is {size:.1f} pixels high" for text, size, *_ in written if size < 11.99]
    found += [f"{text!r} is cut" for text, _, left, right, *_ in written if left < 0 or right > width]
    for k, (text, _, left, right, top, bottom) in enumerate(written):
        for other, _, left_2, right_2, top_2, bottom_2 in written[k + 1 :]:
            if min(right, right_2) - max(left, left_2) > 1 and min(bottom, bottom_2) - max(top, top_2) > 3:
                found.append(f"{text!r} lies on {other!r}")
    if page.evaluate("document.documentElement.scrollWidth") > width:
        found.append("the page is wider than the window")
    return found


WINDOWS = [(1600, 900), (1000, 700), (1000, 380), (1000, 300), (640, 900), (500, 350), (360, 640), (250, 350)]


@pytest.mark.parametrize("color_scheme", ["light", "dark"])
def test_its_words_can_be_read_in_every_window(without_kernel, color_scheme):
    """A window of 1000 by 700 at 200 % is one of 500 by 350."""
    with without_kernel(bp.widgets.attention(), color_scheme) as page:
        for width, height in WINDOWS:
            resize(page, width, height)
            assert unread(page) == [], width
            plane = page.locator("rect.plane").bounding_box()
            assert 150 < plane["height"] < height and plane["height"] == pytest.approx(plane["width"], abs=1)
        resize(page, 500, 350)
        page.focus("[data-is=seen]")
        page.keyboard.press("ArrowLeft")
        assert unread(page) == []
        page.add_style_tag(content=".bpbook-attention .slope { font-size: 11px; }")
        assert any("11.0 pixels" in fault for fault in unread(page))
