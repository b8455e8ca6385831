"""The system's Chromium, a judge of answer cells, and a way to run one equation's tests: pytest --equation BP2."""

import os
import shutil
import time

# Before NumPy comes: two workers share two cores, where a second thread for each costs more than it computes.
os.environ |= {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}

import numpy as np
import pytest

import bpbook as bp

READERS = range(5)
ARGUMENTS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
ARGUMENTS += ["--disable-background-networking", "--disable-component-update", "--disable-sync"]


def pytest_addoption(parser):
    """Add --equation."""
    parser.addoption("--equation", metavar="NAME", help="run only the tests marked with this equation of the ledger")


def pytest_terminal_summary(terminalreporter):
    """Say what had to be opened or tried once more, so that a second try hides nothing."""
    for report in terminalreporter.getreports("rerun"):
        terminalreporter.line(f"tried once more: {report.nodeid}: {report.longrepr.reprcrash.message}")
    for report in terminalreporter.getreports("passed"):
        for name, words in report.user_properties:
            if name == "opened once more":
                terminalreporter.line(f"{name}: {words}")


def pytest_collection_modifyitems(config, items):
    """Keep the tests that are marked with the equation."""
    name = config.getoption("--equation")
    if name:
        items[:] = [item for item in items if any(mark.args == (name,) for mark in item.iter_markers("equation"))]


@pytest.fixture
def judge(tmp_path, monkeypatch):
    """Return a function that judges a whole answer cell for the numbers of a seed, with an empty folder of marks."""
    monkeypatch.setenv("BPBOOK_HOME", str(tmp_path))

    def judged(number, name, source, seed):
        chapter = bp.exercises.chapter(number, seed)
        namespace = {"np": np, "bp": bp, "q": chapter}
        exec(source, namespace)
        return chapter.questions[name](namespace[name]).verdict

    return judged


@pytest.fixture
def is_right(judge, capsys):
    """Return a function that asserts that an answer cell earns everything, whoever writes it, and prints nothing."""

    def asserted(number, name, source):
        for seed in READERS:
            verdict = judge(number, name, source, seed)
            assert (verdict.status, verdict.credit) == ("right", 1.0), (seed, verdict)
        assert capsys.readouterr() == ("", "")

    return asserted


@pytest.fixture(scope="session")
def ended():
    """Return a function that waits until an experiment runs no more and has said why; `meanwhile` is called again."""

    def waited(experiment, seconds=60, meanwhile=lambda: None):
        end = time.monotonic() + seconds
        while experiment.running.on:
            assert time.monotonic() < end
            meanwhile()
            time.sleep(0.005)
        with experiment.running.lock:  # held until the end has been told
            return

    return waited


@pytest.fixture
def is_wrong(judge):
    """Return a function that asserts that an answer cell is refused, with these words, or as this mistake."""

    def asserted(number, name, source, words="", mistake=None):
        for seed in READERS:
            verdict = judge(number, name, source, seed)
            assert verdict.status != "right" and verdict.credit < 1, (seed, verdict)
            assert verdict.status != "raised" or words or mistake, (seed, verdict)
            assert words in verdict.message and mistake in (None, verdict.mistake), (seed, verdict)

    return asserted


@pytest.fixture(scope="module")
def chromium():
    """Yield the system's Chromium; without it tests are skipped, and in CI they fail."""
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        path = None
    if path is None:
        reason = "the browser tests need Chromium and the package playwright"
        pytest.fail(reason) if os.environ.get("CI") else pytest.skip(reason)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()
