# METADATA
# title: No statement for CloudTrail depends on what its requests do not carry
# description: |
#   Requests of the CloudTrail service carry no organization, ARN, name, network address or VPC of a caller, and do
#   not come through another service. A statement for CloudTrail that asks for one of them gives nothing, as if it
#   were not there; a Deny with a "not equals" on one of them hits CloudTrail. Which account kms:CallerAccount and
#   aws:PrincipalAccount name in such requests, and what aws:userid, is not documented; it is nothing of the customer's.
# related_resources:
# - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalorgid
# custom:
#   id: CT-UNUSABLE-CONDITION
#   level: error
#   provenance: documented
package ctkms.rules.cloudtrail.unusable_condition

import data.ctkms.cloudtrail.request
import data.ctkms.demand
import data.ctkms.evaluation
import data.ctkms.policy
import data.ctkms.remedy
import data.ctkms.result

# METADATA
# description: "Each condition because of which a statement for CloudTrail gives it nothing."
findings contains finding if {
	some dead in _dead
	finding := result.finding("CT-UNUSABLE-CONDITION", {
		"level": _level(dead),
		"msg": sprintf("%v is for CloudTrail but asks for %v (%v): %v, so the statement %v CloudTrail nothing", [
			policy.label(dead.entry), dead.condition.name, dead.condition.operator, dead.why, _gives[dead.provenance],
		]),
		"statement": dead.entry,
		"path": dead.condition.path,
		"remediation": _advice(dead.entry),
	})
}

# METADATA
# description: "Each condition because of which a Deny hits CloudTrail."
findings contains finding if {
	some entry in data.ctkms.evaluation.statements
	some condition in policy.conditions(entry.statement)
	condition.key != "kms:viaservice"
	about := _about(condition.key)
	about != null
	hits := _hits(about.provenance, entry.index, condition)
	count(hits) > 0
	finding := result.finding("CT-UNUSABLE-CONDITION", {
		"level": _weight(about, hits),
		"msg": sprintf("%v %v CloudTrail (%v on the key) because of %v (%v): %v", [
			policy.label(entry), _denies[about.provenance], hits[0].probe.request.action, condition.name,
			condition.operator, about.why,
		]),
		"statement": entry,
		"path": condition.path,
		"remediation": _exempting(entry, hits[0]),
	})
}

# The requests that a Deny hits because of one of its conditions.
_hits(provenance, index, condition) := [one | some one in _refused; index in one.decision.denied_by] if {
	provenance == "documented"
} else := [one |
	some one in _refused
	index in array.concat(one.decision.denied_by, one.decision.maybe_denied_by)
	evaluation.decide_condition(condition, _bare_request).decision == "allow"
]

# Conditions of statements for CloudTrail that no request of CloudTrail can meet.
_dead contains {"entry": entry, "condition": condition, "provenance": about.provenance, "why": about.why} if {
	some entry in data.ctkms.evaluation.statements
	entry.statement.Effect == "Allow"
	_for_cloudtrail(entry.statement)
	some condition in policy.conditions(entry.statement)
	about := _about(condition.key)
	about != null
	_relevant(condition)
	evaluation.decide_condition(condition, _bare_request).decision == "implicit_deny"
}

_for_cloudtrail(statement) if {
	some principal in policy.principals(statement)
	principal.element == "Principal"
	principal.kind == "Service"
	principal.value == data.ctkms.cloudtrail.request.service
}

# Why requests of CloudTrail cannot meet a condition on a key; null for keys of which this is not said.
_about(key) := {"provenance": "inferred", "why": why} if {
	key in {"kms:calleraccount", "aws:principalaccount"}
	why := "nobody documents that requests of the CloudTrail service come from an account of yours"
} else := {"provenance": "inferred", "why": why} if {
	key == "aws:userid"
	why := "nobody documents that requests of the CloudTrail service carry it"
} else := {"provenance": "documented", "why": why} if {
	key == "kms:viaservice"
	why := "CloudTrail is not among the services whose requests carry it"
} else := {"provenance": "documented", "why": why} if {
	_absent(key)
	why := "requests of the CloudTrail service do not carry it"
} else := null

_gives := {"documented": "gives", "inferred": "probably gives"}

_denies := {"documented": "denies", "inferred": "probably denies"}

_absent(key) if {
	some pattern in data.ctkms.cloudtrail.request.absent_for_service
	_covers(lower(pattern), key)
}

_covers(pattern, key) if pattern == key

_covers(pattern, key) if {
	endswith(pattern, "*")
	startswith(key, trim_suffix(pattern, "*"))
}

_relevant(condition) if condition.key != "kms:viaservice"

_relevant(condition) if {
	count(condition.values) > 0
	every value in condition.values {
		is_string(value)
		startswith(lower(value), "cloudtrail.")
	}
}

# A request of CloudTrail for any trail.
_any_request := request.by_service(
	"kms:GenerateDataKey",
	request.resource(data.ctkms.evaluation.key.arn),
	{"aws:SourceArn": _any_trail, "aws:SourceAccount": _any_trail},
	{"aws:cloudtrail:arn": _any_trail, "aws:s3:arn": _any_trail},
)

_any_trail := {"ctkms:unknown": "any trail"}

# The same without the keys of which nobody documents whether they are sent.
_bare_request := object.union(
	_any_request,
	{"absent": array.concat(
		_any_request.absent,
		["aws:PrincipalAccount", "aws:userid", "kms:CallerAccount", "kms:ViaService"],
	)},
)

_tried := [one |
	some capability in ["encrypt", "encrypt_account", "describe", "decrypt_service"]
	some one in evaluation.tried(capability)
]

# Requests that a Deny hits, or may; without expected trails and stores, that of any trail.
_refused := [one | some one in _tried; one.decision.decision in {"explicit_deny", "unknown"}] if {
	count(_tried) > 0
} else := [{"probe": {"request": _any_request}, "decision": evaluation.decide_with([], set(), _any_request)}]

# Where other statements give CloudTrail all that is required, a statement that gives nothing does no harm.
_level(dead) := _weight(dead, lacking) if {
	lacking := [one |
		some one in _tried
		one.decision.decision != "allow"
		_meant(dead.entry, one.probe.request)
	]
}

# Whether, but for its conditions, the statement would grant the request.
_meant(entry, request) if {
	bare := object.remove(entry.statement, ["Condition"])
	evaluation.decide_with([bare], {one.index | some one in data.ctkms.evaluation.statements}, request).decision == "allow"
}

# Without expectations any request may be required; else it counts as the heaviest of those that are refused.
_weight(about, refused) := "open" if {
	about.provenance == "inferred"
} else := "error" if {
	count(_tried) == 0
} else := "error" if {
	some one in refused
	demand.level(one.probe.capability, one.probe.subject, _uses) == "error"
} else := "warning"

_uses := {"trails": data.ctkms.evaluation.trails, "stores": data.ctkms.evaluation.stores}

# A condition may be what keeps others out: it is only to go where nobody but services is let in.
_advice(entry) := sprintf("Give CloudTrail a statement of its own, without %v.", [_names(entry)]) if {
	count([principal | some principal in policy.principals(entry.statement); principal.kind != "Service"]) > 0
} else := sprintf("Remove %v from %v (tried: %v is then allowed).", [
	_names(entry),
	policy.label(entry),
	concat(", ", sort(_mended(entry))),
]) if {
	count(_mended(entry)) > 0
} else := sprintf("Remove %v from %v.", [_names(entry), policy.label(entry)])

_names(entry) := concat(" and ", sort({dead.condition.name | some dead in _dead; dead.entry.index == entry.index}))

# The actions that are allowed once the statement's dead conditions are gone.
_mended(entry) := {one.probe.request.action |
	changed := evaluation.without(entry, [dead.condition | some dead in _dead; dead.entry.index == entry.index])
	some one in _tried
	one.decision.decision != "allow"
	evaluation.decide_with([changed], {entry.index}, one.probe.request).decision == "allow"
}

_exempting(entry, one) := sprintf(
	"Add \"Bool\": {\"aws:PrincipalIsAWSService\": \"false\"} to the Condition of %v (tried: the request is then %v).",
	[
		policy.label(entry),
		remedy.outcome(decision.decision),
	],
) if {
	changed := object.union(entry.statement, {"Condition": {"Bool": {"aws:PrincipalIsAWSService": "false"}}})
	decision := evaluation.decide_with([changed], {entry.index}, one.probe.request)
	decision.decision != "explicit_deny"
} else := sprintf("Let %v leave requests of AWS services alone.", [policy.label(entry)])
