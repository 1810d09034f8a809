"""What many files cost: the time of one process and of two, and the memory."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
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

    def busiest(self, processes: int) -> float:
        """The CPU time without which the run cannot end, however many processors there are."""
        return self.own + self.workers / processes


def run(most: int | None) -> Iterator[Table]:
    """A folder of typical policies, and one with few."""
    count = most or _MOST
    alone, few, together = _check(count, 1), _check(min(_FEW, count), 1), _check(count, 2)
    yield _time(alone, together)
    yield _memory(few, alone, together)


def _time(alone: _Run, together: _Run) -> Table:
    half = alone.busiest(1) / 2
    rows = tuple(
        (
            str(processes),
            f"{one.elapsed:.1f}",
            f"{one.own + one.workers:.1f}",
            f"{one.busiest(processes):.1f}",
            f"{one.busiest(processes) / half:.2f}",
        )
        for processes, one in ((1, alone), (2, together))
    )
    note = (
        f"`ctkms check` on a folder of {alone.keys} typical policies, from the start of the engine to the end of the "
        "JSON report. The critical path is the first process's CPU time and an equal share of the others': what the "
        "clock would show if nothing else ran. Target: two processes take at most 1.15 times half the time of one."
    )
    columns = ("processes", "s by the clock", "s of CPU time", "s on the critical path", "times half of one process")
    return Table("Many files", note, columns, rows)


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
