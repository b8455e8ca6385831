"""The papers of 1986, a few seeds each: what is measured is what the words say, and the judges can say no."""

import numpy as np
import pytest

import bpbook as bp
from bpbook import losses
from bpbook.classics import encoder, parity, stack, symmetry, xor
from bpbook.classics.claims import near, share


def test_the_book_means_by_eta_what_the_papers_mean_by_m_times_as_much():
    # A step on the summed error with the papers' rate is a step on the mean with m times that rate.
    for (x, y), eta, theirs in [
        (symmetry.rows(), symmetry.ETA, 0.1),
        (xor.examples(), xor.ETA, 0.5),
        ((np.eye(8), np.eye(8)), encoder.ETA, 0.5),
        (parity.patterns(), parity.ETA, 0.5),
    ]:
        summed = bp.Loss("summed", lambda a, y: 0.5 * ((a - y) ** 2).sum(), lambda a, y: a - y)
        params = stack.one(stack.born([x.shape[1], 3, y.shape[1]], [0], 0.5), 0)
        cache = bp.forward(params, x)
        mean, whole = (bp.backward(params, cache, y, loss) for loss in (losses.squared_error, summed))
        np.testing.assert_allclose(eta * mean.dW[1], theirs * whole.dW[1], rtol=1e-12)


@pytest.mark.parametrize(
    ("task", "right"),
    [
        (symmetry.rows, lambda x: x[0] == x[5] and x[1] == x[4] and x[2] == x[3]),
        (xor.examples, lambda x: x[0] != x[1]),
        (parity.patterns, lambda x: list(x).count(1) in (1, 3)),
    ],
)
def test_the_tasks_are_what_they_say(task, right):
    x, y = task()
    assert len({tuple(row) for row in x}) == len(x) == 2 ** x.shape[1]
    assert [bool(target) for (target,) in y] == [right(row) for row in x]


# Symmetry -------------------------------------------------------------------------------------------------------------


def test_symmetry_by_hand_a_network_with_weights_1_2_4_tells_all_rows_apart():
    unit = np.array([1.0, 2, 4, -4, -2, -1])
    W = [None, 20 * np.stack([unit, -unit], axis=1), np.array([[-40.0], [-40.0]])]
    f = [None, bp.activations.sigmoid, bp.activations.sigmoid]
    net = bp.Params(W, [None, np.array([-10.0, -10.0]), np.array([20.0])], f)
    x, y = symmetry.rows()
    assert (np.abs(bp.forward(net, x).a[2] - y) < 1e-3).all()
    assert symmetry.deviations_from_1_2_4(W[1][None]) == pytest.approx([0], abs=1e-12)
    broken = W[1] + np.array([[0.0], [0], [20], [-20], [0], [0]])  # 1 : 2 : 5
    assert symmetry.deviations_from_1_2_4(np.stack([broken])) > 0.1


def test_structure_is_read_off_the_weights():
    unit = np.array([1.0, 2, 4, -4, -2, -1])
    elegant = np.stack([unit, -unit], axis=1)[None]
    assert symmetry.not_mirrored(elegant) == symmetry.not_opposite(elegant) == 0
    same_signs = np.stack([unit, unit], axis=1)[None]
    assert symmetry.not_mirrored(same_signs) == 0 and symmetry.not_opposite(same_signs) == 2
    lopsided = np.stack([np.abs(unit), -np.abs(unit)], axis=1)[None]
    assert symmetry.not_mirrored(lopsided) == 2 and symmetry.not_opposite(lopsided) == 0


def test_symmetry_finds_the_elegant_solution_in_most_seeds_that_learn_it():
    run = symmetry.train(list(range(6)), within=0.1, sweeps=3000)
    W = run.params.W[1][run.solved]
    assert len(W) >= 2
    assert np.median(symmetry.not_mirrored(W)) < 0.05 and np.median(symmetry.not_opposite(W)) < 0.05
    born = stack.born([6, 2, 1], range(6), 0.3).W[1]
    assert min(np.median(symmetry.not_mirrored(born)), np.median(symmetry.not_opposite(born))) > 0.5


# Exclusive or ---------------------------------------------------------------------------------------------------------


def test_a_network_with_shortcuts_learns_its_own_seven_weights_and_no_copy():
    born = stack.born([2, 3, 1], range(3), 0.5, hidden=xor.SHORTCUT)
    born.W[1][:, :, :2], born.b[1][:, :2] = np.eye(2), 0
    x, y = xor.examples()
    grads = stack.backward(born, stack.forward(born, x), y, losses.squared_error)

    def loss_of(u, c, w, b):  # written out: h = sigma(x u + c), a = sigma(w_0 x_0 + w_1 x_1 + w_2 h + b)
        h = bp.activations.sigmoid(x @ u + c)
        return losses.squared_error(bp.activations.sigmoid(x @ w[:2] + h[:, None] * w[2] + b), y)

    for s in range(3):
        u, c, w, b = born.W[1][s][:, 2], born.b[1][s][2], born.W[2][s], born.b[2][s]
        for own, numerical in [
            (grads.dW[1][s][:, 2], bp.numerical_gradient(lambda u, c=c, w=w, b=b: loss_of(u, c, w, b), u)),
            (grads.dW[2][s], bp.numerical_gradient(lambda w, u=u, c=c, b=b: loss_of(u, c, w, b), w)),
        ]:
            assert bp.relative_error(own, numerical) < 1e-7
    assert not grads.dW[1][:, :, :2].any() and not grads.db[1][:, :2].any()
    run = xor.train_shortcuts(list(range(3)), sweeps=300)
    assert (run.params.W[1][:, :, :2] == np.eye(2)).all()


def test_levels_by_hand():
    # Two examples with targets 0 and 1 both get 1/2: two errors of 1/2, squared and halved, 1/4, over 4 examples.
    assert xor.level([0, 1]) == pytest.approx(1 / 16)
    # Three with 0, 1, 1 get 2/3: (4 + 1 + 1)/9 halved, 1/3, over 4.
    assert xor.level([0, 1, 1]) == pytest.approx(1 / 12)
    assert xor.level([1, 1]) == 0


def test_stuck_runs_stand_at_the_levels_and_nowhere_else():
    run = xor.train(list(range(150)), limit=1.0)
    stuck = run.loss[~run.solved]
    levels = np.array([xor.level([0, 1]), xor.level([0, 1, 1])])
    assert len(stuck) >= 10
    assert (np.abs(stuck[:, None] / levels - 1).min(axis=1) < 0.03).all()


def test_a_stuck_run_still_falls_and_its_weights_still_grow():
    run = xor.train(list(range(150)), limit=1.0)
    trapped = stack.pile([stack.one(run.params, int(s)) for s in np.flatnonzero(~run.solved)])
    later = stack.train(trapped, *xor.examples(), eta=xor.ETA, mu=0.9, sweeps=5000, within=0)
    assert (later.loss < run.loss[~run.solved]).all()
    assert all(abs(later.params.W[2]).max(axis=(1, 2)) > abs(trapped.W[2]).max(axis=(1, 2)))


def test_width_cures():
    seeds = list(range(100))
    unsolved = [int((~xor.train(seeds, hidden).solved).sum()) for hidden in (2, 4, 8)]
    assert unsolved[0] > unsolved[1] >= unsolved[2] == 0


# Encoder and parity ---------------------------------------------------------------------------------------------------


def test_corners_by_hand():
    # A network whose hidden units hold the three binary digits of its pattern uses all eight corners; one that
    # forgets the last digit uses four.
    digits = np.array([[int(bit) for bit in f"{k:03b}"] for k in range(8)], dtype=float)
    for code, used in ((digits, 8), (digits * [1, 1, 0], 4)):
        born = stack.born([8, 3, 8], [0], 0.5)
        params = born._replace(W=[None, (20 * code - 10)[None], born.W[2]], b=[None, np.zeros((1, 3)), born.b[2]])
        run = stack.Run(params, np.array([True]), np.array([False]), np.array([5.0]), np.zeros(1))
        assert encoder.corners(run) == used
    assert np.isnan(encoder.corners(stack.Run(params, np.array([False]), *(np.zeros(1),) * 3)))


def test_momentum_hurts_the_encoder_at_this_rate():
    seeds = list(range(12))
    assert encoder.train(seeds, sweeps=5000).solved.mean() > encoder.train(seeds, mu=0.9, sweeps=5000).solved.mean()


def test_parity_is_learned_by_some_seeds_and_not_by_others():
    solved = parity.train(list(range(20)), sweeps=4000).solved
    assert 0 < solved.sum() < 20


# Claims ---------------------------------------------------------------------------------------------------------------


def test_judges_count_failures():
    assert near(5)(np.array([4.0, 5, 6, np.nan])) == "yes"
    assert near(5)(np.array([4.0, 6, np.nan, np.nan])) == "partly"
    assert near(5)(np.array([6.0, 7, 8, 9])) == "no"
    good = share(lambda numbers: numbers > 0, yes=0.9, partly=0.5)
    assert [good(np.array(numbers)) for numbers in ([1.0], [1, np.nan], [1, np.nan, np.nan])] == ["yes", "partly", "no"]
    of_solved = share(lambda numbers: numbers > 0, yes=0.9, partly=0.5, of_all=False)
    assert of_solved(np.array([1, np.nan, np.nan])) == "yes" and of_solved(np.array([np.nan])) == "no"


@pytest.mark.parametrize("module", [symmetry, xor, encoder, parity])
def test_every_judge_can_say_no(module):
    for claim in module.CLAIMS:
        assert claim.verdict(np.full(claim.seeds, np.nan)) == "no", claim.name


def test_a_number_does_not_depend_on_the_company_of_its_seed():
    for module in (symmetry, xor, encoder, parity):
        for claim in module.CLAIMS:
            if claim.name in ("stuck", "two_units", "code"):
                np.testing.assert_array_equal(claim.numbers([3, 1]), claim.numbers(range(4))[[3, 1]])
