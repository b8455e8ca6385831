"""Execute the chapters and store them with their outputs, always as the same bytes.

python notebooks/execute.py            every chapter
python notebooks/execute.py 01 04      these chapters
python notebooks/execute.py --check    write nothing; fail when a stored chapter differs from a fresh one

Chapters are computed as on a processor with AVX2. On one without, the last digits of sums may come out otherwise. A
check forgives these, if running the chapter once more gives the same bytes again.
"""

import argparse
import base64
import copy
import json
import os
import platform
import re
import sys
import tempfile
from pathlib import Path
from typing import Any

import nbformat
import numpy as np
from nbclient import NotebookClient
from tqdm import tqdm

FOLDER = Path(__file__).resolve().parent
PHOTOGRAPHS = FOLDER.parent / "figures" / "experiments"
VIEW = "application/vnd.jupyter.widget-view+json"
STATE = "application/vnd.jupyter.widget-state+json"
KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:e[-+]?\d+)?")
TIME = re.compile(r"\s*\b\d[\d.,]*(?:e[+-]?\d+)?")  # as in conftest.py
UNWELCOME = {
    "an address in memory": re.compile(r"\b0x[0-9a-f]{6,}\b"),
    "a path of this machine": re.compile(r"(?<![\w.])/(?:root|home|tmp|var|Users)/[\w./-]+|\b[A-Z]:\\\\"),
}


def execute(notebook: nbformat.NotebookNode, folder: Path = FOLDER) -> nbformat.NotebookNode:
    """Run every cell in a fresh kernel, as a new reader would, and return the normalised notebook.

    Raises
    ------
    CellExecutionError
        A cell failed.
    ValueError
        An output may not be stored; see `complaints`.
    """
    with tempfile.TemporaryDirectory() as home:
        # A new reader has no progress and no name yet; one thread makes sums come out in one order.
        new = {"BPBOOK_HOME": home, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "PYTHONHASHSEED": "0"}
        new |= one_processor()
        options: dict[str, Any] = {"record_timing": False, "timeout": 600, "kernel_name": KERNEL["name"]}
        client = NotebookClient(notebook, resources={"metadata": {"path": str(folder)}}, **options)
        client.execute(env=os.environ | new)
    normalised = normalise(notebook)
    if found := complaints(normalised):
        raise ValueError("; ".join(found))
    return normalised


def one_processor() -> dict[str, str]:
    """Return the settings that make a newer x86 processor add up in the order of one with AVX2 alone.

    A long training magnifies the last digit of a sum, until even its first digits differ between processors.
    """
    pinned = {"OPENBLAS_CORETYPE": "Haswell"} if platform.machine() in ("x86_64", "AMD64") else {}
    if pinned and np.lib.NumpyVersion(np.__version__) >= "2.4.0":  # which names the levels of processors so
        pinned["NPY_DISABLE_CPU_FEATURES"] = "X86_V4 AVX512_ICL AVX512_SPR"
    return pinned


def normalise(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """Return the notebook without what changes from run to run: ids, versions, widgets that are not shown."""
    notebook = nbformat.reads(nbformat.writes(notebook), as_version=4)
    for position, cell in enumerate(notebook.cells):
        cell.id = f"cell-{position}"
        cell.metadata = {name: cell.metadata[name] for name in ("tags",) if cell.metadata.get(name)}
        if cell.cell_type == "code":
            cell.outputs = _joined_streams(cell.outputs)
    widgets = notebook.metadata.get("widgets", {}).get(STATE)
    notebook.metadata = {"kernelspec": KERNEL, "language_info": {"name": "python"}}
    notebook.nbformat_minor = 5
    return _renumbered(notebook, widgets) if widgets else notebook


def _joined_streams(outputs: list[Any]) -> list[Any]:
    """Join neighbouring pieces of one stream: how it was cut depends on timing."""
    joined: list[Any] = []
    for output in outputs:
        if joined and output.output_type == "stream" == joined[-1].output_type and output.name == joined[-1].name:
            joined[-1].text += output.text
        else:
            joined.append(output)
    return joined


def _renumbered(notebook: nbformat.NotebookNode, widgets: Any) -> nbformat.NotebookNode:
    """Keep the widgets that a cell shows, and what they refer to, numbered in order of appearance."""
    shown = [
        output.data[VIEW]["model_id"]
        for cell in notebook.cells
        for output in cell.get("outputs", [])
        if VIEW in output.get("data", {})
    ]
    order: dict[str, str] = {}
    while shown:
        model = shown.pop(0)
        if model not in order and model in widgets["state"]:
            order[model] = f"widget-{len(order):04}"
            shown += re.findall(r"IPY_MODEL_([0-9a-f]{32})", json.dumps(widgets["state"][model], sort_keys=True))
    if order:
        kept = {model: widgets["state"][model] for model in order}
        notebook.metadata["widgets"] = {STATE: {**widgets, "state": kept}}
    text = nbformat.writes(notebook)
    for model, name in order.items():
        text = text.replace(model, name)
    return nbformat.reads(text, as_version=4)


def with_photographs(notebook: nbformat.NotebookNode, path: Path) -> nbformat.NotebookNode:
    """Give each experiment its picture, for pages that show a notebook and can run nothing; return the notebook."""
    shown = [output for cell in notebook.cells for output in cell.get("outputs", []) if VIEW in output.get("data", {})]
    for k, output in enumerate(shown):
        photograph = PHOTOGRAPHS / f"{path.name.split('_')[0]}_{k}.png"
        output.data.pop("image/png", None)
        if photograph.exists():
            output.data["image/png"] = base64.b64encode(photograph.read_bytes()).decode()
    return notebook


def complaints(notebook: nbformat.NotebookNode) -> list[str]:
    """Return what may not be stored: errors, warnings, addresses and paths in outputs."""
    found = []
    for position, cell in enumerate(notebook.cells):
        for output in cell.get("outputs", []):
            if output.output_type == "error" and "raises-exception" not in cell.metadata.get("tags", []):
                found.append(f"cell {position} ends with {output.ename}: {output.evalue}")
            if output.output_type == "stream" and output.name == "stderr":
                found.append(f"cell {position} writes to stderr: {output.text[:200]}")
            text = output.get("text", "") + "".join(
                str(v) for k, v in output.get("data", {}).items() if k[:4] == "text"
            )
            text = re.sub(r"base64,[A-Za-z0-9+/=]+", "", text)
            text = text.replace(str(FOLDER.parent), str(Path.home()))
            for what, pattern in UNWELCOME.items():
                if match := pattern.search(text):
                    found.append(f"cell {position} shows {what}: {match.group(0)}")
    return found


def alike(stored: str, fresh: str) -> bool:
    """Say whether two texts differ at most in the last digits of their numbers."""
    if NUMBER.sub("#", stored) != NUMBER.sub("#", fresh):
        return False
    one, other = (np.array(NUMBER.findall(text), dtype=float) for text in (stored, fresh))
    return np.allclose(one, other, rtol=1e-9, atol=1e-12)


def chapters(numbers: list[str], folder: Path = FOLDER) -> list[Path]:
    """Return the paths of these chapters, or of all."""
    paths = sorted(folder.glob("[0-9A-Z]*_*.ipynb"))
    known = {path.name.split("_")[0]: path for path in paths}
    if unknown := [number for number in numbers if number not in known]:
        raise SystemExit(f"There is no chapter {', '.join(unknown)}; the chapters are {', '.join(known)}.")
    return [known[number] for number in numbers] or paths


def _again(stored: str, path: Path) -> str:
    old = nbformat.reads(stored, as_version=4)
    return nbformat.writes(with_photographs(keep_times(old, execute(copy.deepcopy(old))), path)) + "\n"


def keep_times(old: nbformat.NotebookNode, fresh: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """Return the fresh notebook; cells tagged `timing` keep the times they were stored with if only these differ."""
    for before, cell in zip(old.cells, fresh.cells, strict=True):
        if "timing" in cell.metadata.get("tags", []) and _words(before) == _words(cell):
            cell.outputs = before.outputs
    return fresh


def _words(cell: nbformat.NotebookNode) -> list[str]:
    return [TIME.sub(" #", output.get("text", "")) for output in cell.outputs]


def main() -> int:
    """Execute the chapters named on the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("chapters", nargs="*", metavar="NN", help="chapters, such as 01; all when left out")
    parser.add_argument("--check", action="store_true", help="compare with what is stored; write nothing")
    options = parser.parse_args()
    failed = []
    for path in tqdm(chapters(options.chapters), unit="chapter", disable=None):
        stored = path.read_text(encoding="utf-8")
        fresh = _again(stored, path)
        if not options.check:
            path.write_text(fresh, encoding="utf-8", newline="\n")
        elif fresh != stored and not (alike(stored, fresh) and _again(stored, path) == fresh):
            failed.append(path.name)
    if failed:
        print(f"A fresh execution differs from what is stored in {', '.join(failed)}.", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
