"""What a reader typed, as a list of operations. Python's own parser reads it; nothing is ever evaluated as code."""

import ast
import math
import re
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from ... import graph
from ..controls.words import bracketed, number

__all__ = ["OPERATIONS", "Operation", "Program", "parse"]

VARIABLES = ("x", "y")
LENGTH, MOST = 200, 16
"""So many characters are read, so many operations drawn."""
DIGITS, LOW, HIGH = "0123456789", "₀₁₂₃₄₅₆₇₈₉", "⁰¹²³⁴⁵⁶⁷⁸⁹"
LOWERED = str.maketrans(DIGITS, LOW)
CONSTANTS = {"e": math.e, "pi": math.pi}


class Rule(NamedTuple):
    """How an operation is computed and written: {0} and {1} stand for its arguments, {v} for its result."""

    compute: Callable[..., graph.Node]
    formula: str
    slopes: tuple[str, ...]
    code: str
    needs: str = "a smaller number"


OPERATIONS = {
    "add": Rule(graph.add, "{0} + {1}", ("1", "1"), "{0} + {1}"),
    "subtract": Rule(graph.subtract, "{0} − {1}", ("1", "(−1)"), "{0} - {1}"),
    "multiply": Rule(graph.multiply, "{0} · {1}", ("{1}", "{0}"), "{0} * {1}"),
    "divide": Rule(graph.divide, "{0} / {1}", ("(1/{1})", "(−{0}/{1}²)"), "{0} / {1}", "a divisor other than 0"),
    "power": Rule(graph.power, "{0} ^ {1}", ("({1} · {0}^({1} − 1))",), "{0} ** {1}", "a base that has such a power"),
    "negate": Rule(lambda a: -1.0 * a, "−{0}", ("(−1)",), "-{0}"),
    "exp": Rule(graph.exp, "exp({0})", ("{v}",), "exp({0})", "a smaller argument"),
    "log": Rule(graph.log, "log({0})", ("(1/{0})",), "log({0})", "an argument above 0"),
    "relu": Rule(graph.relu, "relu({0})", ("[{0} > 0]",), "relu({0})"),
    "sigmoid": Rule(graph.sigmoid, "sigmoid({0})", ("{v}(1 − {v})",), "sigmoid({0})"),
    "sin": Rule(graph.sin, "sin({0})", ("cos({0})",), "sin({0})"),
    "tanh": Rule(graph.tanh, "tanh({0})", ("(1 − {v}²)",), "tanh({0})"),
}
FUNCTIONS = {name: name for name in ("exp", "log", "relu", "sigmoid", "sin", "tanh")} | {"ln": "log"}
BINARY = {ast.Add: "add", ast.Sub: "subtract", ast.Mult: "multiply", ast.Div: "divide", ast.Pow: "power"}
INFIX = (*BINARY.values(), "negate")


class Operation(NamedTuple):
    """A variable, or what is computed from earlier operations (whole numbers: their places) and constants (floats)."""

    kind: str
    name: str
    arguments: tuple[int | float, ...] = ()

    @property
    def inputs(self) -> list[int]:
        """The places of the operations that this one depends on, one for each use."""
        return [a for a in self.arguments if isinstance(a, int)]


class Program(NamedTuple):
    """The variables that occur, then one operation after another, each after its inputs; the last one is f."""

    operations: list[Operation]

    def compute(self, point: dict[str, float]) -> list[graph.Node]:
        """Return the node of every operation, or raise a ValueError that says which has no finite number here."""
        nodes: list[graph.Node] = []
        for k, operation in enumerate(self.operations):
            if operation.kind == "variable":
                nodes.append(graph.variable(point[operation.name], operation.name))
                continue
            rule = OPERATIONS[operation.kind]
            with np.errstate(all="ignore"):
                node = rule.compute(*(nodes[a] if isinstance(a, int) else a for a in operation.arguments))
                try:
                    slopes = [edge.vjp(np.ones(())) for edge in node.edges if edge.parent.varies]
                except ValueError:  # a root at 0, where the graph computes no slope
                    slopes = [np.array(np.inf)]
            nodes.append(node)
            for what, value in [("", node.value), *(("the slope of ", slope) for slope in slopes)]:
                if not np.isfinite(value):
                    numbers = self.written(k, nodes)
                    raise ValueError(f"{what}{self.formula(k)} = {numbers} is {value:g} here: it needs {rule.needs}.")
        return nodes

    def name(self, k: int) -> str:
        """Return the symbol of an operation: x, y, v₁, v₂, up to f."""
        return self.operations[k].name

    def formula(self, k: int) -> str:
        """Return the right side of an operation in symbols."""
        symbols = self._filled(OPERATIONS[self.operations[k].kind].formula, k, self.name)
        return re.sub(r" \^ (\d)$", lambda power: HIGH[int(power[1])], symbols)

    def written(self, k: int, nodes: list[graph.Node]) -> str:
        """Return the right side of an operation with its numbers."""
        write = bracketed if self.operations[k].kind in INFIX else number
        return self._filled(OPERATIONS[self.operations[k].kind].formula, k, lambda a: write(nodes[a].value.item()))

    def slope(self, k: int, argument: int) -> str:
        """Return the local derivative of an operation with respect to one of its arguments, in symbols."""
        return self._filled(OPERATIONS[self.operations[k].kind].slopes[argument], k, self.name)

    def code(self, k: int) -> str:
        """Return the right side of an operation in Python."""
        return self._filled(OPERATIONS[self.operations[k].kind].code, k, lambda a: plain(self.name(a)), repr)

    def _filled(
        self, template: str, k: int, named: Callable[[int], str], constant: Callable[[float], str] = bracketed
    ) -> str:
        arguments = [named(a) if isinstance(a, int) else constant(a) for a in self.operations[k].arguments]
        return template.format(*arguments, v=self.name(k))


def plain(name: str) -> str:
    """Return the symbol as a name in Python: v₁ is v1."""
    return name.translate({ord(low): digit for digit, low in zip(DIGITS, LOW, strict=True)})


def parse(text: str) -> Program:
    """Read an expression in x and y.

    Raises
    ------
    ValueError
        It is none, or too long, or holds anything but numbers, x, y, arithmetic and the known functions.
    """
    if len(text) > LENGTH:
        raise ValueError(f"the expression must have at most {LENGTH} characters; got {len(text)}.")
    try:
        tree = ast.parse(text.strip().translate(str.maketrans("−·×÷", "-**/")), mode="eval")
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        raise ValueError(f"the expression must read like log(x) + x * y; got {text[:60]!r}.") from None
    reader = _Reader()
    last = reader.read(tree.body)
    if not isinstance(last, int) or not reader.found[last].arguments:
        raise ValueError(f"the expression must compute something from x or y; got {text[:60]!r}.")
    return _in_layers(reader.found)


class _Reader:
    """Collects the operations of a syntax tree; a part that is written twice is found once."""

    def __init__(self) -> None:
        self.found: list[Operation] = []
        self._places: dict[str, int] = {}

    def read(self, part: ast.expr) -> int | float:
        """Return the place of this part among the operations, or its number when it is constant."""
        if isinstance(part, ast.Constant) and isinstance(part.value, int | float) and not isinstance(part.value, bool):
            return self._number(part.value, part)
        if isinstance(part, ast.Name):
            if part.id in CONSTANTS:
                return CONSTANTS[part.id]
            if part.id not in VARIABLES:
                raise ValueError(f"the expression may hold the variables x and y; got {part.id}.")
            return self._place(Operation("variable", part.id))
        if isinstance(part, ast.UnaryOp) and isinstance(part.op, ast.USub | ast.UAdd):
            inner = self.read(part.operand)
            return inner if isinstance(part.op, ast.UAdd) else self._operation("negate", (inner,), part)
        if isinstance(part, ast.BinOp) and type(part.op) in BINARY:
            return self._operation(BINARY[type(part.op)], (self.read(part.left), self.read(part.right)), part)
        if isinstance(part, ast.Call) and isinstance(part.func, ast.Name) and part.func.id in FUNCTIONS:
            if len(part.args) != 1 or part.keywords:
                raise ValueError(
                    f"{part.func.id} takes one argument, as in {part.func.id}(x); got {ast.unparse(part)}."
                )
            return self._operation(FUNCTIONS[part.func.id], (self.read(part.args[0]),), part)
        raise ValueError(
            "the expression may hold numbers, x, y, + - * / **, brackets and the functions "
            f"{', '.join(sorted(OPERATIONS.keys() & FUNCTIONS.keys()))}; got {ast.unparse(part)[:40]}."
        )

    def _operation(self, kind: str, arguments: tuple[int | float, ...], part: ast.expr) -> int | float:
        if kind == "power" and isinstance(arguments[1], int):
            raise ValueError(
                f"the exponent must be a number; got {ast.unparse(part)}. Write exp(b * log(a)) for a ** b."
            )
        if any(isinstance(a, int) for a in arguments):
            return self._place(Operation(kind, "", arguments))
        with np.errstate(all="ignore"):
            return self._number(OPERATIONS[kind].compute(*arguments).value.item(), part)

    def _number(self, value: float, part: ast.expr) -> float:
        if not abs(value) <= 1e100:
            raise ValueError(
                f"the numbers in the expression must be below 1e100 in size; got {ast.unparse(part)[:40]}."
            )
        return float(value)

    def _place(self, operation: Operation) -> int:
        place = self._places.setdefault(repr(operation), len(self.found))  # repr tells 1, a place, from 1.0
        if place == len(self.found):
            self.found.append(operation)
        if len([None for found in self.found if found.kind != "variable"]) > MOST:
            raise ValueError(f"the expression must have at most {MOST} operations to be drawn; it has more.")
        return place


def _in_layers(found: list[Operation]) -> Program:
    """Sort the operations by their distance from the variables, and name them v₁, v₂, ..., f."""
    layer: list[int] = []
    for operation in found:
        layer.append(1 + max((layer[a] for a in operation.inputs), default=-1))
    order = sorted(range(len(found)), key=lambda k: (layer[k], found[k].name, k))
    place = {k: new for new, k in enumerate(order)}
    first = layer.count(0)
    operations = []
    for new, k in enumerate(order):
        kind, name, arguments = found[k]
        if kind != "variable":
            name = "f" if k == order[-1] else f"v{new - first + 1}".translate(LOWERED)
        operations.append(Operation(kind, name, tuple(place[a] if isinstance(a, int) else a for a in arguments)))
    return Program(operations)
