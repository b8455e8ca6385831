"""A training run as a text that can be sent to somebody, and back again, number for number."""

import ast
import json
from collections.abc import Callable
from dataclasses import asdict, replace
from typing import Any

from ...controls.words import place_name
from .record import Fit
from .settings import GOES_ON, OWN, OWN_VALUES, WIDEST, Settings
from .trainer import Trainer

__all__ = ["CALL", "restored", "shared"]

CALL = "bp.widgets.playground({!r})"
"""The line of code that opens a playground in the state of a text."""
MOST = 20_000
"""Epochs that are trained again at most."""


def shared(trainer: Trainer) -> str:
    """Return the text from which `restored` makes this training run again.

    It holds the settings that are not those of a new playground, and what was done since the start: epochs, with the
    settings that were others then, and weights set by hand.
    """
    s = trainer.settings
    state: dict[str, Any] = _differences(s, Settings())
    if s.dataset in (OWN, OWN_VALUES):
        state["points"] = [list(point) for point in trainer.own[s.dataset]]
    state |= {f"first_{name}": k for name, k in trainer.first_penalties.items() if k != s.penalties[name]}
    did = [
        [done.epochs, _differences(done.settings, s)] if isinstance(done, Fit) else [list(done.place), done.value]
        for done in trainer.record
    ]
    return json.dumps(state | ({"did": did} if did else {}))


def _differences(settings: Settings, others: Settings) -> dict[str, Any]:
    known = asdict(others)
    return {name: value for name, value in asdict(settings).items() if value != known[name]}


def restored(text: str, check: Callable[[Settings], None]) -> Trainer:
    """Return the training run of a text, or of the whole line of code that holds it.

    Parameters
    ----------
    text : str
    check : callable
        Raises a ValueError where settings cannot be chosen.

    Raises
    ------
    ValueError
        It is no such text, or part of it cannot be.
    """
    try:
        state = _parsed(text)
        did, own = state.pop("did", []), [(float(u), float(v), k) for u, v, k in state.pop("points", [])]
        first = {name: state.pop(f"first_{name}") for name in Settings().penalties if f"first_{name}" in state}
        values: dict[str, Any] = {k: tuple(value) if isinstance(value, list) else value for k, value in state.items()}
        final = Settings(**values)
        check(final)
        if len(final.layers()) > 4 or not all(1 <= width <= WIDEST for width in final.layers()):
            raise ValueError(f"it has hidden layers of {final.layers()}")
        epochs = sum(done[0] for done in did if not isinstance(done[0], list))
        if not 0 <= epochs <= MOST:
            raise ValueError(f"it has {epochs} epochs, and {MOST} may be")
        trainer = Trainer(replace(final, **first), {OWN: [], OWN_VALUES: []} | ({final.dataset: own} if own else {}))
        for what, how in did:
            _do(trainer, final, what, how)
        trainer.change(final)
        return trainer
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, SyntaxError) as reason:
        raise ValueError(
            f"state must be the text or the line that a playground shows under its code; got {text[:40]!r} ({reason}). "
            "Copy the whole line."
        ) from reason


def _parsed(text: str) -> dict[str, Any]:
    begin, _, end = CALL.partition("{!r}")
    line = text.strip()
    if line.startswith(begin):
        line = ast.literal_eval(line[len(begin) :].removesuffix(end))
    state = json.loads(line)
    if not isinstance(state, dict):
        raise ValueError("it is no dictionary")
    return state


def _do(trainer: Trainer, final: Settings, what: Any, how: Any) -> None:
    """Set a weight, or train, as the text says."""
    if isinstance(what, list):
        l, *units = what
        arrays = trainer.net.W if len(units) == 2 else trainer.net.b
        if not 1 <= l < len(arrays) or min(units) < 0:
            raise ValueError(f"there is no {place_name(tuple(what))}")
        trainer.set((l, *units), float(how))
        return
    if not set(how) <= set(GOES_ON):
        raise ValueError(f"{', '.join(how)} cannot change on the way")
    trainer.change(replace(final, **how))
    if trouble := trainer.obstacle() or trainer.train(what):
        raise ValueError(trouble)
