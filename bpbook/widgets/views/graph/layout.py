"""Where the nodes of a small graph stand: in layers from left to right; a link that skips a layer goes round."""

from itertools import pairwise
from typing import Any

__all__ = ["layout"]

COLUMN, ROW, LANE, MARGIN, FOOT, RADIUS = 176, 122, 40, 76, 8, 31
"""Pixels: between layers, for a node, for a link that only passes, on either side, below, and of a node."""

Item = tuple[int, int]
Point = tuple[float, float]
ALONG = (0.5, 0.38, 0.62, 0.28, 0.72, 0.2, 0.8)
"""Where on a link its number may stand, the best place first."""


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
        inputs in turn a dict of `start` and `end` (node numbers), `path`, the points that the link goes through, and
        `label`, where on it there is room for its number.
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
    placed: list[dict[str, Any]] = []
    for number, ((start, end), route) in enumerate(zip(links, routes, strict=True)):
        path = _path([at[item] for item in route], links[:number].count((start, end)))
        placed.append({"start": start, "end": end, "path": path})
    nodes = [at[k, -1] for k in range(len(inputs))]
    _label(placed, nodes)
    return {"size": (width, height + FOOT), "at": nodes, "links": placed}


def _label(links: list[dict[str, Any]], nodes: list[Point]) -> None:
    """Give every link a place for its number, clear of the nodes and of the others; the level ones choose first."""
    taken: list[tuple[Point, float, float]] = [(node, RADIUS + 40, ROW / 2) for node in nodes]
    for link in sorted(links, key=lambda link: abs(link["path"][0][1] - link["path"][-1][1])):
        path = link["path"]
        segments = sorted(pairwise(path), key=lambda ends: abs(ends[0][0] + ends[1][0] - path[0][0] - path[-1][0]))
        places = [_on_curve(*ends, t) for t in ALONG for ends in segments]

        def crowded(place: Point) -> float:
            return sum(
                max(0.0, 1 - abs(place[0] - x) / wide) * max(0.0, 1 - abs(place[1] - y) / high)
                for (x, y), wide, high in taken
            )

        link["label"] = min(places, key=crowded)
        taken.append((link["label"], 70, 20))


def _on_curve(start: Point, end: Point, t: float) -> Point:
    """Return a point of the curve that the browser draws from start to end, level at both."""
    (x0, y0), (x1, y1) = start, end
    return x0 + (x1 - x0) * (0.5 + 0.75 * (t - 0.5) + (t - 0.5) ** 3), y0 + (y1 - y0) * t * t * (3 - 2 * t)


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


def _places(columns: list[list[Item]]) -> tuple[dict[Item, Point], int]:
    """Return where every item stands, each column centred, and the height of the whole."""
    rooms = [[LANE if item[1] >= 0 else ROW for item in column] for column in columns]
    height = max(sum(room) for room in rooms)
    at: dict[Item, Point] = {}
    for l, (column, room) in enumerate(zip(columns, rooms, strict=True)):
        top = (height - sum(room)) / 2
        for row, item in enumerate(column):
            at[item] = (MARGIN + COLUMN * l, top + sum(room[:row]) + room[row] / 2)
    return at, height


def _path(points: list[Point], earlier: int) -> list[Point]:
    """Shorten a link by the nodes at its ends; bend it when `earlier` links join the same two nodes."""
    (x0, y0), (x1, y1) = points[0], points[-1]
    path = [(x0 + RADIUS, y0), *points[1:-1], (x1 - RADIUS, y1)]
    if earlier and len(path) == 2:
        path.insert(1, ((x0 + x1) / 2, (y0 + y1) / 2 + 34 * earlier))
    return path
