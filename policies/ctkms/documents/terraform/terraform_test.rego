package ctkms.documents.terraform_test

import data.ctkms.documents.described
import data.ctkms.documents.terraform
import data.ctkms.policy
import data.ctkms.testing_test as testing

_policy_text := json.marshal(testing.trail_policy)

_change(type, name, after, unknown) := {
	"address": sprintf("%v.%v", [type, name]),
	"mode": "managed",
	"type": type,
	"name": name,
	"change": {"actions": ["create"], "after": after, "after_unknown": unknown},
}

_block(type, name, expressions) := {
	"mode": "managed",
	"type": type,
	"name": name,
	"provider_config_key": "aws",
	"expressions": expressions,
}

_to(reference) := {"references": [reference]}

_later := {"arn": true, "id": true, "key_id": true}

# What is planned, by name: a change, and its block in the configuration.
_planned := {
	"key": [
		_change(
			"aws_kms_key", "this",
			{
				"policy": _policy_text, "is_enabled": true, "multi_region": false,
				"customer_master_key_spec": "SYMMETRIC_DEFAULT", "key_usage": "ENCRYPT_DECRYPT",
			},
			_later,
		),
		_block("aws_kms_key", "this", {"policy": _to("local.policy")}),
	],
	"alias": [
		_change(
			"aws_kms_alias", "this", {"name": "alias/cloudtrail"},
			{"arn": true, "target_key_id": true},
		),
		_block("aws_kms_alias", "this", {"target_key_id": _to("aws_kms_key.this.key_id")}),
	],
	"trail": [
		_change(
			"aws_cloudtrail", "this",
			{"name": "management-events", "enable_log_file_validation": true, "s3_key_prefix": null},
			{"arn": true, "kms_key_id": true, "s3_bucket_name": true},
		),
		_block("aws_cloudtrail", "this", {
			"kms_key_id": _to("aws_kms_key.this.arn"),
			"s3_bucket_name": _to("aws_s3_bucket.this.id"),
		}),
	],
	"bucket": [
		_change(
			"aws_s3_bucket", "this", {"region": "us-east-1"},
			{"id": true, "bucket": true, "server_side_encryption_configuration": true},
		),
		_block("aws_s3_bucket", "this", {}),
	],
	"encryption": [
		_change(
			"aws_s3_bucket_server_side_encryption_configuration", "this",
			{"rule": [{"bucket_key_enabled": true}]}, {"bucket": true, "rule": [{}]},
		),
		_block("aws_s3_bucket_server_side_encryption_configuration", "this", {"bucket": _to("aws_s3_bucket.this.id")}),
	],
}

_source := {
	"address": "data.aws_caller_identity.current",
	"mode": "data",
	"type": "aws_caller_identity",
	"name": "current",
	"values": {"account_id": "111111111111"},
}

# The plan of what is planned, with some of it replaced, added or (null) left out.
_plan(changes) := {
	"resource_changes": [change | some [change, _] in planned],
	"prior_state": {"values": {"root_module": {"resources": [_source]}}},
	"configuration": {
		"provider_config": {"aws": {"name": "aws", "expressions": {"region": {"constant_value": "us-east-1"}}}},
		"root_module": {"resources": array.concat(
			[block | some [_, block] in planned],
			[{
				"mode": "data",
				"type": "aws_caller_identity",
				"name": "current",
				"provider_config_key": "aws",
			}],
		)},
	},
} if {
	planned := {name: pair |
		some name, pair in object.union(object.remove(_planned, object.keys(changes)), changes)
		pair != null
	}
}

_with(name, after, unknown) := {name: [
	object.union(object.remove(change, ["change"]), {"change": {"after": after, "after_unknown": unknown}}),
	block,
]} if {
	[change, block] := _planned[name]
}

_referring(name, expressions) := {name: [change, object.union(block, {"expressions": expressions})]} if {
	[change, block] := _planned[name]
}

_keys(changes) := terraform.keys(_plan(changes))

_bucket_entry := {"bucket_key": true, "region": "us-east-1", "account": "111111111111"}

_entry := {"organization": false, "log_file_validation": true, "bucket": _bucket_entry}

_unknown(address, attribute, reference) := sprintf(
	"%v of %v is not known before the plan is applied (it refers to %v)",
	[attribute, address, reference],
)

test_recognises_plans_and_states if {
	every document in [
		{"resource_changes": []},
		{"planned_values": {"root_module": {}}},
		{"values": {"root_module": {}}},
		{"lineage": "a", "resources": []},
	] {
		terraform.recognises(document)
	}
	every document in [null, [], {}, {"values": {}}, {"resource_changes": {}}, {"resources": []}, {"values": 3}] {
		not terraform.recognises(document)
	}
}

test_a_key_and_the_trail_that_uses_it if {
	_keys({}) == [{
		"kind": "terraform",
		"label": "aws_kms_key.this",
		"arn": null,
		"policy": testing.trail_policy,
		"problem": null,
		"unparsable": false,
		"place": {"path": ["resource_changes", 3, "change", "after", "policy", null], "part": []},
		"metadata": {
			"multi_region": false,
			"state": "Enabled",
			"spec": "SYMMETRIC_DEFAULT",
			"usage": "ENCRYPT_DECRYPT",
		},
		"aliases": {"alias/cloudtrail": {}},
		"trails": {testing.trail: _entry},
		"event_data_stores": {},
		"topics": {},
		"unknown": [],
	}]
	terraform.rest(_plan({})) == {"trails": {}, "event_data_stores": {}}
}

test_names_that_are_known if {
	held := object.union_n([
		_with("key", {"policy": _policy_text, "arn": testing.key, "key_id": "1234", "is_enabled": false}, {}),
		_with("alias", {"name": "alias/cloudtrail", "arn": "arn:alias", "target_key_id": "1234"}, {}),
		_with(
			"trail",
			{"arn": testing.trail, "kms_key_id": "arn:alias", "s3_bucket_name": "logs", "s3_key_prefix": "audit"},
			{},
		),
	])
	found := _keys(object.union(held, _with("bucket", {"id": "logs"}, {})))
	[found[0].label, found[0].arn, found[0].metadata.state] == [testing.key, testing.key, "Disabled"]
	found[0].trails[testing.trail].bucket.name == "logs"
	found[0].trails[testing.trail].bucket.prefix == "audit"
	named := _with("encryption", {"bucket": "logs", "rule": [{"bucket_key_enabled": true}]}, {})
	again := _keys(object.union_n([held, _with("bucket", {"bucket": "logs"}, {}), named]))
	again[0].trails[testing.trail].bucket.bucket_key == true
}

test_a_key_by_its_alias if {
	found := _keys(_referring("trail", {"kms_key_id": _to("aws_kms_alias.this.arn")}))
	object.keys(found[0].trails) == {testing.trail}
}

test_a_key_by_the_name_of_its_alias if {
	trail := _with("trail", {"name": "management-events", "kms_key_id": "alias/cloudtrail"}, {"arn": true})
	found := _keys(trail)
	object.keys(found[0].trails) == {testing.trail}
	[change, block] := trail.trail
	elsewhere := {"trail": [change, object.union(block, {"provider_config_key": "aws.other"})]}
	two := {"configuration": {"provider_config": {"aws.other": {"name": "aws"}}}}
	rest := terraform.rest(object.union(_plan(elsewhere), two))
	rest.trails["aws_cloudtrail.this"].key == "alias/cloudtrail"
}

test_a_trail_without_a_key_and_one_whose_key_is_not_known if {
	none := terraform.rest(_plan(_with("trail", {"name": "management-events", "kms_key_id": ""}, {"arn": true})))
	object.keys(none.trails[testing.trail]) == {"organization", "log_file_validation", "bucket"}
	open := terraform.rest(_plan(_referring("trail", {"kms_key_id": _to("local.key")})))
	open.trails[testing.trail].key == {"ctkms:unknown": _unknown("aws_cloudtrail.this", "kms_key_id", "local.key")}
	silent := terraform.rest(_plan(_referring("trail", {"kms_key_id": {"references": []}})))
	startswith(silent.trails[testing.trail].key["ctkms:unknown"], "kms_key_id of aws_cloudtrail.this is not known")
	named := _with("trail", {"name": "management-events", "kms_key_id": testing.key}, {"arn": true})
	elsewhere := terraform.rest(_plan(named))
	elsewhere.trails[testing.trail].key == testing.key
}

test_a_policy_that_is_not_known_and_none if {
	later := _keys(_with("key", {}, {"policy": true}))
	later[0].problem == sprintf(
		"its key policy is not known yet: %v",
		[_unknown("aws_kms_key.this", "policy", "local.policy")],
	)
	later[0].needs == []
	later[0].place == {"path": ["resource_changes", 3, "change", "after"], "part": []}
	none := _keys(_with("key", {"policy": null}, {}))
	none[0].problem == "aws_kms_key.this has no policy"
}

test_a_key_that_comes_without_a_policy if {
	[change, _] := _with("key", {}, {"policy": true, "multi_region": true}).key
	found := _keys({"key": [change, _block("aws_kms_key", "this", {})]})
	found[0].policy.Statement[0].Principal == {"AWS": "arn:aws:iam::111111111111:root"}
	found[0].metadata.multi_region == false
}

_apart(name, reference) := [
	_change("aws_kms_key_policy", name, {"policy": "{}"}, {"key_id": true}),
	_block("aws_kms_key_policy", name, {"key_id": _to(reference)}),
]

test_a_policy_in_a_resource_of_its_own if {
	found := _keys({"apart": _apart("a", "aws_kms_key.this.key_id")})
	count(found) == 1
	found[0].policy == {}
	found[0].unknown == []
	two := _keys({"apart": _apart("a", "aws_kms_key.this.key_id"), "more": _apart("b", "aws_kms_key.this.id")})
	two[0].unknown == ["which of them sets its policy: aws_kms_key_policy.a, aws_kms_key_policy.b"]
}

# A key that is there already, of which the plan changes what `before` and `actions` say.
_existing(actions, before) := [
	object.union(
		_change("aws_kms_key", "this", {"policy": _policy_text, "arn": testing.key, "key_id": "1234"}, {}),
		{"change": {"actions": actions, "before": object.union({"arn": testing.key, "key_id": "1234"}, before)}},
	),
	_block("aws_kms_key", "this", {"policy": _to("local.policy")}),
]

_untouched := _existing(["no-op"], {"policy": _policy_text})

_deleted(members, actions, after) := [
	object.union(_change("aws_kms_key_policy", "a", after, {}), {"change": {
		"actions": actions,
		"before": object.union({"key_id": "1234", "policy": _policy_text}, members),
	}}),
	_block("aws_kms_key_policy", "a", {}),
]

_gone := _deleted({}, ["delete"], null)

_default := described.default_policy("aws", "111111111111")

test_deleting_the_policy_brings_the_default_policy_back if {
	found := _keys({"key": _untouched, "apart": _gone})
	[found[0].policy, found[0].unknown] == [_default, []]
	found[0].place == {"path": ["resource_changes", 1, "change", "actions"], "part": []}
	beside := [
		object.union(
			_change("aws_kms_key_policy", "b", {"key_id": "1234", "policy": _policy_text}, {}),
			{"change": {"actions": ["no-op"], "before": {"key_id": "1234", "policy": _policy_text}}},
		),
		_block("aws_kms_key_policy", "b", {}),
	]
	two := _keys({"key": _untouched, "apart": _gone, "beside": beside})
	two[0].policy == _default
	after := {"key_id": "1234", "policy": _policy_text}
	created_first := _keys({"key": _untouched, "apart": _deleted({}, ["create", "delete"], after)})
	created_first[0].policy == _default
	moved := _keys({"key": _untouched, "apart": _deleted({}, ["delete", "create"], {"key_id": "other", "policy": "{}"})})
	moved[0].policy == _default
}

test_a_policy_that_stays_although_its_resource_is_deleted if {
	every change in [
		_deleted({}, ["delete", "create"], {"key_id": "1234", "policy": _policy_text}),
		_deleted({}, ["forget"], null),
		_deleted({"bypass_policy_lockout_safety_check": true}, ["delete"], null),
		_deleted({"key_id": "another"}, ["delete"], null),
	] {
		found := _keys({"key": _untouched, "apart": change})
		[found[0].policy, found[0].unknown] == [testing.trail_policy, []]
	}
}

test_nobody_knows_which_is_last_where_one_resource_is_deleted_and_another_sets_the_policy if {
	doubt := "whether %v is deleted, which puts the default policy back, before %v sets the policy"
	inline := _keys({"key": _existing(["update"], {"policy": "{}"}), "apart": _gone})
	[inline[0].policy, inline[0].unknown] == [
		testing.trail_policy,
		[sprintf(doubt, ["aws_kms_key_policy.a", "aws_kms_key.this"])],
	]
	beside := [
		_change("aws_kms_key_policy", "b", {"key_id": "1234", "policy": _policy_text}, {}),
		_block("aws_kms_key_policy", "b", {}),
	]
	apart := _keys({"key": _untouched, "apart": _gone, "beside": beside})
	[apart[0].policy, apart[0].unknown] == [
		testing.trail_policy,
		[sprintf(doubt, ["aws_kms_key_policy.a", "aws_kms_key_policy.b"])],
	]
	tagged := _keys({"key": _existing(["update"], {"policy": _policy_text, "tags": {}}), "apart": _gone})
	tagged[0].policy == _default
}

test_a_policy_that_kms_is_told_to_take if {
	bypass := {"bypass_policy_lockout_safety_check": true}
	inline := _keys(_with("key", object.union({"policy": "{}"}, bypass), {}))
	inline[0].bypasses_lockout_check == true
	[change, block] := _apart("a", "aws_kms_key.this.key_id")
	apart := _keys({"apart": [object.union(change, {"change": {"after": bypass}}), block]})
	apart[0].bypasses_lockout_check == true
	later := _keys(_with("key", {"policy": "{}"}, {"bypass_policy_lockout_safety_check": true}))
	policy.is_unknown(later[0].bypasses_lockout_check)
}

test_a_policy_of_a_key_that_nobody_knows if {
	found := _keys({"apart": _apart("a", "local.key")})
	count(found) == 2
	found[0].unknown == [sprintf(
		"whether aws_kms_key_policy.a sets its policy: %v",
		[_unknown("aws_kms_key_policy.a", "key_id", "local.key")],
	)]
	[found[1].label, found[1].arn, found[1].policy] == ["the key of aws_kms_key_policy.a", null, {}]
	beside := _keys({"apart": _apart("a", "local.key"), "sure": _apart("b", "aws_kms_key.this.key_id")})
	beside[0].unknown == found[0].unknown
}

test_a_policy_of_a_key_elsewhere if {
	elsewhere := _change("aws_kms_key_policy", "a", {"policy": "{}", "key_id": testing.key}, {})
	found := _keys({"apart": [elsewhere, _block("aws_kms_key_policy", "a", {})]})
	found[0].unknown == []
	found[1].arn == testing.key
}

test_replicas_and_keys_with_imported_material if {
	replica := _keys({"key": [
		_change("aws_kms_replica_key", "this", {"policy": "{}", "enabled": true}, _later),
		_block("aws_kms_replica_key", "this", {}),
	]})
	replica[0].metadata == {"multi_region": true, "state": "Enabled"}
	external := _keys({"key": [
		_change("aws_kms_external_key", "this", {"policy": "{}", "enabled": true, "multi_region": true}, _later),
		_block("aws_kms_external_key", "this", {}),
	]})
	external[0].metadata == {"multi_region": true}
	switched_off := _keys({"key": [
		_change("aws_kms_external_key", "this", {"policy": "{}", "enabled": false, "multi_region": true}, _later),
		_block("aws_kms_external_key", "this", {}),
	]})
	switched_off[0].metadata == {"multi_region": true, "state": "Disabled"}
}

test_what_decides_whether_the_key_can_be_used_and_is_not_known if {
	[change, block] := _planned.key
	undecided := object.union(change, {"change": {"after_unknown": {"is_enabled": true, "key_usage": true}}})
	said := {"is_enabled": _to("var.on"), "policy": _to("local.policy")}
	found := _keys({"key": [undecided, object.union(block, {"expressions": said})]})
	found[0].unknown == [sprintf("whether CloudTrail can use the key: %v", [
		_unknown("aws_kms_key.this", "is_enabled", "var.on"),
	])]
}

_doubts(values) := _doubts_of({}, values)

_doubts_of(said, values) := [split(reason, ": ")[1] | some reason in found[0].unknown] if {
	found := terraform.keys({
		"planned_values": {"root_module": {"resources": [{
			"address": "aws_kms_key.this",
			"mode": "managed",
			"type": "aws_kms_key",
			"name": "this",
			"values": object.union({"policy": _policy_text}, values),
		}]}},
		"configuration": {"root_module": {"resources": [_block("aws_kms_key", "this", said)]}},
	})
}

test_what_decides_whether_the_key_can_be_used_and_is_not_shown if {
	_doubts_of({}, {}) == []
	_doubts_of({"is_enabled": _to("var.on")}, {}) == [
		"the plan does not show is_enabled of aws_kms_key.this (it refers to var.on)",
	]
	_doubts_of({"is_enabled": _to("var.on")}, {"is_enabled": true}) == []
}

test_what_decides_whether_the_key_can_be_used_and_is_nothing_that_it_can_be if {
	_doubts({"is_enabled": "false"}) == ["is_enabled of aws_kms_key.this is neither true nor false"]
	_doubts({"key_usage": 1}) == ["key_usage of aws_kms_key.this is no text"]
	_doubts({"is_enabled": null, "key_usage": null}) == []
	_doubts({"is_enabled": false, "key_usage": "SIGN_VERIFY"}) == []
}

test_a_trail_whose_arn_is_known_in_part if {
	moved := object.union(_plan({}), {"prior_state": {"values": {"root_module": {"resources": []}}}})
	found := terraform.keys(moved)
	found[0].trails["aws_cloudtrail.this"].arn == {
		"ctkms:unknown": "the ARN of aws_cloudtrail.this",
		"ctkms:like": "arn:aws:cloudtrail:us-east-1:*:*",
	}
}

test_an_organization_trail_belongs_to_the_management_account if {
	trail := _with(
		"trail", {"name": "management-events", "is_organization_trail": true},
		{"arn": true, "kms_key_id": true},
	)
	expected := {"organization": {"management_account": "999999999999"}}
	found := _keys(trail) with data.expected as expected
	object.keys(found[0].trails) == {"arn:aws:cloudtrail:us-east-1:999999999999:trail/management-events"}
	not "owner_assumed" in object.keys([entry | some entry in found[0].trails][0])
	same := _keys(trail)
	object.keys(same[0].trails) == {testing.trail}
	same[0].trails[testing.trail].owner_assumed
}

test_an_arn_that_aws_gave_tells_the_owner if {
	found := _keys(_with(
		"trail", {"name": "management-events", "is_organization_trail": true, "arn": testing.trail},
		{"kms_key_id": true},
	))
	not "owner_assumed" in object.keys(found[0].trails[testing.trail])
}

test_of_a_trail_that_may_be_an_organizations_nobody_knows_the_account if {
	found := _keys(_with(
		"trail", {"name": "management-events"},
		{"arn": true, "kms_key_id": true, "is_organization_trail": true},
	))
	found[0].trails["aws_cloudtrail.this"].arn == {
		"ctkms:unknown": "the ARN of aws_cloudtrail.this",
		"ctkms:like": "arn:aws:cloudtrail:us-east-1:*:*",
	}
}

test_a_store if {
	store := [
		_change("aws_cloudtrail_event_data_store", "lake", {"organization_enabled": true}, {"arn": true, "kms_key_id": true}),
		_block("aws_cloudtrail_event_data_store", "lake", {"kms_key_id": _to("aws_kms_key.this.arn")}),
	]
	found := _keys({"store": store})
	found[0].event_data_stores == {"aws_cloudtrail_event_data_store.lake": {"organization": true, "arn": {
		"ctkms:unknown": "the ARN of aws_cloudtrail_event_data_store.lake",
		"ctkms:like": "arn:aws:cloudtrail:us-east-1:111111111111:*",
	}}}
}

_topic(after, unknown) := [
	_change("aws_sns_topic", "this", after, unknown),
	_block("aws_sns_topic", "this", {"kms_master_key_id": _to("aws_kms_key.this.arn")}),
]

test_the_key_of_a_topic if {
	trail := [
		_change("aws_cloudtrail", "this", {"arn": testing.trail}, {"sns_topic_name": true}),
		_block("aws_cloudtrail", "this", {"sns_topic_name": _to("aws_sns_topic.this.name")}),
	]
	by_reference := _keys({"trail": trail, "topic": _topic({"name": "events"}, {"kms_master_key_id": true, "arn": true})})
	object.keys(by_reference[0].topics) == {testing.trail}
	named := _with("trail", {"arn": testing.trail, "sns_topic_name": "events"}, {})
	by_name := _keys(object.union(named, {"topic": _topic({"name": "events"}, {"kms_master_key_id": true})}))
	object.keys(by_name[0].topics) == {testing.trail}
	plain := _keys(object.union(named, {"topic": _topic({"name": "events", "kms_master_key_id": ""}, {})}))
	plain[0].topics == {}
}

_bucket_key(changes) := _keys(changes)[0].trails[testing.trail].bucket.bucket_key

test_whether_the_bucket_uses_a_bucket_key if {
	_bucket_key({}) == true
	_bucket_key(_with("encryption", {"rule": [{"bucket_key_enabled": null}]}, {"bucket": true})) == false
	_bucket_key({"encryption": null}) == false
	inline := {"server_side_encryption_configuration": [{"rule": [{"bucket_key_enabled": true}]}]}
	written := {"encryption": null, "bucket": [
		_change("aws_s3_bucket", "this", inline, {"id": true}),
		_block("aws_s3_bucket", "this", {"server_side_encryption_configuration": [{"rule": [{}]}]}),
	]}
	_bucket_key(written) == true
}

test_what_is_not_known_of_the_bucket if {
	open := {"ctkms:unknown": "whether the bucket uses an S3 Bucket Key"}
	every unknown in [true, [{"bucket_key_enabled": true}]] {
		_bucket_key(_with("encryption", {"rule": []}, {"bucket": true, "rule": unknown})) == open
	}
	_bucket_key({"encryption": null, "bucket": [
		_change("aws_s3_bucket", "this", {}, {"id": true, "server_side_encryption_configuration": true}),
		_block("aws_s3_bucket", "gone", {}),
	]}) == open
	_bucket_key(_referring("encryption", {"bucket": _to("local.bucket")})) == {
		"ctkms:unknown": "which resource sets the bucket's encryption",
	}
	_bucket_key({"bucket": null}) == {"ctkms:unknown": "the bucket is not in the plan"}
}

test_a_plan_that_shows_a_part if {
	found := terraform.keys(object.union(_plan({}), {"complete": false}))
	found[0].unknown == [concat(" ", [
		"the plan is not complete:",
		"there may be trails and event data stores that it does not show",
	])]
	whole := terraform.keys(object.union(_plan({}), {"complete": true}))
	whole[0].unknown == []
}

test_a_plan_that_ended_with_an_error if {
	found := terraform.keys(object.union(_plan({}), {"errored": true}))
	found[0].unknown == ["planning ended with an error: the plan is not complete"]
}
