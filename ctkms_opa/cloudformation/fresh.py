"""Values in place of what only a deployment tells: they equal nothing that the template or the expectations hold."""

from __future__ import annotations

import hashlib
from itertools import count
from typing import TYPE_CHECKING

from ctkms_opa import arn

if TYPE_CHECKING:
    from collections.abc import Iterator

_AREAS = {"aws": "eu-central-", "aws-cn": "cn-north-", "aws-us-gov": "us-gov-east-"}


class Fresh:
    """Makes values that do not occur in a text; the same ones for the same text.

    Attributes:
        shown: Each value that was made, with what people read in its place: ``${AWS::AccountId}``.
    """

    def __init__(self, taken: str) -> None:
        """Takes the text in which the values must not occur."""
        self._taken = taken
        self.shown: dict[str, str] = {}

    def account(self) -> str:
        """Returns an account id."""
        return self._first("${AWS::AccountId}", (str(710395284617 + number * 7919) for number in count()))

    def region(self, partition: str) -> str:
        """Returns the name of a Region that does not exist in the partition."""
        return self._region(_AREAS.get(partition, "us-east-"))

    def region_like(self, prefix: str) -> str | None:
        """Returns the name of such a Region that begins with a text, None where no Region's name does."""
        for tail in ("", "-", "east-", "-east-", "central-"):
            if arn.check_region(f"{prefix}{tail}97") is None:
                return self._region(f"{prefix}{tail}")
        return None

    def _region(self, prefix: str) -> str:
        return self._first("${AWS::Region}", (f"{prefix}{number}" for number in range(97, 9, -1)))

    def stack_name(self) -> str:
        """Returns the name of a stack."""
        return self._first("${AWS::StackName}", (f"stack{one[:9]}" for one in _digests("stack")))

    def stack_id(self) -> str:
        """Returns the last part of a stack's id."""
        return self._first("${AWS::StackId}", map(_uuid, _digests("stack id")))

    def name(self, stack: str, logical_id: str) -> str:
        """Returns a name as CloudFormation generates it for a resource that has none."""
        names = (f"{stack}-{logical_id}-{one[:12].upper()}" for one in _digests(logical_id))
        return self._first(f"${{{logical_id}}}", names)

    def uuid(self, logical_id: str) -> str:
        """Returns a UUID for a resource."""
        return self._first(f"${{{logical_id}}}", map(_uuid, _digests(logical_id)))

    def multi_region_id(self, logical_id: str) -> str:
        """Returns the id of a multi-Region key."""
        return self._first(f"${{{logical_id}}}", (f"mrk-{one[:32]}" for one in _digests(logical_id)))

    def _first(self, shown: str, values: Iterator[str]) -> str:
        """The first of the values that is not taken."""
        value = next(value for value in values if value in self.shown or value not in self._taken)
        self.shown[value] = shown
        return value


def _digests(text: str) -> Iterator[str]:
    return (hashlib.sha256(f"{text} {number}".encode()).hexdigest() for number in count())


def _uuid(digits: str) -> str:
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:32]))
