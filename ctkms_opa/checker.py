"""The public Python interface: judges key policies, prints nothing, and never ends the process."""

from __future__ import annotations

import datetime
import functools
import json
import os
from contextlib import closing
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from ctkms_opa import arn, errors, inputs, own_files, pack, together
from ctkms_opa import engine as engines
from ctkms_opa.choices import Choices, choose
from ctkms_opa.cloudformation.assumption import Given
from ctkms_opa.errors import CtkmsError, EngineError, UsageError
from ctkms_opa.expectations import Expectations, from_value, keys_for_file, keys_of
from ctkms_opa.files import Found
from ctkms_opa.judgement import Judgement, Locator, judgement
from ctkms_opa.places import Place
from ctkms_opa.report import LEVELS, DisabledRule, EngineInfo, LeftOut, Level, NotEvaluated, Report
from ctkms_opa.run import Judged, Record, Run, refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Generator, Iterable, Iterator, Mapping, Sequence
    from os import PathLike

    from ctkms_opa.changed import Earlier, Version
    from ctkms_opa.cloudformation.variant import Variant
    from ctkms_opa.custom.run import Runner
    from ctkms_opa.inputs import Document
    from ctkms_opa.metadata import Rule

_T = TypeVar("_T")
_R = TypeVar("_R")

Profile = Literal["documented", "hardened"]
PROFILES: tuple[Profile, ...] = ("documented", "hardened")

# With fewer inputs for each, starting processes takes longer than they save.
_WORTH_A_PROCESS = 32


class Checker:
    """Judges key policies against expectations. Belongs to the thread that made it.

    Example:
        >>> from ctkms_opa import expectations
        >>> checker = Checker(expectations.load(["data/trails.yaml"]))
        >>> checker.check_paths(["key-policies/"]).verdict
        'pass'
    """

    def __init__(
        self,
        expectations: Expectations | Mapping[str, Any] | None = None,
        *,
        profile: Profile | None = None,
        engine: str | Sequence[str] = "compiled",
        fail_on: Level = "error",
        key: str | None = None,
        today: datetime.date | str | None = None,
        parameters: Mapping[str, str] | None = None,
        account: str | None = None,
        region: str | None = None,
        partition: str | None = None,
        policies: Iterable[str | PathLike[str]] = (),
        levels: Mapping[str, Level] | None = None,
        disable: Iterable[str] = (),
        changed_from: str | None = None,
        matrix: bool = False,
        explain: bool = False,
    ) -> None:
        """Prepares the engine.

        Args:
            expectations: What is expected, from `ctkms_opa.expectations` or as a map; without it, only what needs no
                expectation is judged.
            profile: With `hardened`, what AWS recommends is demanded; by default what the expectations say, else
                `documented`.
            engine: What evaluates the rules: `compiled` or `interpreted`, or the address of an OPA server, or several;
                all give the same result.
            fail_on: The lowest level of a finding that makes the verdict `fail`.
            key: The ARN of the key that the policies belong to, where the expectations do not tell.
            today: The day on which waivers are looked at, a text as YYYY-MM-DD; by default, today.
            parameters: Values of parameters of CloudFormation templates, by name. One that none of the templates has is
                an error in the report.
            account: The account into which templates and plans are deployed.
            region: The Region into which templates and plans are deployed.
            partition: The partition into which templates and plans are deployed; by default that of the Region, else
                `aws`.
            policies: Files and folders with rules of your own: packages `custom.ctkms.<family>.<rule>`. They are
                evaluated in a process of their own.
            levels: By id of a rule, the level of its findings in place of its own.
            disable: The ids of rules whose findings are not wanted; the report says how many there are.
            changed_from: A file, or a folder with files of the same names: the earlier versions of what
                `check_paths` judges, for the rule CT-KEEP-EXISTING.
            matrix: Whether to try, too, who else may do what with each key: `KeyReport.matrix`.
            explain: Whether to explain, statement by statement, what is not allowed: `KeyReport.explanations`.

        Raises:
            UsageError: A choice does not exist, `key` is no key's ARN, `today` is no day, or there is no such account,
                Region or partition.
            InputError: There is nothing at `changed_from`.
            ExpectationsError: The expectations are not valid, or waive what cannot be waived.
            ChoiceError: `levels` or `disable` name no rule, or one that must stay as it is.
            InputError: A file or folder with rules of your own cannot be read.
            RulesError: Rules of your own cannot be taken.
            EngineError: The rules cannot be loaded.
        """
        if profile is not None and profile not in PROFILES:
            raise UsageError(f"there is no profile {profile!r}: choose documented or hardened")
        if fail_on not in LEVELS:
            raise UsageError(f"there is no level {fail_on!r}: choose error, warning or note")
        if not isinstance(expectations, Expectations):
            expectations = from_value(expectations) if expectations else Expectations()
        _check_key(key)
        self._deployment = Given(parameters or {}, account, region, partition)
        self._deployment.check()
        self._expectations = expectations
        self._profile = profile or _expected_profile(expectations)
        self._fail_on = fail_on
        self._key = key
        self._matrix = matrix
        self._explain = explain
        self._earlier = None if changed_from is None else _earlier(changed_from)
        self._today = _day(datetime.date.today() if today is None else today)
        self._pack = pack.load()
        self._custom = _custom([os.fspath(path) for path in policies], self._pack, expectations)
        if self._waivers:
            _check_waivers(expectations, self._pack, self.custom_rules)
        self._choices = _choices(levels or {}, list(disable), self._pack, self.custom_rules)
        self._engine_name = engine
        self._engine = self._create_engine()

    def check_paths(
        self,
        paths: Iterable[str | PathLike[str]],
        *,
        jobs: int | None = 1,
        progress: Callable[[int, int], None] | None = None,
    ) -> Report:
        """Judges the key policies in files and folders; `-` is standard input.

        What cannot be read is listed in the report's errors; the rest is still judged.

        Args:
            paths: The files, folders and patterns of files.
            jobs: How many processes share the work; with None, one for each processor where there are many inputs.
            progress: Called after each input with how many are done, and how many there are.

        Raises:
            UsageError: `paths` is one path and no list, `jobs` is no number of processes, or several inputs are to be
                compared with one file.
            EngineError: A further process cannot be started.
        """
        if isinstance(paths, str | os.PathLike):
            raise UsageError("paths is a list of paths, not one path")
        if jobs is not None and jobs < 1:
            raise UsageError(f"jobs: {jobs} is no number of processes")
        found: Sequence[inputs.Input] = [*inputs.find_inputs(str(path) for path in paths)]
        if self._earlier is not None and self._earlier.is_file and len(found) > 1:
            raise UsageError("changed from: one file is no earlier version of several inputs: name a folder")
        found = together.group(found)
        run = Run(self._fail_on)
        with closing(self._judged(found, jobs)) as judged:
            for done, one in enumerate(judged, 1):
                run.add(one)
                if progress is not None:
                    progress(done, len(found))
        return self._report(run)

    def check_policy(self, policy: Mapping[str, Any] | list[Any] | str, key: str | None = None) -> Report:
        """Judges one key policy, as data or as JSON or YAML text.

        Args:
            policy: The policy, or whatever else `ctkms check` reads from a file.
            key: The ARN of the key that it belongs to.

        Raises:
            UsageError: `key` is no key's ARN.
        """
        _check_key(key)
        run = Run(self._fail_on)
        has_text = isinstance(policy, str)
        try:
            document = inputs.document_from_text(policy) if isinstance(policy, str) else _written(policy)
            run.add(self._judge(document, [key] if key else [], has_text=has_text))
        except CtkmsError as error:
            run.add(Judged([refusal(error)]))
        return self._report(run)

    def judge(self, one: inputs.Input) -> Judged:
        """Judges one input of several, for whoever shares the work among processes."""
        if isinstance(one, together.Together):
            return self._judge_together(one)
        document = inputs.read(one)
        if isinstance(document, CtkmsError):
            return Judged([refusal(document)])
        own = own_files.own(document.label, document.value)
        if own is not None and isinstance(one, Found):
            if one.searched:
                return Judged([LeftOut(document.label, own)])
            error = errors.InputError(f"this holds {own} and no key policy: {own_files.WHERE_TO[own]}", document.label)
            return Judged([refusal(error)])
        if isinstance(one, Found) and one.searched and own_files.is_other_output(document.value):
            return Judged([LeftOut(document.label, own_files.OTHER_OUTPUT)])
        return self._judge(document, self._whose(document.label), self._versions([one]))

    def _judge_together(self, files: together.Together) -> Judged:
        """What becomes of files that hold what several commands printed."""
        read = [inputs.read(file) for file in files.files]
        whole = [one for one in read if not isinstance(one, CtkmsError)]
        inventory, left = together.gather(files.path, whole, self._whose)
        loose = {document.label for document in left}
        policies = {one.label for one in whole if together.holds_policy(one)}
        gathered = [file for file in files.files if file.path in policies - loose]
        judged = [
            Judged([refusal(one) for one in read if isinstance(one, CtkmsError)]),
            self._judge(inventory, [], self._versions(gathered)),
            *(
                self._judge(document, self._whose(document.label), self._versions(files.files, document.label))
                for document in left
            ),
        ]
        return Judged([record for one in judged for record in one.records], sum(one.taken_over for one in judged))

    def _versions(self, found: Iterable[inputs.Input], only: str | None = None) -> dict[str, Version]:
        """The earlier versions of files, by label; none where nothing is compared."""
        if self._earlier is None:
            return {}
        files = [file for file in found if isinstance(file, Found) and only in {None, file.path}]
        return {file.path: self._earlier.version(file) for file in files}

    def __getstate__(self) -> dict[str, Any]:
        """Returns what another process needs to make a checker of its own, with an engine of its own."""
        return {**vars(self), "_engine": None, "_expectations": Expectations(self._expectations.value)}

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Makes the checker, and prepares its engine."""
        vars(self).update(state)
        self._engine = self._create_engine()

    def _create_engine(self) -> engines.Engine:
        engine = engines.create(self._engine_name, self._pack)
        engine.expect(self._expectations.value)
        return engine

    def _each(self, function: Callable[[_T], _R], items: Iterable[_T]) -> Generator[_R]:
        """What the function makes of each item: as many at a time as the engine takes.

        Users' own rules run in one process, which takes one question after the other.
        """
        if self._custom is None:
            yield from self._engine.each(function, items)
        else:
            yield from map(function, items)

    def _judged(self, found: Sequence[inputs.Input], jobs: int | None) -> Generator[Judged]:
        if self._engine.at_once > 1:
            if jobs is not None and jobs > 1:
                raise UsageError("jobs: OPA servers share the work; further processes are for the engines of this one")
            jobs = 1
        most = len(found) // _WORTH_A_PROCESS if jobs is None else min(jobs, len(found))
        if most > 1:
            from ctkms_opa import parallel  # noqa: PLC0415 - start-up time

            yield from parallel.judge(self, found, min(most, jobs or parallel.processors()))
        else:
            yield from self._each(self.judge, found)

    def _whose(self, file: str) -> list[str]:
        """The keys whose policy the file may be; none where only the rules can tell."""
        return [self._key] if self._key else keys_for_file(self._expectations, file)

    def _judge(
        self,
        document: Document | together.Inventory,
        owners: list[str],
        before: Mapping[str, Version] = MappingProxyType({}),
        *,
        has_text: bool = True,
    ) -> Judged:
        """What becomes of every key of a document; without text it has no lines.

        Earlier versions are those of the files that it consists of, by label.
        """
        taken_over = self._engine.taken_over
        records: list[Record] = [refusal(one.error) for one in before.values() if one.error is not None]
        try:
            for one in self._judgements(document, owners, before, has_text=has_text):
                records.append(refusal(one) if isinstance(one, CtkmsError) else one)  # noqa: PERF401 - keep what was said
        except CtkmsError as error:
            records.append(refusal(error, document.label))
        except (KeyError, TypeError, AttributeError) as error:
            shape = EngineError(f"the rules gave a report of another shape: {error!r}")
            records.append(refusal(shape, document.label))
        if not records:
            records.append(LeftOut(document.label, own_files.NOTHING))
        if self._custom is not None:
            records += [refusal(failure) for failure in self._custom.take_failures()]
        return Judged(records, self._engine.taken_over - taken_over, _parameters(document))

    def _judgements(
        self,
        document: Document | together.Inventory,
        owners: list[str],
        before: Mapping[str, Version],
        *,
        has_text: bool,
    ) -> Iterator[Judgement | errors.InputError]:
        if not isinstance(document, together.Inventory) and document.is_template:
            yield from self._template_judgements(document, owners, before.get(document.label), has_text=has_text)
            return
        doubt = [f"whose policy it is: the globs of {' and '.join(owners)} match the file"] if len(owners) > 1 else []

        def judge_key(key: dict[str, Any]) -> Judgement | errors.InputError:
            source, place = document.origin(key["place"])
            return self._judge_key(source, {**key, "place": place}, doubt, has_text=has_text)

        keys = self._keys(document, owners)
        if before:
            keys = self._with_earlier(keys, [document.origin(key["place"])[0].label for key in keys], owners, before)
        yield from self._each(judge_key, keys)

    def _with_earlier(
        self, keys: list[dict[str, Any]], files: list[str], owners: list[str], before: Mapping[str, Version]
    ) -> list[dict[str, Any]]:
        """The key objects, which stand in these files, each with its earlier version or why there is none."""
        from ctkms_opa import changed  # noqa: PLC0415 - start-up time

        found = {file: self._keys(one.document, owners) for file, one in before.items() if one.document is not None}

        def earlier(key: dict[str, Any], file: str) -> dict[str, object]:
            if key["policy"] is None:
                return {}
            version = before[file]
            elsewhere = file not in found and version.error is None and self._key is None and key["arn"]
            there = self._earlier_by_arn(key["arn"]) if elsewhere else found.get(file, [])
            return changed.previous(key, there, version.why, alone=files.count(file) == 1)

        return [key | earlier(key, file) for key, file in zip(keys, files, strict=True)]

    def _earlier_by_arn(self, arn: str) -> list[dict[str, Any]]:
        if self._earlier is None:
            return []
        return self._earlier.by_arn(arn, lambda document: self._keys(document, self._whose(document.label)))

    def _template_judgements(
        self, document: Document, owners: list[str], before: Version | None, *, has_text: bool
    ) -> Iterator[Judgement | errors.InputError]:
        from ctkms_opa.cloudformation import judge, parameters  # noqa: PLC0415 - only templates pay for it

        parameters.check(document, self._deployment.parameters)

        def earlier(variant: Variant, key: dict[str, Any]) -> dict[str, object]:
            if before is None or key["policy"] is None:
                return {}
            if before.document is None:
                return {"no_previous": before.why}
            from ctkms_opa import changed  # noqa: PLC0415 - start-up time

            return changed.previous_in_template(key, variant, document.value, before.document.value)

        given = self._deployment.for_keys(judge.existing_keys(document, owners), self._expectations.value)
        rules = judge.Rules(
            keys=lambda resolved: self._keys(resolved, owners),
            judge=lambda resolved, key, shown: self._judge_key(resolved, key, doubt, has_text=has_text, shown=shown),
            earlier=earlier,
        )
        doubt = [] if not owners or given.keys else [f"which of the keys is {' or '.join(owners)}"]
        yield from judge.judge(document, given, self._expectations.value, rules, self._fail_on)

    def _keys(self, document: Document | together.Inventory, owners: Sequence[str]) -> list[dict[str, Any]]:
        """The key objects of a document."""
        return self._engine.documents(
            {
                "document": document.value,
                "source": document.label,
                "key": owners[0] if len(owners) == 1 else self._key,
                "profile": self._profile,
                "deployment": self._deployment.place,
            }
        )

    def _judge_key(
        self,
        document: Document,
        key: dict[str, Any],
        doubt: Sequence[str],
        *,
        has_text: bool,
        shown: Callable[[Any], Any] = lambda value: value,
    ) -> Judgement | errors.InputError:
        try:
            place = Place(document, key["place"])
        except errors.InputError as error:
            return error.detached()
        if has_text and key["policy"] is not None:
            key["text"] = place.text_facts()
        asked: dict[str, Any] = {"key": key, "profile": self._profile, "today": self._today}
        if self._custom is not None:
            asked["custom"] = self._custom.judge(asked)
        said = self._engine.report(asked)
        one = judgement(shown(key), shown(said), Locator(document.label, place, has_text=has_text), doubt)
        if self._explain:
            one = one._replace(explanations=tuple(shown(self._engine.refused(asked))))
        if self._matrix:
            from ctkms_opa import matrix  # noqa: PLC0415 - start-up time

            one = one._replace(matrix=matrix.rows(shown(self._engine.matrix(asked))))
        return self._choices.apply(one)

    @property
    def custom_rules(self) -> tuple[Rule, ...]:
        """The rules of the user's own."""
        return () if self._custom is None else self._custom.rules

    def _report(self, run: Run) -> Report:
        return Report(
            profile=self._profile,
            engine=EngineInfo(self._engine.name, self._engine.version, run.taken_over, self._engine.remark),
            keys=run.keys,
            waived=tuple(run.waived),
            unused_waivers=tuple(
                sorted(self._waivers - run.used_waivers - {one.waiver for one in run.expired_waivers})
            ),
            not_evaluated=(*run.not_evaluated, *self._not_among_the_inputs(run)),
            errors=tuple(
                run.errors or [refusal(one, "parameters") for one in self._strange_parameters(run.parameters)]
            ),
            fail_on=self._fail_on,
            disabled=tuple(DisabledRule(rule, run.hidden[rule]) for rule in sorted(self._choices.disabled)),
            overridden=self._choices.overridden,
            left_out=tuple(run.left_out),
            expired_waivers=tuple(sorted(run.expired_waivers, key=lambda one: (one.waiver, one.key, one.rule))),
        )

    def _strange_parameters(self, there: Collection[str] | None) -> Iterator[UsageError]:
        """Given parameters that none of the templates has, where all inputs could be read."""
        strange = sorted(set(self._deployment.parameters).difference(there or ()))
        if strange and there is not None:
            known = f"there are {', '.join(sorted(there))}" if there else "there are none"
            yield UsageError(f"no template has the parameter {', '.join(strange)}; {known}")

    @property
    def _waivers(self) -> set[str]:
        """The names of the waivers."""
        found = self._expectations.value.get("waivers")
        return set(found if isinstance(found, dict) else ())

    def _not_among_the_inputs(self, run: Run) -> list[NotEvaluated]:
        """Expected trails and event data stores whose key's policy no input held: they went unjudged."""
        return [unjudged for key, unjudged in self._expected_uses if key not in run.shown] if run.shown else []

    @functools.cached_property
    def _expected_uses(self) -> list[tuple[str, NotEvaluated]]:
        """The key that each expected trail and event data store uses, and what is said where no input is its policy."""
        return [
            (key, NotEvaluated(rule, f"no input is the policy of {key}, which {what} {subject} uses"))
            for section, what, rule in (
                ("trails", "trail", "CT-TRAIL-ENCRYPT"),
                ("event_data_stores", "event data store", "CT-EDS-ENCRYPT"),
            )
            for subject, key in keys_of(self._expectations, section)
        ]


def _parameters(document: Document | together.Inventory) -> frozenset[str] | None:
    """The parameters that a template has; None for what is none."""
    value = document.value
    if not isinstance(value, dict) or isinstance(document, together.Inventory) or not document.is_template:
        return None
    declared = value.get("Parameters")
    return frozenset(declared) if isinstance(declared, dict) else frozenset()


def _check_waivers(expectations: Expectations, rules: pack.Pack, custom: Sequence[Rule]) -> None:
    from ctkms_opa import metadata, waivers  # noqa: PLC0415 - only waivers pay for it

    waivers.check(expectations, [*metadata.catalogue(rules), *custom])


def _custom(paths: Sequence[str], rules: pack.Pack, expectations: Expectations) -> Runner | None:
    if not paths:
        return None
    from ctkms_opa.custom.run import Runner  # noqa: PLC0415

    return Runner(paths, rules, expectations.value)


def _choices(levels: Mapping[str, Level], disable: Sequence[str], rules: pack.Pack, custom: Sequence[Rule]) -> Choices:
    if not levels and not disable:
        return Choices()
    from ctkms_opa import metadata  # noqa: PLC0415 - only choices pay for it

    return choose(levels, disable, [*metadata.catalogue(rules), *custom])


def _expected_profile(expectations: Expectations) -> Profile:
    """The profile that the expectations choose; whoever could not be told which gets the stricter one."""
    chosen = expectations.value.get("profile", "documented")
    return "documented" if chosen == "documented" else "hardened"


def _day(day: datetime.date | str) -> str:
    """The day as YYYY-MM-DD: waivers compare it as text."""
    try:
        if isinstance(day, datetime.datetime):
            day = day.date()
        return str(datetime.date.fromisoformat(str(day)))
    except ValueError:
        raise UsageError(f"today: {day!r} is not a day written YYYY-MM-DD") from None


def _earlier(path: str) -> Earlier:
    from ctkms_opa.changed import Earlier  # noqa: PLC0415 - start-up time

    return Earlier(path)


def _check_key(key: str | None) -> None:
    problem = None if key is None else arn.check_key(key)
    if problem:
        raise UsageError(f"key: {problem}")


def _written(policy: Mapping[str, Any] | list[Any]) -> Document:
    """A policy that has no text, as a document."""
    try:
        return inputs.document_from_text(json.dumps(policy, allow_nan=False))
    except (TypeError, ValueError, RecursionError) as error:
        raise errors.InputError(f"is not JSON data: {error}", "policy") from None
