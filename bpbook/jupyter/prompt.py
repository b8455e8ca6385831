"""Messages of the kernel that are not held back on their way to the browser.

Jupyter Server leaves Nagle's algorithm on: a small message waits until the one before was acknowledged, which the
browser's side puts off for 40 ms. An experiment's answer is always the second message, after "busy". Without the
wait a slider's picture comes in half the time.
"""

from asyncio import Future

from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection

__all__ = ["PromptConnection"]


class PromptConnection(ZMQChannelsWebsocketConnection):
    """Jupyter Server's own connection, with every message sent at once."""

    def connect(self) -> "Future[None] | None":  # type: ignore[override]
        """Connect to the kernel."""
        self.websocket_handler.set_nodelay(True)
        return super().connect()
