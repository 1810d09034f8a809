package ctkms.rules.trail.cross_account_key_test

import data.ctkms.rules.trail.cross_account_key
import data.ctkms.testing_test as testing

_finding := {
	"rule": "CT-TRAIL-XACCT-KEY",
	"level": "note",
	"key": testing.key,
	"url": concat("/", [
		"https://docs.aws.amazon.com/awscloudtrail/latest/userguide",
		"create-kms-key-policy-for-cloudtrail-update-trail.html",
	]),
}

_foreign := "arn:aws:cloudtrail:us-east-1:222222222222:trail/theirs"

test_passes_when_trail_and_key_share_an_account if {
	findings := cross_account_key.findings with input as testing.of(testing.trail_policy)
		with data.expected as testing.trail_with({})
	findings == set()
}

test_leaves_a_note_on_a_trail_of_another_account if {
	findings := cross_account_key.findings with input as testing.of(testing.trail_policy)
		with data.expected as {"keys": {testing.key: {}}, "trails": {_foreign: {"key": testing.key}}}
	findings == {object.union(_finding, {
		"msg": concat("", [
			"trail ",
			_foreign,
			" uses a key of another account (111111111111): CloudTrail finds it by key ARN or ",
			"alias ARN, not by key id or alias name",
		]),
		"subject": _foreign,
		"statement": null,
		"path": [],
		"remediation": concat("", [
			"Configure the trail with ",
			testing.key,
			", or with the full ARN of an alias of it.",
		]),
	})}
}

test_says_nothing_when_nobody_says_which_key_it_is if {
	findings := cross_account_key.findings with input as testing.of_key({
		"arn": null,
		"policy": testing.trail_policy,
	})
		with data.expected as {"trails": {_foreign: {}}}
	findings == set()
}
