"""The checks that may be ordered. Each is run on a program, never on its source, and none knows what is wrong with it.

A check takes a `Program` and returns a `Finding`: a number, whether it is alarming, and what was seen in words.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from ..backprop import Params
from ..gradcheck import numerical_gradient, relative_error
from .program import Array, Data, History, Program, train

__all__ = ["CHECKS", "TOLERANCE", "Finding", "examine", "gradient_errors", "step_errors"]

TOLERANCE = 1e-6
M = 12
"""Examples on which gradients are checked; no batch size of a program and no width of a layer."""


class Finding(NamedTuple):
    """What a check saw.

    Attributes
    ----------
    alarm : bool
    value : float
        The number that decided it.
    words : str
        What was seen, in a few words.
    shown : dict
        The numbers behind it, by name: what a chart draws.
    """

    alarm: bool
    value: float
    words: str
    shown: dict[str, float]


def _few(program: Program, m: int = M) -> tuple[Params, Array, Array]:
    """Return weights at birth with biases that are not zero, and m examples."""
    program.fresh()
    data, params, rng = program.load(), program.start(0), np.random.default_rng(1)
    for b in params.b[1:]:
        b += 0.1 * rng.normal(size=b.shape)
    return params, data.x[:m], data.y[:m]


def _copy(params: Params) -> Params:
    W, b = ([None, *(array.copy() for array in arrays[1:])] for arrays in (params.W, params.b))
    return params._replace(W=W, b=b)


def _by_number(values: list[float]) -> dict[str, float]:
    return {str(k): value for k, value in enumerate(values)}


def _worst(errors: dict[str, float]) -> tuple[str, float]:
    return max(errors.items(), key=lambda item: np.inf if np.isnan(item[1]) else item[1])


@lru_cache(maxsize=1)
def _trained(program: Program) -> History:
    """Train the program once for all the checks that one examination asks for."""
    return train(program)


def loss_goes_down(program: Program) -> Finding:
    """Train, and compare the loss at the end with that at birth: what every owner looks at."""
    losses = _trained(program).loss
    ratio = losses[-1] / losses[0]
    words = f"from {losses[0]:.3g} to {losses[-1]:.3g} in {program.epochs} epochs"
    return Finding(not ratio < 0.75, ratio, words, _by_number(losses))


def loss_at_birth(program: Program) -> Finding:
    """Compare the first loss with that of hedging, ln k for k classes; where values are wanted, of saying 0."""
    program.fresh()
    data = program.load()
    cache = program.forward(program.start(0), data.x)
    seen = float(program.loss(cache, data.y))
    k = cache.a[-1].shape[1]
    hedging = float(np.log(k)) if data.y.ndim == 1 and k > 1 else 0.5 * float((data.y**2).sum() / len(data.y))
    if data.y.ndim == 2 and k > 1:
        hedging = k / 8  # every output says 1/2
    words = f"{seen:.3g}, and hedging costs {hedging:.3g}"
    return Finding(not 0.5 < seen / hedging < 2, seen / hedging, words, {"at birth": seen, "hedging": hedging})


def learns_twenty(program: Program) -> Finding:
    """Train on twenty examples for long: their loss must all but vanish."""
    data = program.load()
    few = Data(data.x[:20], data.y[:20], data.x[:20], data.y[:20])
    losses = train(program, data=few, epochs=600).loss
    ratio = losses[-1] / losses[0]
    words = f"twenty examples, 600 epochs: from {losses[0]:.3g} to {losses[-1]:.3g}"
    return Finding(not ratio < 0.1, ratio, words, _by_number(losses[::20]))


def gradient_errors(program: Program) -> dict[str, float]:
    """Return the relative error of every dW[l] and db[l] against central differences of the program's own loss."""
    params, x, y = _few(program)
    here = _copy(params)
    program.fresh()
    grads = program.backward(params, program.forward(params, x), y)
    found = {}
    for kind, arrays, made in (("dW", here.W, grads.dW), ("db", here.b, grads.db)):
        for l in range(1, len(arrays)):

            def loss(value: Array, arrays: list[Array] = arrays, l: int = l) -> float:
                kept, arrays[l] = arrays[l], value
                program.fresh()
                C = float(program.loss(program.forward(here, x), y))
                arrays[l] = kept
                return C

            exact = numerical_gradient(loss, arrays[l])
            error = relative_error(made[l], exact)
            if not error < TOLERANCE:  # a shorter step disagrees with a longer one where a kink lies between
                smooth = abs(exact - numerical_gradient(loss, arrays[l], 3e-6)) < 1e-6 * abs(exact).max()
                error = relative_error(made[l][smooth], exact[smooth])
            found[f"{kind}[{l}]"] = error
    return found


def gradient(program: Program) -> Finding:
    """Compare what `backward` returns with differences of the loss, array by array."""
    errors = gradient_errors(program)
    name, error = _worst(errors)
    off = [name for name, error in errors.items() if not error < TOLERANCE]
    words = f"{', '.join(off)} off, {name} by {error:.1g}" if off else f"all arrays right, to {TOLERANCE:.0e}"
    return Finding(bool(off), error, words, errors)


def ask_twice(program: Program) -> Finding:
    """Call `backward` twice with the same arguments: it must say the same, and change nothing."""
    params, x, y = _few(program)
    before = _copy(params)
    cache = program.forward(params, x)
    first = [array.copy() for array in program.backward(params, cache, y).dW[1:]]
    changed = max(relative_error(W, V) for W, V in zip(params.W[1:], before.W[1:], strict=True))
    second = program.backward(_copy(before), cache, y).dW[1:]
    differ = max(relative_error(one, other) for one, other in zip(first, second, strict=True))
    words = "the same answer twice"
    if differ > TOLERANCE:
        words = f"the second answer differs by {differ:.2g}"
    if changed > TOLERANCE:
        words = f"the question changes the weights by {changed:.1g}"
    value = max(changed, differ)
    return Finding(value > TOLERANCE, value, words, {"answers differ": differ, "weights change": changed})


def one_alone(program: Program) -> Finding:
    """Feed an example alone and in company: its output may not depend on its neighbours."""
    params, x, _ = _few(program)
    program.fresh()
    together = program.forward(params, x).a[-1][:1]
    program.fresh()
    alone = program.forward(params, x[:1]).a[-1]
    error = relative_error(together, alone)
    words = f"the first example's output changes by {error:.2g}" if error > TOLERANCE else "the same output"
    sizes = {"alone": float(np.linalg.norm(alone)), "in company": float(np.linalg.norm(together))}
    return Finding(error > TOLERANCE, error, words, sizes)


def batch_twice(program: Program) -> Finding:
    """Lay the same batch down twice: a mean stays what it was, in the loss and in the gradient."""
    params, x, y = _few(program, 200)
    ratios = []
    for times in (1, 2):
        program.fresh()
        cache = program.forward(_copy(params), np.tile(x, (times, 1)))
        targets = np.tile(y, times) if y.ndim == 1 else np.tile(y, (times, 1))
        C = float(program.loss(cache, targets))
        dW = program.backward(_copy(params), cache, targets).dW[-1]
        ratios.append((C, float(np.linalg.norm(dW))))
    loss, size = ratios[1][0] / ratios[0][0], ratios[1][1] / ratios[0][1]
    off = max(abs(loss - 1), abs(size - 1))
    words = f"the loss becomes {loss:.3g} times, the gradient {size:.3g} times as large"
    return Finding(off > 0.2, max(loss, size), words, {"loss": loss, "gradient": size})


def step_errors(program: Program) -> dict[str, float]:
    """Return, for each array, how far (before - after)/eta is from what `backward` said, with its decay."""
    params, x, y = _few(program)
    before = _copy(params)
    grads = program.backward(params, program.forward(params, x), y)
    program.update(params, grads, program.eta, program.lmbda)
    found = {}
    for l in range(1, len(before.W)):
        wanted = {"W": grads.dW[l] + program.lmbda * before.W[l], "b": grads.db[l]}
        for name, old, new in (("W", before.W[l], params.W[l]), ("b", before.b[l], params.b[l])):
            made = (old - new) / program.eta
            rounding = abs(made - wanted[name]).max() < 1e-12
            found[f"{name}[{l}]"] = 0.0 if rounding else relative_error(made, wanted[name])
    return found


def step(program: Program) -> Finding:
    """Work the gradient back out of a step, (before - after)/eta, and compare it with what `backward` said."""
    errors = step_errors(program)
    name, error = _worst(errors)
    off = [name for name, error in errors.items() if not error < TOLERANCE]
    words = f"{', '.join(off)} moved otherwise, {name} by {error:.2g}" if off else "the step that was asked for"
    return Finding(bool(off), error, words, errors)


def shuffled_labels(program: Program) -> Finding:
    """Train on labels dealt at random too: with the right ones the test score must be far better."""
    data = program.load()
    dealt = data._replace(y=np.random.default_rng(2).permutation(data.y))
    right, wrong = _trained(program).score, train(program, data=dealt).score
    words = f"test score {right:.3f}, and {wrong:.3f} with shuffled labels"
    return Finding(not right - wrong > 0.2, right - wrong, words, {"as they are": right, "shuffled": wrong})


def units(program: Program) -> Finding:
    """Look for units whose slope is nearly 0 on nearly every example: they are stuck and learn nothing."""
    program.fresh()
    data, params = program.load(), program.start(0)
    cache = program.forward(params, data.x)
    shares = {}
    for l in range(1, len(params.W)):
        span = np.ptp(cache.a[l], axis=0)
        flat = (abs(params.f[l].prime(cache.z[l])) < 1e-3).mean(axis=0) if span.any() else np.ones(len(span))
        stuck = (flat > 0.95) | (span < 1e-9)
        shares[f"a[{l}]"] = float(stuck.mean())
    name, share = max(shares.items(), key=lambda item: item[1])
    last = shares[f"a[{len(params.W) - 1}]"]
    alarm = share > 0.25 or last > 0
    words = f"{share:.0%} of the units of {name} are stuck" if share else "no unit is stuck"
    return Finding(alarm, share, words, shares)


def classes_said(program: Program) -> Finding:
    """Count what the trained program says of the test examples: a class that is never said is a bad sign."""
    data = program.load()
    params = _trained(program).params
    output = program.forward(params, data.x_test).a[-1]
    if output.shape[1] == 1:
        spread = float(output.std() / data.y_test.std())
        words = f"answers spread {spread:.2g} times as far as the targets"
        return Finding(
            spread < 0.5, spread, words, {"answers": float(output.std()), "targets": float(data.y_test.std())}
        )
    said = np.bincount(output.argmax(axis=1), minlength=output.shape[1])
    missing = int((said == 0).sum())
    words = (
        f"{missing} of {len(said)} classes are never said"
        if missing
        else f"every class, {said.min()} to {said.max()} times"
    )
    return Finding(missing > 0, float(missing), words, _by_number(said.astype(float).tolist()))


def inputs(program: Program) -> Finding:
    """Look at x before anything else: it should be of size 1 or so, and as large in the test."""
    data = program.load()
    largest = float(max(abs(data.x).max(), abs(data.x_test).max()))
    spread, test = float(data.x.std()), float(data.x_test.std())
    words = f"up to {largest:.3g}; spread {spread:.2g}, in the test {test:.2g}"
    off = max(spread / test, test / spread)
    return Finding(largest > 20 or off > 1.5, largest, words, {"spread": spread, "in the test": test})


CHECKS: dict[str, Callable[[Program], Finding]] = {
    "the loss goes down": loss_goes_down,
    "look at x": inputs,
    "loss at birth": loss_at_birth,
    "learns twenty": learns_twenty,
    "gradient": gradient,
    "step": step,
    "ask twice": ask_twice,
    "one alone": one_alone,
    "batch twice": batch_twice,
    "stuck units": units,
    "classes said": classes_said,
    "shuffled labels": shuffled_labels,
}
"""Every check by its name."""


@np.errstate(all="ignore")
def examine(program: Program, *names: str) -> dict[str, Finding]:
    """Run the named checks on a program, or all of them.

    Raises
    ------
    ValueError
        There is no such check.
    TypeError
        `program` is no program.

    >>> from bpbook.clinic import program
    >>> examine(program(), "gradient")["gradient"].alarm
    False
    """
    if not isinstance(program, Program):
        raise TypeError(f"program must be a Program; got {type(program).__name__}. Pass patient.sick or patient.cured.")
    unknown = [name for name in names if name not in CHECKS]
    if unknown:
        raise ValueError(f"there is no check {unknown[0]!r}; there are {', '.join(CHECKS)}.")
    _trained.cache_clear()
    return {name: CHECKS[name](program) for name in names or CHECKS}
