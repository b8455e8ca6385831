"""Imports run one way, and `import bpbook` loads NumPy and nothing heavier."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parent.parent / "bpbook"
HEART = {"activations", "losses", "backprop", "initializers", "optimizers", "training", "saving", "mlp", "gradcheck"}
MATHEMATICS = HEART | {"graph", "paths", "cost", "landscape"}
MAY_IMPORT = {
    "checks": set(),
    "activations": {"checks"},
    "losses": {"checks", "activations"},
    "backprop": {"checks", "activations", "losses"},
    "initializers": {"checks"},
    "optimizers": {"checks"},
    "training": {"checks", "initializers", "optimizers"},
    "saving": {"checks", "activations", "losses", "optimizers", "training"},
    "mlp": {"checks", *HEART} - {"gradcheck"},
    "gradcheck": {"checks"},
    "graph": {"checks"},
    "datasets": {"checks"},
    **{room: {"checks", "activations", "losses", "backprop", "mlp"} for room in ("paths", "cost", "landscape")},
    "plots": {"checks", "datasets", *MATHEMATICS},
    **{room: {"checks", "datasets", "plots", *MATHEMATICS} for room in ("exercises", "classics")},
    "widgets": {"checks", "datasets", "plots", "exercises", *MATHEMATICS},
    "classroom": {"checks", "datasets", "exercises", *MATHEMATICS},
    "cli": {"checks", "classroom"},
    "__init__": {"checks", *HEART},
}
ONLY = {
    "matplotlib": {"plots", "widgets"},
    "ipywidgets": {"widgets"},
    "anywidget": {"widgets"},
    "sklearn": {"datasets"},
}


def imported(source, depth):
    """Yield the names of what a module at this depth inside bpbook imports: our own as `.name`, others as they are."""
    for statement in ast.walk(ast.parse(source)):
        if isinstance(statement, ast.Import):
            names = [alias.name for alias in statement.names]
        elif isinstance(statement, ast.ImportFrom) and statement.level:
            up = statement.level - depth
            within = [statement.module] if statement.module else [alias.name for alias in statement.names]
            names = [f".{name}" for name in within] if up == 1 else []
        elif isinstance(statement, ast.ImportFrom):
            names = [f"{statement.module}.{alias.name}" for alias in statement.names]
        else:
            continue
        yield from ("." + name[len("bpbook.") :] if name.startswith("bpbook.") else name for name in names)


def wrong_arrows(room, source, depth=0):
    """Return the imports of a module that may not be."""
    found = []
    for name in imported(source, depth):
        top = name.lstrip(".").split(".")[0]
        if name.startswith("."):
            if top != room and top not in MAY_IMPORT[room]:
                found.append(f"{room} imports {top}")
        elif room not in ONLY.get(top, {room}):
            found.append(f"{room} imports {top}")
    return found


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_run_one_way(path):
    place = path.relative_to(PACKAGE)
    depth = len(place.parts) - 1
    room = place.parts[0] if depth else place.stem
    assert wrong_arrows(room, path.read_text(encoding="utf-8"), depth) == []


@pytest.mark.parametrize(
    ("room", "source", "depth"),
    [
        ("gradcheck", "from .backprop import backward", 0),
        ("gradcheck", "def f():\n    from . import backprop", 0),
        ("training", "from . import mlp", 0),
        ("graph", "import bpbook.losses", 0),
        ("mlp", "import matplotlib.pyplot", 0),
        ("exercises", "from ...widgets import FigureView", 2),
        ("plots", "from sklearn import datasets", 1),
    ],
)
def test_a_wrong_arrow_is_refused(room, source, depth):
    assert wrong_arrows(room, source, depth) != []


def test_import_bpbook_loads_numpy_and_nothing_heavier():
    heavy = ["matplotlib", "ipywidgets", "anywidget", "sklearn", "IPython", "tqdm", "scipy"]
    program = f"import sys, bpbook; print([name for name in {heavy} if name in sys.modules])"
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


def test_what_comes_on_first_use_comes():
    program = "import bpbook as bp; print(bp.datasets.digits()[0].shape, 'datasets' in dir(bp))"
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "(1797, 64) True"


def test_an_unknown_name_is_an_attribute_error():
    import bpbook

    with pytest.raises(AttributeError, match="module 'bpbook' has no attribute 'backpropagation'"):
        bpbook.backpropagation  # noqa: B018
