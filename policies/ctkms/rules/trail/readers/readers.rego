# METADATA
# title: Every reader can decrypt the log files
# description: |
#   Who reads the trail's log files needs kms:Decrypt on the key, within CloudTrail's encryption context; S3
#   otherwise answers AccessDenied. Where the key policy leaves the decision to the account, the reader's IAM policy
#   has to allow it as well. Of readers in other accounts CT-TRAIL-READER-XACCT speaks, except where the key policy
#   refuses them. A refusal of digest files is a warning: not every reader reads them.
# related_resources:
# - ref: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html#create-kms-key-policy-for-cloudtrail-decrypt
# custom:
#   id: CT-TRAIL-READERS
#   level: error
#   provenance: documented
package ctkms.rules.trail.readers

import data.ctkms.evaluation
import data.ctkms.people
import data.ctkms.remedy
import data.ctkms.result
import data.ctkms.verdict

# METADATA
# description: "Each listed reader whom the key refuses."
findings contains finding if {
	some group in people.refused("read")
	not people.own_account_only(group)
	why := people.decider(group)
	finding := result.finding("CT-TRAIL-READERS", {
		"msg": sprintf("%v cannot read the log files of trail %v (%v on the key): %v", [
			group.principal, group.subject, group.actions, why.why,
		]),
		"subject": group.subject,
		"statement": why.statement,
		"path": why.path,
		"remediation": remedy.text(group.ones[0].probe, group.ones[0].decision),
	})
}

# METADATA
# description: "Each listed reader of the key's account who needs an IAM policy that the expectations do not hold."
findings contains finding if {
	some group in people.groups("read", "needs_iam_policy")
	not people.foreign(group.principal, group.subject)
	finding := result.finding("CT-TRAIL-READERS", {
		"level": _level(group),
		"msg": sprintf("%v can read the log files of trail %v only with an IAM policy (%v on the key): %v, and %v", [
			group.principal, group.subject, group.actions, people.delegation(group), people.lack(group),
		]),
		"subject": group.subject,
		"statement": people.delegating(group),
		"path": ["Principal"],
		"remediation": people.advice(group),
	})
}

# METADATA
# description: "Each file that some readers read, or that is read so where the bucket uses an S3 Bucket Key, likewise."
findings contains finding if {
	some one in evaluation.tried("read_further")
	one.decision.decision in {"explicit_deny", "implicit_deny"}
	not _refused(one.probe)
	finding := verdict.finding("CT-TRAIL-READERS", one, {"level": "warning", "provenance": one.probe.provenance})
}

_refused(probe) if {
	some group in people.refused("read")
	group.subject == probe.subject
	group.principal == probe.principal
}

_level(group) := "error" if {
	people.has_policies(group)
} else := "warning"
