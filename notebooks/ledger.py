r"""Collect the equation ledger from its four places, and write appendix A from it.

python notebooks/ledger.py            write A_notation.ipynb and execute it

The name of an equation stands in four places, and is read from there, never from a list:

- derived: in a chapter, on a display that has \tag{BP1};
- coded: on a line of the library, in a comment that begins with (BP1);
- tested: on a test that bears the mark equation("BP1");
- practised: on an exercise whose `equations` hold "BP1".
"""

import ast
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

import nbformat

ROOT = Path(__file__).resolve().parent.parent
APPENDIX = "A_notation.ipynb"
ANNOUNCES = "01"  # the overview, which shows some equations before they are derived
NAMES_ON_A_LINE = re.compile(r"# \(([A-Z]+\d?(?:, [A-Z]+\d?)*)\)")
TAG = re.compile(r"\\tag\{([A-Z]+\d?)\}")


class Derived(NamedTuple):
    """A display with a name: in which chapter and section, and its LaTeX without the tag."""

    chapter: str
    section: str
    formula: str


class Coded(NamedTuple):
    """A line of code with a name."""

    file: str
    function: str
    line: str


class Tested(NamedTuple):
    """A test with a mark."""

    file: str
    test: str


class Practised(NamedTuple):
    """An exercise that names the equation."""

    chapter: int
    exercise: str


@dataclass
class Entry:
    """All that is known of one name."""

    derived: list[Derived] = field(default_factory=list)
    coded: list[Coded] = field(default_factory=list)
    tested: list[Tested] = field(default_factory=list)
    practised: list[Practised] = field(default_factory=list)


Asked = tuple[int, str, tuple[str, ...]]  # chapter, name of the exercise, names of its equations


def collect(root: Path = ROOT, asked: Iterable[Asked] | None = None) -> dict[str, Entry]:
    """Return every name that stands anywhere, with all its places; first those that are derived, in reading order.

    Parameters
    ----------
    root : Path
        The folder that holds `notebooks`, `bpbook` and `tests`.
    asked : iterable of (chapter, exercise, equations), optional
        All of the book when left out.
    """
    ledger: dict[str, Entry] = defaultdict(Entry)
    for path in sorted((root / "notebooks").glob("[0-9][0-9]_*.ipynb")):
        for name, place in derived(path) if path.name[:2] > ANNOUNCES else ():
            ledger[name].derived.append(place)
    for path in sorted((root / "bpbook").glob("*.py")):
        for name, line in coded(path):
            ledger[name].coded.append(line)
    for path in sorted((root / "tests").glob("test_*.py")):
        for name, test in tested(path):
            ledger[name].tested.append(test)
    for chapter, exercise, names in practised() if asked is None else asked:
        for name in names:
            ledger[name].practised.append(Practised(chapter, exercise))
    return dict(ledger)


def missing(ledger: dict[str, Entry]) -> list[str]:
    """Return what the ledger lacks, one complaint for each name and link: an empty list when it is whole."""
    return [
        f"({name}) is not {link}; it is {', '.join(known for known, places in vars(entry).items() if places)}"
        for name, entry in ledger.items()
        for link, places in vars(entry).items()
        if not places
    ]


def derived(path: Path) -> Iterator[tuple[str, Derived]]:
    """Yield the displays of a chapter that have names."""
    section = ""
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type != "markdown":
            continue
        for heading, display in re.findall(r"^#+ ([^\n]+)|\$\$(.+?)\$\$", cell.source, flags=re.M | re.S):
            section = heading or section
            for name in TAG.findall(display):
                yield name, Derived(path.stem, section, formula(display, name))


def formula(display: str, name: str) -> str:
    """Return the LaTeX that a name belongs to, on one line: the display, or its own row where rows have names."""
    if len(TAG.findall(display)) > 1:
        rows = re.split(r"\\\\(?:\[[^\]]*\])?", display)
        display = next(row for row in rows if f"\\tag{{{name}}}" in row)
        display = re.sub(r"\\(?:begin|end)\{(?:aligned|align\*?|gathered)\}|&", " ", display)
    return " ".join(TAG.sub(" ", display).split())


def coded(path: Path) -> Iterator[tuple[str, Coded]]:
    """Yield the lines of a module that have names, each with the function or method around it."""
    source = path.read_text(encoding="utf-8")
    tree = ast.parse(source)
    for number, line in enumerate(source.splitlines(), start=1):
        for names in NAMES_ON_A_LINE.findall(line):
            for name in names.split(", "):
                yield name, Coded(path.name, around(tree, number), line.strip())


def around(tree: ast.Module, number: int) -> str:
    """Return the name of the outermost function around a line, as Class.method for a method."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and node.lineno <= number <= (node.end_lineno or 0):
            inside = around(ast.Module(node.body, []), number) if isinstance(node, ast.ClassDef) else ""
            return f"{node.name}.{inside}" if inside else node.name
    return ""


def tested(path: Path) -> Iterator[tuple[str, Tested]]:
    """Yield the tests of a file that have marks, on themselves or on some of their parameters."""
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef):
            calls = [call for decorator in node.decorator_list for call in ast.walk(decorator)]
            marks = [c for c in calls if isinstance(c, ast.Call) and getattr(c.func, "attr", "") == "equation"]
            names = [mark.args[0].value for mark in marks if isinstance(mark.args[0], ast.Constant)]
            for name in dict.fromkeys(names):
                yield str(name), Tested(path.name, node.name)


def practised() -> Iterator[Asked]:
    """Yield every exercise of the book with the names it bears."""
    from bpbook import exercises

    for chapter in exercises.banks.NUMBERS:
        for question in exercises.chapter(chapter).questions.values():
            yield chapter, question.exercise.name, question.exercise.equations


# Appendix A -----------------------------------------------------------------------------------------------------------


class Symbol(NamedTuple):
    """A row of the notation: how it is written, in code, its shape and meaning, and what finds it in a chapter."""

    math: str
    code: str
    shape: str
    meaning: str
    pattern: str


LETTER = r"(?<![A-Za-z\\]){}(?![A-Za-z])"
# fmt: off
SYMBOLS = [
    Symbol("$m$", "`len(x)`", "whole number", "number of examples in the batch", LETTER.format("m")),
    Symbol("$L$, $n_l$", "`len(W) - 1`, `sizes[l]`", "whole numbers", "layers of weights; units of layer $l$, where layer 0 is the input", "n_l|n_0"),
    Symbol("$x$", "`x`", "$(m, n_0)$", "inputs, one row per example", r"a\^0 = x|x_0"),
    Symbol("$y$", "`y`", "$(m, n_L)$, or $(m,)$", "targets, one row per example, or one class number", r"p - y|p-y"),
    Symbol("$W^l$", "`W[l]`", "$(n_{l-1}, n_l)$", "weights into layer $l$", r"W\^"),
    Symbol("$w_{ij}^l$", "`W[l][i, j]`", "one number", "the weight from unit $i$ of layer $l - 1$ to unit $j$ of layer $l$", r"w_\{?ij"),
    Symbol("$b^l$", "`b[l]`", "$(n_l,)$", "biases of layer $l$", r"b\^|b_j"),
    Symbol("$z^l$", "`z[l]`", "$(m, n_l)$", "weighted inputs", LETTER.format("z")),
    Symbol("$a^l$", "`a[l]`", "$(m, n_l)$", "activations; $a^0$ is $x$", LETTER.format("a")),
    Symbol("$f_l$, $f_l'$", "`f[l]`, `f[l].prime`", "as $z^l$", "activation function and its derivative, both of $z^l$, entry by entry", r"f_l|f'"),
    Symbol(r"$\sigma$", '`"sigmoid"`', "as $z^l$", r"the sigmoid, $\sigma(z) = 1/(1 + e^{-z})$", r"\\sigma"),
    Symbol("$C$", "`loss(a[L], y)`", "one number", "the loss: the *sum* over output units, the *mean* over the examples", LETTER.format("C")),
    Symbol("$p$", "`softmax(a[L])`", "$(m, n_L)$", "probabilities; every row sums to 1", LETTER.format("p")),
    Symbol(r"$\delta^l$", "`delta[l]`", "$(m, n_l)$", r"$\partial C/\partial z^l$ of the mean loss: every row carries its $1/m$", r"\\delta"),
    Symbol(r"$\partial C/\partial W^l$, $\partial C/\partial b^l$", "`dW[l]`, `db[l]`", "as $W^l$, $b^l$", "gradients", r"\\partial (?:C|W)\}?[{/]?.{0,12}[Wwb]"),
    Symbol(r"$\eta$", "`eta`", "one number", "learning rate", r"\\eta"),
    Symbol(r"$\lambda$", "`lmbda`", "one number", "weight decay", r"\\lambda"),
    Symbol(r"$\lambda_1$", "`lmbda_1`", "one number", "L1 penalty", r"\\lambda_1"),
    Symbol(r"$\mu$", "`mu`", "one number", "momentum: how much of the velocity is kept from step to step", r"\\mu(?![a-z])"),
    Symbol(r"$\rho$, $\beta_1$, $\beta_2$", "`rho`, `beta1`, `beta2`", "one number each", "how much of a running mean is kept from step to step: in RMSProp, in Adam", r"\\rho|\\beta_1"),
    Symbol(r"$\epsilon$", "`epsilon`", "one number", "keeps a denominator from being 0", r"\\epsilon"),
    Symbol("$g$", "`g`", "as the weights", "the whole gradient", "lVert g"),
    Symbol("$g_n$, $g_B$, $B$", "", "as the weights; $B$ a whole number", "the gradient of example $n$; that of a mini-batch of $B$ examples", "g_B"),
    Symbol("$n$", "`numerical_gradient`", "as $g$", "the gradient by differences (as an index, $n$ is an example; $n_l$ is the width of a layer)", r"lVert g - n"),
    Symbol("$k_i$", "", "one number each", "curvature of the loss along a weight", "k_i|k_0"),
    Symbol("$H$", "", "weights times weights", "Hessian: second derivatives, here of a bowl", "H = "),
    Symbol("$v$", '`memory["v"]`', "as the weights", "velocity, in momentum", r"\\mu v"),
    Symbol(r"$u$, $s$, $\hat u$, $\hat s$", '`memory["u"]`, `memory["s"]`', "as the weights", "running means of $g$ and $g^2$; with a hat, freed of their start at 0", r"\\hat u"),
    Symbol("$t$", "`t`", "whole number", "steps taken: from 1 in (ADAM), from 0 in schedules", r"\\beta_1\^t"),
    Symbol("$c$", "`clip`", "one number", "greatest length of a gradient", r"\\ge c"),
    Symbol("$J$", "", "outputs times inputs", "Jacobian: a row for each output, a column for each input", "J_1|\\$J\\$"),
    Symbol("$J v$, $J^T u$", "`jvp`, `vjp`", "as the output; as the input", "a tangent sent on; an adjoint sent back", r"J\^T u"),
    Symbol("$h$", "`h`", "one number", "the step of a difference", LETTER.format("h")),
    Symbol(r"$*$", "`*`", "of equal shapes", "product entry by entry; a product without a sign is one of matrices, `@`", r"[^_^{]\s*\*\s"),
    Symbol(r"${}^T$", "`.T`", "transposed", "transpose: rows become columns", r"\^(?:T|\{[^{}]*T\})"),
    Symbol(r"$\bar p$", "`adjoint[p]`", "as $p$", r"adjoint of a node, $\partial f/\partial p$ of the output $f$: what reverse mode sends back", r"\\bar"),
    Symbol(r"$\dot p$", "`tangent[p]`", "as $p$", "tangent of a node: how it moves when the inputs move; what forward mode sends on", r"\\dot(?![a-z])"),
]
# fmt: on


class Local(NamedTuple):
    """A letter that means something of its own in one chapter, or the same in a few: where, how written, shape, meaning."""

    chapter: str
    math: str
    shape: str
    meaning: str

    def serves(self, chapter: str) -> bool:
        """Return whether this is the meaning in that chapter."""
        return chapter in self.chapter.split(", ")


# fmt: off
LOCALS = [
    Local("01", "$g$", "one number", "one derivative, in the promise of a step"),
    Local("02", "$u$, $v$, $w$, $y$", "one number each", "nodes computed from $x$; with an index, one of several"),
    Local("02", "$s_k$, $a$", "one number each", "rung $k$ of the ladder, and the factor of its second link"),
    Local("02", "$d$", "one number", "a derivative by nudging, beside which $g$ is a derivative by the rules"),
    Local("02", "$(p, q)$, $(q, r)$, $n$", "whole numbers", "the shapes of two matrices that are multiplied, and the side of a square one"),
    Local("02", "$c$", "one number", "a constant, in an exercise"),
    Local("03", r"$\kappa$", "one number", "the slope of a parabola, divided by the distance from its bottom"),
    Local("03", "$s$", "one number", r"$1 + e^{-z}$, the denominator of the sigmoid"),
    Local("04", r"$\tilde W$, $\tilde a$, $\tilde\delta$", "transposed", "what is ours, in a book whose examples are columns"),
    Local("04", r"$\odot$", "of equal shapes", "another sign for $*$"),
    Local("04", "$V$", r"$(n_{l+1}, n_l)$", "the transpose of our $W^{l+1}$, in an exercise"),
    Local("04", r"$k, \dots, r, q$", "indices", "the units that a path goes through"),
    Local("07", "$p$, $q$, $f$", "one number each, or arrays", "nodes of a graph, and its output"),
    Local("07", "$u$, $v$", "as the output; as the input", "an adjoint that comes in, and a tangent that is sent on"),
    Local("07, 14", "$m$, $k$, $n$", "whole numbers", "the shapes $(m, k)$ and $(k, n)$ of two matrices that are multiplied"),
    Local("08", "$t$, $A$, $s$", "2; 2 by 2; 2", "the place of a pixel, the turn and stretch of an image, and its shift (elsewhere in the chapter, $t$ is the length of a step)"),
    Local("08", "$s_i$", "as $x$", r"the saliency of pixel $i$, $-x_i\,\partial C/\partial x_i$"),
    Local("08", "$g$", "as $x$", "the gradient of a reading, at the pixels"),
    Local("08", "$n$", "whole number", "pixels"),
    Local("09", "$f$", "one number", "a frequency in hertz"),
    Local("10", "$r_t$, $s_t$", "one number each", "the log return of day $t$, and its smoothed value"),
    Local("10", r"$v_t$, $\hat v_t$, $\bar v_t^{(5)}$", "one number each", "the logarithm of the variance of day $t$, its forecast, and its mean over 5 days"),
    Local("10", "$b_0$, $b_d$, $b_w$, $b_m$", "one number each", "the weights of HAR: a constant, the day, the week and the month"),
    Local("10", r"$d_t$, $\bar d$", "one number each", "how much more the rival lost on day $t$ than we did, and its mean"),
    Local("10", r"$\gamma_k$, $S$, $K$", "one number each", "the covariance of $d$ with itself $k$ days earlier, the long-run variance, and how many days it looks back"),
    Local("10", r"$\hat y$", "as $y$", "a forecast of $y$"),
    Local("10", "$h$", "whole number", "how many days ahead an answer reaches"),
    Local("10", "$w$", "an index", "the week"),
    Local("10, 11", "$R^2$", "one number", "the share of the variance that is explained"),
    Local("11", r"$\pi$, $s$, $c$", "shares", "prevalence, sensitivity, specificity"),
    Local("11", "$k$", "one number", "how many times as bad a missed cancer is as a false alarm"),
    Local("11", r"$\gamma$", "one number", "scikit-learn's `C`, which multiplies its sum of the losses"),
    Local("11", "$T$", "one number", "the temperature that divides the logits"),
    Local("11", r"$\Delta x$", "as $x$", "a change of the measurements"),
    Local("12", "$x$, $y$", "one number each", "metres ahead and metres to the left (with an index, $y_k$ is a target)"),
    Local("12", "$c$, $r$", "one number each", "curvature of an arc and radius of its circle; with an index, $c_k$ is the arc of unit $k$"),
    Local("12", "$u$, $k$, $d$", "one number; index; one number", "the place of the true arc in the row of units, a unit, and its distance from that place"),
    Local("12", "$R$", "one number", "a reading of the outputs, weighted by their arcs"),
    Local("13", "$h$", "as $z^l$", "what comes into a layer with a shortcut"),
    Local("13", r"$V$, $E[\cdot]$, $\operatorname{Var}$", "one number each", "the variance of the weights, a mean, and a variance"),
    Local("13", r"$n_\text{in}$, $n_\text{out}$, $n$", "whole numbers", "units before and after a layer; alone, $n$ is the first of these"),
    Local("13", "$I$", "square", "the identity matrix"),
    Local("13", "$o$, $s$", "one number each", "a sigmoid's output, and what measures how far it may be from one half (in a shortcut, $s$ multiplies the branch)"),
    Local("13", "$c$, $r$", "one number each", "the bound of a uniform distribution, or a scale; the root of a mean square"),
    Local("13", "$m$", "one number", "the mean of $h$, where a mean that grows is followed through the layers"),
    Local("14", "$P$", "whole number", "parameters of a network"),
    Local("14", "$k$, $c$", "whole numbers", "layers from one checkpoint to the next, and arrays that a layer holds"),
    Local("14", "$w$, $B$, $B_0$", "whole numbers; one number", "machines; the batch of each; the batch whose computing takes as long as the travelling"),
    Local("14", "$s$, $r$", "one number each", "multiply-adds in a second, floats in a second"),
    Local("14", "$m_k$, $C_k$", "as $m$, $C$", "the examples of machine $k$, and their mean loss"),
    Local("15", r"$u$, $s$, $\tau$", "one number each", "the strength that two layers have together, the one that they should have, and how slowly they get there, in steps"),
    Local("15", "$d$, $n$", "whole numbers", "how many weights there are (on the parabola of the puzzle, $d$ is the distance from the bottom)"),
    Local("15", r"$u$, $\alpha$", "as the weights; one number", "a direction in which the loss is sliced, and how far one goes along it"),
    Local("15", "$v$, $s$", "as the weights", "a direction in which the curvature is asked for, and Newton's step"),
    Local("16", "$a$, $b$, $d$, $e$", "one number each", "nodes of a small graph whose `backward` is called twice"),
    Local("16", "$k$", "whole number", "classes"),
    Local("17", "$s$, $i$, $j$, $p$, $q$, $c$, $f$", "whole numbers", "stride; row and column of the output; row and column of the kernel; channel; filter"),
    Local("17", "$u$", "as $z$", r"the upstream gradient, $\partial C/\partial z$"),
    Local("17", r"$\mu$, $\sigma$, $\hat x$, $\epsilon$", "of a column or a row", "mean, spread, what is left when both are taken away, and what keeps the spread from being 0"),
    Local("17", r"$\gamma$, $\beta$, $g$", "one for each column; as $x$", r"the learned spread and mean, and the gradient of $\hat x$"),
    Local("17", "$h_t$, $W_x$, $W_h$", "$(m, n)$; matrices", "the state after step $t$, and the weights of the input and of the state before"),
    Local("17", "$E$, $V$", "$(V, n)$; whole number", "the table of an embedding, and the number of its tokens"),
    Local("17", "$q_t$, $k_r$, $v_r$, $d$", "$d$ entries each", "query of place $t$, key and value of place $r$"),
    Local("17", "$s_{tr}$, $A_{tr}$", "place by place", "score and share: how much place $t$ takes from place $r$"),
    Local("18", "$B$", "as $W$", "fixed random weights that send the error back"),
    Local("18", "$v$, $k$, $n$", "as the weights; whole numbers", "a random direction, how many are tried, and how many weights there are"),
    Local("18", r"$p_t$, $v_t$, $T$, $h$, $g$, $\kappa$", "2; 2; whole number; one number; 2; one number", "place and velocity of the ball after step $t$, the last step, the seconds of a step, gravity, and the drag of the air"),
]
# fmt: on


MATH = re.compile(r"\$\$.+?\$\$|\$.+?\$", re.S)


def prose(path: Path) -> str:
    """Return all that a notebook says in words and formulas."""
    cells = nbformat.read(path, as_version=4).cells
    return "\n".join(cell.source for cell in cells if cell.cell_type == "markdown")


def first_chapter(pattern: str, folder: Path = ROOT / "notebooks") -> str:
    """Return the number of the first chapter whose formulas match, or nothing."""
    for path in sorted(folder.glob("[0-9][0-9]_*.ipynb")):
        if any(re.search(pattern, math) for math in MATH.findall(prose(path))):
            return path.stem[:2]
    return ""


def notebook(ledger: dict[str, Entry]) -> nbformat.NotebookNode:
    """Return appendix A, not yet executed."""
    known = {name: entry for name, entry in ledger.items() if entry.derived}
    text, code = nbformat.v4.new_markdown_cell, nbformat.v4.new_code_cell
    cells = [
        text(OPENING),
        code(SET_UP),
        text(NOTATION),
        text(notation_table()),
        text(ONE_CHAPTER),
        text(local_table()),
    ]
    cells += [text(SHAPES), code(PRINT_SHAPES)]
    cells += [text(EQUATIONS)]
    for chapter in dict.fromkeys(entry.derived[0].chapter for entry in known.values()):
        here = {name: entry for name, entry in known.items() if entry.derived[0].chapter == chapter}
        cells.append(text(f"### Chapter {title(chapter)}\n\n{equation_table(here)}"))
    cells += [text(f"{AUTHORS}\n\n{ledger_table(known)}")]
    modules = sorted({Path(line.file).stem for entry in known.values() for line in entry.coded})
    cells += [text(LINES), code(PRINT_LINES.format(modules=", ".join(modules)))]
    return nbformat.v4.new_notebook(cells=cells)


# Letters, and one sign, that LaTeX has names for.
NAMED = (
    "alpha|beta|gamma|Gamma|delta|Delta|epsilon|zeta|eta|theta|Theta|kappa|lambda|Lambda|mu|nu|xi|pi|rho|sigma|Sigma"
)
NAMED += "|tau|phi|Phi|chi|psi|Psi|omega|Omega|odot"
KNOWN = {"i", "j", "k", "l", "e", r"\pi"}  # indices, and two numbers that everybody calls so


def letters(text: str) -> set[str]:
    """Return the letters of the formulas in a text: those that stand alone, and those with a name in LaTeX."""
    found: set[str] = set()
    for math in MATH.findall(re.sub(r"```.*?```|`[^`]*`", " ", text, flags=re.S)):
        words = (
            r"\\(?:text|mathrm|operatorname|tag|begin|end|substack)\{[^{}]*\}|\^(?:T|\{[^{}]*T\})"  # and a transpose
        )
        alone = rf"\\(?:{NAMED})(?![A-Za-z])|(?<![A-Za-z\\])[A-Za-z](?![A-Za-z])"
        found |= set(re.findall(alone, re.sub(words, " ", math)))
    return found


def unlisted(chapter: str, text: str) -> set[str]:
    """Return the letters of a chapter's formulas that are in neither table of the notation."""
    rows = [symbol.math for symbol in SYMBOLS] + [local.math for local in LOCALS if local.serves(chapter)]
    return letters(text) - KNOWN - letters(" ".join(rows))


def notation_table() -> str:
    """Return the symbols, a row each."""
    rows = ["| symbol | in code | shape | meaning | first met |", "|---|---|---|---|---|"]
    for symbol in SYMBOLS:
        rows.append(f"| {' | '.join(symbol[:4])} | {first_chapter(symbol.pattern)} |")
    return "\n".join(rows)


def local_table() -> str:
    """Return the letters that belong to one chapter, a row each."""
    rows = ["| chapter | symbol | shape | meaning there |", "|---|---|---|---|"]
    return "\n".join([*rows, *(f"| {' | '.join(local)} |" for local in LOCALS)])


def equation_table(ledger: dict[str, Entry]) -> str:
    """Return the equations as a reader wants them, a row each: in words, in symbols, and where they are derived."""
    rows = ["| name | in words | equation | derived in |", "|---|---|---|---|"]
    for name, entry in ledger.items():
        forms: dict[str, str] = {}
        for place in entry.derived:
            forms.setdefault(spoken(place.formula), in_a_table(place.formula))
        places = "; ".join(dict.fromkeys(f"{linked(place.chapter)}&nbsp;*{place.section}*" for place in entry.derived))
        rows.append(f"| ({name}) | {WORDS.get(name, '')} | {'<br><br>'.join(forms.values())} | {places} |")
    return "\n".join(rows)


def ledger_table(ledger: dict[str, Entry]) -> str:
    """Return what holds each name in place, a row each: its lines of code, its tests and its exercises."""
    rows = ["| name | coded | tested | practised |", "|---|---|---|---|"]
    for name, entry in ledger.items():
        cells = [
            f"({name})",
            "; ".join(dict.fromkeys(f"`{line.file}`, `{line.function}`" for line in entry.coded)),
            f"{len(entry.tested)} test{'s' * (len(entry.tested) > 1)}",
            "; ".join(
                f"{chapter:02}&nbsp;{', '.join(f'`{place.exercise}`' for place in places)}"
                for chapter, places in groupby(entry.practised, key=lambda place: place.chapter)
            ),
        ]
        rows.append(f"| {' | '.join(cells)} |")
    return "\n".join(rows)


def in_a_table(formula: str) -> str:
    """Return LaTeX for a cell of a table, where a bar would end the cell: a line for each part of a wide formula."""
    without_bars = formula.replace(r"\|", r"\Vert ").replace("|", r"\vert ")
    return "<br>".join(rf"$\displaystyle {part.strip()}$" for part in re.split(r"\\qquad|(?=\\cdots)", without_bars))


def spoken(formula: str) -> str:
    """Return a formula without its spaces and with one kind of d: two that are then equal say the same."""
    return re.sub(r"\\[,;!]|\\[bB]ig[lr]?\b|\s", "", formula.replace(r"\partial ", "d"))


def linked(chapter: str) -> str:
    """Return a link to a chapter by its number."""
    return f"[{chapter[:2]}]({chapter}.ipynb)"


def title(chapter: str) -> str:
    """Return the number and the title of a chapter."""
    first = nbformat.read(ROOT / "notebooks" / f"{chapter}.ipynb", as_version=4).cells[0].source
    return first.partition("\n")[0].removeprefix("# ")


WORDS = {
    "CR": "along a chain, derivatives multiply",
    "MV": "where paths meet, contributions add",
    "FF": "collect the inputs by their weights, add the bias, apply the activation function",
    "SE": "half the squared distance between answer and target",
    "SIG": "the sigmoid's slope, from its value",
    "BP1": "at the output: how the loss responds to the answer, times the slope",
    "BP2": "one layer back: delta through the weights, times the slope",
    "BP3": "a bias: delta itself, added over the examples",
    "BP4": "a weight: what came in, times delta",
    "GD": "a step against the gradient",
    "CE": "the price of having been sure of the wrong thing",
    "SM": "logits become probabilities that add up to 1",
    "SCE": "for classes, delta is probability minus target",
    "PS": "one product for each path to the loss, all added",
    "ND": "nudge up and down, and compare",
    "CS": "nudge into the complex plane, where nothing is subtracted",
    "RE": "a distance, measured against the lengths",
    "MOM": "a ball that keeps most of its velocity",
    "RMS": "each weight's step is divided by the usual size of its gradient",
    "ADAM": "momentum above the line, RMSProp below it, both corrected for their start at 0",
    "CLIP": "too long a gradient is shortened, its direction kept",
    "FM": "forward: how a node moves when its inputs do",
    "RM": "reverse: a node collects from all that use it",
    "DP": "many machines: the gradient of each, weighted by its share of the examples",
    "TEMP": "how the loss changes with the temperature that divides the logits",
    "CONV1": "every place is seen through the same weights",
    "CONV2": "a filter's bias adds the upstream gradient of every place",
    "CONV3": "a shared weight adds pixel times upstream gradient over every place",
    "CONV4": "a pixel: the upstream gradient under the kernel turned by 180 degrees",
    "POOL1": "the largest of a window goes on",
    "POOL2": "only the winner hears of it, from each window it wins",
    "BN1": "a column is given mean 0 and spread 1",
    "BN2": "two learned numbers set its spread and its mean",
    "BN3": "the two learned numbers add over the batch",
    "BN4": "straight, less the mean's path, less the variance's path",
    "LN1": "a row is given mean 0 and spread 1",
    "LN2": "the three paths along a row",
    "RNN1": "one layer for every step: what comes in, and the state before",
    "RNN2": "delta hears from its own step and from the next",
    "RNN3": "weights add up over the steps",
    "RNN4": "an input hears from its own step",
    "EMB1": "each token looks up its row",
    "EMB2": "a row adds over all places of its token",
    "ATT1": "how well a query matches each key, scaled and masked",
    "ATT2": "matches become shares that add up to 1",
    "ATT3": "each query takes its share of every value",
    "ATT4": "a value hears from each query, by the share it gave",
    "ATT5": "a score hears by how much its value is above what is taken on average",
    "ATT6": "a query adds the keys, weighted by the gradients of its scores",
    "ATT7": "a key adds the queries, weighted likewise",
}
"""What each equation says; a name that is not here gets an empty cell."""

OPENING = """# A Notation and equations

Here you can look things up: every symbol that the chapters share, with its name in the code, the letters that belong to a single chapter, and every named equation, in words and in symbols, with the place where it is derived. For those who write the book, a ledger follows."""
SET_UP = """import importlib
import inspect
import re

import numpy as np

import bpbook as bp"""
NOTATION = """## Notation

Rows are examples. Layers are numbered from 1, so that `W[l]` is $W^l$. Every list therefore has `None` at index 0, except for `a`, which has the input there. Units and examples are numbered from 0, on the page as in the code. The last column tells you in which chapter's formulas you meet a symbol first. Letters that mean something of their own in a single chapter have a second table, further down."""
ONE_CHAPTER = """### Letters of one chapter

The alphabet is short, and the chapters are many. These letters mean something of their own in the one or two chapters named, which say so when you meet them."""
SHAPES = """Here are the shapes once with numbers, for the network of chapters 04, 05 and 07, which has two inputs, two hidden units and one output, with a batch of two examples. Each list begins at index 0."""
PRINT_SHAPES = """x, y = np.array([[1.0, 2.0], [-1.0, 3.0]]), np.array([1.0, 0.0])
net = bp.MLP([2, 2, 1], hidden="relu", loss="squared_error", output="sigmoid")
cache = net.forward(x)
grads = net.backward(cache, y)
for name, arrays in {"W": net.W, "b": net.b, **cache._asdict(), **grads._asdict()}.items():
    print(f"{name:5}", *(f"{'None' if array is None else str(array.shape):8}" for array in arrays))
assert all(grads.dW[l].shape == net.W[l].shape == (net.sizes[l - 1], net.sizes[l]) for l in (1, 2))
assert all(grads.delta[l].shape == cache.z[l].shape == (len(x), net.sizes[l]) for l in (1, 2))"""
EQUATIONS = """## The equations

In this book an equation has a name and no number. You find the same name beside the equation in its chapter, as a comment on the line of code that computes it, and in the exercises that practise it. When an equation comes in several forms, for example for one neuron, with indices, and for a batch, the forms are listed in the order in which you meet them."""
AUTHORS = """## The ledger

This table is for those who write the book, and for readers who want to check us. It is gathered from the chapters, the library, the tests and the exercises, so it cannot promise more than they hold. In a clone of the book, `python -m pytest --equation BP2` runs the tests of one equation, and another test changes every named line and sees one of them fail."""
LINES = """## The same as lines of code

These are all the lines of the library that bear a name, printed from the library that you are running."""
PRINT_LINES = r"""names = "{modules}"
for module in (importlib.import_module(f"bpbook.{{name}}") for name in names.split(", ")):
    print(module.__name__)
    named = [line.strip() for line in inspect.getsource(module).splitlines() if re.search(r"# \([A-Z]", line)]
    print(*(f"    {{line}}" for line in named), sep="\n")"""


def main() -> None:
    """Write appendix A and execute it."""
    from execute import execute  # beside this file

    path = ROOT / "notebooks" / APPENDIX
    path.write_text(nbformat.writes(execute(notebook(collect()))) + "\n", encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
