"""Real OPA servers on loopback."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import engines

if TYPE_CHECKING:
    from collections.abc import Iterator

_TRIES = 3
_PATIENCE_SECONDS = 60


@dataclass(frozen=True)
class Served:
    """A running server."""

    url: str
    process: subprocess.Popen[bytes]

    def stop(self) -> None:
        """Ends the server at once, as a machine does that is lost."""
        self.process.kill()
        self.process.wait()


@contextlib.contextmanager
def serve(*arguments: str, scheme: str = "http", processors: int | None = None) -> Iterator[Served]:
    """Runs `opa run --server` with these arguments, on so many processors, until the block ends."""
    command = engines.opa_command()
    assert command is not None
    for left in reversed(range(_TRIES)):
        port = free_port()
        process = subprocess.Popen(
            [command, "run", "--server", "--addr", f"127.0.0.1:{port}", "--log-level", "error", *arguments],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=os.environ | ({"GOMAXPROCS": str(processors)} if processors else {}),
        )
        served = Served(f"{scheme}://127.0.0.1:{port}", process)
        try:
            if listens(port, process):
                yield served
                return
        finally:
            served.stop()
        assert left, f"opa run --server {' '.join(arguments)} ends at once"


def free_port() -> int:
    """A port that nobody listened on a moment ago."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


def listens(port: int, process: subprocess.Popen[bytes]) -> bool:
    """Waits for the server; False where it ended instead, be it that somebody else took the port."""
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return True
        time.sleep(0.05)
    return False
