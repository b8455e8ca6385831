"""The equation ledger: every name is derived, coded, tested and practised, and its tests notice when its line is wrong.

`notebooks/ledger.py` reads the names from the chapters, the library, the tests and the exercises. The meta-test changes
each named line in a copy of the package, runs the tests marked with that name on the copy, and sees one fail.
"""

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).resolve().parent.parent
SPEC = importlib.util.spec_from_file_location("notebooks_ledger", ROOT / "notebooks" / "ledger.py")
ledger = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(ledger)
LEDGER = ledger.collect(asked=())  # without the exercises

# (file, part of the named line, what it becomes): at least one wrong twin for every line that bears a name.
MUTANTS = [
    ("activations.py", "_sigmoid(z) * _sigmoid(-z)  # (SIG)", "_sigmoid(z) * _sigmoid(z)  # (SIG)"),
    ("backprop.py", "a[l - 1] @ W[l] + b[l]  # (FF)", "a[l - 1] @ W[l] - b[l]  # (FF)"),
    ("backprop.py", "a[l] = f[l](z[l])  # (FF)", "a[l] = z[l]  # (FF)"),
    ("backprop.py", "loss.gradient(a[l], y) * f[l].prime(z[l])  # (BP1)", "loss.gradient(a[l], y)  # (BP1)"),
    ("backprop.py", "@ W[l + 1].T) * f[l].prime(z[l])  # (BP2)", "@ W[l + 1].T)  # (BP2)"),
    ("backprop.py", "@ W[l + 1].T) * f[l].prime(z[l])  # (BP2)", "@ W[l + 1].T) * f[l].prime(a[l])  # (BP2)"),
    ("backprop.py", ".sum(axis=0)  # (BP3)", ".mean(axis=0)  # (BP3)"),
    ("backprop.py", "a[l - 1].T @ delta[l]  # (BP4)", "2 * a[l - 1].T @ delta[l]  # (BP4)"),
    ("backprop.py", "dW[l] += lmbda * W[l]  # (BP4)", "dW[l] += 0 * W[l]  # (BP4)"),
    ("backprop.py", "dW[l] += lmbda_1 * np.sign(W[l])  # (BP4)", "dW[l] += 0 * W[l]  # (BP4)"),
    ("losses.py", "0.5 * ((a - y) ** 2).sum() / len(a)  # (SE)", "((a - y) ** 2).sum() / len(a)  # (SE)"),
    ("losses.py", "0.5 * ((a - y) ** 2).sum() / len(a)  # (SE)", "0.5 * ((a - y) ** 2).mean()  # (SE)"),
    ("losses.py", "+ (1 - y) * np.log1p(-a)).sum() / len(a)  # (CE)", ").sum() / len(a)  # (CE)"),
    ("losses.py", "np.exp(z - z.real.max(axis=1, keepdims=True))  # (SM)", "1 + z - z.min()  # (SM)"),
    ("losses.py", "p.sum(axis=1, keepdims=True)  # (SM)", "p.sum(axis=0, keepdims=True)  # (SM)"),
    ("losses.py", "delta = softmax(z)  # (SCE)", "delta = softmax(z.T).T  # (SCE)"),
    ("losses.py", "delta = softmax(z)  # (SCE)", "delta = z.copy()  # (SCE)"),
    ("optimizers.py", "w -= eta * g  # (GD)", "w += eta * g  # (GD)"),
    ("optimizers.py", "v -= eta * g  # (MOM)", "v += eta * g  # (MOM)"),
    ("optimizers.py", "self.mu * v - eta * g if self.nesterov else v  # (MOM)", "v  # (MOM)"),
    ("optimizers.py", "(g * g - s)  # (RMS)", "(g - s)  # (RMS)"),
    ("optimizers.py", "(np.sqrt(s) + self.epsilon)  # (RMS)", "(s + self.epsilon)  # (RMS)"),
    ("optimizers.py", "(1 - self.beta1) * (g - u)  # (ADAM)", "(1 - self.beta2) * (g - u)  # (ADAM)"),
    ("optimizers.py", "(1 - self.beta2) * (g * g - s)  # (ADAM)", "(1 - self.beta1) * (g * g - s)  # (ADAM)"),
    ("optimizers.py", "w -= eta * self.decay * w  # (ADAM)", "w -= self.decay * w  # (ADAM)"),
    ("optimizers.py", "(u / (1 - self.beta1**self.t))", "u"),
    (
        "optimizers.py",
        "(np.sqrt(s / (1 - self.beta2**self.t)) + self.epsilon)",
        "(s / (1 - self.beta2**self.t) + self.epsilon)",
    ),
    ("optimizers.py", "np.sqrt(s / (1 - self.beta2**self.t))", "np.sqrt(s)"),
    ("optimizers.py", "share * (c / length) for share", "share * c for share"),
    ("differences.py", "gradient[k] = (above - below) / (2 * h)  # (ND)", "gradient[k] = (above - below) / h  # (ND)"),
    ("differences.py", "(C_above - C_below) / (up - down)  # (ND)", "(C_above - C_below) / h  # (ND)"),
    (
        "differences.py",
        "np.imag(_number(f(point.copy()), imaginary=True)) / h  # (CS)",
        "np.real(_number(f(point.copy()), imaginary=True)) / h  # (CS)",
    ),
    ("gradcheck.py", "np.linalg.norm(g) + np.linalg.norm(n)  # (RE)", "np.linalg.norm(g)  # (RE)"),
    ("gradcheck.py", "np.linalg.norm(g - n) / size)", "(np.linalg.norm(g) - np.linalg.norm(n)) / size)"),
    (
        "evaluation.py",
        "(sigmoid(logits / T) - answers) * logits) / T**2  # (TEMP)",
        "sigmoid(logits / T) - answers)  # (TEMP)",
    ),
    ("parallel.py", "array * (m_k / sum(sizes)) for", "array / len(sizes) for"),
    ("paths.py", "slope[l] * (W[l + 1] @ s[l + 1])  # (PS)", "W[l + 1] @ s[l + 1]  # (PS)"),
    ("layers.py", "windows, W, optimize=True) + b  # (CONV1)", "windows, W[::-1, ::-1], optimize=True) + b  # (CONV1)"),
    ("layers.py", "u.sum(axis=(0, 1, 2))  # (CONV2)", "u.mean(axis=(0, 1, 2))  # (CONV2)"),
    ("layers.py", "windows, u, optimize=True)  # (CONV3)", "windows, u)[::-1, ::-1]  # (CONV3)"),
    ("layers.py", "across : stride] = u  # (CONV4)", "across : stride] = u[::-1]  # (CONV4)"),
    ("layers.py", "W[::-1, ::-1], optimize=True)  # (CONV4)", "W, optimize=True)  # (CONV4)"),
    ("layers.py", "axis=-1)[..., 0]  # (POOL1)", "axis=-1)[..., 0] + 1  # (POOL1)"),
    ("layers.py", "np.add.at(dx, place, u)  # (POOL2)", "dx[place] = u  # (POOL2)"),
    ("layers.py", "x.mean(axes, keepdims=True)  # (BN1, LN1)", "0 * x.mean(axes, keepdims=True)  # (BN1, LN1)"),
    ("layers.py", "** 2).mean(axes, keepdims=True) + eps)", "** 2).mean(axes, keepdims=True)) + eps"),
    ("layers.py", "(x - mu) / sigma  # (BN1, LN1)", "(x - mu) / sigma**2  # (BN1, LN1)"),
    ("layers.py", "gamma * x_hat + beta  # (BN2)", "gamma * (x_hat + beta)  # (BN2)"),
    ("layers.py", "u.sum(rows)  # (BN3)", "u.mean(rows)  # (BN3)"),
    ("layers.py", "(u * x_hat).sum(rows)  # (BN3)", "(u * x_hat * sigma).sum(rows)  # (BN3)"),
    ("layers.py", "(g - through_mean - through_variance) / sigma", "(g - through_mean) / sigma"),
    ("layers.py", "h[:, t - 1] @ W_h + b)  # (RNN1)", "h[:, t - 1] @ W_h)  # (RNN1)"),
    ("layers.py", "(u[:, t] + from_later) * (1 - h[:, t] ** 2)", "u[:, t] * (1 - h[:, t] ** 2)"),
    ("layers.py", "delta[:, t] @ W_h.T  # (RNN2)", "delta[:, t] @ W_h  # (RNN2)"),
    ("layers.py", "x, delta, optimize=True)  # (RNN3)", "x[:, :1], delta[:, :1])  # (RNN3)"),
    ("layers.py", "h[:, np.arange(T) - 1], delta", "h[:, :T], delta"),
    ("layers.py", "delta.sum(axis=(0, 1))  # (RNN3)", "delta[:, 0].sum(axis=0)  # (RNN3)"),
    ("layers.py", "delta @ W_x.T  # (RNN4)", "u @ W_x.T  # (RNN4)"),
    ("layers.py", "E[tokens], EmbeddingCache(tokens, E.shape)", "E[tokens[::-1]], EmbeddingCache(tokens, E.shape)"),
    ("layers.py", "np.add.at(dE, tokens, u)  # (EMB2)", "dE[tokens] += u  # (EMB2)"),
    ("layers.py", "/ d**0.5  # (ATT1)", "/ d  # (ATT1)"),
    (
        "layers.py",
        "np.where(np.tril(np.ones((T, T), bool)), s, -np.inf)",
        "np.where(np.tril(np.ones((T, T), bool)), s, 0)",
    ),
    ("layers.py", "np.exp(s - s.real.max(axis=2, keepdims=True))", "np.exp(s)"),
    ("layers.py", "e / e.sum(axis=2, keepdims=True)  # (ATT2)", "e / e.sum(axis=1, keepdims=True)  # (ATT2)"),
    ("layers.py", "A @ v  # (ATT3)", "A @ v[:, ::-1]  # (ATT3)"),
    ("layers.py", '"mts,mtn->msn", A, u', '"mst,mtn->msn", A, u'),
    ("layers.py", '"mtn,msn->mts", u, v, optimize=True)', '"mtn,msn->mts", u, v) / q.shape[2]'),
    ("layers.py", "A * (dA - (A * dA).sum(axis=2, keepdims=True))", "A * dA * (1 - A)"),
    ("layers.py", "ds @ k / q.shape[2] ** 0.5  # (ATT6)", "ds @ k  # (ATT6)"),
    ("layers.py", "q, optimize=True) / q.shape[2] ** 0.5  # (ATT7)", "q, optimize=True)  # (ATT7)"),
    ("graph.py", "u * derivative(), a.shape),  # (CR)", "derivative() + 0 * u, a.shape),  # (CR)"),
    ("graph.py", "adjoint.get(parent, 0.0) + vjp(adjoint[node])  # (MV, RM)", "vjp(adjoint[node])  # (MV, RM)"),
    ("graph.py", "tangent.get(node, 0.0) + jvp(tangent[parent])  # (FM)", "jvp(tangent[parent])  # (FM)"),
]


def named_lines():
    """Return (module, name, line) for every line of the library that bears a name."""
    return [(place.file, name, place.line) for name, entry in LEDGER.items() for place in entry.coded]


def names_of(mutant):
    file, part, _ = mutant
    return [name for module, name, line in named_lines() if module == file and part in line]


def test_every_name_in_the_code_has_a_test_and_the_other_way_round():
    assert [name for name, entry in LEDGER.items() if bool(entry.coded) != bool(entry.tested)] == []


def test_every_named_line_has_a_mutant():
    assert [
        line
        for file, _, line in named_lines()
        if not any(file == mutated and part in line for mutated, part, _ in MUTANTS)
    ] == []


# The book's own ledger, and appendix A --------------------------------------------------------------------------------


def test_every_name_is_derived_coded_tested_and_practised():
    assert ledger.missing(ledger.collect()) == []


def sources(notebook):
    return [(cell.cell_type, cell.source) for cell in notebook.cells]


def test_appendix_a_is_what_the_ledger_makes_of_the_book_today():
    stored = nbformat.read(ROOT / "notebooks" / ledger.APPENDIX, as_version=4)
    collected = ledger.collect()
    assert sources(stored) == sources(ledger.notebook(collected)), "run: python notebooks/ledger.py"
    collected["BP4"].tested.pop()
    assert sources(stored) != sources(ledger.notebook(collected))


CHAPTERS = sorted((ROOT / "notebooks").glob("[0-9][0-9]_*.ipynb"))


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_every_letter_of_a_chapter_is_in_the_notation_and_every_row_of_a_chapter_is_used_there(path):
    """A letter that has another meaning elsewhere is not noticed."""
    number, text = path.name[:2], ledger.prose(path)
    assert ledger.unlisted(number, text) == set(), "give it a row in SYMBOLS or LOCALS of notebooks/ledger.py"
    rows = [local for local in ledger.LOCALS if local.serves(number)]
    assert [local.math for local in rows if ledger.letters(local.math) - ledger.letters(text)] == []


def test_a_letter_that_is_in_no_table_is_found(monkeypatch):
    assert ledger.unlisted("12", r"Words, `Q`, $a^l + \text{in } Q_{ij}$ and $\Delta x$") == {"Q", r"\Delta"}
    assert ledger.unlisted("05", r"$\theta^T + x^{l - 1, T} + T$, ${}^T$") == {r"\theta", "T"}
    monkeypatch.setattr(ledger, "LOCALS", [local for local in ledger.LOCALS if local.chapter != "14"])
    assert ledger.unlisted("14", ledger.prose(next(path for path in CHAPTERS if path.name[:2] == "14"))) == {"P", "r"}


def test_a_meaning_of_one_chapter_is_a_row_of_its_own_and_no_meaning_is_given_twice():
    assert [symbol.math for symbol in ledger.SYMBOLS if "chapter" in symbol.meaning] == []
    meanings = [(local.math, local.meaning) for local in ledger.LOCALS]
    assert [meaning for meaning in set(meanings) if meanings.count(meaning) > 1] == []
    firsts = [local.chapter[:2] for local in ledger.LOCALS]
    assert firsts == sorted(firsts)


# The meta-test --------------------------------------------------------------------------------------------------------


def run_marked(package, name):
    """Run the tests marked with a name on another copy of the package; return pytest's exit status and output."""
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", "--equation", name]
    command += ["-o", "addopts=", "-o", f"pythonpath={package}"]
    command += sorted({f"tests/{test.file}" for test in LEDGER[name].tested})
    environment = os.environ | {"PYTHONPATH": str(package), "PYTHONDONTWRITEBYTECODE": "1", "OPENBLAS_NUM_THREADS": "1"}
    environment["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"  # loading them takes far longer than the tests
    run = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    return run.returncode, run.stdout + run.stderr


def copied(folder):
    shutil.copytree(ROOT / "bpbook", folder / "bpbook", ignore=shutil.ignore_patterns("__pycache__"))
    return folder


@pytest.fixture(scope="module")
def package(tmp_path_factory):
    """Return a folder with a copy of the package, in which one line after another is changed and put back."""
    return copied(tmp_path_factory.mktemp("package"))


def test_the_copy_without_a_change_passes(tmp_path):
    status, output = run_marked(copied(tmp_path), "BP2")
    assert status == 0, output
    (tmp_path / "bpbook" / "__init__.py").write_text("raise ImportError('it is the copy that is tested')")
    assert "it is the copy that is tested" in run_marked(tmp_path, "BP2")[1]


@pytest.mark.parametrize(
    ("name", "mutant"),
    [(name, mutant) for mutant in MUTANTS for name in names_of(mutant)],
    ids=lambda value: value if isinstance(value, str) else value[2],
)
def test_a_test_with_its_name_notices_a_wrong_line(name, mutant, package):
    file, part, becomes = mutant
    path = package / "bpbook" / file
    source = (ROOT / "bpbook" / file).read_bytes()
    assert path.read_bytes() == source and source.decode().count(part) == 1
    path.write_bytes(source.replace(part.encode(), becomes.encode()))
    try:
        status, output = run_marked(package, name)
    finally:
        path.write_bytes(source)
    assert status == 1, output
    assert "failed" in output


# The four links -------------------------------------------------------------------------------------------------------

CHAPTER = r"""## One layer back

In words first.

$$
\begin{aligned}
\delta^L &= \frac{\partial C}{\partial a^L} * f_L'(z^L) \tag{BP1} \\
\delta^l &= (\delta^{l+1} W^{l+1\,T}) * f_l'(z^l) \tag{BP2}
\end{aligned}
$$"""
CODE = """class Net:
    def back(self, delta, W, prime):
        def inner(u):
            return u  # (BP1, BP2)
        return (delta @ W.T) * prime  # (BP2) and why
"""
TESTS = """import pytest

@pytest.mark.equation("BP2")
def test_error_sent_back_by_hand(): ...

@pytest.mark.parametrize("k", [pytest.param(1, marks=pytest.mark.equation("BP1")), 2])
def test_both(k): ...
"""


def small_book(folder, chapter=CHAPTER, code=CODE, tests=TESTS, practised=("BP1", "BP2")):
    """Write a book of one chapter, one module and one file of tests; return its ledger."""
    for place in ("notebooks", "bpbook", "tests"):
        (folder / place).mkdir()
    cells = [nbformat.v4.new_code_cell(r"r'$$1 \tag{NOT}$$'"), nbformat.v4.new_markdown_cell(chapter)]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), folder / "notebooks" / "04_back.ipynb")
    (folder / "bpbook" / "net.py").write_text(code)
    (folder / "tests" / "test_net.py").write_text(tests)
    return ledger.collect(folder, asked=[(4, "send_back", practised)])


def test_a_name_is_found_in_its_four_places(tmp_path):
    found = small_book(tmp_path)
    assert list(found) == ["BP1", "BP2"]
    assert found["BP2"].derived == [("04_back", "One layer back", r"\delta^l = (\delta^{l+1} W^{l+1\,T}) * f_l'(z^l)")]
    assert [(line.file, line.function) for line in found["BP2"].coded] == [("net.py", "Net.back")] * 2
    assert found["BP2"].coded[1].line == "return (delta @ W.T) * prime  # (BP2) and why"
    assert found["BP1"].tested == [("test_net.py", "test_both")]
    assert found["BP2"].tested == [("test_net.py", "test_error_sent_back_by_hand")]
    assert found["BP1"].practised == found["BP2"].practised == [(4, "send_back")]
    assert ledger.missing(found) == []


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"chapter": CHAPTER.replace(r"\tag{BP1}", "")}, "(BP1) is not derived; it is coded, tested, practised"),
        ({"chapter": CHAPTER.replace("BP1", "BP9")}, "(BP9) is not coded; it is derived"),
        ({"code": CODE.replace("BP1, BP2", "BP2")}, "(BP1) is not coded; it is derived, tested, practised"),
        ({"code": CODE.replace("# (BP1, BP2)", "# BP1, BP2")}, "(BP1) is not coded; it is derived, tested, practised"),
        ({"tests": TESTS.replace('"BP2"', '"BP1"')}, "(BP2) is not tested; it is derived, coded, practised"),
        ({"practised": ("BP2",)}, "(BP1) is not practised; it is derived, coded, tested"),
        ({"practised": ("BP1", "BP2", "BP3")}, "(BP3) is not derived; it is practised"),
    ],
)
def test_a_missing_link_is_named(change, complaint, tmp_path):
    assert complaint in ledger.missing(small_book(tmp_path, **change))
