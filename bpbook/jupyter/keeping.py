"""Experiments that are not lost when a chapter is saved.

JupyterLab writes the state of the widgets that its page holds into the notebook. After a kernel's restart the page
holds none, and saving would replace every picture by "model not found"; after a cell was run ten times it holds nine
experiments that nobody sees. So before a notebook is written, the state of each experiment that a cell still shows
and the page has forgotten is taken from the file, and the state of what no cell shows is left out.
"""

import contextlib
import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

__all__ = ["keep_experiments", "kept"]

VIEW = "application/vnd.jupyter.widget-view+json"
STATE = "application/vnd.jupyter.widget-state+json"


def keep_experiments(model: dict[str, Any], path: str, contents_manager: Any, **_: Any) -> None:
    """Before a notebook is saved, complete the state of its experiments; see `ContentsManager.pre_save_hook`."""
    if model.get("type") != "notebook" or not isinstance(model.get("content"), dict):
        return
    new, shown = model["content"], _shown(model["content"])
    if not shown:
        return
    old: dict[str, Any] = {}
    if not set(shown) <= set(_states(new)):
        with contextlib.suppress(Exception):  # a file that cannot be read has nothing to keep
            old = json.loads(Path(contents_manager._get_os_path(path)).read_text(encoding="utf-8"))
    if states := kept(shown, _states(new), _states(old)):
        whole = {"version_major": 2, "version_minor": 0, "state": states}
        new["metadata"]["widgets"] = {STATE: whole}


def kept(shown: Iterable[str], new: dict[str, Any], old: dict[str, Any]) -> dict[str, Any]:
    """Return the state of every model that is shown, and of all those that it refers to, the new one where there is.

    Parameters
    ----------
    shown : names of models that cells show
    new, old : dict
        States by the name of the model: of the page, and of the file.
    """
    waiting, found = list(shown), {}
    while waiting:
        name = waiting.pop(0)
        state = new.get(name) or old.get(name)
        if name not in found and state is not None:
            found[name] = state
            waiting += re.findall(r"IPY_MODEL_([\w-]+)", json.dumps(state))
    return found


def _shown(notebook: dict[str, Any]) -> list[str]:
    outputs = [output for cell in notebook.get("cells", []) for output in cell.get("outputs", [])]
    return [output["data"][VIEW]["model_id"] for output in outputs if VIEW in output.get("data", {})]


def _states(notebook: dict[str, Any]) -> dict[str, Any]:
    state = notebook.get("metadata", {}).get("widgets", {}).get(STATE, {}).get("state") or {}
    return state if isinstance(state, dict) else {}
