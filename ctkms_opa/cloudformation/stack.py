"""The deployment under one assumption: pseudo parameters, and parameters of the template."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from ctkms_opa import arn
from ctkms_opa.expectation_schema import UNKNOWN

from .assumption import ACCOUNT, PARTITION, REGION, STACK_NAME, Other
from .functions import as_text

if TYPE_CHECKING:
    from collections.abc import Callable

    from .assumption import Assumption, Given
    from .fresh import Fresh
    from .mentioned import Mentioned
    from .template import Template

MAX_VALUES = 8
"""Parameters with more allowed values are not tried one by one."""

_SUFFIXES = {"aws-cn": "amazonaws.com.cn"}


class Deployments:
    """What is known of all deployments of a template.

    Attributes:
        template: The template.
        given: What the user says.
        mentioned: What the template mentions.
        fresh: The values in place of what nobody says.
        conditions: For each comparison that only a deployment decides, the condition in which it was met.
    """

    def __init__(self, template: Template, given: Given, mentioned: Mentioned, fresh: Fresh) -> None:
        """See the class's attributes."""
        self.template = template
        self.given = given
        self.mentioned = mentioned
        self.fresh = fresh
        self.conditions: dict[str, str] = {}

    @cached_property
    def partition(self) -> str:
        """The partition: as given, else that of the Region, else AWS's first."""
        return self.given.partition or arn.partition_of(self.given.region or "")

    @cached_property
    def accounts(self) -> list[object]:
        """The accounts that make a difference: one that nothing mentions, and those that are mentioned."""
        if self.given.account:
            return [self.given.account]
        return [self.fresh.account(), *self.mentioned.accounts]

    @cached_property
    def regions(self) -> list[object]:
        """The Regions of the partition that make a difference."""
        if self.given.region:
            return [self.given.region]
        like = [self.fresh.region_like(prefix) for prefix in self.mentioned.region_prefixes]
        all_of_them = [self.fresh.region(self.partition), *like, *self.mentioned.regions]
        return [one for one in dict.fromkeys(all_of_them) if one and arn.partition_of(one) == self.partition]

    @cached_property
    def stack_name(self) -> str:
        """The name of the stack."""
        return self.fresh.stack_name()

    @cached_property
    def stack_id(self) -> str:
        """The last part of the stack's id."""
        return self.fresh.stack_id()


class Stack:
    """One deployment, under an assumption."""

    def __init__(self, deployments: Deployments, assumption: Assumption) -> None:
        """Takes what is known of all deployments, and what is assumed of this one."""
        self._all = deployments
        self._assumption = assumption

    @property
    def account(self) -> str:
        """AWS::AccountId."""
        return str(self._assumption.of(ACCOUNT, self._all.accounts))

    @property
    def region(self) -> str:
        """AWS::Region."""
        return str(self._assumption.of(REGION, self._all.regions))

    @property
    def partition(self) -> str:
        """AWS::Partition."""
        return self._all.partition

    @property
    def name(self) -> str:
        """AWS::StackName."""
        return self._all.stack_name

    def pseudo_parameter(self, name: str) -> object:
        """Returns the value of a pseudo parameter, None where there is none of that name."""
        made: dict[str, Callable[[], object]] = {
            ACCOUNT: lambda: self.account,
            REGION: lambda: self.region,
            PARTITION: lambda: self.partition,
            STACK_NAME: lambda: self.name,
            "AWS::StackId": lambda: (
                f"arn:{self.partition}:cloudformation:{self.region}:{self.account}:stack/{self.name}/{self._all.stack_id}"
            ),
            "AWS::URLSuffix": lambda: _SUFFIXES.get(self.partition, "amazonaws.com"),
            "AWS::NotificationARNs": lambda: {UNKNOWN: "which topics the stack notifies"},
        }
        return made[name]() if name in made else None

    def parameter(self, name: str, resolve: Callable[[Any], object]) -> object:
        """Returns the value of a parameter that the template has.

        Args:
            name: The parameter.
            resolve: Resolves a value that a condition compares the parameter with.
        """
        declared = self._all.template.parameters[name]
        kind = declared.get("Type")
        if name in self._all.given.parameters:
            return _typed(self._all.given.parameters[name], kind)
        if isinstance(kind, str) and kind.startswith("AWS::SSM::Parameter::Value"):
            return {UNKNOWN: f"the value of the parameter {name} is in Parameter Store (--parameter {name}=VALUE)"}
        default = as_text(declared.get("Default"))
        if default is not None:
            return _typed(default, kind)
        return self._chosen(name, kind, declared.get("AllowedValues"), resolve)

    def differs(self, name: str, text: str) -> bool:
        """Whether the parameter is assumed to have another value than this one."""
        chosen = self._assumption.values.get(_variable(name))
        return isinstance(chosen, Other) and text in chosen.than

    def choose(self, variable: str, candidates: list[object]) -> object:
        """Returns what is assumed of a variable."""
        return self._assumption.of(variable, candidates)

    def holds(self, comparison: str, condition: str) -> bool:
        """Returns what is assumed of a comparison that stands in a condition."""
        self._all.conditions.setdefault(comparison, f"the condition {condition}")
        return self._assumption.of(comparison, [True, False]) is True

    def _chosen(self, name: str, kind: object, allowed: object, resolve: Callable[[Any], object]) -> object:
        """The value of a parameter that nobody gave."""
        unknown = {UNKNOWN: f"the parameter {name} has no value (--parameter {name}=VALUE)"}
        if _is_list(kind):
            return unknown
        values = [as_text(value) for value in allowed] if isinstance(allowed, list) else []
        if 0 < len(values) <= MAX_VALUES and None not in values:
            return self._assumption.of(_variable(name), list(dict.fromkeys(values)))
        compared = [as_text(resolve(raw)) for raw in self._all.mentioned.compared.get(name, [])]
        candidates = tuple(dict.fromkeys(text for text in compared if text is not None))
        if not candidates or len(candidates) > MAX_VALUES:
            return unknown
        chosen = self._assumption.of(_variable(name), [Other(candidates), *candidates])
        return unknown if isinstance(chosen, Other) else chosen


def _variable(parameter: str) -> str:
    return f"the parameter {parameter}"


def _is_list(kind: object) -> bool:
    return isinstance(kind, str) and (kind == "CommaDelimitedList" or kind.startswith("List<"))


def _typed(text: str, kind: object) -> object:
    return [part.strip() for part in text.split(",")] if _is_list(kind) else text
