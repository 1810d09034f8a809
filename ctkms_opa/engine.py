# Pathlib would cost start-up time.
# ruff: noqa: PTH120, PTH208
"""The engines in this process that evaluate the pack, and the only module that knows regorus.

The compiled engine is the faster one, but stops every execution after 25,000 instructions. So it evaluates in pieces
and hands the result of one to the next; the interpreter takes over a piece that is still too long. Both give the same
result. An engine belongs to the thread that made it.
"""

from __future__ import annotations

import json
import os
import re
from _thread import get_ident
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

import regorus

from ctkms_opa import __version__, program_cache
from ctkms_opa.errors import EngineError, InputError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Mapping, Sequence

    from ctkms_opa.pack import Module, Pack

# With RUST_BACKTRACE set, the first error would take 0.1 s to describe its native stack, which nobody is shown.
os.environ.setdefault("RUST_LIB_BACKTRACE", "0")

DOCUMENTS = "data.ctkms.documents.keys"
PREPARED = "data.ctkms.evaluation.prepared"
PARTS = "data.ctkms.cloudtrail.probe.parts"
PART = "data.ctkms.evaluation.part"
DECIDED = "data.ctkms.verdict.decided"
REPORT = "data.ctkms.report.report"
INDEX = "data.ctkms.expectations.index.index"
SIMULATION = "data.ctkms.iam.simulation"
EXPLANATION = "data.ctkms.iam.explanation"
MATRIX = "data.ctkms.matrix.table"
REFUSED = "data.ctkms.explanation.refused"
ADDITIONS = "data.ctkms.generate.additions"
OPERATIONS = "data.ctkms.kms.operations"

_T = TypeVar("_T")
_R = TypeVar("_R")

_ENTRY_POINTS = (INDEX, DOCUMENTS, PREPARED, PARTS, PART, DECIDED, REPORT, SIMULATION, EXPLANATION, OPERATIONS)
_RULE_OUTPUTS = ("findings", "not_evaluated")
_UNDEFINED = '"<undefined>"'
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
_PROBES_AT_ONCE = 16
_RULES_LEFT = 2


class Engine(Protocol):
    """What evaluates the pack."""

    name: str
    at_once: int
    """How many questions it answers at a time."""
    taken_over: int
    """How many pieces the interpreter evaluated in the compiled engine's place."""

    @property
    def version(self) -> str:
        """The version of what evaluates."""

    @property
    def remark(self) -> str:
        """What went wrong without changing the result: the rules do not compile, a server was lost; empty else."""

    def expect(self, expected: Mapping[str, Any]) -> None:
        """Sets the expectations (`data.expected`) for what follows."""

    def documents(self, wrapper: Mapping[str, Any]) -> list[dict[str, Any]]:
        """The key objects of a document: `wrapper` has document, source, key, text and profile."""

    def report(self, question: Mapping[str, Any]) -> dict[str, Any]:
        """The report of one key: `question` has key (a key object), profile and today."""

    def matrix(self, question: Mapping[str, Any]) -> list[dict[str, Any]]:
        """Who can do what with one key: `question` as for a report."""

    def refused(self, question: Mapping[str, Any]) -> list[dict[str, Any]]:
        """The requests that a key's policy does not allow, explained: `question` as for a report."""

    def simulate(self, case: Mapping[str, Any]) -> dict[str, Any]:
        """The decision on one request: `case` has policy, request and, if any, identity_policies."""

    def explain(self, case: Mapping[str, Any]) -> dict[str, Any]:
        """The decision on one request, with every element of every statement."""

    def operations(self) -> list[str]:
        """The names of KMS's permissions."""

    def each(self, function: Callable[[_T], _R], items: Iterable[_T]) -> Generator[_R]:
        """What the function, which may ask the engine, makes of each item, in their order."""


def create(name: str | Sequence[str], pack: Pack) -> Engine:
    """The engine called `name`: compiled or interpreted; or the OPA servers at one address or several.

    Raises:
        UsageError: There is no engine of that name, or an address is none.
        EngineError: The pack cannot be loaded.
    """
    names = [name] if isinstance(name, str) else list(name)
    if names == ["compiled"]:
        return CompiledEngine(pack)
    if names == ["interpreted"]:
        return InterpretedEngine(pack)
    if not names or not all("://" in one for one in names):
        wanted = "choose compiled, interpreted, or the address of an OPA server, or of several"
        raise UsageError(f"there is no engine {' and '.join(names)!r}: {wanted}")
    from ctkms_opa.opa_server import OpaEngine  # noqa: PLC0415 - a check without servers does not pay for HTTP

    return OpaEngine(names, pack)


def version() -> str:
    """The version of the regorus distribution; importlib.metadata would cost more than an evaluation."""
    site = os.path.dirname(os.path.dirname(regorus.__file__))
    prefix = "gordon_to_regorus-"
    entries: list[str] = os.listdir(site)
    for entry in entries:
        if entry.startswith(prefix) and entry.endswith(".dist-info"):
            return entry[len(prefix) : -len(".dist-info")]
    return "unknown"


class _Evaluation:
    """What both engines share: the pack's entry points."""

    name = ""
    at_once = 1

    def __init__(self, pack: Pack) -> None:
        self.version = version()
        self.taken_over = 0
        self.remark = ""
        self._pack = pack
        self._given = ""
        self._data = "{}"
        self._thread = get_ident()

    def expect(self, expected: Mapping[str, Any]) -> None:
        """Sets the expectations (`data.expected`) for what follows."""
        given = encode({"expected": expected})
        if given != self._given:
            self._given = self._data = given
            self.load(given)
            # Else what follows from the expectations of all keys would be found anew for each of them.
            self._data = encode({"expected": expected, "expected_index": self._ask(INDEX, {})})
            self.load(self._data)

    def documents(self, wrapper: Mapping[str, Any]) -> list[dict[str, Any]]:
        """The key objects of a document."""
        keys = self._ask(DOCUMENTS, {"ctkms": wrapper})
        if not isinstance(keys, list):
            raise EngineError(f"{DOCUMENTS} is not a list")
        return keys

    def report(self, question: Mapping[str, Any]) -> dict[str, Any]:
        """The report of one key."""
        return _object(REPORT, self._ask(REPORT, {"ctkms": question}))

    def matrix(self, question: Mapping[str, Any]) -> list[dict[str, Any]]:
        """Who can do what with one key."""
        return self._list(MATRIX, question)

    def refused(self, question: Mapping[str, Any]) -> list[dict[str, Any]]:
        """The requests that a key's policy does not allow, explained."""
        return self._list(REFUSED, question)

    def _list(self, entry_point: str, question: Mapping[str, Any]) -> list[dict[str, Any]]:
        answer = self._ask(entry_point, {"ctkms": question})
        if not isinstance(answer, list):
            raise EngineError(f"{entry_point} is not a list")
        return answer

    def simulate(self, case: Mapping[str, Any]) -> dict[str, Any]:
        """The decision on one request."""
        return _object(SIMULATION, self._ask(SIMULATION, case))

    def explain(self, case: Mapping[str, Any]) -> dict[str, Any]:
        """The decision on one request, with every element of every statement."""
        return _object(EXPLANATION, self._ask(EXPLANATION, case))

    def operations(self) -> list[str]:
        """The names of KMS's permissions."""
        return list(self._ask(OPERATIONS, {}))

    def each(self, function: Callable[[_T], _R], items: Iterable[_T]) -> Generator[_R]:
        """What the function makes of each item, one after the other: the engine belongs to one thread."""
        yield from map(function, items)

    def _ask(self, entry_point: str, question: Mapping[str, Any]) -> Any:
        if get_ident() != self._thread:
            raise EngineError("an engine can only be used in the thread that made it")
        return self.evaluate(entry_point, encode(question))

    def evaluate(self, entry_point: str, question: str) -> Any:
        """The value of an entry point for an input that is JSON text."""
        raise NotImplementedError

    def load(self, data: str) -> None:
        """Takes data that is JSON text."""
        raise NotImplementedError


def matches(pattern: str, text: str) -> bool | None:
    """Whether a regular expression matches a text, in linear time; None where regorus does not take the expression."""
    engine = regorus.Engine()
    engine.set_input_json(json.dumps({"pattern": pattern, "text": text}))
    try:
        answer = engine.eval_query("regex.match(input.pattern, input.text)")
    except RuntimeError:
        return None
    return answer["result"] != [] and answer["result"][0]["expressions"][0]["value"] is True


class InterpretedEngine(_Evaluation):
    """The regorus interpreter: slower, but without a limit on instructions."""

    name = "interpreted"

    def __init__(self, pack: Pack) -> None:
        """Parses the pack.

        Raises:
            EngineError: A module is not valid Rego.
        """
        super().__init__(pack)
        self._engine = regorus.Engine()
        _add(self._engine, pack.modules)

    def additions(self, question: Mapping[str, Any]) -> dict[str, Any]:
        """What the policy of a key lacks: `question` as for a report, the answer has statements and companions."""
        return _object(ADDITIONS, self._ask(ADDITIONS, {"ctkms": question}))

    def load(self, data: str) -> None:
        """Takes data that is JSON text."""
        try:
            self._engine.clear_data()
            self._engine.add_data_json(data)
        except RuntimeError as error:
            raise _unsuitable(error) from None

    def evaluate(self, entry_point: str, question: str) -> Any:
        """The value of an entry point for an input that is JSON text."""
        try:
            self._engine.set_input_json(question)
        except RuntimeError as error:
            raise _unsuitable(error) from None
        try:
            answer = self._engine.eval_rule_as_json(entry_point)
        except RuntimeError as error:
            raise EngineError(f"{entry_point}: {_first_line(error)}") from None
        if answer == _UNDEFINED:
            raise EngineError(f"{entry_point} has no value")
        return json.loads(answer)


class CompiledEngine(_Evaluation):
    """The compiled pack on the regorus virtual machine."""

    name = "compiled"

    def __init__(self, pack: Pack) -> None:
        """Loads the compiled pack, from the cache if it is there; a pack that does not compile is interpreted."""
        super().__init__(pack)
        self._interpreter: InterpretedEngine | None = None
        self._rules = {
            output: [f"data.{module.package}.{output}" for module in pack.rule_packages() if module.defines(output)]
            for output in _RULE_OUTPUTS
        }
        self._question: str | None = None
        self._at_once = _PROBES_AT_ONCE
        self._machine = regorus.Rvm()
        program = self._program()
        self._compiled = program is not None
        if program is not None:
            self._machine.load_program(program)

    def report(self, question: Mapping[str, Any]) -> dict[str, Any]:
        """The report of one key: in pieces, or by the interpreter as a whole where too many do not fit."""
        answer = self._in_pieces(question)
        if answer is None:
            self.taken_over += 1
            answer = self._interpreted().evaluate(REPORT, encode({"ctkms": question}))
        return _object(REPORT, answer)

    def matrix(self, question: Mapping[str, Any]) -> list[dict[str, Any]]:
        """Who can do what with one key: so many requests that they fit into no execution of the machine."""
        return self._interpreted().matrix(question)

    def refused(self, question: Mapping[str, Any]) -> list[dict[str, Any]]:
        """The requests that a key's policy does not allow, explained: whole, by the interpreter."""
        return self._interpreted().refused(question)

    def _in_pieces(self, question: Mapping[str, Any]) -> Any:
        """The report, each piece from those before; None where they do not fit."""
        memo: dict[str, Any] = {}
        asked = {"ctkms": {**question, "memo": memo}}
        memo["prepared"] = self._try(PREPARED, encode(asked))
        if memo["prepared"] is None:
            return None
        probes = self._probes(question)
        decided = None if probes is None else self._decided(question, memo["prepared"], probes)
        if decided is None:
            return None
        memo |= {"probes": probes, **decided}
        said = self._rules_say(encode(asked))
        if said is None:
            return None
        memo |= said
        return self._try(REPORT, encode(asked))

    def _probes(self, question: Mapping[str, Any]) -> dict[str, dict[str, Any]] | None:
        """The requests to try by capability and id, one execution a part; None where a part does not fit."""
        probes: dict[str, dict[str, Any]] = {}
        for part in self._ask(PARTS, {"ctkms": question}):
            answer = self._try(PART, encode({"ctkms": {**question, "memo": {"part": part}}}))
            if answer is None:
                return None
            for capability, named in answer.items():
                probes.setdefault(capability, {}).update(named)
        return probes

    def _rules_say(self, question: str) -> dict[str, list[Any]] | None:
        """What all rules say, one execution a rule; None where more than a few do not fit."""
        said: dict[str, list[Any]] = {output: [] for output in _RULE_OUTPUTS}
        left: list[tuple[str, str]] = []
        for output, rules in self._rules.items():
            for rule in rules:
                answer = self._try(rule, question)
                if answer is not None:
                    said[output] += answer
                elif len(left) < _RULES_LEFT:
                    left.append((output, rule))
                else:
                    return None
        for output, rule in left:
            self.taken_over += 1
            said[output] += self._interpreted().evaluate(rule, question)
        return said

    def _decided(
        self, question: Mapping[str, Any], prepared: Any, probes: Mapping[str, Mapping[str, Any]]
    ) -> dict[str, dict[str, Any]] | None:
        """What became of all probes, as many in one execution as fit; None where one alone does not."""
        waiting = [(capability, name, probe) for capability, named in probes.items() for name, probe in named.items()]
        decided: dict[str, dict[str, Any]] = {"decisions": {}, "matches": {}, "closest": {}}
        while waiting:
            at_once = self._at_once
            batch: dict[str, dict[str, Any]] = {}
            for capability, name, probe in waiting[:at_once]:
                batch.setdefault(capability, {})[name] = probe
            memo = {"prepared": prepared, "probes": batch}
            answer = self._try(DECIDED, encode({"ctkms": {**question, "memo": memo}}))
            if answer is not None:
                for member, by_id in answer.items():
                    decided[member] |= by_id
                del waiting[:at_once]
            elif at_once > 1:
                self._at_once //= 2
            else:
                return None
        return decided

    def evaluate(self, entry_point: str, question: str) -> Any:
        """The value of an entry point; the interpreter takes over what the machine does not finish."""
        answer = self._try(entry_point, question)
        if answer is None:
            self.taken_over += 1
            return self._interpreted().evaluate(entry_point, question)
        return answer

    def _try(self, entry_point: str, question: str) -> Any:
        """The value of an entry point; None where the machine cannot say, be it for its limit or for another reason.

        Where a part of the value has none, the machine writes a word in its place that the interpreter never would.
        """
        if not self._compiled:
            return None
        try:
            if question is not self._question:
                self._machine.set_input_json(question)
                self._question = question
        except RuntimeError as error:
            raise _unsuitable(error) from None
        try:
            answer = self._machine.execute_entry_point(entry_point)
        except RuntimeError:
            return None
        return None if _UNDEFINED in answer else json.loads(answer)

    def load(self, data: str) -> None:
        """Takes data that is JSON text."""
        try:
            self._machine.set_data_json(data)
        except RuntimeError as error:
            raise _unsuitable(error) from None
        if self._interpreter is not None:
            self._interpreter.load(data)

    def _interpreted(self) -> InterpretedEngine:
        """The interpreter, made when it is first needed."""
        if self._interpreter is None:
            self._interpreter = InterpretedEngine(self._pack)
            self._interpreter.load(self._data)
        return self._interpreter

    def _program(self) -> regorus.Program | None:
        """The compiled pack; None where it does not compile."""
        entry_points = [*_ENTRY_POINTS, *(rule for rules in self._rules.values() for rule in rules)]
        name = program_cache.key(self._pack.digest, *entry_points, self.version, __version__)
        stored = program_cache.load(name)
        if stored is not None:
            try:
                program, partial = regorus.Program.deserialize_binary(stored)
            except RuntimeError:
                partial = True
            if not partial:
                return program
        modules = [(module.path, module.text) for module in self._pack.modules]
        try:
            program = regorus.Program.compile_from_modules("{}", modules, entry_points)
        except RuntimeError as error:
            self.remark = f"the rules do not compile: {_first_line(error)}"
            return None
        program_cache.store(name, program.serialize_binary())
        return program


class TestInterpreter:
    """The interpreter for tests in Rego: only it knows `with` and counts lines."""

    __test__ = False

    def __init__(self, modules: Iterable[Module], data: Mapping[str, Any], *, coverage: bool = False) -> None:
        """Parses the modules, and takes the data that they find below `data`.

        Raises:
            EngineError: A module is not valid Rego.
        """
        self._engine = regorus.Engine()
        _add(self._engine, modules)
        self._engine.add_data_json(encode(data))
        self._engine.set_enable_coverage(coverage)

    def test(self, rule: str) -> tuple[bool, str]:
        """Whether the test passes: its value is true; and why it does not."""
        try:
            value = self._engine.eval_rule_as_json(rule)
        except RuntimeError as error:
            return False, _first_line(error)
        if value == _UNDEFINED:
            return False, "undefined"
        return value == "true", "" if value == "true" else value if value == "false" else f"{value[:40]}, not true"

    def coverage(self) -> dict[str, tuple[tuple[int, ...], tuple[int, ...]]]:
        """The lines of each file that were reached, and those that were not."""
        report = json.loads(self._engine.get_coverage_report_as_json())
        return {file["path"]: (tuple(file["covered"]), tuple(file["not_covered"])) for file in report["files"]}


def syntax_trees(modules: Iterable[Module]) -> list[dict[str, Any]]:
    """The syntax trees of modules, each with its source.

    Raises:
        EngineError: A module is not valid Rego.
    """
    engine = regorus.Engine()
    _add(engine, modules)
    trees: list[dict[str, Any]] = json.loads(engine.get_ast_as_json())
    return trees


def _add(engine: regorus.Engine, modules: Iterable[Module]) -> None:
    try:
        for module in modules:
            engine.add_policy(module.path, module.text)
    except RuntimeError as error:
        raise EngineError(_first_line(error)) from None


def encode(value: Mapping[str, Any]) -> str:
    """The value as JSON text that regorus takes: it refuses half a surrogate pair, so that becomes U+FFFD.

    Raises:
        InputError: The value holds a number that JSON has no word for.
    """
    try:
        text = json.dumps(value, ensure_ascii=False, allow_nan=False)
    except ValueError as error:
        raise InputError(f"a number is out of range: {error}") from None
    return text if text.isascii() else _LONE_SURROGATE.sub("\N{REPLACEMENT CHARACTER}", text)


def _object(entry_point: str, answer: Any) -> dict[str, Any]:
    if not isinstance(answer, dict):
        raise EngineError(f"{entry_point} is not an object")
    return answer


def _first_line(error: RuntimeError) -> str:
    """The words of a regorus error: without its stack dump, its place and message in one line."""
    text = str(error).partition("Stack backtrace")[0]
    message = re.search(r"error: (.+)", text)
    place = re.search(r"--> (.+)", text)
    if message and place:
        return f"{place[1].strip()}: {message[1].strip()}"
    lines = text.strip().splitlines()
    return lines[0] if lines else "the engine gave no reason"


def _unsuitable(error: RuntimeError) -> InputError:
    """The error for a document that regorus cannot take in: nested too deep, or a number out of range."""
    reason = re.sub(r" at line \d+ column \d+$", "", _first_line(error))
    return InputError(f"the engine cannot take this document in: {reason}")
