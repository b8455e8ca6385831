"""Look at every link of a built site: each must lead to a file of the folder, and to a place that is in it."""

import posixpath
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

__all__ = ["broken"]

LOADED = {("link", "href"), ("script", "src"), ("img", "src"), ("iframe", "src"), ("source", "src"), ("video", "src")}
"""What a browser fetches by itself, and which therefore may not lie elsewhere."""


class _Page(HTMLParser):
    """The places of a page and where it leads."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.places: set[str] = set()
        self.links: list[tuple[str, bool]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element's id, and what it links to or loads."""
        named = dict(attrs)
        self.places |= {value for name in ("id", "name") if (value := named.get(name))}
        for name in ("href", "src"):
            if value := named.get(name):
                self.links.append((value, (tag, name) in LOADED and named.get("rel") != "canonical"))


def broken(folder: Path) -> list[str]:
    """Return a line for each link of the folder's pages that leads nowhere, or would load from another machine."""
    pages = {
        path.relative_to(folder).as_posix(): _Page(path.read_text(encoding="utf-8"))
        for path in sorted(folder.rglob("*.html"))
    }
    found = []
    for name, page in pages.items():
        for link, loaded in page.links:
            if why := _fault(link, loaded, name, pages, folder):
                found.append(f"{name}: the link {link[:80]} {why}.")
    return sorted(set(found))


def _fault(link: str, loaded: bool, name: str, pages: dict[str, _Page], folder: Path) -> str:
    parts = urlsplit(link)
    if parts.scheme in ("data", "javascript", "mailto"):
        return ""
    if parts.scheme or parts.netloc:
        return "would be loaded from another machine" if loaded else ""
    target = posixpath.normpath(posixpath.join(posixpath.dirname(name), unquote(parts.path))) if parts.path else name
    if target.startswith("..") or not (folder / target).is_file():
        return "leads to no file of the site"
    if parts.fragment and target in pages and unquote(parts.fragment) not in pages[target].places:
        return "leads to no such place on its page"
    return ""
