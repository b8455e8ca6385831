"""Both sweeps along a tape of edges."""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from ...kinds import Function, Mistake
from ...kinds.exercise import Given


def _edges(rng: np.random.Generator) -> tuple[int, Any, Any]:
    """Draw a tape of 7 nodes: 0 and 1 are inputs; every other is fed by the node before and by an earlier one."""
    edges = [(node, int(earlier)) for node in range(2, 7) for earlier in (rng.integers(node - 1), node - 1)]
    return 7, np.array(edges), rng.uniform(0.5, 1.5, len(edges)) * rng.choice([-1, 1], len(edges))


def _equal_edges(rng: np.random.Generator) -> tuple[int, Any, Any]:
    """Draw a tape on which two nodes use another one twice, as x * x does, and nobody uses node 4."""
    edges = [(2, 0), (2, 0), (3, 1), (3, 2), (4, 0), (4, 3), (5, 3), (5, 3), (6, 5), (6, 2)]
    return 7, np.array(edges), rng.uniform(0.5, 1.5, len(edges)) * rng.choice([-1, 1], len(edges))


def _closed_edge(rng: np.random.Generator) -> tuple[int, Any, Any]:
    """Draw a tape with a local derivative of 0, as behind a closed ReLU."""
    n, edges, slopes = _edges(rng)
    slopes[5] = 0.0
    return n, edges, slopes


def _and_speeds(tape: Callable[[np.random.Generator], tuple[int, Any, Any]]) -> Given:
    """Return the probe of a tape with the speeds of its two inputs."""
    return lambda rng: (*tape(rng), rng.uniform(1, 2, 2))


def _kept_once(edges: Any, slopes: Any, turn: int = 1) -> tuple[Any, Any]:
    """Return the tape with one of any equal edges: the last one, or the first."""
    kept = dict(zip(map(tuple, edges[::turn]), slopes[::turn], strict=True))
    return np.array(list(kept))[::turn], np.array(list(kept.values()))[::turn]


def _reverse(
    n: int,
    edges: Any,
    slopes: Any,
    *,
    keep: int = 1,
    seed: int = 1,
    backwards: int = 1,
    add_slopes: int = 0,
    start: int = 0,
    at: int = -1,
) -> Any:
    adjoint = np.full(n, float(start))
    adjoint[at] = seed
    pairs = list(zip(edges, slopes, strict=True))
    for (node, earlier), slope in reversed(pairs) if backwards else pairs:
        share = adjoint[node] + slope if add_slopes else adjoint[node] * slope
        adjoint[earlier] = keep * adjoint[earlier] + share
    return adjoint


def _second_attempt(n: int, edges: Any, slopes: Any, turned: bool = False) -> Any:
    """Send on whatever a node has gathered, as soon as something arrives: the text's second attempt, on a tape."""
    adjoint = np.zeros(n)
    tape = list(zip(edges, slopes, strict=True))[:: -1 if turned else 1]

    def send(node: int, share: float) -> None:
        adjoint[node] += share
        for (above, below), slope in tape:
            if above == node:
                send(below, adjoint[node] * slope)

    send(n - 1, 1.0)
    return adjoint


def _forward(
    n: int,
    edges: Any,
    slopes: Any,
    speeds: Any,
    *,
    keep: int = 1,
    backwards: int = 0,
    add_slopes: int = 0,
    start: int = 0,
) -> Any:
    tangent = np.full(n, float(start))
    tangent[:2] = speeds
    pairs = list(zip(edges, slopes, strict=True))
    for (node, earlier), slope in reversed(pairs) if backwards else pairs:
        share = tangent[earlier] + slope if add_slopes else tangent[earlier] * slope
        tangent[node] = keep * tangent[node] + share
    return tangent


EARLY = Mistake(
    "sent on early", "A node has sent on what it had before all had arrived. It waits until its adjoint is complete."
)

LOST = Mistake(
    "equal edges",
    "Two edges may join the same two nodes, as x times x does. Here one of them is lost, but both of them count.",
)

EXERCISES = [
    Function(
        name="forward_sweep",
        points=2,
        equations=("FM",),
        arguments=_and_speeds(_edges),
        special=(_and_speeds(_equal_edges), _and_speeds(_closed_edge)),
        reference=lambda n, edges, slopes, speeds: _forward(n, edges, slopes, speeds),
        mistakes={
            lambda n, edges, slopes, speeds: _forward(n, *_kept_once(edges, slopes), speeds): LOST,
            lambda n, edges, slopes, speeds: _forward(n, *_kept_once(edges, slopes, -1), speeds): LOST,
            lambda *args: _forward(
                *args, keep=0
            ): "The last contribution replaces the one before. A node moves with all of its inputs at once.",
            lambda *args: _forward(
                *args, backwards=1
            ): "The edges are used from last to first. Forward mode goes with the values.",
            lambda n, edges, slopes, speeds: _forward(
                n, edges[:, ::-1], slopes, speeds
            ): "Your edges are reversed. A tangent goes from the earlier node to the later one.",
            lambda n, edges, slopes, speeds: _forward(
                n, edges, np.ones(len(slopes)), speeds
            ): "The local derivatives are not used.",
            lambda n, edges, slopes, speeds: _forward(n, edges, slopes, [0, 0]): "Nothing moves: the two speeds are "
            "missing.",
            lambda n, edges, slopes, speeds: _forward(n, edges, slopes, [0, speeds[1]]): "Your first input does not "
            "move.",
            lambda n, edges, slopes, speeds: _forward(
                n, edges, slopes, speeds, add_slopes=1
            ): "Along an edge the tangent is multiplied by the local derivative, not added to it.",
            lambda n, edges, slopes, speeds: _forward(n, edges, slopes, speeds[::-1]): "The two speeds are exchanged.",
            lambda n, edges, slopes, speeds: _forward(
                n, edges, slopes[edges[:, 0]], speeds
            ): "`slopes` has an entry for each edge, not for each node.",
            lambda n, edges, slopes, speeds: _forward(
                n, edges, slopes, speeds, start=1
            ): "All tangents begin with 1 here. A node begins with 0, and only the inputs have a speed.",
            lambda n, edges, slopes, speeds: _forward(n, edges[1:], slopes[1:], speeds): "The first edge was left out.",
            lambda n, edges, slopes, speeds: _forward(
                n, edges, slopes, [speeds[0], 0]
            ): "Your second input does not move.",
            lambda n, edges, slopes, speeds: _forward(
                n, edges, slopes, [1, 1]
            ): "Both inputs move with speed 1 here. Their speeds are given.",
            lambda n, edges, slopes, speeds: _forward(n, edges, slopes, speeds)[
                -1
            ]: "The output's tangent is right. Return those of all nodes.",
        },
        hints=(
            "Begin with 0 for every node, and put the two speeds at the inputs.",
            "Go through the edges in the order in which they are listed.",
            "For each edge, add the input's tangent times the local derivative to the tangent of the node.",
        ),
    ),
    Function(
        name="reverse_sweep",
        points=3,
        equations=("RM", "MV"),
        arguments=_edges,
        special=(_equal_edges, _closed_edge),
        reference=lambda n, edges, slopes: _reverse(n, edges, slopes),
        mistakes={
            lambda n, edges, slopes: _reverse(n, *_kept_once(edges, slopes)): LOST,
            lambda n, edges, slopes: _reverse(n, *_kept_once(edges, slopes, -1)): LOST,
            lambda *args: _reverse(
                *args, keep=0
            ): "The last contribution replaces the ones before. At a shared node they add.",
            lambda n, edges, slopes: _second_attempt(n, edges, slopes): EARLY,
            partial(_second_attempt, turned=True): EARLY,
            lambda n, edges, slopes: _reverse(
                n, edges[:, ::-1], slopes
            ): "Your edges are reversed. An adjoint goes from a node to what it was computed from.",
            lambda n, edges, slopes: _reverse(
                n, edges[1:], slopes[1:]
            ): "The first edge was left out: the loop ends one edge too early.",
            lambda n, edges, slopes: _reverse(
                n, edges, slopes[edges[:, 0]]
            ): "`slopes` has an entry for each edge, not for each node.",
            lambda n, edges, slopes: (
                np.bincount(edges[:, 1], slopes, n) + np.eye(n)[-1]
            ): "The local derivatives are added up. Each is multiplied by the adjoint of the node that it leads to.",
            lambda n, edges, slopes: _reverse(
                n, edges, slopes, at=0
            ): "The sweep begins at the first node here. It begins at the output.",
            lambda n, edges, slopes: _reverse(
                n, edges, slopes, start=1
            ): "All nodes begin with 1 here. Only the output does; the others have received nothing yet.",
            lambda n, edges, slopes: _reverse(n, edges, slopes)[::-1]: "Your adjoints are in reverse order. Node 0 "
            "comes first.",
            lambda n, edges, slopes: _reverse(n, edges, slopes[::-1]): "The edges go backwards, their local "
            "derivatives do not: each edge has its own.",
            partial(_reverse, seed=0): "Nothing was sent: the output's own adjoint is 1, not 0.",
            lambda *args: _reverse(
                *args, backwards=0
            ): "The edges are used from first to last, so nodes send on before their "
            "adjoint is complete. Go through them backwards.",
            lambda *args: _reverse(
                *args, add_slopes=1
            ): "Along an edge the adjoint is multiplied by the local derivative, not added to it.",
            lambda n, edges, slopes: _reverse(n, edges, slopes)[
                :2
            ]: "The inputs' adjoints are right. Return those of all nodes.",
            lambda n, edges, slopes: _reverse(
                n, edges, np.ones(len(slopes))
            ): "The local derivatives are not used: this counts paths.",
        },
        hints=(
            "Begin with an adjoint of 0 for every node except the output.",
            "The last node has the adjoint one. Then go through the edges from the last to the first.",
            "For each edge, going backwards, add the node's adjoint times the local derivative to the input's adjoint.",
        ),
    ),
]
