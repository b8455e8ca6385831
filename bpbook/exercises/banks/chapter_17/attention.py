"""Attention: one query by hand, the way through softmax, the whole head, and a model that is too good."""

from typing import Any

import numpy as np

from .... import layers
from ...bugs.fields.layers import LAYERS
from ...kinds import Array, Choice, Function, Gradient

Head = tuple[Any, ...]


def _query(rng: np.random.Generator) -> tuple[list[int], list[int], int]:
    return (
        rng.choice([1, 2, 3, 4, 5, 6, 7], 2, replace=False).tolist(),
        rng.choice([-6, -3, 2, 4, 7, 9], 2, replace=False).tolist(),
        int(rng.choice([4, 9, 16])),
    )


def _looked(products: Any, values: Any, d: int, scale: Any = np.sqrt, f: Any = np.exp) -> Any:
    e = f(np.asarray(products) / scale(d))
    A = e / e.sum()
    return [*A, A @ values]


def _weights(rng: np.random.Generator, T: int = 3, S: int = 5) -> tuple[Any, Any]:
    A = np.exp(rng.normal(size=(T, S)))
    return rng.normal(size=(T, S)), A / A.sum(axis=1, keepdims=True)


def _masked_weights(rng: np.random.Generator) -> tuple[Any, Any]:
    dA, A = _weights(rng, 4, 4)
    A = np.tril(A)
    return dA, A / A.sum(axis=1, keepdims=True)


def _score_gradient(dA: Any, A: Any, wrong: str = "") -> Any:
    """Return the gradient of the scores, with one thing wrong if asked."""
    if wrong == "product":
        return A * (1 - A) * dA
    if wrong == "mean":
        return A * (dA - (A * dA).mean(axis=1, keepdims=True))
    if wrong == "no A":
        return dA - (A * dA).sum(axis=1, keepdims=True)
    if wrong == "plain mean":
        return A * (dA - dA.mean(axis=1, keepdims=True))
    if wrong == "plain sum":
        return A * (dA - dA.sum(axis=1, keepdims=True))
    if wrong == "plus":
        return A * (dA + (A * dA).sum(axis=1, keepdims=True))
    if wrong == "queries":
        return A * (dA - (A * dA).sum(axis=0, keepdims=True))
    if wrong == "everything":
        return A * (dA - (A * dA).sum())
    if wrong == "straight":
        return A * dA
    return dA if wrong == "left out" else A * (dA - (A * dA).sum(axis=1, keepdims=True))


def _softmax_twin(wrong: str) -> Any:
    return lambda dA, A: _score_gradient(dA, A, wrong)


def _head(rng: np.random.Generator, T: int = 4, d: int = 3, n: int = 2) -> Head:
    q, k = rng.normal(size=(2, T, d))
    return rng.normal(size=(T, n)), q, k, rng.normal(size=(T, n))


def _steep(rng: np.random.Generator) -> Head:
    u, q, k, v = _head(rng)
    return u, 1e-6 * q, 1e6 * k, v


def _attention(q: Any, k: Any, scale: float, mask: Any = np.tril) -> Any:
    s = q @ k.T / scale
    s = np.where(mask(np.ones(s.shape)) > 0, s, -np.inf)
    e = np.exp(s - s.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def _masked_late(q: Any, k: Any, scale: float) -> Any:
    return np.tril(_attention(q, k, scale, np.ones_like))


def _hidden_at_zero(q: Any, k: Any, scale: float) -> Any:
    e = np.exp(np.tril(q @ k.T / scale))
    return e / e.sum(axis=1, keepdims=True)


def _over_queries(q: Any, k: Any, scale: float) -> Any:
    e = np.tril(np.exp(q @ k.T / scale))
    return e / e.sum(axis=0, keepdims=True)


def _without_itself(q: Any, k: Any, scale: float) -> Any:
    """Let the first query, which has nothing to look at, look at all places alike, as a large number does."""
    s = np.where(np.tril(np.ones((len(q), len(k))), -1) > 0, q @ k.T / scale, -1e9)
    e = np.exp(s - s.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


SOFTMAX = {"Jacobian": "product", "identity": "left out", "softmax over the queries": "queries"}
OTHER_WEIGHTS = {
    "late mask": _masked_late,
    "mask of zeros": _hidden_at_zero,
    "softmax over the queries": _over_queries,
    "over the queries, back over the keys": _over_queries,
    "without itself": _without_itself,
    "next seen": lambda q, k, scale: _attention(q, k, scale, lambda ones: np.tril(ones, 1)),
}


def _attended(u: Any, q: Any, k: Any, v: Any, wrong: str = "") -> Any:
    """Return dq, dk, dv of one causal head, with one thing wrong if asked."""
    d = q.shape[1]
    root = np.sqrt(d)
    scale = {"no scale": 1.0, "d everywhere": d}.get(wrong, root)
    A = _attention(q, k, scale, {"no mask backward": np.ones_like, "upside down": np.triu}.get(wrong, np.tril))
    if wrong in OTHER_WEIGHTS:
        A = OTHER_WEIGHTS[wrong](q, k, scale)
    dv = (A if wrong == "A as it is" else A.T) @ u
    dA = u @ v.T
    if wrong == "no mask in ds":
        A = _attention(q, k, scale, np.ones_like)
    ds = _score_gradient(dA, A, SOFTMAX.get(wrong, wrong))
    back = {"scale forgotten": 1.0, "no root": d, "scale upside down": 1 / root}.get(wrong, scale)
    dq, dk = ds @ k / back, (ds if wrong == "ds as it is" else ds.T) @ q / back
    if wrong == "dq unscaled":
        dq = dq * back
    if wrong == "dk unscaled":
        dk = dk * back
    if wrong == "mixed up":
        dq, dk = ds @ q / back, ds.T @ k / back
    return (dk, dq, dv) if wrong == "exchanged" else (dq, dk, dv)


def _twin(wrong: str) -> Any:
    return lambda u, q, k, v: _attended(u, q, k, v, wrong)


EXERCISES = [
    Array(
        name="attend_by_hand",
        points=2,
        equations=("ATT1", "ATT2", "ATT3"),
        given=_query,
        expected=_looked,
        mistakes={
            lambda p, v, d: _looked(p, v, d, lambda d: 1): LAYERS["scores not scaled"],
            lambda p, v, d: _looked(p, v, d, float): LAYERS["scale without the root"],
            lambda p, v, d: _looked(p, v, d, lambda d: 1 / np.sqrt(d)): "The products are multiplied by the root of d, "
            "where they should be divided.",
            lambda p, v, d: _looked(p, v, d, f=lambda s: s): "The scores are divided by their sum. Softmax takes their "
            "exponentials first.",
            lambda p, v, d: _looked(p[::-1], v, d): "The two keys have changed places.",
            lambda p, v, d: [
                *_looked(p, v, d)[:2],
                float(np.mean(v)),
            ]: "The last number is the plain mean of the values. Each value counts by its weight.",
            lambda p, v, d: [
                *_looked(p, v, d)[:2],
                v[int(np.argmax(p))],
            ]: "The last number is the value of the better key alone. Attention takes a mixture.",
            lambda p, v, d: [*np.array(p) / np.sqrt(d), _looked(p, v, d)[2]]: "The first two numbers are the scores. "
            "Softmax makes weights of them.",
        },
        names=("`A_0`", "`A_1`", "`z`"),
        hints=(
            "Divide both products by the root of d. What does softmax make of two numbers?",
            "Take the exponential of both scores, and divide each by their sum. The weights add up to 1.",
            "The output is the first value times the first weight, plus the second times the second.",
        ),
    ),
    Function(
        name="softmax_backward",
        points=2,
        equations=("ATT5",),
        arguments=_weights,
        special=(_masked_weights, lambda rng: _weights(rng, 1, 3), lambda rng: _weights(rng, 4, 4)),
        reference=lambda dA, A: _score_gradient(dA, A),
        mistakes={
            _softmax_twin("product"): LAYERS["softmax's Jacobian as a product"],
            _softmax_twin(
                "straight"
            ): "Each score is given its own weight's gradient times that weight. Its other path "
            "leads through the sum, to all weights of the row.",
            _softmax_twin("left out"): LAYERS["softmax left out"],
            _softmax_twin("mean"): "The row's mean is taken away. It is the sum of A times dA.",
            _softmax_twin("no A"): "The factor A in front is missing. A weight of zero lets nothing through.",
            _softmax_twin("plain sum"): "The sum runs over dA alone. Each term is weighted by its A.",
            _softmax_twin("plain mean"): "The plain mean of the row of dA is taken away. It is to be weighted by A.",
            _softmax_twin("plus"): "The sum is added. A score that rises takes weight away from the others.",
            _softmax_twin("queries"): LAYERS["sum over the queries"],
            _softmax_twin("everything"): "One sum is taken over all rows. Each query has a softmax of its own.",
        },
        hints=(
            "If one score of a row rises, what happens to the other weights of that row?",
            "dA_s/ds_r is A_s (1 - A_s) for the same place, and -A_s A_r for two places. Add over all weights of "
            "the row.",
            "It comes to A times what dA is above its mean, where the mean is weighted by A, row by row.",
        ),
    ),
    Gradient(
        name="attention_gradient",
        points=4,
        equations=("ATT1", "ATT2", "ATT3", "ATT4", "ATT5", "ATT6", "ATT7"),
        arguments=_head,
        special=(
            lambda rng: _head(rng, 3, 3, 3),
            lambda rng: _head(rng, 5, 1, 4),
            lambda rng: _head(rng, 2, 4, 1),
            lambda rng: _head(rng, 1, 2, 3),
        ),
        reference=lambda u, q, k, v: _attended(u, q, k, v),
        without=layers.attention_backward,
        loss=lambda u, q, k, v: (u * (_attention(q, k, np.sqrt(q.shape[1])) @ v)).sum(),
        wrt=(1, 2, 3),
        returns=("dq", "dk", "dv"),
        steep=_steep,
        mistakes={
            _twin("Jacobian"): LAYERS["softmax's Jacobian as a product"],
            _twin("identity"): LAYERS["softmax left out"],
            _twin(
                "straight"
            ): "The path through softmax's sum is missing. A score takes weight away from all other keys.",
            _twin("queries"): LAYERS["sum over the queries"],
            _twin("scale forgotten"): LAYERS["scale forgotten"],
            _twin("dq unscaled"): "The scale is missing in dq alone. Both ways pass the same division.",
            _twin("dk unscaled"): "The scale is missing in dk alone. Both ways pass the same division.",
            _twin("no root"): LAYERS["scale without the root"],
            _twin("d everywhere"): "The scores are divided by d, on both ways. The scale is the root of d.",
            _twin("no scale"): "The scores are not scaled at all, on neither way.",
            _twin("scale upside down"): "The way back multiplies by the root of d, where it should divide.",
            _twin("no mask backward"): LAYERS["mask forgotten backward"],
            _twin("no mask in ds"): "The mask is kept for the values and forgotten for the scores. One A serves both.",
            _twin("late mask"): LAYERS["mask after softmax"],
            _twin("mask of zeros"): LAYERS["hidden scores of zero"],
            _twin("softmax over the queries"): LAYERS["softmax over the queries"],
            _twin("over the queries, back over the keys"): LAYERS["softmax over the queries"],
            _twin("next seen"): LAYERS["next place seen"],
            _twin("without itself"): LAYERS["own place hidden"],
            _twin("upside down"): "The mask hides the past and shows the future.",
            _twin("exchanged"): LAYERS["queries and keys exchanged"],
            _twin("mixed up"): "dq is made of the queries and dk of the keys. Each is a mixture of the other.",
            _twin("A as it is"): LAYERS["weights not transposed"],
            _twin("ds as it is"): LAYERS["scores not transposed"],
        },
        quantities=lambda u, q, k, v: {"d": q.shape[1]},
        hints=(
            "Run forward first: scores, mask, softmax. Then go back through A @ v, softmax and the scores, in this "
            "order.",
            "A @ v is a product of matrices, as in chapter 07. It sends back u @ v.T to A. What does v get?",
            "Through softmax you have been in the last exercise. The scores are a product too, divided by the root "
            "of d.",
        ),
    ),
    Choice(
        name="too_good",
        right="c",
        options={
            "a": "A network can learn a text by heart, but hardly in a few steps. And it would then write that text.",
            "b": "Without the scale softmax saturates and gradients fade. Would the loss fall faster for that?",
            "c": "Right. Each place may look at the next character, which is its own target. When the model writes, "
            "there "
            "is no next character to look at.",
            "d": "Rows that are overwritten make an embedding learn more slowly. They cannot make it better than it "
            "should be.",
        },
        hints=(
            "What does the model have in training that it does not have when it writes?",
            "The target at each place is the next character. Where else in the input does that character stand?",
            "Think of which keys a query may look at, in training and when the rest is still unwritten.",
        ),
    ),
]
