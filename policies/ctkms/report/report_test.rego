package ctkms.report_test

import data.ctkms.report
import data.ctkms.testing_test as testing

_input := testing.of(testing.trail_policy)

_report(document, expected) := found if {
	found := report.report with input as document with data.expected as expected
}

_reasons(document, expected) := _report(document, expected).cannot_tell

_rules(findings) := {finding.rule | some finding in findings}

test_the_report_of_a_complete_trail if {
	found := _report(_input, testing.trail_with({"readers": {testing.bob: {}}}))
	found.key == testing.key
	found.judged
	found.cannot_tell == []
	found.waived == []
	not "error" in {finding.level | some finding in found.findings}
	row := {
		"subject": testing.trail,
		"principal": "cloudtrail.amazonaws.com",
		"capability": "encrypt",
		"decision": "allow",
		"statements": [1],
		"level": "error",
	}
	row in found.capabilities
}

test_a_capability_is_as_good_as_its_worst_request if {
	only_logs := testing.but(testing.encrypt, {"Condition": {"StringLike": {
		"kms:EncryptionContext:aws:s3:arn": "arn:aws:s3:::example-logs/AWSLogs/*/CloudTrail/*",
	}}})
	policy := testing.policy([testing.root, only_logs, testing.describe])
	expected := testing.trail_with({"bucket": {"name": "example-logs", "bucket_key": false}})
	rows := [row | some row in _report(testing.of(policy), expected).capabilities; row.capability == "encrypt"]
	[row.decision | some row in rows] == ["implicit_deny"]
}

test_a_bucket_key_that_nobody_tells_and_objects_alone_leave_the_verdict_open if {
	objects := {"Condition": {"StringLike": {"kms:EncryptionContext:aws:s3:arn": "arn:aws:s3:::example-logs/*"}}}
	policy := testing.policy([
		testing.root,
		testing.but(testing.encrypt, objects),
		testing.decrypt,
		testing.describe,
		testing.but(testing.reader, objects),
	])
	expected := testing.trail_with({"bucket": {"name": "example-logs"}, "readers": {testing.bob: {}}})
	_reasons(testing.of(policy), expected) == [concat("", [
		"whether the bucket of trail ", testing.trail, " uses an S3 Bucket Key: requests then name it, and no object",
	])]
	plain := testing.trail_with({"bucket": {"name": "example-logs", "bucket_key": false}})
	_reasons(testing.of(policy), plain) == []
}

test_the_statements_that_decided if {
	denied := testing.policy([testing.encrypt, testing.but(testing.root, {"Effect": "Deny", "Principal": "*"})])
	rows := _report(testing.of(denied), testing.trail_with({})).capabilities
	[row.statements | some row in rows; row.capability == "encrypt"] == [[1]]
	open_value := testing.but(testing.encrypt, {"Condition": {"StringEquals": {"aws:SourceArn": {"ctkms:unknown": "x"}}}})
	open := _report(testing.of(testing.policy([testing.root, open_value])), testing.trail_with({})).capabilities
	[[row.decision, row.statements] | some row in open; row.capability == "encrypt"] == [["unknown", [1]]]
}

test_levels_of_capabilities if {
	level := {row.capability: row.level | some row in _report(_input, testing.trail_with({})).capabilities}
	level.decrypt_service == "warning"
	level.describe == "error"
	bucket_key := testing.trail_with({"bucket": {"bucket_key": true}})
	{row.level | some row in _report(_input, bucket_key).capabilities; row.capability == "decrypt_service"} == {"error"}
	of_store := {row.capability: row.level |
		some row in _report(testing.of(testing.store_policy), testing.store_with({})).capabilities
	}
	of_store.describe == "warning"
	of_store.decrypt_service == "error"
}

test_cannot_tell_without_subjects if {
	_reasons(_input, {"keys": {testing.key: {}}}) == [
		"what CloudTrail needs of this key: no expected trail or event data store uses it",
	]
}

test_a_key_that_serves_other_accounts_alone_is_enough if {
	_reasons(_input, {"keys": {testing.key: {"encrypting_accounts": {"111111111111": {}}}}}) == []
	topic := {"trails": {testing.trail: {"key": "arn:aws:kms:us-east-1:111111111111:key/5678", "sns_key": testing.key}}}
	_reasons(testing.of(testing.store_policy), topic) == []
}

test_cannot_tell_strangers_that_are_too_many_to_try if {
	accounts := [sprintf("22222222%v", [number]) | some number in numbers.range(1000, 2100)]
	statement := testing.but(testing.encrypt, {"Condition": {"StringEquals": {"aws:SourceAccount": accounts}}})
	_reasons(testing.of(testing.policy([testing.root, testing.encrypt, testing.describe, statement])), testing.trail_with({
		"bucket": {"name": "example-logs", "bucket_key": false},
	})) == [concat(" ", [
		"whether CloudTrail gets in for trails that nobody expects:",
		"the conditions name more than are tried",
	])]
}

test_cannot_tell_what_is_no_key_policy if {
	document := testing.of_key({"policy": null, "kind": "iam-policy", "problem": "an IAM policy"})
	found := _report(document, testing.trail_with({}))
	not found.judged
	found.cannot_tell == ["policy.json is not a key policy: an IAM policy"]
}

test_cannot_tell_which_key if {
	document := testing.of_key({"arn": null, "policy": testing.trail_policy, "candidates": ["a", "b"]})
	"which key the policy belongs to; candidates: a, b" in _reasons(document, testing.trail_with({}))
}

test_cannot_tell_values_that_are_not_known_yet if {
	document := testing.of_key({"policy": testing.trail_policy, "unknown": ["statement 2 is vague"]})
	_reasons(document, testing.trail_with({})) == ["statement 2 is vague"]
	_reasons(_input, testing.trail_with({"bucket": {"name": {"ctkms:unknown": "x"}}})) == [sprintf(
		"trails %v in the expectations holds a value that is not known yet",
		[testing.trail],
	)]
}

test_cannot_tell_which_key_a_subject_uses if {
	expected := object.union(testing.trail_with({}), {"event_data_stores": {testing.store: {"key": "alias/gone"}}})
	_reasons(_input, expected) == [sprintf("which key %v uses", [testing.store])]
}

test_cannot_tell_a_needed_capability_whose_decision_is_open if {
	open_value := testing.but(testing.encrypt, {"Condition": {"StringEquals": {"aws:SourceOrgID": "o-a1b2c3d4e5"}}})
	policy := testing.policy([testing.root, open_value, testing.describe])
	_reasons(testing.of(policy), testing.trail_with({})) == [sprintf(
		"whether cloudtrail.amazonaws.com may encrypt (%v)",
		[testing.trail],
	)]
}

_waiver(members) := object.union(
	testing.trail_with({}),
	{"waivers": {"later": object.union(
		{"rule": "ct-trail-encrypt", "key": testing.key, "reason": "r", "owner": "o", "expires": "2026-06-01"},
		members,
	)}},
)

test_a_waiver_takes_a_finding_out_and_says_so if {
	found := _report(testing.of(testing.policy([testing.root])), _waiver({}))
	not "CT-TRAIL-ENCRYPT" in _rules(found.findings)
	found.used_waivers == ["later"]
	found.expired_waivers == []
	[[one.rule, one.waiver, one.reason, one.owner, one.expires] | some one in found.waived] == [[
		"CT-TRAIL-ENCRYPT", "later", "r", "o", "2026-06-01",
	]]
}

test_some_rules_are_never_waived if {
	document := testing.of_key({"policy": null, "kind": "iam-policy", "problem": "an IAM policy"})
	"KP-NONKEY" in _rules(_report(document, _waiver({"rule": "KP-NONKEY"})).findings)
}

test_an_expired_waiver_lets_the_finding_return_and_is_told if {
	found := _report(testing.of(testing.policy([testing.root])), _waiver({"expires": "2026-05-31"}))
	"CT-TRAIL-ENCRYPT" in _rules(found.findings)
	found.waived == []
	found.used_waivers == []
	[[one.waiver, one.rule, one.expires] | some one in found.expired_waivers] == [[
		"later", "CT-TRAIL-ENCRYPT", "2026-05-31",
	]]
}

test_findings_of_earlier_pieces_are_taken_as_they_are if {
	memo := {"findings": [{"rule": "X", "key": "k", "statement": null}], "not_evaluated": [{"rule": "Y", "why": "z"}]}
	found := _report(object.union(_input, {"ctkms": {"memo": memo}}), testing.trail_with({}))
	found.findings == memo.findings
	found.not_evaluated == memo.not_evaluated
}

test_rules_of_users_are_gathered_too if {
	found := report.report with input as _input
		with data.expected as testing.trail_with({})
		with data.custom.ctkms as {"acme": {"rule": {
			"findings": {{"rule": "ACME-1", "msg": "not so"}, 3},
			"not_evaluated": {{"rule": "ACME-2", "why": "no data"}},
		}}}
	"ACME-1" in _rules(found.findings)
	{"rule": "ACME-2", "why": "no data"} in found.not_evaluated
	"what a rule of your own means by 3" in found.cannot_tell
}

test_cannot_tell_whether_a_bucket_key_asks_for_more if {
	without_decrypt := testing.of(testing.policy([testing.root, testing.encrypt, testing.describe]))
	described := testing.trail_with({"bucket": {"name": "example-logs"}})
	_reasons(without_decrypt, described) == [concat("", [
		sprintf("whether the bucket of trail %v uses an S3 Bucket Key", [testing.trail]),
		": CloudTrail then needs kms:Decrypt",
	])]
	_reasons(without_decrypt, testing.trail_with({"bucket": {"bucket_key": false}})) == []
	_reasons(without_decrypt, testing.trail_with({})) == []
	_reasons(_input, described) == []
}

_bypassing(policy, bypass) := {"ctkms": {"key": object.union(
	testing.of(policy).ctkms.key,
	{"bypasses_lockout_check": bypass},
)}}

test_cannot_tell_whether_kms_takes_a_policy_that_nobody_may_change if {
	why := "whether KMS is told to take a policy that nobody may change: a parameter"
	locked := testing.policy([testing.encrypt, testing.decrypt, testing.describe])
	why in _reasons(_bypassing(locked, {"ctkms:unknown": "a parameter"}), testing.trail_with({}))
	not why in _reasons(_bypassing(testing.trail_policy, {"ctkms:unknown": "a parameter"}), testing.trail_with({}))
	_reasons(_bypassing(locked, true), testing.trail_with({})) == []
}

test_cannot_tell_of_a_trail_whose_key_is_not_shown if {
	key := object.union(testing.of(testing.trail_policy).ctkms.key, {
		"policy": null,
		"needs": ["alias/elsewhere"],
		"problem": "it uses the key alias/elsewhere, whose policy is not among the inputs",
	})
	found := _report({"ctkms": {"key": key}}, {})
	found.judged == false
	"it uses the key alias/elsewhere, whose policy is not among the inputs" in found.cannot_tell
}

test_cannot_tell_what_a_trail_without_a_known_arn_needs if {
	unnamed := {"trails": {"Trail": {"arn": {"ctkms:unknown": "the account"}}}}
	key := object.union(testing.of(testing.policy([testing.root])).ctkms.key, unnamed)
	found := _report({"ctkms": {"key": key}}, {})
	"what trail Trail needs: its ARN is not known yet" in found.cannot_tell
	{finding | some finding in found.findings; finding.level == "error"} == set()
}

_padded(bytes) := testing.policy([testing.root, testing.but(testing.encrypt, {"Sid": concat("", [
"A" |
	some _ in numbers.range(1, bytes)
])})])

test_of_a_policy_far_beyond_what_kms_takes_the_size_alone_is_said if {
	rest := 131073 - count(json.marshal(_padded(1)))
	found := _report(testing.of(_padded(rest + 1)), testing.trail_with({}))
	[[finding.rule, finding.level] | some finding in found.findings] == [["KP-SIZE", "error"]]
	found.cannot_tell == [
		"anything else about the policy: it is far beyond what KMS takes, and only its size was looked at",
	]
	not found.judged
	found.capabilities == []
	found.not_evaluated == []
	largest := _report(testing.of(_padded(rest)), testing.trail_with({}))
	largest.judged
	"CT-TRAIL-DESCRIBE" in _rules(largest.findings)
}

test_an_owner_that_is_assumed if {
	encrypt := object.union(object.remove(testing.encrypt, ["Condition"]), {
		"Condition": {"StringEquals": {"aws:SourceAccount": "222222222222"}},
	})
	document := testing.of_key({
		"policy": testing.policy([testing.root, encrypt]),
		"trails": {testing.trail: {"organization": true, "owner_assumed": true}},
	})
	reason := concat("", [
		"whether 111111111111, which is taken to own organization trail ",
		testing.trail,
		", is the management account: the key policy is for another one; ",
		"declare organization.management_account",
	])
	reason in _reasons(document, {})
	not reason in _reasons(document, {"trails": {testing.trail: {"key": testing.key}}})
}

test_owners_that_are_not_tried if {
	reason := "whether every account gets in that may own an organization trail: more are mentioned than are tried"
	few := [sprintf("222222222%v", [number]) | some number in numbers.range(100, 110)]
	not reason in _reasons(_owned_by_one_of(few, {"owner_assumed": true}), {})
	many := [sprintf("222222222%v", [number]) | some number in numbers.range(100, 300)]
	reason in _reasons(_owned_by_one_of(many, {"owner_assumed": true}), {})
	not reason in _reasons(_owned_by_one_of(many, {}), {})
}

# A policy for the trails of some accounts and of that of the key.
_owned_by_one_of(accounts, mark) := testing.of_key({
	"policy": testing.policy([testing.root, testing.describe, object.union(
		object.remove(testing.encrypt, ["Condition"]),
		{"Condition": {"StringEquals": {"aws:SourceAccount": array.concat(["111111111111"], accounts)}}},
	)]),
	"trails": {testing.trail: object.union({"organization": true}, mark)},
})
