"""Write appendix C, the glossary, from the terms in glossary.txt and the chapters in which they are first used.

python notebooks/glossary.py            write C_glossary.ipynb and execute it
python notebooks/glossary.py --check    write nothing; fail when the stored appendix is not what the chapters make of it

A line of glossary.txt holds a term, further forms of it in brackets, and one sentence. Where a term is first used, and
where it is first set in italics or in a heading, is looked up in the chapters.
"""

import re
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import nbformat

FOLDER = Path(__file__).resolve().parent
SOURCE, APPENDIX = FOLDER / "glossary.txt", FOLDER / "C_glossary.ipynb"
LINE = re.compile(r"(?P<name>[^|\[]+?)(?: \[(?P<forms>[^\]]+)\])? \| (?P<sentence>.+)")
MATH = re.compile(r"!\[[^\]]*\]\([^)]*\)|\$\$.+?\$\$|\$.+?\$|`[^`]+`|\]\([^)]*\)", re.DOTALL)
EMPHASISED = re.compile(r"\*{1,2}([^*\n]+?)\*{1,2}")
HEADING = re.compile(r"^##+ (.+)$", re.MULTILINE)
OVERVIEW = "## The chapters"  # the cell of chapter 00 that lists the others


class Term(NamedTuple):
    """A line of the source: the term, how else it is written, and what it is."""

    name: str
    forms: tuple[str, ...]
    sentence: str


class Place(NamedTuple):
    """Where a term is met: the chapter in which it is first used, and the one in which it is first emphasised."""

    used: str
    explained: str


def terms(text: str) -> list[Term]:
    """Return the terms of a source, in alphabetical order.

    A name with a remark in round brackets, as in "key (in attention)", is looked for by its forms alone.

    >>> terms("key (in attention) [keys] | A vector.")[0].forms
    ('keys',)
    """
    found = []
    for line in text.splitlines():
        if line.strip() and not line.startswith("#"):
            match = LINE.fullmatch(line.strip())
            if not match:
                raise ValueError(f"a line must read: term [form; form] | sentence; got {line[:60]!r}")
            forms = tuple(form.strip() for form in (match["forms"] or "").split(";") if form.strip())
            name = match["name"].strip()
            found.append(Term(name, forms if name.endswith(")") else (name, *forms), match["sentence"]))
    return sorted(found, key=lambda term: term.name.lower().lstrip("-"))


def pattern(term: Term) -> re.Pattern[str]:
    """Return what finds a term, or one of its forms, as a whole word; capitals count in names such as ReLU or Adam."""
    forms = sorted(term.forms, key=len, reverse=True)
    cased = any(letter.isupper() for letter in forms[-1])
    any_form = "|".join(re.escape(form).replace(r"\ ", r"\s+") for form in forms)
    return re.compile(rf"(?<![\w-])(?:{any_form})(?![\w-])", 0 if cased else re.IGNORECASE)


def prose(path: Path) -> Iterator[str]:
    """Yield the words of a chapter before its exercises, cell by cell: no formulas, code, pictures or addresses."""
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.source.startswith("## Exercises"):
            return
        if cell.cell_type == "markdown" and not cell.source.startswith(OVERVIEW):
            lines = [line for line in cell.source.splitlines() if not re.match(r"(?:← )?\[\w+ [^\]]+\]\(", line)]
            yield MATH.sub(" ", "\n".join(lines))


@cache
def chapters(folder: Path = FOLDER) -> dict[str, str]:
    """Return the words of every chapter, in the order of reading."""
    return {path.stem: "\n".join(prose(path)) for path in sorted(folder.glob("[0-9][0-9]_*.ipynb"))}


def place(term: Term, words: dict[str, str]) -> Place:
    """Return where a term is met; the names of chapters are empty where it is not met at all."""
    search = pattern(term)
    used = next((stem for stem, text in words.items() if search.search(text)), "")
    base = re.sub(r" \(.*\)$", "", term.name)
    whole = re.compile(rf"(?:the )?(?:{search.pattern}|{re.escape(base)})", re.IGNORECASE)
    stems = list(words)[list(words).index(used) :] if used else []
    explained = (stem for stem in stems if any(whole.fullmatch(part) for part in set_apart(words[stem])))
    return Place(used, next(explained, ""))


def set_apart(text: str) -> list[str]:
    """Return what a text sets in italics or bold, and its headings, cut at colons and commas."""
    headings = [part for heading in HEADING.findall(text) for part in re.split(r"[:,]", heading)]
    return [part.strip(" .,:;?") for part in EMPHASISED.findall(text) + headings]


def summary(path: Path) -> str:
    """Return the words of a chapter's Summary."""
    cells = [cell.source for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "markdown"]
    return "\n".join(MATH.sub(" ", source) for source in cells if source.startswith("## Summary"))


def unexplained(text: str, known: list[Term], plain: set[str]) -> list[str]:
    """Return the words of a text that are neither plain English nor part of any term."""
    explained = {word for term in known for form in (term.name, *term.forms) for word in tokens(form)}
    return sorted(set(tokens(text)) - explained - plain)


def tokens(text: str) -> list[str]:
    """Return the words of a text in small letters, without the names of equations."""
    return re.findall(r"[a-z]{2,}", re.sub(r"\b[A-Z]{2,}\d?\b", " ", text).lower())


# Appendix C -----------------------------------------------------------------------------------------------------------


def linked(stem: str) -> str:
    """Return a link to a chapter by its number."""
    return f"[{stem[:2]}]({stem}.ipynb)"


def table(known: list[Term], words: dict[str, str]) -> str:
    """Return the terms, a row each."""
    rows = ["| term | what it is | first used | explained |", "|---|---|---|---|"]
    for term in known:
        used, explained = place(term, words)
        rows.append(
            f"| **{term.name}** | {term.sentence} | {linked(used)} | {linked(explained) if explained else ''} |"
        )
    return "\n".join(rows)


def notebook(known: list[Term], words: dict[str, str]) -> nbformat.NotebookNode:
    """Return appendix C, not yet executed."""
    text, code = nbformat.v4.new_markdown_cell, nbformat.v4.new_code_cell
    cells = [text(OPENING.format(count=len(known)))]
    for letter in dict.fromkeys(term.name[0].upper() for term in known):
        here = [term for term in known if term.name[0].upper() == letter]
        cells.append(text(f"## {letter}\n\n{table(here, words)}"))
    cells += [text(NUMBERS), code(SET_UP), code(PRINT_NUMBERS), text(CLOSING)]
    return nbformat.v4.new_notebook(cells=cells)


OPENING = """# C Glossary

Every term of the book in one sentence: {count} of them, in alphabetical order. The third column leads you to the chapter that uses a term first, and the last one to the chapter that first sets it in italics or in a heading, which is usually where it is explained.

A sentence cannot replace a derivation. If you need the formula, it is in [appendix A](A_notation.ipynb), under its name, with the place where it is derived."""
NUMBERS = """## Some of them in numbers

A word is easier to keep with a number beside it. Here are a dozen of them on one line each."""
SET_UP = """import numpy as np

import bpbook as bp
from bpbook.activations import relu, sigmoid
from bpbook.losses import softmax_cross_entropy"""
PRINT_NUMBERS = """logits, label = np.array([[2.0, 1.0, 0.0]]), np.array([0])
p, one_hot = bp.softmax(logits), np.eye(3)[label]
print("logits", logits[0], "softmax", p[0].round(3), "one-hot", one_hot[0])
print(f"cross-entropy {softmax_cross_entropy(logits, label):.3f}, delta", (p - one_hot)[0].round(3))
print(f"sigmoid of 0: {sigmoid(0.0)}, its slope {sigmoid.prime(0.0)}; at 10 {sigmoid.prime(10.0):.1e}")
z = np.array([3.0, -3.0])
print("ReLU of", z, "is", relu(z), "with the slopes", relu.prime(z))
print("relative error of 2 and 1:", round(bp.relative_error([2.0], [1.0]), 3))
print("gradient (3, 4), clipped to 1:", bp.clip_by_norm([np.array([3.0, 4.0])], 1.0)[0])
assert np.allclose(softmax_cross_entropy.gradient(logits, label), p - one_hot)
assert sigmoid.prime(0.0) == 0.25 > 1000 * sigmoid.prime(10.0)"""
CLOSING = """If you miss a term here, tell us: open an issue with the word and the chapter in which you met it."""


def main() -> int:
    """Write appendix C and execute it, or compare."""
    from execute import execute  # beside this file

    fresh = nbformat.writes(execute(notebook(terms(SOURCE.read_text(encoding="utf-8")), chapters()))) + "\n"
    if "--check" in sys.argv[1:]:
        same = APPENDIX.exists() and APPENDIX.read_text(encoding="utf-8") == fresh
        print("Appendix C is as it should be." if same else "Appendix C is stale: python notebooks/glossary.py")
        return int(not same)
    APPENDIX.write_text(fresh, encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
