"""The command `bpbook`: open the book, begin a chapter afresh, run chapters without a browser, build the site.

What is opened is always a working copy. The reader's answers live there; the book's own notebooks stay as they are.
"""

import argparse
import contextlib
import hashlib
import itertools
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import webbrowser
from pathlib import Path
from typing import Any

from .classroom import commands

__all__ = ["main"]

PACKAGE = Path(__file__).resolve().parent
CLONE = PACKAGE.parent
MANIFEST = ".bpbook.json"
THIS_PYTHON = {"JUPYTER_PREFER_ENV_PATH": "1"}  # and not a kernel of that name which the reader keeps for other work


def pristine() -> Path:
    """Return the folder that holds the book's own `notebooks` and `figures`."""
    return PACKAGE / "book" if (PACKAGE / "book").is_dir() else CLONE


def default_folder() -> Path:
    """Return where the reader's copy lives: the one that is open, `mybook` in a clone, `bpbook-book` where you are."""
    home = os.environ.get("BPBOOK_HOME")
    if home and (Path(home) / MANIFEST).exists():
        return Path(home)
    return CLONE / "mybook" if pristine() == CLONE else Path.cwd() / "bpbook-book"


def chapters() -> dict[str, str]:
    """Return the file name of every chapter by its number."""
    return {path.name.split("_")[0]: path.name for path in sorted((pristine() / "notebooks").glob("*_*.ipynb"))}


def _files() -> dict[str, Path]:
    """Return every file of the book by its place in the working copy."""
    kinds = (("notebooks", "*.ipynb"), ("figures", "*.svg"))
    return {f"{folder}/{path.name}": path for folder, kind in kinds for path in (pristine() / folder).glob(kind)}


def _free(path: Path, word: str) -> Path:
    """Return the first of `stem.word1.suffix`, `stem.word2.suffix`, ... that does not exist yet."""
    names = (path.with_name(f"{path.stem}.{word}{k}{path.suffix}") for k in itertools.count(1))
    return next(name for name in names if not name.exists())


def _hash(path: Path) -> str:
    """Return a hash of what people wrote: of a notebook the text of its cells, of any other file everything.

    JupyterLab writes metadata into every notebook that it opens, and an empty cell after the last one that is run;
    neither these nor what cells print are changes of the reader's.
    """
    written = path.read_bytes()
    if path.suffix == ".ipynb":
        with contextlib.suppress(ValueError, KeyError, TypeError):
            cells = [[cell["cell_type"], "".join(cell["source"])] for cell in json.loads(written)["cells"]]
            written = json.dumps([cell for cell in cells if cell[1].strip()]).encode()
    return hashlib.sha256(written).hexdigest()


def _copy(source: Path, target: Path) -> None:
    """Copy a file so that nobody ever sees half of it, however often bpbook runs at once or is interrupted."""
    part = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        shutil.copyfile(source, part)
        os.replace(part, target)
    finally:
        part.unlink(missing_ok=True)


def refresh(folder: Path) -> list[str]:
    """Bring the working copy up to date without touching what the reader changed; return what there is to say.

    A file that the reader never changed follows the book; a chapter that was only opened and run is not changed. A
    changed one stays, and the book's new version is put beside it. A small file remembers what was copied: of every
    file the hash of what people wrote, and the hash of everything.
    """
    if (folder / "notebooks").resolve() == (pristine() / "notebooks").resolve():
        raise SystemExit(f"bpbook: --folder must not be the book itself; got {folder}. Choose an empty folder.")
    manifest = folder / MANIFEST
    copied: dict[str, str] = {}
    with contextlib.suppress(OSError, ValueError, TypeError):  # without it, every file counts as the reader's
        copied = dict(json.loads(manifest.read_text(encoding="utf-8")))
    said = []
    for place, source in sorted(_files().items()):
        target, written, old = folder / place, _hash(source), str(copied.get(place))
        new = f"{written} {hashlib.sha256(source.read_bytes()).hexdigest()}"
        target.parent.mkdir(parents=True, exist_ok=True)
        if not target.exists() or (old.startswith(_hash(target)) and old != new):
            _copy(source, target)
        elif _hash(target) == written:
            pass  # as it should be; what the reader's own run printed may stay
        elif not old.startswith(written):
            beside = _free(target, "new")
            _copy(source, beside)
            said.append(
                f"{place} has changed in the book; yours is kept, and the new one is beside it as {beside.name}."
            )
        copied[place] = new
    part = folder / f"{MANIFEST}.{os.getpid()}"
    part.write_text(json.dumps(copied, indent=1), encoding="utf-8")
    os.replace(part, manifest)
    return said


def _rooms(folder: Path) -> dict[str, str]:
    """Return where JupyterLab and the kernels keep their own files, if home is not to be written to."""
    from jupyter_core.paths import jupyter_data_dir

    usual = Path(jupyter_data_dir())
    with contextlib.suppress(OSError):
        usual.mkdir(parents=True, exist_ok=True)
    if os.access(usual, os.W_OK):
        return {}
    names = ("JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "JUPYTER_CONFIG_DIR", "IPYTHONDIR", "MPLCONFIGDIR")
    return {name: str(folder / ".jupyterlab" / name.lower()) for name in names}


def _trust(folder: Path) -> None:
    """Sign the chapters that are the book's own, so that JupyterLab shows their experiments before a cell is run."""
    import nbformat
    from nbformat.sign import NotebookNotary

    notary = NotebookNotary()
    with contextlib.closing(notary.store):
        for place, source in _files().items():
            target = folder / place
            if target.suffix == ".ipynb" and target.read_bytes() == source.read_bytes():
                notary.sign(nbformat.read(target, as_version=4))


def _show_contents_at_first(rooms: Path) -> None:
    """Have JupyterLab begin with the chapter's table of contents beside it; what the reader opens later is kept."""
    from jupyterlab_server.workspaces_handler import WorkspacesManager

    if not list(rooms.glob("*.jupyterlab-workspace")):
        first = (Path(__file__).parent / "jupyter" / "first_view.json").read_text(encoding="utf-8")
        WorkspacesManager(str(rooms)).save("default", first)


def _chapter(number: str) -> str:
    known = chapters()
    padded = number.zfill(2) if number.isdigit() else number.upper()
    if padded not in known:
        raise SystemExit(f"bpbook: NN must be one of {', '.join(known)}; got {number}.")
    return known[padded]


def open_book(folder: Path, number: str) -> int:
    """Open the working copy in JupyterLab at a chapter, and stay until it is stopped."""
    name = _chapter(number)
    for line in refresh(folder):
        print(line)
    os.environ.update(_rooms(folder))
    _trust(folder)
    rooms = folder / ".jupyterlab"  # the tabs of the book, apart from other work
    _show_contents_at_first(rooms)
    command = [sys.executable, "-m", "jupyterlab", f"--ServerApp.root_dir={folder}"]
    command += [f"--LabApp.default_url=/lab/tree/notebooks/{name}"]
    # Nothing is asked of the network: no news (see jupyter/labconfig), no look for updates, no catalogue of extensions.
    command += ["--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate"]
    command += ["--LabApp.extension_manager=readonly"]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        command.append("--allow-root")
    print(f"Opening {name}. Your copy of the book, with your answers, is in {folder}.")
    try:
        webbrowser.get()
        print("If no browser opens it, open an address below in one yourself. Ctrl-C here ends the book.", flush=True)
    except webbrowser.Error:
        command.append("--no-browser")
        print("No browser was found here. Open an address below in one. Ctrl-C here ends the book.", flush=True)
    settings = [str(PACKAGE / "jupyter"), *filter(None, [os.environ.get("JUPYTER_CONFIG_PATH")])]
    environment = {
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)]),
        "BPBOOK_HOME": str(folder),
        "JUPYTER_CONFIG_PATH": os.pathsep.join(settings),
        "JUPYTERLAB_WORKSPACES_DIR": str(rooms),
    }
    return _stay(subprocess.Popen(command, cwd=folder, env=os.environ | THIS_PYTHON | environment))


def _stay(lab: "subprocess.Popen[bytes]") -> int:
    """Wait for JupyterLab; on Ctrl-C or SIGTERM have it end its kernels and itself, without its question."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # which raises KeyboardInterrupt, as Ctrl-C does
    status = None
    while True:
        try:
            returned = lab.wait()
            return returned if status is None else status
        except KeyboardInterrupt:
            status = 0
            lab.terminate()


def reset(folder: Path, number: str) -> int:
    """Put a fresh chapter into the working copy and keep the reader's beside it."""
    name = _chapter(number)
    for line in refresh(folder):
        print(line)
    target = folder / "notebooks" / name
    if target.read_bytes() == _files()[f"notebooks/{name}"].read_bytes():
        print(f"{name} is fresh already.")
        return 0
    kept = _free(target, "old")
    os.replace(target, kept)
    _copy(_files()[f"notebooks/{name}"], target)
    print(f"{name} is fresh again; your copy is kept as {kept.name}.")
    return 0


def run(numbers: list[str]) -> int:
    """Execute chapters of the book in a temporary folder; print a line for each and return 1 when one failed."""
    import nbformat
    from tqdm import tqdm

    names = [_chapter(number) for number in numbers] or list(chapters().values())
    failed = 0
    with tempfile.TemporaryDirectory() as home:
        refresh(Path(home))
        for name in tqdm(names, unit="chapter", disable=None):
            notebook = nbformat.read(Path(home) / "notebooks" / name, as_version=4)
            begun = time.perf_counter()
            cells, result = _executed(notebook, home)
            failed += result != "ok"
            tqdm.write(f"{name:44}{time.perf_counter() - begun:7.1f} s {cells:5} cells  {result}")
    return 1 if failed else 0


def _executed(notebook: Any, home: str) -> tuple[int, str]:
    """Execute a notebook; return how many code cells it has, and "ok" or what failed and where."""
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError, DeadKernelError

    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    for cell in cells:
        cell.execution_count = None  # what is stored says nothing about this run
    where = {"metadata": {"path": str(Path(home) / "notebooks")}}
    quiet = ["--log-level=ERROR"]
    client = NotebookClient(notebook, timeout=600, kernel_name="python3", resources=where, extra_arguments=quiet)
    os.environ.update(THIS_PYTHON)
    try:
        client.execute(env=os.environ | {"BPBOOK_HOME": home})
    except Exception as error:
        if hasattr(client, "_async_cleanup_kernel_future"):  # nbclient's answer to Ctrl-C: it ends the kernel
            raise KeyboardInterrupt from None
        if not isinstance(error, CellExecutionError | DeadKernelError | TimeoutError):
            raise
        done = sum(cell.execution_count is not None for cell in cells)
        said = str(getattr(error, "evalue", error)).strip().partition("\n")[0][:200]
        return len(cells), f"FAILED in code cell {done}: {getattr(error, 'ename', type(error).__name__)}: {said}"
    return len(cells), "ok"


def _of_the_classroom(options: argparse.Namespace) -> int:
    """Do what a verb of the classroom asks; what is wrong with it is said in a line."""
    try:
        return int(options.do(options, pristine() / "notebooks"))
    except KeyboardInterrupt:
        print("bpbook: stopped.", file=sys.stderr)
        return 130
    except (ValueError, OSError) as error:
        raise SystemExit(f"bpbook: {error}") from None


def _site(target: Path, serving: bool) -> int:
    from .site import commands as pages

    return pages.site(pristine(), target, serving)


def main(arguments: list[str] | None = None) -> int:
    """Do what the command line asks; return the exit status."""
    parser = argparse.ArgumentParser(prog="bpbook", description="A textbook on backpropagation that runs.")
    where = argparse.ArgumentParser(add_help=False)  # before the action or after it
    where.add_argument("--folder", type=Path, help="your working copy of the book", default=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help="your working copy of the book (default: %(default)s)")
    actions = parser.add_subparsers(dest="action", metavar="ACTION", title="what to do")
    which = f"one of {', '.join(chapters())}"
    opening = actions.add_parser("open", parents=[where], help="open the book in JupyterLab (what bpbook alone does)")
    opening.add_argument("chapter", nargs="?", default="01", metavar="NN", help=which)
    resetting = actions.add_parser("reset", parents=[where], help="begin a chapter afresh; your copy is kept")
    resetting.add_argument("chapter", metavar="NN", help=which)
    running = actions.add_parser("run", help="run chapters without a browser")
    running.add_argument("chapters", nargs="*", metavar="NN", help=f"{which}; all when left out")
    commands.add(actions)
    building = actions.add_parser("site", help="build the book as a folder of pages for any web server")
    building.add_argument("--to", type=Path, default=Path("bpbook-site"), help="the folder (default: %(default)s)")
    building.add_argument("--serve", action="store_true", help="show the pages on this machine afterwards")
    parser.set_defaults(folder=default_folder(), chapter="01")
    options = parser.parse_args(arguments)
    if hasattr(options, "do"):
        return _of_the_classroom(options)
    folder = options.folder.expanduser().resolve()
    if folder.exists() and not folder.is_dir():
        raise SystemExit(f"bpbook: --folder must be a folder; {folder} is a file.")
    try:
        if options.action == "run":
            return run(options.chapters)
        if options.action == "site":
            return _site(options.to.expanduser().resolve(), options.serve)
        folder.mkdir(parents=True, exist_ok=True)
        return reset(folder, options.chapter) if options.action == "reset" else open_book(folder, options.chapter)
    except KeyboardInterrupt:
        print("bpbook: stopped.", file=sys.stderr)
        return 130
    except OSError as reason:
        if options.action in ("run", "site"):
            raise
        raise SystemExit(
            f"bpbook: --folder must be a folder that can be written to; {folder} is not ({reason.strerror}). "
            "Choose another."
        ) from None


if __name__ == "__main__":
    sys.exit(main())
