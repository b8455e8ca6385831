"""What travels to a page: how much, and what is not in it."""

import json
import tarfile

import pytest

from bpbook.site import runtime
from bpbook.site.cells import chapter_cells

LIMIT = 33_000_000  # bytes that the first run of a cell may fetch


@pytest.fixture(scope="module")
def engine(site):
    return site / "_engine"


def test_what_is_fetched_stays_below_its_limit_and_is_named_by_its_content(engine):
    pieces = json.loads((engine / "engine.json").read_text())
    for piece in pieces.values():
        assert (engine / piece["file"]).stat().st_size == piece["bytes"]
    assert pieces["python"]["bytes"] + pieces["library"]["bytes"] < LIMIT
    assert pieces["science"]["bytes"] < LIMIT / 3


def test_the_library_holds_the_book_without_its_solutions(engine):
    (path,) = engine.glob("library-*.tar.gz")
    with tarfile.open(path) as archive:
        names = archive.getnames()
    assert {"book/bpbook/backprop.py", "book/bpbook/site/engine/guest.py", "lib/python315.zip"} <= set(names)
    assert "book/anywidget/__init__.py" in names and "mpl-data/matplotlibrc" in names
    assert [name for name in names if "solutions" in name or "__pycache__" in name or name.endswith(".so")] == []


def test_a_module_keeps_what_runs_and_loses_its_names():
    head, code, names = b"\0asm\1\0\0\0", bytes([10, 1, 0]), bytes([0, 130, 1]) + bytes(130)
    assert runtime.without_names(head + names + code) == head + code
    assert runtime.without_names(head + code) == head + code


def test_a_chapters_cells_say_what_answers_and_checks_what():
    def code(id, source):
        return {"id": id, "cell_type": "code", "source": source, "metadata": {}}

    source = ["q = bp.exercises.chapter(4)", "hidden_delta = ...", "q.hidden_delta()", "q.unknown()", "x = q.y()"]
    cells = chapter_cells({"cells": [code(str(k), text) for k, text in enumerate(source)]}, "04")
    assert [cell["role"] for cell in cells] == ["questions", "answer", "check", None, None]
    assert cells[1]["exercise"] == cells[2]["exercise"] == "hidden_delta"
    assert cells[2]["points"] == 2 and len(cells[2]["hints"]) == 3
