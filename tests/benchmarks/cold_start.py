"""What one `ctkms check` costs, process and all, against an empty Python and the imports that it cannot do without."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from . import timing
from .table import Table, spread, times

if TYPE_CHECKING:
    from collections.abc import Iterator

_ROOT = Path(__file__).resolve().parent.parent.parent
_CHECK = (
    *(sys.executable, "-m", "ctkms_opa", "check", f"{_ROOT}/data/policies/trail.json"),
    *("-d", f"{_ROOT}/data/trails.yaml", "-d", f"{_ROOT}/data/accounts.yaml"),
)
_IMPORTS = "imports of click, yaml, regorus"


def run(rounds: int) -> Iterator[Table]:
    """The cold start, with and without a compiled pack in the cache."""
    with tempfile.TemporaryDirectory() as cache:
        # Byte code is kept, as it is wherever ctkms is installed.
        cached = os.environ | {"XDG_CACHE_HOME": cache, "CTKMS_NO_CACHE": "", "PYTHONDONTWRITEBYTECODE": ""}
        samples = timing.in_turn(
            {
                "empty Python": timing.process(sys.executable, "-c", "pass"),
                _IMPORTS: timing.process(sys.executable, "-c", "import click, yaml, regorus"),
                "`ctkms check`": timing.process(*_CHECK, env=cached),
                "`ctkms check`, no cache": timing.process(*_CHECK, env=cached | {"CTKMS_NO_CACHE": "1"}),
            },
            rounds,
        )
    rows = tuple(
        (name, *spread(sample), times(timing.ratio(sample, samples[_IMPORTS]))) for name, sample in samples.items()
    )
    note = "CPU time of a process that judges `data/policies/trail.json`. Target: 2.5 times the imports."
    yield Table("Cold start", note, ("process", "least ms", "median ms", "middle half", "times the imports"), rows)
