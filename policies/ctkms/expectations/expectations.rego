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
# description: "The expectations as an object."
all := data.expected if {
	is_object(data.expected)
	not policy.is_unknown(data.expected)
} else := {}

# METADATA
# description: "The declared keys by ARN."
declared_keys := _map(object.get(all, "keys", {}))

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
keys contains arn if some arn, _ in declared_keys

keys contains arn if {
	some subjects in [trails, stores]
	some _, subject in subjects
	arn := resolve(_member(subject, "key"))
	arn != ""
}

# METADATA
# description: |
#   The key ARN that a trail's or store's key reference means: a key ARN, the id of a declared key, or the name or ARN
#   of a declared alias; "" where it means none.
resolve(reference) := found[0] if {
	found := sort(named(reference))
	count(found) > 0
} else := reference if {
	is_string(reference)
	contains(reference, ":key/")
} else := ""

# METADATA
# description: "ARNs of the declared keys that have this id, or an alias of this name or ARN."
named(reference) := {arn |
	is_string(reference)
	some arn, key in declared_keys
	reference in _names(arn, key)
}

# Aliases, their ARNs and the bare key id.
_names(arn, key) := {name |
	some alias, _ in map(key, "aliases")
	some name in [alias, _alias_arn(arn, alias)]
} | {id | some id in array.slice(split(arn, ":key/"), 1, 2)}

# METADATA
# description: |
#   The subjects among `subjects` (trails or stores) that use the key `arn`. A subject that names no key uses the
#   only key there is.
using(subjects, arn) := {subject: _map(entry) |
	some subject, entry in subjects
	account(subject) != ""
	_uses(entry, arn)
}

# METADATA
# description: "The trails among `trails` that notify an SNS topic that is encrypted with the key `arn`."
notifying(trails, arn) := {subject: _map(entry) |
	some subject, entry in trails
	account(subject) != ""
	resolve(_member(entry, "sns_key")) == arn
}

# METADATA
# description: |
#   The roles that copy trail events from buckets whose files are encrypted with the key `arn`, by event data store, as
#   in the expectations: a role's entry names that key, or else the bucket of one of `trails`, those that use the key.
copying(arn, trails) := {store: roles |
	some store, entry in stores
	roles := {role: _map(copy) | some role, copy in map(entry, "import_roles"); _copies(copy, arn, trails)}
	count(roles) > 0
}

_copies(copy, arn, _) if resolve(_member(copy, "key")) == arn

_copies(copy, _, trails) if {
	_member(copy, "key") == null
	_bucket(copy) in {_member(map(trail, "bucket"), "name") | some _, trail in trails}
}

# METADATA
# description: |
#   The roles of an event data store's entry of which nobody says with which key the files that they copy are encrypted:
#   they name no key, and no bucket of one of `trails`.
unsourced(entry, trails) := {role |
	some role, copy in map(entry, "import_roles")
	resolve(_member(copy, "key")) == ""
	not _known_bucket(copy, trails)
}

_known_bucket(copy, trails) if {
	_member(copy, "key") == null
	_bucket(copy) in {_member(map(trail, "bucket"), "name") | some _, trail in trails}
}

# Never what a trail without a bucket's name has.
_bucket(copy) := name if {
	name := _member(copy, "bucket")
	is_string(name)
} else := ""

# METADATA
# description: "ARNs of trails and stores of which nobody can tell which key they use."
unassigned := {subject |
	some subjects in [trails, stores]
	some subject, entry in subjects
	not _assigned(subject, entry)
}

# METADATA
# description: "Account ids of the expectations: declared ones, and those of every expected key, trail and store."
accounts contains id if some id, _ in _map(object.get(all, "accounts", {}))

accounts contains id if {
	some arns in [object.keys(trails), object.keys(stores), keys]
	some arn in arns
	id := account(arn)
	id != ""
}

accounts contains id if {
	id := object.get(organization, "management_account", null)
	is_string(id)
}

# METADATA
# description: "The account of an ARN; empty where it has none."
account(arn) := split(arn, ":")[4] if {
	is_string(arn)
	count(split(arn, ":")) > 5
} else := ""

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
unknown contains ["expected"] if policy.is_unknown(data.expected)

unknown contains [section] if {
	some section, value in all
	policy.is_unknown(value)
}

unknown contains [section, entry] if {
	some section in ["keys", "trails", "event_data_stores", "principals"]
	some entry, value in map(all, section)
	policy.holds_unknown(value)
}

unknown contains ["organization"] if policy.holds_unknown(organization)

# METADATA
# description: "The map under a member, empty where there is none."
map(entry, member) := _map(_member(entry, member))

_map(value) := value if {
	is_object(value)
	not policy.is_unknown(value)
} else := {}

_member(entry, member) := object.get(entry, member, null) if {
	is_object(entry)
} else := null

_alias_arn(key, alias) := concat(":", array.concat(array.slice(split(key, ":"), 0, 5), [alias]))

_uses(entry, arn) if resolve(_member(entry, "key")) == arn

_uses(entry, _) if {
	_member(entry, "key") == null
	count(keys) <= 1
}

_uses(_, null) if count(keys) == 0

_assigned(subject, entry) if {
	account(subject) != ""
	resolve(_member(entry, "key")) != ""
}

_assigned(subject, entry) if {
	account(subject) != ""
	_member(entry, "key") == null
	count(keys) <= 1
	not policy.is_unknown(entry)
}
