"""In which round a node can be computed when every node only waits for its inputs."""

from collections.abc import Callable, Iterable

import numpy as np

from ...kinds import Function, Mistake

Inputs = dict[int, list[int]]


def _over(count: Callable[[list[int]], int], inputs: Inputs, output: int) -> int:
    """Count from the nodes without inputs, which count 0, to the output; each node is visited once."""
    found: dict[int, int] = {}

    def visit(node: int) -> int:
        if node not in found:
            found[node] = count([visit(earlier) for earlier in inputs[node]]) if inputs[node] else 0
        return found[node]

    return visit(output)


def _round(inputs: Inputs, output: int) -> int:
    return _over(lambda rounds: 1 + max(rounds), inputs, output)


def _needed(inputs: Inputs, output: int) -> set[int]:
    """Return the nodes that the output depends on, itself among them."""
    needed = [output]
    for node in needed:
        needed += [earlier for earlier in dict.fromkeys(inputs[node]) if earlier not in needed]
    return set(needed)


def _computed(inputs: Inputs, nodes: Iterable[int]) -> int:
    return sum(bool(inputs[node]) for node in nodes)


WRONG: dict[Callable[[Inputs, int], int], str | Mistake] = {
    lambda inputs, output: _over(lambda rounds: 1 + min(rounds), inputs, output): "This is when the first of its "
    "inputs is there. A node has to wait for the last of them.",
    lambda inputs, output: _round(inputs, output) + 1: "This is one too many. The nodes without inputs are there in "
    "round 0.",
    lambda inputs, output: _round(inputs, output) - 1: "This is one too few. In this round the last of its inputs is "
    "computed.",
    lambda inputs, output: max(_round(inputs, node) for node in inputs): "This is when the whole graph is done. Some "
    "nodes go on after `output`, or beside it, and it does not wait for them.",
    lambda inputs, output: _computed(inputs, _needed(inputs, output)): "This is how many nodes have to be "
    "computed. Those that do not wait for one another are computed in the same round.",
    lambda inputs, output: len(_needed(inputs, output)): "This is how many nodes `output` depends on, itself "
    "among them. Those that do not wait for one another are there in the same round.",
    lambda inputs, output: _computed(inputs, inputs): "This is how many nodes of the whole graph are computed. Those "
    "that do not wait for one another are computed in the same round.",
    lambda inputs, output: len(inputs[output]): "This is how many arrows lead straight to `output`. What do the nodes "
    "at their other ends wait for?",
    lambda inputs, output: _over(lambda rounds: 1 + sum(rounds), inputs, output): "Here the waits for the inputs are "
    "added. They are all computed at the same time, so only the longest wait counts.",
    lambda inputs, output: sum(len(inputs[node]) for node in _needed(inputs, output)): "This is how many arrows "
    "there are on the way to `output`. How many of them does the longest path have?",
}


def _graph(rng: np.random.Generator) -> tuple[Inputs, int]:
    """Draw a graph of ten nodes, the output among them, on which every wrong count is wrong."""
    while True:
        name = [int(node) for node in rng.permutation(10)]
        inputs: Inputs = {}
        for k in sorted(range(10), key=lambda k: name[k]):
            number = 0 if k < 3 else int(rng.integers(1, 4))
            inputs[name[k]] = [name[int(earlier)] for earlier in rng.permutation(k)[:number]]
        output = name[int(rng.integers(6, 9))]
        if _round(inputs, output) not in {wrong(inputs, output) for wrong in WRONG}:
            return inputs, output


def _an_input(rng: np.random.Generator) -> tuple[Inputs, int]:
    """Draw such a graph and ask for a node without inputs."""
    inputs, _ = _graph(rng)
    return inputs, next(node for node, feeding in inputs.items() if not feeding)


def _squarings(rng: np.random.Generator) -> tuple[Inputs, int]:
    """Return forty squarings in a row, in which nobody can walk every path."""
    return {0: [], **{node: [node - 1, node - 1] for node in range(1, 41)}}, 40


EXERCISES = [
    Function(
        name="round_of_output",
        points=2,
        equations=("RM",),
        arguments=_graph,
        special=(_an_input, _squarings),
        reference=_round,
        mistakes=WRONG,
        hints=(
            "A node is computed one round after the last of its inputs.",
            "So the round of a node is 1 plus the largest round of its inputs, and 0 if it has none.",
            "A function that calls itself for each input finds this, but it asks a shared node again on every path to "
            "it. Keep each round that you have found in a dictionary, and look there first.",
        ),
    ),
]
