"""Chapter 18: each claim has its line in its chapter, and the checks of the exercises hold against strange answers."""

import inspect
import re
from pathlib import Path

import nbformat
import numpy as np
import pytest

import bpbook as bp
from bpbook import exercises

NOTEBOOKS = Path(__file__).resolve().parent.parent / "notebooks"
ROW = re.compile(r"^\| ([^|]+) \| \[(\d\d)\]\((\w+\.ipynb)\) \*(.+?)\* \| `(.+)` \|$")


def rows(source):
    """Return the rows of a table of claims, as (claim, number, file, section, line)."""
    return [match.groups() for match in map(ROW.match, source.splitlines()) if match]


def tables():
    cells = nbformat.read(NOTEBOOKS / "18_look_back.ipynb", as_version=4).cells
    return [cell.source for cell in cells if cell.source.startswith("| claim |")]


CLAIMS = [row for source in tables() for row in rows(source)]


def missing(number, file, section, line, folder=NOTEBOOKS):
    """Say what is not there: the chapter, the section, or an assert that reads like this in the section."""
    path = folder / file
    if file[:2] != number or not path.exists():
        return f"no chapter {number} in {file}"
    here, seen = False, False
    for cell in nbformat.read(path, as_version=4).cells:
        for heading in re.findall(r"^##+ (.*)$", cell.source, re.MULTILINE) if cell.cell_type == "markdown" else ():
            here = heading == section
            seen = seen or here
        lines = [text.strip() for text in cell.source.splitlines()] if cell.cell_type == "code" else []
        if here and line in lines and line.startswith("assert "):
            return ""
    return f"no line {line!r} in {section!r}" if seen else f"no section {section!r} in {file}"


def test_every_row_of_the_tables_was_read():
    lines = [line for source in tables() for line in source.splitlines()[2:] if line.startswith("|")]
    assert len(tables()) == 2 and len(CLAIMS) == len(lines) >= 18


@pytest.mark.parametrize(("claim", "number", "file", "section", "line"), CLAIMS)
def test_a_claim_is_carried_by_a_line_of_its_chapter(claim, number, file, section, line):
    assert missing(number, file, section, line) == ""


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"line": "assert report.ok"}, "no line 'assert report.ok'"),
        ({"line": "report = bp.check_gradients(small, x, y)"}, "no line"),
        ({"section": "Step 1: Feedforward"}, "no line"),
        ({"section": "A section that nobody wrote"}, "no section"),
        ({"file": "01_other_words.ipynb"}, "no chapter 01"),
        ({"number": "02"}, "no chapter 02"),
    ],
)
def test_a_claim_without_its_line_is_refused(change, complaint):
    right = dict(zip(("number", "file", "section", "line"), CLAIMS[0][1:], strict=True))
    assert missing(**right) == ""
    assert complaint in missing(**right | change)


# Its exercises --------------------------------------------------------------------------------------------------------

WRONG = {
    "feedback_gradients": [
        "lambda x, y, W1, b1, W2, b2, B: right(x, y, W1, b1, B, b2, W2)",
        "lambda x, y, W1, b1, W2, b2, B: right(x, y, W1, b1, W2, b2, abs(B))",
        "lambda x, y, W1, b1, W2, b2, B: right(x, y, W1, b1, W2, b2, B / np.linalg.norm(B) * np.linalg.norm(W2))",
        "lambda x, y, W1, b1, W2, b2, B: right(x, y, W1, 0 * b1, W2, b2, B)",
        "lambda x, y, W1, b1, W2, b2, B: (right(x, y, W1, b1, W2, b2, B)[2:] * 2)",
    ],
    "alignment": [
        "lambda told, asked: 90.0",
        "lambda told, asked: right([None, *told[:0:-1]], asked) if len(told) == 2 else right(told[:-1], asked[:-1])",
        "lambda told, asked: right([None, *(np.sign(t) for t in told[1:])], asked)",
        "lambda told, asked: right([None, *(t / np.linalg.norm(t) for t in told[1:])], asked)",
    ],
    "by_directions": [
        "lambda up, down, V, h: np.linalg.lstsq(V, (up - down) / (2 * h), rcond=None)[0]",
        "lambda up, down, V, h: ((up - down)[:, None] / (2 * h) * V).max(axis=0)",
        "lambda up, down, V, h: np.median((up - down)[:, None] / (2 * h) * V, axis=0)",
        "lambda up, down, V, h: right(up - up.mean(), down - down.mean(), V, h)",
    ],
    "fall_back": [
        "lambda v, kappa, g, h, steps, goal: right(v, kappa, g, h, steps - 1, goal)",
        "lambda v, kappa, g, h, steps, goal: right(v, kappa, g, h, steps, goal)[::-1]",
        "lambda v, kappa, g, h, steps, goal: right(abs(v), kappa, 0 * g, h, steps, goal)",
        "lambda v, kappa, g, h, steps, goal: right(v, kappa, g, h, min(steps, 4), goal)",
    ],
}


def reference(name):
    return exercises.chapter(18).questions[name].exercise


@pytest.mark.parametrize(("name", "answer"), [(name, answer) for name, answers in WRONG.items() for answer in answers])
def test_a_wrong_answer_that_nobody_planned_for_is_refused(name, answer):
    exercise = reference(name)
    for seed in range(3):
        verdict = exercise.judge(eval(answer, {"np": np, "right": exercise.reference}), np.random.default_rng(seed))
        assert verdict.status not in ("right", "blank") and verdict.credit < 1, (seed, verdict)


def by_the_library(x, y, W1, b1, W2, b2, B):
    tanh, identity = bp.activations.tanh, bp.activations.identity
    params = bp.backprop.Params([None, W1, W2], [None, b1, b2], [None, tanh, identity])
    cache = bp.forward(params, x)
    grads = bp.backward(params._replace(W=[None, W1, B]), cache, y, bp.losses.softmax_cross_entropy)
    return grads.dW[1], grads.db[1].tolist(), np.float32(grads.dW[2]), grads.db[2]


def by_two_lengths(told, asked):
    told, asked = ([np.asarray(array).ravel() for array in arrays[1:]] for arrays in (told, asked))
    u, v = np.hstack(told), np.hstack(asked)
    u, v = u / np.linalg.norm(u), v / np.linalg.norm(v)
    return float(2 * np.degrees(np.arctan2(np.linalg.norm(u - v), np.linalg.norm(u + v))))


def by_a_loop(up, down, V, h):
    guess = [0.0] * V.shape[1]
    for change, row in zip(up - down, V, strict=True):
        guess = [known + len(row) * change * entry / (2 * h * len(V)) for known, entry in zip(guess, row, strict=True)]
    return guess


def by_tangents(v, kappa, g, h, steps, goal):
    v_dot, kappa_dot = 1.0, 0.0
    for _ in range(steps):
        v_dot, kappa_dot = v_dot * (1 - 2 * h * kappa * v), kappa_dot * (1 - 2 * h * kappa * v) - h * v**2
        v = v + h * g - h * kappa * v * v
    return {"dv": (v - goal) * v_dot, "dkappa": (v - goal) * kappa_dot}


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("feedback_gradients", by_the_library),
        ("alignment", by_two_lengths),
        ("by_directions", by_a_loop),
        ("by_directions", lambda up, down, V, h: np.einsum("k,kn->n", up - down, V) / (2 * h * len(V) / V.shape[1])),
        ("fall_back", by_tangents),
        ("directions", "(n + 1) / (1 / c**2 - 1)"),
    ],
)
def test_a_right_answer_written_oddly_is_right(name, answer):
    for seed in range(3):
        verdict = reference(name).judge(answer, np.random.default_rng(seed))
        assert (verdict.status, verdict.credit) == ("right", 1.0), (seed, verdict)


@pytest.mark.parametrize(("h", "central"), [(1e-5, True), (1e-7, False)])
def test_differences_offered_for_the_fall_are_recognised(h, central):
    exercise = reference("fall_back")
    assert list(inspect.signature(exercise.loss).parameters) == ["v", "kappa", "g", "h", "steps", "goal"]

    def nudged(v, kappa, g, h_of_step, steps, goal):
        def C(v, kappa):
            return exercise.loss(v, kappa, g, h_of_step, steps, goal)

        if central:
            return tuple((C(v + a, kappa + b) - C(v - a, kappa - b)) / (2 * h) for a, b in ((h, 0), (0, h)))
        return tuple((C(v + a, kappa + b) - C(v, kappa)) / h for a, b in ((h, 0), (0, h)))

    for seed in range(3):
        verdict = exercise.judge(
            lambda v, kappa, g, h, steps, goal: nudged(v, kappa, g, h, steps, goal), np.random.default_rng(seed)
        )
        assert (verdict.status, verdict.mistake) == ("wrong", "finite differences"), verdict


def test_the_estimate_by_directions_of_length_1_is_right_on_average():
    g, h = np.array([1.0, -2, 3]), 0.1
    V = np.random.default_rng(0).normal(size=(20_000, 3))
    V /= np.linalg.norm(V, axis=1, keepdims=True)
    np.testing.assert_allclose(reference("by_directions").reference(h * V @ g, -h * V @ g, V, h), g, atol=0.1)


def test_a_copy_of_the_first_weights_does_what_the_exercise_says():
    """Run the chapter's own network; the angle of layer 2 leaves 0, comes to about 25 degrees and stays below 40."""
    cells = nbformat.read(NOTEBOOKS / "18_look_back.ipynb", as_version=4).cells
    wanted = ("from itertools", "SIZES", "def backward", "def random_weights", "def learn", "x_30, y_30", "def degrees")
    chapter = {}
    for cell in cells:
        if cell.cell_type == "code" and cell.source.startswith(wanted):
            exec(cell.source, chapter)
    angles = []

    def watch(W, a, y, told):
        asked = chapter["backward"](W, a, y)[0][2]
        angles.append(0.0 if np.array_equal(told[2], asked) else chapter["degrees"](told[2], asked))

    for seed in range(5):
        B = chapter["random_weights"](seed)
        chapter["learn"](seed, lambda W, step, B=B: B, watch=watch)
    angles = np.reshape(angles, (5, -1))
    assert not angles[:, 0].any() and angles.max() < 40
    at_last = angles[:, -10:].mean(axis=1)
    assert at_last.min() > 22 and at_last.max() < 32


def test_the_falls_by_hand_keep_falling():
    for seed in range(50):
        assert reference("fall_by_hand").expected(*reference("fall_by_hand").give(np.random.default_rng(seed)))[0] > 0
