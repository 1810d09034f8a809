"""The pack on OPA servers: how many keys a second one and two of them judge, and what client and servers spend."""

from __future__ import annotations

import os
import statistics
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from opa_servers import Served, serve

from ctkms_opa import Checker, bundle, pack

from . import timing, workloads
from .table import Table, milliseconds

if TYPE_CHECKING:
    from collections.abc import Iterator

_KEYS = 40
_MOST_ROUNDS = 7


def run(rounds: int) -> Iterator[Table]:
    """One table: the same documents on one server and on two, in turn."""
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        folder = Path(name)
        made = folder / "bundle.tar.gz"
        made.write_bytes(bundle.build(pack.load()).content)
        case = workloads.typical()
        documents = folder / "documents"
        documents.mkdir()
        for number in range(_KEYS):
            (documents / f"{number}.json").write_text(case.text, "utf-8")
        both = [stack.enter_context(serve("--bundle", str(made), processors=1)) for _ in range(2)]
        contestants = {"one server": both[:1], "two servers": both}
        taken: dict[str, list[tuple[float, float, float]]] = {who: [] for who in contestants}
        for _ in range(min(rounds, _MOST_ROUNDS) + 1):
            for who, servers in contestants.items():
                checker = Checker({"expected": case.expected}, key=case.key, engine=[one.url for one in servers])
                taken[who].append(_judged(checker, documents, servers))
    yield _table({who: measured[1:] for who, measured in taken.items()})  # the first warms up


def _judged(checker: Checker, documents: Path, servers: list[Served]) -> tuple[float, float, float]:
    """Seconds on the clock, of the client's processor time and of the servers'."""
    before = time.perf_counter(), timing.cpu_seconds(), spent(servers)
    report = checker.check_paths([documents], jobs=None)
    after = time.perf_counter(), timing.cpu_seconds(), spent(servers)
    assert len(report.keys) == _KEYS
    assert report.verdict == "pass", report.verdict
    assert not report.engine.remark, report.engine.remark
    wall, client, served = (late - early for early, late in zip(before, after, strict=True))
    return wall, client, served


def spent(servers: list[Served]) -> float:
    """The processor time of the servers so far."""
    ticks = 0
    for server in servers:
        fields = Path(f"/proc/{server.process.pid}/stat").read_text("utf-8").rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def _table(taken: dict[str, list[tuple[float, float, float]]]) -> Table:
    medians = {
        who: [statistics.median(column) for column in zip(*measured, strict=True)] for who, measured in taken.items()
    }
    first = medians["one server"][0]
    rows = tuple(
        (
            who,
            f"{_KEYS / wall:.0f}",
            f"{first / wall:.2f}",
            *(milliseconds(spent / _KEYS) for spent in (client, served)),
        )
        for who, (wall, client, served) in medians.items()
    )
    note = (
        f"{_KEYS} typical keys from files, 8 questions in flight a server, each server limited to one processor "
        "(GOMAXPROCS=1); medians. Seconds are those of the clock, so everything that shares the machine shows in them; "
        "the last two columns say what the machines themselves have to do."
    )
    columns = ("", "keys a second", "times one server", "client's ms a key", "servers' ms a key")
    return Table("OPA servers, a typical key that passes", note, columns, rows)
