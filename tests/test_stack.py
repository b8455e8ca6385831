"""Stacked networks: equal to the book's own four equations, seed by seed; and claims."""

import inspect

import numpy as np
import pytest

import bpbook as bp
from bpbook import activations, losses
from bpbook.classics import Claim, gather, stack

XOR = np.array([[0.0, 0], [0, 1], [1, 0], [1, 1]]), np.array([[0.0], [1], [1], [0]])
HIDDEN = ["identity", "sigmoid", "tanh", "relu", "leaky_relu", "softplus", "elu", "gelu", "softsign"]
PAIRS = [("squared_error", name) for name in ("identity", "sigmoid", "tanh")]
PAIRS += [("cross_entropy", "sigmoid"), ("binary_cross_entropy", "identity")]


def random_stack(rng, hidden, output, loss):
    sizes = [int(n) for n in rng.integers(1, 7, int(rng.integers(2, 5)))]
    networks = stack.born(sizes, range(int(rng.integers(1, 9))), 1.5, hidden, output)
    m = int(rng.integers(1, 8))
    y = rng.normal(size=(m, sizes[-1])) if loss == "squared_error" else rng.integers(0, 2, (m, sizes[-1])).astype(float)
    penalties = {name: float(rng.choice([0.0, 0.1])) for name in ("lmbda", "lmbda_1")}
    return networks._replace(**penalties), rng.normal(size=(m, sizes[0])), y


def greatest_difference(module, rng, rounds=3):
    """Return the greatest relative error of a stack's gradients and losses against the book's, network by network."""
    worst = 0.0
    for hidden in HIDDEN:
        for loss, output in PAIRS * rounds:
            C, (params, x, y) = losses.get(loss), random_stack(rng, hidden, output, loss)
            cache = module.forward(params, x)
            grads, totals = module.backward(params, cache, y, C), module.total_loss(params, cache, y, C)
            for s in range(len(params.b[1])):
                own = stack.one(params, s)
                own_cache = bp.forward(own, x)
                own_grads = bp.backward(own, own_cache, y, C)
                pairs = [(totals[s], bp.total_loss(own, own_cache, y, C))]
                for l in range(1, len(own.W)):
                    pairs += [(cache.z[l][s], own_cache.z[l]), (cache.a[l][s], own_cache.a[l])]
                    pairs += [(ours[l][s], its[l]) for ours, its in zip(grads, own_grads, strict=True)]
                worst = max(worst, *(bp.relative_error(np.asarray(ours), np.asarray(its)) for ours, its in pairs))
    return worst


def test_a_stack_gives_what_the_book_gives_network_by_network():
    assert greatest_difference(stack, np.random.default_rng(0)) < 1e-12


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("b[l][:, None, :]", "b[l][:1, None, :]"),  # everybody has the first network's biases
        ("a[l] = f[l](z[l])  # (FF)", "a[l] = f[l](z[l]) + 0 * z[l]; z[l] = a[l]  # (FF)"),
        (" * f[l].prime(z[l])  # (BP1)", "  # (BP1)"),
        ("y[:, None, :], a_L.shape)).swapaxes(0, 1)", "y[:, None, :], a_L.shape)).swapaxes(0, 1) * len(y) / len(a[l])"),
        ("W[l + 1].mT) * f[l].prime(z[l])  # (BP2)", "W[l + 1].mT)  # (BP2)"),
        ("W[l + 1].mT) * f[l].prime(z[l])  # (BP2)", "W[l + 1][::-1].mT) * f[l].prime(z[l])  # (BP2)"),
        ("delta[l].sum(axis=1)  # (BP3)", "delta[l].mean(axis=1)  # (BP3)"),
        ("delta[l].sum(axis=1)  # (BP3)", "0 * delta[l].sum(axis=1) + delta[l].sum(axis=(0, 1))  # (BP3)"),
        ("a[l - 1].mT @ delta[l]  # (BP4)", "2 * a[l - 1].mT @ delta[l]  # (BP4)"),
        ("dW[l] += lmbda * W[l]", "dW[l] += lmbda * W[l].mean(axis=0)"),
        ("0.5 * params.lmbda", "params.lmbda"),
        ("dW[l] += lmbda_1 * np.sign(W[l])", "dW[l] += lmbda_1 * W[l]"),
        ("params.lmbda_1 * sum", "0.5 * params.lmbda_1 * sum"),
        ("sum((W * W).sum(axis=(1, 2))", "sum((W * W).sum()"),
        ("np.array([loss(a, y) for a in cache.a[-1]])", "np.array([loss(cache.a[-1][0], y) for a in cache.a[-1]])"),
    ],
)
def test_a_wrong_line_is_noticed(right, wrong):
    assert greatest_difference(twin(right, wrong), np.random.default_rng(0), rounds=1) > 1e-2


def twin(right, wrong):
    """Return the module with one line changed."""
    source = inspect.getsource(stack)
    assert source.count(right) == 1, right
    module = type(inspect)("bpbook.classics.twin")
    module.__dict__.update(__package__="bpbook.classics", __name__="bpbook.classics.stack")
    exec(source.replace(right, wrong), module.__dict__)
    return module


# Training -------------------------------------------------------------------------------------------------------------


def one_by_one(params, x, y, eta, mu, sweeps, within):
    """Train each network of a stack alone with the book's own equations; return the sweeps and the final networks."""
    taken, finals = [], []
    for s in range(len(params.b[1])):
        own = stack.one(params, s)
        own = own._replace(W=[None, *(W.copy() for W in own.W[1:])], b=[None, *(b.copy() for b in own.b[1:])])
        optimizer = bp.Momentum(eta, mu) if mu else bp.GradientDescent(eta)
        for t in range(sweeps + 1):
            cache = bp.forward(own, x)
            if (np.abs(cache.a[-1] - y) < within).all():
                taken.append(t)
                break
            if t == sweeps:
                taken.append(np.nan)
                break
            grads = bp.backward(own, cache, y, losses.squared_error)
            optimizer.update([*own.W[1:], *own.b[1:]], [*grads.dW[1:], *grads.db[1:]])
        finals.append(own)
    return np.array(taken), finals


@pytest.mark.parametrize(("mu", "sweeps"), [(0.9, 140), (0.0, 1100)])
def test_a_stack_is_trained_as_its_networks_alone(mu, sweeps):
    x, y = XOR
    born = stack.born([2, 3, 1], range(12), limit=1.0)
    run = stack.train(born, x, y, eta=2.0, mu=mu, sweeps=sweeps, within=0.4)
    taken, finals = one_by_one(born, x, y, 2.0, mu, sweeps, 0.4)
    assert 3 < run.solved.sum() < 12 and len(set(run.sweeps[run.solved])) > 3, "some early, some late, some never"
    np.testing.assert_array_equal(run.sweeps, taken)
    for s, own in enumerate(finals):
        for l in (1, 2):
            np.testing.assert_allclose(run.params.W[l][s], own.W[l], rtol=1e-9)
            np.testing.assert_allclose(run.params.b[l][s], own.b[l], rtol=1e-9)
        np.testing.assert_allclose(run.loss[s], losses.squared_error(bp.forward(own, x).a[-1], y), rtol=1e-9)


LOSES = {
    "a step when another finishes": (
        "                break\n            grads",
        "                break\n            if not all(stays):\n                continue\n            grads",
    ),
    "its velocity at every tenth": ("velocity *= mu\n", "velocity *= mu * (t % 10 > 0)\n"),
    "its velocity when another finishes": ("[velocity[stays] for", "[0 * velocity[stays] for"),
    "its exact number": ("run.diverged[going[lost]] = t, True", "run.diverged[going[lost]] = t // 10 * 10, True"),
    "nothing": ("run.loss[gone] = total_loss", "run.loss[gone] = 1 * total_loss"),
}


@pytest.mark.parametrize("what", LOSES)
def test_training_that_loses_something_is_noticed(what):
    x, y = XOR
    born = stack.born([2, 3, 1], range(12), limit=1.0)
    run = twin(*LOSES[what]).train(born, x, y, eta=2.0, mu=0.9, sweeps=140, within=0.4)
    taken, _ = one_by_one(born, x, y, 2.0, 0.9, 140, 0.4)
    same = np.array_equal(run.sweeps, taken, equal_nan=True)
    assert same == (what == "nothing")  # the last twin is right


def test_a_network_does_not_depend_on_its_company():
    x, y = XOR
    settings = {"eta": 2.0, "mu": 0.9, "sweeps": 300}
    all_of_them = stack.train(stack.born([2, 2, 1], range(40), 1.0), x, y, **settings)
    some = stack.train(stack.born([2, 2, 1], [3, 30, 5], 1.0), x, y, **settings)
    np.testing.assert_array_equal(some.sweeps, all_of_them.sweeps[[3, 30, 5]])
    np.testing.assert_allclose(some.params.W[1], all_of_them.params.W[1][[3, 30, 5]], rtol=1e-9)


def test_the_stack_that_is_trained_is_left_alone():
    born = stack.born([2, 2, 1], range(5), 1.0)
    before = [array.copy() for array in (*born.W[1:], *born.b[1:])]
    stack.train(born, *XOR, eta=1.0, sweeps=5)
    for array, was in zip((*born.W[1:], *born.b[1:]), before, strict=True):
        np.testing.assert_array_equal(array, was)


def test_networks_that_diverge_are_counted_and_spoil_no_other():
    # One linear unit on x = 1: w and b each get -eta (w + b - 1), so their sum is off by a factor 1 - 2 eta each time.
    x, y = np.array([[1.0]]), np.array([[1.0]])
    networks = [bp.Params([None, np.array([[w]])], [None, np.zeros(1)], [None, activations.identity]) for w in (5, 1.0)]
    run = stack.train(stack.pile(networks), x, y, eta=2.0, sweeps=2000, within=0.1)
    assert run.diverged.tolist() == [True, False] and run.solved.tolist() == [False, True]
    assert np.isnan(run.sweeps[0]) and run.sweeps[1] == 0 and not np.isfinite(run.loss[0])
    assert repr(run) == "Run(1 solved, 0 unsolved, 1 diverged)"


def test_a_network_with_an_infinite_weight_is_not_solved_though_its_output_is_right():
    sigmoid = [None, activations.sigmoid]
    networks = [bp.Params([None, np.array([[w]])], [None, np.zeros(1)], sigmoid) for w in (np.inf, 9.0)]
    run = stack.train(stack.pile(networks), [[1.0]], [1.0], eta=1.0, sweeps=3)
    assert run.diverged.tolist() == [True, False] and run.solved.tolist() == [False, True]


def test_zero_tolerance_lets_every_network_run_to_the_last_sweep():
    run = stack.train(stack.born([2, 8, 1], range(5), 1.0), *XOR, eta=2.0, mu=0.9, sweeps=500, within=0)
    assert not run.solved.any() and np.isnan(run.sweeps).all() and (run.loss < 0.05).all()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"mu": 1.0}, "mu must be at least 0 and below 1; got 1"),
        ({"eta": 0.0}, "eta must be positive and finite; got 0.0"),
        ({"sweeps": 0}, "sweeps must be at least 1; got 0"),
        ({"within": -1.0}, "within must be zero or positive and finite; got -1.0"),
        ({"loss": "softmax_cross_entropy"}, "which mixes the outputs. Train such networks one by one: bp.MLP"),
        ({"x": np.ones((4, 3))}, r"x must have shape \(m, 2\), one row per example; got \(4, 3\)"),
        ({"y": np.ones(5)}, r"y must have shape \(m, 1\) or \(m,\) with m = 4"),
    ],
)
def test_words_for_bad_input(change, message):
    settings = {"x": XOR[0], "y": XOR[1], "eta": 1.0, "sweeps": 5} | change
    with pytest.raises(ValueError, match=message):
        stack.train(stack.born([2, 2, 1], range(3), 1.0), settings.pop("x"), settings.pop("y"), **settings)


def test_the_repair_for_softmax_runs():
    x, y = XOR[0], np.array([0, 1, 1, 0])
    for s in range(2):
        bp.MLP([2, 4, 2], loss="softmax_cross_entropy", seed=s).fit(x, y, epochs=1, progress=False)


@pytest.mark.parametrize(
    ("networks", "message"),
    [
        ([], "networks must hold at least one network; got none"),
        ([bp.MLP([2, 2]), bp.MLP([2, 3])], "networks must have the same sizes"),
        ([bp.MLP([2, 2, 2]), bp.MLP([2, 2, 2], hidden="tanh")], "networks must have the same activations"),
        ([bp.MLP([2, 2]), bp.MLP([2, 2], lmbda=0.1)], "networks must have the same lambda; got 0.0 in 0 and 0.1 in 1"),
        ([bp.MLP([2, 2], lmbda_1=0.1), bp.MLP([2, 2])], "networks must have the same lambda_1; got 0.1 in 0 and 0.0"),
    ],
)
def test_networks_of_different_kinds_make_no_stack(networks, message):
    with pytest.raises(ValueError, match=message):
        stack.pile([network.params for network in networks])


def test_a_network_comes_out_of_the_stack_as_it_went_in():
    networks = [bp.MLP([3, 4, 2], seed=s).params for s in range(5)]
    piled = stack.pile(networks)
    for s, own in enumerate(networks):
        out = stack.one(piled, s)
        for ours, its in zip([*out.W[1:], *out.b[1:]], [*own.W[1:], *own.b[1:]], strict=True):
            np.testing.assert_array_equal(ours, its)
        assert out.f[1:] == own.f[1:]


# Claims ---------------------------------------------------------------------------------------------------------------


def claim(measure=lambda seeds: np.array(seeds, float), judge=lambda numbers: "yes", seeds=50):
    return Claim("name", "Author 1900, Title", "p. 1", "says", "expects", measure, judge, seeds)


def test_a_claim_measures_as_many_seeds_as_it_says_or_those_that_are_asked_for():
    assert claim().numbers().tolist() == list(range(50))
    assert claim().numbers(range(1000, 1003)).tolist() == [1000, 1001, 1002]
    assert claim(lambda seeds: np.array([7.0])).numbers().tolist() == [7.0]


def test_a_claim_refuses_what_it_cannot_count():
    with pytest.raises(ValueError, match=r"measure must return one number a seed, shape \(50,\); got \(49,\)"):
        claim(lambda seeds: np.zeros(len(seeds) - 1)).numbers()
    with pytest.raises(ValueError, match="seeds must hold at least one whole number"):
        claim().numbers([])
    with pytest.raises(ValueError, match="verdict must be one of yes, partly, no; got 'maybe'"):
        claim(judge=lambda numbers: "maybe").verdict(np.zeros(1))
    with pytest.raises(ValueError, match="seeds must be at least 1; got 0"):
        claim(seeds=0)


def test_a_verdict_is_firm_where_other_seeds_would_say_the_same():
    half = claim(judge=lambda numbers: "yes" if numbers.mean() >= 0.5 else "no")
    numbers = np.repeat([0.0, 1.0], 50)
    assert half.verdict(numbers) == "yes" and half.other_verdicts(numbers) == ["no"]
    assert half.other_verdicts(np.ones(50)) == [] == half.other_verdicts(np.zeros(50))


def test_every_claim_of_the_folder_is_found_and_has_words():
    for name, found in gather().items():
        assert found.paper and found.says and found.expects, name
        # A seed of Pomerleau's claims records a drive, trains a network of thousands of weights, and drives again.
        assert found.seeds == 1 or found.seeds >= (5 if name.startswith("pomerleau.") else 50), name


def test_networks_for_their_params_and_one_network_for_a_stack_get_words_and_the_mends_run():
    networks = [bp.MLP([2, 3, 1], loss="squared_error", seed=seed) for seed in range(3)]
    x, y = np.ones((2, 2)), np.ones(2)
    with pytest.raises(TypeError, match=r"^networks must be Params; got MLP 2-3-1, .* Pass \[net\.params for"):
        stack.pile(networks)
    assert stack.pile(net.params for net in networks).W[1].shape == (3, 2, 3)
    with pytest.raises(ValueError, match=r"^params must be a stack; got W\[1\] of shape \(2, 3\)\. Pass stack\.pile\("):
        stack.train(networks[0].params, x, y, eta=0.1, sweeps=1)
    stack.train(stack.pile([networks[0].params]), x, y, eta=0.1, sweeps=1)
