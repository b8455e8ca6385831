"""Every drawn figure: figures/NAME.py draws figures/NAME.svg, to the same bytes, and describes it.

A script has `ALT`, the description, and `draw()`, which returns the figure; run, it writes its SVG. Bytes depend on
the version of matplotlib: with another minor version than the one that made them, the comparison is skipped.
"""

import importlib.util
import re
import xml.etree.ElementTree
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
