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

    @traitlets.validate("value")
    def _validate_value(self, proposal: Any) -> Any:
        value = proposal["value"]
        if value is None or value in self._options_values:
            return value
        self.complain(
            f"{self.description} must be one of {', '.join(map(str, self._options_values))}; got {value!r}. "
            f"It stays {self.value}."
        )
        return self.value


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
