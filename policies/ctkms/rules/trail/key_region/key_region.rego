# METADATA
# title: The key is in the Region of the trail's bucket
# description: |
#   The key of a trail has to be in the Region of the S3 bucket that gets its files, whatever the trail's home
#   Region; elsewhere CloudTrail answers KmsKeyNotFoundException. Of a multi-Region key the replica in that Region
#   counts, with a key policy of its own. A trail and its key are of one partition.
# related_resources:
# - ref: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/encrypting-cloudtrail-log-files-with-aws-kms.html
# custom:
#   id: CT-TRAIL-KEY-REGION
#   level: error
#   provenance: documented
package ctkms.rules.trail.key_region

import data.ctkms.expectations
import data.ctkms.result

# METADATA
# description: "Each trail whose bucket is in another Region than the key."
findings contains finding if {
	_key_region != ""
	some subject, entry in data.ctkms.evaluation.trails
	region := _bucket_region(entry)
	region != ""
	region != _key_region
	finding := result.finding("CT-TRAIL-KEY-REGION", {
		"msg": sprintf("the key is in Region %v, the bucket of trail %v in Region %v", [_key_region, subject, region]),
		"subject": subject,
		"remediation": _advice(region),
	})
}

# METADATA
# description: "Each trail of another partition than the key; that none of them can use it is inferred."
findings contains finding if {
	_key_region != ""
	some subject, _ in data.ctkms.evaluation.trails
	expectations.region(subject) != ""
	partition := expectations.partition(subject)
	partition != _key_partition
	finding := result.finding("CT-TRAIL-KEY-REGION", {
		"level": "open",
		"msg": sprintf("the key is in partition %v, trail %v in partition %v, whose services have no access to it", [
			_key_partition, subject, partition,
		]),
		"subject": subject,
		"remediation": sprintf("Use a key of partition %v for this trail.", [partition]),
	})
}

# METADATA
# scope: document
# description: "Each trail of which nobody says in which Region its bucket or its key is."
not_evaluated contains {"rule": "CT-TRAIL-KEY-REGION", "why": why} if {
	some subject, entry in data.ctkms.evaluation.trails
	_bucket_region(entry) == ""
	why := sprintf("the expectations do not name the Region of the bucket of trail %v", [subject])
}

not_evaluated contains {"rule": "CT-TRAIL-KEY-REGION", "why": "nobody says which key the policy belongs to"} if {
	count(data.ctkms.evaluation.trails) > 0
	_key_region == ""
}

_key_region := expectations.region(data.ctkms.evaluation.key.arn)

_key_partition := expectations.partition(data.ctkms.evaluation.key.arn)

_bucket_region(entry) := region if {
	region := object.get(expectations.map(entry, "bucket"), "region", null)
	is_string(region)
} else := ""

_advice(region) := sprintf("Use the replica of this multi-Region key in %v (%v); it has a key policy of its own.", [
	region,
	replace(data.ctkms.evaluation.key.arn, sprintf(":%v:", [_key_region]), sprintf(":%v:", [region])),
]) if {
	contains(data.ctkms.evaluation.key.arn, ":key/mrk-")
} else := sprintf("Use a key in %v for this trail.", [region])
