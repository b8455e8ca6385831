"""Bad answers: each gets its status and a sentence, none gets marks, none breaks the kernel or the next check."""

import builtins
import cProfile
import dataclasses
import gc
import inspect
import math
import os
import signal
import sys
import time
import warnings
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from fractions import Fraction

import nbclient
import nbformat
import numpy as np
import pytest

import bpbook as bp
from bpbook import exercises
from bpbook.exercises.judging import limits, running
from bpbook.exercises.judging.comparing import alike, close, relations
from bpbook.exercises.judging.reading import Unreadable
from bpbook.exercises.kinds.answers import Array
from bpbook.exercises.kinds.functions import Gradient


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    """Give every test an empty folder of marks."""
    monkeypatch.setenv("BPBOOK_HOME", str(tmp_path))
    return tmp_path


class Liar(np.ndarray):
    """An array that equals everything and answers every NumPy function itself."""

    def __eq__(self, other):
        return np.ones(np.shape(other), bool)

    def __array_function__(self, function, types, arguments, keywords):
        return True

    def __array_ufunc__(self, function, method, *arguments, **keywords):
        return np.zeros(3).view(Liar)

    def __array_wrap__(self, array, context=None, return_scalar=False):
        return True

    def __array_finalize__(self, obj):
        pass


class Float(float):
    """A number that equals everything."""

    def __eq__(self, other):
        return True

    def __sub__(self, other):
        return 0.0

    __rsub__ = __sub__
    __hash__ = float.__hash__


class Text(str):
    """Text that equals everything."""

    def __eq__(self, other):
        return True

    def strip(self):
        return "c"

    lower = strip
    __hash__ = str.__hash__


class Raises:
    """An object that raises whatever it is asked."""

    def __getattribute__(self, name):
        raise RuntimeError("do not look at me")

    def __array__(self, dtype=None, copy=None):
        raise RuntimeError("do not look at me")

    def __call__(self, *arguments):
        raise RuntimeError("do not look at me")


class Unwritable(Exception):
    """An exception that cannot be written out."""

    def __str__(self):
        raise ValueError("no")


class Endless:
    """An object that never becomes an array."""

    def __array__(self, dtype=None, copy=None):
        while True:
            pass


def wrong(shape):
    return np.full(shape, 7.0).view(Liar)


VALUES = [
    ("delta_out", None, "blank"),
    ("delta_out", ..., "blank"),
    ("delta_out", "0.1", "type"),
    ("delta_out", b"0.1", "type"),
    ("delta_out", 1 + 0j, "type"),
    ("delta_out", np.array(1j, dtype=object), "type"),
    ("delta_out", [0.1, 0.2], "type"),
    ("delta_out", [], "type"),
    ("delta_out", {0.1}, "type"),
    ("delta_out", np.ma.masked, "type"),
    ("delta_out", range(1), "type"),
    ("delta_out", {"a": 0.1}, "type"),
    ("delta_out", lambda: 0.1, "type"),
    ("delta_out", Raises, "type"),
    ("delta_out", np.datetime64("2026-01-01"), "type"),
    ("delta_out", math.nan, "nonfinite"),
    ("delta_out", -np.inf, "nonfinite"),
    ("delta_out", 10**400, "type"),
    ("delta_out", Float(7.0), "wrong"),
    ("delta_out", wrong(()), "wrong"),
    ("delta_hidden", None, "blank"),
    ("delta_hidden", "0, 1", "type"),
    ("delta_hidden", ["0", "1"], "type"),
    ("delta_hidden", [1j, 0], "type"),
    ("delta_hidden", np.array([1.0, None], dtype=object), "type"),
    ("delta_hidden", [[1, 2], [3]], "type"),
    ("delta_hidden", [None, 1.0], "type"),
    ("delta_hidden", Raises, "type"),
    ("delta_hidden", wrong(2), "wrong"),
    ("delta_hidden", wrong((2, 2)), "shape"),
    ("delta_hidden", [np.nan, 0], "nonfinite"),
    ("delta_hidden", np.ma.masked_array([7.0, 7.0], mask=True), "wrong"),
    ("why_transposed", None, "blank"),
    ("why_transposed", 3, "type"),
    ("why_transposed", ["c"], "type"),
    ("why_transposed", np.array(["c"]), "type"),
    ("why_transposed", "x", "type"),
    ("why_transposed", "", "type"),
    ("why_transposed", Text("a"), "wrong"),
    ("why_transposed", Raises, "type"),
    ("tanh_prime", None, "blank"),
    ("tanh_prime", 0.5, "type"),
    ("tanh_prime", lambda a: 1 - a**2, "type"),
    ("tanh_prime", "", "type"),
    ("tanh_prime", "1 - z**2", "type"),
    ("tanh_prime", "1 - a^2", "type"),
    ("tanh_prime", "2a", "type"),
    ("tanh_prime", "__import__('os').system('true')", "type"),
    ("tanh_prime", "a.__class__", "type"),
    ("tanh_prime", "(lambda: a)()", "type"),
    ("tanh_prime", "[a for a in (1,)][0]", "type"),
    ("tanh_prime", "'x' * 10", "type"),
    ("tanh_prime", "a if a else a", "type"),
    ("tanh_prime", "f'{a}'", "type"),
    ("tanh_prime", "exp(a, a)", "type"),
    ("tanh_prime", "1j * a", "type"),
    ("tanh_prime", "True", "type"),
    ("tanh_prime", "(" * 140 + "a" + ")" * 140, "wrong"),
    ("tanh_prime", "-" * 299 + "a", "wrong"),
    ("tanh_prime", "a + " * 200 + "a", "type"),
    ("tanh_prime", "9**9**9**9**9", "nonfinite"),
    ("tanh_prime", "1 / (a - a)", "nonfinite"),
    ("tanh_prime", "log(a - 2)", "nonfinite"),
    ("tanh_prime", Raises, "type"),
]


@pytest.mark.parametrize(("name", "answer", "status"), VALUES)
def test_a_bad_value_gets_its_status_and_no_marks(name, answer, status, capsys):
    score = exercises.chapter(4).questions[name](Raises() if answer is Raises else answer)
    assert (float(score), score.verdict.status) == (0.0, status), score
    assert len(score.verdict.message) > 10 and "Traceback" not in repr(score)
    assert capsys.readouterr() == ("", "")


def returns(value):
    return lambda delta, W, z: value


def returns_what_raises(delta, W, z):
    return Raises()


def patches(delta, W, z):
    np.allclose = np.array_equal = np.isclose = lambda *arguments, **keywords: True
    np.ndarray.__eq__ = None


def patches_and_is_right(delta, W, z):
    np.allclose = lambda *arguments, **keywords: True
    return (delta @ W.T) * (1 - np.tanh(z) ** 2)


def patches_math(delta, W, z):
    math.sqrt = abs
    import builtins

    builtins.abs = lambda value: 0
    return 0 * z


def patches_what_would_notice(delta, W, z):
    builtins.any = lambda values: False
    return (delta @ W.T) * (1 - np.tanh(z) ** 2)


def counts(delta, W, z, calls=[]):  # noqa: B006
    calls.append(1)
    return (delta @ W.T) * (1 - np.tanh(z) ** 2) * len(calls)


def sorts(delta, W, z):
    answer = (delta @ W.T) * (1 - np.tanh(z) ** 2)
    z.sort()
    return answer


def reshapes(delta, W, z):
    W.shape = W.T.shape
    return z


def warns(delta, W, z):
    warnings.warn("look out", stacklevel=1)
    print("also here", file=sys.stderr)
    return np.log(-1 - z * z) + 1 / np.zeros_like(z)


def raises(error):
    def answer(delta, W, z):
        raise error

    return answer


def recurses(delta, W, z):
    return recurses(delta, W, z)


def generates(delta, W, z):
    yield z


async def waits(delta, W, z):
    return z


FUNCTIONS = [
    (..., "blank", "three dots"),
    (None, "blank", "three dots"),
    (3, "type", "must be a function"),
    ("hidden_delta", "type", "must be a function"),
    (np.ones(3), "type", "must be a function"),
    (Raises, "raised", "RuntimeError"),
    (lambda: 1, "type", "must take 3 arguments, (delta, W, z); yours takes none"),
    (lambda delta, W: 1, "type", "yours takes (delta, W)"),
    (lambda delta, W, z, a: 1, "type", "yours takes (delta, W, z, a)"),
    (int, "raised", "TypeError"),
    (print, "type", "is None"),
    (returns(None), "type", "Does your function return something"),
    (returns("text"), "type", "real numbers"),
    (returns([["1"]]), "type", "real numbers"),
    (returns(1j), "type", "real numbers"),
    (returns(np.array([[1 + 1j]])), "type", "complex"),
    (returns(np.array([[None]])), "type", "objects"),
    (returns([[1.0], [1.0, 2.0]]), "type", "rows of equal length"),
    (returns({}), "type", "real numbers"),
    (returns_what_raises, "type", "real numbers"),
    (lambda delta, W, z: wrong(z.shape), "wrong", "entries differ"),
    (lambda delta, W, z: wrong(3), "shape", "must have shape"),
    (lambda delta, W, z: z * np.nan, "nonfinite", "nan or inf"),
    (lambda delta, W, z: z / 0 * np.inf, "nonfinite", "nan or inf"),
    (warns, "nonfinite", "also printed"),
    (raises(ValueError("a reason")), "raised", "`raise error`: a reason."),
    (raises(KeyboardInterrupt()), "raised", "KeyboardInterrupt"),
    (raises(SystemExit(3)), "raised", "SystemExit"),
    (raises(GeneratorExit()), "raised", "GeneratorExit"),
    (raises(MemoryError()), "raised", "MemoryError"),
    (raises(Unwritable()), "raised", "Unwritable"),
    (raises(StopIteration()), "raised", "StopIteration"),
    (lambda delta, W, z: exit(), "raised", "SystemExit"),
    (lambda delta, W, z: sys.exit("bye"), "raised", "SystemExit"),
    (lambda delta, W, z: undefined_name, "raised", "NameError"),  # noqa: F821
    (lambda delta, W, z: delta @ W, "raised", "a matrix product of shapes that do not fit: size 3 meets size 2."),
    (recurses, "raised", "RecursionError"),
    (generates, "type", "real numbers"),
    (patches, "mutated", "replaces `numpy."),
    (patches_and_is_right, "mutated", "replaces `numpy.allclose`"),
    (patches_math, "mutated", "replaces `"),
    (patches_what_would_notice, "mutated", "replaces `builtins."),
    (counts, "wrong", "two times different"),
    (sorts, "mutated", "changes its arguments"),
    (reshapes, "mutated", "changes its arguments"),
]


@pytest.mark.parametrize(("answer", "status", "words"), FUNCTIONS)
def test_a_bad_function_gets_its_status_and_no_marks_and_breaks_nothing(answer, status, words, capsys):
    allclose, absolute, root = np.allclose, abs, math.sqrt
    question = exercises.chapter(4).hidden_delta
    score = question(Raises() if answer is Raises else answer)
    assert (float(score), score.verdict.status) == (0.0, status), score
    assert words in repr(score).replace("gives twice as much", "two times different") and "Traceback" not in repr(score)
    assert capsys.readouterr() == ("", "")
    assert (np.allclose, abs, math.sqrt) == (allclose, absolute, root)
    assert question(lambda delta, W, z: (delta @ W.T) * (1 - np.tanh(z) ** 2)) == 2.0


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="needs a system whose time zone can be read again")
def test_an_answer_whose_import_reads_the_time_zone_again_is_right_and_one_that_replaces_a_clock_is_not():
    question = exercises.chapter(4).hidden_delta
    before, clock = time.tzname, time.perf_counter

    def reads_the_zone(delta, W, z):  # as scikit-learn's first import does
        time.tzset()
        return (delta @ W.T) * (1 - np.tanh(z) ** 2)

    def stops_the_clock(delta, W, z):
        time.perf_counter = lambda: 0.0
        return (delta @ W.T) * (1 - np.tanh(z) ** 2)

    assert question(reads_the_zone) == 2.0
    assert time.tzname is not before and time.tzname == before
    score = question(stops_the_clock)
    assert (score.verdict.status, time.perf_counter) == ("mutated", clock)
    assert "replaces `time.perf_counter`" in score.verdict.message


@pytest.mark.parametrize("kind", [float, np.float32, np.float64, Fraction, Decimal, np.array, lambda v: [v], str])
def test_a_number_may_be_of_any_kind_of_number(kind):
    question = exercises.chapter(4).first_weight
    x, slope, w, delta = question.given()
    status = question(kind(float(x * slope * w * delta))).verdict.status
    assert status == ("type" if kind is str else "right")


@pytest.mark.filterwarnings("ignore:coroutine")
def test_a_coroutine_is_no_answer():
    assert exercises.chapter(4).hidden_delta(waits).verdict.status == "type"


@pytest.mark.parametrize(
    "names", [["allclose", "isclose", "array_equal", "all", "any", "abs", "isfinite", "max"], ["array", "asarray"]]
)
def test_a_patch_outside_the_function_forges_no_mark(names, monkeypatch):
    question = exercises.chapter(4).hidden_delta
    for name in names:
        monkeypatch.setattr(np, name, lambda *arguments, **keywords: True)
    score = question(lambda delta, W, z: 0 * z)
    assert (
        float(score) == 0.0 and score.verdict.status == "wrong" and any(f"`np.{name}`" in repr(score) for name in names)
    )


def test_an_array_that_lies_is_judged_by_its_numbers():
    right = exercises.chapter(4).hidden_delta(lambda delta, W, z: ((delta @ W.T) * (1 - np.tanh(z) ** 2)).view(Liar))
    assert right.verdict.status == "right"


@pytest.mark.parametrize("count", [1, 1_000_000])
def test_what_a_right_answer_prints_is_cut_and_mentioned(count, capsys):
    def hidden_delta(delta, W, z):
        print("line one\nline two" + "x" * count)
        return (delta @ W.T) * (1 - np.tanh(z) ** 2)

    score = exercises.chapter(4).hidden_delta(hidden_delta)
    assert score == 2.0 and "also printed" in repr(score) and "line one" in repr(score)
    assert len(repr(score)) < 200
    assert capsys.readouterr() == ("", "")


def loops_bare(delta, W, z):
    while True:
        pass


def loops_and_swallows(delta, W, z):
    while True:
        try:
            while True:
                z = z + 0
        except Exception:  # noqa: BLE001
            pass


def loops_and_swallows_once(delta, W, z):
    try:
        while True:
            z = z + 0
    except BaseException:  # noqa: BLE001
        pass
    while True:
        pass


def loops_and_swallows_everything(delta, W, z):
    while True:
        try:
            while True:
                z = z + 0
        except:  # noqa: E722
            pass


def sleeps_and_swallows_everything(delta, W, z):
    while True:
        try:
            time.sleep(1)
        except BaseException:  # noqa: BLE001
            continue


def recurses_and_swallows_everything(delta, W, z):
    def again():
        try:
            return sum(k for k in range(10**9))
        except:  # noqa: E722
            return again()

    return again()


def sleeps(delta, W, z):
    time.sleep(60)


def loops_slowly_on_every_probe(delta, W, z):
    time.sleep(0.9)
    return z


def prints_for_ever(delta, W, z):
    while True:
        print("still here")


@pytest.mark.parametrize(
    "answer",
    [
        loops_bare, loops_and_swallows, loops_and_swallows_once, loops_and_swallows_everything,
        sleeps_and_swallows_everything, recurses_and_swallows_everything, sleeps,
        loops_slowly_on_every_probe, prints_for_ever,
        returns(Endless()),
    ],
)  # fmt: skip
def test_an_endless_answer_ends_within_the_limit(answer, monkeypatch, capsys):
    monkeypatch.setattr(running, "SECONDS", 0.5)
    start, traced = time.monotonic(), sys.gettrace()
    score = exercises.chapter(4).hidden_delta(answer)
    assert sys.gettrace() is traced
    assert score.verdict.status == "timeout" and "still running after 0.5 seconds" in repr(score)
    assert time.monotonic() - start < 2.5
    assert capsys.readouterr() == ("", "")
    time.sleep(0.3)  # an alarm that was left behind would ring now


def test_the_limit_is_below_five_seconds_for_all_calls_together():
    assert running.SECONDS + 10 * limits.AGAIN <= 5


def test_an_alarm_of_the_readers_own_is_put_back():
    import signal

    def mine(*arguments):
        pass

    before = signal.signal(signal.SIGALRM, mine)
    exercises.chapter(4).hidden_delta(lambda delta, W, z: z)
    assert signal.signal(signal.SIGALRM, before) is mine


def test_outside_the_main_thread_answers_are_judged_without_a_limit():
    right = lambda delta, W, z: (delta @ W.T) * (1 - np.tanh(z) ** 2)  # noqa: E731
    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(exercises.chapter(4).hidden_delta, right).result().verdict.status == "right"


def test_arguments_are_those_of_a_fresh_copy_each_time():
    seen = []

    def hidden_delta(delta, W, z):
        seen.append((delta.copy(), W.copy(), z.copy()))
        return z

    exercises.chapter(4).hidden_delta(hidden_delta)
    assert all((one == two).all() for one, two in zip(seen[0], seen[1], strict=True))  # the first probe is asked twice
    assert len({one[2].shape for one in seen}) > 1


def test_a_kernel_survives_exit_and_an_endless_loop_and_goes_on(tmp_path):
    cells = [
        "import numpy as np, bpbook as bp\nq = bp.exercises.chapter(4)",
        "def bias_gradient(delta):\n    exit()",
        "q.bias_gradient()",
        "def bias_gradient(delta):\n    quit(keep_kernel=False)",
        "q.bias_gradient()",
        "def bias_gradient(delta):\n    while True:\n        delta = delta + 0",
        "q.bias_gradient()",
        "def bias_gradient(delta):\n    return delta[0] +\\\n        nothing",
        "q.bias_gradient()",
        "def bias_gradient(delta):\n    return delta.sum(axis=0)",
        "q.bias_gradient()",
        "q.tied_gradient()",
    ]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    os.environ["BPBOOK_HOME"] = str(tmp_path)
    nbclient.NotebookClient(notebook, timeout=60, resources={"metadata": {"path": str(tmp_path)}}).execute()
    shown = ["".join(output.data["text/plain"] for output in cell.outputs) for cell in notebook.cells]
    assert all(output.output_type == "execute_result" for cell in notebook.cells for output in cell.outputs)
    assert "SystemExit in your line `exit()`" in shown[2]
    assert "SystemExit" in shown[4]
    assert "still running after" in shown[6]
    assert "NameError in your line" in shown[8] and "nothing" in shown[8]
    assert shown[10] == "✓ 1 of 1 points. Right."
    assert "There is no `tied_gradient` yet" in shown[11]


def test_the_verdict_of_a_grader_and_of_the_notebook_are_the_same():
    """Judge is pure: the same answer and the same generator give the same verdict, whatever was judged before."""
    judge = exercises.chapter(4).two_layers.exercise.judge
    answer = lambda x, y, W1, b1, W2, b2, lmbda: (W1, b1, W2, b2)  # noqa: E731
    first = judge(answer, np.random.default_rng(3))
    judge(lambda *arguments: 1 / 0, np.random.default_rng(4))
    assert judge(answer, np.random.default_rng(3)) == first
    assert bp.exercises.chapter(4).two_layers.exercise.judge(answer, np.random.default_rng(3)) == first


@pytest.mark.parametrize("answer", ["(c)", "c)", "c.", "C", '"c"', " (C). "])
def test_a_letter_may_be_dressed(answer):
    assert exercises.chapter(4).why_transposed(answer) == 1.0


def test_a_formula_without_its_stars_is_told_so():
    q = exercises.chapter(3).sigmoid_bend
    for formula in ("a(1-a)", "1(a)", "(1-a)(a)"):
        assert "rite every `*`" in repr(q(formula)), formula
    assert q("a * (1 \N{MINUS SIGN} a) * (1 - 2*a)") == q("a·(1-a)·(1-2·a)") == q("a × (1 - a) × (1 - 2 × a)") == 1.0


def right_delta(delta, W, z):
    return (delta @ W.T) * (1 - np.tanh(z) ** 2)


def test_the_folder_and_the_place_of_marks_are_put_back(home, tmp_path_factory):
    elsewhere, before = tmp_path_factory.mktemp("elsewhere"), os.getcwd()

    def hidden_delta(delta, W, z):
        os.chdir(elsewhere)
        os.environ["BPBOOK_HOME"] = str(elsewhere)
        return right_delta(delta, W, z)

    assert exercises.chapter(4).hidden_delta(hidden_delta) == 2.0
    assert (os.getcwd(), os.environ["BPBOOK_HOME"]) == (before, str(home))
    assert not list(elsewhere.iterdir())


def test_a_patched_generator_spoils_no_later_check(monkeypatch):
    with monkeypatch.context() as patched:
        patched.setattr(np.random, "default_rng", lambda *seed: 1 / 0)
        assert exercises.chapter(4).hidden_delta(right_delta) == 2.0
    before = np.random.default_rng

    def hidden_delta(delta, W, z):
        np.random.default_rng = None
        return right_delta(delta, W, z)

    assert exercises.chapter(4).hidden_delta(hidden_delta).verdict.status == "mutated"
    assert np.random.default_rng is before


class Stubborn(Exception):
    """An exception that raises when it is written out."""

    def __init__(self, error):
        self.error = error

    def __str__(self):
        if self.error:
            raise self.error
        while True:
            pass


class Signature(inspect.Signature):
    """A signature that ends the kernel when it is asked."""

    def bind(self, *arguments, **keywords):
        raise SystemExit


class WithSignature:
    """A right answer with such a signature."""

    __signature__ = Signature()

    def __call__(self, delta, W, z):
        return right_delta(delta, W, z)


class Equal:
    """An object whose comparison raises, or never ends, or lies."""

    def __init__(self, answer):
        self.answer = answer

    def __eq__(self, other):
        if self.answer is True:
            return True
        if self.answer:
            raise self.answer
        while True:
            pass

    __hash__ = None


@pytest.mark.parametrize("error", [KeyboardInterrupt, SystemExit, None])
def test_an_exception_that_cannot_be_written_out_breaks_nothing(error, monkeypatch, capsys):
    monkeypatch.setattr(running, "SECONDS", 0.5)

    def hidden_delta(delta, W, z):
        raise Stubborn(error)

    score = exercises.chapter(4).hidden_delta(hidden_delta)
    assert score.verdict.status in ("raised", "timeout") and "Stubborn" in repr(score)
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize("answer", [SystemExit, KeyboardInterrupt, None, True])
def test_an_argument_exchanged_for_a_hostile_one_is_a_change(answer, monkeypatch):
    monkeypatch.setattr(running, "SECONDS", 0.5)

    def gradients(W, b, f, x, y, lmbda):
        f[1] = Equal(answer)
        return [None], [None]

    assert exercises.chapter(5).gradients(gradients).verdict.status == "mutated"


def test_a_signature_that_raises_is_no_signature():
    assert exercises.chapter(4).hidden_delta(WithSignature()) == 2.0


def test_a_verdict_that_the_reader_raises_is_an_error_like_any_other():
    def hidden_delta(delta, W, z):
        raise Unreadable("right", "Right.")

    score = exercises.chapter(4).hidden_delta(hidden_delta)
    assert (float(score), score.verdict.status) == (0.0, "raised") and "✗" in repr(score)


@pytest.mark.filterwarnings("error")
def test_a_coroutine_is_no_answer_and_warns_of_nothing(capsys):
    async def hidden_delta(delta, W, z):
        return right_delta(delta, W, z)

    assert exercises.chapter(4).hidden_delta(hidden_delta).verdict.status == "type"
    gc.collect()
    assert capsys.readouterr() == ("", "")


def test_a_slow_answer_is_not_told_of_an_endless_loop(monkeypatch):
    monkeypatch.setattr(running, "SECONDS", 0.5)

    def hidden_delta(delta, W, z):
        time.sleep(0.15)
        return right_delta(delta, W, z)

    message = exercises.chapter(4).hidden_delta(hidden_delta).verdict.message
    assert "too slow" in message and "Is there a loop that never ends?" not in message


def test_an_alarm_that_an_answer_blocked_rings_for_the_next(monkeypatch):
    import signal

    monkeypatch.setattr(running, "SECONDS", 0.5)

    def hidden_delta(delta, W, z):
        signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGALRM])
        return right_delta(delta, W, z)

    try:
        assert exercises.chapter(4).hidden_delta(hidden_delta) == 2.0
        start = time.monotonic()

        def loops(delta, W, z):
            while time.monotonic() - start < 4:
                pass

        assert exercises.chapter(4).hidden_delta(loops).verdict.status == "timeout"
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGALRM])


@pytest.mark.parametrize(
    ("number", "name", "answer", "kind"),
    [
        (4, "hidden_delta", 3, "it is an int"),
        (4, "hidden_delta", np.ones(3), "it is an array"),
        (4, "delta_out", {"a": 1}, "it is a dict"),
        (4, "delta_out", np.ones(3), "it is an array"),
        (4, "why_transposed", 3, "it is an int"),
        (4, "tanh_prime", 0.5, "it is a float"),
        (4, "two_layers", lambda x, y, W1, b1, W2, b2, lmbda: 3, "it is one int"),
        (4, "two_layers", lambda x, y, W1, b1, W2, b2, lmbda: np.array(3), "it is one array"),
    ],
)
def test_the_kind_of_an_answer_is_said_in_english(number, name, answer, kind):
    assert f"{kind}." in exercises.chapter(number).questions[name](answer).verdict.message


@pytest.mark.parametrize(
    ("number", "name", "formula", "words"),
    [
        (2, "slope_formula", "-2 * x * e**(-x**2)", "it may use `x` only; `e` is unknown: write `exp(...)`."),
        (2, "slope_formula", "-2 * z", "it may use `x` only; `z` is unknown."),
        (4, "cancelled", "p - y", "it may use `a` and `y` only; `p` is unknown."),
        (2, "slope_formula", "exp**x", "`exp` is a function of one number: write `exp(...)`."),
    ],
)
def test_a_name_that_a_formula_may_not_hold_is_said_to_be_unknown(number, name, formula, words):
    message = exercises.chapter(number).questions[name](formula).verdict.message
    assert message == f"`{name}` cannot be read: {words}"


def test_functions_of_math_are_as_good_as_those_of_numpy():
    assert exercises.chapter(2).slope_formula("-2 * x * math.exp(-x**2)") == 1.0


@pytest.mark.parametrize(
    ("name", "answer", "status", "words"),
    [
        ("shapes", [(2, 3), (3, 4), (4,)], "type", "holds lists of its own. Write the five numbers in one list."),
        ("shapes", [[2, 3, 3, 4, 4]], "shape", "holds lists of its own. Write the five numbers in one list."),
        ("shapes", 3, "shape", "is one number, but it should be a list of five."),
        ("delta_hidden", [[1, 2], [3]], "type", "holds lists of its own. Write the two numbers in one list."),
    ],
)
def test_what_is_no_plain_list_is_told_what_a_list_would_be(name, answer, status, words):
    verdict = exercises.chapter(4).questions[name](answer).verdict
    assert (verdict.status, verdict.message) == (status, f"`{name}` {words}")
    jacobian = exercises.chapter(2).jacobian(3).verdict
    assert jacobian.message == "`jacobian` is one number, but it should be a list of three rows."


def by_the_library(W, b, f, x, y, lmbda):
    params = bp.backprop.Params(W, b, f, lmbda)
    grads = bp.backward(params, bp.forward(params, x), y, bp.losses.squared_error)
    return grads.dW, grads.db


def by_the_model(W, b, f, x, y, lmbda):
    net = bp.MLP([len(W[1]), *map(len, b[1:])], loss="squared_error", lmbda=lmbda)
    net.W[1:], net.b[1:] = W[1:], b[1:]
    grads = net.backward(net.forward(x), y)
    return grads.dW, grads.db


def backward(W, b, f, x, y, lmbda):
    """Do the work under the library's name, with what the library offers besides."""
    z, a = [None], [x]
    for l in range(1, len(W)):
        z.append(a[-1] @ W[l] + b[l])
        a.append(f[l](z[-1]))
    delta, dW, db = bp.losses.squared_error.gradient(a[-1], y), [None] * len(W), [None] * len(W)
    for l in reversed(range(1, len(W))):
        delta = delta * f[l].prime(z[l])
        dW[l], db[l], delta = a[l - 1].T @ delta + lmbda * W[l], delta.sum(axis=0), delta @ W[l].T
    return dW, db


@pytest.mark.parametrize("answer", [by_the_library, by_the_model])
def test_a_page_is_not_blank_where_the_library_is_called(answer):
    verdict = exercises.chapter(5).gradients(answer).verdict
    assert (verdict.status, verdict.credit, verdict.mistake) == ("wrong", 0.0, "calls the library")
    assert "calls `bp.backward`" in verdict.message
    assert exercises.chapter(5).gradients(backward) == 6.0
    with cProfile.Profile():
        mine = sys.getprofile()
        assert exercises.chapter(5).gradients(backward) == 6.0
        assert sys.getprofile() is mine is not None


def test_an_answer_whose_cell_stopped_with_an_error_is_not_that_of_an_earlier_run(tmp_path):
    cells = [
        "import numpy as np, bpbook as bp\nq = bp.exercises.chapter(1)",
        "w, dw, eta = q.one_step.given()\none_step = w - eta * dw",
        "q.one_step()",
        "one_step = w + eta * nothing",
        "q.one_step.hint()",
        "q.one_step()",
        "q.one_step()",
        "one_step = w - eta dw",
        "q.one_step()",
        "one_step = w - eta * dw\nprint(one_step == 3)",
        "q.one_step()",
    ]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    os.environ["BPBOOK_HOME"] = str(tmp_path)
    at = {"metadata": {"path": str(tmp_path)}}
    nbclient.NotebookClient(notebook, timeout=60, resources=at, allow_errors=True).execute()
    shown = [cell.outputs[-1] if cell.outputs else None for cell in notebook.cells]
    assert [k for k, output in enumerate(shown) if output and output.output_type == "error"] == [3, 7]
    said = {k: shown[k].data["text/plain"] for k in (2, 5, 6, 8, 10)}
    assert said[2] == said[10] == "✓ 1 of 1 points. Right."
    for k in (5, 6, 8):
        assert said[k] == "✗ 0 of 1 points. The cell of `one_step` stopped with an error, so fix that first."


@pytest.mark.parametrize("name", ["setitimer", "pthread_sigmask", "SIGALRM", "ITIMER_REAL"])
def test_a_system_without_a_timer_judges_right_answers_right(name, monkeypatch):
    monkeypatch.delattr(signal, name)
    assert exercises.chapter(4).hidden_delta(right_delta) == 2.0


@pytest.mark.parametrize("place", [np, math, builtins])
@pytest.mark.parametrize("name", ["exp", "tanh", "array", "asarray", "isfinite", "abs", "all", "any"])
def test_what_a_cell_replaced_before_the_check_is_named(place, name, monkeypatch):
    question = exercises.chapter(4).hidden_delta
    if not hasattr(place, name):
        return
    original = getattr(place, name)
    with monkeypatch.context() as patched:
        patched.setattr(place, name, lambda *arguments, **keywords: original(*arguments, **keywords))
        score = question(right_delta)
    module = {np: "np", math: "math", builtins: "builtins"}[place]
    assert float(score) == 0.0 and score.verdict.status == "wrong" and f"`{module}.{name}`" in repr(score)
    assert "restart the kernel" in repr(score) and question(right_delta) == 2.0


LONG = "x" * 1_000_000
SCRIPT = "<script>alert(1)</script>"


@pytest.mark.parametrize("name", ["delta_out", "delta_hidden", "why_transposed", "tanh_prime", "hidden_delta"])
@pytest.mark.parametrize("kind", [LONG, SCRIPT, f"a\n# b\n{LONG}"])
def test_the_name_of_a_type_is_cut_to_a_line_and_escaped(name, kind):
    said = repr(exercises.chapter(4).questions[name](type(kind, (), {})()))
    assert len(said) < 400 and "\n" not in said
    assert "<script>" not in said.replace(f"`{SCRIPT}`", "")


@pytest.mark.parametrize("kind", [LONG, SCRIPT])
def test_the_name_of_an_error_is_cut_to_a_line_and_escaped(kind):
    def hidden_delta(delta, W, z):
        raise type(kind, (Exception,), {})("no")

    said = repr(exercises.chapter(4).hidden_delta(hidden_delta))
    assert len(said) < 500 and "<script>" not in said.replace(f"`{SCRIPT}`", "")


def test_the_parameters_of_a_function_are_cut_to_a_line():
    said = repr(exercises.chapter(4).hidden_delta(eval(f"lambda {LONG}, y: 0")))
    assert len(said) < 400 and "yours takes (xxx" in said


def test_arguments_that_are_taken_by_name_only_are_told_so():
    said = repr(exercises.chapter(4).hidden_delta(lambda *, delta, W, z: 0))
    assert "`delta` by name only" in said and "yours takes (" not in said


class Leaves:
    """A value that ends the kernel when it is read."""

    def __array__(self, dtype=None, copy=None):
        raise SystemExit


@pytest.mark.parametrize(
    ("name", "answer", "words"),
    [
        ("delta_out", Leaves, "SystemExit"),
        ("delta_hidden", Leaves, "SystemExit"),
        ("delta_out", lambda: 10**100_000, "too large"),
        ("delta_hidden", lambda: [10**100_000, 1], "too large"),
    ],
)
def test_the_lines_of_the_judge_are_not_quoted(name, answer, words):
    score = exercises.chapter(4).questions[name](answer())
    assert words in repr(score) and "your line" not in repr(score) and len(repr(score)) < 200 and float(score) == 0.0


def test_options_of_printing_are_put_back():
    def hidden_delta(delta, W, z):
        np.set_printoptions(precision=1, suppress=True)
        return right_delta(delta, W, z)

    before = np.get_printoptions()
    assert exercises.chapter(4).hidden_delta(hidden_delta) == 2.0
    assert np.get_printoptions() == before


# Partial credit ---------------------------------------------------------------------------------------------------


def _slopes(w, b, x, y):
    error = w @ x + b - y
    return error * x, float(error)


PARTLY = Gradient(
    name="slopes",
    points=4,
    reference=_slopes,
    loss=lambda w, b, x, y: 0.5 * (w @ x + b - y) ** 2,
    wrt=(0, 1),
    arguments=lambda rng: (rng.normal(size=3), float(rng.normal()), rng.normal(size=3), float(rng.normal())),
    returns=("dw", "db"),
    parts=lambda result, w, b, x, y: [(result["dw"], np.full(3, 0.5 * (w @ x + b - y) ** 2))],
)


def _never_the_same(w, b, x, y, calls=[]):  # noqa: B006
    calls.append(1)
    return _slopes(w, b, x, y)[0], len(calls)


def _nudged(w, b, x, y, h=1e-6):
    loss = lambda w: 0.5 * (w @ x + b - y) ** 2  # noqa: E731
    return np.array([(loss(w + h * e) - loss(w - h * e)) / (2 * h) for e in np.eye(3)]), 0.0


@pytest.mark.parametrize(
    ("answer", "share"),
    {
        "all right": (_slopes, 1.0),
        "db wrong": (lambda *args: (_slopes(*args)[0], 0.0), 0.5),
        "dw wrong": (lambda *args: (2 * _slopes(*args)[0], _slopes(*args)[1]), 0.5),
        "dw of another shape": (lambda *args: (np.zeros((2, 3)), _slopes(*args)[1]), 0.5),
        "both wrong": (lambda *args: (2 * _slopes(*args)[0], 0.0), 0.0),
        "exchanged": (lambda *args: _slopes(*args)[::-1], 0.0),
        "right half the time": (lambda w, b, x, y: (_slopes(w, b, x, y)[0] * (w[0] > 0), 0.0), 0.0),
        "another answer at every call": (_never_the_same, 0.0),
        "dw by differences": (_nudged, 0.0),
        "raises": (lambda w, b, x, y: 1 / 0, 0.0),
    }.values(),
)
def test_the_results_that_are_right_on_every_probe_earn_their_share(answer, share):
    for seed in range(10):
        verdict = PARTLY.judge(answer, np.random.default_rng(seed))
        assert verdict.credit == share, (seed, verdict)
        assert ("earns its share" in verdict.message) == (0 < share < 1), verdict.message


def test_results_that_are_no_separate_achievements_earn_nothing_alone():
    whole = dataclasses.replace(PARTLY, partial=False)
    assert whole.judge(lambda *args: (_slopes(*args)[0], 0.0), np.random.default_rng(0)).credit == 0


def test_named_numbers_that_are_right_earn_their_share_and_unnamed_ones_do_not():
    named = Array(name="steps", expected=lambda: [0.5, -2.0, 3.25, 4.0], names=("z", "a", "delta", "dw"))
    for answer, share in (([0.5, -2.0, 3.25, 1], 0.75), ([1, 2, 3, 1], 0.0), ([0.5], 0.0), ([0.5, -2, 3.25, 4], 1.0)):
        assert named.judge(answer, np.random.default_rng(0)).credit == share, answer
    unnamed = Array(name="steps", expected=lambda: [0.5, -2.0, 3.25, 4.0])
    assert unnamed.judge([0.5, -2.0, 3.25, 1], np.random.default_rng(0)).credit == 0


# What a message says ------------------------------------------------------------------------------------------------


def judged(number, name, answer, seed=0):
    return exercises.chapter(number).questions[name].exercise.judge(answer, np.random.default_rng(seed))


def test_a_mistake_in_the_last_layer_of_networks_of_different_depths_is_said_of_the_last_layer():
    def forward(W, b, f, x):
        z, a = [None], [x]
        for l in range(1, len(W)):
            z.append(a[-1] @ W[l] + b[l])
            a.append(f[l](z[-1]) if l < len(W) - 1 else z[-1])
        return z, a

    for seed in range(10):
        assert judged(5, "forward", forward, seed).message.startswith("Only the last of `a` differs. ")


@pytest.mark.parametrize("dtype", [int, np.uint8, np.float64])
def test_an_array_of_integers_that_cuts_fractions_is_named(dtype):
    def numerical_gradient(f, w, h):
        g = np.zeros(w.shape, dtype)
        for k in np.ndindex(w.shape):
            up, down = w.copy(), w.copy()
            up[k] += h
            down[k] -= h
            with np.errstate(invalid="ignore"):
                g[k] = (f(up) - f(down)) / (2 * h)
        return g

    for seed in range(10):
        verdict = judged(5, "numerical_gradient", numerical_gradient, seed)
        assert verdict.mistake == ("" if dtype is np.float64 else "integers"), verdict
        assert verdict.credit == (dtype is np.float64)


def test_no_factor_is_told_where_zero_became_something_else():
    values, expected = [{"p": np.array(v)} for v in (2 / 3, 1.0)], [{"p": np.array(v)} for v in (1 / 3, 0.0)]
    assert relations(values[:1], expected[:1], []) == {"p": "exactly 2 times too large"}
    assert relations(values, expected, []) == {}


def test_no_fraction_is_said_to_be_cut_where_whole_numbers_are_right():
    def hold_out(who, held):
        out = np.isin(who, held)
        return np.flatnonzero(~out) + 1, np.flatnonzero(out) + 1  # a mistake that nobody planned for

    for seed in range(10):
        verdict = judged(8, "hold_out", hold_out, seed)
        assert verdict.credit == 0 and "fractions" not in verdict.message, verdict


@pytest.mark.parametrize("floor", [1e-8, 1e-12, 1e-30])
def test_a_floor_below_the_line_as_in_the_notes_of_CS231n_is_right(floor):
    def relative_error(g, n):
        return np.linalg.norm(g - n) / max(floor, np.linalg.norm(g) + np.linalg.norm(n))

    for seed in range(20):
        assert judged(5, "relative_error", relative_error, seed).status == "right"


def test_a_fixed_scale_of_dropout_is_named():
    def masked_delta(delta, W, z, mask, scale):
        return (delta @ W.T) * mask * 2 * (1 - np.tanh(z) ** 2)

    for seed in range(10):
        assert judged(5, "masked_delta", masked_delta, seed).mistake == "dropout scale fixed"


# Many values at once --------------------------------------------------------------------------------------------------


def each_pair(values, tolerance):
    return np.array([[close(one, other, tolerance) for other in values] for one in values])


@pytest.mark.parametrize("shape", [(), (3,), (2, 2), (0,)])
@np.errstate(all="ignore")
def test_what_is_alike_is_what_is_close_pair_by_pair(shape):
    rng = np.random.default_rng(0)
    right = rng.normal(size=shape)
    values = [right, right * 1.004, -right, 0 * right, right + 1e-13, right * 1.02, rng.normal(size=(4,))]
    values += [right * np.nan, right * np.inf, np.where(right > 0, np.nan, right), np.full((4,), np.nan)]
    table = each_pair(values, 1e-2)
    assert table.any() and not table.all()
    assert (alike(values, 1e-2) == table).all()
    assert not right.size or (alike(values, 1.0) != table).any()
