"""Places where the gradient is zero: their curvatures counted, and used for a step."""

from typing import Any

import numpy as np

from ...bugs.fields.descent import DESCENT
from ...kinds import Choice, Function, Mistake

LEAST = 1e-9
HIGHEST = Mistake(
    "highest for largest in size",
    "What counts as zero is measured by the highest eigenvalue. On a hilltop that one is itself zero to rounding, so "
    "take the one largest in size.",
)


def _symmetric(rng: np.random.Generator, values: Any) -> tuple[Any]:
    """Return a matrix with these eigenvalues in random directions, symmetric to rounding."""
    Q = np.linalg.qr(rng.normal(size=(len(values), len(values))))[0]
    H = Q @ np.diag(values) @ Q.T
    return ((H + H.T) / 2,)


def _hessian(rng: np.random.Generator) -> tuple[Any]:
    up, down = int(rng.integers(2, 5)), int(rng.integers(1, 3))
    values = np.concatenate([rng.uniform(0.5, 3, up), -rng.uniform(0.2, 2, down), np.zeros(int(rng.integers(2, 5)))])
    return _symmetric(rng, values)


def _scaled(scale: float) -> Any:
    """Return what draws a Hessian of tiny or huge numbers: what counts as zero depends on the largest of them."""
    return lambda rng: (_hessian(rng)[0] * scale,)


def _hilltop(rng: np.random.Generator) -> tuple[Any]:
    """Draw a Hessian without a way up, whose largest eigenvalue is therefore not the largest in size."""
    return _symmetric(rng, [*-rng.uniform(0.2, 3, 3), 0, 0])


def _saddle_with_a_positive_diagonal(rng: np.random.Generator) -> tuple[Any]:
    return (np.array([[1.0, 3.0, 0.0], [3.0, 1.0, 0.0], [0.0, 0.0, 2.0]]) * float(rng.uniform(1, 2)),)


def _counts(H: Any, wrong: str = "") -> Any:
    values = np.diag(H) if wrong == "diagonal" else np.linalg.eigvalsh(H)
    if wrong == "sizes":
        values = abs(values)
    highest = abs(values[-1]) if wrong == "highest in size" else values.max()
    least = {"exact": 0.0, "absolute": LEAST}.get(wrong, LEAST * (highest if "highest" in wrong else abs(values).max()))
    down, up = int((values < -least).sum()), int((values > least).sum())
    flat = len(values) - down - up
    if wrong == "flat up":
        return down, 0, up + flat
    return (up, flat, down) if wrong == "turned" else (down, flat, up)


def _count_twin(wrong: str) -> Any:
    return lambda H: _counts(H, wrong)


def _point(rng: np.random.Generator, kind: str = "", small: bool = True) -> tuple[Any, Any, float]:
    """Draw a place with its Hessian and gradient: a strict minimum, or something that only looks like one."""
    n = int(rng.integers(3, 6))
    values = rng.uniform(0.5, 3, n)
    values[0] *= {"saddle": -1, "valley": 0}.get(kind, 1)
    g, bound = rng.normal(size=n), float(rng.choice([1e-7, 1e-6, 1e-4, 1e-2]))
    g *= (0.1 if small else 10) * bound / np.linalg.norm(g)
    return _symmetric(rng, values)[0], g, bound


def _any_point(rng: np.random.Generator) -> tuple[Any, Any, float]:
    return _point(rng, str(rng.choice(["", "saddle", "valley"])), bool(rng.integers(2)))


def _masked_saddle(rng: np.random.Generator) -> tuple[Any, Any, float]:
    """Draw a saddle with a positive diagonal."""
    return _saddle_with_a_positive_diagonal(rng)[0], np.full(3, 1e-8), 1e-6


def _short_in_parts(rng: np.random.Generator) -> tuple[Any, Any, float]:
    """Draw a minimum beside which each entry of the gradient is small, but not the whole."""
    H, _, small = _point(rng)
    return H, np.full(len(H), 0.9 * small), small


def _short_in_length(rng: np.random.Generator) -> tuple[Any, Any, float]:
    """Draw a minimum beside which the gradient is short, but not the sum of the sizes of its entries."""
    H, _, small = _point(rng)
    return H, np.full(len(H), 0.9 * small / len(H) ** 0.5), small


def _long_in_one_entry(rng: np.random.Generator) -> tuple[Any, Any, float]:
    """Draw a gradient with one entry that is not small, though its square is."""
    H, g, small = _point(rng)
    return H, np.where(np.arange(len(g)) == 1, 3 * small, 0), small


def _gentle_minimum(rng: np.random.Generator) -> tuple[Any, Any, float]:
    """Draw a minimum of which all curvatures are tiny."""
    H, g, small = _point(rng)
    return 1e-11 * H, g, small


def _signed(rng: np.random.Generator) -> tuple[Any, Any, float]:
    """Draw a large gradient whose entries are negative."""
    H, _, small = _point(rng)
    return H, np.full(len(H), -1.0), small


def _strict(H: Any, g: Any, small: float, wrong: str = "") -> bool:
    """Say whether this is a strict minimum, with one thing wrong if asked."""
    values = np.diag(H) if wrong == "diagonal" else np.linalg.eigvalsh(H)
    least = LEAST * abs(values).max()
    up = {
        "gradient alone": True,
        "flat": values[0] > -least,
        "exact": values[0] > 0,
        "any": values[-1] > least,
        "determinant": float(np.linalg.det(H)) > LEAST,
        "absolute": values[0] > LEAST,
        "small": values[0] > small,
        "sizes": abs(values).min() > least,
    }.get(wrong, values.min() > least)
    lengths = {"entries": abs(g).max(), "signed": g.sum(), "added": abs(g).sum(), "squared": g @ g}
    length = lengths.get(wrong, np.linalg.norm(g))
    bound = 1e-6 if wrong == "bound" else small
    return bool(up and (wrong == "curvature alone" or length < bound))


def _strict_twin(wrong: str) -> Any:
    return lambda H, g, small: _strict(H, g, small, wrong)


def _newton(rng: np.random.Generator) -> tuple[Any, Any]:
    n = int(rng.integers(2, 5))
    values = rng.uniform(0.5, 3, n) * np.where(np.arange(n) == 0, -1, 1)
    return _symmetric(rng, values)[0], rng.normal(size=n)


def _along(rng: np.random.Generator, curvature: float) -> tuple[Any, Any]:
    """Draw a gradient that has most of its length in a direction of this curvature, so that the slope has its sign."""
    H = _symmetric(rng, [curvature, *rng.uniform(0.5, 3, 2)])[0]
    values, vectors = np.linalg.eigh(H)
    return H, 3 * vectors[:, abs(values - curvature).argmin()] + 0.3 * rng.normal(size=3)


def _step(H: Any, g: Any, wrong: str = "") -> Any:
    """Return Newton's step and the slope along it, with one thing wrong if asked."""
    if wrong == "diagonal":
        s = -g / np.diag(H)
    elif wrong == "times":
        s = -H @ g
    elif wrong == "downhill":
        values, vectors = np.linalg.eigh(H)
        s = -vectors @ ((vectors.T @ g) / abs(values))
    elif wrong == "gradient":
        s = -g
    else:
        s = -np.linalg.solve(H, g)
    if wrong == "sign":
        s = -s
    slope = {"curvature": s @ H @ s, "predicted": g @ s + s @ H @ s / 2, "size": abs(g @ s)}.get(wrong, g @ s)
    return s, slope


def _step_twin(wrong: str) -> Any:
    return lambda H, g: _step(H, g, wrong)


EXERCISES = [
    Function(
        name="count_ways",
        points=2,
        arguments=_hessian,
        special=(_scaled(1e-11), _scaled(1e7), _saddle_with_a_positive_diagonal, _hilltop),
        reference=lambda H: _counts(H),
        returns=("down", "flat", "up"),
        mistakes={
            _count_twin("diagonal"): DESCENT["signs of the diagonal"],
            _count_twin("exact"): DESCENT["rounding counted as curvature"],
            _count_twin("flat up"): DESCENT["flat counted as upward"],
            _count_twin("sizes"): DESCENT["sizes of eigenvalues"],
            _count_twin("absolute"): "What counts as zero depends on the scale of H: compare with the largest "
            "eigenvalue, not with a fixed number.",
            _count_twin("highest"): HIGHEST,
            _count_twin("highest in size"): HIGHEST,
            _count_twin("turned"): "The counts are in another order: first those that lead down.",
        },
        hints=(
            "The signs of the eigenvalues of H tell the ways apart; `np.linalg.eigvalsh` is made for symmetric H.",
            "How small must an eigenvalue be to count as zero? Compare it with the largest one in size.",
            "Count those below minus the bound, those above it, and what is left over. The flat ones come second.",
        ),
    ),
    Function(
        name="is_strict_minimum",
        points=2,
        arguments=_any_point,
        special=(
            lambda rng: _point(rng),
            lambda rng: _point(rng, "saddle"),
            lambda rng: _point(rng, "valley"),
            lambda rng: _point(rng, small=False),
            _masked_saddle,
            _short_in_parts,
            _short_in_length,
            _long_in_one_entry,
            _gentle_minimum,
            _signed,
            lambda rng: (np.diag([5e-9, 1.0, 2.0]), np.zeros(3), 1e-6),
            lambda rng: (np.diag([1e-12, 1.0, 2.0]), np.zeros(3), 1e-6),
            lambda rng: (np.diag([-1e-12, 1.0, 2.0]), np.zeros(3), 1e-6),
            lambda rng: (np.diag([-1.0, -2.0, 1.0]), np.zeros(3), 1e-6),
            lambda rng: (np.diag([-1.0, -2.0, -4.0]), np.zeros(3), 1e-6),
            lambda rng: (np.diag([1.0, 2.0, 4.0]), np.array([3e-3, 0.0, 4e-3]), 1e-2),
            lambda rng: (np.diag([1.0, 2.0, 4.0]), np.array([3e-2, 0.0, 4e-2]), 1e-2),
            lambda rng: (np.diag([1.0, 2.0, 4.0]), np.array([3e-3, 0.0, 4e-3]), 1e-7),
        ),
        reference=lambda H, g, small: _strict(H, g, small),
        mistakes={
            _strict_twin("gradient alone"): DESCENT["a saddle taken for a minimum"],
            _strict_twin("curvature alone"): "The gradient is not asked about. On a slope that is bent upward the ball "
            "still rolls.",
            _strict_twin("flat"): "A direction that is flat to rounding leads neither up nor down, so the minimum is "
            "not known to be strict.",
            _strict_twin(
                "exact"
            ): "An eigenvalue that is zero to rounding may come out above zero. Compare it with the largest in size.",
            _strict_twin("any"): "One direction that leads up is not enough: all must.",
            _strict_twin("diagonal"): "The diagonal of H was asked. A saddle may have a positive diagonal.",
            _strict_twin("determinant"): "The determinant was asked. Two ways down make it positive again.",
            _strict_twin("absolute"): "How much above zero an eigenvalue must be depends on the scale of H: compare "
            "with the largest in size, not with a fixed number.",
            _strict_twin("small"): "The eigenvalues are compared with `small`, which belongs to the gradient.",
            _strict_twin("sizes"): DESCENT["sizes of eigenvalues"],
            _strict_twin("added"): "The sizes of the entries of the gradient are added up. The length is the root of "
            "the sum of their squares.",
            _strict_twin("squared"): "You compared the square of the gradient's length. A root is missing.",
            _strict_twin("entries"): "The largest entry of the gradient was asked about, and not the length of the "
            "whole.",
            _strict_twin(
                "bound"
            ): "The length of the gradient is compared with a number of your own, and not with `small`.",
            _strict_twin("signed"): "The entries of the gradient were added with their signs. Take the length.",
        },
        hints=(
            "Two things must hold: one about g, and one about H.",
            "The length of g is below `small`, and every direction leads up. Which eigenvalue decides about that?",
            "The smallest eigenvalue must be above zero, and by more than rounding: compare with the largest in size.",
        ),
    ),
    Function(
        name="newton_step",
        points=2,
        arguments=_newton,
        special=(lambda rng: _along(rng, -1), lambda rng: _along(rng, 1)),
        reference=lambda H, g: _step(H, g),
        returns=("s", "slope"),
        mistakes={
            _step_twin("sign"): DESCENT["Newton uphill"],
            _step_twin("diagonal"): DESCENT["Newton by the diagonal"],
            _step_twin("times"): DESCENT["H times g"],
            _step_twin("downhill"): "Negative eigenvalues were made positive. That step leads down, but it does not "
            "cancel the gradient.",
            _step_twin("gradient"): "That is a step of gradient descent, which knows nothing of H.",
            _step_twin("curvature"): "The second number is s H s, the curvature along the step, which is minus the "
            "slope there. You are asked for the product of g and s as it is.",
            _step_twin("size"): "The second number has lost its sign, which says whether the step leads up or down.",
            _step_twin("predicted"): "The second number is the whole change that the parabola predicts. You are asked "
            "for the slope alone.",
        },
        hints=(
            "Near w the gradient is g + H s after a step s. Which s makes that zero?",
            "`np.linalg.solve(H, g)` finds what H turns into g. Mind the sign.",
            "The slope along s is the sum of the products of both vectors' entries. At a saddle it may well be "
            "positive.",
        ),
    ),
    Choice(
        name="level_ground",
        right="c",
        options={
            "a": str(DESCENT["a saddle taken for a minimum"]),
            "b": "Its gradient is not zero and its weights still grow, so positive eigenvalues say nothing yet. The "
            "trench looked the same.",
            "c": "Right. The gradient is zero to rounding, nothing moves, and every direction leads up.",
            "d": "Where an eigenvalue is zero, the second derivatives cannot tell a minimum from a very gentle slope.",
        },
        hints=(
            "A count of eigenvalues means something only at a critical point. Which of the runs are at one?",
            "Among those, what does the lowest eigenvalue say about the way that rises least?",
            "One run has a way down, one has a way that is level as far as you can tell, and one has moved.",
        ),
    ),
]
