"""Put today's JavaScript, style sheets and photographs into the experiments of the stored chapters, executing none.

An experiment that keeps other things of its state than it did has to be executed, and is said.

python notebooks/front_ends.py            after a .js or .css file or a photograph of an experiment was changed
python notebooks/front_ends.py --check    write nothing; fail when a chapter stores a front end that is out of date
"""

import importlib
import sys
from pathlib import Path
from typing import Any

import execute
import nbformat

FOLDER, STATE = execute.FOLDER, execute.STATE


def experiment(state: dict[str, Any]) -> type[Any] | None:
    """Return the class whose state this is, or None where there is no such class any more."""
    module, _, name = state["_anywidget_id"].rpartition(".")
    try:
        return getattr(importlib.import_module(module), name)
    except (ImportError, AttributeError):
        return None


def traits(widget: dict[str, Any]) -> set[str]:
    """Return the names of what a stored experiment keeps of its state, besides its front end."""
    buffers = {entry["path"][0] for entry in widget.get("buffers", [])}
    return (set(widget["state"]) | buffers) - {"_esm", "_css", "_anywidget_id"}


def renew(notebook: nbformat.NotebookNode) -> tuple[bool, list[str]]:
    """Give every stored experiment its front end of today; return if one changed, and which have to be executed."""
    changed, executed = False, []
    for widget in notebook.metadata.get("widgets", {}).get(STATE, {}).get("state", {}).values():
        stored = widget["state"]
        if "_esm" not in stored:
            continue
        kind = experiment(stored)
        if kind is None or traits(widget) != set(kind.class_trait_names(sync=True)):
            executed.append(stored["_anywidget_id"].rpartition(".")[2])
            continue
        for name in ("_esm", "_css"):
            changed |= stored[name] != str(getattr(kind, name))
            stored[name] = str(getattr(kind, name))
    return changed, executed


def stale(write: bool, folder: Path = FOLDER) -> list[str]:
    """Return a line for every chapter that is out of date; write those that need no more than a new front end."""
    found = []
    for path in sorted(folder.glob("*.ipynb")):
        notebook = nbformat.read(path, as_version=4)
        before = nbformat.writes(notebook)
        changed, executed = renew(execute.with_photographs(notebook, path))
        if executed:
            found.append(f"{path.name} has to be executed, for {', '.join(executed)}")
        elif nbformat.writes(notebook) != before:
            found.append(f"{path.name} has another {'front end' if changed else 'photograph'}")
            if write:
                path.write_text(nbformat.writes(notebook) + "\n", encoding="utf-8", newline="\n")
    return found


if __name__ == "__main__":
    check = "--check" in sys.argv[1:]
    lines = stale(write=not check)
    print("\n".join(lines) or "All front ends are those of today.")
    sys.exit(any(check or "executed" in line for line in lines))
