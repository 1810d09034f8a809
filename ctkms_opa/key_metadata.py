"""What ``aws kms describe-key`` tells of a key."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import arn
from .errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


def metadata_from_describe_key(value: object) -> tuple[str, dict[str, object]] | None:
    """Reads what ``aws kms describe-key`` prints.

    Args:
        value: The output as data.

    Returns:
        The key's ARN and its metadata as expectations hold it; None where the value is not such an output.

    Raises:
        InputError: It is such an output and names no key.
    """
    metadata = value.get("KeyMetadata") if isinstance(value, dict) else None
    if not isinstance(metadata, dict):
        return None
    name = metadata.get("Arn")
    if not isinstance(name, str):
        raise InputError("the key metadata holds no Arn")
    problem = arn.check_key(name)
    if problem:
        raise InputError(problem)
    wanted = {
        "state": metadata.get("KeyState"),
        "spec": metadata.get("KeySpec", metadata.get("CustomerMasterKeySpec")),
        "usage": metadata.get("KeyUsage"),
        "multi_region": metadata.get("MultiRegion"),
        "region": name.split(":")[3],
        "manager": metadata.get("KeyManager"),
        "origin": metadata.get("Origin"),
    }
    found: dict[str, object] = {member: given for member, given in wanted.items() if given is not None}
    related: dict[str, object] = {one: {} for one in _related(metadata) if one != name}
    if related:
        found["replicas"] = related
    return name, found


def _related(metadata: Mapping[str, object]) -> Iterator[str]:
    """ARNs of the primary key and the replicas of a multi-Region key."""
    configuration = metadata.get("MultiRegionConfiguration")
    if not isinstance(configuration, dict):
        return
    replicas = configuration.get("ReplicaKeys")
    for one in [configuration.get("PrimaryKey"), *(replicas if isinstance(replicas, list) else [])]:
        if isinstance(one, dict) and isinstance(one.get("Arn"), str):
            yield one["Arn"]
