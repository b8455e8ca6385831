"""The equation ledger: every name on a code line has tests that bear it, and they notice when the line is wrong.

The meta-test changes each named line in a copy of the package, runs the tests marked with that name on the copy, and
sees one fail. A name in the code without a test, or in a test without code, is an error too.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
NAME = re.compile(r"# \(([A-Z]+\d?)\)")
MARK = re.compile(r"pytest\.mark\.equation\((?:\"([A-Z]+\d?)\"|rule)")

# (file, part of the named line, what it becomes): at least one wrong twin for every line that bears a name.
MUTANTS = [
    ("backprop.py", "a[l - 1] @ W[l] + b[l]  # (FF)", "a[l - 1] @ W[l] - b[l]  # (FF)"),
    ("backprop.py", "a[l] = f[l](z[l])  # (FF)", "a[l] = z[l]  # (FF)"),
    ("backprop.py", "loss.gradient(a[l], y) * f[l].prime(z[l])  # (BP1)", "loss.gradient(a[l], y)  # (BP1)"),
    ("backprop.py", "@ W[l + 1].T) * f[l].prime(z[l])  # (BP2)", "@ W[l + 1].T)  # (BP2)"),
    ("backprop.py", "@ W[l + 1].T) * f[l].prime(z[l])  # (BP2)", "@ W[l + 1].T) * f[l].prime(a[l])  # (BP2)"),
    ("backprop.py", ".sum(axis=0)  # (BP3)", ".mean(axis=0)  # (BP3)"),
    ("backprop.py", "a[l - 1].T @ delta[l]  # (BP4)", "2 * a[l - 1].T @ delta[l]  # (BP4)"),
    ("backprop.py", "dW[l] += lmbda * W[l]  # (BP4)", "dW[l] += 0 * W[l]  # (BP4)"),
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
    ("optimizers.py", "u / (1 - self.beta1**self.t), s /", "u, s /"),
    ("optimizers.py", "u_hat / (np.sqrt(s_hat) + self.epsilon)  # (ADAM)", "u_hat / (s_hat + self.epsilon)  # (ADAM)"),
    ("optimizers.py", "share * (c / length) for share", "share * c for share"),
    ("gradcheck.py", "gradient[k] = (above - below) / (2 * h)  # (ND)", "gradient[k] = (above - below) / h  # (ND)"),
    ("gradcheck.py", "np.imag(f(point)) / h  # (CS)", "np.real(f(point)) / h  # (CS)"),
    ("paths.py", "slope[l] * (W[l + 1] @ s[l + 1])  # (PS)", "W[l + 1] @ s[l + 1]  # (PS)"),
    ("graph.py", "adjoint[parent] + vjp(adjoint[node])  # (RM)", "vjp(adjoint[node])  # (RM)"),
    ("graph.py", "tangent[node] + jvp(tangent[parent])  # (FM)", "jvp(tangent[parent])  # (FM)"),
]
MODULES = ("activations", "losses", "backprop", "optimizers", "gradcheck", "paths", "graph")


def named_lines():
    """Return (module, name, line) for every line of the library that bears a name."""
    return [
        (path.name, name, line)
        for module in MODULES
        for path in [ROOT / "bpbook" / f"{module}.py"]
        for line in path.read_text(encoding="utf-8").splitlines()
        for name in NAME.findall(line)
    ]


def names_in_tests():
    text = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests").glob("test_*.py"))
    names = {name for name in MARK.findall(text) if name}
    rules = re.search(r"^RULES = \{(.*?)^\}", text, flags=re.DOTALL | re.MULTILINE).group(1)
    return names | set(re.findall(r'"([A-Z]+)[ "]', rules))


def name_of(mutant):
    file, part, _ = mutant
    return next(name for module, name, line in named_lines() if module == file and part in line)


def test_every_name_in_the_code_has_a_test_and_the_other_way_round():
    assert {name for _, name, _ in named_lines()} == names_in_tests()


def test_every_named_line_has_a_mutant():
    without = [
        line.strip()
        for file, _, line in named_lines()
        if not any(file == mutated and part in line for mutated, part, _ in MUTANTS)
    ]
    # The same formula stands twice in gradcheck.py, once for arrays and once inside a network.
    assert without == ["n[k] = (C_above - net.loss(below, y)) / (2 * h)  # (ND)"]


def run_marked(package, name):
    """Run the tests marked with a name on another copy of the package; return pytest's exit status and output."""
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-n0", "-p", "no:cacheprovider", "--equation", name]
    command += ["-o", "addopts=", "-o", f"pythonpath={package}"]
    command += [f"tests/test_{module}.py" for module in (*MODULES, "mlp")]
    environment = os.environ | {"PYTHONPATH": str(package), "PYTHONDONTWRITEBYTECODE": "1", "OPENBLAS_NUM_THREADS": "1"}
    run = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    return run.returncode, run.stdout + run.stderr


def copied(folder):
    shutil.copytree(ROOT / "bpbook", folder / "bpbook", ignore=shutil.ignore_patterns("__pycache__"))
    return folder


def test_the_copy_without_a_change_passes(tmp_path):
    status, output = run_marked(copied(tmp_path), "BP2")
    assert status == 0, output
    (tmp_path / "bpbook" / "__init__.py").write_text("raise ImportError('it is the copy that is tested')")
    assert "it is the copy that is tested" in run_marked(tmp_path, "BP2")[1]


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant[2])
def test_a_test_with_its_name_notices_a_wrong_line(mutant, tmp_path):
    file, part, becomes = mutant
    path = copied(tmp_path) / "bpbook" / file
    source = path.read_text(encoding="utf-8")
    assert source.count(part) == 1
    path.write_text(source.replace(part, becomes), encoding="utf-8")
    status, output = run_marked(tmp_path, name_of(mutant))
    assert status == 1, output
    assert "failed" in output
