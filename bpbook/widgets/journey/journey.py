"""Chapter 01: one image goes forward through a network, and its error comes back."""

import copy
from pathlib import Path
from typing import Any

import anywidget
import numpy as np
import traitlets
from numpy.typing import ArrayLike, NDArray

from ... import checks
from ...mlp import MLP, input_gradient
from ..controls.words import bracketed, number, read
from ..views import front_end
from ..views.network.diagram import copied

__all__ = ["image_journey"]

IMAGES = 24
"""So many images can be chosen from."""
QUESTION = "Which digit should say more, which less, and which hidden units are to blame?"


class _ImageJourney(anywidget.AnyWidget):
    """A network with one hidden layer, some images, and one of them on its way.

    Attributes
    ----------
    net : MLP
        The experiment's own network.
    state : dict
        What the browser draws: `images`, each with its numbers of every step, and `code`.
    image, step : int
        Which image; 0 the image, 1 the hidden activations, 2 the probabilities, 3 the error at the output, 4 at the
        hidden units, 5 at the pixels.
    updates : list
        (image, eta) of every update since the last rewind.
    """

    _esm = front_end.module(Path(__file__).with_name("journey"))
    _css = front_end.css(Path(__file__).with_name("journey"))

    title = traitlets.Unicode("One image, there and back").tag(sync=True)
    question = traitlets.Unicode(QUESTION).tag(sync=True)
    state = traitlets.Dict().tag(**front_end.AS_TEXT)
    image = traitlets.Int(0).tag(sync=True)
    step = traitlets.Int(0).tag(sync=True)
    eta = traitlets.Float(0.01).tag(sync=True)
    message = traitlets.Unicode().tag(sync=True)

    def __init__(self, net: MLP, x: ArrayLike, y: ArrayLike) -> None:
        if len(net.sizes) != 3 or net.loss_function.targets != "classes":
            raise ValueError(f"net must have one hidden layer and softmax_cross_entropy; got {net!r}.")
        self._x = checks.inputs(x, net.sizes[0], net.dtype)
        self._y = checks.targets(y, len(self._x), net.sizes[-1], "classes", net.dtype)
        if self._y.ndim != 1:
            raise ValueError(
                f"y must hold class numbers, one an image; got shape {self._y.shape}. Pass y.argmax(axis=1)."
            )
        if len(self._x) > IMAGES:
            raise ValueError(f"x must hold at most {IMAGES} images; got {len(self._x)}. Pass x[:{IMAGES}].")
        self.net = copy.copy(net)
        self.net.params, self._first = copied(net.params), copied(net.params)
        self.updates: list[tuple[int, float]] = []
        super().__init__(state=self._state())
        self.on_msg(self._answer)

    def update(self, eta: object = None) -> None:
        """Take one step of gradient descent on the chosen image."""
        try:
            rate = checks.positive("eta", self.eta if eta is None else read(eta))
        except (TypeError, ValueError) as reason:
            self.message = f"{reason} Nothing was updated."
            return
        k, before = self.image, copied(self.net.params)
        right = self.state["images"][k]["y"]
        p = self.state["images"][k]["p"][right]
        one, target = self._x[k : k + 1], self._y[k : k + 1]
        with np.errstate(over="ignore", invalid="ignore"):
            self.net.update(self.net.backward(self.net.forward(one), target), rate)
            finite = all(np.isfinite(self.net.forward(self._x).a[-1]).ravel())
        if not finite:
            self.net.params = before
            self.message = f"The step with eta = {rate:g} is too large: it leads to inf or nan. Nothing was updated."
            return
        self.updates.append((k, rate))
        with self.hold_sync():
            self.eta, self.state = rate, self._state()
            after = self.state["images"][k]["p"][right]
            self.message = (
                f"Updated with eta = {self.eta:g}: the probability of {right} went from {number(p)} to {number(after)}."
            )

    def rewind(self) -> None:
        """Go back to the network as it was given, and to the first image."""
        self.net.params, self.updates = copied(self._first), []
        with self.hold_sync():
            self.image, self.step, self.state = 0, 0, self._state()
            self.message = "Rewound to the first weights."

    def lines(self) -> str:
        """Return the lines of bpbook that make the numbers shown, from the net, x and y that were given."""
        return self.state["code"] + self.state["images"][self.image]["code"]

    # What the browser draws -----------------------------------------------------------------------------------

    def _state(self) -> dict[str, Any]:
        lines = ["import copy", "import bpbook as bp", "net = copy.deepcopy(net)  # the net, x and y that were given"]
        for k, eta in self.updates:
            lines.append(f"net.update(net.backward(net.forward(x[{k}:{k + 1}]), y[{k}:{k + 1}]), {eta!r})")
        return {"images": [self._image(k) for k in range(len(self._x))], "code": "\n".join(lines) + "\n"}

    def _image(self, k: int) -> dict[str, Any]:
        """Return all numbers of image k alone (m = 1), to 7 digits."""
        net, x, y = self.net, self._x[k : k + 1], self._y[k : k + 1]
        cache = net.forward(x)
        grads, p, right = net.backward(cache, y), net.predict_proba(x)[0], int(y[0])
        arrays = {
            "x": x[0],
            "a": cache.a[1][0],
            "p": p,
            "error": grads.delta[2][0],
            "arriving": (grads.delta[2] @ net.W[2].T)[0],
            "slope": net.params.f[1].prime(cache.z[1])[0],
            "delta": grads.delta[1][0],
            "dx": input_gradient(net, x, y)[0],
        }
        C = net.loss(cache, y)
        return {name: [float(f"{value:.7g}") for value in array] for name, array in arrays.items()} | {
            "y": right,
            "C": C,
            "name": f"image {k}: it is a {right}, read as {p.argmax()}",
            "steps": _steps(arrays, right, C, net.params.f[1].name),
            "code": f"x_k, y_k = x[{k}:{k + 1}], y[{k}:{k + 1}]\n"
            "cache = net.forward(x_k)\n"
            "p = net.predict_proba(x_k)\n"
            "C = net.loss(cache, y_k)\n"
            "grads = net.backward(cache, y_k)\n"
            "at_the_image = bp.input_gradient(net, x_k, y_k)\n",
        }

    def _answer(self, _: object, request: dict[str, Any], __: object) -> None:
        """Do what the browser asks, and tell it when that is done."""
        if request["do"] == "update":
            self.update(request["eta"])
        elif request["do"] == "rewind":
            self.rewind()
        self.send({"did": request["do"]})

    @traitlets.validate("image", "step")
    def _within(self, proposal: Any) -> int:
        """Keep a number within its range; otherwise leave it as it was and say so."""
        name, value = proposal["trait"].name, proposal["value"]
        last = 5 if name == "step" else len(self._x) - 1
        if 0 <= value <= last:
            return int(value)
        self.message = f"{name} must be from 0 to {last}; got {value}."
        return int(getattr(self, name))

    def __repr__(self) -> str:
        shown = self.state["images"][self.image]
        return f"[experiment] {self.title.lower()}; {shown['name']}, C = {shown['C']:.4g}"


def _steps(arrays: dict[str, NDArray[Any]], right: int, C: float, hidden: str) -> list[dict[str, str]]:
    """Return the title and the words of every step, with this image's numbers."""
    a, p, error, delta, dx = (arrays[name] for name in ("a", "p", "error", "delta", "dx"))
    read, loudest, blamed, pixel = int(p.argmax()), int(a.argmax()), int(abs(delta).argmax()), int(abs(dx).argmax())
    asleep = int((arrays["slope"] == 0).sum())
    verdict = "It reads the image right." if read == right else f"It reads {read}."
    arriving, slope = arrays["arriving"][blamed], arrays["slope"][blamed]
    blame = (
        f"Most blame falls on unit {blamed}: {bracketed(arriving)} · {number(slope)} = {number(delta[blamed])}. "
        f"The {asleep} that are asleep get 0."
        if delta.any()
        else "Nothing comes back: every δ¹ is 0."
    )
    ink = (
        f"Ink matters most at pixel {pixel}: with a little more there the loss {'rises' if dx[pixel] > 0 else 'falls'} "
        f"by about {abs(dx[pixel]):.3g} times the ink added."
        if dx.any()
        else "Nothing comes back: all of it is 0."
    )
    others = "the others get 0 or more" if error[right] < 0 else "all others get 0"
    return [
        {
            "title": "The image",
            "words": f"{len(arrays['x'])} pixels, from no ink (0) to full ink (1). It is a {right}.",
        },
        {
            "title": "Feedforward into the hidden units (FF)",
            "words": f"<i>a</i>¹ = {hidden}(<i>z</i>¹). Unit {loudest} is the loudest, with {number(a[loudest])}; "
            f"{asleep} of {len(a)} are asleep.",
        },
        {
            "title": "Feedforward into the probabilities, and the loss",
            "words": f"<i>p</i> = softmax(<i>a</i>²). The right digit {right} has {number(p[right])}. {verdict}<br>\n"
            f"<i>C</i> = −ln {number(p[right])} = {number(C)}",
        },
        {
            "title": "Backward pass: the error at the output (SCE)",
            "words": f"δ² = <i>p</i> − <i>y</i>. At the right digit {number(p[right])} − 1 = {number(error[right])}; "
            f"{others}, and all together {number(round(float(error.sum()), 9))}.",
        },
        {
            "title": "Backward pass: the hidden units (BP2)",
            "words": f"δ¹ = (δ² <i>W</i>²ᵀ) * <i>f</i>′(<i>z</i>¹). {blame}",
        },
        {
            "title": "Backward pass: the pixels",
            "words": f"∂<i>C</i>/∂<i>x</i> = δ¹ <i>W</i>¹ᵀ. {ink}",
        },
    ]


def image_journey(net: MLP, x: ArrayLike, y: ArrayLike) -> _ImageJourney:
    """Return the experiment of chapter 01: choose an image, step it forward, step its error back, update.

    Parameters
    ----------
    net : MLP
        One hidden layer, softmax_cross_entropy. It is copied: the experiment changes its own.
    x : array of shape (m, n_0)
        At most 24 images.
    y : array of shape (m,)
        The classes they belong to.

    Raises
    ------
    ValueError
        The network has another shape or loss, or there are too many images.

    Examples
    --------
    >>> net = MLP([4, 4, 2], init="zeros")
    >>> image_journey(net, [[0.0, 1.0, 1.0, 0.0]], [1])
    [experiment] one image, there and back; image 0: it is a 1, read as 0, C = 0.6931
    """
    return _ImageJourney(net, x, y)
