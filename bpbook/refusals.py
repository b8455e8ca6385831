"""What the graph refuses, and in which words.

A function of NumPy or Python that takes a node for an array or a number would compute with the plain numbers, and the
way back would end there without a word. So a node refuses, and names what to write in that function's place.
"""

from collections.abc import Callable, Iterator
from functools import partialmethod
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from . import checks

Array = NDArray[Any]

SAME = (
    "add concatenate divide exp log matmul max mean multiply norm power reshape sin subtract sum tanh transpose where"
)
COMPARISONS = ("a comparison", "equal", "not_equal", "less", "less_equal", "greater", "greater_equal")
# fmt: off
INSTEAD = {
    **{name: f"bp.graph.{name}" for name in SAME.split()},
    **dict.fromkeys(COMPARISONS, "a.value for its numbers, or a is b for the node itself"),
    "an array": "bp.graph.concatenate([a[None], b[None]]) to join nodes, or a.value for the numbers alone",
    "another value": "bp.graph.variable(value)", "setting entries": "bp.graph.where", "grad": "bp.graph.backward(a)[a]",
    "absolute": "bp.graph.relu(a) + bp.graph.relu(-a)", "amax": "bp.graph.max", "average": "bp.graph.mean",
    "cos": "bp.graph.sin(a + np.pi / 2)", "dot": "a @ b", "expm1": "bp.graph.exp(a) - 1", "inner": "a @ b.T",
    "kron": "bp.graph.reshape(a[:, None, :, None] * b[:, None], (a.shape[0] * b.shape[0], -1))",
    "log10": "bp.graph.log(a) / np.log(10)", "log1p": "bp.graph.log(1 + a)", "log2": "bp.graph.log(a) / np.log(2)",
    "maximum": "bp.graph.relu(a - b) + b", "min": "-bp.graph.max(-a)", "minimum": "a - bp.graph.relu(a - b)",
    "negative": "-a", "outer": "bp.graph.reshape(a, (-1, 1)) * bp.graph.reshape(b, (1, -1))",
    "ravel": "bp.graph.reshape(a, (-1,))", "sqrt": "a**0.5", "square": "a**2", "vdot": "bp.graph.sum(a * b)",
    "stack": "bp.graph.concatenate([a[None], b[None]])", "std": "bp.graph.mean((a - bp.graph.mean(a)) ** 2) ** 0.5",
    "var": "bp.graph.mean((a - bp.graph.mean(a)) ** 2)", "vstack": "bp.graph.concatenate",
}
OTHERWISE = "+, -, *, /, **, @ and the functions of bp.graph, or a.value for its numbers alone"
# fmt: on
BINARY = {"add": "add", "subtract": "sub", "multiply": "mul", "divide": "truediv", "power": "pow", "matmul": "matmul"}


class NoArray:
    """Refuse what only arrays and numbers can do; array + node and its like are left to the node's own operators."""

    def _refuse(self, what: str, *_: Any, **__: Any) -> Any:
        mend = INSTEAD.get(what.rpartition(".")[2], OTHERWISE)
        raise TypeError(f"{what} would lose the derivative of a node; got {self!r}. Use {mend}.")

    __bool__ = __lt__ = __le__ = __gt__ = __ge__ = partialmethod(_refuse, "a comparison")
    __float__ = __int__ = __index__ = __complex__ = __round__ = partialmethod(_refuse, "a plain number")
    __floordiv__ = __rfloordiv__ = __mod__ = __rmod__ = partialmethod(_refuse, "a quotient cut to a whole number")
    __array__ = partialmethod(_refuse, "an array")
    __setitem__ = partialmethod(_refuse, "setting entries")
    __abs__ = partialmethod(_refuse, "absolute")
    __hash__ = object.__hash__  # nodes are keys of what a sweep returns

    def __eq__(self, other: object) -> bool:
        return other is self or (other is not None and self._refuse("a comparison"))

    def __len__(self) -> int:
        if not self.shape:
            raise TypeError(f"a node that is one number has no rows; got {self!r}. Put [a] where a list is meant.")
        return self.shape[0]

    def __iter__(self) -> Iterator[Any]:
        return map(self.__getitem__, range(len(self)))

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        mend = INSTEAD.get(name, f"a.value.{name}" if hasattr(np.ndarray, name) else OTHERWISE)
        raise AttributeError(f"a node has no {name}; got {self!r}. Use {mend}.")

    def __array_function__(self, function: Callable[..., Any], types: Any, args: Any, kwargs: Any) -> Any:
        self._refuse(f"{function.__module__}.{function.__name__}".replace("numpy", "np"))

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **settings: Any) -> Any:
        operator, name = BINARY.get(ufunc.__name__), f"{'np.' if hasattr(np, ufunc.__name__) else ''}{ufunc.__name__}"
        if operator and method == "__call__" and not settings:  # array + node comes here as np.add
            a, b = inputs
            return getattr(a, f"__{operator}__")(b) if a is self else getattr(b, f"__r{operator}__")(a)
        self._refuse(name if method == "__call__" else f"{name}.{method}")


class PerNode(dict[Any, Any]):
    """An array for every node that a sweep has met. Any other is a KeyError, as its derivative may not be 0."""

    def __getitem__(self, node: Any) -> Any:
        if not isinstance(node, NoArray):
            raise KeyError(f"only nodes have derivatives; got {checks.shown(node)}. Use what variable() returned.")
        if node not in self:
            reason = "is made of constants. Wrap what it is made of in variable()"
            if node.varies:
                reason = "is outside the graph. Compute the output from it again, or use .get(node, 0.0) for 0"
            raise KeyError(f"no derivative is known for {node!r}, which {reason}.")
        return super().__getitem__(node)


def numbers(value: ArrayLike) -> Array:
    """Return a copy, in floating point."""
    if isinstance(value, np.matrix | np.ma.MaskedArray):  # whose products and sums are others
        mend = "value.A" if isinstance(value, np.matrix) else "value.filled(0.0)"
        raise ValueError(f"value must be a plain array; got a {type(value).__name__}. Pass {mend}.")
    array = checks.numeric("value", value, complex_too=True)
    return array.copy() if array.dtype.kind in "fc" else array.astype(np.float64)


def shaped(what: str, array: ArrayLike, value: Array) -> Array:
    """Return a copy in the precision of a node's value, if it has the value's shape."""
    u = numbers(array)
    if u.shape != value.shape:
        raise ValueError(
            f"the {what} must have the shape of its node, {value.shape}; got {u.shape}. "
            f"Reshape it, or use np.broadcast_to({what}, {value.shape})."
        )
    return u if u.dtype.kind == "c" else u.astype(value.dtype)


def broadcast(operation: str, *shapes: tuple[int, ...]) -> None:
    """Refuse shapes that do not broadcast."""
    try:
        np.broadcast_shapes(*shapes)
    except ValueError:
        raise ValueError(
            f"{operation} needs shapes that agree, axis by axis from the right, or are 1 where they differ; "
            f"got {' and '.join(map(str, shapes))}. Transpose one of them, or give it an axis of length 1 by reshape."
        ) from None


def product(a: tuple[int, ...], b: tuple[int, ...]) -> None:
    """Refuse shapes that have no matrix product."""
    if not {len(a), len(b)} <= {1, 2} or a[-1] != b[0]:
        raise ValueError(
            f"matmul needs shapes (m, k) and (k, n), or (k,) for a vector; got {a} and {b}. "
            "Transpose one of them, use * for single numbers, or a[0] @ b for one matrix of a stack."
        )
