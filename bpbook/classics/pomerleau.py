"""ALVINN: a network that learns to steer from pictures of roads, in 1989 and with shifted views in 1991.

Pomerleau made his pictures of roads with a program, and so do we: `driving` has the camera, the roads and the cars.
His first network also had a range finder and an output for the brightness of the road, which we leave out.
"""

import numpy as np
from numpy.typing import NDArray

from .. import driving
from ..mlp import MLP
from ..optimizers import Adam
from .claims import Claim, share

__all__ = ["ARCS", "CLAIMS", "finished_more", "pictures", "within_two_units"]

Array = NDArray[np.float64]
ARCS = np.linspace(-0.15, 0.15, 45)
"""The arc, in 1/m, that each of the 45 output units stands for."""
AT_ONCE, SHARP = 100, 30


def pictures(m: int, seed: int) -> tuple[Array, Array]:
    """Return m pictures (m, 960) of roads that bend, from places beside their middle, and the right arcs (m,).

    Each picture is of a road of its own, with bends down to a radius of 30 m, from a car up to 1 m beside the centre
    line that is turned by up to 0.1 radians.

    >>> x, arcs = pictures(5, seed=0)
    >>> x.shape, bool(abs(arcs).max() < ARCS[-1])
    ((5, 960), True)
    """
    rng, seen, arcs = np.random.default_rng(seed), [], []
    for first in range(0, m, AT_ONCE):
        size = min(AT_ONCE, m - first)
        cars = driving.Cars([driving.winding(30, length=60, seed=rng) for _ in range(size)], seed=seed + first)
        cars.place(20)
        heading = cars.pose[:, 2]
        side = rng.uniform(-1, 1, size)
        cars.pose += np.stack([-side * np.sin(heading), side * np.cos(heading), rng.uniform(-0.1, 0.1, size)], axis=1)
        seen.append(cars.look())
        arcs.append(driving.expert(cars))
    return driving.contrast(np.concatenate(seen)), np.concatenate(arcs)


def _hills(arcs: Array) -> Array:
    """Return targets (m, 45) with the printed hill .10 .32 .61 .89 1.00 .89 .61 .32 .10 around the nearest unit."""
    away = np.abs(np.arange(len(ARCS)) - _nearest(arcs)[:, None])
    return np.array([1.0, 0.89, 0.61, 0.32, 0.10, 0.0])[np.minimum(away, 5)]


def _nearest(arcs: Array) -> NDArray[np.intp]:
    return np.abs(arcs[:, None] - ARCS).argmin(axis=1)


def within_two_units(seeds: list[int]) -> Array:
    """Return the share of 200 new pictures for which the most active unit is within two of the right one, (seeds,)."""
    shares = []
    for seed in seeds:
        x, arcs = pictures(1200, 2 * seed)
        net = MLP([960, 29, 45], "sigmoid", "squared_error", output="sigmoid", seed=seed)
        net.fit(x, _hills(arcs), 40, batch_size=32, optimizer=Adam(eta=3e-3), seed=seed, progress=False)
        x, arcs = pictures(200, 2 * seed + 1)
        shares.append(np.mean(np.abs(net.forward(x).a[-1].argmax(axis=1) - _nearest(arcs)) <= 2))
    return np.array(shares)


def about_ninety(shares: Array) -> str:
    """Judge whether about 90 % are within two units; far more is "partly", for then our pictures are easier."""
    if np.mean((shares >= 0.8) & (shares <= 0.97)) >= 0.8:
        return "yes"
    return "partly" if np.mean(shares >= 0.8) >= 0.8 else "no"


def finished_more(seeds: list[int]) -> Array:
    """Return by how much the share of ten sharp roads that are finished rises with shifted and turned views, (seeds,).

    One drive of 600 frames on a gentle road for each seed; both networks take the same number of steps.
    """
    gains = []
    roads = [driving.winding(SHARP, seed=900 + k) for k in range(10)]
    for seed in seeds:
        rng = np.random.default_rng(seed)
        frames, arcs = driving.record(driving.winding(60, length=600, seed=rng), seed=seed)
        shift, turn = rng.uniform(-1.5, 1.5, 2400), rng.uniform(-0.25, 0.25, 2400)
        views = driving.moved(np.repeat(frames, 4, axis=0), shift, turn)
        right = driving.corrected(np.repeat(arcs, 4), shift, turn)
        sets = ((frames, arcs, 200), (np.concatenate([frames, views]), np.concatenate([arcs, right]), 40))
        without, with_views = (_finished(*each, seed=seed, roads=roads) for each in sets)
        gains.append(with_views - without)
    return np.array(gains)


def _finished(x: Array, arcs: Array, epochs: int, seed: int, roads: list[driving.Road]) -> float:
    net = MLP([960, 4, 30], "sigmoid", "squared_error", output="sigmoid", lmbda=1e-3, seed=seed)
    net.fit(driving.contrast(x), driving.hill(arcs), epochs, batch_size=32, optimizer=Adam(eta=3e-3), progress=False)
    return float(driving.drive(net, roads).finished.mean())


ALVINN = "Pomerleau 1989, ALVINN: An autonomous land vehicle in a neural network"
LATER = "Pomerleau 1991, Efficient training of artificial neural networks for autonomous navigation"
WORLD = "Our own roads, camera and expert (see chapter 12) in the place of his; Adam with eta 3e-3 in batches of 32. "

CLAIMS = (
    Claim(
        name="new_pictures",
        paper=ALVINN,
        where="Training and Performance",
        says="After 40 epochs over 1,200 simulated pictures of roads, about 90 % of the answers to new simulated "
        "pictures are within two units of the right one.",
        expects="yes if 80 to 97 % are within two units in at least 80 % of the seeds, "
        "partly if more than 97 % are: then our pictures are easier than his",
        measure=within_two_units,
        judge=about_ninety,
        seeds=10,
        deviations=WORLD + "960 inputs without the range finder and without the unit for the brightness of the road, "
        "so 960-29-45 in the place of 1,217-29-46; places up to 1 m beside the centre line, up to 0.1 radians askew.",
    ),
    Claim(
        name="views_recover",
        paper=LATER,
        where="",
        says="Pictures that are shifted and rotated teach a network to recover from errors which a person's driving "
        "never shows.",
        expects="yes if at least half of ten unseen sharp roads more are finished with the views than without them, in "
        "at least 95 % of the seeds; partly if in half of them",
        measure=finished_more,
        judge=share(lambda gains: gains >= 0.5, yes=0.95, partly=0.5),
        seeds=5,
        deviations=WORLD + "One simulated drive of 600 frames on a road of radius 60 m, four views of each, no buffer "
        "of past pictures; the examination has radius 30 m. The paper prints no such count.",
    ),
)
