"""How fast is a class graded? `python benchmarks/grading.py`, beside nbgrader and otter where they are installed.

The same notebooks, right answers to the exercises of chapter 04, are given to `bpbook grade` with one worker, to
`nbgrader autograde` and to `otter run`, which take turns, so that a busy moment meets them all. Printed are the seconds
a submission of each, by the clock and by the processor (which a busy machine changes less), and the ratio of theirs to
ours, formed round by round. Above 1 ours is faster. Then a class is graded by one worker and by two. The room is
compiled before anything is measured.

    python benchmarks/grading.py --rounds 1 --each 2 --submissions 20     a quick look
"""

import argparse
import importlib.util
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from bpbook.classroom.rehearsal import handed_in, rehearse
from bpbook.classroom.releasing import release
from bpbook.classroom.sealed.room import prepare

NOTEBOOKS = Path(__file__).resolve().parents[1] / "notebooks"
NAME = "chapter-04"


def seconds(*command: str, folder: Path) -> np.ndarray:
    """Return how long a command takes that is installed beside this Python: by the clock, and by the processor.

    Raises
    ------
    RuntimeError
        It failed.
    """
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    begun, used = time.perf_counter(), os.times()
    done = subprocess.run(command, cwd=folder, env=os.environ | {"PATH": path}, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command[:3])} failed: {done.stderr[-500:]}")
    taken, now = time.perf_counter() - begun, os.times()
    return np.array([taken, now.children_user + now.children_system - used.children_user - used.children_system])


def ours(count: int, workers: int = 1) -> np.ndarray:
    """Return the seconds that a class takes, whose marks must all be full."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        rehearse(folder, NOTEBOOKS, {f"Student {k}": {} for k in range(count)})
        command = [sys.executable, "-m", "bpbook.cli", "grade", "handed-in", "--to", "report", "--workers"]
        taken = seconds(*command, str(workers), "--assignment", "assignment.json", folder=folder)
        marks = [json.loads(path.read_text(encoding="utf-8")) for path in (folder / "report" / "marks").iterdir()]
        if len(marks) != count or any(answer["fraction"] != 1 for each in marks for answer in each["answers"]):
            raise RuntimeError("every answer must be right, and one is not.")
        return taken


def of_nbgrader(count: int) -> np.ndarray:
    """Return the seconds of `nbgrader autograde` for the same notebooks."""
    with tempfile.TemporaryDirectory() as place:
        course = Path(place)
        release(["04"], course, NOTEBOOKS, form="nbgrader")
        seconds("nbgrader", "generate_assignment", NAME, folder=course)
        given = json.loads((course / "release" / NAME / f"{NAME}.ipynb").read_text(encoding="utf-8"))
        for k in range(count):
            submitted = course / "submitted" / f"student{k}" / NAME / f"{NAME}.ipynb"
            submitted.parent.mkdir(parents=True)
            submitted.write_text(json.dumps(handed_in(given, f"Student {k}", {})), encoding="utf-8")
        return seconds("nbgrader", "autograde", NAME, folder=course)


def of_otter(count: int) -> np.ndarray:
    """Return the seconds of `otter run` for the same notebooks, one after another."""
    with tempfile.TemporaryDirectory() as place:
        folder, taken = Path(place), np.zeros(2)
        given = json.loads(release(["04"], folder, NOTEBOOKS, form="otter").read_text(encoding="utf-8"))
        seconds("otter", "generate", "-t", "tests", "-o", "autograder.zip", "--no-environment", folder=folder)
        for k in range(count):
            (folder / "student.ipynb").write_text(json.dumps(handed_in(given, f"Student {k}", {})), encoding="utf-8")
            taken = taken + seconds("otter", "run", "-a", "autograder.zip", "student.ipynb", "-o", ".", folder=folder)
        return taken


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3, help="how often they take turns")
    parser.add_argument("--each", type=int, default=4, metavar="K", help="submissions in each turn")
    parser.add_argument("--submissions", type=int, default=200, metavar="N", help="in the class for two workers")
    options = parser.parse_args()
    prepare()
    known = {"nbgrader": ("nbgrader", of_nbgrader), "otter": ("otter", of_otter)}
    others = {name: run for name, (module, run) in known.items() if importlib.util.find_spec(module)}
    rounds = [
        {"bpbook": ours(options.each)} | {name: run(options.each) for name, run in others.items()}
        for _ in range(options.rounds)
    ]
    for name in rounds[0]:
        clock, processor = np.median([each[name] / options.each for each in rounds], axis=0)
        ratios = np.median([each[name] / each["bpbook"] for each in rounds], axis=0)
        print(f"{name:10}{clock:8.2f} s a submission of 18 exercises{ratios[0]:8.1f} times ours", end="")
        print(f"{processor:10.2f} s of the processor{ratios[1]:8.1f} times ours")
    for name in known.keys() - others.keys():
        print(f"{name:10}not installed")
    one, two = (ours(options.submissions, workers)[0] for workers in (1, 2))
    print(f"{options.submissions} submissions: one worker {one:.0f} s, two {two:.0f} s, {one / two:.2f} times faster")


if __name__ == "__main__":
    main()
