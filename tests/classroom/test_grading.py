"""A notebook gets the marks that its own checks would give, whatever happened to its cells."""

import importlib

import pytest

from bpbook import exercises


def all_right(marks):
    return marks["status"] == "graded" and set(marks["states"].values()) == {"right"}


# Right answers are right --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [0, 4, 5, 7, 10, 16])
def test_every_solution_of_a_chapter_is_right_in_the_room(classroom, number):
    solutions = importlib.import_module(f"bpbook.exercises.solutions.chapter_{number:02}").SOLUTIONS
    of = exercises.chapter(number).questions
    setup = f"import numpy as np\nimport bpbook as bp\nbp.exercises.name('Bo')\nq = bp.exercises.chapter({number})"
    cells = [cell for name in of for cell in (solutions[name], f"q.{name}()")]
    marks = classroom.grade(setup, *cells, of=classroom.assignment(number, None))
    assert all_right(marks) and marks["notes"] == []
    assert all(answer["mark"] == answer["points"] for answer in marks["answers"])
