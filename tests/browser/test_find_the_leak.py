"""Find the leak, in a real JupyterLab: a line switched off by keyboard, a line accused, and all put back."""

import pytest

import bpbook as bp

from .conftest import still

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def page(in_lab):
    cell = "import bpbook as bp\nbp.widgets.find_the_leak()"
    with in_lab("find_the_leak", cell, ".bpbook-figure img, .bpbook-stored img") as page:
        still(page)
        yield page


def said(page, text):
    page.wait_for_function("text => document.querySelector('.bpbook-stored').textContent.includes(text)", arg=text)


def test_a_line_is_switched_off_accused_and_all_is_put_back(page, artefacts):
    mine = bp.widgets.find_the_leak()
    said(page, mine.view.lines[0])
    page.screenshot(path=artefacts / "find_the_leak.png")
    box = page.get_by_role("checkbox", name="line 1")
    box.focus()
    page.keyboard.press("Space")
    mine.switches[0].value = False
    said(page, mine.view.lines[0])
    said(page, "s = r")
    page.get_by_role("button", name="Accuse").focus()
    page.keyboard.press("Enter")
    mine.accuse()
    said(page, "Right. Each smoothed day is the mean")
    page.screenshot(path=artefacts / "find_the_leak_found.png")
    page.get_by_label("forecaster").select_option("the card player")
    mine.forecaster.value = "the card player"
    said(page, mine.view.lines[0])
    page.screenshot(path=artefacts / "find_the_leak_cards.png")
    page.get_by_role("button", name="Rewind").click()
    said(page, f"Tried so far: all lines {mine.result.hit:.1%}.")
