"""One way in which a template may be deployed: the template with everything resolved."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ctkms_opa.errors import ParseError
from ctkms_opa.expectation_schema import UNKNOWN, is_unknown
from ctkms_opa.json_text import parse_json
from ctkms_opa.positions import Duplicate, Parsed
from ctkms_opa.quoted import inside_string

from .assumption import ACCOUNT, REGION
from .origin import Origin
from .resolver import ABSENT, Resolver
from .template import (
    ALIAS,
    BUCKET,
    KEY,
    NAMES_OF_OTHERS,
    OWN_NAME,
    PROPERTIES,
    REPLICA_KEY,
    STACK_SET,
    STORE,
    TEMPLATE_BODY,
    TOPIC,
    TRAIL,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from ctkms_opa.positions import Node, Path, Position

    from .assumption import Assumption
    from .stack import Deployments

ATTRIBUTES = "ctkms:attributes"
"""The member of a resolved resource that holds what Ref and Fn::GetAtt return for it."""

STACK = "ctkms:stack"
"""The member of a resolved template that holds the account and the Region."""

_TOLD = {
    KEY: {"Ref": "Ref", "Arn": "Arn"},
    REPLICA_KEY: {"Ref": "Ref", "Arn": "Arn"},
    ALIAS: {"Ref": "Ref"},
    TRAIL: {"Ref": "Ref", "Arn": "Arn"},
    STORE: {"Arn": "EventDataStoreArn"},
    BUCKET: {"Ref": "Ref"},
    TOPIC: {"Ref": "Ref", "TopicName": "TopicName"},
}


class Resolved(Parsed):
    """A resolved template as a text that was read: its values stand where the template has what they come from."""

    def __init__(self, template: Parsed, value: object, origin: Origin) -> None:
        """Takes the template's text, what became of the template, and where that comes from."""
        super().__init__(template.text, value, template.root, format=template.format, where=template.where)
        self._template = template
        self._origin = origin
        self.duplicates = [*self._outer_duplicates(), *self._inner_duplicates()]

    def position(self, path: Sequence[str | int]) -> Position:
        """Returns where the template has what a value comes from."""
        origin, rest = self._origin.find(path)
        return origin.inner.position(rest) if origin.inner is not None else self._template.position(self._source(path))

    def nodes(self, path: Sequence[str | int]) -> list[Node]:
        """Returns the nodes of the template along the path of what a value comes from."""
        return self._template.nodes(self._source(path))

    def pointer(self, path: Sequence[str | int]) -> str:
        """Returns the JSON pointer, in the template, of what a value comes from."""
        return self._template.pointer(self._source(path))

    def _source(self, path: Sequence[str | int]) -> list[str | int]:
        """The path in the template; a policy that is a text there has no paths inside."""
        origin, rest = self._origin.find(path)
        return [*origin.path, *(rest if origin.inner is None else [])]

    def _outer_duplicates(self) -> Iterator[Duplicate]:
        found = self._template.duplicates
        for path, origin in self._origin.walk() if found else ():
            for one in found:
                if one.path == origin.path:
                    yield Duplicate(path, one.name, one.position)

    def _inner_duplicates(self) -> Iterator[Duplicate]:
        for path, origin in self._origin.walk():
            for one in origin.inner.duplicates if origin.inner is not None else ():
                yield Duplicate((*path, *one.path), one.name, one.position)


class Variant:
    """A template as one deployment sees it.

    Attributes:
        assumption: What is assumed of the deployment.
        parsed: What the template says about keys, resolved.
        impossible: Why CloudFormation would refuse the deployment; empty where it would not.
        account: The account.
        region: The Region.
    """

    def __init__(self, parsed: Parsed, deployments: Deployments, assumption: Assumption) -> None:
        """Resolves a template.

        Args:
            parsed: The template's text.
            deployments: What is known of all deployments.
            assumption: What is assumed of this one.

        Raises:
            Choice: A value is needed of which nothing is assumed yet.
        """
        self.assumption = assumption
        self._template = parsed
        self._deployments = deployments
        self._resolver = Resolver(deployments, assumption)
        self._origin = Origin(())
        self._names: dict[tuple[str, str], str] = {}
        self.account = self._resolver.stack.account
        self.region = self._resolver.stack.region
        document = {
            "AWSTemplateFormatVersion": "2010-09-09",
            STACK: {"account": self.account, "region": self.region},
            "Resources": self._resources(),
        }
        self.parsed = Resolved(parsed, document, self._origin)
        self.impossible = list(self._resolver.impossible)

    def policy(self, name: str, written: object) -> object:
        """Resolves another policy of a key, as this deployment would.

        Args:
            name: The key's logical id.
            written: The policy as a template has it.

        Raises:
            Choice: A value is needed of which nothing is assumed.
        """
        value, _ = self._resolver.resolve(written, ("Resources", name, "Properties", "KeyPolicy"))
        if not isinstance(value, str):
            return value
        try:
            return parse_json(value).value
        except ParseError:
            return value

    def names(self) -> dict[tuple[str, str], str]:
        """Returns what differs between variants in what is said of them: by what it is, its text in this one.

        Names and ARNs of resources come first, the longest before the others, the account and the Region last.
        """
        names = sorted(self._names.items(), key=lambda item: -len(item[1]))
        return {**dict(names), ("", ACCOUNT): self.account, ("", REGION): self.region}

    def _resources(self) -> dict[str, object]:
        template = self._deployments.template
        inside: dict[str | int, Origin] = {}
        resources: dict[str, object] = {}
        for name in template.relevant():
            if self._resolver.exists(name):
                resources[name], inside[name] = self._resource(name)
        for name in template.nested():
            if self._resolver.exists(name):
                body = template.properties(name)[TEMPLATE_BODY]
                resources[name] = {"Type": STACK_SET, "Properties": {TEMPLATE_BODY: body}}
                inside[name] = Origin(("Resources", name))
        for name in template.loops():
            resources[name] = {UNKNOWN: f"{name} is expanded on deployment"}
            inside[name] = Origin(("Resources", name))
        self._origin.inside["Resources"] = Origin(("Resources",), inside)
        return resources

    def _resource(self, name: str) -> tuple[dict[str, object], Origin]:
        template = self._deployments.template
        kind = str(template.resources[name]["Type"])
        path: Path = ("Resources", name)
        properties: dict[str, object] = {}
        inside: dict[str | int, Origin] = {}
        for member, raw in template.properties(name).items():
            if member not in PROPERTIES[kind]:
                continue
            value, origin = self._resolver.resolve(raw, (*path, "Properties", member))
            if is_unknown(value) and member in NAMES_OF_OTHERS:
                value = self._named(raw) or value
            if value is not ABSENT:
                properties[member], inside[member] = self._policy(value, origin), origin
        resource: dict[str, object] = {
            "Type": kind,
            "Properties": properties,
            ATTRIBUTES: self._attributes(name, kind),
        }
        return resource, Origin(path, {"Properties": Origin((*path, "Properties"), inside)})

    def _named(self, raw: object) -> dict[str, str] | None:
        """A reference to the bucket or topic that a name means, whatever the name is: it refers to it, or is alike."""
        template = self._deployments.template
        return next(
            (
                {"Ref": name}
                for name in template.of_type(BUCKET, TOPIC)
                if raw in ({"Ref": name}, {"Fn::Sub": f"${{{name}}}"})
                or raw == template.properties(name).get(OWN_NAME[str(template.resources[name]["Type"])])
            ),
            None,
        )

    def _attributes(self, name: str, kind: str) -> dict[str, object]:
        told = {one: self._resolver.physical.attribute(name, attribute) for one, attribute in _TOLD[kind].items()}
        self._names |= {(name, one): value for one, value in told.items() if isinstance(value, str)}
        return {**told, **({"Label": told["Arn"]} if name in self._deployments.given.keys else {})}

    def _policy(self, value: object, origin: Origin) -> object:
        """The value; a text that is a JSON object as that object."""
        if not isinstance(value, str) or not value.lstrip().startswith("{"):
            return value
        try:
            inner = parse_json(value, None, self._where(value, origin))
        except ParseError:
            return value
        origin.inner = inner
        return inner.value

    def _where(self, text: str, origin: Origin) -> Callable[[int], Position]:
        """What turns offsets in a text of the document into positions in the template's text."""
        if origin.made_from is None:
            return inside_string(self._template, origin.path, text)
        path, pieces = origin.made_from
        source = self._template.value
        for step in path:
            source = source[step]  # type: ignore[index]
        inside = inside_string(self._template, path, str(source))

        def where(offset: int) -> Position:
            last = max((piece for piece in pieces if piece.start <= offset), key=lambda piece: piece.start)
            return inside(last.source + offset - last.start)

        return where
