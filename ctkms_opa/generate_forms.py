"""The forms in which generated policies are written: JSON, CloudFormation and Terraform."""

from __future__ import annotations

import json
import re
from itertools import groupby
from typing import TYPE_CHECKING, Any

import yaml

from ctkms_opa import arn
from ctkms_opa.generate import KEY_POLICY, TRUST_POLICY
from ctkms_opa.policy_layout import laid_out

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from ctkms_opa.generate import Generated

_MOST_BYTES = 32 * 1024
"""So long may a key policy be: https://docs.aws.amazon.com/kms/latest/APIReference/API_PutKeyPolicy.html"""


def render(policies: Sequence[Generated], form: str) -> str:
    """Writes policies as one text; where there are several, each has its name in it.

    Args:
        policies: The policies, at least one.
        form: One of `FORMS`.
    """
    return _RENDERERS[form](policies)


def _json(policies: Sequence[Generated]) -> str:
    """A policy as it is; several as an object with their names. What white space makes too large for KMS has none."""
    documents = {one.name: laid_out(one.document) for one in policies}
    if len(policies) > 1:
        return json.dumps(documents, indent=2) + "\n"
    (document,) = documents.values()
    text = json.dumps(document, indent=2) + "\n"
    return text if len(text) <= _MOST_BYTES else json.dumps(document, separators=(",", ":"))


def _cloudformation(policies: Sequence[Generated]) -> str:
    """A template for each policy: people who need one elsewhere are in other stacks, often in other accounts."""
    texts = []
    for one in policies:
        title = f"# {one.name}: {_what(one)}\n" if len(policies) > 1 else ""
        resource = {_logical_name(one): _resource(one)}
        template = {"AWSTemplateFormatVersion": "2010-09-09", "Resources": resource}
        texts.append(title + yaml.safe_dump(template, sort_keys=False, width=110))
    return "---\n".join(texts)


def _logical_name(one: Generated) -> str:
    return {KEY_POLICY: "CloudTrailKey", TRUST_POLICY: "CloudTrailReadRole"}.get(one.kind, "CloudTrailReadPolicy")


def _resource(one: Generated) -> dict[str, Any]:
    document = laid_out(one.document)
    if one.kind == KEY_POLICY:
        return {"Type": "AWS::KMS::Key", "Properties": {"KeyPolicy": document}}
    kind, path, name = _person(one.owner)
    if one.kind == TRUST_POLICY:
        named = {"RoleName": name, **({"Path": path} if path != "/" else {})}
        return {"Type": "AWS::IAM::Role", "Properties": {**named, "AssumeRolePolicyDocument": document}}
    policy = {"PolicyName": "cloudtrail-key", "PolicyDocument": document}
    return {"Type": f"AWS::IAM::{kind}Policy", "Properties": {f"{kind}Name": name, **policy}}


def _person(owner: str) -> tuple[str, str, str]:
    """Whether an ARN's policies are those of a user or a role, its path and name; those of a session are its role's."""
    parts = arn.split(owner)
    kind, *names = parts.resource.split("/") if parts else ["user", owner]
    if kind == "assumed-role":
        return "Role", "/", names[0]
    return ("Role" if kind == "role" else "User"), "/".join(["", *names[:-1], ""]), names[-1]


def _what(one: Generated) -> str:
    words = {KEY_POLICY: "the policy of key", TRUST_POLICY: "the trust policy of"}
    return f"{words.get(one.kind, 'an IAM policy for')} {one.owner}"


def _terraform(policies: Sequence[Generated]) -> str:
    return "\n".join("".join(f"{line}\n" for line in _data_source(one)) for one in policies)


def _data_source(one: Generated) -> Iterator[str]:
    label = re.sub(r"[^A-Za-z0-9_]", "_", one.name)
    yield f"# {_what(one)}"
    yield f'data "aws_iam_policy_document" "kms_{label}" {{'
    yield from terraform_statements(one.document["Statement"])
    yield "}"


def terraform_statements(statements: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Statements as lines of an `aws_iam_policy_document`."""
    for position, statement in enumerate(statements):
        yield from ([""] if position else [])
        yield from _block("statement", _statement(statement))


def _statement(statement: Mapping[str, Any]) -> Iterator[str]:
    attributes = {"sid": statement["Sid"], "effect": statement["Effect"], "actions": _values(statement["Action"])}
    if "Resource" in statement:
        attributes["resources"] = _values(statement["Resource"])
    yield from _attributes(attributes)
    for kind, identifiers in statement.get("Principal", {}).items():
        yield ""
        yield from _block("principals", _attributes({"type": kind, "identifiers": _values(identifiers)}))
    for test, keys in statement.get("Condition", {}).items():
        for variable, values in keys.items():
            yield ""
            condition = {"test": test, "variable": variable, "values": _values(values)}
            yield from _block("condition", _attributes(condition))


def _block(name: str, lines: Iterator[str]) -> Iterator[str]:
    yield f"  {name} {{"
    for line in lines:
        yield f"  {line}" if line else ""
    yield "  }"


def _attributes(attributes: Mapping[str, str | list[str]]) -> Iterator[str]:
    """Arguments as `terraform fmt` lays them out: those in a row that take one line each are aligned."""
    for is_long, row in groupby(attributes.items(), key=lambda one: isinstance(one[1], list) and len(one[1]) > 1):
        arguments = dict(row)
        width = max(len(name) for name in arguments)
        for name, value in arguments.items():
            if is_long:
                yield from (f"  {name} = [", *(f"    {_quoted(one)}," for one in value), "  ]")
            else:
                yield f"  {name:<{width}} = {_quoted(value) if isinstance(value, str) else f'[{_quoted(value[0])}]'}"


def _quoted(text: str) -> str:
    """A string of Terraform, in which nothing is a template."""
    return json.dumps(text).replace("${", "$${").replace("%{", "%%{")


def _values(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value


_RENDERERS: dict[str, Callable[[Sequence[Generated]], str]] = {
    "json": _json,
    "cloudformation": _cloudformation,
    "terraform": _terraform,
}
FORMS = tuple(_RENDERERS)
"""The names of the forms."""
SUFFIXES = {"json": ".json", "cloudformation": ".yaml", "terraform": ".tf"}
"""What files in a form end with."""
