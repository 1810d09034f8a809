# METADATA
# title: An event data store keeps its key for good
# description: |
#   Once an event data store is encrypted with a key, the key can be neither changed nor removed. A reminder for
#   each expected store; nothing is wrong.
# related_resources:
# - ref: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail-update-trail.html
# custom:
#   id: CT-EDS-IRREVERSIBLE
#   level: note
#   provenance: documented
package ctkms.rules.store.irreversible

import data.ctkms.result

# METADATA
# description: "Each event data store that uses the key."
findings contains finding if {
	some subject, _ in data.ctkms.evaluation.stores
	finding := result.finding("CT-EDS-IRREVERSIBLE", {
		"msg": sprintf(
			"event data store %v keeps this key for good: its key cannot be changed, its encryption cannot be stopped",
			[
				subject,
			],
		),
		"subject": subject,
		"remediation": "Make sure that this is the key you want, and guard it against deletion: the events are lost with it.",
	})
}
