package ctkms.rules.policy.size_test

import data.ctkms.rules.policy.size
import data.ctkms.testing_test as testing

# A policy whose compact JSON has this many bytes.
_with_id(bytes) := {"Id": concat("", [x | some _ in numbers.range(1, bytes - 9); x := "x"])}

# A whole finding: what the rule always says, and `fields`.
finding(fields) := object.union(
	{
		"rule": "KP-SIZE",
		"level": "error",
		"key": testing.key,
		"subject": null,
		"statement": null,
		"path": [],
		"url": "https://docs.aws.amazon.com/kms/latest/APIReference/API_PutKeyPolicy.html",
	},
	fields,
)

test_passes_a_text_of_32768_bytes if {
	found := size.findings with input as testing.of_key({"policy": testing.trail_policy, "text": {"bytes": 32768}})
	count(found) == 0
}

test_fails_when_the_text_has_one_byte_more if {
	found := size.findings with input as testing.of_key({"policy": testing.trail_policy, "text": {"bytes": 32769}})
	found == {finding({
		"msg": "The policy has 32769 bytes; KMS takes no more than 32768",
		"remediation": "Shorten it: print it without white space, merge statements that differ in one value only",
	})}
}

test_passes_data_of_32768_bytes if {
	found := size.findings with input as testing.of(_with_id(32768))
	count(found) == 0
}

test_fails_when_the_data_have_one_byte_more if {
	found := size.findings with input as testing.of(_with_id(32769))
	found == {finding({
		"msg": "The policy has 32769 bytes; KMS takes no more than 32768",
		"remediation": "Shorten it: print it without white space, merge statements that differ in one value only",
	})}
}

test_counts_bytes_and_not_characters if {
	given := testing.of({"Id": concat("", [chars | some i in numbers.range(1, 16379); chars := "é"])})
	found := size.findings with input as given
	count(found) == 0
}

test_fails_when_letters_of_two_bytes_are_too_many if {
	given := testing.of({"Id": concat("", [chars | some i in numbers.range(1, 16380); chars := "é"])})
	found := size.findings with input as given
	found == {finding({
		"msg": "The policy has 32769 bytes; KMS takes no more than 32768",
		"remediation": "Shorten it: print it without white space, merge statements that differ in one value only",
	})}
}

test_passes_where_there_is_no_policy if {
	found := size.findings with input as testing.of_key({"policy": null, "text": {"bytes": 40000}})
	count(found) == 0
}

test_passes_where_nothing_is_known_of_the_text if {
	found := size.findings with input as testing.of_key({"policy": testing.trail_policy, "text": null})
	count(found) == 0
}

test_counts_itself_where_the_size_of_the_text_is_no_number if {
	found := size.findings with input as testing.of_key({"policy": testing.trail_policy, "text": {"bytes": "40000"}})
	found == set()
}
