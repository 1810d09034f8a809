package ctkms.people.outsider_test

import data.ctkms.evaluation
import data.ctkms.people.outsider
import data.ctkms.testing_test as testing

_given(members) := testing.of(testing.policy([testing.but(
	testing.decrypt,
	object.union({"Principal": {"AWS": "*"}}, members),
)]))

_condition(condition) := _given({"Condition": condition})

test_the_world_or_whom_the_conditions_name if {
	everybody := outsider.world(evaluation.statement(0)) with input as _given({})
	{one.probe.from | some one in everybody} == {"world"}
	of_account := _condition({"StringEquals": {"kms:CallerAccount": "222222222222"}})
	named := outsider.named(evaluation.statement(0), "account") with input as of_account
	[one.probe.principal | some one in named] == ["arn:aws:iam::222222222222:user/ctkms-stranger"]
	nobody := outsider.world(evaluation.statement(0)) with input as of_account
	nobody == []
	swallowed := outsider.named(evaluation.statement(0), "account") with input as _given({})
	swallowed == []
}

test_what_they_may_do_in_words if {
	given := _given({"Action": ["kms:Decrypt", "kms:DescribeKey"]})
	everybody := outsider.world(evaluation.statement(0)) with input as given
	outsider.actions(everybody) == "kms:Decrypt, kms:DescribeKey"
	outsider.uses(everybody)
	not outsider.uses([one | some one in everybody; one.probe.request.action == "kms:DescribeKey"])
	data_only := _condition({"Null": {"kms:EncryptionContext:aws:cloudtrail:arn": "false"}})
	some_data := outsider.world(evaluation.statement(0)) with input as data_only
	outsider.actions(some_data) == "kms:Decrypt (of CloudTrail's data)"
}

test_the_service_that_all_requests_come_through if {
	everybody := outsider.world(evaluation.statement(0)) with input as _given({})
	outsider.way(everybody) == ""
	through := _condition({"StringEquals": {"kms:ViaService": "s3.us-east-1.amazonaws.com"}})
	some_way := outsider.world(evaluation.statement(0)) with input as through
	outsider.way(some_way) == " through s3.us-east-1.amazonaws.com"
}

test_those_of_the_own_account if {
	open := _given({"Action": "kms:DisableKey"})
	inside := outsider.insiders(evaluation.statement(0)) with input as open
	[one.probe.principal | some one in inside] == ["arn:aws:iam::111111111111:user/ctkms-stranger"]
	level := outsider.inside(evaluation.statement(0)) with input as open
	level == "error"
	meant := _given({
		"Action": "kms:DisableKey",
		"Condition": {"StringEquals": {"kms:CallerAccount": "111111111111"}},
	})
	less := outsider.inside(evaluation.statement(0)) with input as meant
	less == "warning"
}

test_what_a_doubt_hangs_on if {
	given := _condition({"StringEquals": {"aws:SourceVpce": "vpce-1a2b3c4d"}})
	doubtful := outsider.doubtful(evaluation.statement(0)) with input as given
	count(doubtful) == 1
	words := outsider.hanging(evaluation.statement(0), doubtful[0]) with input as given
	words == "Condition StringEquals aws:SourceVpce"
	nothing := outsider.hanging(evaluation.statement(0), doubtful[0]) with input as _given({})
	nothing == "values that are not known"
}
