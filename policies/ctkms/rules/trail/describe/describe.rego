# METADATA
# title: CloudTrail can read the key's properties
# description: |
#   AWS lists kms:DescribeKey for CloudTrail among the required sections of a trail's key policy. Where the bucket
#   uses an S3 Bucket Key, the trail cannot be created or changed without it; what else fails is not documented.
# related_resources:
# - ref: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html#create-kms-key-policy-for-cloudtrail-describe
# custom:
#   id: CT-TRAIL-DESCRIBE
#   level: error
#   provenance: documented
package ctkms.rules.trail.describe

import data.ctkms.cloudtrail.probe
import data.ctkms.verdict

# METADATA
# description: "Each trail for which CloudTrail may not describe the key."
findings contains finding if {
	some subjects in [data.ctkms.evaluation.trails, probe.account_subjects(data.ctkms.evaluation.key.arn)]
	some one in verdict.failures("describe", subjects)
	found := verdict.finding("CT-TRAIL-DESCRIBE", one, {})
	finding := object.union(found, {"msg": sprintf("%v; AWS documents this permission as a requirement", [found.msg])})
}
