"""The pages in a real browser: nothing is asked of another machine, experiments live without Python."""

from pathlib import Path

import pytest

from bpbook.site import build

pytestmark = pytest.mark.browser
ROOT = Path(__file__).resolve().parent.parent.parent
PAGES = ["index.html", "search.html", *(f"notebooks/{path.stem}.html" for path in build.notebooks(ROOT))]
WAYS = [("light", 1400), ("dark", 390), ("dark", 1400), ("light", 390)]
"""Each page is opened in one of these ways, in turn, and the first page in all of them."""
EXPERIMENTS = """() => {
  const orders = document.querySelectorAll('script[type="application/vnd.jupyter.widget-view+json"]').length;
  const places = [...document.querySelectorAll(".widget-subarea")];
  const drawn = places.filter((place) => place.querySelector("svg, canvas, img"));
  const typeset = !document.querySelector(".math") || document.querySelector("mjx-container");
  return drawn.length === orders && typeset && document.body.dataset.jpThemeLight !== undefined;
}"""


@pytest.fixture(scope="module")
def axe():
    import axe_playwright_python

    return (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")


@pytest.fixture
def opened(chromium, address):
    """Yield a function that opens a page of the site; whatever it asks of elsewhere or complains of is a failure."""
    pages, complaints = [], []

    def opening(name, scheme="light", width=1400, **settings):
        viewport = {"width": width, "height": 900}
        page = chromium.new_page(viewport=viewport, color_scheme=scheme, **settings)
        pages.append(page)
        here = (address, "data:", "blob:")
        page.on("request", lambda asked: None if asked.url.startswith(here) else complaints.append(asked.url))
        page.on("requestfailed", lambda asked: complaints.append(f"failed: {asked.url}"))
        page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(f"{address}/{name}", timeout=120_000)
        if settings.get("java_script_enabled", True):
            page.wait_for_function(EXPERIMENTS, timeout=120_000)
        return page

    yield opening
    for page in pages:
        page.close()
    assert complaints == []


def findings(page, axe):
    """Return what axe finds serious on the page: rule, element, reason."""
    page.evaluate(axe)
    violations = page.evaluate(
        "async () => (await axe.run({ preload: false, resultTypes: ['violations'] })).violations"
    )
    return [
        (violation["id"], node["html"][:160], node["failureSummary"].splitlines()[1].strip())
        for violation in violations
        if violation["impact"] in ("serious", "critical")
        for node in violation["nodes"]
    ]


CASES = [("index.html", *way) for way in WAYS[1:]]
CASES += [(name, *WAYS[k % len(WAYS)]) for k, name in enumerate(PAGES)]


@pytest.mark.parametrize(("name", "scheme", "width"), CASES)
def test_a_page_fits_its_screen_asks_nobody_and_has_no_serious_fault_of_access(opened, axe, name, scheme, width):
    page = opened(name, scheme, width)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert page.locator("mjx-merror, mjx-container [title*='not allowed']").count() == 0
    assert page.evaluate("document.body.dataset.jpThemeLight") == str(scheme == "light").lower()
    assert findings(page, axe) == []


def test_axe_would_find_grey_on_grey_and_a_picture_without_words(opened, axe):
    page = opened("notebooks/C_glossary.html")
    page.evaluate("document.querySelector('article h1').style.color = '#ddd'")
    page.evaluate("document.querySelector('article').append(new Image())")
    assert {"color-contrast", "image-alt"} <= {rule for rule, _, _ in findings(page, axe)}


def test_the_experiment_of_the_first_page_steps_by_keyboard_without_python(opened):
    page = opened("index.html")
    assert page.locator("[data-do=on]").bounding_box()["y"] < 900  # without scrolling
    page.locator("[data-do=on]").focus()
    for _ in range(6):
        page.keyboard.press("Enter")
    assert page.locator(".words").first.text_content().startswith("6 of 6. Update weights (GD)")


def test_network_and_plane_of_the_playground_share_one_screen_of_1280_by_800(opened):
    page = opened("notebooks/06_train_it.html", width=1280)
    board = page.locator(".widget-subarea").nth(1)
    train, plane = board.get_by_role("button", name="Train", exact=True), board.locator(".bpbook-plane").first
    top, below = train.bounding_box(), plane.bounding_box()
    assert below["x"] > top["x"] + 400 and below["y"] + below["height"] - top["y"] < 700


def test_without_javascript_a_picture_with_words_stands_for_each_experiment(chromium, address):
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}/notebooks/06_train_it.html")
    pictures = page.locator("img.bpbook-picture")
    assert pictures.count() == 2 and all(pictures.nth(k).is_visible() for k in range(2))
    assert [picture.get_attribute("alt")[:25] for picture in pictures.all()] == [
        "Experiment: optimizer rac",
        "Experiment: playground on",
    ]
    context.close()


def test_where_the_experiment_is_drawn_its_picture_is_not(opened):
    page = opened("notebooks/04_derive_the_backward_pass.html")
    assert page.locator("img.bpbook-picture").count() == 1
    assert not page.locator("img.bpbook-picture").is_visible()


def test_a_printed_chapter_has_its_text_and_photographs_and_nothing_of_the_frame(opened):
    page = opened("notebooks/02_follow_a_change.html")
    page.emulate_media(media="print")
    for frame in (
        ".bd-sidebar-primary",
        ".bd-sidebar-secondary",
        ".bd-header-article",
        ".prev-next-footer",
        ".copybtn",
    ):
        assert not any(found.is_visible() for found in page.locator(frame).all())
    assert page.locator("article h1").is_visible()
    assert page.locator("img.bpbook-picture").is_visible() and not page.locator(".widget-subarea").is_visible()
    page.emulate_media(media="screen")
    assert page.locator(".widget-subarea").is_visible() and not page.locator("img.bpbook-picture").is_visible()


def test_the_sidebar_is_a_landmark_which_in_the_theme_it_is_not(opened):
    page = opened("search.html")
    assert page.locator("#pst-primary-sidebar").get_attribute("role") == "complementary"


def test_search_finds_a_chapter(opened):
    page = opened("search.html?q=saturation")
    page.wait_for_selector("#search-results a[href*='03_teach_one_neuron']", timeout=60_000)


def test_reduced_motion_is_respected(opened):
    page = opened("notebooks/A_notation.html", reduced_motion="reduce")
    assert page.evaluate("parseFloat(getComputedStyle(document.querySelector('.btn')).transitionDuration)") < 0.001
