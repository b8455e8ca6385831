"""bpbook: a textbook on backpropagation that runs.

    import bpbook as bp
    net   = bp.MLP([64, 32, 10], hidden="relu", loss="softmax_cross_entropy", seed=0)
    cache = net.forward(x)          # 1 Feedforward
    C     = net.loss(cache, y)      # 2 Calculate Loss
    grads = net.backward(cache, y)  # 3 Backward Pass
    net.update(grads, eta=0.1)      # 4 Update Weights

The chain rule itself is in `bpbook/backprop.py`: read that first. Only NumPy is loaded here; plots, data sets,
widgets and exercises come on first use.
"""

import importlib
from typing import Any

from . import activations, backprop, checks, gradcheck, initializers, losses, mlp, optimizers, training
from .activations import Activation
from .backprop import Cache, Grads, Params, backward, forward, total_loss
from .gradcheck import (
    GradientReport,
    check_gradients,
    complex_step_gradient,
    numerical_gradient,
    relative_error,
)
from .losses import Loss, softmax
from .mlp import MLP, input_gradient
from .optimizers import Adam, GradientDescent, Momentum, Optimizer, RMSProp, clip_by_norm
from .training import History

__version__ = "0.1.0"
_ON_FIRST_USE = {
    "check_layer": "layercheck",
    "checkpointed_backward": "cost",
    "classics": "classics",
    "clinic": "clinic",
    "cost": "cost",
    "count_cost": "cost",
    "datasets": "datasets",
    "driving": "driving",
    "evaluation": "evaluation",
    "exercises": "exercises",
    "explain": "paths",
    "graph": "graph",
    "landscape": "landscape",
    "layers": "layers",
    "parallel": "parallel",
    "paths": "paths",
    "plots": "plots",
    "widgets": "widgets",
}
__all__ = [
    "MLP",
    "Activation",
    "Adam",
    "Cache",
    "GradientDescent",
    "GradientReport",
    "Grads",
    "History",
    "Loss",
    "Momentum",
    "Optimizer",
    "Params",
    "RMSProp",
    "activations",
    "backprop",
    "backward",
    "check_gradients",
    "checks",
    "clip_by_norm",
    "complex_step_gradient",
    "forward",
    "gradcheck",
    "initializers",
    "input_gradient",
    "losses",
    "mlp",
    "numerical_gradient",
    "optimizers",
    "relative_error",
    "softmax",
    "total_loss",
    "training",
]


def __getattr__(name: str) -> Any:
    if name not in _ON_FIRST_USE:
        raise AttributeError(f"module 'bpbook' has no attribute {name!r}")
    module = importlib.import_module(f".{_ON_FIRST_USE[name]}", __name__)
    return module if name == _ON_FIRST_USE[name] else getattr(module, name)


def __dir__() -> list[str]:
    return sorted([*globals(), *_ON_FIRST_USE])
