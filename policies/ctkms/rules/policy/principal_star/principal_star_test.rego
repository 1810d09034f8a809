package ctkms.rules.policy.principal_star_test

import data.ctkms.rules.policy.principal_star
import data.ctkms.testing_test as testing

# A whole finding: what the rule always says, and `fields`.
finding(fields) := object.union(
	{
		"rule": "KP-PRINCIPAL-STAR",
		"level": "error",
		"key": testing.key,
		"subject": null,
		"statement": null,
		"path": [],
		"url": "https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-overview.html",
	},
	fields,
)

test_passes_named_principals if {
	found := principal_star.findings with input as testing.of(testing.trail_policy)
		with data.expected as testing.trail_with({})
	count(found) == 0
}

# A statement for everyone that allows kms:Decrypt under a condition, beside the account's own.
under(condition) := under_with(condition, {"keys": {testing.key: {}}})

under_with(condition, expected) := found if {
	given := testing.of(testing.policy([testing.root, _everyone({"Condition": condition})]))
	found := principal_star.findings with input as given with data.expected as expected
}

_everyone(members) := object.union_n([
	object.remove(testing.decrypt, ["Principal"]),
	{"Sid": "Everyone", "Principal": {"AWS": "*"}},
	members,
])

_own := concat(" ", [
	"Add this condition (tried: callers of other accounts are then refused):",
	"{\"StringEquals\":{\"kms:CallerAccount\":\"111111111111\"}}",
])

everyone_may(members) := finding(object.union(
	{"path": ["Statement", 1, "Principal"], "statement": {"index": 1, "sid": "Everyone"}, "remediation": _own},
	members,
))

_world := {everyone_may({"msg": concat(" ", [
	"statement 2 (Everyone) is open to the world: callers of any account may use",
	"kms:Decrypt",
])})}

_all := concat(" ", [
	"kms:CreateGrant, kms:Decrypt, kms:DescribeKey, kms:Encrypt, kms:GenerateDataKey,",
	"kms:GenerateDataKeyWithoutPlaintext, kms:GetKeyRotationStatus, kms:GetPublicKey, kms:ListGrants,",
	"kms:ReEncryptFrom, kms:ReEncryptTo, kms:RetireGrant, kms:RevokeGrant",
])

_inside := finding({
	"msg": concat(" ", [
		"statement 1 (EnableIAMUserPermissions) lets every user and role of the key's account use kms:DisableKey,",
		"kms:PutKeyPolicy, kms:ScheduleKeyDeletion, whatever their IAM policies say",
	]),
	"path": ["Statement", 0, "Principal"],
	"remediation": "Name the users and roles who administer the key in place of \"*\".",
	"statement": {"index": 0, "sid": "EnableIAMUserPermissions"},
})

test_fails_when_the_policy_is_open_to_the_world if {
	given := testing.of(testing.policy([testing.but(testing.root, {"Principal": "*"})]))
	found := principal_star.findings with input as given
		with data.expected as {"keys": {testing.key: {}}}
	found == {
		finding({
			"msg": concat(" ", [
				"statement 1 (EnableIAMUserPermissions) is open to the world: callers of any account",
				"may use",
				_all,
			]),
			"path": ["Statement", 0, "Principal"],
			"remediation": concat(" ", [
				"Add this condition (tried: callers of other accounts are then refused):",
				"{\"StringEquals\":{\"kms:CallerAccount\":\"111111111111\"}}",
			]),
			"statement": {"index": 0, "sid": "EnableIAMUserPermissions"},
		}),
		_inside,
	}
}

test_fails_however_many_accounts_are_expected if {
	given := testing.of(testing.policy([testing.root, testing.but(testing.decrypt, {"Principal": "*"})]))
	accounts := {concat("", [digit | some _ in numbers.range(1, 12)]): {} | some digit in ["5", "6", "7", "8", "9"]}
	found := principal_star.findings with input as given
		with data.expected as object.union(testing.trail_with({}), {"accounts": accounts})
	[[one.level, one.statement] | some one in found] == [["error", {"index": 1, "sid": "AllowCloudTrailDecrypt"}]]
}

test_fails_where_nobody_says_which_key_it_is if {
	given := testing.of_key({
		"arn": null,
		"policy": testing.policy([
			testing.but(object.remove(testing.root, ["Principal"]), {"Principal": {"AWS": ["*"]}}),
		]),
	})
	found := principal_star.findings with input as given
	found == {
		finding({
			"msg": concat(" ", [
				"statement 1 (EnableIAMUserPermissions) is open to the world: callers of any account",
				"may use",
				_all,
			]),
			"path": ["Statement", 0, "Principal"],
			"remediation": "Name the accounts, users and roles that need the key in place of \"*\"",
			"statement": {"index": 0, "sid": "EnableIAMUserPermissions"},
		}),
		_inside,
	}
}

test_fails_when_only_cloudtrails_data_can_be_decrypted if {
	given := testing.of(testing.policy([
		testing.root,
		testing.but(
			object.remove(testing.decrypt, ["Principal"]),
			{
				"Principal": {"AWS": "*"},
				"Condition": {"Null": {"kms:EncryptionContext:aws:cloudtrail:arn": "false"}},
			},
		),
	]))
	found := principal_star.findings with input as given
		with data.expected as {"keys": {testing.key: {}}}
	found == {finding({
		"msg": concat(" ", [
			"statement 2 (AllowCloudTrailDecrypt) is open to the world: callers of any account",
			"may use kms:Decrypt (of CloudTrail's data)",
		]),
		"path": ["Statement", 1, "Principal"],
		"remediation": concat(" ", [
			"Add this condition (tried: callers of other accounts are then refused):",
			"{\"StringEquals\":{\"kms:CallerAccount\":\"111111111111\"}}",
		]),
		"statement": {"index": 1, "sid": "AllowCloudTrailDecrypt"},
	})}
}

test_fails_when_s3_lets_everyone_in if {
	given := testing.of(testing.policy([
		testing.root,
		testing.but(
			object.remove(testing.decrypt, ["Principal"]),
			{
				"Principal": {"AWS": "*"},
				"Condition": {"StringEquals": {"kms:ViaService": "s3.us-east-1.amazonaws.com"}},
			},
		),
	]))
	found := principal_star.findings with input as given
		with data.expected as {"keys": {testing.key: {}}}
	found == {finding({
		"msg": concat(" ", [
			"statement 2 (AllowCloudTrailDecrypt) is open to the world: callers of any account",
			"may use kms:Decrypt through s3.us-east-1.amazonaws.com",
		]),
		"path": ["Statement", 1, "Principal"],
		"remediation": concat(" ", [
			"Add this condition (tried: callers of other accounts are then refused):",
			"{\"StringEquals\":{\"kms:CallerAccount\":\"111111111111\"}}",
		]),
		"statement": {"index": 1, "sid": "AllowCloudTrailDecrypt"},
	})}
}

test_passes_the_accounts_own_callers if {
	given := testing.of(testing.policy([
		testing.root,
		testing.but(
			object.remove(testing.decrypt, ["Principal"]),
			{"Principal": {"AWS": "*"}, "Condition": {"StringEquals": {"kms:CallerAccount": "111111111111"}}},
		),
	]))
	found := principal_star.findings with input as given
		with data.expected as {"keys": {testing.key: {}}}
	count(found) == 0
}

test_fails_when_the_account_is_compared_the_wrong_way_round if {
	given := testing.of(testing.policy([
		testing.root,
		testing.but(
			object.remove(testing.decrypt, ["Principal"]),
			{
				"Principal": {"AWS": "*"},
				"Condition": {"StringNotEquals": {"kms:CallerAccount": "111111111111"}},
			},
		),
	]))
	found := principal_star.findings with input as given
		with data.expected as {"keys": {testing.key: {}}}
	found == {finding({
		"msg": concat(" ", [
			"statement 2 (AllowCloudTrailDecrypt) is open to the world: callers of any account",
			"may use kms:Decrypt",
		]),
		"path": ["Statement", 1, "Principal"],
		"remediation": concat(" ", [
			"Add this condition (tried: callers of other accounts are then refused):",
			"{\"StringEquals\":{\"kms:CallerAccount\":\"111111111111\"}}",
		]),
		"statement": {"index": 1, "sid": "AllowCloudTrailDecrypt"},
	})}
}

test_passes_callers_by_their_arn if {
	given := testing.of(testing.policy([
		testing.root,
		testing.but(
			object.remove(testing.decrypt, ["Principal"]),
			{
				"Principal": {"AWS": "*"},
				"Condition": {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::111111111111:role/*"}},
			},
		),
	]))
	found := principal_star.findings with input as given
		with data.expected as {"keys": {testing.key: {}}}
	count(found) == 0
}

test_passes_a_statement_that_a_deny_takes_back if {
	given := testing.of(testing.policy([
		testing.but(testing.root, {"Principal": "*"}),
		{
			"Effect": "Deny",
			"Principal": "*",
			"Action": "*",
			"Resource": "*",
			"Condition": {"StringNotEquals": {"kms:CallerAccount": "111111111111"}},
		},
	]))
	found := principal_star.findings with input as given
		with data.expected as {"keys": {testing.key: {}}}
	found == {object.union(_inside, {"level": "warning"})}
}

test_says_when_it_hangs_on_a_condition if {
	given := testing.of(testing.policy([
		testing.root,
		testing.but(
			object.remove(testing.decrypt, ["Principal"]),
			{"Principal": {"AWS": "*"}, "Condition": {"StringEquals": {"aws:Unheard": "of"}}},
		),
	]))
	found := principal_star.findings with input as given
		with data.expected as {"keys": {testing.key: {}}}
	found == {finding({
		"level": "warning",
		"msg": concat(" ", [
			"statement 2 (AllowCloudTrailDecrypt) is for everyone; whether it keeps callers of",
			"other accounts out cannot be told, it hangs on Condition StringEquals aws:Unheard",
		]),
		"path": ["Statement", 1, "Principal"],
		"remediation": concat(" ", [
			"Add this condition (tried: callers of other accounts are then refused):",
			"{\"StringEquals\":{\"kms:CallerAccount\":\"111111111111\"}}",
		]),
		"statement": {"index": 1, "sid": "AllowCloudTrailDecrypt"},
	})}
}

test_says_when_it_hangs_on_a_deny if {
	given := testing.of(testing.policy([
		testing.but(testing.root, {"Principal": "*"}),
		{
			"Effect": "Deny",
			"Principal": "*",
			"Action": "*",
			"Resource": "*",
			"Condition": {"StringEquals": {"aws:Unheard": "of"}},
		},
	]))
	found := principal_star.findings with input as given
		with data.expected as {"keys": {testing.key: {}}}
	found == {finding({
		"level": "warning",
		"msg": concat(" ", [
			"statement 1 (EnableIAMUserPermissions) is for everyone; whether it keeps callers of",
			"other accounts out cannot be told, it hangs on Condition StringEquals aws:Unheard",
		]),
		"path": ["Statement", 0, "Principal"],
		"remediation": concat(" ", [
			"Add this condition (tried: callers of other accounts are then refused):",
			"{\"StringEquals\":{\"kms:CallerAccount\":\"111111111111\"}}",
		]),
		"statement": {"index": 0, "sid": "EnableIAMUserPermissions"},
	})}
}

test_says_so_of_each_statement if {
	given := testing.of(testing.policy([
		testing.root,
		testing.but(
			object.remove(testing.decrypt, ["Principal"]),
			{"Principal": {"AWS": "*"}, "Condition": {"StringEquals": {"aws:Unheard": "of"}}},
		),
		testing.but(
			object.remove(testing.decrypt, ["Principal"]),
			{"Principal": {"AWS": "*"}, "Sid": "other", "Condition": {"StringEquals": {"aws:Unheard": "of"}}},
		),
	]))
	found := principal_star.findings with input as given
		with data.expected as {"keys": {testing.key: {}}}
	found == {
		finding({
			"level": "warning",
			"msg": concat(" ", [
				"statement 2 (AllowCloudTrailDecrypt) is for everyone; whether it keeps callers of",
				"other accounts out cannot be told, it hangs on Condition StringEquals aws:Unheard",
			]),
			"path": ["Statement", 1, "Principal"],
			"remediation": concat(" ", [
				"Add this condition (tried: callers of other accounts are then refused):",
				"{\"StringEquals\":{\"kms:CallerAccount\":\"111111111111\"}}",
			]),
			"statement": {"index": 1, "sid": "AllowCloudTrailDecrypt"},
		}),
		finding({
			"level": "warning",
			"msg": concat(" ", [
				"statement 3 (other) is for everyone; whether it keeps callers of other accounts out",
				"cannot be told, it hangs on Condition StringEquals aws:Unheard",
			]),
			"path": ["Statement", 2, "Principal"],
			"remediation": concat(" ", [
				"Add this condition (tried: callers of other accounts are then refused):",
				"{\"StringEquals\":{\"kms:CallerAccount\":\"111111111111\"}}",
			]),
			"statement": {"index": 2, "sid": "other"},
		}),
	}
}

test_leaves_what_is_not_known_yet_to_the_report if {
	given := testing.of(testing.policy([
		testing.root,
		testing.but(
			object.remove(testing.decrypt, ["Principal"]),
			{
				"Principal": {"AWS": "*"},
				"Condition": {"StringEquals": {"aws:Unheard": {"ctkms:unknown": "later"}}},
			},
		),
	]))
	found := principal_star.findings with input as given
		with data.expected as {"keys": {testing.key: {}}}
	count(found) == 0
}

test_passes_an_account_that_the_policy_names if {
	given := testing.of(testing.policy([
		testing.root,
		testing.but(
			object.remove(testing.decrypt, ["Principal"]),
			{"Principal": {"AWS": "arn:aws:iam::999999999999:root"}},
		),
	]))
	found := principal_star.findings with input as given
		with data.expected as {"keys": {testing.key: {}}}
	count(found) == 0
}

test_passes_a_deny_for_everyone if {
	given := testing.of(testing.policy([
		testing.root,
		testing.but(
			object.remove(testing.decrypt, ["Principal"]),
			{"Principal": {"AWS": "*"}, "Effect": "Deny"},
		),
	]))
	found := principal_star.findings with input as given
		with data.expected as {"keys": {testing.key: {}}}
	count(found) == 0
}

test_passes_where_there_is_no_policy if {
	found := principal_star.findings with input as testing.of_key({"policy": null})
	count(found) == 0
}

test_fails_where_a_condition_says_nothing if {
	conditions := [
		{"Bool": {"aws:SecureTransport": "true"}},
		{"StringLike": {"aws:PrincipalArn": "*"}},
		{"StringLike": {"kms:CallerAccount": "*"}},
		{"StringEquals": {"aws:RequestedRegion": "us-east-1"}},
		{"Null": {"kms:CallerAccount": "false"}},
		{"StringEqualsIfExists": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}},
		{"ForAllValues:StringLike": {"aws:PrincipalOrgPaths": "o-a1b2c3d4e5/*"}},
		{"StringNotEquals": {"kms:CallerAccount": "222222222222"}},
		{"IpAddress": {"aws:SourceIp": "0.0.0.0/0"}},
		{"NotIpAddress": {"aws:SourceIp": "10.0.0.0/8"}},
	]
	every condition in conditions {
		under(condition) == _world
	}
}

test_fails_where_a_caller_chooses_what_is_asked_for if {
	conditions := [
		{"StringEquals": {"kms:EncryptionContext:team": ["logs", "audit"]}},
		{"ForAnyValue:StringEquals": {"kms:EncryptionContextKeys": "team"}},
		{"Null": {"kms:EncryptionContextKeys": "false"}},
		{"StringLike": {"aws:UserAgent": "*aws-cli*"}},
		{"StringEquals": {"aws:PrincipalTag/team": "logs"}},
		{"Bool": {"aws:MultiFactorAuthPresent": true}},
		{"NumericLessThan": {"aws:MultiFactorAuthAge": "3600"}},
		{"Null": {"kms:ViaService": "true"}},
	]
	every condition in conditions {
		under(condition) == _world
	}
}

test_fails_where_any_account_has_such_a_principal if {
	patterns := [
		"arn:aws:iam::*:role/Admin",
		"arn:aws:iam::*:*",
		"arn:aws:iam::*",
		"arn:*:iam::*:user/*",
		"arn:aws:iam::1????????11?:role/Admin",
		"*:role/Admin",
		"*/Admin",
		"*role/Admin",
	]
	every pattern in patterns {
		under({"StringLike": {"aws:PrincipalArn": pattern}}) == _world
	}
}

test_passes_what_keeps_strangers_out if {
	conditions := [
		{"StringEquals": {"kms:CallerAccount": "111111111111", "kms:ViaService": "s3.us-east-1.amazonaws.com"}},
		{"StringEquals": {"aws:PrincipalAccount": "111111111111"}},
		{"StringLike": {"aws:PrincipalArn": ["arn:aws:iam::111111111111:role/*", "arn:aws:iam::111111111111:*/Bob"]}},
		{"ArnEquals": {"aws:PrincipalArn": "arn:aws:iam::111111111111:root"}},
		{"StringEquals": {"aws:PrincipalArn": "arn:aws:iam::*:role/Admin"}},
		{"StringEquals": {"aws:PrincipalOrgID": "${aws:ResourceOrgID}"}},
		{"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": "${aws:ResourceOrgID}/*"}},
		{"StringEquals": {"aws:PrincipalAccount": "${aws:ResourceAccount}"}},
		{"StringEquals": {"kms:GrantOperations": "Decrypt"}},
		{"ArnLike": {"aws:SourceArn": testing.trail}},
	]
	every condition in conditions {
		count(under(condition)) == 0
	}
}

test_passes_accounts_and_organizations_that_are_expected if {
	accounts := {"keys": {testing.key: {}}, "accounts": {"222222222222": {}}}
	count(under_with({"StringEquals": {"kms:CallerAccount": "222222222222"}}, accounts)) == 0
	readers := testing.trail_with({"readers": {testing.alice: {}}})
	count(under_with({"StringEquals": {"kms:CallerAccount": "222222222222"}}, readers)) == 0
	organization := {"keys": {testing.key: {}}, "organization": {"id": "o-a1b2c3d4e5"}}
	every condition in [
		{"StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}},
		{"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": "o-a1b2c3d4e5/r-ab12/*"}},
	] {
		count(under_with(condition, organization)) == 0
	}
}

test_says_which_accounts_it_lets_in_that_nobody_expects if {
	conditions := [
		{"StringEquals": {"kms:CallerAccount": ["111111111111", "222222222222"]}},
		{"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::222222222222:role/*"}},
	]
	every condition in conditions {
		under(condition) == {everyone_may({
			"level": "warning",
			"msg": concat(" ", [
				"statement 2 (Everyone) lets callers of account 222222222222 use kms:Decrypt,",
				"and nobody expects that account",
			]),
			"remediation": "Take the account out of the conditions, or list it under accounts in the expectations.",
		})}
	}
}

test_says_which_of_several_it_lets_in if {
	cases := [
		[
			{"StringEquals": {"kms:CallerAccount": ["333333333333", "222222222222"]}},
			"lets callers of account 222222222222, 333333333333 use kms:Decrypt, and nobody expects that account",
		],
		[
			{"StringEquals": {"aws:PrincipalOrgID": ["o-b2b2b2b2b2", "o-a1b2c3d4e5"]}},
			concat(" ", [
				"lets every account of organization o-a1b2c3d4e5, o-b2b2b2b2b2 use kms:Decrypt,",
				"and the expectations name none",
			]),
		],
	]
	every case in cases {
		{one.msg | some one in under(case[0])} == {sprintf("statement 2 (Everyone) %v", [case[1]])}
	}
}

test_an_organization_without_an_id_is_none if {
	condition := {"StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}
	every organization in [{}, {"id": null}, {"id": {"ctkms:unknown": "later"}}] {
		found := under_with(condition, {"keys": {testing.key: {}}, "organization": organization})
		[one.level | some one in found] == ["note"]
	}
}

test_leaves_an_allow_for_all_but_some_to_another_rule if {
	statement := object.union(object.remove(_everyone({}), ["Principal"]), {"NotPrincipal": {"AWS": testing.alice}})
	given := testing.of(testing.policy([testing.root, statement]))
	found := principal_star.findings with input as given with data.expected as {"keys": {testing.key: {}}}
	count(found) == 0
}

test_offers_no_condition_that_keeps_nobody_out if {
	but_some := object.union(object.remove(_everyone({}), ["Principal"]), {"NotPrincipal": {"AWS": testing.alice}})
	given := testing.of(testing.policy([testing.root, _everyone({}), but_some]))
	found := principal_star.findings with input as given with data.expected as {"keys": {testing.key: {}}}
	{one.remediation | some one in found} == {"Name the accounts, users and roles that need the key in place of \"*\""}
}

test_says_which_organization_it_lets_in if {
	conditions := [
		{"StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}},
		{"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": ["o-a1b2c3d4e5/*"]}},
	]
	other := {"keys": {testing.key: {}}, "organization": {"id": "o-zzzzzzzzzz"}}
	every condition in conditions {
		under(condition) == {everyone_may({
			"level": "note",
			"msg": concat(" ", [
				"statement 2 (Everyone) lets every account of organization o-a1b2c3d4e5 use kms:Decrypt,",
				"and the expectations name none",
			]),
			"remediation": "List the organization in the expectations if it is yours.",
		})}
		under_with(condition, other) == {everyone_may({
			"level": "warning",
			"msg": concat(" ", [
				"statement 2 (Everyone) lets every account of organization o-a1b2c3d4e5 use kms:Decrypt,",
				"and the expectations name organization o-zzzzzzzzzz",
			]),
			"remediation": "Compare with organization o-zzzzzzzzzz.",
		})}
	}
	under({"StringLike": {"aws:PrincipalOrgID": "o-*"}}) == _world
	under({"Null": {"aws:PrincipalOrgID": "false"}}) == _world
	under({"Null": {"aws:PrincipalOrgPaths": "false"}}) == _world
}

test_says_what_cannot_be_told if {
	conditions := {
		{"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}: "IpAddress aws:SourceIp",
		{"StringEquals": {"aws:SourceVpce": "vpce-1a2b3c4d"}}: "StringEquals aws:SourceVpce",
		{"StringLike": {"aws:userid": "AROAEXAMPLE:*"}}: "StringLike aws:userid",
		{"StringEquals": {"aws:PrincipalTag/a": "${aws:ResourceTag/b}"}}: "StringEquals aws:PrincipalTag/a",
	}
	every condition, words in conditions {
		under(condition) == {everyone_may({
			"level": "warning",
			"msg": sprintf(
				"statement 2 (Everyone) is for everyone; whether it keeps callers of other accounts out cannot be told, %v %v",
				["it hangs on Condition", words],
			),
		})}
	}
}

test_a_caller_goes_around_a_deny if {
	denies := [
		{"StringNotEquals": {"kms:ViaService": "s3.us-east-1.amazonaws.com"}},
		{"StringNotLike": {"kms:EncryptionContext:team": "log*"}},
		{"Null": {"kms:EncryptionContext:team": "true"}},
		{"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}},
		{"BoolIfExists": {"aws:ViaAWSService": "true"}},
		{"StringEqualsIfExists": {"aws:PrincipalTag/team": "logs"}},
		{"StringEquals": {"aws:PrincipalTag/team": "logs"}},
		{"StringEquals": {"kms:CallerAccount": "222222222222"}},
	]
	every condition in denies {
		deny := testing.but(_everyone({}), {"Effect": "Deny", "Sid": "Deny", "Condition": condition})
		given := testing.of(testing.policy([testing.root, _everyone({}), deny]))
		found := principal_star.findings with input as given with data.expected as {"keys": {testing.key: {}}}
		[[one.level, one.statement.sid] | some one in found] == [["error", "Everyone"]]
	}
}

test_a_deny_tells_of_accounts_that_nobody_expects if {
	condition := {"StringNotEquals": {"aws:PrincipalAccount": ["111111111111", "222222222222"]}}
	deny := testing.but(_everyone({}), {"Effect": "Deny", "Sid": "Deny", "Condition": condition})
	given := testing.of(testing.policy([testing.root, _everyone({}), deny]))
	found := principal_star.findings with input as given with data.expected as {"keys": {testing.key: {}}}
	found == {everyone_may({
		"level": "warning",
		"msg": concat(" ", [
			"statement 2 (Everyone) lets callers of account 222222222222 use kms:Decrypt,",
			"and nobody expects that account",
		]),
		"remediation": "Take the account out of the conditions, or list it under accounts in the expectations.",
	})}
}

test_reading_the_keys_properties_is_less if {
	given := testing.of(testing.policy([testing.root, _everyone({"Action": ["kms:DescribeKey", "kms:ListGrants"]})]))
	found := principal_star.findings with input as given with data.expected as {"keys": {testing.key: {}}}
	found == {everyone_may({
		"level": "warning",
		"msg": concat(" ", [
			"statement 2 (Everyone) is open to the world: callers of any account may use",
			"kms:DescribeKey, kms:ListGrants",
		]),
	})}
}

test_fails_what_only_the_own_account_can_do if {
	statement := _everyone({"Action": ["kms:ScheduleKeyDeletion", "kms:CreateAlias"]})
	of_own := object.union(statement, {"Condition": {"StringEquals": {"kms:CallerAccount": "111111111111"}}})
	of_admins := object.union(statement, {"Condition": {"StringLike": {"aws:PrincipalArn": "*:role/Admin"}}})
	found := [findings |
		some one in [statement, of_own, of_admins]
		given := testing.of(testing.policy([testing.root, one]))
		findings := principal_star.findings with input as given with data.expected as {"keys": {testing.key: {}}}
	]
	members := {
		"msg": concat(" ", [
			"statement 2 (Everyone) lets every user and role of the key's account use",
			"kms:ScheduleKeyDeletion, whatever their IAM policies say",
		]),
		"remediation": _inside.remediation,
	}
	found == [
		{everyone_may(members)},
		{everyone_may(object.union(members, {"level": "warning"}))},
		set(),
	]
}

test_only_requests_about_grants_tell_of_a_grant if {
	statement := _everyone({
		"Action": ["kms:Decrypt", "kms:CreateGrant"],
		"Condition": {"Bool": {"kms:GrantIsForAWSResource": "true"}},
	})
	given := testing.of(testing.policy([testing.root, statement]))
	found := principal_star.findings with input as given with data.expected as {"keys": {testing.key: {}}}
	found == {everyone_may({"msg": concat(" ", [
		"statement 2 (Everyone) is open to the world: callers of any account may use",
		"kms:CreateGrant",
	])})}
}

test_accounts_of_named_principals_are_expected_where_nobody_says_which_key_it_is if {
	own := _everyone({"Condition": {"StringEquals": {"kms:CallerAccount": "111111111111"}}})
	other := _everyone({"Condition": {"StringEquals": {"kms:CallerAccount": "222222222222"}}})
	found := [findings |
		some one in [own, other]
		given := testing.of_key({"arn": null, "policy": testing.policy([testing.root, one])})
		findings := principal_star.findings with input as given
	]
	[[one.level | some one in findings] | some findings in found] == [[], ["warning"]]
}

test_warns_where_any_service_gets_in if {
	found := under({"Bool": {"aws:PrincipalIsAWSService": "true"}})
	found == {finding({
		"level": "warning",
		"msg": "statement 2 (Everyone) lets any AWS service use kms:Decrypt, for whichever account it works",
		"statement": {"index": 1, "sid": "Everyone"},
		"path": ["Statement", 1, "Principal"],
		"remediation": `Name the service in place of "*", and ask for aws:SourceArn or aws:SourceAccount.`,
	})}
}

test_passes_one_service_or_those_that_work_for_an_account if {
	every condition in [
		{"StringEquals": {"aws:PrincipalServiceName": "cloudtrail.amazonaws.com"}},
		{"Bool": {"aws:PrincipalIsAWSService": "true"}, "StringEquals": {"aws:SourceAccount": "111111111111"}},
	] {
		found := under(condition)
		found == set()
	}
}
