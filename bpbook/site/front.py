"""The first page: what the book is, one experiment to try at once, and every chapter with its promise and a picture."""

import html
import json
import re
from pathlib import Path
from typing import Any

from . import chapters

__all__ = ["page"]

SHOWN = "04"
"""The chapter whose experiment stands on the first page: one training step, which needs no Python to be walked."""

OPENING = """# Backpropagation, a textbook that runs

A network has made a mistake. Which of its thousands of weights should change, in which direction, and by how much?
Backpropagation answers for all of them at once, in a single sweep from the error back to the input. This book derives
that sweep, builds it line by line, and lets you take it apart while it runs.

**Try it here.** Press *Step* and watch the numbers go forward through this small network and the blame come back, or
click any weight to see its whole chain rule in numbers."""

AFTER = """You read a chapter, move its experiments and answer its exercises, and when an answer is wrong you are told
what is wrong with it. [Start here]({start}) if you have never met a neural network, or go straight to the chapter in
which [one learns to read]({first}). All you need is school mathematics and a little Python."""

ANSWERS = """## Your answers

Your answers and your points stay in this browser. Nobody else sees them.

<div data-bpbook-progress>Once you have answered an exercise, you see here how far you have come.</div>"""

PARTS = [
    (
        "The mechanism",
        "How it works, from one derivative to a network that learns.",
        "01 02 03 04 05 06 07",
    ),
    ("The applications", "Five problems, each with the trap that comes with it.", "08 09 10 11 12"),
    ("The challenges", "Why it fails, what it costs, and how to find out what is wrong.", "13 14 15 16"),
    ("Further", "The same rule in other layers, and a look back at all of it.", "17 18"),
    (
        "To look things up",
        "Where to begin, every symbol, equation and term, and the classic papers done again.",
        "00 A B C D",
    ),
]


def page(paths: list[Path]) -> dict[str, Any]:
    """Return the first page as a notebook."""
    by_number = {chapters.number(path): path for path in paths}
    cells = [_markdown(OPENING)]
    metadata: dict[str, Any] = {}
    if SHOWN in by_number:
        notebook = chapters.laid_out(by_number[SHOWN])
        metadata["widgets"] = notebook["metadata"]["widgets"]
        cells.append(_shown(notebook))
    links = {"start": by_number["00"].name, "first": by_number["01"].name} if "00" in by_number else {}
    if links:
        cells.append(_markdown(AFTER.format(**{name: f"notebooks/{place}" for name, place in links.items()})))
    for heading, promise, numbers in PARTS:
        standing = [by_number[number] for number in numbers.split() if number in by_number]
        cards = "\n".join(_card(path) for path in standing)
        cells.append(_markdown(f'## {heading}\n\n{promise}\n\n<div class="bpbook-cards">\n{cards}\n</div>'))
    cells.append(_markdown(ANSWERS))
    cells[-1]["source"] += (
        "\n\n```{toctree}\n:hidden:\n" + "\n".join(f"notebooks/{path.stem}" for path in paths) + "\n```"
    )
    return {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}


def _markdown(source: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "metadata": {}, "source": source}


def _shown(notebook: chapters.Notebook) -> dict[str, Any]:
    """Return the cell with the chapter's experiment, without its code."""
    cell, output = next(
        (cell, output)
        for cell in notebook["cells"]
        for output in cell.get("outputs", [])
        if chapters.VIEW in chapters.text(output.get("data", {}).get("text/html", ""))
    )
    moved = json.loads(json.dumps(output).replace("../_static/", "_static/"))
    where = f'<span hidden data-bpbook-chapter="{SHOWN}" data-bpbook-cell="{cell["id"]}"></span>'
    moved["data"]["text/html"] = where + chapters.text(moved["data"]["text/html"])
    metadata = {"tags": ["remove-input"]}
    return {"cell_type": "code", "metadata": metadata, "source": "...", "execution_count": None, "outputs": [moved]}


def _card(path: Path) -> str:
    """Return a chapter's card: its experiment or else its last figure, its title, the first sentence of its promise."""
    notebook = json.loads(path.read_text(encoding="utf-8"))
    promise = re.split(r"(?<=[.?])\s", chapters.text(notebook["cells"][0]["source"]).split("\n\n")[1])[0]
    promise = re.sub(r"[*`$]", "", promise)
    found = chapters.pictures(path)
    source = f"_static/{chapters.PICTURES}/{found[0]}" if found else chapters.last_figure(notebook)
    picture = f'<img alt="" src="{source}" loading="lazy">' if source else ""
    name = f"<strong>{chapters.number(path)} {html.escape(chapters.title(notebook))}</strong>"
    return f'<a href="notebooks/{path.stem}.html">{picture}{name}<span>{html.escape(promise)}</span></a>'
