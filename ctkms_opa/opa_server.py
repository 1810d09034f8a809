"""OPA servers as the engine: the rules run there, each question brings its expectations along.

Several addresses are several servers with the same rules: they share the questions, and where one is lost the others
answer in its place. A question changes nothing on a server, so it may be asked again.
"""

from __future__ import annotations

import os
import threading
import time
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import chain, count, islice
from random import random
from typing import TYPE_CHECKING, Any, TypeVar

from ctkms_opa import answer_shape, bundle, engine
from ctkms_opa.errors import EngineError
from ctkms_opa.opa_client import Access, Answer, Server, ServerError

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Mapping, Sequence

    from ctkms_opa.pack import Pack

_T = TypeVar("_T")
_R = TypeVar("_R")

_AT_ONCE = 8
"""How many questions a server is asked at a time."""
_ROUNDS = 4
_BACKOFF_SECONDS = 0.2
_REST_SECONDS = 10.0
_MOST_SLOW = 2


class _Turns:
    """Which server is asked first: each in turn, and those that failed a moment ago last."""

    def __init__(self, servers: Sequence[Server]) -> None:
        self._servers = list(servers)
        self._turn = count()
        self._resting: dict[Server, float] = {}
        self.lost: dict[Server, ServerError] = {}
        """The servers that failed when they were last asked."""

    def next(self) -> list[Server]:
        """The servers in the order in which to ask them, without those that it makes no sense to ask."""
        first = next(self._turn) % len(self._servers)
        useful = [one for one in self._servers[first:] + self._servers[:first] if not self._is_useless(one)]
        now = time.monotonic()
        return sorted(useful, key=lambda one: self._resting.get(one, 0.0) > now)

    def failed(self, server: Server, error: ServerError) -> None:
        self.lost[server] = error
        self._resting[server] = time.monotonic() + _REST_SECONDS

    def answered(self, server: Server) -> None:
        self.lost.pop(server, None)
        self._resting.pop(server, None)

    def _is_useless(self, server: Server) -> bool:
        error = self.lost.get(server)
        return error is not None and error.lasting


class OpaEngine:
    """OPA servers. May be used by several threads."""

    name = "opa"
    taken_over = 0

    def __init__(self, urls: Sequence[str], pack: Pack) -> None:
        """Checks the addresses; nothing is asked yet.

        Args:
            urls: The addresses of servers that serve the bundle of the pack.
            pack: The rules that they must have.

        Raises:
            UsageError: An address is none, the token would travel unencrypted, or an environment variable holds what
                it cannot hold.
        """
        access = Access.from_environment(os.environ)
        self._servers = [Server(url, access) for url in dict.fromkeys(urls)]
        self.at_once = _AT_ONCE * len(self._servers)
        self._turns = _Turns(self._servers)
        self._free = threading.BoundedSemaphore(self.at_once)
        self._pack = pack
        self._expected = "{}"
        self._versions: set[str] = set()
        self._given_up = False

    @property
    def version(self) -> str:
        """The servers' versions of OPA, as far as they have answered."""
        return ", ".join(sorted(self._versions)) or "unknown"

    @property
    def remark(self) -> str:
        """Which servers were lost, and why."""
        return _reasons(self._turns.lost)

    def expect(self, expected: Mapping[str, Any]) -> None:
        """Sets the expectations for what follows; those that a server holds do not count."""
        self._expected = engine.encode(expected)

    def documents(self, wrapper: Mapping[str, Any]) -> list[dict[str, Any]]:
        """The key objects of a document."""
        keys: list[dict[str, Any]] = self._asked_for("ctkms/server/keys", wrapper, answer_shape.KEYS)
        return keys

    def report(self, question: Mapping[str, Any]) -> dict[str, Any]:
        """The report of one key."""
        report: dict[str, Any] = self._asked_for("ctkms/server/report", question, answer_shape.REPORT)
        return report

    def matrix(self, question: Mapping[str, Any]) -> list[dict[str, Any]]:
        """Who can do what with one key."""
        rows: list[dict[str, Any]] = self._asked_for("ctkms/server/matrix", question, answer_shape.MATRIX)
        return rows

    def refused(self, question: Mapping[str, Any]) -> list[dict[str, Any]]:
        """The requests that a key's policy does not allow, explained."""
        explained: list[dict[str, Any]] = self._asked_for("ctkms/server/refused", question, answer_shape.REFUSED)
        return explained

    def _asked_for(self, path: str, question: Mapping[str, Any], shape: Any) -> Any:
        """The value of a rule, which must have the shape that the bridge relies on."""
        answer = self._ask(path, self._question(question))
        misfit = answer_shape.misfit(answer, shape)
        if misfit is not None:
            raise EngineError(f"an OPA server's answer to {path} is not of its shape: see {misfit}")
        return answer

    def simulate(self, case: Mapping[str, Any]) -> dict[str, Any]:
        """The decision on one request."""
        return _object(self._ask("ctkms/iam/simulation", engine.encode(case)))

    def explain(self, case: Mapping[str, Any]) -> dict[str, Any]:
        """The decision on one request, with every element of every statement."""
        return _object(self._ask("ctkms/iam/explanation", engine.encode(case)))

    def operations(self) -> list[str]:
        """The names of KMS's permissions."""
        return list(self._ask("ctkms/kms/operations", "{}"))

    def each(self, function: Callable[[_T], _R], items: Iterable[_T]) -> Generator[_R]:
        """What the function makes of each item, in their order; as many at a time as the servers are asked."""
        rest = iter(items)
        first = list(islice(rest, 2))
        if len(first) < 2:
            yield from map(function, first)
            return
        pool = ThreadPoolExecutor(self.at_once)
        try:
            waiting: deque[Future[_R]] = deque()
            for item in chain(first, rest):
                waiting.append(pool.submit(function, item))
                if len(waiting) > 2 * self.at_once:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        except (KeyboardInterrupt, GeneratorExit):  # nobody waits for the answers that are still to come
            for server in self._servers:
                server.close()
            raise
        finally:
            pool.shutdown(wait=False, cancel_futures=True)

    def _question(self, asked: Mapping[str, Any]) -> str:
        return f'{{"ctkms":{engine.encode(asked)},"expected":{self._expected}}}'

    def _ask(self, path: str, question: str) -> Any:
        """The value of a rule, from the first server that answers.

        Raises:
            EngineError: No server answers, or the evaluation failed.
        """
        body = f'{{"input":{question}}}'.encode()
        slow = 0
        with self._free:
            for attempt in range(1 if self._given_up else _ROUNDS):
                servers = self._turns.next()
                if attempt and servers:
                    time.sleep(_BACKOFF_SECONDS * 2**attempt * (0.5 + random() / 2))  # noqa: S311 - no secret
                for server in servers:
                    try:
                        return self._asked(server, path, body)
                    except ServerError as error:
                        self._turns.failed(server, error)
                        slow += error.slow
                        if slow >= _MOST_SLOW:
                            raise self._unanswered() from None
        self._given_up = True
        raise self._unanswered()

    def _asked(self, server: Server, path: str, body: bytes) -> Any:
        answer = server.ask(path, body)
        self._check(answer)
        self._turns.answered(server)
        self._given_up = False
        if answer.version:
            self._versions.add(answer.version)
        if not answer.has_value:
            raise EngineError(f"data.{path.replace('/', '.')} has no value on {server.url}")
        return answer.value

    def _check(self, answer: Answer) -> None:
        """Refuses a server whose rules are not the pack's: its verdicts would be another's."""
        if any(bundle.is_revision_of(self._pack, served) for served in answer.revisions):
            return
        remedy = f"load the bundle that `ctkms bundle` writes, revision {bundle.revision(self._pack)}"
        if answer.revisions:
            raise ServerError(f"it has other rules, revision {' and '.join(answer.revisions)}: {remedy}", lasting=True)
        raise ServerError(f"it has no bundle of the rules: {remedy}", lasting=True)

    def _unanswered(self) -> EngineError:
        return EngineError(f"no OPA server answers: {_reasons(self._turns.lost)}")


def _reasons(lost: Mapping[Server, ServerError]) -> str:
    return "; ".join(f"{server.url}: {error}" for server, error in dict(lost).items())


def _object(answer: Any) -> dict[str, Any]:
    if not isinstance(answer, dict):
        raise EngineError("an OPA server's answer is not an object")
    return answer
