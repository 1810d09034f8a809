# METADATA
# title: Output of other commands of the AWS CLI
# description: |
#   What describe-key, list-aliases, describe-trails, get-trail, get-event-data-store, list-event-data-stores,
#   get-bucket-encryption and get-topic-attributes print. None of them holds a key policy: trails and stores use keys
#   that other documents show, and a key that is described needs its policy. What several outputs say of one key is
#   gathered in an inventory (ctkms.documents.inventory).
# related_resources:
# - ref: https://docs.aws.amazon.com/cli/latest/reference/kms/describe-key.html
# - ref: https://docs.aws.amazon.com/cli/latest/reference/cloudtrail/describe-trails.html
# - ref: https://docs.aws.amazon.com/cli/latest/reference/cloudtrail/get-event-data-store.html
# - ref: https://docs.aws.amazon.com/cli/latest/reference/s3api/get-bucket-encryption.html
# custom:
#   library: true
package ctkms.documents.cli_output

import data.ctkms.documents.inside
import data.ctkms.documents.inventory

# METADATA
# description: "True for what one of the commands prints."
recognises(document) if count(_commands(document)) > 0

# METADATA
# description: "An object for what the output describes, which says that the key policy is missing."
keys(document) := [{
	"kind": _commands(document)[0],
	"label": _label(document),
	"arn": null,
	"needs": _needs(document),
	"problem": sprintf("%v prints no key policy; get-key-policy does", [_commands(document)[0]]),
}] if {
	count(_trails(document)) + count(_stores(document)) == 0
} else := []

# METADATA
# description: "The trails and event data stores of the output: all of them."
rest(document) := inventory.gathered_rest(
	{
		"trails": {trail.TrailARN: trail | some [trail, _] in _trails(document)},
		"event_data_stores": {store.EventDataStoreArn: store | some [store, _] in _stores(document)},
	},
	{
		"trails": {trail.TrailARN: path | some [trail, path] in _trails(document)},
		"event_data_stores": {store.EventDataStoreArn: path | some [store, path] in _stores(document)},
	},
)

# The commands that print such a document.
_commands(document) := [command |
	is_object(document)
	some [command, member, type] in [
		["describe-key", "KeyMetadata", "object"],
		["describe-trails", "trailList", "array"],
		["get-trail", "Trail", "object"],
		["list-event-data-stores", "EventDataStores", "array"],
		["get-event-data-store", "EventDataStoreArn", "string"],
		["get-bucket-encryption", "ServerSideEncryptionConfiguration", "object"],
		["list-aliases", "Aliases", "array"],
		["get-topic-attributes", "Attributes", "object"],
	]
	type_name(object.get(document, member, null)) == type
]

_label(document) := inside.text(document.KeyMetadata, "Arn") if {
	inside.text(inside.map(document, "KeyMetadata"), "Arn") != ""
} else := sprintf("output of %v", [_commands(document)[0]])

_needs(document) := [arn |
	arn := inside.text(inside.map(document, "KeyMetadata"), "Arn")
	arn != ""
]

# Trails with the paths to them, and stores.
_trails(document) := [[trail, path] |
	some [trail, path] in array.concat(
		[[inside.map(document, "Trail"), ["Trail"]]],
		[[one, ["trailList", position]] | some position, one in inside.list(document, "trailList")],
	)
	inside.text(trail, "TrailARN") != ""
]

_stores(document) := [[store, path] |
	some [store, path] in array.concat(
		[[document, []]],
		[[_unsaid(one), ["EventDataStores", position]] |
			some position, one in inside.list(document, "EventDataStores")
		],
	)
	inside.text(store, "EventDataStoreArn") != ""
]

# The list does not say which keys the stores use.
_unsaid(store) := object.union({"KmsKeyId": {"ctkms:unknown": _not_listed}}, store) if {
	is_object(store)
} else := {}

_not_listed := "list-event-data-stores does not tell; get-event-data-store does"
