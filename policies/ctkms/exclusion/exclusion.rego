# METADATA
# title: Trails that a condition shuts out
# description: |
#   What the rules about single conditions of CloudTrail's statements share: which expected trail is refused because
#   of which condition of the statement that came closest, how that condition compares, and how to let the trail in.
# custom:
#   library: true
package ctkms.exclusion

import data.ctkms.evaluation
import data.ctkms.expectations
import data.ctkms.iam.pattern
import data.ctkms.policy
import data.ctkms.remedy
import data.ctkms.verdict

# METADATA
# description: |
#   The refused requests of `capabilities` that fail for certain on one of the condition `keys` (lower-cased), as
#   {one, entry, element, condition}: once for each trail and condition, the first capability speaking.
found(capabilities, keys) := [_first(group) |
	blocking := [entry |
		some capability in capabilities
		some one in _refused(capability)
		some entry in _blocking(one, verdict.closest(one))
		entry.condition.key in keys
		not _hangs_on_owner(entry)
	]
	grouped := object.union_n([{[one.one.probe.subject, one.entry.index, one.element.path]: {position: one}} |
		some position, one in blocking
	])
	some group in grouped
]

_first(group) := [one | some one in group][0]

# METADATA
# description: "The condition key, lower-cased, of an explained element; empty where it is no condition."
key(element) := lower(element.path[2]) if {
	count(element.path) == 3
	element.path[0] == "Condition"
} else := ""

# METADATA
# description: "The strings that a condition lists."
texts(condition) := [value | some value in condition.values; is_string(value)]

# METADATA
# description: "True for an operator that asks for one of the listed values."
positive(operator) if {
	not contains(operator, "Not")
	not contains(operator, "Null")
}

# METADATA
# description: "True for an operator to which * and ? are plain characters."
literal(operator) if {
	contains(operator, "StringEquals")
	positive(operator)
}

# METADATA
# description: "The values whose wildcards would match `sent` if the operator heeded wildcards, which it does not."
taken_literally(condition, sent) := [value |
	literal(condition.operator)
	is_string(sent)
	_have_wildcards(condition.values)
	some value in texts(condition)
	pattern.like(value, sent)
]

# Asked of all values at once: of hundreds of trails and as many values none may have any.
_have_wildcards(values) if contains(json.marshal(values), "*")

_have_wildcards(values) if contains(json.marshal(values), "?")

# METADATA
# description: "What to do about a trail that conditions shut out; no change is offered that was not tried."
advice(one) := sprintf("In %v, %v (tried: the request is then allowed).", [
	policy.label(entry), concat(" and ", words),
]) if {
	near := verdict.closest(one)
	is_object(near)
	entry := near.statement
	fixes := _fixes(one, near)
	count(fixes) > 0
	_each_once(_parts(entry.statement, fixes))
	tried := _tried(entry.statement, fixes, {element.path | some element in near.failed})
	evaluation.decide_with([tried], {entry.index}, one.probe.request).decision == "allow"
	words := [fix.words | some fix in fixes]
} else := remedy.text(one.probe, one.decision)

# Once for each subject: a trail's files differ in nothing that these conditions speak of.
_refused(capability) := [ones[0] |
	some subject, by_id in evaluation.by_subject(capability)
	contains(subject, ":trail/")
	ones := [one | some one in by_id; one.decision.decision == "implicit_deny"]
	count(ones) > 0
]

_blocking(one, near) := [{"one": one, "entry": near.statement, "element": element, "condition": condition} |
	is_object(near)
	some element in near.failed
	element.match == 0
	some condition in policy.conditions(near.statement.statement)
	condition.path == element.path
]

# Whether the condition lets the trail in, were it of another owner than the one that is assumed.
_hangs_on_owner(entry) if {
	some request in evaluation.of_other_owners(entry.one.probe)
	evaluation.decide_condition(entry.condition, request).decision != "implicit_deny"
}

# The conditions that must say something else, and what: wildcards need an operator that heeds them; others a value.
_fixes(one, near) := [fix |
	some entry in _blocking(one, near)
	positive(entry.condition.operator)
	fix := _fix(one, entry.condition)
	fix.words != ""
]

_fix(one, condition) := {"path": condition.path, "operator": operator, "values": condition.values, "words": words} if {
	count(taken_literally(condition, _sent(one, condition.key))) > 0
	operator := replace(replace(condition.operator, "IgnoreCase", ""), "StringEquals", "StringLike")
	words := sprintf("compare %v with %v instead of %v", [condition.name, operator, condition.operator])
} else := {
	"path": condition.path,
	"operator": condition.operator,
	"values": [value],
	"words": sprintf("add %v to the values of %v (%v)", [json.marshal(value), condition.name, condition.operator]),
} if {
	value := _wanted(one, condition)
	value != ""
} else := {"words": ""}

_sent(one, name) := object.get(one.probe.request.context, _sent_as[name], "") if {
	name in object.keys(_sent_as)
} else := ""

_sent_as := {
	"aws:sourcearn": "aws:SourceArn",
	"aws:sourceaccount": "aws:SourceAccount",
	"kms:encryptioncontext:aws:cloudtrail:arn": "kms:EncryptionContext:aws:cloudtrail:arn",
}

# The value that lets the trail in: its ARN or owner, and in the encryption context, as AWS shows it, all trails of its
# owner.
_wanted(one, condition) := expectations.account(one.probe.subject) if {
	condition.key == "aws:sourceaccount"
} else := sprintf("arn:%v:cloudtrail:*:%v:trail/*", [
	split(one.probe.subject, ":")[1], expectations.account(one.probe.subject),
]) if {
	condition.key == "kms:encryptioncontext:aws:cloudtrail:arn"
	not literal(condition.operator)
} else := "" if {
	not condition.key in object.keys(_sent_as)
} else := "" if {
	literal(condition.operator)
	contains(one.probe.subject, "*")
} else := one.probe.subject

# The statement with other conditions: each that is to be mended under its new operator, and of the others those that
# `failed` too. What holds already is not tried anew, nor what a list says beside the one value that is sent: it may say
# hundreds.
_tried(statement, fixes, failed) := object.union(
	object.remove(statement, ["Condition"]),
	{"Condition": {operator: block |
		parts := [part | some part in _parts(statement, fixes); part.path in failed]
		some operator in {part.operator | some part in parts}
		block := {part.name: part.values | some part in parts; part.operator == operator}
	}},
)

_parts(statement, fixes) := array.concat(
	[{"operator": fix.operator, "name": fix.path[2], "path": fix.path, "values": fix.values} | some fix in fixes],
	[condition |
		some condition in policy.conditions(statement)
		not condition.path in {fix.path | some fix in fixes}
	],
)

# What would stand twice under one operator cannot be written like that.
_each_once(parts) if count({[part.operator, part.name] | some part in parts}) == count(parts)
