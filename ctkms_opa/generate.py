"""Key policies from expectations: for each key the policy that lets in whom the expectations name, and nobody else."""

from __future__ import annotations

import copy
import datetime
from operator import itemgetter
from typing import TYPE_CHECKING, Any, NamedTuple

from ctkms_opa import arn, engine, pack
from ctkms_opa.checker import Checker
from ctkms_opa.errors import UsageError
from ctkms_opa.expectations import Expectations, from_value, keys_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ctkms_opa.report import Finding

KEY_POLICY, IAM_POLICY, TRUST_POLICY = "key-policy", "iam-policy", "trust-policy"
_NO_POLICY = {"Version": "2012-10-17", "Statement": []}
_SUBJECTS = ("trails", "event_data_stores")


class Generated(NamedTuple):
    """A policy that was made.

    Attributes:
        kind: ``key-policy``, ``iam-policy`` or ``trust-policy``.
        owner: The ARN of the key, or that of the user or role that the policy is for.
        name: A name for files, of letters, digits, dots and hyphens.
        document: The policy.
    """

    kind: str
    owner: str
    name: str
    document: dict[str, Any]


class Result(NamedTuple):
    """What was made for one key.

    Attributes:
        policies: The key policy, then the policies that others need besides it.
        findings: What the rules still have to say, the policies in force, with what AWS recommends demanded.
    """

    policies: list[Generated]
    findings: list[Finding]


class Generator:
    """Makes key policies from expectations. Belongs to the thread that made it."""

    def __init__(self, expectations: Expectations) -> None:
        """Prepares the engine.

        Raises:
            EngineError: The rules cannot be loaded.
        """
        self._expectations = expectations
        self._engine = engine.InterpretedEngine(pack.load())
        self._engine.expect(expectations.value)

    def keys(self) -> list[str]:
        """The ARNs of the keys that the expectations speak of, sorted.

        Raises:
            UsageError: They speak of none.
        """
        declared = self._expectations.value.get("keys")
        found = {key for section in _SUBJECTS for _, key in keys_of(self._expectations, section)}
        found |= set(declared if isinstance(declared, dict) else ())
        found = {key for key in found if arn.check_key(key) is None}
        if not found:
            raise UsageError("no key is known to make a policy for: name it with --key, or in the expectations")
        return sorted(found)

    def generate(self, key: str) -> Result:
        """Makes the policy of a key, and what others need besides it. The result was judged, as strictly as it can be.

        Args:
            key: The key's ARN.

        Raises:
            UsageError: It is no key's ARN, or the expectations do not say enough.
            EngineError: The engine failed.
        """
        problem = arn.check_key(key)
        if problem:
            raise UsageError(problem)
        wrapper = {"document": _NO_POLICY, "source": "new policy", "key": key, "profile": "hardened"}
        (found,) = self._engine.documents(wrapper)
        today = str(datetime.date.today())
        added = self._engine.additions({"key": found, "profile": "hardened", "today": today})
        document = {**_NO_POLICY, "Statement": added["statements"]}
        stem = _stem(key)
        companions = [
            Generated(kind, owner, f"{stem}-{kind}-{_stem(owner)}", needed)
            for kind, owner, needed in map(itemgetter("kind", "principal", "document"), added["companions"])
        ]
        policies = list(_told_apart([Generated(KEY_POLICY, key, stem, document), *companions]))
        return Result(policies, self._judged(key, policies))

    def _judged(self, key: str, policies: list[Generated]) -> list[Finding]:
        """What the rules say of the policies, all in force; notes left out.

        Raises:
            UsageError: They cannot tell whether the key policy is right.
        """
        report = Checker(from_value(_in_force(self._expectations.value, policies)), profile="hardened").check_policy(
            policies[0].document, key
        )
        open_questions = [reason for one in report.keys for reason in one.cannot_tell]
        if open_questions:
            raise UsageError(f"no policy can be made for {key}: nobody can tell {'; '.join(open_questions)}")
        return [finding for finding in report.findings if finding.level != "note"]


def _in_force(expected: Mapping[str, object], policies: list[Generated]) -> dict[str, object]:
    """The expectations once the policies that others need are given to them."""
    value: dict[str, Any] = copy.deepcopy(dict(expected))
    for one in policies[1:]:
        owner = value.setdefault("principals", {}).setdefault(one.owner, {})
        if one.kind == TRUST_POLICY:
            owner["trust_policy"] = one.document
        else:
            owner.setdefault("identity_policies", {})[one.name] = one.document
    return value


def _stem(name: str) -> str:
    """What tells an ARN apart, as a name for files: account, Region and what comes after."""
    parts = arn.split(name)
    if parts is None:
        return name
    kind, _, rest = parts.resource.partition("/")
    words = [parts.account, parts.region, rest if kind == "key" else parts.resource]
    return "-".join("".join(char if char.isalnum() or char == "." else "-" for char in word) for word in words if word)


def _told_apart(policies: list[Generated]) -> Iterator[Generated]:
    """The policies with names of their own; names of people may differ in what files cannot be called."""
    seen: dict[str, int] = {}
    for one in policies:
        seen[one.name] = seen.get(one.name, 0) + 1
        yield one if seen[one.name] == 1 else one._replace(name=f"{one.name}-{seen[one.name]}")
