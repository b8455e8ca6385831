"""Write each chapter's number into its heading, and links at its top and its end: to its neighbours, and to them all.

An appendix is written by its own script, so it is linked to and left alone.

python notebooks/links.py            after a chapter was added or renamed
python notebooks/links.py --check    write nothing; fail when a chapter's links are stale
"""

import re
import sys
from pathlib import Path

import nbformat

FOLDER = Path(__file__).resolve().parent
FIRST = "00_start_here.ipynb"
"""The page on which all chapters are listed."""
LINKS = re.compile(r"\s*^(?:← )?\[\w+ [^\]\n]+\]\([\w]+\.ipynb\)[^\n]*(?: →)?\Z", re.MULTILINE)


def chapters(folder: Path = FOLDER) -> list[Path]:
    """Return the chapters in the order of reading: numbers first, then the appendices."""
    return sorted(folder.glob("*.ipynb"), key=lambda path: path.name)


def title(notebook: nbformat.NotebookNode) -> str:
    """Return the words of the heading, without its number."""
    return re.sub(r"^# (?:\d\d |[A-Z] )?", "", notebook.cells[0].source.splitlines()[0])


def link(path: Path, words: str) -> str:
    """Return the link to a chapter: its number, its title."""
    return f"[{path.name.split('_')[0]} {words}]({path.name})"


def linked(path: Path, notebook: nbformat.NotebookNode, neighbours: list[str]) -> nbformat.NotebookNode:
    """Return the notebook with its number in its heading, and with these two links, either of which may be empty.

    Between them is the link to the first page, unless that is the chapter itself or the one before.
    """
    before, after = neighbours
    listed = "" if path.name == FIRST or FIRST in before else f"[All chapters]({FIRST})"
    line = " · ".join(part for part in (before and f"← {before}", listed, after and f"{after} →") if part)
    first, last = notebook.cells[0], notebook.cells[-1]
    _, _, rest = first.source.partition("\n")
    first.source = f"# {path.name.split('_')[0]} {title(notebook)}\n{rest}"
    for cell in (first, last):
        cell.source = f"{LINKS.sub('', cell.source).rstrip()}\n\n{line}"
    return notebook


def stale(write: bool, folder: Path = FOLDER) -> list[str]:
    """Return the names of the chapters whose heading or links are not what they should be; write them if asked."""
    paths = chapters(folder)
    notebooks = {path: nbformat.read(path, as_version=4) for path in paths}
    links = ["", *(link(path, title(notebooks[path])) for path in paths), ""]
    found = []
    for k, path in enumerate(paths):
        if not path.name[0].isdigit():
            continue
        text = nbformat.writes(linked(path, notebooks[path], [links[k], links[k + 2]])) + "\n"
        if text != path.read_text(encoding="utf-8"):
            found.append(path.name)
            if write:
                path.write_text(text, encoding="utf-8", newline="\n")
    return found


if __name__ == "__main__":
    check = "--check" in sys.argv[1:]
    names = stale(write=not check)
    print("\n".join(names) or "All links are as they should be.")
    sys.exit(bool(names) and check)
