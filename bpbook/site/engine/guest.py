"""Python's side of a page: one request a turn, everything it has to say through the door.

The door is `_host.call`: bytes of JSON go out, bytes come back. A message with `ask` wants an answer, any other is for
the page. What a request may be stands in `REQUESTS`.
"""

import ast
import base64
import importlib
import importlib.abc
import importlib.machinery
import io
import json
import linecache
import logging
import math
import os
import sys
import time
import traceback
import types
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from . import slices
from .shell import Shell, install

__all__ = ["begin", "serve"]

LIBRARY = "/usr/local/lib"
SCIENCE = {"scipy", "sklearn", "joblib"}
MOST = 100_000  # characters that a cell may print; an endless loop prints megabytes a second, which no page can show
LATE = 0.4  # seconds after which an experiment that runs goes on, although nothing was heard of its last picture


class Guest:
    """What lasts from turn to turn: the shell, how many cells ran, the experiments that go on by themselves."""

    def __init__(self, door: Callable[[bytes], bytes]) -> None:
        self.door, self.cell, self.runs, self.marks, self.room = door, "", 0, "", MOST
        self.shell = Shell(self.show, self.complain)
        self.sources: dict[str, str] = {}

    def tell(self, **message: Any) -> None:
        """Say something to the page."""
        try:
            text = json.dumps(message, allow_nan=False, default=_plain)
        except ValueError:
            text = json.dumps(_finite(message), default=_plain)
        self.door(text.encode())

    def show(self, data: dict[str, Any], about: dict[str, Any]) -> None:
        """Show something below the cell that runs."""
        _flush()
        self.tell(type="display", cell=self.cell, data=data, metadata=about)

    def complain(self, error: BaseException) -> None:
        """Show an error, from the reader's own lines on, below the cell that runs."""
        _flush()
        told = traceback.TracebackException.from_exception(error)
        frames = [k for k, frame in enumerate(told.stack) if frame.filename in self.sources]
        here = [told.stack[k] for k in frames if told.stack[k].filename == self.cell]
        line = told.lineno if isinstance(error, SyntaxError) else here[-1].lineno if here else None
        told.stack = traceback.StackSummary.from_list(told.stack[frames[0] :] if frames else told.stack)
        text = "".join(told.format(chain=False))
        name = type(error).__name__
        words = error.msg if isinstance(error, SyntaxError) else str(error)  # without the name of the cell
        self.tell(type="error", cell=self.cell, name=name, words=words, line=int(line or 0), text=text)


class _Stream(io.TextIOBase):
    """What is printed, sent on in pieces."""

    def __init__(self, guest: Guest, name: str) -> None:
        self._guest, self._name, self._kept, self._sent = guest, name, [""], time.monotonic()

    def write(self, text: str) -> int:
        self._kept.append(text)
        if time.monotonic() - self._sent > 0.2:
            self.flush()
        return len(text)

    def flush(self) -> None:
        text, self._kept = "".join(self._kept), []
        self._sent = time.monotonic()
        room = self._guest.room
        self._guest.room = max(0, room - len(text))
        if len(text) > room > 0:
            text = f"{text[:room]}\n… and more, which is not shown.\n"
        if text and room:
            self._guest.tell(type="stream", cell=self._guest.cell, name=self._name, text=text)

    def writable(self) -> bool:
        return True


class _Science(importlib.abc.MetaPathFinder):
    """Fetches SciPy and scikit-learn when they are first imported."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: types.ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if fullname.partition(".")[0] not in SCIENCE or f"{LIBRARY}/science.zip" in sys.path:
            return None
        said = _guest.door(b'{"ask": "science"}').decode()
        if said != "here":
            raise ModuleNotFoundError(f"{fullname} is a piece of its own that {said}.", name=fullname)
        sys.path.append(f"{LIBRARY}/science.zip")
        importlib.invalidate_caches()
        return importlib.machinery.PathFinder.find_spec(fullname, path)


def _plain(value: Any) -> Any:
    """Return a number or an array of NumPy, or bytes, as JSON has them."""
    if isinstance(value, bytes | bytearray | memoryview):
        return base64.b64encode(bytes(value)).decode()
    if hasattr(value, "tolist"):
        return value.tolist()
    if isinstance(value, set | frozenset | tuple):
        return list(value)
    return str(value)


def _finite(value: Any) -> Any:
    """Return a message in which what is not finite is null, for JSON has no word for it."""
    if isinstance(value, dict):
        return {key: _finite(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(item) for item in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _sleep(secs: Any, /) -> None:
    """Wait; a page has one thread and nothing else to do."""
    until = time.monotonic() + secs
    while time.monotonic() < until:
        pass


def _flush() -> None:
    sys.stdout.flush()
    sys.stderr.flush()


# Cells ----------------------------------------------------------------------------------------------------------------


def run(cell: str, source: str, **_: Any) -> None:
    """Run a cell and show what its last line comes to; then say how it went."""
    _guest.cell, _guest.runs, _guest.room = cell, _guest.runs + 1, MOST
    _guest.sources[cell] = source
    linecache.cache[cell] = (len(source), None, [f"{line}\n" for line in source.splitlines()], cell)
    went_well = True
    try:
        _execute(source, cell)
        _show_figures()
    except BaseException as error:  # noqa: BLE001 - also SystemExit; the reader sees it, and Python lives on
        went_well = False
        _guest.complain(error)
    cell_ended = types.SimpleNamespace(info=types.SimpleNamespace(raw_cell=source), success=went_well)
    _guest.shell.events.trigger("post_run_cell", cell_ended)  # as IPython has it
    _flush()
    _tell_marks()
    _guest.tell(type="done", cell=cell, ok=went_well, run=_guest.runs)


def _execute(source: str, cell: str) -> None:
    """Execute the statements, and show the last one's value if it is an expression that ends without a semicolon."""
    tree, names = ast.parse(source, cell), _guest.shell.user_ns
    last = tree.body[-1] if tree.body else None
    if isinstance(last, ast.Expr):
        tree.body.pop()
    exec(compile(tree, cell, "exec"), names)
    if isinstance(last, ast.Expr):
        value = eval(compile(ast.Expression(last.value), cell, "eval"), names)
        if value is not None and not source.rstrip().endswith(";"):
            names["_"] = value
            _guest.shell.display(value)


def _show_figures() -> None:
    """Show the figures that are still open, and close them."""
    pyplot: Any = sys.modules.get("matplotlib.pyplot")
    for number in pyplot.get_fignums() if pyplot else ():
        figure, picture = pyplot.figure(number), io.BytesIO()
        figure.savefig(picture, format="png", bbox_inches="tight")
        _guest.show({"image/png": base64.b64encode(picture.getvalue()).decode(), "text/plain": repr(figure)}, {})
    if pyplot:
        pyplot.close("all")


def _marks_file() -> Path:
    return Path(os.environ.get("BPBOOK_HOME", ".")) / "progress.json"


def _tell_marks() -> None:
    """Send the reader's marks, when they have changed."""
    file = _marks_file()
    text = file.read_text(encoding="utf-8") if file.exists() else ""
    if text and text != _guest.marks:
        _guest.marks = text
        _guest.tell(type="marks", text=text)


def marks(text: str, **_: Any) -> None:
    """Take the name and the marks that the page kept."""
    _guest.marks = text
    _marks_file().write_text(text, encoding="utf-8")


def needed(cells: list[list[str]], wanted: str, **_: Any) -> None:
    """Say which of the cells above must run before one can."""
    _guest.tell(type="needed", cell=wanted, cells=slices.needed(cells, wanted))


# Experiments ----------------------------------------------------------------------------------------------------------


def _connect() -> None:
    """Send what widgets say to their front ends through the door; let runs go on turn by turn, without threads."""
    import comm
    from comm.base_comm import BaseComm

    class PageComm(BaseComm):
        def publish_msg(
            self, msg_type: str, data: Any = None, metadata: Any = None, buffers: Any = None, **keys: Any
        ) -> None:
            parts = [base64.b64encode(part).decode() for part in buffers or ()]
            _guest.tell(type="comm", kind=msg_type, id=self.comm_id, data=data or {}, buffers=parts)

    comm.create_comm = PageComm


def heard(id: str, data: dict[str, Any], buffers: Sequence[str] = (), **_: Any) -> None:
    """Hand a message from a front end to its widget."""
    import comm

    there = comm.get_comm_manager().comms.get(id)
    if there is not None:
        parts = [memoryview(base64.b64decode(part)) for part in buffers]
        there.handle_msg({"content": {"comm_id": id, "data": data}, "buffers": parts})
    _tell_marks()


def beat(**_: Any) -> None:
    """Let every experiment that goes on by itself take its next step, if it is time."""
    for running in _runs():
        if running.due() <= 0:
            running.beat()


def _runs() -> list[Any]:
    module = sys.modules.get("bpbook.widgets.controls.running")
    if module is None:
        return []
    if module.Running.in_turns is None:
        module.Running.in_turns = []
    return [running for running in module.Running.in_turns if running.on]


REQUESTS: dict[str, Callable[..., None]] = {
    "run": run,
    "marks": marks,
    "needed": needed,
    "heard": heard,
    "beat": beat,
}


def begin(door: Callable[[bytes], bytes] | None = None) -> None:
    """Get ready, once."""
    global _guest
    _guest = Guest(door or importlib.import_module("_host").call)
    sys.stdout, sys.stderr = _Stream(_guest, "stdout"), _Stream(_guest, "stderr")
    time.sleep = _sleep  # the page's own takes the hour at which to wake for how long to sleep
    sys.modules["__main__"] = _guest.shell.main
    sys.meta_path.insert(0, _Science())
    logging.getLogger("matplotlib").setLevel(logging.ERROR)  # it cannot keep its list of fonts, which is no matter
    warnings.filterwarnings("ignore", message="tqdm:disabling monitor support")  # there are no threads for it
    warnings.filterwarnings("ignore", message="FigureCanvasAgg is non-interactive")  # a figure is shown after its cell
    warnings.filterwarnings("ignore", message="I/O error", module="dateutil.zoneinfo")  # a page has no time zones
    install(_guest.shell)
    _connect()


def serve() -> None:
    """Do what the page asks in this turn."""
    request = json.loads(_guest.door(b'{"ask": "next"}'))
    try:
        REQUESTS[request["do"]](**{key: value for key, value in request.items() if key not in ("do", "number")})
    except Exception as error:  # noqa: BLE001 - an experiment's own error is shown, and the next turn comes
        _guest.complain(error)
    _flush()
    if runs := _runs():  # asked after every turn, so that an experiment that was just made finds no threads to use
        _guest.tell(type="beat", wait=max(0.0, min(running.due() for running in runs)))


_guest: Guest
