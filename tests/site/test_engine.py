"""Python's side of a page, without a browser: the guest runs in a process of its own, and this test is its page."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
PAGE = """
import json, sys
out, asked = sys.stdout, []

def door(message):
    if json.loads(message).get("ask") == "next":
        return asked.pop().encode()
    out.write(message.decode() + "\\n")
    return b""

from bpbook.site.engine import guest
guest.begin(door)
for line in sys.stdin:
    asked.append(line)
    guest.serve()
    out.write("\\n")
    out.flush()
"""


class Page:
    """A page's end of the door."""

    def __init__(self, home):
        environment = {
            "BPBOOK_HOME": str(home),
            "MPLBACKEND": "agg",
            "PYTHONPATH": str(ROOT),
            "PATH": "",
            "HOME": str(home),
        }
        self.python = subprocess.Popen(
            [sys.executable, "-c", PAGE], stdin=-1, stdout=-1, text=True, encoding="utf-8", env=environment
        )

    def ask(self, do, **request):
        self.python.stdin.write(json.dumps({"do": do, **request}) + "\n")
        self.python.stdin.flush()
        return [json.loads(line) for line in iter(self.python.stdout.readline, "\n")]

    def run(self, source, cell="cell-1"):
        *said, done = [message for message in self.ask("run", cell=cell, source=source) if message["type"] != "beat"]
        assert (done["type"], done["cell"]) == ("done", cell)
        return said, done["ok"]

    def shown(self, source):
        said, ok = self.run(source)
        assert ok
        return [message.get("data") or message["text"] for message in said if message["type"] not in ("comm", "marks")]


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    home = tmp_path_factory.mktemp("home")
    page = Page(home)
    with page.python:  # which closes its streams and waits for its end
        yield page


def test_a_cell_prints_and_shows_its_last_value(page):
    assert page.shown("x = 6\nprint('six')\nx * 7") == ["six\n", {"text/plain": "42"}]
    assert page.shown("x * 7;") == page.shown("y = 1") == page.shown("") == page.shown("# nothing") == []


def test_a_name_of_one_cell_is_known_in_the_next_and_inside_functions(page):
    assert page.shown("a = 2\ndef twice(): return 2 * a") == []
    assert page.shown("twice()") == [{"text/plain": "4"}]


def test_latex_html_and_markdown_are_shown_in_their_own_form(page):
    html, words = page.shown(
        "from IPython.display import HTML, display\ndisplay(HTML('<b>b</b>'))\nclass F:\n"
        "    def _repr_latex_(self): return '$x$'\n    def __repr__(self): return 'x'\nF()"
    )
    assert html["text/html"] == "<b>b</b>"
    assert words == {"text/latex": "$x$", "text/plain": "x"}


def test_an_error_names_the_readers_own_line_and_python_lives_on(page):
    said, ok = page.run("z = 1\n1 / 0")
    assert not ok
    assert (said[0]["name"], said[0]["line"]) == ("ZeroDivisionError", 2)
    assert "1 / 0" in said[0]["text"] and "guest" not in said[0]["text"]
    said, ok = page.run("def f(:\n    pass")
    assert (said[0]["name"], said[0]["line"], ok) == ("SyntaxError", 1, False)
    assert page.run("import sys; sys.exit()")[1] is False
    assert page.shown("z") == [{"text/plain": "1"}]


def test_an_open_figure_is_shown_once(page):
    first, *others = page.shown("from matplotlib import pyplot\n_ = pyplot.plot([1, 2])")
    assert first["image/png"].startswith("iVBOR") and others == []
    assert page.shown("1") == [{"text/plain": "1"}]


def test_an_answer_is_judged_and_its_mark_is_sent(page):
    setup = "import bpbook as bp\nq = bp.exercises.chapter(4)"
    wrong, right = "hidden_delta = lambda delta, W, z: delta @ W.T", "(delta @ W.T) * (1 - np.tanh(z) ** 2)"
    page.run(f"{setup}\nimport numpy as np\n{wrong}")
    (said,) = page.shown("q.hidden_delta()")
    assert "derivative of the hidden activation is missing" in said["text/markdown"]
    page.run(f"def hidden_delta(delta, W, z): return {right}", "answer")
    said, _ = page.run("q.hidden_delta()")
    assert said[0]["data"]["text/markdown"].startswith("✓")
    assert json.loads(said[1]["text"])["marks"]["04"] == {"hidden_delta": 2.0}
    page.run("def hidden_delta(delta, W, z): ...", "answer")
    (said,) = page.shown("q.hidden_delta()")
    assert said["text/markdown"].startswith("○")


def test_marks_that_the_page_kept_come_back(page):
    page.ask("marks", text='{"name": "Ada", "marks": {"04": {"product": 1.0}}}')
    (said,) = page.shown("import bpbook as bp\nbp.exercises.chapter(4, seed=0)\nbp.exercises._progress.read()['name']")
    assert said == {"text/plain": "'Ada'"}


def test_a_widget_opens_hears_and_answers_through_the_door(page):
    said, ok = page.run("import ipywidgets\ns = ipywidgets.IntSlider(value=3, description='n')\ns")
    opened = {message["id"]: message["data"]["state"] for message in said if message["type"] == "comm"}
    shown = said[-1]["data"]["application/vnd.jupyter.widget-view+json"]["model_id"]
    assert ok and opened[shown]["value"] == 3
    page.ask("heard", id=shown, data={"method": "update", "state": {"value": 8}, "buffer_paths": []})
    assert page.shown("s.value") == [{"text/plain": "8"}]
    (told,) = [m for m in page.run("s.value = 4")[0] if m["type"] == "comm"]
    assert (told["id"], told["data"]["state"]) == (shown, {"value": 4})


def test_a_run_goes_on_turn_by_turn_and_pauses_at_once(page):
    page.run("import bpbook as bp\np = bp.widgets.playground()\np")
    assert page.shown("p.train_or_pause(); p.running.on") == [{"text/plain": "True"}]
    beats = (page.ask("beat") for _ in range(10_000))
    said = next(said for said in beats if said[0]["type"] == "comm")
    assert said[-1]["type"] == "beat" and 0 <= said[-1]["wait"] <= 0.4
    said = page.ask("run", cell="c", source="p.train_or_pause()")
    assert "beat" not in [message["type"] for message in said]
    assert page.ask("beat") == []


def test_an_experiment_needs_the_cells_that_made_its_network_and_no_others(page):
    cells = [
        ["setup", "import numpy as np\nimport bpbook as bp"],
        ["data", "x = np.ones((3, 2))"],
        ["other", "print(np.pi)"],
        ["net", "net = bp.MLP([2, 1])"],
        ["fit", "net.fit(x, x[:, 0])"],
        ["more", "def f(n): return n"],
        ["use", "bp.widgets.budget(net)"],
        ["after", "net = None"],
    ]
    (said,) = page.ask("needed", cells=cells, wanted="use")
    assert said["cells"] == ["setup", "data", "net", "fit"]


def test_what_is_not_finite_is_null_for_a_page(page):
    said, _ = page.run("import ipywidgets\nf = ipywidgets.FloatText(value=float('nan'))")
    assert [m["data"]["state"]["value"] for m in said if "value" in m["data"].get("state", {})] == [None]
