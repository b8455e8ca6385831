"""Convolution: one pixel by hand, the forward pass, and the way back through a layer with holes."""

from typing import Any

import numpy as np

from .... import layers
from ...bugs.fields.layers import LAYERS
from ...kinds import Function, Gradient, Number


def _two_by_two(rng: np.random.Generator) -> tuple[list[list[int]], list[list[int]]]:
    W, u = rng.choice([-4, -3, -2, 2, 3, 4, 5, 6, 7], (2, 2), replace=False), rng.integers(1, 6, (2, 2))
    return W.tolist(), u.tolist()


def _centre(W: Any, u: Any, seen: Any = None) -> float:
    W, u = np.asarray(W, float), np.asarray(u, float)
    return float((u * (W[::-1, ::-1] if seen is None else seen(W))).sum())


Images = tuple[Any, ...]


def _images(
    rng: np.random.Generator,
    m: int = 2,
    kernel: tuple[int, int] = (2, 3),
    c: int = 2,
    f: int = 3,
    stride: int = 2,
    dilation: int = 1,
    windows: tuple[int, int] = (2, 3),
) -> Images:
    """Draw u, x, W, b, a stride and a dilation that fit, with so many windows down and across."""
    height, width = (stride * (n - 1) + dilation * (k - 1) + 1 for n, k in zip(windows, kernel, strict=True))
    x, W = rng.normal(size=(m, height, width, c)), rng.normal(size=(*kernel, c, f))
    return rng.normal(size=(m, *windows, f)), x, W, rng.normal(size=f), stride, dilation


def _for_convolve(*shape: Any, **how: Any) -> Any:
    return lambda rng: _images(rng, *shape, **how)[1:-1]


def _with_holes(*shape: Any, **how: Any) -> Any:
    return lambda rng: _images(rng, *shape, **({"dilation": 3} | how))


def _place(top: int, left: int, height: int, width: int, dilation: int = 1) -> Any:
    """Return where a window lies whose pixels are so far apart."""
    rows, columns = (slice(k, k + dilation * n, dilation) for k, n in ((top, height), (left, width)))
    return slice(None), rows, columns


def _convolved(x: Any, W: Any, b: Any, stride: int) -> Any:
    return _bare(x, W, b, stride) + b


def _bare(x: Any, W: Any, b: Any, stride: int, step: int = 0, dilation: int = 1) -> Any:
    """Return the windows' products without b, the windows a step apart that may be another one than the stride."""
    k_h, k_w = W.shape[:2]
    rows, columns = ((n - dilation * (k - 1) - 1) // stride + 1 for n, k in ((x.shape[1], k_h), (x.shape[2], k_w)))
    step, z = step or stride, np.zeros((len(x), rows, columns, W.shape[3]))
    for i, j in np.ndindex(rows, columns):
        z[:, i, j] = np.einsum("mpqc,pqcf->mf", x[_place(i * step, j * step, k_h, k_w, dilation)], W)
    return z


def _back(u: Any, x: Any, W: Any, b: Any, stride: int, dilation: int, wrong: str = "") -> Any:
    """Return dx, dW, db of a dilated convolution, with one thing wrong if asked."""
    (k_h, k_w), (m, rows, columns) = W.shape[:2], u.shape[:3]
    turned = {"not turned": W[::-1, ::-1], "one way": W[::-1], "other way": W[:, ::-1]}
    V = W.transpose(0, 1, 3, 2) if wrong == "channels" else turned.get(wrong, W)
    dx, dW, db = np.zeros_like(x), np.zeros_like(W), u.sum(axis=(0, 1, 2))
    for i, j in np.ndindex(rows, columns):
        step, step_dW = (1 if wrong in (name, "stride everywhere") else stride for name in ("stride", "stride in dW"))
        apart, apart_dW = (
            1 if wrong in (name, "no holes") else dilation for name in ("no holes in dx", "no holes in dW")
        )
        seen = x[_place(i * step_dW, j * step_dW, k_h, k_w, apart_dW)]
        dW += np.einsum("mpqc,mf->pqcf", seen, u[:, i, j])
        share, place = np.einsum("mf,pqcf->mpqc", u[:, i, j], V), _place(i * step, j * step, k_h, k_w, apart)
        dx[place] = share if wrong == "overwrite" else dx[place] + share
    dW = {"turned dW": dW[::-1, ::-1], "dW mean": dW / (m * rows * columns), "dW / m": dW / m}.get(wrong, dW)
    sums = {
        "db mean": db / (m * rows * columns),
        "db / m": db / m,
        "examples": u.sum(axis=0),
        "positions": u.sum((1, 2)),
    }
    db = sums.get(wrong, db)
    return (-dx, -dW, -db) if wrong == "sign" else (dx, dW, db)


def _twin(wrong: str) -> Any:
    return lambda u, x, W, b, stride, dilation: _back(u, x, W, b, stride, dilation, wrong)


def _far_outputs(rng: np.random.Generator) -> Images:
    """Draw a large b: a convolution is linear, and only rounding tells nudges of it from the chain rule."""
    u, x, W, b, *steps = _images(rng, dilation=2)
    return u, x, W, 1e9 * b, *steps


EXERCISES = [
    Number(
        name="centre_gradient",
        equations=("CONV4",),
        given=_two_by_two,
        expected=_centre,
        mistakes={
            lambda W, u: _centre(W, u, lambda W: W): LAYERS["kernel not turned"],
            lambda W, u: _centre(
                W, u, lambda W: W.T
            ): "The kernel is mirrored along its diagonal. It is to be turned by 180 degrees.",
            lambda W, u: _centre(W, u, lambda W: W[::-1]): "The kernel is turned upside down, but left and right are "
            "still exchanged.",
            lambda W, u: _centre(W, u, lambda W: W[:, ::-1]): "Left and right are exchanged, but up and down are not.",
            lambda W, u: _centre(W, u, lambda W: W[1, 1]): "Every window is given the same weight. Each covers the "
            "centre with another one.",
            lambda W, u: float(np.sum(W)) * float(np.sum(u)): "All weights are multiplied by all gradients. The centre "
            "meets each window under one weight.",
            lambda W, u: float(np.sum(W)): "These are the weights alone. Each path ends at an upstream gradient.",
            lambda W, u: float(np.sum(u)): "These are the upstream gradients alone. Each path passes a weight.",
            lambda W, u: _centre(W, u, np.rot90): "The kernel is turned by 90 degrees to the left. It is to be turned "
            "by 180.",
            lambda W, u: _centre(W, u, lambda W: np.rot90(W, 3)): "The kernel is turned by 90 degrees to the right. It "
            "is to be turned by 180.",
            lambda W, u: float(
                u[0][0] * W[1][1]
            ): "That is the share of the first window. Four windows cover the centre.",
            lambda W, u: _centre(W, u) / 4: "That is the mean of four paths. Where paths meet, they add up.",
        },
        hints=(
            "Which windows cover the pixel in the middle, and under which weight does it lie in each of them?",
            "It is the last pixel of the first window, so there it meets the last weight. Go through the other three.",
            "For every window, multiply its upstream gradient by the weight under which the pixel lies. Then add.",
        ),
    ),
    Function(
        name="convolve",
        points=2,
        equations=("CONV1",),
        arguments=_for_convolve(),
        special=(
            _for_convolve(1, (3, 3), 1, 1, stride=1),
            _for_convolve(3, (2, 2), 2, 2, stride=3),
            _for_convolve(2, (1, 1), 2, 3, stride=1),
            _for_convolve(2, (3, 3), 2, 2, stride=2),
            _for_convolve(windows=(1, 1)),
            _for_convolve(windows=(4, 2)),
        ),
        reference=_convolved,
        without=layers.conv_forward,
        mistakes={
            lambda x, W, b, s: _convolved(x, W[::-1, ::-1], b, s): LAYERS["kernel turned forward"],
            lambda x, W, b, s: _bare(x, W, b, s, 1) + b: "The windows lie one pixel apart. The stride says how far.",
            lambda x, W, b, s: _bare(x, W, b, 1) + b: "There is a window at every pixel. The stride says how many "
            "pixels lie between two of them.",
            lambda x, W, b, s: _bare(x, W, b, s): "b is missing. Every filter has one number of its own.",
            lambda x, W, b, s: _bare(x, W, b, s) + b * W[..., 0].size: "b is added once for every "
            "entry of the window. It is added once for every window.",
            lambda x, W, b, s: _bare(x, W, b, s) - b: "b is subtracted. It is added to every output.",
            lambda x, W, b, s: _bare(x, W, b, s) / W[..., 0].size + b: "The window's products are averaged. The layer "
            "adds them up.",
            lambda x, W, b, s: _bare(x[..., :1], W[:, :, :1], b, s) + b: "Only the first channel is seen. A window "
            "reaches through all of them.",
            lambda x, W, b, s: _bare(x, W.transpose(1, 0, 2, 3), b, s) + b: "The kernel's rows and columns are "
            "exchanged, which a square kernel hides.",
            lambda x, W, b, s: _bare(x, W.transpose(0, 1, 3, 2), b, s) + b: LAYERS["channels exchanged"],
            lambda x, W, b, s: np.maximum(_convolved(x, W, b, s), 0): "Negative outputs are cut off. No activation "
            "was asked for.",
        },
        hints=(
            "How many windows fit down and across? Each gives one number for every filter.",
            "Window (i, j) begins at row i times the stride and column j times the stride, and is as large as W.",
            "Loop over i and j, and add up the products over the window's rows, columns and channels for each filter.",
        ),
    ),
    Gradient(
        name="conv_gradient",
        points=3,
        equations=("CONV2", "CONV3", "CONV4"),
        arguments=_with_holes(dilation=2),
        special=(
            _with_holes(1, (3, 3), 1, 1, stride=1),
            _with_holes(3, (2, 2), 2, 2, stride=3, dilation=2),
            _with_holes(2, (3, 3), 2, 2, stride=1, dilation=1),
            _with_holes(3, (1, 2), 1, 3),
            _with_holes(windows=(1, 4)),
            _far_outputs,
        ),
        reference=lambda u, x, W, b, stride, dilation: _back(u, x, W, b, stride, dilation),
        without=layers.conv_backward,
        loss=lambda u, x, W, b, stride, dilation: (u * (_bare(x, W, b, stride, dilation=dilation) + b)).sum(),
        wrt=(1, 2, 3),
        returns=("dx", "dW", "db"),
        mistakes={
            _twin("not turned"): LAYERS["kernel not turned"],
            _twin("one way"): "The kernel is mirrored left to right only. It is to be turned by 180 degrees.",
            _twin("other way"): "The kernel is mirrored top to bottom only. It is to be turned by 180 degrees.",
            _twin("stride"): LAYERS["stride forgotten on the way back"],
            _twin("stride in dW"): LAYERS["stride forgotten in dW"],
            _twin("stride everywhere"): LAYERS["stride forgotten on both ways"],
            _twin("no holes"): LAYERS["dilation forgotten"],
            _twin("no holes in dx"): "dx is added to neighbouring pixels. The weights of a window lie dilation pixels "
            "apart.",
            _twin("no holes in dW"): "dW pairs u with neighbouring pixels. The weights of a window lie dilation pixels "
            "apart.",
            _twin("overwrite"): LAYERS["windows overwrite each other"],
            _twin("channels"): LAYERS["channels exchanged"],
            _twin("turned dW"): "dW is turned by 180 degrees. The weights' gradient lies as the weights do.",
            _twin("dW mean"): LAYERS["averaged over the uses"],
            _twin("db mean"): LAYERS["averaged over the uses"],
            _twin("dW / m"): "dW is averaged over the examples. The upstream gradient carries the 1/m already.",
            _twin("db / m"): "db is averaged over the examples. The upstream gradient carries the 1/m already.",
            _twin("examples"): LAYERS["summed over the examples only"],
            _twin("positions"): "db is added up over the positions, and there is still one for each example.",
            _twin("sign"): "All signs are reversed. u is the gradient itself, so nothing is subtracted.",
        },
        quantities=lambda u, x, W, b, stride, dilation: {"the batch size": len(x)},
        hints=(
            "Take one window at a time. It is a small dense layer: what would (BP3), (BP4) and the first half of "
            "(BP2) say there?",
            "The window at (i, j) adds its pixels times u to dW, and W times u to the pixels of dx that it sees.",
            "Begin with zeros of the shapes of x and W. Loop over the windows and add to slices: the stride says where "
            "they begin, and the dilation is their step.",
        ),
    ),
]
