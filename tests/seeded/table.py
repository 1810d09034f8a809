"""What was found, kept in README.md: one row a bug."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from .bugs import Bug

RESULTS = Path(__file__).with_name("README.md")
_HEAD = """# Seeded bugs

Written by `PYTHONPATH=tests python -m seeded --write` (see CONTRIBUTING.md): which bug of the code each property and
fuzzer has found when it was put in on purpose, so that none of them is a test that cannot fail. The bugs are in
`bugs.yaml`; the number tells whether a row is of the bug as it stands there.

| Test | What was wrong | Where | Bug |
|---|---|---|---|
"""


def row(bug: Bug) -> str:
    """The row of a bug that was found."""
    number = hashlib.sha256(repr(bug).encode()).hexdigest()[:8]
    return f"| `{bug.test}` | {bug.why} | `{bug.file}` | {number} |\n"


def rows() -> list[str]:
    """The rows of README.md."""
    text = RESULTS.read_text("utf-8") if RESULTS.exists() else _HEAD
    return text.removeprefix(_HEAD).splitlines(keepends=True)


def keep(found: Collection[Bug], tried: Collection[Bug], listed: Iterable[Bug]) -> None:
    """Puts what was found into README.md; of the listed bugs that were not tried, what it says of them stays."""
    before = set(rows())
    stays = (row(bug) for bug in listed if bug not in tried)
    RESULTS.write_text(_HEAD + "".join(sorted([*map(row, found), *before.intersection(stays)])), "utf-8")
