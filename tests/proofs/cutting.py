"""A stretch of network that loses every answer: calls arrive, and nothing comes back."""

from __future__ import annotations

import http.client
import socket
import struct
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

NOTHING_LEFT = struct.pack("ii", 1, 0)
"""SO_LINGER: a socket that is closed resets its connection."""


class Cutter:
    """Passes calls on to a portal; when it has all of an answer, it resets the connection."""

    def __init__(self, portal: str) -> None:
        self.swallowed: list[str] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(portal, self.swallowed))
        self._thread = threading.Thread(target=self._server.serve_forever)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Cutter:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


def _handler(portal: str, swallowed: list[str]) -> type[BaseHTTPRequestHandler]:
    where = urlsplit(portal)

    class Passing(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            sent = self.rfile.read(int(self.headers["Content-Length"]))
            headers = dict(self.headers.items()) | {"Host": where.netloc}
            web = http.client.HTTPConnection(str(where.hostname), where.port)
            web.request("POST", self.path, sent, headers)
            swallowed.append(web.getresponse().read().decode())
            web.close()
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, NOTHING_LEFT)
            self.connection.close()
            self.close_connection = True

        def finish(self) -> None:
            """Flush nothing: the connection is gone."""

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    return Passing
