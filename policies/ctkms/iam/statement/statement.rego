# METADATA
# title: Statements
# description: "Prepares the statements of a policy once, and finds those that match a request."
# related_resources:
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_statement.html
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_effect.html
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_version.html
# custom:
#   library: true
package ctkms.iam.statement

import data.ctkms.iam.action
import data.ctkms.iam.condition
import data.ctkms.iam.kleene
import data.ctkms.iam.principal
import data.ctkms.iam.resource

# METADATA
# description: |
#   A policy as {"version", "unknown", "statements": [{"index", "sid", "effect", "allow": the most that it can count as
#   an Allow, "deny": as a Deny, "principal", "action", "resource", "conditions"}]}; identity says whether it is an
#   identity policy, whose statements have no Principal.
prepare(policy, identity) := {"version": null, "unknown": true, "statements": []} if {
	kleene.is_unknown(policy)
} else := {"version": null, "unknown": false, "statements": []} if {
	not is_object(policy)
} else := {
	"version": _text(object.get(policy, "Version", null)),
	"unknown": _is_unknown(written),
	"statements": [_prepared(index, one, variables, identity) | some index, one in _listed(written)],
} if {
	written := object.get(policy, "Statement", null)
	variables := _variables(object.get(policy, "Version", null))
}

# METADATA
# description: |
#   The statements that match a prepared request, or may, as [{"index", "direct", "account"}]: the truths of the match
#   through the caller itself and through its account. view is "allow" or "deny", malformed the truth of a malformed
#   element in it.
matching(prepared, request, view, malformed) := holding(
	reaching(prepared.statements, request, view, malformed),
	request,
	malformed,
)

# METADATA
# description: |
#   Of a list of prepared statements those that speak of the caller and the action of a prepared request, or may, as
#   [{"statement", "direct", "account"}]: their truths without Resource and Condition.
reaching(statements, request, view, malformed) := [found |
	some statement in statements
	statement[view] > 0
	who := principal.match(statement.principal, request.caller, malformed)
	who != [0, 0]
	does := action.match(statement.action, request, malformed)
	does > 0
	rest := min([statement[view], does])
	found := {"statement": statement, "direct": min([who[0], rest]), "account": min([who[1], rest])}
]

# METADATA
# description: "Of what reaching found, the statements whose Resource and Condition hold too, or may, as in matching."
holding(reached, request, malformed) := [found |
	some one in reached
	which := resource.match(one.statement.resource, request, malformed)
	which > 0
	holds := condition.match(one.statement.conditions, request, malformed)
	holds > 0
	rest := min([which, holds])
	found := {
		"index": one.statement.index,
		"direct": min([one.direct, rest]),
		"account": min([one.account, rest]),
	}
]

# METADATA
# description: |
#   Of a list of prepared statements the Allows whose Principal and Action certainly cover a prepared request, as
#   [{"index", "truths": of the other elements}].
meant(statements, request) := [found |
	some statement in statements
	statement.effect == "Allow"
	statement.principal.name == "Principal"
	max(principal.match(statement.principal, request.caller, 0)) == 2
	statement.action.name == "Action"
	action.match(statement.action, request, 0) == 2
	found := {"index": statement.index, "truths": array.concat(
		[resource.match(statement.resource, request, 0)],
		[condition.match_one(one, request, 0) | some one in statement.conditions],
	)}
]

_prepared(index, statement, variables, identity) := {
	"index": index,
	"written": _written(statement),
	"sid": _text(object.get(statement, "Sid", null)),
	"effect": effect.effect,
	"allow": effect.allow,
	"deny": effect.deny,
	"principal": principal.prepare(statement, identity),
	"action": action.prepare(statement),
	"resource": resource.prepare(statement, variables),
	"conditions": condition.prepare(statement, variables),
} if {
	is_object(statement)
	not kleene.is_unknown(statement)
	effect := _effect(object.get(statement, "Effect", null))
} else := {
	"index": index,
	"written": {},
	"sid": null,
	"effect": "",
	"allow": _doubt(statement),
	"deny": _doubt(statement),
	"principal": {"name": "Principal", "form": "unknown"},
	"action": {"name": "Action", "state": "unknown"},
	"resource": {"name": "Resource", "state": "unknown", "always": false},
	"conditions": [],
}

_effect(written) := {"effect": "Allow", "allow": 2, "deny": 0} if {
	written == "Allow"
} else := {"effect": "Deny", "allow": 0, "deny": 2} if {
	written == "Deny"
} else := {"effect": "", "allow": 0, "deny": 1} if {
	is_string(written)
	lower(written) == "deny"
} else := {"effect": "", "allow": _doubt(written), "deny": _doubt(written)}

# What explanations show.
_written(statement) := {name: statement[name] |
	some name in ["Principal", "NotPrincipal", "Action", "NotAction", "Resource", "NotResource", "Condition"]
	name in object.keys(statement)
}

_doubt(value) := 1 if {
	kleene.is_unknown(value)
} else := 0

_text(value) := value if {
	is_string(value)
} else := null

_is_unknown(value) if {
	kleene.is_unknown(value)
} else := false

_listed(written) := written if {
	is_array(written)
} else := [written] if {
	is_object(written)
	not kleene.is_unknown(written)
} else := []

_variables(version) := "yes" if {
	version == "2012-10-17"
} else := "unknown" if {
	kleene.is_unknown(version)
} else := "no"
