"""The banks of chapters 02, 03, 06 and 07: right answers are right, and every mistake is refused in its own words."""

import math
import re
from dataclasses import replace
from pathlib import Path

import nbformat
import numpy as np
import pytest
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LinearRegression
from sklearn.metrics import confusion_matrix, recall_score
from sklearn.preprocessing import StandardScaler

import bpbook as bp
from bpbook import exercises
from bpbook.exercises.judging.verdict import named
from bpbook.exercises.kinds import Array, Choice, Expression, Function, Number, answers
from bpbook.exercises.kinds.expressions import evaluate

NUMBERS = [2, 3, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18]
EXERCISES = {
    (number, name): question.exercise
    for number in NUMBERS
    for name, question in exercises.chapter(number).questions.items()
}
SEEDS = range(12)
PRACTISED = {
    "CR",
    "MV",
    "SIG",
    "SE",
    "CE",
    "BP1",
    "BP3",
    "BP4",
    "FF",
    "GD",
    "MOM",
    "RMS",
    "ADAM",
    "CLIP",
    "FM",
    "RM",
    "TEMP",
    "DP",
    *("CONV1", "CONV2", "CONV3", "CONV4", "POOL1", "POOL2"),
    *("BN1", "BN2", "BN3", "BN4", "LN1", "LN2"),
    *("RNN1", "RNN2", "RNN3", "RNN4", "EMB1", "EMB2"),
    *("ATT1", "ATT2", "ATT3", "ATT4", "ATT5", "ATT6", "ATT7"),
}

each = pytest.mark.parametrize(("number", "name"), EXERCISES)


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    """Give every test an empty folder of marks."""
    monkeypatch.setenv("BPBOOK_HOME", str(tmp_path))


def rng(seed):
    return np.random.default_rng(seed)


def chapter_text(name):
    cells = nbformat.read(Path(__file__).resolve().parent.parent / "notebooks" / f"{name}.ipynb", as_version=4).cells
    return "\n\n".join(cell.source for cell in cells)


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
    network = bool(getattr(exercise, "pairs", None))  # several mistakes may be one: tests/test_bugs.py asks for names
    judge = replace(exercise, mistakes={}, pairs=None).judge if network else exercise.judge
    for answer, words in declared_mistakes(exercise, seed):
        verdict = judge(answer, rng(seed))
        assert verdict.status != "right" and verdict.credit < 1, f"seed {seed}: passes: {words}"
        if network:
            if seed == 0:  # to look for names changes neither
                known = exercise.judge(answer, rng(seed))
                assert (known.status, known.credit) == (verdict.status, verdict.credit), words
            continue
        assert str(named(words)) in verdict.message and " Or: " not in verdict.message, (
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
    said = hints + " ".join(str(named(words)) for _, words in declared_mistakes(exercise, seed))
    numbers = [float(token) for token in re.findall(r"-?\d+(?:\.\d+)?", re.sub(r"[a-zA-Z]_\d", "", said))]
    if len(expected) == 1:
        assert not [value for value in numbers if np.isclose(value, expected[0])], (numbers, given)
    assert ", ".join(f"{value:g}" for value in expected) not in said or len(expected) == 1


def assert_fresh(exercise):
    drawn = {repr(exercise.give(rng(seed))) for seed in SEEDS}
    assert len(drawn) >= 4, drawn


def assert_sentences(exercise):
    declared = [words for _, words in declared_mistakes(exercise, 0)]
    words = [words for words in declared if isinstance(words, str)]  # a `Mistake` may have several forms
    assert len(set(words)) == len(words)
    words += [mistake.words for mistake in set(declared) - set(words)]
    assert all(re.fullmatch(r"[A-Za-z`].{15,}[.?]", sentence) for sentence in words), words
    assert not re.search(r"\bAsked (is|are)\b", " ".join(words)), words  # normal word order: you are asked for it


def assert_by_hand(exercise, arguments, value):
    function = exercise.reference if isinstance(exercise, Function) else exercise.expected
    found = function(*arguments)
    if isinstance(found, tuple) and len({np.shape(part) for part in found}) > 1:
        found = np.concatenate([np.ravel(part) for part in found])
    np.testing.assert_allclose(found, value, rtol=1e-5, atol=1e-12)


def assert_derivative(exercise, function, variable):
    """Compare a formula with central differences of the function that it is the derivative of, at random points."""
    points = {name: rng(0).uniform(*ends, 12) for name, ends in exercise.variables.items()}
    h = 1e-6
    above, below = (function(**points | {variable: points[variable] + step}) for step in (h, -h))
    np.testing.assert_allclose(evaluate(exercise.expected, points), (above - below) / (2 * h), rtol=1e-6, atol=1e-8)


DRAWN = {
    (number, name): question.exercise
    for number in exercises.banks.NUMBERS
    for name, question in exercises.chapter(number).questions.items()
    if isinstance(question.exercise, (Array, Number)) and question.exercise.given
}


class Unguarded:
    """A `Guard` for answers of our own: there is nothing to put back, and no time to be limited."""

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        pass

    def call(self, function, arguments, read):
        return read(function(*arguments))


@pytest.mark.parametrize(("number", "name"), DRAWN)
@np.errstate(all="ignore")
def test_no_mistake_is_right_whatever_the_numbers(number, name, monkeypatch):
    """Numbers on which a listed mistake gives the right answer, or that of another mistake, are drawn again."""
    monkeypatch.setattr(answers, "Guard", Unguarded)
    exercise = DRAWN[number, name]
    for seed in range(120):
        given = exercise.give(rng(seed))
        right = np.asarray(exercise.expected(*given), float)
        for twin, words in exercise.mistakes.items():
            value = np.asarray(twin(*given), float)
            if value.shape == right.shape:
                off = abs(value - right).max() / max(abs(right).max(), 1e-12)
                assert off > 10 * exercise.tolerance, (seed, given, words)
            verdict = exercise.judge_given(twin(*given), given)
            assert verdict.status != "right" and str(named(words)) in verdict.message, (seed, given, words, verdict)


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
    assert_sentences(EXERCISES[number, name])


@pytest.mark.parametrize(
    ("number", "name"), [key for key, exercise in EXERCISES.items() if getattr(exercise, "given", None)]
)
def test_readers_get_numbers_of_their_own(number, name):
    assert_fresh(EXERCISES[number, name])


FUNCTIONS = [key for key, exercise in EXERCISES.items() if isinstance(exercise, Function)]


@pytest.mark.parametrize(("number", "name"), FUNCTIONS)
def test_a_function_with_another_number_of_arguments_is_told_the_prompts_own(number, name):
    exercise = EXERCISES[number, name]
    (signature,) = re.findall(
        rf"^def {name}\((.*)\):", exercises.chapter(number).questions[name].solution(), re.MULTILINE
    )
    verdict = exercise.judge(lambda: 0, rng(0))
    assert verdict.status == "type"
    assert f"({signature})" in verdict.message, verdict.message


@pytest.mark.parametrize("number", NUMBERS)
def test_a_chapter_goes_from_a_number_to_a_whole_algorithm(number):
    bank = [exercise for (chapter, _), exercise in EXERCISES.items() if chapter == number]
    assert len(bank) >= 9
    assert sum(bool(getattr(exercise, "given", None)) for exercise in bank) >= 3
    assert {Number, Choice, Expression, Function} <= {type(exercise) for exercise in bank}
    assert isinstance(bank[0], Number) and max(exercise.points for exercise in bank) >= 2


def test_no_two_exercises_of_the_book_have_one_name_so_that_chapters_can_be_released_together():
    names = [name for number in exercises.banks.NUMBERS for name in exercises.chapter(number).questions]
    assert sorted(names) == sorted(set(names))


def test_every_equation_of_these_chapters_is_practised():
    assert {equation for exercise in EXERCISES.values() for equation in exercise.equations} >= PRACTISED


# By hand -------------------------------------------------------------------------------------------------------------

PIXELS = np.array([[1.0, 2], [3, 4]]).reshape(1, 2, 2, 1)
KERNEL = np.array([[1.0, 10], [100, 1000]]).reshape(2, 2, 1, 1)
EDGE, STEP = np.array([[0.0], [0], [4], [4]]), np.array([[1.0], [0], [0], [0]])  # x_hat is -1, -1, 1, 1; sigma is 2
A, W_3, Z_BAR = np.array([[1.0, 2.0]]), np.array([[4.0], [5.0]]), np.array([[3.0]])
TAPE = (4, np.array([[2, 0], [2, 1], [3, 2], [3, 0]]), np.array([2.0, 3.0, 5.0, 7.0]))
JUDGED = np.array([[0.9, 0.1], [0.2, 0.8], [0.7, 0.3], [0.4, 0.6]])
HAND = [
    (2, "nudged_value", (2, 50, -3, 0.02), 49.94),  # 50 - 3 times 0.02
    (2, "two_links", (3, 1, 2), 42),  # u = 7; 2 u = 14, times 3
    (2, "along_chain", ([2, -3, 0.5],), -3),
    (2, "both_ways", (6, 3), 162),  # v = 18, w = 9; 9 times 6 + 18 times 6; and y = 6 x^3, y' = 18 x^2
    (2, "counted_twice", (2, 3, 5), 22),  # 2 times 3 first, then 2 times (3 + 5)
    (2, "number_of_calls", (3, 3), 40),  # 1 + 3 + 9 + 27
    (2, "back_through_chain", (np.array([2, -3, 0.5]),), [-3, -1.5, 0.5, 1]),
    (2, "send_back", (1.0,), [8.29064, 4.14532, 3, 0.841471]),  # dy/du = 3 (sin 1 + cos 1), dy/dx twice that
    (2, "jacobian", (2, 5, 3), [[5, 2], [3, -1], [0, 10]]),
    (2, "multiply_adds_from_left", (20, 30, 40), 1800),  # 40 times 30 + 30 times 20
    (3, "weighted_input", (4, -5, 3), 7),
    (3, "activation", (3,), 3 / 4),  # 1 / (1 + 1/3)
    (3, "largest_slope", (8,), 2),  # 8 times 1/4
    (3, "neuron_delta", (0.8, 0), 0.128),  # 0.8 times 0.8 times 0.2
    (3, "by_hand", (1, -2, 2, 1), [0, 1 / 2, 1 / 8, -1 / 8, -1 / 4, -1 / 8]),  # the chapter's own neuron
    (3, "by_hand", (2, -12, 6, 0.25), [0, 1 / 2, 1 / 32, 1 / 16, 3 / 8, 1 / 16]),
    (3, "neuron", (1, -2, 2), 1 / 2),
    (3, "neuron_gradient", (1, -2, 2, 1), [-1 / 4, -1 / 8]),
    (3, "after_one_step", (4, 5, 1.5, -2, 0.1), [3.85, 5.2]),
    (3, "times_as_large", (0.9,), 100 / 9),
    (3, "cross_entropy_delta", (0, 1), -1 / 2),
    (3, "train", (1, -2, 2, 1, 2, 1), [3 / 2, -7 / 4]),  # the chapter's own step
    (6, "number_of_steps", (103, 10, 3), 33),  # 11 steps an epoch
    (6, "rows_of_batch", (np.array([4, 2, 0, 3, 1]), 1, 2), [0, 3]),
    (6, "rows_of_batch", (np.array([4, 2, 0, 3, 1]), 2, 2), [1]),
    (6, "batch_for_scatter", (8, 1.2, 0.4), 72),  # a third of the scatter, nine times the examples
    (6, "largest_eta", (1, 3), 0.4),  # k = (1 + 9)/2 = 5
    (6, "momentum_step", (8, 3, 5, 0.1, 0.5), 9),  # v = 1.5 - 0.5
    (6, "steps_to_speed", (0.5, 0.8), 3),  # 1/2, 3/4, 7/8
    (6, "roll_down", (1, 1, 0.5, 0.5, 2), 0),  # v = -1/2, w = 1/2; v = -1/4 - 1/4, w = 0
    (6, "rmsprop_step", (2, 4, 2, 0.5, 0.5), 4 / 3),  # s = 1 + 8 = 9; 2 - 2/3
    (6, "without_hats", (2, 0.5, 0.75), 0.75 / math.sqrt(7 / 16)),  # u = 3/4 g, s = 7/16 g^2
    (6, "mean_of_zigzag", (9, 0.5), 3),  # u = -3 before: -1.5 + 4.5
    (6, "adam", (1, 0, 0, 2, 1, 0.1, 0.5, 0.75, 2), [0.95, 1, 1]),  # u_hat = 2, s_hat = 4; 0.1 times 2 / (2 + 2)
    (6, "clip", (np.array([3.0, 4.0]), 1), [0.6, 0.8]),
    (6, "clip", (np.array([3.0, 4.0]), 6), [3, 4]),
    (6, "learning_rates", (1, 0.5, 2, 5), [1, 1, 0.5, 0.5, 0.25]),
    (6, "shrunk_weight", (10, 0.5, 0.2, 2), 8.1),  # 10, 9, 8.1
    (6, "best_epoch", ([3, 2, 2.5, 2.4, 1], 2), 1),  # stops after epoch 3, two without improvement
    (6, "best_epoch", ([3, 2, 2.5, 2.4, 1], 3), 4),
    (6, "loss_floor", (1,), math.log(10)),  # every label is drawn, so nothing is better than a guess
    (6, "seeds_needed", (5, 0.05), 8),  # 10/256 is below 0.05, and 10/128 is not
    (7, "tangent", (3, 7, 2, 3), 35),  # 7 times 2 + 3 times 3 + 6 times 2
    (7, "dual_quotient", ([10, 3], [5, 7]), [2, -2.2]),  # 3 / 5 - 10 times 7 / 25
    (7, "shared_adjoint", (2, 5, 3), 115),  # u = 10; (20 + 3) times 5
    (7, "sweeps", (5, 12), [5, 12]),
    (7, "adjoint_of_W", (A, W_3.T, Z_BAR), [[3, 6]]),  # z = w_0 + 2 w_1
    (7, "adjoint_of_a", (A, W_3.T, Z_BAR), [[12, 15]]),  # z = 4 a_0 + 5 a_1
    (7, "unbroadcast", (np.array([[1, 2], [3, 4]]), (2,)), [4, 6]),
    (7, "unbroadcast", (np.array([[1, 2], [3, 4]]), (2, 1)), [[3], [7]]),
    (7, "cost_of_sweep", (3, 2, 4), [9, 14]),
    (7, "times_dearer", (60,), 40),  # 120 runs against 3
    (7, "round_of_output", ({0: [], 1: [0], 2: [0, 1], 3: [2], 4: []}, 2), 2),
    (7, "round_of_output", ({0: [], 1: [0], 2: [0, 1], 3: [2], 4: []}, 4), 0),
    (7, "forward_sweep", (*TAPE, [1, 10]), [1, 10, 32, 167]),  # 2 + 30; 5 times 32 + 7
    (7, "reverse_sweep", TAPE, [17, 15, 5, 1]),  # node 0: 7 + 5 times 2; node 1: 5 times 3
    (9, "number_of_frames", (1000, 256, 80), 10),  # the last starts at 720
    (9, "in_decibels", (20, 20), 10 * math.log10(2) - 20),
    (9, "middle_pitch", (700, 4900), 2100),  # 2 and 8 times 700, so 4 times
    (9, "mel_corners", (0, 6300, 1), [0, 700 * (math.sqrt(10) - 1), 6300]),  # half of 2595 mel
    (9, "to_decibels", (np.array([[2.0, 0.02], [0.2, 0.0]]), 30), [[0, -20], [-10, -30]]),
    (9, "by_itself", (np.array([[1.0, 3.0], [5.0, -5.0]]),), [[-1, 1], [1, -1]]),
    (9, "measure_noise", (np.array([1.0, -1, 3, -3, 3, -3, 1, 1]), 2, 6), 10 * math.log10(8)),  # 9 with the hiss's 1
    (9, "people_apart", (np.array([2, 1, 1, 2]), np.array([1])), [[0, 3], [1, 2]]),
    (9, "per_person", (np.array([True, False, True]), np.array([5, 5, 8])), [3 / 4, 1 / 2]),
    (10, "high_above_low", (2.93015,), 5),  # from 100 to 105: the range 4.87902 % over 1.66511
    (10, "har_inputs", (np.arange(22.0),), [[21, 19, 10.5]]),
    (10, "effect_of_return", (1, 2, 5, 22, -1, 2), 11),  # 3 points more, each worth 1 + 1 + 1; the size from 1 to 2
    (10, "standardise_past", (np.array([[1.0], [3.0], [7.0]]), 2), [[-1], [1], [5]]),  # mean 2, spread 1
    (10, "gap_rows", (12, 60), 2),  # after one week 5 days are over, after two 10, after three 15
    (10, "price_hugging", (1, 10), 0.99),
    (10, "skill", (np.array([0.0, 2, 4]), np.array([1.0, 4])), 7 / 8),  # 1 against 4 + 4
    (10, "some_flipper", (2, 1), 3 / 4),
    (10, "dm_statistic", (np.ones(4), np.array([2.0, 4, 3, 3]), 1), 8),  # the chapter's own four days
    (10, "interval", (np.array([-1.0, 0, 3]), np.array([10.0]), 0.5), [[9.5], [11.5]]),  # half way to 0, half way to 3
    (10, "walk", (np.array([[0.0], [1], [2], [3]]), np.array([0.0, 1, 2, 9]), 2, 1), [2, 3]),  # y = x so far
    (14, "forward_work", (2, 3, 4, 5), 90),  # 24 + 40 products, 8 + 10 biases, 8 activations
    (14, "products_back", (2, 3, 4, 5), 104),  # 24 + 40 for the weights, 40 to send the errors back
    (14, "floats_held", (2, 3, 4, 5), 85),  # 24 for the hidden layer, 20 for the output, 41 gradients
    (14, "waist_sweeps", (1000, 7, 300), 14),  # 7 of reverse mode in the first half, 7 of forward mode in the second
    (14, "portions", (10, 1, 2, 1, 30), 5),  # 7 parameters, twice; 8 floats an example, so two of them at a time
    (14, "best_interval", (99,), 9),  # 10 + 27; 3 holds 41, though it is nearer to the root of 33
    (14, "best_interval", (48,), 4),  # 11 + 12; 3 and 6 hold 24 and 25
    (14, "best_interval", (7,), 1),  # 6 + 3; the other divisor holds 21
    (14, "gradient_of_all", ([np.array([[4.0]]), np.array([[8.0]])], np.array([3, 1]), np.array([[10.0]]), 0.1), [[6]]),
    (14, "even_share", (3e9, 1e7, 8, 5), 400),  # 16/1e7 against 12/3e9 seconds
    (11, "share_found", (0.8, 0.9, 24, 100), 20),  # 16 of 20, and 8 of 80
    (11, "rates", (np.array([1, 1, 1, 1] + 6 * [0]), np.array([9, 8, 5, 4, 7] + 5 * [1]) / 10, 0.5), [3 / 4, 5 / 6]),
    # Of the choosing people with the disease, both 2 and 1 must be found: the line is at 1, and 1 of 2 test people is.
    (
        11,
        "sensitivity_in_the_test",
        (np.array([2.0, 1, 0, 3, 0.5]), np.array([1, 1, 0, 1, 1]), np.array([0, 1, 2]), np.array([3, 4]), 0.9),
        1 / 2,
    ),
    (11, "which_stretch", (2, 3, 4, -1, 1, 2), math.log(3) / 3),  # from 0 to ln 3, while z goes from -1 to 2
    # p = 3/4 where z / T = ln 3 above the other class: one person, y = 0, T = 2: minus 3/4 times 2 ln 3 over 4
    (11, "temperature_slope", (np.array([[0, 2 * math.log(3)]]), np.array([0]), np.array(2.0)), -0.411980),
    (11, "fill_gaps", (np.array([[1.0], [3], [-1]]), np.array([[-1.0], [5], [2]])), [[[1], [3], [2]], [[2], [5], [2]]]),
    (  # 90 without and 100 with, where the standard deviation is 41; 1.5 without and 3 with, where it is 0.8
        11,
        "choose_columns",
        (np.array([[40.0, 1], [140, 2], [100, 3], [0, 90]]), np.array([0, 0, 1, 1]), [0, 1, 2], 1),
        [1],
    ),
    (11, "logit_moves_by", (1, 1, 10, 100, 2, 20, 0.9), -1.45),  # minus 1 over 2, minus 19 over 20
    (11, "called_in_vain", (1000, 5, 0.98), 19.9),
    (11, "at_least_found", (1000, 50, 0.98), 0.6),  # 20 mistakes, all of them misses
    (11, "twin_learned_from", (4, 2), 2 / 3),  # of the three other places two are in the other fold
    (13, "chain_factor", ([2, 3, -2], [0.5, 0.5, 0.2]), -0.12),  # 1/2 times 3/4 times minus 0.32
    (13, "size_after", (100, 0.2, 3), 8),  # the root of 100 is 10, so 2 to the power 3
    (13, "stretches", (2, 0.5, 3), 64),  # 8 against 1/8
    (13, "luck_of_the_batch", (0.4, 50, 0.2, 6), 0.6),  # 0.4 times 3, times 5/10
    (13, "he_start", (np.ones((8, 2)),), np.full((8, 2), 0.5)),  # the root of 2/8
    (13, "gradient_of_a_gain", (2, 4), 8),  # W^2, W^3 and W^4
    (13, "layer_of_overflow", (10,), 39),  # 1e38 fits and 1e39 does not
    (13, "clip_together", (np.array([3.0, 0.0]), np.array([0.0, 4.0]), 1), [[0.6, 0], [0, 0.8]]),
    (13, "normalise_later", (np.array([[3.0]]), np.array([[0.0], [4.0]]), 12.0), [[0.25]]),  # mean 2, variance 4
    (13, "skip_back", (np.array([[1.0, 2]]), np.zeros((1, 2)), np.array([[0.0, 3], [5, 0]]), np.zeros(2)), [[7, 7]]),
    # Two layers of one unit, z = 0: the slope is 1/4, the weight 2, so delta is halved on the way back.
    (13, "delta_sizes", ([None, np.eye(1), 2 * np.eye(1)], [None, np.zeros((1, 1)), np.ones((1, 1))], [[6.0]]), [3, 6]),
    (12, "hill_targets", (np.array([0.5]), np.array([-1.0, 0, 1, 2]), 2), [[0.324652, 0.882497, 0.882497, 0.324652]]),
    (12, "metres_ahead", (1.5, 45), 1.5),
    (12, "read_hill", (np.array([[0, 0.5, 1, 1.5, 0, 0, 0, 0, 0.9]]), np.arange(9.0)), [7 / 3]),  # 7 over 3
    (12, "relabel", (np.array([8.0]), np.array([0.0]), np.array([1.0]), np.array([0.0])), [-2 / 65]),  # the chapter's
    (
        12,
        "relabel",
        (np.array([4.0]), np.array([1.0]), np.array([1.0]), np.array([np.pi / 6])),
        [-1 / 4],
    ),  # 2 to the right
    (12, "equal_steps", (40, 4, 100), 29),  # 2 steps an epoch, and 7: 200 steps are 28.6 epochs of 7
    (12, "split_views", (np.array([0, 1, 2, 1]), np.array([7, 5, 7]), [5]), [[0, 2], [1, 3]]),
    (12, "share_back", (np.array([[0.1, 0.4], [0.1, -0.9], [0.1, -2.1], [2, -0.5]]), 1, 0.5), 1 / 2),
    (12, "still_possible", (2,), 0.223607),  # the root of 1/20
    # One pixel, two units at z = 0: slope 1/4 each; 4 times 2/4 minus 1 times 8/4
    (12, "pixel_gradient", (np.zeros(1), np.array([[2.0, 8.0]]), np.zeros(2), np.array([4.0, -1.0])), [0]),
    (12, "pixel_gradient", (np.zeros(1), np.array([[2.0, 8.0]]), np.zeros(2), np.array([4.0, 1.0])), [4]),
    (12, "between_interventions", (0.999, 10, 20), 2000),  # 1,000 frames are 100 s
    (8, "uncertainty", (16, 130, 3.2), 0.8),  # 3.2 over 4
    (8, "whole_codes", (0.97, 0.9, 2), 0.81),
    (8, "saliency_by_hand", (0.2, 0.5, -3, 2), [0.6, -1]),
    (8, "on_both_sides", (np.array([0, 0, 1, 2, 2]), np.array([0, 3]), np.array([1, 2, 4])), 2),  # 0 and 2
    (8, "shrink", (np.array([[1, 3, 0, 0, 7], [0, 0, 2, 6, 9]]), 2), [[1, 2, 8]]),
    (8, "centre_of_mass", (np.array([[0.0, 1], [0, 0], [0, 3]]),), [1.5, 1]),  # 3 times row 2, over 4
    (8, "confusion", (np.array([0, 1, 1, 1]), np.array([0, 0, 0, 1]), 2), [[1, 0], [2, 1]]),
    (8, "saliency", (np.array([[1, 0.5]]), np.array([[-3.0, 1.0]]), np.array([0.2])), [[2.4, -0.3]]),
    (8, "wipe", (np.array([0.5, 0.6, 0.7]), np.array([1.0, -9.0, 2.0]), 0.5), [0.5, 0.6, 0]),  # 2 of 3 is enough
    (8, "nudge", (np.array([0.5, 0.9, 0.0]), np.array([3.0, 4.0, 0.0]), 0.4), [0.8, 1, 0]),  # (0.3, 0.4), then clipped
    # Errors among the surest 1, 2, 3, 4: 0, 1/2, 1/3, 1/4; all may be accepted, and the last one has 0.6
    (8, "accepted", (JUDGED, np.array([0, 0, 0, 1]), 0.25, np.array([[0.45, 0.55], [0.35, 0.65], [1, 0]])), 2 / 3),
    # 0, 1/2, 1/3, 1/2: three, and the third one has 0.7
    (8, "accepted", (JUDGED, np.array([0, 0, 0, 0]), 0.34, np.array([[0.45, 0.55], [0.35, 0.65], [1, 0]])), 1 / 3),
    (16, "examples_in_batch", (32 * math.log(320), 10), 32),
    (16, "after_several_calls", (5, 1, 2, 2), 40),  # 5, then 10; 5, then 15; 10, then 10 + 30
    (16, "gradient_of_step", (np.array([2.0]), np.array([1.0]), 0.5, 0.25), [2.5]),  # 1 / 0.5, and a quarter of 2
    (16, "same_steps", (0.01, 0.5, 10), [0.1, 0.05]),  # the mean is a tenth of the sum; 0.005 times W each time
    (16, "mended_loss", (np.array([[1.0], [3.0]]), np.array([0.0, 1.0])), 5 / 4),  # (1/2 + 2) / 2
    (16, "decay_loss", ([None, np.array([[3.0]]), np.array([[4.0]])], 0.5), 6.25),  # a quarter of 9 + 16
    (15, "eta_at_the_edge", (10, 50.0), 0.4),  # the mean has a sharpness of 5
    (15, "after_some_swings", (8.0, 3.0, 0.5, 3), -1),  # the factor is -1/2: -4, 2, -1
    (15, "count_ways", (np.array([[1.0, 2, 0], [2, 1, 0], [0, 0, 0]]),), [1, 1, 1]),  # 3, -1 and 0
    (15, "is_strict_minimum", (np.array([[1.0, 2], [2, 1]]), np.zeros(2), 1e-6), 0),  # a saddle
    (15, "is_strict_minimum", (np.array([[2.0, 1], [1, 2]]), np.zeros(2), 1e-6), 1),  # 1 and 3
    (15, "newton_step", (np.diag([2.0, -4.0]), np.array([2.0, 4])), [-1, 1, 2]),  # the slope is -2 + 4
    (15, "ways_down", (8, 8, 1), 49),  # the chapter's own plateau
    (15, "steps_in_the_trench", (1000, 2), 10107.34),  # 2718.28 and 7389.06
    (15, "normalise", (np.array([[3.0, 0], [4, 1]]), np.array([[0.0, 2], [10, 0]])), [[6, 0], [8, 2]]),
    (15, "restarts", (0.1, 1e-3), 3),
    (15, "restarts", (0.5, 0.2), 3),  # a half, a quarter, an eighth
    (17, "centre_gradient", ([[1, 2], [3, 4]], [[1, 10], [100, 1000]]), 1234),  # 4 + 30 + 200 + 1000
    (17, "convolve", (PIXELS, KERNEL, np.array([0.5]), 1), [[[[4321.5]]]]),  # 1 + 20 + 300 + 4000
    (
        17,
        "conv_gradient",
        (np.full((1, 1, 1, 1), 2.0), PIXELS, KERNEL, np.zeros(1), 1, 1),
        [2, 20, 200, 2000, 2, 4, 6, 8, 2],
    ),
    (  # the kernel lies on the four corners
        17,
        "conv_gradient",
        (np.full((1, 1, 1, 1), 2.0), np.arange(1.0, 10).reshape(1, 3, 3, 1), KERNEL, np.zeros(1), 1, 2),
        [2, 0, 20, 0, 0, 0, 200, 0, 2000, 2, 6, 14, 18, 2],
    ),
    (17, "pool_gradient", (np.array([[3.0, 4]]), np.array([[1.0, 9, 2], [0, -1, -2]]), 2, 1), [[0, 7, 0], [0, 0, 0]]),
    (17, "norm_by_hand", ([0, 0, 4, 4], [1, 0, 0, 0]), [1 / 4, -1 / 4, 0, 0]),  # means 1/4 and -1/4, over 2
    (17, "batch_norm_gradient", (STEP, EDGE, np.array([2.0]), np.zeros(1), 0), [1 / 2, -1 / 2, 0, 0, -1, 1]),
    (
        17,
        "layer_norm",
        (STEP.T, EDGE.T, 2 + 0 * EDGE.T, 1 + 0 * EDGE.T, 0),
        [[[-1, -1, 3, 3]], [[1 / 2, -1 / 2, 0, 0]]],
    ),
    # All states are 0, so every slope is 1: delta is 10 at the end and 1 + 3 times 10 before it.
    (
        17,
        "through_time",
        (
            np.array([[[1.0], [10]]]),
            np.zeros((1, 2, 1)),
            np.array([[2.0]]),
            np.array([[3.0]]),
            np.zeros(1),
            np.zeros((1, 1)),
        ),
        [62, 20, 0, 0, 41],
    ),
    (17, "embed_gradient", (np.array([[[1.0], [10], [100]]]), np.array([[2, 0, 2]]), 3), [[10], [0], [101]]),
    (17, "attend_by_hand", ([2 * math.log(3), 0], [8, 4], 4), [3 / 4, 1 / 4, 7]),  # scores ln 3 and 0
    (17, "softmax_backward", (np.array([[4.0, 0]]), np.array([[3 / 4, 1 / 4]])), [[3 / 4, -3 / 4]]),  # the mean is 3
    # The second query takes half of each value: ds is 1 and -1, and the root of 4 halves dq and dk.
    (
        17,
        "attention_gradient",
        (
            np.ones((2, 1)),
            np.array([[0.0, 0, 0, 0], [3, 0, 0, 0]]),
            np.array([[2.0, 1, 0, 0], [2, 5, 0, 0]]),
            np.array([[8.0], [4]]),
        ),
        [*[0] * 5, -2, 0, 0, 3 / 2, 0, 0, 0, -3 / 2, 0, 0, 0, 3 / 2, 1 / 2],
    ),
    (18, "sent_back", (0.6, [7, 7], [2, -1], [3, 4]), 1.28),  # 6 - 4, times 0.64
    (18, "what_is_left", (4, 0.5, 60), 1),  # cos 60 degrees is a half
    (18, "what_is_left", (4, 0.5, 120), -1),
    # All hidden activations are 0 and both outputs even, so delta2 is (-1/2, 1/2); 2 and 6 send back -1 + 3.
    (
        18,
        "feedback_gradients",
        (
            np.array([[5.0]]),
            np.array([0]),
            np.array([[1.0]]),
            np.array([-5.0]),
            np.ones((1, 2)),
            np.zeros(2),
            np.array([[2.0, 6.0]]),
        ),
        [10, 2, 0, 0, -1 / 2, 1 / 2],
    ),
    (18, "alignment", ([None, np.array([[1.0]]), np.array([[0.0]])], [None, np.array([[1.0]]), np.ones((1, 1))]), 45),
    (18, "by_directions", (np.array([4.0]), np.array([2.0]), np.array([[0.6, 0.8]]), 0.5), [2.4, 3.2]),
    (18, "by_directions", (np.array([3.0, 4, 5]), np.array([1.0, 5, 5]), np.eye(3), 0.5), [2, -1, 0]),  # the slopes
    (18, "fall_by_hand", (2, 3, 1), [3, 0, -24]),  # v_1 = 4; 2, -2 and 0 arrive; -16 times 2 and -4 times -2
    (18, "fall_back", (np.array(2.0), np.array(0.5), 2.0, 1.0, 1, 1.0), [-1, -4]),  # v_1 = 2; 1 times (1 - 2)
]
DERIVATIVES = {
    (2, "slope_formula"): (lambda x: np.exp(-(x**2)), "x"),
    (3, "sigmoid_bend"): (lambda a: (a - a**2) ** 2 / 2, "a"),
    (3, "one_term_delta"): (lambda a, y: -y * (a - a**2 / 2), "a"),
    (7, "back_to_x"): (lambda x, y: x * y * np.sin(x * y), "x"),
    (9, "mel_slope"): (lambda f: 2595 * np.log10(1 + f / 700), "f"),
}


@pytest.mark.parametrize(("number", "name", "arguments", "value"), HAND)
def test_the_reference_agrees_with_paper_and_pencil(number, name, arguments, value):
    assert_by_hand(EXERCISES[number, name], arguments, value)


@pytest.mark.parametrize(("number", "name"), DERIVATIVES)
def test_a_formula_agrees_with_differences(number, name):
    assert_derivative(EXERCISES[number, name], *DERIVATIVES[number, name])


def test_the_factor_of_a_valley_is_what_one_step_of_the_library_does_to_its_loss():
    points = {"eta": np.array([0.1, 0.5, 0.9]), "k": np.array([3.0, 2.5, 0.7])}
    for factor, eta, k in zip(evaluate(EXERCISES[6, "loss_factor"].expected, points), *points.values(), strict=True):
        w = np.array([3.0])
        bp.GradientDescent(eta).update([w], [k * w])
        np.testing.assert_allclose(k * w[0] ** 2 / 2, factor * k * 3.0**2 / 2)


def test_the_line_of_the_costs_is_where_both_decisions_cost_the_same():
    k, b = np.array([6.0, 10.0, 50.0]), np.array([0.5, 1.0, 0.2])
    p = evaluate(EXERCISES[11, "cost_threshold"].expected, {"k": k, "b": b})
    np.testing.assert_allclose(k * p, 1 - p + b)


def test_the_predictive_value_and_the_moved_line_are_what_counting_a_crowd_gives():
    """Of a million people, with a test whose answer is the logit z or -1: count, and take the share."""
    ill, well = 20_000, 980_000
    points = {"prevalence": np.array([0.02]), "sensitivity": np.array([0.9]), "specificity": np.array([0.95])}
    crowd = 0.9 * ill / (0.9 * ill + 0.05 * well)
    at_home = 0.1 * ill / (0.1 * ill + 0.95 * well)
    np.testing.assert_allclose(evaluate(EXERCISES[11, "predictive_value"].expected, points), at_home)
    z = np.log(0.9 * 300_000 / (0.05 * 700_000))  # the odds of somebody called back, where 30 % have it
    k = (1 - crowd) / crowd  # at this price of a miss that person is on the line
    points = {"k": np.array([k]), "old": np.array([0.3]), "new": np.array([0.02])}
    np.testing.assert_allclose(evaluate(EXERCISES[11, "line_elsewhere"].expected, points), 1 / (1 + np.exp(-z)))


def test_the_highest_factor_is_that_of_a_chain_whose_z_are_zero():
    h = first = bp.graph.variable(0.5)
    for _ in range(5):
        h = h + bp.graph.sigmoid(1.5 * h - 1.5 * h.value)
    factor = evaluate(EXERCISES[13, "highest_factor"].expected, {"k": np.array([5.0]), "w": np.array([1.5])})
    np.testing.assert_allclose(bp.graph.backward(h)[first], factor)


def test_corrections_that_are_unrelated_double_the_size_at_the_formula_s_strength():
    h, L = rng(0).normal(size=100_000), 8
    (s,) = evaluate(EXERCISES[13, "doubling"].expected, {"L": np.array([float(L)])})
    start = np.sqrt(np.mean(h**2))
    for l in range(L):
        h = h + s * np.sqrt(np.mean(h**2)) * rng(l + 1).normal(size=h.shape)
    np.testing.assert_allclose(np.sqrt(np.mean(h**2)) / start, 2, rtol=0.02)


def lift_of_the_seven(eta, units, a, n):
    """Take one step of a softmax layer of zeros on a batch with n sevens; return by what it lifts their z."""
    net = bp.MLP([units, 10], loss="softmax_cross_entropy", init="zeros")
    x, y = np.full((10, units), a), np.array([7] * n + [0, 1, 2, 3, 4, 5, 6, 8, 9][: 10 - n])
    dW, db = (array[1] for array in net.backward(net.forward(x), y)[1:])
    return (-eta * (x[0] @ dW + db))[7]


def test_a_batch_with_too_many_sevens_lifts_the_seven_as_the_formula_and_the_chapter_say():
    found = EXERCISES[13, "luck_of_the_batch"].expected(0.2, 50, 0.3, 4)
    np.testing.assert_allclose(found, lift_of_the_seven(0.2, 50, 0.3, 4))
    (told,) = re.findall(r"lifts the seven's \$z\$ by \$(.+?)\$", chapter_text("13_keep_gradients_alive"))
    assert told == f"{lift_of_the_seven(0.5, 100, 0.5, 3):.1f}"


def test_at_both_ends_of_the_window_of_tanh_the_factor_is_one():
    w = np.array([5.0, 12.0, 30.0])
    end = evaluate(EXERCISES[13, "tanh_window"].expected, {"w": w}) / 2
    np.testing.assert_allclose(w * bp.activations.tanh.prime(end), 1)


def test_leaky_units_keep_their_mean_square_with_the_variance_of_the_formula():
    s, n, z = 0.3, 50, rng(0).normal(size=200_000)
    V = evaluate(EXERCISES[13, "leaky_variance"].expected, {"s": np.array([s]), "n": np.array([n])})
    np.testing.assert_allclose(n * V * np.mean(np.where(z > 0, z, s * z) ** 2), 1, rtol=0.02)


def test_a_random_nudge_changes_a_linear_reading_as_much_as_many_of_them_do():
    g = rng(0).normal(size=50)
    nudges = 0.7 * rng(1).choice([-1.0, 1.0], size=(20_000, 50))
    points = {"d": np.array([0.7]), "g": np.array([np.linalg.norm(g)]), "n": np.array([50.0])}
    measured = np.sqrt(np.mean((nudges @ g) ** 2))
    np.testing.assert_allclose(evaluate(EXERCISES[8, "random_nudge"].expected, points), measured, rtol=0.02)


def test_nobody_who_is_held_out_is_learned_from():
    who = np.array([3, 1, 3, 2, 1])
    train, test = EXERCISES[8, "hold_out"].reference(who, [1, 2])
    assert (train.tolist(), test.tolist()) == ([0, 2], [1, 3, 4])


def test_the_floor_of_a_tanh_is_what_a_certain_network_pays():
    k = np.array([3.0, 7.0, 10.0])
    floor = evaluate(EXERCISES[16, "floor_of_tanh"].expected, {"k": k})
    for classes, lowest in zip(k.astype(int), floor, strict=True):
        logits = np.tanh(np.where(np.arange(classes) == 0, 50.0, -50.0))[None, :]
        np.testing.assert_allclose(bp.losses.softmax_cross_entropy(logits, np.array([0])), lowest)


def test_the_mended_network_agrees_with_paper_and_pencil():
    """z1 = 2 and both logits 0, so delta2 = (1/2, -1/2) and delta1 = 1/2 - 3/2."""
    x, y, W1, b1 = np.array([[1.0]]), np.array([1]), np.array([[2.0]]), np.zeros(1)
    found = EXERCISES[16, "mended_gradients"].reference(x, y, W1, b1, np.array([[1.0, 3.0]]), np.array([-2.0, -6.0]))
    for gradient, by_hand in zip(found, ([[-1]], [-1], [[1, -1]], [0.5, -0.5]), strict=True):
        np.testing.assert_allclose(gradient, by_hand)


def test_a_centred_mean_of_prices_gives_tomorrow_away():
    _, yesterday, today, tomorrow = r = np.array([2.0, -1, 3, -2])
    prices = np.convolve(np.append(5.0, 5 + r.cumsum()), np.ones(3) / 3, mode="same")
    points = {"g0": np.array([prices[3] - prices[2]]), "r0": np.array([today]), "r1": np.array([yesterday])}
    np.testing.assert_allclose(evaluate(EXERCISES[10, "tomorrow"].expected, points), tomorrow)


@pytest.mark.parametrize(("k", "L"), [(1, 1), (1, 3), (2, 3), (3, 3), (4, 6)])
def test_the_share_of_the_upper_layers_is_what_a_graph_counts_that_begins_at_them(k, L):
    def sweep(trained):
        a = np.zeros((10, 1000))
        for l in range(1, L + 1):
            W = np.zeros((1000, 1000))
            a = a @ (bp.graph.variable(W) if l > L - trained else W)
        return bp.graph.count(a).sweep

    points = {"k": np.array([float(k)]), "L": np.array([float(L)])}
    share = evaluate(EXERCISES[14, "left_when_frozen"].expected, points)
    np.testing.assert_allclose(share, sweep(k) / sweep(L))


def test_so_many_sweeps_of_both_halves_make_the_jacobian():
    A, B, x = rng(0).normal(size=(6, 2)), rng(1).normal(size=(2, 5)), bp.graph.variable(rng(2).normal(size=6))
    waist = bp.graph.tanh(x @ A)
    there = bp.graph.variable(waist.value)
    ends = bp.graph.tanh(there @ B)
    first = [bp.graph.backward(waist[j])[x] for j in range(2)]
    second = [bp.graph.forward_mode(ends, {there: direction})[ends] for direction in np.eye(2)]
    assert len(first) + len(second) == EXERCISES[14, "waist_sweeps"].expected(6, 2, 5)
    whole = bp.graph.tanh(bp.graph.tanh(x @ A) @ B)
    jacobian = [bp.graph.forward_mode(whole, {x: direction})[whole] for direction in np.eye(6)]
    np.testing.assert_allclose(np.transpose(first) @ second, jacobian)


@pytest.mark.parametrize(("k", "L"), [(1, 4), (2, 4), (4, 4), (3, 6)])
def test_the_price_of_checkpoints_is_what_the_library_counts_in_wide_layers(k, L):
    kept, again = (bp.count_cost(bp.MLP([2000] * (L + 1), init="zeros"), 10, every=every) for every in (L, k))
    points = {"k": np.array([float(k)]), "L": np.array([float(L)])}
    price = evaluate(EXERCISES[14, "price_of_forgetting"].expected, points)
    found = (again.forward + again.backward) / (kept.forward + kept.backward) - 1
    np.testing.assert_allclose(price, found, rtol=2e-3, atol=1e-12)


def test_the_speed_up_by_a_clock_of_matches():
    """600 examples at 0.05 s take 30 s; on 3 machines 10 s and 5 s of traffic."""
    points = {"m": np.array([600.0]), "d": np.array([0.05]), "w": np.array([3.0]), "t": np.array([5.0])}
    np.testing.assert_allclose(evaluate(EXERCISES[14, "with_w_machines"].expected, points), 2)


def test_the_second_derivatives_and_the_valleys_sharpness_are_those_of_the_exact_hessian():
    w, b, x, y = np.array(0.7), np.array(-0.3), rng(0).normal(size=5), rng(1).uniform(size=5)
    net = bp.MLP([1, 1], output="sigmoid", loss="squared_error")
    net.W[1][...], net.b[1][...] = w, b
    H = bp.landscape.hessian(net.params, x[:, None], y, "squared_error")
    np.testing.assert_allclose(EXERCISES[15, "second_derivatives"].reference(w, b, x, y), H[0])
    points = {"u": np.array([0.8, 2.0]), "y": np.array([1.5, 0.7])}
    for found, u, y in zip(
        evaluate(EXERCISES[15, "sharpness_of_the_valley"].expected, points), *points.values(), strict=True
    ):
        chain = bp.MLP([1, 1, 1], hidden="identity", loss="squared_error", init="zeros")
        chain.W[1][...], chain.W[2][...] = u, y / u
        H = bp.landscape.hessian(chain.params, [[1.0], [-1.0]], [y, -y], "squared_error")
        np.testing.assert_allclose(np.linalg.eigvalsh(H[np.ix_([0, 2], [0, 2])])[-1], found)


def test_the_label_of_a_turned_view_leads_to_the_point_straight_ahead():
    points = {"turn": np.array([0.3, 0.5]), "d": np.array([8.0, 5.0])}
    for arc, turn, d in zip(evaluate(EXERCISES[12, "turned_label"].expected, points), *points.values(), strict=True):
        chord = d * np.array([np.cos(-turn), np.sin(-turn)])  # the point, seen from the turned car
        centre = np.array([0, 1 / arc])
        np.testing.assert_allclose(np.hypot(*(chord - centre)), abs(1 / arc))  # it lies on that circle


def test_a_car_that_steers_a_little_too_far_is_off_after_these_metres():
    cars = bp.driving.Cars([bp.driving.Road(np.zeros(60))])
    (metres,) = evaluate(EXERCISES[12, "metres_to_the_edge"].expected, {"w": np.array([2.0]), "e": np.array([0.01])})
    cars.go([0.01], metres - 0.5)
    assert not cars.off[0]
    cars.go([0.01], 0.5)
    assert cars.offset[0] == pytest.approx(2, abs=0.01)


def test_the_factor_of_some_steps_is_what_a_recurrent_cell_sends_back():
    """The states stay where they are when b keeps them there: z = artanh h = w h + b."""
    h, w, k = 0.6, 1.5, 4
    steps, start = np.zeros((1, k, 1)), np.array([[h]])
    _, cache = bp.layers.recurrent_forward(steps, [[1.0]], [[w]], [np.arctanh(h) - w * h], start)
    u = np.zeros((1, k, 1))
    u[0, -1] = 1
    points = {"w": np.array([w]), "h": np.array([h]), "k": np.array([float(k)])}
    factor = evaluate(EXERCISES[17, "after_k_steps"].expected, points)
    np.testing.assert_allclose(bp.layers.recurrent_backward(cache, u)[4][0], factor)


def test_so_many_random_directions_have_the_cosine_that_was_asked_for():
    c, n = 0.6, 40
    (k,) = evaluate(EXERCISES[18, "directions"].expected, {"c": np.array([c]), "n": np.array([float(n)])})
    V, g = rng(0).normal(size=(2000, round(k), n)), np.eye(n)[0]
    guess = (V * (V @ g)[..., None]).sum(axis=1)
    size = np.sqrt(np.mean((guess**2).sum(axis=1)))
    np.testing.assert_allclose(np.mean(guess @ g) / size, c, rtol=0.02)


def test_a_weight_in_a_trench_takes_so_many_steps():
    w, counts = 2.0, []
    for end in (3, 5):
        counts.append(0)
        while w < end:
            w, counts[-1] = w + 1e-3 * math.exp(-w), counts[-1] + 1
    assert math.isclose(counts[1], EXERCISES[15, "steps_in_the_trench"].expected(counts[0], 2), rel_tol=1e-3)


def test_no_number_formula_or_function_goes_without_a_second_opinion():
    checked = {(number, name) for number, name, _, _ in HAND} | set(DERIVATIVES) | {(6, "loss_factor")}
    checked |= {(11, name) for name in ("cost_threshold", "predictive_value", "line_elsewhere", "temperature_by_hand")}
    checked |= {(10, "tomorrow"), (16, "floor_of_tanh"), (16, "mended_gradients")}
    checked |= {(13, name) for name in ("highest_factor", "tanh_window", "leaky_variance", "doubling")}
    checked |= {(12, name) for name in ("turned_label", "metres_to_the_edge")}
    checked |= {(8, "random_nudge"), (8, "hold_out")}
    checked |= {(14, name) for name in ("left_when_frozen", "price_of_forgetting", "with_w_machines")}
    checked |= {(15, "second_derivatives"), (15, "sharpness_of_the_valley")}
    checked |= {(17, "after_k_steps"), (18, "directions")}
    assert checked == {key for key, exercise in EXERCISES.items() if not isinstance(exercise, Choice)}


# Right answers written another way -----------------------------------------------------------------------------------


def _hill_by_loops(curvature, arcs, width):
    step = (arcs[-1] - arcs[0]) / (len(arcs) - 1)
    return [[math.exp(-(((arc - bend) / step) ** 2) / width) for arc in arcs] for bend in curvature]


def _read_by_a_mask(outputs, arcs):
    units = np.arange(outputs.shape[1])
    near = np.where(abs(units - outputs.argmax(axis=1)[:, None]) < 5, outputs, 0)
    return np.einsum("ij,j->i", near, arcs) / near.sum(axis=1)


def _relabel_by_complex_numbers(x, y, shift, turn):
    point = (x + 1j * (y - shift)) * np.exp(-1j * turn)
    return 2 * point.imag / abs(point) ** 2


def _split_by_lists(of, drive, test):
    tested = [row for row, frame in enumerate(of) if drive[frame] in test]
    return [row for row in range(len(of)) if row not in tested], tested


def _gradient_with_math(w, b, x, y):
    e = math.exp(-(w * x + b))
    a = 1 / (1 + e)
    return [x * (a - y) * e / (1 + e) ** 2, (a - y) * e / (1 + e) ** 2]


def _train_by_a_dictionary(w, b, x, y, eta, steps):
    for _ in range(steps):
        dw, db = _gradient_with_math(w, b, x, y)
        w -= eta * dw
        b -= eta * db
    return {"w": np.float64(w), "b": np.float64(b)}


def _round_by_rounds(inputs, output):
    """Compute in rounds, as the machine does."""
    there, rounds = {v for v in inputs if not inputs[v]}, 0
    while output not in there:
        there |= {v for v in inputs if there.issuperset(inputs[v])}
        rounds += 1
    return rounds


def _reverse_by_nodes(n, edges, slopes):
    adjoint = [0.0] * (n - 1) + [1.0]
    for node in range(n - 2, -1, -1):
        for k in range(len(edges)):
            if edges[k][1] == node:
                adjoint[node] += adjoint[edges[k][0]] * slopes[k]
    return adjoint


def _reverse_by_paths(n, edges, slopes):
    def sum_from(node):
        return float(node == n - 1) + sum(
            s * sum_from(up) for (up, low), s in zip(edges, slopes, strict=True) if low == node
        )

    return np.array([sum_from(node) for node in range(n)])


def _unbroadcast_by_a_loop(u, shape):
    found = np.zeros(shape)
    for place in np.ndindex(u.shape):
        tail = place[len(place) - len(shape) :]
        found[tuple(0 if n == 1 else k for k, n in zip(tail, shape, strict=True))] += u[place]
    return found


def _best_by_counting(losses, patience):
    best, lowest, waited = 0, float("inf"), 0
    for k, loss in enumerate(losses):
        waited += 1
        if loss < lowest:
            best, lowest, waited = k, loss, 0
        elif waited == patience:
            return best
    return best


def _best_from_the_end(losses, patience):
    lowest, waited = np.inf, 0
    for k, loss in enumerate(losses):
        if loss < lowest:
            lowest, waited = loss, 0
        else:
            waited += 1
        if waited == patience:
            return k - patience
    return int(np.argmin(losses))


def _roll_with_eta_outside(w, curvature, eta, mu, steps):
    v = 0.0
    for _ in range(steps):
        v = mu * v + curvature * w
        w = w - eta * v
    return w


def _adam_in_place(w, u, s, g, t, eta, beta1, beta2, epsilon):
    u += (1 - beta1) * (g - u)
    s += (1 - beta2) * (g * g - s)
    step = eta * math.sqrt(1 - beta2**t) / (1 - beta1**t)
    return np.array([w - step * u / (math.sqrt(s) + epsilon * math.sqrt(1 - beta2**t)), u, s])


def _interval_by_search(L):
    best, fewest = None, math.inf
    for k in range(1, L + 1):
        segments, rest = divmod(L, k)
        if rest == 0 and segments - 1 + 3 * k < fewest:
            best, fewest = k, segments - 1 + 3 * k
    return np.int64(best)


def _lengths_by_the_library(W, z, delta):
    a = [np.zeros((len(delta), len(W[1]))), *[bp.activations.sigmoid(z_l) for z_l in z[1:]]]
    f = [None, *[bp.activations.sigmoid] * (len(W) - 1)]
    slope = f[-1].prime(z[-1])
    seed = bp.Loss("seed", None, gradient=lambda a, y: delta / slope)
    found = bp.backward(bp.Params(W, W, f), bp.Cache(z, a), None, seed).delta
    return [float((d * d).sum() ** 0.5) for d in found[1:]]


def _rates_by_scikit_learn(y, p, threshold):
    (rest, alarms), (missed, found) = confusion_matrix(y, p >= threshold)
    return {"sensitivity": found / (found + missed), "specificity": rest / (rest + alarms)}


def _rates_by_counting(y, p, threshold):
    found = sum(1 for has, chance in zip(y, p, strict=True) if has and chance >= threshold)
    alarms = sum(1 for has, chance in zip(y, p, strict=True) if not has and chance >= threshold)
    return found / sum(y), 1 - alarms / (len(y) - sum(y))


def _line_by_rank(z, y, choose, test, least):
    ill = sorted((z[k] for k in choose if y[k]), reverse=True)
    line = ill[math.ceil(least * len(ill)) - 1]
    return recall_score(y[test], z[test] >= line)


def _filled_by_scikit_learn(learn, test):
    imputer = SimpleImputer(missing_values=-1, strategy="median").fit(learn)
    return imputer.transform(learn), imputer.transform(test)


def _columns_by_a_loop(x, y, learn, k):
    apart = []
    for i in range(x.shape[1]):
        ill, well = ([x[row, i] for row in learn if y[row] == answer] for answer in (1, 0))
        apart.append(abs(np.mean(ill) - np.mean(well)) / np.std(ill + well))
    return sorted(sorted(range(x.shape[1]), key=lambda i: apart[i])[-k:])


def _shrink_by_loops(canvas, k):
    small, size = np.zeros((2, -(-canvas.shape[0] // k), -(-canvas.shape[1] // k)))
    for row, column in np.ndindex(canvas.shape):
        small[row // k, column // k] += canvas[row, column]
        size[row // k, column // k] += 1
    return small / size


def _accepted_by_trying(p, y, most, p_new):
    right = p.argmax(axis=1) == y
    for threshold in sorted(p.max(axis=1)):  # the lowest that will do accepts the most
        if 1 - right[p.max(axis=1) >= threshold].mean() <= most + 1e-9:
            return sum(max(row) >= threshold for row in p_new) / len(p_new)
    return 0


def _ways_by_definiteness(H):
    values = [float(value) for value in np.linalg.eigvals(H).real]
    least = 1e-9 * max(map(abs, values))
    return sum(v < -least for v in values), sum(abs(v) <= least for v in values), sum(v > least for v in values)


def _strict_by_the_share(H, g, small):
    values = np.linalg.eigh(H)[0]
    return g @ g < small**2 and (values / abs(values).max()).min() > 1e-9


def _second_by_tanh(w, b, x, y):
    t = np.tanh((w * x + b) / 2)
    slope, bent = (1 - t**2) / 4, -t * (1 - t**2) / 4
    each = slope * slope + ((1 + t) / 2 - y) * bent
    return {"ww": np.mean(x * x * each), "wb": float(x @ each) / len(x)}


def _har_by_a_loop(v):
    return [[v[t], sum(v[t - 4 : t + 1]) / 5, sum(v[t - 21 : t + 1]) / 22] for t in range(21, len(v))]


def _walk_by_scikit_learn(x, y, first, step):
    forecasts = []
    for start in range(first, len(x), step):
        forecasts.extend(LinearRegression().fit(x[:start], y[:start]).predict(x[start : start + step]))
    return forecasts


def _dm_by_pairs(loss, rival, lags):
    e = [r - l for l, r in zip(loss, rival, strict=True)]
    m, mean = len(e), sum(e) / len(e)
    S = sum(
        (e[s] - mean) * (e[t] - mean) * (1 - abs(s - t) / (lags + 1))
        for s in range(m)
        for t in range(m)
        if abs(s - t) <= lags
    )
    return mean / math.sqrt(S) * m


OTHER_WAYS = [
    (2, "along_chain", lambda slopes: math.prod(slopes)),
    (2, "along_chain", lambda slopes: np.exp(np.log(np.abs(slopes)).sum()) * np.sign(slopes).prod()),
    (2, "back_through_chain", lambda slopes: [math.prod(slopes[k:]) for k in range(len(slopes) + 1)]),
    (
        2,
        "send_back",
        lambda x: np.array(
            [
                6 * x**3 * np.cos(x**2) + 6 * x * np.sin(x**2),
                3 * np.sin(x**2) + 3 * x**2 * np.cos(x**2),
                3 * x**2,
                np.sin(x**2),
            ]
        ),
    ),
    (2, "slope_formula", "-2*x/exp(x*x)"),
    (3, "sigmoid_bend", "a - 3 * a**2 + 2 * a**3"),
    (3, "one_term_delta", "-y/a*(a - a**2)"),
    (3, "neuron", lambda w, b, x: bp.activations.sigmoid(np.array(w * x + b))),
    (3, "neuron", lambda w, b, x: (1 + math.tanh((w * x + b) / 2)) / 2),
    (3, "neuron_gradient", _gradient_with_math),
    (3, "cross_entropy_delta", lambda z, y: (1 - y) / (1 + np.exp(-z)) - y / (1 + np.exp(z))),
    (3, "cross_entropy_delta", lambda z, y: np.float32(1 / (1 + np.exp(-z)) - y)),
    (3, "train", _train_by_a_dictionary),
    (
        6,
        "rows_of_batch",
        lambda order, k, batch_size: [
            int(order[i]) for i in range(k * batch_size, min((k + 1) * batch_size, len(order)))
        ],
    ),
    (6, "loss_factor", "1 - 2*eta*k + (k*eta)**2"),
    (6, "roll_down", _roll_with_eta_outside),
    (6, "adam", _adam_in_place),
    (6, "clip", lambda g, c: g / max(1, math.sqrt((g * g).sum()) / c)),
    (6, "clip", lambda g, c: bp.optimizers.clip_by_norm([g], c)[0]),
    (
        6,
        "learning_rates",
        lambda eta, factor, every, steps: [bp.optimizers.step_decay(eta, factor, every)(t) for t in range(steps)],
    ),
    (6, "best_epoch", _best_by_counting),
    (6, "best_epoch", _best_from_the_end),
    (7, "round_of_output", _round_by_rounds),
    (7, "dual_quotient", lambda u, v: [u[0] / v[0], (u[1] - u[0] / v[0] * v[1]) / v[0]]),
    (7, "reverse_sweep", _reverse_by_nodes),
    (7, "reverse_sweep", _reverse_by_paths),
    (7, "adjoint_of_W", lambda a, W, z_bar: np.einsum("ni,nj->ji", a, z_bar)),
    (7, "adjoint_of_a", lambda a, W, z_bar: (W.T @ z_bar.T).T),
    (7, "unbroadcast", _unbroadcast_by_a_loop),
    (7, "back_to_x", "sin(x*y)*y + cos(x*y)*y*x*y"),
    (10, "har_inputs", _har_by_a_loop),
    (10, "tomorrow", "(g0 - (r0 + r1)/3) * 3"),
    (10, "standardise_past", lambda x, cut: StandardScaler().fit(x[:cut]).transform(x)),
    (10, "standardise_past", lambda x, cut: ((x - np.mean(x[:cut], 0)) / np.std(x[:cut], 0)).tolist()),
    (10, "skill", lambda y, forecast: 1 - np.mean((y[1:] - forecast) ** 2) / np.mean(np.diff(y) ** 2)),
    (10, "dm_statistic", _dm_by_pairs),
    (10, "interval", lambda e, f, share: [f + np.percentile(e, 50 * (1 + way * share)) for way in (-1, 1)]),
    (10, "walk", _walk_by_scikit_learn),
    (14, "left_when_frozen", "1 - 2 * (L - k) / (2 * L - 1)"),
    (14, "left_when_frozen", "(k - 0.5) / (L - 1 / 2)"),
    (14, "price_of_forgetting", "(1 - k / L) / (3 - 1 / L)"),
    (14, "price_of_forgetting", "k * (L / k - 1) / (L + L + L - 1)"),
    (14, "best_interval", _interval_by_search),
    (14, "gradient_of_all", lambda dW, m, W, lmbda: np.average(dW, axis=0, weights=m) + lmbda * W),
    (14, "with_w_machines", "w / (1 + w * t / (m * d))"),
    (11, "rates", _rates_by_scikit_learn),
    (13, "highest_factor", "exp(k * log(4 + w)) / 4**k"),
    (13, "tanh_window", "2 * log(sqrt(w) + sqrt(w - 1))"),
    (13, "tanh_window", "2 * np.arctanh(sqrt(1 - 1 / w))"),
    (13, "tanh_window", "2 * atanh(sqrt(1 - 1 / w))"),
    (13, "tanh_window", "2 * acosh(sqrt(w))"),
    (13, "tanh_window", "2 * arccosh(sqrt(w))"),
    (13, "doubling", "(2**(2 / L) - 1)**0.5"),
    (13, "leaky_variance", "1 / (n / 2 + n * s * s / 2)"),
    (13, "he_start", lambda draws: (draws.T * (draws.shape[0] / 2) ** -0.5).T),
    (13, "clip_together", lambda dW, db, c: tuple(bp.clip_by_norm([dW, db], c))),
    (
        13,
        "normalise_later",
        lambda z, seen, eps: (z - np.mean(seen, 0)) * ((seen**2).mean(0) - seen.mean(0) ** 2 + eps) ** -0.5,
    ),
    (13, "skip_back", lambda u, h, W, b: u + np.einsum("mj,ij->mi", u / np.cosh(h @ W + b) ** 2, W)),
    (13, "delta_sizes", _lengths_by_the_library),
    (11, "rates", _rates_by_counting),
    (11, "cost_threshold", "(k + 1)**-1 * (b + 1)"),
    (11, "sensitivity_in_the_test", _line_by_rank),
    (11, "temperature_slope", lambda z, y, T: ((np.eye(3)[y] - bp.losses.softmax(z / T)) * z).sum() / len(z) / T / T),
    (
        11,
        "temperature_slope",
        lambda z, y, T: -np.einsum("mk,mk", bp.losses.softmax_cross_entropy.gradient(z / T, y), z / T) / T,
    ),
    (11, "fill_gaps", _filled_by_scikit_learn),
    (11, "choose_columns", _columns_by_a_loop),
    (11, "predictive_value", "1 / (1 + (1 - prevalence) * specificity / (prevalence * (1 - sensitivity)))"),
    (11, "line_elsewhere", "1 / (1 + exp(log(k) + log(new / (1 - new)) - log(old / (1 - old))))"),
    (12, "hill_targets", _hill_by_loops),
    (12, "read_hill", _read_by_a_mask),
    (12, "relabel", _relabel_by_complex_numbers),
    (12, "split_views", _split_by_lists),
    (12, "share_back", lambda offset, step, within: sum(o**2 <= within**2 for o in offset[:, step]) / len(offset)),
    (12, "turned_label", "sin(-turn) * (2 / d)"),
    (12, "metres_to_the_edge", "(w / (e / 2)) ** 0.5"),
    (12, "pixel_gradient", lambda x, W, b, v: [float(w @ (v / (2 + 2 * np.cosh(x @ W + b)))) for w in W]),
    (8, "hold_out", lambda who, held: [[k for k, one in enumerate(who) if (one in held) == out] for out in (0, 1)]),
    (8, "on_both_sides", lambda who, train, test: sum(k in who[test] for k in np.unique(who[train]))),
    (8, "shrink", _shrink_by_loops),
    (8, "centre_of_mass", lambda image: [np.average(part, weights=image) for part in np.indices(image.shape)]),
    (8, "confusion", lambda y, answer, k: confusion_matrix(y, answer, labels=range(k))),
    (8, "confusion", lambda y, answer, k: np.eye(k)[y].T @ np.eye(k)[answer]),
    (
        8,
        "wipe",
        lambda x, s, share: np.where(
            [s[s > max(one, 0)].sum() < share * s[s > 0].sum() and one > 0 for one in s], 0, x
        ),
    ),
    (8, "nudge", lambda x, dx, most: np.minimum(1, np.maximum(0, x + most * dx / max(dx.max(), -dx.min())))),
    (8, "random_nudge", "(g * d * n**0.5) / n**0.5"),
    (15, "sharpness_of_the_valley", "(u**4 + y**2) / u**2"),
    (15, "count_ways", _ways_by_definiteness),
    (15, "newton_step", lambda H, g: (-np.linalg.inv(H) @ g, -g @ np.linalg.inv(H) @ g)),
    (15, "is_strict_minimum", _strict_by_the_share),
    (15, "normalise", lambda d, W: d / np.sqrt((d * d).sum(0)) * np.sqrt((W * W).sum(0))),
    (15, "normalise", lambda d, W: np.transpose([u * math.hypot(*v) / math.hypot(*u) for u, v in zip(d.T, W.T)])),  # noqa: B905
    (15, "second_derivatives", _second_by_tanh),
    (8, "accepted", _accepted_by_trying),
]


@pytest.mark.parametrize(("number", "name", "answer"), OTHER_WAYS)
def test_a_right_answer_written_another_way_is_right(number, name, answer):
    for seed in SEEDS:
        assert_right(EXERCISES[number, name], answer, seed)


def test_differences_offered_as_a_derivation_are_recognised():
    exercise = EXERCISES[3, "neuron_gradient"]

    def nudged(w, b, x, y, h=1e-5):
        at = lambda w, b: (1 / (1 + np.exp(-(w * x + b))) - y) ** 2 / 2  # noqa: E731
        return (at(w + h, b) - at(w - h, b)) / (2 * h), (at(w, b + h) - at(w, b - h)) / (2 * h)

    for seed in SEEDS:
        verdict = exercise.judge(nudged, rng(seed))
        assert (verdict.status, verdict.mistake) == ("wrong", "finite differences"), verdict


# Wrong answers as readers gave them, and the words they must meet ----------------------------------------------------


def _by_columns(p, y):
    return (p.argmax(axis=0) == y).mean()


def _recursion(n, edges, slopes):
    """Send back as the chapter's second attempt does: all that a node has gathered, whenever something arrives."""
    adjoint = np.zeros(n)

    def send(node, share):
        adjoint[node] += share
        for (above, below), slope in zip(edges, slopes, strict=True):
            if above == node:
                send(below, adjoint[node] * slope)

    send(n - 1, 1.0)
    return adjoint


def _adam_by(w, u, s, g, t, eta, beta1, beta2, below):
    u, s = beta1 * u + (1 - beta1) * g, beta2 * s + (1 - beta2) * g**2
    return w - eta * u / (1 - beta1**t) / below(s, 1 - beta2**t), u, s


def _nesterov(w, curvature, eta, mu, steps):
    v = 0.0
    for _ in range(steps):
        v = mu * v - eta * curvature * (w + mu * v)
        w = w + v
    return w


def _stop_late(losses, patience):
    best = 0
    for epoch in range(len(losses)):
        if losses[epoch] < losses[best]:
            best = epoch
        if epoch - best > patience:
            break
    return best


def _passing_ties(losses, patience):
    best = 0
    for epoch in range(len(losses)):
        if losses[epoch] <= losses[best]:
            best = epoch
        if epoch - best >= patience:
            break
    return best


def _never_back(losses, patience):
    best, lowest, waited = 0, losses[0], 0
    for k, loss in enumerate(losses):
        if loss < lowest:
            best, lowest = k, loss
        else:
            waited += 1
        if waited == patience:
            break
    return best


def _first_rise(losses, patience):
    return next(k - 1 for k in range(1, len(losses)) if losses[k] > losses[k - 1])


def _dropping_after_one(eta, factor, every, steps):
    rates = []
    for t in range(steps):
        rates.append(eta)
        if t % every == 0:
            eta = eta * factor
    return rates


def _bias_first(w, b, x, y, eta, steps):
    for _ in range(steps):
        b = b - eta * _gradient_with_math(w, b, x, y)[1]
        w = w - eta * _gradient_with_math(w, b, x, y)[0]
    return w, b


def _longest_path_anew(inputs, output):
    """Ask a shared node again on every path to it."""
    return 1 + max(_longest_path_anew(inputs, v) for v in inputs[output]) if inputs[output] else 0


def _nodes_from_a_stack(inputs, output):
    seen, stack = set(), [output]
    while stack:
        node = stack.pop()
        if node not in seen:
            seen.add(node)
            stack += inputs[node]
    return sum(bool(inputs[node]) for node in seen)


def _unbroadcast_by(front, stretched):
    def unbroadcast(u, shape):
        u = front(u, axis=tuple(range(u.ndim - len(shape))))
        return stretched(u, axis=tuple(k for k, n in enumerate(shape) if n == 1), keepdims=True)

    return unbroadcast


def _edges_turned(n, edges, slopes, speeds):
    tangent = np.zeros(n)
    tangent[:2] = speeds
    for (node, earlier), slope in zip(edges, slopes, strict=True):
        tangent[earlier] += slope * tangent[node]
    return tangent


def _columns_unsorted(x, y, learn, k):
    apart = x[learn][y[learn] == 1].mean(axis=0) - x[learn][y[learn] == 0].mean(axis=0)
    return np.argsort(abs(apart / x[learn].std(axis=0)))[-k:]


def _where_training_stops(losses, patience):
    best = 0
    for epoch in range(len(losses)):
        if losses[epoch] < losses[best]:
            best = epoch
        elif epoch - best >= patience:
            return epoch
    return best


def _squares_by_nudges(w):
    return bp.numerical_gradient(lambda w: (w**2).sum(), w)


WRONG = [
    (0, "squares", lambda numbers: numbers ^ 2, "two stars"),
    (6, "loss_floor", lambda r: -(1 - r) * np.log(1 - r) - r * np.log(r / 10), "by chance one time in ten"),
    (6, "loss_floor", lambda r: -(1 - r) * np.log(1 - r) - r * np.log(r), "spread over the digits"),
    (6, "best_epoch", _where_training_stops, "the epoch in which training stops"),
    (0, "mean_of", lambda numbers: numbers[0] / len(numbers), "Is the `return` inside the loop?"),
    (0, "slope_of_square", "6", "from place to place"),
    (0, "gradient_of_squares", _squares_by_nudges, "Write it without that."),
    (1, "parameter_count", lambda n: n[0] * n[1] + n[1] * n[2] + 2, "Every unit has a bias of its own"),
    (1, "accuracy", lambda p, y: (p[0].argmax() == y[0]) / len(y), "Is the `return` inside the loop?"),
    (1, "mean_loss", lambda p, y: -np.log(p[0, y[0]]) / len(y), "Is the `return` inside the loop?"),
    (1, "parameter_count", lambda n: n[0] * n[1] + n[1] * n[2], "Every unit that weights lead to has a bias."),
    (1, "one_step", lambda w, dw, eta: w + eta * dw, "That goes uphill."),
    (1, "even_bets", lambda k: 1 / k, "That is each class's probability. The loss is minus its logarithm."),
    (1, "even_bets", np.log10, "The logarithm is the natural one."),
    (1, "even_bets", np.log2, "The logarithm is the natural one."),
    (1, "probabilities", lambda z: z / z.sum(), "These may be negative. Softmax takes exponentials first."),
    (1, "probabilities", np.exp, "Divide by their sum."),
    (1, "accuracy", lambda p, y: 100 * (p.argmax(1) == y).mean(), "in percent; the share lies between 0 and 1."),
    (1, "accuracy", _by_columns, "Each row needs an answer of its own."),
    (1, "mean_loss", lambda p, y: -np.log(p[:, y]).mean(), "`p[:, y]` takes every row's entries at all of y."),
    (1, "output_error", lambda p, y: p - y[:, None], "y holds class numbers, not rows of 0 and 1."),
    (1, "output_error", lambda p, y: (p - y[:, None]) / len(y), "y holds class numbers, not rows of 0 and 1."),
    (1, "output_error", lambda p, y: (p - np.eye(10)[y]) / len(y), "Here there are as many as p has columns."),
    (1, "mean_loss", lambda p, y: -np.mean(np.eye(4)[y] * np.log(p)), "divided by the number of classes as well"),
    (1, "accuracy", lambda p, y: p.argmax(1), "In which share of the rows do they agree with y?"),
    (1, "hidden_blame", lambda w, p, right: w[right] * (p[right] - 1), "they complain as well."),
    (1, "weight_change", lambda a, p, eta: eta * (1 - p), "how the bias of the output would move"),
    (2, "nudged_value", lambda x, y, slope, h: slope * (x + h), "Only the change is magnified"),
    (
        2,
        "number_of_calls",
        lambda ways, rungs: 2 ** (rungs + 1) - 1,
        "That is the count for two links a rung, but yours has `ways`.",
    ),
    (
        2,
        "send_back",
        lambda x: (
            (3 * x**2 * np.cos(x) + 3 * np.sin(x**2)) * 2 * x,
            3 * x**2 * np.cos(x) + 3 * np.sin(x**2),
            3 * x**2,
            np.sin(x**2),
        ),
        "It is the sine of u, so its slope is the cosine of u.",
    ),
    (3, "activation", lambda odds: np.log(odds), "That is z. What does the sigmoid make of it?"),
    (3, "neuron_delta", lambda a, y: (y - a) * a * (1 - a), "of the loss with respect to a"),
    (
        3,
        "by_hand",
        lambda w, b, x, y: [0, 0.5, (0.5 - y) ** 2 / 2, (0.5 - y) / 4, (0.5 - y) / 4, (0.5 - y) / 4 * x],
        "dC/dw and dC/db are exchanged.",
    ),
    (3, "neuron", lambda w, b, x: 1 / 1 + np.exp(-(w * x + b)), "Brackets are missing below the fraction line."),
    (3, "after_one_step", lambda w, b, dw, db, eta: w - eta * dw, "is one number, but it should be a list of two."),
    (4, "shapes", lambda m, n_0, n_1, n_2: [(m, n_1), (n_1, n_2), (n_2,)], "Write the five numbers in one list"),
    (
        5,
        "error_by_hand",
        lambda g, n: np.linalg.norm(g - n) / max(np.linalg.norm(g), np.linalg.norm(n)),
        "You divided by the larger length; (RE) divides by their sum.",
    ),
    (4, "first_weight", lambda x, slope, w, delta: w * delta, "Two links are missing, those through z_j"),
    (5, "error_by_hand", lambda g, n: (abs(g - n) / (abs(g) + abs(n))).mean(), "not each entry by itself."),
    (
        5,
        "left_over",
        "((w + h)**3 - (w - h)**3) / (2 * h) - 3 * w**2",
        "This is equal, but it can be far shorter if you multiply out.",
    ),
    (
        4,
        "cancelled",
        "(-3 * y / a + (1 - y) / (1 - a)) * a * (1 - a)",
        "This is equal, but it can be far shorter if you multiply out.",
    ),
    (4, "cancelled", "3 * (a - y)", "What does a false alarm cost?"),
    (4, "delta_out", lambda z, y: (1 / (1 + np.exp(-z)) - y) ** 2 / 2, "That is the loss of this example."),
    (4, "delta_hidden", lambda delta, w, z: -delta * w * (z > 0), "The sign is reversed"),
    (4, "shapes", lambda m, n_0, n_1, n_2: [m, n_1, n_0, n_1, n_1], "Those are dW and db of layer 1."),
    (4, "decayed_gradient", lambda a, d, W, M, lmbda: a.T @ d * M + lmbda * W**2 / 2, "the penalty itself is added"),
    (4, "decayed_gradient", lambda a, d, W, M, lmbda: M * (a.T @ d + lmbda * W), "silences the decay too"),
    (4, "decayed_gradient", lambda a, d, W, M, lmbda: a.T @ d + lmbda * W, "The mask is missing"),
    (4, "tied_gradient", lambda x, a, d_1, d_2: x.T @ d_1 + a.T @ d_2, "belongs to W transposed"),
    (4, "tied_gradient", lambda x, a, d_1, d_2: x.T @ d_1, "the share of the way in"),
    (4, "softmax_delta", lambda z, y: (bp.softmax(z) - y[:, None]) / len(y), "numbers"),
    (6, "momentum_step", lambda w, v, g, eta, mu: w - eta * (mu * v + g), "another convention"),
    (6, "momentum_step", lambda w, v, g, eta, mu: w - eta * (mu * v + (1 - mu) * g), "a running mean of gradients"),
    (
        6,
        "rmsprop_step",
        lambda w, g, s, rho, eta: w - eta * g / np.sqrt((1 - rho) * s + rho * g**2),
        "rho is the share of the old s that survives",
    ),
    (6, "mean_of_zigzag", lambda g, beta1: 0.0, "in u the newer one counts more"),
    (6, "roll_down", _nesterov, "Nesterov"),
    (6, "adam", lambda *a: _adam_by(*a[:-1], lambda s, c: (np.sqrt(s) + a[-1]) / np.sqrt(c)), "before the correction"),
    (6, "adam", lambda *a: _adam_by(*a[:-1], lambda s, c: np.sqrt(s + a[-1]) / np.sqrt(c)), "under the root"),
    (6, "adam", lambda *a: _adam_by(*a[:-1], lambda s, c: np.sqrt(s / c + a[-1])), "under the root"),
    (6, "loss_floor", lambda r: r * math.log(10), "cannot see which labels were drawn"),
    (6, "best_epoch", _passing_ties, "An equal loss is not below the best"),
    (6, "best_epoch", _stop_late, "One epoch too long"),
    (6, "best_epoch", _never_back, "With every new best the count begins anew."),
    (6, "best_epoch", _first_rise, "It waits for `patience` epochs."),
    (6, "learning_rates", _dropping_after_one, "The first drop comes after one step."),
    (6, "clip", lambda g, c: g * c / (g @ g) if g @ g > c else g, "Is a root missing?"),
    (6, "adam", lambda *a: _adam_by(*a[:-1], lambda s, c: 1 / (1 / np.sqrt(s / c))), "epsilon is missing"),
    (3, "train", _bias_first, "w is changed by a delta that was computed after b had moved."),
    (7, "round_of_output", _longest_path_anew, "too slow"),
    (7, "round_of_output", _nodes_from_a_stack, "how many nodes have to be computed"),
    (7, "times_dearer", lambda n: (2 * n + 1) / 3, "A central difference does not use f(x) itself."),
    (7, "tangent", lambda x, y, x_dot, y_dot: y * x_dot + x * y_dot + x * x_dot, "both factors of the square move"),
    (7, "tangent", lambda x, y, x_dot, y_dot: y + 2 * x, "That is the derivative with respect to x."),
    (7, "shared_adjoint", lambda x, y, k: (x * y + k) * y, "The derivative of the square of p is not p."),
    (7, "forward_sweep", _edges_turned, "from the earlier node to the later one"),
    (7, "reverse_sweep", _recursion, "sent on what it had before all had arrived"),
    (7, "unbroadcast", _unbroadcast_by(np.mean, np.sum), "not their mean"),
    (7, "unbroadcast", _unbroadcast_by(np.sum, np.mean), "not their mean"),
    (7, "unbroadcast", _unbroadcast_by(np.mean, np.mean), "not their mean"),
    (14, "forward_work", lambda m, n_0, n_1, n_2: m * (n_0 * n_1 + n_1 * n_2 + n_1), "The biases are missing"),
    (
        14,
        "floats_held",
        lambda m, n_0, n_1, n_2: 8 * m * (3 * n_1 + 2 * n_2) + 8 * (n_1 * (n_0 + n_2 + 1) + n_2),
        "bytes",
    ),
    (
        14,
        "portions",
        lambda m, n_0, n_1, n_2, room: -(-m // ((room - n_1 * (n_0 + n_2 + 1) - n_2) // (3 * n_1 + 2 * n_2))),
        "The sum of the gradients so far is missing",
    ),
    (
        14,
        "best_interval",
        lambda L: min((k for k in range(1, L + 1) if L % k == 0), key=lambda k: abs(k - (L / 3) ** 0.5)),
        "nearest to the root",
    ),
    (14, "gradient_of_all", lambda dW, m, W, lmbda: np.mean(dW, axis=0) + lmbda * W, "the same say"),
    (14, "gradient_of_all", lambda dW, m, W, lmbda: sum(dW) + lmbda * W, "You added the gradients"),
    (14, "left_when_frozen", "(2 * k - 1) / (2 * L)", "The first one does not"),
    (14, "left_when_frozen", "k / L", "equally many products"),
    (14, "waist_sweeps", lambda inputs, waist, outputs: inputs + outputs, "at the wide end"),
    (14, "price_of_forgetting", "L / (3 * L - 1)", "fed forward only once"),
    (14, "price_of_forgetting", "(L - k) / 3 / L", "nobody asks for the gradient of the inputs"),
    (14, "with_w_machines", "w", "if nothing had to travel"),
    (13, "chain_factor", lambda w, a: np.prod(w) / 64, "as large as it can be"),
    (13, "size_after", lambda n, sd, layers: (n * sd**2) ** layers, "The size is its root"),
    (13, "he_start", lambda draws: draws * 2 / draws.shape[0], "a root is missing"),
    (13, "clip_together", lambda dW, db, c: (np.clip(dW, -c, c), np.clip(db, -c, c)), "clipping by value"),
    (13, "normalise_later", lambda z, s, eps: (z - z.mean(0)) / np.sqrt(z.var(0) + eps), "by themselves"),
    (13, "skip_back", lambda u, h, W, b: (u / np.cosh(h @ W + b) ** 2) @ W.T, "The shortcut is missing"),
    (13, "batch_of_one", "c", "the division from 0/0"),
    (10, "gap_rows", lambda horizon, window: horizon - 1, "Those are days"),
    (
        10,
        "effect_of_return",
        lambda own, size, week, month, a, b: (b - a) * (own - size + week / 5 + month / 22),
        "kept up",
    ),
    (11, "share_found", lambda s, c, called, people: called / s, "if nobody is called"),
    (11, "rates", lambda y, p, threshold: _rates_by_counting(y, p, threshold)[::-1], "exchanged"),
    (11, "at_least_found", lambda people, ill, accuracy: accuracy, "mixes both kinds of people"),
    (11, "twin_learned_from", lambda rows, folds: 1 - 1 / folds, "takes up one of the places in its own fold"),
    (11, "line_elsewhere", "1 / (1 + k)", "The prevalence is missing"),
    (11, "choose_columns", _columns_unsorted, "Put them in ascending order."),
    (11, "sensitivity_in_the_test", lambda z, y, choose, test, least: 1.0, "The threshold is lower than"),
    (11, "temperature_by_hand", "1 / (1 + k)", "This machine shows the raw one"),
    (15, "eta_at_the_edge", lambda m, sharp: m / sharp, "compared the sharpness with 1 / eta"),
    (15, "eta_at_the_edge", lambda m, sharp: 2 / sharp, "The sharpness of the sum"),
    (15, "is_strict_minimum", lambda H, g, small: bool(np.linalg.norm(g) < small), "A small gradient is common to"),
    (15, "count_ways", lambda H: tuple(int((s * np.linalg.eigvalsh(H) > 0).sum()) for s in (-1, 0, 1)), "accidental"),
    (15, "level_ground", "a", "A small gradient is common to minima, saddles and long slopes."),
    (15, "newton_step", lambda H, g: (np.linalg.solve(H, g), g @ np.linalg.solve(H, g)), "The sign is reversed"),
    (12, "relabel", lambda x, y, shift, turn: 2 * y / (x**2 + y**2), "The label is that of the recorded picture."),
    (12, "read_hill", lambda outputs, arcs: outputs @ arcs / outputs.sum(axis=1), "a second hill far away pulls"),
    (12, "read_hill", lambda outputs, arcs: arcs[outputs.argmax(1)], "where between two units"),
    (12, "share_back", lambda o, k, w: (abs(o[abs(o[:, k]) < 2, k]) <= w).mean(), "not find their way back"),
    (12, "equal_steps", lambda frames, copies, epochs: epochs, "Equal steps are asked for."),
    (12, "turned_label", "-2 * turn / d", "nearly right while the turn is small"),
]


@np.errstate(all="ignore")
def the_answer(exercise, answer, seed):
    """Return a wrong answer: of a number or an array, what a reader makes of what was given."""
    return answer(*exercise.give(rng(seed))) if isinstance(exercise, (Array, Number)) else answer


@pytest.mark.parametrize(("number", "name", "answer", "words"), WRONG)
def test_a_wrong_answer_of_a_reader_meets_words_of_its_own(number, name, answer, words):
    exercise = exercises.chapter(number).questions[name].exercise
    for seed in SEEDS:
        verdict = exercise.judge(the_answer(exercise, answer, seed), rng(seed))
        assert verdict.credit < 1 and verdict.status not in ("right", "blank"), (seed, verdict)
        assert words in verdict.message and "Not yet" not in verdict.message, (seed, verdict.message)
        assert "no mistake this book knows" not in verdict.message and " Or: " not in verdict.message, verdict.message


# The checks above, seen to fail --------------------------------------------------------------------------------------


def test_each_check_refuses_a_declaration_that_is_wrong(monkeypatch):
    links, letter = EXERCISES[2, "two_links"], EXERCISES[2, "why_wait"]
    product, formula = EXERCISES[7, "adjoint_of_W"], EXERCISES[3, "sigmoid_bend"]
    right = solved(2, "two_links", 0, monkeypatch)
    wrong = [
        lambda: assert_right(replace(links, expected=lambda k, c, x: 2 * (k * x + c)), right, 0),
        lambda: assert_right(letter, "a", 0),
        lambda: assert_mistakes_named(replace(links, mistakes={links.expected: "This is right and called wrong."}), 0),
        lambda: assert_mistakes_named(
            replace(links, mistakes={(lambda k, c, x: k): "One.", (lambda k, c, x: +k): "Two."}), 0
        ),
        lambda: (
            assert_mistakes_named(replace(letter, options=dict.fromkeys("abcd", "Nothing to say."), right="b"), 0)
            or assert_sentences(replace(letter, options=dict.fromkeys("abcd", "Nothing to say.")))
        ),
        lambda: assert_mistakes_named(replace(product, mistakes={product.reference: "This is right."}), 0),
        lambda: assert_mistakes_named(replace(formula, mistakes={"(a - a*a) * (1 - 2*a)": "This is right."}), 0),
        lambda: assert_nothing_given_away(replace(links, hints=(f"It is {right}.",)), "", 0),
        lambda: assert_nothing_given_away(replace(letter, hints=("Take (b).",)), "", 0),
        lambda: assert_nothing_given_away(replace(product, hints=("`z_bar.T@a`",)), "return z_bar.T @ a", 0),
        lambda: assert_nothing_given_away(replace(formula, hints=("a*(1-a)*(1-2*a)",)), "", 0),
        lambda: assert_fresh(replace(links, given=lambda rng: (3, 1, 2))),
        lambda: assert_sentences(replace(links, mistakes={(lambda k, c, x: k): "no"})),
        lambda: assert_by_hand(
            replace(product, reference=lambda a, W, z_bar: z_bar.T @ a / 2), (A, W_3.T, Z_BAR), [[3, 6]]
        ),
        lambda: assert_derivative(
            replace(formula, expected="a * (1 - a) * (1 + 2 * a)"), *DERIVATIVES[3, "sigmoid_bend"]
        ),
    ]
    for check in wrong:
        with pytest.raises(AssertionError):
            check()
