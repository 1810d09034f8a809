"""`ctkms simulate`: single requests against a key policy."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import click

from ctkms_opa import engine, pack
from ctkms_opa import simulate as simulation
from ctkms_opa.cli import output
from ctkms_opa.errors import UsageError
from ctkms_opa.formats.escape import in_json
from ctkms_opa.formats.explanation import render
from ctkms_opa.report import EXIT_CANNOT_TELL, EXIT_CLEAN, EXIT_ENGINE, EXIT_FINDINGS, EXIT_INPUT

if TYPE_CHECKING:
    from collections.abc import Iterator

_EXIT_CODES = {"allow": EXIT_CLEAN, "unknown": EXIT_CANNOT_TELL}


@click.command()
@click.argument("policy", required=False, metavar="[POLICY]")
@click.option("--principal", metavar="P", help="The caller: an ARN, a service, an account id or *.")
@click.option("--action", metavar="A", help="The action, as kms:Decrypt.")
@click.option("--resource", metavar="R", help="The ARN of the key.")
@click.option(
    "--context", multiple=True, metavar="KEY=VALUE", help="A condition key of the request; again for further values."
)
@click.option(
    "--identity-policy", "identity", multiple=True, metavar="FILE", help="An IAM policy of the caller; may be repeated."
)
@click.option("--batch", metavar="FILE|-", help="Read cases as JSON Lines, write decisions as JSON Lines.")
@click.option("--explain", is_flag=True, help="Show how every element of every statement compares to the request.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option(
    "--engine", "engine_name", type=click.Choice(["compiled", "interpreted"]), default="compiled", show_default=True
)
@click.pass_context
def command(
    ctx: click.Context,
    *,
    policy: str | None,
    principal: str | None,
    action: str | None,
    resource: str | None,
    context: tuple[str, ...],
    identity: tuple[str, ...],
    batch: str | None,
    explain: bool,
    form: str,
    engine_name: str,
) -> None:
    """Decide one request, or many, against a key policy.

    POLICY is a file, or - for standard input. With --batch, every line has a policy and a request of its own.
    A line of a batch is {"id", "policy", "request": {"principal", "action", "resource", "context"},
    "identity_policies"}; the answer to it is {"id", "decision", "allowed_by", "denied_by"} or {"id", "error"}.

    \b
    Exit codes: 0 allow, 1 not allowed by the key policy, 2 bad usage or input, 3 cannot tell, 4 the engine failed.
    Of a batch: 0 every case is decided, whichever way, 2 a line is no case, 3 there is none or one cannot be told.
    """  # noqa: D301 - click reads the backspace
    if batch is not None:
        if policy or principal or action or resource or context or identity:
            raise click.UsageError("--batch takes the policy and the request from its lines")
        ctx.exit(_batch(engine.create(engine_name, pack.load()), batch, explain=explain))
    missing = {"POLICY": policy, "--principal": principal, "--action": action, "--resource": resource}
    if policy is None or None in missing.values():
        raise click.UsageError(f"missing: {', '.join(name for name, value in missing.items() if value is None)}")
    chosen = engine.create(engine_name, pack.load())
    request = {"principal": principal, "action": action, "resource": resource, "context": _context(context)}
    case = {
        "policy": simulation.key_policy(chosen, policy),
        "request": request,
        "identity_policies": [simulation.policy_file(file) for file in identity],
    }
    decided = simulation.decide(chosen, case, explain=explain)
    output.write(
        [in_json(json.dumps(decided, indent=2)) + "\n" if form == "json" else render(decided, case, output.width())]
    )
    ctx.exit(_EXIT_CODES.get(decided["decision"], EXIT_FINDINGS))


def _batch(chosen: engine.Engine, source: str, *, explain: bool) -> int:
    cases = simulation.Batch(chosen, explain=explain)
    if source == "-":
        output.write(cases.run(simulation.lines_of(sys.stdin.buffer)))
    else:
        output.write(_from_file(cases, Path(source)))
    if cases.engine_failed:
        return EXIT_ENGINE
    if cases.bad_lines:
        return EXIT_INPUT
    if not cases.decided:
        output.complain("there is no case to decide")
    return EXIT_CANNOT_TELL if cases.undecided or not cases.decided else EXIT_CLEAN


def _from_file(cases: simulation.Batch, path: Path) -> Iterator[str]:
    try:
        file: BinaryIO = path.open("rb")
    except OSError as error:
        raise UsageError(f"cannot be read: {error.strerror}", str(path)) from None
    with file:
        yield from cases.run(simulation.lines_of(file))


def _context(pairs: tuple[str, ...]) -> dict[str, Any]:
    """The context of `KEY=VALUE` pairs: a key given once has one value, a repeated one a list."""
    context: dict[str, list[str]] = {}
    for pair in pairs:
        key, separator, value = pair.partition("=")
        if not separator or not key:
            raise click.BadParameter(f"{pair!r} is not KEY=VALUE", param_hint="--context")
        context.setdefault(key, []).append(value)
    return {key: values[0] if len(values) == 1 else values for key, values in context.items()}
