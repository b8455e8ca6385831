"""What a sweep costs, what differences cost, and a gradient that is asked for twice."""

import numpy as np

from ...kinds import Array, Choice, Number


def _operations(rng: np.random.Generator) -> tuple[int, int, int]:
    products, sums, sines = rng.choice(np.arange(2, 10), size=3, replace=False)
    return int(products), int(sums), int(sines)


EXERCISES = [
    Array(
        name="cost_of_sweep",
        equations=("RM",),
        given=_operations,
        names=("the cost of the values", "the cost of the sweep"),
        expected=lambda products, sums, sines: [products + sums + sines, 2 * products + 2 * sums + sines],
        mistakes={
            lambda products, sums, sines: [
                2 * products + 2 * sums + sines,
                products + sums + sines,
            ]: "The two are exchanged. The values come first.",
            lambda products, sums, sines: [
                2 * products + 2 * sums + sines,
                2 * products + 2 * sums + sines,
            ]: "The values cost only one unit for each operation, however many inputs it has.",
            lambda products, sums, sines: [
                products + sums + sines,
                products + 2 * sums + sines,
            ]: "A product has two inputs too, and so two edges.",
            lambda products, sums, sines: [
                products + sums + sines,
                2 * products + 2 * sums,
            ]: "A sine has an edge as well.",
            lambda products, sums, sines: [
                products + sines,
                2 * products + sines,
            ]: "In the cost model a sum costs as much as any operation.",
            lambda products, sums, sines: (
                [products + sums + sines] * 2
            ): "An operation with two inputs has two edges, and the sweep pays for each edge.",
            lambda products, sums, sines: [
                products + sums + sines,
                3 * (products + sums + sines),
            ]: "Three for each operation is too much. Count its edges.",
            lambda products, sums, sines: [
                products + sums + sines,
                2 * (products + sums + sines),
            ]: "A sine has one input and so one edge.",
            lambda products, sums, sines: [
                products + sums + sines,
                2 * products + sums + sines,
            ]: "A sum has two inputs too, and so two edges.",
            lambda products, sums, sines: [
                products + sums + sines,
                3 * products + 3 * sums + 2 * sines,
            ]: "The second number holds the values as well. The sweep alone is asked for.",
        },
        hints=(
            "The values cost one unit for each operation, whatever it is.",
            "The sweep uses every edge once, and an operation has an edge for each of its inputs.",
            "Count two edges for every product and every sum, and one for every sine.",
        ),
    ),
    Number(
        name="times_dearer",
        given=lambda rng: (3 * int(rng.choice([20, 50, 100, 400, 1000])),),
        expected=lambda n: 2 * n / 3,
        tolerance=1e-6,
        mistakes={
            lambda n: 2 * n + 1: "Differences do not need f(x) itself; and compare with the price of reverse mode.",
            lambda n: 2 * n: "That is what differences cost. Compare it with what reverse mode costs.",
            lambda n: (2 * n + 1) / 3: "A central difference does not use f(x) itself.",
            lambda n: (
                (n + 1) / 3
            ): "That is for differences to one side. Central ones run the function above and below.",
            lambda n: n: "Each weight is nudged to both sides. And divide by the price of the other way.",
            lambda n: 2 * n - 3: "You want to know how many times as much, so divide instead of subtracting.",
            lambda n: 2 * n / 3 * n: "One run serves all weights but the nudged one: count the runs.",
            lambda n: (2 * n) / 4: "The three runs of the other way hold the loss already.",
            lambda n: 2.0: "Each of the n weights is nudged on its own.",
            lambda n: n / 3: "A central difference runs the function twice for each input, once above and once below.",
            lambda n: 3 / (2 * n): "Turn it over, because differences are the expensive way.",
            lambda n: 6 * n: "The three is the price of the other way: divide by it.",
        },
        hints=(
            "How many times does a central difference run the function, for n inputs?",
            "It runs it twice for each input, while reverse mode costs as much as three runs, however many inputs "
            "there are.",
            "Divide the runs that differences need by three.",
        ),
    ),
    Choice(
        name="called_twice",
        equations=("RM",),
        right="b",
        options={
            "a": "That is what our `graph.backward` does, which writes nothing into the nodes. PyTorch's does.",
            "b": "Right: it adds to what is there, so that a large batch may be worked through in parts.",
            "c": "Gradients are added here, not averaged.",
            "d": "Nothing is refused: the old gradient is taken for a part of the sum.",
        },
        hints=(
            "Where does PyTorch put a gradient, and what may already be there?",
            "Training loops clear the gradients before each `backward`. What would happen if they did not?",
            "Contributions add at a shared node. PyTorch treats two calls in the same way.",
        ),
    ),
]
