"""The patient's chart in JupyterLab: checks ordered and a diagnosis made by keyboard."""

import pytest

from bpbook.clinic import PATIENTS

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def page(in_lab, artefacts):
    with in_lab("chart", "import bpbook as bp\nbp.widgets.patients_chart()", "text=Diagnose") as page:
        yield page
        page.screenshot(path=artefacts / "patients_chart.png")


def press(page, name):
    page.get_by_role("button", name=name, exact=True).focus()
    page.keyboard.press("Enter")


def choose(page, label, option):
    page.get_by_label(label).select_option(option)


def test_a_patient_is_examined_and_diagnosed_without_a_mouse(page):
    choose(page, "patient", "the framework")
    press(page, "gradient")
    page.wait_for_selector("td:has-text('all arrays right')")
    press(page, "step")
    page.wait_for_selector("td:has-text('moved otherwise')")
    choose(page, "mistake", PATIENTS["the framework"].mistake)
    choose(page, "made in", PATIENTS["the framework"].place)
    press(page, "Diagnose")
    page.wait_for_selector("[role=alert]:has-text('Right, after 2 checks.')")
    assert "chainer/chainer#261" in page.text_content(".bpbook-message")
