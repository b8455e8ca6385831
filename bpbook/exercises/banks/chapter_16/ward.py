"""Five programs without a name. The reader orders checks, and answers with the mistake and the array."""

from ...kinds import Diagnosis

SIGNS = {
    "gate open": "With an open gate, dW[1] and db[1] would be off, and dW[2] and db[2] right.",
    "dropout mask missing": "Without its mask, dropout spoils dW[1] and db[1]. Is there a dropout here?",
    "ReLU on the output": "Then some of the outputs would be stuck at 0, and some classes never said.",
    "updated too early": "Then asking backward a question would change the weights.",
    "z overwritten": "Then only the layers below the last would be off, and by little.",
    "dW transposed": "Then some dW would be off, and every db right.",
    "all against all": "Then the answers would hardly differ from one another.",
    "not reset": "Then backward would give another answer the second time.",
    "db one sum": "Then all biases of a layer would move by the same amount. Do they?",
    "db mean": "Then every db would be too small, by the size of the batch, and every dW right.",
    "softmax over all": "Then an example's output would depend on its neighbours.",
    "no output derivative": "Then every gradient would be off, in both layers.",
    "no hidden derivative": "Then dW[1] and db[1] would be off, and the last layer's gradients right.",
    "decay sign": "There is no weight decay in this program.",
    "step uphill": "Then an array would move opposite to what it was asked to.",
    "bias never updated": "Then the biases would be after a step what they were before it.",
    "sum for mean": "Then laying the batch down twice would double the loss.",
    "inputs not scaled": "Then x would hold large numbers. It holds ordinary ones.",
    "test not scaled": "Then x_test would have another mean and spread than x.",
    "softmax twice": "Then twenty examples could not be learned.",
    "two orders": "Then shuffled labels would do no worse.",
    "no hidden activation": "Then its layers together could do no more than one.",
}
"""What is said to a mistake that is not in the program: what would be seen if it were."""
FOUND = {
    "db mean": "The biases' gradients are too small by the size of the batch: on twelve examples the ratio is 1/12, "
    "which is an error of 11/13.",
    "no output derivative": "Everything that passes through the output is off, in both layers: its slope is missing.",
    "bias never updated": "The gradient is right and the step leaves the biases out.",
    "test not scaled": "What it learns from is standardised, and what it is examined on is not.",
    "no hidden activation": "Its hidden layers have no activation, so three layers are worth one.",
}
"""What is said to the mistake that is."""
THREADS = {
    "A": "kvfrans/notes#5",
    "B": "jiexunsee/Neural-Network-with-Python#1",
    "C": "glouw/tinn#29 and #30",
    "D": "jchen42703/kits19-cnn#22",
    "E": "aymericdamien/TensorFlow-Examples#207",
}
"""Where each of them was published."""
PLACES = (
    *("x", "x_test", "y", "z[1]", "z[2]", "a[1]", "a[2]", "p", "C", "delta[1]", "delta[2]"),
    *("dW[1]", "dW[2]", "db", "db[1]", "db[2]", "W", "W[1]", "W[2]", "b"),
)


def _of(
    letter: str, mistake: str, place: str, hints: tuple[str, str, str], also: dict[str, str] | None = None
) -> Diagnosis:
    options = dict(SIGNS)
    options[mistake] = f"Right. {FOUND[mistake]} It was published in {THREADS[letter]}."
    return Diagnosis(
        name=f"ward_{letter.lower()}",
        points=2,
        right=mistake,
        place=place,
        places=PLACES,
        options=options,
        hints=hints,
        also=also or {},
    )


EXERCISES = [
    _of(
        "A",
        "db mean",
        "db",
        (
            "Order the gradient check. Which arrays are off?",
            "Only the biases are. Look at how far, and work out the ratio from the relative error (r - 1)/(r + 1).",
            "The ratio has to do with the number of examples. Which operation has been confused with another one?",
        ),
        {place: f"Both db[1] and db[2] are wrong, so `db` says more than {place}." for place in ("db[1]", "db[2]")},
    ),
    _of(
        "B",
        "no output derivative",
        "delta[2]",
        (
            "Order the gradient check. Is any array right?",
            "All are off, so the fault is where the way back begins.",
            "The outputs are sigmoids and the loss is the squared error. Which factor belongs to the output's delta?",
        ),
        {"dW[2]": "The array dW[2] is wrong because delta[2] is, which comes before it."},
    ),
    _of(
        "C",
        "bias never updated",
        "b",
        (
            "The gradient check is content. What can go wrong after the gradient is known?",
            "Order the check that works the gradient back out of a step.",
            "An error of exactly 1 has two explanations. Copy b[1] before a step, and compare it with b[1] afterwards.",
        ),
    ),
    _of(
        "D",
        "test not scaled",
        "x_test",
        (
            "Compare the score on what it learned from with the score in the test.",
            "Nothing is wrong with learning. Look at the data, both halves of them.",
            "The two halves have different spreads.",
        ),
    ),
    _of(
        "E",
        "no hidden activation",
        "a[1]",
        (
            "Every check is content, so invent one. What should two hidden layers be able to do that none can?",
            "Feed it the average of two images. What does a network without a bend answer?",
            "The output of the average is exactly the average of the outputs.",
        ),
    ),
]
