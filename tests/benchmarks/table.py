"""Results as Markdown: small tables, each with a heading and what it says about a target."""

from __future__ import annotations

import os
import platform
import re
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .timing import Sample


@dataclass(frozen=True)
class Table:
    """One measurement."""

    title: str
    note: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def lines(self) -> Iterator[str]:
        """The table in Markdown."""
        yield from (f"## {self.title}", "", self.note, "")
        yield f"| {' | '.join(self.columns)} |"
        yield f"|{'|'.join(' --- ' if at == 0 else ' ---: ' for at in range(len(self.columns)))}|"
        yield from (f"| {' | '.join(row)} |" for row in self.rows)
        yield ""


def milliseconds(seconds: float) -> str:
    """A time with three digits."""
    return f"{seconds * 1000:.3g}" if seconds < 1 else f"{seconds * 1000:.0f}"


def spread(sample: Sample) -> tuple[str, str, str]:
    """Least, median and the middle half of a sample, in milliseconds."""
    low, high = sample.quartiles
    return milliseconds(sample.least), milliseconds(sample.median), f"{milliseconds(low)} to {milliseconds(high)}"


def times(sample: Sample) -> str:
    """A ratio with its middle half."""
    low, high = sample.quartiles
    return f"{sample.median:.2f} ({low:.2f} to {high:.2f})"


def machine() -> str:
    """The machine and the versions that matter, in one line."""
    versions = [f"Python {platform.python_version()}"]
    for name in ("gordon-to-regorus", "opa-golib-python-bindings"):
        try:
            versions.append(f"{name} {metadata.version(name)}")
        except metadata.PackageNotFoundError:
            versions.append(f"no {name}")
    return f"{_processor()}, {os.cpu_count()} processors, {platform.system()}; {', '.join(versions)}"


def _processor() -> str:
    try:
        text = Path("/proc/cpuinfo").read_text("utf-8")
    except OSError:
        return platform.processor() or platform.machine()
    found = re.search(r"^model name\s*: (.+)$", text, re.MULTILINE)
    return found[1] if found else platform.machine()
