"""Validate every notebook with nbval, strictly.

nbval runs each code cell and compares its outputs with the stored ones, but lets two things pass: a cell that was
never executed, and a picture. Here an unexecuted cell is an error, and pictures are compared pixel by pixel, those
inside `<img src="data:...">` as well. Pixels depend on the version of matplotlib: with another minor version than the
one that `constraints.txt` pins, pictures are counted as skipped, and numbers are still compared. A cell tagged `timing`
prints what a clock said: its words are compared, its numbers are not.

Outputs are compared as one kind of processor adds up. A reader may have another, on which a long training ends at other
digits, and what a cell asserts must hold there too. `BPBOOK_PROCESSOR=Nehalem python -m pytest notebooks/*.ipynb` adds
up as that one does (any name that OpenBLAS knows will do), and looks at what cells raise and not at what they print.
"""

import base64
import copy
import io
import os
import platform
import random
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path

import matplotlib
import numpy as np
import pytest
from nbval.plugin import IPyNbCell, IPyNbFile
from PIL import Image

LEVELS = 16  # of 255: by so much a pixel may differ, as the last digits of a curve's points do between processors
VIEW = "application/vnd.jupyter.widget-view+json"
PICTURE = re.compile(r"data:image/png;base64,([A-Za-z0-9+/=\s]+)")
DIGIT = re.compile(r"\d(?=\D*\Z)")  # the last one
TIME = re.compile(r"\s*\b\d[\d.,]*(?:e[+-]?\d+)?")  # a number and what it is padded with
COMPARED, SKIPPED = "pictures compared", "pictures skipped"

HOME = tempfile.TemporaryDirectory()  # a reader without progress or name; removed when Python ends
os.environ |= {"BPBOOK_HOME": HOME.name, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "PYTHONHASHSEED": "0"}
X86 = platform.machine() in ("x86_64", "AMD64")
PROCESSOR = os.environ.get("BPBOOK_PROCESSOR", "") if X86 else ""  # elsewhere there is no other to be had
if X86:  # as execute.one_processor has it, where this is explained
    os.environ["OPENBLAS_CORETYPE"] = PROCESSOR or "Haswell"
    if np.lib.NumpyVersion(np.__version__) >= "2.4.0":
        os.environ["NPY_DISABLE_CPU_FEATURES"] = "X86_V3 " * bool(PROCESSOR) + "X86_V4 AVX512_ICL AVX512_SPR"


def pinned(package: str) -> str | None:
    """Return the version of a package that `constraints.txt` pins, or None where there is no such file."""
    path = Path(__file__).resolve().parent.parent / "constraints.txt"
    lines = path.read_text().splitlines() if path.exists() else []
    return next((line.split("==")[1] for line in lines if line.startswith(f"{package}==")), None)


def pixels_comparable() -> bool:
    """Say whether matplotlib draws here as it did when the outputs were stored."""
    stored_with = pinned("matplotlib") or ""
    return stored_with.split(".")[:2] == matplotlib.__version__.split(".")[:2]


def take_pictures(outputs: list) -> tuple[list, list[bytes]]:
    """Return a copy of the outputs with every PNG replaced by a word, and the PNGs."""
    outputs, pictures = copy.deepcopy(outputs), []

    def taken(data: str) -> str:
        pictures.append(base64.b64decode(data))
        return "(picture)"

    for output in outputs:
        data = output.get("data", {})
        if VIEW in data:
            data.pop("image/png", None)  # the photograph of an experiment, which execute.py puts beside it
        if "image/png" in data:
            data["text/x-picture"] = taken(data.pop("image/png"))
        if "text/html" in data:
            data["text/html"] = PICTURE.sub(lambda match: taken(match.group(1)), data["text/html"])
    return outputs, pictures


def without_times(outputs: list) -> list:
    """Return a copy of a timing cell's outputs with a sign in place of every number that it printed."""
    outputs = copy.deepcopy(outputs)
    for output in outputs:
        if output.get("output_type") == "stream":
            output["text"] = TIME.sub(" #", output["text"])
    return outputs


def same_picture(reference: bytes, fresh: bytes) -> bool:
    """Say whether two PNGs have one size and no pixel that differs by more than LEVELS."""
    one, other = (np.asarray(Image.open(io.BytesIO(png)).convert("RGBA"), dtype=int) for png in (reference, fresh))
    return one.shape == other.shape and bool((np.abs(one - other) <= LEVELS).all())


def wrong_twins(outputs: list, chance: random.Random) -> Iterator[tuple[str, list]]:
    """Yield what is wrong and outputs with that wrong: another last digit in a print, or a line across a picture."""
    for k, output in enumerate(outputs):
        if output["output_type"] == "stream" and DIGIT.search(output["text"]):
            twin = copy.deepcopy(outputs)
            twin[k]["text"] = DIGIT.sub(lambda digit: str((int(digit[0]) + 1) % 10), output["text"])
            yield "number", twin
        html = output.get("data", {}).get("text/html", "")
        for picture in PICTURE.finditer(html):
            twin = copy.deepcopy(outputs)
            start, end = picture.span(1)
            twin[k]["data"]["text/html"] = html[:start] + with_a_line(picture[1], chance) + html[end:]
            yield "picture", twin


def with_a_line(data: str, chance: random.Random) -> str:
    """Return a PNG, in base64 as it came, with one row of pixels inverted."""
    pixels = np.array(Image.open(io.BytesIO(base64.b64decode(data))).convert("RGBA"))
    pixels[chance.randrange(len(pixels)), :, :3] ^= 255
    png = io.BytesIO()
    Image.fromarray(pixels).save(png, format="PNG", compress_level=1)
    return base64.b64encode(png.getvalue()).decode()


class StrictCell(IPyNbCell):
    """A code cell that must have been executed, and whose pictures count."""

    def runtest(self) -> None:
        """Run the cell; refuse it when it was stored without having been run, or asks not to be compared."""
        if self.cell.source.strip() and self.cell.execution_count is None:
            self.raise_cell_error("This cell was stored without being executed. Run notebooks/execute.py.")
        if self.options["skip"] or not self.options["check"]:
            self.raise_cell_error("This cell asks not to be compared; every cell of the book is.")
        super().runtest()

    def compare_outputs(self, test: list, ref: list, skip_compare: tuple | None = None) -> bool:
        """Say whether fresh outputs are the stored ones, and would not pass for a wrong twin of these."""
        if PROCESSOR:
            return True
        pictures = COMPARED if pixels_comparable() else SKIPPED
        self.user_properties.append((pictures, len(take_pictures(ref)[1])))
        if not self.alike(test, ref, skip_compare):
            return False
        for what, twin in wrong_twins(ref, random.Random(self.nodeid)):
            judged = pixels_comparable() if what == "picture" else not self.timed()
            if judged and self.alike(test, twin, skip_compare):
                self.comparison_traceback = [f"a wrong {what} in this cell would not be noticed"]
                return False
        return True

    def alike(self, test: list, ref: list, skip_compare: tuple | None = None) -> bool:
        """Compare fresh outputs with others: text as nbval does, pictures by their pixels."""
        test, fresh = take_pictures(test)
        ref, stored = take_pictures(ref)
        if self.timed():
            test, ref = without_times(test), without_times(ref)
        if not super().compare_outputs(test, ref, skip_compare):
            return False
        if not pixels_comparable():
            return True
        different = [k for k, pair in enumerate(zip(stored, fresh, strict=True)) if not same_picture(*pair)]
        if different:
            self.comparison_traceback = [f"picture {k} of this cell has changed" for k in different]
        return not different

    def timed(self) -> bool:
        """Say whether the cell prints what a clock said."""
        return "timing" in self.cell.metadata.get("tags", [])


class StrictFile(IPyNbFile):
    """A notebook whose cells are strict, run by this very Python."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.config.option.nbval_current_env = True

    def collect(self):
        """Yield a StrictCell for each code cell."""
        for item in super().collect():
            options = {"cell_num": item.cell_num, "cell": item.cell, "options": item.options}
            yield StrictCell.from_parent(self, name=item.name, **options)


@pytest.hookimpl(wrapper=True)
def pytest_collect_file(file_path: Path, parent):
    """Take notebooks over from nbval, with or without its --nbval."""
    collected = yield
    return [StrictFile.from_parent(parent, path=file_path)] if file_path.suffix == ".ipynb" else collected


def _counted(config) -> tuple[int, int]:
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    reports = [report for some in reporter.stats.values() for report in some] if reporter else []
    properties = [
        entry for report in reports if getattr(report, "when", "") == "call" for entry in report.user_properties
    ]
    return sum(n for what, n in properties if what == COMPARED), sum(n for what, n in properties if what == SKIPPED)


def pytest_sessionfinish(session, exitstatus: int) -> None:
    """In CI, fail when there were pictures and none was compared."""
    compared, skipped = _counted(session.config)
    if os.environ.get("CI") and skipped and not compared and exitstatus == 0:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter, config) -> None:
    """Say how many pictures were compared and how many were not."""
    compared, skipped = _counted(config)
    if compared or skipped:
        reason = f" (matplotlib {matplotlib.__version__} here, {pinned('matplotlib')} when stored)" if skipped else ""
        terminalreporter.write_line(f"notebook pictures: {compared} compared, {skipped} skipped{reason}")
