package ctkms.iam.value_test

import data.ctkms.iam.value

test_text if {
	values := ["a", "", 5, -1.5, true, false, null, [], {}]
	[value.text(one) | some one in values] == ["a", "", "5", "-1.5", "true", "false", null, null, null]
}

test_boolean if {
	values := [true, false, "true", "FALSE", "True", "yes", "", 1, "1", null, [], {}]
	[value.boolean(one) | some one in values] == [
		"true", "false", "true", "false", "true", null, null, null, null,
		null, null, null,
	]
}

test_number if {
	values := [
		5, 1.5, "5", "-5", "+5", "007", "1.50", ".5", "5.", "-0.0", "1e3", "2.5E-1", "0", "-00.10",
		"12345678901234567890123", "12345678901234567890123.00",
	]
	[value.number(one) | some one in values] == [
		5, 1.5, 5, -5, 5, 7, 1.5, 0.5, 5, 0, 1000, 0.25, 0, -0.1,
		12345678901234567890123, 12345678901234567890123,
	]
}

test_what_is_no_number if {
	values := [
		"", "a", ".", "-", "+", "1e", "1e400", "0x1", "1,5", " 1", "1 ", "1\n", "Infinity", "NaN", true, null, [],
		{},
	]
	[one | some one in values; value.number(one) == null] == values
}
