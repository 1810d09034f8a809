"""`ctkms generate`: the key policy that the expectations ask for."""

from __future__ import annotations

from pathlib import Path

import click

from ctkms_opa import generate as generation
from ctkms_opa import whole_file
from ctkms_opa.cli import options, output, overwriting
from ctkms_opa.errors import UsageError
from ctkms_opa.generate_forms import FORMS, SUFFIXES, render
from ctkms_opa.report import EXIT_CLEAN, EXIT_FINDINGS


@click.command()
@options.expectation_options
@click.option("--key", metavar="ARN", help="The key to make a policy for.  [default: every key that DATA speaks of]")
@click.option("--format", "form", type=click.Choice(FORMS), default="json", show_default=True)
@click.option(
    "-o",
    "--output",
    "target",
    metavar="FILE|FOLDER",
    help="Where the policies go: one FILE, or a FOLDER (which is there, or ends with /) with a file for each.",
)
@click.pass_context
def command(
    ctx: click.Context,
    *,
    data: tuple[str, ...],
    trails: tuple[str, ...],
    stores: tuple[str, ...],
    readers: tuple[str, ...],
    key: str | None,
    form: str,
    target: str | None,
) -> None:
    """Make the key policy that lets in whom you expect, and nobody else.

    The expectations come from DATA or from the options. Where readers of other accounts, or roles that others assume,
    need a policy of their own, it is made too. One policy is printed as it is; several have their names.

    \b
    Exit codes: 0 done, 1 done, but what is left over needs a decision of yours (see standard error),
    2 bad usage or data, or data that does not say enough, 4 the engine failed.
    """  # noqa: D301 - click reads the backspace
    generator = generation.Generator(options.expected_of(data, trails, stores, readers, key))
    results = [generator.generate(one) for one in ([key] if key else generator.keys())]
    policies = [policy for result in results for policy in result.policies]
    if target is None:
        output.write([render(policies, form)])
    else:
        _save(policies, form, target, data)
    left = [finding for result in results for finding in result.findings]
    for finding in left:
        output.complain(f"left over: {finding.rule}: {finding.msg}\nto do: {finding.remediation}")
    ctx.exit(EXIT_FINDINGS if left else EXIT_CLEAN)


def _save(policies: list[generation.Generated], form: str, target: str, data: tuple[str, ...]) -> None:
    folder = Path(target)
    if not target.endswith("/") and not folder.is_dir():
        overwriting.refuse([("--output", target)], [(overwriting.EXPECTATIONS, data)])
        whole_file.write(target, [render(policies, form)])
        output.complain(f"wrote {target}")
        return
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"cannot be made: {error.strerror}", target) from None
    for one in policies:
        file = str(folder / f"{one.name}{SUFFIXES[form]}")
        overwriting.refuse([("--output", file)], [(overwriting.EXPECTATIONS, data)])
        whole_file.write(file, [render([one], form)])
        output.complain(f"wrote {file}")
