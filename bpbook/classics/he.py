"""Rectifiers: thirty layers that learn with one factor of 2 in the variance, and stall without it.

He, Zhang, Ren and Sun counted what Glorot and Bengio could leave out: a rectifier silences half of what it is given.
So the weights need twice the variance. With 22 layers this makes learning start earlier, and with 30 it makes the
difference between learning and not learning.

>>> round(shrunk_by(0.01, [64, 128, 128, 256, 256, 512, 512, 512, 512]), -3)
17000.0
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from .. import datasets
from ..mlp import MLP
from ..optimizers import Momentum
from .claims import Claim, share

__all__ = ["CLAIMS", "epochs_to_learn", "shrunk_by"]

Array = NDArray[np.float64]
PAPER = "He, Zhang, Ren and Sun 2015, Delving deep into rectifiers: surpassing human-level performance on ImageNet "
PAPER += "classification, ICCV"
CHANNELS = (64, 128, 128, 256, 256, 512, 512, 512, 512)
"""Output channels of the 3x3 filters that a gradient passes on its way from the tenth layer of VGG-B to the second."""
NEVER = 20
"""Epochs after which a network of 22 layers is given up."""


def shrunk_by(sd: float, channels: Sequence[int]) -> float:
    """Return by what gradients shrink through layers of 3x3 filters whose weights have this standard deviation.

    Each layer multiplies their size by sqrt(n / 2) sd, where n = 9 times its output channels.
    """
    return float(np.prod([1 / (sd * np.sqrt(9 * c / 2)) for c in channels]))


def epochs_to_learn(depth: int, init: str, seed: int, epochs: int, eta: float = 0.01) -> float:
    """Return after how many epochs a network of so many ReLU layers reads half of the test images; nan if it does not.

    Parameters
    ----------
    depth : int
        Layers of weights: depth - 1 hidden layers of 64 units, and the output.
    init : str
        "he", or "lecun" for Var W = 1/n, which the paper calls Xavier.
    seed : int
    epochs : int
        After so many it is given up.
    eta : float
    """
    x, y = datasets.digits()
    order = np.random.default_rng(0).permutation(len(x))
    x, y = x[order], y[order]
    x = (x - x[:1400].mean()) / x[:1400].std()
    net = MLP([64] * depth + [10], hidden="relu", loss="softmax_cross_entropy", init=init, seed=seed, dtype=np.float32)
    momentum = Momentum(eta)
    for epoch in range(1, epochs + 1):
        net.fit(x[:1400], y[:1400], batch_size=50, epochs=1, optimizer=momentum, clip=1.0, seed=seed, progress=False)
        if net.score(x[1400:], y[1400:]) > 0.5:
            return float(epoch)
    return float("nan")


def _factor(seeds: list[int]) -> Array:
    return np.array([shrunk_by(0.01, CHANNELS)])


def _earlier(seeds: list[int]) -> Array:
    """Return how many epochs earlier He's start learns than Xavier's, 22 layers; nan if one does not learn by NEVER."""
    xavier = [epochs_to_learn(22, "lecun", seed, NEVER, eta=0.02) for seed in seeds]
    he = [epochs_to_learn(22, "he", seed, NEVER, eta=0.02) for seed in seeds]
    return np.array(xavier) - np.array(he)


def _stalls(seeds: list[int]) -> Array:
    """Return 1 for each seed with which thirty layers learn from He's start and not from Xavier's, 0 otherwise."""
    he = np.array([epochs_to_learn(30, "he", seed, 12) for seed in seeds])
    xavier = np.array([epochs_to_learn(30, "lecun", seed, 12) for seed in seeds])
    return (~np.isnan(he) & np.isnan(xavier)).astype(float)


DENSE = "Dense layers of 64 units on 1,400 digits in place of convolutions on ImageNet; momentum 0.9, clip 1, float32."
CLAIMS = (
    Claim(
        name="vgg",
        paper=PAPER,
        where="section 2.2",
        says="With standard deviation 0.01, gradients shrink by 1.7e4 from the tenth layer of VGG-B to the second.",
        expects="yes if the product rounds to 1.7e4, partly if it is within a factor of 2",
        measure=_factor,
        judge=lambda by: "yes" if f"{by[0]:.1e}" == "1.7e+04" else "partly" if 0.85e4 < by[0] < 3.4e4 else "no",
        seeds=1,
        deviations="Computed from the numbers of channels; nothing random.",
    ),
    Claim(
        name="earlier",
        paper=PAPER,
        where="figure 2",
        says="With 22 layers both starts converge, and He's starts to reduce the error earlier.",
        expects="yes if both learn within 20 epochs, He's earlier, in 80 % of seeds, partly in half",
        measure=_earlier,
        judge=share(lambda epochs: epochs > 0, yes=0.8, partly=0.5),
        deviations=DENSE + " eta 0.02. To learn is to read half of the test images; the number is of epochs saved.",
    ),
    Claim(
        name="stalls",
        paper=PAPER,
        where="figure 3",
        says="With 30 layers He's start converges, and Xavier's completely stalls.",
        expects="yes if He's learns within 12 epochs and Xavier's does not in 90 % of seeds, partly in half",
        measure=_stalls,
        judge=share(lambda found: found == 1, yes=0.9, partly=0.5),
        deviations=DENSE + " eta 0.01. To learn is to read half of the test images.",
    ),
)
