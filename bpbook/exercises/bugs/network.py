"""The mistakes of a whole backward pass, of any depth, with any activations and loss, as wrong twins."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from ...activations import relu, sigmoid, tanh
from ..judging.verdict import Mistake
from .catalogue import BUGS
from .passes import RIGHT, Layers, Net, Rules, Slip, run
from .slips import FAMILIES, Named, feed_with, first_example, last_example, slope_with

__all__ = ["SLIPS", "Take", "remembering", "twins"]


def _slips() -> Named:
    for family in FAMILIES:
        yield from family()


def _somewhere(rule: str, broken: Callable[..., Any]) -> Iterator[Callable[..., Any]]:
    """Give a broken rule for all layers, for the hidden ones only, for the last one only."""
    right = getattr(RIGHT, rule)
    yield broken
    yield lambda net, l, *rest: (broken if l < net.L else right)(net, l, *rest)
    yield lambda net, l, *rest: (broken if l == net.L else right)(net, l, *rest)


ONE_PLACE = {
    "no derivative at all",
    "one derivative for all layers",
    "no output derivative",
    "no hidden derivative",
    "gate open",
}


def _all_slips() -> Iterator[Slip]:
    for name, rule, broken in _slips():
        several = rule in ("slope", "db", "dW", "decay") and name not in ONE_PLACE
        for form in _somewhere(rule, broken) if several else (broken,):
            yield Slip(BUGS[name], {rule: form})
    yield Slip(BUGS["one example"], {"db": lambda net, l, d: d[l][0], "dW": first_example})
    yield Slip(BUGS["one example"], {"db": lambda net, l, d: d[l][-1], "dW": last_example})
    for other in (sigmoid, tanh, relu):
        yield Slip(BUGS["another activation"], {"feed": feed_with(other), "slope": slope_with(other)})


SLIPS = list(_all_slips())
"""Every mistake of a whole backward pass. One mistake may have several forms."""


def _biases_decayed(net: Net, rules: Rules) -> tuple[Layers, Layers, Layers]:
    delta, dW, db = run(net, rules)
    return delta, dW, [None, *(db[l] + net.lmbda * net.b[l] for l in range(1, net.L + 1))]


Take = Callable[[Layers, Layers, Layers], Any]


def remembering(net_of: Callable[..., Net]) -> Callable[..., Net]:
    """Return the same network as long as the same arguments come."""
    last: list[Any] = [(), None]

    def net(*arguments: Any) -> Net:
        if len(arguments) != len(last[0]) or any(
            one is not other for one, other in zip(arguments, last[0], strict=True)
        ):
            last[:] = arguments, net_of(*arguments)
        return last[1]

    return net


def twins(net_of: Callable[..., Net], take: Take, slips: Sequence[Slip] = SLIPS) -> dict[Callable[..., Any], Mistake]:
    """Return the wrong twins of a function, for the `mistakes` of an exercise.

    Parameters
    ----------
    net_of : callable
        Takes the reader's arguments, returns the `Net`.
    take : callable
        Takes delta, dW, db, returns what the reader's function returns.
    """
    net_of = remembering(net_of)

    def twin(slip: Slip) -> Callable[..., Any]:
        rules = slip.rules()
        return lambda *arguments: take(*run(net_of(*arguments), rules))

    def decayed(*arguments: Any) -> Any:
        return take(*_biases_decayed(net_of(*arguments), RIGHT))

    return {twin(slip): slip.mistake for slip in slips} | {decayed: BUGS["biases decayed"]}
