"""One submission and its marks: the code of a notebook goes into the sealed room, and what it set is judged here.

The notebook's own words about marks, its outputs and its metadata are never read.
"""

import hashlib
import importlib.metadata
import json
import threading
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any

from .. import exercises
from .assignment import Assignment
from .keeping import safe
from .reporting.sameness import fingerprints, from_library
from .sealed.room import version
from .sitting import Sitting, answered, guesses

__all__ = ["cells_of", "could_not", "grade", "graded_by"]

BYTES, PARTS, CELLS, TEXT = 50 << 20, 500_000, 2_000, 2 << 20
"""The largest notebook, the most lists in it, code cells, and characters in these, that are looked at."""
NOTES = 20
"""The most notes about a submission that are kept."""
OURS = "The grader"
"""What the reason begins with where the fault is not the submission's, so that it is tried again."""
ALONE = threading.Lock()
"""The judge catches what is printed in its whole process, so one submission at a time is judged there."""


def cells_of(data: bytes) -> list[str]:
    """Return the sources of a notebook's code cells; other parts of it are not looked at.

    Raises
    ------
    ValueError
        It is no notebook, or too large; the message says so to a teacher.
    """
    if len(data) > BYTES:
        raise ValueError(f"It has {len(data) >> 20} MB, and {BYTES >> 20} MB are the most. Clear its outputs.")
    if data.count(b"[") + data.count(b"{") > PARTS:
        raise ValueError(f"It has more than {PARTS} parts. Clear its outputs.")
    try:
        notebook = json.loads(data.decode(json.detect_encoding(data), "replace"))
        cells = notebook["cells"] if "cells" in notebook else notebook["worksheets"][0]["cells"]
        code = [cell for cell in cells if isinstance(cell, dict) and cell.get("cell_type") == "code"]
        joined = ["".join(map(str, cell.get("source", cell.get("input")) or "")) for cell in code]
    except RecursionError:
        raise ValueError("It is not a notebook: its parts are nested too deeply.") from None
    except (ValueError, TypeError, KeyError, IndexError, AttributeError) as error:
        raise ValueError(f"It is not a notebook that can be read ({type(error).__name__}).") from None
    if not any(map(str.strip, joined)):
        raise ValueError("It holds no code.")
    if len(joined) > CELLS or sum(map(len, joined)) > TEXT:
        raise ValueError(f"It has more than {CELLS} code cells, or {TEXT >> 20} MB of code.")
    return [source.encode(errors="replace").decode() for source in joined]


@cache
def graded_by() -> dict[str, str]:
    """Return the versions that a mark depends on: of the book, of the room, of everything that judges."""
    digest, house = hashlib.sha256(), Path(exercises.__file__).parent
    for path in sorted([*house.rglob("*.py"), *Path(__file__).parent.rglob("*.py")]):
        if "solutions" not in path.parts:
            digest.update(path.read_bytes().replace(b"\r\n", b"\n"))
    return {"bpbook": importlib.metadata.version("bpbook"), "room": version(), "banks": digest.hexdigest()}


def grade(data: bytes, place: str, assignment: Assignment) -> dict[str, Any]:
    """Return the marks of one submission, as `marks/<key>.json` holds them.

    Parameters
    ----------
    data : bytes
        The notebook.
    place : str
        Where it lies in its folder, with slashes.
    assignment : Assignment
    """
    found: list[Any] = []

    def work() -> None:
        with ALONE:
            try:
                found.append(_graded(data, place, assignment))
            except ModuleNotFoundError as error:  # nobody can be graded here
                found.append(error)
            except Exception as error:  # noqa: BLE001 - one submission is not the end of the class
                found.append(could_not(data, place, assignment, f"{OURS} failed: {error!r}"[:300]))

    aside = threading.Thread(target=work)  # where the judge sets no alarm: the deadline is the room's
    aside.start()
    aside.join()
    if isinstance(found[0], ModuleNotFoundError):
        raise found[0]
    marks: dict[str, Any] = found[0]
    return marks


def _graded(data: bytes, place: str, assignment: Assignment) -> dict[str, Any]:
    try:
        cells = cells_of(data)
    except ValueError as reason:
        return could_not(data, place, assignment, str(reason))
    sitting = Sitting(cells, assignment, place)
    try:
        sitting.hold()
    finally:
        sitting.close()
    marks = _marks(data, place, assignment, sitting.reader or sitting.guesses[0])
    names = [item.name for item in assignment.exercises]
    codes, lines = fingerprints(cells, names), from_library(cells, names)
    marks["answers"] = [
        sitting.answer(item) | {"code": codes[item.name], "library": list(lines[item.name])}
        for item in assignment.exercises
    ]
    marks["notes"] = sitting.notes()[:NOTES]
    states = [answer["state"] for answer in marks["answers"]]
    lost = not sitting.attempts or ("not run" in states and not {"right", "wrong"} & set(states))
    if lost and marks["notes"]:
        marks |= {"status": "could not be run", "reason": marks["notes"][0]}
    return marks


def could_not(data: bytes, place: str, assignment: Assignment, reason: str) -> dict[str, Any]:
    """Return the marks of a submission that could not be run, which is no zero: a person has to look at it."""
    marks = _marks(data, place, assignment, guesses(place)[0])
    answers = [answered(item, None, reason) for item in assignment.exercises]
    return marks | {"status": "could not be run", "reason": reason, "answers": answers}


def _marks(data: bytes, place: str, assignment: Assignment, student: str) -> dict[str, Any]:
    return {
        "schema": 1,
        "key": safe(place),
        "student": " ".join("".join(c for c in student if c.isprintable()).split())[:100],
        "submission": place.encode(errors="replace").decode(),
        "sha256": hashlib.sha256(data).hexdigest(),
        "assignment": assignment.name,
        "graded_by": graded_by() | {"assignment": digest_of(assignment)},
        "status": "graded",
        "reason": None,
        "notes": [],
        "answers": [],
    }


def digest_of(assignment: Assignment) -> str:
    """Return a hash of an assignment: with other points or another secret, marks are others."""
    return hashlib.sha256(json.dumps(asdict(assignment), sort_keys=True).encode()).hexdigest()
