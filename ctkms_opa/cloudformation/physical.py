"""What Ref and Fn::GetAtt return for a resource: names and ARNs, as far as they are known before the deployment.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-template-resource-type-ref.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ctkms_opa.expectation_schema import UNKNOWN, is_unknown

from .functions import as_text
from .template import ALIAS, BUCKET, KEY, REPLICA_KEY, STORE, TOPIC, TRAIL

if TYPE_CHECKING:
    from collections.abc import Callable

    from .stack import Deployments, Stack

_IAM = {"AWS::IAM::Role": ("role", "RoleName"), "AWS::IAM::User": ("user", "UserName")}
_NAMED = {TRAIL: "TrailName", BUCKET: "BucketName", TOPIC: "TopicName"}
_KEYS = {KEY, REPLICA_KEY}
_REGIONAL = {
    KEY: "kms:{}:{}:key/",
    REPLICA_KEY: "kms:{}:{}:key/",
    TRAIL: "cloudtrail:{}:{}:trail/",
    STORE: "cloudtrail:{}:{}:eventdatastore/",
    TOPIC: "sns:{}:{}:",
}
_ATTRIBUTES = {
    KEY: {"Ref": "id", "KeyId": "id", "Arn": "arn"},
    REPLICA_KEY: {"Ref": "id", "KeyId": "id", "Arn": "arn"},
    ALIAS: {"Ref": "name", "AliasName": "name"},
    TRAIL: {"Ref": "name", "Arn": "arn"},
    STORE: {"Ref": "arn", "EventDataStoreArn": "arn"},
    BUCKET: {"Ref": "name", "Arn": "arn"},
    TOPIC: {"Ref": "arn", "TopicArn": "arn", "TopicName": "name"},
    "AWS::IAM::Role": {"Ref": "name", "Arn": "arn"},
    "AWS::IAM::User": {"Ref": "name", "Arn": "arn"},
}


class Physical:
    """Names and ARNs of the resources of one deployment."""

    def __init__(
        self,
        deployments: Deployments,
        stack: Stack,
        read: Callable[[str, str], object],
    ) -> None:
        """Prepares.

        Args:
            deployments: What is known of all deployments.
            stack: The deployment.
            read: Returns the resolved property of a resource, None where it has none.
        """
        self._all = deployments
        self._stack = stack
        self._read = read

    def attribute(self, name: str, attribute: str) -> object:
        """Returns an attribute of a resource (``Ref`` for what Ref returns); the sentinel where it is not known."""
        kind = str(self._all.template.resources[name].get("Type"))
        wanted = _ATTRIBUTES.get(kind, {}).get(attribute)
        if wanted is None:
            what = "what Ref returns for" if attribute == "Ref" else f"the attribute {attribute} of"
            return {UNKNOWN: f"{what} {name} ({kind}) is known only when it is there"}
        if wanted == "id":
            return self._key_id(name, kind)
        return self._name(name, kind) if wanted == "name" else self._arn(name, kind)

    def _name(self, name: str, kind: str) -> object:
        """The name given, or one as CloudFormation generates it."""
        if kind == ALIAS:
            return self._read(name, "AliasName") or {UNKNOWN: f"the alias {name} has no name"}
        if kind == STORE:
            return self._all.fresh.uuid(name)
        given = self._read(name, _IAM[kind][1] if kind in _IAM else _NAMED[kind])
        if is_unknown(given):
            return given
        return as_text(given) or self._all.fresh.name(self._stack.name, name)

    def _arn(self, name: str, kind: str) -> object:
        if name in self._all.given.keys:
            return self._all.given.keys[name]
        own_name = self._key_id(name, kind) if kind in _KEYS else self._name(name, kind)
        beginning = self._beginning(name, kind)
        unknown = next((one for one in (own_name, beginning) if is_unknown(one)), None)
        return unknown or f"arn:{self._stack.partition}:{beginning}{own_name}"

    def _beginning(self, name: str, kind: str) -> object:
        """What stands in an ARN between the partition and the resource's own name."""
        if kind == BUCKET:
            return "s3:::"
        if kind in _IAM:
            path = self._read(name, "Path") or "/"
            return path if is_unknown(path) else f"iam::{self._stack.account}:{_IAM[kind][0]}{path}"
        account = self._owner(name) if kind == TRAIL else self._stack.account
        return account if is_unknown(account) else _REGIONAL[kind].format(self._stack.region, account)

    def _owner(self, trail: str) -> object:
        """The account of a trail: the management account owns those of the organization, whoever makes them."""
        organization = self._read(trail, "IsOrganizationTrail")
        management = self._all.given.management_account
        if management in {None, self._stack.account}:
            return self._stack.account
        if is_unknown(organization):
            return organization
        return management if as_text(organization) == "true" else self._stack.account

    def _key_id(self, name: str, kind: str) -> object:
        """The id of a key: of the one that is there, of the primary key, or one that may be any that is mentioned."""
        if name in self._all.given.keys:
            return self._all.given.keys[name].rpartition("/")[2]
        primary = self._read(name, "PrimaryKeyArn")
        if kind == REPLICA_KEY and isinstance(primary, str):
            return primary.rpartition("/")[2]
        multi_region = kind == REPLICA_KEY or as_text(self._read(name, "MultiRegion")) == "true"
        fresh = self._all.fresh.multi_region_id(name) if multi_region else self._all.fresh.uuid(name)
        ids = [one for one in self._all.mentioned.key_ids if one.startswith("mrk-") == multi_region]
        return self._stack.choose(f"the key id of {name}", [fresh, *ids])
