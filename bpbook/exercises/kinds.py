"""The kinds of exercise, each with a pure `judge(answer, rng)`.

A declaration names the exercise, its points, what is expected and three hints. What is expected is a function of
what was given, so that every reader can have numbers of their own.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from .running import Failed, call, is_stub
from .verdict import Verdict

__all__ = ["Array", "Choice", "Exercise", "Function", "Number"]

BLANK = Verdict("blank", 0.0, "Not answered yet: put your answer in place of the three dots and run both cells.")
RIGHT = Verdict("right", 1.0, "Right.")


@dataclass(frozen=True, kw_only=True)
class Exercise:
    """What every exercise has.

    Attributes
    ----------
    name : str
        Of the variable or function that the reader defines.
    points : float
    hints : tuple of str
        From a nudge to nearly the whole way; never the value.
    equations : tuple of str
        Names of the ledger that it practises.
    """

    name: str
    points: float = 1.0
    hints: tuple[str, ...] = ()
    equations: tuple[str, ...] = ()

    def give(self, rng: np.random.Generator) -> tuple[Any, ...]:
        """Return what this reader is given; nothing by default."""
        return ()

    def judge(self, answer: Any, rng: np.random.Generator) -> Verdict:
        """Return the verdict on an answer; `rng` is the reader's generator, seeded afresh."""
        raise NotImplementedError


@dataclass(frozen=True, kw_only=True)
class Number(Exercise):
    """One number, right to a relative tolerance.

    Attributes
    ----------
    expected : callable
        Takes what was given, returns the number.
    given : callable, optional
        Takes a generator, returns a tuple: fresh numbers for each reader.
    ratios : dict
        Factors by which an answer may be off that are worth naming, each with the words for it.
    """

    expected: Callable[..., float]
    given: Callable[[np.random.Generator], tuple[Any, ...]] | None = None
    ratios: Mapping[float, str] = field(default_factory=dict)
    tolerance: float = 1e-3

    def give(self, rng: np.random.Generator) -> tuple[Any, ...]:
        """Return this reader's numbers."""
        return self.given(rng) if self.given else ()

    def judge(self, answer: Any, rng: np.random.Generator) -> Verdict:
        """Compare the number with the expected one, and name the ratio when it is a telling one."""
        if answer is None or answer is Ellipsis:
            return BLANK
        try:
            value = float(answer)
        except (TypeError, ValueError):
            return Verdict("type", 0.0, f"`{self.name}` must be one number; it is a {type(answer).__name__}.")
        if not np.isfinite(value):
            return Verdict("nonfinite", 0.0, f"`{self.name}` is {value}. Look for a division by zero or a log of zero.")
        expected = float(self.expected(*self.give(rng)))
        if _close(value, expected, self.tolerance):
            return RIGHT
        for ratio, words in self.ratios.items():
            if expected and _close(value, ratio * expected, self.tolerance):
                return Verdict("wrong", 0.0, words)
        return Verdict("wrong", 0.0, "Not yet. Ask for a hint with `.hint()`.")


@dataclass(frozen=True, kw_only=True)
class Array(Exercise):
    """One array, right to a relative tolerance; a list will do."""

    expected: Callable[..., Any]
    given: Callable[[np.random.Generator], tuple[Any, ...]] | None = None
    tolerance: float = 1e-3

    def give(self, rng: np.random.Generator) -> tuple[Any, ...]:
        """Return this reader's numbers."""
        return self.given(rng) if self.given else ()

    def judge(self, answer: Any, rng: np.random.Generator) -> Verdict:
        """Compare shape, then values; say which part differs."""
        if answer is None or answer is Ellipsis:
            return BLANK
        return _compare(answer, np.asarray(self.expected(*self.give(rng))), f"`{self.name}`", self.tolerance)


@dataclass(frozen=True, kw_only=True)
class Choice(Exercise):
    """One letter, with a message for every option.

    Attributes
    ----------
    right : str
    options : dict
        What is said to each letter.
    """

    right: str
    options: Mapping[str, str]

    def judge(self, answer: Any, rng: np.random.Generator) -> Verdict:
        """Say what the chosen option overlooks, or confirms."""
        if answer is None or answer is Ellipsis:
            return BLANK
        letters = ", ".join(f'"{letter}"' for letter in self.options)
        if not isinstance(answer, str):
            message = f"`{self.name}` must be one of {letters}; it is a {type(answer).__name__}."
            return Verdict("type", 0.0, message)
        letter = answer.strip().lower()
        if letter not in self.options:
            return Verdict("type", 0.0, f"`{self.name}` must be one of {letters}.")
        right = letter == self.right
        return Verdict("right" if right else "wrong", float(right), self.options[letter])


@dataclass(frozen=True, kw_only=True)
class Function(Exercise):
    """A function, compared with a reference on fresh arguments.

    Attributes
    ----------
    reference : callable
        The function that is right.
    arguments : callable
        Takes a generator, returns the arguments of one probe.
    mistakes : dict
        Wrong twins, each with the sentence that names the mistake: said only when that twin alone fits every probe.
    """

    reference: Callable[..., Any]
    arguments: Callable[[np.random.Generator], tuple[Any, ...]]
    mistakes: Mapping[Callable[..., Any], str] = field(default_factory=dict)
    probes: int = 5
    tolerance: float = 1e-6

    def judge(self, answer: Any, rng: np.random.Generator) -> Verdict:
        """Call it on every probe; stop at the first difference, then see whether one known mistake explains all."""
        if answer is None or answer is Ellipsis or is_stub(answer):
            return BLANK
        if not callable(answer):
            return Verdict("type", 0.0, f"`{self.name}` must be a function; it is a {type(answer).__name__}.")
        probes = [self.arguments(rng) for _ in range(self.probes)]
        verdicts, returned = [], []
        for probe in probes:
            try:
                returned.append(call(answer, probe))
            except Failed as failure:
                return failure.verdict
            verdicts.append(_compare(returned[-1], np.asarray(self.reference(*probe)), "The result", self.tolerance))
        wrong = [verdict for verdict in verdicts if verdict.status != "right"]
        if not wrong:
            return RIGHT
        fitting = {words for twin, words in self.mistakes.items() if _explains(twin, probes, returned, self.tolerance)}
        return Verdict(wrong[0].status, 0.0, fitting.pop()) if len(fitting) == 1 else wrong[0]


def _explains(
    twin: Callable[..., Any], probes: Sequence[tuple[Any, ...]], returned: Sequence[Any], tolerance: float
) -> bool:
    """Say whether a wrong twin gives what the reader's function gave, on every probe."""
    with np.errstate(all="ignore"):
        pairs = [(value, np.asarray(twin(*probe))) for value, probe in zip(returned, probes, strict=True)]
    return all(_compare(value, wrong, "", tolerance).status == "right" for value, wrong in pairs)


def _compare(answer: Any, expected: np.ndarray[Any, Any], what: str, tolerance: float) -> Verdict:
    """Compare an answer with an array: type, shape, finiteness, values."""
    if answer is None or answer is Ellipsis:
        return Verdict("type", 0.0, f"{what} is {answer}. Does your function return something?")
    try:
        values = np.array(answer, dtype=float)
    except (TypeError, ValueError):
        return Verdict("type", 0.0, f"{what} must hold real numbers; it is a {type(answer).__name__}.")
    if values.shape != expected.shape:
        return Verdict("shape", 0.0, f"{what} has shape {values.shape}; it must have shape {expected.shape}.")
    if not np.isfinite(values).all():
        return Verdict("nonfinite", 0.0, f"{what} holds nan or inf. Look for an overflow or a division by zero.")
    size = max(float(np.abs(expected).max(initial=0)), 1e-12)
    differs = np.abs(values - expected) > tolerance * size
    if not differs.any():
        return RIGHT
    if values.ndim == 0:
        return Verdict("wrong", 0.0, f"{what} is not the right value yet. Ask for a hint with `.hint()`.")
    first = tuple(int(k) for k in np.argwhere(differs)[0])
    count = f"{int(differs.sum())} of {differs.size} entries differ, the first at {list(first)}"
    return Verdict("wrong", 0.0, f"{what} is not right yet: {count}. Ask for a hint with `.hint()`.")


def _close(value: float, expected: float, tolerance: float) -> bool:
    return abs(value - expected) <= tolerance * max(abs(expected), 1e-12)
