"""The stepper in a real JupyterLab: moved by mouse and keyboard, and what it shows compared with bpbook."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import nbformat
import pytest

import bpbook as bp

pytestmark = pytest.mark.browser
X, Y = [[1.0, 2.0], [-1.0, 3.0]], [1.0, 0.0]


@pytest.fixture(scope="module")
def lab(chromium, tmp_path_factory):
    """Yield the address of a JupyterLab with one notebook, experiment.ipynb."""
    folder = tmp_path_factory.mktemp("lab")
    cell = nbformat.v4.new_code_cell("import bpbook as bp\nbp.widgets.backward_stepper()")
    kernel = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
    notebook = nbformat.v4.new_notebook(cells=[cell], metadata={"kernelspec": kernel})
    nbformat.write(notebook, folder / "experiment.ipynb")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", f"--ServerApp.port={port}"]
    command += [f"--ServerApp.root_dir={folder}", "--IdentityProvider.token=", "--ServerApp.ip=127.0.0.1"]
    command += ["--LabApp.expose_app_in_browser=True", "--LabApp.extension_manager=readonly"]
    command += ["--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate"]
    private = {name: str(folder / name.lower()) for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "IPYTHONDIR")}
    no_news = str(Path(bp.__file__).parent / "jupyter")
    environment = os.environ | private | {"OPENBLAS_NUM_THREADS": "1", "JUPYTER_CONFIG_PATH": no_news}
    with open(folder / "server.log", "w") as log:
        server = subprocess.Popen(command, cwd=folder, env=environment, stdout=log, stderr=log)
    try:
        wait_for(f"http://127.0.0.1:{port}/api")
        yield f"http://127.0.0.1:{port}/lab/tree/experiment.ipynb"
    finally:
        server.terminate()
        server.wait(timeout=30)


def wait_for(address):
    until = time.monotonic() + 60
    while True:
        try:
            return urllib.request.urlopen(address, timeout=5).close()
        except (urllib.error.URLError, ConnectionError):
            if time.monotonic() > until:
                raise
            time.sleep(0.2)


@pytest.fixture(scope="module")
def page(chromium, lab, tmp_path_factory):
    page, complaints, outside = chromium.new_page(viewport={"width": 1200, "height": 1100}), [], []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    here = ("http://127.0.0.1", "ws://127.0.0.1", "data:", "blob:")
    page.on("request", lambda request: None if request.url.startswith(here) else outside.append(request.url))
    page.goto(lab)
    page.wait_for_selector(".jp-Notebook .jp-Cell", timeout=60000)
    page.wait_for_function("window.jupyterapp && document.querySelector('.jp-NotebookPanel')", timeout=60000)
    page.wait_for_function(
        """() => window.jupyterapp.shell.currentWidget?.sessionContext?.session?.kernel?.status === "idle" """,
        timeout=30000,
    )
    page.evaluate("window.jupyterapp.commands.execute('notebook:run-all-cells')")
    page.wait_for_selector(".bpbook-network .edge", timeout=60000)
    yield page
    page.screenshot(path=tmp_path_factory.mktemp("artefacts") / "stepper.png")
    page.close()
    assert complaints == []
    assert outside == []


@pytest.fixture
def stepper(page):
    """Yield the page with the experiment rewound, and its own network beside it."""
    page.click("[data-do=rewind]")
    says(page, "Rewound to the first weights.")
    return page, bp.widgets.backward_stepper().net


def says(page, text):
    page.wait_for_function("text => document.querySelector('.message').textContent.startsWith(text)", arg=text)


def shown(page, unit):
    """Return the number in the circle of this unit, counted from the first input."""
    return float(page.locator(".node text:nth-of-type(1)").nth(unit).text_content().replace("−", "-"))


def test_a_weight_set_by_keyboard_goes_through_python(stepper):
    page, net = stepper
    page.locator(".edge").nth(0).focus()
    page.keyboard.press("Enter")
    page.fill("[data-is=number]", "0.7")
    page.keyboard.press("Enter")
    page.wait_for_function("document.querySelector('.edge text').textContent === '0.7'")
    net.W[1][0, 0] = 0.7
    page.click("[data-do=on]")
    assert shown(page, 2) == float(f"{net.forward(X).a[1][0, 0]:.4g}")
    page.fill("[data-is=number]", "abc")
    page.keyboard.press("Enter")
    says(page, "w_00^1 must be a number such as 0.5; got 'abc'.")
    assert page.locator(".edge text").first.text_content() == "0.7"


def test_an_update_by_mouse_is_bpbooks(stepper):
    page, net = stepper
    for _ in range(5):
        page.click("[data-do=on]")
    assert page.locator("[data-do=on]").text_content() == "Update weights"
    page.click("[data-do=on]")
    says(page, "Updated with eta = 0.5")
    net.update(net.backward(net.forward(X), Y), 0.5)
    labels = page.locator(".edge text").all_text_contents()
    weights = [float(f"{w:.4g}") for W in net.W[1:] for w in W.ravel()]
    assert [float(label.replace("−", "-")) for label in labels] == weights


def test_an_eta_that_overflows_leaves_the_experiment_alive(stepper):
    page, _ = stepper
    for _ in range(5):
        page.click("[data-do=on]")
    page.fill("[data-is=eta]", "1e300")
    page.click("[data-do=on]")
    says(page, "The step with eta = 1e+300 is too large")
    page.fill("[data-is=eta]", "0.5")
    page.click("[data-do=on]")
    says(page, "Updated with eta = 0.5")


def test_a_drag_of_sixty_moves_ends_where_the_slider_is(stepper):
    page, net = stepper
    page.locator(".edge .hit").nth(0).click(force=True)
    page.evaluate(
        """async () => {
          const slider = document.querySelector("[data-is=slider]");
          slider.focus();
          for (let move = 0; move <= 60; move++) {
            slider.value = 0.5 + 0.05 * move;
            slider.dispatchEvent(new Event("input"));
            await new Promise(requestAnimationFrame);
          }
        }"""
    )
    page.wait_for_function("document.querySelector('.edge text').textContent === '3.5'")
    page.click("[data-do=on]")
    net.W[1][0, 0] = 3.5
    assert shown(page, 2) == float(f"{net.forward(X).a[1][0, 0]:.4g}")
