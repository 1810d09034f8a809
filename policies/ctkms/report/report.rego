# METADATA
# title: The report of one key
# description: |
#   Gathers what the rules found on the key under evaluation. Lives outside the tree of rules that it walks
#   through.
# custom:
#   library: true
package ctkms.report

import data.ctkms.cloudtrail.owner
import data.ctkms.cloudtrail.trail
import data.ctkms.demand
import data.ctkms.evaluation
import data.ctkms.policy
import data.ctkms.waiver

# METADATA
# title: The report of the key under evaluation
# description: |
#   {key, capabilities, findings, waived, used_waivers, expired_waivers, not_evaluated, judged, cannot_tell}; lists are
#   sorted, so that every engine gives the same text.
# entrypoint: true
report := {
	"key": data.ctkms.evaluation.key.label,
	"judged": _judged,
	"capabilities": capabilities,
	"findings": sort([finding |
		some finding in _findings
		count(waiver.holding(finding)) == 0
	]),
	"waived": sort([object.union(finding, holding[0]) |
		some finding in _findings
		holding := waiver.holding(finding)
		count(holding) > 0
	]),
	"used_waivers": sort({one.waiver | some finding in _findings; some one in waiver.holding(finding)}),
	"expired_waivers": sort({one | some finding in _findings; some one in waiver.expired(finding)}),
	"not_evaluated": sort(_not_evaluated),
	"cannot_tell": sort(cannot_tell),
}

# METADATA
# description: "One row for each subject, caller and capability: the worst decision of its requests."
capabilities := sort([row |
	some capability in data.ctkms.demand.capabilities
	some subject, by_id in evaluation.by_subject(capability)
	some principal in {one.probe.principal | some one in by_id}
	ones := [one | some one in by_id; one.probe.principal == principal]
	ranked := sort([[_badness[one.decision.decision], one.decision.decision, one.probe.id] | some one in ones])
	worst := ranked[count(ranked) - 1]
	row := {
		"subject": subject,
		"principal": principal,
		"capability": capability,
		"decision": worst[1],
		"statements": _deciding(data.ctkms.evaluation.decisions[worst[2]]),
		"level": demand.level(capability, subject, _uses),
	}
])

_uses := {"trails": data.ctkms.evaluation.trails, "stores": data.ctkms.evaluation.stores}

# METADATA
# scope: document
# description: "Why no verdict of pass can be given, in words."
cannot_tell contains reason if {
	not data.ctkms.evaluation.judged
	reason := _unjudged(data.ctkms.evaluation.key)
}

cannot_tell contains reason if {
	some row in capabilities
	row.decision == "unknown"
	row.level == "error"
	reason := sprintf("whether %v may %v (%v)", [row.principal, demand.words(row.capability), row.subject])
}

cannot_tell contains reason if {
	data.ctkms.evaluation.judged
	data.ctkms.evaluation.key.arn == null
	count(data.ctkms.evaluation.key.candidates) > 0
	candidates := concat(", ", data.ctkms.evaluation.key.candidates)
	reason := sprintf("which key the policy belongs to; candidates: %v", [candidates])
}

cannot_tell contains "what CloudTrail needs of this key: no expected trail or event data store uses it" if {
	data.ctkms.evaluation.judged
	count(data.ctkms.evaluation.trails) + count(data.ctkms.evaluation.stores) == 0
	not _serves_others
	not _unused
}

cannot_tell contains reason if {
	data.ctkms.evaluation.judged
	some reason in data.ctkms.evaluation.key.unknown
}

cannot_tell contains reason if {
	data.ctkms.evaluation.judged
	some path in data.ctkms.expectations.unknown
	reason := sprintf("%v in the expectations holds a value that is not known yet", [concat(" ", path)])
}

cannot_tell contains reason if {
	data.ctkms.evaluation.judged
	some subject in data.ctkms.expectations.unassigned
	not subject in object.keys(data.ctkms.evaluation.trails)
	not subject in object.keys(data.ctkms.evaluation.stores)
	reason := sprintf("which key %v uses", [subject])
}

cannot_tell contains reason if {
	data.ctkms.evaluation.judged
	some subject in data.ctkms.evaluation.unnamed
	reason := sprintf("what trail %v needs: its ARN is not known yet", [subject])
}

cannot_tell contains reason if {
	words := "whether %v, which is taken to own organization trail %v, is the management account: %v"
	some subject, entry in data.ctkms.evaluation.trails
	owner.assumed(subject, entry)
	some capability in data.ctkms.demand.capabilities
	some one in evaluation.tried_for(capability, subject)
	"owner" in object.keys(one.decision)
	reason := sprintf(words, [
		one.decision.owner, subject,
		"the key policy is for another one; declare organization.management_account",
	])
}

cannot_tell contains reason if {
	words := "whether the bucket of trail %v uses an S3 Bucket Key: CloudTrail then needs kms:Decrypt"
	some row in capabilities
	row.capability == "decrypt_service"
	row.decision != "allow"
	trail.bucket_key(object.get(data.ctkms.evaluation.trails, row.subject, {"bucket": null})) == "unknown"
	reason := sprintf(words, [row.subject])
}

cannot_tell contains reason if {
	bypass := object.get(data.ctkms.evaluation.key, "bypasses_lockout_check", false)
	policy.is_unknown(bypass)
	"KP-LOCKOUT" in {finding.rule | some finding in _findings}
	reason := sprintf("whether KMS is told to take a policy that nobody may change: %v", [bypass["ctkms:unknown"]])
}

cannot_tell contains reason if some reason in data.ctkms.custom.unreadable

# What is refused and hangs on the bucket, of which nobody says enough.
cannot_tell contains one.probe.open if {
	some capability in ["encrypt_further", "read_further"]
	some one in evaluation.tried(capability)
	one.decision.decision in {"explicit_deny", "implicit_deny"}
	"open" in object.keys(one.probe)
}

# So many strangers that not all were tried (ctkms.cloudtrail.sample).
cannot_tell contains one.untried if {
	some one in object.get(data.ctkms.evaluation.probes, "untried", {})
}

_unjudged(key) := key.problem if {
	object.get(key, "needs", null) != null
} else := "anything else about the policy: it is far beyond what KMS takes, and only its size was looked at" if {
	data.ctkms.evaluation.oversized
} else := sprintf("%v is not a key policy: %v", [key.source, key.problem])

_unused if data.ctkms.evaluation.key.unused == true

default _judged := false

_judged if data.ctkms.evaluation.judged

_serves_others if count(object.get(data.ctkms.evaluation.probes, "encrypt_account", {})) > 0

_serves_others if count(object.get(data.ctkms.evaluation.probes, "notify", {})) > 0

_serves_others if count(data.ctkms.evaluation.copies) > 0

_badness := {"allow": 0, "needs_iam_policy": 1, "unknown": 2, "implicit_deny": 3, "explicit_deny": 4}

_deciding(decision) := decision.denied_by if {
	count(decision.denied_by) > 0
} else := decision.allowed_by if {
	count(decision.allowed_by) > 0
} else := array.concat(decision.maybe_allowed_by, decision.maybe_denied_by)

_findings := data.ctkms.rules.policy.size.findings if {
	data.ctkms.evaluation.oversized
} else := {finding | some finding in _memo.findings} | data.ctkms.custom.findings if {
	"findings" in object.keys(_memo)
} else := data.ctkms.registry.findings | data.ctkms.custom.findings

_not_evaluated := set() if {
	data.ctkms.evaluation.oversized
} else := {missing | some missing in _memo.not_evaluated} | data.ctkms.custom.not_evaluated if {
	"not_evaluated" in object.keys(_memo)
} else := data.ctkms.registry.not_evaluated | data.ctkms.custom.not_evaluated

_memo := object.get(input.ctkms, "memo", {})
