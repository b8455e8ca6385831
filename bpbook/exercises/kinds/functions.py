"""Two kinds of exercise whose answer is a function: compared with a reference, and with the differences of a loss."""

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ..bugs.catalogue import BUGS
from ..judging import differences
from ..judging.comparing import Quantities
from ..judging.reading import Flat, a_kind_of
from ..judging.running import Guard, is_stub
from ..judging.trial import Trial, Twin, quiet
from ..judging.verdict import Mistake, Verdict
from .exercise import BLANK, RIGHT, Exercise, Given, is_blank

__all__ = ["Function", "Gradient"]

PARTS = 16
"""Calls of a right answer whose numbers are looked at for the grain of differences."""
TWO = "There is more than one difference: two mistakes together explain it."
UNKNOWN = "It fits no mistake this book knows; there may be several at once."


@dataclass(frozen=True, kw_only=True)
class Function(Exercise):
    """A function, compared with a reference on fresh arguments.

    Attributes
    ----------
    reference : callable
        The function that is right, in the reader's signature.
    arguments : callable
        Takes a generator, returns the arguments of one probe; it is asked for `probes` of them.
    special : tuple of callable
        More probes, each made for a purpose: a square layer, one example, large z.
    returns : tuple of str
        Names of what a function of several results returns, ("dW", "db"); empty for one result. A result may be a
        list with one array per layer and None at index 0.
    mistakes : dict
        Wrong twins in the reader's signature, each with its `Mistake` or the sentence that names it: said only when
        that mistake alone fits every probe.
    pairs : callable, optional
        Takes the trial, returns the pairs of mistakes that together give the answer: `bugs.pairs.finder`.
    sloped : pair, optional
        An activation, and what takes a function of z and the arguments and returns the result with that function in
        the place of f': differences of the activation are then recognised.
    parts : callable, optional
        Takes the results by name and the arguments, gives pairs (slopes, values of f) for every f on the way of which
        the answer may have taken differences: the loss, a row of it, an activation. See `differences.grained`.
    single : callable, optional
        Draws the probes on which `parts` are looked at; `arguments` by default. One example alone shows every delta.
    quantities : callable, optional
        Takes the arguments, returns {words: number} of factors worth naming: {"the batch size": 5}.
    nudged : Mistake
        What is said of finite differences.
    without : callable, optional
        A function of the book that the answer may not call, as it would leave nothing to write.
    partial : bool
        Whether each of `returns` that is right on every probe earns its share of the points when others are not.
    """

    reference: Callable[..., Any]
    arguments: Given
    special: tuple[Given, ...] = ()
    returns: tuple[str, ...] = ()
    mistakes: Mapping[Twin, Mistake | str] = field(default_factory=dict)
    pairs: Callable[[Trial], Sequence[tuple[Mistake, Mistake]]] | None = None
    sloped: tuple[Any, Callable[..., Any]] | None = None
    parts: Callable[..., Sequence[tuple[Any, Any]]] | None = None
    single: Given | None = None
    quantities: Callable[..., Quantities] | None = None
    nudged: Mistake = BUGS["finite differences"]
    without: Callable[..., Any] | None = None
    partial: bool = False
    probes: int = 5
    tolerance: float = 1e-5

    def draw(self, rng: np.random.Generator) -> list[tuple[Any, ...]]:
        """Return the arguments of all probes."""
        return [self.arguments(rng) for _ in range(self.probes)] + [special(rng) for special in self.special]

    @np.errstate(all="ignore")
    def judge(self, answer: Any, rng: np.random.Generator) -> Verdict:
        """Call it on every probe, then say what holds of all differences: a relation, a known mistake, the first."""
        if is_blank(answer) or is_stub(answer):
            return BLANK
        if not callable(answer):
            return Verdict("type", 0.0, f"`{self.name}` must be a function; it is {a_kind_of(answer)}.")
        trial = Trial(self.reference, self.draw(rng), self.returns, self.tolerance)
        with Guard(self.without) as guard:
            names = list(inspect.signature(self.reference).parameters)
            if wrong_number := guard.refuses(answer, trial.probes[0], names):
                return Verdict("type", 0.0, f"`{self.name}` {wrong_number}")
            trial.ask(answer, guard)
            further = Trial(self.reference, self.unjudged(rng), self.returns, self.tolerance)
            if further.probes and not trial.ended and not any(trial.wrong):
                further.ask(answer, guard)
            nearly = not trial.ended and trial.nearly_right(skip_last=len(trial.probes) - self.probes)
            earned = trial.share_right() if self.partial and not trial.ended else 0.0
            grained = (nearly or earned > 0) and self._made_of_differences(answer, guard, rng)
        if grained and nearly:
            return guard.remark(Verdict("wrong", 0.0, str(self.nudged), self.nudged.name))
        return guard.remark(trial.ended or self._verdict(trial, further, 0.0 if grained else earned))

    def _made_of_differences(self, answer: Twin, guard: Guard, rng: np.random.Generator) -> bool:
        """Say whether some part of an answer is made of differences, by the grain of its numbers."""
        if not self.parts:
            return False
        draw = self.single or self.arguments
        trial = Trial(self.reference, [draw(rng) for _ in range(PARTS)], self.returns, self.tolerance)
        trial.ask(answer, guard)
        if not all(isinstance(outcome, Flat) and not outcome.single for outcome in trial.outcomes):
            return False
        for outcome, right in zip(trial.outcomes, trial.expected, strict=False):
            if isinstance(outcome, Flat) and any(outcome[name].shape != right[name].shape for name in right):
                return False  # a part that is made of another shape cannot be taken apart
        found = [self.parts(outcome, *probe) for outcome, probe in zip(trial.outcomes, trial.probes, strict=False)]
        for part in zip(*found, strict=True):
            slopes, levels = (np.concatenate([np.ravel(each) for each in side]) for side in zip(*part, strict=True))
            if slopes.size == levels.size and differences.grained(slopes, levels):
                return True
        return False

    def _verdict(self, trial: Trial, further: Trial, earned: float) -> Verdict:
        if mistake := trial.changed() or self.beyond(trial, further):
            return Verdict("wrong", 0.0, str(mistake), mistake.name)
        if not any(trial.wrong):
            return RIGHT
        status, first = trial.first()
        related, explained = trial.related(self.quantities)
        said = [related] if related else []
        said += ["What is right earns its share."] if earned else []
        if status in ("raised", "type", "nonfinite") or (status == "shape" and not related):
            said.append(first)
        if fitting := trial.fitting(self.mistakes):
            said.append(" Or: ".join(map(str, fitting[:3])))
            return Verdict(status, earned, " ".join(said), " ≡ ".join(m.name for m in fitting), related)
        if trial.cut():
            said.append(BUGS["integers"].words)
            return Verdict(status, earned, " ".join(said), "integers", related)
        if together := self.pairs(trial) if self.pairs else ():
            common = [mistake for mistake in together[0] if all(mistake in pair for pair in together)]
            said.append(f"{TWO} One of them: {common[0]}" if common else f"{TWO} {self.ask}")
            return Verdict(status, earned, " ".join(said), " + ".join(m.name for m in common), related)
        if first not in said and not explained:
            said.append(first)
        evidence = "" if explained else self.evidence(trial)
        said += [evidence] if evidence else []
        if self.mistakes and not explained and status in ("wrong", "shape"):
            said += [where] if (where := trial.where()) else []
            said.append(UNKNOWN)
        said.append(self.ask)
        return Verdict(status, earned, " ".join(said), "", related or evidence)

    def unjudged(self, rng: np.random.Generator) -> list[tuple[Any, ...]]:
        """Return the arguments of further calls, made only when all is right; none by default."""
        return []

    def beyond(self, trial: Trial, further: Trial) -> Mistake | None:
        """Name a mistake that comparison with the reference does not show: differences in the place of f'."""
        if not self.sloped or not trial.nearly_right():
            return None
        f, sloped = self.sloped
        values = [outcome["The result"] for outcome in trial.outcomes[:3] if isinstance(outcome, dict)]
        expected = [right["The result"] for right in trial.expected[:3]]
        made = differences.explain_slope(values, expected, sloped, trial.probes[:3], f)
        return self.nudged if made else None

    def evidence(self, trial: Trial) -> str:
        """Say what else speaks against a wrong answer; nothing by default."""
        return ""


@dataclass(frozen=True, kw_only=True)
class Gradient(Function):
    """A function that returns derivatives of a loss: compared with a reference and with differences of that loss.

    Attributes
    ----------
    loss : callable
        In the reader's signature: the scalar that is differentiated.
    wrt : tuple of int
        The argument that each result is the derivative with respect to, by position, in the order of the results.
    steep : callable, optional
        Makes a probe on which nudges fail and the chain rule does not: tiny weights on huge inputs. With it, an
        answer made of finite differences is recognised.
    large : callable, optional
        Makes a probe on which nudges by a share of the weight fail: large weights that cancel. What the answer gives
        there is not judged, as rounding is large too; it only shows such differences.
    times : int
        How many probes of either kind are drawn: three where the first result is one number.
    """

    loss: Callable[..., Any]
    wrt: tuple[int, ...]
    partial: bool = True
    steep: Given | None = None
    large: Given | None = None
    times: int = 1

    def draw(self, rng: np.random.Generator) -> list[tuple[Any, ...]]:
        """Return the arguments of all probes, the steep ones last."""
        return super().draw(rng) + ([self.steep(rng) for _ in range(self.times)] if self.steep else [])

    def unjudged(self, rng: np.random.Generator) -> list[tuple[Any, ...]]:
        """Return the arguments of the probes with large weights."""
        return [self.large(rng) for _ in range(self.times)] if self.large else []

    def beyond(self, trial: Trial, further: Trial) -> Mistake | None:
        """Recognise finite differences: where nudges fail, the answer is off by just what nudges are off."""
        first, position = next(iter(trial.expected[0])), self.wrt[0]
        if not any(trial.wrong):
            asked, which, explain = further, list(range(len(further.outcomes))), differences.explain_relative
        elif self.steep and trial.nearly_right(skip_last=self.times):
            count = len(trial.probes)
            asked, which, explain = trial, [0, *range(count - self.times, count)], differences.explain
        else:
            return None
        outcomes = [asked.outcomes[k] for k in which]
        values = [outcome[first] for outcome in outcomes if isinstance(outcome, dict)]
        if not values or len(values) < len(outcomes):
            return None
        expected = [asked.expected[k][first] for k in which]
        made = explain(values, expected, self.loss, [asked.probes[k] for k in which], position)
        return self.nudged if made else None

    def evidence(self, trial: Trial) -> str:
        """Say which results differences of the loss contradict, on the first probe."""
        value = trial.outcomes[0]
        if not isinstance(value, dict):
            return ""
        with quiet():
            nudged = differences.gradients(self.loss, trial.probes[0], self.wrt, self.returns)
        errors = differences.off(value, nudged)
        said = ", ".join(f"`{name}` is off by a relative error of {error:.1g}" for name, error in errors.items())
        return f"Nudges of the loss say so too: {said}." if said else ""
