"""The catalogue of rules, read from the METADATA comments of the pack."""

from __future__ import annotations

import difflib
import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import yaml

from ctkms_opa.errors import CtkmsError, UsageError

if TYPE_CHECKING:
    from ctkms_opa.pack import Module, Pack

_METADATA = "# METADATA"


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
    if not isinstance(custom, dict) or "id" not in custom:
        raise CtkmsError("the METADATA of the package has no custom.id", module.path)
    if not isinstance(custom["id"], str):
        raise CtkmsError(f"the METADATA's custom.id is {custom['id']}, which is no text", module.path)
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


def check_blocks(module: Module) -> None:
    """Checks that all METADATA of a module are YAML, as OPA does, which else refuses the file.

    Raises:
        CtkmsError: They are not.
    """
    lines = module.text.splitlines()
    for number, line in enumerate(lines):
        if line.rstrip() == _METADATA:
            _block(module, lines, number)


def _annotations(module: Module) -> dict[str, Any]:
    """The METADATA block above the package."""
    lines = module.text.splitlines()
    package = next((number for number, line in enumerate(lines) if line.startswith("package ")), len(lines))
    above = [number for number in range(package) if lines[number].rstrip() == _METADATA]
    if not above:
        below = "; it stands above the package, not below" if _METADATA in lines else ""
        raise CtkmsError(f"the package has no METADATA{below}", module.path)
    annotations = _block(module, lines, above[0])
    if not isinstance(annotations, dict):
        raise CtkmsError("the METADATA is not a map", module.path, above[0] + 1)
    return annotations


def _block(module: Module, lines: list[str], start: int) -> Any:
    """What the METADATA block that begins in a line, counted from 0, says."""
    block = itertools.takewhile(lambda line: line.startswith("#"), lines[start + 1 :])
    try:
        return yaml.safe_load("\n".join(line.removeprefix("#").removeprefix(" ") for line in block))
    except yaml.MarkedYAMLError as error:
        line = start + 2 + (error.problem_mark.line if error.problem_mark else 0)
        raise CtkmsError(f"the METADATA is not YAML: {error.problem}", module.path, line) from None
    except yaml.YAMLError as error:
        raise CtkmsError(f"the METADATA is not YAML: {error}", module.path, start + 1) from None


def _reference(entry: Any) -> str:
    return str(entry.get("ref", "")) if isinstance(entry, dict) else str(entry)
