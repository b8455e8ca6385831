"""The experiment of chapter 12 without a browser: every control moved, every ride the same as the library's."""

import time

import numpy as np
import pytest

import bpbook as bp
import bpbook.widgets  # now, so that collecting doctests does not put modules in the place of functions
from bpbook import driving


@pytest.fixture(scope="module")
def nets():
    """Return a network that drives, and one that knows nothing."""
    images, arcs = driving.record(driving.winding(60, 300, seed=21), seed=21)
    rng = np.random.default_rng(21)
    shift, turn = rng.uniform(-1.5, 1.5, 1200), rng.uniform(-0.25, 0.25, 1200)
    views = np.concatenate([images, driving.moved(np.repeat(images, 4, axis=0), shift, turn)])
    right = np.concatenate([arcs, driving.corrected(np.repeat(arcs, 4), shift, turn)])
    settings = {"hidden": "sigmoid", "loss": "squared_error", "output": "sigmoid", "dtype": np.float32}
    good, fresh = (bp.MLP([960, 4, 30], seed=0, **settings) for _ in range(2))
    good.fit(driving.contrast(views), driving.hill(right), 15, optimizer=bp.Adam(eta=3e-3), progress=False)
    return {"views": good, "untrained": fresh}


@pytest.fixture
def experiment(nets):
    experiment = bp.widgets.drive(nets)
    yield experiment
    experiment.running.stop()


def stepped(experiment, steps):
    for _ in range(steps):
        experiment.step()
    return experiment


def assert_driven(experiment, nets, road, steps):
    for ride, net in zip(experiment.rides, nets.values(), strict=True):
        trip = driving.drive(net, [road], step=0.5)
        there = trip.pose[0, min(steps, np.isfinite(trip.offset[0]).sum()) - 1]
        np.testing.assert_allclose(ride.cars.pose[0], there, atol=1e-5)


def test_both_cars_drive_as_the_library_drives(experiment, nets):
    stepped(experiment, 60)
    road = driving.winding(60, seed=100)
    assert_driven(experiment, nets, road, 60)
    experiment.rides[0].cars.pose[0, 1] += 0.01
    with pytest.raises(AssertionError):
        assert_driven(experiment, nets, road, 60)


def test_a_push_moves_the_watched_car_alone_and_the_picture_with_it(experiment):
    stepped(experiment, 10)
    before = [ride.cars.offset[0] for ride in experiment.rides]
    picture = experiment.frame["camera"]
    experiment.push(-0.8)
    after = [ride.cars.offset[0] for ride in experiment.rides]
    assert after[0] - before[0] == pytest.approx(-0.8, abs=0.02) and after[1] == before[1]
    assert experiment.frame["camera"] != picture
    stepped(experiment, 40)
    assert abs(experiment.rides[0].cars.offset[0]) < 0.4  # the network found back


def test_a_hand_at_the_wheel_turns_it_little_by_little_and_gives_it_back(experiment):
    experiment.steer(1)
    arcs = [stepped(experiment, 1).frame["wheel"] for _ in range(7)]
    assert arcs == [0.02, 0.04, 0.06, 0.08, 0.1, 0.1, 0.1]
    heading = experiment.ride.cars.pose[0, 2]
    assert heading == pytest.approx(0.5 * sum(arcs))
    experiment.steer(-1)
    assert stepped(experiment, 1).frame["wheel"] == 0.08
    experiment.steer(None)
    assert stepped(experiment, 1).frame["wheel"] is None
    assert [who for who, _ in experiment.ride.moves] == ["hand", "network"]


def eventful(experiment):
    stepped(experiment, 7).push(0.8)
    experiment.push(-0.3)
    stepped(experiment, 5).steer(1)
    stepped(experiment, 4).steer(None)
    return stepped(experiment, 6)


def test_its_lines_bring_a_car_to_the_same_place(experiment, nets):
    eventful(experiment)
    reader = {"roads": {"gentle": driving.winding(60, seed=100)}, "nets": nets}
    exec(experiment.lines(), reader)
    np.testing.assert_allclose(reader["cars"].pose, experiment.ride.cars.pose, atol=1e-9)
    assert experiment.frame["lines"] == experiment.lines()


def test_a_replay_makes_the_same_moves_again(experiment, ended):
    eventful(experiment)
    pose, moves = experiment.ride.cars.pose.copy(), experiment.ride.moves
    experiment.replay()
    ended(experiment, meanwhile=experiment.running.drawn)
    np.testing.assert_array_equal(experiment.ride.cars.pose, pose)
    assert experiment.ride.moves == moves and experiment.ride.steps == 22


def test_rewinding_goes_back_to_the_first_picture(experiment):
    first, text = experiment.frame, repr(experiment)
    eventful(experiment)
    assert repr(experiment) != text
    experiment.rewind()
    assert (experiment.frame, repr(experiment), experiment.message) == (first, text, "")
    experiment.replay()
    assert experiment.message == "There is nothing to replay yet. Drive first."


def test_playing_ends_when_every_car_has(experiment, ended):
    experiment.choose_road(2)
    experiment.play_or_pause()
    assert experiment.frame["playing"]
    ended(experiment, meanwhile=experiment.running.drawn)
    assert not experiment.frame["playing"] and experiment.frame["ended"] == [True, True]
    experiment.play_or_pause()
    assert experiment.message == "Every car has ended its ride. Rewind, or replay."


def test_a_car_off_the_road_gets_words_and_a_rewind_repairs_it(experiment):
    for _ in range(3):
        experiment.push(0.8)
    assert experiment.message == "The car of “views” left the road after 0 m. Rewind puts it back."
    experiment.push(0.8)
    assert experiment.message == "The car of “views” has ended its ride. Rewind first."
    pose = experiment.ride.cars.pose.copy()
    stepped(experiment, 3)
    np.testing.assert_array_equal(experiment.ride.cars.pose, pose)
    experiment.rewind()
    assert experiment.message == "" and stepped(experiment, 3).ride.steps == 3


def test_every_button_and_every_list_of_the_page_does_what_it_says(experiment):
    def ask(do, value=None):
        experiment._asked(experiment, {"do": do, "value": value}, [])

    ask("step")
    assert experiment.ride.steps == 1
    ask("push", -1)
    assert experiment.ride.moves[-1] == ["pushed", [-0.8]]
    ask("steer", 1)
    assert experiment.ride.held == 1
    ask("watch", 1)
    assert experiment.rides[0].held is None and experiment.frame["car"] == 1
    ask("road", 1)
    assert experiment.frame["road"] == 1 and experiment.frame["steps"] == [0, 0]
    ask("watch", 99)
    assert experiment.frame["car"] == 1
    ask("play")
    ask("play")
    assert not experiment.running.on
    ask("rewind")
    assert experiment.frame["steps"] == [0, 0]


def test_the_frame_shows_the_networks_own_numbers(experiment, nets):
    stepped(experiment, 5)
    ride, frame = experiment.ride, experiment.frame
    cache = nets["views"].forward(ride.view)
    np.testing.assert_allclose(frame["hidden"], cache.a[1][0], atol=1e-3)
    np.testing.assert_allclose(frame["outputs"], cache.a[2][0], atol=1e-3)
    assert frame["arc"] == pytest.approx(driving.steering(cache.a[2])[0], abs=1e-4)
    assert len(experiment.state["units"][0]) == 4


def test_a_network_without_a_hidden_layer_drives_and_shows_none():
    linear = bp.MLP([960, 30], loss="squared_error", output="sigmoid", seed=0)
    experiment = bp.widgets.drive(linear, driving.winding(60, 100))
    assert experiment.frame["hidden"] == [] and experiment.state["units"] == [[]]
    assert stepped(experiment, 2).ride.steps == 2


def test_a_tick_is_done_in_far_less_than_a_twentieth_of_a_second(experiment):
    before = time.process_time()
    stepped(experiment, 40)
    assert (time.process_time() - before) / 40 < 0.05


SMALL = bp.MLP([64, 4, 10], seed=0)


@pytest.mark.parametrize(
    ("nets", "roads", "error", "words"),
    [
        (SMALL, None, ValueError, r"nets\['the network'\]: net must be an MLP with 960 inputs and 30 outputs, such as"),
        ({"mine": SMALL}, None, ValueError, r"nets\['mine'\]: net must be an MLP with 960 inputs"),
        ("a net", None, ValueError, "net must be an MLP with 960 inputs and 30 outputs"),
        ({}, None, ValueError, "nets must hold one to four networks; got 0"),
        (None, None, ValueError, "net must be an MLP"),
        ("good", "a road", TypeError, r"roads must be a Road or a dictionary of them; .* driving.winding\(\)"),
        ("good", {}, TypeError, "roads must be a Road or a dictionary of them"),
    ],
)
def test_what_cannot_drive_is_refused_in_words(nets, roads, error, words):
    if nets == "good":
        nets = bp.MLP([960, 30], loss="squared_error", output="sigmoid", seed=0)
    with pytest.raises(error, match=words):
        bp.widgets.drive(nets, roads)


def test_the_text_for_a_stored_chapter_is_short(experiment):
    assert repr(experiment).startswith("[experiment] let them drive; ") and len(repr(experiment)) <= 110
