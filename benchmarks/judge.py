"""Time the checker: `python benchmarks/judge.py`.

For every exercise it judges the reference solution, every known mistake and a wrong answer that has no name, and takes
the time that the reader's own code needs off. Each answer is judged three times and the shortest time counts, so that
what else the machine does is left out. To reach: 20 ms in the median and 200 ms at worst, for one answer.
"""

import inspect
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

import bpbook as bp
from bpbook import exercises
from bpbook.exercises import banks
from bpbook.exercises.kinds import Exercise, Function

MEDIAN, WORST = 20.0, 200.0  # ms
REPEATS = 3


class Timed:
    """A reader's function that knows how long it took, in seconds."""

    def __init__(self, function: Callable[..., Any], parameters: str) -> None:
        self.seconds = 0.0

        def called(*arguments: Any) -> Any:
            start = time.perf_counter()
            try:
                return function(*arguments)
            finally:
                self.seconds += time.perf_counter() - start

        self.function = eval(f"lambda {parameters}: called({parameters})", {"called": called})


def answers(question: exercises.Question) -> Iterator[tuple[str, Any]]:
    """Give (what it is, the answer) for one exercise."""
    exercise = question.exercise
    namespace = {"np": np, "bp": bp, "q": exercises.chapter(question.number)}
    exec(question.solution().removeprefix("```python\n").removesuffix("\n```"), namespace)
    yield "right", namespace[exercise.name]
    if isinstance(exercise, Function):
        for twin in exercise.mistakes:
            yield "known mistake", twin
        yield "unknown mistake", lambda *arguments: spoiled(exercise.reference(*arguments))


def spoiled(value: Any) -> Any:
    """Return a result of the same build with one entry of every array changed."""
    if isinstance(value, list | tuple):
        return type(value)(None if member is None else spoiled(member) for member in value)
    array = np.array(value, dtype=float)
    array.reshape(-1)[:1] += 0.37
    return array


def milliseconds(exercise: Exercise, answer: Any) -> float:
    """Return the time of one judgement without the answer's own."""
    times = []
    for _ in range(REPEATS):
        if isinstance(exercise, Function):
            timed = Timed(answer, ", ".join(inspect.signature(exercise.reference).parameters))
            start = time.perf_counter()
            exercise.judge(timed.function, np.random.default_rng(0))
            times.append(time.perf_counter() - start - timed.seconds)
        else:
            start = time.perf_counter()
            exercise.judge(answer, np.random.default_rng(0))
            times.append(time.perf_counter() - start)
    return 1e3 * min(times)


def main() -> None:
    """Print the table, and what was reached."""
    times: dict[str, list[float]] = {}
    slowest = (0.0, "")
    with tempfile.TemporaryDirectory() as folder:
        os.environ["BPBOOK_HOME"] = folder
        for number in banks.NUMBERS:
            for name, question in exercises.chapter(number).questions.items():
                for what, answer in answers(question):
                    taken = milliseconds(question.exercise, answer)
                    times.setdefault(what, []).append(taken)
                    slowest = max(slowest, (taken, f"{number:02} {name}, {what}"))
    print(f"{'answer':18}{'count':>7}{'median':>10}{'worst':>10}   (ms, the reader's own code not counted)")
    for what, taken in times.items():
        print(f"{what:18}{len(taken):7}{np.median(taken):10.2f}{max(taken):10.2f}")
    every = [taken for each in times.values() for taken in each]
    median = float(np.median(every))
    print(f"{'all':18}{len(every):7}{median:10.2f}{max(every):10.2f}   slowest: {slowest[1]}\n")
    for what, value, target in (("median", median, MEDIAN), ("worst", max(every), WORST)):
        print(f"  {what} {value:.1f} ms, at most {target:.0f}: {'reached' if value <= target else 'NOT reached'}")


if __name__ == "__main__":
    main()
