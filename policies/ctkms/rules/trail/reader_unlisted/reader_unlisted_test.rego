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

_everyone(condition) := testing.of(testing.policy([testing.root, object.union(
	object.remove(testing.reader, ["Condition", "Principal"]),
	{"Principal": {"AWS": "*"}, "Condition": condition},
)]))

_organized := object.union(_readers({testing.bob: null}), {"organization": {"id": "o-a1b2c3d4e5"}})

_of_trails := {"Null": {"kms:EncryptionContext:aws:cloudtrail:arn": "false"}}

_lets_in(whom) := concat("", [
	"statement 2 (EnableCloudTrailLogDecryptPermissions) lets ",
	whom,
	" decrypt the log files of trail ",
	testing.trail,
	", and the expectations do not list them as a reader",
])

_in_place := {
	"subject": testing.trail,
	"statement": {"index": 1, "sid": "EnableCloudTrailLogDecryptPermissions"},
	"path": ["Statement", 1, "Principal"],
	"remediation": concat("", [
		`Name in place of "*" those who need it, `,
		"or list them under readers of the trail in the expectations.",
	]),
}

test_warns_of_the_whole_organization if {
	every condition in [
		{"StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}},
		{"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": "o-a1b2c3d4e5/r-ab12/*"}},
	] {
		given := _everyone(object.union(condition, _of_trails))
		findings := reader_unlisted.findings with input as given with data.expected as _organized
		findings == {object.union_n([_finding, _in_place, {
			"msg": _lets_in("every account of organization o-a1b2c3d4e5"),
		}])}
	}
}

_of_account(more) := object.union({"StringEquals": {"kms:CallerAccount": "111111111111"}}, more)

_found(condition) := {[one.level, one.msg] | some one in findings} if {
	given := _everyone(condition)
	expected := object.union(_readers({testing.bob: null}), {"accounts": {"333333333333": {}}})
	findings := reader_unlisted.findings with input as given with data.expected as expected
}

test_notes_that_everyone_of_the_own_account_reads if {
	given := _everyone(_of_account(_of_trails))
	findings := reader_unlisted.findings with input as given with data.expected as _readers({testing.bob: null})
	findings == {object.union_n([_finding, _in_place, {
		"level": "note",
		"msg": _lets_in("every user and role of account 111111111111"),
	}])}
}

test_warns_where_everyone_of_the_own_account_decrypts_whatever_it_is if {
	_found(_of_account({})) == {["warning", _lets_in("every user and role of account 111111111111")]}
}

test_warns_of_everyone_of_another_account if {
	condition := {"StringEquals": {"kms:CallerAccount": "333333333333"}}
	_found(object.union(condition, _of_trails)) == {["warning", _lets_in("every user and role of account 333333333333")]}
}

test_tells_whom_a_condition_names if {
	_found({"ArnEquals": {"aws:PrincipalArn": _carol}}) == {["warning", _lets_in(_carol)]}
	pattern := "arn:aws:iam::111111111111:user/C*"
	_found({"ArnLike": {"aws:PrincipalArn": pattern}}) == {["note", _lets_in(concat("", [
		"everyone whose ARN matches ", pattern,
	]))]}
	_found({"ArnEquals": {"aws:PrincipalArn": testing.bob}}) == set()
}

test_leaves_what_is_open_to_the_world_to_the_rule_about_that if {
	_found(_of_trails) == set()
}

test_passes_everyone_of_an_account_that_is_listed if {
	condition := _of_account({})
	given := _everyone(condition)
	findings := reader_unlisted.findings with input as given
		with data.expected as _readers({"arn:aws:iam::111111111111:root": null})
	findings == set()
	elsewhere := _everyone({"StringEquals": {"kms:CallerAccount": "222222222222"}})
	listed := reader_unlisted.findings with input as elsewhere with data.expected as _readers({testing.alice: null})
	listed == set()
}

test_warns_of_the_whole_organization_where_nobody_says_which_key_it_is if {
	given := _everyone({"StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}})
	nowhere := {"ctkms": object.union(given.ctkms, {"key": object.union(given.ctkms.key, {"arn": null})})}
	expected := {"organization": {"id": "o-a1b2c3d4e5"}, "trails": {testing.trail: {"readers": {testing.bob: null}}}}
	findings := reader_unlisted.findings with input as nowhere with data.expected as expected
	{contains(one.msg, "every account of organization o-a1b2c3d4e5") | some one in findings} == {true}
}
