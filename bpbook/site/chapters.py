"""A stored notebook as the page shows it: the same cells, a picture before each experiment, empty answers said once."""

import html
import json
import re
from pathlib import Path
from typing import Any

__all__ = ["EMPTY", "PICTURES", "VIEW", "laid_out", "last_figure", "number", "pictures", "title"]

VIEW = "application/vnd.jupyter.widget-view+json"
EMPTY = "○ Not answered yet"
ONCE = "> The answers on this page are still empty. Three dots stand where each of yours will go."
LINKS = re.compile(r"\s*^(?:← )?\[\w+ [^\]\n]+\]\([\w]+\.ipynb\)[^\n]*(?: →)?\Z", re.MULTILINE)
PICTURES = "experiments"

FIGURE = re.compile(r'<img [^>]*src="(data:image/png;base64,[^"]+)"')
DISPLAYED = re.compile(r"\$\$(.+?)\$\$", re.DOTALL)

Notebook = dict[str, Any]


def number(path: Path) -> str:
    """Return the chapter's number, or an appendix's letter."""
    return path.name.partition("_")[0]


def title(notebook: Notebook) -> str:
    """Return the chapter's heading without its number."""
    return re.sub(r"^# (?:\d\d |[A-Z] )?", "", text(notebook["cells"][0]["source"]).splitlines()[0])


def text(value: Any) -> str:
    """Return what a notebook keeps as one text or as a list of lines."""
    return value if isinstance(value, str) else "".join(value)


def pictures(path: Path) -> list[str]:
    """Return the file names of the pictures of a chapter's experiments, in their order."""
    folder = path.parent.parent / "figures" / PICTURES
    return [found.name for found in sorted(folder.glob(f"{number(path)}_*.png"))]


def last_figure(notebook: Notebook) -> str:
    """Return the address of the last figure that the notebook stores, which holds the figure itself; "" without one."""
    outputs = [output for cell in notebook["cells"] for output in cell.get("outputs", [])]
    found = FIGURE.findall("".join(text(output.get("data", {}).get("text/html", "")) for output in outputs))
    return found[-1] if found else ""


def laid_out(path: Path) -> Notebook:
    """Return the notebook at the path as Sphinx is to read it."""
    notebook: Notebook = json.loads(path.read_text(encoding="utf-8"))
    waiting = pictures(path)
    for cell in notebook["cells"]:
        source = text(cell["source"])
        if cell["cell_type"] == "markdown" and re.match(r"## Exercises\s*$", source.splitlines()[0] if source else ""):
            source = f"{source.rstrip()}\n\n{ONCE}"
        if cell["cell_type"] == "markdown":
            cell["source"] = DISPLAYED.sub(_displayed, source)
        cell["outputs"] = [out for out in cell.get("outputs", []) if not _is_empty_answer(out)]
        for output in cell["outputs"]:
            if VIEW in output.get("data", {}):
                output["data"] = {"text/html": _experiment(output["data"], waiting.pop(0) if waiting else "")}
        if cell["cell_type"] == "markdown":
            del cell["outputs"]
    last = notebook["cells"][-1]
    last["source"] = LINKS.sub("", text(last["source"]))  # the page has buttons for the chapters before and after
    return notebook


def _displayed(found: re.Match[str]) -> str:
    """Return an equation of several lines in a form in which it keeps its tag: Sphinx would put it into a `split`."""
    several = "\\tag" in found[1] and "\\\\" in found[1]
    return f"\\begin{{equation*}}\n{found[1].strip()}\n\\end{{equation*}}" if several else found[0]


def _is_empty_answer(output: dict[str, Any]) -> bool:
    return text(output.get("data", {}).get("text/plain", "")).startswith(EMPTY)


def _experiment(data: dict[str, Any], picture: str) -> str:
    """Return the place of an experiment: its picture, where there is one, and the order to draw it."""
    words = html.escape(text(data["text/plain"]).removeprefix("[experiment] "))
    image = (
        f'<img class="bpbook-picture" alt="Experiment: {words}" src="../_static/{PICTURES}/{picture}">'
        if picture
        else ""
    )
    return f'{image}<script type="{VIEW}">{json.dumps(data[VIEW])}</script>'
