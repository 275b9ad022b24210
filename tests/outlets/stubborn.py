"""A mail server on loopback that stops being one at a given step of the talk."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO, Literal

Step = Literal["greeting", "EHLO", "MAIL", "RCPT", "DATA", "text", "QUIT"]
STEPS: tuple[Step, ...] = ("greeting", "EHLO", "MAIL", "RCPT", "DATA", "text", "QUIT")

FINE = {"greeting": "220 hello", "DATA": "354 go on", "QUIT": "221 bye"}
HANG, RESET, DRIP, FLOOD = "(hangs)", "(resets)", "(one byte after the other)", "(without an end)"


@dataclass
class Stubborn:
    """Answers as a mail server does, but at `step` as told; `texts` are the letters it took."""

    step: Step
    answer: str
    seconds: float = 0.05
    """Between two bytes that drip, or before the last answer."""
    texts: list[bytes] = field(default_factory=list)
    port: int = 0

    def __post_init__(self) -> None:
        self._over = threading.Event()

    @contextlib.contextmanager
    def listening(self) -> Iterator[Stubborn]:
        """Take one talk after the other until the block ends."""
        with socket.create_server(("127.0.0.1", 0)) as listener:
            self.port = listener.getsockname()[1]
            listener.settimeout(0.05)
            thread = threading.Thread(target=self._serve, args=(listener,))
            thread.start()
            try:
                yield self
            finally:
                self._over.set()
                thread.join()

    def _serve(self, listener: socket.socket) -> None:
        while not self._over.is_set():
            with contextlib.suppress(OSError), listener.accept()[0] as talk:
                talk.settimeout(60)
                with talk.makefile("rb") as heard:
                    self._talk(talk, heard)

    def _talk(self, talk: socket.socket, heard: BinaryIO) -> None:
        self._say(talk, "greeting")
        while line := heard.readline():
            verb = line[:4].decode().upper()
            if verb == "RSET":
                talk.sendall(b"250 fine\r\n")
                continue
            step = next(step for step in STEPS if step == verb.replace("HELO", "EHLO"))
            self._say(talk, step)
            if step == "DATA" and self.step != "DATA":
                text = b"".join(iter(heard.readline, b".\r\n"))
                self.texts.append(text)
                self._say(talk, "text")
            if step == "QUIT":
                return

    def _say(self, talk: socket.socket, step: Step) -> None:
        fine = FINE.get(step, "250 fine")
        if step != self.step:
            talk.sendall(f"{fine}\r\n".encode())
        elif self.answer == HANG:
            self._over.wait(60)
            raise ConnectionAbortedError
        elif self.answer == RESET:
            # Closed with this option, a connection ends with a reset.
            talk.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            talk.close()
        elif self.answer == DRIP:
            for byte in f"{fine} {'.' * 1000}\r\n".encode():
                talk.sendall(bytes([byte]))
                if self._over.wait(self.seconds):
                    return
        elif self.answer == FLOOD:
            while not self._over.is_set():
                talk.sendall(f"{fine[:3]}-and more\r\n".encode() * 1000)
        else:
            time.sleep(self.seconds)
            talk.sendall(f"{self.answer}\r\n".encode())
