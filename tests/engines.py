"""The engines that the pack must agree on, behind one call: entry point, input and data in, JSON value out."""

from __future__ import annotations

import functools
import json
import os
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import regorus

if TYPE_CHECKING:
    from collections.abc import Iterable

try:
    from opa_bindings import OpaEngine, OpaError, OpaUndefinedError
except ImportError:  # the library is not to be had for every platform
    OpaEngine = None

Json = Any
Modules = tuple[tuple[str, str], ...]

ROOT = Path(__file__).resolve().parent.parent
POLICIES = ROOT / "policies"
#: The evaluator of IAM policies, which stands on its own.
IAM = POLICIES / "ctkms" / "iam"

COMPILED = "compiled regorus"
INTERPRETED = "interpreted regorus"
OPA_LIBRARY = "OPA library"
OPA_COMMAND = "opa command"
NAMES = (COMPILED, INTERPRETED, OPA_LIBRARY, OPA_COMMAND)
OPA_ENGINES = (OPA_LIBRARY, OPA_COMMAND)


class Undefined:
    """The value of a rule that has none."""

    def __repr__(self) -> str:
        return "UNDEFINED"


UNDEFINED = Undefined()
#: In place of a document: the rule is asked for without an input, as Rego's tests are.
NO_INPUT = object()


class EngineError(Exception):
    """The engine failed; the message is the engine's, without its stack dump."""


class LimitReached(EngineError):  # noqa: N818 - a stop, not a fault of the policy
    """Compiled regorus stopped at its 25,000 instructions."""


class Engine(Protocol):
    """Policies and data, ready to be asked."""

    def evaluate(self, entry_point: str, document: Json) -> Json:
        """The value of the rule ``data.…`` for an input, or without one for NO_INPUT, or UNDEFINED."""


@functools.cache
def modules(*, tests: bool = False, root: Path = POLICIES) -> Modules:
    """Every module of the pack, as (path relative to the pack, text)."""
    files = sorted(root.rglob("*.rego"))
    return tuple(
        (str(f.relative_to(root)), f.read_text("utf-8")) for f in files if tests or not f.name.endswith("_test.rego")
    )


def _command(name: str) -> str | None:
    return os.environ.get(f"CTKMS_{name.upper()}") or shutil.which(name)


def opa_command() -> str | None:
    """The opa command: CTKMS_OPA, or the one on PATH."""
    return _command("opa")


def conftest_command() -> str | None:
    """The conftest command: CTKMS_CONFTEST, or the one on PATH."""
    return _command("conftest")


def regal_command() -> str | None:
    """The regal command: CTKMS_REGAL, or the one on PATH."""
    return _command("regal")


def missing() -> dict[str, str]:
    """The engines that cannot be used here, each with the reason."""
    reasons = {}
    if OpaEngine is None:
        reasons[OPA_LIBRARY] = "opa_bindings (opa-golib-python-bindings) is not installed"
    command = opa_command()
    if command is None:
        reasons[OPA_COMMAND] = "no opa on PATH, and CTKMS_OPA is not set"
    elif shutil.which(command) is None:
        reasons[OPA_COMMAND] = f"CTKMS_OPA names no command: {command}"
    return reasons


def available() -> list[str]:
    """The engines that can be used here."""
    absent = missing()
    return [name for name in NAMES if name not in absent]


def load(name: str, entry_points: Iterable[str], data: Json = None, sources: Modules | None = None) -> Engine:
    """An engine with policies (the pack's, if none are given) and data; kept for the same arguments for a while."""
    text = json.dumps(data if data is not None else {}, sort_keys=True)
    return _load(name, tuple(sorted(entry_points)), text, modules() if sources is None else sources)


@functools.lru_cache(maxsize=16)  # a property has other data in every case: to keep all would fill memory
def _load(name: str, entry_points: tuple[str, ...], data: str, sources: Modules) -> Engine:
    if name in missing():
        raise EngineError(missing()[name])
    if name == COMPILED:
        return _Compiled(entry_points, data, sources)
    if name == INTERPRETED:
        return _Interpreted(data, sources)
    if name == OPA_LIBRARY:
        return _OpaLibrary(data, sources)
    if name == OPA_COMMAND:
        return _OpaCommand(data, sources)
    raise EngineError(f"no engine is called {name}")


def _message(error: Exception) -> str:
    return str(error).split("Stack backtrace", maxsplit=1)[0].strip()


def _regorus_value(text: str) -> Json:
    return UNDEFINED if text == '"<undefined>"' else json.loads(text)


class _Compiled:
    """regorus' compiled program. An entry point unknown to the compiler is an error, not undefined."""

    def __init__(self, entry_points: tuple[str, ...], data: str, sources: Modules) -> None:
        self._vm = regorus.Rvm()
        try:
            program = regorus.Program.compile_from_modules(data, list(sources), list(entry_points))
            self._vm.load_program(program)
            self._vm.set_data_json(data)
        except (RuntimeError, ValueError) as error:
            raise EngineError(_message(error)) from None

    def evaluate(self, entry_point: str, document: Json) -> Json:
        self._vm.set_input_json(json.dumps(document))
        try:
            return _regorus_value(self._vm.execute_entry_point(entry_point))
        except (RuntimeError, ValueError) as error:
            message = _message(error)
            kind = LimitReached if "maximum instruction limit" in message else EngineError
            raise kind(message) from None


class _Interpreted:
    """regorus' interpreter."""

    def __init__(self, data: str, sources: Modules) -> None:
        self._engine = regorus.Engine()
        try:
            for path, text in sources:
                self._engine.add_policy(path, text)
            self._engine.add_data_json(data)
        except (RuntimeError, ValueError) as error:
            raise EngineError(_message(error)) from None

    def evaluate(self, entry_point: str, document: Json) -> Json:
        if document is not NO_INPUT:  # there is no taking it back: who asks without an input asks nothing else before
            self._engine.set_input_json(json.dumps(document))
        try:
            return _regorus_value(self._engine.eval_rule_as_json(entry_point))
        except (RuntimeError, ValueError) as error:
            raise EngineError(_message(error)) from None


class _OpaLibrary:
    """OPA itself, in the process; it prepares a query once and keeps it. Errors in built-in functions are strict."""

    def __init__(self, data: str, sources: Modules) -> None:
        self._engine = OpaEngine()
        try:
            for path, text in sources:
                self._engine.add_policy(path, text)
            self._engine.add_data(json.loads(data))
        except OpaError as error:
            raise EngineError(_message(error)) from None

    def evaluate(self, entry_point: str, document: Json) -> Json:
        try:
            given = () if document is NO_INPUT else (document,)
            return self._engine.eval_document(entry_point.removeprefix("data."), *given)
        except OpaUndefinedError:
            return UNDEFINED
        except OpaError as error:
            raise EngineError(_message(error)) from None


@dataclass(frozen=True)
class _OpaCommand:
    """The opa command. A process takes long to start: ask it for many inputs at once (evaluate_all)."""

    data: str
    sources: Modules

    def evaluate(self, entry_point: str, document: Json) -> Json:
        return self.evaluate_all(entry_point, [document])[0]

    def evaluate_all(self, entry_point: str, documents: list[Json]) -> list[Json]:
        # A set of the value for each input, because an undefined value would drop out of a list unseen.
        query = f"[values | some document in input; values := {{v | v := {entry_point} with input as document}}]"
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            for path, text in self.sources:
                file = folder / "policies" / path
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(text, "utf-8")
            (folder / "data.json").write_text(self.data, "utf-8")
            (folder / "input.json").write_text(json.dumps(documents), "utf-8")
            sources = ["--data", f"{folder}/policies"] if self.sources else []
            arguments = [*sources, "--data", f"{folder}/data.json", "--input", f"{folder}/input.json"]
            done = run_opa("eval", "--format", "json", "--strict-builtin-errors", *arguments, query)
        result = json.loads(done.stdout or "{}")
        if done.returncode or "errors" in result:
            raise EngineError(done.stdout + done.stderr)
        values = result["result"][0]["expressions"][0]["value"]
        return [value[0] if value else UNDEFINED for value in values]


def evaluate_all(engine: Engine, entry_point: str, documents: list[Json]) -> list[Json]:
    """The value for each of many inputs, in one go where the engine can."""
    if isinstance(engine, _OpaCommand):
        return engine.evaluate_all(entry_point, documents)
    return [engine.evaluate(entry_point, document) for document in documents]


def run_opa(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the opa command."""
    command = opa_command()
    if command is None:
        raise EngineError(missing()[OPA_COMMAND])
    return subprocess.run([command, *arguments], capture_output=True, text=True, check=False, timeout=300)
