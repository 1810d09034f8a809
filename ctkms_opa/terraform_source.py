"""Where the Terraform source of a plan says what stands in a resource.

The configuration in a plan says which expressions refer to what:
https://developer.hashicorp.com/terraform/internals/json-format#configuration-representation
"""

from __future__ import annotations

import re
from typing import Any, NamedTuple

_INDEX = re.compile(r'\["(?:[^"\\]|\\.)*"\]|\[\d+\]')
_DATA_SOURCE = re.compile(r"data\.aws_iam_policy_document\.[^.\[]+")
_VARIABLE = re.compile(r"var\.([^.\[]+)")


class _Module(NamedTuple):
    prefix: str
    """The beginning of the addresses in it."""
    call: Any
    """How its parent calls it."""
    resources: Any


def policy_document(plan: Any, address: str) -> str | None:
    """The address of the `aws_iam_policy_document` that gives a resource of a plan its policy.

    Args:
        plan: The plan, as `terraform show -json` prints it.
        address: The resource's address, as `module.audit.aws_kms_key.this["a"]`.

    Returns:
        The address; None where the policy is written otherwise, or the plan does not say.
    """
    modules, name = _modules(plan, _INDEX.sub("", address).split("."))
    resources = modules[-1].resources
    found = [one for one in resources if _at(one, "address") == name] if isinstance(resources, list) else []
    expression = _at(found[0], "expressions", "policy") if found else None
    while True:
        references = _at(expression, "references")
        texts = [one for one in references if isinstance(one, str)] if isinstance(references, list) else []
        sources = {match[0] for one in texts if (match := _DATA_SOURCE.match(one))}
        variables = {match[1] for one in texts if (match := _VARIABLE.match(one))}
        if len(sources) == 1 and not variables:
            return modules[-1].prefix + sources.pop()
        if sources or len(variables) != 1 or len(modules) == 1:
            return None
        expression = _at(modules.pop().call, "expressions", variables.pop())


def _modules(plan: Any, steps: list[str]) -> tuple[list[_Module], str]:
    """The modules on the way to a resource, the root first, and its address in the last of them."""
    here = _at(plan, "configuration", "root_module")
    modules = [_Module("", None, _at(here, "resources"))]
    while len(steps) > 1 and steps[0] == "module":
        call = _at(here, "module_calls", steps[1])
        here = _at(call, "module")
        modules.append(_Module(f"{modules[-1].prefix}module.{steps[1]}.", call, _at(here, "resources")))
        steps = steps[2:]
    return modules, ".".join(steps)


def _at(value: Any, *names: str) -> Any:
    """What lies in a value, whatever that is; None where there is nothing."""
    for name in names:
        value = value.get(name) if isinstance(value, dict) else None
    return value
