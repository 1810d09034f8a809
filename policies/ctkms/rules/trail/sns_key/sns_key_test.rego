package ctkms.rules.trail.sns_key_test

import data.ctkms.rules.trail.sns_key
import data.ctkms.testing_test as testing

_finding := {
	"rule": "CT-SNS-KEY",
	"level": "error",
	"key": testing.key,
	"url": concat("/", [
		"https://docs.aws.amazon.com/awscloudtrail/latest/userguide",
		"cloudtrail-permissions-for-sns-notifications.html",
	]),
}

_topic := {"keys": {testing.key: {}}, "trails": {testing.trail: {
	"key": "arn:aws:kms:us-east-1:111111111111:key/5678efab-34cd-56ef-78ab-567890abcdef",
	"sns_key": testing.key,
}}}

_publish(actions) := {
	"Sid": "AllowPublish",
	"Effect": "Allow",
	"Principal": {"Service": "cloudtrail.amazonaws.com"},
	"Action": actions,
	"Resource": "*",
}

test_passes_with_the_documented_statement if {
	findings := sns_key.findings with input as testing.of(testing.policy([_publish([
		"kms:GenerateDataKey*",
		"kms:Decrypt",
	])]))
		with data.expected as _topic
	findings == set()
}

test_fails_without_a_statement if {
	findings := sns_key.findings with input as testing.of(testing.policy([testing.root]))
		with data.expected as _topic
	findings == {object.union(_finding, {
		"msg": concat("", [
			"CloudTrail asks kms:Decrypt to publish to the encrypted topic of trail ",
			testing.trail,
			" (kms:Decrypt on the key): no statement allows it: no statement is meant for this ",
			"caller and action",
		]),
		"subject": testing.trail,
		"statement": null,
		"path": [],
		"remediation": concat("", [
			"Add this statement (tried: the request is then allowed): ",
			json.marshal({
				"Action": ["kms:Decrypt", "kms:GenerateDataKey"],
				"Effect": "Allow",
				"Principal": {"Service": "cloudtrail.amazonaws.com"},
				"Resource": "*",
				"Sid": "AllowCloudTrailPublishToTopic",
			}),
		]),
	})}
}

test_fails_without_decrypt if {
	findings := sns_key.findings with input as testing.of(testing.policy([_publish("kms:GenerateDataKey*")]))
		with data.expected as _topic
	findings == {object.union(_finding, {
		"msg": concat("", [
			"CloudTrail asks kms:Decrypt to publish to the encrypted topic of trail ",
			testing.trail,
			" (kms:Decrypt on the key): no statement allows it: no statement is meant for this ",
			"caller and action",
		]),
		"subject": testing.trail,
		"statement": null,
		"path": [],
		"remediation": concat("", [
			"Add this statement (tried: the request is then allowed): ",
			json.marshal({
				"Action": ["kms:Decrypt", "kms:GenerateDataKey"],
				"Effect": "Allow",
				"Principal": {"Service": "cloudtrail.amazonaws.com"},
				"Resource": "*",
				"Sid": "AllowCloudTrailPublishToTopic",
			}),
		]),
	})}
}

test_the_topic_of_a_trail_in_the_document if {
	document := testing.of_key({"policy": testing.policy([testing.root]), "topics": {testing.trail: {}}})
	findings := sns_key.findings with input as document with data.expected as {}
	{finding.subject | some finding in findings} == {testing.trail}
}

test_says_nothing_of_keys_of_no_topic if {
	findings := sns_key.findings with input as testing.of(testing.policy([testing.root]))
		with data.expected as testing.trail_with({})
	findings == set()
}
