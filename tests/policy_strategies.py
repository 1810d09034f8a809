"""Random expectations of one key, all of them valid and such that AWS supports them."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

Json = Any

PLACES = (("aws", "us-east-1"), ("aws-cn", "cn-north-1"), ("aws-us-gov", "us-gov-west-1"))
HOME, SECOND, THIRD, FOURTH = "111111111111", "222222222222", "333333333333", "444444444444"
KEY_ID = "1234abcd-12ab-34cd-56ef-1234567890ab"


def key_arn(place: tuple[str, str]) -> str:
    """The ARN of the key in a partition and Region."""
    partition, region = place
    return f"arn:{partition}:kms:{region}:{HOME}:key/{KEY_ID}"


def _some(*names: str) -> st.SearchStrategy[dict[str, None]]:
    """A map with some of the names, as expectations have them."""
    return st.lists(st.sampled_from(names), unique=True).map(dict.fromkeys)


@st.composite
def _trail(draw: st.DrawFn, place: tuple[str, str], people: st.SearchStrategy[Json], key: str) -> Json:
    bucket = st.fixed_dictionaries(
        {"name": st.just("example-logs"), "region": st.just(place[1])},
        optional={"bucket_key": st.booleans(), "prefix": st.sampled_from(["", "audit"])},
    )
    return draw(
        st.fixed_dictionaries(
            {"key": st.just(key)},
            optional={"bucket": bucket, "readers": people, "log_file_validation": st.booleans()},
        )
    )


@st.composite
def expectations(draw: st.DrawFn) -> tuple[str, Json]:
    """A key's ARN, and expectations (the object under ``data.expected``) of which something concerns the key."""
    place = draw(st.sampled_from(PLACES))
    partition, region = place
    key = key_arn(place)
    iam = f"arn:{partition}:iam::"
    own = (f"{iam}{HOME}:user/Bob", f"{iam}{HOME}:role/path/Analyst", f"{iam}{HOME}:role/CloudTrailReadRole")
    elsewhere = (
        f"{iam}{SECOND}:user/Alice",
        f"{iam}{THIRD}:role/Audit",
        f"arn:{partition}:sts::{SECOND}:assumed-role/R/s1",
    )
    accounts = draw(st.lists(st.sampled_from([HOME, SECOND, THIRD]), max_size=3))
    trails: dict[str, Json] = {}
    for number, account in enumerate(accounts):
        home = draw(st.sampled_from([region, _other(region)]))
        name = f"arn:{partition}:cloudtrail:{home}:{account}:trail/trail-{number}"
        trails[name] = draw(_trail(place, _some(*own, *elsewhere), key))
    stores = {
        f"arn:{partition}:cloudtrail:{region}:{HOME}:eventdatastore/EXAMPLE-f852-4e8f-8bd1-bcf6cEXAMPL{number}": draw(
            st.fixed_dictionaries(
                {"key": st.just(key)},
                optional={
                    "users": _some(*own),
                    "import_roles": st.dictionaries(
                        st.sampled_from([f"{iam}{HOME}:role/Import", f"{iam}{HOME}:role/CloudTrailReadRole"]),
                        st.sampled_from([None, {"bucket": "example-logs"}, {"bucket": "old-logs", "key": key}]),
                    ),
                },
            )
        )
        for number in range(draw(st.integers(0 if trails else 1, 2)))
    }
    expected: dict[str, Json] = {
        "keys": {key: {"administrators": draw(_some(f"{iam}{HOME}:role/KeyAdmin", own[0]))}},
        "trails": trails,
        "event_data_stores": stores,
    }
    if draw(st.booleans()):
        expected["keys"][key]["encrypting_accounts"] = {FOURTH: None}
    if draw(st.booleans()):
        expected["accounts"] = {account: {} for account in (HOME, SECOND, THIRD, FOURTH)}
        expected["organization"] = {"id": "o-a1b2c3d4e5", "management_account": HOME}
        for arn, trail in trails.items():
            if f":{HOME}:" in arn and draw(st.booleans()):
                trail["organization"] = True
    if draw(st.booleans()):
        expected["principals"] = {own[2]: {"assumed_by": {f"{iam}{SECOND}:root": None}}}
    return key, expected


def _other(region: str) -> str:
    return {"us-east-1": "eu-west-1", "cn-north-1": "cn-northwest-1", "us-gov-west-1": "us-gov-east-1"}[region]
