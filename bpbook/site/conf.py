"""What Sphinx is told; `build` copies this file beside the chapters that it has laid out."""

from typing import Any

project = "bpbook"
author = "The bpbook authors"
copyright = "the bpbook authors; code BSD-3-Clause, text and figures CC BY 4.0"
html_title = "Backpropagation, a textbook that runs"
html_short_title = "bpbook"

extensions = ["myst_nb", "sphinx_copybutton"]
exclude_patterns = ["_static", "figures"]
nb_execution_mode = "off"
nb_ipywidgets_js: dict[str, dict[str, str]] = {
    f"vendor/{name}.js": {"defer": "defer"} for name in ("require", "widgets", "embed-amd")
}
nb_merge_streams = True
nb_render_markdown_format = "myst"  # which knows tables
nb_number_source_lines = False
mathjax_path = "vendor/tex-chtml.js"
mathjax3_config = {
    "options": {"enableMenu": False, "processHtmlClass": "tex2jax_process|mathjax_process|math|output_area"}
}
myst_enable_extensions = ["dollarmath", "amsmath", "colon_fence", "attrs_inline", "attrs_block"]
myst_heading_anchors = 3
copybutton_selector = "div.cell_input div.highlight pre, div.highlight-python div.highlight pre"

html_theme = "sphinx_book_theme"
html_static_path = ["_static"]
html_css_files = ["theme/book.css"]
html_js_files = ["theme/book.js"]
html_favicon = "_static/theme/favicon.svg"
html_copy_source = True
html_sourcelink_suffix = ""
html_last_updated_fmt = None
html_context = {"default_mode": "auto"}
html_use_index = False
html_domain_indices = False
html_theme_options = {
    "use_download_button": True,
    "use_fullscreen_button": False,
    "show_navbar_depth": 1,
    "show_toc_level": 2,
    "pygments_light_style": "a11y-high-contrast-light",
    "pygments_dark_style": "a11y-high-contrast-dark",
    "logo": {"text": "Backpropagation"},
}


def _mark(app: Any, pagename: str, templatename: str, context: dict[str, Any], doctree: Any) -> None:
    """Tell the page where the book's root is, and which chapter it shows; bring in what runs its cells."""
    root, name = "../" * pagename.count("/") or "./", pagename.rpartition("/")[2]
    chapter = name.partition("_")[0] if pagename.startswith("notebooks/") else ""
    tags = f'<meta name="bpbook-root" content="{root}" />\n<meta name="bpbook-chapter" content="{chapter}" />\n'
    tags += f'<link rel="stylesheet" href="{root}_static/engine/page.css" />\n'
    tags += f'<script defer src="{root}_static/engine/without.js"></script>\n'
    context["metatags"] = context.get("metatags", "") + tags


def setup(app: Any) -> None:
    """Have every page marked; the text comes first, and what makes it live when it has been read in."""
    app.add_js_file("engine/page.js", priority=900, type="module")
    app.connect("html-page-context", _mark)
