"""The options that name a configuration; what it says holds where the command line says nothing."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from ctkms_opa.cli.options import pairs_of, together
from ctkms_opa.errors import InputError, Problem, ProblemsError, UsageError
from ctkms_opa.report import LEVELS, Level

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ctkms_opa.config import Config

    _Parsed = tuple[dict[str, Any], list[str], list[click.Parameter]]

_META = "ctkms_opa.config"
_PARSER = "ctkms_opa.parser"
_LEVEL = "RULE=LEVEL, where LEVEL is error, warning or note"


config_options = together(
    click.option(
        "--config",
        "config",
        metavar="FILE",
        expose_value=False,
        help="The configuration.  [default: ctkms.yaml, or pyproject.toml with [tool.ctkms], in this folder]",
    ),
    click.option("--no-config", "no_config", is_flag=True, expose_value=False, help="Read no configuration."),
)
"""Which configuration is read."""


class Command(click.Command):
    """A command whose options a configuration may give."""

    def make_parser(self, ctx: click.Context) -> Any:
        """Makes the parser, which we ask before click does."""
        if _PARSER not in ctx.meta:
            parser: Any = super().make_parser(ctx)
            parser.parse_args = _once(parser.parse_args)
            ctx.meta[_PARSER] = parser
        return ctx.meta[_PARSER]

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Reads the configuration before the options."""
        values, _, _ = self.make_parser(ctx).parse_args(args=list(args))
        if not ctx.resilient_parsing:
            _read(ctx, values.get("config"), skip=bool(values.get("no_config")))
        return super().parse_args(ctx, args)


def _once(parse: Callable[..., _Parsed]) -> Callable[..., _Parsed]:
    """Reads a command line once: at every short option click looks which long ones are alike, which takes its time."""
    parsed: list[_Parsed] = []

    def parse_args(args: list[str]) -> _Parsed:
        if not parsed:
            parsed.append(parse(args=list(args)))
        values, rest, order = parsed[0]
        return dict(values), list(rest), list(order)

    return parse_args


def of(ctx: click.Context) -> Config | None:
    """The configuration of a command; None where there is none."""
    config: Config | None = ctx.meta.get(_META)
    return config


@contextmanager
def places(ctx: click.Context) -> Iterator[None]:
    """Adds its place in the configuration to the error about a rule or a file that the configuration names."""
    from ctkms_opa.choices import ChoiceError  # noqa: PLC0415 - start-up time

    try:
        yield
    except ProblemsError as error:
        raise type(error)(_placed(ctx, problem, problem.file) for problem in error.problems) from None
    except (ChoiceError, InputError) as error:
        placed = _placed(ctx, error.problem, error.rule if isinstance(error, ChoiceError) else error.file)
        error.message, error.file, error.line, error.column = placed
        raise


def _placed(ctx: click.Context, problem: Problem, name: str | None) -> Problem:
    config = of(ctx)
    if config is None or name is None or name not in config.places or problem.line is not None:
        return problem
    message = f"{problem.file}: {problem.message}" if problem.file else problem.message
    return Problem(message, config.file, *config.places[name])


def levels_of(given: tuple[str, ...]) -> dict[str, Level]:
    """The levels of `RULE=LEVEL` options, by rule.

    Raises:
        UsageError: One is written otherwise, or a rule has two levels.
    """
    levels: dict[str, Level] = {}
    for rule, text in pairs_of("--level", _LEVEL, given, "levels").items():
        level = next((level for level in LEVELS if level == text), None)
        if level is None:
            raise UsageError(f"--level: {f'{rule}={text}'!r} is not {_LEVEL}")
        levels[rule] = level
    return levels


def _read(ctx: click.Context, named: str | None, *, skip: bool) -> None:
    if skip:
        if named is not None:
            raise click.UsageError("--config and --no-config exclude each other")
        return
    from ctkms_opa import config  # noqa: PLC0415 - start-up time

    file = config.find() if named is None else named
    if file is not None:
        read = ctx.meta[_META] = config.load(file)
        said = {
            "data": read.data,
            "policies": read.policies,
            "profile": read.profile,
            "fail_on": read.fail_on,
            "disable": read.disable,
            "levels": None if read.levels is None else [f"{rule}={level}" for rule, level in read.levels.items()],
        }
        ctx.default_map = {name: value for name, value in said.items() if value is not None}
