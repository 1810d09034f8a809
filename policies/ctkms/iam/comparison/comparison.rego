# METADATA
# title: Comparisons of condition values
# description: |
#   Compares one value of a request with the values of a condition, by the operator's type. Negation, sets and missing
#   keys are ctkms.iam.condition's.
# related_resources:
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
# custom:
#   library: true
package ctkms.iam.comparison

import data.ctkms.iam.binary
import data.ctkms.iam.date
import data.ctkms.iam.kleene
import data.ctkms.iam.network
import data.ctkms.iam.pattern
import data.ctkms.iam.value
import data.ctkms.iam.variable

# METADATA
# description: |
#   The values of a condition by a parsed operator: {"empty": bool, "unknown": bool, "any": bool, "exact": texts,
#   "patterns": compiled, "together": those put together where they are many, "variables": parts, "list": numbers, dates
#   or networks, "certain": bool, "fixed": whether any value is without variables}; variables says whether ${...} is
#   read as a variable: "yes", "no" or "unknown".
prepare(parsed, items, variables) := object.union(values, {
	"certain": _is_certain(values),
	"together": pattern.together(values.patterns),
	"fixed": count(values.variables) < count(items),
}) if {
	values := object.union(
		{
			"empty": items == [], "unknown": _has_unknown(items), "any": false, "exact": [], "patterns": [],
			"variables": [], "list": [],
		},
		_prepared(parsed, items, variables),
	)
}

# METADATA
# description: |
#   Whether a request's value matches one of a condition's values: 0, 1 or 2. An object stands for a value nobody
#   knows.
match(parsed, values, sent, context) := 2 if {
	sent in values.exact
} else := 2 if {
	values.any
} else := _of_unknown(values, context) if {
	is_object(sent)
} else := 2 if {
	_matches(parsed, values, sent)
} else := 0 if {
	values.certain
} else := kleene.some_of(array.concat(
	[truth |
		some parts in values.variables
		truth := _variable(parsed, variable.resolve(parts, context), value.text(sent))
	],
	_doubts(parsed, values, sent),
))

_prepared(parsed, items, variables) := _texts(parsed, texts, variables) if {
	parsed.type in {"string", "arn", "boolean"}
	texts := [value.text(item) | some item in items; not is_object(item)]
} else := {"list": [read | some item in items; read := value.number(item); read != null]} if {
	parsed.type == "number"
} else := {"list": [read | some item in items; read := date.read(item); read != null]} if {
	parsed.type == "date"
} else := {"list": [read | some item in items; read := network.read(item); read != null]} if {
	parsed.type == "network"
} else := {"exact": [read | some item in items; read := binary.read(item); read != null]} if {
	parsed.type == "binary"
} else := {"exact": [read | some item in items; read := value.boolean(item); read != null]}

# A value that nobody knows may match, but nothing matches a variable without a value.
_of_unknown(values, context) := 1 if {
	values.fixed
} else := kleene.some_of([min([1, truth]) |
	some parts in values.variables
	truth := variable.resolve(parts, context).truth
])

# Whether what does not match certainly does not.
_is_certain(values) if {
	not values.unknown
	values.variables == []
	count([1 | some compiled in values.patterns; compiled.kind in _open_kinds]) == 0
} else := false

# Kinds of patterns of which it may not be known whether they match.
_open_kinds := {"wide", "doubtful"}

_has_unknown(items) := count([item | some item in items; kleene.is_unknown(item)]) > 0

# Texts without variables are compiled now, the others when the request is known.
_texts(parsed, texts, variables) := {"exact": texts} if {
	parsed.type == "string"
	parsed.comparison == "equals"
	not _any_with_variables(texts)
} else := object.union({"unknown": true}, _compiled(parsed, plain)) if {
	variables == "unknown"
	_any_with_variables(texts)
	plain := [_source(parsed, text) | some text in texts; not contains(text, "${")]
} else := object.union({"variables": dynamic}, _compiled(parsed, array.concat(plain, escaped))) if {
	variables == "yes"
	_any_with_variables(texts)
	plain := [_source(parsed, text) | some text in texts; not contains(text, "${")]
	split_up := [variable.parts(text) | some text in texts; contains(text, "${")]
	escaped := [pattern.join(parts) | some parts in split_up; not variable.any_in(parts)]
	dynamic := [parts | some parts in split_up; variable.any_in(parts)]
} else := _compiled(parsed, [_source(parsed, text) | some text in texts])

_any_with_variables(texts) if contains(concat("\n", texts), "${")

_source(parsed, text) := pattern.glob(text) if {
	parsed.comparison == "like"
} else := {"text": text}

_compiled(parsed, sources) := {"exact": exact, "patterns": patterns} if {
	parsed.type == "arn"
	compiled := [pattern.compile_arn_value(source) | some source in sources]
	exact := [one.text | some one in compiled; one.kind == "exact"; startswith(one.text, "arn:")]
	patterns := [one | some one in compiled; not one.kind in {"exact", "never"}]
} else := {"any": count(unbounded) > 0, "exact": exact, "patterns": patterns} if {
	parsed.comparison == "like"
	compiled := [pattern.compile(source) | some source in sources]
	unbounded := [one | some one in compiled; one.kind == "any"]
	exact := [one.text | some one in compiled; one.kind == "exact"]
	patterns := [one | some one in compiled; not one.kind in {"exact", "any"}]
} else := {"exact": [lower(source.text) | some source in sources]} if {
	parsed.comparison == "ignore case"
} else := {"exact": [read | some source in sources; read := value.boolean(source.text); read != null]} if {
	parsed.type == "boolean"
} else := {"exact": [source.text | some source in sources]}

_matches(parsed, values, sent) := _matches_text(parsed.comparison, values, value.text(sent)) if {
	parsed.type == "string"
} else := _matches_arn(values, sent) if {
	parsed.type == "arn"
} else := value.boolean(sent) in values.exact if {
	parsed.type == "boolean"
} else := binary.read(sent) in values.exact if {
	parsed.type == "binary"
} else := _matches_ordered(parsed.comparison, values.list, value.number(sent)) if {
	parsed.type == "number"
} else := _matches_ordered(parsed.comparison, values.list, date.read(sent)) if {
	parsed.type == "date"
} else := _matches_network(values.list, network.read(sent))

_matches_text(comparison, values, text) := _matches_pattern(values, text) if {
	comparison == "like"
	not text in values.exact
} else := lower(text) in values.exact if {
	comparison == "ignore case"
} else := text in values.exact

_matches_arn(values, sent) := _matches_pattern(values, sent) if {
	is_string(sent)
	startswith(sent, "arn:")
} else := false

_matches_pattern(values, text) := count([1 |
	some compiled in values.patterns
	pattern.match(compiled, text) == 2
]) > 0 if {
	values.together == null
} else := count([1 | pattern.any_matches(values.together, text)]) > 0

_matches_ordered(comparison, wanted, sent) := count([1 |
	some one in wanted
	_ordered(comparison, sent, one)
]) > 0 if {
	sent != null
} else := false

_matches_network(ranges, sent) := count([1 |
	some one in ranges
	network.contains_network(one, sent)
]) > 0 if {
	sent != null
} else := false

_ordered("equals", left, right) if left == right

_ordered("less", left, right) if left < right

_ordered("less or equal", left, right) if left <= right

_ordered("greater", left, right) if left > right

_ordered("greater or equal", left, right) if left >= right

_doubts(parsed, values, sent) := array.concat([1 | values.unknown], [truth |
	some compiled in values.patterns
	compiled.kind in _open_kinds
	truth := _wide(parsed, compiled, value.text(sent))
])

_wide(parsed, compiled, text) := 0 if {
	parsed.type == "arn"
	not startswith(text, "arn:")
} else := pattern.match(compiled, text)

_variable(parsed, resolved, text) := resolved.truth if {
	resolved.truth != 2
} else := 0 if {
	parsed.type == "arn"
	not startswith(text, "arn:")
} else := pattern.match(pattern.compile_arn_value(resolved.source), text) if {
	parsed.type == "arn"
} else := pattern.match(pattern.compile(resolved.source), text) if {
	parsed.comparison == "like"
} else := _equal(lower(resolved.source.text), lower(text)) if {
	parsed.comparison == "ignore case"
} else := 0 if {
	parsed.type == "boolean"
	value.boolean(text) == null
} else := _equal(value.boolean(resolved.source.text), value.boolean(text)) if {
	parsed.type == "boolean"
} else := _equal(resolved.source.text, text)

_equal(left, right) := 2 if {
	left == right
} else := 0
