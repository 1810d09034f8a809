package ctkms.evaluation_test

import data.ctkms.evaluation
import data.ctkms.testing_test as testing

_input := testing.of(testing.trail_policy)

_with(memo) := object.union(_input, {"ctkms": {"memo": memo}})

_expected := testing.trail_with({})

test_the_policy_is_prepared_and_every_request_decided if {
	decisions := data.ctkms.evaluation.decisions with input as _input with data.expected as _expected
	ids := {id |
		some by_id in data.ctkms.evaluation.probes
		some id, _ in by_id
	} with input as _input
		with data.expected as _expected
	object.keys(decisions) == ids
	decisions[sprintf("%v describe key", [testing.trail])].decision == "allow"
}

test_results_of_earlier_pieces_are_taken_as_they_are if {
	data.ctkms.evaluation.prepared == {"statements": []} with input as _with({"prepared": {"statements": []}})
	data.ctkms.evaluation.probes == {} with input as _with({"probes": {}})
	data.ctkms.evaluation.decisions == {"id": 1} with input as _with({"decisions": {"id": 1}})
}

test_a_subset_of_requests_is_decided_alone if {
	every_one := data.ctkms.evaluation.probes with input as _input with data.expected as _expected
	some_of_them := data.ctkms.evaluation.decisions with input as _with({"probes": {"describe": every_one.describe}})
		with data.expected as _expected
	object.keys(some_of_them) == object.keys(every_one.describe)
}

test_tried_pairs_a_request_with_its_decision if {
	tried := evaluation.tried("describe") with input as _input with data.expected as _expected
	[[one.probe.subject, one.decision.decision] | some one in tried] == [[testing.trail, "allow"]]
	evaluation.tried("nothing") == [] with input as _input with data.expected as _expected
}

test_what_if_a_statement_were_added_or_taken_away if {
	tried := evaluation.tried("describe") with input as _input with data.expected as _expected
	request := tried[0].probe.request
	describe := testing.describe
	without := evaluation.decide_with([], {3}, request) with input as _input
	without.decision == "implicit_deny"
	again := evaluation.decide_with([describe], {3}, request) with input as _input
	again.decision == "allow"
}

_later(probes, matches) := _with({"probes": probes, "decisions": {}, "matches": matches})

test_what_matches_a_request_is_found_once_and_handed_on if {
	found := data.ctkms.evaluation.matches with input as _input with data.expected as _expected
	decisions := data.ctkms.evaluation.decisions with input as _input with data.expected as _expected
	object.keys(found) == object.keys(decisions)
	id := sprintf("%v describe key", [testing.trail])
	found[id] == {"allows": [{"account": 0, "direct": 2, "index": 3}], "denies": []}
	tried := evaluation.tried("describe") with input as _input with data.expected as _expected
	request := tried[0].probe.request
	probes := data.ctkms.evaluation.probes with input as _input with data.expected as _expected
	handed_on := evaluation.decide_with([], set(), request) with input as _later(probes, found)
	handed_on.decision == "allow"
	found_anew := evaluation.decide_with([], set(), request) with input as _later(probes, {})
	found_anew.decision == "allow"
	nothing := evaluation.decide_with([], set(), request) with input as _later(probes, {id: {"allows": [], "denies": []}})
	nothing.decision == "implicit_deny"
}

test_what_if_the_caller_had_one_more_policy if {
	bob := "arn:aws:iam::111111111111:user/Bob"
	request := {"principal": bob, "action": "kms:Decrypt", "resource": testing.key, "context": {}}
	allow := {"Statement": {"Effect": "Allow", "Action": "kms:Decrypt", "Resource": "*"}}
	deny := {"Statement": {"Effect": "Deny", "Action": "kms:Decrypt", "Resource": "*"}}
	cases := [
		[[], allow, "allow"],
		[[], deny, "explicit_deny"],
		[[deny], allow, "explicit_deny"],
		[[], {"Statement": []}, "needs_iam_policy"],
		[[allow], {"Statement": []}, "allow"],
	]
	document := testing.of(testing.policy([testing.root]))
	results := [[decided.decision, decided.allowed_by] |
		some [before, added, _] in cases
		decided := evaluation.decide_permitted(added, object.union(request, {"identity_policies": before}))
	] with input as document
	results == [[wanted, [0]] | some [_, _, wanted] in cases]
}

test_a_statement_by_its_index if {
	found := evaluation.statement(1) with input as _input
	found == {"index": 1, "sid": "AllowCloudTrailEncryptLogs", "statement": testing.encrypt}
	evaluation.statement(9) == null with input as _input
}

test_subjects_and_profile if {
	trails := {testing.trail: {"key": testing.key}}
	data.ctkms.evaluation.trails == trails with input as _input with data.expected as _expected
	data.ctkms.evaluation.stores == {} with input as _input with data.expected as _expected
	data.ctkms.evaluation.profile == "documented" with input as _input
}

test_judged_only_where_there_is_a_policy if {
	data.ctkms.evaluation.judged with input as _input
	not data.ctkms.evaluation.judged with input as testing.of_key({"policy": null})
}

test_what_the_document_says_of_the_key if {
	other := "arn:aws:cloudtrail:us-east-1:222222222222:trail/other"
	unknown := {"ctkms:unknown": "later"}
	document := testing.of_key({
		"policy": testing.trail_policy,
		"metadata": {"state": "Enabled", "spec": "SYMMETRIC_DEFAULT"},
		"trails": {
			testing.trail: {"organization": true, "log_file_validation": false, "bucket": unknown},
			"aws_cloudtrail.main": {"arn": {"ctkms:unknown": "later", "ctkms:like": "arn:aws:cloudtrail:*:333333333333:*"}},
		},
		"event_data_stores": {testing.store: {}},
		"topics": {other: {}},
	})
	expected := {
		"keys": {testing.key: {"metadata": {"state": "Disabled"}}},
		"trails": {testing.trail: {
			"key": "arn:aws:kms:us-east-1:111111111111:key/other",
			"organization": false,
			"bucket": {"name": "example-logs"},
		}},
	}
	trails := data.ctkms.evaluation.trails with input as document with data.expected as expected
	trails == {
		testing.trail: {"organization": false, "log_file_validation": false, "bucket": {"name": "example-logs"}},
	}
	data.ctkms.evaluation.unnamed == {"aws_cloudtrail.main"} with input as document with data.expected as expected
	data.ctkms.evaluation.stores == {testing.store: {}} with input as document with data.expected as expected
	data.ctkms.evaluation.topics == {other: {}} with input as document with data.expected as expected
	metadata := data.ctkms.evaluation.metadata with input as document with data.expected as expected
	metadata == {"state": "Disabled", "spec": "SYMMETRIC_DEFAULT"}
	accounts := data.ctkms.evaluation.accounts with input as document with data.expected as expected
	accounts == {"111111111111", "222222222222"}
}

test_the_topics_of_expected_trails if {
	expected := {"trails": {testing.trail: {"key": "alias/none", "sns_key": testing.key}}}
	topics := data.ctkms.evaluation.topics with input as _input with data.expected as expected
	topics == {testing.trail: {"key": "alias/none", "sns_key": testing.key}}
}

test_a_part_of_the_requests if {
	every_one := data.ctkms.evaluation.probes with input as _input with data.expected as _expected
	of_trails := data.ctkms.evaluation.part with input as _with({"part": "trails"}) with data.expected as _expected
	of_trails == object.filter(every_one, ["encrypt", "describe", "decrypt_service"])
	of_people := data.ctkms.evaluation.part with input as _with({"part": "people"}) with data.expected as _expected
	object.keys(of_people) == {"administer"}
	unjudged := object.union(testing.of_key({"policy": null}), {"ctkms": {"memo": {"part": "people"}}})
	data.ctkms.evaluation.part == {} with input as unjudged with data.expected as _expected
}

test_further_requests_are_decided_together if {
	tried := evaluation.tried("describe") with input as _input with data.expected as _expected
	request := tried[0].probe.request
	other := object.union(request, {"action": "kms:PutKeyPolicy"})
	decided := evaluation.decide_each([request, other]) with input as _input with data.expected as _expected
	{asked.action: decision.decision | some asked, decision in decided} == {
		"kms:DescribeKey": "allow",
		"kms:PutKeyPolicy": "implicit_deny",
	}
}

test_requests_of_one_subject if {
	trail := testing.trail
	of_trail := evaluation.tried_for("describe", trail) with input as _input with data.expected as _expected
	every_one := evaluation.tried("describe") with input as _input with data.expected as _expected
	of_trail == every_one
	evaluation.tried_for("describe", "other") == [] with input as _input with data.expected as _expected
	evaluation.tried_for("nothing", trail) == [] with input as _input with data.expected as _expected
}

# A trail whose owner is assumed, and a policy for the trail of that name in an account.
_for_owner(account, entry) := testing.of_key({
	"policy": testing.policy([object.union(_unconditional, {"Condition": {"StringEquals": {"aws:SourceArn": sprintf(
		"arn:aws:cloudtrail:us-east-1:%v:trail/management-events",
		[account],
	)}}})]),
	"trails": {testing.trail: object.union({"organization": true}, entry)},
})

_unconditional := object.remove(testing.encrypt, ["Condition"])

_encrypted(document) := tried[0].decision if {
	tried := evaluation.tried("encrypt") with input as document
}

test_what_only_the_assumed_owner_shuts_out_is_not_known if {
	decided := _encrypted(_for_owner("222222222222", {"owner_assumed": true}))
	decided == {
		"decision": "unknown",
		"allowed_by": [],
		"denied_by": [],
		"maybe_allowed_by": [0],
		"maybe_denied_by": [],
		"owner": "111111111111",
	}
}

test_what_every_owner_is_refused_is_refused if {
	_encrypted(_for_owner("222222222222", {})).decision == "implicit_deny"
	allowed := _encrypted(_for_owner("111111111111", {"owner_assumed": true}))
	allowed.decision == "allow"
	document := _for_owner("222222222222", {"owner_assumed": true})
	tried := evaluation.tried("describe") with input as document
	[one.decision.decision | some one in tried] == ["implicit_deny"]
}

test_of_too_many_owners_nobody_can_tell_what_all_are_refused if {
	accounts := [sprintf("222222222%v", [number]) | some number in numbers.range(100, 300)]
	statement := object.union(_unconditional, {"Condition": {"StringEquals": {"aws:SourceAccount": accounts}}})
	document := testing.of_key({
		"policy": testing.policy([statement]),
		"trails": {testing.trail: {"organization": true, "owner_assumed": true}},
	})
	_encrypted(document).owner == "111111111111"
	tried := evaluation.tried("describe") with input as document
	[one.decision | some one in tried] == [{
		"decision": "unknown",
		"allowed_by": [],
		"denied_by": [],
		"maybe_allowed_by": [],
		"maybe_denied_by": [],
	}]
}
