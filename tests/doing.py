"""Remedies done to the letter: what a finding advises is done to the policy, and nothing besides."""

from __future__ import annotations

import copy
import json
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

Json = Any

_STATEMENT = r"statement (\d+)(?: \(.*?\))?"


def done(policy: Json, remedy: str, finding: Json) -> Json:
    """The policy once a remedy that was tried is done; None where it is about something else than the policy."""
    policy = copy.deepcopy(policy)
    if not isinstance(policy["Statement"], list):
        policy["Statement"] = [policy["Statement"]]
    for pattern, do in _REMEDIES:
        match = re.search(pattern, remedy, re.DOTALL)
        if match:
            do(policy["Statement"], match, finding)
            return policy
    assert re.search(r"IAM policy with this statement|trust policy", remedy), f"nobody does this here: {remedy}"
    return None


def _add_statement(statements: Json, match: re.Match[str], _: Json) -> None:
    statements.append(json.loads(match[1]))


def _put(statements: Json, match: re.Match[str], _: Json) -> None:
    statement = statements[int(match[2]) - 1]
    condition = statement.setdefault("Condition", {})
    if match[3]:
        for block in condition.values():
            _take(block, "aws:SourceArn")
    _into(condition, json.loads(f"{{{match[1]}}}"))


def _add_to_condition(statements: Json, match: re.Match[str], _: Json) -> None:
    _into(statements[int(match[2]) - 1].setdefault("Condition", {}), json.loads(f"{{{match[1]}}}"))


def _add_condition(statements: Json, match: re.Match[str], finding: Json) -> None:
    _into(statements[finding.statement.index].setdefault("Condition", {}), json.loads(match[1]))


def _into(condition: Json, new: Json) -> None:
    for operator, keys in new.items():
        condition.setdefault(operator, {}).update(keys)


def _take(block: Json, name: str) -> None:
    for key in [key for key in block if key.lower() == name.lower()]:
        del block[key]


def _change_values(statements: Json, match: re.Match[str], _: Json) -> None:
    condition = statements[int(match[1]) - 1]["Condition"]
    for value, name, operator in re.findall(r'add ("[^"]*") to the values of (\S+) \((.+?)\)', match[2]):
        block = condition[operator]
        old = block[name] if isinstance(block[name], list) else [block[name]]
        block[name] = [*old, json.loads(value)]
    for name, new, operator in re.findall(r"compare (\S+) with (\S+) instead of (\S+?)(?: and|$)", match[2]):
        condition.setdefault(new, {})[name] = condition[operator].pop(name)


def _add_account(statements: Json, match: re.Match[str], _: Json) -> None:
    for block in statements[int(match[3]) - 1]["Condition"].values():
        if match[2] in block:
            old = block[match[2]] if isinstance(block[match[2]], list) else [block[match[2]]]
            block[match[2]] = [*old, json.loads(match[1])]


def _remove(statements: Json, match: re.Match[str], _: Json) -> None:
    for name in match[1].split(" and "):
        for block in statements[int(match[2]) - 1]["Condition"].values():
            _take(block, name)


def _write_actions(statements: Json, match: re.Match[str], finding: Json) -> None:
    statement = statements[finding.statement.index]
    if match[2]:
        del statement["NotAction"]
    statement["Action"] = json.loads(match[1])


def _write_value(statements: Json, match: re.Match[str], finding: Json) -> None:
    index = finding.statement.index
    text = json.dumps(statements[index])
    statements[index] = json.loads(re.sub(re.escape(match[1]), match[1], text, flags=re.IGNORECASE))


def _take_decrypt(statements: Json, match: re.Match[str], _: Json) -> None:
    statement = statements[int(match[1]) - 1]
    actions = statement["Action"] if isinstance(statement["Action"], list) else [statement["Action"]]
    kept = [action for action in actions if action.lower() != "kms:decrypt"]
    if kept:
        statement["Action"] = kept
    else:
        statements.remove(statement)
    statements.append(json.loads(match[2]))


_REMEDIES: list[tuple[str, Callable[[Json, re.Match[str], Json], None]]] = [
    (rf"Let {_STATEMENT} no longer give them kms:Decrypt, and add this statement \(tried.*?\): (.*)$", _take_decrypt),
    (r"(?:Add this statement|a statement of its own) \(tried[^)]*\): (\{.*\})$", _add_statement),
    (rf'Put ("ArnEquals": \{{.*?\}}) into the Condition of {_STATEMENT}(, in place of [^(]*)? \(tried', _put),
    (rf'Add (".*?": \{{.*?\}}) to the Condition of {_STATEMENT}[^(]* \(tried', _add_to_condition),
    (r"Add this condition \(tried[^)]*\): (\{.*\})$", _add_condition),
    (rf"In {_STATEMENT}, (.*) \(tried", _change_values),
    (rf'Add ("[^"]*") to the values of (\S+) in {_STATEMENT} \(tried', _add_account),
    (rf"Remove (.*?) from {_STATEMENT} \(tried", _remove),
    (r'Write "Action": (\[.*?\])(, in place of "NotAction")? \(tried', _write_actions),
    (r"Write (\S+) \(tried", _write_value),
]
