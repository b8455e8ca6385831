"""Why a training run stands still or explodes, found out by trials with other settings."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from ...controls.words import number
from .settings import ETAS, WIDEST, Settings
from .trainer import Trainer

__all__ = ["Adviser", "stands_still"]

STILL, EXPLODED = 50, 20
"""Epochs without a gain, and epochs above the first C, before anything is tried."""
GAIN, ENOUGH, BETTER, LONGEST = 0.02, 0.9, 0.8, 100
"""Less than this share of C is no gain; a score that is good enough; a trial has helped when it brought C down to this
share of what the run has; epochs of a trial."""


class Adviser:
    """Watches a training run. Where it stands still, other settings are tried, some epochs at a time.

    Parameters
    ----------
    trainer : Trainer
        It is looked at only; the trials have networks of their own.
    """

    def __init__(self, trainer: Trainer) -> None:
        self._trainer = trainer
        self._forget()

    def _forget(self) -> None:
        self._settings, self._since = self._trainer.settings, self._trainer.epoch
        self._text = ""
        self._trials: Iterator[str] | None = None

    def watch(self, epochs: int = 1) -> str:
        """Go on with the trials for so many epochs, if there is anything to find out; return what was found, or ""."""
        t = self._trainer
        if t.settings != self._settings or t.epoch < self._since:
            self._forget()
        trouble = stands_still(t, self._since)
        if not trouble:
            self._text, self._trials = "", None
            return ""
        if self._trials is None:
            self._trials = _trials(t, trouble)
        for _ in range(epochs):
            self._text = next(self._trials, self._text)
        return self._text


def stands_still(trainer: Trainer, since: int = 0) -> str:
    """Return in words that C gains nothing, though the run is not good yet, or an empty text.

    Parameters
    ----------
    since : int
        The epoch at which these settings began.
    """
    losses = trainer.losses[since:]
    if _exploded(losses, trainer.losses[0]):
        first = number(trainer.losses[0], 4)
        return f"C has been above its first value, {first}, for {EXPLODED} epochs."
    if len(losses) <= 2 * STILL or min(losses[-STILL:]) < (1 - GAIN) * min(losses[:-STILL]):
        return ""
    if not trainer.score() < ENOUGH:
        return ""
    return f"C has gained less than {GAIN:.0%} in {STILL} epochs."


def _exploded(losses: list[float], first: float) -> bool:
    return len(losses) > EXPLODED and min(losses[-EXPLODED:]) > first


def others(settings: Settings, exploded: bool) -> list[tuple[Settings, str, str]]:
    """Return what is worth a trial: settings, what is other about them, and what it would mean if they did better."""
    s, layers = settings, settings.layers()
    wider = tuple(min(WIDEST, 2 * width) for width in layers) or (4,)
    few = "so there are too few units"
    if layers[:1] in ((), (1,)) and set(s.inputs) <= {"x0", "x1"} and not s.valued:
        few += ": with so few, every border is a straight line"  # all that follows is a function of one w · x + b
    units = [(replace(s, widths=wider), f"hidden layers of {' '.join(map(str, wider))}", few)]
    shares = (1 / 10, 1 / 100, 1 / 1000) if exploded else (1 / 4, 1 / 20, 20)
    etas = [ETAS[int(np.abs(np.log(np.array(ETAS) / (share * s.eta))).argmin())] for share in shares]
    paces = [
        (replace(s, eta=eta), f"eta = {eta:g}", f"so the steps are too {'long' if eta < s.eta else 'short'}")
        for eta in dict.fromkeys(etas)
        if eta != s.eta
    ]
    return paces if exploded else [*paces[:1], *(units if wider != layers else []), *paces[1:]]


def _trials(trainer: Trainer, trouble: str) -> Iterator[str]:
    """Yield after each epoch of a trial: nothing, until a trial has helped or all are done."""
    exploded = _exploded(trainer.losses, trainer.losses[0])
    goal, epochs = BETTER * min(trainer.losses), min(LONGEST, trainer.epoch)
    names = []
    for settings, name, meaning in others(trainer.settings, exploded):
        trial = Trainer(settings, trainer.own)
        for epoch in range(1, epochs + 1):
            if trial.train():
                break
            if trial.losses[-1] < goal:
                reached = number(trial.losses[-1], 3)
                yield f"{trouble} In a trial from the start, {name} reached C = {reached} in {epoch} epochs, {meaning}."
                return
            yield ""
        names.append(name)
    best = number(float(np.min(trainer.losses)), 3)
    yield f"{trouble} In trials of {epochs} epochs, none of these came far below {best}: {', '.join(names)}."
