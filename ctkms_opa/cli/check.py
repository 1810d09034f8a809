"""`ctkms check`: the main job."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import click

from ctkms_opa import formats, own_files
from ctkms_opa.checker import PROFILES, Checker, Profile
from ctkms_opa.cli import configured, known_findings, options, output, overwriting, targets
from ctkms_opa.cli.progress import Progress
from ctkms_opa.report import LEVELS, Level

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from ctkms_opa.report import Report

_NAMED = 5
"""How many inputs are named in which there is nothing to judge."""


@click.command(cls=targets.Command)
@click.argument("inputs", metavar="INPUT...", nargs=-1, required=True)
@options.expectation_options
@options.policy_option
@click.option("--key", metavar="ARN", help="The key that the policies belong to.")
@click.option(
    "--describe-key",
    "metadata",
    multiple=True,
    metavar="FILE",
    help="Output of `aws kms describe-key`; may be repeated.",
)
@options.deployment_options
@click.option(
    "--profile",
    type=click.Choice(PROFILES),
    help="With hardened, what AWS recommends is an error, too; by default what DATA says, else documented.",
)
@click.option(
    "--fail-on",
    type=click.Choice(LEVELS),
    default="error",
    show_default=True,
    help="The lowest level of a finding that makes the check fail.",
)
@click.option(
    "--level",
    "levels",
    multiple=True,
    metavar="RULE=LEVEL",
    help="The level of a rule's findings in place of its own; may be repeated.",
)
@click.option(
    "--disable",
    multiple=True,
    metavar="RULE",
    help="Show no findings of RULE, only how many there are; may be repeated.",
)
@click.option(
    "--changed-from",
    "earlier",
    metavar="OLD",
    help="The inputs as they were, a file or a folder: names statements that were removed, changed or moved.",
)
@click.option(
    "--baseline",
    "known",
    metavar="FILE",
    help="Findings that FILE holds are known: shown, but they do not fail the check.",
)
@click.option("--write-baseline", "remember", metavar="FILE", help="Write all findings to FILE: from now on known.")
@click.option(
    "--format",
    "forms",
    multiple=True,
    type=click.Choice(formats.FORMATS),
    help="The form of the report; may be repeated.  [default: text]",
)
@click.option(
    "--output",
    "files",
    multiple=True,
    metavar="FILE",
    help="Write the report to FILE, in the --format before it; one format at most goes to standard output.",
)
@click.option(
    "--engine",
    "engine",
    multiple=True,
    default=["compiled"],
    metavar="ENGINE",
    help="compiled, interpreted, or the URL of an OPA server, which may be repeated.  [default: compiled]",
)
@click.option(
    "--jobs",
    type=click.IntRange(min=1),
    metavar="N",
    help="How many processes share the work.  [default: one for each processor, where there are many inputs]",
)
@click.option("--explain", is_flag=True, help="Say in the text of each statement why it does not allow what is needed.")
@configured.config_options
@click.option("--notes", is_flag=True, help="Show notes, not only their number.")
@click.option("--verbose", is_flag=True, help="Show notes, each rule that did not run, and the engine.")
@click.option("--color", type=click.Choice(["auto", "always", "never"]), default="auto", show_default=True)
@click.pass_context
def command(
    ctx: click.Context,
    *,
    inputs: tuple[str, ...],
    data: tuple[str, ...],
    policies: tuple[str, ...],
    trails: tuple[str, ...],
    stores: tuple[str, ...],
    readers: tuple[str, ...],
    key: str | None,
    metadata: tuple[str, ...],
    parameters: tuple[str, ...],
    account: str | None,
    region: str | None,
    partition: str | None,
    profile: Profile | None,
    fail_on: Level,
    levels: tuple[str, ...],
    disable: tuple[str, ...],
    earlier: str | None,
    known: str | None,
    remember: str | None,
    forms: tuple[str, ...],  # noqa: ARG001 - their order matters: see targets
    files: tuple[str, ...],  # noqa: ARG001
    engine: tuple[str, ...],
    jobs: int | None,
    explain: bool,
    notes: bool,
    verbose: bool,
    color: str,
) -> None:
    """Judge the key policies in files and folders.

    INPUT is a file, a folder, a pattern of files (as 'policies/**/*.json'), or - for standard input. The expectations
    say which trails and event data stores use the keys and who reads their data; they come from DATA or from the
    options. `ctkms init` writes a file to start from.

    \b
    Exit codes: 0 clean, 1 findings at or above --fail-on, 2 bad usage, input or data,
    3 nothing was evaluated or something could not be told, 4 the engine failed.
    """  # noqa: D301 - click reads the backspace
    if explain and not any(target.form == "text" for target in ctx.obj):
        raise click.UsageError("--explain belongs to --format text, which is not asked for")
    config = configured.of(ctx)
    overwriting.refuse(
        [*(("--output", target.file) for target in ctx.obj), ("--write-baseline", remember)],
        [
            ("an input", inputs),
            (overwriting.EXPECTATIONS, (*data, *metadata)),
            ("rules", policies),
            ("what --changed-from compares with", [earlier]),
            ("the baseline", [known]),
            ("the configuration", [None if config is None else config.file]),
        ],
    )
    _check_described(metadata)
    with configured.places(ctx):
        expected = options.expected_of([*data, *metadata], trails, stores, readers, key)
        checker = Checker(
            expected,
            profile=profile,
            engine=engine,
            fail_on=fail_on,
            key=key,
            parameters=options.parameters_of(parameters),
            account=account,
            region=region,
            partition=partition,
            policies=policies,
            levels=configured.levels_of(levels),
            disable=disable,
            changed_from=earlier,
            explain=explain,
            matrix=any(target.form in formats.WITH_MATRIX for target in ctx.obj),
        )
    for target in ctx.obj:
        target.check()
    living_with = known_findings.chosen(known, remember, checker.custom_rules)
    with Progress() as progress:
        report = checker.check_paths(inputs, jobs=jobs, progress=progress)
    report = living_with(report)
    for target in ctx.obj:
        target.write(
            report,
            formats.Options(
                color=_colored(color), notes=notes, verbose=verbose, rules=checker.custom_rules, width=output.width()
            ),
        )
    if report.engine.name == "opa" and report.engine.remark and not any(error.engine for error in report.errors):
        output.complain(f"a server was lost, and others answered in its place: {report.engine.remark}")
    _tell_left_out(report, inputs, verbose=verbose)
    if targets.Target("text") not in ctx.obj:
        _complain(report)
    ctx.exit(report.exit_code)


def _check_described(metadata: Iterable[str]) -> None:
    """Notices a file after --describe-key that is something else, which would be taken for expectations.

    Raises:
        UsageError: There is one.
        InputError: A file cannot be read.
    """
    for file in metadata:
        from ctkms_opa.errors import UsageError  # noqa: PLC0415 - start-up time
        from ctkms_opa.inputs import read_document  # noqa: PLC0415

        value = read_document(file).value
        if not isinstance(value, dict) or "KeyMetadata" not in value:
            raise UsageError("this is not what `aws kms describe-key` prints: it has no member KeyMetadata", file)


def _colored(choice: str) -> bool:
    if choice == "auto":
        return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    return choice == "always"


def _tell_left_out(report: Report, named: Collection[str], *, verbose: bool) -> None:
    """Names on stderr the inputs with nothing to judge in them: all for whoever asks, or where there are no others.

    Those that the user named, and did not have searched for, are always named.
    """
    if verbose:
        for one in report.left_out:
            output.complain(f"{one.file}: left out, for it holds {one.what}")
    alone = not report.keys and not report.errors
    empty = [one.file for one in report.left_out if one.what == own_files.NOTHING and (alone or one.file in named)]
    for file in [] if verbose else empty[:_NAMED]:
        output.complain(f"{file}: holds {own_files.NOTHING}: give the document that does")
    if len(empty) > _NAMED and not verbose:
        output.complain(f"and {len(empty) - _NAMED} more such inputs (--verbose names them)")
    if report.left_out and alone:
        kinds = " and ".join(sorted({one.what for one in report.left_out} - {own_files.NOTHING}))
        if kinds:
            output.complain(f"there is no key policy among the inputs, only {kinds} (--verbose names the files)")


def _complain(report: Report) -> None:
    """Names on stderr what could not be judged, for whoever does not see the report."""
    for error in report.errors:
        place = ":".join(str(part) for part in (error.file, error.line, error.column) if part is not None)
        output.complain(f"{place}: {error.msg}")
