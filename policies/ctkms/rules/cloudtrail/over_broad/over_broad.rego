# METADATA
# title: CloudTrail may do no more with the key than it needs
# description: |
#   CloudTrail asks for data keys, decrypts and reads the key's properties. A statement such as kms:* also lets it
#   change the policy, hand the key on or delete it, which no trail or event data store needs: tried with
#   kms:PutKeyPolicy, kms:ScheduleKeyDeletion and kms:CreateGrant (warning) and with kms:Encrypt, which long lists
#   often hold (note).
# related_resources:
# - ref: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html
# custom:
#   id: CT-SERVICE-OVERBROAD
#   level: warning
#   provenance: field
package ctkms.rules.cloudtrail.over_broad

import data.ctkms.cloudtrail.request
import data.ctkms.cloudtrail.trail
import data.ctkms.evaluation
import data.ctkms.policy
import data.ctkms.result

# METADATA
# description: "Each statement that lets CloudTrail do what it does not need."
findings contains finding if {
	some index in {excess.index | some excess in _excess}
	actions := {excess.action | some excess in _excess; excess.index == index}
	entry := evaluation.statement(index)
	finding := result.finding("CT-SERVICE-OVERBROAD", {
		"level": _level(actions),
		"msg": sprintf("%v lets CloudTrail do what no trail or event data store needs: %v", [
			policy.label(entry), concat(", ", actions),
		]),
		"statement": entry,
		"path": [element | some element in ["Action", "NotAction"]; element in object.keys(entry.statement)],
		"remediation": _remediation(entry),
	})
}

_level(actions) := "note" if {
	actions == {"kms:Encrypt"}
} else := "warning"

# What is allowed by statements that name CloudTrail. That a statement is for everybody is for other rules to say.
_excess contains {"index": index, "action": made.action} if {
	some made, decision in evaluation.decide_each(_requests)
	some index in decision.allowed_by
	index in _candidates
}

_candidates contains entry.index if {
	some entry in data.ctkms.evaluation.statements
	entry.statement.Effect == "Allow"
	some principal in policy.principals(entry.statement)
	principal.value == data.ctkms.cloudtrail.request.service
}

_requests := [made |
	some [action, of_trail] in _unneeded
	some [source, context] in _sources
	made := _request(action, source, {true: context, false: {}}[of_trail])
]

# What CloudTrail does not need, and whether the request has an encryption context; only what some statement speaks of.
_unneeded := [[action, of_trail] |
	some [action, of_trail] in [
		["kms:Encrypt", true],
		["kms:CreateGrant", true],
		["kms:PutKeyPolicy", false],
		["kms:ScheduleKeyDeletion", false],
	]
	count(evaluation.allows_of(_request(action, {}, {})) & _candidates) > 0
]

_request(action, source, encryption) := request.by_service(
	action,
	request.resource(data.ctkms.evaluation.key.arn),
	source,
	encryption,
)

# Trails and event data stores that use the key, as {source, encryption context}; any trail where none is expected.
_sources := _expected if {
	count(_expected) > 0
} else := [[
	{"aws:SourceArn": _any_trail, "aws:SourceAccount": _any_trail},
	{"aws:cloudtrail:arn": _any_trail, "aws:s3:arn": _any_trail},
]]

_any_trail := {"ctkms:unknown": "any trail"}

_expected := array.concat(
	[[trail.source(arn), {"aws:cloudtrail:arn": arn, "aws:s3:arn": trail.log_file(arn, entry)}] |
		some arn, entry in data.ctkms.evaluation.trails
	],
	[[{}, {}] | count(data.ctkms.evaluation.stores) > 0],
)

_needed := ["kms:GenerateDataKey*", "kms:Decrypt", "kms:DescribeKey"]

_remediation(entry) := sprintf(
	"Write \"Action\": %v%v (tried: what CloudTrail needs is decided as before).",
	[json.marshal(_needed), _in_place(entry.statement)],
) if {
	count(_tried) > 0
	every one in _tried {
		evaluation.decide_with([_narrowed(entry)], {entry.index}, one.probe.request).decision == one.decision.decision
	}
} else := "List only the actions that CloudTrail needs."

_in_place(statement) := ", in place of \"NotAction\"" if {
	"NotAction" in object.keys(statement)
} else := ""

_narrowed(entry) := object.union(object.remove(entry.statement, ["NotAction"]), {"Action": _needed})

_tried := [one |
	some capability in ["encrypt", "encrypt_account", "describe", "decrypt_service", "notify"]
	some one in evaluation.tried(capability)
]
