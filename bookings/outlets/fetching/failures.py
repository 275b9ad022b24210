"""Why no answer came."""

from __future__ import annotations

import ssl

import httpcore


class FetchError(Exception):
    """No answer came: `code` for programs, one sentence for people.

    The codes are those of the refused URL (`bad_url`, `not_https`, `port_not_called`,
    `not_public`, `host_not_listed`), and `unresolved`, `refused`, `unreachable`, `tls`,
    `reset`, `garbage`, `too_slow`. `permanent` says that this URL will never be called;
    whatever a name server or the other side does today may be another tomorrow.
    """

    def __init__(self, code: str, sentence: str, *, permanent: bool = False) -> None:
        super().__init__(sentence)
        self.code = code
        self.permanent = permanent


def too_slow() -> FetchError:
    """Return the failure of whoever took longer than the deadline."""
    return FetchError("too_slow", "No complete answer came in time.")


def garbage() -> FetchError:
    """Return the failure of whoever answers with something that is not HTTP, or never ends it."""
    return FetchError("garbage", "What came back is no answer of a web server.")


def failure_of(error: Exception) -> FetchError:
    """Return what an error of the wire means."""
    match error:
        case httpcore.TimeoutException():
            return too_slow()
        case httpcore.ConnectError():
            return _unconnected(error.__cause__)
        case httpcore.RemoteProtocolError() if "disconnected" not in str(error):
            return garbage()
    return FetchError("reset", "The connection broke before an answer came.")


def _unconnected(cause: BaseException | None) -> FetchError:
    match cause:
        case ssl.SSLCertVerificationError():
            why = cause.verify_message.rstrip(".")
            return FetchError("tls", f"The certificate is not accepted: {why}.")
        case ssl.SSLError():
            return FetchError("tls", "No encrypted connection came about.")
        case ConnectionRefusedError():
            return FetchError("refused", "The connection was refused.")
        case ConnectionResetError() | BrokenPipeError():
            return FetchError("reset", "The connection broke before an answer came.")
    return FetchError("unreachable", "The host cannot be reached.")
