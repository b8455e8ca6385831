"""Photograph the experiments as the stored chapters hold them, for readers on paper and without JavaScript.

Builds the site, opens each chapter in headless Chromium, and writes figures/experiments/NN_K.png for its K-th
experiment. Run it after an experiment has changed; it needs the extras `site` and `test`, and Chromium.

    python tools/photograph.py            all chapters
    python tools/photograph.py 03 06      these
"""

import io
import shutil
import sys
import tempfile
import threading
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

from bpbook.site import build, chapters, serving

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "figures" / chapters.PICTURES
ARGUMENTS = ["--headless", "--no-sandbox", "--disable-gpu"]
DRAWN = """() => {
  const orders = document.querySelectorAll('script[type="application/vnd.jupyter.widget-view+json"]').length;
  const places = [...document.querySelectorAll(".widget-subarea")];
  const drawn = places.filter((place) => place.querySelector("svg, canvas, img"));
  return drawn.length === orders && document.fonts.status === "loaded";
}"""
ALONE = """.bd-content .cell_output .widget-subarea { overflow: visible; padding: 2px; background: #fff; }
.bd-header-article, .bd-sidebar-secondary { display: none !important; }"""


def photographs(page: Page) -> list[bytes]:
    """Return a PNG of each experiment of the page, of at most 256 colours."""
    page.wait_for_function(DRAWN, timeout=120_000)
    page.add_style_tag(content=ALONE)
    found = []
    for place in page.locator(".widget-subarea").all():
        place.scroll_into_view_if_needed()
        image = Image.open(io.BytesIO(place.screenshot(animations="disabled")))
        small, packed = image.convert("RGB").quantize(256, dither=Image.Dither.NONE), io.BytesIO()
        small.save(packed, "PNG", optimize=True)
        found.append(packed.getvalue())
    return found


def main(numbers: list[str]) -> int:
    """Photograph these chapters, or all."""
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        site = Path(folder) / "site"
        build.pages(ROOT, site)
        server = serving.server(site)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=ARGUMENTS)
        for path in build.notebooks(ROOT):
            number = chapters.number(path)
            if numbers and number not in numbers:
                continue
            page = browser.new_page(viewport={"width": 1200, "height": 1600}, color_scheme="light")
            page.goto(f"http://127.0.0.1:{server.server_port}/notebooks/{path.stem}.html")
            for k, picture in enumerate(photographs(page)):
                (PICTURES / f"{number}_{k}.png").write_bytes(picture)
                print(f"{number}_{k}.png {len(picture) / 1000:.0f} KB", flush=True)
            page.close()
        browser.close()
        server.shutdown()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
