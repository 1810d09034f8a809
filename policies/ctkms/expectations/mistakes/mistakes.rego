# METADATA
# title: Mistakes in the expectations
# description: |
#   What the bridge refuses before it evaluates anything, for opa and conftest, which load data as it is: members that
#   do not exist or are missing, and values of the wrong type, anywhere in data.expected. Rules pass over such values;
#   so that nothing is silent, the facade says of each why it cannot tell.
# custom:
#   library: true
package ctkms.expectations.mistakes

import data.ctkms.expectations
import data.ctkms.policy

# METADATA
# scope: document
# description: "The mistakes, in words."
found contains sprintf("the expectations are not understood: %v%v", [_place(node.path), mistake]) if {
	some node in _nodes
	some mistake in _mistakes(node)
}

found contains sprintf("the expectations are not understood: %v%v is no account id, which has 12 digits", [
	_place(node.path), json.marshal(name),
]) if {
	some node in _nodes
	node.shape.by == "account ids"
	some name, _ in expectations.map({"value": node.value}, "value")
	not regex.match(`^[0-9]{12}$`, name)
}

found contains sprintf("which key %v means: several keys declare it", [reference]) if {
	some reference in _references
	count(expectations.named(reference)) > 1
}

# What is expected, level by level down to where the form ends: rules must not call themselves.
_nodes := array.concat(
	array.concat(_level_0, array.concat(_level_1, _level_2)),
	array.concat(_level_3, array.concat(_level_4, _level_5)),
)

_level_0 := [{"path": [], "value": _given, "shape": data.ctkms.expectations.shape.expected}]

_level_1 := _below(_level_0)

_level_2 := _below(_level_1)

_level_3 := _below(_level_2)

_level_4 := _below(_level_3)

_level_5 := _below(_level_4)

_below(nodes) := [child |
	some node in nodes
	some name, value in expectations.map({"value": node.value}, "value")
	shape := _shape(node.shape, name)
	shape != null
	child := {"path": array.concat(node.path, [name]), "value": value, "shape": shape}
]

default _given := {}

_given := data.expected if {
	is_string(type_name(data.expected))
}

_shape(shape, name) := object.get(shape.members, name, null) if {
	shape.kind == "members"
} else := shape.entry if {
	shape.kind == "entries"
} else := null

_mistakes(node) := [] if {
	policy.is_unknown(node.value)
} else := array.concat(
	[sprintf("there is no member %v", [json.marshal(name)]) |
		some name, _ in expectations.map({"value": node.value}, "value")
		not _allows(node.shape, name)
	],
	[sprintf("it lacks the member %v", [json.marshal(name)]) |
		some name in object.get(node.shape, "required", [])
		not name in object.keys(expectations.map({"value": node.value}, "value"))
	],
) if {
	_is_map(node.shape.kind, node.value)
} else := [] if {
	_fits(node.shape, node.value)
} else := [sprintf("this is %v, not %v", [_kind(node.value), _wanted(node.shape)])]

_is_map(kind, value) if {
	kind in {"members", "entries"}
	type_name(value) in {"null", "object"}
}

_allows(shape, name) if _shape(shape, name) != null

_fits(shape, value) if {
	shape.kind == "nothing"
	value in [null, {}]
}

_fits(shape, value) if {
	shape.kind == "flag"
	is_boolean(value)
}

_fits(shape, value) if {
	shape.kind == "document"
	is_object(value)
}

_fits(shape, value) if {
	shape.kind == "text"
	is_string(value)
	not "choices" in object.keys(shape)
}

_fits(shape, value) if {
	shape.kind == "text"
	value in object.get(shape, "choices", [])
}

_wanted(shape) := sprintf("a map keyed by %v", [shape.by]) if {
	shape.kind == "entries"
} else := sprintf("%v, which is a map", [shape.what]) if {
	shape.kind == "members"
} else := concat(" or ", [json.marshal(choice) | some choice in shape.choices]) if {
	"choices" in object.keys(shape)
} else := object.get(
	{"flag": "true or false", "document": "a policy document, an object", "nothing": "empty"},
	shape.kind,
	object.get(shape, "what", ""),
)

_kind(value) := sprintf("the text %v", [json.marshal(value)]) if {
	is_string(value)
} else := object.get(
	{"array": "a list", "object": "a map", "number": "a number", "boolean": "true or false", "null": "nothing"},
	type_name(value),
	"",
)

_place([]) := ""

_place(path) := sprintf("%v: ", [concat(" > ", path)]) if count(path) > 0

# Aliases that trails, stores and waivers use for a key.
_references contains reference if {
	some section, names in {
		"trails": ["key", "sns_key"],
		"event_data_stores": ["key"],
		"waivers": ["key"],
	}
	some entry in expectations.map(data.ctkms.expectations.all, section)
	some name in names
	reference := object.get(expectations.map({"entry": entry}, "entry"), name, null)
	is_string(reference)
}
