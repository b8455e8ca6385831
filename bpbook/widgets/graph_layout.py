"""Where the nodes of a small graph stand: in layers from left to right; a link that skips a layer goes round."""

from itertools import pairwise
from typing import Any

__all__ = ["layout"]

COLUMN, ROW, LANE, MARGIN, FOOT, RADIUS = 172, 118, 40, 76, 8, 28
"""Pixels: between layers, for a node, for a link that only passes, on either side, below, and of a node."""

Item = tuple[int, int]


def layout(inputs: list[list[int]]) -> dict[str, Any]:
    """Place nodes and links.

    Parameters
    ----------
    inputs : list of lists
        inputs[k] names the nodes that node k depends on, all before k; a node used twice is named twice.

    Returns
    -------
    layout : dict
        `size` (width, height) and `at`, the (x, y) of every node, in pixels; `links`, for every node and each of its
        inputs in turn a dict of `start`, `end` (node numbers) and `path`, the points that the link goes through.
    """
    layer = [0] * len(inputs)
    for k, before in enumerate(inputs):
        layer[k] = 1 + max((layer[i] for i in before), default=-1)
    columns: list[list[Item]] = [[] for _ in range(max(layer) + 1)]
    for k, l in enumerate(layer):
        columns[l].append((k, -1))
    links = [(i, k) for k, before in enumerate(inputs) for i in before]
    routes: list[list[Item]] = []
    for number, (start, end) in enumerate(links):
        passing = [(number, l) for l in range(layer[start] + 1, layer[end])]
        for item in passing:
            columns[item[1]].append(item)
        routes.append([(start, -1), *passing, (end, -1)])
    _order(columns, routes)
    at, height = _places(columns)
    width = 2 * MARGIN + COLUMN * (len(columns) - 1)
    return {
        "size": (width, height),
        "at": [at[k, -1] for k in range(len(inputs))],
        "links": [
            {
                "start": start,
                "end": end,
                "path": _path([at[item] for item in route], links[:number].count((start, end))),
            }
            for number, ((start, end), route) in enumerate(zip(links, routes, strict=True))
        ],
    }


def _order(columns: list[list[Item]], routes: list[list[Item]]) -> None:
    """Sort every column by the mean height of what its items are linked to, there and back, so that few links cross."""
    neighbours: dict[Item, list[Item]] = {item: [] for column in columns for item in column}
    for route in routes:
        for one, other in pairwise(route):
            neighbours[one].append(other)
            neighbours[other].append(one)
    for sweep in range(8):
        height = {item: row - (len(column) - 1) / 2 for column in columns for row, item in enumerate(column)}
        for column in columns[1:] if sweep % 2 == 0 else columns[-2::-1]:
            means = {item: sum(height[n] for n in neighbours[item]) / max(len(neighbours[item]), 1) for item in column}
            column.sort(key=means.__getitem__)
            height |= {item: row - (len(column) - 1) / 2 for row, item in enumerate(column)}


def _places(columns: list[list[Item]]) -> tuple[dict[Item, tuple[float, float]], int]:
    """Return where every item stands, each column centred, and the height of the whole."""
    rooms = [[LANE if item[1] >= 0 else ROW for item in column] for column in columns]
    height = max(sum(room) for room in rooms)
    at: dict[Item, tuple[float, float]] = {}
    for l, (column, room) in enumerate(zip(columns, rooms, strict=True)):
        top = (height - sum(room)) / 2
        for row, item in enumerate(column):
            at[item] = (MARGIN + COLUMN * l, top + sum(room[:row]) + room[row] / 2)
    return at, height


def _path(points: list[tuple[float, float]], earlier: int) -> list[tuple[float, float]]:
    """Shorten a link by the nodes at its ends; bend it when `earlier` links join the same two nodes."""
    (x0, y0), (x1, y1) = points[0], points[-1]
    path = [(x0 + RADIUS, y0), *points[1:-1], (x1 - RADIUS, y1)]
    if earlier and len(path) == 2:
        path.insert(1, ((x0 + x1) / 2, (y0 + y1) / 2 + 34 * earlier))
    return path
