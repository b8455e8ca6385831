"""What stands in the sealed room in the place of `bpbook.exercises`, and of everything that shows something.

In the room no answer is judged: a check hands over what it was given and returns 0. Plots and widgets do nothing.
Whole numbers, of which NumPy keeps 32 bits in WebAssembly, get the 64 that they have on a student's computer.
"""

import builtins
import functools
import importlib.machinery
import io
import sys
import types
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from wire import door, unpack  # beside this file, in the room as well

__all__ = ["CHECKED", "MAIN", "Nothing", "Printed", "Stage", "chapter", "name", "progress", "settle_in"]

ABSENT: tuple[str, ...] = (
    "matplotlib",
    "seaborn",
    "plotly",
    "IPython",
    "ipywidgets",
    "anywidget",
    "google",
    "tqdm.notebook",
)
ABSENT += ("bpbook.plots", "bpbook.widgets")
MAIN = vars(sys.modules["__main__"])
CHECKED: dict[str, Any] = {}
"""What was handed to a check by hand, by the name of the exercise."""
MOST = 1 << 20
"""Characters that are kept of what one call prints."""
MAKES = {"array", "asarray", "arange", "full"}
MISSING: Any = object()


class Question:
    """What a notebook calls to be judged."""

    def __init__(self, chapter: int, name: str, seed: int | None) -> None:
        self.chapter, self.name, self.seed = chapter, name, seed

    def __call__(self, answer: Any = MISSING) -> "Mark":
        """Hand over an answer, where one is passed."""
        if answer is not MISSING:
            CHECKED[self.name] = answer
        return Mark()

    def given(self) -> Any:
        """Ask the judge for the numbers of whoever wrote the notebook."""
        values = unpack(door({"op": "given", "chapter": self.chapter, "name": self.name, "seed": self.seed}))
        return values[0] if len(values) == 1 else values

    def hint(self) -> str:
        """Say nothing."""
        return ""

    solution = hint


class Chapter:
    """The exercises of a chapter."""

    def __init__(self, number: int, seed: int | None) -> None:
        self.number, self.seed = number, seed

    def __getattr__(self, name: str) -> Question:
        if name.startswith("_"):
            raise AttributeError(name)
        return Question(self.number, name, self.seed)


def chapter(number: int, seed: int | None = None) -> Chapter:
    """Return the exercises of a chapter."""
    return Chapter(number, seed)


def progress() -> str:
    """Say nothing: no marks are kept here."""
    return ""


Chapter.progress = staticmethod(progress)  # type: ignore[attr-defined]


def name(reader: Any) -> str:
    """Tell the judge whose numbers are meant."""
    door({"op": "name", "name": str(reader)[:200]})
    return ""


class Nothing(types.ModuleType):
    """What stands in for a plot or a widget: any use of it gives another one."""

    __path__: list[str] = []  # noqa: RUF012 - what makes a package of a module

    def __getattr__(self, name: str) -> "Nothing":
        if name.startswith("__"):
            raise AttributeError(name)
        return Nothing(name)

    def __call__(self, *arguments: Any, **named: Any) -> "Nothing":  # noqa: D102
        return self

    def __iter__(self) -> Iterator["Nothing"]:
        return iter((self, self))  # as in `figure, axes = pyplot.subplots()`

    def __setitem__(self, key: Any, value: Any) -> None: ...

    def _itself(self, other: Any) -> "Nothing":
        return self

    __getitem__ = __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __truediv__ = _itself

    def __enter__(self) -> "Nothing":
        return self

    def __exit__(self, *exception: object) -> None: ...


class Mark(float):
    """The mark of every answer in the room, 0, whatever is asked about it."""

    def __getattr__(self, name: str) -> Nothing:
        return Nothing(name)


class Printed(io.StringIO):
    """Keeps the beginning of what is printed while it is entered."""

    def write(self, text: str) -> int:
        """Keep what there is still a place for."""
        return super().write(text[: max(MOST - self.tell(), 0)]) and len(text)

    def __enter__(self) -> "Printed":
        self._before, sys.stdout, sys.stderr = (sys.stdout, sys.stderr), self, self
        return self

    def __exit__(self, *exception: object) -> None:
        sys.stdout, sys.stderr = self._before


class Stage:
    """Finds the modules that show something."""

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> Any:
        """Say that such a module is here."""
        absent = any(name == known or name.startswith(f"{known}.") for known in ABSENT)
        return importlib.machinery.ModuleSpec(name, self, is_package=True) if absent else None  # type: ignore[arg-type]

    def create_module(self, spec: Any) -> Nothing:
        """Make one that does nothing."""
        return Nothing(spec.name)

    def exec_module(self, module: Any) -> None:
        """Do nothing."""


def settle_in() -> None:
    """Have NumPy work in 64 bits, and let files be written for which there is no place: they are forgotten."""
    for name in MAKES | {"prod", "sum", "cumsum", "cumprod", "dot"}:
        setattr(np, name, _wide(getattr(np, name), makes=name in MAKES))
    really = builtins.open

    def opened(file: Any, mode: str = "r", *given: Any, **named: Any) -> Any:
        try:
            return really(file, mode, *given, **named)
        except OSError:
            if not set(mode) & set("wax"):
                raise
            return io.BytesIO() if "b" in mode else io.StringIO()

    builtins.open = io.open = opened


def _wide(function: Callable[..., Any], makes: bool) -> Callable[..., Any]:
    @functools.wraps(function)
    def wide(*given: Any, **named: Any) -> Any:
        if not makes:
            given = tuple(np.array(each) if isinstance(each, (list, tuple)) else each for each in given[:1]) + given[1:]
        result = function(*given, **named)
        narrow = makes and type(result) is np.ndarray and result.dtype == np.int32 and len(given) < 4
        if narrow and "dtype" not in named and not any(getattr(each, "dtype", None) == np.int32 for each in given):
            return result.astype(np.int64)
        return result

    return wide
