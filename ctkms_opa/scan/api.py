"""Calls to the AWS APIs: what may not be read is noted with the permission that is missing, and the rest goes on."""

from __future__ import annotations

import datetime
import os
from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

import botocore.exceptions
import botocore.parsers
from botocore.config import Config

from ctkms_opa.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    import boto3

# Where AWS throttles, later calls wait, too. https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html
_MODE = "adaptive"
_ATTEMPTS = 10
_FAILURES = 2
_SERVER_ERROR = 500
_THROTTLES = frozenset({"SlowDown"})  # the only throttling that has the status of a server's error: that of S3

PERMISSIONS = {
    ("cloudtrail", "describe_trails"): "cloudtrail:DescribeTrails",
    ("cloudtrail", "list_event_data_stores"): "cloudtrail:ListEventDataStores",
    ("cloudtrail", "get_event_data_store"): "cloudtrail:GetEventDataStore",
    ("ec2", "describe_regions"): "ec2:DescribeRegions",
    ("kms", "describe_key"): "kms:DescribeKey",
    ("kms", "get_key_policy"): "kms:GetKeyPolicy",
    ("kms", "list_aliases"): "kms:ListAliases",
    ("organizations", "describe_organization"): "organizations:DescribeOrganization",
    ("s3", "get_bucket_encryption"): "s3:GetEncryptionConfiguration",
    ("s3", "get_bucket_location"): "s3:GetBucketLocation",
    ("s3", "list_buckets"): "s3:ListAllMyBuckets",
    ("sns", "get_topic_attributes"): "sns:GetTopicAttributes",
}
"""The IAM permission of every call that a scan makes (https://docs.aws.amazon.com/service-authorization/latest/reference/)."""

_HOLDS = {
    "describe_trails": ("trailList", "TrailARN"),
    "list_event_data_stores": ("EventDataStores", "EventDataStoreArn"),
    "describe_regions": ("Regions", "RegionName"),
    "describe_key": ("KeyMetadata", "Arn"),
    "get_key_policy": ("Policy",),
    "get_topic_attributes": ("Attributes",),
    "list_aliases": ("Aliases", "AliasName"),
    "get_caller_identity": ("Account",),
}
"""What an answer must hold to be one: a member, and what is in it or in each that it lists."""

_NO_SESSION = (
    botocore.exceptions.NoCredentialsError,
    botocore.exceptions.PartialCredentialsError,
    botocore.exceptions.CredentialRetrievalError,
    botocore.exceptions.ProfileNotFound,
    botocore.exceptions.NoRegionError,
    botocore.exceptions.SSOTokenLoadError,
    botocore.exceptions.TokenRetrievalError,
    botocore.exceptions.UnauthorizedSSOTokenError,
)
_EXPIRED = frozenset({"ExpiredToken", "ExpiredTokenException", "RequestExpired"})


class _MalformedError(Exception):
    """An answer that AWS does not give."""


# botocore's parsers fall over answers of another shape in several ways.
_MALFORMED = (
    _MalformedError,
    botocore.parsers.ResponseParserError,
    AttributeError,
    KeyError,
    TypeError,
    ValueError,
)
_MOST_WORDS = 300


class _Call(NamedTuple):
    service: str
    method: str
    resource: str
    region: str | None
    absent: str | None = None


class Api:
    """The AWS APIs as one account's credentials see them.

    Attributes:
        missing: What could not be read, as the inventory holds it: resource, permission and why.
    """

    def __init__(self, session: boto3.Session) -> None:
        """Makes no call."""
        self._session = session
        self._config = _config(session)
        self._failed: Counter[tuple[str, str]] = Counter()
        self._broken: dict[tuple[str, str], str] = {}
        self._clients: dict[tuple[str, str | None], Any] = {}
        self.missing: list[dict[str, str]] = []

    def caller(self) -> str:
        """The account that is scanned.

        Raises:
            UsageError: There are no credentials that AWS accepts, or AWS cannot be reached.
        """
        try:
            client = self._client("sts", self._session.region_name)
            said = _checked(client, "get_caller_identity", client.get_caller_identity())
        except botocore.exceptions.ClientError as error:
            raise UsageError(f"AWS refuses the credentials: {reason(error)}") from None
        except botocore.exceptions.BotoCoreError as error:
            raise UsageError(_no_session(error)) from None
        except _MALFORMED as error:
            raise UsageError(f"AWS does not say whose account it is: {_malformed(error)}") from None
        account: str = said["Account"]
        return account

    def own_regions(self) -> list[str]:
        """The Region that the credentials come with."""
        region = self._session.region_name
        return [region] if region else []

    def read(
        self, service: str, call: str, resource: str, region: str | None, *, absent: str | None = None, **arguments: Any
    ) -> dict[str, Any] | None:
        """One call; None where it cannot be made, which is noted.

        Args:
            service: As boto3 names it.
            call: A method of the service's client that is in `PERMISSIONS`.
            resource: What is read: an ARN, the name of a bucket, or a Region.
            region: The Region to ask; None for the session's.
            absent: The error code that says that there is nothing to read, which is an answer.
            arguments: The call's arguments.

        Raises:
            UsageError: The credentials have expired meanwhile.
        """
        return next(
            self._answers(
                _Call(service, call, resource, region, absent), lambda client: [getattr(client, call)(**arguments)]
            ),
            None,
        )

    def pages(
        self, service: str, call: str, resource: str, region: str | None, **arguments: Any
    ) -> Iterator[dict[str, Any]]:
        """All pages of a call; fewer where one cannot be read, which is noted. For the rest, see `read`."""
        return self._answers(_Call(service, call, resource, region), lambda client: _pages(client, call, arguments))

    def _answers(self, call: _Call, ask: Callable[[Any], Iterable[dict[str, Any]]]) -> Iterator[dict[str, Any]]:
        broken = self._broken.get((call.service, call.method))
        if broken is not None:
            self._note(call, broken)
            return
        try:
            client = self._client(call.service, call.region)
            for said in ask(client):
                yield _checked(client, call.method, said)
        except botocore.exceptions.ClientError as error:
            code = error.response.get("Error", {}).get("Code", "")
            if code in _EXPIRED:
                raise UsageError(f"the credentials have expired: {reason(error)}") from None
            if code == call.absent:
                yield {}
                return
            self._note(call, reason(error))
            self._note_broken(call, error)
        except _NO_SESSION as error:
            raise UsageError(_no_session(error)) from None
        except (botocore.exceptions.ConnectionError, botocore.exceptions.HTTPClientError) as error:
            self._note(call, str(error))
        except (botocore.exceptions.BotoCoreError, *_MALFORMED) as error:
            self._note(call, _malformed(error))

    def _note(self, call: _Call, why: str) -> None:
        entry = {"resource": call.resource, "permission": PERMISSIONS[call.service, call.method], "why": why}
        if entry not in self.missing:
            self.missing.append(entry)

    def _note_broken(self, call: _Call, error: botocore.exceptions.ClientError) -> None:
        """After all attempts at two calls of a method failed in the service itself, no further one is made."""
        status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
        if status < _SERVER_ERROR or error.response.get("Error", {}).get("Code") in _THROTTLES:
            return
        key = (call.service, call.method)
        self._failed[key] += 1
        if self._failed[key] == _FAILURES:
            self._broken[key] = f"not asked, for it failed {_FAILURES} times: {reason(error)}"

    def _client(self, service: str, region: str | None) -> Any:
        where = (service, region)
        if where not in self._clients:
            try:
                self._clients[where] = self._session.client(service, region_name=region, config=self._config)
            except ValueError as error:
                raise UsageError(f"the AWS configuration cannot be used: {error}") from None
        return self._clients[where]


def _checked(client: Any, call: str, said: dict[str, Any]) -> dict[str, Any]:
    """An answer in which everything has the type that AWS documents, and what makes it one is there.

    Raises:
        _MalformedError: It is no such answer.
    """
    shape = client.meta.service_model.operation_model(client.meta.method_to_api_mapping[call]).output_shape
    content = {member: value for member, value in said.items() if member != "ResponseMetadata"}
    odd = _misfit(content, shape)
    if odd is not None:
        raise _MalformedError(odd)
    if call in _HOLDS:
        member, *inner = _HOLDS[call]
        found = content.get(member)
        entries: list[Any] = found if isinstance(found, list) else [found]
        if found is None or any(name not in entry for name in inner for entry in entries):
            raise _MalformedError(f"it has no {'.'.join(_HOLDS[call])}")
    return said


_TYPES: dict[str, Any] = {
    "structure": (dict,),
    "map": (dict,),
    "list": (list,),
    "boolean": (bool,),
    "timestamp": (datetime.datetime,),
    "string": (str,),
}
"""The types that a value may have in Python; of other kinds, which a scan does not read, any."""


def _misfit(value: Any, shape: Any) -> str | None:
    """The first value that has not the type that AWS's model of the answer says, as words; None where all have."""
    if value is None:
        return None
    if not isinstance(value, _TYPES.get(shape.type_name, object)):
        return f"{shape.name} is no {shape.type_name}"
    if shape.type_name == "structure":
        parts = [(value[name], inner) for name, inner in shape.members.items() if name in value]
    elif shape.type_name == "map":
        parts = [(one, shape.value) for one in value.values()]
    else:
        parts = [(one, shape.member) for one in value] if shape.type_name == "list" else []
    return next(filter(None, (_misfit(one, inner) for one, inner in parts)), None)


def _malformed(error: Exception) -> str:
    """What is wrong with an answer, on one line, without all that it holds."""
    return f"the answer is malformed: {' '.join(str(error).split())[:_MOST_WORDS]}"


def _config(session: boto3.Session) -> Config:
    """How calls are made; what the user says of retries (AWS_RETRY_MODE, AWS_MAX_ATTEMPTS, the profile) holds."""
    core = session._session  # noqa: SLF001 - boto3 has no way to ask for what is configured
    attempts = core.get_config_variable("max_attempts")
    # As a variable it has botocore's default, so that nobody could tell whether the user said it.
    mode = os.environ.get("AWS_RETRY_MODE") or core.get_scoped_config().get("retry_mode") or _MODE
    return Config(
        connect_timeout=10,
        read_timeout=30,
        retries={"mode": mode, "total_max_attempts": _ATTEMPTS if attempts is None else attempts},
        user_agent_extra="ctkms",
    )


def reason(error: botocore.exceptions.ClientError) -> str:
    """What AWS answered: the code and the message, on one line."""
    said = error.response.get("Error", {})
    return " ".join(f"{said.get('Code', 'an error')}: {said.get('Message', '')}".split())


def _pages(client: Any, call: str, arguments: dict[str, Any]) -> Iterator[dict[str, Any]]:
    if client.can_paginate(call):
        yield from client.get_paginator(call).paginate(**arguments)
        return
    # boto3 knows no pages of ListEventDataStores, which has them.
    page = getattr(client, call)(**arguments)
    yield page
    while page.get("NextToken"):
        page = getattr(client, call)(**arguments, NextToken=page["NextToken"])
        yield page


def _no_session(error: Exception) -> str:
    if isinstance(error, _NO_SESSION):
        return f"there are no AWS credentials to scan with: {error}"
    return f"AWS cannot be reached: {error}"
