"""A network's weights and biases, to be looked at one by one and set by hand."""

from collections.abc import Callable

import ipywidgets
import numpy as np

from ...mlp import MLP
from .inputs import Choice, Typed, button
from .words import place_name

__all__ = ["ByHand"]


class ByHand(ipywidgets.HBox):
    """A list of all weights and biases, the value of the one that is chosen, and a button that sets it.

    Parameters
    ----------
    set_it : callable
        Is called when the button is pressed; `place` and `value` say what is to be set.
    """

    def __init__(self, set_it: Callable[[], None]) -> None:
        self.weight = Choice(options=[("W[1][0, 0]", (1, 0, 0))], description="by hand", layout={"width": "190px"})
        self.value = Typed(min=-100, max=100, description="=", layout={"width": "112px"})
        self.value.tooltip = "the weight"
        self.weight.style.description_width, self.value.style.description_width = "55px", "12px"
        self.button = button("Set", "Give this weight this value", set_it)
        super().__init__([self.weight, self.value, self.button])

    def offer(self, net: MLP) -> None:
        """List the weights W[l] and biases b[l] of this network, and show the one that is chosen."""
        places: list[tuple[int, ...]] = [(l, i, j) for l in range(1, len(net.W)) for i, j in np.ndindex(net.W[l].shape)]
        places += [(l, j) for l in range(1, len(net.b)) for j in range(len(net.b[l]))]
        self.weight.exchange([(place_name(place), place) for place in places])
        self.show(net)

    def show(self, net: MLP) -> None:
        """Show the value that the chosen weight has now."""
        if self.weight.value is None:  # while its options are exchanged
            return
        l, *units = self.weight.value
        value = float((net.W if len(units) == 2 else net.b)[l][tuple(units)])
        self.value.refused = ""
        if abs(value) <= self.value.max:
            self.value.value = value
