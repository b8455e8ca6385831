"""A class of ten made-up students, to try everything on before real ones hand in their work.

Their names are borrowed from people who would not have made these mistakes.
"""

import copy
import importlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .. import exercises
from .keeping import readable
from .releasing import release

__all__ = ["CLASS", "handed_in", "rehearse", "solutions"]

CHAPTER = "04"
DB_MEAN = "def bias_gradient(delta):\n    return delta.mean(axis=0)"
DB_AXIS = "def bias_gradient(delta):\n    return delta.sum(axis=1)"
NO_SLOPE = "def hidden_delta(delta, W, z):\n    return delta @ W.T"
NO_MEAN = "def output_delta(z, y):\n    a = 1 / (1 + np.exp(-z))\n    return (a - y) * a * (1 - a)"
NO_DECAY = "def decayed_gradient(a, delta, W, mask, lmbda):\n    return (a.T @ delta) * mask"
NO_SHIFT = """def softmax_delta(z, y):
    e = np.exp(z)
    delta = e / e.sum(axis=1, keepdims=True)
    delta[np.arange(len(z)), y] -= 1
    return delta / len(z)"""
BLANK = ""

CLASS: dict[str, dict[str, str] | None] = {
    "Ada Lovelace": {},
    "Charles Babbage": {"bias_gradient": DB_MEAN},
    "Emmy Noether": {"bias_gradient": DB_MEAN, "hidden_delta": NO_SLOPE},
    "Alan Turing": {"bias_gradient": DB_AXIS, "softmax_delta": NO_SHIFT},
    "Grace Hopper": {"hidden_delta": NO_SLOPE, "decayed_gradient": NO_DECAY},
    "Srinivasa Ramanujan": {"output_delta": NO_MEAN, "bias_gradient": DB_MEAN},
    "Sofja Kowalewskaja": {"softmax_delta": NO_SHIFT, "why_transposed": 'why_transposed = "a"'},
    "Évariste Galois": None,
    "Mary Somerville": {"two_layers": BLANK, "output_delta": NO_MEAN},
    "Sophie Germain": {"tied_gradient": "def tied_gradient(x, a, delta_1, delta_2):\n    1 / 0"},
}
"""What each hands in where it is not right: an answer, BLANK for the three dots; None for a notebook left as it was."""


def solutions() -> dict[str, str]:
    """Return the right answers, by exercise.

    Raises
    ------
    ValueError
        Solutions are not installed.
    """
    place = f"{exercises.__name__}.solutions.chapter_{CHAPTER}"
    try:
        right: dict[str, str] = importlib.import_module(place).SOLUTIONS
    except ModuleNotFoundError:
        raise ValueError("a rehearsal must have the book's solutions, and they are not installed here.") from None
    return right


def handed_in(notebook: dict[str, Any], name: str, wrong: Mapping[str, str] | None) -> dict[str, Any]:
    """Return what a made-up student makes of a notebook that was released."""
    notebook, right = copy.deepcopy(notebook), solutions()
    for cell in notebook["cells"]:
        of = cell["metadata"].get("bpbook", {})
        if cell["id"] == "bpbook-name":
            cell["source"] = f"bp.exercises.name({name!r})"
        if wrong is not None and of.get("role") == "answer":
            exercise = of["exercise"].partition("/")[2]
            cell["source"] = wrong.get(exercise, right[exercise]).strip() or cell["source"]
    return notebook


def rehearse(
    folder: Path, notebooks: Path, students: Mapping[str, Mapping[str, str] | None] | None = None
) -> list[Path]:
    """Release chapter 04 into a folder, let a made-up class hand in, and return where the submissions are.

    Parameters
    ----------
    folder : Path
    notebooks : Path
        Where the chapters are.
    students : dict, optional
        As `CLASS`, which it is when left out.
    """
    made = []
    notebook = json.loads(release([CHAPTER], folder, notebooks).read_text(encoding="utf-8"))
    handed = folder / "handed-in"
    handed.mkdir()
    for name, wrong in (CLASS if students is None else students).items():
        made.append(handed / f"{readable(name)}.ipynb")
        text = json.dumps(handed_in(notebook, name, wrong), indent=1, ensure_ascii=False)
        made[-1].write_text(text + "\n", encoding="utf-8", newline="\n")
    return made
