"""How long a reader waits: from moving a control to the new picture, in headless Chromium and a real JupyterLab.

    python benchmarks/latency.py

Beside the experiments stands what most notebooks do, `ipywidgets.interact` around a matplotlib drawing, in the same
page and the same run, taking turns; what counts is the ratio.
"""

import argparse
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import nbformat
import numpy as np
from playwright.sync_api import Page, sync_playwright

import bpbook

CELL = """
%matplotlib inline
import numpy as np
import bpbook as bp
from ipywidgets import FloatSlider, interact
from matplotlib import pyplot as plt
from IPython.display import display

bp.plots.style()
net = bp.MLP([1, 1], output="sigmoid", loss="squared_error")
w_axis = np.linspace(-8, 8, 161)
heights = (1 / (1 + np.exp(-(2 * w_axis - 2))) - 1) ** 2 / 2

def plain(w=FloatSlider(value=1.0, min=-8, max=8, step=0.1)):
    net.W[1][...], net.b[1][...] = w, -2.0
    cache = net.forward([[2.0]])
    slope = net.backward(cache, [1.0]).dW[1].item()
    fig, ax = plt.subplots(figsize=(6.4, 3.4))
    ax.plot(w_axis, heights)
    ax.axline((w, net.loss(cache, [1.0])), slope=slope)
    ax.plot(w, net.loss(cache, [1.0]), "o")
    ax.set(xlabel="w", ylabel="C", xlim=(-8, 8), ylim=(-0.06, 0.56))
    plt.show()

interact(plain)
display(bp.widgets.neuron(), bp.widgets.backward_stepper(), bp.widgets.chain())
"""
# Each control: move it (k counts the moves), and say what is shown; the picture is new when that has changed.
CONTROLS = {
    "interact": {
        "move": "press(all('.widget-interact .noUi-handle')[0], k)",
        "shown": "all('.widget-interact img').at(-1)?.src",
        "image": "all('.widget-interact img').at(-1)",
    },
    "FigureView": {
        "move": "press(all('.bpbook-figure')[0].closest('.widget-vbox').querySelector('.noUi-handle'), k)",
        "shown": "all('.bpbook-figure img')[0].src",
        "image": "all('.bpbook-figure img')[0]",
    },
    "NetworkDiagram": {
        "move": "slide(all('.bpbook-network [data-is=slider]')[0], 0.55 + 0.05 * (k % 20))",
        "shown": "all('.bpbook-network .node')[2].textContent + all('.bpbook-network .edge text')[0].textContent",
        "image": "null",
    },
    "GraphDiagram": {
        "move": "slide(all('.bpbook-graph [data-is=x-slider]')[0], 1 + 0.1 * (k % 20))",
        "shown": "all('.bpbook-graph .node')[1].textContent",
        "image": "null",
    },
}
SCRIPT = """
const all = (selector) => [...document.querySelectorAll(selector)];
const frame = () => new Promise(requestAnimationFrame);
const press = (handle, k) => {
  const key = k % 20 < 10 ? "ArrowRight" : "ArrowLeft";
  handle.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
};
const slide = (slider, value) => {
  slider.focus();
  slider.value = value;
  slider.dispatchEvent(new Event("input"));
};
"""
TARGETS = {"FigureView": 0.6, "NetworkDiagram": 1 / 3}
SCRIPT_TARGET = 2.0


@contextmanager
def jupyterlab(folder: Path) -> Iterator[str]:
    """Yield the address of a JupyterLab that serves this folder."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", f"--ServerApp.port={port}"]
    command += [f"--ServerApp.root_dir={folder}", "--IdentityProvider.token=", "--ServerApp.ip=127.0.0.1"]
    command += ["--LabApp.expose_app_in_browser=True", "--LabApp.extension_manager=readonly"]
    command += ["--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate"]
    private = {name: str(folder / name.lower()) for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "IPYTHONDIR")}
    no_news = {"JUPYTER_CONFIG_PATH": str(Path(bpbook.__file__).parent / "jupyter"), "OPENBLAS_NUM_THREADS": "1"}
    with open(folder / "server.log", "w") as log:
        server = subprocess.Popen(command, cwd=folder, env=os.environ | private | no_news, stdout=log, stderr=log)
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(300):
            try:
                urllib.request.urlopen(f"{address}/api", timeout=5).close()
                break
            except (urllib.error.URLError, ConnectionError):
                time.sleep(0.2)
        yield address
    finally:
        server.terminate()
        server.wait(timeout=30)


@contextmanager
def in_jupyterlab(cell: str, selector: str, height: int) -> Iterator[Page]:
    """Yield a page in which the cell has run and what the selector means stands."""
    kernel = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell)], metadata={"kernelspec": kernel})
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        nbformat.write(notebook, Path(folder) / "timed.ipynb")
        with jupyterlab(Path(folder)) as address:
            arguments = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
            browser = playwright.chromium.launch(executable_path=chromium, args=arguments)
            page = browser.new_page(viewport={"width": 1100, "height": height})
            page.goto(f"{address}/lab/tree/timed.ipynb")
            page.wait_for_function(
                """() => window.jupyterapp?.shell.currentWidget?.sessionContext?.session?.kernel?.status === "idle" """,
                timeout=60000,
            )
            page.evaluate("window.jupyterapp.commands.execute('notebook:run-all-cells')")
            page.wait_for_selector(f"{selector}, .jp-RenderedText[data-mime-type*=stderr]", timeout=60000)
            if complaint := page.locator(".jp-OutputArea-output[data-mime-type*=error]").all_text_contents():
                raise RuntimeError(f"The cell failed: {complaint[0][-400:]}")
            yield page
            browser.close()


@contextmanager
def opened() -> Iterator[Page]:
    """Yield a page in which the cell has run and every picture stands."""
    with in_jupyterlab(CELL, ".bpbook-graph .node", 2600) as page:
        page.wait_for_selector(".widget-interact img", timeout=60000)
        page.locator(".bpbook-network .edge .hit").first.click(force=True)
        page.wait_for_timeout(1000)
        yield page


def wait(page: Page, name: str, k: int) -> float:
    """Move a control once and return the milliseconds until the new picture is drawn."""
    control = CONTROLS[name]
    program = f"""async (k) => {{
      {SCRIPT}
      const shown = () => {control["shown"]}, before = shown(), begun = performance.now();
      {control["move"]};
      while (shown() === before || !shown()) {{
        if (performance.now() - begun > 5000) return null;
        await new Promise((resolve) => setTimeout(resolve, 1));
      }}
      const image = {control["image"]};
      if (image) await image.decode();
      await frame();
      return performance.now() - begun;
    }}"""
    taken = page.evaluate(program, k)
    if taken is None:
        raise RuntimeError(f"{name} showed no new picture within 5 seconds of move {k}.")
    page.wait_for_timeout(60)
    return float(taken)


def drag(page: Page, name: str) -> tuple[int, float]:
    """Move a control sixty times, once a frame; return how many pictures came after the last move, and how late."""
    control = CONTROLS[name]
    program = f"""async () => {{
      {SCRIPT}
      const shown = () => {control["shown"]};
      for (let k = 0; k < 60; k++) {{ {control["move"]}; await frame(); }}
      const begun = performance.now();
      let now = shown(), pictures = 0, last = 0;
      while (performance.now() - begun < 1500) {{
        await new Promise((resolve) => setTimeout(resolve, 1));
        if (shown() !== now) {{ now = shown(); pictures += 1; last = performance.now() - begun; }}
      }}
      return [pictures, last];
    }}"""
    pictures, last = page.evaluate(program)
    return int(pictures), float(last)


def steps(page: Page) -> Any:
    """Return the milliseconds of script of 200 steps inside the browser, forward and back."""
    return page.evaluate(
        f"""() => {{
          {SCRIPT}
          const button = (name) => all(`.bpbook-network [data-do=${{name}}]`)[0], taken = [];
          for (let k = 0; k < 200; k++) {{
            const begun = performance.now();
            button(k % 2 ? "back" : "on").click();
            taken.push(performance.now() - begun);
          }}
          return taken;
        }}"""
    )


def verdict(value: float, target: float) -> str:
    """Say whether `value` is at most `target`."""
    return f"at most {target:.2f}: {'reached' if value <= target else 'NOT reached'}"


def main() -> None:
    """Print the table, and what was reached."""
    parser = argparse.ArgumentParser(description="Time experiments from control to picture.")
    parser.add_argument("--moves", type=int, default=40, help="moves of every control (40)")
    moves = parser.parse_args().moves
    with opened() as page:
        waits: dict[str, list[float]] = {name: [] for name in CONTROLS}
        for k in range(moves + 3):
            for name in CONTROLS:
                taken = wait(page, name, k)
                if k >= 3:  # the first ones warm up
                    waits[name].append(taken)
        script = steps(page)
        drags = {name: drag(page, name) for name in CONTROLS}
    print(f"{'milliseconds':16}{'median':>8}{'90 %':>8}{'ratio':>8}")
    plain = np.median(waits["interact"])
    for name, taken in waits.items():
        ratio = np.median(taken) / plain
        line = f"{name:16}{np.median(taken):8.1f}{np.percentile(taken, 90):8.1f}{ratio:8.2f}"
        print(line + (f"   {verdict(ratio, TARGETS[name])}" if name in TARGETS else ""))
    median, slow = np.median(script), np.percentile(script, 90)
    print(f"{'step in browser':16}{median:8.2f}{slow:8.2f}{'':8}   {verdict(median, SCRIPT_TARGET)}")
    print(
        "\nA drag of sixty moves, one a frame: pictures after the last move, and milliseconds until the last of them."
    )
    print("Two are the picture on its way and the right one.")
    for name, (pictures, last) in drags.items():
        print(f"{name:16}{pictures:8}{last:8.1f}{'':8}   {verdict(pictures, 2)}")


if __name__ == "__main__":
    main()
