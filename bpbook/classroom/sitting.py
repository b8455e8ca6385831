"""A notebook in the sealed room, from its first cell to the last judgement of what the cells set.

The judge is the one of the notebook, unchanged. Of a function it is handed a stand-in that sends the arguments into
the room and brings back what came of them. A guest that dies costs the exercise it died of: a fresh one goes on without
that cell.
"""

import hashlib
import inspect
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from numpy.random import Generator, default_rng

from .. import exercises
from ..exercises.bugs.catalogue import BUGS
from ..exercises.judging.cells import SETS
from ..exercises.judging.limits import Late
from ..exercises.judging.reading import a_kind_of
from ..exercises.judging.running import Elsewhere, calls_the_library
from ..exercises.judging.trial import CONDUCT
from ..exercises.judging.verdict import Mistake, Verdict, named
from ..exercises.kinds import Exercise
from ..exercises.progress import seed_of_name, seed_of_reader
from .assignment import Assignment, Item
from .sealed.room import Dead, Raised, Ran, Room, State

__all__ = ["ALL", "CELL", "EXERCISE", "GUESTS", "Sitting", "answered", "guesses"]

CELL, EXERCISE, ALL = 20.0, 12.0, 240.0
"""Seconds for a cell, for all calls of one answer, and for a submission."""
GUESTS = 60
"""The most guests that a submission may use up."""
REFUSED = "the exercise is to write this function"
DIED = Verdict("raised", 0.0, "Your function ended Python itself, or took more memory than there is.")


@dataclass
class Attempt:
    """What a cell made of an answer, how it was judged, the name whose numbers were meant then, and the cell."""

    state: State
    verdict: Verdict
    reader: str
    cell: int


def guesses(place: str) -> list[str]:
    """Return whose submission it may be, by its folder and its file."""
    path = PurePosixPath(place)
    return [path.parts[0], path.stem] if len(path.parts) > 1 else [path.stem]


def _exercise(item: Item) -> Exercise:
    return exercises.chapter(int(item.chapter)).questions[item.name].exercise


class Sitting:
    """A notebook and its guest, from the first cell to the last judgement.

    Parameters
    ----------
    cells : list of str
    assignment : Assignment
    place : str
    """

    def __init__(self, cells: list[str], assignment: Assignment, place: str) -> None:
        self.cells, self.secret, self.guesses = cells, bytes.fromhex(assignment.secret), guesses(place)
        self.items = {item.name: item for item in assignment.exercises}
        self.reader, self._named, self._asked, self.others = "", False, set[str](), dict[str, None]()
        self.attempts: dict[str, Attempt] = {}
        self.done: list[int] = []
        self.failed: dict[int, Ran] = {}
        self.fatal: dict[int, str] = {}
        self.missing: dict[str, None] = {}
        self._ends, self._guests = time.monotonic() + ALL, 1
        self._room = Room(self._told)
        self._left, self._refused, self._called = EXERCISE, False, set[str]()

    def hold(self) -> None:
        """Run every cell, and judge what they set: all over again if the student's name came after numbers for it."""
        self._hold()
        if self._asked - {self.reader}:
            self._named = True  # the last name is the student's, from the first cell on
            self.attempts, self.done, self.failed, self.fatal = {}, [], {}, {}
            self._fresh()
            self._hold()

    def _hold(self) -> None:
        """Run every cell, and those again that lacked a name which came later."""
        for k in range(len(self.cells)):
            self._run(k)
        lacking: list[int] = []
        while lacking != (
            now := [k for k, ran in self.failed.items() if ran.raised and ran.raised.name == "NameError"]
        ):
            lacking = now
            for k in lacking:
                self._run(k)
        for name, attempt in list(self.attempts.items()):
            renamed = self.reader != attempt.reader and hasattr(_exercise(self.items[name]), "given")
            if attempt.verdict.status == "raised" or renamed:
                self._keep(name, attempt.state, attempt.cell)

    def close(self) -> None:
        """End the guest."""
        self._room.close()

    def _run(self, k: int) -> None:
        left = self._ends - time.monotonic()
        if left <= 0 or self._guests >= GUESTS:
            self.fatal[k] = f"it came after the {ALL:g} seconds or the {GUESTS} rooms that a submission may take"
            return
        try:
            ran = self._room.run(self.cells[k], f"cell {k + 1}", list(self.items), min(CELL, left))
        except Dead as dead:
            self.fatal[k] = _words(dead.reason)
            self.done = [j for j in self.done if j != k]
            self.failed.pop(k, None)
            self._fresh()
            return
        self.done = [*(j for j in self.done if j != k), k]
        self.failed.pop(k, None)
        self.missing.update(dict.fromkeys(ran.missing))
        if ran.raised:
            self.failed[k] = ran
        for name, state in ran.states.items():
            self._keep(name, state, k)

    def _fresh(self) -> None:
        """Bring a fresh guest to where the last one was, without the cells that guests died of."""
        self._room.close()
        self._room, self._called = Room(self._told), set()
        self._guests += 1
        if self._guests >= GUESTS:
            return None
        for k in list(self.done):
            left = self._ends - time.monotonic()
            try:
                self._room.run(self.cells[k], f"cell {k + 1}", list(self.items), min(CELL, max(left, 1.0)))
            except Dead as dead:
                self.fatal[k] = _words(dead.reason)
                self.done.remove(k)
                return self._fresh()
        return None

    def _keep(self, name: str, state: State, k: int) -> None:
        """Judge what a cell set, and keep it as the answer, unless it is none, or a cell further down set one."""
        before = self.attempts.get(name)
        if before and (state.kind == "blank" or (k < before.cell and before.verdict.status in ("right", "wrong"))):
            return
        verdict = self._judged(name, state)
        if before and before.verdict.status != "blank" and verdict.status == "type":
            return
        self.attempts[name] = Attempt(state, verdict, self.reader, k)

    def _judged(self, name: str, state: State) -> Verdict:
        exercise, others = _exercise(self.items[name]), self._called - {name}
        verdict = self._verdict(name, state, exercise)
        if not self._room.dead:
            return verdict
        reason = self._room.dead
        self._fresh()
        if others and not self._room.dead:  # it may be the work of another answer's function
            verdict = self._verdict(name, state, exercise)
            if not self._room.dead:
                return verdict
            reason = self._room.dead
            self._fresh()
        return verdict if reason == "late" else DIED

    def _verdict(self, name: str, state: State, exercise: Exercise) -> Verdict:
        self._left, self._refused = min(EXERCISE, self._ends - time.monotonic()), False
        answer = {"blank": lambda: ..., "value": lambda: state.value, "function": lambda: self._stand_in(name, state)}
        verdicts = []
        for rng in self._generators(exercise):
            try:
                verdicts.append(exercise.judge(answer[state.kind](), rng))
            except Exception as error:  # noqa: BLE001 - as in the notebook: whatever the answer is, there is a verdict
                message = f"`{exercise.name}` cannot be judged: it is {a_kind_of(state.value)}."
                verdicts.append(Verdict("type", 0.0, message, evidence=repr(error)))
        verdict = max(verdicts, key=lambda verdict: verdict.credit)
        without = getattr(exercise, "without", None)
        return calls_the_library(without) if self._refused and without else verdict

    def _generators(self, exercise: Exercise) -> list[Generator]:
        """Return what draws the numbers: given ones by the student's name, probes by the teacher's secret."""
        chapter, name = int(self.items[exercise.name].chapter), exercise.name
        if not hasattr(exercise, "given"):
            drawn = hashlib.sha256(self.secret + f"{chapter}/{name}".encode()).digest()
            return [default_rng(list(drawn))]
        seeds = [seed_of_name(self.reader)] if self.reader.strip() else [0, *map(seed_of_name, self.guesses)]
        return [default_rng(seed_of_reader(chapter, name, seed)) for seed in seeds]

    def _stand_in(self, name: str, state: State) -> Callable[..., Any]:
        """Return a function of this process that has the one in the room called."""
        without = getattr(_exercise(self.items[name]), "without", None)
        ban = f"{without.__module__}:{without.__qualname__}" if without else ""

        def answer(*given: Any) -> Any:
            begun = time.monotonic()
            if self._left <= 0:
                raise Late(EXERCISE)
            self._called.add(name)
            try:
                return self._room.call(name, given, self._left, ban)
            except Raised as raised:
                self._refused |= REFUSED in raised.said
                raise Elsewhere(raised.name, raised.line, raised.said) from None
            except Dead:
                self._left = 0.0
                raise Late(EXERCISE) from None
            finally:
                self._left -= time.monotonic() - begun
                print(self._room.printed, end="")

        kinds = list(inspect._ParameterKind)
        try:
            taken = [
                inspect.Parameter(name, kinds[kind], default=None if default else inspect.Parameter.empty)
                for name, kind, default in state.takes
            ]
            answer.__signature__ = inspect.Signature(taken)  # type: ignore[attr-defined]
        except (ValueError, IndexError, TypeError):  # no Python has such a signature
            pass
        return answer

    def _told(self, said: dict[str, Any]) -> Any:
        """Answer what the guest asks at the door: it names its reader, or asks for the reader's numbers."""
        if said["op"] == "name":
            self.reader = self.reader if self._named else str(said["name"])[:200]
            return None
        chapter, name, seed = int(said["chapter"]), str(said["name"]), said["seed"]
        chapter = chapter or int(self.items[name].chapter)  # whoever deleted the cell that makes `q` has one without
        if seed is None:
            self._asked.add(self.reader)
        else:
            self.others[
                f"Numbers were asked for that are not the student's: chapter {chapter:02}, seed {int(seed)}."
            ] = None
        wanted = seed_of_name(self.reader) if seed is None else int(seed)
        exercise = exercises.chapter(chapter).questions[name].exercise
        return exercise.give(default_rng(seed_of_reader(chapter, name, wanted)))

    def answer(self, item: Item) -> dict[str, Any]:
        """Return what stands in the marks about one exercise."""
        attempt, unrun = self.attempts.get(item.name), ""
        ended = [*self.fatal, *self.failed]
        setting = [k for k in ended if _sets(self.cells[k], item.name)]
        if (not attempt or attempt.verdict.status == "blank") and setting:
            unrun = f"The cell that sets `{item.name}` did not come to its end: {self._why(setting[0])}"
        elif attempt and attempt.verdict.status == "raised" and "NameError" in attempt.verdict.message:
            astray = [k for k in ended if not self._sets_any(k)]
            unrun = f"It could not be run: {self._why(astray[0])}" if astray else ""
        return answered(item, attempt.verdict if attempt else None, unrun)

    def notes(self) -> list[str]:
        """Return what a teacher should know about how the notebook ran, the cells that set no answer first."""
        cells = sorted([*self.fatal, *self.failed], key=lambda k: (self._sets_any(k), k))
        return [*map(self._why, cells), *self.others, *(f"An import was passed over: {name}." for name in self.missing)]

    def _sets_any(self, k: int) -> bool:
        return any(_sets(self.cells[k], name) for name in self.items)

    def _why(self, k: int) -> str:
        if k in self.fatal:
            return f"Cell {k + 1} ended the room: {self.fatal[k]}."
        raised = self.failed[k].raised
        return f"Cell {k + 1} stopped: {raised.name}: {raised.said[:200]}" if raised else ""


def _sets(source: str, name: str) -> bool:
    return any(name in found for found in SETS.findall(source))


def _words(reason: str) -> str:
    return {"late": "it was still running at its deadline", "nonsense": "nothing that makes sense came out of it"}.get(
        reason, reason
    )


def answered(item: Item, verdict: Verdict | None, unrun: str) -> dict[str, Any]:
    """Return what the marks say of one exercise; `unrun` is why it could not be run, if it could not."""
    if unrun:
        state, verdict = "not run", Verdict("undefined", 0.0, unrun)
    elif verdict is None:
        state, verdict = "blank", Verdict("undefined", 0.0, f"There is no `{item.name}` in the notebook.")
    else:
        state = verdict.status if verdict.status in ("right", "blank") else "wrong"
    return {
        "chapter": item.chapter,
        "name": item.name,
        "title": item.name.replace("_", " "),
        "points": item.points,
        "mark": round(verdict.credit * item.points, 6),
        "fraction": round(verdict.credit, 6),
        "state": state,
        "mistake": verdict.mistake or None,
        "message": verdict.message,
        "read_on": _read_on(_exercise(item), verdict.mistake),
    }


def _read_on(exercise: Exercise, mistake: str) -> dict[str, str] | None:
    """Return where the book mends a mistake, where the library of mistakes says so."""
    declared: dict[Any, Mistake | str] = getattr(exercise, "mistakes", {})
    known = {m.name: m for m in (*CONDUCT.values(), *BUGS.values(), *map(named, declared.values()))}
    for name in re.split(r" [≡+] ", mistake):
        if name in known and (see := re.fullmatch(r'chapter (\w+)(?:, "?(.+?)"?)?', known[name].see)):
            title = see[2] or ""
            return {"chapter": see[1], "title": title, "anchor": title.replace(" ", "-")}
    return None
