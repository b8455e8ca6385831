"""The system's Chromium for the tests of this folder; without it they are skipped, and in CI they fail."""

import json
import os
import shutil
from contextlib import contextmanager

import pytest

ARGUMENTS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
ARGUMENTS += ["--disable-background-networking", "--disable-component-update", "--disable-sync"]
PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>static</title><style>%s</style>
<body><main id="here"></main><script type="module">
%s
const values = %s, heard = {};
window.asked = [];
const model = {
  get: (name) => values[name],
  set: (name, value) => { values[name] = value; },
  save_changes: () => heard.change(),
  send: (question) => window.asked.push(question),
  on: (name, act) => { heard[name] = act; },
  off: () => {},
};
widget.render({ model, el: document.getElementById("here") });
</script></body></html>"""


@pytest.fixture(scope="module")
def chromium():
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


@pytest.fixture
def without_kernel(chromium, tmp_path):
    """Yield a function that opens a page with this experiment and no Python; `window.asked` has what it would ask."""

    @contextmanager
    def opened(experiment, color_scheme="light"):
        values = {name: value for name, value in experiment.get_state().items() if not name.startswith("_")}
        values = json.dumps(
            {name: value for name, value in values.items() if name not in ("layout", "tabbable", "tooltip")}
        )
        module = experiment._esm.replace("export default", "const widget =")
        (tmp_path / "page.html").write_text(PAGE % (experiment._css, module, values), encoding="utf-8")
        page, complaints = chromium.new_page(viewport={"width": 820, "height": 960}, color_scheme=color_scheme), []
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("request", lambda request: complaints.append(request.url) if request.url[:5] != "file:" else None)
        page.goto((tmp_path / "page.html").as_uri())
        page.wait_for_selector("svg")
        yield page
        page.screenshot(path=tmp_path / f"{color_scheme}.png")
        page.close()
        assert complaints == []

    return opened
