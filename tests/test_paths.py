"""The sum over paths: against every path multiplied out, against backward, and as it is written down."""

import math
import re
from itertools import product
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from numpy.testing import assert_allclose

import bpbook as bp
from bpbook import paths
from bpbook.gradcheck import numerical_gradient, relative_error

SOURCE = Path(paths.__file__).read_text()
KINDS = [
    {"hidden": "relu", "output": "sigmoid", "loss": "squared_error"},
    {"hidden": "tanh", "loss": "softmax_cross_entropy"},
    {"hidden": "sigmoid", "loss": "binary_cross_entropy", "lmbda": 0.3},
    {"hidden": "leaky_relu", "loss": "cross_entropy", "lmbda": 0.1},
]


def running_example():
    net = bp.MLP([2, 2, 1], hidden="relu", output="sigmoid", loss="squared_error")
    net.W[1][...], net.b[1][...] = [[0.5, -3.0], [1.5, 0.25]], [-1.5, 1.25]
    net.W[2][...], net.b[2][...] = [[1.0], [-0.3]], [-2.0]
    return net, np.array([[1.0, 2.0], [-1.0, 3.0]]), np.array([1.0, 0.0])


def random_network(sizes, seed=0, **kind):
    """Return a network with biases, one example and its target."""
    rng = np.random.default_rng(seed)
    net = bp.MLP(sizes, seed=seed, **kind)
    for l in range(1, len(sizes)):
        net.b[l][...] = rng.normal(size=sizes[l])
    targets = {
        "values": rng.normal(size=(1, sizes[-1])),
        "zeros and ones": rng.integers(0, 2, (1, sizes[-1])),
        "classes": rng.integers(0, sizes[-1], 1),
    }
    return net, rng.normal(size=(1, sizes[0])), targets[net.loss_function.targets]


def every_weight(net):
    return [(l, i, j) for l in range(1, len(net.sizes)) for i, j in np.ndindex(net.W[l].shape)]


def multiplied_out(net, x, y, weight):
    """Return the product along every single path, from the network's own z and a: no sums shared."""
    l, i, j = weight
    z, a = net.forward(x)
    L = len(net.W) - 1
    y = np.asarray(y) if net.loss_function.targets == "classes" else np.asarray(y).reshape(1, -1)
    end = net.loss_function.gradient(a[L], y)[0]
    products = []
    for rest in product(*(range(n) for n in net.sizes[l + 1 :])):
        route = (j, *rest)
        p = a[l - 1][0, i]
        for k, unit in enumerate(route, start=l):
            p *= net.params.f[k].prime(z[k])[0, unit]
            p *= net.W[k + 1][unit, route[k - l + 1]] if k < L else end[unit]
        products.append(p)
    return products


# By hand ----------------------------------------------------------------------------------------------------------


def test_by_hand_one_path_through_the_running_example():
    # Example 1: a_0^0 = -1, z^1 = (2.5, 5), so f' = 1; w_00^2 = 1; z^2 = -1, so f' = s (1 - s) with s = 0.268941;
    # dC/da = s - 0 for one example. The product: -1 * 1 * 1 * s (1 - s) * s.
    net, x, y = running_example()
    e = bp.explain(net, x[1:], y[1:], weight=(1, 0, 0))
    s = 1 / (1 + math.exp(1))
    assert_allclose(e.value, -s * (1 - s) * s, rtol=1e-14)
    assert e.count == 1
    assert [(f.kind, f.layer, f.units) for f in e.paths[0]] == [
        ("a", 0, (0,)),
        ("f'", 1, (0,)),
        ("w", 2, (0, 0)),
        ("f'", 2, (0,)),
        ("dC/da", 2, (0,)),
    ]
    assert_allclose([f.value for f in e.paths[0]], [-1, 1, 1, s * (1 - s), s], rtol=1e-14)


def test_a_closed_relu_stops_its_path():
    net, x, y = running_example()
    e = bp.explain(net, x[:1], y[:1], weight=(1, 1, 1))  # z_1^1 = -1.25
    assert e.value == 0
    assert e.share == 1
    assert "= 0" in repr(e).splitlines()[0]


# Numerically ------------------------------------------------------------------------------------------------------


@pytest.mark.equation("PS")
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind["loss"])
@pytest.mark.parametrize("sizes", [[2, 3], [1, 1, 1], [3, 2, 4, 2], [2, 3, 1, 2, 3]], ids=str)
def test_every_weight_is_the_sum_of_its_paths_and_the_entry_of_backward(kind, sizes):
    net, x, y = random_network(sizes, seed=len(sizes), **kind) if sizes[-1] > 1 else random_network(
        sizes, **KINDS[0] | {"hidden": kind["hidden"]}
    )  # fmt: skip
    dW = net.backward(net.forward(x), y).dW
    for l, i, j in every_weight(net):
        e = bp.explain(net, x, y, weight=(l, i, j))
        brute = multiplied_out(net, x, y, (l, i, j))
        assert e.count == len(brute)
        assert relative_error(e.value, math.fsum(brute)) < 1e-12
        assert relative_error(e.value + e.weight_decay, dW[l][i, j]) < 1e-12
        if e.count == len(e.paths):
            assert e.share == 1
            assert_allclose([math.prod(f.value for f in path) for path in e.paths], brute, rtol=1e-12)


@pytest.mark.equation("PS")
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind["loss"])
def test_the_sum_over_paths_agrees_with_differences(kind):
    net, x, y = random_network([3, 4, 2], seed=5, **kind)

    for l in (1, 2):
        kept = net.W[l].copy()

        def loss(W, l=l):
            net.W[l][...] = W
            return net.loss(net.forward(x), y)

        n = numerical_gradient(loss, kept)
        net.W[l][...] = kept
        g = np.zeros_like(kept)
        for i, j in np.ndindex(kept.shape):
            e = bp.explain(net, x, y, weight=(l, i, j))
            g[i, j] = e.value + e.weight_decay
        assert relative_error(g, n) < 1e-7


@pytest.mark.equation("PS")
def test_a_network_with_more_paths_than_anyone_could_list():
    net, x, y = random_network([20] + [50] * 8 + [10], seed=1, hidden="tanh")
    e = bp.explain(net, x, y, weight=(1, 3, 7))
    assert e.count == 50**7 * 10
    assert relative_error(e.value, net.backward(net.forward(x), y).dW[1][3, 7]) < 1e-12
    assert len(e.paths) == paths.STRONGEST
    assert 0 < e.share < 1
    assert f"{50**7 * 10:,} paths" in repr(e)


def test_the_count_is_exact_beyond_the_range_of_floats():
    net, x, y = random_network([1] + [3] * 60 + [2], hidden="tanh")
    assert bp.explain(net, x, y, weight=(1, 0, 0)).count == 3**59 * 2


@pytest.mark.parametrize("seed", range(12))
def test_the_strongest_paths_and_their_share_are_those_of_the_full_list(seed):
    net, x, y = random_network([2, 4, 5, 3, 4], seed=seed, hidden=["tanh", "relu", "leaky_relu"][seed % 3])
    for weight in [(1, 0, 2), (2, 3, 4), (3, 1, 0)][: 2 + (seed == 0)]:
        e = bp.explain(net, x, y, weight=weight)
        brute = sorted((abs(p) for p in multiplied_out(net, x, y, weight)), reverse=True)
        strengths = [abs(math.prod(f.value for f in path)) for path in e.paths]
        if e.count > paths.FEW:
            assert_allclose(strengths, brute[: paths.STRONGEST], rtol=1e-12)
            assert len({tuple(f.units for f in path) for path in e.paths}) == paths.STRONGEST
            assert_allclose(e.share, sum(strengths) / sum(brute) if sum(brute) else 1.0, rtol=1e-12)


def test_signed_shares_would_mislead_and_are_not_what_share_is():
    # Two groups of paths that cancel: the signed sum is almost 0 while the strongest five carry a third.
    net = bp.MLP([1, 1, 16], loss="squared_error", hidden="identity")
    net.W[1][...] = 1
    net.W[2][...] = np.where(np.arange(16) % 2, 1, -1)
    x, y = [[1.0]], net.forward([[1.0]]).a[2] - 1.0  # dC/da = 1 everywhere
    e = bp.explain(net, x, y, weight=(1, 0, 0))
    assert e.value == 0
    assert e.share == 5 / 16


# Wrong twins ------------------------------------------------------------------------------------------------------

TWINS = {
    "f' missing on the way": ("s[l] = slope[l] * (W[l + 1] @ s[l + 1])", "s[l] = W[l + 1] @ s[l + 1]"),
    "f' missing at the output": ("s[L] = slope[L] * end", "s[L] = end"),
    "f' sent through the weights": ("slope[l] * (W[l + 1] @ s[l + 1])", "W[l + 1] @ (slope[l + 1] * s[l + 1])"),
    "strongest path only": ("W[l + 1] @ s[l + 1]", "(W[l + 1] * s[l + 1])[range(len(W[l + 1])), "
                            "np.abs(W[l + 1] * s[l + 1]).argmax(1)]"),
    "activation of the wrong layer": ("float(cache.a[l - 1][0, i])", "float(cache.z[l][0, 0])"),
    "delta of the wrong unit": ("float(delta[l][j])", "float(delta[l][j - 1])"),
}  # fmt: skip


def twin(old, new):
    """Return paths.py as a module of its own, with one piece of its source changed."""
    assert SOURCE.count(old) == 1, f"{old!r} stands {SOURCE.count(old)} times in paths.py"
    module = ModuleType("bpbook.paths_twin")
    module.__package__ = "bpbook"
    return module, SOURCE.replace(old, new)


@pytest.mark.parametrize("fault", TWINS)
def test_wrong_twins_are_refused(fault, monkeypatch):
    module, source = twin(*TWINS[fault])
    monkeypatch.setitem(__import__("sys").modules, module.__name__, module)
    exec(source, module.__dict__)
    net, x, y = random_network([3, 4, 3, 2], seed=2, hidden="tanh", output="tanh", loss="squared_error")
    dW = net.backward(net.forward(x), y).dW[1]
    g = np.array([[module.explain(net, x, y, (1, i, j)).value for j in range(4)] for i in range(3)])
    assert relative_error(g, dW) > 1e-2
    right = np.array([[bp.explain(net, x, y, (1, i, j)).value for j in range(4)] for i in range(3)])
    assert relative_error(right, dW) < 1e-12


def test_a_strongest_that_keeps_too_few_or_forgets_a_factor_is_refused(monkeypatch):
    net, x, y = random_network([2, 4, 5, 3, 4], seed=1, hidden="tanh")
    brute = sorted((abs(p) for p in multiplied_out(net, x, y, (1, 0, 2))), reverse=True)
    for old, new in [
        ("np.argsort(-candidates", "np.argsort(candidates"),
        ("(slope[k][unit] * candidates.flat[best]", "(candidates.flat[best]"),
    ]:
        module, source = twin(old, new)
        monkeypatch.setitem(__import__("sys").modules, module.__name__, module)
        exec(source, module.__dict__)
        e = module.explain(net, x, y, (1, 0, 2))
        strengths = [abs(math.prod(f.value for f in path)) for path in e.paths]
        assert relative_error(strengths, brute[: paths.STRONGEST]) > 1e-2


# As it is written down --------------------------------------------------------------------------------------------


def test_plain_text_says_what_a_reader_would_write():
    net, x, y = running_example()
    assert repr(bp.explain(net, x[1:], y[1:], weight=(1, 1, 1))).splitlines() == [
        "dC/dw_11^1 = a_1^0 * delta_1^1 = 3 * (-0.0158631) = -0.0475894",
        "delta_1^1 = w_10^2 * delta_0^2 * f_1'(z_1^1) = (-0.3) * 0.0528771 * 1 = -0.0158631",
        "delta_0^2 = dC/da_0^2 * f_2'(z_0^2) = 0.268941 * 0.196612 = 0.0528771",
        "1 path from w_11^1 to C:",
        "1 -> 1 -> 0 -> C: a_1^0 * f_1'(z_1^1) * w_10^2 * f_2'(z_0^2) * dC/da_0^2"
        " = 3 * 1 * (-0.3) * 0.196612 * 0.268941 = -0.0475894",
    ]


def test_every_equation_of_numbers_in_the_text_is_true():
    net, x, y = random_network([2, 3, 2, 3], seed=3, hidden="tanh", lmbda=0.2)
    seen = 0
    for weight in every_weight(net):
        for line in repr(bp.explain(net, x, y, weight=weight)).splitlines():
            parts = line.split(" = ")
            if len(parts) < 2:
                continue
            assert re.fullmatch(r"[-+*(). 0-9e]+", parts[-2]), line
            terms = re.findall(r"[0-9.]+(?:e-?[0-9]+)?", parts[-2])
            # Each printed number is rounded to 6 digits, so the printed sum may be off by 1e-6 of its largest term.
            size = max(1.0, *(float(t) for t in terms)) ** len(terms)
            assert abs(eval(parts[-2]) - float(parts[-1])) < 1e-5 * size, line
            seen += 1
    assert seen > 100


def test_weight_decay_is_shown_apart_and_only_where_there_is_any():
    net, x, y = random_network([2, 2, 2], hidden="tanh", lmbda=0.5)
    w = float(net.W[1][0, 1])
    e = bp.explain(net, x, y, weight=(1, 0, 1))
    assert e.weight_decay == 0.5 * w
    assert f"weight decay adds lambda * w_01^1 = 0.5 * {f'({w:.6g})' if w < 0 else f'{w:.6g}'} =" in repr(e)
    net, x, y = running_example()
    assert "decay" not in repr(bp.explain(net, x[:1], y[:1], weight=(1, 0, 0)))


def test_the_l1_penalty_is_shown_apart_and_only_where_there_is_any():
    net, x, y = random_network([2, 2, 2], hidden="tanh", lmbda_1=0.5)
    net.W[1][0, 1] = -0.7
    e = bp.explain(net, x, y, weight=(1, 0, 1))
    assert (e.weight_decay, e.l1_penalty) == (0, -0.5)
    assert e.value + e.l1_penalty == pytest.approx(net.backward(net.forward(x), y).dW[1][0, 1], rel=1e-12)
    assert "the L1 penalty adds lambda_1 * sign w_01^1 = 0.5 * (-1) = -0.5" in repr(e)
    assert "λ<sub>1</sub> · sign <i>w</i><sub>01</sub><sup>1</sup> = 0.5 · (−1) = −0.5" in e.html()
    assert r"\lambda_1 \cdot \text{sign }w_{01}^{1}" in e._repr_latex_()
    net, x, y = running_example()
    assert "decay" not in repr(e) and "L1" not in repr(bp.explain(net, x[:1], y[:1], weight=(1, 0, 0)))


def test_a_wide_sum_is_shown_by_its_ends_and_its_total():
    net, x, y = random_network([2, 3, 20, 2], hidden="tanh")
    line = repr(bp.explain(net, x, y, weight=(1, 0, 1))).splitlines()[1]
    assert line.startswith("delta_1^1 = (w_10^2 * delta_0^2 + ... + w_1,19^2 * delta_19^2) * f_1'(z_1^1) = (")


def test_latex_and_html_say_the_same_numbers_as_the_text():
    net, x, y = random_network([12, 3, 6, 4], seed=4, hidden="tanh", lmbda=0.1)
    e = bp.explain(net, x, y, weight=(1, 11, 2))
    latex, html = e._repr_latex_(), e.html()
    assert latex.startswith("$$\\begin{aligned}")
    assert latex.endswith("\\end{aligned}$$")
    assert latex.count("{") == latex.count("}")
    assert r"w_{11,2}^{1}" in latex
    assert re.sub(r"</?(?:i|sub|sup|br)>", "", html).count("<") == 0
    plain = re.findall(r"= (-?[0-9.]+)$", repr(e), re.M)
    assert len(plain) > 5
    assert re.findall(r"= (-?[0-9.]+)$", re.sub(r" \\\\$", "", latex, flags=re.M), re.M) == plain
    assert re.findall(r"= (-?[0-9.]+)$", html.replace("−", "-").replace("<br>", ""), re.M) == plain


def test_tiny_numbers_get_a_power_of_ten_and_zero_no_sign():
    net, _, _ = random_network([1, 1, 1], hidden="identity", loss="squared_error")
    net.W[2][...] = -1e-9
    e = bp.explain(net, [[1.0]], [[1.0]], weight=(1, 0, 0))
    assert "e-9" in repr(e)
    assert r"\times 10^{-9}" in e._repr_latex_()
    assert "×10<sup>-9</sup>" in e.html()
    net.W[2][...] = -0.0
    assert "-0 " not in repr(bp.explain(net, [[1.0]], [[1.0]], weight=(1, 0, 0))) + " "


def test_explain_leaves_the_network_and_the_example_alone():
    net, x, y = random_network([2, 3, 2], hidden="tanh")
    before = [array.copy() for array in (*net.W[1:], *net.b[1:], x, y)]
    bp.explain(net, x, y, weight=(1, 0, 0))
    for array, old in zip((*net.W[1:], *net.b[1:], x, y), before, strict=True):
        np.testing.assert_array_equal(array, old)


def test_float32_networks_are_explained_too():
    net, x, y = random_network([3, 4, 2], hidden="tanh", dtype=np.float32)
    e = bp.explain(net, x, y, weight=(1, 2, 3))
    assert isinstance(e.value, float)
    assert relative_error(e.value, net.backward(net.forward(x), y).dW[1][2, 3]) < 1e-6


# Bad input --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("weight", "message"),
    [
        ((0, 0, 0), r"l of weight \(l, i, j\) must be from 1 to 2; got 0\. Layers count from 1\."),
        ((3, 0, 0), r"must be from 1 to 2; got 3"),
        ((-1, 0, 0), r"must be from 1 to 2; got -1"),
        ((1, 2, 0), r"i of weight \(1, i, j\) must be from 0 to 1, a unit of layer 0; got 2\. Units count from 0"),
        ((1, 0, -1), r"j of weight \(1, i, j\) must be from 0 to 1, a unit of layer 1; got -1"),
        ((2, 0, 1), r"j of weight \(2, i, j\) must be from 0 to 0, a unit of layer 2; got 1"),
    ],
)
def test_a_weight_outside_the_network_is_refused_with_the_legal_range(weight, message):
    net, x, y = running_example()
    with pytest.raises(ValueError, match=message) as caught:
        bp.explain(net, x[:1], y[:1], weight=weight)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("weight", [(1, 0), 1, (1, 0, 0, 0), (1, 0.5, 0), "abc", None])
def test_a_weight_that_is_not_three_whole_numbers_is_refused(weight):
    net, x, y = running_example()
    with pytest.raises(TypeError, match=r"weight must be three whole numbers \(l, i, j\), as in \(1, 0, 0\); got "):
        bp.explain(net, x[:1], y[:1], weight=weight)


def test_a_batch_is_refused_and_told_how_to_pick_one_example():
    net, x, y = running_example()
    with pytest.raises(ValueError, match=r"x must hold one example.*got 2\. Pass x\[k:k\+1\] and y\[k:k\+1\]\."):
        bp.explain(net, x, y, weight=(1, 0, 0))


def test_a_bare_example_and_a_target_that_does_not_fit_get_the_usual_errors():
    net, x, y = running_example()
    with pytest.raises(ValueError, match=r"For a single example pass x\[None, :\]"):
        bp.explain(net, x[0], y[:1], weight=(1, 0, 0))
    with pytest.raises(ValueError, match=r"y must have shape"):
        bp.explain(net, x[:1], y, weight=(1, 0, 0))


def test_what_is_no_network_is_refused_and_a_long_weight_cut_to_one_line():
    net, x, y = running_example()
    with pytest.raises(TypeError, match=r"^net must be an MLP; got None\.$"):
        bp.explain(None, x[:1], y[:1], weight=(1, 0, 0))
    with pytest.raises(TypeError, match=r"^weight must be three whole numbers.*\.\.\.\.$") as caught:
        bp.explain(net, x[:1], y[:1], weight=np.ones((5, 5)))
    assert "\n" not in str(caught.value)
