"""The command line: one module a command, loaded when the command is called."""

from __future__ import annotations

import importlib
import sys
from typing import Any

import click

from ctkms_opa import __version__
from ctkms_opa.cli.output import complain, make_streams_safe
from ctkms_opa.errors import CtkmsError, EngineError
from ctkms_opa.report import EXIT_ENGINE, EXIT_INPUT

_COMMANDS = ("check", "fix", "generate", "simulate", "rules", "test", "new", "bundle", "scan", "init")
_EXIT_INTERRUPTED = 130


class _Commands(click.Group):
    """Loads a command's module when it is needed, and turns errors into one line and an exit code."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in _COMMANDS:
            return None
        command: click.Command = importlib.import_module(f"ctkms_opa.cli.{cmd_name}").command
        return command

    def invoke(self, ctx: click.Context) -> Any:
        try:
            make_streams_safe()
            return super().invoke(ctx)
        except KeyboardInterrupt:
            ctx.exit(_EXIT_INTERRUPTED)
        except CtkmsError as error:
            complain(str(error))
            ctx.exit(EXIT_ENGINE if isinstance(error, EngineError) else EXIT_INPUT)
        except (click.exceptions.Exit, click.ClickException, click.Abort):
            raise
        except OSError as error:
            complain(f"the result cannot be written: {error.strerror or error}")
            ctx.exit(EXIT_INPUT)
        except Exception as error:  # noqa: BLE001 - the last resort: a mistake of ours must not end in the code for findings
            complain(f"ctkms itself failed, which says nothing about the policy: {type(error).__name__}: {error}")
            ctx.exit(EXIT_ENGINE)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="ctkms", message="%(prog)s %(version)s")
def group() -> None:
    """Judges AWS KMS key policies for CloudTrail by simulating the requests that really reach the key.

    \b
    Exit codes: 0 clean, 1 findings at or above --fail-on, 2 bad usage, input, data or rules,
    3 nothing was evaluated or something could not be told, 4 the engine failed.
    """  # noqa: D301 - click reads the backspace


def main() -> None:
    """The `ctkms` command."""
    sys.exit(group(prog_name="ctkms"))
