# METADATA
# title: What the tests of rules share
# description: |
#   The names of a small world (accounts, key, trail, event data store, people), AWS's documented statements filled in
#   for it, and the input that evaluates a policy in it. Loaded with the tests only.
package ctkms.testing_test

key := "arn:aws:kms:us-east-1:111111111111:key/1234abcd-12ab-34cd-56ef-1234567890ab"

trail := "arn:aws:cloudtrail:us-east-1:111111111111:trail/management-events"

store := "arn:aws:cloudtrail:us-east-1:111111111111:eventdatastore/EXAMPLE-f852-4e8f-8bd1-bcf6cEXAMPLE"

bob := "arn:aws:iam::111111111111:user/Bob"

alice := "arn:aws:iam::222222222222:user/Alice"

# What rules see of a policy: the input of one evaluation.
of(policy) := of_key({"policy": policy})

# The same with members of the key object changed, for example arn, kind, text or previous.
of_key(members) := {"ctkms": {"today": "2026-06-01", "key": object.union(
	{
		"arn": key,
		"label": key,
		"candidates": [key],
		"kind": "key-policy",
		"problem": null,
		"source": "policy.json",
		"text": {},
		"unknown": [],
	},
	members,
)}}

# Expectations: one trail (with members such as readers or bucket), or one event data store, that uses the key.
trail_with(members) := {"keys": {key: {}}, "trails": {trail: object.union({"key": key}, members)}}

store_with(members) := {"keys": {key: {}}, "event_data_stores": {store: object.union({"key": key}, members)}}

policy(statements) := {"Version": "2012-10-17", "Statement": statements}

# The statement with members replaced, or removed where the value is null.
but(statement, members) := {name: value |
	some name, value in object.union(statement, members)
	value != null
}

root := {
	"Sid": "EnableIAMUserPermissions",
	"Effect": "Allow",
	"Principal": {"AWS": "arn:aws:iam::111111111111:root"},
	"Action": "kms:*",
	"Resource": "*",
}

# Examples 1, 5, 13 and 4 of the page: a trail's statements.
encrypt := {
	"Sid": "AllowCloudTrailEncryptLogs",
	"Effect": "Allow",
	"Principal": {"Service": "cloudtrail.amazonaws.com"},
	"Action": "kms:GenerateDataKey*",
	"Resource": "*",
	"Condition": {
		"StringLike": {"kms:EncryptionContext:aws:cloudtrail:arn": ["arn:aws:cloudtrail:*:111111111111:trail/*"]},
		"StringEquals": {"aws:SourceArn": trail},
	},
}

decrypt := {
	"Sid": "AllowCloudTrailDecrypt",
	"Effect": "Allow",
	"Principal": {"Service": "cloudtrail.amazonaws.com"},
	"Action": "kms:Decrypt",
	"Resource": "*",
}

describe := {
	"Sid": "AllowCloudTrailAccess",
	"Effect": "Allow",
	"Principal": {"Service": "cloudtrail.amazonaws.com"},
	"Action": "kms:DescribeKey",
	"Resource": "*",
	"Condition": {"StringEquals": {"aws:SourceArn": trail}},
}

reader := {
	"Sid": "EnableCloudTrailLogDecryptPermissions",
	"Effect": "Allow",
	"Principal": {"AWS": bob},
	"Action": "kms:Decrypt",
	"Resource": "*",
	"Condition": {"Null": {"kms:EncryptionContext:aws:cloudtrail:arn": "false"}},
}

# Examples 2, 7 and 6: an event data store's statements.
store_encrypt := {
	"Sid": "AllowCloudTrailEncryptEventDataStore",
	"Effect": "Allow",
	"Principal": {"Service": "cloudtrail.amazonaws.com"},
	"Action": "kms:GenerateDataKey",
	"Resource": "*",
}

store_decrypt := object.union(decrypt, {"Sid": "AllowCloudTrailDecryptEventDataStore"})

store_user := {
	"Sid": "EnableUserKeyPermissionsEds",
	"Effect": "Allow",
	"Principal": {"AWS": bob},
	"Action": ["kms:Decrypt", "kms:GenerateDataKey"],
	"Resource": "*",
}

trail_policy := policy([root, encrypt, decrypt, describe, reader])

store_policy := policy([root, store_encrypt, store_decrypt, store_user])
