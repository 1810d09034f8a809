"""Asks one OPA server over its REST API: https://www.openpolicyagent.org/docs/rest-api#get-a-document-with-input.

What comes back is not trusted: its size, its time and its shape are checked.
"""

from __future__ import annotations

import ipaddress
import json
import re
import socket
import ssl
import threading
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from typing import TYPE_CHECKING, Any
from urllib.parse import SplitResult, urlsplit

from ctkms_opa.errors import EngineError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

TOKEN = "CTKMS_OPA_TOKEN"  # noqa: S105 - the name of the variable
CA_FILE = "CTKMS_OPA_CA_FILE"
TIMEOUT = "CTKMS_OPA_TIMEOUT"

MAX_BYTES = 64 * 1024 * 1024
_CONNECT_SECONDS = 5.0
_ANSWER_SECONDS = 60.0
_PARAMETERS = "?provenance=true&strict-builtin-errors=true"
_MOST_WORDS = 500
_VERSION = re.compile(r"\w[\w.+-]{0,40}")


class ServerError(Exception):
    """A server cannot answer, and another may.

    Attributes:
        lasting: Whether it makes no sense to ask it anything again.
        slow: Whether it did not answer in time, as another may not either.
    """

    def __init__(self, reason: str, *, lasting: bool = False, slow: bool = False) -> None:
        """Takes the reason, in words."""
        super().__init__(reason)
        self.lasting = lasting
        self.slow = slow


@dataclass(frozen=True)
class Answer:
    """What a server said: the value, if there is one, the revisions of its bundles, and its version, if it says."""

    has_value: bool
    value: Any
    revisions: tuple[str, ...]
    version: str


@dataclass(frozen=True)
class Access:
    """How servers are reached: the bearer token, what verifies their certificates, how long an answer may take."""

    token: str
    tls: ssl.SSLContext
    seconds: float

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Access:
        """Reads CTKMS_OPA_TOKEN, CTKMS_OPA_CA_FILE and CTKMS_OPA_TIMEOUT.

        Raises:
            UsageError: One of them holds what it cannot hold.
        """
        token = environment.get(TOKEN, "")
        if not re.fullmatch(r"[\x21-\x7e]*", token):
            raise UsageError(f"{TOKEN}: a token has no spaces, line ends or letters beyond ASCII")
        return cls(token, _tls(environment.get(CA_FILE)), _seconds(environment.get(TIMEOUT)))


def _tls(ca_file: str | None) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=ca_file or None)
    except OSError as error:
        reason = error.strerror or "it holds none"
        raise UsageError(f"{CA_FILE}: no certificates can be read from it: {reason}", ca_file) from None


def _seconds(text: str | None) -> float:
    if not text:
        return _ANSWER_SECONDS
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds < threading.TIMEOUT_MAX:
        raise UsageError(f"{TIMEOUT}: {text!r} is no number of seconds")
    return seconds


class Server:
    """One OPA server. May be used by several threads; each question has a connection of its own while it is asked."""

    def __init__(self, url: str, access: Access) -> None:
        """Checks the address; nothing is asked yet.

        Args:
            url: As https://opa.example.com:8181; a path is put before `/v1/data`.
            access: How it is reached.

        Raises:
            UsageError: The address is none, or the token would travel unencrypted.
        """
        self.url = url
        self._address = _parsed(url)
        self._access = access
        self._idle: list[HTTPConnection] = []
        self._busy: set[HTTPConnection] = set()
        self._closed = False
        if access.token and self._address.scheme == "http" and not _is_loopback(self._address.hostname):
            raise UsageError(f"{url}: {TOKEN} is set, and would travel unencrypted: use https")

    def ask(self, path: str, body: bytes) -> Answer:
        """The value of a rule for an input.

        Args:
            path: The rule, as `ctkms/main/report`.
            body: The JSON text of an object whose member `input` is the input.

        Raises:
            ServerError: The server cannot answer.
            EngineError: It says that the evaluation failed, as it would on any other server.
        """
        try:
            while (connection := self._kept_open()) is not None:
                with suppress(ConnectionError, HTTPException):  # the other end may have closed it since
                    return self._exchange(connection, path, body)
            return self._exchange(self._new(), path, body)
        except TimeoutError:
            raise ServerError("it cannot be reached: no connection in time") from None
        except ssl.SSLCertVerificationError as error:
            reason = f"its certificate is not trusted ({error.verify_message}); {CA_FILE} may name a file that vouches"
            raise ServerError(reason, lasting=True) from None
        except OSError as error:
            raise ServerError(f"it cannot be reached: {error.strerror or error}") from None
        except HTTPException as error:
            raise ServerError(f"it does not speak HTTP as a server does: {type(error).__name__}") from None

    def close(self) -> None:
        """Ends what is in flight, from any thread; nothing can be asked any more."""
        self._closed = True
        for connection in [*self._busy, *self._idle]:
            if connection.sock is not None:
                _shut(connection.sock)

    def _new(self) -> HTTPConnection:
        host, port = self._address.hostname or "", self._address.port
        if self._address.scheme == "https":
            return HTTPSConnection(host, port, timeout=_CONNECT_SECONDS, context=self._access.tls)
        return HTTPConnection(host, port, timeout=_CONNECT_SECONDS)

    def _kept_open(self) -> HTTPConnection | None:
        try:
            return self._idle.pop()
        except IndexError:
            return None

    def _exchange(self, connection: HTTPConnection, path: str, body: bytes) -> Answer:
        self._busy.add(connection)
        late = threading.Event()
        try:
            self._connect(connection)
            with _watched(connection.sock, self._access.seconds, late):
                connection.request("POST", self._target(path), body, self._headers())
                response = connection.getresponse()
                content = _content(response)
        except (OSError, HTTPException):
            connection.close()
            if late.is_set():
                reason = f"it gave no answer within {self._access.seconds:g} seconds ({TIMEOUT} sets another limit)"
                raise ServerError(reason, slow=True) from None
            raise
        except BaseException:
            connection.close()
            raise
        finally:
            self._busy.discard(connection)
        if response.will_close:
            connection.close()
        else:
            self._idle.append(connection)
        return _answer(response, content)

    def _connect(self, connection: HTTPConnection) -> None:
        if connection.sock is None:
            connection.connect()
        if self._closed:  # looked at after connecting, so that close() sees the socket, or is seen here
            raise ServerError("interrupted", lasting=True)

    def _target(self, path: str) -> str:
        return f"{self._address.path.rstrip('/')}/v1/data/{path}{_PARAMETERS}"

    def _headers(self) -> dict[str, str]:
        headers = {"Content-Type": "application/json"}
        if self._access.token:
            headers["Authorization"] = f"Bearer {self._access.token}"
        return headers


@contextmanager
def _watched(sock: socket.socket, seconds: float, late: threading.Event) -> Iterator[None]:
    """Ends an exchange after that time: a socket's own limit begins anew with every byte that drips in."""

    def end() -> None:
        late.set()
        _shut(sock)

    sock.settimeout(None)
    watch = threading.Timer(seconds, end)
    watch.daemon = True
    watch.start()
    try:
        yield
    finally:
        watch.cancel()


def _shut(sock: socket.socket) -> None:
    with suppress(OSError):
        sock.shutdown(socket.SHUT_RDWR)


def _parsed(url: str) -> SplitResult:
    try:
        address = urlsplit(url)
        port = address.port
    except ValueError as error:
        raise UsageError(f"{url} is no address of an OPA server: {error}") from None
    shown, problem = url, ""
    if address.username is not None:
        shown = f"an address at {address.hostname}"
        problem = f"it must not hold a password; a bearer token belongs into {TOKEN}"
    elif address.scheme not in {"http", "https"} or not address.hostname or port == 0:
        problem = "write it as https://HOST:PORT"
    elif address.query or address.fragment or not re.fullmatch(r"[\x21-\x7e]*", url):
        problem = "it has a query, a fragment or characters that belong into no address"
    if problem:
        raise UsageError(f"{shown} is no address of an OPA server: {problem}")
    return address


def _is_loopback(host: str | None) -> bool:
    try:
        return ipaddress.ip_address(host or "").is_loopback
    except ValueError:
        return host == "localhost"


def _content(response: HTTPResponse) -> bytes:
    content = response.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise EngineError(f"an OPA server's answer is longer than {MAX_BYTES} bytes")
    if response.length:
        raise ConnectionError("its answer breaks off")
    return content


def _answer(response: HTTPResponse, content: bytes) -> Answer:
    status = response.status
    if status >= 500:
        raise _failed(status, content)
    if 300 <= status < 400:
        there = response.getheader("Location", "elsewhere")
        raise ServerError(f"it sends us on to {there}: give that address", lasting=True)
    if status in {401, 403}:
        raise ServerError(f"it refuses us ({status}): {TOKEN} must hold a token that it accepts", lasting=True)
    said = _object(response, content)
    if status != 200:
        raise _refused(status, said)
    return _read(said)


def _object(response: HTTPResponse, content: bytes) -> dict[str, Any]:
    """The JSON object that an answer is."""
    try:
        said = json.loads(content)
    except (ValueError, RecursionError):
        said = None
    if not isinstance(said, dict):
        kind = response.headers.get_content_type()
        reason = f"it answers with status {response.status} and {kind}, not with a JSON object: is it an OPA server?"
        raise ServerError(reason, lasting=True)
    return said


def _failed(status: int, content: bytes) -> ServerError | EngineError:
    """What a status of 500 and more means: that the evaluation failed, as it would elsewhere, or the server did."""
    try:
        said = json.loads(content)
    except (ValueError, RecursionError):
        said = None
    if isinstance(said, dict) and isinstance(said.get("errors"), list):
        return EngineError(f"an OPA server could not evaluate the rules: {_words(said)}")
    return ServerError(f"it fails with status {status}{_after_colon(said)}")


def _refused(status: int, said: dict[str, Any]) -> ServerError | EngineError:
    if status == 404:
        return ServerError(f"it has no OPA REST API at this address (404){_after_colon(said)}", lasting=True)
    return EngineError(f"an OPA server refused the question ({status}): {_words(said)}")


def _after_colon(said: object) -> str:
    return f": {_words(said)}" if isinstance(said, dict) else ""


def _words(said: dict[str, Any]) -> str:
    """What OPA says of an error: its message, and of the first of its errors the place and message."""
    words = [said.get("message")]
    errors = said.get("errors")
    if isinstance(errors, list) and errors and isinstance(errors[0], dict):
        place = errors[0].get("location")
        if isinstance(place, dict):
            words.append(f"{place.get('file')}:{place.get('row')}")
        words.append(errors[0].get("message"))
    return ": ".join(str(word)[:_MOST_WORDS] for word in words if word) or "it does not say why"


def _read(said: dict[str, Any]) -> Answer:
    provenance = said.get("provenance")
    known = provenance if isinstance(provenance, dict) else {}
    bundles = known.get("bundles")
    version = known.get("version")
    named = (
        [one.get("revision") for one in bundles.values() if isinstance(one, dict)] if isinstance(bundles, dict) else []
    )
    return Answer(
        has_value="result" in said,
        value=said.get("result"),
        revisions=tuple(revision for revision in named if isinstance(revision, str)),
        version=version if isinstance(version, str) and _VERSION.fullmatch(version) else "",
    )
