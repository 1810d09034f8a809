# METADATA
# title: An organization trail is known by the management account
# description: |
#   An organization trail belongs to the management account, also where a delegated administrator created it.
#   aws:SourceArn, aws:SourceAccount and the encryption context of its requests name that account; conditions that
#   ask for a member account shut the trail out.
# related_resources:
# - ref: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/creating-an-organizational-trail-prepare.html
# custom:
#   id: CT-ORG-MGMT-ACCOUNT
#   level: error
#   provenance: documented
package ctkms.rules.trail.organization

import data.ctkms.cloudtrail.owner
import data.ctkms.exclusion
import data.ctkms.expectations
import data.ctkms.policy
import data.ctkms.result

# METADATA
# description: "Each organization trail that a condition shuts out because it names another account."
findings contains finding if {
	some shut_out in exclusion.found(["encrypt", "describe"], _keys)
	subject := shut_out.one.probe.subject
	object.get(_trails, subject, null) != null
	not owner.assumed(subject, _trails[subject])
	others := _accounts(shut_out.condition)
	count(others) > 0
	not expectations.account(subject) in others
	finding := result.finding("CT-ORG-MGMT-ACCOUNT", {
		"msg": sprintf("%v names account %v in %v, but organization trail %v is known by its owner, %v", [
			policy.label(shut_out.entry),
			concat(", ", sort(others)),
			shut_out.condition.name,
			subject,
			sprintf("the management account %v", [expectations.account(subject)]),
		]),
		"subject": subject,
		"statement": shut_out.entry,
		"path": shut_out.element.path,
		"remediation": exclusion.advice(shut_out.one),
	})
}

# METADATA
# description: "Each organization trail whose ARN is not of the management account."
findings contains finding if {
	management := object.get(data.ctkms.expectations.organization, "management_account", null)
	is_string(management)
	some subject, _ in _trails
	expectations.account(subject) != management
	finding := result.finding("CT-ORG-MGMT-ACCOUNT", {
		"msg": sprintf("organization trail %v cannot be of account %v: it belongs to the management account, %v", [
			subject, expectations.account(subject), management,
		]),
		"subject": subject,
		"remediation": sprintf("Correct the trail's ARN or organization.management_account in the expectations; %v", [
			"a delegated administrator's organization trail has the management account in its ARN too.",
		]),
	})
}

_keys := {"aws:sourcearn", "aws:sourceaccount", "kms:encryptioncontext:aws:cloudtrail:arn"}

_trails[subject] := entry if {
	some subject, entry in data.ctkms.evaluation.trails
	entry.organization == true
}

# The accounts that a condition asks for.
_accounts(condition) := {account |
	exclusion.positive(condition.operator)
	some value in exclusion.texts(condition)
	account := _account(value)
	regex.match(`^[0-9]{12}$`, account)
}

_account(value) := expectations.account(value) if {
	contains(value, ":")
} else := value
