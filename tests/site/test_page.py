"""A chapter's page in a real browser that reaches nothing but the page's own folder: cells, exercises, experiments."""

import importlib
import json
import re

import pytest

import bpbook as bp

CHAPTER = "notebooks/04_derive_the_backward_pass.html"
READY = "document.documentElement.dataset.bpbook === 'ready'"
START = 240_000  # ms; the first thing that a page does with Python, on a machine that does much else


@pytest.fixture(scope="module")
def context(chromium):
    """Yield a reader's browser, with a storage and a cache of its own."""
    context = chromium.new_context(viewport={"width": 1100, "height": 900}, accept_downloads=True)
    context.set_default_timeout(60_000)
    yield context
    context.close()


@pytest.fixture(scope="module")
def visit(context, address):
    """Return a function that opens a page of the book; nothing may be asked of another place."""
    outside = []

    def opened(place):
        page = context.new_page()
        here = (address, "data:", "blob:")
        page.on("request", lambda request: None if request.url.startswith(here) else outside.append(request.url))
        page.goto(f"{address}/{place}")
        page.wait_for_function(READY)
        return page

    yield opened
    assert outside == []


@pytest.fixture(scope="module")
def page(visit):
    """Yield chapter 04, for all that is tried there."""
    page = visit(CHAPTER)
    yield page
    page.close()


class Answer:
    """An exercise of the page."""

    def __init__(self, page, name):
        self.page, self.cell = page, page.locator(".cell", has=page.get_by_label(f"Your answer to {name}", exact=True))

    def check(self, source, begins):
        """Write an answer, press Check, and return the verdict once it begins like this."""
        self.cell.locator("textarea").fill(source)
        self.cell.get_by_role("button", name="Check").click()
        verdict = self.cell.locator(".bp-verdict .bp-words")
        verdict.filter(has_text=re.compile(f"^{begins}")).wait_for(timeout=START)
        return verdict.inner_text()


def cell_with(page, text):
    return page.locator(".cell", has=page.locator(".cell_input", has_text=text)).first


def run(page, cell, source=None):
    """Run a cell, with another source if one is given, and return what stands below it then."""
    if source is not None:
        if cell.get_by_role("button", name="Edit", exact=True).is_visible():
            cell.get_by_role("button", name="Edit", exact=True).click()
        cell.locator("textarea").fill(source)
    cell.locator(".bp-bar").get_by_role("button", name="Run", exact=True).click()
    page.wait_for_function(READY, timeout=START)
    return cell.locator(".cell_output")


def test_a_page_reads_and_fetches_no_python_before_it_is_asked(visit, address):
    asked = []
    page = visit(CHAPTER)
    page.on("request", lambda request: asked.append(request.url))
    page.reload()
    page.wait_for_function(READY)
    assert page.get_by_role("button", name="Check").count() == 18
    page.close()
    assert [url for url in asked if re.search(r"\.(wasm\.gz|tar\.gz|zip)$", url)] == []


KINDS = {
    "delta_out": ("delta_out = 3.0", "Number"),
    "why_transposed": ('why_transposed = "a"', "Choice"),
    "shapes": ("m, n_0, n_1, n_2 = q.shapes.given()\nshapes = [m, n_1, n_1, n_2, n_1]", "Array"),
    "tanh_prime": ('tanh_prime = "1 - a"', "Expression"),
    "hidden_delta": ("def hidden_delta(delta, W, z):\n    return delta @ W.T", "Function"),
    "two_layers": ("def two_layers(x, y, W1, b1, W2, b2, lmbda):\n    return W1, b1, W2, b2", "Gradient"),
}


@pytest.mark.parametrize("name", KINDS)
def test_an_exercise_of_each_kind_is_blank_then_wrong_then_right(page, name):
    wrong, kind = KINDS[name]
    exercise = bp.exercises.chapter(4).questions[name].exercise
    assert type(exercise).__name__ == kind
    right = importlib.import_module("bpbook.exercises.solutions.chapter_04").SOLUTIONS[name].strip()
    answer = Answer(page, name)
    answer.check(answer.cell.locator("textarea").input_value(), "○")
    said = answer.check(wrong, "✗")
    if name == "hidden_delta":
        assert "The derivative of the hidden activation is missing" in said
    answer.check(right, "✓")
    assert answer.cell.locator(".bp-mark").inner_text() == f"✓ best so far: {exercise.points:g} of {exercise.points:g}"


def test_an_answer_that_rests_on_a_broken_cell_is_told_so(page):
    broken, answer = Answer(page, "delta_out"), Answer(page, "two_layers")
    solutions = importlib.import_module("bpbook.exercises.solutions.chapter_04").SOLUTIONS
    broken.cell.locator("textarea").fill("nowhere = 1 / 0")
    answer.check("two_layers = nowhere", "Not checked yet")
    assert "ZeroDivisionError" in broken.cell.inner_text()
    page.get_by_text("A cell that this one needs ended with an error; it is shown there.").wait_for()
    for each, name in ((broken, "delta_out"), (answer, "two_layers")):
        each.check(solutions[name].strip(), "✓")


def focused(page, cell, words):
    """Press Tab until a button of this cell with these words has the focus."""
    for _ in range(8):
        page.keyboard.press("Tab")
        held = page.evaluate_handle("document.activeElement")
        if cell.evaluate("(cell, held) => cell.contains(held)", held) and words in held.inner_text():
            return
    raise AssertionError(f"Eight times Tab did not reach {words!r}.")


def test_an_exercise_is_answered_and_a_cell_is_run_by_keyboard_alone(page):
    answer, type_ = Answer(page, "tanh_prime"), page.keyboard.type
    field, hints = answer.cell.locator("textarea"), answer.cell.locator(".bp-hints li")
    seen = hints.count()
    field.focus()
    page.keyboard.press("Shift+Tab")
    assert field.evaluate("(field) => document.activeElement !== field")  # the way out is the way back in
    page.keyboard.press("Tab")
    assert field.evaluate("(field) => document.activeElement === field")
    page.keyboard.press("Control+A")
    type_('tanh_prime = "1 - a"')
    page.keyboard.press("Tab")
    assert field.input_value() == 'tanh_prime = "1 - a"    '
    page.keyboard.press("Escape")
    focused(page, answer.cell, "Check")
    page.keyboard.press("Enter")
    answer.cell.locator(".bp-words").filter(has_text=re.compile("^✗")).wait_for(timeout=START)
    focused(page, answer.cell, "Hint")
    page.keyboard.press("Space")
    assert hints.count() == seen + 1
    answer.check('tanh_prime = "1 - a**2"', "✓")
    cell = cell_with(page, "import copy")
    cell.get_by_role("button", name="Edit", exact=True).focus()
    page.keyboard.press("Enter")
    held = cell.locator("textarea")
    held.press("Control+End")
    type_("\nprint(6 * 7)")
    page.keyboard.press("Shift+Enter")
    page.wait_for_function(READY, timeout=START)
    cell.locator(".cell_output", has_text="42").wait_for(timeout=START)


def test_hints_come_one_at_a_time(page):
    cell, hints = Answer(page, "hidden_delta").cell, bp.exercises.chapter(4).questions["hidden_delta"].exercise.hints
    for seen in range(1, len(hints) + 1):
        cell.locator("button", has_text=re.compile("^Hint")).click()
        assert cell.locator(".bp-hints li").count() == seen
    assert cell.get_by_role("button", name="No more hints").is_disabled()


def test_answers_and_marks_survive_a_reload_and_stand_in_both_files(page, visit, tmp_path):
    Answer(page, "hidden_delta").check(
        "def hidden_delta(delta, W, z):\n    return (delta @ W.T) * (1 - np.tanh(z) ** 2)", "✓"
    )
    earned = page.locator(".bp-score").inner_text()
    points = re.match(r"\s*([1-9]\d*) of 24 points in this chapter", earned)[1]
    first = visit("index.html")
    assert f"04: {points} of 24" in first.locator("[data-bpbook-progress]").inner_text()
    first.close()
    page.reload()
    page.wait_for_function(READY)
    assert page.locator(".bp-score").inner_text() == earned
    assert "np.tanh(z) ** 2" in Answer(page, "hidden_delta").cell.locator("textarea").input_value()
    page.locator(".bp-tools summary").click()
    files = {}
    for button in ("Save as notebook", "Save marks"):
        with page.expect_download() as waiting:
            page.get_by_role("button", name=button).click()
        files[button] = tmp_path / waiting.value.suggested_filename
        waiting.value.save_as(files[button])
    notebook = json.loads(files["Save as notebook"].read_text(encoding="utf-8"))
    assert files["Save as notebook"].name == "04_derive_the_backward_pass.ipynb"
    (cell,) = [c for c in notebook["cells"] if "def hidden_delta" in "".join(c["source"])]
    assert "np.tanh(z) ** 2" in "".join(cell["source"])
    marks = json.loads(files["Save marks"].read_text(encoding="utf-8"))
    assert (files["Save marks"].name, marks["marks"]["04"]["hidden_delta"]) == ("progress.json", 2)


def test_a_notebook_and_marks_from_jupyterlab_are_brought_in(visit, context, tmp_path):
    page = visit("notebooks/03_teach_one_neuron.html")
    notebook = json.loads(page.evaluate("fetch('../_sources/notebooks/03_teach_one_neuron.ipynb').then(r => r.text())"))
    (cell,) = [c for c in notebook["cells"] if "".join(c["source"]).startswith("sigmoid_bend = ")]
    cell["source"] = ['sigmoid_bend = "a * (1 - a) * (1 - 2 * a)"']
    mine, marks = tmp_path / "mine.ipynb", tmp_path / "progress.json"
    mine.write_text(json.dumps(notebook))
    marks.write_text('{"name": "Ada", "marks": {"03": {"sigmoid_bend": 1.0}}}')
    page.locator(".bp-file").set_input_files(mine)
    page.wait_for_function("document.querySelector('.bp-line').textContent.includes('mine.ipynb are here now')")
    assert (
        Answer(page, "sigmoid_bend").cell.locator("textarea").input_value()
        == 'sigmoid_bend = "a * (1 - a) * (1 - 2 * a)"'
    )
    page.locator(".bp-file").set_input_files(marks)
    page.wait_for_function("document.querySelector('.bp-line').textContent.includes('progress.json are here now')")
    assert Answer(page, "sigmoid_bend").cell.locator(".bp-mark").inner_text() == "✓ best so far: 1 of 1"
    page.locator(".bp-file").set_input_files({"name": "x.json", "mimeType": "", "buffer": b"not JSON"})
    page.wait_for_function("document.querySelector('.bp-line').textContent.includes('x.json could not be read')")
    page.close()


def test_a_cell_runs_with_what_it_needs_and_shows_a_figure_a_formula_and_an_error(page):
    cell = cell_with(page, "import copy")
    assert run(page, cell, "1 + 41").inner_text().strip() == "42"
    assert run(page, cell, "from IPython.display import Latex\nLatex('$x^2$')").locator("mjx-container").count() == 1
    figure = run(page, cell, "from matplotlib import pyplot\npyplot.plot([1, 2]); pyplot.show()").locator("img")
    assert figure.get_attribute("src").startswith("data:image/png;base64,iVBOR")
    wrong = run(page, cell, "a = 1\nb = a / 0").locator(".bp-error")
    assert wrong.locator("p").inner_text() == "ZeroDivisionError in line 2: division by zero"
    assert wrong.locator("pre").first.inner_text() == "b = a / 0"


def test_an_endless_loop_is_stopped_and_python_begins_again(page):
    cell = cell_with(page, "import copy")
    run(page, cell, "1 + 1")
    cell.locator("textarea").fill("while True: pass")
    cell.get_by_role("button", name="Run", exact=True).click()
    page.locator(".bp-line").get_by_role("button", name="Stop").click()
    assert "Python was stopped and begins again" in page.locator(".bp-line").inner_text()
    assert run(page, cell, "2 + 3").inner_text().strip() == "5"
    cell.get_by_role("button", name="As in the book").click()
    assert cell.locator("textarea").count() == 0


def test_a_drawn_experiment_steps_without_python_and_then_hears_a_number(visit):
    page = visit(CHAPTER)
    page.locator("[data-do=on]").first.click()
    assert page.locator(".words").first.text_content().startswith("1 of 6.")
    assert page.locator(".bp-line").is_hidden()
    page.locator(".edge .hit").first.click(force=True)
    field = page.locator("[data-is=number]")
    edge = page.locator(".edge").first.get_attribute("aria-label")
    field.fill("3")
    field.press("Enter")
    page.wait_for_function(
        "before => document.querySelector('.edge').getAttribute('aria-label') !== before", arg=edge, timeout=START
    )
    assert "3" in page.locator(".edge").first.get_attribute("aria-label")
    page.close()


def test_a_figure_follows_its_slider(visit):
    page = visit("notebooks/00_start_here.html")
    page.locator(".widget-subarea .noUi-handle").first.focus()
    page.keyboard.press("ArrowRight")
    words = page.locator(".widget-subarea .bpbook-figure figcaption").first
    words.filter(has_text="At x = 1.01").wait_for(timeout=START, state="attached")
    page.close()


def test_training_goes_on_while_the_page_answers_and_pauses_at_once(visit):
    page = visit("notebooks/06_train_it.html")
    page.get_by_role("button", name="Train", exact=True).click()
    page.locator("progress[aria-label=training]:not([value='0'])").first.wait_for(timeout=START)
    page.get_by_role("button", name="Pause", exact=True).click()
    page.get_by_role("button", name="Train", exact=True).wait_for()
    words = page.locator(".bpbook-plane .words").filter(has_text=re.compile("^Epoch")).first
    first = words.text_content()
    assert not first.startswith("Epoch 0:")
    page.wait_for_timeout(500)
    assert words.text_content() == first
    page.close()


def test_a_page_without_webassembly_or_storage_says_so_and_reads(chromium, address):
    context = chromium.new_context()
    context.add_init_script(
        "delete window.WebAssembly; Object.defineProperty(window, 'localStorage', { get() { throw new Error('off') } })"
    )
    page = context.new_page()
    page.goto(f"{address}/{CHAPTER}")
    page.wait_for_function(READY)
    cell_with(page, "import copy").get_by_role("button", name="Run", exact=True).click()
    page.wait_for_function("document.querySelector('.bp-line').textContent.includes('has no WebAssembly')")
    Answer(page, "hidden_delta").cell.locator("textarea").fill("x")
    page.wait_for_function("document.querySelector('.bp-line').textContent.includes('keeps nothing for this page')")
    assert page.locator("article h1").is_visible()
    context.close()


def test_a_page_opened_as_a_file_says_what_it_takes(chromium, site):
    context = chromium.new_context()
    page = context.new_page()
    page.goto((site / CHAPTER).as_uri())
    assert "This page was opened as a file" in page.locator(".bp-without").inner_text()
    context.close()


CUT = """(boards) => boards.flatMap((board) => [...board.querySelectorAll(".widget-label, .jupyter-button")])
  .filter((each) => each.clientWidth && each.scrollWidth > each.clientWidth).map((each) => each.textContent)"""


def test_no_name_on_a_board_is_cut(visit):
    page = visit("notebooks/06_train_it.html")
    page.wait_for_function("document.querySelectorAll('.bpbook-board .jupyter-button').length > 6")
    assert page.locator(".bpbook-board").evaluate_all(CUT) == []
    page.close()
