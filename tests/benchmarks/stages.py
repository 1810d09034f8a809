"""Where the compiled engine's time goes: a report's pieces, and what is spent between them."""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from ctkms_opa import engine as bridge
from ctkms_opa import pack

from . import workloads
from .table import Table, milliseconds

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

_STAGES = {
    bridge.PREPARED: "prepare the policy",
    bridge.PARTS: "make the requests",
    bridge.PART: "make the requests",
    bridge.DECIDED: "decide them, and find what came closest",
    bridge.REPORT: "put the report together",
}
_RULES = "rules, one by one"
_REPORTS = 20


def run() -> Iterator[Table]:
    """One table for a passing and one for a failing document."""
    yield _profile("Profile of a report, a typical key that passes", workloads.typical())
    yield _profile("Profile of a report, a typical key with common mistakes", workloads.typical_failing())


def _profile(title: str, case: workloads.Case) -> Table:
    engine = _Timed(pack.load())
    engine.expect(case.expected)
    (key,) = engine.documents({"document": case.document, "source": "policy.json", "key": case.key})
    question = {"key": key, "profile": "documented", "today": "2026-01-01"}
    engine.report(question)
    engine.forget()
    before = time.process_time()
    for _ in range(_REPORTS):
        engine.report(question)
    whole = (time.process_time() - before) / _REPORTS
    rows = [
        (stage, f"{engine.pieces[stage] / _REPORTS:.0f}", milliseconds(one), f"{one / whole:.0%}")
        for stage, one in ((stage, spent / _REPORTS) for stage, spent in engine.spent.items())
    ]
    between = whole - sum(engine.spent.values()) / _REPORTS
    rows.append(("JSON from piece to piece, and the interpreter", "", milliseconds(between), f"{between / whole:.0%}"))
    left = engine.taken_over / (_REPORTS + 1)
    note = (
        f"One report takes {milliseconds(whole)} ms; the interpreter takes over {left:.0f} pieces of it. "
        "Each piece ends before the 25,000 instructions after which the machine stops."
    )
    return Table(title, note, ("stage", "executions", "mean ms", "share"), tuple(rows))


class _Timed(bridge.CompiledEngine):
    """The compiled engine with a clock around every execution."""

    def __init__(self, rules: pack.Pack) -> None:
        super().__init__(rules)
        self.forget()

    def forget(self) -> None:
        """Starts anew."""
        self.pieces: Counter[str] = Counter()
        self.spent: defaultdict[str, float] = defaultdict(float)

    def _try(self, entry_point: str, question: str) -> Any:
        before = time.process_time()
        answer = super()._try(entry_point, question)
        stage = _STAGES.get(entry_point, _RULES)
        self.spent[stage] += time.process_time() - before
        self.pieces[stage] += 1
        return answer
