"""Make a virtual environment with the oldest or the newest versions of what bpbook depends on.

python tools/environments.py oldest FOLDER    each dependency at the lower bound that pyproject.toml names, all else new
python tools/environments.py newest FOLDER    everything as new as it comes, whatever constraints.txt pins

Run the tests there with FOLDER/bin/python -m pytest -m "not browser". A bound may stand in pyproject.toml only if they
pass with it.
"""

import argparse
import re
import subprocess
import sys
import tempfile
import tomllib
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def lower_bounds() -> list[str]:
    """Return "name==version" for every dependency, at the bound that pyproject.toml names."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    found = [re.fullmatch(r"([\w-]+)>=([\d.]+)", wanted) for wanted in project["dependencies"]]
    if not all(found):
        raise SystemExit(f"Every dependency must be written as name>=version; got {project['dependencies']}.")
    return [f"{match[1]}=={match[2]}" for match in found if match]


def main() -> None:
    """Make the environment that the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("which", choices=["oldest", "newest"])
    parser.add_argument("folder", type=Path)
    wanted = parser.parse_args()
    venv.create(wanted.folder, with_pip=True, clear=True)
    place = wanted.folder / ("Scripts" if sys.platform == "win32" else "bin") / "python"
    with tempfile.TemporaryDirectory() as folder:
        bounds = Path(folder) / "bounds.txt"
        bounds.write_text("\n".join(lower_bounds() if wanted.which == "oldest" else []), encoding="utf-8")
        command = [place, "-m", "pip", "install", "--quiet", "-c", bounds, "-e", f"{ROOT}[test]"]
        subprocess.run(command, check=True)


if __name__ == "__main__":
    main()
