# METADATA
# title: Expectations
# description: |
#   Reads data.expected: which accounts, trails, event data stores, readers and keys there are, and which of them
#   concern a key.
#   Total: whatever data.expected holds, these rules and functions give values; what is not known is listed, not
#   left out.
# custom:
#   library: true
package ctkms.expectations

import data.ctkms.policy

# METADATA
# scope: document
# description: "The expectations as an object."
default all := {}

all := data.expected if {
	is_object(data.expected)
	not policy.is_unknown(data.expected)
}

# METADATA
# description: "The declared keys by ARN."
declared_keys := _map(object.get(all, "keys", {}))

# METADATA
# description: "The administrators of a key (null: it is not known which), as a set of ARNs."
administrators(arn) := object.keys(map(object.get(declared_keys, arn, {}), "administrators")) if {
	is_string(arn)
} else := set()

# METADATA
# description: "The trails by ARN."
trails := _map(object.get(all, "trails", {}))

# METADATA
# description: "The event data stores by ARN."
stores := _map(object.get(all, "event_data_stores", {}))

# METADATA
# description: "Companion policies by principal ARN."
principals := _map(object.get(all, "principals", {}))

# METADATA
# description: "The waivers by name."
waivers := _map(object.get(all, "waivers", {}))

# METADATA
# description: "The organization, or an empty object."
organization := _map(object.get(all, "organization", {}))

# METADATA
# description: "ARNs of all keys that the expectations speak of."
keys := object.keys(_index.keys)

# What follows from all of them, found once by whoever judges many keys.
_index := data.expected_index if {
	is_object(data.expected_index)
} else := data.ctkms.expectations.index.index

# METADATA
# description: |
#   The key ARN that a trail's or store's key reference means: a key ARN, the id of a declared key, or the name or ARN
#   of a declared alias; "" where it means none.
resolve(reference) := resolve_by(reference, _index.names)

# METADATA
# description: "Likewise, with the ARNs of the declared keys by all of their names."
resolve_by(reference, names) := found[0] if {
	is_string(reference)
	found := sort(object.get(names, reference, []))
	count(found) > 0
} else := reference if {
	is_string(reference)
	contains(reference, ":key/")
} else := ""

# METADATA
# description: "ARNs of the declared keys that have this id, or an alias of this name or ARN."
named(reference) := {arn |
	is_string(reference)
	some arn in object.get(_index.names, reference, [])
}

# METADATA
# description: |
#   The expected trails or stores, as `section` says (trails or event_data_stores), that use the key `arn`. One that
#   names no key uses the only key there is.
using(section, arn) := {subject: map(all[section], subject) |
	some subjects in _users(_index[section], arn)
	some subject in subjects
}

_users(users, arn) := [users.by_unnamed] if {
	arn == null
} else := [object.get(users.by_key, arn, []), users.by_any]

# METADATA
# description: "The expected trails that notify an SNS topic that is encrypted with the key `arn`."
notifying(arn) := {trail: map(all.trails, trail) | some trail in object.get(_index.topics, arn, [])}

# METADATA
# description: |
#   The roles that copy trail events from buckets whose files are encrypted with the key `arn`, by event data store, as
#   in the expectations: a role's entry names that key, or else the bucket of one of `trails`, those that use the key.
copying(arn, trails) := {store: roles |
	some store in _index.importing
	roles := {role: _map(copy) |
		some role, copy in map(stores[store], "import_roles")
		_copies(copy, arn, trails)
	}
	count(roles) > 0
}

_copies(copy, arn, _) if resolve(member(copy, "key")) == arn

_copies(copy, _, trails) if {
	member(copy, "key") == null
	_bucket(copy) in {member(map(trail, "bucket"), "name") | some trail in trails}
}

# METADATA
# description: |
#   The roles of an event data store's entry of which nobody says with which key the files that they copy are encrypted:
#   they name no key, and no bucket of an expected trail or of one of `trails`.
unsourced(entry, trails) := {role |
	some role, copy in map(entry, "import_roles")
	resolve(member(copy, "key")) == ""
	not _known_bucket(copy, trails)
}

_known_bucket(copy, _) if {
	member(copy, "key") == null
	_index.buckets[_bucket(copy)] == true
}

_known_bucket(copy, trails) if {
	member(copy, "key") == null
	_bucket(copy) in {member(map(trail, "bucket"), "name") | some trail in trails}
}

# Never what a trail without a bucket's name has.
_bucket(copy) := name if {
	name := member(copy, "bucket")
	is_string(name)
} else := ""

# METADATA
# description: "ARNs of trails and stores of which nobody can tell which key they use."
unassigned := {subject | some subject in _index.unassigned}

# METADATA
# description: "Key references that CloudTrail does not take, each as {subject, reference}."
misnamed := _index.misnamed

# METADATA
# description: "Account ids of the expectations: declared ones, and those of every expected key, trail and store."
accounts := {id | some id in _index.accounts}

# METADATA
# description: "The account of an ARN; empty where it has none."
account(arn) := split(arn, ":")[4] if {
	is_string(arn)
	count(split(arn, ":")) > 5
} else := ""

# METADATA
# description: "The partition of an ARN; aws where it is none, as where nobody says which key it is."
partition(arn) := split(arn, ":")[1] if {
	is_string(arn)
	count(split(arn, ":")) > 5
} else := "aws"

# METADATA
# description: "What is declared of the key `arn` under metadata, an empty object where nothing is."
metadata(arn) := map(object.get(declared_keys, arn, {}), "metadata") if {
	is_string(arn)
} else := {}

# METADATA
# description: "The Region of an ARN; empty where it has none."
region(arn) := split(arn, ":")[3] if {
	is_string(arn)
	count(split(arn, ":")) > 5
} else := ""

# METADATA
# description: "Where the expectations hold a value that is not known yet: paths of sections and of their entries."
unknown := {path | some path in _index.unknown}

# METADATA
# description: "The map under a member, empty where there is none."
map(entry, name) := _map(member(entry, name))

_map(value) := value if {
	is_object(value)
	not policy.is_unknown(value)
} else := {}

# METADATA
# description: "A member, null where there is none."
member(entry, name) := object.get(entry, name, null) if {
	is_object(entry)
} else := null
