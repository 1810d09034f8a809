"""The table of results: one row a module, kept in README.md."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

_HEAD = """# Results of mutation testing

Written by `PYTHONPATH=tests python -m mutation --write PATH…` (see CONTRIBUTING.md): how many small changes of each
module its tests notice (killed), how many make no difference (equivalent, with the reason in `equivalent.yaml`), and
how many no test notices (left). A change that OPA does not compile is not counted.

| Module | Mutants | Killed | Equivalent | Left |
|---|--:|--:|--:|--:|
"""
_ROW = re.compile(r"^\| `(\S+)` \| \d+ \| (\d+) \| (\d+) \| (\d+) \|$", re.MULTILINE)


class Row(NamedTuple):
    """What became of the mutants of one module."""

    killed: int
    equivalent: int
    left: int


def read(text: str) -> dict[str, Row]:
    """The rows of a table, by module."""
    return {module: Row(*map(int, counts)) for module, *counts in _ROW.findall(text)}


def written(rows: Mapping[str, Row]) -> str:
    """The table, with the sum of its rows."""
    total = Row(*map(sum, zip(*rows.values(), strict=True)))
    return _HEAD + "".join(
        f"| {name} | {sum(row)} | {row.killed} | {row.equivalent} | {row.left} |\n"
        for name, row in [*((f"`{module}`", rows[module]) for module in sorted(rows)), ("together", total)]
    )
