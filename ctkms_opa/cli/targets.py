"""Where reports go: which `--output` belongs to which `--format`."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

import click

from ctkms_opa import formats
from ctkms_opa.cli import configured, output
from ctkms_opa.formats import source

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ctkms_opa.report import Report


class Target(NamedTuple):
    """A format and the file that it is written to; None is standard output."""

    form: str
    file: str | None = None

    def check(self) -> None:
        """Notices that a file cannot be written before the work is done, rather than after it.

        Raises:
            UsageError: The file's folder does not exist.
        """
        if self.file is not None:
            from ctkms_opa import whole_file  # noqa: PLC0415 - start-up time

            whole_file.check_folder(self.file)

    def write(self, report: Report, options: formats.Options) -> None:
        """Writes a report in the format.

        Args:
            report: The report.
            options: What the reader chose; a file is never colored.

        Raises:
            UsageError: The file cannot be written.
        """
        folder = os.getcwd()  # noqa: PTH109 - start-up time
        options = options._replace(folder=folder, repository=_repository(folder), lines=source.lines)
        if self.form in formats.DESCRIBE_RULES:
            from ctkms_opa import metadata, pack  # noqa: PLC0415 - start-up time

            options = options._replace(rules=(*metadata.catalogue(pack.load()), *options.rules))
        if self.file is None:
            output.write(formats.renderer(self.form)(report, options))
        else:
            from ctkms_opa import whole_file  # noqa: PLC0415 - start-up time

            whole_file.write(self.file, formats.renderer(self.form)(report, options._replace(color=False)))


class Command(configured.Command):
    """A command with the options `--format` (`forms`) and `--output` (`files`), both repeatable.

    They pair up by their order on the command line; `ctx.obj` is the list of targets. Where neither is given, the
    configuration says.
    """

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Reads the order of the options, which click does not hand to the command's function."""
        values, _, order = self.make_parser(ctx).parse_args(args=list(args))
        given = {name: iter(values.get(name) or ()) for name in ("forms", "files")}
        rest = super().parse_args(ctx, args)
        ctx.obj = pair((param.name, next(given[param.name])) for param in order if param.name in given)
        config = configured.of(ctx)
        if config is not None and config.formats and not (values.get("forms") or values.get("files")):
            ctx.obj = [Target(form, file) for form, file in config.formats.items()]
        return rest


def pair(given: Iterable[tuple[str, str]]) -> list[Target]:
    """Gives each file to the format that it follows or, where there is none or it has one, to the next format.

    Args:
        given: The options in their order, as `("forms", name)` and `("files", path)`.

    Raises:
        click.UsageError: A file has no format, two formats share a file, or two go to standard output.
    """
    targets: list[Target] = []
    waiting: list[str] = []
    for option, value in given:
        if option == "forms":
            targets.append(Target(value, *waiting))
            waiting = []
        elif targets and targets[-1].file is None:
            targets[-1] = Target(targets[-1].form, value)
        elif waiting:
            raise click.UsageError(f"--output {value} has no --format of its own: put one before it")
        else:
            waiting = [value]
    if targets and waiting:
        raise click.UsageError(f"--output {waiting[0]} has no --format of its own: put one before it")
    return _distinct(targets or [Target("text", *waiting)])


def _distinct(targets: Iterable[Target]) -> list[Target]:
    forms: dict[str | None, str] = {}
    for form, given in targets:
        file = None if given == "-" else given
        if file in forms:
            place = file or "standard output"
            raise click.UsageError(
                f"--format {forms[file]} and --format {form} both go to {place}: put --output FILE after one of them"
            )
        forms[file] = form
    return [Target(form, file) for file, form in forms.items()]


def _repository(folder: str) -> str:
    """The repository that a folder lies in, or the folder itself where it lies in none."""
    place = folder
    while not os.path.exists(os.path.join(place, ".git")):  # noqa: PTH110, PTH118 - start-up time
        above = os.path.dirname(place)  # noqa: PTH120
        if above == place:
            return folder
        place = above
    return place
