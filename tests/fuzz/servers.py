"""Other ends of connections that answer whatever a fuzzer makes of good answers: an OPA server, and AWS."""

from __future__ import annotations

import contextlib
import json
import os
import socketserver
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest import mock

from aws import Aws
from serving import serving

from ctkms_opa import bundle, engine, opa_server, pack

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Json = Any

# An OPA server.


def _said(data: bytes) -> Json:
    """The data as JSON; None where they are none."""
    try:
        return json.loads(data)
    except (ValueError, RecursionError):
        return None


class _Listening(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True


@contextlib.contextmanager
def opa_server_of(data: bytes) -> Iterator[str]:
    """A server that answers as the data say: {"status", "way", "keys", "report"}, or with the data as they are."""
    said = _said(data)
    held = threading.Event()

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            with contextlib.suppress(OSError, ValueError):
                first = self.rfile.readline()
                while line := self.rfile.readline().strip():
                    if line.lower().startswith(b"content-length:"):
                        length = int(line.split(b":")[1])
                self.rfile.read(length)
                self.wfile.write(_response(said, first) if isinstance(said, dict) else data)
                if isinstance(said, dict) and said.get("way") == "held":
                    held.wait(30)

    with serving(_Listening(("127.0.0.1", 0), Handler)) as url:
        try:
            yield url
        finally:
            held.set()


def _response(said: Json, request: bytes) -> bytes:
    body = json.dumps(said.get("report" if b"/server/report" in request else "keys")).encode()
    status = f"HTTP/1.1 {said.get('status')} \r\nContent-Type: application/json\r\n".encode()
    match said.get("way"):
        case "chunked":
            chunks = b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in (body[:9], body[9:]) if piece)
            return status + b"Transfer-Encoding: chunked\r\n\r\n" + chunks + b"0\r\n\r\n"
        case "cut":
            return status + b"Content-Length: %d\r\n\r\n" % (len(body) + 5) + body
        case "held":
            return status + b"Content-Length: %d\r\n\r\n" % (len(body) + 5) + body[:3]
        case "huge":
            return status + b"Content-Length: %d\r\n\r\n" % (2 * len(body)) + body + b" " * len(body)
    return status + b"Connection: close\r\nContent-Length: %d\r\n\r\n" % len(body) + body


def opa_answers(check: Callable[[], object]) -> tuple[bytes, ...]:
    """What a good server answers a check, in several ways, and as bytes."""
    said: dict[str, Json] = {"status": 200}
    for name, method in (("keys", "documents"), ("report", "report")):
        answer = getattr(engine.CompiledEngine, method)

        def noted(self: engine.CompiledEngine, question: Json, name: str = name, answer: Any = answer) -> Json:
            result = answer(self, question)
            provenance = {"version": "1.2.3", "bundles": {"ctkms": {"revision": bundle.revision(pack.load())}}}
            said[name] = {"provenance": provenance, "result": result}
            return result

        with contextlib.ExitStack() as patches:
            patches.enter_context(mock.patch.object(engine.CompiledEngine, method, noted))
            check()
    ways = [json.dumps(said | {"way": way}).encode() for way in ("plain", "plain", "chunked", "huge", "cut", "held")]
    return (*ways, _response(said, b""))


@contextlib.contextmanager
def impatient() -> Iterator[None]:
    """Without the pauses that are there for real servers."""
    with mock.patch.object(opa_server, "_BACKOFF_SECONDS", 0.001), mock.patch.dict(os.environ, CTKMS_OPA_TIMEOUT="1"):
        yield


# AWS.


AWS_ANSWERS = (Path(__file__).parent / "aws.json").read_bytes()
"""What AWS answers a scan of an account with a trail, an event data store, a bucket and a topic, by operation."""


@contextlib.contextmanager
def aws_of(data: bytes) -> Iterator[None]:
    """An AWS whose answers are the data: {operation: body}; to the rest, the data as they are."""
    said = _said(data)
    with Aws() as aws, mock.patch.dict(os.environ, aws.environment):
        aws.answers = said if isinstance(said, dict) else dict.fromkeys(json.loads(AWS_ANSWERS), data.decode("latin-1"))
        yield
