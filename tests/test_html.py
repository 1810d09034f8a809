"""The report as a page: what a parser and a real browser make of it, whatever the policies hold."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import shutil
import subprocess
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from reports import ENGINE, HOSTILE, KEY, REPORT, finding, reports
from scenarios import FULL_TRAIL, trail

from ctkms_opa import Checker, expectations
from ctkms_opa.formats import Options, renderer, source
from ctkms_opa.report import KeyReport, Location, Report, Source

ROOT = Path(__file__).resolve().parent.parent
TAGS = frozenset(
    {"html", "head", "meta", "title", "style", "body", "header", "main", "footer", "nav", "section", "article"}
    | {"h1", "h2", "h3", "h4", "p", "span", "strong", "code", "mark", "pre", "a", "ul", "ol", "li", "br"}
    | {"table", "caption", "thead", "tbody", "tr", "th", "td"}
)
ATTRIBUTES = frozenset(
    {"lang", "charset", "http-equiv", "content", "name", "class", "id", "href", "rel", "scope", "role"}
    | {"aria-label", "aria-labelledby", "data-label", "role"}
)
VOID = frozenset({"meta", "br"})
MARKUP = "\"'></code><script>document.title='taken'</script><img src=x onerror=\"document.title='taken'\">"


class Page(HTMLParser):
    """What a page consists of; every element must be closed where it was opened."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.words = ""
        self._open: list[str] = []
        self.feed(text)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self._open[-1:] != ["style"]:
            self.words += data

    def values(self, name: str) -> list[str]:
        return [value or "" for attribute, value in self.attributes if attribute == name]


def html(report: Report, options: Options | None = None) -> str:
    return "".join(renderer("html")(report, options or Options()))


def one_key(*, lines: tuple[str, ...], kind: str = "key-policy", **fields: object) -> str:
    key = KeyReport(KEY, Source("key.json", kind, 1), "fail", True, findings=(finding(**fields),))  # type: ignore[arg-type]
    return html(Report("documented", ENGINE, (key,)), Options(lines=lambda _: lines))


@given(report=reports())
@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large], deadline=None, max_examples=60)
def test_whatever_a_report_says_the_page_has_only_our_elements(report: Report) -> None:
    page = Page(html(report, Options(notes=True, lines=lambda file: (file, HOSTILE, MARKUP))))
    assert set(page.tags) <= TAGS
    assert {name for name, _ in page.attributes} <= ATTRIBUTES
    assert all(value.startswith(("#", "https://")) for value in page.values("href"))
    names = page.values("id")
    assert len(names) == len(set(names))
    assert {value[1:] for value in page.values("href") if value.startswith("#")} <= set(names)
    assert set(page.values("aria-labelledby")) <= set(names)


def test_everything_that_the_text_says_is_on_the_page() -> None:
    words = " ".join(Page(html(REPORT)).words.split())
    for said in (
        "fail 2 keys: 1 error, 1 warning, 1 note (--notes shows them), 2 known, 1 input not judged.",
        "Read from key.json:1 (key-policy) What was asked of the key For this key WhoWhatAnswerDecided by "
        "arn:aws:iam::111111111111:rootadministerallowedstatement 1",
        "cloudtrail.amazonaws.comdecrypt servicedenied (explicitly)statements 2, 3",
        "cloudtrail.amazonaws.comencryptcannot tellno statement",
        "error CT-TRAIL-ENCRYPT key.json:12:7 CloudTrail encrypts a log file of the trail: no statement allows it. "
        "To do: Name the trail. https://docs.aws.amazon.com/page.html",
        "Cannot tell whether cloudtrail.amazonaws.com may encrypt",
        "Known, as the baseline has it warning CT-TRAIL-SOURCEARN key.json:12:7: As ever.",
        f"Waived CT-TRAIL-ENCRYPT on {KEY} by old-trail: it goes away (Ada, until 2027-01-31)",
        "Not evaluated CT-KEY-STATE, CT-KEY-SYMMETRIC: no metadata CT-MRK: not a multi-Region key",
        "Not judged broken.json:4:2: expected ',' after the value",
    ):
        assert said in words
    assert "Only a note." not in words
    assert "Only a note." in Page(html(REPORT, Options(notes=True))).words


def test_tables_say_that_they_are_tables_also_where_they_are_laid_out_as_blocks() -> None:
    """On narrow screens their parts are blocks, which takes from browsers what they would tell screen readers."""
    judged = Checker({"expected": trail()}, matrix=True).check_policy(FULL_TRAIL)
    page = html(judged) + html(REPORT, Options(lines=lambda _: ("{", "}")))
    assert "needs IAM: the account is let in, and its IAM policies decide." in page
    assert all(f"<{tag} " in page for tag in ("table", "thead", "tbody", "tr", "th", "td"))
    roles = {"table": "table", "thead": "rowgroup", "tbody": "rowgroup", "tr": "row", "td": "cell"}
    for tag, attributes in re.findall(r"<(table|thead|tbody|tr|th|td)\b([^>]*)>", page):
        scope = re.search(r'scope="(\w+)"', attributes)
        wanted = {"col": "columnheader", "row": "rowheader"}[scope[1]] if scope else roles.get(tag, "cell")
        assert f'role="{wanted}"' in attributes


def test_findings_stand_beside_their_lines() -> None:
    page = one_key(lines=('{"a":', '  "b"}'), location=Location("key.json", 2, 3, "/a"))
    assert (
        '<tr role="row" id="key-1-line-2" class="bad"><th scope="row" role="rowheader">2</th>'
        '<td role="cell"><code>  <mark>&quot;b&quot;</mark>}</code></td>'
        '<td role="cell"><span class="badge bad">error</span> <a href="#key-1-finding-1">CT-TRAIL-ENCRYPT</a></td></tr>'
        in page
    )
    assert '<a href="#key-1-line-2"><code>key.json:2:3</code></a>' in page


def test_of_a_long_document_the_lines_around_findings_are_shown() -> None:
    lines = tuple(f"line {number}" for number in range(1, 101))
    page = one_key(lines=lines, kind="cloudformation", location=Location("key.json", 50, 1, "/a"))
    shown = [int(number) for number in re.findall(r'id="key-1-line-(\d+)"', page)]
    assert shown == [1, 2, 3, 4, 5, *range(46, 55)]
    assert page.count("&hellip;") == 1
    assert "<h3>Policy</h3>" not in one_key(lines=())


def test_of_a_long_line_what_is_around_the_findings_is_shown() -> None:
    line = f'{"a" * 9000}"here"{"b" * 9000}'
    page = one_key(lines=(line,), location=Location("key.json", 1, 9001, "/a"))
    assert f"<code>{'a' * 100}&quot;here&quot;{'b' * 194} " in page
    assert "(of 18,006 characters)" in page


def test_of_a_long_text_the_beginning_is_shown() -> None:
    page = one_key(lines=(), msg="x" * 10_000)
    assert "x" * 1200 + "&hellip;" in page
    assert "x" * 1201 not in page
    assert "(10,000 characters)" in page


@pytest.mark.parametrize("url", ["javascript:alert(1)", "http://example.com/", "https://example.com/\u202e", ""])
def test_what_is_no_address_of_a_page_is_no_link(url: str) -> None:
    assert not [value for value in Page(one_key(lines=(), url=url)).values("href") if not value.startswith("#")]


def test_a_statement_to_add_is_laid_out_for_copying() -> None:
    page = one_key(lines=(), remediation='Add this statement: {"Action":"kms:Decrypt","Sid":"<b>"}')
    wanted = "{\n  &quot;Sid&quot;: &quot;&lt;b&gt;&quot;,\n  &quot;Action&quot;: &quot;kms:Decrypt&quot;\n}"
    assert f"<p><strong>To do:</strong> Add this statement: </p>\n<pre><code>{wanted}</code></pre>" in page


def test_several_keys_are_linked_at_the_top() -> None:
    assert Page(html(REPORT)).values("href")[:2] == ["#key-1", "#key-2"]


def test_the_page_lets_nothing_load_but_its_own_style() -> None:
    page = html(REPORT)
    (style,) = re.findall(r"<style>(.*?)</style>", page, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'" in page
    assert not re.search(r"url\(|@import|<script|<link|<img", page)


def contrast(one: str, other: str) -> float:
    """The contrast of two colors: https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio."""

    def luminance(color: str) -> float:
        digits = color[1:] if len(color) == 7 else "".join(digit * 2 for digit in color[1:])
        parts = [int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4)]
        red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    bright, dim = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dim + 0.05)


def test_light_and_dark_can_be_read() -> None:
    style = (ROOT / "ctkms_opa" / "formats" / "html.css").read_text("utf-8")
    schemes = re.findall(r":root \{(.*?)\}", style, re.DOTALL)
    assert len(schemes) == 3
    for scheme in schemes:
        colors = dict(re.findall(r"--([\w-]+): (#[0-9a-f]+)", scheme))
        pairs = [(ink, back) for ink in ("ink", "soft", "link") for back in ("page", "card")]
        pairs += [(name, f"{name}-back") for name in ("bad", "warn", "good", "note")]
        pairs += [(ink, f"{name}-back") for name in ("bad", "warn", "note") for ink in ("ink", "link", "soft")]
        for ink, back in pairs:
            assert contrast(colors[ink], colors[back]) >= 4.5, (ink, back, scheme)


CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
needs_chromium = pytest.mark.skipif(CHROMIUM is None, reason="no chromium on PATH")


def browse(page: Path, *options: str) -> str:
    """What a real browser says of a page: its document after everything that could run has run."""
    command = [
        str(CHROMIUM),
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        f"--user-data-dir={page.parent / 'profile'}",
    ]
    done = subprocess.run(
        [*command, *options, page.as_uri()], capture_output=True, text=True, encoding="utf-8", timeout=120, check=True
    )
    return done.stdout


def hostile_policy() -> str:
    sids = [MARKUP, HOSTILE.replace("\ud800", ""), "S" * 10_000, "</style><script>document.title='taken'</script>"]
    statement = {"Effect": "Allow", "Principal": "*", "Action": "kms:*", "Resource": "*"}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement | {"Sid": sid} for sid in sids]}, indent=1)


@needs_chromium
def test_a_browser_runs_nothing_that_a_policy_holds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("<img onerror=1>.json").write_text(hostile_policy(), "utf-8")
    report = Checker(
        expectations.load([str(ROOT / "data" / name) for name in ("trails.yaml", "accounts.yaml")]), key=KEY
    ).check_paths(["."])
    page = tmp_path / "page.html"
    page.write_text(html(report, Options(notes=True, lines=source.lines)), "utf-8")
    document = browse(page, "--dump-dom")
    assert "<title>KMS keys for CloudTrail: fail</title>" in document
    assert set(Page(document).tags) <= TAGS
    assert "&lt;img src=x onerror=" in document


@needs_chromium
def test_a_browser_runs_no_script_even_where_one_were_in_the_page(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text(html(REPORT).replace("</main>", "<script>document.title='taken'</script></main>"), "utf-8")
    assert "<title>KMS keys for CloudTrail: fail</title>" in browse(page, "--dump-dom")
    free = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", page.read_text("utf-8"))
    page.write_text(free, "utf-8")
    assert "<title>taken</title>" in browse(page, "--dump-dom")
