package ctkms.rules.cloudtrail.placeholder_test

import data.ctkms.rules.cloudtrail.placeholder
import data.ctkms.testing_test as testing

_with(members) := testing.of(testing.policy([testing.but(testing.encrypt, members)]))

_if(key, value) := _with({"Condition": {"StringLike": {key: value}}})

test_passes_where_all_is_filled_in if {
	found := placeholder.findings with input as testing.of(testing.trail_policy) with data.expected as {}
	found == set()
}

test_fails_on_the_resource_of_the_page if {
	given := _with({"Resource": "arn:aws:kms:Region:account_ID:key/key_ID"})
	found := placeholder.findings with input as given with data.expected as {}
	found == {
		{
			"key": testing.key,
			"level": "error",
			"msg": concat("", [
				"statement 1 (AllowCloudTrailEncryptLogs) still holds placeholders (Region, ",
				`account_ID, key_ID) in Resource "arn:aws:kms:Region:account_ID:key/key_ID"`,
			]),
			"path": ["Statement", 0, "Resource"],
			"remediation": concat("", [
				"Write the Region (such as us-east-1) in place of Region; the 12-digit account ",
				`id in place of account_ID; the key's id (or "*" as the whole Resource: in a `,
				"key policy that is this key) in place of key_ID.",
			]),
			"rule": "CT-PLACEHOLDER",
			"statement": {"index": 0, "sid": "AllowCloudTrailEncryptLogs"},
			"subject": null,
			"url": concat("", [
				"https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html",
			]),
		},
	}
}

test_fails_on_the_source_of_the_page if {
	given := _if("aws:SourceArn", ["arn:aws:cloudtrail:region:account-id:trail/trailName"])
	found := placeholder.findings with input as given with data.expected as {}
	found == {
		{
			"key": testing.key,
			"level": "error",
			"msg": concat("", [
				"statement 1 (AllowCloudTrailEncryptLogs) still holds placeholders (account-id,",
				" region, trailName) in aws:SourceArn ",
				`"arn:aws:cloudtrail:region:account-id:trail/trailName"`,
			]),
			"path": ["Statement", 0, "Condition", "StringLike", "aws:SourceArn", 0],
			"remediation": concat("", [
				"Write the 12-digit account id in place of account-id; the Region (such as ",
				"us-east-1) in place of region; the trail's name in place of trailName.",
			]),
			"rule": "CT-PLACEHOLDER",
			"statement": {"index": 0, "sid": "AllowCloudTrailEncryptLogs"},
			"subject": null,
			"url": concat("", [
				"https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html",
			]),
		},
	}
}

test_fails_on_the_pattern_of_the_page if {
	given := _if(
		"kms:EncryptionContext:aws:cloudtrail:arn",
		"arn:aws:cloudtrail:*:account-id:trail/*",
	)
	found := placeholder.findings with input as given with data.expected as {}
	found == {
		{
			"key": testing.key,
			"level": "error",
			"msg": concat("", [
				"statement 1 (AllowCloudTrailEncryptLogs) still holds placeholders ",
				"(account-id) in kms:EncryptionContext:aws:cloudtrail:arn ",
				`"arn:aws:cloudtrail:*:account-id:trail/*"`,
			]),
			"path": [
				"Statement",
				0,
				"Condition",
				"StringLike",
				"kms:EncryptionContext:aws:cloudtrail:arn",
			],
			"remediation": "Write the 12-digit account id in place of account-id.",
			"rule": "CT-PLACEHOLDER",
			"statement": {"index": 0, "sid": "AllowCloudTrailEncryptLogs"},
			"subject": null,
			"url": concat("", [
				"https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html",
			]),
		},
	}
}

test_fails_on_the_user_of_the_page if {
	given := _with({"Principal": {"AWS": ["arn:aws:iam::account-id:user/username"]}})
	found := placeholder.findings with input as given with data.expected as {}
	found == {
		{
			"key": testing.key,
			"level": "error",
			"msg": concat("", [
				"statement 1 (AllowCloudTrailEncryptLogs) still holds placeholders (account-id,",
				` username) in Principal "arn:aws:iam::account-id:user/username"`,
			]),
			"path": ["Statement", 0, "Principal", "AWS", 0],
			"remediation": concat("", [
				"Write the 12-digit account id in place of account-id; the user's name in ",
				"place of username.",
			]),
			"rule": "CT-PLACEHOLDER",
			"statement": {"index": 0, "sid": "AllowCloudTrailEncryptLogs"},
			"subject": null,
			"url": concat("", [
				"https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html",
			]),
		},
	}
}

test_fails_on_a_bucket_of_the_page if {
	given := _with({"Resource": ["*", "arn:aws:s3:::myBucketName"]})
	found := placeholder.findings with input as given with data.expected as {}
	found == {
		{
			"key": testing.key,
			"level": "error",
			"msg": concat("", [
				"statement 1 (AllowCloudTrailEncryptLogs) still holds placeholders ",
				`(myBucketName) in Resource "arn:aws:s3:::myBucketName"`,
			]),
			"path": ["Statement", 0, "Resource", 1],
			"remediation": "Write the bucket's name in place of myBucketName.",
			"rule": "CT-PLACEHOLDER",
			"statement": {"index": 0, "sid": "AllowCloudTrailEncryptLogs"},
			"subject": null,
			"url": concat("", [
				"https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html",
			]),
		},
	}
}

test_fails_on_templates if {
	given := _with({
		"Resource": "${kms_key_arn}",
		"Principal": {"AWS": "arn:aws:iam::${this.account}:root"},
	})
	found := placeholder.findings with input as given with data.expected as {}
	found == {
		{
			"key": testing.key,
			"level": "error",
			"msg": concat("", [
				"statement 1 (AllowCloudTrailEncryptLogs) still holds placeholders (${",
				`kms_key_arn}) in Resource "${kms_key_arn}"`,
			]),
			"path": ["Statement", 0, "Resource"],
			"remediation": "Write the value in place of ${kms_key_arn}.",
			"rule": "CT-PLACEHOLDER",
			"statement": {"index": 0, "sid": "AllowCloudTrailEncryptLogs"},
			"subject": null,
			"url": concat("", [
				"https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html",
			]),
		},
		{
			"key": testing.key,
			"level": "error",
			"msg": concat("", [
				"statement 1 (AllowCloudTrailEncryptLogs) still holds placeholders (${",
				`this.account}) in Principal "arn:aws:iam::${this.account}:root"`,
			]),
			"path": ["Statement", 0, "Principal", "AWS"],
			"remediation": "Write the value in place of ${this.account}.",
			"rule": "CT-PLACEHOLDER",
			"statement": {"index": 0, "sid": "AllowCloudTrailEncryptLogs"},
			"subject": null,
			"url": concat("", [
				"https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html",
			]),
		},
	}
}

test_fails_on_what_cloudformation_left if {
	given := _if("aws:SourceArn", "arn:aws:cloudtrail:${AWS::Region}:${AWS::AccountId}:trail/a")
	found := placeholder.findings with input as given with data.expected as {}
	found == {
		{
			"key": testing.key,
			"level": "error",
			"msg": concat("", [
				"statement 1 (AllowCloudTrailEncryptLogs) still holds placeholders (${",
				`AWS::AccountId}, ${AWS::Region}) in aws:SourceArn "arn:aws:cloudtrail:${`,
				`AWS::Region}:${AWS::AccountId}:trail/a"`,
			]),
			"path": ["Statement", 0, "Condition", "StringLike", "aws:SourceArn"],
			"remediation": concat("", [
				"Write the value in place of ${AWS::AccountId}; the value in place of ${",
				"AWS::Region}.",
			]),
			"rule": "CT-PLACEHOLDER",
			"statement": {"index": 0, "sid": "AllowCloudTrailEncryptLogs"},
			"subject": null,
			"url": concat("", [
				"https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html",
			]),
		},
	}
}

test_fails_on_angle_and_square_brackets if {
	given := _with({
		"Principal": {
			"AWS": ["arn:aws:iam::<ACCOUNT>:root", "arn:aws:iam::[SecurityAccountID]:root"],
		},
	})
	found := placeholder.findings with input as given with data.expected as {}
	found == {
		{
			"key": testing.key,
			"level": "error",
			"msg": concat("", [
				"statement 1 (AllowCloudTrailEncryptLogs) still holds placeholders (<ACCOUNT>) ",
				`in Principal "arn:aws:iam::<ACCOUNT>:root"`,
			]),
			"path": ["Statement", 0, "Principal", "AWS", 0],
			"remediation": "Write the value in place of <ACCOUNT>.",
			"rule": "CT-PLACEHOLDER",
			"statement": {"index": 0, "sid": "AllowCloudTrailEncryptLogs"},
			"subject": null,
			"url": concat("", [
				"https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html",
			]),
		},
		{
			"key": testing.key,
			"level": "error",
			"msg": concat("", [
				"statement 1 (AllowCloudTrailEncryptLogs) still holds placeholders ",
				`([SecurityAccountID]) in Principal "arn:aws:iam::[SecurityAccountID]:root"`,
			]),
			"path": ["Statement", 0, "Principal", "AWS", 1],
			"remediation": "Write the value in place of [SecurityAccountID].",
			"rule": "CT-PLACEHOLDER",
			"statement": {"index": 0, "sid": "AllowCloudTrailEncryptLogs"},
			"subject": null,
			"url": concat("", [
				"https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html",
			]),
		},
	}
}

test_fails_on_accounts_that_are_words if {
	given := _with({
		"Principal": {
			"AWS": ["your-account-id", "arn:aws:iam::xxxxxxxxxxxx:root", "arn:aws:iam::{id}:root"],
		},
	})
	found := placeholder.findings with input as given with data.expected as {}
	found == {
		{
			"key": testing.key,
			"level": "error",
			"msg": concat("", [
				"statement 1 (AllowCloudTrailEncryptLogs) still holds placeholders ",
				`(xxxxxxxxxxxx) in Principal "arn:aws:iam::xxxxxxxxxxxx:root"`,
			]),
			"path": ["Statement", 0, "Principal", "AWS", 1],
			"remediation": "Write the 12-digit account id in place of xxxxxxxxxxxx.",
			"rule": "CT-PLACEHOLDER",
			"statement": {"index": 0, "sid": "AllowCloudTrailEncryptLogs"},
			"subject": null,
			"url": concat("", [
				"https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html",
			]),
		},
		{
			"key": testing.key,
			"level": "error",
			"msg": concat("", [
				"statement 1 (AllowCloudTrailEncryptLogs) still holds placeholders ",
				`(your-account-id) in Principal "your-account-id"`,
			]),
			"path": ["Statement", 0, "Principal", "AWS", 0],
			"remediation": "Write the 12-digit account id in place of your-account-id.",
			"rule": "CT-PLACEHOLDER",
			"statement": {"index": 0, "sid": "AllowCloudTrailEncryptLogs"},
			"subject": null,
			"url": concat("", [
				"https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html",
			]),
		},
		{
			"key": testing.key,
			"level": "error",
			"msg": concat("", [
				"statement 1 (AllowCloudTrailEncryptLogs) still holds placeholders ({id}) in ",
				`Principal "arn:aws:iam::{id}:root"`,
			]),
			"path": ["Statement", 0, "Principal", "AWS", 2],
			"remediation": "Write the 12-digit account id in place of {id}.",
			"rule": "CT-PLACEHOLDER",
			"statement": {"index": 0, "sid": "AllowCloudTrailEncryptLogs"},
			"subject": null,
			"url": concat("", [
				"https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html",
			]),
		},
	}
}

test_fails_on_regions_of_services if {
	given := _if("kms:ViaService", "s3.region.amazonaws.com")
	found := placeholder.findings with input as given with data.expected as {}
	found == {
		{
			"key": testing.key,
			"level": "error",
			"msg": concat("", [
				"statement 1 (AllowCloudTrailEncryptLogs) still holds placeholders (region) in ",
				`kms:ViaService "s3.region.amazonaws.com"`,
			]),
			"path": ["Statement", 0, "Condition", "StringLike", "kms:ViaService"],
			"remediation": "Write the Region (such as us-east-1) in place of region.",
			"rule": "CT-PLACEHOLDER",
			"statement": {"index": 0, "sid": "AllowCloudTrailEncryptLogs"},
			"subject": null,
			"url": concat("", [
				"https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html",
			]),
		},
	}
}

test_fails_on_values_that_are_one_placeholder if {
	found := placeholder.findings with input as _if("aws:PrincipalArn", "roleArn") with data.expected as {}
	found == {
		{
			"key": testing.key,
			"level": "error",
			"msg": concat("", [
				"statement 1 (AllowCloudTrailEncryptLogs) still holds placeholders (roleArn) ",
				`in aws:PrincipalArn "roleArn"`,
			]),
			"path": ["Statement", 0, "Condition", "StringLike", "aws:PrincipalArn"],
			"remediation": "Write the role's ARN in place of roleArn.",
			"rule": "CT-PLACEHOLDER",
			"statement": {"index": 0, "sid": "AllowCloudTrailEncryptLogs"},
			"subject": null,
			"url": concat("", [
				"https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html",
			]),
		},
	}
}

test_fails_on_an_organization_in_brackets if {
	found := placeholder.findings with input as _if("aws:PrincipalOrgID", "<ORG-ID>") with data.expected as {}
	found == {
		{
			"key": testing.key,
			"level": "error",
			"msg": concat("", [
				"statement 1 (AllowCloudTrailEncryptLogs) still holds placeholders (<ORG-ID>) ",
				`in aws:PrincipalOrgID "<ORG-ID>"`,
			]),
			"path": ["Statement", 0, "Condition", "StringLike", "aws:PrincipalOrgID"],
			"remediation": "Write the value in place of <ORG-ID>.",
			"rule": "CT-PLACEHOLDER",
			"statement": {"index": 0, "sid": "AllowCloudTrailEncryptLogs"},
			"subject": null,
			"url": concat("", [
				"https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html",
			]),
		},
	}
}

test_passes_on_variables_of_iam if {
	given := _with({
		"Condition": {
			"StringLike": {
				"aws:SourceArn": "arn:aws:cloudtrail:*:${aws:PrincipalAccount}:trail/${*}",
				"aws:userid": "${aws:userid, 'nobody'}",
			},
		},
	})
	found := placeholder.findings with input as given with data.expected as {}
	found == set()
}

test_passes_on_names_that_contain_such_a_word if {
	given := _with({
		"Principal": {"AWS": "arn:aws:iam::111111111111:user/username-sync"},
		"Resource": "arn:aws:kms:us-east-1:111111111111:key/key-identity",
		"Condition": {
			"StringEquals": {
				"aws:SourceArn": "arn:aws:cloudtrail:us-east-1:111111111111:trail/trailName-region-account",
			},
		},
	})
	found := placeholder.findings with input as given with data.expected as {}
	found == set()
}

test_passes_on_words_of_an_encryption_context if {
	given := _if("kms:EncryptionContext:note", ["<username>", "[a]", "region", "account-id"])
	found := placeholder.findings with input as given with data.expected as {}
	found == set()
}

test_passes_on_what_is_in_a_sid if {
	found := placeholder.findings with input as _with({"Sid": "account-id"}) with data.expected as {}
	found == set()
}

test_passes_on_short_arns if {
	every short in ["arn:aws:kms:Region", "arn:aws:kms:Region:account_ID"] {
		found := placeholder.findings with input as _with({"Resource": short}) with data.expected as {}
		found == set()
	}
}

test_survives_anything if {
	given := _with({
		"Principal": 3,
		"Resource": [null, 7, {"ctkms:unknown": "later"}],
		"Condition": {"StringLike": {"aws:SourceArn": [{"a": 1}, true]}},
	})
	found := placeholder.findings with input as given with data.expected as {}
	found == set()
}

test_passes_variables_of_iam_that_speak_of_accounts_and_regions if {
	every value in ["${aws:ResourceAccount}", "${aws:PrincipalAccount}"] {
		found := placeholder.findings with input as _if("aws:SourceAccount", value) with data.expected as {}
		found == set()
	}
	regional := _if("aws:SourceArn", "arn:aws:cloudtrail:${aws:RequestedRegion}:111111111111:trail/management-events")
	inside := placeholder.findings with input as regional with data.expected as {}
	inside == set()
}

test_fails_on_words_for_an_account if {
	every word in ["accountid", "your-account"] {
		found := placeholder.findings with input as _if("aws:SourceAccount", word) with data.expected as {}
		count(found) == 1
	}
}

# The element of each finding, and what to do about it.
_advice(members) := {[one.path[2], one.remediation] | some one in found} if {
	found := placeholder.findings with input as _with(members) with data.expected as {}
}

_account := "the 12-digit account id"

_region := "the Region (such as us-east-1)"

_key := "the key's id (or \"*\" as the whole Resource: in a key policy that is this key)"

_words := {
	"account_ID": _account,
	"account-id": _account,
	"account_id": _account,
	"accountId": _account,
	"AccountId": _account,
	"ACCOUNT_ID": _account,
	"key_ID": _key,
	"key-id": _key,
	"key_id": _key,
	"keyId": _key,
	"KEY_ID": _key,
	"trailName": "the trail's name",
	"trail-name": "the trail's name",
	"myBucketName": "the bucket's name",
	"username": "the user's name",
	"roleArn": "the role's ARN",
}

test_fails_on_each_word_alone_and_in_an_arn if {
	every word, meant in _words {
		advice := {["Resource", sprintf("Write %v in place of %v.", [meant, word])]}
		_advice({"Resource": word}) == advice
		_advice({"Resource": sprintf("arn:aws:kms:us-east-1:111111111111:key/%v", [word])}) == advice
	}
}

test_fails_on_words_in_every_element if {
	cases := [
		[{"NotResource": "key_ID"}, "NotResource", _key, "key_ID"],
		[{"Principal": {"AWS": "roleArn"}}, "Principal", "the role's ARN", "roleArn"],
		[{"Principal": {"Federated": "roleArn"}}, "Principal", "the role's ARN", "roleArn"],
		[{"NotPrincipal": {"Service": "logs.region.amazonaws.com"}}, "NotPrincipal", _region, "region"],
		[{"Principal": {"AWS": "arn:aws:iam::MY-ACCOUNT:root"}}, "Principal", _account, "MY-ACCOUNT"],
		[{"Resource": "arn:aws:kms:yourRegion:111111111111:key/*"}, "Resource", _region, "yourRegion"],
		[{"Resource": "arn:aws:kms:us-east-1:111111111111:key/[id]"}, "Resource", "the value", "[id]"],
	]
	every case in cases {
		_advice(case[0]) == {[case[1], sprintf("Write %v in place of %v.", [case[2], case[3]])]}
	}
}

test_fails_on_words_for_an_account_under_every_key_of_accounts if {
	every key in ["aws:SourceAccount", "aws:PrincipalAccount", "kms:CallerAccount", "AWS:ResourceAccount"] {
		_advice({"Condition": {"StringEquals": {key: "my-account"}}}) == {[
			"Condition",
			sprintf("Write %v in place of my-account.", [_account]),
		]}
	}
}

test_fails_on_brackets_in_an_arn_of_an_encryption_context if {
	condition := {"kms:EncryptionContext:aws:cloudtrail:arn": "arn:aws:cloudtrail:*:<ACCOUNT>:trail/*"}
	_advice({"Condition": {"StringLike": condition}}) == {["Condition", "Write the value in place of <ACCOUNT>."]}
}

test_passes_variables_of_iam_inside_a_word if {
	every key, value in {
		"kms:ViaService": "s3-${aws:RequestedRegion}.amazonaws.com",
		"aws:SourceAccount": "0${aws:PrincipalTag/account}",
	} {
		_advice({"Condition": {"StringLike": {key: value}}}) == set()
	}
}

test_passes_words_between_colons_of_what_is_no_arn if {
	_advice({"Condition": {"StringLike": {"aws:PrincipalTag/team": "a:b:c:region:account:key_ID"}}}) == set()
}
