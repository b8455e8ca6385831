"""Adam: what its correction is for, its mean on a zigzag, and the whole rule."""

import math
from functools import partial
from typing import Any

import numpy as np

from ...kinds import Function, Mistake, Number


def _adam_state(rng: np.random.Generator) -> tuple[float, ...]:
    w, u, g = rng.normal(size=3) + 2
    s, eta, epsilon = rng.uniform([0.5, 0.1, 0.2], [2, 0.5, 0.5])
    beta1, beta2 = rng.uniform([0.5, 0.8], [0.7, 0.95])
    return (*map(float, (w, u, s, g)), int(rng.integers(2, 6)), *map(float, (eta, beta1, beta2, epsilon)))


def _late_adam_state(rng: np.random.Generator) -> tuple[float, ...]:
    """Draw a step so late that one may think the corrections over, but with a beta2 that keeps them."""
    w, u, s, g, _, eta, beta1, _, epsilon = _adam_state(rng)
    return w, u, s, g, 15, eta, beta1, 0.95, epsilon


def _adam_corrected_at_first(*arguments: Any) -> tuple[float, float, float]:
    return partial(_adam, wrong="" if arguments[4] <= 10 else "uncorrected")(*arguments)


def _adam(
    w: float,
    u: float,
    s: float,
    g: float,
    t: int,
    eta: float,
    beta1: float,
    beta2: float,
    epsilon: float,
    wrong: str = "",
) -> tuple[float, float, float]:
    """Return w, u, s after one step of Adam, with one thing wrong if asked."""
    if wrong == "betas exchanged":
        beta1, beta2 = beta2, beta1
    old_u, old_s = u, s
    u = beta1 * u + (1 if wrong == "sums" else 1 - beta1) * g
    taken = {"no square": g, "square of u": u**2}.get(wrong, g**2)
    s = beta2 * s + (1 if wrong == "sums" else 1 - beta2) * taken
    t = t + 1 if wrong == "late" else t
    used_u, used_s = (old_u, old_s) if wrong == "old means" else (u, s)
    u_hat = used_u if wrong in ("uncorrected", "u uncorrected") else used_u / (1 - beta1**t)
    s_hat = used_s if wrong in ("uncorrected", "s uncorrected") else used_s / (1 - beta2**t)
    if wrong == "no power":
        u_hat, s_hat = u / (1 - beta1), s / (1 - beta2)
    if wrong == "times t":
        u_hat, s_hat = u / (1 - beta1 * t), s / (1 - beta2 * t)
    if wrong == "multiplied":
        u_hat, s_hat = u * (1 - beta1**t), s * (1 - beta2**t)
    if wrong == "brackets":
        u_hat, s_hat = u / 1 - beta1**t, s / 1 - beta2**t
    if wrong == "g for u":
        u_hat = g
    if wrong == "no epsilon":
        epsilon = 0.0
    below = np.sqrt(s_hat) + epsilon
    if wrong == "scaled":
        below = (np.sqrt(s) + epsilon) / np.sqrt(1 - beta2**t)
    if wrong == "scaled inside":
        below = np.sqrt((s + epsilon) / (1 - beta2**t))
    if wrong == "inside":
        below = np.sqrt(s_hat + epsilon)
    if wrong == "no root":
        below = s_hat + epsilon
    eta = {"uphill": -eta, "no eta": 1.0}.get(wrong, eta)
    w = w - eta * u_hat / below
    return (w, u_hat, s_hat) if wrong == "kept corrected" else (w, u, s)


def _adam_by_other_shares(
    w: float, u: float, s: float, g: float, t: int, eta: float, beta1: float, beta2: float, epsilon: float
) -> tuple[float, float, float]:
    u, s = (1 - beta1) * u + beta1 * g, (1 - beta2) * s + beta2 * g**2
    return w - eta * u / (1 - beta1**t) / (np.sqrt(s / (1 - beta2**t)) + epsilon), u, s


def _adam_adding_epsilon(*arguments: Any) -> tuple[float, float, float]:
    w, u, s = partial(_adam, wrong="no epsilon")(*arguments)
    return w + arguments[-1], u, s


INSIDE = Mistake("epsilon inside", "Your epsilon is under the root. It belongs outside, added to the root.")

EXERCISES = [
    Number(
        name="without_hats",
        equations=("ADAM",),
        given=lambda rng: (
            int(rng.choice([4, 5, 8, 10, 15, 20])),
            float(rng.choice([0.8, 0.9])),
            float(rng.choice([0.99, 0.999])),
        ),
        expected=lambda t, beta1, beta2: (1 - beta1**t) / math.sqrt(1 - beta2**t),
        mistakes={
            lambda t, beta1, beta2: (1 - beta1) / math.sqrt(1 - beta2): "That is the first step. Both means have gone "
            "on filling since then.",
            lambda t, beta1, beta2: (1 - beta1**t) / (1 - beta2**t): "s is under a root.",
            lambda t, beta1, beta2: math.sqrt(1 - beta2**t) / (1 - beta1**t): "Turn it over: you are asked how many "
            "times as long the step is without the hats.",
            lambda t, beta1, beta2: 1 - beta1**t: "That is the share of g that u has reached. s has reached a far "
            "smaller share of its own.",
            lambda t, beta1, beta2: 1 / math.sqrt(1 - beta2**t): "Here only s goes without its hat, and u keeps its.",
            lambda t, beta1, beta2: 1.0: "They are equal only after thousands of steps, when both hats have faded.",
            lambda t, beta1, beta2: beta1**t / math.sqrt(beta2**t): "Those are the shares that are still missing. How "
            "much has arrived?",
        },
        hints=(
            "With its hats, Adam takes a step of the length eta on a gradient that stays the same.",
            "Without them, the step is eta times u over the root of s. What are u and s after t steps?",
            "u lacks a share of beta1 to the power t of g, and s lacks a share of beta2 to the power t of the square.",
        ),
    ),
    Number(
        name="mean_of_zigzag",
        equations=("ADAM",),
        given=lambda rng: (float(rng.choice([4, 10, 30])), float(rng.choice([0.5, 0.6, 0.8, 0.9]))),
        expected=lambda g, beta1: g * (1 - beta1) / (1 + beta1),
        mistakes={
            lambda g, beta1: 0.0: "Two neighbours cancel only if they count alike, and in u the newer one counts more.",
            lambda g, beta1: g * (1 - beta1): "That is u after the first step. Later u has the opposite sign before "
            "the step.",
            lambda g, beta1: g: "That is where u would end if g kept its sign.",
            lambda g, beta1: g / (1 + beta1): "The newest gradient enters with a share of one minus beta1, not in "
            "full.",
            lambda g, beta1: g * (1 - beta1) ** 2: "That stops after two steps. In the long run u before the step is "
            "minus u after it.",
            lambda g, beta1: -g * (1 - beta1) / (1 + beta1): "The newest gradient is plus g, and u has its sign.",
        },
        hints=(
            "Let a loop run for a while, or ask what u has to be before the step if it looks the same every two steps.",
            "In the long run u only changes its sign from step to step. Call it minus x before the step and x after.",
            "Put these two into the line for u in (ADAM), and solve for x.",
        ),
    ),
    Function(
        name="adam",
        points=3,
        equations=("ADAM",),
        arguments=_adam_state,
        special=(_late_adam_state,),
        reference=lambda w, u, s, g, t, eta, beta1, beta2, epsilon: _adam(w, u, s, g, t, eta, beta1, beta2, epsilon),
        returns=("w", "u", "s"),
        partial=True,
        mistakes={
            partial(
                _adam, wrong="uncorrected"
            ): "u and s are not corrected: divide them by 1 - beta1^t and 1 - beta2^t for the step.",
            _adam_corrected_at_first: "The corrections stop after some steps. They belong to every step, and fade by "
            "themselves as t grows.",
            partial(_adam, wrong="u uncorrected"): "s is corrected and u is not.",
            partial(_adam, wrong="s uncorrected"): "u is corrected and s is not.",
            partial(_adam, wrong="kept corrected"): "w is right. What is kept for the next step are u and s "
            "before the correction; here the corrected ones are returned.",
            partial(_adam, wrong="inside"): INSIDE,
            partial(_adam, wrong="scaled inside"): INSIDE,
            partial(_adam, wrong="scaled"): "epsilon is added to the root of s before the correction. In (ADAM) it is "
            "added to the root of the corrected s.",
            partial(_adam, wrong="no epsilon"): "epsilon is missing below the line, or it is not "
            "the one that is given.",
            partial(_adam, wrong="no power"): "The corrections divide by 1 - beta, whatever the step. Where is t?",
            partial(_adam, wrong="times t"): "The corrections take the power t of beta, not t times beta.",
            partial(_adam, wrong="multiplied"): "The corrections divide; here they multiply.",
            _adam_by_other_shares: "The shares are exchanged: beta is the share of the old mean.",
            partial(_adam, wrong="brackets"): "In the corrections brackets are missing below the line.",
            partial(_adam, wrong="square of u"): "s takes in the square of g, not that of u.",
            _adam_adding_epsilon: "epsilon stands below the line too: brackets are missing.",
            partial(_adam, wrong="g for u"): "The step goes along g itself. It goes along the corrected u.",
            partial(_adam, wrong="no eta"): "The learning rate is missing.",
            partial(_adam, wrong="no root"): "The root of s is missing.",
            partial(_adam, wrong="betas exchanged"): "The two betas are exchanged: beta1 belongs to u.",
            partial(_adam, wrong="late"): "t counts from 1 already: the first step is called with t = 1.",
            partial(_adam, wrong="no square"): "s is a running mean of the squares of the gradient.",
            partial(
                _adam, wrong="old means"
            ): "The step uses the u and s of the step before. Let them take in g first.",
            partial(
                _adam, wrong="sums"
            ): "u and s are sums here. In a running mean the new part has a share of one minus beta.",
            partial(_adam, wrong="uphill"): "The size of the step is right, and it goes uphill.",
        },
        hints=(
            "You need five lines: u, s, the corrected u, the corrected s, and w.",
            "u becomes beta1 u + (1 - beta1) g, and s does the same with beta2 and the square of g. Divide each by "
            "one minus "
            "its power.",
            "Subtract from w: eta times the corrected u, over (the root of the corrected s, plus epsilon). Return w, "
            "u and "
            "s, the last two as they were before the correction.",
        ),
    ),
]
