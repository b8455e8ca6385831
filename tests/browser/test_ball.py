"""The ball in a real JupyterLab: moved by mouse and by keyboard, and what it shows compared with bpbook."""

import re

import pytest

import bpbook as bp

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def page(in_lab):
    with in_lab("ball", "import bpbook as bp\nbp.widgets.roll_a_ball()", ".bpbook-plane canvas") as page:
        page.evaluate("window.jupyterapp.commands.execute('apputils:change-theme', { theme: 'JupyterLab Light' })")
        page.wait_for_selector("[data-jp-theme-light=true]", state="attached")
        page.wait_for_timeout(500)
        yield page


def press(page, name):
    page.get_by_role("button", name=name, exact=True).click()


def assert_same(page, mine):
    """Compare the words, the picture's description and the table with those of our own ball."""
    page.wait_for_function(
        "words => document.querySelector('.bpbook-plane .words').textContent === words", arg=mine.view.alt
    )
    assert page.locator(".bpbook-plane canvas").get_attribute("aria-label").startswith(f"A ball. {mine.view.alt}")
    shown = page.locator(".bpbook-table td").all_text_contents()
    assert shown == re.findall(r"<td>(.*?)</td>", mine.table.value)


def test_steps_by_mouse_and_a_start_by_keyboard(page, artefacts):
    mine = bp.widgets.roll_a_ball()
    press(page, "Reset")
    assert_same(page, mine)
    for _ in range(3):
        press(page, "Step")
        mine.step()
        assert_same(page, mine)
    canvas = page.locator(".bpbook-plane canvas")
    canvas.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    page.wait_for_function("document.querySelector('.bpbook-plane .words').textContent.includes('step 0 from')")
    start = [float(page.locator(".widget-text input").nth(k).input_value()) for k in (0, 1)]
    mine._set({"w0": start[0], "w1": start[1], "step": 0})
    assert_same(page, mine)
    press(page, "Reset")
    mine.reset()
    assert_same(page, mine)
    page.screenshot(path=artefacts / "ball_start.png")
    mine.running.stop()


def test_a_run_ends_where_the_valley_is_flat_enough(page, artefacts):
    press(page, "Reset")
    press(page, "Run")
    page.wait_for_function(
        "document.querySelector('.bpbook-board').textContent.includes('curvature alone cannot decide')", timeout=60000
    )
    page.wait_for_timeout(300)
    page.screenshot(path=artefacts / "ball_end.png")
    sharpness, edge = (float(text) for text in page.locator(".bpbook-table td").all_text_contents()[-2:])
    assert sharpness < edge
