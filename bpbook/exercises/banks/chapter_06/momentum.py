"""Momentum: one step, how soon it gains its speed, and a ball that rolls down."""

import math
from functools import partial

import numpy as np

from ...kinds import Function, Mistake, Number


def _momentum(rng: np.random.Generator) -> tuple[int, int, int, float, float]:
    w, v, g = int(rng.integers(8, 13)), int(rng.choice([3, 5])), int(rng.integers(1, 10))
    mu = float(rng.choice([0.6, 0.75, 0.8]))
    return (w, v, g, 0.1, mu) if abs(mu * v - g) > 1e-6 else _momentum(rng)


def _valley(rng: np.random.Generator) -> tuple[float, float, float, float, int]:
    w, curvature, eta, mu = rng.uniform([1, 0.5, 0.1, 0.5], [3, 2, 0.4, 0.9])
    return float(w), float(curvature), float(eta), float(mu), int(rng.integers(3, 8))


def _roll(
    w: float,
    curvature: float,
    eta: float,
    mu: float,
    steps: int,
    *,
    keep: int = 1,
    sign: int = -1,
    late: int = 0,
    v: float = 0.0,
    times: float = 1.0,
) -> float:
    for _ in range(steps):
        before, v = v, keep * mu * v + sign * eta * curvature * w
        w = w + times * (before if late else v)
    return w


def _one_step_at_most(w: float, curvature: float, eta: float, mu: float, steps: int) -> float | None:
    """Return the place after the first step, and nothing where there is none."""
    return _roll(w, curvature, eta, mu, 1) if steps else None


def _no_step(rng: np.random.Generator) -> tuple[float, float, float, float, int]:
    return *_valley(rng)[:-1], 0


ONLY_ONE = Mistake("only one step", "Only one step is taken. Is the `return` inside the loop?")

ALWAYS_ONE = Mistake("always one step", "With 0 steps the ball stays where it is, but here it takes one all the same.")


def _roll_on_one_gradient(w: float, curvature: float, eta: float, mu: float, steps: int) -> float:
    v, g = 0.0, curvature * w
    for _ in range(steps):
        v = mu * v - eta * g
        w = w + v
    return w


def _roll_by_loss(w: float, curvature: float, eta: float, mu: float, steps: int) -> float:
    v = 0.0
    for _ in range(steps):
        v = mu * v - eta * curvature * w**2 / 2
        w = w + v
    return w


def _roll_ahead(w: float, curvature: float, eta: float, mu: float, steps: int) -> float:
    v = 0.0
    for _ in range(steps):
        v = mu * v - eta * curvature * (w + mu * v)
        w = w + v
    return w


def _roll_by_averages(w: float, curvature: float, eta: float, mu: float, steps: int) -> float:
    return _roll(w, curvature, (1 - mu) * eta, mu, steps)


EXERCISES = [
    Number(
        name="momentum_step",
        equations=("MOM",),
        given=_momentum,
        expected=lambda w, v, g, eta, mu: w + mu * v - eta * g,
        tolerance=1e-6,
        mistakes={
            lambda w, v, g, eta, mu: (
                w - eta * g
            ): "That is plain gradient descent. The ball keeps a part of its velocity.",
            lambda w, v, g, eta, mu: w + v: "That is a step with the old velocity. Change the velocity first.",
            lambda w, v, g, eta, mu: w - (mu * v - eta * g): "The velocity is added to w, because its minus sign is "
            "inside it "
            "already.",
            lambda w, v, g, eta, mu: (
                w + mu * v + eta * g
            ): "The gradient pushes downhill, so it enters the velocity with a minus sign.",
            lambda w, v, g, eta, mu: w + eta * (mu * v - g): "The learning rate multiplies the gradient alone. The "
            "old velocity has it inside already.",
            lambda w, v, g, eta, mu: w - eta * (mu * v + g): "That is another convention, with v a sum of gradients. "
            "Here v is a velocity: eta and the minus sign are in it already.",
            lambda w, v, g, eta, mu: w - eta * (mu * v + (1 - mu) * g): "That is another convention, with v a running "
            "mean of gradients. In (MOM) v is a velocity, and the gradient enters it in full.",
            lambda w, v, g, eta, mu: w + mu * v - eta * (1 - mu) * g: "The gradient was multiplied by 1 - mu. In (MOM) "
            "it enters v in full.",
            lambda w, v, g, eta, mu: (
                w - mu * v - eta * g
            ): "You reversed the old velocity. It is kept as it is, only shorter.",
            lambda w, v, g, eta, mu: w + mu * v - g: "The learning rate is missing.",
            lambda w, v, g, eta, mu: w + mu * v: "The gradient is missing. It changes the velocity first.",
            lambda w, v, g, eta, mu: mu * v - eta * g: "That is the new velocity. Where is w after it?",
            lambda w, v, g, eta, mu: (
                w + (1 - mu) * v - eta * g
            ): "The share of the old velocity that is kept is mu, not 1 - mu.",
            lambda w, v, g, eta, mu: w + mu * (v - eta * g): "mu shortens the old velocity alone, not the new push.",
            lambda w, v, g, eta, mu: w + v - eta * g: "Only a share mu of the old velocity is kept.",
        },
        hints=(
            "Equation (MOM) has two lines. Find the velocity first, and then the weight.",
            "The new velocity is a share mu of the old one, with a push of minus eta g.",
            "Compute mu v minus eta g, and add it to w.",
        ),
    ),
    Number(
        name="steps_to_speed",
        equations=("MOM",),
        given=lambda rng: (float(rng.choice([0.85, 0.9, 0.95])), float(rng.choice([0.7, 0.75, 0.8, 0.85]))),
        expected=lambda mu, share: math.ceil(math.log(1 - share) / math.log(mu)),
        tolerance=1e-9,
        mistakes={
            lambda mu, share: 1 / (1 - mu): "That is how many times as long the steps become in the end. When have "
            "they nearly got there?",
            lambda mu, share: math.log(1 - share) / math.log(mu): "Steps are counted, so round up.",
            lambda mu, share: math.floor(math.log(1 - share) / math.log(mu)): "After so many steps it is not quite "
            "there yet.",
            lambda mu, share: math.ceil(math.log(share) / math.log(mu)): "That asks when mu to the power t has fallen "
            "to the share itself. It is what is still missing that shrinks by mu at every step.",
            lambda mu, share: math.ceil(share / (1 - mu)): "The velocity does not grow by equal amounts, because each "
            "step also loses a share of it.",
        },
        hints=(
            "Write down the first three velocities, in units of minus eta g.",
            "How much does the velocity still lack to reach its final value, and what does a step do to that lack?",
            "After t steps a share of mu to the power t is missing. When is that at most one minus the given share?",
        ),
    ),
    Function(
        name="roll_down",
        points=2,
        equations=("MOM",),
        arguments=_valley,
        special=(_no_step,),
        reference=lambda w, curvature, eta, mu, steps: _roll(w, curvature, eta, mu, steps),
        mistakes={
            lambda *args: _roll(
                *args, keep=0
            ): "This is plain gradient descent. Does v start from 0 anew inside the loop?",
            partial(_roll, sign=1): "Your ball rolls uphill. One minus sign leads downhill, and (MOM) "
            "has it in front of eta, and adds v to w.",
            partial(_roll, late=1): "w moves by the velocity of the step before. Change v first, then w.",
            _roll_ahead: "That is Nesterov's variant, which takes the gradient ahead, at w + mu v. Here you take it "
            "at w.",
            lambda w, curvature, eta, mu, steps: _roll(w, 1.0, eta, mu, steps): "The curvature is missing in the "
            "gradient.",
            lambda w, curvature, eta, mu, steps: _roll(w, curvature, 1.0, mu, steps): "The learning rate is missing.",
            lambda w, curvature, eta, mu, steps: _roll(w, curvature, eta, 1.0, steps): "All of the velocity is kept. "
            "What does mu do?",
            lambda w, curvature, eta, mu, steps: _roll(
                w, curvature / 2, eta, mu, steps
            ): "The gradient of one half k w² is k w, but you halved it.",
            _roll_by_loss: "You used the loss, one half k w², where its derivative belongs.",
            lambda w, curvature, eta, mu, steps: _roll(w, 2 * curvature, eta, mu, steps): "The gradient of one half k "
            "w² is k w; here it is doubled.",
            lambda w, curvature, eta, mu, steps: _roll(w, curvature, eta, mu, steps + 1): "One step too many is taken.",
            lambda w, curvature, eta, mu, steps: (
                _roll(w, curvature, eta, mu, steps) - _roll(w, curvature, eta, mu, steps - 1)
            ): "This is the last velocity. Where is the ball?",
            lambda w, curvature, eta, mu, steps: _roll(
                w, curvature, eta, mu, steps, v=w
            ): "The ball starts at rest, so v begins at 0 and not at w.",
            lambda w, curvature, eta, mu, steps: _roll(
                w, curvature, eta, mu, steps, times=eta
            ): "The learning rate counts twice, because it is in v already.",
            lambda w, curvature, eta, mu, steps: _roll(
                w, curvature, mu * eta, mu, steps
            ): "mu shortens the old velocity alone, not the new push.",
            lambda w, curvature, eta, mu, steps: [
                _roll(w, curvature, eta, mu, k + 1) for k in range(steps)
            ]: "These are the places after every step. Only the last is asked for.",
            _roll_on_one_gradient: "Your gradient stays that of the start. Compute it again where w is now.",
            _roll_by_averages: "The gradient was multiplied by 1 - mu. In (MOM) it enters v in full.",
            lambda w, curvature, eta, mu, steps: _roll(w, curvature, eta, mu, steps - 1): "One step too few is taken.",
            lambda w, curvature, eta, mu, steps: _roll(w, curvature, eta, mu, 1): ONLY_ONE,
            _one_step_at_most: ONLY_ONE,
            lambda w, curvature, eta, mu, steps: _roll(w, curvature, eta, mu, max(steps, 1)): ALWAYS_ONE,
        },
        hints=(
            "Before the loop the ball is at rest. Each turn of the loop finds the gradient, the velocity and the "
            "weight.",
            "The gradient at w is curvature times w.",
            "In the loop, let v become mu v minus eta times the gradient, and add v to w. Return w after the loop.",
        ),
    ),
]
