package ctkms.rules.store.user_unlisted_test

import data.ctkms.rules.store.user_unlisted
import data.ctkms.testing_test as testing

_carol := "arn:aws:iam::111111111111:user/Carol"

_users := testing.store_with({"users": {testing.bob: {}}})

_used_by(names) := testing.of(testing.policy([
	testing.root,
	testing.but(testing.store_user, {"Principal": {"AWS": names}}),
]))

_finding(who, path, says) := {
	"rule": "CT-EDS-USER-UNLISTED",
	"level": "warning",
	"key": testing.key,
	"url": concat("#", [
		"https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html",
		"create-kms-key-policy-for-cloudtrail-decrypt",
	]),
	"msg": concat(" ", [
		"statement 2 (EnableUserKeyPermissionsEds)",
		says,
		who,
		"decrypt what event data store",
		sprintf("%v holds, and the expectations do not list them as a user", [testing.store]),
	]),
	"subject": testing.store,
	"statement": {"index": 1, "sid": "EnableUserKeyPermissionsEds"},
	"path": array.concat(["Statement", 1, "Principal", "AWS"], path),
	"remediation": sprintf("Take kms:Decrypt from %v, or list them under users of the store in the expectations.", [who]),
}

test_passes_when_the_policy_names_the_users if {
	findings := user_unlisted.findings with input as testing.of(testing.store_policy) with data.expected as _users
	findings == set()
}

test_warns_of_someone_else if {
	given := _used_by([testing.bob, _carol])
	findings := user_unlisted.findings with input as given with data.expected as _users
	findings == {_finding(_carol, [1], "lets")}
}

test_warns_of_another_account if {
	given := _used_by("222222222222")
	findings := user_unlisted.findings with input as given with data.expected as _users
	findings == {_finding("arn:aws:iam::222222222222:root", [], "lets")}
}

test_a_condition_on_what_nobody_knows_shuts_nobody_out if {
	given := testing.of(testing.policy([testing.root, testing.but(testing.store_user, {
		"Principal": {"AWS": _carol},
		"Condition": {"StringEquals": {"aws:SourceVpce": "vpce-1a2b3c4d"}},
	})]))
	findings := user_unlisted.findings with input as given with data.expected as _users
	findings == {_finding(_carol, [], "may let")}
}

test_passes_readers_of_a_trail_alone if {
	given := testing.of(testing.policy([testing.root, testing.but(testing.reader, {"Principal": {"AWS": _carol}})]))
	findings := user_unlisted.findings with input as given with data.expected as _users
	findings == set()
}

test_says_so_where_nobody_lists_users if {
	nobody := testing.store_with({})
	findings := user_unlisted.findings with input as _used_by(_carol) with data.expected as nobody
	findings == set()
	missing := user_unlisted.not_evaluated with input as _used_by(_carol) with data.expected as nobody
	missing == {{
		"rule": "CT-EDS-USER-UNLISTED",
		"why": sprintf("the expectations list no users of event data store %v", [testing.store]),
	}}
	nothing := user_unlisted.not_evaluated with input as _used_by(_carol) with data.expected as _users
	nothing == set()
}

_everyone(condition) := testing.of(testing.policy([testing.root, object.union(
	object.remove(testing.store_user, ["Principal"]),
	{"Principal": "*", "Condition": condition},
)]))

_crowd(level, who, says) := object.union(_finding(who, [], says), {
	"level": level,
	"path": ["Statement", 1, "Principal"],
	"remediation": concat("", [
		`Name in place of "*" those who need it, `,
		"or list them under users of the store in the expectations.",
	]),
})

test_warns_of_the_whole_organization if {
	given := _everyone({"StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}})
	expected := object.union(_users, {"organization": {"id": "o-a1b2c3d4e5"}})
	findings := user_unlisted.findings with input as given with data.expected as expected
	findings == {_crowd("warning", "every account of organization o-a1b2c3d4e5", "lets")}
}

test_of_the_own_account_through_a_service_is_a_note if {
	own := {"StringEquals": {"kms:CallerAccount": "111111111111"}}
	through := object.union(own, {"StringLike": {"kms:ViaService": "*.us-east-1.amazonaws.com"}})
	who := "every user and role of account 111111111111"
	noted := user_unlisted.findings with input as _everyone(through) with data.expected as _users
	noted == {_crowd("note", who, "may let")}
	warned := user_unlisted.findings with input as _everyone(own) with data.expected as _users
	warned == {_crowd("warning", who, "lets")}
}
