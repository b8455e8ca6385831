"""The bug library: every mistake is refused and named, in the reader's own code; nothing else is ever named."""

import inspect
import re
from collections import defaultdict
from itertools import combinations
from pathlib import Path

import nbformat
import numpy as np
import pytest

import bpbook as bp
from bpbook import exercises
from bpbook.exercises import banks
from bpbook.exercises.banks import chapter_04, chapter_05
from bpbook.exercises.bugs import network, passes
from bpbook.exercises.bugs.catalogue import BUGS, ROWS
from bpbook.exercises.judging.trial import Trial
from bpbook.exercises.judging.verdict import named
from bpbook.exercises.kinds import Array, Expression, Function, Gradient, Number
from bpbook.gradcheck import numerical_gradient, relative_error

CHAPTERS = (4, 5)
SEVERAL = re.compile("more than one difference|It fits no mistake this book knows; there may be several at once")
EXERCISES = {
    (number, name): question.exercise
    for number in banks.NUMBERS
    for name, question in exercises.chapter(number).questions.items()
}
FUNCTIONS = {key: ex for key, ex in EXERCISES.items() if isinstance(ex, Function)}
VALUES = {key: ex for key, ex in EXERCISES.items() if isinstance(ex, (Array, Number))}


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    """Give every test an empty folder of marks."""
    monkeypatch.setenv("BPBOOK_HOME", str(tmp_path))
    return tmp_path


@pytest.fixture(scope="module", autouse=True)
def computed_once():
    """Keep what a twin gives on a probe, for all answers to which it is compared on the same numbers."""
    made, kept, probes = Trial.made, {}, {}

    def remembered(trial, twin, k):
        probe = trial.probes[k]
        if id(probe) not in probes:
            probes[id(probe)] = numbers_of(probe), probe  # which is kept, so that no other gets its id
        key = trial.reference, twin, probes[id(probe)][0]
        if key not in kept:
            kept[key] = made(trial, twin, k)
        return kept[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Trial, "made", remembered)
        yield


def numbers_of(value):
    """Return what two probes have in common when they are made of the same numbers."""
    if isinstance(value, dict):
        return tuple((name, numbers_of(member)) for name, member in value.items())
    if isinstance(value, (list, tuple)):
        return type(value), *map(numbers_of, value)
    array = np.asarray(value)
    return (array.dtype.str, array.shape, array.tobytes()) if array.dtype.kind in "buifc" else value


def exercise(number, name):
    return exercises.chapter(number).questions[name].exercise


def judge(number, name, source):
    """Run an answer cell and judge what it defines."""
    namespace = {"np": np, "bp": bp}
    exec(source, namespace)
    return exercise(number, name).judge(namespace[name], np.random.default_rng(7))


def solution(number, name):
    return exercises.chapter(number).questions[name].solution().split("```python\n")[1].split("\n```")[0]


def changed(number, name, *changes):
    """Return the reference solution with some pieces replaced, each of which must be there."""
    source = solution(number, name)
    for old, new in changes:
        assert old in source, (old, source)
        source = source.replace(old, new)
    return source


def in_signature(ex, twin):
    """Return the twin as a function with the parameters that the exercise asks for."""
    parameters = ", ".join(inspect.signature(ex.reference).parameters)
    return eval(f"lambda {parameters}: twin({parameters})", {"twin": twin})


# The thirty-five rows of the contract, each as a reader would write it: (exercise, what stands in the solution, what
# stands there instead). The name that must come back is that of the row.
SUM_1, SUM_2 = "delta1.sum(axis=0)", "delta2.sum(axis=0)"
HIDDEN = "(delta2 @ W2.T) * (1 - np.tanh(z1) ** 2)"
OUTPUT = "(a2 - y) / len(x) * a2 * (1 - a2)"
IN_CELLS = {
    1: (4, "two_layers", (SUM_1, "delta1.mean(axis=0)"), (SUM_2, "delta2.mean(axis=0)")),
    2: (4, "two_layers", (SUM_1, "delta1.sum()"), (SUM_2, "delta2.sum()")),
    3: (4, "two_layers", (SUM_1, "delta1.sum(axis=1)"), (SUM_2, "delta2.sum(axis=1)")),
    4: (4, "two_layers", (SUM_1, "delta1"), (SUM_2, "delta2")),
    5: (4, "two_layers", (SUM_1, "0 * b1"), (SUM_2, "0 * b2")),
    6: (4, "two_layers", (OUTPUT, "(a2 - y) * a2 * (1 - a2)")),
    7: (4, "two_layers", (HIDDEN, f"{HIDDEN} / len(x)")),
    8: (4, "two_layers", (OUTPUT, f"2 * {OUTPUT}")),
    9: (4, "two_layers", ("/ len(x)", "/ y.size")),
    10: (4, "two_layers", (OUTPUT, "(a2 - y) / len(x)")),
    11: (4, "two_layers", (HIDDEN, "delta2 @ W2.T")),
    12: (4, "hidden_delta", ("np.tanh(z)", "np.tanh(np.tanh(z))")),
    13: (4, "two_layers", ("a2 * (1 - a2)", "z2 * (1 - z2)")),
    14: (4, "hidden_delta", ("(delta @ W.T)", "delta")),
    15: (4, "two_layers", (HIDDEN, "((a2 - y) / len(x) @ W2.T) * (1 - np.tanh(z1) ** 2)")),
    16: (4, "hidden_delta", ("delta @ W.T", "delta * W.T")),
    17: (4, "tied_gradient", ("x.T @ delta_1 + delta_2.T @ a", "delta_1.T @ x + a.T @ delta_2")),
    18: (5, "gradients", ("W[l + 1].T", "dW[l + 1].T")),
    19: (5, "descend", ("delta1 = (delta2 @ W2.T)", "W2 = W2 - eta * a1.T @ delta2; delta1 = (delta2 @ W2.T)"),
         ("W2 - eta * dW2", "W2")),
    20: (4, "softmax_delta", ("z - z.max(axis=1, keepdims=True)", "z")),
    21: (4, "softmax_delta", ("z.max(axis=1, keepdims=True)", "z.max()")),
    22: (5, "forward", ("a.append(f[l](z[l]))", "z[l][:] = f[l](z[l]); a.append(z[l])")),
    23: (4, "hidden_delta", ("(1 - np.tanh(z) ** 2)", "bp.activations.sigmoid.prime(z)")),
    24: (4, "two_layers", (SUM_1, f"{SUM_1} + lmbda * b1"), (SUM_2, f"{SUM_2} + lmbda * b2")),
    25: (4, "decayed_gradient", (" + lmbda * W", "")),
    26: (5, "gradients", ("a[l - 1].T", "a[l].T")),
    27: (4, "bias_gradient", ("def", "total = {}\ndef"),
         ("return delta.sum(axis=0)",
          "n = delta.shape[1]; total[n] = total.get(n, 0) + delta.sum(axis=0); return total[n]")),
    28: (4, "bias_gradient", ("return delta.sum(axis=0)",
                              "db = np.zeros(delta.shape[1], int); db[...] = delta.sum(axis=0); return db")),
    29: (4, "two_layers", ("(a2 - y)", "(y - a2)")),
    30: (4, "softmax_delta", ("e / e.sum(axis=1, keepdims=True)", "e / e.sum(axis=0)")),
    31: (4, "softmax_delta", ("e / e.sum(axis=1, keepdims=True)", "z.copy()")),
    32: (4, "two_layers", ("a1.T", "z1.T")),
    33: (5, "gradients", ("delta[l + 1] @ W[l + 1].T) * f[l].prime(z[l])",
                          "delta[l + 1] @ W[l + 1].T) * (a[l] >= 0 if f[l].name == 'relu' else f[l].prime(z[l]))")),
    34: (5, "masked_delta", (" * scale", "")),
    35: (5, "masked_delta", ("(delta @ W.T) * mask * scale", "((delta * mask * scale) @ W.T)")),
}  # fmt: skip


def test_the_library_holds_the_thirty_five_rows_and_more():
    assert sorted(ROWS) == sorted(IN_CELLS) == list(range(1, 36))
    assert set(ROWS.values()) < set(BUGS) and len(BUGS) > 50


@pytest.mark.parametrize("row", IN_CELLS, ids=ROWS.get)
def test_each_of_the_thirty_five_is_named_in_the_readers_own_cells(row, monkeypatch):
    number, name, *changes = IN_CELLS[row]
    main = {"np": np, "bp": bp, "q": exercises.chapter(number)}
    monkeypatch.setattr(exercises, "_reader_namespace", lambda: main)
    exec(solution(number, name), main)
    right = eval(f"q.{name}()", main)
    assert right == right.points
    exec(changed(number, name, *changes), main)
    score = eval(f"q.{name}()", main)
    assert score < right.points and ROWS[row] in score.verdict.mistake.split(" ≡ "), score
    assert BUGS[ROWS[row]].words in repr(score)


@pytest.mark.parametrize("mistake", BUGS.values(), ids=BUGS)
def test_every_mistake_has_words_for_a_learner_that_do_not_give_the_mended_line(mistake):
    assert 1 <= len(re.findall(r"[.?](?: |$)", mistake.words)) <= 3 and len(mistake.words) < 240
    assert "@" not in mistake.words and "axis=" not in mistake.words and "np." not in mistake.words


def test_mistakes_point_to_sections_that_stand():
    """Before a chapter stands, its sections cannot be looked up; a chapter that stands must have them."""
    sections = {}
    for path in (Path(__file__).parent.parent / "notebooks").glob("[0-9][0-9]_*.ipynb"):
        cells = nbformat.read(path, as_version=4).cells
        sections[path.name[:2]] = re.findall(r"^## (.*)$", "\n".join(cell.source for cell in cells), flags=re.MULTILINE)
    pointed = {mistake.see for mistake in BUGS.values() if mistake.see} - {"`help(bp.losses.softmax)`"}
    assert "largest logit of a row is subtracted" in bp.losses.softmax.__doc__
    for see in pointed:
        chapter, section = re.fullmatch(r'chapter (\d\d), "(.*)"', see).groups()
        assert section in sections[chapter], see
    assert sum(bool(mistake.see) for mistake in BUGS.values()) > 0.9 * len(BUGS)


def test_every_mistake_of_the_catalogue_is_made_by_a_twin():
    made = {slip.mistake.name for slip in network.SLIPS} | {"biases decayed"}
    made |= {named(mistake).name for ex in FUNCTIONS.values() for mistake in ex.mistakes.values()}
    assert set(BUGS) - made == {"not reset", "remembers", "fails again", "finite differences"}  # found without a twin


def classes_of(ex):
    """Return the twins of an exercise that are mistakes there, in classes of those that give the same numbers."""
    probes = ex.draw(np.random.default_rng(7))
    trial = Trial(ex.reference, probes, ex.returns, ex.tolerance)
    applicable = {twin: named(mistake) for twin, mistake in ex.mistakes.items() if not trial.same_as_reference(twin)}
    return applicable, len(ex.mistakes) - len(applicable)


def test_the_mutation_score(capsys):
    refused = unique = total = 0
    inert, shared, unnamed = 0, defaultdict(set), []
    for (number, name), ex in FUNCTIONS.items():
        applicable, same = classes_of(ex)
        inert += same
        for twin, mistake in applicable.items():
            verdict = ex.judge(in_signature(ex, twin), np.random.default_rng(7))
            total += 1
            refused += verdict.status != "right" and verdict.credit < 1
            members = verdict.mistake.split(" ≡ ")
            unique += mistake.name in members
            if mistake.name not in members:
                unnamed.append(f"{number:02} {name}: {mistake.name[:60]} -> {verdict.mistake or verdict.status}")
            if len(members) > 1:
                shared[verdict.mistake].add(f"{number:02} {name}")
    for (number, name), ex in VALUES.items():
        given = ex.give(np.random.default_rng(7))
        for twin, mistake in ex.mistakes.items():
            verdict = ex.judge(twin(*given), np.random.default_rng(7))
            if verdict.status == "right" and np.allclose(twin(*given), ex.expected(*given)):
                inert += 1
                continue
            total += 1
            refused += verdict.status != "right" and verdict.credit < 1
            unique += verdict.mistake == named(mistake).name
            if verdict.mistake != named(mistake).name:
                unnamed.append(f"{number:02} {name}: {named(mistake).name[:60]} -> {verdict.message[:60]}")
    with capsys.disabled():
        print(f"\nmutation score: {total} (exercise, bug) pairs, {inert} that are no bugs there left out")
        print(f"refused {refused} of {total}; named uniquely {unique} of {total} ({unique / total:.1%})")
        for names, where in sorted(shared.items()):
            print(f"  the same numbers: {names}, in {', '.join(sorted(where))}")
        print(*(f"  not named: {line}" for line in unnamed), sep="\n")
    assert total > 700
    assert refused == total
    assert unique >= 0.95 * total


OTHERS = {
    "softmax": (bp.losses.softmax_cross_entropy, "relu", "identity"),
    "cross-entropy": (bp.losses.cross_entropy, "tanh", "sigmoid"),
    "on logits": (bp.losses.binary_cross_entropy, "softplus", "identity"),
    "squared error": (bp.losses.squared_error, "sigmoid", "tanh"),
}


@pytest.mark.parametrize("depth", [1, 2, 4])
@pytest.mark.parametrize("loss", OTHERS)
def test_the_library_serves_other_losses_depths_and_signatures(loss, depth, capsys):
    """The reader's signature here: columns are examples, parameters in a dictionary, as many courses have it."""
    loss, hidden, output = OTHERS[loss]
    f = [None, *[bp.activations.get(hidden)] * (depth - 1), bp.activations.get(output)]

    def probe(rng, sizes=None):
        m, *n = sizes or [int(k) for k in rng.permutation([2, 3, 4, 5, 6, 7])[: depth + 2]]
        parameters = {}
        for l in range(1, depth + 1):
            parameters[f"W{l}"], parameters[f"b{l}"] = rng.normal(size=(n[l], n[l - 1])), rng.normal(size=(n[l], 1))
        Y = rng.integers(0, n[-1], m) if loss.targets == "classes" else rng.integers(0, 2, (n[-1], m)).astype(float)
        return rng.normal(size=(n[0], m)), Y, parameters, 0.2

    def net_of(X, Y, parameters, lmbda):
        W = [None, *(parameters[f"W{l}"].T for l in range(1, depth + 1))]
        b = [None, *(parameters[f"b{l}"][:, 0] for l in range(1, depth + 1))]
        return passes.Net(X.T, Y.T, W, b, f, loss, lmbda)

    returns = tuple(f"d{kind}{l}" for l in range(1, depth + 1) for kind in "Wb")

    def take(delta, dW, db):
        found = []
        for l in range(1, depth + 1):
            found += [np.transpose(dW[l]), np.reshape(db[l], (-1, 1)) if np.ndim(db[l]) < 2 else np.transpose(db[l])]
        return tuple(found)

    ex = Function(
        name="backward",
        reference=lambda X, Y, parameters, lmbda: take(*passes.run(net_of(X, Y, parameters, lmbda))),
        arguments=probe,
        special=(lambda rng: probe(rng, [4] * (depth + 2)),),
        returns=returns,
        mistakes=network.twins(net_of, take),
    )
    applicable, _ = classes_of(ex)
    unnamed = []
    for twin, mistake in applicable.items():
        verdict = ex.judge(in_signature(ex, twin), np.random.default_rng(7))
        assert verdict.status != "right"
        if mistake.name not in verdict.mistake.split(" ≡ "):
            unnamed.append(mistake.name)
    with capsys.disabled():
        print(f"\n{loss}, {depth} layers: {len(applicable)} bugs, not named: {unnamed}")
    assert len(applicable) > (30 if depth == 1 else 90)
    assert len(unnamed) <= 0.05 * len(applicable)


def test_the_score_falls_when_the_library_is_not_asked():
    ex = exercise(4, "two_layers")
    applicable, _ = classes_of(ex)
    twin = next(iter(applicable))
    bare = Function(name="two_layers", reference=ex.reference, arguments=ex.arguments, returns=ex.returns)
    verdict = bare.judge(in_signature(ex, twin), np.random.default_rng(7))
    assert (verdict.status, verdict.mistake) == ("wrong", "")


def test_a_hand_network_and_a_falling_loss_do_not_see_what_the_probes_see(capsys):
    """One example, no biases, no decay: the bugs that such a check accepts are the reason for the probes."""
    ex = exercise(4, "two_layers")
    applicable, _ = classes_of(ex)
    rng = np.random.default_rng(0)
    x, _, W1, b1, W2, b2, _ = chapter_04.two_layers._two_layer_data(rng, (1, 3, 4, 2))
    hand = [(x, np.array([[0.0, 1.0]]), W1, 0 * b1, W2, 0 * b2, 0.0)]
    blind = Trial(ex.reference, hand, ex.returns, ex.tolerance)
    unseen = {mistake.name for twin, mistake in applicable.items() if blind.same_as_reference(twin)}
    with capsys.disabled():
        print(f"\na one-example hand network accepts {len(unseen)} of {len(set(applicable.values()))} mistakes")
    assert {"db mean", "not averaged", "averaged twice", "decay missing", "biases decayed", "no bias"} <= unseen
    assert len(unseen) >= 0.25 * len({mistake.name for mistake in applicable.values()})


NEAR = {"near": 1e-2, "nearer": 1e-3, "nearest": 1e-4}


def wrong_arrays(ex, kind, rng):
    """Return a function whose answer is wrong in a way that nobody has a name for."""

    def spoil(array):
        array = np.array(array, dtype=float)
        if kind == "noise":
            return array + rng.normal(size=array.shape)
        if kind in NEAR:
            return array * (1 + NEAR[kind] * rng.normal(size=array.shape) + 2 * NEAR[kind])
        if kind == "other numbers":
            return rng.normal(size=array.shape)
        if kind == "one entry":
            flat = array.copy().reshape(-1)
            flat[rng.integers(flat.size)] += rng.uniform(1.1, 1.9)
            return flat.reshape(array.shape)
        return array * rng.uniform(1.1, 1.9)

    def spoiled(value):
        if isinstance(value, (list, tuple)):
            return type(value)(None if member is None else spoiled(member) for member in value)
        return spoil(value)

    state = rng.bit_generator.state

    def answer(*arguments):
        rng.bit_generator.state = state  # so that a second call gives the same
        return spoiled(ex.reference(*arguments))

    return in_signature(ex, answer)


@pytest.mark.parametrize("kind", ["noise", *NEAR, "other numbers", "one entry", "a factor"])
@pytest.mark.parametrize(("number", "name"), FUNCTIONS)
def test_nothing_is_named_for_a_random_wrong_answer(number, name, kind):
    ex = FUNCTIONS[number, name]
    for seed in range(3):
        verdict = ex.judge(wrong_arrays(ex, kind, np.random.default_rng(seed)), np.random.default_rng(7))
        assert verdict.status == "wrong" and verdict.mistake == "", verdict


@pytest.mark.parametrize(("module", "name"), [(chapter_04.two_layers, "two_layers"), (chapter_05.network, "gradients")])
def test_two_mistakes_at_once_are_never_right_and_never_a_third(module, name, capsys):
    ex = next(each for each in module.EXERCISES if each.name == name)
    trial = Trial(ex.reference, ex.draw(np.random.default_rng(7)), ex.returns, ex.tolerance)
    alone = [network.twins(module._net, module._taken, [slip]) for slip in network.SLIPS]
    slips = [
        slip for slip, twins in zip(network.SLIPS, alone, strict=True) if not trial.same_as_reference(next(iter(twins)))
    ]
    every = [
        (one, other)
        for one, other in combinations(slips, 2)
        if one.mistake != other.mistake and not one.broken.keys() & other.broken.keys()
    ]
    rng = np.random.default_rng(11)
    chosen = [every[k] for k in rng.choice(len(every), 60, replace=False)]
    counts, cancel, third = defaultdict(int), [], []
    for one, other in chosen:
        names, rules = {one.mistake.name, other.mistake.name}, one.rules(other.rules())

        def twin(*arguments, rules=rules):
            return module._taken(*passes.run(module._net(*arguments), rules))

        verdict = ex.judge(in_signature(ex, twin), np.random.default_rng(7))
        if trial.same_as_reference(twin):
            cancel.append(names)
            continue
        assert verdict.status != "right"
        said = set(re.split(r" [≡+] ", verdict.mistake)) - {""}
        # A pair may give the numbers of one single mistake: then that one is a true description too.
        single = {mistake.name for mistake in trial.fitting_of(twin, ex.mistakes)}
        if said & names:
            counts["one of the two" if said <= names else "one of the two, among others"] += 1
        elif said:
            third.append((names, said))
            assert said <= single
        else:
            counts["more than one difference"] += 1
            assert SEVERAL.search(verdict.message) or verdict.status in ("raised", "shape")
    with capsys.disabled():
        print(f"\n{name}: {len(chosen)} of {len(every)} pairs: {dict(counts)}")
        print(f"  pairs that cancel: {cancel}; pairs that give a third mistake's numbers: {third}")
    assert len(third) <= 0.05 * len(chosen)


SINGLE = [
    ("output_delta", "(y - a) * a * (1 - a)"),  # sign, not averaged
    ("output_delta", "2 * (a - y) / len(z)"),  # factor two, no derivative
    ("hidden_delta", "-(delta @ W.T) * (1 - np.tanh(np.tanh(z)) ** 2)"),  # sign, derivative at a
    ("hidden_delta", "(delta @ W.T) / len(z)"),  # averaged twice, no derivative
    ("tied_gradient", "-(x.T @ delta_1 + delta_2.T @ a) / len(a)"),
    ("bias_gradient", "-delta.mean(axis=0)"),
    ("decayed_gradient", "(a.T @ delta) * mask / len(a) + 2 * lmbda * W"),
    ("decayed_gradient", "-(a.T @ delta) * mask"),
    ("softmax_delta", "np.eye(z.shape[1])[y] - z"),  # sign, logits, not averaged
]


@pytest.mark.parametrize(("name", "formula"), SINGLE)
def test_two_mistakes_in_one_equation_are_a_relation_one_of_them_or_more_than_one_difference(name, formula):
    ex = exercise(4, name)
    parameters = ", ".join(inspect.signature(ex.reference).parameters)
    first = "a = 1 / (1 + np.exp(-z))" if name == "output_delta" else "pass"
    verdict = judge(4, name, f"def {name}({parameters}):\n    {first}\n    return {formula}")
    assert verdict.status == "wrong" and verdict.mistake == ""
    assert SEVERAL.search(verdict.message) or "of the wrong sign and exactly" in verdict.message, verdict


@pytest.mark.parametrize(
    ("module", "name"),
    [(chapter_04.two_layers, "two_layers"), (chapter_05.network, "gradients")],
    ids=["two_layers", "gradients"],
)
def test_the_reference_of_a_gradient_agrees_with_differences_of_its_loss(module, name):
    ex = next(each for each in module.EXERCISES if each.name == name)
    assert isinstance(ex, Gradient)
    for probe in ex.draw(np.random.default_rng(5))[: -ex.times]:  # on the steep one, nudges must fail
        for result, position in zip(ex.reference(*probe), ex.wrt, strict=True):
            layers = range(1, len(result)) if isinstance(result, list) else [None]
            for l in layers:

                def loss(array, probe=probe, position=position, l=l):
                    arguments = list(probe)
                    if l is None:
                        arguments[position] = array
                    else:
                        arguments[position] = [*probe[position][:l], array, *probe[position][l + 1 :]]
                    return ex.loss(*arguments)

                at = probe[position] if l is None else probe[position][l]
                g = result if l is None else result[l]
                assert relative_error(g, numerical_gradient(loss, at)) < 1e-6


def by_nudges(h, central):
    def two_layers(x, y, W1, b1, W2, b2, lmbda):
        def loss(W1, b1, W2, b2):  # in another order than the exercise's own loss, so that it rounds differently
            a1 = np.tanh(b1 + np.einsum("ki,ij->kj", x, W1))
            a2 = (1 + np.tanh((b2 + np.einsum("ki,ij->kj", a1, W2)) / 2)) / 2
            decay = lmbda * (np.sum(W2 * W2) + np.sum(W1 * W1)) / 2
            return decay + np.mean(np.sum((y - a2) ** 2, axis=1)) / 2

        found = []
        parameters = [W1, b1, W2, b2]
        for p, array in enumerate(parameters):
            n = np.zeros_like(array)
            for k in np.ndindex(array.shape):
                moved = [[np.array(each) for each in parameters] for _ in range(2)]
                moved[0][p][k] += h
                moved[1][p][k] -= h if central else 0
                n[k] = (loss(*moved[0]) - loss(*moved[1])) / (2 * h if central else h)
            found.append(n)
        return tuple(found)

    return two_layers


@pytest.mark.parametrize("central", [True, False])
@pytest.mark.parametrize("h", [1e-3, 1e-4, 1e-5, 7e-6, 2.34e-6, 1e-6, 1e-7, 1.4901161193847656e-08])
def test_finite_differences_offered_as_a_derivation_are_recognised(h, central):
    verdict = exercise(4, "two_layers").judge(by_nudges(h, central), np.random.default_rng(7))
    assert (verdict.status, verdict.mistake) == ("wrong", "finite differences"), verdict


def test_finite_differences_through_any_depth_are_recognised():
    def gradients(W, b, f, x, y, lmbda):
        def loss_with(arrays, l, array):
            arrays = [*arrays[:l], array, *arrays[l + 1 :]]
            weights, biases = (arrays, b) if arrays[1].ndim == 2 else (W, arrays)
            return chapter_05.network._loss(weights, biases, f, x, y, lmbda)

        found = [
            [
                None,
                *(
                    numerical_gradient(lambda array, l=l, of=of: loss_with(of, l, array), of[l])
                    for l in range(1, len(W))
                ),
            ]
            for of in (W, b)
        ]
        return found[0], found[1]

    verdict = exercise(5, "gradients").judge(gradients, np.random.default_rng(7))
    assert (verdict.status, verdict.mistake) == ("wrong", "finite differences"), verdict


def nudging(difference):
    """Return an answer to neuron_gradient that differentiates the loss by `difference(f, at)`."""

    def loss(w, b, x, y):
        return 0.5 * (1 / (1 + np.exp(-(w * x + b))) - y) ** 2

    def neuron_gradient(w, b, x, y):
        return difference(lambda v: loss(v, b, x, y), w), difference(lambda v: loss(w, v, x, y), b)

    return neuron_gradient


def central(f, at, h):
    return (f(at + h) - f(at - h)) / (2 * h)


OF_ONE_NUMBER = {
    **{f"central {h}": lambda f, at, h=h: central(f, at, h) for h in (1e-3, 1e-5, 7e-6, 1e-6, 1e-7)},
    **{f"forward {h}": lambda f, at, h=h: (f(at + h) - f(at)) / h for h in (1e-3, 1e-5, 1e-7)},
    "Richardson": lambda f, at: (4 * central(f, at, 5e-4) - central(f, at, 1e-3)) / 3,
    "a share of the weight": lambda f, at: central(f, at, 1e-5 * max(abs(at), 1e-9)),
}


@pytest.mark.parametrize("difference", OF_ONE_NUMBER.values(), ids=OF_ONE_NUMBER)
def test_differences_for_one_number_are_recognised(difference):
    for seed in range(20):
        verdict = exercise(3, "neuron_gradient").judge(nudging(difference), np.random.default_rng([seed, 3]))
        assert (verdict.status, verdict.mistake) == ("wrong", "finite differences"), (seed, verdict)


@pytest.mark.parametrize("digits", [3, 4, 5, 6, 7])
def test_rounding_is_never_taken_for_differences(digits):
    """With one number, some step or other gives nearly any rounding: it must be the same for three."""
    right = exercise(3, "neuron_gradient").reference
    for seed in range(100):
        verdict = exercise(3, "neuron_gradient").judge(
            lambda *a: tuple(np.round(v, digits) for v in right(*a)), np.random.default_rng([seed, 3])
        )
        assert verdict.mistake == "", (seed, verdict)


@pytest.mark.parametrize("h", [1e-2, 1e-3, 1e-4, 1e-6])
def test_differences_of_the_activation_alone_are_recognised(h):
    number, name = 4, "hidden_delta"
    ex = exercise(number, name)
    for seed in range(20):
        verdict = ex.judge(
            lambda delta, W, z: delta @ W.T * (np.tanh(z + h) - np.tanh(z - h)) / (2 * h), np.random.default_rng(seed)
        )
        assert (verdict.status, verdict.mistake) == ("wrong", "finite differences"), (seed, verdict)


@pytest.mark.parametrize("h", [1e-3, 1e-4])
def test_differences_of_a_sigmoid_that_rounds_otherwise_are_recognised(h):
    def output_delta(z, y):
        return (sigmoid(z) - y) * (sigmoid(z + h) - sigmoid(z - h)) / (2 * h) / len(z)

    for seed in range(20):
        verdict = exercise(4, "output_delta").judge(output_delta, np.random.default_rng(seed))
        assert (verdict.status, verdict.mistake) == ("wrong", "finite differences"), (seed, verdict)


@pytest.mark.parametrize("share", [1e-4, 1e-5, 1e-6])
def test_steps_that_are_a_share_of_the_weight_are_recognised(share):
    ex = exercise(4, "two_layers")

    def two_layers(*arguments):
        found = []
        for position in ex.wrt:
            n = np.zeros_like(arguments[position])
            for k in np.ndindex(n.shape):

                def at(step, position=position, k=k):
                    moved = [np.copy(a) if i == position else a for i, a in enumerate(arguments)]
                    moved[position][k] += step
                    return ex.loss(*moved)

                h = share * max(abs(arguments[position][k]), 1e-9)
                n[k] = (at(h) - at(-h)) / (2 * h)
            found.append(n)
        return tuple(found)

    verdict = ex.judge(two_layers, np.random.default_rng(7))
    assert (verdict.status, verdict.mistake) == ("wrong", "finite differences"), verdict


def test_float32_is_not_taken_for_finite_differences():
    source = changed(
        4,
        "two_layers",
        ("z1 = x @ W1", "x, y, W1, b1, W2, b2 = (np.float32(v) for v in (x, y, W1, b1, W2, b2))\n    z1 = x @ W1"),
    )
    assert judge(4, "two_layers", source).status == "right"


EQUATIONS = {
    "(BP3)": Function(
        name="delta_of_biases",
        reference=lambda delta: delta.sum(axis=0),
        arguments=lambda rng: (chapter_04.equations._a_and_delta(rng)[1],),
        special=(lambda rng: (chapter_04.equations._a_and_delta(rng, (4, 4, 4, 4))[1],),),
    ),
    "(BP4)": Function(
        name="product_for_weights",
        reference=lambda a, delta: a.T @ delta,
        arguments=chapter_04.equations._a_and_delta,
        special=(lambda rng: chapter_04.equations._a_and_delta(rng, (4, 4, 4, 4)),),
        quantities=lambda a, delta: {"the batch size": len(a), "the number of units": delta.shape[1]},
    ),
}
RELATIONS = [
    ("(BP4)", "delta.T @ a", "The result is exactly the transpose of what it should be."),
    ("(BP4)", "0 * a.T @ delta", "The result is zero everywhere."),
    ("(BP4)", "-a.T @ delta", "The result is of the wrong sign."),
    ("(BP4)", "2 * a.T @ delta", "exactly 2 times too large."),
    ("(BP4)", "a.T @ delta / 2", "exactly 2 times too small."),
    ("(BP4)", "a.T @ delta * len(a)", "times too large (4 is the batch size)."),
    ("(BP4)", "np.float32(a.T @ delta * len(a))", "times too large (4 is the batch size)."),
    (
        "(BP4)",
        "-a.T @ delta / len(a)",
        "of the wrong sign and exactly 4 times too small (4 is the batch size).",
    ),
    ("(BP4)", "a.T @ delta / 2 / len(a)", "exactly 8 times too small (twice the batch size)."),
    ("(BP4)", "a.T @ delta * len(a) / 2", "exactly 2 times too large (half of the batch size)."),
    ("(BP4)", "a.T @ delta * 1.7", "wrong by the same factor in every entry."),
    ("(BP4)", "a.T @ delta + 1", "12 of 12 entries differ, the first at [0, 0]."),
    ("(BP4)", "np.round(a.T @ delta, 2)", "Is something rounded, or approximated?"),
    ("(BP3)", "delta", "The result is not added up over the first axis yet."),
    ("(BP3)", "delta.sum(axis=0)[:, None]", "The result is right in number, wrong in shape."),
    ("(BP3)", "delta[:, :1]", "it must have shape"),
]


@pytest.mark.parametrize(("name", "formula", "words"), RELATIONS)
def test_relations_are_found_without_the_library(name, formula, words):
    """Exercises without a single known mistake still say what is wrong."""
    bare = EQUATIONS[name]
    parameters = ", ".join(inspect.signature(bare.reference).parameters)
    verdict = bare.judge(eval(f"lambda {parameters}: {formula}", {"np": np}), np.random.default_rng(7))
    assert words in verdict.message and verdict.status in ("wrong", "shape") and verdict.mistake == "", verdict.message


def test_it_says_which_results_differ_and_which_stand_for_one_another():
    swapped = changed(4, "two_layers", ("return dW1, db1, dW2, db2", "return dW1, db2, dW2, db1"))
    message = judge(4, "two_layers", swapped).message
    assert message.startswith(
        "Only `db1` and `db2` differ. `db1` is what `db2` should be. `db2` is what `db1` should be."
    )
    halved = changed(4, "two_layers", (SUM_1, f"{SUM_1} / 2"))
    assert judge(4, "two_layers", halved).message.startswith("Only `db1` differs: it is exactly 2 times too small.")


def test_expressions_name_their_mistakes_and_nothing_else():
    for number in CHAPTERS:
        for question in exercises.chapter(number).questions.values():
            if isinstance(ex := question.exercise, Expression):
                for formula, mistake in ex.mistakes.items():
                    verdict = ex.judge(formula, np.random.default_rng(1))
                    assert (verdict.status, verdict.mistake) == ("wrong", named(mistake).name), formula
                for seed in range(20):
                    c = np.random.default_rng(seed).uniform(0.1, 3, 3)
                    v = next(iter(ex.variables))
                    formula = f"{c[0]} * {v} * {v} + {c[1]} * {v} + {c[2]}"
                    verdict = ex.judge(formula, np.random.default_rng(1))
                    assert (verdict.status, verdict.mistake) == ("wrong", "")


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def to_z(z, y):
    return (sigmoid(z) - y) * sigmoid(z) * (1 - sigmoid(z)) / len(z)


def two_layers_with(target):
    """Return the reference with another target."""
    right = exercise(4, "two_layers").reference
    return lambda x, y, *rest: right(x, target(y), *rest)


def below(delta, W, z):
    return delta @ W.T * (1 - np.tanh(z) ** 2)


def softmax_shifted_by(shift):
    def softmax_delta(z, y):
        e = np.exp(z - shift(z, axis=1, keepdims=True))
        return (e / e.sum(axis=1, keepdims=True) - np.eye(z.shape[1])[y]) / len(z)

    return softmax_delta


def norm(v):
    return np.linalg.norm(v)


def distance(g, n, size):
    return norm(g - n) / size if size else 0.0


# Right on all arguments but some that a reader would not think of; each has its probe.
NEARLY = {
    "large z of tanh": (4, "hidden_delta", lambda delta, W, z: below(delta, W, np.clip(z, -5, 5))),
    "results cut": (4, "hidden_delta", lambda delta, W, z: np.clip(below(delta, W, z), -10, 10)),
    "one unit above": (4, "hidden_delta", lambda delta, W, z: below(np.squeeze(delta), np.squeeze(W), z)),
    "large z of a sigmoid": (4, "output_delta", lambda z, y: to_z(np.clip(z, -5, 5), y)),
    "targets rounded": (4, "output_delta", lambda z, y: to_z(z, np.round(y))),
    "targets squared": (4, "output_delta", lambda z, y: to_z(z, y**2)),
    "one example": (4, "output_delta", lambda z, y: to_z(np.squeeze(z), np.squeeze(y))),
    "one example of delta": (4, "bias_gradient", lambda delta: np.squeeze(delta).sum(axis=0)),
    "the mean as shift": (4, "softmax_delta", softmax_shifted_by(np.mean)),
    "the minimum as shift": (4, "softmax_delta", softmax_shifted_by(np.min)),
    "targets of a network": (4, "two_layers", two_layers_with(np.round)),
    "targets of a network squared": (4, "two_layers", two_layers_with(np.square)),
    "negative x": (3, "neuron", lambda w, b, x: sigmoid(w * abs(x) + b)),
    "large z": (3, "neuron", lambda w, b, x: sigmoid(np.clip(w * x + b, -5, 5))),
    "gradient, negative x": (
        3,
        "neuron_gradient",
        lambda w, b, x, y: [d * f for d in [to_z(np.array([w * x + b]), y)[0]] for f in (abs(x), 1)],
    ),
    "training, negative x": (3, "train", lambda w, b, x, *rest: exercise(3, "train").reference(w, b, abs(x), *rest)),
    "training, target": (
        3,
        "train",
        lambda w, b, x, y, *rest: exercise(3, "train").reference(w, b, x, round(y), *rest),
    ),
    "cross-entropy, large z": (3, "cross_entropy_delta", lambda z, y: sigmoid(np.clip(z, -5, 5)) - y),
    "n is zero": (5, "relative_error", lambda g, n: distance(g, n, norm(g) + norm(n) if norm(n) else 0.0)),
    "g is zero": (5, "relative_error", lambda g, n: distance(g, n, norm(g) + norm(n) if norm(g) else 0.0)),
    "at least 1": (5, "relative_error", lambda g, n: distance(g, n, max(1, norm(g) + norm(n)))),
    "at least a half": (5, "relative_error", lambda g, n: distance(g, n, max(0.5, norm(g) + norm(n)))),
    "a little more": (5, "relative_error", lambda g, n: distance(g, n, norm(g) + norm(n) + 1e-5)),
    "no gradient": (6, "clip", lambda g, c: g / norm(g) * min(norm(g), c)),
}


@pytest.mark.parametrize(("number", "name", "answer"), NEARLY.values(), ids=NEARLY)
def test_no_region_is_left_out_by_the_probes(number, name, answer):
    for seed in range(40):
        verdict = exercise(number, name).judge(answer, np.random.default_rng([seed, 3]))
        assert verdict.status not in ("right", "blank"), (seed, verdict)


def told(number, name, answer, seed=7):
    return exercise(number, name).judge(answer, np.random.default_rng(seed))


def test_no_cause_is_named_that_cannot_be():
    """Where delta is given there is no loss, and no error at the output; not every formula has a square."""
    assert "error at the output" not in told(4, "hidden_delta", lambda d, W, z: len(z) * below(d, W, z)).message
    masked = exercise(5, "masked_delta").reference
    assert "error at the output" not in told(5, "masked_delta", lambda *a: len(a[0]) * masked(*a)).message
    for number, name in ((4, "tied_gradient"), (4, "bias_gradient"), (4, "hidden_delta"), (5, "masked_delta")):
        right = exercise(number, name).reference
        verdict = told(number, name, lambda *a, right=right: -right(*a))
        assert "sign" in verdict.message and "output minus target" not in verdict.message, verdict
    right = exercise(3, "neuron_gradient").reference
    message = told(3, "neuron_gradient", lambda *a: tuple(-d for d in right(*a))).message
    assert "slope" in message and "a - y" in message
    verdict = told(4, "output_delta", lambda z, y: (sigmoid(z) - y) * (1 - sigmoid(z)) / len(z))
    assert verdict.mistake == "derivative misremembered" and "square" not in verdict.message


def test_the_numbers_of_a_factor_are_those_of_one_call():
    """Networks of several depths are tried: a factor of the number of outputs is not 2 for one layer, 5 for another."""
    source = changed(5, "gradients", ("/ len(x)", "/ y.size"))
    for seed in range(6):
        namespace = {"np": np}
        exec(source, namespace)
        message = exercise(5, "gradients").judge(namespace["gradients"], np.random.default_rng(seed)).message
        assert "exactly" in message and "number of output units" in message, message
        assert len(set(re.findall(r"(\d+) is the number of output units", message))) == 1, message


def test_a_scale_that_divides_is_off_by_its_square():
    verdict = judge(5, "masked_delta", changed(5, "masked_delta", ("* scale", "/ scale")))
    assert verdict.mistake == "dropout scale divided", verdict
    assert "times too small (the square of the scale)." in verdict.message, verdict


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        (((".astype(complex)", ".copy()"),), "An array of real numbers drops an imaginary step. Is your copy complex?"),
        (
            (("n = np.zeros(w.shape)", "n, point = np.zeros(w.shape), w.astype(complex)"),
             ("        point = w.astype(complex)\n", "")),
            "An entry keeps its step while the next one takes its own.",
        ),
        ((("point[k] += 1j * h", "point += 1j * h"),), "All entries take the step at once."),
    ],
)  # fmt: skip
def test_the_slips_of_a_complex_step_are_known(changes, words):
    verdict = judge(5, "complex_step", changed(5, "complex_step", *changes))
    assert verdict.status == "wrong" and words in verdict.message and " Or: " not in verdict.message, verdict


def test_a_neuron_found_by_nudges_is_not_sent_to_a_chapter_that_is_still_to_come():
    verdict = exercise(3, "neuron_gradient").judge(
        nudging(lambda f, at: central(f, at, 1e-5)), np.random.default_rng(1)
    )
    assert verdict.mistake == "finite differences" and "keep nudges for checking" in verdict.message
    assert "chapter 05" not in verdict.message
    assert "See chapter 05" in str(BUGS["finite differences"])


def test_where_an_answer_fails_is_said_readably():
    ex = exercise(1, "mean_loss")
    told_of = [ex.judge(lambda p, y: ex.reference(p, y) + (y == 0).all(), np.random.default_rng(s)) for s in range(300)]
    messages = [verdict.message for verdict in told_of if "all zeros" in verdict.message]
    assert messages and all(re.search(r"y of shape \(\d+,\) \(all zeros\)", message) for message in messages), messages


def test_results_in_another_order_are_said_to_be_that():
    right = exercise(4, "two_layers").reference
    verdict = told(4, "two_layers", lambda *a: tuple(right(*a)[k] for k in (0, 2, 1, 3)))
    assert "not in the order" in verdict.message and not SEVERAL.search(verdict.message), verdict
    right_3 = exercise(3, "train").reference
    verdict = told(3, "train", lambda *a: right_3(*a)[::-1])
    assert "not in the order" in verdict.message and not SEVERAL.search(verdict.message), verdict


def test_all_results_that_are_off_are_listed():
    verdict = judge(4, "two_layers", changed(4, "two_layers", ("(a2 - y) / len(x)", "(a2 - y)")))
    assert verdict.mistake == "not averaged"
    assert "`dW1` and `dW2` differ as well." in verdict.message, verdict


def test_an_unknown_mistake_is_placed():
    """Without a name, it still helps to know where the answer is right."""

    def hidden_delta(delta, W, z):
        return below(delta, W, z) if W.shape[0] == W.shape[1] else below(delta, W, z) + 1

    message = told(4, "hidden_delta", hidden_delta).message
    assert re.search(r"It is right in 1 of \d+ calls: right with delta of shape \(4, 4\)", message), message
    assert re.search(r"wrong with delta of shape \(\d, \d\)", message), message


def test_a_second_call_that_fails_is_not_two_results():
    calls = []

    def bias_gradient(delta):
        calls.append(1)
        return delta.sum(axis=0) if len(calls) == 1 else 1 / 0

    verdict = told(4, "bias_gradient", bias_gradient)
    assert verdict.mistake == "fails again" and "two different results" not in verdict.message


@pytest.mark.parametrize(("number", "name"), [(5, "error_by_hand"), (1, "even_bets"), (6, "rmsprop_step")])
def test_a_right_number_with_three_digits_is_right(number, name):
    ex = exercise(number, name)
    for seed in range(100):
        right = float(ex.expected(*ex.give(np.random.default_rng(seed))))
        assert ex.judge(float(f"{right:.3g}"), np.random.default_rng(seed)).status == "right", seed


@pytest.mark.parametrize(
    ("number", "name", "digits"),
    [(1, "even_bets", 2)],
)
def test_a_right_number_with_too_few_digits_is_near(number, name, digits):
    ex = exercise(number, name)
    seen = set()
    for seed in range(100):
        right = float(ex.expected(*ex.give(np.random.default_rng(seed))))
        rounded = float(f"{right:.{digits}g}")
        verdict = ex.judge(rounded, np.random.default_rng(seed))
        seen.add(verdict.message)
        assert verdict.status == "right" or abs(rounded / right - 1) > 0.01 or "more digits" in verdict.message, verdict
    assert any("more digits" in message for message in seen)


def test_a_shift_by_the_largest_size_is_not_one_shift_for_all():
    def softmax_delta(z, y):
        e = np.exp(z - abs(z).max(axis=1, keepdims=True))
        p = e / e.sum(axis=1, keepdims=True)
        p[np.arange(len(y)), y] -= 1
        return p / len(y)

    for seed in range(5):
        assert exercise(4, "softmax_delta").judge(softmax_delta, np.random.default_rng(seed)).mistake == "shift by size"


def test_a_hidden_delta_times_the_batch_size_is_named():
    def two_layers(x, y, W1, b1, W2, b2, lmbda):
        a1 = np.tanh(x @ W1 + b1)
        a2 = 1 / (1 + np.exp(-(a1 @ W2 + b2)))
        delta2 = (a2 - y) / len(x) * a2 * (1 - a2)
        delta1 = (delta2 @ W2.T) * (1 - a1**2) * len(x)
        return x.T @ delta1 + lmbda * W1, delta1.sum(axis=0), a1.T @ delta2 + lmbda * W2, delta2.sum(axis=0)

    for seed in range(5):
        assert exercise(4, "two_layers").judge(two_layers, np.random.default_rng(seed)).mistake == "average undone"
