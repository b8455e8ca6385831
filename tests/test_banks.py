"""The banks of chapters 02, 03, 06 and 07: right answers are right, and every mistake is refused in its own words."""

import re

import numpy as np
import pytest

import bpbook as bp
from bpbook import exercises
from bpbook.exercises.kinds import Choice, Expression, Function, Number

NUMBERS = [2, 3, 6, 7]
EXERCISES = {
    (number, name): question.exercise
    for number in NUMBERS
    for name, question in exercises.chapter(number).questions.items()
}
SEEDS = range(12)
PRACTISED = {"CR", "MV", "SIG", "SE", "CE", "BP1", "BP3", "BP4", "FF", "GD", "MOM", "RMS", "ADAM", "CLIP", "FM", "RM"}

each = pytest.mark.parametrize(("number", "name"), EXERCISES)


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    """Give every test an empty folder of marks."""
    monkeypatch.setenv("BPBOOK_HOME", str(tmp_path))


def rng(seed):
    return np.random.default_rng(seed)


def solved(number, name, seed, monkeypatch):
    """Run the reference solution as an answer cell, with the numbers of a seed; return the answer."""
    monkeypatch.setattr(exercises.Question, "_rng", lambda question: rng(seed))
    source = exercises.chapter(number).questions[name].solution().removeprefix("```python\n").removesuffix("\n```")
    namespace = {"np": np, "bp": bp, "q": exercises.chapter(number)}
    exec(source, namespace)
    return namespace[name]


def declared_mistakes(exercise, seed):
    """Return (answer, words) for every mistake that an exercise names."""
    if isinstance(exercise, Choice):
        return [(letter, words) for letter, words in exercise.options.items() if letter != exercise.right]
    if isinstance(exercise, Function):
        return list(exercise.mistakes.items())
    if isinstance(exercise, Expression):
        scaled = [(f"{ratio} * ({exercise.expected})", words) for ratio, words in exercise.ratios.items()]
        return scaled + list(exercise.mistakes.items())
    given = exercise.give(rng(seed))
    return [(twin(*given), words) for twin, words in exercise.mistakes.items()]


# What is asked of every declaration ----------------------------------------------------------------------------------


def assert_right(exercise, answer, seed):
    verdict = exercise.judge(answer, rng(seed))
    assert (verdict.status, verdict.credit) == ("right", 1.0), f"seed {seed}: {verdict}"


def assert_mistakes_named(exercise, seed):
    for answer, words in declared_mistakes(exercise, seed):
        verdict = exercise.judge(answer, rng(seed))
        assert verdict.status != "right" and verdict.credit == 0, f"seed {seed}: passes: {words}"
        assert words in verdict.message and " Or: " not in verdict.message, (
            f"seed {seed}: {verdict.message!r} for {words!r}"
        )


def assert_nothing_given_away(exercise, solution, seed):
    """Look for the expected value in the hints and in what is said of mistakes."""
    hints = " ".join(exercise.hints)
    if isinstance(exercise, Choice):
        assert not re.search(rf"\(?\b{exercise.right}\)", hints)
        return
    if isinstance(exercise, Function):
        for line in re.findall(r"return (.+)", solution):
            assert re.fullmatch(r"\w+(, \w+)*", line) or line.replace(" ", "") not in hints.replace(" ", "")
        return
    if isinstance(exercise, Expression):
        assert exercise.expected.replace(" ", "") not in hints.replace(" ", "")
        return
    given = exercise.give(rng(seed))
    expected = np.ravel(exercise.expected(*given))
    said = hints + " ".join(words for _, words in declared_mistakes(exercise, seed))
    numbers = [float(token) for token in re.findall(r"-?\d+(?:\.\d+)?", re.sub(r"[a-zA-Z]_\d", "", said))]
    if len(expected) == 1:
        assert not [value for value in numbers if np.isclose(value, expected[0])], (numbers, given)
    assert ", ".join(f"{value:g}" for value in expected) not in said or len(expected) == 1


def assert_fresh(exercise):
    drawn = {repr(exercise.give(rng(seed))) for seed in SEEDS}
    assert len(drawn) >= 4, drawn


# Every declaration ---------------------------------------------------------------------------------------------------


@each
def test_the_solution_is_right_for_every_reader(number, name, monkeypatch):
    for seed in SEEDS:
        assert_right(EXERCISES[number, name], solved(number, name, seed, monkeypatch), seed)


@each
def test_every_declared_mistake_is_refused_and_gets_its_own_sentence(number, name):
    exercise = EXERCISES[number, name]
    assert len(declared_mistakes(exercise, 0)) >= 3
    for seed in SEEDS:
        assert_mistakes_named(exercise, seed)


@each
def test_neither_a_hint_nor_a_message_gives_the_value_away(number, name):
    solution = exercises.chapter(number).questions[name].solution()
    assert len(set(EXERCISES[number, name].hints)) == 3
    for seed in SEEDS:
        assert_nothing_given_away(EXERCISES[number, name], solution, seed)


@each
def test_the_messages_of_one_exercise_are_sentences_and_all_different(number, name):
    words = [words for _, words in declared_mistakes(EXERCISES[number, name], 0)]
    assert len(set(words)) == len(words)
    assert all(re.fullmatch(r"[A-Za-z`].{15,}[.?]", sentence) for sentence in words), words


@pytest.mark.parametrize(
    ("number", "name"), [key for key, exercise in EXERCISES.items() if getattr(exercise, "given", None)]
)
def test_readers_get_numbers_of_their_own(number, name):
    assert_fresh(EXERCISES[number, name])


@pytest.mark.parametrize("number", NUMBERS)
def test_a_chapter_goes_from_a_number_to_a_whole_algorithm(number):
    bank = [exercise for (chapter, _), exercise in EXERCISES.items() if chapter == number]
    assert len(bank) >= 9
    assert sum(bool(getattr(exercise, "given", None)) for exercise in bank) >= 3
    assert {Number, Choice, Expression, Function} <= {type(exercise) for exercise in bank}
    assert isinstance(bank[0], Number) and max(exercise.points for exercise in bank) >= 2


def test_every_equation_of_these_chapters_is_practised():
    assert {equation for exercise in EXERCISES.values() for equation in exercise.equations} >= PRACTISED
