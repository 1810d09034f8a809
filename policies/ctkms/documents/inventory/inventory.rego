# METADATA
# title: Inventories
# description: |
#   Our own form for what a live account holds: what the AWS APIs return, gathered by name. All sections but the first
#   member may be missing.
#
#       {
#         "ctkms_inventory": 1,
#         "keys": {KEY_ARN: {
#           "KeyMetadata": {…},                      # kms:DescribeKey
#           "Policy": "…",                           # kms:GetKeyPolicy: text, as the API gives it
#           "Aliases": [{"AliasName": …}, …]         # kms:ListAliases
#         }},
#         "trails": {TRAIL_ARN: {"S3BucketName": …, "KmsKeyId": …}},       # of trailList, cloudtrail:DescribeTrails
#         "event_data_stores": {STORE_ARN: {"KmsKeyId": …, …}},            # cloudtrail:GetEventDataStore
#         "buckets": {NAME: {
#           "ServerSideEncryptionConfiguration": {"Rules": […]},           # s3:GetEncryptionConfiguration
#           "Region": …,                             # s3:GetBucketLocation; us-east-1 by its name
#           "Account": …                             # the account that owns it
#         }},
#         "topics": {TOPIC_ARN: {"KmsMasterKeyId": …}},                    # Attributes of sns:GetTopicAttributes
#         "missing": [{"resource": …, "permission": "kms:GetKeyPolicy", "why": "AccessDeniedException: …"}]
#       }
#
#   missing says what could not be read: of a key, trail, store or topic (resource is its ARN), of a bucket (its name),
#   or of a Region or account (anything else), of which it is then not known which trails and stores use the keys. A
#   key that is in use, but could not be read at all, has an empty object under keys.
# custom:
#   library: true
package ctkms.documents.inventory

import data.ctkms.documents.described
import data.ctkms.documents.inside
import data.ctkms.documents.usage
import data.ctkms.policy

# METADATA
# description: "True for an object that says which version of the form it is."
recognises(document) if {
	is_object(document)
	"ctkms_inventory" in object.keys(document)
}

# METADATA
# description: "The keys of the inventory; an object that says what is wrong with it, where it is not as it should be."
keys(document) := gathered_keys("inventory", document, {}) if {
	count(_problems(document)) == 0
} else := [{
	"kind": "inventory",
	"label": "inventory",
	"arn": null,
	"needs": [],
	"problem": concat("; ", _problems(document)),
}]

# METADATA
# description: "The trails and event data stores that use no key of the inventory."
rest(document) := gathered_rest(document, {}) if {
	count(_problems(document)) == 0
} else := {}

# METADATA
# description: |
#   The keys of what another kind of document holds, gathered into an inventory. `places` says where keys, trails and
#   event_data_stores stand in that document, by ARN, and its policies.
gathered_keys(kind, gathered, places) := usage.keys(_told(kind, gathered, places))

# METADATA
# description: "The trails and event data stores among them that use no key of the document."
gathered_rest(gathered, places) := usage.rest(_told("", gathered, places))

_problems(document) := [sprintf("it is an inventory of version %v; this ctkms reads version 1", [version])] if {
	version := json.marshal(document.ctkms_inventory)
	version != "1"
} else := array.concat(
	[sprintf("its member %v is no object of objects by name", [section]) |
		some section in ["keys", "trails", "event_data_stores", "buckets", "topics"]
		not _is_map(object.get(document, section, {}))
	],
	["its member missing is no list of objects with resource, permission and why" |
		not _is_list_of_missing(object.get(document, "missing", []))
	],
)

_is_map(section) if {
	is_object(section)
	every _, value in section {
		is_object(value)
	}
}

_is_list_of_missing(section) if {
	is_array(section)
	every one in section {
		is_object(one)
		every name in ["resource", "permission", "why"] {
			is_string(object.get(one, name, null))
		}
	}
}

# What is told of keys, trails and stores, for ctkms.documents.usage.
_told(kind, document, places) := {
	"keys": [_key(arn, kind, document, places) | some arn in _arns(document)],
	"trails": [
	{
		"subject": arn,
		"entry": object.union(described.trail(given), {"bucket": _bucket(given, document)}),
		"key": _reference(arn, object.get(given, "KmsKeyId", null), document),
		"topic_key": _topic_key(given, document),
		"place": {"path": _path(places, "trails", arn), "part": []},
	} |
		some arn, given in object.get(document, "trails", {})
	],
	"event_data_stores": [
	{
		"subject": arn,
		"entry": described.store(given),
		"key": _reference(arn, object.get(given, "KmsKeyId", null), document),
		"place": {"path": _path(places, "event_data_stores", arn), "part": []},
	} |
		some arn, given in object.get(document, "event_data_stores", {})
	],
}

# The keys under keys, and those of which something is missing; not those of AWS, whose policies nobody can change, and
# which no trail and no event data store can use.
_arns(document) := sort({arn |
	some arn, given in object.get(document, "keys", {})
	inside.text(inside.map(given, "KeyMetadata"), "KeyManager") != "AWS"
} | {one.resource |
	some one in object.get(document, "missing", [])
	contains(one.resource, ":key/")
	not one.resource in object.keys(object.get(document, "keys", {}))
})

_key(arn, kind, document, places) := {
	"names": _names(arn, aliases),
	"found": object.union(_policy(arn, given, document, places), {
		"kind": kind,
		"label": arn,
		"arn": arn,
		"metadata": {member: value | some member, value in said; not policy.is_unknown(value)},
		"aliases": {alias: {} | some alias in aliases},
		"unknown": array.concat(array.concat(_missing(arn, document), _contradictions(said)), _unseen(document)),
	}),
} if {
	given := object.get(object.get(document, "keys", {}), arn, {})
	said := described.metadata(object.get(given, "KeyMetadata", {}))
	aliases := {alias |
		some one in policy.as_list(object.get(given, "Aliases", []))
		alias := described.said(one, "AliasName", null)
		is_string(alias)
	}
}

# What the outputs of two commands say otherwise of the key.
_contradictions(said) := [sprintf("the key's %v: %v", [member, why]) |
	some member, value in said
	policy.is_unknown(value)
	why := value["ctkms:unknown"]
]

# The names that what uses a key has for it, in full.
_names(arn, aliases) := {arn} | {name |
	some alias in aliases
	name := concat(":", array.concat(array.slice(split(arn, ":"), 0, 5), [alias]))
}

_policy(arn, given, document, places) := {
	"needs": [],
	"problem": sprintf("its key policy is not known: %v", [given.Policy["ctkms:unknown"]]),
	"place": {"path": _path(places, "keys", arn), "part": []},
} if {
	policy.is_unknown(given.Policy)
} else := described.key_policy(given.Policy, path, "its Policy") if {
	"Policy" in object.keys(given)
	path := object.get(object.get(places, "policies", {}), arn, ["keys", arn, "Policy"])
} else := {
	"needs": [],
	"problem": sprintf("its key policy is not in the document%v", [_because(_missing(arn, document))]),
	"place": {"path": _path(places, "keys", arn), "part": []},
}

_path(places, section, name) := object.get(object.get(places, section, {}), name, [section, name])

_because(reasons) := sprintf(": %v", [concat("; ", reasons)]) if {
	count(reasons) > 0
} else := ""

# What could not be read of a resource, in words.
_missing(resource, document) := [_words(one) |
	some one in object.get(document, "missing", [])
	one.resource == resource
]

# What could not be read of anything else, for the same reason: there may be more that uses a key.
_unseen(document) := [sprintf("what else uses the key: %v for %v is missing (%v)", [permission, names, why]) |
	unseen := [one |
		some one in object.get(document, "missing", [])
		not _is_shown(one.resource, document)
	]
	some [permission, why] in {[one.permission, one.why] | some one in unseen}
	names := concat(", ", sort({one.resource |
		some one in unseen
		[one.permission, one.why] == [permission, why]
	}))
]

_is_shown(resource, _) if contains(resource, ":key/")

_is_shown(resource, document) if {
	some section in ["trails", "event_data_stores", "buckets"]
	resource in object.keys(object.get(document, section, {}))
}

_is_shown(resource, document) if resource in _buckets(document)

_buckets(document) := {object.get(given, "S3BucketName", "") | some given in object.get(document, "trails", {})}

_words(one) := sprintf("%v for %v is missing (%v)", [one.permission, one.resource, one.why])

# A trail or store of which something could not be read may use any key.
_reference(arn, reference, document) := _in_full(arn, reference) if {
	reference != null
} else := null if {
	count(_missing(arn, document)) == 0
} else := {"ctkms:unknown": concat("; ", _missing(arn, document))}

# An id or the name of an alias means a key in the account and Region of what uses it.
_in_full(arn, name) := concat(":", ["arn", described.field(arn, 1), "kms", described.field(arn, 3), rest]) if {
	is_string(name)
	not contains(name, ":")
	kind := {true: "", false: "key/"}[startswith(name, "alias/")]
	rest := sprintf("%v:%v%v", [described.field(arn, 4), kind, name])
} else := name

_topic_key(trail, document) := _in_full(arn, object.get(topic, "KmsMasterKeyId", null)) if {
	arn := inside.text(trail, "SnsTopicARN")
	topic := object.get(object.get(document, "topics", {}), arn, {})
}

_bucket(trail, document) := object.union(described.bucket(trail), _shown_bucket(
	object.get(trail, "S3BucketName", ""),
	document,
))

_shown_bucket(name, document) := object.union(
	{member: value |
		some [member, value] in [
			["region", object.get(bucket, "Region", null)],
			["account", object.get(bucket, "Account", null)],
		]
		is_string(value)
	},
	{"bucket_key": _bucket_key(name, bucket, document)},
) if {
	bucket := object.get(object.get(document, "buckets", {}), name, {})
}

_bucket_key(name, bucket, document) := described.bucket_key(bucket.ServerSideEncryptionConfiguration) if {
	"ServerSideEncryptionConfiguration" in object.keys(bucket)
} else := {"ctkms:unknown": sprintf("whether bucket %v uses an S3 Bucket Key%v", [
	name,
	_because(_missing(name, document)),
])}
