"""Single requests against a key policy: the cases of `ctkms simulate`, read, checked and decided."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from ctkms_opa import arn, inputs
from ctkms_opa.errors import CtkmsError, EngineError, InputError, ParseError
from ctkms_opa.expectation_schema import did_you_mean
from ctkms_opa.formats.escape import in_json
from ctkms_opa.json_text import MAX_BYTES, parse_json
from ctkms_opa.places import Place

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from typing import BinaryIO

    from ctkms_opa.engine import Engine
    from ctkms_opa.positions import Duplicate

_CASE = ("id", "policy", "request", "identity_policies")
_REQUEST = ("principal", "action", "resource", "context", "unknown", "absent", "identity_policies")

_STATEMENT = ("Sid", "Effect", "Action", "NotAction", "Resource", "NotResource", "Condition")
_SERVICE = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)+")
_ACTION = re.compile(r"[A-Za-z0-9-]+:[A-Za-z0-9]+")

UNKNOWN = "ctkms:unknown"
"""The member of the object that stands for a value that is not known yet."""

_known_actions: WeakKeyDictionary[Engine, dict[str, str]] = WeakKeyDictionary()


def decide(engine: Engine, case: dict[str, Any], *, explain: bool = False) -> dict[str, Any]:
    """The decision on a case (policy, request, identity_policies), with every statement's every element if asked for.

    Raises:
        InputError: A member of the case is missing or of the wrong type.
        EngineError: The engine failed.
    """
    asked = {**_question(case), "complete": True}
    _check_operation(engine, asked["request"]["action"])
    answer = engine.explain(asked) if explain else engine.simulate(asked)
    decided = {name: answer[name] for name in ("decision", "allowed_by", "denied_by")}
    return {**decided, "explain": answer["statements"]} if explain else decided


def key_policy(engine: Engine, path: str) -> Any:
    """The key policy in a file (`-`: standard input), whatever form `ctkms check` knows it stands in there.

    Raises:
        InputError: The file cannot be read, or holds no key policy.
    """
    document = _read(path)
    keys = engine.documents({"document": document.value, "source": document.label, "key": None})
    places = [Place(document, key["place"]) for key in keys]
    held = [(key["policy"], place) for key, place in zip(keys, places, strict=True) if key["policy"] is not None]
    if len(held) != 1:
        problem = keys[0]["problem"] if len(keys) == 1 else f"it holds {len(held)} key policies, not one"
        raise InputError(f"is not a key policy: {problem}", document.label)
    policy, place = held[0]
    _refuse_duplicates(place.duplicates(), document.label)
    return policy


def policy_file(path: str) -> Any:
    """The policy in a file.

    Raises:
        InputError: The file cannot be read.
    """
    document = _read(path)
    _refuse_duplicates(document.parsed.duplicates, document.label)
    return document.value


def _read(path: str) -> inputs.Document:
    (found,) = inputs.read_documents([path]) if path == "-" else [inputs.read_document(path)]
    if isinstance(found, InputError):
        raise found
    return found


def _refuse_duplicates(duplicates: Sequence[Duplicate], label: str) -> None:
    if duplicates:
        twice = duplicates[0]
        raise InputError(f"the member {json.dumps(twice.name)} stands here a second time", label, *twice.position)


class Batch:
    """Cases as JSON Lines, decided one by one."""

    def __init__(self, engine: Engine, *, explain: bool = False) -> None:
        """Takes the engine that decides, and whether every line is to be explained."""
        self._engine = engine
        self._explain = explain
        self.bad_lines = 0
        """How many lines could not be decided."""
        self.engine_failed = False
        """Whether the engine failed on one of them."""
        self.decided = 0
        """How many lines have a decision."""
        self.undecided = 0
        """How many of these decisions are that it cannot be told."""

    def run(self, lines: Iterable[bytes]) -> Iterator[str]:
        """The answer to each line that is not blank, in order, as a line of JSON."""
        for line in lines:
            if line.strip():
                yield in_json(json.dumps(self._answer(line))) + "\n"

    def _answer(self, line: bytes) -> dict[str, Any]:
        identity = None
        try:
            case = _object(parse(line), "the line")
            identity = case.get("id")
            _no_misspelt_member(case)
            decided = decide(self._engine, case, explain=self._explain)
        except CtkmsError as error:
            self.bad_lines += 1
            self.engine_failed |= isinstance(error, EngineError)
            return {"id": identity, "error": error.message}
        self.decided += 1
        self.undecided += decided["decision"] == "unknown"
        return {"id": identity, **decided}


def lines_of(stream: BinaryIO) -> Iterator[bytes]:
    """The lines of a stream; of one that is longer than what is read at all, the beginning, which is refused for it."""
    while line := stream.readline(MAX_BYTES + 1):
        rest = line
        while len(rest) > MAX_BYTES and not rest.endswith(b"\n"):
            rest = stream.readline(MAX_BYTES + 1)
        yield line


def parse(text: bytes | str) -> Any:
    """A JSON value, read as strictly as a policy file: no member twice in an object, no NaN, no half characters.

    Raises:
        InputError: The text is not that.
    """
    try:
        if isinstance(text, bytes):
            text = text.decode("utf-8-sig")
        parsed = parse_json(text)
    except ParseError as error:
        raise InputError(f"not JSON: {error.message}, at column {error.column}") from None
    except UnicodeDecodeError as error:
        raise InputError(f"not UTF-8: byte {error.start + 1}") from None
    if parsed.duplicates:
        raise InputError(f"the member {json.dumps(parsed.duplicates[0].name)} stands twice in one object")
    return parsed.value


def _question(case: dict[str, Any]) -> dict[str, Any]:
    """The engine's input for a case; a policy may also be a string that holds JSON."""
    request = _object(_member(case, "request"), '"request"')
    _known_members(request, _REQUEST, '"request"')
    for name, check in (("principal", _check_principal), ("action", _check_action)):
        if not isinstance(_member(request, name, '"request"'), str):
            raise InputError(f'"{name}" of "request" is not a string')
        problem = check(request[name])
        if problem:
            raise InputError(problem)
    resource = _member(request, "resource", '"request"')
    if not isinstance(resource, str) and not _is_unknown(resource):
        raise InputError('"resource" of "request" is not a string')
    _check_context(request.get("context", {}))
    for name in ("unknown", "absent"):
        _strings(request.get(name, []), f'"{name}" of "request"')
    identity = case.get("identity_policies", request.get("identity_policies"))
    if identity is not None:
        if not isinstance(identity, list):
            raise InputError('"identity_policies" is not a list')
        policies = [_policy(policy, "an identity policy") for policy in identity]
        for policy in policies:
            _identity_policy(policy)
        request = {**request, "identity_policies": policies}
    return {"policy": _policy(_member(case, "policy"), '"policy"'), "request": request}


def _policy(policy: Any, what: str) -> dict[str, Any]:
    if isinstance(policy, str):
        try:
            policy = parse(policy)
        except InputError as error:
            raise InputError(f"{what} is a string, but {error.message}") from None
    return _object(policy, what)


def _check_principal(text: str) -> str | None:
    """Refuses a caller that nobody can be: what nobody is called, no statement lists, and the answer would mislead."""
    if text == "*" or _SERVICE.fullmatch(text) or arn.check_account(text) is None:
        return None
    if text.startswith("arn:") or text.isdigit():
        return arn.check_principal(text) if text.startswith("arn:") else arn.check_account(text)
    return f'"{text}" is no caller: it is an ARN, a service (cloudtrail.amazonaws.com), an account id, or *'


def _check_action(text: str) -> str | None:
    """Refuses an action that no request has: what an Action may say with wildcards, a request says exactly."""
    if _ACTION.fullmatch(text):
        return None
    return f'"{text}" is no action of a request: write the service and the operation, as kms:Decrypt'


def _check_operation(engine: Engine, action: str) -> None:
    """Refuses an operation that KMS does not have: no policy allows it, and the answer would mislead."""
    if not action.lower().startswith("kms:"):
        return
    if engine not in _known_actions:
        _known_actions[engine] = {f"kms:{name}".lower(): f"kms:{name}" for name in engine.operations()}
    known = _known_actions[engine]
    if action.lower() not in known:
        raise InputError(f'KMS has no permission "{action}"{did_you_mean(action, known.values())}')


def _identity_policy(policy: dict[str, Any]) -> None:
    """Refuses an IAM policy with members that would go unread."""
    if _is_unknown(policy):
        return
    _known_members(policy, ("Version", "Id", "Statement"), "an identity policy")
    statements = policy.get("Statement", [])
    for statement in statements if isinstance(statements, list) else [statements]:
        if isinstance(statement, dict) and not _is_unknown(statement):
            _known_members(statement, _STATEMENT, "a statement of an identity policy")


def _check_context(context: Any) -> None:
    spellings: dict[str, str] = {}
    for key, value in _object(context, '"context" of "request"').items():
        if spellings.setdefault(key.lower(), key) != key:
            twice = f"{json.dumps(spellings[key.lower()])} and {json.dumps(key)}"
            raise InputError(f"{twice} in the context are one condition key: case does not matter in their names")
        values = value if isinstance(value, list) else [value]
        if not all(isinstance(one, str | int | float) or _is_unknown(one) for one in values):
            raise InputError(
                f"the context value of {json.dumps(key)} is no string, number or boolean, nor a list of them"
            )


def _strings(value: Any, what: str) -> None:
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise InputError(f"{what} is not a list of strings")


def _is_unknown(value: Any) -> bool:
    return isinstance(value, dict) and set(value) == {UNKNOWN}


def _known_members(value: dict[str, Any], known: tuple[str, ...], what: str) -> None:
    """Refuses a member that would go unread: a misspelt context would decide another request."""
    for name in value:
        if name not in known:
            raise InputError(f"{what} has no member {json.dumps(name)}{did_you_mean(name, known)}")


def _no_misspelt_member(case: dict[str, Any]) -> None:
    """Refuses a member of a line that was meant to be one of ours; others are the sender's own business."""
    for name in case:
        hint = "" if name in _CASE else did_you_mean(name, _CASE)
        if hint:
            raise InputError(f"the line has the member {json.dumps(name)}{hint}")


def _object(value: Any, what: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise InputError(f"{what} is not an object")
    return value


def _member(owner: dict[str, Any], name: str, what: str = "the line") -> Any:
    if name not in owner:
        raise InputError(f'{what} has no "{name}"')
    return owner[name]
