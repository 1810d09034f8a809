"""Policies, file names and expectations that would act on a terminal: it shows them, and does nothing else."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from scenarios import BOB, EXAMPLE_1, EXAMPLE_5R, FULL_TRAIL, KEY, ROOT, TRAIL, policy
from terminal import Shown, check_harmless, show

Json = Any

REPOSITORY = Path(__file__).resolve().parent.parent
HOSTILE = [
    "\x1b]0;owned\x07",
    "\x1b]2;owned\x1b\\",
    "\x1b]8;;https://evil.example/\x1b\\click\x1b]8;;\x1b\\",
    "\x1b]52;c;Y3VybCBldmlsIHwgc2g=\x07",
    "\x1b]4;1;rgb:ff/ff/ff\x07\x1b]11;#000000\x07",
    "\x1b[2J\x1b[H all is well",
    "\x1b[31mred\x1b[5m\x1b[38;5;1m",
    "\x1b[?1049h\x1b[?25l\x1b[?2004h",
    "\x1b[1A\x1b[2K up",
    "\x1b[6n\x1b[c\x1bZ",
    "\x1bc reset \x1b7\x1b8",
    '\x1bP$q"p\x1b\\ \x1b_tmux\x1b\\ \x1b^x\x1b\\',
    "\x9b31m \x9d0;owned\x9c \x85next",
    "over\rwritten\x08\x08\x08\x7f\x0b\x0c\x00\x0e\x0f\t",
    "\u202egnp.exe\u202c \u2066x\u2069 \u200f\u061c\u2028line\u2029 \ufeff\u200b\u00ad \U000e0041",
    "\n::error::all is well\n::set-output name=x::y\n  ::stop-commands::z",
    "##[group] ##vso[task.complete result=Succeeded;] ##teamcity[x]",
    "<script>document.title='x'</script> ]]> --> &amp; ' \" ` $(reboot) %0A::error::",
    "S" * 10_000,
]
HALVES = "\ud800 \udfff"
TEXT_FORMS = ("text", "matrix", "json", "sarif", "junit", "gitlab", "tap", "conftest", "html")
EXPECTED = f"--key {KEY} --trail {TRAIL} --reader {BOB}".split()
REQUEST = f"--principal {BOB} --action kms:Decrypt --resource {KEY} --context aws:SourceArn=x".split()


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("hostile.json").write_text(json.dumps(hostile(), indent=1), "utf-8")
    Path("lacking.json").write_text(json.dumps(lacking(), indent=1), "utf-8")
    return tmp_path


def hostile() -> Json:
    """A policy with hostile text wherever there may be text."""
    statements = []
    for index, text in enumerate(HOSTILE):
        condition = [{text: {text: text}}, {"StringEquals": {"aws:SourceArn": text}}, {"StringEquals": {text: text}}]
        elements: list[Json] = [{"Principal": {"AWS": text}}, {"Action": [text]}, {"Resource": text}, {"Effect": text}]
        more = [*elements, {text: text}, *({"Condition": one} for one in condition)][index % 8]
        statements.append(ROOT | {"Sid": text, "Principal": {"AWS": "*"}} | more)
    policy = {"Version": HOSTILE[0], "Id": HOSTILE[1], HOSTILE[2]: HOSTILE[3]}
    return policy | {"Statement": [*statements, *FULL_TRAIL["Statement"]]}


def lacking() -> Json:
    """A policy that can be mended, with hostile names."""
    names = [text.encode("latin-1", "ignore").decode("latin-1") for text in HOSTILE[:-1]]
    last = {name: value for name, value in EXAMPLE_5R.items() if name != "Sid"} | {"Sid": names[0]}
    return policy(*(ROOT | {"Sid": name} for name in names), EXAMPLE_1, last)


def environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in {"NO_COLOR", "COLUMNS", "LINES"}}
    return kept | {"PYTHONPATH": str(REPOSITORY), "PYTHONUTF8": "1"}


ESCAPED = "from ctkms_opa.cli import main; main()"
UNESCAPED = f"from ctkms_opa.formats import escape; escape.visible = escape.inert = lambda text: text; {ESCAPED}"


def run(*arguments: str, program: str = ESCAPED) -> tuple[Shown, str]:
    """What a command shows on a terminal, and what it writes elsewhere."""
    command = [sys.executable, "-c", program, *arguments]
    shown = show(command, environment())
    done = subprocess.run(
        command, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False, timeout=120
    )
    assert done.returncode == shown.code
    return shown, done.stdout.decode("utf-8", "surrogateescape")


COMMANDS = {
    **{form: ("check", "hostile.json", *EXPECTED, "--format", form) for form in TEXT_FORMS},
    "notes": ("check", "hostile.json", *EXPECTED, "--notes", "--verbose", "--profile", "hardened"),
    "explain": ("check", "hostile.json", *EXPECTED, "--explain"),
    "simulate": ("simulate", "hostile.json", *REQUEST, "--explain"),
    "simulate, JSON": ("simulate", "hostile.json", *REQUEST, "--explain", "--format", "json"),
    "fix, refused": ("fix", "hostile.json", *EXPECTED),
    "fix": ("fix", "lacking.json", "--key", KEY, "--trail", TRAIL),
}


@pytest.mark.parametrize("name", COMMANDS)
def test_a_terminal_shows_what_a_policy_holds_and_obeys_nothing(name: str) -> None:
    shown, plain = run(*COMMANDS[name])
    assert shown.code in {0, 1}, shown.rows[-5:]
    check_harmless(shown, plain)
    assert name == "matrix" or "owned" in plain  # the hostile text is there to be seen
    if name in {"text", "notes", "explain"}:
        assert any("\\x1b]0;owned\\x07" in row for row in shown.rows)
    if name in {"text", "notes", "explain"}:
        assert any(event == "select_graphic_rendition" for event, _ in shown.done)


@pytest.mark.parametrize("name", ["text", "explain", "simulate", "fix, refused", "tap"])
def test_a_terminal_would_obey_without_escapes(name: str) -> None:
    shown, plain = run(*COMMANDS[name], program=UNESCAPED)
    with pytest.raises(AssertionError):
        check_harmless(shown, plain)
    assert {event for event, _ in shown.done} & {"set_title", "erase_in_display", "cursor_position"}


# What else people put before the command.


def test_names_of_files() -> None:
    for folder in ("policies", "broken"):
        Path(folder).mkdir()
        for text in HOSTILE[:-1]:
            name = re.sub("[/\0]", "", text) + ".json"
            Path(folder, name).write_text('{"Statement": []}' if folder == "policies" else "{" + text, "utf-8")
        shown, plain = run("check", folder, *EXPECTED, "--verbose", "--jobs", "1")
        assert shown.code == (1 if folder == "policies" else 2)
        check_harmless(shown, plain)


@pytest.mark.parametrize(
    "arguments",
    [
        ("check", "hostile.json", "-d", "odd.yaml"),
        ("check", "raw.json", *EXPECTED),
        ("check", "block.yaml", *EXPECTED),
        ("fix", "block.yaml", *EXPECTED),
        ("check", "hostile.json", *EXPECTED, "--changed-from", "lacking.json"),
        ("check", "hostile.json", *EXPECTED, "--config", "odd-config.yaml"),
        ("check", "hostile.json", *EXPECTED, "-p", "odd.rego"),
        ("check", "template.json", "--account", "111111111111"),
        ("fix", "template.json", "--account", "111111111111", "--trail", TRAIL),
        ("generate", "-d", "odd.yaml"),
        ("simulate", "--batch", "odd.jsonl"),
    ],
    ids=lambda arguments: " ".join(arguments[:2]) if isinstance(arguments, tuple) else "",
)
def test_whatever_is_read(arguments: tuple[str, ...]) -> None:
    everything = "".join(HOSTILE[:-1])
    trails = {text: {"key": text, text: text} for text in [*HOSTILE, HALVES]}
    odd = {"expected": {"trails": trails, everything: {}}, everything: 1}
    Path("odd.yaml").write_text(json.dumps(odd), "utf-8")
    Path("raw.json").write_text('{"Statement": "' + everything, "utf-8")
    Path("odd-config.yaml").write_text(json.dumps({everything: 1, "profile": everything}), "utf-8")
    Path("odd.rego").write_text(f"package custom.ctkms.a.b\n\n{everything}", "utf-8")
    case = {"id": [*HOSTILE, HALVES], "policy": HOSTILE[0], "request": {HOSTILE[1]: 1}}
    Path("odd.jsonl").write_text(json.dumps(case), "utf-8")
    properties = {"KeyPolicy": lacking(), everything: {"Ref": everything}}
    uses = {
        "Type": "AWS::CloudTrail::Trail",
        "Properties": {"KMSKeyId": {"Ref": everything}, "TrailName": everything, "S3BucketName": everything},
    }
    resources = {everything: {"Type": "AWS::KMS::Key", "Properties": properties}, "T": uses}
    Path("template.json").write_text(json.dumps({"Resources": resources}), "utf-8")
    statement = yaml.safe_dump([EXAMPLE_1 | {"Sid": None}])
    statement = statement.replace("Sid: null", "Sid: |\n    ::error::all is well\n    ##[group]")
    Path("block.yaml").write_text(f"Version: '2012-10-17'\nStatement:\n{statement}", "utf-8")
    shown, plain = run(*arguments)
    assert shown.code in {0, 1, 2, 3}, shown.rows[-5:]
    check_harmless(shown, plain)
