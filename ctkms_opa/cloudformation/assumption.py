"""What is taken for granted about a deployment: values that were given, and a choice for each that was not."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from ctkms_opa import arn
from ctkms_opa.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

ACCOUNT = "AWS::AccountId"
REGION = "AWS::Region"
PARTITION = "AWS::Partition"
STACK_NAME = "AWS::StackName"


@dataclass(frozen=True)
class Given:
    """What the user says about the deployment."""

    parameters: Mapping[str, str] = field(default_factory=dict)
    account: str | None = None
    region: str | None = None
    partition: str | None = None
    keys: Mapping[str, str] = field(default_factory=dict)
    """The ARNs of keys that exist, by logical id."""
    management_account: str | None = None
    """The account that owns the trails of the organization."""

    @property
    def place(self) -> dict[str, str]:
        """The account, Region and partition, as far as they were given; the partition also as that of the Region."""
        partition = self.partition or (arn.partition_of(self.region) if self.region else None)
        told = {"account": self.account, "region": self.region, "partition": partition}
        return {name: value for name, value in told.items() if value is not None}

    def check(self) -> None:
        """Checks what was given.

        Raises:
            UsageError: There is no such account, Region or partition, or the Region lies in another partition.
        """
        problem = (
            (self.account is not None and arn.check_account(self.account))
            or (self.region is not None and arn.check_region(self.region))
            or (self.partition is not None and arn.check_partition(self.partition))
        )
        if problem:
            raise UsageError(problem)
        if self.partition and self.region and arn.partition_of(self.region) != self.partition:
            raise UsageError(f"the Region {self.region} does not lie in the partition {self.partition}")

    def for_keys(self, keys: Mapping[str, str], expected: Mapping[str, Any]) -> Given:
        """Returns what is given for a template of which these keys exist, by logical id.

        A key lies in the account and the Region into which its template is deployed.
        """
        parts = next((arn.split(one) for one in keys.values()), None)
        organization = expected.get("organization")
        return Given(
            self.parameters,
            self.account or (parts.account if parts else None),
            self.region or (parts.region if parts else None),
            self.partition or (parts.partition if parts else None),
            keys,
            organization.get("management_account") if isinstance(organization, dict) else None,
        )


class Other(NamedTuple):
    """A value that nobody knows, but that is none of these."""

    than: tuple[str, ...]


class Choice(Exception):  # noqa: N818 - no error: a question that the search answers
    """The resolution of a template needs a value that nobody gave.

    Attributes:
        variable: What is not known, as people call it: ``AWS::Region``, ``the parameter Env``.
        candidates: The values that make a difference; the first is the most ordinary one.
    """

    def __init__(self, variable: str, candidates: list[object]) -> None:
        """Takes the variable and its candidates, at least one."""
        super().__init__(variable)
        self.variable = variable
        self.candidates = candidates


class Assumption:
    """One answer for every variable that was asked for."""

    def __init__(self, values: Mapping[str, object] | None = None) -> None:
        """Takes the answers given so far, by variable."""
        self.values = dict(values or {})

    def of(self, variable: str, candidates: list[object]) -> object:
        """Returns the value of a variable.

        Raises:
            Choice: Nothing is assumed of it yet, and there is more than one candidate.
        """
        if variable in self.values:
            return self.values[variable]
        if len(candidates) == 1:
            return candidates[0]
        raise Choice(variable, candidates)

    def and_also(self, variable: str, value: object) -> Assumption:
        """Returns an assumption with one more answer."""
        return Assumption({**self.values, variable: value})
