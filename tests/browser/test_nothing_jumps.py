"""Nothing moves when an experiment has something to say: in JupyterLab, places are measured before and after."""

import pytest

from .conftest import still

pytestmark = pytest.mark.browser
NAMES = ("neuron", "tangent", "race", "roll_a_ball", "depth", "patients_chart", "find_the_leak", "playground")
CELL = f"""
import ipywidgets
import bpbook as bp
shown = [getattr(bp.widgets, name)() for name in {NAMES}]
ipywidgets.VBox(shown)
"""
LONG = "widths must be at most 4 whole numbers from 1 to 8, such as 4 2; got '1 2 3 4 5 6 7 8 9 0'. It stays 4 4."
LONG = f"{LONG} {LONG}"


@pytest.fixture(scope="module")
def page(in_lab):
    with in_lab("nothing_jumps", CELL, ".bpbook-layers svg") as page:
        still(page)
        yield page


def in_kernel(page, code):
    """Run this in the kernel and wait until the page has heard of it."""
    page.evaluate(
        """async (code) => {
          const kernel = window.jupyterapp.shell.currentWidget.sessionContext.session.kernel;
          await kernel.requestExecute({ code }).done;
        }""",
        code,
    )


def places(page):
    """Return where everything is that is seen or moved."""
    return page.evaluate(
        """() => [...document.querySelectorAll(".jp-OutputArea *")]
          .filter((part) => part.matches("button, input, select, canvas, img, svg, table, pre"))
          .filter((part) => part.checkVisibility())
          .map((part) => { const { left, top } = part.getBoundingClientRect(); return [part.tagName, left, top]; })"""
    )


def moved(before, after):
    assert len(before) == len(after) > 0
    return [(one, other) for one, other in zip(before, after, strict=True) if one != other]


@pytest.mark.parametrize("k", range(len(NAMES)), ids=NAMES)
def test_a_message_of_two_lines_moves_nothing(page, k):
    for text in (LONG[:60], LONG):
        before = places(page)
        in_kernel(page, f"shown[{k}].message.say({text!r})")
        page.wait_for_function(
            "text => [...document.querySelectorAll('[role=alert]')].some((said) => said.textContent === text)",
            arg=text,
        )
        assert moved(before, places(page)) == []
        in_kernel(page, f"shown[{k}].message.say('')")


def test_a_line_that_is_given_room_only_when_it_comes_is_seen(page):
    before = places(page)
    page.add_style_tag(content=".bpbook-message { height: auto !important; }")
    assert moved(before, places(page)) != []


HELD = """([image, keep]) => {
  const twin = image.cloneNode();
  twin.src = "/held.png";
  if (!keep) twin.removeAttribute("height");
  image.replaceWith(twin);
  const { height } = twin.getBoundingClientRect();
  twin.replaceWith(image);
  return height;
}"""


def test_a_picture_has_its_room_before_it_has_come(page):
    page.route("**/held.png", lambda route: None)  # it never comes
    images = page.locator(".bpbook-figure img").element_handles()
    assert len(images) >= 2
    for image in images:
        height = image.bounding_box()["height"]
        assert height > 100
        assert page.evaluate(HELD, [image, True]) == pytest.approx(height, abs=1)
        assert page.evaluate(HELD, [image, False]) < height / 2
