"""The playground's controls: one for each setting of its training run."""

from collections.abc import Callable
from typing import Any

import ipywidgets
import traitlets

from ..datasets import TOYS
from .controls import Choice, Count, Slider, Whole
from .trainer import OPTIMIZERS, OWN

__all__ = ["HIDDEN", "LOSSES", "WIDE", "WIDEST", "Widths", "setting_controls"]

HIDDEN = ("identity", "sigmoid", "tanh", "relu", "leaky_relu", "softplus", "elu", "gelu")
LOSSES = ("binary_cross_entropy", "cross_entropy", "squared_error", "softmax_cross_entropy")
ETAS = [digit * 10.0**power for power in range(-4, 2) for digit in (1, 2, 5)] + [100.0]
LAMBDAS = [0.0] + [digit * 10.0**power for power in range(-4, 0) for digit in (1, 2, 5)]
WIDEST, DEEPEST = 8, 4
"""Units that a layer may have, and hidden layers that there may be."""
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


def setting_controls() -> dict[str, Any]:
    """Return one control for each of `Settings`, by its name."""
    wide = WIDE
    return {
        "dataset": Choice(options=[*TOYS, OWN], description="data", **wide),
        "noise": Slider(min=0, max=0.4, step=0.02, description="noise", **wide),
        "share": Slider(min=0, max=0.8, step=0.05, description="test share", **wide),
        "depth": Count(min=0, max=DEEPEST, description="layers", **wide),
        "width": Count(min=1, max=WIDEST, description="units each", **wide),
        "hidden": Choice(options=HIDDEN, description="activation", **wide),
        "loss": Choice(options=LOSSES, description="loss", **wide),
        "seed": Whole(min=0, max=9999, description="seed", **wide),
        "optimizer": Choice(options=list(OPTIMIZERS), description="optimizer", **wide),
        "eta": Choice(options=[(f"{eta:g}", float(f"{eta:g}")) for eta in ETAS], description="eta", **wide),
        "lmbda": Choice(options=[(f"{k:g}", float(f"{k:g}")) for k in LAMBDAS], description="lambda", **wide),
        "batch_size": Choice(options=[1, 2, 4, 8, 16, 32, 64, 128, 256], description="batch size", **wide),
    }
