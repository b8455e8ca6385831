"""Gradient descent in a valley: what a step leaves of the loss, and how long it may be."""

import math

from ...kinds import Expression, Number

EXERCISES = [
    Expression(
        name="loss_factor",
        equations=("GD",),
        expected="(1 - eta * k)**2",
        variables={"eta": (0.1, 0.9), "k": (0.5, 3)},
        ratios={-1.0: "The loss of a valley is never negative."},
        mistakes={
            "1 - eta * k": "That is the factor of w. How does the loss depend on w?",
            "(eta * k)**2": "That is the square of the share which the step takes away. What is left of w?",
            "(1 + eta * k)**2": "That step goes uphill.",
            "(1 - 2 * eta * k)**2": "The gradient of one half k w² is k w: the 2 and the one half cancel.",
            "(1 - eta * k / 2)**2": "The gradient of one half k w² is k w: the one half and the 2 cancel.",
            "k * (1 - eta * k)**2 / 2": "That is the loss after a step from w = 1. By which factor has it changed?",
            "k * (1 - eta * k)**2": "The k of the loss is there before and after the step.",
            "1 - (eta * k)**2": "Square all of what is left of w, not only the share that is taken away.",
            "1 - (1 - eta * k)**2": "That is the share of the loss that is gone. What is left?",
            "eta * k": "That is the share of w that is taken away.",
            "1 + eta * k": "That step goes uphill, and it is the factor of w, not of the loss.",
            "1 / (1 - eta * k)**2": "That is how many times smaller the loss becomes. What is it multiplied by?",
            "(1 - k)**2": "The learning rate is missing.",
            "(1 - eta * k)**2 / 2": "The one half of the loss is there before and after the step.",
            "(1 - eta)**2": "The gradient at w is k w, not w.",
            "1 - 2 * eta * k": "That is right for a very small eta. Keep the square of eta k as well.",
        },
        hints=(
            "Ask first what one step makes of w.",
            "(GD) multiplies w by one minus eta k.",
            "The loss goes with the square of w, so its factor is the square of that of w.",
        ),
    ),
    Number(
        name="largest_eta",
        equations=("GD",),
        given=lambda rng: (int(rng.integers(1, 4)), int(rng.choice([8, 10, 16, 20, 25, 40]))),
        expected=lambda shallow, steep: 2 / steep,
        mistakes={
            lambda shallow, steep: 2 / shallow: "That suits the shallow direction. With it, the steep one explodes.",
            lambda shallow, steep: 1 / steep: "With this eta the steep direction arrives in one step. It may be larger "
            "still before the steps grow.",
            lambda shallow, steep: 1 / shallow: "That suits the shallow direction, and there too it could be larger.",
            lambda shallow, steep: 2 / (shallow + steep): "With this eta both directions shrink equally fast: a good "
            "choice, but not the limit.",
            lambda shallow, steep: (
                1 / (2 * steep)
            ): "How far below zero may the factor one minus eta k go, and the steps still shrink?",
            lambda shallow, steep: 4 / steep: "With this eta the steep direction grows at every step.",
            lambda shallow, steep: (
                1 / (shallow + steep)
            ): "The two curvatures do not add, because each direction goes its own way.",
            lambda shallow, steep: (
                2 / math.sqrt(steep)
            ): "There is no root here, because the gradient is the curvature times w.",
            lambda shallow, steep: steep / 2: "Turn it over. The steeper the valley, the smaller eta has to be.",
        },
        hints=(
            "Each direction goes its own way. Which of the two runs into trouble first?",
            "In a direction of curvature k the gradient is k w. By which factor does one step multiply w?",
            "The factor is 1 - eta k. It has to stay between -1 and +1, and the steep direction decides.",
        ),
    ),
]
