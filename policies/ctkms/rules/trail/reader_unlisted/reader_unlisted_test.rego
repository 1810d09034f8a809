package ctkms.rules.trail.reader_unlisted_test

import data.ctkms.rules.trail.reader_unlisted
import data.ctkms.testing_test as testing

_finding := {
	"rule": "CT-TRAIL-READER-UNLISTED",
	"level": "warning",
	"key": testing.key,
	"url": concat("#", [
		"https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html",
		"create-kms-key-policy-for-cloudtrail-decrypt",
	]),
}

_carol := "arn:aws:iam::111111111111:user/Carol"

_account := "arn:aws:iam::222222222222:root"

_readers(people) := testing.trail_with({"readers": people})

_for(people) := testing.but(testing.reader, {"Principal": {"AWS": people}})

test_passes_when_the_policy_names_the_readers if {
	findings := reader_unlisted.findings with input as testing.of(testing.trail_policy)
		with data.expected as _readers({testing.bob: null})
	findings == set()
}

test_warns_of_someone_else if {
	findings := reader_unlisted.findings with input as testing.of(testing.policy([
		testing.root,
		_for([testing.bob, _carol]),
	]))
		with data.expected as _readers({testing.bob: null})
	findings == {object.union(_finding, {
		"msg": concat("", [
			"statement 2 (EnableCloudTrailLogDecryptPermissions) lets ",
			_carol,
			" decrypt the log files of trail ",
			testing.trail,
			", and the expectations do not list them as a reader",
		]),
		"subject": testing.trail,
		"statement": {"index": 1, "sid": "EnableCloudTrailLogDecryptPermissions"},
		"path": ["Statement", 1, "Principal", "AWS", 1],
		"remediation": concat("", [
			"Take kms:Decrypt from ",
			_carol,
			", or list them under readers of the trail in the expectations.",
		]),
	})}
}

test_warns_of_a_foreign_account if {
	findings := reader_unlisted.findings with input as testing.of(testing.policy([_for(_account)]))
		with data.expected as _readers({testing.bob: null})
	findings == {object.union(_finding, {
		"msg": concat("", [
			"statement 1 (EnableCloudTrailLogDecryptPermissions) lets ",
			_account,
			" decrypt the log files of trail ",
			testing.trail,
			", and the expectations do not list them as a reader",
		]),
		"subject": testing.trail,
		"statement": {"index": 0, "sid": "EnableCloudTrailLogDecryptPermissions"},
		"path": ["Statement", 0, "Principal", "AWS"],
		"remediation": concat("", [
			"Take kms:Decrypt from ",
			_account,
			", or list them under readers of the trail in the expectations.",
		]),
	})}
}

test_passes_when_the_account_has_a_reader if {
	findings := reader_unlisted.findings with input as testing.of(testing.policy([_for(_account)]))
		with data.expected as _readers({testing.alice: null})
	findings == set()
}

test_passes_when_the_account_assumes_a_reading_role if {
	findings := reader_unlisted.findings with input as testing.of(testing.policy([_for(_account)]))
		with data.expected as object.union(_readers({testing.bob: null}), {
			"principals": {testing.bob: {"assumed_by": {_account: null}}},
		})
	findings == set()
}

test_passes_for_administrators if {
	findings := reader_unlisted.findings with input as testing.of(testing.policy([_for(_carol)]))
		with data.expected as object.union(_readers({testing.bob: null}), {
			"keys": {testing.key: {"administrators": {_carol: null}}},
		})
	findings == set()
}

test_passes_for_users_of_an_event_data_store if {
	findings := reader_unlisted.findings with input as testing.of(testing.policy([_for(_carol)]))
		with data.expected as object.union(_readers({testing.bob: null}), {
			"event_data_stores": {testing.store: {"key": testing.key, "users": {_carol: null}}},
		})
	findings == set()
}

test_passes_for_someone_who_is_named_for_something_else if {
	findings := reader_unlisted.findings with input as testing.of(testing.policy([
		testing.root,
		testing.but(_for(_carol), {"Action": "kms:DescribeKey"}),
	]))
		with data.expected as _readers({testing.bob: null})
	findings == set()
}

test_is_not_evaluated_without_readers if {
	not_evaluated := reader_unlisted.not_evaluated with input as testing.of(testing.policy([testing.root]))
		with data.expected as testing.trail_with({})
	not_evaluated == {{
		"rule": "CT-TRAIL-READER-UNLISTED",
		"why": concat("", [
			"the expectations list no readers of trail ",
			testing.trail,
		]),
	}}
}

test_is_evaluated_with_readers if {
	not_evaluated := reader_unlisted.not_evaluated with input as testing.of(testing.policy([testing.root]))
		with data.expected as _readers({testing.bob: null})
	not_evaluated == set()
}

test_warns_of_a_foreign_account_given_by_its_id if {
	findings := reader_unlisted.findings with input as testing.of(testing.policy([testing.root, _for("888888888888")]))
		with data.expected as _readers({testing.bob: null})
	findings == {object.union(_finding, {
		"msg": concat("", [
			"statement 2 (EnableCloudTrailLogDecryptPermissions) lets arn:aws:iam::888888888888:root",
			" decrypt the log files of trail ",
			testing.trail,
			", and the expectations do not list them as a reader",
		]),
		"subject": testing.trail,
		"statement": {"index": 1, "sid": "EnableCloudTrailLogDecryptPermissions"},
		"path": ["Statement", 1, "Principal", "AWS"],
		"remediation": concat("", [
			"Take kms:Decrypt from arn:aws:iam::888888888888:root, ",
			"or list them under readers of the trail in the expectations.",
		]),
	})}
}

test_passes_the_account_of_the_key_given_by_its_id if {
	findings := reader_unlisted.findings with input as testing.of(testing.policy([testing.root, _for("111111111111")]))
		with data.expected as _readers({testing.bob: null})
	findings == set()
}

test_warns_of_someone_whose_condition_nobody_can_tell if {
	guarded := testing.but(_for("arn:aws:iam::888888888888:role/Eve"), {"Condition": {"IpAddress": {
		"aws:SourceIp": "192.0.2.0/24",
	}}})
	findings := reader_unlisted.findings with input as testing.of(testing.policy([testing.root, guarded]))
		with data.expected as _readers({testing.bob: null})
	[one.msg | some one in findings] == [concat("", [
		"statement 2 (EnableCloudTrailLogDecryptPermissions) may let arn:aws:iam::888888888888:role/Eve",
		" decrypt the log files of trail ",
		testing.trail,
		", and the expectations do not list them as a reader",
	])]
}

test_an_import_role_reads_the_bucket_that_it_copies if {
	role := "arn:aws:iam::111111111111:role/Import"
	given := testing.of(testing.policy([testing.root, _for([testing.bob, role])]))
	bucket := {"name": "example-logs", "bucket_key": false}
	expected := testing.trail_with({"readers": {testing.bob: null}, "bucket": bucket})
	copied := object.union(expected, testing.store_with({"import_roles": {role: {"bucket": "example-logs"}}}))
	other := object.union(expected, testing.store_with({"import_roles": {role: {"bucket": "other-logs"}}}))
	listed := reader_unlisted.findings with input as given with data.expected as copied
	listed == set()
	unlisted := reader_unlisted.findings with input as given with data.expected as other
	{one.path[4] | some one in unlisted} == {1}
}
