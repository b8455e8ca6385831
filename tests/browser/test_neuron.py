"""The tangent and the neuron in a real JupyterLab: what screen readers hear, and numbers that were typed."""

import sys
from pathlib import Path

import nbformat
import pytest
from nbformat.sign import NotebookNotary

import bpbook as bp

pytestmark = pytest.mark.browser
EXECUTE = Path(__file__).resolve().parent.parent.parent / "notebooks"
CELL = "import bpbook as bp\nfrom IPython.display import display\ndisplay(bp.widgets.tangent(), bp.widgets.neuron())"


@pytest.fixture(scope="module")
def page(in_lab, artefacts):
    with in_lab("neuron", CELL, ".bpbook-figure >> nth=1") as page:
        yield page
        for theme in ("Dark", "Light"):  # the next module begins light
            page.evaluate(
                "theme => window.jupyterapp.commands.execute('apputils:change-theme', { theme })", f"JupyterLab {theme}"
            )
            page.wait_for_timeout(600)
            page.screenshot(path=artefacts / f"neuron_{theme.lower()}.png")


def test_a_picture_is_described_once_and_read_aloud_once_it_is_still(page):
    output, mine = page.locator(".jp-OutputArea-output").nth(1), bp.widgets.neuron()
    figure = output.locator(".bpbook-figure")
    assert figure.aria_snapshot().count("dC/dw") == 1
    figure.evaluate(
        """figure => {
          window.heard = [];
          const note = () => figure.querySelectorAll("[role=status], [aria-live]").forEach(
            (live) => live.textContent && window.heard.push(live.textContent));
          new MutationObserver(note).observe(figure, { childList: true, characterData: true, subtree: true });
        }"""
    )
    output.get_by_role("slider", name="w", exact=True).focus()
    for _ in range(10):
        page.keyboard.press("ArrowRight")
    mine.controls["w"].value = 2.0
    output.get_by_role("img", name=mine.view.alt, exact=True).wait_for()
    assert figure.locator("figcaption").text_content() == mine.view.alt
    assert figure.locator("figcaption span").all_inner_texts() == [line.strip() for line in mine.view.lines]
    page.wait_for_function("window.heard.length > 0")
    page.wait_for_timeout(300)
    assert set(page.evaluate("window.heard")) == {mine.view.alt}


def test_a_picture_whose_words_alone_change_says_so(page):
    output, mine = page.locator(".jp-OutputArea-output").nth(1), bp.widgets.neuron()
    output.get_by_role("button", name="Rewind").click()
    output.get_by_role("slider", name="eta", exact=True).focus()
    page.keyboard.press("ArrowRight")
    mine.stop.value += 1
    output.get_by_role("img", name=mine.view.alt, exact=True).wait_for()
    assert output.get_by_label("eta =", exact=True).input_value() == "5"


def test_x_is_typed_exactly_and_what_it_cannot_be_is_said_and_put_back(page):
    output, mine = page.locator(".jp-OutputArea-output").nth(0), bp.widgets.tangent()
    field = output.get_by_label("x =", exact=True)
    field.fill("1.2533")
    field.press("Enter")
    mine.typed.value = 1.2533
    output.get_by_role("img", name=mine.view.alt, exact=True).wait_for()
    assert field.input_value() == "1.2533"
    for wrong, reason in (("abc", "a number from -2 to 2; got 'abc'"), ("9", "from -2 to 2; got 9")):
        field.fill(wrong)
        field.press("Enter")
        output.get_by_text(f"x must be {reason}. It stays 1.2533.").wait_for()
        page.wait_for_function("field => field.value === '1.2533'", arg=field.element_handle())


def test_a_label_is_seen_once(page):
    output = page.locator(".jp-OutputArea-output").nth(1)
    seen = [label.inner_text() for label in output.locator(".widget-label").all() if label.is_visible()]
    assert seen == ["w =", "b =", "x =", "y =", "eta ="]


def test_stored_and_not_run_one_sentence_stands_in_place_of_broken_links(open_stored, lab_server, artefacts):
    sys.path.insert(0, str(EXECUTE))
    try:
        from execute import execute
    finally:
        sys.path.remove(str(EXECUTE))
    cells = ["import bpbook as bp\nbp.widgets.tangent()", "bp.widgets.neuron()"]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    stored = execute(notebook)
    folder, _ = lab_server
    NotebookNotary(data_dir=str(folder / "jupyter_data_dir")).sign(stored)  # the reader trusts it
    nbformat.write(stored, folder / "stored_neuron.ipynb")
    page = open_stored("stored_neuron", ":nth-match(.bpbook-figure, 2)")
    page.wait_for_timeout(500)
    page.screenshot(path=artefacts / "neuron_stored.png")
    shown = page.evaluate(
        """() => [...document.querySelectorAll(".jupyter-widgets-disconnected")]
          .map((box) => getComputedStyle(box, "::before"))
          .filter((css) => css.display !== "none" && css.content !== "none").map((css) => css.content)"""
    )
    assert shown == ['"As stored. To move the controls, choose Run > Run All Cells."'] * 2
