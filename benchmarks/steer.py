"""Repeat the comparison of chapter 12 on other drives and from other weights: `python benchmarks/steer.py [PAIRS]`.

Each pair is a network that learned from one drive of 600 m alone and one that had the views as well, for 1,000 steps
each. A third one has the views with no label harder than the hardest of the log. A number is how many of twenty roads
of 400 m a driver finishes; "times 3" multiplies each of the network's answers. The roads are those of the chapter. A
pair takes about ten seconds. What the chapter says of all pairs is asserted of each.
"""

import sys
from typing import Any

import numpy as np

import bpbook as bp
from bpbook import driving
from bpbook.optimizers import cosine_decay

PAIRS = [(21, 1), (21, 2), (21, 3), *((drive, seed) for drive in (22, 23) for seed in range(3)), (24, 0), (24, 1)]
SHARP = [driving.winding(30, seed=200 + k) for k in range(20)]
MIDDLE, GENTLE = ([driving.winding(radius, seed=100 + k) for k in range(20)] for radius in (70, 60))


def taught(pictures: Any, arcs: Any, epochs: int, seed: int) -> bp.MLP:
    """Return the chapter's network after so many epochs."""
    net = bp.MLP([960, 4, 30], "sigmoid", "squared_error", output="sigmoid", lmbda=1e-3, seed=seed)
    adam = bp.Adam(eta=cosine_decay(0.02, steps=epochs * len(arcs) // 60))
    x, y = driving.contrast(pictures), driving.hill(arcs)
    net.fit(x, y, epochs, batch_size=60, optimizer=adam, progress=False)
    return net


def views(frames: Any, arcs: Any, copies: int = 4) -> tuple[Any, Any]:
    """Return the frames and their views, and the arcs of both."""
    rng, n = np.random.default_rng(21), copies * len(frames)
    shift, turn = rng.uniform(-1.5, 1.5, n), rng.uniform(-0.25, 0.25, n)
    seen = driving.moved(np.repeat(frames, copies, axis=0), shift, turn)
    return np.concatenate([frames, seen]), np.concatenate(
        [arcs, driving.corrected(np.repeat(arcs, copies), shift, turn)]
    )


def finished(net: bp.MLP, roads: list[driving.Road], times: float = 1.0) -> int:
    """Return how many of the roads are finished when each answer is so many times as large."""
    act = driving.sighted(net)
    return int(driving.drive(lambda cars: times * act(cars), roads).finished.sum())


for drive, seed in PAIRS[: int(sys.argv[1]) if len(sys.argv) > 1 else None]:
    frames, arcs = driving.record(driving.winding(60, length=600, seed=drive), seed=drive)
    pictures, right = views(frames, arcs)
    most = abs(arcs).max()
    log, both = taught(frames, arcs, 100, seed), taught(pictures, right, 20, seed)
    limited = taught(pictures, np.clip(right, -most, most), 20, seed)
    sharp = {"log": finished(log, SHARP), "log times 3": finished(log, SHARP, 3)}
    sharp |= {"views": finished(both, SHARP), "limited": finished(limited, SHARP)}
    middle = finished(log, MIDDLE)
    gentle = {"log": finished(log, GENTLE), "log times 1.5": finished(log, GENTLE, 1.5)}
    gentle |= {"limited": finished(limited, GENTLE)}
    told = [f"{roads}: " + ", ".join(f"{who} {k}" for who, k in found.items())
            for roads, found in (("sharp", sharp), ("radius 70", {"log": middle}), ("gentle", gentle))]  # fmt: skip
    print(f"drive {drive}, seed {seed}: " + "; ".join(told), flush=True)
    assert sharp == {"log": 0, "log times 3": 20, "views": 20, "limited": 0}
    assert middle >= 18 and gentle["log times 1.5"] == 20
    assert gentle["log"] <= 10 and 8 <= gentle["limited"] <= 17
