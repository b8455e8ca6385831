"""Weight decay, the loss that only memorising goes below, early stopping, and how many seeds are enough."""

import math
from functools import partial
from typing import Any

import numpy as np

from ...kinds import Choice, Function, Mistake, Number


def _decay(rng: np.random.Generator) -> tuple[int, float, float, int]:
    eta, lmbda = rng.choice([(0.2, 0.4), (0.4, 0.25), (0.1, 0.3), (0.3, 0.4)])
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


def _to_the_end(rng: np.random.Generator) -> tuple[Any, int]:
    """Draw losses that never stop training, with the best one before the last epoch."""
    patience = int(rng.integers(2, 5))
    return np.array([2.0, 1.2, 0.8] + (patience - 1) * [1.1]), patience


def _down_to_the_end(rng: np.random.Generator) -> tuple[Any, int]:
    """Draw losses that fall to the last epoch."""
    return np.linspace(2, 1, int(rng.integers(4, 8))), int(rng.integers(2, 5))


def _with_a_gain_in_time(rng: np.random.Generator) -> tuple[Any, int]:
    """Draw losses whose first gain comes exactly `patience` epochs after epoch 0."""
    patience = int(rng.integers(2, 5))
    return np.array([1.0] + (patience - 1) * [1.5] + [0.8] + patience * [1.3] + [0.5]), patience


def _best_epoch(losses: Any, patience: int, wrong: str = "") -> int:
    best = waited = 0
    since = int(wrong == "never back, from one")
    for epoch in range(len(losses) - (wrong == "last unseen")):
        before = losses[max(epoch - 1, 0)] if wrong == "falling" else losses[best]
        if losses[epoch] < before or (wrong == "tie" and losses[epoch] == before):
            best = epoch
        rises = epoch and losses[epoch] >= losses[epoch - 1]
        waited = waited + 1 if rises else 0
        since += epoch > best
        gone = {"neighbours": waited, "never back": since, "never back, from one": since}.get(wrong, epoch - best)
        gone += wrong == "zero waits" and not best
        if gone >= patience + {"late": 1, "early": -1}.get(wrong, 0):
            break
    return best


def _stopped(losses: Any, patience: int) -> bool:
    return len(losses) - 1 - _best_epoch(losses, patience) >= patience


def _best_if_stopped(losses: Any, patience: int) -> int | None:
    return _best_epoch(losses, patience) if _stopped(losses, patience) else None


def _last_unless_stopped(losses: Any, patience: int) -> int:
    return _best_epoch(losses, patience) if _stopped(losses, patience) else len(losses) - 1


def _where_training_stops(losses: Any, patience: int) -> int:
    return _best_epoch(losses, patience) + patience * _stopped(losses, patience)


def _first_rise(losses: Any, patience: int) -> int:
    return int(np.argmax(np.append(np.diff(losses) > 0, True)))


def _first_rise_or_nothing(losses: Any, patience: int) -> int | None:
    return _first_rise(losses, patience) if any(np.diff(losses) > 0) else None


def _seeds(chances: float, below: float) -> int:
    """Count the coins that have to fall alike until so many chances of it are together rarer than `below`."""
    return next(n for n in range(1, 60) if chances * 0.5**n < below)


BESIDE = Mistake(
    "compared with its neighbour",
    "Each epoch is compared with the one before it. It counts against the best so far.",
)

NEVER_STOPPED = Mistake(
    "never stopped",
    "When training is never stopped, because no wait is long enough, the best epoch so far is still the one to return.",
)

FIRST_RISE = Mistake("first rise", "Training does not stop at the first rise. It waits for `patience` epochs.")

NEVER_BACK = Mistake(
    "count never set back",
    "Epochs without a new best are counted from the start. With every new best the count begins anew.",
)

BY_CHANCE = Mistake("right by chance", "A label drawn at random is right by chance one time in ten.")

EXERCISES = [
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
            lambda w, eta, lmbda, steps: w: "The data leave the weight alone, but decay does not.",
            lambda w, eta, lmbda, steps: w * (1 + eta * lmbda) ** steps: "With this sign the weight would grow.",
        },
        hints=(
            "The data ask for nothing, so the gradient is that of weight decay alone, lambda w.",
            "One step of (GD) subtracts eta lambda w from w. Write the result as w times a factor.",
            "The factor is one minus eta lambda, and each step multiplies by it.",
        ),
    ),
    Number(
        name="loss_floor",
        given=lambda rng: (float(rng.choice([0.1, 0.15, 0.2, 0.3, 0.4, 0.5])),),
        expected=lambda r: -(1 - 0.9 * r) * math.log(1 - 0.9 * r) - 0.9 * r * math.log(r / 10),
        mistakes={
            lambda r: -math.log(1 - r): "That charges only the examples with honest labels.",
            lambda r: r * math.log(10): "The network cannot see which labels were drawn, so it has to answer alike for "
            "all of them.",
            lambda r: -(1 - r) * math.log(1 - r) - r * math.log(r / 9): BY_CHANCE,
            lambda r: -(1 - r) * math.log(1 - r) - r * math.log(r / 10): BY_CHANCE,
            lambda r: (
                -(1 - r) * math.log(1 - r) - r * math.log(r)
            ): "The drawn labels are spread over the digits, and each of these has a probability of its own.",
            lambda r: math.log(10): "That is the loss of a network that knows nothing.",
            lambda r: -math.log(1 - 0.9 * r): "That is its loss on a label that agrees. The others cost much more.",
            lambda r: 0.0: "For that it would have to know which labels were drawn, and what they are.",
        },
        hints=(
            "The network knows the digit and not the label. Which p should it give to the true digit, if it has to "
            "answer alike every time?",
            "Count how often the label agrees with the digit: always if it is honest, and one time in ten if it was "
            "drawn. That share is the best p, and the nine other digits divide the rest.",
            "Now take the mean loss: where the label agrees it is minus the logarithm of that p, and elsewhere minus "
            "the logarithm of one ninth of the rest.",
        ),
    ),
    Function(
        name="best_epoch",
        points=2,
        arguments=_validation_losses,
        special=(
            _with_a_tie,
            _with_a_bump,
            _with_a_late_gain,
            _to_the_end,
            _down_to_the_end,
            _with_a_gain_in_time,
            lambda rng: (np.array([2.0, 1.5, 1.6, 1.0, 1.1, 0.8, 0.9, 0.7, 1.2, 1.3, 1.4, 0.5]), 3),
            lambda rng: (np.array([2.0, 1.0, 1.5, 0.5]), 1),
            lambda rng: (np.array([1.0, 1.2, 1.1, 0.5]), 2),
        ),
        reference=lambda losses, patience: _best_epoch(losses, patience),
        mistakes={
            partial(_best_epoch, wrong="never back"): NEVER_BACK,
            partial(_best_epoch, wrong="never back, from one"): NEVER_BACK,
            _where_training_stops: "That is the epoch in which training stops. The weights it puts back are older.",
            _best_if_stopped: NEVER_STOPPED,
            _last_unless_stopped: NEVER_STOPPED,
            partial(_best_epoch, wrong="last unseen"): "The last epoch is never looked at, and it may be the best.",
            partial(_best_epoch, wrong="zero waits"): "Epoch 0 is the best so far, but here it counts as one of the "
            "epochs that wait, so training stops too early.",
            partial(_best_epoch, wrong="early"): "One epoch too early: training stops when the best lies `patience` "
            "epochs back.",
            _first_rise: FIRST_RISE,
            _first_rise_or_nothing: FIRST_RISE,
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
    Number(
        name="seeds_needed",
        given=lambda rng: (int(rng.choice([3, 4, 5, 8, 10])), float(rng.choice([0.05, 0.01]))),
        expected=lambda asked, below: _seeds(2 * asked, below),
        tolerance=1e-9,
        mistakes={
            lambda asked, below: _seeds(asked, below): "That is too few: if B had won on every seed, you would have "
            "been as surprised, so the chance counts twice.",
            lambda asked, below: _seeds(2, below): "You asked several questions, and each gives luck another chance.",
            lambda asked, below: math.log2(2 * asked / below): "Seeds are counted, so round up.",
            lambda asked, below: math.ceil(2 * asked / below): "Each seed halves the chance, so count how often you "
            "have to halve.",
        },
        hints=(
            "If both were equally good, how probable would it be that one of them wins on all of two seeds?",
            "With n seeds the p-value is two over two to the power n. How much is it when it counts several times?",
            "Write a loop, and look for the first n at which the p-value, counted so often, is small enough.",
        ),
    ),
    Choice(
        name="ten_times_the_loss",
        right="b",
        options={
            "a": "The pull of the decay comes on top, and it is not ten times as strong. With a tenth of eta it "
            "shrinks to a tenth, unless lambda grows tenfold.",
            "b": "Right. The velocity is a sum of eta times gradients, and in each of them the ten cancels.",
            "c": "Adam divides by the size of the gradients, so the ten has cancelled already. With a tenth of eta its "
            "steps are too short.",
            "d": "The gradients are ten times as long, so with the old c they are clipped much sooner. Then c has to "
            "grow tenfold as well.",
        },
        hints=(
            "Write the step of each method with 10 g in place of g, and eta/10 in place of eta.",
            "In which of them does something stand beside the gradient that did not grow with it?",
            "Which of the four steps contains nothing but eta times gradients?",
        ),
    ),
]
