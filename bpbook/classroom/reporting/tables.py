"""Marks as tables: for a spreadsheet, and as Canvas and Moodle import them.

References
----------
Canvas LMS, `lib/gradebook_importer.rb`: the columns of the header and the row "Points Possible".
Moodle, `mod/assign/feedback/offline/importgradeslib.php`: the columns of the offline grading worksheet.
"""

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from . import tally

__all__ = ["canvas", "inert", "moodle", "plain"]

Marks = Mapping[str, Any]
FORMULA = re.compile(r"[\s\x00-\x1f\u200b\ufeff]*[=+\-@|%＝＋－＠]")
OF_CANVAS = re.compile(r"[^_/]+_(?:LATE_)?(\d+)_\d+_[^/]*")
OF_MOODLE = re.compile(r"([^/]+?)_(\d+)_assignsubmission_file")


def inert(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula.

    >>> inert("=HYPERLINK(...)")
    "'=HYPERLINK(...)"
    >>> inert("Ada")
    'Ada'
    """
    line = " ".join(text.split())
    return f"'{line}" if FORMULA.match(text) else line


def _table(rows: Iterable[Sequence[str | float | int]]) -> str:
    file = io.StringIO()
    writer = csv.writer(file, quoting=csv.QUOTE_MINIMAL)
    writer.writerows([f"{cell:g}" if isinstance(cell, float) else cell for cell in row] for row in rows)
    return file.getvalue()


def _points(marks: Sequence[Marks]) -> float:
    return sum(answer["points"] for answer in marks[0]["answers"]) if marks else 0.0


def plain(marks: Sequence[Marks]) -> str:
    """Return a row a submission: who, whether it was run, the points, and the mark of each exercise."""
    names = [f"{answer['chapter']}/{answer['name']}" for answer in marks[0]["answers"]] if marks else []
    rows: list[list[Any]] = [["student", "submission", "status", "points", "of", *names]]
    for each in marks:
        of = {f"{answer['chapter']}/{answer['name']}": answer["mark"] for answer in each["answers"]}
        run = each["status"] == "graded"
        row = [inert(each["student"]), inert(each["submission"]), each["status"]]
        row += [tally.total(each) if run else "", _points([each])]
        rows.append([*row, *(of.get(name, "") if run else "" for name in names)])
    return "\ufeff" + _table(rows)


def canvas(marks: Sequence[Marks]) -> str:
    """Return what Canvas takes at Grades, Import: a student is found by the ID in the file's name, or by name.

    Submissions that could not be run are left out, so that nobody gets a zero for them.
    """
    name = inert(marks[0]["assignment"]) if marks else "assignment"
    rows: list[list[Any]] = [["Student", "ID", "SIS User ID", "SIS Login ID", "Section", name]]
    rows.append(["    Points Possible", "", "", "", "", _points(marks)])
    for each in _run(marks):
        match = OF_CANVAS.fullmatch(each["submission"])
        rows.append([inert(each["student"]), match[1] if match else "", "", "", "", tally.total(each)])
    return _table(rows)


def moodle(marks: Sequence[Marks]) -> str:
    """Return Moodle's offline grading worksheet; it holds only submissions that Moodle has named in its download.

    Submissions that could not be run are left out, so that nobody gets a zero for them.
    """
    header = ["Identifier", "Full name", "Grade", "Maximum Grade", "Last modified (grade)", "Feedback comments"]
    rows: list[list[Any]] = [header]
    for each in _run(marks):
        if match := OF_MOODLE.match(each["submission"]):
            feedback = "; ".join(
                f"{answer['title']}: {answer['mark']:g} of {answer['points']:g}" for answer in each["answers"]
            )
            row = [f"Participant {match[2]}", inert(match[1]), tally.total(each), _points([each]), "-"]
            rows.append([*row, inert(feedback)])
    return _table(rows)


def _run(marks: Sequence[Marks]) -> list[Marks]:
    return [each for each in marks if each["status"] == "graded"]
