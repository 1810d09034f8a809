# METADATA
# title: Terraform and OpenTofu plans and states
# description: |
#   Keys, and the trails and event data stores that use them, of a plan or state as `terraform show -json` and
#   `tofu show -json` print it, or of a state file: as they are after the plan is applied. What is known only then is
#   not known; where an argument refers to one resource of the plan and to nothing else, it is that one
#   (ctkms.documents.terraform.reference).
# related_resources:
# - ref: https://developer.hashicorp.com/terraform/internals/json-format
# - ref: https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/kms_key
# - ref: https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/kms_key_policy
# - ref: https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/cloudtrail
# - ref: https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/cloudtrail_event_data_store
# custom:
#   library: true
package ctkms.documents.terraform

import data.ctkms.cloudtrail.owner
import data.ctkms.documents.described
import data.ctkms.documents.inside
import data.ctkms.documents.terraform.location
import data.ctkms.documents.terraform.reference
import data.ctkms.documents.terraform.resource
import data.ctkms.documents.usage
import data.ctkms.policy

# METADATA
# scope: document
# description: "True for a plan or state as the tools print it, and for a state file."
recognises(document) if {
	is_object(document)
	is_array(object.get(document, "resource_changes", null))
}

recognises(document) if {
	is_object(document)
	some member in ["planned_values", "values"]
	is_object(object.get(document, member, null))
	is_object(object.get(document[member], "root_module", null))
}

recognises(document) if {
	is_object(document)
	is_string(object.get(document, "lineage", null))
	is_array(object.get(document, "resources", null))
}

# METADATA
# description: "The keys, and the key policies of keys that the plan does not hold."
keys(document) := array.concat(usage.keys(_told(plan)), _policies_elsewhere(plan)) if {
	plan := _plan(document)
}

# METADATA
# description: "The trails and event data stores that use no key of the plan."
rest(document) := usage.rest(_told(_plan(document)))

_ids := {"arn", "key_id", "id", ""}

_key_attributes := {
	"aws_kms_key": _ids,
	"aws_kms_external_key": _ids,
	"aws_kms_replica_key": _ids,
	"aws_kms_replica_external_key": _ids,
}

_alias_attributes := {"aws_kms_alias": {"arn", "id", "name", "target_key_arn", "target_key_id", ""}}

_bucket_attributes := {"aws_s3_bucket": {"id", "bucket", ""}}

_topic_attributes := {"aws_sns_topic": {"arn", "id", "name", ""}}

_trail := "aws_cloudtrail"

_store := "aws_cloudtrail_event_data_store"

_encryption := "aws_s3_bucket_server_side_encryption_configuration"

_types := object.keys(object.union_n([_key_attributes, _alias_attributes, _bucket_attributes, _topic_attributes])) | {
	"aws_kms_key_policy", _trail, _store, _encryption, "aws_caller_identity", "aws_region", "aws_partition",
}

# What is looked at of a plan.
_plan(document) := {
	"resources": [one | some one in found; one.mode == "managed"],
	"sources": [one | some one in found; one.mode == "data"],
	"modules": reference.modules(configuration),
	"providers": inside.map(configuration, "provider_config"),
	"variables": inside.map(document, "variables"),
	"doubts": _incomplete(document),
	"deployment": object.get(data.ctkms.documents.wrapper, "deployment", {}),
	"deleted_policies": resource.deletions(document, {"aws_kms_key_policy"}),
	"policy_setters": resource.setters(document, "policy"),
} if {
	found := resource.all(document, _types)
	configuration := inside.map(document, "configuration")
}

_incomplete(document) := ["planning ended with an error: the plan is not complete"] if {
	document.errored == true
} else := [_partial] if {
	document.complete == false
} else := []

# Terraform says so where targets were chosen, or changes were deferred.
_partial := "the plan is not complete: there may be trails and event data stores that it does not show"

_of_type(plan, types) := [one | some one in plan.resources; one.type in types]

# What is told of keys, trails and stores, for ctkms.documents.usage.
_told(plan) := {
	"keys": [_key(key, plan) | some key in _of_type(plan, object.keys(_key_attributes))],
	"trails": [object.union(
		{
			"subject": _subject(trail, plan),
			"entry": _trail_entry(trail, plan),
			"key": _key_of(trail, "kms_key_id", plan),
			"place": {"path": trail.path, "part": []},
		},
		{"topic_key": _topic_key(trail, plan)},
	) |
		some trail in _of_type(plan, {_trail})
	],
	"event_data_stores": [
	{
		"subject": _subject(store, plan),
		"entry": object.union(_named(store, plan), {"organization": resource.flag(store, "organization_enabled", false)}),
		"key": _key_of(store, "kms_key_id", plan),
		"place": {"path": store.path, "part": []},
	} |
		some store in _of_type(plan, {_store})
	],
}

# Keys.

_key(key, plan) := {
	"names": (({key.address} | _known(key, ["arn", "key_id", "id"])) | {name |
		some alias in aliases
		some name in _known(alias, ["arn"])
	}),
	"found": object.union(_policy(key, plan), {
		"kind": "terraform",
		"label": _label(key),
		"arn": _known_arn(key),
		"metadata": _metadata(key, plan),
		"aliases": {resource.text(alias, "name"): {} | some alias in aliases; resource.text(alias, "name") != ""},
		"unknown": array.concat(
			array.concat(plan.doubts, location.contradictions(key, plan)),
			array.concat(array.concat(_policy_doubts(key, plan), _order_doubts(key, plan)), _usability_doubts(key, plan)),
		),
	}),
} if {
	aliases := [alias |
		some alias in _of_type(plan, {"aws_kms_alias"})
		_means(alias, "target_key_id", key, plan)
	]
}

_known(one, attributes) := {text |
	some attribute in attributes
	text := resource.text(one, attribute)
	text != ""
}

_known_arn(one) := resource.text(one, "arn") if {
	resource.text(one, "arn") != ""
} else := null

# A key is called by its ARN, and where nobody knows that by its address.
_label(key) := _known_arn(key) if {
	_known_arn(key) != null
} else := key.address

# Whether an argument means the key: by a name that is known, or by what it refers to.
_means(one, argument, key, _) if resource.text(one, argument) in _known(key, ["arn", "key_id", "id"])

_means(one, argument, key, plan) if {
	policy.is_unknown(resource.value(one, argument))
	reference.meant(one, argument, _key_attributes, plan) == key.address
}

# The key that a trail, store or topic names: a name, the address of a key of the plan, null, or the sentinel.
_key_of(one, argument, plan) := null if {
	resource.value(one, argument) in {null, ""}
} else := _named_key(one, resource.text(one, argument), plan) if {
	startswith(resource.text(one, argument), "alias/")
} else := resource.value(one, argument) if {
	is_string(resource.value(one, argument))
} else := _meant_key(one, argument, plan) if {
	_meant_key(one, argument, plan) != ""
} else := _unknown(one, argument, plan)

# The key of an alias in the account and Region of what names it; the name where there is none.
_named_key(one, name, plan) := found[0] if {
	found := [key.address |
		some alias in _of_type(plan, {"aws_kms_alias"})
		resource.text(alias, "name") == name
		location.beside(one, alias, plan)
		some key in _of_type(plan, object.keys(_key_attributes))
		_means(alias, "target_key_id", key, plan)
	]
	count(found) == 1
} else := name

_meant_key(one, argument, plan) := reference.meant(one, argument, _key_attributes, plan) if {
	reference.meant(one, argument, _key_attributes, plan) != ""
} else := [key.address |
	some key in _of_type(plan, object.keys(_key_attributes))
	some alias in _of_type(plan, {"aws_kms_alias"})
	alias.address == reference.meant(one, argument, _alias_attributes, plan)
	_means(alias, "target_key_id", key, plan)
][0]

# Why an argument is not known, with what it refers to.
_unknown(one, argument, plan) := {"ctkms:unknown": sprintf("%v (it refers to %v)", [
	resource.value(one, argument)["ctkms:unknown"],
	words,
])} if {
	words := reference.words(one, argument, plan)
	words != ""
} else := resource.value(one, argument)

# Resources that set the policy of the key, beside the key itself.
_set_apart(key, plan) := [one |
	some one in _of_type(plan, {"aws_kms_key_policy"})
	_means(one, "key_id", key, plan)
]

# Resources with the key's policy that the plan deletes: the provider then gives the key the policy that KMS gives where
# there is none, unless the check for a lockout is to be bypassed. One that is created again after that sets its own.
_restoring(key, plan) := [one |
	some one in plan.deleted_policies
	_means(one, "key_id", key, plan)
	_flag_of_bypass(one) != true
	not _comes_back(one, key, plan)
]

_comes_back(deleted, key, plan) if {
	deleted.order[count(deleted.order) - 1] == "create"
	some one in _set_apart(key, plan)
	one.address == deleted.address
}

# What sets the policy while another resource is deleted; which of the two is last, Terraform does not say.
_setting(key, plan) := {one.address |
	some one in array.concat([key], _set_apart(key, plan))
	one.address in plan.policy_setters
} - {deleted.address | some deleted in plan.deleted_policies}

_policy(key, plan) := object.union(_default(key, plan), {"place": {"path": restoring[0].path, "part": []}}) if {
	restoring := _restoring(key, plan)
	count(restoring) > 0
	count(_setting(key, plan)) == 0
} else := object.union(_written_policy(apart[0], plan), _bypass(apart[0])) if {
	apart := _set_apart(key, plan)
	count(apart) > 0
} else := _default(key, plan) if {
	not is_string(resource.value(key, "policy"))
	_says_nothing(key, "policy", plan)
} else := object.union(_written_policy(key, plan), _bypass(key))

_bypass(one) := {} if {
	_flag_of_bypass(one) == false
} else := {"bypasses_lockout_check": _flag_of_bypass(one)}

_flag_of_bypass(one) := resource.flag(one, "bypass_policy_lockout_safety_check", false)

_written_policy(one, plan) := described.key_policy(
	one.values.policy,
	array.concat(one.path, ["policy"]),
	sprintf("the policy of %v", [one.address]),
) if {
	is_string(resource.value(one, "policy"))
} else := {
	"needs": [],
	"problem": sprintf("its key policy is not known yet: %v", [_unknown(one, "policy", plan)["ctkms:unknown"]]),
	"place": {"path": one.path, "part": []},
} if {
	policy.is_unknown(resource.value(one, "policy"))
} else := {
	"needs": [],
	"problem": sprintf("%v has no policy", [one.address]),
	"place": {"path": one.path, "part": []},
}

# True where the configuration shows the resource, and no value for the argument: AWS then chooses one.
_says_nothing(one, argument, plan) if {
	count(reference.block(one, plan)) > 0
	reference.is_unset(one, argument, plan)
}

_default(key, plan) := {
	"policy": described.default_policy(location.partition(key, plan), location.account(key, plan)),
	"place": {"path": key.path, "part": []},
}

_policy_doubts(key, plan) := [sprintf("which of them sets its policy: %v", [concat(", ", addresses)])] if {
	addresses := [one.address | some one in _set_apart(key, plan)]
	count(addresses) > 1
} else := [sprintf("whether %v sets its policy: %v", [one.address, _unknown(one, "key_id", plan)["ctkms:unknown"]]) |
	some one in _of_type(plan, {"aws_kms_key_policy"})
	policy.is_unknown(resource.value(one, "key_id"))
	count(_owners(one, plan)) == 0
]

_order_doubts(key, plan) := [sprintf(_order, [restoring[0].address, concat(", ", setting)])] if {
	restoring := _restoring(key, plan)
	setting := _setting(key, plan)
	count(restoring) > 0
	count(setting) > 0
} else := []

_order := "whether %v is deleted, which puts the default policy back, before %v sets the policy"

_owners(one, plan) := [key.address |
	some key in _of_type(plan, object.keys(_key_attributes))
	_means(one, "key_id", key, plan)
]

# Policies of keys that the plan does not hold; nothing is known of who uses those.
_policies_elsewhere(plan) := [object.union_n([_written_policy(one, plan), _bypass(one), {
	"kind": "terraform",
	"label": sprintf("the key of %v", [one.address]),
	"arn": _arn_in(resource.text(one, "key_id")),
	"unknown": plan.doubts,
}]) |
	some one in _of_type(plan, {"aws_kms_key_policy"})
	count(_owners(one, plan)) == 0
]

_arn_in(name) := name if {
	contains(name, ":key/")
} else := null

# What is not known is left out.
_metadata(key, plan) := {member: value |
	some member, value in {
		"multi_region": _multi_region(key, plan),
		"state": object.get({true: "Enabled", false: "Disabled"}, _enabled(key), null),
		"spec": _attribute(key, "customer_master_key_spec"),
		"usage": _attribute(key, "key_usage"),
	}
	not is_null(value)
	not policy.is_unknown(value)
}

# What decides whether CloudTrail can use the key at all, not known before the plan is applied, not shown, or nothing
# that it can be.
_usability_doubts(key, plan) := [sprintf("whether CloudTrail can use the key: %v", [why]) |
	some attribute in object.get(_usability, key.type, [])
	why := _usability_doubt(key, attribute, plan)
	why != ""
]

_usability_doubt(key, attribute, plan) := "" if {
	policy.is_unknown(resource.value(key, attribute))
	_says_nothing(key, attribute, plan)
} else := _unknown(key, attribute, plan)["ctkms:unknown"] if {
	policy.is_unknown(resource.value(key, attribute))
} else := resource.flag(key, attribute, true)["ctkms:unknown"] if {
	attribute in {"is_enabled", "enabled"}
	policy.is_unknown(resource.flag(key, attribute, true))
} else := "" if {
	attribute in {"is_enabled", "enabled"}
} else := sprintf("%v of %v is no text", [attribute, key.address]) if {
	resource.value(key, attribute) != null
	not is_string(resource.value(key, attribute))
} else := ""

_usability := {
	"aws_kms_key": ["is_enabled", "customer_master_key_spec", "key_usage"],
	"aws_kms_replica_key": ["enabled"],
	"aws_kms_external_key": ["enabled"],
	"aws_kms_replica_external_key": ["enabled"],
}

# A key whose material is imported is in a state that hangs on that, but for one that is switched off.
_enabled(key) := resource.flag(key, "is_enabled", true) if {
	key.type == "aws_kms_key"
} else := resource.flag(key, "enabled", true) if {
	key.type == "aws_kms_replica_key"
} else := false if {
	key.type in object.keys(_key_attributes)
	resource.value(key, "enabled") == false
} else := null

_multi_region(key, plan) := false if {
	key.type in {"aws_kms_key", "aws_kms_external_key"}
	policy.is_unknown(resource.value(key, "multi_region"))
	_says_nothing(key, "multi_region", plan)
} else := resource.flag(key, "multi_region", false) if {
	key.type in {"aws_kms_key", "aws_kms_external_key"}
} else := true

_attribute(key, name) := resource.value(key, name) if {
	key.type == "aws_kms_key"
} else := null

# Trails and event data stores.

# Called by the ARN, and where nobody knows that by the address.
_subject(one, plan) := _arn(one, plan) if {
	is_string(_arn(one, plan))
} else := one.address

_named(one, plan) := {} if {
	is_string(_arn(one, plan))
} else := {"arn": _arn(one, plan)}

_arn(one, plan) := resource.text(one, "arn") if {
	resource.text(one, "arn") != ""
} else := concat(":", ["arn", fields.partition, "cloudtrail", fields.region, fields.account, name]) if {
	one.type == _trail
	resource.text(one, "name") != ""
	fields := _fields(one, plan)
	not "" in {field | some field in fields}
	name := sprintf("trail/%v", [resource.text(one, "name")])
} else := {
	"ctkms:unknown": sprintf("the ARN of %v", [one.address]),
	"ctkms:like": concat(":", [
		"arn", _or_any(fields.partition), "cloudtrail",
		_or_any(fields.region), _or_any(fields.account), "*",
	]),
} if {
	fields := _fields(one, plan)
}

_fields(one, plan) := {
	"partition": location.partition(one, plan),
	"region": location.region(one, plan),
	"account": _owner(one, plan),
}

_or_any("") := "*"

_or_any(field) := field if field != ""

# A trail of an organization has the management account in its ARN, whoever creates it; where it is not known whether it
# is one, nobody knows the account.
_owner(one, plan) := management if {
	resource.flag(one, "is_organization_trail", false) == true
	management := object.get(data.ctkms.expectations.organization, "management_account", null)
	is_string(management)
} else := "" if {
	policy.is_unknown(resource.flag(one, "is_organization_trail", false))
} else := location.account(one, plan)

_trail_entry(trail, plan) := object.union_n([_named(trail, plan), _owner_mark(trail), {
	"organization": resource.flag(trail, "is_organization_trail", false),
	"log_file_validation": resource.flag(trail, "enable_log_file_validation", false),
	"bucket": object.union(_path(trail), _bucket(_bucket_of(trail, plan), plan)),
}])

# An ARN that AWS gave tells the owner.
_owner_mark(trail) := owner.mark(resource.flag(trail, "is_organization_trail", false)) if {
	resource.text(trail, "arn") == ""
} else := {}

# Without the prefix, where it is not known, the path of a log file is not known either.
_path(trail) := {"name": resource.text(trail, "s3_bucket_name"), "prefix": resource.text(trail, "s3_key_prefix")} if {
	resource.text(trail, "s3_bucket_name") != ""
	not policy.is_unknown(resource.value(trail, "s3_key_prefix"))
} else := {}

# The buckets of the plan that a trail writes to, or that a resource is about.
_bucket_of(trail, plan) := [bucket |
	some bucket in _of_type(plan, {"aws_s3_bucket"})
	_is_about(trail, "s3_bucket_name", bucket, plan)
]

_is_about(one, argument, bucket, _) if resource.text(one, argument) in _known(bucket, ["bucket", "id"])

_is_about(one, argument, bucket, plan) if {
	policy.is_unknown(resource.value(one, argument))
	reference.meant(one, argument, _bucket_attributes, plan) == bucket.address
}

_bucket(buckets, plan) := {"bucket_key": {"ctkms:unknown": "the bucket is not in the plan"}} if {
	count(buckets) != 1
} else := object.union(
	{member: told |
		some [member, told] in [
			["region", location.region(buckets[0], plan)],
			["account", location.account(buckets[0], plan)],
		]
		told != ""
	},
	{"bucket_key": _bucket_key(buckets[0], plan)},
)

_bucket_key(bucket, plan) := _turned_on(
	inside.list(encryptions[0].values, "rule"),
	object.get(encryptions[0].unknown, "rule", []),
) if {
	encryptions := _encryptions(bucket, plan)
	count(encryptions) == 1
} else := {"ctkms:unknown": "which resource sets the bucket's encryption"} if {
	count(_encryptions(bucket, plan)) + count(_encryptions_elsewhere(plan)) > 0
} else := _inline(bucket, plan)

_encryptions(bucket, plan) := [one |
	some one in _of_type(plan, {_encryption})
	_is_about(one, "bucket", bucket, plan)
]

# Those of which nobody knows which bucket they are about.
_encryptions_elsewhere(plan) := [one |
	some one in _of_type(plan, {_encryption})
	policy.is_unknown(resource.value(one, "bucket"))
	reference.meant(one, "bucket", _bucket_attributes, plan) == ""
]

# A bucket that nobody configures has no Bucket Key.
_inline(bucket, plan) := _turned_on(rules, []) if {
	is_array(resource.value(bucket, "server_side_encryption_configuration"))
	rules := [rule |
		some one in resource.value(bucket, "server_side_encryption_configuration")
		some rule in inside.list(one, "rule")
	]
} else := false if {
	_says_nothing(bucket, "server_side_encryption_configuration", plan)
} else := {"ctkms:unknown": "whether the bucket uses an S3 Bucket Key"}

# Whether one of the rules turns the Bucket Key on; with what is not known of them yet.
_turned_on(rules, unknown) := {"ctkms:unknown": "whether the bucket uses an S3 Bucket Key"} if {
	unknown == true
} else := {"ctkms:unknown": "whether the bucket uses an S3 Bucket Key"} if {
	contains(json.marshal(unknown), `"bucket_key_enabled":true`)
} else := true in {object.get(rule, "bucket_key_enabled", false) | some rule in rules; is_object(rule)}

_topic_key(trail, plan) := _key_of(topics[0], "kms_master_key_id", plan) if {
	topics := [topic |
		some topic in _of_type(plan, {"aws_sns_topic"})
		_notifies(trail, topic, plan)
	]
	count(topics) == 1
} else := null

_notifies(trail, topic, _) if resource.text(trail, "sns_topic_name") in _known(topic, ["arn", "id", "name"])

_notifies(trail, topic, plan) if {
	policy.is_unknown(resource.value(trail, "sns_topic_name"))
	reference.meant(trail, "sns_topic_name", _topic_attributes, plan) == topic.address
}
