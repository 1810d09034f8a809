"""Keeps many things in little memory: what is older than the last few lies in a temporary file."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterator

T = TypeVar("T")

_AT_ONCE = 250


class Spool(Generic[T]):
    """A list that only grows, and is read from its beginning."""

    def __init__(self, at_once: int = _AT_ONCE) -> None:
        """Begins an empty one.

        Args:
            at_once: How many things are held in memory.
        """
        self._at_once = at_once
        self._recent: list[T] = []
        self._file: IO[bytes] | None = None
        self._written = 0

    @property
    def in_memory(self) -> bool:
        """Whether nothing lies in a file so far."""
        return self._file is None

    def append(self, one: T) -> None:
        """Adds a thing at the end."""
        if len(self._recent) == self._at_once:
            self._write()
        self._recent.append(one)

    def __iter__(self) -> Iterator[T]:
        """Yields everything from the beginning; several readers at a time do not disturb each other."""
        place = 0
        if self._file is not None:
            import pickle  # noqa: PLC0415 - start-up time: few checks have so much to keep

        while self._file is not None and place < self._written:
            self._file.seek(place)
            block: list[T] = pickle.load(self._file)  # noqa: S301 - our own file, which has no name
            place = self._file.tell()
            yield from block
        yield from self._recent

    def _write(self) -> None:
        import pickle  # noqa: PLC0415 - start-up time

        if self._file is None:
            import tempfile  # noqa: PLC0415

            self._file = tempfile.TemporaryFile()  # noqa: SIM115 - it goes when the spool goes
        self._file.seek(self._written)
        pickle.dump(self._recent, self._file)
        self._written = self._file.tell()
        self._recent = []
