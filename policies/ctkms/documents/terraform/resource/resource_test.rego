package ctkms.documents.terraform.resource_test

import data.ctkms.documents.terraform.resource

_types := {"aws_kms_key", "aws_region"}

_change(members) := object.union(
	{
		"address": "module.kms.aws_kms_key.this[0]",
		"module_address": "module.kms",
		"mode": "managed",
		"type": "aws_kms_key",
		"name": "this",
		"index": 0,
		"change": {"actions": ["create"], "after": {"is_enabled": true}, "after_unknown": {"arn": true}},
	},
	members,
)

_found(members) := object.union(
	{
		"address": "module.kms.aws_kms_key.this[0]",
		"module": "module.kms",
		"mode": "managed",
		"type": "aws_kms_key",
		"name": "this",
		"index": 0,
		"values": {"is_enabled": true},
		"unknown": {},
		"complete": true,
	},
	members,
)

_held := object.union(object.remove(_change({}), ["module_address", "change"]), {"values": {"is_enabled": true}})

_tree := {"root_module": {"child_modules": [3, {"address": "module.kms", "resources": [_held, {"type": "other"}]}]}}

_source := {"address": "data.aws_region.current", "mode": "data", "type": "aws_region", "name": "current"}

test_what_the_changes_of_a_plan_lead_to if {
	deleted := _change({"change": {"actions": ["delete"], "after": null}})
	plan := {"resource_changes": [
		_change({"type": "aws_vpc"}),
		_change({}),
		object.remove(deleted, ["index"]),
		_change({"mode": "data"}),
		"nonsense",
		{"type": "aws_kms_key", "change": 3},
	]}
	resource.all(object.remove(plan, ["other"]), _types) == [_found({
		"unknown": {"arn": true},
		"path": ["resource_changes", 1, "change", "after"],
	})]
}

test_what_a_plan_deletes if {
	plan := {"resource_changes": [
		_change({}),
		_change({"change": {"actions": ["delete"], "before": {"is_enabled": true}, "after": null}}),
		_change({"change": {"actions": ["delete", "create"], "before": {"is_enabled": true}, "after": {}}}),
		_change({"change": {"actions": ["forget"], "before": {}, "after": null}}),
		_change({"type": "aws_vpc", "change": {"actions": ["delete"]}}),
		"nonsense",
	]}
	resource.deletions(plan, _types) == [
		_found({"order": ["delete"], "path": ["resource_changes", 1, "change", "actions"]}),
		_found({"order": ["delete", "create"], "path": ["resource_changes", 2, "change", "actions"]}),
	]
	resource.deletions({}, _types) == []
}

_changed(name, change) := object.union(_change({"address": name}), {"change": change})

test_what_sets_an_attribute if {
	plan := {"resource_changes": [
		_changed("created", {"actions": ["create"], "after": {"policy": "a"}}),
		_changed("updated", {"actions": ["update"], "before": {"policy": "b"}, "after": {"policy": "a"}}),
		_changed("later", {"actions": ["update"], "before": {"policy": "a"}, "after": {}, "after_unknown": {"policy": true}}),
		_changed("other", {"actions": ["update"], "before": {"policy": "a"}, "after": {"policy": "a"}}),
		_changed("deleted", {"actions": ["delete"], "before": {"policy": "a"}, "after": null}),
		3,
	]}
	resource.setters(plan, "policy") == {"created", "updated", "later"}
}

test_a_change_of_which_nothing_is_known if {
	change := {"after": {"is_enabled": true}, "after_unknown": true}
	found := resource.all({"resource_changes": [object.union(_change({}), {"change": change})]}, _types)
	found[0].unknown == {}
	found[0].complete == false
}

test_planned_values_where_no_changes_are_shown if {
	resource.all({"planned_values": _tree}, _types) == [_found({
		"complete": false,
		"path": ["planned_values", "root_module", "child_modules", 1, "resources", 0, "values"],
	})]
}

test_a_state if {
	resource.all({"values": _tree}, _types) == [_found({
		"path": ["values", "root_module", "child_modules", 1, "resources", 0, "values"],
	})]
}

test_data_sources_that_were_read if {
	read := {"values": {"root_module": {"resources": [object.union(_source, {"values": {"name": "us-east-1"}})]}}}
	resource.all({"resource_changes": [], "prior_state": read}, _types) == [{
		"address": "data.aws_region.current",
		"module": "",
		"mode": "data",
		"type": "aws_region",
		"name": "current",
		"index": null,
		"values": {"name": "us-east-1"},
		"unknown": {},
		"complete": true,
		"path": ["prior_state", "values", "root_module", "resources", 0, "values"],
	}]
}

test_a_state_file if {
	file := {"lineage": "a", "resources": [
		{"mode": "data", "type": "aws_region", "name": "current", "instances": [{"attributes": {"name": "us-east-1"}}]},
		{
			"module": "module.kms",
			"mode": "managed",
			"type": "aws_kms_key",
			"name": "this",
			"instances": [3, {"index_key": 0, "attributes": {"is_enabled": true}}, {"deposed": "a", "attributes": {}}],
		},
	]}
	resource.all(file, _types) == [
		{
			"address": "data.aws_region.current",
			"module": "",
			"mode": "data",
			"type": "aws_region",
			"name": "current",
			"index": null,
			"values": {"name": "us-east-1"},
			"unknown": {},
			"complete": true,
			"path": ["resources", 0, "instances", 0, "attributes"],
		},
		_found({"path": ["resources", 1, "instances", 1, "attributes"]}),
	]
}

test_nothing_at_all if {
	resource.all({}, _types) == []
}

test_the_value_of_an_attribute if {
	one := _found({"values": {"name": "a", "empty": null}, "unknown": {"arn": true, "rule": [{"a": true}]}})
	resource.value(one, "name") == "a"
	resource.value(one, "empty") == null
	resource.value(one, "missing") == null
	resource.value(one, "rule") == null
	resource.value(one, "arn") == {"ctkms:unknown": concat(" ", [
		"arn of module.kms.aws_kms_key.this[0]",
		"is not known before the plan is applied",
	])}
	resource.value(_found({"complete": false}), "arn") == {
		"ctkms:unknown": "the plan does not show arn of module.kms.aws_kms_key.this[0]",
	}
}

test_the_text_of_an_attribute if {
	one := _found({"values": {"name": "a", "count": 3}, "unknown": {"arn": true}})
	resource.text(one, "name") == "a"
	resource.text(one, "count") == ""
	resource.text(one, "arn") == ""
}

test_a_switch if {
	one := _found({"values": {"on": true, "off": false, "odd": "yes"}, "unknown": {"arn": true}})
	resource.flag(one, "on", false) == true
	resource.flag(one, "off", true) == false
	resource.flag(one, "missing", true) == true
	resource.flag(one, "odd", true) == {"ctkms:unknown": "odd of module.kms.aws_kms_key.this[0] is neither true nor false"}
	resource.flag(one, "arn", true) == resource.value(one, "arn")
}
