"""A computational graph on arrays: reverse mode and forward mode, each operation beside its local rule.

Wrap what you want derivatives for in `variable`; plain numbers and arrays are constants. Arithmetic on nodes builds
the graph and computes its values on the way. Then one sweep over the graph gives derivatives:

    backward(C)             reverse mode: the adjoint dC/da of every node a                u -> J^T u
    forward_mode(C, {x: v}) forward mode: how fast every node moves when x moves along v   v -> J v

In this file a and b are nodes, u is an adjoint on its way back, and v is a tangent on its way forward. Every edge of
the graph holds its operation's local Jacobian J as these two functions, never as a matrix. A sweep stores nothing in
the nodes, so a second `backward` gives what the first one gave.

>>> x, y = variable(2.0, "x"), variable(5.0, "y")
>>> f = log(x) + x * y - sin(y)
>>> adjoint = backward(f)
>>> adjoint[x] == 1 / 2 + 5, adjoint[y] == 2 - np.cos(5)
(np.True_, np.True_)
>>> forward_mode(f, {x: 1.0})[f] == adjoint[x]
np.True_

Where a slope does not exist, one is chosen: relu has 0 at 0, equal maxima share, and `norm` at 0 and `log_sum_exp` of
a row of -inf send back 0. A root such as a ** 0.5 has an infinite slope at 0, so a sweep through it raises an error.
NumPy's own functions know no derivatives, so they refuse a node and name what to write instead.
"""

import copy
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from . import checks, refusals
from .refusals import NoArray
from .refusals import PerNode as PerNode

Array = NDArray[Any]
Rule = Callable[[Array], Array]
Axis = int | tuple[int, ...] | None


class Edge(NamedTuple):
    """What an operation knows about one of its inputs: the local Jacobian J, as two functions."""

    parent: "Node"  # the input
    vjp: Rule  # u -> J^T u, from the shape of the output to that of the parent (vector-Jacobian product)
    jvp: Rule  # v -> J v, from the shape of the parent to that of the output (Jacobian-vector product)
    cost: int  # multiply-adds of either: one for every entry of J not zero by structure; moving numbers is free


def _both_ways(operation: Callable[[Any, Any], "Node"]) -> tuple[Callable[[Any, Any], "Node"], ...]:
    """Return the methods for node + other and for other + node."""
    return operation, lambda a, b: operation(b, a)


class Node(NoArray):
    """A value, the operation that made it, and an edge to each of its inputs.

    Attributes
    ----------
    value : array of any shape
        Computed when the node was made, and read-only, because the local derivatives are made from it.
    operation, name : str
        What made it ("variable" and "constant" are leaves), and what to call it, if anything.
    edges : tuple of Edge
        One for each input, in the order of the operation's arguments.
    cost : int
        Multiply-adds of computing the value.
    varies : bool
        Whether it depends on a variable. No backward sweep visits what does not.
    """

    def __init__(self, value: ArrayLike, operation: str, edges: tuple[Edge, ...] = (), cost: int = 0, name: str = ""):
        self._value = np.asarray(value).view()
        self._value.flags.writeable = False
        self.operation, self.edges, self.cost, self.name = operation, edges, cost, name
        self.varies: bool = operation == "variable" or any(edge.parent.varies for edge in edges)

    value = property(lambda self: self._value, lambda self, _: self._refuse("another value"))
    shape = property(lambda self: self._value.shape)
    T = property(lambda self: transpose(self))

    def __repr__(self) -> str:
        return f"<{self.name or self.operation} {self.shape}>"

    def __format__(self, form: str) -> str:
        return format(self.value, form) if form else repr(self)

    __add__, __radd__ = _both_ways(lambda a, b: add(a, b))
    __sub__, __rsub__ = _both_ways(lambda a, b: subtract(a, b))
    __mul__, __rmul__ = _both_ways(lambda a, b: multiply(a, b))
    __truediv__, __rtruediv__ = _both_ways(lambda a, b: divide(a, b))
    __matmul__, __rmatmul__ = _both_ways(lambda a, b: matmul(a, b))
    __pow__, __rpow__ = _both_ways(lambda a, b: power(a, b))

    def __neg__(self) -> "Node":
        return multiply(self, -1.0)

    def __getitem__(self, key: Any) -> "Node":
        return index(self, key)


def variable(value: ArrayLike, name: str = "") -> Node:
    """Return a leaf that derivatives are wanted for. It keeps a copy of the value."""
    return Node(refusals.numbers(value), "variable", name=name)


def _node(value: Any, beside: Any = None) -> Node:
    """Return a node as it is and all else as a constant, a Python number in the precision of what is beside it."""
    if isinstance(value, Node):
        return value
    array = refusals.numbers(value)
    if isinstance(beside, Node) and type(value) in (bool, int, float, complex):
        array = array.astype(np.result_type(beside.value, value))
    return Node(array, "constant")


# The sweeps ---------------------------------------------------------------------------------------------------


def topological_order(output: Node) -> list[Node]:
    """Return every node that `output` depends on, each after all of its inputs; the last one is `output`.

    A stack takes the place of recursion, so that a graph may be deeper than Python's recursion limit.
    """
    if not isinstance(output, Node):
        got = checks.shown(output)
        raise TypeError(f"output must be a node; got {got}. Compute it from bp.graph.variable(x) in place of x.")
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

    Every node comes before its inputs, so its adjoint is complete, with one contribution from each of its uses,
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
        adjoint[a] has the shape of a, for `output` and every node between it and a variable. A constant or a node
        that `output` does not depend on is a KeyError; `adjoint.get(a, 0.0)` is 0 for it.

    Raises
    ------
    TypeError
        `output` is not a node.
    ValueError
        `output` depends on no variable, or is not one number and there is no seed, or the seed has another shape.
    """
    order = topological_order(output)
    if not output.varies:
        raise ValueError(f"output must depend on a variable; got {output!r}. Wrap an input: bp.graph.variable(x).")
    if seed is None and output.value.size != 1:
        raise ValueError(
            f"backward needs a seed of shape {output.shape}, as its output is not one number; got none. "
            "Pass backward(output, seed), or sum the output first."
        )
    seed = np.ones_like(output.value) if seed is None else refusals.shaped("seed", seed, output.value)
    adjoint = {output: seed}
    for node in reversed(order):
        for parent, vjp, _, _ in node.edges:
            if parent.varies:
                # Not +=, for vjp may hand back the very array it was given.
                adjoint[parent] = adjoint.get(parent, 0.0) + vjp(adjoint[node])  # (MV, RM)
    return PerNode(adjoint)


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

    Raises
    ------
    TypeError
        `output` is not a node, or `directions` does not map nodes to arrays.
    ValueError
        A direction has another shape than its node, or `output` does not depend on that node.
    """
    order = topological_order(output)
    if not isinstance(directions, Mapping) or not all(isinstance(a, Node) for a in directions):
        got = checks.shown(directions)
        raise TypeError(f"directions must map nodes to arrays, as {{x: 1.0}} does for a node x; got {got}.")
    if outside := directions.keys() - set(order):
        raise ValueError(f"directions must be of nodes that output depends on; got {outside}. Compute it from them.")
    tangent: dict[Node, Any] = {a: refusals.shaped("direction", v, a.value) for a, v in directions.items()}
    for node in order:
        for parent, _, jvp, _ in node.edges:
            if parent in tangent:
                tangent[node] = tangent.get(node, 0.0) + jvp(tangent[parent])  # (FM)
    return PerNode({a: tangent[a] if a in tangent else np.zeros_like(a.value) for a in order})


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
    if u.shape == shape:
        return u
    u = u.sum(axis=tuple(range(u.ndim - len(shape))))
    return u.sum(axis=tuple(k for k, n in enumerate(shape) if n == 1), keepdims=True)


def _pair(operation: str, a: Any, b: Any, *condition: tuple[int, ...]) -> tuple[Node, Node]:
    a, b = _node(a, beside=b), _node(b, beside=a)
    refusals.broadcast(operation, *condition, a.shape, b.shape)
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
    """a ** n for a constant number n. At 0 the slope of a root, 0 < n < 1, is infinite and refused."""
    a = _node(a)
    n = exponent.item() if isinstance(exponent, np.ndarray | np.generic) and exponent.ndim == 0 else exponent
    if not isinstance(n, int | float):
        mend = "Write bp.graph.exp(b * bp.graph.log(a)) for a ** b."
        raise TypeError(f"power needs a number as its exponent; got {type(n).__name__}. {mend}")

    def slope() -> Any:
        if 0 < n < 1 and not a.value.all():
            mend = f"Write (a + 1e-12) ** {n:g}, or bp.graph.norm for a length."
            raise ValueError(f"a ** {n:g} must not meet a 0, where its slope is infinite; got one in {a!r}. {mend}")
        return n * a.value ** (n - 1) if n else 0.0

    return _elementwise("power", a.value**n, (a, slope))


def _function(name: str, f: Rule, slope: Callable[[Array, Array], Any], doc: str) -> Callable[[Any], Node]:
    """Return the operation of a function y = f(x) of one number, whose slope is made from x and y."""

    def operation(a: Any) -> Node:
        a = _node(a)
        y = f(a.value)
        return _elementwise(name, y, (a, lambda: slope(a.value, y)))

    operation.__name__, operation.__doc__ = name, doc
    return operation


# fmt: off
exp  = _function("exp",  np.exp,                     lambda x, y: y,         "e^a, its own derivative.")
log  = _function("log",  np.log,                     lambda x, y: 1 / x,     "ln a.")
sin  = _function("sin",  np.sin,                     lambda x, y: np.cos(x), "sin a.")
tanh = _function("tanh", np.tanh,                    lambda x, t: 1 - t**2,  "tanh a.")
relu = _function("relu", lambda x: np.maximum(x, 0), lambda x, y: x > 0,     "max(a, 0), with derivative 0 at 0.")
# fmt: on


def sigmoid(a: Any) -> Node:
    """1 / (1 + e^-a), as e^a / (1 + e^a) where a < 0, so that nothing overflows."""
    a = _node(a)
    e = np.exp(np.where(a.value.real < 0, a.value, -a.value))
    return _elementwise("sigmoid", np.where(a.value.real < 0, e, 1) / (1 + e), (a, lambda: e / (1 + e) ** 2))


def where(condition: ArrayLike, a: Any, b: Any) -> Node:
    """a where the condition, a plain array, holds and b elsewhere: the adjoint goes to the one that was taken."""
    taken = np.array(condition, dtype=bool)
    a, b = _pair("where", a, b, taken.shape)
    return _elementwise("where", np.where(taken, a.value, b.value), (a, lambda: taken), (b, lambda: ~taken))


# Operations that mix entries: J^T is not J -----------------------------------------------------------------------


def matmul(a: Any, b: Any) -> Node:
    """a @ b for a of shape (m, k) and b of shape (k, n), or vectors of shape (k,): da = u b^T, db = a^T u."""
    a, b = _node(a), _node(b)
    refusals.product(a.shape, b.shape)
    if len(a.shape) == 1 or len(b.shape) == 1:
        row = a if len(a.shape) == 2 else reshape(a, (1, -1))
        column = b if len(b.shape) == 2 else reshape(b, (-1, 1))
        return reshape(row @ column, a.shape[:-1] + b.shape[1:])
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
        return (at / at.sum(axis=axis, keepdims=True)).astype(a.value.dtype)

    edge = Edge(
        a,
        vjp=lambda u: u.reshape(largest.shape) * share(),
        jvp=lambda v: (v * share()).sum(axis=axis, keepdims=keepdims),
        cost=value.size,
    )
    return Node(value, "max", (edge,), a.value.size)


def reshape(a: Any, shape: tuple[int, ...]) -> Node:
    """The same numbers in another shape, of which one axis may be -1."""
    a = _node(a)
    value = a.value.reshape(shape)
    return Node(value, "reshape", (Edge(a, lambda u: u.reshape(a.shape), lambda v: v.reshape(value.shape), cost=0),))


def transpose(a: Any) -> Node:
    """The axes in reverse order."""
    a = _node(a)
    return Node(a.value.T, "transpose", (Edge(a, vjp=lambda u: u.T, jvp=lambda v: v.T, cost=0),))


def index(a: Any, key: Any) -> Node:
    """a[key], also with arrays of indices: an entry taken twice gets both adjoints."""
    a = _node(a)
    value, key = a.value[key], copy.deepcopy(key)

    def vjp(u: Array) -> Array:
        scattered = np.zeros(a.shape, u.dtype)
        np.add.at(scattered, key, u)
        return scattered

    return Node(value, "index", (Edge(a, vjp=vjp, jvp=lambda v: v[key], cost=0),))


def concatenate(nodes: Sequence[Any], axis: int = 0) -> Node:
    """Join nodes along an axis that they have: each gets its own part of the adjoint."""
    parts = [_node(a) for a in nodes]
    value = np.concatenate([a.value for a in parts], axis)
    still, cuts = [np.zeros_like(a.value) for a in parts], np.cumsum([a.shape[axis] for a in parts])[:-1]

    def edge(k: int) -> Edge:
        def moved(v: Array) -> Array:
            return np.concatenate([*still[:k], v, *still[k + 1 :]], axis)

        return Edge(parts[k], vjp=lambda u: np.split(u, cuts, axis)[k], jvp=moved, cost=0)

    return Node(value, "concatenate", tuple(map(edge, range(len(parts)))))


# Built from the others, derivatives for nothing ---------------------------------------------------------------------


def mean(a: Any, axis: Axis = None, keepdims: bool = False) -> Node:
    """Mean over some axes, or all."""
    a = _node(a)
    if not a.value.size:
        raise ValueError(f"mean needs at least one entry; got {a!r}.")
    total = sum(a, axis, keepdims)
    return total * (total.value.size / a.value.size)


def norm(a: Any, axis: Axis = None, keepdims: bool = False) -> Node:
    """Root of the sum of a^2 over some axes, or all. At 0, where it has a kink, it sends back 0."""
    total = sum(_node(a) ** 2, axis, keepdims)
    zero = (total.value == 0).astype(total.value.dtype)
    return (total + zero) ** 0.5 - zero if zero.any() else total**0.5  # there the root of 1, minus 1


def log_sum_exp(a: Any, axis: Axis = -1, keepdims: bool = False) -> Node:
    """ln of the sum of e^a, without overflow: the largest entry is taken out first, as a constant.

    A row of -inf, in which everything is masked, gives -inf and sends back 0.
    """
    a = _node(a)
    largest = a.value.max(axis=axis, keepdims=True)
    total = sum(exp(a - np.where(np.isfinite(largest), largest, 0)), axis, keepdims)
    empty = (total.value == 0).astype(total.value.dtype)
    return log(total + empty if empty.any() else total) + largest.reshape(total.shape)  # there ln 1, minus inf


def softmax_cross_entropy(z: Any, classes: ArrayLike) -> Node:
    """Mean over the rows of z of ln sum_k e^{z_k} - z_y: z of shape (m, n_L), classes of shape (m,) or one-hot."""
    z = _node(z)
    if len(z.shape) != 2:
        raise ValueError(f"z must have shape (m, n_L); got {z.shape}. For one example pass z[None].")
    y = checks.targets(classes, z.shape[0], z.shape[1], "classes", z.value.dtype, "classes")
    return mean(log_sum_exp(z) - (sum(z * y, axis=1) if y.ndim == 2 else z[np.arange(len(y)), y]))
