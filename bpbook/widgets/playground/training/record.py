"""What was done to a network of the playground, and the lines of bpbook that do the same again."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ...controls.words import place_name
from .settings import OWN, OWN_VALUES, POINTS, Settings

__all__ = ["Fit", "Hand", "opening_lines", "record_lines"]


@dataclass(frozen=True)
class Fit:
    """So many epochs with these settings."""

    settings: Settings
    epochs: int


@dataclass(frozen=True)
class Hand:
    """A weight [l, i, j] or a bias [l, j] that the reader set."""

    place: tuple[int, ...]
    value: float


def opening_lines(s: Settings, points: tuple[Any, Any], held_out: bool, penalties: dict[str, float]) -> list[str]:
    """Return the lines that make the points, what the network is given of them, and the network before any step.

    Parameters
    ----------
    s : Settings
    points : x of shape (m, 2) and y of shape (m,), before any are held out
    held_out : bool
        Whether any are.
    penalties : dict
        The lambda and lambda_1 with which the network began.
    """
    lines = ["import numpy as np", "import bpbook as bp"]
    if s.dataset in (OWN, OWN_VALUES):
        lines += [f"x = np.array({points[0].tolist()})", f"y = np.array({points[1].tolist()})"]
    else:
        lines += [f"x, y = bp.datasets.{s.dataset}(m={POINTS}, noise={s.noise}, seed={s.seed})"]
    if held_out:
        lines += [f"x, y, x_test, y_test = bp.datasets.shuffled_split(x, y, share={s.share}, seed={s.seed})"]
    if s.inputs != Settings.inputs and len(points[0]):
        names = ["x", "x_test"] if held_out else ["x"]
        lines += [f"{name} = bp.datasets.features({name}, {list(s.inputs)})" for name in names]
    how = _listed({name: k for name, k in penalties.items() if k} | {"seed": s.seed})
    return [*lines, f'net = bp.MLP({s.sizes()}, hidden="{s.hidden}", loss="{s.measure}", {how})']


def _listed(values: dict[str, Any]) -> str:
    return ", ".join(f"{name}={value}" for name, value in values.items())


def _repenalised(now: dict[str, float], then: dict[str, float]) -> list[str]:
    """Return the line that changes the penalties of the network, where any is another."""
    others = {name: k for name, k in now.items() if k != then[name]}
    return [f"net.params = net.params._replace({_listed(others)})"] if others else []


def record_lines(record: Sequence[Fit | Hand], first: dict[str, float], last: dict[str, float]) -> list[str]:
    """Return the lines that do what the record says to a network that begins and ends with these penalties."""
    lines: list[str] = []
    penalties, before = first, None
    for done in record:
        if isinstance(done, Hand):
            lines += [f"net.{place_name(done.place)} = {done.value!r}"]
            continue
        s = done.settings
        lines += _repenalised(s.penalties, penalties)
        if before and before.optimizer == s.optimizer and before.eta != s.eta:
            lines += [f"net.optimizer.eta = {s.eta}"]
        new = before is None or before.optimizer != s.optimizer
        optimizer = f", optimizer=bp.{s.optimizer}(eta={s.eta})" if new else ""
        how = f"epochs={done.epochs}, batch_size={s.batch_size}{optimizer}, seed={s.seed}, progress=False"
        lines += [f"net.fit(x, y, {how})"]
        penalties, before = s.penalties, s
    return lines + _repenalised(last, penalties)
