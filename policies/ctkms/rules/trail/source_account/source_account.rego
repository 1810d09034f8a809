# METADATA
# title: aws:SourceAccount names the owner of the trail
# description: |
#   aws:SourceAccount is the account that owns the trail; for an organization trail that is the management account.
#   Another value shuts the trail out. AWS supports the condition but recommends aws:SourceArn: where a statement
#   relies on it alone, this rule leaves a note.
# related_resources:
# - ref: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html#required-kms-key-policy-trails
# custom:
#   id: CT-TRAIL-SOURCEACCOUNT
#   level: error
#   provenance: documented
package ctkms.rules.trail.source_account

import data.ctkms.evaluation
import data.ctkms.exclusion
import data.ctkms.expectations
import data.ctkms.policy
import data.ctkms.result

# METADATA
# description: "Each trail that aws:SourceAccount shuts out."
findings contains finding if {
	some shut_out in exclusion.found(["encrypt", "describe"], {"aws:sourceaccount"})
	subject := shut_out.one.probe.subject
	finding := result.finding("CT-TRAIL-SOURCEACCOUNT", {
		"msg": sprintf("%v does not let CloudTrail act for trail %v: its owner is account %v, and %v", [
			policy.label(shut_out.entry), subject, expectations.account(subject), _why(shut_out),
		]),
		"subject": subject,
		"statement": shut_out.entry,
		"path": shut_out.element.path,
		"remediation": exclusion.advice(shut_out.one),
	})
}

# METADATA
# description: "Each statement that lets expected trails in by aws:SourceAccount alone."
findings contains finding if {
	some entry in data.ctkms.evaluation.statements
	entry.index in _lets_in
	conditions := policy.conditions(entry.statement)
	not "aws:sourcearn" in {condition.key | some condition in conditions}
	some condition in conditions
	condition.key == "aws:sourceaccount"
	finding := result.finding("CT-TRAIL-SOURCEACCOUNT", {
		"level": "note",
		"msg": sprintf("%v restricts CloudTrail by %v, which AWS supports but does not recommend%v", [
			policy.label(entry), condition.name, ": every trail of the account gets in",
		]),
		"statement": entry,
		"path": condition.path,
		"remediation": "Name the trails in aws:SourceArn instead.",
	})
}

_why(shut_out) := sprintf("%v (%v) names %v", [
	shut_out.condition.name,
	shut_out.condition.operator,
	concat(", ", exclusion.texts(shut_out.condition)),
]) if {
	exclusion.positive(shut_out.condition.operator)
	count(exclusion.texts(shut_out.condition)) > 0
} else := shut_out.element.why

_lets_in contains index if {
	some capability in ["encrypt", "describe", "decrypt_service"]
	some one in evaluation.tried(capability)
	object.get(data.ctkms.evaluation.trails, one.probe.subject, null) != null
	some index in one.decision.allowed_by
}
