"""The catalogue of rules, read from the METADATA comments of the pack."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import yaml

from ctkms_opa.errors import CtkmsError, UsageError

if TYPE_CHECKING:
    from ctkms_opa.pack import Module, Pack


@dataclass(frozen=True)
class Rule:
    """One rule, as its METADATA describes it."""

    id: str
    title: str
    description: str
    level: str
    provenance: str
    package: str
    urls: tuple[str, ...]
    custom: dict[str, Any]
    """Everything under `custom`, the id, level and provenance included."""

    def to_dict(self) -> dict[str, Any]:
        """The rule in the JSON form."""
        return {**vars(self), "urls": list(self.urls)}


def catalogue(pack: Pack) -> list[Rule]:
    """The rules of a pack in the order of their ids.

    Raises:
        CtkmsError: A rule's METADATA is missing or cannot be read.
    """
    return sorted((rule(module) for module in pack.rule_packages()), key=lambda one: one.id)


def find(rules: list[Rule], wanted: str) -> Rule:
    """The rule with an id, whatever its case.

    Raises:
        UsageError: There is none; the message names those that come near.
    """
    by_id = {rule.id.upper(): rule for rule in rules}
    if wanted.upper() in by_id:
        return by_id[wanted.upper()]
    near = difflib.get_close_matches(wanted.upper(), by_id, n=3)
    hint = f"; did you mean {' or '.join(near)}?" if near else "; `ctkms rules` lists them"
    raise UsageError(f"there is no rule {wanted}{hint}")


def is_web_address(url: str) -> bool:
    """Whether a link leads to a web page, and runs nothing."""
    return url.startswith(("https://", "http://"))


def rule(module: Module) -> Rule:
    """The rule that a module holds.

    Raises:
        CtkmsError: Its METADATA is missing or cannot be read.
    """
    annotations = _annotations(module)
    custom = annotations.get("custom")
    if not isinstance(custom, dict) or not isinstance(custom.get("id"), str):
        raise CtkmsError("the METADATA of the package has no custom.id", module.path)
    return Rule(
        id=custom["id"],
        title=str(annotations.get("title", "")),
        description=str(annotations.get("description", "")).strip(),
        level=str(custom.get("level", "")),
        provenance=str(custom.get("provenance", "")),
        package=module.package,
        urls=tuple(_reference(entry) for entry in annotations.get("related_resources") or []),
        custom=custom,
    )


def _annotations(module: Module) -> dict[str, Any]:
    """The METADATA block above the package."""
    lines = module.text.partition("\npackage ")[0].splitlines()
    if "# METADATA" not in lines:
        raise CtkmsError("the package has no METADATA", module.path)
    block = lines[lines.index("# METADATA") + 1 :]
    try:
        annotations = yaml.safe_load("\n".join(line.removeprefix("#").removeprefix(" ") for line in block))
    except yaml.YAMLError as error:
        raise CtkmsError(f"the METADATA is not YAML: {error}", module.path) from None
    if not isinstance(annotations, dict):
        raise CtkmsError("the METADATA is not a map", module.path)
    return annotations


def _reference(entry: Any) -> str:
    return str(entry.get("ref", "")) if isinstance(entry, dict) else str(entry)
