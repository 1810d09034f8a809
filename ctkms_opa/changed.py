"""Earlier versions of inputs: what `--changed-from` compares them with.

A key object gets the member `previous`, its earlier key policy, or `no_previous`, why there is none to compare with.
What the difference means is the business of the rule CT-KEEP-EXISTING: see
https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html.
"""

from __future__ import annotations

import os.path
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from ctkms_opa import inputs
from ctkms_opa.cloudformation.assumption import Choice
from ctkms_opa.cloudformation.template import Template
from ctkms_opa.errors import InputError
from ctkms_opa.expectation_schema import is_unknown

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import Any

    from ctkms_opa.cloudformation.variant import Variant
    from ctkms_opa.files import Found
    from ctkms_opa.inputs import Document

    Keys = list[dict[str, Any]]


class Version(NamedTuple):
    """The earlier version of an input.

    Attributes:
        document: The version; None where there is none.
        why: Why there is none, in words.
        error: What keeps it from being read, where that is the reason.
    """

    document: Document | None
    why: str
    error: InputError | None = None


class Earlier:
    """A file or a folder with earlier versions."""

    def __init__(self, old: str) -> None:
        """Takes the path.

        Raises:
            InputError: There is no such file or folder.
        """
        self._old = Path(old)
        if not self._old.exists():
            raise InputError("there is no such file or folder, with which the inputs could be compared", old)
        self.is_file = not self._old.is_dir()
        self._by_arn: dict[str, Keys] | None = None

    def version(self, found: Found) -> Version:
        """Returns the earlier version of an input: the file of the same name below the folder."""
        path = self._path(found)
        if path is None:
            return Version(None, f"{found.path}: {self._old} holds no earlier version of it")
        try:
            return Version(inputs.read_document(path), f"{found.path}: {path} does not hold its key")
        except InputError as error:
            return Version(None, f"{found.path}: {path}, its earlier version, cannot be read", error.detached())

    def by_arn(self, arn: str, keys_of: Callable[[Document], Keys]) -> Keys:
        """Returns the earlier versions of a key, whatever the file is called.

        Args:
            arn: The ARN of the key.
            keys_of: Returns the key objects of a document.
        """
        if self._by_arn is None:
            self._by_arn = {}
            for document in inputs.read_documents([str(self._old)]):
                for key in [] if isinstance(document, InputError) else keys_of(document):
                    if key["arn"] is not None:
                        self._by_arn.setdefault(key["arn"], []).append(key)
        return self._by_arn.get(arn, [])

    def _path(self, found: Found) -> str | None:
        if self.is_file:
            return str(self._old)
        # The folder may be the whole repository as it was, or the folder that was given as it was.
        below = os.path.relpath(found.path, found.root) if found.root else Path(found.path).name
        for name in (Path(os.path.normpath(found.path)), Path(below)):
            if not name.is_absolute() and os.pardir not in name.parts and (self._old / name).is_file():
                return str(self._old / name)
        return None


def previous(
    key: Mapping[str, Any], before: Sequence[Mapping[str, Any]], why: str, *, alone: bool
) -> dict[str, object]:
    """What a key object says of its earlier version.

    Args:
        key: The key object.
        before: The key objects of the earlier version.
        why: Why there is no earlier version, where there is none.
        alone: Whether the key is the only one of its document.
    """
    same = [one for one in before if _name(one) == _name(key)]
    if not same and alone and len(before) == 1:
        same = list(before)
    if len(same) > 1:
        return _nothing(key, "there are several earlier versions of it")
    if not same:
        return {"no_previous": why}
    return _compared(key, same[0]["policy"])


def previous_in_template(key: Mapping[str, Any], variant: Variant, now: object, before: object) -> dict[str, object]:
    """What a key object of a template says of its earlier version.

    What the earlier version of the policy refers to is taken to be what it is now: only the policy is compared.

    Args:
        key: The key object, its policy resolved.
        variant: The way in which the template is deployed.
        now: The template.
        before: The template's earlier version.
    """
    name = str(key["place"]["path"][1])
    written, written_now = _written(before, name), _written(now, name)
    if written is None:
        return _nothing(key, f"its earlier version has no key policy of {name}")
    if written == written_now:
        return {"previous": key["policy"]}
    try:
        return _compared(key, variant.policy(name, written))
    except Choice as choice:
        return _nothing(key, f"its earlier version depends on {choice.variable}, of which nothing is known now")


def _name(key: Mapping[str, Any]) -> str:
    return str(key["arn"] or key["label"])


def _written(document: object, name: str) -> object:
    """A key policy as a template has it."""
    template = Template(document)
    return template.properties(name).get("KeyPolicy") if name in template.resources else None


def _compared(key: Mapping[str, Any], before: object) -> dict[str, object]:
    now = key["policy"]
    if not isinstance(before, dict):
        return _nothing(key, "its earlier version is no key policy")
    if now != before and (_holds_unknown(now) or _holds_unknown(before)):
        return _nothing(key, "it or its earlier version holds a value that is not known yet")
    return {"previous": before}


def _nothing(key: Mapping[str, Any], why: str) -> dict[str, object]:
    return {"no_previous": f"{key['source']}: {why}"}


def _holds_unknown(value: object) -> bool:
    if isinstance(value, dict):
        return is_unknown(value) or any(_holds_unknown(one) for one in value.values())
    return isinstance(value, list) and any(_holds_unknown(one) for one in value)
