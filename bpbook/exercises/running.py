"""Run a reader's function without letting it break anything."""

import contextlib
import copy
import io
import signal
import traceback
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from .verdict import Verdict

__all__ = ["Failed", "call", "is_stub"]

SECONDS = 5


class Failed(Exception):
    """The reader's function did not return; `verdict` says why."""

    def __init__(self, verdict: Verdict) -> None:
        super().__init__(verdict.message)
        self.verdict = verdict


class _Late(BaseException):
    """Raised inside a reader's function that runs too long; not an Exception, so that `except Exception` lets it by."""


def _stub() -> Any: ...


def _stub_with_docstring() -> Any:
    """Nothing yet."""


def is_stub(function: Any) -> bool:
    """Say whether a function still has an empty body: `...`, `pass` or a docstring alone."""
    code = getattr(function, "__code__", None)
    if code is None or code.co_code not in (_stub.__code__.co_code, _stub_with_docstring.__code__.co_code):
        return False
    return set(code.co_consts) <= {None, Ellipsis, function.__doc__}  # `return 1.0` has the same code, and 1.0


def call(function: Callable[..., Any], arguments: tuple[Any, ...]) -> Any:
    """Return function(*arguments), called on copies, with what it prints kept back.

    Raises
    ------
    Failed
        It raised, ran longer than five seconds, or changed its arguments.
    """
    given = copy.deepcopy(arguments)
    try:
        with _silence(), _limit(), np.errstate(all="ignore"):
            returned = function(*given)
    except _Late:
        message = f"Your function was still running after {SECONDS} seconds. Is there a loop that never ends?"
        raise Failed(Verdict("timeout", 0.0, message)) from None
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # noqa: BLE001 - also exit() must not end the reader's kernel
        raise Failed(Verdict("raised", 0.0, _where(error, function))) from None
    if not all(np.array_equal(before, after) for before, after in zip(arguments, given, strict=True)):
        message = "Your function changes its arguments. Work on new arrays: `a = a + b` rather than `a += b`."
        raise Failed(Verdict("mutated", 0.0, message))
    return returned


def _where(error: BaseException, function: Callable[..., Any]) -> str:
    """Say what was raised, and in which line of the reader's own function."""
    name = getattr(getattr(function, "__code__", None), "co_filename", None)
    lines = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename == name]
    line = f" in your line `{lines[-1].line}`" if lines and lines[-1].line else ""
    return f"{type(error).__name__}{line}: {str(error)[:300]}"


@contextlib.contextmanager
def _silence() -> Iterator[None]:
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        yield


@contextlib.contextmanager
def _limit() -> Iterator[None]:
    """Interrupt the block after SECONDS, where the system and the thread allow it."""

    def late(signum: int, frame: Any) -> None:
        raise _Late

    try:
        before = signal.signal(signal.SIGALRM, late)
    except (AttributeError, ValueError):  # Windows has no SIGALRM; only the main thread may set it
        yield
        return
    signal.setitimer(signal.ITIMER_REAL, SECONDS, 0.5)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
