"""Run a reader's code without letting it break anything."""

import builtins
import contextlib
import inspect
import io
import math
import os
import re
import sys
import time
import traceback
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from operator import is_not
from types import CoroutineType, FrameType, FunctionType, ModuleType
from typing import Any

import numpy as np
from numpy import get_printoptions, set_printoptions

from .cells import notebook
from .limits import Late, limit
from .reading import Unreadable, in_a_line, name_of
from .verdict import Verdict

__all__ = ["Elsewhere", "Failed", "Guard", "calls_the_library", "is_stub"]

SECONDS = 4.0
KEPT = 200
JUDGE = os.path.dirname(os.path.dirname(__file__)) + os.sep
"""Folder of the judge, whose own lines are not quoted to a reader."""
MATMUL = re.compile(r"matmul: .* \(size (\d+) is different from (\d+)\)")
_any, _map = any, map  # as they are before any reader's code has run
WATCHED: tuple[ModuleType, ...] = (np, np.linalg, np.random, math, builtins, time)
ZONE = {"tzname", "timezone", "altzone", "daylight"}
"""What `time.tzset()` writes anew into `time`, as the first import of scikit-learn has it done in an honest answer."""


class Failed(Exception):
    """The reader's code did not return something to judge; `verdict` says why."""

    def __init__(self, verdict: Verdict) -> None:
        super().__init__(verdict.message)
        self.verdict = verdict


class Elsewhere(Exception):
    """What a function raised that runs somewhere else: the name of the error, the reader's line, and its words."""

    def __init__(self, name: str, line: str, said: str) -> None:
        super().__init__(said)
        self.name, self.line, self.said = name, line, said


class _Kept(io.TextIOBase):
    """What is printed: the first characters, and the count of all."""

    def __init__(self) -> None:
        self.text, self.count = "", 0

    def write(self, text: str) -> int:
        self.text += text[: KEPT - len(self.text)]
        self.count += len(text)
        return len(text)

    def writable(self) -> bool:
        return True


def _stub() -> Any: ...


def _stub_with_docstring() -> Any:
    """Nothing yet."""


def is_stub(function: Any) -> bool:
    """Say whether a function still has an empty body: `...`, `pass` or a docstring alone."""
    if type(function) is not FunctionType:
        return False
    code = function.__code__
    if code.co_code not in (_stub.__code__.co_code, _stub_with_docstring.__code__.co_code):
        return False
    return set(code.co_consts) <= {None, Ellipsis, function.__doc__}  # `return 1.0` has the same code, and 1.0


class Guard:
    """One judgement: its budget of seconds, what was printed, and NumPy as it was before.

    Use as a context around all calls of one answer. After each call, whatever the reader's code replaced in NumPy,
    math or the built-ins is put back; `replaced` then names it. So are the folder and BPBOOK_HOME, where the marks are.
    A call of `without`, a function that the answer may not use, is noticed, by whatever name it is called.
    """

    def __init__(self, without: Callable[..., Any] | None = None) -> None:
        self.left, self.printed, self.replaced, self.done = SECONDS, _Kept(), "", 0
        self._without, self._called = without, False

    def __enter__(self) -> "Guard":
        self._home = os.environ.get("BPBOOK_HOME")
        with contextlib.suppress(OSError):
            self._folder = os.getcwd()
        self._before = [{k: value for k, value in vars(module).items() if k not in ZONE} for module in WATCHED]
        self._printing = get_printoptions()
        return self

    def __exit__(self, *exception: object) -> None:
        self._put_back()

    def _put_back(self) -> None:
        with contextlib.suppress(OSError, AttributeError):
            os.chdir(self._folder)
        if get_printoptions() != self._printing:
            set_printoptions(**self._printing)
        if self._home is None:
            os.environ.pop("BPBOOK_HOME", None)
        else:
            os.environ["BPBOOK_HOME"] = self._home
        for module, before in zip(WATCHED, self._before, strict=True):
            now = vars(module)
            if not _any(_map(is_not, _map(now.get, before), before.values())):
                continue
            for name, value in before.items():
                if now.get(name) is not value:
                    self.replaced = f"{module.__name__}.{name}"
                    now[name] = value

    def call(self, function: Callable[..., Any], arguments: tuple[Any, ...], read: Callable[[Any], Any]) -> Any:
        """Return read(function(*arguments)), called on copies of the arguments.

        Raises
        ------
        Failed
            It raised, ran too long, returned what cannot be read, or changed its arguments.
        """
        given = _copied(arguments)
        start, came = time.monotonic(), False
        try:
            with (
                warnings.catch_warnings(),
                contextlib.redirect_stdout(self.printed),
                contextlib.redirect_stderr(self.printed),
                _stay(),
                limit(self.left, HOLDERS),
                self._noticing(),
                np.errstate(all="ignore"),
            ):
                warnings.simplefilter("ignore")
                result = function(*given)
                came = True
                if type(result) is CoroutineType:
                    result.close()  # or Python warns that nobody waited for it
                returned = read(result)
        except Late as late:
            raise Failed(Verdict("timeout", 0.0, self._late(late.seconds or SECONDS))) from None
        except BaseException as error:  # noqa: BLE001 - also exit() must not end the reader's kernel
            if not (came and type(error) is Unreadable):  # what the reader's own function raises is no verdict
                name = f"{name_of(error)}: (it cannot be written out)."
                said = self._within(partial(_where, error, function), name)
                raise Failed(Verdict("raised", 0.0, said)) from None
            returned = Failed(replace(error.verdict, status="type", credit=0.0))
        finally:
            self._put_back()
            self.left = max(self.left - (time.monotonic() - start), 0.05)
        if not self._within(lambda: _unchanged(arguments, given), False):
            message = "Your function changes its arguments. Work on new arrays: `a = a + b` rather than `a += b`."
            raise Failed(Verdict("mutated", 0.0, message))
        if isinstance(returned, Failed):
            raise returned
        self.done += 1
        return returned

    @contextlib.contextmanager
    def _noticing(self) -> Iterator[None]:
        """Watch every call for one of the function that the answer may not use; not where a profiler runs already."""
        if self._without is None or sys.getprofile():
            yield
            return
        code = self._without.__code__

        def notice(frame: FrameType, event: str, argument: Any) -> None:
            self._called |= event == "call" and frame.f_code is code

        sys.setprofile(notice)
        try:
            yield
        finally:
            sys.setprofile(None)

    def _late(self, seconds: float) -> str:
        late = f"Your function was still running after {seconds:g} seconds."
        if not self.done:
            return f"{late} Is there a loop that never ends?"
        calls = "one call" if self.done == 1 else f"{self.done} calls"
        return f"{late} In that time {calls} had ended: it is too slow, or a loop never ends for some arguments."

    def _within(self, do: Callable[[], Any], otherwise: Any) -> Any:
        """Return what comes of asking a reader's object something; `otherwise` if it raises or never answers."""
        try:
            with (
                contextlib.redirect_stdout(self.printed),
                contextlib.redirect_stderr(self.printed),
                limit(self.left, HOLDERS),
            ):
                return do()
        except BaseException:  # noqa: BLE001 - it may raise anything
            return otherwise

    def refuses(self, function: Callable[..., Any], arguments: tuple[Any, ...], names: Sequence[str]) -> str:
        """Say why a function cannot be called with so many arguments; nothing when it can, or has no signature."""

        def refused() -> str:
            signature = inspect.signature(function)
            try:
                signature.bind(*arguments)
            except TypeError:
                by_name = [
                    name for name, p in signature.parameters.items() if p.kind is p.KEYWORD_ONLY and name in names
                ]
                if by_name:
                    only = f"yours takes `{by_name[0]}` by name only. Leave out the `*` before it."
                    return f"is called with its arguments in order; {only}"
                takes = in_a_line(f"({', '.join(signature.parameters)})") if signature.parameters else "none"
                count = f"{len(arguments)} argument{'s' if len(arguments) != 1 else ''}"
                return f"must take {count}, ({', '.join(names)}); yours takes {takes}."
            return ""

        said = self._within(refused, "")
        self._put_back()
        return str(said)

    def remark(self, verdict: Verdict) -> Verdict:
        """Add what was printed, and withdraw the mark where the reader's code replaced something of NumPy's."""
        message = verdict.message
        if self.replaced:
            message = f"Your code replaces `{self.replaced}`, which has been put back. Leave it as it is."
            return Verdict("mutated", 0.0, message)
        if self._called and self._without:
            return calls_the_library(self._without)
        if self.printed.count:
            first = self.printed.text.strip().split("\n")[0][:40]
            message += f" (Your function also printed {self.printed.count} characters: `{first.replace('`', ' ')}`"
            message += " ...)" if self.printed.count > len(first) + 1 else ")"
        return Verdict(verdict.status, verdict.credit, message, verdict.mistake, verdict.evidence)


HOLDERS = (Guard.call.__code__, Guard._within.__code__)
"""The frames in which time is up for what they have called."""


def calls_the_library(function: Callable[..., Any]) -> Verdict:
    """Return the verdict on an answer that calls what it was to write."""
    book, _, room = function.__module__.partition(".")
    place = "bp" if getattr(sys.modules[book], function.__name__, None) is function else f"bp.{room}"
    message = f"Your function calls `{place}.{function.__name__}`. Write it without that."
    return Verdict("wrong", 0.0, message, "calls the library")


def _copied(value: Any) -> Any:
    """Copy arrays, and the lists, tuples and dictionaries that hold them; leave the rest."""
    if issubclass(type(value), np.ndarray):
        return value.copy()
    if type(value) in (list, tuple):
        return type(value)(_copied(member) for member in value)
    if type(value) is dict:
        return {key: _copied(member) for key, member in value.items()}
    return value


def _unchanged(before: Any, after: Any) -> bool:
    """Compare what was given with what is left of it; a nudge taken back leaves rounding, which is forgiven."""
    if issubclass(type(before), np.ndarray):
        if type(after) is not np.ndarray or before.shape != after.shape or before.dtype != after.dtype:
            return False
        if before.dtype.kind != "f":
            return bool((before == after).all())
        return bool((abs(before - after) <= 1e-12 * abs(before) + 1e-14).all())
    if type(before) in (list, tuple):
        same = type(after) is type(before) and len(after) == len(before)
        return same and all(_unchanged(one, other) for one, other in zip(before, after, strict=True))
    if type(before) is dict:
        same = type(after) is dict and after.keys() == before.keys()
        return same and all(_unchanged(member, after[key]) for key, member in before.items())
    return before is after or (type(after) is type(before) and bool(before == after))


def _where(error: BaseException, function: Callable[..., Any]) -> str:
    """Say what was raised, and in which line of the reader's own function."""
    try:
        if type(error) is Elsewhere:
            kind, line, said = in_a_line(error.name), error.line, error.said
        else:
            name = getattr(getattr(function, "__code__", None), "co_filename", None)
            frames = traceback.extract_tb(error.__traceback__) if not (name or "").startswith(JUDGE) else []
            lines = [frame.line for frame in frames if frame.filename == name]
            kind, line, said = name_of(error), lines[-1] or "" if lines else "", str(error)
        line, said = f" in your line `{in_a_line(line, code=True)}`" if line else "", said[:300].strip()
        if sizes := MATMUL.fullmatch(said):
            said = f"a matrix product of shapes that do not fit: size {sizes[1]} meets size {sizes[2]}"
        said = f"`{said.replace('`', ' ')}`" if set(said) & set("<*_[$") else said  # it is shown as Markdown
    except BaseException:  # noqa: BLE001 - an exception of the reader's own may refuse to be written out
        kind, line, said = name_of(error), "", "(it cannot be written out)"
    said = f"{kind}{line}: {said}".rstrip(": ")
    return said if said.endswith((".", "!", "?")) else f"{said}."


@contextlib.contextmanager
def _stay() -> Iterator[None]:
    """Keep a notebook's own `exit` from ending the kernel: it becomes a SystemExit like Python's."""
    shell = notebook()
    if shell is None:
        yield
        return

    def leave() -> None:
        raise SystemExit

    shell.ask_exit = leave
    try:
        yield
    finally:
        del shell.ask_exit
