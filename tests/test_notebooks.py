"""The chapters: what nbval must refuse, what their anatomy is, and that executing them gives the same bytes."""

import ast
import base64
import copy
import importlib.metadata
import importlib.util
import os
import random
import re
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbval.plugin import NbCellError

ROOT = Path(__file__).resolve().parent.parent
CHAPTERS = sorted((ROOT / "notebooks").glob("*.ipynb"))

sys.path.insert(0, str(ROOT / "notebooks"))  # whose scripts know one another


def load(name):
    spec = importlib.util.spec_from_file_location(f"notebooks_{name}", ROOT / "notebooks" / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


strict, execute, links, front_ends = (load(name) for name in ("conftest", "execute", "links", "front_ends"))
chapters = pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)


def read(path):
    return nbformat.read(path, as_version=4)


def code_cells(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def strip(notebook):
    """Take all outputs away, as a stripping tool does."""
    for cell in code_cells(notebook):
        cell.outputs, cell.execution_count = [], None


def refused(folder, notebooks):
    """Run strict nbval on these notebooks, as files in an empty folder; return {name: {code cell: reason}}."""
    (folder / "notebooks").mkdir()
    shutil.copy(ROOT / "notebooks" / "conftest.py", folder / "notebooks")
    shutil.copy(ROOT / "constraints.txt", folder)
    for name, notebook in notebooks.items():
        nbformat.write(notebook, folder / "notebooks" / f"{name}.ipynb")
    (folder / "pytest.ini").write_text("[pytest]\n")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--color=no", "-c", "pytest.ini", "-n0"]
    environment = os.environ | {"CI": ""}
    run = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert run.returncode in (0, 1), run.stdout + run.stderr
    sections = re.split(r"^_+ notebooks/(\w+)\.ipynb::Cell (\d+) _+$", run.stdout, flags=re.MULTILINE)
    found = {name: {} for name in notebooks}
    for name, number, reason in zip(sections[1::3], sections[2::3], sections[3::3], strict=True):
        found[name][int(number)] = reason
    return found


def notebook_of(*sources):
    return nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in sources])


FIGURE = "import bpbook as bp\nfrom matplotlib import pyplot\nbp.plots.show(pyplot.figure(), alt='An empty figure.')"


def test_an_altered_number_and_an_altered_figure_and_a_stripped_notebook_are_refused(tmp_path):
    executed = execute.execute(notebook_of("print('C = 0.25')", FIGURE, "3"))
    altered, stripped = copy.deepcopy(executed), copy.deepcopy(executed)
    for cell in altered.cells[:2]:
        ((_, cell.outputs),) = strict.wrong_twins(cell.outputs, random.Random(0))
    strip(stripped)
    found = refused(tmp_path, {"whole": executed, "altered": altered, "stripped": stripped})
    assert found["whole"] == {}
    assert set(found["altered"]) == ({0, 1} if strict.pixels_comparable() else {0})
    assert "reference_output == test_output failed" in found["altered"][0]
    if strict.pixels_comparable():
        assert "picture 0 of this cell has changed" in found["altered"][1]
    assert set(found["stripped"]) == {0, 1, 2}
    assert all("without being executed" in reason for reason in found["stripped"].values())


def cells_of(session, path):
    return list(strict.StrictFile.from_parent(session, path=path).collect())


@chapters
def test_every_cell_of_a_stripped_chapter_is_refused(path, tmp_path, request):
    stripped = read(path)
    strip(stripped)
    nbformat.write(stripped, tmp_path / path.name)
    for cell in cells_of(request.session, tmp_path / path.name):
        if cell.cell.source.strip():
            with pytest.raises(NbCellError, match="without being executed"):
                cell.runtest()


@chapters
def test_a_chapter_has_numbers_and_figures_whose_wrong_twins_its_run_refuses(path, request):
    """Each cell tries its comparison on them while nbval runs it; here only a comparison that sees nothing is tried."""
    cells = cells_of(request.session, path)
    tried = {what for cell in cells for what, _ in strict.wrong_twins(cell.cell.outputs, random.Random(0))}
    assert "number" in tried
    assert "picture" in tried or path.name[0].isalpha(), "only an appendix may have no figure"


@pytest.mark.parametrize("what", ["number", "picture"])
def test_a_cell_whose_comparison_does_not_notice_a_wrong_twin_fails(what, request, monkeypatch):
    monkeypatch.setattr(strict, "pixels_comparable", lambda: True)
    cells = cells_of(request.session, CHAPTERS[2])
    wrong = {cell: [kind for kind, _ in strict.wrong_twins(cell.cell.outputs, random.Random(0))] for cell in cells}
    cell = next(cell for cell, kinds in wrong.items() if kinds == [what])
    assert cell.compare_outputs(cell.cell.outputs, cell.cell.outputs)
    monkeypatch.setattr(strict.StrictCell, "alike", lambda *given: True)
    assert not cell.compare_outputs(cell.cell.outputs, cell.cell.outputs)
    assert cell.comparison_traceback == [f"a wrong {what} in this cell would not be noticed"]


def test_other_ways_of_comparing_nothing_are_refused(tmp_path):
    executed = execute.execute(notebook_of("print(1)", "print(2)", "3", "4"))
    lost, skipped, quiet = (copy.deepcopy(executed) for _ in range(3))
    lost.cells[2].outputs = []
    skipped.cells[1].metadata["tags"] = ["nbval-skip"]
    quiet.cells[1].source = "# NBVAL_IGNORE_OUTPUT\nprint(2)"
    noisy = copy.deepcopy(executed)
    noisy.cells[0].source = "import sys\nprint(1, file=sys.stderr)"
    found = refused(tmp_path, {"whole": executed, "lost": lost, "skipped": skipped, "quiet": quiet, "noisy": noisy})
    assert found["whole"] == {}
    assert set(found["lost"]) == {2} and "Unexpected output fields" in found["lost"][2]
    assert set(found["skipped"]) == {1} and "asks not to be compared" in found["skipped"][1]
    assert set(found["quiet"]) == {1} and "asks not to be compared" in found["quiet"][1]
    assert set(found["noisy"]) == {0} and "Missing output fields" in found["noisy"][0]


def test_a_timing_cell_may_print_other_times_and_no_other_words(tmp_path):
    stored = execute.execute(notebook_of("print('a step takes 12.5 ms')", "print('a step takes 12.5 ms')"))
    for cell in stored.cells:
        cell.metadata["tags"] = ["timing"]
    other, untagged, reworded = (copy.deepcopy(stored) for _ in range(3))
    for notebook in (other, untagged):
        notebook.cells[1].outputs[0].text = "a step takes   3.25 ms\n"
    untagged.cells[1].metadata["tags"] = []
    reworded.cells[1].outputs[0].text = "a step takes 12.5 s\n"
    found = refused(tmp_path, {"stored": stored, "other": other, "untagged": untagged, "reworded": reworded})
    assert found["stored"] == found["other"] == {}
    assert set(found["untagged"]) == set(found["reworded"]) == {1}


@pytest.mark.skipif(not strict.X86, reason="Only x86 processors can add up as another one does.")
def test_on_another_processor_outputs_may_differ_and_asserts_must_hold(tmp_path, monkeypatch):
    monkeypatch.setenv("BPBOOK_PROCESSOR", "Nehalem")
    stored = execute.execute(notebook_of("import os\nkind = 'Haswell'", "print(kind)", "assert kind == 'Haswell'"))
    kind = "next(one['architecture'] for one in threadpool_info() if 'architecture' in one)"  # and not what it was told
    stored.cells[0].source = f"import numpy\nfrom threadpoolctl import threadpool_info\nkind = {kind}"
    unasked = copy.deepcopy(stored)
    unasked.cells[2].source = "assert kind == 'Nehalem'"
    found = refused(tmp_path, {"stored": stored, "unasked": unasked})
    assert set(found["stored"]) == {2} and "AssertionError" in found["stored"][2]
    assert found["unasked"] == {}


def test_executing_keeps_stored_times_unless_the_words_change():
    def timed(text):
        output = nbformat.v4.new_output("stream", name="stdout", text=text)
        cell = nbformat.v4.new_code_cell("...", outputs=[output], metadata={"tags": ["timing"]})
        return nbformat.v4.new_notebook(cells=[cell])

    stored = timed("a step takes 12.5 ms\n")
    assert execute.keep_times(stored, timed("a step takes   3 ms\n")).cells[0].outputs == stored.cells[0].outputs
    assert execute.keep_times(stored, timed("a step takes 3 s\n")).cells[0].outputs[0].text == "a step takes 3 s\n"


def test_in_ci_a_run_that_compares_no_picture_fails(tmp_path):
    (tmp_path / "notebooks").mkdir()
    shutil.copy(ROOT / "notebooks" / "conftest.py", tmp_path / "notebooks")
    nbformat.write(execute.execute(notebook_of(FIGURE)), tmp_path / "notebooks" / "one.ipynb")
    (tmp_path / "pytest.ini").write_text("[pytest]\n")

    def run(pin, ci):
        (tmp_path / "constraints.txt").write_text(pin)
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-c", "pytest.ini", "-n0"]
        environment = os.environ | {"CI": ci}
        return subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)

    pinned = f"matplotlib=={strict.matplotlib.__version__}\n"
    assert run(pinned, ci="true").returncode == 0
    elsewhere = run("matplotlib==1.5.0\n", ci="")
    assert elsewhere.returncode == 0 and "0 compared, 1 skipped" in elsewhere.stdout
    assert run("matplotlib==1.5.0\n", ci="true").returncode == 1


def minor(version):
    return version.split(".")[:2]


@pytest.mark.skipif(
    any(
        minor(importlib.metadata.version(name)) != minor(strict.pinned(name) or "")
        for name in ("matplotlib", "ipywidgets", "anywidget")
    ),
    reason="the stored pictures and experiments were made with other versions; constraints.txt has them",
)
def test_executing_two_chapters_again_gives_the_stored_bytes():
    command = [sys.executable, str(ROOT / "notebooks" / "execute.py"), "--check", "00", "01"]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr


def test_a_check_forgives_the_last_digits_of_a_processor_and_nothing_else():
    stored = '{"C": 0.7359355198334598, "db": [0.0, -1.5e-05], "png": "iVBORw0KGgo12e7/8.9"}'
    other = stored.replace("0.7359355198334598", "0.7359355198334576").replace("[0.0", "[-2.1e-17")
    assert other != stored and execute.alike(stored, other)
    for old, new in [
        ("0.735935", "0.735936"),
        ("-1.5e-05", "1.5e-05"),
        ("db", "dW"),
        ("12e7", "13e7"),
        ("[0.0, ", "["),
    ]:
        assert old in stored and not execute.alike(stored, stored.replace(old, new))


def test_normalising_forgets_what_changes_from_run_to_run():
    source = "import ipywidgets\nclass S(ipywidgets.IntSlider):\n    def __repr__(self): return 'slider'\nS()"
    unseen = "hidden = ipywidgets.IntSlider()\nfor k in range(3): print(k, flush=True)"
    once, twice = (nbformat.writes(execute.execute(notebook_of(source, unseen))) for _ in range(2))
    assert once == twice
    assert once.count('"model_name": "IntSliderModel"') == 1


@pytest.mark.parametrize(
    ("source", "complaint"),
    [
        ("object()", "an address in memory"),
        ("import os; print(os.path.expanduser('~') + '/x')", "a path of this machine"),
        ("import sys; print('late', file=sys.stderr)", "writes to stderr"),
    ],
)
def test_execute_refuses_to_store_what_differs_elsewhere(source, complaint):
    with pytest.raises(ValueError, match=complaint):
        execute.execute(notebook_of(source))


def test_every_chapter_stores_the_front_ends_of_today():
    assert front_ends.stale(write=False) == []


def test_a_front_end_out_of_date_is_renewed_and_another_state_is_to_be_executed(tmp_path):
    stored = next(path for path in CHAPTERS if path.name.startswith("00"))
    copied = tmp_path / stored.name
    for name, value, found, mended in (
        ("_esm", "export default {};", "has another front end", True),
        ("_css", "", "has another front end", True),
        ("more", 1, "has to be executed, for FigureView", False),
        ("_anywidget_id", "bpbook.widgets.gone.Gone", "has to be executed, for Gone", False),
    ):
        notebook = read(stored)
        (widget,) = (
            widget["state"]
            for widget in notebook.metadata.widgets[front_ends.STATE]["state"].values()
            if "_esm" in widget["state"]
        )
        widget[name] = value
        nbformat.write(notebook, copied)
        before = copied.read_bytes()
        assert front_ends.stale(write=False, folder=tmp_path) == [f"{stored.name} {found}"]
        assert copied.read_bytes() == before
        front_ends.stale(write=True, folder=tmp_path)
        assert (copied.read_bytes() == stored.read_bytes()) == mended


def test_an_experiment_stores_its_photograph_and_one_out_of_date_is_renewed(tmp_path):
    stored = next(path for path in CHAPTERS if path.name.startswith("00"))
    copied = tmp_path / stored.name
    for picture in (None, base64.b64encode(b"another picture").decode()):
        notebook = read(stored)
        (data,) = (
            output.data
            for cell in notebook.cells
            for output in cell.get("outputs", [])
            if execute.VIEW in output.get("data", {})
        )
        assert base64.b64decode(data.pop("image/png")) == (execute.PHOTOGRAPHS / "00_0.png").read_bytes()
        data.update({"image/png": picture} if picture else {})
        nbformat.write(notebook, copied)
        assert front_ends.stale(write=True, folder=tmp_path) == [f"{stored.name} has another photograph"]
        assert copied.read_bytes() == stored.read_bytes()


# Anatomy ----------------------------------------------------------------------------------------------------------


def headings(notebook):
    return [
        line
        for cell in notebook.cells
        if cell.cell_type == "markdown"
        for line in cell.source.splitlines()
        if line[:1] == "#"
    ]


def start_of_exercises(notebook):
    starts = (k for k, cell in enumerate(notebook.cells) if cell.source.startswith("## Exercises"))
    return next(starts, len(notebook.cells))


def words(cell):
    prose = re.sub(r"\$\$.*?\$\$|```.*?```", " ", cell.source, flags=re.DOTALL)
    return len(re.findall(r"[A-Za-z']+", prose))


def is_prose(cell):
    special = ("#", "|", "!", "-", "**Exercise")
    return cell.cell_type == "markdown" and not cell.source.startswith(special) and "\n|" not in cell.source


def faults(notebook, least_exercises=8):
    """Return what in a chapter's anatomy is not as it should be; an appendix has no exercises."""
    cells, body = notebook.cells, notebook.cells[: start_of_exercises(notebook)]
    found = []
    reading_time = "Reading time" in cells[0].source or not least_exercises
    if not re.match(r"# (\d\d|[A-Z]) [A-Z][\w' ]+", cells[0].source) or not reading_time:
        found.append("no title with reading time")
    expected = ("## Summary", "## Exercises", "## Further reading") if least_exercises else ()
    for heading in expected:
        if not any(line.startswith(heading) for line in headings(notebook)):
            found.append(f"no {heading}")
    if len(body) > 75:
        found.append(f"{len(body)} cells before the exercises")
    for k, cell in enumerate(cells):
        if cell.cell_type == "code" and len(cell.source.splitlines()) > 14:
            found.append(f"cell {k} has {len(cell.source.splitlines())} lines")
        if cell.cell_type == "code" and cell.source.rstrip().endswith(";"):
            found.append(f"cell {k} ends with a semicolon")
        if is_prose(cell) and words(cell) > 150:
            found.append(f"cell {k} has {words(cell)} words")
        if re.search(r"!\[\s*\]|<img (?![^>]*alt=\"[^\"]+)", cell.source + str(cell.get("outputs", ""))):
            found.append(f"cell {k} shows a picture without words")
        for target in re.findall(r"!\[[^\]]*\]\(([^)]+)\)", cell.source if cell.cell_type == "markdown" else ""):
            if not (ROOT / "notebooks" / target).exists():
                found.append(f"cell {k} shows {target}, which is not there")
    checks = [cell for cell in cells[len(body) :] if re.fullmatch(r"q\.\w+\(\)", cell.source.strip())]
    prompts = [cell for cell in cells[len(body) :] if cell.source.startswith("**Exercise")]
    if len(prompts) < least_exercises or len([c for c in checks if c.source != "q.progress()"]) != len(prompts):
        found.append(f"{len(prompts)} exercises with {len(checks)} checks")
    return found + execute.complaints(notebook)


@chapters
def test_a_chapter_has_the_anatomy_of_a_chapter(path):
    least_exercises = 0 if path.name[0].isalpha() else 1 if path.name.startswith("00") else 8
    assert faults(read(path), least_exercises) == []


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (lambda nb: nb.cells[0].update(source="# \n\nno promise"), "no title"),
        (lambda nb: nb.cells.pop(start_of_exercises(nb)), "no ## Exercises"),
        (lambda nb: [nb.cells.insert(3, copy.deepcopy(nb.cells[1])) for _ in range(75)], "cells before the exercises"),
        (lambda nb: code_cells(nb)[0].update(source="x = 1\n" * 20), "has 20 lines"),
        (lambda nb: code_cells(nb)[0].update(source="x = 1;"), "semicolon"),
        (lambda nb: nb.cells[1].update(source="word " * 160), "160 words"),
        (lambda nb: nb.cells[1].update(source="See ![ ](../figures/network.svg)"), "picture without words"),
        (lambda nb: nb.cells[1].update(source="See ![A picture](../figures/missing.svg)"), "which is not there"),
        (
            lambda nb: nb.cells.__delitem__(slice(start_of_exercises(nb) + 1, start_of_exercises(nb) + 16)),
            "exercises with",
        ),
    ],
)
def test_the_anatomy_check_refuses_a_wrong_twin(change, fault):
    notebook = read(ROOT / "notebooks" / "01_see_errors_travel_backwards.ipynb")
    change(notebook)
    assert any(fault in found for found in faults(notebook))


def test_every_chapter_bears_its_number_and_leads_to_its_neighbours(tmp_path):
    assert links.stale(write=False) == [], "run: python notebooks/links.py"
    for path in CHAPTERS[:3]:
        shutil.copy(path, tmp_path)
    assert links.stale(write=True, folder=tmp_path) == [CHAPTERS[2].name]  # nothing comes after it there
    assert links.stale(write=False, folder=tmp_path) == []
    (tmp_path / CHAPTERS[1].name).unlink()
    assert links.stale(write=False, folder=tmp_path) == [CHAPTERS[0].name, CHAPTERS[2].name]
    renamed = read(tmp_path / CHAPTERS[2].name)
    renamed.cells[0].source = renamed.cells[0].source.replace("# 02 ", "# 03 ")
    nbformat.write(renamed, tmp_path / CHAPTERS[2].name)
    links.stale(write=True, folder=tmp_path)
    assert read(tmp_path / CHAPTERS[2].name).cells[0].source.startswith("# 02 ")
    assert read(tmp_path / CHAPTERS[2].name).cells[-1].source.count("←") == 1
    for path in CHAPTERS:
        if path.name[0].isdigit() and path != CHAPTERS[0]:
            for cell in (read(path).cells[0], read(path).cells[-1]):
                assert cell.source.splitlines()[-1].count(f"]({CHAPTERS[0].name})") == 1  # one click to all chapters


def unlisted(first_page, chapters=CHAPTERS):
    """Return the chapters to which no row of the first page's table leads, under their number."""
    text = "\n".join(cell.source for cell in first_page.cells)
    return [path.name for path in chapters if f"| [{path.name.split('_')[0]}]({path.name}) |" not in text]


def test_the_first_page_leads_to_every_chapter_and_shows_ones_progress():
    first = read(CHAPTERS[0])
    assert unlisted(first) == []
    contents = next(k for k, cell in enumerate(first.cells) if cell.source.startswith("## The chapters"))
    assert [cell.source for cell in first.cells[contents : contents + 3]][-1] == "bp.exercises.progress()"
    twin = copy.deepcopy(first)
    twin.cells[contents].source = twin.cells[contents].source.replace("(04_derive", "(05_derive")
    assert unlisted(twin) == ["04_derive_the_backward_pass.ipynb"]


def names_defined(cells):
    """Return the names that code cells assign or define."""
    nodes = [node for cell in cells for node in ast.walk(ast.parse(cell.source))]
    stored = {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    return stored | {node.name for node in nodes if isinstance(node, ast.FunctionDef | ast.ClassDef)}


def asked_for(notebook):
    found = (re.fullmatch(r"q\.(\w+)\(\)", cell.source.strip()) for cell in notebook.cells)
    return {match[1] for match in found if match} - {"progress"}


@chapters
def test_no_chapter_defines_what_an_exercise_asks_for(path):
    """Otherwise a reader who skips the answer cell has the chapter's own object judged."""
    notebook = read(path)
    body = [cell for cell in notebook.cells[: start_of_exercises(notebook)] if cell.cell_type == "code"]
    assert names_defined(body) & asked_for(notebook) == set()
    answer = nbformat.v4.new_code_cell("".join(f"{name} = 1\n" for name in asked_for(notebook)))
    assert names_defined([*body, answer]) & asked_for(notebook) == asked_for(notebook)
