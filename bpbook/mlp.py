"""MLP: the four steps as four methods, over the plain functions of `backprop`.

1 `forward`, 2 `loss`, 3 `backward`, 4 `update`; and `fit`, which repeats them. The methods check and convert what
they are given; the arithmetic is that of `backprop.forward` and `backprop.backward`, for `fit` as well.
"""

from __future__ import annotations

import math
import os
import warnings
from collections.abc import Callable
from typing import Any, cast

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from . import activations, backprop, checks, initializers, losses, memory, messages, optimizers, training
from .activations import Activation
from .backprop import Cache, Grads, Params
from .initializers import Initializer
from .losses import Loss
from .optimizers import Optimizer
from .training import History, Settings, Steps, in_order

__all__ = ["MLP", "input_gradient"]

Array = NDArray[Any]
memory.keep_freed_arrays()
HE_BY_DEFAULT = ("relu", "leaky_relu", "softplus", "elu", "gelu")


class MLP:
    """A multi-layer perceptron whose gradients can be read.

    Parameters
    ----------
    sizes : list of int
        [n_0, ..., n_L]: inputs, hidden layers, outputs.
    hidden : str or Activation
        Activation of the hidden layers: identity, sigmoid, tanh, relu, leaky_relu, softplus, elu, gelu or softsign.
    loss : str or Loss
        squared_error, cross_entropy, binary_cross_entropy or softmax_cross_entropy.
    output : str or Activation, optional
        Activation of the output layer; the identity unless the loss is cross_entropy, which needs sigmoid.
    init : str or function, optional
        zeros, normal, uniform, glorot, he, lecun or orthogonal; he for the ReLU family, glorot otherwise.
    biases : str or function
        How the biases start: at 0, or drawn by an initializer as one more row of W[l]. Rumelhart, Hinton and Williams
        1986, for example, drew weights and biases alike: `init` and `biases` were both `initializers.uniform(0.3)`.
    lmbda : float
        Weight decay: lambda/2 times the sum of squared weights, not biases, is added to the loss.
    lmbda_1 : float
        The L1 penalty: lambda_1 times the sum of |weights|, not biases, is added too. It pulls small weights towards 0
        as hard as large ones; its gradient at 0 is taken as 0. Steps leave such weights near 0, seldom at it.
    seed : int or Generator
        Draws the weights; the same seed gives the same numbers.
    dtype : numpy.float64 or numpy.float32

    Attributes
    ----------
    W, b : list of array
        W[l] of shape (n_{l-1}, n_l) and b[l] of shape (n_l,), l = 1 to L; None at 0. They are the live arrays:
        `net.W[1][0, 2] = 0.5` changes the network.
    params : Params
        W, b, f, lmbda and lmbda_1, as the plain functions take them.
    sizes, dtype, loss_function
        As given.
    history : History
        Of all epochs so far.
    optimizer : Optimizer or None
        The one that `fit` used last, with what it remembers.

    Examples
    --------
    >>> import numpy as np
    >>> net = MLP([2, 3, 1], hidden="tanh", loss="squared_error", seed=0)
    >>> x, y = np.array([[0.0, 1.0], [1.0, 0.0]]), np.array([1.0, 0.0])
    >>> before = net.loss(net.forward(x), y)
    >>> net.update(net.backward(net.forward(x), y), eta=0.1)
    >>> net.loss(net.forward(x), y) < before
    True
    """

    def __init__(
        self,
        sizes: list[int],
        hidden: str | Activation = "relu",
        loss: str | Loss = "softmax_cross_entropy",
        *,
        output: str | Activation | None = None,
        init: str | Initializer | None = None,
        biases: str | Initializer = "zeros",
        lmbda: float = 0.0,
        lmbda_1: float = 0.0,
        seed: int | np.random.Generator = 0,
        dtype: DTypeLike = np.float64,
    ) -> None:
        self.sizes = checks.sizes(sizes)
        self.loss_function = losses.get(loss)
        self.dtype = _float_dtype(dtype)
        hidden_f = activations.get(hidden, "hidden")
        usual_output = (self.loss_function.outputs or ("identity",))[0]
        output_f = activations.get(usual_output if output is None else output, "output")
        self._check_pair(output_f)
        usual_init = "he" if hidden_f.name in HE_BY_DEFAULT else "glorot"
        draw = initializers.get(usual_init if init is None else init)
        draw_b = initializers.get(biases, "biases")
        rng = np.random.default_rng(checks.seed(seed))
        L = len(self.sizes) - 1
        W: list[Any] = [None]
        b: list[Any] = [None]
        for n_in, n_out in zip(self.sizes[:-1], self.sizes[1:], strict=True):
            W.append(checks.drawn("init", draw(n_in, n_out, rng), n_in, n_out, self.dtype))
            b.append(checks.drawn("biases", draw_b(n_in, n_out, rng), n_in, n_out, self.dtype)[0])
        f = [None] + [hidden_f] * (L - 1) + [output_f]
        penalties = [checks.positive(*given, zero=True) for given in (("lmbda", lmbda), ("lmbda_1", lmbda_1))]
        self.params = Params(W, b, f, *penalties)
        self.history = History()
        self.optimizer: Optimizer | None = None
        self._advised = False

    @property
    def W(self) -> list[Any]:
        """The weights: W[l] of shape (n_{l-1}, n_l)."""
        return self.params.W

    @property
    def b(self) -> list[Any]:
        """The biases: b[l] of shape (n_l,)."""
        return self.params.b

    # The four steps -------------------------------------------------------------------------------------------

    def forward(self, x: ArrayLike) -> Cache:
        """Step 1, Feedforward: return z[l] and a[l] of every layer for x of shape (m, n_0)."""
        x = self._inputs(x)
        checks.weights(self.W, self.b, self.sizes)
        return backprop.forward(self.params, x)

    def loss(self, cache: Cache, y: ArrayLike) -> float:
        """Step 2, Calculate Loss: return C, the mean over the m examples, plus what weight decay and L1 penalty add."""
        return float(backprop.total_loss(self.params, cache, self._targets(y, cache), self.loss_function))

    def backward(self, cache: Cache, y: ArrayLike) -> Grads:
        """Step 3, Backward Pass: return delta[l], dW[l] and db[l], the gradients of what `loss` returns."""
        return backprop.backward(self.params, cache, self._targets(y, cache), self.loss_function)

    def update(self, grads: Grads, eta: float) -> None:
        """Step 4, Update Weights: one step of gradient descent, W <- W - eta dW and b <- b - eta db."""
        checks.weights(self.W, self.b, self.sizes)
        if not isinstance(grads, Grads) or [_shapes(grads.dW), _shapes(grads.db)] != [_shapes(self.W), _shapes(self.b)]:
            raise ValueError(
                f"grads must be what backward returned for a network {self._shape()}; got {checks.shown(grads)}. "
                "Pass net.backward(cache, y)."
            )
        optimizers.GradientDescent(eta).update(in_order(self.W, self.b), in_order(grads.dW, grads.db))

    # The four steps, again and again --------------------------------------------------------------------------

    def fit(
        self,
        x: ArrayLike,
        y: ArrayLike,
        epochs: int = 20,
        batch_size: int = 32,
        optimizer: Optimizer | None = None,
        validation: tuple[ArrayLike, ArrayLike] | None = None,
        patience: int | None = None,
        clip: float | None = None,
        augment: Callable[[Array, np.random.Generator], ArrayLike] | None = None,
        seed: int | np.random.Generator = 0,
        progress: bool = True,
    ) -> History:
        """Train on mini-batches and return the History of all epochs so far.

        Ctrl-C stops after the step that is under way; the weights and the history so far are kept.

        Parameters
        ----------
        x, y : arrays of shape (m, n_0) and (m, n_L), (m,) for one output unit or class numbers
        epochs, batch_size : int
            The last batch of an epoch may be smaller.
        optimizer : Optimizer, optional
            The one of the fit before goes on, with what it remembers; the first fit uses Adam(eta=0.001).
        validation : (x, y), optional
            Examples that are never trained on. Their loss and score after each epoch go into the history; the score
            is nan where R^2 is not defined, because the targets of an output unit are all equal.
        patience : int, optional
            Stop after this many epochs without a better validation loss, and put the best weights back.
        clip : float, optional
            Largest norm of the whole gradient.
        augment : function, optional
            augment(x, rng) is given each batch as an array of shape (batch, n_0) and a Generator, and returns the array
            of that shape to train on, for example `lambda x, rng: x + rng.normal(0, 0.1, x.shape)`. The loss in the
            history is that of what it returned; validation examples are never augmented.
        seed : int or Generator
            Shuffles, and makes the Generator of `augment`. With an int, two fits of ten epochs are one of twenty.
        progress : bool
            Show a progress bar.

        Returns
        -------
        History
            Of all epochs so far: loss, validation_loss, validation_score, eta.

        Raises
        ------
        FloatingPointError
            A value or gradient became nan or inf, or a value of the validation examples did; the message names
            layer and epoch. The weights before that step are kept, and `history` holds the epochs before.
        ValueError, TypeError
            An argument does not fit; nothing has been changed.

        Warns
        -----
        UserWarning
            Once for each network: x holds bytes or large numbers, or the loss has grown a thousandfold.
        """
        given, x = x, self._inputs(x)
        y = self._targets_of(y, len(x))
        settings = Settings(epochs, batch_size, patience, clip, augment, seed, progress)
        validate = self._validator(validation, patience)
        checks.weights(self.W, self.b, self.sizes)
        weights = in_order(self.W, self.b)
        self.optimizer = self._ready(optimizer, weights)
        self._advise(messages.scale("x", given, x))
        first = training.train(self._steps(), weights, x, y, self.history, self.optimizer, settings, validate)
        self._advise(training.advice(self.history, self.optimizer, first))
        return self.history

    def _ready(self, optimizer: Optimizer | None, weights: list[Array]) -> Optimizer:
        """Return the optimizer of a fit, once it is known to fit these weights."""
        optimizer = self.optimizer or optimizers.Adam() if optimizer is None else optimizer
        if not isinstance(optimizer, Optimizer):
            got = checks.shown(optimizer)
            raise TypeError(f"optimizer must be an Optimizer such as bp.Adam(eta=0.001); got {got}.")
        if optimizer is self.optimizer:  # it goes on with this network, whether copied, loaded or given new arrays
            optimizer.moves = None
        optimizer.check(weights)
        return optimizer

    def _advise(self, advice: str) -> None:
        """Warn, if there is something to say: once in a network's life, so that nobody is nagged."""
        if advice and not self._advised:
            self._advised = True
            warnings.warn(advice, stacklevel=3)

    def _steps(self) -> Steps:
        """Return steps 1 to 3 as plain functions of arrays that have been checked."""
        params, loss = self.params, self.loss_function
        return Steps(
            forward=lambda x: backprop.forward(params, x),
            loss=lambda cache, y: backprop.total_loss(params, cache, y, loss),
            backward=lambda cache, y: backprop.backward(params, cache, y, loss),
        )

    def _validator(
        self, validation: tuple[ArrayLike, ArrayLike] | None, patience: int | None
    ) -> Callable[[], tuple[float, float]] | None:
        """Return a function that returns loss and score on the validation examples, once these have been checked."""
        if validation is None:
            if patience is not None:
                raise ValueError("patience needs validation examples to watch; got none. Pass validation=(xv, yv).")
            return None
        if not isinstance(validation, tuple | list) or len(validation) != 2:
            raise TypeError(f"validation must be a pair (x, y) of arrays; got {checks.shown(validation)}.")
        x = self._inputs(validation[0], "validation x")
        y = self._targets_of(validation[1], len(x), "validation y")
        scored = self.loss_function.targets != "values" or not _constant(y)

        def validate() -> tuple[float, float]:
            cache = self.forward(x)
            C = self.loss(cache, y)
            if spoiled := training.blame(cache, C):
                raise FloatingPointError(
                    f"{spoiled} for the validation examples after epoch {len(self.history.loss) + 1}; the "
                    "weights after it are kept. Try a smaller eta, or scale the validation x as you scaled x."
                )
            return C, self._score(self._predicted(cache.a[-1]), y) if scored else math.nan

        return validate

    def predict_proba(self, x: ArrayLike) -> Array:
        """Return probabilities of shape (m, n_L): of each class, or of a 1 in each output unit.

        Raises
        ------
        ValueError
            The loss is squared_error, whose outputs are no probabilities.
        """
        if self.loss_function.targets == "values":
            raise ValueError(
                f"predict_proba needs a loss for classes, such as softmax_cross_entropy; this network has "
                f"{self.loss_function.name}. Use predict."
            )
        return self._probabilities(self.forward(x).a[-1])

    def predict(self, x: ArrayLike) -> Array:
        """Return class numbers (m,); 0 or 1; or values. With one output unit the shape is (m,), else (m, n_L)."""
        return self._predicted(self.forward(x).a[-1])

    def score(self, x: ArrayLike, y: ArrayLike) -> float:
        """Return the share of examples predicted right (all units of a row), or for squared_error R^2.

        R^2 is 1 - (sum of squared errors) / (sum of squared deviations from the mean), averaged over output units.

        Raises
        ------
        ValueError
            R^2 is asked for where a unit's targets are all equal, so that it is not defined.
        """
        prediction = self.predict(x)
        return self._score(prediction, self._targets_of(y, len(prediction)))

    def _probabilities(self, output: Array) -> Array:
        if self.loss_function.targets == "classes":
            return losses.softmax(output)
        return output if self.params.f[-1].name == "sigmoid" else activations.sigmoid(output)

    def _predicted(self, output: Array) -> Array:
        """Return what `predict` makes of the outputs a[L]."""
        if self.loss_function.targets == "classes":
            return output.argmax(axis=1)
        if self.loss_function.targets == "zeros and ones":
            output = (self._probabilities(output) > 0.5).astype(int)
        return output[:, 0] if self.sizes[-1] == 1 else output

    def _score(self, prediction: Array, y: Array) -> float:
        """Return what `score` makes of a prediction and targets that have been checked."""
        if self.loss_function.targets == "classes":
            return float((prediction == (y if y.ndim == 1 else y.argmax(axis=1))).mean())
        prediction = prediction.reshape(y.shape)
        if self.loss_function.targets == "zeros and ones":
            return float((prediction == (y > 0.5)).all(axis=1).mean())
        if _constant(y):
            raise ValueError("y must vary for R^2 to be defined; got targets that are all equal. Score more examples.")
        spread = ((y - y.mean(axis=0)) ** 2).sum(axis=0)
        return float((1 - ((y - prediction) ** 2).sum(axis=0) / spread).mean())

    # Keeping --------------------------------------------------------------------------------------------------

    def save(self, path: str | os.PathLike[str], optimizer: bool = True) -> None:
        """Write the network, its history and its optimizer's state to a file of arrays; nothing is pickled.

        A learning-rate schedule is a function and is not stored: the rate of the last step is. An existing file is
        replaced only when the new one is complete.

        Parameters
        ----------
        path : str or path
        optimizer : bool
            False leaves out what the optimizer remembers, which Adam's file is two thirds of. The loaded network
            predicts the same, but a `fit` that goes on with it begins with a fresh optimizer.

        Raises
        ------
        ValueError
            The network has an activation, loss or optimizer of your own, which a file of arrays cannot hold.
        FileNotFoundError
            The folder that the file should stand in does not exist.
        """
        from . import saving

        saving.save(self, path, checks.flag("optimizer", optimizer))

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> MLP:
        """Return the network that `save` wrote, ready to go on.

        Raises
        ------
        ValueError
            The file is truncated or was not written by `save`.
        FileNotFoundError
            There is no such file.
        """
        from . import saving

        return saving.load(cls, path)

    def __repr__(self) -> str:
        count = sum(array.size for array in in_order(self.W, self.b))
        lines = [f"MLP {self._shape()}, {count:,} parameters, {self.loss_function.name}, {self.dtype}"]
        for l in range(1, len(self.sizes)):
            lines.append(f"  layer {l}: W[{l}] {self.W[l].shape}, b[{l}] {self.b[l].shape}, {self.params.f[l].name}")
        return "\n".join(lines)

    def _shape(self) -> str:
        return "-".join(map(str, self.sizes))

    # Checks ---------------------------------------------------------------------------------------------------

    def _check_pair(self, output: Activation) -> None:
        legal = self.loss_function.outputs
        if legal and output.name not in legal:
            raise ValueError(
                f"output must be {' or '.join(legal)} for {self.loss_function.name}; got {output.name!r}. "
                "Leave output out."
            )
        if self.loss_function.targets == "classes" and self.sizes[-1] < 2:
            raise ValueError(
                f"sizes must end with at least 2 units, one per class, for {self.loss_function.name}; got "
                f"{self.sizes}. For a yes or no from one unit use binary_cross_entropy."
            )

    def _inputs(self, x: ArrayLike, argument: str = "x") -> Array:
        return checks.inputs(x, self.sizes[0], self.dtype, argument)

    def _targets_of(self, y: ArrayLike, m: int, argument: str = "y") -> Array:
        return checks.targets(y, m, self.sizes[-1], self.loss_function.targets, self.dtype, argument)

    def _targets(self, y: ArrayLike, cache: Cache) -> Array:
        a = _shapes(cache.a, start=0) if isinstance(cache, Cache) else []
        m = a[0][0] if a and a[0] else 0
        if a != [(m, n) for n in self.sizes] or _shapes(cache.z) != a[1:]:
            raise ValueError(
                f"cache must be what forward returned for a network {self._shape()}; got {checks.shown(cache)}. "
                "Pass net.forward(x)."
            )
        return self._targets_of(y, m)


def input_gradient(net: MLP, x: ArrayLike, y: ArrayLike | None = None, upstream: ArrayLike | None = None) -> Array:
    """Return dC/dx of shape (m, n_0), one step further back than the weights need; no dW is computed on the way.

    C is the mean loss without penalties, so each row carries its 1/m: multiply by m for the gradient of each
    example's own loss. To differentiate something else than the loss, pass its gradient at the outputs as `upstream`.

    Parameters
    ----------
    net : MLP
    x : array of shape (m, n_0)
    y : array of shape (m, n_L), or (m,) for one output unit or class numbers
        The targets, when the loss is to be differentiated.
    upstream : array of shape (m, n_L)
        In place of y: dR/da^L of any reading R of the outputs. With 1 in column k of every row and 0 elsewhere you get
        the gradient of output k, example by example.

    Raises
    ------
    ValueError, TypeError
        There is neither y nor upstream, or both, or an argument does not fit.
    """
    if not isinstance(net, MLP):
        raise TypeError(f"net must be an MLP; got {checks.shown(net)}.")
    if (y is None) == (upstream is None):
        raise TypeError(
            f"input_gradient needs either y or upstream; got {'neither' if y is None else 'both'}. Pass y for the "
            "gradient of the loss, or upstream=dR/da^L for that of any other reading R of the outputs."
        )
    W, _, f, *_ = net.params
    z, a = cache = net.forward(x)
    L = len(W) - 1
    if upstream is None:
        dC_da = net.loss_function.gradient(a[L], net._targets(cast(ArrayLike, y), cache))
    else:
        dC_da = checks.targets(upstream, len(a[L]), net.sizes[-1], "values", net.dtype, "upstream")
    delta = dC_da * f[L].prime(z[L])
    for l in range(L - 1, 0, -1):
        delta = (delta @ W[l + 1].T) * f[l].prime(z[l])
    return delta @ W[1].T


def _float_dtype(choice: DTypeLike) -> np.dtype[Any]:
    try:
        dtype = np.dtype(choice)
    except (TypeError, ValueError):
        raise TypeError(f"dtype must be float32 or float64; got {checks.shown(choice)}.") from None
    if dtype not in (np.float32, np.float64):
        raise ValueError(f"dtype must be float32 or float64; got {dtype}.")
    return dtype


def _constant(y: Array) -> bool:
    """Say whether the targets of some output unit are all equal, so that R^2 is not defined."""
    return bool((y == y[0]).all(axis=0).any())


def _shapes(arrays: Any, start: int = 1) -> list[Any]:
    """Return the shapes of the arrays of a list from `start` on, None for what is no array."""
    listed = arrays[start:] if isinstance(arrays, list | tuple) else []
    return [array.shape if isinstance(array, np.ndarray) else None for array in listed]
