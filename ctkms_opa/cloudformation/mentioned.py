"""Which accounts, Regions and values of parameters a template tells apart: what it mentions where it speaks of keys."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from .template import texts

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .template import Json, Template

_ACCOUNT = re.compile(r"(?<![0-9])[0-9]{12}(?![0-9])")
_REGION = re.compile(r"(?<![a-z0-9-])[a-z]{2,4}-(?:[a-z]+-){1,2}[0-9]{1,2}(?![a-z0-9])")
_REGIONS = re.compile(r"(?<![a-z0-9-])([a-z]{2,4}-[a-z-]*)[*?]")
_KEY_ID = re.compile(r"key/(mrk-[0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?![0-9a-f])")
_REFERENCE = re.compile(r"\$\{([^!}][^}]*)\}")
# What names resources; their other properties say nothing about keys.
_NAMES = ("RoleName", "UserName", "GroupName", "Path", "BucketName", "TopicName", "TrailName", "AliasName")


class Mentioned:
    """What the parts of a template that speak of keys mention, and what else is expected.

    Attributes:
        accounts: Account ids.
        regions: Names of Regions.
        region_prefixes: What names of Regions begin with, where a pattern names several.
        key_ids: Ids of keys.
        compared: For each parameter, the values that conditions compare it with, as they are written.
    """

    def __init__(self, template: Template, also: Iterable[str] = ()) -> None:
        """Looks through the template.

        Args:
            template: The template.
            also: Texts that count as well, such as ARNs of the expectations.
        """
        self.compared: dict[str, list[Json]] = {}
        self._template = template
        self._seen: set[tuple[str, str]] = set()
        self._literals: dict[str, None] = dict.fromkeys(also)
        for name in template.relevant():
            self._walk(template.properties(name))
            self._condition(template.resources[name].get("Condition"))
        found = [text for text in self._literals if "-" in text or any(map(str.isdigit, text))]
        self.accounts = _all(_ACCOUNT, found)
        self.regions = _all(_REGION, found)
        self.region_prefixes = _all(_REGIONS, found)
        self.key_ids = _all(_KEY_ID, found)

    def _walk(self, raw: Json) -> None:
        if isinstance(raw, str):
            self._literals[raw] = None
        elif isinstance(raw, list):
            for element in raw:
                self._walk(element)
        elif isinstance(raw, dict):
            for name, member in raw.items():
                self._literals[name] = None
                self._function(name, member)
                self._walk(member)

    def _function(self, name: str, argument: Json) -> None:
        """Follows what a function refers to."""
        parts = argument if isinstance(argument, list) else [argument]
        first = parts[0] if parts and isinstance(parts[0], str) else None
        if name in {"Ref", "Fn::GetAtt"} and first is not None:
            self._refer(first)
        elif name == "Fn::Sub" and first is not None:
            for reference in _REFERENCE.findall(first):
                self._refer(reference)
        elif name in {"Fn::If", "Condition"}:
            self._condition(first)
        elif name == "Fn::FindInMap":
            self._mapping(first)
        elif name == "Fn::Equals":
            self._compare(parts)

    def _refer(self, reference: str) -> None:
        name = reference.partition(".")[0].strip()
        if not self._new("reference", name):
            return
        parameter = self._template.parameters.get(name, {})
        self._walk([parameter.get("Default"), parameter.get("AllowedValues")])
        properties = self._template.properties(name)
        self._walk([properties[member] for member in _NAMES if member in properties])

    def _condition(self, name: Json) -> None:
        if isinstance(name, str) and self._new("condition", name):
            self._walk(self._template.conditions.get(name))

    def _mapping(self, name: str | None) -> None:
        for one in self._template.mappings if name is None else [name]:
            if self._new("mapping", one):
                self._literals.update(dict.fromkeys(texts(self._template.mappings.get(one))))

    def _compare(self, sides: list[Json]) -> None:
        for one, other in zip(sides, reversed(sides), strict=True):
            if isinstance(one, dict) and isinstance(one.get("Ref"), str):
                values = self.compared.setdefault(str(one["Ref"]), [])
                values.extend([other] if other not in values else [])

    def _new(self, kind: str, name: str) -> bool:
        if (kind, name) in self._seen:
            return False
        self._seen.add((kind, name))
        return True


def _all(pattern: re.Pattern[str], found: list[str]) -> list[str]:
    return list(dict.fromkeys(one for text in found for one in pattern.findall(text)))
