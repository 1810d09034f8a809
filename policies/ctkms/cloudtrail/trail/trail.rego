# METADATA
# title: What a trail asks of its key
# description: |
#   The requests of CloudTrail and of readers for one trail, as probes {id, capability, subject, principal, what,
#   expect, request}. Probes that must be allowed have expect "allow". Those of encrypt_further and read_further are
#   made for some trails only: they also have "provenance", and "open" where it hangs on the bucket, which nobody
#   describes, whether they are made.
# related_resources:
# - ref: https://docs.aws.amazon.com/kms/latest/developerguide/services-cloudtrail.html
# - ref: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html
# - ref: https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-key.html
#   description: "With an S3 Bucket Key the encryption context holds the bucket's ARN, not the object's"
# - ref: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-s3-bucket-policy-for-cloudtrail.html
#   description: "Where a trail puts its files, and those of an organization's members"
# custom:
#   library: true
package ctkms.cloudtrail.trail

import data.ctkms.cloudtrail.request
import data.ctkms.expectations
import data.ctkms.iam.request as identity
import data.ctkms.policy

# METADATA
# description: |
#   The probes of one trail with the key `key` (an ARN, or the sentinel of an unknown one). `heeds` says what the
#   conditions of the policies look at (ctkms.cloudtrail.probe): requests that differ elsewhere only are tried once.
probes(arn, trail, key, heeds) := array.concat(
	_service_probes(arn, trail, key, heeds),
	[probe |
		some reader, _ in expectations.map(trail, "readers")
		some probe in reads(reader, arn, trail, key, heeds)
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
# description: "The probes of a reader who gets files of the trail from S3, in the context of their encryption."
reads(reader, arn, trail, key, heeds) := [object.union(more, {
	"id": sprintf("%v read by %v%v", [arn, reader, object.get(_apart, name, "")]),
	"capability": capability,
	"subject": arn,
	"principal": reader,
	"expect": "allow",
	"what": sprintf("%v reads %v of trail %v", [reader, what, arn]),
	"request": request.by_person(
		reader,
		"kms:Decrypt",
		key,
		{"aws:cloudtrail:arn": arn, "aws:s3:arn": path},
		object.union(identity.identity(reader), {"kms:ViaService": _s3(trail)}),
	),
}) |
	some [capability, name, what, path, more] in _read(arn, trail, heeds)
]

# METADATA
# description: "The ARN of a log file of the trail; unknown where nobody says which bucket it writes to."
log_file(arn, trail) := _object(arn, trail, _home(arn), "CloudTrail", ".json.gz")

# METADATA
# description: "Whether the trail's bucket uses an S3 Bucket Key: yes, no, unsaid (no bucket is described) or unknown."
bucket_key(trail) := "unsaid" if {
	object.get(trail, "bucket", null) == null
} else := "unknown" if {
	not is_boolean(object.get(_bucket(trail), "bucket_key", null))
} else := "yes" if {
	_bucket(trail).bucket_key
} else := "no"

_service_probes(arn, trail, key, heeds) := array.concat(
	[_probe(arn, capability, name, what, encrypt(arn, key, path), more) |
		some [capability, name, what, path, more] in _encrypted(arn, trail, heeds)
	],
	array.concat(_bucket_level(arn, trail, key, heeds), [
		_probe(arn, "describe", "key", "CloudTrail reads the key's properties for", describe(arn, key), {}),
		_probe(arn, "decrypt_service", "data key", "CloudTrail decrypts for", decrypt(arn, key), {}),
	]),
)

_probe(arn, capability, name, what, made, more) := object.union(more, {
	"id": sprintf("%v %v %v", [arn, capability, name]),
	"capability": capability,
	"subject": arn,
	"principal": data.ctkms.cloudtrail.request.service,
	"expect": "allow",
	"what": sprintf("%v trail %v", [what, arn]),
	"request": made,
})

# What CloudTrail encrypts, as [capability, name, words, aws:s3:arn, more]. Where no policy looks at the object, one
# file stands for all; where the bucket uses an S3 Bucket Key, only the request that validates the key names an object.
_encrypted(arn, trail, heeds) := [_log_file(arn, trail)] if {
	not heeds.object
} else := [_log_file(arn, trail)] if {
	bucket_key(trail) == "unsaid"
} else := [_validation(arn, trail)] if {
	bucket_key(trail) == "yes"
} else := array.concat(
	[_validation(arn, trail), _log_file(arn, trail)],
	array.concat(_digest(arn, trail), _further(arn, trail)),
)

_validation(arn, trail) := [
	"encrypt", "validation", "CloudTrail checks that it may encrypt for", _object(arn, trail, _home(arn), "", ""), {},
]

_log_file(arn, trail) := ["encrypt", "log file", "CloudTrail encrypts a log file of", log_file(arn, trail), {}]

# Digest files are encrypted with the key where log file validation is on; unsaid, it may be on.
_digest(arn, trail) := [] if {
	trail.log_file_validation == false
} else := [["encrypt", "digest file", "CloudTrail encrypts a digest file of", _digest_file(arn, trail), {}]]

_digest_file(arn, trail) := _object(arn, trail, _home(arn), "CloudTrail-Digest", ".json.gz")

# Files that some trails deliver: those of another Region, of Insights and of an organization's members.
_further(arn, trail) := [["encrypt_further", name, what, path, {"provenance": provenance}] |
	elsewhere := _elsewhere(arn)
	some [name, place, folder, provenance] in array.concat(
		[
			[sprintf("Region %v", [elsewhere]), {"region": elsewhere}, "CloudTrail", "inferred"],
			["Insights", {}, "CloudTrail-Insight", "inferred"],
		],
		[[sprintf("member account %v", [account]), {"account": account}, "CloudTrail", "documented"] |
			some account in _members(arn, trail)
		],
	)
	what := sprintf("CloudTrail encrypts a log file of %v for", [name])
	path := _object(arn, trail, object.union(_home(arn), place), folder, ".json.gz")
]

_elsewhere(arn) := "us-west-2" if {
	_region(arn) != "us-west-2"
} else := "us-east-1"

# Accounts whose events an organization trail delivers; where none is declared, one stands for them all.
_members(arn, trail) := [] if {
	object.get(trail, "organization", false) != true
} else := others if {
	others := sort(object.keys(expectations.map(data.ctkms.expectations.all, "accounts")) - {expectations.account(arn)})
	count(others) > 0
} else := ["000000000000"]

# S3's own request with an S3 Bucket Key: for the bucket. Whether it still carries the trail nobody documents.
_bucket_level(arn, trail, key, heeds) := [_probe(arn, capability, "bucket-level key", what, made, _open(arn, trail)) |
	heeds.context
	bucket_key(trail) in {"yes", "unknown"}
	capability := {"yes": "bucket_level", "unknown": "encrypt_further"}[bucket_key(trail)]
	what := "S3 asks for a bucket-level key for"
	made := request.by_service("kms:GenerateDataKey", key, source(arn), {
		"aws:s3:arn": _bucket_arn(arn, trail),
		"ctkms:unknown": "nobody documents whether requests for a bucket-level key carry aws:cloudtrail:arn",
	})
]

_open(arn, trail) := {
	"provenance": "inferred",
	"open": sprintf("whether the bucket of trail %v uses an S3 Bucket Key: requests then name it, and no object", [arn]),
} if {
	bucket_key(trail) == "unknown"
} else := {}

# What a reader decrypts, likewise. Nobody says that every reader reads digest files.
_read(arn, trail, heeds) := [["read", "log file", "a log file", _bucket_arn(arn, trail), {}]] if {
	bucket_key(trail) == "yes"
} else := [["read", "log file", "a log file", log_file(arn, trail), {}]] if {
	not heeds.object
} else := [["read", "log file", "a log file", log_file(arn, trail), {}]] if {
	bucket_key(trail) == "unsaid"
} else := array.concat(
	[["read", "log file", "a log file", log_file(arn, trail), {}]],
	array.concat(
		[["read_further", "digest file", "a digest file", path, {"provenance": "inferred"}] |
			some [_, _, _, path, _] in _digest(arn, trail)
		],
		[["read_further", "bucket", "a file with a bucket-level key", _bucket_arn(arn, trail), _open(arn, trail)] |
			bucket_key(trail) == "unknown"
		],
	),
)

_apart := {"digest file": " (digest file)", "bucket": " (bucket-level key)"}

_bucket_arn(arn, trail) := sprintf("arn:%v:s3:::%v", [_partition(arn), _bucket(trail).name]) if {
	is_string(object.get(_bucket(trail), "name", null))
} else := _no_bucket

_no_bucket := {"ctkms:unknown": "the expectations do not name the trail's bucket"}

# Where the events of a file come from: of itself, the trail's owner and home Region.
_home(arn) := {"account": expectations.account(arn), "region": _region(arn)}

# The object that CloudTrail writes. Only what a policy can tell apart matters: bucket, prefix, account, Region.
_object(arn, trail, place, folder, suffix) := concat("", [
	sprintf("arn:%v:s3:::%v/%vAWSLogs/", [_partition(arn), bucket.name, _prefix(bucket)]),
	sprintf("%v%v/", [_organization(trail), place.account]),
	_file(place, folder, suffix),
]) if {
	bucket := _bucket(trail)
	is_string(object.get(bucket, "name", null))
	is_string(_organization(trail))
} else := _organization(trail) if {
	is_object(_organization(trail))
} else := _no_bucket

_file(_, "", _) := ""

_file(place, folder, suffix) := sprintf("%v/%v/2026/01/31/%v_%v_%v_20260131T0000Z_Example0123456789%v", [
	folder, place.region, place.account, folder, place.region, suffix,
]) if {
	folder != ""
}

_prefix(bucket) := sprintf("%v/", [trim_suffix(bucket.prefix, "/")]) if {
	is_string(object.get(bucket, "prefix", null))
	trim_suffix(bucket.prefix, "/") != ""
} else := ""

# An organization trail has a folder for every account below the organization's id.
_organization(trail) := trail.organization if {
	policy.is_unknown(object.get(trail, "organization", false))
} else := "" if {
	object.get(trail, "organization", false) != true
} else := sprintf("%v/", [data.ctkms.expectations.organization.id]) if {
	is_string(object.get(data.ctkms.expectations.organization, "id", null))
} else := {"ctkms:unknown": "the expectations do not name the organization's id"}

_bucket(trail) := expectations.map(trail, "bucket")

_partition(arn) := split(arn, ":")[1]

_region(arn) := split(arn, ":")[3]

_s3(trail) := sprintf("s3.%v.amazonaws.com", [_bucket(trail).region]) if {
	is_string(object.get(_bucket(trail), "region", null))
} else := {"ctkms:unknown": "the expectations do not name the bucket's Region"}
