"""`ctkms init`: an expectations file to start from."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ctkms_opa import expectations
from ctkms_opa.cli import output
from ctkms_opa.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

_PLAIN = re.compile(r"[A-Za-z][\w./:-]*\w")

_EXAMPLE_KEY = "arn:aws:kms:us-east-1:111111111111:key/1234abcd-12ab-34cd-56ef-1234567890ab"
_EXAMPLE_TRAIL = "arn:aws:cloudtrail:us-east-1:111111111111:trail/management-events"
_EXAMPLE_STORE = "arn:aws:cloudtrail:us-east-1:111111111111:eventdatastore/EXAMPLE-f852-4e8f-8bd1-bcf6cEXAMPLE"
_EXAMPLE_READER = "arn:aws:iam::111111111111:user/Bob"

_HEAD = """\
# What ctkms expects of your KMS keys: which trails and event data stores use them, and who reads their data.
# Check a key policy against it:  ctkms check key-policy.json -d {file}
# Maps only, keyed by ARN, account id or a name of your choice: several files merge. A map's value may be empty.
expected:
"""

_KEY_COMMENTS = """\
      # policy: policies/cloudtrail-*.json      # the files that hold this key's policy
      # aliases: {alias/cloudtrail: }
      # administrators: {"arn:aws:iam::111111111111:role/KeyAdmin": }
      # encrypting_accounts: {"222222222222": } # any trail of this account may use the key
      # metadata: {state: Enabled, spec: SYMMETRIC_DEFAULT, usage: ENCRYPT_DECRYPT, multi_region: false}
"""

_TRAIL_COMMENTS = """\
      # organization: false                     # true: the ARN has the management account's id
      # log_file_validation: true
      # bucket: {name: example-logs, account: "111111111111", region: us-east-1, prefix: "", bucket_key: false}
"""

_TAIL = """\

  # What a key policy cannot show: the policies of readers in other accounts, and of roles that others assume.
  # principals:
  #   arn:aws:iam::222222222222:user/Alice:
  #     identity_policies:
  #       read-logs:
  #         Version: "2012-10-17"
  #         Statement: [{Effect: Allow, Action: "kms:Decrypt", Resource: "*"}]

  # accounts:
  #   "111111111111": {name: security}
  # organization: {id: o-a1b2c3d4e5, management_account: "111111111111"}

  # Findings that you accept: each with a reason, an owner and an end.
  # waivers:
  #   legacy: {rule: CT-TRAIL-SOURCEARN, key: alias/cloudtrail, reason: why, owner: who, expires: 2027-01-31}
"""


@click.command()
@click.argument("file", default="expectations.yaml")
@click.option("--trail", "trails", multiple=True, metavar="ARN", help="A trail that uses the key; may be repeated.")
@click.option(
    "--event-data-store", "stores", multiple=True, metavar="ARN", help="An event data store; may be repeated."
)
@click.option("--key", metavar="ARN", help="The key.")
@click.option("--reader", "readers", multiple=True, metavar="ARN", help="Who reads the data; may be repeated.")
@click.option("--force", is_flag=True, help="Overwrite FILE.")
def command(
    *,
    file: str,
    trails: tuple[str, ...],
    stores: tuple[str, ...],
    key: str | None,
    readers: tuple[str, ...],
    force: bool,
) -> None:
    """Write an expectations file to start from.

    FILE is expectations.yaml by default; - prints it.
    """
    expectations.from_flags(trails, stores, readers, [] if key is None else [key])
    text = "".join(_text("expectations.yaml" if file == "-" else file, trails, stores, key, readers))
    if file == "-":
        output.write([text])
        return
    try:
        with Path(file).open("w" if force else "x", encoding="utf-8") as target:
            target.write(text)
    except FileExistsError:
        raise UsageError(f"{file} exists; --force overwrites it") from None
    except OSError as error:
        raise UsageError(f"cannot be written: {error.strerror}", file) from None
    output.complain(f"wrote {file}; next: ctkms check POLICY -d {file}")


def _text(
    file: str, trails: tuple[str, ...], stores: tuple[str, ...], key: str | None, readers: tuple[str, ...]
) -> Iterator[str]:
    yield _HEAD.replace("{file}", json.dumps(file)[1:-1])
    yield from _section("keys", () if key is None else (key,), _EXAMPLE_KEY, _KEY_COMMENTS)
    yield from _section("trails", trails, _EXAMPLE_TRAIL, _TRAIL_COMMENTS, key=key, people=("readers", readers))
    yield from _section("event_data_stores", stores, _EXAMPLE_STORE, "", key=key, people=("users", readers))
    yield _TAIL


def _section(
    name: str,
    arns: tuple[str, ...],
    example: str,
    comments: str,
    *,
    key: str | None = None,
    people: tuple[str, tuple[str, ...]] | None = None,
) -> Iterator[str]:
    """One section: the given entries, or an example that is commented out."""
    yield f"\n  {name}:\n"
    lines = [line for arn in arns or (example,) for line in _entry(arn, comments, key, people, example=not arns)]
    for line in lines:
        yield line if arns else f"    # {line[4:].replace('# ', '', 1)}"


def _entry(
    arn: str, comments: str, key: str | None, people: tuple[str, tuple[str, ...]] | None, *, example: bool
) -> Iterator[str]:
    yield f"    {_scalar(arn)}:\n"
    if people is not None and (key or example):
        yield f"      key: {_scalar(key or _EXAMPLE_KEY)}\n"
    yield from comments.splitlines(keepends=True)
    if people is not None and (people[1] or example):
        yield f"      {people[0]}:\n"
        yield from (f"        {_scalar(one)}:\n" for one in people[1] or (_EXAMPLE_READER,))


def _scalar(text: str) -> str:
    """The text as YAML: plain where that is safe."""
    return text if _PLAIN.fullmatch(text) else json.dumps(text)
