"""Notice what a cell put in the place of a function of NumPy, of math or of Python, before an answer is judged.

The functions are remembered when `bpbook.exercises` is imported. A later `np.exp = ...` makes the right answer wrong as
well, so that the comparison of the two says nothing any more.
"""

import builtins
import math
from types import ModuleType
from typing import Any

import numpy as np

from .verdict import Verdict

__all__ = ["foreign"]

# fmt: off
OF_PYTHON = (
    "abs", "all", "any", "callable", "divmod", "enumerate", "filter", "getattr", "hasattr", "isinstance",
    "issubclass", "iter", "len", "list", "map", "max", "min", "next", "pow", "round", "setattr", "sorted",
    "sum", "tuple", "zip", "float", "int", "dict", "set", "str", "range", "type",
)
# fmt: on
"""Those of the built-ins that arithmetic and the judge use; a notebook itself replaces others, as `input`."""


def _functions(module: ModuleType) -> dict[str, Any]:
    return {
        name: value
        for name, value in vars(module).items()
        if callable(value) and not isinstance(value, type) and not name.startswith("_")
    }


ORIGINALS = (
    ("np", vars(np), _functions(np)),
    ("np.linalg", vars(np.linalg), _functions(np.linalg)),
    ("math", vars(math), _functions(math)),
    ("builtins", vars(builtins), {name: getattr(builtins, name) for name in OF_PYTHON}),
)


def foreign() -> Verdict | None:
    """Return the verdict on the first function that is no longer the original; None when all are."""
    for module, now, before in ORIGINALS:
        for name, value in before.items():
            if now.get(name) is not value:
                message = (
                    f"One of your cells has put something else in the place of `{module}.{name}`, so that nothing can "
                    "be judged now. Take that line out, restart the kernel, and run your cells again."
                )
                return Verdict("wrong", 0.0, message, "replaces a function")
    return None
