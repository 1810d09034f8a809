"""Resolves the intrinsic functions of a template for one deployment, and keeps where every value comes from."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from ctkms_opa.expectation_schema import UNKNOWN, is_unknown

from . import functions
from .origin import Origin, Piece
from .physical import Physical
from .stack import Stack

if TYPE_CHECKING:
    from collections.abc import Callable

    from ctkms_opa.positions import Path

    from .assumption import Assumption
    from .stack import Deployments
    from .template import Json

MAX_LEVELS = 120
"""Values inside of values, and references to values with references, are followed so far."""

Resolved = tuple[object, Origin]

ABSENT = object()
"""AWS::NoValue: the member or element that has this value is not there."""

_REFERENCE = re.compile(r"\$\{(!?)([^}]*)\}")
_DYNAMIC = "{{resolve:"


class Resolver:
    """Resolves the values of a template for one deployment.

    Attributes:
        impossible: Why CloudFormation would refuse this deployment, in words; empty where it would not.
    """

    def __init__(self, deployments: Deployments, assumption: Assumption) -> None:
        """Takes what is known of all deployments, and what is assumed of this one."""
        self.impossible: dict[str, None] = {}
        self.stack = Stack(deployments, assumption)
        self._template = deployments.template
        self.physical = Physical(deployments, self.stack, self._property)
        self._conditions: dict[str, bool] = {}
        self._open: list[tuple[str, ...]] = []
        self._level = 0
        self._functions: dict[str, Callable[[Json, Path], Resolved]] = {
            "Ref": self._ref,
            "Fn::GetAtt": self._get_att,
            "Fn::Sub": self._sub,
            "Fn::If": self._if,
            "Fn::FindInMap": self._find_in_map,
            "Fn::Select": self._select,
            "Fn::Join": self._simple(functions.join, 2),
            "Fn::Split": self._simple(functions.split, 2),
            "Fn::Cidr": self._simple(functions.cidr, 3),
            "Fn::Base64": self._simple(functions.base64),
            "Fn::Length": self._simple(functions.length),
            "Fn::ToJsonString": self._to_json,
        }

    def resolve(self, raw: Json, path: Path) -> Resolved:
        """Returns a value with all functions in it resolved: what is not known is the sentinel.

        Args:
            raw: The value as it is written.
            path: Where it stands in the template.

        Raises:
            Choice: A value is needed of which nothing is assumed yet.
        """
        if self._level == MAX_LEVELS:
            return _unknown("it is nested too deeply", path)
        self._level += 1
        try:
            if isinstance(raw, dict):
                return self._object(raw, path)
            if isinstance(raw, list):
                return self._list(raw, path)
            return _static(raw), Origin(path)
        finally:
            self._level -= 1

    def exists(self, name: str) -> bool:
        """Whether a resource is made: it has no condition, or the condition holds."""
        condition = self._template.resources[name].get("Condition")
        return condition is None or self._holds(condition)

    def _object(self, raw: dict[str, Any], path: Path) -> Resolved:
        names = [name for name in raw if name == "Ref" or name.startswith("Fn::")]
        if names and len(raw) == 1:
            return self._function(names[0], raw[names[0]], path)
        if any(name.startswith("Fn::") for name in names):
            return _unknown(f"{names[0]} changes what stands beside it", path)
        value: dict[str, object] = {}
        inside: dict[str | int, Origin] = {}
        for name, member in raw.items():
            found, origin = self.resolve(member, (*path, name))
            if found is not ABSENT:
                value[name], inside[name] = found, origin
        return value, Origin(path, inside)

    def _list(self, raw: list[Any], path: Path) -> Resolved:
        value: list[object] = []
        inside: dict[str | int, Origin] = {}
        for index, element in enumerate(raw):
            found, origin = self.resolve(element, (*path, index))
            if found is not ABSENT:
                inside[len(value)] = origin
                value.append(found)
        return value, Origin(path, inside)

    def _function(self, name: str, argument: Json, path: Path) -> Resolved:
        if name in self._functions:
            value, origin = self._functions[name](argument, (*path, name))
            return _static(value), origin
        return _unknown(f"{name} is evaluated on deployment", path)

    # References.

    def _ref(self, argument: Json, path: Path) -> Resolved:
        if not isinstance(argument, str):
            return self._broken("Ref takes a name", path)
        if argument == "AWS::NoValue":
            return ABSENT, Origin(path[:-1])
        return self._value_of(argument, "Ref"), Origin(path[:-1])

    def _get_att(self, argument: Json, path: Path) -> Resolved:
        parts = argument.split(".", 1) if isinstance(argument, str) else argument
        if not isinstance(parts, list) or len(parts) != 2 or not isinstance(parts[0], str):
            return self._broken("Fn::GetAtt takes a resource and an attribute", path)
        attribute, _ = self.resolve(parts[1], (*path, 1))
        if is_unknown(attribute):
            return attribute, Origin(path[:-1])
        return self._value_of(parts[0], str(attribute)), Origin(path[:-1])

    def _value_of(self, name: str, attribute: str) -> object:
        """The value of a pseudo parameter, a parameter or a resource's attribute."""
        if attribute == "Ref":
            pseudo = self.stack.pseudo_parameter(name)
            if pseudo is not None:
                return pseudo
            if name in self._template.parameters:
                return self.stack.parameter(name, lambda raw: self.resolve(raw, ())[0])
        if name not in self._template.resources:
            return self._refuse(f"there is no {name} in the template")
        if not self.exists(name):
            return self._refuse(f"{name} is not made here: its condition does not hold")
        return self._guarded(
            ("attribute", name, attribute), lambda: self.physical.attribute(name, attribute), f"{name} refers to itself"
        )

    def _property(self, name: str, member: str) -> object:
        """A resolved property of a resource, None where it has none."""
        properties = self._template.properties(name)
        if member not in properties:
            return None
        value, _ = self.resolve(properties[member], ("Resources", name, "Properties", member))
        return None if value is ABSENT else value

    # Functions.

    def _sub(self, argument: Json, path: Path) -> Resolved:
        source, variables = argument, {}
        at = path
        if isinstance(argument, list) and len(argument) == 2 and isinstance(argument[1], dict):
            source, variables = argument
            at = (*path, 0)
        if not isinstance(source, str):
            return self._broken("Fn::Sub takes a text, or a list of a text and a map", path)
        text = ""
        pieces = [Piece(0, 0)]
        end = 0
        for found in _REFERENCE.finditer(source):
            text += source[end : found.start()]
            end = found.end()
            name = found[2].strip()
            if found[1]:
                replacement: object = f"${{{found[2]}}}"
            elif name in variables:
                replacement, _ = self.resolve(variables[name], (*path, 1, name))
            else:
                replacement = self._value_of(*name.split(".", 1)) if "." in name else self._value_of(name, "Ref")
            if is_unknown(replacement):
                return replacement, Origin(path[:-1])
            written = functions.as_text(replacement)
            if written is None:
                return self._broken(f"Fn::Sub takes no list for ${{{name}}}", path)
            pieces.append(Piece(len(text), found.start()))
            text += written
            pieces.append(Piece(len(text), end))
        text += source[end:]
        origin = Origin(path[:-1])
        origin.made_from = (at, pieces)
        return text, origin

    def _if(self, argument: Json, path: Path) -> Resolved:
        if not isinstance(argument, list) or len(argument) != 3:
            return self._broken("Fn::If takes a condition and two values", path)
        branch = 1 if self._holds(argument[0]) else 2
        return self.resolve(argument[branch], (*path, branch))

    def _find_in_map(self, argument: Json, path: Path) -> Resolved:
        if not isinstance(argument, list) or len(argument) not in {3, 4}:
            return self._broken("Fn::FindInMap takes a mapping and two keys", path)
        keys, _ = self.resolve(argument[:3], path)
        unknown = _first_unknown(keys)
        if unknown is not None:
            return unknown, Origin(path[:-1])
        names = [functions.as_text(key) for key in keys] if isinstance(keys, list) else []
        value: Any = self._template.mappings
        for name in names:
            value = value.get(name, ABSENT) if isinstance(value, dict) else ABSENT
        if value is ABSENT and len(argument) == 4 and isinstance(argument[3], dict) and "DefaultValue" in argument[3]:
            return self.resolve(argument[3]["DefaultValue"], (*path, 3, "DefaultValue"))
        if value is ABSENT:
            value = self._refuse(f"the mappings hold nothing for {' '.join(map(str, names))}")
        return value, Origin(path[:-1])

    def _select(self, argument: Json, path: Path) -> Resolved:
        if not isinstance(argument, list) or len(argument) != 2:
            return self._broken("Fn::Select takes an index and a list", path)
        position, _ = self.resolve(argument[0], (*path, 0))
        values, origin = self.resolve(argument[1], (*path, 1))
        if is_unknown(position) or is_unknown(values):
            return (position if is_unknown(position) else values), Origin(path[:-1])
        index = functions.index_of(position, values)
        if index is None or not isinstance(values, list):
            return self._broken("Fn::Select finds no such element", path)
        return values[index], origin.inside.get(index, Origin(path[:-1]))

    def _to_json(self, argument: Json, path: Path) -> Resolved:
        value, _ = self.resolve(argument, path)
        unknown = _first_unknown(value)
        return json.dumps(value) if unknown is None else unknown, Origin(path[:-1])

    def _simple(self, make: Callable[..., object], count: int = 0) -> Callable[[Json, Path], Resolved]:
        """A function that takes a list of `count` values (0: one value, no list) and needs nothing else."""

        def function(argument: Json, path: Path) -> Resolved:
            value, _ = self.resolve(argument, path)
            unknown = _first_unknown(value)
            if unknown is not None:
                return unknown, Origin(path[:-1])
            values = value if count else [value]
            fits = isinstance(values, list) and len(values) == (count or 1)
            made = make(*values) if fits and isinstance(values, list) else None
            return (made, Origin(path[:-1])) if made is not None else self._broken(f"{path[-1]} cannot take this", path)

        return function

    # Conditions.

    def _holds(self, name: Json) -> bool:
        """Whether a condition of the template holds."""
        if not isinstance(name, str) or name not in self._template.conditions:
            self._refuse(f"there is no condition {name}")
            return False
        if name not in self._conditions:
            value = self._guarded(
                ("condition", name),
                lambda: self._evaluate(self._template.conditions[name], name),
                f"the condition {name} refers to itself",
            )
            self._conditions[name] = value is True
        return self._conditions[name]

    def _evaluate(self, raw: Json, name: str) -> bool:
        """The value of a condition's expression; `name` is the condition that it belongs to."""
        function, argument = next(iter(raw.items())) if isinstance(raw, dict) and len(raw) == 1 else ("", None)
        parts = argument if isinstance(argument, list) else []
        if function == "Condition":
            return self._holds(argument)
        if function == "Fn::Not" and len(parts) == 1:
            return not self._evaluate(parts[0], name)
        if function == "Fn::And" and parts:
            return all(self._evaluate(part, name) for part in parts)
        if function == "Fn::Or" and parts:
            return any(self._evaluate(part, name) for part in parts)
        if function == "Fn::Equals" and len(parts) == 2:
            known = self._equal(*parts)
            if known is not None:
                return known
        return self.stack.holds(json.dumps(raw, sort_keys=True), name)

    def _equal(self, one: Json, other: Json) -> bool | None:
        """Whether two values are equal, None where that is not known."""
        values = [self.resolve(side, ())[0] for side in (one, other)]
        for raw, value in ((one, values[1]), (other, values[0])):
            text = functions.as_text(value)
            if isinstance(raw, dict) and text is not None and self.stack.differs(str(raw.get("Ref")), text):
                return False
        if any(_first_unknown(value) is not None for value in values):
            return None
        return _comparable(values[0]) == _comparable(values[1])

    # What cannot be.

    def _guarded(self, key: tuple[str, ...], make: Callable[[], object], circle: str) -> object:
        """Makes a value that must not need itself."""
        if key in self._open or self._level == MAX_LEVELS:
            return self._refuse(circle)
        self._open.append(key)
        self._level += 1
        try:
            return make()
        finally:
            self._level -= 1
            self._open.pop()

    def _broken(self, why: str, path: Path) -> Resolved:
        """What CloudFormation refuses."""
        return self._refuse(why), Origin(path[:-1])

    def _refuse(self, why: str) -> dict[str, str]:
        self.impossible[why] = None
        return {UNKNOWN: why}


def _static(value: object) -> object:
    """The value, unless it is a text that CloudFormation looks up elsewhere."""
    if isinstance(value, str) and _DYNAMIC in value:
        return {UNKNOWN: f"{value[value.index(_DYNAMIC) :].partition('}}')[0]}}}}} is looked up on deployment"}
    return value


def _unknown(why: str, path: Path) -> Resolved:
    return {UNKNOWN: why}, Origin(path)


def _first_unknown(value: object) -> object:
    """The first sentinel in a value, None where there is none."""
    if is_unknown(value):
        return value
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return next((found for found in map(_first_unknown, inside) if found is not None), None)


def _comparable(value: object) -> object:
    text = functions.as_text(value)
    return [_comparable(one) for one in value] if isinstance(value, list) else text
