package ctkms.iam.pattern_test

import data.ctkms.iam.pattern

_repeated(text, times) := concat("", [text | some number in numbers.range(0, times); number > 0])

_like := [
	["", "", true],
	["", "a", false],
	["*", "", true],
	["*", "any:thing/at\nall", true],
	["**", "a", true],
	["a", "a", true],
	["a", "A", false],
	["a", "ab", false],
	["a*", "a", true],
	["a*", "ba", false],
	["a**", "abc", true],
	["*a", "cba", true],
	["*a", "ab", false],
	["a*c", "abc", true],
	["a*c", "ac", true],
	["a*c", "ab", false],
	["a?c", "abc", true],
	["a?c", "ac", false],
	["a?", "a", false],
	["?", "", false],
	["?", "é", true],
	["?*", "", false],
	["a.c*", "abc", false],
	["a.c*x", "a.cyx", true],
	["(*)[x]{1}^$|+\\*", "(y)[x]{1}^$|+\\z", true],
	["(*)", "()", true],
	["(?)", "(*)", true],
	["a\\*c*d", "a\\bcd", true],
	["*b*", "a\nb", true],
	["*b*b*", "abab", true],
	["*b*b*", "aba", false],
	["arn:aws:s:*:111122223333:finance/*", "arn:aws:s:r:x:111122223333:finance/a", true],
]

test_like if [row | some row in _like; pattern.like(row[0], row[1]) == row[2]] == _like

test_like_of_anything_but_strings_is_false if {
	pairs := [[null, "a"], ["*", null], [{}, []], [null, null], [5, 5]]
	[pattern.like(pair[0], pair[1]) | some pair in pairs] == [false, false, false, false, false]
}

_arn_like := [
	["arn:aws:s:*:111122223333:finance/*", "arn:aws:s:r:111122223333:finance/a/b:c", true],
	["arn:aws:s:*:111122223333:finance/*", "arn:aws:s:r:x:111122223333:finance/a", false],
	["arn:aws:s:r:1:a", "arn:aws:s:r:1:a", true],
	["arn:aws:s:r:1:a", "arn:aws:s:r:1:A", false],
	["arn:aws:s:r:1:a*", "arn:aws:s:r:1:a", true],
	["arn:aws:s:r:1:a*", "arn:aws:s:r:1:ba", false],
	["arn:aws:s:r:1:a?", "arn:aws:s:r:1:a:", true],
	["arn:aws:s:r:1:*", "arn:aws:s:r:1:", true],
	["arn:aws:s:r:1:*", "arn:aws:s:r:1", false],
	["arn:aws:s:r:?:*", "arn:aws:s:r:1:b:c", true],
	["arn:aws:s:r:?:*", "arn:aws:s:r::b", false],
	["arn:aws:s:r:1?:b", "arn:aws:s:r:1::b", false],
	["arn:aws:s:r:1:a:*:c", "arn:aws:s:r:1:a:b:d:c", true],
	["arn:aws:s:r*:1:c", "arn:aws:s:r:x:1:c", false],
	["*:aws:s:r:1:c", "arn:aws:s:r:1:c", true],
	["arn:*", "arn:aws:s:r:1:c", false],
	["*", "arn:aws:s:r:1:c", false],
	["a:b:c:d:e:f", "a:b:c:d:e:f", false],
	["*:*:*:*:*:*", "a:b:c:d:e:f", false],
	["arn:aws:s:r:1:a.b*d", "arn:aws:s:r:1:axbcd", false],
]

test_arn_like if [row | some row in _arn_like; pattern.arn_like(row[0], row[1]) == row[2]] == _arn_like

test_arn_like_of_anything_but_strings_is_false if {
	[pattern.arn_like(pair[0], pair[1]) | some pair in [[null, "arn:::::"], ["arn:::::*", 5]]] == [false, false]
}

test_compile_chooses_the_cheapest_kind if {
	kinds := [pattern.compile(pattern.glob(text)).kind | some text in ["a.b", "*", "***", "a*", "a**", "*a", "a?", "a?*"]]
	kinds == ["exact", "any", "any", "prefix", "prefix", "regex", "regex", "regex"]
}

test_compile_arn_chooses_the_cheapest_kind if {
	texts := ["a:b", "a:b:c:d:e:f", "a:b:c:d:e:f*", "a:b:c:d:e:*", "a:b:c:d:*", "a:b:c:*:e:f", "*:b:c:d:e:f"]
	kinds := [pattern.compile_arn(pattern.glob(text)).kind | some text in texts]
	kinds == ["never", "exact", "prefix", "prefix", "never", "regex", "regex"]
}

test_compile_writes_an_anchored_expression if {
	pattern.compile(pattern.glob("a.*?")) == {
		"kind": "regex",
		"start": "a.",
		"least": 3,
		"regex": `(?s)^a\..*.$`,
	}
}

test_compile_arn_keeps_wildcards_in_their_part if {
	pattern.compile_arn(pattern.glob("arn:*:s:?:1:a*")) == {
		"kind": "regex",
		"start": "arn:",
		"least": 12,
		"regex": `(?s)^arn:[^:]*:s:[^:]:1:a.*$`,
	}
}

test_join_of_one_part_is_the_part if pattern.join([pattern.glob("a*")]) == pattern.glob("a*")

test_join_of_none_is_the_empty_text if pattern.compile(pattern.join([])) == {"kind": "exact", "text": ""}

test_literal_characters_are_no_wildcards if {
	joined := pattern.compile(pattern.join([pattern.glob("a*"), pattern.literal("*?"), pattern.glob("b")]))
	[pattern.match(joined, value) | some value in ["ax*?b", "axyzb", "a*?b", "*?b"]] == [2, 0, 2, 0]
	pattern.compile(pattern.literal("a*")) == {"kind": "exact", "text": "a*"}
	pattern.compile(pattern.join([pattern.literal("*"), pattern.literal("?")])) == {"kind": "exact", "text": "*?"}
}

test_a_joined_pattern_is_not_taken_for_a_prefix if {
	joined := pattern.compile(pattern.join([pattern.glob("a"), pattern.literal("*"), pattern.glob("*")]))
	[pattern.match(joined, value) | some value in ["a*", "a*b", "ab"]] == [2, 2, 0]
	stars := pattern.compile(pattern.join([pattern.literal("*"), pattern.glob("*")]))
	[pattern.match(stars, value) | some value in ["*", "*b", "b"]] == [2, 2, 0]
}

test_hundreds_of_wildcards_are_matched if {
	hostile := pattern.compile(pattern.glob(_repeated("*a", 500)))
	hostile.kind == "wide"
	[pattern.match(hostile, value) |
		some value in [_repeated("a", 600), _repeated("a", 499), _repeated("ab", 500)]
	] == [2, 0, 0]
	ones := pattern.compile(pattern.glob(_repeated("?", 300)))
	[pattern.match(ones, _repeated("a", times)) | some times in [299, 300, 301]] == [0, 2, 0]
}

test_an_arn_with_hundreds_of_wildcards_is_matched if {
	text := concat("", ["arn:a", _repeated("*a", 300), ":s:r:1:", _repeated("*a", 200)])
	hostile := pattern.compile_arn(pattern.glob(text))
	hostile.kind == "wide"
	value := concat("", ["arn:a", _repeated("a", 300), ":s:r:1:", _repeated("a", 200)])
	pattern.match(hostile, value) == 2
	pattern.match(hostile, replace(value, ":s:", ":s:x:")) == 0
}

test_what_is_too_big_for_an_expression_cannot_be_told if {
	hostile := pattern.compile(pattern.glob(_repeated("*a", 2000)))
	[pattern.match(hostile, value) | some value in [_repeated("a", 1999), _repeated("a", 2000)]] == [0, 1]
	others := pattern.compile(pattern.glob(_repeated("?", 300)))
	pattern.match(others, _repeated("é", 300)) == 1
	pattern.match(pattern.compile(pattern.glob(concat("", ["é", _repeated("?", 300)]))), _repeated("x", 301)) == 0
	not pattern.like(_repeated("*a", 2000), _repeated("a", 2000))
}

test_match_of_never if pattern.match({"kind": "never"}, "") == 0

_value(text, value) := pattern.match(pattern.compile_arn_value(pattern.glob(text)), value)

test_what_short_patterns_of_arns_match_is_not_documented if {
	user := "arn:aws:iam::111122223333:user/Bob"
	every text in ["*", "**", "arn:*", "arn:aws:iam::*", "arn:a?s:*"] {
		_value(text, user) == 1
	}
	every text in ["arn:aws:sts::*", "b:*", "arn:aws:iam", "arn:aws:iam:*:user/*", "*:user/Bob", "a*"] {
		_value(text, user) == 0
	}
	_value("*", "arn:aws:iam::111122223333:user/Bób") == 1
	_value("arn:*:iam::*:user/*", user) == 2
	[_value(_long("*", last, ":*"), _long("", last, ":x")) | some last in [200, 900]] == [1, 1]
	_value(_long("*", 200, ":*"), _long("", 199, ":x")) == 0
}

# Two wildcards in a row are one, also at the end of what could be the last part.
test_what_ends_in_two_wildcards_is_not_documented_either if {
	_value("arn:aws:cloudtrail:**", "arn:aws:cloudtrail:us-east-1:111111111111:trail/x") == 1
}

# What begins differently does not match, whatever the rest: a pattern too big for an expression, and no ASCII.
test_what_begins_differently_is_told_of_wide_patterns_too if {
	wide := pattern.compile(pattern.glob(concat("", ["abc", _repeated("?x", 100)])))
	wide.kind == "wide"
	pattern.match(wide, concat("", ["xyzé", _repeated("yx", 100)])) == 0
	pattern.match(wide, concat("", ["abcé", _repeated("x", 199)])) == 1
}

# Short ones and long ones: together they were more than an engine takes.
test_patterns_of_different_sizes_are_put_together_by_size if {
	short := [concat("", ["*", letter]) | some letter in ["a", "b", "c", "d", "e", "f", "g"]]
	long := [concat("", [letter, _repeated("?x", 70)]) | some letter in ["1", "2", "3", "4", "5", "6", "7", "8"]]
	patterns := pattern.together([pattern.compile(pattern.glob(text)) | some text in array.concat(short, long)])
	count(patterns.expressions) == 9
	pattern.any_matches(patterns, concat("", ["8", _repeated("yx", 70)]))
	pattern.any_matches(patterns, "xg")
	not pattern.any_matches(patterns, "x")
}

# A pattern of so many * (each after a letter), ? and letters.
_of(stars, ones, letters) := concat("", [_repeated("a*", stars), _repeated("?", ones), _repeated("a", letters - stars)])

# The measures of _sized and _expression, each on its boundary.
test_what_is_too_big_for_an_expression_is_measured if {
	kinds := {
		[1, 0, 634]: "regex",
		[1, 0, 635]: "wide",
		[0, 80, 14]: "regex",
		[0, 81, 6]: "regex",
		[0, 82, 1]: "wide",
	}
	every measure, kind in kinds {
		pattern.compile(pattern.glob(_of(measure[0], measure[1], measure[2]))).kind == kind
	}
}

test_what_is_too_big_for_an_expression_of_ascii_is_measured if {
	fits := {
		[1, 0, 2966]: true,
		[1, 0, 2967]: false,
		[2, 10, 2939]: true,
		[2, 10, 2940]: false,
		[40, 0, 2830]: true,
		[40, 0, 2831]: false,
		[1, 40, 2875]: true,
		[1, 40, 2876]: false,
	}
	every measure, fit in fits {
		compiled := pattern.compile(pattern.glob(_of(measure[0], measure[1], measure[2])))
		[compiled.kind, compiled.regex != ""] == ["wide", fit]
	}
}

# How many patterns of one size there are, and how many expressions become of them. An engine refuses one too big.
test_how_many_patterns_fit_into_an_expression_is_measured if {
	cases := [
		[33, "?", 2],
		[17, _between("*", 7, "*"), 2],
		[17, _between("*", 10, "*"), 2],
		[17, _between("*", 11, "*"), 3],
		[9, _between("?", 34, "*"), 2],
		[10, _between("?", 80, "*"), 3],
		[8, _between("?", 160, "*"), 4],
		[8, _between("?", 300, "*"), 8],
		[8, _of(0, 70, 70), 8],
	]
	every case in cases {
		one := pattern.compile(pattern.glob(case[1]))
		one.kind == "regex"
		patterns := pattern.together([one | some _ in numbers.range(1, case[0])])
		count(patterns.expressions) == case[2]
		pattern.any_matches(patterns, replace(case[1], "?", "x"))
		not pattern.any_matches(patterns, "")
	}
}

_between(left, letters, right) := concat("", [left, _repeated("a", letters), right])

# The numbers up to one, with something between them and after them.
_long(between, last, end) := sprintf("arn:%v%v", [
	concat(between, [sprintf("%v", [number]) | some number in numbers.range(1, last)]),
	end,
])

_compiled(texts) := [pattern.compile(pattern.glob(text)) | some text in texts]

test_few_patterns_stay_as_they_are if {
	few := ["a*", "*b", "c?", "d*", "e*", "f*", "g*"]
	pattern.together(_compiled(few)) == null
	is_object(pattern.together(_compiled(array.concat(few, ["h*"]))))
}

test_any_number_of_patterns_matches_what_each_matches if {
	every count_of in numbers.range(8, 40) {
		numbered := numbers.range(101, 100 + count_of)
		patterns := pattern.together(_compiled([sprintf("*m%v*n", [number]) | some number in numbered]))
		matched := [number | some number in numbered; pattern.any_matches(patterns, sprintf("m%vn", [number]))]
		matched == numbered
		not pattern.any_matches(patterns, "")
	}
}

test_many_patterns_match_together_what_they_match_alone if {
	wide := concat("", ["*" | some _ in numbers.range(1, 3)])
	texts := array.concat(
		[
			"start*", "a?c", concat("", ["w", _repeated("?x", 100)]), "(*)|x", "arn:*:y", concat("", [wide, "z"]),
			"same", _repeated("*a", 2000),
		],
		[sprintf("*m%v*n", [number]) | some number in numbers.range(100, 200)],
	)
	compiled := _compiled(texts)
	patterns := pattern.together(compiled)
	count(patterns.prefixes) == 1
	count(patterns.expressions) < 20
	count(patterns.single) == 3
	values := [
		"start", "starting", "astart", "abc", "abcd", "ac",
		concat("", ["w", _repeated("yx", 100)]), concat("", ["w", _repeated("yx", 99)]),
		"()|x", "()", "x", "same", "samely", "arn:x:y", "arn:y", "z", "zz", "za",
		"m100n", "-m150--n", "m200n", "m201n", "m100n-", "M100n", "a\nm100\nn", "",
	]
	every value in values {
		alone := count([1 | some one in compiled; pattern.match(one, value) == 2]) > 0
		together := count([1 | pattern.any_matches(patterns, value)]) > 0
		alone == together
	}
}
