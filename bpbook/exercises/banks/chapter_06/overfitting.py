"""Weight decay, curves that part, early stopping, and the spread over seeds."""

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


def _first_rise(losses: Any, patience: int) -> int:
    return int(np.argmax(np.append(np.diff(losses) > 0, True)))


def _first_rise_or_nothing(losses: Any, patience: int) -> int | None:
    return _first_rise(losses, patience) if any(np.diff(losses) > 0) else None


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
    Choice(
        name="read_curves",
        right="d",
        options={
            "a": "A small eta would make both curves fall slowly. Here the training loss falls well.",
            "b": "If eta were too large, the training loss would jump, rise, or stay flat near ln 10; here it falls.",
            "c": "A network that is too small would have trouble with the training loss as well.",
            "d": "Right. It goes on memorising the training examples, and that no longer helps with others.",
        },
        hints=(
            "The two curves separate. Which of them shows examples that the network has not learned from?",
            "Learning goes on improving one of them while it harms the other.",
            "What grows while the training loss falls and the validation loss rises?",
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
    Choice(
        name="error_bars",
        right="b",
        options={
            "a": "One run each, and another seed would have given other numbers. How large is the spread?",
            "b": "Right. Only the spread over seeds says whether such a difference is more than luck.",
            "c": "The best of many runs grows with the number of runs. It says how lucky one can get.",
            "d": "The same seed makes one comparison repeatable, but it is still only one comparison.",
        },
        hints=(
            "The order of the examples and the first weights are drawn at random.",
            "Suppose that A alone, run twice, gives results that differ by as much.",
            "To see whether a difference is larger than the spread, you have to know the spread.",
        ),
    ),
]
