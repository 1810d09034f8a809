"""A first expectations file from what was found in an account: what is there now is taken for what should be."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any

import yaml

from ctkms_opa import arn
from ctkms_opa.key_metadata import metadata_from_describe_key

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ctkms_opa.scan.inventory import Scan

_HEAD = """\
# What was found in account {account}. It says what is there, not what should be: read it, take out what does not
# belong, and add who reads the data. Then:  ctkms check INVENTORY -d THIS_FILE
expected:
"""
_READERS = """\
      # Who reads the files of this trail:
      # readers:
      #   arn:{partition}:iam::{account}:role/NAME:
"""
_USERS = """\
      # Who queries this event data store:
      # users:
      #   arn:{partition}:iam::{account}:role/NAME:
"""


def text(found: Scan) -> str:
    """The expectations as YAML, with comments on what only people know."""
    return "".join(_pieces(found))


def _pieces(found: Scan) -> Iterator[str]:
    inventory = found.inventory
    names = _names(inventory["keys"])
    yield _HEAD.format(account=found.account)
    organization = _organization(found.organization)
    if organization:
        yield _block({"organization": organization}, 2)
    yield from _section("accounts", {one: {} for one in sorted(_accounts(found))}, "")
    yield from _section("keys", {one: _key(entry) for one, entry in inventory["keys"].items() if ":key/" in one}, "")
    trails = {
        one: _trail(entry, names, inventory) for one, entry in inventory["trails"].items() if entry.get("KmsKeyId")
    }
    yield from _section("trails", trails, _READERS)
    stores = {
        one: _store(entry, names) for one, entry in inventory["event_data_stores"].items() if entry.get("KmsKeyId")
    }
    yield from _section("event_data_stores", stores, _USERS)


def _section(name: str, entries: Mapping[str, dict[str, Any]], comment: str) -> Iterator[str]:
    if not entries:
        return
    yield f"\n  {name}:\n"
    for one, entry in entries.items():
        yield _block({one: entry or None}, 4)
        parts = arn.split(one)
        if parts is not None:
            yield comment.format(partition=parts.partition, account=parts.account)


def _block(value: Mapping[str, Any], indent: int) -> str:
    written = yaml.safe_dump(dict(value), sort_keys=False, allow_unicode=True, width=1000)
    # A value that is absent reads better as nothing than as null.
    return textwrap.indent(written.replace(": null\n", ":\n"), " " * indent)


def _names(keys: Mapping[str, dict[str, Any]]) -> dict[str, str]:
    """The ARN of a key by the ARNs of its aliases."""
    names: dict[str, str] = {}
    for key, entry in keys.items():
        for alias in entry.get("Aliases", []):
            names |= dict.fromkeys([alias["AliasArn"]] if "AliasArn" in alias else [], key)
    return names


def _organization(said: Mapping[str, Any]) -> dict[str, str]:
    wanted = {"id": said.get("Id"), "management_account": said.get("MasterAccountId")}
    return {member: value for member, value in wanted.items() if isinstance(value, str)}


def _accounts(found: Scan) -> set[str]:
    """The scanned account, and those of the trails, stores and keys."""
    sections = ("keys", "trails", "event_data_stores")
    return {found.account} | {arn.account_of(one) for section in sections for one in found.inventory[section]}


def _key(entry: Mapping[str, Any]) -> dict[str, Any]:
    key: dict[str, Any] = {}
    if entry.get("Aliases"):
        key["aliases"] = {one["AliasName"]: None for one in entry["Aliases"]}
    told = metadata_from_describe_key(entry)
    if told:
        key["metadata"] = told[1]
    return key


def _trail(given: Mapping[str, Any], names: Mapping[str, str], inventory: Mapping[str, Any]) -> dict[str, Any]:
    trail: dict[str, Any] = {"key": names.get(given["KmsKeyId"], given["KmsKeyId"])}
    if given.get("IsOrganizationTrail"):
        trail["organization"] = True
    if "LogFileValidationEnabled" in given:
        trail["log_file_validation"] = given["LogFileValidationEnabled"]
    bucket = _bucket(given, inventory["buckets"])
    if bucket:
        trail["bucket"] = bucket
    topic = inventory["topics"].get(given.get("SnsTopicARN", ""), {}).get("KmsMasterKeyId", "")
    if arn.check_key_reference(topic) is None:
        trail["sns_key"] = topic
    return trail


def _bucket(trail: Mapping[str, Any], buckets: Mapping[str, Any]) -> dict[str, Any]:
    name = trail.get("S3BucketName")
    if not name:
        return {}
    found = buckets.get(name, {})
    bucket = {
        "name": name,
        "account": found.get("Account"),
        "region": found.get("Region"),
        "prefix": trail.get("S3KeyPrefix"),
        "bucket_key": _bucket_key(found.get("ServerSideEncryptionConfiguration")),
    }
    return {member: value for member, value in bucket.items() if value is not None}


def _bucket_key(configuration: Mapping[str, Any] | None) -> bool | None:
    if configuration is None:
        return None
    return any(rule.get("BucketKeyEnabled") is True for rule in configuration.get("Rules", []))


def _store(given: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    store: dict[str, Any] = {"key": names.get(given["KmsKeyId"], given["KmsKeyId"])}
    if given.get("OrganizationEnabled"):
        store["organization"] = True
    return store
