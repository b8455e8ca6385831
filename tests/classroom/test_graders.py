"""What `bpbook release` writes for nbgrader and otter is taken by both, unmodified, and marked as the book marks it."""

import csv
import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from bpbook.classroom.rehearsal import DB_MEAN, handed_in
from bpbook.classroom.releasing import release

from .conftest import NOTEBOOKS

installed = importlib.util.find_spec
EXTRA = 'install it with: pip install -c constraints.txt -e ".[graders]"'
TWO_RIGHT = "m, n_0, n_1, n_2 = q.shapes.given()\nshapes = [m, n_1, 0, 0, 0]"
STUDENTS = {
    "charles": {"bias_gradient": DB_MEAN, "shapes": TWO_RIGHT},
    "nobody": None,
}


def run(*command, folder):
    """Run a grader's command as it is installed beside this Python; return what it said."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    done = subprocess.run(command, cwd=folder, env=os.environ | {"PATH": path}, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def filled(notebook, name, wrong):
    return notebook if wrong is None else handed_in(notebook, name, wrong)


@pytest.fixture(scope="module")
def nbgrader(tmp_path_factory):
    """Return a course of nbgrader in which two students were graded."""
    course = tmp_path_factory.mktemp("course")
    release(["04"], course, NOTEBOOKS, form="nbgrader", points={"two_layers": 6, "output_delta": 3})
    run("nbgrader", "generate_assignment", "chapter-04", folder=course)
    given = json.loads((course / "release" / "chapter-04" / "chapter-04.ipynb").read_text(encoding="utf-8"))
    for name, wrong in STUDENTS.items():
        place = course / "submitted" / name / "chapter-04" / "chapter-04.ipynb"
        place.parent.mkdir(parents=True)
        place.write_text(json.dumps(filled(given, name, wrong)), encoding="utf-8")
    run("nbgrader", "autograde", "chapter-04", folder=course)
    return course


@pytest.mark.skipif(not installed("nbgrader"), reason=f"nbgrader is not here; {EXTRA}")
def test_nbgrader_gives_the_marks_of_the_book(nbgrader):
    run("nbgrader", "export", folder=nbgrader)
    with (nbgrader / "grades.csv").open(encoding="utf-8", newline="") as file:
        grades = {row["student_id"]: row for row in csv.DictReader(file)}
    assert {float(row["max_score"]) for row in grades.values()} == {24 + 2 + 1}
    # One point for the bias gradient is lost, and three fifths of the one for five shapes.
    assert float(grades["charles"]["score"]) == pytest.approx(27 - 1 - 3 / 5)
    assert float(grades["nobody"]["score"]) == 0


@pytest.mark.skipif(not installed("nbgrader"), reason=f"nbgrader is not here; {EXTRA}")
def test_nbgrader_shows_the_students_what_the_book_says(nbgrader):
    run("nbgrader", "generate_feedback", "chapter-04", folder=nbgrader)
    page = (nbgrader / "feedback" / "charles" / "chapter-04" / "chapter-04.html").read_text(encoding="utf-8")
    assert "The bias gradient is averaged over the examples" in page


@pytest.mark.skipif(not installed("nbgrader"), reason=f"nbgrader is not here; {EXTRA}")
def test_nbgrader_would_give_full_marks_for_a_check_that_ends_in_no_number(tmp_path):
    """The wrong twin of our check cells: a bare call, whose result shows itself as words."""
    release(["04"], tmp_path, NOTEBOOKS, form="nbgrader", only=["bias_gradient"])
    place = tmp_path / "source" / "chapter-04" / "chapter-04.ipynb"
    notebook = json.loads(place.read_text(encoding="utf-8"))
    notebook["cells"][-2]["source"] = "q.bias_gradient()"
    place.write_text(json.dumps(notebook), encoding="utf-8")
    run("nbgrader", "generate_assignment", "chapter-04", folder=tmp_path)
    given = json.loads((tmp_path / "release" / "chapter-04" / "chapter-04.ipynb").read_text(encoding="utf-8"))
    submitted = tmp_path / "submitted" / "charles" / "chapter-04" / "chapter-04.ipynb"
    submitted.parent.mkdir(parents=True)
    submitted.write_text(json.dumps(filled(given, "charles", STUDENTS["charles"])), encoding="utf-8")
    run("nbgrader", "autograde", "chapter-04", folder=tmp_path)
    run("nbgrader", "export", folder=tmp_path)
    assert ",1.0,0.0,1.0,1.0" in (tmp_path / "grades.csv").read_text(encoding="utf-8")


FORGED = DB_MEAN + "\nimport types\nq = types.SimpleNamespace(bias_gradient=lambda: 1.0)"


@pytest.mark.skipif(not installed("nbgrader"), reason=f"nbgrader is not here; {EXTRA}")
def test_a_forged_mark_fools_nbgrader_alone_and_not_with_the_sealed_room(classroom, tmp_path):
    release(["04"], tmp_path, NOTEBOOKS, form="nbgrader", only=["bias_gradient"], points={"bias_gradient": 3})
    run("nbgrader", "generate_assignment", "chapter-04", folder=tmp_path)
    given = json.loads((tmp_path / "release" / "chapter-04" / "chapter-04.ipynb").read_text(encoding="utf-8"))
    for name, answer in (("forger", {"bias_gradient": FORGED}), ("right", {})):
        place = tmp_path / "submitted" / name / "chapter-04" / "chapter-04.ipynb"
        place.parent.mkdir(parents=True)
        place.write_text(json.dumps(filled(given, name, answer)), encoding="utf-8")

    def scores():
        run("nbgrader", "autograde", "chapter-04", "--force", folder=tmp_path)
        run("nbgrader", "export", folder=tmp_path)
        with (tmp_path / "grades.csv").open(encoding="utf-8", newline="") as file:
            return {row["student_id"]: float(row["score"]) for row in csv.DictReader(file)}

    assert scores() == {"forger": 3, "right": 3}
    asked = ["grade", "submitted", "--assignment", "assignment.json", "--to", "report"]
    run(sys.executable, "-m", "bpbook.cli", *asked, folder=tmp_path)
    assert scores() == {"forger": 0, "right": 3}
    page = (tmp_path / "autograded" / "forger" / "chapter-04" / "chapter-04.ipynb").read_text(encoding="utf-8")
    assert "0 of 3 points" in page and "averaged over the examples" in page


@pytest.mark.skipif(not installed("otter"), reason=f"otter-grader is not here; {EXTRA}")
def test_otter_gives_the_marks_of_the_book_where_they_are_full_and_none_elsewhere(tmp_path):
    place = release(["04"], tmp_path, NOTEBOOKS, form="otter", points={"two_layers": 6})
    notebook = json.loads(place.read_text(encoding="utf-8"))
    (tmp_path / "charles.ipynb").write_text(
        json.dumps(handed_in(notebook, "charles", STUDENTS["charles"])), encoding="utf-8"
    )
    run("otter", "generate", "-t", "tests", "-o", "autograder.zip", "--no-environment", folder=tmp_path)
    run("otter", "run", "-a", "autograder.zip", "charles.ipynb", "-o", ".", folder=tmp_path)
    results = json.loads((tmp_path / "results.json").read_text(encoding="utf-8"))
    scores = {test["name"]: (test.get("score"), test.get("max_score")) for test in results["tests"]}
    assert scores["two_layers"] == (6, 6) and scores["paths"] == (1, 1)
    assert scores["bias_gradient"] == scores["shapes"] == (0, 1)
    assert sum(score or 0 for score, _ in scores.values()) == 26 - 2
