# METADATA
# title: CloudTrail can decrypt the events of the event data store
# description: |
#   CloudTrail decrypts what an event data store holds when it runs queries and takes events in. Refused, the store
#   cannot be saved (InsufficientEncryptionPolicyException), and queries fail.
# related_resources:
# - ref: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html#create-kms-key-policy-for-cloudtrail-decrypt
# custom:
#   id: CT-EDS-DECRYPT-SVC
#   level: error
#   provenance: documented
package ctkms.rules.store.decrypt_service

import data.ctkms.verdict

# METADATA
# description: "Each event data store for which CloudTrail may not decrypt."
findings contains verdict.finding("CT-EDS-DECRYPT-SVC", one, {}) if {
	some one in verdict.failures("decrypt_service", data.ctkms.evaluation.stores)
}
