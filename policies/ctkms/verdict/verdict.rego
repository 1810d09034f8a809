# METADATA
# title: From decisions to findings
# description: |
#   What rules about requests share: which requests failed, which statement came closest, and how to say it.
# custom:
#   library: true
package ctkms.verdict

import data.ctkms.evaluation
import data.ctkms.iam
import data.ctkms.policy
import data.ctkms.remedy
import data.ctkms.result

# METADATA
# description: "True for a decision that refuses the request."
refused(decision) if decision.decision in {"implicit_deny", "explicit_deny"}

# METADATA
# description: |
#   The requests of one capability that were refused, one {probe, decision} for each subject and principal;
#   `subjects` is the map of
#   trails or stores that the rule speaks of.
failures(capability, subjects) := [ones[0] |
	some subject, by_id in evaluation.by_subject(capability)
	object.get(subjects, subject, null) != null
	failed := [one | some one in by_id; refused(one.decision)]
	some principal in {one.probe.principal | some one in failed}
	ones := [one | some one in failed; one.probe.principal == principal]
]

# METADATA
# description: |
#   The finding of rule `id` about a refused request: what was tried, which statement and element decided, what to
#   do.
finding(id, one, fields) := result.finding(id, object.union(fields, {
	"msg": sprintf("%v: %v", [message(one), closest.why]),
	"subject": one.probe.subject,
	"statement": closest.statement,
	"path": closest.path,
	"remediation": remedy.text(one.probe, one.decision),
})) if {
	closest := decider(one)
}

# METADATA
# description: "What was tried and what the key policy answered, in one sentence."
message(one) := sprintf(
	"%v (%v on the key): refused by an explicit Deny",
	[one.probe.what, one.probe.request.action],
) if {
	one.decision.decision == "explicit_deny"
} else := sprintf("%v (%v on the key): no statement allows it", [one.probe.what, one.probe.request.action])

# METADATA
# description: |
#   The statement and element that decided a refused request, as {statement, path, why}: the Deny that matched, or else
#   the first element that failed in the Allow that came closest; statement is null where no Allow is meant for the
#   caller.
decider(one) := {"statement": null, "path": [], "why": "an IAM policy of the caller denies it"} if {
	denied_elsewhere(one.decision)
} else := {
	"statement": evaluation.statement(one.decision.denied_by[0]),
	"path": ["Effect"],
	"why": sprintf("%v denies it", [policy.label(evaluation.statement(one.decision.denied_by[0]))]),
} if {
	count(one.decision.denied_by) > 0
} else := {
	"statement": near.statement,
	"path": near.failed[0].path,
	"why": sprintf("%v comes closest, but %v", [policy.label(near.statement), near.failed[0].why]),
} if {
	near := closest(one)
	is_object(near)
} else := {
	"statement": null,
	"path": [],
	"why": sprintf("no statement is meant for this caller and action%v", [_unless(data.ctkms.verdict.malformed)]),
}

_unless([]) := ""

_unless(labels) := sprintf(", unless %v, with an Action that is malformed", [named]) if {
	count(labels) > 0
	named := concat(" or ", labels)
}

# METADATA
# description: "The statements whose Action holds something that is no text, which is why they match nothing."
malformed := [policy.label(entry) |
	some entry in data.ctkms.evaluation.statements
	some element in ["Action", "NotAction"]
	count([value |
		some value in policy.as_list(object.get(entry.statement, element, []))
		not is_string(value)
		not policy.is_unknown(value)
	]) > 0
]

# METADATA
# description: |
#   What an unknown decision hangs on, as [{entry, element}]: the explained elements that cannot be told, of the
#   statements that may deny or allow the request, the Denies first.
open(one) := [{"entry": entry, "element": element} |
	asked := evaluation.asked(one.probe.request)
	some index in array.concat(one.decision.maybe_denied_by, one.decision.maybe_allowed_by)
	entry := evaluation.statement(index)
	is_object(entry)
	some element in iam.explain_statement(data.ctkms.evaluation.prepared, asked, index).elements
	element.match == 1
]

# METADATA
# description: "True for an explicit Deny that stands in an IAM policy of the caller, not in the key policy."
denied_elsewhere(decision) if {
	decision.decision == "explicit_deny"
	count(decision.denied_by) == 0
}

# METADATA
# description: |
#   The Allow that comes closest to a request that no statement allows, as {statement, failed: those of its explained
#   elements that do not match, and then those that cannot be told}; null where no Allow names the caller and the
#   action. On a tie, one that speaks of the request's own source wins.
closest(one) := _with_statement(_nearest_to(one)) if {
	one.decision.decision == "implicit_deny"
} else := null

# METADATA
# title: What became of each request, why, and what came closest to it
# description: |
#   {"decisions": by id, "matches": the statements by id, "closest": by id, of the requests that should be allowed and
#   are not}, as memo takes them.
# entrypoint: true
decided := {
	"decisions": data.ctkms.evaluation.decisions,
	"matches": data.ctkms.evaluation.matches,
	"closest": _closest,
}

_with_statement(near) := {"statement": evaluation.statement(near.index), "failed": near.failed} if {
	is_object(near)
} else := null

_nearest_to(one) := _closest[one.probe.id] if {
	object.get(_closest, one.probe.id, "") != ""
} else := _nearest(one.probe.request)

# Several rules ask for the closest statement of a request that should be allowed: found once.
_closest := input.ctkms.memo.closest if {
	"closest" in object.keys(object.get(input.ctkms, "memo", {}))
} else := {id: _nearest(one.request) |
	some by_id in data.ctkms.evaluation.probes
	some id, one in by_id
	one.expect == "allow"
	data.ctkms.evaluation.decisions[id].decision == "implicit_deny"
}

_nearest(request) := {
	"index": best.index,
	"failed": array.concat(
		[element | some element in best.elements; element.match == 0],
		[element | some element in best.elements; element.match == 1],
	),
} if {
	asked := evaluation.asked(request)
	ranked := _ranked(request, asked)
	count(ranked) > 0
	index := 0 - ranked[count(ranked) - 1][2]
	best := iam.explain_statement(data.ctkms.evaluation.prepared, asked, index)
} else := null

# Allow statements that name the caller and the action, ranked by how many of their other elements match; on a tie, by
# how much of the source they agree with, and then the first one wins.
_ranked(request, asked) := _by_likeness(
	[[matched, one.index] |
		some one in iam.meant(evaluation.speaking_of(asked.caller), asked)
		matched := count([truth | some truth in one.truths; truth == 2])
		matched < count(one.truths)
	],
	request,
)

_by_likeness(found, request) := [[matched, 0, 0 - index] | some [matched, index] in found] if {
	count(found) < 2
} else := sort([[matched, _likeness(request, index), 0 - index] | some [matched, index] in found])

# How many fields of the request's source ARN the statement's own aws:SourceArn agrees with; all where it has none, and
# none where it names another trail that is expected.
_likeness(request, index) := max([_agreed(value, source) | some value in _sources(index)]) if {
	source := object.get(request.context, "aws:SourceArn", "")
	is_string(source)
	count(_sources(index)) > 0
} else := 6

_agreed(value, source) := 0 if {
	value != source
	object.get(data.ctkms.evaluation.trails, value, null) != null
} else := count([1 |
	fields := split(source, ":")
	some position, field in split(value, ":")
	fields[position] == field
])

_sources(index) := [value |
	some condition in policy.conditions(evaluation.statement(index).statement)
	condition.key == "aws:sourcearn"
	some value in condition.values
	is_string(value)
]
