# METADATA
# title: CloudTrail can encrypt the events of the event data store
# description: |
#   CloudTrail asks for a data key when an event data store is created or changed, and for the events that it takes
#   in. Refused, the store cannot be saved (InsufficientEncryptionPolicyException), or takes no events in. These
#   requests carry neither aws:SourceArn nor aws:SourceAccount nor an encryption context that AWS documents.
# related_resources:
# - ref: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html#create-kms-key-policy-for-cloudtrail-encrypt
# custom:
#   id: CT-EDS-ENCRYPT
#   level: error
#   provenance: documented
package ctkms.rules.store.encrypt

import data.ctkms.verdict

# METADATA
# description: "Each event data store for which CloudTrail may not encrypt."
findings contains verdict.finding("CT-EDS-ENCRYPT", one, {}) if {
	some one in verdict.failures("encrypt", data.ctkms.evaluation.stores)
}
