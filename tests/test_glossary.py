"""Appendix C: it lacks no term of a Summary, says where each is first used, and is written from one source."""

import importlib.util
import re
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).resolve().parent.parent
SPEC = importlib.util.spec_from_file_location("notebooks_glossary", ROOT / "notebooks" / "glossary.py")
glossary = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(glossary)
TERMS = glossary.terms(glossary.SOURCE.read_text(encoding="utf-8"))
CHAPTERS = sorted((ROOT / "notebooks").glob("[0-9][0-9]_*.ipynb"))
PLAIN = set((ROOT / "tests" / "plain_words.txt").read_text(encoding="utf-8").split())


def stored():
    return nbformat.read(glossary.APPENDIX, as_version=4)


def rows():
    """Return (term, chapter of first use, its file) for every row of the stored appendix."""
    text = "\n".join(cell.source for cell in stored().cells if cell.cell_type == "markdown")
    return re.findall(r"^\| \*\*(.+?)\*\* \| .+? \| \[(\d\d)\]\((\w+\.ipynb)\) \|", text, flags=re.MULTILINE)


def words_of(path):
    """Return what a chapter says before its exercises, without formulas, pictures and ways to others."""
    cells = nbformat.read(path, as_version=4).cells
    end = next((k for k, cell in enumerate(cells) if cell.source.startswith("## Exercises")), len(cells))
    texts = [cell.source for cell in cells[:end] if cell.cell_type == "markdown"]
    texts = [re.sub(r".*(?:← \[|\) →).*", "", text) for text in texts if "| chapter | what" not in text]
    return "\n".join(glossary.MATH.sub(" ", text) for text in texts)


# The source -----------------------------------------------------------------------------------------------------------


def test_there_are_many_terms_and_each_has_one_sentence():
    assert len(TERMS) >= 150 and len({term.name.lower() for term in TERMS}) == len(TERMS)
    for name, _, sentence in TERMS:
        assert re.fullmatch(r"[A-Z].*\.", sentence) and len(sentence.split()) <= 40, name
        assert not re.search(r"[.?!] [A-Z]", sentence) and "|" not in sentence, name


def test_a_line_without_a_sentence_is_refused():
    with pytest.raises(ValueError, match=r"a line must read: term \[form; form\] \| sentence; got 'epoch'"):
        glossary.terms("batch | Some examples.\nepoch\n")


# First use ------------------------------------------------------------------------------------------------------------


def test_every_term_is_in_the_appendix_and_is_linked():
    assert [name for name, _, _ in rows()] == [term.name for term in TERMS]
    assert all((ROOT / "notebooks" / file).exists() and file.startswith(number) for _, number, file in rows())


def test_a_term_occurs_in_the_chapter_of_first_use_and_in_none_before():
    """Look for the same forms without regular expressions."""
    texts = {path.name: " ".join(words_of(path).split()) for path in CHAPTERS}
    forms = {term.name: term.forms for term in TERMS}
    for name, _, file in rows():
        cased = any(letter.isupper() for letter in min(forms[name], key=len))
        found = [
            chapter
            for chapter, text in texts.items()
            if any(within(form, text) if cased else within(form.lower(), text.lower()) for form in forms[name])
        ]
        assert found and found[0] == file, (name, found[:2], file)


def within(form, text):
    """Say whether a form stands in a text with no letter, digit or hyphen at either end."""
    start = text.find(form)
    while start >= 0:
        ends = text[start - 1 : start] + text[start + len(form) : start + len(form) + 1]
        if not any(sign.isalnum() or sign in "-_" for sign in ends):
            return True
        start = text.find(form, start + 1)
    return False


def test_a_term_that_a_chapter_uses_earlier_is_led_there(tmp_path):
    for number, text in (("01", "The batches come."), ("02", "A *batch* is this. $epoch$"), ("03", "One epoch.")):
        cells = [nbformat.v4.new_markdown_cell(text), nbformat.v4.new_markdown_cell("## Exercises\n\nA saddle.")]
        nbformat.write(nbformat.v4.new_notebook(cells=cells), tmp_path / f"{number}_words.ipynb")
    words = glossary.chapters(tmp_path)
    batch, epoch, saddle = glossary.terms("batch [batches] | B.\nepoch | E.\nsaddle | S.")
    assert glossary.place(batch, words) == ("01_words", "02_words")
    assert glossary.place(epoch, words) == ("03_words", "")
    assert glossary.place(saddle, words) == ("", "")
    assert glossary.place(glossary.terms("bat | B.")[0], words).used == ""


# The Summaries --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_every_word_of_a_summary_is_explained_or_plain(path):
    text = glossary.summary(path)
    missing = glossary.unexplained(text, TERMS, PLAIN)
    assert text and missing == [], "explain it in notebooks/glossary.txt, or add plain English to tests/plain_words.txt"


@pytest.mark.parametrize("word", ["softmax", "sharpness", "Jacobian", "saddle", "prevalence"])
def test_a_term_of_a_summary_that_is_missing_is_found(word):
    fewer = [term for term in TERMS if word.lower() not in " ".join((term.name, *term.forms)).lower()]
    found = {missing for path in CHAPTERS for missing in glossary.unexplained(glossary.summary(path), fewer, PLAIN)}
    assert any(missing.startswith(word.lower()) for missing in found)
    assert glossary.unexplained("The eigenbasis of a layer, (BP2)", TERMS, PLAIN) == ["eigenbasis"]


def test_no_plain_word_is_a_term_or_is_kept_for_nothing():
    assert PLAIN & {term.name.lower() for term in TERMS} == set()
    used = {word for path in CHAPTERS for word in glossary.tokens(glossary.summary(path))}
    assert PLAIN - used == set()


# The appendix ---------------------------------------------------------------------------------------------------------


def test_appendix_c_is_what_the_chapters_make_of_it_today():
    words = glossary.chapters()
    sources = [(cell.cell_type, cell.source) for cell in stored().cells]
    fresh = [(cell.cell_type, cell.source) for cell in glossary.notebook(TERMS, words).cells]
    assert sources == fresh, "run: python notebooks/glossary.py"
    other = [(cell.cell_type, cell.source) for cell in glossary.notebook(TERMS[1:], words).cells]
    assert sources != other


def test_appendix_a_can_be_reached_from_it():
    assert "](A_notation.ipynb)" in stored().cells[0].source
