# METADATA
# title: CloudTrail can decrypt for the trail
# description: |
#   AWS's page lists a statement that lets the CloudTrail service decrypt. It is needed where the trail's bucket
#   uses an S3 Bucket Key (then CT-TRAIL-BUCKETKEY-SET speaks); the policy that the CloudTrail console writes does
#   without.
# related_resources:
# - ref: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html#create-kms-key-policy-for-cloudtrail-decrypt
# custom:
#   id: CT-TRAIL-DECRYPT-SVC
#   level: warning
#   provenance: documented
package ctkms.rules.trail.decrypt_service

import data.ctkms.cloudtrail.probe
import data.ctkms.cloudtrail.trail
import data.ctkms.evaluation
import data.ctkms.policy
import data.ctkms.remedy
import data.ctkms.result
import data.ctkms.verdict

# METADATA
# description: "Each trail for which CloudTrail may not decrypt, where the bucket is not known to need it."
findings contains verdict.finding("CT-TRAIL-DECRYPT-SVC", one, {}) if {
	some one in verdict.failures("decrypt_service", _trails)
}

# METADATA
# description: "Each such trail for which it cannot be told whether CloudTrail may decrypt."
findings contains finding if {
	some one in evaluation.tried("decrypt_service")
	object.get(_trails, one.probe.subject, null) != null
	one.decision.decision == "unknown"
	open := verdict.open(one)
	count(open) > 0
	finding := result.finding("CT-TRAIL-DECRYPT-SVC", {
		"msg": sprintf("cannot tell whether CloudTrail may decrypt for trail %v (%v on the key): of %v, %v", [
			one.probe.subject,
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

# Trails whose buckets use no S3 Bucket Key, as far as anybody says.
_trails := object.union(probe.account_subjects(data.ctkms.evaluation.key.arn), {subject: entry |
	some subject, entry in data.ctkms.evaluation.trails
	trail.bucket_key(entry) in {"no", "unsaid"}
})

_advice(one) := sprintf("Let %v leave the requests of CloudTrail out.", [
	policy.label(evaluation.statement(one.decision.maybe_denied_by[0])),
]) if {
	count(one.decision.maybe_denied_by) > 0
} else := remedy.text(one.probe, one.decision)
