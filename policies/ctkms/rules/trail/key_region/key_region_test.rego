package ctkms.rules.trail.key_region_test

import data.ctkms.rules.trail.key_region
import data.ctkms.testing_test as testing

_finding := {
	"rule": "CT-TRAIL-KEY-REGION",
	"level": "error",
	"key": testing.key,
	"url": concat("/", [
		"https://docs.aws.amazon.com/awscloudtrail/latest/userguide",
		"encrypting-cloudtrail-log-files-with-aws-kms.html",
	]),
}

_bucket(region) := testing.trail_with({"bucket": {"name": "example-logs", "region": region}})

_multi_region := "arn:aws:kms:us-east-1:111111111111:key/mrk-1234abcd12ab34cd56ef1234567890ab"

test_passes_in_the_region_of_the_bucket if {
	findings := key_region.findings with input as testing.of(testing.trail_policy)
		with data.expected as _bucket("us-east-1")
	findings == set()
}

test_fails_in_another_region if {
	findings := key_region.findings with input as testing.of(testing.trail_policy)
		with data.expected as _bucket("us-east-2")
	findings == {object.union(_finding, {
		"msg": concat("", [
			"the key is in Region us-east-1, the bucket of trail ",
			testing.trail,
			" in Region us-east-2",
		]),
		"subject": testing.trail,
		"statement": null,
		"path": [],
		"remediation": "Use a key in us-east-2 for this trail.",
	})}
}

test_points_to_the_replica_of_a_multi_region_key if {
	findings := key_region.findings with input as testing.of_key({
		"arn": _multi_region,
		"policy": testing.trail_policy,
	})
		with data.expected as {
			"keys": {_multi_region: {}},
			"trails": {testing.trail: {"key": _multi_region, "bucket": {"region": "us-east-2"}}},
		}
	findings == {object.union(_finding, {
		"msg": concat("", [
			"the key is in Region us-east-1, the bucket of trail ",
			testing.trail,
			" in Region us-east-2",
		]),
		"subject": testing.trail,
		"statement": null,
		"path": [],
		"remediation": concat("", [
			"Use the replica of this multi-Region key in us-east-2 ",
			"(arn:aws:kms:us-east-2:111111111111:key/mrk-1234abcd12ab34cd56ef1234567890ab); it ",
			"has a key policy of its own.",
		]),
	})}
}

test_is_not_evaluated_without_the_region_of_the_bucket if {
	not_evaluated := key_region.not_evaluated with input as testing.of(testing.trail_policy)
		with data.expected as testing.trail_with({"bucket": {"name": "example-logs"}})
	not_evaluated == {{
		"rule": "CT-TRAIL-KEY-REGION",
		"why": concat("", [
			"the expectations do not name the Region of the bucket of trail ",
			testing.trail,
		]),
	}}
}

test_is_not_evaluated_without_the_key if {
	not_evaluated := key_region.not_evaluated with input as testing.of_key({
		"arn": null,
		"policy": testing.trail_policy,
	})
		with data.expected as {"trails": {testing.trail: {"bucket": {"region": "us-east-1"}}}}
	not_evaluated == {{"rule": "CT-TRAIL-KEY-REGION", "why": "nobody says which key the policy belongs to"}}
}

test_says_nothing_without_the_key if {
	findings := key_region.findings with input as testing.of_key({"arn": null, "policy": testing.trail_policy})
		with data.expected as {"trails": {testing.trail: {"bucket": {"region": "us-east-1"}}}}
	findings == set()
}

test_is_evaluated_with_both if {
	not_evaluated := key_region.not_evaluated with input as testing.of(testing.trail_policy)
		with data.expected as _bucket("us-east-1")
	not_evaluated == set()
}

test_finds_nothing_where_nobody_names_the_region_of_the_bucket if {
	findings := key_region.findings with input as testing.of(testing.trail_policy) with data.expected as _bucket(null)
	findings == set()
}

test_says_nothing_of_an_unknown_key_without_trails if {
	found := key_region.not_evaluated with input as testing.of_key({"arn": null, "policy": testing.trail_policy})
		with data.expected as {}
	found == set()
}

test_warns_of_another_partition if {
	chinese := "arn:aws-cn:cloudtrail:cn-north-1:111111111111:trail/management-events"
	found := key_region.findings with input as testing.of(testing.trail_policy)
		with data.expected as {"keys": {testing.key: {}}, "trails": {chinese: {}, testing.trail: {}}}
	found == {{
		"rule": "CT-TRAIL-KEY-REGION",
		"level": "warning",
		"key": testing.key,
		"subject": chinese,
		"statement": null,
		"path": [],
		"msg": concat("", [
			"the key is in partition aws, trail arn:aws-cn:cloudtrail:cn-north-1:111111111111:trail/management-events ",
			"in partition aws-cn, whose services have no access to it",
		]),
		"remediation": "Use a key of partition aws-cn for this trail.",
		"url": "https://docs.aws.amazon.com/awscloudtrail/latest/userguide/encrypting-cloudtrail-log-files-with-aws-kms.html",
	}}
}
