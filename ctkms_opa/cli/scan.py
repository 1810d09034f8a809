"""`ctkms scan`: the inventory of a live account."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ctkms_opa import arn, whole_file
from ctkms_opa.cli import output, overwriting
from ctkms_opa.errors import UsageError
from ctkms_opa.formats.escape import in_json

if TYPE_CHECKING:
    from ctkms_opa.scan.api import Api

_NOTHING_FOUND = 3
_EVERY = 5
"""After how many seconds whoever watches no terminal hears again what is read."""


@click.command()
@click.option(
    "--profile", metavar="NAME", help="The profile of your AWS configuration; by default as the AWS CLI does."
)
@click.option(
    "--region",
    "regions",
    multiple=True,
    metavar="REGION",
    help="A Region to look at; may be repeated.  [default: all that the account has enabled]",
)
@click.option(
    "-o", "--output", "file", default="-", metavar="FILE", help="Where the inventory goes.  [default: standard output]"
)
@click.option("--expectations", "expected", metavar="FILE", help="Write a first expectations file, too.")
@click.option("--force", is_flag=True, help="Overwrite the expectations file.")
@click.pass_context
def command(
    ctx: click.Context, *, profile: str | None, regions: tuple[str, ...], file: str, expected: str | None, force: bool
) -> None:
    """Read an account's trails, event data stores and their keys.

    Writes an inventory that `ctkms check` takes. Nothing in the account is changed. What may not be read is noted in
    the inventory with the permission that is missing, and what hangs on it cannot be told. Needs boto3: install
    ctkms-opa[aws].

    \b
    Exit codes: 0 all was read, 2 bad usage, no credentials or no connection, 3 something could not be read.
    """  # noqa: D301 - click reads the backspace
    for one in regions:
        problem = arn.check_region(one)
        if problem:
            raise UsageError(f"--region: {problem}")
    if expected and not force and Path(expected).exists():
        raise UsageError(f"{expected} exists; --force overwrites it")
    overwriting.refuse([("--output", file), ("--expectations", expected)], [])
    api = _api(profile, regions)

    from ctkms_opa.scan import expectations, inventory  # noqa: PLC0415 - boto3 is there only now

    found = inventory.scan(api, regions, _Progress())
    written = in_json(json.dumps(found.inventory, indent=2)) + "\n"
    if file == "-":
        output.write([written])
    else:
        whole_file.write(file, [written])
    if expected:
        whole_file.write(expected, [expectations.text(found)])
    for entry in api.missing:
        output.complain(f"not read: {entry['resource']}: {entry['permission']} is missing ({entry['why']})")
    output.complain(_summary(found.inventory))
    ctx.exit(_NOTHING_FOUND if api.missing else 0)


def _api(profile: str | None, regions: tuple[str, ...]) -> Api:
    try:
        import boto3  # noqa: PLC0415 - nothing but a scan needs it
        import botocore.exceptions  # noqa: PLC0415
    except ImportError:
        raise UsageError("ctkms scan needs boto3: pip install 'ctkms-opa[aws]'") from None

    from ctkms_opa.scan.api import Api  # noqa: PLC0415 - needs boto3

    try:
        session = boto3.Session(profile_name=profile)
        region = session.region_name or (regions[0] if regions else "us-east-1")
        return Api(boto3.Session(profile_name=profile, region_name=region))
    except (botocore.exceptions.BotoCoreError, ValueError) as error:
        raise UsageError(f"the AWS configuration cannot be used: {error}") from None


class _Progress:
    """Says on stderr what is read: each step on a terminal, elsewhere one now and then."""

    def __init__(self) -> None:
        self._each = sys.stderr is not None and sys.stderr.isatty()
        self._last = time.monotonic()

    def __call__(self, what: str) -> None:
        now = time.monotonic()
        if self._each or now - self._last >= _EVERY:
            self._last = now
            output.complain(f"reading {what}")


def _summary(found: dict[str, dict[str, object]]) -> str:
    counted = [
        (len(found["trails"]), "trail"),
        (len(found["event_data_stores"]), "event data store"),
        (len(found["keys"]), "key"),
    ]
    return "found " + ", ".join(f"{number} {what}{'' if number == 1 else 's'}" for number, what in counted)
