"""What a gradient costs: counted twice, measured once, and checkpoints that give the same bits."""

import itertools
import tracemalloc

import numpy as np
import pytest

import bpbook as bp
from bpbook import cost, graph
from bpbook.backprop import Params

SHAPES = [
    ([784, 30, 10], "sigmoid"),
    ([64, 32, 10], "relu"),
    ([5, 4], "tanh"),
    ([1, 1, 1], "tanh"),
    ([7, 3, 5, 2, 4], "tanh"),
    ([6, 4, 3], "identity"),
]


def counted_by_the_graph(net, m):
    """Return the multiply-adds of values and sweep, from a graph of the network without its loss."""
    a = np.zeros((m, net.sizes[0]))
    for l in range(1, len(net.W)):
        z, name = a @ graph.variable(net.W[l]) + graph.variable(net.b[l]), net.params.f[l].name
        a = z if name == "identity" else getattr(graph, name)(z)
    return graph.count(a)


@pytest.mark.parametrize(("sizes", "hidden"), SHAPES)
@pytest.mark.parametrize("m", [1, 10])
def test_the_closed_form_is_what_the_graph_counts(sizes, hidden, m):
    net = bp.MLP(sizes, hidden=hidden, loss="squared_error", seed=0)
    found = bp.count_cost(net, m)
    assert (found.forward, found.backward) == counted_by_the_graph(net, m)
    assert found.update == sum(w.size for w in net.W[1:] + net.b[1:])


def test_a_wrong_count_is_seen():
    """The bias forgotten, or the input's gradient counted though nobody asks for it: the graph says otherwise."""
    net, m = bp.MLP([7, 3, 2], hidden="tanh", seed=0), 4
    found, (forward, backward) = bp.count_cost(net, m), counted_by_the_graph(net, m)
    assert (found.forward, found.backward) == (forward, backward)
    assert found.forward - m * (3 + 2) != forward
    assert found.backward + m * 7 * 3 != backward


def test_two_layers_by_hand():
    """m = 2, sizes 3-4-5, tanh inside: 24 + 40 products, 8 + 10 sums, 8 tanh; back 24 + 2 40, 2 (8 + 10) and 8."""
    found = bp.count_cost(bp.MLP([3, 4, 5], hidden="tanh"), 2)
    assert (found.forward, found.backward, found.update) == (90, 148, 41)
    assert found.stored == 2 * (3 * 4 + 2 * 5) + 41  # the output's a is its z
    assert found.bytes == 8 * found.stored
    assert bp.count_cost(bp.MLP([3, 4, 5], dtype=np.float32), 2).bytes == 4 * found.stored


def test_backward_costs_two_forwards_in_a_deep_network_and_one_in_784_30_10():
    def ratio(sizes):
        found = bp.count_cost(bp.MLP(sizes), 100)
        return found.backward / found.forward

    assert ratio([784, 30, 10]) == pytest.approx(1.014, abs=0.001)
    assert ratio([128] * 65) == pytest.approx(2, abs=0.03)
    assert ratio([64] * 200) == pytest.approx(2, abs=0.03)


def deep(L=12, n=5, m=7, **options):
    rng = np.random.default_rng(0)
    net = bp.MLP([n] * L + [3], seed=0, **options)
    for b in net.b[1:]:
        b[...] = rng.normal(size=b.shape)
    y = rng.normal(size=(m, 3)) if options.get("loss") == "squared_error" else rng.integers(3, size=m)
    return net, rng.normal(size=(m, n)), y


@pytest.mark.parametrize("every", range(1, 13))
@pytest.mark.parametrize(
    "options",
    [
        {"hidden": "tanh"},
        {"hidden": "relu", "lmbda": 0.1, "lmbda_1": 0.2},
        {"hidden": "sigmoid", "loss": "squared_error", "output": "sigmoid"},
        {"hidden": "gelu", "dtype": np.float32},
    ],
)
def test_checkpoints_give_the_same_bits(every, options):
    net, x, y = deep(**options)
    x = x.astype(options.get("dtype", float))
    grads = net.backward(net.forward(x), y)
    before = x.copy(), [w.copy() for w in net.W[1:]]
    again = bp.checkpointed_backward(net.params, x, y, net.loss_function, every=every)
    for l in range(1, len(net.W)):
        assert again.dW[l].dtype == grads.dW[l].dtype
        np.testing.assert_array_equal(again.dW[l], grads.dW[l])
        np.testing.assert_array_equal(again.db[l], grads.db[l])
    net.update(again, eta=0.1)  # what comes back is a gradient like any other
    assert np.array_equal(x, before[0]) and not np.array_equal(net.W[1], before[1][0])


def forgetful_of_z(params, x, y, loss, every):
    """A wrong twin: checkpoints are kept, but z is not made again: a stands in its place."""
    real = cost.forward

    def forward(segment, x):
        cache = real(segment, x)
        return cache._replace(z=[None, *cache.a[1:]])

    try:
        cost.forward = forward
        return cost.checkpointed_backward(params, x, y, loss, every)
    finally:
        cost.forward = real


def test_the_comparison_refuses_checkpoints_that_forget_z():
    net, x, y = deep(hidden="tanh")
    grads = net.backward(net.forward(x), y)
    wrong = forgetful_of_z(net.params, x, y, net.loss_function, 3)
    assert bp.relative_error(wrong.dW[1], grads.dW[1]) > 1e-2


def test_the_complex_step_goes_through_checkpoints():
    net, x, y = deep(L=5, hidden="tanh", loss="squared_error")
    W = [None, *(w.astype(complex) for w in net.W[1:])]
    grads = bp.checkpointed_backward(Params(W, *net.params[1:]), x, y, net.loss_function, every=2)
    assert grads.dW[1].dtype == complex


# Memory ---------------------------------------------------------------------------------------------------------------

N, M, DEPTH = 32, 1024, 24


def peak(run):
    """Return the most bytes that Python and NumPy held at once while this ran, above what was there before."""
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        kept = run()
        most = tracemalloc.get_traced_memory()[1] - before
        del kept
        return most
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("every", [None, 1, 2, 3, 4, 5, 8, 12, 23, 24])
def test_the_memory_is_that_of_the_formula_and_the_work_space_of_one_layer(every):
    net = bp.MLP([N] * (DEPTH + 1), hidden="tanh", loss="squared_error", seed=0)
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(M, N)), rng.normal(size=(M, N))
    loss = net.loss_function
    if every is None:
        measured = peak(lambda: bp.backward(net.params, bp.forward(net.params, x), y, loss))
    else:
        measured = peak(lambda: bp.checkpointed_backward(net.params, x, y, loss, every))
    formula, layer = bp.count_cost(net, M, every).bytes, 8 * M * N
    assert formula <= measured + layer and measured <= formula + 3 * layer
    for wrong in (formula / 2, formula + 5 * layer, formula - 4 * layer):  # one pass of two; too much; deltas forgotten
        assert not (wrong <= measured + layer and measured <= wrong + 3 * layer)


def test_the_least_memory_lies_between_four_and_five_layers_and_not_at_eight():
    net = bp.MLP([128] * 65, hidden="tanh")
    stored = {every: bp.count_cost(net, 4096, every).stored for every in range(1, 65)}
    assert min(stored, key=stored.get) in (4, 5) and stored[8] > 1.1 * stored[4]
    assert stored[64] == bp.count_cost(net, 4096).stored


def test_recomputing_costs_less_than_one_more_forward_pass():
    net = bp.MLP([16] * 21, hidden="tanh")
    costs = [bp.count_cost(net, 8, every) for every in range(1, 21)]
    whole = bp.count_cost(net, 8)
    assert costs[-1] == whole
    for one, other in itertools.pairwise([*costs]):
        assert whole.forward <= other.forward <= one.forward + whole.forward
        assert one.forward < 2 * whole.forward and one.backward == whole.backward


# Bad input ------------------------------------------------------------------------------------------------------------


def test_an_interval_beyond_the_depth_gets_words_and_the_mend_runs():
    net, x, y = deep()
    match = r"every must be at most 12, the number of layers of weights; got 13. Pass every=2, which stores about the"
    with pytest.raises(ValueError, match=match):
        bp.checkpointed_backward(net.params, x, y, net.loss_function, every=13)
    with pytest.raises(ValueError, match=match):
        bp.count_cost(net, 7, every=13)
    assert bp.count_cost(net, 7, every=2).stored < bp.count_cost(net, 7).stored
    bp.checkpointed_backward(net.params, x, y, net.loss_function, every=2)


@pytest.mark.parametrize(
    ("arguments", "error", "match"),
    [
        ((bp.MLP([2, 2]), 0), ValueError, "batch_size must be at least 1; got 0"),
        ((bp.MLP([2, 2]), 2.5), TypeError, "batch_size must be a whole number; got 2.5"),
        ((bp.MLP([2, 2]), 2, 0), ValueError, "every must be at least 1; got 0"),
        ((bp.MLP([2, 2]), 2, "two"), TypeError, "every must be a whole number; got 'two'"),
        (
            ([784, 30, 10], 2),
            TypeError,
            r"net must be a network; got \[784, 30, 10\]\. Pass bp\.MLP\(\[784, 30, 10\]\)",
        ),
    ],
)
def test_bad_input_is_refused_in_words(arguments, error, match):
    with pytest.raises(error, match=match):
        bp.count_cost(*arguments)
