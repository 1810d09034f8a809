package ctkms.iam.operator_test

import data.ctkms.iam.operator

_plain := {
	"StringEquals": ["string", "equals", false],
	"StringNotEquals": ["string", "equals", true],
	"StringEqualsIgnoreCase": ["string", "ignore case", false],
	"StringNotEqualsIgnoreCase": ["string", "ignore case", true],
	"StringLike": ["string", "like", false],
	"StringNotLike": ["string", "like", true],
	"ArnEquals": ["arn", "like", false],
	"ArnNotEquals": ["arn", "like", true],
	"ArnLike": ["arn", "like", false],
	"ArnNotLike": ["arn", "like", true],
	"NumericEquals": ["number", "equals", false],
	"NumericNotEquals": ["number", "equals", true],
	"NumericLessThan": ["number", "less", false],
	"NumericLessThanEquals": ["number", "less or equal", false],
	"NumericGreaterThan": ["number", "greater", false],
	"NumericGreaterThanEquals": ["number", "greater or equal", false],
	"DateEquals": ["date", "equals", false],
	"DateNotEquals": ["date", "equals", true],
	"DateLessThan": ["date", "less", false],
	"DateLessThanEquals": ["date", "less or equal", false],
	"DateGreaterThan": ["date", "greater", false],
	"DateGreaterThanEquals": ["date", "greater or equal", false],
	"Bool": ["boolean", "equals", false],
	"BinaryEquals": ["binary", "equals", false],
	"IpAddress": ["network", "contains", false],
	"NotIpAddress": ["network", "contains", true],
}

_parsed(set, if_exists, row) := {
	"set": set,
	"if_exists": if_exists,
	"type": row[0],
	"comparison": row[1],
	"negated": row[2],
}

test_every_operator_in_every_form if {
	forms := {"": "", "ForAllValues": "ForAllValues:", "ForAnyValue": "ForAnyValue:"}
	endings := {"": false, "IfExists": true}
	right := [text |
		some name, row in _plain
		some set, prefix in forms
		some ending, if_exists in endings
		text := concat("", [prefix, name, ending])
		operator.parse(text) == _parsed(set, if_exists, row)
	]
	count(right) == (count(_plain) * 3) * 2
}

test_null if {
	operator.parse("Null") == _parsed("", false, ["null", "equals", false])
	operator.parse("ForAllValues:Null") == _parsed("ForAllValues", false, ["null", "equals", false])
	operator.parse("NullIfExists").type == ""
	operator.parse("ForAnyValue:NullIfExists").type == ""
}

test_unknown_names if {
	names := [
		"", "stringequals", "STRINGEQUALS", "StringEqual", "ForAllValues:", "ForAllValue:StringEquals", "IfExists",
		"forAnyValue:StringLike", "ForAllValues:ForAnyValue:StringLike", "StringEqualsIfexists",
		"StringEqualsIfExistsIfExists",
		"BinaryNotEquals", "BoolNotEquals", "ForAnyValue:StringEquals ", "NotNull", "~StringEquals",
	]
	[name | some name in names; operator.parse(name).type == ""] == names
}
