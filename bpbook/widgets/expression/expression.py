"""Chapter 07: an expression becomes a graph; values go forward, adjoints come back, one node at a time."""

import unicodedata
from typing import Any

from ...graph import Node, PerNode, backward, forward_mode
from ..controls.words import bracketed, number
from ..views.graph.diagram import LEFT, GraphDiagram, factor, typed
from ..views.graph.layout import layout
from .parser import parse, plain

__all__ = ["expression_graph"]

FIRST = "log(x) + x * y - sin(y)"
POINT = {"x": 2.0, "y": 5.0}
FARTHEST = 100.0
QUESTION = "Which nodes are told their adjoint in parts, and when may they pass it on?"


class _Expression(GraphDiagram):
    """An expression in x and y and its graph.

    Attributes
    ----------
    expression : str
    point : dict
        The values of x and y.
    program : Program
    nodes : list of Node
        One for each operation of the program.
    adjoint : PerNode
        df/d of every node.
    tangent : dict
        For x and y, where they occur, the tangents of all nodes when it moves with speed 1.
    """

    def __init__(self, expression: str) -> None:
        self.expression, self.point = expression, dict(POINT)
        self._first = expression
        self.program = parse(expression)
        self.nodes = self.program.compute(self.point)
        super().__init__("An expression as a graph", QUESTION)

    def set(self, name: str, value: object) -> None:
        """Set "expression", "x" or "y"; when that cannot be, say so in `message` and leave everything as it was."""
        expression, point = self.expression, dict(self.point)
        if name == "expression":
            expression = str(value)
        try:
            if name in point:
                point[name] = typed(name, value, -FARTHEST, FARTHEST)
            program = parse(expression)
            nodes = program.compute(point)
        except ValueError as reason:
            self.message = f"{str(reason).removesuffix(LEFT)}{LEFT}"
            return
        same = expression == self.expression
        self.expression, self.point, self.program, self.nodes = expression, point, program, nodes
        with self.hold_sync():
            if not same:
                self.frame = 0
            self.state, self.message = self._state(), ""

    def rewind(self) -> None:
        """Go back to the first expression, at x = 2 and y = 5."""
        self.expression, self.point = self._first, dict(POINT)
        self.program = parse(self.expression)
        self.nodes = self.program.compute(self.point)
        with self.hold_sync():
            self.frame, self.state = 0, self._state()
            self.message = "Rewound to the first expression, at x = 2 and y = 5."

    # What the browser draws -----------------------------------------------------------------------------------

    @property
    def _first_operation(self) -> int:
        """The place of the first operation, after the variables."""
        return len([None for operation in self.program.operations if operation.kind == "variable"])

    def _state(self) -> dict[str, Any]:
        f, count = self.nodes[-1], len(self.nodes)
        self.adjoint: PerNode = backward(f)
        variables = self.nodes[: self._first_operation]
        self.tangent = {node.name: forward_mode(f, {node: 1.0}) for node in variables}
        placed = layout([operation.inputs for operation in self.program.operations])
        first, last = self._first_operation, 2 * (count - self._first_operation) + 1
        frames_of = [[0, last] if k < first else [k - first + 1, last - (k - first)] for k in range(count)]
        fields = [
            {"name": name, "label": f"{name} =", "value": f"{self.point[name]:g}", "min": -10, "max": 10, "step": 0.1}
            for name in POINT
        ]
        return {
            "size": placed["size"],
            "links": placed["links"],
            "nodes": [
                {"name": self.program.name(k), "formula": self._title(k), "at": placed["at"][k], "frames": frames_of[k]}
                for k in range(count)
            ],
            "fields": [{"name": "expression", "label": "f =", "value": self.expression, "wide": True}, *fields],
            "stepped": True,
            "code": self._code(),
            "legend": "In the nodes: values. Blue: local derivatives. Orange, below: adjoints. What is written twice "
            "becomes one node. Click a node, or Tab and Enter, to go to its step. Point at a factor on the "
            "way back, or at a link or a node: what belongs together lights up.",
            "frames": self._frames(first, count),
        }

    def _title(self, k: int) -> str:
        name = self.program.name(k)
        return name if self.program.operations[k].kind == "variable" else f"{name} = {self.program.formula(k)}"

    def _frames(self, first: int, count: int) -> list[dict[str, Any]]:
        """Return the frames: the variables, a value each, the seed, then every operation sends its adjoint back."""
        gathered: dict[int, list[float]] = {}
        names = " and ".join(f"{self.program.name(k)} = {number(self.nodes[k].value.item())}" for k in range(first))
        frames = [self._frame(first, gathered, -1, "The variables", f"Given: {names}.", first)]
        for k in range(first, count):
            frames.append(self._frame(k + 1, gathered, k, f"Forward: {self.program.name(k)}", self._forward(k), first))
        gathered[count - 1] = [1.0]
        seed = "f̄ = df/df = 1. Here the way back begins."
        frames.append(self._frame(count, gathered, count - 1, "The seed", seed, first))
        for k in range(count - 1, first - 1, -1):
            words = self._sent(k, gathered)
            if k == first:
                words += f"<br>\n<b>The gradient:</b> {self._gradient(first)}."
            title = f"Back: {self.program.name(k)} sends its adjoint on (RM)"
            frames.append(self._frame(count, gathered, k, title, words, first, sending=True))
        return frames

    def _forward(self, k: int) -> str:
        value = number(self.nodes[k].value.item())
        return f"{self._title(k)} = {self.program.written(k, self.nodes)} = {value}"

    def _sent(self, k: int, gathered: dict[int, list[float]]) -> str:
        """Let operation k send its adjoint to its inputs; note what each has gathered, and say so."""
        said = []
        adjoint = gathered[k][-1]
        links = sum(len(operation.inputs) for operation in self.program.operations[:k])  # those of the nodes before
        for link, (argument, i, slope) in enumerate(self._edges(k), start=links):
            before = gathered.setdefault(i, [])
            after = (before[-1] if before else 0.0) + slope * adjoint
            local = f"local derivative of {self.program.name(k)} by {self.program.name(i)}"
            rule = factor(self.program.slope(k, argument), f"l{link}", local)
            begun = f"{factor(number(before[-1]), f'n{i}')} + " if before else ""
            product = f"{factor(bracketed(adjoint), f'n{k}')} · {factor(bracketed(slope), f'l{link}')}"
            sum_ = factor(number(after), f"n{i}")
            said.append(f"{self._adjoint(i)} += {self._adjoint(k)} · {rule} = {begun}{product} = {sum_}")
            before.append(after)
        return "<br>\n".join(said)

    def _adjoint(self, k: int) -> str:
        name = self.program.name(k)
        return factor(_bar(name), f"n{k}", f"adjoint of {name}")

    def _edges(self, k: int) -> list[tuple[int, int, float]]:
        """Return for every use that operation k makes: which argument, of which operation, the local derivative."""
        arguments = self.program.operations[k].arguments
        used = [(n, a) for n, a in enumerate(arguments) if isinstance(a, int)]
        edges = [edge for edge in self.nodes[k].edges if edge.parent.varies]
        one = self.nodes[k].value * 0 + 1.0
        return [(n, a, float(edge.vjp(one))) for (n, a), edge in zip(used, edges, strict=True)]

    def _frame(
        self,
        known: int,
        gathered: dict[int, list[float]],
        now: int,
        title: str,
        words: str,
        first: int,
        sending: bool = False,
    ) -> dict[str, Any]:
        """Return a frame in which the first `known` nodes have their values, and `gathered` their adjoints so far."""
        nodes, links = [], []
        for k, node in enumerate(self.nodes):
            parts, uses = gathered.get(k, []), self._uses(k)
            more = " + …" if 0 < len(parts) < uses else ""
            line = f"{_bar(self.program.name(k))} = {number(parts[-1])}{more}" if parts else ""
            value = node.value.item() if k < known else None
            nodes.append(
                {"value": value, "lines": [line, ""], "look": "now" if k == now else "known" if k < known else ""}
            )
            slopes = [slope if k < known else None for _, _, slope in self._edges(k)]
            links += [{"slope": slope, "on": k == now and (sending or not gathered)} for slope in slopes]
        return {
            "title": title,
            "words": words,
            "table": self._table(known, gathered, now),
            "nodes": nodes,
            "links": links,
        }

    def _uses(self, k: int) -> int:
        return max(1, sum(operation.inputs.count(k) for operation in self.program.operations))

    def _table(self, known: int, gathered: dict[int, list[float]], now: int) -> str:
        """Return what each node is and has so far: value, tangents (forward mode) and adjoint (reverse mode)."""
        heads = ["node", "value", *(f"moves with {name} (FM)" for name in self.tangent), "adjoint (RM)"]
        rows = ["<tr>" + "".join(f"<th>{head}</th>" for head in heads) + "</tr>"]
        for k, node in enumerate(self.nodes):
            cells = [self._title(k)]
            numbers = [node.value, *(tangent[node] for tangent in self.tangent.values())]
            cells += [number(value.item()) if k < known else "" for value in numbers]
            cells.append(number(gathered[k][-1]) if k in gathered else "")
            row = "".join(f"<td>{cell}</td>" for cell in cells)
            rows.append(f'<tr class="now">{row}</tr>' if k == now else f"<tr>{row}</tr>")
        return f"<table>{''.join(rows)}</table>"

    def _gradient(self, first: int) -> str:
        found = [f"∂f/∂{node.name} = {number(float(self.adjoint[node]))}" for node in self.nodes[:first]]
        forward = "one sweep of forward mode" if first == 1 else f"{first} sweeps of forward mode"
        return f"{', '.join(found)}, after one sweep; {forward} found the same in the row of f"

    def _code(self) -> str:
        operations, program = self.program.operations, self.program
        kinds = {operation.kind for operation in operations}
        functions = sorted(kinds & {"exp", "log", "relu", "sigmoid", "sin", "tanh"})
        lines = [
            f"from bpbook.graph import {', '.join(sorted([*functions, 'backward', 'forward_mode', 'variable']))}",
            "",
        ]
        for k, operation in enumerate(operations):
            if operation.kind == "variable":
                lines.append(f"{operation.name} = variable({self.point[operation.name]!r})")
            else:
                lines.append(f"{plain(operation.name)} = {program.code(k)}")
        name = operations[0].name
        lines += ["", f"adjoint = backward(f)  # adjoint[{name}] is df/d{name}"]
        lines.append(f"tangent = forward_mode(f, {{{name}: 1.0}})  # tangent[f] is the same")
        return "\n".join(lines)

    def __repr__(self) -> str:
        variables: list[Node] = self.nodes[: self._first_operation]
        slopes = ", ".join(f"df/d{node.name} = {float(self.adjoint[node]):.6g}" for node in variables)
        return f"[experiment] {self.title.lower()}; f = {self.expression} = {self.nodes[-1].value.item():.6g}, {slopes}"


def _bar(name: str) -> str:
    """Return the symbol of a node's adjoint: v̄₁ for v₁."""
    return unicodedata.normalize("NFC", f"{name[0]}\u0304{name[1:]}")


def expression_graph(expression: str = FIRST) -> GraphDiagram:
    """Return the experiment of chapter 07: type an expression, see its graph, step the adjoints back.

    Parameters
    ----------
    expression : str
        In x and y, with + - * / **, numbers, e, pi, and exp, log, relu, sigmoid, sin, tanh; at most 16 operations.

    Raises
    ------
    ValueError
        It is no such expression, or has no finite value and slopes at x = 2, y = 5.

    Examples
    --------
    >>> expression_graph("x * y")
    [experiment] an expression as a graph; f = x * y = 10, df/dx = 5, df/dy = 2
    """
    return _Expression(expression)
