"""Measuring on a machine that others use too: CPU time, contestants in turn, medians with their spread."""

from __future__ import annotations

import gc
import math
import resource
import statistics
import subprocess
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence


@dataclass(frozen=True)
class Sample:
    """Seconds of CPU time that one thing took, time and again."""

    seconds: tuple[float, ...]

    @property
    def median(self) -> float:
        """The middle."""
        return statistics.median(self.seconds)

    @property
    def least(self) -> float:
        """The least: what it takes when nobody interferes."""
        return min(self.seconds)

    @property
    def quartiles(self) -> tuple[float, float]:
        """Between which the middle half lies."""
        if len(self.seconds) < 2:
            return self.seconds[0], self.seconds[0]
        low, _, high = statistics.quantiles(self.seconds, n=4, method="inclusive")
        return low, high


def in_turn(contestants: Mapping[str, Callable[[], object]], rounds: int) -> dict[str, Sample]:
    """CPU time of each contestant, in rounds, so that a busy moment of the machine meets them all.

    All threads of the process count, and so do child processes that have ended.
    """
    taken: dict[str, list[float]] = {name: [] for name in contestants}
    for run in contestants.values():
        run()
    for _ in range(rounds):
        for name, run in contestants.items():
            gc.collect()
            before = cpu_seconds()
            run()
            taken[name].append(cpu_seconds() - before)
    return {name: Sample(tuple(seconds)) for name, seconds in taken.items()}


def ratio(above: Sample, below: Sample) -> Sample:
    """How many times longer one took than the other, round by round."""
    return Sample(tuple(a / b for a, b in zip(above.seconds, below.seconds, strict=True)))


def cpu_seconds() -> float:
    """User and system time of this process and of its children that have ended."""
    usage = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in usage)


def least_of(run: Callable[[], object], budget: float, most: int = 7) -> float:
    """The least CPU time of several runs, fewer of what takes long: about `budget` seconds in all, and one at least."""
    taken: list[float] = []
    started = time.monotonic()
    while not taken or (len(taken) < most and time.monotonic() - started < budget):
        before = cpu_seconds()
        run()
        taken.append(cpu_seconds() - before)
    return min(taken)


def exponent(points: Sequence[tuple[int, float]]) -> float:
    """The power of the size by which the time grows: the slope of the fitted line of logarithms."""
    logs = [(math.log(size), math.log(seconds)) for size, seconds in points]
    return statistics.linear_regression([x for x, _ in logs], [y for _, y in logs]).slope


def process(*arguments: str, env: Mapping[str, str] | None = None) -> Callable[[], object]:
    """A run of a command, whose output nobody reads."""

    def run() -> object:
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        return subprocess.run(arguments, check=False, env=env, **quiet)  # type: ignore[call-overload]

    return run
