package ctkms.iam.hint_test

import data.ctkms.iam.hint
import data.ctkms.testing_test as testing

_elsewhere := replace(testing.trail, "us-east-1", "eu-west-1")

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
	hint.about(_element("Action", ["Action"], ["kms:Encrypt"], "kms:Decrypt")) == ""
}

test_an_account_id_of_eleven_digits if {
	wanted := {"AWS": ["arn:aws:iam::11111111111:role/Reader", "arn:aws:iam::222222222222:root"]}
	said := hint.about(_element("Principal", ["Principal"], wanted, "arn:aws:iam::111111111111:role/Reader"))
	said == "an account id has 12 digits, that of arn:aws:iam::11111111111:role/Reader has 11"
	hint.about(_element("Principal", ["Principal"], {"Service": "a"}, "cloudtrail.amazonaws.com")) == ""
	hint.about(_element("Principal", ["Principal"], {"Service": {"a": 1}}, "cloudtrail.amazonaws.com")) == ""
	hint.about(_element("Principal", ["Principal"], null, "cloudtrail.amazonaws.com")) == ""
}

test_an_operator_that_heeds_no_wildcards if {
	hint.about(_condition(["arn:aws:cloudtrail:*:111111111111:trail/*"], testing.trail)) == concat("", [
		"StringEquals takes the wildcards of arn:aws:cloudtrail:*:111111111111:trail/* to the letter: ",
		"StringLike and ArnLike heed them",
	])
	hint.about(_condition("arn:aws:cloudtrail:*:222222222222:trail/*", testing.trail)) == ""
}

test_one_part_of_an_arn_differs if {
	region := hint.about(_condition(_elsewhere, testing.trail))
	region == "only the Region differs: eu-west-1 in the policy, us-east-1 in the request"
	name := hint.about(_condition("arn:aws:cloudtrail:us-east-1:111111111111:trail/other", testing.trail))
	name == "only the name differs: trail/other in the policy, trail/management-events in the request"
	hint.about(_condition("arn:aws:cloudtrail:eu-west-1:111111111111:trail/other", testing.trail)) == ""
	hint.about(_condition("a:b", testing.trail)) == ""
	hint.about(_condition(testing.trail, null)) == ""
}

test_of_what_matches_or_cannot_be_told_there_is_no_hint if {
	hint.about(null) == ""
	hint.about(object.union(_condition(_elsewhere, testing.trail), {"match": 1})) == ""
}
