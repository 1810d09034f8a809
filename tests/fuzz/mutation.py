"""Documents that are nearly right: values of a good one replaced, left out, doubled or swapped, or its bytes."""

from __future__ import annotations

import copy
import json
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from collections.abc import Iterator
    from random import Random

Json = Any
Path = tuple[str | int, ...]

JUNK: list[Json] = [
    None,
    True,
    0,
    -1,
    1e308,
    10**30,
    0.1,
    "",
    " ",
    "*",
    "?" * 300,
    "*a" * 200,
    "${",
    "${aws:PrincipalTag/x, 'y'}",
    "arn:",
    "arn:aws:iam::111111111111:root",
    "arn:aws:kms:us-east-1:111111111111:key/x",
    "\u0000\u001b[2J",
    "\ud800",
    "::error::",
    "111111111111",
    "{}",
    "[",
    [],
    {},
    [[]],
    [{}],
    {"": ""},
    ["a", 1, None],
    {"ctkms:unknown": "why"},
    {"ctkms:unknown": 3},
    {"Ref": "X"},
    {"Fn::Sub": "${X"},
    {"Fn::If": ["X", 1]},
    {"Fn::GetAtt": []},
    {"AWS": [[]]},
]


def places(value: Json, path: Path = ()) -> Iterator[Path]:
    """Every path in a document."""
    yield path
    if isinstance(value, dict | list):
        for step, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from places(inner, (*path, step))


def _owner(value: Json, path: Path) -> Json:
    for step in path[:-1]:
        value = value[step]
    return value


def _value(value: Json, path: Path) -> Json:
    return _owner(value, (*path, ""))


def _parsed(text: str) -> Json:
    """The object or list that a text holds; None where it holds none."""
    try:
        return json.loads(text) if text.lstrip()[:1] in {"{", "["} else None
    except (ValueError, RecursionError):
        return None


def policies(value: Json) -> Iterator[Json]:
    """The policies in a document, those in its texts too: whatever has statements, or is one."""
    if isinstance(value, str):
        value = _parsed(value)
    if isinstance(value, dict):
        if "Statement" in value:
            yield value
        elif "Effect" in value:
            yield {"Version": "2012-10-17", "Statement": value}
        for inner in value.values():
            yield from policies(inner)
    elif isinstance(value, list):
        if any(isinstance(one, dict) and "Effect" in one for one in value):
            yield {"Version": "2012-10-17", "Statement": value}
        for inner in value:
            yield from policies(inner)


HURT: list[tuple[str, Json]] = [
    ("Effect", "Deny"),
    ("Principal", {"AWS": "arn:aws:iam::111111111111:role/Nobody"}),
    ("Principal", {"Service": "cloudwatch.amazonaws.com"}),
    ("Action", "kms:ListAliases"),
    ("Resource", "arn:aws:s3:::example-logs"),
    ("Condition", {"StringEquals": {"aws:SourceArn": "arn:aws:cloudtrail:us-east-1:999999999999:trail/x"}}),
    ("Condition", {"Bool": {"aws:SecureTransport": "false"}}),
    ("Condition", {"Null": {"aws:PrincipalIsAWSService": "true"}}),
]


def hurt(document: Json, random: Random) -> Json:
    """The document with a statement that says something else, or that is gone, wherever its policy stands."""
    if isinstance(document, str):
        inner = _parsed(document)
        return document if inner is None else json.dumps(hurt(inner, random))
    if isinstance(document, list):
        return [hurt(one, random) for one in document]
    if not isinstance(document, dict):
        return document
    statements = document.get("Statement")
    if not isinstance(statements, list) or not statements:
        return {name: hurt(one, random) for name, one in document.items()}
    index = random.randrange(len(statements))
    name, value = random.choice(HURT)
    old = statements[index]
    new = [old | {name: value}] if isinstance(old, dict) and random.randrange(3) else []
    return {**document, "Statement": [*statements[:index], *new, *statements[index + 1 :]]}


def changed(document: Json, random: Random) -> Json:
    """The document with one value that is not as it was."""
    document = copy.deepcopy(document)
    paths = list(places(document))
    path = random.choice(paths)
    if not path:
        return random.choice([*JUNK, [document], {"Policy": document}, {"Policy": json.dumps(document)}])
    owner, step = _owner(document, path), path[-1]
    old = owner[step]
    inner = _parsed(old) if isinstance(old, str) else None
    if inner is not None and random.randrange(3):  # a document in a document
        owner[step] = json.dumps(changed(inner, random))
        return document
    match random.randrange(6):
        case 0 | 1:
            owner[step] = random.choice(JUNK)
        case 2:
            owner[step] = copy.deepcopy(_value(document, random.choice(paths)))
        case 3:
            del owner[step]
        case 4:
            owner[step] = [old, random.choice(JUNK)]
        case _ if isinstance(owner, dict):
            owner[random.choice([str(step).swapcase(), str(step) + "s", "Statement", "Properties", "values"])] = old
        case _:
            owner.append(old)
    return document


def damaged(data: bytes, random: Random) -> bytes:
    """The bytes with a piece left out, doubled or replaced."""
    begin = random.randrange(len(data) + 1)
    end = min(len(data), begin + random.choice([0, 1, 1, 2, 8, 100]))
    piece = random.choice(
        [
            b"",
            b"",
            data[begin:end] * 2,
            b"\xff",
            b"\x00",
            b"\t",
            b"{",
            b"]",
            b'"',
            b"9" * 500,
            b"&a ",
            b"*a ",
            b"!Ref ",
            b"<<: ",
            b"[" * 200,
        ]
    )
    return data[:begin] + piece + data[end:]


def mutant(seed: bytes, random: Random) -> bytes:
    """A document made of a good one."""
    if random.randrange(3):
        try:
            document = yaml.safe_load(seed)
        except yaml.YAMLError:  # a template with short tags: only its bytes can be changed
            return damaged(seed, random)
        if not random.randrange(3):
            document = hurt(document, random)
            if random.randrange(2):  # and nothing else, which would perhaps be what is noticed
                return json.dumps(document, default=str).encode()
        for _ in range(random.choice([0, 1, 1, 2, 3])):
            document = changed(document, random)
        seed = json.dumps(document, default=str).encode()
        if random.randrange(4):
            return seed
    return damaged(seed, random)
