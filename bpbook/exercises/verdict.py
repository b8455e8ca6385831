"""What comes back from a check: a status, a mark, and words."""

from dataclasses import dataclass
from typing import Literal, Self

__all__ = ["Score", "Status", "Verdict"]

Status = Literal["right", "wrong", "blank", "undefined", "type", "shape", "nonfinite", "raised", "mutated", "timeout"]
SIGNS = {"right": "✓", "blank": "○"}


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
    """

    status: Status
    credit: float
    message: str


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

    def __repr__(self) -> str:
        sign = SIGNS.get(self.verdict.status, "✗")
        earned = "" if self.verdict.status == "blank" else f"{float(self):g} of {self.points:g} points. "
        return f"{sign} {earned}{self.verdict.message}"

    def _repr_markdown_(self) -> str:
        return repr(self)
