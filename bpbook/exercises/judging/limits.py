"""A limit of time for a reader's code, which runs in our own process."""

import contextlib
import signal
import sys
from collections.abc import Iterator
from functools import partial
from types import CodeType, FrameType
from typing import Any

__all__ = ["AGAIN", "Late", "limit"]

AGAIN = 0.1
"""Seconds between two interruptions."""


class Late(BaseException):
    """Raised inside a reader's function that runs too long; not an Exception, so that `except Exception` lets it by."""

    def __init__(self, seconds: float | None = None) -> None:
        super().__init__()
        self.seconds = seconds


@contextlib.contextmanager
def limit(seconds: float, holders: tuple[CodeType, ...]) -> Iterator[None]:
    """Interrupt the block after so many seconds, again and again, where the system and the thread allow it.

    What catches everything, as a bare `except:` in a loop does, is interrupted once more while it handles the first
    interruption. One long call into C cannot be interrupted; nor can anything where there is no timer, as on Windows.

    Parameters
    ----------
    seconds : float
    holders : code of functions
        Whose frames are the first that are spared.
    """
    traced = sys.gettrace()

    def late(signum: int, frame: FrameType | None) -> None:
        while frame is not None and frame.f_code not in holders:
            frame.f_trace = _late_line
            frame = frame.f_back
        sys.settrace(lambda *event: None)  # lines are traced in the frames above, and in no other
        raise Late

    try:
        ring = partial(signal.setitimer, signal.ITIMER_REAL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGALRM])  # an answer before this one may have blocked it
        before = signal.signal(signal.SIGALRM, late)
    except (AttributeError, ValueError):  # Windows has no SIGALRM, others no timer; only the main thread may set it
        yield
        return
    try:
        ring(seconds, AGAIN)
        yield
    finally:
        while True:
            try:
                ring(0)
                signal.signal(signal.SIGALRM, before or signal.SIG_DFL)
                break
            except Late:  # the alarm rang between two of these lines
                continue
        sys.settrace(traced)


def _late_line(frame: FrameType, event: str, argument: Any) -> Any:
    if event == "line":
        raise Late
    return _late_line
