"""The three forms of a release: a notebook, a course of nbgrader, and a notebook with tests of otter."""

import copy
import json
from pathlib import Path
from typing import Any

from ..exercises import chapter
from .assignment import Assignment, Item

__all__ = ["FORMS", "write"]

Notebook = dict[str, Any]

CONFIG = '''"""Settings of nbgrader for assignments of bpbook: run nbgrader in this folder."""

c = get_config()  # noqa: F821 - nbgrader puts it here
c.CourseDirectory.course_id = {name!r}
# Answer cells hold the reader's three dots already, and solutions were never in them.
c.GenerateAssignment.preprocessors = [
    "nbgrader.preprocessors.IncludeHeaderFooter",
    "nbgrader.preprocessors.LockCells",
    "nbgrader.preprocessors.ComputeChecksums",
    "nbgrader.preprocessors.SaveCells",
    "nbgrader.preprocessors.CheckCellMetadata",
    "nbgrader.preprocessors.ClearOutput",
]
c.ClearOutput.enabled = True
# Marks come from the sealed room where it has them: bpbook grade submitted --assignment assignment.json --to report
c.Autograde.autograde_preprocessors = [
    "bpbook.classroom.nbgrading.Sealed",
    "nbgrader.preprocessors.IgnorePattern",
    "nbconvert.preprocessors.ClearMetadataPreprocessor",
    "nbgrader.preprocessors.LimitOutput",
    "nbgrader.preprocessors.SaveAutoGrades",
    "nbgrader.preprocessors.AssignLatePenalties",
    "nbgrader.preprocessors.CheckCellMetadata",
]
'''

TEST = """OK_FORMAT = True

test = {{
    "name": {name!r},
    "points": {points!r},
    "suites": [
        {{
            "type": "doctest",
            "scored": True,
            "setup": "",
            "teardown": "",
            "cases": [
                {{
                    "code": ">>> import bpbook as bp\\n"
                    ">>> mark = bp.exercises.chapter({chapter}).{name}({name})\\n"
                    ">>> mark if float(mark) < mark.points else None\\n",
                    "hidden": False,
                    "locked": False,
                }}
            ],
        }}
    ],
}}
"""


def write(form: str, assignment: Assignment, notebook: Notebook, folder: Path) -> Path:
    """Write the students' notebook, and what else the form needs, into a folder; return the notebook's place."""
    return FORMS[form](assignment, notebook, folder)


def _save(notebook: Notebook, place: Path) -> Path:
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(json.dumps(notebook, indent=1, ensure_ascii=False) + "\n", encoding="utf-8", newline="\n")
    return place


def _plain(assignment: Assignment, notebook: Notebook, folder: Path) -> Path:
    return _save(notebook, folder / f"{assignment.name}.ipynb")


def _nbgrader(assignment: Assignment, notebook: Notebook, folder: Path) -> Path:
    """Write a course of nbgrader: its settings and `source/NAME/NAME.ipynb`, with metadata of schema 3."""
    items = {f"{item.chapter}/{item.name}": item for item in assignment.exercises}
    notebook = copy.deepcopy(notebook)
    for cell in notebook["cells"]:
        if cell["cell_type"] != "code":
            continue
        ours = cell["metadata"].get("bpbook", {})
        check, answer = ours.get("role") == "check", ours.get("role") == "answer"
        theirs = {
            "schema_version": 3,
            "grade": check,
            "grade_id": cell["id"],
            "locked": not (answer or cell["id"] == "bpbook-name"),
            "solution": answer or cell["id"] == "bpbook-name",
            "task": False,
            "cell_type": "code",
        }
        if check:
            item = items[ours["exercise"]]
            theirs["points"] = item.points
            cell["source"] = _marked(item)
        cell["metadata"]["nbgrader"] = theirs
    (folder / "nbgrader_config.py").write_text(CONFIG.format(name=assignment.name), encoding="utf-8")
    return _save(notebook, folder / "source" / assignment.name / f"{assignment.name}.ipynb")


def _marked(item: Item) -> str:
    """Return a check cell whose last value is a plain float, because nbgrader gives full marks where it finds none."""
    of_book = chapter(int(item.chapter)).questions[item.name].exercise.points
    scaled = "" if of_book == item.points else f" * {item.points:g} / {of_book:g}"
    return f"mark = q.{item.name}()\nprint(mark)\nfloat(mark){scaled}"


def _otter(assignment: Assignment, notebook: Notebook, folder: Path) -> Path:
    """Write the notebook and, for every exercise, a test that passes when the mark is full."""
    tests = folder / "tests"
    tests.mkdir(exist_ok=True)
    for item in assignment.exercises:
        text = TEST.format(name=item.name, points=item.points, chapter=int(item.chapter))
        (tests / f"{item.name}.py").write_text(text, encoding="utf-8")
    return _plain(assignment, notebook, folder)


FORMS = {"plain": _plain, "nbgrader": _nbgrader, "otter": _otter}
"""What can be asked for with --format."""
