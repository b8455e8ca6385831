"""Chapter 02: a chain with a branch. Nudge one node and watch all the others move."""

import math
from itertools import pairwise
from typing import Any

import numpy as np

from ..graph import Node, backward, forward_mode, variable
from .controls.words import bracketed, number
from .views.graph.diagram import GraphDiagram, factor, typed
from .views.graph.layout import layout

__all__ = ["chain"]

NAMES = ["x", "u", "v", "w", "y"]
FORMULAS = {"x": "x", "u": "u = x²", "v": "v = 3u", "w": "w = u + 1", "y": "y = v w"}
CODE = {"x": "variable({x})", "u": "{x}**2", "v": "3 * {u}", "w": "{u} + 1", "y": "{v} * {w}"}
FIRST = {"x": 2.0, "nudge": 0.01}
SIZES = [1, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.001, 1e-4, 1e-5, 1e-6]
STOPS = sorted([*SIZES, *(-size for size in SIZES)])
Moved = tuple[float, float, float]
X, SMALLEST, LARGEST = 10.0, 1e-8, 10.0
"""The largest x, and the range of nudges: a smaller one would be lost in rounding."""


def _graph(x: float, at: str = "", h: float = 0.0) -> dict[str, Node]:
    """Return the nodes by name; h is added to the node named `at`, and what depends on it follows."""
    values: dict[str, Node] = {}

    def put(name: str, value: Node) -> Node:
        values[name] = value + h if name == at else value
        return values[name]

    put("x", variable(x))
    u = put("u", values["x"] ** 2)
    v = put("v", 3 * u)
    w = put("w", u + 1)
    put("y", v * w)
    return values


class _Chain(GraphDiagram):
    """The chain x, u, v and w, y.

    Attributes
    ----------
    x, nudge : float
        What the reader has set.
    values, adjoint : dict
        Of every node at rest: its value, and dy/d of it.
    slope : dict
        Of every link (start, end): its local derivative.
    """

    def __init__(self) -> None:
        self.x, self.nudge = FIRST["x"], FIRST["nudge"]
        super().__init__("A chain you can nudge", "Nudge u by 0.01: by how much does y move, and along which paths?")

    def set(self, name: str, value: object) -> None:
        """Set "x", or "nudge", the size of the nudge; say so in `message` when that cannot be."""
        try:
            if name == "x":
                self.x = typed("x", value, -X, X)
            else:
                h = typed("the nudge", value, -LARGEST, LARGEST)
                if abs(h) < SMALLEST:
                    raise ValueError(f"the nudge must be at least {SMALLEST:g} up or down; got {h:g}. It is as it was.")
                self.nudge = h
        except ValueError as reason:
            self.message = str(reason)
            return
        with self.hold_sync():
            self.state, self.message = self._state(), ""

    def choose(self, name: str) -> None:
        """Nudge the node of this name, or none when it is empty."""
        if name and name not in NAMES:
            self.message = f"the node must be one of {', '.join(NAMES)}; got {name!r}."
            return
        self.frame, self.message = ["", *NAMES].index(name), ""

    def rewind(self) -> None:
        """Put x, the nudge and the choice back to where they began."""
        self.x, self.nudge = FIRST["x"], FIRST["nudge"]
        with self.hold_sync():
            self.frame, self.state, self.message = 0, self._state(), "Rewound to x = 2."

    def moved(self, name: str) -> dict[str, Moved]:
        """Return for every node how far it moves, that over the nudge, and the derivative, when `name` is nudged."""
        rest, after = _graph(self.x), _graph(self.x, name, self.nudge)
        tangent = forward_mode(rest["y"], {rest[name]: 1.0})
        change = {k: (after[k].value - rest[k].value).item() for k in NAMES}
        return {k: (change[k], change[k] / self.nudge, float(tangent[rest[k]])) for k in NAMES}

    def paths(self, name: str) -> list[tuple[str, list[float]]]:
        """Return the paths from a node to y, each with its local derivatives in order."""
        if name == "y":
            return [("y", [])]
        return [
            (f"{name} → {path}", [slope, *factors])
            for (start, end), slope in self.slope.items()
            if start == name
            for path, factors in self.paths(end)
        ]

    # What the browser draws -----------------------------------------------------------------------------------

    def _compute(self) -> None:
        nodes = _graph(self.x)
        adjoint, name = backward(nodes["y"]), {node: name for name, node in nodes.items()}
        self.values = {name: node.value.item() for name, node in nodes.items()}
        self.adjoint = {name: float(adjoint[node]) for name, node in nodes.items()}
        self.slope = {
            (name[edge.parent], end): float(edge.vjp(np.ones(())))
            for end, node in nodes.items()
            for edge in node.edges
            if edge.parent in name
        }

    def _state(self) -> dict[str, Any]:
        self._compute()
        placed = layout([[NAMES.index(start) for start, end in self.slope if end == name] for name in NAMES])
        return {
            "size": placed["size"],
            "links": placed["links"],
            "nodes": [
                {"name": name, "formula": FORMULAS[name], "at": placed["at"][k], "frames": [k + 1, 0]}
                for k, name in enumerate(NAMES)
            ],
            "fields": [
                {"name": "x", "label": "x =", "value": f"{self.x:g}", "min": -3, "max": 3, "step": 0.1},
                {"name": "nudge", "label": "nudge by", "value": f"{self.nudge:g}", "stops": STOPS},
            ],
            "stepped": False,
            "code": self._code(),
            "legend": "In the nodes: values. Blue: local derivatives. To nudge a node, click it, or Tab and Enter. "
            "Point at a factor of a path to see its link.",
            "frames": [self._at_rest(), *map(self._nudged, NAMES)],
        }

    def _at_rest(self) -> dict[str, Any]:
        nodes = [{"value": self.values[name], "lines": ["", ""], "look": "known"} for name in NAMES]
        words = "Guess first. Then choose a node: it is nudged, and every node after it moves."
        links = [{"slope": slope, "on": False} for slope in self.slope.values()]
        return {"title": "Nothing is nudged", "words": words, "table": "", "nodes": nodes, "links": links}

    def _nudged(self, name: str) -> dict[str, Any]:
        after, moved = _graph(self.x, name, self.nudge), self.moved(name)
        reached = " → ".join([name, *(path for path, _ in self.paths(name))]).split(" → ")
        nodes = [
            {
                "value": after[k].value.item(),
                "lines": [_signed(moved[k][0]), f"ratio {number(moved[k][1])}"] if k in reached else ["", ""],
                "look": "now" if k == name else "known" if k in reached else "",
            }
            for k in NAMES
        ]
        return {
            "title": f"{name} is nudged by {number(self.nudge)}",
            "words": self._along(name),
            "table": _table(name, self.values, after, moved),
            "nodes": nodes,
            "links": [{"slope": slope, "on": start in reached} for (start, _), slope in self.slope.items()],
            "code": self._nudging(name),
        }

    def _along(self, name: str) -> str:
        """Return the paths from the nudged node to y with their numbers, and what no path accounts for."""
        if name == "y":
            return "y itself is nudged: nothing comes after it."
        change, _, derivative = self.moved(name)["y"]
        said = []
        links = list(self.slope)
        for path, slopes in self.paths(name):
            factors = [
                factor(bracketed(slope), f"l{links.index((start, end))}", f"local derivative of {end} by {start}")
                for (start, end), slope in zip(pairwise(path.split(" → ")), slopes, strict=True)
            ]
            product, written = math.prod(slopes), " · ".join(factors)
            equals = f"{written} = {number(product)}" if len(factors) > 1 else written
            said.append(f"Along {path}: {equals}, which moves y by {_signed(product * self.nudge)}.")
        names = {"x": "CR, MV", "u": "MV"}.get(name, "CR")
        foretold = derivative * self.nudge
        whole = (
            f"dy/d{name} = {number(derivative)} ({names}) foretells {_signed(foretold)}; y moves by {_signed(change)}."
        )
        return "<br>\n".join([*said, whole, self._left_over(change - foretold, curved=name in ("x", "u"))])

    def _left_over(self, rest: float, curved: bool) -> str:
        rounding = 1e-14 * max(1.0, abs(self.values["y"]))
        if abs(rest) <= rounding and curved:
            return f"What is left over, of second order, is lost in rounding: it is below {number(rounding)}."
        if abs(rest) <= rounding:
            return "Nothing is left over."
        return f"Left over: {number(rest)}, of second order: halve a small nudge, and a quarter of it is left."

    def _code(self) -> str:
        made = [
            f"{name} = {CODE[name].format(x=repr(self.x) if name == 'x' else 'x', u='u', v='v', w='w')}"
            for name in NAMES
        ]
        lines = ["from bpbook.graph import backward, variable", "", *made, "dy = backward(y)  # dy[u] is dy/du", ""]
        return "\n".join(lines)

    def _nudging(self, name: str) -> str:
        new = {k: f"{k}_new" for k in NAMES}
        lines = ["", f"h = {self.nudge!r}"]
        for k in NAMES:
            made = "x" if k == "x" else CODE[k].format(**new)
            lines.append(f"{new[k]} = {made}{' + h' if k == name else ''}")
        lines.append(f"ratio = (y_new.value - y.value) / h  # beside dy[{name}]")
        return "\n".join(lines)

    def __repr__(self) -> str:
        y, slope = self.values["y"], self.adjoint["x"]
        return f"[experiment] {self.title.lower()}; x = {self.x:.6g}, y = {y:.6g}, dy/dx = {slope:.6g}"


def _table(name: str, values: dict[str, float], after: dict[str, Node], moved: dict[str, Moved]) -> str:
    heads = ["node", "before", "after", "moves by", "ratio to the nudge", f"d/d{name}"]
    rows = ["".join(f"<th>{head}</th>" for head in heads)]
    for k in NAMES:
        numbers = [values[k], after[k].value.item(), *moved[k]]
        rows.append("".join(f"<td>{text}</td>" for text in [k, *map(number, numbers)]))
    return f"<table>{''.join(f'<tr>{row}</tr>' for row in rows)}</table>"


def _signed(value: float) -> str:
    return number(value) if value < 0 else f"+{number(value)}"


def chain() -> GraphDiagram:
    """Return the experiment of chapter 02: nudge a node of x, u = x^2, v = 3u and w = u + 1, y = v w.

    Examples
    --------
    >>> chain()
    [experiment] a chain you can nudge; x = 2, y = 60, dy/dx = 108
    """
    return _Chain()
