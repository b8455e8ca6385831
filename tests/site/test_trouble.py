"""What goes wrong for a reader: a download that breaks off, Stop at a bad moment, two windows of one book."""

import functools
import json
import re
import threading
from http.server import ThreadingHTTPServer
from pathlib import Path

import pytest

from bpbook.site import serving

from .test_page import CHAPTER, READY, START, Answer, cell_with, run

pytestmark = pytest.mark.browser
FAILED = "Python could not start here. It could not be fetched whole"


class Moody(serving._Quiet):
    """A server of a kind that is found in the world."""

    mood = ""

    def do_GET(self):
        path, folder = self.path.partition("?")[0], Path(self.directory)
        if self.mood == "short" and "/library-" in path:  # and it does not say how long it ought to be
            self.send_response(200)
            self.end_headers()
            self.wfile.write((folder / path.lstrip("/")).read_bytes()[:4_000_000])
            return
        if self.mood == "bare" and (folder / f"{path.lstrip('/')}.html").is_file():
            self.path = f"{path}.html"
        super().do_GET()

    def end_headers(self):
        if self.mood == "unpacking" and self.path.endswith(".gz"):
            self.send_header("Content-Encoding", "gzip")
        super().end_headers()


@pytest.fixture
def moody(site):
    """Yield the address of a server whose mood a test chooses."""
    running = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Moody, directory=str(site)))
    threading.Thread(target=running.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{running.server_port}"
    running.shutdown()
    running.server_close()
    Moody.mood = ""


@pytest.fixture
def context(chromium):
    context = chromium.new_context(viewport={"width": 1100, "height": 900}, accept_downloads=True)
    context.set_default_timeout(60_000)
    yield context
    context.close()


def opened(context, address, place=CHAPTER):
    page = context.new_page()
    page.goto(f"{address}/{place}")
    page.wait_for_function(READY)
    return page


def says(page, words):
    page.locator(".bp-line", has_text=words).wait_for(timeout=START)


@pytest.fixture
def page(context, address):
    return opened(context, address)


def test_stop_while_python_starts_ends_the_start_and_the_next_one_goes_well(page, context):
    held = []
    context.route("**/python-*.wasm.gz", lambda route: held.append(route))
    answer = Answer(page, "delta_out")
    answer.cell.get_by_role("button", name="Check").click()
    page.wait_for_function("document.documentElement.dataset.bpbook === 'busy'")
    page.locator(".bp-tools summary").click()
    page.get_by_role("button", name="Stop Python").click()
    page.wait_for_function(READY, timeout=5000)
    says(page, "Python was stopped")
    assert answer.cell.locator(".bp-verdict").inner_text().startswith("Not checked yet")
    context.unroute("**/python-*.wasm.gz")
    assert "press Check" in answer.check(answer.cell.locator("textarea").input_value(), "○")


def test_the_answer_after_an_endless_one_is_judged_by_itself(page):
    page.clock.install()
    answer = Answer(page, "delta_out")
    assert "Press Hint for help" in answer.check("delta_out = 3.0", "✗")
    answer.cell.locator("textarea").fill("while True:\n    pass")
    answer.cell.get_by_role("button", name="Check").click()
    page.wait_for_selector(".bp-running")
    page.clock.fast_forward(31_000)
    answer.cell.locator(".bp-verdict", has_text="a loop that never ends").wait_for(timeout=START)
    page.clock.fast_forward(31_000)
    answer.check("delta_out = 3.0", "✗ 0 of 1")


def test_what_an_answer_prints_stands_beside_its_verdict(page):
    answer = Answer(page, "delta_out")
    answer.check('print("z is", 12)\ndelta_out = 3.0', "✗")
    assert answer.cell.locator(".bp-said").inner_text().strip() == "z is 12"
    answer.cell.locator("textarea").fill("delta_out = (3.0")
    answer.cell.get_by_role("button", name="Check").click()
    answer.cell.locator(".bp-error").wait_for(timeout=START)
    page.wait_for_function(READY)
    assert answer.cell.locator(".bp-error p").inner_text() == "SyntaxError in line 1: '(' was never closed"
    assert answer.cell.locator(".bp-verdict").inner_text() == ""


def test_a_download_that_breaks_off_is_not_kept(context, moody):
    page = opened(context, moody)
    Moody.mood = "short"
    Answer(page, "delta_out").cell.get_by_role("button", name="Check").click()
    says(page, FAILED)
    Moody.mood = ""
    Answer(page, "delta_out").check("delta_out = 3.0", "✗")


def test_what_an_earlier_visit_kept_broken_is_fetched_anew(context, address, site):
    page = opened(context, address)
    name = json.loads((site / "_engine" / "engine.json").read_text())["library"]["file"]
    broken = "async (url) => (await caches.open('bpbook-engine')).put(url, new Response(new Uint8Array(9)))"
    page.evaluate(broken, f"{address}/_engine/{name}")
    Answer(page, "delta_out").check("delta_out = 3.0", "✗")


def test_python_starts_from_a_server_that_unpacks_what_is_packed(context, moody):
    Moody.mood = "unpacking"
    Answer(opened(context, moody), "delta_out").check("delta_out = 3.0", "✗")


def test_a_page_whose_server_leaves_html_out_of_its_address_is_saved(context, moody):
    Moody.mood = "bare"
    page = opened(context, moody, CHAPTER.removesuffix(".html"))
    page.locator(".bp-tools summary").click()
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Save as notebook").click()
    assert waiting.value.suggested_filename == "04_derive_the_backward_pass.ipynb"


def test_two_windows_show_the_same_answers_and_marks(page, context, address):
    other = opened(context, address)
    Answer(page, "tanh_prime").check('tanh_prime = "1 - a**2"', "✓")
    there = Answer(other, "tanh_prime").cell
    there.locator(".bp-mark", has_text="best so far: 1 of 1").wait_for()
    assert there.locator("textarea").input_value() == 'tanh_prime = "1 - a**2"'
    cell_with(page, "import copy").get_by_role("button", name="Edit", exact=True).click()
    cell_with(page, "import copy").locator("textarea").fill("import copy  # mine")
    assert cell_with(other, "import copy").locator("textarea").input_value() == "import copy  # mine"


def test_a_page_with_a_changed_cell_opens_at_its_top(page):
    last = page.locator(".cell", has=page.locator(".bp-bar[aria-label^=Cell]")).last
    last.get_by_role("button", name="Edit", exact=True).click()
    last.locator("textarea").fill("1 + 1")
    page.goto(page.url.replace("04_derive_the_backward_pass", "03_teach_one_neuron"))
    page.goto(page.url.replace("03_teach_one_neuron", "04_derive_the_backward_pass"))
    page.wait_for_function(READY)
    assert last.locator("textarea").input_value() == "1 + 1"
    assert page.evaluate("scrollY") == 0


def test_an_empty_answer_of_a_notebook_takes_no_answers_place(page, site, tmp_path):
    notebook = json.loads((site / "_sources" / CHAPTER.replace(".html", ".ipynb")).read_text(encoding="utf-8"))
    filled = next(cell for cell in notebook["cells"] if "".join(cell["source"]).startswith("tanh_prime = "))
    filled["source"] = ['tanh_prime = "theirs"']
    notebook["cells"].insert(1, {"cell_type": "code", "source": "1 + 1", "id": "mine", "metadata": {}, "outputs": []})
    for name, mine in (("delta_out", "delta_out = 7"), ("tanh_prime", 'tanh_prime = "mine"')):
        Answer(page, name).cell.locator("textarea").fill(mine)
    (file := tmp_path / "theirs.ipynb").write_text(json.dumps(notebook))
    page.locator(".bp-file").set_input_files(file)
    says(page, "theirs.ipynb are here now")
    now = [Answer(page, name).cell.locator("textarea").input_value() for name in ("delta_out", "tanh_prime")]
    assert now == ["delta_out = 7", 'tanh_prime = "theirs"']


def test_the_first_pages_experiment_hears_a_number(context, address):
    page = opened(context, address, "index.html")
    page.locator(".edge .hit").first.click(force=True)
    edge, field = page.locator(".edge").first, page.locator("[data-is=number]")
    before = edge.get_attribute("aria-label")
    field.fill("3")
    field.press("Enter")
    changed = "before => document.querySelector('.edge').getAttribute('aria-label') !== before"
    page.wait_for_function(changed, arg=before, timeout=START)
    assert "3" in edge.get_attribute("aria-label")


def test_an_experiment_without_python_names_no_menu_that_a_page_has_not(context, address):
    context.add_init_script("delete window.WebAssembly")
    page = opened(context, address, "index.html")
    page.locator(".edge .hit").first.click(force=True)
    page.locator("[data-is=number]").fill("3")
    page.locator("[data-is=number]").press("Enter")
    says(page, "has no WebAssembly")
    page.get_by_text("No answer from Python: this page has no kernel.").wait_for()


def test_an_experiment_whose_python_was_stopped_begins_again(context, address):
    page, said = opened(context, address, "notebooks/06_train_it.html"), []
    page.on("console", lambda line: said.append(line.text) if line.type == "error" else None)
    page.get_by_role("button", name="Train", exact=True).click()
    page.locator("progress[aria-label=training]:not([value='0'])").wait_for(timeout=START)
    page.locator(".bp-tools").evaluate("(tools) => { tools.open = true; }")
    page.get_by_role("button", name="Stop Python").click()
    words = page.locator(".bpbook-plane .words").filter(has_text=re.compile("^Epoch")).first
    before = words.text_content()
    page.get_by_role("button", name="Train", exact=True).click()
    words.filter(has_not_text=before).wait_for(timeout=START, state="attached")
    page.get_by_role("button", name="Pause", exact=True).click()
    page.get_by_role("button", name="Train", exact=True).wait_for()
    assert said == []


def test_the_text_is_shown_before_what_moves_it_has_come(context, address):
    held = []
    context.route(re.compile(r"embed-amd\.js"), lambda route: held.append(route))
    page = context.new_page()
    page.goto(f"{address}/{CHAPTER}", wait_until="commit")
    page.wait_for_function("performance.getEntriesByName('first-contentful-paint').length", timeout=START)
    assert page.locator("article h1").inner_text().startswith("04 Derive")
    page.locator("article h2").nth(9).wait_for(state="attached")
    assert held


def test_python_that_came_to_its_end_says_so_and_begins_again(page):
    cell = cell_with(page, "import copy")
    for end, words in (
        ("import os; os._exit(3)", "exit code 3."),
        ("x = 1\nfor k in range(10**6): x = [x]\nrepr(x)", "too deep a recursion."),
    ):
        run(page, cell, end)
        says(page, f"{words} It begins again with the next cell that you run.")
        assert run(page, cell, "1 + 1").inner_text().strip() == "2"


def test_a_flood_of_printing_leaves_the_page_alive(page):
    cell = cell_with(page, "import copy")
    run(page, cell, "1 + 1")
    cell.locator("textarea").fill("while True:\n    print('still here')")
    cell.get_by_role("button", name="Run", exact=True).click()
    cell.locator(".cell_output", has_text="… and more, which is not shown.").wait_for()
    page.locator(".bp-line").get_by_role("button", name="Stop").click()
    assert run(page, cell, "2 + 2").inner_text().strip() == "4"


def test_a_short_sleep_is_short_and_a_line_printed_anew_stands_once(page):
    cell = cell_with(page, "import copy")
    source = "import time\nfor k in range(3):\n    time.sleep(0.1)\n    print(k, end='\\r', flush=True)\nprint('done')"
    run(page, cell, "t = 0")
    page.wait_for_timeout(3000)
    started = page.evaluate("performance.now()")
    assert run(page, cell, source).inner_text().strip() == "done"
    assert page.evaluate("performance.now()") - started < 8000  # and not as long as the page is old, three times


def test_a_click_that_could_not_be_heard_is_not_heard_later(context, address):
    page = opened(context, address, "notebooks/06_train_it.html")
    context.route("**/python-*.wasm.gz", lambda route: route.abort())
    page.get_by_role("button", name="Train", exact=True).click()
    says(page, FAILED)
    context.unroute("**/python-*.wasm.gz")
    page.get_by_role("button", name="Train", exact=True).click()
    page.get_by_role("button", name="Pause", exact=True).wait_for(timeout=START)
    page.locator("progress[aria-label=training]:not([value='0'])").wait_for(timeout=START)


def test_stop_stops_what_is_waiting_too(page):
    cell, other = cell_with(page, "import copy"), Answer(page, "delta_out")
    run(page, cell, "1 + 1")
    cell.locator("textarea").fill("while True: pass")
    cell.get_by_role("button", name="Run", exact=True).click()
    page.wait_for_selector(".bp-running")
    other.cell.get_by_role("button", name="Check").click()
    page.locator(".bp-line").get_by_role("button", name="Stop").click()
    page.wait_for_function(READY, timeout=5000)
    says(page, "Python was stopped and begins again")
