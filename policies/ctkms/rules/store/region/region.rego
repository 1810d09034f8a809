# METADATA
# title: The key is in the Region of the event data store
# description: |
#   CloudTrail finds the key of an event data store in the store's own Region only; elsewhere it answers
#   KmsKeyNotFoundException.
# related_resources:
# - ref: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail-update-trail.html
# custom:
#   id: CT-EDS-REGION
#   level: error
#   provenance: documented
package ctkms.rules.store.region

import data.ctkms.expectations
import data.ctkms.result
import data.ctkms.subject as subjects

# METADATA
# description: "Each event data store whose key is in another Region."
findings contains finding if {
	region := expectations.region(data.ctkms.evaluation.key.arn)
	region != ""
	some subject, store in data.ctkms.evaluation.stores
	own := subjects.region(subject, store)
	own != ""
	region != own
	finding := result.finding("CT-EDS-REGION", {
		"msg": sprintf(
			"the key is in Region %v, event data store %v in Region %v",
			[region, subject, own],
		),
		"subject": subject,
		"remediation": sprintf(
			"Encrypt the event data store with a key (or a multi-Region replica) in %v; each replica has a policy of its own.",
			[own],
		),
	})
}

# METADATA
# description: "Each event data store of which nobody says in which Region it is."
not_evaluated contains {"rule": "CT-EDS-REGION", "why": why} if {
	some subject, store in data.ctkms.evaluation.stores
	subjects.region(subject, store) == ""
	why := sprintf("nobody says in which Region event data store %v is", [subject])
}
