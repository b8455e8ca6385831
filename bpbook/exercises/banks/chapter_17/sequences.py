"""Through time and back: the factor of some steps, a recurrent cell's gradients, and an embedding's."""

from typing import Any

import numpy as np

from .... import layers
from ...bugs.fields.layers import LAYERS
from ...kinds import Expression, Function, Gradient

Sequence = tuple[Any, ...]


def _sequence(rng: np.random.Generator, m: int = 3, T: int = 5, n_in: int = 4, n: int = 2) -> Sequence:
    shapes = ((m, T, n), (m, T, n_in), (n_in, n), (n, n), (n,), (m, n))
    u, x, W_x, W_h, b, h0 = (rng.normal(size=shape) for shape in shapes)
    return u, x, W_x, W_h, b, np.tanh(h0)


def _steep(rng: np.random.Generator) -> Sequence:
    u, x, W_x, W_h, b, h0 = _sequence(rng)
    return u, 1e-6 * x, 1e6 * W_x, W_h, b, h0


def _states(x: Any, W_x: Any, W_h: Any, b: Any, h0: Any) -> Any:
    h = [h0]
    for t in range(x.shape[1]):
        h.append(np.tanh(x[:, t] @ W_x + h[-1] @ W_h + b))
    return np.stack(h, axis=1)


def _through_time(u: Any, x: Any, W_x: Any, W_h: Any, b: Any, h0: Any, wrong: str = "") -> Any:
    """Return dx, dW_x, dW_h, db of a recurrent cell, with one thing wrong if asked."""
    h0 = 0 * h0 if wrong == "h0 ignored" else h0
    T, h = x.shape[1], _states(x, W_x, W_h, 0 * b if wrong == "no b" else b, h0)
    before, h = h[:, :-1], h[:, 1:]
    slope = {"linear": 0 * h + 1, "at h": 1 - np.tanh(h) ** 2, "a(1 - a)": h * (1 - h), "before": 1 - before**2}.get(
        wrong, 1 - h**2
    )
    if wrong == "last only":
        u = np.where(np.arange(T)[:, None] == T - 1, u, 0)
    delta, back = np.zeros_like(u), np.zeros_like(h0)
    for t in reversed(range(T)):
        delta[:, t] = (u[:, t] + (0 if wrong == "truncated" else back)) * slope[:, t]
        if wrong == "only u's slope":
            delta[:, t] = u[:, t] * slope[:, t] + back
        error = u[:, t] * slope[:, t] if wrong == "one step" else delta[:, t]
        back = error @ (W_h if wrong == "not transposed" else W_h.T)
    if wrong == "first forgotten":
        before = np.concatenate([0 * before[:, :1], before[:, 1:]], axis=1)
    seen = h if wrong == "same step" else before
    steps = {"first share": slice(0, 1), "last share": slice(T - 1, T)}.get(wrong, slice(None))
    count = {"over T": T, "over m": len(x)}.get(wrong, 1)
    found = [np.einsum("mti,mtj->ij", a[:, steps], delta[:, steps]) / count for a in (x, seen)]
    return delta @ W_x.T, *found, delta[:, steps].sum(axis=(0, 1)) / count


def _twin(wrong: str) -> Any:
    return lambda u, x, W_x, W_h, b, h0: _through_time(u, x, W_x, W_h, b, h0, wrong)


def _text(rng: np.random.Generator, m: int = 3, T: int = 4, rows: int = 6, n: int = 2) -> Sequence:
    """Draw tokens of which some repeat, within a sequence and between two, and the first row is never asked for."""
    tokens = rng.integers(1, rows - 1, (m, T))
    tokens[0, :2] = tokens[-1, -1]
    return rng.normal(size=(m, T, n)), tokens, rows


def _with_token_0(rng: np.random.Generator) -> Sequence:
    u, tokens, rows = _text(rng)
    tokens[1, 1] = 1  # whatever was drawn
    return u, tokens - 1, rows


def _collected(u: Any, tokens: Any, rows: int, wrong: str = "") -> Any:
    """Return dE of an embedding, with one thing wrong if asked."""
    dE, places = np.zeros((rows, u.shape[-1])), list(np.ndindex(*tokens.shape))
    for place in reversed(places) if wrong == "first" else places:
        row = tokens[place] - (wrong == "from one")
        dE[row] = u[place] if wrong in ("last", "first") else dE[row] + u[place]
    counts = np.bincount(tokens.ravel(), minlength=rows)[:, None]
    if wrong == "mean":
        return dE / np.maximum(counts, 1)
    if wrong == "over m":
        return dE / len(tokens)
    if wrong == "count twice":
        return dE * counts
    return dE


def _added(indices: Any, shares: Any, rows: int) -> Any:
    """Return dE as some additions to indexed rows make it."""
    dE = np.zeros((rows, shares.shape[-1]))
    for index, share in zip(indices, shares, strict=True):
        dE[index] += share
    return dE


def _text_twin(wrong: str) -> Any:
    return lambda u, tokens, rows: _collected(u, tokens, rows, wrong)


EXERCISES = [
    Expression(
        name="after_k_steps",
        equations=("RNN2",),
        expected="(w * (1 - h**2))**k",
        variables={"w": (0.4, 2.5), "h": (0.1, 0.9), "k": (2, 6)},
        mistakes={
            "w * (1 - h**2)": "That is the factor of one step. There are k of them.",
            "k * w * (1 - h**2)": "Along a chain factors multiply. They do not add up.",
            "w**k": LAYERS["slope of tanh missing"],
            "(1 - h**2)**k": "These are the slopes alone. Each step passes the weight as well.",
            "(w * h)**k": "The activation stands where its slope belongs.",
            "(w * h * (1 - h))**k": "That is the slope of a sigmoid. The cell uses tanh.",
            "(w * (1 - tanh(h)**2))**k": LAYERS["slope at h"],
            "w * (1 - h**2)**k": "The weight is counted once. Every step passes it again.",
            "w**k * (1 - h**2)": "The slope is counted once. Every step passes one.",
            "(w + 1 - h**2)**k": "Within a step the weight and the slope multiply.",
        },
        hints=(
            "What does a small change of one state do to the next state?",
            "It is multiplied by the weight, and then by the slope of tanh, which you know from h.",
            "All steps have the same factor here. How often does it occur?",
        ),
    ),
    Gradient(
        name="through_time",
        points=4,
        equations=("RNN1", "RNN2", "RNN3", "RNN4"),
        arguments=_sequence,
        special=(
            lambda rng: _sequence(rng, 1, 4, 1, 3),
            lambda rng: _sequence(rng, 3, 3, 3, 3),
            lambda rng: _sequence(rng, 2, 1, 2, 3),
            lambda rng: _sequence(rng, 2, 6, 2, 1),
        ),
        reference=lambda u, x, W_x, W_h, b, h0: _through_time(u, x, W_x, W_h, b, h0),
        without=layers.recurrent_backward,
        loss=lambda u, x, W_x, W_h, b, h0: (u * _states(x, W_x, W_h, b, h0)[:, 1:]).sum(),
        wrt=(1, 2, 3, 4),
        returns=("dx", "dW_x", "dW_h", "db"),
        steep=_steep,
        mistakes={
            _twin("truncated"): LAYERS["time truncated"],
            _twin("one step"): LAYERS["time cut after one step"],
            _twin("last only"): LAYERS["only the last step"],
            _twin("linear"): LAYERS["slope of tanh missing"],
            _twin("at h"): LAYERS["slope at h"],
            _twin("a(1 - a)"): "That is the slope of a sigmoid. The cell uses tanh.",
            _twin("before"): "The slope is that of the state before. A step's slope belongs to the state it makes.",
            _twin("no b"): "b is missing on the way forward.",
            _twin("only u's slope"): "What comes back from the next step does not pass this step's slope. It is added "
            "to u before that.",
            _twin("not transposed"): LAYERS["W_h not transposed"],
            _twin("same step"): LAYERS["states of the same step"],
            _twin("first forgotten"): LAYERS["first state forgotten"],
            _twin("h0 ignored"): "The sequence is run from a state of zeros. It began with h0.",
            _twin("first share"): LAYERS["weights of one step"],
            _twin("last share"): LAYERS["weights of one step"],
            _twin("over T"): LAYERS["averaged over the uses"],
            _twin("over m"): "The weights' gradients are averaged over the examples. The upstream gradient carries the "
            "1/m already.",
        },
        quantities=lambda u, x, W_x, W_h, b, h0: {"the batch size": len(x), "the number of steps": x.shape[1]},
        hints=(
            "Run forward first and keep every state, also the one before the first step.",
            "Go back from the last step. A state hears from its own u and, through W_h, from the step after it.",
            "Multiply their sum by 1 - h², which gives delta of that step. Each step then adds its share to dW_x, dW_h "
            "and db.",
        ),
    ),
    Function(
        name="embed_gradient",
        equations=("EMB1", "EMB2"),
        arguments=_text,
        special=(
            lambda rng: _text(rng, 1, 5, 4, 1),
            lambda rng: _text(rng, 5, 5, 5, 5),
            lambda rng: _text(rng, 2, 9, 3),
            _with_token_0,
        ),
        reference=lambda u, tokens, rows: _collected(u, tokens, rows),
        without=layers.embedding_backward,
        mistakes={
            _text_twin("last"): LAYERS["repeats overwritten"],
            _text_twin("first"): "Of a token that repeats only its first place counts. A row adds up over all of them.",
            lambda u, tokens, rows: _added(tokens, u, rows): LAYERS["repeats overwritten in part"],
            lambda u, tokens, rows: _added(tokens.T, u.swapaxes(0, 1), rows): LAYERS["repeats overwritten in part"],
            _text_twin("mean"): LAYERS["averaged over the uses"],
            _text_twin("over m"): "It is averaged over the sequences. The upstream gradient carries the 1/m already.",
            _text_twin("from one"): "Every row is one too low. Tokens are counted from 0.",
            _text_twin("count twice"): "A token's row is multiplied by how often it occurs, on top of being added up.",
            lambda u, tokens, rows: _collected(u, tokens, rows)[
                np.unique(tokens)
            ]: "There is a row for each token that occurs. E has a row for all of them, and the others get zeros.",
            lambda u, tokens, rows: _collected(u, tokens, rows).sum(axis=0) + np.zeros((rows, 1)): "Every row gets the "
            "gradient of all tokens. A token only used its own row.",
        },
        hints=(
            "Which entries of E did the loss see, and how often?",
            "A row that was looked up at three places has three paths to the loss.",
            "Begin with zeros and add u of each place to its token's row. Mind that `dE[tokens] += u` counts a row "
            "only once.",
        ),
    ),
]
