# METADATA
# title: The key is in the account of the event data store
# description: |
#   A key of another account is not supported for event data stores: CloudTrail refuses to save such a store.
# related_resources:
# - ref: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail-update-trail.html
# custom:
#   id: CT-EDS-SAME-ACCT
#   level: error
#   provenance: documented
package ctkms.rules.store.same_account

import data.ctkms.expectations
import data.ctkms.result
import data.ctkms.subject as subjects

# METADATA
# description: "Each event data store whose key is in another account."
findings contains finding if {
	account := expectations.account(data.ctkms.evaluation.key.arn)
	account != ""
	some subject, store in data.ctkms.evaluation.stores
	own := subjects.account(subject, store)
	own != ""
	account != own
	not _told_by_organization_key(store, account)
	finding := result.finding("CT-EDS-SAME-ACCT", {
		"msg": sprintf("the key is in account %v, event data store %v in account %v: AWS does not support that", [
			account, subject, own,
		]),
		"subject": subject,
		"remediation": _remediation(store),
	})
}

# METADATA
# description: "Each event data store of which nobody says in which account it is."
not_evaluated contains {"rule": "CT-EDS-SAME-ACCT", "why": why} if {
	some subject, store in data.ctkms.evaluation.stores
	subjects.account(subject, store) == ""
	why := sprintf("nobody says in which account event data store %v is", [subject])
}

# An organization's store with a key that is not the management account's is CT-EDS-ORG-KEY's to name.
_told_by_organization_key(store, account) if {
	store.organization == true
	object.get(data.ctkms.expectations.organization, "management_account", "") != account
}

_remediation(store) := _check_the_arn if {
	store.organization == true
} else := "Encrypt the event data store with a key of its own account."

_check_the_arn := "Check the ARN of the event data store: an organization's store belongs to the management account."
