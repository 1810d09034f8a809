package ctkms.rules.cloudtrail.key_symmetric_test

import data.ctkms.rules.cloudtrail.key_symmetric
import data.ctkms.testing_test as testing

_with(metadata) := {"keys": {testing.key: {"metadata": metadata}}}

test_passes_on_a_symmetric_encryption_key if {
	given := testing.of(testing.trail_policy)
	expected := _with({"spec": "SYMMETRIC_DEFAULT", "usage": "ENCRYPT_DECRYPT"})
	found := key_symmetric.findings with input as given with data.expected as expected
	found == set()
}

test_fails_on_another_kind_of_key if {
	given := testing.of(testing.trail_policy)
	expected := _with({"spec": "RSA_2048", "usage": "ENCRYPT_DECRYPT"})
	found := key_symmetric.findings with input as given with data.expected as expected
	found == {
		{
			"key": testing.key,
			"level": "error",
			"msg": "the key's spec is RSA_2048, but CloudTrail uses keys with SYMMETRIC_DEFAULT only",
			"path": [],
			"remediation": concat("", [
				"Create a symmetric encryption key for CloudTrail: the kind of a key cannot be ",
				"changed.",
			]),
			"rule": "CT-KEY-SYMMETRIC",
			"statement": null,
			"subject": null,
			"url": concat("", [
				"https://docs.aws.amazon.com/awscloudtrail/latest/userguide/encrypting-cloudtrail-log-files-with-aws-kms.html",
			]),
		},
	}
}

test_fails_on_another_usage if {
	given := testing.of(testing.trail_policy)
	expected := _with({"spec": "HMAC_256", "usage": "GENERATE_VERIFY_MAC"})
	found := key_symmetric.findings with input as given with data.expected as expected
	found == {
		{
			"key": testing.key,
			"level": "error",
			"msg": "the key's spec is HMAC_256, but CloudTrail uses keys with SYMMETRIC_DEFAULT only",
			"path": [],
			"remediation": concat("", [
				"Create a symmetric encryption key for CloudTrail: the kind of a key cannot be ",
				"changed.",
			]),
			"rule": "CT-KEY-SYMMETRIC",
			"statement": null,
			"subject": null,
			"url": concat("", [
				"https://docs.aws.amazon.com/awscloudtrail/latest/userguide/encrypting-cloudtrail-log-files-with-aws-kms.html",
			]),
		},
		{
			"key": testing.key,
			"level": "error",
			"msg": concat("", [
				"the key's usage is GENERATE_VERIFY_MAC, but CloudTrail uses keys with ",
				"ENCRYPT_DECRYPT only",
			]),
			"path": [],
			"remediation": concat("", [
				"Create a symmetric encryption key for CloudTrail: the kind of a key cannot be ",
				"changed.",
			]),
			"rule": "CT-KEY-SYMMETRIC",
			"statement": null,
			"subject": null,
			"url": concat("", [
				"https://docs.aws.amazon.com/awscloudtrail/latest/userguide/encrypting-cloudtrail-log-files-with-aws-kms.html",
			]),
		},
	}
}

test_is_evaluated_where_the_metadata_are_given if {
	given := testing.of(testing.trail_policy)
	expected := _with({"spec": "SYMMETRIC_DEFAULT", "usage": "ENCRYPT_DECRYPT"})
	found := key_symmetric.not_evaluated with input as given with data.expected as expected
	found == set()
}

test_is_not_evaluated_without_metadata if {
	given := testing.of(testing.trail_policy)
	found := key_symmetric.not_evaluated with input as given with data.expected as testing.trail_with({})
	found == {
		{
			"rule": "CT-KEY-SYMMETRIC",
			"why": "the expectations do not give the key's spec and usage (metadata)",
		},
	}
}

test_is_not_evaluated_on_metadata_that_are_not_known_yet if {
	given := testing.of(testing.trail_policy)
	expected := _with({"spec": {"ctkms:unknown": "later"}, "usage": "ENCRYPT_DECRYPT"})
	found := key_symmetric.not_evaluated with input as given with data.expected as expected
	found == {
		{
			"rule": "CT-KEY-SYMMETRIC",
			"why": "the expectations do not give the key's spec (metadata)",
		},
	}
}

test_is_not_evaluated_where_the_key_is_not_known if {
	given := testing.of_key({"arn": null})
	found := key_symmetric.not_evaluated with input as given with data.expected as _with({"spec": "RSA_2048"})
	found == {
		{
			"rule": "CT-KEY-SYMMETRIC",
			"why": "the expectations do not give the key's spec and usage (metadata)",
		},
	}
}

test_finds_nothing_in_metadata_that_are_no_text if {
	expected := {"keys": {testing.key: {"metadata": {"spec": 3, "usage": {"ctkms:unknown": "later"}}}}}
	found := key_symmetric.findings with input as testing.of(testing.trail_policy) with data.expected as expected
	found == set()
}
