"""What comes back from a check: a status, a mark, and words."""

from dataclasses import dataclass
from typing import Literal, Self

__all__ = ["Mistake", "Score", "Status", "Verdict", "named"]

Status = Literal["right", "wrong", "blank", "undefined", "type", "shape", "nonfinite", "raised", "mutated", "timeout"]
SIGNS = {"right": "✓", "blank": "○"}


@dataclass(frozen=True)
class Mistake:
    """A mistake that people make.

    Attributes
    ----------
    name : str
        Short and fixed, for counting: "db mean".
    words : str
        One or two sentences that a learner understands. They do not hold the mended line.
    see : str
        Where the book mends it: "chapter 04, (BP3)".
    """

    name: str
    words: str
    see: str = ""

    def __str__(self) -> str:
        return f"{self.words} See {self.see}." if self.see else self.words


def named(mistake: "Mistake | str") -> Mistake:
    """Return the mistake, made of its words when only words were written."""
    return Mistake(mistake, mistake) if isinstance(mistake, str) else mistake


@dataclass(frozen=True)
class Verdict:
    """The judgement on one answer.

    Attributes
    ----------
    status : str
        right, wrong, blank, undefined, type, shape, nonfinite, raised, mutated or timeout.
    credit : float
        Share of the points, 0 to 1.
    message : str
        What the reader is told. It never holds the expected value.
    mistake : str
        Name of the mistake that alone explains the answer; empty when none does. Joined by ≡, names of mistakes that
        give the same numbers here; joined by +, names of two that were made together.
    evidence : str
        What the judgement rests on, when it is more than a comparison: a relation, or the differences of the loss.
    """

    status: Status
    credit: float
    message: str
    mistake: str = ""
    evidence: str = ""


class Score(float):
    """Points earned: a real float that shows itself with its message, in Markdown and in plain text.

    >>> Score(Verdict("right", 1.0, "Right."), points=2)
    ✓ 2 of 2 points. Right.
    >>> Score(Verdict("right", 1.0, "Right."), points=2) == 2.0
    True
    """

    verdict: Verdict
    points: float

    def __new__(cls, verdict: Verdict, points: float) -> Self:
        """Make the float `credit * points`."""
        score = super().__new__(cls, verdict.credit * points)
        score.verdict, score.points = verdict, points
        return score

    def __reduce__(self) -> tuple[type[Self], tuple[Verdict, float]]:
        return type(self), (self.verdict, self.points)

    def __repr__(self) -> str:
        sign = SIGNS.get(self.verdict.status, "✗")
        earned = "" if self.verdict.status == "blank" else f"{float(self):g} of {self.points:g} points. "
        return f"{sign} {earned}{self.verdict.message}"

    def _repr_markdown_(self) -> str:
        return repr(self)
