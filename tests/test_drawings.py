"""Drawings that nobody trained on: simulated hands, read by a network that is trained as chapter 08 trains its own."""

import numpy as np
import pytest
from sklearn.model_selection import train_test_split

import bpbook as bp
from bpbook.datasets import mnist
from bpbook.optimizers import cosine_decay


def arc(x, y, across, down, start, end):
    """Return points of an ellipse around (x, y), from one angle in degrees to another; 90 points down."""
    angle = np.radians(np.linspace(start, end, 25))
    return [(x + across * np.cos(one), y + down * np.sin(one)) for one in angle]


# In a square of side 1, y down; every digit in two or three ways, as strokes of a pen.
HANDS = {
    0: [[arc(0.5, 0.5, 0.28, 0.42, -90, 270)], [arc(0.5, 0.5, 0.36, 0.42, -100, 262)]],
    1: [[[(0.5, 0.08), (0.5, 0.92)]], [[(0.58, 0.08), (0.44, 0.92)]], [[(0.3, 0.3), (0.52, 0.08), (0.52, 0.92)]]],
    2: [[[*arc(0.5, 0.32, 0.26, 0.24, 200, 380), (0.28, 0.9), (0.78, 0.9)]]],
    3: [[[*arc(0.47, 0.29, 0.24, 0.2, 200, 450), *arc(0.47, 0.7, 0.27, 0.21, -90, 160)]]],
    4: [
        [[(0.35, 0.08), (0.25, 0.55), (0.8, 0.55)], [(0.65, 0.1), (0.65, 0.92)]],
        [[(0.6, 0.92), (0.6, 0.08), (0.22, 0.62), (0.82, 0.62)]],
    ],
    5: [[[(0.74, 0.1), (0.32, 0.1), (0.3, 0.45), *arc(0.48, 0.66, 0.26, 0.24, -120, 150)]]],
    6: [[[(0.62, 0.08), (0.36, 0.4), *arc(0.5, 0.68, 0.23, 0.22, 180, 540)]]],
    7: [
        [[(0.22, 0.12), (0.76, 0.12), (0.42, 0.92)]],
        [[(0.22, 0.12), (0.76, 0.12), (0.42, 0.92)], [(0.36, 0.5), (0.7, 0.5)]],
    ],
    8: [[arc(0.5, 0.3, 0.21, 0.21, 0, 360), arc(0.5, 0.71, 0.25, 0.21, 0, 360)]],
    9: [[[*arc(0.5, 0.32, 0.23, 0.23, 0, 360), (0.73, 0.32), (0.68, 0.92)]]],
}


def drawing(digit, pen, rng):
    """Return a canvas on which a digit was drawn: one of its hands, turned, slanted, of any size, at any place."""
    ways = HANDS[digit]
    strokes = ways[rng.integers(len(ways))]
    angle, slant, wide, size = rng.normal(0, 0.12), rng.normal(0, 0.15), rng.uniform(0.75, 1.15), rng.uniform(110, 220)
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    strokes = [size * (np.array(stroke) - 0.5) @ turn @ [[wide, 0], [-slant, 1]] for stroke in strokes]
    every = np.concatenate(strokes)
    low, high = pen / 2 - every.min(axis=0), 280 - pen / 2 - every.max(axis=0)
    place = rng.uniform(low, np.maximum(low, high))
    return bp.datasets.draw([stroke + place for stroke in strokes], pen)


@pytest.fixture(scope="module")
def net():
    x, y = mnist.images()
    x_train, _, y_train, _ = train_test_split(x, y, test_size=1000, stratify=y, random_state=0)
    settings = {"batch_size": 125, "augment": bp.datasets.warp, "progress": False}
    made = bp.MLP([784, 200, 10], seed=0, dtype=np.float32)
    made.fit(x_train, y_train, epochs=32, optimizer=bp.Adam(cosine_decay(5e-3, 32 * 4000 // 125)), **settings)
    one = mnist.prepare(bp.datasets.draw([[(75, 100), (150, 40), (135, 240)]]))
    x_more, y_more = np.vstack([x_train, np.repeat(one[None], 120, axis=0)]), np.append(y_train, np.ones(120, int))
    made.fit(x_more, y_more, epochs=10, optimizer=bp.Adam(cosine_decay(2e-3, 330)), **settings)
    return made


@pytest.mark.parametrize("pen", [14, 19, 24])
def test_drawings_of_simulated_hands_are_read(net, pen):
    rng, digits = np.random.default_rng(pen), np.repeat(np.arange(10), 40)
    canvases = [drawing(digit, pen, rng) for digit in digits]
    prepared = np.stack([mnist.prepare(canvas) for canvas in canvases])
    shrunk = np.stack([canvas.reshape(28, 10, 28, 10).mean(axis=(1, 3)).ravel() for canvas in canvases])
    assert net.score(prepared, digits) >= 0.95
    assert net.score(shrunk, digits) < 0.8
