"""The guide for teachers: each of its commands is run as it stands there, and what it says of the class is true."""

import csv
import json
import re
import shlex
import shutil

import pytest

from bpbook import cli
from bpbook.classroom import rehearsal
from bpbook.classroom.keeping import readable
from bpbook.classroom.reporting import tally
from bpbook.classroom.reporting.reports import marks_of

from .conftest import KNOWN, NOTEBOOKS

GUIDE = json.loads((NOTEBOOKS / "D_teaching.ipynb").read_text(encoding="utf-8"))
PROSE = ["".join(cell["source"]) for cell in GUIDE["cells"] if cell["cell_type"] == "markdown"]
SHELL = [
    line for text in PROSE for block in re.findall(r"```sh\n(.*?)```", text, re.DOTALL) for line in block.splitlines()
]
VERBS = [shlex.split(line)[1:] for line in SHELL if line.startswith(".venv/bin/bpbook ")]


POINTS = {
    "Ada Lovelace": 24,
    "Charles Babbage": 23,
    "Emmy Noether": 21,
    "Alan Turing": 21,
    "Grace Hopper": 21,
    "Srinivasa Ramanujan": 21,
    "Sofja Kowalewskaja": 21,
    "Évariste Galois": 0,
    "Mary Somerville": 18,
    "Sophie Germain": 23,
}
"""What each has earned of 24 points: all, less those of the answers that are wrong or blank."""


@pytest.fixture(scope="module")
def taught(classroom, tmp_path_factory):
    """Return the folder of a teacher who gave every command of the guide, in its order."""
    folder = tmp_path_factory.mktemp("teacher")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        for verb in VERBS:
            if verb[:2] == ["grade", "handed-in"]:  # what came back of the release is not there: two made-up ones are
                (folder / "handed-in").mkdir()
                for path in sorted((folder / "rehearsal" / "handed-in").iterdir())[:2]:
                    shutil.copy(path, folder / "handed-in")
            assert cli.main(verb) == 0, verb
    return folder


def test_every_verb_of_the_classroom_is_in_the_guide():
    assert {verb[0] for verb in VERBS} == {"rehearse", "release", "grade", "report", "regrade"}
    assert len(SHELL) == len(VERBS) + 1  # and the installation


def test_the_commands_of_the_guide_leave_what_it_says(taught):
    for place in ("assignment/chapters-04-05.ipynb", "assignment/assignment.json", "handed-in-report/marks"):
        assert (taught / place).exists(), place
    for place in ("class.html", "students", "canvas.csv", "moodle.csv", "marks.csv", "marks.json", "log.jsonl"):
        assert (taught / "rehearsal" / "report" / place).exists(), place
    assert not (taught / "rehearsal" / "report" / "copies").exists()  # regrade was asked to look, and not to write


def test_the_report_names_the_mistakes_of_the_rehearsal_and_no_others(taught):
    marks = marks_of(taught / "rehearsal" / "report")
    found, unnamed = tally.mistakes(marks)
    assert {row["name"]: row["students"] for row in found} == KNOWN
    assert unnamed == 2
    assert {each["student"] for each in marks} == set(rehearsal.CLASS)
    page = (taught / "rehearsal" / "report" / "class.html").read_text(encoding="utf-8")
    assert all(f'<th scope="row">{name}</th>' in page for name in KNOWN)
    assert "chapter 04, “Sum or mean, and which delta is stored”" in page


def test_what_the_guide_says_of_the_class_is_so(taught):
    (said,) = (text for text in PROSE if "Sophie Germain" in text)
    assert said.startswith("Three of them averaged the bias gradient") and KNOWN["db mean"] == 3
    assert "Two lost the derivative of the hidden activation" in said and KNOWN["no hidden derivative"] == 2
    (sophie,) = (each for each in marks_of(taught / "rehearsal" / "report") if each["student"] == "Sophie Germain")
    (wrong,) = (answer for answer in sophie["answers"] if answer["state"] == "wrong")
    assert wrong["mistake"] is None and "ZeroDivisionError" in wrong["message"]


def test_the_class_has_the_marks_that_it_deserves(taught):
    done = taught / "rehearsal" / "report"
    assert {marks["student"]: sum(answer["mark"] for answer in marks["answers"]) for marks in marks_of(done)} == POINTS
    with (done / "marks.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = {row["student"].removeprefix("'"): float(row["points"]) for row in csv.DictReader(file)}
    assert rows == POINTS


def test_each_student_reads_of_their_own_mistakes(taught):
    done = taught / "rehearsal" / "report"
    names = {"Charles Babbage": "db mean", "Alan Turing": "db wrong axis", "Grace Hopper": "decay missing"}
    for who, mistake in names.items():
        (page,) = (done / "students").glob(f"{readable(who).rpartition('-')[0]}-*.html")
        text = page.read_text(encoding="utf-8")
        assert f"known as <em>{mistake}</em>" in text
        assert not any(other in text for other in names if other != who)


def test_the_same_code_is_counted_and_short_code_is_not(taught):
    done = taught / "rehearsal" / "report"
    marks = {each["student"]: each for each in marks_of(done)}
    code = {answer["name"]: answer["code"] for answer in marks["Ada Lovelace"]["answers"]}
    assert code["two_layers"] and code["softmax_delta"] and not code["paths"]
    assert all(answer["code"] is None for answer in marks["Évariste Galois"]["answers"])


def test_a_rehearsal_without_solutions_says_so(tmp_path, monkeypatch):
    monkeypatch.setattr(rehearsal, "CHAPTER", "99")
    with pytest.raises(ValueError, match="must have the book's solutions, and they are not installed here"):
        rehearsal.solutions()
