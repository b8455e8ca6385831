"""Ctrl-C between two steps of training, and never in the middle of one."""

import contextlib
import signal
from collections.abc import Iterator
from typing import Any

__all__ = ["held_back"]


@contextlib.contextmanager
def held_back() -> Iterator[list[int]]:
    """Keep Ctrl-C from tearing a step apart: the first one fills the list that is yielded, a second one interrupts."""
    pressed: list[int] = []

    def note(number: int, frame: Any) -> None:
        if pressed:
            raise KeyboardInterrupt
        pressed.append(number)

    # If the handler is not Python's own, then someone else looks after Ctrl-C.
    usual = signal.getsignal(signal.SIGINT) is signal.default_int_handler
    with contextlib.suppress(ValueError):  # in a thread, where there is no Ctrl-C
        if usual:
            signal.signal(signal.SIGINT, note)
    try:
        yield pressed
    finally:
        if signal.getsignal(signal.SIGINT) is note:
            signal.signal(signal.SIGINT, signal.default_int_handler)
