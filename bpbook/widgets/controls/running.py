"""Something that goes on by itself, a little at a time, without holding up the notebook."""

import functools
import threading
import time
import weakref
from collections.abc import Callable
from typing import Any, ClassVar, Concatenate, ParamSpec

__all__ = ["Running", "alone"]

Arguments = ParamSpec("Arguments")


class Running:
    """Call `tick` again and again in a thread of its own, at the pace at which the browser draws.

    Jupyter may hear each control in another thread, so whatever changes the experiment holds its `lock`: a tick, and
    every wish of the reader, by `@alone`. A pause is heard at once. The browser's answers may be late, for some wait
    behind a cell at work; but where none comes any more, because the page was closed, the run pauses by itself. With
    the kernel it ends.

    Parameters
    ----------
    kind : str
        A new experiment of the same kind ends the run of the one before, as when its cell is run again.
    tick : callable
        Does a little and returns whether to go on.
    ended : callable
        ended(reason) is called whenever the run ends, with a sentence, or with "" when it was paused or done.
    rest : float
        Seconds from the beginning of a tick to that of the next, at least.

    Attributes
    ----------
    patience : float
        After so many seconds without an answer nobody is thought to look on.
    """

    patience, late = 20.0, 0.4
    in_turns: ClassVar["list[Running] | None"] = None
    """Where there are no threads, a list of what runs: who keeps it calls `beat` of each whenever it is `due`."""
    _last: ClassVar[dict[str, "weakref.ReferenceType[Running]"]] = {}

    def __init__(self, kind: str, tick: Callable[[], bool], ended: Callable[[str], None], rest: float = 0.03) -> None:
        self._tick, self._ended, self._rest = tick, ended, rest
        self.lock = threading.RLock()
        self._on = False
        self._begun = self._heard = 0.0
        self._halt, self._drawn = threading.Event(), threading.Event()
        before = self._last[kind]() if kind in self._last else None
        if before is not None:
            before.stop("Paused: another experiment of this kind was made.")
        self._last[kind] = weakref.ref(self)

    @property
    def on(self) -> bool:
        """Whether it is running."""
        return self._on

    def start(self) -> None:
        """Begin, unless it is running already."""
        with self.lock:
            if not self.on:
                self._on, self._halt = True, threading.Event()
                self._begun = self._heard = time.monotonic()
                if self.in_turns is None:
                    threading.Thread(target=self._run, args=(self._halt,), daemon=True).start()
                else:
                    self._drawn.set()
                    self.in_turns[:] = [running for running in self.in_turns if running.on] + [self]

    def stop(self, reason: str = "") -> None:
        """End before the next tick; what was reached stays."""
        with self.lock:
            if self.on:
                self._on = False
                self._halt.set()
                self._drawn.set()  # so that nobody waits for the browser any longer
                self._ended(reason)

    def drawn(self, _: int = 0) -> None:
        """Hear from the browser that it has drawn what the last tick showed."""
        self._drawn.set()

    def due(self) -> float:
        """Return in how many seconds the next `beat` should come; sooner when the browser has drawn the last one."""
        rest = self._rest if self._drawn.is_set() else self.late
        return self._begun + rest - time.monotonic()

    def beat(self) -> None:
        """Tick once, for whoever has no threads."""
        self._begun = time.monotonic()
        if self._drawn.is_set():
            self._heard = self._begun
        self._drawn.clear()
        if self._begun - self._heard > self.patience:
            return self.stop("Paused: no browser has shown this for a while.")
        try:
            goes_on = self._tick()
        except BaseException:
            self.stop("Stopped by an error in Python; rewind.")
            raise
        if not goes_on:
            self.stop()

    def _run(self, halt: threading.Event) -> None:
        reason, heard = "Stopped by an error in Python; rewind.", time.monotonic()
        try:
            while True:
                with self.lock:
                    if halt.is_set():
                        return
                    self._begun = time.monotonic()
                    self._drawn.clear()
                    if not self._tick():
                        reason = ""
                        break
                halt.wait(self._begun + self._rest - time.monotonic())
                if self._drawn.wait(min(self.late, self.patience)):
                    heard = time.monotonic()
                elif time.monotonic() - heard > self.patience:
                    reason = "Paused: no browser has shown this for a while."
                    break
        finally:
            with self.lock:
                if not halt.is_set():
                    self.stop(reason)


def alone(method: Callable[Concatenate[Any, Arguments], None]) -> Callable[Concatenate[Any, Arguments], None]:
    """Let a method of an experiment with `running` begin only when no tick and no other such method is under way."""

    @functools.wraps(method)
    def guarded(experiment: Any, /, *arguments: Arguments.args, **named: Arguments.kwargs) -> None:
        with experiment.running.lock:
            method(experiment, *arguments, **named)

    return guarded
