# METADATA
# title: Why requests are not allowed
# description: |
#   For each capability that the key under evaluation does not give, the request, and of every statement the first
#   element that does not match it, in words, with a hint where little is missing. An entry point of its own: plain
#   checks do not pay for it.
# related_resources:
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
# custom:
#   library: true
package ctkms.explanation

import data.ctkms.evaluation
import data.ctkms.iam
import data.ctkms.iam.hint

# METADATA
# title: The requests that are not allowed, explained
# description: |
#   [{subject, principal, capability, decision, what, request, statements: [{index, sid, effect, match, element: the
#   first that does not match, or null, hint: or ""}]}], in the order of the report's capabilities.
# entrypoint: true
refused := [explained |
	some row in data.ctkms.report.capabilities
	row.decision != "allow"
	ones := [one |
		some one in evaluation.tried_for(row.capability, row.subject)
		one.probe.principal == row.principal
		one.decision.decision == row.decision
	]
	explained := {
		"subject": row.subject,
		"principal": row.principal,
		"capability": row.capability,
		"decision": row.decision,
		"what": ones[0].probe.what,
		"request": {member: ones[0].probe.request[member] | some member in ["principal", "action", "resource"]},
		"statements": _statements(ones[0].probe.request),
	}
]

_statements(request) := [said |
	some statement in iam.explain(data.ctkms.evaluation.prepared, request).statements
	element := _first(statement.elements)
	said := {
		"index": statement.index,
		"sid": statement.sid,
		"effect": statement.effect,
		"match": statement.match,
		"element": element,
		"hint": hint.about(element),
	}
]

_first(elements) := short[0] if {
	short := array.concat(
		[element | some element in elements; element.match == 0],
		[element | some element in elements; element.match == 1],
	)
	count(short) > 0
} else := null
