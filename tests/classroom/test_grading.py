"""A notebook gets the marks that its own checks would give, whatever happened to its cells."""

import hashlib
import importlib
import json

import numpy as np
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


RIGHT = "def hidden_delta(delta, W, z):\n    return (delta @ W.T) * (1 - np.tanh(z) ** 2)"


def inside(body):
    """Return a right answer that does something else first."""
    return f"def hidden_delta(delta, W, z):\n    {body}\n    return (delta @ W.T) * (1 - np.tanh(z) ** 2)"


# Answers that are right in a way of their own, in the place of the one to hidden_delta.
HONEST = {
    "prints a megabyte": inside("print('x' * 1_100_000)"),
    "warns": "import warnings\n" + inside("warnings.warn('careful'); np.log(np.zeros(3))"),
    "makes warnings errors": "import warnings\nwarnings.simplefilter('error')\n" + inside("np.log(np.zeros(1))"),
    "makes NumPy raise": "np.seterr(all='raise')\n" + inside("np.exp(np.full(1, 1e4))"),
    "fails after a right answer": RIGHT + "\nassert hidden_delta(1, 2, 3) == 4",
    "asks for its mark": RIGHT + "\nmark = q.hidden_delta()\nprint(mark, mark.verdict.status)\nassert mark == 2",
    "has magics": f"%%time\n{RIGHT}\n%timeit np.ones(3)",
    "has shell lines": f"!pip install numpy\nfiles = !ls\n{RIGHT}\nif True:\n    !ls\nnp.sum?\n?np.sum",
    "times its answer": f"def made():\n{RIGHT.replace('def', '    def').replace('    return (', '        return (')}\n"
    "    return hidden_delta\n%time hidden_delta = made()",
    "plots": "import matplotlib.pyplot as plt\nimport seaborn as sns\nfrom IPython.display import display, HTML\n"
    "plt.rcParams['figure.figsize'] = (8, 4)\nplt.ylim()[1] * 2\n"
    f"fig, ax = plt.subplots()\nax.plot([1, 2])[0].set_color('k')\nplt.show()\ndisplay(HTML('x'))\n{RIGHT}",
    "imports what is not here": f"import torch\nfrom jax import numpy as jnp\n{RIGHT}",
    "imports other libraries": f"import math, scipy.special, functools\nfrom numpy import *\n{RIGHT}",
    "is a lambda": "hidden_delta = lambda delta, W, z: (delta @ W.T) * (1 - np.tanh(z) ** 2)",
    "is an object": "class H:\n    def __call__(self, delta, W, z):\n        return (delta @ W.T) * (1 - np.tanh(z) ** 2)\n"
    "hidden_delta = H()",
    "is a partial": "import functools\ndef f(k, delta, W, z):\n    return (delta @ W.T) * (k - np.tanh(z) ** 2)\n"
    "hidden_delta = functools.partial(f, 1)",
    "is decorated": f"import functools\n@functools.cache\ndef one(): return 1\n{RIGHT.replace('(1 -', '(one() -')}",
    "has annotations": "from __future__ import annotations\ndef hidden_delta(delta: np.ndarray, W: X, z) -> Y:\n"
    "    return (delta @ W.T) * (1 - np.tanh(z) ** 2)",
    "has other names and a default": "def hidden_delta(d, weights, zed, one=1.0):\n"
    "    return (d @ weights.T) * (one - np.tanh(zed) ** 2)",
    "works in float32": "def hidden_delta(delta, W, z):\n    delta, W, z = (v.astype(np.float32) for v in (delta, W, z))\n"
    "    return (delta @ W.T) * (1 - np.tanh(z) ** 2)",
    "returns lists": RIGHT + "\n_f = hidden_delta\n"
    "def hidden_delta(delta, W, z): return _f(delta, W, z).tolist()",
    "is written with loops": "def hidden_delta(delta, W, z):\n    out = np.zeros(z.shape)\n    for k in range(len(z)):\n"
    "        for i in range(z.shape[1]):\n            for j in range(delta.shape[1]):\n"
    "                out[k, i] += delta[k, j] * W[i, j]\n            out[k, i] *= 1 - np.tanh(z[k, i]) ** 2\n    return out",
    "is written over": RIGHT.replace("1 -", "2 -") + "\n" + RIGHT,
    "has letters of its own": "def hidden_delta(δ, W, z):\n    '''Ableitung – größer'''\n    return (δ @ W.T) * (1 - np.tanh(z) ** 2)",
    "has Windows line ends": RIGHT.replace("\n", "\r\n"),
    "is put into the globals": RIGHT.replace("hidden_delta", "f") + "\nglobals()['hidden_delta'] = f",
    "writes a file": "np.save('mine.npy', np.ones(3))\nwith open('notes.txt', 'w') as file:\n    file.write('x')\n" + RIGHT,
    "shows its progress": "from tqdm.auto import tqdm\nfor k in tqdm(range(3)): pass\nassert k == 2\n" + RIGHT,
    "comes from Colab": "from google.colab import drive\ndrive.mount('/content/drive')\n" + RIGHT,
    "reads from the keyboard after it": RIGHT + "\nname = input('Your name? ')",
    "leaves": RIGHT + "\nexit()",
}  # fmt: skip


@pytest.mark.parametrize("way", HONEST)
def test_an_honest_oddity_keeps_its_mark(classroom, way):
    marks = classroom.grade(classroom.setup, *classroom.answers(hidden_delta=HONEST[way]))
    assert all_right(marks), marks["by"]["hidden_delta"]


def test_cells_in_any_order_keep_their_marks(classroom):
    helped = classroom.answers(hidden_delta="def hidden_delta(delta, W, z): return (delta @ W.T) * slope(z)")
    helper = "def slope(z): return 1 - np.tanh(z) ** 2"
    assert all_right(classroom.grade(*reversed([classroom.setup, helper, *helped])))


def test_stubs_copies_and_scribbles_below_take_nothing(classroom):
    stubs = [f"def {name}(*a): ..." if name == "hidden_delta" else f"{name} = ..." for name in classroom.names]
    scribbles = ["hidden_delta = np.ones(3)", "tanh_prime = 3", "1 / 0", "for shapes in (): pass", "q.progress()"]
    assert all_right(classroom.grade(classroom.setup, *stubs, *classroom.answers(), *stubs, *scribbles))


def test_without_its_setup_and_its_checks_a_notebook_is_graded_all_the_same(classroom):
    assert all_right(classroom.grade(*classroom.answers()))


def test_an_old_attempt_that_runs_late_does_not_replace_a_new_one(classroom):
    old = "hidden_delta = made_below(2)"
    below = "def made_below(k): return lambda delta, W, z: k * delta"
    assert all_right(classroom.grade(classroom.setup, old, *classroom.answers(), below))


def test_an_answer_under_another_name_that_was_handed_to_its_check_counts(classroom):
    mine = RIGHT.replace("hidden_delta", "my_delta") + "\nq.hidden_delta(my_delta)"
    marks = classroom.grade(
        classroom.setup, *classroom.answers(hidden_delta=mine, why_transposed="q.why_transposed('c')")
    )
    assert all_right(marks)


@pytest.mark.parametrize("place", ["Ada.ipynb", "ada/chapter 4 (1).ipynb"])
def test_numbers_typed_in_are_right_without_the_cell_that_gave_the_name(classroom, place):
    from bpbook.exercises.progress import seed_of_name

    m, _, n_1, n_2 = exercises.chapter(4, seed=seed_of_name("Ada")).shapes.given()
    typed = f"shapes = [{m}, {n_1}, {n_1}, {n_2}, {n_2}]"
    setup = classroom.setup.replace('bp.exercises.name("Ada")', "")
    assert classroom.grade(setup, typed, place=place)["states"]["shapes"] == "right"
    assert classroom.grade(setup, typed, place="bob.ipynb")["states"]["shapes"] == "wrong"
    assert classroom.grade(setup, typed, 'bp.exercises.name(" ADA ")', place="bob.ipynb")["states"]["shapes"] == "right"


def test_a_list_that_is_filled_cell_by_cell_is_read_at_the_end(classroom):
    shapes = ["shapes = []", "m, n_0, n_1, n_2 = q.shapes.given()\nshapes += [m, n_1, n_1]", "shapes += [n_2, n_2]"]
    assert all_right(classroom.grade(classroom.setup, *classroom.answers(shapes=shapes[0]), *shapes[1:]))


def test_whole_numbers_have_the_64_bits_of_a_students_computer(classroom):
    shapes = (
        "assert np.prod([50_000, 60_000]) == 3_000_000_000 and (np.arange(50_001) * 60_000)[-1] == 3_000_000_000\n"
        "m, n_0, n_1, n_2 = q.shapes.given()\nshapes = [m, n_1, n_1, n_2, n_2]"
    )
    assert all_right(classroom.grade(classroom.setup, *classroom.answers(shapes=shapes)))


@pytest.mark.parametrize("form", ["3", "BOM", "lists"])
def test_a_notebook_in_another_dress_is_read(classroom, form):
    cells = [classroom.setup, *classroom.answers()]
    made = [{"cell_type": "code", "source": cell.splitlines(keepends=True)} for cell in cells]
    old = [{"cell_type": "code", "input": cell} for cell in cells]
    dress = {"worksheets": [{"cells": old}]} if form == "3" else {"cells": [*made, {"cell_type": "markdown"}]}
    data = json.dumps(dress).encode("utf-8-sig" if form == "BOM" else "utf-8")
    assert all_right(classroom.grade(data=data))


def test_where_the_setup_fails_nobody_gets_a_zero(classroom):
    setup = classroom.setup + "\nrate = np.load('not handed in.npy')[0]\n"
    used = ["def hidden_delta(delta, W, z):\n    return rate * delta @ W.T", "first_weight = rate * 2"]
    marks = classroom.grade(setup, *used)
    assert marks["status"] == "could not be run" and "FileNotFoundError" in marks["reason"]
    assert classroom.grade("x <- c(1, 2)", "library(keras)")["status"] == "could not be run"
    assert marks["states"]["hidden_delta"] == marks["states"]["first_weight"] == "not run"


# Wrong answers are named as in the notebook ---------------------------------------------------------------------------

WRONG = {
    "no slope": "def hidden_delta(delta, W, z):\n    return delta @ W.T",
    "doubled": RIGHT.replace("return (", "return 2 * ("),
    "raises": "def hidden_delta(delta, W, z):\n    return (delta @ W) * z",
    "raises elsewhere": "def f(v):\n    return v.nothing\ndef hidden_delta(delta, W, z):\n    return f(z)",
    "changes its arguments": "def hidden_delta(delta, W, z):\n    delta *= 2\n    return (delta @ W.T) * (1 - np.tanh(z) ** 2)",
    "returns nothing": "def hidden_delta(delta, W, z):\n    delta @ W.T",
    "remembers": "seen = []\ndef hidden_delta(delta, W, z):\n    seen.append(1)\n    return len(seen) * delta @ W.T",
    "prints": "def hidden_delta(delta, W, z):\n    print('hello')\n    return delta",
    "is a number": "hidden_delta = 3.0",
    "nudges": "def hidden_delta(delta, W, z):\n    h = 1e-6\n"
    "    return (delta @ W.T) * (np.tanh(z + h) - np.tanh(z - h)) / (2 * h)",
}  # fmt: skip


def test_the_words_are_those_of_the_notebook(classroom, monkeypatch, tmp_path):
    monkeypatch.setenv("BPBOOK_HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    secret = bytes.fromhex(classroom.assignment().secret)
    for way, source in WRONG.items():
        space, place = {"np": np}, tmp_path / f"{way}.py"
        place.write_text(source, encoding="utf-8")  # so that its lines can be quoted
        exec(compile(source, str(place), "exec"), space)
        drawn = np.random.default_rng(list(hashlib.sha256(secret + b"4/hidden_delta").digest()))
        here = exercises.chapter(4).hidden_delta.exercise.judge(space["hidden_delta"], drawn)
        there = classroom.grade(classroom.setup, source)["by"]["hidden_delta"]
        came = (there["fraction"], there["mistake"] or "", there["message"])
        assert came == (here.credit, here.mistake, here.message), way
