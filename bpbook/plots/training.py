"""What is set before training, as curves: learning-rate schedules."""

from collections.abc import Callable, Mapping

from matplotlib import pyplot
from matplotlib.axes import Axes

__all__ = ["schedules"]


def schedules(rates: Mapping[str, Callable[[int], float]], steps: int, ax: Axes | None = None) -> Axes:
    """Draw the learning rate of every step, t = 0 to steps - 1, one curve for each named schedule.

    >>> ax = schedules({"constant": lambda t: 0.1}, steps=3)
    >>> ax.lines[0].get_ydata().tolist()
    [0.1, 0.1, 0.1]
    """
    ax = ax or pyplot.subplots()[1]
    for (name, eta), dashes in zip(rates.items(), ("-", "--", "-.", ":", (0, (5, 1))) * len(rates), strict=False):
        ax.plot(range(steps), [eta(t) for t in range(steps)], ls=dashes, label=name)
    ax.set(xlabel="step $t$", ylabel=r"learning rate $\eta(t)$", xlim=(0, steps - 1), ylim=(0, None))
    ax.legend()
    return ax
