"""What expectations must say together: aliases that a key declares, owners that exist."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import arn
from .expectation_schema import did_you_mean, is_unknown
from .positions import Path

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Mistake = tuple[Path, str, bool]
"""A path in the expectations, what is wrong there, and whether the member's name is meant and not its value."""


def check_together(value: Mapping[str, object]) -> Iterator[Mistake]:
    """Checks values of expectations against one another.

    Args:
        value: The expectations, each value by itself already checked; values with mistakes are passed over.

    Yields:
        The mistakes.
    """
    yield from _aliases(value)
    for section in ("trails", "event_data_stores"):
        yield from _owners(value, section)
    yield from _regions(value)


def _map(value: object) -> dict[str, object]:
    """The value as a map; empty for what is not known yet."""
    return value if isinstance(value, dict) and not is_unknown(value) else {}


# References to keys.


def _aliases(value: Mapping[str, object]) -> Iterator[Mistake]:
    keys = value.get("keys")
    entries = _map(keys)
    if is_unknown(keys) or any(is_unknown(one) or is_unknown(_map(one).get("aliases")) for one in entries.values()):
        return  # an alias may be declared where nobody can see it yet
    declared: dict[str, list[str]] = {}
    for key, entry in entries.items():
        for alias in _map(_map(entry).get("aliases")):
            for name in arn.alias_names(key, alias):
                declared.setdefault(name, []).append(key)
    for path, reference in _references(value):
        if not isinstance(reference, str) or ":key/" in reference or arn.check_key_reference(reference):
            continue  # in a waiver, also the name of a template's key
        yield from _declared(path, reference, declared)


def _declared(path: Path, reference: str, declared: Mapping[str, list[str]]) -> Iterator[Mistake]:
    keys = declared.get(reference, [])
    if not keys:
        known = [name for name in declared if name.startswith("alias/") == reference.startswith("alias/")]
        hint = did_you_mean(reference, known) or ': write it under a key\'s "aliases"'
        yield path, f'no key declares the alias "{reference}"{hint}', False
    elif len(keys) > 1:
        several = ", ".join(sorted(keys))
        yield path, f'several keys declare the alias "{reference}": {several}; write the key\'s ARN', False


def _references(value: Mapping[str, object]) -> Iterator[tuple[Path, object]]:
    for section, names in (("trails", ("key", "sns_key")), ("event_data_stores", ("key",)), ("waivers", ("key",))):
        for entry, one in _map(value.get(section)).items():
            for name in names:
                if name in _map(one):
                    yield (section, entry, name), _map(one)[name]
    for store, one in _map(value.get("event_data_stores")).items():
        for role, copy in _map(_map(one).get("import_roles")).items():
            if "key" in _map(copy):
                yield ("event_data_stores", store, "import_roles", role, "key"), _map(copy)["key"]


# Owners of trails and event data stores.


def _owners(value: Mapping[str, object], section: str) -> Iterator[Mistake]:
    what, check = ("trail", arn.check_trail) if section == "trails" else ("event data store", arn.check_store)
    management = _map(value.get("organization")).get("management_account")
    known = _known_accounts(value)
    for subject, entry in _map(value.get(section)).items():
        if check(subject):
            continue
        owner = arn.account_of(subject)
        organization = _map(entry).get("organization") is True
        if organization and isinstance(management, str) and owner != management:
            yield (
                (section, subject),
                f"an organization's {what} belongs to the management account {management}, not to {owner}, "
                "also where a delegated administrator made it",
                True,
            )
        elif known and owner not in known:
            hint = did_you_mean(owner, known) or ": add it, or correct the ARN"
            yield (section, subject), f'the {what} lies in account {owner}, which "accounts" does not list{hint}', True


def _known_accounts(value: Mapping[str, object]) -> list[str]:
    """The accounts that are listed, with those of the organization; empty where none are listed."""
    accounts = _map(value.get("accounts"))
    if not accounts:
        return []
    organization = value.get("organization")
    management = _map(organization).get("management_account")
    administrators = _map(organization).get("delegated_administrators")
    if is_unknown(organization) or is_unknown(management) or is_unknown(administrators):
        return []
    return [*accounts, *_map(administrators), *([management] if isinstance(management, str) else [])]


# Keys.


def _regions(value: Mapping[str, object]) -> Iterator[Mistake]:
    for key, entry in _map(value.get("keys")).items():
        region = _map(_map(entry).get("metadata")).get("region")
        parts = arn.split(key)
        if isinstance(region, str) and parts and not arn.check_key(key) and region != parts.region:
            message = f"the key lies in {parts.region}, as its ARN says, not in {region}"
            yield ("keys", key, "metadata", "region"), message, False
