"""What a CloudFormation template holds: its sections, and the resources that say something about keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Json = object

TAGS = {
    "!Ref": "Ref",
    "!Condition": "Condition",
    **{
        f"!{name}": f"Fn::{name}"
        for name in (
            "And",
            "Base64",
            "Cidr",
            "Equals",
            "FindInMap",
            "GetAZs",
            "GetAtt",
            "If",
            "ImportValue",
            "Join",
            "Length",
            "Not",
            "Or",
            "Select",
            "Split",
            "Sub",
            "ToJsonString",
            "Transform",
        )
    },
}
"""The short forms of intrinsic functions in YAML, each with the member that it stands for.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html
"""

KEY = "AWS::KMS::Key"
REPLICA_KEY = "AWS::KMS::ReplicaKey"
ALIAS = "AWS::KMS::Alias"
TRAIL = "AWS::CloudTrail::Trail"
STORE = "AWS::CloudTrail::EventDataStore"
BUCKET = "AWS::S3::Bucket"
TOPIC = "AWS::SNS::Topic"

PROPERTIES = {
    KEY: ("KeyPolicy", "KeySpec", "KeyUsage", "Enabled", "MultiRegion", "Origin", "BypassPolicyLockoutSafetyCheck"),
    REPLICA_KEY: ("KeyPolicy", "PrimaryKeyArn", "Enabled"),
    ALIAS: ("AliasName", "TargetKeyId"),
    TRAIL: (
        "TrailName",
        "KMSKeyId",
        "IsOrganizationTrail",
        "EnableLogFileValidation",
        "S3BucketName",
        "S3KeyPrefix",
        "SnsTopicName",
    ),
    STORE: ("KmsKeyId", "OrganizationEnabled"),
    BUCKET: ("BucketName", "BucketEncryption"),
    TOPIC: ("TopicName", "KmsMasterKeyId"),
}
"""The types of resources that say something about keys, each with the properties that do."""

OWN_NAME = {BUCKET: "BucketName", TOPIC: "TopicName"}
"""The property in which resources have their own name."""

NAMES_OF_OTHERS = ("S3BucketName", "SnsTopicName")
"""The properties in which trails name such resources."""

STACK_SET = "AWS::CloudFormation::StackSet"
TEMPLATE_BODY = "TemplateBody"

_KEYS_AND_USERS = (KEY, REPLICA_KEY, TRAIL, STORE)
_FOR_EACH = "Fn::ForEach::"


class Template:
    """The sections of a template; what has not the form that CloudFormation wants is left out.

    Attributes:
        parameters: The parameters by name.
        mappings: The mappings by name.
        conditions: The conditions by name.
        resources: The resources by logical id.
    """

    def __init__(self, document: Json) -> None:
        """Takes the template as data, whatever it is; see the class's attributes."""
        value: Mapping[str, Json] = document if isinstance(document, dict) else {}
        self.parameters = _entries(value.get("Parameters"))
        self.mappings = _entries(value.get("Mappings"))
        self.conditions: dict[str, Json] = _members(value.get("Conditions"))
        self.resources = _entries(value.get("Resources"))
        self._loops = [name for name in _members(value.get("Resources")) if name.startswith(_FOR_EACH)]
        self._value = value

    def of_type(self, *types: str) -> list[str]:
        """Returns the logical ids of the resources of these types, in the template's order."""
        return [name for name, resource in self.resources.items() if resource.get("Type") in types]

    def relevant(self) -> list[str]:
        """Returns the logical ids of the resources that say something about keys; none where nothing has or uses one.

        Of buckets and topics only those count that a trail may mean: it refers to them, or they have a name.
        """
        if not self.of_type(*_KEYS_AND_USERS):
            return []
        trails = [self.properties(name) for name in self.of_type(TRAIL)]
        named = {text for properties in trails for text in texts(properties)}
        words = {part for text in named for part in text.replace("}", "{").replace(".", "{").split("{")}
        candidates = [
            name
            for name in self.of_type(BUCKET, TOPIC)
            if trails and (name in words or {"BucketName", "TopicName"} & self.properties(name).keys())
        ]
        return [*self.of_type(KEY, REPLICA_KEY, ALIAS, TRAIL, STORE), *candidates]

    def loops(self) -> list[str]:
        """Returns the names of the loops (``Fn::ForEach``) that make resources which say something about keys."""
        resources = _members(self._value.get("Resources"))
        return [name for name in self._loops if set(texts(resources[name])) & PROPERTIES.keys()]

    def nested(self) -> list[str]:
        """Returns the logical ids of stack sets with a template in them that says something about keys."""
        return [
            name
            for name in self.of_type(STACK_SET)
            if any(kind in text for text in texts(self.properties(name).get(TEMPLATE_BODY)) for kind in _KEYS_AND_USERS)
        ]

    def macros(self) -> list[str]:
        """Returns the names of the macros, other than AWS's own, that change the template before it is deployed."""
        named = self._value.get("Transform")
        names = named if isinstance(named, list) else [named]
        return [name for name in names if isinstance(name, str) and not name.startswith("AWS::")]

    def properties(self, name: str) -> dict[str, Json]:
        """Returns the properties of a resource as they are written."""
        return _members(self.resources.get(name, {}).get("Properties"))


def problem(value: object) -> str | None:
    """Returns what is wrong with the resources of what says that it is a template; None where nothing is."""
    if not isinstance(value, dict) or "AWSTemplateFormatVersion" not in value:
        return None
    if not isinstance(value.get("Resources"), dict):
        return 'the "Resources" of a template are an object with a member for each resource, named by its logical id'
    return None


def is_template(value: object) -> bool:
    """Whether a document is a CloudFormation template: it has resources, and one of them has a type of AWS's."""
    if not isinstance(value, dict) or not isinstance(value.get("Resources"), dict):
        return False
    types = [resource.get("Type") for resource in value["Resources"].values() if isinstance(resource, dict)]
    return "AWSTemplateFormatVersion" in value or any(isinstance(one, str) and "::" in one for one in types)


def texts(value: Json) -> Iterator[str]:
    """Yields every text in a value, names of members included."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, member in value.items():
            yield name
            yield from texts(member)
    elif isinstance(value, list):
        for element in value:
            yield from texts(element)


def _entries(value: Json) -> dict[str, dict[str, Json]]:
    return {name: entry for name, entry in _members(value).items() if isinstance(entry, dict)}


def _members(value: Json) -> dict[str, Json]:
    return value if isinstance(value, dict) else {}
