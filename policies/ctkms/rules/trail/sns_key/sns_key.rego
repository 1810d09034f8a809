# METADATA
# title: CloudTrail can publish to the encrypted topic
# description: |
#   A trail that notifies an encrypted SNS topic needs kms:GenerateDataKey* and kms:Decrypt for CloudTrail on the
#   topic's key. Refused, notifications fail.
# related_resources:
# - ref: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-permissions-for-sns-notifications.html
# custom:
#   id: CT-SNS-KEY
#   level: error
#   provenance: documented
package ctkms.rules.trail.sns_key

import data.ctkms.verdict

# METADATA
# description: "Each trail whose topic's key refuses CloudTrail."
findings contains verdict.finding("CT-SNS-KEY", one, {}) if {
	some one in verdict.failures("notify", data.ctkms.evaluation.topics)
}
