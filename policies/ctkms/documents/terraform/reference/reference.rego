# METADATA
# title: References between resources of a Terraform plan
# description: |
#   Which resource an argument means whose value is not known before the plan is applied. The plan's configuration lists
#   what an expression refers to, not what it makes of it. So an argument means a resource only where everything that
#   its expression refers to, through variables and outputs of modules, leads to that one resource; variables that are
#   known to be a switch or nothing, and resources of which there is no instance, aside: they choose, and add no text.
#   In all other cases it means none.
#
#   The plan is told as {resources, modules, variables}: resources of ctkms.documents.terraform.resource, the modules of
#   its configuration by address without indices (of `modules`), and the values of its variables.
# related_resources:
# - ref: https://developer.hashicorp.com/terraform/internals/json-format#configuration-representation
# - ref: https://developer.hashicorp.com/terraform/internals/json-format#expression-representation
# custom:
#   library: true
package ctkms.documents.terraform.reference

import data.ctkms.documents.inside

# METADATA
# description: |
#   The modules of a configuration by address without indices, "" for the root, as {module, call}: as it is written, and
#   the block that calls it.
modules(configuration) := {node.address: {"module": node.module, "call": node.call} |
	roots := [{"address": "", "module": inside.map(configuration, "root_module"), "call": {}}]
	one := _called(roots)
	two := _called(one)
	three := _called(two)
	four := _called(three)
	five := _called(four)
	six := _called(five)
	some nodes in [roots, one, two, three, four, five, six, _called(six)]
	some node in nodes
}

# METADATA
# description: "The block of a resource in the configuration; an empty object where there is none."
block(resource, plan) := found[0] if {
	module := inside.map(object.get(plan.modules, _plain(resource.module), {}), "module")
	found := [one |
		some one in inside.list(module, "resources")
		is_object(one)
		one.type == resource.type
		one.name == resource.name

		# What is managed need not say so.
		# regal ignore:superfluous-object-get
		object.get(one, "mode", "managed") == resource.mode
	]
	count(found) > 0
} else := {}

# METADATA
# description: "What the expression of an argument refers to, in words; empty where nobody says."
words(resource, argument, plan) := concat(", ", sort({item.ref | some item in _first(resource, argument, plan)}))

# METADATA
# description: |
#   True where no value that is not known gets into an argument: it is not set, or by variables that hold nothing. Of
#   functions that refer to nothing, such as timestamp(), the plan says no more than of null.
is_unset(resource, argument, plan) if {
	not _is_opaque(resource, argument, plan)
	count(_followed(resource, argument, plan)) == 0
}

_is_opaque(resource, argument, plan) if {
	argument in object.keys(inside.map(block(resource, plan), "expressions"))
	count(_first(resource, argument, plan)) == 0
}

# METADATA
# description: |
#   The address of the resource that an argument means by one of these attributes (sets, by the types that it may be
#   of); empty where it means none.
meant(resource, argument, attributes, plan) := sort(found)[0] if {
	items := _followed(resource, argument, plan)
	every item in items {
		_is_of(item, attributes)
	}
	found := {address |
		some item in items
		some address in _instances(item, plan)
	}
	count(found) == 1
} else := ""

# Modules.

_called(nodes) := [{"address": _join(node.address, name), "module": inside.map(call, "module"), "call": call} |
	some node in nodes
	some name, call in inside.map(node.module, "module_calls")
]

_join(address, name) := concat(".", [part | some part in [address, sprintf("module.%v", [name])]; part != ""])

_step := `module\.[^.\["]+(?:\["(?:[^"\\]|\\.)*"\]|\[[0-9]+\])?`

_index := `\["(?:[^"\\]|\\.)*"\]|\[[0-9]+\]`

# The address of a module without indices.
_plain(address) := regex.replace(address, _index, "") if {
	contains(address, "[")
} else := address

_parent(address) := concat(".", array.slice(steps, 0, count(steps) - 1)) if {
	steps := regex.find_n(_step, address, -1)
}

_last(address) := steps[count(steps) - 1] if {
	steps := regex.find_n(_step, address, -1)
	count(steps) > 0
} else := ""

# The index in the last step of an address; null where there is none.
_index_of(step) := json.unmarshal(found[count(found) - 1])[0] if {
	found := regex.find_n(_index, step, -1)
	count(found) > 0
	json.is_valid(found[count(found) - 1])
} else := null

_name_of(step) := split(trim_prefix(_plain(step), "module."), ".")[0]

# Items: {in, ref, index, keyed}: what is referred to, the address of the module where that is written, the index of the
# block that it is written in, and whether the expression takes instances by that index.

_first(resource, argument, plan) := _items(
	_references(inside.map(block(resource, plan), "expressions"), argument),
	resource.module,
	resource.index,
)

_references(expressions, name) := [one |
	some one in inside.list(inside.map(expressions, name), "references")
	is_string(one)
]

_items(references, place, index) := {{"in": place, "ref": one, "index": index, "keyed": keyed} |
	keyed := count({"each.key", "count.index"} & {one | some one in references}) > 0
	some one in references
	not one in {"each.key", "count.index"}
	not _goes_on(one, references)
}

# References come with all that they begin with.
_goes_on(reference, references) if {
	some other in references
	some next in [".", "["]
	startswith(other, concat("", [reference, next]))
}

_followed(resource, argument, plan) := _follow(_follow(six, plan), plan) if {
	one := _follow(_first(resource, argument, plan), plan)
	two := _follow(one, plan)
	three := _follow(two, plan)
	four := _follow(three, plan)
	five := _follow(four, plan)
	six := _follow(five, plan)
}

# One step through variables and outputs.
_follow(items, plan) := {next |
	some item in items
	some next in _next(item, plan)
}

_next(item, plan) := _through_variable(item, plan) if {
	startswith(item.ref, "var.")
} else := _through_output(item, plan) if {
	startswith(item.ref, "module.")
} else := {item}

_through_variable(item, plan) := set() if {
	_is_nothing(_known(item, plan))
} else := _items(
	_references(inside.map(_called_by(item, plan), "expressions"), trim_prefix(item.ref, "var.")),
	_parent(item["in"]),
	_index_of(_last(item["in"])),
) if {
	item["in"] != ""
	count(_references(inside.map(_called_by(item, plan), "expressions"), trim_prefix(item.ref, "var."))) > 0
} else := {object.union(item, {"ref": "?"})}

_called_by(item, plan) := inside.map(object.get(plan.modules, _plain(item["in"]), {}), "call")

# The value of a variable as {"value"}, where the plan says it; an empty object where it does not.
_known(item, plan) := _variable(plan.variables, name) if {
	item["in"] == ""
	name := trim_prefix(item.ref, "var.")
} else := {"value": given.constant_value} if {
	given := inside.map(inside.map(_called_by(item, plan), "expressions"), trim_prefix(item.ref, "var."))
	"constant_value" in object.keys(given)
} else := _default(item, plan) if {
	not trim_prefix(item.ref, "var.") in object.keys(inside.map(_called_by(item, plan), "expressions"))
} else := {}

_variable(variables, name) := {"value": object.get(variables[name], "value", null)} if {
	is_object(object.get(variables, name, null))
} else := {}

_default(item, plan) := {"value": declared["default"]} if {
	module := inside.map(object.get(plan.modules, _plain(item["in"]), {}), "module")
	declared := inside.map(inside.map(module, "variables"), trim_prefix(item.ref, "var."))
	"default" in object.keys(declared)
} else := {}

# A switch, or nothing: it adds no text to what it stands in.
_is_nothing(known) if {
	"value" in object.keys(known)
	_adds_no_text(known.value)
}

_adds_no_text(value) if is_boolean(value)

_adds_no_text(value) if value in {null, ""}

_through_output(item, plan) := {next |
	some instance in _called_instances(item, plan)
	module := inside.map(object.get(plan.modules, _plain(instance), {}), "module")
	output := inside.map(inside.map(module, "outputs"), _output_of(item.ref))
	some next in _written(item, _items(_references(output, "expression"), instance, _index_of(_last(instance))))
}

# An output of which nothing is said leads nowhere.
_written(item, found) := {object.union(item, {"ref": "?"})} if {
	count(found) == 0
} else := found

# The instances of the module that is referred to; itself, where none holds a resource of the plan.
_called_instances(item, plan) := found if {
	found := _shown_instances(item, plan)
	count(found) > 0
} else := {_join(item["in"], _name_of(item.ref))}

_shown_instances(item, plan) := {instance |
	some resource in plan.resources
	steps := regex.find_n(_step, resource.module, -1)
	depth := count(regex.find_n(_step, item["in"], -1)) + 1
	depth <= count(steps)
	instance := concat(".", array.slice(steps, 0, depth))
	_parent(instance) == item["in"]
	_name_of(_last(instance)) == _name_of(item.ref)
	_is_taken(_index_of(_last(instance)), _index_of(_first_step(item.ref)), item)
}

_first_step(reference) := found[0] if {
	found := regex.find_n(_step, reference, 1)
	count(found) > 0
} else := ""

_output_of(reference) := parts[2] if {
	parts := split(_plain(reference), ".")
	count(parts) == 3
} else := "?"

# The instance with the index that is written; without one, all of them, or the one with the index of the block, where
# the expression goes by it.
_is_taken(index, written, _) if {
	written != null
	index == written
}

_is_taken(index, null, _) if index == null

_is_taken(_, null, item) if not item.keyed

_is_taken(index, null, item) if {
	item.keyed
	index == item.index
}

# Resources.

_resource := `^([a-z0-9_]+)\.([^.\[\]"]+)(\["(?:[^"\\]|\\.)*"\]|\[[0-9]+\])?(?:\.([a-z_]+))?$`

_is_of(item, attributes) if {
	some [_, type, _, _, attribute] in regex.find_all_string_submatch_n(_resource, item.ref, 1)
	attribute in object.get(attributes, type, set())
}

_instances(item, plan) := {resource.address |
	some [_, type, name, index, _] in regex.find_all_string_submatch_n(_resource, item.ref, 1)
	some resource in plan.resources
	resource.type == type
	resource.name == name
	resource.module == item["in"]
	_is_taken(resource.index, _index_of(index), item)
}
