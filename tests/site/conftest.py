"""The whole site, built once for the tests of this folder; without the extra `site` they are skipped by name."""

import os
import shutil
import threading
from pathlib import Path

import pytest

from bpbook.site import build
from bpbook.site.serving import server

ROOT = Path(__file__).resolve().parent.parent.parent
ARGUMENTS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
ARGUMENTS += ["--disable-background-networking", "--disable-component-update", "--disable-sync"]


@pytest.fixture(scope="session")
def needs_sphinx():
    """Skip where the extra is not installed."""
    if missing := build.missing():
        pytest.skip(f"the tests of the site need the extra `site`; missing: {', '.join(missing)}")


@pytest.fixture(scope="session")
def site(needs_sphinx, tmp_path_factory):
    """Return the folder of the built site; what the build had to say is a failure."""
    folder = tmp_path_factory.mktemp("site") / "book"
    assert build.build(ROOT, folder) == []
    return folder


@pytest.fixture(scope="session")
def address(site):
    """Yield the address under which the site is shown."""
    running = server(site)
    threading.Thread(target=running.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{running.server_port}"
    running.shutdown()
    running.server_close()


@pytest.fixture(scope="module")
def chromium():
    """Yield the system's Chromium; without it the tests are skipped, and in CI they fail."""
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        path = None
    if path is None:
        reason = "the tests of the pages need Chromium and the package playwright"
        pytest.fail(reason) if os.environ.get("CI") else pytest.skip(reason)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()
