"""What the four equations say when something about them changes: transposes, means, what is kept, what cancels."""

from ...kinds import Choice, Expression

EXERCISES = [
    Choice(
        name="why_transposed",
        equations=("BP2",),
        right="c",
        options={
            "a": "A product sums over the columns of its left factor, which here are the units of the next layer. "
            "What do the rows of the right one stand for?",
            "b": "Examples are still rows, so delta, with a row for each example, comes first.",
            "c": "Right. The next layer numbers the rows of V already, so here it is the way forward that transposes.",
            "d": "The inverse would undo the layer. But derivatives are multiplied, and nothing is undone.",
        },
        hints=(
            "Write (BP2) with indices, for one unit j of layer l. Over which index does the sum run?",
            "It runs over k, the units of the next layer. What does k number in V: the rows, or the columns?",
            "The index of the sum has to number the columns of delta and the rows of what follows.",
        ),
    ),
    Choice(
        name="where_is_the_mean",
        equations=("BP1", "BP3"),
        right="a",
        options={
            "a": "Right. The smaller learning rate makes up for the missing 1/m, and the decay, which never had one, "
            "has to be saved from it.",
            "b": "The share of the examples is right then. But the smaller learning rate also weakens the decay, m "
            "times.",
            "c": "Its gradients are m times as large as ours, so this would make the step m times m as long.",
            "d": "Its gradients of the loss are m times as large as ours, and so would be the steps.",
        },
        hints=(
            "Let G be our gradient of the mean loss, without the decay. What is it in the other library?",
            "Our step is minus eta (G + lambda W). Write the other one in the same way, with letters of its own.",
            "Compare what multiplies G in the two steps, and then what multiplies W.",
        ),
    ),
    Choice(
        name="what_is_kept",
        equations=("BP1", "BP2"),
        right="d",
        options={
            "a": "Think of (SIG). Is there a z on its right side that you could not replace by a?",
            "b": "The slope of ReLU asks only whether z was above 0. Can you tell that from its a?",
            "c": "The slope of the square is 2z. Suppose a = 4: was z then 2 or -2?",
            "d": "Right. The slopes of the other three can be written in a, while the square forgets the sign of z.",
        },
        hints=(
            "For each function, ask whether two different z can have the same a and different slopes.",
            "Where the curve rises all the way, a tells you z. And where ReLU is flat, all slopes are the same.",
            "Draw the four curves, and a horizontal line through each of them.",
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
        expected="a * (1 - y) - 3 * y * (1 - a)",
        variables={"a": (0.05, 0.95), "y": (0.05, 0.95)},
        most=9,
        mistakes={
            "a - y": "That is delta where both mistakes cost the same. Here a miss is charged three times.",
            "3 * (a - y)": "The 3 belongs to the misses only. What does a false alarm cost?",
            "a - 3 * y": "Try y = 1: a neuron that answers 1 is right then, and its delta should be 0.",
            "(a * (1 - y) - 3 * y * (1 - a)) * a * (1 - a)": "One a(1 - a) too many: that of sigma'(z) cancels "
            "against what dC/da is divided by.",
            "(a * (1 - y) - 3 * y * (1 - a)) / (a * (1 - a))": "That is dC/da. Delta is dC/dz, so multiply by "
            "sigma'(z), written in a.",
            "-3 * y / a": "Both terms of the loss depend on a. This is the first one's derivative.",
            "-3 * y * (1 - a)": "Both terms of the loss depend on a. This is the first one's share.",
            "(1 - y) * a": "Both terms of the loss depend on a. This is the second one's share.",
            "-3 * y * (1 - a) - (1 - y) * a": "The second share has the wrong sign. What is the derivative of "
            "ln(1 - a) with respect to a?",
            "3 * a * (1 - y) - y * (1 - a)": "Here the false alarm is charged three times, and not the miss.",
            "a * (1 - a)": "That is sigma'(z) alone. It cancels against something in dC/da.",
        },
        ratios={
            -1.0: "The size is right, but the sign is not. Where a is too large, a smaller z makes the loss smaller."
        },
        hints=(
            "Differentiate C = -3 y ln a - (1 - y) ln(1 - a) with respect to a first.",
            "dC/da = -3y/a + (1 - y)/(1 - a). Bring it to one denominator.",
            "Multiply by sigma'(z) = a(1 - a), which is exactly that denominator.",
        ),
    ),
]
