"""What submissions share with each other and with the library: numbers for a teacher to look at, and no verdict."""

import ast
from collections.abc import Mapping, Sequence
from functools import cache
from hashlib import sha256
from itertools import combinations
from pathlib import Path
from statistics import median
from typing import Any

__all__ = ["borrowed", "fingerprints", "from_library", "pairs"]

ENOUGH = 25
"""So many nodes of syntax an answer must have; below, everybody writes the same."""
FEW = 2
"""So many equal answers a pair must have to be named, and so many lines of the library an answer."""
LINE = 15
"""So many nodes of syntax a line must have to be compared with the library."""


def fingerprints(cells: Sequence[str], names: Sequence[str]) -> dict[str, str | None]:
    r"""Return a hash of the code that sets each answer, whatever its layout and comments; None if it is too short.

    >>> long = "def f(a, b):\n    c = a @ b\n    d = c * (1 - c)\n    return d / len(d)"
    >>> fingerprints([long], ["f"]) == fingerprints(["# mine\n" + long.replace(" @ ", "@")], ["f"])
    True
    >>> fingerprints(["f = 3"], ["f"])
    {'f': None}
    """
    last = _last(cells, names)
    return {name: _hash(last[name]) if name in last else None for name in names}


def from_library(cells: Sequence[str], names: Sequence[str]) -> dict[str, tuple[int, int]]:
    r"""Return for each answer how many of its longer lines stand in the library too, and how many it has.

    >>> written = "def back(delta, W, z, f, l):\n    delta[l] = (delta[l + 1] @ W[l + 1].T) * f[l].prime(z[l])"
    >>> from_library([written, "n = 3"], ["back", "n", "m"])
    {'back': (1, 1), 'n': (0, 0), 'm': (0, 0)}
    """
    last = _last(cells, names)
    lines = {name: _lines(last[name]) if name in last else [] for name in names}
    return {name: (sum(line in _library() for line in found), len(found)) for name, found in lines.items()}


@cache
def _library() -> frozenset[str]:
    """Return the longer lines of the modules that derive, compute and check gradients."""
    modules = Path(__file__).resolve().parents[2].glob("*.py")
    return frozenset(line for path in modules for line in _lines(ast.parse(path.read_text(encoding="utf-8"))))


def _lines(tree: ast.AST) -> list[str]:
    """Return the statements that hold no others, without layout and comments; without docstrings too."""
    held = (node for node in ast.walk(tree) if isinstance(node, ast.stmt) and not hasattr(node, "body"))
    lines = (node for node in held if not isinstance(node, ast.Expr | ast.Import | ast.ImportFrom))
    try:
        return [ast.dump(node) for node in lines if sum(1 for _ in ast.walk(node)) >= LINE]
    except RecursionError:  # nested on purpose
        return []


def _last(cells: Sequence[str], names: Sequence[str]) -> dict[str, ast.stmt]:
    """Return the last statement that sets each name."""
    nodes = [node for cell in cells for node in _statements(cell)]
    return {name: node for node in nodes for name in _set_by(node) if name in names}


def _hash(node: ast.stmt) -> str | None:
    if sum(1 for _ in ast.walk(node)) < ENOUGH:
        return None
    try:
        return sha256(ast.dump(node).encode("utf-8", "surrogatepass")).hexdigest()[:16]
    except RecursionError:  # nested on purpose
        return None


def _statements(cell: str) -> list[ast.stmt]:
    try:
        return ast.parse(cell).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []


def _set_by(node: ast.stmt) -> list[str]:
    if isinstance(node, ast.FunctionDef):
        return [node.name]
    targets = node.targets if isinstance(node, ast.Assign) else []
    return [target.id for target in targets if isinstance(target, ast.Name)]


def _shared(one: Mapping[str, Any], other: Mapping[str, Any]) -> tuple[int, int]:
    """Return how many answers have the same code, and how many are wrong by the same named mistake."""
    code = mistake = 0
    for mine, yours in zip(one["answers"], other["answers"], strict=False):
        code += bool(mine.get("code")) and mine.get("code") == yours.get("code")
        mistake += bool(mine["mistake"]) and mine["mistake"] == yours["mistake"]
    return code, mistake


def pairs(marks: Sequence[Mapping[str, Any]], most: int = 10) -> tuple[list[dict[str, Any]], float]:
    """Return the pairs that share most answers, and the median of what a pair shares.

    Returns
    -------
    list of dict
        `one` and `other` (marks), `code` (answers of the same code), `mistakes` (answers with the same named mistake).
        Pairs that share no more than the median, or a single answer, are left out.
    float
        The median over all pairs of code and mistakes together; nan for fewer than two submissions.
    """
    found: list[dict[str, Any]] = [
        {"one": one, "other": other, "code": code, "mistakes": mistakes}
        for one, other in combinations([each for each in marks if each["status"] == "graded"], 2)
        for code, mistakes in [_shared(one, other)]
    ]
    if not found:
        return [], float("nan")
    usual = median(pair["code"] + pair["mistakes"] for pair in found)
    found = [pair for pair in found if pair["code"] + pair["mistakes"] >= max(usual + 0.5, FEW)]
    found.sort(key=lambda pair: (-pair["code"] - pair["mistakes"], pair["one"]["key"], pair["other"]["key"]))
    return found[:most], usual


def borrowed(marks: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return the answers of which more than half stands in the library: `who` (marks), `title`, `lines` and `of`."""
    found = [
        {"who": each, "title": answer["title"], "lines": lines, "of": of}
        for each in marks
        for answer in each["answers"]
        for lines, of in [answer.get("library") or (0, 0)]
        if lines >= FEW and 2 * lines > of
    ]
    return sorted(found, key=lambda answer: (-answer["lines"], answer["who"]["key"]))
