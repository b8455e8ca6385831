"""One answer on every probe: what it gave, what it should have given, and which known mistake gives the same."""

import contextlib
import inspect
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np

from .comparing import Quantities, close, differing, first_difference, relations
from .reading import Flat, Plain, Unreadable, flatten
from .running import Failed, Guard
from .verdict import Mistake, Status, Verdict, named

__all__ = ["CONDUCT", "Outcome", "Trial", "Twin", "quiet"]

Twin = Callable[..., Any]
Outcome = Flat | Verdict  # arrays by name, or the reason why there are none
SINGLE = 1e-4
"""Tolerance of an answer in float32, where that type cannot do better."""
ENDS = ("timeout", "mutated")
RAISED = Verdict("raised", 0.0, "It raises.")
CONDUCT = {
    mistake.name: mistake
    for mistake in (
        Mistake(
            "not reset",
            "Called twice with the same arguments, your function gives twice as much the second time: perhaps "
            "something is added up and never reset to zero.",
            'chapter 04, "(BP3) and (BP4): from delta to the weights"',
        ),
        Mistake("remembers", "Called twice with the same arguments, your function gives two different results."),
        Mistake(
            "fails again",
            "Called twice with the same arguments, your function gives a result the first time and none the second "
            "time.",
        ),
        Mistake("order of results", "The results are all there, but not in the order that was asked for."),
    )
}
"""Mistakes that show without any twin: in what a second call gives, or in which result is which."""
RAISES = (ValueError, TypeError, IndexError, ZeroDivisionError, Unreadable)


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """Let nothing be said of what the judge computes itself: a reader's page shows the verdict alone."""
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


class Trial:
    """What an answer gave on every probe, beside what it should have given.

    Parameters
    ----------
    reference : callable
    probes : list of tuple
        The arguments of every call.
    returns : tuple of str
        Names of the results; empty for one.
    tolerance : float
        Relative to the largest entry of an array.
    """

    def __init__(
        self, reference: Twin, probes: Sequence[tuple[Any, ...]], returns: tuple[str, ...], tolerance: float
    ) -> None:
        self.probes, self.returns, self.tolerance = probes, returns, tolerance
        with quiet():
            self.patterns = [reference(*probe) for probe in probes]
        self.expected = [flatten(pattern, pattern, returns) for pattern in self.patterns]
        self.reference, self._single = reference, dict[int, float]()
        self.outcomes: list[Outcome] = []
        self.again: Outcome | None = None

    def ask(self, answer: Twin, guard: Guard) -> None:
        """Call the answer on every probe, on the first one twice."""
        for k, probe in enumerate(self.probes):
            read = partial(flatten, like=self.patterns[k], names=self.returns)
            self.outcomes.append(self._call(answer, guard, probe, read))
            if k == 0 and isinstance(self.outcomes[0], dict):
                self.again = self._call(answer, guard, probe, read)
            if self.ended:
                return

    def _call(self, answer: Twin, guard: Guard, probe: tuple[Any, ...], read: Callable[[Any], Any]) -> Outcome:
        try:
            return guard.call(answer, probe, read)
        except Failed as failure:
            return failure.verdict

    @property
    def ended(self) -> Verdict | None:
        """The verdict that ended the trial early, if one did."""
        for outcome in (*self.outcomes, self.again):
            if isinstance(outcome, Verdict) and outcome.status in ENDS:
                return outcome
        return None

    @property
    def wrong(self) -> list[list[str]]:
        """For every probe, the names of the arrays that differ."""
        return [
            differing(outcome, expected, self.allowed(k), self._part(k))
            if isinstance(outcome, dict)
            else list(expected)
            for k, (outcome, expected) in enumerate(zip(self.outcomes, self.expected, strict=False))
        ]

    def allowed(self, k: int) -> float:
        """Return the tolerance on probe k: a wider one where the answer came in float32.

        It is wider again where the right answer itself moves when the arguments are rounded to float32, as it does
        for logits near 1000 and for sums that nearly cancel.
        """
        if not self._in_single(k):
            return self.tolerance
        if k not in self._single:
            with quiet():
                rounded = flatten(self.reference(*_rounded(self.probes[k])), self.patterns[k], self.returns)
            moved = max(
                float(abs(rounded[name] - right).max(initial=0.0)) / max(float(abs(right).max(initial=0.0)), 1e-12)
                for name, right in self.expected[k].items()
            )
            self._single[k] = max(self.tolerance, SINGLE, min(8 * moved, 1e-2) if moved == moved else 0.0)
        return self._single[k]

    def _in_single(self, k: int) -> bool:
        outcome = self.outcomes[k]
        return isinstance(outcome, Flat) and outcome.single

    def _part(self, k: int) -> float:
        """Return the part of the largest entry below which a difference is rounding, as in 1 - a² of a saturated a."""
        return 1e-2 if self._in_single(k) else 1e-6

    def nearly_right(self, skip_last: int = 0) -> bool:
        """Say whether every array is right to a twentieth, on all probes (or on all but the last few)."""
        count = len(self.probes) - skip_last
        return len(self.outcomes) >= count and all(
            isinstance(outcome, dict) and not differing(outcome, expected, 0.05)
            for outcome, expected in zip(self.outcomes[:count], self.expected, strict=False)
        )

    def changed(self) -> Mistake | None:
        """Say what is wrong when a second call gave something else than the first."""
        first, second = self.outcomes[0], self.again
        if not isinstance(first, dict) or not isinstance(second, dict):
            return CONDUCT["fails again"] if isinstance(first, dict) and second is not None else None
        if not differing(second, first, self.allowed(0)):
            return None
        doubled = all(close(second[name], 2 * first[name], self.tolerance) for name in first)
        return CONDUCT["not reset"] if doubled else CONDUCT["remembers"]

    def first(self) -> tuple[Status, str]:
        """Return the status and the words for the first thing that is wrong."""
        for k, (outcome, expected, names) in enumerate(zip(self.outcomes, self.expected, self.wrong, strict=False)):
            if isinstance(outcome, Verdict):
                return outcome.status, outcome.message
            if names:
                return first_difference(names[0], outcome[names[0]], expected[names[0]], self.allowed(k))
        raise LookupError("nothing is wrong")

    def cut(self) -> bool:
        """Say whether, wherever the answer is wrong, an array of integers came that should hold fractions."""
        wrong = [(outcome, names) for outcome, names in zip(self.outcomes, self.wrong, strict=False) if names]
        fractions = {name for right in self.expected for name, values in right.items() if (values % 1).any()}
        return all(isinstance(outcome, Flat) and outcome.whole & fractions & set(names) for outcome, names in wrong)

    def share_right(self) -> float:
        """Return the share of the results that are right on every probe, as 1/2 when dW is and db is not."""
        if not self.returns or len(self.outcomes) < len(self.probes) or self.changed():
            return 0.0
        if not all(isinstance(outcome, dict) for outcome in self.outcomes):
            return 0.0
        wrong = {name.partition("[")[0] for names in self.wrong for name in names}
        return 1 - len(wrong) / len(self.returns)

    def related(self, quantities: Callable[..., Quantities] | None) -> tuple[str, bool]:
        """Say which results differ, how they are related to the right ones, and whether one relation holds of all."""
        if not all(isinstance(outcome, dict) for outcome in self.outcomes):
            return "", False
        most = max(self.expected, key=len)
        differ = set().union(*self.wrong)
        wrong = [name for name in most if name in differ]
        values: list[Any] = self.outcomes
        found = relations(values, self.expected, [quantities(*probe) for probe in self.probes] if quantities else [])
        groups = {words: [name for name in wrong if found.get(name) == words] for words in found.values()}
        groups = {words: names for words, names in groups.items() if names}
        sentences = [
            f"{_listed(names)} {'is' if len(names) == 1 else 'are'} {words}." for words, names in groups.items()
        ]
        targets = {words.removeprefix("what `").removesuffix("` should be") for words in groups}
        if targets == set(wrong):
            sentences.append(str(CONDUCT["order of results"]))
        unrelated = [name for name in wrong if name not in found]
        if sentences and unrelated and len(wrong) == len(most):
            sentences.append(f"{_listed(unrelated)} {'differs' if len(unrelated) == 1 else 'differ'} as well.")
        if len(wrong) < len(most):
            last, right = self._last_of(), [name for name in most if name not in wrong]
            only = f"Only {last or _listed(wrong)} {'differs' if last or len(wrong) == 1 else 'differ'}"
            if not last and len(wrong) > len(right):
                only = f"{_listed(right)} {'is' if len(right) == 1 else 'are'} right, but the rest is not"
            if list(groups.values()) == [wrong]:
                sentences = [f"{only}: {'it is' if len(wrong) == 1 else 'they are'} {next(iter(groups))}."]
            else:
                sentences.insert(0, f"{only}.")
        return " ".join(sentences), list(groups.values()) == [wrong] or targets == set(wrong)

    def _last_of(self) -> str:
        """Name what differs as the last of a list, where lists have different lengths and no other entry differs."""
        lasts, lengths = set(), set()
        for names, expected in zip(self.wrong, self.expected, strict=False):
            for name in names:
                base = name.partition("[")[0]
                entries = [other for other in expected if other.startswith(f"{base}[")]
                if not entries or name != entries[-1]:
                    return ""
                lasts.add(base)
                lengths.add(len(entries))
        return f"the last of `{lasts.pop()}`" if len(lasts) == 1 and len(lengths) > 1 else ""

    def where(self) -> str:
        """Say for which arguments the answer is right and for which wrong, by their shapes; nothing if always wrong."""
        wrong = self.wrong
        right = [k for k, names in enumerate(wrong) if not names]
        failing = [k for k, names in enumerate(wrong) if names]
        if not right or not failing:
            return ""
        smallest = min(
            failing,
            key=lambda k: (
                any(_extreme(argument) for argument in self.probes[k]),
                sum(np.size(argument) for argument in self.probes[k] if _shown("", argument)),
            ),
        )
        given, passed = self._described(smallest), self._described(right[0])
        if not given or given == passed:
            return f"It is right in {len(right)} of {len(wrong)} calls."
        return f"It is right in {len(right)} of {len(wrong)} calls: right with {passed}, wrong with {given}."

    def _described(self, k: int) -> str:
        names = inspect.signature(self.reference).parameters
        return ", ".join(filter(None, map(_shown, names, self.probes[k])))

    def fitting(self, mistakes: Mapping[Twin, Mistake | str]) -> list[Mistake]:
        """Return the known mistakes that give what the answer gave, on every probe."""
        if not any(isinstance(outcome, dict) for outcome in self.outcomes):
            return []
        found = {named(mistake): None for twin, mistake in mistakes.items() if self.fits(twin)}
        return list(found)

    def agreeing(self, made: Mapping[str, Plain], k: int) -> frozenset[str]:
        """Return the names of the arrays in which the answer on probe k is what was made."""
        outcome = self.outcomes[k]
        return frozenset(name for name in made if isinstance(outcome, dict) and self.same(outcome[name], made[name]))

    def same(self, value: Plain, other: Plain) -> bool:
        """Say whether two arrays are the same to the tolerance."""
        return close(value, other, self.tolerance)

    def same_as_reference(self, twin: Twin) -> bool:
        """Say whether a twin gives what the reference gives on every probe: it is no mistake here."""
        return self.fits(twin, self.expected)

    def fitting_of(self, twin: Twin, mistakes: Mapping[Twin, Mistake | str]) -> list[Mistake]:
        """Return the known mistakes that give what a twin gives, on every probe."""
        before, self.outcomes = self.outcomes, [self.made(twin, k) or RAISED for k in range(len(self.probes))]
        found = self.fitting(mistakes)
        self.outcomes = before
        return found

    def made(self, twin: Twin, k: int) -> Flat | None:
        """Return what a twin gives on probe k; None when it raises."""
        try:
            with quiet():
                return flatten(twin(*self.probes[k]), self.patterns[k], self.returns)
        except RAISES:
            return None

    def fits(self, twin: Twin, outcomes: Sequence[Outcome] | None = None) -> bool:
        """Say whether a twin gives what the answer gave, on every probe."""
        for k, outcome in enumerate(outcomes or self.outcomes):
            made = self.made(twin, k)
            if isinstance(outcome, Verdict):
                if made is not None or outcome.status not in ("raised", "type"):
                    return False
            elif made is None or made.keys() != outcome.keys():
                return False
            else:
                floor = (1e-6 if outcomes else self._part(k)) * made.largest
                allowed = self.tolerance if outcomes else self.allowed(k)
                if not all(close(outcome[name], made[name], allowed, floor) for name in made):
                    return False
        return True


def _rounded(value: Any) -> Any:
    """Round arrays and floats to float32, and those that lists and tuples hold; leave the rest."""
    if isinstance(value, np.ndarray):
        return value.astype(np.float32).astype(value.dtype) if value.dtype.kind == "f" else value
    if isinstance(value, float):
        return float(np.float32(value))
    return type(value)(_rounded(member) for member in value) if isinstance(value, (list, tuple)) else value


def _extreme(argument: Any) -> bool:
    """Say whether an array holds entries so large that they were chosen to catch something."""
    return isinstance(argument, np.ndarray) and argument.dtype.kind in "buif" and abs(argument).max(initial=0) >= 1000


def _shown(name: str, argument: Any) -> str:
    """Return the shape of an argument, or its value if it is one number; nothing for another thing."""
    if isinstance(argument, (bool, int, float)) or (isinstance(argument, np.ndarray) and not argument.ndim):
        return f"{name} = {float(argument):.3g}"
    if isinstance(argument, np.ndarray) and argument.dtype.kind in "buif":
        largest = float(abs(argument).max(initial=0))
        size = f" (entries up to {largest:.2g})" if largest >= 10 else " (all zeros)" if not largest else ""
        return f"{name} of shape {argument.shape}{size}"
    return ""


def _listed(names: Sequence[str]) -> str:
    if list(names) == ["The result"]:
        return "The result"
    quoted = [f"`{name}`" for name in names]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} and {quoted[-1]}"
