"""All ways in which a template may be deployed that make a difference."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple

from .assumption import Assumption, Choice, Given
from .fresh import Fresh
from .mentioned import Mentioned
from .stack import Deployments
from .template import Template
from .variant import Variant

if TYPE_CHECKING:
    from collections.abc import Collection

    from ctkms_opa.positions import Parsed

MAX_VARIANTS = 64
"""Templates with more variants are judged in one, and nothing is claimed of the others."""


class Variants(NamedTuple):
    """The variants of a template.

    Attributes:
        all: The variants, the most ordinary one first; at least one.
        complete: Whether there are no others.
        conditions: For variables that are comparisons in conditions, what people call them.
        shown: What people read in place of values that were made up.
        doubts: Why the template may say something else when it is deployed.
    """

    all: list[Variant]
    complete: bool
    conditions: dict[str, str]
    shown: dict[str, str]
    doubts: list[str]


def variants(parsed: Parsed, given: Given, expected: Collection[str] = ()) -> Variants:
    """Resolves a template in all ways that make a difference.

    Values that nobody gave are tried: an account and a Region that nothing mentions, each one that the template or the
    expectations mention, each value with which a condition compares a parameter, both outcomes of a comparison that
    only a deployment decides. Ways that CloudFormation would refuse are left out, unless there are no others.

    Args:
        parsed: The template.
        given: What the user says about the deployment.
        expected: ARNs and account ids of the expectations.
    """
    value = parsed.value
    template = Template(value)
    fresh = Fresh(" ".join([json.dumps(value), *expected]))
    deployments = Deployments(template, given, Mentioned(template, expected), fresh)
    found: list[Variant] = []
    waiting = [Assumption()]
    while waiting and len(found) + len(waiting) <= MAX_VARIANTS:
        assumption = waiting.pop()
        try:
            found.append(Variant(parsed, deployments, assumption))
        except Choice as choice:
            waiting += [assumption.and_also(choice.variable, one) for one in reversed(choice.candidates)]
    complete = not waiting
    possible = [variant for variant in found if not variant.impossible]
    doubts = [f"whether the macro {name} changes the template" for name in template.macros()]
    if found and not possible:
        reason = found[0].impossible[0]
        doubts.append(f"what becomes of the template: CloudFormation refuses it in every way to deploy it ({reason})")
    if not complete:
        doubts.append(
            f"what differs between deployments: there are more than {MAX_VARIANTS} ways to deploy the template; "
            "tell with --account, --region and --parameter which one is meant"
        )
    return Variants(possible or found, complete, deployments.conditions, fresh.shown, doubts)
