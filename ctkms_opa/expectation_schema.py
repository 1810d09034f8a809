"""What expectations may hold: each member's form, checked value by value, all mistakes collected."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from typing import Any, NamedTuple

from . import arn
from .positions import Path

Report = Callable[[Path, str, bool], None]
"""Takes a mistake: the path, the message, and whether the member's name is meant and not its value."""

Shape = dict[str, Any]
"""A form as far as types tell; in Rego for those who lack this package (``ctkms.expectations.shape``)."""


class Check(NamedTuple):
    """The check of a value.

    Attributes:
        check: Checks a value at a path, reports what is wrong with it, and returns it with empty maps as ``{}``.
        shape: The form without what only text shows, such as whether an ARN can exist.
    """

    check: Callable[[object, Path, Report], object]
    shape: Shape

    def __call__(self, value: object, path: Path, report: Report) -> object:
        """Checks a value; the value that is not known yet may stand for any other."""
        if not is_unknown(value):
            return self.check(value, path, report)
        if not isinstance(value, dict) or len(value) != 1 or not isinstance(value[UNKNOWN], str):
            report(path, f'what is not known yet is written {{"{UNKNOWN}": "why"}}, with nothing beside it', False)
        return value


TextCheck = Callable[[str], str | None]

UNKNOWN = "ctkms:unknown"
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_RULE = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:-[A-Za-z0-9]+)+")
_CONSTANT = re.compile(r"[A-Z][A-Z0-9_]*")
_STATES = (
    "Enabled",
    "Disabled",
    "PendingDeletion",
    "PendingImport",
    "PendingReplicaDeletion",
    "Unavailable",
    "Creating",
    "Updating",
)


def is_unknown(value: object) -> bool:
    """Whether a value says that it is not known yet: ``{"ctkms:unknown": "why"}``."""
    return isinstance(value, dict) and UNKNOWN in value


def did_you_mean(word: str, known: Collection[str]) -> str:
    """Returns ``; did you mean "…"?`` where a known word is close, else an empty text."""
    from difflib import get_close_matches  # noqa: PLC0415 - only mistakes pay for it

    by_lower = {one.lower(): one for one in known}
    close = get_close_matches(word.lower(), by_lower, 1)
    return f'; did you mean "{by_lower[close[0]]}"?' if close else ""


def kind_of(value: object) -> str:
    """Returns the kind of a value in words."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true" if value else "false"
    names: dict[type, str] = {str: "text", int: "a number", float: "a number", list: "a list", dict: "a map"}
    return names[type(value)]


def members(fields: Mapping[str, Check], required: Collection[str] = (), *, what: str) -> Check:
    """Returns the check of a map with these members."""

    def check(value: object, path: Path, report: Report) -> object:
        if value is None:
            value = {}
        if not isinstance(value, dict):
            report(path, f"{what} is a map with the members {', '.join(fields)}; this is {kind_of(value)}", False)
            return {}
        found = {}
        for name, member in value.items():
            if name in fields:
                found[name] = fields[name](member, (*path, name), report)
            else:
                hint = did_you_mean(name, fields) or f"; it has the members {', '.join(fields)}"
                report((*path, name), f'{what} has no member "{name}"{hint}', True)
        for name in required:
            if name not in value:
                report(path, f'{what} lacks the member "{name}"', True)
        return found

    shapes = {name: field.shape for name, field in fields.items()}
    return Check(check, {"kind": "members", "what": what, "members": shapes, "required": list(required)})


def entries(name_check: TextCheck, member: Check, *, by: str) -> Check:
    """Returns the check of a map whose member names are data: ARNs, account ids, names."""

    def check(value: object, path: Path, report: Report) -> object:
        if value is None:
            return {}
        if isinstance(value, list):
            message = f'"{path[-1]}" is a map keyed by {by}, not a list: write "NAME:" instead of "- NAME"'
            report(path, message, False)
            return {}
        if not isinstance(value, dict):
            report(path, f'"{path[-1]}" is a map keyed by {by}; this is {kind_of(value)}', False)
            return {}
        found = {}
        for name, one in value.items():
            problem = name_check(name)
            if problem:
                report((*path, name), problem, True)
            found[name] = member(one, (*path, name), report)
        return found

    return Check(check, {"kind": "entries", "by": by, "entry": member.shape})


def text(
    check_text: TextCheck | None = None, *, what: str, empty: bool = False, choices: Collection[str] = ()
) -> Check:
    """Returns the check of a text; with choices, of one of these."""
    if choices:
        check_text = _one_of(choices)

    def check(value: object, path: Path, report: Report) -> object:
        if isinstance(value, int) and not isinstance(value, bool) and check_text is arn.check_account:
            report(path, arn.check_account(str(value)) or f'write "{value}" in quotes', False)
        elif not isinstance(value, str):
            report(path, f'"{path[-1]}" is {what}; this is {kind_of(value)}', False)
        elif not value.strip() and not empty:
            report(path, f'"{path[-1]}" is empty: it is {what}', False)
        else:
            problem = check_text(value) if check_text else None
            if problem:
                report(path, problem, False)
        return value

    return Check(check, {"kind": "text", "what": what, **({"choices": list(choices)} if choices else {})})


def _flag(value: object, path: Path, report: Report) -> object:
    """Checks true or false."""
    if not isinstance(value, bool):
        shown = f' ("{value}")' if isinstance(value, str) else ""
        report(path, f'"{path[-1]}" is true or false; this is {kind_of(value)}{shown}', False)
    return value


def _one_of(choices: Collection[str]) -> TextCheck:
    """Returns the check of a text that is one of these."""

    def check(value: str) -> str | None:
        if value in choices:
            return None
        return f'"{value}" is none of {", ".join(choices)}{did_you_mean(value, choices)}'

    return check


def _policy(value: object, path: Path, report: Report) -> object:
    """Checks a policy document as far as being an object; the rules judge what it says."""
    if not isinstance(value, dict):
        report(path, f'"{path[-1]}" is a policy document, an object; this is {kind_of(value)}', False)
    return value


def _nothing(value: object, path: Path, report: Report) -> object:
    """Checks a map's value that is to be empty."""
    if value is None or value == {}:
        return {}
    report(path, f'nothing is written after "{path[-1]}:"; this is {kind_of(value)}', False)
    return value


def _any_name(name: str) -> str | None:
    return None if name.strip() else "the name is empty"


def _date(value: str) -> str | None:
    from datetime import date  # noqa: PLC0415

    try:
        if _DATE.fullmatch(value):
            date.fromisoformat(value)
            return None
    except ValueError:
        return f'"{value}" is no day of the calendar'
    return f'"{value}" is not a date written YYYY-MM-DD'


def _rule(value: str) -> str | None:
    return None if _RULE.fullmatch(value) else f'"{value}" is not a rule id, such as CT-TRAIL-SOURCEARN'


def _waived_key(value: str) -> str | None:
    """Checks what names a key in a waiver: as elsewhere, or as the report calls a key whose ARN a template lacks."""
    return arn.check_key_reference(value) if arn.may_be_key_reference(value) else None


def _subject(value: str) -> str | None:
    """Checks a trail or event data store, called by its ARN or as the report calls that of a template."""
    if not value.startswith("arn:"):
        return None
    return arn.check_store(value) if ":eventdatastore/" in value else arn.check_trail(value)


def _constant(value: str) -> str | None:
    if _CONSTANT.fullmatch(value):
        return None
    return f'"{value}" is not written as AWS writes it: capitals, digits and underscores, such as SYMMETRIC_DEFAULT'


def _glob(value: str) -> str | None:
    if "\\" in value:
        return f'"{value}": folders are separated by /'
    return None


_FLAG = Check(_flag, {"kind": "flag"})
_POLICY = Check(_policy, {"kind": "document"})
_NOTHING = Check(_nothing, {"kind": "nothing"})
_TEXT = text(what="text")
_ACCOUNT = text(arn.check_account, what="an account id, 12 digits in quotes")
_KEY_REFERENCE = text(arn.check_key_reference, what="a key's ARN or an alias")
_PRINCIPALS = entries(arn.check_principal, _NOTHING, by="the ARNs of users and roles")

_METADATA = members(
    {
        "state": text(what="a key state", choices=_STATES),
        "spec": text(_constant, what="a key spec"),
        "usage": text(_constant, what="a key usage"),
        "multi_region": _FLAG,
        "region": text(arn.check_region, what="a Region"),
        "replicas": entries(arn.check_key, _NOTHING, by="key ARNs"),
        "manager": text(what="CUSTOMER or AWS", choices=("CUSTOMER", "AWS")),
        "origin": text(_constant, what="the origin of the key material"),
    },
    what="metadata",
)

_KEY = members(
    {
        "policy": text(_glob, what="a pattern of file names"),
        "aliases": entries(arn.check_alias, _NOTHING, by="alias names"),
        "administrators": _PRINCIPALS,
        "encrypting_accounts": entries(arn.check_account, _NOTHING, by="account ids"),
        "metadata": _METADATA,
    },
    what="a key",
)

_BUCKET = members(
    {
        "name": text(arn.check_bucket, what="a bucket's name"),
        "account": _ACCOUNT,
        "region": text(arn.check_region, what="a Region"),
        "prefix": text(what="text", empty=True),
        "bucket_key": _FLAG,
    },
    what="a bucket",
)

_TRAIL = members(
    {
        "key": _KEY_REFERENCE,
        "organization": _FLAG,
        "log_file_validation": _FLAG,
        "bucket": _BUCKET,
        "readers": _PRINCIPALS,
        "sns_key": _KEY_REFERENCE,
    },
    what="a trail",
)

_STORE = members(
    {
        "key": _KEY_REFERENCE,
        "organization": _FLAG,
        "users": _PRINCIPALS,
        "import_roles": entries(
            arn.check_role,
            members(
                {"bucket": text(arn.check_bucket, what="a bucket's name"), "key": _KEY_REFERENCE},
                what="an import role",
            ),
            by="role ARNs",
        ),
    },
    what="an event data store",
)

_PRINCIPAL = members(
    {
        "identity_policies": entries(_any_name, _POLICY, by="policy names"),
        "trust_policy": _POLICY,
        "assumed_by": _PRINCIPALS,
    },
    what="a principal",
)

_WAIVER = members(
    {
        "rule": text(_rule, what="a rule id"),
        "key": text(_waived_key, what="a key's ARN or an alias, or how the report calls a key of a template"),
        "subject": text(_subject, what="the trail or event data store that a finding is about"),
        "statement": text(what="a statement's Sid"),
        "reason": text(what="text that says why"),
        "owner": text(what="text that says who answers for it"),
        "expires": text(_date, what="a date, YYYY-MM-DD"),
    },
    required=("rule", "key", "reason", "owner", "expires"),
    what="a waiver",
)

EXPECTED = members(
    {
        "profile": text(what="documented or hardened", choices=("documented", "hardened")),
        "organization": members(
            {
                "id": text(arn.check_organization, what="an organization id"),
                "management_account": _ACCOUNT,
                "delegated_administrators": entries(arn.check_account, _NOTHING, by="account ids"),
            },
            what="organization",
        ),
        "accounts": entries(arn.check_account, members({"name": _TEXT}, what="an account"), by="account ids"),
        "keys": entries(arn.check_key, _KEY, by="key ARNs"),
        "trails": entries(arn.check_trail, _TRAIL, by="trail ARNs"),
        "event_data_stores": entries(arn.check_store, _STORE, by="event data store ARNs"),
        "principals": entries(arn.check_principal, _PRINCIPAL, by="the ARNs of users and roles"),
        "waivers": entries(_any_name, _WAIVER, by="names of your choice"),
    },
    what='"expected"',
)
"""The check of the whole value under ``expected``."""

SECTIONS = ("organization", "accounts", "keys", "trails", "event_data_stores", "principals", "waivers", "profile")
"""The members of ``expected``."""
