"""Compare every layer with PyTorch, forward and back, on random shapes: `python benchmarks/layers.py [ROUNDS]`.

Each round draws shapes (one example, one pixel, even kernels, strides and padding among them), arrays and an upstream
gradient, runs the layer of bpbook and PyTorch's own operation in float64, and compares the output and every gradient
by the relative error of the book. The largest of each layer is printed; one above 1e-10 ends the program with status 1.
PyTorch has channels first and its weights transposed, so the functions below only turn arrays round. A norm of two
entries cancels all but a share eps of its gradient, which is why the two norms agree to fewer digits than the rest.
"""

import sys
from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from torch.nn import functional as F

import bpbook as bp
from bpbook import layers

BOUND = 1e-10
Drawn = tuple[Callable[..., Any], Callable[..., Any], Callable[..., Any], list[Any]]  # forward, backward, peer, arrays


def first(a: torch.Tensor) -> torch.Tensor:
    """Move the channels from the last axis to the second."""
    return a.permute(0, 3, 1, 2).contiguous()


def last(a: torch.Tensor) -> torch.Tensor:
    """Move them back."""
    return a.permute(0, 2, 3, 1)


def convolution(rng: np.random.Generator) -> Drawn:
    """Draw a convolution whose stride fits."""
    m, c, f, k_h, k_w, rows, columns, stride = (int(n) for n in rng.integers(1, 5, 8))
    padding = int(rng.integers(0, min(k_h, k_w)))
    height, width = (stride * (n - 1) + k - 2 * padding for n, k in ((rows, k_h), (columns, k_w)))
    if min(height, width) < 1:
        return convolution(rng)
    arrays = [rng.normal(size=shape) for shape in ((m, height, width, c), (k_h, k_w, c, f), (f,))]
    return (
        lambda x, W, b: layers.conv_forward(x, W, b, stride, padding),
        layers.conv_backward,
        lambda x, W, b: last(F.conv2d(first(x), W.permute(3, 2, 0, 1).contiguous(), b, stride=stride, padding=padding)),
        arrays,
    )


def pooling(rng: np.random.Generator) -> Drawn:
    """Draw a max pooling, overlapping or with gaps; every second time with many equal entries."""
    m, c, size, rows, columns, stride = (int(n) for n in rng.integers(1, 5, 6))
    x = rng.normal(size=(m, stride * (rows - 1) + size, stride * (columns - 1) + size, c))
    return (
        lambda x: layers.max_pool_forward(x, size, stride),
        layers.max_pool_backward,
        lambda x: last(F.max_pool2d(first(x), size, stride)),
        [np.round(x) if rng.random() < 0.5 else x],
    )


def batch_norm(rng: np.random.Generator) -> Drawn:
    """Draw a batch norm of rows or of images."""
    m, n, height, width = (int(k) for k in rng.integers(1, 5, 4))
    shape = (m + 1, n) if rng.random() < 0.5 else (m + 1, height, width, n)
    move = (lambda a, back: a) if len(shape) == 2 else (lambda a, back: last(a) if back else first(a))
    return (
        layers.batch_norm_forward,
        layers.batch_norm_backward,
        lambda x, gamma, beta: move(F.batch_norm(move(x, False), None, None, gamma, beta, training=True), True),
        [rng.normal(size=shape), rng.normal(size=n), rng.normal(size=n)],
    )


def layer_norm(rng: np.random.Generator) -> Drawn:
    """Draw a layer norm of rows or of sequences."""
    m, T, n = (int(k) for k in rng.integers(1, 6, 3))
    shape = (m, n) if rng.random() < 0.5 else (m, T, n)
    return (
        layers.layer_norm_forward,
        layers.layer_norm_backward,
        lambda x, gamma, beta: F.layer_norm(x, (n,), gamma, beta),
        [rng.normal(size=shape), rng.normal(size=n), rng.normal(size=n)],
    )


def recurrent(rng: np.random.Generator) -> Drawn:
    """Draw a tanh cell; PyTorch has two biases, of which one is zero here."""
    m, T, n_in, n = (int(k) for k in rng.integers(1, 7, 4))

    def peer(x: Any, W_x: Any, W_h: Any, b: Any, h0: Any) -> Any:
        weights = [W_x.T.contiguous(), W_h.T.contiguous(), b, torch.zeros_like(b)]
        return torch._VF.rnn_tanh(x, h0[None], weights, True, 1, 0.0, False, False, True)[0]

    shapes = ((m, T, n_in), (n_in, n), (n, n), (n,), (m, n))
    return layers.recurrent_forward, layers.recurrent_backward, peer, [rng.normal(size=shape) for shape in shapes]


def embedding(rng: np.random.Generator) -> Drawn:
    """Draw tokens of which many repeat."""
    m, T, rows, n = (int(k) for k in rng.integers(1, 7, 4))
    tokens = rng.integers(0, rows, (m, T))
    return (
        lambda E: layers.embedding_forward(tokens, E),
        layers.embedding_backward,
        lambda E: F.embedding(torch.tensor(tokens), E),
        [rng.normal(size=(rows, n))],
    )


def attention(rng: np.random.Generator) -> Drawn:
    """Draw one head, with the causal mask or with keys of other places."""
    m, T, S, d, n = (int(k) for k in rng.integers(1, 7, 5))
    causal = bool(rng.random() < 0.5)
    S = T if causal else S
    return (
        lambda q, k, v: layers.attention_forward(q, k, v, causal),
        layers.attention_backward,
        lambda q, k, v: F.scaled_dot_product_attention(q, k, v, is_causal=causal),
        [rng.normal(size=shape) for shape in ((m, T, d), (m, S, d), (m, S, n))],
    )


LAYERS = (convolution, pooling, batch_norm, layer_norm, recurrent, embedding, attention)


def off(drawn: Drawn, rng: np.random.Generator) -> float:
    """Return the largest relative error of the output and of every gradient."""
    forward, backward, peer, arrays = drawn
    z, cache = forward(*arrays)
    u = rng.normal(size=z.shape)
    found = backward(cache, u)
    tensors = [torch.tensor(array, requires_grad=True) for array in arrays]
    theirs = peer(*tensors)
    theirs.backward(torch.tensor(u))
    pairs = [(z, theirs.detach().numpy())]
    pairs += [
        (g, t.grad.numpy()) for g, t in zip(found if isinstance(found, tuple) else (found,), tensors, strict=True)
    ]
    tiny = 1e-12 * float(np.abs(u).max())  # where a gradient is zero, as behind a norm of one entry, both round it
    return max(0.0 if max(abs(a).max(), abs(b).max()) < tiny else bp.relative_error(a, b) for a, b in pairs)


def main(rounds: int) -> int:
    """Print the largest error of each layer; return 1 if one is above the bound."""
    torch.set_num_threads(1)
    rng, worst = np.random.default_rng(0), 0.0
    for draw in LAYERS:
        largest = max(off(draw(rng), rng) for _ in range(rounds))
        worst = max(worst, largest)
        print(f"{draw.__name__:12} {rounds} random shapes, largest relative error {largest:.1e}")
    return int(not worst < BOUND)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if sys.argv[1:] else 200))
