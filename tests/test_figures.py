"""Every drawn figure: figures/NAME.py draws figures/NAME.svg, to the same bytes, and describes it.

A script has `ALT`, the description, and `draw()`, which returns the figure; run, it writes its SVG. Bytes depend on
the version of matplotlib: with another minor version than the one that made them, the comparison is skipped.
"""

import importlib.util
import re
import xml.etree.ElementTree
from itertools import combinations
from pathlib import Path

import matplotlib
import pytest
from matplotlib import pyplot

from bpbook import plots

ROOT = Path(__file__).resolve().parent.parent
SCRIPTS = sorted((ROOT / "figures").glob("*.py"))


def load(path):
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def drawn_with(svg):
    """Return the minor version of matplotlib that wrote an SVG."""
    return re.search(r"Matplotlib v(\d+\.\d+)", svg).group(1)


def is_redrawn(script, target, folder):
    """Say whether drawing anew gives the bytes that are stored."""
    module = load(script)
    fresh = plots.save_svg(module.draw(), folder / target.name, module.ALT)
    return fresh.read_bytes() == target.read_bytes()


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)
def test_a_figure_is_what_its_script_draws(script, tmp_path):
    target = script.with_suffix(".svg")
    made_with, here = drawn_with(target.read_text()), ".".join(matplotlib.__version__.split(".")[:2])
    if made_with != here:
        pytest.skip(f"1 figure not compared: drawn with matplotlib {made_with}, here is {here}")
    assert is_redrawn(script, target, tmp_path), f"{target.name} is stale; run python figures/{script.name}"


def test_a_figure_with_one_more_line_is_refused(tmp_path):
    script = ROOT / "figures" / "network.py"
    module = load(script)
    figure = module.draw()
    plots.arrow(figure.axes[0], (1, 1), (2, 2))
    altered = plots.save_svg(figure, tmp_path / "altered.svg", module.ALT)
    (tmp_path / "fresh").mkdir()
    assert not is_redrawn(script, altered, tmp_path / "fresh")


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)
def test_a_figure_describes_itself_in_words(script):
    tree = xml.etree.ElementTree.parse(script.with_suffix(".svg"))
    description = tree.find(".//{http://purl.org/dc/elements/1.1/}description")
    assert description is not None and description.text == load(script).ALT
    assert len(description.text.split()) >= 10


def test_every_svg_has_its_script():
    assert {path.stem for path in (ROOT / "figures").glob("*.svg")} == {path.stem for path in SCRIPTS}


def test_a_figure_without_words_is_refused(tmp_path):
    figure = pyplot.figure()
    with pytest.raises(ValueError, match="alt must describe the figure in words"):
        plots.save_svg(figure, tmp_path / "silent.svg", " ")
    pyplot.close(figure)


def faults(figure):
    """Return what is wrong with the labels written by hand (tick labels are matplotlib's business)."""
    figure.canvas.draw()
    renderer = figure.canvas.get_renderer()
    texts = [text for ax in figure.axes for text in [*ax.texts, ax.title, ax.xaxis.label, ax.yaxis.label]]
    boxes = {text: text.get_window_extent(renderer) for text in texts if text.get_text().strip()}
    found = [f"small: {text.get_text()}" for text in boxes if text.get_size() < 10]
    for text, b in boxes.items():
        if b.x0 < 2 or b.y0 < 2 or b.x1 > figure.bbox.width - 2 or b.y1 > figure.bbox.height - 2:
            found.append(f"cut: {text.get_text()}")
    for (one, b), (other, c) in combinations(boxes.items(), 2):
        if min(b.x1, c.x1) - max(b.x0, c.x0) > 0 and min(b.y1, c.y1) - max(b.y0, c.y0) > 1:
            found.append(f"overlap: {one.get_text()} and {other.get_text()}")
    pyplot.close(figure)
    return found


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)
def test_labels_of_a_figure_can_be_read(script):
    assert faults(load(script).draw()) == []


@pytest.mark.parametrize(
    ("at", "size", "fault"), [((0.05, 1), 12, "cut"), ((3, 1), 9, "small"), ((1.05, 2), 12, "overlap")]
)
def test_a_label_that_cannot_be_read_is_refused(at, size, fault):
    figure, ax = plots.canvas(4, 3)
    plots.label(ax, (1, 2), "first", size=12)
    plots.label(ax, at, "second", size=size)
    assert any(found.startswith(fault) for found in faults(figure))
