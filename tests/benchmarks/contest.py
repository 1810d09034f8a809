"""The pack on every engine: one key of the typical kind, from Python data to Python data."""

from __future__ import annotations

import json
import re
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import engines

from ctkms_opa import engine as bridge
from ctkms_opa import pack

from . import timing, workloads
from .table import Table, milliseconds, spread, times

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Json = Any

COMPILED = engines.COMPILED
INTERPRETED = engines.INTERPRETED
LIBRARY = engines.OPA_LIBRARY


def run(rounds: int) -> Iterator[Table]:
    """One table for a passing and one for a failing document."""
    yield _compare("Engines, a typical key that passes", workloads.typical(), rounds)
    yield _compare("Engines, a typical key with common mistakes", workloads.typical_failing(), rounds)


def _compare(title: str, case: workloads.Case, rounds: int) -> Table:
    samples = timing.in_turn(_contestants(case), rounds)
    rows: list[tuple[str, ...]] = []
    for name, sample in samples.items():
        against = times(timing.ratio(samples[LIBRARY], sample)) if LIBRARY in samples else ""
        rows.append((name, *spread(sample), against))
    if engines.opa_command():
        rows += list(_opa_command(case, samples[COMPILED]))
    note = (
        "CPU time of all threads for one report, from Python data to Python data; the engines took turns. "
        "`opa bench` knows wall time only: the least of its runs. Target: compiled 5 times faster than the library."
    )
    return Table(
        title, note, ("engine", "least ms", "median ms", "middle half", "times faster than OPA's library"), tuple(rows)
    )


def _contestants(case: workloads.Case) -> dict[str, Callable[[], object]]:
    found: dict[str, Callable[[], object]] = {
        COMPILED: bridge_run(case, "compiled"),
        INTERPRETED: bridge_run(case, "interpreted"),
    }
    if LIBRARY not in engines.missing():
        library = engines.load(LIBRARY, (), data={"expected": case.expected})
        found[LIBRARY] = lambda: library.evaluate("data.ctkms.main.report", _question(case))
    return found


def bridge_run(case: workloads.Case, name: str) -> Callable[[], object]:
    """A run of one of the bridge's engines."""
    engine = bridge.create(name, pack.load())
    engine.expect(case.expected)

    def report() -> object:
        keys = engine.documents(_question(case)["ctkms"])
        return [engine.report({"key": key, "profile": "documented", "today": "2026-01-01"}) for key in keys]

    return report


def _question(case: workloads.Case) -> Json:
    return {"ctkms": {"document": case.document, "source": "policy.json", "key": case.key, "profile": "documented"}}


def _opa_command(case: workloads.Case, compiled: timing.Sample) -> Iterator[tuple[str, ...]]:
    """What the real command measures of itself, and what a run of it costs."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "data.json").write_text(json.dumps({"expected": case.expected}), "utf-8")
        (folder / "input.json").write_text(json.dumps(_question(case)), "utf-8")
        given = ["--data", str(engines.POLICIES), "--data", f"{folder}/data.json", "--input", f"{folder}/input.json"]
        query = "data.ctkms.main.report"
        best = min(_nanoseconds(engines.run_opa("bench", "--count", "5", *given, query).stdout)) / 1e9
        yield "`opa bench`", milliseconds(best), "", "", f"compiled is {best / compiled.least:.2f} times faster"
        once = timing.in_turn({"once": lambda: engines.run_opa("eval", *given, query)}, 3)["once"]
        yield "`opa eval`, one process", *spread(once), ""


def _nanoseconds(printed: str) -> list[float]:
    return [float(found) for found in re.findall(r"ns/op\D+(\d+)", printed)]
