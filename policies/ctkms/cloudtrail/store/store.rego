# METADATA
# title: What an event data store asks of its key
# description: |
#   The requests of CloudTrail Lake, of the people who query, and of copy roles for one event data store, as probes.
#   They carry neither
#   aws:SourceArn nor aws:SourceAccount, and no encryption context is documented for them.
# related_resources:
# - ref: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html
# - ref: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-copy-trail-to-lake.html
# custom:
#   library: true
package ctkms.cloudtrail.store

import data.ctkms.cloudtrail.request
import data.ctkms.expectations
import data.ctkms.iam.request as identity

# METADATA
# description: "The probes of one event data store with the key `key` (an ARN, or the sentinel of an unknown one)."
probes(arn, store, key) := array.concat(
	[_probe(arn, capability, data.ctkms.cloudtrail.request.service, what, made) |
		some [capability, action, what] in [
			["encrypt", "kms:GenerateDataKey", "CloudTrail encrypts events of event data store"],
			["decrypt_service", "kms:Decrypt", "CloudTrail decrypts events of event data store"],
			["describe", "kms:DescribeKey", "CloudTrail reads the key's properties for event data store"],
		]
		made := request.assuming_no_context(request.by_service(action, key, {}, {}))
	],
	_users(arn, store, key),
)

_users(arn, store, key) := [_probe(arn, "use", user, what, made) |
	some user, _ in expectations.map(store, "users")
	some action in ["kms:Decrypt", "kms:GenerateDataKey"]
	what := sprintf("%v asks %v to query event data store", [user, action])
	made := request.assuming_no_context(request.by_person(user, action, key, {}, identity.identity(user)))
]

# METADATA
# description: |
#   The probes of the roles that copy trail events into the event data store `arn` from files that `key` encrypts. AWS
#   documents aws:SourceArn (the store) on their requests; the files' encryption context names their trail, if any.
copies(arn, roles, key) := [_probe(arn, "copy", role, what, made) |
	some role, copy in roles
	some action in ["kms:Decrypt", "kms:GenerateDataKey"]
	what := sprintf("%v asks %v to copy trail events into event data store", [role, action])
	person := request.by_person(role, action, key, _copied(arn, copy), {
		"aws:SourceArn": arn,
		"aws:SourceAccount": expectations.account(arn),
	})
	made := object.union(person, {"absent": []})
]

_copied(arn, copy) := object.union(_source, {"aws:s3:arn": path}) if {
	is_string(object.get(copy, "bucket", null))
	path := sprintf("arn:%v:s3:::%v/AWSLogs/", [split(arn, ":")[1], copy.bucket])
} else := object.union(_source, {"aws:s3:arn": {
	"ctkms:unknown": "the expectations do not name the bucket that is copied",
}})

_source := {"ctkms:unknown": "nobody says of which trail the copied files are"}

_probe(arn, capability, principal, what, made) := {
	"id": sprintf("%v %v %v %v", [arn, capability, principal, made.action]),
	"capability": capability,
	"subject": arn,
	"principal": principal,
	"expect": "allow",
	"what": sprintf("%v %v", [what, arn]),
	"request": made,
}
