# METADATA
# title: Readers decrypt CloudTrail data only
# description: |
#   AWS's statement for readers demands the encryption context of CloudTrail (Null on
#   kms:EncryptionContext:aws:cloudtrail:arn, false). Without it a reader may decrypt everything that the key
#   encrypts, whatever encrypted it.
# related_resources:
# - ref: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html#create-kms-key-policy-for-cloudtrail-decrypt
# custom:
#   id: CT-TRAIL-READER-CTX
#   level: warning
#   provenance: documented
package ctkms.rules.trail.reader_context

import data.ctkms.evaluation
import data.ctkms.people
import data.ctkms.policy
import data.ctkms.remedy
import data.ctkms.result

# METADATA
# description: "Each statement that lets listed readers decrypt data that CloudTrail did not encrypt."
findings contains finding if {
	some entry in data.ctkms.evaluation.statements
	ones := _beyond(entry)
	count(ones) > 0
	finding := result.finding("CT-TRAIL-READER-CTX", {
		"msg": sprintf("%v lets %v decrypt whatever the key encrypts, not CloudTrail's data alone", [
			policy.label(entry), concat(", ", sort({one.probe.principal | some one in ones})),
		]),
		"statement": entry,
		"path": _path(entry),
		"remediation": _advice(entry, ones),
	})
}

_beyond(entry) := [one |
	some one in _contextless
	entry.index in one.decision.allowed_by
	_grants(entry, one)
]

_contextless := [one |
	some one in evaluation.tried("contextless")
	one.decision.decision in {"allow", "needs_iam_policy"}
]

# What the statement alone gives, without IAM policies: to a caller of the key's account it has to be more than that it
# leaves the decision to the account.
_grants(entry, one) if {
	alone := _alone(entry.statement, object.remove(one.probe.request, ["identity_policies"]))
	_direct(alone.decision, one)
}

_direct(decision, _) if decision == "allow"

_direct(decision, one) if {
	decision == "needs_iam_policy"
	people.foreign(one.probe.principal, "")
}

_alone(statement, request) := evaluation.decide_alone(statement, request)

_path(entry) := ["Condition"] if {
	"Condition" in object.keys(entry.statement)
} else := []

_advice(entry, ones) := sprintf("Add %v to the Condition of %v (tried: readers then decrypt log files only).", [
	`"Null": {"kms:EncryptionContext:aws:cloudtrail:arn": "false"}`,
	policy.label(entry),
]) if {
	_only_decrypts(entry.statement)
	changed := object.union(entry.statement, _in_context)
	count([one | some one in ones; _direct(_alone(changed, one.probe.request).decision, one)]) == 0
	reads := [one | some one in evaluation.tried("read"); entry.index in one.decision.allowed_by]
	count([one | some one in reads; _alone(changed, one.probe.request).decision in _refusals]) == 0
} else := sprintf("Let %v no longer give them kms:Decrypt, and add this statement%v: %v", [
	policy.label(entry),
	" (tried: they then decrypt log files only)",
	json.marshal(_own_statement(ones)),
]) if {
	count([one | some one in ones; _direct(_replaced(entry, ones, one), one)]) == 0
	reads := [one | some one in evaluation.tried("read"); entry.index in one.decision.allowed_by]
	count([one | some one in reads; not _same_people(one, ones)]) == 0
	count([one | some one in reads; _replaced(entry, ones, one) in _refusals]) == 0
} else := sprintf("Let %v give them kms:Decrypt in CloudTrail's encryption context only.", [policy.label(entry)])

# AWS's statement for readers, for the readers that a statement lets decrypt too much.
_own_statement(ones) := object.union(
	remedy.statement(object.union(ones[0].probe, {"capability": "read"})),
	{"Principal": {"AWS": sort({one.probe.principal | some one in ones})}},
)

_replaced(entry, ones, one) := evaluation.decide_with([_own_statement(ones)], {entry.index}, one.probe.request).decision

_same_people(one, ones) if one.probe.principal in {other.probe.principal | some other in ones}

_in_context := {"Condition": {"Null": {"kms:EncryptionContext:aws:cloudtrail:arn": "false"}}}

_refusals := {"implicit_deny", "explicit_deny"}

_only_decrypts(statement) if {
	actions := policy.strings(statement, "Action")
	count(actions) > 0
	every action in actions {
		lower(action.value) in {"kms:decrypt", "kms:reencryptfrom", "kms:reencrypt*"}
	}
}
