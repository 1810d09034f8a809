package ctkms.cloudtrail.owner_test

import data.ctkms.cloudtrail.owner
import data.ctkms.cloudtrail.trail
import data.ctkms.policy
import data.ctkms.testing_test as testing

_declared := {"organization": {"management_account": "222222222222"}}

_elsewhere := "arn:aws:cloudtrail:us-east-1:222222222222:trail/management-events"

test_marks_what_is_or_may_be_an_organization_trail if {
	owner.mark(true) == {"owner_assumed": true}
	owner.mark({"ctkms:unknown": "the flag"}) == {"owner_assumed": true}
	owner.mark(false) == {}
	owner.mark(true) == {} with data.expected as _declared
}

test_assumed_where_nobody_speaks_of_the_trail if {
	owner.assumed(testing.trail, {"owner_assumed": true})
	not owner.assumed(testing.trail, {})
	not owner.assumed(testing.trail, null)
	not owner.assumed(testing.trail, {"owner_assumed": true}) with data.expected as testing.trail_with({})
}

test_the_same_trail_of_another_account if {
	assumed := {testing.trail: {"owner_assumed": true}}
	owner.may_be(_elsewhere, "222222222222", {"222222222222"}, assumed)
	not owner.may_be(_elsewhere, "222222222222", set(), assumed)
	not owner.may_be(_elsewhere, "222222222222", {"222222222222"}, {testing.trail: {}})
	not owner.may_be(sprintf("%v-2", [_elsewhere]), "222222222222", {"222222222222"}, assumed)
}

test_owners_to_try if {
	statements := policy.statements(testing.policy([testing.but(testing.encrypt, {"Condition": {
		"ArnLike": {"aws:SourceArn": "arn:aws:cloudtrail:*:22222*:trail/*"},
		"StringEquals": {"aws:SourceAccount": ["111111111111", "333333333333"]},
	}})]))
	taken := {"111111111111", "333333333333", "444444444444"}
	world := {"statements": statements, "foreign": "999999999999", "taken": taken}
	owners := owner.candidates(world, "aws", "us-east-1")
	owners == ["999999999999", "111111111111", "222229999999", "333333333333", "444444444444"]
	owner.others("111111111111", owners, 4) == ["999999999999", "222229999999", "333333333333", "444444444444"]
	owner.others("111111111111", owners, 2) == ["999999999999", "222229999999"]
}

test_owners_that_are_not_tried if {
	owner.leaves_out("1", ["1", "2", "3"], 2) == false
	owner.leaves_out("1", ["1", "2", "3"], 1) == true
	owner.most_others(800, 0) == 100
	owner.most_others(800, 1) == 100
	owner.most_others(800, 2) == 50
	owner.most_others(20, 2) == 5
}

test_a_request_were_the_trail_of_another_account if {
	described := {
		"organization": true,
		"bucket": {"name": "logs-111111111111", "account": "111111111111"},
	}
	expected := {"organization": {"id": "o-a1b2c3d4e5"}}
	path := trail.log_file(testing.trail, described) with data.expected as expected
	made := trail.encrypt(testing.trail, testing.key, path) with data.expected as expected
	moved := owner.request_of(made, "111111111111", "222222222222")
	moved_path := concat("/", [
		"arn:aws:s3:::logs-111111111111/AWSLogs/o-a1b2c3d4e5/222222222222/CloudTrail/us-east-1/2026/01/31",
		"222222222222_CloudTrail_us-east-1_20260131T0000Z_Example0123456789.json.gz",
	])
	changed := {name: value | some name, value in moved.context; value != made.context[name]}
	changed == {
		"aws:SourceAccount": "222222222222",
		"aws:SourceArn": _elsewhere,
		"kms:EncryptionContext:aws:cloudtrail:arn": _elsewhere,
		"kms:EncryptionContext:aws:s3:arn": moved_path,
	}
	object.remove(moved, ["context"]) == object.remove(made, ["context"])
}

test_what_is_not_known_of_a_request_stays_so if {
	open := {"context": {
		"kms:EncryptionContext:aws:s3:arn": {"ctkms:unknown": "the bucket"},
		"aws:SourceAccount": "333333333333",
		"aws:SourceArn": {"ctkms:unknown": "the trail"},
	}}
	owner.request_of(open, "111111111111", "222222222222") == open
}
