package ctkms.rules.store.users_test

import data.ctkms.rules.store.users
import data.ctkms.testing_test as testing

test_passes_with_the_documented_statement if {
	given := testing.of(testing.policy([
		testing.root,
		testing.store_encrypt,
		testing.store_decrypt,
		testing.store_user,
	]))
	expected := testing.store_with({"users": {testing.bob: null}})
	found := users.findings with input as given with data.expected as expected
	found == set()
}

test_fails_without_a_statement_and_delegation if {
	given := testing.of(testing.policy([testing.store_encrypt, testing.store_decrypt]))
	expected := testing.store_with({"users": {testing.bob: null}})
	found := users.findings with input as given with data.expected as expected
	found == {
		{
			"key": testing.key,
			"level": "error",
			"msg": concat("", [
				"arn:aws:iam::111111111111:user/Bob cannot query event data store ",
				"arn:aws:cloudtrail:us-east-1:111111111111:eventdatastore/EXAMPLE-f852-4e8f-8bd1-bcf6cEXAMPLE ",
				"(kms:Decrypt and kms:GenerateDataKey on the key): no statement is meant for ",
				"this caller and action",
			]),
			"path": [],
			"remediation": concat("", [
				"Add this statement (tried: the request is then allowed): {",
				`"Action":["kms:Decrypt","kms:GenerateDataKey"],"Effect":"Allow",`,
				`"Principal":{"AWS":"arn:aws:iam::111111111111:user/Bob"},`,
				`"Resource":"*","Sid":"EnableUserKeyPermissionsForEventDataStore"}`,
			]),
			"rule": "CT-EDS-USER",
			"statement": null,
			"subject": concat("", [
				"arn:aws:cloudtrail:us-east-1:111111111111:eventdatastore/EXAMPLE-f852-4e8f-8bd1-bcf6cEXAMPLE",
			]),
			"url": concat("", [
				"https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html#create-kms-key-policy-for-cloudtrail-decrypt",
			]),
		},
	}
}

test_names_the_one_action_that_is_missing if {
	given := testing.of(testing.policy([
		testing.store_encrypt,
		testing.but(testing.store_user, {"Action": "kms:Decrypt"}),
	]))
	expected := testing.store_with({"users": {testing.bob: null}})
	found := users.findings with input as given with data.expected as expected
	found == {
		{
			"key": testing.key,
			"level": "error",
			"msg": concat("", [
				"arn:aws:iam::111111111111:user/Bob cannot query event data store ",
				"arn:aws:cloudtrail:us-east-1:111111111111:eventdatastore/EXAMPLE-f852-4e8f-8bd1-bcf6cEXAMPLE ",
				"(kms:GenerateDataKey on the key): no statement is meant for this caller and ",
				"action",
			]),
			"path": [],
			"remediation": concat("", [
				"Add this statement (tried: the request is then allowed): {",
				`"Action":["kms:Decrypt","kms:GenerateDataKey"],"Effect":"Allow",`,
				`"Principal":{"AWS":"arn:aws:iam::111111111111:user/Bob"},`,
				`"Resource":"*","Sid":"EnableUserKeyPermissionsForEventDataStore"}`,
			]),
			"rule": "CT-EDS-USER",
			"statement": null,
			"subject": concat("", [
				"arn:aws:cloudtrail:us-east-1:111111111111:eventdatastore/EXAMPLE-f852-4e8f-8bd1-bcf6cEXAMPLE",
			]),
			"url": concat("", [
				"https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html#create-kms-key-policy-for-cloudtrail-decrypt",
			]),
		},
	}
}

test_fails_where_the_statement_is_a_readers_of_trails if {
	given := testing.of(testing.policy([testing.reader]))
	expected := testing.store_with({"users": {testing.bob: null}})
	found := users.findings with input as given with data.expected as expected
	found == {
		{
			"key": testing.key,
			"level": "error",
			"msg": concat("", [
				"arn:aws:iam::111111111111:user/Bob cannot query event data store ",
				"arn:aws:cloudtrail:us-east-1:111111111111:eventdatastore/EXAMPLE-f852-4e8f-8bd1-bcf6cEXAMPLE ",
				"(kms:Decrypt and kms:GenerateDataKey on the key): statement 1 ",
				"(EnableCloudTrailLogDecryptPermissions) comes closest, but Null ",
				"kms:EncryptionContext:aws:cloudtrail:arn wants the key to be there, the ",
				"request carries no kms:EncryptionContext:aws:cloudtrail:arn",
			]),
			"path": [
				"Statement",
				0,
				"Condition",
				"Null",
				"kms:EncryptionContext:aws:cloudtrail:arn",
			],
			"remediation": concat("", [
				"Add this statement (tried: the request is then allowed): {",
				`"Action":["kms:Decrypt","kms:GenerateDataKey"],"Effect":"Allow",`,
				`"Principal":{"AWS":"arn:aws:iam::111111111111:user/Bob"},`,
				`"Resource":"*","Sid":"EnableUserKeyPermissionsForEventDataStore"}`,
			]),
			"rule": "CT-EDS-USER",
			"statement": {"index": 0, "sid": "EnableCloudTrailLogDecryptPermissions"},
			"subject": concat("", [
				"arn:aws:cloudtrail:us-east-1:111111111111:eventdatastore/EXAMPLE-f852-4e8f-8bd1-bcf6cEXAMPLE",
			]),
			"url": concat("", [
				"https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html#create-kms-key-policy-for-cloudtrail-decrypt",
			]),
		},
	}
}

test_fails_on_a_deny if {
	given := testing.of(testing.policy([
		testing.root,
		testing.store_encrypt,
		testing.store_decrypt,
		testing.store_user,
		testing.but(testing.store_user, {"Sid": "No", "Effect": "Deny", "Action": "kms:Decrypt"}),
	]))
	expected := testing.store_with({"users": {testing.bob: null}})
	found := users.findings with input as given with data.expected as expected
	found == {
		{
			"key": testing.key,
			"level": "error",
			"msg": concat("", [
				"arn:aws:iam::111111111111:user/Bob cannot query event data store ",
				"arn:aws:cloudtrail:us-east-1:111111111111:eventdatastore/EXAMPLE-f852-4e8f-8bd1-bcf6cEXAMPLE ",
				"(kms:Decrypt on the key): statement 5 (No) denies it",
			]),
			"path": ["Statement", 4, "Effect"],
			"remediation": "Let statement 5 (No) leave this request out. Without it the request is allowed.",
			"rule": "CT-EDS-USER",
			"statement": {"index": 4, "sid": "No"},
			"subject": concat("", [
				"arn:aws:cloudtrail:us-east-1:111111111111:eventdatastore/EXAMPLE-f852-4e8f-8bd1-bcf6cEXAMPLE",
			]),
			"url": concat("", [
				"https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html#create-kms-key-policy-for-cloudtrail-decrypt",
			]),
		},
	}
}

test_warns_where_the_account_decides_and_no_policy_is_given if {
	given := testing.of(testing.policy([testing.root]))
	expected := testing.store_with({"users": {testing.bob: null}})
	found := users.findings with input as given with data.expected as expected
	found == {
		{
			"key": testing.key,
			"level": "warning",
			"msg": concat("", [
				"arn:aws:iam::111111111111:user/Bob can query event data store ",
				"arn:aws:cloudtrail:us-east-1:111111111111:eventdatastore/EXAMPLE-f852-4e8f-8bd1-bcf6cEXAMPLE ",
				"only with an IAM policy (kms:Decrypt and kms:GenerateDataKey on the key): ",
				"statement 1 (EnableIAMUserPermissions) leaves it to the IAM policies of ",
				"account 111111111111, and the expectations give none",
			]),
			"path": ["Statement", 0],
			"remediation": concat("", [
				"Give arn:aws:iam::111111111111:user/Bob an IAM policy with this statement ",
				`(tried: the requests are then allowed): {"Action":["kms:Decrypt",`,
				`"kms:GenerateDataKey"],"Effect":"Allow",`,
				`"Resource":"arn:aws:kms:us-east-1:111111111111:key/1234abcd-12ab-34cd-56ef-1234567890ab"}`,
			]),
			"rule": "CT-EDS-USER",
			"statement": {"index": 0, "sid": "EnableIAMUserPermissions"},
			"subject": concat("", [
				"arn:aws:cloudtrail:us-east-1:111111111111:eventdatastore/EXAMPLE-f852-4e8f-8bd1-bcf6cEXAMPLE",
			]),
			"url": concat("", [
				"https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html#create-kms-key-policy-for-cloudtrail-decrypt",
			]),
		},
	}
}

test_passes_where_the_account_decides_and_the_policy_allows if {
	given := testing.of(testing.policy([testing.root]))
	expected := object.union(
		testing.store_with({"users": {testing.bob: null}}),
		{
			"principals": {
				testing.bob: {
					"identity_policies": {
						"own": {
							"Version": "2012-10-17",
							"Statement": [{"Effect": "Allow", "Action": "kms:*", "Resource": "*"}],
						},
					},
				},
			},
		},
	)
	found := users.findings with input as given with data.expected as expected
	found == set()
}

test_fails_where_the_account_decides_and_the_policy_allows_half if {
	given := testing.of(testing.policy([testing.root]))
	expected := object.union(
		testing.store_with({"users": {testing.bob: null}}),
		{
			"principals": {
				testing.bob: {
					"identity_policies": {
						"own": {
							"Version": "2012-10-17",
							"Statement": [
								{"Effect": "Allow", "Action": "kms:Decrypt", "Resource": "*"},
							],
						},
					},
				},
			},
		},
	)
	found := users.findings with input as given with data.expected as expected
	found == {
		{
			"key": testing.key,
			"level": "error",
			"msg": concat("", [
				"arn:aws:iam::111111111111:user/Bob can query event data store ",
				"arn:aws:cloudtrail:us-east-1:111111111111:eventdatastore/EXAMPLE-f852-4e8f-8bd1-bcf6cEXAMPLE ",
				"only with an IAM policy (kms:GenerateDataKey on the key): statement 1 ",
				"(EnableIAMUserPermissions) leaves it to the IAM policies of account ",
				"111111111111, and those that the expectations give do not allow it",
			]),
			"path": ["Statement", 0],
			"remediation": concat("", [
				"Give arn:aws:iam::111111111111:user/Bob an IAM policy with this statement ",
				`(tried: the requests are then allowed): {"Action":["kms:GenerateDataKey"],`,
				`"Effect":"Allow",`,
				`"Resource":"arn:aws:kms:us-east-1:111111111111:key/1234abcd-12ab-34cd-56ef-1234567890ab"}`,
			]),
			"rule": "CT-EDS-USER",
			"statement": {"index": 0, "sid": "EnableIAMUserPermissions"},
			"subject": concat("", [
				"arn:aws:cloudtrail:us-east-1:111111111111:eventdatastore/EXAMPLE-f852-4e8f-8bd1-bcf6cEXAMPLE",
			]),
			"url": concat("", [
				"https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html#create-kms-key-policy-for-cloudtrail-decrypt",
			]),
		},
	}
}

test_fails_where_the_users_own_policy_denies if {
	given := testing.of(testing.policy([
		testing.root,
		testing.store_encrypt,
		testing.store_decrypt,
		testing.store_user,
	]))
	expected := object.union(
		testing.store_with({"users": {testing.bob: null}}),
		{
			"principals": {
				testing.bob: {
					"identity_policies": {
						"own": {
							"Version": "2012-10-17",
							"Statement": [
								{"Effect": "Deny", "Action": "kms:Decrypt", "Resource": "*"},
							],
						},
					},
				},
			},
		},
	)
	found := users.findings with input as given with data.expected as expected
	found == {
		{
			"key": testing.key,
			"level": "error",
			"msg": concat("", [
				"arn:aws:iam::111111111111:user/Bob cannot query event data store ",
				"arn:aws:cloudtrail:us-east-1:111111111111:eventdatastore/EXAMPLE-f852-4e8f-8bd1-bcf6cEXAMPLE ",
				"(kms:Decrypt on the key): an IAM policy of the caller denies it",
			]),
			"path": [],
			"remediation": concat("", [
				"Change the IAM policies of arn:aws:iam::111111111111:user/Bob: one of them ",
				"denies kms:Decrypt.",
			]),
			"rule": "CT-EDS-USER",
			"statement": null,
			"subject": concat("", [
				"arn:aws:cloudtrail:us-east-1:111111111111:eventdatastore/EXAMPLE-f852-4e8f-8bd1-bcf6cEXAMPLE",
			]),
			"url": concat("", [
				"https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html#create-kms-key-policy-for-cloudtrail-decrypt",
			]),
		},
	}
}

test_says_nothing_of_what_cannot_be_told if {
	given := testing.of(testing.policy([
		testing.root,
		object.union(
			testing.but(testing.root, {"Principal": null}),
			{"Effect": "Deny", "Principal": {"ctkms:unknown": "later"}},
		),
	]))
	expected := testing.store_with({"users": {testing.bob: null}})
	found := users.findings with input as given with data.expected as expected
	found == set()
}

test_offers_no_statement_to_another_account if {
	given := testing.of(testing.policy([testing.root]))
	expected := testing.store_with({"users": {testing.alice: null}})
	found := users.findings with input as given with data.expected as expected
	found == {
		{
			"key": testing.key,
			"level": "error",
			"msg": concat("", [
				"arn:aws:iam::222222222222:user/Alice cannot query event data store ",
				"arn:aws:cloudtrail:us-east-1:111111111111:eventdatastore/EXAMPLE-f852-4e8f-8bd1-bcf6cEXAMPLE ",
				"(kms:Decrypt and kms:GenerateDataKey on the key): no statement is meant for ",
				"this caller and action",
			]),
			"path": [],
			"remediation": concat("", [
				"Let arn:aws:iam::222222222222:user/Alice assume a role in account ",
				"111111111111 and list that role instead.",
			]),
			"rule": "CT-EDS-USER",
			"statement": null,
			"subject": concat("", [
				"arn:aws:cloudtrail:us-east-1:111111111111:eventdatastore/EXAMPLE-f852-4e8f-8bd1-bcf6cEXAMPLE",
			]),
			"url": concat("", [
				"https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html#create-kms-key-policy-for-cloudtrail-decrypt",
			]),
		},
	}
}

test_offers_no_policy_to_another_account if {
	given := testing.of(testing.policy([
		testing.but(testing.store_user, {"Principal": {"AWS": "222222222222"}}),
	]))
	expected := testing.store_with({"users": {testing.alice: null}})
	found := users.findings with input as given with data.expected as expected
	found == {
		{
			"key": testing.key,
			"level": "warning",
			"msg": concat("", [
				"arn:aws:iam::222222222222:user/Alice can query event data store ",
				"arn:aws:cloudtrail:us-east-1:111111111111:eventdatastore/EXAMPLE-f852-4e8f-8bd1-bcf6cEXAMPLE ",
				"only with an IAM policy (kms:Decrypt and kms:GenerateDataKey on the key): ",
				"statement 1 (EnableUserKeyPermissionsEds) leaves it to the IAM policies of ",
				"account 222222222222, and the expectations give none",
			]),
			"path": ["Statement", 0],
			"remediation": concat("", [
				"Let arn:aws:iam::222222222222:user/Alice assume a role in account ",
				"111111111111 and list that role instead.",
			]),
			"rule": "CT-EDS-USER",
			"statement": {"index": 0, "sid": "EnableUserKeyPermissionsEds"},
			"subject": concat("", [
				"arn:aws:cloudtrail:us-east-1:111111111111:eventdatastore/EXAMPLE-f852-4e8f-8bd1-bcf6cEXAMPLE",
			]),
			"url": concat("", [
				"https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html#create-kms-key-policy-for-cloudtrail-decrypt",
			]),
		},
	}
}

test_does_without_the_keys_arn if {
	given := testing.of_key({
		"arn": null,
		"label": "policy.json",
		"policy": testing.policy([testing.root]),
	})
	expected := {"event_data_stores": {testing.store: {"users": {testing.bob: null}}}}
	found := users.findings with input as given with data.expected as expected
	found == {
		{
			"key": "policy.json",
			"level": "warning",
			"msg": concat("", [
				"arn:aws:iam::111111111111:user/Bob can query event data store ",
				"arn:aws:cloudtrail:us-east-1:111111111111:eventdatastore/EXAMPLE-f852-4e8f-8bd1-bcf6cEXAMPLE ",
				"only with an IAM policy (kms:Decrypt and kms:GenerateDataKey on the key): ",
				"statement 1 (EnableIAMUserPermissions) leaves it to the IAM policies of ",
				"account 111111111111, and the expectations give none",
			]),
			"path": ["Statement", 0],
			"remediation": concat("", [
				"Give arn:aws:iam::111111111111:user/Bob an IAM policy that allows kms:Decrypt ",
				"and kms:GenerateDataKey on the key's ARN, and no other policy that denies it.",
			]),
			"rule": "CT-EDS-USER",
			"statement": {"index": 0, "sid": "EnableIAMUserPermissions"},
			"subject": concat("", [
				"arn:aws:cloudtrail:us-east-1:111111111111:eventdatastore/EXAMPLE-f852-4e8f-8bd1-bcf6cEXAMPLE",
			]),
			"url": concat("", [
				"https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html#create-kms-key-policy-for-cloudtrail-decrypt",
			]),
		},
	}
}

test_is_not_evaluated_where_no_users_are_listed if {
	given := testing.of(testing.policy([
		testing.root,
		testing.store_encrypt,
		testing.store_decrypt,
		testing.store_user,
	]))
	found := users.not_evaluated with input as given with data.expected as testing.store_with({})
	found == {
		{
			"rule": "CT-EDS-USER",
			"why": concat("", [
				"the expectations list no users of event data store ",
				"arn:aws:cloudtrail:us-east-1:111111111111:eventdatastore/EXAMPLE-f852-4e8f-8bd1-bcf6cEXAMPLE",
			]),
		},
	}
}

test_is_evaluated_where_users_are_listed if {
	given := testing.of(testing.policy([
		testing.root,
		testing.store_encrypt,
		testing.store_decrypt,
		testing.store_user,
	]))
	expected := testing.store_with({"users": {testing.bob: null}})
	found := users.not_evaluated with input as given with data.expected as expected
	found == set()
}

test_has_nothing_to_evaluate_for_trails if {
	given := testing.of(testing.policy([
		testing.root,
		testing.store_encrypt,
		testing.store_decrypt,
		testing.store_user,
	]))
	found := users.not_evaluated with input as given with data.expected as testing.trail_with({})
	found == set()
}
