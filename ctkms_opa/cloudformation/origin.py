"""Where in the template the parts of a resolved value come from."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ctkms_opa.positions import Parsed, Path


class Piece(NamedTuple):
    """A stretch of a text that was put together."""

    start: int
    """Where it begins in the text."""
    source: int
    """Where it stands in the text that it was made from."""


class Origin:
    """The place of a value in the template, and of the values inside it.

    Attributes:
        path: The place in the template.
        inside: The origins of members and elements; empty where the value came whole from its place.
        made_from: For a text made by ``Fn::Sub``, the place of the text that it was made from, and the stretches that
            were; None for any other value.
        inner: For a text that was read as JSON, what was read.
    """

    __slots__ = ("inner", "inside", "made_from", "path")

    def __init__(self, path: Path, inside: dict[str | int, Origin] | None = None) -> None:
        """Takes the place and the origins of what is inside."""
        self.path = path
        self.inside = inside or {}
        self.made_from: tuple[Path, list[Piece]] | None = None
        self.inner: Parsed | None = None

    def find(self, steps: Sequence[str | int]) -> tuple[Origin, list[str | int]]:
        """Returns the origin of the innermost value along a path, and the steps that lead into it."""
        origin = self
        for index, step in enumerate(steps):
            inside = origin.inside.get(step)
            if inside is None:
                return origin, list(steps[index:])
            origin = inside
        return origin, []

    def walk(self) -> Iterator[tuple[Path, Origin]]:
        """Yields the origin of every value inside, and its own, each with the path that leads there."""
        waiting: list[tuple[Path, Origin]] = [((), self)]
        while waiting:
            path, origin = waiting.pop()
            yield path, origin
            waiting += [((*path, step), one) for step, one in origin.inside.items()]
