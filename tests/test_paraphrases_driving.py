"""Right answers of chapter 12 written in other ways are right, and wrong ones that a reader could write are named."""

import numpy as np
import pytest

from bpbook import exercises

PARAPHRASES = [
    (
        "hill_targets",
        """
def hill_targets(curvature, arcs, width):
    units = np.interp(curvature, arcs, range(len(arcs)))
    return [[float(np.exp(-((j - unit) ** 2) / width)) for j in range(len(arcs))] for unit in units]
""",
    ),
    (
        "hill_targets",
        """
def hill_targets(curvature, arcs, width):
    apart = np.diff(arcs).mean()
    return np.exp(-np.subtract.outer(curvature, arcs) ** 2 / (width * apart * apart))
""",
    ),
    (
        "read_hill",
        """
def read_hill(outputs, arcs):
    far = np.abs(np.arange(len(arcs)) - outputs.argmax(axis=1)[:, None]) > 4
    return np.average(np.broadcast_to(arcs, outputs.shape), axis=1, weights=np.where(far, 0, outputs))
""",
    ),
    (
        "read_hill",
        """
def read_hill(outputs, arcs):
    table = np.pad(outputs, ((0, 0), (4, 4)))
    places = outputs.argmax(axis=1)[:, None] + np.arange(9)  # in the padded table
    nine, there = np.take_along_axis(table, places, axis=1), np.pad(arcs, 4)[places]
    return np.einsum("kj,kj->k", nine, there) / nine.sum(axis=1)
""",
    ),
    (
        "relabel",
        """
def relabel(x, y, shift, turn):
    there = (x + 1j * (y - shift)) * np.exp(-1j * turn)  # the plane as complex numbers
    return 2 * there.imag / abs(there) ** 2
""",
    ),
    (
        "relabel",
        """
def relabel(x, y, shift, turn):
    left, distance = y - shift, np.hypot(x, y - shift)
    return 2 * np.sin(np.arctan2(left, x) - turn) / distance
""",
    ),
    (
        "relabel",
        """
def relabel(x, y, shift, turn):
    found = []
    for ahead, left, angle in zip(x, y - shift, turn):
        way = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]]) @ [ahead, left]
        found.append(2 * way[1] / (way @ way))
    return found
""",
    ),
    (
        "split_views",
        """
def split_views(of, drive, test):
    learn = [view for view, frame in enumerate(of) if drive[frame] not in test]
    return learn, sorted(set(range(len(of))) - set(learn))
""",
    ),
    (
        "split_views",
        """
def split_views(of, drive, test):
    tested = (drive[of][:, None] == np.array(test)).any(axis=1)
    return {"learn": np.where(~tested)[0], "tested": np.where(tested)[0]}
""",
    ),
    (
        "share_back",
        """
def share_back(offset, step, within):
    return sum(-within <= car[step] <= within for car in offset) / len(offset)
""",
    ),
    (
        "share_back",
        """
def share_back(offset, step, within):
    return np.count_nonzero(offset[:, step] ** 2 <= within**2) / offset.shape[0]
""",
    ),
    (
        "pixel_gradient",
        """
def pixel_gradient(x, W, b, v):
    a = (1 + np.tanh((x @ W + b) / 2)) / 2
    return [float(row @ (v * a * (1 - a))) for row in W]
""",
    ),
    (
        "pixel_gradient",
        """
def pixel_gradient(x, W, b, v):
    net = bp.MLP([len(W), len(b)], output="sigmoid", loss="squared_error")
    net.W[1][...], net.b[1][...] = W, b
    return bp.input_gradient(net, x[None], upstream=v[None])[0]
""",
    ),
    (
        "pixel_gradient",
        """
def pixel_gradient(x, W, b, v):
    with np.errstate(over="ignore"):
        e = np.exp(-(np.einsum("i,ij->j", x, W) + b))
    return np.einsum("ij,j,j->i", W, v, e / (1 + e) ** 2)
""",
    ),
]
WRONG = [
    (
        "hill_targets",
        "def hill_targets(curvature, arcs, width):\n    return np.exp(-((arcs - curvature[:, None]) ** 2) / width)",
        "hill in 1/m",
    ),
    (
        "hill_targets",
        """
def hill_targets(curvature, arcs, width):
    return np.eye(len(arcs))[np.abs(arcs - curvature[:, None]).argmin(axis=1)]
""",
        "one unit hot",
    ),
    (
        "read_hill",
        "def read_hill(outputs, arcs):\n    return [np.average(arcs, weights=row) for row in outputs]",
        "mean of all units",
    ),
    (
        "read_hill",
        "def read_hill(outputs, arcs):\n    return [arcs[list(row).index(max(row))] for row in outputs]",
        "top unit alone",
    ),
    (
        "relabel",
        """
def relabel(x, y, shift, turn):
    there = (x + 1j * (y - shift)) * np.exp(1j * turn)
    return 2 * there.imag / abs(there) ** 2
""",
        "sign of the turn",
    ),
    (
        "relabel",
        "def relabel(x, y, shift, turn):\n    return np.sin(np.arctan2(y - shift, x) - turn) / np.hypot(x, y - shift)",
        "half an arc",
    ),
    (
        "relabel",
        "def relabel(x, y, shift, turn):\n    return np.arctan2(y - shift, x) - turn",
        "direction for arc",
    ),
    (
        "split_views",
        """
def split_views(of, drive, test):
    views = np.arange(len(of))
    return views[~np.isin(of, test)], views[np.isin(of, test)]
""",
        "frame for drive",
    ),
    (
        "share_back",
        """
def share_back(offset, step, within):
    on_the_road = [car[step] for car in offset if abs(car[step]) < 2]
    return np.mean([abs(place) <= within for place in on_the_road])
""",
        "survivors only",
    ),
    (
        "read_hill",
        "def read_hill(outputs, arcs):\n    return outputs.argmax(axis=1)",
        "That is the number of the highest unit. Which arc is in the middle of the hill around it?",
    ),
    (
        "split_views",
        "def split_views(of, drive, test):\n    return ~np.isin(drive[of], test), np.isin(drive[of], test)",
        "These say yes or no for every view. Row numbers are asked for, and `np.flatnonzero` makes them.",
    ),
    (
        "pixel_gradient",
        """
def pixel_gradient(x, W, b, v):
    e = np.exp(-(x @ W + b))
    return np.abs(W @ (v * e / (1 + e) ** 2))
""",
        "saliency without its sign",
    ),
]


@pytest.mark.parametrize(("name", "source"), PARAPHRASES)
def test_a_right_answer_written_another_way_is_right(is_right, name, source):
    is_right(12, name, source)


@pytest.mark.parametrize(("name", "source", "mistake"), WRONG)
def test_a_wrong_answer_gets_no_mark_and_its_mistake_is_named(is_wrong, name, source, mistake):
    is_wrong(12, name, source, mistake=mistake)


@pytest.mark.parametrize("written", ["-sin(turn) * 2 / d", "2 * sin(-turn) / d", "-(sin(turn) + sin(turn)) * d**-1"])
def test_a_label_written_another_way_is_right(written):
    assert exercises.chapter(12).turned_label.exercise.judge(written, np.random.default_rng(0)).status == "right"


@pytest.mark.parametrize("written", ["sqrt(2 * w) / sqrt(e)", "(2 * w / e) ** 0.5", "sqrt(2 / (e / w))"])
def test_a_way_to_the_edge_written_another_way_is_right(written):
    assert exercises.chapter(12).metres_to_the_edge.exercise.judge(written, np.random.default_rng(0)).status == "right"
