"""`ctkms test`: runs tests written in Rego."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ctkms_opa import rego_tests
from ctkms_opa.cli import output
from ctkms_opa.formats.escape import visible
from ctkms_opa.report import EXIT_CANNOT_TELL, EXIT_FINDINGS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ctkms_opa.rego_tests import Coverage, Run


@click.command()
@click.argument("paths", metavar="[PATH]...", nargs=-1, type=click.Path(exists=True, path_type=Path))
@click.option(
    "-p",
    "--policy",
    "policies",
    multiple=True,
    metavar="POLICY",
    type=click.Path(exists=True, path_type=Path),
    help="A file or folder that is loaded with PATH, without its tests; may be repeated.",
)
@click.option("--coverage", is_flag=True, help="Count the lines that the tests reach.")
@click.option(
    "--threshold",
    type=click.FloatRange(0, 100),
    metavar="PERCENT",
    help="Exit 1 where the tests reach fewer lines than that; implies --coverage.",
)
@click.option("-v", "--verbose", is_flag=True, help="Name the tests that pass, too.")
@click.pass_context
def command(
    ctx: click.Context,
    *,
    paths: tuple[Path, ...],
    policies: tuple[Path, ...],
    coverage: bool,
    threshold: float | None,
    verbose: bool,
) -> None:
    """Run tests written in Rego.

    Runs the test_ rules in the _test.rego files at PATH, loaded together with the rule pack; without PATH, those of
    POLICY, and without either, the pack's.
    """
    run = rego_tests.run(paths or policies, policies, coverage=coverage or threshold is not None)
    output.write(f"{line}\n" for line in _lines(run, threshold, verbose=verbose))
    if not run.outcomes:
        output.complain("there are no tests")
        ctx.exit(EXIT_CANNOT_TELL)
    if threshold is not None and not run.coverage:
        output.complain("there is no line whose coverage could be measured: PATH holds nothing but tests")
        ctx.exit(EXIT_FINDINGS if run.failed else EXIT_CANNOT_TELL)
    if run.failed or (threshold is not None and run.percent < threshold):
        ctx.exit(EXIT_FINDINGS)


def _lines(run: Run, threshold: float | None, *, verbose: bool) -> Iterator[str]:
    for outcome in run.outcomes:
        if not outcome.passed:
            yield visible(f"FAIL {outcome.file}: {outcome.rule}: {outcome.reason}")
        elif verbose:
            yield visible(f"pass {outcome.file}: {outcome.rule}")
    yield from (_covered(file) for file in run.coverage if verbose or file.not_covered)
    if run.coverage:
        wanted = "" if threshold is None else f" (wanted: {threshold:g} %)"
        yield f"coverage: {_rounded(run.percent)} %{wanted}"
    yield f"{len(run.outcomes) - len(run.failed)} passed, {len(run.failed)} failed"


def _covered(file: Coverage) -> str:
    missing = f": not reached: {_ranges(file.not_covered)}" if file.not_covered else ""
    return visible(f"{_rounded(file.percent):>5} % {file.file}{missing}")


def _rounded(percent: float) -> str:
    """The percentage cut, not rounded, to one digit: 99.99 is not 100."""
    return f"{int(percent * 10) / 10:g}"


def _ranges(lines: tuple[int, ...]) -> str:
    """Line numbers as `3, 5-7`."""
    ranges: list[list[int]] = []
    for line in lines:
        if ranges and line == ranges[-1][1] + 1:
            ranges[-1][1] = line
        else:
            ranges.append([line, line])
    return ", ".join(str(first) if first == last else f"{first}-{last}" for first, last in ranges)
