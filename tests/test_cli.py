"""The command `bpbook`: what it copies, keeps, refuses and runs."""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import nbformat
import pytest

from bpbook import cli

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def book(tmp_path, monkeypatch):
    """Make a small book of two chapters, as an installed wheel would hold it; return its folder."""
    folder = tmp_path / "package" / "book"
    (folder / "notebooks").mkdir(parents=True)
    (folder / "figures").mkdir()
    write(folder / "notebooks" / "00_begin.ipynb", "print('begin')")
    write(folder / "notebooks" / "01_go_on.ipynb", "print('go on')", "1 + 1")
    (folder / "figures" / "network.svg").write_text("<svg/>")
    monkeypatch.setattr(cli, "PACKAGE", tmp_path / "package")
    monkeypatch.chdir(tmp_path)
    return folder


def write(path, *sources):
    cells = [nbformat.v4.new_code_cell(source, id=f"c{k}") for k, source in enumerate(sources)]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), path)


@pytest.fixture
def lab(monkeypatch, tmp_path):
    """Catch the command that would start JupyterLab."""
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path / "jupyter"))
    started = []

    class Lab:
        def __init__(self, command, cwd, env):
            started.append((command, Path(cwd), env))

        def wait(self):
            return 0

    monkeypatch.setattr(cli.subprocess, "Popen", Lab)
    return started


def test_open_copies_the_book_and_opens_the_copy_at_chapter_01(book, lab, tmp_path):
    assert cli.main([]) == 0
    command, folder, environment = lab[0]
    assert folder == tmp_path / "bpbook-book"
    assert (folder / "notebooks" / "01_go_on.ipynb").exists() and (folder / "figures" / "network.svg").exists()
    assert f"--ServerApp.root_dir={folder}" in command
    assert "--LabApp.default_url=/lab/tree/notebooks/01_go_on.ipynb" in command
    assert environment["BPBOOK_HOME"] == str(folder)


def test_open_signs_the_books_own_chapters_and_none_that_was_changed(book, lab, tmp_path, monkeypatch):
    from nbformat.sign import NotebookNotary

    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path / "data"))
    mine = tmp_path / "mine"
    cli.refresh(mine)
    write(mine / "notebooks" / "00_begin.ipynb", "print('not the book')")
    cli.main(["open", "01", "--folder", str(mine)])
    notary = NotebookNotary()
    with contextlib.closing(notary.store):
        signed = {
            path.name: notary.check_signature(nbformat.read(path, as_version=4))
            for path in (mine / "notebooks").iterdir()
        }
    assert signed == {"00_begin.ipynb": False, "01_go_on.ipynb": True}


def test_open_keeps_jupyterlab_from_asking_about_news(lab, tmp_path, monkeypatch):
    from jupyterlab_server.config import get_static_page_config

    cli.main(["--folder", str(tmp_path / "mine")])
    monkeypatch.setenv("JUPYTER_CONFIG_PATH", lab[0][2]["JUPYTER_CONFIG_PATH"])
    page = get_static_page_config(level="all")
    assert page["disabledExtensions"]["@jupyterlab/apputils-extension:announcements"] is True


def test_open_takes_a_chapter_and_a_folder(book, lab, tmp_path):
    cli.main(["--folder", str(tmp_path / "mine"), "open", "0"])
    command, folder, _ = lab[0]
    assert folder == tmp_path / "mine"
    assert "--LabApp.default_url=/lab/tree/notebooks/00_begin.ipynb" in command


def test_in_the_clone_the_copy_is_one_that_git_ignores():
    assert cli.default_folder() == ROOT / "mybook"
    assert "/mybook/" in (ROOT / ".gitignore").read_text().splitlines()


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="there is no root here")
@pytest.mark.parametrize(("user", "allowed"), [(0, True), (1000, False)])
def test_only_root_is_told_that_root_may(book, lab, monkeypatch, user, allowed):
    monkeypatch.setattr(cli.os, "geteuid", lambda: user)
    cli.main([])
    assert ("--allow-root" in lab[0][0]) is allowed


def test_without_a_browser_the_address_is_printed_instead(book, lab, monkeypatch, capsys):
    def none():
        raise cli.webbrowser.Error("no browser")

    monkeypatch.setattr(cli.webbrowser, "get", none)
    cli.main([])
    assert "--no-browser" in lab[0][0]
    assert "No browser was found here. Open an address below" in capsys.readouterr().out


def test_with_a_browser_the_reader_is_told_what_to_do_if_it_opens_nothing(book, lab, monkeypatch, capsys, tmp_path):
    monkeypatch.setattr(cli.webbrowser, "get", lambda: "a browser")
    cli.main([])
    said = capsys.readouterr().out
    assert "--no-browser" not in lab[0][0]
    assert "If no browser opens it, open an address below" in said
    assert f"Opening 01_go_on.ipynb. Your copy of the book, with your answers, is in {tmp_path}" in said


def test_the_tabs_of_the_book_are_kept_apart_from_other_work(book, lab, tmp_path):
    from jupyterlab.commands import get_workspaces_dir

    cli.main([])
    environment = lab[0][2]
    assert Path(environment["JUPYTERLAB_WORKSPACES_DIR"]).parent == tmp_path / "bpbook-book"
    with pytest.MonkeyPatch.context() as here:
        assert get_workspaces_dir() != environment["JUPYTERLAB_WORKSPACES_DIR"]
        here.setenv("JUPYTERLAB_WORKSPACES_DIR", environment["JUPYTERLAB_WORKSPACES_DIR"])
        assert get_workspaces_dir() == environment["JUPYTERLAB_WORKSPACES_DIR"]


def test_the_contents_are_open_at_first_and_later_what_the_reader_left_open(lab, tmp_path):
    from jupyterlab_server.workspaces_handler import WorkspacesManager

    cli.main(["--folder", str(tmp_path / "mine")])
    rooms = WorkspacesManager(lab[0][2]["JUPYTERLAB_WORKSPACES_DIR"])
    left = rooms.load("default")["data"]["layout-restorer:data"]["left"]
    assert (left["current"], left["collapsed"]) == ("@jupyterlab/toc:plugin", False)
    assert left["current"] in left["widgets"]
    rooms.save("default", json.dumps({"data": {}, "metadata": {"id": "default"}}))  # the reader has closed everything
    cli.main(["--folder", str(tmp_path / "mine")])
    assert rooms.load("default")["data"] == {}


def test_names_in_the_sidebar_have_its_width_to_themselves(lab, tmp_path):
    cli.main(["--folder", str(tmp_path / "mine")])
    settings = Path(lab[0][2]["JUPYTER_CONFIG_PATH"].split(os.pathsep)[0]) / "labconfig"
    kept = json.loads((settings / "default_setting_overrides.json").read_text(encoding="utf-8"))
    assert kept["@jupyterlab/filebrowser-extension:browser"] == {"showLastModifiedColumn": False}


def test_the_book_opens_where_home_cannot_be_written_to(book, lab, tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    for name in ("JUPYTER_RUNTIME_DIR", "JUPYTER_CONFIG_DIR", "IPYTHONDIR", "MPLCONFIGDIR"):
        monkeypatch.setenv(name, "as it was")  # and back to that afterwards
    cli.main([])
    assert lab[0][2]["JUPYTER_RUNTIME_DIR"] == "as it was"
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path / "file" / "jupyter"))
    assert cli.main([]) == 0
    environment = lab[1][2]
    for name in ("JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "JUPYTER_CONFIG_DIR", "IPYTHONDIR", "MPLCONFIGDIR"):
        assert Path(environment[name]).is_relative_to(tmp_path / "bpbook-book")
    assert list(Path(environment["JUPYTER_DATA_DIR"]).iterdir())  # the signatures


def test_in_a_terminal_of_jupyterlab_the_command_is_found_and_means_the_open_copy(book, lab, tmp_path, monkeypatch):
    cli.main(["open", "--folder", str(tmp_path / "mine")])
    environment = lab[0][2]
    assert environment["PATH"].split(os.pathsep)[0] == str(Path(sys.executable).parent)
    assert cli.default_folder() == tmp_path / "bpbook-book"
    monkeypatch.setenv("BPBOOK_HOME", environment["BPBOOK_HOME"])
    assert cli.default_folder() == tmp_path / "mine"
    monkeypatch.setenv("BPBOOK_HOME", str(tmp_path / "marks only"))
    assert cli.default_folder() == tmp_path / "bpbook-book"


@pytest.fixture
def kernel_of_other_work(monkeypatch, tmp_path):
    """Plant a kernel that is named as ours and cannot run; return the folder that holds it."""
    spec = tmp_path / "data" / "kernels" / "python3" / "kernel.json"
    spec.parent.mkdir(parents=True)
    argv = [sys.executable, "-c", "raise SystemExit('not this one')", "{connection_file}"]
    spec.write_text(json.dumps({"argv": argv, "display_name": "Other work", "language": "python"}))
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("JUPYTER_PREFER_ENV_PATH", "0")
    return spec.parent


def test_jupyterlab_uses_this_python_whatever_kernels_the_reader_keeps(book, lab, kernel_of_other_work):
    from jupyter_client.kernelspec import KernelSpecManager

    assert KernelSpecManager().get_kernel_spec("python3").resource_dir == str(kernel_of_other_work)
    cli.main([])
    assert lab[0][2]["JUPYTER_PREFER_ENV_PATH"] == "1"


def test_run_uses_this_python_whatever_kernels_the_reader_keeps(book, kernel_of_other_work, capfd):
    assert cli.main(["run", "00"]) == 0
    said = capfd.readouterr()
    assert said.out.endswith("1 cells  ok\n") and "WARNING" not in said.err


@pytest.mark.skipif(sys.platform != "linux", reason="a browser is always found there, and Ctrl-C may be another thing")
def test_the_terminal_shows_where_the_book_is_and_little_else(tmp_path):
    environment = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "BROWSER")}
    environment |= {"HOME": str(tmp_path), "JUPYTER_PLATFORM_DIRS": "0", "PATH": os.path.dirname(sys.executable)}
    command = [sys.executable, "-m", "bpbook.cli", "--folder", str(tmp_path / "mine")]
    keyboard, terminal = os.openpty()  # only at a keyboard does JupyterLab ask whether Ctrl-C is meant
    piped = {"stdin": terminal, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
    lines = []
    with subprocess.Popen(command, env=environment, start_new_session=True, **piped) as book:
        for line in book.stdout:
            lines.append(line.strip())
            if "127.0.0.1" in line:
                os.killpg(book.pid, signal.SIGINT)  # as a terminal does, to everyone in it
    os.close(keyboard)
    os.close(terminal)
    assert book.returncode == 0
    assert lines[1].startswith("No browser was found here.")
    assert len([line for line in lines if line]) <= 12 and not [line for line in lines if "y/[n]" in line]


def test_an_unknown_chapter_is_refused_in_one_line(book):
    with pytest.raises(SystemExit, match=r"^bpbook: NN must be one of 00, 01; got 7\.$"):
        cli.main(["open", "7"])


def test_a_folder_that_is_a_file_is_refused(book, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(SystemExit, match="--folder must be a folder"):
        cli.main(["--folder", str(tmp_path / "file"), "reset", "01"])


def test_a_folder_that_cannot_be_written_to_is_refused_in_one_line(book, tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    with pytest.raises(
        SystemExit, match=r"^bpbook: --folder must be a folder that can be written to; .*Choose another"
    ):
        cli.main(["--folder", str(tmp_path / "file" / "mine"), "open"])

    def refused(*arguments):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(cli.os, "replace", refused)
    with pytest.raises(SystemExit, match=r"^bpbook: --folder must .*mine is not \(Permission denied\)\."):
        cli.main(["--folder", str(tmp_path / "mine"), "open"])


def test_the_book_itself_is_never_the_working_copy(book, lab):
    before = sorted(book.rglob("*"))
    with pytest.raises(SystemExit, match=r"^bpbook: --folder must not be the book itself; got .*\. Choose an empty"):
        cli.main(["--folder", str(book), "open"])
    assert sorted(book.rglob("*")) == before and lab == []


@pytest.mark.parametrize("text", ["", '{"a":', "[]", "[1]", "7", '{"notebooks/00_begin.ipynb": 7}'])
def test_a_damaged_manifest_loses_nothing_of_the_reader(book, tmp_path, text):
    mine = tmp_path / "mine" / "notebooks" / "00_begin.ipynb"
    cli.refresh(tmp_path / "mine")
    write(mine, "my_answer = 42")
    (tmp_path / "mine" / cli.MANIFEST).write_text(text)
    assert len(cli.refresh(tmp_path / "mine")) == 1
    assert "my_answer = 42" in mine.read_text()
    assert cli.refresh(tmp_path / "mine") == []


def test_a_copy_that_is_interrupted_leaves_no_half_file(book, tmp_path, monkeypatch):
    whole = cli.shutil.copyfile

    def interrupted(source, target):
        Path(target).write_bytes(Path(source).read_bytes()[:10])
        raise KeyboardInterrupt

    monkeypatch.setattr(cli.shutil, "copyfile", interrupted)
    assert cli.main(["--folder", str(tmp_path / "mine"), "open"]) == 130
    monkeypatch.setattr(cli.shutil, "copyfile", whole)
    assert [path.name for path in (tmp_path / "mine").rglob("*") if path.is_file()] == []
    assert cli.refresh(tmp_path / "mine") == []


def test_many_at_once_make_one_whole_copy(book, tmp_path):
    program = (
        "import sys; from pathlib import Path; from bpbook import cli; cli.PACKAGE = Path(sys.argv[1]);"
        "[cli.refresh(Path(sys.argv[2]) / str(k)) for k in range(40)]"
    )
    command = [sys.executable, "-c", program, str(book.parent), str(tmp_path / "mine")]
    for running in [subprocess.Popen(command, stderr=subprocess.PIPE, text=True) for _ in range(4)]:
        assert running.communicate()[1] == ""
    assert len([path for path in (tmp_path / "mine").rglob("*") if path.is_file()]) == 40 * 4


def by_ctrl_c():
    raise KeyboardInterrupt


def by_sigterm():
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(5)


@pytest.fixture
def sigterm_as_it_was():
    before = signal.getsignal(signal.SIGTERM)
    yield
    signal.signal(signal.SIGTERM, before)


@pytest.mark.skipif(os.name == "nt", reason="signals are another thing there")
@pytest.mark.parametrize("stopped", [by_ctrl_c, by_sigterm])
def test_ctrl_c_and_sigterm_end_jupyterlab_and_wait_for_it(book, tmp_path, monkeypatch, stopped, sigterm_as_it_was):
    calls = []

    class Lab:
        def __init__(self, command, cwd, env):
            pass

        def wait(self):
            calls.append("wait")
            if len(calls) == 1:
                stopped()
            return -15

        def terminate(self):
            calls.append("terminate")

    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path / "jupyter"))
    monkeypatch.setattr(cli.subprocess, "Popen", Lab)
    assert cli.main([]) == 0
    assert calls == ["wait", "terminate", "wait"]


@pytest.mark.skipif(os.name == "nt", reason="Ctrl-C is another thing there")
def test_ctrl_c_ends_run_in_one_line(book, tmp_path):
    write(book / "notebooks" / "01_go_on.ipynb", "open('begun', 'w').close(); import time; time.sleep(60)")
    program = "import sys; from pathlib import Path; from bpbook import cli; cli.PACKAGE = Path(sys.argv[1]);"
    program += "sys.exit(cli.main(['run', '01', '00']))"
    environment = os.environ | {"TMPDIR": str(tmp_path)}
    running = subprocess.Popen(
        [sys.executable, "-c", program, str(book.parent)], stderr=subprocess.PIPE, text=True, env=environment
    )
    for _ in range(600):
        if list(tmp_path.glob("*/notebooks/begun")):
            break
        time.sleep(0.1)
    running.send_signal(signal.SIGINT)
    said = running.communicate(timeout=60)[1]
    assert running.returncode == 130
    assert "cli.py" not in said and said.endswith("bpbook: stopped.\n")  # the kernel may say what it thinks of it


def test_reset_says_what_an_upgrade_brought(book, tmp_path, capsys):
    mine = tmp_path / "bpbook-book" / "notebooks"
    cli.main(["reset", "01"])
    write(mine / "00_begin.ipynb", "my_answer = 42")
    write(book / "notebooks" / "00_begin.ipynb", "print('begin better')")
    cli.main(["reset", "01"])
    assert "yours is kept, and the new one is beside it as 00_begin.new1.ipynb" in capsys.readouterr().out


def test_an_upgrade_refreshes_what_the_reader_left_alone(book, tmp_path):
    cli.refresh(tmp_path / "mine")
    write(book / "notebooks" / "00_begin.ipynb", "print('begin better')")
    assert cli.refresh(tmp_path / "mine") == []
    assert "begin better" in (tmp_path / "mine" / "notebooks" / "00_begin.ipynb").read_text()


def test_an_upgrade_keeps_what_the_reader_changed_and_puts_the_new_one_beside_it(book, tmp_path):
    mine = tmp_path / "mine" / "notebooks" / "00_begin.ipynb"
    cli.refresh(tmp_path / "mine")
    write(mine, "my_answer = 42")
    assert cli.refresh(tmp_path / "mine") == []
    write(book / "notebooks" / "00_begin.ipynb", "print('begin better')")
    said = cli.refresh(tmp_path / "mine")
    assert len(said) == 1 and "00_begin.new1.ipynb" in said[0]
    assert "my_answer = 42" in mine.read_text()
    assert "begin better" in mine.with_name("00_begin.new1.ipynb").read_text()
    assert cli.refresh(tmp_path / "mine") == []


def test_a_second_upgrade_keeps_what_the_reader_wrote_into_the_first_new_one(book, tmp_path):
    mine = tmp_path / "mine" / "notebooks" / "00_begin.ipynb"
    cli.refresh(tmp_path / "mine")
    write(mine, "my_answer = 42")
    write(book / "notebooks" / "00_begin.ipynb", "print('begin better')")
    cli.refresh(tmp_path / "mine")
    write(mine.with_name("00_begin.new1.ipynb"), "my_answer = 43")
    write(book / "notebooks" / "00_begin.ipynb", "print('begin best')")
    said = cli.refresh(tmp_path / "mine")
    assert "my_answer = 43" in mine.with_name("00_begin.new1.ipynb").read_text()
    assert "begin best" in mine.with_name("00_begin.new2.ipynb").read_text()
    assert "00_begin.new2.ipynb" in said[0]


def test_a_chapter_that_was_only_opened_and_run_follows_the_book(book, tmp_path):
    mine = tmp_path / "mine" / "notebooks" / "00_begin.ipynb"
    cli.refresh(tmp_path / "mine")
    run = nbformat.read(mine, as_version=4)
    run.metadata["language_info"] = {"name": "python", "version": "3.11.2"}
    run.cells[0].outputs = [nbformat.v4.new_output("stream", text="begin\n")]
    run.cells.append(nbformat.v4.new_code_cell("", id="empty"))  # as JupyterLab does after the last cell
    nbformat.write(run, mine)
    assert cli.refresh(tmp_path / "mine") == []
    assert "3.11.2" in mine.read_text()
    write(book / "notebooks" / "00_begin.ipynb", "print('begin better')")
    assert cli.refresh(tmp_path / "mine") == []
    assert "begin better" in mine.read_text()


def with_output(path, text):
    notebook = nbformat.read(path, as_version=4)
    notebook.cells[0].outputs = [nbformat.v4.new_output("stream", text=text)]
    nbformat.write(notebook, path)


def test_a_chapter_nobody_wrote_into_follows_a_book_that_only_prints_otherwise(book, tmp_path):
    mine = tmp_path / "mine" / "notebooks" / "00_begin.ipynb"
    cli.refresh(tmp_path / "mine")
    with_output(mine, "the reader's run")
    cli.refresh(tmp_path / "mine")
    assert "the reader's run" in mine.read_text()  # for as long as the book stays as it is
    with_output(book / "notebooks" / "00_begin.ipynb", "a better picture")
    assert cli.refresh(tmp_path / "mine") == []
    assert mine.read_bytes() == (book / "notebooks" / "00_begin.ipynb").read_bytes()


def test_a_book_that_only_prints_otherwise_leaves_the_readers_answers_alone(book, tmp_path):
    mine = tmp_path / "mine" / "notebooks" / "00_begin.ipynb"
    cli.refresh(tmp_path / "mine")
    write(mine, "my_answer = 42")
    with_output(book / "notebooks" / "00_begin.ipynb", "a better picture")
    assert cli.refresh(tmp_path / "mine") == []
    assert "my_answer = 42" in mine.read_text()
    assert [path.name for path in mine.parent.iterdir() if ".new" in path.name] == []


@pytest.mark.parametrize("written", ["another source", "another type", "a cell more", "a cell less", "half a file"])
def test_what_the_reader_wrote_is_kept_whatever_it_is(book, tmp_path, written):
    mine = tmp_path / "mine" / "notebooks" / "01_go_on.ipynb"
    cli.refresh(tmp_path / "mine")
    notebook = nbformat.read(mine, as_version=4)
    if written == "another source":
        notebook.cells[1].source += " + 2"
    elif written == "another type":
        notebook.cells[1] = nbformat.v4.new_markdown_cell(notebook.cells[1].source, id="c1")
    elif written == "a cell more":
        notebook.cells.append(nbformat.v4.new_code_cell("mine = 1", id="mine"))
    else:
        del notebook.cells[1]
    nbformat.write(notebook, mine)
    if written == "half a file":
        mine.write_text(mine.read_text()[:100])
    kept = mine.read_bytes()
    write(book / "notebooks" / "01_go_on.ipynb", "print('go on better')")
    assert len(cli.refresh(tmp_path / "mine")) == 1
    assert mine.read_bytes() == kept


def test_a_file_that_was_there_before_the_book_is_never_overwritten(book, tmp_path):
    mine = tmp_path / "mine" / "notebooks" / "00_begin.ipynb"
    mine.parent.mkdir(parents=True)
    mine.write_text("something of my own")
    cli.refresh(tmp_path / "mine")
    assert mine.read_text() == "something of my own"


def test_reset_restores_a_chapter_and_keeps_every_old_one(book, tmp_path, capsys):
    mine = tmp_path / "bpbook-book" / "notebooks" / "01_go_on.ipynb"
    for k, answer in enumerate(["first = 1", "second = 2"], start=1):
        cli.main(["reset", "01"])
        write(mine, answer)
        assert cli.main(["reset", "01"]) == 0
        assert answer in mine.with_name(f"01_go_on.old{k}.ipynb").read_text()
        assert "go on" in mine.read_text()
    assert "is kept as 01_go_on.old2.ipynb" in capsys.readouterr().out


def test_reset_of_a_fresh_chapter_keeps_nothing(book, tmp_path):
    assert cli.main(["reset", "01"]) == 0
    assert list((tmp_path / "bpbook-book" / "notebooks").glob("*.old*")) == []


def test_run_prints_a_line_each_and_leaves_the_book_alone(book, capsys):
    before = {path: path.read_bytes() for path in book.rglob("*.ipynb")}
    assert cli.main(["run"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == ["00_begin.ipynb", "01_go_on.ipynb"]
    assert lines[1].split()[3:] == ["2", "cells", "ok"]
    assert {path: path.read_bytes() for path in book.rglob("*.ipynb")} == before


def test_run_fails_when_a_chapter_fails_and_names_cell_and_error(book, capsys):
    write(book / "notebooks" / "01_go_on.ipynb", "x = 1", "assert x == 2, 'not so'")
    assert cli.main(["run", "01"]) == 1
    assert "FAILED in code cell 2: AssertionError: not so" in capsys.readouterr().out


def test_run_names_the_failing_cell_of_a_chapter_that_is_stored_with_outputs(book, capsys):
    path = book / "notebooks" / "01_go_on.ipynb"
    write(path, "x = 1", "assert x == 2", "x = 3")
    stored = nbformat.read(path, as_version=4)
    for k, cell in enumerate(stored.cells, start=1):
        cell.execution_count = k
    nbformat.write(stored, path)
    assert cli.main(["run", "01"]) == 1
    assert "FAILED in code cell 2: AssertionError" in capsys.readouterr().out


def test_run_copes_with_an_assertion_that_says_nothing(book, capsys):
    write(book / "notebooks" / "01_go_on.ipynb", "assert False")
    assert cli.main(["run", "01"]) == 1
    assert "FAILED in code cell 1: AssertionError" in capsys.readouterr().out


def test_the_manifest_is_readable(book, tmp_path):
    cli.refresh(tmp_path / "mine")
    manifest = json.loads((tmp_path / "mine" / cli.MANIFEST).read_text())
    assert set(manifest) == {"notebooks/00_begin.ipynb", "notebooks/01_go_on.ipynb", "figures/network.svg"}
    shutil.rmtree(tmp_path / "mine")
