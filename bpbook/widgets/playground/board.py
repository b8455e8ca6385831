"""The playground's controls: one for each setting of its training run."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import ipywidgets
import traitlets

from ...datasets import FEATURES, TOYS, VALUED
from ..controls.inputs import Choice, Count, Slider, Whole
from .pictures import INPUT_NAMES
from .training.settings import DEEPEST, ETAS, OPTIMIZERS, OWN, OWN_VALUES, WIDEST, Settings

__all__ = ["HIDDEN", "LOSSES", "Inputs", "SettingControls", "Widths"]

HIDDEN = ("identity", "sigmoid", "tanh", "relu", "leaky_relu", "softplus", "elu", "gelu", "softsign")
LOSSES = ("binary_cross_entropy", "cross_entropy", "squared_error", "softmax_cross_entropy")
LAMBDAS = [("0", 0.0)] + [(f"{k:g}", k) for k in (float(f"{n}e{e}") for e in range(-4, 0) for n in (1, 2, 5))]
WIDE: dict[str, Any] = {"layout": {"width": "246px"}, "style": {"description_width": "72px"}}


def _meant(text: str, control: "Widths") -> tuple[int, ...]:
    return control.judged(text)


class Widths(ipywidgets.Text):
    """How many units each hidden layer has, typed as numbers with spaces between them, as 4 2."""

    complain: Callable[[str], None] = staticmethod(lambda text: None)
    value: Any = traitlets.Any(()).tag(sync=True, to_json=lambda widths, _: _spaced(widths), from_json=_meant)

    def judged(self, value: Any) -> tuple[int, ...]:
        """Return the widths, or those there were, with words, where they cannot be."""
        words = value.replace(",", " ").split() if isinstance(value, str) else value
        try:
            widths = tuple(int(word) for word in words)
        except (TypeError, ValueError):
            widths = (0,)
        if len(widths) <= DEEPEST and all(1 <= width <= WIDEST for width in widths):
            return widths
        self.complain(
            f"{self.description} must be at most {DEEPEST} whole numbers from 1 to {WIDEST}, such as 4 2; got "
            f"{str(value)[:40]!r}. It stays {_spaced(self.value) or 'empty'}."
        )
        self.send_state("value")  # the browser still has what was typed
        return tuple(self.value)

    @traitlets.validate("value")
    def _validate_value(self, proposal: Any) -> Any:
        return self.judged(proposal["value"])


def _spaced(widths: tuple[int, ...]) -> str:
    return " ".join(map(str, widths))


class Inputs(ipywidgets.Box):
    """Which of `datasets.FEATURES` the network is given: a box to tick for each, of which one must stay ticked."""

    complain: Callable[[str], None] = staticmethod(lambda text: None)
    value: Any = traitlets.Tuple(("x0", "x1"))

    def __init__(self) -> None:
        self.boxes = {
            name: ipywidgets.Checkbox(
                description=shown, tooltip=f"input {shown}", indent=False, layout={"width": "auto"}
            )
            for name, shown in INPUT_NAMES.items()
        }
        super().__init__([ipywidgets.Label("inputs"), *self.boxes.values()])
        self.add_class("bpbook-inputs")
        self._show()
        for box in self.boxes.values():
            box.observe(self._ticked, "value")

    def _ticked(self, _: object) -> None:
        if not self._moving:
            self.value = tuple(name for name, box in self.boxes.items() if box.value)
            self._show()

    @traitlets.validate("value")
    def _validate_value(self, proposal: Any) -> tuple[str, ...]:
        names = proposal["value"]
        if names and set(names) <= set(FEATURES):
            return tuple(name for name in FEATURES if name in names)
        self.complain(f"inputs must be at least one of {', '.join(FEATURES)}; got {names!r}. They stay as they were.")
        return tuple(self.value)

    @traitlets.observe("value")
    def _show(self, _: object = None) -> None:
        self._moving = True
        for name, box in self.boxes.items():
            box.value = name in self.value
        self._moving = False


class SettingControls(ipywidgets.Box):
    """A control for each of `Settings`, by its name, and a field for a width of every layer.

    The one for `inputs` stands elsewhere, as it needs a line of its own.
    """

    def __init__(self) -> None:
        self.widths = Widths(description="widths", continuous_update=False, **WIDE)
        self.by_name: dict[str, Any] = {
            "dataset": Choice(options=[*TOYS, *VALUED, OWN, OWN_VALUES], description="data", **WIDE),
            "noise": Slider(min=0, max=0.4, step=0.02, description="noise", **WIDE),
            "share": Slider(min=0, max=0.8, step=0.05, description="test share", **WIDE),
            "inputs": Inputs(),
            "depth": Count(min=0, max=DEEPEST, description="layers", **WIDE),
            "width": Count(min=1, max=WIDEST, description="units each", **WIDE),
            "hidden": Choice(options=HIDDEN, description="activation", **WIDE),
            "loss": Choice(options=LOSSES, description="loss", **WIDE),
            "seed": Whole(min=0, max=9999, description="seed", **WIDE),
            "optimizer": Choice(options=list(OPTIMIZERS), description="optimizer", **WIDE),
            "eta": Choice(options=[(f"{eta:g}", eta) for eta in ETAS], description="eta", **WIDE),
            "lmbda": Choice(options=LAMBDAS, description="L2 lambda", **WIDE),
            "lmbda_1": Choice(options=LAMBDAS, description="L1 lambda", **WIDE),
            "batch_size": Choice(options=[1, 2, 4, 8, 16, 32, 64, 128, 256], description="batch size", **WIDE),
        }
        column = [control for name, control in self.by_name.items() if name != "inputs"]
        column.insert(column.index(self.by_name["width"]) + 1, self.widths)
        super().__init__(column)
        self.add_class("bpbook-settings")

    def check(self, settings: Settings) -> None:
        """Raise a ValueError that names what no control can be."""
        for name, control in self.by_name.items():
            value = getattr(settings, name)
            if isinstance(control, Inputs):
                fits = bool(value) and set(value) <= set(FEATURES)
            elif isinstance(control, Choice):
                fits = value in (LOSSES if name == "loss" else control.offered)
            else:
                fits = isinstance(value, int | float) and control.min <= value <= control.max
            if not fits:
                raise ValueError(f"{name} cannot be {value!r}")

    def all(self) -> list[Any]:
        """Return every control."""
        return [*self.by_name.values(), self.widths]

    def settings(self, moved: Any, before: Settings) -> Settings:
        """Return the settings of before with what the control that was moved says now.

        Another control may have been moved as well, and will be heard next; it is not asked here.
        """
        if moved is self.widths:
            widths = moved.value
            even = replace(before, widths=(), depth=len(widths), width=widths[0] if widths else before.width)
            return even if even.layers() == widths else replace(even, widths=widths)
        name = next(name for name, control in self.by_name.items() if control is moved)
        changes: dict[str, Any] = {name: moved.value} | ({"widths": ()} if name in ("depth", "width") else {})
        return replace(before, **changes)

    def show(self, settings: Settings, before: Settings | None = None, moved: Any = None) -> None:
        """Let the controls say what the settings are: all, or only those that say something else than before.

        The one that was moved is left alone, as it may have been moved on.
        """
        losses = [settings.measure] if settings.valued else LOSSES
        self.by_name["loss"].exchange([(name, name) for name in losses])
        now, then = _said(settings), _said(before) if before else {}
        for name, control in (self.by_name | {"widths": self.widths}).items():
            if control is not moved and (name not in then or now[name] != then[name]):
                control.value = now[name]
        self.by_name["noise"].disabled = settings.dataset in (OWN, OWN_VALUES)


def _said(settings: Settings) -> dict[str, Any]:
    """Return what each control says of these settings."""
    return vars(settings) | {"loss": settings.measure, "widths": settings.layers()}
