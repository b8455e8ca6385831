"""A release holds every exercise that is asked for, none of their solutions, and numbers that depend on the name."""

import ast
import importlib
import json
import stat
from pathlib import Path

import pytest

from bpbook import cli, exercises
from bpbook.classroom import assignment as assignments
from bpbook.classroom.releasing import release
from bpbook.exercises import banks

NOTEBOOKS = Path(__file__).resolve().parents[2] / "notebooks"
NUMBERS = [number for number in banks.NUMBERS if list(NOTEBOOKS.glob(f"{number:02}_*.ipynb"))]


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    """Keep the reader's name and marks in an empty folder."""
    monkeypatch.setenv("BPBOOK_HOME", str(tmp_path / "home"))


def released(folder, *chapters, **wanted):
    place = release(chapters, folder, NOTEBOOKS, **wanted)
    return json.loads(place.read_text(encoding="utf-8")), assignments.read(folder / "assignment.json")


def of_role(notebook, role):
    """Return {exercise: source} of the cells with a role."""
    ours = [(cell["metadata"].get("bpbook", {}), cell["source"]) for cell in notebook["cells"]]
    return {of["exercise"]: source for of, source in ours if of.get("role") == role}


def solutions(number):
    return importlib.import_module(f"bpbook.exercises.solutions.chapter_{number:02}").SOLUTIONS


@pytest.mark.parametrize("number", NUMBERS)
def test_every_exercise_of_a_chapter_is_released_in_its_order(number, tmp_path):
    notebook, kept = released(tmp_path, f"{number:02}")
    questions = exercises.chapter(number).questions
    assert [item.name for item in kept.exercises] == list(questions)
    for role in ("prompt", "answer", "check"):
        assert list(of_role(notebook, role)) == [f"{number:02}/{name}" for name in questions]
    assert kept.points == sum(question.exercise.points for question in questions.values())


@pytest.mark.parametrize("number", NUMBERS)
def test_no_solution_and_no_output_is_in_a_release(number, tmp_path):
    notebook, _ = released(tmp_path, f"{number:02}")
    text = "\n".join(cell["source"] for cell in notebook["cells"])
    for name, solution in solutions(number).items():
        answer = ast.get_source_segment(solution, ast.parse(solution).body[-1])
        assert answer not in text, name
    for source in of_role(notebook, "answer").values():
        assert ast.unparse(ast.parse(source)).rstrip().endswith("..."), source
    assert not any(cell.get("outputs") for cell in notebook["cells"])


def done_by(name, notebook, answers):
    """Run a student's notebook with these answers in place of the stubs; return {exercise: fraction of the points}."""
    space, marks = {}, {}
    for cell in notebook["cells"]:
        source, of = cell["source"], cell["metadata"].get("bpbook", {})
        if cell["cell_type"] != "code":
            continue
        if cell["id"] == "bpbook-name":
            source = source.replace('""', repr(name))
        if of.get("role") == "check":
            exercise = of["exercise"].partition("/")[2]
            score = eval(f"q.{exercise}({exercise})", space)
            marks[exercise] = float(score) / score.points
        else:
            exec(answers[of["exercise"].partition("/")[2]] if of.get("role") == "answer" else source, space)
    return marks


def test_a_notebook_of_three_chapters_filled_with_solutions_is_right_under_any_name(tmp_path):
    notebook, kept = released(tmp_path, "03", "04", "05")
    answers = solutions(3) | solutions(4) | solutions(5)
    for name in ("Ada Lovelace", 'O\'Neill "Nil"', ""):
        assert done_by(name, notebook, answers) == {item.name: 1.0 for item in kept.exercises}


def test_a_neighbours_number_is_wrong(tmp_path):
    notebook, _ = released(tmp_path, "04", only=["paths"])
    exercises.name("Ada Lovelace")
    given = exercises.chapter(4).paths.given()
    assert done_by("Ada Lovelace", notebook, {"paths": f"paths = {given[2] * given[3]}"}) == {"paths": 1.0}
    assert done_by("Charles Babbage", notebook, {"paths": f"paths = {given[2] * given[3]}"}) == {"paths": 0.0}


def test_points_are_said_and_kept(tmp_path):
    notebook, kept = released(tmp_path, "04", points={"two_layers": 6.5, "paths": 2}, only=["two_layers", "paths"])
    assert [(item.name, item.points) for item in kept.exercises] == [("paths", 2.0), ("two_layers", 6.5)]
    prompts = of_role(notebook, "prompt")
    assert prompts["04/two_layers"].startswith("**Exercise 2.** ") and "4 points" not in prompts["04/two_layers"]
    assert prompts["04/two_layers"].endswith("*6.5 points.*")
    assert "2 exercises for 8.5 points" in notebook["cells"][0]["source"]


def test_the_secret_is_private_and_never_the_same(tmp_path):
    _, one = released(tmp_path / "a", "01")
    _, two = released(tmp_path / "b", "01")
    assert one.secret != two.secret and len(bytes.fromhex(one.secret)) == 32
    assert stat.S_IMODE((tmp_path / "a" / "assignment.json").stat().st_mode) == 0o600
    assert one.secret not in (tmp_path / "a" / "chapter-01.ipynb").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["99"], "NN must be a chapter with exercises, one of 00, 01, .*; got 99"),
        (["../04"], "NN must be a chapter with exercises"),
        (["04", "--only", "nothing"], "--only must name exercises of these chapters: bias_gradient, .*; got nothing"),
        (["04", "--points", "paths=many"], "--points must be NAME=POINTS, such as two_layers=6; got paths=many"),
        (["04", "--points", "path=1"], "--points must name exercises of these chapters"),
        (["04", "--points", "paths=-1"], "--points must be a positive number for each exercise; got paths=-1"),
        (["04", "--points", "paths=nan"], "--points must be a positive number for each exercise; got paths=nan"),
        (["04", "--due", "tomorrow"], "--due must be a date such as 2030-05-31 or 2030-05-31T18:00; got tomorrow"),
    ],
)
def test_what_cannot_be_released_is_said_in_a_line(arguments, message, tmp_path):
    with pytest.raises(SystemExit, match=message) as refused:
        cli.main(["release", *arguments, "--to", str(tmp_path / "new")])
    assert "\n" not in str(refused.value)
    assert not (tmp_path / "new").exists()


def test_a_release_never_overwrites_the_secret_of_another(tmp_path):
    released(tmp_path, "01")
    before = (tmp_path / "assignment.json").read_bytes()
    with pytest.raises(ValueError, match="--to must be a folder without an assignment"):
        released(tmp_path, "01")
    assert (tmp_path / "assignment.json").read_bytes() == before


def test_an_assignment_comes_back_as_it_was_written(tmp_path):
    _, kept = released(tmp_path, "04", due="2030-05-31T18:00")
    assert kept.due == "2030-05-31 18:00"
    assignments.write(kept, tmp_path / "again.json")
    assert assignments.read(tmp_path / "again.json") == kept


@pytest.mark.parametrize("change", [{"schema": 2}, {"secret": "not hexadecimal"}, {"exercises": [{"name": "paths"}]}])
def test_a_damaged_assignment_is_refused(change, tmp_path):
    released(tmp_path, "04")
    place = tmp_path / "assignment.json"
    place.write_text(json.dumps(json.loads(place.read_text(encoding="utf-8")) | change), encoding="utf-8")
    with pytest.raises(ValueError, match=r"the assignment must be a file that `bpbook release` wrote; .* is not"):
        assignments.read(place)
    with pytest.raises(ValueError, match="cannot be read"):
        assignments.read(tmp_path / "missing.json")
