"""The JSON list that `conftest test --output json` prints, for whatever reads that already."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

from ctkms_opa.formats import json_pieces, outcomes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ctkms_opa.formats.options import Options
    from ctkms_opa.formats.outcomes import Outcome
    from ctkms_opa.report import Report

_NAMESPACE = "ctkms.main"
_MEMBERS = {
    "failed": "failures",
    "tolerated": "warnings",
    "known": "exceptions",
    "waived": "exceptions",
    # Where conftest says so in a warning, an exit code does too; readers of the list look at the failures alone.
    "cannot_tell": "failures",
    "not_judged": "failures",
}


def render(report: Report, options: Options) -> Iterator[str]:
    """An entry for each file.

    Each capability that a policy gives is a success; findings that are waived or in the baseline are exceptions.
    """
    yield from json_pieces.array(_files(report, options))
    yield "\n"


def _files(report: Report, options: Options) -> Iterator[dict[str, Any]]:
    rest: dict[str, list[Outcome]] = {}
    for outcome in outcomes.of_rest(report):
        rest.setdefault(outcome.location.file, []).append(outcome)
    for file, keys in groupby(report.keys, key=lambda key: key.source.file):
        found = [outcome for key in keys for outcome in outcomes.of_key(key, report, options)]
        yield _entry(file, [*found, *rest.pop(file, [])])
    for file, found in rest.items():
        yield _entry(file, found)


def _entry(file: str, found: Iterable[Outcome]) -> dict[str, Any]:
    results: dict[str, list[dict[str, Any]]] = {"warnings": [], "failures": [], "exceptions": []}
    successes = 0
    for outcome in found:
        successes += outcome.kind == "passed"
        # Conftest has no notes: deny and warn are all there is.
        if outcome.kind == "failed" or (outcome.kind != "passed" and outcome.level != "note"):
            results[_MEMBERS[outcome.kind]].append(_result(outcome))
    return {
        "filename": file,
        "namespace": _NAMESPACE,
        "successes": successes,
        **{name: entries for name, entries in results.items() if entries},
    }


def _result(outcome: Outcome) -> dict[str, Any]:
    metadata: dict[str, Any] = {"rule": outcome.rule, "level": outcome.level, "key": outcome.key}
    if outcome.finding is not None:
        metadata |= outcome.finding.to_dict()
        del metadata["msg"]
        del metadata["location"]
    if outcome.why:
        metadata["why"] = outcome.why
    location = (
        {} if outcome.location.line is None else {"loc": {"file": outcome.location.file, "line": outcome.location.line}}
    )
    return {"msg": outcome.msg, **location, "metadata": metadata}
