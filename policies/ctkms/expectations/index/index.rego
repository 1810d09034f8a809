# METADATA
# title: What follows from the expectations alone
# description: |
#   Found in one pass over them, whatever the key. Whoever judges many keys asks for it once and hands it back as
#   data.expected_index: what is then left to do for a key does not grow with the number of the others.
# custom:
#   library: true
package ctkms.expectations.index

import data.ctkms.expectations
import data.ctkms.policy

# METADATA
# title: The index
# description: |
#   {names: ARNs of keys by id, alias and alias ARN; keys, accounts, unknown and unassigned, which
#   ctkms.expectations hands on; trails and event_data_stores: how their entries use keys, as {by_key: their ARNs
#   by that of the key, by_any: those that use whatever key there is, by_unnamed: those that use the key of which
#   nobody knows the ARN}; topics: trails by the key of their SNS topic; misnamed: key references that CloudTrail
#   does not take, each as {subject, reference}; importing: the stores into which somebody copies; buckets: those of
#   trails}. All sets are objects or lists, as in JSON.
# entrypoint: true
index := {
	"names": _by_name,
	"keys": {arn: true | some arn in _keys},
	"accounts": [id | some id in _accounts],
	"unknown": [path | some path in _unknown],
	"unassigned": [subject |
		some entries in [data.ctkms.expectations.trails, data.ctkms.expectations.stores]
		some subject, entry in entries
		not _assigned(subject, entry)
	],
	"trails": _users(data.ctkms.expectations.trails, _trails_by_key),
	"event_data_stores": _users(data.ctkms.expectations.stores, _stores_by_key),
	"topics": _topics_by_key,
	"misnamed": [one | some one in _misnamed],
	"importing": [store |
		some store, entry in data.ctkms.expectations.stores
		count(expectations.map(entry, "import_roles")) > 0
	],
	"buckets": {name: true |
		some entry in data.ctkms.expectations.trails
		name := expectations.member(expectations.map(entry, "bucket"), "name")
		is_string(name)
	},
}

_by_name := _grouped([[name, arn] |
	some arn, key in data.ctkms.expectations.declared_keys
	some name in _names(arn, key)
])

# Aliases, their ARNs and the bare key id.
_names(arn, key) := {name |
	some alias, _ in expectations.map(key, "aliases")
	some name in [alias, _alias_arn(arn, alias)]
} | {id | some id in array.slice(split(arn, ":key/"), 1, 2)}

_alias_arn(key, alias) := concat(":", array.concat(array.slice(split(key, ":"), 0, 5), [alias]))

_resolve(entry, member) := expectations.resolve_by(expectations.member(entry, member), _by_name)

_keys contains arn if some arn, _ in data.ctkms.expectations.declared_keys

_keys contains arn if some arn, _ in _trails_by_key

_keys contains arn if some arn, _ in _stores_by_key

_trails_by_key := _grouped([[key, subject] |
	some subject, entry in data.ctkms.expectations.trails
	key := _resolve(entry, "key")
	key != ""
])

_stores_by_key := _grouped([[key, subject] |
	some subject, entry in data.ctkms.expectations.stores
	key := _resolve(entry, "key")
	key != ""
])

_topics_by_key := _grouped([[key, trail] |
	some trail, entry in data.ctkms.expectations.trails
	expectations.account(trail) != ""
	key := _resolve(entry, "sns_key")
	key != ""
])

# The second of each pair by the first. One pass over the sorted pairs: the compiled engine does not know
# p[first] contains second, and object.union_n copies everything for each pair.
_grouped(pairs) := _of_sorted(sort(pairs))

_of_sorted(sorted) := {sorted[start][0]: seconds |
	some at, start in starts
	seconds := [pair[1] | some pair in array.slice(sorted, start, ends[at])]
} if {
	starts := [at | some at, _ in sorted; _begins(sorted, at)]
	ends := array.concat(array.slice(starts, 1, count(starts)), [count(sorted)])
}

_begins(_, at) if at == 0

_begins(sorted, at) if sorted[at][0] != sorted[at - 1][0]

_users(entries, by_key) := {
	"by_key": {key: [one | some one in subjects; expectations.account(one) != ""] | some key, subjects in by_key},
	"by_any": _keyless(entries),
	"by_unnamed": _by_unnamed(entries),
}

# Without a key they use the only one that there is.
_keyless(entries) := [subject |
	count(_keys) <= 1
	some subject, entry in entries
	expectations.account(subject) != ""
	expectations.member(entry, "key") == null
]

_by_unnamed(entries) := [subject | some subject, _ in entries; expectations.account(subject) != ""] if {
	count(_keys) == 0
} else := _keyless(entries)

_assigned(subject, entry) if {
	expectations.account(subject) != ""
	_resolve(entry, "key") != ""
}

_assigned(subject, entry) if {
	expectations.account(subject) != ""
	expectations.member(entry, "key") == null
	count(_keys) <= 1
	not policy.is_unknown(entry)
}

_accounts contains id if some id, _ in expectations.map(data.ctkms.expectations.all, "accounts")

_accounts contains id if {
	some arns in [
		object.keys(data.ctkms.expectations.trails),
		object.keys(data.ctkms.expectations.stores),
		_keys,
	]
	some arn in arns
	id := expectations.account(arn)
	id != ""
}

_accounts contains id if {
	id := object.get(data.ctkms.expectations.organization, "management_account", null)
	is_string(id)
}

_unknown contains ["expected"] if policy.is_unknown(data.expected)

_unknown contains [section] if {
	some section, value in data.ctkms.expectations.all
	policy.is_unknown(value)
}

_unknown contains [section, entry] if {
	some section in ["keys", "trails", "event_data_stores", "principals"]
	some entry, value in expectations.map(data.ctkms.expectations.all, section)
	policy.holds_unknown(value)
}

_unknown contains ["organization"] if policy.holds_unknown(data.ctkms.expectations.organization)

_misnamed contains {"subject": subject, "reference": reference} if {
	some entries in [data.ctkms.expectations.trails, data.ctkms.expectations.stores]
	some subject, entry in entries
	reference := expectations.member(entry, "key")
	reference != null
	not policy.is_unknown(reference)
	not _accepted(reference)
}

_accepted(reference) if {
	is_string(reference)
	some form in [
		`^(arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:)?alias/[a-zA-Z0-9:/_-]+$`,
		`^(arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:key/)?[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$`,
		`^(arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:key/)?mrk-[0-9a-f]{32}$`,
	]
	regex.match(form, reference)
}
