"""What a drive can show: how soon an error leaves the road, who is counted, and how sure twenty roads make us."""

import math
from typing import Any

import numpy as np

from ...bugs.fields.driving import DRIVING
from ...kinds import Expression, Function, Number


def _trips(rng: np.random.Generator, within: float = 0.5) -> tuple[Any, int, float]:
    """Draw offsets of cars of seven fates: each is near the centre or far from it before, at and after one step."""
    at = int(rng.integers(3, 6))
    fates = [(1, 1, 1), (1, 2.2, 2.2), (1, -2.2, -2.2), (-0.9, -0.9, 1), (1, 0.9, 1), (0.9, 1, 1), (1, 1, -0.9)]
    before, now, after = np.repeat(np.array(fates), rng.integers(1, 5, len(fates)), axis=0)[:, :, None].swapaxes(0, 1)
    offset = np.concatenate([before.repeat(at, 1), now, after.repeat(3, 1)], axis=1)
    near = offset == 1
    offset[near] = rng.uniform(-0.8, 0.8, near.sum()) * within
    return rng.permutation(offset), at, within


def _at_the_limit(rng: np.random.Generator) -> tuple[Any, int, float]:
    """Draw cars of which three are exactly as far away as is allowed, one of which leaves the road later."""
    offset, at, within = _trips(rng, 0.75)
    offset[:4, at] = within, -within, within, 0.6
    offset[:4, at + 1 :] = np.array([[2.2], [0.1], [0.1], [0.1]])
    return offset, at, within


def _back(offset: Any, step: int, within: float, wrong: str = "") -> Any:
    """Return the share of cars that are back, with one thing wrong if asked."""
    now = {"before": offset[:, step - 1], "last": offset[:, -1]}.get(wrong, offset[:, step])
    if wrong == "survivors":
        return (np.abs(now[np.abs(now) <= 2]) <= within).mean()
    if wrong == "side":
        return (now <= within).mean()
    if wrong == "ever":
        return (np.abs(offset[:, : step + 1]) <= within).any(axis=1).mean()
    if wrong == "stays":
        return (np.abs(offset[:, step:]) <= within).all(axis=1).mean()
    if wrong == "far":
        return (~(np.abs(now) <= within)).mean()
    if wrong == "count":
        return (np.abs(now) <= within).sum()
    return (np.abs(now) <= within).mean()


def _twin(wrong: str) -> Any:
    return lambda offset, step, within: _back(offset, step, within, wrong)


FIRST = [
    Number(
        name="metres_ahead",
        given=lambda rng: (float(rng.choice([1.2, 1.4, 1.5, 1.8, 2.2])), float(rng.choice([4, 5, 7, 9, 12, 16, 20]))),
        expected=lambda height, degrees: height / math.tan(math.radians(degrees)),
        mistakes={
            lambda height, degrees: height / math.tan(degrees): "The angle is in degrees; the tangent of NumPy wants "
            "radians.",
            lambda height, degrees: height * math.tan(math.radians(degrees)): "Upside down: a row that looks further "
            "down sees ground that is nearer.",
            lambda height, degrees: height / math.sin(math.radians(degrees)): "That is how long the line of sight is. "
            "The question is how far ahead it ends, along the ground.",
            lambda height, degrees: height / math.cos(math.radians(degrees)): "The angle is counted from the horizon. "
            "This would be right neither along the ground nor along the line of sight.",
            lambda height, degrees: height / math.radians(degrees): "That is nearly right for small angles. Use the "
            "tangent.",
        },
        hints=(
            "Draw a triangle: the camera, the ground below it, and the spot that it sees.",
            "The height is opposite the angle, and the distance along the ground is beside it.",
            "The tangent of the angle is the height over the distance ahead. Mind degrees and radians.",
        ),
    ),
]
EXERCISES = [
    Expression(
        name="metres_to_the_edge",
        expected="sqrt(2 * w / e)",
        variables={"w": (1, 3), "e": (0.002, 0.03)},
        mistakes={
            "w / e": "The offset does not grow evenly: it grows with the square of the distance.",
            "sqrt(w / e)": "A factor of 2 is lost: the offset is half of e times the squared distance.",
            "2 * w / e": "That is the square of the distance. A root is missing.",
            "sqrt(w / (2 * e))": "The factor of 2 is on the wrong side.",
            "sqrt(2 * e / w)": "Upside down: on a wider road it takes longer.",
            "e * w**2 / 2": "You put the half width where the distance belongs. Set the offset equal to w and solve.",
            "sqrt(2 * w) / e": "The root must cover e as well.",
            "sqrt(w * e / 2)": "Upside down: the harder it steers, the sooner it is off.",
            "1 / e": "That is the radius of the arc it drives.",
            "sqrt(4 * w / e)": "From the middle to one edge it is w, not the whole width of the road.",
        },
        hints=(
            "The car leaves the road when its offset is the half width.",
            "Set e s^2 / 2 equal to w.",
            "Solve for s: multiply by 2, divide by e, and take the root.",
        ),
    ),
    Function(
        name="share_back",
        points=2,
        arguments=_trips,
        special=(_at_the_limit,),
        reference=lambda offset, step, within: _back(offset, step, within),
        mistakes={
            _twin("survivors"): DRIVING["survivors only"],
            _twin("side"): DRIVING["side forgotten"],
            _twin("ever"): "Being near the centre at some time is not enough; it crossed it and went on. Look at this "
            "step.",
            _twin("stays"): "You ask that they stay from there on. The question is where they are at this step.",
            lambda offset, step, within: (np.abs(offset[:, step]) < within).mean(): "A car that is exactly `within` "
            "metres from the centre is back too: at most means up to and with it.",
            lambda offset, step, within: (np.abs(offset[:, step]) <= 0.5).mean(): "The distance is half a metre here, "
            "whatever `within` is.",
            lambda offset, step, within: (
                (np.abs(offset[:, step]) <= within) & (np.abs(offset).max(axis=1) <= 2)
            ).mean(): "Some car was near the centre at this step and left the road later. It counts as well.",
            lambda offset, step, within: (np.abs(offset[:, step]) <= 2).mean(): "That is the share of cars that are "
            "still on the road.",
            lambda offset, step, within: 100 * (np.abs(offset[:, step]) <= within).mean(): "That is in per cent. A "
            "share lies between 0 and 1.",
            lambda offset, step, within: (np.abs(offset[step]) <= within).mean(): "That is one car at all steps. One "
            "column holds all cars at one step.",
            lambda offset, step, within: np.abs(offset[:, step]) <= within: "That says of each car whether it is back. "
            "What share of them is it?",
            _twin("before"): "That is one step too early. Steps count from 0.",
            _twin("last"): "That is the last step there is, and not the one asked for.",
            _twin("far"): "That is the share of cars that are not back.",
            _twin("count"): "That is how many cars are back. The question is their share of all.",
        },
        hints=(
            "Take one column, and ask of each car whether it is near the centre.",
            "Which cars must be counted as not back? And by how many cars do you divide?",
            "A car that has left the road stands beside it, so a comparison counts it as not back, as it should. "
            "Compare sizes, without the sign.",
        ),
    ),
    Number(
        name="still_possible",
        given=lambda rng: (int(rng.choice([5, 6, 7, 12, 14, 16, 18])),),
        expected=lambda n: 0.05 ** (1 / n),
        ratios={100.0: "That is in percent. A share lies between 0 and 1."},
        mistakes={
            lambda n: (
                1 - 0.05 ** (1 / n)
            ): "That is the share of roads on which it may fail. The question is the other one.",
            lambda n: 0.95 ** (1 / n): "With that share, all would be finished in 95 of 100 examinations. It is the "
            "unlucky end that is asked for.",
            lambda n: 1 - 1 / n: "That is one failure more than was seen. How likely are no failures?",
            lambda n: 0.025 ** (1 / n): "That is one end of a two-sided interval. Here all 5 % are on one side.",
            lambda n: 0.05**n: "The power belongs to the share that you look for, and not to the 5 %.",
            lambda n: 1 - 3 / n: "The rule of three is good for many roads. For so few, solve the equation itself.",
            lambda n: 0.05: "That is how likely it should be to finish all. Which share on each road gives that?",
        },
        hints=(
            "If it finishes each road with probability p, independently, how likely is it to finish all?",
            "All of n roads are finished with the n-th power of p.",
            "Set that power equal to one twentieth and take the n-th root.",
        ),
    ),
    Number(
        name="between_interventions",
        given=lambda rng: (
            float(rng.choice([0.995, 0.998, 0.999])),
            int(rng.choice([8, 12, 16, 24])),
            int(rng.choice([10, 15, 25])),
        ),
        expected=lambda agrees, rate, speed: speed / (rate * (1 - agrees)),
        tolerance=1e-3,
        mistakes={
            lambda agrees, rate, speed: speed / (rate * agrees): "That is the way from one right frame to the next. A "
            "person is needed at the wrong ones.",
            lambda agrees, rate, speed: 1 / (rate * (1 - agrees)): "These are seconds. How far does the car drive in "
            "them?",
            lambda agrees, rate, speed: (
                1 / (1 - agrees)
            ): "That is the number of frames between them. How long is that, and how far?",
            lambda agrees, rate, speed: rate * speed / (1 - agrees): "The more frames a second, the sooner the next "
            "wrong one comes.",
            lambda agrees, rate, speed: 1e7 / rate * speed: "That is how far the ten million frames reach in all. "
            "How far is it from one wrong frame to the next?",
            lambda agrees, rate, speed: speed * (1 - agrees) / rate: "Between two wrong frames lie many right ones, so "
            "divide by the share of the wrong ones.",
            lambda agrees, rate, speed: (
                speed / rate
            ): "That is how far it is to the next frame. How many lie between two wrong ones?",
            lambda agrees, rate, speed: speed / (rate * (1 - agrees)) / 1000: "That is in kilometres. Metres are asked "
            "for.",
            lambda agrees, rate, speed: speed / (1 - agrees): "That is right for one frame a second.",
            lambda agrees, rate, speed: rate * (1 - agrees) / speed: "Upside down: these are interventions a metre.",
            lambda agrees, rate, speed: (
                1e7 * (1 - agrees)
            ): "That is how many of the ten million frames are wrong. How far apart are they on the road?",
        },
        hints=(
            "On which share of the frames is the network wrong?",
            "One over that share is how many frames there are from one wrong frame to the next.",
            "Divide by the frames a second to get seconds, and multiply by the speed.",
        ),
    ),
]
