# METADATA
# title: CloudTrail can read the properties of the event data store's key
# description: |
#   AWS lists kms:DescribeKey among what an event data store needs. Its only sample asks for aws:SourceArn, which
#   requests for event data stores do not carry, and its own default policy for stores does without: what a user
#   sees is not documented, so this is a warning under every profile.
# related_resources:
# - ref: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html#create-kms-key-policy-for-cloudtrail-describe
# custom:
#   id: CT-EDS-DESCRIBE
#   level: warning
#   provenance: documented
package ctkms.rules.store.describe

import data.ctkms.evaluation
import data.ctkms.policy
import data.ctkms.remedy
import data.ctkms.result
import data.ctkms.verdict

# METADATA
# description: "Each event data store for which CloudTrail may not describe the key."
findings contains verdict.finding("CT-EDS-DESCRIBE", one, {"level": "open"}) if {
	some one in verdict.failures("describe", data.ctkms.evaluation.stores)
}

# METADATA
# description: "Each event data store of which nobody can tell whether CloudTrail may describe the key."
findings contains finding if {
	some one in evaluation.tried("describe")
	one.probe.subject in object.keys(data.ctkms.evaluation.stores)
	one.decision.decision == "unknown"
	open := verdict.open(one)
	count(open) > 0
	finding := result.finding("CT-EDS-DESCRIBE", {
		"level": "open",
		"msg": sprintf("cannot tell whether CloudTrail may describe the key for %v (%v on the key): of %v, %v", [
			sprintf("event data store %v", [one.probe.subject]),
			one.probe.request.action,
			policy.label(open[0].entry),
			open[0].element.why,
		]),
		"subject": one.probe.subject,
		"statement": open[0].entry,
		"path": open[0].element.path,
		"remediation": _advice(one),
	})
}

_advice(one) := sprintf("Let %v leave the requests of CloudTrail out.", [
	policy.label(evaluation.statement(one.decision.maybe_denied_by[0])),
]) if {
	count(one.decision.maybe_denied_by) > 0
} else := remedy.text(one.probe, one.decision)
