"""A reference evaluator of IAM policies on a KMS key, independent of the Rego one: the oracle of the differential test.

It is written to be read beside AWS's documentation, not to be fast. Pages that the docstrings name:

* *logic*: IAM user guide, "Policy evaluation logic"; *principal*: "AWS JSON policy elements: Principal", NotPrincipal;
* *action*, *resource*, *effect*: the pages of those elements; *grammar*: "Grammar of the IAM JSON policy language";
* *operators*: "Condition operators"; *set operators*: "Set operators for multivalued context keys";
* *variables*: "Policy elements: Variables and tags"; *analyzer*: "Access Analyzer policy check reference";
* *key policies*, *external accounts*: KMS developer guide, "Key policies", "Allowing users in other accounts".

Truth is Kleene's: 0 no, 1 cannot tell, 2 yes. A value nobody knows yet is an object with the member ``ctkms:unknown``.
"""

from __future__ import annotations

import base64
import ipaddress
import itertools
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

Json = Any

NO, CANNOT_TELL, YES = 0, 1, 2

#: The operations that a caller from another account can be granted (*external accounts*).
CROSS_ACCOUNT = frozenset(
    name.lower()
    for name in (
        "kms:Encrypt",
        "kms:Decrypt",
        "kms:ReEncryptFrom",
        "kms:ReEncryptTo",
        "kms:GenerateDataKey",
        "kms:GenerateDataKeyWithoutPlaintext",
        "kms:GenerateDataKeyPair",
        "kms:GenerateDataKeyPairWithoutPlaintext",
        "kms:GenerateMac",
        "kms:VerifyMac",
        "kms:Sign",
        "kms:Verify",
        "kms:DeriveSharedSecret",
        "kms:CreateGrant",
        "kms:DescribeKey",
        "kms:GetKeyRotationStatus",
        "kms:GetPublicKey",
        "kms:ListGrants",
        "kms:RetireGrant",
        "kms:RevokeGrant",
    )
)


class MalformedError(Exception):
    """An element that the grammar does not admit: it never grants, and a Deny that holds it cannot be told."""


class NoEffectError(Exception):
    """An element that AWS documents to leave its statement without effect, whatever the statement's Effect."""


def is_unknown(value: Json) -> bool:
    """Whether the value is the sentinel for something that the document does not hold yet."""
    return isinstance(value, dict) and "ctkms:unknown" in value


def negation(truth: int) -> int:
    """Kleene's not."""
    return 2 - truth


def every(truths: Iterable[int]) -> int:
    """Kleene's and."""
    return min(truths, default=YES)


def some(truths: Iterable[int]) -> int:
    """Kleene's or."""
    return max(truths, default=NO)


def either(first: int, second: int) -> int:
    """The truth when it is not known which of two cases holds."""
    return first if first == second else CANNOT_TELL


# ---------------------------------------------------------------------------------------------------------- requests


@dataclass(frozen=True)
class Lookup:
    """What the request's context says of one key: whether the key is there (Kleene), and its values."""

    present: int
    values: tuple[Json, ...] = ()

    @property
    def null(self) -> bool:
        """*set operators*: a key that resolves to an empty string is a null data set."""
        return self.values == ("",)


@dataclass(frozen=True)
class Request:
    """A request as IAM sees it."""

    principal: Json
    action: Json
    resource: Json
    context: dict[str, Json]
    unknown: tuple[str, ...]
    absent: tuple[str, ...]
    identity_policies: Json

    @classmethod
    def read(cls, document: Json) -> Request:
        """Read the JSON form; what is missing or of the wrong type is as if it were not there."""
        source = document if isinstance(document, dict) else {}
        context = source.get("context")
        return cls(
            principal=source.get("principal"),
            action=source.get("action"),
            resource=source.get("resource"),
            context={k.lower(): v for k, v in context.items()} if isinstance(context, dict) else {},
            unknown=_names(source.get("unknown")),
            absent=_names(source.get("absent")),
            identity_policies=source.get("identity_policies", []),
        )

    def look_up(self, key: str) -> Lookup:
        """*operators*, "condition keys": names are compared without regard to case; an empty list is no value."""
        name = key.lower()
        if name in self.context:
            value = self.context[name]
            values = tuple(
                v if as_text(v) is not None else UNKNOWN for v in (value if isinstance(value, list) else [value])
            )
            return Lookup(YES, values) if values else Lookup(NO)
        if _listed(name, self.absent):
            return Lookup(NO)
        return Lookup(CANNOT_TELL) if _listed(name, self.unknown) else Lookup(NO)


def _names(value: Json) -> tuple[str, ...]:
    names = [value] if isinstance(value, str) else value
    return tuple(n.lower() for n in names if isinstance(n, str)) if isinstance(names, list) else ()


def _listed(name: str, names: tuple[str, ...]) -> bool:
    return any(name.startswith(n[:-1]) if n.endswith("*") else name == n for n in names)


# ---------------------------------------------------------------------------------------------------------- patterns

ANY, ONE = "any", "one"


@dataclass(frozen=True)
class Pattern:
    """A pattern: a sequence of single characters and of the wildcards ``*`` (any run) and ``?`` (one character)."""

    tokens: tuple[str, ...]

    def matches(self, text: str) -> bool:
        """Whether the whole text matches."""
        return self._regex().fullmatch(text) is not None

    def _regex(self) -> re.Pattern[str]:
        parts = (".*" if t == ANY else "." if t == ONE else re.escape(t) for t in self.tokens)
        return re.compile("".join(parts), re.DOTALL)

    def literal(self) -> str | None:
        """The text, where the pattern holds no wildcard."""
        return None if ANY in self.tokens or ONE in self.tokens else "".join(self.tokens)

    def segments(self) -> list[Pattern]:
        """The parts between the first five colons; the sixth keeps further colons (*operators*, ARN operators)."""
        parts: list[list[str]] = [[]]
        for part in self.tokens:
            if part == ":" and len(parts) < 6:
                parts.append([])
            else:
                parts[-1].append(part)
        return [Pattern(tuple(p)) for p in parts]


def wildcards(text: str) -> Pattern:
    """A pattern as written, ``*`` and ``?`` being wildcards."""
    return Pattern(tuple(ANY if c == "*" else ONE if c == "?" else c for c in text))


def literally(text: str) -> Pattern:
    """A pattern that matches this text only."""
    return Pattern(tuple(text))


def arn_matches(pattern: Pattern, arn: str) -> bool:
    """*operators*, ARN operators: each of the six colon-delimited components is compared on its own.

    Of a pattern that has fewer components and ends in one that is ``*`` nothing is said.
    """
    wanted, sent = pattern.segments(), arn.split(":", 5)
    open_end = len(wanted) < 6 and set(wanted[-1].tokens) == {ANY}
    if open_end and arn.startswith("arn:") and pattern.matches(arn):
        raise UnknownValueError
    if len(wanted) < 6 or len(sent) < 6 or sent[0] != "arn":
        return False
    return all(w.matches(s) for w, s in zip(wanted, sent, strict=True))


# --------------------------------------------------------------------------------------------------------- variables

VARIABLE = re.compile(r"\$\{([^{}]*)\}")
WITH_DEFAULT = re.compile(r"([^\s,']+), '([^']*)'")
NAME = re.compile(r"[^\s,'*?$]+")


class NoValueError(Exception):
    """A policy variable of which the request has no value and the policy no default: nothing equals it."""


class UnknownValueError(Exception):
    """A policy variable whose value cannot be told."""


def read(text: str, request: Request, version: Json, *, glob: bool) -> Pattern:
    """*variables*: filled in under Version 2012-10-17 only; under another, or without one, they are plain text."""
    outside = wildcards if glob else literally
    if "${" in text and is_unknown(version):
        raise UnknownValueError
    return substitute(text, request, outside) if version == "2012-10-17" else outside(text)


def substitute(text: str, request: Request, outside: Callable[[str], Pattern]) -> Pattern:
    """*variables*: replace ``${key}``, ``${key, 'default'}`` and the escapes; what is put in is literal."""
    tokens: list[str] = []
    unknown = False
    end = 0
    for found in VARIABLE.finditer(text):
        tokens += outside(text[end : found.start()]).tokens
        end = found.end()
        try:
            tokens += _value_of(found.group(1), found.group(0), request)
        except UnknownValueError:
            unknown = True
    if unknown:
        raise UnknownValueError
    return Pattern((*tokens, *outside(text[end:]).tokens))


def _value_of(inner: str, whole: str, request: Request) -> str:
    if inner in {"*", "?", "$"}:
        return inner
    default: str | None = None
    name = inner
    if with_default := WITH_DEFAULT.fullmatch(inner):
        name, default = with_default.groups()
    elif not NAME.fullmatch(inner):
        return whole
    found = request.look_up(name)
    if found.present == CANNOT_TELL or (len(found.values) == 1 and is_unknown(found.values[0])):
        raise UnknownValueError
    if len(found.values) == 1 and (text := as_text(found.values[0])) is not None:
        return text
    if default is not None and found.present == NO:
        return default
    raise NoValueError


def as_text(value: Json) -> str | None:
    """*grammar*: numbers and Booleans may stand without quotation marks; other JSON values are no condition values."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return value
    return str(value) if isinstance(value, int | float) else None


# ---------------------------------------------------------------------------------------------------------- elements


def listed(value: Json) -> list[Json]:
    """*grammar*: one value and a list of one value are the same; strings (or sentinels) only, and at least one."""
    values = value if isinstance(value, list) else [value]
    if not values:
        raise NoEffectError
    if not all(isinstance(v, str) or is_unknown(v) for v in values):
        raise MalformedError
    return values


def element(statement: dict[str, Json], name: str) -> tuple[Json, bool]:
    """The element ``X`` or ``NotX`` (then the second value is true). Both at once: *grammar* admits one of them."""
    if name in statement and "Not" + name in statement:
        raise MalformedError
    if "Not" + name in statement:
        return statement["Not" + name], True
    if name in statement:
        return statement[name], False
    raise NoEffectError


def match_action(statement: dict[str, Json], request: Request) -> int:
    """*action*: prefix and name are case-insensitive; *key policies*: a statement without Action has no effect."""
    value, negated = element(statement, "Action")
    if not isinstance(request.action, str):
        return NO
    truth = some(_action(pattern, request.action) for pattern in listed(value))
    return negation(truth) if negated else truth


def _action(pattern: Json, action: str) -> int:
    if is_unknown(pattern):
        return CANNOT_TELL
    if pattern == "*":
        return YES
    prefix, colon, _ = pattern.partition(":")
    if not colon or not wildcards(pattern.lower()).matches(action.lower()):
        return NO
    return CANNOT_TELL if "*" in prefix or "?" in prefix else YES


def match_resource(statement: dict[str, Json], request: Request, version: Json) -> int:
    """*resource*: patterns are compared segment by segment; *key policies*: without Resource, no effect."""
    value, negated = element(statement, "Resource")
    if not isinstance(request.resource, str) and not is_unknown(request.resource):
        return NO
    truth = some(_resource(pattern, request, version) for pattern in listed(value))
    return negation(truth) if negated else truth


def _resource(pattern: Json, request: Request, version: Json) -> int:
    if is_unknown(pattern) or pattern == "*":
        return CANNOT_TELL if is_unknown(pattern) else YES
    *head, last = pattern.split(":", 5)
    if len(head) < 5:
        return NO
    try:  # *variables*: only after the fifth colon
        return _resource_arn(head, read(last, request, version, glob=True), request.resource)
    except NoValueError:
        return NO
    except UnknownValueError:
        return CANNOT_TELL


def _resource_arn(head: list[str], last: Pattern, resource: Json) -> int:
    if is_unknown(resource):  # it is a KMS key, and nothing else is known of it
        return CANNOT_TELL if wildcards(head[2]).matches("kms") and _can_start(last, "key/") else NO
    return YES if arn_matches(Pattern((*wildcards(":".join(head)).tokens, ":", *last.tokens)), resource) else NO


def _can_start(pattern: Pattern, start: str) -> bool:
    for token, character in itertools.zip_longest(pattern.tokens, start):
        if token == ANY or character is None:
            return True
        if token not in (ONE, character):
            return False
    return True


# --------------------------------------------------------------------------------------------------------- principals

ACCOUNT = re.compile(r"[0-9]{12}")


@dataclass(frozen=True)
class Caller:
    """Who asks, and by which names a policy may speak of it."""

    kind: str  # anonymous, service, account, root, user, role, session, federated, other
    name: str
    partition: str = ""
    account: str | None = None

    @classmethod
    def read(cls, principal: Json) -> Caller | None:
        """Tell the kind of caller from its ARN, service name, account id or ``*``."""
        if not isinstance(principal, str):
            return None
        if principal == "*":
            return cls("anonymous", principal)
        if ACCOUNT.fullmatch(principal):
            return cls("account", principal, account=principal)
        if ":" not in principal:
            return cls("service" if "." in principal else "other", principal)
        fields = principal.split(":", 5)
        if len(fields) < 6 or fields[0] != "arn":
            return cls("other", principal)
        _, partition, service, _, account, resource = fields
        kinds = {
            ("iam", "root"): "root",
            ("iam", "user"): "user",
            ("iam", "role"): "role",
            ("sts", "assumed-role"): "session",
            ("sts", "federated-user"): "federated",
        }
        return cls(kinds.get((service, resource.split("/")[0]), "other"), principal, partition, account)


@dataclass(frozen=True)
class PrincipalMatch:
    """How a principal element covers the caller: the caller itself, and through the account (Kleene both)."""

    direct: int
    account: int

    def total(self) -> int:
        """Whether the caller is covered at all."""
        return some((self.direct, self.account))


def match_principal(statement: dict[str, Json], request: Request, caller: Caller | None) -> PrincipalMatch:
    """*principal*: ``"*"`` or a map from kind to one or more names; a key policy statement must have one."""
    try:
        value, negated = element(statement, "Principal")
    except NoEffectError as error:
        raise MalformedError from error
    entries = list(_entries(value))
    if caller is None:
        return PrincipalMatch(NO, NO)
    if not negated:
        return PrincipalMatch(
            direct=some(_covers_directly(k, e, caller, request) for k, e in entries),
            account=some(_covers_account(k, e, caller) for k, e in entries),
        )
    # NotPrincipal: only a caller all of whose names are listed is surely exempt, one of whose names none surely not.
    layers = _layers(entries, caller, request)
    if layers and every(layers) == YES:
        return PrincipalMatch(NO, NO)
    return PrincipalMatch(YES if some(layers) == NO else CANNOT_TELL, NO)


def _entries(value: Json) -> Iterator[tuple[str, Json]]:
    if is_unknown(value):
        yield "unknown", value
        return
    if value == "*":
        yield "AWS", "*"
        return
    if value in ([], {}):
        raise NoEffectError
    if not isinstance(value, dict) or not value.keys() <= {"AWS", "Service", "Federated", "CanonicalUser"}:
        raise MalformedError
    empty = True
    for kind, names in value.items():
        for name in [names] if not isinstance(names, list) else names:
            if not isinstance(name, str) and not is_unknown(name):
                raise MalformedError
            empty = False
            yield kind, name
    if empty:
        raise NoEffectError


def _covers_directly(kind: str, entry: Json, caller: Caller, request: Request) -> int:
    """Entries that name the caller itself, its role, or everyone."""
    if is_unknown(entry):
        if kind in {"AWS", "unknown"}:
            return CANNOT_TELL
        return CANNOT_TELL if kind == caller.kind == "service" or (kind, caller.kind) == ("Service", "service") else NO
    if kind == "Service":
        return YES if caller.kind == "service" and entry == caller.name else NO
    if kind != "AWS":
        return NO
    if entry == "*":
        return YES
    return some((_is_role_of(entry, caller, request), _is_caller(entry, caller)))


def _is_caller(entry: str, caller: Caller) -> int:
    named = caller.kind in {"user", "role", "session", "federated"}
    return YES if named and entry == caller.name and "*" not in entry and "?" not in entry else NO


def _is_role_of(entry: str, caller: Caller, request: Request) -> int:
    """*principal*, "IAM role principals": a role stands for its sessions, whose ARNs do not show the role's path."""
    role = Caller.read(entry)
    if caller.kind != "session" or role is None or role.kind != "role":
        return NO
    sent = request.look_up("aws:PrincipalArn")
    if len(sent.values) == 1 and not is_unknown(sent.values[0]):
        return YES if sent.values[0] == entry else NO
    name = caller.name.split(":", 5)[5].split("/")[1:2]
    same = (role.partition, role.account) == (caller.partition, caller.account)
    if not same or name != [entry.rsplit("/", 1)[-1]]:
        return NO
    return CANNOT_TELL if sent.present and sent.values else YES


def _covers_account(kind: str, entry: Json, caller: Caller) -> int:
    """*principal*, "AWS account principals": the account id and the root ARN delegate to the whole account."""
    if caller.account is None:
        return NO
    if is_unknown(entry):
        return CANNOT_TELL if kind in {"AWS", "unknown"} else NO
    return YES if kind == "AWS" and _is_account(entry, caller) else NO


def _is_account(entry: str, caller: Caller) -> bool:
    if ACCOUNT.fullmatch(entry):
        return entry == caller.account
    partitions = [caller.partition] if caller.partition else ["aws", "aws-cn", "aws-us-gov"]
    return entry in [f"arn:{p}:iam::{caller.account}:root" for p in partitions] and bool(
        ACCOUNT.fullmatch(caller.account or "")
    )


def _layers(entries: list[tuple[str, Json]], caller: Caller, request: Request) -> list[int]:
    """*principal*, NotPrincipal: account, role and session of the caller, each listed or not."""

    def anyone(kind: str, entry: Json) -> int:
        if is_unknown(entry):
            return CANNOT_TELL if kind in {"AWS", "unknown"} else NO
        return YES if kind == "AWS" and entry == "*" else NO

    everyone = some(anyone(k, e) for k, e in entries)
    if caller.kind == "service":
        return [some(_covers_directly(k, e, caller, request) for k, e in entries)]
    layers = [everyone]
    if caller.account is not None:
        layers = [some(_covers_account(k, e, caller) for k, e in entries)]
    if caller.kind == "session":
        layers.append(some(_is_role_of(e, caller, request) for k, e in entries if k == "AWS" and isinstance(e, str)))
    if caller.kind in {"user", "role", "session", "federated"}:
        layers.append(some(_is_caller(e, caller) for k, e in entries if k == "AWS" and isinstance(e, str)))
    if caller.kind == "other" and caller.account is not None:
        layers.append(NO)
    if caller.kind == "role":
        layers.append(NO)  # the request is that of any of its sessions, and a list of sessions names only some
    return [some((layer, everyone)) for layer in layers]


# --------------------------------------------------------------------------------------------------------- conditions


NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")


def number(value: Json) -> Decimal | None:
    """*operators*, numeric: an integer or decimal number, quoted or not."""
    text = None if isinstance(value, bool) else as_text(value)
    return Decimal(text) if text is not None and NUMBER.fullmatch(text) else None


DATE = re.compile(
    r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2})"
    r"(?:T([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:\.([0-9]+))?)?(Z|[+-][0-9]{2}:[0-9]{2}))?)?)?"
)


def date(value: Json) -> Decimal | None:
    """*operators*, date: a W3C profile of ISO 8601, or seconds since the epoch; as seconds since the epoch."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return Decimal(str(value))
    if not isinstance(value, str):
        return None
    if re.fullmatch(r"[0-9]+", value) and len(value) != 4:
        return Decimal(value)
    found = DATE.fullmatch(value)
    return _w3c(found) if found else None


def _w3c(found: re.Match[str]) -> Decimal | None:
    year, month, day, hour, minute, second, fraction, zone = found.groups()
    try:
        moment = datetime(
            int(year), int(month or 1), int(day or 1), int(hour or 0), int(minute or 0), int(second or 0), tzinfo=UTC
        )
    except ValueError:
        return None
    shift = timedelta()
    if zone and zone != "Z":
        hours, minutes = int(zone[1:3]), int(zone[4:6])
        if hours > 23 or minutes > 59:
            return None
        shift = timedelta(hours=hours, minutes=minutes) * (-1 if zone[0] == "-" else 1)
    seconds = (moment - datetime(1970, 1, 1, tzinfo=UTC) - shift) // timedelta(seconds=1)
    return Decimal(seconds) + (Decimal("0." + fraction) if fraction else 0)


BASE64 = re.compile(r"(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?")


def binary(value: Json) -> bytes | None:
    """*operators*, binary: base64."""
    return base64.b64decode(value) if isinstance(value, str) and BASE64.fullmatch(value) else None


def network(value: Json) -> ipaddress.IPv4Network | ipaddress.IPv6Network | None:
    """*operators*, IP address: CIDR notation; without a prefix length the address alone."""
    if not isinstance(value, str) or not re.fullmatch(r"[0-9A-Fa-f:.]+(/[0-9]{1,3})?", value):
        return None
    try:
        return ipaddress.ip_network(value, strict=False)
    except ValueError:
        return None


def _in_network(wanted: Json, sent: Json) -> bool:
    address = network(sent) if isinstance(sent, str) and "/" not in sent else None
    into = network(wanted)
    return address is not None and into is not None and address.version == into.version and address[0] in into


def _parsed(parse: Callable[[Json], Any], compare: Callable[[Any, Any], bool]) -> Callable[[Any, Json], bool]:
    """Compare what both values mean; a value that means nothing of the kind is matched by nothing."""

    def compare_parsed(wanted: Json, sent: Json) -> bool:
        left, right = parse(sent), parse(wanted)
        return left is not None and right is not None and compare(left, right)

    return compare_parsed


def _text(compare: Callable[[Pattern, str], bool]) -> Callable[[Any, Json], bool]:
    """Compare as text, with the policy's variables filled in."""

    def compare_texts(wanted: Pattern, sent: Json) -> bool:
        text = as_text(sent)
        return text is not None and compare(wanted, text)

    return compare_texts


def _equals(wanted: Pattern, sent: str) -> bool:
    return "".join(wanted.tokens) == sent


def _equals_ignoring_case(wanted: Pattern, sent: str) -> bool:
    return "".join(wanted.tokens).lower() == sent.lower()


def _same_boolean(wanted: Pattern, sent: str) -> bool:
    return sent.lower() in {"true", "false"} and _equals_ignoring_case(wanted, sent)


@dataclass(frozen=True)
class Comparison:
    """What an operator compares, before ForAllValues, ForAnyValue and IfExists."""

    compare: Callable[[Any, Json], bool]
    negated: bool = False
    variables: bool = False
    glob: bool = False


LIKE = _text(Pattern.matches)

ORDER: dict[str, Callable[[Any, Any], bool]] = {
    "Equals": lambda a, b: bool(a == b),
    "NotEquals": lambda a, b: bool(a == b),
    "LessThan": lambda a, b: bool(a < b),
    "LessThanEquals": lambda a, b: bool(a <= b),
    "GreaterThan": lambda a, b: bool(a > b),
    "GreaterThanEquals": lambda a, b: bool(a >= b),
}

#: *operators*: every comparison that AWS documents, except Null, which asks for presence and not for a value.
#: A negated operator is the opposite of the comparison given here.
COMPARISONS: dict[str, Comparison] = {
    "StringEquals": Comparison(_text(_equals), variables=True),
    "StringNotEquals": Comparison(_text(_equals), negated=True, variables=True),
    "StringEqualsIgnoreCase": Comparison(_text(_equals_ignoring_case), variables=True),
    "StringNotEqualsIgnoreCase": Comparison(_text(_equals_ignoring_case), negated=True, variables=True),
    "StringLike": Comparison(LIKE, variables=True, glob=True),
    "StringNotLike": Comparison(LIKE, negated=True, variables=True, glob=True),
    "ArnEquals": Comparison(_text(arn_matches), variables=True, glob=True),
    "ArnLike": Comparison(_text(arn_matches), variables=True, glob=True),
    "ArnNotEquals": Comparison(_text(arn_matches), negated=True, variables=True, glob=True),
    "ArnNotLike": Comparison(_text(arn_matches), negated=True, variables=True, glob=True),
    "Bool": Comparison(_text(_same_boolean), variables=True),
    "BinaryEquals": Comparison(_parsed(binary, ORDER["Equals"])),
    "IpAddress": Comparison(_in_network),
    "NotIpAddress": Comparison(_in_network, negated=True),
    **{"Numeric" + n: Comparison(_parsed(number, c), negated=n == "NotEquals") for n, c in ORDER.items()},
    **{"Date" + n: Comparison(_parsed(date, c), negated=n == "NotEquals") for n, c in ORDER.items()},
}


def match_condition(statement: dict[str, Json], request: Request, version: Json, *, malformed: int) -> int:
    """*operators*: all operators, and all keys under an operator, must hold; no condition restricts nothing.

    So a part of it that surely does not hold settles the matter, whatever another, malformed part may count.
    """
    condition = statement.get("Condition", {})
    if is_unknown(condition):
        return CANNOT_TELL
    if not isinstance(condition, dict):
        raise MalformedError
    truths = []
    for operator, block in condition.items():
        try:
            truths += list(_block(operator, block, request, version, malformed))
        except MalformedError:
            truths.append(malformed)
    return every(truths)


def _block(operator: str, block: Json, request: Request, version: Json, malformed: int) -> Iterator[int]:
    quantifier, colon, rest = operator.rpartition(":")
    base = rest.removesuffix("IfExists")
    known = rest == "Null" or base in COMPARISONS
    if not known or (colon and quantifier not in {"ForAllValues", "ForAnyValue"}) or is_unknown(block):
        yield CANNOT_TELL  # nobody documents what becomes of an operator in the wrong case, or of one that is none
        return
    if not isinstance(block, dict):
        raise MalformedError
    for key, value in block.items():
        wanted = value if isinstance(value, list) else [value]
        found = request.look_up(key)
        if not all(is_unknown(w) or as_text(w) is not None for w in wanted):
            yield malformed
        elif rest == "Null":
            yield _null(quantifier, wanted, found)
        else:
            yield Test(quantifier, COMPARISONS[base], base != rest, tuple(wanted), request, version).holds(found)


def _null(quantifier: str, wanted: list[Json], found: Lookup) -> int:
    """*operators*, Null: "true" where the key must be absent, "false" where it must be there and not be null."""
    if quantifier:  # *analyzer*, "Null with set operators"
        return YES if quantifier == "ForAllValues" else NO
    present = NO if found.null else found.present
    asked = {"true": negation(present), "false": present}
    return some(CANNOT_TELL if is_unknown(w) else asked.get((as_text(w) or "").lower(), NO) for w in wanted)


@dataclass(frozen=True)
class Test:
    """One operator on one context key."""

    __test__ = False

    quantifier: str
    comparison: Comparison
    if_exists: bool
    wanted: tuple[Json, ...]
    request: Request
    version: Json

    def holds(self, found: Lookup) -> int:
        """Whether the condition holds for what the request says of the key."""
        if found.present == CANNOT_TELL:
            return either(self._absent(), self._present((UNKNOWN,)))
        if found.present == NO:
            return self._absent()
        if self.quantifier and found.null:  # *set operators*: the key is there, but no value to be tried
            return YES if self.quantifier == "ForAllValues" else NO
        return self._present(found.values)

    def _absent(self) -> int:
        """*operators*, "IfExists", and *set operators*: without a value a positive comparison has nothing to match."""
        if self.if_exists or self.quantifier == "ForAllValues":
            return YES
        if self.quantifier == "ForAnyValue":
            return NO
        return YES if self.comparison.negated else NO

    def _present(self, values: tuple[Json, ...]) -> int:
        if not self.wanted:  # *analyzer*, "Empty array condition"
            return YES if self.comparison.negated and not self.quantifier and not self.if_exists else NO
        truths = (self._value(value) for value in values)
        return every(truths) if self.quantifier == "ForAllValues" else some(truths)

    def _value(self, sent: Json) -> int:
        """One value of the request against those of the policy, of which any may match (none, where negated)."""
        truth = some(self._pair(wanted, sent) for wanted in self.wanted)
        return negation(truth) if self.comparison.negated else truth

    def _pair(self, wanted: Json, sent: Json) -> int:
        if is_unknown(wanted):
            return CANNOT_TELL
        if not self.comparison.variables:
            return self._compare(wanted, sent)
        text = as_text(wanted) or ""
        try:
            return self._compare(read(text, self.request, self.version, glob=self.comparison.glob), sent)
        except NoValueError:  # *variables*: nothing is equal to, or like, what has no value
            return NO
        except UnknownValueError:
            return CANNOT_TELL

    def _compare(self, wanted: Any, sent: Json) -> int:
        if is_unknown(sent):
            anything = self.comparison.compare is LIKE and wanted == wildcards("*")
            return YES if anything else CANNOT_TELL
        return YES if self.comparison.compare(wanted, sent) else NO


UNKNOWN = {"ctkms:unknown": "a context key of which it is not known whether it is sent"}


# --------------------------------------------------------------------------------------------------------- statements


@dataclass(frozen=True)
class Match:
    """How one statement bears on the request."""

    allows_directly: int = NO
    allows_account: int = NO
    denies: int = NO

    def allows(self) -> int:
        """Whether it allows at all."""
        return some((self.allows_directly, self.allows_account))


@dataclass(frozen=True)
class Situation:
    """What a statement is matched against, and what kind of policy it stands in."""

    request: Request
    caller: Caller | None
    version: Json
    identity: bool


def match_statement(statement: Json, situation: Situation) -> Match:
    """*effect*: exactly Allow or Deny. What cannot be told counts as 1; see :class:`MalformedError` for the rest."""
    if is_unknown(statement):
        return Match(CANNOT_TELL, CANNOT_TELL, CANNOT_TELL)
    if not isinstance(statement, dict):
        return Match()
    effect = statement.get("Effect")
    allow = _elements(statement, situation, malformed=NO)
    deny = _elements(statement, situation, malformed=CANNOT_TELL).total()
    if is_unknown(effect):
        return Match(min(allow.direct, CANNOT_TELL), min(allow.account, CANNOT_TELL), min(deny, CANNOT_TELL))
    if effect == "Allow":
        return Match(allow.direct, allow.account)
    if effect == "Deny":
        return Match(denies=deny)
    misspelt = isinstance(effect, str) and effect.lower() == "deny"
    return Match(denies=min(deny, CANNOT_TELL)) if misspelt else Match()


def _elements(statement: dict[str, Json], situation: Situation, *, malformed: int) -> PrincipalMatch:
    """*logic*: every element of the statement must match; ``malformed`` is what a malformed one counts."""

    def principal() -> PrincipalMatch:
        try:
            if not situation.identity:
                return match_principal(statement, situation.request, situation.caller)
        except NoEffectError:
            return PrincipalMatch(NO, NO)
        except MalformedError:
            return PrincipalMatch(malformed, malformed)
        if "Principal" in statement or "NotPrincipal" in statement:
            return PrincipalMatch(malformed, NO)
        return PrincipalMatch(YES, NO)  # an identity policy speaks of whoever it is attached to

    def cautiously(match: Callable[[], int]) -> int:
        try:
            return match()
        except NoEffectError:
            return NO
        except MalformedError:
            return malformed

    rest = every(
        (
            cautiously(lambda: match_action(statement, situation.request)),
            cautiously(lambda: match_resource(statement, situation.request, situation.version)),
            cautiously(lambda: match_condition(statement, situation.request, situation.version, malformed=malformed)),
        )
    )
    caller = principal()
    return PrincipalMatch(every((caller.direct, rest)), every((caller.account, rest)))


def statements(policy: Json) -> list[Json]:
    """*grammar*: one statement or a list of them; of an unknown policy, one unknown statement."""
    if is_unknown(policy):
        return [policy]
    value = policy.get("Statement", []) if isinstance(policy, dict) else []
    if isinstance(value, list):
        return value
    return [value] if isinstance(value, dict) else []


# ----------------------------------------------------------------------------------------------------------- decision


@dataclass
class Facts:
    """What the statements say in sum (Kleene)."""

    denied: int
    allowed_directly: int
    allowed_account: int
    identity_allows: int
    same_account: int
    caller: Caller | None
    action: str


def decide(policy: Json, request_document: Json) -> dict[str, Json]:
    """*logic*: an explicit Deny wins; without an Allow of the key policy nothing else can grant (*key policies*)."""
    request = Request.read(request_document)
    caller = Caller.read(request.principal)
    version = policy.get("Version") if isinstance(policy, dict) else None
    situation = Situation(request, caller, version, identity=False)
    matches = [match_statement(s, situation) for s in statements(policy)]
    whole_unknown = is_unknown(policy) or (isinstance(policy, dict) and is_unknown(policy.get("Statement")))
    identity = _identity(request, caller)

    def indices(truth: Callable[[Match], int], wanted: int) -> list[int]:
        return [] if whole_unknown else [i for i, m in enumerate(matches) if truth(m) == wanted]

    action = request.action.lower() if isinstance(request.action, str) else ""
    facts = Facts(
        denied=some((*(m.denies for m in matches), *(m.denies for m in identity))),
        allowed_directly=some(m.allows_directly for m in matches),
        allowed_account=some(m.allows_account for m in matches),
        identity_allows=some(m.allows() for m in identity),
        same_account=_same_account(request, caller),
        caller=caller,
        action=action,
    )
    decision = _decision(facts)
    if whole_unknown and decision != "explicit_deny":
        decision = "unknown"  # nothing at all is known of the policy, so nothing is said of it
    return {
        "decision": decision,
        "allowed_by": indices(Match.allows, YES),
        "denied_by": indices(lambda m: m.denies, YES),
        "maybe_allowed_by": indices(Match.allows, CANNOT_TELL),
        "maybe_denied_by": indices(lambda m: m.denies, CANNOT_TELL),
    }


def _identity(request: Request, caller: Caller | None) -> list[Match]:
    if caller is None or caller.kind in {"service", "anonymous"}:
        return []  # nothing can be attached to them
    policies = request.identity_policies
    if is_unknown(policies):
        policies = [policies]
    if not isinstance(policies, list):
        return []
    matches = []
    for policy in policies:
        version = policy.get("Version") if isinstance(policy, dict) else None
        situation = Situation(request, caller, version, identity=True)
        matches += [match_statement(s, situation) for s in statements(policy)]
    return matches


def _same_account(request: Request, caller: Caller | None) -> int:
    """Whether caller and key are of one account, as far as their ARNs tell."""
    fields = request.resource.split(":", 5) if isinstance(request.resource, str) else []
    if caller is None or caller.account is None:
        return NO
    if len(fields) < 6 or fields[0] != "arn" or not fields[4]:
        return CANNOT_TELL
    return YES if fields[4] == caller.account else NO


def _decision(facts: Facts) -> str:
    """The decision that holds however the things that cannot be told turn out, or else "unknown"."""

    def worlds(truth: int) -> tuple[bool, ...]:
        return (False, True) if truth == CANNOT_TELL else (truth == YES,)

    if facts.denied == YES:
        return "explicit_deny"
    outcomes = {
        _certain_decision(facts, denied=deny, direct=direct, account=account, identity=identity, same=same)
        for deny, direct, account, identity, same in itertools.product(
            worlds(facts.denied),
            worlds(facts.allowed_directly),
            worlds(facts.allowed_account),
            worlds(facts.identity_allows),
            worlds(facts.same_account),
        )
    }
    if outcomes == {"explicit_deny", "implicit_deny"}:
        return "implicit_deny"  # denied either way, and no statement can be named that surely denies
    return outcomes.pop() if len(outcomes) == 1 else "unknown"


def _certain_decision(facts: Facts, *, denied: bool, direct: bool, account: bool, identity: bool, same: bool) -> str:
    """*logic*, "cross-account policy evaluation", and *external accounts*, when everything is known."""
    if denied:
        return "explicit_deny"
    if facts.caller is None or not (direct or account):
        return "implicit_deny"
    if facts.caller.kind in {"service", "anonymous"}:
        return "allow"
    if same:
        return "allow" if direct or identity or facts.caller.kind == "root" else "needs_iam_policy"
    if facts.action.startswith("kms:") and facts.action not in CROSS_ACCOUNT:
        return "implicit_deny"
    return "allow" if identity else "needs_iam_policy"


def simulate(document: Json) -> dict[str, Json]:
    """The entry point ``iam.simulation``: identity policies may stand in the request or beside it."""
    document = document if isinstance(document, dict) else {}
    request = document.get("request")
    request = dict(request) if isinstance(request, dict) else {}
    if "identity_policies" in document:
        request["identity_policies"] = document["identity_policies"]
    return decide(document.get("policy"), request)
