"""`python -m mutation PATH…`: lists the mutants that no test kills, with file and line."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import click
import engines
import yaml

from mutation import table, trial
from mutation.pack import Pack

EQUIVALENT = Path(__file__).with_name("equivalent.yaml")
RESULTS = Path(__file__).with_name("README.md")


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path, resolve_path=True))
@click.option("--write", is_flag=True, help="Keep the counts in README.md, in place of older ones of the same modules.")
def main(paths: tuple[Path, ...], *, write: bool) -> None:
    """Changes every rule below PATHS in small ways, and lists the changes that no test notices.

    A change that makes no difference is listed in equivalent.yaml with the reason. Exit code: 0 where every change is
    noticed or listed, 1 where one is not, or what is listed no longer holds.
    """
    opa = engines.opa_command()
    if opa is None:
        raise click.UsageError("no opa on PATH, and CTKMS_OPA is not set")
    pack = Pack(engines.POLICIES)
    equivalent = {
        (one["module"], one["line"], change)
        for one in yaml.safe_load(EQUIVALENT.read_text("utf-8"))
        for change in one["changes"]
    }
    complaints = 0
    for module in pack.modules:
        if module.is_test or not any(module.file.is_relative_to(path) for path in paths):
            continue
        start = time.monotonic()
        outcome = trial.of(module, pack, _scope(module.file), opa)
        found = [((module.path, one.line(module.text), one.change), one) for one in outcome.survived]
        survived = [one for name, one in found if name not in equivalent]
        for one in survived:
            click.echo(f"{module.file.relative_to(engines.ROOT)}:{one.row}: {one.change}")
        outdated = sorted(name for name in equivalent - {name for name, _ in found} if name[0] == module.path)
        for _, line, change in outdated:
            click.echo(
                f"{EQUIVALENT.name}: {module.path}: {change} in {line!r} does not survive, or is no longer there"
            )
        click.echo(
            f"{module.path}: {len(outcome.killed)} killed, {len(survived)} survived, "
            f"{len(found) - len(survived)} equivalent, {len(outcome.invalid)} do not compile; "
            f"{time.monotonic() - start:.0f} s",
            err=True,
        )
        if write:
            _keep(module.path, table.Row(len(outcome.killed), len(found) - len(survived), len(survived)))
        complaints += len(survived) + len(outdated)
    sys.exit(1 if complaints else 0)


def _keep(module: str, row: table.Row) -> None:
    older = table.read(RESULTS.read_text("utf-8")) if RESULTS.exists() else {}
    RESULTS.write_text(table.written({**older, module: row}), "utf-8")


def _scope(module: Path) -> Path:
    """The folder whose tests count: the one directly below the pack's root package; the tests of a rule are its own."""
    family = engines.POLICIES / Path(*module.relative_to(engines.POLICIES).parts[:2])
    return module.parent if family.name == "rules" else family


main()
