"""The loss as a landscape: all weights and biases in one vector, and the exact curvature along any direction.

A network's loss is a function of thousands of numbers. Newton's method, a line search or a picture of the loss along
a line want them as one vector w, so `flatten` lines them up and `unflatten` puts such a vector back into layers. The
second derivatives are too many to write down, but what the Hessian does to one vector v costs a few gradients: about
three, or 26 with tanh, because NumPy is slow at complex functions. From such products come its extreme eigenvalues,
which say how steeply the gradient itself changes, and the verdict on a point where the gradient vanishes: a minimum, a
saddle, or something that curvature alone cannot decide.

>>> import numpy as np
>>> import bpbook as bp
>>> net = bp.MLP([2, 3, 1], hidden="tanh", loss="squared_error", seed=0)
>>> w = flatten(net.params)
>>> w.shape, unflatten(w, net.params).W[1].shape
((13,), (2, 3))
"""

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from . import backprop, checks, losses
from .backprop import Arrays, Grads, Params
from .losses import Loss

__all__ = [
    "CriticalPoint",
    "Extremes",
    "critical_point",
    "extreme_eigenvalues",
    "filter_normalised",
    "flatten",
    "gradient",
    "hessian",
    "hessian_vector",
    "loss_along",
    "sharpness",
    "unflatten",
]

Vector = NDArray[np.inexact]
Floats = NDArray[np.floating[Any]]
STEP = 1e-20
SMALL = 30
"""Up to so many parameters the whole Hessian is written down; SciPy's Lanczos asks for more rows than eigenvalues."""
PRECISION, RESTARTS = 1e-6, 100
"""To this share of itself an eigenvalue is found, as the last digits cost most; after how many restarts to give up."""
CRITICAL, FLAT = 1e-12, 1e-9
"""A gradient shorter than this counts as zero, and so does an eigenvalue smaller than this share of the largest."""
ARRIVED = 1e-3
"""Newton has arrived when its next step would be shorter than this; on a slope that fades for ever, steps stay long."""


class Extremes(NamedTuple):
    """The lowest and the highest eigenvalue of the Hessian, and the directions of unit length they belong to.

    Attributes
    ----------
    lowest, highest : float
        Curvatures: the second derivative of the loss along `down` and along `up`.
    down, up : arrays of shape (n,)
        In the order of `flatten`. Their signs mean nothing.
    """

    lowest: float
    highest: float
    down: Floats
    up: Floats


@dataclass(frozen=True)
class CriticalPoint:
    """A point where the gradient vanishes, and what the curvature there says about it.

    Attributes
    ----------
    params : Params
        The network at that point.
    loss, gradient_norm : float
        The mean loss with its weight decay, and the length of the gradient: below 1e-12.
    eigenvalues : array of shape (n,)
        Of the Hessian, ascending.
    index, flat : int
        How many eigenvalues are negative, and how many are zero to rounding.
    """

    params: Params
    loss: float
    gradient_norm: float
    eigenvalues: Floats
    index: int
    flat: int

    @property
    def kind(self) -> str:
        """The verdict: "strict minimum", "saddle", "maximum", or "undecided" where flat directions leave it open."""
        n = len(self.eigenvalues)
        if self.index == n:
            return "maximum"
        if self.index and self.eigenvalues[-1] > FLAT * abs(self.eigenvalues).max():
            return "saddle"
        return "undecided" if self.flat else "strict minimum"


def flatten(params: Params | Grads) -> Vector:
    """Return all weights and biases as one vector: W[1] row by row, b[1], W[2], b[2] and so on.

    Parameters
    ----------
    params : Params or Grads
        A network's `net.params`, or the gradients that `backward` returned, whose dW and db are lined up in that order.

    Returns
    -------
    w : array of shape (n,)
        A copy, n being the number of parameters.
    """
    W, b = (params.dW, params.db) if isinstance(params, Grads) else (params.W, params.b)
    pairs = zip(W[1:], b[1:], strict=True)
    return np.concatenate([np.ravel(array) for pair in pairs for array in pair])


def unflatten(vector: ArrayLike, params: Params) -> Params:
    """Return Params of the shapes, activations and penalties of `params`, filled from a vector that `flatten` lined up.

    Parameters
    ----------
    vector : array of shape (n,)
        Real or complex. It is copied, so a later change of it changes no network.
    params : Params
        Left alone.

    Raises
    ------
    ValueError
        The vector has another shape than (n,), n being the number of parameters.
    TypeError
        The vector does not hold numbers.

    >>> import bpbook as bp
    >>> params = bp.MLP([1, 2]).params
    >>> moved = unflatten([1.0, 2.0, 3.0, 4.0], params)
    >>> moved.W[1], moved.b[1]
    (array([[1., 2.]]), array([3., 4.]))
    """
    w = _vector("vector", vector, params)
    W: Arrays = [None]
    b: Arrays = [None]
    start = 0
    for own_W, own_b in zip(params.W[1:], params.b[1:], strict=True):
        for filled, like in ((W, own_W), (b, own_b)):
            filled.append(w[start : start + like.size].reshape(like.shape).copy())
            start += like.size
    return params._replace(W=W, b=b)


def hessian_vector(params: Params, x: ArrayLike, y: ArrayLike, loss: str | Loss, v: ArrayLike) -> Floats:
    """Return H v, where H holds the second derivatives of the loss, weight decay included.

    The gradient is taken at w + i h v for a tiny h. Its imaginary part over h is the derivative of the gradient in the
    direction v, which is H v. Because nothing is subtracted, h can be so small that only rounding is left of the error.
    All of H would be n such products, one for each column of the identity.

    Parameters
    ----------
    params : Params
        A network's `net.params`; left alone. The products are computed in float64.
    x, y : arrays of shape (m, n_0) and (m, n_L), (m,) for one output unit or class numbers
    loss : str or Loss
        As `net.loss_function`.
    v : array of shape (n,)
        A direction, in the order of `flatten`.

    Returns
    -------
    Hv : array of shape (n,)
        At a kink of relu or leaky_relu, where H is not defined, that of one side.

    Raises
    ------
    ValueError, TypeError
        An argument does not fit the network.

    References
    ----------
    Pearlmutter 1994 for the product without H; Squire and Trapp 1998 for the complex step.

    >>> import bpbook as bp
    >>> params = bp.MLP([1, 1], loss="squared_error", init="zeros").params
    >>> hessian_vector(params, [[3.0]], [0.0], "squared_error", [1.0, 0.0])  # C = (3 w + b)^2 / 2
    array([9., 3.])
    """
    if isinstance(params, Params):
        params = params._replace(lmbda_1=0.0)  # its second derivative is 0, and a sign cannot take a complex step
    x, y, loss = _examples(params, x, y, loss)
    w, v = flatten(params), _vector("v", v, params)
    beside = unflatten(w.astype(np.float64) + 1j * STEP * v, params)
    grads = backprop.backward(beside, backprop.forward(beside, x), y, loss)
    return np.imag(flatten(grads)) / STEP


def gradient(params: Params, x: ArrayLike, y: ArrayLike, loss: str | Loss) -> Floats:
    """Return the gradient of the loss, weight decay included, as one vector of shape (n,) in the order of `flatten`.

    Parameters
    ----------
    params, x, y, loss
        As for `hessian_vector`.

    >>> import bpbook as bp
    >>> params = bp.MLP([1, 1], loss="squared_error", init="zeros").params
    >>> gradient(params, [[3.0]], [1.0], "squared_error")  # C = (3 w + b - 1)^2 / 2
    array([-3., -1.])
    """
    x, y, loss = _examples(params, x, y, loss)
    exact = unflatten(flatten(params).astype(np.float64), params)
    return np.real(flatten(backprop.backward(exact, backprop.forward(exact, x), y, loss)))


def hessian(params: Params, x: ArrayLike, y: ArrayLike, loss: str | Loss) -> Floats:
    """Return the whole Hessian, shape (n, n): one product for each of the n columns of the identity.

    It is as computed, so that H - H.T is a check: a Hessian is symmetric, and this one is to rounding.

    Parameters
    ----------
    params, x, y, loss
        As for `hessian_vector`.

    >>> import bpbook as bp
    >>> params = bp.MLP([1, 1], loss="squared_error", init="zeros").params
    >>> hessian(params, [[3.0]], [0.0], "squared_error")
    array([[9., 3.],
           [3., 1.]])
    """
    columns = np.eye(len(flatten(params)))
    return np.column_stack([hessian_vector(params, x, y, loss, column) for column in columns])


def extreme_eigenvalues(params: Params, x: ArrayLike, y: ArrayLike, loss: str | Loss) -> Extremes:
    """Return the lowest and the highest eigenvalue of the Hessian with their directions, from products alone.

    SciPy's Lanczos method asks for a few dozen products H v, and never for H. Below 30 parameters H is written down.

    Parameters
    ----------
    params, x, y, loss
        As for `hessian_vector`.

    Raises
    ------
    ValueError
        The point lies on a kink of an activation, where there is no Hessian; or the weights are not finite.

    References
    ----------
    Lanczos 1950; SciPy's `eigsh`, which is ARPACK's implicitly restarted variant.

    >>> import numpy as np
    >>> import bpbook as bp
    >>> params = bp.MLP([1, 1], loss="squared_error", init="zeros").params
    >>> found = extreme_eigenvalues(params, [[3.0]], [0.0], "squared_error")
    >>> bool(np.isclose(found.lowest, 0)), bool(np.isclose(found.highest, 10))  # the trace 9 + 1, and no determinant
    (True, True)
    """
    _refuse_kinks(params, x)
    if len(flatten(params)) <= SMALL:
        values, vectors = np.linalg.eigh(hessian(params, x, y, loss))
        return Extremes(float(values[0]), float(values[-1]), vectors[:, 0], vectors[:, -1])
    lowest, down = _lanczos(params, x, y, loss, "SA")
    highest, up = _lanczos(params, x, y, loss, "LA")
    return Extremes(lowest, highest, down, up)


def sharpness(params: Params, x: ArrayLike, y: ArrayLike, loss: str | Loss) -> float:
    """Return the highest eigenvalue of the Hessian: the curvature along the direction in which it is largest.

    A step of gradient descent multiplies a small distance from a minimum along that direction by 1 - eta sharpness.

    Parameters
    ----------
    params, x, y, loss
        As for `extreme_eigenvalues`, which finds the lowest too.

    References
    ----------
    Cohen, Kaur, Li, Kolter and Talwalkar 2021 use the word in this sense.

    >>> import bpbook as bp
    >>> params = bp.MLP([1, 1], loss="squared_error", init="zeros").params
    >>> round(sharpness(params, [[3.0]], [0.0], "squared_error"), 12)
    10.0
    """
    if len(flatten(params)) <= SMALL:
        return extreme_eigenvalues(params, x, y, loss).highest
    _refuse_kinks(params, x)
    return _lanczos(params, x, y, loss, "LA")[0]


def filter_normalised(direction: ArrayLike, params: Params) -> Floats:
    """Return a direction whose share in the weights into each unit is as long as those weights are; no share in biases.

    A ReLU network computes the same when the weights into a unit are halved and those out of it doubled, but a fixed
    step along a fixed direction then looks twice as wild. Measured in units of the weights themselves it does not.

    Parameters
    ----------
    direction : array of shape (n,)
        In the order of `flatten`, often random.
    params : Params
        Whose column j of W[l], the weights into unit j of layer l, gives the length.

    References
    ----------
    Li, Xu, Taylor, Studer and Goldstein 2018, section 4. In a dense layer their filter is the weights into one unit.

    >>> import numpy as np
    >>> import bpbook as bp
    >>> params = bp.MLP([2, 1], loss="squared_error", seed=0).params
    >>> params.W[1][:, 0] = 0.6, 0.8
    >>> filter_normalised([5.0, 0.0, 7.0], params)
    array([1., 0., 0.])
    """
    moved = unflatten(_vector("direction", direction, params).astype(np.float64), params)
    for l in range(1, len(params.W)):
        own, length = np.linalg.norm(params.W[l], axis=0), np.linalg.norm(moved.W[l], axis=0)
        moved.W[l] *= own / np.where(length > 0, length, 1.0)
        moved.b[l][...] = 0
    return np.real(flatten(moved))


def loss_along(
    params: Params,
    x: ArrayLike,
    y: ArrayLike,
    loss: str | Loss,
    u: ArrayLike,
    alpha: ArrayLike,
    v: ArrayLike | None = None,
    beta: ArrayLike = 0.0,
) -> Floats:
    """Return the loss on a slice: at w + alpha u for each alpha, or at w + alpha u + beta v for each pair.

    Parameters
    ----------
    params, x, y, loss
        As for `hessian_vector`. w is `flatten(params)`.
    u, v : arrays of shape (n,)
        Directions, as long as they are: what one unit of alpha and beta means is yours to say.
    alpha, beta : arrays of shape (k,) and (j,)
        How far to go.

    Returns
    -------
    C : array of shape (k,), or (j, k) where v is given
        The mean loss with its weight decay; rows belong to beta, as matplotlib's contours have it.

    >>> import bpbook as bp
    >>> params = bp.MLP([1, 1], loss="squared_error", init="zeros").params
    >>> loss_along(params, [[3.0]], [0.0], "squared_error", [1.0, 0.0], [-1.0, 0.0, 2.0])
    array([ 4.5,  0. , 18. ])
    """
    x, y, loss = _examples(params, x, y, loss)
    w, u = flatten(params).astype(np.float64), _vector("u", u, params)
    along, across = (np.atleast_1d(checks.numeric(name, way)) for name, way in (("alpha", alpha), ("beta", beta)))
    if along.ndim > 1 or across.ndim > 1:
        got = f"{along.shape} and {across.shape}"
        raise ValueError(f"alpha and beta must have shapes (k,) and (j,); got {got}. Pass one row of a grid for each.")
    v = np.zeros(len(w)) if v is None else _vector("v", v, params)
    C = np.empty((len(across), len(along)))
    for j, k in np.ndindex(C.shape):
        there = unflatten(w + along[k] * u + across[j] * v, params)
        C[j, k] = backprop.total_loss(there, backprop.forward(there, x), y, loss)
    return C if np.ndim(beta) else C[0]


def critical_point(params: Params, x: ArrayLike, y: ArrayLike, loss: str | Loss, steps: int = 100) -> CriticalPoint:
    """Return the point with zero gradient that Newton's method reaches from here, verified, with its index.

    Newton solves H s = -g for the step s. It does not care which way is down, so it finds saddles as gladly as minima.
    Steps that would lengthen the gradient are halved. What has arrived is verified: the gradient is shorter than 1e-12,
    the next step would be short too, and the negative eigenvalues of H are counted. The second condition is needed
    because a run that slides towards infinite weights has a gradient as short as you like, and no critical point ahead.

    Parameters
    ----------
    params, x, y, loss
        As for `hessian_vector`; the network to start from, which is left alone. The whole Hessian is written down at
        every step, so a few hundred parameters are the limit.
    steps : int
        The most that are taken.

    Raises
    ------
    ValueError
        Newton did not arrive: perhaps there is no such point nearby, as in a trench that falls for ever. Or all that
        is left is a slope that fades towards infinity. Or the point lies on a kink, where there is no Hessian.

    >>> import bpbook as bp
    >>> params = bp.MLP([1, 1, 1], hidden="identity", loss="squared_error", init="zeros").params
    >>> params.b[2][0] = 2.0  # C = (w_2 (w_1 x + b_1) + b_2 - y)^2 / 2 for x = 1, y = 2 and -2 x, -y: mean y is 0
    >>> point = critical_point(params, [[1.0], [-1.0]], [2.0, -2.0], "squared_error")
    >>> point.kind, point.index, round(point.loss, 12)
    ('saddle', 1, 2.0)
    """
    x, y, loss = _examples(params, x, y, loss)
    steps = checks.whole("steps", steps)
    here = unflatten(flatten(params).astype(np.float64), params)
    g = gradient(here, x, y, loss)
    for _ in range(steps):
        if np.linalg.norm(g) < CRITICAL:
            return _verified(here, g, x, y, loss)
        here, moved = _newton(here, g, x, y, loss)
        if moved is None:
            break
        g = moved
    raise ValueError(
        f"params must lie near a point with zero gradient for Newton to reach one; its gradient is still "
        f"{np.linalg.norm(g):.1e} long. Start nearer, for example where training has slowed down, or add lmbda."
    )


def _newton(here: Params, g: Floats, x: Vector, y: Vector, loss: Loss) -> tuple[Params, Floats | None]:
    """Return where one step of Newton leads, and the gradient there; None where no step shortens the gradient."""
    _refuse_kinks(here, x)
    w, step = flatten(here), _step(hessian(here, x, y, loss), g)
    for halvings in range(40):
        there = unflatten(w + step / 2**halvings, here)
        moved = gradient(there, x, y, loss)
        if np.linalg.norm(moved) < np.linalg.norm(g):
            return there, moved
    return here, None


def _step(H: Floats, g: Floats) -> Floats:
    """Return the step s with H s = -g; along flat directions there is nothing to solve, and it does not go there."""
    values, vectors = np.linalg.eigh((H + H.T) / 2)
    bent = abs(values) > FLAT * abs(values).max()
    step: Floats = -vectors[:, bent] @ ((vectors[:, bent].T @ g) / values[bent])
    return step


def _verified(here: Params, g: Floats, x: Vector, y: Vector, loss: Loss) -> CriticalPoint:
    """Return the point with its loss and the eigenvalues of its Hessian, counted."""
    _refuse_kinks(here, x)
    H = hessian(here, x, y, loss)
    further = np.linalg.norm(_step(H, g))
    if not further < ARRIVED:
        raise ValueError(
            f"params must lie near a point with zero gradient; from here the gradient fades below {CRITICAL:g}, but "
            f"Newton would still step {further:.1g} far, as on the way to infinite weights. Stop earlier, or add lmbda."
        )
    values = np.linalg.eigvalsh(H)
    least = FLAT * max(abs(values).max(), np.finfo(float).tiny)
    C = float(backprop.total_loss(here, backprop.forward(here, x), y, loss))
    index, flat = int((values < -least).sum()), int((abs(values) <= least).sum())
    return CriticalPoint(here, C, float(np.linalg.norm(g)), values, index, flat)


def _lanczos(params: Params, x: ArrayLike, y: ArrayLike, loss: str | Loss, which: str) -> tuple[float, Floats]:
    """Return one extreme eigenvalue ("SA", the lowest, or "LA", the highest) and its direction."""
    from scipy.sparse.linalg import ArpackError, LinearOperator, eigsh  # here: importing bpbook stays light

    n = len(flatten(params))
    H = LinearOperator((n, n), matvec=lambda v: hessian_vector(params, x, y, loss, np.ravel(v)), dtype=np.float64)
    start = np.random.default_rng(0).normal(size=n)  # the same numbers come out every time
    try:
        if not np.any(H @ start):  # which older versions of SciPy take for an eigenvalue
            raise ArpackError(-9)
        values, vectors = eigsh(H, k=1, which=which, v0=start, tol=PRECISION, maxiter=RESTARTS)
    except ArpackError:
        raise ValueError(
            f"params must have a curvature that stands out; Lanczos found none in {RESTARTS} restarts, as when all "
            "units are saturated and H is nearly zero. Look at gradient(...) first, or train with a smaller eta."
        ) from None
    return float(values[0]), vectors[:, 0]


def _refuse_kinks(params: Params, x: ArrayLike) -> None:
    """Refuse a point without a Hessian: a weighted input or a penalised weight lies on a kink, or is not finite."""
    _refuse_network(params)
    cache = backprop.forward(params, checks.inputs(x, len(params.W[1])))
    for l in range(1, len(params.W)):
        z = cache.z[l]
        if not np.all(np.isfinite(z)):
            raise ValueError(f"params must be finite; a weighted input of layer {l} is not. Train with a smaller eta.")
        if params.lmbda_1 and not np.all(params.W[l]):
            raise ValueError(
                f"params must not lie on a kink, where there is no Hessian; a weight of layer {l} is 0, where the L1 "
                "penalty has one. To leave the penalty out pass params._replace(lmbda_1=0.0)."
            )
        for kink in getattr(params.f[l], "kinks", ()):
            for k, j in np.argwhere(z == kink)[:1]:
                raise ValueError(
                    f"params must not lie on a kink, where there is no Hessian; unit {j} of layer {l} "
                    f"({params.f[l].name}) has z = {kink:g} for example {k}. Try: for b in net.b[1:]: b += 0.01."
                )


def _refuse_network(params: Any) -> None:
    if hasattr(params, "params"):
        raise TypeError(f"params must be the weights of a network; got {checks.shown(params)}. Pass net.params.")


def _examples(params: Params, x: ArrayLike, y: ArrayLike, loss: str | Loss) -> tuple[Vector, Vector, Loss]:
    """Return x, y and the loss as this network takes them."""
    _refuse_network(params)
    loss = losses.get(loss)
    x = checks.inputs(x, len(params.W[1]))
    return x, checks.targets(y, len(x), len(params.b[-1]), loss.targets), loss


def _vector(argument: str, value: ArrayLike, params: Params) -> Vector:
    """Return `value` as a vector with one number per parameter."""
    _refuse_network(params)
    array = checks.numeric(argument, value, complex_too=argument == "vector")
    n = sum(array.size for arrays in (params.W, params.b) for array in arrays[1:])
    if array.shape != (n,):
        raise ValueError(
            f"{argument} must have shape ({n},), one number per parameter; got {array.shape}. Pass flatten(params) or "
            "a vector like it."
        )
    return array
