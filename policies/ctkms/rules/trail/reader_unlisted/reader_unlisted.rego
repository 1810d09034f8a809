# METADATA
# title: Nobody but the listed readers can decrypt the log files
# description: |
#   Tries to read the trail's log files as everyone whom the key policy names, and reports who succeeds without
#   being a listed reader, administrator or user of an event data store. Left out are the key's own account, and
#   accounts that have listed readers or that are to assume a role which reads.
# related_resources:
# - ref: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html#create-kms-key-policy-for-cloudtrail-decrypt
# custom:
#   id: CT-TRAIL-READER-UNLISTED
#   level: warning
#   provenance: inferred
package ctkms.rules.trail.reader_unlisted

import data.ctkms.evaluation
import data.ctkms.expectations
import data.ctkms.people
import data.ctkms.policy
import data.ctkms.result

# METADATA
# description: "Each statement that lets someone read who is not listed."
findings contains finding if {
	some one in evaluation.tried("unlisted")
	says := _says[one.decision.decision]
	not _listed(one.probe.principal)
	some index in array.concat(one.decision.allowed_by, one.decision.maybe_allowed_by)
	some entry in data.ctkms.evaluation.statements
	entry.index == index
	some principal in policy.principals(entry.statement)
	policy.account_arn(principal.value, split(one.probe.principal, ":")[1]) == one.probe.principal
	finding := result.finding("CT-TRAIL-READER-UNLISTED", {
		"msg": sprintf("%v %v %v decrypt the log files of trail %v, and the expectations do not list them as a reader", [
			policy.label(entry), says, one.probe.principal, one.probe.subject,
		]),
		"subject": one.probe.subject,
		"statement": entry,
		"path": principal.path,
		"remediation": sprintf("Take kms:Decrypt from %v, or list them under readers of the trail in the expectations.", [
			one.probe.principal,
		]),
	})
}

# What a statement does for someone who is not listed; a condition on what nobody knows of them shuts nobody out.
_says := {"allow": "lets", "needs_iam_policy": "lets", "unknown": "may let"}

# METADATA
# description: "Each trail whose readers nobody lists."
not_evaluated contains {"rule": "CT-TRAIL-READER-UNLISTED", "why": why} if {
	some subject, entry in data.ctkms.evaluation.trails
	count(expectations.map(entry, "readers")) == 0
	why := sprintf("the expectations list no readers of trail %v", [subject])
}

_listed(principal) if principal in _people

_listed(principal) if {
	endswith(principal, ":root")
	expectations.account(principal) in _accounts
}

# Everyone who is listed for this key, in whatever part.
_people contains person if {
	some _, entry in data.ctkms.evaluation.trails
	some person, _ in expectations.map(entry, "readers")
}

_people contains person if {
	some _, entry in data.ctkms.evaluation.stores
	some person, _ in expectations.map(entry, "users")
}

_people contains role if {
	some _, roles in data.ctkms.evaluation.copies
	some role, _ in roles
}

_people contains person if {
	key := object.get(data.ctkms.expectations.declared_keys, data.ctkms.evaluation.key.arn, {})
	some person, _ in expectations.map(key, "administrators")
}

# Accounts that the key policy may leave it to: the key's, those of listed people, and those that assume reading roles.
_accounts contains account if {
	some subject, _ in data.ctkms.evaluation.trails
	account := people.home(subject)
}

_accounts contains people.account(person) if some person in _people

_accounts contains people.account(caller) if {
	some person in _people
	some caller, _ in expectations.map(object.get(data.ctkms.expectations.principals, person, {}), "assumed_by")
}
