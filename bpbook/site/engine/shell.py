"""A stand-in for the few parts of IPython that a chapter, ipywidgets and this package ask for, in a page.

IPython itself would add 10 MB and several seconds to what a page fetches and begins. What is here does what its
namesakes do there: `display`, the classes of what can be shown, and a shell with the reader's variables and events.
"""

import base64
import io
import pprint
import sys
import types
import wave
from collections import defaultdict
from collections.abc import Callable
from typing import Any

__all__ = ["Shell", "bundle", "install"]

Show = Callable[[dict[str, Any], dict[str, Any]], None]
KINDS = {
    "text/html": "_repr_html_",
    "text/markdown": "_repr_markdown_",
    "text/latex": "_repr_latex_",
    "image/svg+xml": "_repr_svg_",
    "image/png": "_repr_png_",
    "image/jpeg": "_repr_jpeg_",
}


class _Kind:
    """Something that is shown as it is, such as HTML or Markdown."""

    kind = "text/plain"

    def __init__(self, data: Any = None) -> None:
        self.data = data

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        return {self.kind: self.data, "text/plain": repr(self)}

    def __repr__(self) -> str:
        return f"<IPython.core.display.{type(self).__name__} object>"


class HTML(_Kind):
    """A piece of HTML."""

    kind = "text/html"


class Markdown(_Kind):
    """A piece of Markdown."""

    kind = "text/markdown"


class Latex(_Kind):
    """A piece of LaTeX."""

    kind = "text/latex"


class Math(Latex):
    """A formula."""

    def __init__(self, data: str) -> None:
        super().__init__(rf"$\displaystyle {data}$")


class SVG(_Kind):
    """A drawing."""

    kind = "image/svg+xml"


class Image(_Kind):
    """A picture in the bytes of a PNG."""

    kind = "image/png"


class Audio(_Kind):
    """A sound: samples of shape (n,) and their rate in Hz, made as loud as they may be."""

    kind = "text/html"

    def __init__(self, data: Any, rate: int) -> None:
        import numpy as np

        samples = np.asarray(data, dtype=float)
        loudest = float(np.abs(samples).max()) if samples.size else 0.0
        whole = io.BytesIO()
        with wave.open(whole, "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(int(rate))
            file.writeframes((32767 * samples / (loudest or 1.0)).astype("<i2").tobytes())
        sound = base64.b64encode(whole.getvalue()).decode()
        super().__init__(f'<audio controls src="data:audio/wav;base64,{sound}"></audio>')


def bundle(value: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return a value in every form that it has for a page, by MIME type, and what is to be known about them."""
    made = getattr(value, "_repr_mimebundle_", None)
    data, about = {}, {}
    if made is not None and not isinstance(value, type):
        whole = made(include=None, exclude=None)
        data, about = whole if isinstance(whole, tuple) else (whole or {}, {})
        data = dict(data)
    for kind, method in KINDS.items():
        if kind not in data and not isinstance(value, type) and (form := getattr(value, method, None)) is not None:
            shown = form()
            shown, more = shown if isinstance(shown, tuple) else (shown, {})
            if shown is not None:
                data[kind], about = shown, about | more
    for kind, shown in data.items():
        if isinstance(shown, bytes):
            data[kind] = base64.b64encode(shown).decode()
    data.setdefault("text/plain", in_words(value))
    return data, about


def in_words(value: Any) -> str:
    """Return what Python prints of a value, a long list or dictionary with an item a line."""
    if type(value) in (list, tuple, dict, set) and len(text := repr(value)) > 79:
        return pprint.pformat(value, width=79, compact=False, sort_dicts=False) if len(text) < 100_000 else text
    return repr(value)


class Events:
    """What is to be called after each cell."""

    def __init__(self) -> None:
        self.callbacks: defaultdict[str, list[Callable[..., None]]] = defaultdict(list)

    def register(self, event: str, callback: Callable[..., None]) -> None:
        """Call it from now on."""
        self.callbacks[event].append(callback)

    def trigger(self, event: str, *arguments: Any) -> None:
        """Call whoever listens."""
        for callback in list(self.callbacks[event]):
            callback(*arguments)

    def unregister(self, event: str, callback: Callable[..., None]) -> None:
        """Call it no longer."""
        self.callbacks[event].remove(callback)


class Shell:
    """The reader's variables and what `get_ipython` gives of them.

    Parameters
    ----------
    show : callable
        show(data, about) puts something on the page.
    complain : callable
        complain(error) shows an error there.
    """

    def __init__(self, show: Show, complain: Callable[[BaseException], None]) -> None:
        self.main = types.ModuleType("__main__")
        self.main.__dict__["__builtins__"] = __builtins__
        self.user_ns, self.events, self.show, self.complain = self.main.__dict__, Events(), show, complain

    def display(self, *values: Any, **_: Any) -> None:
        """Show values, one below the other."""
        for value in values:
            self.show(*bundle(value))

    def showtraceback(self, raised: Any = None, **_: Any) -> None:
        """Show the error that is being handled."""
        error = raised[1] if raised else sys.exception()
        if error is not None:
            self.complain(error)


def install(shell: Shell) -> None:
    """Let `import IPython` find what is here."""
    whole, display, core = (types.ModuleType(name) for name in ("IPython", "IPython.display", "IPython.core"))
    inner, getter = types.ModuleType("IPython.core.interactiveshell"), types.ModuleType("IPython.core.getipython")
    kinds = (HTML, Markdown, Latex, Math, SVG, Image, Audio)
    display.__dict__.update({kind.__name__: kind for kind in kinds})
    display.__dict__.update(display=shell.display, clear_output=lambda wait=False: None)
    inner.__dict__["InteractiveShell"] = Shell
    whole.__dict__.update(get_ipython=lambda: shell, display=display, core=core, version_info=(9, 0, 0), __path__=[])
    getter.__dict__["get_ipython"] = lambda: shell
    core.__dict__.update(interactiveshell=inner, getipython=getter, __path__=[])
    for module in (whole, display, core, inner, getter):
        sys.modules[module.__name__] = module
    shell.user_ns.update(display=shell.display, get_ipython=lambda: shell)
