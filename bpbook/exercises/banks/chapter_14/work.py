"""Multiply-adds of a pass forward and a pass back, and of forward mode."""

import numpy as np

from ...bugs.fields.costs import COSTS
from ...kinds import Choice, Expression, Number


def _network(rng: np.random.Generator) -> tuple[int, int, int, int]:
    m = int(rng.choice([10, 20, 50, 100]))
    n_0, n_1, n_2 = (int(n) for n in rng.permutation(np.arange(3, 13))[:3])
    return m, n_0, n_1, n_2


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
        name="back_over_forward",
        points=2,
        expected="(2 * L - 1) / L",
        variables={"L": (2, 60)},
        mistakes={
            "2": COSTS["twice the forward pass"],
            "1": COSTS["nothing sent back"],
            "2 * L - 1": "These are the products of the backward pass. Divide by those of the forward pass.",
            "L / (2 * L - 1)": "That is upside down. The backward pass is the dearer one.",
            "(3 * L - 1) / L": "That is the price of both passes together. Compare the backward pass alone.",
            "(L - 1) / L": "You counted only the products that send errors back. Each layer of weights also wants its "
            "gradient.",
            "(2 * L + 1) / L": "There is one product less than two for each layer, and not one more.",
            "(L + 1) / L": "All layers but one send their errors back. You let only one of them do so.",
            "L": "How many products are there on the way back, and how many on the way forward?",
        },
        hints=(
            "All products are equally large, so it is enough to count how many there are.",
            "Forward there is one for each layer. On the way back each layer has one for its gradient, and sends its "
            "error on with another.",
            "There is one layer that does not send its error any further.",
        ),
    ),
    Choice(
        name="cheaper_mode",
        right="b",
        options={
            "a": "Reverse mode needs a sweep for each output. How many outputs are there?",
            "b": "Right. Forward mode needs a sweep for each input, and there are only three of them.",
            "c": "They cost the same only where there are as many outputs as inputs.",
            "d": "Differences need two runs for each input, which costs about the same, and lose half of the digits.",
        },
        hints=(
            "One sweep of forward mode follows one input. What does one sweep of reverse mode follow?",
            "Count the sweeps that each of the two would need here.",
            "A network has many inputs and one loss. Here it is the other way round.",
        ),
    ),
]
