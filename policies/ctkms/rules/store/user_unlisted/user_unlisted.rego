# METADATA
# title: Nobody but the listed users can decrypt the event data store
# description: |
#   Tries to query the event data store as everyone whom the key policy names, and reports who succeeds without being a
#   listed user, reader or administrator. Left out are the key's own account, and accounts that have listed people. A
#   statement for everyone that lets in the whole organization, an account or whom aws:PrincipalArn names is tried
#   likewise.
# related_resources:
# - ref: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html#create-kms-key-policy-for-cloudtrail-decrypt
# custom:
#   id: CT-EDS-USER-UNLISTED
#   level: warning
#   provenance: inferred
package ctkms.rules.store.user_unlisted

import data.ctkms.expectations
import data.ctkms.people.unlisted
import data.ctkms.policy
import data.ctkms.result

# METADATA
# description: "Each statement that lets someone query who is not listed."
findings contains finding if {
	some found in unlisted.found("unlisted_user")
	finding := result.finding("CT-EDS-USER-UNLISTED", {
		"level": found.level,
		"msg": sprintf("%v %v %v decrypt what event data store %v holds, and the expectations do not list them as a user", [
			policy.label(found.entry), found.says, found.principal, found.subject,
		]),
		"subject": found.subject,
		"statement": found.entry,
		"path": found.path,
		"remediation": sprintf("%v, or list them under users of the store in the expectations.", [found.advice]),
	})
}

# METADATA
# description: "Each event data store whose users nobody lists."
not_evaluated contains {"rule": "CT-EDS-USER-UNLISTED", "why": why} if {
	some subject, entry in data.ctkms.evaluation.stores
	count(expectations.map(entry, "users")) == 0
	why := sprintf("the expectations list no users of event data store %v", [subject])
}
