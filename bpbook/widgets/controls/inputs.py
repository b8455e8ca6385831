"""Controls that refuse what they cannot be, in words, and keep the value they had."""

import html
import time
from collections.abc import Callable
from typing import Any

import ipywidgets
import numpy as np
import traitlets

from .words import read

__all__ = ["Choice", "Count", "Message", "Slider", "Typed", "Whole", "button", "code"]

KINDS: dict[type[float], str] = {float: "number", int: "whole number"}
READ = 4.0
"""Seconds for which a refusal can be read while something runs."""


class _Refusing(traitlets.HasTraits):
    """A value outside of min and max, set from Python, is refused instead of being bent to the nearest legal one."""

    complain: Callable[[str], None] = staticmethod(lambda text: None)

    @traitlets.validate("value")
    def _validate_value(self, proposal: Any) -> Any:
        value, low, high = proposal["value"], self.min, self.max  # type: ignore[attr-defined]
        if low <= value <= high:
            return value
        name = self.tooltip or self.description  # type: ignore[attr-defined]
        self.complain(f"{name} must be from {low:g} to {high:g}; got {value:g}. It stays {self.value:g}.")  # type: ignore[attr-defined]
        return self.value  # type: ignore[attr-defined]


class Slider(_Refusing, ipywidgets.FloatSlider):
    """A number between two bounds."""


class Count(_Refusing, ipywidgets.IntSlider):
    """A whole number between two bounds."""


def _seen(value: float, _: object) -> str:
    """Return the text that the browser shows of a number: at most six digits, never -0."""
    return f"{value + 0:.6g}"


def _meant(text: str, control: "Typed") -> float:
    """Return the number that was typed; what is still as it was shown keeps all its digits."""
    if text == _seen(control.value, control):
        return control.value
    return control.judged(text if control.kind is int and "," in text else read(text))  # 1,000 is not 1


class Typed(ipywidgets.Text):
    """A number between two bounds, typed. What it cannot be is refused in words, from Python and in the browser.

    `refused` keeps these words until they are taken or a number is accepted.
    """

    complain: Callable[[str], None] = staticmethod(lambda text: None)
    value: Any = traitlets.Any(0.0).tag(sync=True, to_json=_seen, from_json=_meant)
    kind: type[float] = float
    refused = ""

    def __init__(self, value: float = 0.0, *, min: float, max: float, **settings: Any) -> None:
        self.min, self.max = min, max
        super().__init__(value=value, continuous_update=False, **settings)

    def judged(self, value: Any) -> float:
        """Return the number, or the one there was, with words, where it cannot be."""
        is_number, self.refused = isinstance(value, int | float | np.number), ""
        if is_number and self.min <= value <= self.max and value == self.kind(value):
            return self.kind(value)
        name, of_kind = self.tooltip or self.description.removesuffix(" ="), is_number and not value % 1 > 0
        what, got = "" if of_kind else f"a {KINDS[self.kind]} ", f"{value:g}" if is_number else repr(str(value)[:40])
        self.refused = f"{name} must be {what}from {self.min:g} to {self.max:g}; got {got}. It stays {self.value:.6g}."
        self.complain(self.refused)
        self.send_state("value")  # the browser still has what was typed
        return self.kind(self.value)

    @traitlets.validate("value")
    def _validate_value(self, proposal: Any) -> Any:
        return self.judged(proposal["value"])


class Whole(Typed):
    """A whole number between two bounds, typed."""

    kind = int


class Choice(ipywidgets.Dropdown):
    """One of several names."""

    complain: Callable[[str], None] = staticmethod(lambda text: None)
    _exchanging = True  # until it is made, and while its options are exchanged, there may be no value

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self._exchanging = False

    @property
    def offered(self) -> tuple[Any, ...]:
        """The values that can be chosen."""
        return tuple(self._options_values)

    def exchange(self, options: list[tuple[str, Any]]) -> None:
        """Offer other options; where the value is none of them any more, the first one is chosen."""
        kept = self.value  # type: ignore[has-type]
        if list(zip(self._options_labels, self._options_values, strict=True)) != options:
            self._exchanging = True
            self.options = options
            self.value = kept if kept in dict(options).values() else options[0][1]
            self._exchanging = False

    @traitlets.validate("value")
    def _validate_value(self, proposal: Any) -> Any:
        if self._exchanging or proposal["value"] in self._options_values:
            return proposal["value"]
        self._refuse(proposal["value"], self.label)
        return self.value

    @traitlets.observe("value")
    def _propagate_value(self, change: Any) -> None:
        if change["new"] is None and not self._exchanging:  # None is not validated
            self.value = change["old"]
            self._refuse(None, self.label)
        else:
            super()._propagate_value(change)

    def _refuse(self, value: object, kept: str) -> None:
        names = ", ".join(self._options_labels)
        self.complain(f"{self.description} must be one of {names}; got {value!r}. It stays {kept}.")


class Message(ipywidgets.HTML):
    """What went wrong, or what was done; screen readers read it aloud."""

    _until = 0.0

    def __init__(self) -> None:
        super().__init__()
        self.add_class("bpbook-message")
        self.say("")

    def say(self, text: str, passing: bool = False) -> None:
        """Show this text in place of the one before; what a run says in passing leaves a refusal time to be read."""
        if passing and time.monotonic() < self._until:
            return
        self.text, self._until = text, 0.0
        self.value = f'<span role="alert">{text}</span>'

    def refuse(self, text: str) -> None:
        """Show why something that was typed or chosen cannot be. What was typed is no HTML."""
        self.say(html.escape(text, quote=False))
        self._until = time.monotonic() + READ


def button(text: str, tooltip: str, act: Callable[[], None], main: bool = False) -> ipywidgets.Button:
    """Return a button that calls `act`."""
    made = ipywidgets.Button(
        description=text, tooltip=tooltip, layout={"width": "auto"}, button_style="primary" if main else ""
    )
    made.on_click(lambda _: act())
    return made


def code() -> tuple[ipywidgets.HTML, ipywidgets.Accordion]:
    """Return a place for lines of code, and the fold that it stands in."""
    text = ipywidgets.HTML()
    return text, ipywidgets.Accordion([text], titles=("The lines of bpbook that make these numbers",))
