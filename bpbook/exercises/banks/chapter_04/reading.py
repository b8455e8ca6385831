"""What the four equations say: transposes, means, what is kept, and what cancels."""

from ...kinds import Choice, Expression

EXERCISES = [
    Choice(
        name="why_transposed",
        equations=("BP2",),
        right="c",
        options={
            "a": "The shapes do fit then, but they would also fit for many wrong formulas. What is summed over?",
            "b": "The inverse would undo the layer. Derivatives are not undone, they are multiplied.",
            "c": "Right: forward adds over the layer before, backward over the next layer. The indices change places.",
            "d": "Were it the notation, the way forward would have it too: only one of the two ways is transposed.",
        },
        hints=(
            "Write (BP2) with indices, for one unit j of layer l.",
            "The sum runs over k, the units of layer l+1, with w_jk in it.",
            "Forward, z_k sums over j. Backward, unit j sums over k. The same matrix, read the other way.",
        ),
    ),
    Choice(
        name="where_is_the_mean",
        equations=("BP1", "BP3"),
        right="a",
        options={
            "a": "Right: it enters once, with dC/da of the mean loss, and every later line only adds.",
            "b": "Then db would be divided by m twice, for delta has brought one 1/m along.",
            "c": "An average in every layer divides by m again and again: with two layers, m squared.",
            "d": "Other books do it so. In this book C is the mean; look at dC/da of the mean loss.",
        },
        hints=(
            "Which function is differentiated: the sum of the examples' losses, or their mean?",
            "Look at what `loss.gradient` returns for m examples.",
            "If dC/da has the 1/m, delta of the output has it, and so has everything made from it.",
        ),
    ),
    Choice(
        name="what_is_kept",
        equations=("BP2", "BP4"),
        right="d",
        options={
            "a": "(BP2) and (BP4) need more than the output. Which quantities stand in them?",
            "b": "(BP4) takes a of the layer before. It could be computed again from z; bpbook keeps it.",
            "c": "(BP2) takes f' at z. From a ReLU's a it can be told, but not from every activation's.",
            "d": "Right: z for the derivatives, a for the weight gradients. That memory is the price of one pass back.",
        },
        hints=(
            "Read (BP1) to (BP4) and underline what feedforward has computed.",
            "f_l'(z^l) stands in (BP2); which quantity stands in (BP4)?",
            "Look at the fields of `bp.Cache`.",
        ),
    ),
    Expression(
        name="tanh_prime",
        equations=("BP2",),
        expected="1 - a**2",
        variables={"a": (-0.9, 0.9)},
        mistakes={
            "a * (1 - a)": "That is the sigmoid's derivative. Does it fit at z = 0, where tanh has the slope 1?",
            "a**2": "That is what is taken away. At z = 0, where a = 0, tanh has the slope 1.",
            "1 - a": "Nearly: try z = 0.5, and compare with a nudge.",
            "1 + a**2": "Its slope is largest at z = 0, where a = 0. Does yours fall from there?",
            "1 - tanh(a)**2": "That formula takes z. In a, the tanh has been applied already.",
            "1 / cosh(a)**2": "That formula takes z. In a, the tanh has been applied already.",
        },
        ratios={-1.0: "The size is right, the sign is not: tanh rises everywhere."},
        hints=(
            "Write tanh as a quotient of exponentials, and use the quotient rule.",
            "With s = sinh and c = cosh: (s/c)' = (c c - s s)/c².",
            "Divide: one, minus the square of s/c. And s/c is a.",
        ),
    ),
    Expression(
        name="cancelled",
        equations=("CE", "BP1"),
        expected="a - y",
        variables={"a": (0.05, 0.95), "y": (0.05, 0.95)},
        most=6,
        mistakes={
            "(a - y) * a * (1 - a)": "That is delta with the squared error. Here a(1 - a) cancels against something.",
            "(a - y) / (a * (1 - a))": "That is dC/da. Delta is dC/dz: multiply by sigma'(z), in a.",
            "-y / a": "Both terms of the loss depend on a. This is the first one's derivative.",
            "-y / a + (1 - y) / (1 - a)": "That is dC/da. Delta is dC/dz: multiply by sigma'(z), in a.",
            "-y * (1 - a)": "Both terms of the loss depend on a. This is the first one's share.",
            "a * (1 - a)": "That is sigma'(z) alone. It cancels against something in dC/da.",
            "(1 - y) * a": "Both terms of the loss depend on a. This is the second one's share.",
        },
        ratios={-1.0: "The size is right, the sign is not: where a is too large, a smaller z makes the loss smaller."},
        hints=(
            "Differentiate C = -y ln a - (1 - y) ln(1 - a) with respect to a first.",
            "dC/da = -y/a + (1 - y)/(1 - a). Bring it to one denominator.",
            "Multiply by sigma'(z) = a(1 - a), which is just that denominator.",
        ),
    ),
]
