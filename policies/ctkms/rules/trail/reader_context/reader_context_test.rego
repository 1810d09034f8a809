package ctkms.rules.trail.reader_context_test

import data.ctkms.rules.trail.reader_context
import data.ctkms.testing_test as testing

_finding := {
	"rule": "CT-TRAIL-READER-CTX",
	"level": "warning",
	"key": testing.key,
	"url": concat("#", [
		"https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html",
		"create-kms-key-policy-for-cloudtrail-decrypt",
	]),
}

_bob := testing.trail_with({"readers": {testing.bob: null}})

_alice := testing.trail_with({"readers": {testing.alice: null}})

_bare := object.remove(testing.reader, ["Condition"])

_carol := "arn:aws:iam::111111111111:user/Carol"

test_passes_with_the_documented_statement if {
	findings := reader_context.findings with input as testing.of(testing.trail_policy)
		with data.expected as _bob
	findings == set()
}

test_warns_without_the_condition if {
	findings := reader_context.findings with input as testing.of(testing.policy([testing.root, _bare]))
		with data.expected as _bob
	findings == {object.union(_finding, {
		"msg": concat("", [
			"statement 2 (EnableCloudTrailLogDecryptPermissions) lets ",
			testing.bob,
			" decrypt whatever the key encrypts, not CloudTrail's data alone",
		]),
		"subject": null,
		"statement": {"index": 1, "sid": "EnableCloudTrailLogDecryptPermissions"},
		"path": ["Statement", 1],
		"remediation": concat("", [
			`Add "Null": {"kms:EncryptionContext:aws:cloudtrail:arn": "false"}`,
			" to the Condition of statement 2 (EnableCloudTrailLogDecryptPermissions) (tried: ",
			"readers then decrypt log files only).",
		]),
	})}
}

test_warns_with_another_condition if {
	findings := reader_context.findings with input as testing.of(testing.policy([testing.but(
		_bare,
		{"Condition": {"StringEquals": {"kms:CallerAccount": "111111111111"}}},
	)]))
		with data.expected as _bob
	findings == {object.union(_finding, {
		"msg": concat("", [
			"statement 1 (EnableCloudTrailLogDecryptPermissions) lets ",
			testing.bob,
			" decrypt whatever the key encrypts, not CloudTrail's data alone",
		]),
		"subject": null,
		"statement": {"index": 0, "sid": "EnableCloudTrailLogDecryptPermissions"},
		"path": ["Statement", 0, "Condition"],
		"remediation": concat("", [
			`Add "Null": {"kms:EncryptionContext:aws:cloudtrail:arn": "false"}`,
			" to the Condition of statement 1 (EnableCloudTrailLogDecryptPermissions) (tried: ",
			"readers then decrypt log files only).",
		]),
	})}
}

test_warns_of_several_readers_in_one_statement if {
	findings := reader_context.findings with input as testing.of(testing.policy([testing.but(
		_bare,
		{"Principal": {"AWS": [testing.bob, _carol]}},
	)]))
		with data.expected as testing.trail_with({"readers": {testing.bob: null, _carol: null}})
	findings == {object.union(_finding, {
		"msg": concat("", [
			"statement 1 (EnableCloudTrailLogDecryptPermissions) lets ",
			testing.bob,
			", ",
			_carol,
			" decrypt whatever the key encrypts, not CloudTrail's data alone",
		]),
		"subject": null,
		"statement": {"index": 0, "sid": "EnableCloudTrailLogDecryptPermissions"},
		"path": ["Statement", 0],
		"remediation": concat("", [
			`Add "Null": {"kms:EncryptionContext:aws:cloudtrail:arn": "false"}`,
			" to the Condition of statement 1 (EnableCloudTrailLogDecryptPermissions) (tried: ",
			"readers then decrypt log files only).",
		]),
	})}
}

test_warns_of_a_reader_who_needs_an_iam_policy_in_another_account if {
	findings := reader_context.findings with input as testing.of(testing.policy([testing.but(
		_bare,
		{"Principal": {"AWS": testing.alice}},
	)]))
		with data.expected as _alice
	findings == {object.union(_finding, {
		"msg": concat("", [
			"statement 1 (EnableCloudTrailLogDecryptPermissions) lets ",
			testing.alice,
			" decrypt whatever the key encrypts, not CloudTrail's data alone",
		]),
		"subject": null,
		"statement": {"index": 0, "sid": "EnableCloudTrailLogDecryptPermissions"},
		"path": ["Statement", 0],
		"remediation": concat("", [
			`Add "Null": {"kms:EncryptionContext:aws:cloudtrail:arn": "false"}`,
			" to the Condition of statement 1 (EnableCloudTrailLogDecryptPermissions) (tried: ",
			"readers then decrypt log files only).",
		]),
	})}
}

test_warns_of_a_statement_that_does_more if {
	findings := reader_context.findings with input as testing.of(testing.policy([testing.but(
		_bare,
		{"Action": ["kms:Decrypt", "kms:DescribeKey"]},
	)]))
		with data.expected as _bob
	findings == {object.union(_finding, {
		"msg": concat("", [
			"statement 1 (EnableCloudTrailLogDecryptPermissions) lets ",
			testing.bob,
			" decrypt whatever the key encrypts, not CloudTrail's data alone",
		]),
		"subject": null,
		"statement": {"index": 0, "sid": "EnableCloudTrailLogDecryptPermissions"},
		"path": ["Statement", 0],
		"remediation": concat("", [
			"Let statement 1 (EnableCloudTrailLogDecryptPermissions) no longer give them ",
			"kms:Decrypt, and add this statement (tried: they then decrypt log files only): ",
			json.marshal({
				"Action": "kms:Decrypt",
				"Condition": {"Null": {"kms:EncryptionContext:aws:cloudtrail:arn": "false"}},
				"Effect": "Allow",
				"Principal": {"AWS": [testing.bob]},
				"Resource": "*",
				"Sid": "EnableCloudTrailLogDecryptPermissions",
			}),
		]),
	})}
}

test_warns_of_an_inverted_condition if {
	findings := reader_context.findings with input as testing.of(testing.policy([testing.but(
		_bare,
		{"Condition": {"Null": {"kms:EncryptionContext:aws:cloudtrail:arn": "true"}}},
	)]))
		with data.expected as _bob
	findings == {object.union(_finding, {
		"msg": concat("", [
			"statement 1 (EnableCloudTrailLogDecryptPermissions) lets ",
			testing.bob,
			" decrypt whatever the key encrypts, not CloudTrail's data alone",
		]),
		"subject": null,
		"statement": {"index": 0, "sid": "EnableCloudTrailLogDecryptPermissions"},
		"path": ["Statement", 0, "Condition"],
		"remediation": concat("", [
			`Add "Null": {"kms:EncryptionContext:aws:cloudtrail:arn": "false"}`,
			" to the Condition of statement 1 (EnableCloudTrailLogDecryptPermissions) (tried: ",
			"readers then decrypt log files only).",
		]),
	})}
}

test_passes_when_the_account_is_let_in if {
	findings := reader_context.findings with input as testing.of(testing.policy([testing.root, testing.reader]))
		with data.expected as object.union(_bob, {
			"principals": {testing.bob: {"identity_policies": {"all": {
				"Version": "2012-10-17",
				"Statement": [{"Effect": "Allow", "Action": "kms:*", "Resource": "*"}],
			}}}},
		})
	findings == set()
}

test_says_nothing_of_people_who_are_not_readers if {
	findings := reader_context.findings with input as testing.of(testing.policy([_bare]))
		with data.expected as testing.trail_with({})
	findings == set()
}

# What is advised, by the statement that it is about, in its first words: Add a condition, replace the statement (no
# longer), or only say what to do (context only).

_advice(statements, expected) := {[one.path[1], word] |
	some one in findings
	some word in ["Add", "no longer", "context only"]
	contains(one.remediation, word)
} if {
	findings := reader_context.findings with input as testing.of(testing.policy(statements)) with data.expected as expected
}

_two := object.union(_bob, testing.trail_with({"readers": {_carol: null}}))

_more := testing.but(_bare, {"Sid": "More", "Action": ["kms:Decrypt", "kms:DescribeKey"]})

test_promises_nothing_where_two_statements_let_the_reader_decrypt if {
	findings := reader_context.findings with input as testing.of(testing.policy([_more, _more])) with data.expected as _bob
	{[one.path, one.remediation] | some one in findings} == {[
		["Statement", index],
		sprintf(
			"Let statement %v (More) give them kms:Decrypt in CloudTrail's encryption context only.",
			[index + 1],
		),
	] |
		some index in [0, 1]
	}
}

test_does_not_take_the_statement_from_another_who_reads_by_it if {
	carol_uses := object.union(_two, testing.store_with({"users": {_carol: null}}))
	statement := testing.but(_more, {"Principal": {"AWS": [testing.bob, _carol]}})
	_advice([statement], carol_uses) == {[0, "context only"]}
}

test_replaces_the_statement_where_others_read_by_their_own if {
	carol := testing.but(testing.reader, {"Principal": {"AWS": _carol}})
	_advice([_more, carol], _two) == {[0, "no longer"]}
}

# What the advice would come to is refused as well: by an IAM policy, or by a statement of the key.
test_promises_nothing_where_reading_is_denied if {
	deny := {"Effect": "Deny", "Action": "kms:Decrypt", "Resource": "*", "Condition": {"StringEquals": {
		"kms:EncryptionContext:aws:cloudtrail:arn": testing.trail,
	}}}
	policies := {"own": {"Version": "2012-10-17", "Statement": [deny]}}
	denied := object.union(_bob, {"principals": {testing.bob: {"identity_policies": policies}}})
	_advice([_bare], denied) == {[0, "context only"]}
	_advice([_more, object.union(deny, {"Principal": "*"})], _bob) == {[0, "context only"]}
}

test_passes_where_a_statement_denies_what_another_allows if {
	deny := {"Effect": "Deny", "Principal": "*", "Action": "kms:Decrypt", "Resource": "*", "Condition": {"Null": {
		"kms:EncryptionContext:aws:cloudtrail:arn": "true",
	}}}
	findings := reader_context.findings with input as testing.of(testing.policy([_bare, deny])) with data.expected as _bob
	findings == set()
}

test_takes_reencryption_for_decryption if {
	_advice([testing.but(_bare, {"Action": ["kms:Decrypt", "kms:ReEncryptFrom"]})], _bob) == {[0, "Add"]}
	_advice([testing.but(_bare, {"Action": ["kms:Decrypt", "kms:ReEncrypt*"]})], _bob) == {[0, "Add"]}
	_advice([testing.but(object.remove(_bare, ["Action"]), {"NotAction": "kms:Put*"})], _bob) == {[0, "no longer"]}
}

test_adds_to_the_statement_where_others_read_by_their_own if {
	carol := testing.but(testing.reader, {"Principal": {"AWS": _carol}})
	_advice([_bare, carol], _two) == {[0, "Add"]}
}

test_promises_nothing_to_another_who_reads_by_the_statement_and_by_one_of_their_own if {
	carol_uses := object.union(_two, testing.store_with({"users": {_carol: null}}))
	both := testing.but(_more, {"Principal": {"AWS": [testing.bob, _carol]}})
	carol := testing.but(testing.reader, {"Principal": {"AWS": _carol}})
	_advice([both, carol], carol_uses) == {[0, "context only"]}
}
