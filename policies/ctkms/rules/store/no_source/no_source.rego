# METADATA
# title: No statement that an event data store needs depends on aws:SourceArn or aws:SourceAccount
# description: |
#   AWS does not support aws:SourceArn and aws:SourceAccount in key policies for event data stores: CloudTrail's
#   requests for them carry neither. A statement that demands one refuses the store; a Deny that compares one with
#   "not equals" hits it. A statement that only lets the store through because the key is missing (…IfExists, Null,
#   a negated operator) works, but AWS supports that no more.
# related_resources:
# - ref: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html#required-kms-key-policy-eventdatastores
# custom:
#   id: CT-EDS-NO-SOURCE
#   level: error
#   provenance: documented
package ctkms.rules.store.no_source

import data.ctkms.evaluation
import data.ctkms.policy
import data.ctkms.remedy
import data.ctkms.result

# METADATA
# description: "Each statement that would serve an event data store if it did not ask for the source of the request."
findings contains finding if {
	some [subject, index] in {[hit.subject, hit.index] | some hit in _demanding}
	hits := [hit | some hit in _demanding; hit.subject == subject; hit.index == index]
	entry := evaluation.statement(index)
	finding := result.finding("CT-EDS-NO-SOURCE", {
		"msg": sprintf("%v asks for %v, which CloudTrail's requests for event data store %v do not carry (%v on the key)", [
			policy.label(entry), _names(hits[0].conditions), subject, _actions(hits),
		]),
		"subject": subject,
		"statement": entry,
		"path": hits[0].conditions[0].path,
		"remediation": _without_demand(entry, hits),
	})
}

# METADATA
# description: "Each Deny that hits an event data store because its requests do not tell their source."
findings contains finding if {
	some [subject, index] in {[hit.subject, hit.index] | some hit in _denying}
	hits := [hit | some hit in _denying; hit.subject == subject; hit.index == index]
	entry := evaluation.statement(index)
	finding := result.finding("CT-EDS-NO-SOURCE", {
		"level": _level(hits),
		"msg": sprintf("%v denies CloudTrail's requests for event data store %v (%v on the key): they carry no %v", [
			policy.label(entry), subject, _actions(hits), _names(hits[0].conditions),
		]),
		"subject": subject,
		"statement": entry,
		"path": hits[0].conditions[0].path,
		"remediation": _without_deny(entry, _weightiest(hits)),
	})
}

# METADATA
# description: "Each statement that serves an event data store only because the key it compares is missing."
findings contains finding if {
	some [subject, index] in {[hit.subject, hit.index] | some hit in _tolerating}
	hits := [hit | some hit in _tolerating; hit.subject == subject; hit.index == index]
	entry := evaluation.statement(index)
	finding := result.finding("CT-EDS-NO-SOURCE", {
		"level": "open",
		"msg": sprintf(
			"%v lets CloudTrail work for event data store %v (%v on the key) only because its requests carry no %v",
			[
				policy.label(entry), subject, _actions(hits), _names(hits[0].conditions),
			],
		),
		"subject": subject,
		"statement": entry,
		"path": hits[0].conditions[0].path,
		"remediation": _plain(entry, hits),
	})
}

_source_keys := {"aws:sourcearn", "aws:sourceaccount"}

_conditions(entry) := [condition | some condition in policy.conditions(entry.statement); condition.key in _source_keys]

_tried(capabilities) := [one |
	some capability in capabilities
	some one in evaluation.tried(capability)
	object.get(data.ctkms.evaluation.stores, one.probe.subject, null) != null
]

# The statements that are meant for a refused request, where conditions on the source fail.
_demanding contains {"subject": one.probe.subject, "index": entry.index, "conditions": conditions, "one": one} if {
	some one in _tried(["encrypt", "decrypt_service"])
	one.decision.decision == "implicit_deny"
	some entry in _sourced
	conditions := [condition |
		some condition in _conditions(entry)
		evaluation.decide_condition(condition, one.probe.request).decision == "implicit_deny"
	]
	count(conditions) > 0
	_meant(entry, conditions, one.probe.request)
}

# A statement that names CloudTrail and fails by conditions alone, or one for everybody that fails by nothing else.
_meant(entry, _, request) if {
	_names_cloudtrail(entry.statement)
	bare := object.remove(entry.statement, ["Condition"])
	evaluation.decide_with([bare], _all, request).decision == "allow"
}

_meant(entry, conditions, request) if {
	changed := evaluation.without(entry, conditions)
	evaluation.decide_with([changed], _all, request).decision == "allow"
}

_names_cloudtrail(statement) if {
	some principal in policy.principals(statement)
	principal.value == data.ctkms.cloudtrail.request.service
}

_all contains entry.index if some entry in data.ctkms.evaluation.statements

_sourced := [entry |
	some entry in data.ctkms.evaluation.statements
	entry.statement.Effect == "Allow"
	count(_conditions(entry)) > 0
]

_denying contains {"subject": one.probe.subject, "index": index, "conditions": conditions, "one": one} if {
	some one in _tried(["encrypt", "decrypt_service", "describe"])
	one.decision.decision == "explicit_deny"
	some index in one.decision.denied_by
	conditions := _conditions(evaluation.statement(index))
	count(conditions) > 0
}

_tolerating contains {"subject": one.probe.subject, "index": index, "conditions": conditions, "one": one} if {
	some one in _tried(["encrypt", "decrypt_service", "describe"])
	one.decision.decision == "allow"
	every granting in one.decision.allowed_by {
		count(_conditions(evaluation.statement(granting))) > 0
	}
	some index in one.decision.allowed_by
	conditions := _conditions(evaluation.statement(index))
}

_names(conditions) := concat(" and ", sort({condition.name | some condition in conditions}))

_actions(hits) := concat(", ", sort({hit.one.probe.request.action | some hit in hits}))

# What AWS itself leaves out of its default policy is no error.
_level(hits) := "error" if {
	some hit in hits
	hit.one.probe.capability in {"encrypt", "decrypt_service"}
} else := "open"

_without_demand(entry, hits) := text if {
	count(data.ctkms.evaluation.trails) == 0
	_allowed_without(entry, hits)
	text := sprintf(
		"Remove %v from %v (tried: the requests are then allowed).",
		[_names(hits[0].conditions), policy.label(entry)],
	)
} else := sprintf(
	"Leave %v to the trails. %v",
	[policy.label(entry), remedy.text(hits[0].one.probe, hits[0].one.decision)],
) if {
	count(data.ctkms.evaluation.trails) > 0
} else := remedy.text(hits[0].one.probe, hits[0].one.decision)

# Only where nobody but services is let in: a condition may be what keeps others out.
_allowed_without(entry, hits) if {
	every principal in policy.principals(entry.statement) {
		principal.kind == "Service"
	}
	changed := evaluation.without(entry, hits[0].conditions)
	every hit in hits {
		evaluation.decide_with([changed], {entry.index}, hit.one.probe.request).decision == "allow"
	}
}

_without_deny(entry, hit) := sprintf(
	"Add \"Null\": %v to the Condition of %v, to spare requests without it (tried: the request is then %v).",
	[
		json.marshal(_present(hit)), policy.label(entry), remedy.outcome(decision.decision),
	],
) if {
	decision := evaluation.decide_with([_only_where_present(entry, hit)], {entry.index}, hit.one.probe.request)
	decision.decision != "explicit_deny"
} else := remedy.text(hit.one.probe, hit.one.decision)

_present(hit) := {hit.conditions[0].name: "false"}

_only_where_present(entry, hit) := object.union(entry.statement, {"Condition": {"Null": _present(hit)}})

_weightiest(hits) := [hit |
	some capability in ["encrypt", "decrypt_service", "describe"]
	some hit in hits
	hit.one.probe.capability == capability
][0]

_plain(entry, hits) := sprintf("Remove %v from %v (tried: the requests are then allowed).", [
	_names(hits[0].conditions),
	policy.label(entry),
]) if {
	count(data.ctkms.evaluation.trails) == 0
	_allowed_without(entry, hits)
} else := sprintf("Give the event data store a statement of its own (tried: the requests are then allowed): %v", [
	json.marshal(_own(hits)),
]) if {
	every hit in hits {
		evaluation.decide_with([_own(hits)], {entry.index}, hit.one.probe.request).decision == "allow"
	}
} else := "Give the event data store a statement of its own that asks for neither."

_own(hits) := {
	"Sid": "AllowCloudTrailForEventDataStore",
	"Effect": "Allow",
	"Principal": {"Service": hits[0].one.probe.principal},
	"Action": sort({hit.one.probe.request.action | some hit in hits}),
	"Resource": "*",
}
