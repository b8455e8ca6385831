"""The program inside the sealed room: runs the cells of a notebook, says what they made, calls it when asked.

It knows no reference and no mark. From its first cell on it belongs to whoever wrote the notebook: it is not believed.
"""

import ast
import contextlib
import functools
import importlib
import inspect
import json
import linecache
import random
import re
import secrets
import sys
import traceback
import types
import warnings
from collections.abc import Iterator
from typing import Any

secrets.randbits = lambda bits: random.getrandbits(bits)  # type: ignore[assignment]  # two runs give the same numbers
random.seed(0)

import numpy as np  # noqa: E402
from standins import CHECKED, MAIN, Nothing, Printed, Stage, chapter, settle_in  # noqa: E402 - beside this file, in the room as well
from wire import door, mapping, pack, unpack  # noqa: E402

MAGIC = re.compile(r"\s*([%!?]|[\w.\s,]+=\s*[%!]|.*\?\s*$)")
TIMED = re.compile(r"(\s*(?:[\w.\s,]+=\s*)?)%(?:time|prun|memit)\s+(?!-)(.*)$")
RUN_THE_REST = ("%%time", "%%capture", "%%prun", "%%memit")
HELD: dict[str, Any] = {}
SEEN: dict[str, Any] = {}
MISSING: Any = object()
settle_in()
np.random.seed(0)  # noqa: NPY002 - the generator that students may use
sys.meta_path.insert(0, Stage())
MAIN.update(np=np, bp=importlib.import_module("bpbook"), q=chapter(0), exit=sys.exit, quit=sys.exit)
MAIN.update(display=Nothing("display"), get_ipython=Nothing("shell"))


def serve() -> None:
    """Do what the judge asks for, one thing after another, and tell it what came of each."""
    reply, known = dict[str, Any](), dict[str, Any](run=run, call=call)
    while True:
        asked = door({"op": "done", "reply": reply})
        reply = known[asked.pop("op")](**asked)


def run(source: str, label: str, names: list[str]) -> dict[str, Any]:
    """Run a cell, passing over imports of what is not here, and look at what it made of these variables."""
    source, raised, missing, back = without_magics(source), None, [], put_back  # before the cell can replace it
    linecache.cache[label] = (len(source), None, source.splitlines(keepends=True), label)
    try:
        for node in ast.parse(source, label).body:
            try:
                exec(compile(ast.Module([node], []), label, "exec"), MAIN)
            except ImportError as error:
                if not isinstance(node, ast.Import | ast.ImportFrom):
                    raise
                missing.append(str(error)[:200])
    except BaseException as error:  # noqa: BLE001 - whatever it was, the next cell is run
        raised = told(error)
    back()
    return {"raised": raised, "missing": missing, "states": look(names)}


def without_magics(source: str) -> str:
    """Set aside what is IPython's and not Python's: magics, shell lines, questions."""
    if source.lstrip().startswith("%%"):
        source = source.lstrip().partition("\n")[2] if source.lstrip().startswith(RUN_THE_REST) else ""
    lines = source.split("\n")
    for _ in lines:
        try:
            ast.parse("\n".join(lines))
            break
        except SyntaxError as error:
            at = min((error.lineno or 1), len(lines)) - 1
            if not MAGIC.match(lines[at]):
                break
            timed, indent = TIMED.match(lines[at]), lines[at][: len(lines[at]) - len(lines[at].lstrip())]
            lines[at] = timed[1] + timed[2] if timed else f"{indent}pass"
    return "\n".join(lines)


def put_back() -> None:
    """Put back what was replaced in Python, in NumPy, and in this program."""
    for now, before in WATCHED:
        now.update(before)


def told(error: BaseException) -> list[str]:
    """Return the name of an error, the line of the notebook it came from, and its words."""
    line, said = "", "(it cannot be written out)"
    with contextlib.suppress(BaseException):
        frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename.startswith("cell ")]
        line, said = (frames[-1].line or "" if frames else ""), str(error)
    return [type(error).__name__, line[:300], said[:300]]


def look(names: list[str]) -> dict[str, Any]:
    """Return what the last cell made of the variables of these names, and what it handed to a check by hand."""
    found = {}
    for name in names:
        value = MAIN.get(name, MISSING)
        state = None if value is MISSING else state_of(value)
        if state and state != SEEN.get(name):
            SEEN[name], HELD[name], found[name] = state, value, state
        if name in CHECKED:
            HELD[name] = CHECKED[name]
            found[name] = state_of(HELD[name])
    CHECKED.clear()
    return found


def state_of(value: Any) -> dict[str, Any]:
    """Say what a value is: an answer not given, a function and how it is called, or plain data."""
    if value is None or value is Ellipsis or is_stub(value):
        return {"is": "blank"}
    if not callable(value) or isinstance(value, Nothing):
        return {"is": "value", "value": pack(value, mapping)}
    try:
        words = importlib.import_module("annotationlib").Format.STRING  # so that no annotation is evaluated
        taken = inspect.signature(value, annotation_format=words).parameters.values()  # type: ignore[call-arg]
        takes = [[p.name, int(p.kind), p.default is not p.empty] for p in taken]
    except Exception:  # noqa: BLE001 - it has no signature, or one of a stranger's making
        takes = [["arguments", int(inspect.Parameter.VAR_POSITIONAL), False]]
    return {"is": "function", "takes": takes, "id": id(value)}


def is_stub(value: Any) -> bool:
    """Say whether a function still has an empty body, as `judging.running.is_stub` does."""

    def untouched() -> Any: ...
    def documented() -> Any:
        """Nothing yet."""

    if type(value) is not types.FunctionType:
        return False
    codes = (untouched.__code__.co_code, documented.__code__.co_code)
    return value.__code__.co_code in codes and set(value.__code__.co_consts) <= {None, ..., value.__doc__}


def call(name: str, arguments: list[Any], ban: str) -> dict[str, Any]:
    """Call what was found under a name; return its result, and its arguments where it changed them."""
    given, back, printed = [unpack(each, from_the_judge) for each in arguments], put_back, Printed()
    before = json.dumps([pack(each, to_the_judge) for each in given])
    try:
        with warnings.catch_warnings(), np.errstate(all="ignore"), banned(ban), printed:
            warnings.simplefilter("ignore")
            reply = {"value": pack(HELD[name](*given), mapping)}
    except BaseException as error:  # noqa: BLE001 - whatever it was, it is told
        reply = {"raised": told(error)}
    back()
    after = [pack(each, to_the_judge) for each in given]
    reply["printed"] = printed.getvalue()
    return reply | ({"changed": after} if json.dumps(after) != before else {})


@contextlib.contextmanager
def banned(name: str) -> Iterator[None]:
    """Give a function of the book that may not be called a body that refuses, whatever name it is known by."""
    module, _, of = name.partition(":")
    function = getattr(importlib.import_module(module), of) if of else refuse
    before = function.__code__
    function.__code__ = refuse.__code__
    try:
        yield
    finally:
        function.__code__ = before


def refuse(*arguments: Any, **named: Any) -> Any:
    """Stand in for what the answer has to write itself."""
    raise RuntimeError("the exercise is to write this function")


def from_the_judge(key: str, held: Any) -> Any:
    """Return a function that came with the arguments: one of the book's, or one that is asked at the door."""
    if key == "activation":
        return importlib.import_module("bpbook").activations.get(held)
    return functools.partial(ask, held) if key == "ask" else None


def ask(which: int, *arguments: Any) -> Any:
    """Have the judge call one of its functions."""
    return unpack(door({"op": "ask", "which": which, "arguments": [pack(each) for each in arguments]}))


def to_the_judge(value: Any) -> Any:
    """Return what came from the judge as it came."""
    if isinstance(value, functools.partial) and value.func is ask:
        return {"ask": value.args[0]}
    return {"activation": value.name} if type(value).__name__ == "Activation" else None


MODULES = ("builtins", "math", "json", "numpy", "numpy.linalg", "numpy.random", "wire", "standins", "guest")
WATCHED = [(vars(module), dict(vars(module))) for module in map(importlib.import_module, MODULES)]
