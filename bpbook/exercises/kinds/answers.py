"""Three kinds of exercise whose answer is a value: a number, an array, a letter."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import combinations
from numbers import Real
from typing import Any

import numpy as np

from ..judging.comparing import NEAR, alike, close, first_difference, rounded
from ..judging.reading import Plain, Unreadable, a_kind_of, finite, plain
from ..judging.running import Failed, Guard
from ..judging.verdict import Mistake, Verdict, named
from .exercise import BLANK, RIGHT, Exercise, Given, is_blank

__all__ = ["Array", "Choice", "Diagnosis", "Number"]

Twins = Mapping[Callable[..., Any], Mistake | str]
NO_NUMBERS = (range, type(np.ma.masked))
TRIES = 100
QUOTES = str.maketrans("", "", "`'\"")
WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
APART = 10
"""Tolerances that lie between the right answer and every mistake, if numbers can be found for it."""


@dataclass(frozen=True, kw_only=True)
class Value(Exercise):
    """What a number and an array have in common: what is expected of numbers that are drawn for each reader.

    Attributes
    ----------
    expected : callable
        Takes what was given, returns the right answer.
    given : callable, optional
        Takes a generator, returns a tuple: fresh numbers for each reader.
    mistakes : dict
        Wrong twins of `expected`, each with its `Mistake` or the sentence that names it: said only when that mistake
        alone gives the answer.
    tolerance : float
        Relative to the largest entry. A number that is no count may always be rounded to three digits.
    """

    expected: Callable[..., Any]
    given: Given | None = None
    mistakes: Twins = field(default_factory=dict)
    tolerance: float = 1e-3

    @np.errstate(all="ignore")
    def give(self, rng: np.random.Generator) -> tuple[Any, ...]:
        """Return this reader's numbers: drawn again while a mistake gives the right answer, or that of another."""
        if not self.given:
            return ()
        best: tuple[int, tuple[Any, ...]] | None = None
        for _ in range(TRIES):
            drawn = self.given(rng)
            together = self._together(drawn)
            if best is None or together < best[0]:
                best = together, drawn
            if not together:
                break
        return best[1] if best else ()

    def judge(self, answer: Any, rng: np.random.Generator) -> Verdict:
        """Judge the answer for this reader's numbers."""
        return BLANK if is_blank(answer) else self.judge_given(answer, self.give(rng))

    def judge_given(self, answer: Any, given: tuple[Any, ...]) -> Verdict:
        """Judge an answer that is not blank for these numbers."""
        raise NotImplementedError

    def _together(self, given: tuple[Any, ...]) -> int:
        """Count the pairs of mistakes that cannot be told apart; one that gives the right answer weighs most."""
        names = [named(mistake).name for mistake in self.mistakes.values()]
        right, *made = (plain(make(*given), "") for make in (self.expected, *self.mistakes))
        table = alike([right, *made], APART * self.tolerance)
        if accepted := int(table[1:, 0].sum()):
            return 1000 * accepted
        pairs = combinations(range(len(made)), 2)
        return sum(names[i] != names[j] and table[1 + i, 1 + j] for i, j in pairs)


@dataclass(frozen=True, kw_only=True)
class Number(Value):
    """One number, right to a relative tolerance.

    Attributes
    ----------
    ratios : dict
        Factors by which an answer may be off that are worth naming, each with the words for it.
    """

    ratios: Mapping[float, str] = field(default_factory=dict)

    @np.errstate(all="ignore")
    def judge_given(self, answer: Any, given: tuple[Any, ...]) -> Verdict:
        """Compare the number with the expected one, and name the ratio when it is a telling one."""
        expected = plain(self.expected(*given), "")
        with Guard() as guard:
            values = _read(guard, answer, f"`{self.name}`")
        if isinstance(values, Verdict) and (values.status == "raised" or "too large" in values.message):
            return values
        if isinstance(values, Verdict) or values.size != 1 or issubclass(type(answer), NO_NUMBERS):
            message = f"`{self.name}` must be one number; it is {a_kind_of(answer)}."
            return Verdict("type", 0.0, message)
        value = values.reshape(())
        if not finite(value):
            message = f"`{self.name}` is {float(value)}. Look for a division by zero or a log of zero."
            return Verdict("nonfinite", 0.0, message)
        if close(value, expected, self.tolerance):
            return RIGHT
        if rounded(value, expected, self.tolerance) and not _named(value, given, self.mistakes, self.tolerance):
            return RIGHT
        if _near(value, expected, given, self.mistakes):
            return Verdict("wrong", 0.0, "That is near the right number, but not near enough. Give more digits.")
        ratios = {words for ratio, words in self.ratios.items() if close(value, ratio * expected, self.tolerance)}
        if expected and len(ratios) == 1:
            return Verdict("wrong", 0.0, ratios.pop())
        return _named(value, given, self.mistakes, self.tolerance) or Verdict("wrong", 0.0, f"Not yet. {self.ask}")


@dataclass(frozen=True, kw_only=True)
class Array(Value):
    """One array, right to a relative tolerance; a list will do.

    Attributes
    ----------
    names : tuple of str
        What each number of a plain list is, as "`z`": the first that differs is said by its name.
    """

    names: tuple[str, ...] = ()

    @np.errstate(all="ignore")
    def judge_given(self, answer: Any, given: tuple[Any, ...]) -> Verdict:
        """Compare shape, then values; say which part differs."""
        what = f"`{self.name}`"
        expected = plain(self.expected(*given), what)
        with Guard() as guard:
            values = _read(guard, answer, what)
        if misplaced := _misplaced(answer, values, expected):
            return Verdict(values.status if isinstance(values, Verdict) else "shape", 0.0, f"{what} {misplaced}")
        if isinstance(values, Verdict):
            return values
        if close(values, expected, self.tolerance):
            return RIGHT
        known = _named(values, given, self.mistakes, self.tolerance)
        if not known and rounded(values, expected, self.tolerance):
            return RIGHT
        status, words = first_difference(self.name, values, expected, self.tolerance, self.names)
        verdict = known or Verdict(status, 0.0, f"{words} {self.ask}")
        earned = self._share_right(values, expected)
        return (
            replace(verdict, credit=earned, message=f"{verdict.message} What is right earns its share.")
            if earned
            else verdict
        )

    def _share_right(self, values: Plain, expected: Plain) -> float:
        """Return the share of the named numbers that are right; 0 where they have no names, or none could be read."""
        if not self.names or values.shape != expected.shape:
            return 0.0
        pairs = zip(values.ravel(), expected.ravel(), strict=True)
        return sum(rounded(value, right, self.tolerance) for value, right in pairs) / expected.size


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
            message = f"`{self.name}` must be one of {letters}; it is {a_kind_of(answer)}."
            return Verdict("type", 0.0, message)
        letter = str.strip(str.lower(str.strip(answer)), "().\"' ")
        if letter not in self.options:
            return Verdict("type", 0.0, f"`{self.name}` must be one of {letters}.")
        right = letter == self.right
        return Verdict("right" if right else "wrong", float(right), self.options[letter])


@dataclass(frozen=True, kw_only=True)
class Diagnosis(Choice):
    """A mistake and the array it is in, as one text: "softmax over all in p". Each of the two earns half.

    Attributes
    ----------
    right : str
        The name of the mistake.
    options : dict
        What is said to each name of a mistake.
    place : str
        The array or the part in which it is made.
    places : tuple of str
        Those that may be named.
    also : dict
        Other places that are as good an answer, each with a word on it.
    """

    place: str
    places: tuple[str, ...]
    also: Mapping[str, str] = field(default_factory=dict)

    def judge(self, answer: Any, rng: np.random.Generator) -> Verdict:
        """Take the mistake and the array apart, and say which of them fits."""
        if is_blank(answer):
            return BLANK
        if not issubclass(type(answer), str):
            message = (
                f'`{self.name}` must be a text such as "{next(iter(self.options))} in x"; it is {a_kind_of(answer)}.'
            )
            return Verdict("type", 0.0, message)
        plainly = " ".join(str.lower(answer).translate(QUOTES).split())
        mistake, _, place = (part.strip(" .,") for part in plainly.partition(" in "))
        names = {name.lower(): name for name in self.options}
        place = {name.lower(): name for name in self.places}.get(place, place)
        if mistake not in names:
            return Verdict("type", 0.0, f"`{self.name}` begins with one of: {', '.join(self.options)}.")
        if place and place not in self.places:
            return Verdict("type", 0.0, f"After `in` comes one of: {', '.join(self.places)}.")
        found, here = names[mistake] == self.right, place == self.place or place in self.also
        said = self.options[names[mistake]]
        if found and here:
            return Verdict("right", 1.0, f"{said} {self.also.get(place, '')}".rstrip())
        if found:
            where = "That is not the array it is made in." if place else 'In which array? Add " in " and its name.'
            return Verdict("wrong", 0.5, f"That is the mistake. {where}", self.right)
        half = " The array is right." if here else ""
        return Verdict("wrong", 0.5 * here, f"{said}{half}", names[mistake])


def _read(guard: Guard, answer: Any, what: str) -> Plain | Verdict:
    """Return the answer as a plain array, or the verdict on what cannot be one."""

    def read(answer: Any) -> Plain:
        exact = issubclass(type(answer), (Real, Decimal))  # Fraction(1, 8), for one
        try:
            return plain(float(answer) if exact else answer, what)
        except OverflowError:
            raise Unreadable("type", f"{what} is too large for a float.") from None

    try:
        return guard.call(lambda: answer, (), read)
    except Failed as failure:
        return failure.verdict


def _misplaced(answer: Any, values: Plain | Verdict, expected: Plain) -> str:
    """Say what is wrong with one number where a list is asked for, or with lists in the list; nothing otherwise."""
    rows = " rows" if expected.ndim > 1 else ""
    if isinstance(values, np.ndarray) and not values.ndim and expected.ndim:
        return f"is one number, but it should be a list of {_count(len(expected))}{rows}."
    if expected.ndim == 1 and type(answer) in (list, tuple) and {type(part) for part in answer} & {list, tuple}:
        return f"holds lists of its own. Write the {_count(expected.size)} numbers in one list."
    return ""


def _count(number: int) -> str:
    return WORDS[number] if number < len(WORDS) else str(number)


def _near(value: Plain, expected: Plain, given: tuple[Any, ...], mistakes: Twins) -> bool:
    """Say whether a number is nearer to the right one than to any mistake, and no whole number that is off by some."""
    off = float(abs(value - expected))
    if off > NEAR * float(abs(expected)) or (value == np.rint(value) and expected == np.rint(expected)):
        return False
    return all(float(abs(value - plain(twin(*given), ""))) > off for twin in mistakes)


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
