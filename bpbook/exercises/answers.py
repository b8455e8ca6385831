"""Three kinds of exercise whose answer is a value: a number, an array, a letter."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from numbers import Real
from typing import Any

import numpy as np

from .comparing import close, first_difference
from .exercise import BLANK, RIGHT, Exercise, Given, is_blank, kind_of
from .reading import Plain, finite, plain
from .running import Failed, Guard
from .verdict import Mistake, Verdict, named

__all__ = ["Array", "Choice", "Number"]

Twins = Mapping[Callable[..., Any], Mistake | str]


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
    mistakes : dict
        Wrong twins of `expected`, each with its `Mistake` or the sentence that names it: said only when that mistake
        alone gives the answer.
    """

    expected: Callable[..., float]
    given: Given | None = None
    ratios: Mapping[float, str] = field(default_factory=dict)
    mistakes: Twins = field(default_factory=dict)
    tolerance: float = 1e-3

    def give(self, rng: np.random.Generator) -> tuple[Any, ...]:
        """Return this reader's numbers."""
        return self.given(rng) if self.given else ()

    @np.errstate(all="ignore")
    def judge(self, answer: Any, rng: np.random.Generator) -> Verdict:
        """Compare the number with the expected one, and name the ratio when it is a telling one."""
        if is_blank(answer):
            return BLANK
        given = self.give(rng)
        expected = plain(self.expected(*given), "")
        with Guard() as guard:
            values = _read(guard, answer, f"`{self.name}`")
        if isinstance(values, Verdict) or values.size != 1:
            message = f"`{self.name}` must be one number; it is a {kind_of(answer)}."
            return Verdict("type", 0.0, message)
        value = values.reshape(())
        if not finite(value):
            message = f"`{self.name}` is {float(value)}. Look for a division by zero or a log of zero."
            return Verdict("nonfinite", 0.0, message)
        if close(value, expected, self.tolerance):
            return RIGHT
        ratios = {words for ratio, words in self.ratios.items() if close(value, ratio * expected, self.tolerance)}
        if expected and len(ratios) == 1:
            return Verdict("wrong", 0.0, ratios.pop())
        return _named(value, given, self.mistakes, self.tolerance) or Verdict("wrong", 0.0, f"Not yet. {self.ask}")


@dataclass(frozen=True, kw_only=True)
class Array(Exercise):
    """One array, right to a relative tolerance; a list will do. `mistakes` as for a number."""

    expected: Callable[..., Any]
    given: Given | None = None
    mistakes: Twins = field(default_factory=dict)
    tolerance: float = 1e-3

    def give(self, rng: np.random.Generator) -> tuple[Any, ...]:
        """Return this reader's numbers."""
        return self.given(rng) if self.given else ()

    @np.errstate(all="ignore")
    def judge(self, answer: Any, rng: np.random.Generator) -> Verdict:
        """Compare shape, then values; say which part differs."""
        if is_blank(answer):
            return BLANK
        given, what = self.give(rng), f"`{self.name}`"
        expected = plain(self.expected(*given), what)
        with Guard() as guard:
            values = _read(guard, answer, what)
        if isinstance(values, Verdict):
            return values
        if close(values, expected, self.tolerance):
            return RIGHT
        if known := _named(values, given, self.mistakes, self.tolerance):
            return known
        status, words = first_difference(self.name, values, expected, self.tolerance)
        return Verdict(status, 0.0, f"{words} {self.ask}")


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
        if is_blank(answer):
            return BLANK
        letters = ", ".join(f'"{letter}"' for letter in self.options)
        if not issubclass(type(answer), str):
            message = f"`{self.name}` must be one of {letters}; it is a {kind_of(answer)}."
            return Verdict("type", 0.0, message)
        letter = str.lower(str.strip(answer))
        if letter not in self.options:
            return Verdict("type", 0.0, f"`{self.name}` must be one of {letters}.")
        right = letter == self.right
        return Verdict("right" if right else "wrong", float(right), self.options[letter])


def _read(guard: Guard, answer: Any, what: str) -> Plain | Verdict:
    """Return the answer as a plain array, or the verdict on what cannot be one."""

    def read() -> Plain:
        exact = issubclass(type(answer), (Real, Decimal))  # Fraction(1, 8), for one
        return plain(float(answer) if exact else answer, what)

    try:
        return guard.call(read, (), lambda values: values)
    except Failed as failure:
        return failure.verdict


def _named(value: Plain, given: tuple[Any, ...], mistakes: Twins, tolerance: float) -> Verdict | None:
    """Return the verdict that names the one mistake that gives this value; None if none or several do."""
    with np.errstate(all="ignore"):
        fitting = {
            named(mistake) for twin, mistake in mistakes.items() if close(value, plain(twin(*given), ""), tolerance)
        }
    if len(fitting) != 1:
        return None
    mistake = fitting.pop()
    return Verdict("wrong", 0.0, str(mistake), mistake.name)
