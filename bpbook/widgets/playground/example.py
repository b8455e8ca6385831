"""One example of a training run, at one moment: forward and back through the network, and what a step would do."""

import copy
from collections.abc import Callable, Sequence
from typing import Any

import ipywidgets
import numpy as np
from numpy.typing import NDArray

from ...mlp import MLP
from ..controls.inputs import button
from ..controls.words import number
from ..views.network import NetworkDiagram
from ..views.network.diagram import copied
from .training.trainer import Trainer

__all__ = ["OneExample", "losses_of_a_step"]

Examples = tuple[NDArray[Any], NDArray[Any]]
QUESTION = "Which weights would this one example change, and does its step help the others as well?"


class OneExample(ipywidgets.VBox):
    """A copy of the network as it is now, stepped forward and back with one example, and the losses beside it.

    Parameters
    ----------
    back : callable
        Is called when the reader goes back to training.

    Attributes
    ----------
    diagram : NetworkDiagram or None
        While an example is shown.
    """

    def __init__(self, back: Callable[[], None]) -> None:
        self.diagram: NetworkDiagram | None = None
        self.title, self.losses = ipywidgets.HTML(), ipywidgets.HTML()
        self.back_button = button("Back to training", "Training goes on from where it was left", back, main=True)
        super().__init__(layout={"display": "none"})

    def follow(self, trainer: Trainer, k: int, test: bool = False) -> None:
        """Show example k of the training points, or of those held out."""
        x, y = trainer.examples(test)
        x_all, y_all = trainer.examples()
        rows = trainer.next_batch(None if test else k)
        self._sets: list[Examples] = [(x[k : k + 1], y[k : k + 1]), (x_all[rows], y_all[rows]), (x_all, y_all)]
        point, s = (trainer.x_test if test else trainer.x)[k], trainer.settings
        kind = f"value {number(y[k], 3)}" if s.valued else f"class {y[k]}"
        where = f"point {k} of {len(x)} {'held out, so that no step comes from it' if test else 'trained on'}"
        self.title.value = (
            f"<b>One example at epoch {trainer.epoch}:</b> x₀ = {number(point[0], 3)}, x₁ = {number(point[1], 3)}, "
            f"{kind}; {where}. Try what you like here: this network is a copy, so training will not notice."
        )
        batch = f"of {'the next' if test else 'its next'} batch of {len(rows)}"
        self._heads = ["of this example", batch, f"of all {len(x_all)} trained on"]
        self.diagram = NetworkDiagram(trainer.net, *self._sets[0], title="", question=QUESTION)
        self.diagram.set_eta(s.eta)
        self.diagram.step, self.diagram.show = len(trainer.net.sizes) + 1, "deltas"  # the first step of the way back
        self.diagram.observe(self._show_losses, ["state", "eta"])
        self._show_losses()
        self.children = [self.title, ipywidgets.HBox([self.back_button, self.losses]), self.diagram]
        self.layout.display = None
        self.back_button.focus()

    def leave(self) -> None:
        """Show no example any more."""
        self.layout.display, self.children = "none", []
        if self.diagram is not None:
            self.diagram.close()
            self.diagram = None

    def _show_losses(self, _: object = None) -> None:
        if self.diagram is None:
            return
        rows = losses_of_a_step(self.diagram.net, self._sets, self.diagram.eta)
        names = ["now", "after one step for this example", "after one step for the batch"]
        head = "".join(f"<th>{text}</th>" for text in [f"<i>C</i>, with η = {self.diagram.eta:g}", *self._heads])
        lines = "".join(
            f"<tr><td>{name}</td>{''.join(f'<td>{number(C)}</td>' for C in row)}</tr>"
            for name, row in zip(names, rows, strict=True)
        )
        self.losses.value = f'<table class="bpbook-table"><tr>{head}</tr>{lines}</table>'


def losses_of_a_step(net: MLP, sets: Sequence[Examples], eta: float) -> list[list[float]]:
    """Return C on each set of examples: now, and after a step of gradient descent for each set but the last.

    Parameters
    ----------
    net : MLP
        It is left as it is.
    sets : sequence of (x, y)
    eta : float
    """
    with np.errstate(over="ignore", invalid="ignore"):
        nets = [net]
        for x, y in sets[:-1]:
            moved = copy.copy(net)
            moved.params = copied(net.params)
            moved.update(net.backward(net.forward(x), y), eta)
            nets.append(moved)
        return [[each.loss(each.forward(x), y) for x, y in sets] for each in nets]
