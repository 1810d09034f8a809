"""What several commands of the AWS CLI printed into the files of one folder, judged together.

``get-key-policy`` does not say whose policy it prints, and no other command prints one. So the outputs of a folder are
gathered into an inventory (``policies/ctkms/documents/inventory/``), if a key policy and something else are there.
"""

from __future__ import annotations

import json
import os.path
import re
from typing import TYPE_CHECKING, NamedTuple

from .expectation_schema import UNKNOWN, is_unknown
from .files import Found

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from .inputs import Document, Input

    Step = str | int | None
    Where = Mapping[str, Sequence[Step]]

_BEGINNING = 400
_MEMBERS = (
    rb"(Policy|KeyMetadata|trailList|Trail|EventDataStoreArn|EventDataStores|ServerSideEncryptionConfiguration|"
    rb"Aliases|Attributes)"
)
_OUTPUT = re.compile(rb'\s*\{\s*"' + _MEMBERS + rb'"\s*:\s*["{[]')
_YAML_OUTPUT = re.compile(rb"(?:---\s+)?" + _MEMBERS + rb":\s")
_RAW_POLICY = re.compile(rb'\s*\{\s*"(?:Version|Id|Statement)"\s*:')
_KEY_ID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|mrk-[0-9a-f]{32}")
_COMMAND = frozenset(
    {"aws", "s3", "s3api", "get", "bucket", "server", "side", "sse", "encryption", "configuration", "output"}
)
_POLICY = b"Policy"
_ACCOUNT = 4
_UNSAID = {"KmsKeyId": None, "S3KeyPrefix": None, "SnsTopicARN": None}
_NOT_LISTED = {"ctkms:unknown": "list-event-data-stores does not tell; get-event-data-store does"}


class Together(NamedTuple):
    """Files to judge together.

    Attributes:
        path: The folder that they lie in.
        files: The files.
    """

    path: str
    files: tuple[Found, ...]


class Inventory:
    """What the files say, as one document.

    Attributes:
        label: The folder.
        value: The inventory.
    """

    def __init__(self, label: str) -> None:
        """Begins without anything."""
        self.label = label
        self._sections: dict[str, dict[str, dict[str, object]]] = {
            name: {} for name in ("keys", "trails", "event_data_stores", "buckets", "topics")
        }
        self._origins: dict[tuple[Step, ...], tuple[Document, list[Step]]] = {}

    @property
    def value(self) -> dict[str, object]:
        """The inventory."""
        return {"ctkms_inventory": 1, **self._sections}

    @property
    def keys(self) -> list[str]:
        """The ARNs of keys that are described or used."""
        users = [*self._sections["trails"].values(), *self._sections["event_data_stores"].values()]
        used = {str(one.get("KmsKeyId")) for one in users}
        return sorted({*self._sections["keys"], *(name for name in used if ":key/" in name)})

    @property
    def buckets(self) -> list[str]:
        """The names of the buckets that trails write to."""
        return sorted({str(one["S3BucketName"]) for one in self._sections["trails"].values() if "S3BucketName" in one})

    def add(self, section: str, name: object, said: Mapping[str, object], document: Document, *path: Step) -> None:
        """Notes what a document says of something at a path; of what another says otherwise, that nobody can tell."""
        if isinstance(name, str):
            entry = self._sections[section].setdefault(name, {})
            for member, value in said.items():
                there = entry.setdefault(member, value)
                first, _ = self._origins.setdefault((section, name, member), (document, [*path, member]))
                entry[member] = _both(there, value, f"{first.label} and {document.label} contradict each other")
            self._origins.setdefault((section, name), (document, list(path)))

    def add_policies(self, key: str, documents: Sequence[Document]) -> None:
        """Notes the policy of a key, as get-key-policy prints it or as it is; of several that differ, none."""
        first = documents[0]
        other = next((one for one in documents if _policy(one) != _policy(first)), None)
        where: list[Step] = ["Policy"] if _holds(first, "Policy") else []
        entry = self._sections["keys"].setdefault(key, {})
        entry["Policy"] = _object(first.value).get("Policy", first.value)
        if other is not None:
            entry["Policy"] = {UNKNOWN: f"{first.label} and {other.label} contradict each other"}
        self._origins.setdefault(("keys", key), (first, []))
        self._origins["keys", key, "Policy"] = (first, where)

    def origin(self, place: Where) -> tuple[Document, Where]:
        """Returns the document that a place of the inventory is in, and the place in it."""
        path = tuple(place["path"])
        length = next(length for length in (3, 2) if path[:length] in self._origins)
        document, start = self._origins[path[:length]]
        return document, {**place, "path": [*start, *path[length:]]}


def group(found: Iterable[Input]) -> list[Input]:
    """Puts files together that hold the output of commands about one account.

    Args:
        found: What was found.

    Returns:
        The same, with a group in the place of the first of its files. A folder makes one where it holds a key policy as
        KMS gives it, and what another command prints.
    """
    inputs = list(found)
    outputs: dict[str, dict[int, bool]] = {}
    for position, one in enumerate(inputs):
        command = _command(one)
        if command is not None:
            outputs.setdefault(os.path.dirname(_path(one)), {})[position] = command == _POLICY  # noqa: PTH120
    groups = [list(positions) for positions in outputs.values() if len(set(positions.values())) > 1]
    first = {positions[0]: positions for positions in groups}
    inside = {position for positions in groups for position in positions}
    grouped: list[Input] = []
    for position, one in enumerate(inputs):
        if position in first:
            files = (inputs[other] for other in first[position])
            folder = os.path.dirname(_path(one)) or "."  # noqa: PTH120
            grouped.append(Together(folder, tuple(file for file in files if isinstance(file, Found))))
        elif position not in inside:
            grouped.append(one)
    return grouped


def gather(
    label: str, documents: Sequence[Document], whose: Callable[[str], list[str]]
) -> tuple[Inventory, list[Document]]:
    """Gathers outputs into an inventory.

    A key policy belongs to the key that the user or the expectations say, else to the one whose id is in the file's
    name, as far as the outputs speak of it, else to the only key that they speak of, if it is the only policy and its
    file's name holds no other key's id. Of several policies of one key that differ, nobody can tell which one it has. A
    bucket's encryption belongs to the bucket that is the file's name, or its end after an underscore, else to the only
    bucket of the trails, if it is the only one and nothing in its file's name could be the name of a bucket.

    Args:
        label: The folder.
        documents: The outputs.
        whose: Returns the keys whose policy a file may be, as far as the user says.

    Returns:
        The inventory, and the documents that hold a policy of which nobody can tell whose it is.
    """
    inventory = Inventory(label)
    for document in sorted(documents, key=lambda one: _holds(one, "EventDataStores")):  # lists say less
        for section, name, said, path in _said(document.value):
            inventory.add(section, name, said, document, *path)
    policies = [one for one in documents if holds_policy(one)]
    named = {key_id for one in policies for key_id in _KEY_ID.findall(_name(one))}
    keys = sorted({*inventory.keys, *(key for key in _meant(documents) if key.rpartition("/")[2] in named)})
    _add_aliases(inventory, keys, documents)
    buckets = inventory.buckets
    encryptions = [one for one in documents if _holds(one, "ServerSideEncryptionConfiguration")]
    for document in encryptions:
        name = _name(document).rpartition("_")[2]
        anyones = _names_nothing(_name(document))
        bucket = name if name in buckets else _only(buckets, encryptions) if anyones else None
        if bucket is not None:
            inventory.add("buckets", bucket, _object(document.value), document)
    left = []
    owned: dict[str, list[Document]] = {}
    for document in policies:
        owners = whose(document.label) or [key for key in keys if key.rpartition("/")[2] in _name(document)]
        owner = owners[0] if len(owners) == 1 else None
        if not owners and not _KEY_ID.search(_name(document)):
            owner = _only(keys, policies)
        if owner is None:
            left.append(document)
        else:
            owned.setdefault(owner, []).append(document)
    for owner, documents_of_one in owned.items():
        inventory.add_policies(owner, documents_of_one)
    return inventory, left


def holds_policy(document: Document) -> bool:
    """Whether a document is a key policy, as KMS gives it or as it is."""
    return _holds(document, "Policy") or _holds(document, "Statement")


def _command(one: Input) -> bytes | None:
    """The member that an output begins with; None for all other files.

    A policy as it is (``--query Policy --output text``) counts where the file is called like a key.
    """
    if not isinstance(one, Found) or one.data is not None:
        return None
    try:
        with open(one.path, "rb") as file:  # noqa: PTH123 - pathlib would cost start-up time
            beginning = file.read(_BEGINNING)
    except OSError:
        return None  # reading it whole will say why
    if one.path.lower().endswith((".yaml", ".yml")):
        output = _YAML_OUTPUT.match(beginning)
    elif not one.path.lower().endswith(".json"):
        output = None
    elif _RAW_POLICY.match(beginning):
        return _POLICY if _KEY_ID.search(os.path.basename(one.path)) else None  # noqa: PTH119
    else:
        output = _OUTPUT.match(beginning)
    return output[1] if output else None


def _path(one: Input) -> str:
    return one.path if isinstance(one, Found) else ""


def _said(value: object) -> Iterator[tuple[str, object, Mapping[str, object], list[str | int]]]:
    """What an output says of something: the section of an inventory, the name, the members, and where they stand."""
    output = _object(value)
    key = _object(output.get("KeyMetadata"))
    if key:
        yield "keys", key.get("Arn"), {"KeyMetadata": key}, []
    topic = _object(output.get("Attributes"))
    if topic:
        yield "topics", topic.get("TopicArn"), topic, ["Attributes"]
    for number, trail in enumerate(_list(output.get("trailList"))):
        yield "trails", _object(trail).get("TrailARN"), {**_UNSAID, **_object(trail)}, ["trailList", number]
    trail = _object(output.get("Trail"))
    if trail:
        yield "trails", trail.get("TrailARN"), {**_UNSAID, **trail}, ["Trail"]
    if "EventDataStoreArn" in output:
        yield "event_data_stores", output["EventDataStoreArn"], {"KmsKeyId": None, **output}, []
    for number, store in enumerate(_list(output.get("EventDataStores"))):
        listed = {"KmsKeyId": _NOT_LISTED, **_object(store)}
        yield "event_data_stores", listed.get("EventDataStoreArn"), listed, ["EventDataStores", number]


def _meant(documents: Sequence[Document]) -> Iterator[str]:
    """The ARNs of the keys that aliases and topics mean by their ids."""
    for document in documents:
        for alias in map(_object, _list(_object(document.value).get("Aliases"))):
            yield from _key_beside(alias.get("AliasArn"), alias.get("TargetKeyId"))
        topic = _object(_object(document.value).get("Attributes"))
        yield from _key_beside(topic.get("TopicArn"), topic.get("KmsMasterKeyId"))


def _key_beside(arn: object, name: object) -> Iterator[str]:
    """The ARN of a key in the account and Region of what names it."""
    fields = str(arn).split(":")
    if not isinstance(name, str) or len(fields) <= _ACCOUNT:
        return
    if ":key/" in name:
        yield name
    elif _KEY_ID.fullmatch(name):
        yield f"arn:{fields[1]}:kms:{fields[3]}:{fields[_ACCOUNT]}:key/{name}"


def _both(one: object, other: object, contradiction: str) -> object:
    """What two outputs say of the same, where one of them may say less: what both say otherwise, is not known."""
    if one == other or other is _NOT_LISTED or is_unknown(one):
        return one
    if isinstance(one, dict) and isinstance(other, dict):
        return {**other, **{name: _both(value, other.get(name, value), contradiction) for name, value in one.items()}}
    return {UNKNOWN: contradiction}


def _add_aliases(inventory: Inventory, keys: Sequence[str], documents: Sequence[Document]) -> None:
    """Adds the aliases of keys; those of other keys say nothing of trails and stores."""
    listed = [(one, document) for document in documents for one in _list(_object(document.value).get("Aliases"))]
    for key in keys:
        account = key.split(":")[:5]
        target = key.rpartition("/")[2]
        aliases = [
            (alias, document)
            for alias, document in listed
            if _object(alias).get("TargetKeyId") == target
            and str(_object(alias).get("AliasArn")).split(":")[:5] == account
        ]
        if aliases:
            inventory.add("keys", key, {"Aliases": [alias for alias, _ in aliases]}, aliases[0][1])


def _name(document: Document) -> str:
    """The file's name without its ending."""
    return os.path.splitext(os.path.basename(document.label))[0]  # noqa: PTH119, PTH122


def _policy(document: Document) -> object:
    """The policy that a document is or holds, in one form for all that say the same."""
    policy = _object(document.value).get("Policy", document.value)
    try:
        return json.dumps(json.loads(policy) if isinstance(policy, str) else policy, sort_keys=True)
    except (ValueError, RecursionError):
        return policy  # whoever judges it says why


def _names_nothing(name: str) -> bool:
    """Whether a file's name says what the file holds, and not whose it is."""
    return _COMMAND.issuperset(re.split(r"[-._]", name.lower()))


def _only(names: Sequence[str], documents: Sequence[Document]) -> str | None:
    """The only name, for the only document."""
    return names[0] if len(names) == len(documents) == 1 else None


def _holds(document: Document, member: str) -> bool:
    return member in _object(document.value)


def _object(value: object) -> Mapping[str, object]:
    return value if isinstance(value, dict) else {}


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []
