package ctkms.documents.terraform.reference_test

import data.ctkms.documents.terraform.reference

_resource(module, type, index) := {
	"address": concat(".", [part | some part in [module, sprintf("%v.this%v", [type, _shown(index)])]; part != ""]),
	"module": module,
	"mode": "managed",
	"type": type,
	"name": "this",
	"index": index,
}

_shown(null) := ""

_shown(index) := sprintf("[%v]", [json.marshal(index)]) if index != null

_attributes := {"aws_kms_key": {"arn", ""}, "aws_kms_external_key": {"arn"}}

# A plan with a trail in the root and resources; references are what the trail's argument refers to.
_plan(references, resources, more) := {
	"resources": resources,
	"variables": object.get(more, "variables", {}),
	"modules": reference.modules({"root_module": {
		"resources": [3, {
			"mode": "managed",
			"type": "aws_cloudtrail",
			"name": "this",
			"expressions": {"kms_key_id": {"references": references}},
		}],
		"module_calls": object.get(more, "calls", {}),
	}}),
}

_trail := _resource("", "aws_cloudtrail", null)

_meant(references, resources, more) := reference.meant(
	_trail, "kms_key_id", _attributes,
	_plan(references, resources, more),
)

_key := _resource("", "aws_kms_key", null)

_exact := ["aws_kms_key.this.arn", "aws_kms_key.this"]

# Modules: one that makes a key, with an output; one that takes it in a variable.
_kms(expression) := {"kms": {"expressions": {}, "module": {"outputs": {"arn": {"expression": expression}}}}}

_taking(expressions, variables) := {"trail": {"expressions": expressions, "module": {
	"variables": variables,
	"resources": [{
		"mode": "managed",
		"type": "aws_cloudtrail",
		"name": "this",
		"expressions": {"kms_key_id": {"references": ["var.key"]}},
	}],
}}}

_in_module(calls, resources, variables) := reference.meant(
	_resource("module.trail", "aws_cloudtrail", null), "kms_key_id", _attributes,
	_plan([], resources, {"calls": calls, "variables": variables}),
)

test_an_expression_that_is_one_reference if {
	_meant(_exact, [_key], {}) == _key.address
	_meant(["aws_kms_key.this"], [_key], {}) == _key.address
}

test_what_else_an_expression_may_be if {
	other := _resource("", "aws_kms_external_key", null)
	every references in [
		[],
		["local.key"],
		array.concat(_exact, ["local.region"]),
		array.concat(_exact, ["aws_kms_external_key.this.arn", "aws_kms_external_key.this"]),
		["aws_kms_key.this.description", "aws_kms_key.this"],
		["aws_kms_key.this.tags.a", "aws_kms_key.this.tags", "aws_kms_key.this"],
		["data.aws_kms_key.this.arn", "data.aws_kms_key.this"],
		["aws_kms_key.other.arn", "aws_kms_key.other"],
		["var.key"],
		["module.none.arn", "module.none"],
	] {
		_meant(references, [_key, other], {}) == ""
	}
}

test_resources_without_an_instance_add_nothing if {
	references := array.concat(_exact, ["aws_kms_external_key.this[0].arn", "aws_kms_external_key.this[0]"])
	_meant(references, [_key], {}) == _key.address
}

test_instances_of_count_and_for_each if {
	zero := _resource("", "aws_kms_key", 0)
	one := _resource("", "aws_kms_key", 1)
	_meant(["aws_kms_key.this[1].arn", "aws_kms_key.this[1]", "aws_kms_key.this"], [zero, one], {}) == one.address
	_meant(["aws_kms_key.this"], [zero, one], {}) == ""
	_meant(["aws_kms_key.this"], [one], {}) == one.address
	_meant(["aws_kms_key.this[2]", "aws_kms_key.this"], [zero, one], {}) == ""
	dotted := _resource("", "aws_kms_key", "a.b")
	_meant([`aws_kms_key.this["a.b"].arn`, "aws_kms_key.this"], [dotted, one], {}) == dotted.address
}

_by_index(references, resources) := reference.meant(
	_resource("", "aws_cloudtrail", 1), "kms_key_id", _attributes,
	_plan(references, resources, {}),
)

test_the_instance_with_the_index_of_the_block if {
	zero := _resource("", "aws_kms_key", 0)
	one := _resource("", "aws_kms_key", 1)
	_by_index(["aws_kms_key.this", "count.index"], [zero, one]) == one.address
	_by_index(["aws_kms_key.this", "each.key"], [zero, one]) == one.address
	_by_index(["aws_kms_key.this", "each.key"], [zero]) == ""
	_by_index(["aws_kms_key.this", "each.value"], [zero, one]) == ""
	_by_index(["aws_kms_key.this", "each.key"], [_key]) == _key.address
}

test_variables_that_choose_and_add_no_text if {
	references := array.concat(["var.key"], _exact)
	every value in [true, false, null, ""] {
		_meant(references, [_key], {"variables": {"key": {"value": value}}}) == _key.address
	}
	_meant(references, [_key], {"variables": {"key": {}}}) == _key.address
	_meant(references, [_key], {"variables": {"key": {"value": "text"}}}) == ""
	_meant(references, [_key], {"variables": {}}) == ""
}

test_an_output_of_a_module if {
	inside := _resource("module.kms", "aws_kms_key", null)
	calls := _kms({"references": _exact})
	_meant(["module.kms.arn", "module.kms"], [inside], {"calls": calls}) == inside.address
	_meant(["module.kms"], [inside], {"calls": calls}) == ""
	_meant(["module.kms.other", "module.kms"], [inside], {"calls": calls}) == ""
	_meant(["module.kms.arn", "module.kms"], [_key], {"calls": calls}) == ""
	open := _kms({"references": ["local.arn"]})
	_meant(array.concat(_exact, ["module.kms.arn", "module.kms"]), [_key], {"calls": open}) == ""
}

test_instances_of_a_module if {
	a := _resource(`module.kms["a.b"]`, "aws_kms_key", null)
	b := _resource(`module.kms["b"]`, "aws_kms_key", null)
	calls := {"calls": _kms({"references": _exact})}
	_meant([`module.kms["a.b"].arn`, `module.kms["a.b"]`, "module.kms"], [a, b], calls) == a.address
	_meant(["module.kms.arn", "module.kms"], [a, b], calls) == ""
	_meant(["module.kms.arn", "module.kms"], [a], calls) == a.address
}

test_a_variable_of_a_module if {
	_in_module(_taking({"key": {"references": _exact}}, {"key": {}}), [_key], {}) == _key.address
	through := object.union(_taking({"key": {"references": ["module.kms.arn", "module.kms"]}}, {"key": {}}), _kms({
		"references": _exact,
	}))
	inside := _resource("module.kms", "aws_kms_key", null)
	_in_module(through, [inside], {}) == inside.address
	root := _taking({"key": {"references": ["var.root"]}}, {"key": {}})
	_in_module(root, [_key], {"root": {"value": "text"}}) == ""
	_in_module(_taking({"key": {"constant_value": "text"}}, {"key": {}}), [_key], {}) == ""
	_in_module(_taking({}, {"key": {"default": "text"}}), [_key], {}) == ""
	_in_module(_taking({}, {"key": {}}), [_key], {}) == ""
}

_unset(calls) if reference.is_unset(
	_resource("module.trail", "aws_cloudtrail", null), "kms_key_id",
	_plan([], [], {"calls": calls}),
)

test_an_argument_that_nothing_gets_into if {
	_unset(_taking({"key": {"constant_value": null}}, {"key": {}}))
	_unset(_taking({}, {"key": {"default": null}}))
	not _unset(_taking({}, {"key": {"default": "text"}}))
	not _unset(_taking({"key": {"references": ["local.key"]}}, {"key": {}}))
	not _unset(_taking({"key": {}}, {"key": {}}))
	reference.is_unset(_trail, "other", _plan([], [], {}))
}

test_a_constant_is_no_unset_argument if {
	plan := {"modules": reference.modules({"root_module": {"resources": [{
		"type": "aws_cloudtrail",
		"name": "this",
		"expressions": {"name": {"constant_value": "a"}, "rule": [{}], "kms_key_id": {}},
	}]}})}
	not reference.is_unset(_trail, "name", plan)
	not reference.is_unset(_trail, "kms_key_id", plan)
	not reference.is_unset(_trail, "rule", plan)
}

test_what_an_argument_refers_to_in_words if {
	plan := _plan(["local.b", "aws_kms_key.a.arn", "aws_kms_key.a"], [], {})
	reference.words(_trail, "kms_key_id", plan) == "aws_kms_key.a.arn, local.b"
	reference.words(_trail, "other", _plan([], [], {})) == ""
}

test_a_resource_that_the_configuration_does_not_show if {
	reference.block(_resource("module.gone", "aws_cloudtrail", null), _plan([], [], {})) == {}
}

test_modules_in_modules if {
	below := {"module_calls": {"b": {"module": {}}}}
	deep := reference.modules({"root_module": {"module_calls": {"a": {"module": below}}}})
	object.keys(deep) == {"", "module.a", "module.a.module.b"}
}
