"""Where ways meet, contributions add."""

import numpy as np

from ...kinds import Choice, Number


def _steepness_and_point(rng: np.random.Generator) -> tuple[int, int]:
    return int(rng.integers(6, 10)), int(rng.integers(3, 6))


def _three_shares(rng: np.random.Generator) -> tuple[int, int, int]:
    through_v, through_w = rng.choice(np.arange(3, 10), size=2, replace=False)
    return int(rng.integers(2, 5)), int(through_v), int(through_w)


EXERCISES = [
    Number(
        name="both_ways",
        equations=("CR", "MV"),
        given=_steepness_and_point,
        expected=lambda k, x: 3 * k * x**2,
        tolerance=1e-6,
        mistakes={
            lambda k, x: k * x**2: "That is the path through v alone, but x also moves w.",
            lambda k, x: 2 * k * x**2: "That is the path through w alone, but x also moves v.",
            lambda k, x: 2 * k**2 * x**4: "The two paths run side by side, so their contributions add.",
            lambda k, x: (
                k * x + x**2
            ): "You have dy/dv and dy/dw. The slopes of the links from x to v and from x to w are missing.",
            lambda k, x: 1.5 * k * x**2: "The contributions add. They are not averaged.",
            lambda k, x: k * x**3: "That is y itself. How fast does it change with x?",
            lambda k, x: (
                k + 2 * x
            ): "Those are the slopes of v and of w. In the product, each is multiplied by the other factor.",
            lambda k, x: 3 * x**2: "The slope of v is missing in the result.",
            lambda k, x: (
                k**2 * x + 2 * x**3
            ): "You multiplied each slope by its own factor. In a product it is multiplied by the other one.",
            lambda k, x: k * x**2 - 2 * k * x**2: "The two contributions add. The minus sign belongs to quotients.",
            lambda k, x: 2 * k * x: "The derivative of a product is not the product of the derivatives.",
        },
        hints=(
            "Draw the graph. How many paths lead from x to y?",
            "Along the path through v, multiply dv/dx by dy/dv, which is the other factor, w. Then do the same "
            "through w.",
            "By equation (MV) it is w times k, plus v times twice x.",
        ),
    ),
    Number(
        name="counted_twice",
        equations=("MV",),
        given=_three_shares,
        expected=lambda slope, through_v, through_w: slope * (2 * through_v + through_w),
        mistakes={
            lambda slope, through_v, through_w: (
                slope * (through_v + through_w)
            ): "That is the true derivative. What does "
            "`derivative[u]` hold when the second share arrives, and what is sent on then?",
            lambda slope, through_v, through_w: (
                slope * (through_v + 2 * through_w)
            ): "One share is counted twice, but not this one. Which of the two is already there when the other "
            "arrives?",
            lambda slope, through_v, through_w: (
                2 * slope * (through_v + through_w)
            ): "Only what was already there is sent a second time. The share that arrives last is sent once.",
            lambda slope, through_v, through_w: slope * through_v: "That is what x holds after the first share.",
            lambda slope, through_v, through_w: (
                slope * through_w
            ): "That is the second share alone. What does `derivative[u]` hold by then?",
            lambda slope, through_v, through_w: (
                slope * through_v + through_w
            ): "The second share passes the link from u to x as well.",
            lambda slope, through_v, through_w: (
                slope**2 * (2 * through_v + through_w)
            ): "Each share passes the link once.",
            lambda slope, through_v, through_w: (
                slope * through_v + through_v + through_w
            ): "The link from u to x multiplies the second time as well.",
            lambda slope, through_v, through_w: slope * through_v * through_w: "Shares that arrive at a node add.",
            lambda slope, through_v, through_w: (
                2 * through_v + through_w
            ): "That is what reaches u. It still has to pass the link from u to x.",
        },
        hints=(
            "Play the computer, and write down `derivative[u]` and `derivative[x]` after every call.",
            "The first share goes on to x. What does `derivative[u]` hold when the second one has arrived?",
            "x receives the slope times the first share, and then the slope times the sum of both shares.",
        ),
    ),
    Choice(
        name="why_wait",
        equations=("MV",),
        right="b",
        options={
            "a": "Both shares of u are needed, and their distance from y does not make either of them larger.",
            "b": "Right. A node that sends on early sends too little, and one that sends again sends too much.",
            "c": "Apart from rounding, two shares have the same sum in either order. Something worse would happen.",
            "d": "Python would not complain. It would return a number, and the number would be wrong.",
        },
        hints=(
            "What does the node u send on to x?",
            "Equation (MV) has one term for every node that u feeds.",
            "Suppose u had its turn after v and before w. What would be missing from what x receives?",
        ),
    ),
    Number(
        name="number_of_calls",
        equations=("MV",),
        given=lambda rng: (int(rng.integers(3, 6)), int(rng.integers(3, 6))),
        expected=lambda ways, rungs: sum(ways**k for k in range(rungs + 1)),
        tolerance=1e-9,
        mistakes={
            lambda ways, rungs: (
                ways**rungs
            ): "Those are the calls at the foot of the ladder, one for each path. The calls above them count as well.",
            lambda ways, rungs: ways ** (rungs + 1): "That is the count of calls one rung further down.",
            lambda ways, rungs: ways ** (rungs + 1) - 1: "The short formula for a sum of powers also has a division.",
            lambda ways, rungs: (
                ways**rungs + 1
            ): "You have the calls at the top and at the foot, but not those in between.",
            lambda ways, rungs: (
                rungs + 1
            ): "That would be enough if results were kept, but this function keeps nothing.",
            lambda ways, rungs: 2 ** (rungs + 1) - 1: "That is the count for two links a rung, but yours has `ways`.",
            lambda ways, rungs: (
                2**rungs
            ): "Those are the paths of a ladder with two links a rung. Count calls, for a ladder that has `ways` "
            "links a rung.",
            lambda ways, rungs: sum(ways**k for k in range(rungs + 2)): "That is one rung too many.",
            lambda ways, rungs: (
                ways * rungs
            ): "The paths multiply from rung to rung, because each call makes `ways` calls and each of those makes "
            "as many.",
            lambda ways, rungs: ways * rungs + 1: "The calls multiply from rung to rung. They do not add.",
            lambda ways, rungs: sum(ways**k for k in range(rungs + 1)) - 1: "The first call counts too.",
            lambda ways, rungs: sum(
                ways**k for k in range(rungs)
            ): "The calls at the foot, which return at once, count too.",
        },
        hints=(
            "Draw the ladder with two rungs, two links each, and a dot for every call.",
            "There is one call at the top. How many does it make, and how many does each of those make?",
            "Add up the powers of `ways`, from the power zero at the top to the power `rungs` at the foot.",
        ),
    ),
]
