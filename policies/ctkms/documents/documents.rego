# METADATA
# title: Documents
# description: |
#   Turns the document under evaluation into key objects. What a document is, is told by its content, never by its
#   name. The input is the document itself (opa, conftest) or {"ctkms": {"document", "source", "key"}} (the command
#   line, which knows more: the file's name and the key that it was told).
#
#   Each kind of document has a package below this one. Its functions take the document as an argument, so that what
#   is not the document's kind is not evaluated:
#
#   - recognises(document): true for a document of this kind.
#   - keys(document): a list of key objects, as far as the document tells: kind, and what it can of policy, problem,
#     unparsable, place, arn, label, metadata, aliases, trails, event_data_stores, topics, bypasses_lockout_check and
#     unknown. What is left out is null, empty or false.
#   - rest(document), where the kind can hold such: {trails, event_data_stores}, maps as in the expectations, of those
#     that no key of the document serves; their member key is the reference as given, a sentinel where it is not
#     known, or absent where no KMS key is used. Their member place is where they stand.
#
#   A new kind is imported here, and has its branches in _found and, with a function rest, in _rest.
# custom:
#   library: true
package ctkms.documents

import data.ctkms.documents.cli_output
import data.ctkms.documents.cloudformation
import data.ctkms.documents.config_item
import data.ctkms.documents.get_key_policy
import data.ctkms.documents.inventory
import data.ctkms.documents.policy_document
import data.ctkms.documents.terraform
import data.ctkms.expectations
import data.ctkms.policy

# METADATA
# title: Keys of the document
# description: |
#   A list of objects, one for each key, with these members:
#
#   - kind: what the document was taken for; source: its name; label: how the key is called.
#   - arn: null where it is not known; candidates: whose policy it may be, where nobody says.
#   - policy: null where there is no key policy, problem says why; unparsable: true where the policy is no JSON.
#   - place: {"path", "part"}: where the policy stands: the steps from the document's root, where null means into the
#     JSON text of the string there. part is the path, in the policy, of what stands there: [], or ["Statement"] for
#     statements on their own.
#   - metadata, aliases: as in the expectations.
#   - trails, event_data_stores: those that use the key as the document says: entries as in the expectations, by ARN, or
#     by the document's own name where the entry has a member arn (see ctkms.subject). topics: trails whose encrypted
#     SNS topic uses it.
#   - bypasses_lockout_check: true where KMS is told to take a policy that nobody may change; the sentinel where that is
#     not known.
#   - unused: true where the document shows trails or event data stores, and it is known of each that it does not use
#     the key.
#   - needs: null; for a trail or store of which the document does not show the key (it is then listed here, without a
#     policy), the names of the key that would settle it.
#   - text: what only the text shows; the command line fills it in. unknown: where the policy holds values that are not
#     known yet, and what else the document does not hold, in words.
# entrypoint: true
keys := array.concat(
	[_whole(found) | some found in _found],
	[_whole(loose) | some loose in _loose],
)

# METADATA
# scope: document
# description: |
#   What the command line wraps a document in; empty for a document as it is, which must not be judged as what it
#   likes for having a member ctkms beside its own.
default wrapper := {}

wrapper := input.ctkms if {
	is_object(input)
	is_object(object.get(input, "ctkms", null))
	object.keys(input) - {"ctkms", "expected"} == set()
}

_document := wrapper.document if {
	"document" in object.keys(wrapper)
} else := input

default _source := "key policy"

_source := wrapper.source if {
	is_string(object.get(wrapper, "source", null))
}

# METADATA
# scope: document
# description: "What the wrapper says wrongly, in words."
mistakes contains _mistake("key", "the ARN of a key") if {
	"key" in object.keys(wrapper)
	not _is_key(wrapper.key)
}

mistakes contains _mistake("profile", "documented or hardened") if {
	"profile" in object.keys(wrapper)
	not wrapper.profile in {"documented", "hardened"}
}

mistakes contains _mistake("today", "a day written YYYY-MM-DD") if {
	"today" in object.keys(wrapper)
	not _is_day(wrapper.today)
}

_mistake(member, wanted) := sprintf("the input is not understood: ctkms > %v: %v is not %v", [
	member, json.marshal(data.ctkms.documents.wrapper[member]), wanted,
])

_is_key(key) if is_null(key)

_is_key(key) if is_string(key)

_is_day(day) if {
	is_string(day)
	regex.match(`^\d{4}-\d{2}-\d{2}$`, day)
}

# METADATA
# scope: document
# description: "Whether a document that is not recognised was hardly meant to be anything but a policy."
default looks_like_one := false

looks_like_one if policy_document.looks_like_one(_document)

_found := get_key_policy.keys(_document) if {
	get_key_policy.recognises(_document)
} else := cloudformation.keys(_document) if {
	cloudformation.recognises(_document)
} else := inventory.keys(_document) if {
	inventory.recognises(_document)
} else := terraform.keys(_document) if {
	terraform.recognises(_document)
} else := config_item.keys(_document) if {
	config_item.recognises(_document)
} else := cli_output.keys(_document) if {
	cli_output.recognises(_document)
} else := policy_document.keys(_document)

default _rest := {}

_rest := cloudformation.rest(_document) if {
	cloudformation.recognises(_document)
} else := inventory.rest(_document) if {
	inventory.recognises(_document)
} else := terraform.rest(_document) if {
	terraform.recognises(_document)
} else := config_item.rest(_document) if {
	config_item.recognises(_document)
} else := cli_output.rest(_document) if {
	cli_output.recognises(_document)
}

_whole(found) := object.union_n([
	{
		"policy": null,
		"problem": null,
		"unparsable": false,
		"place": {"path": [], "part": []},
		"metadata": {},
		"aliases": {},
		"trails": {},
		"event_data_stores": {},
		"topics": {},
		"needs": null,
		"bypasses_lockout_check": false,
		"text": {},
	},
	found,
	{
		"arn": arn,
		"label": _label(found, arn),
		"candidates": _candidates(found, arn),
		"source": _source,
		"unknown": array.concat(_unknown(object.get(found, "policy", null)), object.get(found, "unknown", [])),
		"unused": _unused(found),
	},
]) if {
	arn := _arn(found)
}

# A document that says whose the policy is has the member arn, even if nobody knows the ARN yet.
_arn(found) := found.arn if {
	"arn" in object.keys(found)
} else := wrapper.key if {
	is_string(object.get(wrapper, "key", null))
} else := sort(data.ctkms.expectations.keys)[0] if {
	count(data.ctkms.expectations.keys) == 1
	object.get(wrapper, "key", null) == null
} else := null

_candidates(found, arn) := sort(data.ctkms.expectations.keys) if {
	arn == null
	not "arn" in object.keys(found)
} else := []

_label(found, arn) := found.label if {
	is_string(object.get(found, "label", null))
} else := arn if {
	is_string(arn)
} else := _source

# Trails and stores whose key the document does not show.
_loose := [{
	"kind": kind,
	"label": subject,
	"arn": null,
	"needs": _names(entry),
	"problem": _missing(entry),
	"place": object.get(entry, "place", {"path": [], "part": []}),
} |
	some [section, kind] in [["trails", "trail"], ["event_data_stores", "event-data-store"]]
	some subject, entry in expectations.map(_rest, section)
	object.get(entry, "key", null) != null
]

_names(entry) := [name | some name in [entry.key, expectations.resolve(entry.key)]; is_string(name); name != ""]

_missing(entry) := sprintf("which key it uses is not known yet: %v", [entry.key["ctkms:unknown"]]) if {
	policy.is_unknown(entry.key)
} else := sprintf("it uses the key %v, whose policy is not among the inputs", [entry.key])

_unused(found) if {
	object.get(found, "needs", null) == null
	count(_subjects(found)) == 0
	shown := [1 | some one in array.concat(_found, [_rest]); count(_subjects(one)) > 0]
	count(shown) > 0
	not _any_key_unknown
} else := false

# A trail or store that may use any key.
_any_key_unknown if {
	some section in ["trails", "event_data_stores"]
	some entry in expectations.map(_rest, section)
	policy.is_unknown(object.get(entry, "key", null))
}

_subjects(found) := [subject |
	some section in ["trails", "event_data_stores", "topics"]
	some subject, _ in expectations.map(found, section)
]

# Where the policy holds values that are not known yet. What is not known of a Sid decides nothing.
_unknown(found) := [sprintf("the statements are not known yet%v", [policy.why_unknown(found.Statement)])] if {
	is_object(found)
	policy.is_unknown(object.get(found, "Statement", null))
} else := [reason |
	is_object(found)
	some index, statement in policy.as_list(object.get(found, "Statement", []))
	policy.holds_unknown(_without_sid(statement))
	why := policy.why_unknown(_without_sid(statement))
	reason := sprintf("statement %v holds a value that is not known yet%v", [index + 1, why])
]

_without_sid(statement) := object.remove(statement, ["Sid"]) if {
	is_object(statement)
} else := statement
