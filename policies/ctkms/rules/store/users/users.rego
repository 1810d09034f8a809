# METADATA
# title: Those who use the event data store may use its key
# description: |
#   Who creates or changes an event data store, queries it or fetches results needs kms:Decrypt and
#   kms:GenerateDataKey on its key. Without them CloudTrail answers InsufficientEncryptionPolicyException. Where the
#   key policy leaves the decision to an account, the caller's IAM policy has to allow it as well.
# related_resources:
# - ref: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html#create-kms-key-policy-for-cloudtrail-decrypt
# custom:
#   id: CT-EDS-USER
#   level: error
#   provenance: documented
package ctkms.rules.store.users

import data.ctkms.expectations
import data.ctkms.people
import data.ctkms.remedy
import data.ctkms.result

# METADATA
# description: "Each user of an event data store whom the key refuses."
findings contains finding if {
	some group in people.refused("use")
	why := people.decider(group)
	finding := result.finding("CT-EDS-USER", {
		"msg": sprintf("%v cannot query event data store %v (%v on the key): %v", [
			group.principal, group.subject, group.actions, why.why,
		]),
		"subject": group.subject,
		"statement": why.statement,
		"path": why.path,
		"remediation": _remediation(group),
	})
}

# METADATA
# description: "Each user of an event data store who needs an IAM policy that the expectations do not hold."
findings contains finding if {
	some group in people.groups("use", "needs_iam_policy")
	finding := result.finding("CT-EDS-USER", {
		"level": _level(group),
		"msg": sprintf("%v can query event data store %v only with an IAM policy (%v on the key): %v, and %v", [
			group.principal, group.subject, group.actions, people.delegation(group), people.lack(group),
		]),
		"subject": group.subject,
		"statement": people.delegating(group),
		"remediation": _advice(group),
	})
}

# METADATA
# description: "Each event data store whose users nobody lists."
not_evaluated contains {"rule": "CT-EDS-USER", "why": why} if {
	some subject, store in data.ctkms.evaluation.stores
	count(expectations.map(store, "users")) == 0
	why := sprintf("the expectations list no users of event data store %v", [subject])
}

_level(group) := "error" if {
	people.has_policies(group)
} else := "warning"

# AWS does not support users in other accounts: no statement or policy is offered to them.
_remediation(group) := _role(group) if {
	people.foreign(group.principal, group.subject)
} else := remedy.text(group.ones[0].probe, group.ones[0].decision)

_advice(group) := _role(group) if {
	people.foreign(group.principal, group.subject)
} else := people.advice(group)

_role(group) := sprintf("Let %v assume a role in account %v and list that role instead.", [
	group.principal,
	people.home(group.subject),
])
