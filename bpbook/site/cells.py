"""What the page must know of a chapter's cells: their source, and which of them ask, answer and check an exercise."""

import re
from itertools import pairwise
from typing import Any

from .. import exercises

__all__ = ["chapter_cells"]

CHECK = re.compile(r"^\w+\.(\w+)\(\)$")
CHAPTER = re.compile(r"^(\w+) = (?:\w+\.)*exercises\.chapter\((\d+)", re.MULTILINE)


def chapter_cells(notebook: dict[str, Any], number: str) -> list[dict[str, Any]]:
    """Return the cells of a notebook in their order, each with its part in an exercise.

    Parameters
    ----------
    notebook : dict
        As the file holds it.
    number : str
        The chapter, such as "04" or "A".

    Returns
    -------
    list of dict
        `id`, `type`, `source` and `tags`; `role`, which is "answer", "check", "questions" for the cell that names the
        chapter's exercises, or None; `exercise`, its name; and for a check `points` and `hints`.
    """
    asked = exercises.chapter(int(number)).questions if number.isdigit() and int(number) in _numbers() else {}
    cells = [_cell(cell) for cell in notebook["cells"]]
    code = [cell for cell in cells if cell["type"] == "code"]
    for before, cell in pairwise(code):
        found = CHECK.match(cell["source"].strip())
        if found and found.group(1) in asked:
            exercise = asked[found.group(1)].exercise
            before |= {"role": "answer", "exercise": exercise.name}
            cell |= {"role": "check", "exercise": exercise.name, "points": exercise.points}
            cell["hints"] = list(exercise.hints)
    for cell in code:
        if CHAPTER.search(cell["source"]):
            cell["role"] = "questions"
    return cells


def _cell(cell: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": cell["id"],
        "type": cell["cell_type"],
        "source": "".join(cell["source"]),
        "tags": cell["metadata"].get("tags", []),
        "role": None,
        "exercise": None,
    }


def _numbers() -> list[int]:
    return list(exercises.banks.NUMBERS)
