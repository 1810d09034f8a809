"""Random requests, and policies made from them so that every element matches often, nearly matches, or is broken."""

# ruff: noqa: PLR0911 - each generator is a table of choices, and returns from its rows

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

if TYPE_CHECKING:
    from collections.abc import Callable

Json = Any
Draw = Any

OWN, OTHER = "111111111111", "222222222222"
SERVICE = "cloudtrail.amazonaws.com"
KEY = f"arn:aws:kms:us-east-1:{OWN}:key/1234abcd-12ab-34cd-56ef-1234567890ab"
TRAIL = f"arn:aws:cloudtrail:us-east-1:{OWN}:trail/management-events"
UNKNOWN: dict[str, Json] = {"ctkms:unknown": "known after apply"}

PRINCIPALS = (
    SERVICE,
    f"arn:aws:iam::{OWN}:user/Bob",
    f"arn:aws:sts::{OWN}:assumed-role/Reader/session",
    f"arn:aws:iam::{OTHER}:user/Alice",
    f"arn:aws:iam::{OWN}:role/team/Reader",
    f"arn:aws:sts::{OTHER}:assumed-role/Reader/session",
    f"arn:aws:sts::{OWN}:assumed-role/Reader/other",
    f"arn:aws:iam::{OWN}:root",
    f"arn:aws:sts::{OWN}:federated-user/Bob",
    f"arn:aws:iam::{OWN}:user/team/Bob",
    "*",
    OWN,
    f"arn:aws:iam::{OTHER}:root",
    OTHER,
    "s3.amazonaws.com",
    f"arn:aws:iam::{OWN}:group/Readers",
    f"arn:aws-cn:iam::{OWN}:user/Bob",
)
#: Names that only policies hold: roles as the sessions' policies name them, and forms that match nobody.
ENTRIES = (
    *PRINCIPALS,
    f"arn:aws:iam::{OWN}:role/Reader",
    f"arn:aws:iam::{OTHER}:role/Reader",
    f"arn:aws:iam::{OWN}:role/Writer",
    f"arn:aws:sts::{OWN}:assumed-role/Reader",
    f"arn:aws:iam::{OWN}:user/*",
    f"arn:aws:iam::{OWN}:user/bob",
    "arn:aws:iam::*:role/Reader",
    f"arn:aws-cn:iam::{OWN}:root",
    "AROAEXAMPLEID",
    "CloudTrail.amazonaws.com",
    "11111111111",
    "",
)
ACTIONS = (
    "kms:GenerateDataKey",
    "kms:Decrypt",
    "kms:DescribeKey",
    "kms:PutKeyPolicy",
    "kms:ReEncryptFrom",
    "s3:GetObject",
)
RESOURCES: tuple[Json, ...] = (
    KEY,
    KEY.replace(OWN, OTHER),
    UNKNOWN,
    f"arn:aws:kms:us-east-1:{OWN}:key/Bob",
    f"arn:aws:kms:us-east-1:{OWN}:alias/logs",
    "1234abcd-12ab-34cd-56ef-1234567890ab",
    "arn:aws:s3:::example-logs/a:b/c",
)

#: Context keys, and the values that requests send for them.
CONTEXT: dict[str, tuple[Json, ...]] = {
    "kms:EncryptionContext:aws:cloudtrail:arn": (TRAIL, TRAIL.replace(OWN, OTHER), TRAIL + ":more"),
    "aws:SourceArn": (TRAIL, TRAIL.replace(OWN, OTHER), "not-an-arn"),
    "aws:SourceAccount": (OWN, OTHER),
    "kms:EncryptionContextKeys": (
        ["aws:cloudtrail:arn", "aws:s3:arn"],
        ["aws:s3:arn"],
        ["aws:cloudtrail:arn"],
        ["aws:s3:arn", "Department"],
    ),
    "aws:PrincipalArn": (
        f"arn:aws:iam::{OWN}:role/Reader",
        f"arn:aws:iam::{OWN}:role/team/Reader",
        f"arn:aws:iam::{OWN}:user/Bob",
    ),
    "kms:CallerAccount": (OWN, OTHER),
    "kms:ViaService": ("s3.us-east-1.amazonaws.com",),
    "aws:username": ("Bob", "B*b", "bob"),
    "aws:CurrentTime": ("2026-11-24T12:00:00Z", "2026-11-24", "2026-11-24T13:00:00+01:00", "2026-11-24T12:00:00.5Z"),
    "aws:EpochTime": (1795521600, "1795521600", "2026"),
    "aws:MultiFactorAuthAge": (5, "10", 300, "-1", "1.5", 2.5, "x"),
    "aws:SourceIp": ("10.1.2.3", "2001:db8::1", "192.0.2.255", "none"),
    "aws:SecureTransport": (True, False, "true", "TRUE"),
    "custom:Digest": ("QmluYXJ5", "QQ==", "!"),
    "aws:PrincipalIsAWSService": ("true", "false"),
}
KINDS = {
    "String": tuple(CONTEXT),
    "Arn": ("kms:EncryptionContext:aws:cloudtrail:arn", "aws:SourceArn", "aws:PrincipalArn"),
    "Bool": ("aws:SecureTransport", "aws:PrincipalIsAWSService"),
    "Null": tuple(CONTEXT),
    "Numeric": ("aws:MultiFactorAuthAge", "aws:EpochTime", "aws:SourceAccount"),
    "Date": ("aws:CurrentTime", "aws:EpochTime"),
    "IpAddress": ("aws:SourceIp",),
    "NotIpAddress": ("aws:SourceIp",),
    "Binary": ("custom:Digest",),
}
ORDERS = ("Equals", "NotEquals", "LessThan", "LessThanEquals", "GreaterThan", "GreaterThanEquals")
OPERATORS = (
    "StringEquals",
    "StringLike",
    "ArnLike",
    "ArnEquals",
    "Null",
    "StringNotEquals",
    "StringEqualsIgnoreCase",
    "StringNotEqualsIgnoreCase",
    "StringNotLike",
    "ArnNotEquals",
    "ArnNotLike",
    "Bool",
    "BinaryEquals",
    "IpAddress",
    "NotIpAddress",
    *("Numeric" + o for o in ORDERS),
    *("Date" + o for o in ORDERS),
)
STRANGE_OPERATORS = (
    "stringequals",
    "StringEqual",
    "ForAllValue:StringEquals",
    "NullIfExists",
    "forAnyValue:StringLike",
    "",
)

NUMBERS: tuple[Json, ...] = (5, 10, "5", "10", "300", "-1", 1.5, "1.50", "2.5", "05", "abc", 1795521600, OWN)
DATES: tuple[Json, ...] = (
    "2026-11-24T12:00:00Z",
    "2026-11-24",
    "2026-11",
    "2026",
    "2026-11-24T12:00Z",
    "2026-11-24T11:00:00-01:00",
    "2026-11-24T12:00:00.500Z",
    1795521600,
    "1795521600",
    2026,
    "9999-12-31T23:59:59Z",
    "0001-01-01",
    "2026-13-01",
    "2026-02-30T00:00:00Z",
    "2026-11-24T25:00:00Z",
    "2026-11-24 12:00:00",
    "20261124",
)
ADDRESSES = (
    "10.1.2.3",
    "10.0.0.0/8",
    "10.9.9.9/8",
    "0.0.0.0/0",
    "10.1.2.3/32",
    "192.0.2.0/24",
    "2001:db8::/32",
    "2001:db8:0:0::1",
    "10.1.2.3/33",
    "10.1.2",
    "::/0",
)
DIGESTS = ("QmluYXJ5", "QQ==", "QR==", "qmluyxj5", "QQ=", "!")
JUNK: tuple[Json, ...] = (None, 5, True, "", [], {}, [None], [["x"]], {"x": 1}, [5, "kms:*"], ["*", {}], "x", [""])


def rarely(draw: Draw, percent: int) -> bool:
    """True in about this share of draws; shrinks to false."""
    return bool(draw(st.integers(0, 99)) >= 100 - percent)


def one_of(draw: Draw, values: Any) -> Any:
    """One of the values, the first being the simplest."""
    return draw(st.sampled_from(tuple(values)))


def recased(draw: Draw, text: str) -> str:
    """The text, or the same in another case."""
    change: Callable[[str], str] = one_of(draw, (str, str.lower, str.upper, str.swapcase))
    return change(text)


@st.composite
def contexts(draw: Draw) -> dict[str, Json]:
    """What a request sends beside principal, action and resource."""
    context: dict[str, Json] = {}
    for key in draw(st.lists(st.sampled_from(tuple(CONTEXT)), max_size=7, unique=True)):
        value = one_of(draw, CONTEXT[key])
        if rarely(draw, 12):
            values = value if isinstance(value, list) else [value]
            value = one_of(draw, (UNKNOWN, "", [], [""], values, [*values, "other"], [*values, UNKNOWN], "other"))
        context[recased(draw, key) if rarely(draw, 10) else key] = value
    return context


@st.composite
def requests(draw: Draw) -> dict[str, Json]:
    """A well-formed request."""
    request: dict[str, Json] = {
        "principal": one_of(draw, PRINCIPALS),
        "action": one_of(draw, ACTIONS),
        "resource": one_of(draw, RESOURCES) if rarely(draw, 30) else KEY,
    }
    if not rarely(draw, 10):
        request["context"] = draw(contexts())
    for name in ("unknown", "absent"):
        if rarely(draw, 20):
            keys = [*CONTEXT, "kms:EncryptionContext:*", "aws:*", "aws:Source*", "*"]
            names = draw(st.lists(st.sampled_from(keys), min_size=1, max_size=3))
            request[name] = [recased(draw, n) if rarely(draw, 20) else n for n in names]
    return request


def scalar_or_list(draw: Draw, draw_one: Callable[[], Json]) -> Json:
    """One value, or a list of some."""
    size = draw(st.integers(0, 9))
    if size == 9 and rarely(draw, 30):
        return []
    return draw_one() if size < 6 else [draw_one() for _ in range(size - 5)]


def glob_of(draw: Draw, text: str) -> str:
    """A pattern made from a text: as it is, wildcards in it, one part changed, or in another case."""
    kind = draw(st.integers(0, 8))
    if kind in {0, 1} or not text:
        return text
    if kind == 2:
        return recased(draw, text)
    if kind == 3:
        return "*"
    place = draw(st.integers(0, len(text) - 1))
    if kind == 4:
        return text[:place] + "*"
    if kind == 5:
        return text[:place] + "?" + text[place + 1 :]
    if kind == 6:
        return "*" + text[place:]
    separator = ":" if ":" in text else "/"
    parts = text.split(separator)
    part = draw(st.integers(0, len(parts) - 1))
    parts[part] = one_of(draw, ("*", "", "x", OTHER, "*x*"))
    return separator.join(parts)


def variable(draw: Draw, text: str, request: dict[str, Json]) -> str:
    """A pattern with policy variables in it, often one that comes out as the text."""
    context = request.get("context", {})
    same = [k for k, v in context.items() if v in (text, [text])]
    inside = [(k, v) for k, v in context.items() if isinstance(v, str) and v and v in text]
    kind = draw(st.integers(0, 9))
    if kind <= 2 and same:
        return "${" + recased(draw, str(one_of(draw, same))) + "}"
    if kind <= 4 and inside:
        key, value = one_of(draw, inside)
        return text.replace(value, f"${{{key}}}", 1)
    if kind <= 6:
        key = str(one_of(draw, CONTEXT))
        return "${" + key + ", '" + text.replace("'", "") + "'}"
    if kind == 7:
        return text[:-1] + str(one_of(draw, ("${*}", "${?}", "${$}", "*${*}")))
    if kind == 8:
        return text[:1] + "${" + str(one_of(draw, CONTEXT)) + "}" + text[-1:]
    return str(
        one_of(draw, ("${}", "${aws:username", "$aws:username", "${ aws:username}", "${a b}", "${aws:username,'x'}"))
    )


def action_pattern(draw: Draw, action: str) -> Json:
    """A value of Action, made from the request's."""
    if rarely(draw, 3):
        return UNKNOWN
    prefix, _, name = action.partition(":")
    kind = draw(st.integers(0, 9))
    if kind <= 1:
        return action
    if kind == 2:
        return recased(draw, action)
    if kind == 3:
        return one_of(draw, ("*", f"{prefix}:*", "kms:*"))
    if kind == 4:
        return f"{prefix}:{glob_of(draw, name)}"
    if kind == 5:
        place = draw(st.integers(0, len(name)))
        return f"{prefix}:{name[:place]}*"
    if kind == 6:
        return one_of(draw, (f"*:{name}", f"k*:{name}", f"?ms:{name}", "*:*"))
    if kind == 7:
        return one_of(
            draw, (f"{prefix}={name}", name, f"{prefix}.{name}", f"{action}:x", f"{prefix}:", ":", "**", "k*")
        )
    return one_of(draw, ACTIONS)


def resource_pattern(draw: Draw, request: dict[str, Json]) -> Json:
    """A value of Resource, made from the request's."""
    if rarely(draw, 3):
        return UNKNOWN
    resource = request["resource"] if isinstance(request["resource"], str) else KEY
    kind = draw(st.integers(0, 9))
    if kind <= 2:
        return "*"
    if kind <= 4:
        return resource
    if kind <= 6:
        return glob_of(draw, resource)
    if kind == 7:
        return resource.rpartition("/")[0] + "/" + variable(draw, resource.rpartition("/")[2], request)
    if kind == 8:
        return one_of(
            draw,
            ("arn:aws:kms:*:*:key/*", "arn:*", "arn:aws:kms:*:*:k*", "arn:aws:s3:::*", "arn:aws:*:*:*:????*", "**"),
        )
    other = one_of(draw, RESOURCES)
    return other if isinstance(other, str) else variable(draw, KEY, request)


def principal_entry(draw: Draw, request: dict[str, Json]) -> Json:
    """A value of Principal's members."""
    if rarely(draw, 3):
        return UNKNOWN
    principal = str(request["principal"])
    kind = draw(st.integers(0, 6))
    if kind <= 2:
        return principal
    if kind == 3:
        return "*"
    if kind == 4:
        fields = principal.split(":")
        account = fields[4] if len(fields) > 4 else OWN
        return one_of(draw, (f"arn:aws:iam::{account}:root", account))
    return one_of(draw, ENTRIES)


def principal_element(draw: Draw, request: dict[str, Json]) -> Json:
    """A value of Principal or NotPrincipal."""
    kind = draw(st.integers(0, 9))
    if kind <= 1:
        return "*"
    likely = "AWS" if ":" in str(request["principal"]) or rarely(draw, 20) else "Service"
    members = [likely]
    if kind >= 7:
        members += draw(st.lists(st.sampled_from(("AWS", "Service", "Federated", "CanonicalUser")), max_size=2))
    if rarely(draw, 2):
        members.append("Other")
    return {m: scalar_or_list(draw, lambda: principal_entry(draw, request)) for m in members}


def _plain_value(draw: Draw, base: str, sent: Json, request: dict[str, Json]) -> Json:
    if base.startswith("Numeric"):
        return one_of(draw, (*NUMBERS, *([sent] if isinstance(sent, int | str) else [])))
    if base.startswith("Date"):
        return one_of(draw, (*DATES, *([sent] if isinstance(sent, int | str) else [])))
    if base in {"IpAddress", "NotIpAddress"}:
        return one_of(draw, ADDRESSES)
    if base == "BinaryEquals":
        return one_of(draw, DIGESTS)
    if base == "Bool" and not rarely(draw, 20):
        return one_of(draw, ("true", "false", True, False, "True", "yes", 1))
    text = sent if isinstance(sent, str) else "true" if sent is True else "false" if sent is False else str(sent)
    if rarely(draw, 25):
        return variable(draw, text, request)
    if not base.endswith(("Like", "ArnEquals", "ArnNotEquals")):
        return one_of(
            draw, (text, text, sent if isinstance(sent, int) else text, recased(draw, text), "*", "", "other")
        )
    return glob_of(draw, text)


def condition_value(draw: Draw, operator: str, key: str, request: dict[str, Json]) -> Json:
    """A value, or values, for a key under an operator."""
    if rarely(draw, 2):
        return one_of(draw, JUNK)
    base = operator.rpartition(":")[2].removesuffix("IfExists")
    context = {k.lower(): v for k, v in request.get("context", {}).items()}
    sent = context.get(key.lower(), CONTEXT.get(key, ("x",))[0])

    def draw_one() -> Json:
        if rarely(draw, 3):
            return UNKNOWN
        if base == "Null":
            return one_of(draw, ("false", "true", False, True, "False", "yes"))
        some = one_of(draw, sent) if isinstance(sent, list) and sent else sent
        some = one_of(draw, CONTEXT.get(key, ("x",))) if isinstance(some, dict | list) else some
        some = one_of(draw, some) if isinstance(some, list) else some
        return _plain_value(draw, base, some, request)

    return scalar_or_list(draw, draw_one)


def operators(draw: Draw) -> str:
    """An operator, often with a set operator or IfExists."""
    if rarely(draw, 2):
        return str(one_of(draw, STRANGE_OPERATORS))
    base = str(one_of(draw, OPERATORS))
    prefix = one_of(draw, ("ForAllValues:", "ForAnyValue:")) if rarely(draw, 25) else ""
    suffix = "IfExists" if rarely(draw, 20) and base != "Null" else ""
    return f"{prefix}{base}{suffix}"


def condition(draw: Draw, request: dict[str, Json]) -> Json:
    """A Condition element."""
    blocks: dict[str, Json] = {}
    context = list(request.get("context", {}))
    for _ in range(draw(st.integers(0, 2)) or 1):
        operator = operators(draw)
        if rarely(draw, 2):
            blocks[operator] = one_of(draw, (*JUNK, UNKNOWN))
            continue
        base = operator.rpartition(":")[2].removesuffix("IfExists")
        fit = next((keys for kind, keys in KINDS.items() if base.startswith(kind)), tuple(CONTEXT))
        sent = [k for k in context if k.lower() in {f.lower() for f in fit}]
        block: dict[str, Json] = {}
        for _ in range(draw(st.integers(1, 2)) if rarely(draw, 30) else 1):
            key = str(one_of(draw, sent) if sent and not rarely(draw, 25) else one_of(draw, fit))
            key = one_of(draw, CONTEXT) if rarely(draw, 5) else key
            block[recased(draw, key) if rarely(draw, 15) else key] = condition_value(draw, operator, key, request)
        blocks[operator] = block if not rarely(draw, 2) else {}
    return blocks


def statement(draw: Draw, request: dict[str, Json], *, identity: bool = False) -> Json:
    """A statement that often matches the request."""
    if rarely(draw, 2):
        return one_of(draw, (UNKNOWN, *JUNK))
    made: dict[str, Json] = {"Effect": "Deny" if rarely(draw, 25) else "Allow"}
    if rarely(draw, 3):
        made["Effect"] = one_of(draw, ("deny", "allow", "DENY", UNKNOWN, None, 5, "Permit"))
    if rarely(draw, 30):
        made["Sid"] = one_of(draw, ("One", "Two", ""))
    if not identity or rarely(draw, 3):
        made["NotPrincipal" if rarely(draw, 12) else "Principal"] = principal_element(draw, request)
    made["NotAction" if rarely(draw, 10) else "Action"] = scalar_or_list(
        draw, lambda: action_pattern(draw, str(request["action"]))
    )
    made["NotResource" if rarely(draw, 10) else "Resource"] = scalar_or_list(
        draw, lambda: resource_pattern(draw, request)
    )
    if rarely(draw, 60):
        made["Condition"] = condition(draw, request)
    if rarely(draw, 6):
        name = one_of(
            draw, ("Principal", "NotPrincipal", "Action", "NotAction", "Resource", "NotResource", "Condition")
        )
        made[name] = one_of(draw, (*JUNK, UNKNOWN))
    if rarely(draw, 3):
        made.pop(one_of(draw, tuple(made)))
    return made


@st.composite
def policies(draw: Draw, request: dict[str, Json], *, identity: bool = False) -> Json:
    """A policy whose statements are made from the request."""
    if rarely(draw, 1):
        return one_of(draw, (UNKNOWN, *JUNK))
    count = draw(st.integers(1, 4)) if not identity else draw(st.integers(1, 2))
    found = [statement(draw, request, identity=identity) for _ in range(count)]
    policy: dict[str, Json] = {"Version": "2012-10-17", "Statement": found}
    if rarely(draw, 20):
        policy["Version"] = one_of(draw, ("2008-10-17", UNKNOWN, "2012-10-18", None))
    if rarely(draw, 5):
        del policy["Version"]
    if rarely(draw, 10):
        policy["Statement"] = found[0]
    if rarely(draw, 1):
        policy["Statement"] = one_of(draw, (UNKNOWN, *JUNK))
    return policy


@st.composite
def cases(draw: Draw) -> dict[str, Json]:
    """An input of the entry point iam.simulation."""
    request = draw(requests())
    case = {"policy": draw(policies(request)), "request": request}
    if rarely(draw, 25):
        wanted = draw(st.lists(policies(request, identity=True), min_size=1, max_size=2))
        place = case if rarely(draw, 50) else request
        place["identity_policies"] = wanted if not rarely(draw, 2) else UNKNOWN
    return case


#: Any JSON at all.
anything: st.SearchStrategy[Json] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**6), 10**6)
    | st.text(max_size=8)
    | st.sampled_from(("*", "Allow", KEY)),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.text(max_size=8)
            | st.sampled_from(
                ("Statement", "Effect", "Action", "Principal", "Resource", "Condition", "AWS", "Version")
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=20,
)
