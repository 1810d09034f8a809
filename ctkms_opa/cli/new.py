"""`ctkms new`: something to start from."""

from __future__ import annotations

import click

from ctkms_opa.cli import output
from ctkms_opa.custom import scaffold
from ctkms_opa.errors import UsageError


@click.group()
def command() -> None:
    """Write something to start from."""


@command.command()
@click.argument("name", metavar="FAMILY/NAME")
@click.option(
    "-p", "--policy", "folder", metavar="DIR", default="rules", show_default=True, help="The folder of your own rules."
)
@click.option("--id", "rule_id", metavar="ID", help="The rule's id.  [default: FAMILY-NAME]")
def rule(name: str, folder: str, rule_id: str | None) -> None:
    """Write a rule of your own, and its test.

    The rule is package custom.ctkms.FAMILY.NAME, and works at once: `ctkms test DIR` runs its test, and
    `ctkms check -p DIR` the rule. `policies/ctkms/api/api.rego` has what it may build on.
    """
    family, separator, last = name.partition("/")
    if not separator or "/" in last:
        raise UsageError(f"{name!r} is not FAMILY/NAME, as acme/known_admins")
    for file in scaffold.write(family, last, folder, rule_id):
        output.write([f"{file}\n"])
