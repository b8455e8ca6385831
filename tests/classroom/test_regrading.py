"""Grading again shows who gains and who loses before it writes, and writes nothing without a copy."""

import json
import shutil
import stat

import pytest

from bpbook import cli
from bpbook.classroom import regrading
from bpbook.classroom.keeping import keep, readable, room
from bpbook.classroom.reporting.reports import marks_of


def corrected(marks):
    """Return the marks after an exercise was corrected: a mean is now right, and a letter is now wrong."""
    found = json.loads(json.dumps(marks))
    for each in found:
        each["graded_by"]["banks"] = "1" * 64
        for answer in each["answers"]:
            if answer["name"] == "bias_gradient" and answer["mistake"] == "db mean":
                answer |= {"mark": answer["points"], "fraction": 1.0, "state": "right", "mistake": None}
            if answer["name"] == "what_is_kept" and each["student"] == "Ada Lovelace":
                answer |= {"mark": 0.0, "fraction": 0.0, "state": "wrong"}
    return found


@pytest.fixture
def fresh(marks, graded):
    for each in corrected(marks):
        keep(room(graded / "regraded" / "marks") / f"{each['key']}.json", json.dumps(each))
    return graded / "regraded"


def test_who_gains_and_who_loses_is_said_before_anything_is_written(graded, fresh):
    before = {path: path.read_bytes() for path in (graded / "marks").iterdir()}
    found = regrading.changes(marks_of(graded), marks_of(fresh))
    assert [(change.student, change.gain) for change in found] == [
        ("Charles Babbage", 1.0),
        ("Emmy Noether", 1.0),
        ("Srinivasa Ramanujan", 1.0),
        ("Ada Lovelace", -1.0),
    ]
    lines = regrading.words(found, 11).splitlines()
    assert lines[0] == "3 of 11 submissions gain, 1 lose, 7 keep their points."
    assert lines[1].split() == ["+1", "Charles", "Babbage", "23", "to", "24", "bias", "gradient"]
    assert lines[-1].split()[0] == "-1" and len(lines) == 5
    assert {path: path.read_bytes() for path in (graded / "marks").iterdir()} == before


def test_nothing_is_overwritten_without_a_copy(graded, fresh, marks):
    before = {path.name: path.read_bytes() for path in (graded / "marks").iterdir()}
    new = {path.name: path.read_bytes() for path in (fresh / "marks").iterdir()}
    kept = regrading.adopt(graded, fresh)
    assert {path.name: path.read_bytes() for path in (kept / "marks").iterdir()} == before
    assert {path.name: json.loads(path.read_bytes()) for path in (graded / "marks").iterdir()} == {
        name: json.loads(text) for name, text in new.items()
    }
    assert not fresh.exists()
    for path in [graded / "copies", *(graded / "copies").rglob("*"), graded / "log.jsonl"]:
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path


def test_a_log_says_who_was_graded_by_which_version(graded, fresh, marks):
    keep(graded / "log.jsonl", '{"key": "an older line"}\n')
    regrading.adopt(graded, fresh)
    lines = [json.loads(line) for line in (graded / "log.jsonl").read_text(encoding="utf-8").splitlines()]
    assert lines[0] == {"key": "an older line"} and len(lines) == 1 + len(marks)
    charles = next(line for line in lines if line["key"].startswith("charles"))
    assert (charles["was"], charles["points"]) == (23.0, 24.0)
    assert charles["was_graded_by"]["banks"] == "0" * 64 and charles["regraded_by"]["banks"] == "1" * 64


def test_a_kill_in_the_middle_loses_nothing(graded, fresh, marks, monkeypatch):
    before = {path.name: path.read_bytes() for path in (graded / "marks").iterdir()}
    real, left = regrading.keep, [4]

    def killed(path, text):
        left[0] -= 1
        if left[0] < 0:
            raise KeyboardInterrupt
        real(path, text)

    monkeypatch.setattr(regrading, "keep", killed)
    with pytest.raises(KeyboardInterrupt):
        regrading.adopt(graded, fresh)
    assert {path.name: path.read_bytes() for path in (graded / "copies" / "001" / "marks").iterdir()} == before
    monkeypatch.setattr(regrading, "keep", real)
    assert regrading.adopt(graded, fresh).name == "002"
    assert regrading.changes(marks_of(graded), corrected(marks)) == []


def test_a_submission_that_could_not_be_run_and_now_can_gains_and_a_new_one_is_named(marks):
    lost = next(each for each in marks if each["status"] != "graded")
    ada = next(each for each in marks if each["student"] == "Ada Lovelace")
    now = ada | {"key": lost["key"], "student": "Lost"}
    (change,) = regrading.changes([lost], [now])
    assert (change.before, change.after, change.gain) == (None, 24.0, 24.0)
    (change,) = regrading.changes([], [ada])
    assert (change.before, change.after) == (None, 24.0)
    assert regrading.changes([lost], [lost]) == []


def test_a_correction_is_seen_before_it_counts_and_leaves_a_copy(classroom, a_class, tmp_path, capsys):
    few = tmp_path / "few"
    few.mkdir()
    for name in ("Ada Lovelace", "Charles Babbage"):
        shutil.copy(a_class / "handed-in" / f"{readable(name)}.ipynb", few)
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
    shutil.copy(a_class / "handed-in" / f"{readable('Charles Babbage')}.ipynb", place)
    kept = json.loads((a_class / "assignment.json").read_text(encoding="utf-8"))
    kept["exercises"] = [each for each in kept["exercises"] if each["name"] == "bias_gradient"]
    (few / "assignment.json").write_text(json.dumps(kept), encoding="utf-8")
    assert cli.main(["grade", str(few)]) == 0
    first = next((tmp_path / "few-report" / "marks").iterdir()).read_bytes()
    shutil.copy(a_class / "handed-in" / f"{readable('Ada Lovelace')}.ipynb", place)
    assert cli.main(["grade", str(few)]) == 0
    (aside,) = (tmp_path / "few-report" / "copies" / "resubmitted").iterdir()
    assert aside.read_bytes() == first
    assert next((tmp_path / "few-report" / "marks").iterdir()).read_bytes() != first
