# METADATA
# title: Wildcard patterns
# description: |
#   IAM's two wildcards, * for any run of characters and ? for one, compiled once and matched often. A compiled pattern
#   is JSON: {"kind": "exact" | "any" | "prefix" | "regex" | "wide" | "never", ...}. No pattern can make the evaluation
#   blow up: the regular expressions of Rego are linear, and a pattern with more characters than the value is refused
#   before. A pattern too big for a regular expression, on a value as long, cannot be told (1).
# related_resources:
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
#     description: "String and ARN condition operators"
# custom:
#   library: true
package ctkms.iam.pattern

# METADATA
# description: "Whether a value matches a pattern as StringLike compares them: true or false."
like(pattern, value) if {
	is_string(pattern)
	pattern == value
} else := match(compile(glob(pattern)), value) == 2 if {
	is_string(pattern)
	is_string(value)
	_has_wildcards(pattern)
} else := false

_has_wildcards(text) if contains(text, "*")

_has_wildcards(text) if contains(text, "?")

# METADATA
# description: |
#   Whether an ARN matches a pattern as ArnLike compares them, each of the six parts on its own: true or false.
arn_like(pattern, value) if {
	is_string(pattern)
	is_string(value)
	startswith(value, "arn:")
	match(compile_arn(glob(pattern)), value) == 2
} else := false

# METADATA
# description: |
#   A text in which * and ? are wildcards, to be compiled: {"text": as written, "code": the text as a regular
#   expression in which (*) and (?) stand for the wildcards, "start": the text before the first wildcard}.
glob(text) := {"text": text, "code": text, "start": text} if {
	not _special(text)
} else := {
	"text": text,
	"code": replace(replace(_escaped(text, `[.+^$(){}\[\]|\\]`), "*", "(*)"), "?", "(?)"),
	"start": regex.split(`[*?]`, text)[0],
}

# METADATA
# description: "A text in which no character is a wildcard, to be compiled."
literal(text) := {"text": text, "code": _escaped(text, `[.+^$(){}\[\]|\\*?]`), "start": text}

# METADATA
# description: "Texts to be compiled, one after the other."
join(parts) := parts[0] if {
	count(parts) == 1
} else := {
	"text": concat("", [part.text | some part in parts]),
	"code": concat("", [part.code | some part in parts]),
	"start": "",
}

# METADATA
# description: "Compiles a text from glob, literal or join into a pattern that is matched against the whole value."
compile(source) := {"kind": "exact", "text": source.text} if {
	not _wild(source.code)
} else := {"kind": "any"} if {
	code := _collapsed(source.code)
	code == "(*)"
} else := {"kind": "prefix", "text": source.start} if {
	_only_last(source)
} else := _sized(source.start, code, _any(code, `.`), _any(code, `[\x00-\x7f]`)) if {
	code := _collapsed(source.code)
}

# METADATA
# description: |
#   Compiles a text from glob, literal or join into a pattern for ARNs: only a wildcard of the sixth part crosses a
#   colon. The caller sees to it that the value is an ARN.
compile_arn(source) := {"kind": "never"} if {
	count(split(source.code, ":")) < 6
} else := {"kind": "exact", "text": source.text} if {
	not _wild(source.code)
} else := {"kind": "prefix", "text": source.start} if {
	_only_last(source)
} else := _sized(source.start, code, narrow, wide) if {
	code := _collapsed(source.code)
	parts := split(code, ":")
	head := concat(":", array.slice(parts, 0, 5))
	tail := concat(":", array.slice(parts, 5, count(parts)))
	narrow := concat(":", [_any(head, `[^:]`), _any(tail, `.`)])
	wide := concat(":", [_any(head, `[\x00-9;-\x7f]`), _any(tail, `[\x00-\x7f]`)])
}

# METADATA
# description: |
#   As compile_arn, for values of conditions: AWS documents that the six parts are compared one by one, but not what a
#   pattern of fewer parts matches of which the last is *, such as * alone. Where it would match as a text, nobody can
#   tell.
compile_arn_value(source) := object.union(compiled, {"kind": "doubtful"}) if {
	code := _collapsed(source.code)
	parts := split(code, ":")
	count(parts) < 6
	parts[count(parts) - 1] == "(*)"
	compiled := _sized(source.start, code, _any(code, `.`), _any(code, `[\x00-\x7f]`))
} else := compile_arn(source)

# METADATA
# description: "Whether a value, a string, matches a compiled pattern: 0, 1 or 2."
match(pattern, value) := 2 if {
	pattern.kind == "exact"
	pattern.text == value
} else := 0 if {
	pattern.kind in {"exact", "never"}
} else := 2 if {
	pattern.kind == "any"
} else := 2 if {
	pattern.kind == "prefix"
	startswith(value, pattern.text)
} else := 0 if {
	pattern.kind == "prefix"
} else := 0 if {
	not startswith(value, pattern.start)
} else := 0 if {
	count(value) < pattern.least
} else := _regex(pattern.regex, value) if {
	pattern.kind == "regex"
} else := 1 if {
	not regex.match(`^[\x00-\x7f]*$`, value)
} else := 1 if {
	pattern.regex == ""
} else := min([1, _regex(pattern.regex, value)]) if {
	pattern.kind == "doubtful"
} else := _regex(pattern.regex, value)

# METADATA
# description: |
#   Many compiled patterns put together, for any_matches: {"prefixes", "expressions", "single": patterns}; null for few.
#   Engines keep only some hundred regular expressions compiled, and to look at one pattern after the other costs more
#   than to match them.
together(patterns) := null if {
	count(patterns) < 8
} else := {
	"prefixes": [one.text | some one in patterns; one.kind == "prefix"],
	"expressions": [expression |
		some size, expressions in by_size
		some first in numbers.range(0, count(expressions) - 1)
		first % size == 0
		alternatives := concat("|", array.slice(expressions, first, first + size))
		expression := concat("", ["(?s)^(?:", alternatives, ")$"])
	],
	"single": [one | some one in patterns; not one.kind in {"prefix", "regex"}],
} if {
	sized := [[_how_many(one.regex), trim_suffix(trim_prefix(one.regex, "(?s)^"), "$")] |
		some one in patterns
		one.kind == "regex"
	]
	by_size := {size: [expression | some [fitting, expression] in sized; fitting == size] |
		some size in {fitting | some [fitting, _] in sized}
	}
}

# METADATA
# description: "Whether a value, a string, certainly matches any of the patterns of together."
# scope: document
any_matches(patterns, value) if {
	patterns.prefixes != []
	strings.any_prefix_match(value, patterns.prefixes)
}

any_matches(patterns, value) if {
	some expression in patterns.expressions
	regex.match(expression, value)
}

any_matches(patterns, value) if {
	some one in patterns.single
	match(one, value) == 2
}

# How many expressions such as this one fit into one, by the measure of _sized.
_how_many(expression) := max([most | some most in [1, 2, 4, 8, 16, 32]; most * size <= 80000]) if {
	wildcards := count(regex.find_n(`[.\]]`, expression, -1))
	size := min([80000, (1100 * wildcards) + (140 * count(expression))])
}

# A wildcard costs a regular expression about 1,000 bytes, one that knows only ASCII 75 to 115; the engine
# refuses expressions beyond 100 KiB.
_sized(start, code, narrow, wide) := {"kind": kind, "start": start, "least": least, "regex": expression} if {
	stars := count(split(code, "(*)")) - 1
	ones := count(split(code, "(?)")) - 1
	least := (count(replace(code, `\`, "")) - (3 * stars)) - (2 * ones)
	characters := count(code) - (3 * (stars + ones))
	sizes := [(1100 * (stars + ones)) + (140 * characters), ((115 * stars) + (75 * ones)) + (33 * characters)]
	[kind, expression] := _expression(sizes, narrow, wide)
}

_expression(sizes, narrow, wide) := ["regex", concat("", [`(?s)^`, narrow, `$`])] if {
	sizes[0] < 90000
} else := ["wide", concat("", [`(?s)^`, wide, `$`])] if {
	sizes[1] < 98000
} else := ["wide", ""]

_any(code, one) := replace(replace(code, "(*)", concat("", [one, "*"])), "(?)", one)

_collapsed(code) := regex.replace(code, `(?:\(\*\))+`, "(*)") if {
	contains(code, "(*)(*)")
} else := code

_wild(code) if contains(code, "(*)")

_wild(code) if contains(code, "(?)")

_only_last(source) if {
	source.start != ""
	trim_right(source.text, "*") == source.start
}

_special(text) if regex.match(`[.+^$(){}\[\]|\\*?]`, text)

_escaped(text, characters) := regex.replace(text, characters, `\$0`)

_regex(expression, value) := 2 if {
	regex.match(expression, value)
} else := 0
