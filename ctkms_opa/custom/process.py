"""The other end of `ctkms_opa.custom.worker`: a process that is stopped when it takes too long, and started anew."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import threading
from typing import TYPE_CHECKING, Any

from ctkms_opa.errors import EngineError

if TYPE_CHECKING:
    from collections.abc import Mapping

SECONDS = 30.0
"""So long an answer may take."""
_PROGRAM = "import sys; sys.path[:] = sys.argv[1:]; from ctkms_opa.custom.worker import main; main()"
_MOST_BYTES = 64 * 1024 * 1024


class EndedError(EngineError):
    """The process did not answer: it took too long, or it died. What was loaded into it is lost."""


class Process:
    """A worker. Started when it is first asked; several threads may ask, one after the other."""

    def __init__(self, seconds: float = SECONDS) -> None:
        """Takes how long an answer may take."""
        self._seconds = seconds
        self._lock = threading.Lock()
        self._worker: subprocess.Popen[bytes] | None = None

    def __reduce__(self) -> tuple[type[Process], tuple[float]]:
        """Lets the object travel between processes: there it starts a process of its own."""
        return type(self), (self._seconds,)

    def ask(self, question: Mapping[str, Any], first: Mapping[str, Any] | None = None) -> Any:
        """The answer to a question.

        Args:
            question: As `ctkms_opa.custom.worker` takes it.
            first: What a process that is started for it is asked before.

        Raises:
            EngineError: The answer is an error.
            EndedError: There is no answer; the process is gone.
        """
        with self._lock:
            if self._worker is None and first is not None:
                self._answer(first)
            return self._answer(question)

    def close(self) -> None:
        """Ends the process."""
        worker, self._worker = self._worker, None
        if worker is not None:
            worker.kill()
            worker.communicate()

    def __del__(self) -> None:
        """Ends the process with the object."""
        self.close()

    def _answer(self, question: Mapping[str, Any]) -> Any:
        worker = self._worker = self._worker or _start()
        answer = self._exchange(worker, json.dumps(question).encode() + b"\n")
        if "error" in answer:
            raise EngineError(answer["error"])
        return answer["value"]

    def _exchange(self, worker: subprocess.Popen[bytes], question: bytes) -> dict[str, Any]:
        assert worker.stdin  # noqa: S101 - for mypy: both are pipes
        assert worker.stdout  # noqa: S101
        late = threading.Event()

        def stop() -> None:
            late.set()
            worker.kill()

        timer = threading.Timer(self._seconds, stop)
        timer.start()
        try:
            worker.stdin.write(question)
            worker.stdin.flush()
            line = worker.stdout.readline(_MOST_BYTES)
        except BrokenPipeError:
            line = b""
        finally:
            timer.cancel()
        if line.endswith(b"\n"):
            answer: dict[str, Any] = json.loads(line)
            return answer
        self.close()
        if late.is_set():
            raise EndedError(f"it was stopped: it took more than {self._seconds:g} s")
        if line:
            raise EndedError(f"it was stopped: it gave more than {_MOST_BYTES} bytes")
        raise EndedError(f"its process died ({_how(worker.returncode)}): for want of memory, or by endless recursion")


def _start() -> subprocess.Popen[bytes]:
    # -P: the working directory holds what is judged, and no Python of ours.
    command = [sys.executable, "-P", "-c", _PROGRAM, *sys.path]
    return subprocess.Popen(  # noqa: S603 - our own module
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )


def _how(code: int) -> str:
    if code < 0:
        return signal.Signals(-code).name
    return f"exit code {code}"
