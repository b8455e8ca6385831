"""Schedules: a learning rate that drops."""

import numpy as np

from ...kinds import Function


def _schedule(rng: np.random.Generator) -> tuple[float, float, int, int]:
    every = int(rng.integers(2, 5))
    return float(rng.choice([0.1, 0.4, 1.0])), float(rng.choice([0.5, 0.1])), every, 3 * every + 1


EXERCISES = [
    Function(
        name="learning_rates",
        arguments=_schedule,
        reference=lambda eta, factor, every, steps: eta * factor ** (np.arange(steps) // every),
        mistakes={
            lambda eta, factor, every, steps: eta * factor ** (np.arange(steps) / every): "This falls smoothly. A step "
            "schedule stays level and then drops: divide with `//`.",
            lambda eta, factor, every, steps: (
                eta * factor ** ((np.arange(steps) + 1) // every)
            ): "The first level is one step too short: the first step is t = 0.",
            lambda eta, factor, every, steps: (
                eta * factor * (np.arange(steps) // every)
            ): "The factor works again at every drop: it is raised to a power, not multiplied by the number of drops.",
            lambda eta, factor, every, steps: eta * factor ** (np.arange(steps) % every): "`%` is what is left of the "
            "division. How many drops have there been?",
            lambda eta, factor, every, steps: eta / factor ** (np.arange(steps) // every): "This grows: a drop "
            "multiplies by the factor.",
            lambda eta, factor, every, steps: eta * (1 - factor) ** (np.arange(steps) // every): "A drop multiplies by "
            "the factor itself, not by what is missing to 1.",
            lambda eta, factor, every, steps: eta * factor ** (np.arange(steps) // every * every): "The factor works "
            "once at every drop, not once for each step before it.",
            lambda eta, factor, every, steps: eta * factor ** (np.arange(steps + 1) // every): "There is one rate too "
            "many: the first step is t = 0.",
            lambda eta, factor, every, steps: np.full(
                steps, eta * factor ** ((steps - 1) // every)
            ): "This is the last rate. One for each step is asked for.",
            lambda eta, factor, every, steps: (
                eta * factor ** ((np.arange(steps) + every - 1) // every)
            ): "The first drop comes after one step. The first level lasts as long as the others.",
            lambda eta, factor, every, steps: np.full(
                steps, eta * factor
            ): "The rate drops once, before the first step, and stays.",
            lambda eta, factor, every, steps: (
                eta - factor * (np.arange(steps) // every)
            ): "A drop multiplies by the factor; here it is taken away.",
            lambda eta, factor, every, steps: (
                eta * factor ** (np.arange(1, steps) // every)
            ): "One rate is missing: the first step is t = 0.",
            lambda eta, factor, every, steps: np.where(
                np.arange(steps) % every, eta, eta * factor
            ): "Your rate drops for single steps only. A drop stays, and the next one comes on top of it.",
            lambda eta, factor, every, steps: np.where(
                np.arange(steps) < every, eta, eta * factor
            ): "The rate drops only once. Every level is lower than the one before.",
            lambda eta, factor, every, steps: eta * factor ** np.arange(steps): "This drops at every step.",
            lambda eta, factor, every, steps: (
                eta * factor ** (np.arange(steps) // every + 1)
            ): "The first drop comes before the first step.",
        },
        hints=(
            "How many drops have there been before step t?",
            "Whole-number division counts them for you: `t // every`.",
            "Multiply eta by the factor raised to that count, for each t in `np.arange(steps)`.",
        ),
    ),
]
