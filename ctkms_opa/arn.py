"""What ARNs and names can exist: shapes only, nothing is looked up.

Each check takes a text and returns what is wrong with it, or None.
"""

from __future__ import annotations

import re
from typing import NamedTuple

_PARTITIONS = ("aws", "aws-cn", "aws-us-gov", "aws-iso", "aws-iso-b", "aws-iso-e", "aws-iso-f", "aws-eusc")
_PARTITION_OF = (
    ("cn-", "aws-cn"),
    ("us-gov-", "aws-us-gov"),
    ("us-iso-", "aws-iso"),
    ("us-isob-", "aws-iso-b"),
    ("eu-isoe-", "aws-iso-e"),
    ("us-isof-", "aws-iso-f"),
    ("eusc-", "aws-eusc"),
)
_REGION = re.compile(
    r"[a-z]{2,4}-(?:gov-|iso[a-z]?-|[a-z]{2}-)?(?:central|north|south|east|west|(?:north|south)(?:east|west))-[0-9]{1,2}"
)
_ACCOUNT = re.compile(r"[0-9]{12}")
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_KEY_ID = re.compile(rf"{_UUID.pattern}|mrk-[0-9a-f]{{32}}")
_TRAIL_NAME = re.compile(r"(?!.*[._-]{2})[A-Za-z0-9][A-Za-z0-9._-]{1,126}[A-Za-z0-9]")
_IP_ADDRESS = re.compile(r"[0-9]+(?:\.[0-9]+){3}")
_STORE_ID = re.compile(r"[A-Za-z0-9]+(?:-[A-Za-z0-9]+){4}")
_ALIAS = re.compile(r"alias/[A-Za-z0-9/_-]{1,250}")
_BUCKET = re.compile(r"(?!.*\.\.)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
_IAM_NAME = r"[A-Za-z0-9_+=,.@-]{1,64}"
_IAM_RESOURCE = re.compile(rf"root|(?:user|role)/(?:[\x21-\x2e\x30-\x7e]+/)*{_IAM_NAME}")
_STS_RESOURCE = re.compile(
    rf"assumed-role/{_IAM_NAME}/[A-Za-z0-9_+=,.@-]{{2,64}}|federated-user/[A-Za-z0-9_+=,.@-]{{2,32}}"
)
_ORGANIZATION = re.compile(r"o-[a-z0-9]{10,32}")


class Arn(NamedTuple):
    """The parts of an ARN."""

    partition: str
    service: str
    region: str
    account: str
    resource: str


def split(text: str) -> Arn | None:
    """Returns the parts of an ARN, None for a text that has not six of them or does not begin with ``arn:``."""
    parts = text.split(":", 5)
    return Arn(*parts[1:]) if len(parts) == 6 and parts[0] == "arn" else None


def partition_of(region: str) -> str:
    """Returns the partition in which a Region lies."""
    return next((partition for prefix, partition in _PARTITION_OF if region.startswith(prefix)), "aws")


def alias_names(key: str, alias: str) -> tuple[str, str]:
    """Returns how an alias of a key, such as ``alias/logs``, may be written: as it is, and as its ARN."""
    return alias, f"{key.partition(':key/')[0]}:{alias}"


def account_of(text: str) -> str:
    """Returns the account in an ARN, an empty text where there is none."""
    parts = split(text)
    return parts.account if parts else ""


def check_account(text: str) -> str | None:
    """Checks an account id."""
    if _ACCOUNT.fullmatch(text):
        return None
    if text.isdigit() and text.isascii():
        return f'"{text}" is not an account id: 12 digits, this has {len(text)}'
    return f'"{text}" is not an account id: 12 digits'


def check_partition(text: str) -> str | None:
    """Checks a partition's name."""
    return None if text in _PARTITIONS else f'there is no partition "{text}": it is one of {", ".join(_PARTITIONS)}'


def check_region(text: str) -> str | None:
    """Checks a Region's name."""
    return None if _REGION.fullmatch(text) else f'"{text}" is not a Region, such as us-east-1'


def check_organization(text: str) -> str | None:
    """Checks an organization id."""
    if _ORGANIZATION.fullmatch(text):
        return None
    return f'"{text}" is not an organization id: o- and 10 to 32 lower-case letters and digits'


def check_bucket(text: str) -> str | None:
    """Checks a bucket's name."""
    if _BUCKET.fullmatch(text) and not _IP_ADDRESS.fullmatch(text):
        return None
    if text.startswith("arn:"):
        return f'"{text}" is an ARN: write the bucket\'s name alone'
    return f'"{text}" is not a bucket name: 3 to 63 lower-case letters, digits, dots and hyphens'


def check_alias(text: str) -> str | None:
    """Checks an alias's name, with ``alias/`` before it."""
    if text.startswith("alias/aws/"):
        return f'"{text}" belongs to an AWS managed key, whose policy nobody can change'
    if _ALIAS.fullmatch(text):
        return None
    if not text.startswith("alias/") and _ALIAS.fullmatch("alias/" + text):
        return f'"{text}" is not an alias: did you mean "alias/{text}"?'
    return f'"{text}" is not an alias: alias/ and up to 250 letters, digits, slashes, underscores and hyphens'


def check_trail(text: str) -> str | None:
    """Checks the ARN of a trail."""
    what = "a trail's ARN (arn:aws:cloudtrail:REGION:ACCOUNT:trail/NAME)"
    problem, parts = _regional(text, "cloudtrail", what)
    if problem or parts is None:
        return problem
    kind, _, name = parts.resource.partition("/")
    if kind == "eventdatastore":
        return f'"{text}" is an event data store: list it under event_data_stores'
    if kind != "trail":
        return f'"{text}" is not {what}: "{parts.resource}" is not trail/NAME'
    if not _TRAIL_NAME.fullmatch(name) or _IP_ADDRESS.fullmatch(name):
        return (
            f'"{text}" is not {what}: a trail\'s name has 3 to 128 letters, digits, dots, underscores '
            "and hyphens, begins and ends with a letter or digit, and has no two others in a row"
        )
    return None


def check_store(text: str) -> str | None:
    """Checks the ARN of an event data store."""
    what = "an event data store's ARN (arn:aws:cloudtrail:REGION:ACCOUNT:eventdatastore/ID)"
    problem, parts = _regional(text, "cloudtrail", what)
    if problem or parts is None:
        return problem
    kind, _, name = parts.resource.partition("/")
    if kind == "trail":
        return f'"{text}" is a trail: list it under trails'
    if kind.lower() == "eventdatastore" and kind != "eventdatastore":
        return f'"{text}" is not {what}: write eventdatastore in lower case'
    if kind != "eventdatastore":
        return f'"{text}" is not {what}: "{parts.resource}" is not eventdatastore/ID'
    if not _STORE_ID.fullmatch(name):
        return f'"{text}" is not {what}: "{name}" is not an id of five groups of letters and digits'
    return None


def check_key(text: str) -> str | None:
    """Checks the ARN of a key."""
    what = "a key's ARN (arn:aws:kms:REGION:ACCOUNT:key/ID)"
    if _KEY_ID.fullmatch(text):
        return f'"{text}" is a key id: write {what}'
    problem, parts = _regional(text, "kms", what)
    if problem or parts is None:
        return problem
    kind, _, name = parts.resource.partition("/")
    if kind == "alias":
        return f'"{text}" is an alias: write {what}'
    if kind != "key":
        return f'"{text}" is not {what}: "{parts.resource}" is not key/ID'
    if not _KEY_ID.fullmatch(name):
        return f'"{text}" is not {what}: "{name}" is no key id (a lower-case UUID, or mrk- and 32 hexadecimal digits)'
    return None


def may_be_key_reference(text: str) -> bool:
    """Whether a text is written like something that names a key, correct or not."""
    return text.startswith(("arn:", "alias/")) or _KEY_ID.fullmatch(text) is not None


def check_key_reference(text: str) -> str | None:
    """Checks what may name a key: a key ARN, an alias, an alias ARN."""
    parts = split(text)
    if text.startswith("alias/"):
        return check_alias(text)
    if parts and parts.service == "kms" and parts.resource.startswith("alias/"):
        return _regional(text, "kms", "an alias's ARN")[0] or check_alias(parts.resource)
    if may_be_key_reference(text):
        return check_key(text)
    return f'"{text}" is neither a key\'s ARN nor an alias (alias/NAME)'


def check_principal(text: str) -> str | None:
    """Checks the ARN of a user, role, session or account root."""
    what = "a user's, role's or session's ARN (arn:aws:iam::ACCOUNT:role/NAME)"
    if _ACCOUNT.fullmatch(text):
        return f'"{text}" is an account: write arn:aws:iam::{text}:root for the whole account'
    parts = split(text)
    if parts is None:
        return f'"{text}" is not {what}'
    problem = _global(parts) or check_account(parts.account)
    if not problem and parts.service == "iam" and parts.resource.startswith("group/"):
        return f'"{text}" is a group: groups are no principals, list their users or a role'
    if not problem and not (_IAM_RESOURCE if parts.service == "iam" else _STS_RESOURCE).fullmatch(parts.resource):
        problem = f'nothing is called "{parts.resource}" in {parts.service}{_why_no_session(parts)}'
    return f'"{text}" is not {what}: {problem}' if problem else None


def _why_no_session(parts: Arn) -> str:
    """What a session's name lacks (AssumeRole's RoleSessionName has 2 to 64 characters)."""
    kind, _, names = parts.resource.partition("/")
    if parts.service != "sts" or kind != "assumed-role":
        return ""
    role, _, session = names.partition("/")
    if role and not session:
        return ": a session's ARN is assumed-role/ROLE/SESSION"
    return "" if 2 <= len(session) <= 64 else ": a session's name has 2 to 64 characters"


def check_role(text: str) -> str | None:
    """Checks the ARN of a role."""
    problem = check_principal(text)
    if problem is None and not (split(text) or Arn("", "", "", "", "")).resource.startswith("role/"):
        return f'"{text}" is not a role\'s ARN (arn:aws:iam::ACCOUNT:role/NAME)'
    return problem


def _regional(text: str, service: str, what: str) -> tuple[str | None, Arn | None]:
    """Checks all but the last part of an ARN that has a Region; returns what is wrong and the parts."""
    parts = split(text)
    if parts is None:
        return f'"{text}" is not {what}', None
    problem = None
    if parts.service != service:
        problem = f'the service is "{parts.service}", not {service}'
    problem = problem or _partition(parts) or check_region(parts.region) or _region_of(parts)
    problem = problem or check_account(parts.account)
    return (f'"{text}" is not {what}: {problem}' if problem else None), parts


def _global(parts: Arn) -> str | None:
    """Checks the first parts of an ARN of IAM or STS."""
    if parts.service not in {"iam", "sts"}:
        return f'the service is "{parts.service}", not iam or sts'
    return _partition(parts) or (f'it holds the Region "{parts.region}"' if parts.region else None)


def _partition(parts: Arn) -> str | None:
    return None if parts.partition in _PARTITIONS else f'there is no partition "{parts.partition}"'


def _region_of(parts: Arn) -> str | None:
    wanted = partition_of(parts.region)
    if parts.partition == wanted:
        return None
    return f"the Region {parts.region} lies in the partition {wanted}, not {parts.partition}"
