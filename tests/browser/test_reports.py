"""The pages of a report under axe, on a light desk and a dark telephone; they run nothing and ask nobody."""

from pathlib import Path

import pytest

from bpbook.classroom.reporting.reports import class_page, student_page

pytestmark = pytest.mark.browser
NAME = "<img src=x onerror=alert(1)> ملاحظة " + "Wolfeschlegelsteinhausenbergerdorff" * 3
DESK, TELEPHONE = {"width": 1100, "height": 900}, {"width": 360, "height": 740}


def answer(name, state="right", mistake=None):
    """Return what stands in the marks about one exercise."""
    section = {"chapter": "04", "title": "Sum or mean, and which delta is stored", "anchor": ""}
    return {
        "chapter": "04",
        "name": name,
        "title": name.replace("_", " "),
        "points": 1.0,
        "mark": float(state == "right"),
        "fraction": float(state == "right"),
        "state": state,
        "mistake": mistake,
        "message": "Right." if state == "right" else "`db[1]` is exactly 5 times too small (5 is the batch size).",
        "read_on": section if mistake else None,
        "code": "same",
    }


def marks(student, status="graded"):
    """Return the marks of one made-up submission."""
    right = [answer(f"exercise_{k}") for k in range(4)]
    return {
        "key": student[:5],
        "student": student,
        "submission": f"{student}.ipynb",
        "sha256": "0" * 64,
        "assignment": "chapter-04",
        "graded_by": {"bpbook": "0.1.0", "room": "a test", "banks": ""},
        "status": status,
        "reason": None if status == "graded" else "It is not a notebook that can be read.",
        "notes": ["Cell 3 stopped: `NameError`."],
        "answers": [*right, answer("bias", "wrong", "db mean"), answer("blank", "blank"), answer("lost", "not run")],
    }


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    folder = tmp_path_factory.mktemp("report")
    everybody = [marks(NAME), marks("Ada"), marks("Ada"), marks("Lost", "could not be run")]
    (folder / "class.html").write_text(class_page(everybody), encoding="utf-8")
    (folder / "student.html").write_text(student_page(everybody[0], NAME), encoding="utf-8")
    (folder / "lost.html").write_text(student_page(everybody[3], "Lost"), encoding="utf-8")
    return sorted(folder.glob("*.html"))


@pytest.fixture(scope="module")
def axe():
    import axe_playwright_python

    return (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")


def opened(chromium, path, scheme, size):
    page, complaints = chromium.new_page(viewport=size, color_scheme=scheme), []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("dialog", lambda dialog: (complaints.append(dialog.message), dialog.dismiss()))
    page.on("request", lambda request: complaints.append(request.url) if request.url != path.as_uri() else None)
    page.goto(path.as_uri())
    return page, complaints


@pytest.mark.parametrize(("scheme", "size"), [("light", DESK), ("dark", TELEPHONE)], ids=["desk", "telephone"])
def test_axe_finds_nothing_and_nothing_is_cut_off(scheme, size, chromium, pages, axe):
    assert len(pages) == 3
    for path in pages:
        page, complaints = opened(chromium, path, scheme, size)
        page.evaluate(axe)
        violations = page.evaluate(
            "async () => (await axe.run()).violations.map((each) => [each.id, each.nodes[0].html])"
        )
        assert violations == [], path.name
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path.name
        assert complaints == []
        page.close()


def test_axe_finds_a_page_without_its_colours_of_the_dark(chromium, pages, axe, tmp_path):
    (student,) = (path for path in pages if path.name == "student.html")
    wrong = tmp_path / "wrong.html"
    wrong.write_text(
        student.read_text(encoding="utf-8").replace("--page: #1b1e23", "--page: #ecece8"), encoding="utf-8"
    )
    page, _ = opened(chromium, wrong, "dark", DESK)
    page.evaluate(axe)
    assert "color-contrast" in page.evaluate("async () => (await axe.run()).violations.map((each) => each.id)")
    page.close()
