"""The inventory of a live account, in the form that `ctkms check` takes (policies/ctkms/documents/inventory)."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ctkms_opa import arn

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from ctkms_opa.scan.api import Api

_VERSION = 1
_US_EAST_1 = "us-east-1"
_LOCATIONS = {None: _US_EAST_1, "": _US_EAST_1, "EU": "eu-west-1"}
"""How GetBucketLocation names two Regions: https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketLocation.html."""


@dataclass
class Scan:
    """What was read.

    Attributes:
        account: The account whose credentials were used.
        inventory: The inventory; only JSON data.
        organization: What organizations:DescribeOrganization says, where a trail or store is an organization's.
    """

    account: str
    inventory: dict[str, Any] = field(default_factory=dict)
    organization: dict[str, Any] = field(default_factory=dict)


def scan(api: Api, regions: Sequence[str], progress: Callable[[str], None]) -> Scan:
    """Reads trails, event data stores, and the keys, buckets and topics that they use.

    Args:
        api: Whom to ask; what it may not read is in the inventory's `missing`.
        regions: The Regions to look at; none for all that are enabled in the account.
        progress: Is told what is read next.

    Raises:
        UsageError: AWS cannot be asked at all, or no more.
    """
    progress("the account")
    account = api.caller()
    found = Scan(account)
    trails: dict[str, Any] = {}
    stores: dict[str, Any] = {}
    for region in regions or _enabled_regions(api, account):
        progress(f"trails and event data stores in {region}")
        trails |= _trails(api, region)
        stores |= _stores(api, region)
    found.inventory = {
        "ctkms_inventory": _VERSION,
        "keys": _keys(api, account, _references([*trails.values(), *stores.values()]), progress),
        "trails": trails,
        "event_data_stores": stores,
        "buckets": _buckets(api, account, trails.values(), progress),
        "topics": _topics(api, trails.values(), progress),
        "missing": api.missing,
    }
    if any(
        one.get("IsOrganizationTrail") or one.get("OrganizationEnabled") for one in [*trails.values(), *stores.values()]
    ):
        progress("the organization")
        said = api.read("organizations", "describe_organization", account, None) or {}
        found.organization = said.get("Organization", {})
    return found


def _enabled_regions(api: Api, account: str) -> list[str]:
    """The Regions that the account has enabled; where that cannot be told, which is noted, the session's alone."""
    said = api.read("ec2", "describe_regions", account, None, AllRegions=False)
    if said is None:
        return api.own_regions()
    return sorted(one["RegionName"] for one in said["Regions"] if one.get("OptInStatus") != "not-opted-in")


def _trails(api: Api, region: str) -> dict[str, Any]:
    # With their shadows, as only those show the organization's trails to its member accounts, and trails whose home
    # Region is not looked at: https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_DescribeTrails.html
    said = api.read("cloudtrail", "describe_trails", region, region, includeShadowTrails=True) or {}
    return {one["TrailARN"]: _plain(one) for one in said.get("trailList", [])}


def _stores(api: Api, region: str) -> dict[str, Any]:
    stores: dict[str, Any] = {}
    for page in api.pages("cloudtrail", "list_event_data_stores", region, region):
        for one in page.get("EventDataStores", []):
            name = one["EventDataStoreArn"]
            said = api.read("cloudtrail", "get_event_data_store", name, region, EventDataStore=name)
            stores[name] = _without_metadata(said if said is not None else one)
    return stores


def _references(users: Iterable[dict[str, Any]]) -> list[str]:
    """How the trails and stores name their keys: ARNs of keys or aliases."""
    return sorted({one["KmsKeyId"] for one in users if one.get("KmsKeyId")})


def _keys(api: Api, account: str, references: Sequence[str], progress: Callable[[str], None]) -> dict[str, Any]:
    keys: dict[str, Any] = {}
    for reference in references:
        progress(f"key {reference}")
        region = _region_of(reference)
        described = api.read("kms", "describe_key", reference, region, KeyId=reference)
        name = described["KeyMetadata"]["Arn"] if described else reference
        if name in keys:
            continue
        entry: dict[str, Any] = {}
        if described:
            entry["KeyMetadata"] = _plain(described["KeyMetadata"])
        policy = api.read("kms", "get_key_policy", name, region, KeyId=name, PolicyName="default")
        if policy:
            entry["Policy"] = policy["Policy"]
        if arn.account_of(name) == account:
            pages = api.pages("kms", "list_aliases", name, region, KeyId=name)
            entry["Aliases"] = [_plain(one) for page in pages for one in page.get("Aliases", [])]
        keys[name] = entry
    return keys


def _buckets(
    api: Api, account: str, trails: Iterable[dict[str, Any]], progress: Callable[[str], None]
) -> dict[str, Any]:
    names = sorted({one["S3BucketName"] for one in trails if one.get("S3BucketName")})
    if not names:
        return {}
    progress("buckets")
    own = {
        one.get("Name") for page in api.pages("s3", "list_buckets", account, None) for one in page.get("Buckets", [])
    }
    return {name: _bucket(api, name, account if name in own else None) for name in names}


def _bucket(api: Api, name: str, owner: str | None) -> dict[str, Any]:
    entry: dict[str, Any] = {} if owner is None else {"Account": owner}
    location = api.read("s3", "get_bucket_location", name, None, Bucket=name)
    if location:
        constraint = location.get("LocationConstraint")
        entry["Region"] = _LOCATIONS.get(constraint, constraint)
    encryption = api.read(
        "s3",
        "get_bucket_encryption",
        name,
        entry.get("Region"),
        absent="ServerSideEncryptionConfigurationNotFoundError",
        Bucket=name,
    )
    if encryption is not None:
        entry["ServerSideEncryptionConfiguration"] = encryption.get("ServerSideEncryptionConfiguration", {"Rules": []})
    return entry


def _topics(api: Api, trails: Iterable[dict[str, Any]], progress: Callable[[str], None]) -> dict[str, Any]:
    topics: dict[str, Any] = {}
    for topic in sorted({one["SnsTopicARN"] for one in trails if one.get("SnsTopicARN")}):
        progress(f"topic {topic}")
        said = api.read("sns", "get_topic_attributes", topic, _region_of(topic), TopicArn=topic)
        if said:
            topics[topic] = said["Attributes"]
    return topics


def _region_of(name: str) -> str | None:
    parts = arn.split(name)
    return parts.region if parts else None


def _without_metadata(said: dict[str, Any]) -> dict[str, Any]:
    return {member: _plain(value) for member, value in said.items() if member != "ResponseMetadata"}


def _plain(value: Any) -> Any:
    """The value as JSON data: times become text."""
    if isinstance(value, dict):
        return {member: _plain(one) for member, one in value.items()}
    if isinstance(value, list):
        return [_plain(one) for one in value]
    return value.isoformat() if isinstance(value, datetime.datetime) else value
