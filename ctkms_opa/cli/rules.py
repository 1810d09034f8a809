"""`ctkms rules`: the catalogue."""

from __future__ import annotations

import json
import textwrap
from typing import TYPE_CHECKING

import click

from ctkms_opa import metadata, pack, reference
from ctkms_opa.cli import configured, options, output

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ctkms_opa.metadata import Rule

_WIDTH = 100


@click.command(cls=configured.Command)
@click.argument("rule_id", metavar="[ID]", required=False)
@options.policy_option
@configured.config_options
@click.option("--format", "form", type=click.Choice(["text", "json", "markdown"]), default="text", show_default=True)
def command(rule_id: str | None, policies: tuple[str, ...], form: str) -> None:
    """List the rules, or show one rule's page."""
    own = pack.load()
    rules = metadata.catalogue(own)
    if policies:
        from ctkms_opa.custom.load import load  # noqa: PLC0415 - only users' own rules pay for it

        with configured.places(click.get_current_context()):
            rules = sorted([*rules, *load(policies, own).rules], key=lambda rule: rule.id)
    found = rules if rule_id is None else [metadata.find(rules, rule_id)]
    if form == "json":
        lines = _json([rule.to_dict() for rule in rules] if rule_id is None else found[0].to_dict())
    elif form == "markdown":
        lines = reference.table(rules) if rule_id is None else _written(found[0])
    else:
        lines = _list(rules) if rule_id is None else _page(found[0])
    output.write(f"{line}\n" for line in lines)


def _written(rule: Rule) -> Iterator[str]:
    """The page that lies beside the rule, which has examples; for a rule of the user's own, what its METADATA says."""
    family, name = rule.package.split(".")[-2:]
    file = pack.directory() / "ctkms" / "rules" / family / name / f"{name}.md"
    if rule.package.startswith("ctkms.") and file.is_file():
        yield from file.read_text("utf-8").splitlines()
    else:
        yield from reference.page(rule)


def _json(value: object) -> Iterator[str]:
    yield json.dumps(value, indent=2)


def _list(rules: list[Rule]) -> Iterator[str]:
    ids = max((len(rule.id) for rule in rules), default=0)
    levels = max((len(rule.level) for rule in rules), default=0)
    for rule in rules:
        yield f"{rule.id:<{ids}}  {rule.level:<{levels}}  {rule.title}"


def _page(rule: Rule) -> Iterator[str]:
    yield rule.id
    yield rule.title
    yield ""
    for paragraph in rule.description.split("\n\n"):
        yield from textwrap.wrap(paragraph, width=_WIDTH, break_long_words=False, break_on_hyphens=False)
        yield ""
    shown = {"level": rule.level, "provenance": rule.provenance}
    shown |= {name: _words(value) for name, value in rule.custom.items() if name not in {"id", *shown}}
    shown |= {"package": rule.package}
    width = max(len(name) for name in shown) + 1
    for name, value in shown.items():
        if value:
            yield f"{name + ':':<{width}} {value}"
    for url in rule.urls:
        yield f"{'see:':<{width}} {url}"


def _words(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(str(one) for one in value)
    return str(value).lower() if isinstance(value, bool) else str(value)
