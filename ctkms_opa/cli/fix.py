"""`ctkms fix`: adds what a key policy lacks."""

from __future__ import annotations

import difflib
import json
import re
import sys
from collections import Counter
from typing import TYPE_CHECKING, Any

import click
import yaml

from ctkms_opa import files, inputs, whole_file
from ctkms_opa.checker import PROFILES, Profile
from ctkms_opa.cli import options, output
from ctkms_opa.cloudformation.functions import substituted
from ctkms_opa.errors import InputError, UsageError
from ctkms_opa.fix import Fixer
from ctkms_opa.formats.escape import in_json, inert, visible
from ctkms_opa.generate_forms import terraform_statements
from ctkms_opa.report import EXIT_CANNOT_TELL, EXIT_CLEAN, EXIT_FINDINGS
from ctkms_opa.terraform_source import policy_document

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ctkms_opa.fix import Change, Fix, Lack
    from ctkms_opa.report import Location

_RESOURCE = re.compile(r"\$\{([A-Za-z0-9]+)\}")
_LINE = re.compile(r"[^\n]*\n|[^\n]+")
"""A line for `patch`, to which nothing but a line feed ends one."""
_ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-32")


@click.command()
@click.argument("policy", metavar="POLICY")
@options.expectation_options
@click.option("--key", metavar="ARN", help="The key that the policy belongs to.")
@options.deployment_options
@click.option(
    "--profile",
    type=click.Choice(PROFILES),
    help="With hardened, what AWS recommends is added, too; by default what DATA says, else documented.",
)
@click.option("--write", is_flag=True, help="Change the file.")
@click.pass_context
def command(
    ctx: click.Context,
    *,
    policy: str,
    data: tuple[str, ...],
    trails: tuple[str, ...],
    stores: tuple[str, ...],
    readers: tuple[str, ...],
    key: str | None,
    parameters: tuple[str, ...],
    account: str | None,
    region: str | None,
    partition: str | None,
    profile: Profile | None,
    write: bool,
) -> None:
    """Add the statements that a key policy lacks, and change nothing else.

    POLICY is a file, or - for standard input. What is added was tried, and the result is judged before it is shown,
    as a unified diff. Of a template, which is made of parts, the statements are shown and where they go. Where adding
    does not help, nothing is changed, and it is said what stands in the way.

    \b
    Exit codes: 0 nothing is missing or all is added, 1 something else stands in the way, 2 bad usage, input or data,
    3 nothing was judged, or it cannot be told whether that is enough, or it depends on the deployment,
    4 the engine failed.
    """  # noqa: D301 - click reads the backspace
    if write and policy == "-":
        raise UsageError("--write changes a file, and standard input is none")
    fixer = Fixer(
        options.expected_of(data, trails, stores, readers, key),
        profile=profile,
        key=key,
        parameters=options.parameters_of(parameters),
        account=account,
        region=region,
        partition=partition,
    )
    fix = fixer.fix(document := _read(policy))
    missing = [lack for lack in fix.lacks if lack.statements]
    if fix.report.errors or fix.left:
        helped = _helped(fix, missing) if fix.change is None else []
        output.write(_snippets(helped, document))
        _complain_of_what_stands_in_the_way(fix, helped)
        ctx.exit(fix.report.exit_code if fix.report.errors else EXIT_FINDINGS)
    if fix.change is not None:
        shown = [_shown(line) for line in _diff(policy, fix.change.before, fix.change.after)]
        output.write(shown)
        if not _is_patch(policy, fix.change, "".join(shown)):
            is_in_a_string = fix.change.text != fix.change.after
            why = "the file holds the policy in a string" if is_in_a_string else "what it says does not print here"
            output.complain(f"this diff is for reading, patch does not take it because {why}: --write changes the file")
    else:
        output.write(_snippets(missing, document))
    is_there = any(one.key == key or not (key and one.key.startswith("arn:")) for one in fix.report.keys)
    if is_there:
        _remark(fix, missing)
    else:
        whose = f"the key {visible(key)}" if key else "a key"
        output.complain(f"cannot tell what is missing: {visible(policy)} does not hold the policy of {whose}")
    if write and missing:
        if fix.change is None:
            raise UsageError("the statements cannot be put into its text: add them by hand", policy)
        _save(policy, document.text, fix.change.text)
    is_told = is_there and fix.report.verdict == "pass" and not _depends(missing)
    ctx.exit(EXIT_CLEAN if is_told else EXIT_CANNOT_TELL)


def _helped(fix: Fix, missing: list[Lack]) -> list[Lack]:
    """Of a document with several keys those that the statements mend, whatever stands in the way at others."""
    if fix.report.errors:
        return []
    at_fault = {finding.key for finding in fix.left}
    return [lack for lack in missing if lack.label not in at_fault]


def _depends(missing: list[Lack]) -> bool:
    """Whether a key lacks one thing or another, depending on the deployment."""
    return len({lack.label for lack in missing}) < len(missing)


def _read(policy: str) -> inputs.Document:
    found = list(inputs.read_documents([policy]))
    if len(found) != 1:
        raise UsageError(f"is a folder with {len(found)} files: name one of them", policy)
    if isinstance(found[0], InputError):
        raise found[0]
    return found[0]


def _complain_of_what_stands_in_the_way(fix: Fix, helped: list[Lack]) -> None:
    for error in fix.report.errors:
        output.complain(f"{_place(error.file, error.line, error.column)}: {error.msg}")
    if fix.left:
        whom = f" for {', '.join(sorted({visible(finding.key) for finding in fix.left}))}" if helped else ""
        output.complain(f"nothing was changed: adding statements is not enough{whom}")
    for finding in fix.left:
        where = finding.location
        output.complain(f"{_place(where.file, where.line, where.column)}: {finding.rule}: {finding.msg}")
        output.complain(f"to decide: {finding.remediation}")


def _remark(fix: Fix, missing: list[Lack]) -> None:
    """What is left to say once the statements are shown."""
    if not missing and fix.report.verdict == "pass":
        output.complain("nothing is missing")
    if missing and fix.change is None:
        output.complain("nothing was changed: the statements go where it is said above them")
    circle = sorted({name for lack in missing for name in _RESOURCE.findall(json.dumps(lack.statements))})
    if circle:
        output.complain(
            "CloudFormation refuses resources that refer to each other: a key policy that names "
            f"{' and '.join(circle)}, which uses the key, needs a name that the template gives it"
        )
    if _depends(missing):
        output.complain(
            "what is missing depends on the deployment: say with --account, --region, --partition and --parameter "
            "which one is meant"
        )
    for kind, owner in dict.fromkeys(one for lack in fix.lacks for one in lack.companions):
        output.complain(f"{owner} needs a policy besides ({kind.replace('-', ' ')}): ctkms generate makes it")
    for reason in dict.fromkeys(fix.open_questions):
        output.complain(f"cannot tell: {reason}")
    warnings = fix.report.counts()["warning"]
    if warnings:
        output.complain(f"{warnings} {'warning is' if warnings == 1 else 'warnings are'} left (ctkms check shows them)")


# What is shown.


def _diff(file: str, before: str, after: str) -> Iterator[str]:
    """A unified diff; the ends of lines are those of the file."""
    old, new = (_LINE.findall(text) for text in (before, after))
    for line in difflib.unified_diff(old, new, file, file):
        yield line if line.endswith("\n") else f"{line}\n"
        if not line.endswith("\n"):
            yield "\\ No newline at end of file\n"


def _shown(line: str) -> str:
    """A line of a diff, with what does not print made visible."""
    if line.startswith("\\"):
        return line
    text = line.removesuffix("\n")
    end = "\r" if text.endswith("\r") else ""
    return inert("\t".join(map(visible, text.removesuffix(end).split("\t")))) + f"{end}\n"


def _is_patch(file: str, change: Change, shown: str) -> bool:
    """Whether `patch` would make of the file what was judged: it says what the diff does, byte for byte."""
    diff = "".join(_diff(file, change.before, change.after))
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    if shown != diff or shown.encode("utf-8") != shown.encode(encoding, "backslashreplace"):
        return False
    return file == "-" or files.read_bytes(file) == change.before.encode("utf-8")


def _snippets(missing: list[Lack], document: inputs.Document) -> Iterator[str]:
    """The statements that go into a document that is made of parts, with where they go."""
    ways = Counter(lack.label for lack in missing)
    shown: Counter[str] = Counter()
    for lack in missing:
        where = lack.location
        shown[lack.label] += 1
        number = f" (way {shown[lack.label]} of {ways[lack.label]}: take one)" if ways[lack.label] > 1 else ""
        address = _address(document.value, where.pointer)
        source = policy_document(document.value, address) if address else None
        into = f"to {source}, for" if source else "to the statements of"
        yield inert(f"# {_at(where, address)}: add {visible(into)} {visible(lack.label)}{number}:") + "\n"
        if source:
            yield "".join(f"{line}\n" for line in terraform_statements(lack.statements))
        elif not where.pointer.endswith("/Statement"):  # the policy is text, in which names are replaced as they stand
            yield in_json(json.dumps(lack.statements, indent=2)) + "\n"
        elif document.format == "yaml":
            yield yaml.dump(lack.statements, Dumper=_Dumper, sort_keys=False, width=110)
        else:
            yield in_json(json.dumps(substituted(lack.statements), indent=2)) + "\n"


class _Dumper(yaml.SafeDumper):
    """Writes such texts with the tag !Sub."""

    def represent_data(self, data: Any) -> yaml.Node:
        if isinstance(data, str) and "${" in data:
            return self.represent_scalar("!Sub", data)
        return super().represent_data(data)


def _at(where: Location, address: str) -> str:
    names = [visible(name) for name in (address, where.pointer) if name]
    return _place(where.file, where.line, where.column) + (f" ({', '.join(names)})" if names else "")


def _address(value: Any, pointer: str) -> str:
    """What Terraform calls the resource in which a place of a plan lies: its source, not the plan, is to be changed."""
    found = ""
    for step in pointer.split("/")[1:]:
        value = value[int(step)] if isinstance(value, list) else value.get(step) if isinstance(value, dict) else None
        if isinstance(value, dict) and isinstance(value.get("address"), str):
            found = value["address"]
    return found


def _place(*parts: str | int | None) -> str:
    return visible(":".join(str(part) for part in parts if part is not None))


# The file.


def _save(file: str, before: str, after: str) -> None:
    """Writes the new text in the encoding of the old one.

    Raises:
        UsageError: The file has changed meanwhile, or cannot be written.
    """
    there = files.read_bytes(file)
    encoding = next((name for name in _ENCODINGS if before.encode(name) == there), None)
    if encoding is None:
        raise UsageError("cannot be written: it has changed meanwhile, or its encoding is unusual", file)
    whole_file.write_bytes(file, [after.encode(encoding)])
    output.complain(f"wrote {file}")
