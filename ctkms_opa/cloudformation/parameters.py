"""Whether values can be those of a template's parameters.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ctkms_opa.engine import matches
from ctkms_opa.errors import InputError

from .functions import as_text
from .template import Template

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ctkms_opa.inputs import Document

_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?")


def check(document: Document, given: Mapping[str, str]) -> None:
    """Checks the values of the parameters that a template has.

    Raises:
        InputError: CloudFormation would refuse a value; the place is that of the parameter.
    """
    declared = Template(document.value).parameters
    for name, value in given.items():
        problem = next(_problems(declared.get(name, {}), value), None)
        if problem:
            shown = repr(value) if as_text(declared[name].get("NoEcho", False)) == "false" else "what was given"
            message = f"the parameter {name} cannot be {shown}: {problem}"
            raise InputError(message, document.label, *document.parsed.position(["Parameters", name]))


def _problems(declared: Mapping[str, object], value: str) -> Iterator[str]:
    """What the declaration says against a value."""
    kind = str(declared.get("Type"))
    if kind.startswith("AWS::SSM::Parameter::Value"):
        return  # what is declared speaks of the name in Parameter Store
    is_list = kind == "CommaDelimitedList" or kind.startswith("List<")
    for one in map(str.strip, value.split(",")) if is_list else [value]:
        yield from _problems_of_one(declared, kind, one)


def _problems_of_one(declared: Mapping[str, object], kind: str, value: str) -> Iterator[str]:
    allowed = declared.get("AllowedValues")
    texts = [as_text(one) for one in allowed] if isinstance(allowed, list) else [value]
    if value not in texts and None not in texts:
        yield f"its AllowedValues are {', '.join(text for text in texts if text is not None)}"
    pattern = declared.get("AllowedPattern")
    if isinstance(pattern, str) and matches(f"^(?:{pattern})$", value) is False:
        yield f"its AllowedPattern is {pattern}"
    if kind in {"Number", "List<Number>"}:
        yield from _problems_of_number(declared, value)
    least, most = _number(declared.get("MinLength")), _number(declared.get("MaxLength"))
    if least is not None and len(value) < least:
        yield f"its MinLength is {declared['MinLength']}"
    if most is not None and len(value) > most:
        yield f"its MaxLength is {declared['MaxLength']}"


def _problems_of_number(declared: Mapping[str, object], value: str) -> Iterator[str]:
    number = _number(value)
    least, most = _number(declared.get("MinValue")), _number(declared.get("MaxValue"))
    if number is None:
        yield f"its Type is {declared['Type']}"
    elif least is not None and number < least:
        yield f"its MinValue is {declared['MinValue']}"
    elif most is not None and number > most:
        yield f"its MaxValue is {declared['MaxValue']}"


def _number(value: object) -> float | None:
    text = as_text(value)
    return float(text) if text is not None and _NUMBER.fullmatch(text) else None
