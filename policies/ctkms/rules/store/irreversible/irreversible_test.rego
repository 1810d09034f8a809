package ctkms.rules.store.irreversible_test

import data.ctkms.rules.store.irreversible
import data.ctkms.testing_test as testing

test_reminds_once_for_each_store if {
	given := testing.of(testing.policy([
		testing.root,
		testing.store_encrypt,
		testing.store_decrypt,
		testing.store_user,
	]))
	found := irreversible.findings with input as given with data.expected as testing.store_with({})
	found == {
		{
			"key": testing.key,
			"level": "note",
			"msg": concat("", [
				"event data store ",
				"arn:aws:cloudtrail:us-east-1:111111111111:eventdatastore/EXAMPLE-f852-4e8f-8bd1-bcf6cEXAMPLE ",
				"keeps this key for good: its key cannot be changed, its encryption cannot be ",
				"stopped",
			]),
			"path": [],
			"remediation": concat("", [
				"Make sure that this is the key you want, and guard it against deletion: the ",
				"events are lost with it.",
			]),
			"rule": "CT-EDS-IRREVERSIBLE",
			"statement": null,
			"subject": concat("", [
				"arn:aws:cloudtrail:us-east-1:111111111111:eventdatastore/EXAMPLE-f852-4e8f-8bd1-bcf6cEXAMPLE",
			]),
			"url": concat("", [
				"https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail-update-trail.html",
			]),
		},
	}
}

test_says_nothing_of_trails if {
	given := testing.of(testing.policy([
		testing.root,
		testing.store_encrypt,
		testing.store_decrypt,
		testing.store_user,
	]))
	found := irreversible.findings with input as given with data.expected as testing.trail_with({})
	found == set()
}
