"""Where a key policy stands in its document, and what only its text shows."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from .errors import InputError, ParseError
from .json_text import parse_json

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from .inputs import Document
    from .positions import Duplicate, Parsed, Path, Position

_CHARACTERS = 20
"""So many different characters that KMS does not take are named."""

_OUTSIDE = re.compile("[^\t\n\r\u0020-\u00ff]")


class Place:
    """The place of one key policy.

    Attributes:
        source: The innermost text that holds the policy: the document, or a string in it that is JSON text.
        base: The path of the policy in that text.
    """

    def __init__(self, document: Document, place: Mapping[str, Sequence[str | int | None]]) -> None:
        """Finds the place.

        Args:
            document: The document.
            place: What the rules say of the key (member ``place`` of ``data.ctkms.documents.keys``): ``path`` are the
                steps from the root to the policy, of which None leads into the JSON text of the string there; ``part``
                is the path, in the policy, of what stands there.

        Raises:
            InputError: A string on the way is not JSON text.
        """
        self._part = [step for step in place["part"] if step is not None]
        self._layers: list[tuple[Parsed, list[str | int]]] = [(document.parsed, [])]
        for step in place["path"]:
            source, path = self._layers[-1]
            if step is not None:
                path.append(step)
                continue
            text = _value_at(source.value, path)
            if not isinstance(text, str):
                break
            self._layers.append((_inside(source, path, text, document.label), []))
        self.source, self.base = self._layers[-1]

    def position(self, path: Sequence[str | int]) -> Position:
        """Returns where in the file a part of the policy stands; where it is not there, the nearest part around it.

        Args:
            path: The part's path in the policy; ``["Statement", 0, …]`` also where Statement is a single object.
        """
        return self.source.position([*self.base, *self._written(path)])

    def pointer(self, path: Sequence[str | int]) -> str:
        """Returns the JSON pointer, in the document, of a part of the policy or of the string that holds it."""
        parsed, steps = self._layers[0]
        if len(self._layers) == 1:
            steps = [*steps, *self._written(path)]
        return parsed.pointer(steps)

    def text_facts(self) -> dict[str, object]:
        """Tells what the text of the policy shows and its data does not.

        The text is the policy as it would be submitted: that of the file or string that holds nothing else; in all
        other cases the data as compact JSON. Paths are relative to the key policy (a statement on its own is
        ``["Statement", 0]``).

        Returns:
            ``bytes``: the text's length in UTF-8; ``invalid_characters``: each character once that KMS takes nowhere
            in a policy, with the path of a string that holds it; ``duplicates``: members that one object gives twice,
            be it in the policy or on the way to it, and condition keys of one operator that differ only in upper and
            lower case, with all their spellings.
        """
        value = self._value()
        submitted = self.source
        if self.base or submitted.format == "yaml":
            submitted = parse_json(json.dumps(value, separators=(",", ":"), ensure_ascii=False))
        return {
            "bytes": len(submitted.text.encode()),
            "invalid_characters": self._invalid_characters(submitted),
            "duplicates": [*self._given_twice(), *self._differ_by_case(value)],
        }

    def duplicates(self) -> list[Duplicate]:
        """Members given a second time: in the policy, or on the way to it."""
        return [
            one
            for parsed, path in self._layers
            for one in parsed.duplicates
            if self._holds(parsed, one.path) or _on_the_way(one.path, one.name, path)
        ]

    def _value(self) -> object:
        return _value_at(self.source.value, self.base)

    def _holds(self, parsed: Parsed, path: Path) -> bool:
        """Whether what stands at a path of a text is a part of the policy."""
        return parsed is self.source and list(path[: len(self.base)]) == self.base

    # Paths of the policy, and of what is written.

    def _written(self, path: Sequence[str | int]) -> list[str | int]:
        """The path below the place; a single object where a list may stand is its own first element."""
        count = len(self._part)
        wanted = list(path[count:]) if list(path[:count]) == self._part else []
        steps: list[str | int] = []
        value = self._value()
        for step in wanted:
            if step == 0 and isinstance(value, dict):
                continue
            steps.append(step)
            value = _member(value, step)
        return steps

    def _in_policy(self, path: Sequence[str | int]) -> list[str | int]:
        """The path in the policy of what is written at a path below the place."""
        whole: list[str | int] = [*self._part, *path]
        value = self._value() if self._part else _member(self._value(), "Statement")
        if whole[:1] == ["Statement"] and isinstance(value, dict):
            whole.insert(1, 0)
        return whole

    # What the text shows.

    def _invalid_characters(self, submitted: Parsed) -> list[dict[str, object]]:
        first: dict[str, int] = {}
        for found in _OUTSIDE.finditer(submitted.text):
            first.setdefault(found.group(), found.start())
        # Each look for a path goes through the text: a policy in another script is told by its first characters.
        return [
            {"character": f"U+{ord(character):04X}", "path": self._in_policy(submitted.path_at(offset))}
            for character, offset in list(first.items())[:_CHARACTERS]
        ]

    def _given_twice(self) -> list[dict[str, object]]:
        """Members given more than once, each once."""
        found: dict[tuple[tuple[str | int, ...], str], None] = {}
        for parsed, path in reversed(self._layers):
            for one in parsed.duplicates:
                if self._holds(parsed, one.path):
                    found[tuple(self._in_policy(one.path[len(path) :])), one.name] = None
                elif _on_the_way(one.path, one.name, path):
                    found[(), one.name] = None
        return [{"path": list(path), "name": name, "names": [name]} for path, name in found]

    def _differ_by_case(self, value: object) -> Iterator[dict[str, object]]:
        for index, statement in enumerate(_statements(value)):
            condition = statement.get("Condition") if isinstance(statement, dict) else None
            for operator, block in condition.items() if isinstance(condition, dict) else ():
                spellings: dict[str, list[str]] = {}
                for key in block if isinstance(block, dict) else ():
                    spellings.setdefault(key.lower(), []).append(key)
                for names in spellings.values():
                    if len(names) > 1:
                        path = ["Statement", index, "Condition", operator]
                        yield {"path": path, "name": names[0], "names": names}


def _inside(parsed: Parsed, path: Sequence[str | int], text: str, label: str) -> Parsed:
    """Reads the JSON text of a string; its positions are places in the file."""
    from .quoted import inside_string  # noqa: PLC0415 - few inputs hold a policy as a string

    where = inside_string(parsed, path, text)
    name = next((f'under "{step}"' for step in reversed(path) if isinstance(step, str)), "here")
    if not text.strip():
        raise InputError(f"the string {name} is empty", label, *where(0))
    try:
        return parse_json(text, label, where)
    except ParseError as error:
        raise ParseError(f"in the string {name}: {error.message}", label, error.line, error.column) from None


def _on_the_way(path: Path, name: str, way: Sequence[str | int]) -> bool:
    """Whether a member of that name of the object at a path leads on to the end of a way."""
    return len(path) < len(way) and list(way[: len(path) + 1]) == [*path, name]


def _value_at(value: object, path: Sequence[str | int]) -> object:
    for step in path:
        value = _member(value, step)
    return value


def _member(value: object, step: str | int) -> object:
    if isinstance(value, dict):
        return value.get(step)
    if isinstance(value, list) and isinstance(step, int) and step < len(value):
        return value[step]
    return None


def _statements(value: object) -> list[object]:
    if isinstance(value, dict) and "Statement" in value:
        value = value["Statement"]
    return value if isinstance(value, list) else [value]
