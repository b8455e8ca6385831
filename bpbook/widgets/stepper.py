"""The experiment of chapters 04 and 05: a network that is stepped forward and back, and asked about any weight."""

from numpy.typing import ArrayLike

from ..mlp import MLP
from .views.network import NetworkDiagram

__all__ = ["backward_stepper"]


def backward_stepper(net: MLP | None = None, x: ArrayLike | None = None, y: ArrayLike | None = None) -> NetworkDiagram:
    """Return the experiment of chapters 04 and 05: step forward and back, click a weight, read its chain rule.

    Parameters
    ----------
    net : MLP, optional
        The running example of chapters 04, 05 and 07 when left out; then x and y are left out too.
    x, y : arrays, optional
        As for NetworkDiagram.

    Raises
    ------
    ValueError
        net is given without x and y, or x and y without net.

    Examples
    --------
    >>> backward_stepper()
    [experiment] backward stepper on 2-2-1; step 0 of 6, example 0 of 2; C = 0.0805824
    """
    if net is None:
        if x is not None or y is not None:
            raise ValueError("net must come with x and y; got x or y alone. Pass all three, or none.")
        net, x, y = _running_example()
    if x is None or y is None:
        raise ValueError("x and y must come with net; got None. Pass up to 8 examples: x[:8], y[:8].")
    question = "Which weights does the output's δ reach, times what?"
    return NetworkDiagram(net, x, y, title="Backward stepper", question=question)


def _running_example() -> tuple[MLP, ArrayLike, ArrayLike]:
    net = MLP([2, 2, 1], hidden="relu", output="sigmoid", loss="squared_error")
    net.W[1][...], net.b[1][...] = [[0.5, -3.0], [1.5, 0.25]], [-1.5, 1.25]
    net.W[2][...], net.b[2][...] = [[1.0], [-0.3]], [-2.0]
    return net, [[1.0, 2.0], [-1.0, 3.0]], [1.0, 0.0]
