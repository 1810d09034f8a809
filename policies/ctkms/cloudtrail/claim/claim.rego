# METADATA
# title: What a stranger claims
# description: |
#   From the conditions of a policy to values that a stranger would bring to meet those of an Allow and to escape those
#   of the Denies. Whether they do is for the evaluator to say.
# custom:
#   library: true
package ctkms.cloudtrail.claim

import data.ctkms.cloudtrail.filling
import data.ctkms.iam.operator
import data.ctkms.policy

# METADATA
# description: "An organization that stands for all that nobody mentions."
organization := "o-ctkmsstranger"

# METADATA
# description: |
#   What the conditions of an Allow ask for, as {key, name, values, like: whether wildcards are heeded}: one of the
#   values, or anything where there are none.
of_allow(entry) := [asked |
	some condition in policy.conditions(entry.statement)
	parsed := operator.parse(condition.operator)
	some asked in array.concat(_asked(condition, parsed), _anything(condition, parsed, "false"))
]

# METADATA
# description: "What a request has to bring to escape the Denies, likewise."
of_denies(statements) := [asked |
	some entry in statements
	entry.statement.Effect == "Deny"
	some condition in policy.conditions(entry.statement)
	parsed := operator.parse(condition.operator)
	some asked in array.concat(_escape(condition, parsed), _anything(condition, parsed, "true"))
]

# METADATA
# description: "The callers that demands ask for by aws:PrincipalArn, as [value, like: whether wildcards are heeded]."
callers(demands) := [[wanted, asked.like] |
	some asked in demands
	asked.key == "aws:principalarn"
	some wanted in asked.values
]

_asked(condition, parsed) := [_claim(condition, _texts(condition), parsed.comparison == "like")] if {
	parsed.type in {"string", "arn", "boolean", "binary"}
	not parsed.negated
} else := [_claim(condition, [_number[parsed.comparison]], false)] if {
	parsed.comparison in object.keys(_number)
} else := [_claim(condition, [_address], false)] if {
	parsed.type == "network"
	_from_anywhere(condition, parsed)
} else := []

_address := "198.51.100.77"

_from_anywhere(_, parsed) if parsed.negated

_from_anywhere(condition, _) if "0.0.0.0/0" in condition.values

_escape(condition, parsed) := [_claim(condition, [_opposite(text) | some text in _texts(condition)], false)] if {
	parsed.type == "boolean"
} else := [_claim(condition, _texts(condition), parsed.comparison == "like")] if {
	parsed.negated
	parsed.type in {"string", "arn"}
} else := [_claim(condition, [], false)] if {
	parsed.if_exists
} else := []

# Null: a key that has to be there.
_anything(condition, parsed, present) := [_claim(condition, [], false)] if {
	parsed.type == "null"
	present in _texts(condition)
} else := []

_claim(condition, values, like) := {"key": condition.key, "name": condition.name, "values": values, "like": like}

_texts(condition) := [text |
	some item in condition.values
	not is_object(item)
	text := sprintf("%v", [item])
]

_opposite(text) := "false" if {
	lower(text) == "true"
} else := "true"

_number := {"less": "0", "less or equal": "0", "greater": "999999999", "greater or equal": "999999999"}

# METADATA
# description: |
#   A value that should meet all demands on a key: one to the letter before a filled pattern before anything; unknown
#   where it hangs on a variable.
value(demands) := array.concat(array.concat(literal, filled), array.concat(open, ["ctkms-stranger"]))[0] if {
	values := [[text, _kind(asked, text)] | some asked in demands; some text in asked.values]
	literal := [text | some [text, kind] in values; kind == "literal"]
	filled := [filling.text(text) | some [text, kind] in values; kind == "pattern"]
	open := [{"ctkms:unknown": "a value with a variable"} | some [_, kind] in values; kind == "variable"]
}

_kind(asked, text) := "pattern" if {
	asked.like
	filling.wild(text)
	not contains(text, "${")
} else := "variable" if {
	contains(text, "${")
} else := "literal"

# METADATA
# description: |
#   The organizations to come from, as [id, paths]: none (id "", no paths), and what the demands on the keys of an
#   organization's id and of its paths name; any other stands for all where they only ask for one.
organizations(demands, id_key, paths_key) := ({["", []]} | {found |
	some asked in demands
	asked.key == id_key
	some id in _ids(asked)
	found := [id, [sprintf("%v/r-strg/ou-strg-stranger/", [id])]]
}) | {[split(path, "/")[0], [path]] |
	some asked in demands
	asked.key == paths_key
	some path in _paths(asked)
}

_ids(asked) := [organization] if {
	asked.values == []
} else := [id |
	some text in asked.values
	not contains(text, "${")
	id := _id(text, asked.like)
]

_id(text, like) := organization if {
	like
	filling.wild(text)
} else := text

_paths(asked) := [sprintf("%v/r-strg/ou-strg-stranger/", [organization])] if {
	asked.values == []
} else := [path |
	some text in asked.values
	not contains(text, "${")
	[id, rest] := [split(text, "/")[0], array.slice(split(text, "/"), 1, count(split(text, "/")))]
	path := concat("/", array.concat([_id(id, asked.like)], [filling.text(one) | some one in rest]))
]
