# METADATA
# title: CloudTrail can read the properties of the event data store's key
# description: |
#   AWS lists kms:DescribeKey among what an event data store needs. Its only sample asks for aws:SourceArn, which
#   requests for event data stores do not carry, and its own default policy for stores does without: what a user
#   sees is not documented, so this is a warning under every profile.
# related_resources:
# - ref: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html#create-kms-key-policy-for-cloudtrail-describe
# custom:
#   id: CT-EDS-DESCRIBE
#   level: warning
#   provenance: documented
package ctkms.rules.store.describe

import data.ctkms.verdict

# METADATA
# description: "Each event data store for which CloudTrail may not describe the key."
findings contains verdict.finding("CT-EDS-DESCRIBE", one, {"level": "open"}) if {
	some one in verdict.failures("describe", data.ctkms.evaluation.stores)
}
