"""The errors that a user of ctkms can meet, each with the place it speaks about."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Self


class Problem(NamedTuple):
    """One mistake and where it is.

    Attributes:
        message: What is wrong, in words.
        file: The file as it was given, or None.
        line: The line, counted from 1, or None.
        column: The column in characters, counted from 1, or None.
    """

    message: str
    file: str | None = None
    line: int | None = None
    column: int | None = None

    def __str__(self) -> str:
        """Returns ``file:line:column: message``; what is not known is left out."""
        where = [str(part) for part in (self.file, self.line, self.column) if part is not None]
        return f"{':'.join(where)}: {self.message}" if where else self.message


class CtkmsError(Exception):
    """What every error of ctkms is.

    Attributes:
        message: What is wrong, in words, without the place.
        file: The file as it was given, or None.
        line: The line, counted from 1, or None.
        column: The column in characters, counted from 1, or None.
    """

    def __init__(
        self, message: str, file: str | None = None, line: int | None = None, column: int | None = None
    ) -> None:
        """Keeps the message and the place; see the class's attributes."""
        super().__init__(message, file, line, column)
        self.message = message
        self.file = file
        self.line = line
        self.column = column

    def detached(self) -> Self:
        """Returns the error, to be kept as a value: without the frames that it came through.

        They would make a cycle with who keeps it, and whatever thread clears that up may not free an engine in it.
        """
        self.__traceback__ = self.__context__ = self.__cause__ = None
        return self

    @property
    def problem(self) -> Problem:
        """The error as a problem."""
        return Problem(self.message, self.file, self.line, self.column)

    def __str__(self) -> str:
        """Returns ``file:line:column: message``; what is not known is left out."""
        return str(self.problem)


class InputError(CtkmsError):
    """An input cannot be read: not there, not decodable, not JSON or YAML."""


class ParseError(InputError):
    """A text is not the JSON or YAML that ctkms reads; line and column are always set."""


class ProblemsError(CtkmsError):
    """Mistakes in what the user wrote; all of them are reported at once.

    Attributes:
        problems: Every mistake with its place; the error's own message and place are the first one's.
    """

    def __init__(self, problems: Iterable[Problem]) -> None:
        """Takes the mistakes, at least one, in the order in which they are to be shown."""
        self.problems = list(problems)
        first = self.problems[0]
        super().__init__(first.message, first.file, first.line, first.column)

    def __reduce__(self) -> tuple[type[ProblemsError], tuple[list[Problem]]]:
        """Lets the error travel between processes."""
        return type(self), (self.problems,)

    def __str__(self) -> str:
        """Returns one line for each mistake."""
        return "\n".join(str(problem) for problem in self.problems)


class ExpectationsError(ProblemsError):
    """The expectations hold mistakes."""


class RulesError(ProblemsError):
    """Users' own rules cannot be taken."""


class ConfigError(ProblemsError):
    """The configuration holds mistakes."""


class UsageError(CtkmsError):
    """The command was called with options or values that it cannot work with."""


class EngineError(CtkmsError):
    """The policy engine failed, which says nothing about the policy."""
