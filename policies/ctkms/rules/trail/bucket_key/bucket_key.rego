# METADATA
# title: CloudTrail has what a bucket with an S3 Bucket Key demands
# description: |
#   With an S3 Bucket Key on the trail's bucket CloudTrail needs kms:GenerateDataKey, kms:DescribeKey and
#   kms:Decrypt, all three: without one of them the trail cannot be created or changed with this key.
# related_resources:
# - ref: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html#required-kms-key-policy-trails
# custom:
#   id: CT-TRAIL-BUCKETKEY-SET
#   level: error
#   provenance: documented
package ctkms.rules.trail.bucket_key

import data.ctkms.cloudtrail.trail
import data.ctkms.remedy
import data.ctkms.result
import data.ctkms.verdict

# METADATA
# description: "Each trail whose bucket uses an S3 Bucket Key and for which CloudTrail is refused one of the three."
findings contains finding if {
	some subject, entry in data.ctkms.evaluation.trails
	trail.bucket_key(entry) == "yes"
	count(_refused(subject)) > 0
	finding := _finding(subject, {}, "uses an S3 Bucket Key, so that the trail cannot be created or changed")
}

# METADATA
# description: "The same where nobody says whether the bucket uses an S3 Bucket Key and CloudTrail may not decrypt."
findings contains finding if {
	some subject, entry in data.ctkms.evaluation.trails
	trail.bucket_key(entry) == "unknown"
	"decrypt_service" in {one.probe.capability | some one in _refused(subject)}
	why := "may use an S3 Bucket Key (the expectations do not say); if it does, the trail cannot be created or changed"
	finding := _finding(subject, {"level": "warning"}, why)
}

# METADATA
# description: "Each trail whose bucket nobody describes."
not_evaluated contains {"rule": "CT-TRAIL-BUCKETKEY-SET", "why": why} if {
	some subject, entry in data.ctkms.evaluation.trails
	trail.bucket_key(entry) == "unsaid"
	why := sprintf("the expectations do not describe the bucket of trail %v", [subject])
}

_finding(subject, fields, why) := result.finding("CT-TRAIL-BUCKETKEY-SET", object.union(fields, {
	"msg": sprintf("CloudTrail is refused %v for trail %v, whose bucket %v: %v", [
		_actions(ones), subject, why, closest.why,
	]),
	"subject": subject,
	"statement": closest.statement,
	"path": closest.path,
	"remediation": concat(" ", [remedy.text(one.probe, one.decision) | some one in ones]),
})) if {
	ones := _refused(subject)
	closest := verdict.decider(ones[0])
}

_refused(subject) := [one |
	some capability in ["decrypt_service", "describe", "encrypt"]
	some one in verdict.failures(capability, {subject: true})
]

_actions(ones) := concat(", ", [one.probe.request.action | some one in ones])
