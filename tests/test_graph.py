"""The graph's derivatives against differences, the complex step, the explicit backward pass and autograd.

Every operation is checked by `worst_error`, and the same check must refuse a wrong twin of every operation: the
source of graph.py with one piece of it changed.
"""

import ast
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
    "matmul": (lambda g, a, b: a @ b, (FOUR, random(3, 2))),
    "matmul of squares": (lambda g, a, b: a @ b, (random(3, 3), random(3, 3, seed=1))),
    "matmul with a constant": (lambda g, b: FOUR @ b, (random(3, 1),)),
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
    "mean": (lambda g, a: g.mean(a), (FOUR,)),
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
    "exponential taken twice": ("exp", '"exp", e, (a, lambda: e)', '"exp", e, (a, lambda: np.exp(e))'),
    "logarithm its own derivative": ("log", "lambda: 1 / a.value))", "lambda: np.log(a.value)))"),
    "sine of the derivative": ("sin", "lambda: np.cos(a.value)", "lambda: -np.cos(a.value)"),
    "tanh's square forgotten": ("tanh", "lambda: 1 - t**2", "lambda: 1 - t"),
    "a (1 - a) fed with z": ("sigmoid", "lambda: e / (1 + e) ** 2", "lambda: a.value * (1 - a.value)"),
    "gate of the ReLU always open": ("relu", "lambda: a.value > 0", "lambda: a.value >= a.value"),
    "transpose missing on the right": ("matmul of squares", "u @ b.value.T", "u @ b.value"),
    "transpose missing on the left": ("matmul of squares", "a.value.T @ u", "a.value @ u"),
    "sum's adjoint divided": (
        "sum",
        "np.broadcast_to(u.reshape(kept), a.shape)",
        "np.broadcast_to(u, a.shape) / a.value.size",
    ),
    "every entry taken for the largest": ("max", "return at / at.sum(axis=axis, keepdims=True)", "return at | True"),
    "reshaped in another order": ("reshape", "u.reshape(a.shape)", 'u.reshape(a.shape, order="F")'),
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
        "adjoint[parent] + vjp(adjoint[node])",
        "vjp(adjoint[node])",
    ),
    "sent on before it is complete": (
        "one node at two depths",
        "stack.append((node, True))",
        "order.insert(0, node)",
    ),
    "tangents not added up": ("one node used thrice", "tangent[node] + jvp(tangent[parent])", "jvp(tangent[parent])"),
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
    exec(SOURCE.replace(old, new), module.__dict__)
    return module


@pytest.mark.parametrize("fault", TWINS)
def test_wrong_twins_are_refused(fault):
    name, old, new = TWINS[fault]
    assert worst_error(twin(old, new), name) > 1e-2


def test_every_operation_of_the_module_has_an_entry_and_a_wrong_twin():
    functions = [node for node in ast.parse(SOURCE).body if isinstance(node, ast.FunctionDef)]
    rules = {f.name for f in functions if "_elementwise(" in ast.unparse(f) or "Edge(" in ast.unparse(f)} - {
        "_elementwise"
    }
    assert rules - OPERATIONS.keys() == {"matmul", "index"} - OPERATIONS.keys()
    assert rules - {name.split()[0] for name, _, _ in TWINS.values()} == {"index"}  # its twin is a gather with repeats


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


def test_what_the_output_does_not_depend_on_has_derivative_zero():
    a, unused = graph.variable(THREE), graph.variable(FOUR)
    C = graph.sum(a)
    assert_array_equal(graph.backward(C)[unused], np.zeros((4, 3)))
    assert_array_equal(graph.forward_mode(C, {unused: FOUR})[C], 0)


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
    assert leaf not in W
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


# Bad input ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("bad", "message"),
    [
        (lambda a: a + np.ones(4), r"add needs shapes that agree.*\(4, 3\) and \(4,\)\. Transpose one"),
        (lambda a: a * np.ones((3, 3)), r"multiply needs shapes that agree.*\(4, 3\) and \(3, 3\)"),
        (
            lambda a: a @ np.ones((4, 3)),
            r"matmul needs shapes \(m, k\) and \(k, n\); got \(4, 3\) and \(4, 3\)\. Transp",
        ),
        (lambda a: a @ np.ones(3), r"got \(4, 3\) and \(3,\)\. .*reshape a vector"),
        (lambda a: graph.reshape(a, (5, 2)), r"12 entries, as \(4, 3\) has; got \(5, 2\)\. Use -1"),
        (
            lambda a: graph.backward(a),
            r"needs a seed of shape \(4, 3\).*got none\. Pass backward\(output, seed\), or sum",
        ),
        (lambda a: graph.backward(a, np.ones(3)), r"the seed must have the shape of its node, \(4, 3\); got \(3,\)\. "),
        (lambda a: graph.forward_mode(a, {a: 1.0}), r"the direction must have the shape .*got \(\)\. .*broadcast_to"),
        (
            lambda a: graph.softmax_cross_entropy(a, [[0], [1], [2], [0]]),
            r"classes must have shape \(4,\).*\.ravel\(\)",
        ),
        (
            lambda a: graph.softmax_cross_entropy(a, [0, 1, -1, 2]),
            r"^classes must be whole numbers from 0 to 2; got \[-1, 0, 1, 2\]\.$",
        ),
        (lambda a: graph.softmax_cross_entropy(a, [0, 1, 3, 2]), r"^classes must be whole numbers from 0 to 2; got"),
        (lambda a: graph.softmax_cross_entropy(a, [0.0, 1, 1, 2]), r"^classes must be whole numbers from 0 to 2; got"),
        (lambda a: graph.softmax_cross_entropy(a[:, 0], [0, 1, 1, 2]), r"^z must have shape \(m, n_L\).* \(4,\)"),
        (lambda a: graph.add(a, [[1], [1, 2]]), r"^a node must hold a rectangular array; got rows of different len"),
    ],
)
def test_bad_shapes_are_one_line_errors_that_name_the_mend(bad, message):
    with pytest.raises(ValueError, match=message) as caught:
        bad(graph.variable(FOUR))
    assert "\n" not in str(caught.value)


def test_words_and_variable_exponents_are_refused():
    with pytest.raises(TypeError, match=r"must hold numbers; got dtype <U3\. Pass a number"):
        graph.variable("one")
    with pytest.raises(TypeError, match=r"needs a number as its exponent.*exp\(b \* log\(a\)\)"):
        graph.variable(2.0) ** graph.variable(3.0)
    with pytest.raises(TypeError, match=r"needs a number as its exponent; got ndarray\."):
        graph.variable(2.0) ** np.ones((2, 2))
