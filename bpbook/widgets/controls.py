"""Controls that refuse what they cannot be, in words, and keep the value they had."""

from collections.abc import Callable
from typing import Any

import ipywidgets
import traitlets

__all__ = ["Choice", "Count", "Field", "Message", "Slider", "Whole", "button", "code"]


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


class Field(_Refusing, ipywidgets.BoundedFloatText):
    """A number between two bounds, typed."""


class Whole(_Refusing, ipywidgets.BoundedIntText):
    """A whole number between two bounds, typed."""


class Choice(ipywidgets.Dropdown):
    """One of several names."""

    complain: Callable[[str], None] = staticmethod(lambda text: None)
    _exchanging = True  # until it is made, and while its options are exchanged, there may be no value

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self._exchanging = False

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

    def __init__(self) -> None:
        super().__init__()
        self.add_class("bpbook-message")
        self.say("")

    def say(self, text: str) -> None:
        """Show this text in place of the one before."""
        self.text = text
        self.value = f'<span role="alert">{text}</span>'


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
