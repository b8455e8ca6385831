"""What every exercise has, whatever its kind."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..judging.verdict import Verdict

__all__ = ["BLANK", "RIGHT", "Exercise", "Given", "is_blank"]

BLANK = Verdict("blank", 0.0, "Not answered yet: put your answer in place of the three dots and run both cells.")
RIGHT = Verdict("right", 1.0, "Right.")
Given = Callable[[np.random.Generator], tuple[Any, ...]]


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

    @property
    def ask(self) -> str:
        """Where help is."""
        return f"Ask for a hint with `q.{self.name}.hint()`."

    def give(self, rng: np.random.Generator) -> tuple[Any, ...]:
        """Return what this reader is given; nothing by default."""
        return ()

    def judge(self, answer: Any, rng: np.random.Generator) -> Verdict:
        """Return the verdict on an answer; `rng` is the reader's generator, seeded afresh."""
        raise NotImplementedError


def is_blank(answer: Any) -> bool:
    """Say whether the three dots still stand there."""
    return answer is None or answer is Ellipsis
