"""The clinic: which check finds which fault and which does not, what mends it, and what is refused in words."""

import math
import re
from dataclasses import replace
from pathlib import Path

import nbformat
import numpy as np
import pytest

import bpbook as bp
from bpbook import clinic, exercises
from bpbook.clinic import faults
from bpbook.clinic.checks import gradient_errors, step_errors

FINDS = {  # the checks that alarm, as the chapter says; the others do not
    "the derivative": {"gradient"},
    "the wrapper": {"gradient", "learns twenty"},
    "the talk": {"learns twenty", "stuck units", "classes said"},
    "the beginner": {"gradient", "ask twice"},
    "the first test": {"gradient"},
    "the student": {"gradient"},
    "the flat line": {"learns twenty", "classes said", "shuffled labels"},
    "the second call": {"ask twice"},
    "equal biases": {"gradient"},
    "the division": {
        "the loss goes down",
        "loss at birth",
        "learns twenty",
        "gradient",
        "one alone",
        "classes said",
        "shuffled labels",
    },
    "the framework": {"step"},
    "the kernels": {"the loss goes down", "learns twenty", "step", "classes said", "shuffled labels"},
    "the larger batch": {"loss at birth", "batch twice"},
    "white pictures": {"look at x", "learns twenty", "stuck units"},
    "the floor": {"learns twenty", "classes said"},
    "the quiz": {"shuffled labels"},
}
WARD = {"A": {"gradient"}, "B": {"gradient"}, "C": {"step"}, "D": {"look at x"}, "E": set()}


def alarms(program):
    return {name for name, finding in clinic.examine(program).items() if finding.alarm}


@pytest.mark.parametrize("name", FINDS)
def test_each_fault_is_found_by_some_checks_and_missed_by_the_others(name):
    assert alarms(clinic.PATIENTS[name].sick) == FINDS[name]


@pytest.mark.parametrize("name", FINDS)
def test_the_cured_program_passes_every_check(name):
    assert alarms(clinic.PATIENTS[name].cured) == set()


def test_every_patient_is_told_of_and_every_check_is_needed():
    assert set(FINDS) == set(clinic.PATIENTS)
    assert set().union(*FINDS.values()) == set(clinic.CHECKS)


@pytest.mark.parametrize("letter", WARD)
def test_what_the_checks_say_of_the_ward(letter):
    assert alarms(clinic.WARD[letter]) == WARD[letter]


def test_the_loss_goes_down_in_most_patients():
    down = [name for name, found in FINDS.items() if "the loss goes down" not in found]
    assert len(down) == 14


@pytest.mark.parametrize("name", FINDS)
def test_every_patient_has_a_thread_and_words_that_do_not_name_the_mistake(name):
    patient = clinic.PATIENTS[name]
    assert all(thread.count("/") == 1 and thread.split("#")[1].isdigit() for thread in patient.threads)
    assert patient.mistake not in patient.complaint and patient.words.endswith(".")
    assert getattr(patient.sick, patient.part) is not getattr(patient.cured, patient.part)


@pytest.mark.parametrize(
    ("name", "off"),
    [
        ("the derivative", {"dW[1]", "db[1]"}),
        ("the wrapper", {"dW[1]", "db[1]"}),
        ("the beginner", {"dW[1]", "db[1]"}),
        ("the first test", {"dW[1]", "db[1]"}),
        ("the student", {"dW[2]"}),
        ("equal biases", {"db[1]"}),
    ],
)
def test_the_gradient_check_names_the_array(name, off):
    errors = gradient_errors(clinic.PATIENTS[name].sick)
    assert {array for array, error in errors.items() if error > 1e-6} == off


def test_the_step_check_names_the_array():
    of = {name: step_errors(clinic.PATIENTS[name].sick) for name in ("the kernels", "the framework")}
    assert {array for array, error in of["the kernels"].items() if error > 1e-6} == {"W[1]", "b[1]"}
    assert {array for array, error in of["the framework"].items() if error > 1e-6} == {"W[1]", "W[2]"}
    assert math.isclose(of["the kernels"]["W[1]"], 1.0)


@pytest.mark.parametrize("seed", range(3))
def test_the_angle_at_birth_is_not_that_of_training(seed):
    late = {name: clinic.PATIENTS[name].angle(seed, epochs=7) for name in ("the first test", "the beginner")}
    assert clinic.PATIENTS["the first test"].angle(seed) < 6 < 60 < late["the first test"]
    assert clinic.PATIENTS["the beginner"].angle(seed) > 30 > 2 > late["the beginner"]


def test_the_angle_is_that_between_the_two_gradients():
    patient = clinic.PATIENTS["the derivative"]
    for sick, degrees in ((patient.cured, 0), (uphill(patient.cured), 180)):
        assert math.isclose(replace(patient, sick=sick).angle(), degrees, abs_tol=1e-4)


@pytest.mark.parametrize("seed", range(3))
def test_the_dice_fall_the_same_for_both_gradients_of_an_angle(seed):
    """With a mask of its own for each of the two, the wrapper's cured gradient would be far from itself."""
    patient = clinic.PATIENTS["the wrapper"]
    own = replace(patient, sick=patient.cured)
    assert own.angle(seed) < 1e-4
    assert replace(own, sick=replace(own.sick, fresh=lambda: None)).angle(seed) > 5


def test_a_bias_alone_turns_the_gradient():
    """The weights of "equal biases" are right: what its angle shows is the share of the biases."""
    patient = clinic.PATIENTS["equal biases"]

    def weights_only(program):
        def backward(params, cache, y):
            grads = program.backward(params, cache, y)
            return grads._replace(db=[None, *(0 * db for db in grads.db[1:])])

        return replace(program, backward=backward)

    assert patient.angle() > 1
    assert replace(patient, sick=weights_only(patient.sick), cured=weights_only(patient.cured)).angle() < 1e-4


@pytest.mark.parametrize("k", range(1, 7))
def test_what_the_checks_say_of_the_white_pictures_does_not_hang_on_the_last_digit(k):
    """Its training is chaotic, so another machine makes other weights: the alarms have to be the same all the same."""
    sick = clinic.PATIENTS["white pictures"].sick

    def shaken(seed):
        params = sick.start(seed)
        return params._replace(W=[None, *(W * (1 + k * 2**-52) for W in params.W[1:])])

    assert alarms(replace(sick, start=shaken)) == FINDS["white pictures"]
    ends = [clinic.train(program).params.W[1] for program in (replace(sick, start=shaken), sick)]
    assert abs(ends[0] - ends[1]).max() > 0.01


def uphill(program):
    def backward(params, cache, y):
        grads = program.backward(params, cache, y)
        return grads._replace(**{key: [None, *(-g for g in getattr(grads, key)[1:])] for key in ("dW", "db")})

    return replace(program, backward=backward)


def test_training_twice_gives_the_same():
    for name in ("the wrapper", "the second call"):
        sick = clinic.PATIENTS[name].sick
        assert clinic.train(sick).loss == clinic.train(sick).loss


def test_the_checks_leave_the_programs_as_they_were():
    sick = clinic.PATIENTS["the beginner"].sick
    before = sick.start(0).W[2].copy()
    clinic.examine(sick)
    np.testing.assert_array_equal(sick.start(0).W[2], before)


def test_the_floor_of_two_softmaxes_is_where_the_loss_cannot_go_below():
    logits = np.full((1, 10), -60.0)
    logits[0, 3] = 60.0
    cache = bp.Cache([None, logits], [None, logits])
    floor = clinic.PATIENTS["the floor"].sick.loss(cache, np.array([3]))
    assert math.isclose(floor, math.log(1 + 9 / math.e), rel_tol=1e-9)
    assert math.isclose(math.log(1 + 3 / math.e), 0.7437, abs_tol=1e-4)  # what the owner worked out, for four classes


def test_a_second_call_of_the_accumulating_pass_adds_the_delta_of_the_first():
    memory = faults.Accumulating()
    params = clinic.program((1, 1, 2), "identity").start(0)
    cache = bp.forward(params, np.array([[1.0]]))
    first = memory.backward(params, cache, np.array([0])).dW[1].copy()
    np.testing.assert_allclose(memory.backward(params, cache, np.array([0])).dW[1], 2 * first)


def test_three_mistakes_hide_one_another():
    """Scale or gate alone ruin the score, the sign alone leaves it, all three bring chance: with each of six seeds."""
    three = clinic.THREE
    sick = scores(three)
    scale, gate, sign = (scores(clinic.mended(three, **part)) for part in MENDS)
    assert sick.min() > 0.6 and gate.max() < 0.3 and scale.max() < 0.2
    assert abs(sign - sick).max() < 0.02
    cured = clinic.mended(three, **MENDS[0], **MENDS[1], **MENDS[2])
    assert scores(cured).max() < 0.2
    well = replace(cured, eta=0.2)
    assert (scores(well) > 0.85).all() and alarms(well) == set()


def test_three_mistakes_at_once_look_like_a_program_that_learns():
    three = clinic.THREE
    assert alarms(three) == {"look at x", "loss at birth", "gradient", "step"}
    for seed in range(6):
        loss = clinic.train(three, seed).loss
        assert loss[-1] < 0.03 * loss[0] and max(loss) == loss[0]


def scores(program):
    return np.array([clinic.train(program, seed).score for seed in range(6)])


HEALTHY = clinic.program(eta=0.0005, lmbda=0.02)
MENDS = [{part: getattr(HEALTHY, part)} for part in ("load", "backward", "update")]


@pytest.mark.parametrize(
    ("act", "error", "match"),
    [
        (
            lambda: clinic.examine(clinic.program(), "blood"),
            ValueError,
            "there is no check 'blood'; there are the loss",
        ),
        (
            lambda: clinic.examine(clinic.PATIENTS["the quiz"]),
            TypeError,
            r"program must be a Program; got Patient\. Pass",
        ),
        (lambda: clinic.mended(clinic.program(), heart=abs), ValueError, "a program has the parts load, start"),
        (
            lambda: clinic.mended(clinic.program(), loss=3),
            TypeError,
            r"loss must be a function; got .*without calling it",
        ),
        (lambda: clinic.mended(clinic.PATIENTS["the quiz"]), TypeError, r"sick must be a program; .*patient\.sick"),
    ],
)
def test_what_cannot_be_examined_or_mended_is_refused_in_words(act, error, match):
    with pytest.raises(error, match=match):
        act()


# The exercises' own kind ---------------------------------------------------------------------------------------------


def exercise(name):
    return exercises.chapter(16).questions[name].exercise


def judged(answer, name="ward_a"):
    return exercise(name).judge(answer, np.random.default_rng(0))


SUPPOSED = ("Then ", "With an open gate, ", "Without its mask, ", "There is no weight decay in this program.")
DIAGNOSES = [f"ward_{letter}" for letter in "abcde"]


def test_a_diagnosis_earns_half_for_the_mistake_and_half_for_the_array():
    assert judged("db mean in db").credit == 1
    assert judged(" DB mean  in  db ").credit == 1
    assert judged("db mean").credit == judged("db mean in W").credit == judged("db one sum in db").credit == 0.5
    assert judged("db one sum in W").credit == 0
    assert judged("db one sum in db").mistake == "db one sum"


@pytest.mark.parametrize(("name", "place"), [("ward_a", "db[1]"), ("ward_a", "db[2]"), ("ward_b", "dW[2]")])
def test_a_place_as_good_as_another_earns_everything_and_a_word(name, place):
    verdict = judged(f"{exercise(name).right} in {place}", name)
    assert (verdict.status, verdict.credit) == ("right", 1) and verdict.message.endswith(exercise(name).also[place])
    assert judged(f"{exercise(name).right} in dW[1]", name).credit == 0.5


@pytest.mark.parametrize("name", DIAGNOSES)
def test_a_right_diagnosis_says_where_the_mistake_was_published(name):
    message = judged(f"{exercise(name).right} in {exercise(name).place}", name).message
    assert re.search(r"published in [\w-]+/[\w-]+#\d", message)


@pytest.mark.parametrize(
    ("answer", "status", "words"),
    [
        (..., "blank", "Not answered yet"),
        (3, "type", 'must be a text such as "gate open in x"'),
        ("influenza", "type", "begins with one of: gate open"),
        ("db mean in the kitchen", "type", "After `in` comes one of: x, x_test"),
    ],
)
def test_what_is_no_diagnosis_gets_words(answer, status, words):
    verdict = judged(answer)
    assert (verdict.status, verdict.credit) == (status, 0) and words in verdict.message


def test_no_program_of_the_ward_has_a_weight_decay():
    assert not any(program.lmbda for program in clinic.WARD.values())


@pytest.mark.parametrize("name", DIAGNOSES)
def test_every_wrong_diagnosis_is_refused_with_what_speaks_against_it(name):
    for mistake in set(exercise(name).options) - {exercise(name).right}:
        verdict = judged(f"{mistake} in {exercise(name).place}", name)
        said = exercise(name).options[mistake]
        assert verdict.status == "wrong" and verdict.credit == 0.5 and said in verdict.message
        assert said.startswith(SUPPOSED), said
    assert exercise(name).options[exercise(name).right].startswith("Right. ")


def test_a_loss_of_their_own_catches_three_of_the_patients_that_the_gradient_check_passes():
    passed = [patient for name, patient in clinic.PATIENTS.items() if "gradient" not in FINDS[name]]
    meant = {p.mistake: clinic.mended(p.sick, loss=p.cured.loss) for p in passed}
    caught = {mistake for mistake, program in meant.items() if clinic.examine(program, "gradient")["gradient"].alarm}
    assert (len(passed), caught) == (9, {"all against all", "sum for mean", "softmax twice"})
    asked = dict(zip("abcd", ("the talk", "the framework", "the floor", "the quiz"), strict=True))
    for letter, name in asked.items():
        right = judged(letter, "caught_by_another_loss").status == "right"
        assert right == (clinic.PATIENTS[name].mistake in caught)


def test_the_steps_are_the_same_with_the_settings_of_the_exercise():
    patient = clinic.PATIENTS["the larger batch"]
    eta, lmbda, m = 0.005, 0.2, 24  # 600 examples are 25 whole batches
    sick = replace(patient.sick, eta=eta, lmbda=lmbda, batch_size=m)
    expected = exercises.chapter(16).questions["same_steps"].exercise.expected(eta, lmbda, m)
    ends = {}
    for name, (rate, decay) in {"same": expected, "decay as before": (eta * m, lmbda)}.items():
        cured = replace(patient.cured, eta=float(rate), lmbda=float(decay), batch_size=m)
        ends[name] = clinic.train(cured, epochs=3).params.W[1]
    W = clinic.train(sick, epochs=3).params.W[1]
    np.testing.assert_allclose(ends["same"], W, rtol=1e-6, atol=1e-9)
    assert not np.allclose(ends["decay as before"], W, rtol=0.1)


def test_the_error_of_program_c_is_that_of_a_step_uphill_too():
    """Only the arrays themselves tell the two apart, as the prompt of its exercise says."""
    bias = clinic.WARD["C"]

    def uphill(params, grads, eta, lmbda):
        clinic.program().update(params, grads._replace(db=[None, *(-db for db in grads.db[1:])]), eta, lmbda)

    never, reversed_ = (step_errors(p) for p in (bias, clinic.mended(bias, update=uphill)))
    assert {array for array, error in never.items() if error > 1e-6} == {"b[1]", "b[2]"}
    assert all(math.isclose(error, reversed_[array], abs_tol=1e-9) for array, error in never.items())


def test_the_three_mistakes_of_the_last_exercise_are_seen_as_several():
    (path,) = (Path(__file__).parent.parent / "notebooks").glob("16_*.ipynb")
    prompts = [cell.source for cell in nbformat.read(path, as_version=4).cells]
    (prompt,) = [prompt for prompt in prompts if "def mended_gradients" in prompt and "```" in prompt]
    namespace = {"np": np}
    exec(prompt.split("```")[1], namespace)
    exercise = exercises.chapter(16).questions["mended_gradients"].exercise
    verdict = exercise.judge(namespace["mended_gradients"], np.random.default_rng(0))
    assert verdict.credit == 0 and "there may be several at once" in verdict.message


def test_a_network_without_a_bend_answers_the_average_of_two_images_with_the_average():
    for program, bends in ((clinic.WARD["E"], False), (clinic.program((64, 16, 16, 10)), True)):
        params, x = program.start(0), program.load().x[:2]
        middle = program.forward(params, x.mean(axis=0, keepdims=True)).a[-1]
        average = program.forward(params, x).a[-1].mean(axis=0, keepdims=True)
        assert (bp.relative_error(middle, average) > 1e-6) == bends


# The repairs ---------------------------------------------------------------------------------------------------


def repair(name):
    return exercises.chapter(16).questions[name].exercise


@pytest.mark.parametrize("seed", [5, 6])
def test_every_known_mistake_of_the_whole_network_is_refused_and_named(seed):
    exercise = repair("mended_gradients")
    assert len(exercise.mistakes) > 140
    for twin, mistake in exercise.mistakes.items():
        verdict = exercise.judge(twin, np.random.default_rng(seed))
        assert verdict.credit < 1 and mistake.name in verdict.mistake, (mistake.name, verdict)


def _gradients_by_examples(x, y, W1, b1, W2, b2):
    found = [np.zeros_like(array) for array in (W1, b1, W2, b2)]
    for row, label in zip(x, y, strict=True):
        z1 = row @ W1 + b1
        z2 = np.maximum(z1, 0) @ W2 + b2
        delta2 = np.exp(z2 - z2.max()) / np.exp(z2 - z2.max()).sum() - np.eye(len(b2))[label]
        delta1 = np.where(z1 > 0, W2 @ delta2, 0)
        shares = (np.outer(row, delta1), delta1, np.outer(np.maximum(z1, 0), delta2), delta2)
        found = [sum_ + share / len(x) for sum_, share in zip(found, shares, strict=True)]
    return dict(zip(("dW1", "db1", "dW2", "db2"), found, strict=True))


PARAPHRASES = {
    "mended_loss by a loop": lambda a, y: (
        sum(0.5 * float(((row - target) ** 2).sum()) for row, target in zip(a, np.reshape(y, a.shape), strict=True))
        / len(a)
    ),
    "mended_loss by columns": lambda a, y: (
        0.5 * np.mean(np.sum(np.square(a - (y[:, None] if y.ndim == 1 else y)), axis=1))
    ),
    "decay_loss by norms": lambda W, lmbda: (
        lmbda / 2 * sum(np.linalg.norm(array) ** 2 for array in W if array is not None)
    ),
    "decay_loss by one vector": lambda W, lmbda: (
        0.5 * lmbda * np.square(np.concatenate([np.ravel(array) for array in W[1:]])).sum()
    ),
    "mended_gradients by examples": _gradients_by_examples,
}


@pytest.mark.parametrize("name", PARAPHRASES)
def test_right_repairs_written_another_way_are_right(name):
    for seed in range(12):
        verdict = repair(name.split()[0]).judge(PARAPHRASES[name], np.random.default_rng(seed))
        assert verdict.status == "right", (seed, verdict)


NARROW = {
    "mended_loss for columns only": lambda a, y: 0.5 * ((a[:, 0] - np.ravel(y)[: len(a)]) ** 2).mean(),
    "mended_loss where y has the shape of a": lambda a, y: 0.5 * ((a - y) ** 2).sum() / len(a),
    "decay_loss of two layers": lambda W, lmbda: lmbda / 2 * ((W[1] ** 2).sum() + (W[2] ** 2).sum()),
}


@pytest.mark.parametrize("name", NARROW)
def test_no_freedom_of_a_repairs_prompt_is_left_out_by_the_probes(name):
    for seed in range(20):
        verdict = repair(name.split()[0]).judge(NARROW[name], np.random.default_rng(seed))
        assert verdict.credit == 0, (seed, verdict)
