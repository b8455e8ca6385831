"""Measure the claims of the classic papers, store the numbers, and write appendix B from them.

python notebooks/reproductions.py                   measure what has no numbers yet; write and execute appendix B
python notebooks/reproductions.py symmetry xor      measure these modules anew, too
python notebooks/reproductions.py --check           measure everything again, write nothing; fail when a number differs
python notebooks/reproductions.py --from 1000 xor   judge by as many other seeds, from 1000 on; write nothing

The claims are those of every module in bpbook/classics that has CLAIMS, so nothing here knows a paper by name but for
the prose about symmetry and the exclusive or.
"""

import argparse
import hashlib
import importlib
import inspect
import json
import re
import sys
import time
from collections.abc import Iterable
from itertools import groupby
from pathlib import Path

import nbformat
import numpy as np
from numpy.typing import NDArray

from bpbook import classics
from bpbook.classics import Claim

APPENDIX = Path(__file__).resolve().parent / "B_reproductions.ipynb"
Numbers = dict[str, NDArray[np.float64]]


# Numbers --------------------------------------------------------------------------------------------------------------


def rounded(numbers: NDArray) -> NDArray:
    """Return the numbers to six significant digits, as they are stored."""
    return np.array([float(f"{number:.6g}") for number in numbers])


def stale(claims: dict[str, Claim], numbers: Numbers) -> list[str]:
    """Return the names of the claims that have no numbers, or not as many as they say."""
    return [name for name, claim in claims.items() if len(numbers.get(name, ())) not in (claim.seeds, 1)]


def store(numbers: Numbers, path: Path = classics.MEASURED) -> None:
    """Write the numbers, a claim a line; nan is written as null."""
    lines = []
    for name, values in sorted(numbers.items()):
        listed = [None if np.isnan(v) else int(v) if np.isfinite(v) and v == int(v) else v for v in values.tolist()]
        lines.append(f"{json.dumps(name)}: {json.dumps(listed)}")
    path.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8", newline="\n")


def differences(claims: dict[str, Claim], numbers: Numbers, seeds: int | None = None) -> list[str]:
    """Measure again and return what differs from the stored numbers, one complaint a claim.

    Parameters
    ----------
    seeds : int, optional
        How many seeds of each claim, chosen by its name; all when left out.
    """
    found = []
    for name, claim in claims.items():
        stored = numbers[name]
        chosen = np.arange(claim.seeds)
        if seeds is not None and seeds < claim.seeds:
            lots = np.random.default_rng(int(hashlib.sha256(name.encode()).hexdigest(), 16))
            chosen = np.sort(lots.choice(claim.seeds, seeds, replace=False))
        fresh = rounded(claim.numbers(chosen.tolist()))
        expected = stored[chosen] if len(stored) == claim.seeds else stored
        wrong = ~np.isclose(fresh, expected, rtol=1e-5, atol=0, equal_nan=True)
        if wrong.any():
            first = int(np.argmax(wrong))
            found.append(f"{name}: seed {chosen[first]} gives {fresh[first]:g}, and {expected[first]:g} is stored")
    return found


# Words ----------------------------------------------------------------------------------------------------------------


def said(number: float) -> str:
    """Return a number for a table: three digits, or all before the point."""
    return f"{number:,.0f}" if abs(number) >= 1000 else f"{number:.3g}"


def summary(numbers: NDArray) -> str:
    """Return what was measured, in words.

    >>> summary(np.array([0.0, 0.0, 1.0, np.nan]))
    '0 for 2, 1 for 1; none for 1 of 4'
    >>> summary(np.arange(1000.0, 1101.0))
    'median 1,050, quartiles 1,025 and 1,075 of 101'
    """
    known = numbers[~np.isnan(numbers)]
    if len(numbers) == 1:
        return said(numbers[0])
    values, counts = np.unique(known, return_counts=True)
    lacking = f"; none for {len(numbers) - len(known)} of {len(numbers)}" if len(known) < len(numbers) else ""
    if len(values) <= 4:
        parts = [f"{said(value)} for {count}" for value, count in zip(values, counts, strict=True)]
        return ", ".join(parts) + (lacking or f" of {len(numbers)}") if parts else lacking.removeprefix("; ")
    low, middle, high = np.percentile(known, (25, 50, 75))
    return f"median {said(middle)}, quartiles {said(low)} and {said(high)}" + (lacking or f" of {len(numbers)}")


def year(claim: Claim) -> str:
    """Return the year of a paper: the first four digits that may be one."""
    found = re.search(r"\b(?:19|20)\d\d\b", claim.paper)
    return found[0] if found else ""


def section(module: str, claims: dict[str, Claim], numbers: Numbers) -> str:
    """Return what the appendix says about one module: its own first words, a table for each paper, and deviations."""
    paragraphs = (inspect.getdoc(importlib.import_module(f"bpbook.classics.{module}")) or "").split("\n\n")
    words = [" ".join(text.split()) for text in paragraphs[:2] if not text.startswith((">>>", "    "))]
    years = " and ".join(dict.fromkeys(year(claim) for claim in claims.values()))
    parts = [f"### `{module}`, {years}", *words]
    papers = list(dict.fromkeys(claim.paper for claim in claims.values()))
    in_order = sorted(claims.items(), key=lambda item: papers.index(item[1].paper))
    for paper, group in groupby(in_order, key=lambda item: item[1].paper):
        rows = ["| claim | the paper says | it holds | ours | verdict |", "|---|---|---|---|---|"]
        for name, claim in group:
            says = f"{claim.says} ({claim.where})" if claim.where else claim.says
            verdict = " or ".join([f"**{claim.verdict(numbers[name])}**", *claim.other_verdicts(numbers[name])])
            cells = [f"`{claim.name}`", says, claim.expects, summary(numbers[name]), verdict]
            rows.append(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |")
        parts += [f"**{paper}**", "\n".join(rows)]
    otherwise: dict[str, list[str]] = {}
    for claim in claims.values():
        if claim.deviations:
            otherwise.setdefault(claim.deviations, []).append(f"`{claim.name}`")
    lines = [f"- {', '.join(names)}: {deviation}" for deviation, names in otherwise.items()]
    return "\n\n".join([*parts, *(["What we do otherwise:\n\n" + "\n".join(lines)] if lines else [])])


def sections(claims: dict[str, Claim], numbers: Numbers) -> Iterable[str]:
    """Yield a section for each module, in the order of the years of their first claims."""
    by_module: dict[str, dict[str, Claim]] = {}
    for name, claim in claims.items():
        by_module.setdefault(name.split(".")[0], {})[name] = claim
    for module, its in sorted(by_module.items(), key=lambda item: (year(next(iter(item[1].values()))), item[0])):
        yield section(module, its, numbers)


def notebook(claims: dict[str, Claim], numbers: Numbers) -> nbformat.NotebookNode:
    """Return appendix B, not yet executed."""
    text, code = nbformat.v4.new_markdown_cell, nbformat.v4.new_code_cell
    cells = []
    for part in PAGES:
        if part is LEDGER:
            cells += [text(of_module) for of_module in sections(claims, numbers)]
        else:
            kind, source = part
            cells.append((text if kind == "text" else code)(source.strip()))
    return nbformat.v4.new_notebook(cells=cells)


LEDGER = ("the ledger", "")
PAGES = [
    (
        "text",
        """
# B Reproductions

Here we do some famous papers again, with the settings that they print, but over many random starts instead of one. For every result you find the paper's number, ours as a distribution, the tolerance that we fixed before we ran anything, and a verdict: yes, partly or no.
""",
    ),
    (
        "code",
        """
import textwrap

import numpy as np
from matplotlib import pyplot

import bpbook as bp
from bpbook import classics
from bpbook.classics import xor

bp.plots.style()
claims, numbers = classics.gather(), classics.measured()
""",
    ),
    (
        "text",
        """
## One run is an anecdote

In October 1986 a letter of four pages in *Nature* made backpropagation famous. Its first figure shows a network with six inputs and two hidden units, which has learned to tell whether a row of six bits reads the same from both ends. The caption says that this took 1,425 sweeps through the 64 possible rows.

That is a precise number, and it belongs to one run. If the random weights at the start had been others, the letter would have printed another number, and we would quote that one instead. So make a guess before you run the next cell: five hundred networks start from five hundred seeds, with the letter's settings. How far apart are the fast ones and the slow ones?
""",
    ),
    (
        "code",
        """
sweeps = numbers["symmetry.sweeps"]
solved = np.sort(sweeps[~np.isnan(sweeps)])
low, middle, high = np.percentile(solved, (25, 50, 75))
print(f"{len(solved)} of {len(sweeps)} seeds learn it within 20,000 sweeps")
print(f"fastest {solved[0]:,.0f}, quartiles {low:,.0f} and {high:,.0f}, slowest {solved[-1]:,.0f}")
print(f"the letter's 1,425 is faster than {np.mean(solved > 1425):.0%} of them")
assert solved[0] < 1425 < solved[-1] and solved[-1] > 10 * solved[0]
""",
    ),
    (
        "code",
        """
figure, ax = pyplot.subplots(figsize=(6.4, 3.0))
ax.step(solved, np.arange(1, len(solved) + 1) / len(sweeps), where="post", color=bp.plots.POSITIVE)
ax.axvline(1425, color=bp.plots.NEGATIVE, ls="--")
ax.annotate("the letter's run", (1425, 0.9), (6, 0), textcoords="offset points", ha="left")
ax.set(xscale="log", ylim=(0, 1), xlabel="sweeps", ylabel="share of seeds that have learned")
alt = "A curve that climbs from 0 to nearly 1 while the sweeps grow from a few hundred to twenty "
alt += "thousand. A dashed line at 1,425 sweeps, the letter's run, crosses it in its lower half."
bp.plots.show(figure, alt=alt)
""",
    ),
    (
        "text",
        """
The letter's run is a perfectly ordinary one, although the slowest of our seeds needed more than ten times as long as the fastest. Nothing is wrong with the number. But if you implement the letter and need 8,000 sweeps, nothing need be wrong with your code either, and if you compare two methods by one run of each, this is the noise in which you are looking for your difference.

## How we judge

A tolerance that is chosen after the numbers are known always fits. Therefore a claim in `bpbook.classics` is one object that holds everything: the paper's sentence, the place where it stands, what counts as yes and as partly, a function that measures one number for each seed, and a function that judges these numbers. A seed that fails has no number, and it is counted and not hidden. Here is the claim that we looked at.
""",
    ),
    (
        "code",
        """
claim = claims["symmetry.sweeps"]
for part in ("paper", "where", "says", "expects", "seeds", "deviations"):
    lines = textwrap.wrap(str(getattr(claim, part)), 80)
    print(f"{part:11}", "\\n            ".join(lines))
print(f"{'verdict':11}", claim.verdict(sweeps))
assert claim.verdict(sweeps) != "no" and claim.verdict(10 * sweeps) == "no"
""",
    ),
    (
        "text",
        """
Hundreds of networks take seconds, because `classics/stack.py` trains them all at once: it is the four equations of chapter 04 with one more axis, which counts the seeds. Each network learns as it would alone, which the tests check to the last sweep, and it leaves the stack when it is solved or when it has diverged.

## The ledger

All verdicts come first, and then every claim with its numbers. You need not take the verdicts on trust, as the next cell computes them from the stored numbers while you watch.
""",
    ),
    (
        "code",
        """
verdicts = {name: claims[name].verdict(values) for name, values in numbers.items()}
for word in classics.claims.VERDICTS:
    names = sorted(name for name, verdict in verdicts.items() if verdict == word)
    print(textwrap.fill(f"{word}, {len(names)}: {', '.join(names)}", 96, subsequent_indent="    "))
assert len(verdicts) == len(claims)
""",
    ),
    (
        "text",
        """
Could other seeds have led to another verdict? We can ask without training anything again. Pretend that other seeds would be a draw from ours, with repetition, and judge many such draws (this is the bootstrap of chapter 11). A verdict that survives nearly all of them is firm. One that does not is printed in the tables together with its rivals, for example as "**yes** or partly".
""",
    ),
    (
        "code",
        """
rivals = {name: claims[name].other_verdicts(values) for name, values in numbers.items()}
for name in (name for name, words in rivals.items() if words):
    print(f"{name}: {verdicts[name]}, and with other seeds perhaps {' or '.join(rivals[name])}")
print(f"firm: {sum(not words for words in rivals.values())} of {len(rivals)}")
""",
    ),
    (
        "text",
        """
In the tables, *ours* gives the median and the quartiles of the seeds that have a number, or how many seeds have which number if there are few different ones. Where a judge asks whether the paper's number could be one of ours, a seed that failed counts as later than any other.
""",
    ),
    LEDGER,
    (
        "text",
        """
## Where the stuck ones are

The verdict that may surprise you most is the *no* about the exclusive or. "The network got stuck in a local minimum" is what everybody says about these runs, and it happens here far more often than in the PDP book. But what are they stuck *in*? A stuck network gives some of the four examples one and the same output. If it confuses a 0 with a 1, the best common output is 1/2, and then the loss is 1/16. If it confuses three examples, it is 1/12. So we can predict where the runs must be, without looking at a single weight.
""",
    ),
    (
        "code",
        """
run = xor.train(range(500))
stuck = run.loss[~run.solved]
levels = {"1/16, two confused": xor.level([0, 1]), "1/12, three confused": xor.level([0, 1, 1])}
nearest = np.argmin(np.abs(np.subtract.outer(stuck, list(levels.values()))), axis=1)
for k, (name, C) in enumerate(levels.items()):
    print(f"{np.sum(nearest == k):3} of {len(stuck)} stuck runs are close to {name}")
    assert (np.abs(stuck[nearest == k] / C - 1) < 0.05).all() and (stuck[nearest == k] > C).all()
print(f"diverged: {run.diverged.sum()}")
""",
    ),
    (
        "code",
        """
figure, ax = pyplot.subplots(figsize=(6.4, 2.4))
for name, C in levels.items():
    ax.axvline(C, color=bp.plots.NEGATIVE, ls="--")
    ax.annotate(name, (C, 1.02), xycoords=("data", "axes fraction"), ha="center", fontsize=9)
ax.plot(np.sort(stuck), np.arange(len(stuck)), "o", ms=4, color=bp.plots.POSITIVE)
ax.set(xlabel="loss after 3,000 sweeps", ylabel="stuck runs", yticks=[], xlim=(0.055, 0.09))
alt = "A dot for every stuck run over its loss. All of them stand a little to the right of one of "
alt += "two dashed lines, at 1/16 and at 1/12, and nowhere in between."
bp.plots.show(figure, alt=alt)
""",
    ),
    (
        "text",
        """
No dot lies on its line. Each lies a little above it, because the level is reached only with infinite weights, and the loss goes on falling towards it as long as you care to watch. That is why "minimum" is the wrong word: at a minimum the gradient is zero, and here there is always a way down, although it is so flat that no one has the patience for it. Mathematicians have settled the question (`no_minimum` in the ledger), since they proved that from every finite point a path leads down to zero.
""",
    ),
    (
        "text",
        """
Four hidden units instead of two make the whole matter disappear: in the ledger that is `wider`. So does the smaller network with which the PDP book began, a single hidden unit whose inputs are also connected to the output (`one_unit_is_never_stuck`). It is the network that everybody cites which gets stuck, and it stands between two that do not.
""",
    ),
    (
        "text",
        """
## Do not believe this page either

The tables are written by a script from stored numbers, and a stored number could have been altered by hand. So run some again. A seed's number does not depend on which other seeds are trained beside it, and therefore three seeds are enough to catch a forger of one of them.
""",
    ),
    (
        "code",
        """
claim, stored = claims["xor.two_units"], numbers["xor.two_units"]
again = claim.numbers([7, 8, 9])
print("measured now:", again)
forged = np.where(np.arange(len(stored)) == 8, stored + 1, stored)
assert np.array_equal(again, stored[7:10], equal_nan=True)
assert not np.array_equal(again, forged[7:10], equal_nan=True)
""",
    ),
    (
        "text",
        """
And a verdict could be true of our seeds only. Judge by others, at which nobody has looked before you. Change the numbers in the next cell as you like.
""",
    ),
    (
        "code",
        """
claim = claims["xor.stuck"]
others = claim.numbers(range(1000, 1500))
print(f"stuck among 500 other seeds: {others.sum():.0f}, among ours: {numbers['xor.stuck'].sum():.0f}")
print("verdict by the others:", claim.verdict(others))
assert claim.verdict(others) == verdicts["xor.stuck"]
""",
    ),
    (
        "text",
        """
In a clone of the book, `python notebooks/reproductions.py --from 1000` does this for every claim, and `--check` measures every number of this page again.

## What to take along

A *no* in this ledger is seldom an accusation. Papers of four pages leave things out, such as how the weights started or when a run counted as solved, and what we had to guess stands under every table. If the guess matters that much, this is worth knowing too. What the ledger does show is how little a single number says, even an honest one. When you report a result of your own, report how many seeds it rests on, how many of them failed, and what you would have called a failure before you began.
""",
    ),
]


# Commands -------------------------------------------------------------------------------------------------------------


def measure(claims: dict[str, Claim], names: Iterable[str]) -> Numbers:
    """Measure these claims; say what each took."""
    found = {}
    for name in names:
        start = time.process_time()
        found[name] = rounded(claims[name].numbers())
        print(f"{name:32} {time.process_time() - start:6.1f} s  {summary(found[name])}", flush=True)
    return found


def others(claims: dict[str, Claim], numbers: Numbers, first: int) -> None:
    """Print each verdict beside that of as many other seeds."""
    for name, claim in claims.items():
        if claim.seeds > 1:
            fresh = claim.numbers(range(first, first + claim.seeds))
            both = [f"{claim.verdict(some)} ({summary(some)})" for some in (numbers[name], fresh)]
            print(f"{name}: {both[0]}\n    seeds from {first} on: {both[1]}", flush=True)


def write(claims: dict[str, Claim], numbers: Numbers) -> None:
    """Write appendix B and execute it."""
    from execute import execute  # beside this file

    text = nbformat.writes(execute(notebook(claims, numbers))) + "\n"
    APPENDIX.write_text(text, encoding="utf-8", newline="\n")


def main() -> int:
    """Do what the command line asks."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("modules", nargs="*", help="measure these anew, such as symmetry or xor.stuck")
    parser.add_argument("--check", action="store_true", help="measure everything again, write nothing")
    parser.add_argument("--from", dest="first", type=int, metavar="SEED", help="judge by other seeds, write nothing")
    arguments = parser.parse_args()
    claims = classics.gather()
    numbers = classics.measured() if classics.MEASURED.exists() else {}
    named = [name for name in claims if {name, name.split(".")[0]} & set(arguments.modules)]
    if arguments.check:
        found = [f"{name}: not measured" for name in stale(claims, numbers)] or differences(claims, numbers)
        print("\n".join(found) or "All numbers are as stored.")
        return bool(found)
    if arguments.first is not None:
        others({name: claims[name] for name in named or claims}, numbers, arguments.first)
        return 0
    due = dict.fromkeys([*stale(claims, numbers), *named])
    numbers = {name: numbers[name] for name in claims if name in numbers} | measure(claims, due)
    store(numbers)
    write(claims, numbers)
    return 0


if __name__ == "__main__":
    sys.exit(main())
