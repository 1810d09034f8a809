# METADATA
# title: CloudTrail has what a bucket with an S3 Bucket Key demands
# description: |
#   With an S3 Bucket Key on the trail's bucket CloudTrail needs kms:GenerateDataKey, kms:DescribeKey and
#   kms:Decrypt, all three: without one of them the trail cannot be created or changed with this key. S3's request for
#   a bucket-level key has the bucket's ARN as aws:s3:arn; whether it still has aws:cloudtrail:arn is not documented,
#   so a statement that asks for that is a note.
# related_resources:
# - ref: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html#required-kms-key-policy-trails
# custom:
#   id: CT-TRAIL-BUCKETKEY-SET
#   level: error
#   provenance: documented
package ctkms.rules.trail.bucket_key

import data.ctkms.cloudtrail.trail
import data.ctkms.evaluation
import data.ctkms.policy
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
# description: "The same where nobody says whether the bucket uses one, and CloudTrail lacks what only then counts."
findings contains finding if {
	why := "may use an S3 Bucket Key (the expectations do not say); if it does, the trail cannot be created or changed"
	some subject, entry in data.ctkms.evaluation.trails
	trail.bucket_key(entry) == "unknown"
	{one.probe.capability | some one in _refused(subject)} & {"decrypt_service", "encrypt_further"} != set()
	finding := _finding(subject, {"level": "open"}, why)
}

# METADATA
# description: "Each statement for bucket-level keys that asks for what S3 perhaps does not send."
findings contains finding if {
	some one in evaluation.tried("bucket_level")
	one.decision.decision == "unknown"
	some open in verdict.open(one)
	finding := result.finding("CT-TRAIL-BUCKETKEY-SET", {
		"level": "note",
		"provenance": "inferred",
		"msg": sprintf("%v trail %v with an S3 Bucket Key hangs on what nobody documents: of %v, %v", [
			"whether S3 gets its bucket-level key for", one.probe.subject, policy.label(open.entry), open.element.why,
		]),
		"subject": one.probe.subject,
		"statement": open.entry,
		"path": open.element.path,
		"remediation": "Try it out: see whether log files arrive. If not, let aws:SourceArn alone say for which trails.",
	})
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
	"remediation": concat(" ", [_advice(one) | some one in ones]),
})) if {
	ones := _refused(subject)
	closest := verdict.decider(ones[0])
}

# One refused request for each of the three.
_refused(subject) := [ones[0] |
	some capabilities in [["decrypt_service"], ["describe"], ["encrypt", "bucket_level", "encrypt_further"]]
	ones := [one |
		some capability in capabilities
		some one in evaluation.tried_for(capability, subject)
		verdict.refused(one.decision)
		_hangs_on_the_bucket(one.probe)
	]
	count(ones) > 0
]

# What another rule advises about the same request is not said twice.
_advice(one) := sprintf("Do what %v advises.", [_told_by[one.probe.capability]]) if {
	one.probe.capability in object.keys(_told_by)
} else := remedy.text(one.probe, one.decision)

_told_by := {
	"encrypt": "CT-TRAIL-ENCRYPT",
	"describe": "CT-TRAIL-DESCRIBE",
	"decrypt_service": "CT-TRAIL-DECRYPT-SVC",
}

_actions(ones) := concat(", ", [one.probe.request.action | some one in ones])

# Of the files that only some trails deliver, CT-TRAIL-ENCRYPT speaks.
_hangs_on_the_bucket(probe) if probe.capability != "encrypt_further"

_hangs_on_the_bucket(probe) if "open" in object.keys(probe)
