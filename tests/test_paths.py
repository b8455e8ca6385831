"""One weight's chain rule: equal to backward's entry and to the sum over all paths, and honest about shares."""

from itertools import product

import numpy as np
import pytest

import bpbook as bp
from bpbook import losses

HIDDEN = ["identity", "sigmoid", "tanh", "relu", "leaky_relu", "softplus", "elu", "gelu"]
LOSSES = ["squared_error", "cross_entropy", "binary_cross_entropy", "softmax_cross_entropy"]


def example(seed, hidden="tanh", loss="softmax_cross_entropy", sizes=(3, 4, 2, 3), lmbda=0.1):
    rng = np.random.default_rng(seed)
    net = bp.MLP(list(sizes), hidden=hidden, loss=loss, seed=seed, lmbda=lmbda)
    for b in net.b[1:]:
        b += rng.normal(size=b.shape)
    y = rng.integers(0, 2, 1) if loss == "softmax_cross_entropy" else rng.integers(0, 2, (1, sizes[-1]))
    return net, rng.normal(size=(1, sizes[0])), y


def all_products(net, x, y, weight):
    """Write out every path from the weight to the loss, unit by unit, with plain loops."""
    l, i, j = weight
    cache = net.forward(x)
    end = net.loss_function.gradient(cache.a[-1], y)[0]
    slope = [None] + [net.params.f[k].prime(cache.z[k])[0] for k in range(1, len(net.W))]
    found = []
    for units in product([j], *(range(n) for n in net.sizes[l + 1 :])):
        value = cache.a[l - 1][0, i]
        for step, unit in enumerate(units):
            value = value * slope[l + step][unit]
            if step + 1 < len(units):
                value = value * net.W[l + step + 1][unit, units[step + 1]]
        found.append(value * end[units[-1]])
    return np.array(found)


def every_weight(net):
    return [(l, i, j) for l in range(1, len(net.W)) for i, j in np.ndindex(net.W[l].shape)]


@pytest.mark.parametrize("hidden", HIDDEN)
@pytest.mark.parametrize("loss", LOSSES)
def test_the_sum_over_paths_is_backwards_entry(hidden, loss):
    net, x, y = example(HIDDEN.index(hidden), hidden, loss)
    grads = net.backward(net.forward(x), y)
    for l in (1, 2, 3):
        explained = np.zeros_like(net.W[l])
        products = np.zeros_like(net.W[l])
        for i, j in np.ndindex(net.W[l].shape):
            explanation = bp.explain(net, x, y, weight=(l, i, j))
            explained[i, j] = explanation.value + explanation.weight_decay
            products[i, j] = all_products(net, x, y, (l, i, j)).sum() + 0.1 * net.W[l][i, j]
        assert bp.relative_error(explained, grads.dW[l]) < 1e-12
        assert bp.relative_error(products, grads.dW[l]) < 1e-12


def test_leaving_one_path_out_is_refused():
    net, x, y = example(0)
    products = all_products(net, x, y, (1, 0, 1))
    value = bp.explain(net, x, y, weight=(1, 0, 1)).value
    assert bp.relative_error(products.sum(), value) < 1e-12
    assert bp.relative_error(np.delete(products, np.abs(products).argmax()).sum(), value) > 1e-2


def test_few_paths_are_all_listed_and_their_products_add_up():
    net, x, y = example(1)
    explanation = bp.explain(net, x, y, weight=(1, 2, 3))
    assert explanation.count == len(explanation.paths) == 2 * 3
    assert explanation.share == 1
    listed = [np.prod([factor.value for factor in path]) for path in explanation.paths]
    np.testing.assert_allclose(sum(listed), explanation.value, rtol=1e-12)
    np.testing.assert_allclose(sorted(listed), sorted(all_products(net, x, y, (1, 2, 3))), rtol=1e-12)


def test_of_many_paths_the_strongest_are_listed_with_their_share_of_absolute_values():
    net, x, y = example(2, sizes=(3, 5, 4, 6, 3))
    explanation = bp.explain(net, x, y, weight=(1, 0, 2))
    strength = np.sort(np.abs(all_products(net, x, y, (1, 0, 2))))[::-1]
    assert explanation.count == len(strength) == 4 * 6 * 3
    listed = [abs(np.prod([factor.value for factor in path])) for path in explanation.paths]
    np.testing.assert_allclose(listed, strength[: len(listed)], rtol=1e-12)
    np.testing.assert_allclose(explanation.share, sum(listed) / strength.sum(), rtol=1e-12)


def test_billions_of_paths_are_counted_and_not_listed():
    net = bp.MLP([8, *[64] * 7, 10], seed=0)
    explanation = bp.explain(net, np.ones((1, 8)), [3], weight=(1, 0, 1))
    assert explanation.count == 64**6 * 10
    assert len(explanation.paths) == 5
    assert f"{64**6 * 10:,} paths" in repr(explanation)
    entry = net.backward(net.forward(np.ones((1, 8))), [3]).dW[1][0, 1]
    assert bp.relative_error(explanation.value, entry) < 1e-12


def test_the_running_example_by_hand():
    # dC/dw_00^1 for example 0: a_0^0 f'(z_0^1) w_00^2 f'(z^2) (a - y) = 1 * 1 * 1 * 1/4 * (-1/2)
    net = bp.MLP([2, 2, 1], hidden="relu", output="sigmoid", loss="squared_error")
    net.W[1][...], net.b[1][...] = [[0.5, -3.0], [1.5, 0.25]], [-1.5, 1.25]
    net.W[2][...], net.b[2][...] = [[1.0], [-0.3]], [-2.0]
    explanation = bp.explain(net, [[1.0, 2.0]], [1.0], weight=(1, 0, 0))
    assert explanation.value == -1 / 8
    assert [factor.value for factor in explanation.paths[0]] == [1, 1, 1, 0.25, -0.5]
    assert "= 1 * 1 * 1 * 0.25 * (-0.5) = -0.125" in repr(explanation)
    assert "w_{00}^{1}" in explanation._repr_latex_()
    assert "<sub>00</sub><sup>1</sup>" in explanation.html()


def test_weight_decay_is_shown_apart():
    net, x, y = example(3, lmbda=0.5)
    explanation = bp.explain(net, x, y, weight=(2, 1, 0))
    assert explanation.weight_decay == 0.5 * net.W[2][1, 0]
    assert "weight decay adds" in repr(explanation)
    assert "weight decay" not in repr(bp.explain(*example(3, lmbda=0.0), weight=(2, 1, 0)))


def test_a_silent_unit_has_paths_that_carry_nothing():
    net, x, y = example(4, hidden="relu")
    net.b[1][1] = -1e3
    explanation = bp.explain(net, x, y, weight=(1, 0, 1))
    assert explanation.value == 0 and explanation.share == 1
    assert "-0 " not in repr(explanation).replace("e-0", "")


def test_nothing_is_changed():
    net, x, y = example(5)
    before = [W.copy() for W in net.W[1:]]
    x.flags.writeable = False
    for weight in every_weight(net):
        bp.explain(net, x, y, weight=weight)
    for W, kept in zip(net.W[1:], before, strict=True):
        np.testing.assert_array_equal(W, kept)


@pytest.mark.parametrize(
    ("weight", "message"),
    [
        ((0, 0, 0), r"^l of weight \(l, i, j\) must be from 1 to 3; got 0\. Layers count from 1\.$"),
        ((4, 0, 0), r"^l of weight \(l, i, j\) must be from 1 to 3; got 4\."),
        ((1, 3, 0), r"^i of weight \(1, i, j\) must be from 0 to 2, a unit of layer 0; got 3\. Units count from 0"),
        ((1, 0, -1), r"^j of weight \(1, i, j\) must be from 0 to 3, a unit of layer 1; got -1\."),
    ],
)
def test_a_weight_outside_the_network_is_refused(weight, message):
    with pytest.raises(ValueError, match=message):
        bp.explain(*example(0), weight=weight)


@pytest.mark.parametrize("weight", [3, (1, 2), "abc", (1.5, 0, 0)])
def test_a_weight_that_is_no_triple_of_whole_numbers_is_refused(weight):
    with pytest.raises((TypeError, ValueError), match="weight"):
        bp.explain(*example(0), weight=weight)


def test_more_than_one_example_is_refused():
    net, x, _ = example(0)
    with pytest.raises(ValueError, match=r"^x must hold one example, .* got 2\. Pass x\[k:k\+1\] and y\[k:k\+1\]\.$"):
        bp.explain(net, np.vstack([x, x]), [0, 1], weight=(1, 0, 0))


def test_softmax_is_part_of_the_loss():
    net, x, y = example(6)
    path = bp.explain(net, x, y, weight=(3, 0, 1)).paths[0]
    assert path[-1].kind == "dC/da"
    p = losses.softmax(net.forward(x).a[-1])[0]
    np.testing.assert_allclose(path[-1].value, p[1] - (y[0] == 1))
