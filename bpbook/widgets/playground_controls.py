"""The playground's controls: one for each setting of its training run."""

from typing import Any

from ..datasets import TOYS
from .controls import Choice, Count, Slider, Whole
from .trainer import OPTIMIZERS, OWN

__all__ = ["HIDDEN", "LOSSES", "WIDEST", "setting_controls"]

HIDDEN = ("identity", "sigmoid", "tanh", "relu", "leaky_relu", "softplus", "elu", "gelu")
LOSSES = ("binary_cross_entropy", "cross_entropy", "squared_error", "softmax_cross_entropy")
ETAS = [digit * 10.0**power for power in range(-4, 2) for digit in (1, 2, 5)] + [100.0]
LAMBDAS = [0.0] + [digit * 10.0**power for power in range(-4, 0) for digit in (1, 2, 5)]
WIDEST = 8
"""Units that a layer may have."""


def setting_controls() -> dict[str, Any]:
    """Return one control for each of `Settings`, by its name."""
    wide: Any = {"layout": {"width": "246px"}, "style": {"description_width": "72px"}}
    return {
        "dataset": Choice(options=[*TOYS, OWN], description="data", **wide),
        "noise": Slider(min=0, max=0.4, step=0.02, description="noise", **wide),
        "share": Slider(min=0, max=0.8, step=0.05, description="test share", **wide),
        "depth": Count(min=0, max=4, description="layers", **wide),
        "width": Count(min=1, max=WIDEST, description="units each", **wide),
        "hidden": Choice(options=HIDDEN, description="activation", **wide),
        "loss": Choice(options=LOSSES, description="loss", **wide),
        "seed": Whole(min=0, max=9999, description="seed", **wide),
        "optimizer": Choice(options=list(OPTIMIZERS), description="optimizer", **wide),
        "eta": Choice(options=[(f"{eta:g}", float(f"{eta:g}")) for eta in ETAS], description="eta", **wide),
        "lmbda": Choice(options=[(f"{k:g}", float(f"{k:g}")) for k in LAMBDAS], description="lambda", **wide),
        "batch_size": Choice(options=[1, 2, 4, 8, 16, 32, 64, 128, 256], description="batch size", **wide),
    }
