"""An order in which every node comes after its inputs."""

import numpy as np

from ...kinds import Function, Mistake


def _graph_with_one_order(rng: np.random.Generator) -> tuple[dict[int, list[int]], int]:
    """Draw a graph whose nodes have only one topological order: each is fed by the one before, and by others."""
    order = [int(node) for node in rng.permutation(7)]
    inputs: dict[int, list[int]] = {}
    for k in sorted(range(7), key=lambda k: order[k]):
        earlier = [node for node in order[: max(k - 1, 0)] if rng.random() < 0.5]
        inputs[order[k]] = [int(node) for node in rng.permutation([*earlier, *order[max(k - 1, 0) : k]])]
    return inputs, order[-1]


def _output_in_the_middle(rng: np.random.Generator) -> tuple[dict[int, list[int]], int]:
    """Draw such a graph whose output feeds nodes on which it does not depend."""
    inputs, last = _graph_with_one_order(rng)
    return inputs, _in_order(inputs, last)[3]


def _with_strangers(rng: np.random.Generator) -> tuple[dict[int, list[int]], int]:
    """Draw such a graph between two nodes that are not connected with it."""
    inputs, last = _graph_with_one_order(rng)
    shifted = {node + 1: [earlier + 1 for earlier in feeding] for node, feeding in inputs.items()}
    return {0: [], **shifted, 8: []}, last + 1


def _in_order(inputs: dict[int, list[int]], output: int) -> list[int]:
    order: list[int] = []

    def visit(node: int) -> None:
        if node not in order:
            for earlier in inputs[node]:
                visit(earlier)
            order.append(node)

    visit(output)
    return order


def _with_repeats(inputs: dict[int, list[int]], node: int) -> list[int]:
    return [earlier for parent in inputs[node] for earlier in _with_repeats(inputs, parent)] + [node]


def _node_before_its_inputs(inputs: dict[int, list[int]], output: int) -> list[int]:
    order: list[int] = []

    def visit(node: int) -> None:
        if node not in order:
            order.append(node)
            for earlier in inputs[node]:
                visit(earlier)

    visit(output)
    return order


def _from_a_stack(inputs: dict[int, list[int]], output: int) -> list[int]:
    order: list[int] = []
    stack = [output]
    while stack:
        node = stack.pop()
        if node not in order:
            order.append(node)
            stack += inputs[node]
    return order


def _in_breadth(inputs: dict[int, list[int]], output: int) -> list[int]:
    order = [output]
    for node in order:
        order += [earlier for earlier in inputs[node] if earlier not in order]
    return order[::-1]


def _all_nodes(inputs: dict[int, list[int]], upto: int | None = None) -> list[int]:
    order: list[int] = []
    for node in inputs:
        order += [earlier for earlier in _in_order(inputs, node) if earlier not in order]
    return order if upto is None else order[: order.index(upto) + 1]


def _all_nodes_by_counting(inputs: dict[int, list[int]], take: int, upto: int | None = None) -> list[int]:
    """Take again and again a node whose inputs are all there (Kahn's algorithm), the first or the last of them."""
    order: list[int] = []
    ready = [node for node in inputs if not inputs[node]]
    while ready:
        order.append(ready.pop(take))
        ready += [v for v in inputs if v not in order + ready and all(u in order for u in inputs[v])]
    return order if upto is None else order[: order.index(upto) + 1]


EXTRA = Mistake(
    "nodes that do not matter",
    "Your list holds nodes on which `output` does not depend. Begin at `output` and go back to what feeds it.",
)

TWICE = Mistake("twice", "A node that is used twice is here twice. Skip what is in the list already.")

TURNED = Mistake(
    "noted first and reversed",
    "Each node is noted before its inputs, and the list is then reversed. With shared nodes that is not the same as "
    "noting it after them.",
)

EXERCISES = [
    Function(
        name="in_order",
        points=2,
        equations=("RM",),
        arguments=_graph_with_one_order,
        special=(_output_in_the_middle, _with_strangers),
        reference=lambda inputs, output: np.array(_in_order(inputs, output)),
        mistakes={
            lambda inputs, output: _all_nodes(inputs): EXTRA,
            lambda inputs, output: _all_nodes(inputs, output): EXTRA,
            lambda inputs, output: _all_nodes_by_counting(inputs, 0): EXTRA,
            lambda inputs, output: _all_nodes_by_counting(inputs, -1): EXTRA,
            lambda inputs, output: _all_nodes_by_counting(inputs, 0, output): EXTRA,
            lambda inputs, output: _all_nodes_by_counting(inputs, -1, output): EXTRA,
            lambda inputs, output: _in_order(inputs, output)[
                ::-1
            ]: "The order is reversed. Inputs come first, and the output comes last.",
            lambda inputs, output: _with_repeats(inputs, output): TWICE,
            lambda inputs, output: _with_repeats({v: u[::-1] for v, u in inputs.items()}, output): TWICE,
            lambda inputs, output: _node_before_its_inputs(
                inputs, output
            ): "Each node is noted before its inputs. Note it after they have been visited.",
            lambda inputs, output: _node_before_its_inputs(inputs, output)[::-1]: TURNED,
            lambda inputs, output: _node_before_its_inputs({v: u[::-1] for v, u in inputs.items()}, output)[
                ::-1
            ]: TURNED,
            lambda inputs, output: _from_a_stack(inputs, output)[::-1]: TURNED,
            lambda inputs, output: _in_order(inputs, output)[:-1]: "`output` itself is missing. It comes last.",
            lambda inputs, output: inputs[output]: "These are the nodes that feed `output` directly. What feeds them?",
            lambda inputs, output: [output]: "Only `output` is here. What is it computed from?",
            lambda inputs, output: _in_breadth(
                inputs, output
            ): "This goes level by level. A node that is near may still have to wait for one that is far.",
            lambda inputs, output: sorted(
                inputs
            ): "These are the numbers by size. What matters is which node feeds which.",
        },
        hints=(
            "A node may be written down when all of its inputs have been.",
            "Visit a node like this: visit each of its inputs first, then write the node down.",
            "Write a function inside yours that does nothing if the node is in the list already, and otherwise calls "
            "itself for each input and then appends the node.",
        ),
    ),
]
