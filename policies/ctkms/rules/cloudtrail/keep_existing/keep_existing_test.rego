package ctkms.rules.cloudtrail.keep_existing_test

import data.ctkms.rules.cloudtrail.keep_existing
import data.ctkms.testing_test as testing

_after(previous, statements) := testing.of_key({
	"policy": testing.policy(statements),
	"previous": {"Version": "2012-10-17", "Statement": previous},
})

test_passes_where_statements_were_added if {
	given := _after([testing.root], [testing.encrypt, testing.root])
	found := keep_existing.findings with input as given with data.expected as {}
	found == set()
}

test_notes_where_a_statement_was_moved if {
	given := _after([testing.root, testing.encrypt, testing.describe], [testing.describe, testing.root, testing.encrypt])
	found := keep_existing.findings with input as given with data.expected as {}
	found == {{
		"key": testing.key,
		"level": "note",
		"msg": concat("", [
			"statement 1 (AllowCloudTrailAccess) was moved: it stands before statement 3 (AllowCloudTrailEncryptLogs), ",
			"behind which it stood in the earlier version",
		]),
		"path": ["Statement", 0],
		"remediation": "Nothing, for the order of statements means nothing; left alone, it shows what was changed",
		"rule": "CT-KEEP-EXISTING",
		"statement": {"index": 0, "sid": "AllowCloudTrailAccess"},
		"subject": null,
		"url": concat("", [
			"https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html#create-kms-key-policy-for-cloudtrail-policy-sections",
		]),
	}}
}

test_passes_where_statements_stand_in_their_order_among_others if {
	given := _after([testing.root, testing.encrypt], [testing.describe, testing.root, testing.store_user, testing.encrypt])
	found := keep_existing.findings with input as given with data.expected as {}
	found == set()
}

test_passes_where_nobody_can_say_which_statement_was_moved if {
	given := _after([testing.root, testing.encrypt], [testing.encrypt, testing.root, testing.encrypt])
	found := keep_existing.findings with input as given with data.expected as {}
	found == set()
}

test_passes_where_only_the_form_differs if {
	given := _after(
		[testing.store_user, testing.encrypt],
		[
			testing.but(
				testing.store_user,
				{
					"Sid": "other",
					"Action": ["KMS:GenerateDataKey", "kms:Decrypt"],
					"Principal": {"AWS": [testing.bob]},
				},
			),
			testing.but(testing.encrypt, {"Resource": ["*"]}),
		],
	)
	found := keep_existing.findings with input as given with data.expected as {}
	found == set()
}

test_passes_where_an_account_is_named_in_its_other_form if {
	account := testing.but(testing.root, {"Principal": {"AWS": "111111111111"}})
	there := keep_existing.findings with input as _after([testing.root], [account]) with data.expected as {}
	there == set()
	back := keep_existing.findings with input as _after([account], [testing.root]) with data.expected as {}
	back == set()
}

test_warns_where_another_caller_of_the_account_is_named if {
	user := testing.but(testing.root, {"Principal": {"AWS": "arn:aws:iam::111111111111:user/root"}})
	found := keep_existing.findings with input as _after([testing.root], [user]) with data.expected as {}
	{finding.msg | some finding in found} == {sprintf(
		"statement 1 (%v) is not what it was in the earlier version: Principal changed",
		[testing.root.Sid],
	)}
}

test_warns_where_a_statement_is_gone if {
	given := _after([testing.root, testing.describe], [testing.root])
	found := keep_existing.findings with input as given with data.expected as {}
	found == {
		{
			"key": testing.key,
			"level": "warning",
			"msg": "statement 2 (AllowCloudTrailAccess) of the earlier version was removed",
			"path": [],
			"remediation": concat("", [
				`Keep it, unless nobody needs it any more: {"Action":"kms:DescribeKey",`,
				`"Condition":{"StringEquals":{`,
				`"aws:SourceArn":"arn:aws:cloudtrail:us-east-1:111111111111:trail/management-events"}},`,
				`"Effect":"Allow","Principal":{"Service":"cloudtrail.amazonaws.com"},`,
				`"Resource":"*","Sid":"AllowCloudTrailAccess"}`,
			]),
			"rule": "CT-KEEP-EXISTING",
			"statement": null,
			"subject": null,
			"url": concat("", [
				"https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html#create-kms-key-policy-for-cloudtrail-policy-sections",
			]),
		},
	}
}

test_warns_where_a_statement_without_sid_changed if {
	given := _after(
		[testing.but(testing.describe, {"Sid": ""})],
		[
			testing.but(
				testing.describe,
				{"Sid": "", "Resource": "arn:aws:kms:us-east-1:111111111111:key/a"},
			),
		],
	)
	found := keep_existing.findings with input as given with data.expected as {}
	found == {
		{
			"key": testing.key,
			"level": "warning",
			"msg": "statement 1 of the earlier version was removed",
			"path": [],
			"remediation": concat("", [
				`Keep it, unless nobody needs it any more: {"Action":"kms:DescribeKey",`,
				`"Condition":{"StringEquals":{`,
				`"aws:SourceArn":"arn:aws:cloudtrail:us-east-1:111111111111:trail/management-events"}},`,
				`"Effect":"Allow","Principal":{"Service":"cloudtrail.amazonaws.com"},`,
				`"Resource":"*","Sid":""}`,
			]),
			"rule": "CT-KEEP-EXISTING",
			"statement": null,
			"subject": null,
			"url": concat("", [
				"https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html#create-kms-key-policy-for-cloudtrail-policy-sections",
			]),
		},
	}
}

test_warns_where_a_statement_changed if {
	given := _after(
		testing.encrypt,
		[testing.but(testing.encrypt, {"Condition": null, "Effect": "Deny"})],
	)
	found := keep_existing.findings with input as given with data.expected as {}
	found == {
		{
			"key": testing.key,
			"level": "warning",
			"msg": concat("", [
				"statement 1 (AllowCloudTrailEncryptLogs) is not what it was in the earlier ",
				"version: Condition, Effect changed",
			]),
			"path": ["Statement", 0],
			"remediation": concat("", [
				"Leave the statement as it was and add what CloudTrail needs as one of its ",
				`own. It was: {"Action":"kms:GenerateDataKey*","Condition":{`,
				`"StringEquals":{`,
				`"aws:SourceArn":"arn:aws:cloudtrail:us-east-1:111111111111:trail/management-events"},`,
				`"StringLike":{`,
				`"kms:EncryptionContext:aws:cloudtrail:arn":["arn:aws:cloudtrail:*:111111111111:trail/*"]}},`,
				`"Effect":"Allow","Principal":{"Service":"cloudtrail.amazonaws.com"},`,
				`"Resource":"*","Sid":"AllowCloudTrailEncryptLogs"}`,
			]),
			"rule": "CT-KEEP-EXISTING",
			"statement": {"index": 0, "sid": "AllowCloudTrailEncryptLogs"},
			"subject": null,
			"url": concat("", [
				"https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html#create-kms-key-policy-for-cloudtrail-policy-sections",
			]),
		},
	}
}

test_warns_where_somebody_was_added if {
	given := _after(
		[testing.store_user],
		[testing.but(testing.store_user, {"Principal": {"AWS": [testing.bob, testing.alice]}})],
	)
	found := keep_existing.findings with input as given with data.expected as {}
	found == {
		{
			"key": testing.key,
			"level": "warning",
			"msg": concat("", [
				"statement 1 (EnableUserKeyPermissionsEds) is not what it was in the earlier ",
				"version: Principal changed",
			]),
			"path": ["Statement", 0, "Principal"],
			"remediation": concat("", [
				"Leave the statement as it was and add what CloudTrail needs as one of its ",
				`own. It was: {"Action":["kms:Decrypt","kms:GenerateDataKey"],`,
				`"Effect":"Allow","Principal":{`,
				`"AWS":"arn:aws:iam::111111111111:user/Bob"},"Resource":"*",`,
				`"Sid":"EnableUserKeyPermissionsEds"}`,
			]),
			"rule": "CT-KEEP-EXISTING",
			"statement": {"index": 0, "sid": "EnableUserKeyPermissionsEds"},
			"subject": null,
			"url": concat("", [
				"https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html#create-kms-key-policy-for-cloudtrail-policy-sections",
			]),
		},
	}
}

test_warns_where_an_exception_changed if {
	given := _after(
		[
			testing.but(
				testing.root,
				{
					"Action": null,
					"NotAction": "kms:Put*",
					"Principal": null,
					"NotPrincipal": "*",
					"Resource": null,
					"NotResource": "a",
				},
			),
		],
		[
			testing.but(
				testing.root,
				{
					"Action": null,
					"NotAction": "kms:Get*",
					"Principal": null,
					"NotPrincipal": "a",
					"Resource": null,
					"NotResource": "b",
				},
			),
		],
	)
	found := keep_existing.findings with input as given with data.expected as {}
	found == {
		{
			"key": testing.key,
			"level": "warning",
			"msg": concat("", [
				"statement 1 (EnableIAMUserPermissions) is not what it was in the earlier ",
				"version: NotAction, NotPrincipal, NotResource changed",
			]),
			"path": ["Statement", 0, "NotAction"],
			"remediation": concat("", [
				"Leave the statement as it was and add what CloudTrail needs as one of its ",
				`own. It was: {"Effect":"Allow","NotAction":"kms:Put*",`,
				`"NotPrincipal":"*","NotResource":"a",`,
				`"Sid":"EnableIAMUserPermissions"}`,
			]),
			"rule": "CT-KEEP-EXISTING",
			"statement": {"index": 0, "sid": "EnableIAMUserPermissions"},
			"subject": null,
			"url": concat("", [
				"https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html#create-kms-key-policy-for-cloudtrail-policy-sections",
			]),
		},
	}
}

test_takes_an_empty_condition_for_none if {
	given := _after([testing.but(testing.root, {"Condition": {}})], [testing.root])
	found := keep_existing.findings with input as given with data.expected as {}
	found == set()
}

test_finds_nothing_without_a_policy if {
	given := testing.of_key({"policy": null, "previous": testing.trail_policy})
	found := keep_existing.findings with input as given with data.expected as {}
	found == set()
}

test_survives_anything if {
	given := _after([3, {"Sid": 3, "Action": {"a": 1}}, {"ctkms:unknown": "later"}], [])
	found := keep_existing.findings with input as given with data.expected as {}
	found == {
		{
			"key": testing.key,
			"level": "warning",
			"msg": "statement 2 of the earlier version was removed",
			"path": [],
			"remediation": `Keep it, unless nobody needs it any more: {"Action":{"a":1},"Sid":3}`,
			"rule": "CT-KEEP-EXISTING",
			"statement": null,
			"subject": null,
			"url": concat("", [
				"https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html#create-kms-key-policy-for-cloudtrail-policy-sections",
			]),
		},
	}
}

test_is_evaluated_with_an_earlier_version if {
	found := keep_existing.not_evaluated with input as _after([], []) with data.expected as {}
	found == set()
}

test_is_not_evaluated_without_an_earlier_version if {
	found := keep_existing.not_evaluated with input as testing.of(testing.trail_policy) with data.expected as {}
	found == {
		{"rule": "CT-KEEP-EXISTING", "why": "no earlier version was given"},
	}
}

test_says_why_there_is_no_earlier_version_where_the_caller_knows if {
	given := testing.of_key({"policy": testing.trail_policy, "no_previous": "the file is new"})
	found := keep_existing.not_evaluated with input as given with data.expected as {}
	found == {
		{"rule": "CT-KEEP-EXISTING", "why": "the file is new"},
	}
}

test_is_not_evaluated_with_something_else if {
	given := testing.of_key({"policy": testing.trail_policy, "previous": "text"})
	found := keep_existing.not_evaluated with input as given with data.expected as {}
	found == {
		{"rule": "CT-KEEP-EXISTING", "why": "no earlier version was given"},
	}
}

# What differs in one element, or in the place, alone.

_warning := {
	"key": testing.key,
	"level": "warning",
	"path": [],
	"rule": "CT-KEEP-EXISTING",
	"statement": null,
	"subject": null,
	"url": concat("#", [
		"https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html",
		"create-kms-key-policy-for-cloudtrail-policy-sections",
	]),
}

_removed(place, statement) := object.union(_warning, {
	"msg": sprintf("statement %v of the earlier version was removed", [place]),
	"remediation": sprintf("Keep it, unless nobody needs it any more: %v", [json.marshal(statement)]),
})

_differs(elements, path, before) := object.union(_warning, {
	"msg": sprintf("statement 1 (%v) is not what it was in the earlier version: %v changed", [before.Sid, elements]),
	"path": array.concat(["Statement", 0], path),
	"remediation": sprintf("Leave the statement as it was and add what CloudTrail needs as one of its own. It was: %v", [
		json.marshal(before),
	]),
	"statement": {"index": 0, "sid": before.Sid},
})

_moved := object.union(_warning, {
	"level": "note",
	"msg": concat("", [
		"statement 1 (AllowCloudTrailEncryptLogs) was moved: it stands before statement 2 (EnableIAMUserPermissions), ",
		"behind which it stood in the earlier version",
	]),
	"path": ["Statement", 0],
	"remediation": "Nothing, for the order of statements means nothing; left alone, it shows what was changed",
	"statement": {"index": 0, "sid": "AllowCloudTrailEncryptLogs"},
})

test_notes_where_the_first_two_changed_places if {
	given := _after([testing.root, testing.encrypt], [testing.encrypt, testing.root])
	found := keep_existing.findings with input as given with data.expected as {}
	found == {_moved}
}

test_notes_what_was_moved_past_a_statement_that_is_gone if {
	given := _after([testing.root, testing.describe, testing.encrypt], [testing.encrypt, testing.root])
	found := keep_existing.findings with input as given with data.expected as {}
	found == {_moved, _removed("2 (AllowCloudTrailAccess)", testing.describe)}
}

test_does_not_take_a_statement_that_is_gone_for_one_that_was_moved if {
	given := _after([testing.root, testing.describe], [testing.encrypt, testing.root])
	found := keep_existing.findings with input as given with data.expected as {}
	found == {_removed("2 (AllowCloudTrailAccess)", testing.describe)}
}

test_passes_where_one_of_two_equal_statements_is_gone if {
	given := _after([testing.root, testing.but(testing.root, {"Sid": "Again"})], [testing.root])
	found := keep_existing.findings with input as given with data.expected as {}
	found == set()
}

test_takes_statements_without_sid_for_different_ones if {
	before := testing.but(testing.describe, {"Sid": null})
	given := _after([before], [testing.but(testing.encrypt, {"Sid": null})])
	found := keep_existing.findings with input as given with data.expected as {}
	found == {_removed("1", before)}
}

test_warns_where_the_condition_alone_is_gone if {
	given := _after([testing.encrypt], [testing.but(testing.encrypt, {"Condition": null})])
	found := keep_existing.findings with input as given with data.expected as {}
	found == {_differs("Condition", [], testing.encrypt)}
}

test_warns_where_the_value_of_a_condition_alone_changed if {
	after := testing.but(testing.describe, {"Condition": {"StringEquals": {"aws:SourceArn": "another"}}})
	found := keep_existing.findings with input as _after([testing.describe], [after]) with data.expected as {}
	found == {_differs("Condition", ["Condition"], testing.describe)}
}

test_warns_where_the_action_alone_changed if {
	after := testing.but(testing.describe, {"Action": "kms:*"})
	found := keep_existing.findings with input as _after([testing.describe], [after]) with data.expected as {}
	found == {_differs("Action", ["Action"], testing.describe)}
}

test_passes_where_excepted_actions_differ_in_case_alone if {
	before := testing.but(testing.root, {"Action": null, "NotAction": "kms:Put*"})
	given := _after([before], [testing.but(before, {"NotAction": ["KMS:put*"]})])
	found := keep_existing.findings with input as given with data.expected as {}
	found == set()
}

test_warns_where_a_caller_became_an_exception if {
	principal := testing.describe.Principal
	before := testing.but(testing.describe, {"Effect": "Deny"})
	after := testing.but(before, {"Principal": null, "NotPrincipal": principal})
	found := keep_existing.findings with input as _after([before], [after]) with data.expected as {}
	found == {_differs("NotPrincipal, Principal", ["NotPrincipal"], before)}
}
