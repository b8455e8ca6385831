"""Gradient descent at the edge of stability: sharpness climbs to 2/eta, and stays there.

On a quadratic, gradient descent diverges as soon as the sharpness, the largest eigenvalue of the Hessian, is above
2/eta. Cohen and others measured it along real training runs and found that a network goes to just that value and lives
there: the loss wobbles, and falls nevertheless. Here it is measured with exact products of the Hessian, for a network
with the squared error. With softmax and cross-entropy this one moves away from the edge; chapter 15 shows both.

>>> run = train(seed=0, eta=0.8, steps=100, every=50)
>>> run.steps.tolist(), run.sharpness.shape, run.loss.shape
([0, 50, 100], (3,), (101,))
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from .. import datasets, landscape
from ..mlp import MLP
from .claims import Claim, share

__all__ = ["CLAIMS", "Run", "digits", "train"]

Array = NDArray[np.float64]
PAPER = (
    "Cohen, Kaur, Li, Kolter and Talwalkar 2021, Gradient descent on neural networks typically occurs at the edge of "
)
PAPER += "stability, ICLR"
EXAMPLES, HIDDEN = 200, 16
TOO_MUCH = 1e6
"""A run whose loss is above this has diverged."""


def digits() -> tuple[Array, Array]:
    """Return the first 200 of the small digits, centred, x of shape (200, 64), and one-hot y of shape (200, 10)."""
    x, y = (array[:EXAMPLES] for array in datasets.digits())
    return x - x.mean(axis=0), np.eye(10)[y]


@dataclass(frozen=True)
class Run:
    """What was measured along one training run.

    Attributes
    ----------
    eta : float
    loss : array of shape (steps + 1,)
        Mean over the examples, before the first step and after each.
    steps, sharpness : arrays of shape (k,)
        When the Hessian was looked at, and its largest eigenvalue.
    """

    eta: float
    loss: Array
    steps: NDArray[np.int64]
    sharpness: Array

    @property
    def share(self) -> Array:
        """The sharpness in units of 2/eta, the edge."""
        return self.sharpness * self.eta / 2


@lru_cache(maxsize=64)
def train(seed: int = 0, *, eta: float = 0.8, steps: int = 1000, every: int = 100) -> Run:
    """Train 64-16-10 tanh on the squared error, by gradient descent on all examples at once.

    Parameters
    ----------
    seed : int
        Of the weights at birth.
    eta : float
        On the mean cost.
    steps, every : int
        How many steps, and after how many of them the sharpness is measured.

    Raises
    ------
    ValueError
        The run has diverged, as it does for an eta of 1.2.
    """
    x, y = digits()
    net = MLP([64, HIDDEN, 10], hidden="tanh", loss="squared_error", seed=seed)
    loss, sharp = [], []
    for step in range(steps + 1):
        cache = net.forward(x)
        loss.append(net.loss(cache, y))
        if not loss[-1] < TOO_MUCH:
            raise ValueError(f"eta must be small enough; with {eta:g} the loss is {loss[-1]:.1e} after {step} steps.")
        if step % every == 0:
            sharp.append(landscape.sharpness(net.params, x, y, net.loss_function))
        net.update(net.backward(cache, y), eta=eta)
    return Run(eta, np.array(loss), np.arange(0, steps + 1, every), np.array(sharp))


def _late(seeds: list[int]) -> Array:
    """Return the median sharpness of the second half of each run, in units of 2/eta."""
    return np.array([np.nan if run is None else np.median(run.share[-5:]) for run in map(_run, seeds)])


def _uneven_fall(seeds: list[int]) -> Array:
    """Return 1 where the second half of a run has steps up, and ends lower than it began."""
    second = [np.full(2, np.nan) if run is None else run.loss[500:] for run in map(_run, seeds)]
    return np.array([float((np.diff(loss) > 0).any() and loss[-1] < loss[0]) for loss in second])


def _run(seed: int) -> Run | None:
    """Return the run of this seed, None where it diverged."""
    try:
        return train(seed)
    except ValueError:
        return None


OURS = (
    "64-16-10 tanh, squared error, 200 small digits, eta 0.8, 1,000 steps; the paper has deeper networks on CIFAR-10."
)

CLAIMS = (
    Claim(
        name="edge",
        paper=PAPER,
        where="Figure 1",
        says="The sharpness rises to 2/eta and then hovers right at, or just above, this value.",
        expects="yes if it is, in the median of the second half, from 0.95 to 1.15 times 2/eta in 90 % of the seeds, "
        "partly in half",
        measure=_late,
        judge=share(lambda late: (late > 0.95) & (late < 1.15), yes=0.9, partly=0.5),
        deviations=OURS,
    ),
    Claim(
        name="uneven",
        paper=PAPER,
        where="abstract",
        says="The loss behaves non-monotonically over short times, yet decreases over long ones.",
        expects="yes if the second half of the run has steps up and ends lower in 90 % of the seeds, partly in half",
        measure=_uneven_fall,
        judge=share(lambda found: found == 1, yes=0.9, partly=0.5),
        deviations=OURS,
    ),
)
