"""The seven kinds of exercise, each with a pure `judge(answer, rng)`.

A declaration names the exercise, its points, what is expected and three hints. What is expected is a function of
what was given, so that every reader can have numbers of their own.
"""

from ..judging.verdict import Mistake
from .answers import Array, Choice, Diagnosis, Number
from .exercise import Exercise
from .expressions import Expression
from .functions import Function, Gradient

__all__ = ["Array", "Choice", "Diagnosis", "Exercise", "Expression", "Function", "Gradient", "Mistake", "Number"]
