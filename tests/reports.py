"""Reports for the tests of the formats: one that has everything, and any report that a check can give."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from hypothesis import strategies as st

from ctkms_opa.report import (
    LEVELS,
    Baseline,
    Capability,
    EngineInfo,
    ExpiredWaiver,
    Finding,
    InputError,
    KeyReport,
    Known,
    Location,
    NotEvaluated,
    Report,
    Source,
    Statement,
    Verdict,
    WaivedFinding,
    reaches,
)

if TYPE_CHECKING:
    from hypothesis.strategies import DrawFn, SearchStrategy

KEY = "arn:aws:kms:us-east-1:111111111111:key/1234abcd-12ab-34cd-56ef-1234567890ab"
TRAIL = "arn:aws:cloudtrail:us-east-1:111111111111:trail/management-events"
SERVICE = "cloudtrail.amazonaws.com"
ENGINE = EngineInfo("compiled", "0.13.0")
T = TypeVar("T")


def finding(level: str = "error", **fields: object) -> Finding:
    values: dict[str, object] = {
        "rule": "CT-TRAIL-ENCRYPT",
        "level": level,
        "msg": "CloudTrail encrypts a log file of the trail: no statement allows it.",
        "key": KEY,
        "subject": TRAIL,
        "statement": Statement(1, "Encrypt"),
        "location": Location("key.json", 12, 7, "/Statement/1/Condition"),
        "remediation": "Name the trail.",
        "url": "https://docs.aws.amazon.com/page.html",
        "fingerprint": "0f" * 32,
    }
    return Finding(**(values | fields))  # type: ignore[arg-type]


def row(principal: str, capability: str, decision: str, *statements: int, subject: str | None = TRAIL) -> Capability:
    return Capability(subject, principal, capability, decision, statements, "error")


FAILED = KeyReport(
    key=KEY,
    source=Source("key.json", "key-policy", 1),
    verdict="fail",
    judged=True,
    capabilities=(
        row("arn:aws:iam::111111111111:root", "administer", "allow", 0, subject=None),
        row(SERVICE, "decrypt_service", "explicit_deny", 1, 2),
        row("arn:aws:iam::222222222222:user/Alice", "read", "needs_iam_policy", 3),
        row(SERVICE, "encrypt", "unknown"),
    ),
    findings=(finding("note", msg="Only a note."), finding("warning", statement=None, url=""), finding()),
    cannot_tell=("whether cloudtrail.amazonaws.com may encrypt",),
    known=(finding("warning", rule="CT-TRAIL-SOURCEARN", msg="As ever."), finding("note", msg="A known note.")),
)
PASSED = KeyReport(key="key.yaml", source=Source("key.yaml", "statement"), verdict="pass", judged=True)
REPORT = Report(
    profile="documented",
    engine=EngineInfo("compiled", "0.13.0", 1),
    keys=(FAILED, PASSED),
    waived=(WaivedFinding(finding(), "old-trail", "it goes away", "Ada", "2027-01-31"),),
    unused_waivers=("forgotten",),
    not_evaluated=(
        NotEvaluated("CT-KEY-STATE", "no metadata"),
        NotEvaluated("CT-KEY-SYMMETRIC", "no metadata"),
        NotEvaluated("CT-MRK", "not a multi-Region key"),
    ),
    errors=(InputError("broken.json", 4, "expected ',' after the value", 2),),
    expired_waivers=(ExpiredWaiver("late", "CT-TRAIL-ENCRYPT", KEY, "it was to go", "Bob", "2026-01-31"),),
    baseline=Baseline("known.json", (Known("ab", "CT-TRAIL-DESCRIBE", "error", KEY, TRAIL, None, "Gone."),)),
)

HOSTILE = "\x1b[2J\r\n::error::all is well\n##[group]\x07 \u202egnp.exe \ud800 \u2028 \x9b31m ##vso[task]"
_FRAGMENTS = [
    HOSTILE,
    "::error file=a::",
    "::stop-commands::x",
    "##vso[task.complete result=Succeeded;]",
    "##VSO[task.setvariable variable=x;]",
    "##[error]",
    " # TODO later",
    " # SKIP",
    "ok 1 - fine\n1..1",
    "<script>alert(1)</script>",
    "]]></failure></testcase>",
    "&amp;\"'",
    "[click](https://example.com)",
    "{0}",
    "%0A::error::",
    "%AZP25;]",
    "\x00\x08\x0b\uffff\ufffe",
    "../../../etc/passwd",
    "\u2066\u202e\u200b\ufeff",
]


def texts() -> SearchStrategy[str]:
    """Any text, and text that means something to a terminal, a log or a viewer."""
    fragment = st.sampled_from(_FRAGMENTS) | st.text(st.characters(), max_size=8)
    return st.lists(fragment, max_size=3).map("".join)


def _maybe(strategy: SearchStrategy[T]) -> SearchStrategy[T | None]:
    return st.none() | strategy


_NUMBERS = _maybe(st.integers(1, 3) | st.integers(1, 9999))
_LOCATIONS = st.builds(Location, texts(), _NUMBERS, _NUMBERS, texts())
_FINDINGS = st.builds(
    Finding,
    rule=texts(),
    level=st.sampled_from(LEVELS),
    msg=texts(),
    key=texts(),
    subject=_maybe(texts()),
    statement=_maybe(st.builds(Statement, st.integers(0, 9), _maybe(texts()))),
    location=_LOCATIONS,
    remediation=texts(),
    url=texts(),
    fingerprint=st.sampled_from(["aa", "bb"]),
)
_CAPABILITIES = st.builds(
    Capability,
    subject=_maybe(texts()),
    principal=texts(),
    capability=texts(),
    decision=st.sampled_from(["allow", "needs_iam_policy", "explicit_deny", "implicit_deny", "unknown"]),
    statements=st.lists(st.integers(0, 9), max_size=2).map(tuple),
    level=st.sampled_from(LEVELS),
)

_KNOWN = st.builds(Known, texts(), texts(), st.sampled_from(LEVELS), texts(), _maybe(texts()), _maybe(texts()), texts())


def _tuples(strategy: SearchStrategy[T]) -> SearchStrategy[tuple[T, ...]]:
    return st.lists(strategy, max_size=2).map(tuple)


_PARTS = ("findings", "cannot_tell", "not judged", "waived", "unused_waivers", "not_evaluated", "errors", "expired")


@st.composite
def reports(draw: DrawFn) -> Report:
    """Any report, or one with little in it; the verdicts follow from the rest, as the checker makes them."""
    fail_on = draw(st.sampled_from(LEVELS))
    baseline = draw(_maybe(st.builds(Baseline, texts(), _tuples(_KNOWN))))
    only = draw(st.sampled_from([None, None, *["findings"] * 4, *_PARTS]))

    def part(name: str, strategy: SearchStrategy[T], instead: T) -> T:
        return draw(strategy) if only in {None, name} else instead

    def key() -> KeyReport:
        findings = part("findings", _tuples(_FINDINGS), ())
        reasons = part("cannot_tell", _tuples(texts()), ())
        judged = part("not judged", st.booleans(), True)
        verdict: Verdict = "pass" if judged and not reasons else "cannot_tell"
        if any(reaches(one.level, fail_on) for one in findings):
            verdict = "fail"
        return KeyReport(
            key=draw(texts()),
            source=draw(st.builds(Source, texts(), st.just("key-policy") | texts(), _NUMBERS)),
            verdict=verdict,
            judged=judged,
            capabilities=draw(_tuples(_CAPABILITIES)),
            findings=findings,
            cannot_tell=reasons,
            known=draw(_tuples(_FINDINGS)) if baseline else (),
        )

    return Report(
        profile="documented",
        engine=ENGINE,
        keys=tuple(key() for _ in range(draw(st.sampled_from([1, 2, 0])))),
        waived=part("waived", _tuples(st.builds(WaivedFinding, _FINDINGS, *[texts()] * 4)), ()),
        unused_waivers=part("unused_waivers", _tuples(texts()), ()),
        not_evaluated=part("not_evaluated", _tuples(st.builds(NotEvaluated, texts(), texts())), ()),
        errors=part("errors", _tuples(st.builds(InputError, texts(), _NUMBERS, texts(), _NUMBERS, st.booleans())), ()),
        fail_on=fail_on,
        expired_waivers=part("expired", _tuples(st.builds(ExpiredWaiver, *[texts()] * 6)), ()),
        baseline=baseline,
    )
