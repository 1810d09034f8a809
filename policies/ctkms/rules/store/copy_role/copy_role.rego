# METADATA
# title: The role that copies trail events may use the key
# description: |
#   To copy trail events into an event data store CloudTrail assumes a role, which needs kms:Decrypt and
#   kms:GenerateDataKey on the key of the bucket that is copied. Refused, StartImport answers
#   InsufficientEncryptionPolicyException. Here AWS does use aws:SourceArn: the event data store's ARN, written
#   eventdatastore/ in small letters.
# related_resources:
# - ref: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-copy-trail-to-lake.html
# custom:
#   id: CT-COPY-ROLE
#   level: error
#   provenance: documented
package ctkms.rules.store.copy_role

import data.ctkms.evaluation
import data.ctkms.expectations
import data.ctkms.people
import data.ctkms.policy
import data.ctkms.remedy
import data.ctkms.result

# METADATA
# description: "Each copy role that the key refuses."
findings contains finding if {
	some group in people.refused("copy")
	count(_misspelt(group)) == 0
	why := people.decider(group)
	finding := result.finding("CT-COPY-ROLE", {
		"msg": sprintf("%v (%v on the key): %v", [_cannot(group), group.actions, why.why]),
		"subject": group.subject,
		"statement": why.statement,
		"path": why.path,
		"remediation": remedy.text(group.ones[0].probe, group.ones[0].decision),
	})
}

# METADATA
# description: "Each copy role that the key refuses only because eventdatastore/ is not written in small letters."
findings contains finding if {
	some group in people.refused("copy")
	some wrong in _misspelt(group)
	finding := result.finding("CT-COPY-ROLE", object.union(
		_spelling(group, wrong),
		{"msg": sprintf("%v (%v on the key): %v", [_cannot(group), group.actions, wrong.words])},
	))
}

# METADATA
# description: "Each copy role that needs an IAM policy that the expectations do not hold."
findings contains finding if {
	some group in people.groups("copy", "needs_iam_policy")
	count(_misspelt(group)) == 0
	finding := result.finding("CT-COPY-ROLE", {
		"level": _level(group),
		"msg": sprintf("%v (%v on the key): %v, and %v", [
			_can(group), group.actions, people.delegation(group), people.lack(group),
		]),
		"subject": group.subject,
		"statement": people.delegating(group),
		"remediation": people.advice(group),
	})
}

# METADATA
# description: "Each copy role that needs an IAM policy only because eventdatastore/ is not written in small letters."
findings contains finding if {
	some group in people.groups("copy", "needs_iam_policy")
	some wrong in _misspelt(group)
	finding := result.finding("CT-COPY-ROLE", object.union(_spelling(group, wrong), {
		"level": _level(group),
		"msg": sprintf("%v (%v on the key): %v", [_can(group), group.actions, wrong.words]),
	}))
}

# METADATA
# description: "Each role of which nobody says with which key the files that it copies are encrypted."
not_evaluated contains {"rule": "CT-COPY-ROLE", "why": why} if {
	some subject, store in data.ctkms.evaluation.stores
	some role in expectations.unsourced(store, data.ctkms.evaluation.trails)
	why := sprintf("the expectations do not say which key encrypts what %v copies into event data store %v%v", [
		role, subject, ": name the key there, or the bucket of an expected trail",
	])
}

_cannot(group) := sprintf("%v cannot copy trail events into event data store %v", [group.principal, group.subject])

_can(group) := sprintf("%v can copy trail events into event data store %v only with an IAM policy", [
	group.principal,
	group.subject,
])

_level(group) := "error" if {
	people.has_policies(group)
} else := "warning"

_spelling(group, wrong) := {
	"subject": group.subject,
	"statement": wrong.entry,
	"path": wrong.path,
	"remediation": sprintf("Write %v (tried: the request is then %v).", [_spelt(wrong.value), wrong.outcome]),
}

# Values of aws:SourceArn that differ from an event data store's ARN by capital letters, and that let the role in once
# they are mended.
_misspelt(group) := [wrong |
	some entry in data.ctkms.evaluation.statements
	some condition in policy.conditions(entry.statement)
	condition.key == "aws:sourcearn"
	some value in condition.values
	is_string(value)
	_spelt(value) != value
	changed := json.unmarshal(replace(
		json.marshal(entry.statement),
		json.marshal(value),
		json.marshal(_spelt(value)),
	))
	one := group.ones[0]
	decision := evaluation.decide_with([changed], {entry.index}, one.probe.request).decision
	decision in {"allow", "needs_iam_policy"}
	decision != one.decision.decision
	wrong := {
		"entry": entry,
		"path": condition.path,
		"value": value,
		"words": sprintf("%v compares %v with %v, but ARNs of event data stores have eventdatastore/ in small letters", [
			policy.label(entry), condition.name, value,
		]),
		"outcome": remedy.outcome(decision),
	}
]

_spelt(text) := regex.replace(text, `(?i):eventdatastore/`, ":eventdatastore/")
