"""Differences, the complex step and the relative error, and what a check can see."""

from typing import Any

import numpy as np

from ....gradcheck import complex_step_gradient, numerical_gradient, relative_error
from ...kinds import Choice, Function
from .by_hand import Arrays, _norms


def _wave(rng: np.random.Generator, shape: tuple[int, ...]) -> Any:
    c = rng.normal(size=shape)
    return lambda w: (c * np.sin(w)).sum() + (w**3).sum() / 6 + (c * w).sum() ** 2 / 4


def _to_nudge(rng: np.random.Generator) -> Arrays:
    shape = [(3,), (2, 3), (4,), (3, 2)][int(rng.integers(0, 4))]
    return _wave(rng, shape), rng.normal(size=shape), float(rng.choice([0.1, 0.2, 0.4]))


def _to_step(rng: np.random.Generator) -> Arrays:
    f, w, _ = _to_nudge(rng)
    return f, w, 1e-20


def _nudged(f: Any, w: Any, h: float, up: float = 1, down: float = 1, over: float = 2, keep: bool = False) -> Any:
    """Return differences; the defaults are central, the others are what goes wrong."""
    n, point = np.zeros(w.shape), w.copy()
    for k in np.ndindex(w.shape):
        moved = {}
        for sign in (up, -down):
            nudged = point.copy()
            nudged[k] += sign * h
            moved[sign] = f(nudged)
        n[k] = (moved[up] - moved[-down]) / (over * h)
        if keep:
            point[k] += h
    return n


def _vectors(rng: np.random.Generator) -> Arrays:
    n = int(rng.integers(2, 6))
    g = rng.normal(size=n)
    return g, g + rng.normal(0, 0.3, n)


def _matrices(rng: np.random.Generator) -> Arrays:
    g = rng.normal(size=(3, 2))
    return g, g + rng.normal(0, 0.3, (3, 2))


def _nearly_equal(rng: np.random.Generator) -> Arrays:
    """Draw arrays that are nearer to each other than 1 in 100,000, where `np.allclose` sees no difference."""
    g = rng.uniform(0.5, 2, 3) * rng.choice([-1, 1], 3)
    return g, g * (1 + rng.choice([-9e-6, 9e-6], 3))


def _imaginary(f: Any, w: Any, h: float) -> Any:
    return complex_step_gradient(f, w, h)


def _stepped_aside(f: Any, w: Any, h: float, keep: bool = False) -> Any:
    """Return what f gives, a complex number for every entry that steps aside; each may keep its step."""
    found, point = np.zeros(w.shape, complex), w.astype(complex)
    for k in np.ndindex(w.shape):
        point = point if keep else w.astype(complex)
        point[k] += 1j * h
        found[k] = f(point)
    return found


def _guarded(distance: Any, size: Any) -> Any:
    return distance / size if size else 0.0


EXERCISES = [
    Function(
        name="numerical_gradient",
        points=2,
        equations=("ND",),
        arguments=_to_nudge,
        reference=lambda f, w, h: numerical_gradient(f, w, h),
        mistakes={
            lambda f, w, h: _nudged(f, w, h, down=0, over=1): "These are one-sided differences, above only.",
            lambda f, w, h: _nudged(f, w, h, up=0, over=1): "These are one-sided differences, below only.",
            lambda f, w, h: _nudged(f, w, h, over=1): "The distance between the two nudges is 2h.",
            lambda f, w, h: _nudged(f, w, h, down=0): "From the middle to one nudge it is h, not 2h.",
            lambda f, w, h: _nudged(f, w, h, keep=True): "An entry keeps its nudge while the next one is nudged.",
            lambda f, w, h: -_nudged(f, w, h): "The sign is reversed. You want above minus below.",
            lambda f, w, h: (
                _nudged(f, w, h) * h * h
            ): "`/ 2 * h` divides by 2 and then multiplies by h. A bracket is missing.",
            lambda f, w, h: _nudged(f, w, h) * 2 * h: "The difference must be divided by the distance, 2h.",
            lambda f, w, h: _nudged(f, w, h, up=0.5, down=0.5): "The nudges are half as long as h says.",
            lambda f, w, h: np.full(
                w.shape, (f(w + h) - f(w - h)) / (2 * h)
            ): "You nudge all entries at once. The derivative with respect to one needs the others to stay.",
            lambda f, w, h: complex_step_gradient(
                f, w
            ): "This is the derivative itself, but the difference with h is asked for.",
        },
        hints=(
            "In (ND), one entry at a time goes up by h and down by h.",
            "`for k in np.ndindex(w.shape)` visits every entry, whatever the shape. Work on a copy of w.",
            "Set the entry back before you go on. What you divide by is the distance between the two nudges.",
        ),
    ),
    Function(
        name="complex_step",
        points=2,
        equations=("CS",),
        arguments=_to_step,
        special=(lambda rng: (*_to_step(rng)[:2], 0.05),),
        reference=lambda f, w, h: complex_step_gradient(f, w, h),
        mistakes={
            lambda f, w, h: _imaginary(f, w, h) * h: "The imaginary part must be divided by h.",
            lambda f, w, h: _imaginary(f, w, h) / 2: "You take only one step, so the distance is h and not 2h.",
            lambda f, w, h: np.zeros(
                w.shape
            ): "An array of real numbers drops an imaginary step. Is your copy complex?",
            lambda f, w, h: (
                _stepped_aside(f, w, h, keep=True).imag / h
            ): "An entry keeps its step while the next one takes its own.",
            lambda f, w, h: np.full(
                w.shape, f(w + 1j * h).imag / h
            ): "All entries take the step at once. One at a time is asked for.",
            lambda f, w, h: -_imaginary(f, w, h): "The sign is reversed. Is your step +i h?",
            lambda f, w, h: (
                _stepped_aside(f, w, h).real / h
            ): "The derivative is in the imaginary part, but this is the real one.",
            lambda f, w, h: _nudged(
                f, w, h, down=0, over=1
            ): "The step must be imaginary; a real one this small is lost.",
            lambda f, w, h: _nudged(f, w, h): "The step must be imaginary; a real one this small is lost.",
        },
        hints=(
            "In (CS), one entry takes a step of h in the imaginary direction.",
            "Make a complex copy, `w.astype(complex)`, add `1j * h` to one entry, and call f.",
            "Take `.imag` of what comes back, divide by h, and set the entry back.",
        ),
    ),
    Function(
        name="relative_error",
        equations=("RE",),
        arguments=_vectors,
        special=(
            _matrices,
            lambda rng: (np.zeros(3), np.zeros(3)),
            lambda rng: (np.zeros(2), rng.normal(size=2)),
            lambda rng: (rng.normal(size=2), np.zeros(2)),
            lambda rng: tuple(1e-3 * each for each in _vectors(rng)),
            _nearly_equal,
        ),
        reference=lambda g, n: relative_error(g, n),
        mistakes={
            lambda g, n: _guarded(
                np.linalg.norm(g - n), 0.0 if np.allclose(g, n) else _norms(g, n)
            ): "Two arrays that are nearly equal have a small relative error, but it is not 0.",
            lambda g, n: np.divide(np.linalg.norm(g - n), _norms(g, n)): "When both are zero, this divides 0 by 0.",
            lambda g, n: _guarded(np.linalg.norm(g - n), 1.0): "This is the distance. Measure it against the sizes.",
            lambda g, n: _guarded(np.linalg.norm(g - n), np.linalg.norm(n)): "Both sizes stand below the line.",
            lambda g, n: _guarded(np.linalg.norm(g - n), np.linalg.norm(g)): "Both sizes stand below the line.",
            lambda g, n: _guarded(
                np.linalg.norm(g - n), max(np.linalg.norm(g), np.linalg.norm(n))
            ): "You divided by the larger length; (RE) divides by their sum.",
            lambda g, n: np.divide(
                np.linalg.norm(g - n), max(np.linalg.norm(g), np.linalg.norm(n))
            ): "You divided by the larger length; (RE) divides by their sum. And where both are zero, this is 0/0.",
            lambda g, n: _guarded(
                np.linalg.norm(g - n), np.linalg.norm(g) * np.linalg.norm(n)
            ): "You multiplied the two lengths. They are added.",
            lambda g, n: _guarded(
                np.linalg.norm(g - n), np.linalg.norm(g + n)
            ): "Below the line there are two lengths, not that of a sum.",
            lambda g, n: _guarded(
                abs(g - n).sum(), (abs(g) + abs(n)).sum()
            ): "A length is the root of the sum of squares.",
            lambda g, n: _guarded(
                abs(g - n).max(), max(abs(g).max(), abs(n).max())
            ): "A length is the root of a sum of squares, not a maximum.",
            lambda g, n: _guarded(((g - n) ** 2).sum(), (g**2).sum() + (n**2).sum()): "The square roots are missing.",
            lambda g, n: _guarded(2 * np.linalg.norm(g - n), _norms(g, n)): "Below the line is a sum, not a mean.",
        },
        hints=(
            "Write equation (RE) in one line first, and then think of two arrays of zeros.",
            "`np.linalg.norm` gives the length of an array of any shape.",
            "Compute the sum of the two lengths first. If it is zero, return 0, and otherwise divide.",
        ),
    ),
    Choice(
        name="read_report",
        equations=("BP2",),
        right="b",
        options={
            "a": "Then layer 3 would be wrong as well, because its gradients are made from the delta of layer 3.",
            "b": "Right. The delta of layer 3 is correct, that of layer 2 is not, and neither is anything made from "
            "it.",
            "c": "A wrong sum in (BP3) spoils db, but it leaves dW alone.",
            "d": "A wrong (BP4) spoils dW, but it leaves db alone.",
        },
        hints=(
            "Which rows are right? From which delta are they made?",
            "dW[3] and db[3] come from delta of layer 3, so that one is right.",
            "In layer 2 both dW and db are wrong. What do they have in common?",
        ),
    ),
    Choice(
        name="cannot_overfit",
        right="c",
        options={
            "a": "With so few examples there is nothing to generalise. First it has to be able to memorise them.",
            "b": "More data makes it harder to learn every example, not easier.",
            "c": "Right. It should be able to memorise 20 examples. If it cannot, the gradient, the update or the "
            "data is at fault.",
            "d": "Weight decay holds the weights back, so with it twenty examples would be harder still.",
        },
        hints=(
            "How many weights does the network have, and how many examples are there?",
            "A network with many more weights than examples can store them. What would keep it from doing so?",
            "The test does not ask for a good network. It asks whether all the parts of training work together.",
        ),
    ),
    Choice(
        name="loss_goes_down",
        right="d",
        options={
            "a": "A wrong gradient often still points downhill, only less steeply or in fewer directions.",
            "b": "Accuracy can be high with frozen biases or an untrained first layer. It cannot see them.",
            "c": "Nearly. But two wrong gradients can agree with each other, if one was copied from the other.",
            "d": "Right. Differences know nothing of your formulas, so they cannot share a mistake in them. "
            "Only a mistake in the loss itself, which both use, would escape.",
        },
        hints=(
            "Think of the wrong gradients of this chapter that learned all the same.",
            "A check has to be able to fail. Which of the four fails when db is a mean instead of a sum?",
            "Which of them finds the derivative without the chain rule?",
        ),
    ),
]
