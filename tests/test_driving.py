"""The world of chapter 12: roads, camera, cars and drivers, each against what geometry says."""

import json
import re
from pathlib import Path

import numpy as np
import pytest

import bpbook as bp
from bpbook import driving
from bpbook.driving import Cars, Road, contrast, corrected, drive, expert, hill, moved, record, seen, steering, winding

STRAIGHT = [0.0] * 80
CIRCLE = [1 / 25] * 78


# Roads ----------------------------------------------------------------------------------------------------------


def test_one_long_step_over_a_short_road_is_a_trip():
    trip = drive(expert, [Road([0.0, 0.0])], step=8.0)
    assert trip.finished.all() and trip.offset.shape == (1, 1)


def test_a_road_of_constant_curvature_is_a_circle():
    road = Road(np.full(157, 1 / 25))  # once around
    from_centre = np.hypot(*(road.points[: road.length] - [0, 25]).T)
    np.testing.assert_allclose(from_centre, 25, atol=0.01)
    assert road.length == 157 and road.points[:158].shape == (158, 2)


@pytest.mark.parametrize("spacing", [0.1, 1.0, 4.0])
def test_a_road_through_points_bends_as_they_do(spacing):
    angle = np.arange(0, np.pi, spacing / 25)
    road = Road.through(np.stack([7 + 25 * np.sin(angle), 22 - 25 * np.cos(angle)], axis=1))
    bends = np.diff(road.heading)[5 : road.length - 5]
    assert bends.mean() == pytest.approx(1 / 25, rel=0.02)
    quarter, half = (np.hypot(*road.points[int(turn * 25)]) for turn in (np.pi / 2, np.pi))  # chords from the start
    assert quarter == pytest.approx(25 * np.sqrt(2), abs=0.5) and half == pytest.approx(50, abs=0.5)
    assert abs(road.length - 25 * np.pi) < 6


def test_a_winding_road_keeps_to_its_radius_and_to_its_seed():
    sharp, again, other = winding(30, seed=1), winding(30, seed=1), winding(30, seed=2)
    bends = np.abs(np.diff(sharp.heading))
    assert 0.9 / 30 < bends.max() <= 1 / 30 + 1e-12
    assert (sharp.points == again.points).all() and (sharp.ground == again.ground).all()
    assert not (sharp.points == other.points).all()


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda: Road([]), ValueError, "curvature must be finite numbers, one a metre; got \\[\\]"),
        (lambda: Road([0.0, np.nan]), ValueError, "curvature must be finite numbers"),
        (lambda: Road([25.0] * 50), ValueError, "the road folds over itself; got a radius of 0.04 m. .* 1 / radius"),
        (lambda: Road.through([[0, 0]]), ValueError, "points must be finite and of shape \\(k, 2\\), k at least 2"),
        (lambda: Road.through([[0, 0], [0.5, 0]]), ValueError, "at least 2 m of road; got 0.5 m. Give them in metres"),
        (lambda: Road.through([[0, 0], [50, 0], [0, 0]]), ValueError, "folds over itself"),
        (lambda: winding(0), ValueError, "radius must be positive"),
        (lambda: winding(1), ValueError, "folds over itself"),
        (lambda: winding(30, length=2.5), TypeError, "length must be a whole number; got 2.5"),
        (lambda: Cars(winding()), TypeError, "roads must be a list of Road; .* For a single one pass \\[road\\]"),
        (lambda: Cars([]), TypeError, "roads must be a list of Road; got \\[\\]"),
        (lambda: Cars([winding()], seed=-1), ValueError, "seed must be at least 0"),
        (
            lambda: Cars([winding()]).go([0.1, 0.1]),
            ValueError,
            "curvature must be 1 finite numbers; got \\[0.1, 0.1\\]",
        ),
        (lambda: Cars([winding()]).go([0.0], np.nan), ValueError, "metres must be positive and finite; got nan"),
        (
            lambda: drive(expert, [winding()], step=700.0),
            ValueError,
            "step must be at most 8 m; got 700",
        ),
        (lambda: Cars([winding()]).go([np.nan]), ValueError, "curvature must be 1 finite numbers"),
        (lambda: Cars([winding()]).push(np.nan), ValueError, "left and turn must be finite, .*; got nan and 0.0"),
        (lambda: Cars([winding()]).place(400), ValueError, "less than the shortest road's 400; got 400"),
        (lambda: Cars([winding()]).place(0, 2.5), ValueError, "left must be from -2 to 2 m, or the car starts off"),
        (
            lambda: drive(bp.MLP([64, 10]), [winding()]),
            ValueError,
            "960 inputs and 30 outputs, such as \\[960, 4, 30\\]",
        ),
        (lambda: drive(expert, [winding()], step=0), ValueError, "step must be positive"),
        (lambda: record(Road([0.3] * 40)), ValueError, "the expert can follow; got one that it left after \\d+ m"),
    ],
)
def test_what_cannot_be_is_refused_in_words(call, error, words):
    with pytest.raises(error, match=words) as caught:
        call()
    assert "\n" not in str(caught.value)


# Camera ---------------------------------------------------------------------------------------------------------


def clean(road, at=40, left=0.0, turn=0.0, shadow=1.0):
    """Return what a camera without noise sees of a road of even ground, or with a shadow from 45 m on."""
    road.ground[:45], road.ground[45:] = 1, shadow
    cars = Cars([road])
    cars.place(at, left)
    cars.push(0, turn)
    line, heading, index = cars._near(-6, 46)
    return seen(line, heading, road.ground[index])[0].reshape(30, 32)


def test_the_road_lies_where_perspective_puts_it():
    picture = clean(Road(STRAIGHT))
    np.testing.assert_allclose(picture, picture[:, ::-1], atol=1e-6)  # from the middle, left mirrors right
    ahead, aside = driving.GROUND.reshape(30, 32, 2).transpose(2, 0, 1)
    np.testing.assert_allclose(ahead[-1], 3, atol=1e-5)
    assert (picture[np.abs(aside) < 1.7] > 0.69).all() and (picture[np.abs(aside) > 2.3] < 0.36).all()


def test_a_bend_to_the_left_is_seen_on_the_left():
    left, right = clean(Road(STRAIGHT[:40] + CIRCLE)), clean(Road(STRAIGHT[:40] + [-k for k in CIRCLE]))
    assert left[:8, :16].sum() > left[:8, 16:].sum()
    np.testing.assert_allclose(left, right[:, ::-1], atol=1e-5)


@pytest.mark.parametrize(("shift", "turn"), [(1.0, 0.0), (0.0, 0.2), (-0.8, -0.15)])
def test_a_moved_view_is_what_the_camera_would_have_seen(shift, turn):
    road = Road(np.full(120, 1 / 60))
    there = clean(road, left=shift, turn=turn)
    made = moved(clean(road).reshape(1, 960), np.array([shift]), np.array([turn])).reshape(30, 32)
    wrong = moved(clean(road).reshape(1, 960), np.array([-shift]), np.array([-turn])).reshape(30, 32)
    inner = np.s_[2:, 4:-4]  # away from where the old picture ends
    assert np.abs(made - there)[inner].mean() < 0.015 < np.abs(wrong - there)[inner].mean() / 3


def test_a_view_that_is_not_moved_is_the_same():
    images = record(winding(length=5))[0]
    np.testing.assert_allclose(moved(images, np.zeros(5), np.zeros(5)), images, atol=1e-3)


def test_a_shadow_across_the_road_turns_with_the_view():
    there = clean(Road(STRAIGHT), turn=0.25, shadow=0.5)
    made = moved(clean(Road(STRAIGHT), shadow=0.5).reshape(1, 960), np.zeros(1), np.array([0.25])).reshape(30, 32)
    wrong = np.abs(made[::-1] - there)[:, 4:-4].mean()
    assert np.abs(made - there)[5:, 4:-4].mean() < 0.02 < wrong


def test_contrast_forgets_light_and_exposure_and_survives_the_dark():
    images = record(winding(length=3))[0].astype(float)
    np.testing.assert_allclose(contrast(3 * images + 7), contrast(images), atol=1e-10)
    assert (contrast(np.zeros((1, 960))) == 0).all()


# Cars and drivers -----------------------------------------------------------------------------------------------


def test_an_arc_once_around_comes_back():
    cars = Cars([Road(STRAIGHT)])
    for _ in range(50):
        cars.go([2 * np.pi / 50])
    np.testing.assert_allclose(cars.pose[0, :2], 0, atol=1e-9)


def test_metres_and_offset_are_those_of_the_circle():
    cars = Cars([Road(np.full(100, 1 / 25))])
    cars.place(30, left=1.5)
    assert cars.metres[0] == pytest.approx(30) and cars.offset[0] == pytest.approx(1.5)
    cars.push(-4)
    assert cars.offset[0] == pytest.approx(-2.5) and cars.off[0]


def test_metres_count_along_the_road_for_a_car_that_is_turned_too():
    cars = Cars([Road(STRAIGHT)])
    cars.place(10, left=0.5)
    cars.push(0, 0.3)
    cars.go([0.0], 2.3)
    assert cars.metres[0] == pytest.approx(10 + 2.3 * np.cos(0.3))
    assert cars.offset[0] == pytest.approx(0.5 + 2.3 * np.sin(0.3))


def test_each_camera_has_its_own_noise():
    one, other = Cars([Road(STRAIGHT)] * 2).look()
    assert np.abs(contrast(one) - contrast(other)).mean() > 0.05


def test_what_a_car_sees_does_not_depend_on_the_others():
    roads = [winding(seed=k) for k in range(3)]
    together, alone = Cars(roads, seed=5), Cars(roads[:1], seed=5)
    for _ in range(3):
        np.testing.assert_array_equal(together.look()[0], alone.look()[0])
        together.go(expert(together))
        alone.go(expert(alone))


@pytest.mark.parametrize("arc", [-0.04, 0.0, 0.01, 0.04])
@pytest.mark.parametrize(("shift", "turn"), [(1.5, 0.0), (0.0, 0.25), (-0.8, -0.15)])
def test_the_corrected_arc_meets_the_recorded_one_eight_metres_on(arc, shift, turn):
    recorded = Cars([Road(STRAIGHT)])
    recorded.go([arc], 8)
    other = Cars([Road(STRAIGHT)])
    other.push(shift, turn)
    new = corrected(np.array([arc]), np.array([shift]), np.array([turn]))
    path = [other.pose[0, :2].copy()]
    for _ in range(200):
        other.go(new, 0.05)
        path.append(other.pose[0, :2].copy())
    miss = np.hypot(*(np.array(path) - recorded.pose[0, :2]).T).min()
    assert miss < 0.03
    assert abs(new[0] - arc) > 0.01  # the label that was not corrected is another


def test_hills_are_read_as_the_arc_they_stand_for():
    arcs = np.linspace(-0.08, 0.08, 41)
    assert hill(arcs).shape == (41, 30) and hill(arcs).max() <= 1
    apart = driving.ARCS[1] - driving.ARCS[0]
    np.testing.assert_allclose(steering(hill(arcs)), arcs, atol=apart / 8)
    np.testing.assert_allclose(hill(driving.ARCS[3:4])[0, 1:6], np.exp(-np.array([4, 1, 0, 1, 4]) / 10))


def test_a_second_hill_far_away_does_not_pull():
    two = hill(np.array([0.05])) + 0.9 * hill(np.array([-0.08]))
    assert steering(two)[0] == pytest.approx(0.05, abs=0.005)
    assert two[0] @ driving.ARCS / two.sum() < 0  # the mean over all units would have turned right


def test_the_expert_keeps_to_sharp_roads_and_sees_a_hairpin_through():
    roads = [winding(30, seed=k) for k in range(5)] + [Road(STRAIGHT + CIRCLE + STRAIGHT)]
    trip = drive(expert, roads)
    assert trip.finished.all() and np.nanmax(np.abs(trip.offset)) < 0.5
    assert str(trip) == "6 of 6 finished, median 400 m"


def test_a_trip_remembers_what_happened_and_when_it_ended():
    trip = drive(lambda cars: np.zeros(2), [Road(STRAIGHT), Road(CIRCLE)])
    assert trip.finished.tolist() == [True, False] and trip.metres[0] == 80
    left_at = np.sqrt(27**2 - 25**2)  # the tangent leaves a circle of 25 m where it is 27 m from the centre
    assert trip.pose[1, 10, 0] == pytest.approx(left_at, abs=1.0)
    assert np.isfinite(trip.offset[1]).sum() == 11 and trip.offset[1, 10] < -2
    assert trip.offset.shape == (2, 80) and trip.pose.shape == (2, 80, 3)


def test_a_car_that_circles_ends_too():
    class Ring:
        def __call__(self, cars):
            return np.full(1, 1.0)

    trip = drive(Ring(), [Road(STRAIGHT)])
    assert not trip.finished[0] and trip.metres[0] < 3


def test_a_car_off_the_road_still_sees_and_drives():
    cars = Cars([winding()])
    cars.push(50)
    assert cars.off[0] and np.isfinite(cars.look()).all() and np.isfinite(expert(cars)).all()
    cars.go(expert(cars))
    assert np.isfinite(cars.offset).all()


def test_the_same_seed_drives_the_same_way():
    net = bp.MLP([960, 4, 30], hidden="sigmoid", output="sigmoid", loss="squared_error", seed=1)
    roads = [winding(seed=3)]
    first, again, other = (drive(net, roads, seed=k) for k in (0, 0, 1))
    np.testing.assert_array_equal(first.pose, again.pose)
    assert first.pose.shape != other.pose.shape or not np.array_equal(first.pose, other.pose, equal_nan=True)


# The story ------------------------------------------------------------------------------------------------------


def learned(images, arcs, epochs, seed=0):
    net = bp.MLP([960, 4, 30], "sigmoid", "squared_error", output="sigmoid", lmbda=1e-3, seed=seed, dtype=np.float32)
    net.fit(contrast(images), hill(arcs), epochs, optimizer=bp.Adam(eta=3e-3), progress=False)
    return net


def test_moved_views_of_the_same_frames_finish_every_sharp_road_and_the_frames_alone_none():
    images, arcs = record(winding(60, 600, seed=21), seed=21)
    rng = np.random.default_rng(21)
    shift, turn = rng.uniform(-1.5, 1.5, 2400), rng.uniform(-0.25, 0.25, 2400)
    more = np.concatenate([images, moved(np.repeat(images, 4, axis=0), shift, turn)])
    right = np.concatenate([arcs, corrected(np.repeat(arcs, 4), shift, turn)])
    sharp = [winding(30, 400, seed=300 + k) for k in range(6)]
    unseen = [Road(STRAIGHT[:40] + CIRCLE + STRAIGHT[:40]), Road(STRAIGHT[:40] + CIRCLE[:40] + [-k for k in CIRCLE])]
    net, alone = learned(more, right, 40), learned(images, arcs, 200)
    assert drive(net, sharp + unseen).finished.all()
    assert not drive(alone, sharp + unseen).finished.any()
    uncorrected = learned(more, np.concatenate([arcs, np.repeat(arcs, 4)]), 40)
    assert not drive(uncorrected, sharp + unseen).finished.any()


# What the chapter says of its roads -------------------------------------------------------------------------------


def test_the_chapter_names_the_worst_driver_who_would_still_finish_all_roads_once_in_twenty_tries():
    chapter = Path(__file__).parent.parent / "notebooks" / "12_steer_a_car.ipynb"
    text = "".join("".join(cell["source"]) for cell in json.loads(chapter.read_text(encoding="utf-8"))["cells"])
    [percent] = re.findall(
        r"finishes only (\d+) % of such roads would still finish 20 of 20 once in twenty tries", text
    )
    share = int(percent) / 100
    assert share**20 < 1 / 20 < (share + 0.01) ** 20
    assert "Losing one in seven" in text and round(1 / (1 - share)) == 7
