"""Grade again after an exercise was corrected: first see who gains and who loses, then write, with a copy kept."""

import json
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from .assignment import Assignment, read
from .keeping import keep, room
from .reporting import tally
from .reporting.reports import marks_of

__all__ = ["Change", "adopt", "changes", "command", "words"]

Marks = dict[str, Any]
WHO = 40


@dataclass(frozen=True)
class Change:
    """What became of one submission.

    Attributes
    ----------
    key, student : str
    before, after : float or None
        Points; None where it could not be run, or was not there.
    exercises : tuple of str
        The titles of those whose mark has changed.
    """

    key: str
    student: str
    before: float | None
    after: float | None
    exercises: tuple[str, ...]

    @property
    def gain(self) -> float:
        """Points won, negative when lost; a submission that could not be run had none."""
        return round((self.after or 0.0) - (self.before or 0.0), 6)


def changes(old: Sequence[Marks], new: Sequence[Marks]) -> list[Change]:
    """Return what has changed, the largest gain first; submissions that keep every mark are not in it."""
    was, found = {marks["key"]: marks for marks in old}, []
    for marks in new:
        before = was.get(marks["key"])
        touched = _touched(before, marks)
        points = (_points(before) if before else None), _points(marks)
        if before is None or touched or points[0] != points[1]:
            found.append(Change(marks["key"], marks["student"], *points, touched))
    return sorted(found, key=lambda change: (-change.gain, change.student, change.key))


def _points(marks: Marks) -> float | None:
    return round(tally.total(marks), 6) if marks["status"] == "graded" else None


def _touched(before: Marks | None, after: Marks) -> tuple[str, ...]:
    had = {(each["chapter"], each["name"]): each["mark"] for each in before["answers"]} if before else {}
    answers = [each for each in after["answers"] if had.get((each["chapter"], each["name"]), 0.0) != each["mark"]]
    return tuple(each["title"] for each in answers)


def words(found: Sequence[Change], count: int) -> str:
    """Return what has changed in lines for a terminal; `count` is the number of submissions that were graded."""
    gain, lose = (sum(sign * change.gain > 0 for change in found) for sign in (1, -1))
    lines = [f"{gain} of {count} submissions gain, {lose} lose, {count - gain - lose} keep their points."]
    for change in found:
        who = "".join(c for c in change.student if c.isprintable())[:WHO] or change.key
        before, after = ("none" if points is None else f"{points:g}" for points in (change.before, change.after))
        lines.append(f"{change.gain:+8g}  {who:{WHO}}  {before} to {after}  {', '.join(change.exercises)}".rstrip())
    return "\n".join(lines)


def adopt(report: Path, fresh: Path) -> Path:
    """Put the fresh marks in the place of the old ones; return the folder of the copies that are kept.

    The copy is whole before the first mark is replaced, so that a kill at any moment loses nothing: the command can be
    given again. A line a submission is added to the log.

    Parameters
    ----------
    report : Path
        Holds `marks`.
    fresh : Path
        Holds `marks` too, by another version; it is removed at the end.
    """
    old = {marks["key"]: marks for marks in marks_of(report)}
    new = marks_of(fresh)
    copies = room(report / "copies")
    number = 1 + max((int(path.name) for path in copies.iterdir() if path.name.isdigit()), default=0)
    part = copies / f".part-{number:03}"
    shutil.rmtree(part, ignore_errors=True)
    shutil.copytree(report / "marks", room(part) / "marks")
    kept = part.rename(copies / f"{number:03}")
    log = report / "log.jsonl"
    when = datetime.now(UTC).isoformat(timespec="seconds")
    lines = [log.read_text(encoding="utf-8")] if log.exists() else []
    for marks in new:
        keep(report / "marks" / f"{marks['key']}.json", json.dumps(marks, indent=1, ensure_ascii=False) + "\n")
        before = old.get(marks["key"])
        line = {
            "key": marks["key"],
            "when": when,
            "regraded_by": marks["graded_by"],
            "was_graded_by": before["graded_by"] if before else None,
            "points": _points(marks),
            "was": _points(before) if before else None,
            "copy": kept.name,
        }
        lines.append(json.dumps(line, ensure_ascii=False) + "\n")
    keep(log, "".join(lines))
    shutil.rmtree(fresh)
    return kept


def command(options: Any, notebooks: Path) -> int:
    """Do `bpbook regrade`."""
    from .grading import grade_folder

    here = options.submissions.resolve()
    report = options.to or here.with_name(f"{here.name}-report")
    old, fresh = marks_of(report), report / "regraded"
    _forget_others(fresh, read(options.assignment or here / "assignment.json"))
    new = grade_folder(options.submissions, fresh, options.assignment, options.workers, options.scheduler)
    print(words(changes(old, new), len(new)))
    if not options.write:
        print("Nothing has been replaced. Give the command again with --write to let the new marks count.")
        return 0
    kept = adopt(report, fresh)
    print(f"The new marks count now. The old ones are kept in {kept}. Write the pages anew with `bpbook report`.")
    return 0


def _forget_others(fresh: Path, assignment: Assignment) -> None:
    """Remove marks of an earlier look, at another correction; those of this version are taken up again."""
    from .submission import digest_of, graded_by

    now = graded_by() | {"assignment": digest_of(assignment)}
    for path in (fresh / "marks").glob("*.json"):
        try:
            known = json.loads(path.read_text(encoding="utf-8"))["graded_by"] == now
        except (ValueError, KeyError, TypeError):
            known = False
        if not known:
            path.unlink()
