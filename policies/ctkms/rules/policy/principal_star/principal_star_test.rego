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

test_fails_when_the_policy_is_open_to_the_world if {
	given := testing.of(testing.policy([testing.but(testing.root, {"Principal": "*"})]))
	found := principal_star.findings with input as given
		with data.expected as {"keys": {testing.key: {}}}
	found == {finding({
		"msg": concat(" ", [
			"statement 1 (EnableIAMUserPermissions) is open to the world: callers of any account",
			"may use kms:CreateGrant, kms:Decrypt, kms:GenerateDataKey",
		]),
		"path": ["Statement", 0, "Principal"],
		"remediation": concat(" ", [
			"Add this condition (tried: callers of other accounts are then refused):",
			"{\"StringEquals\":{\"kms:CallerAccount\":\"111111111111\"}}",
		]),
		"statement": {"index": 0, "sid": "EnableIAMUserPermissions"},
	})}
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
	found == {finding({
		"msg": concat(" ", [
			"statement 1 (EnableIAMUserPermissions) is open to the world: callers of any account",
			"may use kms:CreateGrant, kms:Decrypt, kms:GenerateDataKey",
		]),
		"path": ["Statement", 0, "Principal"],
		"remediation": "Name the accounts, users and roles that need the key in place of \"*\"",
		"statement": {"index": 0, "sid": "EnableIAMUserPermissions"},
	})}
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
			"may use kms:Decrypt through S3",
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

test_passes_the_organizations_callers if {
	given := testing.of(testing.policy([
		testing.root,
		testing.but(
			object.remove(testing.decrypt, ["Principal"]),
			{"Principal": {"AWS": "*"}, "Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}},
		),
	]))
	found := principal_star.findings with input as given
		with data.expected as {"keys": {testing.key: {}}}
	count(found) == 0
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
	count(found) == 0
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
