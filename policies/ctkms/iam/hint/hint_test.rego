package ctkms.iam.hint_test

import data.ctkms.iam.hint

_trail := "arn:aws:cloudtrail:us-east-1:111111111111:trail/management-events"

_elsewhere := replace(_trail, "us-east-1", "eu-west-1")

_element(name, path, wanted, sent) := {"element": name, "path": path, "match": 0, "wanted": wanted, "sent": sent}

_condition(wanted, sent) := _element(
	"Condition StringEquals aws:SourceArn",
	["Condition", "StringEquals", "aws:SourceArn"],
	wanted,
	sent,
)

test_an_equals_sign_for_a_colon if {
	said := hint.about(_element("Action", ["Action"], ["kms=Decrypt"], "kms:Decrypt"))
	said == "kms=Decrypt has no \":\" between the service and the operation"
	hint.about(_element("Action", ["Action"], ["kms:Encrypt", "kms=Decrypt"], "kms:Decrypt")) == said
	hint.about(_element("Action", ["Action"], ["kms:Encrypt"], "kms:Decrypt")) == ""
	hint.about(_element("Resource", ["Resource"], "kms=Decrypt", _trail)) == ""
}

test_an_account_id_of_eleven_digits if {
	wanted := {"AWS": ["arn:aws:iam::11111111111:role/Reader", "arn:aws:iam::222222222222:root"]}
	said := hint.about(_element("Principal", ["Principal"], wanted, "arn:aws:iam::111111111111:role/Reader"))
	said == "an account id has 12 digits, that of arn:aws:iam::11111111111:role/Reader has 11"
	hint.about(_element("Principal", ["Principal"], {"AWS": wanted.AWS[0]}, _trail)) == said
	hint.about(_element("Principal", ["Principal"], {"AWS": {"a": wanted.AWS[0]}}, _trail)) == ""
	hint.about(_element("Principal", ["Principal"], {"AWS": "arn:aws:iam::11111111111"}, _trail)) == ""
	hint.about(_element("Principal", ["Principal"], {"Service": "a"}, "cloudtrail.amazonaws.com")) == ""
	hint.about(_element("Principal", ["Principal"], {"Service": {"a": 1}}, "cloudtrail.amazonaws.com")) == ""
	hint.about(_element("Principal", ["Principal"], null, "cloudtrail.amazonaws.com")) == ""
}

test_an_operator_that_heeds_no_wildcards if {
	hint.about(_condition(["arn:aws:cloudtrail:*:111111111111:trail/*"], _trail)) == concat("", [
		"StringEquals takes the wildcards of arn:aws:cloudtrail:*:111111111111:trail/* to the letter: ",
		"StringLike and ArnLike heed them",
	])
	hint.about(_condition("arn:aws:cloudtrail:*:222222222222:trail/*", _trail)) == ""
	hint.about(_condition(_trail, _trail)) == ""
	of_operator := {operator: hint.about(_element("", ["Condition", operator, "aws:SourceArn"], "arn:*", _trail)) |
		some operator in ["StringEqualsIgnoreCase", "StringNotLike"]
	}
	startswith(of_operator.StringEqualsIgnoreCase, "StringEqualsIgnoreCase takes the wildcards of arn:* to the letter")
	of_operator.StringNotLike == ""
}

test_one_part_of_an_arn_differs if {
	region := hint.about(_condition(_elsewhere, _trail))
	region == "only the Region differs: eu-west-1 in the policy, us-east-1 in the request"
	name := hint.about(_condition("arn:aws:cloudtrail:us-east-1:111111111111:trail/other", _trail))
	name == "only the name differs: trail/other in the policy, trail/management-events in the request"
	hint.about(_condition("arn:aws:cloudtrail:eu-west-1:111111111111:trail/other", _trail)) == ""
	hint.about(_condition("a:b", _trail)) == ""
	hint.about(_condition(_trail, null)) == ""
}

test_each_part_has_its_name if {
	parts := {
		"prefix": ["arm", "arn"],
		"partition": ["aws-cn", "aws"],
		"service": ["cloudtrial", "cloudtrail"],
		"Region": ["us-east-2", "us-east-1"],
		"account": ["222222222222", "111111111111"],
		"name": ["trail/events", "trail/management-events"],
	}
	every part, pair in parts {
		wanted := replace(_trail, pair[1], pair[0])
		hint.about(_condition(wanted, _trail)) == sprintf(
			"only the %v differs: %v in the policy, %v in the request",
			array.concat([part], pair),
		)
	}
}

test_what_is_no_arn_of_as_many_parts_has_no_hint if {
	every pair in [
		[sprintf("%v:x", [_elsewhere]), _trail],
		[sprintf("%v:x", [_trail]), sprintf("%v:y", [_trail])],
		["a:b:c:d:e", "a:b:c:d:x"],
		["a:b:c:d:55555", _trail],
	] {
		hint.about(_condition(pair[0], pair[1])) == ""
	}
}

test_of_what_matches_or_cannot_be_told_there_is_no_hint if {
	hint.about(null) == ""
	hint.about(object.union(_condition(_elsewhere, _trail), {"match": 1})) == ""
}
