"""The network: its four steps, training, prediction, bad input, saving and loading."""

import copy
import functools
import json
import os
import pickle
import signal
import stat
import threading
import warnings

import numpy as np
import pytest

import bpbook as bp

RNG = np.random.default_rng(0)


def data(loss="softmax_cross_entropy", m=20, n_0=3, n_L=3, seed=0):
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(m, n_0))
    if loss == "softmax_cross_entropy":
        return x, rng.integers(0, n_L, m)
    if loss == "squared_error":
        return x, rng.normal(size=(m, n_L))
    return x, rng.integers(0, 2, (m, n_L))


def network(loss="softmax_cross_entropy", **options):
    return bp.MLP([3, 5, 3], hidden="tanh", loss=loss, **({"seed": 1} | options))


def flat(net):
    return np.concatenate([array.ravel() for l in (1, 2) for array in (net.W[l], net.b[l])])


LOSSES = ["squared_error", "cross_entropy", "binary_cross_entropy", "softmax_cross_entropy"]


# The four steps ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("loss", LOSSES)
def test_the_methods_are_the_plain_functions(loss):
    net, (x, y) = network(loss, lmbda=0.1), data(loss)
    cache = net.forward(x)
    y_checked = y if loss == "softmax_cross_entropy" else y.astype(float)
    plain = bp.backward(net.params, bp.forward(net.params, x), y_checked, net.loss_function)
    grads = net.backward(cache, y)
    for l in (1, 2):
        np.testing.assert_array_equal(grads.dW[l], plain.dW[l])
    C = net.loss(cache, y)
    assert type(C) is float
    assert bp.total_loss(net.params, cache, y_checked, net.loss_function) == C


@pytest.mark.equation("GD")
def test_update_is_one_step_of_gradient_descent():
    net, (x, y) = network(), data()
    grads, before = net.backward(net.forward(x), y), [W.copy() for W in net.W[1:]]
    net.update(grads, eta=0.5)
    for l in (1, 2):
        np.testing.assert_allclose(net.W[l], before[l - 1] - 0.5 * grads.dW[l], rtol=1e-15)


def test_fit_is_the_four_methods_again_and_again():
    net, by_hand, (x, y) = network(lmbda=0.01), network(lmbda=0.01), data(m=10)
    net.fit(x, y, epochs=3, batch_size=4, optimizer=bp.GradientDescent(0.3), seed=7, progress=False)
    for epoch in range(3):
        order = np.random.default_rng([7, epoch]).permutation(10)
        for start in (0, 4, 8):
            rows = order[start : start + 4]
            by_hand.update(by_hand.backward(by_hand.forward(x[rows]), y[rows]), eta=0.3)
    np.testing.assert_array_equal(flat(net), flat(by_hand))


def test_weights_are_live():
    net, (x, _) = network(), data()
    before = net.forward(x).a[2]
    net.W[1][0, 2] = 7.5
    net.b[2][1] = -3
    after = net.forward(x).a[2]
    assert (before != after).any()
    assert net.params.W[1][0, 2] == 7.5


@pytest.mark.parametrize("loss", LOSSES)
def test_gradients_check(loss):
    net, (x, y) = network(loss, lmbda=0.1), data(loss)
    assert bp.check_gradients(net, x, y).ok


@pytest.mark.parametrize("loss", LOSSES)
def test_the_input_gradient_agrees_with_differences(loss):
    net, (x, y) = network(loss), data(loss, m=4)
    numerical = bp.numerical_gradient(lambda x: net.loss(net.forward(x), y), x)
    assert bp.relative_error(bp.input_gradient(net, x, y), numerical) < 1e-7
    through_first_layer = net.backward(net.forward(x), y).delta[1] @ net.W[1].T
    assert bp.relative_error(through_first_layer * 4, numerical) > 1e-2


@pytest.mark.parametrize("loss", LOSSES)
def test_the_gradient_of_any_reading_agrees_with_differences(loss):
    net, (x, _) = network(loss, lmbda=0.5), data(loss, m=4)
    upstream = RNG.normal(size=(4, 3))
    numerical = bp.numerical_gradient(lambda x: (upstream * net.forward(x).a[-1]).sum(), x)
    found = bp.input_gradient(net, x, upstream=upstream)
    assert bp.relative_error(found, numerical) < 1e-7
    assert bp.relative_error(bp.input_gradient(net, x, upstream=upstream[::-1]), numerical) > 1e-2


def test_an_input_gradient_needs_no_gradient_of_weights():
    net, (x, y) = bp.MLP([3, 5, 4, 3], hidden="gelu", lmbda=0.1), data()
    whole = net.backward(net.forward(x), y).delta[1] @ net.W[1].T
    np.testing.assert_allclose(bp.input_gradient(net, x, y), whole, rtol=1e-13)

    class Watched(np.ndarray):  # dW would be made from a[l - 1].T
        @property
        def T(self):
            raise AssertionError("an activation was transposed")

    net.forward = lambda x: bp.Cache(
        *[[v if v is None else v.view(Watched) for v in s] for s in bp.forward(net.params, x)]
    )
    np.testing.assert_allclose(bp.input_gradient(net, x, y), whole, rtol=1e-13)


# Defaults, seeds, dtypes ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("loss", "output"),
    [("cross_entropy", "sigmoid"), ("squared_error", "identity"), ("softmax_cross_entropy", "identity")],
)
def test_the_output_suits_the_loss(loss, output):
    assert network(loss).params.f[-1].name == output


def test_the_start_suits_the_activation():
    relu, tanh = (bp.MLP([400, 300, 2], hidden=hidden, seed=0) for hidden in ("relu", "tanh"))
    np.testing.assert_allclose(relu.W[1].var(), 2 / 400, rtol=0.03)
    np.testing.assert_allclose(tanh.W[1].var(), 2 / 700, rtol=0.03)
    assert not relu.b[1].any()


def test_biases_start_at_zero_or_are_drawn_like_a_row_of_the_weights():
    drawn = bp.MLP(
        [100, 2000, 2], hidden="sigmoid", init=bp.initializers.uniform(0.3), biases=bp.initializers.uniform(0.3)
    )
    assert 0.295 < np.abs(drawn.b[1]).max() <= 0.3 and drawn.b[1].dtype == drawn.dtype and drawn.b[2].shape == (2,)
    np.testing.assert_allclose(drawn.b[1].var(), 0.3**2 / 3, rtol=0.1)
    np.testing.assert_allclose(bp.MLP([100, 2000, 2], biases="uniform").b[1].var(), 1 / 300, rtol=0.1)
    plain = bp.MLP([100, 2000, 2], hidden="sigmoid", init=bp.initializers.uniform(0.3))
    assert not plain.b[1].any()
    np.testing.assert_array_equal(plain.W[1], drawn.W[1])


def test_one_seed_gives_one_network_and_one_training():
    x, y = data()
    first, second, other = network(seed=3), network(seed=3), network(seed=4)
    for net in (first, second, other):
        net.fit(x, y, epochs=2, progress=False)
    np.testing.assert_array_equal(flat(first), flat(second))
    assert (flat(first) != flat(other)).any()


def test_a_generator_will_do_as_a_seed():
    first, second = (bp.MLP([3, 2], seed=np.random.default_rng(5)) for _ in range(2))
    np.testing.assert_array_equal(first.W[1], second.W[1])


@pytest.mark.parametrize("optimizer", [bp.GradientDescent, bp.Momentum, bp.RMSProp, bp.Adam])
def test_float32_stays_float32(optimizer):
    net, (x, y) = network(dtype=np.float32, lmbda=0.01), data()
    net.fit(x, y, epochs=2, optimizer=optimizer(0.01), clip=1.0, progress=False)
    cache = net.forward(x)
    grads = net.backward(cache, y)
    arrays = [*net.W[1:], *net.b[1:], *cache.a, *grads.dW[1:], *grads.delta[1:]]
    assert {array.dtype for array in arrays} == {np.dtype(np.float32)}


def test_repr_shows_layers_and_parameters():
    text = repr(bp.MLP([64, 32, 10]))
    assert "64-32-10" in text and "2,410 parameters" in text and "W[2] (32, 10)" in text


# Training ------------------------------------------------------------------------------------------------------------


def test_two_fits_of_five_epochs_are_one_of_ten():
    x, y = data()
    once, twice = network(), network()
    history = once.fit(x, y, epochs=10, batch_size=8, optimizer=bp.Adam(0.01), progress=False)
    twice.fit(x, y, epochs=5, batch_size=8, optimizer=bp.Adam(0.01), progress=False)
    twice.fit(x, y, epochs=5, batch_size=8, progress=False)
    np.testing.assert_array_equal(flat(once), flat(twice))
    assert history.loss == twice.history.loss and len(history.loss) == 10


def test_history_has_an_entry_an_epoch():
    net, (x, y) = network(), data()
    history = net.fit(
        x, y, epochs=3, validation=data(seed=1), optimizer=bp.GradientDescent(lambda t: 0.1 / (1 + t)), progress=False
    )
    assert [len(values) for values in vars(history).values()] == [3, 3, 3, 3]
    assert history.eta == [0.1, 0.05, 0.1 / 3]
    assert history.validation_score[-1] == net.score(*data(seed=1))
    np.testing.assert_allclose(history.validation_loss[-1], net.loss(net.forward(data(seed=1)[0]), data(seed=1)[1]))


def test_history_loss_is_the_mean_over_the_epochs_examples():
    net, (x, y) = network(), data(m=10)
    history = net.fit(x, y, epochs=1, batch_size=4, optimizer=bp.GradientDescent(1e-12), progress=False)
    np.testing.assert_allclose(history.loss[0], net.loss(net.forward(x), y), rtol=1e-9)


def test_a_batch_larger_than_the_data_is_the_data():
    net, (x, y) = network(), data(m=5)
    net.fit(x, y, epochs=1, batch_size=100, progress=False)
    assert net.optimizer.t == 1


def test_early_stopping_puts_the_best_weights_back():
    net, (x, y) = network(), data(m=30)
    validation = data(m=30, seed=9)
    history = net.fit(x, y, epochs=500, optimizer=bp.Adam(0.05), validation=validation, patience=5, progress=False)
    best = int(np.argmin(history.validation_loss))
    assert len(history.loss) == best + 1 + 5 < 500
    np.testing.assert_allclose(net.loss(net.forward(validation[0]), validation[1]), history.validation_loss[best])
    assert history.validation_loss[-1] > history.validation_loss[best]


class InterruptedAt(bp.GradientDescent):
    """Press Ctrl-C before a given step."""

    def __init__(self, step):
        super().__init__(0.1)
        self.at = step

    def update(self, weights, gradients):
        if self.t == self.at:
            raise KeyboardInterrupt
        super().update(weights, gradients)


def test_ctrl_c_keeps_what_was_learned(capsys):
    net, reference, (x, y) = network(), network(), data(m=8)
    history = net.fit(x, y, epochs=10, batch_size=4, optimizer=InterruptedAt(5), progress=False)
    assert len(history.loss) == 2
    assert "Stopped in epoch 3" in capsys.readouterr().out
    reference.fit(x, y, epochs=2, batch_size=4, optimizer=bp.GradientDescent(0.1), progress=False)
    assert (flat(net) != flat(reference)).any()
    assert np.isfinite(flat(net)).all()


def test_exploding_gradients_are_caught_and_named():
    net = bp.MLP([3, 5, 5, 1], hidden="identity", loss="squared_error", seed=0)
    x, y = data("squared_error", n_L=1)
    with pytest.raises(
        FloatingPointError, match=r"of layer \d became .*(inf|nan) in epoch \d+, step 1; the weights before"
    ):
        net.fit(x, y, epochs=50, optimizer=bp.GradientDescent(10.0), progress=False)
    assert all(np.isfinite(array).all() for array in [*net.W[1:], *net.b[1:]])
    assert len(net.history.loss) < 50


@pytest.mark.parametrize(("eta", "scale"), [(1e38, 1), (0.1, 1e30)])
def test_validation_examples_whose_loss_is_no_number_stop_the_training(eta, scale):
    net = bp.MLP([3, 5, 1], hidden="identity", loss="squared_error", dtype=np.float32)
    x, y = data("squared_error", n_L=1)
    with pytest.raises(
        FloatingPointError, match=r"^(z\[2\]|the loss).* of layer 2 became (nan|.*inf) for the validation"
    ):
        net.fit(
            x, y, epochs=1, optimizer=bp.GradientDescent(eta), validation=(x * scale, y), patience=1, progress=False
        )
    assert [len(values) for values in vars(net.history).values()] == [0, 0, 0, 0]


@pytest.mark.filterwarnings("ignore:column 0 of x")
def test_an_infinite_gradient_behind_a_finite_loss_is_caught():
    net = bp.MLP([1, 1, 1], hidden="identity", loss="squared_error", dtype=np.float32)
    net.W[1][...], net.W[2][...] = 1e-20, 1e30
    with pytest.raises(
        FloatingPointError, match=r"dW\[1\] of layer 1 became inf in epoch 1, step 1.*Try a smaller eta"
    ):
        net.fit([[1e9]], [0.0], epochs=1, optimizer=bp.GradientDescent(0.1), progress=False)
    assert net.W[2][0, 0] == np.float32(1e30)


@pytest.mark.filterwarnings("ignore:column 0 of x")
def test_clipping_bounds_the_step():
    net, (x, y) = network(), data()
    before = flat(net)
    net.fit(x * 100, y, epochs=1, batch_size=100, optimizer=bp.GradientDescent(1.0), clip=0.01, progress=False)
    np.testing.assert_allclose(np.linalg.norm(flat(net) - before), 0.01)


@pytest.mark.parametrize("shown", [True, False])
def test_the_progress_bar_is_shown_when_asked_for(shown, capsys):
    net, (x, y) = network(), data()
    net.fit(x, y, epochs=2, progress=shown)
    assert ("epoch" in capsys.readouterr().err) is shown


@pytest.mark.parametrize("loss", LOSSES)
def test_training_lowers_the_loss(loss):
    net, (x, y) = network(loss), data(loss)
    history = net.fit(x, y, epochs=60, optimizer=bp.Adam(0.02), progress=False)
    assert history.loss[-1] < 0.8 * history.loss[0]


@pytest.mark.parametrize("eta", [lambda t: float("nan"), lambda t: -0.1 if t == 3 else 0.1, lambda t: None])
def test_a_schedule_that_goes_astray_is_named_and_what_was_learned_kept(eta):
    net, (x, y) = network(), data()
    with pytest.raises((ValueError, TypeError), match=r"^eta\(t\) must be (zero or positive and finite|a number); got"):
        net.fit(x, y, epochs=5, batch_size=8, optimizer=bp.Adam(eta), progress=False)
    assert np.isfinite(flat(net)).all()
    assert len(net.history.loss) == len(net.history.eta) == net.optimizer.t // 3
    net.fit(x, y, epochs=1, optimizer=bp.Adam(), progress=False)


def test_an_optimizer_of_another_network_is_refused_before_anything_changes():
    adam, net, (x, y) = bp.Adam(), network(), data()
    bp.MLP([3, 2, 3]).fit(x, y, epochs=1, optimizer=adam, progress=False)
    with pytest.raises(ValueError, match=r"^weights must have the shapes of the earlier steps.*Use a new Adam"):
        net.fit(x, y, epochs=1, optimizer=adam, progress=False)
    assert net.optimizer is None and adam.t == 1


@pytest.mark.parametrize("make", [bp.Momentum, bp.RMSProp, bp.Adam])
def test_an_optimizer_of_another_network_is_refused_when_the_shapes_agree_too(make):
    (x, y), optimizer, first, second = data(), make(0.05), network(), network()
    first.fit(x, y, epochs=3, optimizer=optimizer, progress=False)
    before, remembered = flat(second), copy.deepcopy(optimizer.memory)
    with pytest.raises(
        ValueError, match=r"^weights must be those of the earlier steps; got others.*carry over"
    ) as caught:
        second.fit(x, y, epochs=3, optimizer=optimizer, progress=False)
    assert "\n" not in str(caught.value)
    np.testing.assert_array_equal(flat(second), before)
    assert second.optimizer is None and second.history.loss == [] and optimizer.t == 3
    np.testing.assert_equal(optimizer.memory, remembered)
    # The mend that the message names gives what an optimizer made anew gives, and the first network loses nothing.
    mend = str(caught.value).rsplit(": ", 1)[1].removesuffix(".")
    second.fit(x, y, epochs=3, optimizer=eval(mend, {"optimizer": optimizer}), progress=False)
    np.testing.assert_array_equal(flat(second), flat(first))
    first.fit(x, y, epochs=3, progress=False)
    whole = network()
    whole.fit(x, y, epochs=6, optimizer=make(0.05), progress=False)
    np.testing.assert_array_equal(flat(first), flat(whole))


def test_a_cell_that_makes_the_network_anew_but_not_its_scheduled_optimizer_is_told_so():
    (x, y), optimizer = data(), bp.GradientDescent(bp.optimizers.cosine_decay(0.5, steps=6))
    for run in range(2):
        net = network()
        if run:
            with pytest.raises(ValueError, match=r"carry over the step that its schedule has reached from 6 steps"):
                net.fit(x, y, epochs=6, optimizer=optimizer, progress=False)
        else:
            net.fit(x, y, epochs=6, optimizer=optimizer, progress=False)


def test_gradient_descent_remembers_nothing_and_may_move_any_network():
    (x, y), optimizer = data(), bp.GradientDescent(0.5)
    nets = [network(), network()]
    for net in nets:
        net.fit(x, y, epochs=3, optimizer=optimizer, progress=False)
    np.testing.assert_array_equal(flat(nets[0]), flat(nets[1]))


def test_one_optimizer_goes_on_with_one_network_in_a_loop_and_between_others():
    (x, y), looped, whole = data(), network(), network()
    adam, other = bp.Adam(0.05), bp.Momentum(1e-300)
    for _ in range(4):
        looped.fit(x, y, epochs=1, optimizer=adam, progress=False)
    whole.fit(x, y, epochs=4, optimizer=bp.Adam(0.05), progress=False)
    np.testing.assert_array_equal(flat(looped), flat(whole))
    looped.fit(x, y, epochs=1, optimizer=other, progress=False)
    looped.fit(x, y, epochs=1, optimizer=adam, progress=False)  # its own from before
    assert adam.t == 5


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda net: pickle.loads(pickle.dumps(net))])
def test_a_copy_of_a_network_goes_on_with_its_copy_of_the_optimizer(copied):
    (x, y), net = data(), network()
    net.fit(x, y, epochs=2, optimizer=bp.Adam(0.05), progress=False)
    twin = copied(net)
    for one in (net, twin):
        one.fit(x, y, epochs=2, progress=False)
    np.testing.assert_array_equal(flat(net), flat(twin))
    with pytest.raises(ValueError, match=r"^weights must be those of the earlier steps"):
        twin.fit(x, y, epochs=1, optimizer=net.optimizer, progress=False)


def test_a_network_with_a_replaced_array_goes_on():
    (x, y), net = data(), network()
    adam = bp.Adam(0.05)
    net.fit(x, y, epochs=1, optimizer=adam, progress=False)
    net.W[1] = net.W[1] * 0.5
    net.fit(x, y, epochs=1, optimizer=adam, progress=False)
    assert adam.t == 2 and adam.moves[0] is net.W[1]


def test_clipping_with_a_numpy_number_stays_float32():
    net, (x, y) = network(dtype=np.float32), data()
    seen = set()

    class Watching(bp.GradientDescent):
        def step(self, w, g, eta, *remembered):
            seen.add(g.dtype)
            super().step(w, g, eta, *remembered)

    net.fit(x, y, epochs=1, optimizer=Watching(np.float64(0.1)), clip=np.float64(1e-3), progress=False)
    assert seen == {np.dtype(np.float32)}


def test_epochs_without_validation_are_nan_beside_those_with():
    net, (x, y) = network(), data()
    for validation in (None, data(seed=1), None):
        history = net.fit(x, y, epochs=2, validation=validation, progress=False)
    assert len(history.loss) == len(history.eta) == 6
    for values in (history.validation_loss, history.validation_score):
        np.testing.assert_array_equal(np.isnan(values), [True, True, False, False, True, True])


def test_ctrl_c_during_validation_adds_no_half_epoch(monkeypatch, capsys):
    net, (x, y) = network(), data()

    def interrupted(cache, y):
        raise KeyboardInterrupt

    monkeypatch.setattr(net, "loss", interrupted)
    history = net.fit(x, y, epochs=3, validation=(x, y), progress=False)
    assert [len(values) for values in vars(history).values()] == [0, 0, 0, 0]
    assert "Stopped in epoch 1" in capsys.readouterr().out


class PressedDuringStep(bp.Adam):
    """Press Ctrl-C while the first array of a given step is changed, once or twice."""

    def __init__(self, step, times=1):
        super().__init__(0.1)
        self.at, self.times = step, times

    def step(self, w, g, eta, *remembered):
        if self.t == self.at:
            for _ in range(self.times):
                signal.raise_signal(signal.SIGINT)
            self.at = None
        super().step(w, g, eta, *remembered)


def test_ctrl_c_waits_until_the_step_is_whole(capsys):
    net, reference, (x, y) = network(), network(), data(m=8)
    history = net.fit(x, y, epochs=10, batch_size=8, optimizer=PressedDuringStep(3), progress=False)
    reference.fit(x, y, epochs=3, batch_size=8, optimizer=bp.Adam(0.1), progress=False)
    np.testing.assert_array_equal(flat(net), flat(reference))
    assert history == reference.history and "Stopped in epoch 4" in capsys.readouterr().out
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_a_second_ctrl_c_does_not_wait(capsys):
    net, (x, y) = network(), data(m=8)
    net.fit(x, y, epochs=10, batch_size=8, optimizer=PressedDuringStep(1, times=2), progress=False)
    np.testing.assert_array_equal(flat(net), flat(network()))
    assert "Stopped in epoch 1" in capsys.readouterr().out
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_ctrl_c_never_leaves_a_history_of_unequal_lengths(monkeypatch, capsys):
    class Pressing(list):
        def append(self, value):
            signal.raise_signal(signal.SIGINT)
            super().append(value)

    net, (x, y) = network(), data()
    net.history.loss = Pressing()
    history = net.fit(x, y, epochs=3, validation=(x, y), progress=False)
    assert [len(values) for values in vars(history).values()] == [1, 1, 1, 1]
    assert "Stopped in epoch 2" in capsys.readouterr().out


def test_a_handler_of_your_own_sees_ctrl_c_at_once():
    seen, net, (x, y) = [], network(), data(m=8)
    before = signal.signal(signal.SIGINT, lambda number, frame: seen.append(number))
    try:
        net.fit(x, y, epochs=2, batch_size=8, optimizer=PressedDuringStep(1), progress=False)
    finally:
        signal.signal(signal.SIGINT, before)
    assert seen == [signal.SIGINT] and len(net.history.loss) == 2


def test_a_network_can_be_trained_in_a_thread():
    net, (x, y) = network(), data()
    thread = threading.Thread(target=net.fit, args=(x, y), kwargs={"epochs": 2, "progress": False})
    thread.start()
    thread.join()
    assert len(net.history.loss) == 2


# Augmentation ----------------------------------------------------------------------------------------------------------


def noisy(x, rng):
    return x + rng.normal(0, 0.1, x.shape)


def test_augment_is_given_every_batch_and_a_generator_of_its_epoch_and_step():
    net, by_hand, (x, y) = network(), network(), data(m=10)
    net.fit(x, y, epochs=2, batch_size=4, optimizer=bp.GradientDescent(0.3), seed=7, augment=noisy, progress=False)
    for epoch in range(2):
        order = np.random.default_rng([7, epoch]).permutation(10)
        for step, start in enumerate((0, 4, 8), start=1):
            rows = order[start : start + 4]
            changed = noisy(x[rows], np.random.default_rng([7, epoch, step]))
            by_hand.update(by_hand.backward(by_hand.forward(changed), y[rows]), eta=0.3)
    np.testing.assert_array_equal(flat(net), flat(by_hand))


def test_augmented_epochs_go_on_as_if_they_had_never_stopped():
    (x, y), once, twice = data(), network(), network()
    once.fit(x, y, epochs=4, batch_size=8, augment=noisy, progress=False)
    for _ in range(2):
        twice.fit(x, y, epochs=2, batch_size=8, augment=noisy, progress=False)
    np.testing.assert_array_equal(flat(once), flat(twice))
    other = network()
    other.fit(x, y, epochs=4, batch_size=8, augment=noisy, seed=1, progress=False)
    assert (flat(other) != flat(once)).any()


def test_an_augmentation_that_changes_nothing_changes_nothing_and_orders_stay():
    (x, y), plain, augmented = data(), network(), network()
    plain.fit(x, y, epochs=2, progress=False)
    augmented.fit(x, y, epochs=2, augment=lambda x, rng: x, progress=False)
    np.testing.assert_array_equal(flat(plain), flat(augmented))


def test_augmentation_touches_neither_x_nor_validation():
    net, (x, y), kept = network(), data(), data()[0]

    def wipe(x, rng):
        x[...] = 0  # in place: it is a copy
        return x

    history = net.fit(x, y, epochs=1, augment=wipe, validation=(x, y), progress=False)
    np.testing.assert_array_equal(x, kept)
    np.testing.assert_allclose(history.validation_loss[0], net.loss(net.forward(x), y))
    assert history.validation_loss[0] != net.loss(net.forward(0 * x), y)


def test_an_augmentation_in_a_wrapper_is_asked_what_the_wrapper_takes():
    @functools.wraps(np.fliplr)
    def flipped(x, rng):
        return x

    history = network().fit(*data(), epochs=1, augment=flipped, progress=False)
    assert len(history.loss) == 1


@pytest.mark.parametrize(
    ("augment", "message"),
    [
        (lambda x, rng: None, r"^augment\(x, rng\) must return the batch .*; got None\. End it with return x\.$"),
        (lambda x, rng: x[:-1], r"^augment\(x, rng\) must have the shape of its x, \(20, 3\); got \(19, 3\)\. Return"),
        (lambda x, rng: x[:, :2], r"^augment\(x, rng\) must have the shape of its x, \(20, 3\); got \(20, 2\)\."),
        (
            lambda x, rng: x / 0.0,
            r"^augment\(x, rng\) must be finite; got -?inf in row 0\. Look for a division by 0 in it\.$",
        ),
        (lambda x, rng: x + 1j, r"^augment\(x, rng\) must hold real numbers; got dtype complex128\. "),
        (lambda x, rng: x.astype(str), r"^augment\(x, rng\) must hold real numbers; got dtype <U"),
    ],
)
def test_an_augmentation_that_spoils_its_batch_is_named_and_nothing_is_learned_from_it(augment, message):
    net, (x, y) = network(), data()
    before = flat(net)
    with np.errstate(all="ignore"), pytest.raises((ValueError, TypeError), match=message) as caught:
        net.fit(x, y, epochs=1, augment=augment, progress=False)
    assert "\n" not in str(caught.value)
    np.testing.assert_array_equal(flat(net), before)
    assert net.history.loss == []


def test_augmented_batches_keep_the_networks_dtype():
    net, (x, y), seen = network(dtype=np.float32), data(), set()

    def watch(x, rng):
        seen.add(x.dtype)
        return noisy(x, rng)  # float64, from the generator

    net.fit(x, y, epochs=1, augment=watch, progress=False)
    assert seen == {np.dtype(np.float32)} and net.W[1].dtype == np.float32


def test_a_constant_column_of_validation_targets_does_not_stop_fit():
    net, (x, y) = network("squared_error"), data("squared_error")
    yv = np.column_stack([y[:, :2], np.ones(20)])
    history = net.fit(x, y, epochs=2, validation=(x, yv), patience=1, progress=False)
    assert np.isnan(history.validation_score).all() and len(history.validation_score) == 2
    np.testing.assert_allclose(history.validation_loss[-1], net.loss(net.forward(x), yv))
    with pytest.raises(ValueError, match=r"^y must vary for R\^2 to be defined;"):
        net.score(x, yv)
    assert np.isfinite(net.fit(x, y, epochs=1, validation=(x, y), progress=False).validation_score[-1])


# Prediction ----------------------------------------------------------------------------------------------------------


def test_predictions_of_classes():
    net, (x, y) = network(), data()
    p = net.predict_proba(x)
    np.testing.assert_allclose(p.sum(axis=1), 1)
    np.testing.assert_array_equal(net.predict(x), p.argmax(axis=1))
    assert net.score(x, y) == net.score(x, np.eye(3)[y]) == (p.argmax(axis=1) == y).mean()


@pytest.mark.parametrize("loss", ["cross_entropy", "binary_cross_entropy"])
def test_predictions_of_zeros_and_ones(loss):
    net, (x, y) = network(loss), data(loss)
    p = net.predict_proba(x)
    assert ((p > 0) & (p < 1)).all()
    np.testing.assert_array_equal(net.predict(x), p > 0.5)
    assert net.score(x, y) == ((p > 0.5) == y).all(axis=1).mean()


def test_both_binary_losses_are_one_loss():
    (x, y), logits, outputs = data("cross_entropy"), network("binary_cross_entropy"), network("cross_entropy")
    np.testing.assert_allclose(logits.predict_proba(x), outputs.predict_proba(x))
    np.testing.assert_allclose(logits.loss(logits.forward(x), y), outputs.loss(outputs.forward(x), y))


def test_predictions_of_one_unit_are_a_plain_row():
    x, y = data("squared_error", n_L=1)
    net = bp.MLP([3, 4, 1], loss="squared_error")
    assert net.predict(x).shape == (20,)
    assert net.score(x, y) == net.score(x, y[:, 0])
    np.testing.assert_allclose(
        net.score(x, y), 1 - ((y[:, 0] - net.predict(x)) ** 2).sum() / ((y - y.mean()) ** 2).sum()
    )


def test_targets_of_one_unit_may_be_flat_before_any_arithmetic():
    x, y = data("squared_error", n_L=1)
    net = bp.MLP([3, 4, 1], loss="squared_error")
    cache = net.forward(x)
    assert net.loss(cache, y) == net.loss(cache, y[:, 0])
    np.testing.assert_array_equal(net.backward(cache, y).delta[1], net.backward(cache, y[:, 0]).delta[1])


# Bad input -----------------------------------------------------------------------------------------------------------

X, Y = data()
BAD = [
    (
        lambda net: net.forward(X.T),
        r"^x must have shape \(m, 3\), one row per example; got \(3, 20\)\. If your examples are columns, pass x\.T\.$",
    ),
    (
        lambda net: net.forward(X[0]),
        r"^x must have shape \(m, 3\), one row per example; got \(3,\)\. For a single example pass x\[None, :\]\.$",
    ),
    (
        lambda net: net.forward(X[:, :2]),
        r"^x must have shape \(m, 3\).*got \(20, 2\)\. Check the first of the network's sizes\.$",
    ),
    (lambda net: net.forward(np.ones((4, 3, 1))), r"^x must have shape \(m, 3\).*pass x\.reshape\(len\(x\), -1\)\.$"),
    (lambda net: net.forward(5.0), r"^x must have shape \(m, 3\), one row per example; got \(\)\."),
    (lambda net: net.forward(X[:0]), r"^x must have shape \(m, 3\).*There must be at least one example\.$"),
    (lambda net: net.forward([[1, 2], [3]]), r"^x must be a rectangular array; got rows of different lengths\.$"),
    (
        lambda net: net.forward([["a", "b", "c"]]),
        r"^x must hold real numbers; got the word 'a' in column 0\. Put .* in its place, a column per word\.$",
    ),
    (
        lambda net: net.forward(X + 1j),
        r"^x must hold real numbers; got dtype complex128\. Pass x\.real if that is meant\.$",
    ),
    (
        lambda net: net.forward([[1, 2, None]]),
        r"^x must hold real numbers; got a missing value in row 0 in column 2\. Fill it in, or leave such rows out\.$",
    ),
    (
        lambda net: net.forward([[1, 2, 3], [1, np.nan, 3]]),
        r"^x must be finite; got nan in row 1\. Remove such rows or fill them in\.$",
    ),
    (lambda net: net.forward([[1, np.inf, 3]]), r"^x must be finite; got inf in row 0\."),
    (
        lambda net: net.score(X, Y[:5]),
        r"^y must have shape \(m,\) with m = 20, one class number per example; got \(5,\)\. Check that x and y hold the same examples\.$",
    ),
    (
        lambda net: net.score(X, Y.astype(float)),
        r"^y must hold class numbers, which are integers; got dtype float64\. Pass y\.astype\(int\)\.$",
    ),
    (
        lambda net: net.score(X, Y + 0.5),
        r"^y must hold class numbers.*Values that are not classes need squared_error\.$",
    ),
    (
        lambda net: net.score(X, Y > 1),
        r"^y must hold class numbers, which are integers; got dtype bool\. Pass y\.astype\(int\)\.$",
    ),
    (
        lambda net: net.score(X, Y + 1),
        r"^y must hold class numbers from 0 to 2; got 3\. If your classes count from 1, pass y - 1\.$",
    ),
    (
        lambda net: net.score(X, Y - 1),
        r"^y must hold class numbers from 0 to 2; got -1\. The network has 3 output units, one per class\.$",
    ),
    (lambda net: net.score(X, Y[:, None]), r"^y must have shape .*For class numbers pass y\.ravel\(\)\.$"),
    (lambda net: net.score(X, np.eye(3)[Y].T), r"^y must have shape .*If your examples are columns, pass y\.T\.$"),
    (
        lambda net: net.score(X, np.eye(3)[Y] * 0.9),
        r"^y must have rows that sum to 1; row 0 sums to 0\.9\. Divide each row by its sum, or pass class numbers\.$",
    ),
    (
        lambda net: net.score(X, np.eye(3)[Y] * 2 - 1),
        r"^y must lie between 0 and 1; got -1\. Recode the two classes as 0 and 1\.$",
    ),
    (lambda net: net.fit(X, Y, epochs=0), r"^epochs must be at least 1; got 0\.$"),
    (lambda net: net.fit(X, Y, epochs=2.5), r"^epochs must be a whole number; got 2\.5\.$"),
    (lambda net: net.fit(X, Y, batch_size=-1), r"^batch_size must be at least 1; got -1\.$"),
    (lambda net: net.fit(X, Y, clip=0.0), r"^clip must be positive and finite; got 0\.0\.$"),
    (
        lambda net: net.fit(X, Y, patience=3),
        r"^patience needs validation examples to watch; got none\. Pass validation=\(xv, yv\)\.$",
    ),
    (
        lambda net: net.fit(X, Y, optimizer="adam"),
        r"^optimizer must be an Optimizer such as bp\.Adam\(eta=0\.001\); got 'adam'\.$",
    ),
    (
        lambda net: net.fit(X, Y, optimizer=bp.Adam),
        r"^optimizer must be an Optimizer such as bp\.Adam\(eta=0\.001\); got <class",
    ),
    (lambda net: net.fit(X, Y, validation=(X[:, :1], Y)), r"^validation x must have shape \(m, 3\)"),
    (lambda net: net.fit(X, Y, validation=(X, Y[:3])), r"^validation y must have shape"),
    (lambda net: net.update(net.backward(net.forward(X), Y), eta=-1), r"^eta must be positive and finite; got -1\.$"),
    (lambda net: net.backward(net.forward(X), Y[:7]), r"^y must have shape \(m,\) with m = 20"),
    (lambda net: bp.MLP([3]), r"^sizes must name at least inputs and outputs, such as \[64, 10\]; got \[3\]\.$"),
    (lambda net: bp.MLP([3, 0, 2]), r"^sizes\[1\] must be at least 1; got 0\.$"),
    (lambda net: bp.MLP([3, 2.5]), r"^sizes\[1\] must be a whole number; got 2\.5\.$"),
    (lambda net: bp.MLP("3-4"), r"^sizes must be a list of layer sizes such as \[64, 32, 10\]; got '3-4'\.$"),
    (
        lambda net: bp.MLP([3, 4, 2], hidden="swish"),
        r"^hidden must be one of identity, sigmoid, .*; got 'swish'\.$",
    ),
    (lambda net: bp.MLP([3, 2], loss="hinge"), r"^loss must be one of squared_error, .*; got 'hinge'\.$"),
    (lambda net: bp.MLP([3, 2], init="xavier"), r"^init must be one of zeros, normal, .*; got 'xavier'\.$"),
    (
        lambda net: bp.MLP([3, 2], output="sigmoid"),
        r"^output must be identity for softmax_cross_entropy; got 'sigmoid'\. Leave output out\.$",
    ),
    (
        lambda net: bp.MLP([3, 2], loss="cross_entropy", output="tanh"),
        r"^output must be sigmoid for cross_entropy; got 'tanh'\. Leave output out\.$",
    ),
    (
        lambda net: bp.MLP([3, 1]),
        r"^sizes must end with at least 2 units, one per class, .*use binary_cross_entropy\.$",
    ),
    (lambda net: bp.MLP([3, 2], lmbda_1=-0.1), r"^lmbda_1 must be zero or positive and finite; got -0\.1\.$"),
    (lambda net: bp.MLP([3, 2], lmbda=-0.1), r"^lmbda must be zero or positive and finite; got -0\.1\.$"),
    (lambda net: bp.MLP([3, 2], dtype=np.float16), r"^dtype must be float32 or float64; got float16\.$"),
    (
        lambda net: bp.MLP([3, 2], loss="squared_error").predict_proba(X),
        r"^predict_proba needs a loss for classes, .*Use predict\.$",
    ),
    (
        lambda net: bp.MLP([3, 2], loss="squared_error").score(X, np.ones((20, 2))),
        r"^y must vary for R\^2 to be defined;",
    ),
    (
        lambda net: bp.MLP([3, 2], loss="squared_error").score(X, Y),
        r"^y must have shape \(m, 2\).*class numbers are for softmax_cross_entropy\.$",
    ),
    (lambda net: bp.MLP([1, 2]).forward([1.0, 2.0]), r"^x must have shape \(m, 1\).*pass np\.array\(x\)\[:, None\]\.$"),
    (
        lambda net: bp.MLP([3, 2], dtype=np.float32).forward([[1e300, 0, 0]]),
        r"^x must fit into float32; got 1e\+300\. Scale it down\.$",
    ),
    (
        lambda net: bp.MLP([3, 2], loss="squared_error", dtype=np.float32).fit(X, np.full((20, 2), 1e300)),
        r"^y must fit into float32; got 1e\+300\. Scale it down\.$",
    ),
    (
        lambda net: net.forward(np.ma.array(X, mask=X > 1)),
        r"^x must have no masked entries; got some\. Fill them in, or leave such rows out\.$",
    ),
    (
        lambda net: net.loss(None, Y),
        r"^cache must be what forward returned for a network 3-5-3; got None\. Pass net\.forward\(x\)\.$",
    ),
    (lambda net: net.backward(bp.MLP([3, 4, 3]).forward(X), Y), r"^cache must be what forward returned .* 3-5-3; got"),
    (
        lambda net: net.update(None, 0.1),
        r"^grads must be what backward returned for a network 3-5-3; got None\. Pass net\.backward\(cache, y\)\.$",
    ),
    (lambda net: net.update(other_last_layer(), 0.1), r"^grads must be what backward returned"),
    (lambda net: net.update(bp.Grads(None, None, None), 0.1), r"^grads must be what backward returned"),
    (lambda net: net.update(without(net, "db"), 0.1), r"^grads must be what backward returned"),
    (lambda net: net.update(without(net, "dW"), 0.1), r"^grads must be what backward returned"),
    (lambda net: net.loss(bp.Cache(None, None), Y), r"^cache must be what forward returned for a network 3-5-3; got"),
    (lambda net: net.loss(bp.Cache([None] * 3, [None] * 3), Y), r"^cache must be what forward returned"),
    (lambda net: net.backward(net.forward(X)._replace(z=[None] * 3), Y), r"^cache must be what forward returned"),
    (lambda net: net.backward(net.forward(X)._replace(z=net.forward(X[:7]).z), Y), r"^cache must be what forward"),
    (lambda net: net.backward(net.forward(X)._replace(a=[X[:7], *net.forward(X).a[1:]]), Y), r"^cache must be what"),
    (lambda net: net.fit(X, Y, epochs=np.ones((9, 9))), r"^epochs must be a whole number; got array\(\[\[1.*\.\.\.\.$"),
    (lambda net: net.fit(X, Y, clip="1"), r"^clip must be a number; got '1'\.$"),
    (lambda net: net.fit(X, Y, clip=True), r"^clip must be a number; got True\.$"),
    (lambda net: net.fit(X, Y, clip=10**400), r"^clip must be positive and finite; got 1000*\.\.\.\.$"),
    (
        lambda net: net.fit(X, Y, seed=None),
        r"^seed must be a whole number or a Generator; got None\. Pass seed=0 or np\.random\.default_rng\(\)\.$",
    ),
    (lambda net: net.fit(X, Y, progress=np.ones(2)), r"^progress must be True or False; got array\(\[1"),
    (lambda net: net.fit(X, Y, seed=-1), r"^seed must be at least 0; got -1\.$"),
    (lambda net: bp.MLP([3, 2], seed="zero"), r"^seed must be a whole number or a Generator; got 'zero'\."),
    (lambda net: net.fit(X, Y, validation=5), r"^validation must be a pair \(x, y\) of arrays; got 5\.$"),
    (lambda net: net.fit(X, Y, validation=(X,)), r"^validation must be a pair \(x, y\) of arrays; got \(array"),
    (lambda net: net.fit(X, Y, augment="flip"), r"^augment must be a function of \(x, rng\); got 'flip'\.$"),
    (
        lambda net: net.fit(X, Y, augment=np.fliplr),
        r"^augment must be a function of \(x, rng\); got one of \(m\)\. Pass lambda x, rng: \.\.\. that calls it\.$",
    ),
    (
        lambda net: bp.MLP([3, 2], biases=bp.initializers.uniform),
        r"^biases must be .*; got uniform\. Pass uniform\(0\.3\)\.$",
    ),
    (lambda net: bp.MLP([3, 2], biases="ones"), r"^biases must be one of zeros, .*; got 'ones'\.$"),
    (
        lambda net: bp.MLP([3, 2], biases=lambda n_in, n_out, rng: np.zeros(n_out)),
        r"^biases must return W of shape \(n_in, n_out\) = \(3, 2\); got \(2,\)\.$",
    ),
    (lambda net: bp.input_gradient(net, X), r"^input_gradient needs either y or upstream; got neither\. Pass y for"),
    (lambda net: bp.input_gradient(net, X, Y, X), r"^input_gradient needs either y or upstream; got both\. Pass y"),
    (
        lambda net: bp.input_gradient(net, X, upstream=np.ones((20, 2))),
        r"^upstream must have shape \(m, 3\) with m = 20, .* got \(20, 2\)\. Check that x and upstream hold",
    ),
    (
        lambda net: bp.input_gradient(net, X, upstream=np.full((20, 3), np.nan)),
        r"^upstream must be finite; got nan in row 0\.",
    ),
    (
        lambda net: net.save("net.npz", optimizer="no"),
        r"^optimizer must be True or False; got 'no'\.$",
    ),
    (
        lambda net: bp.MLP([3, 1], loss="squared_error").score(X[:3], [0.1] * 3),
        r"^y must vary for R\^2 to be defined; got targets that are all equal\. Score more examples\.$",
    ),
    (lambda net: bp.MLP(np.ones((2, 2))), r"^sizes must be a list of layer sizes such as \[64, 32, 10\]; got array"),
    (lambda net: bp.MLP(b"ab"), r"^sizes must be a list of layer sizes such as \[64, 32, 10\]; got b'ab'\.$"),
    (lambda net: bp.MLP([10**9, 10**9]), r"^sizes must fit into memory; got 10* weights for W\[1\]\.$"),
    (lambda net: bp.MLP([3, 2], output=""), r"^output must be one of identity, .*; got ''\.$"),
    (lambda net: bp.MLP([3, 2], init=0), r"^init must be one of zeros, .*; got 0\.$"),
    (
        lambda net: bp.MLP([3, 2], init=bp.initializers.normal),
        r"^init must be .*; got normal\. Pass normal\(0\.01\)\.$",
    ),
    (
        lambda net: bp.MLP([3, 2], init=lambda n_in, n_out, rng: np.zeros((n_out, n_in))),
        r"^init must return W of shape \(n_in, n_out\) = \(3, 2\); got \(2, 3\)\.$",
    ),
    (
        lambda net: bp.MLP([3, 2], init=lambda n_in, n_out, rng: np.full((n_in, n_out), np.nan)),
        r"^init\(n_in, n_out, rng\) must be finite; got nan",
    ),
    (lambda net: bp.MLP([3, 2], dtype="double float"), r"^dtype must be float32 or float64; got 'double float'\.$"),
    (lambda net: bp.input_gradient(None, X, Y), r"^net must be an MLP; got None\.$"),
    (lambda net: net.save(None), r"^path must be the name of a file, such as 'net\.npz'; got None\.$"),
    (lambda net: bp.MLP.load(0), r"^path must be the name of a file, such as 'net\.npz'; got 0\.$"),
]


def without(net, name):
    """Return gradients whose list of this name ends one array early."""
    grads = net.backward(net.forward(X), Y)
    return grads._replace(**{name: getattr(grads, name)[:-1]})


def other_last_layer():
    """Return gradients that fit the first layer of `network()` and not the second."""
    net = bp.MLP([3, 5, 2])
    return net.backward(net.forward(X), Y % 2)


@pytest.mark.parametrize(("call", "message"), BAD, ids=range(len(BAD)))
def test_bad_input_gets_one_line_and_changes_nothing(call, message):
    net = network()
    before = flat(net)
    with pytest.raises((ValueError, TypeError), match=message) as caught:
        call(net)
    assert "\n" not in str(caught.value)
    np.testing.assert_array_equal(flat(net), before)
    assert net.history.loss == [] and net.optimizer is None


@pytest.mark.parametrize(
    ("name", "l", "value", "got"),
    [
        ("W", 1, [[0.5] * 5] * 3, r"\[\[0\.5"),
        ("W", 2, np.ones((5, 3), int), r"array\(\[\[1, 1, 1\]"),
        ("W", 1, np.ones((5, 3)), r"array\(\[\[1\."),
        ("b", 2, np.zeros((1, 3)), r"array\(\[\[0\."),
        ("b", 1, None, "None"),
    ],
)
def test_a_weight_replaced_by_what_is_none_is_named_before_anything_changes(name, l, value, got):
    net, (x, y) = network(), data()
    cache = net.forward(x)
    grads = net.backward(cache, y)
    getattr(net, name)[l] = value
    others = [array.copy() for array in (*net.W[1:], *net.b[1:]) if array is not value]
    for call in (lambda: net.forward(x), lambda: net.update(grads, 0.1), lambda: net.fit(x, y, progress=False)):
        with pytest.raises(
            ValueError, match=rf"^{name}\[{l}\] must be an array of floats of shape \(.*\); got {got}.*\[\.\.\.\]\.$"
        ):
            call()
    for before, array in zip(others, [a for a in (*net.W[1:], *net.b[1:]) if a is not value], strict=True):
        np.testing.assert_array_equal(array, before)


@pytest.mark.parametrize(
    "x",
    [[[1, 2, 3]], np.array([[1, 2, 3]], np.uint8), np.array([[True, False, True]]), np.asfortranarray(np.ones((2, 3)))],
)
def test_whole_numbers_lists_and_other_layouts_are_converted(x):
    np.testing.assert_array_equal(network().forward(x).a[2], network().forward(np.array(x, float)).a[2])


def test_no_input_is_ever_modified():
    x, y = data("squared_error")
    xv, yv = data("squared_error", seed=1)
    for array in (x, y, xv, yv):
        array.flags.writeable = False
    net = network("squared_error")
    cache = net.forward(x)
    net.loss(cache, y)
    grads = net.backward(cache, y)
    kept = [g.copy() for g in grads.dW[1:]]
    net.update(grads, 0.1)
    net.fit(x, y, epochs=2, validation=(xv, yv), patience=1, clip=0.1, progress=False)
    net.score(x, y), net.predict(x), bp.input_gradient(net, x, y), bp.check_gradients(net, x, y)
    for before, after in zip(kept, grads.dW[1:], strict=True):
        np.testing.assert_array_equal(before, after)


# Saving and loading --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize(
    "optimizer", [bp.GradientDescent(0.1), bp.Momentum(0.1, nesterov=True), bp.RMSProp(), bp.Adam(decay=0.1)]
)
def test_a_loaded_network_goes_on_as_if_it_had_never_stopped(loss, optimizer, tmp_path):
    fresh = type(optimizer)(optimizer.eta, **optimizer.settings())
    net, whole = (network(loss, lmbda=0.01, lmbda_1=0.02) for _ in range(2))
    x, y = data(loss)
    net.fit(x, y, epochs=2, optimizer=fresh, progress=False)
    net.save(tmp_path / "net.npz")
    loaded = bp.MLP.load(tmp_path / "net.npz")
    assert repr(loaded) == repr(net) and loaded.history == net.history and repr(loaded.optimizer) == repr(fresh)
    loaded.fit(x, y, epochs=2, progress=False)
    whole.fit(x, y, epochs=4, optimizer=type(optimizer)(optimizer.eta, **optimizer.settings()), progress=False)
    np.testing.assert_array_equal(flat(loaded), flat(whole))


def test_save_keeps_the_name_it_is_given_and_pickles_nothing(tmp_path):
    network().save(tmp_path / "net.bin")
    assert [path.name for path in tmp_path.iterdir()] == ["net.bin"]
    with np.load(tmp_path / "net.bin", allow_pickle=False) as file:
        assert {"header", "W1", "b1", "W2", "b2"} == set(file.files)


def test_a_file_written_before_there_was_an_l1_penalty_has_none(tmp_path):
    net = network(lmbda=0.1)
    net.save(tmp_path / "new.npz")
    with np.load(tmp_path / "new.npz", allow_pickle=False) as file:
        arrays = dict(file)
    header = json.loads(str(arrays["header"]))
    assert header.pop("lmbda_1") == 0
    np.savez(tmp_path / "old.npz", **arrays | {"header": np.array(json.dumps(header))})
    assert bp.MLP.load(tmp_path / "old.npz").params[3:] == (0.1, 0)


def test_a_schedule_is_saved_as_its_last_rate(tmp_path):
    net, (x, y) = network(), data()
    net.fit(x, y, epochs=1, batch_size=100, optimizer=bp.Adam(lambda t: 0.25), progress=False)
    net.save(tmp_path / "net.npz")
    assert bp.MLP.load(tmp_path / "net.npz").optimizer.eta == 0.25


def test_what_cannot_be_saved_says_so_and_leaves_the_file_alone(tmp_path):
    own = bp.Activation("sine", np.sin, np.cos)
    (tmp_path / "net.npz").write_text("precious")
    with pytest.raises(ValueError, match=r"^save needs activations and losses of bpbook; got your own 'sine'\.$"):
        bp.MLP([3, 4, 2], hidden=own).save(tmp_path / "net.npz")
    assert (tmp_path / "net.npz").read_text() == "precious"


def test_a_schedule_that_has_ended_at_zero_can_be_saved_and_loaded(tmp_path):
    net, (x, y) = network(), data()
    net.fit(x, y, epochs=2, batch_size=100, optimizer=bp.Adam(bp.optimizers.cosine_decay(0.1, steps=1)), progress=False)
    assert net.history.eta == [0.1, 0.0]
    net.save(tmp_path / "net.npz")
    assert bp.MLP.load(tmp_path / "net.npz").optimizer.eta == 0.0


def test_a_schedule_before_its_first_step_is_not_saved(tmp_path):
    net = network()
    net.optimizer = bp.Adam(lambda t: 0.1)
    net.save(tmp_path / "net.npz")
    assert bp.MLP.load(tmp_path / "net.npz").optimizer is None


def test_a_file_without_the_optimizer_is_smaller_and_predicts_the_same(tmp_path):
    net, (x, y) = bp.MLP([3, 200, 3], seed=0), data()
    net.fit(x, y, epochs=1, progress=False)
    net.save(tmp_path / "whole.npz")
    net.save(tmp_path / "light.npz", optimizer=False)
    assert (tmp_path / "light.npz").stat().st_size < 0.5 * (tmp_path / "whole.npz").stat().st_size
    light = bp.MLP.load(tmp_path / "light.npz")
    np.testing.assert_array_equal(light.predict_proba(x), net.predict_proba(x))
    assert light.optimizer is None and light.history == net.history and net.optimizer.t == 1
    light.fit(x, y, epochs=1, progress=False)


def test_saving_to_a_folder_that_is_not_there_says_so(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"^path must name a file in a folder that exists; there is no folder"):
        network().save(tmp_path / "nowhere" / "net.npz")


def test_a_folder_is_no_place_for_a_network(tmp_path):
    with pytest.raises(ValueError, match=r"^path must name a file; '.*' is a folder\. Pass a name in it, such as"):
        network().save(tmp_path)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with names here")
def test_what_is_no_file_stays_what_it_is(tmp_path):
    # As the administrator, which one is in many containers, net.save("/dev/null") would do away with the device.
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "link").symlink_to(tmp_path / "pipe")
    for name in ("pipe", "link"):
        with pytest.raises(
            ValueError, match=r"^path must name a file; '.*pipe' is a device or a pipe\. Pass a name, such"
        ):
            network().save(tmp_path / name)
    assert stat.S_ISFIFO(os.stat(tmp_path / "pipe").st_mode)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["link", "pipe"]


def test_a_file_with_more_layers_than_it_says_is_refused_and_not_cut_short(tmp_path):
    rewritten(tmp_path / "net.npz", header={"sizes": network().sizes[:-1]})
    with pytest.raises(ValueError, match=r"is damaged \(it holds more layers than its sizes \[3, .*\]\)\.$"):
        bp.MLP.load(tmp_path / "net.npz")


def test_a_copy_of_a_network_can_be_saved(tmp_path):
    for copied in (copy.deepcopy(network()), pickle.loads(pickle.dumps(network()))):
        copied.save(tmp_path / "net.npz")
        np.testing.assert_array_equal(flat(bp.MLP.load(tmp_path / "net.npz")), flat(network()))


def test_a_long_history_can_be_loaded_again(tmp_path):
    net = network()
    net.history.loss, net.history.eta = list(np.random.default_rng(0).random(10**6)), [0.001] * 10**6
    net.save(tmp_path / "net.npz")
    assert bp.MLP.load(tmp_path / "net.npz").history == net.history


def test_saving_touches_no_other_file_and_takes_any_name(tmp_path):
    (tmp_path / "net.npz.part").write_text("precious")
    for name in ("net.npz", "n" * 255):
        network().save(tmp_path / name)
    assert (tmp_path / "net.npz.part").read_text() == "precious" and len(list(tmp_path.iterdir())) == 3


def test_a_link_to_a_file_stays_a_link(tmp_path):
    (tmp_path / "runs").mkdir()
    (tmp_path / "latest.npz").symlink_to(tmp_path / "runs" / "5.npz")
    network().save(tmp_path / "latest.npz")
    assert (tmp_path / "latest.npz").is_symlink() and [p.name for p in (tmp_path / "runs").iterdir()] == ["5.npz"]
    np.testing.assert_array_equal(flat(bp.MLP.load(tmp_path / "latest.npz")), flat(network()))


def test_a_file_of_a_later_bpbook_says_so(tmp_path):
    rewritten(tmp_path / "net.npz", header={"format": "bpbook.MLP 2"})
    with pytest.raises(ValueError, match=r"its format is 'bpbook\.MLP 2'; this bpbook reads 'bpbook\.MLP 1'"):
        bp.MLP.load(tmp_path / "net.npz")


def test_two_saves_at_once_leave_one_whole_file(tmp_path, monkeypatch):
    path, inner = tmp_path / "net.npz", bp.MLP([3, 2], seed=5)
    savez = np.savez

    def slowly(file, **arrays):  # while the first save writes, a second one begins and ends
        monkeypatch.setattr(np, "savez", savez)
        file.write(b"the first half of it")
        inner.save(path)
        np.testing.assert_array_equal(bp.MLP.load(path).W[1], inner.W[1])
        file.seek(0)
        savez(file, **arrays)

    monkeypatch.setattr(np, "savez", slowly)
    network().save(path)
    np.testing.assert_array_equal(flat(bp.MLP.load(path)), flat(network()))
    assert len(list(tmp_path.iterdir())) == 1


def rewritten(path, pack=np.savez, **changes):
    """Change arrays or entries of the header of a saved file."""
    import json

    network().save(path)
    with np.load(path) as file:
        arrays = dict(file)
    header = json.loads(str(arrays["header"])) | changes.pop("header", {})
    with open(path, "wb") as file:
        pack(file, **(arrays | {"header": np.array(json.dumps(header))} | changes))


@pytest.mark.parametrize(
    "changes",
    [
        {"W1": np.zeros(10**7)},
        {"something": np.zeros(10**7)},
        {"header": {"something": " " * 2 * 10**7}},
        {"header": {"dtype": "S1000000"}, "W1": np.zeros(10**7)},
        {"header": {"sizes": [10**5, 10**5]}, "pack": np.savez},
    ],
    ids=["a weight", "an extra array", "the header", "the dtype", "the sizes"],
)
def test_a_small_file_is_not_unpacked_to_something_large(changes, tmp_path):
    import tracemalloc

    rewritten(tmp_path / "net.npz", **({"pack": np.savez_compressed} | changes))
    tracemalloc.start()
    with pytest.raises(ValueError, match=r"^path must name a file written by MLP\.save.* is not one, or is damaged"):
        bp.MLP.load(tmp_path / "net.npz")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 10**7


def test_a_rewritten_file_that_is_right_is_loaded(tmp_path):
    rewritten(tmp_path / "net.npz")
    np.testing.assert_array_equal(flat(bp.MLP.load(tmp_path / "net.npz")), flat(network()))


@pytest.mark.parametrize("history", [{"loss": "0.1"}, {"loss": ["0.1"]}, [], {"losses": []}])
def test_a_history_that_is_none_is_refused(history, tmp_path):
    rewritten(tmp_path / "net.npz", header={"history": history})
    with pytest.raises(ValueError, match=r"^path must name a file written by MLP\.save"):
        bp.MLP.load(tmp_path / "net.npz")


def test_a_damaged_file_is_refused_or_holds_the_network_that_was_saved(tmp_path):
    net, rng, damaged = network(), np.random.default_rng(0), 0
    net.fit(*data(), epochs=1, progress=False)
    net.save(tmp_path / "whole.npz")
    whole = np.frombuffer((tmp_path / "whole.npz").read_bytes(), np.uint8)
    for k in rng.choice(len(whole), 400, replace=False):
        part = whole.copy()
        part[k] ^= 1 << rng.integers(8)
        (tmp_path / "part.npz").write_bytes(part.tobytes())
        try:
            np.testing.assert_array_equal(flat(bp.MLP.load(tmp_path / "part.npz")), flat(net))
        except ValueError as refusal:
            assert str(refusal).startswith("path must name a file written by MLP.save")  # noqa: PT017
            damaged += 1
    assert damaged > 200


def test_an_optimizer_of_your_own_is_not_written_into_a_file_that_nobody_could_read(tmp_path):
    net, (x, y) = network(), data()
    net.fit(x, y, epochs=1, optimizer=InterruptedAt(10**6), progress=False)
    with pytest.raises(
        ValueError, match=r"^save needs an optimizer of bpbook; got your own 'InterruptedAt'\. Pass optim"
    ):
        net.save(tmp_path / "net.npz")
    net.save(tmp_path / "net.npz", optimizer=False)
    np.testing.assert_array_equal(flat(bp.MLP.load(tmp_path / "net.npz")), flat(net))


def foreign_npz(path):
    with open(path, "wb") as file:
        np.savez(file, W1=np.ones(3))


def pickled(path):
    path.write_bytes(pickle.dumps({"W": 1}))


def objects(path):
    with open(path, "wb") as file:
        np.savez(file, header=np.array([{"format": "x"}], dtype=object))


def plain_array(path):
    with open(path, "wb") as file:
        np.save(file, np.ones(3))


@pytest.mark.parametrize("write", [foreign_npz, pickled, objects, plain_array, lambda path: path.write_text("hello")])
def test_a_foreign_file_is_refused(write, tmp_path):
    write(tmp_path / "net.npz")
    with pytest.raises(
        ValueError, match=r"^path must name a file written by MLP\.save; '.*net\.npz' is not one, or is damaged"
    ):
        bp.MLP.load(tmp_path / "net.npz")


def test_every_truncation_is_refused(tmp_path):
    net, (x, y) = network(), data()
    net.fit(x, y, epochs=1, progress=False)
    net.save(tmp_path / "whole.npz")
    whole = (tmp_path / "whole.npz").read_bytes()
    for size in [0, 1, 10, *range(100, len(whole), 200), len(whole) - 1]:
        (tmp_path / "part.npz").write_bytes(whole[:size])
        with pytest.raises(ValueError, match=r"^path must name a file written by MLP\.save"):
            bp.MLP.load(tmp_path / "part.npz")


def test_a_missing_file_is_a_missing_file(tmp_path):
    with pytest.raises(FileNotFoundError):
        bp.MLP.load(tmp_path / "nowhere.npz")


def test_extreme_values_make_no_noise():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for loss in LOSSES:
            net = network(loss, dtype=np.float32)
            x, y = data(loss)
            cache = net.forward(x * 1e6)
            assert np.isfinite(net.loss(cache, y))
            net.backward(cache, y)
