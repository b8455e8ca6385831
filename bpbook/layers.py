"""Beyond the perceptron: seven layers, each a forward and its backward, one equation a line.

Every forward returns its output z and a cache. Every backward takes the cache and u, the upstream gradient dC/dz, and
sends it on as chapter 07 does, u -> J^T u: it returns dx first and then one gradient for each of forward's other
arrays, in their order. Rows are examples and channels come last, so that a bias always belongs to the last axis.
Nothing is averaged here, because u carries the loss's 1/m already.

    z, cache = conv_forward(x, W, b, stride=1, padding=1)
    dx, dW, db = conv_backward(cache, u)

The names of the equations are those of chapter 17. Everything but max pooling is analytic, so the complex step works.
"""

from collections import namedtuple
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import ArrayLike, NDArray

from . import checks

Array = NDArray[Any]

ConvCache = namedtuple("ConvCache", "windows W stride padding")  # windows (m, rows, columns, c, p, q)
PoolCache = namedtuple("PoolCache", "shape winner size stride")  # winner: the place within each window
NormCache = namedtuple("NormCache", "x_hat sigma mu gamma axes")
RecurrentCache = namedtuple("RecurrentCache", "x h W_x W_h")  # h[:, -1] is the state before the first step
EmbeddingCache = namedtuple("EmbeddingCache", "tokens shape")
AttentionCache = namedtuple("AttentionCache", "q k v A")  # A (m, T, S): how much each query takes of each key


def _shaped(argument: str, value: ArrayLike, shape: tuple[int | str, ...], mend: str) -> Array:
    """Return the value as an array of this shape, in which a word stands for any length."""
    array = checks.numeric(argument, value, complex_too=True)
    lengths = [k if isinstance(n, str) else n for n, k in zip(shape, array.shape, strict=False)]
    if array.ndim != len(shape) or array.shape != tuple(lengths) or not array.size:
        raise ValueError(f"{argument} must have shape ({', '.join(map(str, shape))}); got {array.shape}. {mend}")
    return array


def _upstream(u: ArrayLike, *shape: int) -> Array:
    return _shaped("u", u, shape, "Pass dC/dz, with one entry for each entry of forward's output.")


# Convolution and pooling: images of shape (m, height, width, channels) ----------------------------------------------


def _windows(x: Array, kernel: tuple[int, int], stride: int) -> Array:
    """Return a view of every window that the kernel covers, of shape (m, rows, columns, channels, *kernel)."""
    for axis, (side, k) in enumerate(zip(("height", "width"), kernel, strict=True), start=1):
        rest = (n := x.shape[axis]) - k
        if rest < 0:
            raise ValueError(f"the window's {side} must fit into x; got {k} over {n}. Pass a larger padding.")
        if rest % stride:
            crop = f"x[{':, ' * axis}:-{rest % stride}]"
            raise ValueError(f"stride must divide the {side} left, {n} - {k}; got {stride}. Crop the image: {crop}.")
    return sliding_window_view(x, kernel, axis=(1, 2))[:, ::stride, ::stride]


def conv_forward(x: ArrayLike, W: ArrayLike, b: ArrayLike, stride: int = 1, padding: int = 0) -> tuple[Array, Any]:
    """Slide a kernel over images: the same weights at every place (a cross-correlation, as all libraries have it).

    Parameters
    ----------
    x : array of shape (m, height, width, c)
    W, b : arrays of shape (kernel height, kernel width, c, f) and (f,)
    stride, padding : int
        Pixels from one window to the next, and rings of zeros around the image. The stride must end at the border.

    Returns
    -------
    z, cache : array of shape (m, rows, columns, f), with rows = (height + 2 padding - kernel height)/stride + 1

    References
    ----------
    LeCun et al. 1989, "Backpropagation applied to handwritten zip code recognition".
    """
    stride, padding = checks.whole("stride", stride), checks.whole("padding", padding, least=0)
    x = _shaped("x", x, ("m", "height", "width", "c"), "For images of one channel pass x[..., None].")
    W = _shaped("W", W, ("height", "width", x.shape[3], "f"), "Its third axis counts the channels of x.")
    b = _shaped("b", b, W.shape[3:], "It holds one number for each filter of W.")
    around = (padding, padding)
    windows = _windows(np.pad(x, ((0, 0), around, around, (0, 0))), W.shape[:2], stride)
    z = np.einsum("mijcpq,pqcf->mijf", windows, W, optimize=True) + b  # (CONV1)
    return z, ConvCache(windows, W, stride, padding)


def conv_backward(cache: Any, u: ArrayLike) -> tuple[Array, Array, Array]:
    """Return dx, dW, db for u of the shape of z, summed over the examples.

    dx is a convolution too: u, spread out by the stride, under the kernel turned by 180 degrees.
    """
    windows, W, stride, padding = cache
    (m, rows, columns), (k_h, k_w, _, f) = windows.shape[:3], W.shape
    u = _upstream(u, m, rows, columns, f)
    db = u.sum(axis=(0, 1, 2))  # (CONV2)
    dW = np.einsum("mijcpq,mijf->pqcf", windows, u, optimize=True)  # (CONV3)
    down, across = (rows - 1) * stride + 1, (columns - 1) * stride + 1
    spread = np.zeros((m, down + 2 * (k_h - 1), across + 2 * (k_w - 1), f), u.dtype)
    spread[:, k_h - 1 : k_h - 1 + down : stride, k_w - 1 : k_w - 1 + across : stride] = u  # (CONV4)
    dx = np.einsum("mabfpq,pqcf->mabc", _windows(spread, (k_h, k_w), 1), W[::-1, ::-1], optimize=True)  # (CONV4)
    inside = slice(padding, -padding or None)
    return dx[:, inside, inside], dW, db


def max_pool_forward(x: ArrayLike, size: int, stride: int | None = None) -> tuple[Array, Any]:
    """Keep the largest entry of every window of size by size, channel by channel.

    Parameters
    ----------
    x : array of shape (m, height, width, c)
    size, stride : int
        The stride is the size where it is left out, so that the windows do not overlap.

    Returns
    -------
    z, cache : array of shape (m, rows, columns, c), with rows = (height - size)/stride + 1
        Of equal entries the first in reading order wins, and it alone will get the gradient.
    """
    size = checks.whole("size", size)
    stride = size if stride is None else checks.whole("stride", stride)
    x = _shaped("x", x, ("m", "height", "width", "c"), "For images of one channel pass x[..., None].")
    windows = _windows(x, (size, size), stride)
    flat = windows.reshape(*windows.shape[:4], size * size)
    winner = flat.real.argmax(axis=-1)
    z = np.take_along_axis(flat, winner[..., None], axis=-1)[..., 0]  # (POOL1)
    return z, PoolCache(x.shape, winner, size, stride)


def max_pool_backward(cache: Any, u: ArrayLike) -> Array:
    """Return dx: each window's u goes to the pixel that won, which adds up what it gets from several windows."""
    shape, winner, size, stride = cache
    u = _upstream(u, *winner.shape)
    example, i, j, channel = np.indices(winner.shape)
    dx = np.zeros(shape, u.dtype)
    place = (example, i * stride + winner // size, j * stride + winner % size, channel)
    np.add.at(dx, place, u)  # (POOL2)
    return dx


# Normalisation: the same lines, with the mean and the variance of a column or of a row -----------------------------


def batch_norm_forward(x: ArrayLike, gamma: ArrayLike, beta: ArrayLike, eps: float = 1e-5) -> tuple[Array, Any]:
    """Give every column the mean beta and the spread gamma, measured over this batch.

    Parameters
    ----------
    x : array of shape (m, ..., n)
        Mean and variance (which divides by the number of rows) are taken over all axes but the last: with images,
        one of each for a channel. For new examples use running means of `cache.mu` and `cache.sigma` instead.
    gamma, beta : arrays of shape (n,)
    eps : float
        Added to the variance, so that no column is divided by 0.

    Returns
    -------
    z, cache : array of the shape of x

    References
    ----------
    Ioffe and Szegedy 2015.
    """
    x = checks.numeric("x", x, complex_too=True)
    if x.ndim < 2 or x[..., 0].size < 2:
        mend = "Pass a larger batch, or use layer_norm_forward."
        raise ValueError(f"x must have two rows at least, as one row is its own mean; got shape {x.shape}. {mend}")
    return _norm_forward(x, gamma, beta, eps, tuple(range(x.ndim - 1)))


def layer_norm_forward(x: ArrayLike, gamma: ArrayLike, beta: ArrayLike, eps: float = 1e-5) -> tuple[Array, Any]:
    """Do to each row what `batch_norm_forward` does to each column, with its arguments; no example sees another.

    References
    ----------
    Ba, Kiros and Hinton 2016.
    """
    x = checks.numeric("x", x, complex_too=True)
    if x.ndim < 2:
        raise ValueError(f"x must have shape (m, ..., n); got {x.shape}. For one example pass x[None, :].")
    return _norm_forward(x, gamma, beta, eps, (-1,))


def _norm_forward(
    x: Array, gamma: ArrayLike, beta: ArrayLike, eps: float, axes: tuple[int, ...]
) -> tuple[Array, NormCache]:
    gamma, beta = (
        _shaped(name, array, x.shape[-1:], "It holds one number for each column of x.")
        for name, array in (("gamma", gamma), ("beta", beta))
    )
    mu = x.mean(axes, keepdims=True)  # (BN1, LN1)
    sigma = np.sqrt(((x - mu) ** 2).mean(axes, keepdims=True) + eps)  # (BN1, LN1)
    x_hat = (x - mu) / sigma  # (BN1, LN1)
    z = gamma * x_hat + beta  # (BN2)
    return z, NormCache(x_hat, sigma, mu, gamma, axes)


def batch_norm_backward(cache: Any, u: ArrayLike) -> tuple[Array, Array, Array]:
    """Return dx, dgamma, dbeta for u of the shape of x.

    A column's entries meet in its mean and its variance, so each dx takes three paths: straight, through the mean and
    through the variance.
    """
    x_hat, sigma, _, gamma, axes = cache
    u = _upstream(u, *x_hat.shape)
    rows = tuple(range(u.ndim - 1))
    dbeta = u.sum(rows)  # (BN3)
    dgamma = (u * x_hat).sum(rows)  # (BN3)
    g = u * gamma
    through_mean = g.mean(axes, keepdims=True)
    through_variance = x_hat * (g * x_hat).mean(axes, keepdims=True)
    dx = (g - through_mean - through_variance) / sigma  # (BN4, LN2)
    return dx, dgamma, dbeta


layer_norm_backward = batch_norm_backward  # the cache says over which axes the means run


# Sequences: a recurrent cell, an embedding, attention ----------------------------------------------------------------


def recurrent_forward(
    x: ArrayLike, W_x: ArrayLike, W_h: ArrayLike, b: ArrayLike, h0: ArrayLike | None = None
) -> tuple[Array, RecurrentCache]:
    """Run a tanh cell over a sequence, the same weights at every step.

    Parameters
    ----------
    x : array of shape (m, T, n_in)
    W_x, W_h, b : arrays of shape (n_in, n), (n, n) and (n,)
    h0 : array of shape (m, n), optional
        The state before the first step, zeros where it is left out.

    Returns
    -------
    h, cache : array of shape (m, T, n), the states of all steps

    References
    ----------
    Elman 1990; through time as in Rumelhart, Hinton and Williams 1986.
    """
    x = _shaped("x", x, ("m", "T", "n_in"), "For a sequence of single numbers pass x[..., None].")
    W_x = _shaped("W_x", W_x, (x.shape[2], "n"), "It has a row for each number of a step.")
    (m, T, _), n = x.shape, W_x.shape[1]
    W_h = _shaped("W_h", W_h, (n, n), "It leads from all units to all units.")
    b = _shaped("b", b, (n,), "It holds one number for each unit.")
    before = np.zeros((m, n)) if h0 is None else _shaped("h0", h0, (m, n), "It is one state for each example.")
    h = np.zeros((m, T + 1, n), np.result_type(x, W_x, W_h, b, *([] if h0 is None else [before])))
    h[:, -1] = before  # the last place, so that h[:, t - 1] holds it at t = 0
    for t in range(T):
        h[:, t] = np.tanh(x[:, t] @ W_x + h[:, t - 1] @ W_h + b)  # (RNN1)
    return h[:, :T], RecurrentCache(x, h, W_x, W_h)


def recurrent_backward(cache: Any, u: ArrayLike) -> tuple[Array, Array, Array, Array, Array]:
    """Return dx, dW_x, dW_h, db, dh0 for u of the shape of all states, (m, T, n); weights add up over the steps."""
    x, h, W_x, W_h = cache
    (m, T, _), n = x.shape, h.shape[2]
    u = _upstream(u, m, T, n)
    delta = np.zeros((m, T, n), np.result_type(u, h))
    from_later = np.zeros((m, n), delta.dtype)
    for t in reversed(range(T)):
        delta[:, t] = (u[:, t] + from_later) * (1 - h[:, t] ** 2)  # (RNN2)
        from_later = delta[:, t] @ W_h.T  # (RNN2)
    dW_x = np.einsum("mti,mtj->ij", x, delta, optimize=True)  # (RNN3)
    dW_h = np.einsum("mti,mtj->ij", h[:, np.arange(T) - 1], delta, optimize=True)  # (RNN3)
    db = delta.sum(axis=(0, 1))  # (RNN3)
    dx = delta @ W_x.T  # (RNN4)
    return dx, dW_x, dW_h, db, from_later


def embedding_forward(tokens: ArrayLike, E: ArrayLike) -> tuple[Array, EmbeddingCache]:
    """Look up each token's row of E, of shape (V, n): z has shape (*tokens.shape, n)."""
    E = _shaped("E", E, ("V", "n"), "It has a row for each token.")
    tokens = checks.numeric("tokens", tokens)
    if tokens.dtype.kind not in "iu" or not tokens.size or tokens.min() < 0 or tokens.max() >= len(E):
        got = checks.shown(tokens)
        raise ValueError(f"tokens must be whole numbers from 0 to {len(E) - 1}; got {got}. Give E a row for each.")
    return E[tokens], EmbeddingCache(tokens, E.shape)  # (EMB1)


def embedding_backward(cache: Any, u: ArrayLike) -> Array:
    """Return dE: a row adds up u over all places where its token stands, and is 0 where it stands nowhere."""
    tokens, shape = cache
    u = _upstream(u, *tokens.shape, shape[1])
    dE = np.zeros(shape, u.dtype)
    np.add.at(dE, tokens, u)  # (EMB2)
    return dE


def attention_forward(q: ArrayLike, k: ArrayLike, v: ArrayLike, causal: bool = True) -> tuple[Array, AttentionCache]:
    """Let each query take a mixture of the values, by how well it matches their keys: one head.

    Parameters
    ----------
    q, k, v : arrays of shape (m, T, d), (m, S, d) and (m, S, n)
    causal : bool
        Whether query t may look at the keys 0 to t only. Then S must be T.

    Returns
    -------
    z, cache : array of shape (m, T, n)

    References
    ----------
    Vaswani et al. 2017, equation 1.
    """
    q = _shaped("q", q, ("m", "T", "d"), "For one sequence pass q[None].")
    m, T, d = q.shape
    k = _shaped("k", k, (m, T if checks.flag("causal", causal) else "S", d), "For keys of other places: causal=False.")
    v = _shaped("v", v, (m, k.shape[1], "n"), "Each key has one value.")
    s = np.einsum("mtd,msd->mts", q, k, optimize=True) / d**0.5  # (ATT1)
    s = np.where(np.tril(np.ones((T, T), bool)), s, -np.inf) if causal else s  # (ATT1)
    e = np.exp(s - s.real.max(axis=2, keepdims=True))  # (ATT2)
    A = e / e.sum(axis=2, keepdims=True)  # (ATT2)
    z = A @ v  # (ATT3)
    return z, AttentionCache(q, k, v, A)


def attention_backward(cache: Any, u: ArrayLike) -> tuple[Array, Array, Array]:
    """Return dq, dk, dv for u of shape (m, T, n). Where A is 0, for a mask or else, nothing goes back."""
    q, k, v, A = cache
    u = _upstream(u, *A.shape[:2], v.shape[2])
    dv = np.einsum("mts,mtn->msn", A, u, optimize=True)  # (ATT4)
    dA = np.einsum("mtn,msn->mts", u, v, optimize=True)  # (ATT5)
    ds = A * (dA - (A * dA).sum(axis=2, keepdims=True))  # (ATT5)
    dq = ds @ k / q.shape[2] ** 0.5  # (ATT6)
    dk = np.einsum("mts,mtd->msd", ds, q, optimize=True) / q.shape[2] ** 0.5  # (ATT7)
    return dq, dk, dv
