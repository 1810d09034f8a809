"""OPA servers as the engine: real ones on loopback say the same as the embedded engine, and bad ones are told apart."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any

import engines
import pytest
import trustme
from click.testing import CliRunner, Result
from opa_servers import Served, free_port, serve
from serving import serving

from ctkms_opa import Checker, bundle, expectations, opa_client, pack
from ctkms_opa.cli import group
from ctkms_opa.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ctkms_opa import Report

DATA = engines.ROOT / "data"
EXPECTED = [str(DATA / "trails.yaml"), str(DATA / "accounts.yaml")]
REVISION = bundle.revision(pack.load())
VARIABLES = (opa_client.TOKEN, opa_client.CA_FILE, opa_client.TIMEOUT)


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of the environment in which the tests run."""
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The bundle of the pack, with expectations that must not count."""
    file = tmp_path_factory.mktemp("bundle") / "bundle.tar.gz"
    elsewhere: dict[str, Any] = {
        "keys": {"arn:aws:kms:eu-west-1:999999999999:key/99999999-9999-9999-9999-999999999999": {}}
    }
    file.write_bytes(bundle.build(pack.load(), elsewhere).content)
    return str(file)


@pytest.fixture(scope="module")
def server(opa_command: str, made: str) -> Iterator[Served]:
    assert opa_command
    with serve("--bundle", made) as one:
        yield one


def checker(*urls: str) -> Checker:
    return Checker(expectations.load(EXPECTED), engine=urls, today="2026-01-01")


def check(*urls: str, data: bool = True, more: tuple[str, ...] = ()) -> Result:
    arguments = [argument for url in urls for argument in ("--engine", url)]
    arguments += [argument for file in EXPECTED if data for argument in ("-d", file)]
    return CliRunner().invoke(group, ["check", str(DATA / "policies"), *arguments, *more])


def said(report: Report) -> dict[str, Any]:
    """The report without the engine's name."""
    return report.to_dict() | {"engine": None}


@pytest.fixture(scope="module")
def embedded() -> dict[str, Any]:
    """What the embedded engine says of the examples."""
    return said(Checker(expectations.load(EXPECTED), today="2026-01-01").check_paths([DATA / "policies"]))


# ------------------------------------------------------------------------------------------------ the same report


def test_a_server_says_the_same_as_the_embedded_engine(server: Served, embedded: dict[str, Any]) -> None:
    report = checker(server.url).check_paths([DATA / "policies"])
    assert said(report) == embedded
    assert report.engine.name == "opa"
    assert report.engine.version == version_of_opa()
    assert report.engine.remark == ""


def version_of_opa() -> str:
    return engines.run_opa("version").stdout.splitlines()[0].removeprefix("Version: ")


def test_the_expectations_of_the_server_do_not_count(server: Served) -> None:
    ours = CliRunner().invoke(group, ["check", str(DATA / "policies"), "--format", "json"])
    theirs = check(server.url, data=False, more=("--format", "json"))
    assert theirs.exit_code == ours.exit_code == 3
    assert json.loads(theirs.stdout) | {"engine": None} == json.loads(ours.stdout) | {"engine": None}


def test_templates_too(server: Served) -> None:
    files = sorted((engines.ROOT / "tests" / "templates").iterdir())
    assert said(Checker(engine=server.url).check_paths(files)) == said(Checker().check_paths(files))


def test_rules_of_users_too(server: Served) -> None:
    rules = [DATA / "rules"]
    ours = Checker(expectations.load(EXPECTED), policies=rules, today="2026-01-01").check_paths([DATA / "policies"])
    theirs = Checker(expectations.load(EXPECTED), policies=rules, today="2026-01-01", engine=server.url)
    assert said(theirs.check_paths([DATA / "policies"])) == said(ours)
    assert {rule.id for rule in theirs.custom_rules} & {found.rule for key in ours.keys for found in key.findings}


def test_verbose_text_names_the_engine(server: Served) -> None:
    assert f"Engine: OPA {version_of_opa()}\n" in check(server.url, more=("--verbose",)).stdout


def test_one_lost_server_of_two_loses_no_verdict(server: Served, made: str, tmp_path: Path) -> None:
    """The server goes while the documents are being judged."""
    for number in range(40):
        shutil.copy(DATA / "policies" / "trail-wrong-region.json", tmp_path / f"trail-{number:02}.json")
    files = sorted(tmp_path.iterdir())
    with serve("--bundle", made) as other:

        def go(done: int, _: int) -> None:
            if done == 10:
                other.stop()

        report = checker(other.url, server.url).check_paths(files, jobs=None, progress=go)
    assert said(report) == said(Checker(expectations.load(EXPECTED), today="2026-01-01").check_paths(files))
    assert len(report.keys) == len(files)
    assert report.engine.remark.startswith(f"{other.url}: it cannot be reached: ")


def test_whoever_looks_is_told_of_a_lost_server(server: Served) -> None:
    nobody = f"http://127.0.0.1:{free_port()}"
    result = check(nobody, server.url)
    assert result.exit_code == 1
    assert result.stderr == (
        f"ctkms: a server was lost, and others answered in its place: {nobody}: it cannot be reached: "
        "Connection refused\n"
    )


# ------------------------------------------------------------------------------------------------ servers without use


def problem(*urls: str) -> str:
    """The one reason for which nothing could be judged."""
    result = check(*urls, more=("--format", "json"))
    assert result.exit_code == 4, result.output
    report = json.loads(result.stdout)
    assert report["keys"] == []
    assert len(report["errors"]) == 3
    (reason,) = {error["msg"] for error in report["errors"]}
    assert isinstance(reason, str)
    return reason


def test_nobody_listens(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ctkms_opa.opa_server._BACKOFF_SECONDS", 0.001)
    one, two = (f"http://127.0.0.1:{free_port()}" for _ in range(2))
    words = "it cannot be reached: Connection refused"
    assert set(problem(one, two).removeprefix("no OPA server answers: ").split("; ")) == {
        f"{one}: {words}",
        f"{two}: {words}",
    }


def test_a_server_without_the_rules(opa_command: str, tmp_path: Path) -> None:
    assert opa_command
    remedy = f"load the bundle that `ctkms bundle` writes, revision {REVISION}"
    other = bundle.build(pack.Pack(str(engines.POLICIES), pack.read_modules(engines.IAM, tests=False)))
    (tmp_path / "other.tar.gz").write_bytes(other.content)
    with serve() as empty, serve(str(engines.IAM)) as files, serve("--bundle", str(tmp_path / "other.tar.gz")) as third:
        for one in (empty, files):
            assert problem(one.url) == f"no OPA server answers: {one.url}: it has no bundle of the rules: {remedy}"
        reason = f"it has other rules, revision {other.revision}: {remedy}"
        assert problem(third.url) == f"no OPA server answers: {third.url}: {reason}"


def test_a_token(opa_command: str, made: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert opa_command
    (tmp_path / ".manifest").write_text('{"revision": "1", "roots": ["system/authz"]}')
    (tmp_path / "authz.rego").write_text(
        'package system.authz\n\ndefault allow := false\n\nallow if input.identity == "open-sesame"\n'
    )
    secured = ("--authentication", "token", "--authorization", "basic", "--bundle", made, str(tmp_path))
    with serve(*secured) as closed:
        words = f"it refuses us (401): {opa_client.TOKEN} must hold a token that it accepts"
        assert problem(closed.url) == f"no OPA server answers: {closed.url}: {words}"
        monkeypatch.setenv(opa_client.TOKEN, "wrong")
        assert problem(closed.url) == f"no OPA server answers: {closed.url}: {words}"
        monkeypatch.setenv(opa_client.TOKEN, "open-sesame")
        assert check(closed.url).exit_code == 1


def test_tls(
    opa_command: str, made: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, embedded: dict[str, Any]
) -> None:
    assert opa_command
    authority, stranger = trustme.CA(), trustme.CA()
    certificate = authority.issue_cert("127.0.0.1")
    names = {name: str(tmp_path / name) for name in ("ca.pem", "other-ca.pem", "cert.pem", "key.pem", "empty.pem")}
    authority.cert_pem.write_to_path(names["ca.pem"])
    stranger.cert_pem.write_to_path(names["other-ca.pem"])
    certificate.private_key_pem.write_to_path(names["key.pem"])
    certificate.cert_chain_pems[0].write_to_path(names["cert.pem"])
    Path(names["empty.pem"]).touch()
    tls = ("--tls-cert-file", names["cert.pem"], "--tls-private-key-file", names["key.pem"])
    with serve(*tls, "--bundle", made, scheme="https") as one:
        for untrusted in (None, names["other-ca.pem"]):
            if untrusted:
                monkeypatch.setenv(opa_client.CA_FILE, untrusted)
            assert problem(one.url).startswith(f"no OPA server answers: {one.url}: its certificate is not trusted (")
        monkeypatch.setenv(opa_client.CA_FILE, names["ca.pem"])
        assert said(checker(one.url).check_paths([DATA / "policies"])) == embedded
        reason = problem(one.url.replace("127.0.0.1", "localhost"))
        assert "Hostname mismatch" in reason
    for unusable in ("empty.pem", "missing.pem"):
        monkeypatch.setenv(opa_client.CA_FILE, str(tmp_path / unusable))
        refused = check("https://127.0.0.1:1")
        assert refused.exit_code == 2
        assert f"{opa_client.CA_FILE}: no certificates can be read from it" in refused.stderr


# ------------------------------------------------------------------------------------------------ odd servers

Reply = tuple[int, str, bytes]


def provenance(revision: str = REVISION) -> dict[str, Any]:
    return {"version": "1.2.3", "bundles": {"ctkms": {"revision": revision}}}


def reply(status: int = 200, **document: Any) -> Reply:
    return status, "application/json", json.dumps(document).encode()


@contextlib.contextmanager
def answering(answer: Callable[[int], Reply]) -> Iterator[str]:
    """A server of HTTP whose answers, numbered from 0, are given."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            asked.append(self.path)
            status, kind, body = answer(len(asked) - 1)
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Location", "http://elsewhere.example/")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Nothing."""

    with serving(ThreadingHTTPServer(("127.0.0.1", 0), Handler)) as url:
        yield url


EVALUATION = {
    "code": "internal_error",
    "message": "error(s) occurred while evaluating query",
    "errors": [{"code": "eval_conflict_error", "message": "two values", "location": {"file": "a.rego", "row": 7}}],
}


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ((200, "text/html", b"<html>"), "status 200 and text/html, not with a JSON object: is it an OPA server?"),
        ((200, "application/json", b"[" * 99999), "application/json, not with a JSON object: is it an OPA server?"),
        ((200, "application/json", b"[]"), "application/json, not with a JSON object: is it an OPA server?"),
        ((301, "text/html", b""), "it sends us on to http://elsewhere.example/: give that address"),
        ((404, "text/html", b"<html>"), "status 404 and text/html, not with a JSON object: is it an OPA server?"),
        (reply(404, message="no such path"), "it has no OPA REST API at this address (404): no such path"),
        (reply(400, message="bad input"), "an OPA server refused the question (400): bad input"),
        (reply(400), "an OPA server refused the question (400): it does not say why"),
        (
            reply(500, **EVALUATION),
            "an OPA server could not evaluate the rules: "
            "error(s) occurred while evaluating query: a.rego:7: two values",
        ),
        (reply(503, message="not ready"), "it fails with status 503: not ready"),
        ((502, "text/html", b"<html>"), "it fails with status 502"),
        (reply(), f"it has no bundle of the rules: load the bundle that `ctkms bundle` writes, revision {REVISION}"),
        (reply(provenance=1), "it has no bundle of the rules"),
        (reply(provenance={"bundles": {"a": 1, "b": {"revision": 2}}}), "it has no bundle of the rules"),
        (reply(provenance=provenance("x"), result=[]), "it has other rules, revision x: load the bundle"),
        (reply(provenance=provenance()), "data.ctkms.server.keys has no value on http://127.0.0.1"),
        (reply(provenance=provenance(), result={}), "keys is not of its shape: see the answer"),
        (reply(provenance=provenance(), result=[1]), "keys is not of its shape: see the answer[0]"),
        (reply(provenance=provenance(), result=[{}]), "keys is not of its shape: see the answer[0].arn"),
        (reply(provenance=provenance(), result="x" * 3000), "an OPA server's answer is longer than 2000 bytes"),
    ],
    ids=lambda value: value[:40] if isinstance(value, str) else "",
)
def test_an_odd_answer(answer: Reply, words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opa_client, "MAX_BYTES", 2000 if len(answer[2]) < 9999 else 10**6)
    monkeypatch.setattr("ctkms_opa.opa_server._BACKOFF_SECONDS", 0.001)
    with answering(lambda _: answer) as url:
        assert words in problem(url)


def test_a_server_that_recovers_is_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ctkms_opa.opa_server._BACKOFF_SECONDS", 0.001)
    good = reply(provenance=provenance(), result=[])
    with answering(lambda number: reply(503) if number < 2 else good) as url:
        report = Checker(engine=url).check_policy({"Statement": []})
    assert report.errors == ()
    assert report.engine.version == "1.2.3"


def test_a_version_that_is_none_is_not_shown() -> None:
    known = provenance() | {"version": "\x1b[31m"}
    with answering(lambda _: reply(provenance=known, result=[])) as url:
        assert Checker(engine=url).check_policy({"Statement": []}).engine.version == "unknown"


@contextlib.contextmanager
def dripping(*pieces: bytes) -> Iterator[str]:
    """A server that sends these bytes to each caller, and then nothing; without any, it is closed at once."""
    with socket.create_server(("127.0.0.1", 0)) as listening, contextlib.ExitStack() as calls:

        def answer() -> None:
            with contextlib.suppress(OSError):
                while True:
                    call = calls.enter_context(listening.accept()[0])
                    call.recv(10)
                    for piece in pieces:
                        call.sendall(piece)
                    if b"" in pieces:
                        call.shutdown(socket.SHUT_RDWR)

        thread = threading.Thread(target=answer)
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        listening.shutdown(socket.SHUT_RDWR)
        thread.join()


@pytest.mark.parametrize("pieces", [(), (b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{",)], ids=["silent", "slow"])
def test_an_answer_that_does_not_come(pieces: tuple[bytes, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(opa_client.TIMEOUT, "0.2")
    monkeypatch.setattr("ctkms_opa.opa_server._BACKOFF_SECONDS", 0.001)
    with dripping(*pieces) as url:
        words = f"it gave no answer within 0.2 seconds ({opa_client.TIMEOUT} sets another limit)"
        assert problem(url) == f"no OPA server answers: {url}: {words}"


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{", "it cannot be reached: its answer breaks off"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\n{", "it does not speak HTTP as a server does"),
        (b"SSH-2.0-OpenSSH_9.2\r\n", "it does not speak HTTP as a server does: BadStatusLine"),
    ],
)
def test_an_answer_that_breaks_off(sent: bytes, words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ctkms_opa.opa_server._BACKOFF_SECONDS", 0.001)
    with dripping(sent, b"") as url:
        assert words in problem(url)


def test_an_interrupt_ends_all_at_once(tmp_path: Path) -> None:
    """Without waiting for the servers; 60 seconds would be the limit of an answer."""
    for number in range(20):
        shutil.copy(DATA / "policies" / "trail.json", tmp_path / f"{number}.json")
    with socket.create_server(("127.0.0.1", 0)) as listening:
        url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        command = [sys.executable, "-m", "ctkms_opa", "check", str(tmp_path), "--engine", url]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        with listening.accept()[0]:
            process.send_signal(signal.SIGINT)
            output, _ = process.communicate(timeout=50)
    assert (process.returncode, output) == (130, b"")


# ------------------------------------------------------------------------------------------------ bad usage


@pytest.mark.parametrize(
    ("urls", "words"),
    [
        (["fast"], "there is no engine 'fast': choose compiled, interpreted, or the address of an OPA server, or of"),
        (["compiled", "http://a"], "there is no engine 'compiled and http://a': choose"),
        ([], "there is no engine ''"),
        (["ftp://a"], "ftp://a is no address of an OPA server: write it as https://HOST:PORT"),
        (["https://"], "https:// is no address of an OPA server: write it as https://HOST:PORT"),
        (["https://a:99999"], "https://a:99999 is no address of an OPA server: Port out of range 0-65535"),
        (["https://a:0"], "https://a:0 is no address of an OPA server: write it as"),
        (["https://me:it@a"], "it must not hold a password; a bearer token belongs into CTKMS_OPA_TOKEN"),
        (["https://a?b=c"], "it has a query, a fragment or characters that belong into no address"),
        (["https://a/ b"], "it has a query, a fragment or characters that belong into no address"),
    ],
)
def test_an_address_that_is_none(urls: list[str], words: str) -> None:
    with pytest.raises(UsageError) as error:
        Checker(engine=urls)
    assert words in str(error.value)


def test_further_processes_have_nothing_to_do() -> None:
    refused = check("http://127.0.0.1:1", more=("--jobs", "2"))
    words = "jobs: OPA servers share the work; further processes are for the engines of this one"
    assert (refused.exit_code, refused.stderr) == (2, f"ctkms: {words}\n")


def test_a_password_in_an_address_is_not_repeated() -> None:
    with pytest.raises(UsageError) as error:
        Checker(engine="https://me:hunter2@a")
    assert "hunter2" not in str(error.value)


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        (opa_client.TOKEN, "a\r\nX: b", "CTKMS_OPA_TOKEN: a token has no spaces, line ends or letters beyond ASCII"),
        (opa_client.TIMEOUT, "soon", "CTKMS_OPA_TIMEOUT: 'soon' is no number of seconds"),
        (opa_client.TIMEOUT, "nan", "CTKMS_OPA_TIMEOUT: 'nan' is no number of seconds"),
        (opa_client.TIMEOUT, "0", "CTKMS_OPA_TIMEOUT: '0' is no number of seconds"),
    ],
)
def test_the_environment_is_checked(name: str, value: str, words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, value)
    result = check("http://127.0.0.1:1")
    assert (result.exit_code, result.stderr) == (2, f"ctkms: {words}\n")


@pytest.mark.parametrize(
    ("url", "refused"),
    [
        ("http://opa.example.com", True),
        ("https://opa.example.com", False),
        ("http://localhost:8181", False),
        ("http://127.0.0.1:8181", False),
        ("http://[::1]:8181", False),
    ],
)
def test_a_token_travels_encrypted_or_not_at_all(url: str, refused: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(opa_client.TOKEN, "secret")
    if not refused:
        Checker(engine=url)
        return
    with pytest.raises(UsageError, match="CTKMS_OPA_TOKEN is set, and would travel unencrypted: use https"):
        Checker(engine=url)


def test_a_check_without_servers_does_not_load_what_they_need() -> None:
    code = (
        "import sys; from ctkms_opa.cli import group; "
        "group(['check', sys.argv[1]], standalone_mode=False); "
        "print(sorted({'http.client', 'ssl', 'concurrent.futures', 'ctkms_opa.opa_server'} & set(sys.modules)))"
    )
    policy = str(DATA / "policies" / "trail.json")
    done = subprocess.run(
        [sys.executable, "-c", code, policy], capture_output=True, text=True, check=True, env=os.environ
    )
    assert done.stdout.splitlines()[-1] == "[]"
