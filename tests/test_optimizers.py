"""Optimizers: three steps of each published rule by hand, and wrong twins refused."""

import copy

import numpy as np
import pytest

import bpbook as bp
from bpbook import optimizers

START = [np.array([[1.0, -2.0]]), np.array([0.5])]
GRADIENTS = [[np.array([[0.3, -0.1]]), np.array([2.0])], [np.array([[-0.2, 0.4]]), np.array([1.0])]]
GRADIENTS.append([np.array([[0.5, 0.5]]), np.array([-3.0])])


def after_three_steps(optimizer):
    weights = [w.copy() for w in START]
    for gradients in GRADIENTS:
        optimizer.update(weights, gradients)
    return weights


def by_hand(rule):
    """Follow one published rule for three steps, entry by entry, in plain Python floats."""
    results = []
    for k, start in enumerate(START):
        result = np.empty_like(start)
        for place in np.ndindex(start.shape):
            result[place] = rule(float(start[place]), [float(step[k][place]) for step in GRADIENTS])
        results.append(result)
    return results


def gradient_descent(w, gs, eta=0.1):
    for g in gs:
        w = w - eta * g
    return w


def momentum(w, gs, eta=0.1, mu=0.9):  # Polyak: v <- mu v - eta g, w <- w + v
    v = 0.0
    for g in gs:
        v = mu * v - eta * g
        w = w + v
    return w


def nesterov(phi, gs, eta=0.1, mu=0.9):
    # Sutskever: v <- mu v - eta grad(theta + mu v), theta <- theta + v. The gradient belongs to phi = theta + mu v.
    v, theta = 0.0, phi
    for g in gs:
        v = mu * v - eta * g
        theta = theta + v
    return theta + mu * v


def rmsprop(w, gs, eta=0.1, rho=0.9, epsilon=1e-8):
    s = 0.0
    for g in gs:
        s = rho * s + (1 - rho) * g**2
        w = w - eta * g / (s**0.5 + epsilon)
    return w


def adam(w, gs, eta=0.1, beta1=0.9, beta2=0.999, epsilon=1e-8, decay=0.0):  # Kingma and Ba, algorithm 1
    first = second = 0.0
    for t, g in enumerate(gs, start=1):
        first = beta1 * first + (1 - beta1) * g
        second = beta2 * second + (1 - beta2) * g**2
        first_hat, second_hat = first / (1 - beta1**t), second / (1 - beta2**t)
        w = w - eta * (first_hat / (second_hat**0.5 + epsilon) + decay * w)
    return w


RULES = {
    "GD": (bp.GradientDescent(eta=0.1), gradient_descent),
    "MOM": (bp.Momentum(eta=0.1, mu=0.9), momentum),
    "MOM nesterov": (bp.Momentum(eta=0.1, mu=0.9, nesterov=True), nesterov),
    "RMS": (bp.RMSProp(eta=0.1), rmsprop),
    "ADAM": (bp.Adam(eta=0.1), adam),
    "ADAM decay": (bp.Adam(eta=0.1, decay=0.3), lambda w, gs: adam(w, gs, decay=0.3)),
}


@pytest.mark.parametrize(
    "rule",
    [
        pytest.param("GD", marks=pytest.mark.equation("GD")),
        pytest.param("MOM", marks=pytest.mark.equation("MOM")),
        pytest.param("MOM nesterov", marks=pytest.mark.equation("MOM")),
        pytest.param("RMS", marks=pytest.mark.equation("RMS")),
        pytest.param("ADAM", marks=pytest.mark.equation("ADAM")),
        pytest.param("ADAM decay", marks=pytest.mark.equation("ADAM")),
    ],
)
def test_three_steps_follow_the_published_rule(rule):
    optimizer, published = RULES[rule]
    fresh = type(optimizer)(optimizer.eta, **optimizer.settings())
    for w, expected in zip(after_three_steps(fresh), by_hand(published), strict=True):
        np.testing.assert_allclose(w, expected, rtol=1e-14)


WRONG_TWINS = {
    "GD: uphill": lambda w, gs: gradient_descent(w, gs, -0.1),
    "MOM: nesterov": nesterov,
    "MOM nesterov: plain": momentum,
    "MOM: mu forgotten": lambda w, gs: momentum(w, gs, mu=0.0),
    "RMS: epsilon inside the root": lambda w, gs: rmsprop(w, gs, rho=0.99),
    "ADAM: bias left in": lambda w, gs: w - 0.1 * sum(gs),
    "ADAM: betas swapped": lambda w, gs: adam(w, gs, beta1=0.999, beta2=0.9),
    "ADAM decay: decay forgotten": adam,
}


@pytest.mark.parametrize("twin", WRONG_TWINS)
def test_a_wrong_rule_is_refused(twin):
    optimizer, _ = RULES[twin.split(":")[0]]
    fresh = type(optimizer)(optimizer.eta, **optimizer.settings())
    results, wrong = after_three_steps(fresh), by_hand(WRONG_TWINS[twin])
    change = np.concatenate([(w - s).ravel() for w, s in zip(results, START, strict=True)])
    wrong_change = np.concatenate([(w - s).ravel() for w, s in zip(wrong, START, strict=True)])
    assert bp.relative_error(change, wrong_change) > 1e-2


@pytest.mark.parametrize("rule", RULES)
def test_gradients_are_left_alone_and_float32_stays(rule):
    optimizer, _ = RULES[rule]
    fresh = type(optimizer)(optimizer.eta, **optimizer.settings())
    w, g = np.ones(3, np.float32), np.full(3, 0.5, np.float32)
    g.flags.writeable = False
    fresh.update([w], [g])
    assert w.dtype == np.float32
    assert all(memory[0].dtype == np.float32 for memory in fresh.memory.values())


@pytest.mark.parametrize("rule", RULES)
def test_a_step_goes_downhill_on_a_bowl(rule):
    optimizer, _ = RULES[rule]
    fresh = type(optimizer)(0.01, **optimizer.settings())
    w = np.array([3.0, -4.0])
    for _ in range(500):
        fresh.update([w], [w.copy()])
    assert np.linalg.norm(w) < 2


def test_memory_of_another_network_is_refused():
    optimizer = bp.Adam()
    optimizer.update([np.zeros((2, 3))], [np.zeros((2, 3))])
    with pytest.raises(ValueError, match=r"weights must have the shapes of the earlier steps.*Use a new Adam"):
        optimizer.update([np.zeros((3, 2))], [np.zeros((3, 2))])


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule != "GD"])
def test_other_arrays_of_the_same_shapes_are_refused_and_fresh_takes_them(rule):
    optimizer = RULES[rule][0].fresh()
    first, second = [w.copy() for w in START], [w.copy() for w in START]
    optimizer.update(first, GRADIENTS[0])
    after, memory = [w.copy() for w in first], copy.deepcopy(optimizer.memory)
    with pytest.raises(
        ValueError, match=r"^weights must be those of the earlier steps; got others, .*optimizer\.fresh"
    ):
        optimizer.update(second, GRADIENTS[0])
    assert optimizer.t == 1 and optimizer.moves[0] is first[0]
    np.testing.assert_equal([second, first, optimizer.memory], [START, after, memory])
    optimizer.fresh().update(second, GRADIENTS[0])
    np.testing.assert_equal(second, first)
    optimizer.update(tuple(first), GRADIENTS[1])  # the same arrays in another list
    assert optimizer.t == 2


def test_fresh_keeps_the_settings_and_forgets_the_steps():
    adam = bp.Adam(lambda t: 0.5, beta1=0.5, decay=0.1)
    adam.update([np.ones(2)], [np.ones(2)])
    new = adam.fresh()
    assert repr(new) == repr(adam) and new.eta is adam.eta and new.settings() == adam.settings()
    assert (new.t, new.last_eta, new.memory, new.moves) == (0, None, {}, None)
    assert adam.t == 1 and adam.memory


def test_a_list_that_is_changed_after_a_step_is_looked_at_again():
    optimizer, weights = bp.Adam(), [np.ones(2)]
    optimizer.update(weights, [np.ones(2)])
    weights[0] = np.ones(3)
    with pytest.raises(ValueError, match=r"^weights must have the shapes of the earlier steps"):
        optimizer.update(weights, [np.ones(3)])


def test_a_schedule_is_asked_for_every_step():
    optimizer = bp.GradientDescent(eta=lambda t: [0.1, 0.01, 0.001][t])
    w = np.zeros(1)
    for expected in (0.1, 0.01, 0.001):
        optimizer.update([w], [np.ones(1)])
        assert optimizer.last_eta == expected
    np.testing.assert_allclose(w, [-0.111])


@pytest.mark.parametrize(
    ("schedule", "etas"),
    [
        (optimizers.step_decay(1.0, 0.1, every=2), [1, 1, 0.1, 0.1, 0.01]),
        (optimizers.exponential_decay(1.0, half_life=2), [1, 0.5**0.5, 0.5, 0.5**1.5, 0.25]),
        (optimizers.cosine_decay(1.0, steps=2), [1, 0.5, 0, 0, 0]),
        (optimizers.warmup(optimizers.step_decay(1.0, 0.5, every=3), steps=2), [0.5, 1, 1, 0.5, 0.5]),
    ],
)
def test_schedules_by_hand(schedule, etas):
    np.testing.assert_allclose([schedule(t) for t in range(5)], etas, atol=1e-15)


@pytest.mark.equation("CLIP")
def test_clipping_shrinks_all_arrays_together_by_hand():
    # ||(3, 4)|| = 5, clipped to 2: both shrink by 2/5.
    g = [np.array([[3.0]]), np.array([4.0])]
    clipped = bp.clip_by_norm(g, 2.0)
    np.testing.assert_allclose([clipped[0][0, 0], clipped[1][0]], [1.2, 1.6])
    assert (g[0][0, 0], g[1][0]) == (3, 4)


@pytest.mark.equation("CLIP")
def test_a_short_gradient_is_not_clipped():
    g = [np.array([3.0, 4.0])]
    np.testing.assert_array_equal(bp.clip_by_norm(g, 5.1)[0], g[0])
    np.testing.assert_array_equal(bp.clip_by_norm([np.zeros(2)], 1.0)[0], [0, 0])


def test_clipping_each_array_alone_would_turn_the_gradient():
    g = [np.array([3.0]), np.array([4.0])]
    together = np.concatenate(bp.clip_by_norm(g, 2.0))
    alone = np.concatenate([bp.clip_by_norm([array], 2.0)[0] for array in g])
    assert bp.relative_error(together, alone) > 1e-2


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_clipping_survives_huge_gradients(dtype):
    huge = np.array([3.0, 4.0], dtype) * (np.finfo(dtype).max / 8)
    (clipped,) = bp.clip_by_norm([huge], 1.0)
    np.testing.assert_allclose(clipped, [0.6, 0.8], rtol=1e-6)
    assert clipped.dtype == dtype


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: bp.GradientDescent(eta=0), r"^eta must be positive and finite; got 0\.$"),
        (lambda: bp.GradientDescent(eta="big"), r"^eta must be a number; got 'big'\.$"),
        (lambda: bp.Momentum(mu=1.0), r"^mu must be at least 0 and below 1; got 1\.0\.$"),
        (lambda: bp.Momentum(nesterov="no"), r"^nesterov must be True or False; got 'no'\.$"),
        (lambda: bp.Adam(beta2=-0.1), r"^beta2 must be zero or positive and finite; got -0\.1\.$"),
        (lambda: bp.RMSProp(epsilon=0), r"^epsilon must be positive and finite; got 0\.$"),
        (lambda: bp.clip_by_norm([np.ones(2)], 0), r"^c must be positive and finite; got 0\.$"),
        (lambda: optimizers.step_decay(1.0, 0.5, every=0), r"^every must be at least 1; got 0\.$"),
        (
            lambda: bp.GradientDescent(eta=lambda t: np.nan).rate(),
            r"^eta\(t\) must be zero or positive and finite; got nan\.$",
        ),
    ],
)
def test_bad_settings_are_refused_in_one_line(make, message):
    with pytest.raises((ValueError, TypeError), match=message):
        make()


def test_repr_shows_the_settings():
    assert repr(bp.Momentum(0.1)) == "Momentum(eta=0.1, mu=0.9, nesterov=False)"
    assert repr(bp.GradientDescent(lambda t: 1.0)) == "GradientDescent(eta=schedule)"


# Bad input -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [bp.GradientDescent, bp.Momentum, bp.RMSProp, bp.Adam])
@pytest.mark.parametrize(
    ("weights", "gradients", "message"),
    [
        (
            [np.ones(3), np.ones(2)],
            [np.ones(3), np.ones(1)],
            r"^gradients must have the shapes of the weights, \[\(3,\)",
        ),
        ([np.ones(3), np.ones(2)], [np.ones(3)], r"^gradients must have the shapes of the weights"),
        ([np.ones(3)], None, r"^gradients must be a list of arrays; got None\. Pass \[g\] for one array g\.$"),
        ([np.ones(3)], [[1.0, 2.0, 3.0]], r"^gradients must be a list of arrays; got \[\[1\.0"),
        (None, [np.ones(3)], r"^weights must be a list of arrays; got None\. Pass \[w\] for one array w\.$"),
        ([np.ones(3), np.ones(2, int)], [np.ones(3), np.ones(2)], r"^weights must hold floats; got dtype int64\."),
        (np.ones(3), np.ones(3), r"^weights must be a list of arrays; got array\(\[1.*Pass \[w\] for one array w\.$"),
        ([[1.0, 2.0]], [np.ones(2)], r"^weights must be a list of arrays; got \[\[1"),
        ([memoryview(np.ones(2))], [np.ones(2)], r"^weights must be a list of arrays; got \[<memory"),
        ([np.ones(3)], np.ones((1, 3)), r"^gradients must be a list of arrays; got array\(\[\[1.*Pass \[g\]"),
        (
            [np.ones(3), np.ones(2)],
            [np.ones(3), np.ones(2) * 1j],
            r"^gradients must hold numbers like the weights; got dtypes float64, complex128\.$",
        ),
        (
            [np.ones(3), np.ones(2)],
            [np.ones(3), np.array(["a", "b"])],
            r"^gradients must hold numbers like the weights; got dtypes float64, <U1\.$",
        ),
        (
            [np.ones(3), np.broadcast_to(1.0, 2)],
            [np.ones(3), np.ones(2)],
            r"^weights must be arrays that can be changed; got a read-only one\. Pass w\.copy\(\)\.$",
        ),
    ],
)
def test_bad_input_gets_one_line_and_no_half_step(kind, weights, gradients, message):
    optimizer = kind(0.1)
    with pytest.raises((ValueError, TypeError), match=message):
        optimizer.update(weights, gradients)
    assert optimizer.t == 0 and optimizer.memory == {}
    assert all((w == 1).all() for w in ([] if weights is None else weights) if isinstance(w, np.ndarray))


def test_a_schedule_that_fails_at_the_first_step_leaves_an_optimizer_for_any_network():
    optimizer = bp.Adam(eta=lambda t: -1.0)
    with pytest.raises(ValueError, match=r"^eta\(t\) must be zero or positive and finite; got -1\.0\.$"):
        optimizer.update([np.ones(3)], [np.ones(3)])
    assert optimizer.t == 0 and optimizer.memory == {} and optimizer.last_eta is None


def test_a_generator_of_arrays_is_refused_and_not_passed_over():
    w = np.ones(3)
    with pytest.raises(TypeError, match=r"^weights must be a list of arrays; got <generator"):
        bp.GradientDescent(0.1).update((w for _ in [0]), (np.ones(3) for _ in [0]))


@pytest.mark.parametrize("kind", [bp.GradientDescent, bp.Adam])
def test_weights_that_are_no_floats_any_more_are_refused_at_every_step(kind):
    optimizer, w = kind(0.1), np.ones(3)
    optimizer.update([w, np.ones(2)], [np.ones(3), np.ones(2)])
    before = w.copy()
    with pytest.raises(TypeError, match=r"^weights must hold floats; got dtype int64\. Pass w\.astype\(float\)\.$"):
        optimizer.update([w, np.ones(2, int)], [np.ones(3), np.ones(2)])
    assert optimizer.t == 1 and (w == before).all()


def test_clipping_keeps_float32_and_takes_an_empty_list():
    (clipped,) = bp.clip_by_norm([np.full(3, 5.0, np.float32)], np.float64(1.0))
    assert clipped.dtype == np.float32
    assert bp.clip_by_norm([], 1.0) == []
    with pytest.raises(TypeError, match=r"^gradients must be a list of arrays; got None\. Pass \[g\]"):
        bp.clip_by_norm(None, 1.0)
    with pytest.raises(TypeError, match=r"^gradients must hold real numbers; got dtypes complex128\.$"):
        bp.clip_by_norm([np.array([3j])], 1.0)
    assert bp.clip_by_norm([np.zeros((0, 2))], 1.0)[0].shape == (0, 2)
