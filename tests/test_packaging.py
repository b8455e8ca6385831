"""What a newcomer installs: the files that must agree with each other, and what a wheel holds."""

import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def required():
    return set(PROJECT["dependencies"]) | set(PROJECT["optional-dependencies"]["test"])


def in_environment(text):
    return set(re.findall(r"^ +- ([a-z][\w-]*>=[\d.]+)$", text, flags=re.MULTILINE))


def pins():
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    return dict(line.split("==") for line in lines if line and not line.startswith("#"))


def test_environment_and_pyproject_agree():
    text = (ROOT / "environment.yml").read_text(encoding="utf-8")
    python = {f"python{PROJECT['requires-python']}"}
    assert in_environment(text) == required() | python
    assert in_environment(text.replace("numpy>=2.0.0\n", "numpy>=1.26.0\n")) != required() | python


def test_constraints_pin_every_dependency_and_name_no_place():
    asked = required() | {more for name in ("classroom", "graders") for more in PROJECT["optional-dependencies"][name]}
    names = {re.split(r"[><=]", requirement)[0] for requirement in asked} - {"jinja2"} | {"Jinja2"}
    assert names - set(pins()) == set()
    assert not re.search(r"https?:|file:|@|/", (ROOT / "constraints.txt").read_text(encoding="utf-8"))


def test_the_version_is_told_once_more_in_the_package():
    import bpbook

    assert bpbook.__version__ == PROJECT["version"]


def test_readme_lists_the_chapters_that_stand():
    listed = set(re.findall(r"\(notebooks/(\w+\.ipynb)\)", README))
    assert listed == {path.name for path in (ROOT / "notebooks").glob("*.ipynb")}


def test_readme_names_files_that_are_there():
    for target in re.findall(r"\]\(([\w./]+)\)", README):
        assert (ROOT / target).exists(), target


def test_readme_commands_are_on_its_first_screen_and_stand_alone():
    commands = [line for line in README.splitlines()[:20] if line.startswith("python3 -m venv .venv && ")]
    assert len(commands) == 2
    assert all("pip install -c constraints.txt -e" in command for command in commands)
    assert commands[0].endswith(".venv/bin/bpbook")
    assert commands[1].endswith(".venv/bin/python -m pytest")
    assert README.index(commands[1]) < README.index("![")  # a picture would push them off the screen


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    program = f"import os; os.chdir({str(ROOT)!r}); import hatchling.build as b; print(b.build_wheel({str(folder)!r}))"
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return zipfile.ZipFile(folder / run.stdout.split()[-1])


def test_a_wheel_holds_the_book(wheel):
    names = set(wheel.namelist())
    for path in [*(ROOT / "notebooks").glob("*.ipynb"), *(ROOT / "figures").glob("*.svg")]:
        assert f"bpbook/book/{path.parent.name}/{path.name}" in names
    assert not [name for name in names if "mybook" in name or "checkpoint" in name or "__pycache__" in name]


@pytest.mark.skipif(not (ROOT / ".git").exists(), reason="not a clone")
def test_git_keeps_the_line_ends_of_what_is_compared_byte_by_byte():
    files = [*(ROOT / "figures").glob("*.svg"), *(ROOT / "notebooks").glob("*.ipynb")]
    command = ["git", "-c", "safe.directory=*", "check-attr", "eol", "--", *map(str, files)]
    said = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
    assert len(said) == len(files) and all(line.endswith("eol: lf") for line in said)
