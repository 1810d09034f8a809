"""Users' own rules: they add to the pack, never weaken it, and one that fails says so and hides nothing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from ctkms_opa import Checker, engine, pack
from ctkms_opa.cli import group
from ctkms_opa.custom import syntax
from ctkms_opa.custom.run import Runner
from ctkms_opa.errors import InputError, RulesError

ROOT = Path(__file__).resolve().parent.parent
KEY = "arn:aws:kms:us-east-1:111111111111:key/1234abcd-12ab-34cd-56ef-1234567890ab"
TRAIL = "arn:aws:cloudtrail:us-east-1:111111111111:trail/management-events"
POLICY = str(ROOT / "data" / "policies" / "trail.json")
PACK = pack.load()

METADATA = """\
# METADATA
# title: A title
# related_resources:
# - ref: https://example.com/rule
# custom:
#   id: {id}
#   level: {level}
"""
FINDING = 'findings contains {{"rule": "{id}", "msg": "found"}}\n'


def text(body: str = "", package: str = "custom.ctkms.acme.one", rule: str = "ACME-ONE", level: str = "warning") -> str:
    """A rule that finds something on every key, or one with another body."""
    head = METADATA.format(id=rule, level=level)
    return f"{head}package {package}\n\n{body or FINDING.format(id=rule)}"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for rules, in which the tests run."""
    monkeypatch.chdir(tmp_path)
    Path("rules").mkdir()
    return tmp_path


def write(content: str, name: str = "one.rego") -> str:
    file = Path("rules", name)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(content, "utf-8")
    return str(file)


def expected(**more: Any) -> dict[str, Any]:
    return {"expected": {"keys": {KEY: None}, "trails": {TRAIL: {"key": KEY}}} | more}


def check(*options: str) -> Result:
    return CliRunner().invoke(group, ["check", POLICY, "--trail", TRAIL, "--key", KEY, "-p", "rules", *options])


def refused(*, match: str) -> None:
    result = check()
    assert result.exit_code == 2
    assert match in result.stderr
    assert "Traceback" not in result.stderr
    assert not result.stdout


def test_a_rule_adds_its_findings_with_the_level_and_link_of_its_metadata() -> None:
    write(text())
    result = check("--format", "json")
    assert result.exit_code == 0
    (key,) = json.loads(result.stdout)["keys"]
    (found,) = [finding for finding in key["findings"] if finding["rule"] == "ACME-ONE"]
    assert (found["level"], found["msg"], found["url"]) == ("warning", "found", "https://example.com/rule")
    assert found["location"] == {"file": POLICY, "line": 1, "column": 1, "pointer": ""}
    assert found["fingerprint"]
    assert check("--fail-on", "warning").exit_code == 1


def test_the_pack_finds_what_it_finds_without_it() -> None:
    write(text())
    broken = str(ROOT / "data" / "policies" / "trail-wrong-region.json")
    without = Checker(expected()).check_paths([broken]).findings
    with_it = Checker(expected(), policies=["rules"]).check_paths([broken]).findings
    assert set(without) < set(with_it)
    assert [finding.rule for finding in with_it if finding not in without] == ["ACME-ONE"]


def test_a_finding_stands_where_it_says() -> None:
    body = """import data.ctkms.api

findings contains api.finding("ACME-ONE", fields) if {
	some entry in data.ctkms.api.statements
	entry.sid == "AllowCloudTrailEncryptLogs"
	fields := {"msg": api.label(entry), "statement": entry, "path": ["Action"], "level": "error", "subject": "x"}
}
"""
    write(text(body))
    report = Checker(expected(), policies=["rules"]).check_paths([POLICY])
    (found,) = [finding for finding in report.findings if finding.rule == "ACME-ONE"]
    assert report.exit_code == 1
    assert (found.level, found.subject) == ("error", "x")
    assert found.location.pointer == "/Statement/1/Action"
    assert found.location.line == 19
    assert found.msg == "statement 2 (AllowCloudTrailEncryptLogs)"


@pytest.mark.parametrize("form", ["text", "json", "sarif", "junit", "github", "gitlab", "azure", "tap", "conftest"])
def test_every_format_shows_it(form: str) -> None:
    write(text(level="error"))
    result = check("--format", form)
    assert result.exit_code == 1
    assert "ACME-ONE" in result.stdout


def test_sarif_describes_it() -> None:
    write(text())
    (run,) = json.loads(check("--format", "sarif").stdout)["runs"]
    assert "ACME-ONE" in [rule["id"] for rule in run["tool"]["driver"]["rules"]]


def test_the_engines_agree() -> None:
    """Users' rules run on the interpreter; what they find goes through either engine's report."""
    rules = [str(ROOT / "data" / "rules")]
    reports = [
        Checker(expected(), engine=name, policies=rules).check_paths([POLICY]) for name in ("compiled", "interpreted")
    ]
    assert reports[0].findings == reports[1].findings


def test_it_can_be_waived() -> None:
    write(text(level="error"))
    waiver = {"rule": "acme-one", "key": KEY, "reason": "r", "owner": "o", "expires": "2026-12-31"}
    report = Checker(expected(waivers={"one": waiver}), policies=["rules"], today="2026-06-01").check_paths([POLICY])
    assert [waived.finding.rule for waived in report.waived] == ["ACME-ONE"]
    assert report.verdict == "pass"


def test_it_says_what_it_lacks() -> None:
    body = 'findings contains "x" if false\n\nnot_evaluated contains {"rule": "ACME-ONE", "why": "no data"}\n'
    write(text(body))
    report = Checker(expected(), policies=["rules"]).check_paths([POLICY])
    assert ("ACME-ONE", "no data") in [(entry.rule, entry.why) for entry in report.not_evaluated]


def test_it_has_data_and_helpers_of_its_own() -> None:
    body = """import data.custom.acme.words

findings contains {"rule": "ACME-ONE", "msg": words.said(text)} if some text in data.custom.acme.texts
"""
    write(text(body))
    write('package custom.acme.words\n\nsaid(text) := concat("", [text, "!"])\n', "words.rego")
    write("texts: [a]\n", "custom/acme/data.yaml")
    write('{"custom": {"acme": {"more": 1}}}', "data.json")
    report = Checker(expected(), policies=["rules"]).check_paths([POLICY])
    assert "a!" in [finding.msg for finding in report.findings]


def test_tests_are_left_out() -> None:
    write(text())
    write("package ctkms.iam\n\ntest_x if true\n", "one_test.rego")
    assert check().exit_code == 0


@pytest.mark.parametrize(
    ("package", "line", "why"),
    [
        ("ctkms.rules.trail.encrypt", 8, "package ctkms.rules.trail.encrypt is not loaded, the pack is closed"),
        ("ctkms.iam", 8, "package ctkms.iam is not loaded, the pack is closed"),
        ("acme.one", 8, "package acme.one is not loaded, it would never run"),
        ("custom.ctkms.one", 8, "package custom.ctkms.one would never run"),
        ("custom.ctkms.rules.acme.one", 8, "package custom.ctkms.rules.acme.one would never run"),
        ("custom.acme.one", 10, "custom.acme.one.findings would never run"),
    ],
)
def test_packages_that_weaken_the_pack_or_never_run(package: str, line: int, why: str) -> None:
    file = write(text(package=package))
    refused(match=f"ctkms: {file}:{line}: {why}")


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ('deny contains "x"\n\nfindings contains "x" if false\n', ":10: custom.ctkms.acme.one.deny would never run"),
        ("helper := 1\n", ":8: package custom.ctkms.acme.one has no findings"),
        ('findings := ["x"]\n', ":10: custom.ctkms.acme.one.findings is no set: write `findings contains … if {…}`"),
        ("findings.a contains 1\n", ":10: custom.ctkms.acme.one.findings.a is no set"),
        (
            "findings contains x if x := data.ctkms.main.deny[_]\n",
            ":10: custom.ctkms.acme.one.findings reads data.ctkms.main.deny",
        ),
        ("findings contains x if some x in data.ctkms[_]\n", ":10: custom.ctkms.acme.one.findings reads data.ctkms,"),
        ("findings contains x if some x in data\n", ":10: custom.ctkms.acme.one.findings reads data,"),
        (
            'f(url) := http.send({"method": "get", "url": url})\n\n'
            'findings contains 1 if f("https://example.com").status_code != 200\n',
            ":10: custom.ctkms.acme.one.f calls http.send: rules reach no network",
        ),
        ("findings contains x if some x in findings\n", "recursion: custom.ctkms.acme.one.findings needs itself"),
        (
            "findings contains x if x := f(1)\n\nf(x) := g(x)\n\ng(y) := f(y)\n",
            ":12: recursion: custom.ctkms.acme.one.f needs custom.ctkms.acme.one.g needs",
        ),
        ("findings contains x if some x in data.custom.ctkms[_].one.findings\n", "recursion"),
        ("findings contains )\n", ":10:19: this is not Rego: "),
        (
            "findings contains x if not y\n",
            "rules/one.rego:10:28: this is not Rego: use of undefined variable `y` is unsafe",
        ),
    ],
)
def test_rules_that_cannot_be(body: str, why: str) -> None:
    write(text(body))
    refused(match=why)


def test_a_helper_cannot_reach_into_the_rules() -> None:
    write(text())
    file = write("package custom\n\nctkms.acme.two.findings contains 1\n", "two.rego")
    refused(match=f"{file}:3: custom.ctkms.acme.two.findings lies in another package than custom")


def test_a_name_that_a_rule_binds_itself_is_no_call_of_the_network() -> None:
    write(text('findings contains {"rule": "ACME-ONE", "msg": http.send} if some http in [{"send": "found"}]\n'))
    assert "found" in check().stdout


def test_names_that_a_rule_binds_itself_are_no_recursion() -> None:
    body = """findings contains finding if {
	some found, finding in [f(1)]
	every each in [1] { each == found }
}

f(found) := g(1) if found > 0

g(_) := x if {
	some other
	x := other
}

each := findings

found := findings

other := f(2)

x := f(3)
"""
    modules = [pack.Module("one.rego", "one.rego", text(body))]
    assert syntax.recursion(syntax.read(engine.syntax_trees(modules))) == []


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("package custom.ctkms.acme.one\n\nfindings contains 1\n", ":1: the package has no METADATA"),
        (
            text(rule="CT-TRAIL-ENCRYPT"),
            "custom.id CT-TRAIL-ENCRYPT is already taken by the pack's own rule CT-TRAIL-ENCRYPT",
        ),
        (text(rule="CT-MINE"), "custom.id 'CT-MINE': ids that begin with CT- or KP- are the pack's"),
        (text(rule="acme"), "custom.id 'acme' is not written as ACME-ONE"),
        (
            "package custom.ctkms.acme.one\n\n# METADATA\n# title: A title\n" + FINDING.format(id="ACME-ONE"),
            ":1: the package has no METADATA; it stands above the package, not below",
        ),
        (text(rule="7"), ":8: the METADATA's custom.id is 7, which is no text"),
        (text().replace("# custom:", "# custom: ["), ":7: the METADATA is not YAML: "),
        (text("# METADATA\n# title: a: b\n" + FINDING.format(id="ACME-ONE")), ":11: the METADATA is not YAML: "),
        (text(level="fatal"), "custom.level is 'fatal': choose error, warning or note"),
        (text().replace("# title: A title\n", ""), "title is missing"),
        (text().replace("https://", "javascript:"), "'javascript:example.com/rule' is no web address"),
        (text().replace("#   level", "#   waivable: perhaps\n#   level"), "custom.waivable is neither true nor false"),
    ],
)
def test_metadata_that_is_wrong(content: str, why: str) -> None:
    file = write(content)
    refused(match=why)
    refused(match=f"ctkms: {file}:")


def test_an_id_that_two_rules_have() -> None:
    first = write(text(), "a.rego")
    second = write(text(package="custom.ctkms.acme.two"), "b.rego")
    refused(match=f"ctkms: {second}:8: METADATA: custom.id ACME-ONE is already taken by {first}:8")


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        (
            "data.json",
            '{\n "ctkms": {"rules": {}}}',
            ":2:21: data at ctkms.rules is refused: your data lies below custom",
        ),
        (
            "ctkms/iam/data.yaml",
            "decide: 1\n",
            "data.yaml:1:9: data at ctkms.iam.decide is refused: your data lies below custom",
        ),
        (
            "data.yaml",
            "custom: {ctkms: {acme: {one: {findings: []}}}}\n",
            "data at custom.ctkms.acme.one.findings is refused: it would replace a rule",
        ),
        ("data.yaml", "custom: {ctkms: 1}\n", "data at custom.ctkms is refused: it would replace a rule"),
        ("data.yaml", "- 1\n", ":1: data is a map"),
        ("data.json", '{"custom": {"a": 1,\n"a": 2}}', 'data.json:2:1: the member "a" stands here a second time'),
        ("data.json", "{", "data.json:1:2: "),
    ],
)
def test_data_that_would_replace_a_rule(name: str, content: str, why: str) -> None:
    write(text())
    write(content, name)
    refused(match=why)


def test_data_that_is_given_twice() -> None:
    write(text())
    write('{"custom": {"a": {"b": 1}}}', "data.json")
    write("b: 2\n", "custom/a/data.yaml")
    refused(match="data.yaml:1:4: data at custom.a.b is given twice")


@pytest.mark.parametrize(
    ("name", "why"),
    [
        (
            "b_test.rego",
            "{file}:10: custom.ctkms.acme.two.findings would never run: files called *_test.rego hold tests",
        ),
        ("b.REGO", "{file}: would never run: files with rules are called *.rego, in small letters"),
    ],
)
def test_a_rule_in_a_file_that_is_not_read(name: str, why: str) -> None:
    write(text())
    file = write(text(package="custom.ctkms.acme.two", rule="ACME-TWO"), name)
    refused(match=f"ctkms: {why.format(file=file)}\n")


@pytest.mark.parametrize(
    "package", ['custom.ctkms["acme-x"].one', 'custom.ctkms.acme["x/y"]', 'custom["ctkms"].acme["a b"]']
)
def test_a_package_with_a_name_that_only_opa_takes(package: str) -> None:
    file = write(text(package=package))
    refused(match=f"ctkms: {file}:8: package custom.ctkms.")
    refused(match="its names are letters, digits and _, without brackets")


@pytest.mark.parametrize(
    ("read", "why"),
    [
        (
            "data.custom.acme.forbiden",
            'which nothing that is loaded defines: it would find nothing; did you mean "data.',
        ),
        ("data.custom.acme.maps.nope", "reads data.custom.acme.maps.nope, which nothing that is loaded defines"),
        ("data.custom.helpers.nope", "; give the folder that holds its file (data: that which holds custom/) after -p"),
        ("data.ctkms.api.statments", 'did you mean "data.ctkms.api.statements"?'),
        ("data.ctkms.apy.statements", "reads data.ctkms.apy.statements, which nothing that is loaded defines"),
        ("data.lists.mine", "reads data.lists.mine, which nothing that is loaded defines"),
        ('api.tried("reed")', "custom.ctkms.acme.one.findings: there is no capability 'reed'; did you mean \"read\"?"),
        ('api.request("x", "Decrypt", {})', "asks for the action 'Decrypt': write its service, as kms:Decrypt"),
    ],
)
def test_what_a_rule_reads_and_nothing_defines(read: str, why: str) -> None:
    write("forbidden: [a]\nmaps: {b: 1}\n", "custom/acme/data.yaml")
    file = write(
        text(f'import data.ctkms.api\n\nfindings contains {{"rule": "ACME-ONE", "msg": x}} if some x in {read}\n')
    )
    refused(match=why)
    refused(match=f"ctkms: {file}:12: custom.ctkms.acme.one.findings")


def test_data_in_a_file_that_is_not_called_data() -> None:
    write("forbidden: [a]\n", "custom/acme/lists.yaml")
    write(text('findings contains {"rule": "ACME-ONE", "msg": x} if some x in data.custom.acme.forbidden\n'))
    refused(match="data of yours stand in files data.yaml, as rules/custom/acme/lists.yaml is not called")


def test_what_may_be_missing() -> None:
    body = """import data.ctkms.iam

findings contains {"rule": "ACME-ONE", "msg": "found"} if {
	object.get(data.custom.acme, "forbidden", []) == []
	some name in ["b"]
	not data.custom.acme.maps[name].c
	not data.expected.trails.nope
	not iam.decide([], {}).decision == "allow"
	given == [1] with data.custom.acme.given as [1]
}

given := data.custom.acme.given
"""
    write("maps: {}\n", "custom/acme/data.yaml")
    write(text(body))
    assert "ACME-ONE" in check().stdout


def test_no_rule_at_all() -> None:
    refused(match="ctkms: rules: there is no rule: a rule is a package custom.ctkms.<family>.<rule> with findings")
    result = CliRunner().invoke(group, ["check", POLICY, "-p", "missing"])
    assert result.exit_code == 2
    assert result.stderr == "ctkms: missing: there is no such file or folder\n"


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ('findings contains "x"\n', 'a finding is an object with rule and msg, not "x"'),
        ('findings contains {"rule": "ACME-ONE"}\n', "a finding has no msg"),
        ('findings contains {"rule": "OTHER-ONE", "msg": "x"}\n', 'that of the METADATA, "ACME-ONE", not "OTHER-ONE"'),
        ('findings contains {"rule": "ACME-ONE", "message": "x"}\n', 'a finding has no member "message"'),
        ('findings contains {"rule": "ACME-ONE", "msg": 1}\n', "a finding's msg is a text, not 1"),
        (
            'findings contains {"rule": "ACME-ONE", "msg": "x", "level": "bad"}\n',
            "a finding's level is error, warning or note, not",
        ),
        (
            'findings contains {"rule": "ACME-ONE", "msg": "x", "url": "javascript:x"}\n',
            "a finding's url is a web address",
        ),
        (
            'findings contains {"rule": "ACME-ONE", "msg": "x", "path": "Version"}\n',
            "a finding's path is a list of names",
        ),
        (
            'findings contains {"rule": "ACME-ONE", "msg": "x", "statement": {"index": 1}}\n',
            "a finding's statement is null",
        ),
        (
            'findings contains data.ctkms.api.finding("ACME-ONE", {"msg": "x", "statement": 7})\n',
            "a finding's statement is null or {index, sid}",
        ),
        ('findings contains x if x := json.unmarshal("{")\n', "rules/one.rego:10:43: could not deserialize json."),
        (
            'findings contains "x" if false\n\nnot_evaluated contains "why"\n',
            'what was not evaluated is an object with rule "ACME-ONE"',
        ),
    ],
)
def test_a_rule_that_fails_says_so_and_hides_nothing(body: str, why: str) -> None:
    file = write(text(body))
    write(text(package="custom.ctkms.acme.two", rule="ACME-TWO"), "two.rego")
    report = Checker(expected(), policies=["rules"]).check_paths([POLICY])
    (error,) = report.errors
    assert error.msg.startswith(f"rule ACME-ONE failed on {KEY}: ")
    assert why in error.msg
    assert (error.file, error.line) == (file, 8)
    assert report.exit_code == 4
    assert report.verdict == "cannot_tell"
    assert "ACME-TWO" in [finding.rule for finding in report.findings]


SLOW = """findings contains sum(numbers) if {
	numbers := [1 | some a in numbers.range(1, 1000000); some b in numbers.range(1, 1000000); a * b == -1]
}
""".replace("numbers :=", "all :=").replace("sum(numbers)", "sum(all)")
HUGE = "findings contains x if x := [[a, b] | some a in numbers.range(1, 100000); some b in numbers.range(1, 100000)]\n"
QUESTION = {"key": {"label": KEY, "arn": KEY, "policy": None}, "profile": "documented", "today": "2026-01-01"}


@pytest.mark.parametrize(
    ("body", "seconds", "why"),
    [(SLOW, 2, "it was stopped: it took more than 2 s"), (HUGE, 60, "its process died (SIGABRT)")],
    ids=["slow", "huge"],
)
def test_a_rule_that_does_not_end_is_stopped(body: str, seconds: int, why: str) -> None:
    write(text(body))
    write(text(package="custom.ctkms.acme.two", rule="ACME-TWO"), "two.rego")
    runner = Runner(["rules"], PACK, {}, seconds)
    assert [rule.id for rule in runner.rules] == ["ACME-ONE", "ACME-TWO"]
    for _ in range(2):
        (said,) = runner.judge(QUESTION)
        assert [finding["rule"] for finding in said["findings"]] == ["ACME-TWO"]
    (failure,) = runner.take_failures()
    assert failure.message.startswith(f"rule ACME-ONE failed on {KEY}: {why}")
    assert failure.message.endswith("; it was not tried on other keys")
    runner.close()


def test_several_processes_share_the_work() -> None:
    write(text('findings contains "x"\n'))
    write(text(package="custom.ctkms.acme.two", rule="ACME-TWO"), "two.rego")
    report = Checker(expected(), policies=["rules"]).check_paths(
        [POLICY, POLICY.replace(".json", "-wrong-region.json")], jobs=2
    )
    assert len([finding for finding in report.findings if finding.rule == "ACME-TWO"]) == 2
    assert [error.file for error in report.errors] == [str(Path("rules/one.rego"))] * 2


def test_a_text_whose_parsing_does_not_end_is_stopped() -> None:
    write(text("findings contains " + "[" * 200 + "]" * 200 + "\n"))
    with pytest.raises(RulesError, match="this cannot be read as Rego: it was stopped: it took more than 2 s"):
        Runner(["rules"], PACK, {}, 2)


def test_a_file_that_is_no_text() -> None:
    Path("rules/one.rego").write_bytes(b"\xff")
    with pytest.raises(InputError, match="is not UTF-8 text"):
        Checker(policies=["rules"])
