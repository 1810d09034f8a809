"""Lines and columns: where in a text a value of the data stands."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

Path = tuple[str | int, ...]
"""Member names and list indices that lead from a document's root to a value."""

_LINE_BREAK = re.compile(r"\r\n|\n|\r")


class Position(NamedTuple):
    """A place in a text.

    Attributes:
        line: The line, counted from 1.
        column: The column in characters, counted from 1.
    """

    line: int
    column: int


class Duplicate(NamedTuple):
    """A member that one object gives more than once.

    Attributes:
        path: The object.
        name: The member's name.
        position: Where the name is given again.
    """

    path: Path
    name: str
    position: Position


class Tag(NamedTuple):
    """A tag of YAML.

    Attributes:
        name: The tag as it is written.
        position: Where it stands.
    """

    name: str
    position: Position


class Node(Protocol):
    """Where one value stands, and the values inside it.

    Attributes:
        start: The offset of the value's first character.
    """

    start: int

    def child(self, step: str | int) -> Node | None:
        """Returns the node of a member or element, None when there is none."""

    def name_start(self, name: str) -> int | None:
        """Returns the offset of a member's name, None when there is none."""

    def children(self) -> Iterator[tuple[str | int, int, Node]]:
        """Yields each member or element: name or index, the offset where it begins (with its name), its node."""


class Lines:
    """Turns offsets in a text into lines and columns."""

    def __init__(self, text: str) -> None:
        """Takes the text; its lines are looked for when the first position is asked for."""
        self._text = text
        self._starts: list[int] | None = None

    def __call__(self, offset: int) -> Position:
        """Returns the position of an offset; one past the end of the text is allowed."""
        if self._starts is None:
            self._starts = [0, *(found.end() for found in _LINE_BREAK.finditer(self._text))]
        line = bisect_right(self._starts, offset)
        return Position(line, offset - self._starts[line - 1] + 1)


class Parsed:
    """A text that was read, and where its values stand.

    Attributes:
        text: The text.
        value: The data: text, numbers, booleans, None, lists and dicts only.
        format: ``json`` or ``yaml``.
        duplicates: Members that an object gives more than once; ``value`` holds the last one.
        first_tag: The first tag that stands for a member (``!Ref``), None where there is none.
    """

    def __init__(
        self,
        text: str,
        value: object,
        root: Node,
        *,
        format: str,  # noqa: A002
        duplicates: Sequence[Duplicate] = (),
        where: Callable[[int], Position] | None = None,
        first_tag: Tag | None = None,
    ) -> None:
        """Takes what the parser found.

        Args:
            text: The text.
            value: The data.
            root: The node of the data.
            format: ``json`` or ``yaml``.
            duplicates: Members given more than once.
            where: Turns offsets in the text into positions, for a text that stands inside another one.
            first_tag: The first tag that stands for a member.
        """
        self.text = text
        self.value = value
        self.format = format
        self.duplicates = list(duplicates)
        self.root = root
        self.first_tag = first_tag
        self._where = where or Lines(text)

    def position(self, path: Sequence[str | int]) -> Position:
        """Returns where a value begins; where the path leads nowhere, where its nearest existing ancestor begins."""
        return self._where(self.nodes(path)[-1].start)

    def key_position(self, path: Sequence[str | int]) -> Position:
        """Returns where a member's name stands; for anything that has no name, the same as ``position``."""
        nodes = self.nodes(path)
        if path and len(nodes) == len(path) + 1 and isinstance(path[-1], str):
            named = nodes[-2].name_start(path[-1])
            if named is not None:
                return self._where(named)
        return self._where(nodes[-1].start)

    def nodes(self, path: Sequence[str | int]) -> list[Node]:
        """Returns the nodes along a path, the root first, as far as the path leads."""
        nodes = [self.root]
        for step in path:
            inside = nodes[-1].child(step)
            if inside is None:
                break
            nodes.append(inside)
        return nodes

    def pointer(self, path: Sequence[str | int]) -> str:
        """Returns the JSON pointer of a value; where the path leads nowhere, that of its nearest existing ancestor."""
        existing = path[: len(self.nodes(path)) - 1]
        return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in existing)

    def path_at(self, offset: int) -> Path:
        """Returns the path of the innermost value that stands, with its name, at an offset of the text."""
        path: list[str | int] = []
        node: Node | None = self.root
        while node is not None:
            found: tuple[str | int, Node] | None = None
            for step, begin, inside in node.children():
                if begin > offset:
                    break
                found = (step, inside)
            if found is None:
                break
            path.append(found[0])
            node = found[1]
        return tuple(path)

    def where(self, offset: int) -> Position:
        """Returns the position of an offset of the text."""
        return self._where(offset)
