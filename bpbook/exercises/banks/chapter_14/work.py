"""Multiply-adds of a pass forward and a pass back, also where layers are frozen, and sweeps of both modes."""

import numpy as np

from ...bugs.fields.costs import COSTS
from ...kinds import Expression, Number


def _network(rng: np.random.Generator) -> tuple[int, int, int, int]:
    m = int(rng.choice([10, 20, 50, 100]))
    n_0, n_1, n_2 = (int(n) for n in rng.permutation(np.arange(3, 13))[:3])
    return m, n_0, n_1, n_2


def _waist(rng: np.random.Generator) -> tuple[int, int, int]:
    """Draw a simulation that is narrow in the middle."""
    inputs, outputs = (int(n) for n in rng.permutation([400, 700, 1000, 3000, 5000, 20_000])[:2])
    return inputs, int(rng.integers(3, 13)), outputs


EXERCISES = [
    Number(
        name="forward_work",
        given=_network,
        tolerance=1e-6,
        expected=lambda m, n_0, n_1, n_2: m * (n_0 * n_1 + n_1 * n_2 + n_1 + n_2 + n_1),
        mistakes={
            lambda m, n_0, n_1, n_2: m * (n_0 * n_1 + n_1 * n_2 + n_1): COSTS["bias not counted"],
            lambda m, n_0, n_1, n_2: m * (n_0 * n_1 + n_1 * n_2 + n_1 + n_2): COSTS["activation not counted"],
            lambda m, n_0, n_1, n_2: n_0 * n_1 + n_1 * n_2 + n_1 + n_2 + n_1: COSTS["batch not counted"],
            lambda m, n_0, n_1, n_2: m * (n_0 * n_1 + n_1 * n_2): "These are the two products. Biases are added and "
            "an activation function is applied, too.",
            lambda m, n_0, n_1, n_2: m * (n_0 * n_1 + n_1 * n_2) + n_1 + n_2 + m * n_1: "A bias is added in every "
            "row, once for each example.",
            lambda m, n_0, n_1, n_2: m * (n_0 * n_1 + n_1 * n_2 + 2 * n_1 + 2 * n_2): "The output has no activation "
            "function here, as its a is its z.",
            lambda m, n_0, n_1, n_2: m * (n_0 * n_1 * n_2 + 2 * n_1 + n_2): "Layers follow each other, so the work of "
            "their products is added and not multiplied.",
            lambda m, n_0, n_1, n_2: n_0 * n_1 + n_1 * n_2 + n_1 + n_2: "That is the number of parameters. How often "
            "is each of them used?",
            lambda m, n_0, n_1, n_2: 2 * m * (n_0 * n_1 + n_1 * n_2): "A multiplication and the addition that goes "
            "with it count once, as one multiply-add. And products are not all there is to do.",
            lambda m, n_0, n_1, n_2: 2 * m * (n_0 * n_1 + n_1 * n_2 + n_1 + n_2 + n_1): COSTS["two for one"],
        },
        hints=(
            "There are two products, two sums with a bias, and one activation function.",
            "A product of (m, k) and (k, n) takes m k n multiply-adds, all else takes one for each entry.",
            "Write the entries of z of layer 1, of its a, and of z of layer 2, and what each of them takes.",
        ),
    ),
    Number(
        name="products_back",
        given=_network,
        tolerance=1e-6,
        expected=lambda m, n_0, n_1, n_2: m * (n_0 * n_1 + 2 * n_1 * n_2),
        mistakes={
            lambda m, n_0, n_1, n_2: m * (2 * n_0 * n_1 + 2 * n_1 * n_2): COSTS["gradient of the input counted"],
            lambda m, n_0, n_1, n_2: m * (n_0 * n_1 + n_1 * n_2): COSTS["nothing sent back"],
            lambda m, n_0, n_1, n_2: n_0 * n_1 + 2 * n_1 * n_2: COSTS["batch not counted"],
            lambda m, n_0, n_1, n_2: m * (2 * n_0 * n_1 + n_1 * n_2): "It is the other layer that needs two products: "
            "the one whose error must go further back.",
            lambda m, n_0, n_1, n_2: m * 2 * n_1 * n_2: "The gradient of the weights of layer 1 is missing.",
            lambda m, n_0, n_1, n_2: m * n_1 * n_2: "That is one product of layer 2. It takes part in two of them, "
            "and layer 1 has weights as well.",
            lambda m, n_0, n_1, n_2: m * 3 * (n_0 * n_1 + n_1 * n_2): "Three products for each layer are too many. "
            "Leave out the forward pass and what nobody asks for.",
            lambda m, n_0, n_1, n_2: m * (n_0 * n_1 + 2 * n_1 * n_2 + 3 * n_1 + 2 * n_2): "That counts sums and "
            "slopes as well, as `bp.count_cost` does. Only the products are asked for.",
            lambda m, n_0, n_1, n_2: 2 * m * (n_0 * n_1 + 2 * n_1 * n_2): COSTS["two for one"],
        },
        hints=(
            "Which of the four equations holds a product of matrices?",
            "BP4 has one for every layer, BP2 one for every layer but the first.",
            "BP2 takes delta of layer 2 back through the weights of layer 2. Count that product, and the two of BP4.",
        ),
    ),
    Expression(
        name="left_when_frozen",
        points=2,
        expected="(2 * k - 1) / (2 * L - 1)",
        variables={"k": (2, 15), "L": (20, 60)},
        mistakes={
            "(2 * k - 1) / (2 * L)": COSTS["twice the forward pass"],
            "2 * k / (2 * L - 1)": "The lowest layer that you train sends its error on here. Who below it asks for it?",
            "k / L": "That would be right if every layer had equally many products on the way back. Which of them has "
            "fewer?",
            "(2 * k - 1) / L": "These are compared with the products of a forward pass. You are asked for the share of "
            "a backward pass.",
            "k / (2 * L - 1)": "You counted the products that give the gradients. The errors must also get down to "
            "the lowest layer that you train.",
            "(k - 1) / (2 * L - 1)": "You counted only the products that send errors back. Each layer that you train "
            "also wants its gradient.",
            "(k + L - 1) / (2 * L - 1)": "Here the errors travel all the way down to layer 1. How far down does "
            "anybody ask for them?",
            "(3 * k - 1) / (3 * L - 1)": "That counts the forward pass as well, and it cannot skip any layer. Compare "
            "the way back alone.",
            "(L + 2 * k - 1) / (3 * L - 1)": "That is the share of both passes together. You are asked for that of the "
            "way back alone.",
            "2 * k - 1": "These are the products that are left. Which share of all are they?",
            "(2 * L - 2 * k) / (2 * L - 1)": "That is the share that you save. How much is left?",
            "(2 * L - 2 * k - 1) / (2 * L - 1)": "You counted the layers that are left as they are. The others are "
            "trained.",
            "(2 * L - 1) / (2 * k - 1)": "That is upside down. Less is left than there was.",
        },
        hints=(
            "All products are equally large, so it is enough to count how many there are.",
            "In a full pass each layer has one product for its gradient, and each but the first has another one, "
            "which sends its error on. Which layers need them now?",
            "The upper k layers still need their gradients, and all of them but the lowest must send their error on.",
        ),
    ),
    Number(
        name="waist_sweeps",
        given=_waist,
        tolerance=1e-6,
        expected=lambda inputs, waist, outputs: 2 * waist,
        mistakes={
            lambda inputs, waist, outputs: waist: "That is enough for one of the halves. What about the other?",
            lambda inputs, waist, outputs: (
                inputs
            ): "That is forward mode through the whole simulation. Where is it narrower than at its inputs?",
            lambda inputs, waist, outputs: (
                outputs
            ): "That is reverse mode through the whole simulation. Where is it narrower than at its outputs?",
            lambda inputs, waist, outputs: (
                inputs + outputs
            ): "In each half you began at the wide end, where a sweep is needed for each of many numbers.",
            lambda inputs, waist, outputs: (
                inputs + waist
            ): "The second half is right. The first half has many inputs and few outputs. Which mode suits it?",
            lambda inputs, waist, outputs: (
                waist + outputs
            ): "The first half is right. The second half has few inputs and many outputs. Which mode suits it?",
            lambda inputs, waist, outputs: waist**2: "The sweeps of the two halves are added up and not multiplied.",
            lambda inputs, waist, outputs: (
                (inputs + outputs) * waist
            ): "These are the entries of the two Jacobians. A sweep finds many of them at once.",
            lambda inputs, waist, outputs: (
                inputs * outputs
            ): "That is the number of derivatives. A sweep finds many of them at once.",
        },
        hints=(
            "What does one sweep of forward mode give you, and what one of reverse mode?",
            "The first half has many inputs and few outputs, and the second half has few inputs and many outputs.",
            "Reverse mode takes one sweep for each output of the first half, and forward mode one for each input of "
            "the second.",
        ),
    ),
]
