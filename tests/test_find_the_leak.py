"""Find the leak: every line of every forecaster switched on and off, and only one of them the leak."""

import re

import numpy as np
import pytest

import bpbook as bp
from bpbook.datasets import market
from bpbook.widgets.leak.programs import PROGRAMS


@pytest.fixture(scope="module")
def small():
    """Return the last four years, so that each program runs in a moment."""
    return market.Prices(*(column[-1000:] for column in market.sp500()))


@pytest.fixture(scope="module")
def board():
    return bp.widgets.find_the_leak()


@pytest.mark.parametrize("name", PROGRAMS)
def test_only_without_the_leak_is_the_forecaster_as_good_as_a_coin(board, name):
    board.forecaster.value = name
    board.rewind()
    leak = PROGRAMS[name].leak - 1
    with_all = board.result
    assert with_all.hit > 0.7 and with_all.R2 > 0.3
    board.switches[leak].value = False
    assert 0.45 < board.result.hit < 0.55 and board.result.R2 < 0
    for switch in board.switches:
        switch.value = False
    assert board.result.R2 < 0.02, "whatever is off, nothing honest is left to find"


@pytest.mark.parametrize("name", ["the smooth one", "the range reader"])
def test_the_other_lines_change_little(board, name):
    board.forecaster.value = name
    board.rewind()
    hit, leak = board.result.hit, PROGRAMS[name].leak - 1
    for k, switch in enumerate(board.switches):
        if k != leak:
            switch.value = False
            assert abs(board.result.hit - hit) < 0.02
            switch.value = True


def test_a_network_too_weak_to_copy_brings_the_hit_rate_down_as_the_chapter_says(board):
    board.forecaster.value = "the card player"
    board.rewind()
    for k, falls in enumerate([True, False, True, True]):
        board.switches[k].value = False
        assert (board.result.hit < 0.62) == falls
        board.switches[k].value = True


def test_the_shortest_series_will_do(small):
    board = bp.widgets.find_the_leak(market.Prices(*(column[:500] for column in small)))
    for name in PROGRAMS:
        board.forecaster.value = name
        assert np.isfinite(board.result.R2)


@pytest.mark.parametrize("name", PROGRAMS)
def test_the_lines_that_are_shown_make_the_numbers(small, name):
    board = bp.widgets.find_the_leak(small)
    board.forecaster.value = name
    for k in (None, 0, len(board.switches) - 1):
        if k is not None:
            board.switches[k].value = False
        assert board.lines().count("prices = ...  # the series that you gave\n") == 1
        names = {"small": small}
        exec(board.lines().replace("prices = ...", "prices = small"), names)
        assert (names["hit"], names["R2"]) == (board.result.hit, board.result.R2)
        assert board.lines().splitlines()[2] in board.code.value


def test_without_a_series_the_lines_read_the_shipped_one(board):
    assert "prices = bp.datasets.market.sp500()\n" in board.lines()


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_program_without_its_leak_knows_nothing_of_the_future(small, name):
    """Change the last day. Inputs of the days before must stay, unless the leak is on and the change is near."""
    program = PROGRAMS[name]

    def inputs(prices, on):
        names = {"prices": prices}
        text = program.text(on).replace("prices = bp.datasets.market.sp500()\n", "")
        exec(text[: text.index("net = ")], names)  # the test is off if the order is: look at rows in order of time
        return names

    honest = tuple(k != program.leak - 1 for k in range(len(program.switches)))
    later = market.Prices(small.date, *(np.append(column[:-1], column[-1] * 1.02) for column in small[1:]))
    later = later._replace(low=small.low)
    one, other = inputs(small, honest), inputs(later, honest)
    assert np.array_equal(one["x"][one["train"]], other["x"][other["train"]])
    assert np.array_equal(one["x"], other["x"]) and not np.array_equal(one["y"], other["y"])
    assert one["train"].max() < one["test"].min()
    if name != "the card player":
        leaking = (True,) * len(honest)
        assert not np.array_equal(inputs(small, leaking)["x"], inputs(later, leaking)["x"])


def test_an_accusation_is_judged_in_words(small):
    board = bp.widgets.find_the_leak(small)
    for name, program in PROGRAMS.items():
        board.forecaster.value = name
        for k in range(len(board.switches)):
            board.accused.value = f"line {k + 1}"
            board.accuse()
            assert board.message.text.startswith("Right. " if k + 1 == program.leak else "Not this one. ")
            assert re.search(rf"Without line {k + 1} alone it hits \d+.\d% in place of \d+.\d%", board.message.text)
        assert board.on == (True,) * len(board.switches), "an accusation switches nothing"


def test_tries_are_kept_and_rewinding_forgets_them(small):
    board = bp.widgets.find_the_leak(small)
    board.switches[0].value = False
    board.switches[1].value = False
    board.switches[0].value = True
    assert [name for name, _ in board.tries] == ["all lines", "without 1", "without 1, 2", "without 2"]
    assert "without 1, 2" in board.view.alt and "(left out)" in board._written[1].value
    first = board.tries[0][1]
    board.rewind()
    assert board.tries == [("all lines", first)] and all(board.on) and board.message.text == ""


def test_what_is_no_forecaster_and_no_line_is_refused_in_words(small):
    board = bp.widgets.find_the_leak(small)
    board.forecaster.value = "the oracle"
    assert "forecaster must be one of the smooth one" in board.message.text
    board.accused.value = "line 9"
    assert "the leak is must be one of line 1" in board.message.text
    assert board.forecaster.value == "the smooth one"


@pytest.mark.parametrize("prices", [np.ones(600), [1.0, 2.0], "sp500"])
def test_what_is_no_series_is_refused_in_words(prices):
    with pytest.raises(TypeError, match="prices must be Prices; got "):
        bp.widgets.find_the_leak(prices)


def test_it_names_itself_and_tells_what_it_shows(small):
    board = bp.widgets.find_the_leak(small)
    assert repr(board) == f"[experiment] find the leak; the smooth one, hit rate {board.result.hit:.3g}"
    assert "always" in board.view.alt.lower() and all(switch.description for switch in board.switches)
