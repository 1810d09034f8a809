package ctkms.rules.store.decrypt_service_test

import data.ctkms.rules.store.decrypt_service
import data.ctkms.testing_test as testing

test_passes_with_the_documented_statement if {
	given := testing.of(testing.policy([
		testing.root,
		testing.store_encrypt,
		testing.store_decrypt,
		testing.store_user,
	]))
	found := decrypt_service.findings with input as given with data.expected as testing.store_with({})
	found == set()
}

test_fails_without_it if {
	given := testing.of(testing.policy([testing.root, testing.store_encrypt, testing.store_user]))
	found := decrypt_service.findings with input as given with data.expected as testing.store_with({})
	found == {
		{
			"key": testing.key,
			"level": "error",
			"msg": concat("", [
				"CloudTrail decrypts events of event data store ",
				"arn:aws:cloudtrail:us-east-1:111111111111:eventdatastore/EXAMPLE-f852-4e8f-8bd1-bcf6cEXAMPLE ",
				"(kms:Decrypt on the key): no statement allows it: no statement is meant for ",
				"this caller and action",
			]),
			"path": [],
			"remediation": concat("", [
				"Add this statement (tried: the request is then allowed): {",
				`"Action":"kms:Decrypt","Effect":"Allow","Principal":{`,
				`"Service":"cloudtrail.amazonaws.com"},"Resource":"*",`,
				`"Sid":"AllowCloudTrailDecrypt"}`,
			]),
			"rule": "CT-EDS-DECRYPT-SVC",
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

test_passes_with_the_decrypt_statement_of_trails_as_aws_prints_it if {
	given := testing.of(testing.policy([testing.root, testing.encrypt, testing.decrypt]))
	found := decrypt_service.findings with input as given with data.expected as testing.store_with({})
	found == set()
}

test_fails_where_the_statement_is_for_another_service if {
	given := testing.of(testing.policy([
		testing.root,
		testing.but(testing.store_decrypt, {"Principal": {"Service": "config.amazonaws.com"}}),
	]))
	found := decrypt_service.findings with input as given with data.expected as testing.store_with({})
	found == {
		{
			"key": testing.key,
			"level": "error",
			"msg": concat("", [
				"CloudTrail decrypts events of event data store ",
				"arn:aws:cloudtrail:us-east-1:111111111111:eventdatastore/EXAMPLE-f852-4e8f-8bd1-bcf6cEXAMPLE ",
				"(kms:Decrypt on the key): no statement allows it: no statement is meant for ",
				"this caller and action",
			]),
			"path": [],
			"remediation": concat("", [
				"Add this statement (tried: the request is then allowed): {",
				`"Action":"kms:Decrypt","Effect":"Allow","Principal":{`,
				`"Service":"cloudtrail.amazonaws.com"},"Resource":"*",`,
				`"Sid":"AllowCloudTrailDecrypt"}`,
			]),
			"rule": "CT-EDS-DECRYPT-SVC",
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

test_says_nothing_of_trails if {
	given := testing.of(testing.policy([testing.root]))
	found := decrypt_service.findings with input as given with data.expected as testing.trail_with({})
	found == set()
}
