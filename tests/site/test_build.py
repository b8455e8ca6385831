"""The folder of pages: complete, the same each time, and every link of it leads somewhere."""

import hashlib
import json
import re
from pathlib import Path

import pytest

from bpbook.site import build, chapters, links

ROOT = Path(__file__).resolve().parent.parent.parent
VENDOR = ROOT / "bpbook" / "site" / "vendor"
NOTEBOOKS = build.notebooks(ROOT)


def sums(folder):
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}


def test_every_chapter_has_a_page_and_its_notebook_to_download(site):
    for path in NOTEBOOKS:
        assert f"<h1>{chapters.number(path)} " in (site / "notebooks" / f"{path.stem}.html").read_text(encoding="utf-8")
        assert (site / "_sources" / "notebooks" / path.name).read_bytes() == path.read_bytes()


def test_a_second_build_gives_the_same_bytes(site, tmp_path):
    assert build.build(ROOT, tmp_path / "again") == []
    assert sums(tmp_path / "again") == sums(site)


def test_the_solutions_are_not_published(site):
    assert not [path for path in site.rglob("*") if "solution" in path.name]
    pages = "".join(path.read_text(encoding="utf-8") for path in site.rglob("*.html"))
    assert "def two_layers(x, y, W1, b1, W2, b2, lmbda):" not in pages.replace("lmbda): ...", "")


def test_the_first_page_has_a_card_for_every_chapter(site):
    cards = re.findall(r'<a href="notebooks/(\w+)\.html"><', (site / "index.html").read_text(encoding="utf-8"))
    assert sorted(cards) == [path.stem for path in NOTEBOOKS]


def test_every_card_of_a_numbered_chapter_has_a_picture(site):
    page = (site / "index.html").read_text(encoding="utf-8")
    cards = re.findall(r'<a href="notebooks/(\d\d)_\w+\.html"><img alt="" src="([^"]+)"', page)
    assert sorted(number for number, _ in cards) == [f"{number:02d}" for number in range(19)]
    for _, source in cards:
        assert source.startswith("data:image/png;base64,iVBOR") or (site / source).is_file()


def test_a_table_of_marks_is_a_table(site):
    page = (site / "notebooks" / "00_start_here.html").read_text(encoding="utf-8")
    assert re.search(r"<td><p>00</p></td>\s*<td><p>0 of 7</p></td>", page)
    raw = re.compile(r"<p>\|.*\n\|")
    assert raw.search("<p>| chapter | points |\n|---|---|")
    assert [path.name for path in site.rglob("*.html") if raw.search(path.read_text(encoding="utf-8"))] == []


def test_a_page_says_once_that_its_answers_are_empty(site):
    page = (site / "notebooks" / "04_derive_the_backward_pass.html").read_text(encoding="utf-8")
    assert page.count(chapters.ONCE.removeprefix("> ")) == 1
    assert page.count(chapters.EMPTY) == 0
    stored = (ROOT / "notebooks" / "04_derive_the_backward_pass.ipynb").read_text(encoding="utf-8")
    assert stored.count(chapters.EMPTY) > 15  # which is what it would say


def test_a_link_that_leads_nowhere_is_refused(site):
    page = site / "notebooks" / "04_derive_the_backward_pass.html"
    right = page.read_text(encoding="utf-8")
    twins = {
        "leads to no file": right.replace("03_teach_one_neuron.html", "03_teach_two_neurons.html", 1),
        "leads to no such place": right.replace('href="#the-four-equations"', 'href="#the-five-equations"', 1),
        "would be loaded from another machine": right.replace(
            "../_static/theme/book.js", "https://example.org/book.js"
        ),
    }
    try:
        for why, wrong in twins.items():
            assert wrong != right
            page.write_text(wrong, encoding="utf-8")
            found = links.broken(site)
            assert len(found) == 1 and why in found[0]
    finally:
        page.write_text(right, encoding="utf-8")


def test_a_link_to_a_chapter_that_is_not_there_is_said(needs_sphinx, tmp_path):
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "figures").mkdir()
    source = "# 01 One\n\nSee [two](02_two.ipynb)."
    cells = [{"id": "one", "cell_type": "markdown", "metadata": {}, "source": source}]
    notebook = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    (tmp_path / "notebooks" / "01_one.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    assert any("02_two.ipynb" in line for line in build.pages(tmp_path, tmp_path / "site"))


def test_a_folder_that_holds_something_else_is_left_alone(tmp_path):
    (tmp_path / "thesis.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(ValueError, match="--to must be a new or empty folder, or an earlier site; got"):
        build.build(ROOT, tmp_path)
    assert (tmp_path / "thesis.txt").read_text(encoding="utf-8") == "mine"


def test_what_the_pages_load_is_what_was_fetched():
    lines = (VENDOR / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    expected = dict(reversed(line.split("  ")) for line in lines)
    found = {name: hashlib.sha256((VENDOR / name).read_bytes()).hexdigest() for name in expected}
    assert found == expected
    assert expected | {"require.js": "0"} != found
    own = {"LICENCES.md", "SHA256SUMS", "licences/html-manager.txt"}
    assert {p.relative_to(VENDOR).as_posix() for p in VENDOR.rglob("*") if p.is_file()} - own == set(expected)


def test_every_package_that_is_bundled_has_its_licence():
    rows = re.findall(r"^\| (\S+)@[\d.]+ \|.*\| (.+) \|$", (VENDOR / "LICENCES.md").read_text(encoding="utf-8"), re.M)
    assert len(rows) == 4 and all(licence for _, licence in rows)
    assert len(list((VENDOR / "licences").iterdir())) == 4


def test_an_equation_of_several_lines_keeps_its_tag(site):
    page = (site / "notebooks" / "06_train_it.html").read_text(encoding="utf-8")
    adam = page[page.rindex("<div", 0, page.index(r"\hat u")) : page.index(r"\hat u") + 900]
    assert r"\begin{equation*}" in adam and r"\tag" in adam and r"\begin{split}" not in adam
