# METADATA
# title: What a trail asks of its key
# description: |
#   The requests of CloudTrail and of readers for one trail, as probes {id, capability, subject, principal, what,
#   expect, request}.
#   Probes that must be allowed have expect "allow".
# related_resources:
# - ref: https://docs.aws.amazon.com/kms/latest/developerguide/services-cloudtrail.html
# - ref: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html
# custom:
#   library: true
package ctkms.cloudtrail.trail

import data.ctkms.cloudtrail.request
import data.ctkms.expectations

# METADATA
# description: "The probes of one trail with the key `key` (an ARN, or the sentinel of an unknown one)."
probes(arn, trail, key) := array.concat(
	_service_probes(arn, trail, key),
	[probe |
		some reader, _ in expectations.map(trail, "readers")
		probe := read(reader, arn, trail, key)
	],
)

# METADATA
# description: "The request with which CloudTrail asks for a data key for one file of a trail."
encrypt(arn, key, path) := request.by_service(
	"kms:GenerateDataKey",
	key,
	source(arn),
	{"aws:cloudtrail:arn": arn, "aws:s3:arn": path},
)

# METADATA
# description: "The request with which CloudTrail reads the properties of the key."
describe(arn, key) := request.by_service("kms:DescribeKey", key, source(arn), {})

# METADATA
# description: "The request with which CloudTrail decrypts; of its encryption context nothing is documented."
decrypt(arn, key) := request.by_service("kms:Decrypt", key, source(arn), data.ctkms.cloudtrail.request.undocumented)

# METADATA
# description: "The source keys of a trail's requests: the trail and the account that owns it."
source(arn) := {"aws:SourceArn": arn, "aws:SourceAccount": expectations.account(arn)}

# METADATA
# description: "The probe of a reader who gets a log file of the trail from S3."
read(reader, arn, trail, key) := {
	"id": sprintf("%v read by %v", [arn, reader]),
	"capability": "read",
	"subject": arn,
	"principal": reader,
	"expect": "allow",
	"what": sprintf("%v reads a log file of trail %v", [reader, arn]),
	"request": request.by_person(
		reader,
		"kms:Decrypt",
		key,
		{"aws:cloudtrail:arn": arn, "aws:s3:arn": log_file(arn, trail)},
		{"kms:ViaService": _s3(trail)},
	),
}

# METADATA
# description: "The ARN of a log file of the trail; unknown where nobody says which bucket it writes to."
log_file(arn, trail) := _object(arn, trail, "CloudTrail", ".json.gz")

# METADATA
# description: "Whether the trail's bucket uses an S3 Bucket Key: yes, no, unsaid (no bucket is described) or unknown."
bucket_key(trail) := "unsaid" if {
	object.get(trail, "bucket", null) == null
} else := "unknown" if {
	not is_boolean(object.get(_bucket(trail), "bucket_key", null))
} else := "yes" if {
	_bucket(trail).bucket_key
} else := "no"

_service_probes(arn, trail, key) := [_probe(arn, capability, name, what, made) |
	some [capability, name, what, made] in array.concat(
		[
			[
				"encrypt", "validation", "CloudTrail checks that it may encrypt for trail",
				encrypt(arn, key, _object(arn, trail, "", "")),
			],
			[
				"encrypt", "log file", "CloudTrail encrypts a log file of trail",
				encrypt(arn, key, log_file(arn, trail)),
			],
			["describe", "key", "CloudTrail reads the key's properties for trail", describe(arn, key)],
			["decrypt_service", "data key", "CloudTrail decrypts for trail", decrypt(arn, key)],
		],
		array.concat(_digest(arn, trail, key), _bucket_level(arn, trail, key)),
	)
]

_probe(arn, capability, name, what, made) := {
	"id": sprintf("%v %v %v", [arn, capability, name]),
	"capability": capability,
	"subject": arn,
	"principal": data.ctkms.cloudtrail.request.service,
	"expect": "allow",
	"what": sprintf("%v %v", [what, arn]),
	"request": made,
}

# Digest files are encrypted with the key where log file validation is on; unsaid, it may be on.
_digest(arn, trail, key) := [] if {
	object.get(trail, "log_file_validation", true) == false
} else := [[
	"encrypt", "digest file", "CloudTrail encrypts a digest file of trail",
	encrypt(arn, key, _object(arn, trail, "CloudTrail-Digest", ".json.gz")),
]]

_bucket_level(arn, trail, key) := [[
	"encrypt", "bucket-level key", "S3 asks for a bucket-level key for trail",
	encrypt(arn, key, sprintf("arn:%v:s3:::%v", [_partition(arn), _bucket(trail).name])),
]] if {
	bucket_key(trail) == "yes"
	is_string(object.get(_bucket(trail), "name", null))
} else := []

# The object that CloudTrail writes. Only what a policy can tell apart matters: bucket, prefix, account, Region.
_object(arn, trail, folder, suffix) := path if {
	bucket := _bucket(trail)
	is_string(object.get(bucket, "name", null))
	account := expectations.account(arn)
	path := concat("", [
		sprintf("arn:%v:s3:::%v/%vAWSLogs/", [_partition(arn), bucket.name, _prefix(bucket)]),
		sprintf("%v%v/", [_organization(trail), account]),
		_file(arn, account, folder, suffix),
	])
} else := {"ctkms:unknown": "the expectations do not name the trail's bucket"}

_file(_, _, "", _) := ""

_file(arn, account, folder, suffix) := sprintf("%v/%v/2026/01/31/%v_%v_%v_20260131T0000Z_Example0123456789%v", [
	folder, _region(arn), account, folder, _region(arn), suffix,
]) if {
	folder != ""
}

_prefix(bucket) := sprintf("%v/", [trim_suffix(bucket.prefix, "/")]) if {
	is_string(object.get(bucket, "prefix", null))
	trim_suffix(bucket.prefix, "/") != ""
} else := ""

# An organization trail has a folder for every member below the organization's id; the management account's stands for
# them all.
_organization(trail) := sprintf("%v/", [object.get(data.ctkms.expectations.organization, "id", "o-exampleorgid")]) if {
	object.get(trail, "organization", false) == true
} else := ""

_bucket(trail) := expectations.map(trail, "bucket")

_partition(arn) := split(arn, ":")[1]

_region(arn) := split(arn, ":")[3]

_s3(trail) := sprintf("s3.%v.amazonaws.com", [_bucket(trail).region]) if {
	is_string(object.get(_bucket(trail), "region", null))
} else := {"ctkms:unknown": "the expectations do not name the bucket's Region"}
