"""What is read when an assignment has been graded: a page for each student, one for the teacher, tables of marks.

Pages are single files without a script, a picture or a link to anywhere else. Every word that comes from a student is
escaped, by the template engine in pages and by `tables.inert` in tables.
"""

import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache
from hashlib import sha256
from math import fsum
from pathlib import Path
from statistics import median
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from ..assignment import SCHEMA
from ..keeping import keep, readable, room
from . import sameness, tables, tally

__all__ = ["class_page", "marks_of", "report", "student_page"]

Marks = dict[str, Any]
SEE = re.compile(r"\s*See (?:chapter|appendix) \w+(?:, .*?)?\.(?= |$)")
SIGNS = {"right": "✓", "wrong": "✗", "blank": "○", "not run": "?"}
SAID = {"right": "Right", "wrong": "Not right", "blank": "Not answered", "not run": "Not run"}
CLASSES = {state: state.replace(" ", "-") for state in SIGNS}
NAME = 40
"""A mistake's name has at most so many characters; what is longer is a sentence, and stands in the message."""


def marks_of(folder: Path) -> list[Marks]:
    """Return the marks of all submissions, by student.

    Raises
    ------
    ValueError
        The folder holds no marks, or a file of marks is damaged.
    """
    found = []
    for path in sorted((folder / "marks").glob("*.json")):
        try:
            marks = json.loads(path.read_text(encoding="utf-8"))
            if marks["schema"] != SCHEMA:
                raise ValueError(f"its schema is {marks['schema']!r}")
        except (ValueError, KeyError, TypeError) as error:
            raise ValueError(
                f"{path} must hold marks, but is damaged ({error!r}). Remove it and grade again."
            ) from None
        found.append(marks)
    if not found:
        raise ValueError(f"REPORT must be a folder that `bpbook grade` wrote; {folder} holds no marks.")
    return sorted(found, key=lambda marks: (marks["student"].casefold(), marks["key"]))


def report(folder: Path, hashed: bool = False) -> Path:
    """Write all pages and tables into the folder that holds the marks; return the place of the teacher's page.

    Parameters
    ----------
    folder : Path
    hashed : bool
        Students' pages and the teacher's page show codes in place of names; the tables keep names.
    """
    marks = marks_of(folder)
    students = room(folder / "students")
    pages = {_page(each, hashed): student_page(each, _who(each, hashed)) for each in marks}
    for stale in students.glob("*.html"):
        if stale.name not in pages:
            stale.unlink()
    for name, page in pages.items():
        keep(students / name, page)
    keep(folder / "class.html", class_page(marks, hashed))
    keep(folder / "marks.csv", tables.plain(marks))
    keep(folder / "canvas.csv", tables.canvas(marks))
    keep(folder / "moodle.csv", tables.moodle(marks))
    keep(folder / "marks.json", json.dumps(marks, indent=1, ensure_ascii=True) + "\n")
    return folder / "class.html"


def _who(marks: Marks, hashed: bool) -> str:
    """Return the student's name, or a code that nobody can work out who has not the submission."""
    if hashed:
        return "student " + sha256(f"{marks['key']} {marks['sha256']}".encode()).hexdigest()[:12]
    return marks["student"].strip() or "no name"


def _page(marks: Marks, hashed: bool) -> str:
    return f"{readable(_who(marks, hashed))}-{marks['key'][-6:]}.html"


def student_page(marks: Marks, who: str) -> str:
    """Return the page of one student; it holds nothing of anybody else."""
    sections: dict[str, list[str]] = {}
    for answer in marks["answers"]:
        if answer["state"] != "right" and answer["read_on"]:
            sections.setdefault(_place(answer["read_on"]), []).append(answer["title"])
    answers = [answer | {"message": _without_see(answer)} for answer in marks["answers"]]
    return _template("student.html").render(
        marks=marks | {"answers": answers},
        who=who,
        earned=tally.total(marks),
        of=fsum(answer["points"] for answer in marks["answers"]),
        sections=[{"words": place[0].upper() + place[1:], "titles": titles} for place, titles in sections.items()],
        names=[_name(answer) for answer in marks["answers"]],
        signs=SIGNS,
        said=SAID,
        classes=CLASSES,
    )


def class_page(marks: Sequence[Marks], hashed: bool = False) -> str:
    """Return the teacher's page."""
    run = [each for each in marks if each["status"] == "graded"]
    pairs, usual = sameness.pairs(run)
    mistakes, unnamed = tally.mistakes(run)
    names = Counter(each["student"] for each in marks if each["student"].strip())
    return _template("class.html").render(
        name=marks[0]["assignment"],
        count=len(marks),
        run=run,
        of=fsum(answer["points"] for answer in marks[0]["answers"]),
        middle=_number(median(map(tally.total, run))) if run else "",
        bands=tally.bands(run),
        exercises=tally.exercises(run),
        mistakes=mistakes,
        unnamed=unnamed,
        unrun=[_row(each, hashed) for each in marks if each["status"] != "graded"],
        pairs=[pair | {who: _who(pair[who], hashed) for who in ("one", "other")} for pair in pairs],
        usual=usual,
        borrowed=[answer | {"who": _who(answer["who"], hashed)} for answer in sameness.borrowed(run)],
        twice=[] if hashed else sorted(name for name, count in names.items() if count > 1),
        everyone=[_row(each, hashed) for each in marks],
        versions=sorted({f"{each['graded_by']['bpbook']} in {each['graded_by']['room']}" for each in marks}),
    )


def _row(marks: Marks, hashed: bool) -> dict[str, Any]:
    return {
        "who": _who(marks, hashed),
        "page": _page(marks, hashed),
        "submission": "" if hashed else marks["submission"],
        "reason": marks["reason"] or "",
        "points": _number(tally.total(marks)) if marks["status"] == "graded" else "none yet",
    }


def _name(answer: Mapping[str, Any]) -> str:
    name = answer["mistake"] or ""
    return name if answer["state"] == "wrong" and len(name) <= NAME and name not in answer["message"] else ""


def _without_see(answer: Mapping[str, Any]) -> str:
    """Return a message without the reference that its mistake carries, where the page gives it in a line of its own."""
    return str(SEE.sub("", answer["message"]) if answer["read_on"] else answer["message"])


def _place(read_on: Mapping[str, str]) -> str:
    """Return where to read on, as: chapter 04, “Weight decay”."""
    section = f", “{read_on['title']}”" if read_on["title"] else ""
    return f"chapter {read_on['chapter']}{section}"


def _words(text: str) -> Markup:
    """Escape a text, then show what stands between backticks as code."""
    return Markup(re.sub(r"`([^`]*)`", r"<code>\1</code>", str(escape(text))))


def _number(value: float) -> str:
    return f"{value:g}"


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals |= {"words": _words, "number": _number, "place": _place}
    return environment


def _template(name: str) -> Any:
    return _environment().get_template(name)
