"""Intrinsic functions that only make values from values. What they cannot make is None."""

from __future__ import annotations

import json
from typing import Any

Json = Any
"""A JSON value."""

MAX_ADDRESS_RANGES = 256


def as_text(value: object) -> str | None:
    """Returns a scalar as CloudFormation writes it into a text."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return value
    return json.dumps(value) if isinstance(value, (int, float)) else None


def substituted(value: Json) -> Json:
    """A value with Fn::Sub around the texts that hold ``${…}``."""
    if isinstance(value, dict):
        return {name: substituted(one) for name, one in value.items()}
    if isinstance(value, list):
        return [substituted(one) for one in value]
    return {"Fn::Sub": value} if isinstance(value, str) and "${" in value else value


def join(delimiter: object, values: object) -> str | None:
    """Fn::Join."""
    if not isinstance(delimiter, str) or not isinstance(values, list):
        return None
    parts = [text for text in map(as_text, values) if text is not None]
    return delimiter.join(parts) if len(parts) == len(values) else None


def split(delimiter: object, value: object) -> list[object] | None:
    """Fn::Split."""
    if not isinstance(delimiter, str) or not delimiter or not isinstance(value, str):
        return None
    return list(value.split(delimiter))


def index_of(position: object, values: object) -> int | None:
    """The index that Fn::Select means; None where the list has no such element."""
    text = as_text(position)
    if text is None or not (text.isascii() and text.isdigit()) or not isinstance(values, list):
        return None
    return int(text) if int(text) < len(values) else None


def base64(value: object) -> str | None:
    """Fn::Base64."""
    from base64 import b64encode  # noqa: PLC0415 - few templates need it

    return b64encode(value.encode()).decode() if isinstance(value, str) else None


def length(value: object) -> int | None:
    """Fn::Length."""
    return len(value) if isinstance(value, list) else None


def cidr(block: object, count: object, bits: object) -> list[object] | None:
    """Fn::Cidr: the first ranges of addresses of a block, each with so many bits for hosts."""
    from ipaddress import ip_network  # noqa: PLC0415 - few templates need it

    number, host_bits = as_text(count), as_text(bits)
    if not isinstance(block, str) or number is None or host_bits is None:
        return None
    try:
        network = ip_network(block, strict=False)
        ranges = network.subnets(new_prefix=network.max_prefixlen - int(host_bits))
        wanted = int(number)
    except ValueError:
        return None
    found = [str(one) for one, _ in zip(ranges, range(min(wanted, MAX_ADDRESS_RANGES)), strict=False)]
    return list(found) if len(found) == wanted else None
