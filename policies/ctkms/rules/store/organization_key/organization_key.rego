# METADATA
# title: The key of an organization's event data store is the management account's
# description: |
#   An organization's event data store is encrypted with a key of the management account, whoever created the store.
#   CloudTrail refuses another one. Where the expectations do not say which the management account is, the store's
#   own account stands for it.
# related_resources:
# - ref: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/query-event-data-store-cloudtrail.html
# custom:
#   id: CT-EDS-ORG-KEY
#   level: error
#   provenance: documented
package ctkms.rules.store.organization_key

import data.ctkms.expectations
import data.ctkms.result
import data.ctkms.subject as subjects

# METADATA
# description: "Each organization event data store whose key is not the management account's."
findings contains finding if {
	account := expectations.account(data.ctkms.evaluation.key.arn)
	account != ""
	some subject, store in data.ctkms.evaluation.stores
	store.organization == true
	owner := _owner(subject, store)
	owner.account != ""
	account != owner.account
	finding := result.finding("CT-EDS-ORG-KEY", {
		"msg": sprintf(
			"event data store %v collects the events of an organization, but its key is in account %v and not in %v, %v",
			[
				subject, account, owner.account, owner.why,
			],
		),
		"subject": subject,
		"remediation": sprintf("Encrypt the event data store with a key of account %v.", [owner.account]),
	})
}

_owner(_, _) := {"account": account, "why": "the management account"} if {
	account := object.get(data.ctkms.expectations.organization, "management_account", null)
	is_string(account)
}

_owner(subject, store) := {"account": subjects.account(subject, store), "why": "the account of the store"} if {
	not is_string(object.get(data.ctkms.expectations.organization, "management_account", null))
}
