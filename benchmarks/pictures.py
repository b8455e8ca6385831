"""How many pictures a second a running experiment shows: in headless Chromium and a real JupyterLab.

    python benchmarks/pictures.py

The page counts the frames in which a picture changed. Beside each experiment stands a bare redraw: a thread in the same
kernel sends as many bytes as soon as the browser has drawn the last, and a canvas and an SVG of the same sizes are
drawn from them. The three take turns; what counts is the ratio, and on a quiet machine the pictures a second. What a
picture costs of processor time, in Python, in the server and in the browser, says the same where others are at work.
"""

import argparse
import os

import numpy as np
import psutil
from latency import in_jupyterlab
from playwright.sync_api import Page

CELL = """
import threading

import anywidget
import numpy as np
import traitlets
from IPython.display import display

import bpbook as bp

class Bare(anywidget.AnyWidget):
    _esm = '''
    export default { render({ model, el }) {
      el.innerHTML = `<button class="bare">go</button><div style="position: relative; width: 560px">
        <canvas id="bare" width="300" height="296"></canvas><svg width="560" height="388" id="wires"></svg></div>`;
      const pen = el.querySelector("canvas").getContext("2d"), small = new OffscreenCanvas(48, 48);
      const picture = new ImageData(48, 48), svg = el.querySelector("svg"), wires = [];
      for (let k = 0; k < 88; k++) {
        const wire = document.createElementNS("http://www.w3.org/2000/svg", "path");
        wire.setAttribute("d", `M0 ${4 * k}C280 ${4 * k} 280 ${388 - 4 * k} 560 ${388 - 4 * k}`);
        wire.setAttribute("stroke", "#2a6");
        wire.setAttribute("fill", "none");
        svg.append(wire);
        wires.push(wire);
      }
      el.querySelector("button").addEventListener("click", () => model.send({ do: "go" }));
      model.on("change:heat", () => {
        const heat = model.get("heat");
        for (let k = 0; k < 48 * 48; k++) {
          picture.data[4 * k] = heat.getUint8(k);
          picture.data[4 * k + 3] = 255;
        }
        small.getContext("2d").putImageData(picture, 0, 0);
        pen.drawImage(small, 0, 0, 300, 296);
        wires.forEach((wire, k) => wire.setAttribute("stroke-width", (heat.getUint8(k) / 40).toFixed(2)));
        model.send({ do: "drawn" });
      });
    } };
    '''
    heat = traitlets.Bytes().tag(sync=True)

    def __init__(self):
        super().__init__()
        self.on, self.drawn = False, threading.Event()
        self.on_msg(self.heard)

    def heard(self, _, said, __):
        if said["do"] == "drawn":
            self.drawn.set()
        else:
            self.on = not self.on
            threading.Thread(target=self.run, daemon=True).start()

    def run(self):
        numbers = np.random.default_rng(0)
        while self.on:
            self.drawn.clear()
            self.heat = numbers.bytes(48 * 48)
            self.drawn.wait(1)

play = bp.widgets.playground()
play.settings.widths.value = (8, 8)
def straight_on(seed):
    net = bp.MLP([960, 4, 30], "sigmoid", "squared_error", output="sigmoid", seed=seed)
    net.W[2][...], net.b[2][...] = 0, 3 - (np.arange(30) - 14.5) ** 2
    return net
nets, road = {"one": straight_on(0), "two": straight_on(1)}, bp.driving.Road([0.0] * 1000)
display(Bare(), play, bp.widgets.drive(nets, road))
"""
# Each experiment: the button that starts and pauses it, how it is put back, and what of it is looked at.
RUNS = {
    "bare redraw": (".bare", None, "#bare", "#wires path"),
    "playground": (".bpbook-board button.mod-primary", ".bpbook-board button[title^='Back to the weights']",
                   ".bpbook-plane canvas", ".bpbook-layers path.wire"),
    "drive": (".bpbook-drive [data-do=play]", ".bpbook-drive [data-do=rewind]", ".bpbook-drive canvas.camera",
              ".bpbook-drive .map > g"),
}  # fmt: skip
GOALS = {"playground": 30, "drive": 20}
COUNT = """async ([canvas, marks, seconds]) => {
  const image = document.querySelector(canvas), parts = [...document.querySelectorAll(marks)];
  const shown = () => {
    const { data } = image.getContext("2d").getImageData(0, 0, image.width, image.height);
    const words = new Uint32Array(data.buffer);
    let sum = 0;
    for (let k = 0; k < words.length; k++) sum = (31 * sum + words[k]) | 0;
    return sum + parts.map((part) => part.getAttribute("stroke-width") + part.getAttribute("transform")).join();
  };
  const begun = performance.now();
  let before = shown(), pictures = 0, frames = 0, now = begun;
  while (now - begun < 1000 * seconds) {
    now = await new Promise(requestAnimationFrame);
    const after = shown();
    frames += 1;
    if (after !== before) pictures += 1;
    before = after;
  }
  return [pictures * 1000 / (now - begun), frames * 1000 / (now - begun)];
}"""


def spent() -> np.ndarray:
    """Return the seconds of processor time so far: of Python in the kernel, of the server, and of the browser."""
    seconds = np.zeros(3)
    for process in psutil.Process().children(recursive=True):
        words, times = " ".join(process.cmdline()), process.cpu_times()
        place = 0 if "ipykernel" in words else 1 if "jupyterlab" in words else 2
        seconds[place] += times.user + times.system
    return seconds


def rate(page: Page, name: str, seconds: float) -> list[float]:
    """Return the pictures and the frames a second while one experiment runs, and what a picture costs."""
    start, back, canvas, marks = RUNS[name]
    if back:
        page.click(back)
    page.locator(canvas).first.scroll_into_view_if_needed()
    page.click(start)
    page.evaluate(COUNT, [canvas, marks, 0.5])  # the first ones warm up
    before = spent()
    pictures, frames = page.evaluate(COUNT, [canvas, marks, seconds])
    cost = 1000 * (spent() - before) / max(1, pictures * seconds)
    page.click(start)
    page.wait_for_timeout(1500)
    if still := page.evaluate(COUNT, [canvas, marks, 0.5])[0]:
        raise RuntimeError(f"{name} still changed after it was paused: {still:.1f} pictures a second.")
    return [pictures, frames, *cost]


def main() -> None:
    """Print the table, and what was reached."""
    parser = argparse.ArgumentParser(description="Count the pictures of running experiments.")
    parser.add_argument("--turns", type=int, default=5, help="turns of each (5)")
    parser.add_argument("--seconds", type=float, default=3.0, help="how long a turn takes (3)")
    given = parser.parse_args()
    turns: dict[str, list[list[float]]] = {name: [] for name in RUNS}
    loads = []
    with in_jupyterlab(CELL, ".bpbook-drive canvas", 900) as page:
        for _ in range(given.turns):
            for name in RUNS:
                turns[name].append(rate(page, name, given.seconds))
                loads.append(os.getloadavg()[0])
    bare = np.median(turns["bare redraw"], axis=0)[0]
    print(f"{'':16}{'pictures a second':>28}{'frames':>10}{'milliseconds of processor a picture':>40}")
    print(f"{'':16}{'median':>10}{'best':>8}{'ratio':>10}{'a second':>10}{'Python':>16}{'server':>12}{'browser':>12}")
    for name, found in turns.items():
        pictures, frames, *cost = np.median(found, axis=0)
        line = f"{name:16}{pictures:10.1f}{np.max(found, axis=0)[0]:8.1f}{pictures / bare:10.2f}{frames:10.1f}"
        line += f"{cost[0]:16.1f}{cost[1]:12.1f}{cost[2]:12.1f}"
        if goal := GOALS.get(name):
            line += f"   {goal} a second on a quiet machine: {'reached' if pictures >= goal else 'NOT reached'}"
        print(line)
    print(f"The load was {min(loads):.1f} to {max(loads):.1f} on {os.cpu_count()} processors.")


if __name__ == "__main__":
    main()
