"""Gradient descent in a valley: what a step leaves of the loss, and how long it may be."""

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
        given=lambda rng: tuple(map(int, rng.choice([(1, 3), (2, 4), (1, 7), (2, 6), (3, 9)]))),
        expected=lambda a, b: 4 / (a**2 + b**2),
        mistakes={
            lambda a, b: 2 / (a**2 + b**2): "The loss is a mean over the two examples, so its curvature is the mean of "
            "the two squares, not their sum.",
            lambda a, b: 2 / b**2: "That is the limit if the larger input were the only example. The loss is a mean "
            "over both.",
            lambda a, b: 2 / ((a + b) / 2) ** 2: "You squared the mean input. The curvature is the mean of the squared "
            "inputs.",
            lambda a, b: 2 / ((a + b) / 2): "The curvature goes with the square of the input: differentiate the loss "
            "twice.",
            lambda a, b: 8 / (a**2 + b**2): "The one half of the loss and the power of its square cancel.",
            lambda a, b: 1 / (a**2 + b**2): "Does your loss have its one half, and how far may one minus eta k go "
            "before the steps grow?",
            lambda a, b: (a**2 + b**2) / 4: "Turn it over. The steeper the loss, the smaller eta has to be.",
        },
        hints=(
            "There is one weight only, so the loss is a parabola in w. How strongly is it curved?",
            "Differentiate the loss twice with respect to w. The targets disappear.",
            "The curvature k is the mean of the two squared inputs, and the factor one minus eta k must not go below "
            "minus one.",
        ),
    ),
]
