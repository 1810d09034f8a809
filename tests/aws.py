"""An AWS of our own on a real endpoint: moto's server, with what it lacks, and answers that go wrong when told to."""

from __future__ import annotations

import io
import json
import threading
from collections import Counter
from typing import TYPE_CHECKING, Any

from moto.backends import get_backend
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import make_server
from werkzeug.wrappers import Request, Response

if TYPE_CHECKING:
    from collections.abc import Iterable

ACCOUNT = "123456789012"


class Aws:
    """A server for one test.

    Attributes:
        stores: Event data stores, which moto does not know: by Region, what GetEventDataStore says.
        refused: Error codes by operation, as `DescribeTrails` or `GetBucketEncryption`.
        broken: Operations in which the service itself fails.
        throttled: How often an operation is throttled before it is answered.
        calls: How often each operation was asked for.
        answers: What operations are answered instead, where it is not None: JSON or text.
    """

    def __init__(self) -> None:
        self._moto = DomainDispatcherApplication(create_backend_app)
        self._server = make_server("127.0.0.1", 0, self._answer, threaded=True)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})
        self.stores: dict[str, list[dict[str, Any]]] = {}
        self.refused: dict[str, str] = {}
        self.broken: set[str] = set()
        self.throttled: Counter[str] = Counter()
        self.calls: Counter[str] = Counter()
        self.answers: dict[str, Any] | None = None

    def __enter__(self) -> Aws:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        for service in ("cloudtrail", "kms", "s3", "sns", "organizations"):
            get_backend(service).reset()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    @property
    def environment(self) -> dict[str, str]:
        return {
            "AWS_ENDPOINT_URL": self.url,
            "AWS_ACCESS_KEY_ID": "testing",
            "AWS_SECRET_ACCESS_KEY": "testing",
            "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_CONFIG_FILE": "/dev/null",
            "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
            "AWS_EC2_METADATA_DISABLED": "true",
        }

    def _answer(self, environ: Any, start_response: Any) -> Iterable[bytes]:
        said = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        environ["wsgi.input"] = io.BytesIO(said)
        request = Request(environ)
        request.get_data(cache=True, parse_form_data=False)
        operation = _operation(request)
        self.calls[operation] += 1
        if self.answers is not None:
            return _as_told(self.answers.get(operation), operation)(environ, start_response)
        failure = self._failure(request, operation)
        if failure is not None:
            return failure(environ, start_response)
        if operation == "ListEventDataStores":
            return _json(self._page(request))(environ, start_response)
        if operation == "GetEventDataStore":
            wanted = request.get_json(force=True)["EventDataStore"]
            return _json(next(one for one in self._stores(request) if one["EventDataStoreArn"] == wanted))(
                environ, start_response
            )
        environ["wsgi.input"] = io.BytesIO(said)
        answer: Iterable[bytes] = self._moto(environ, start_response)
        return answer

    def _failure(self, request: Request, operation: str) -> Response | None:
        if self.throttled[operation] > 0:
            self.throttled[operation] -= 1
            return _error("ThrottlingException", "Rate exceeded", 400)
        if operation in self.broken:
            return _error("InternalFailure", "out of order", 500)
        return _refusal(request, self.refused[operation]) if operation in self.refused else None

    def _page(self, request: Request) -> dict[str, Any]:
        """One event data store a page, so that whoever does not turn pages misses one."""
        stores = self._stores(request)
        start = int(request.get_json(force=True).get("NextToken", "page-0").removeprefix("page-"))
        listed = [
            {member: one[member] for member in ("EventDataStoreArn", "Name")} for one in stores[start : start + 1]
        ]
        following = {"NextToken": f"page-{start + 1}"} if start + 1 < len(stores) else {}
        return {"EventDataStores": listed, **following}

    def _stores(self, request: Request) -> list[dict[str, Any]]:
        region = request.headers["Authorization"].split("/")[2]
        return self.stores.get(region, [])


def _operation(request: Request) -> str:
    target = request.headers.get("X-Amz-Target", "")
    if target:
        return target.rsplit(".", 1)[-1]
    if request.content_type and "form" in request.content_type:
        body = request.get_data().decode()
        return dict(pair.split("=", 1) for pair in body.split("&") if "=" in pair).get("Action", "")
    for parameter, operation in (("encryption", "GetBucketEncryption"), ("location", "GetBucketLocation")):
        if request.method == "GET" and parameter in request.args:
            return operation
    return "ListBuckets" if request.method == "GET" and request.path == "/" else ""


def _refusal(request: Request, code: str) -> Response:
    if request.headers.get("X-Amz-Target"):
        return _error(code, "not for you", 400)
    body = f"<Error><Code>{code}</Code><Message>not for you</Message></Error>"
    if request.content_type and "form" in request.content_type:
        body = f"<ErrorResponse>{body}</ErrorResponse>"
    return Response(body, 503 if code == "SlowDown" else 403, content_type="text/xml")


def _as_told(said: Any, operation: str) -> Response:
    """A response with a body that may be anything; an operation that nobody speaks of is refused."""
    if said is None:
        return _error("AccessDeniedException", f"no {operation} for you", 400)
    text = said if isinstance(said, str) else json.dumps(said)
    kind = "text/xml" if text.lstrip().startswith("<") else "application/x-amz-json-1.1"
    return Response(text.encode("utf-8", "surrogatepass"), content_type=kind)


def _error(code: str, message: str, status: int) -> Response:
    return Response(json.dumps({"__type": code, "message": message}), status, content_type="application/x-amz-json-1.1")


def _json(value: object) -> Response:
    return Response(json.dumps(value), content_type="application/x-amz-json-1.1")
