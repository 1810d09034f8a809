# METADATA
# title: Resources of Terraform plans and states
# description: |
#   The resources as they are after the plan is applied, from what `terraform show -json` prints (a plan or a state) or
#   from a state file, as a list of
#
#   - address; type, name, index (null without count and for_each); mode: managed or data
#   - module: the address of the module that holds it, empty for the root
#   - values: its attributes; unknown: which of them are not known yet, as after_unknown has it
#   - complete: true where an attribute that is in neither has no value
#   - path: where its attributes stand in the document
#
#   What the plan deletes is not among them, but told apart (deletions).
# related_resources:
# - ref: https://developer.hashicorp.com/terraform/internals/json-format
# - ref: https://opentofu.org/docs/internals/json-format/
# custom:
#   library: true
package ctkms.documents.terraform.resource

import data.ctkms.documents.inside
import data.ctkms.policy

# METADATA
# description: "The resources of these types, and data sources of these types."
all(document, types) := array.concat(_managed(document, types), _data(document, types))

# METADATA
# description: |
#   The resources of these types that a plan deletes, those that are then created anew included: as they were before,
#   with order, what the plan does and in which order ("delete", "create"), and path, where it says so.
deletions(document, types) := [object.union(_identity(change), {
	"values": inside.map(change.change, "before"),
	"unknown": {},
	"complete": true,
	"order": change.change.actions,
	"path": ["resource_changes", position, "change", "actions"],
}) |
	some position, change in inside.list(document, "resource_changes")
	inside.text(change, "type") in types
	"delete" in inside.list(inside.map(change, "change"), "actions")
]

# METADATA
# description: "The addresses of the resources to which a plan gives another value of an attribute, or the first."
setters(document, attribute) := {inside.text(change, "address") |
	some change in inside.list(document, "resource_changes")
	count({"create", "update"} & {action | some action in inside.list(inside.map(change, "change"), "actions")}) > 0
	_is_set_anew(change.change, attribute)
}

# METADATA
# description: "The value of an attribute: the sentinel where it is not known yet, null where it has none."
value(resource, attribute) := {"ctkms:unknown": sprintf(
	"%v of %v is not known before the plan is applied",
	[attribute, resource.address],
)} if {
	resource.unknown[attribute] == true
} else := resource.values[attribute] if {
	attribute in object.keys(resource.values)
} else := null if {
	resource.complete
} else := {"ctkms:unknown": sprintf("the plan does not show %v of %v", [attribute, resource.address])}

# METADATA
# description: "The text of an attribute; empty where it has none, or none that is known yet."
text(resource, attribute) := value(resource, attribute) if {
	is_string(value(resource, attribute))
} else := ""

# METADATA
# description: "A switch: true or false, the default where it is not set, or the sentinel."
flag(resource, attribute, otherwise) := otherwise if {
	value(resource, attribute) == null
} else := value(resource, attribute) if {
	is_boolean(value(resource, attribute))
} else := value(resource, attribute) if {
	policy.is_unknown(value(resource, attribute))
} else := {"ctkms:unknown": sprintf("%v of %v is neither true nor false", [attribute, resource.address])}

_is_set_anew(change, attribute) if inside.map(change, "after_unknown")[attribute] == true

_is_set_anew(change, attribute) if {
	value := object.get(inside.map(change, "after"), attribute, null)
	value != object.get(inside.map(change, "before"), attribute, null)
}

_managed(document, types) := _changed(document.resource_changes, types) if {
	is_array(object.get(document, "resource_changes", null))
} else := _held(_planned(document), "managed", types, false) if {
	_planned(document) != []
} else := _held(_state(document), "managed", types, true) if {
	_state(document) != []
} else := _filed(document, types)

# Data sources that were read; those of a state file are among its resources.
_data(document, types) := array.concat(
	_held(_tree(inside.map(document, "prior_state"), ["prior_state"]), "data", types, true),
	_held(_state(document), "data", types, true),
)

_planned(document) := _modules(inside.map(document, "planned_values"), ["planned_values"])

_state(document) := _tree(document, [])

_tree(holder, path) := _modules(inside.map(holder, "values"), array.concat(path, ["values"]))

# From the changes of a plan: what they lead to.
_changed(changes, types) := [object.union(_identity(change), {
	"values": change.change.after,
	"unknown": inside.map(change.change, "after_unknown"),
	"complete": type_name(object.get(change.change, "after_unknown", {})) == "object",
	"path": ["resource_changes", position, "change", "after"],
}) |
	some position, change in changes
	inside.text(change, "type") in types
	object.get(change, "mode", "managed") == "managed"
	is_object(object.get(inside.map(change, "change"), "after", null))
]

# From a tree of modules, as plans and states have it.
_held(nodes, mode, types, complete) := [object.union(_identity(held), {
	"module": inside.text(node.module, "address"),
	"values": inside.map(held, "values"),
	"unknown": {},
	"complete": complete,
	"path": array.concat(node.path, ["resources", position, "values"]),
}) |
	some node in nodes
	some position, held in inside.list(node.module, "resources")
	inside.text(held, "type") in types

	# What is managed need not say so.
	# regal ignore:superfluous-object-get
	object.get(held, "mode", "managed") == mode
]

# From a state file.
_filed(document, types) := [object.union(_identity(object.union(filed, named)), {
	"values": inside.map(instance, "attributes"),
	"unknown": {},
	"complete": true,
	"path": ["resources", position, "instances", number, "attributes"],
}) |
	some position, filed in inside.list(document, "resources")
	inside.text(filed, "type") in types
	some number, instance in inside.list(filed, "instances")
	is_object(instance)
	not "deposed" in object.keys(instance)
	index := object.get(instance, "index_key", null)
	module := inside.text(filed, "module")
	named := {
		"index": index,
		"module_address": module,
		"address": concat("", [
			_joined(module, "."),
			object.get({"data": "data."}, inside.text(filed, "mode"), ""),
			sprintf("%v.%v", [inside.text(filed, "type"), inside.text(filed, "name")]),
			_indexed(index),
		]),
	}
]

_joined("", _) := ""

_joined(text, separator) := concat("", [text, separator]) if text != ""

_indexed(index) := "" if {
	is_null(index)
} else := sprintf("[%v]", [json.marshal(index)])

_identity(given) := {
	"address": inside.text(given, "address"),
	"module": inside.text(given, "module_address"),
	"type": inside.text(given, "type"),
	"name": inside.text(given, "name"),
	"index": object.get(given, "index", null),
	"mode": object.get(given, "mode", "managed"),
}

# The modules of a tree: the root, and those below it, as deep as anybody nests them.
_modules(holder, path) := array.concat(
	array.concat(array.concat(roots, one), array.concat(two, three)),
	array.concat(array.concat(four, five), array.concat(six, _below(six))),
) if {
	roots := [{"module": root, "path": array.concat(path, ["root_module"])} |
		root := object.get(holder, "root_module", null)
		is_object(root)
	]
	one := _below(roots)
	two := _below(one)
	three := _below(two)
	four := _below(three)
	five := _below(four)
	six := _below(five)
}

_below(nodes) := [{"module": child, "path": array.concat(node.path, ["child_modules", position])} |
	some node in nodes
	some position, child in inside.list(node.module, "child_modules")
	is_object(child)
]
