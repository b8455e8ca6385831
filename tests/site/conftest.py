"""The whole site, built once for the tests of this folder; without the extra `site` they are skipped by name."""

import threading
from pathlib import Path

import pytest

from bpbook.site import build
from bpbook.site.serving import server

ROOT = Path(__file__).resolve().parent.parent.parent


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
