"""Evaluates users' own rules on a key. A rule that fails is named, and hides no other findings."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from ctkms_opa import metadata
from ctkms_opa.custom import references
from ctkms_opa.custom.load import Custom, load, problem_of
from ctkms_opa.custom.process import SECONDS, EndedError, Process
from ctkms_opa.errors import EngineError, RulesError
from ctkms_opa.expectation_schema import did_you_mean
from ctkms_opa.report import LEVELS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from ctkms_opa.metadata import Rule
    from ctkms_opa.pack import Pack

_CAPABILITIES = "data.ctkms.api.capabilities"
_LONGEST = 100


class Runner:
    """Users' own rules, and the process that evaluates them."""

    def __init__(
        self,
        paths: Iterable[str],
        pack: Pack,
        expected: Mapping[str, Any],
        seconds: float = SECONDS,
    ) -> None:
        """Reads the rules.

        Args:
            paths: Files and folders.
            pack: The pack, on which the rules build.
            expected: The expectations.
            seconds: How long a rule may take on one key.

        Raises:
            InputError: Something cannot be read.
            RulesError: Something may not be loaded.
            EngineError: The rules cannot be loaded.
        """
        self._process = Process(seconds)
        self._custom: Custom = load(paths, pack, self._process)
        modules = [[f"ctkms:{module.path}", module.text] for module in pack.modules]
        modules += [[module.location, module.text] for module in self._custom.modules]
        self._load: dict[str, Any] = {
            "load": modules,
            "data": {**self._custom.data, "expected": expected},
        }
        self._stopped: dict[str, EngineError] = {}
        self._failures: list[EngineError] = []
        self._look_through()

    @property
    def rules(self) -> tuple[Rule, ...]:
        """The rules."""
        return self._custom.rules

    def take_failures(self) -> list[EngineError]:
        """What failed since the last call, with file and line of the rule."""
        failures, self._failures = self._failures, []
        return failures

    def close(self) -> None:
        """Ends the process."""
        self._process.close()

    def judge(self, question: Mapping[str, Any]) -> list[dict[str, Any]]:
        """What the rules say of a key, as `ctkms.custom` takes it; a rule that fails says nothing but its failure.

        Args:
            question: The input of the evaluation, what stands under `ctkms`.
        """
        return [said for rule in self.rules if (said := self._said(rule, question)) is not None]

    def _look_through(self) -> None:
        """Has the rules analysed, which regorus does when the first rule is evaluated, whichever it is."""
        try:
            self._process.ask(self._load)
            capabilities = self._process.ask({"rule": _CAPABILITIES, "question": {"ctkms": {}}})
        except EngineError as error:
            raise RulesError([problem_of(error.message.removeprefix(f"{_CAPABILITIES}: "))]) from None
        problems = [*references.untried(self._custom.syntax, capabilities)]
        if problems:
            raise RulesError(problems)

    def _said(self, rule: Rule, question: Mapping[str, Any]) -> dict[str, Any] | None:
        if rule.id in self._stopped:
            return None
        try:
            said: dict[str, Any] = {
                name: self._evaluate(rule, name, question) for name in ("findings", "not_evaluated")
            }
            for problem in _problems(rule, said):
                raise EngineError(problem)  # noqa: TRY301 - one way for all that fails
        except EngineError as error:
            self._fail(rule, error, str(question["key"]["label"]))
            return None
        return {**said, "level": rule.level, "url": rule.urls[0] if rule.urls else ""}

    def _evaluate(self, rule: Rule, output: str, question: Mapping[str, Any]) -> Any:
        if output not in self._custom.outputs[rule.id]:
            return []
        asked = {"rule": f"data.{rule.package}.{output}", "question": {"ctkms": question}}
        return self._process.ask(asked, self._load)

    def _fail(self, rule: Rule, error: EngineError, key: str) -> None:
        message = f"rule {rule.id} failed on {key}: {error.message}"
        if isinstance(error, EndedError):
            message += "; it was not tried on other keys"
            self._stopped[rule.id] = error.detached()
        file, line = self._custom.files[rule.id]
        self._failures.append(EngineError(message, file, line))


def _problems(rule: Rule, said: Mapping[str, Any]) -> Iterator[str]:
    """What is not as findings are."""
    for finding in said["findings"]:
        if not isinstance(finding, dict):
            yield f"a finding is an object with rule and msg, not {_shown(finding)}"
        else:
            yield from _faults(rule, finding)
    for missing in said["not_evaluated"]:
        if not isinstance(missing, dict) or missing.get("rule") != rule.id or not isinstance(missing.get("why"), str):
            yield f'what was not evaluated is an object with rule "{rule.id}" and why, not {_shown(missing)}'


def _faults(rule: Rule, finding: Mapping[str, Any]) -> Iterator[str]:
    for name, value in finding.items():
        if name not in _FORMS:
            yield f'a finding has no member "{name}"{did_you_mean(name, _FORMS)}'
        elif not _FORMS[name].fits(value):
            yield f"a finding's {name} is {_FORMS[name].words}, not {_shown(value)}"
    if finding.get("rule") != rule.id:
        yield f'a finding\'s rule is that of the METADATA, "{rule.id}", not {_shown(finding.get("rule"))}'
    if "msg" not in finding:
        yield "a finding has no msg"


def _is_statement(value: Any) -> bool:
    return value is None or (
        isinstance(value, dict)
        and set(value) == {"index", "sid"}
        and type(value["index"]) is int
        and isinstance(value["sid"], str | None)
    )


def _is_path(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(step, str | int) for step in value)


class _Form(NamedTuple):
    fits: Callable[[Any], bool]
    words: str


_TEXT = _Form(lambda value: isinstance(value, str), "a text")
_FORMS = {
    "rule": _TEXT,
    "msg": _TEXT,
    "remediation": _TEXT,
    "level": _Form(lambda value: value in LEVELS, "error, warning or note"),
    "url": _Form(lambda value: isinstance(value, str) and metadata.is_web_address(value), "a web address"),
    "subject": _Form(lambda value: isinstance(value, str | None), "a text or null"),
    "statement": _Form(_is_statement, "null or {index, sid}"),
    "path": _Form(_is_path, "a list of names and numbers"),
}


def _shown(value: Any) -> str:
    text = json.dumps(value)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
