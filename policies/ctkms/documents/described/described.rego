# METADATA
# title: What AWS APIs say of keys, trails, event data stores and buckets
# description: |
#   Turns the objects that AWS APIs return into what the expectations call the same things. Total functions: of what is
#   not said, or not as the API says it, nothing is assumed.
# related_resources:
# - ref: https://docs.aws.amazon.com/kms/latest/APIReference/API_KeyMetadata.html
# - ref: https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_Trail.html
# - ref: https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_GetEventDataStore.html
# - ref: https://docs.aws.amazon.com/AmazonS3/latest/API/API_ServerSideEncryptionRule.html
# custom:
#   library: true
package ctkms.documents.described

import data.ctkms.documents.policy_text
import data.ctkms.policy

# METADATA
# description: |
#   The key policy under `value` as members of a key object: policy, problem, unparsable and place. `path` is where the
#   value stands; policies come as text, and as text of text.
key_policy(value, path, where) := object.union(
	policy_text.read(json.unmarshal(value), where),
	{"place": {"path": array.concat(path, [null, null]), "part": []}},
) if {
	_is_quoted_text(value)
} else := object.union(
	policy_text.read(value, where),
	{"place": {"path": array.concat(path, [null]), "part": []}},
) if {
	is_string(value)
} else := {"policy": value, "place": {"path": path, "part": []}} if {
	is_object(value)
} else := {
	"problem": sprintf("%v is neither text nor an object", [where]),
	"unparsable": true,
	"place": {"path": path, "part": []},
}

# METADATA
# description: "What KMS gives to a key that comes without a policy; partition and account are empty where not known."
# related_resources:
# - ref: https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
default_policy(partition, account) := {
	"Version": "2012-10-17",
	"Id": "key-default-1",
	"Statement": [{
		"Sid": "Enable IAM User Permissions",
		"Effect": "Allow",
		"Principal": {"AWS": _root(partition, account)},
		"Action": "kms:*",
		"Resource": "*",
	}],
}

_root(partition, account) := sprintf("arn:%v:iam::%v:root", [partition, account]) if {
	partition != ""
	account != ""
} else := {"ctkms:unknown": "the account of the key"}

# METADATA
# description: "The members of a KeyMetadata object as the expectations call them; what is not given is left out."
metadata(given) := {member: value |
	some member, value in object.union(_own(given), _related(given))
	value != null
}

# METADATA
# description: "The entry of a trail, without its bucket."
trail(given) := {member: value |
	some [member, value] in [
		["organization", said(given, "IsOrganizationTrail", false)],
		["log_file_validation", said(given, "LogFileValidationEnabled", null)],
	]
	value != null
}

# METADATA
# description: "The entry of an event data store."
store(given) := {"organization": said(given, "OrganizationEnabled", false)}

# METADATA
# description: "The bucket of a trail, as far as the trail itself names it."
bucket(given) := {
	"name": said(given, "S3BucketName", null),
	"prefix": _no_null(said(given, "S3KeyPrefix", null), ""),
} if {
	is_string(said(given, "S3BucketName", null))
} else := {}

# METADATA
# description: |
#   Whether a bucket uses an S3 Bucket Key, as its ServerSideEncryptionConfiguration says: true, false, or the sentinel.
bucket_key(configuration) if {
	true in _flags(configuration)
} else := false if {
	is_array(said(configuration, "Rules", null))
	_flags(configuration) - {false} == set()
} else := {"ctkms:unknown": "whether the bucket uses an S3 Bucket Key"}

# METADATA
# description: "The member of an object; the default where there is no object or no such member."
said(value, name, otherwise) := object.get(value, name, otherwise) if {
	is_object(value)
	not policy.is_unknown(value)
} else := otherwise

# METADATA
# description: "The field of an ARN, counted from 0; empty where it is none."
field(arn, position) := split(arn, ":")[position] if {
	is_string(arn)
	count(split(arn, ":")) > 5
} else := ""

_is_quoted_text(value) if {
	is_string(value)
	startswith(trim_space(value), "\"")
	json.is_valid(value)
}

_own(given) := {
	"state": said(given, "KeyState", null),
	"spec": said(given, "KeySpec", said(given, "CustomerMasterKeySpec", null)),
	"usage": said(given, "KeyUsage", null),
	"multi_region": said(given, "MultiRegion", null),
	"manager": said(given, "KeyManager", null),
	"origin": said(given, "Origin", null),
}

# The primary key and the replicas of a multi-Region key.
_related(given) := {"replicas": {arn: {} | some arn in arns}} if {
	configuration := said(given, "MultiRegionConfiguration", {})
	replicas := policy.as_list(said(configuration, "ReplicaKeys", []))
	arns := {arn |
		some one in array.concat([said(configuration, "PrimaryKey", {})], replicas)
		arn := said(one, "Arn", null)
		is_string(arn)
		arn != said(given, "Arn", null)
	}
	count(arns) > 0
} else := {}

_flags(configuration) := {said(rule, "BucketKeyEnabled", false) |
	some rule in policy.as_list(said(configuration, "Rules", []))
	is_object(rule)
} | {null |
	some rule in policy.as_list(said(configuration, "Rules", []))
	not is_object(rule)
}

_no_null(value, otherwise) := otherwise if is_null(value)

else := value
