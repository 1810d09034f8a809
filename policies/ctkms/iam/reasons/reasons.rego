# METADATA
# title: Reasons
# description: |
#   Says of every element of every statement whether it matches a request, and why, in words: which value was wanted
#   and which was sent.
# custom:
#   library: true
package ctkms.iam.reasons

import data.ctkms.iam.action
import data.ctkms.iam.condition
import data.ctkms.iam.context
import data.ctkms.iam.kleene
import data.ctkms.iam.principal
import data.ctkms.iam.request as requests
import data.ctkms.iam.resource

# METADATA
# description: |
#   The statements of a prepared policy as [{"index", "sid", "effect", "match", "elements": [{"element", "path",
#   "match", "wanted", "sent", "why"}]}].
statements(prepared, request) := [reason |
	some statement in prepared.statements
	malformed := _malformed(statement)
	elements := _elements(statement, _seen_by(statement, request), malformed)
	reason := {
		"index": statement.index,
		"sid": statement.sid,
		"effect": statement.effect,
		"match": min(array.concat([max([statement.allow, statement.deny])], [element.match | some element in elements])),
		"elements": elements,
	}
]

_seen_by(statement, request) := requests.for_deny(request) if {
	statement.deny > 0
} else := request

# In an Allow what is malformed matches nothing, in a Deny nobody can tell.
_malformed(statement) := 1 if {
	statement.deny > 0
} else := 0

_elements(statement, request, malformed) := array.concat(
	[
		_principal(statement, request, malformed),
		_action(statement, request, malformed),
		_resource(statement, request, malformed),
	],
	[reason |
		some one in statement.conditions
		truth := condition.match_one(one, request, malformed)
		reason := _condition(one, truth, context.lookup(request.context, one.name))
	],
)

_principal(statement, request, malformed) := {
	"element": name,
	"path": [name],
	"match": max(truths),
	"wanted": object.get(statement.written, name, null),
	"sent": request.principal,
	"why": _why_principal(statement.principal, truths, _words(request.principal)),
} if {
	name := _name(statement.principal.name, "Principal")
	truths := principal.match(statement.principal, request.caller, malformed)
}

_action(statement, request, malformed) := {
	"element": name,
	"path": [name],
	"match": truth,
	"wanted": object.get(statement.written, name, null),
	"sent": request.written_action,
	"why": _why_covered(statement.action.state, name, truth, _words(request.written_action)),
} if {
	name := _name(statement.action.name, "Action")
	truth := action.match(statement.action, request, malformed)
}

_resource(statement, request, malformed) := {
	"element": name,
	"path": [name],
	"match": truth,
	"wanted": object.get(statement.written, name, null),
	"sent": request.resource,
	"why": _why_covered(statement.resource.state, name, truth, _words(request.resource)),
} if {
	name := _name(statement.resource.name, "Resource")
	truth := resource.match(statement.resource, request, malformed)
}

_name(name, missing) := missing if {
	name == ""
} else := name

_why_principal(prepared, truths, caller) := "Principal is missing, malformed, or there twice" if {
	prepared.form == "malformed"
} else := sprintf("%v is empty and covers nobody", [prepared.name]) if {
	prepared.form == "none"
} else := sprintf("the value of %v is not known yet", [prepared.name]) if {
	prepared.form == "unknown"
} else := _why_others(truths[0], caller) if {
	prepared.form == "others"
} else := sprintf("everyone is covered, %v too", [caller]) if {
	prepared.form == "everyone"
} else := sprintf("%v is listed", [caller]) if {
	truths[0] == 2
} else := sprintf("the account of %v is listed, so that its IAM policies decide", [caller]) if {
	truths[1] == 2
} else := sprintf("nobody can tell yet whether %v is listed", [caller]) if {
	max(truths) == 1
} else := sprintf("%v is not listed", [caller])

_why_others(truth, caller) := [
	sprintf("%v is exempt", [caller]),
	sprintf("of %v, not all are surely exempt: its account, its role and itself", [caller]),
	sprintf("%v is not exempt", [caller]),
][truth]

_why_covered(state, name, truth, sent) := sprintf("%v is malformed, or there together with its opposite", [name]) if {
	state == "malformed"
} else := sprintf("without a value of %v the statement has no effect", [name]) if {
	state == "none"
} else := sprintf("the value of %v is not known yet", [name]) if {
	state == "unknown"
} else := [
	sprintf("%v does not cover %v", [name, sent]),
	sprintf("nobody can tell whether %v covers %v", [name, sent]),
	sprintf("%v covers %v", [name, sent]),
][truth]

_condition(one, truth, entry) := {
	"element": concat(" ", path),
	"path": path,
	"match": truth,
	"wanted": one.wanted,
	"sent": _sent(entry),
	"why": _why(one, truth, entry),
} if {
	path := array.concat(["Condition"], [part | some part in [one.operator, one.key]; part != ""])
}

_sent(entry) := {"ctkms:unknown": "nobody documents whether the request carries the key"} if {
	entry.presence == 1
} else := null if {
	entry.presence == 0
} else := _known(entry.values[0]) if {
	count(entry.values) == 1
} else := [_known(value) | some value in entry.values]

_known(value) := {"ctkms:unknown": "the value that the request carries is not known"} if {
	is_object(value)
} else := value

_why(one, truth, entry) := "the condition is malformed" if {
	one.state == "malformed"
} else := "the value of the condition is not known yet" if {
	one.state == "unknown"
} else := sprintf("nobody documents what AWS does with the operator %v", [one.operator]) if {
	one.state == "undocumented"
} else := concat("", [_wish(one), _against(one, entry), _verdict(truth, entry)])

_wish(one) := sprintf("%v %v wants the key to be absent", [one.operator, one.key]) if {
	one.parsed.type == "null"
	one.values.exact == ["true"]
} else := sprintf("%v %v wants the key to be there", [one.operator, one.key]) if {
	one.parsed.type == "null"
	one.values.exact == ["false"]
} else := sprintf("%v %v wants %v", [one.operator, one.key, _words(one.wanted)])

_against(one, entry) := sprintf(", the request carries no %v", [one.key]) if {
	entry.presence == 0
} else := sprintf(", nobody documents whether the request carries %v", [one.key]) if {
	entry.presence == 1
} else := sprintf(", the request has %v", [_words(_sent(entry))])

_verdict(truth, entry) := ": nobody can tell whether that matches" if {
	truth == 1
	entry.presence == 2
} else := ""

# A value in words: strings as they are, of a list its values (of a long one the first), a value that nobody knows as
# such.
_words(value) := "nothing" if {
	value == []
} else := sprintf("%v or %v others", [_enumerated(array.slice(value, 0, 8)), count(value) - 8]) if {
	is_array(value)
	count(value) > 12
} else := _enumerated(value) if {
	is_array(value)
} else := _word(value)

_enumerated(list) := concat(" or ", [_word(item) | some item in list])

_word(value) := value if {
	is_string(value)
} else := "a value not known yet" if {
	kleene.is_unknown(value)
} else := json.marshal(value)
