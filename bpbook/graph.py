"""A computational graph on arrays: reverse mode and forward mode, each operation beside its local rule.

Wrap what you want derivatives for in `variable`; plain numbers and arrays are constants. Arithmetic on nodes builds
the graph and computes its values on the way. Then one sweep over the graph gives derivatives:

    backward(C)             reverse mode: the adjoint dC/dv of every node v               u -> J^T u
    forward_mode(C, {x: v}) forward mode: how every node moves when x moves along v       v -> J v

Every edge of the graph holds its operation's local Jacobian J as these two functions, never as a matrix. Nothing is
stored in the nodes by a sweep, so a second `backward` gives what the first one gave.

>>> x, y = variable(2.0, "x"), variable(5.0, "y")
>>> f = log(x) + x * y - sin(y)
>>> adjoint = backward(f)
>>> adjoint[x] == 1 / 2 + 5, adjoint[y] == 2 - np.cos(5)
(np.True_, np.True_)
>>> forward_mode(f, {x: 1.0})[f] == adjoint[x]
np.True_
"""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[Any]
Rule = Callable[[Array], Array]
Axis = int | tuple[int, ...] | None


class Edge(NamedTuple):
    """What an operation knows about one of its inputs: the local Jacobian J, as two functions.

    Attributes
    ----------
    parent : Node
        The input.
    vjp : callable
        u -> J^T u, from the shape of the output to that of the parent (vector-Jacobian product).
    jvp : callable
        v -> J v, from the shape of the parent to that of the output (Jacobian-vector product).
    cost : int
        Multiply-adds of either: one for every entry of J that is not zero by structure. Moving numbers is free.
    """

    parent: "Node"
    vjp: Rule
    jvp: Rule
    cost: int


class Node:
    """A value, the operation that made it, and an edge to each of its inputs.

    Attributes
    ----------
    value : array of any shape
        Computed when the node was made.
    operation, name : str
        What made it ("variable" and "constant" are leaves), and what to call it, if anything.
    edges : tuple of Edge
        One for each input, in the order of the operation's arguments.
    cost : int
        Multiply-adds of computing the value.
    varies : bool
        Whether a variable stands somewhere upstream. No sweep visits what does not vary.
    """

    __array_ufunc__ = None  # so that array + node calls Node.__radd__

    def __init__(self, value: ArrayLike, operation: str, edges: tuple[Edge, ...] = (), cost: int = 0, name: str = ""):
        self.value = np.asarray(value)
        self.operation, self.edges, self.cost, self.name = operation, edges, cost, name
        self.varies: bool = operation == "variable" or any(edge.parent.varies for edge in edges)

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of the value."""
        return self.value.shape

    @property
    def T(self) -> "Node":
        """The transpose."""
        return transpose(self)

    def __repr__(self) -> str:
        return f"<{self.name or self.operation} {self.shape}>"

    def __add__(self, other: Any) -> "Node":
        return add(self, other)

    def __radd__(self, other: Any) -> "Node":
        return add(other, self)

    def __sub__(self, other: Any) -> "Node":
        return subtract(self, other)

    def __rsub__(self, other: Any) -> "Node":
        return subtract(other, self)

    def __mul__(self, other: Any) -> "Node":
        return multiply(self, other)

    def __rmul__(self, other: Any) -> "Node":
        return multiply(other, self)

    def __truediv__(self, other: Any) -> "Node":
        return divide(self, other)

    def __rtruediv__(self, other: Any) -> "Node":
        return divide(other, self)

    def __matmul__(self, other: Any) -> "Node":
        return matmul(self, other)

    def __rmatmul__(self, other: Any) -> "Node":
        return matmul(other, self)

    def __neg__(self) -> "Node":
        return multiply(self, -1.0)

    def __pow__(self, exponent: float) -> "Node":
        return power(self, exponent)

    def __getitem__(self, key: Any) -> "Node":
        return index(self, key)


def variable(value: ArrayLike, name: str = "") -> Node:
    """Return a leaf that derivatives are wanted for."""
    return Node(_numbers(value), "variable", name=name)


def _node(value: Any) -> Node:
    return value if isinstance(value, Node) else Node(_numbers(value), "constant")


def _numbers(value: ArrayLike) -> Array:
    try:
        array = np.asarray(value)
    except ValueError:
        raise ValueError("a node must hold a rectangular array; got rows of different lengths.") from None
    if array.dtype.kind not in "biufc":
        raise TypeError(f"a node must hold numbers; got dtype {array.dtype}. Pass a number, an array or a node.")
    return array if array.dtype.kind in "fc" else array.astype(np.float64)


# The sweeps ---------------------------------------------------------------------------------------------------


class PerNode(dict[Node, Array]):
    """An array for every node; 0 for one that the sweep did not meet, as for all that no variable moves."""

    def __missing__(self, node: Node) -> Array:
        return np.zeros_like(node.value)


def topological_order(output: Node) -> list[Node]:
    """Return every node that `output` depends on, each after all of its inputs; the last one is `output`.

    A stack takes the place of recursion, so that a graph may be deeper than Python's recursion limit.
    """
    order: list[Node] = []
    seen: set[Node] = set()
    stack = [(output, False)]
    while stack:
        node, inputs_done = stack.pop()
        if inputs_done:
            order.append(node)
        elif node not in seen:
            seen.add(node)
            stack.append((node, True))
            stack.extend((edge.parent, False) for edge in reversed(node.edges))
    return order


def backward(output: Node, seed: ArrayLike | None = None) -> PerNode:
    """Reverse mode: return the adjoint of every node, J^T u with J = d output/d node and u the seed.

    Children come before their inputs, so a node's adjoint is complete, one contribution from each of its uses,
    before it is sent on.

    Parameters
    ----------
    output : Node
        Usually the loss, one number.
    seed : array of the shape of output, optional
        u, what the adjoint of `output` itself is. Left out, it is 1, and `output` must be one number.

    Returns
    -------
    adjoint : PerNode
        adjoint[v] has the shape of v.

    Raises
    ------
    ValueError
        `output` is not one number and there is no seed, or the seed has another shape.
    """
    if seed is None and output.value.size != 1:
        raise ValueError(
            f"backward needs a seed of shape {output.shape}, as its output is not one number; got none. "
            "Pass backward(output, seed), or sum the output first."
        )
    u = np.ones_like(output.value) if seed is None else _shaped("seed", seed, output)
    adjoint = PerNode({output: u})
    for node in reversed(topological_order(output)):
        for parent, vjp, _, _ in node.edges:
            if parent.varies:
                # Not +=, for vjp may hand back the very array it was given.
                adjoint[parent] = adjoint[parent] + vjp(adjoint[node])  # (MV, RM)
    return adjoint


def forward_mode(output: Node, directions: Mapping[Node, ArrayLike]) -> PerNode:
    """Forward mode: return the tangent of every node, J v with J = d node/d variables and v the directions.

    Parameters
    ----------
    output : Node
        The sweep visits what it depends on.
    directions : mapping from node to array of its shape
        v: how fast each variable moves; those left out stand still.

    Returns
    -------
    tangent : PerNode
        tangent[output] is the directional derivative, of the shape of output.
    """
    tangent = PerNode({node: _shaped("direction", v, node) for node, v in directions.items()})
    for node in topological_order(output):
        for parent, _, jvp, _ in node.edges:
            if parent in tangent:
                tangent[node] = tangent[node] + jvp(tangent[parent])  # (FM)
    return tangent


class Cost(NamedTuple):
    """Multiply-adds of computing all values, and of one sweep, backward or in forward mode."""

    values: int
    sweep: int


def count(output: Node) -> Cost:
    """Count the multiply-adds behind `output`, from the shapes: products m n k, elementwise one per element."""
    values = sweep = 0
    for node in topological_order(output):
        values += node.cost
        for edge in node.edges:
            sweep += edge.cost if edge.parent.varies else 0
    return Cost(values, sweep)


def _shaped(what: str, array: ArrayLike, node: Node) -> Array:
    u = _numbers(array)
    if u.shape != node.shape:
        raise ValueError(
            f"the {what} must have the shape of its node, {node.shape}; got {u.shape}. "
            f"Reshape it, or use np.broadcast_to({what}, {node.shape})."
        )
    return u


# Elementwise operations: J is diagonal, so J and J^T do the same, namely multiply by the local derivative ------------


def _elementwise(operation: str, value: Array, *inputs: tuple[Node, Callable[[], Any]]) -> Node:
    """Return the node of an elementwise operation; each input comes with its local derivative."""

    def edge(a: Node, derivative: Callable[[], Any]) -> Edge:
        return Edge(
            a,
            vjp=lambda u: _unbroadcast(u * derivative(), a.shape),  # (CR)
            jvp=lambda v: np.broadcast_to(derivative() * v, value.shape),
            cost=value.size,
        )

    return Node(value, operation, tuple(edge(a, derivative) for a, derivative in inputs), cost=value.size)


def _unbroadcast(u: Array, shape: tuple[int, ...]) -> Array:
    """Sum u over the axes that broadcasting added or stretched: a number used often gets the sum of its uses."""
    u = u.sum(axis=tuple(range(u.ndim - len(shape))))
    return u.sum(axis=tuple(k for k, n in enumerate(shape) if n == 1), keepdims=True)


def _pair(operation: str, a: Any, b: Any) -> tuple[Node, Node]:
    a, b = _node(a), _node(b)
    try:
        np.broadcast_shapes(a.shape, b.shape)
    except ValueError:
        raise ValueError(
            f"{operation} needs shapes that agree, axis by axis from the right, or are 1 where they differ; "
            f"got {a.shape} and {b.shape}. Transpose one of them, or give it an axis of length 1 by reshape."
        ) from None
    return a, b


def add(a: Any, b: Any) -> Node:
    """a + b: the adjoint goes to both."""
    a, b = _pair("add", a, b)
    return _elementwise("add", a.value + b.value, (a, lambda: 1.0), (b, lambda: 1.0))


def subtract(a: Any, b: Any) -> Node:
    """a - b."""
    a, b = _pair("subtract", a, b)
    return _elementwise("subtract", a.value - b.value, (a, lambda: 1.0), (b, lambda: -1.0))


def multiply(a: Any, b: Any) -> Node:
    """a * b: each gets the adjoint times the other."""
    a, b = _pair("multiply", a, b)
    return _elementwise("multiply", a.value * b.value, (a, lambda: b.value), (b, lambda: a.value))


def divide(a: Any, b: Any) -> Node:
    """a / b."""
    a, b = _pair("divide", a, b)
    q = a.value / b.value
    return _elementwise("divide", q, (a, lambda: 1 / b.value), (b, lambda: -q / b.value))


def power(a: Any, exponent: float) -> Node:
    """a ** n for a constant number n."""
    a, n, got = _node(a), exponent, type(exponent).__name__
    if not isinstance(n, int | float | np.number):
        raise TypeError(f"power needs a number as its exponent; got {got}. Write exp(b * log(a)) for a ** b.")
    return _elementwise("power", a.value**n, (a, lambda: n * a.value ** (n - 1) if n else 0.0))


def exp(a: Any) -> Node:
    """e^a, its own derivative."""
    a = _node(a)
    e = np.exp(a.value)
    return _elementwise("exp", e, (a, lambda: e))


def log(a: Any) -> Node:
    """ln a."""
    a = _node(a)
    return _elementwise("log", np.log(a.value), (a, lambda: 1 / a.value))


def sin(a: Any) -> Node:
    """sin a."""
    a = _node(a)
    return _elementwise("sin", np.sin(a.value), (a, lambda: np.cos(a.value)))


def tanh(a: Any) -> Node:
    """tanh a."""
    a = _node(a)
    t = np.tanh(a.value)
    return _elementwise("tanh", t, (a, lambda: 1 - t**2))


def sigmoid(a: Any) -> Node:
    """1 / (1 + e^-a), as e^a / (1 + e^a) where a < 0, so that nothing overflows."""
    a = _node(a)
    e = np.exp(np.where(a.value.real < 0, a.value, -a.value))
    return _elementwise("sigmoid", np.where(a.value.real < 0, e, 1) / (1 + e), (a, lambda: e / (1 + e) ** 2))


def relu(a: Any) -> Node:
    """max(a, 0), with derivative 0 at 0."""
    a = _node(a)
    return _elementwise("relu", np.maximum(a.value, 0), (a, lambda: a.value > 0))


# Operations that mix entries: J^T is not J -----------------------------------------------------------------------


def matmul(a: Any, b: Any) -> Node:
    """a @ b for a of shape (m, k) and b of shape (k, n): da = u b^T, db = a^T u."""
    a, b = _node(a), _node(b)
    if len(a.shape) != 2 or len(b.shape) != 2 or a.shape[1] != b.shape[0]:
        raise ValueError(
            f"matmul needs shapes (m, k) and (k, n); got {a.shape} and {b.shape}. "
            "Transpose one of them, or reshape a vector to a matrix of one row or column."
        )
    cost = a.value.size * b.shape[1]
    from_a = Edge(a, vjp=lambda u: u @ b.value.T, jvp=lambda v: v @ b.value, cost=cost)
    from_b = Edge(b, vjp=lambda u: a.value.T @ u, jvp=lambda v: a.value @ v, cost=cost)
    return Node(a.value @ b.value, "matmul", (from_a, from_b), cost)


def sum(a: Any, axis: Axis = None, keepdims: bool = False) -> Node:
    """Sum over some axes, or all: every summand gets the adjoint of its sum."""
    a = _node(a)
    kept = a.value.sum(axis=axis, keepdims=True).shape
    edge = Edge(
        a,
        vjp=lambda u: np.broadcast_to(u.reshape(kept), a.shape),
        jvp=lambda v: v.sum(axis=axis, keepdims=keepdims),
        cost=a.value.size,
    )
    return Node(a.value.sum(axis=axis, keepdims=keepdims), "sum", (edge,), a.value.size)


def max(a: Any, axis: Axis = None, keepdims: bool = False) -> Node:
    """Largest entry over some axes, or all: it alone gets the adjoint; equals share it."""
    a = _node(a)
    largest, value = (a.value.max(axis=axis, keepdims=kept) for kept in (True, keepdims))

    def share() -> Array:
        at = a.value == largest
        return at / at.sum(axis=axis, keepdims=True)

    edge = Edge(
        a,
        vjp=lambda u: u.reshape(largest.shape) * share(),
        jvp=lambda v: (v * share()).sum(axis=axis, keepdims=keepdims),
        cost=value.size,
    )
    return Node(value, "max", (edge,), a.value.size)


def reshape(a: Any, shape: tuple[int, ...]) -> Node:
    """The same numbers in another shape."""
    a = _node(a)
    try:
        value = a.value.reshape(shape)
    except ValueError:
        got = f"{a.value.size} entries, as {a.shape} has; got {shape}. Use -1 for one axis."
        raise ValueError(f"reshape needs a shape of {got}") from None
    edge = Edge(a, vjp=lambda u: u.reshape(a.shape), jvp=lambda v: v.reshape(shape), cost=0)
    return Node(value, "reshape", (edge,))


def transpose(a: Any) -> Node:
    """The axes in reverse order."""
    a = _node(a)
    return Node(a.value.T, "transpose", (Edge(a, vjp=lambda u: u.T, jvp=lambda v: v.T, cost=0),))


def index(a: Any, key: Any) -> Node:
    """a[key], also with arrays of indices: an entry taken twice gets both adjoints."""
    a = _node(a)

    def vjp(u: Array) -> Array:
        scattered = np.zeros(a.shape, u.dtype)
        np.add.at(scattered, key, u)
        return scattered

    return Node(a.value[key], "index", (Edge(a, vjp=vjp, jvp=lambda v: v[key], cost=0),))


# Built from the others, derivatives for nothing ---------------------------------------------------------------------


def mean(a: Any, axis: Axis = None, keepdims: bool = False) -> Node:
    """Mean over some axes, or all."""
    a = _node(a)
    total = sum(a, axis, keepdims)
    return total * (total.value.size / a.value.size)


def log_sum_exp(a: Any, axis: Axis = -1, keepdims: bool = False) -> Node:
    """ln of the sum of e^a, without overflow: the largest entry is taken out first, as a constant."""
    a = _node(a)
    shift = a.value.max(axis=axis, keepdims=True)
    total = log(sum(exp(a - shift), axis, keepdims))
    return total + shift.reshape(total.shape)


def softmax_cross_entropy(z: Any, classes: ArrayLike) -> Node:
    """Mean over the rows of z of ln sum_k e^{z_k} - z_y: z of shape (m, n_L), classes of shape (m,)."""
    z, y = _node(z), np.asarray(classes)
    if len(z.shape) != 2 or y.shape != z.shape[:1]:
        got = f"z of shape {z.shape} and classes of {y.shape}. Pass classes.ravel(), and z[None] for one row."
        raise ValueError(f"z must have shape (m, n_L) and classes must have shape {z.shape[:1]}; got {got}")
    if y.dtype.kind not in "iu" or not np.isin(y, np.arange(z.shape[1])).all():
        raise ValueError(f"classes must be whole numbers from 0 to {z.shape[1] - 1}; got {np.unique(y).tolist()[:9]}.")
    return mean(log_sum_exp(z) - z[np.arange(len(y)), y])
