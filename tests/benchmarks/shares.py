"""Where the time of a check goes, and what a second process adds."""

from __future__ import annotations

import multiprocessing
import time
from typing import TYPE_CHECKING

from ctkms_opa import Checker, formats, inputs
from ctkms_opa.formats.options import Options

from . import contest, timing, workloads
from .table import Table, milliseconds

if TYPE_CHECKING:
    from collections.abc import Iterator
    from multiprocessing.synchronize import Barrier

_AT_ONCE = 200


def run(rounds: int) -> Iterator[Table]:
    """The shares of parsing, evaluating and rendering, and the throughput of one and two processes."""
    yield _shares(rounds)
    yield _throughput()


def _shares(rounds: int) -> Table:
    case = workloads.typical_failing()
    checker = Checker({"expected": case.expected})
    report = checker.check_policy(case.text)
    render = formats.renderer("text")
    samples = timing.in_turn(
        {
            "whole check": lambda: "".join(render(checker.check_policy(case.text), Options())),
            "parse the policy": lambda: inputs.document_from_text(case.text),
            "evaluate (compiled)": contest.bridge_run(case, "compiled"),
            "render as text": lambda: "".join(render(report, Options())),
        },
        rounds,
    )
    whole = samples["whole check"].median
    rows = [(name, milliseconds(one.median), f"{one.median / whole:.0%}") for name, one in samples.items()]
    rest = whole - sum(one.median for name, one in samples.items() if name != "whole check")
    rows.append(("places in the text, and the rest", milliseconds(rest), f"{rest / whole:.0%}"))
    note = "One typical key with common mistakes, from its text to the report's text, in a warm process."
    return Table("Shares of a check", note, ("step", "median ms", "share"), tuple(rows))


def _throughput() -> Table:
    alone, together = _keys_per_second(1), _keys_per_second(2)
    rows = (
        ("1", f"{alone[0]:.0f}", f"{alone[1]:.0f}", "1"),
        ("2", f"{together[0]:.0f}", f"{together[1]:.0f}", f"{together[0] / alone[0]:.2f}"),
    )
    note = (
        f"{_AT_ONCE} typical keys in each process, expectations given once. By the clock, the processes share the "
        "machine with whatever else runs; by CPU time, they do not. Target: 1.8 times one process."
    )
    columns = ("processes", "keys a second, by the clock", "by CPU time", "times one process, by the clock")
    return Table("Throughput", note, columns, rows)


def _keys_per_second(processes: int) -> tuple[float, float]:
    """All processes' keys a second by the clock, and by the CPU time that they took."""
    context = multiprocessing.get_context("spawn")
    barrier = context.Barrier(processes + 1)
    taken: multiprocessing.Queue[float] = context.Queue()
    workers = [context.Process(target=_work, args=(barrier, taken)) for _ in range(processes)]
    for worker in workers:
        worker.start()
    barrier.wait()
    started = time.perf_counter()
    seconds = [taken.get() for _ in workers]
    elapsed = time.perf_counter() - started
    for worker in workers:
        worker.join()
    return processes * _AT_ONCE / elapsed, sum(_AT_ONCE / one for one in seconds)


def _work(barrier: Barrier, taken: multiprocessing.Queue[float]) -> None:
    case = workloads.typical()
    checker = Checker({"expected": case.expected})
    checker.check_policy(case.text)
    barrier.wait()
    before = timing.cpu_seconds()
    for _ in range(_AT_ONCE):
        checker.check_policy(case.text)
    taken.put(timing.cpu_seconds() - before)
