"""A folder of submissions, graded one by one: here, by several processes, or by a Dask cluster.

What is finished is a file of its own, written whole, so that a run that was killed goes on where it stopped: a
submission is graded again only where its bytes, the assignment, or something that judges has changed. The order in
which submissions come back does not matter, and a worker that dies is replaced.
"""

import contextlib
import datetime
import hashlib
import json
import multiprocessing
import os
import stat
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import Any

from .assignment import Assignment, read
from .keeping import keep, room, safe
from .sealed.room import prepare
from .submission import BYTES, OURS, could_not, digest_of, grade, graded_by

__all__ = ["grade_folder", "submissions"]

TRIES = 3
"""How often a submission is begun whose worker dies."""
DEEPEST = 3
"""Folders below the one that is graded in which submissions are looked for."""
NOT_OURS = ("__MACOSX",)
Marks = dict[str, Any]
Pool = Callable[[], contextlib.AbstractContextManager[Executor]]


def submissions(folder: Path, apart: Path) -> list[str]:
    """Return where the notebooks in a folder lie, with slashes and in order; links to folders are not followed.

    Parameters
    ----------
    folder : Path
    apart : Path
        Nothing below it is a submission: the report.
    """
    found = []
    for here, folders, files in os.walk(folder):
        below = Path(here).relative_to(folder)
        deep = len(below.parts) >= DEEPEST
        folders[:] = [
            name
            for name in sorted(folders)
            if not (deep or name.startswith(".") or name in NOT_OURS or Path(here, name).resolve() == apart.resolve())
        ]
        found += [(below / name).as_posix() for name in files if name.lower().endswith(".ipynb") and name[0] != "."]
    return sorted(found)


def grade_folder(
    folder: Path,
    report: Path,
    assignment: Path | None = None,
    workers: int = 1,
    scheduler: str | None = None,
) -> list[Marks]:
    """Grade what is in a folder, and keep the marks in the report's folder.

    Parameters
    ----------
    folder : Path
        `*.ipynb`, or a folder for each student that holds one.
    report : Path
        Its `marks/` gets a file for each submission, its `log.jsonl` a line.
    assignment : Path, optional
        `assignment.json` of the release; in the folder when left out.
    workers : int
        Processes that grade at the same time.
    scheduler : str, optional
        Address of a Dask cluster that grades in their place.

    Returns
    -------
    list of dict
        The marks of every submission, in the order of `submissions`.

    Raises
    ------
    ValueError
        There is no such folder, no submission, or no assignment; or the report holds marks of another version.
    """
    if not folder.is_dir():
        raise ValueError(f"FOLDER must be a folder of submissions; there is no {folder}.")
    if workers < 1:
        raise ValueError(f"--workers must be 1 or more; got {workers}.")
    asked = read(assignment or folder / "assignment.json")
    places = submissions(folder, report)
    if not places:
        raise ValueError(f"FOLDER must hold submissions as notebooks, *.ipynb; there is none in {folder}.")
    kept = room(room(report) / "marks")
    for part in kept.glob(".part-*"):
        part.unlink(missing_ok=True)  # of a run that was killed
    log = Log(report / "log.jsonl")
    found = {place: marks for place in places if (marks := _finished(kept, folder, place, asked))}
    for marks in found.values():
        log.add(marks)  # a run may have been killed between the two
    waiting = [place for place in places if place not in found]
    _keep_others(kept, folder, waiting)
    if waiting:
        for place, marks in _progress(_graded(folder, waiting, asked, workers, scheduler), len(places), len(found)):
            keep(kept / f"{marks['key']}.json", json.dumps(marks, indent=1, ensure_ascii=False) + "\n")
            log.add(marks)
            found[place] = marks
    return [found[place] for place in places]


def bytes_of(folder: Path, place: str) -> bytes:
    """Return a submission's bytes; no link is followed, out of the folder or inside it.

    Raises
    ------
    ValueError
        It is a link, no file, too large, or not to be read; the message says so to a teacher.
    """
    path = folder / place
    try:
        what = path.lstat()
        if not stat.S_ISREG(what.st_mode):
            raise ValueError("It is a link or something else that is no file, and is not followed.")
        if what.st_size > BYTES:
            raise ValueError(f"It has {what.st_size >> 20} MB, and {BYTES >> 20} MB are the most. Clear its outputs.")
        flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
        with open(os.open(path, flags), "rb") as file:
            return file.read(BYTES + 1)
    except OSError as error:
        raise ValueError(f"It cannot be read ({error.strerror}).") from None


def _finished(kept: Path, folder: Path, place: str, assignment: Assignment) -> Marks | None:
    """Return the marks that are kept of a submission, if its bytes and all that judges are what they were."""
    try:
        marks: Marks = json.loads((kept / f"{safe(place)}.json").read_text(encoding="utf-8"))
        same = marks["sha256"] == hashlib.sha256(bytes_of(folder, place)).hexdigest()
        same = same and not (marks["reason"] or "").startswith(OURS)
        return marks if same and marks["graded_by"] == graded_by() | {"assignment": digest_of(assignment)} else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _keep_others(kept: Path, folder: Path, waiting: Iterable[str]) -> None:
    """Put marks aside that a new submission will replace; refuse to replace those that only another version gave."""
    other = []
    for place in waiting:
        path = kept / f"{safe(place)}.json"
        with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
            marks = path.read_text(encoding="utf-8")
            before, reason = (str(json.loads(marks)[of] or "") for of in ("sha256", "reason"))
            if reason.startswith(OURS):
                continue
            if before == hashlib.sha256(bytes_of(folder, place)).hexdigest():
                other.append(place)
            else:
                aside = room(room(kept.parent / "copies") / "resubmitted")
                keep(aside / f"{path.stem}-{before[:8]}.json", marks)
    if other:
        raise ValueError(
            f"REPORT must hold marks of this version only; {len(other)} of them are of another, or of another "
            f"assignment. See who gains and who loses with `bpbook regrade`, or choose another REPORT with --to."
        )


class Log:
    """The file that says who was graded when and by what: a line for each, once.

    Parameters
    ----------
    path : Path
    """

    def __init__(self, path: Path) -> None:
        self._path, self._known = path, set[str]()
        with contextlib.suppress(OSError):
            lines = path.read_text(encoding="utf-8")
            if lines and not lines.endswith("\n"):  # a run was killed while it wrote the last one
                lines = lines[: lines.rfind("\n") + 1]
                keep(path, lines)
            for line in lines.splitlines():
                with contextlib.suppress(ValueError, KeyError, TypeError):
                    self._known.add(self._what(json.loads(line)))

    @staticmethod
    def _what(marks: Marks) -> str:
        return json.dumps([marks["key"], marks["sha256"], marks["graded_by"]], sort_keys=True)

    def add(self, marks: Marks) -> None:
        """Write a line about a submission, unless there is one for these bytes and versions."""
        if (what := self._what(marks)) in self._known:
            return
        now = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
        line = {"when": now, **{name: marks[name] for name in ("key", "sha256", "graded_by", "status")}}
        handle = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with open(handle, "a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")
        self._known.add(what)


def _progress(found: Iterator[tuple[str, Marks]], count: int, done: int) -> Iterator[tuple[str, Marks]]:
    from tqdm import tqdm

    return iter(tqdm(found, total=count, initial=done, unit="submission", disable=None))


def _graded(
    folder: Path, places: list[str], assignment: Assignment, workers: int, scheduler: str | None
) -> Iterator[tuple[str, Marks]]:
    """Yield the marks of submissions as they are finished."""
    there = []
    for place in places:
        try:
            bytes_of(folder, place)
            there.append(place)
        except ValueError as reason:
            yield place, could_not(b"", place, assignment, str(reason))
    if not there:
        return
    if scheduler is not None:
        from ..parallel import cluster

        with cluster(scheduler) as client:
            width = 2 * max(len(client.nthreads()), 1)
            yield from _spread(folder, there, assignment, lambda: client.get_executor(pure=False), width)
        return
    prepare()
    if workers == 1:
        for place in there:
            yield place, grade(bytes_of(folder, place), place, assignment)
        return
    spawn = multiprocessing.get_context("spawn")  # what has run a guest must not be forked
    yield from _spread(folder, there, assignment, lambda: ProcessPoolExecutor(workers, spawn, _orphan_ends), workers)


def _spread(
    folder: Path, places: list[str], assignment: Assignment, pool: Pool, width: int
) -> Iterator[tuple[str, Marks]]:
    """Keep so many submissions in hand at once; after a worker's death, begin again what was in hand, one by one."""
    waiting, tries = list(places), dict.fromkeys(places, 0)
    while waiting:
        lost: list[str] = []
        with pool() as executor:
            in_hand: dict[Future[Marks], str] = {}
            while (waiting and not lost) or in_hand:
                while waiting and not lost and _room_for(waiting[0], in_hand.values(), tries, width):
                    place = waiting.pop(0)
                    try:
                        in_hand[executor.submit(grade, bytes_of(folder, place), place, assignment)] = place
                    except BrokenProcessPool:
                        lost.append(place)
                for future in wait(in_hand, return_when=FIRST_COMPLETED).done:
                    place, error = in_hand.pop(future), future.exception()
                    if error is None:
                        yield place, future.result()
                    elif isinstance(error, BrokenProcessPool) or type(error).__name__ == "KilledWorker":
                        lost.append(place)
                    else:
                        raise error
        for place in lost:
            tries[place] += 1
            if tries[place] == TRIES:
                reason = f"{OURS} died {TRIES} times."
                yield place, could_not(bytes_of(folder, place), place, assignment, reason)
            else:
                waiting.insert(0, place)


def _room_for(place: str, in_hand: Iterable[str], tries: dict[str, int], width: int) -> bool:
    """Say whether a submission may be begun: one whose worker died before is alone, so that it takes no other along."""
    others = list(in_hand)
    return not others or (len(others) < width and not any(tries[each] for each in (place, *others)))


def _orphan_ends() -> None:
    """End this worker when the process that started it is gone, also when that was killed."""
    parent = multiprocessing.parent_process()

    def watch() -> None:
        if parent:
            parent.join()
            os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def command(options: Any, notebooks: Path) -> int:
    """Do `bpbook grade`."""
    here = options.submissions.resolve()
    report = options.to or here.with_name(f"{here.name}-report")
    try:
        marks = grade_folder(options.submissions, report, options.assignment, options.workers, options.scheduler)
    except (ImportError, ConnectionError) as error:
        raise ValueError(str(error)) from None
    unrun = [each for each in marks if each["status"] != "graded"]
    print(f"{len(marks) - len(unrun)} of {len(marks)} submissions are graded, in {report}.")
    for each in unrun:
        print(f"{each['submission'][:200]!r} could not be run: {each['reason'][:200]}", file=sys.stderr)
    return 0
