"""Judges the keys of a template in all variants of it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from ctkms_opa.arn import account_of
from ctkms_opa.expectation_schema import is_unknown
from ctkms_opa.judgement import Judgement

from .functions import substituted
from .merge import Merge, Seen
from .template import KEY, REPLICA_KEY, Template
from .variants import variants

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from ctkms_opa.errors import InputError
    from ctkms_opa.inputs import Document
    from ctkms_opa.report import Level

    from .assumption import Given
    from .variant import Variant
    from .variants import Variants


class Rules(NamedTuple):
    """How the rules are asked.

    Attributes:
        keys: Returns the key objects of a document.
        judge: Judges a key object of a document; the last argument turns what the rules say into what people read.
        earlier: Returns what a key object says of its earlier version, in one way to deploy the template.
    """

    keys: Callable[[Document], list[dict[str, Any]]]
    judge: Callable[[Document, dict[str, Any], Callable[[Any], Any]], Judgement | InputError]
    earlier: Callable[[Variant, dict[str, Any]], dict[str, object]]


def judge(
    document: Document, given: Given, expected: Mapping[str, object], rules: Rules, fail_on: Level
) -> Iterator[Judgement | InputError]:
    """Judges every key of a template.

    Args:
        document: The template.
        given: What the user says about the deployment.
        expected: The expectations.
        rules: How the rules are asked.
        fail_on: The lowest level of a finding that makes the verdict ``fail``.

    Yields:
        For each key, and for each trail or store whose key the template does not show, what holds in all variants.
    """
    found = variants(document.parsed, given, _mentioned(expected))
    parts: dict[tuple[str, str], list[tuple[int, Document, dict[str, Any]]]] = {}
    for index, variant in enumerate(found.all):
        resolved = document.as_read(variant.parsed)
        for key in rules.keys(resolved):
            asked = key | rules.earlier(variant, key)
            parts.setdefault((key["kind"], str(key["place"]["path"][1])), []).append((index, resolved, asked))
    shown = _shown(found.shown)
    template = Template(document.value)
    for (_, name), part in parts.items():
        judged = _judge_part(part, found, shown, rules, fail_on)
        # In a policy that is text, names are replaced as they stand.
        takes_functions = "Statement" in _map(template.properties(name).get("KeyPolicy", {"Statement": []}))
        yield _with_functions(judged) if takes_functions and isinstance(judged, Judgement) else judged


def existing_keys(document: Document, arns: Sequence[str]) -> dict[str, str]:
    """Returns which key of a template is the one with the ARN: sure only where there is one of each."""
    names = Template(document.value).of_type(KEY, REPLICA_KEY)
    return {names[0]: arns[0]} if len(names) == len(arns) == 1 else {}


def _judge_part(
    part: Sequence[tuple[int, Document, dict[str, Any]]],
    found: Variants,
    shown: Callable[[Any], Any],
    rules: Rules,
    fail_on: Level,
) -> Judgement | InputError:
    """Judges one key in all variants that make it."""
    part = sorted(part, key=lambda one: not _is_used(one[2]))
    used = _is_used(part[0][2])
    said: dict[str, Judgement] = {}
    seen: list[Seen] = []
    for index, document, key in part:
        # Where nothing uses the key in one variant, but something in another, there is nothing to ask in the first.
        asked = {**key, "unused": key["unused"] or (used and not _is_used(key))}
        same = json.dumps([asked, key["place"]], sort_keys=True)
        if same not in said:
            judged = rules.judge(document, asked, shown)
            if not isinstance(judged, Judgement):
                return judged
            said[same] = judged
        variant = found.all[index]
        seen.append(Seen(shown(variant.assumption.values), shown(variant.names()), said[same]))
    merged = Merge(seen, found.conditions, fail_on, complete=found.complete).result()
    return merged._replace(cannot_tell=(*merged.cannot_tell, *found.doubts))


def _with_functions(judged: Judgement) -> Judgement:
    """The same, with functions in the remedies' statements, as a template has them."""
    return judged._replace(
        findings=tuple(one._replace(remediation=_remedy(one.remediation)) for one in judged.findings)
    )


def _remedy(remediation: str) -> str:
    """A remedy with functions in the statement at its end."""
    words, brace, rest = remediation.partition("{")
    try:
        statement = json.loads(brace + rest)
    except ValueError:
        return remediation
    return words + json.dumps(substituted(statement), separators=(",", ":"), ensure_ascii=False)


def _is_used(key: Mapping[str, Any]) -> bool:
    return bool(key["trails"] or key["event_data_stores"] or key["topics"])


def _shown(made_up: Mapping[str, str]) -> Callable[[Any], Any]:
    """What turns data with values that were made up into what people read."""
    values = sorted(made_up, key=len, reverse=True)

    def shown(value: Any) -> Any:
        if isinstance(value, dict):
            return {shown(name) if isinstance(name, str) else name: shown(one) for name, one in value.items()}
        if isinstance(value, list):
            return [shown(one) for one in value]
        if isinstance(value, str):
            for one in values:
                value = value.replace(one, made_up[one])
        return value

    return shown


def _mentioned(expected: Mapping[str, object]) -> list[str]:
    """The ARNs and account ids of the expectations that tell deployments apart.

    Of accounts that are only declared, one stands for all: nothing makes a difference between them.
    """
    arns = [name for section in ("keys", "trails", "event_data_stores") for name in _map(expected.get(section))]
    organization = _map(expected.get("organization")).get("management_account")
    known = {account_of(arn) for arn in arns} | {organization}
    others = [account for account in _map(expected.get("accounts")) if account not in known]
    return [*arns, *([organization] if isinstance(organization, str) else []), *others[:1]]


def _map(value: object) -> Mapping[str, object]:
    return value if isinstance(value, dict) and not is_unknown(value) else {}
