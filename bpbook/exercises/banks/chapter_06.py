"""Exercises of chapter 06: batches, optimizers, schedules, weight decay, and how to read what training shows."""

import math
from functools import partial
from typing import Any

import numpy as np

from ..kinds import Choice, Expression, Function, Mistake, Number


def _epochs(rng: np.random.Generator) -> tuple[int, int, int]:
    batch_size = int(rng.choice([10, 20]))
    return batch_size * int(rng.integers(5, 12)) + 3, batch_size, int(rng.integers(3, 9))


def _shuffled(rng: np.random.Generator) -> tuple[Any, int, int]:
    batch_size = int(rng.integers(4, 7))
    return rng.permutation(4 * batch_size + 2), int(rng.integers(1, 5)), batch_size


def _momentum(rng: np.random.Generator) -> tuple[int, int, int, float, float]:
    w, v, g = int(rng.integers(8, 13)), int(rng.choice([3, 5])), int(rng.integers(1, 10))
    return w, v, g, 0.1, float(rng.choice([0.6, 0.75, 0.8]))


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


def _squares(rng: np.random.Generator) -> tuple[int, int, int, float, float]:
    """Draw w, g, s, rho, eta for which the new running mean of squares is a square."""
    drawn = [(0.9, 15, 5), (0.9, 6, 6), (0.9, 31, 9), (0.9, 60, 10), (0.9, 41, 11), (0.9, 24, 12)]
    drawn += [(0.75, 13, 5), (0.75, 12, 8), (0.75, 28, 4), (0.75, 21, 9), (0.75, 17, 7), (0.75, 32, 10)]
    rho, s, g = drawn[int(rng.integers(len(drawn)))]
    return int(rng.integers(1, 4)), g, s, rho, float(rng.choice([0.1, 0.2, 0.5]))


def _rmsprop(w: float, g: float, s: float, rho: float, eta: float) -> float:
    return w - eta * g / math.sqrt(rho * s + (1 - rho) * g**2)


def _adam_state(rng: np.random.Generator) -> tuple[float, ...]:
    w, u, g = rng.normal(size=3) + 2
    s, eta, epsilon = rng.uniform([0.5, 0.1, 0.2], [2, 0.5, 0.5])
    beta1, beta2 = rng.uniform([0.5, 0.8], [0.7, 0.95])
    return (*map(float, (w, u, s, g)), int(rng.integers(2, 6)), *map(float, (eta, beta1, beta2, epsilon)))


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


def _too_long(rng: np.random.Generator) -> tuple[Any, float]:
    g = rng.normal(size=4)
    return g, float(np.linalg.norm(g) * rng.uniform(0.2, 0.8))


def _short_enough(rng: np.random.Generator) -> tuple[Any, float]:
    g = rng.normal(size=4)
    return g, float(np.linalg.norm(g) * rng.uniform(1.2, 2))


def _clip(g: Any, c: float) -> Any:
    return g * min(1.0, c / np.linalg.norm(g))


def _schedule(rng: np.random.Generator) -> tuple[float, float, int, int]:
    every = int(rng.integers(2, 5))
    return float(rng.choice([0.1, 0.4, 1.0])), float(rng.choice([0.5, 0.1])), every, 3 * every + 1


def _decay(rng: np.random.Generator) -> tuple[int, float, float, int]:
    eta, lmbda = rng.choice([(0.5, 0.2), (0.5, 0.4), (0.2, 0.5), (0.25, 0.4)])
    return int(rng.choice([10, 20, 50, 100])), float(eta), float(lmbda), int(rng.integers(2, 4))


def _validation_losses(rng: np.random.Generator) -> tuple[Any, int]:
    """Draw losses that fall, rise and slowly fall again: too late for the given patience, and lower at the end."""
    patience, down = int(rng.integers(2, 5)), int(rng.integers(3, 6))
    falling = np.linspace(2, 1, down)
    waiting = np.linspace(1.5, 1.1, patience)
    later = np.linspace(0.9, 0.5, int(rng.integers(2, 5)))
    return np.concatenate([falling, waiting, later]).round(3) + rng.uniform(0, 0.01), patience


def _with_a_tie(rng: np.random.Generator) -> tuple[Any, int]:
    """Draw losses of which the best comes twice in a row."""
    patience = int(rng.integers(2, 5))
    return np.array([2.0, 1.0, 1.0] + patience * [1.3] + [0.5]), patience


def _with_a_bump(rng: np.random.Generator) -> tuple[Any, int]:
    """Draw losses that rise twice before the best, each time for fewer epochs than the patience."""
    patience = int(rng.integers(2, 5))
    return np.array([2.0, 1.5, 1.6, 1.0] + (patience - 1) * [1.2] + [0.8] + patience * [1.3] + [0.5]), patience


def _with_a_late_gain(rng: np.random.Generator) -> tuple[Any, int]:
    """Draw losses with a new best one epoch after the end, and a better one far behind."""
    patience = int(rng.integers(2, 5))
    return np.array([2.0, 1.0] + patience * [1.5] + [0.9] + (patience + 1) * [1.6] + [0.5]), patience


def _best_epoch(losses: Any, patience: int, wrong: str = "") -> int:
    best = waited = 0
    since = int(wrong == "never back, from one")
    for epoch in range(len(losses)):
        before = losses[max(epoch - 1, 0)] if wrong == "falling" else losses[best]
        if losses[epoch] < before or (wrong == "tie" and losses[epoch] == before):
            best = epoch
        rises = epoch and losses[epoch] >= losses[epoch - 1]
        waited = waited + 1 if rises else 0
        since += epoch > best
        gone = {"neighbours": waited, "never back": since, "never back, from one": since}.get(wrong, epoch - best)
        if gone >= patience + (wrong == "late"):
            break
    return best


BY_ENTRY = Mistake(
    "cut by entry",
    "Each entry is cut by itself, and that changes the direction. Shrink all of them by one factor.",
)
BESIDE = Mistake(
    "compared with its neighbour",
    "Each epoch is compared with the one before it. It counts against the best so far.",
)
NEVER_BACK = Mistake(
    "count never set back",
    "Epochs without a new best are counted from the start. With every new best the count begins anew.",
)
INSIDE = Mistake("epsilon inside", "epsilon stands under the root. It is added to the root.")

EXERCISES = [
    Number(
        name="number_of_steps",
        given=_epochs,
        expected=lambda m, batch_size, epochs: math.ceil(m / batch_size) * epochs,
        tolerance=1e-9,
        mistakes={
            lambda m, batch_size, epochs: (
                m // batch_size * epochs
            ): "A few examples are left over in every epoch. They make a last, smaller batch.",
            lambda m, batch_size, epochs: m / batch_size * epochs: "There are no parts of a step. What happens to the "
            "examples that do not fill a batch?",
            lambda m, batch_size, epochs: math.ceil(
                m * epochs / batch_size
            ): "No batch reaches over the end of an epoch: round up once in each epoch.",
            lambda m, batch_size, epochs: math.ceil(m / batch_size): "That is one epoch.",
            lambda m, batch_size, epochs: m // batch_size: "That is one epoch, and its last, smaller batch is missing.",
            lambda m, batch_size, epochs: batch_size * epochs: "A batch of many examples is one step. How many batches "
            "has an epoch?",
            lambda m, batch_size, epochs: (
                m * epochs
            ): "That would be one step for each example. A batch takes one step for all of its examples.",
        },
        hints=(
            "How many steps does one epoch take?",
            "One step for each batch, and the last batch of an epoch may be smaller.",
            "Divide the examples by the batch size, round up, and multiply by the epochs; `-(-m // n)` rounds up.",
        ),
    ),
    Function(
        name="rows_of_batch",
        arguments=_shuffled,
        reference=lambda order, k, batch_size: order[k * batch_size : (k + 1) * batch_size],
        mistakes={
            lambda order, k, batch_size: np.arange(len(order))[
                k * batch_size : (k + 1) * batch_size
            ]: "These rows stand together in the file. The shuffled `order` says which rows come next.",
            lambda order, k, batch_size: order[
                (k - 1) * batch_size : k * batch_size
            ]: "This is the batch before. Batches are counted from 0.",
            lambda order, k, batch_size: order[k * batch_size : batch_size]: "A slice goes up to a place. Its second "
            "number is no length.",
            lambda order, k, batch_size: order[k * batch_size : (k + 1) * batch_size + 1]: "One row too many: a slice "
            "ends before its second number.",
            lambda order, k, batch_size: order[k * batch_size :]: "This goes on to the end. Where does the batch end?",
            lambda order, k, batch_size: order[: (k + 1) * batch_size]: "This begins with batch 0.",
            lambda order, k, batch_size: order[(k + 1) * batch_size : (k + 2) * batch_size]: "This is the batch after. "
            "Batches are counted from 0.",
            lambda order, k, batch_size: order[:batch_size]: "This is batch 0, whatever k is.",
            lambda order, k, batch_size: order[
                k:batch_size
            ]: "A slice goes from place to place: from k batches on, to k + 1 batches.",
            lambda order, k, batch_size: order[k : k + batch_size]: "This starts k rows on, not k batches.",
            lambda order, k, batch_size: order[k::batch_size]: "This picks single rows, far apart. A batch is a run of "
            "neighbours in `order`.",
            lambda order, k, batch_size: order[k * batch_size : (k + 1) * batch_size - 1]: "The last row is missing: a "
            "slice ends before its second number.",
        },
        hints=(
            "Which places of `order` belong to batch 0, which to batch 1?",
            "Batch k starts after k whole batches.",
            "Take a slice of `order`, from k batches on to k + 1 batches; a slice may reach past the end.",
        ),
    ),
    Choice(
        name="mean_of_batches",
        right="c",
        options={
            "a": "One batch alone may well point elsewhere. What holds for the mean of all the batches of an epoch?",
            "b": "The weights stand still here, so nothing has moved between the batches. Write the mean of means out.",
            "c": "Right. Each is a mean over its own examples, and the mean of equal-sized means is the mean over all.",
            "d": "Each batch's gradient is a mean, not a sum, so its size does not grow with the number of examples.",
        },
        hints=(
            "Write down the gradient of a batch as a mean over its examples.",
            "With equal sizes, every example has the same share in the mean of the means.",
            "A batch's gradient is the whole gradient plus noise. What does the noise come to over all batches?",
        ),
    ),
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
            "First, what does one step make of w?",
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
            lambda shallow, steep: 1 / (shallow + steep): "The directions do not add: each goes its own way.",
            lambda shallow, steep: 2 / math.sqrt(steep): "No root: the gradient is the curvature times w.",
            lambda shallow, steep: steep / 2: "Turn it over: the steeper the valley, the smaller eta must be.",
        },
        hints=(
            "Each direction goes its own way. Which of the two runs into trouble first?",
            "In a direction of curvature k the gradient is k w. One step multiplies w by a factor: which?",
            "The factor is 1 - eta k. It must stay between -1 and +1, and the steep direction decides.",
        ),
    ),
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
            lambda w, v, g, eta, mu: w - (mu * v - eta * g): "The velocity is added to w: its minus sign is inside it "
            "already.",
            lambda w, v, g, eta, mu: (
                w + mu * v + eta * g
            ): "The gradient pushes downhill, so it enters the velocity with a minus sign.",
            lambda w, v, g, eta, mu: w - eta * (mu * v + g): "That is another convention, with v a sum of gradients. "
            "Here v is a velocity: eta and the minus sign are in it already.",
            lambda w, v, g, eta, mu: w - eta * (mu * v + (1 - mu) * g): "That is another convention, with v a running "
            "mean of gradients. In (MOM) v is a velocity, and the gradient enters it in full.",
            lambda w, v, g, eta, mu: w + mu * v - eta * (1 - mu) * g: "The gradient was multiplied by 1 - mu. In (MOM) "
            "it enters v in full.",
            lambda w, v, g, eta, mu: (
                w - mu * v - eta * g
            ): "The sign of the old velocity is turned round. It is kept, and shortened.",
            lambda w, v, g, eta, mu: w + mu * v - g: "The learning rate is missing.",
            lambda w, v, g, eta, mu: w + mu * v: "The gradient is missing: it changes the velocity first.",
            lambda w, v, g, eta, mu: mu * v - eta * g: "That is the new velocity. Where is w after it?",
            lambda w, v, g, eta, mu: (
                w + (1 - mu) * v - eta * g
            ): "The share of the old velocity that is kept is mu, not 1 - mu.",
            lambda w, v, g, eta, mu: w + mu * (v - eta * g): "mu shortens the old velocity alone, not the new push.",
            lambda w, v, g, eta, mu: w + v - eta * g: "Only a share mu of the old velocity is kept.",
        },
        hints=(
            "Equation (MOM) has two lines: first the velocity, then the weight.",
            "The new velocity is a share mu of the old one, pushed by minus eta g.",
            "Compute mu v minus eta g, and add it to w.",
        ),
    ),
    Number(
        name="speed_up",
        equations=("MOM",),
        given=lambda rng: (float(rng.choice([0.75, 0.8, 0.9, 0.95])),),
        expected=lambda mu: 1 / (1 - mu),
        mistakes={
            lambda mu: 1 - mu: "Turn it over: with momentum the steps are longer, not shorter.",
            lambda mu: 1 / mu: "The old velocity is not divided by mu; it is multiplied by it, at every step.",
            lambda mu: mu: "So much of the velocity is kept at every step. What does it add up to?",
            lambda mu: (1 + mu) / (1 - mu): "Put v on both sides of (MOM), once with its mu, and solve for v.",
            lambda mu: 1 / (1 - mu) ** 2: "Solve for v once; the division is not repeated.",
            lambda mu: 1 / (1 - mu**2): "The velocity is multiplied by mu, not by its square, at every step.",
            lambda mu: 1 / (1 + mu): "Bring mu v to the left: its sign turns.",
            lambda mu: 1 + mu: "That is after two steps. The velocity goes on growing.",
            lambda mu: mu / (1 - mu): "Close: the newest gradient enters in full, with a share of one.",
        },
        hints=(
            "At the final speed the velocity does not change any more: v on both sides of (MOM) is the same.",
            "Solve v = mu v - eta g for v, and compare with -eta g.",
            "Bring mu v to the left: v times (one minus mu) equals minus eta g.",
        ),
    ),
    Function(
        name="roll_down",
        points=2,
        equations=("MOM",),
        arguments=_valley,
        reference=lambda w, curvature, eta, mu, steps: _roll(w, curvature, eta, mu, steps),
        mistakes={
            lambda *args: _roll(
                *args, keep=0
            ): "This is plain gradient descent. Does v start from 0 anew inside the loop?",
            partial(_roll, sign=1): "The ball rolls uphill. One minus sign leads downhill: (MOM) "
            "has it in front of eta, and adds v to w.",
            partial(_roll, late=1): "w moves by the velocity of the step before. Change v first, then w.",
            _roll_ahead: "That is Nesterov's variant: the gradient is taken ahead, at w + mu v. Here take it at w.",
            lambda w, curvature, eta, mu, steps: _roll(w, 1.0, eta, mu, steps): "The curvature is missing in the "
            "gradient.",
            lambda w, curvature, eta, mu, steps: _roll(w, curvature, 1.0, mu, steps): "The learning rate is missing.",
            lambda w, curvature, eta, mu, steps: _roll(w, curvature, eta, 1.0, steps): "All of the velocity is kept. "
            "What does mu do?",
            lambda w, curvature, eta, mu, steps: _roll(
                w, curvature / 2, eta, mu, steps
            ): "The gradient of one half k w² is k w; here it is halved.",
            _roll_by_loss: "The loss, one half k w², stands where its derivative belongs.",
            lambda w, curvature, eta, mu, steps: _roll(w, 2 * curvature, eta, mu, steps): "The gradient of one half k "
            "w² is k w; here it is doubled.",
            lambda w, curvature, eta, mu, steps: _roll(w, curvature, eta, mu, steps + 1): "One step too many is taken.",
            lambda w, curvature, eta, mu, steps: (
                _roll(w, curvature, eta, mu, steps) - _roll(w, curvature, eta, mu, steps - 1)
            ): "This is the last velocity. Where is the ball?",
            lambda w, curvature, eta, mu, steps: _roll(
                w, curvature, eta, mu, steps, v=w
            ): "The ball starts at rest: v begins at 0, not at w.",
            lambda w, curvature, eta, mu, steps: _roll(
                w, curvature, eta, mu, steps, times=eta
            ): "The learning rate counts twice: it is in v already.",
            lambda w, curvature, eta, mu, steps: _roll(
                w, curvature, mu * eta, mu, steps
            ): "mu shortens the old velocity alone, not the new push.",
            lambda w, curvature, eta, mu, steps: [
                _roll(w, curvature, eta, mu, k + 1) for k in range(steps)
            ]: "These are the places after every step. Only the last is asked for.",
            _roll_on_one_gradient: "The gradient stays that of the start. Compute it anew where w stands now.",
            _roll_by_averages: "The gradient was multiplied by 1 - mu. In (MOM) it enters v in full.",
            lambda w, curvature, eta, mu, steps: _roll(w, curvature, eta, mu, steps - 1): "One step too few is taken.",
            lambda w, curvature, eta, mu, steps: _roll(
                w, curvature, eta, mu, 1
            ): "Only one step is taken. Does `return` stand inside the loop?",
        },
        hints=(
            "Before the loop the ball stands still. Inside it: gradient, velocity, weight.",
            "The gradient at w is curvature times w.",
            "In the loop, make v equal to mu v minus eta times the gradient, then add v to w; return w after the loop.",
        ),
    ),
    Number(
        name="rmsprop_step",
        equations=("RMS",),
        given=_squares,
        expected=_rmsprop,
        tolerance=1e-4,
        mistakes={
            lambda w, g, s, rho, eta: w - eta * g: "That is plain gradient descent. RMSProp divides by the root of s.",
            lambda w, g, s, rho, eta: w - eta * g / (rho * s + (1 - rho) * g**2): "The root is missing: s is a mean of "
            "squares.",
            lambda w, g, s, rho, eta: (
                w - eta * g / math.sqrt((1 - rho) * s + rho * g**2)
            ): "The shares are exchanged: rho is the share of the old s that survives.",
            lambda w, g, s, rho, eta: (
                w - eta * g / math.sqrt(rho * s + (1 - rho) * g)
            ): "s takes in the square of the gradient, not the gradient.",
            lambda w, g, s, rho, eta: (
                w - eta * g / math.sqrt(rho * s + g**2)
            ): "The new square enters s with a share of 1 - rho, not in full.",
            lambda w, g, s, rho, eta: (
                w - eta / math.sqrt(rho * s + (1 - rho) * g**2)
            ): "The gradient itself is missing above the line.",
            lambda w, g, s, rho, eta: w - g / math.sqrt(rho * s + (1 - rho) * g**2): "The learning rate is missing.",
            lambda w, g, s, rho, eta: (
                eta * g / math.sqrt(rho * s + (1 - rho) * g**2)
            ): "That is the length of the step. Where is the weight after it?",
            lambda w, g, s, rho, eta: (
                rho * s + (1 - rho) * g**2
            ): "That is the new s. Where is the weight after the step?",
            lambda w, g, s, rho, eta: (
                w - eta * g / math.sqrt(s)
            ): "The old s was used. First let s take the new gradient in.",
            lambda w, g, s, rho, eta: (
                w - eta * g * math.sqrt(rho * s + (1 - rho) * g**2)
            ): "Divide by the root; here it multiplies.",
            lambda w, g, s, rho, eta: (
                w - eta * g**2 / math.sqrt(rho * s + (1 - rho) * g**2)
            ): "Above the line stands the gradient itself, not its square.",
            lambda w, g, s, rho, eta: (
                2 * w - _rmsprop(w, g, s, rho, eta)
            ): "The size of the step is right; it goes uphill.",
            lambda w, g, s, rho, eta: (
                w - eta * g / math.sqrt(s + g**2)
            ): "s is a running mean: a share rho of the old s and a share 1 - rho of the new square.",
        },
        hints=(
            "Equation (RMS): first s, then w.",
            "The new s is a share rho of the old one, and a share 1 - rho of the square of the gradient.",
            "Take the root of the new s; it is a whole number. Divide eta g by it and take that from w.",
        ),
    ),
    Number(
        name="adam_first_step",
        equations=("ADAM",),
        given=lambda rng: (float(rng.choice([0.02, 0.4, 30, 500])), float(rng.choice([0.001, 0.003, 0.01, 0.05]))),
        expected=lambda g, eta: eta,
        mistakes={
            lambda g, eta: eta * 0.1 * g: "u is not corrected, and nothing is divided by the root of s.",
            lambda g, eta: eta * g: "That is the step of gradient descent. Adam divides by the root of s.",
            lambda g, eta: eta * 0.1 / math.sqrt(0.001): "Without its correction of u and s, Adam would do this.",
            lambda g, eta: -eta: "Asked is how far it moves: a positive number.",
            lambda g, eta: 1.0: "That is u over the root of s, both corrected. Finish the line of (ADAM).",
            lambda g, eta: eta * math.sqrt(g): "s holds the square of g, so its root is g, and u holds g.",
            lambda g, eta: eta * 0.1 / 0.001: "The root of s is missing, and so are both corrections.",
            lambda g, eta: eta * 0.1: "u is corrected too: divide it by 1 - beta1.",
            lambda g, eta: eta / math.sqrt(0.001): "s is corrected too: divide it by 1 - beta2.",
            lambda g, eta: eta / g: "The root of s is missing: s holds the square of g.",
        },
        hints=(
            "u and s start at 0. Write what they are after the first gradient.",
            "Divide u by 1 - beta1 and s by 1 - beta2. What is left of the betas?",
            "After the corrections, u is g and s is the square of g. Now divide u by the root of s.",
        ),
    ),
    Number(
        name="mean_from_zero",
        equations=("ADAM",),
        given=lambda rng: (int(rng.choice([16, 32, 48, 80])), float(rng.choice([0.5, 0.75])), int(rng.integers(3, 5))),
        expected=lambda g, beta1, t: g * (1 - beta1**t),
        mistakes={
            lambda g, beta1, t: g: "That is what the correction makes of it. Before the correction u is smaller.",
            lambda g, beta1, t: g * beta1**t: "So much is still missing. How much has arrived?",
            lambda g, beta1, t: g * (1 - beta1) * t: "The share of an older gradient shrinks at every step.",
            lambda g, beta1, t: (
                g * (1 - beta1**t) / (1 - beta1)
            ): "Each gradient enters u with a share of 1 - beta1, not in full.",
            lambda g, beta1, t: g / (1 - beta1**t): "That divides where the correction does. Before it, u is smaller "
            "than g.",
            lambda g, beta1, t: g * (1 - beta1 ** (t + 1)): "That is u one step later.",
            lambda g, beta1, t: g * t: "u is a running mean, and no sum.",
            lambda g, beta1, t: g * (1 - beta1): "That is u after the first step.",
            lambda g, beta1, t: g * (1 - beta1 ** (t - 1)): "One step more: that is u the step before.",
        },
        hints=(
            "Work out the first two steps by hand.",
            "What is missing from u to g is multiplied by beta1 at every step. How much is missing at the start?",
            "After t steps beta1 to the power t of g is missing. Take it from the whole.",
        ),
    ),
    Function(
        name="adam",
        points=3,
        equations=("ADAM",),
        arguments=_adam_state,
        reference=lambda w, u, s, g, t, eta, beta1, beta2, epsilon: _adam(w, u, s, g, t, eta, beta1, beta2, epsilon),
        returns=("w", "u", "s"),
        mistakes={
            partial(
                _adam, wrong="uncorrected"
            ): "u and s are not corrected: divide them by 1 - beta1^t and 1 - beta2^t for the step.",
            partial(_adam, wrong="u uncorrected"): "s is corrected and u is not.",
            partial(_adam, wrong="s uncorrected"): "u is corrected and s is not.",
            partial(_adam, wrong="kept corrected"): "w is right. What is kept for the next step are u and s "
            "before the correction; here the corrected ones are returned.",
            partial(_adam, wrong="inside"): INSIDE,
            partial(_adam, wrong="scaled inside"): INSIDE,
            partial(_adam, wrong="scaled"): "epsilon is added to the root of s before the correction. In (ADAM) it is "
            "added to the root of the corrected s.",
            partial(_adam, wrong="no epsilon"): "epsilon is missing below the line.",
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
            "Five lines: u, s, the corrected u, the corrected s, and w.",
            "u is beta1 u + (1 - beta1) g, s the same with beta2 and the square of g. Divide by one minus the power.",
            "Take from w: eta times the corrected u, over (the root of the corrected s, plus epsilon). Return w, u and "
            "s, the last two as they were before the correction.",
        ),
    ),
    Function(
        name="clip",
        points=2,
        equations=("CLIP",),
        arguments=_too_long,
        special=(
            _short_enough,
            _short_enough,
            lambda rng: (np.array([3.0, 4.0]), 5.0),
            lambda rng: (np.zeros(3), 1.0),
        ),
        reference=_clip,
        mistakes={
            lambda g, c: np.clip(g, -c, c): BY_ENTRY,
            np.minimum: BY_ENTRY,
            lambda g, c: np.where(abs(g) > c, c, g): BY_ENTRY,
            lambda g, c: g if np.linalg.norm(g) <= c else c * g: "Long gradients are multiplied by c. What makes their "
            "length c?",
            lambda g, c: (
                g if np.linalg.norm(g) <= c else g / c
            ): "Long gradients are divided by c. Divide by their length.",
            lambda g, c: g if abs(g).sum() <= c else c * g / abs(g).sum(): "The length of g is the root of the sum of "
            "squares, not the sum of its entries' sizes.",
            lambda g, c: g if abs(g).max() <= c else c * g / abs(g).max(): "The length of g is the root of the sum of "
            "squares, not its largest entry.",
            lambda g, c: (
                c / np.linalg.norm(g) if np.linalg.norm(g) > c else g
            ): "This is the factor. Multiply the gradient by it.",
            lambda g, c: (
                c * g / np.linalg.norm(g) if np.linalg.norm(g) > c else c * g
            ): "Long gradients are right. Short ones stay as they are; they are not multiplied by c.",
            lambda g, c: (
                g * c / (g**2).sum() if (g**2).sum() > c else g
            ): "The length is the root of the sum of squares. Is a root missing?",
            lambda g, c: (
                g - (np.linalg.norm(g) - c) if np.linalg.norm(g) > c else g
            ): "The length is shortened by a factor; nothing is taken from the entries.",
            lambda g, c: (
                g * np.linalg.norm(g) / c if np.linalg.norm(g) > c else g
            ): "The factor is turned over: long gradients become longer.",
            lambda g, c: min(np.linalg.norm(g), c) * np.ones(len(g)): "This has lost the direction of g.",
            lambda g, c: c * g / np.linalg.norm(g): "A gradient that is short enough must stay as it is.",
            lambda g, c: (
                g if np.linalg.norm(g) <= c else g / np.linalg.norm(g)
            ): "Long gradients get the length 1. They should get the length c.",
            lambda g, c: (
                g if np.linalg.norm(g) <= c else c * g / np.linalg.norm(g) ** 2
            ): "Divided by the norm twice, or by its square. Is a root missing?",
            lambda g, c: (
                g if np.linalg.norm(g) > c else c * g / np.linalg.norm(g)
            ): "The comparison is turned round: short gradients are stretched, long ones let through.",
            lambda g, c: (
                np.zeros(len(g)) if np.linalg.norm(g) > c else g
            ): "Long gradients are thrown away. Shorten them.",
        },
        hints=(
            "`np.linalg.norm(g)` is the length of g. There are two cases.",
            "If the length is at most c, return g as it is. If not, keep the direction and change the length.",
            "Divide g by its length, which makes the length one, and multiply by c.",
        ),
    ),
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
            "division. How many drops lie behind?",
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
            ): "The rate drops for single steps. A drop stays, and the next one comes on top.",
            lambda eta, factor, every, steps: np.where(
                np.arange(steps) < every, eta, eta * factor
            ): "The rate drops only once. Every level is lower than the one before.",
            lambda eta, factor, every, steps: eta * factor ** np.arange(steps): "This drops at every step.",
            lambda eta, factor, every, steps: (
                eta * factor ** (np.arange(steps) // every + 1)
            ): "The first drop comes before the first step.",
        },
        hints=(
            "How many drops lie behind step t?",
            "Whole-number division counts them: `t // every`.",
            "Multiply eta by the factor raised to that count, for each t in `np.arange(steps)`.",
        ),
    ),
    Number(
        name="shrunk_weight",
        equations=("BP4", "GD"),
        given=_decay,
        expected=lambda w, eta, lmbda, steps: w * (1 - eta * lmbda) ** steps,
        tolerance=1e-4,
        mistakes={
            lambda w, eta, lmbda, steps: w * (1 - eta * lmbda): "That is one step.",
            lambda w, eta, lmbda, steps: (
                w * (1 - steps * eta * lmbda)
            ): "Each step takes a share of what is left, not of what there was at the start.",
            lambda w, eta, lmbda, steps: (
                w * (1 - lmbda) ** steps
            ): "The learning rate is missing: decay goes through (GD).",
            lambda w, eta, lmbda, steps: (
                w * (eta * lmbda) ** steps
            ): "That is the share which is taken away. What is left?",
            lambda w, eta, lmbda, steps: w * math.exp(-eta * lmbda * steps): "That is what very many small steps come "
            "to. These are a few, and not so small.",
            lambda w, eta, lmbda, steps: w * (1 - eta) ** steps: "lambda is missing.",
            lambda w, eta, lmbda, steps: (
                w - steps * eta * lmbda
            ): "The gradient of weight decay is lambda w, not lambda.",
            lambda w, eta, lmbda, steps: w - w * (1 - eta * lmbda) ** steps: "That is what is gone. What is left?",
            lambda w, eta, lmbda, steps: w: "The data leave it alone. Decay does not.",
            lambda w, eta, lmbda, steps: w * (1 + eta * lmbda) ** steps: "With this sign the weight would grow.",
        },
        hints=(
            "The data ask for nothing, so the gradient is that of weight decay alone: lambda w.",
            "One step of (GD) takes eta lambda w from w. Write it as w times a factor.",
            "The factor is one minus eta lambda, and each step multiplies by it.",
        ),
    ),
    Choice(
        name="read_curves",
        right="d",
        options={
            "a": "A small eta would make both curves fall slowly. Here the training loss falls well.",
            "b": "If eta were too large, the training loss would jump, rise, or stay flat near ln 10; here it falls.",
            "c": "A network that is too small would have trouble with the training loss as well.",
            "d": "Right. It goes on learning the training examples by heart, and that no longer helps with others.",
        },
        hints=(
            "The two curves part. Which of them shows examples that the network has not learned from?",
            "Learning succeeds on the one and harms on the other.",
            "What grows while the training loss falls and the validation loss rises?",
        ),
    ),
    Function(
        name="best_epoch",
        points=2,
        arguments=_validation_losses,
        special=(_with_a_tie, _with_a_bump, _with_a_late_gain),
        reference=lambda losses, patience: _best_epoch(losses, patience),
        mistakes={
            partial(_best_epoch, wrong="never back"): NEVER_BACK,
            partial(_best_epoch, wrong="never back, from one"): NEVER_BACK,
            lambda losses, patience: int(
                np.argmax(np.diff(losses) > 0)
            ): "Training does not stop at the first rise. It waits for `patience` epochs.",
            lambda losses, patience: (
                _best_epoch(losses, patience) - 1
            ): "One too low: the first loss is that of epoch 0.",
            partial(_best_epoch, wrong="tie"): "An equal loss is not below the best.",
            partial(_best_epoch, wrong="late"): "One epoch too long: training stops when the best lies `patience` "
            "epochs back.",
            partial(_best_epoch, wrong="falling"): BESIDE,
            partial(_best_epoch, wrong="neighbours"): BESIDE,
            lambda losses, patience: int(
                np.argmin(losses)
            ): "This looks at epochs that never happen: training has stopped before them.",
            lambda losses, patience: (
                _best_epoch(losses, patience) + patience
            ): "This is the epoch in which training stops. The weights kept are those of the best epoch before it.",
            lambda losses, patience: losses[
                _best_epoch(losses, patience)
            ]: "This is the best loss. Its epoch is asked for.",
            lambda losses, patience: _best_epoch(losses, patience) + 1: "Epochs are counted from 0.",
        },
        hints=(
            "Go through the epochs as training does, and remember the best one so far.",
            "After each epoch, ask how long ago the best one was.",
            "If the loss is below the best so far, this epoch becomes the best. If the best lies `patience` epochs "
            "back, leave the loop. Return the best epoch.",
        ),
    ),
    Choice(
        name="error_bars",
        right="b",
        options={
            "a": "One run each, and another seed would have given other numbers. How large is the spread?",
            "b": "Right. Only the spread over seeds says whether such a difference is more than luck.",
            "c": "The best of many runs grows with the number of runs. It says how lucky one can get.",
            "d": "The same seed makes one comparison repeatable. It is still one comparison.",
        },
        hints=(
            "The order of the examples and the first weights are drawn at random.",
            "Suppose that A alone, run twice, gives results that differ by as much.",
            "To see whether a difference is larger than the spread, one must know the spread.",
        ),
    ),
]
