"""What many files cost: the time of one process and of two, and the memory."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from . import workloads
from .table import Table

if TYPE_CHECKING:
    from collections.abc import Iterator

_MOST = 10_000
_FEW = 500
_SCRIPT = """
import json, resource, sys, time
from ctkms_opa import Checker, formats
folder, expected, jobs = sys.argv[1], json.loads(sys.argv[2]), int(sys.argv[3])
started = time.perf_counter()
report = Checker(expected).check_paths([folder], jobs=jobs)
with open("/dev/null", "w") as nowhere:
    nowhere.writelines(formats.renderer("json")(report, formats.Options()))
own, workers = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
seconds = [one.ru_utime + one.ru_stime for one in (own, workers)]
memory = [one.ru_maxrss / 1024 for one in (own, workers)]
print(json.dumps([len(report.keys), time.perf_counter() - started, *seconds, *memory]))
"""


class _Run(NamedTuple):
    keys: int
    elapsed: float
    own: float
    workers: float
    own_memory: float
    worker_memory: float

    @property
    def spent(self) -> float:
        """The CPU time of all processes."""
        return self.own + self.workers

    def busiest(self, processes: int) -> float:
        """The CPU time without which the run cannot end, however many processors there are."""
        return self.own + self.workers / processes


def run(most: int | None) -> Iterator[Table]:
    """A folder of typical policies, and one with few."""
    count = most or _MOST
    alone, few, together = _check(count, 1), _check(min(_FEW, count), 1), _check(count, 2)
    with ThreadPoolExecutor() as pool:
        apart = list(pool.map(_check, [count // 2] * 2, [1] * 2))
    yield _time(alone, together, apart)
    yield _memory(few, alone, together)


def _time(alone: _Run, together: _Run, apart: list[_Run]) -> Table:
    half = alone.busiest(1) / 2
    rows = (
        _row("1", alone.elapsed, alone.spent, alone.busiest(1), half),
        _row("2", together.elapsed, together.spent, together.busiest(2), half),
        _row(
            "1 for each half, at the same time",
            max(one.elapsed for one in apart),
            sum(one.spent for one in apart),
            max(one.busiest(1) for one in apart),
            half,
        ),
    )
    note = (
        f"`ctkms check` on a folder of {alone.keys} typical policies, from the start of the engine to the end of the "
        "JSON report. The critical path is the first process's CPU time and an equal share of the others': what the "
        "clock would show if nothing else ran. Target: two processes take at most 1.11 times half the time of one, "
        "which makes them 1.8 times as fast. The last row says what the machine makes of two processes that have "
        "nothing to do with each other."
    )
    columns = ("processes", "s by the clock", "s of CPU time", "s on the critical path", "times half of one process")
    return Table("Many files", note, columns, rows)


def _row(processes: str, elapsed: float, spent: float, critical: float, half: float) -> tuple[str, ...]:
    return processes, f"{elapsed:.1f}", f"{spent:.1f}", f"{critical:.1f}", f"{critical / half:.2f}"


def _memory(few: _Run, alone: _Run, together: _Run) -> Table:
    rows = tuple(
        (str(one.keys), str(processes), f"{one.own_memory:.0f}", f"{one.worker_memory:.0f}" if one.workers else "")
        for processes, one in ((1, few), (1, alone), (2, together))
    )
    growth = (alone.own_memory - few.own_memory) * 1024 / max(1, alone.keys - few.keys)
    note = f"The most memory that a process held. A file more costs {growth:.2f} KiB (target: does not grow)."
    return Table("Memory for many files", note, ("files", "processes", "MiB of the first", "MiB of another"), rows)


def _check(count: int, processes: int) -> _Run:
    case = workloads.typical()
    with tempfile.TemporaryDirectory() as folder:
        for number in range(count):
            Path(folder, f"policy-{number:06}.json").write_text(case.text, "utf-8")
        arguments = [folder, json.dumps({"expected": case.expected}), str(processes)]
        done = subprocess.run([sys.executable, "-c", _SCRIPT, *arguments], check=True, capture_output=True, text=True)
    return _Run(*json.loads(done.stdout))
