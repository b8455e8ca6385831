"""Chapter 11: one dot a person, a line that decides who is called back, and what that means elsewhere."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import anywidget
import numpy as np
import traitlets
from numpy.typing import ArrayLike, NDArray

from ... import checks
from ..views import front_end

__all__ = ["waiting_room"]

QUESTION = "Where must the line be so that nobody with cancer is sent home, and who pays for that?"
FURTHEST = 9.2
"""The axis ends at these logits, -9.2 and 9.2: one in ten thousand from certainty on either side."""
LOWEST, HIGHEST = 1e-4, 1 - 1e-4
SCREENING = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5]
"""Prevalences at which the slider stands, besides that of the people who were given."""

LINES = """import bpbook as bp
from sklearn.metrics import confusion_matrix
p = bp.activations.sigmoid({z})  # the z and y that were given
(rest, alarms), (missed, found) = confusion_matrix(y, p >= {threshold})
sensitivity, specificity = found / (found + missed), rest / (rest + alarms)
prevalence = {prevalence}
called_back = prevalence * sensitivity + (1 - prevalence) * (1 - specificity)
ppv = prevalence * sensitivity / called_back
npv = (1 - prevalence) * specificity / (1 - called_back)
"""


class _WaitingRoom(anywidget.AnyWidget):
    """People with their logits; the browser draws them and counts, and Python counts the same.

    Attributes
    ----------
    threshold : float
        Whoever has at least this probability of cancer is called back.
    prevalence : float
        The share of people with cancer in the room that the predictive values speak of.
    microscope : float
        How long lengths come out; one of the scales that were given.
    counts : dict
        found, missed, alarms (called back without cancer) and rest (sent home without cancer).
    rates : dict
        sensitivity, specificity, ppv and npv; the last two at `prevalence`, and nan where nobody is called back, or
        nobody sent home.
    """

    _esm = front_end.module(Path(__file__).with_name("room"))
    _css = front_end.css(Path(__file__).with_name("room"))

    title = traitlets.Unicode("The waiting room").tag(sync=True)
    question = traitlets.Unicode(QUESTION).tag(sync=True)
    state = traitlets.Dict().tag(**front_end.AS_TEXT)
    threshold = traitlets.Float(0.5).tag(sync=True)
    prevalence = traitlets.Float(0.5).tag(sync=True)
    microscope = traitlets.Float(1.0).tag(sync=True)
    message = traitlets.Unicode().tag(sync=True)

    def __init__(self, z: Mapping[float, ArrayLike] | ArrayLike, y: ArrayLike) -> None:
        seen = {float(scale): value for scale, value in z.items()} if isinstance(z, Mapping) else {1.0: z}
        if 1.0 not in seen:
            raise ValueError(f"z must hold the logits at microscope 1.0; got {sorted(seen)}. Add z[1.0].")
        self._y = _answers(y)
        self._z = {scale: _logits(seen[scale], len(self._y), scale) for scale in sorted(seen)}
        share = float(self._y.mean())
        self._first = {"threshold": 0.5, "prevalence": round(share, 6), "microscope": 1.0}
        state = {
            "scales": list(self._z),
            "z": [values.tolist() for values in self._z.values()],
            "y": self._y.tolist(),
            "prevalences": sorted({*SCREENING, self._first["prevalence"]}),
            "furthest": FURTHEST,
            "first": self._first,
            "lines": LINES,
        }
        super().__init__(state=state, **self._first)

    @property
    def counts(self) -> dict[str, int]:
        """How many people are found, missed, called back for nothing, and rightly sent home."""
        called = self._z[self.microscope] >= np.log(self.threshold / (1 - self.threshold))
        has = self._y == 1
        groups = {"found": called & has, "missed": ~called & has, "alarms": called & ~has, "rest": ~called & ~has}
        return {name: int(group.sum()) for name, group in groups.items()}

    @property
    def rates(self) -> dict[str, float]:
        """Sensitivity and specificity of these people, and what they are worth at the prevalence that is set."""
        found, missed, alarms, rest = self.counts.values()
        sensitivity, specificity = found / (found + missed), rest / (rest + alarms)
        ill, well = self.prevalence, 1 - self.prevalence
        called = ill * sensitivity + well * (1 - specificity)
        home = ill * (1 - sensitivity) + well * specificity
        ppv = ill * sensitivity / called if called else float("nan")
        npv = well * specificity / home if home else float("nan")
        return {"sensitivity": sensitivity, "specificity": specificity, "ppv": ppv, "npv": npv}

    def rewind(self) -> None:
        """Put the line to 1/2, and the people back into the clinic and under the microscope they came from."""
        with self.hold_sync():
            for name, value in self._first.items():
                setattr(self, name, value)
            self.message = ""

    def lines(self) -> str:
        """Return the lines that make the numbers shown, from the z and y that were given."""
        z = "z" if len(self._z) == 1 else f"z[{self.microscope!r}]"
        return LINES.format(z=z, threshold=repr(self.threshold), prevalence=repr(self.prevalence))

    @traitlets.validate("threshold", "prevalence")
    def _between(self, proposal: Any) -> float:
        """Keep a share between 0 and 1, or leave it as it was and say so."""
        name, value = proposal["trait"].name, proposal["value"]
        if LOWEST <= value <= HIGHEST:
            return float(value)
        self.message = (
            f"{name} must be from {LOWEST:g} to {HIGHEST:g}; got {value:g}. It stays {getattr(self, name):g}."
        )
        return float(getattr(self, name))

    @traitlets.validate("microscope")
    def _given(self, proposal: Any) -> float:
        """Keep to the microscopes for which there are logits."""
        if proposal["value"] in self._z:
            return float(proposal["value"])
        known = ", ".join(f"{scale:g}" for scale in self._z)
        self.message = f"microscope must be one of {known}; got {proposal['value']:g}. It stays {self.microscope:g}."
        return self.microscope

    def __repr__(self) -> str:
        counts, ppv = self.counts, self.rates["ppv"]
        return (
            f"[experiment] the waiting room; {counts['missed']} of {counts['found'] + counts['missed']} missed, "
            f"{counts['alarms']} false alarms, PPV {ppv:.3g} at a prevalence of {self.prevalence:g}"
        )


def _answers(y: ArrayLike) -> NDArray[np.int64]:
    """Return who has cancer, as 0 and 1, with at least one of each."""
    answers = checks.targets(y, np.size(y), 1, "zeros and ones")[:, 0]
    if set(answers.tolist()) != {0.0, 1.0}:
        raise ValueError(f"y must hold 0 and 1, at least one of each; got {sorted(set(answers.tolist()))[:4]}.")
    return answers.astype(np.int64)


def _logits(z: ArrayLike, m: int, scale: float) -> NDArray[np.float64]:
    """Return the logits of m people, as the browser gets them: to three decimals."""
    if callable(getattr(z, "forward", None)):
        raise TypeError("z must hold logits, not a network. Pass net.forward(x).z[-1][:, 0].")
    values = checks.numeric("z", z)
    values = values[:, 0] if values.ndim == 2 and values.shape[1] == 1 else values
    if values.shape != (m,):
        raise ValueError(
            f"z must hold one logit for each of the {m} people of y; got shape {values.shape} at microscope {scale:g}."
        )
    lacking = np.flatnonzero(~np.isfinite(values))
    if len(lacking):
        raise ValueError(
            f"z must be a number for everybody; got {values[lacking[0]]} for person {lacking[0]}. "
            "Fill in the missing measurement before the network reads it, or leave that person out of z and y."
        )
    return np.asarray(np.round(values, 3) + 0.0, dtype=np.float64)


def waiting_room(z: Mapping[float, ArrayLike] | ArrayLike, y: ArrayLike) -> _WaitingRoom:
    """Return the experiment of chapter 11: move the threshold, the prevalence and the microscope, and count.

    Parameters
    ----------
    z : array of shape (m,), or a dictionary of them
        The logits with which each person was judged, by a network that had not seen them. A dictionary holds them
        for several microscopes: `{1.0: z, 0.9: z_small}`, where 0.9 stands for lengths that come out 10 % too small.
    y : array of shape (m,)
        1 for people with cancer, 0 for people without.

    Raises
    ------
    ValueError
        Somebody has no logit, z and y do not fit together, y has one class only, or microscope 1.0 is missing.
    TypeError
        z holds no numbers, or is a network.

    Examples
    --------
    >>> waiting_room([-3.0, -1.0, 0.5, -0.5, 2.0], [0, 0, 0, 1, 1])
    [experiment] the waiting room; 1 of 2 missed, 1 false alarms, PPV 0.5 at a prevalence of 0.4
    """
    return _WaitingRoom(z, y)
