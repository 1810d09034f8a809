package ctkms.rules.trail.readers_test

import data.ctkms.rules.trail.readers
import data.ctkms.testing_test as testing

_finding := {
	"rule": "CT-TRAIL-READERS",
	"key": testing.key,
	"url": concat("#", [
		"https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html",
		"create-kms-key-policy-for-cloudtrail-decrypt",
	]),
}

_bob := testing.trail_with({"readers": {testing.bob: null}})

_with_policies(statements) := object.union(_bob, {"principals": {testing.bob: {"identity_policies": {
	"read": {"Version": "2012-10-17", "Statement": statements},
}}}})

_decrypt(effect) := {"Effect": effect, "Action": "kms:Decrypt", "Resource": "*"}

test_passes_with_the_documented_statement if {
	findings := readers.findings with input as testing.of(testing.trail_policy)
		with data.expected as _bob
	findings == set()
}

test_fails_when_nobody_lets_the_reader_in if {
	findings := readers.findings with input as testing.of(testing.policy([testing.encrypt]))
		with data.expected as _bob
	findings == {object.union(_finding, {
		"level": "error",
		"msg": concat("", [
			testing.bob,
			" cannot read the log files of trail ",
			testing.trail,
			" (kms:Decrypt on the key): no statement is meant for this caller and action",
		]),
		"subject": testing.trail,
		"statement": null,
		"path": [],
		"remediation": concat("", [
			"Add this statement (tried: the request is then allowed): ",
			json.marshal({
				"Action": "kms:Decrypt",
				"Condition": {"Null": {"kms:EncryptionContext:aws:cloudtrail:arn": "false"}},
				"Effect": "Allow",
				"Principal": {"AWS": testing.bob},
				"Resource": "*",
				"Sid": "EnableCloudTrailLogDecryptPermissions",
			}),
		]),
	})}
}

test_fails_when_the_context_condition_is_inverted if {
	findings := readers.findings with input as testing.of(testing.policy([testing.but(
		testing.reader,
		{"Condition": {"Null": {"kms:EncryptionContext:aws:cloudtrail:arn": "true"}}},
	)]))
		with data.expected as _bob
	findings == {object.union(_finding, {
		"level": "error",
		"msg": concat("", [
			testing.bob,
			" cannot read the log files of trail ",
			testing.trail,
			" (kms:Decrypt on the key): statement 1 (EnableCloudTrailLogDecryptPermissions) ",
			"comes closest, but Null kms:EncryptionContext:aws:cloudtrail:arn wants the key to ",
			"be absent, the request has ",
			testing.trail,
		]),
		"subject": testing.trail,
		"statement": {"index": 0, "sid": "EnableCloudTrailLogDecryptPermissions"},
		"path": ["Statement", 0, "Condition", "Null", "kms:EncryptionContext:aws:cloudtrail:arn"],
		"remediation": concat("", [
			"Add this statement (tried: the request is then allowed): ",
			json.marshal({
				"Action": "kms:Decrypt",
				"Condition": {"Null": {"kms:EncryptionContext:aws:cloudtrail:arn": "false"}},
				"Effect": "Allow",
				"Principal": {"AWS": testing.bob},
				"Resource": "*",
				"Sid": "EnableCloudTrailLogDecryptPermissions",
			}),
		]),
	})}
}

test_fails_on_an_explicit_deny if {
	findings := readers.findings with input as testing.of(testing.policy([
		testing.reader,
		{"Effect": "Deny", "Principal": {"AWS": testing.bob}, "Action": "kms:*", "Resource": "*"},
	]))
		with data.expected as _bob
	findings == {object.union(_finding, {
		"level": "error",
		"msg": concat("", [
			testing.bob,
			" cannot read the log files of trail ",
			testing.trail,
			" (kms:Decrypt on the key): statement 2 denies it",
		]),
		"subject": testing.trail,
		"statement": {"index": 1, "sid": null},
		"path": ["Statement", 1, "Effect"],
		"remediation": "Let statement 2 leave this request out. Without it the request is allowed.",
	})}
}

test_fails_when_an_iam_policy_denies if {
	findings := readers.findings with input as testing.of(testing.policy([testing.reader]))
		with data.expected as _with_policies(_decrypt("Deny"))
	findings == {object.union(_finding, {
		"level": "error",
		"msg": concat("", [
			testing.bob,
			" cannot read the log files of trail ",
			testing.trail,
			" (kms:Decrypt on the key): an IAM policy of the caller denies it",
		]),
		"subject": testing.trail,
		"statement": null,
		"path": [],
		"remediation": concat("", [
			"Change the IAM policies of ",
			testing.bob,
			": one of them denies kms:Decrypt.",
		]),
	})}
}

test_warns_when_only_the_account_is_let_in if {
	findings := readers.findings with input as testing.of(testing.policy([testing.root]))
		with data.expected as _bob
	findings == {object.union(_finding, {
		"level": "warning",
		"msg": concat("", [
			testing.bob,
			" can read the log files of trail ",
			testing.trail,
			" only with an IAM policy (kms:Decrypt on the key): statement 1 ",
			"(EnableIAMUserPermissions) leaves it to the IAM policies of account 111111111111, ",
			"and the expectations give none",
		]),
		"subject": testing.trail,
		"statement": {"index": 0, "sid": "EnableIAMUserPermissions"},
		"path": ["Statement", 0, "Principal"],
		"remediation": concat("", [
			"Give ",
			testing.bob,
			" an IAM policy with this statement (tried: the requests are then allowed): ",
			json.marshal({"Action": ["kms:Decrypt"], "Effect": "Allow", "Resource": testing.key}),
		]),
	})}
}

test_fails_when_the_iam_policies_do_not_allow if {
	findings := readers.findings with input as testing.of(testing.policy([testing.root]))
		with data.expected as _with_policies(object.union(_decrypt("Allow"), {"Action": "kms:Encrypt"}))
	findings == {object.union(_finding, {
		"level": "error",
		"msg": concat("", [
			testing.bob,
			" can read the log files of trail ",
			testing.trail,
			" only with an IAM policy (kms:Decrypt on the key): statement 1 ",
			"(EnableIAMUserPermissions) leaves it to the IAM policies of account 111111111111, ",
			"and those that the expectations give do not allow it",
		]),
		"subject": testing.trail,
		"statement": {"index": 0, "sid": "EnableIAMUserPermissions"},
		"path": ["Statement", 0, "Principal"],
		"remediation": concat("", [
			"Give ",
			testing.bob,
			" an IAM policy with this statement (tried: the requests are then allowed): ",
			json.marshal({"Action": ["kms:Decrypt"], "Effect": "Allow", "Resource": testing.key}),
		]),
	})}
}

test_passes_when_the_iam_policies_allow if {
	findings := readers.findings with input as testing.of(testing.policy([testing.root]))
		with data.expected as _with_policies(_decrypt("Allow"))
	findings == set()
}

test_fails_when_the_key_policy_refuses_a_reader_of_another_account if {
	findings := readers.findings with input as testing.of(testing.policy([testing.root, testing.reader]))
		with data.expected as testing.trail_with({"readers": {testing.alice: null}})
	findings == {object.union(_finding, {
		"level": "error",
		"msg": concat("", [
			testing.alice,
			" cannot read the log files of trail ",
			testing.trail,
			" (kms:Decrypt on the key): no statement is meant for this caller and action",
		]),
		"subject": testing.trail,
		"statement": null,
		"path": [],
		"remediation": concat("", [
			"Add this statement (tried: the request is then allowed together with an IAM policy ",
			"of the caller): ",
			json.marshal({
				"Action": "kms:Decrypt",
				"Condition": {"Null": {"kms:EncryptionContext:aws:cloudtrail:arn": "false"}},
				"Effect": "Allow",
				"Principal": {"AWS": testing.alice},
				"Resource": "*",
				"Sid": "EnableCloudTrailLogDecryptPermissions",
			}),
		]),
	})}
}

test_leaves_iam_policies_of_other_accounts_to_another_rule if {
	findings := readers.findings with input as testing.of(testing.policy([testing.but(
		testing.reader,
		{"Principal": {"AWS": testing.alice}},
	)]))
		with data.expected as testing.trail_with({"readers": {testing.alice: null}})
	findings == set()
}

test_says_nothing_while_it_cannot_tell if {
	findings := readers.findings with input as testing.of(testing.policy([testing.but(
		testing.reader,
		{"Principal": {"ctkms:unknown": "a role"}},
	)]))
		with data.expected as _bob
	findings == set()
}

# The object that the encryption context names.

_of_objects(pattern) := testing.policy([testing.but(testing.reader, {"Condition": {"StringLike": {
	"kms:EncryptionContext:aws:s3:arn": pattern,
}}})])

_bucket(members) := testing.trail_with({
	"readers": {testing.bob: null},
	"bucket": object.union({"name": "example-logs"}, members),
})

_bob_s_finding := object.union(_finding, {
	"subject": testing.trail,
	"statement": {"index": 0, "sid": "EnableCloudTrailLogDecryptPermissions"},
	"path": ["Statement", 0, "Condition", "StringLike", "kms:EncryptionContext:aws:s3:arn"],
	"remediation": concat("", [
		"Add this statement (tried: the request is then allowed): ",
		json.marshal(object.union(testing.reader, {"Principal": {"AWS": testing.bob}})),
	]),
})

test_fails_where_a_reader_of_a_bucket_with_a_bucket_key_may_decrypt_objects_only if {
	findings := readers.findings with input as testing.of(_of_objects("arn:aws:s3:::example-logs/*"))
		with data.expected as _bucket({"bucket_key": true})
	findings == {object.union(_bob_s_finding, {"level": "error", "msg": concat("", [
		testing.bob, " cannot read the log files of trail ", testing.trail, " (kms:Decrypt on the key): statement 1 ",
		"(EnableCloudTrailLogDecryptPermissions) comes closest, but StringLike kms:EncryptionContext:aws:s3:arn wants ",
		"arn:aws:s3:::example-logs/*, the request has arn:aws:s3:::example-logs",
	])})}
}

test_passes_where_a_reader_of_a_bucket_with_a_bucket_key_may_decrypt_for_the_bucket if {
	findings := readers.findings with input as testing.of(_of_objects("arn:aws:s3:::example-logs"))
		with data.expected as _bucket({"bucket_key": true})
	findings == set()
}

test_warns_where_a_reader_may_decrypt_objects_only_and_nobody_says_whether_there_is_a_bucket_key if {
	findings := readers.findings with input as testing.of(_of_objects("arn:aws:s3:::example-logs/*"))
		with data.expected as _bucket({})
	findings == {object.union(_bob_s_finding, {"level": "warning", "msg": concat("", [
		testing.bob, " reads a file with a bucket-level key of trail ", testing.trail, " (kms:Decrypt on the key): ",
		"no statement allows it: statement 1 (EnableCloudTrailLogDecryptPermissions) comes closest, but StringLike ",
		"kms:EncryptionContext:aws:s3:arn wants arn:aws:s3:::example-logs/*, the request has arn:aws:s3:::example-logs",
	])})}
}

test_warns_where_a_reader_may_decrypt_no_digest_files if {
	pattern := "arn:aws:s3:::example-logs/AWSLogs/111111111111/CloudTrail/*"
	findings := readers.findings with input as testing.of(_of_objects(pattern))
		with data.expected as _bucket({"bucket_key": false})
	findings == {object.union(_bob_s_finding, {"level": "warning", "msg": concat("", [
		testing.bob, " reads a digest file of trail ", testing.trail, " (kms:Decrypt on the key): ",
		"no statement allows it: statement 1 (EnableCloudTrailLogDecryptPermissions) comes closest, but StringLike ",
		"kms:EncryptionContext:aws:s3:arn wants ", pattern, ", the request has arn:aws:s3:::example-logs/AWSLogs/",
		"111111111111/CloudTrail-Digest/us-east-1/2026/01/31/",
		"111111111111_CloudTrail-Digest_us-east-1_20260131T0000Z_Example0123456789.json.gz",
	])})}
}

test_says_no_more_of_a_reader_who_is_refused_altogether if {
	findings := readers.findings with input as testing.of(_of_objects("arn:aws:s3:::other-logs/*"))
		with data.expected as _bucket({"bucket_key": false})
	{one.level | some one in findings} == {"error"}
	count(findings) == 1
}

test_leaves_readers_of_other_accounts_whom_a_condition_shuts_out_to_another_rule if {
	own := {"StringEquals": {"kms:CallerAccount": "111111111111"}}
	statement := testing.but(object.remove(testing.reader, ["Condition"]), {
		"Principal": {"AWS": testing.alice},
		"Condition": own,
	})
	findings := readers.findings with input as testing.of(testing.policy([statement]))
		with data.expected as testing.trail_with({"readers": {testing.alice: null}})
	findings == set()
}

_deny_digests := {
	"Effect": "Deny",
	"Principal": {"AWS": testing.bob},
	"Action": "kms:Decrypt",
	"Resource": "*",
	"Condition": {"StringLike": {"kms:EncryptionContext:aws:s3:arn": "*/CloudTrail-Digest/*"}},
}

test_stays_a_warning_where_it_is_inferred_that_readers_read_digest_files if {
	given := object.union(
		testing.of(testing.policy([testing.reader, _deny_digests])),
		{"ctkms": {"profile": "hardened"}},
	)
	findings := readers.findings with input as given with data.expected as _bucket({"bucket_key": false})
	findings == {object.union(_finding, {
		"level": "warning",
		"msg": concat("", [
			testing.bob, " reads a digest file of trail ", testing.trail, " (kms:Decrypt on the key): ",
			"refused by an explicit Deny: statement 2 denies it",
		]),
		"subject": testing.trail,
		"statement": {"index": 1, "sid": null},
		"path": ["Statement", 1, "Effect"],
		"remediation": "Let statement 2 leave this request out. Without it the request is allowed.",
	})}
}

# Another who is refused altogether, and another trail of which Bob reads nothing.
test_tells_of_each_reader_and_each_trail if {
	other := "arn:aws:cloudtrail:us-east-1:111111111111:trail/other"
	trails := {
		testing.trail: {
			"key": testing.key,
			"readers": {testing.bob: null, testing.alice: null},
			"bucket": {"name": "example-logs", "bucket_key": false},
		},
		other: {
			"key": testing.key,
			"readers": {testing.bob: null},
			"bucket": {"name": "other-logs", "bucket_key": false},
		},
	}
	expected := {"keys": {testing.key: {}}, "trails": trails}
	deny := {
		"Effect": "Deny",
		"Principal": {"AWS": testing.bob},
		"Action": "kms:Decrypt",
		"Resource": "*",
		"Condition": {"StringLike": {"kms:EncryptionContext:aws:s3:arn": "arn:aws:s3:::other-logs/*"}},
	}
	given := testing.of(testing.policy([testing.reader, _deny_digests, deny]))
	findings := readers.findings with input as given with data.expected as expected
	{[one.level, one.subject, split(one.msg, " ")[0]] | some one in findings} == {
		["error", testing.trail, testing.alice],
		["error", other, testing.bob],
		["warning", testing.trail, testing.bob],
	}
}
