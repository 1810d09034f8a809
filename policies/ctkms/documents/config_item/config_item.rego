# METADATA
# title: AWS Config
# description: |
#   Configuration items of keys, aliases, trails, event data stores, buckets and topics: one by one, in snapshots and
#   histories (the latest of each resource counts), and in the results of advanced queries, which are text. What
#   Config calls the members of a resource is what the AWS APIs call them, but for the case of the first letter.
# related_resources:
# - ref: https://docs.aws.amazon.com/config/latest/APIReference/API_ConfigurationItem.html
# - ref: https://docs.aws.amazon.com/config/latest/developerguide/config-item-table.html
# - ref: https://docs.aws.amazon.com/config/latest/APIReference/API_SelectResourceConfig.html
# custom:
#   library: true
package ctkms.documents.config_item

import data.ctkms.documents.described
import data.ctkms.documents.inside
import data.ctkms.documents.inventory

# METADATA
# scope: document
# description: "True for a configuration item of such a resource, a list of items as Config gives it, and results."
recognises(document) if _is_item(document)

recognises(document) if {
	is_object(document)
	some member in ["configurationItems", "baseConfigurationItems"]
	is_array(object.get(document, member, null))
}

recognises(document) if {
	is_object(document)
	is_array(object.get(document, "Results", null))
	every result in document.Results {
		is_string(result)
	}
}

# METADATA
# description: "The keys that the items describe, and results that are no items."
keys(document) := array.concat(
	inventory.gathered_keys("config-item", _gathered(items), _places(items)),
	[object.union(_unreadable, {"place": {"path": ["Results", position], "part": []}}) |
		some position, result in inside.list(document, "Results")
		not _is_told(result)
	],
) if {
	items := _items(document)
}

# METADATA
# description: "The trails and event data stores that use none of these keys."
rest(document) := inventory.gathered_rest(_gathered(items), _places(items)) if {
	items := _items(document)
}

_types := {
	"AWS::KMS::Key",
	"AWS::KMS::Alias",
	"AWS::CloudTrail::Trail",
	"AWS::CloudTrail::EventDataStore",
	"AWS::S3::Bucket",
	"AWS::SNS::Topic",
}

_unreadable := {
	"kind": "config-item",
	"label": "a result of the query",
	"arn": null,
	"needs": [],
	"problem": concat(" ", [
		"it does not say which resource it is:",
		"select resourceType, arn, configuration and supplementaryConfiguration",
	]),
}

_is_item(value) if {
	inside.text(value, "resourceType") in _types
	some member in ["configuration", "supplementaryConfiguration", "configurationItemStatus"]
	member in object.keys(value)
}

# Results that are items, or surely none of what matters here.
_is_told(result) if {
	json.is_valid(result)
	inside.text(json.unmarshal(result), "resourceType") != ""
}

# The latest item of each resource, {item, path, fields}: fields are those that a query selected, null where all are
# there.
_items(document) := _existing(_all(document))

_existing(told) := [one |
	some position in _latest(told)
	one := told[position]
	not startswith(inside.text(one.item, "configurationItemStatus"), "ResourceDeleted")
]

# The positions of the last of each name, by time.
_latest(told) := [position |
	some number, [name, _, position] in by_time
	not _goes_on(array.slice(by_time, number + 1, number + 2), name)
] if {
	by_time := sort([[_name(one.item), inside.text(one.item, _time), position] | some position, one in told])
}

_goes_on(next, name) if next[0][0] == name

_name(item) := [inside.text(item, "resourceType"), _arn(item)]

_time := "configurationItemCaptureTime"

_all(document) := [{"item": document, "path": [], "fields": null}] if {
	_is_item(document)
} else := array.concat(
	[{"item": item, "path": [member, position], "fields": null} |
		some member in ["configurationItems", "baseConfigurationItems"]
		some position, item in inside.list(document, member)
		_is_item(item)
	],
	[{"item": item, "path": ["Results", position, null], "fields": _selected(document)} |
		some position, result in inside.list(document, "Results")
		json.is_valid(result)
		item := json.unmarshal(result)
		_is_item(item)
	],
)

_selected(document) := {inside.text(field, "Name") |
	some field in inside.list(inside.map(document, "QueryInfo"), "SelectFields")
}

_of_type(items, type) := [one | some one in items; one.item.resourceType == type]

_gathered(items) := {
	"keys": {_arn(key.item): object.union(
		{
			"KeyMetadata": _metadata(_configuration(key.item)),
			"Aliases": [{"AliasName": name} |
				some alias in _of_type(items, "AWS::KMS::Alias")
				configuration := _configuration(alias.item)
				inside.text(configuration, "TargetKeyId") in {_arn(key.item), key.item.resourceId}
				name := inside.text(configuration, "AliasName")
			],
		},
		object.filter(inside.map(key.item, "supplementaryConfiguration"), ["Policy"]),
	) |
		some key in _of_type(items, "AWS::KMS::Key")
	},
	"trails": {_arn(trail.item): _with_key(trail, _configuration(trail.item)) |
		some trail in _of_type(items, "AWS::CloudTrail::Trail")
	},
	"event_data_stores": {_arn(store.item): _with_key(store, _configuration(store.item)) |
		some store in _of_type(items, "AWS::CloudTrail::EventDataStore")
	},
	"buckets": {_bucket_name(bucket.item): _bucket(bucket.item) | some bucket in _of_type(items, "AWS::S3::Bucket")},
	"topics": {_arn(topic.item): _configuration(topic.item) | some topic in _of_type(items, "AWS::SNS::Topic")},
}

_places(items) := {
	"keys": _paths(items, "AWS::KMS::Key", []),
	"policies": _paths(items, "AWS::KMS::Key", ["supplementaryConfiguration", "Policy"]),
	"trails": _paths(items, "AWS::CloudTrail::Trail", []),
	"event_data_stores": _paths(items, "AWS::CloudTrail::EventDataStore", []),
}

_paths(items, type, more) := {_arn(one.item): array.concat(one.path, more) | some one in _of_type(items, type)}

# The ARN: the item's own, or that of the resource; a key may have one that ends in its id only.
_arn(item) := inside.text(item, "arn") if {
	inside.text(item, "arn") != ""
} else := inside.text(_configuration(item), "Arn") if {
	inside.text(_configuration(item), "Arn") != ""
} else := inside.text(item, "resourceId")

# The configuration, with the names of the APIs; old items hold it as text.
_configuration(item) := _named_by_api(_told(object.get(item, "configuration", {})))

_told(value) := json.unmarshal(value) if {
	is_string(value)
	json.is_valid(value)
} else := value

_named_by_api(value) := {concat("", [upper(substring(name, 0, 1)), substring(name, 1, -1)]): inner |
	is_object(value)
	some name, inner in value
}

_metadata(configuration) := object.union(object.remove(configuration, ["MultiRegionConfiguration"]), {
	"MultiRegionConfiguration": {
		"PrimaryKey": _named_by_api(inside.map(related, "PrimaryKey")),
		"ReplicaKeys": [_named_by_api(replica) | some replica in inside.list(related, "ReplicaKeys")],
	},
}) if {
	related := _named_by_api(inside.map(configuration, "MultiRegionConfiguration"))
}

# An item without its configuration, and a query that does not select the key, do not say that there is none.
_with_key(one, configuration) := configuration if {
	object.get(configuration, "KmsKeyId", null) != null
} else := object.union(configuration, {"KmsKeyId": {"ctkms:unknown": _not_selected}}) if {
	one.fields != null
	count({"*", "configuration", "configuration.kmsKeyId"} & one.fields) == 0
} else := {"KmsKeyId": {"ctkms:unknown": "the item does not hold its configuration"}} if {
	configuration == {}
	not _selects_key(one.fields)
} else := configuration

_selects_key(fields) if {
	is_set(fields)
	"configuration.kmsKeyId" in fields
}

_not_selected := "the query does not select configuration.kmsKeyId"

# A query need not select the name; the ARN of a bucket and its configuration hold it.
_bucket_name(item) := inside.text(item, "resourceName") if {
	inside.text(item, "resourceName") != ""
} else := inside.text(item, "resourceId") if {
	inside.text(item, "resourceId") != ""
} else := trim_prefix(inside.text(item, "arn"), _bucket_arn(item)) if {
	startswith(inside.text(item, "arn"), _bucket_arn(item))
} else := inside.text(inside.map(item, "configuration"), "name")

_bucket_arn(item) := sprintf("arn:%v:s3:::", [described.field(object.get(item, "arn", ""), 1)])

_bucket(item) := object.union(
	{"Region": inside.text(item, "awsRegion"), "Account": inside.text(item, "accountId")},
	_encryption(inside.map(item, "supplementaryConfiguration")),
)

_encryption(supplementary) := {"ServerSideEncryptionConfiguration": {"Rules": [_named_by_api(rule) |
	some rule in rules
]}} if {
	told := _told(object.get(supplementary, "ServerSideEncryptionConfiguration", null))
	rules := object.get(_named_by_api(told), "Rules", null)
	is_array(rules)
	every rule in rules {
		is_object(rule)
	}
} else := {}
