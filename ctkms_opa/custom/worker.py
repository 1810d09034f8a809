"""The process that reads and evaluates users' own rules: it may hang, run out of memory or die, and nothing else does.

Every line of standard input is a JSON object that asks for something, every line of standard output is the answer:

- {"parse": [[path, text], …]}: {"value": the syntax trees}
- {"load": [[path, text], …], "data": {…}}: {"value": null}, the modules being the pack and the users' own
- {"rule": path, "question": the input}: {"value": the value of the rule}

An answer may also be {"error": in words}.
"""

from __future__ import annotations

import json
import sys
from typing import Any

from ctkms_opa import engine
from ctkms_opa.errors import CtkmsError
from ctkms_opa.pack import Module, Pack

MEMORY = 2 * 1024**3
"""So many bytes of memory the process may take."""


def main() -> None:
    """Answers until there is nothing more to read."""
    _limit_memory()
    interpreter: engine.InterpretedEngine | None = None
    for line in sys.stdin.buffer:
        asked = json.loads(line)
        answer: dict[str, Any]
        try:
            if "parse" in asked:
                answer = {"value": engine.syntax_trees(_modules(asked["parse"]))}
            elif "load" in asked:
                interpreter = engine.InterpretedEngine(Pack("", _modules(asked["load"])))
                interpreter.load(json.dumps(asked["data"]))
                answer = {"value": None}
            elif interpreter is not None:
                answer = {"value": interpreter.evaluate(asked["rule"], json.dumps(asked["question"]))}
            else:
                answer = {"error": "nothing was loaded"}
        except CtkmsError as error:
            answer = {"error": error.message}
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


def _modules(pairs: list[list[str]]) -> tuple[Module, ...]:
    return tuple(Module(path, path, text) for path, text in pairs)


def _limit_memory() -> None:
    try:
        import resource  # noqa: PLC0415 - there is none on Windows
    except ImportError:
        return
    _, most = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY if most == resource.RLIM_INFINITY else min(MEMORY, most), most))
    resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))
