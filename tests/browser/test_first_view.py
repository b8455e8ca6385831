"""What a reader sees beside the first chapter, in the JupyterLab that `bpbook` opens."""

import json
from pathlib import Path

import nbformat
import pytest

import bpbook

pytestmark = pytest.mark.browser
CHAPTERS = sorted(path.name for path in (Path(__file__).resolve().parent.parent.parent / "notebooks").glob("*.ipynb"))
CUT = """() => [...document.querySelectorAll(".jp-DirListing-itemText")]
  .filter((name) => name.scrollWidth > name.clientWidth).map((name) => name.textContent)"""


@pytest.mark.parametrize("width", [1280, 1600])
def test_the_contents_are_open_and_no_chapters_name_is_cut(chromium, lab_server, artefacts, width):
    folder, address = lab_server
    kernel = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
    (folder / "chapters").mkdir(exist_ok=True)
    for name in CHAPTERS:
        cells = [nbformat.v4.new_markdown_cell(f"# {name}")]
        nbformat.write(
            nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel}), folder / "chapters" / name
        )
    first = json.loads((Path(bpbook.__file__).parent / "jupyter" / "first_view.json").read_text(encoding="utf-8"))
    first["metadata"]["id"] = f"first{width}"
    page = chromium.new_page(viewport={"width": width, "height": 800})
    page.goto(f"{address}/lab/workspaces/other{width}")
    page.wait_for_function("window.jupyterapp?.serviceManager.isReady")
    page.evaluate(
        "([id, view]) => window.jupyterapp.serviceManager.workspaces.save(id, view)", [f"first{width}", first]
    )
    page.goto(f"{address}/lab/workspaces/first{width}/tree/chapters/{CHAPTERS[0]}")
    page.locator(".jp-tocItem").get_by_text(CHAPTERS[0]).wait_for(timeout=60000)
    page.click(".lm-TabBar-tab[data-id=filebrowser]")
    page.locator(".jp-DirListing-itemText", has_text=CHAPTERS[-1]).wait_for()
    page.screenshot(path=artefacts / f"first_view_{width}.png")
    assert page.locator(".jp-DirListing-itemText").count() == len(CHAPTERS)
    assert page.evaluate(CUT) == []
    page.add_style_tag(content=".jp-DirListing-itemText { flex: 0 0 202px !important; }")  # of the usual 250 pixels
    assert "01_see_errors_travel_backwards.ipynb" in page.evaluate(CUT)
    page.evaluate("window.jupyterapp.shell.currentWidget.sessionContext.shutdown()")
    page.close()
