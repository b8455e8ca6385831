"""Which answers of a notebook are stale: their cell was run again and stopped with an error.

A cell that stops before it has set its variable leaves the value of an earlier run, and a check would judge that one.
"""

import re
import sys
from typing import Any

__all__ = ["notebook", "stopped", "watch"]

SETS = re.compile(r"^(?:def +(\w+)|(\w+) *=(?!=))", re.MULTILINE)
_went_well: dict[str, bool] = {}


def notebook() -> Any:
    """Return IPython's shell; None where there is none."""
    ipython = sys.modules.get("IPython")
    return ipython.get_ipython() if ipython else None


def watch() -> None:
    """From now on, note after every cell which variables it was to set, and whether it came to its end."""
    shell = notebook()
    if shell and _note not in shell.events.callbacks["post_run_cell"]:
        shell.events.register("post_run_cell", _note)


def stopped(name: str) -> bool:
    """Say whether the last cell that was to set this variable stopped with an error."""
    return not _went_well.get(name, True)


def _note(result: Any) -> None:
    if isinstance(source := getattr(result.info, "raw_cell", None), str):
        names = (defined or assigned for defined, assigned in SETS.findall(source))
        _went_well.update(dict.fromkeys(names, bool(result.success)))
