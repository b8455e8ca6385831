"""Fetch what the pages of the site load from their own folder, and write it to bpbook/site/vendor/.

The packages come through npm's own client, each at one version, and one whose bytes are not the expected ones is
refused. Only the files that a page loads are kept, with each package's licence.

    python tools/fetch_vendor.py
"""

import hashlib
import importlib.metadata
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import NamedTuple

VENDOR = Path(__file__).resolve().parent.parent / "bpbook" / "site" / "vendor"
FONTS = "AMS-Regular Calligraphic-Bold Calligraphic-Regular Main-Bold Main-Italic Main-Regular Math-BoldItalic"
FONTS += " Math-Italic Math-Regular SansSerif-Regular Script-Regular Size1-Regular Size2-Regular Size3-Regular"
FONTS += " Size4-Regular Typewriter-Regular Vector-Bold Vector-Regular Zero"


class Package(NamedTuple):
    """A package, what it is for, the SHA-512 of its archive, and where its files go."""

    name: str
    purpose: str
    licence: str
    sha512: str
    files: dict[str, str]


PACKAGES = [
    Package(
        "mathjax@3.2.2",
        "typesets the equations",
        "Apache-2.0",
        "06df9249553c7811b6ef30a155ec0e89c62ced7b1db78d2a9b8f94a47c97ee4d"
        "3f3bd36588f73ec7bee4d7f144b0fb2328f64626fb5164cd6f3be81e5b43a11b",
        {"es5/tex-chtml.js": "tex-chtml.js", "LICENSE": "licences/mathjax.txt"}
        | {
            f"es5/output/chtml/fonts/woff-v2/MathJax_{name}.woff": f"output/chtml/fonts/woff-v2/MathJax_{name}.woff"
            for name in FONTS.split()
        },
    ),
    Package(
        "requirejs@2.3.8",
        "loads the widgets' modules",
        "MIT",
        "eff71348b39d6243413497033167fe96e16f32b8959bb798c69e017050ac017d"
        "30178db557271ee525cfd7b73e25de68b5728635e848a27165c905d2a302fa33",
        {"require.js": "require.js"},
    ),
    Package(
        "@jupyter-widgets/html-manager@1.0.15",
        "draws the controls of the experiments",
        "BSD-3-Clause, with Font Awesome Free: OFL-1.1 and MIT",
        "e6d841215eb298d8263d5387bf3c7e806cbc6522a649ace1b46c38fdce312435"
        "734611bd3d3790b118c5dc5513a29bc58bffd200178dcf5ca9e3b6c2ac9dc240",
        {"dist/embed-amd.js": "embed-amd.js", "dist/embed.js.LICENSE.txt": "licences/html-manager-parts.txt"}
        | {
            f"dist/{name}.woff2": f"@jupyter-widgets/html-manager/dist/{name}.woff2"
            for name in ("1551f4f60c37af51121f", "d878b0a6a1144760244f", "7a3337626410ca2f4071")
        },
    ),
    Package(
        "@bjorn3/browser_wasi_shim@0.4.2",
        "gives Python in the page its files and its clock",
        "MIT OR Apache-2.0",
        "fe21e4095506dd56dc6e61079f988852922b87b6bb58f8b0677b07cb81d9299c"
        "c175269dc1d75d603640208db306f4185742df8bc9da66780f08ded63c723f84",
        {
            **{
                f"dist/{name}.js": f"shim/{name}.js"
                for name in ["debug", "fd", "fs_mem", "fs_opfs", "index", "strace", "wasi", "wasi_defs"]
            },
            "LICENSE-MIT": "licences/browser_wasi_shim.txt",
        },
    ),
]


def fetch(package: Package, folder: Path) -> None:
    """Write the files of a package into VENDOR."""
    command = ["npm", "pack", "--silent", package.name]
    packed = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True).stdout.split()[-1]
    found = hashlib.sha512((folder / packed).read_bytes()).hexdigest()
    if found != package.sha512:
        raise SystemExit(f"{package.name} must have the SHA-512 {package.sha512}; got {found}.")
    with tarfile.open(folder / packed) as archive:
        for inside, place in package.files.items():
            member = archive.extractfile(f"package/{inside}")
            assert member is not None, inside
            (VENDOR / place).parent.mkdir(parents=True, exist_ok=True)
            (VENDOR / place).write_bytes(member.read())


def listed() -> str:
    """Return the page of licences."""
    rows = [f"| {p.name} | {p.purpose} | {p.licence} |" for p in PACKAGES]
    return "\n".join(
        [
            "# What the pages load from their own folder",
            "",
            "`tools/fetch_vendor.py` fetched these files from npm, unchanged. The texts of the licences are in"
            " `licences/`; RequireJS has its own at the head of its file.",
            "",
            "| package | what it does here | licence |",
            "|---|---|---|",
            *rows,
            "",
        ]
    )


def sums() -> str:
    """Return the SHA-256 of every fetched file, as `sha256sum -c SHA256SUMS` reads it."""
    places = sorted(place for package in PACKAGES for place in package.files.values())
    return "".join(f"{hashlib.sha256((VENDOR / place).read_bytes()).hexdigest()}  {place}\n" for place in places)


def main() -> int:
    """Fetch every package."""
    with tempfile.TemporaryDirectory() as folder:
        for package in PACKAGES:
            fetch(package, Path(folder))
    licence = (
        importlib.metadata.distribution("ipywidgets").locate_file("").glob("ipywidgets-*.dist-info/licenses/LICENSE")
    )
    (VENDOR / "licences" / "html-manager.txt").write_bytes(next(licence).read_bytes())  # its own archive has none
    (VENDOR / "LICENCES.md").write_text(listed(), encoding="utf-8")
    (VENDOR / "SHA256SUMS").write_text(sums(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
