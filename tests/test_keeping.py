"""What is kept of a chapter's experiments when it is saved."""

import json
from pathlib import Path

from nbconvert import HTMLExporter
from traitlets.config import Config

import bpbook
from bpbook.jupyter import keeping

VIEW, STATE = keeping.VIEW, keeping.STATE


class Contents:
    def __init__(self, folder):
        self.folder = folder

    def _get_os_path(self, path):
        return self.folder / path


def notebook(shown, states):
    outputs = [{"output_type": "display_data", "data": {VIEW: {"model_id": name}}, "metadata": {}} for name in shown]
    cells = [{"cell_type": "markdown", "source": ""}, {"cell_type": "code", "outputs": outputs, "source": ""}]
    return {"cells": cells, "metadata": {"widgets": {STATE: {"state": states}}}}


def model(*refers, **state):
    return {"state": {**state, "children": [f"IPY_MODEL_{name}" for name in refers]}}


def saved(tmp_path, before, now):
    """Return the states that a save would write, given what is in the file and what the page sends."""
    (tmp_path / "a.ipynb").write_text(json.dumps(before), encoding="utf-8")
    sent = {"type": "notebook", "content": now}
    keeping.keep_experiments(sent, "a.ipynb", Contents(tmp_path))
    return sent["content"]["metadata"]["widgets"][STATE]["state"]


def test_a_page_that_has_forgotten_its_experiments_keeps_those_of_the_file(tmp_path):
    states = {"a": model("b"), "b": model(x=1), "c": model()}
    before = notebook(["a", "c"], states)
    assert saved(tmp_path, before, notebook(["a", "c"], {})) == states
    assert saved(tmp_path, before, notebook(["a", "c"], [])) == states  # as JupyterLab sends it after a restart


def test_what_was_run_anew_is_the_pages_and_what_no_cell_shows_is_left_out(tmp_path):
    before = notebook(["a"], {"a": model(x=1), "gone": model()})
    now = {"a": model("b", x=2), "b": model(), "nine runs before": model()}
    assert saved(tmp_path, before, notebook(["a"], now)) == {"a": now["a"], "b": now["b"]}


def test_files_that_are_no_notebooks_or_cannot_be_read_are_left_alone(tmp_path):
    text = {"type": "file", "content": "words"}
    keeping.keep_experiments(text, "a.txt", Contents(tmp_path))
    assert text == {"type": "file", "content": "words"}
    sent = {"type": "notebook", "content": notebook(["a"], {})}
    keeping.keep_experiments(sent, "not there.ipynb", Contents(tmp_path))
    assert sent["content"] == notebook(["a"], {})


def test_the_books_jupyter_is_told_to_keep_them():
    config = Path(bpbook.__file__).parent / "jupyter" / "jupyter_server_config.json"
    hook = json.loads(config.read_text(encoding="utf-8"))["ContentsManager"]["pre_save_hook"]
    assert hook == "bpbook.jupyter.keeping.keep_experiments"


def test_a_chapter_that_jupyterlab_exports_shows_the_photograph_of_its_experiment():
    settings = json.loads((Path(keeping.__file__).parent / "jupyter_server_config.json").read_text(encoding="utf-8"))
    chapter = Path(bpbook.__file__).parents[1] / "notebooks" / "00_start_here.ipynb"
    outputs = [
        output
        for cell in json.loads(chapter.read_text(encoding="utf-8"))["cells"]
        for output in cell.get("outputs", [])
    ]
    (photograph,) = ["".join(output["data"]["image/png"]) for output in outputs if VIEW in output.get("data", {})]
    page, _ = HTMLExporter(config=Config(settings)).from_filename(str(chapter))
    assert photograph.strip() in page and f'<script type="{VIEW}">' not in page
    page, _ = HTMLExporter().from_filename(str(chapter))  # as it is without: a script that fetches from elsewhere
    assert photograph.strip() not in page and f'<script type="{VIEW}">' in page
