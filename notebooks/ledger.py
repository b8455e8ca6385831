r"""Collect the equation ledger from its four places, and write appendix A from it.

python notebooks/ledger.py            write A_notation.ipynb and execute it

The name of an equation stands in four places, and is read from there, never from a list:

- derived: in a chapter, on a display that has \tag{BP1};
- coded: on a line of the library, in a comment that begins with (BP1);
- tested: on a test that bears the mark equation("BP1");
- practised: on an exercise whose `equations` hold "BP1".
"""

import ast
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import nbformat

from bpbook import exercises

ROOT = Path(__file__).resolve().parent.parent
APPENDIX = "A_notation.ipynb"
NAMES_ON_A_LINE = re.compile(r"# \(([A-Z]+\d?(?:, [A-Z]+\d?)*)\)")
TAG = re.compile(r"\\tag\{([A-Z]+\d?)\}")


class Derived(NamedTuple):
    """A display with a name: in which chapter and section, and its LaTeX without the tag."""

    chapter: str
    section: str
    formula: str


class Coded(NamedTuple):
    """A line of code with a name."""

    file: str
    function: str
    line: str


class Tested(NamedTuple):
    """A test with a mark."""

    file: str
    test: str


class Practised(NamedTuple):
    """An exercise that names the equation."""

    chapter: int
    exercise: str


@dataclass
class Entry:
    """All that is known of one name."""

    derived: list[Derived] = field(default_factory=list)
    coded: list[Coded] = field(default_factory=list)
    tested: list[Tested] = field(default_factory=list)
    practised: list[Practised] = field(default_factory=list)


Found = Iterator[tuple[str, Derived | Coded | Tested | Practised]]


def collect(root: Path = ROOT, asked: Iterable[tuple[int, exercises.Question]] | None = None) -> dict[str, Entry]:
    """Return every name that stands anywhere, with all its places; first those that are derived, in reading order.

    Parameters
    ----------
    root : Path
        The folder that holds `notebooks`, `bpbook` and `tests`.
    asked : iterable of (chapter, Question), optional
        The exercises; all of the book when left out.
    """
    ledger: dict[str, Entry] = defaultdict(Entry)
    for path in sorted((root / "notebooks").glob("[0-9][0-9]_*.ipynb")):
        for name, place in derived(path):
            ledger[name].derived.append(place)
    for path in sorted((root / "bpbook").glob("*.py")):
        for name, line in coded(path):
            ledger[name].coded.append(line)
    for path in sorted((root / "tests").glob("test_*.py")):
        for name, test in tested(path):
            ledger[name].tested.append(test)
    for chapter, question in questions() if asked is None else asked:
        for name in question.exercise.equations:
            ledger[name].practised.append(Practised(chapter, question.exercise.name))
    return dict(ledger)


def missing(ledger: dict[str, Entry]) -> list[str]:
    """Return what the ledger lacks, one complaint for each name and link: an empty list when it is whole."""
    return [
        f"({name}) is not {link}; it is {', '.join(known for known, places in vars(entry).items() if places)}"
        for name, entry in ledger.items()
        for link, places in vars(entry).items()
        if not places
    ]


def derived(path: Path) -> Iterator[tuple[str, Derived]]:
    """Yield the displays of a chapter that have names."""
    section = ""
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type != "markdown":
            continue
        for heading, display in re.findall(r"^#+ ([^\n]+)|\$\$(.+?)\$\$", cell.source, flags=re.M | re.S):
            section = heading or section
            for name in TAG.findall(display):
                yield name, Derived(path.stem, section, formula(display, name))


def formula(display: str, name: str) -> str:
    """Return the LaTeX that a name belongs to, on one line: the display, or its own row where rows have names."""
    if len(TAG.findall(display)) > 1:
        rows = re.split(r"\\\\(?:\[[^\]]*\])?", display)
        display = next(row for row in rows if f"\\tag{{{name}}}" in row)
        display = re.sub(r"\\(?:begin|end)\{(?:aligned|align\*?|gathered)\}|&", " ", display)
    return " ".join(TAG.sub(" ", display).split())


def coded(path: Path) -> Iterator[tuple[str, Coded]]:
    """Yield the lines of a module that have names, each with the function or method around it."""
    source = path.read_text(encoding="utf-8")
    tree = ast.parse(source)
    for number, line in enumerate(source.splitlines(), start=1):
        for names in NAMES_ON_A_LINE.findall(line):
            for name in names.split(", "):
                yield name, Coded(path.name, around(tree, number), line.strip())


def around(tree: ast.Module, number: int) -> str:
    """Return the name of the outermost function around a line, as Class.method for a method."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and node.lineno <= number <= (node.end_lineno or 0):
            inside = around(ast.Module(node.body, []), number) if isinstance(node, ast.ClassDef) else ""
            return f"{node.name}.{inside}" if inside else node.name
    return ""


def tested(path: Path) -> Iterator[tuple[str, Tested]]:
    """Yield the tests of a file that have marks, on themselves or on some of their parameters."""
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef):
            calls = [call for decorator in node.decorator_list for call in ast.walk(decorator)]
            marks = [c for c in calls if isinstance(c, ast.Call) and getattr(c.func, "attr", "") == "equation"]
            names = [mark.args[0].value for mark in marks if isinstance(mark.args[0], ast.Constant)]
            for name in dict.fromkeys(names):
                yield str(name), Tested(path.name, node.name)


def questions() -> Iterator[tuple[int, exercises.Question]]:
    """Yield every exercise of the book with its chapter."""
    for path in sorted((ROOT / "bpbook" / "exercises" / "banks").glob("chapter_*.py")):
        number = int(path.stem[-2:])
        for question in exercises.chapter(number).questions.values():
            yield number, question
