"""A folder is graded once, whatever lies in it, whoever is killed, and however many work at it."""

import json
import os
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from bpbook import cli
from bpbook.classroom import assignment as assignments
from bpbook.classroom import grading

NAMES = ("why_transposed", "hidden_delta")
RIGHT = ['why_transposed = "c"', "def hidden_delta(delta, W, z):\n    return (delta @ W.T) * (1 - np.tanh(z) ** 2)"]
HALF = [RIGHT[0], "def hidden_delta(delta, W, z):\n    return delta @ W.T"]
ENDLESS = [RIGHT[0], "def hidden_delta(delta, W, z):\n    while True: pass"]


@pytest.fixture
def folder(classroom, tmp_path):
    """Return a folder with an assignment of two exercises, and what writes submissions into it."""

    def hand_in(place, cells):
        path = tmp_path / "class" / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(classroom.notebook(classroom.setup, *cells))
        return path

    hand_in.path, hand_in.report = tmp_path / "class", tmp_path / "report"
    hand_in.path.mkdir()
    assignments.write(classroom.assignment(4, NAMES), hand_in.path / "assignment.json")
    return hand_in


def grade(folder, **how):
    return {marks["submission"]: marks for marks in grading.grade_folder(folder.path, folder.report, **how)}


def states(marks):
    return [answer["state"] for answer in marks["answers"]]


def kept(report):
    return {path.name: path.read_bytes() for path in (report / "marks").iterdir()}


def logged(report):
    return sorted(json.loads(line)["key"] for line in (report / "log.jsonl").read_text().splitlines())


# What lies in a folder ------------------------------------------------------------------------------------------------


def test_both_layouts_are_found_and_what_is_no_submission_is_not(folder):
    for place in ("ada.ipynb", "bo/chapter 4 (1).ipynb", "bo/.ipynb_checkpoints/x.ipynb", "__MACOSX/x.ipynb"):
        folder(place, RIGHT)
    folder("Éva Ö/my/ANSWERS.IPYNB", RIGHT)
    (folder.path / "notes.txt").write_text("x")
    folder("report/kept.ipynb", RIGHT)
    found = grading.submissions(folder.path, folder.path / "report")
    assert found == ["ada.ipynb", "bo/chapter 4 (1).ipynb", "Éva Ö/my/ANSWERS.IPYNB"]


def test_two_of_one_name_have_marks_of_their_own(folder):
    folder("one/x.ipynb", RIGHT)
    folder("two/x.ipynb", HALF)
    marks = grade(folder)
    assert [states(each) for each in marks.values()] == [["right", "right"], ["right", "wrong"]]
    assert {each["student"] for each in marks.values()} == {"Ada"} and len(kept(folder.report)) == 2


def test_marks_are_nobody_elses_business(folder):
    folder("x.ipynb", RIGHT)
    grade(folder)
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.report.rglob("*")}
    assert modes.pop("marks") == 0o700 and set(modes.values()) == {0o600}
    assert stat.S_IMODE(folder.report.stat().st_mode) == 0o700


def test_what_is_no_notebook_is_named_and_stops_nobody(folder, tmp_path, monkeypatch):
    folder("ada.ipynb", RIGHT)
    (tmp_path / "secret.ipynb").write_bytes(folder("bo.ipynb", RIGHT).read_bytes())
    os.symlink(tmp_path / "secret.ipynb", folder.path / "link.ipynb")
    os.symlink("bo.ipynb", folder.path / "copied.ipynb")
    os.symlink(tmp_path, folder.path / "loop")
    os.mkfifo(folder.path / "pipe.ipynb")
    (folder.path / "folder.ipynb").mkdir()
    with (folder.path / "huge.ipynb").open("wb") as file:
        file.truncate(100 << 20)
    texts = {"empty": "", "list": "[]", "text": "hello", "cells": '{"cells": 3}', "deep": "[" * 200_000}
    texts |= {"odd": '{"cells": [3, null, {"cell_type": "code", "source": 3}]}', "number": "9" * 10_000}
    texts |= {"many": json.dumps({"cells": [{"cell_type": "code", "source": "1"}] * 3_000})}
    for name, text in texts.items():
        (folder.path / f"{name}.ipynb").write_text(text)
    (folder.path / "binary.ipynb").write_bytes(bytes(range(256)))
    marks = grade(folder)
    assert states(marks.pop("ada.ipynb")) == states(marks.pop("bo.ipynb")) == ["right", "right"]
    assert marks.keys() == {f"{name}.ipynb" for name in (*texts, "link", "copied", "pipe", "huge", "binary")}
    for each in marks.values():
        assert each["status"] == "could not be run" and each["reason"].startswith("It ")
        assert states(each) == ["not run", "not run"] and not any(answer["mark"] for answer in each["answers"])


@pytest.mark.parametrize("name", ["../../outside", "/etc/passwd", "a\0b\n<b>", "x" * 5_000, "CON", "\ud800"])
def test_a_name_that_a_student_chooses_decides_no_path(folder, classroom, name):
    path = folder.path / "x.ipynb"
    path.write_bytes(classroom.notebook(classroom.setup, f"bp.exercises.name({name!r})", *RIGHT))
    [marks] = grade(folder).values()
    assert states(marks) == ["right", "right"] and len(marks["student"]) <= 100 and marks["student"].isprintable()
    assert list(kept(folder.report)) == [f"{marks['key']}.json"] and marks["key"].startswith("submission-")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such names")
def test_a_file_name_that_is_no_text_is_graded(folder, classroom):
    with open(os.path.join(os.fsencode(folder.path), b"\xff\n\x1b[31m.ipynb"), "wb") as file:
        file.write(classroom.notebook(*RIGHT))
    [marks] = grade(folder).values()
    assert states(marks) == ["right", "right"]


def test_outputs_and_metadata_are_never_read(folder, classroom):
    forged = json.loads(classroom.notebook(classroom.setup, *HALF))
    forged["metadata"] = {"bpbook": {"mark": 99, "assignment": "another"}, "marks": [1, 1], "kernelspec": {"name": 3}}
    said = [{"output_type": "execute_result", "data": {"text/plain": "✓ 2 of 2 points. Right."}}]
    forged["cells"] = [
        cell | {"outputs": said, "metadata": {"points": 9, "tags": ["right"]}} for cell in forged["cells"]
    ]
    (folder.path / "x.ipynb").write_text(json.dumps(forged))
    assert states(grade(folder)["x.ipynb"]) == ["right", "wrong"]


def test_a_class_that_cannot_be_graded_is_said_in_a_line(folder, tmp_path):
    with pytest.raises(SystemExit, match=r"FOLDER must hold submissions as notebooks"):
        cli.main(["grade", str(folder.path)])
    folder("x.ipynb", RIGHT)
    with pytest.raises(SystemExit, match=r"--workers must be 1 or more; got 0"):
        cli.main(["grade", str(folder.path), "--workers", "0"])
    with pytest.raises(SystemExit, match=r"nobody answers at"):
        cli.main(["grade", str(folder.path), "--scheduler", "tcp://127.0.0.1:9"])
    with pytest.raises(SystemExit, match=r"FOLDER must be a folder of submissions; there is no"):
        cli.main(["grade", str(tmp_path / "nowhere")])
    (folder.path / "assignment.json").unlink()
    with pytest.raises(SystemExit, match=r"the assignment must be a file that `bpbook release` wrote"):
        cli.main(["grade", str(folder.path)])


# Again, and by several ------------------------------------------------------------------------------------------------


def test_what_is_graded_is_graded_again_only_where_something_changed(folder, classroom, monkeypatch):
    asked = []
    real = grading.grade
    monkeypatch.setattr(grading, "grade", lambda data, place, of: asked.append(place) or real(data, place, of))
    for k in range(3):
        folder(f"s{k}.ipynb", RIGHT)
    before = grade(folder)
    first, asked[:] = kept(folder.report), []
    assert grade(folder) == before and asked == [] and kept(folder.report) == first
    folder("s1.ipynb", HALF)
    assert states(grade(folder)["s1.ipynb"]) == ["right", "wrong"] and asked == ["s1.ipynb"]
    (folder.report / "marks" / f"{before['s2.ipynb']['key']}.json").write_text('{"schema": 1, "sha')
    grade(folder)
    assert asked == ["s1.ipynb", "s2.ipynb"] and len(logged(folder.report)) == 4
    monkeypatch.setattr(grading, "graded_by", lambda: before["s0.ipynb"]["graded_by"] | {"banks": "others"})
    with pytest.raises(ValueError, match=r"3 of them are of another"):
        grade(folder)
    assert len(asked) == 2


def start(folder, *how, report):
    command = [sys.executable, "-m", "bpbook.cli", "grade", str(folder.path), "--to", str(report), *how]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    return subprocess.Popen(command, start_new_session=True, **quiet)


def until(true, seconds=120.0):
    """Wait for a state."""
    end = time.monotonic() + seconds
    while not (found := true()):
        assert time.monotonic() < end, "this never came"
        time.sleep(0.02)
    return found


def children(process):
    """Return the processes that a process has started and that grade."""
    command = ["ps", "-ww", "-o", "pid=,args=", "--ppid", str(process.pid)]
    listed = subprocess.run(command, capture_output=True, text=True)
    return [int(line.split()[0]) for line in listed.stdout.splitlines() if "spawn_main" in line]


@pytest.mark.skipif(sys.platform == "win32", reason="it kills by signal")
def test_killed_at_any_moment_it_goes_on_and_two_workers_give_the_bytes_of_one(folder, tmp_path):
    cells = [RIGHT, HALF, RIGHT, HALF]
    for k, each in enumerate(cells):
        folder(f"s{k}/x.ipynb", each)
    grade(folder)  # by one process
    right, report = kept(folder.report), tmp_path / "killed"

    def done():
        return len(list((report / "marks").glob("[!.]*.json"))) if (report / "marks").exists() else 0

    grader = start(folder, report=report)
    until(lambda: done() >= 1)
    grader.send_signal(signal.SIGKILL)
    grader.wait()
    assert done() < len(cells)
    (report / "log.jsonl").write_bytes((report / "log.jsonl").read_bytes()[:-20])  # as if in the middle of a line

    grader = start(folder, "--workers", "2", report=report)
    [victim, *_] = until(lambda: children(grader))
    until(lambda: done() >= 2)
    if victim in children(grader):
        os.kill(victim, signal.SIGKILL)  # a worker: the run goes on
    assert grader.wait(timeout=180) == 0
    assert kept(report) == right
    assert logged(report) == sorted(json.loads(marks)["key"] for marks in right.values())


@pytest.mark.skipif(sys.platform == "win32", reason="it kills by signal")
def test_workers_do_not_outlive_the_grader(folder, tmp_path):
    for k in range(4):
        folder(f"s{k}.ipynb", RIGHT)
    grader = start(folder, "--workers", "2", report=tmp_path / "killed")
    workers = until(lambda: len(children(grader)) == 2 and children(grader))
    grader.kill()
    grader.wait()
    until(lambda: not any(Path(f"/proc/{pid}/cmdline").exists() for pid in workers), 30)


def test_a_submission_whose_worker_always_dies_is_named_and_takes_no_other_along(folder, monkeypatch):
    from concurrent.futures import Future
    from concurrent.futures.process import BrokenProcessPool
    from contextlib import nullcontext

    class Pool:
        def submit(self, do, data, place, assignment):
            future = Future()
            if place == "s1.ipynb":
                future.set_exception(BrokenProcessPool())
            else:
                future.set_result({"place": place})
            return future

    for k in range(3):
        folder(f"s{k}.ipynb", RIGHT)
    of = assignments.read(folder.path / "assignment.json")
    found = dict(grading._spread(folder.path, ["s0.ipynb", "s1.ipynb", "s2.ipynb"], of, lambda: nullcontext(Pool()), 2))
    assert found["s1.ipynb"]["reason"] == "The grader died 3 times."
    assert found["s0.ipynb"] == {"place": "s0.ipynb"} and found["s2.ipynb"] == {"place": "s2.ipynb"}


def test_a_dask_cluster_gives_the_same_bytes_also_when_a_worker_dies(folder, tmp_path):
    distributed = pytest.importorskip("distributed")
    for k, each in enumerate([RIGHT, HALF, RIGHT]):
        folder(f"s{k}.ipynb", each)
    here = grade(folder)
    quiet = {"silence_logs": 50, "dashboard_address": ":0", "threads_per_worker": 1}
    with distributed.LocalCluster(2, **quiet) as cluster, distributed.Client(cluster) as client:
        folder.report = tmp_path / "there"
        found, killed = {}, False
        tasks = grading._graded(
            folder.path, sorted(here), assignments.read(folder.path / "assignment.json"), 1, cluster.scheduler_address
        )
        for place, marks in tasks:
            found[place] = marks
            if not killed:
                killed = True
                client.run(
                    lambda: os._exit(1), workers=[next(iter(client.scheduler_info()["workers"]))], on_error="ignore"
                )
    assert found == here
