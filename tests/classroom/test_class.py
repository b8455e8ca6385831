"""As a new teacher would: ten made-up submissions are graded and reported, and the report names what they get wrong."""

import csv
import json
import re
import shutil

import pytest

from bpbook import cli
from bpbook.classroom.keeping import safe
from bpbook.classroom.reports import marks_of

from .conftest import CLASS, HOSTILE, KNOWN

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
    HOSTILE: 23,
}
"""What each has earned of 24 points: all, less those of the answers that are wrong or blank."""


@pytest.fixture(scope="module")
def done(classroom, a_class):
    """Return the folder of a report on the class."""
    report = a_class.with_name("of-the-class")
    assert (
        cli.main(
            ["grade", str(a_class / "handed-in"), "--assignment", f"{a_class}/assignment.json", "--to", str(report)]
        )
        == 0
    )
    assert cli.main(["report", str(report)]) == 0
    return report


def test_the_class_has_the_marks_that_it_deserves(done):
    assert {marks["student"]: sum(answer["mark"] for answer in marks["answers"]) for marks in marks_of(done)} == POINTS
    with (done / "marks.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = {row["student"].removeprefix("'"): float(row["points"]) for row in csv.DictReader(file)}
    assert rows == POINTS


def test_the_report_names_every_known_mistake_of_the_class(done):
    page = (done / "class.html").read_text(encoding="utf-8")
    found = dict(
        re.findall(r'<tr><th scope="row">([^<]+)</th><td class="number">(\d+)</td><td class="number">\d+', page)
    )
    assert {name: int(found[name]) for name in KNOWN} == KNOWN
    assert "chapter 04, “Sum or mean, and which delta is stored”" in page


def test_each_student_reads_of_their_own_mistakes(done):
    names = {"Charles Babbage": "db mean", "Alan Turing": "db wrong axis", "Grace Hopper": "decay missing"}
    for who, mistake in names.items():
        (page,) = (done / "students").glob(f"{safe(who).rpartition('-')[0]}-*.html")
        text = page.read_text(encoding="utf-8")
        assert f"known as <em>{mistake}</em>" in text
        assert not any(other in text for other in names if other != who)


def test_the_same_code_is_counted_and_short_code_is_not(done):
    marks = {each["student"]: each for each in marks_of(done)}
    code = {answer["name"]: answer["code"] for answer in marks["Ada Lovelace"]["answers"]}
    assert code["two_layers"] and code["softmax_delta"] and not code["paths"]
    assert all(answer["code"] is None for answer in marks["Évariste Galois"]["answers"])


def test_a_correction_is_seen_before_it_counts_and_leaves_a_copy(classroom, a_class, tmp_path, capsys):
    few = tmp_path / "few"
    few.mkdir()
    for name in ("Ada Lovelace", "Charles Babbage"):
        shutil.copy(a_class / "handed-in" / f"{safe(name)}.ipynb", few)
    kept = json.loads((a_class / "assignment.json").read_text(encoding="utf-8"))
    kept["exercises"] = [each for each in kept["exercises"] if each["name"] in ("bias_gradient", "paths")]
    (few / "assignment.json").write_text(json.dumps(kept), encoding="utf-8")
    assert cli.main(["grade", str(few)]) == 0
    report = tmp_path / "few-report"
    before = {path.name: path.read_bytes() for path in (report / "marks").iterdir()}
    kept["exercises"][-1]["points"] = 3.0
    (few / "assignment.json").write_text(json.dumps(kept), encoding="utf-8")
    with pytest.raises(SystemExit, match="See who gains and who loses with `bpbook regrade`"):
        cli.main(["grade", str(few)])
    capsys.readouterr()
    assert cli.main(["regrade", str(few)]) == 0
    said = capsys.readouterr().out
    assert "1 of 2 submissions gain, 0 lose, 1 keep their points." in said and "Ada Lovelace" in said
    assert "Nothing has been replaced" in said
    assert {path.name: path.read_bytes() for path in (report / "marks").iterdir()} == before
    assert cli.main(["regrade", str(few), "--write"]) == 0
    assert {path.name: path.read_bytes() for path in (report / "copies" / "001" / "marks").iterdir()} == before
    assert {marks["student"]: sum(answer["mark"] for answer in marks["answers"]) for marks in marks_of(report)} == {
        "Ada Lovelace": 4.0,
        "Charles Babbage": 1.0,
    }
    assert cli.main(["grade", str(few)]) == 0  # nothing is left to do


def test_marks_that_a_new_submission_replaces_are_kept_aside(classroom, a_class, tmp_path):
    few = tmp_path / "few"
    few.mkdir()
    place = few / "ada.ipynb"
    shutil.copy(a_class / "handed-in" / f"{safe('Charles Babbage')}.ipynb", place)
    kept = json.loads((a_class / "assignment.json").read_text(encoding="utf-8"))
    kept["exercises"] = [each for each in kept["exercises"] if each["name"] == "bias_gradient"]
    (few / "assignment.json").write_text(json.dumps(kept), encoding="utf-8")
    assert cli.main(["grade", str(few)]) == 0
    first = next((tmp_path / "few-report" / "marks").iterdir()).read_bytes()
    shutil.copy(a_class / "handed-in" / f"{safe('Ada Lovelace')}.ipynb", place)
    assert cli.main(["grade", str(few)]) == 0
    (aside,) = (tmp_path / "few-report" / "copies" / "resubmitted").iterdir()
    assert aside.read_bytes() == first
    assert next((tmp_path / "few-report" / "marks").iterdir()).read_bytes() != first


def test_everybody_made_up_is_in_the_class():
    assert set(POINTS) == set(CLASS) and len(CLASS) == 10
