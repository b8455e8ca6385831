"""What was run is there after saving, a restart and closing; and words say truly why Python is silent."""

import contextlib
import json
import sys
from pathlib import Path

import nbformat
import pytest
from nbformat.sign import NotebookNotary

pytestmark = pytest.mark.browser
EXECUTE = Path(__file__).resolve().parent.parent.parent / "notebooks"
ALL = """
import bpbook as bp
from IPython.display import display
display(
    bp.widgets.tangent(), bp.widgets.chain(), bp.widgets.backward_stepper(), bp.widgets.race(),
    bp.widgets.your_hand(bp.MLP([784, 10], seed=0)), bp.widgets.budget(bp.MLP([8] * 13, seed=0), memory=1),
)
"""
VIEW = "application/vnd.jupyter.widget-view+json"
STATE = "application/vnd.jupyter.widget-state+json"
WITH_ONE = "each => each.querySelector('.bpbook-experiment, .bpbook-board, .bpbook-stored')"
EVERY = f"() => [...document.querySelectorAll('.jp-OutputArea-output')].filter({WITH_ONE}).length"
EVERY += f" === {ALL.count('bp.widgets.')}"  # what is not drawn yet would not be saved


def execute(page, command):
    page.evaluate("command => window.jupyterapp.commands.execute(command)", command)


def clean(page, timeout=30_000):
    asked = "() => !window.jupyterapp.shell.currentWidget.context.model.dirty"
    page.wait_for_function(asked, timeout=timeout)


def saved_by_key(page):
    """Press Ctrl-S as somebody would: again, if JupyterLab was still busy with the save before and passed it over."""
    from playwright.sync_api import TimeoutError as Late

    for _ in range(4):
        page.keyboard.press("Control+s")
        with contextlib.suppress(Late):
            return clean(page, timeout=5_000)
    raise AssertionError("Ctrl-S does not save from here")


def bytes_stored(path):
    """Return how large a saved notebook is, which has the state of each experiment that it shows."""
    chapter = nbformat.read(path, as_version=4)
    outputs = [output.get("data", {}) for cell in chapter.cells for output in cell.get("outputs", [])]
    shown = [data[VIEW]["model_id"] for data in outputs if VIEW in data]
    assert len(shown) == ALL.count("bp.widgets.")
    assert set(shown) <= set(chapter.metadata.widgets[STATE]["state"])
    return path.stat().st_size


def dirty(page):
    """Change the notebook, so that only a save makes it clean."""
    page.evaluate(
        "() => window.jupyterapp.shell.currentWidget.context.model.sharedModel.setMetadata('touched', Math.random())"
    )
    page.wait_for_function("() => window.jupyterapp.shell.currentWidget.context.model.dirty")


def says(page, text, selector=".message"):
    page.wait_for_function(
        "([selector, text]) => [...document.querySelectorAll(selector)].some(e => e.textContent.startsWith(text))",
        arg=[selector, text],
    )


def idle(page):
    page.wait_for_function(
        """() => window.jupyterapp.shell.currentWidget.sessionContext.session?.kernel?.status === "idle" """
    )


@pytest.fixture(scope="module")
def page(in_lab):
    with in_lab("nothing_is_lost", ALL, ".bpbook-budget svg") as page:
        page.wait_for_function(EVERY)
        yield page


PLACES = [
    ".bpbook-network .node.unit",
    ".bpbook-graph .node",
    ".bpbook-plane canvas[tabindex]",
    ".bpbook-hand .drawing",
]
PLACES += [".noUi-handle", ".bpbook-board input[type=text]", ".bpbook-experiment button", ".bpbook-budget [tabindex]"]


@pytest.mark.parametrize("place", PLACES)
def test_ctrl_s_saves_wherever_the_focus_is(page, place):
    dirty(page)
    page.locator(place).first.evaluate("element => element.focus()")
    assert page.evaluate("place => document.activeElement.matches(place)", place)
    saved_by_key(page)


def test_the_message_is_true_where_the_kernel_is_busy(page, tmp_path):
    wait = f"import time, pathlib\nwhile not pathlib.Path({str(tmp_path / 'go')!r}).exists(): time.sleep(0.05)"
    page.evaluate(
        """code => { window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.requestExecute({ code }); }""",
        wait,
    )
    page.fill(".bpbook-graph [data-is=nudge]", "0.25")
    page.keyboard.press("Enter")
    says(page, "Python is busy with another cell. Your change comes when that is done.")
    (tmp_path / "go").touch()
    page.wait_for_function("() => document.querySelector('.bpbook-graph .message').textContent === ''")
    assert page.input_value(".bpbook-graph [data-is=nudge]") == "0.25"


def test_after_a_restart_pictures_step_on_say_why_python_is_silent_and_are_saved(page, lab_server):
    folder, _ = lab_server
    execute(page, "docmanager:save")
    clean(page)
    size = bytes_stored(folder / "nothing_is_lost.ipynb")
    page.evaluate("() => window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.restart()")
    page.wait_for_selector(".bpbook-board.jupyter-widgets-disconnected")
    page.evaluate("() => document.activeElement.blur()")  # what leaving a field says moves what is below it
    page.locator(".bpbook-network [data-do=on]").click()  # steps go on
    says(page, "1 of 6.", ".bpbook-network .words")
    page.fill(".bpbook-network [data-is=eta]", "0.25")
    page.keyboard.press("Enter")
    says(page, "The kernel was restarted or shut down, so this experiment has lost its Python.")
    dirty(page)
    saved_by_key(page)
    assert 0.9 < bytes_stored(folder / "nothing_is_lost.ipynb") / size < 1.1


def test_run_twice_saved_closed_and_opened_again_every_experiment_is_there_and_the_file_does_not_grow(
    page, lab_server, open_stored
):
    folder, _ = lab_server
    sizes = []
    for _ in range(2):
        idle(page)
        execute(page, "notebook:run-all-cells")
        page.wait_for_function("() => !document.querySelector('.bpbook-board.jupyter-widgets-disconnected')")
        page.wait_for_function(EVERY)
        idle(page)
        execute(page, "docmanager:save")
        clean(page)
        sizes.append(bytes_stored(folder / "nothing_is_lost.ipynb"))
    execute(page, "kernelmenu:shutdown")
    page = open_stored("nothing_is_lost", ".bpbook-budget svg", workspace="nothing_is_lost_again")
    page.wait_for_function(EVERY)
    assert "model not found" not in page.locator(".jp-Notebook").inner_text()
    assert sizes[1] < 1.02 * sizes[0], f"running and saving again made {sizes[1]} bytes of {sizes[0]}"


def test_what_is_stored_and_was_never_run_says_so_and_shows_no_broken_links(open_stored, lab_server):
    sys.path.insert(0, str(EXECUTE))
    try:
        from execute import execute as executed
    finally:
        sys.path.remove(str(EXECUTE))
    cells = [nbformat.v4.new_code_cell("import bpbook as bp\nbp.widgets.chain()")]
    stored = executed(nbformat.v4.new_notebook(cells=cells))
    folder, _ = lab_server
    NotebookNotary(data_dir=str(folder / "jupyter_data_dir")).sign(stored)
    nbformat.write(stored, folder / "never_run.ipynb")
    page = open_stored("never_run", ".bpbook-graph svg")
    page.fill(".bpbook-graph [data-is=nudge]", "0.25")
    page.keyboard.press("Enter")
    says(page, "This chapter has not been run yet. To change numbers, choose Run > Run All Cells.")
    said = page.evaluate(
        """() => [...document.querySelectorAll(".jupyter-widgets-disconnected")]
          .map(element => getComputedStyle(element, "::before").content)"""
    )
    assert [json.loads(text) for text in said] == ["As stored. To move the controls, choose Run > Run All Cells."]
