package ctkms.iam.variable_test

import data.ctkms.iam.context
import data.ctkms.iam.pattern
import data.ctkms.iam.variable

_known := context.prepare({
	"context": {
		"aws:UserName": "B*b", "aws:tag/a": ["one"], "aws:many": ["one", "two"], "aws:number": 5, "aws:yes": true,
		"aws:later": {"ctkms:unknown": "later"}, "aws:empty": "", "aws:none": [],
	},
	"unknown": ["aws:perhaps"],
})

_resolved(text) := variable.resolve(variable.parts(text), _known)

test_parts if {
	variable.parts("a*${aws:UserName}${b, 'c, d'}${*}${?}${$}z") == [
		pattern.glob("a*"),
		{"key": "aws:username", "default": null},
		{"key": "b", "default": "c, d"},
		pattern.literal("*"),
		pattern.literal("?"),
		pattern.literal("$"),
		pattern.glob("z"),
	]
}

test_what_is_no_variable_stays if {
	texts := ["", "a", "$aws:username", "${}", "${a", "${ a}", "${a b}", "${a,'b'}", "${a, b}", "${a, 'b}", "$ {a}", "a}"]
	[text | some text in texts; variable.any_in(variable.parts(text))] == []
	[_resolved(text).source.text | some text in texts] == texts
}

test_any_in if {
	texts := ["a", "${*}", "${a}", "x${a, ''}"]
	[text | some text in texts; variable.any_in(variable.parts(text))] == ["${a}", "x${a, ''}"]
}

test_resolve_puts_the_value_in if {
	texts := ["${AWS:username}/x", "${aws:tag/a}", "${aws:number}", "${aws:yes}", "<${aws:empty}>", "${aws:UserName, 'd'}"]
	[_resolved(text).source.text | some text in texts] == ["B*b/x", "one", "5", "true", "<>", "B*b"]
}

test_what_is_put_in_is_literal if {
	compiled := pattern.compile(_resolved("${aws:username}*").source)
	[pattern.match(compiled, value) | some value in ["B*b", "B*bc", "Bob", "Boobc"]] == [2, 2, 0, 0]
}

test_the_default_stands_for_a_key_without_a_value if {
	[_resolved(text).source.text | some text in ["${gone, 'd*'}", "${aws:none, 'd'}", "${gone, ''}"]] == ["d*", "d", ""]
	pattern.match(pattern.compile(_resolved("${gone, 'd*'}").source), "dx") == 0
}

test_what_is_resolved_has_a_truth if {
	texts := ["a", "a${aws:username}", "${gone, 'd'}"]
	[_resolved(text).truth | some text in texts] == [2, 2, 2]
}

test_no_value if {
	texts := ["${gone}", "${aws:none}", "${aws:many}", "${aws:many, 'd'}", "${gone}${aws:later}"]
	[_resolved(text) | some text in texts] == [{"truth": 0} | some _ in texts]
}

test_a_value_that_nobody_knows if {
	texts := ["${aws:later}", "${aws:perhaps}", "${aws:perhaps, 'd'}", "a${aws:later}${aws:username}"]
	[_resolved(text) | some text in texts] == [{"truth": 1} | some _ in texts]
}
