# METADATA
# title: Which keys of a document its trails and event data stores use
# description: |
#   Puts the trails, event data stores and topics of a document beside its keys. The document is told as
#   {"keys", "trails", "event_data_stores"}:
#
#   - keys: {"names", "found"}: every name by which the document may mean the key, and the key object without those
#     that use it.
#   - trails, event_data_stores: {"subject", "entry", "key", "place"}: the ARN, or the document's own name where that
#     is not known; the entry as in the expectations; a name of its key, a sentinel, or null where it uses none; where
#     it stands. Trails may have "topic_key", likewise for the SNS topic that they notify.
#
#   A name that several keys have means none of them. Total functions.
# custom:
#   library: true
package ctkms.documents.usage

# METADATA
# description: "The key objects, each with the trails, stores and topics that use it."
keys(told) := [object.union(key.found, {
	"trails": _users(told.trails, "key", key, told.keys),
	"event_data_stores": _users(told.event_data_stores, "key", key, told.keys),
	"topics": _users(told.trails, "topic_key", key, told.keys),
}) |
	some key in told.keys
]

# METADATA
# description: "The trails and stores that use no key of the document, as a kind of document hands them over."
rest(told) := {section: {one.subject: object.union(one.entry, _outside(one, told.keys)) |
	# Only the elements are iterated over here: the section is bound below.
	# regal ignore:mixed-iteration
	some one in told[section]
	count(_meant(one.key, told.keys)) != 1
} |
	some section in ["trails", "event_data_stores"]
}

_users(subjects, member, key, keys) := {one.subject: one.entry |
	some one in subjects
	_meant(object.get(one, member, null), keys) == [key.names]
}

# The names of each key that a reference may mean.
_meant(reference, keys) := [key.names |
	is_string(reference)
	some key in keys
	reference in key.names
]

_outside(one, keys) := {} if {
	is_null(one.key)
} else := {"place": one.place, "key": one.key} if {
	count(_meant(one.key, keys)) == 0
} else := {
	"place": one.place,
	"key": {"ctkms:unknown": sprintf("several keys are called %v", [one.key])},
}
