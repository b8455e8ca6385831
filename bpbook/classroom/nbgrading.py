"""Marks from the sealed room for nbgrader, which goes on from there as it always does.

nbgrader runs a student's code in the same process as the check, so whoever tries can have any mark. A release for
nbgrader therefore names `Sealed` in the place of nbgrader's own `Execute`. Where `bpbook grade` has marked a
submission, those marks stand in the notebook, and none of its code is run again.
"""

import json
from hashlib import sha256
from pathlib import Path
from typing import Any

from nbformat.v4 import new_output
from nbgrader.preprocessors import Execute

__all__ = ["Sealed"]


class Sealed(Execute):
    """Write the marks of the sealed room into the check cells; run the notebook where there are none."""

    def preprocess(self, nb: Any, resources: Any, **more: Any) -> Any:
        """Return the notebook with the output of every check cell, and the resources.

        Raises
        ------
        ValueError
            The submission could not be run in the sealed room, which is no zero: nbgrader leaves it without a mark.
        """
        course = Path(resources["metadata"]["path"]).absolute().parents[2]  # autograded/student/assignment
        of = resources["nbgrader"]
        place = f"{of['student']}/{of['assignment']}/{of['notebook']}.ipynb"
        marks = _marks(course, place)
        if marks is None:
            self.log.warning(f"{place} is run without the sealed room. Mark it before: {_command(course)}")
            return super().preprocess(nb, resources, **more)
        if marks["status"] != "graded":
            raise ValueError(f"{place} could not be run: {marks['reason']}")
        answers = {f"{answer['chapter']}-{answer['name']}-check": answer for answer in marks["answers"]}
        for cell in nb.cells:
            theirs = cell.metadata.get("nbgrader", {})
            if theirs.get("grade") and theirs["grade_id"] in answers:
                cell.outputs = _outputs(answers[theirs["grade_id"]])
        return nb, resources


def _command(course: Path) -> str:
    return f"bpbook grade {course / 'submitted'} --assignment {course / 'assignment.json'} --to {course / 'report'}"


def _marks(course: Path, place: str) -> dict[str, Any] | None:
    """Return the marks of a submission as it is now; None where the sealed room has not seen it."""
    digest = sha256((course / "submitted" / place).read_bytes()).hexdigest()
    for path in (course / "report" / "marks").glob("*.json"):
        marks: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        if marks["submission"] == place and marks["sha256"] == digest:
            return marks
    return None


def _outputs(answer: dict[str, Any]) -> list[Any]:
    """Return what the check cell would have shown: the words, and the mark as a float, without which it were full."""
    said = f"{answer['mark']:g} of {answer['points']:g} points. {answer['message']}\n"
    mark = new_output("execute_result", {"text/plain": repr(float(answer["mark"]))}, execution_count=1)
    return [new_output("stream", name="stdout", text=said), mark]
