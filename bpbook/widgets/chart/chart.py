"""The chart: a patient, the checks that were ordered, the numbers of the last one, and a diagnosis."""

import html
from typing import Any

import ipywidgets
import numpy as np
from matplotlib.axes import Axes

from ... import checks
from ...clinic import CHECKS, PATIENTS, TOLERANCE, Finding, Patient, Program, examine
from ...plots import NEGATIVE, NEUTRAL, POSITIVE
from ..controls.inputs import Choice, Message, button, code
from ..views.figure_view import FigureView

__all__ = ["patients_chart"]

QUESTION = "What is wrong, and in which array? Order as few checks as you need, then commit yourself."
LOSSES = ("the loss goes down", "learns twenty")
ERRORS = ("gradient", "step")
FLOOR = 1e-12
"""Relative errors are drawn from here on."""


class _Chart(ipywidgets.VBox):
    """A patient's chart; `findings` holds what the checks that were ordered have found.

    Attributes
    ----------
    findings : dict
        {name of the check: Finding}, in the order in which they were ordered.
    """

    def __init__(self, patients: dict[str, Patient]) -> None:
        self._patients = patients
        self.findings: dict[str, Finding] = {}
        self.message, self.view = Message(), FigureView(self._draw, 7.2, 2.5)
        wide: Any = {"style": {"description_width": "64px"}, "layout": {"width": "250px"}}
        mistakes = sorted({patient.mistake for patient in PATIENTS.values()})
        places = sorted({patient.place for patient in PATIENTS.values()}, key=str.lower)
        self.patient = Choice(options=list(patients), description="patient", **wide)
        self.mistake = Choice(options=mistakes, description="mistake", **wide)
        self.place = Choice(options=places, description="made in", **(wide | {"layout": {"width": "170px"}}))
        self.mended = ipywidgets.Checkbox(
            False, description="mended", indent=False, layout={"width": "90px"}, tooltip="Examine the mended program"
        )
        self.orders = {name: self._order_button(name) for name in CHECKS}
        self.diagnose_button = button("Diagnose", "Commit yourself to this mistake in this array", self.diagnose, True)
        self.rewind_button = button("Rewind", "A clean chart for this patient", self.rewind)
        self.complaint, self.table, (self.code, fold) = ipywidgets.HTML(), ipywidgets.HTML(), code()
        self.message.layout.min_height = "44px"  # so that the picture stays where it is when there is something to say
        for control in (self.patient, self.mistake, self.place):
            control.complain = self.message.refuse
        self.patient.observe(self._chosen, "value")
        self.mended.observe(self._chosen, "value")
        title = ipywidgets.HTML(f"<b>The patient's chart.</b> {QUESTION}")
        top = ipywidgets.HBox([self.patient, self.mended, self.rewind_button])
        ordered = ipywidgets.HBox(list(self.orders.values()), layout={"flex_flow": "row wrap"})
        bottom = ipywidgets.HBox([self.mistake, self.place, self.diagnose_button])
        super().__init__([title, top, self.complaint, ordered, self.table, self.view, bottom, self.message, fold])
        self.add_class("bpbook-stored")
        self.rewind()

    @property
    def program(self) -> Program:
        """The program that is examined: the sick one, or the mended one."""
        patient = self._patients[self.patient.value]
        return patient.cured if self.mended.value else patient.sick

    # What the reader can do -----------------------------------------------------------------------------------

    def order(self, name: str) -> None:
        """Run a check on the patient's program and put what it finds on the chart.

        Raises
        ------
        ValueError
            There is no such check.
        """
        self.findings |= examine(self.program, name)
        self.findings[name] = self.findings.pop(name)  # the last one stands last
        self.message.say("")
        self._show()

    def diagnose(self) -> None:
        """Judge the mistake and the array that are chosen, and tell the story of a patient who is understood."""
        patient = self._patients[self.patient.value]
        mistake, place = self.mistake.value == patient.mistake, self.place.value == patient.place
        if mistake and place:
            count = len(self.findings)
            after = f"after {count} {'check' if count == 1 else 'checks'}" if count else "without a single check"
            said = f"Right, {after}. {patient.words} It was published in {', '.join(patient.threads)}."
        elif mistake:
            said = "That is the mistake, and it is not made there."
        elif place:
            said = "That is the array, and it is another mistake."
        else:
            said = "Neither the mistake nor the array."
        self.message.say(html.escape(said))

    def rewind(self) -> None:
        """Begin a clean chart for this patient."""
        self.findings = {}
        self.message.say("")
        self._show()

    def lines(self) -> str:
        """Return the lines that make what stands on the chart."""
        which = "cured" if self.mended.value else "sick"
        names = "".join(f", {name!r}" for name in self.findings)
        lines = ["import bpbook as bp", f"program = bp.clinic.PATIENTS[{self.patient.value!r}].{which}"]
        if self.findings:
            lines.append(f"findings = bp.clinic.examine(program{names})")
            lines.append("for name, finding in findings.items():")
            lines.append('    print("ALARM" if finding.alarm else "quiet", name, finding.words)')
        return "\n".join(lines)

    # How that is done -----------------------------------------------------------------------------------------

    def _order_button(self, name: str) -> ipywidgets.Button:
        tooltip = (CHECKS[name].__doc__ or "").split("\n")[0]
        return button(name, tooltip, lambda: self.order(name))

    def _chosen(self, change: Any) -> None:
        if change["new"] is not None:
            self.rewind()

    def _show(self) -> None:
        patient = self._patients[self.patient.value]
        state = " <i>(mended)</i>" if self.mended.value else ""
        self.complaint.value = f'<div style="line-height: 1.35">{html.escape(patient.complaint)}{state}</div>'
        rows = "".join(
            f"<tr><td>{'⚠ alarm' if finding.alarm else 'quiet'}</td><td><b>{html.escape(name)}</b></td>"
            f"<td>{html.escape(finding.words)}</td></tr>"
            for name, finding in self.findings.items()
        )
        empty = "<tr><td><i>No check has been ordered yet.</i></td></tr>"
        self.table.value = f'<table style="line-height: 1.3; border-spacing: 10px 0">{rows or empty}</table>'
        self.code.value = f"<pre>{html.escape(self.lines())}</pre>"
        self.view.show(*(next(reversed(self.findings.items())) if self.findings else ("", None)))

    def _draw(self, ax: Axes, name: str, finding: Finding | None) -> str:
        """Draw the numbers of the last check."""
        ax.set_position((0.16, 0.19, 0.81, 0.77))  # room for the longest name, whatever is drawn first
        if finding is None:
            ax.set(xlim=(0, 1), ylim=(0, 1), xticks=[], yticks=[], xlabel="")
            ax.text(0.5, 0.5, "Order a check: its numbers are drawn here.", ha="center", va="center", color=NEUTRAL)
            return "An empty chart. Order a check: its numbers are drawn here."
        color = NEGATIVE if finding.alarm else POSITIVE
        labels, values = list(finding.shown), np.array(list(finding.shown.values()), dtype=float)
        drawn = np.nan_to_num(values, nan=0.0, posinf=0.0, neginf=0.0)
        if name in LOSSES:
            ax.plot(range(len(drawn)), drawn, color=color, marker="o", markersize=3)
            ax.set(xlim=(-0.5, len(drawn) - 0.5), ylim=(0, 1.1 * drawn.max()), yticks=[0, float(f"{drawn.max():.1g}")])
            step = 1 if name == LOSSES[0] else 20
            ax.set_xticks([0, len(drawn) - 1], ["0", f"{step * (len(drawn) - 1)} epochs"])
            ax.set_xlabel(f"{name}: the training loss")
        else:
            if name in ERRORS:
                drawn = np.log10(np.maximum(drawn, FLOOR)) - np.log10(FLOOR)
            rows = np.arange(len(drawn))[::-1]
            top = max(drawn.max(), 1.0) if name not in ERRORS else -np.log10(FLOOR)
            colors = [NEGATIVE if value > TOLERANCE else POSITIVE for value in values] if name in ERRORS else color
            ax.barh(rows, drawn, height=0.7, color=colors)
            for row, length, value in zip(rows, drawn, values, strict=True):
                ax.text(max(length, 0) + 0.01 * top, row, f"{value:.3g}", va="center", fontsize=9)
            ax.set(xlim=(min(0.0, 1.1 * drawn.min()), 1.15 * top), ylim=(-0.6, len(drawn) - 0.4), xticks=[])
            ax.set_yticks(rows, labels)
            ax.set_xlabel(f"{name}: relative error, on a logarithmic scale" if name in ERRORS else name)
        numbers = ", ".join(f"{label} {value:.3g}" for label, value in zip(labels, values, strict=True))
        if name in LOSSES:
            numbers = f"from {values[0]:.3g} to {values[-1]:.3g}"
        return f"{name}: {'alarm' if finding.alarm else 'quiet'}, {finding.words}.\n{numbers}."

    def __repr__(self) -> str:
        alarms = sum(finding.alarm for finding in self.findings.values())
        return f"[experiment] the patient's chart; {self.patient.value}, {len(self.findings)} checks, {alarms} alarms"


def patients_chart(patients: dict[str, Patient] | None = None) -> ipywidgets.VBox:
    """Return the experiment of chapter 16: choose a patient, order checks, and make a diagnosis.

    Parameters
    ----------
    patients : dict, optional
        Some of `bp.clinic.PATIENTS`, by name; all of them unless you say otherwise.

    Raises
    ------
    TypeError
        These are no patients.
    ValueError
        There are none.

    Examples
    --------
    >>> patients_chart()
    [experiment] the patient's chart; the derivative, 0 checks, 0 alarms
    """
    chosen = PATIENTS if patients is None else patients
    if not isinstance(chosen, dict) or not all(isinstance(patient, Patient) for patient in chosen.values()):
        raise TypeError(
            f"patients must be a dictionary of patients by name; got {checks.shown(chosen)}. "
            'Pass {"the quiz": bp.clinic.PATIENTS["the quiz"]}, for example.'
        )
    if not chosen:
        raise ValueError("patients must hold at least one patient; got none. Leave it out to see them all.")
    return _Chart(chosen)
