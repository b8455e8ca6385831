"""The deep network, in a real JupyterLab: moved by keyboard, trained, and rewound."""

import pytest

import bpbook as bp

from .conftest import still

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def page(in_lab):
    cell = "import bpbook as bp\nbp.widgets.depth()"
    with in_lab("depth", cell, ".bpbook-figure img, .bpbook-stored img") as page:
        still(page)
        yield page


def said(page, text):
    page.wait_for_function("text => document.querySelector('.bpbook-stored').textContent.includes(text)", arg=text)


def test_a_layer_is_chosen_trained_and_rewound(page, artefacts):
    mine = bp.widgets.depth()
    said(page, mine.view.lines[0])
    page.screenshot(path=artefacts / "depth.png")
    page.get_by_label("layer").select_option("h + f(z)")
    mine.layer.value = "h + f(z)"
    said(page, mine.view.lines[0])
    page.get_by_role("button", name="Train 20 steps").focus()
    page.keyboard.press("Enter")
    mine.train()
    said(page, mine.view.lines[0])
    said(page, "h + graph.sigmoid(z)")
    page.screenshot(path=artefacts / "depth_trained.png")
    page.get_by_role("button", name="Rewind").click()
    mine.rewind()
    said(page, mine.view.lines[0])
    said(page, "Tried so far: nothing.")


def test_the_depth_itself_can_divide(page):
    mine = bp.widgets.depth()
    page.get_by_label("layer").select_option("h + f(z) / depth")
    mine.layer.value = "h + f(z) / depth"
    said(page, mine.view.lines[0])
    said(page, "h + graph.sigmoid(z) / depth\n")
