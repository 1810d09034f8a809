"""`PYTHONPATH=tests python -m benchmarks`: measures, and prints Markdown or writes it into a file."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from . import cold_start, contest, fleets, growth, many, servers, shares, stages
from .table import Table, machine

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_HEAD = """# Benchmark results

Measured by `PYTHONPATH=tests python -m benchmarks` (see CONTRIBUTING.md) on: {machine}.
"""


def main() -> None:
    """Runs the sections that are asked for, all by default."""
    parser = argparse.ArgumentParser(prog="benchmarks", description=__doc__)
    parser.add_argument("sections", nargs="*", metavar="SECTION", help=f"some of {', '.join(_SECTIONS)}; default: all")
    parser.add_argument("--rounds", type=int, default=21, help="how often contestants take their turn (default: 21)")
    parser.add_argument("--most", type=int, help="the largest size for growth, of many files and of the fleet")
    parser.add_argument(
        "--write", metavar="FILE", type=Path, help="keep the result in a file, too, in place of older tables"
    )
    options = parser.parse_args()
    unknown = set(options.sections) - set(_SECTIONS)
    if unknown:
        parser.error(f"there is no section {', '.join(sorted(unknown))}")
    parts = [_HEAD.format(machine=machine())]
    _show(parts[0])
    for name in options.sections or _SECTIONS:
        for table in _SECTIONS[name](options):
            parts.append("\n".join(table.lines()))
            _show(parts[-1])
    if options.write:
        _keep(parts, options.write)


def _keep(parts: list[str], file: Path) -> None:
    """Puts the tables into a file, each in place of an older one of its title; what was not measured stays."""
    older = file.read_text("utf-8").split("\n## ")[1:] if file.exists() else []
    tables = {table.partition("\n")[0]: table.rstrip("\n") for table in older}
    for part in parts[1:]:
        table = part.removeprefix("## ")
        tables[table.partition("\n")[0]] = table.rstrip("\n")
    file.write_text("".join([parts[0], *(f"\n## {table}\n" for table in tables.values())]), "utf-8")


def _show(part: str) -> None:
    sys.stdout.write(f"{part}\n")
    sys.stdout.flush()


_SECTIONS: dict[str, Callable[[argparse.Namespace], Iterator[Table]]] = {
    "engines": lambda options: contest.run(options.rounds),
    "cold-start": lambda options: cold_start.run(options.rounds),
    "servers": lambda options: servers.run(options.rounds),
    "shares": lambda options: shares.run(options.rounds),
    "stages": lambda _: stages.run(),
    "many-files": lambda options: many.run(options.most),
    "fleet": lambda options: fleets.run(options.most),
    "whole-fleet": lambda options: fleets.run_whole(options.most),
    **{what: lambda options, what=what: growth.run(what, options.most) for what in growth.DIRECTIONS},  # type: ignore[misc]
}

if __name__ == "__main__":
    main()
