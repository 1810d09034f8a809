"""`ctkms bundle`: what it writes is the same every time, and the real opa takes it in every way there is."""

from __future__ import annotations

import gzip
import io
import json
import re
import shutil
import tarfile
from pathlib import Path
from typing import Any

import engines
import pytest
from click.testing import CliRunner, Result

from ctkms_opa import __version__, bundle, expectations, pack
from ctkms_opa.cli import group
from ctkms_opa.errors import EngineError

DATA = engines.ROOT / "data"
KEY = "arn:aws:kms:us-east-1:111111111111:key/1234abcd-12ab-34cd-56ef-1234567890ab"
REVISION = re.compile(rf"{re.escape(__version__)}-[0-9a-f]{{16}}")
WRONG_REGION = {"CT-TRAIL-ENCRYPT", "CT-TRAIL-BUCKETKEY-SET", "CT-TRAIL-SOURCEARN-MATCH"}


def make(*arguments: str) -> Result:
    return CliRunner().invoke(group, ["bundle", *arguments])


def files(content: bytes) -> dict[str, bytes]:
    """What an archive holds."""
    with tarfile.open(fileobj=io.BytesIO(content)) as tar:
        return {entry.name: tar.extractfile(entry).read() for entry in tar}  # type: ignore[union-attr]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working directory with the examples, and an input that says whose policy it is."""
    shutil.copytree(DATA, tmp_path / "data")
    document = json.loads((DATA / "policies" / "trail-wrong-region.json").read_text("utf-8"))
    (tmp_path / "input.json").write_text(json.dumps({"ctkms": {"document": document, "key": KEY}}), "utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def opa(*arguments: str) -> str:
    """What the real command prints, where it succeeds."""
    done = engines.run_opa(*arguments)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def made(*arguments: str) -> str:
    """The name of a bundle that was just made."""
    result = make("-o", "made.tar.gz", *arguments)
    assert result.exit_code == 0, result.output
    return "made.tar.gz"


def rules_of(printed: str) -> set[str]:
    return set(json.loads(printed)["result"][0]["expressions"][0]["value"])


# ------------------------------------------------------------------------------------------------ what it holds


def test_it_holds_the_pack_without_its_tests() -> None:
    result = make()
    assert result.exit_code == 0
    assert result.stdout == ""
    held = files(Path("bundle.tar.gz").read_bytes())
    manifest = json.loads(held.pop(".manifest"))
    assert held == {path: text.encode() for path, text in engines.modules()}
    assert REVISION.fullmatch(manifest.pop("revision"))
    assert manifest == {"roots": ["ctkms"], "rego_version": 1, "metadata": {"name": "ctkms"}}


def test_expectations_come_in_if_asked_for() -> None:
    result = make("-d", "data/trails.yaml", "-d", "data/accounts.yaml")
    assert result.exit_code == 0
    held = files(Path("bundle.tar.gz").read_bytes())
    manifest = json.loads(held[".manifest"])
    assert manifest["roots"] == ["ctkms", "expected"]
    expected = expectations.load(["data/trails.yaml", "data/accounts.yaml"]).value
    assert json.loads(held["expected/data.json"]) == expected
    assert result.stderr == f"ctkms: wrote bundle.tar.gz: revision {manifest['revision']}, roots ctkms and expected\n"


def test_the_same_content_gives_the_same_bytes_and_other_content_another_revision() -> None:
    rules = pack.load()
    one = bundle.build(rules, {"accounts": {"111111111111": {}, "222222222222": {}}})
    two = bundle.build(rules, {"accounts": {"222222222222": {}, "111111111111": {}}})
    other = bundle.build(rules, {"accounts": {"111111111111": {}}})
    assert one == two
    assert len({one.revision, other.revision, bundle.build(rules).revision}) == 3
    changed = pack.Pack(rules.root, (*rules.modules[1:], pack.Module("ctkms/a.rego", "a.rego", "package ctkms.a\n")))
    assert bundle.revision(changed) != bundle.revision(rules)


def test_nothing_in_it_tells_of_the_machine_the_user_or_the_time() -> None:
    content = bundle.build(pack.load()).content
    assert content[:10] == b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff"
    with tarfile.open(fileobj=io.BytesIO(gzip.decompress(content))) as tar:
        entries = tar.getmembers()
    assert [entry.name for entry in entries] == sorted(entry.name for entry in entries)
    assert {(e.mtime, e.uid, e.gid, e.uname, e.gname, e.mode) for e in entries} == {(0, 0, 0, "", "", 0o644)}


@pytest.mark.parametrize(
    ("served", "same"),
    [
        ("{}", True),
        ("{}-0123456789abcdef", True),
        ("{}0", False),
        ("0.0.9-0123456789abcdef", False),
        ("", False),
    ],
)
def test_a_revision_is_told_from_others(served: str, same: bool) -> None:
    rules = pack.load()
    assert bundle.is_revision_of(rules, served.format(bundle.revision(rules))) is same


# ------------------------------------------------------------------------------------------------ how it is written


def test_it_goes_to_standard_output_if_asked() -> None:
    assert make("-o", "-").stdout_bytes == bundle.build(pack.load()).content
    assert not Path("bundle.tar.gz").exists()


def test_what_was_there_stays_if_the_data_is_wrong() -> None:
    Path("bundle.tar.gz").write_text("before", "utf-8")
    Path("wrong.yaml").write_text("expected: {trials: {}}\n", "utf-8")
    result = make("-d", "wrong.yaml")
    assert result.exit_code == 2
    assert result.stderr.startswith("ctkms: wrong.yaml:1:12: ")
    assert Path("bundle.tar.gz").read_text("utf-8") == "before"


def test_a_folder_that_is_not_there_is_a_mistake_of_the_user() -> None:
    result = make("-o", "nowhere/bundle.tar.gz")
    assert (result.exit_code, result.stderr) == (
        2,
        "ctkms: nowhere/bundle.tar.gz: cannot be written: No such file or directory\n",
    )


def test_a_pack_without_a_manifest_is_damaged(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match=r"the rule pack is damaged: its manifest cannot be read: .*No such file"):
        bundle.build(pack.Pack(str(tmp_path), ()))


# ------------------------------------------------------------------------------------------------ what opa says of it

pytest_opa = pytest.mark.usefixtures("opa_command")


@pytest_opa
def test_opa_inspect() -> None:
    shown: dict[str, Any] = json.loads(opa("inspect", "--annotations", "--format", "json", made()))
    assert shown["manifest"]["revision"] == bundle.revision(pack.load())
    assert "data.ctkms.main" in shown["namespaces"]
    assert not [name for name in shown["namespaces"] if name.endswith("_test")]
    ids = {note["annotations"].get("custom", {}).get("id") for note in shown["annotations"]}
    assert ids > WRONG_REGION


@pytest_opa
@pytest.mark.parametrize("optimized", [False, True])
def test_opa_eval_and_opa_build(optimized: bool) -> None:
    name = made("-d", "data/trails.yaml", "-d", "data/accounts.yaml")
    if optimized:
        entry_points = ("--entrypoint", "ctkms/main/deny", "--entrypoint", "ctkms/main/report")
        keep = ("--revision", bundle.revision(pack.load()))  # optimizing, opa forgets it
        opa("build", "--bundle", name, "--optimize", "1", *entry_points, *keep, "--output", "built.tar.gz")
    else:
        opa("build", "--bundle", name, "--output", "built.tar.gz")
    manifest = json.loads(files(Path("built.tar.gz").read_bytes())["/.manifest"])
    assert bundle.is_revision_of(pack.load(), manifest["revision"])
    query = "{finding.rule | some finding in data.ctkms.main.deny}"
    for each in (name, "built.tar.gz"):
        printed = opa("eval", "--bundle", each, "--input", "input.json", "--strict-builtin-errors", query)
        assert rules_of(printed) == WRONG_REGION


@pytest_opa
def test_opa_eval_with_expectations_beside_the_bundle() -> None:
    query = "{finding.rule | some finding in data.ctkms.main.deny}"
    data = ("--data", "data/trails.yaml", "--data", "data/accounts.yaml")
    printed = opa("eval", "--bundle", made(), *data, "--input", "input.json", query)
    assert rules_of(printed) == WRONG_REGION


@pytest_opa
def test_opa_exec() -> None:
    name = made("-d", "data/trails.yaml", "-d", "data/accounts.yaml")
    arguments = ("exec", "--bundle", name, "--decision", "ctkms/main/deny", "--fail-non-empty")
    done = engines.run_opa(*arguments, "input.json")
    (result,) = json.loads(done.stdout)["result"]
    assert done.returncode == 1
    assert {finding["rule"] for finding in result["result"]} == WRONG_REGION
    correct = json.loads(Path("data/policies/trail.json").read_text("utf-8"))
    Path("input.json").write_text(json.dumps({"ctkms": {"document": correct, "key": KEY}}), "utf-8")
    assert json.loads(opa(*arguments, "input.json"))["result"][0]["result"] == []


@pytest_opa
def test_opa_exec_does_not_take_for_a_pass_what_could_not_be_tried() -> None:
    """The data speak of two keys, and nothing says whose policy it is."""
    name = made("-d", "data/trails.yaml", "-d", "data/accounts.yaml")
    arguments = ("exec", "--bundle", name, "--decision", "ctkms/main/deny", "--fail-non-empty")
    done = engines.run_opa(*arguments, "data/policies/trail-wrong-region.json")
    (finding,) = json.loads(done.stdout)["result"][0]["result"]
    assert done.returncode == 1
    assert finding["msg"].startswith("nothing was evaluated: ")
    assert "which key the policy belongs to" in finding["msg"]


@pytest_opa
def test_opa_bench() -> None:
    name = made("-d", "data/trails.yaml", "-d", "data/accounts.yaml")
    printed = opa("bench", "--bundle", name, "--input", "input.json", "--format", "gobench", "data.ctkms.main.deny")
    assert "ns/op" in printed


@pytest_opa
def test_opa_sign() -> None:
    """Signed by opa, it is taken with the right key only."""
    name = made()
    key = ("--signing-alg", "HS256", "--signing-key")
    opa("sign", *key, "right", "--bundle", name)
    signed = gzip.decompress(Path(name).read_bytes())
    Path("signed.tar").write_bytes(signed)
    with tarfile.open("signed.tar", "a") as tar:
        tar.add(".signatures.json")
    Path("signed.tar.gz").write_bytes(gzip.compress(Path("signed.tar").read_bytes()))
    verify = ("build", "--bundle", "signed.tar.gz", "--signing-alg", "HS256", "--verification-key")
    opa(*verify, "right")
    refused = engines.run_opa(*verify, "wrong")
    assert refused.returncode != 0
    assert "failed to verify JWT signature" in refused.stdout
