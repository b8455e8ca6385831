"""What the four equations say: transposes, means, what is kept, and what cancels."""

from ...kinds import Choice, Expression

EXERCISES = [
    Choice(
        name="why_transposed",
        equations=("BP2",),
        right="c",
        options={
            "a": "With it the shapes do fit, but they also fit for many wrong formulas. What do you sum over?",
            "b": "The inverse would undo the layer. But derivatives are multiplied, and nothing is undone.",
            "c": "Right. Forward you add over the layer before, backward over the next layer, so the indices change "
            "places.",
            "d": "With columns, the transpose moves to another place, but it is there all the same. One of the two "
            "ways has it.",
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
            "a": "Right. It enters once, with dC/da of the mean loss, and every later line only adds.",
            "b": "Then db would be divided by m twice, because delta has already brought a 1/m along.",
            "c": "An average in every layer would divide by m again and again, so with two layers by m squared.",
            "d": "Some books do it that way. But in this book C is the mean, so look at dC/da of the mean loss.",
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
            "a": "(BP2) and (BP4) need more than the output. Which quantities do they use?",
            "b": "(BP4) takes a of the layer before. You could compute it again from z, but bpbook keeps it.",
            "c": "(BP2) takes f' at z. You can tell it from the a of a ReLU, but not from that of every activation.",
            "d": "Right. You need z for the slopes and a for the weight gradients. That memory is the price of going "
            "back once.",
        },
        hints=(
            "Read (BP1) to (BP4), and underline everything that feedforward has computed.",
            "(BP2) uses f_l'(z^l). Which quantity does (BP4) use?",
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
            "a**2": "That is the part that is taken away. At z = 0, where a = 0, tanh has the slope 1.",
            "1 - a": "Nearly. Try z = 0.5, and compare with a nudge.",
            "1 + a**2": "Its slope is largest at z = 0, where a = 0. Does yours fall from there?",
            "1 - tanh(a)**2": "That formula takes z. In a, the tanh has been applied already.",
            "1 / cosh(a)**2": "That formula takes z. In a, the tanh has been applied already.",
        },
        ratios={-1.0: "The size is right, but the sign is not, because tanh rises everywhere."},
        hints=(
            "Write tanh as a quotient of exponentials, and use the quotient rule.",
            "With s = sinh and c = cosh: (s/c)' = (c c - s s)/c².",
            "Divide, and you get one minus the square of s/c. And s/c is a.",
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
            "(a - y) / (a * (1 - a))": "That is dC/da. Delta is dC/dz, so multiply by sigma'(z), written in a.",
            "-y / a": "Both terms of the loss depend on a. This is the first one's derivative.",
            "-y / a + (1 - y) / (1 - a)": "That is dC/da. Delta is dC/dz, so multiply by sigma'(z), written in a.",
            "-y * (1 - a)": "Both terms of the loss depend on a. This is the first one's share.",
            "a * (1 - a)": "That is sigma'(z) alone. It cancels against something in dC/da.",
            "(1 - y) * a": "Both terms of the loss depend on a. This is the second one's share.",
        },
        ratios={
            -1.0: "The size is right, but the sign is not. Where a is too large, a smaller z makes the loss smaller."
        },
        hints=(
            "Differentiate C = -y ln a - (1 - y) ln(1 - a) with respect to a first.",
            "dC/da = -y/a + (1 - y)/(1 - a). Bring it to one denominator.",
            "Multiply by sigma'(z) = a(1 - a), which is exactly that denominator.",
        ),
    ),
]
