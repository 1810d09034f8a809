# METADATA
# title: The statements that a key policy lacks
# description: |
#   What has to be added to the policy of the key under evaluation, so that everybody whom the expectations speak of
#   gets through; for a policy without statements that is the whole policy. Every statement is AWS's own
#   (ctkms.remedy), was tried, and lets nobody in but those who are expected.
# related_resources:
# - ref: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html
# - ref: https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
# custom:
#   library: true
package ctkms.generate

import data.ctkms.cloudtrail.probe as requests
import data.ctkms.cloudtrail.trail
import data.ctkms.evaluation
import data.ctkms.exclusion
import data.ctkms.expectations
import data.ctkms.generate.companion
import data.ctkms.generate.merge
import data.ctkms.iam
import data.ctkms.people
import data.ctkms.remedy
import data.ctkms.verdict

# METADATA
# title: What is to be added
# description: |
#   {statements, companions}: the statements that the key policy lacks, and the policies that people need elsewhere
#   once it has them, as {kind, principal, document} (see ctkms.generate.companion).
# entrypoint: true
additions := {
	"statements": merge.named(_added, {entry.sid | some entry in data.ctkms.evaluation.statements}),
	"companions": companion.policies(_required, _added),
}

# One step after the other, those first whose statements have the fewest conditions: what they let through anyway needs
# no statement of its own.
_added := _more(_more(_more(_more(_more(_more([], _account), _people), _topics), _bucket_keys), _accounts), _trails)

_account := ["root"]

_people := ["administer", "store", "use"]

_topics := ["notify"]

_bucket_keys := ["bucket_level"]

_accounts := ["encrypt_account", "serve_account"]

_trails := ["encrypt", "decrypt_service", "describe", "read", "copy"]

_more(added, kinds) := array.concat(added, merge.merged(parts, kinds)) if {
	prepared := iam.prepare(_with(added))
	parts := [part |
		some probe in _required
		_kind(probe) in kinds
		decision := iam.decide(prepared, probe.request).decision
		_lacks(decision, probe)
		part := {"kind": _kind(probe), "apart": _apart(probe), "statement": _statement(probe)}
		_helps(part.statement, decision, probe)
	]
}

_with(statements) := object.union(data.ctkms.evaluation.key.policy, {"Statement": array.concat(
	[entry.statement | some entry in data.ctkms.evaluation.statements],
	statements,
)})

# What kind of statement a request takes. A store's service gets one for all that it asks; what a bucket with an S3
# Bucket Key asks has perhaps no encryption context, so that only the source tells for which trail.
_kind(probe) := "root" if {
	probe.capability == "administer"
	remedy.account_itself(probe.principal)
} else := "store" if {
	probe.subject in object.keys(data.ctkms.evaluation.stores)
	probe.capability in {"encrypt", "describe", "decrypt_service"}
} else := "serve_account" if {
	probe.subject in object.keys(requests.account_subjects(data.ctkms.evaluation.key.arn))
	probe.capability in {"describe", "decrypt_service"}
} else := "bucket_level" if {
	probe.capability in {"encrypt", "encrypt_further"}
	trail.bucket_key(object.get(data.ctkms.evaluation.trails, probe.subject, {})) in {"yes", "unknown"}
} else := object.get(_kinds, probe.capability, probe.capability)

_kinds := {"encrypt_further": "encrypt", "read_further": "read"}

# A copy role's statement is for one role and store alone; others serve several at once.
_apart(probe) := sprintf("%v %v", [probe.subject, probe.principal]) if {
	probe.capability == "copy"
} else := ""

_statement(probe) := object.union(
	remedy.statement(object.union(probe, {"capability": "bucket_level"})),
	{"Sid": "AllowCloudTrailEncryptWithBucketKey"},
) if {
	_kind(probe) == "bucket_level"
} else := object.union(remedy.statement(probe), {"Sid": "AllowCloudTrailForEventDataStores"}) if {
	_kind(probe) == "store"
} else := {
	"Sid": "AllowCloudTrailDecryptAndDescribeForAccount",
	"Effect": "Allow",
	"Principal": {"Service": probe.principal},
	"Action": probe.request.action,
	"Resource": "*",
	"Condition": {"StringLike": {"aws:SourceArn": probe.subject}},
} if {
	_kind(probe) == "serve_account"
} else := remedy.statement(probe)

_lacks(decision, _) if decision == "implicit_deny"

# What the policy as it is lets through under a condition, such as one on MFA, is its author's decision: a statement
# without it would undo that. Whether S3 sends the encryption context for a bucket-level key nobody documents: AWS's own
# statement is left at that.
_lacks(decision, probe) if {
	decision == "unknown"
	probe.capability != "bucket_level"
	data.ctkms.evaluation.decisions[probe.id].decision != "unknown"
}

# Nobody says of which trail copied files are, and so not what a condition on it decides; the documented statement for
# copying asks for the bucket alone.
_lacks("unknown", probe) if {
	probe.capability == "copy"
	hanging := verdict.open({"probe": probe, "decision": data.ctkms.evaluation.decisions[probe.id]})
	count(hanging) > 0
	every open in hanging {
		startswith(exclusion.key(open.element), "kms:encryptioncontext:")
	}
}

# That IAM policies decide is what AWS documents; where all that AWS recommends is wanted, the key policy itself says
# who of its own account gets through. Of administrators a policy that is there need not say it: no rule asks for it.
_lacks("needs_iam_policy", probe) if {
	_thorough
	probe.capability != "administer"
	not people.foreign(probe.principal, probe.subject)
}

_lacks("needs_iam_policy", probe) if {
	_new
	probe.capability == "administer"
}

_helps(statement, decision, probe) if {
	tried := evaluation.decide_with([statement], set(), probe.request).decision
	tried in {"allow", "needs_iam_policy"}
	tried != decision
}

_required := [probe |
	some by_id in data.ctkms.evaluation.probes
	some probe in by_id
	probe.expect == "allow"
	_wanted(probe)
]

# People whom AWS does not let in from other accounts get no statement, and nor does what is only inferred.
_wanted(probe) if {
	not probe.capability in {"administer", "use"}
	not _inferred(probe)
}

_wanted(probe) if {
	probe.capability == "use"
	not people.foreign(probe.principal, probe.subject)
}

_wanted(probe) if {
	probe.capability == "administer"
	remedy.account_itself(probe.principal)
	not people.foreign(probe.principal, probe.subject)
	_root_is_wanted
}

_wanted(probe) if {
	probe.capability == "administer"
	not remedy.account_itself(probe.principal)
	not people.foreign(probe.principal, probe.subject)
	probe.principal in expectations.administrators(data.ctkms.evaluation.key.arn)
}

_inferred(probe) if {
	probe.provenance == "inferred"
	not _thorough
}

# The account as AWS's default policy lets it in: where a rule asks for it, which is where all that AWS recommends is
# wanted and no statement has it, and where nobody could change the policy any more.
_root_is_wanted if _new

_root_is_wanted if {
	_thorough
	some finding in data.ctkms.rules.policy.admin.findings
	finding.level != "note"
}

_root_is_wanted if {
	data.ctkms.evaluation.key.kind != "statement"
	count(data.ctkms.rules.policy.lockout.findings) > 0
}

# A new policy has all that AWS recommends.
_new if count(data.ctkms.evaluation.statements) == 0

_thorough if _new

_thorough if data.ctkms.evaluation.profile == "hardened"
