"""Chapter 14: a batch, checkpoints, machines and a link; what one step holds on each machine, and how long it takes."""

from pathlib import Path
from typing import Any

import anywidget
import traitlets

from ... import checks
from ...cost import count_cost
from ...mlp import MLP
from ..views import front_end

__all__ = ["budget"]

QUESTION = (
    "The batch must fit into {memory:g} MB on each machine, and every second of every machine is paid for. "
    "What is the cheapest way on each link?"
)
SPEED = 1e10
"""Multiply-adds that a machine does in a second."""
BATCHES = [2**k for k in range(4, 15)]
MACHINES = [1, 2, 4, 8, 16]
INTERVALS = [1, 2, 3, 4, 5, 6, 8, 12, 16, 24, 32]
LINKS = [1e7, 1e8, 1e9, 1e10]
"""Bytes a second: a home network, an office, a fast office, a data centre."""

LINES = """import bpbook as bp
cost = bp.count_cost(net, batch_size={share}, every={every})  # the net that was given
work = cost.forward + cost.backward + cost.update
compute = work / {speed:.0e}  # multiply-adds a second
travel = {travel}
memory, seconds = cost.bytes, compute + travel
price = {machines} * seconds  # machine-seconds
"""


class _Budget(anywidget.AnyWidget):
    """A gradient of one network, dealt out to machines; the browser looks costs up that `count_cost` has counted.

    Attributes
    ----------
    batch : int
        Examples in a step, over all machines.
    every : int
        Layers between two checkpoints; as many as there are layers means none.
    machines : int
        They share the batch equally.
    link : float
        Bytes a second between a machine and the rest.
    costs : dict
        memory in bytes on each machine; compute and travel in seconds; price, the machines times these seconds;
        speed_up over one machine that keeps everything; and whether it fits.
    """

    _esm = front_end.module(Path(__file__).with_name("budget"))
    _css = front_end.css(Path(__file__).with_name("budget"))

    title = traitlets.Unicode("A budget of memory and machines").tag(sync=True)
    question = traitlets.Unicode().tag(sync=True)
    state = traitlets.Dict().tag(**front_end.AS_TEXT)
    batch = traitlets.Int(4096).tag(sync=True)
    every = traitlets.Int(1).tag(sync=True)
    machines = traitlets.Int(1).tag(sync=True)
    link = traitlets.Float(1e8).tag(sync=True)
    message = traitlets.Unicode().tag(sync=True)

    def __init__(self, net: MLP, memory: float) -> None:
        self._net, self._memory = net, checks.positive("memory", memory)
        layers = len(net.sizes) - 1
        intervals = [k for k in INTERVALS if k < layers] + [layers]
        shares = [2**k for k in range(15)]
        counted = {m: [count_cost(net, m, every) for every in intervals] for m in shares}
        self._first = {"batch": 4096, "every": layers, "machines": 1, "link": 1e8}
        self._choices = {"batch": BATCHES, "every": intervals, "machines": MACHINES, "link": LINKS}
        self._table = {(m, k): cost for m in shares for k, cost in zip(intervals, counted[m], strict=True)}
        state = {
            "choices": self._choices,
            "shares": shares,
            "work": [[cost.forward + cost.backward + cost.update for cost in counted[m]] for m in shares],
            "bytes": [[cost.bytes for cost in counted[m]] for m in shares],
            "weights": counted[1][0].update * net.W[1].itemsize,
            "layers": layers,
            "speed": SPEED,
            "memory": 1e6 * self._memory,
            "first": self._first,
            "lines": LINES.replace("{speed:.0e}", f"{SPEED:.0e}"),
        }
        super().__init__(state=state, question=QUESTION.format(memory=self._memory), **self._first)

    @property
    def share(self) -> int:
        """Examples that one machine gets."""
        return self.batch // self.machines

    @property
    def costs(self) -> dict[str, Any]:
        """What one step needs: memory on each machine, and seconds."""
        cost = self._table[self.share, self.every]
        compute = (cost.forward + cost.backward + cost.update) / SPEED
        travel = 2 * cost.update * self._net.W[1].itemsize / self.link if self.machines > 1 else 0.0
        alone = count_cost(self._net, self.batch)
        speed_up = (alone.forward + alone.backward + alone.update) / SPEED / (compute + travel)
        fits = cost.bytes <= 1e6 * self._memory
        price = self.machines * (compute + travel)
        times = {"compute": compute, "travel": travel, "price": price, "speed_up": speed_up}
        return {"memory": cost.bytes, **times, "fits": fits}

    def rewind(self) -> None:
        """Go back to one machine that keeps everything."""
        with self.hold_sync():
            for name, value in self._first.items():
                setattr(self, name, value)
            self.message = ""

    def lines(self) -> str:
        """Return the lines that make the numbers shown, from the net that was given."""
        alone = self.machines == 1
        weights, size = self._table[1, self.every].update, self._net.W[1].itemsize
        travel = "0.0  # one machine" if alone else f"2 * {weights * size} / {self.link:.0e}  # bytes, bytes a second"
        return LINES.format(share=self.share, every=self.every, speed=SPEED, travel=travel, machines=self.machines)

    @traitlets.validate("batch", "every", "machines", "link")
    def _offered(self, proposal: Any) -> Any:
        """Keep to what the sliders offer, or leave it as it was and say so."""
        name, value = proposal["trait"].name, proposal["value"]
        choices = self._choices[name]
        if value in choices:
            return value
        stays = self._first[name] if getattr(self, name) not in choices else getattr(self, name)
        offered = ", ".join(f"{choice:g}" for choice in choices)
        self.message = f"{name} must be one of {offered}; got {value:g}. It stays {stays:g}."
        return stays

    def __repr__(self) -> str:
        costs = self.costs
        machines = "1 machine" if self.machines == 1 else f"{self.machines} machines"
        return (
            f"[experiment] a budget of memory and machines; {machines}, {costs['memory'] / 1e6:.3g} of "
            f"{self._memory:g} MB, {costs['compute'] + costs['travel']:.3g} s a step"
        )


def budget(net: MLP | None = None, memory: float = 32.0) -> _Budget:
    """Return the experiment of chapter 14: fit a batch into the memory of each machine, and pay little.

    Parameters
    ----------
    net : MLP, optional
        Whose gradient is wanted. Left out, the chapter's own: 64 layers of weights with 64 units each.
    memory : float
        Megabytes that each machine has for it.

    Raises
    ------
    TypeError
        `net` is no network, or `memory` no number.
    ValueError
        `memory` is not positive.

    >>> experiment = budget(MLP([64] * 5, hidden="tanh"), memory=10)
    >>> experiment.costs["fits"]
    False
    >>> experiment.machines = 16
    >>> experiment.costs["fits"]
    True
    """
    if net is not None and not isinstance(net, MLP):
        raise TypeError(f"net must be a network; got {checks.shown(net)}. Pass bp.MLP([64] * 65, hidden='tanh').")
    return _Budget(MLP([64] * 64 + [10], hidden="tanh", seed=0) if net is None else net, memory)
