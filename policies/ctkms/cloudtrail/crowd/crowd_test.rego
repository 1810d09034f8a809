package ctkms.cloudtrail.crowd_test

import data.ctkms.cloudtrail.crowd
import data.ctkms.policy
import data.ctkms.testing_test as testing

_crowds(arn, condition) := [[one.kind, one.who, one.principal, one.context] | some one in found.crowds] if {
	everyone := {"Effect": "Allow", "Principal": "*", "Action": "kms:Decrypt", "Resource": "*", "Condition": condition}
	found := crowd.found(arn, {
		"statements": policy.statements(testing.policy([testing.root, everyone])),
		"foreign": "999999999999",
		"expected": {"111111111111", "222222222222"},
		"taken": {"111111111111", "222222222222"},
		"most": 100,
	})
}

_user(account) := sprintf("arn:aws:iam::%v:user/ctkms-stranger", [account])

_of(account, context) := ["account", sprintf("every user and role of account %v", [account]), _user(account), context]

test_the_own_account_and_those_that_are_named if {
	condition := {"StringEquals": {
		"kms:CallerAccount": ["222222222222", "333333333333"],
		"kms:ViaService": "s3.us-east-1.amazonaws.com",
		"aws:PrincipalTag/team": "audit",
	}}
	_crowds(testing.key, condition) == [
		_of("111111111111", {"aws:PrincipalTag/team": "audit"}),
		_of("222222222222", {"aws:PrincipalTag/team": "audit"}),
	]
	_crowds(null, {}) == []
}

test_whom_aws_principal_arn_names if {
	_crowds(null, {"ArnLike": {"aws:PrincipalArn": [testing.alice, "arn:aws:iam::111111111111:role/*"]}}) == [
		["named", testing.alice, testing.alice, {}],
		[
			"pattern",
			"everyone whose ARN matches arn:aws:iam::111111111111:role/*",
			"arn:aws:iam::111111111111:role/ctkms-stranger",
			{},
		],
	]
}

test_the_expected_organization if {
	condition := {"StringEquals": {"aws:PrincipalOrgID": ["o-a1b2c3d4e5", "o-zzzzzzzzzz"]}}
	expected := {"organization": {"id": "o-a1b2c3d4e5"}}
	found := _crowds(null, condition) with data.expected as expected
	found == [["organization", "every account of organization o-a1b2c3d4e5", _user("999999999999"), {
		"aws:PrincipalOrgID": "o-a1b2c3d4e5",
		"aws:PrincipalOrgPaths": ["o-a1b2c3d4e5/r-strg/ou-strg-stranger/"],
	}]]
}
