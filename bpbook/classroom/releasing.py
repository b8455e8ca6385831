"""Make an assignment: one notebook for students, without solutions, and the file that only the teacher keeps.

The exercises are those of the book. Their prompts and answer cells are taken from the chapters, and what is right is
declared once, in the banks, so that the book, the assignment and the grader cannot disagree.
"""

import json
import re
import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from .. import exercises
from . import formats
from .assignment import SCHEMA, Assignment, Item, write

__all__ = ["release"]

Cell = dict[str, Any]
PROMPT = re.compile(r"\*\*Exercise \d+\.\*\*\s*")
POINTS = re.compile(r"\s*\*\d+ points?\.\*")
CHECK = re.compile(r"q\.(\w+)\(\)")


def release(
    chapters: Sequence[str],
    folder: Path,
    notebooks: Path,
    points: Mapping[str, float] | None = None,
    due: str | None = None,
    only: Sequence[str] = (),
    form: str = "plain",
) -> Path:
    """Write an assignment into a folder; return the place of the students' notebook.

    Parameters
    ----------
    chapters : list of str
        Two digits each, as "04".
    folder : Path
        Must not hold an assignment already, because its secret would be lost.
    notebooks : Path
        Where the chapters are.
    points : dict, optional
        Points of some exercises, in place of those of the book.
    due : str, optional
        ISO 8601; said to students, and kept in the assignment.
    only : list of str, optional
        The exercises that are wanted, by name; all when left out.
    form : str
        plain, nbgrader or otter.

    Raises
    ------
    ValueError
        A chapter or exercise is unknown, a number of points is not positive, the date cannot be read, or the folder
        holds an assignment.
    """
    kept = folder / "assignment.json"
    if kept.exists():
        raise ValueError(
            f"--to must be a folder without an assignment; {folder} holds one, and its secret would be lost. "
            "Choose another folder."
        )
    found = {chapter: _of_chapter(chapter, notebooks) for chapter in dict.fromkeys(chapters)}
    items = _chosen(found, points or {}, only)
    assignment = Assignment(
        name="chapters-" + "-".join(found) if len(found) > 1 else f"chapter-{next(iter(found))}",
        chapters=tuple(found),
        exercises=tuple(items),
        due=_date(due),
        secret=secrets.token_hex(32),
        bpbook=version("bpbook"),
    )
    cells = _cells(assignment, {chapter: _title(chapter, notebooks) for chapter in found}, found)
    folder.mkdir(parents=True, exist_ok=True)
    place = formats.write(form, assignment, _notebook(assignment, cells), folder)
    write(assignment, kept)
    return place


def _read(chapter: str, notebooks: Path) -> list[Cell]:
    """Return the cells of a chapter, each with its source as one text."""
    places = {path.name[:2]: path for path in sorted(notebooks.glob("[0-9][0-9]_*.ipynb"))}
    known = [f"{number:02}" for number in exercises.banks.NUMBERS if f"{number:02}" in places]
    if chapter not in known:
        raise ValueError(f"NN must be a chapter with exercises, one of {', '.join(known)}; got {chapter}.")
    cells = json.loads(places[chapter].read_text(encoding="utf-8"))["cells"]
    return [{"cell_type": cell["cell_type"], "source": "".join(cell["source"])} for cell in cells]


def _title(chapter: str, notebooks: Path) -> str:
    return re.sub(r"^# \d+ ", "", _read(chapter, notebooks)[0]["source"].partition("\n")[0])


def _of_chapter(chapter: str, notebooks: Path) -> dict[str, tuple[str, str]]:
    """Return {name: (prompt, answer cell)} of the exercises of a chapter, in their order."""
    cells, found = _read(chapter, notebooks), {}
    for prompt, answer, check in zip(cells, cells[1:], cells[2:], strict=False):
        match = CHECK.fullmatch(check["source"].strip())
        if match and PROMPT.match(prompt["source"]) and answer["cell_type"] == "code":
            found[match[1]] = prompt["source"], answer["source"]
    return found


def _chosen(found: Mapping[str, Mapping[str, Any]], points: Mapping[str, float], only: Sequence[str]) -> list[Item]:
    """Return the exercises that are wanted, with their points; no two exercises of the book have one name."""
    known = {name for of in found.values() for name in of}
    for option, names in (("--only", only), ("--points", points)):
        for name in names:
            if name not in known:
                raise ValueError(
                    f"{option} must name exercises of these chapters: {', '.join(sorted(known))}; got {name}."
                )
    items = []
    for chapter, of in found.items():
        questions = exercises.chapter(int(chapter)).questions
        for name in of:
            if only and name not in only:
                continue
            worth = points.get(name, questions[name].exercise.points)
            if not 0 < worth < float("inf"):
                raise ValueError(f"--points must be a positive number for each exercise; got {name}={worth:g}.")
            items.append(Item(chapter, name, float(worth)))
    return items


def _date(due: str | None) -> str | None:
    if due is None:
        return None
    try:
        moment = datetime.fromisoformat(due)
    except ValueError:
        raise ValueError(f"--due must be a date such as 2030-05-31 or 2030-05-31T18:00; got {due}.") from None
    return moment.isoformat(sep=" ", timespec="minutes") if len(due) > len("2030-05-31") else due


def _cells(
    assignment: Assignment, titles: Mapping[str, str], found: Mapping[str, Mapping[str, tuple[str, str]]]
) -> list[Cell]:
    """Return the cells of the students' notebook."""
    several = len(titles) > 1
    heading = "Chapters " + ", ".join(titles) if several else f"Chapter {next(iter(titles))}"
    due = f" It is due on {assignment.due}." if assignment.due else ""
    count = len(assignment.exercises)
    worth = f"{count} exercise{'s' * (count > 1)} for {assignment.points:g} points"
    cells = [
        _cell(
            "markdown",
            "bpbook-title",
            f"# {heading}: exercises\n\nThis assignment has {worth}.{due} Put your answer in place of the three dots, "
            "then run the cell below it, which tells you what it makes of your answer. You may try as often as you "
            "like. If you are stuck, `q.` with the name of the exercise and `.hint()` gives a hint.",
        ),
        _cell("code", "bpbook-setup", "import numpy as np\nimport bpbook as bp"),
        _cell(
            "markdown",
            "bpbook-who",
            "Write your name between the quotes, as your teacher knows it, and run the cell **before** you begin. Some "
            "exercises draw their numbers from it, so yours differ from your neighbour's.",
        ),
        _cell("code", "bpbook-name", 'bp.exercises.name("")'),
    ]
    chapter = ""
    for number, item in enumerate(assignment.exercises, start=1):
        if item.chapter != chapter:
            chapter = item.chapter
            cells.append(_cell("markdown", f"{chapter}-title", f"## Chapter {chapter}: {titles[chapter]}"))
            cells.append(_cell("code", f"{chapter}-setup", f"q = bp.exercises.chapter({int(chapter)})"))
        prompt, answer = found[chapter][item.name]
        worth = f"*{item.points:g} point{'s' * (item.points != 1)}.*"
        asked = f"**Exercise {number}.** {POINTS.sub('', PROMPT.sub('', prompt, count=1))} {worth}"
        for kind, role, source in (
            ("markdown", "prompt", asked),
            ("code", "answer", answer),
            ("code", "check", f"q.{item.name}()"),
        ):
            cells.append(
                _cell(kind, f"{chapter}-{item.name}-{role}", source, exercise=f"{chapter}/{item.name}", role=role)
            )
    cells.append(_cell("markdown", "bpbook-end", "That was the last exercise. Save the notebook and hand it in."))
    return cells


def _cell(kind: str, place: str, source: str, **ours: str) -> Cell:
    cell: Cell = {"cell_type": kind, "id": place[:64], "metadata": {"bpbook": ours} if ours else {}, "source": source}
    return cell | ({"execution_count": None, "outputs": []} if kind == "code" else {})


def _notebook(assignment: Assignment, cells: list[Cell]) -> dict[str, Any]:
    return {
        "cells": cells,
        "metadata": {
            "bpbook": {"assignment": assignment.name, "schema": SCHEMA},
            "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }
