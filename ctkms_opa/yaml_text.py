"""Reads YAML as JSON-like data, event by event: no recursion, bounded aliases, the place of every value kept."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NoReturn

import yaml

from .errors import ParseError
from .json_text import MAX_DEPTH, MAX_DIGITS, check_size
from .positions import Duplicate, Lines, Parsed, Path, Tag

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Protocol

    class _Mark(Protocol):
        index: int


MAX_YAML_BYTES = 8 * 1024 * 1024
"""Longer YAML texts are refused: every value is kept with its place, which takes room."""

MAX_ALIASED = 1_000_000
"""So many characters and values may come into a document by aliases."""

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
# What YAML lets not stand in a text. Alternatives, because one class of far apart characters takes long to compile.
_NOT_PRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f]|\ufeff|\ufffe|\uffff")
_CONSTANTS = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_INTEGER = re.compile(r"[-+]?(?:0|[1-9][0-9]*+)")
_FRACTION = re.compile(r"[-+]?(?:[0-9]+\.[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?")
_NO_NUMBER = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")
_ACCOUNT_DIGITS = 12
_PROPERTIES = re.compile(r"(?:[!&]\S*\s+)*")  # tag and anchor, which stand before a value
_TAG = "tag:yaml.org,2002:"
_STANDARD_TAGS = {_TAG + kind for kind in ("str", "int", "float", "bool", "null", "map", "seq")}
_HINTS = {
    "mapping values are not allowed in this context": (
        "a ':' where none can stand: text with ': ' in it takes quotes, members of one mapping begin in the same column"
    ),
    "found character '\\t' that cannot start any token": "a tab: YAML is indented with spaces",
    "did not find expected key": "expected a member of the mapping; members of one mapping begin in the same column",
    "did not find expected '-' indicator": (
        "expected '- ' for the next element; elements of one list begin in the same column"
    ),
    "exceeded maximum nesting depth": f"nested too deeply: more than {MAX_DEPTH} levels",
}
_NOTHING: dict[str | int, YamlNode] = {}
_NO_NAMES: dict[str | int, int] = {}


class YamlNode:
    """A value in a YAML text.

    Attributes:
        start: The offset of the value's first character.
        end: The offset behind its last character (scalars only).
        style: How a scalar is written: None (without quotes), ``'``, ``"``, ``|`` or ``>``.
        weight: How many characters and values it holds, aliases included.
        height: How many levels of mappings and lists it holds.
    """

    __slots__ = ("end", "height", "inside", "names", "start", "style", "weight")

    def __init__(self, start: int, end: int = 0, style: str | None = None) -> None:
        """Takes the place and the style."""
        self.start = start
        self.end = end
        self.style = style
        self.weight = 1 + end - start if end else 1
        self.height = 0
        self.inside = _NOTHING
        self.names = _NO_NAMES

    def child(self, step: str | int) -> YamlNode | None:
        """Returns the node of a member or element, None when there is none."""
        return self.inside.get(step)

    def name_start(self, name: str) -> int | None:
        """Returns the offset of a member's name, None when there is none."""
        return self.names.get(name)

    def children(self) -> Iterator[tuple[str | int, int, YamlNode]]:
        """Yields each member or element in the text's order: name or index, where it begins, its node."""
        for step, node in sorted(self.inside.items(), key=lambda item: self.names.get(item[0], item[1].start)):
            yield step, self.names.get(step, node.start), node

    def adopt(self, step: str | int, node: YamlNode, name: int | None = None) -> None:
        """Takes a member or element in; for mappings and lists only."""
        self.inside[step] = node
        if name is not None:
            self.names[step] = name
        self.weight += node.weight + (len(step) if isinstance(step, str) else 0)
        self.height = max(self.height, node.height + 1)


class _Open:
    """A mapping or list that is not closed yet."""

    __slots__ = ("anchor", "given", "key", "merged", "node", "tagged", "value")

    def __init__(self, value: dict[str, object] | list[object], node: YamlNode, anchor: str | None) -> None:
        self.value = value
        self.tagged = False  # whether it stands for a tag, and ends with the value that the tag is before
        self.node = node
        self.anchor = anchor
        self.key: tuple[str, int, bool] | None = None  # the name, its offset, whether it is the merge key
        self.given: set[str] = set()
        self.merged: list[tuple[dict[str, object], YamlNode]] = []


def parse_yaml(
    text: str, name: str | None = None, tags: Mapping[str, str] | None = None, *, accounts: bool = True
) -> Parsed:
    """Reads one YAML document as JSON-like data.

    Args:
        text: The text.
        name: The file's name for error messages.
        tags: Tags that are allowed, each with the member that it stands for: ``!Ref x`` is read as ``{"Ref": "x"}``.
        accounts: Whether twelve digits without quotes are an account id, and not a number.

    Returns:
        The data with its positions.

    Raises:
        ParseError: The text is not YAML, or holds what JSON has no form for: several documents, tags, names that are
            not text, an alias inside of what it stands for. Or it is longer than ``MAX_YAML_BYTES``, its aliases expand
            beyond ``MAX_ALIASED``, it has more than ``MAX_DEPTH`` levels.
    """
    return _Reader(text, name, tags or {}, accounts=accounts).run()


class _Reader:
    def __init__(self, text: str, name: str | None, tags: Mapping[str, str], *, accounts: bool) -> None:
        self._text = text
        self._accounts = accounts
        self._name = name
        self._tags = tags
        self._first_tag: Tag | None = None
        self._where = Lines(text)
        self._open: list[_Open] = []
        self._root: tuple[object, YamlNode] | None = None
        self._anchors: dict[str, tuple[object, YamlNode] | None] = {}
        self._aliased = 0
        self._duplicates: list[Duplicate] = []

    def run(self) -> Parsed:
        check_size(self._text, self._name, self._where, MAX_YAML_BYTES)
        bad = _NOT_PRINTABLE.search(self._text)
        if bad:
            self._fail(f"the character U+{ord(bad.group()):04X} is not allowed in YAML", bad.start())
        failure: yaml.YAMLError | None = None
        try:
            for event in yaml.parse(self._text, Loader=_LOADER):
                self._event(event)
        except yaml.YAMLError as error:
            failure = error
        if failure is not None:
            self._broken(failure)
        if self._root is None:
            self._fail("there is nothing in it", 0)
        value, node = self._root
        return Parsed(
            self._text,
            value,
            node,
            format="yaml",
            duplicates=self._duplicates,
            where=self._where,
            first_tag=self._first_tag,
        )

    def _event(self, event: yaml.Event) -> None:
        start = _index(event.start_mark)
        if isinstance(event, yaml.ScalarEvent):
            self._scalar(event, start)
        elif isinstance(event, yaml.AliasEvent):
            self._alias(event.anchor or "", start)
        elif isinstance(event, yaml.CollectionStartEvent):
            self._begin(event, start)
        elif isinstance(event, yaml.CollectionEndEvent):
            self._end()
        elif isinstance(event, yaml.DocumentStartEvent) and self._root is not None:
            self._fail("a second YAML document begins here: one file holds one", start)

    # Values.

    def _scalar(self, event: yaml.ScalarEvent, start: int) -> None:
        plain = bool(event.implicit[0]) and not event.style
        tag = event.tag
        if tag is not None and tag in self._tags and not self._wants_name():
            self._begin_tagged(tag, event.anchor, start)
            end = _index(event.end_mark)
            written = _PROPERTIES.match(self._text, start, end)
            self._put(event.value, YamlNode(written.end() if written else start, end, event.style or None))
            return
        if tag is not None and tag != "!":
            self._check_tag(tag, start)
        node = YamlNode(start, _index(event.end_mark), event.style or None)
        if self._wants_name():
            if event.anchor is not None:
                self._anchors[event.anchor] = (event.value, node)
            self._key(event.value, start, merge=plain and event.value == "<<")
            return
        value: object = event.value
        if plain or (tag in _STANDARD_TAGS and tag != _TAG + "str"):
            value = self._resolve(event.value, start)
            if not plain:
                self._check_kind(tag, value, start)
        if event.anchor is not None:
            self._anchors[event.anchor] = (value, node)
        self._put(value, node)

    def _resolve(self, text: str, start: int) -> object:
        """What a text without quotes stands for."""
        if text in _CONSTANTS:
            return _CONSTANTS[text]
        first = text[0]
        if not (first.isdigit() or first in "+-."):
            return text
        if len(text) > MAX_DIGITS and (_INTEGER.fullmatch(text) or _FRACTION.fullmatch(text)):
            self._fail(f"a number with {len(text)} characters: more than {MAX_DIGITS} are not read", start)
        if _INTEGER.fullmatch(text):
            return text if self._accounts and len(text) == _ACCOUNT_DIGITS else int(text)
        if _NO_NUMBER.fullmatch(text):
            self._fail(f"{text} is no number that JSON knows; text takes quotes", start)
        if _FRACTION.fullmatch(text):
            value = float(text)
            if value in {float("inf"), float("-inf")}:
                self._fail(f"the number {text[:40]} is too large", start)
            return value
        return text

    def _check_tag(self, tag: str, start: int) -> None:
        if tag not in _STANDARD_TAGS:
            shown = "!!" + tag[len(_TAG) :] if tag.startswith(_TAG) else tag
            self._fail(f"the tag {shown} is not supported: write the value itself", start)

    def _check_kind(self, tag: str | None, value: object, start: int) -> None:
        kinds: dict[str, tuple[type, ...]] = {
            "int": (int,),
            "float": (int, float),
            "bool": (bool,),
            "null": (type(None),),
        }
        kind = (tag or "")[len(_TAG) :]
        if type(value) not in kinds.get(kind, ()):
            self._fail(f"the value does not fit the tag !!{kind}", start)

    def _alias(self, anchor: str, start: int) -> None:
        if anchor not in self._anchors:
            self._fail(f"*{anchor} stands for nothing: there is no &{anchor} before it", start)
        found = self._anchors[anchor]
        if found is None:
            self._fail(f"*{anchor} stands inside of what it stands for", start)
        value, node = found
        self._aliased += node.weight
        if self._aliased > MAX_ALIASED:
            self._fail(f"aliases expand to more than {MAX_ALIASED} characters", start)
        if self._wants_name():
            if not isinstance(value, str):
                self._fail(f"a member's name must be text, and *{anchor} is not", start)
            self._key(value, start)
            return
        if len(self._open) + node.height > MAX_DEPTH:
            self._fail(f"nested too deeply: more than {MAX_DEPTH} levels", start)
        self._put(value, node, start)

    def _begin(self, event: yaml.CollectionStartEvent, start: int) -> None:
        if event.tag is not None and event.tag in self._tags and not self._wants_name():
            self._begin_tagged(event.tag, event.anchor, start)
            self._open_collection(event, start, None)
            return
        if event.tag is not None and event.tag != "!":
            self._check_tag(event.tag, start)
            kind = "map" if isinstance(event, yaml.MappingStartEvent) else "seq"
            if event.tag != _TAG + kind:
                self._fail(f"the value does not fit the tag !!{event.tag[len(_TAG) :]}", start)
        if self._wants_name():
            self._fail("a member's name must be text, not a mapping or list", start)
        self._open_collection(event, start, event.anchor)

    def _begin_tagged(self, tag: str, anchor: str | None, start: int) -> None:
        """Opens the mapping that a tag stands for; its only member is the value that comes next."""
        self._first_tag = self._first_tag or Tag(tag, self._where(start))
        container = self._open_container({}, start, anchor)
        container.tagged = True
        container.key = (self._tags[tag], start, False)

    def _open_collection(self, event: yaml.CollectionStartEvent, start: int, anchor: str | None) -> None:
        self._open_container({} if isinstance(event, yaml.MappingStartEvent) else [], start, anchor)

    def _open_container(self, empty: dict[str, object] | list[object], start: int, anchor: str | None) -> _Open:
        if len(self._open) == MAX_DEPTH:
            self._fail(f"nested too deeply: more than {MAX_DEPTH} levels", start)
        if anchor is not None:
            self._anchors[anchor] = None
        node = YamlNode(start)
        node.height, node.inside, node.names = 1, {}, {}
        container = _Open(empty, node, anchor)
        self._open.append(container)
        return container

    def _end(self) -> None:
        container = self._open.pop()
        if isinstance(container.value, dict):
            self._merge(container, container.value)
        if container.anchor is not None:
            self._anchors[container.anchor] = (container.value, container.node)
        self._put(container.value, container.node)

    def _merge(self, container: _Open, value: dict[str, object]) -> None:
        """Takes in the members of merged mappings that the mapping does not give itself."""
        for members, node in container.merged:
            for name, member in members.items():
                if name not in value:
                    value[name] = member
                    container.node.adopt(name, node.inside[name], node.names[name])

    # Where values go.

    def _wants_name(self) -> bool:
        return bool(self._open) and isinstance(self._open[-1].value, dict) and self._open[-1].key is None

    def _key(self, name: str, start: int, *, merge: bool = False) -> None:
        container = self._open[-1]
        container.key = (name, start, merge)
        if merge:
            return
        if name in container.given:
            self._duplicates.append(Duplicate(self._path(), name, self._where(start)))
        container.given.add(name)

    def _path(self) -> Path:
        """The path of the innermost open mapping or list."""
        return tuple(one.key[0] if one.key is not None else len(one.value) for one in self._open[:-1])

    def _put(self, value: object, node: YamlNode, start: int | None = None) -> None:
        if not self._open:
            self._root = (value, node)
            return
        container = self._open[-1]
        if isinstance(container.value, list):
            container.node.adopt(len(container.value), node)
            container.value.append(value)
            return
        name, offset, merge = container.key or ("", node.start, False)
        container.key = None
        if merge:
            self._put_merged(container, value, node, node.start if start is None else start)
            return
        container.value[name] = value
        container.node.adopt(name, node, offset)
        if container.tagged:
            self._end()

    def _put_merged(self, container: _Open, value: object, node: YamlNode, start: int) -> None:
        """Keeps what a merge key names until the mapping ends."""
        several = value if isinstance(value, list) else [value]
        for index, one in enumerate(several):
            if not isinstance(one, dict):
                self._fail("the merge key << takes a mapping or a list of mappings", start)
            container.merged.append((one, node.inside[index] if isinstance(value, list) else node))

    # Errors.

    def _broken(self, error: yaml.YAMLError) -> NoReturn:
        mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
        offset = min(mark.index, len(self._text)) if mark is not None else 0
        problem = getattr(error, "problem", None) or getattr(error, "reason", None) or "it cannot be read"
        if problem == "found character that cannot start any token":
            problem = f"found character {self._text[offset : offset + 1]!r} that cannot start any token"
        context = getattr(error, "context", None)
        message = _HINTS.get(problem) or (f"{problem} ({context})" if context else problem)
        self._fail(f"not YAML: {message}" if "nested" not in message else message, offset)

    def _fail(self, message: str, offset: int) -> NoReturn:
        raise ParseError(message, self._name, *self._where(offset))


def _index(mark: _Mark | None) -> int:
    return mark.index if mark is not None else 0
