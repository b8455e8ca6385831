"""The verbs of the classroom on the command line. What they do is imported when it is asked for."""

import argparse
from pathlib import Path
from typing import Any

__all__ = ["add"]


def add(actions: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the verbs of the classroom to those of bpbook; each sets `do`, which takes the options and the chapters."""
    releasing = actions.add_parser("release", help="for teachers: make an assignment of exercises of the book")
    releasing.add_argument("chapters", nargs="+", metavar="NN", help="chapters, such as 04")
    releasing.add_argument("--to", type=Path, required=True, metavar="FOLDER", help="where it is written")
    releasing.add_argument("--points", nargs="+", default=[], metavar="NAME=POINTS", help="in place of the book's")
    releasing.add_argument("--due", metavar="DATE", help="such as 2030-05-31 or 2030-05-31T18:00")
    releasing.add_argument("--only", nargs="+", default=[], metavar="NAME", help="these exercises and no others")
    releasing.add_argument("--format", choices=("plain", "nbgrader", "otter"), default="plain")
    releasing.set_defaults(do=_release)
    reporting = actions.add_parser("report", help="for teachers: pages and tables of what was graded")
    reporting.add_argument("report", type=Path, metavar="REPORT", help="the folder that `bpbook grade` wrote")
    reporting.add_argument("--hash-names", action="store_true", help="codes in place of names on pages and their files")
    reporting.set_defaults(do=_report)
    where = argparse.ArgumentParser(add_help=False)
    where.add_argument("submissions", type=Path, metavar="FOLDER", help="*.ipynb, or a folder for each student")
    where.add_argument("--to", type=Path, metavar="REPORT", help="where the marks are kept (FOLDER-report)")
    where.add_argument("--assignment", type=Path, metavar="FILE", help="assignment.json, if it is not in FOLDER")
    how = where.add_mutually_exclusive_group()
    how.add_argument("--workers", type=int, default=1, metavar="N", help="processes that grade at the same time")
    how.add_argument("--scheduler", metavar="ADDRESS", help="a Dask cluster that grades, tcp://10.0.0.5:8786")
    said = "for teachers: grade a folder of submissions in a sealed room"
    actions.add_parser("grade", parents=[where], help=said).set_defaults(do=_grade)
    again = actions.add_parser("regrade", parents=[where], help="for teachers: see who gains and loses by a correction")
    again.add_argument("--write", action="store_true", help="let the new marks count; the old ones are kept as a copy")
    again.set_defaults(do=_regrade)
    trying = actions.add_parser("rehearse", help="for teachers: a release, and ten made-up submissions to try it on")
    trying.add_argument("--to", type=Path, required=True, metavar="FOLDER", help="where they are written")
    trying.set_defaults(do=_rehearse)


def _release(options: Any, notebooks: Path) -> int:
    from .releasing import release

    place = release(
        [number.zfill(2) for number in options.chapters],
        options.to,
        notebooks,
        points=_points(options.points),
        due=options.due,
        only=options.only,
        form=options.format,
    )
    then = {
        "plain": f"Give {place} to your students.",
        "nbgrader": f"In {options.to}, `nbgrader generate_assignment {place.stem}` makes the copy for students.",
        "otter": f"Give {place} to your students. In {options.to}, `otter generate -t tests` makes the autograder.",
    }
    print(f"{then[options.format]} Keep {options.to / 'assignment.json'} to yourself, because grading needs it.")
    return 0


def _report(options: Any, notebooks: Path) -> int:
    from .reporting.reports import report

    place = report(options.report, hashed=options.hash_names)
    print(f"Open {place}. A page for each student is in {place.parent / 'students'}.")
    return 0


def _grade(options: Any, notebooks: Path) -> int:
    from .grading import command

    return command(options, notebooks)


def _regrade(options: Any, notebooks: Path) -> int:
    from .regrading import command

    return command(options, notebooks)


def _rehearse(options: Any, notebooks: Path) -> int:
    from .rehearsal import rehearse

    made = rehearse(options.to, notebooks)
    print(f"{len(made)} made-up submissions are in {made[0].parent}, their assignment in {options.to}.")
    return 0


def _points(pairs: list[str]) -> dict[str, float]:
    """Read NAME=POINTS."""
    found = {}
    for pair in pairs:
        name, _, number = pair.partition("=")
        try:
            found[name] = float(number)
        except ValueError:
            raise ValueError(f"--points must be NAME=POINTS, such as two_layers=6; got {pair}.") from None
    return found
