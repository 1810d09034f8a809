"""The engines of the bridge, on a small pack whose cost can be set, and the cache of compiled programs."""

from __future__ import annotations

import os
import stat
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from benchmarks import workloads

from ctkms_opa import engine, pack, program_cache
from ctkms_opa.checker import Checker
from ctkms_opa.engine import CompiledEngine, InterpretedEngine
from ctkms_opa.errors import EngineError, InputError, UsageError

MODULES = {
    "documents": """
package ctkms.documents

keys := [{"label": input.ctkms.source, "kind": "key-policy", "policy": input.ctkms.document}]
""",
    "evaluation": """
package ctkms.evaluation

policy := input.ctkms.key.policy

memo := object.get(input.ctkms, "memo", {})

cost(n) := count([i | some i in numbers.range(1, 100); some j in numbers.range(1, n); i != j])

prepared := memo.prepared if "prepared" in object.keys(memo)

else := {"expected": expected}

default expected := null

expected := data.expected

probes := memo.probes if "probes" in object.keys(memo)

else := {"read": {sprintf("probe %v", [i]): {"n": i, "cost": policy.probe_cost} |
	some i in numbers.range(1, policy.probes)
}}

# One part is empty, the other has all probes.
part := {} if memo.part == "nothing"

else := probes

decisions := memo.decisions if "decisions" in object.keys(memo)

else := {id: {"decision": cost(one.cost) + one.n} |
	some _, named in probes
	some id, one in named
}
""",
    "probe": """
package ctkms.cloudtrail.probe

parts := ["nothing", "all"]
""",
    "index": """
package ctkms.expectations.index

index := {}
""",
    "verdict": """
package ctkms.verdict

import data.ctkms.evaluation

decided := {"decisions": evaluation.decisions, "closest": {id: "near" | some id, _ in evaluation.decisions}}
""",
    "report": """
package ctkms.report

import data.ctkms.evaluation

report := {
	"key": input.ctkms.key.label,
	"prepared": evaluation.prepared,
	"decisions": evaluation.decisions,
	"findings": sort(findings),
	"cost": evaluation.cost(evaluation.policy.report_cost),
}

findings := evaluation.memo.findings if "findings" in object.keys(evaluation.memo)

else := [found | data.ctkms.rules[_][_].findings[found]]
""",
    "one": """
package ctkms.rules.family.one

import data.ctkms.evaluation

findings contains {"rule": "ONE", "cost": evaluation.cost(evaluation.policy.rule_cost)}
""",
    "two": """
package ctkms.rules.family.two

import data.ctkms.evaluation

findings contains {"rule": "TWO", "cost": evaluation.cost(evaluation.policy.rule_cost)}

not_evaluated contains {"rule": "TWO", "why": "never"}
""",
    "three": """
package ctkms.rules.family.three

import data.ctkms.evaluation

findings contains {"rule": "THREE", "cost": evaluation.cost(evaluation.policy.third_cost)}
""",
    "kms": """
package ctkms.kms

operations := ["Decrypt"]
""",
    "iam": """
package ctkms.iam

simulation := {"decision": json.unmarshal(input.policy)} if input.policy != null

explanation := {"sent": input.policy}
""",
}
CHEAP = {"probes": 3, "probe_cost": 1, "rule_cost": 1, "third_cost": 1, "report_cost": 1}


@pytest.fixture
def small(tmp_path: Path) -> pack.Pack:
    """A pack with ctkms's entry points."""
    folder = tmp_path / "pack"
    folder.mkdir()
    for name, text in MODULES.items():
        (folder / f"{name}.rego").write_text(text.lstrip())
    (folder / "one_test.rego").write_text("this is no Rego, and no part of the pack")
    return pack.load(folder)


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache folder of the test's own."""
    monkeypatch.delenv("CTKMS_NO_CACHE", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache" / "ctkms"


def ask(one: engine.Engine, **policy: Any) -> dict[str, Any]:
    (key,) = one.documents({"document": CHEAP | policy, "source": "a label", "key": None})
    return one.report({"key": key, "profile": "documented", "today": "2026-11-24"})


@pytest.mark.parametrize(
    ("policy", "taken_over"),
    [
        pytest.param({}, 0, id="all fits"),
        pytest.param({"probes": 40, "probe_cost": 20}, 0, id="few probes fit at once"),
        pytest.param({"probes": 3, "probe_cost": 200}, 1, id="no single probe fits"),
        pytest.param({"rule_cost": 30}, 0, id="the rules fit one by one"),
        pytest.param({"rule_cost": 200}, 2, id="two rules do not fit"),
        pytest.param({"rule_cost": 200, "third_cost": 200}, 1, id="no rule fits"),
        pytest.param({"report_cost": 200}, 1, id="the report never fits"),
    ],
)
def test_both_engines_say_the_same_whatever_fits(small: pack.Pack, policy: dict[str, int], taken_over: int) -> None:
    compiled, interpreted = CompiledEngine(small), InterpretedEngine(small)
    for one in (compiled, interpreted):
        one.expect({"trails": {"a": {}}})
    assert ask(compiled, **policy) == ask(interpreted, **policy)
    assert compiled.taken_over == taken_over
    assert interpreted.taken_over == 0


@pytest.mark.parametrize("name", ["compiled", "interpreted"])
def test_expectations_can_change_between_questions(small: pack.Pack, name: str) -> None:
    one = engine.create(name, small)
    assert ask(one)["prepared"] == {"expected": None}
    changes: list[dict[str, Any]] = [{"trails": {"a": {}}}, {"trails": {"b": {}}}, {"trails": {"b": {}}}]
    for expected in changes:
        one.expect(expected)
        assert ask(one)["prepared"] == {"expected": expected}
        assert ask(one, rule_cost=200)["prepared"] == {"expected": expected}


@pytest.mark.parametrize("name", ["compiled", "interpreted"])
def test_a_failing_builtin_is_one_line(small: pack.Pack, name: str) -> None:
    with pytest.raises(EngineError) as raised:
        engine.create(name, small).simulate({"policy": "{"})
    assert str(raised.value) == "data.ctkms.iam.simulation: iam.rego:3:42: could not deserialize json."


@pytest.mark.parametrize("name", ["compiled", "interpreted"])
def test_a_rule_without_a_value_is_an_engine_error(small: pack.Pack, name: str) -> None:
    with pytest.raises(EngineError, match=r"^data\.ctkms\.iam\.simulation has no value$"):
        engine.create(name, small).simulate({"policy": None})


@pytest.mark.parametrize("name", ["compiled", "interpreted"])
def test_a_value_of_another_type_is_an_engine_error(small: pack.Pack, name: str) -> None:
    (Path(small.root) / "documents.rego").write_text("package ctkms.documents\n\nkeys := 3\n")
    (Path(small.root) / "iam.rego").write_text("package ctkms.iam\n\nsimulation := 3\n\nexplanation := 3\n")
    one = engine.create(name, pack.load(small.root))
    with pytest.raises(EngineError, match=r"documents\.keys is not a list"):
        one.documents({})
    with pytest.raises(EngineError, match=r"iam\.explanation is not an object"):
        one.explain({})


def test_a_pack_that_is_no_rego_names_the_place(small: pack.Pack) -> None:
    (Path(small.root) / "one.rego").write_text("package ctkms.rules.family.one\n\nfindings contains :=\n")
    broken = pack.load(small.root)
    with pytest.raises(EngineError, match=r"^one\.rego:3:19: expecting expression$"):
        InterpretedEngine(broken)
    with pytest.raises(EngineError, match=r"^one\.rego:3:19: expecting expression$"):
        ask(CompiledEngine(broken))


def test_a_pack_that_does_not_compile_is_interpreted(small: pack.Pack) -> None:
    (Path(small.root) / "one.rego").write_text(
        "package ctkms.rules.family.one\n\nfindings contains x if {\n\twalk(input, [_, x])\n\tx == 40\n}\n"
    )
    changed = pack.load(small.root)
    compiled = CompiledEngine(changed)
    assert ask(compiled, probes=40) == ask(InterpretedEngine(changed), probes=40)
    assert compiled.taken_over > 0
    assert compiled.remark.startswith("the rules do not compile: ")


@pytest.mark.parametrize("name", ["compiled", "interpreted"])
def test_half_a_surrogate_pair_is_no_wildcard(small: pack.Pack, name: str) -> None:
    explained = engine.create(name, small).explain({"policy": "a\ud800"})
    assert explained == {"sent": "a\N{REPLACEMENT CHARACTER}"}


@pytest.mark.parametrize("name", ["compiled", "interpreted"])
@pytest.mark.parametrize(
    ("value", "message"),
    [
        (float("inf"), "a number is out of range: Out of range float values are not JSON compliant"),
        (10**400, "the engine cannot take this document in: number out of range"),
    ],
    ids=["infinite", "400 digits"],
)
def test_numbers_that_no_engine_takes_are_the_inputs_fault(
    small: pack.Pack, name: str, value: float, message: str
) -> None:
    one = engine.create(name, small)
    with pytest.raises(InputError, match=f"^{message}"):
        one.simulate({"policy": value})
    with pytest.raises(InputError, match=f"^{message}"):
        one.expect({"keys": value})


@pytest.mark.parametrize("name", ["compiled", "interpreted"])
def test_nesting_that_no_engine_takes_is_the_inputs_fault(small: pack.Pack, name: str) -> None:
    deep: Any = "deep"
    for _ in range(200):
        deep = [deep]
    with pytest.raises(InputError, match=r"^the engine cannot take this document in: recursion limit exceeded$"):
        engine.create(name, small).simulate({"policy": deep})


def test_an_engine_belongs_to_its_thread(small: pack.Pack) -> None:
    one = CompiledEngine(small)
    failures: list[str] = []

    def use() -> None:
        try:
            ask(one)
        except EngineError as error:
            failures.append(str(error))

    thread = threading.Thread(target=use)
    thread.start()
    thread.join()
    assert failures == ["an engine can only be used in the thread that made it"]


def test_there_is_no_other_engine(small: pack.Pack) -> None:
    with pytest.raises(UsageError, match="there is no engine 'fast': choose compiled, interpreted, or the address"):
        engine.create("fast", small)


def test_the_version_is_that_of_the_distribution() -> None:
    from importlib.metadata import version

    assert engine.version() == version("gordon-to-regorus")


def test_a_stored_program_gives_the_same_answers(small: pack.Pack, cache: Path) -> None:
    first = ask(CompiledEngine(small))
    (stored,) = cache.iterdir()
    written = stored.stat().st_mtime_ns
    again = CompiledEngine(small)
    assert ask(again) == first
    assert again.taken_over == 0
    assert stored.stat().st_mtime_ns == written
    assert stat.S_IMODE(stored.stat().st_mode) == 0o600
    assert stat.S_IMODE(cache.stat().st_mode) == 0o700


@pytest.mark.parametrize("keep", [0, 10, 32, 500], ids=lambda count: f"{count} bytes left")
def test_a_cut_program_is_compiled_anew(small: pack.Pack, cache: Path, keep: int) -> None:
    first = ask(CompiledEngine(small))
    (stored,) = cache.iterdir()
    whole = stored.read_bytes()
    stored.write_bytes(whole[:keep])
    assert ask(CompiledEngine(small)) == first
    assert stored.read_bytes() == whole


@pytest.mark.parametrize("payload", [b"", b"no program", b"REGO"])
def test_a_well_kept_program_that_cannot_be_loaded_is_compiled_anew(
    small: pack.Pack, cache: Path, payload: bytes
) -> None:
    first = ask(CompiledEngine(small))
    (stored,) = cache.iterdir()
    program_cache.store(stored.stem, payload)
    assert ask(CompiledEngine(small)) == first
    assert len(stored.read_bytes()) > len(payload) + 32


def test_another_pack_has_another_program(small: pack.Pack, cache: Path) -> None:
    ask(CompiledEngine(small))
    (Path(small.root) / "one.rego").write_text('package ctkms.rules.family.one\n\nfindings := {"changed"}\n')
    assert "changed" in ask(CompiledEngine(pack.load(small.root)))["findings"]
    assert len(list(cache.iterdir())) == 2


class TestCacheOfPrograms:
    """What is kept, and what is not believed."""

    def test_what_was_stored_comes_back(self) -> None:
        assert program_cache.load("a") is None
        program_cache.store("a", b"program")
        assert program_cache.load("a") == b"program"
        program_cache.store("a", b"newer")
        assert program_cache.load("a") == b"newer"

    def test_names_tell_their_parts_apart(self) -> None:
        assert program_cache.key("ab", "c") != program_cache.key("a", "bc")

    def test_a_changed_byte_is_noticed(self, cache: Path) -> None:
        program_cache.store("a", b"program")
        file = cache / "a.program"
        file.write_bytes(file.read_bytes()[:-1] + b"n")
        assert program_cache.load("a") is None

    def test_nothing_is_left_beside_the_program(self, cache: Path) -> None:
        program_cache.store("a", b"program")
        assert [entry.name for entry in cache.iterdir()] == ["a.program"]

    @pytest.mark.parametrize("mode", [0o770, 0o707, 0o777])
    def test_a_folder_that_others_can_write_is_not_used(self, cache: Path, mode: int) -> None:
        program_cache.store("a", b"program")
        cache.chmod(mode)
        assert program_cache.load("a") is None
        program_cache.store("b", b"program")
        assert [entry.name for entry in cache.iterdir()] == ["a.program"]

    @pytest.mark.parametrize("mode", [0o620, 0o602])
    def test_a_file_that_others_can_write_is_not_read(self, cache: Path, mode: int) -> None:
        program_cache.store("a", b"program")
        (cache / "a.program").chmod(mode)
        assert program_cache.load("a") is None

    def test_a_linked_folder_is_not_used(self, cache: Path, tmp_path: Path) -> None:
        program_cache.store("a", b"program")
        cache.rename(tmp_path / "elsewhere")
        cache.symlink_to(tmp_path / "elsewhere")
        assert program_cache.load("a") is None
        program_cache.store("b", b"program")
        assert [entry.name for entry in (tmp_path / "elsewhere").iterdir()] == ["a.program"]

    def test_a_linked_file_is_not_read(self, cache: Path, tmp_path: Path) -> None:
        program_cache.store("a", b"program")
        (cache / "a.program").rename(tmp_path / "a.program")
        (cache / "a.program").symlink_to(tmp_path / "a.program")
        assert program_cache.load("a") is None

    def test_a_pipe_is_not_read(self, cache: Path) -> None:
        program_cache.store("a", b"program")
        os.mkfifo(cache / "b.program", 0o600)
        assert program_cache.load("b") is None

    def test_what_belongs_to_somebody_else_is_not_used(self, monkeypatch: pytest.MonkeyPatch) -> None:
        program_cache.store("a", b"program")
        monkeypatch.setattr(os, "getuid", lambda: os.geteuid() + 1)
        assert program_cache.load("a") is None

    def test_no_folder_can_be_made(self, cache: Path, small: pack.Pack) -> None:
        cache.parent.write_text("a file where the folder should be")
        program_cache.store("a", b"program")
        assert program_cache.load("a") is None
        assert ask(CompiledEngine(small))

    def test_a_full_disk_leaves_nothing_behind(self, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        def fail(*_: object, **__: object) -> None:
            raise OSError(28, "No space left on device")

        with monkeypatch.context() as patched:
            patched.setattr(os, "replace", fail)
            program_cache.store("a", b"program")
        assert list(cache.iterdir()) == []

    def test_it_can_be_turned_off(self, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        program_cache.store("a", b"program")
        monkeypatch.setenv("CTKMS_NO_CACHE", "1")
        assert program_cache.load("a") is None
        program_cache.store("b", b"program")
        assert [entry.name for entry in cache.iterdir()] == ["a.program"]

    def test_a_relative_folder_is_not_believed(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("XDG_CACHE_HOME", "relative")
        monkeypatch.setenv("HOME", str(tmp_path / "home"))
        program_cache.store("a", b"program")
        assert (tmp_path / "home" / ".cache" / "ctkms" / "a.program").is_file()

    def test_without_a_home_there_is_no_cache(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delenv("XDG_CACHE_HOME")
        monkeypatch.setenv("HOME", "relative")
        program_cache.store("a", b"program")
        assert program_cache.load("a") is None

    def test_drafts_of_processes_that_were_stopped_are_removed(self, cache: Path, tmp_path: Path) -> None:
        program_cache.store("a", b"program")
        old = time.time() - 7200
        names = (
            "old.program.7.0123abcd",
            "new.program.7.0123abcd",
            "a.program.txt",
            "notes.7.0123abcd",
            "linked.program.7.0a",
        )
        for name in names[:4]:
            (cache / name).write_bytes(b"half")
        (tmp_path / "elsewhere").write_bytes(b"whole")
        (cache / names[4]).symlink_to(tmp_path / "elsewhere")
        (cache / "folder.program.7.0a").mkdir()
        for name in (*names, "folder.program.7.0a"):
            if name != names[1]:
                os.utime(cache / name, (old, old), follow_symlinks=False)
        program_cache.store("b", b"program")
        kept = {entry.name for entry in cache.iterdir()}
        assert kept == {"a.program", "b.program", *names[1:], "folder.program.7.0a"}

    def test_old_programs_are_forgotten(self, cache: Path) -> None:
        for number in range(12):
            program_cache.store(str(number), b"program")
            os.utime(cache / f"{number}.program", (number, number))
        program_cache.store("newest", b"program")
        kept = {entry.stem for entry in cache.iterdir()}
        assert kept == {"newest", "5", "6", "7", "8", "9", "10", "11"}


@pytest.mark.parametrize("case", [workloads.typical(), workloads.typical_failing()], ids=["passing", "failing"])
def test_a_typical_key_fits_into_the_machine(case: workloads.Case) -> None:
    """What the interpreter takes over costs several times as much."""
    checker = Checker({"expected": case.expected})
    report = checker.check_policy(case.text, case.key)
    assert report.engine.taken_over == 0
    assert checker.check_policy(case.text, case.key).engine.taken_over == 0
