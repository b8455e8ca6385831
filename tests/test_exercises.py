"""Exercises: what a check says of right, wrong, blank and broken answers; the book's own answers are right."""

import copy
import json
import re
from pathlib import Path

import nbformat
import numpy as np
import pytest

import bpbook as bp
from bpbook import exercises
from bpbook.exercises import banks
from bpbook.exercises.kinds import Array, Choice, Diagnosis, Expression, Number

ROOT = Path(__file__).resolve().parent.parent
QUESTIONS = [(number, name) for number in banks.NUMBERS for name in exercises.chapter(number).questions]
CHAPTERS = {int(path.name[:2]): path for path in (ROOT / "notebooks").glob("[0-9][0-9]_*.ipynb")}
CELLS = {n: [cell.source for cell in nbformat.read(path, as_version=4).cells] for n, path in CHAPTERS.items()}
STANDING = [number for number in banks.NUMBERS if any(re.match(r"q\.\w+\(\)$", cell) for cell in CELLS.get(number, ()))]
each = pytest.mark.parametrize(("number", "name"), QUESTIONS)


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    """Give every test an empty folder of marks."""
    monkeypatch.setenv("BPBOOK_HOME", str(tmp_path))
    return tmp_path


def solved(number, name):
    """Run the reference solution as an answer cell; return the answer."""
    question = exercises.chapter(number).questions[name]
    source = question.solution().removeprefix("```python\n").removesuffix("\n```")
    namespace = {"np": np, "bp": bp, "q": exercises.chapter(number)}
    exec(source, namespace)
    return namespace[name]


@each
@pytest.mark.parametrize("reader", ["", "Ada", "Grace"])
def test_the_reference_solution_gets_full_marks(number, name, reader):
    exercises.name(reader)
    question = exercises.chapter(number).questions[name]
    score = question(solved(number, name))
    assert (score, score.verdict.status) == (question.exercise.points, "right"), score


@each
def test_a_blank_answer_is_neutral(number, name):
    question = exercises.chapter(number).questions[name]
    score = question(...)
    assert (score, score.verdict.status) == (0.0, "blank")
    assert "Not answered yet" in repr(score)


@each
def test_every_exercise_has_three_hints(number, name):
    hints = exercises.chapter(number).questions[name].exercise.hints
    assert len(hints) == len(set(hints)) == 3


@pytest.mark.parametrize("number", banks.NUMBERS)
def test_a_chapter_has_eight_exercises_three_of_them_with_fresh_numbers_or_formulas(number):
    """Chapter 00 only shows what each kind of exercise is like."""
    kinds = [question.exercise for question in exercises.chapter(number).questions.values()]
    assert len(kinds) >= (8 if number else 6)
    assert sum(isinstance(ex, Expression) or getattr(ex, "given", None) is not None for ex in kinds) >= 3


@each
def test_neither_a_hint_nor_a_message_gives_the_number_away(number, name):
    question = exercises.chapter(number).questions[name]
    if not isinstance(question.exercise, Number):
        return
    for seed in range(5):
        rng = lambda seed=seed: np.random.default_rng(seed)  # noqa: E731
        given = question.exercise.give(rng())
        expected = float(question.exercise.expected(*given))
        answers = [twin(*given) for twin in question.exercise.mistakes]
        answers += [ratio * expected for ratio in question.exercise.ratios] + [expected + 0.37, 12345.678]
        said = [question.exercise.judge(answer, rng()).message for answer in answers]
        written = {f"{expected:.{digits}g}" for digits in (3, 4, 6)} | {repr(expected), str(round(expected, 2))}
        telling = {text for text in written if len(text.strip("-0.")) > 2}
        assert not [text for text in telling for words in (*said, *question.exercise.hints) if text in words]


@each
def test_every_option_of_a_choice_has_its_own_words(number, name):
    exercise = exercises.chapter(number).questions[name].exercise
    if isinstance(exercise, Choice):
        where = f" in {exercise.place}" if isinstance(exercise, Diagnosis) else ""
        said = {letter: exercise.judge(letter + where, np.random.default_rng(0)) for letter in exercise.options}
        assert len({verdict.message for verdict in said.values()}) == len(said) >= 3
        assert [letter for letter, verdict in said.items() if verdict.status == "right"] == [exercise.right]


def test_where_solutions_are_not_installed_it_says_so(monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    assert exercises.chapter(4).hidden_delta.solution() == "Solutions are not installed here."


def test_a_score_is_a_number_with_words_for_notebooks_and_terminals():
    score = judged("which_step", "c")
    assert isinstance(score, float) and score + 1 == 2.0 and sum([score, score]) == 2.0
    assert score._repr_markdown_() == repr(score) == "✓ 1 of 1 points. " + score.verdict.message
    assert repr(copy.copy(score)) == repr(score)


@pytest.mark.parametrize(("number", "name"), [(number, name) for number, name in QUESTIONS if number in STANDING])
def test_every_exercise_has_prompt_answer_and_check_in_its_chapter(number, name):
    sources = CELLS[number]
    check = sources.index(f"q.{name}()")
    assert re.search(rf"^(def {name}\(|{name} = \.\.\.$)", sources[check - 1], flags=re.MULTILINE)
    assert sources[check - 2].startswith("**Exercise")


def cells_of(number, answers):
    """Return the exercise part of a chapter as one program, its answer cells filled."""
    cells = nbformat.read(CHAPTERS[number], as_version=4).cells
    sources = [cell.source for cell in cells if cell.cell_type == "code"]
    for name in exercises.chapter(number).questions:
        k = sources.index(f"q.{name}()") - 1
        if answers:
            sources[k] = exercises.chapter(number).questions[name].solution().split("```python\n")[1].split("\n```")[0]
    first = min(sources.index(f"q.{name}()") for name in exercises.chapter(number).questions) - 1
    return sources[first:]


def test_every_chapter_has_a_bank_and_every_bank_a_chapter():
    assert set(CHAPTERS) == set(banks.NUMBERS) == set(STANDING)


@pytest.mark.parametrize("number", STANDING)
@pytest.mark.parametrize("answers", [True, False])
def test_a_chapter_filled_with_solutions_gets_full_marks_and_a_blank_one_none(number, answers, home, monkeypatch):
    main = {"np": np, "bp": bp, "q": exercises.chapter(number)}
    monkeypatch.setattr(exercises, "_reader_namespace", lambda: main)
    for source in cells_of(number, answers):
        exec(source, main)
    marks = json.loads((home / "progress.json").read_text())["marks"][f"{number:02}"]
    points = {name: q.exercise.points for name, q in exercises.chapter(number).questions.items()}
    assert marks == (points if answers else dict.fromkeys(points, 0.0))


def judged(name, answer, number=1):
    return exercises.chapter(number).questions[name](answer)


@pytest.mark.parametrize(
    ("name", "answer", "status", "words"),
    [
        ("even_bets", -np.log(20), "wrong", "positive"),
        ("even_bets", "ln 10", "type", "must be one number"),
        ("even_bets", np.inf, "nonfinite", "division by zero"),
        ("even_bets", np.ones(3), "type", "must be one number"),
        ("probabilities", [0.5, 0.5], "shape", "must have shape (3,)"),
        ("probabilities", [1, 0, 0], "wrong", "entries differ, the first at"),
        ("probabilities", [np.nan] * 3, "nonfinite", "nan or inf"),
        ("probabilities", object(), "type", "must hold real numbers"),
        ("which_step", "b", "wrong", "needed only to judge its probabilities"),
        ("which_step", "z", "type", "must be one of"),
        ("which_step", 3, "type", "must be one of"),
        ("accuracy", 0.5, "type", "must be a function"),
        ("accuracy", lambda p, y: print(), "type", "Does your function return something"),
        ("accuracy", lambda p: 1, "type", "must take 2 arguments, (p, y); yours takes (p)"),
        ("accuracy", lambda p, y: 1 / 0, "raised", "ZeroDivisionError"),
        ("accuracy", lambda p, y: exit(), "raised", "SystemExit"),
        ("accuracy", lambda p, y: (p.argmax(axis=1) == y).sum(), "wrong", "counts the right answers"),
        ("accuracy", lambda p, y: p.argmax(axis=0), "shape", "must have shape ()"),
        ("mean_loss", lambda p, y: -np.log(p[np.arange(len(y)), y]).sum(), "wrong", "sum over the images"),
        ("mean_loss", lambda p, y: np.log(p[np.arange(len(y)), y]).mean(), "wrong", "sign"),
        ("output_error", lambda p, y: p - np.eye(p.shape[1])[y], "wrong", "Where is its 1/m"),
        ("output_error", lambda p, y: p.sort(), "mutated", "changes its arguments"),
    ],
)
def test_a_wrong_answer_is_told_what_is_wrong(name, answer, status, words):
    if name == "even_bets" and isinstance(answer, float) and np.isfinite(answer):
        answer = -np.log(exercises.chapter(1).even_bets.given())
    score = judged(name, answer)
    assert (float(score), score.verdict.status) == (0.0, status), score
    assert words in repr(score)


def mean_loss_by_a_loop(p, y):
    print("x" * 1_000_000)
    total = 0.0
    for k, digit in enumerate(y):
        total -= float(np.log(p[k][digit]))
    return total / len(y)


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("mean_loss", mean_loss_by_a_loop),
        ("mean_loss", lambda p, y: np.mean([-np.log(row[k]) for row, k in zip(p, y, strict=True)])),
        ("mean_loss", lambda p, y: -(np.log(p.astype(np.float64)) * np.eye(4)[y]).sum() / len(y)),
        ("accuracy", lambda p, y: sum(int(row.argmax() == k) for row, k in zip(p, y, strict=True)) / len(y)),
        ("output_error", lambda p, y: ((p - np.eye(p.shape[1])[y]) / len(y)).tolist()),
        ("which_step", " C "),
    ],
)
def test_a_right_answer_written_another_way_is_right(name, answer, capsys):
    score = judged(name, answer)
    assert score.verdict.status == "right", score
    assert capsys.readouterr() == ("", "")


def test_an_endless_loop_ends():
    def accuracy(p, y):
        while True:
            p = p + 0

    assert judged("accuracy", accuracy).verdict.status == "timeout"


def test_an_answer_that_does_not_exist_is_undefined(monkeypatch):
    monkeypatch.setattr(exercises, "_reader_namespace", dict)
    score = exercises.chapter(1).accuracy()
    assert score.verdict.status == "undefined" and "Run the answer cell first" in repr(score)


def test_a_stub_with_or_without_a_docstring_is_blank():
    def accuracy(p, y): ...

    def described(p, y):
        """Return the share of right answers."""

    def works(p, y):
        return 1.0

    assert judged("accuracy", accuracy).verdict.status == "blank"
    assert judged("accuracy", described).verdict.status == "blank"
    assert judged("accuracy", works).verdict.status == "wrong"


def test_readers_have_numbers_of_their_own_and_keep_them():
    numbers = {}
    for reader in ("Ada", "Grace", "Ada "):
        exercises.name(reader)
        numbers[reader] = exercises.chapter(1).one_step.given()
    assert numbers["Ada"] == numbers["Ada "] != numbers["Grace"]


def test_hints_come_one_at_a_time():
    question = exercises.chapter(1).one_step
    hints = [question.hint() for _ in range(4)]
    assert [hint[:11] for hint in hints] == ["Hint 1 of 3", "Hint 2 of 3", "Hint 3 of 3", "Hint 3 of 3"]
    assert ["`.solution()` is left" in hint for hint in hints] == [False, False, True, True]


def test_the_best_mark_is_kept_in_a_file_that_a_person_can_read(home):
    judged("which_step", "c")
    judged("which_step", "a")
    kept = json.loads((home / "progress.json").read_text())
    assert kept == {"name": "", "marks": {"01": {"which_step": 1.0}}}
    assert "| 2 | which_step | 1 of 1 |" in exercises.chapter(1).progress()
    assert exercises.chapter(1).progress().endswith("| | **together** | **1 of 15** |")
    assert "**together** | **1 of" in exercises.progress()
    assert "| 01 | 1 of " in exercises.progress()


@pytest.mark.parametrize(
    "damage", ['{"marks": {"01": {', "[]", "null", '{"name": "Ada"}', '{"name": "", "marks": {"01": 3}}']
)
def test_damaged_marks_are_not_thrown_away(home, damage):
    (home / "progress.json").write_text(damage)
    score = judged("which_step", "c")
    assert score == 1.0 and "progress.json must hold your marks as JSON, but is damaged" in repr(score)
    assert "but is damaged" in exercises.chapter(1).progress() and "but is damaged" in exercises.progress()
    assert (home / "progress.json").read_text() == damage
    with pytest.raises(ValueError, match=r"^progress\.json must hold your marks as JSON, but is damaged"):
        exercises.name("Ada")


def test_a_folder_that_cannot_be_written_costs_no_verdict(home, monkeypatch):
    monkeypatch.setenv("BPBOOK_HOME", str(home / "file"))
    (home / "file").write_text("not a folder")
    score = judged("which_step", "c")
    assert score == 1.0 and "could not be kept" in repr(score)


def test_marks_survive_a_crash_while_they_are_written(home, monkeypatch):
    judged("which_step", "c")
    before = (home / "progress.json").read_bytes()

    def crash(*arguments):
        raise OSError("the power fails")

    monkeypatch.setattr("os.replace", crash)
    score = judged("file_order", "a")
    assert score == 1.0 and "the power fails" in repr(score)
    assert (home / "progress.json").read_bytes() == before
    assert [path.name for path in home.iterdir()] == ["progress.json"]


def test_marks_of_exercises_that_are_gone_do_not_count(home):
    marks = {"01": {"which_step": 1.0, "an_old_one": 5.0}}
    (home / "progress.json").write_text(json.dumps({"name": "", "marks": marks}))
    assert "| 01 | 1 of " in exercises.progress()


def test_a_given_seed_gives_its_own_numbers():
    one, two = (exercises.chapter(4, seed=seed).delta_out.given() for seed in (1, 2))
    assert one == exercises.chapter(4, seed=1).delta_out.given() != two


def test_a_chapter_without_exercises_is_refused():
    with pytest.raises(ValueError, match=r"^number must be one of 0, 1(, \d+)*; got 99\.$"):
        exercises.chapter(99)
    with pytest.raises(AttributeError, match=r"^chapter 01 has no exercise 'nothing'; it has parameter_count, "):
        exercises.chapter(1).nothing  # noqa: B018


@pytest.mark.parametrize("expected", [1.0049, 0.0012345, -3.14159, 98.765])
def test_three_digits_are_accepted_and_two_are_not(expected):
    for tolerance in (1e-3, 1e-6, 1e-9):
        number = Number(name="q", expected=lambda: expected, tolerance=tolerance)
        array = Array(name="q", expected=lambda: [expected, 2.0], tolerance=tolerance)
        for digits in (3, 4, 5, 6):
            value = float(f"{expected:.{digits}g}")
            assert number.judge(value, np.random.default_rng(0)).status == "right"
            assert array.judge([value, 2], np.random.default_rng(0)).status == "right"
        assert number.judge(float(f"{expected:.2g}") * 1.01, np.random.default_rng(0)).status == "wrong"
        assert number.judge(expected * 1.004, np.random.default_rng(0)).status == "wrong"


def test_a_count_is_not_rounded():
    assert Number(name="q", expected=lambda: 1234, tolerance=1e-9).judge(1230, np.random.default_rng(0)).credit == 0


def test_a_rounded_number_that_is_a_mistakes_is_named_as_that():
    number = Number(name="q", expected=lambda: 1.0049, mistakes={lambda: 1.0: "Half of it."}, tolerance=1e-6)
    assert number.judge(1.0, np.random.default_rng(0)).message == "Half of it."


def test_the_first_number_that_differs_is_said_by_its_name():
    array = Array(name="pass", expected=lambda: [0.5, 2.5], names=("`z`", "`a`"))
    said = array.judge([0.5, 7.0], np.random.default_rng(0)).message
    assert "the first that differs is `a`" in said and "[1]" not in said
