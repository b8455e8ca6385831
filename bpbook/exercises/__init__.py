"""Exercises that say what went wrong.

In a chapter:

    q = bp.exercises.chapter(1)
    q.parameter_count()          # judges the variable of that name
    q.parameter_count.hint()     # the next hint
    q.parameter_count.solution() # where solutions are installed
    q.progress()                 # this chapter's marks; bp.exercises.progress() for the book

What it notices: a function of NumPy, `np.linalg`, math or Python that a cell replaced after this package was imported
(`np.exp = ...`), and one that the answer replaces while it runs, which is put back. So are the options of printing, the
folder, and the place where the marks are kept.

What it cannot do: an answer runs in the reader's own Python, and what runs there can change everything in it. A
replacement made before the import, of a class (`np.float64`) or in another module is not noticed. A loop that ignores
or switches off SIGALRM is not ended, and on a system without `signal.setitimer` (Windows) no loop is; a thread or a
handler that an answer leaves behind stays; a call of a forbidden function goes unseen where the answer switches off the
profiler or leaves for a thread; and whoever looks for the reference, or puts functions of their own in the place of
this package's, can give themselves any mark. The reader cheats
nobody by that. Where marks count, answers run in a process of their own and are judged outside it. A gradient found
by the complex step is exact, and counts as right.
"""

import importlib
import importlib.util
import sys
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.random import default_rng  # taken now: what a reader puts in its place later does not matter

from . import banks
from . import progress as _progress
from .judging import cells
from .judging.originals import foreign
from .judging.reading import a_kind_of
from .judging.verdict import Score, Verdict
from .kinds.exercise import Exercise

__all__ = ["Chapter", "Question", "Score", "chapter", "name", "progress"]

_MISSING: Any = object()


class Text(str):
    """Words that a notebook shows as Markdown."""

    def _repr_markdown_(self) -> str:
        return str(self)

    def __repr__(self) -> str:
        return str(self)


class Question:
    """One exercise as the reader meets it."""

    def __init__(self, number: int, exercise: Exercise, seed: int | None = None) -> None:
        self.number, self.exercise, self.seed = number, exercise, seed
        self._hints_given = 0

    def _rng(self) -> np.random.Generator:
        return default_rng(_progress.seed_of_reader(self.number, self.exercise.name, self.seed))

    def given(self) -> Any:
        """Return your numbers: one value, or a tuple of them."""
        values = self.exercise.give(self._rng())
        return values[0] if len(values) == 1 else values

    def __call__(self, answer: Any = _MISSING) -> Score:
        """Judge the variable with the exercise's name, or the answer that is passed, and keep the mark."""
        stopped = answer is _MISSING and cells.stopped(self.exercise.name)
        if answer is _MISSING:
            answer = _reader_namespace().get(self.exercise.name, _MISSING)
        if stopped:
            verdict = Verdict(
                "undefined", 0.0, f"The cell of `{self.exercise.name}` stopped with an error, so fix that first."
            )
        elif answer is _MISSING:
            verdict = Verdict("undefined", 0.0, f"There is no `{self.exercise.name}` yet. Run the answer cell first.")
        else:
            verdict = self._judged(answer)
        try:
            _progress.record(self.number, self.exercise.name, verdict.credit * self.exercise.points)
        except (OSError, ValueError) as error:
            verdict = replace(verdict, message=f"{verdict.message} (The mark could not be kept: {error})")
        return Score(verdict, self.exercise.points)

    def _judged(self, answer: Any) -> Verdict:
        if replaced := foreign():
            return replaced
        try:
            return self.exercise.judge(answer, self._rng())
        except Exception as error:  # noqa: BLE001 - whatever the answer is, the reader sees a verdict
            message = f"`{self.exercise.name}` cannot be judged: it is {a_kind_of(answer)}."
            return Verdict("type", 0.0, message, evidence=repr(error))

    def hint(self) -> Text:
        """Return the next hint; after the last one, the last one again."""
        hints = self.exercise.hints
        self._hints_given = min(self._hints_given + 1, len(hints))
        last = " That was the last hint; `.solution()` is left." if self._hints_given == len(hints) else ""
        return Text(f"Hint {self._hints_given} of {len(hints)}. {hints[self._hints_given - 1]}{last}")

    def solution(self) -> Text:
        """Return an answer that is right, where solutions are installed."""
        place = f"{__name__}.solutions.chapter_{self.number:02}"
        try:
            found = importlib.util.find_spec(place)
        except ModuleNotFoundError:
            found = None
        if found is None:
            return Text("Solutions are not installed here.")
        return Text(f"```python\n{importlib.import_module(place).SOLUTIONS[self.exercise.name].strip()}\n```")

    def __repr__(self) -> str:
        return f"<exercise {self.exercise.name} of chapter {self.number:02}, {self.exercise.points:g} points>"


class Chapter:
    """The exercises of one chapter, each an attribute by its name."""

    def __init__(self, number: int, exercises: list[Exercise], seed: int | None = None) -> None:
        self.number = number
        self.questions = {exercise.name: Question(number, exercise, seed) for exercise in exercises}

    def __getattr__(self, name: str) -> Question:
        questions: dict[str, Question] = self.__dict__.get("questions", {})
        if name in questions:
            return questions[name]
        raise AttributeError(f"chapter {self.number:02} has no exercise {name!r}; it has {', '.join(questions)}.")

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *self.questions]

    def progress(self) -> Text:
        """Return this chapter's marks as a table."""
        try:
            marks = _progress.read()["marks"].get(f"{self.number:02}", {})
        except (OSError, ValueError) as error:
            return Text(error)
        of = {name: question.exercise.points for name, question in self.questions.items()}
        rows = ["| | exercise | points |", "|---|---|---|"]
        for number, name in enumerate(of, start=1):
            rows.append(f"| {number} | {name} | {marks.get(name, 0):g} of {of[name]:g} |")
        earned = sum(marks.get(name, 0.0) for name in of)
        return Text("\n".join([*rows, f"| | **together** | **{earned:g} of {sum(of.values()):g}** |"]))

    def __repr__(self) -> str:
        return f"<chapter {self.number:02}: {', '.join(self.questions)}>"


def chapter(number: int, seed: int | None = None) -> Chapter:
    """Return the exercises of a chapter.

    Parameters
    ----------
    number : int
    seed : int, optional
        Gives the numbers of this seed instead of those of the reader's name.

    Raises
    ------
    ValueError
        The chapter has no exercises.

    >>> chapter(1).parameter_count
    <exercise parameter_count of chapter 01, 1 points>
    """
    if number not in banks.NUMBERS:
        raise ValueError(f"number must be one of {', '.join(map(str, banks.NUMBERS))}; got {number!r}.")
    cells.watch()
    return Chapter(number, importlib.import_module(f"{__name__}.banks.chapter_{number:02}").EXERCISES, seed)


def progress() -> Text:
    """Return the marks of the whole book, a line a chapter."""
    try:
        kept = _progress.read()["marks"]
    except (OSError, ValueError) as error:
        return Text(error)
    rows, earned, of = ["| chapter | points |", "|---|---|"], 0.0, 0.0
    for number in banks.NUMBERS:
        marks, questions = kept.get(f"{number:02}", {}), chapter(number).questions
        here = sum(marks.get(name, 0.0) for name in questions)
        points = sum(question.exercise.points for question in questions.values())
        rows.append(f"| {number:02} | {here:g} of {points:g} |")
        earned, of = earned + here, of + points
    return Text("\n".join([*rows, f"| **together** | **{earned:g} of {of:g}** |"]))


def name(reader: str) -> Text:
    """Keep your name, so that exercises give you numbers of your own. It stays in your folder.

    Raises
    ------
    TypeError
        The name is not a string.
    """
    if not isinstance(reader, str):
        raise TypeError(f"reader must be a name in quotes; got {reader!r}.")
    _progress.write(_progress.read() | {"name": reader})
    return Text(f"Welcome, {reader}." if reader.strip() else "Your name is forgotten.")


def _reader_namespace() -> dict[str, Any]:
    """Return the variables of the reader's notebook, or of the script that runs."""
    shell = cells.notebook()
    return dict(shell.user_ns) if shell else vars(sys.modules["__main__"])
