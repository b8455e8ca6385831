"""The kind of exercise whose answer is a formula, written as text: "a * (1 - a)".

The text is parsed and walked through; only numbers, the exercise's own variables, arithmetic and a few functions are
known, and nothing is ever handed to Python to run. Two formulas are the same when they give the same numbers at
random points.
"""

import ast
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ..judging.comparing import close
from ..judging.reading import Plain, a_kind_of, finite
from ..judging.verdict import Mistake, Verdict, named
from .exercise import BLANK, RIGHT, Exercise, is_blank

__all__ = ["Expression"]

POINTS = 12
LONGEST = 300
SIGNS = str.maketrans({"\N{MINUS SIGN}": "-", "\N{MIDDLE DOT}": "*", "\N{MULTIPLICATION SIGN}": "*"})
OPERATORS: dict[type, Callable[..., Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
    ast.USub: operator.neg,
    ast.UAdd: operator.pos,
}
FUNCTIONS: dict[str, Callable[..., Any]] = {
    "exp": np.exp,
    "log": np.log,
    "ln": np.log,
    "sqrt": np.sqrt,
    "tanh": np.tanh,
    "cosh": np.cosh,
    "sinh": np.sinh,
    "arctanh": np.arctanh,
    "atanh": np.arctanh,
    "arccosh": np.arccosh,
    "acosh": np.arccosh,
    "sin": np.sin,
    "cos": np.cos,
    "abs": np.abs,
    "sigmoid": lambda z: 1 / (1 + np.exp(-z)),
}


LONG = "This is equal, but it can be far shorter if you multiply out."


class Unknown(Exception):
    """The text holds something that a formula may not."""


@dataclass(frozen=True, kw_only=True)
class Expression(Exercise):
    """A formula in given variables, compared with the right one at random points.

    Attributes
    ----------
    expected : str
        A right formula.
    variables : dict
        {name: (low, high)}: the names that the formula may use, and the range from which each is drawn.
    mistakes : dict
        {wrong formula: its `Mistake` or the sentence that names it}.
    ratios : dict
        {factor: words}, for formulas that are off by a constant factor.
    most : int, optional
        Where a short formula is asked for: the most operations that a right one may hold.
    """

    expected: str
    variables: Mapping[str, tuple[float, float]]
    mistakes: Mapping[str, Mistake | str] = field(default_factory=dict)
    ratios: Mapping[float, str] = field(
        default_factory=lambda: {-1.0: "The size is right everywhere, but the sign is not."}
    )
    most: int | None = None
    tolerance: float = 1e-9

    @np.errstate(all="ignore")
    def judge(self, answer: Any, rng: np.random.Generator) -> Verdict:
        """Parse the formula, evaluate both, and name the mistake that alone gives the same numbers."""
        if is_blank(answer):
            return BLANK
        if not issubclass(type(answer), str):
            message = f'`{self.name}` must be a formula in quotes, as in "x + 1"; it is {a_kind_of(answer)}.'
            return Verdict("type", 0.0, message)
        points = {name: rng.uniform(*ends, POINTS) for name, ends in self.variables.items()}
        try:
            value = evaluate(str.__str__(answer), points)
        except Unknown as unknown:
            return Verdict("type", 0.0, f"`{self.name}` cannot be read: {unknown}")
        if not finite(value):
            return Verdict("nonfinite", 0.0, "Your formula gives nan or inf where the right one gives numbers.")
        right = evaluate(self.expected, points)
        if close(value, right, self.tolerance):
            if self.most is not None and _operations(str.__str__(answer)) > self.most:
                return Verdict("wrong", 0.0, LONG, "too long")
            return RIGHT
        for ratio, words in self.ratios.items():
            if close(value, ratio * right, self.tolerance):
                return Verdict("wrong", 0.0, words, words)
        fitting = {
            named(mistake)
            for formula, mistake in self.mistakes.items()
            if close(value, evaluate(formula, points), self.tolerance)
        }
        if len(fitting) == 1:
            mistake = fitting.pop()
            return Verdict("wrong", 0.0, str(mistake), mistake.name)
        return Verdict("wrong", 0.0, f"Not yet. At random points it gives different numbers. {self.ask}")


def evaluate(text: str, points: Mapping[str, Plain]) -> Plain:
    """Return the values of a formula at the points, an array of shape (POINTS,).

    Raises
    ------
    Unknown
        It is no formula in these variables; the message says what is not understood.

    >>> evaluate("2 * a", {"a": np.array([1.0, 2.0])})
    array([2., 4.])
    """
    if len(text) > LONGEST:
        raise Unknown(f"it is longer than {LONGEST} characters.")
    tree = _parsed(text)
    with np.errstate(all="ignore"):
        value = _walk(tree.body, points)
        return np.zeros(len(next(iter(points.values())))) + value


def _parsed(text: str) -> ast.Expression:
    try:
        return ast.parse(text.strip().translate(SIGNS), mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise Unknown("this is not a formula. Write every `*`, and close every bracket.") from None


def _operations(text: str) -> int:
    """Count the operations and calls of a formula."""
    return sum(isinstance(node, (ast.BinOp, ast.UnaryOp, ast.Call)) for node in ast.walk(_parsed(text)))


def _walk(node: ast.AST, points: Mapping[str, Plain]) -> Any:
    match node:
        case ast.Constant(value=float() | int() as number) if not isinstance(number, bool) and abs(number) < 1e100:
            return np.float64(number)
        case ast.Name(id=name) if name in points:
            return points[name]
        case ast.UnaryOp(op=op, operand=operand) if type(op) in OPERATORS:
            return OPERATORS[type(op)](_walk(operand, points))
        case ast.BinOp(left=left, op=op, right=right) if type(op) in OPERATORS:
            return OPERATORS[type(op)](_walk(left, points), _walk(right, points))
        case ast.Call(func=ast.Name(id=name), args=[argument], keywords=[]) if name in FUNCTIONS:
            return FUNCTIONS[name](_walk(argument, points))
        case ast.Call(
            func=ast.Attribute(value=ast.Name(id="np" | "math"), attr=name), args=[argument], keywords=[]
        ) if name in FUNCTIONS:
            return FUNCTIONS[name](_walk(argument, points))
        case ast.BinOp(op=ast.BitXor()):
            raise Unknown("powers are written with `**`.")
        case ast.Name(id=name):
            raise Unknown(_unknown_name(name, points))
        case ast.Call(func=ast.Name(id=name)) if name in points:
            raise Unknown(f"write every `*`, also the one between `{name}` and a bracket.")
        case ast.Call(func=ast.Constant() | ast.BinOp()):
            raise Unknown("write every `*`, also the one before a bracket.")
        case ast.Call(func=func):
            raise Unknown(f"of functions it may use {', '.join(FUNCTIONS)}; it calls {ast.unparse(func)[:40]}.")
    raise Unknown("it may hold numbers, its variables, + - * / ** and functions of one number, nothing else.")


def _unknown_name(name: str, points: Mapping[str, Plain]) -> str:
    if name in FUNCTIONS:
        return f"`{name}` is a function of one number: write `{name}(...)`."
    quoted = [f"`{variable}`" for variable in points]
    only = " and ".join([", ".join(quoted[:-1]), quoted[-1]]) if len(quoted) > 1 else quoted[0]
    return f"it may use {only} only; `{name}` is unknown{': write `exp(...)`' if name == 'e' else ''}."
