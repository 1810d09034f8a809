"""What a key policy lacks, added to it: every statement that it has stays as it is, and the result is judged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ctkms_opa import engine, errors
from ctkms_opa.checker import Checker
from ctkms_opa.fix_insert import insertion
from ctkms_opa.inputs import Document
from ctkms_opa.judgement import Judgement, Locator
from ctkms_opa.places import Place
from ctkms_opa.policy_layout import laid_out
from ctkms_opa.run import Run

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ctkms_opa.report import Finding, Location, Report

_AS_SUBMITTED = {"key-policy", "statement", "get-key-policy"}
"""The kinds of documents that hold the policy itself; in others it is put together from parts."""


@dataclass(frozen=True)
class Lack:
    """What the policy of one key lacks.

    Attributes:
        key: The key object.
        label: What the key is called.
        location: Where the policy's statements stand.
        statements: The statements to add, as AWS lays them out; in a template, with `${AWS::Region}` and the like.
        companions: Who needs a policy besides the key policy, as (kind, ARN).
    """

    key: dict[str, Any]
    label: str
    location: Location
    statements: list[dict[str, Any]]
    companions: list[tuple[str, str]]


@dataclass(frozen=True)
class Change:
    """The text of a document with statements added, and that of the policy: its own, where a string holds it.

    Attributes:
        text: The document's new text.
        before: The policy's old text.
        after: The policy's new text.
    """

    text: str
    before: str
    after: str


@dataclass(frozen=True)
class Fix:
    """What can be done about one document.

    Attributes:
        lacks: The keys whose policies lack something, each once for every way in which that differs.
        change: The document with the statements added; None where there are none, and where the document is written so
            that its author has to add them.
        report: What the rules say once the statements are there.
    """

    lacks: list[Lack]
    change: Change | None
    report: Report

    @property
    def left(self) -> list[Finding]:
        """The errors that adding statements does not mend."""
        return [finding for finding in self.report.findings if finding.level == "error"]

    @property
    def open_questions(self) -> list[str]:
        """What cannot be told, although the statements are there."""
        return [reason for key in self.report.keys for reason in key.cannot_tell]


class Fixer(Checker):
    """Adds what key policies lack. Takes what a `Checker` takes, and belongs to the thread that made it."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        """Prepares the engines; see `Checker`."""
        super().__init__(*arguments, **options)
        self._adder = engine.InterpretedEngine(self._pack)
        self._adder.expect(self._expectations.value)
        self._adds = False
        self._lacks: list[Lack] = []

    def fix(self, document: Document) -> Fix:
        """Looks for what the policies of a document lack, and judges them with it.

        What is changed is the text alone, in memory; nothing is written.

        Raises:
            EngineError: The engine failed.
        """
        self._lacks = []
        report = self._check(document)
        found, lacks = self._lacks, [lack for lack in self._lacks if lack.statements]
        if not lacks:
            return Fix(_once(found), None, report)
        change = _change(document, found[0].key, found[0].statements) if len(found) == 1 else None
        if change is not None:
            return Fix(found, change, self._check(Document(document.label, change.text)))
        self._adds = True
        try:
            return Fix(_once(found), None, self._check(document))
        finally:
            self._adds = False

    def _check(self, document: Document) -> Report:
        run = Run(self._fail_on)
        run.add(self._judge(document, self._whose(document.label)))
        return self._report(run)

    def _judge_key(
        self,
        document: Document,
        key: dict[str, Any],
        doubt: Sequence[str],
        *,
        has_text: bool,
        shown: Callable[[Any], Any] = lambda value: value,
    ) -> Judgement | errors.InputError:
        """Judges a key with what its policy lacks, or as it is, and then notes what that is."""
        if isinstance(key["policy"], dict):
            question = {"key": key, "profile": self._profile, "today": self._today}
            added = self._adder.additions(question)
            if self._adds:
                statements = [*_listed(key["policy"].get("Statement")), *added["statements"]]
                key = {**key, "policy": {**key["policy"], "Statement": statements}}
            else:
                location = Locator(document.label, Place(document, key["place"]), has_text=has_text)(["Statement"])
                companions = [(one["kind"], one["principal"]) for one in shown(added["companions"])]
                statements = laid_out(shown(added["statements"]))
                self._lacks.append(Lack(key, shown(key["label"]), location, statements, companions))
        return super()._judge_key(document, key, doubt, has_text=has_text, shown=shown)


def _change(document: Document, key: dict[str, Any], statements: list[dict[str, Any]]) -> Change | None:
    """The document with the statements in its text; None where the text does not take them."""
    if key["kind"] not in _AS_SUBMITTED:
        return None
    place = Place(document, key["place"])
    path = [*place.base, *(() if key["place"]["part"] else ("Statement",))]
    inserted = insertion(place.source, path, statements)
    if inserted is None:
        return None
    before, after = place.source.text, inserted.into(place.source.text)
    text = after
    if place.source is not document.parsed:
        way = key["place"]["path"]
        quoted = inserted.quoted(document.parsed, way[: way.index(None)], before)
        if quoted is None:
            return None
        text = quoted.into(document.text)
    change = Change(text, before, after)
    return change if _holds(change, document.label, key, statements) else None


def _holds(change: Change, label: str, key: dict[str, Any], statements: list[dict[str, Any]]) -> bool:
    """Whether the new text says what the old one said, and the statements besides."""
    try:
        source = Place(Document(label, change.text), key["place"]).source
    except errors.InputError:
        return False
    old = key["policy"]
    wanted = [*_listed(old["Statement"]), *statements]
    return bool(source.value == (wanted if key["place"]["part"] else {**old, "Statement": wanted}))


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _once(lacks: list[Lack]) -> list[Lack]:
    """What the ways to deploy a template have in common is said once."""
    found: list[Lack] = []
    for lack in lacks:
        same = [one for one in found if (one.label, one.statements) == (lack.label, lack.statements)]
        if not same:
            found.append(lack)
    return found
