"""What a class did: its marks, its exercises by difficulty, its mistakes by name."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from math import fsum
from typing import Any

__all__ = ["bands", "exercises", "mistakes", "share", "total"]

Marks = Mapping[str, Any]
BANDS = 10


def total(marks: Marks) -> float:
    """Return the points of a submission."""
    return fsum(answer["mark"] for answer in marks["answers"])


def share(marks: Marks) -> float:
    """Return the share of the points that a submission has earned, 0 to 1."""
    return total(marks) / (fsum(answer["points"] for answer in marks["answers"]) or 1.0)


def bands(marks: Sequence[Marks]) -> list[dict[str, Any]]:
    """Return how many submissions earned 0 to 9 %, 10 to 19 %, ..., 90 to 100 % of the points."""
    counts = Counter(min(int(share(each) * BANDS + 1e-9), BANDS - 1) for each in marks)
    most = max(counts.values(), default=1)
    return [
        {
            "from": 100 // BANDS * k,
            "to": 100 if k == BANDS - 1 else 100 // BANDS * (k + 1) - 1,
            "count": counts[k],
            "width": round(100 * counts[k] / most),
        }
        for k in range(BANDS)
    ]


def exercises(marks: Sequence[Marks]) -> list[dict[str, Any]]:
    """Return the exercises, the hardest first, each with its mean share of the points and its states counted."""
    answers = defaultdict(list)
    for each in marks:
        for answer in each["answers"]:
            answers[answer["chapter"], answer["name"]].append(answer)
    found = []
    for (chapter, name), of in answers.items():
        states = Counter(answer["state"] for answer in of)
        run = [answer["fraction"] for answer in of if answer["state"] != "not run"]
        mean = round(100 * fsum(run) / len(run)) if run else None
        found.append({"chapter": chapter, "name": name, "title": of[0]["title"], "mean": mean, "states": states})
    return sorted(found, key=lambda row: 101 if row["mean"] is None else row["mean"])


def mistakes(marks: Sequence[Marks]) -> tuple[list[dict[str, Any]], int]:
    """Return the named mistakes, the most frequent first, and how many wrong answers have no name.

    Two mistakes that were made together, joined by +, count as one each. What gives the same numbers, joined by ≡, is
    one mistake of several names.
    """
    students, answers = defaultdict[str, set[str]](set), Counter[str]()
    where, read_on = defaultdict[str, dict[tuple[str, str], str]](dict), dict[str, Any]()
    unnamed = 0
    for each in marks:
        for answer in each["answers"]:
            if answer["state"] != "wrong":
                continue
            names = answer["mistake"].split(" + ") if answer["mistake"] else []
            unnamed += not names
            for name in names:
                answers[name] += 1
                students[name].add(each["key"])
                where[name][answer["chapter"], answer["name"]] = answer["title"]
                read_on[name] = read_on.get(name) or answer["read_on"]
    found = [
        {
            "name": name,
            "count": count,
            "students": len(students[name]),
            "exercises": sorted(set(where[name].values())),
            "chapters": sorted({chapter for chapter, _ in where[name]}),
            "read_on": read_on[name],
        }
        for name, count in answers.items()
    ]
    return sorted(found, key=lambda row: (-row["students"], -row["count"], row["name"])), unnamed
