"""Appendix B: what it says is what was measured, and measuring some seeds again gives the stored numbers.

`python notebooks/reproductions.py --check`, which CI runs, measures all of them again.
"""

import importlib.util
from pathlib import Path

import nbformat
import numpy as np
import pytest

from bpbook import classics
from bpbook.classics import Claim

ROOT = Path(__file__).resolve().parent.parent
SPEC = importlib.util.spec_from_file_location("notebooks_reproductions", ROOT / "notebooks" / "reproductions.py")
reproductions = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(reproductions)
CLAIMS, NUMBERS = classics.gather(), classics.measured()


def sources(notebook):
    return [(cell.cell_type, cell.source) for cell in notebook.cells]


def test_every_claim_has_been_measured_and_nothing_else():
    assert reproductions.stale(CLAIMS, NUMBERS) == [], "run: python notebooks/reproductions.py"
    assert set(NUMBERS) == set(CLAIMS), "run: python notebooks/reproductions.py"
    fewer = NUMBERS | {"symmetry.sweeps": NUMBERS["symmetry.sweeps"][:-1]}
    assert reproductions.stale(CLAIMS, fewer) == ["symmetry.sweeps"]


def test_appendix_b_is_what_the_numbers_make_of_it_today():
    stored = nbformat.read(reproductions.APPENDIX, as_version=4)
    assert sources(stored) == sources(reproductions.notebook(CLAIMS, NUMBERS)), "run: python notebooks/reproductions.py"
    forged = NUMBERS | {"xor.stuck": np.where(np.arange(500) == 0, 1 - NUMBERS["xor.stuck"], NUMBERS["xor.stuck"])}
    assert sources(stored) != sources(reproductions.notebook(CLAIMS, forged))


def test_an_altered_verdict_or_number_in_a_table_is_refused():
    stored = nbformat.read(reproductions.APPENDIX, as_version=4)
    fresh = sources(reproductions.notebook(CLAIMS, NUMBERS))
    for old, new in (("**no**", "**yes**"), ("1,425", "1,426"), ("median ", "median 1")):
        cell = next(cell for cell in stored.cells if "| verdict |" in cell.source and old in cell.source)
        before, cell.source = cell.source, cell.source.replace(old, new, 1)
        assert sources(stored) != fresh
        cell.source = before


@pytest.mark.parametrize("name", NUMBERS)
def test_a_seed_measured_again_gives_the_stored_number(name):
    assert reproductions.differences({name: CLAIMS[name]}, NUMBERS, seeds=1) == []


@pytest.mark.parametrize("name", ["xor.many_units", "encoder.learns", "encoder.code"])
def test_a_number_altered_by_hand_is_refused(name):
    for forged in (NUMBERS[name] * 1.01, NUMBERS[name] + 1, np.full(CLAIMS[name].seeds, np.nan)):
        (refused,) = reproductions.differences({name: CLAIMS[name]}, {name: forged}, seeds=1)
        assert "is stored" in refused


def test_a_new_module_needs_no_edit_of_the_notebook():
    claim = Claim("heads", "Nobody 1999, Coins", "p. 1", "Heads.", "always", lambda s: np.ones(len(s)), lambda n: "yes")
    claims, numbers = CLAIMS | {"stack.heads": claim}, NUMBERS | {"stack.heads": np.ones(50)}
    before, after = (sources(reproductions.notebook(*both)) for both in ((CLAIMS, NUMBERS), (claims, numbers)))
    new = [source for source in after if source not in before]
    assert len(after) == len(before) + 1 and len(new) == 1
    assert "| `heads` | Heads. (p. 1) | always | 1 for 50 of 50 | **yes** |" in new[0][1]


def test_numbers_survive_being_stored(tmp_path, monkeypatch):
    numbers = {"b": np.array([1.0, np.nan, 0.123456]), "a": np.array([np.inf, -2.5e-7])}
    reproductions.store(numbers, tmp_path / "measured.json")
    monkeypatch.setattr(classics, "MEASURED", tmp_path / "measured.json")
    for name, stored in classics.measured().items():
        np.testing.assert_array_equal(stored, numbers[name])


def test_stored_numbers_are_in_the_form_in_which_the_script_stores_them(tmp_path):
    reproductions.store({name: reproductions.rounded(values) for name, values in NUMBERS.items()}, tmp_path / "again")
    assert (tmp_path / "again").read_text(encoding="utf-8") == classics.MEASURED.read_text(encoding="utf-8")
