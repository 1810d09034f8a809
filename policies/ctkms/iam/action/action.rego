# METADATA
# title: Action and NotAction
# description: |
#   Actions are compared without regard to case. A wildcard in the service prefix is not documented: it counts as
#   cannot tell where the whole string would match. What is no service:Name matches nothing.
# related_resources:
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notaction.html
# custom:
#   library: true
package ctkms.iam.action

import data.ctkms.iam.element
import data.ctkms.iam.kleene
import data.ctkms.iam.pattern

# METADATA
# description: |
#   The action element of a statement as {"name": "Action" | "NotAction" | "", "state": "ok" | "none" | "malformed" |
#   "unknown", "any": bool, "exact": lower-cased actions, "patterns": compiled, "maybe": compiled ones that count 1 at
#   most, "unknown": bool, "certain": bool}.
prepare(statement) := object.union(found, _prepared([item | some item in found.items; is_string(item)], found)) if {
	found := element.find(statement, "Action", "NotAction")
}

# METADATA
# description: |
#   Whether a prepared action element covers a request's action; malformed is the truth of a malformed element.
match(prepared, request, malformed) := _covers(prepared, request) if {
	prepared.state == "ok"
	prepared.name == "Action"
} else := kleene.negation(_covers(prepared, request)) if {
	prepared.state == "ok"
} else := malformed if {
	prepared.state == "malformed"
} else := 1 if {
	prepared.state == "unknown"
} else := 0

_prepared(texts, found) := {
	"any": "*" in texts,
	"exact": {lowered: true | some lowered in named; not _wild(lowered)},
	"patterns": [one | some one in compiled; one.kind != "wide"],
	"maybe": maybe,
	"unknown": unknown,
	"certain": [maybe, unknown] == [[], false],
} if {
	named := [lower(text) | some text in texts; contains(text, ":")]
	wild := [lowered | some lowered in named; _wild(lowered)]
	compiled := [pattern.compile(pattern.glob(lowered)) | some lowered in wild; not _wild(split(lowered, ":")[0])]
	maybe := _maybe(wild, compiled)
	unknown := count(texts) < count(found.items)
}

# What counts as cannot tell at most: wildcards in the prefix, and what is too big to match.
_maybe(wild, compiled) := [] if {
	wild == []
} else := array.concat(
	[one | some one in compiled; one.kind == "wide"],
	[pattern.compile(pattern.glob(lowered)) | some lowered in wild; _wild(split(lowered, ":")[0])],
)

_wild(text) if contains(text, "*")

_wild(text) if contains(text, "?")

_covers(prepared, request) := 2 if {
	prepared.exact[request.action]
} else := 2 if {
	prepared.any
} else := 2 if {
	_reaches(prepared.patterns, request.action, 2)
} else := 0 if {
	prepared.certain
	request.action_kind == "ok"
} else := 1 if {
	prepared.unknown
} else := 1 if {
	request.action_kind == "unknown"
} else := 1 if {
	_reaches(prepared.maybe, request.action, 1)
} else := 0

_reaches(patterns, text, truth) if {
	some compiled in patterns
	pattern.match(compiled, text) >= truth
}
