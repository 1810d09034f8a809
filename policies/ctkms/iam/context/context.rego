# METADATA
# title: The request context
# description: |
#   The condition keys of a request, found whatever the case of their names. A key is present, absent, or nobody knows
#   (the request names it under unknown). A key that neither context, absent nor unknown names is absent. What a
#   request names under assumed_absent beside unknown nobody knows either: it is absent for an Allow, and open for a
#   Deny.
# related_resources:
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition.html
#     description: "Condition key names are not case-sensitive"
# custom:
#   library: true
package ctkms.iam.context

import data.ctkms.iam.kleene

# METADATA
# description: |
#   The context of a request as {"keys": {lower-cased name: values}, "absent": names, "unknown": names}, with "assumed":
#   names, if any are assumed to be absent; made once per request. Values that are neither string, number nor boolean
#   stand for values that nobody knows.
prepare(request) := prepare_with(request, {})

# METADATA
# description: "As prepare, with lists of names that names prepared before, as {list: prepared}."
prepare_with(request, prepared) := object.union(_context(request, prepared), {"assumed": names(assumed)}) if {
	assumed := object.get(request, "assumed_absent", [])
	assumed != []
} else := _context(request, prepared)

# METADATA
# description: "A prepared context as a Deny sees it: what is only assumed to be absent may be there."
for_deny(prepared) := object.remove(prepared, ["assumed"])

_context(request, prepared) := {
	"keys": _keys(object.get(request, "context", {})),
	"absent": _prepared(object.get(request, "absent", []), prepared),
	"unknown": _prepared(_unknown(request), prepared),
}

# METADATA
# description: "Of condition keys, a map by name, those that a request speaks of nowhere."
unmentioned(request, keys) := {name: value |
	prepared := prepare(request)
	some name, value in keys
	not lower(name) in object.keys(prepared.keys)
	not _named(prepared.absent, lower(name))
	not _named(prepared.unknown, lower(name))
}

# METADATA
# description: "A list of names of keys, in which * may end a name, as prepared contexts hold it."
names(list) := {"exact": {}, "starts": []} if {
	list == []
} else := {"exact": exact, "starts": starts} if {
	texts := [lower(text) | some text in kleene.listed(list); is_string(text)]
	exact := {text: true | some text in texts; not endswith(text, "*")}
	starts := [trim_suffix(text, "*") | some text in texts; endswith(text, "*")]
}

# METADATA
# description: |
#   What a prepared context holds for a lower-cased key: {"presence": 0 absent | 1 cannot tell | 2 present, "values":
#   the values; an object stands for one that nobody knows}.
lookup(context, key) := {"presence": 2, "values": context.keys[key]} if {
	context.keys[key] != []
} else := {"presence": 0, "values": []} if {
	context.keys[key] == []
} else := {"presence": 0, "values": []} if {
	_named(context.absent, key)
} else := _open(context, key) if {
	_named(context.unknown, key)
} else := {"presence": 0, "values": []}

_open(context, key) := {"presence": 0, "values": []} if {
	"assumed" in object.keys(context)
	_named(context.assumed, key)
} else := {"presence": 1, "values": [{}]}

_keys(context) := {lower(name): _values(value) | some name, value in context} if {
	is_object(context)
	count({lower(name) | some name, _ in context}) == count(context)
} else := {key: values |
	some key in {lower(name) | some name, _ in context}
	values := [value |
		some name, written in context
		lower(name) == key
		some value in _values(written)
	]
} if {
	is_object(context)
} else := {}

_values(value) := [value] if {
	is_string(value)
} else := [one |
	some item in kleene.listed(value)
	item != null
	one := _scalar(item)
]

_scalar(value) := value if {
	is_string(value)
} else := value if {
	is_number(value)
} else := value if {
	is_boolean(value)
} else := {}

_unknown(request) := ["*"] if {
	kleene.is_unknown(object.get(request, "context", {}))
} else := object.get(request, "unknown", [])

_prepared(list, prepared) := prepared[list] if {
	is_object(prepared[list])
} else := names(list)

_named(known, key) if known.exact[key]

_named(known, key) if {
	some start in known.starts
	startswith(key, start)
}
