"""The budget without a browser: every control moved, every number compared with what the library counts."""

import itertools

import pytest

import bpbook as bp
import bpbook.widgets  # now, so that collecting doctests does not put modules in the place of functions

NET = bp.MLP([16] * 13, hidden="tanh", seed=0)


@pytest.fixture
def budget():
    return bp.widgets.budget(NET, memory=2)


def assert_costs(budget):
    cost = bp.count_cost(NET, budget.batch // budget.machines, budget.every)
    costs = budget.costs
    assert costs["memory"] == cost.bytes and costs["fits"] == (cost.bytes <= 2e6)
    assert costs["compute"] == pytest.approx((cost.forward + cost.backward + cost.update) / 1e10)
    travel = 2 * 8 * sum(w.size for w in NET.W[1:] + NET.b[1:]) / budget.link if budget.machines > 1 else 0
    assert costs["travel"] == pytest.approx(travel)
    assert costs["price"] == pytest.approx(budget.machines * (costs["compute"] + costs["travel"]))


def test_every_control_across_its_range_gives_what_the_library_counts(budget):
    choices = budget.state["choices"]
    assert choices["every"] == [1, 2, 3, 4, 5, 6, 8, 12]
    for batch, machines in itertools.product(choices["batch"], choices["machines"]):
        budget.batch, budget.machines = batch, machines
        for every in choices["every"]:
            budget.every = every
            assert_costs(budget)
    for link in choices["link"]:
        budget.link = link
        assert_costs(budget)
    assert budget.message == ""
    budget._table[budget.share, budget.every] = bp.count_cost(NET, 3)
    with pytest.raises(AssertionError):
        assert_costs(budget)


def test_a_table_for_the_browser_holds_the_same_numbers(budget):
    state = budget.state
    for share, every in itertools.product(state["shares"], state["choices"]["every"]):
        row, column = state["shares"].index(share), state["choices"]["every"].index(every)
        cost = bp.count_cost(NET, share, every)
        assert state["bytes"][row][column] == cost.bytes
        assert state["work"][row][column] == cost.forward + cost.backward + cost.update


def test_the_speed_up_follows_the_rule_of_the_chapter():
    """w / (1 + B_0 / B) with B_0 = 2 s / (3 r) and r in floats, nearly, where layers are wide and there are many."""
    wide = bp.MLP([1000] * 41, hidden="tanh", seed=0)
    experiment = bp.widgets.budget(wide)
    experiment.batch, experiment.machines, experiment.link = 4096, 4, 1e8
    rule = 4 / (1 + 2 * 8 * 1e10 / (3 * 1e8) / 1024)
    assert experiment.costs["speed_up"] == pytest.approx(rule, rel=0.02)
    experiment.machines = 1
    assert experiment.costs["speed_up"] == 1


def test_each_link_has_an_answer_of_its_own():
    """At home two machines with checkpoints are cheapest, in a data centre sixteen that forget nothing."""
    experiment, price = bp.widgets.budget(), {}
    choices = experiment.state["choices"]
    for link, machines, every in itertools.product(choices["link"], choices["machines"], choices["every"]):
        experiment.link, experiment.machines, experiment.every = link, machines, every
        if experiment.costs["fits"]:
            price[link, machines, every] = experiment.costs["price"]
    assert {machines for _, machines, _ in price} == {2, 4, 8, 16}
    cheapest = {link: min((p, *way[1:]) for way, p in price.items() if way[0] == link)[1:] for link in choices["link"]}
    assert cheapest[1e7][0] == 2 and cheapest[1e7][1] < 64 and cheapest[1e10] == (16, 64)


def test_rewinding_goes_back_to_the_first_state(budget):
    first = repr(budget)
    budget.batch, budget.every, budget.machines, budget.link = 64, 3, 4, 1e7
    assert repr(budget) != first
    budget.rewind()
    assert (repr(budget), budget.message) == (first, "")


@pytest.mark.parametrize("settings", [{}, {"machines": 4, "every": 3, "link": 1e7}, {"batch": 64, "every": 5}])
def test_the_lines_give_the_numbers_shown(budget, settings):
    for name, value in settings.items():
        setattr(budget, name, value)
    reader = {"net": NET}
    exec(budget.lines(), reader)
    costs = budget.costs
    assert reader["memory"] == costs["memory"]
    assert reader["seconds"] == pytest.approx(costs["compute"] + costs["travel"])
    assert reader["price"] == pytest.approx(costs["price"])


def test_what_the_sliders_do_not_offer_is_refused_with_words_and_changes_nothing(budget):
    budget.machines = 3
    assert (budget.machines, budget.message) == (1, "machines must be one of 1, 2, 4, 8, 16; got 3. It stays 1.")
    budget.every = 13
    assert budget.every == 12 and budget.message.startswith("every must be one of 1, 2, 3, 4, 5, 6, 8, 12; got 13.")
    budget.batch = 0
    assert budget.batch == 4096 and "got 0. It stays 4096." in budget.message
    assert_costs(budget)


@pytest.mark.parametrize(
    ("arguments", "error", "match"),
    [
        (([64, 10],), TypeError, r"net must be a network; got \[64, 10\]. Pass bp.MLP"),
        ((NET, 0), ValueError, "memory must be positive and finite; got 0"),
        ((NET, "much"), TypeError, "memory must be a number; got 'much'"),
    ],
)
def test_what_cannot_be_budgeted_is_refused(arguments, error, match):
    with pytest.raises(error, match=match):
        bp.widgets.budget(*arguments)


def test_the_text_for_a_stored_chapter_is_short():
    text = repr(bp.widgets.budget())
    assert text.startswith("[experiment] a budget of memory and machines; 1 machine, 399 of 32 MB") and len(text) <= 110


def test_a_network_of_one_layer_has_no_checkpoints():
    experiment = bp.widgets.budget(bp.MLP([4, 3]))
    assert experiment.state["choices"]["every"] == [1] and experiment.costs["fits"]
