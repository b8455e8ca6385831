"""Activation functions: what a unit makes of its weighted input.

Each one is an `Activation`: call it for f(z), call `.prime` for the derivative f'(z). Both work elementwise on
arrays of any shape, keep the dtype (complex included, so that a complex step can run through them) and leave
their input alone.

>>> import numpy as np
>>> sigmoid(np.array([0.0])), sigmoid.prime(np.array([0.0]))
(array([0.5]), array([0.25]))
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from . import checks

__all__ = ["Activation", "elu", "gelu", "get", "identity", "leaky_relu", "relu", "sigmoid", "softplus", "softsign"]
__all__ += ["tanh"]

Array = NDArray[np.inexact]
LEAK = 0.01
"""Slope of the leaky ReLU for z <= 0."""
GELU_SLOPE = math.sqrt(2 / math.pi)  # a plain float, which keeps the dtype of the array it meets


@dataclass(frozen=True)
class Activation:
    """An activation function together with its derivative.

    Attributes
    ----------
    name : str
        How `bp.MLP(hidden=...)` knows it.
    function, prime : callable
        f and f', elementwise; each takes z of any shape and returns an array of that shape and dtype.
    kinks : tuple of float
        The values of z where f' jumps, or f'': across them a central difference is off by a constant, or by about the
        step, so the gradient check leaves such crossings out and counts them.
    """

    name: str
    function: Callable[[Array], Array]
    prime: Callable[[Array], Array]
    kinks: tuple[float, ...] = ()

    def __call__(self, z: Array) -> Array:
        """Return f(z), of the shape and dtype of z."""
        return self.function(z)

    def __repr__(self) -> str:
        return f"<activation {self.name}>"


def get(choice: "str | Activation", argument: str = "activation") -> Activation:
    """Return the activation of this name, or `choice` itself when it is an `Activation` already.

    Parameters
    ----------
    choice : str or Activation
    argument : str
        What a message calls it.

    Raises
    ------
    ValueError
        The name is unknown; the message lists the legal ones.

    >>> get("relu") is relu
    True
    """
    return choice if isinstance(choice, Activation) else checks.one_of(argument, choice, _BY_NAME)


def _identity(z: Array) -> Array:
    return z


def _identity_prime(z: Array) -> Array:
    return np.ones(z.shape, z.dtype)


def _sigmoid(z: Array) -> Array:
    # 1 / (1 + e^-z), and e^z / (1 + e^z) where z < 0: the exponent is never positive, so nothing overflows.
    e = np.exp(np.where(z.real < 0, z, -z))
    return np.where(z.real < 0, e, 1) / (1 + e)


def _sigmoid_prime(z: Array) -> Array:
    # sigma(-z) is 1 - sigma(z), without the cancellation when sigma(z) is close to 1.
    return _sigmoid(z) * _sigmoid(-z)  # (SIG)


def _tanh(z: Array) -> Array:
    return np.tanh(z)


def _tanh_prime(z: Array) -> Array:
    return 1 - np.tanh(z) ** 2


def _relu(z: Array) -> Array:
    if np.iscomplexobj(z):  # NumPy's maximum takes 0 + ih for larger than 0, and so the slope on the wrong side of 0
        return np.where(z.real <= 0, 0, z)
    return np.maximum(z, np.zeros(z.shape, z.dtype))  # an array of zeros: with the number 0 NumPy is slower


def _relu_prime(z: Array) -> Array:
    return (z.real > 0).astype(z.dtype)


def _leaky_relu(z: Array) -> Array:
    return np.where(z.real > 0, z, LEAK * z)


def _leaky_relu_prime(z: Array) -> Array:
    return np.where(z.real > 0, 1, LEAK).astype(np.result_type(z.dtype, np.float16))  # float16 only lifts integers


def _softplus(z: Array) -> Array:
    # ln(1 + e^z) = max(z, 0) + ln(1 + e^-|z|): the exponent is never positive. (NumPy's maximum orders complex numbers
    # of equal real part by their imaginary part; a complex step from 0 must stay on one side.)
    negative = z.real < 0
    return np.where(negative, 0, z) + np.log1p(np.exp(np.where(negative, z, -z)))


def _elu(z: Array) -> Array:
    return np.where(z.real > 0, z, np.expm1(np.where(z.real > 0, 0, z)))


def _elu_prime(z: Array) -> Array:
    return np.where(z.real > 0, z.dtype.type(1), np.exp(np.minimum(z, 0)))


def _gelu_inner(z: Array) -> Array:
    return GELU_SLOPE * (z + 0.044715 * z**3)


def _gelu_bent(z: Array) -> Array:
    return np.clip(z, -10, 10)  # further out f is straight to the last digit, and z^3 may overflow


def _gelu(z: Array) -> Array:
    return 0.5 * z * (1 + np.tanh(_gelu_inner(_gelu_bent(z))))


def _gelu_prime(z: Array) -> Array:
    z = _gelu_bent(z)
    t = np.tanh(_gelu_inner(z))
    inner_prime = GELU_SLOPE * (1 + 3 * 0.044715 * z**2)
    return 0.5 * (1 + t) + 0.5 * z * (1 - t**2) * inner_prime


def _size(z: Array) -> Array:
    return np.where(z.real < 0, -z, z)  # |z|, which a complex step can pass


def _softsign(z: Array) -> Array:
    return z / (1 + _size(z))


def _softsign_prime(z: Array) -> Array:
    return (1 / (1 + _size(z))) ** 2  # the square last: that of 1 + |z| may overflow


identity = Activation("identity", _identity, _identity_prime)
"""f(z) = z and f'(z) = 1."""
sigmoid = Activation("sigmoid", _sigmoid, _sigmoid_prime)
"""f(z) = 1 / (1 + e^-z) and f'(z) = f(z) (1 - f(z)), at most 1/4."""
tanh = Activation("tanh", _tanh, _tanh_prime)
"""f(z) = tanh z and f'(z) = 1 - tanh(z)^2, at most 1; from |z| of about 19 on it is rounded to 0."""
relu = Activation("relu", _relu, _relu_prime, kinks=(0.0,))
"""f(z) = max(z, 0); f'(z) = 1 for z > 0, else 0, and so f'(0) = 0."""
leaky_relu = Activation("leaky_relu", _leaky_relu, _leaky_relu_prime, kinks=(0.0,))
"""f(z) = z for z > 0, else 0.01 z; f'(z) = 1 for z > 0, else 0.01, also at 0."""
softplus = Activation("softplus", _softplus, _sigmoid)
"""f(z) = ln(1 + e^z), a smooth ReLU; f' is the sigmoid."""
elu = Activation("elu", _elu, _elu_prime, kinks=(0.0,))
"""f(z) = z for z > 0, else e^z - 1 (alpha = 1); f' = 1 for z > 0, else e^z. Clevert, Unterthiner, Hochreiter 2016."""
gelu = Activation("gelu", _gelu, _gelu_prime)
"""f(z) = z/2 (1 + tanh(sqrt(2/pi) (z + 0.044715 z^3))), the tanh form of Hendrycks and Gimpel 2016."""
softsign = Activation("softsign", _softsign, _softsign_prime, kinks=(0.0,))
"""f(z) = z / (1 + |z|) and f'(z) = 1 / (1 + |z|)^2: like tanh, but it reaches its ends far more slowly. Bergstra,
Desjardins, Lamblin and Bengio 2009; the third activation in Glorot and Bengio 2010."""

_BY_NAME = {f.name: f for f in (identity, sigmoid, tanh, relu, leaky_relu, softplus, elu, gelu, softsign)}
