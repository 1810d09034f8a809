# METADATA
# title: CloudFormation templates
# description: |
#   Keys, and the trails and event data stores that use them, of a template. The command line resolves intrinsic
#   functions beforehand, which takes recursion, and tells what Ref and Fn::GetAtt return for a resource under
#   "ctkms:attributes". In a template as it is written, functions are values that are not known, save for plain
#   references to resources.
# related_resources:
# - ref: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-kms-key.html
# - ref: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-kms-replicakey.html
# - ref: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudtrail-trail.html
# - ref: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudtrail-eventdatastore.html
# custom:
#   library: true
package ctkms.documents.cloudformation

import data.ctkms.cloudtrail.owner
import data.ctkms.documents.cloudformation.intrinsic
import data.ctkms.documents.cloudformation.reference
import data.ctkms.documents.described
import data.ctkms.documents.policy_text
import data.ctkms.policy

# METADATA
# description: "True for an object with resources of which one has a type, or with the version of templates."
recognises(document) if {
	is_object(document)
	is_object(object.get(document, "Resources", null))
	_has_type_or_version(document)
}

# METADATA
# description: "The keys of the template, and its loops and stack sets that may make some."
keys(document) := array.concat(
	[object.union(_key(name, key), _uses(name, resources, object.get(document, "ctkms:stack", {}))) |
		some name, key in resources
		key.type in _key_types
	],
	[{
		"kind": "cloudformation",
		"label": name,
		"arn": null,
		"needs": [],
		"problem": sprintf(problem, [name]),
		"place": {"path": ["Resources", name], "part": []},
	} |
		some name, resource in document.Resources
		some problem in _unseen(name, resource)
	],
) if {
	resources := _resources(document)
}

# Why it is not known which keys, trails and stores something makes, if it may make some.
_unseen(name, loop) := {"what %v makes is not known before the deployment"} if {
	_may_make_some(name, loop)
} else := {"the template in %v is not looked at: put it into a file of its own, and check that, too"} if {
	_member(loop, "Type", "") == "AWS::CloudFormation::StackSet"
	_speaks_of_keys(_member(_member(loop, "Properties", {}), "TemplateBody", ""))
} else := set()

# METADATA
# description: "The trails and event data stores that use no key of the template."
rest(document) := {
	"trails": _users(resources, _trail, "", object.get(document, "ctkms:stack", {})),
	"event_data_stores": _users(resources, _store, "", {}),
} if {
	resources := _resources(document)
}

_key_types := {"AWS::KMS::Key", "AWS::KMS::ReplicaKey"}

_trail := "AWS::CloudTrail::Trail"

_store := "AWS::CloudTrail::EventDataStore"

_types := _key_types | {"AWS::KMS::Alias", _trail, _store, "AWS::S3::Bucket", "AWS::SNS::Topic"}

_has_type_or_version(document) if "AWSTemplateFormatVersion" in object.keys(document)

_has_type_or_version(document) if {
	some resource in document.Resources
	contains(_text(_member(resource, "Type", "")), "::")
}

# The resources that say something about keys: their type, their properties as written, what Ref and Fn::GetAtt return.
_resources(document) := {name: made |
	some name, resource in document.Resources
	_member(resource, "Type", "") in _types
	made := {
		"type": resource.Type,
		"written": _object(_member(resource, "Properties", {})),
		"attributes": _object(_member(resource, "ctkms:attributes", {})),
		"place": {"path": ["Resources", name], "part": []},
	}
}

# A loop with such a resource in it; the command line puts the sentinel in its place.
_may_make_some(name, loop) if {
	startswith(name, "Fn::ForEach::")
	policy.is_unknown(loop)
}

_may_make_some(name, loop) if {
	startswith(name, "Fn::ForEach::")
	some type in _types
	contains(json.marshal(loop), sprintf(`"%v"`, [type]))
}

# The template in a stack set, which is text, or made by functions.
_speaks_of_keys(template) if {
	some type in (_key_types | {_trail, _store})
	contains(json.marshal(template), type)
}

# The property of a resource; the sentinel where it is a function.
_property(resource, name, otherwise) := intrinsic.value(object.get(resource.written, name, otherwise))

# A property that is true or false, which CloudFormation takes as text, too.
_flag(resource, name, otherwise) := _truth(_property(resource, name, otherwise))

_truth(value) if {
	value in {true, "true"}
} else := false if {
	value in {false, "false"}
} else := value if {
	policy.is_unknown(value)
} else := {"ctkms:unknown": "what is neither true nor false"}

_member(value, name, otherwise) := object.get(value, name, otherwise) if {
	is_object(value)
} else := otherwise

_object(value) := value if {
	is_object(value)
	not policy.is_unknown(value)
} else := {}

_text(value) := value if {
	is_string(value)
} else := ""

# Keys.

_key(name, key) := object.union_n([
	{
		"kind": "cloudformation",
		"label": object.get(key.attributes, "Label", name),
		"arn": _arn(key),
		"metadata": _metadata(key),
		"unknown": _doubts(key),
	},
	_policy(key),
	_bypass(_flag(key, "BypassPolicyLockoutSafetyCheck", false)),
])

_bypass(false) := {}

_bypass(flag) := {"bypasses_lockout_check": flag} if flag != false

_arn(resource) := object.get(resource.attributes, "Arn", null) if {
	is_string(object.get(resource.attributes, "Arn", null))
} else := null

_policy(key) := {
	"policy": described.default_policy(described.field(_arn(key), 1), described.field(_arn(key), 4)),
	"place": key.place,
} if {
	not "KeyPolicy" in object.keys(key.written)
} else := {
	"needs": [],
	"problem": sprintf("its key policy is not known yet: %v", [_property(key, "KeyPolicy", {})["ctkms:unknown"]]),
	"place": _key_policy(key, []),
} if {
	policy.is_unknown(_property(key, "KeyPolicy", {}))
} else := object.union(
	policy_text.read(key.written.KeyPolicy, "the string under \"KeyPolicy\""),
	{"place": _key_policy(key, [null])},
) if {
	is_string(key.written.KeyPolicy)
} else := {"policy": intrinsic.policy(key.written.KeyPolicy), "place": _key_policy(key, [])} if {
	is_object(key.written.KeyPolicy)
} else := {"problem": "its KeyPolicy is no object", "unparsable": true, "place": _key_policy(key, [])}

_key_policy(key, more) := {
	"path": array.concat(key.place.path, array.concat(["Properties", "KeyPolicy"], more)),
	"part": [],
}

# What is not known is left out. A replica has the spec and usage of its primary key.
_metadata(key) := {member: value |
	some [member, value] in [
		["multi_region", _multi_region(key)],
		["state", _state(key)],
		["spec", _primary(key, "KeySpec", "SYMMETRIC_DEFAULT")],
		["usage", _primary(key, "KeyUsage", "ENCRYPT_DECRYPT")],
	]
	not is_null(value)
	not policy.is_unknown(value)
}

# What decides whether CloudTrail can use the key at all, written but not known, or nothing that it can be.
_doubts(key) := [sprintf("whether CloudTrail can use the key: its %v is %v", [name, why]) |
	some name, usual in {
		"Enabled": true,
		"KeySpec": "SYMMETRIC_DEFAULT",
		"KeyUsage": "ENCRYPT_DECRYPT",
		"Origin": "AWS_KMS",
	}
	why := _doubt(name, _property(key, name, usual))
	why != ""
]

_doubt(name, value) := sprintf("not known yet: %v", [value["ctkms:unknown"]]) if {
	policy.is_unknown(value)
} else := "neither true nor false" if {
	name == "Enabled"
	policy.is_unknown(_truth(value))
} else := "" if {
	name == "Enabled"
} else := "no text" if {
	not is_string(value)
} else := "none that KMS has" if {
	name == "Origin"
	not value in {"AWS_KMS", "EXTERNAL", "AWS_CLOUDHSM", "EXTERNAL_KEY_STORE"}
} else := ""

# A key whose material is yet to be imported, or kept elsewhere, is in a state of which the template says nothing.
_state(key) := null if {
	_property(key, "Origin", "AWS_KMS") != "AWS_KMS"
} else := "Enabled" if {
	_flag(key, "Enabled", true) == true
} else := "Disabled" if {
	_flag(key, "Enabled", true) == false
} else := null

_primary(key, name, usual) := _property(key, name, usual) if {
	key.type == "AWS::KMS::Key"
} else := null

_multi_region(key) if {
	key.type == "AWS::KMS::ReplicaKey"
} else := _flag(key, "MultiRegion", false)

# What uses a key.

_uses(name, resources, stack) := {
	"aliases": {reference.alias_name(alias): {} |
		some alias in resources
		alias.type == "AWS::KMS::Alias"
		reference.key(object.get(alias.written, "TargetKeyId", null), resources) == name
		is_string(reference.alias_name(alias))
	},
	"trails": _users(resources, _trail, name, stack),
	"event_data_stores": _users(resources, _store, name, stack),
	"topics": {_subject(trail_id, trail): _entry(trail_id, trail, resources, stack) |
		some trail_id, trail in resources
		trail.type == _trail
		_topic_key(trail, resources) == name
	},
}

# The trails or stores that use the key of that name; with "", those that use none of the template's.
_users(resources, type, key, stack) := {_subject(name, resource): entry |
	some name, resource in resources
	resource.type == type
	written := object.get(resource.written, _key_property[type], null)
	reference.key(written, resources) == key
	entry := object.union(_entry(name, resource, resources, stack), _outside(resource, written, key))
}

_key_property := {_trail: "KMSKeyId", _store: "KmsKeyId"}

# Which key from outside the template a trail or store uses, if any.
_outside(resource, written, key) := {"place": resource.place, "key": intrinsic.value(written)} if {
	key == ""
	not is_null(written)
} else := {}

# A trail or store is called by its ARN, and where nobody knows that by its logical id.
_subject(name, resource) := _arn(resource) if {
	is_string(_arn(resource))
} else := name

_named(name, resource) := {} if {
	is_string(_arn(resource))
} else := {"arn": resource.attributes.Arn} if {
	policy.is_unknown(object.get(resource.attributes, "Arn", null))
} else := {"arn": {"ctkms:unknown": sprintf("the ARN of %v", [name])}}

_entry(name, resource, resources, stack) := object.union_n([_named(name, resource), _owner_mark(resource), {
	"organization": _flag(resource, "IsOrganizationTrail", false),
	"log_file_validation": _flag(resource, "EnableLogFileValidation", false),
	"bucket": object.union(_path(resource), _bucket(_bucket_of(resource, resources), resources, stack)),
}]) if {
	resource.type == _trail
} else := object.union(_named(name, resource), {"organization": _flag(resource, "OrganizationEnabled", false)})

_owner_mark(trail) := owner.mark(_flag(trail, "IsOrganizationTrail", false)) if {
	is_string(_arn(trail))
} else := {}

_topic_key(trail, resources) := reference.key(written, resources) if {
	topic := reference.resource(object.get(trail.written, "SnsTopicName", null), {"AWS::SNS::Topic"}, resources)
	topic != ""
	written := object.get(resources[topic].written, "KmsMasterKeyId", null)
} else := ""

_bucket_of(trail, resources) := reference.resource(
	object.get(trail.written, "S3BucketName", null),
	{"AWS::S3::Bucket"}, resources,
)

# Without the prefix, where it is not known, the path of a log file is not known either.
_path(trail) := {"name": _property(trail, "S3BucketName", null), "prefix": _property(trail, "S3KeyPrefix", "")} if {
	is_string(_property(trail, "S3BucketName", null))
	is_string(_property(trail, "S3KeyPrefix", ""))
} else := {}

_bucket(name, resources, stack) := {"bucket_key": {"ctkms:unknown": "the bucket is not in the template"}} if {
	name == ""
} else := object.union(stack, {"bucket_key": _bucket_key(_property(resources[name], "BucketEncryption", {}))})

# Whether one of the rules of the bucket's encryption turns the Bucket Key on.
_bucket_key(encryption) if {
	true in _bucket_key_flags(encryption)
} else := false if {
	_bucket_key_flags(encryption) - {false} == set()
} else := encryption if {
	policy.is_unknown(encryption)
} else := {"ctkms:unknown": "whether the bucket uses an S3 Bucket Key"}

_bucket_key_flags(encryption) := {encryption} if {
	policy.is_unknown(encryption)
} else := {flag |
	some rule in _list(intrinsic.value(_member(encryption, "ServerSideEncryptionConfiguration", [])))
	flag := _truth(_rule_flag(intrinsic.value(rule)))
}

_rule_flag(rule) := rule if {
	policy.is_unknown(rule)
} else := intrinsic.value(_member(rule, "BucketKeyEnabled", false))

_list(value) := value if {
	is_array(value)
} else := [value]
