"""One step down, and what steps too long or too short look like."""

import numpy as np

from ...kinds import Array, Choice


def _step(rng: np.random.Generator) -> tuple[float, float, float, float, float]:
    w, b = (float(k) for k in rng.choice([4, 5, 6, 7], 2))
    dw, db = (float(k) for k in rng.choice([1.5, 2, 3], 2, replace=False) * rng.choice([-1, 1], 2))
    return w, b, dw, db, float(rng.choice([0.1, 0.2, 0.5]))


EXERCISES = [
    Array(
        name="after_one_step",
        equations=("GD",),
        given=_step,
        expected=lambda w, b, dw, db, eta: [w - eta * dw, b - eta * db],
        mistakes={
            lambda w, b, dw, db, eta: [w + eta * dw, b + eta * db]: "That goes uphill, because the gradient points "
            "to where C grows.",
            lambda w, b, dw, db, eta: [w - eta * dw, b]: "w is right, but the bias learns too.",
            lambda w, b, dw, db, eta: [w, b - eta * db]: "b is right, but the weight learns too.",
            lambda w, b, dw, db, eta: [w - eta * dw, b - eta * dw]: "w is right. The step of the bias uses dw too, "
            "but it "
            "has a derivative of its own.",
            lambda w, b, dw, db, eta: [w - eta * dw, b - db]: "w is right. In the step of the bias the learning "
            "rate is "
            "missing.",
            lambda w, b, dw, db, eta: [w - eta, b - eta]: "The derivatives are missing. How steep is it there?",
            lambda w, b, dw, db, eta: [w * (1 - eta * dw), b * (1 - eta * db)]: "The steps are subtracted from w "
            "and from b, which do not multiply their own steps.",
            lambda w, b, dw, db, eta: [w - dw / eta, b - db / eta]: "The learning rate multiplies the derivatives.",
            lambda w, b, dw, db, eta: [w - dw, b - db]: "The learning rate is missing.",
            lambda w, b, dw, db, eta: [-eta * dw, -eta * db]: "These are the steps. Where do they take w and b?",
            lambda w, b, dw, db, eta: [
                b - eta * db,
                w - eta * dw,
            ]: "Both are right, but in the wrong order: the weight comes first.",
            lambda w, b, dw, db, eta: [
                w * eta * dw,
                b * eta * db,
            ]: "The steps are subtracted from w and from b. Here they multiply them.",
            lambda w, b, dw, db, eta: [
                eta * dw,
                eta * db,
            ]: "These are eta times the derivatives. Subtract them from w and b.",
            lambda w, b, dw, db, eta: [
                w - eta * db,
                b - eta * dw,
            ]: "Each of the two has its own derivative, and you exchanged them.",
        },
        hints=(
            "Use equation (GD) once for the weight and once for the bias.",
            "Subtract the learning rate times the derivative, and mind the signs.",
            "Write a list of two: w minus eta times dw, and b minus eta times db.",
        ),
    ),
    Choice(
        name="jumping_loss",
        equations=("GD",),
        right="c",
        options={
            "a": "More steps of this size would jump just as far. Look at where a step lands.",
            "b": "A larger eta would make the steps longer still.",
            "c": "Right. The steps leap across the valley, and some land higher on the other side. Shorter ones "
            "land inside.",
            "d": "With the wrong sign the loss would rise at every step, but here it also falls now and then.",
        },
        hints=(
            "Imagine the curve of the loss as a valley, and yourself on one side of it.",
            "The gradient is right, so every step starts downhill. But what if the step is longer than the valley "
            "is wide?",
            "Which of the four makes the steps shorter?",
        ),
    ),
    Choice(
        name="slow_start",
        equations=("SE", "SIG"),
        right="b",
        options={
            "a": "The error is nearly as large as it can be. Something multiplies it on the way to z.",
            "b": "Right. delta is the error times the slope of the sigmoid, and out there the curve is almost flat.",
            "c": "The learning rate is the same as for any other neuron. Which factor of the gradient is small?",
            "d": "A small C would be good news. Put a near 1 and y = 0 into (SE): it is nearly as large as it can be.",
        },
        hints=(
            "Write dC/dw as a product of three factors and put the numbers in.",
            "The error is nearly one, and x is the same for every neuron. What about the third factor?",
            "Where a is close to zero or one, a (1 - a) is small.",
        ),
    ),
]
