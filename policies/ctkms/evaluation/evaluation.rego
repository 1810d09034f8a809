# METADATA
# title: The key under evaluation
# description: |
#   What rules import: the key, its statements, the requests to try on it and what became of them. The input is
#   {"ctkms": {"key": a key object of ctkms.documents, "profile", "today", "memo"}}. Under memo a caller that
#   evaluates in pieces passes
#   the results of earlier pieces; the facade (ctkms.main) never does.
# custom:
#   library: true
package ctkms.evaluation

import data.ctkms.cloudtrail.owner
import data.ctkms.cloudtrail.probe
import data.ctkms.expectations
import data.ctkms.iam
import data.ctkms.iam.batch
import data.ctkms.policy
import data.ctkms.subject

# METADATA
# description: "The key object."
key := input.ctkms.key

# METADATA
# description: "The profile: documented (default) or hardened."
profile := object.get(input.ctkms, "profile", object.get(data.ctkms.expectations.all, "profile", "documented"))

# METADATA
# description: "True where the document holds a key policy that is looked at."
judged if {
	is_object(key.policy)
	not oversized
}

# METADATA
# description: |
#   True for a policy of more than four times the 32,768 bytes that KMS takes, without white space: there can be no such
#   policy, whatever it says, and to evaluate it would take as long as its writer likes.
# related_resources:
#   - ref: https://docs.aws.amazon.com/kms/latest/developerguide/resource-limits.html
oversized if {
	is_object(key.policy)
	count(policy.compact(key.policy)) > 4 * 32768
}

# METADATA
# description: "The statements of the policy as {index, sid, statement}, statement as written."
statements := policy.statements(key.policy)

# METADATA
# title: The policy, prepared for ctkms.iam
# entrypoint: true
prepared := _memo.prepared if {
	"prepared" in object.keys(_memo)
} else := iam.prepare(key.policy) if {
	judged
} else := iam.prepare(null)

# METADATA
# title: The requests to try, by capability and id
# entrypoint: true
default probes := {}

probes := _memo.probes if {
	"probes" in object.keys(_memo)
} else := probe.probes(key.arn, statements, _uses) if {
	judged
}

# METADATA
# title: Of the requests to try, the part that memo names
# entrypoint: true
default part := {}

part := probe.part_of_probes(_memo.part, key.arn, statements, _uses) if {
	judged
}

# METADATA
# title: What became of each request, by id
# description: |
#   In the form of ctkms.iam.decide. What is refused only because nobody says who owns the trail is unknown, and has a
#   member owner: the account that was assumed. So is, without it, what no owner is let in that was tried, of too many.
# entrypoint: true
decisions := _memo.decisions if {
	_pieced
} else := object.union(_concluded, {id: hanging |
	some by_id in probes
	some id, one in by_id
	hanging := _hanging(one, _concluded[id])
	hanging != null
})

# METADATA
# description: |
#   The requests of a probe, were the trail of other owners: none, where nobody assumes who owns it
#   (ctkms.cloudtrail.owner).
of_other_owners(one) := [owner.request_of(one.request, assumed, other) |
	one.subject in _of_assumed_owners
	assumed := expectations.account(one.subject)
	some other in owner.others(assumed, _candidates[expectations.region(one.subject)], _most_others)
]

_leaves_out_owners(one) if {
	one.subject in _of_assumed_owners
	owners := _candidates[expectations.region(one.subject)]
	owner.leaves_out(expectations.account(one.subject), owners, _most_others)
} else := false

_candidates[region] := owner.candidates(_world, expectations.partition(key.arn), region) if {
	some region in {expectations.region(subject_name) | some subject_name in _of_assumed_owners}
}

_most_others := owner.most_others(_world.most, count(_of_assumed_owners))

_world := probe.world(key.arn, statements, _uses)

_of_assumed_owners := owner.of_assumed(trails)

_concluded[id] := decided if {
	some by_id in probes
	some id, one in by_id
	decided := iam.conclude(prepared, _asked[one.request], _matches[one.request])
}

# Other owners that were not tried may be let in as well.
_hanging(one, decided) := object.union(
	{
		"decision": "unknown",
		"allowed_by": [],
		"denied_by": [],
		"maybe_allowed_by": [index |
			some other in array.slice(let_in, 0, 1)
			some index in array.concat(other.allowed_by, other.maybe_allowed_by)
		],
		"maybe_denied_by": array.concat(decided.denied_by, decided.maybe_denied_by),
	},
	{"owner": expectations.account(one.subject) | count(let_in) > 0},
) if {
	one.expect == "allow"
	decided.decision in _refusals
	let_in := [other |
		some request in of_other_owners(one)
		other := iam.decide(prepared, request)
		not other.decision in _refusals
	]
	true in [count(let_in) > 0, _leaves_out_owners(one)]
} else := null

_refusals := {"implicit_deny", "explicit_deny"}

# METADATA
# description: "The tried requests of one capability, each as {probe, decision}."
tried(capability) := [{"probe": one, "decision": decisions[id]} |
	some id, one in object.get(probes, capability, {})
]

# METADATA
# description: "The tried requests of one capability for one trail, store or whatever it is about, in the same order."
tried_for(capability, subject) := [one | some one in object.get(by_subject(capability), subject, {})]

# METADATA
# description: "The tried requests of one capability, as {subject: {id: {probe, decision}}}."
by_subject(capability) := object.get(_by_subject, capability, {})

_by_subject[capability] := object.union_n([{one.subject: {id: {"probe": one, "decision": decisions[id]}}} |
	some id, one in by_id
]) if {
	some capability, by_id in probes
}

# METADATA
# description: "What the policy decides on each of a list of further requests, by request."
decide_each(requests) := {request: iam.conclude(prepared, one, found[request]) |
	some request, one in ready
} if {
	ready := batch.prepare({request: request | some request in requests})
	found := batch.matches(_index, ready)
}

# METADATA
# description: "A request, prepared for ctkms.iam."
asked(request) := _asked[request] if {
	not _pieced
	_asked[request].context
} else := iam.ask(request)

# METADATA
# description: "The prepared statements that can cover a prepared caller."
speaking_of(caller) := batch.speaking_of(_index, caller)

# METADATA
# description: "The indices of the Allows that speak of a request's caller and action, or may."
allows_of(request) := batch.allows_of(_index, iam.ask(request))

# METADATA
# description: "What the policy would decide on a request if it had one more statement, or lacked some; for remedies."
decide_with(extra, without, request) := iam.conclude(changed, prepared_request, {
	"allows": array.concat(_kept(as_it_is.allows, without), added.allows),
	"denies": array.concat(_kept(as_it_is.denies, without), added.denies),
}) if {
	prepared_request := asked(request)
	as_it_is := _matching(request, prepared_request)
	changed := iam.prepare(object.union(_document, {"Statement": extra}))
	added := iam.matches(changed, prepared_request)
}

_kept(found, without) := [one | some one in found; one.index in _readable; not one.index in without]

_readable contains entry.index if some entry in statements

# METADATA
# description: |
#   What the policy would decide on a request if its caller had one more identity policy: which statements match hangs
#   on no identity policy.
decide_permitted(identity_policy, request) := iam.conclude(prepared, permitted, _matching(request, permitted)) if {
	policies := array.concat(object.get(request, "identity_policies", []), [identity_policy])
	permitted := iam.ask(object.union(request, {"identity_policies": policies}))
}

_matching(request, prepared_request) := _matches[request] if {
	_matches[request].allows
} else := iam.matches(prepared, prepared_request)

# METADATA
# description: "What the policy would decide on a request if it had no statement but one."
decide_alone(only, request) := iam.conclude(changed, prepared_request, iam.matches(changed, prepared_request)) if {
	prepared_request := asked(request)
	changed := iam.prepare(object.union(_document, {"Statement": [only]}))
}

# METADATA
# description: "What one condition (of ctkms.policy.conditions) decides on a request, all other elements matching."
decide_condition(condition, request) := iam.decide(iam.prepare(alone), request) if {
	alone := {"Version": object.get(_document, "Version", null), "Statement": [{
		"Effect": "Allow",
		"Principal": "*",
		"Action": "*",
		"Resource": "*",
		"Condition": {condition.operator: {condition.name: condition.values}},
	}]}
}

# METADATA
# description: "A statement as written without some of its conditions (of ctkms.policy.conditions)."
without(entry, conditions) := json.remove(entry.statement, [condition.path | some condition in conditions])

# METADATA
# description: |
#   The trails that use the key: those of the expectations, and those of the document under evaluation. Where both speak
#   of one trail, the expectations win, member by member.
trails := _using(_named, "trails", data.ctkms.expectations.trails)

# METADATA
# description: "Trails of the document whose ARN it does not hold: nobody can make their requests."
unnamed contains name if {
	some name, entry in expectations.map(key, "trails")
	policy.is_unknown(object.get(entry, "arn", null))
}

_named[name] := entry if {
	some name, entry in expectations.map(key, "trails")
	not policy.is_unknown(object.get(entry, "arn", null))
}

# METADATA
# description: "The event data stores that use the key, likewise."
stores := _using(
	expectations.map(key, "event_data_stores"),
	"event_data_stores",
	data.ctkms.expectations.stores,
)

# METADATA
# description: "The trails whose encrypted SNS topic uses the key, likewise."
topics := object.union(
	expectations.map(key, "topics"),
	expectations.notifying(key.arn),
)

# METADATA
# description: "The roles that copy trail events whose files the key encrypts, by event data store."
copies := expectations.copying(key.arn, trails)

# METADATA
# description: "What is known of the key itself: the document's word, and that of the expectations, which wins."
metadata := object.union(expectations.map(key, "metadata"), expectations.metadata(key.arn))

# METADATA
# scope: document
# description: "The accounts that the expectations or the document under evaluation speak of."
accounts contains account if some account in data.ctkms.expectations.accounts

accounts contains account if {
	some subjects in [trails, stores, topics]
	some name, entry in subjects
	account := subject.account(name, entry)
	account != ""
}

accounts contains account if {
	account := expectations.account(key.arn)
	account != ""
}

# METADATA
# description: "The statement with an index, as {index, sid, statement}; null where there is none."
statement(index) := object.get(_by_index, index, null)

_by_index[entry.index] := entry if some entry in statements

# Whatever is tried, prepared once; and which statements match it.
_asked := batch.prepare({one.request: one.request | some by_id in probes; some one in by_id})

_matches := _handed_on if {
	_pieced
} else := batch.matches(_index, _asked)

# METADATA
# description: "Which statements match each of the requests to try, by id, as memo takes it."
matches[id] := found if {
	some by_id in probes
	some id, one in by_id
	found := object.get(_matches, one.request, null)
	found != null
}

_handed_on[one.request] := found if {
	some by_id in probes
	some id, one in by_id
	found := object.get(object.get(_memo, "matches", {}), id, null)
	found != null
}

_index := batch.index(prepared)

# Where decisions come from an earlier piece, so does what matches the requests to try; what a rule asks beside them is
# tried by itself.
_pieced if "decisions" in object.keys(_memo)

_uses := {"trails": trails, "stores": stores, "topics": topics, "copies": copies}

_using(shown, section, expected) := object.union(
	{name: _united(entry, object.get(expected, name, null)) | some name, entry in shown},
	expectations.using(section, key.arn),
)

# Of what the document says, what the expectations do not. The key is the document's own; an unknown value does not
# mix with the members of a known one.
_united(said, expected) := object.union(
	{member: value |
		some member, value in said
		not _replaced(value, member, expected)
	},
	{member: value | some member, value in _object(expected); member != "key"},
)

_replaced(value, member, expected) if {
	policy.is_unknown(value)
	member in object.keys(_object(expected))
}

_object(value) := value if {
	is_object(value)
	not policy.is_unknown(value)
} else := {}

_memo := object.get(input.ctkms, "memo", {})

# The policy where there is one.
default _document := {}

_document := key.policy if {
	is_object(key.policy)
}
