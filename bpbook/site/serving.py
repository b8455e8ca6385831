"""Show a built site on this machine, to look at it before it is published."""

import contextlib
import functools
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

__all__ = ["serve", "server"]


class _Quiet(SimpleHTTPRequestHandler):
    """Files of a folder, with the types that browsers insist on, and no line for each."""

    extensions_map = SimpleHTTPRequestHandler.extensions_map | {
        ".js": "text/javascript",
        ".wasm": "application/wasm",
        ".woff2": "font/woff2",
    }

    def log_message(self, format: str, *arguments: object) -> None:
        """Say nothing."""


def server(folder: Path, port: int = 0) -> ThreadingHTTPServer:
    """Return a server of the folder for this machine alone; `serve_forever` starts it.

    Examples
    --------
    >>> with server(Path(".")) as found:
    ...     found.server_address[0]
    '127.0.0.1'
    """
    return ThreadingHTTPServer(("127.0.0.1", port), functools.partial(_Quiet, directory=str(folder)))


def serve(folder: Path) -> None:
    """Serve the folder until Ctrl-C, and say where."""
    with server(folder) as running, contextlib.suppress(KeyboardInterrupt):
        print(f"Open http://127.0.0.1:{running.server_port}/ in a browser. Ctrl-C here ends it.", flush=True)
        running.serve_forever()
