"""What a Rego module defines and what it reads, from the syntax tree that regorus gives: enough to see recursion."""

from __future__ import annotations

import itertools
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Path = tuple[str, ...]

_HTTP_SEND = ("http", "send")


@dataclass(frozen=True)
class Definition:
    """One definition of a rule or function, of which there may be several."""

    path: Path
    """The rule's path below `data`."""
    file: str
    line: int
    is_set: bool
    """Whether it is part of a set: `name contains …`."""
    reads: tuple[Path, ...]
    """The paths below `data` that it reads; one with a part that only shows when it runs ends before that part."""
    replaces: tuple[Path, ...]
    """Those of them that it gives another value (`with data.… as …`)."""
    calls: tuple[tuple[Path, tuple[str | None, ...]], ...]
    """The functions below `data` that it calls, with the arguments that are constant texts (None for all others)."""
    asks_network: bool
    """Whether it calls `http.send`."""


@dataclass(frozen=True)
class Syntax:
    """One module."""

    file: str
    package: Path
    line: int
    """The line of the package."""
    definitions: tuple[Definition, ...]


def read(trees: Iterable[dict[str, Any]]) -> list[Syntax]:
    """The modules of syntax trees as regorus writes them; those of one package see each other's rules."""
    trees = list(trees)
    names: dict[Path, set[str]] = defaultdict(set)
    for tree in trees:
        names[_package(tree)].update(_head(rule)[0][0] for rule in tree["ast"]["rules"])
    return [_module(tree, names[_package(tree)]) for tree in trees]


def overlap(one: Path, other: Path) -> bool:
    """Whether reading one path may read the other: one of them begins with the other."""
    shorter = min(len(one), len(other))
    return one[:shorter] == other[:shorter]


def recursion(modules: Iterable[Syntax]) -> list[Definition]:
    """Definitions that need each other, in the order in which they do; none where there is no such circle."""
    definitions = [definition for module in modules for definition in module.definitions]

    def needs(definition: Definition) -> Iterator[Definition]:
        return (other for path in definition.reads for other in definitions if overlap(path, other.path))

    settled: set[int] = set()
    for start in definitions:
        # Without recursion of its own: chains of rules may be long.
        trail: list[tuple[Definition, Iterator[Definition]]] = [(start, needs(start))]
        while trail:
            following = next(trail[-1][1], None)
            if following is None:
                settled.add(id(trail.pop()[0]))
            elif circle := _circle([definition for definition, _ in trail], following):
                return circle
            elif id(following) not in settled:
                trail.append((following, needs(following)))
    return []


def _circle(trail: list[Definition], following: Definition) -> list[Definition]:
    paths = [definition.path for definition in trail]
    return trail[paths.index(following.path) :] if following.path in paths else []


def _module(tree: dict[str, Any], names: set[str]) -> Syntax:
    package = _package(tree)
    file = tree["source"]["file"]
    known = {name: (*package, name) for name in names} | _imports(tree) | {"data": ()}
    definitions = []
    for rule in tree["ast"]["rules"]:
        path, line, is_set = _head(rule)
        local = set(_locals(tree, rule))
        visible = {name: target for name, target in known.items() if name not in local}
        reads = tuple(dict.fromkeys(_reads(_without_head(rule), visible)))
        asks = "http" not in local and any(_reference(one)[1] == _HTTP_SEND for one in _nodes(rule) if "RefDot" in one)
        replaces = tuple(_replaced(rule, visible))
        calls = tuple(_calls(rule, visible))
        definitions.append(Definition((*package, *path), file, line, is_set, reads, replaces, calls, asks))
    return Syntax(file, package, tree["ast"]["package"]["span"]["line"], tuple(definitions))


def _package(tree: dict[str, Any]) -> Path:
    return _reference(tree["ast"]["package"]["refr"])[1]


def _imports(tree: dict[str, Any]) -> dict[str, Path]:
    found = {}
    for entry in tree["ast"].get("imports") or []:
        root, path = _split(_reference(entry["refr"])[1])
        alias = entry.get("as")
        if root == "data" and path:
            found[_text(tree, alias) if alias else path[-1]] = path
    return found


def _text(tree: dict[str, Any], span: dict[str, int]) -> str:
    """The text of a span, which counts bytes."""
    text: str = tree["source"]["contents"].encode()[span["start"] : span["end"]].decode()
    return text


def _head(rule: dict[str, Any]) -> tuple[Path, int, bool]:
    """The name that a rule defines (with what follows it, `a.b.c := 1`), its line, and whether it is a set."""
    if "Default" in rule:
        default = rule["Default"]
        return _reference(default["refr"])[1], default["span"]["line"], False
    spec = rule["Spec"]
    ((kind, head),) = spec["head"].items()
    return _reference(head["refr"])[1], spec["span"]["line"], kind == "Set"


def _without_head(rule: dict[str, Any]) -> Any:
    """The rule without the name that it defines, which is no reading."""
    if "Default" in rule:
        return rule["Default"]["value"]
    spec = rule["Spec"]
    (head,) = spec["head"].values()
    return [{name: part for name, part in head.items() if name != "refr"}, head["refr"].get("RefBrack"), spec["bodies"]]


def _locals(tree: dict[str, Any], rule: Any) -> Iterator[str]:
    """The names that a rule binds itself: arguments, `some`, `every` and `:=`."""
    for part in _nodes(rule):
        if isinstance(part.get("args"), list):
            yield from _variables(part["args"])
        if "SomeIn" in part:
            yield from _variables([part["SomeIn"]["key"], part["SomeIn"]["value"]])
        if "AssignExpr" in part and part["AssignExpr"]["op"] == "ColEq":
            yield from _variables(part["AssignExpr"]["lhs"])
        if "SomeVars" in part:
            yield from (_text(tree, span) for span in part["SomeVars"]["vars"])
        if "Every" in part:
            yield from (_text(tree, part["Every"][name]) for name in ("key", "value") if part["Every"][name])


def _variables(node: Any) -> Iterator[str]:
    for part in _nodes(node):
        if "Var" in part:
            yield part["Var"]["value"]


def _reads(node: Any, visible: dict[str, Path]) -> Iterator[Path]:
    if isinstance(node, list):
        for part in node:
            yield from _reads(part, visible)
    elif isinstance(node, dict):
        if node.keys() & {"Var", "RefDot", "RefBrack"}:
            indices, path = _reference(node)
            name, rest = _split(path)
            if name in visible:
                yield (*visible[name], *rest)
            yield from _reads(indices, visible)
        else:
            yield from _reads(list(node.values()), visible)


def _replaced(rule: Any, visible: dict[str, Path]) -> Iterator[Path]:
    for part in _nodes(rule):
        for one in part.get("with_mods") or ():
            yield from itertools.islice(_reads(one["refr"], visible), 1)


def _calls(rule: Any, visible: dict[str, Path]) -> Iterator[tuple[Path, tuple[str | None, ...]]]:
    for part in _nodes(rule):
        if "Call" in part:
            arguments = tuple(_constant(argument) for argument in part["Call"]["params"])
            yield from ((path, arguments) for path in itertools.islice(_reads(part["Call"]["fcn"], visible), 1))


def _constant(node: dict[str, Any]) -> str | None:
    text = node.get("String") or node.get("RawString")
    return text["value"] if text else None


def _reference(node: dict[str, Any]) -> tuple[list[Any], Path]:
    """The indices of a reference that are no constants, or stand behind one, and its constant beginning."""
    steps: list[str | None] = []
    indices: list[Any] = []
    while "Var" not in node:
        if "RefDot" in node:
            steps.append(node["RefDot"]["field"][1])
            node = node["RefDot"]["refr"]
        elif "RefBrack" in node:
            index = node["RefBrack"]["index"]
            steps.append(_constant(index))
            indices.append(index)
            node = node["RefBrack"]["refr"]
        else:
            return [*indices, node], ()
    steps.append(node["Var"]["value"])
    path = []
    for step in reversed(steps):
        if step is None:
            break
        path.append(step)
    return indices, tuple(path)


def _split(path: Path) -> tuple[str, Path]:
    return (path[0], path[1:]) if path else ("", ())


def _nodes(node: Any) -> Iterator[dict[str, Any]]:
    waiting = [node]
    while waiting:
        part = waiting.pop()
        if isinstance(part, dict):
            yield part
            waiting += part.values()
        elif isinstance(part, list):
            waiting += part
