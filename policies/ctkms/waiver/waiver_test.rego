package ctkms.waiver_test

import data.ctkms.testing_test as testing
import data.ctkms.waiver

_finding := {
	"rule": "CT-TRAIL-ENCRYPT",
	"key": testing.key,
	"subject": testing.trail,
	"statement": {"index": 1, "sid": "Audit"},
}

_whole := {"rule": "ct-trail-encrypt", "key": testing.key, "reason": "r", "owner": "o", "expires": "2026-06-01"}

_expected(entry) := {
	"keys": {testing.key: {"aliases": {"alias/logs": {}, "alias/both": {}}}, _other: {"aliases": {"alias/both": {}}}},
	"waivers": {"later": entry},
}

_other := "arn:aws:kms:us-east-1:111111111111:key/5678efab-34cd-56ef-78ab-567890abcdef"

_with(members) := _expected(object.union(_whole, members))

_holding(finding, expected) := found if {
	found := waiver.holding(finding) with input as {"ctkms": {"today": "2026-06-01"}} with data.expected as expected
}

_mistakes(expected) := found if {
	found := waiver.mistakes with data.expected as expected
}

_held := [{"waiver": "later", "reason": "r", "owner": "o", "expires": "2026-06-01"}]

test_a_waiver_holds_until_its_day if {
	_holding(_finding, _with({})) == _held
	_mistakes(_with({})) == set()
}

test_a_waiver_names_rule_and_key if {
	_holding(_finding, _with({"rule": "CT-TRAIL-DESCRIBE"})) == []
	_holding(_finding, _with({"key": _other})) == []
}

test_a_key_may_be_called_by_its_alias if {
	_holding(_finding, _with({"key": "alias/logs"})) == _held
	_holding(_finding, _with({"key": "arn:aws:kms:us-east-1:111111111111:alias/logs"})) == _held
	_holding(object.union(_finding, {"key": _other}), _with({"key": "alias/logs"})) == []
	_holding(_finding, _with({"key": "alias/both"})) == []
}

test_a_key_of_a_template_is_called_as_its_findings_call_it if {
	_holding(object.union(_finding, {"key": "AuditKey"}), _with({"key": "AuditKey"})) == _held
}

test_a_waiver_may_be_narrowed if {
	_holding(_finding, _with({"subject": testing.trail})) == _held
	_holding(_finding, _with({"subject": testing.store})) == []
	_holding(_finding, _with({"statement": "Audit"})) == _held
	_holding(_finding, _with({"statement": "Other"})) == []
	without := object.union(_finding, {"subject": null, "statement": null})
	_holding(without, _with({})) == _held
	_holding(without, _with({"subject": testing.trail})) == []
	_holding(without, _with({"statement": "Audit"})) == []
}

test_an_expired_waiver_holds_no_more_and_is_told if {
	expected := _with({"key": "alias/logs", "expires": "2026-05-31"})
	_holding(_finding, expected) == []
	found := waiver.expired(_finding) with input as {"ctkms": {"today": "2026-06-01"}} with data.expected as expected
	found == [{
		"waiver": "later",
		"rule": "CT-TRAIL-ENCRYPT",
		"key": testing.key,
		"reason": "r",
		"owner": "o",
		"expires": "2026-05-31",
	}]
	still := _with({})
	none := waiver.expired(_finding) with input as {"ctkms": {"today": "2026-06-01"}} with data.expected as still
	none == []
}

test_a_waiver_that_lacks_a_member_waives_nothing if {
	every member in ["rule", "key", "reason", "owner", "expires"] {
		_holding(_finding, _expected(object.remove(_whole, [member]))) == []
		_holding(_finding, _with({member: null})) == []
		_holding(_finding, _with({member: ["2026-06-01"]})) == []
	}
	every member in ["subject", "statement"] {
		_holding(_finding, _with({member: null})) == []
	}
	_holding(_finding, _expected("nonsense")) == []
	_mistakes(_expected("nonsense")) == set()
}

test_a_day_that_is_none_never_comes if {
	every day in ["never", "2027", "2027-02-29", "2027-2-3", "20270203", "2027-01-31T00:00:00Z"] {
		_holding(_finding, _with({"expires": day})) == []
		_mistakes(_with({"expires": day})) == {sprintf(
			"the waiver later waives nothing: expires is \"%v\", which is no day written YYYY-MM-DD",
			[day],
		)}
	}
}

test_empty_texts_are_no_reasons if {
	_holding(_finding, _with({"owner": " "})) == []
	_mistakes(_with({"owner": " "})) == {"the waiver later waives nothing: owner is empty"}
}

test_what_is_not_known_yet_waives_nothing if {
	expected := _with({"reason": {"ctkms:unknown": "why"}})
	_holding(_finding, expected) == []
	_mistakes(expected) == {"the waiver later waives nothing: it holds a value that is not known yet"}
}

test_some_rules_are_never_waived if {
	expected := _with({"rule": "kp-nonkey"})
	_holding(object.union(_finding, {"rule": "KP-NONKEY"}), expected) == []
	_mistakes(expected) == {"the waiver later waives nothing: findings of KP-NONKEY cannot be waived"}
}

test_rules_that_do_not_exist_are_told_unless_they_may_be_the_users if {
	expected := _with({"rule": "CT-TRIAL-ENCRYPT"})
	_mistakes(expected) == {"the waiver later waives nothing: there is no rule CT-TRIAL-ENCRYPT"}
	found := waiver.mistakes with data.expected as expected with data.custom.ctkms.own.one.findings as set()
	found == set()
}

_held_at(expected, moment) := found if {
	now := time.parse_rfc3339_ns(moment)
	found := waiver.holding(_finding) with input as {"ctkms": {}} with data.expected as expected with time.now_ns as now
}

test_without_a_day_the_clock_says_it if {
	_held_at(_with({}), "2026-06-01T23:59:59Z") == _held
	_held_at(_with({}), "2026-06-02T00:00:00Z") == []
	count(_held_at(_with({"expires": "2026-12-10"}), "2026-12-10T12:00:00Z")) == 1
}
