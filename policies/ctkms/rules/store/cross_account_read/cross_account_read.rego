# METADATA
# title: Nobody in another account is expected to use the event data store
# description: |
#   AWS wrote that users of other accounts can be allowed to decrypt the logs of trails, but not those of event data
#   stores. Today's page says nothing on it any more, and no page says what happens, so this is a warning.
# related_resources:
# - ref: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html#create-kms-key-policy-for-cloudtrail-decrypt-other-accounts
# custom:
#   id: CT-EDS-XACCT-READ
#   level: warning
#   provenance: documented
package ctkms.rules.store.cross_account_read

import data.ctkms.expectations
import data.ctkms.people
import data.ctkms.result

# METADATA
# description: "Each listed user of an event data store who is in another account than the key."
findings contains finding if {
	some subject, store in data.ctkms.evaluation.stores
	some user, _ in expectations.map(store, "users")
	people.foreign(user, subject)
	finding := result.finding("CT-EDS-XACCT-READ", {
		"msg": sprintf("event data store %v lists %v of account %v: AWS does not support users of other accounts", [
			subject, user, people.account(user),
		]),
		"subject": subject,
		"remediation": sprintf(
			"Let %v assume a role in account %v and list that role instead.",
			[user, people.home(subject)],
		),
	})
}
