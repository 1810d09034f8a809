# METADATA
# title: Waivers
# description: |
#   Which findings the expectations waive. A waiver names a rule, a key, a reason, an owner and its last day, and may be
#   narrowed to a trail or event data store (subject) and to a statement (its Sid). One that lacks any of this, or whose
#   day is none, waives nothing.
# custom:
#   library: true
package ctkms.waiver

import data.ctkms.expectations
import data.ctkms.iam.date
import data.ctkms.policy

# METADATA
# description: "The waivers that hold for a finding, as {waiver, reason, owner, expires}."
holding(finding) := [object.filter(waiver, ["waiver", "reason", "owner", "expires"]) |
	some waiver in _meant(finding)
	waiver.expires >= _today
]

# METADATA
# description: "The waivers that held for a finding until their day, as {waiver, rule, key, reason, owner, expires}."
expired(finding) := [object.union(kept, {"rule": finding.rule, "key": finding.key}) |
	some waiver in _meant(finding)
	waiver.expires < _today
	kept := object.filter(waiver, ["waiver", "reason", "owner", "expires"])
]

# METADATA
# description: "Why waivers waive nothing, in words."
mistakes contains sprintf("the waiver %v waives nothing: %v", [name, mistake]) if {
	some name, entry in data.ctkms.expectations.waivers
	some mistake in array.concat(_mistakes(entry), _unknown_rule(entry))
}

_meant(finding) := [waiver |
	some waiver in _sound
	lower(waiver.rule) == lower(finding.rule)
	_names_key(waiver.key, finding.key)

	# A waiver that names none speaks of any.
	# regal ignore:superfluous-object-get
	object.get(waiver, "subject", _subject(finding)) == _subject(finding)

	# Likewise.
	# regal ignore:superfluous-object-get
	object.get(waiver, "statement", _sid(finding)) == _sid(finding)
]

_sound := [object.union(entry, {"waiver": name}) |
	some name, entry in data.ctkms.expectations.waivers
	_complete(entry)
	count(_mistakes(entry)) == 0
]

_subject(finding) := object.get(finding, "subject", null)

_sid(finding) := object.get(finding, ["statement", "sid"], null)

# A waiver calls a key as its findings do, by an alias, or by another name that the expectations know.
_names_key(reference, key) if reference == key

_names_key(reference, key) if expectations.named(reference) == {key}

# Of what types do not tell: the expectations' mistakes name what is missing or of another type.
_mistakes(entry) := array.concat(
	[sprintf("%v is empty", [member]) |
		some member, value in expectations.map({"entry": entry}, "entry")
		is_string(value)
		trim_space(value) == ""
	],
	array.concat(_open(entry), array.concat(_rule(_member(entry, "rule")), _day(_member(entry, "expires")))),
)

_complete(entry) if {
	every member in ["rule", "key", "reason", "owner", "expires"] {
		is_string(_member(entry, member))
	}
	every member in ["subject", "statement"] {
		is_string(object.get(entry, member, ""))
	}
}

_member(entry, member) := object.get(entry, member, null) if {
	is_object(entry)
} else := null

_open(entry) := ["it holds a value that is not known yet"] if {
	policy.holds_unknown(entry)
} else := []

_rule(id) := [sprintf("findings of %v cannot be waived", [upper(id)])] if {
	is_string(id)
	data.ctkms.catalogue.rules[upper(id)].waivable == false
} else := []

# The ids of users' rules are nowhere listed: where there are such rules, any other id may be theirs.
_unknown_rule(entry) := [sprintf("there is no rule %v", [entry.rule])] if {
	is_string(_member(entry, "rule"))
	not upper(entry.rule) in object.keys(data.ctkms.catalogue.rules)
	not _users_rules
} else := []

_users_rules if data.custom.ctkms[_][_].findings

_day(day) := [] if {
	not is_string(day)
} else := [] if {
	regex.match(`^[0-9]{4}-[0-9]{2}-[0-9]{2}$`, day)
	is_array(date.read(day))
} else := [sprintf("expires is %v, which is no day written YYYY-MM-DD", [policy.compact(day)])]

_today := input.ctkms.today if {
	is_string(object.get(input.ctkms, "today", null))
} else := sprintf("%v-%v-%v", [year, _two_digits(month), _two_digits(day)]) if {
	[year, month, day] := time.date(time.now_ns())
}

_two_digits(number) := sprintf("0%v", [number]) if {
	number < 10
} else := sprintf("%v", [number])
