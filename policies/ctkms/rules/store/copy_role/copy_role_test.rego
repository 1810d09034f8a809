package ctkms.rules.store.copy_role_test

import data.ctkms.rules.store.copy_role
import data.ctkms.testing_test as testing

_role := "arn:aws:iam::111111111111:role/Import"

_expected := testing.store_with({"import_roles": {_role: {"bucket": "example-logs", "key": testing.key}}})

_with_policy(action) := object.union(_expected, {"principals": {_role: {"identity_policies": {"own": {
	"Version": "2012-10-17",
	"Statement": [{"Effect": "Allow", "Action": action, "Resource": "*"}],
}}}}})

_copy(members) := testing.but(
	{
		"Sid": "AllowCopyRole",
		"Effect": "Allow",
		"Principal": {"AWS": _role},
		"Action": ["kms:Decrypt", "kms:GenerateDataKey"],
		"Resource": "*",
		"Condition": {"StringEquals": {"aws:SourceAccount": "111111111111", "aws:SourceArn": testing.store}},
	},
	members,
)

_misspelt := "arn:aws:cloudtrail:us-east-1:111111111111:eventdataStore/EXAMPLE-f852-4e8f-8bd1-bcf6cEXAMPLE"

test_passes_with_the_documented_statement if {
	given := testing.of(testing.policy([_copy({})]))
	found := copy_role.findings with input as given with data.expected as _expected
	found == set()
}

test_passes_without_copy_roles if {
	given := testing.of(testing.policy([testing.root]))
	found := copy_role.findings with input as given with data.expected as testing.store_with({})
	found == set()
}

test_fails_without_a_statement if {
	given := testing.of(testing.policy([testing.store_encrypt]))
	found := copy_role.findings with input as given with data.expected as _expected
	found == {
		{
			"key": testing.key,
			"level": "error",
			"msg": concat("", [
				"arn:aws:iam::111111111111:role/Import cannot copy trail events into event ",
				"data store ",
				"arn:aws:cloudtrail:us-east-1:111111111111:eventdatastore/EXAMPLE-f852-4e8f-8bd1-bcf6cEXAMPLE ",
				"(kms:Decrypt and kms:GenerateDataKey on the key): no statement is meant for ",
				"this caller and action",
			]),
			"path": [],
			"remediation": concat("", [
				"Add this statement (tried: the request is then allowed): {",
				`"Action":["kms:Decrypt","kms:GenerateDataKey"],"Condition":{"StringEquals":{`,
				`"aws:SourceAccount":"111111111111","aws:SourceArn":`,
				`"arn:aws:cloudtrail:us-east-1:111111111111:eventdatastore/EXAMPLE-f852-4e8f-8bd1-bcf6cEXAMPLE"},`,
				`"StringLike":{"kms:EncryptionContext:aws:s3:arn":"arn:aws:s3:::example-logs/*"}},"Effect":"Allow",`,
				`"Principal":{"AWS":"arn:aws:iam::111111111111:role/Import"},`,
				`"Resource":"*","Sid":"AllowCopyRole"}`,
			]),
			"rule": "CT-COPY-ROLE",
			"statement": null,
			"subject": concat("", [
				"arn:aws:cloudtrail:us-east-1:111111111111:eventdatastore/EXAMPLE-f852-4e8f-8bd1-bcf6cEXAMPLE",
			]),
			"url": concat("", [
				"https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-copy-trail-to-lake.html",
			]),
		},
	}
}

test_fails_on_the_arn_of_another_store if {
	given := testing.of(testing.policy([
		_copy({
			"Condition": {
				"StringEquals": {
					"aws:SourceArn": "arn:aws:cloudtrail:us-east-1:111111111111:eventdatastore/other",
				},
			},
		}),
	]))
	found := copy_role.findings with input as given with data.expected as _expected
	found == {
		{
			"key": testing.key,
			"level": "error",
			"msg": concat("", [
				"arn:aws:iam::111111111111:role/Import cannot copy trail events into event ",
				"data store ",
				"arn:aws:cloudtrail:us-east-1:111111111111:eventdatastore/EXAMPLE-f852-4e8f-8bd1-bcf6cEXAMPLE ",
				"(kms:Decrypt and kms:GenerateDataKey on the key): statement 1 (AllowCopyRole) ",
				"comes closest, but StringEquals aws:SourceArn wants ",
				"arn:aws:cloudtrail:us-east-1:111111111111:eventdatastore/other, the request ",
				"has ",
				"arn:aws:cloudtrail:us-east-1:111111111111:eventdatastore/EXAMPLE-f852-4e8f-8bd1-bcf6cEXAMPLE",
			]),
			"path": ["Statement", 0, "Condition", "StringEquals", "aws:SourceArn"],
			"remediation": concat("", [
				"Add this statement (tried: the request is then allowed): {",
				`"Action":["kms:Decrypt","kms:GenerateDataKey"],"Condition":{"StringEquals":{`,
				`"aws:SourceAccount":"111111111111","aws:SourceArn":`,
				`"arn:aws:cloudtrail:us-east-1:111111111111:eventdatastore/EXAMPLE-f852-4e8f-8bd1-bcf6cEXAMPLE"},`,
				`"StringLike":{"kms:EncryptionContext:aws:s3:arn":"arn:aws:s3:::example-logs/*"}},"Effect":"Allow",`,
				`"Principal":{"AWS":"arn:aws:iam::111111111111:role/Import"},`,
				`"Resource":"*","Sid":"AllowCopyRole"}`,
			]),
			"rule": "CT-COPY-ROLE",
			"statement": {"index": 0, "sid": "AllowCopyRole"},
			"subject": concat("", [
				"arn:aws:cloudtrail:us-east-1:111111111111:eventdatastore/EXAMPLE-f852-4e8f-8bd1-bcf6cEXAMPLE",
			]),
			"url": concat("", [
				"https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-copy-trail-to-lake.html",
			]),
		},
	}
}

test_names_the_spelling_of_the_arn if {
	given := testing.of(testing.policy([
		_copy({"Condition": {"StringEquals": {"aws:SourceArn": _misspelt}}}),
	]))
	found := copy_role.findings with input as given with data.expected as _expected
	found == {
		{
			"key": testing.key,
			"level": "error",
			"msg": concat("", [
				"arn:aws:iam::111111111111:role/Import cannot copy trail events into event ",
				"data store ",
				"arn:aws:cloudtrail:us-east-1:111111111111:eventdatastore/EXAMPLE-f852-4e8f-8bd1-bcf6cEXAMPLE ",
				"(kms:Decrypt and kms:GenerateDataKey on the key): statement 1 (AllowCopyRole) ",
				"compares aws:SourceArn with ",
				"arn:aws:cloudtrail:us-east-1:111111111111:eventdataStore/EXAMPLE-f852-4e8f-8bd1-bcf6cEXAMPLE,",
				" but ARNs of event data stores have eventdatastore/ in small letters",
			]),
			"path": ["Statement", 0, "Condition", "StringEquals", "aws:SourceArn"],
			"remediation": concat("", [
				"Write ",
				"arn:aws:cloudtrail:us-east-1:111111111111:eventdatastore/EXAMPLE-f852-4e8f-8bd1-bcf6cEXAMPLE ",
				"(tried: the request is then allowed).",
			]),
			"rule": "CT-COPY-ROLE",
			"statement": {"index": 0, "sid": "AllowCopyRole"},
			"subject": concat("", [
				"arn:aws:cloudtrail:us-east-1:111111111111:eventdatastore/EXAMPLE-f852-4e8f-8bd1-bcf6cEXAMPLE",
			]),
			"url": concat("", [
				"https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-copy-trail-to-lake.html",
			]),
		},
	}
}

test_does_not_blame_the_spelling_for_what_else_is_wrong if {
	given := testing.of(testing.policy([
		_copy({
			"Condition": {
				"StringEquals": {
					"aws:SourceArn": [3, _misspelt],
					"aws:SourceAccount": "222222222222",
				},
			},
		}),
	]))
	found := copy_role.findings with input as given with data.expected as _expected
	found == {
		{
			"key": testing.key,
			"level": "error",
			"msg": concat("", [
				"arn:aws:iam::111111111111:role/Import cannot copy trail events into event ",
				"data store ",
				"arn:aws:cloudtrail:us-east-1:111111111111:eventdatastore/EXAMPLE-f852-4e8f-8bd1-bcf6cEXAMPLE ",
				"(kms:Decrypt and kms:GenerateDataKey on the key): statement 1 (AllowCopyRole) ",
				"comes closest, but StringEquals aws:SourceAccount wants 222222222222, the ",
				"request has 111111111111",
			]),
			"path": ["Statement", 0, "Condition", "StringEquals", "aws:SourceAccount"],
			"remediation": concat("", [
				"Add this statement (tried: the request is then allowed): {",
				`"Action":["kms:Decrypt","kms:GenerateDataKey"],"Condition":{"StringEquals":{`,
				`"aws:SourceAccount":"111111111111","aws:SourceArn":`,
				`"arn:aws:cloudtrail:us-east-1:111111111111:eventdatastore/EXAMPLE-f852-4e8f-8bd1-bcf6cEXAMPLE"},`,
				`"StringLike":{"kms:EncryptionContext:aws:s3:arn":"arn:aws:s3:::example-logs/*"}},"Effect":"Allow",`,
				`"Principal":{"AWS":"arn:aws:iam::111111111111:role/Import"},`,
				`"Resource":"*","Sid":"AllowCopyRole"}`,
			]),
			"rule": "CT-COPY-ROLE",
			"statement": {"index": 0, "sid": "AllowCopyRole"},
			"subject": concat("", [
				"arn:aws:cloudtrail:us-east-1:111111111111:eventdatastore/EXAMPLE-f852-4e8f-8bd1-bcf6cEXAMPLE",
			]),
			"url": concat("", [
				"https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-copy-trail-to-lake.html",
			]),
		},
	}
}

# What the findings say, each as [level, path, first word of the remediation].
_found(statements) := {[one.level, one.path, split(one.remediation, " ")[0]] | some one in findings} if {
	findings := copy_role.findings with input as testing.of(testing.policy(statements)) with data.expected as _expected
}

test_blames_only_the_value_and_the_key_that_are_misspelt if {
	condition := {
		"StringEquals": {"aws:SourceArn": ["arn:aws:cloudtrail:us-east-1:111111111111:eventdatastore/a", _misspelt]},
		"StringNotEquals": {"aws:PrincipalArn": _misspelt},
	}
	path := ["Statement", 0, "Condition", "StringEquals", "aws:SourceArn"]
	findings := copy_role.findings with input as testing.of(testing.policy([_copy({"Condition": condition})]))
		with data.expected as _expected
	[[one.path, one.remediation] | some one in findings] == [[path, sprintf(
		"Write %v (tried: the request is then allowed).",
		[testing.store],
	)]]
}

test_names_the_spelling_where_the_account_decides_once_it_is_mended if {
	statement := _copy({
		"Principal": testing.root.Principal,
		"Condition": {"StringEquals": {"aws:SourceArn": _misspelt}},
	})
	_found([statement]) == {["error", ["Statement", 0, "Condition", "StringEquals", "aws:SourceArn"], "Write"]}
}

test_does_not_mend_a_deny_that_would_then_hit if {
	deny := _copy({"Effect": "Deny", "Condition": {"StringEquals": {"aws:SourceArn": _misspelt}}})
	_found([deny]) == {["error", [], "Add"]}
}

test_does_not_blame_the_spelling_where_the_account_decides_anyway if {
	condition := {"StringEquals": {"aws:SourceArn": _misspelt, "aws:SourceAccount": "222222222222"}}
	_found([testing.root, _copy({"Condition": condition})]) == {["warning", ["Statement", 0], "Give"]}
}

test_warns_where_the_account_decides if {
	given := testing.of(testing.policy([testing.root]))
	found := copy_role.findings with input as given with data.expected as _expected
	found == {
		{
			"key": testing.key,
			"level": "warning",
			"msg": concat("", [
				"arn:aws:iam::111111111111:role/Import can copy trail events into event data ",
				"store ",
				"arn:aws:cloudtrail:us-east-1:111111111111:eventdatastore/EXAMPLE-f852-4e8f-8bd1-bcf6cEXAMPLE ",
				"only with an IAM policy (kms:Decrypt and kms:GenerateDataKey on the key): ",
				"statement 1 (EnableIAMUserPermissions) leaves it to the IAM policies of ",
				"account 111111111111, and the expectations give none",
			]),
			"path": ["Statement", 0],
			"remediation": concat("", [
				"Give arn:aws:iam::111111111111:role/Import an IAM policy with this statement ",
				`(tried: the requests are then allowed): {"Action":["kms:Decrypt",`,
				`"kms:GenerateDataKey"],"Effect":"Allow",`,
				`"Resource":"arn:aws:kms:us-east-1:111111111111:key/1234abcd-12ab-34cd-56ef-1234567890ab"}`,
			]),
			"rule": "CT-COPY-ROLE",
			"statement": {"index": 0, "sid": "EnableIAMUserPermissions"},
			"subject": concat("", [
				"arn:aws:cloudtrail:us-east-1:111111111111:eventdatastore/EXAMPLE-f852-4e8f-8bd1-bcf6cEXAMPLE",
			]),
			"url": concat("", [
				"https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-copy-trail-to-lake.html",
			]),
		},
	}
}

test_warns_where_the_account_decides_because_of_the_spelling if {
	given := testing.of(testing.policy([
		testing.root,
		_copy({"Condition": {"StringEquals": {"aws:SourceArn": _misspelt}}}),
	]))
	found := copy_role.findings with input as given with data.expected as _expected
	found == {
		{
			"key": testing.key,
			"level": "warning",
			"msg": concat("", [
				"arn:aws:iam::111111111111:role/Import can copy trail events into event data ",
				"store ",
				"arn:aws:cloudtrail:us-east-1:111111111111:eventdatastore/EXAMPLE-f852-4e8f-8bd1-bcf6cEXAMPLE ",
				"only with an IAM policy (kms:Decrypt and kms:GenerateDataKey on the key): ",
				"statement 2 (AllowCopyRole) compares aws:SourceArn with ",
				"arn:aws:cloudtrail:us-east-1:111111111111:eventdataStore/EXAMPLE-f852-4e8f-8bd1-bcf6cEXAMPLE,",
				" but ARNs of event data stores have eventdatastore/ in small letters",
			]),
			"path": ["Statement", 1, "Condition", "StringEquals", "aws:SourceArn"],
			"remediation": concat("", [
				"Write ",
				"arn:aws:cloudtrail:us-east-1:111111111111:eventdatastore/EXAMPLE-f852-4e8f-8bd1-bcf6cEXAMPLE ",
				"(tried: the request is then allowed).",
			]),
			"rule": "CT-COPY-ROLE",
			"statement": {"index": 1, "sid": "AllowCopyRole"},
			"subject": concat("", [
				"arn:aws:cloudtrail:us-east-1:111111111111:eventdatastore/EXAMPLE-f852-4e8f-8bd1-bcf6cEXAMPLE",
			]),
			"url": concat("", [
				"https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-copy-trail-to-lake.html",
			]),
		},
	}
}

test_fails_where_the_account_decides_and_the_policy_allows_half if {
	given := testing.of(testing.policy([testing.root]))
	found := copy_role.findings with input as given with data.expected as _with_policy("kms:Decrypt")
	found == {
		{
			"key": testing.key,
			"level": "error",
			"msg": concat("", [
				"arn:aws:iam::111111111111:role/Import can copy trail events into event data ",
				"store ",
				"arn:aws:cloudtrail:us-east-1:111111111111:eventdatastore/EXAMPLE-f852-4e8f-8bd1-bcf6cEXAMPLE ",
				"only with an IAM policy (kms:GenerateDataKey on the key): statement 1 ",
				"(EnableIAMUserPermissions) leaves it to the IAM policies of account ",
				"111111111111, and those that the expectations give do not allow it",
			]),
			"path": ["Statement", 0],
			"remediation": concat("", [
				"Give arn:aws:iam::111111111111:role/Import an IAM policy with this statement ",
				`(tried: the requests are then allowed): {"Action":["kms:GenerateDataKey"],`,
				`"Effect":"Allow",`,
				`"Resource":"arn:aws:kms:us-east-1:111111111111:key/1234abcd-12ab-34cd-56ef-1234567890ab"}`,
			]),
			"rule": "CT-COPY-ROLE",
			"statement": {"index": 0, "sid": "EnableIAMUserPermissions"},
			"subject": concat("", [
				"arn:aws:cloudtrail:us-east-1:111111111111:eventdatastore/EXAMPLE-f852-4e8f-8bd1-bcf6cEXAMPLE",
			]),
			"url": concat("", [
				"https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-copy-trail-to-lake.html",
			]),
		},
	}
}

test_passes_where_the_account_decides_and_the_policy_allows if {
	given := testing.of(testing.policy([testing.root]))
	found := copy_role.findings with input as given with data.expected as _with_policy("kms:*")
	found == set()
}

_other_key := "arn:aws:kms:us-east-1:111111111111:key/5678efab-34cd-56ef-78ab-567890abcdef"

# The files lie in a trail's bucket under the key; the event data store uses another.
_from_a_trail(bucket, copy) := {
	"keys": {testing.key: {}, _other_key: {}},
	"trails": {testing.trail: {"key": testing.key, "bucket": bucket}},
	"event_data_stores": {testing.store: {"key": _other_key, "import_roles": {_role: copy}}},
}

_rows(given, expected) := {[row.principal, row.decision] |
	report := data.ctkms.report.report with input as given with data.expected as expected
	some row in report.capabilities
	row.capability == "copy"
}

_missing(given, expected) := found if {
	found := copy_role.not_evaluated with input as given with data.expected as expected
}

_unsaid := {{"rule": "CT-COPY-ROLE", "why": concat("", [
	"the expectations do not say which key encrypts what arn:aws:iam::111111111111:role/Import copies into ",
	"event data store arn:aws:cloudtrail:us-east-1:111111111111:eventdatastore/",
	"EXAMPLE-f852-4e8f-8bd1-bcf6cEXAMPLE: name the key there, or the bucket of an expected trail",
])}}

_policy_of(key, statements) := testing.of_key({"arn": key, "label": key, "policy": testing.policy(statements)})

test_the_key_of_the_source_bucket_is_tried if {
	expected := _from_a_trail({"name": "example-logs"}, {"bucket": "example-logs"})
	_rows(testing.of(testing.policy([_copy({})])), expected) == {[_role, "allow"]}
	_rows(testing.of(testing.policy([testing.encrypt])), expected) == {[_role, "implicit_deny"]}
	_rows(_policy_of(_other_key, [testing.store_encrypt]), expected) == set()
	_missing(_policy_of(_other_key, [testing.store_encrypt]), expected) == set()
}

test_the_expectations_may_name_the_key if {
	expected := _from_a_trail({"name": "example-logs"}, {"bucket": "old-logs", "key": testing.key})
	_rows(testing.of(testing.policy([_copy({})])), expected) == {[_role, "allow"]}
	_rows(_policy_of(_other_key, []), expected) == set()
	elsewhere := _from_a_trail({"name": "example-logs"}, {"bucket": "example-logs", "key": _other_key})
	_rows(testing.of(testing.policy([_copy({})])), elsewhere) == set()
	_rows(_policy_of(_other_key, []), elsewhere) == {[_role, "implicit_deny"]}
}

test_of_a_bucket_that_no_trail_has_nobody_knows_the_key if {
	every copy in [null, {}, {"bucket": "old-logs"}, {"key": "alias/none"}] {
		expected := _from_a_trail({}, copy)
		_rows(testing.of(testing.policy([testing.root])), expected) == set()
		_rows(_policy_of(_other_key, [testing.root]), expected) == set()
		_missing(_policy_of(_other_key, [testing.root]), expected) == _unsaid
		_missing(testing.of(testing.policy([testing.root])), expected) == set()
	}
}

test_which_trail_the_files_are_of_nobody_knows if {
	condition := {"StringEquals": {"kms:EncryptionContext:aws:cloudtrail:arn": testing.trail}}
	given := testing.of(testing.policy([_copy({"Condition": condition})]))
	_rows(given, _expected) == {[_role, "unknown"]}
}

test_the_bucket_is_known if {
	name := "kms:EncryptionContext:aws:s3:arn"
	documented := {"StringLike": {name: "arn:aws:s3:::example-logs/*"}}
	_rows(testing.of(testing.policy([_copy({"Condition": documented})])), _expected) == {[_role, "allow"]}
	other := {"StringLike": {name: "arn:aws:s3:::other-logs/*"}}
	_rows(testing.of(testing.policy([_copy({"Condition": other})])), _expected) == {[_role, "implicit_deny"]}
}
