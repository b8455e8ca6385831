"""The classics about landscapes: one neuron's minima, the staircase, the edge of stability."""

import numpy as np
import pytest

import bpbook as bp
from bpbook import landscape
from bpbook.classics import auer, cohen, saxe

# Auer, Herbster and Warmuth -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("w", "by_hand"),
    [(-1.0, -0.0143), (0.3, 0.158), (2.0, -0.00815), (12.0, 2.96e-4)],  # half the sum of both examples' slopes
)
def test_the_slopes_of_the_proof_by_hand(w, by_hand):
    sigma = lambda z: 1 / (1 + np.exp(-z))  # noqa: E731
    terms = [(sigma(w * x) - y) * sigma(w * x) * (1 - sigma(w * x)) * x for x, y in (auer.LONG, auer.SHORT)]
    np.testing.assert_allclose(auer.slope(w, *auer.examples(1))[0], sum(terms) / 2, rtol=1e-9)
    np.testing.assert_allclose(sum(terms) / 2, by_hand, rtol=0.01)


def test_the_intervals_of_the_proof_have_opposite_signs_at_their_ends():
    x, y = auer.examples(1)
    for low, high in auer.BETWEEN:
        assert auer.slope(low, x, y)[0] < 0 < auer.slope(high, x, y)[0]


@pytest.mark.parametrize("d", [1, 2, 3, 4])
def test_there_are_two_to_the_d_strict_minima(d):
    x, y = auer.examples(d)
    found = auer.minima(d)
    assert len({tuple(w) for w in found}) == 2**d
    for w in found:
        assert np.linalg.norm(auer.slope(w, x, y)) < 1e-12
        assert np.linalg.eigvalsh(auer.curvature(w, x, y))[0] > 0


def test_between_two_minima_there_is_a_barrier_which_is_no_minimum():
    x, y = auer.examples(1)
    w = np.linspace(-1, 12, 500)
    C = landscape.loss_along(auer.neuron(0.0), x, y, "squared_error", [1.0, 0.0], w)
    top = w[1:-1][(C[1:-1] > C[:-2]) & (C[1:-1] > C[2:])]
    assert len(top) == 1 and auer.curvature(top, x, y)[0, 0] < 0


def test_a_bias_opens_a_way_down_from_the_second_valley_and_a_third_example_closes_it():
    x, y = auer.examples(1)
    C = []
    for w in (3.0, 2.0, 1.0, 0.0, -np.log(36) / 9.75):
        neuron = auer.neuron(w)
        neuron.b[1][0] = np.log(9) - w / 4  # the short example is right all the way
        C.append(landscape.loss_along(neuron, x, y, "squared_error", [0.0, 0.0], 0.0)[0])
    assert (np.diff(C) < 0).all() and C[-1] < 1e-20
    third = np.array([[10.0], [0.25], [0.0]]), np.array([0.2, 0.9, 0.5]), "squared_error"
    points = [landscape.critical_point(auer.neuron(w), *third) for w in auer.minima(1)[:, 0]]
    assert [point.kind for point in points] == ["strict minimum"] * 2
    np.testing.assert_allclose([point.loss for point in points], [0.01413, 0.10667], rtol=1e-3)


# Saxe, McClelland and Ganguli -----------------------------------------------------------------------------------


def test_the_items_are_a_tree():
    _, y = saxe.items()
    np.testing.assert_allclose(np.linalg.svd(y)[1] ** 2, [15, 7, 3, 3, 1, 1, 1, 1], atol=1e-12)
    np.testing.assert_array_equal(y.sum(axis=1), np.full(8, 4))


@pytest.mark.parametrize("hidden", [8, 16])
@pytest.mark.parametrize("learned", range(9))
def test_a_plateau_is_critical_and_its_index_is_counted_in_closed_form(learned, hidden):
    """Each mode that is missing can grow through each hidden unit that is free: (8 - r)(H - r) directions lead down."""
    params = saxe.plateau(learned, hidden)
    x, y = saxe.items()
    g = landscape.gradient(params, x, y, "squared_error")
    weights = landscape.unflatten(g, params)
    assert max(abs(weights.W[l]).max() for l in (1, 2)) < 1e-14
    values = np.linalg.eigvalsh(saxe.curvature(params))
    assert (values < -1e-9).sum() == (8 - learned) * (hidden - learned)
    if learned < 8:
        np.testing.assert_allclose(values[0], -saxe.modes()[1][learned] / 8)


def test_the_book_trains_this_network_as_the_module_does_while_the_biases_are_held():
    run = saxe.train(0, steps=20)
    net = bp.MLP([8, 16, 15], hidden="identity", loss="squared_error", init="zeros")
    rng = np.random.default_rng(0)
    net.W[1][...], net.W[2][...] = 1e-3 * rng.normal(size=(8, 16)), 1e-3 * rng.normal(size=(16, 15))
    x, y = saxe.items()
    for _ in range(21):
        grads = net.backward(net.forward(x), y)
        grads.db[1][...] = grads.db[2][...] = 0
        net.update(grads, eta=0.4)
    for l in (1, 2):
        np.testing.assert_allclose(run.params.W[l], net.W[l])


def test_equation_12_holds_at_its_ends_and_solves_its_own_differential_equation():
    s, u0, tau, h = 3.0, 0.01, 20.0, 1e-4
    t = np.array([1.0, 10.0, 30.0])
    u = saxe.theory(t, s, u0, tau)
    change = (saxe.theory(t + h, s, u0, tau) - saxe.theory(t - h, s, u0, tau)) / (2 * h)
    np.testing.assert_allclose(tau * change, 2 * u * (s - u), rtol=1e-6)
    assert bp.relative_error(tau * change, u * (s - u)) > 1e-2  # with the 2 forgotten
    np.testing.assert_allclose(saxe.theory(np.array([0.0, 1e3]), s, u0, tau), [u0, s])


# Cohen and others -----------------------------------------------------------------------------------------------


def test_the_sharpness_of_a_run_is_that_of_the_network_at_that_step():
    run = cohen.train(3, eta=0.4, steps=10, every=10)
    x, y = cohen.digits()
    net = bp.MLP([64, cohen.HIDDEN, 10], hidden="tanh", loss="squared_error", seed=3)
    for step in range(11):
        assert run.loss[step] == net.loss(net.forward(x), y)
        if step % 10 == 0:
            expected = landscape.sharpness(net.params, x, y, "squared_error")
            np.testing.assert_allclose(run.sharpness[step // 10], expected)
        net.update(net.backward(net.forward(x), y), eta=0.4)
    np.testing.assert_allclose(run.share, run.sharpness / (2 / 0.4))


def test_a_run_that_diverges_says_so_and_is_counted():
    with pytest.raises(ValueError, match=r"eta must be small enough; with 2 the loss is .* after \d+ steps"):
        cohen.train(0, eta=2.0)


# All claims -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("module", [auer, saxe, cohen])
def test_the_claims_are_measured_and_judged(module):
    for claim in module.CLAIMS:
        numbers = claim.numbers(range(2) if claim.seeds > 1 else None)
        assert claim.verdict(numbers) == "yes"
        assert (
            claim.verdict(np.full(len(numbers), 50.0) if claim.name in ("equation_12", "edge") else 0 * numbers) == "no"
        )
