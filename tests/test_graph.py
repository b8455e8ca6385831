"""The graph's derivatives against differences, the complex step, the explicit backward pass and autograd.

Every operation is checked by `worst_error`, and the same check must refuse a wrong twin of every operation: the
source of graph.py with one piece of it changed.
"""

import ast
import copy
import math
import re
import types
from itertools import pairwise
from pathlib import Path

import autograd.numpy as anp
import numpy as np
import pytest
from autograd import grad
from numpy.testing import assert_allclose, assert_array_equal

import bpbook as bp
from bpbook import graph
from bpbook.gradcheck import complex_step_gradient, numerical_gradient, relative_error
from bpbook.refusals import COMPARISONS, INSTEAD

SOURCE = Path(graph.__file__).read_text()


def random(*shape, seed=0, low=-2.0):
    return np.random.default_rng([seed, *shape]).uniform(low, 2.0, shape)


POSITIVE = {"low": 0.5}
FOUR, THREE, COLUMN, ROW = random(4, 3), random(3, seed=1), random(4, 1, seed=2), random(1, 3, seed=3)
# name: (function of a graph module and nodes, its inputs). Shapes that differ are there to be broadcast.
OPERATIONS = {
    "add": (lambda g, a, b: a + b, (FOUR, THREE)),
    "add across": (lambda g, a, b: a + b, (COLUMN, ROW)),
    "subtract": (lambda g, a, b: a - b, (COLUMN, FOUR)),
    "subtract from a number": (lambda g, a: 1.0 - a, (FOUR,)),
    "multiply": (lambda g, a, b: a * b, (FOUR, COLUMN)),
    "multiply by one entry": (lambda g, a, b: a * b, (np.array(1.5), FOUR)),
    "negative": (lambda g, a: -a, (FOUR,)),
    "divide": (lambda g, a, b: a / b, (FOUR, random(4, 1, **POSITIVE))),
    "divide a number": (lambda g, a: 3.0 / a, (random(1, 1, **POSITIVE),)),
    "power": (lambda g, a: a**3, (FOUR,)),
    "root": (lambda g, a: a**0.5, (random(5, **POSITIVE),)),
    "exp": (lambda g, a: g.exp(a), (FOUR,)),
    "log": (lambda g, a: g.log(a), (random(4, 3, **POSITIVE),)),
    "sin": (lambda g, a: g.sin(a), (FOUR,)),
    "tanh": (lambda g, a: g.tanh(a), (FOUR,)),
    "sigmoid": (lambda g, a: g.sigmoid(a), (FOUR,)),
    "relu": (lambda g, a: g.relu(a), (FOUR,)),
    "where": (lambda g, a, b: g.where(FOUR > 0.3, a, b), (random(4, 3, seed=7), ROW)),
    "where of a number": (lambda g, a: g.where(COLUMN > 0, a, 2.0), (THREE,)),
    "matmul": (lambda g, a, b: a @ b, (FOUR, random(3, 2))),
    "matmul of squares": (lambda g, a, b: a @ b, (random(3, 3), random(3, 3, seed=1))),
    "matmul with a constant": (lambda g, b: FOUR @ b, (random(3, 1),)),
    "matmul with a vector on the right": (lambda g, a, b: a @ b, (FOUR, random(3))),
    "matmul with a vector on the left": (lambda g, a, b: a @ b, (random(3), random(3, 2))),
    "matmul of two vectors": (lambda g, a, b: a @ b, (random(3), random(3, seed=1))),
    "sum": (lambda g, a: g.sum(a), (FOUR,)),
    "sum over rows": (lambda g, a: g.sum(a, axis=0), (FOUR,)),
    "sum over two axes": (lambda g, a: g.sum(a, axis=(0, -1), keepdims=True), (random(2, 3, 4),)),
    "max": (lambda g, a: g.max(a), (FOUR,)),
    "max of each row": (lambda g, a: g.max(a, axis=-1), (FOUR,)),
    "max of each column": (lambda g, a: g.max(a, axis=0, keepdims=True), (FOUR,)),
    "reshape": (lambda g, a: g.reshape(a, (2, -1)), (FOUR,)),
    "transpose": (lambda g, a: a.T, (FOUR,)),
    "index": (lambda g, a: a[1:, 0], (FOUR,)),
    "gather with repeats": (lambda g, a: a[np.array([0, 2, 2, 2]), np.array([1, 0, 0, 2])], (FOUR,)),
    "concatenate": (lambda g, a, b: g.concatenate([a, b, a]), (FOUR, ROW)),
    "concatenate equals": (lambda g, a, b: g.concatenate([a, b, a]), (FOUR, random(4, 3, seed=8))),
    "concatenate columns": (lambda g, a, b: g.concatenate([a, b, b], axis=-1), (FOUR, COLUMN)),
    "mean": (lambda g, a: g.mean(a), (FOUR,)),
    "norm": (lambda g, a: g.norm(a), (FOUR,)),
    "norm of each row": (lambda g, a: g.norm(a, axis=1, keepdims=True), (FOUR,)),
    "mean of each column": (lambda g, a: g.mean(a, axis=0, keepdims=True), (FOUR,)),
    "log_sum_exp": (lambda g, a: g.log_sum_exp(a), (FOUR,)),
    "log_sum_exp down": (lambda g, a: g.log_sum_exp(a, axis=0, keepdims=True), (FOUR,)),
    "softmax_cross_entropy": (lambda g, a: g.softmax_cross_entropy(a, [0, 2, 2, 1]), (FOUR,)),
    "normalise": (
        lambda g, a, gain, shift: gain * _standard(g, a) + shift,
        (FOUR, random(3, seed=5), random(3, seed=6)),
    ),
    "skip connection": (lambda g, a, w: a + g.tanh(a @ w), (FOUR, random(3, 3))),
    "one node used thrice": (lambda g, a: a * g.sin(a) + g.exp(a * a), (random(2, 2) / 2,)),
    "one node at two depths": (lambda g, a: _times_its_exponential(g, g.tanh(a)) + a, (FOUR,)),
}
NOT_ANALYTIC = {name for name in OPERATIONS if name.startswith(("relu", "max"))}


def _times_its_exponential(g, t):
    return t * g.exp(t)


def _standard(g, a):
    centred = a - g.mean(a, axis=0)
    return centred / (g.mean(centred**2, axis=0) + 1e-5) ** 0.5


def along(g, name, u, k):
    """Return the function x -> sum of u times the operation's value, with x in place of its input number k."""
    function, arrays = OPERATIONS[name]

    def value(x):
        return (u * function(g, *(g.variable(x if k == other else a) for other, a in enumerate(arrays))).value).sum()

    return value


def worst_error(g, name):
    """The largest relative error: adjoints against central differences, and <u, J v> against <J^T u, v>."""
    function, arrays = OPERATIONS[name]
    nodes = [g.variable(a) for a in arrays]
    output = function(g, *nodes)
    u = random(*output.shape, seed=11)
    adjoint = g.backward(output, u)
    errors = [
        relative_error(adjoint[node], numerical_gradient(along(g, name, u, k), arrays[k]))
        for k, node in enumerate(nodes)
    ]
    v = {node: random(*node.shape, seed=12) for node in nodes}
    JTu_v = sum((adjoint[node] * v[node]).sum() for node in nodes)
    return max(*errors, relative_error((u * g.forward_mode(output, v)[output]).sum(), JTu_v))


@pytest.mark.parametrize("name", OPERATIONS)
def test_every_operation_agrees_with_differences_and_its_two_modes_with_each_other(name):
    assert worst_error(graph, name) < 1e-7


@pytest.mark.equation("FM")
@pytest.mark.parametrize("name", OPERATIONS)
def test_adjoint_identity_holds_to_rounding(name):
    function, arrays = OPERATIONS[name]
    nodes = [graph.variable(a) for a in arrays]
    output = function(graph, *nodes)
    u = random(*output.shape, seed=21)
    v = {node: random(*node.shape, seed=22) for node in nodes}
    adjoint, tangent = graph.backward(output, u), graph.forward_mode(output, v)
    assert tangent[output].shape == output.shape
    assert_allclose((u * tangent[output]).sum(), sum((adjoint[n] * v[n]).sum() for n in nodes), rtol=1e-12)


@pytest.mark.parametrize("name", sorted(OPERATIONS.keys() - NOT_ANALYTIC))
def test_every_analytic_operation_agrees_with_the_complex_step(name):
    function, arrays = OPERATIONS[name]
    nodes = [graph.variable(a) for a in arrays]
    output = function(graph, *nodes)
    u = random(*output.shape, seed=31)
    adjoint = graph.backward(output, u)
    for k, node in enumerate(nodes):
        assert relative_error(adjoint[node], complex_step_gradient(along(graph, name, u, k), arrays[k])) < 1e-12


# Wrong twins ----------------------------------------------------------------------------------------------------

TWINS = {
    "adjoint sent to one summand only": (
        "add",
        "(a, lambda: 1.0), (b, lambda: 1.0)",
        "(a, lambda: 1.0), (b, lambda: 0)",
    ),
    "second operand added, not subtracted": ("subtract", "(b, lambda: -1.0)", "(b, lambda: 1.0)"),
    "other factor and own factor swapped": (
        "multiply",
        "(a, lambda: b.value), (b, lambda: a.value)",
        "(a, lambda: a.value), (b, lambda: b.value)",
    ),
    "sign of the denominator": ("divide", "lambda: -q / b.value", "lambda: q / b.value"),
    "exponent not lowered": ("power", "n * a.value ** (n - 1)", "n * a.value**n"),
    "exponential taken twice": ("exp", "lambda x, y: y, ", "lambda x, y: np.exp(y), "),
    "logarithm its own derivative": ("log", "lambda x, y: 1 / x,", "lambda x, y: np.log(x),"),
    "sine of the derivative": ("sin", "lambda x, y: np.cos(x)", "lambda x, y: -np.cos(x)"),
    "tanh's square forgotten": ("tanh", "lambda x, t: 1 - t**2", "lambda x, t: 1 - t"),
    "a (1 - a) fed with z": ("sigmoid", "lambda: e / (1 + e) ** 2", "lambda: a.value * (1 - a.value)"),
    "gate of the ReLU always open": ("relu", "lambda x, y: x > 0", "lambda x, y: x >= x"),
    "transpose missing on the right": ("matmul of squares", "u @ b.value.T", "u @ b.value"),
    "transpose missing on the left": ("matmul of squares", "a.value.T @ u", "a.value @ u"),
    "sum's adjoint divided": (
        "sum",
        "np.broadcast_to(u.reshape(kept), a.shape)",
        "np.broadcast_to(u, a.shape) / a.value.size",
    ),
    "every entry taken for the largest": ("max", "(at / at.sum(axis=axis, keepdims=True))", "(at | True)"),
    "the other one taken": (
        "where",
        "(a, lambda: taken), (b, lambda: ~taken)",
        "(a, lambda: ~taken), (b, lambda: taken)",
    ),
    "parts of the adjoint shifted": (
        "concatenate equals",
        "np.split(u, cuts, axis)[k]",
        "np.split(u, cuts, axis)[k - 1]",
    ),
    "every part moves with one": ("concatenate equals", "[*still[:k], v, *still[k + 1 :]]", "[v for _ in still]"),
    "half of a vector taken for a constant": (
        "matmul of two vectors",
        "row @ column",
        "(row + row.value) * 0.5 @ column",
    ),
    "reshaped in another order": ("reshape", "lambda u: u.reshape(a.shape)", 'lambda u: u.reshape(a.shape, order="F")'),
    "transposed by reshaping": ("transpose", "lambda u: u.T", "lambda u: u.reshape(a.shape)"),
    "repeats overwritten": ("gather with repeats", "np.add.at(scattered, key, u)", "scattered[key] = u"),
    "broadcasting undone by a mean": (
        "multiply",
        "return u.sum(axis=tuple(k for",
        "return u.mean(axis=tuple(k for",
    ),
    "added axes averaged": ("add", "u = u.sum(axis=tuple(range", "u = u.mean(axis=tuple(range"),
    "last use wins": (
        "one node used thrice",
        "adjoint.get(parent, 0.0) + vjp(adjoint[node])",
        "vjp(adjoint[node])",
    ),
    "sent on before it is complete": (
        "one node at two depths",
        "stack.append((node, True))",
        "order.insert(0, node)",
    ),
    "tangents not added up": (
        "one node used thrice",
        "tangent.get(node, 0.0) + jvp(tangent[parent])",
        "jvp(tangent[parent])",
    ),
    "tangent through the transpose": (
        "matmul of squares",
        "jvp=lambda v: v @ b.value,",
        "jvp=lambda v: v @ b.value.T,",
    ),
}


def twin(old, new):
    """Return graph.py as a module of its own, with one piece of its source changed."""
    assert SOURCE.count(old) == 1, f"{old!r} stands {SOURCE.count(old)} times in graph.py"
    module = types.ModuleType("bpbook.twin")
    module.__package__ = "bpbook"
    exec(SOURCE.replace(old, new), module.__dict__)
    return module


@pytest.mark.parametrize("fault", TWINS)
def test_wrong_twins_are_refused(fault):
    name, old, new = TWINS[fault]
    assert worst_error(twin(old, new), name) > 1e-2


def test_every_operation_of_the_module_has_an_entry_and_a_wrong_twin():
    statements = ast.parse(SOURCE).body
    functions = [node for node in statements if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")]
    rules = {f.name for f in functions if "_elementwise(" in ast.unparse(f) or "Edge(" in ast.unparse(f)}
    rules |= {node.value.args[0].value for node in statements if "= _function(" in ast.unparse(node)}
    assert {"exp", "relu", "where", "concatenate"} < rules
    assert rules - OPERATIONS.keys() == {"matmul", "index"} - OPERATIONS.keys()
    assert rules - {name.split()[0] for name, _, _ in TWINS.values()} == {"index"}  # its twin is a gather with repeats


def test_functions_bear_their_names_and_say_what_they_are():
    for name in ("exp", "log", "sin", "tanh", "relu"):
        assert getattr(graph, name).__name__ == name
        assert getattr(graph, name).__doc__


# Values ---------------------------------------------------------------------------------------------------------


def test_values_are_those_of_numpy():
    x, w = random(5, 3), random(3, 2)
    a = graph.variable(x)
    p = np.exp(x) / np.exp(x).sum(axis=1, keepdims=True)
    pairs = [
        (graph.tanh(a @ w), np.tanh(x @ w)),
        (graph.sigmoid(a), 1 / (1 + np.exp(-x))),
        (graph.relu(a), np.where(x > 0, x, 0)),
        (graph.max(a, axis=1), x.max(axis=1)),
        (graph.mean(a, axis=0, keepdims=True), x.mean(axis=0, keepdims=True)),
        (graph.mean(a), x.mean()),
        (graph.log_sum_exp(a), np.log(np.exp(x).sum(axis=1))),
        (graph.softmax_cross_entropy(a, [0, 1, 2, 2, 0]), -np.log(p[np.arange(5), [0, 1, 2, 2, 0]]).mean()),
        (_standard(graph, a), (x - x.mean(axis=0)) / np.sqrt(x.var(axis=0) + 1e-5)),
        (2 - a / 4 + (-a) ** 2, 2 - x / 4 + x**2),
    ]
    for node, expected in pairs:
        assert node.shape == expected.shape
        assert_allclose(node.value, expected, rtol=1e-13)


def test_log_sum_exp_and_sigmoid_survive_logits_of_a_thousand():
    z = graph.variable([[1000.0, 0.0], [-1000.0, -1001.0]])
    C = graph.softmax_cross_entropy(z, [1, 0])
    assert_allclose(C.value, (1000 + np.log(1 + np.exp(-1))) / 2)
    assert_allclose(graph.backward(C)[z][0], [0.5, -0.5])
    s = graph.sigmoid(z)
    assert_allclose(s.value[:, 0], [1, 0])
    assert np.isfinite(graph.backward(s, np.ones((2, 2)))[z]).all()


def test_relu_has_derivative_zero_at_zero():
    a = graph.variable([0.0, -1.0, 2.0])
    assert_array_equal(graph.backward(graph.sum(graph.relu(a)))[a], [0, 0, 1])


def test_equal_maxima_share_the_adjoint():
    a = graph.variable([3.0, 1.0, 3.0])
    assert_array_equal(graph.backward(graph.max(a))[a], [0.5, 0, 0.5])


def test_power_zero_has_derivative_zero_also_at_zero():
    a = graph.variable([0.0, 2.0])
    assert_array_equal(graph.backward(graph.sum(a**0))[a], [0, 0])


def test_vectors_without_entries_have_a_product_of_zero():
    a = graph.variable([])
    assert graph.backward(a @ a)[a].shape == (0,)
    assert (a @ a).value == 0
    assert_array_equal((a @ np.ones((0, 2))).value, [0, 0])


def test_the_loss_takes_one_hot_rows_too():
    z = graph.variable(FOUR)
    by_class, by_row = (graph.softmax_cross_entropy(z, y) for y in ([0, 2, 2, 1], np.eye(3)[[0, 2, 2, 1]]))
    assert_allclose(by_row.value, by_class.value, rtol=1e-14)
    assert_allclose(graph.backward(by_row)[z], graph.backward(by_class)[z], rtol=1e-12, atol=1e-16)


def test_whole_numbers_become_floats():
    a = graph.variable([1, 2])
    C = graph.sum(a**-1)
    assert a.value.dtype == graph.backward(C)[a].dtype == np.float64
    assert_array_equal(graph.backward(C)[a], [-1, -0.25])


# The sweeps -----------------------------------------------------------------------------------------------------


@pytest.mark.equation("CR")
def test_the_factors_along_a_chain_multiply_by_hand():
    # y = u^2 with u = x^3, at x = 2: u = 8, dy/du = 2 u = 16, du/dx = 3 x^2 = 12, dy/dx = 192
    x = graph.variable(2.0)
    u = x**3
    y = u**2
    adjoint = graph.backward(y)
    assert [adjoint[u], adjoint[x]] == [16, 192]


@pytest.mark.equation("MV")
def test_contributions_of_several_ways_add_by_hand():
    # y = v w with v = 3 x and w = x^2, at x = 2: v = 6, w = 4; dy/dx = w 3 + v 2 x = 12 + 24
    x = graph.variable(2.0)
    v, w = 3.0 * x, x**2
    adjoint = graph.backward(v * w)
    assert [adjoint[v], adjoint[w], adjoint[x]] == [4, 6, 36]


@pytest.mark.equation("RM")
@pytest.mark.equation("FM")
def test_by_hand():
    # f = ln x + x y - sin y at x = 2, y = 5: df/dx = 1/2 + 5 and df/dy = 2 - cos 5 (Baydin et al. 2018, table 3)
    x, y = graph.variable(2.0), graph.variable(5.0)
    f = graph.log(x) + x * y - graph.sin(y)
    adjoint = graph.backward(f)
    assert_allclose(f.value, 11.652, atol=5e-4)
    assert_allclose([adjoint[x], adjoint[y]], [5.5, 1.716], atol=5e-4)
    assert_allclose(graph.forward_mode(f, {x: 1.0})[f], 5.5)


def test_a_second_backward_gives_the_same_as_the_first():
    a = graph.variable(THREE)
    h = a * a + a
    C = graph.sum(h * h)
    first = graph.backward(C)
    kept = {node: array.copy() for node, array in first.items()}
    second = graph.backward(C)
    assert kept.keys() == second.keys()
    for node, array in kept.items():
        assert_array_equal(second[node], array)
        assert_array_equal(first[node], array)


def test_backward_through_part_of_the_graph_leaves_the_other_part_alone():
    a = graph.variable(THREE)
    h = graph.exp(a)
    C, D = graph.sum(h * h), graph.sum(3.0 * h)
    graph.backward(D)
    assert_allclose(graph.backward(C)[a], 2 * np.exp(2 * THREE), rtol=1e-13)


def test_inputs_and_seed_are_left_alone():
    arrays = [random(3, 3), random(3, 3, seed=1), random(3, 3, seed=2)]
    before = [array.copy() for array in arrays]
    a, b = graph.variable(arrays[0]), graph.variable(arrays[1])
    output = a + b + a.T
    graph.backward(output, arrays[2])
    graph.forward_mode(output, {a: arrays[2]})
    for array, old in zip(arrays, before, strict=True):
        assert_array_equal(array, old)


def test_what_the_output_does_not_depend_on_raises_and_is_told_apart_from_zero():
    old = new = graph.variable(THREE, "W")
    C = graph.sum(old * 0.0)
    new = graph.variable(THREE, "W")  # the cell run again, without the next one
    adjoint = graph.backward(C)
    assert_array_equal(adjoint[old], np.zeros(3))
    message = r"no derivative is known for <W \(3,\)>, which is outside the graph\. Comp.* or use \.get\(node, 0\.0\)"
    with pytest.raises(KeyError, match=message):
        adjoint[new]
    with pytest.raises(KeyError, match=message):
        graph.forward_mode(C, {old: THREE})[new]
    with pytest.raises(ValueError, match=r"directions must be of nodes that output depends on; got \{<W \(3,\)>\}"):
        graph.forward_mode(C, {new: THREE})
    assert adjoint.get(new, 0.0) == 0
    assert new not in adjoint


def test_a_constant_has_no_adjoint_and_a_tangent_of_zero():
    a, c = graph.variable(2.0), graph.exp(1.0)
    C = a * c
    with pytest.raises(KeyError, match=r"<exp \(\)>, which is made of constants\. Wrap what it is made of in var"):
        graph.backward(C)[c]
    assert graph.forward_mode(C, {a: 1.0})[c] == 0
    with pytest.raises(ValueError, match=r"^output must depend on a variable; got <exp \(\)>\. .*: bp\.graph\.var"):
        graph.backward(c)


@pytest.mark.parametrize("key", ["x", THREE, 1.0, None, (1, 0)])
def test_what_is_no_node_has_no_derivative(key):
    with pytest.raises(KeyError, match=r"only nodes have derivatives; got .*\. Use what variable\(\) returned\."):
        graph.backward(graph.variable(1.0))[key]


def test_constants_get_no_adjoint():
    x, w = random(4, 3), graph.variable(random(3, 2))
    C = graph.sum(graph.tanh(x @ w))
    constants = [node for node in graph.topological_order(C) if not node.varies]
    assert [node.operation for node in constants] == ["constant"]
    assert not graph.backward(C).keys() & set(constants)


def test_topological_order_puts_every_node_after_its_inputs_and_once():
    a, b = graph.variable(1.0), graph.variable(2.0)
    h = a * b
    f = graph.sin(h) * h + a / h
    order = graph.topological_order(f)
    place = {node: k for k, node in enumerate(order)}
    assert len(place) == len(order)
    assert order[-1] is f
    assert all(place[edge.parent] < place[node] for node in order for edge in node.edges)


def test_a_graph_deeper_than_the_recursion_limit():
    x = graph.variable(1.0)
    f = x
    for _ in range(5_000):
        f = f * 1.0 + 0.0
    assert graph.backward(f)[x] == graph.forward_mode(f, {x: 1.0})[f] == 1.0


def test_shared_nodes_are_visited_once_however_many_paths_there_are():
    x = graph.variable(1.0)
    f = x
    for _ in range(200):
        f = f + f  # 2^200 paths from f to x
    assert graph.backward(f)[x] == 2.0**200
    assert len(graph.topological_order(f)) == 201


def test_an_array_on_the_left_leaves_the_operation_to_the_node():
    a = graph.variable(random(3, 3))
    for node, expected in [
        (FOUR @ a, FOUR @ a.value),
        (THREE + a, THREE + a.value),
        (THREE - a, THREE - a.value),
        (THREE * a, THREE * a.value),
        (THREE / a, THREE / a.value),
        (np.float64(2) * a, 2 * a.value),
    ]:
        assert isinstance(node, graph.Node)
        assert_allclose(node.value, expected)


# The cost -------------------------------------------------------------------------------------------------------


def jacobian(output, node):
    """Return J of shape (output entries, node entries), one row for each backward sweep."""
    rows = [graph.backward(output, u.reshape(output.shape))[node].ravel() for u in np.eye(output.value.size)]
    return np.array(rows)


PRIMITIVE = ["add across", "multiply", "divide", "power", "exp", "log", "sin", "tanh", "sigmoid", "matmul", "sum",
             "sum over rows", "max of each row", "subtract"]  # fmt: skip


@pytest.mark.parametrize("name", PRIMITIVE)
def test_an_edge_costs_one_multiply_add_per_entry_of_its_jacobian_that_is_not_zero(name):
    function, arrays = OPERATIONS[name]
    output = function(graph, *(graph.variable(a) for a in arrays))
    for edge in output.edges:
        assert edge.cost == np.count_nonzero(jacobian(output, edge.parent))


@pytest.mark.parametrize("name", OPERATIONS)
def test_cheap_gradient_principle_one_sweep_costs_at_most_twice_the_values(name):
    function, arrays = OPERATIONS[name]
    values, sweep = graph.count(function(graph, *(graph.variable(a) for a in arrays)))
    assert sweep <= 2 * values


def network_graph(net, x, y, wrap_x=False):
    """Return the loss of a bpbook network as a graph, and its W and b as variables."""
    W = [None] + [graph.variable(w) for w in net.W[1:]]
    b = [None] + [graph.variable(v) for v in net.b[1:]]
    a = graph.variable(x) if wrap_x else x
    for l in range(1, len(W)):
        z = a @ W[l] + b[l]
        name = net.params.f[l].name
        a = z if name == "identity" else getattr(graph, name)(z)
    if net.loss_function.name == "squared_error":
        C = graph.sum((a - y) ** 2) * (0.5 / len(x))
    else:
        C = graph.softmax_cross_entropy(a, y)
    if net.params.lmbda:
        for w in W[1:]:
            C = C + 0.5 * net.params.lmbda * graph.sum(w**2)
    return C, W, b


@pytest.mark.parametrize(("sizes", "ratio"), [([784, 30, 10], 2.01), ([784, 128, 64, 10], 2.08)])
def test_the_gradient_of_a_network_costs_as_much_as_the_closed_form_says(sizes, ratio):
    m = 3
    net = bp.MLP(sizes, seed=0)
    x, y = random(m, sizes[0]), [0, 1, 9]
    products = [n_in * n_out for n_in, n_out in pairwise(sizes)]
    closed_form = (2 * sum(products) + sum(products[1:])) / sum(products)  # dW everywhere, delta W^T from layer 2 on
    values, sweep = graph.count(network_graph(net, x, y)[0])
    assert round(closed_form, 2) == ratio
    assert round((values + sweep) / values, 2) == ratio
    matmuls = [n for n in graph.topological_order(network_graph(net, x, y)[0]) if n.operation == "matmul"]
    assert [node.cost for node in matmuls] == [m * n for n in products]
    values, sweep = graph.count(network_graph(net, x, y, wrap_x=True)[0])
    assert 2.99 < (values + sweep) / values < 3


# Against the explicit backward pass, and an independent tool ----------------------------------------------------------


def random_network(seed):
    rng = np.random.default_rng(seed)
    sizes = [int(n) for n in rng.integers(1, 7, rng.integers(2, 6))]
    loss = ["squared_error", "softmax_cross_entropy"][seed % 2]
    sizes[-1] = max(sizes[-1], 2)
    net = bp.MLP(
        sizes,
        hidden=["sigmoid", "tanh", "relu", "identity"][seed // 2 % 4],
        output="tanh" if loss == "squared_error" else None,
        loss=loss,
        lmbda=[0.0, 0.3][seed // 8 % 2],
        seed=seed,
    )
    for l in range(1, len(sizes)):
        net.b[l][...] = rng.normal(size=sizes[l])
    m = int(rng.integers(1, 6))
    x = rng.normal(size=(m, sizes[0])) * 2
    y = rng.normal(size=(m, sizes[-1])) if loss == "squared_error" else rng.integers(0, sizes[-1], m)
    return net, x, y


@pytest.mark.equation("RM")
@pytest.mark.parametrize("seed", range(32))
def test_the_graph_agrees_with_the_explicit_backward_pass(seed):
    net, x, y = random_network(seed)
    cache = net.forward(x)
    grads = net.backward(cache, y)
    C, W, b = network_graph(net, x, y)
    adjoint = graph.backward(C)
    assert_allclose(C.value, net.loss(cache, y), rtol=1e-13)
    for l in range(1, len(W)):
        assert relative_error(adjoint[W[l]], grads.dW[l]) < 1e-12
        assert relative_error(adjoint[b[l]], grads.db[l]) < 1e-12


def test_the_graph_gives_the_input_gradient_too():
    net, x, y = random_network(1)
    C, W, _ = network_graph(net, x, y, wrap_x=True)
    leaf = next(node for node in graph.topological_order(C) if node.operation == "variable" and node.shape == x.shape)
    assert all(leaf is not node for node in W)
    assert relative_error(graph.backward(C)[leaf], bp.input_gradient(net, x, y)) < 1e-12


def residual_block(np_, a, w, gain, classes):
    """Return the loss of: normalise each row, add a tanh layer of it, cross-entropy. For autograd."""
    centred = a - np_.mean(a, axis=1, keepdims=True)
    normal = gain * centred / np_.sqrt(np_.mean(centred**2, axis=1, keepdims=True) + 1e-5)
    z = a + np_.tanh(np_.dot(normal, w))
    return np_.mean(np_.log(np_.sum(np_.exp(z), axis=1)) - z[np_.arange(len(classes)), classes])


def test_normalisation_and_a_skip_connection_agree_with_an_independent_tool():
    arrays, classes = (random(5, 3), random(3, 3), random(3, seed=1)), [0, 2, 1, 1, 0]
    a, w, gain = (graph.variable(array) for array in arrays)
    centred = a - graph.mean(a, axis=1, keepdims=True)
    normal = gain * centred / (graph.mean(centred**2, axis=1, keepdims=True) + 1e-5) ** 0.5
    adjoint = graph.backward(graph.softmax_cross_entropy(a + graph.tanh(normal @ w), classes))
    for k, node in enumerate((a, w, gain)):
        expected = grad(lambda *inputs: residual_block(anp, *inputs, classes), k)(*arrays)
        assert relative_error(adjoint[node], expected) < 1e-12


# A node is no array ---------------------------------------------------------------------------------------------


def test_a_node_keeps_a_copy_that_cannot_be_changed():
    array, where, seed = np.array([1.0, 2.0]), np.array([0, 0]), np.array([1.0, 1.0])
    x = graph.variable(array)
    c = x * array  # a constant is copied too
    y = graph.where(array < 3, c[where], 0.0)
    C = graph.backward(y, seed)
    array[:], where[:], seed[:] = 7.0, 1, 7.0
    assert_array_equal(C[y], [1, 1])
    assert_array_equal(graph.backward(y, [1.0, 1.0])[x], [2, 0])
    assert_array_equal(y.value, [1, 1])
    for node in (x, c, y, x.T, graph.reshape(x, (2, 1)), x[0], x + 1):
        with pytest.raises(ValueError, match="read-only"):
            node.value[...] = 5.0
        with pytest.raises(ValueError, match="read-only"):
            node.value -= 0.5
        with pytest.raises(TypeError, match=r"^another value would lose .*\. Use bp\.graph\.variable\(value\)\.$"):
            node.value = array
    own = np.ones(2)
    graph.Node(own, "mine")
    own += 1  # the array of an operation of one's own stays as it is


@pytest.mark.parametrize("name", OPERATIONS)
def test_what_a_sweep_returns_can_be_changed_without_harm(name):
    function, arrays = OPERATIONS[name]
    nodes = [graph.variable(a) for a in arrays]
    output = function(graph, *nodes)
    u = random(*output.shape, seed=11)
    adjoint = graph.backward(output, u)
    kept = {node: array.copy() for node, array in adjoint.items()}
    for node in adjoint:
        adjoint[node] *= 2
    for node, array in kept.items():
        assert_array_equal(adjoint[node], 2 * array)  # no two share their memory
        assert_array_equal(graph.backward(output, u)[node], array)


SIDE, OTHER = (graph.variable(random(3, 3, seed=seed, low=0.5)) for seed in (1, 2))


@pytest.mark.parametrize(
    ("name", "mend"), [(n, m) for n, m in INSTEAD.items() if (hasattr(np, n) and n not in COMPARISONS) or n == "norm"]
)
def test_numpy_refuses_a_node_and_the_mend_gives_what_numpy_gives(name, mend):
    function = getattr(np, name, np.linalg.norm)
    a, b = SIDE, OTHER
    listed = name in ("stack", "vstack", "hstack", "concatenate")
    inputs = {"where": (np.eye(3) > 0, a, b), "reshape": (a, (9, 1)), "power": (a, 3)}.get(name, (a, b))
    takes_two = "b" in re.findall(r"\b[ab]\b", mend) or name in ("add", "subtract", "multiply", "divide", "matmul")
    inputs = inputs if takes_two or name in ("where", "reshape", "power") else (a,)
    inputs = ([a, b],) if listed else inputs
    arrays = [[a.value, b.value]] if listed else [getattr(node, "value", node) for node in inputs]
    if name not in ("add", "subtract", "multiply", "divide", "power", "matmul"):  # those that array + node goes through
        with pytest.raises(
            TypeError, match=rf"^np\.(linalg\.)?{name} would lose .*<variable \(3, 3\)>\. Use "
        ) as caught:
            function(*inputs)
        assert str(caught.value).endswith(f"Use {mend}.")
    made = eval(mend, {"bp": bp, "np": np, "a": a, "b": b})
    expected, axis = function(*arrays), {"axis": -1} if name == "hstack" else {}
    made = made(*inputs, **axis) if callable(made) else made
    assert isinstance(made, graph.Node)
    assert_allclose(made.value, expected, rtol=1e-12)
    assert graph.backward(graph.sum(made))[a].shape == (3, 3)


@pytest.mark.parametrize(
    "call",
    [
        lambda a: np.linalg.inv(a),
        lambda a: np.einsum("ij,jk", a, a),
        lambda a: np.cumsum(a),
        lambda a: np.argmax(a),
        lambda a: np.allclose(a, a.value),
        lambda a: np.zeros_like(a),
        lambda a: np.add.reduce(a),
        lambda a: np.arctan(a),
        lambda a: np.divmod(a, 2),
        lambda a: a // 2,
        lambda a: 2 % a,
        lambda a: math.exp(a[0, 0]),
        lambda a: float(a[0, 0]),
        lambda a: int(a[0, 0]),
        lambda a: round(a[0, 0]),
        lambda a: [1, 2][a],
    ],
)
def test_what_has_no_counterpart_is_refused_with_all_that_there_is(call):
    with pytest.raises(TypeError, match=r"would lose the deriv.*; got <.*functions of bp\.graph, or a\.value for"):
        call(graph.variable(random(3, 3)))


@pytest.mark.parametrize(
    "call",
    [
        np.asarray,
        lambda a: np.array([a, a]),
        lambda a: np.array([[a[0, 0], 1.0]]),
        lambda a: np.ones((2, 3)).dot(a),
        lambda a: np.mean([a, a + 2]),
        lambda a: np.ma.array(np.ones((3, 3))) * a,
        lambda a: np.random.default_rng(0).normal(a),
        lambda a: np.ones(3)[a],
        lambda a: a[a],
        lambda a: graph.variable(a),
        lambda a: graph.sum([a, a]),
        lambda a: graph.where(a, 1.0, 2.0),
        lambda a: graph.backward(a, a),
        lambda a: graph.softmax_cross_entropy(a, a[0]),
    ],
)
def test_no_array_is_made_of_a_node(call):
    with pytest.raises(
        TypeError, match=r"^an array would lose.*concatenate\(\[a\[None\], b\[None\]\]\).* a\.value for"
    ):
        call(graph.variable(random(3, 3)))


@pytest.mark.parametrize(
    "call",
    [
        bool,
        lambda a: not a,
        lambda a: a == 1.0,
        lambda a: a != 1.0,
        lambda a: np.ones(1) >= a,
        lambda a: np.not_equal(a.value, a),
        lambda a: a == graph.variable(1.0),
        lambda a: a < 2,
        lambda a: a <= 2,
        lambda a: max(a, 0.0),
        lambda a: [graph.variable(1.0), a].index(a),
    ],
)
def test_a_comparison_is_refused(call):
    with pytest.raises(
        TypeError, match=r"would lose the derivative .* \(\)>\. Use a\.value for its numbers, or a is b for"
    ):
        call(graph.variable(1.0, "x"))


def test_a_node_equals_itself_and_nothing_is_none():
    a = graph.variable(1.0)
    assert a == a and a != None and a in [a]  # noqa: E711


def test_other_ways_to_take_a_node_for_an_array_name_the_mend():
    a, x = graph.variable(FOUR, "W"), graph.variable(2.0, "x")
    with pytest.raises(AttributeError, match=r"^a node has no sum; got <W \(4, 3\)>\. Use bp\.graph\.sum\.$"):
        a.sum()
    with pytest.raises(AttributeError, match=r"^a node has no dtype; got <W \(4, 3\)>\. Use a\.value\.dtype\.$"):
        _ = a.dtype
    with pytest.raises(AttributeError, match=r"^a node has no grad; got .*\. Use bp\.graph\.backward\(a\)\[a\]\.$"):
        _ = x.grad
    with pytest.raises(TypeError, match=r"^setting entries would lose .*Use bp\.graph\.where\.$"):
        a[0, 0] = 1.0
    with pytest.raises(TypeError, match=r"^a node that is one number has no rows; got <x \(\)>\. Put \[a\] where"):
        list(x)
    with pytest.raises(TypeError, match=r"^a node that is one number has no rows"):
        len(x)
    array = np.ones((4, 3))
    with pytest.raises(TypeError, match=r"^np\.add would lose the derivative .*Use bp\.graph\.add\.$"):
        array += a
    with pytest.raises(TypeError, match=r"^absolute would lose .*Use bp\.graph\.relu\(a\) \+ bp\.graph\.relu\(-a\)\.$"):
        abs(a)
    with pytest.raises(ValueError, match="sequence") as caught:
        array[0, 0] = x
    assert "a plain number would lose" in str(caught.value.__cause__)
    assert f"{x:.2f} {x}" == "2.00 <x ()>"
    assert len(a) == 4 and [row.shape for row in a] == [(3,)] * 4
    assert copy.deepcopy(a).shape == copy.copy(a).shape == (4, 3)
    assert not hasattr(a, "__wrapped__")


@pytest.mark.parametrize("output", [3.0, np.ones(2), None, "C", [graph.variable(1.0)], graph.backward])
def test_a_sweep_of_what_is_no_node_is_refused(output):
    for sweep in (graph.backward, graph.count, graph.topological_order, lambda C: graph.forward_mode(C, {})):
        with pytest.raises(TypeError, match=r"^output must be a node; got .*Compute it from bp\.graph\.variable\(x\)"):
            sweep(output)


@pytest.mark.parametrize("directions", [{"x": 1}, 1.0, None, [1.0], graph.variable(1.0), {graph.variable(1.0)}])
def test_directions_that_do_not_map_nodes_are_refused(directions):
    with pytest.raises(TypeError, match=r"^directions must map nodes to arrays, as \{x: 1\.0\} does for a n.*; got "):
        graph.forward_mode(graph.variable(1.0), directions)


# Precision --------------------------------------------------------------------------------------------------------

SINGLE = {
    "python numbers": lambda v: 1 / (2.0 * v + 1 - True) - v / 3 + (-v) ** 2 + v ** np.array(1.5) + v ** np.float64(2),
    "mean": lambda v: graph.mean(v, axis=0),
    "max": lambda v: graph.max(v, axis=1),
    "norm": lambda v: graph.norm(v, axis=1) + graph.norm(0 * v),
    "log_sum_exp": lambda v: graph.log_sum_exp(v),
    "masked": lambda v: graph.log_sum_exp(v - np.array([[0, 0], [np.inf, np.inf]], np.float32)),
    "loss": lambda v: graph.softmax_cross_entropy(v, [0, 1]),
    "loss of rows": lambda v: graph.softmax_cross_entropy(v, [[0.5, 0.5], [0, 1]]),
    "functions": lambda v: graph.sigmoid(graph.tanh(graph.relu(graph.exp(graph.sin(v))))),
    "where": lambda v: graph.where([True, False], v, 0),
    "concatenate": lambda v: graph.concatenate([v, v.T, v[:1]]),
    "matmul": lambda v: v @ v @ v[0],
}


@pytest.mark.parametrize("name", SINGLE)
def test_float32_stays_float32_with_python_numbers(name):
    v = graph.variable(np.array([[0.5, 1.0], [1.5, 2.0]], np.float32))
    output = SINGLE[name](v)
    assert output.value.dtype == np.float32
    adjoint = graph.backward(output, np.ones(output.shape).tolist())
    tangent = graph.forward_mode(output, {v: [[1, 2], [3, 4]]})
    assert {array.dtype for array in (*adjoint.values(), *tangent.values())} == {np.dtype(np.float32)}


def test_arrays_and_numpy_numbers_promote_as_in_numpy():
    v = graph.variable(np.ones(2, np.float32))
    for other in (np.ones(2), np.float64(2), np.arange(2), 2j):
        assert (v * other).value.dtype == (v.value * other).dtype


# Where a slope does not exist ---------------------------------------------------------------------------------------


def test_log_sum_exp_of_a_masked_row_is_minus_infinity_and_sends_back_zero():
    z = graph.variable([[-np.inf, -np.inf], [-np.inf, 2.0], [1.0, 1.0]])
    for keepdims in (False, True):
        output = graph.log_sum_exp(z, keepdims=keepdims)
        assert_allclose(output.value.ravel(), [-np.inf, 2, 1 + np.log(2)])
        assert_array_equal(graph.backward(output, np.ones(output.shape))[z], [[0, 0], [0, 1], [0.5, 0.5]])
        assert_array_equal(graph.forward_mode(output, {z: np.ones((3, 2))})[output].ravel(), [0, 1, 1])
    assert graph.log_sum_exp(graph.variable([np.inf, 0.0])).value == np.inf
    assert graph.log_sum_exp(graph.variable([-np.inf] * 2)).value == -np.inf


def test_the_norm_at_zero_is_zero_and_sends_back_zero():
    a = graph.variable([[0.0, 0.0], [3.0, 4.0]])
    rows = graph.norm(a, axis=1)
    assert_array_equal(rows.value, [0, 5])
    assert_allclose(graph.backward(rows, [1, 1])[a], [[0, 0], [0.6, 0.8]], rtol=1e-15)
    assert_allclose(graph.forward_mode(rows, {a: np.ones((2, 2))})[rows], [0, 1.4], rtol=1e-15)
    zero = graph.variable(0.0)
    assert graph.backward(graph.norm(zero))[zero] == graph.norm(zero).value == 0


@pytest.mark.parametrize("root", [lambda a: a**0.5, lambda a: graph.sum(a * a) ** 0.5, lambda a: graph.sum(a**0.25)])
def test_a_root_at_zero_has_a_value_and_no_slope(root):
    a = graph.variable([0.0, 0.0])
    output = root(a)
    assert_array_equal(output.value, np.zeros(output.shape))
    message = r"must not meet a 0, where its slope is inf.* Write \(a \+ 1e-12\) \*\* 0\.\d+, or bp\.graph\.norm"
    with pytest.raises(ValueError, match=message):
        graph.backward(output, np.ones(output.shape))
    with pytest.raises(ValueError, match=message):
        graph.forward_mode(output, {a: [1.0, 1.0]})
    a = graph.variable(0.0)
    assert np.isfinite(graph.backward((a + 1e-12) ** 0.5)[a])  # the mend


# Bad input ------------------------------------------------------------------------------------------------------


MASKED = np.ma.array([1.0, 2.0, 3.0], mask=[0, 0, 1])
MATRIX = FOUR.view(np.matrix)


@pytest.mark.parametrize(
    ("bad", "message"),
    [
        (lambda a: a + np.ones(4), r"add needs shapes that agree.*\(4, 3\) and \(4,\)\. Transpose one"),
        (lambda a: a * np.ones((3, 3)), r"multiply needs shapes that agree.*\(4, 3\) and \(3, 3\)"),
        (
            lambda a: a @ np.ones((4, 3)),
            r"matmul needs shapes \(m, k\) and \(k, n\), or \(k,\) for a vector; got \(4, 3\) and \(4, 3\)\. Transp",
        ),
        (lambda a: a @ np.ones(4), r"got \(4, 3\) and \(4,\)\. Transpose one"),
        (lambda a: np.ones((2, 4, 4)) @ a, r"got \(2, 4, 4\) and \(4, 3\)\. .* a\[0\] @ b for one matrix of a stack"),
        (lambda a: a @ 2.0, r"got \(4, 3\) and \(\)\. .* use \* for single numbers"),
        (
            lambda a: graph.where(np.ones(4) > 0, a, 0.0),
            r"where needs shapes .*; got \(4,\) and \(4, 3\) and \(\)\.",
        ),
        (lambda a: graph.mean(a[:0]), r"^mean needs at least one entry; got <index \(0, 3\)>\."),
        (lambda a: a + MASKED, r"^value must be a plain array; got a MaskedArray\. Pass value\.filled\(0\.0\)\.$"),
        (lambda a: graph.variable(MASKED), r"^value must be a plain array; got a MaskedArray\. Pass "),
        (lambda a: a * MATRIX, r"^value must be a plain array; got a matrix\. Pass value\.A\.$"),
        (lambda a: MATRIX * a, r"^value must be a plain array; got a matrix\. Pass value\.A\.$"),
        (lambda a: graph.reshape(a, (5, 2)), r"cannot reshape array of size 12 into shape \(5,2\)"),
        (
            lambda a: graph.backward(a),
            r"needs a seed of shape \(4, 3\).*got none\. Pass backward\(output, seed\), or sum",
        ),
        (lambda a: graph.backward(a, np.ones(3)), r"the seed must have the shape of its node, \(4, 3\); got \(3,\)\. "),
        (lambda a: graph.forward_mode(a, {a: 1.0}), r"the direction must have the shape .*got \(\)\. .*broadcast_to"),
        (
            lambda a: graph.softmax_cross_entropy(a, [[0], [1], [2], [0]]),
            r"^classes must have shape .* with m = 4.*pass np\.array\(classes\)\.ravel\(\)",
        ),
        (
            lambda a: graph.softmax_cross_entropy(a, [0, 1, -1, 2]),
            r"^classes must hold class numbers from 0 to 2; got -1\.",
        ),
        (
            lambda a: graph.softmax_cross_entropy(a, [1, 2, 3, 2]),
            r"^classes must hold class numbers from 0 to 2; got 3\. .* pass np\.array\(classes\) - 1\.",
        ),
        (
            lambda a: graph.softmax_cross_entropy(a, [0.0, 1, 1, 2]),
            r"^classes must hold .*Pass np\.array\(classes\)\.astype\(int\)",
        ),
        (
            lambda a: graph.softmax_cross_entropy(a[:, 0], [0, 1, 1, 2]),
            r"^z must have shape \(m, n_L\); got \(4,\)\..*z\[None\]",
        ),
        (lambda a: graph.add(a, [[1], [1, 2]]), r"^value must be a rectangular array; got rows of different len"),
    ],
)
def test_bad_shapes_are_one_line_errors_that_name_the_mend(bad, message):
    with pytest.raises(ValueError, match=message) as caught:
        bad(graph.variable(FOUR))
    assert "\n" not in str(caught.value)


def test_words_and_variable_exponents_are_refused():
    with pytest.raises(TypeError, match=r"^value must hold numbers; got 'one', a str\. Put a number"):
        graph.variable("one")
    with pytest.raises(TypeError, match=r"^value must hold numbers"):
        graph.variable(1.0) + None
    message = (
        r"^power needs a number as its exponent; .*Write bp\.graph\.exp\(b \* bp\.graph\.log\(a\)\) for a \*\* b\.$"
    )
    a = graph.variable([2.0, 3.0])
    for base, exponent in ((a, a), (2, a), (np.array([2.0, 3.0]), a), (a, np.array([2.0, 3.0]))):
        with pytest.raises(TypeError, match=message):
            base**exponent
        mend = eval("bp.graph.exp(b * bp.graph.log(a))", {"bp": bp, "a": base, "b": exponent})
        plain = [getattr(part, "value", part) for part in (base, exponent)]
        assert_allclose(mend.value, np.power(*plain), rtol=1e-14)
    with pytest.raises(TypeError, match=message):
        a**2j
