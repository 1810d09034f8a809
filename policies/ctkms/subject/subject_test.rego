package ctkms.subject_test

import data.ctkms.subject
import data.ctkms.testing_test as testing

_known_in_part := {"arn": {"ctkms:unknown": "the name", "ctkms:like": "arn:aws:cloudtrail:*:111111111111:trail/*"}}

test_a_subject_that_is_called_by_its_arn if {
	subject.arn(testing.trail, {}) == testing.trail
	subject.arn(testing.trail, null) == testing.trail
	subject.partition(testing.trail, {}) == "aws"
	subject.region(testing.trail, {}) == "us-east-1"
	subject.account(testing.trail, {}) == "111111111111"
}

test_a_subject_whose_entry_gives_the_arn if {
	subject.arn("aws_cloudtrail.main", {"arn": testing.trail}) == testing.trail
	subject.account("aws_cloudtrail.main", {"arn": testing.trail}) == "111111111111"
}

test_an_arn_that_is_known_in_part if {
	subject.arn("main", _known_in_part) == _known_in_part.arn
	subject.account("main", _known_in_part) == "111111111111"
	subject.region("main", _known_in_part) == ""
}

test_an_arn_that_is_not_known if {
	subject.arn("main", {}) == {"ctkms:unknown": "the ARN of main is not known yet"}
	subject.account("main", {}) == ""
	subject.account("main", {"arn": {"ctkms:unknown": "later"}}) == ""
	subject.account("main", {"arn": 3}) == ""
}
