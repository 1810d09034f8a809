"""Judges many inputs in several processes.

Each process has a checker of its own. Processes, because an engine holds the lock of Python's interpreter; child
processes and no pool of the standard library, because a pool does not tell which document a process died of.
"""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from itertools import islice
from queue import SimpleQueue
from threading import Lock
from typing import IO, TYPE_CHECKING

from ctkms_opa.errors import EngineError, InputError
from ctkms_opa.run import Judged, refusal

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Iterator, Sequence
    from concurrent.futures import Future

    from ctkms_opa.checker import Checker
    from ctkms_opa.inputs import Input

# With -P, a module in the working directory, which may hold anybody's files, is not taken for one of Python's.
_CODE = "import sys; sys.path[:] = sys.argv[1:]; from ctkms_opa.parallel import work; work()"
_AT_ONCE = 8
_SECONDS_TO_END = 5
_DIED = (EOFError, OSError, pickle.UnpicklingError)


def processors() -> int:
    """How many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def judge(checker: Checker, inputs: Iterable[Input], processes: int) -> Generator[Judged]:
    """Judges inputs in several processes.

    Args:
        checker: What each process makes a copy of.
        inputs: The inputs.
        processes: How many processes.

    Yields:
        What becomes of each input, in their order. An input that its process dies of is a failure of the engine.

    Raises:
        EngineError: A process cannot be started.
    """
    pool = _Pool(pickle.dumps(checker), processes)
    waiting: deque[Future[list[Judged]]] = deque()
    with ThreadPoolExecutor(processes) as threads:
        try:
            for some in _some_at_once(inputs):
                waiting.append(threads.submit(pool.judge, some))
                if len(waiting) > 2 * processes:
                    yield from waiting.popleft().result()
            while waiting:
                yield from waiting.popleft().result()
        finally:
            for one in waiting:
                one.cancel()
            pool.end()


def work() -> None:
    """What a process does: takes a checker and lists of inputs from its standard input, and answers each input."""
    # Whoever presses Ctrl-C means the process that started this one, which then ends it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    questions, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    # Nothing that writes to standard output may come between the answers.
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    checker: Checker = pickle.load(questions)  # noqa: S301 - from the process that started this one
    _send(answers, None)
    while True:
        try:
            inputs: Sequence[Input] = pickle.load(questions)  # noqa: S301
        except EOFError:
            return
        for one in inputs:
            _send(answers, checker.judge(one))


def _send(stream: IO[bytes], value: object) -> None:
    pickle.dump(value, stream)
    stream.flush()


def _some_at_once(inputs: Iterable[Input]) -> Iterator[list[Input]]:
    left = iter(inputs)
    while some := list(islice(left, _AT_ONCE)):
        yield some


class _Pool:
    """The processes; each serves one thread at a time, and one that dies is replaced."""

    def __init__(self, checker: bytes, processes: int) -> None:
        self._checker = checker
        self._idle: SimpleQueue[_Worker | None] = SimpleQueue()
        for _ in range(processes):
            self._idle.put(None)
        self._workers: set[_Worker] = set()
        self._lock = Lock()
        self._ended = False

    def judge(self, inputs: Sequence[Input]) -> list[Judged]:
        worker = self._idle.get()
        judged: list[Judged] = []
        try:
            while len(judged) < len(inputs):
                worker = worker or self._start()
                judged += worker.judge(inputs[len(judged) :])
                if len(judged) < len(inputs):
                    judged.append(_died_of(inputs[len(judged)], worker.end()))
                    with self._lock:
                        self._workers.discard(worker)
                    worker = None
        finally:
            self._idle.put(worker)
        return judged

    def end(self) -> None:
        """Ends all processes, whatever they are doing."""
        with self._lock:
            self._ended = True
            workers = [*self._workers]  # threads take out of the set those that they see die
        for worker in workers:
            worker.kill()
        for worker in workers:
            worker.end()

    def _start(self) -> _Worker:
        with self._lock:
            if self._ended:
                raise EngineError("the check was ended")
            worker = _Worker()
            self._workers.add(worker)
        worker.prepare(self._checker)
        return worker


class _Worker:
    """A process that judges."""

    def __init__(self) -> None:
        """Starts it.

        Raises:
            EngineError: The system refuses.
        """
        command = (sys.executable, "-P", "-c", _CODE, *sys.path)
        try:
            self._process = subprocess.Popen(  # noqa: S603 - this very Python
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                # A group of its own, for it may have processes of its own, which must end with it.
                process_group=0 if hasattr(os, "killpg") else None,
            )
        except OSError as error:
            raise EngineError(f"no further process can be started: {error.strerror}; try --jobs 1") from None
        assert self._process.stdin is not None  # noqa: S101 - says what PIPE means
        assert self._process.stdout is not None  # noqa: S101
        self._questions = self._process.stdin
        self._answers = self._process.stdout

    def prepare(self, checker: bytes) -> None:
        """Hands over the checker, and waits until it is there.

        Raises:
            EngineError: The process does not get that far.
        """
        try:
            self._questions.write(checker)
            self._questions.flush()
            pickle.load(self._answers)  # noqa: S301 - from the process that we started
        except _DIED:
            raise EngineError(f"a further process did not start: it {self.end()}; try --jobs 1") from None

    def judge(self, inputs: Sequence[Input]) -> Iterator[Judged]:
        """Judges inputs; ends early where the process dies."""
        try:
            _send(self._questions, inputs)
            for _ in inputs:
                yield pickle.load(self._answers)  # noqa: S301 - from the process that we started
        except _DIED:
            return

    def kill(self) -> None:
        """Ends the process and those that it started."""
        if self._process.poll() is not None:
            return
        if hasattr(os, "killpg"):
            os.killpg(self._process.pid, signal.SIGKILL)
        else:
            self._process.kill()

    def end(self) -> str:
        """Waits for the end of a process that does not answer any more, and says what it was."""
        for stream in (self._questions, self._answers):
            with suppress(OSError):
                stream.close()
        try:
            status = self._process.wait(_SECONDS_TO_END)
        except subprocess.TimeoutExpired:
            self.kill()
            status = self._process.wait()
        return f"was killed by signal {-status}" if status < 0 else f"ended with status {status}"


def _died_of(one: Input, how: str) -> Judged:
    error = EngineError(f"the process that judged it {how}; `ctkms check --jobs 1` on it alone may tell more")
    return Judged([refusal(error, one.file if isinstance(one, InputError) else one.path)])
