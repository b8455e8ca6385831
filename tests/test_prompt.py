"""The kernel's messages go to the browser at once."""

import json
from pathlib import Path
from types import SimpleNamespace

from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection
from traitlets.utils.importstring import import_item

import bpbook


def test_the_books_server_uses_a_connection_that_holds_nothing_back(monkeypatch):
    settings = (Path(bpbook.__file__).parent / "jupyter" / "jupyter_server_config.json").read_text(encoding="utf-8")
    kind = import_item(json.loads(settings)["ServerApp"]["kernel_websocket_connection_class"])
    asked, connection = [], kind.__new__(kind)
    connection._trait_values["websocket_handler"] = SimpleNamespace(set_nodelay=asked.append)
    monkeypatch.setattr(ZMQChannelsWebsocketConnection, "connect", lambda self: "connected")
    assert (connection.connect(), asked) == ("connected", [True])
