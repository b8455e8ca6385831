"""What each format holds, without the graders that read it."""

import json

import pytest

from bpbook import cli
from bpbook.classroom.releasing import release

from .conftest import NOTEBOOKS


def theirs(folder):
    """Return {grade_id: (metadata, source)} of nbgrader's cells."""
    place = release(["04"], folder, NOTEBOOKS, form="nbgrader", points={"two_layers": 6})
    cells = [cell for cell in json.loads(place.read_text(encoding="utf-8"))["cells"] if cell["cell_type"] == "code"]
    return {cell["metadata"]["nbgrader"]["grade_id"]: (cell["metadata"]["nbgrader"], cell["source"]) for cell in cells}


def test_nbgrader_finds_metadata_of_schema_3_in_every_code_cell(tmp_path):
    cells = theirs(tmp_path)
    assert {meta["schema_version"] for meta, _ in cells.values()} == {3}
    checks = {name: meta for name, (meta, _) in cells.items() if meta["grade"]}
    assert len(checks) == 18 and sum(meta["points"] for meta in checks.values()) == 26
    assert all(meta["locked"] and not meta["solution"] for meta in checks.values())
    answers = [name for name, (meta, _) in cells.items() if meta["solution"]]
    assert len(answers) == 19 and "bpbook-name" in answers
    assert not any(cells[name][0]["locked"] for name in answers)


def test_a_check_cell_of_nbgrader_ends_in_a_number_of_the_assignments_points(tmp_path):
    cells = theirs(tmp_path)
    assert cells["04-paths-check"][1] == "mark = q.paths()\nprint(mark)\nfloat(mark)"
    assert cells["04-two_layers-check"][1] == "mark = q.two_layers()\nprint(mark)\nfloat(mark) * 6 / 4"


def test_what_comes_next_is_said(tmp_path, capsys):
    for form, said in (
        ("plain", "Give "),
        ("nbgrader", "`nbgrader generate_assignment chapter-01`"),
        ("otter", "tests"),
    ):
        assert cli.main(["release", "1", "--to", str(tmp_path / form), "--format", form]) == 0
        assert said in (line := capsys.readouterr().out) and line.count("\n") == 1


@pytest.mark.parametrize("wanted", [["nothing"], []])
def test_an_unknown_format_is_refused(wanted, tmp_path, capsys):
    with pytest.raises(SystemExit):
        cli.main(["release", "1", "--to", str(tmp_path), "--format", *wanted])
    assert "--format" in capsys.readouterr().err
