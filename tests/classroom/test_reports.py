"""Pages and tables say what was graded, to the person it concerns, and no hostile name breaks them."""

import csv
import importlib
import inspect
import io
import json
import re
import stat
from html.parser import HTMLParser

import pytest

import bpbook as bp
from bpbook import cli
from bpbook.classroom.keeping import keep, readable, room, safe
from bpbook.classroom.reporting import sameness, tables, tally
from bpbook.classroom.reporting.reports import class_page, marks_of, report, student_page

from .conftest import CLASS, HOSTILE, KNOWN


class Read(HTMLParser):
    """What a browser makes of a page: its tags, their addresses, its words."""

    def __init__(self, page):
        super().__init__()
        self.tags, self.links, self.words, self.open = [], [], "", []
        self.feed(page)
        self.words = " ".join(self.words.split())

    def handle_starttag(self, tag, attributes):
        self.words += " " if tag in ("th", "td", "p", "li", "h1", "h2", "h3") else ""
        self.tags.append(tag)
        self.open.append(tag)
        self.links += [value for name, value in attributes if name in ("href", "src", "style", "onclick", "onload")]

    def handle_endtag(self, tag):
        self.open = self.open[: len(self.open) - 1 - self.open[::-1].index(tag)] if tag in self.open else self.open

    def handle_data(self, text):
        if "style" not in self.open:
            self.words += text


def of(marks, name):
    return next(each for each in marks if each["student"] == name)


def test_a_students_page_names_the_mistakes_and_where_to_read_on(marks):
    page = Read(student_page(of(marks, "Emmy Noether"), "Emmy Noether"))
    assert "21 of 24 points" in page.words
    assert "This mistake is known as db mean" in page.words
    assert "Read on in chapter 04, “Sum or mean, and which delta is stored”." in page.words
    assert page.words.count("Sum or mean") == 2  # in the list above, and at the answer
    assert page.words.count("Not right, 0 of") == 2


def test_a_students_page_holds_no_other_students_data(marks):
    for each in marks:
        page = student_page(each, each["student"])
        others = [other["student"] for other in marks if other is not each]
        assert not any(other in Read(page).words for other in others)
        assert not any(other["key"] in page for other in marks)


def test_a_students_page_does_not_tell_the_expected_value(marks):
    for name in ("delta_out", "one_dw", "first_weight", "paths"):
        each = json.loads(json.dumps(of(marks, "Ada Lovelace")))
        answer = next(answer for answer in each["answers"] if answer["name"] == name)
        answer |= {"state": "wrong", "mark": 0.0, "message": "Not yet.", "read_on": None}
        page = Read(student_page(each, "Ada Lovelace"))
        numbers = page.words.split("Answer by answer")[1].split(f"{name.replace('_', ' ')}")[1].split(".")[0]
        assert set("".join(c for c in numbers if c.isdigit())) <= set("01")


def test_pages_are_whole_in_themselves_and_run_nothing(marks):
    for page in (student_page(of(marks, HOSTILE), HOSTILE), class_page(marks)):
        read = Read(page)
        assert not {"script", "img", "iframe", "link", "object", "form"} & set(read.tags)
        assert all(link.startswith(("students/", "width: ")) for link in read.links)
        assert "default-src 'none'" in page
        assert HOSTILE in read.words  # as words, not as tags


@pytest.mark.parametrize("field", ["student", "submission", "reason", "message", "mistake", "title", "note", "section"])
def test_whatever_a_student_writes_stays_words(field, marks):
    bad = "</style></main><img src=x onerror=alert(1)>{{ 7919 * 7907 }}`<b>`\u202e"
    each = json.loads(json.dumps(of(marks, "Emmy Noether")))
    if field in ("message", "mistake", "title"):
        each["answers"][-4][field] = bad
    elif field == "section":
        each["answers"][-4]["read_on"] = {"chapter": bad, "title": bad, "anchor": bad}
    elif field == "note":
        each["notes"] = [bad]
    else:
        each[field] = bad
    for status in ("graded", "could not be run"):
        each["status"] = status
        for page in (student_page(each, each["student"]), class_page([each, of(marks, "Ada Lovelace")])):
            assert "<img" not in page and "<b>" not in page and str(7919 * 7907) not in Read(page).words
            assert page.count("</main>") == page.count("</style>") == 1


def test_the_class_page_names_the_mistakes_of_the_class(marks):
    found, unnamed = tally.mistakes(marks)
    assert {row["name"]: row["students"] for row in found} == KNOWN
    assert unnamed == 2  # the division by zero and the chosen letter
    page = Read(class_page(marks)).words
    for name in KNOWN:
        assert name in page
    assert "db mean 3 3 bias gradient chapter 04, “Sum or mean, and which delta is stored”" in page
    assert "11 submissions, of which 10 could be run" in page
    assert "lost.ipynb): It is not a notebook that can be read" in page


def test_the_hardest_exercise_comes_first_and_what_was_not_run_counts_against_nobody(marks):
    rows = tally.exercises(marks)
    assert rows[0]["name"] == "bias_gradient" and rows[0]["mean"] == 50
    assert rows[0]["states"] == {"right": 5, "wrong": 4, "blank": 1, "not run": 1}
    assert [row["mean"] for row in rows] == sorted(row["mean"] for row in rows)


def test_two_mistakes_at_once_count_as_one_each_and_two_names_of_one_as_one():
    def wrong(mistake):
        answer = {"chapter": "04", "name": "x", "title": "x", "state": "wrong", "mistake": mistake, "read_on": None}
        return {"key": mistake, "answers": [answer]}

    found, unnamed = tally.mistakes([wrong("a + b"), wrong("b"), wrong("c ≡ d"), wrong(None)])
    assert {row["name"]: row["count"] for row in found} == {"a": 1, "b": 2, "c ≡ d": 1}
    assert unnamed == 1


def test_the_distribution_counts_everybody_once_and_knows_its_edges():
    def with_share(fraction):
        return {"answers": [{"mark": fraction, "points": 1.0}]}

    counts = [band["count"] for band in tally.bands([with_share(k) for k in (0, 0.0999, 0.1, 0.3, 0.9, 1.0)])]
    assert counts == [2, 1, 0, 1, 0, 0, 0, 0, 0, 2]


def rows(text):
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))


def canvas_takes(header):
    """Say whether Canvas accepts a header, after the rules of its `lib/gradebook_importer.rb`."""
    if not (len(header) > 3 and "Student" in header[0] and "ID" in header[1]):
        return False
    columns = 5 if "SIS User ID" in header[2] and "SIS Login ID" in header[3] else 3
    return "Section" in header[columns - 1]


def test_canvas_finds_each_student_by_the_number_in_the_files_name(marks):
    one = of(marks, "Ada Lovelace") | {"submission": "lovelaceada_LATE_4711_99321_chapter-04-1.ipynb"}
    two = of(marks, "Emmy Noether") | {"submission": "noetheremmy_4712_99322_chapter-04.ipynb"}
    header, points, *students = rows(tables.canvas([one, two, of(marks, "Lost")]))
    assert canvas_takes(header) and header[5:] == ["chapter-04"]
    assert not canvas_takes(["Student", "Points", "Section", "chapter-04"])
    assert points[0] == "    Points Possible" and points[5] == "24"
    assert [(row[0], row[1], row[5]) for row in students] == [
        ("Ada Lovelace", "4711", "24"),
        ("Emmy Noether", "4712", "21"),
    ]


def test_moodle_finds_each_student_by_the_number_in_the_folders_name(marks):
    one = of(marks, "Ada Lovelace") | {"submission": "Ada Lovelace_81234_assignsubmission_file/chapter-04.ipynb"}
    header, *students = rows(tables.moodle([one, of(marks, "Lost"), of(marks, "Emmy Noether")]))
    assert {"Identifier", "Grade", "Last modified (grade)"} <= set(header)  # without these Moodle refuses it
    assert len(students) == 1
    row = dict(zip(header, students[0], strict=True))
    assert row["Identifier"] == "Participant 81234" and row["Grade"] == "24" and row["Last modified (grade)"] == "-"


def test_nothing_in_a_table_is_a_formula(marks):
    hostile = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", " =1", "\ufeff=1", "＝1", "|calc", "a\n=1"]
    many = [of(marks, "Ada Lovelace") | {"student": name, "submission": name, "key": name} for name in hostile]
    for table in (tables.plain(many), tables.canvas(many), tables.moodle(many)):
        for row in rows(table):
            assert not any(tables.FORMULA.match(cell) for cell in row if cell != "-")


def test_the_plain_table_has_every_mark_and_none_for_what_was_not_run(marks):
    header, *students = rows(tables.plain(marks))
    assert header[:5] == ["student", "submission", "status", "points", "of"] and len(header) == 5 + 18
    assert len(students) == len(marks)
    lost = next(row for row in students if row[0] == "Lost")
    assert lost[2] == "could not be run" and lost[3] == "" and set(lost[5:]) == {""}
    emmy = dict(zip(header, next(row for row in students if row[0] == "Emmy Noether"), strict=True))
    assert emmy["04/bias_gradient"] == "0" and emmy["04/two_layers"] == "4"


def test_a_report_is_private_and_the_same_twice(graded):
    def everything():
        return {path.relative_to(graded): path.read_bytes() for path in graded.rglob("*") if path.is_file()}

    report(graded)
    first = everything()
    (graded / "students" / "somebody-who-left.html").write_text("old", encoding="utf-8")
    report(graded)
    assert everything() == first
    for path in graded.rglob("*"):
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path


def test_names_are_hashed_on_request(graded, marks, capsys):
    assert cli.main(["report", str(graded), "--hash-names"]) == 0
    assert "students" in capsys.readouterr().out
    pages = [graded / "class.html", *(graded / "students").glob("*.html")]
    assert len(pages) == len(marks) + 1
    for name in CLASS:
        assert not any(name in Read(page.read_text(encoding="utf-8")).words for page in pages)
        assert not any(readable(name)[:6] in page.name for page in pages)
    assert "Emmy Noether" in (graded / "marks.csv").read_text(encoding="utf-8-sig")


def test_no_file_name_beside_the_marks_tells_whose_they_are():
    assert safe("Ada Lovelace.ipynb") != safe("ada lovelace.ipynb")
    for place in ("Ada Lovelace.ipynb", "../ada/x.ipynb", "\ud800.ipynb", ""):
        assert set(safe(place).removeprefix("submission-")) <= set("0123456789abcdef")


def test_a_link_in_the_report_is_not_followed(graded, tmp_path):
    outside = tmp_path / "outside.txt"
    outside.write_text("mine", encoding="utf-8")
    (graded / "marks.csv").symlink_to(outside)
    report(graded)
    assert outside.read_text(encoding="utf-8") == "mine" and not (graded / "marks.csv").is_symlink()


def test_names_become_file_names_that_are_safe_and_differ():
    names = ["", "..", "../../etc", "a/b", "a\\b", "con", "CON.txt", "x" * 500, "名前", "é", "e", "\x00", "\ud800", "."]
    made = [readable(name) for name in names]
    assert len(set(made)) == len(names)
    assert all(name.isascii() and len(name) < 80 and name.replace("-", "").isalnum() for name in made)


def test_equal_answers_are_numbers_above_what_is_usual(marks):
    run = [each for each in marks if each["status"] == "graded"]
    copied = json.loads(json.dumps(run[:6]))
    for k, each in enumerate(copied):
        for answer in each["answers"]:
            answer["code"] = f"{answer['name']} by {min(k, 4)}"  # the fifth and the sixth are alike
    found, usual = sameness.pairs(copied)
    assert [(pair["code"], pair["one"]["key"], pair["other"]["key"]) for pair in found] == [
        (18, copied[4]["key"], copied[5]["key"])
    ]
    assert usual == 0
    words = Read(class_page(copied)).words
    assert "The numbers do not say why" in words and "cheat" not in words and "18" in words


def test_an_answer_pasted_from_the_library_is_a_number_and_those_of_the_book_are_none(marks):
    pasted = inspect.getsource(bp.backward)
    names = ["backward", "nothing"]
    lines = sameness.from_library(["backward = 0", pasted], names)
    assert lines["backward"][0] == lines["backward"][1] > 5 and lines["nothing"] == (0, 0)
    renamed = sameness.from_library([re.sub(r"\bdelta\b", "error", pasted)], names)["backward"]
    assert renamed[0] < renamed[1]  # which is why it is a number, and no verdict
    run = json.loads(json.dumps([each for each in marks if each["status"] == "graded"]))
    assert "Lines of the library" not in class_page(run)
    run[0]["answers"][0]["library"] = lines["backward"]
    words = Read(class_page(run)).words
    assert "Lines of the library" in words and "{} of {}".format(*lines["backward"]) in words and "cheat" not in words


@pytest.mark.parametrize("number", [f"{chapter:02}" for chapter in range(19)])
def test_no_right_answer_of_the_book_is_taken_for_the_library(number):
    solutions = importlib.import_module(f"bpbook.exercises.solutions.chapter_{number}").SOLUTIONS
    assert solutions
    for name, source in solutions.items():
        lines, of = sameness.from_library([source], [name])[name]
        assert lines < sameness.FEW or 2 * lines <= of, name


def test_a_folder_without_marks_or_with_damaged_ones_is_said_in_a_line(graded, tmp_path):
    with pytest.raises(SystemExit, match="REPORT must be a folder that `bpbook grade` wrote"):
        cli.main(["report", str(tmp_path / "nothing")])
    keep(room(graded / "marks") / "bad.json", "{")
    with pytest.raises(ValueError, match=r"bad\.json must hold marks, but is damaged"):
        marks_of(graded)
