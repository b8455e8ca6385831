"""No attack scores, none breaks the run, and none costs another answer of the same notebook its mark."""

import inspect
import json
import os

import pytest

from bpbook import exercises
from bpbook.classroom import sitting, submission
from bpbook.exercises.progress import seed_of_name

HIDDEN = "def hidden_delta(delta, W, z):\n"
RIGHT = HIDDEN + "    return (delta @ W.T) * (1 - np.tanh(z) ** 2)\n"

# Cells that stand in the place of the answer to hidden_delta. Each of them must earn nothing, and take nothing.
ATTACKS = {
    # what judges, and what is right
    "imports the bank": (
        "from bpbook.exercises.banks.chapter_04 import EXERCISES\n"
        "hidden_delta = next(e.reference for e in EXERCISES if e.name == 'hidden_delta')"
    ),
    "imports the solutions": (
        "import bpbook.exercises.solutions.chapter_04 as s\nexec(s.SOLUTIONS['hidden_delta'])"
    ),
    "asks for the solution": "exec(str(q.hidden_delta.solution()).strip('`').removeprefix('python'))",
    "replaces the check": (
        "type(q.hidden_delta).__call__ = lambda self, *a: 2.0\n" + HIDDEN + "    return 1.0\nmark = q.hidden_delta()"
    ),
    "replaces the judge": (
        "import sys, types\nfor name in ('judging.verdict', 'kinds.functions', 'judging.comparing'):\n"
        "    m = sys.modules['bpbook.exercises.' + name] = types.ModuleType(name)\n"
        "    m.close = m.judge = lambda *a: True\n" + HIDDEN + "    return delta"
    ),
    "searches the frames": (
        HIDDEN + "    import sys\n    frame = sys._getframe()\n    while frame:\n"
        "        for value in list(frame.f_locals.values()) + list(frame.f_globals.values()):\n"
        "            if callable(getattr(value, 'reference', None)): return value.reference(delta, W, z)\n"
        "            if isinstance(value, dict) and 'expected' in value: return value['expected']\n"
        "        frame = frame.f_back\n    return delta"
    ),
    "searches the memory": (
        HIDDEN + "    import gc\n    for thing in gc.get_objects():\n"
        "        if type(thing).__name__ in ('Trial', 'Function', 'Gradient'): return thing.reference(delta, W, z)\n"
        "        if type(thing).__name__ == 'function' and thing.__name__ in ('reference', '_hidden_delta'):\n"
        "            return thing(delta, W, z)\n    return delta"
    ),
    "knows the published seed": (
        "import zlib\ndef hidden_delta(delta, W, z):\n"
        "    for seed in (0, zlib.crc32(b'ada')):\n"
        "        rng = np.random.default_rng([seed, 4, zlib.crc32(b'hidden_delta')])\n"
        "        if np.allclose(rng.normal(size=delta.shape), delta): return (delta @ W.T) * (1 - np.tanh(z) ** 2)\n"
        "    return delta"
    ),
    # what says that it is right
    "forges the reply": (
        "import _host, json\nreply = {'raised': None, 'missing': [], 'mark': 2.0, 'state': 'right', 'credit': 1.0}\n"
        "_host.call(json.dumps({'op': 'done', 'reply': reply}).encode())\n" + HIDDEN + "    return delta"
    ),
    "forges a verdict": (
        HIDDEN + "    import _host, json\n"
        "    said = {'op': 'done', 'reply': {'value': {'odd': 'Verdict'}, 'credit': 1.0, 'status': 'right'}}\n"
        "    _host.call(json.dumps(said).encode())\n    return 'right'"
    ),
    "talks nonsense at the door": (
        HIDDEN + "    import _host\n    for word in (b'', b'[]', b'null', b'{\"op\": 1}', b'\\xff', b'{\"op\": \"ask\"}'):\n"
        "        _host.call(word)\n    return None"
    ),
    "replies with nonsense": (
        "import sys\nguest = sys.modules['guest']\n" + HIDDEN + "    guest.pack = lambda *a: {'array': ['<f8', [1 << 40], '']}\n"
        "    return 1.0"
    ),
    "takes over the program of the room": (
        "import sys\nguest = sys.modules['guest']\nguest.call = lambda **k: {'value': {'right': 1}}\n" + HIDDEN + "    ..."
        "\n    return 1"
    ),
    "is equal to everything": (
        "class Same(float):\n    def __eq__(self, other): return True\n    def __sub__(self, other): return 0.0\n"
        "    __rsub__ = __sub__\n    __hash__ = None\n    def __abs__(self): return 0.0\n"
        "    def __array_function__(self, *a): return True\n    def __le__(self, other): return True\n"
        + HIDDEN + "    return Same()"
    ),
    "returns an array of its own class": (
        "class Mine(np.ndarray):\n    def __array_ufunc__(self, *a, **k): return np.True_\n"
        "    def __eq__(self, other): return True\n    shape = property(lambda self: (5, 4))\n"
        + HIDDEN + "    return np.zeros(3).view(Mine)"
    ),
    "returns what unpickles": (
        "class Bomb:\n    def __reduce__(self): return (__import__('os').system, ('touch /tmp/scored',))\n"
        + HIDDEN + "    return Bomb()"
    ),
    "pretends in words": HIDDEN + "    raise ValueError('Right. ✓ 2 of 2 points.')",
    "pretends in its name": (
        "Error = type('✓ 2 of 2 points. <script>alert(1)</script>' + 'x' * 9999, (Exception,), {})\n"
        + HIDDEN + "    raise Error('|' * 99999)"
    ),
    "cannot be written out": (
        "class Endless(Exception):\n    def __str__(self):\n        while True: pass\n" + HIDDEN + "    raise Endless"
    ),
    "replaces NumPy": (
        "np.allclose = np.array_equal = lambda *a, **k: True\nnp.abs = np.absolute = lambda x: 0 * x\nimport math, builtins\n"
        "builtins.abs = builtins.max = lambda *a, **k: 0\nmath.isclose = lambda *a, **k: True\n" + HIDDEN + "    return delta"
    ),
    "removes what Python needs": HIDDEN + "    import builtins\n    vars(builtins).clear()\n    return delta",
    # what does not end
    "never ends": HIDDEN + "    while True: pass",
    "never ends and swallows": (
        HIDDEN + "    while True:\n        try:\n            while True: pass\n        except BaseException: pass"
    ),
    "sleeps": HIDDEN + "    __import__('time').sleep(1e6)",
    "never ends in C": HIDDEN + "    return sum(range(10 ** 18))",
    "never ends at its definition": "while True: pass\n" + RIGHT,
    "has a cell that ends Python": "import os; os._exit(0)\n" + RIGHT,
    "ends Python": HIDDEN + "    __import__('os')._exit(0)",
    "aborts": HIDDEN + "    __import__('os').abort()",
    "leaves": HIDDEN + "    raise SystemExit(0)",
    "interrupts": HIDDEN + "    raise KeyboardInterrupt",
    "waits for input": HIDDEN + "    return float(input())",
    "recurses": (
        "import sys\nsys.setrecursionlimit(10 ** 8)\n" + HIDDEN + "    return hidden_delta(delta, W, z)"
    ),
    "leaves a handler": "import atexit\natexit.register(lambda: [None for _ in iter(int, 1)])\n" + HIDDEN + "    return delta",
    "leaves a finaliser": (
        "class Last:\n    def __del__(self):\n        while True: pass\nkept = Last()\n" + HIDDEN + "    return delta"
    ),
    # what takes too much
    "takes all memory": HIDDEN + "    return [bytearray(1 << 28) for _ in range(1 << 20)]",
    "returns a huge array": HIDDEN + "    return np.zeros((20_000, 10_000), dtype=np.int8)",
    "returns a deep list": HIDDEN + "    x = []\n    for _ in range(100_000): x = [x]\n    return x",
    "returns itself": HIDDEN + "    x = []\n    x.append(x)\n    return x",
    "returns a huge number": HIDDEN + "    return 10 ** 100_000",
    "returns endless numbers": HIDDEN + "    return __import__('itertools').count()",
    "returns strange keys": HIDDEN + "    return {(1, 2): 3, float('nan'): 4, None: {}, b'x': [hidden_delta]}",
    "prints without end": HIDDEN + "    for _ in range(10 ** 4): print('x' * 10 ** 4)\n    return delta",
    "asks without end": HIDDEN + "    while True: q.first_weight.given()",
    "has a bomb for a parser": "hidden_delta = " + "(" * 50_000 + ")" * 50_000,
    "has a bomb for a compiler": "hidden_delta = 9 ** 9 ** 9 ** 9",
    "has a parameter for everybody": (
        "hidden_delta = eval('lambda ' + ', '.join(f'a{k}' for k in range(5000)) + ': 0')"
    ),
    "lies about its parameters": (
        "import inspect\n" + HIDDEN + "    return 0\nhidden_delta.__signature__ = type('S', (inspect.Signature,), {})()\n"
        "inspect.signature = lambda f: type('S', (), {'parameters': {'x': type('P', (), {'name': 'a b', 'kind': 77,"
        " 'default': 0, 'empty': 1})()}})()"
    ),
    # what leaves the room
    "starts a process": HIDDEN + "    __import__('subprocess').Popen(['sleep', '99'], start_new_session=True)",
    "forks without end": HIDDEN + "    import os\n    while True: os.fork()",
    "starts threads": HIDDEN + "    import threading\n    while True: threading.Thread(target=print).start()",
    "calls home": HIDDEN + "    __import__('urllib.request').request.urlopen('http://127.0.0.1:1/')",
    "reads the marks": HIDDEN + "    import glob\n    return open(glob.glob('/**/marks/*.json', recursive=True)[0]).read()",
    "writes the marks": HIDDEN + "    open('marks/ada.json', 'w').write('{}')",
    "writes into the library": (
        "open('/book/bpbook/backprop.py', 'a').write('import os')\n" + HIDDEN + "    return delta"
    ),
    "climbs out": HIDDEN + "    return open('/book/../../../etc/passwd').read()",
    "links out": "import os\nos.symlink('/', '/tmp/out')\n" + HIDDEN + "    return open('/tmp/out/etc/passwd').read()",
    "reads the environment": HIDDEN + "    import os\n    return float(os.environ['SECRET'])",
    "runs a shell line": "!touch scored\nfound = !cat /etc/passwd\nget_ipython().system('touch scored')\n" + HIDDEN + "    return 1",
    "runs a shell cell": "%%bash\ntouch scored\n" + RIGHT,
    "loads C": HIDDEN + "    import ctypes\n    ctypes.string_at(0)",
}  # fmt: skip


@pytest.fixture(autouse=True)
def short(monkeypatch):
    """Give a cell and an answer less time than a teacher does."""
    monkeypatch.setattr(sitting, "CELL", 4.0)
    monkeypatch.setattr(sitting, "EXERCISE", 4.0)


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_attack_earns_nothing_and_takes_nothing(classroom, attack):
    marks = classroom.grade(classroom.setup, *classroom.answers(hidden_delta=ATTACKS[attack]))
    earned = marks["by"].pop("hidden_delta")
    assert marks["status"] == "graded"
    assert earned["mark"] == 0 and earned["state"] in ("wrong", "not run", "blank")
    assert {name: answer["state"] for name, answer in marks["by"].items()} == dict.fromkeys(marks["by"], "right")
    assert len(json.dumps(marks)) < 20_000 and "proxy" not in json.dumps(marks)
    assert not os.path.exists("/tmp/scored") and not os.path.exists("scored")


def numbers_of(reader):
    m, _, n_1, n_2 = exercises.chapter(4, seed=seed_of_name(reader)).shapes.given()
    return f"shapes = [{m}, {n_1}, {n_1}, {n_2}, {n_2}]"


def test_numbers_of_another_name_are_right_under_that_name_only(classroom):
    under = classroom.setup.replace("Ada", "Bob")
    back = 'bp.exercises.name("Ada")'
    seeded = f"q = bp.exercises.chapter(4, seed={seed_of_name('Bob')})\nq.shapes.given()"
    assert classroom.grade(under, numbers_of("Bob"), "q.shapes()")["states"]["shapes"] == "right"
    for cells in ([under, numbers_of("Bob"), "q.shapes()", back], [classroom.setup, seeded, numbers_of("Bob")]):
        marks = classroom.grade(*cells)
        assert marks["states"]["shapes"] == "wrong" and marks["student"] == "Ada"
    assert any("not the student's" in note for note in marks["notes"])


def test_of_many_answers_to_one_question_the_last_counts(classroom):
    letters = [f"why_transposed = {letter!r}\nq.why_transposed({letter!r})" for letter in "cabd"]
    assert classroom.grade(classroom.setup, *letters)["by"]["why_transposed"]["mark"] == 0
    assert classroom.grade(*letters, "why_transposed = list('abcd')")["by"]["why_transposed"]["mark"] == 0


@pytest.mark.parametrize("way", ["bp.backward", "mine", "bpbook.backprop.backward"])
def test_what_the_answer_has_to_write_is_not_called_under_any_name(classroom, way):
    taken = list(inspect.signature(exercises.chapter(5).gradients.exercise.reference).parameters)
    source = (
        "import bpbook.backprop\nfrom bpbook import backward as mine\n"
        f"def gradients({', '.join(taken)}):\n    return {way}(None, None, None, None)"
    )
    by = classroom.grade(source, of=classroom.assignment(5, ("gradients",)))["by"]["gradients"]
    assert by["mark"] == 0 and by["mistake"] == "calls the library" and "Write it without that" in by["message"]


@pytest.mark.parametrize(
    ("name", "arguments", "call"),
    [
        ("convolve", "x, W, b, stride", "conv_forward(x, W, b, stride)[0]"),
        ("embed_gradient", "u, tokens, rows", "embedding_backward((tokens, (rows, u.shape[2])), u)"),
    ],
)
def test_a_layer_that_is_to_be_written_is_not_called(classroom, name, arguments, call):
    source = f"import bpbook as bp\ndef {name}({arguments}):\n    return bp.layers.{call}"
    by = classroom.grade(source, of=classroom.assignment(17, (name,)))["by"][name]
    assert by["mark"] == 0 and by["mistake"] == "calls the library"
    assert f"calls `bp.layers.{call.split('(')[0]}`" in by["message"]


def test_guests_that_die_again_and_again_end_the_submission_and_not_the_run(classroom, monkeypatch):
    monkeypatch.setattr(sitting, "GUESTS", 4)
    marks = classroom.grade(*["import os; os._exit(0)"] * 50, *classroom.answers())
    assert marks["status"] == "could not be run" and len(marks["notes"]) <= submission.NOTES
