package ctkms.rules.store.cross_account_read_test

import data.ctkms.rules.store.cross_account_read
import data.ctkms.testing_test as testing

test_passes_in_one_account if {
	given := testing.of(testing.policy([
		testing.root,
		testing.store_encrypt,
		testing.store_decrypt,
		testing.store_user,
	]))
	expected := testing.store_with({"users": {testing.bob: null}})
	found := cross_account_read.findings with input as given with data.expected as expected
	found == set()
}

test_warns_across_accounts if {
	given := testing.of(testing.policy([
		testing.root,
		testing.store_encrypt,
		testing.store_decrypt,
		testing.store_user,
	]))
	expected := testing.store_with({"users": {testing.alice: null, testing.bob: null}})
	found := cross_account_read.findings with input as given with data.expected as expected
	found == {
		{
			"key": testing.key,
			"level": "warning",
			"msg": concat("", [
				"event data store ",
				"arn:aws:cloudtrail:us-east-1:111111111111:eventdatastore/EXAMPLE-f852-4e8f-8bd1-bcf6cEXAMPLE ",
				"lists arn:aws:iam::222222222222:user/Alice of account 222222222222: AWS does ",
				"not support users of other accounts",
			]),
			"path": [],
			"remediation": concat("", [
				"Let arn:aws:iam::222222222222:user/Alice assume a role in account ",
				"111111111111 and list that role instead.",
			]),
			"rule": "CT-EDS-XACCT-READ",
			"statement": null,
			"subject": concat("", [
				"arn:aws:cloudtrail:us-east-1:111111111111:eventdatastore/EXAMPLE-f852-4e8f-8bd1-bcf6cEXAMPLE",
			]),
			"url": concat("", [
				"https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html#create-kms-key-policy-for-cloudtrail-decrypt-other-accounts",
			]),
		},
	}
}

test_knows_account_ids if {
	given := testing.of(testing.policy([
		testing.root,
		testing.store_encrypt,
		testing.store_decrypt,
		testing.store_user,
	]))
	expected := testing.store_with({"users": {"222222222222": null, "111111111111": null}})
	found := cross_account_read.findings with input as given with data.expected as expected
	found == {
		{
			"key": testing.key,
			"level": "warning",
			"msg": concat("", [
				"event data store ",
				"arn:aws:cloudtrail:us-east-1:111111111111:eventdatastore/EXAMPLE-f852-4e8f-8bd1-bcf6cEXAMPLE ",
				"lists 222222222222 of account 222222222222: AWS does not support users of ",
				"other accounts",
			]),
			"path": [],
			"remediation": concat("", [
				"Let 222222222222 assume a role in account 111111111111 and list that role ",
				"instead.",
			]),
			"rule": "CT-EDS-XACCT-READ",
			"statement": null,
			"subject": concat("", [
				"arn:aws:cloudtrail:us-east-1:111111111111:eventdatastore/EXAMPLE-f852-4e8f-8bd1-bcf6cEXAMPLE",
			]),
			"url": concat("", [
				"https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html#create-kms-key-policy-for-cloudtrail-decrypt-other-accounts",
			]),
		},
	}
}

test_compares_with_the_store_where_the_key_is_not_known if {
	given := testing.of_key({"arn": null})
	expected := {
		"event_data_stores": {testing.store: {"users": {testing.alice: null, testing.bob: null}}},
	}
	found := cross_account_read.findings with input as given with data.expected as expected
	found == {
		{
			"key": testing.key,
			"level": "warning",
			"msg": concat("", [
				"event data store ",
				"arn:aws:cloudtrail:us-east-1:111111111111:eventdatastore/EXAMPLE-f852-4e8f-8bd1-bcf6cEXAMPLE ",
				"lists arn:aws:iam::222222222222:user/Alice of account 222222222222: AWS does ",
				"not support users of other accounts",
			]),
			"path": [],
			"remediation": concat("", [
				"Let arn:aws:iam::222222222222:user/Alice assume a role in account ",
				"111111111111 and list that role instead.",
			]),
			"rule": "CT-EDS-XACCT-READ",
			"statement": null,
			"subject": concat("", [
				"arn:aws:cloudtrail:us-east-1:111111111111:eventdatastore/EXAMPLE-f852-4e8f-8bd1-bcf6cEXAMPLE",
			]),
			"url": concat("", [
				"https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html#create-kms-key-policy-for-cloudtrail-decrypt-other-accounts",
			]),
		},
	}
}

test_says_nothing_of_who_has_no_account if {
	given := testing.of(testing.policy([
		testing.root,
		testing.store_encrypt,
		testing.store_decrypt,
		testing.store_user,
	]))
	expected := testing.store_with({"users": {"somebody": null}})
	found := cross_account_read.findings with input as given with data.expected as expected
	found == set()
}
